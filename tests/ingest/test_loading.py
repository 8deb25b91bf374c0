"""Files on this disk find their source, and each source is loaded whole or not at all."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amity import ingest, sources, store
from amity.errors import (
    AmityError,
    BadFileError,
    TooFewRowsError,
    UnknownSourceError,
    UnknownStateError,
    UnknownValueError,
    UsageError,
)
from amity.ingest import Arrived, archives, recognising

if TYPE_CHECKING:
    from amity.store import Store

SAMPLES = Path(__file__).parents[1] / "samples"
VISITS = SAMPLES / "us_visits"
DECADES = sorted(file.name for file in VISITS.iterdir())


def state(held: Store) -> tuple[object, ...]:
    """Everything that a reader sees, but the moments of the receipts."""
    return (
        [(part.source, part.table, part.rows, part.sha256) for part in store.parts(held)],
        [(one.source, one.file, one.size, one.sha256, one.licence) for one in store.receipts(held)],
    )


@pytest.fixture
def held(tmp_path: Path) -> Store:
    return store.open_store(tmp_path / "store")


def test_a_folder_with_files_of_several_sources_is_sorted_out(held: Store) -> None:
    loaded = ingest.load(
        held, [SAMPLES / "us_visits", SAMPLES / "us_travels", SAMPLES / "us_missions"], partial=True
    )
    assert [(one.source, one.files) for one in loaded] == [
        ("us_missions", 4),
        ("us_visits", 4),
        ("us_travels", 4),
    ]
    assert all(one.changed for one in loaded)
    for one in loaded:
        found = {
            part.table: part.rows for part in store.parts(held, source=one.source) if part.table != "review"
        }
        assert found == one.rows
    assert store.verify(held) == ()


def test_the_same_files_again_change_nothing(held: Store) -> None:
    ingest.load(held, [VISITS], partial=True, retrieved="2026-03-01T00:00:00Z")
    before = store.receipts(held)
    (again,) = ingest.load(held, [VISITS], partial=True)
    assert not again.changed
    assert store.receipts(held) == before


@settings(max_examples=8, deadline=None)
@given(st.permutations(DECADES), st.integers(1, 4))
def test_in_what_order_and_portions_files_come_makes_no_difference(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], portion: int
) -> None:
    some, whole = (store.open_store(tmp_path_factory.mktemp("s")) for _ in range(2))
    for at in range(0, len(names), portion):
        ingest.load(some, [VISITS / name for name in names[at : at + portion]], partial=True)
    ingest.load(whole, [VISITS], partial=True)
    assert state(some) == state(whole)


def test_a_newer_file_takes_the_place_of_the_earlier_one_whatever_its_folder(
    held: Store, tmp_path: Path
) -> None:
    ingest.load(held, [VISITS], partial=True)
    newer = tmp_path / "visits-master" / "data" / "1950 (1).xml"
    newer.parent.mkdir(parents=True)
    newer.write_bytes((VISITS / "1950.xml").read_bytes().replace(b"1953-04-07", b"1953-04-06"))
    (loaded,) = ingest.load(held, [tmp_path / "visits-master"], partial=True)
    assert (loaded.changed, loaded.files) == (True, len(DECADES))
    assert b"1953-04-06" in store.files(held, "us_visits")["1950.xml"]
    assert store.verify(held) == ()


def test_two_different_files_of_one_name_in_one_load_are_refused(held: Store, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        shutil.copytree(VISITS, tmp_path / folder)
    ingest.load(held, [tmp_path], partial=True)
    (tmp_path / "b" / "1950.xml").write_bytes((VISITS / "1980.xml").read_bytes())
    with pytest.raises(BadFileError, match=r"two different files called 1950\.xml"):
        ingest.load(held, [tmp_path], partial=True)


def test_half_a_release_is_refused_unless_it_is_asked_for(held: Store) -> None:
    with pytest.raises(TooFewRowsError, match="whole release has at least 3,150"):
        ingest.load(held, [VISITS])
    assert store.parts(held) == ()


def test_where_one_source_fails_the_others_are_loaded_and_then_it_is_told(
    held: Store, tmp_path: Path
) -> None:
    shutil.copytree(VISITS, tmp_path / "visits")
    aid = (SAMPLES / "us_aid" / "us_foreign_aid_country.csv").read_text()
    (tmp_path / "aid.csv").write_text(aid.replace("KHM", "ATL").replace("Cambodia", "Atlantis"))
    heard: list[str] = []
    with pytest.raises(AmityError) as caught:
        ingest.load(held, [tmp_path], partial=True, on_progress=lambda one: heard.append(one.source))
    assert "Atlantis" in str(caught.value) or "ATL" in str(caught.value)
    assert heard == ["us_visits"]
    assert {part.source for part in store.parts(held)} == {"us_visits"}


def test_several_failures_are_told_in_one_error(held: Store, tmp_path: Path) -> None:
    for folder, name in (("us_visits", "1950.xml"), ("us_missions", "cambodia.xml")):
        (tmp_path / name).write_bytes((SAMPLES / folder / name).read_bytes()[:-20])
    with pytest.raises(AmityError, match=r"; and \[") as caught:
        ingest.load(held, [tmp_path], partial=True)
    assert len(str(caught.value).splitlines()) == 2


def test_files_of_no_source_are_named_and_not_guessed(tmp_path: Path) -> None:
    shutil.copytree(VISITS, tmp_path / "visits")
    (tmp_path / "notes.xml").write_text("<notes/>")
    (tmp_path / ".hidden").write_text("passed over in silence")
    found = ingest.recognise([tmp_path])
    assert found.unknown == ("notes.xml",)
    assert [entry.name for entry in found.files["us_visits"]] == [f"visits/{name}" for name in DECADES]


def test_nothing_recognised_is_an_error_with_a_cure(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    with pytest.raises(UnknownSourceError, match="amity sources"):
        ingest.recognise([tmp_path])
    with pytest.raises(UsageError, match="no file or folder"):
        ingest.recognise([tmp_path / "missing"])


def test_a_file_that_two_sources_claim_is_refused_with_both_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources.load("us_aid"), "recognises", lambda name, _: name.endswith("1950.xml"))
    with pytest.raises(UnknownSourceError, match="us_visits or us_aid"):
        ingest.recognise([VISITS])


def test_every_sample_is_claimed_by_its_own_source_alone() -> None:
    for folder in SAMPLES.iterdir():
        if folder.name in sources.ALL and any(folder.rglob("*.*")):
            found = ingest.recognise([folder])
            assert list(found.files) == [folder.name]
        if folder.name in sources.STREAMED:
            found = ingest.recognise([folder])
            assert (list(found.files), list(found.events), found.unknown) == ([], [folder.name], ())


@pytest.mark.parametrize("source", ["icews_tkg", "gdelt_tkg"])
def test_a_source_that_is_read_whole_and_has_events_has_their_volumes(held: Store, source: str) -> None:
    (loaded,) = ingest.load(held, [SAMPLES / source], partial=True)
    parts = {part.table: pl.read_parquet(part.path) for part in store.parts(held, source=source)}
    assert isinstance(loaded, ingest.Loaded)
    assert loaded.rows["volumes"] == parts["volumes"].height
    events = parts["events"].with_columns(month=pl.col("date").dt.truncate("1mo"))
    whole = {row[0]: row[2] for row in parts["volumes"].rows() if row[1] is None}
    assert whole == dict(events.group_by("month").agg(pl.len()).rows())
    for month, ccode, count, articles in parts["volumes"].drop_nulls("ccode").rows():
        either = (pl.col("ccode_from") == ccode) | (pl.col("ccode_to") == ccode)
        assert count == events.filter(either, pl.col("month") == month).height
        assert articles is None
    assert store.verify(held) == ()


@pytest.mark.parametrize(
    ("source", "old", "new", "error"),
    [
        ("us_visits", b"1953-04-07", b"9953-04-07", BadFileError),
        ("us_visits", b'"germany"', b'"atlantis"', UnknownStateError),
        ("us_visits", b"Chancellor Adenauer", b"Qwfp Adenauer", UnknownValueError),
        ("us_visits", b"</visits>", b"", BadFileError),
    ],
)
def test_a_bad_file_is_refused_and_the_store_is_as_before(
    held: Store, source: str, old: bytes, new: bytes, error: type[AmityError]
) -> None:
    ingest.load(held, [VISITS], partial=True)
    before = state(held)
    bad = (VISITS / "1950.xml").read_bytes().replace(old, new)
    with pytest.raises(error):
        ingest.keep(held, source, {"1950.xml": Arrived(bad, "", ingest.now())}, partial=True)
    assert state(held) == before


def test_a_damaged_file_is_mended_by_loading_it_again(held: Store) -> None:
    ingest.load(held, [VISITS], partial=True)
    for file in (held.root / "raw").iterdir():
        file.write_bytes(b"rotten")
    assert store.verify(held)
    ingest.load(held, [VISITS], partial=True)
    assert store.verify(held) == ()


# Zip files


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


GOOD = {f"visits-master/data/{name}": (VISITS / name).read_bytes() for name in DECADES}


def test_a_zip_as_downloaded_is_the_same_as_its_folder(held: Store, tmp_path: Path) -> None:
    ingest.load(held, [zipped(tmp_path / "visits-master.zip", GOOD)], partial=True)
    other = store.open_store(tmp_path / "other")
    ingest.load(other, [VISITS], partial=True)
    assert state(held) == state(other)
    assert not list(tmp_path.rglob("1950.xml"))


@pytest.mark.parametrize("name", ["../../1950.xml", "/etc/1950.xml", "a\\..\\1950.xml"])
def test_a_zip_that_reaches_outside_itself_is_refused(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "a.zip", GOOD | {"x" * len(name): b""})
    path.write_bytes(path.read_bytes().replace(b"x" * len(name), name.encode()))
    with pytest.raises(BadFileError, match="outside the archive"):
        ingest.recognise([path])


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadFileError, match="times its size"):
        ingest.recognise([zipped(tmp_path / "a.zip", GOOD | {"b.xml": b"0" * 20_000_000})])
    monkeypatch.setattr(archives, "MOST_FILES", 3)
    with pytest.raises(BadFileError, match="unpacks to more than"):
        ingest.recognise([zipped(tmp_path / "b.zip", GOOD)])
    monkeypatch.setattr(archives, "MOST_BYTES_A_FILE", 100)
    monkeypatch.setattr(archives, "MOST_FILES", 10)
    with pytest.raises(BadFileError, match="unpacks to more than 100 bytes"):
        ingest.recognise([zipped(tmp_path / "c.zip", GOOD)])


def test_a_zip_that_lies_about_its_sizes_gives_no_more_than_it_says(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"b.xml": b"0" * 5_000_000})
    size = (5_000_000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (1000).to_bytes(4, "little")))
    assert archives.members(path) == ("b.xml",)
    with pytest.raises(BadFileError, match="not a whole zip"):
        archives.read(path, "b.xml")


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", GOOD)
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    with pytest.raises(BadFileError, match="encrypted"):
        ingest.recognise([path])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_mutilated_zip_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = zipped(tmp_path_factory.mktemp("z") / "a.zip", {"d/1950.xml": GOOD["visits-master/data/1950.xml"]})
    good = path.read_bytes()
    cut = data.draw(st.integers(0, len(good)))
    at = data.draw(st.integers(0, len(good) - 1))
    bad = bytearray(good)
    bad[at] ^= data.draw(st.integers(1, 255))
    for harmed in (good[:cut], good[cut:], bytes(bad), good[:cut] + b"junk" + good[cut:]):
        path.write_bytes(harmed)
        with suppress(AmityError):
            found = ingest.recognise([path])
            assert all(recognising.read(entry) for entry in found.files.get("us_visits", ()))


# Processes


LOAD = """
import sys
from pathlib import Path
from amity import ingest, store
ingest.load(store.open_store(Path(sys.argv[1])), [Path(p) for p in sys.argv[2:]], partial=True)
"""


def test_two_processes_that_load_at_once_both_succeed(held: Store, tmp_path: Path) -> None:
    words = [[str(VISITS / name) for name in DECADES[at::2]] for at in (0, 1)]
    children = [subprocess.Popen([sys.executable, "-c", LOAD, str(held.root), *paths]) for paths in words]
    assert [child.wait(timeout=120) for child in children] == [0, 0]
    one = store.open_store(tmp_path / "one")
    ingest.load(one, [VISITS], partial=True)
    assert state(held) == state(one)
    assert store.verify(held) == ()


@pytest.mark.publisher_data
def test_the_publishers_files_are_loaded_and_nothing_is_claimed_wrongly(
    held: Store, publisher_data: Path
) -> None:
    loaded = ingest.load(held, [publisher_data])
    assert [one.source for one in loaded] == [*sources.ALL, "icews"]
    assert store.verify(held) == ()
