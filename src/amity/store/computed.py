"""Tables that take a while to compute, kept beside the parts that they were computed from.

A computed table is found by its name and a key made of the hashes of those parts and of the settings: when either
changes it is not found, and made anew. It is never evidence, and a store without it is whole.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

from amity.errors import StoreError
from amity.store import disk
from amity.store.manifest import NAME
from amity.store.reading import pack_manifest, parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import polars as pl

    from amity.store.reading import Part, Store

FOLDER = "computed"


def key(store: Store, tables: Iterable[str], settings: str, held: Sequence[Part] | None = None) -> str:
    """What a computed table is made from: the parts of some tables, as they are now, and the settings in words.

    Whoever keeps a table gives the parts that it `held`: others may be loaded while it is made.

    >>> from pathlib import Path
    >>> from amity.store import open_store
    >>> key(open_store(Path("no-store-here")), ["votes"], "1")[:8]
    'fae14fb4'
    """
    wanted = frozenset(tables)
    told = sorted(
        (part.table, part.source, part.sha256)
        for part in (parts(store) if held is None else held)
        if part.table in wanted
    )
    return hashlib.sha256(repr((told, settings)).encode()).hexdigest()


def find(store: Store, name: str, made_from: str) -> Path | None:
    """The Parquet file of a computed table, in the store or in a pack beneath it; None where there is none."""
    own = store.root / FOLDER / file_of(name, made_from)
    if own.exists():
        return own
    for pack in store.packs:
        entry = pack_manifest(pack).get(FOLDER, {}).get(name)
        if entry and entry["made_from"] == made_from:
            return pack / entry["path"]
    return None


def read(store: Store, name: str, made_from: str) -> pl.DataFrame | None:
    """A computed table, from where `find` finds it; None where there is none."""
    import polars as pl  # noqa: PLC0415  (as in `checking`)

    path = find(store, name, made_from)
    return None if path is None else pl.read_parquet(path)


def holds(store: Store) -> bool:
    """Whether anything was ever loaded here: a question put to a pack alone leaves nothing behind."""
    return (store.root / NAME).exists()


def keep(store: Store, name: str, made_from: str, table: pl.DataFrame, *, group: int | None = None) -> None:
    """Keep a computed table in the store, in place of those of its name made from anything else.

    `group` is how many rows of it are read together at least.
    """
    folder = store.root / FOLDER
    own = file_of(name, made_from)
    disk.put(
        folder,
        lambda path: table.write_parquet(path, compression="zstd", row_group_size=group),
        lambda _: own,
    )
    for old in folder.glob(f"{name}-*.parquet"):
        if old.name != own and len(old.name) == len(own):
            old.unlink(missing_ok=True)


def offer(store: Store, name: str, made_from: str, table: pl.DataFrame) -> None:
    """Keep a computed table where that may be: a store that may not be written is read all the same."""
    with suppress(StoreError):
        keep(store, name, made_from, table)


def file_of(name: str, made_from: str) -> str:
    """The name of a computed table's file in a store."""
    return f"{name}-{made_from[:16]}.parquet"
