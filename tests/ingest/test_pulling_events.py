"""Coded events from their publishers: every fault leaves what was stored, and the next pull brings the rest."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from amity.errors import AmityError, BadFileError, FetchError, UsageError
from amity.ingest.planning import Lack, Span
from amity.ingest.pulling_events import EventManner, pull_events
from amity.ingest.streaming import Choice
from amity.store import connect, open_store, verify
from amity.store.batches import file_receipts, missing_days

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from amity.ingest.pulling_events import Plan, PulledEvents
    from amity.store import Store

JANUARY = Span(date(2014, 1, 1), date(2014, 1, 31))
ROWS = 40
EVERY = Choice()


@pytest.fixture(scope="session")
def shelf() -> ModuleType:
    """The module `event_publisher.py` beside this file."""
    spec = importlib.util.spec_from_file_location(
        "event_publisher", Path(__file__).with_name("event_publisher.py")
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["event_publisher"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def site(server: Any, shelf: Any) -> Iterator[Any]:
    """GDELT 1 with five days of January 2014."""
    with server.publishing(shelf.gdelt1()) as one:
        yield one


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "store")


@pytest.fixture
def manner(site: Any, shelf: Any, still: Any, quick: Any) -> EventManner:
    return EventManner(shelf.mirrors(site.address), limits=quick, world=still.world())


@pytest.fixture
def january(store: Store, manner: EventManner) -> Callable[..., PulledEvents]:
    def go(choice: Choice = EVERY, **more: Any) -> PulledEvents:
        return pull_events(store, "gdelt1", JANUARY, choice, replace(manner, **more))

    return go


def path_of(shelf: Any, day: int) -> str:
    return f"{shelf.BUCKET}/events/201401{day:02}.export.CSV.zip"


def events(store: Store) -> list[tuple[Any, ...]]:
    """Every event of a store, in a fixed order; nothing is wrong with it."""
    assert verify(store) == ()
    connection = connect(store)
    found = connection.execute("SELECT * FROM events ORDER BY ALL").fetchall()
    connection.close()
    return found


def asked_zips(site: Any) -> list[str]:
    return [path.rpartition("/")[2][:8] for path in site.paths() if path.endswith(".zip")]


def left_over(store: Store) -> list[str]:
    return sorted(
        path.name for path in (store.root / "incoming").rglob("*") if not path.name.startswith(".lock")
    )


def test_a_range_of_days_comes_and_its_files_are_not_kept(january: Any, store: Store, site: Any) -> None:
    plans: list[Plan] = []
    pulled = january(planned=plans.append)
    assert (pulled.fetched, pulled.rows, pulled.lacks) == (5, 5 * ROWS, ())
    assert len(events(store)) == 5 * ROWS
    assert (plans[0].files, plans[0].held, plans[0].to_fetch) == (5, 0, 5)
    assert plans[0].size == pulled.size == sum(len(d) for p, d in site.files.items() if p.endswith(".zip"))
    assert left_over(store) == []
    receipts = file_receipts(store, "gdelt1")
    assert {receipt.retrieved for receipt in receipts} == {"2024-01-01T12:00:00Z"}
    assert sorted(asked_zips(site)) == [f"2014010{day}" for day in range(1, 6)]
    assert site.at_once[1] <= 2


def test_only_files_of_the_range_are_asked_for(store: Store, manner: EventManner, site: Any) -> None:
    pull_events(store, "gdelt1", Span(date(2014, 1, 2), date(2014, 1, 3)), Choice(), manner)
    assert asked_zips(site) == ["20140102", "20140103"]


def test_what_the_store_holds_is_not_asked_for_again(january: Any, store: Store, site: Any) -> None:
    january()
    before = events(store)
    site.asked.clear()
    plans: list[Plan] = []
    again = january(planned=plans.append)
    assert (again.fetched, again.rows, again.size) == (0, 0, 0)
    assert (plans[0].files, plans[0].held, plans[0].to_fetch) == (5, 5, 0)
    assert asked_zips(site) == []
    assert events(store) == before


def test_without_a_range_the_size_of_the_whole_is_said(store: Store, manner: EventManner, site: Any) -> None:
    with pytest.raises(UsageError) as caught:
        pull_events(store, "gdelt1", None, Choice(), manner)
    assert caught.value.what.startswith("gdelt1 has 5 files of 2014-01-01 to 2014-01-05, 0.0 MB to fetch")
    assert "amity pull gdelt1 --from 2014-01-01 --to 2014-01-05" in caught.value.mend
    assert asked_zips(site) == []


def test_a_file_that_was_issued_anew_takes_the_place_of_the_earlier(
    january: Any, store: Store, site: Any, shelf: Any
) -> None:
    january()
    day = path_of(shelf, 3)
    name = day.rpartition("/")[2]
    site.files[day] = shelf.zipped(name, shelf.rows(date(2014, 1, 3), ROWS + 7, added="20140103", geo=7))
    site.files |= shelf.lists1(site.files)
    site.asked.clear()
    pulled = january()
    assert asked_zips(site) == ["20140103"]
    assert pulled.rows == ROWS + 7
    assert len(events(store)) == 5 * ROWS + 7
    assert len(file_receipts(store, "gdelt1")) == 5
    assert len(file_receipts(store, "gdelt1", current=None)) == 6


def test_a_day_that_is_not_listed_and_one_that_is_not_there_are_remembered(
    january: Any, store: Store, site: Any, shelf: Any, server: Any
) -> None:
    del site.files[path_of(shelf, 2)]
    site.files |= shelf.lists1(site.files)
    del site.files[path_of(shelf, 4)]
    pulled = january()
    assert pulled.fetched == 3
    assert [(lack.start, lack.end) for lack in pulled.lacks] == [
        (date(2014, 1, 2), date(2014, 1, 2)),
        (date(2014, 1, 4), date(2014, 1, 4)),
    ]
    assert "404" in pulled.lacks[1].why
    assert len(events(store)) == 3 * ROWS
    assert len(missing_days(store, "gdelt1")) == 2
    site.files |= shelf.gdelt1()
    assert january().lacks == ()
    assert missing_days(store, "gdelt1") == ()
    assert len(events(store)) == 5 * ROWS


FAULTS = {
    "wrong_bytes": "after 4 tries: its MD5 is",
    "fewer_bytes": "bytes came where",
    "cut_short": "after 4 tries: the answer broke off",
    "page": "a web page came in place of the file",
    "slow_body": "bytes came in 0.2 s",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_stays_ends_the_pull_and_what_was_stored_stays(
    january: Any, store: Store, site: Any, shelf: Any, server: Any, fault: str
) -> None:
    bad = path_of(shelf, 3)
    site.faults[bad], site.stuck = [getattr(server, fault)], True
    with pytest.raises(FetchError) as caught:
        january()
    assert FAULTS[fault] in caught.value.what
    assert len(str(caught.value).splitlines()) == 2
    assert len(events(store)) == 2 * ROWS
    site.faults.clear()
    site.asked.clear()
    january()
    assert not {"20140101", "20140102"} & set(asked_zips(site))
    assert len(events(store)) == 5 * ROWS
    assert left_over(store) == []


def test_a_file_that_the_publisher_itself_has_cut_short_does_not_keep_the_others_away(
    january: Any, store: Store, site: Any, shelf: Any
) -> None:
    whole = site.files[path_of(shelf, 3)]
    site.files[path_of(shelf, 3)] = whole[: len(whole) // 2]
    site.files |= shelf.lists1(site.files)
    with pytest.raises(BadFileError, match=r"20140103\.export\.CSV\.zip"):
        january()
    assert len(events(store)) == 4 * ROWS
    assert left_over(store) == []
    site.files[path_of(shelf, 3)] = whole
    site.files |= shelf.lists1(site.files)
    site.asked.clear()
    january()
    assert asked_zips(site) == ["20140103"]
    assert len(events(store)) == 5 * ROWS


def test_a_publisher_who_asks_for_patience_gets_it(
    january: Any, store: Store, site: Any, shelf: Any, server: Any, still: Any
) -> None:
    site.faults[path_of(shelf, 1)] = [server.status(429, Retry_After="7")]
    site.faults[path_of(shelf, 2)] = [server.status(503), server.cut_short]
    january()
    assert 7.5 in still.waits
    assert len(events(store)) == 5 * ROWS


def test_a_redirect_is_followed(january: Any, store: Store, site: Any, shelf: Any, server: Any) -> None:
    site.files["/elsewhere"] = site.files[path_of(shelf, 1)]
    site.faults[path_of(shelf, 1)] = [server.status(302, Location="/elsewhere")]
    january()
    assert len(events(store)) == 5 * ROWS


def test_only_events_between_the_states_named_are_kept_and_all_are_counted(
    january: Any, store: Store
) -> None:
    january(Choice((2, 811)))
    found = events(store)
    assert 0 < len(found) < 5 * ROWS
    connection = connect(store)
    assert connection.execute("SELECT sum(events) FROM volumes WHERE ccode IS NULL").fetchone() == (5 * ROWS,)
    connection.close()


def test_asking_for_more_than_was_kept_fetches_again(january: Any, store: Store, site: Any) -> None:
    january(Choice((2, 811)))
    site.asked.clear()
    january()
    assert len(asked_zips(site)) == 5
    assert len(events(store)) == 5 * ROWS


def test_progress_is_told_to_the_last_file(january: Any) -> None:
    told: list[Any] = []
    pulled = january(told=told.append)
    last = told[-1]
    assert (last.done, last.files, last.rows) == (5, 5, 5 * ROWS)
    assert last.got == last.stored == last.size == pulled.size
    assert last.seconds == 0


def test_a_source_of_events_that_is_none_is_refused(store: Store, manner: EventManner) -> None:
    with pytest.raises(AmityError, match="no source"):
        pull_events(store, "us_visits", JANUARY, Choice(), manner)


@pytest.mark.parametrize("list_", ["filesizes", "md5sums"])
def test_a_list_that_is_none_is_refused(
    january: Any, store: Store, site: Any, shelf: Any, list_: str
) -> None:
    site.files[f"{shelf.BUCKET}/events/{list_}"] = b"<html><title>Sorry</title>"
    with pytest.raises(FetchError):
        january()
    assert events(store) == []


def test_quarters_of_an_hour_are_kept_by_the_day(
    store: Store, manner: EventManner, site: Any, shelf: Any
) -> None:
    site.files |= shelf.gdelt2()
    del site.files[f"{shelf.BUCKET}/gdeltv2/20180101003000.export.CSV.zip"]
    site.files |= shelf.list2({path: data for path, data in site.files.items() if "/gdeltv2/" in path})
    plans: list[Plan] = []
    day = Span(date(2018, 1, 1), date(2018, 1, 1))
    pulled = pull_events(store, "gdelt2", day, Choice(), replace(manner, planned=plans.append))
    assert (pulled.fetched, pulled.rows) == (7, 70)
    assert pulled.lacks == (Lack(day.start, day.end, ("20180101003000",)),)
    assert (plans[0].aside.count, plans[0].aside.first) == (1, ["http://data.gdeltproject.org/gdeltv2/"])
    assert len(events(store)) == 70
    assert all(url.startswith(site.address) for url in (r.url for r in file_receipts(store, "gdelt2")))


def test_a_day_that_was_half_there_is_completed(
    store: Store, manner: EventManner, site: Any, shelf: Any
) -> None:
    site.files |= shelf.gdelt2(3)
    day = Span(date(2018, 1, 1), date(2018, 1, 1))
    pull_events(store, "gdelt2", day, Choice(), manner)
    site.files |= shelf.gdelt2(8)
    pull_events(store, "gdelt2", day, Choice(), manner)
    assert len(events(store)) == 80
    assert len(file_receipts(store, "gdelt2")) == 8


KILLED = """
import sys
from amity.cli import main
sys.argv = ["amity", *sys.argv[1:]]
main()
"""


def test_a_pull_that_is_killed_goes_on_where_it_was(
    store: Store, january: Any, site: Any, shelf: Any, tmp_path: Path
) -> None:
    site.files |= shelf.gdelt1(days=12)
    words = [
        sys.executable,
        "-c",
        KILLED,
        "--home",
        str(store.root),
        "pull",
        "gdelt1",
        "--from",
        "2014",
        "--to",
        "2014",
    ]
    words += [word for here, there in shelf.mirrors(site.address) for word in ("--mirror", f"{here}={there}")]
    site.chunk, site.rest_seconds = 400, 0.05
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not file_receipts(store, "gdelt1") and time.monotonic() < until:
        time.sleep(0.02)
    process.kill()
    process.wait()
    held = len(file_receipts(store, "gdelt1"))
    assert 0 < held < 12
    assert len(events(store)) == held * ROWS
    site.chunk, site.rest_seconds = 1 << 16, 0.0
    site.asked.clear()
    january()
    assert len(asked_zips(site)) <= 12 - held
    assert len(events(store)) == 12 * ROWS
    assert left_over(store) == []
