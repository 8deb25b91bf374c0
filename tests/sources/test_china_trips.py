"""Trips abroad of China's top leaders."""

from __future__ import annotations

import runpy
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from amity.catalog import polars_schema
from amity.errors import AmityError, BadFileError, UnknownStateError, UnknownValueError
from amity.sources import china_trips

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amity.sources import Parsed

SAMPLE = Path(__file__).parents[1] / "samples" / "china_trips" / "WHO-WHERE-WHEN-sample.xlsx"
book = runpy.run_path(str(Path(__file__).with_name("xlsx_writer.py")))["workbook"]

ROWS: list[list[str | float]] = [
    [*china_trips.COLUMNS],
    [1956, "Zhou Enlai", "Premier", "Cambodia", "Asia", 0, 0, 1],
    [1979, "Hua Guofeng", "Premier", "Germany", "Europe", 1, 0, 0],
    [2002, "Jiang Zemin", "President", "Germany", "Europe", 1, 0, 0],
    [1982, "Hu Yaobang", "Leader CCP", "Korea, North", "Asia", 0, 1, 1],
    [2000, "Jiang Zemin", "President", "Palestine", "Asia", 0, 0, 1],
    [2013, "Xi Jinping", "President", "Russia", "Europe", 0, 0, 1],
    [2013, "Xi Jinping", "President", "Russia", "Europe", 0, 0, 1],
    [1978, "Deng Xiaoping", "Paramount Leader", "Japan", "Asia", 1, 0, 0],
    [1974, "Deng Xiaoping", "Other (Acting leader)", "United States", "North America", 1, 0, 0],
]
"""Rows of our own making in the publisher's shape; the sample beside the tests is the workbook made of them."""


def workbook(rows: list[list[str | float]], sheet: str = "Dataset") -> bytes:
    return book({"Cover page": [["Version:", "9"]], sheet: rows})


def parsed_with(row: list[str | float]) -> Parsed:
    return china_trips.parse({"who-where-when.xlsx": workbook([ROWS[0], row])})


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {SAMPLE.name: SAMPLE.read_bytes()}


@pytest.fixture(scope="module")
def parsed(files: Mapping[str, bytes]) -> Parsed:
    return china_trips.parse(files)


def test_the_sample_is_the_workbook_of_the_rows_above(files: Mapping[str, bytes]) -> None:
    made = china_trips.parse({"who-where-when.xlsx": workbook(ROWS)})
    assert made.tables["acts"].equals(china_trips.parse(files).tables["acts"])


def test_a_trip_goes_from_china_to_the_host_in_a_year_and_on_no_day(parsed: Parsed) -> None:
    acts = parsed.tables["acts"]
    assert dict(acts.schema) == polars_schema("acts")
    assert acts.row(by_predicate=pl.col("ref") == "1956|Zhou Enlai|Cambodia", named=True) == {
        "date": date(1956, 1, 1),
        "precision": "year",
        "ccode_from": 710,
        "role_from": None,
        "ccode_to": 811,
        "role_to": None,
        "kind": "visit",
        "rank": "head of government",
        "who": "Zhou Enlai",
        "place": None,
        "days": None,
        "code": "042",
        "field": "diplomacy",
        "force_tenths": 19,
        "count": 1,
        "ref": "1956|Zhou Enlai|Cambodia",
    }


def test_two_trips_of_one_year_are_two_and_told_apart(parsed: Parsed) -> None:
    refs = parsed.tables["acts"].filter(ccode_to=365)["ref"].to_list()
    assert refs == ["2013|Xi Jinping|Russia", "2013|Xi Jinping|Russia|2"]


def test_the_germany_of_1979_is_that_of_bonn(parsed: Parsed) -> None:
    germany = parsed.tables["acts"].filter(pl.col("ccode_to").is_in([255, 260, 265]))
    assert germany.select("date", "ccode_to").rows() == [(date(1979, 1, 1), 260), (date(2002, 1, 1), 255)]


def test_who_led_without_an_office_of_the_state_is_another_leader(parsed: Parsed) -> None:
    others = parsed.tables["acts"].filter(rank="other leader")["who"].to_list()
    assert others == ["Deng Xiaoping", "Deng Xiaoping", "Hu Yaobang"]


