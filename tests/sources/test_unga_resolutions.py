"""Resolutions of the General Assembly since 2019."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from amity.catalog import polars_schema
from amity.errors import BadFileError, UnknownStateError, UnknownValueError
from amity.sources import unga_resolutions
from amity.sources.unga_resolutions import ordinal, regular_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from amity.sources import Parsed, SourceModule

SAMPLE = Path(__file__).parents[1] / "samples" / "unga_resolutions"
RECORDED = "A/RES/79/7"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in SAMPLE.iterdir()}


@pytest.fixture(scope="module")
def parsed(files: dict[str, bytes]) -> Parsed:
    return unga_resolutions.parse(files)


@pytest.fixture(scope="module")
def resolution(files: dict[str, bytes]) -> dict[str, object]:
    lines = [json.loads(line) for line in files["79.json"].decode().splitlines()]
    return next(line for line in lines if line["symbol"] == RECORDED)


@pytest.fixture(scope="session")
def published(publisher_data: Path) -> Parsed:
    folder = publisher_data / "unga" / "garesolutions"
    return unga_resolutions.parse({path.name: path.read_bytes() for path in folder.glob("*.json")})


def votes(parsed: Parsed, item: str) -> dict[int, str]:
    cast = parsed.tables["votes"].filter(pl.col("item") == item)
    return dict(cast.select("ccode", "vote").iter_rows())


def parse(*lines: dict[str, object]) -> Parsed:
    return unga_resolutions.parse({"79.json": "\n".join(json.dumps(line) for line in lines).encode()})


def why(parsed: Parsed) -> str:
    return "; ".join(parsed.tables["review"]["why"])


def test_files_are_recognised_by_their_first_line(files: dict[str, bytes]) -> None:
    assert all(unga_resolutions.recognises(name, data[:4096]) for name, data in files.items())
    assert not unga_resolutions.recognises("80.json", b'{"features": []}')
    assert not unga_resolutions.recognises("80.txt", files["79.json"][:4096])


def test_tables_have_the_catalogues_columns(parsed: Parsed) -> None:
    for table, frame in parsed.tables.items():
        assert dict(frame.schema) == polars_schema(table)


def test_only_recorded_votes_become_roll_calls(parsed: Parsed) -> None:
    assert parsed.tables["items"]["item"].to_list() == [
        *("A/RES/74/7", "A/RES/74/9", "A/RES/74/10", "A/RES/ES-11/1", "A/RES/79/7", "A/RES/79/266"),
    ]


def test_votes_are_read_by_the_spellings_of_the_record(parsed: Parsed) -> None:
    assert votes(parsed, RECORDED) == {
        2: "no", 666: "no", 359: "abstain", 811: "yes", 710: "yes", 640: "yes", 565: "yes",
    }  # fmt: skip


def test_days_are_read_in_words_and_in_digits(parsed: Parsed) -> None:
    days = dict(parsed.tables["items"].select("item", "date").iter_rows())
    assert (days[RECORDED], days["A/RES/74/7"]) == (date(2024, 10, 30), date(2019, 11, 7))


def test_an_emergency_session_counts_with_the_session_of_its_date(parsed: Parsed) -> None:
    sessions = dict(parsed.tables["items"].select("item", "session").iter_rows())
    assert (sessions["A/RES/ES-11/1"], sessions[RECORDED]) == (76, 79)


def test_a_resolution_that_stands_twice_counts_once(parsed: Parsed) -> None:
    assert votes(parsed, "A/RES/79/266") == {2: "no", 640: "yes", 811: "yes"}


def test_a_state_that_is_named_twice_votes_once(parsed: Parsed) -> None:
    assert votes(parsed, "A/RES/74/9") == {2: "no", 811: "yes"}


def test_titles_are_cut_where_they_are_long(parsed: Parsed) -> None:
    titles = dict(parsed.tables["items"].select("item", "title").iter_rows())
    assert len(titles["A/RES/74/9"]) == unga_resolutions.TITLE


def test_what_does_not_add_up_is_listed(parsed: Parsed) -> None:
    assert dict(parsed.tables["review"].select("place", "why").iter_rows()) == {
        "A/RES/74/10": "1 of 2 'abstain' are not named",
        "A/RES/74/11 A-C": "has a recorded vote, but names no voters",
        "A/RES/79/259 A-C": "does not say whether there was a vote",
    }
    assert votes(parsed, "A/RES/74/10") == {2: "no", 710: "abstain", 811: "yes"}


def test_sessions_apart_leave_a_gap_in_coverage(parsed: Parsed) -> None:
    spans = parsed.tables["coverage"].filter(pl.col("table") == "votes").select("start", "end").rows()
    assert spans == [(date(2019, 11, 7), date(2019, 12, 31)), (date(2024, 9, 22), date(2025, 3, 4))]


def test_a_state_under_two_votes_sets_the_resolution_aside(resolution: dict[str, object]) -> None:
    found = parse(resolution | {"MS_against": ["UNITED STATES", "CAMBODIA"]})
    assert found.tables["votes"].is_empty()
    assert why(found) == "names a state under two votes"


def test_more_names_than_votes_set_the_resolution_aside(resolution: dict[str, object]) -> None:
    found = parse(resolution | {"MS_in_favour_count": "3"})
    assert found.tables["items"].is_empty()
    assert why(found) == "names more voters than it counts"


def test_two_lines_that_differ_set_the_resolution_aside(resolution: dict[str, object]) -> None:
    other = resolution | {"MS_against": ["UNITED STATES"], "MS_against_count": "1"}
    unrecorded = resolution | {"adoption_type": "Without a vote", "voting_type": "adoptedWithoutVote"}
    none = {f"MS_{kind}{end}": [] if not end else "0" for kind in ("in_favour", "against", "abstaining") for end in ("", "_count")}  # fmt: skip
    for second in (other, unrecorded | none, resolution | {"adoption_date": "31 October 2024"}):
        found = parse(resolution, second)
        assert found.tables["items"].is_empty()
        assert "different votes or days" in why(found)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"vote_note": "x"}, UnknownValueError),
        ({"voting_type": "adoptedByAcclamation"}, UnknownValueError),
        ({"voting_type": "adoptedWithoutVote"}, BadFileError),
        ({"MS_in_favour": ["ATLANTIS"], "MS_in_favour_count": "1"}, UnknownStateError),
        ({"MS_in_favour": "CAMBODIA"}, BadFileError),
        ({"MS_in_favour": [7]}, BadFileError),
        ({"MS_in_favour_count": "many"}, BadFileError),
        ({"adoption_date": "30 Oktober 2024"}, BadFileError),
        ({"adoption_date": "31 February 2025"}, BadFileError),
        ({"adoption_date": "30 October 1066"}, BadFileError),
        ({"adoption_date": "30 October 2014"}, BadFileError),
        ({"symbol": "A/RES/78/7"}, BadFileError),
        ({"symbol": "S/RES/79"}, UnknownValueError),
        ({"session": "Ninth session"}, BadFileError),
        ({"title": None}, BadFileError),
    ],
)
def test_what_the_parser_was_not_told_about_is_refused(
    resolution: dict[str, object], change: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        parse(resolution | change)


@pytest.mark.parametrize("text", ["[1]", '{"symbol": ', "[" * 5000, '{"a": 1, "a": 2}', "1e999999", '"x"'])
def test_lines_that_are_no_resolution_are_refused(text: str) -> None:
    with pytest.raises(BadFileError):
        unga_resolutions.parse({"79.json": text.encode()})


def test_a_lost_key_is_refused(resolution: dict[str, object]) -> None:
    for key in unga_resolutions.KEYS:
        with pytest.raises(BadFileError):
            parse({name: value for name, value in resolution.items() if name != key})


def test_damaged_copies_are_parsed_or_refused(
    survives: Callable[[SourceModule, str, bytes], None], files: dict[str, bytes]
) -> None:
    survives(unga_resolutions, "79.json", files["79.json"])  # pyright: ignore[reportArgumentType]


def test_ordinals_are_read_to_ninety_ninth() -> None:
    assert [ordinal(words) for words in ("First", "Twelfth", "Twentieth", "Ninety-ninth")] == [1, 12, 20, 99]
    assert [ordinal(words) for words in ("", "Seventy", "Seventy-twelfth", "Many-first", "-first")] == [
        None
    ] * 4 + [1]


def test_regular_sessions_open_in_september() -> None:
    days = (date(2019, 9, 17), date(2023, 9, 1), date(2024, 9, 10), date(2025, 6, 12), date(1946, 12, 7))
    assert [regular_session(day) for day in days] == [74, 77, 79, 79, 1]


@pytest.mark.publisher_data
def test_the_published_record_is_read_whole(published: Parsed) -> None:
    cast, items, review = (published.tables[table] for table in ("votes", "items", "review"))
    assert cast.height >= 128_399
    assert items.height >= 730
    assert cast.select("item", "ccode").is_unique().all()
    assert review.height == 6


@pytest.mark.publisher_data
def test_the_emergency_session_on_ukraine_is_there(published: Parsed) -> None:
    cast = published.tables["votes"].filter(pl.col("item") == "A/RES/ES-11/1")
    assert dict(cast["vote"].value_counts().iter_rows()) == {"yes": 141, "no": 5, "abstain": 35}
