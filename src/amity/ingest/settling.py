"""Settling which rows of a batch stay: of files issued again, of files that were spoilt, of ids that stand twice.

Parts are immutable, so a row goes by writing its part again without it. What is counted in `volumes` follows: a removed
row is counted with a minus.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from amity.ingest.volumes import volumes
from amity.store import batches
from amity.store.batches import BatchPart, Made

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from amity.store import Store

KEY = "key"
"""The column of each part that says from which file a row is."""
WIDTH = 20


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the parts of a batch go."""

    store: Store
    source: str
    batch: str
    since: date


@dataclass(slots=True)
class Settled:
    """Parts that become current, parts that are no longer, and how many rows of each file went as repeats."""

    parts: list[BatchPart]
    gone: list[BatchPart]
    repeated: Counter[str]


def stage(shelf: Shelf, table: str, frame: pl.DataFrame) -> BatchPart:
    """Write rows (with `key`) as a part of the batch; of events with their days and ids."""
    made = Made(table, frame, shelf.batch, shelf.since)
    if table == "volumes":
        first, last = frame["month"].min(), frame["month"].max()
        made = Made(table, frame, shelf.batch, shelf.since, first, last)  # pyright: ignore[reportArgumentType]
    if table == "events":
        low, high = bounds(frame["ref"])
        first, last = frame["date"].min(), frame["date"].max()
        made = Made(table, frame, shelf.batch, shelf.since, first, last, low, high)  # pyright: ignore[reportArgumentType]
    return batches.write_part(shelf.store, shelf.source, made)


def bounds(refs: pl.Series) -> tuple[str, str]:
    """The lowest and highest id, numbers by their size and other ids by the alphabet.

    >>> bounds(pl.Series(["999", "1000"]))
    ('00000000000000000999', '00000000000000001000')
    """
    ids = ids_of(refs)
    if ids.dtype == pl.String:
        ids = refs.str.zfill(WIDTH)
    return str(ids.min()).zfill(WIDTH), str(ids.max()).zfill(WIDTH)


def ids_of(refs: pl.Series) -> pl.Series:
    """Ids as numbers where all of them are: those are compared ten times as fast."""
    numbers = refs.cast(pl.UInt64, strict=False)
    plain = numbers.null_count() == 0 and not refs.str.starts_with("0").any()
    return numbers if plain else refs


def rows_of(part: BatchPart, columns: Sequence[str] | None = None) -> pl.DataFrame:
    return pl.read_parquet(part.part.path, columns=list(columns) if columns else None)


def settled(
    shelf: Shelf,
    new: Sequence[BatchPart],
    replaced: Collection[str],
    spoilt: Collection[str],
    *,
    distinct: bool = False,
) -> Settled:
    """What becomes current of a batch when these parts come, in place of what the store has of the files `replaced`.

    Rows of the files `spoilt` go. The store's own parts give way where an id came again in a file that was added on a
    later day or the same; where theirs was added later, the new row goes. `distinct`: no id stands twice in the new.
    """
    done = Settled([], [], Counter())
    for part in new:
        done.parts += _without_keys(shelf, part, spoilt) if spoilt else [part]
    held = batches.batch_parts(shelf.store, shelf.source, batch=shelf.batch)
    for part in held:
        rest = _without_keys(shelf, part, replaced)
        if rest != [part]:
            done.gone.append(part)
            done.parts += rest
    if held or not distinct:
        _among_themselves(shelf, done)
    _against_others(shelf, done)
    return done


def _without_keys(shelf: Shelf, part: BatchPart, keys: Collection[str]) -> list[BatchPart]:
    """The part without the rows of some files: itself, a smaller one, or none."""
    frame = rows_of(part)
    rest = frame.filter(~pl.col(KEY).is_in(list(keys)))
    if rest.height == frame.height:
        return [part]
    return [stage(shelf, part.part.table, rest)] if rest.height else []


def _events(parts: Iterable[BatchPart]) -> list[BatchPart]:
    return [part for part in parts if part.part.table == "events"]


def _among_themselves(shelf: Shelf, done: Settled) -> None:
    """Of the ids that stand in several of the parts the row of the last file stays."""
    own = _events(done.parts)
    if len(own) < 2:
        return
    rows = [rows_of(part, ["ref", KEY]) for part in own]
    together = pl.concat(rows).with_row_index("row")
    if ids_of(together["ref"]).n_unique() == together.height:
        return
    in_order = together.sort(KEY, maintain_order=True)
    last = in_order.filter(in_order["ref"].is_last_distinct())["row"]
    stays = together["row"].is_in(last.implode())
    at = 0
    for part, frame in zip(own, rows, strict=True):
        _drop(shelf, done, part, ~stays.slice(at, frame.height))
        at += frame.height


def _against_others(shelf: Shelf, done: Settled) -> None:
    """Ids that parts of other batches hold: the row that was added later stays."""
    own = _events(done.parts)
    if not own:
        return
    gone = {part.part.path.name for part in (*own, *done.gone)}
    between = min(part.low for part in own), max(part.high for part in own)
    for other in batches.batch_parts(shelf.store, shelf.source, "events", ids=between):
        ours = [part for part in _events(done.parts) if part.batch == shelf.batch and _meet(part, other)]
        if other.part.path.name in gone or not ours:
            continue
        theirs = _ids(other)
        if (other.since, other.batch) > (shelf.since, shelf.batch):
            for part in ours:
                _drop(shelf, done, part, _among(_ids(part), theirs))
        else:
            their_shelf = Shelf(shelf.store, shelf.source, other.batch, other.since)
            again = pl.DataFrame([_among(theirs, _ids(part)).alias(part.part.path.name) for part in ours])
            _drop_old(their_shelf, done, other, again.select(pl.any_horizontal(pl.all())).to_series())


def _meet(one: BatchPart, other: BatchPart) -> bool:
    """Whether the ids of two parts overlap."""
    return one.low <= other.high and other.low <= one.high


def _ids(part: BatchPart) -> pl.Series:
    return ids_of(rows_of(part, ["ref"])["ref"])


def _among(ids: pl.Series, others: pl.Series) -> pl.Series:
    """Which of the ids are among the others."""
    if ids.dtype != others.dtype:
        ids, others = ids.cast(pl.String), others.cast(pl.String)
    return ids.is_in(others.implode())


def _drop(shelf: Shelf, done: Settled, part: BatchPart, which: pl.Series) -> None:
    """Take rows out of a new part, and out of what is counted of it."""
    if not which.any():
        return
    frame = rows_of(part)
    removed = frame.filter(which)
    done.repeated.update(removed[KEY].to_list())
    done.parts.remove(part)
    done.parts += _less(shelf, frame.filter(~which), removed)


def _drop_old(shelf: Shelf, done: Settled, part: BatchPart, which: pl.Series) -> None:
    """Take rows out of a part that is current, and out of what is counted of it."""
    if not which.any():
        return
    frame = rows_of(part)
    done.repeated.update(frame.filter(which)[KEY].to_list())
    done.gone.append(part)
    done.parts += _less(shelf, frame.filter(~which), frame.filter(which))


def _less(shelf: Shelf, rest: pl.DataFrame, removed: pl.DataFrame) -> list[BatchPart]:
    """A part of the rows that are left, and one that counts those that went with a minus."""
    minus = volumes(removed, KEY).with_columns(-pl.col("events"), -pl.col("articles"))
    made = [stage(shelf, "volumes", minus)]
    return [stage(shelf, "events", rest), *made] if rest.height else made
