"""A pack holds what may be shared, says where it is from, and is the same bytes from the same store."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from amity import ingest, sources, store
from amity.errors import NoEvidenceError, StoreError, UsageError
from amity.ingest import own
from amity.ingest.pack import Computed
from amity.measures import kept_points
from amity.settings import STARTER_PACK
from amity.store import computed

if TYPE_CHECKING:
    from amity.store import Store

SAMPLES = Path(__file__).parents[1] / "samples"
WHEN = "2026-03-01T00:00:00Z"
SIZE = 6_000_000


def bytes_of(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


@pytest.fixture
def held(tmp_path: Path) -> Store:
    """A store with visits, travels, and a record of one's own."""
    made = store.open_store(tmp_path / "store")
    ingest.load(made, [SAMPLES / "us_visits", SAMPLES / "us_travels"], partial=True, retrieved=WHEN)
    own.add(made, "desk.csv", (SAMPLES / "own" / "acts.csv").read_bytes(), WHEN)
    return made


def test_a_pack_is_whole_and_says_what_the_store_says(held: Store, tmp_path: Path) -> None:
    packed = ingest.build_pack(held, tmp_path / "pack")
    assert packed.sources == ("us_visits", "us_travels")
    assert packed.left_out == ("own:desk",)
    read = store.open_store(tmp_path / "none", [tmp_path / "pack"])
    assert store.verify(read) == ()
    shared = [part for part in store.parts(held) if not own.is_own(part.source) and part.table != "review"]
    assert [(p.source, p.table, p.rows, p.sha256) for p in store.parts(read)] == [
        (p.source, p.table, p.rows, p.sha256) for p in shared
    ]
    assert store.receipts(read) == tuple(one for one in store.receipts(held) if not own.is_own(one.source))


def test_a_pack_holds_no_file_of_a_publisher_and_names_terms_and_citation(
    held: Store, tmp_path: Path
) -> None:
    ingest.build_pack(held, tmp_path / "pack")
    text = (tmp_path / "pack" / "manifest.json").read_text(encoding="utf-8")
    manifest = json.loads(text)
    assert text == json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    assert manifest["format"] == 1
    listed = {part["path"] for entry in manifest["sources"].values() for part in entry["parts"]}
    assert {file.name for file in (tmp_path / "pack").iterdir()} == listed | {"manifest.json"}
    for name, entry in manifest["sources"].items():
        about = sources.load(name).ABOUT
        assert (entry["licence"], entry["citation"]) == (about.licence.id, about.citation)
        assert {one["retrieved"] for one in entry["receipts"]} == {WHEN}


def test_the_same_store_gives_the_same_bytes_and_a_new_pack_takes_the_place_of_the_old(
    held: Store, tmp_path: Path
) -> None:
    ingest.build_pack(held, tmp_path / "a")
    ingest.build_pack(held, tmp_path / "b")
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")
    store.replace(held, "us_travels", {}, {}, [])
    ingest.build_pack(held, tmp_path / "a")
    assert not [name for name in bytes_of(tmp_path / "a") if name.startswith("us_travels")]


def test_a_folder_that_is_no_pack_is_left_alone(held: Store, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter").write_text("years of work")
    with pytest.raises(UsageError, match="is no pack"):
        ingest.build_pack(held, tmp_path / "thesis")
    assert (tmp_path / "thesis" / "chapter").read_text() == "years of work"
    with pytest.raises(UsageError):
        ingest.build_pack(held, tmp_path / "thesis" / "chapter")


def test_a_damaged_store_makes_no_pack_and_the_old_one_stays(held: Store, tmp_path: Path) -> None:
    ingest.build_pack(held, tmp_path / "pack")
    before = bytes_of(tmp_path / "pack")
    store.parts(held, "acts", "us_visits")[0].path.unlink()
    with pytest.raises(StoreError, match="cannot be written"):
        ingest.build_pack(held, tmp_path / "pack")
    assert bytes_of(tmp_path / "pack") == before
    assert {path.name for path in tmp_path.iterdir()} == {"store", "pack"}


def test_nothing_to_share_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoEvidenceError, match="amity load"):
        ingest.build_pack(store.open_store(tmp_path), tmp_path / "pack")


@pytest.mark.publisher_data
def test_the_starter_pack_is_what_the_publishers_files_give(publisher_data: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        held = store.open_store(tmp_path / name)
        ingest.load(held, [publisher_data], retrieved=shipped_on())
        assert ingest.build_pack(held, tmp_path / f"pack-{name}").size < SIZE
    assert bytes_of(tmp_path / "pack-a") == bytes_of(tmp_path / "pack-b")
    if STARTER_PACK.exists():
        shipped = {
            name: data for name, data in bytes_of(STARTER_PACK).items() if not name.startswith("computed-")
        }
        made = bytes_of(tmp_path / "pack-a")
        assert made.keys() == shipped.keys()
        assert {name for name in made if made[name] != shipped[name]} <= {"manifest.json"}
        one, other = (
            json.loads((pack / "manifest.json").read_text()) for pack in (tmp_path / "pack-a", STARTER_PACK)
        )
        assert one["sources"] == other["sources"]


def test_what_was_computed_goes_with_a_pack_and_is_found_by_what_it_was_made_from(
    held: Store, tmp_path: Path
) -> None:
    made_from = computed.key(held, ("acts",), "1")
    told = pl.DataFrame({"x": [1.5, 2.5]})
    ingest.build_pack(held, tmp_path / "pack", {"tone": Computed(made_from, told)})
    read = store.open_store(tmp_path / "none", [tmp_path / "pack"])
    assert not store.verify(read)
    assert computed.find(read, "tone", made_from) == tmp_path / "pack" / "computed-tone.parquet"
    assert computed.find(read, "tone", "another") is None
    assert computed.key(read, ("acts",), "1") != computed.key(read, ("acts",), "2")
    (tmp_path / "pack" / "computed-tone.parquet").write_bytes(b"harm")
    assert [problem.path for problem in store.verify(read)] == ["computed tone"]


def test_the_starter_packs_points_are_made_from_its_own_votes() -> None:
    read = store.open_store(Path("no-store"), [STARTER_PACK])
    assert computed.find(read, "ideal_points", kept_points.made_from(read)) is not None


def shipped_on() -> str:
    """The moment that the receipts of the starter pack bear."""
    shipped = store.receipts(store.open_store(Path("no-store"), [STARTER_PACK]))
    return shipped[0].retrieved if shipped else WHEN
