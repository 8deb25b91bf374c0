"""Transfers of major arms between states."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from amity.catalog import polars_schema
from amity.errors import BadFileError, UnknownStateError, UnknownValueError
from amity.sources import sipri_tiv

if TYPE_CHECKING:
    from collections.abc import Callable

    from amity.sources import Parsed

NAME = "sipri_tiv_1950_2021.csv"
SAMPLE = Path(__file__).parents[1] / "samples" / "sipri_tiv" / NAME


@pytest.fixture(scope="module")
def data() -> bytes:
    return SAMPLE.read_bytes()


@pytest.fixture(scope="module")
def parsed(data: bytes) -> Parsed:
    return sipri_tiv.parse({NAME: data})


def covers(parsed: Parsed, supplier: int, recipient: int, day: date) -> bool:
    """Whether the record speaks of a pair on a day, as evidence reads it."""
    rows = parsed.tables["coverage"].filter(
        pl.col("ccode_from").fill_null(supplier) == supplier,
        pl.col("ccode_to").fill_null(recipient) == recipient,
        (pl.col("start") <= day) & (pl.col("end") >= day),
    )
    return rows.height > 0


def test_a_transfer_is_in_millions_of_indicator_values_and_no_money(parsed: Parsed) -> None:
    rows = parsed.tables["figures"]
    assert dict(rows.schema) == polars_schema("figures")
    assert rows.row(by_predicate=pl.col("ref") == "United States|Cambodia|1974", named=True) == {
        "start": date(1974, 1, 1),
        "end": date(1974, 12, 31),
        "period": "1974",
        "ccode_from": 2,
        "ccode_to": 811,
        "kind": "arms_transfers",
        "value": 55.0,
        "unit": "million TIV",
        "ref": "United States|Cambodia|1974",
    }


def test_arms_for_rebels_are_not_arms_for_the_state_they_fight(parsed: Parsed) -> None:
    assert parsed.tables["figures"].filter(ccode_from=710, period="1985").is_empty()
    review = {place: why for _, place, why in parsed.tables["review"].rows()}
    assert review["Khmer Rouge (Cambodia)*"].startswith("armed group")
    assert review["NATO**"] == "an organisation of states (1 amounts)"
    assert review["Unknown supplier(s)"] == "not known to the publisher (1 amounts)"


def test_a_delivery_of_less_than_half_a_million_is_a_delivery(parsed: Parsed) -> None:
    assert parsed.tables["figures"].filter(ccode_from=710, ccode_to=811)["value"].to_list() == [0.0]


def test_states_are_those_of_the_time_whatever_codes_were_added(parsed: Parsed) -> None:
    codes = {ref: (one, other) for one, other, ref in
             parsed.tables["figures"].select("ccode_from", "ccode_to", "ref").iter_rows()}  # fmt: skip
    assert codes["United States|South Vietnam|1974"] == (2, 817)
    assert codes["Soviet Union|Viet Nam|1979"] == codes["Russia|Viet Nam|2004"] == (365, 816)
    assert codes["Germany|United States|1995"] == (255, 2)
    assert codes["East Germany (GDR)|Cambodia|1984"] == (265, 811)
    assert codes["Serbia|Cambodia|2009"] == (345, 811)


def test_west_germany_is_unknown_where_the_file_has_nothing_of_it(parsed: Parsed) -> None:
    assert not covers(parsed, 260, 2, date(1980, 6, 1))
    assert not covers(parsed, 2, 260, date(1980, 6, 1))
    assert covers(parsed, 265, 811, date(1980, 6, 1))
    assert covers(parsed, 2, 850, date(1980, 6, 1))
    assert covers(parsed, 255, 850, date(2000, 6, 1))
    assert not covers(parsed, 2, 850, date(2010, 6, 1))


def test_a_file_that_has_west_germany_covers_it(data: bytes) -> None:
    more = data + b"Germany,Turkey,1965,40,NA,640,1,1,1,1\n"
    parsed = sipri_tiv.parse({NAME: more})
    assert parsed.tables["figures"].filter(ccode_from=260)["value"].to_list() == [40.0]
    assert covers(parsed, 260, 2, date(1980, 6, 1))
    assert parsed.tables["coverage"].height == 1


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (b"United States,Cambodia,1974", b"Atlantis,Cambodia,1974", UnknownStateError),
        (b"United States,Cambodia,1974", b"United States,Khmer Blue (Cambodia)*,1974", UnknownStateError),
        (b"recipient_lat", b"recipient_lat,mood", UnknownValueError),
        (b",1974,55,", b",74,55,", BadFileError),
        (b",1974,55,", b",1974,-55,", BadFileError),
        (b",1974,55,", b",1974,?,", BadFileError),
        (b",1974,55,", b",1974,,", BadFileError),
    ],
)
def test_what_nobody_has_looked_at_stops_the_parse(
    data: bytes, old: bytes, new: bytes, error: type[Exception]
) -> None:
    assert old in data
    with pytest.raises(error, match=NAME):
        sipri_tiv.parse({NAME: data.replace(old, new)})


def test_a_transfer_that_stands_twice_with_two_values_is_refused(data: bytes) -> None:
    row = next(line for line in data.splitlines() if b",1974,55," in line)
    assert sipri_tiv.parse({NAME: data + row + b"\n"}).tables["figures"].height
    with pytest.raises(BadFileError, match="stand twice"):
        sipri_tiv.parse({NAME: data + row.replace(b",55,", b",56,") + b"\n"})


def test_the_file_is_told_by_its_header_whatever_its_name(data: bytes) -> None:
    assert sipri_tiv.recognises("download (3).csv", data[:4096])
    assert not sipri_tiv.recognises(NAME, b"supplier,recipient,year\n")


def test_a_damaged_file_is_parsed_or_refused_and_nothing_else(
    data: bytes, survives: Callable[..., None]
) -> None:
    survives(sipri_tiv, NAME, data)


@pytest.mark.publisher_data
def test_the_publishers_own_file_adds_up(publisher_data: Path) -> None:
    parsed = sipri_tiv.parse({NAME: (publisher_data / "arms_alliances" / NAME).read_bytes()})
    rows = parsed.tables["figures"]
    assert rows.height == 20_755
    assert rows["ref"].is_unique().all()
    assert rows.filter(pl.col("value") == 0).height == 691
    assert parsed.tables["coverage"]["end"].max() == date(2021, 12, 31)
    assert not {260} & {*rows["ccode_from"], *rows["ccode_to"]}


@pytest.mark.publisher_data
def test_american_arms_go_to_cambodia_until_1975_and_not_to_the_khmer_rouge(publisher_data: Path) -> None:
    parsed = sipri_tiv.parse({NAME: (publisher_data / "arms_alliances" / NAME).read_bytes()})
    sent = parsed.tables["figures"].filter(ccode_to=811)
    american = sorted(int(year) for year in sent.filter(ccode_from=2)["period"])
    assert max(year for year in american if year < 1990) in {1974, 1975}
    assert not sent.filter(pl.col("period").str.to_integer().is_between(1980, 1989), ccode_from=2).height