def test_the_file_speaks_of_chinas_leaders_only_and_of_whole_years(parsed: Parsed) -> None:
    assert parsed.tables["coverage"].rows() == [
        ("acts", "visit", 710, None, date(1949, 1, 1), date(2013, 12, 31))
    ]


def test_a_trip_to_no_state_is_set_aside_with_the_reason(parsed: Parsed, files: Mapping[str, bytes]) -> None:
    assert parsed.tables["review"].rows() == [
        (next(iter(files)), "2000|Jiang Zemin|Palestine", "no member of the system")
    ]


def test_the_same_file_given_twice_counts_once(files: Mapping[str, bytes], parsed: Parsed) -> None:
    again = china_trips.parse({**files, "copy/who-where-when.xlsx": SAMPLE.read_bytes()})
    assert again.tables["acts"].equals(parsed.tables["acts"])


@pytest.mark.parametrize("year", [1948, 2013.5, 20130, "2013", "", "c. 1950"])
def test_a_year_that_is_none_stops_the_parse(year: str | float) -> None:
    with pytest.raises(BadFileError, match="no year since 1949"):
        parsed_with([year, "Xi Jinping", "President", "Russia", "Europe", 0, 0, 1])


def test_a_trip_of_nobody_stops_the_parse() -> None:
    with pytest.raises(BadFileError, match="nobody"):
        parsed_with([2013, " ", "President", "Russia", "Europe", 0, 0, 1])


def test_a_level_that_nobody_has_ranked_stops_the_parse() -> None:
    with pytest.raises(UnknownValueError, match="'Emperor'"):
        parsed_with([2013, "Xi Jinping", "Emperor", "Russia", "Europe", 0, 0, 1])


def test_an_unknown_state_stops_the_parse() -> None:
    with pytest.raises(UnknownStateError, match="Atlantis"):
        parsed_with([2013, "Xi Jinping", "President", "Atlantis", "Europe", 0, 0, 1])


def test_another_sheet_or_column_stops_the_parse() -> None:
    with pytest.raises(BadFileError, match="'Dataset'"):
        china_trips.parse({"who-where-when.xlsx": workbook(ROWS, "Data")})
    with pytest.raises(UnknownValueError, match="Mood"):
        china_trips.parse({"who-where-when.xlsx": workbook([[*row, "Mood"] for row in ROWS])})


def test_the_file_is_told_by_its_name_and_that_it_is_a_workbook() -> None:
    head = SAMPLE.read_bytes()[:4096]
    assert china_trips.recognises("Downloads/WHO-WHERE-WHEN-dataset-v.1.1.xlsx", head)
    assert not china_trips.recognises("trips.xlsx", head)
    assert not china_trips.recognises("who-where-when.xlsx", b"<html>")


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_a_file_cut_short_is_refused(share: float) -> None:
    data = SAMPLE.read_bytes()
    with pytest.raises(BadFileError):
        china_trips.parse({SAMPLE.name: data[: int(len(data) * share)]})


def test_a_damaged_file_is_parsed_or_refused_and_nothing_else() -> None:
    data = SAMPLE.read_bytes()
    refused = 0
    for at in range(0, len(data), 23):
        try:
            china_trips.parse({SAMPLE.name: data[:at] + bytes([data[at] ^ 0x5A]) + data[at + 1 :]})
        except AmityError:
            refused += 1
    assert refused > 20


@pytest.mark.publisher_data
def test_the_publishers_own_file_gives_the_known_record(publisher_data: Path) -> None:
    path = publisher_data / "china_visits" / "WHO-WHERE-WHEN-dataset-v.1.1.xlsx"
    parsed = china_trips.parse({path.name: path.read_bytes()})
    acts = parsed.tables["acts"]
    assert acts.height >= china_trips.ABOUT.table("acts").floor
    assert acts.height + parsed.tables["review"].height == 595
    assert acts["ref"].is_unique().all()
    assert dict(acts["rank"].value_counts().rows()) == {
        "head of state": 280,
        "head of government": 293,
        "other leader": 21,
    }
    to_cambodia = acts.filter(ccode_to=811)
    assert to_cambodia["date"].dt.year().to_list() == [1956, 1960, 1963, 2002, 2006, 2012, 2016, 2018]
