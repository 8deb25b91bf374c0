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
"""
"""`file` is the receipt of each file; its bytes are `raw/<sha256>`. `superseded` parts wait for their last readers."""


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
