"""Reading a store: which parts are current, their receipts, and one in-memory DuckDB over them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amity.catalog import SCHEMAS, Column, Receipt
from amity.errors import StoreError
from amity.store.manifest import opened

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Sequence

    import duckdb

PACK_MANIFEST = "manifest.json"
SQL_TYPES = {
    "date": "DATE",
    "string": "VARCHAR",
    "int8": "TINYINT",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "bool": "BOOLEAN",
}


PART_TABLES = ("part", "batch_part", "derived_part")
"""Tables of the manifest that name current parts."""


@dataclass(frozen=True, slots=True)
class Store:
    """The user's folder, and the read-only packs beneath it."""

    root: Path
    packs: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One immutable Parquet file: the rows of one table from one source."""

    source: str
    table: str
    path: Path
    rows: int
    sha256: str


def open_store(root: Path, packs: Sequence[Path] = ()) -> Store:
    """The store in a folder; nothing is made until something is written.

    >>> parts(open_store(Path("no-store-here")))
    ()
    """
    return Store(Path(root), tuple(packs))


def parts(
    store: Store, table: str | None = None, source: str | None = None, *, kinds: Sequence[str] = PART_TABLES
) -> tuple[Part, ...]:
    """The current parts, by source and table; a source in the store takes the place of the same one in a pack.

    `kinds` are the manifest's tables to look in: of thousands of parts most are those of batches.
    """
    own = own_parts(store.root, kinds)
    held = {part.source for part in own}
    found = list(own)
    for pack in store.packs:
        added = [part for part in pack_parts(pack) if part.source not in held]
        found += added
        held |= {part.source for part in added}
    chosen = [p for p in found if table in (None, p.table) and source in (None, p.source)]
    return tuple(sorted(chosen, key=lambda part: (part.source, part.table, part.path.name)))


def own_parts(root: Path, kinds: Sequence[str] = PART_TABLES) -> tuple[Part, ...]:
    with opened(root) as manifest:
        if manifest is None:
            return ()
        each = [
            f"SELECT source, tbl, path, rows, sha256 FROM {name}"  # noqa: S608
            for name in PART_TABLES
            if name in kinds and name in tables(manifest)
        ]
        if not each:
            return ()
        rows = manifest.execute(f"{' UNION ALL '.join(each)} ORDER BY source, tbl, path").fetchall()
    base = f"{root}/"
    return tuple(Part(s, t, Path(base + p), n, h) for s, t, p, n, h in rows)


def tables(manifest: sqlite3.Connection) -> set[str]:
    """The tables that a manifest has; one written by an earlier version has fewer."""
    return {name for (name,) in manifest.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}


def pack_parts(pack: Path) -> tuple[Part, ...]:
    return tuple(
        Part(source, part["table"], pack / part["path"], part["rows"], part["sha256"])
        for source, entry in pack_manifest(pack)["sources"].items()
        for part in entry["parts"]
    )


@lru_cache(maxsize=8)
def _pack_text(path: Path, changed: int) -> dict[str, Any]:
    del changed
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(
            f"the pack's manifest {path} cannot be read: {error}", "install amity again"
        ) from error


def pack_manifest(pack: Path) -> dict[str, Any]:
    """What a pack holds; an empty one where the folder has no manifest."""
    path = pack / PACK_MANIFEST
    if not path.exists():
        return {"sources": {}}
    return _pack_text(path, path.stat().st_mtime_ns)


def receipts(store: Store, source: str | None = None) -> tuple[Receipt, ...]:
    """What was fetched or loaded, by source and file; of packs, only the sources that the store itself lacks."""
    found = [*raw_receipts(store.root), *_receipts(store.root, "event_file", "WHERE current")]
    held = {receipt.source for receipt in found}
    for pack in store.packs:
        for name, entry in pack_manifest(pack)["sources"].items():
            if name not in held:
                found += [Receipt(source=name, **receipt) for receipt in entry["receipts"]]
    return tuple(receipt for receipt in found if source in (None, receipt.source))


def raw_receipts(root: Path) -> tuple[Receipt, ...]:
    """The receipts of the files that the store keeps as they came."""
    return _receipts(root, "file")


def _receipts(root: Path, table: str, where: str = "") -> tuple[Receipt, ...]:
    with opened(root) as manifest:
        if manifest is None or table not in tables(manifest):
            return ()
        rows = manifest.execute(
            "SELECT source, file, url, retrieved, size, sha256, licence "  # noqa: S608
            f"FROM {table} {where} ORDER BY source, file"
        ).fetchall()
    return tuple(Receipt(*row) for row in rows)


def files(store: Store, source: str, without: Collection[str] = ()) -> dict[str, bytes]:
    """The publisher's files of a source as they were loaded, by name; none where only a pack has the source.

    `without` names files that are not wanted. Raises `StoreError` where one is missing or is not what it was.
    """
    with opened(store.root) as manifest:
        if manifest is None:
            return {}
        rows = manifest.execute(
            "SELECT file, sha256 FROM file WHERE source = ? ORDER BY file", (source,)
        ).fetchall()
    return {name: raw(store.root, source, name, digest) for name, digest in rows if name not in without}


def raw(root: Path, source: str, name: str, digest: str) -> bytes:
    mend = f"load {name} again (or `amity pull {source}`); `amity verify` says what else is wrong"
    try:
        data = raw_path(root, digest).read_bytes()
    except OSError as error:
        raise StoreError(f"{name} of {source} cannot be read: {error.strerror or error}", mend) from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise StoreError(f"{name} of {source} is not the file that was kept: its hash differs", mend)
    return data


def raw_path(root: Path, digest: str) -> Path:
    return root / "raw" / digest


def connect(store: Store, of: Sequence[Part] | None = None) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB with one view a table of the catalogue, each with the column `source` added.

    They are over the current parts, or over those `of` an earlier moment. A table that nothing was loaded for is an
    empty view with the same columns. Close the connection after use.
    """
    import duckdb  # noqa: PLC0415  (the largest import here, and not every command needs it)

    connection = duckdb.connect(config={"threads": 2})
    # Parts never change, so that what is read of their footers once is good for every question.
    connection.execute("SET parquet_metadata_cache = true")
    held: dict[str, list[Part]] = {}
    for part in parts(store) if of is None else of:
        held.setdefault(part.table, []).append(part)
    for table, columns in SCHEMAS.items():
        connection.execute(f'CREATE VIEW "{table}" AS {view(columns, held.get(table, []))}')
    return connection


def view(columns: Sequence[Column], held: Sequence[Part]) -> str:
    """The SQL of a table's view over its parts."""
    named = ", ".join(f'"{column.name}"' for column in columns)
    by_source: dict[str, list[Part]] = {}
    for part in held:
        by_source.setdefault(part.source, []).append(part)
    if not held:
        empty = ", ".join(f'NULL::{SQL_TYPES[column.dtype]} AS "{column.name}"' for column in columns)
        return f"SELECT {empty}, NULL::VARCHAR AS source WHERE false"
    each = [
        f"SELECT {named}, {quoted(source)} AS source "  # noqa: S608
        f"FROM read_parquet([{', '.join(quoted(str(part.path)) for part in parts)}])"
        for source, parts in by_source.items()
    ]
    return " UNION ALL ".join(each)


def quoted(text: str) -> str:
    """Text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
