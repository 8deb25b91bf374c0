"""Making a pack: the parts of the loaded sources that may be shared, and a manifest that says what they are.

A pack holds facts and figures only, never a publisher's file; lists of what a parser set aside stay behind, because
they quote headings. The same store gives the same bytes.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

from amity import sources, store
from amity.errors import NoEvidenceError, StoreError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import polars as pl

    from amity.catalog import Source
    from amity.store import Part, Store

FORMAT = 1
MANIFEST = "manifest.json"
COMPUTED = "computed"


@dataclass(frozen=True, slots=True)
class Packed:
    """What a pack holds: its sources, those loaded that may not be shared, rows by source, and its size in bytes."""

    sources: tuple[str, ...]
    left_out: tuple[str, ...]
    rows: dict[str, int]
    size: int


@dataclass(frozen=True, slots=True)
class Computed:
    """A computed table to go with a pack: the key of what it was made from (`store.computed.key`), and its rows."""

    made_from: str
    table: pl.DataFrame


def build_pack(held: Store, out: Path, computed: Mapping[str, Computed] | None = None) -> Packed:
    """Write the shareable sources of a store (not of the packs beneath it) as a pack into the folder `out`.

    An earlier pack there is replaced as a whole; any other folder with something in it is refused. `computed` tables
    go with it by name; they must be made from what may be shared alone.

    Raises `NoEvidenceError` where nothing that may be shared is loaded, `UsageError` for a folder that is no pack,
    `StoreError` where `out` cannot be written or a part is missing.
    """
    own = store.open_store(held.root)
    loaded = sorted({part.source for part in store.parts(own)})
    chosen = [name for name in sources.ALL if name in loaded and sources.load(name).ABOUT.may_share]
    if not chosen:
        raise NoEvidenceError(
            "nothing is loaded that may be shared", "run `amity load FOLDER` or `amity pull` first"
        )
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MANIFEST).exists())):
        raise UsageError(
            f"{out} is there already and is no pack", "name a new folder, or an earlier pack to replace"
        )
    manifest = {name: entry(own, sources.load(name).ABOUT) for name in sorted(chosen)}
    files = {name: as_file(one.table) for name, one in (computed or {}).items()}
    extra = {
        name: {
            "made_from": one.made_from,
            "path": computed_file(name),
            "rows": one.table.height,
            "sha256": sha256(files[name]).hexdigest(),
        }
        for name, one in (computed or {}).items()
    }
    whole = {"format": FORMAT, "sources": manifest} | ({COMPUTED: extra} if extra else {})
    text = json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    parts = [part for name in chosen for part in packed_parts(own, name)]
    try:
        write(out, parts, text, {computed_file(name): data for name, data in files.items()})
    except OSError as error:
        raise StoreError(
            f"the pack {out} cannot be written: {error.strerror or error}",
            "free the disk or mend its rights; run `amity verify` to see whether the store is whole",
        ) from error
    rows = {name: sum(part.rows for part in parts if part.source == name) for name in chosen}
    size = sum(file.stat().st_size for file in out.iterdir())
    return Packed(tuple(chosen), tuple(name for name in loaded if name not in chosen), rows, size)


def entry(held: Store, about: Source) -> dict[str, object]:
    """What the manifest says of a source: terms, citation, its parts, and the receipts of the files behind them."""
    parts = [
        {"table": part.table, "path": file_of(part), "rows": part.rows, "sha256": part.sha256}
        for part in packed_parts(held, about.id)
    ]
    receipts = [asdict(receipt) for receipt in store.receipts(held, about.id)]
    return {
        "licence": about.licence.id,
        "title": about.title,
        "citation": about.citation,
        "homepage": about.homepage,
        "parts": parts,
        "receipts": [{key: value for key, value in one.items() if key != "source"} for one in receipts],
    }


def packed_parts(held: Store, source: str) -> list[Part]:
    return [part for part in store.parts(held, source=source) if part.table != "review"]


def file_of(part: Part) -> str:
    """The name of a part in a pack, the same for every release, so that a change shows as one."""
    return f"{part.source}-{part.table}.parquet"


def as_file(table: pl.DataFrame) -> bytes:
    """A computed table as the bytes of a Parquet file."""
    buffer = BytesIO()
    table.write_parquet(buffer, compression="zstd", compression_level=19)
    return buffer.getvalue()


def computed_file(name: str) -> str:
    """The name of a computed table in a pack."""
    return f"computed-{name}.parquet"


def write(out: Path, parts: Sequence[Part], manifest: str, computed: Mapping[str, bytes]) -> None:
    """Make the pack beside its place, then put it there."""
    fresh = out.with_name(f".{out.name}-new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        for part in parts:
            shutil.copyfile(part.path, fresh / file_of(part))
        for name, data in computed.items():
            (fresh / name).write_bytes(data)
        (fresh / MANIFEST).write_text(manifest, encoding="utf-8")
        if out.exists():
            shutil.rmtree(out)
        fresh.rename(out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
