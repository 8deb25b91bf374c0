"""Embassies of every state in every other, from a yearbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amity.catalog import polars_schema
from amity.errors import BadFileError, UnknownStateError, UnknownValueError
from amity.sources import diplometrics

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from amity.sources import Parsed

SAMPLE = Path(__file__).parents[1] / "samples" / "diplometrics" / "embassies.csv"
HEADER = ",".join(diplometrics.COLUMNS)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {SAMPLE.name: SAMPLE.read_bytes()}


@pytest.fixture(scope="module")
def parsed(files: Mapping[str, bytes]) -> Parsed:
    return diplometrics.parse(files)


def parsed_of(*rows: str) -> Parsed:
    return diplometrics.parse({"a.csv": "\n".join([HEADER, *rows]).encode()})


def posts(parsed: Parsed, sender: int, receiver: int) -> list[tuple[object, ...]]:
    held = parsed.tables["ties"].filter(ccode_from=sender, ccode_to=receiver)
    return held.select("start", "began", "end", "ended").rows()


def years(parsed: Parsed, sender: int, receiver: int) -> list[tuple[int, int]]:
    known = parsed.tables["coverage"].filter(ccode_from=sender, ccode_to=receiver)
    return known.select(pl.col("start", "end").dt.year()).rows()


def test_a_run_of_years_is_one_post_whoever_led_it(parsed: Parsed) -> None:
    ties = parsed.tables["ties"]
    assert dict(ties.schema) == polars_schema("ties")
    assert ties.row(by_predicate=pl.col("ref") == "USA>KHM|2000", named=True) == {
        "start": date(2000, 1, 1),
        "start_precision": "year",
        "began": "already listed",
        "end": None,
        "end_precision": None,
        "ended": None,
        "ccode_from": 2,
        "ccode_to": 811,
        "kind": "post",
        "level": "embassy",
        "who": None,
        "ref": "USA>KHM|2000",
    }


def test_a_post_ends_in_the_first_year_that_does_not_list_it(parsed: Parsed) -> None:
    assert posts(parsed, 811, 2) == [(date(2001, 1, 1), "listed", date(2003, 12, 31), "no longer listed")]


def test_years_between_two_listings_are_not_known(parsed: Parsed) -> None:
    assert posts(parsed, 811, 710) == [
        (date(2000, 1, 1), "already listed", date(2002, 12, 31), "listing interrupted"),
        (date(2004, 1, 1), "listed again", None, None),
    ]
    # The editions of 2002 and 2003 name no embassy in China at all; the one of 2004 does.
    assert years(parsed, 811, 710) == [(2000, 2001), (2004, 2004)]


def test_a_year_of_expulsion_or_of_an_embassy_to_several_states_is_not_known(parsed: Parsed) -> None:
    assert [row[3] for row in posts(parsed, 710, 811)] == ["listing interrupted", "listing interrupted"]
    assert years(parsed, 710, 811) == [(2000, 2000), (2002, 2002), (2004, 2004)]


def test_no_row_is_no_embassy_where_the_edition_lists_embassies_in_the_host(parsed: Parsed) -> None:
    assert posts(parsed, 2, 710) == []
    assert years(parsed, 2, 710) == [(2000, 2001), (2004, 2004)]


def test_what_is_no_state_and_what_is_odd_is_told(parsed: Parsed) -> None:
    assert [(place, why) for _, place, why in parsed.tables["review"].rows()] == [
        ("VAT", "Holy See: no member of the system (2 rows)"),
        ("focus 2", "it serves several states (1 rows)"),
        ("focus 3", "withdrawn, recalled or expelled (1 rows)"),
    ]


def test_the_same_file_given_twice_counts_once(files: Mapping[str, bytes], parsed: Parsed) -> None:
    again = diplometrics.parse({**files, "copy.csv": SAMPLE.read_bytes()})
    assert all(again.tables[name].equals(frame) for name, frame in parsed.tables.items())


@pytest.mark.parametrize(
    ("row", "error", "said"),
    [
        ("2000,USA,QQQ,6,1", UnknownStateError, "QQQ"),
        ("2000,USA,KHM,3,1", UnknownValueError, "embassy_level: '3'"),
        ("2000,USA,KHM,6,4", UnknownValueError, "focus: '4'"),
        ("20x0,USA,KHM,6,1", BadFileError, "no year"),
        ("٢٠٠٠,USA,KHM,6,1", BadFileError, "no year"),
        ("2000,USA,USA,6,1", BadFileError, "in itself"),
        ("2000,USA,KHM,6,1\n2000,USA,KHM,4,1", BadFileError, "twice"),
    ],
)
def test_what_nobody_has_heard_of_stops_the_parse(row: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        parsed_of(row)


def test_the_file_is_told_by_its_columns(files: Mapping[str, bytes]) -> None:
    assert diplometrics.recognises("Downloads/any name.csv", SAMPLE.read_bytes()[:4096])
    assert not diplometrics.recognises("a.csv", b"year,origin,destination\n")
    assert not diplometrics.recognises("a.txt", SAMPLE.read_bytes()[:4096])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(listed=st.lists(st.sampled_from(range(2000, 2011)), unique=True, min_size=1))
def test_ties_and_coverage_say_of_each_year_what_the_file_says(listed: Sequence[int]) -> None:
    held_open = [f"{year},CHN,{host},6,1" for year in range(2000, 2011) for host in ("KHM", "USA")]
    parsed = parsed_of(*held_open, *(f"{year},USA,KHM,6,1" for year in listed))
    # The tie's end is the first year without a listing, so that its last listed year is the one before.
    runs = [(start.year, end.year - 1 if end else 2010) for start, _, end, _ in posts(parsed, 2, 811)]
    told = {year for first, last in runs for year in range(first, last + 1)}
    known = {year for first, last in years(parsed, 2, 811) for year in range(first, last + 1)}
    assert told == set(listed)
    assert known == {
        year for year in range(2000, 2011)
        if year in listed or year < min(listed) or year > max(listed)
    }  # fmt: skip


def test_a_damaged_file_is_parsed_or_refused_and_nothing_else(
    files: Mapping[str, bytes], survives: Callable[..., None]
) -> None:
    survives(diplometrics, SAMPLE.name, files[SAMPLE.name])


@pytest.mark.publisher_data
def test_the_publishers_own_file_gives_the_known_record(publisher_data: Path) -> None:
    path = publisher_data / "reference" / "diplometrics_ddr_2000_2020.csv"
    parsed = diplometrics.parse({path.name: path.read_bytes()})
    ties = parsed.tables["ties"]
    assert ties.height == 11_390 >= diplometrics.ABOUT.table("ties").floor
    assert ties["ref"].is_unique().all()
    assert (
        posts(parsed, 710, 811)
        == posts(parsed, 811, 710)
        == [(date(2000, 1, 1), "already listed", None, None)]
    )
    assert posts(parsed, 2, 40) == [(date(2016, 1, 1), "listed", None, None)]
    assert posts(parsed, 2, 630) == []
    assert years(parsed, 2, 630) == [(2000, 2020)]
    assert years(parsed, 710, 490) == [(2000, 2002), (2016, 2020)]
