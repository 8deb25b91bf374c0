"""Proving a store: every current part and file is there, unchanged, and readable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amity.catalog import polars_schema
from amity.store import disk
from amity.store.manifest import opened
from amity.store.reading import pack_manifest, parts, raw_path, raw_receipts
from amity.store.writing import leavings, named

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from amity.store.reading import Part, Store


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a store: where, what, and whether anything is lost by it."""

    path: str
    what: str


def verify(store: Store) -> tuple[Problem, ...]:
    """Everything wrong with a store and its packs; nothing: it is whole.

    Each part is hashed, its schema and rows compared with the catalogue and the manifest; each raw file is hashed; the
    manifest's own integrity is checked. What a killed writer left behind is no problem: no manifest row names it, no
    reader sees it, and the next write sweeps it.
    """
    return (
        *of_manifest(store.root),
        *(problem for part in parts(store) for problem in of_part(part)),
        *of_raw(store),
        *of_computed(store),
    )


def of_manifest(root: Path) -> Iterator[Problem]:
    with opened(root) as manifest:
        if manifest is None:
            return
        for (said,) in manifest.execute("PRAGMA integrity_check").fetchall():
            if said != "ok":
                yield Problem("manifest.sqlite", said)


def of_part(part: Part) -> Iterator[Problem]:
    import polars as pl  # noqa: PLC0415

    name = f"{part.source} {part.table} ({part.path.name})"
    if not part.path.exists():
        yield Problem(name, "the file is missing")
        return
    if disk.sha256(part.path) != part.sha256:
        yield Problem(name, "the file is not the one that was written: its hash differs")
        return
    scan = pl.scan_parquet(part.path)
    if not polars_schema(part.table).items() <= scan.collect_schema().items():  # parts of events hold more
        yield Problem(name, "its columns are not those of the catalogue: load the source again")
    rows = scan.select(pl.len()).collect().item()
    if rows != part.rows:
        yield Problem(name, f"it holds {rows} rows where the manifest says {part.rows}")


def of_raw(store: Store) -> Iterator[Problem]:
    """Raw files of the store itself; packs hold none."""
    for receipt in raw_receipts(store.root):
        path = raw_path(store.root, receipt.sha256)
        if not path.exists():
            yield Problem(f"{receipt.source} {receipt.file}", "the publisher's file is missing")
        elif disk.sha256(path) != receipt.sha256:
            yield Problem(
                f"{receipt.source} {receipt.file}", "the publisher's file has changed: its hash differs"
            )


def of_computed(store: Store) -> Iterator[Problem]:
    """Computed tables of packs; those of the store itself are made anew whenever they are not found."""
    for pack in store.packs:
        for name, entry in pack_manifest(pack).get("computed", {}).items():
            path = pack / entry["path"]
            if not path.exists():
                yield Problem(f"computed {name}", "the file is missing")
            elif disk.sha256(path) != entry["sha256"]:
                yield Problem(
                    f"computed {name}", "the file is not the one that was written: its hash differs"
                )


def left_over(store: Store) -> tuple[str, ...]:
    """Files that a killed writer left behind; harmless, and swept by the next write."""
    with opened(store.root) as manifest:
        if manifest is None:
            return ()
        names = named(manifest)
    return tuple(path.name for path in leavings(store.root, names))
