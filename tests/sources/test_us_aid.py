"""American foreign aid by country and fiscal year."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from amity.catalog import polars_schema
from amity.errors import BadFileError, UnknownStateError, UnknownValueError
from amity.sources import us_aid
from amity.sources.us_aid import fiscal_year

if TYPE_CHECKING:
    from collections.abc import Callable

    from amity.sources import Parsed

NAME = "us_foreign_aid_country.csv"
SAMPLE = Path(__file__).parents[1] / "samples" / "us_aid" / NAME


@pytest.fixture(scope="module")
def data() -> bytes:
    return SAMPLE.read_bytes()


@pytest.fixture(scope="module")
def parsed(data: bytes) -> Parsed:
    return us_aid.parse({NAME: data})


def figure(parsed: Parsed, kind: str, year: str, ccode: int = 811) -> dict[str, object]:
    figures = parsed.tables["figures"]
    return figures.row(
        by_predicate=(pl.col("kind") == kind) & (pl.col("period") == year) & (pl.col("ccode_to") == ccode),
        named=True,
    )


def test_an_amount_is_given_in_dollars_of_the_base_year_and_of_its_own_year(parsed: Parsed) -> None:
    assert dict(parsed.tables["figures"].schema) == polars_schema("figures")
    assert figure(parsed, "aid_obligated", "1975") == {
        "start": date(1974, 7, 1),
        "end": date(1975, 6, 30),
        "period": "1975",
        "ccode_from": 2,
        "ccode_to": 811,
        "kind": "aid_obligated",
        "value": 1504335306.0,
        "unit": "USD of 2020",
        "ref": "KHM|1975",
    }
    current = figure(parsed, "aid_obligated_current", "1975")
    assert (current["value"], current["unit"]) == (381349000.0, "USD")


def test_money_taken_back_is_a_negative_amount(parsed: Parsed) -> None:
    assert figure(parsed, "aid_obligated", "1976tq")["value"] == -3580.0


def test_fiscal_years_follow_each_other_without_a_gap_or_an_overlap() -> None:
    years = [*map(str, range(1946, 1977)), "1976tq", *map(str, range(1977, 2031))]
    spans = [fiscal_year(year) for year in years]
    assert spans[0] == (date(1945, 7, 1), date(1946, 6, 30))
    assert all(after[0] - before[1] == timedelta(days=1) for before, after in pairwise(spans))


def test_states_are_those_of_the_time_and_groups_of_states_are_set_aside(parsed: Parsed) -> None:
    assert set(parsed.tables["figures"]["ccode_to"]) == {811, 732, 817, 365}
    review = {place: why for _, place, why in parsed.tables["review"].rows()}
    assert "(1 amounts)" in review["WLD"]


def test_years_that_agencies_still_report_are_neither_data_nor_zero(parsed: Parsed) -> None:
    assert set(parsed.tables["figures"]["period"]).isdisjoint({"2021", "2022"})
    assert (NAME, "fiscal year 2022", "agencies were still reporting it (2 amounts)") in parsed.tables[
        "review"
    ].rows()
    assert max(parsed.tables["coverage"]["end"]) == date(2020, 9, 30)


def test_disbursements_are_known_from_a_later_year_than_obligations(parsed: Parsed) -> None:
    starts = dict(parsed.tables["coverage"].select("kind", "start").rows())
    assert starts["aid_obligated"] == date(1945, 7, 1)
    assert starts["aid_disbursed"] == date(2018, 10, 1)


def test_plans_and_budget_requests_are_not_aid(parsed: Parsed) -> None:
    assert set(parsed.tables["figures"]["kind"]) == set(us_aid.ABOUT.table("figures").kinds)


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (b",Obligations,1975,", b",Promises,1975,", UnknownValueError),
        (b"KHM,Cambodia", b"ATL,Atlantis", UnknownStateError),
        (b"constant_amount", b"constant_amount,mood", UnknownValueError),
        (b",1975,", b",1975-1976,", BadFileError),
        (b"381349000", b"a lot", BadFileError),
        (b"381349000", b"1e999", BadFileError),
        (b"2020,1100000,1100000", b"2020,1100000,2200000", BadFileError),
    ],
)
def test_what_nobody_has_looked_at_stops_the_parse(
    data: bytes, old: bytes, new: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error, match=r"us_foreign_aid_country|ATL"):
        us_aid.parse({NAME: data.replace(old, new)})


def test_an_amount_that_stands_twice_with_two_values_is_refused(data: bytes) -> None:
    row = next(line for line in data.splitlines() if b",1975," in line)
    with pytest.raises(BadFileError, match="stand twice"):
        us_aid.parse({NAME: data + row.replace(b"381349000", b"381349001") + b"\n"})


def test_the_file_is_told_by_its_header_whatever_its_name(data: bytes) -> None:
    assert us_aid.recognises("download (3).csv", data[:4096])
    assert not us_aid.recognises(NAME, b"country_code,year\n")
    assert not us_aid.recognises(NAME, b"<html>")


def test_a_damaged_file_is_parsed_or_refused_and_nothing_else(
    data: bytes, survives: Callable[..., None]
) -> None:
    survives(us_aid, NAME, data)


@pytest.mark.publisher_data
def test_the_publishers_own_file_adds_up(publisher_data: Path) -> None:
    parsed = us_aid.parse({NAME: (publisher_data / "aid" / NAME).read_bytes()})
    figures = parsed.tables["figures"]
    assert figures.height >= us_aid.ABOUT.table("figures").floor
    assert set(figures["unit"]) == {"USD", "USD of 2020"}
    assert figures.select("kind", "ccode_to", "period", "ref").is_unique().all()
    assert figure(parsed, "aid_obligated_current", "1975")["value"] == 381349000.0
    assert parsed.tables["coverage"].select("start", "end").unique().sort("start").rows() == [
        (date(1945, 7, 1), date(2020, 9, 30)),
        (date(2000, 10, 1), date(2020, 9, 30)),
    ]
