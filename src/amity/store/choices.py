"""Choices of a person that a store remembers, by name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from amity.store import disk
from amity.store.manifest import opened

if TYPE_CHECKING:
    from amity.store.reading import Store

TABLE = "CREATE TABLE IF NOT EXISTS choice (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT"


def remember(store: Store, name: str, value: Any) -> None:
    """Keep a value (anything that JSON holds) in the store's manifest, in place of the one of that name.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from amity.store import open_store
    >>> with TemporaryDirectory() as folder:
    ...     store = open_store(Path(folder))
    ...     remember(store, "state roles", ["GOV"])
    ...     remembered(store, "state roles"), remembered(store, "language")
    (['GOV'], None)
    """
    with disk.one_writer(store.root), opened(store.root, write=True) as manifest:
        assert manifest is not None  # noqa: S101  (a writer always gets one)
        manifest.execute(TABLE)
        manifest.execute(
            "INSERT OR REPLACE INTO choice (name, value) VALUES (?, ?)", (name, json.dumps(value))
        )


def remembered(store: Store, name: str) -> Any | None:
    """The value kept under a name, or None."""
    with opened(store.root) as manifest:
        if manifest is None:
            return None
        has = manifest.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'choice'").fetchone()
        row = (
            manifest.execute("SELECT value FROM choice WHERE name = ?", (name,)).fetchone()
            if has[0]
            else None
        )
    return None if row is None else json.loads(row[0])
