"""Whole sources from their publishers: every fault leaves the store as it was, or brings it where it should be."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from amity import sources
from amity.catalog import Request
from amity.errors import AmityError, BadFileError, FetchError, TooFewRowsError, UsageError
from amity.ingest import load, staging
from amity.ingest.listing import behind
from amity.ingest.pulling import Manner, check_mirrors, pull, pullable
from amity.store import files, open_store, parts, receipts, verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from amity.ingest.pulling import Pulled
    from amity.store import Store

SHELF = "/raw.githubusercontent.com/HistoryAtState/visits/master/data"
LISTING = "/api.github.com/repos/HistoryAtState/visits/contents/data"
BEFORE, OTHER = f"{SHELF}/1950.xml", f"{SHELF}/1870.xml"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "store")


@pytest.fixture
def manner(publisher: Any, still: Any, quick: Any) -> Manner:
    return Manner(publisher.mirrors, partial=True, limits=quick, world=still.world())


@pytest.fixture
def visits(store: Store, manner: Manner) -> Callable[[], Pulled]:
    return lambda: pull(store, "us_visits", manner)


def content(store: Store) -> tuple[object, ...]:
    """What a store holds: parts by content, files and receipts; nothing is wrong with it."""
    assert verify(store) == ()
    return (
        tuple((part.source, part.table, part.sha256) for part in parts(store)),
        tuple(receipts(store)),
    )


def left_over(store: Store) -> list[str]:
    return sorted(path.name for path in (store.root / "incoming").rglob("*") if path.name != ".lock")


@pytest.mark.parametrize("name", pullable())
def test_every_source_with_an_address_comes_as_if_loaded_from_disk(
    server: Any, store: Store, manner: Manner, tmp_path: Path, name: str
) -> None:
    pulled = pull(store, name, manner)
    assert pulled.fetched == pulled.files > 0
    assert pulled.loaded is not None
    by_disk = open_store(tmp_path / "by-disk")
    load(by_disk, [server.SAMPLES / name], partial=True)
    assert [part.sha256 for part in parts(store)] == [part.sha256 for part in parts(by_disk)]
    assert files(store, name) == files(by_disk, name)
    assert {receipt.retrieved for receipt in receipts(store)} == {"2024-01-01T12:00:00Z"}
    assert all(receipt.url.startswith("http://127.0.0.1") for receipt in receipts(store))
    assert not staging.folder(store.root, name).exists()


@pytest.mark.parametrize("name", pullable())
def test_what_has_not_changed_is_neither_sent_nor_parsed_again(
    store: Store, manner: Manner, publisher: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull(store, name, manner)
    before, asked = content(store), len(publisher.asked)
    monkeypatch.setattr("amity.ingest.pulling.keep", None)
    again = pull(store, name, manner)
    assert (again.loaded, again.fetched, again.size) == (None, 0, 0)
    assert content(store) == before
    files_asked = [(path, head) for path, head in publisher.asked[asked:] if path.startswith("/raw")]
    assert all("if-none-match" in head for _, head in files_asked)


def test_only_the_file_that_changed_is_fetched(visits: Any, store: Store, publisher: Any) -> None:
    visits()
    publisher.files[BEFORE] = publisher.files[BEFORE].replace(b"</visits>", b"\n</visits>")
    publisher.asked.clear()
    pulled = visits()
    assert (pulled.fetched, pulled.files) == (1, 4)
    assert publisher.paths() == [LISTING, BEFORE]
    assert files(store, "us_visits")["1950.xml"] == publisher.files[BEFORE]


def test_a_file_that_the_publisher_renamed_is_not_kept_twice(
    visits: Any, store: Store, publisher: Any
) -> None:
    visits()
    publisher.files[f"{SHELF}/1950s.xml"] = publisher.files.pop(BEFORE)
    visits()
    assert sorted(files(store, "us_visits")) == ["1870.xml", "1950s.xml", "1980.xml", "2010.xml"]


def test_a_harmed_store_is_mended_by_a_pull(visits: Any, store: Store) -> None:
    visits()
    before = content(store)
    parts(store)[0].path.write_bytes(b"harmed")
    assert verify(store)
    assert visits().loaded is not None
    assert content(store) == before


def test_a_lost_file_is_fetched_again(visits: Any, store: Store, publisher: Any) -> None:
    visits()
    before = content(store)
    (store.root / "raw" / receipts(store)[0].sha256).unlink()
    assert visits().fetched == 1
    assert content(store) == before


def test_no_host_is_asked_more_than_two_things_at_a_time(
    store: Store, manner: Manner, publisher: Any
) -> None:
    publisher.chunk, publisher.rest_seconds = 1000, 0.01
    pull(store, "us_travels", manner)
    assert publisher.at_once[1] == 2


FAULTS: dict[str, tuple[str, str]] = {
    "wrong_bytes": ("announced", "after 4 tries: its git hash is"),
    "fewer_bytes": ("announced", "bytes came where"),
    "cut_short": ("cut", "after 4 tries: the answer broke off"),
    "cut_at_once": ("cut", "after 4 tries: the answer broke off"),
    "page": ("page", "a web page came in place of the file"),
    "half_zipped": ("zip", "its compressed bytes are damaged"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("full", [False, True], ids=["into an empty store", "into a full store"])
def test_a_fault_that_stays_leaves_the_store_as_it_was(
    visits: Any, store: Store, publisher: Any, server: Any, fault: str, full: bool
) -> None:
    if full:
        visits()
        publisher.files[BEFORE] = publisher.files[BEFORE].replace(b"</visits>", b"\n</visits>")
    before = content(store)
    publisher.faults[BEFORE], publisher.stuck = [getattr(server, fault)], True
    with pytest.raises(FetchError) as caught:
        visits()
    assert content(store) == before
    assert FAULTS[fault][1] in caught.value.what
    assert publisher.address + BEFORE in caught.value.what
    assert sources.load("us_visits").ABOUT.homepage in caught.value.mend
    publisher.faults.clear()
    visits()
    assert len(receipts(store)) == 4
    assert left_over(store) == []


@pytest.mark.parametrize("code", [404, 410, 401, 503])
def test_a_listing_that_is_not_given_is_named(
    visits: Any, store: Store, publisher: Any, server: Any, code: int
) -> None:
    publisher.faults[LISTING], publisher.stuck = [server.status(code)], True
    with pytest.raises(FetchError, match=f"did not give the list of files.*{code}"):
        visits()
    assert content(store) == ((), ())


def test_what_came_before_a_failure_is_not_fetched_again(
    store: Store, manner: Manner, publisher: Any, server: Any
) -> None:
    one_by_one = replace(manner, limits=replace(manner.limits, at_once=1))
    publisher.faults[BEFORE] = [server.status(404)]
    with pytest.raises(FetchError, match="404"):
        pull(store, "us_visits", one_by_one)
    assert publisher.paths() == [LISTING, OTHER, BEFORE]
    publisher.asked.clear()
    pull(store, "us_visits", one_by_one)
    assert publisher.paths() == [LISTING, BEFORE, f"{SHELF}/1980.xml", f"{SHELF}/2010.xml"]
    assert len(receipts(store)) == 4


def test_files_without_a_hash_are_asked_for_again_so_that_no_release_has_halves_of_two_days(
    store: Store, manner: Manner, publisher: Any, server: Any
) -> None:
    shelf = "/raw.githubusercontent.com/dgrtwo/unvotes/master/data"
    publisher.faults[f"{shelf}/un_votes.rda"] = [server.status(404)]
    one_by_one = replace(manner, limits=replace(manner.limits, at_once=1))
    with pytest.raises(FetchError):
        pull(store, "unga_votes", one_by_one)
    publisher.asked.clear()
    pull(store, "unga_votes", one_by_one)
    assert sorted(publisher.paths()) == [
        f"{shelf}/{name}.rda" for name in ("un_roll_call_issues", "un_roll_calls", "un_votes")
    ]


def test_files_that_cannot_be_read_are_not_met_again(visits: Any, store: Store, publisher: Any) -> None:
    good = publisher.files[BEFORE]
    publisher.files[BEFORE] = b"<visits"
    with pytest.raises(BadFileError):
        visits()
    assert content(store) == ((), ())
    assert left_over(store) == []
    publisher.files[BEFORE] = good
    visits()
    assert len(receipts(store)) == 4


def test_half_a_release_is_refused_unless_it_is_asked_for(store: Store, manner: Manner) -> None:
    with pytest.raises(TooFewRowsError):
        pull(store, "us_visits", replace(manner, partial=False))
    assert content(store) == ((), ())


@pytest.mark.parametrize("name", sorted(set(sources.ALL) - set(pullable())))
def test_a_source_without_an_address_says_where_a_person_goes(
    store: Store, manner: Manner, name: str
) -> None:
    with pytest.raises(FetchError) as caught:
        pull(store, name, manner)
    assert sources.load(name).ABOUT.by_hand in caught.value.mend
    assert "`amity load FILE`" in caught.value.mend
    assert not store.root.exists()


@pytest.mark.parametrize("there", ["http://mirror.example.org/", "ftp://localhost/", "https://", "mirror"])
def test_a_mirror_without_tls_elsewhere_is_refused(there: str) -> None:
    with pytest.raises(UsageError):
        check_mirrors([("https://a.org/", there)])
    check_mirrors([("https://a.org/", "https://b.org/"), ("https://a.org/", "http://localhost:8000/")])


def test_progress_is_told_to_the_last_byte(store: Store, manner: Manner, server: Any, publisher: Any) -> None:
    told: list[Any] = []
    publisher.faults[BEFORE] = [server.cut_short, server.no_ranges]
    pull(store, "us_visits", replace(manner, told=told.append))
    assert (told[-1].done, told[-1].files) == (4, 4)
    assert told[-1].got == told[-1].size == sum(receipt.size for receipt in receipts(store))


GOOD = {
    "name": "a.xml",
    "path": "data/a.xml",
    "type": "file",
    "size": 3,
    "sha": "0" * 40,
    "download_url": "https://a.org/a.xml",
}


@pytest.mark.parametrize(
    ("listing", "why"),
    [
        (b"<html>", "it is no JSON"),
        (b"[" * 100_000, "it is no JSON"),
        (b"\xff\xfe", "it is no JSON"),
        (b'{"message": "rate limited"}', "it is no list of files"),
        (b"[1, 2]", "it is no list of files"),
        (b"[]", "no file of its 0 is like"),
        (json.dumps([GOOD | {"type": "symlink"}]).encode(), "no file of its 1 is like"),
        (json.dumps([GOOD] * 1000).encode(), "some may be missing"),
        (json.dumps([GOOD | {"name": "../a.xml"}]).encode(), "which is no plain name"),
        (json.dumps([GOOD | {"name": "a\n.xml"}]).encode(), "which is no plain name"),
        (json.dumps([GOOD | {"name": ".."}]).encode(), "which is no plain name"),
        (json.dumps([GOOD | {"download_url": None}]).encode(), "it does not say name, size"),
        (json.dumps([GOOD | {"size": "3"}]).encode(), "it does not say name, size"),
        (json.dumps([GOOD | {"sha": "abc"}]).encode(), "which is none of git's"),
    ],
)
def test_a_listing_is_not_believed(listing: bytes, why: str) -> None:
    with pytest.raises(FetchError) as caught:
        behind(Request("https://a.org/list", "visits", "github", "*.xml"), listing, "https://a.org")
    assert why in caught.value.what
    assert "`amity load FOLDER`" in caught.value.mend


def test_a_listing_names_the_files_that_the_pattern_takes() -> None:
    listing = json.dumps(
        [GOOD | {"name": "b.xml", "path": "data/b.xml"}, GOOD, GOOD | {"path": "data/readme.md"}]
    )
    request = Request("https://a.org/list", "visits", "github", "*.xml")
    assert [want.file for want in behind(request, listing.encode(), "")] == ["visits/a.xml", "visits/b.xml"]
    assert [want.file for want in behind(replace(request, file=""), listing.encode(), "")] == [
        "a.xml",
        "b.xml",
    ]


def test_a_listing_that_names_a_file_twice_is_refused(visits: Any, publisher: Any, server: Any) -> None:
    def doubled(answer: Any, data: bytes) -> None:
        server.whole(answer, json.dumps(json.loads(data) * 2).encode())

    publisher.faults[LISTING] = [doubled]
    with pytest.raises(AmityError, match="more than once"):
        visits()
