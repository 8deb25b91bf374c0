"""Writing a source into the store: new files first, one transaction last."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from amity.store import disk
from amity.store.manifest import opened
from amity.store.reading import PART_TABLES, raw_path, tables

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Generator, Mapping, Sequence
    from pathlib import Path

    import polars as pl

    from amity.catalog import Receipt
    from amity.store.reading import Store

GRACE_SECONDS = 600.0
"""How long a superseded part stays, for readers that listed it before."""


PATIENCE_SECONDS = 900.0
"""How long to wait for another process that is reading and parsing the same source."""


@contextmanager
def one_at_a_time(store: Store, source: str) -> Generator[None]:
    """Keep other processes from changing a source while its files are read, added to and replaced.

    Other sources can be written meanwhile. `replace` may be called inside. The lock dies with its process.
    """
    with disk.one_writer(store.root, PATIENCE_SECONDS, f"{disk.LOCK}-{plain(source)}"):
        yield


def plain(source: str) -> str:
    """A source's id as it can stand in a file's name: a user's own are called `own:…`."""
    return source.replace(":", "-")


def replace(
    store: Store,
    source: str,
    files: Mapping[str, bytes],
    tables: Mapping[str, pl.DataFrame],
    receipts: Sequence[Receipt],
) -> bool:
    """Make these files and tables the whole of a source, in place of what the store held of it.

    Atomic: killed at any moment, the store holds either all of the old or all of the new. Idempotent: the same content
    changes nothing and gives False. Other writers wait. Raises `StoreError` (disk full, no right to write, another
    writer too long), and then the store is as it was.
    """
    with disk.one_writer(store.root), opened(store.root, write=True) as manifest:
        assert manifest is not None  # noqa: S101  (a writer always gets one)
        sweep(store.root, manifest)
        for receipt in receipts:
            keep_raw(store.root, receipt.sha256, files[receipt.file])
        made = [
            (source, table, *write_part(store.root, source, table, frame)) for table, frame in tables.items()
        ]
        return commit(manifest, source, made, receipts)


def keep_raw(root: Path, digest: str, data: bytes) -> None:
    """Put a file under its hash; one that is there already and has not changed stays."""
    path = raw_path(root, digest)
    if not path.exists() or disk.sha256(path) != digest:
        disk.put(root / "raw", lambda path: _write(path, data), lambda found: found)


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def write_part(root: Path, source: str, table: str, frame: pl.DataFrame) -> tuple[str, int, str]:
    """A frame as a part, named after its content: (path below the root, rows, hash)."""
    stem = f"{plain(source)}-{table}"
    name, digest = disk.put(
        root / "parts",
        lambda path: frame.write_parquet(path, compression="zstd", compression_level=3),
        lambda found: f"{stem}-{found[:16]}.parquet",
    )
    return f"parts/{name}", frame.height, digest


def commit(
    manifest: sqlite3.Connection,
    source: str,
    made: Sequence[tuple[str, str, str, int, str]],
    receipts: Sequence[Receipt],
) -> bool:
    """The one transaction: these parts and files are now current. False where they already were."""
    manifest.execute("BEGIN IMMEDIATE")
    before = set(manifest.execute("SELECT path FROM part WHERE source = ?", (source,)).fetchall())
    kept = set(manifest.execute("SELECT file, sha256 FROM file WHERE source = ?", (source,)).fetchall())
    now = {(path,) for _, _, path, _, _ in made}
    if before == now and kept == {(receipt.file, receipt.sha256) for receipt in receipts}:
        manifest.execute("ROLLBACK")
        return False
    manifest.execute("DELETE FROM part WHERE source = ?", (source,))
    manifest.execute("DELETE FROM file WHERE source = ?", (source,))
    manifest.executemany(
        "INSERT INTO part (source, tbl, path, rows, sha256) VALUES (?, ?, ?, ?, ?)",
        [(s, table, path, rows, digest) for s, table, path, rows, digest in made],
    )
    manifest.executemany(
        "INSERT INTO file (source, file, url, retrieved, size, sha256, licence) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(source, r.file, r.url, r.retrieved, r.size, r.sha256, r.licence) for r in receipts],
    )
    manifest.executemany(
        "INSERT OR REPLACE INTO superseded (path, since) VALUES (?, ?)",
        [(path, time.time()) for (path,) in before - now],
    )
    manifest.executemany("DELETE FROM superseded WHERE path = ?", list(now))
    manifest.execute("COMMIT")
    return True


def sweep(root: Path, manifest: sqlite3.Connection) -> None:
    """Delete what no manifest row names: leavings of a killed writer, and parts superseded long enough ago.

    Only a writer does this, and there is one at a time, so nothing that is being written can be swept.
    """
    old = time.time() - GRACE_SECONDS
    manifest.execute("DELETE FROM superseded WHERE since < ?", (old,))
    for path in leavings(root, named(manifest)):
        path.unlink(missing_ok=True)


def named(manifest: sqlite3.Connection) -> set[str]:
    """The files below the store that a manifest names."""
    having = tables(manifest)
    each = [f"SELECT path FROM {name}" for name in (*PART_TABLES, "superseded") if name in having]  # noqa: S608
    paths = {path for (path,) in manifest.execute(" UNION ".join(each))}
    return paths | {f"raw/{digest}" for (digest,) in manifest.execute("SELECT sha256 FROM file")}


def leavings(root: Path, named: set[str]) -> list[Path]:
    """Files of the store's folders that are not named."""
    return sorted(
        path
        for folder in ("parts", "raw")
        for path in (root / folder).glob("*")
        if f"{folder}/{path.name}" not in named
    )
