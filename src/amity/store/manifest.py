"""The manifest: one SQLite file that says which parts and files are current. Nothing else decides."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from amity.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

NAME = "manifest.sqlite"
SCHEMA = """
CREATE TABLE IF NOT EXISTS part (
    path TEXT PRIMARY KEY, source TEXT NOT NULL, tbl TEXT NOT NULL, rows INTEGER NOT NULL, sha256 TEXT NOT NULL,
    UNIQUE (source, tbl)
) STRICT;
CREATE TABLE IF NOT EXISTS file (
    source TEXT NOT NULL, file TEXT NOT NULL, url TEXT NOT NULL, retrieved TEXT NOT NULL, size INTEGER NOT NULL,
    sha256 TEXT NOT NULL, licence TEXT NOT NULL, PRIMARY KEY (source, file)
) STRICT;
CREATE TABLE IF NOT EXISTS superseded (path TEXT PRIMARY KEY, since REAL NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS batch_part (
    path TEXT PRIMARY KEY, source TEXT NOT NULL, tbl TEXT NOT NULL, batch TEXT NOT NULL, since TEXT NOT NULL,
    rows INTEGER NOT NULL, sha256 TEXT NOT NULL, first TEXT, last TEXT, low TEXT NOT NULL, high TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS batch_of ON batch_part (source, tbl, batch);
CREATE TABLE IF NOT EXISTS event_file (
    source TEXT NOT NULL, key TEXT NOT NULL, batch TEXT NOT NULL, file TEXT NOT NULL, url TEXT NOT NULL,
    retrieved TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL, md5 TEXT NOT NULL, licence TEXT NOT NULL,
    "release" TEXT NOT NULL, states TEXT NOT NULL, everything INTEGER NOT NULL, lines INTEGER NOT NULL,
    rows INTEGER NOT NULL, kept INTEGER NOT NULL, without_state INTEGER NOT NULL, repaired INTEGER NOT NULL,
    repeated INTEGER NOT NULL, set_aside INTEGER NOT NULL, start TEXT NOT NULL, end TEXT NOT NULL,
    current INTEGER NOT NULL, PRIMARY KEY (source, key, sha256, states, everything)
) STRICT;
CREATE TABLE IF NOT EXISTS derived_part (
    source TEXT NOT NULL, tbl TEXT NOT NULL, key TEXT NOT NULL, path TEXT NOT NULL, rows INTEGER NOT NULL,
    sha256 TEXT NOT NULL, made_from TEXT NOT NULL, PRIMARY KEY (source, tbl, key)
) STRICT;
CREATE TABLE IF NOT EXISTS lacking (
    source TEXT NOT NULL, start TEXT NOT NULL, end TEXT NOT NULL, keys TEXT NOT NULL, why TEXT NOT NULL
) STRICT;
"""
"""`file` has the receipts of sources that are kept whole; their bytes are `raw/<sha256>`. `superseded` parts wait
for their last readers. The other tables are those of `batches`."""


@contextmanager
def opened(root: Path, *, write: bool = False) -> Generator[sqlite3.Connection | None]:
    """The manifest of a store, or None where there is none to read. Writers get an immediate transaction.

    A reader sees the manifest before or after a write, never between. The journal is SQLite's plain one, because with a
    write-ahead log nobody could read a store in a folder that may not be written.
    """
    path = root / NAME
    if not write and not path.exists():
        yield None
        return
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(path, timeout=30, isolation_level=None)
        if write:
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("PRAGMA synchronous=FULL")
            connection.executescript(SCHEMA)
        yield connection
    except sqlite3.Error as error:
        raise StoreError(
            f"the manifest {path} cannot be {'written' if write else 'read'}: {error}",
            "free the disk or mend its rights; if the file is broken, move the folder away and load or pull again",
        ) from error
    finally:
        if connection is not None:
            connection.close()
