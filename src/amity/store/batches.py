"""Sources without an end: their files are stored batch by batch, and the files themselves are not kept.

A batch is what is stored together, such as a day's files. Its parts are as immutable as all others, and one transaction
makes them current in place of the batch's earlier ones, so that a store is always before or after a batch. Each file
leaves a receipt, also one that was issued again later: the newer one is `current`, the older stays on record.
Parts that are counted from others (`derived`) and days that a publisher lacks are remembered here too.
"""

from __future__ import annotations

import json
import shutil
import time
from contextlib import closing
from dataclasses import dataclass, field, fields, replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from amity.store import disk
from amity.store.manifest import opened
from amity.store.reading import Part, Receipt, tables
from amity.store.writing import plain, sweep

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import polars as pl

    from amity.store.reading import Store


@dataclass(frozen=True, slots=True)
class FileReceipt:
    """What was read of one file, and what became of its lines.

    `lines` = `rows` + `set_aside` (each of these has a row in `review`) + `repeated` (an id that stands again further
    on, or in a later file). Of the `rows` the store has `kept`: all, or those between the states of `states`.
    `without_state` counts rows in which the actor or the target has no state, `repaired` those with bytes that are no
    UTF-8.
    """

    source: str
    key: str
    batch: str
    file: str
    url: str
    retrieved: str
    size: int
    sha256: str
    md5: str
    licence: str
    release: str
    states: tuple[int, ...]
    everything: bool
    lines: int
    rows: int
    kept: int
    without_state: int
    repaired: int
    repeated: int
    set_aside: int
    start: date
    """First day on which the publisher added what the file holds."""
    end: date
    current: bool = True


