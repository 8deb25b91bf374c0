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


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the parts of a batch go."""

    store: Store
    source: str
    batch: str
    since: date


@dataclass(slots=True)
class Settled:
    """Parts that become current, parts that are no longer, and how many rows of each new file went as repeats."""

    parts: list[BatchPart]
    gone: list[BatchPart]
    repeated: Counter[str]


def stage(shelf: Shelf, table: str, frame: pl.DataFrame) -> BatchPart:
    """Write rows (with `key`) as a part of the batch; of events with their days and ids."""
    made = Made(table, frame, shelf.batch, shelf.since)
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
    padded = refs.str.zfill(20)
    return str(padded.min()), str(padded.max())


def rows_of(part: BatchPart, columns: Sequence[str] | None = None) -> pl.DataFrame:
    return pl.read_parquet(part.part.path, columns=list(columns) if columns else None)


def settled(
    shelf: Shelf, new: Sequence[BatchPart], replaced: Collection[str], spoilt: Collection[str]
) -> Settled:
    """What becomes current of a batch when these parts come, in place of what the store has of the files `replaced`.

    Rows of the files `spoilt` go. The store's own parts give way where an id came again in a file that was added on a
    later day or the same; where theirs was added later, the new row goes.
    """
    done = Settled([], [], Counter())
    for part in new:
        done.parts += _without_keys(shelf, part, spoilt) if spoilt else [part]
    for part in batches.batch_parts(shelf.store, shelf.source, batch=shelf.batch):
        rest = _without_keys(shelf, part, replaced)
        if rest != [part]:
            done.gone.append(part)
            done.parts += rest
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
    """Of the ids that stand in several of the parts the last row stays."""
    own = _events(done.parts)
    if len(own) < 2:
        return
    refs = [rows_of(part, ["ref"])["ref"] for part in own]
    together = pl.concat(refs)
    if together.n_unique() == together.len():
        return
    last = together.is_last_distinct()
    at = 0
    for part, ref in zip(own, refs, strict=True):
        _drop(shelf, done, part, ~last.slice(at, ref.len()))
        at += ref.len()


def _against_others(shelf: Shelf, done: Settled) -> None:
    """Ids that parts of other batches hold, or parts of this one that stay: the row that was added later stays."""
    own = _events(done.parts)
    if not own:
        return
    low, high = min(part.low for part in own), max(part.high for part in own)
    named = {part.part.path.name for part in (*own, *done.gone)}
    for other in batches.batch_parts(shelf.store, shelf.source, "events"):
        if other.part.path.name in named or other.low > high or other.high < low:
            continue
        theirs = rows_of(other, ["ref"])["ref"]
        for part in _events(done.parts):
            ours = rows_of(part, ["ref"])["ref"]
            if other.since > shelf.since:
                _drop(shelf, done, part, ours.is_in(theirs.implode()))
            else:
                their_shelf = Shelf(shelf.store, shelf.source, other.batch, other.since)
                other = _drop_old(their_shelf, done, other, theirs.is_in(ours.implode()))  # noqa: PLW2901
                theirs = rows_of(other, ["ref"])["ref"] if other else theirs.clear()
            if other is None:
                break


def _drop(shelf: Shelf, done: Settled, part: BatchPart, which: pl.Series) -> None:
    """Take rows out of a new part, and out of what is counted of it."""
    if not which.any():
        return
    frame = rows_of(part)
    removed = frame.filter(which)
    done.repeated.update(removed[KEY].to_list())
    done.parts.remove(part)
    done.parts += _less(shelf, frame.filter(~which), removed)


def _drop_old(shelf: Shelf, done: Settled, part: BatchPart, which: pl.Series) -> BatchPart | None:
    """Take rows out of a part that was current; gives what is left of it."""
    if not which.any():
        return part
    frame = rows_of(part)
    if part in done.parts:
        done.parts.remove(part)
    else:
        done.gone.append(part)
    made = _less(shelf, frame.filter(~which), frame.filter(which))
    done.parts += made
    return next((one for one in made if one.part.table == "events"), None)


def _less(shelf: Shelf, rest: pl.DataFrame, removed: pl.DataFrame) -> list[BatchPart]:
    """A part of the rows that are left, and one that counts those that went with a minus."""
    minus = volumes(removed, KEY).with_columns(-pl.col("events"), -pl.col("articles"))
    made = [stage(shelf, "volumes", minus)]
    return [stage(shelf, "events", rest), *made] if rest.height else made
