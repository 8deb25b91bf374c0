"""A pack is read beneath the store; a source in the store takes the place of the same one in a pack."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest

from amity import store
from amity.catalog import SCHEMAS, polars_schema
from amity.errors import StoreError
from amity.store import disk

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack with two sources, one row of review each."""
    folder = tmp_path / "pack"
    folder.mkdir()
    sources: dict[str, object] = {}
    for name in ("us_aid", "us_visits"):
        path = folder / f"{name}-review.parquet"
        pl.DataFrame([("f", name, "packed")], schema=polars_schema("review"), orient="row").write_parquet(
            path
        )
        part = {"table": "review", "path": path.name, "rows": 1, "sha256": disk.sha256(path)}
        receipt = {
            "file": "f",
            "url": "",
            "retrieved": "2026-03-01T00:00:00Z",
            "size": 1,
            "sha256": "0",
            "licence": "x",
        }
        sources[name] = {"parts": [part], "receipts": [receipt]}
    (folder / "manifest.json").write_text(json.dumps({"format": 1, "sources": sources}))
    return folder


def test_a_pack_is_read_without_a_store(pack: Path, tmp_path: Path) -> None:
    held = store.open_store(tmp_path / "none", [pack])
    assert [part.source for part in store.parts(held)] == ["us_aid", "us_visits"]
    assert [one.source for one in store.receipts(held)] == ["us_aid", "us_visits"]
    assert store.verify(held) == ()
    assert not held.root.exists()


def test_a_loaded_source_takes_the_place_of_the_packed_one(pack: Path, tmp_path: Path) -> None:
    held = store.open_store(tmp_path / "store", [pack])
    fresh = pl.DataFrame([("g", "us_aid", "loaded")], schema=polars_schema("review"), orient="row")
    store.replace(held, "us_aid", {}, {"review": fresh}, [])
    with store.connect(held) as connection:
        rows = connection.execute("SELECT source, why FROM review ORDER BY source").fetchall()
    assert rows == [("us_aid", "loaded"), ("us_visits", "packed")]
    store.replace(held, "us_aid", {}, {}, [])
    assert [part.path.parent for part in store.parts(held)] == [pack, pack]


def test_every_table_of_the_catalogue_can_be_asked_also_where_nothing_is_loaded(tmp_path: Path) -> None:
    with store.connect(store.open_store(tmp_path)) as connection:
        for table, columns in SCHEMAS.items():
            answer = connection.table(table)
            assert [column[0] for column in answer.description] == [*(c.name for c in columns), "source"]
            assert answer.fetchall() == []


def test_verify_finds_harm_in_a_pack(pack: Path, tmp_path: Path) -> None:
    file = pack / "us_aid-review.parquet"
    file.write_bytes(file.read_bytes()[:-1])
    assert store.verify(store.open_store(tmp_path / "none", [pack]))


def test_a_pack_whose_manifest_is_broken_is_told(pack: Path, tmp_path: Path) -> None:
    (pack / "manifest.json").write_text("{")
    with pytest.raises(StoreError, match="manifest"):
        store.parts(store.open_store(tmp_path / "none", [pack]))