@dataclass(frozen=True, slots=True)
class BatchPart:
    """A part of a batch: its rows, the first and last day of its events, and its lowest and highest id."""

    part: Part
    batch: str
    since: date
    """First day on which the publisher added what the batch holds: of two rows with one id the later added stays."""
    first: date | None = None
    last: date | None = None
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A frame that is to become a part of a batch."""

    table: str
    frame: pl.DataFrame
    batch: str
    since: date
    first: date | None = None
    last: date | None = None
    low: str = ""
    high: str = ""


class Lacking(Protocol):
    """Days that a publisher lacks, all of them or some files of them."""

    @property
    def start(self) -> date: ...
    @property
    def end(self) -> date: ...
    @property
    def keys(self) -> tuple[str, ...]: ...
    @property
    def why(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Missing:
    """Days, or some files of a day, that a publisher did not have when it was asked."""

    source: str
    start: date
    end: date
    keys: tuple[str, ...] = field(default=())
    why: str = ""


NAMES = tuple(field.name for field in fields(FileReceipt))
PART = "source, tbl, path, rows, sha256, batch, since, first, last, low, high"


STAGED = "staged"
"""Folder of the store for parts that no manifest names yet: a run of batches may take hours beside other writers."""


def write_part(store: Store, source: str, made: Made) -> BatchPart:
    """Write a part; `put_batch` moves it to the others and makes it current."""
    return _written(store.root / STAGED / plain(source), source, made)


def _written(folder: Path, source: str, made: Made) -> BatchPart:
    stem = f"{plain(source)}-{made.table}-{plain(made.batch)}"
    name, digest = disk.put(
        folder,
        lambda path: made.frame.write_parquet(
            path, compression="zstd", compression_level=1, statistics=False
        ),
        lambda found: f"{stem}-{found[:16]}.parquet",
    )
    part = Part(source, made.table, folder / name, made.frame.height, digest)
    return BatchPart(part, made.batch, made.since, made.first, made.last, made.low, made.high)


def unstage(store: Store, source: str) -> None:
    """Delete the parts of a source that were written and never made current, by a run that was killed or has failed."""
    shutil.rmtree(store.root / STAGED / plain(source), ignore_errors=True)


def put_batch(
    store: Store,
    source: str,
    parts: Sequence[BatchPart],
    receipts: Sequence[FileReceipt],
    gone: Iterable[BatchPart] = (),
    repeated: Mapping[str, int] = MappingProxyType({}),
) -> None:
    """Make written parts and their receipts current, and those that are `gone` no longer, in one transaction.

    A receipt takes the place of the current one of the same file; that one stays, no longer current. `repeated` says of
    how many rows of earlier files (by key) the ids came again in these: their receipts count them so. Raises
    `StoreError`, and then nothing has changed.
    """
    with disk.one_writer(store.root), opened(store.root, write=True) as manifest:
        assert manifest is not None  # noqa: S101  (a writer always gets one)
        disk.move([one.part.path for one in parts], store.root / "parts")
        manifest.execute("BEGIN IMMEDIATE")
        past = {f"parts/{one.part.path.name}" for one in gone} - {
            f"parts/{one.part.path.name}" for one in parts
        }
        _retire(manifest, past)
        manifest.executemany(
            f"INSERT OR REPLACE INTO batch_part ({PART}) VALUES ({', '.join('?' * 11)})",  # noqa: S608
            [_part_row(source, one) for one in parts],
        )
        manifest.executemany(
            "DELETE FROM superseded WHERE path = ?", [(f"parts/{o.part.path.name}",) for o in parts]
        )
        manifest.executemany(
            "UPDATE event_file SET current = 0 WHERE source = ? AND key = ?",
            [(source, r.key) for r in receipts],
        )
        manifest.executemany(
            f"INSERT OR REPLACE INTO event_file ({', '.join(NAMES)}) VALUES ({', '.join('?' * len(NAMES))})",  # noqa: S608
            [_receipt_row(receipt) for receipt in receipts],
        )
        manifest.executemany(
            "UPDATE event_file SET repeated = repeated + ?, rows = rows - ?, kept = kept - ? "
            "WHERE source = ? AND key = ? AND current",
            [(count, count, count, source, key) for key, count in repeated.items()],
        )
        manifest.execute("COMMIT")


def _part_row(source: str, one: BatchPart) -> tuple[object, ...]:
    part = one.part
    days = [day.isoformat() if day else None for day in (one.since, one.first, one.last)]
    return (
        source,
        part.table,
        f"parts/{part.path.name}",
        part.rows,
        part.sha256,
        one.batch,
        *days,
        one.low,
        one.high,
    )


def _receipt_row(receipt: FileReceipt) -> list[object]:
    values = [getattr(receipt, name) for name in NAMES]
    return [
        json.dumps(v) if isinstance(v, tuple) else v.isoformat() if isinstance(v, date) else v for v in values
    ]


def _retire(manifest: sqlite3.Connection, paths: Iterable[str]) -> None:
    gone = [(path,) for path in paths]
    manifest.executemany("DELETE FROM batch_part WHERE path = ?", gone)
    manifest.executemany("DELETE FROM derived_part WHERE path = ?", gone)
    manifest.executemany(
        "INSERT OR REPLACE INTO superseded (path, since) VALUES (?, ?)",
        [(path, time.time()) for (path,) in gone],
    )


def batch_parts(
    store: Store,
    source: str | None = None,
    table: str | None = None,
    start: date | None = None,
    end: date | None = None,
    *,
    batch: str | None = None,
    ids: tuple[str, str] | None = None,
) -> tuple[BatchPart, ...]:
    """The current parts of batches, by source, table and batch; those that can hold events of the days asked for.

    `ids` asks for parts that can hold an id between two.

    >>> from pathlib import Path
    >>> from amity.store import open_store
    >>> batch_parts(open_store(Path("no-store-here")))
    ()
    """
    wanted = {
        "source = ?": source,
        "tbl = ?": table,
        "batch = ?": batch,
        "(last IS NULL OR last >= ?)": start.isoformat() if start else None,
        "(first IS NULL OR first <= ?)": end.isoformat() if end else None,
        "high >= ?": ids[0] if ids else None,
        "low <= ?": ids[1] if ids else None,
    }
    asked = {clause: value for clause, value in wanted.items() if value is not None}
    where = " AND ".join(["1 = 1", *asked])
    sql = f"SELECT {PART} FROM batch_part WHERE {where} ORDER BY source, tbl, since, batch, path"  # noqa: S608
    with opened(store.root) as manifest:
        if manifest is None or "batch_part" not in tables(manifest):
            return ()
        rows = manifest.execute(sql, list(asked.values())).fetchall()
    return tuple(_part(store, row) for row in rows)


def _part(store: Store, row: tuple[str, ...]) -> BatchPart:
    source, table, path, rows, digest, batch, since, first, last, low, high = row
    days = [date.fromisoformat(day) if day else None for day in (first, last)]
    part = Part(source, table, store.root / path, int(rows), digest)
    return BatchPart(part, batch, date.fromisoformat(since), days[0], days[1], low, high)


def file_receipts(
    store: Store, source: str | None = None, *, current: bool | None = True
) -> tuple[FileReceipt, ...]:
    """The receipts of files that were read, by source and file; with `current=None` also those of earlier issues."""
    with opened(store.root) as manifest:
        if manifest is None or "event_file" not in tables(manifest):
            return ()
        rows = manifest.execute(
            f"SELECT {', '.join(NAMES)} FROM event_file WHERE source = coalesce(?, source) "  # noqa: S608
            "AND current = coalesce(?, current) ORDER BY source, key, retrieved, sha256",
            (source, current),
        ).fetchall()
    return tuple(_receipt(row) for row in rows)


def _receipt(row: tuple[object, ...]) -> FileReceipt:
    named = dict(zip(NAMES, row, strict=True))
    named["states"] = tuple(json.loads(str(named["states"])))
    for name in ("start", "end"):
        named[name] = date.fromisoformat(str(named[name]))
    for name in ("everything", "current"):
        named[name] = bool(named[name])
    return FileReceipt(**named)  # pyright: ignore[reportArgumentType]


def as_receipt(one: FileReceipt) -> Receipt:
    """The receipt as other sources have it."""
    return Receipt(one.source, one.file, one.url, one.retrieved, one.size, one.sha256, one.licence)


def replace_derived(
    store: Store, source: str, table: str, key: str, frame: pl.DataFrame | None, made_from: str
) -> None:
    """Make a frame the current part of a table under a key, and remember what it was made from; None: no part."""
    with disk.one_writer(store.root), opened(store.root, write=True) as manifest:
        assert manifest is not None  # noqa: S101
        sweep(store.root, manifest)
        now = None
        if frame is not None:
            made = _written(store.root / "parts", source, Made(table, frame, key, date.min))
            now = (
                source,
                table,
                key,
                f"parts/{made.part.path.name}",
                made.part.rows,
                made.part.sha256,
                made_from,
            )
        manifest.execute("BEGIN IMMEDIATE")
        sql = "SELECT path FROM derived_part WHERE source = ? AND tbl = ? AND key = ?"
        before = {path for (path,) in manifest.execute(sql, (source, table, key))}
        _retire(manifest, before - ({now[3]} if now else set[str]()))
        if now:
            manifest.execute("INSERT OR REPLACE INTO derived_part VALUES (?, ?, ?, ?, ?, ?, ?)", now)
            manifest.execute("DELETE FROM superseded WHERE path = ?", (now[3],))
        manifest.execute("COMMIT")


def derived(store: Store, source: str, table: str) -> Mapping[str, str]:
    """What each derived part of a table was made from, by key."""
    with opened(store.root) as manifest:
        if manifest is None or "derived_part" not in tables(manifest):
            return {}
        sql = "SELECT key, made_from FROM derived_part WHERE source = ? AND tbl = ? ORDER BY key"
        return dict(manifest.execute(sql, (source, table)).fetchall())


def note_missing(store: Store, source: str, lacks: Sequence[Lacking]) -> None:
    """Remember what a publisher lacks, beside what is remembered; what has come since is forgotten."""
    noted = {
        (one.start, one.end, one.keys): Missing(source, one.start, one.end, one.keys, one.why)
        for one in lacks
    }
    known = {(one.start, one.end, one.keys): one for one in missing_days(store, source)}
    if not noted and not known:
        return
    with disk.one_writer(store.root), opened(store.root, write=True) as manifest:
        assert manifest is not None  # noqa: S101
        manifest.execute("BEGIN IMMEDIATE")
        manifest.execute("DELETE FROM lacking WHERE source = ?", (source,))
        manifest.executemany(
            "INSERT INTO lacking (source, start, end, keys, why) VALUES (?, ?, ?, ?, ?)",
            [
                (source, o.start.isoformat(), o.end.isoformat(), json.dumps(o.keys), o.why)
                for o in (known | noted).values()
            ],
        )
        manifest.execute("COMMIT")


def missing_days(store: Store, source: str | None = None) -> tuple[Missing, ...]:
    """What publishers lacked when they were asked, without what has come since."""
    with opened(store.root) as manifest:
        if manifest is None or "lacking" not in tables(manifest):
            return ()
        columns = "source, start, end, keys, why"
        rows = manifest.execute(
            f"SELECT {columns} FROM lacking WHERE source = coalesce(?, source) ORDER BY source, start",  # noqa: S608
            (source,),
        ).fetchall()
        with closing(
            manifest.execute("SELECT source, key, start, end FROM event_file WHERE current")
        ) as held:
            came = [(name, key, date.fromisoformat(a), date.fromisoformat(b)) for name, key, a, b in held]
    found = [
        Missing(name, date.fromisoformat(start), date.fromisoformat(end), tuple(json.loads(keys)), why)
        for name, start, end, keys, why in rows
    ]
    return tuple(left for one in found if (left := _still(one, came)) is not None)


def _still(one: Missing, came: Sequence[tuple[str, str, date, date]]) -> Missing | None:
    """What of it has not come."""
    own = [held for held in came if held[0] == one.source]
    if one.keys:
        keys = tuple(key for key in one.keys if key not in {held[1] for held in own})
        return replace(one, keys=keys) if keys else None
    return None if any(held[2] <= one.start and one.end <= held[3] for held in own) else one
