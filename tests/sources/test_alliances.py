"""Alliances (ATOP): what one state pledged to another, from members and phases."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from amity.errors import BadFileError, UnknownStateError, UnknownValueError
from amity.sources import atop, rdata

if TYPE_CHECKING:
    from collections.abc import Callable

    from amity.sources import Parsed

NAME = "atop5_1m.csv"
SAMPLE = Path(__file__).parents[1] / "samples" / "atop" / NAME


@pytest.fixture(scope="module")
def data() -> bytes:
    return SAMPLE.read_bytes()


@pytest.fixture(scope="module")
def ties(data: bytes) -> pl.DataFrame:
    return atop.parse({NAME: data}).tables["ties"]


@pytest.fixture(scope="module")
def published(publisher_data: Path) -> Parsed:
    return atop.parse({NAME: (publisher_data / "arms_alliances" / NAME).read_bytes()})


def pledges(ties: pl.DataFrame, one: int, other: int) -> list[tuple[object, ...]]:
    found = ties.filter(ccode_from=one, ccode_to=other).sort("kind")
    return found.select("kind", "start", "end", "level").rows()


def test_a_pledge_that_goes_on_in_the_next_phase_is_one_spell(ties: pl.DataFrame) -> None:
    assert pledges(ties, 2, 200) == [
        ("alliance_consultation", date(1954, 9, 8), date(1970, 5, 1), "mutual"),
        ("alliance_defense", date(1954, 9, 8), date(1977, 6, 30), "mutual"),
    ]
    assert pledges(ties, 200, 2) == pledges(ties, 2, 200)


def test_a_member_that_joins_later_is_allied_from_then_on_and_a_missing_day_is_a_month(
    ties: pl.DataFrame,
) -> None:
    thai = ties.row(
        by_predicate=(pl.col("ccode_from") == 800)
        & (pl.col("ccode_to") == 2)
        & (pl.col("kind") == "alliance_defense"),
        named=True,
    )
    assert (thai["start"], thai["start_precision"], thai["began"]) == (date(1960, 2, 1), "month", "joined")
    assert (thai["end"], thai["end_precision"], thai["ended"]) == (date(1970, 5, 1), "day", "ended")


def test_a_pledge_that_the_other_did_not_make_is_one_sided_and_may_still_hold(ties: pl.DataFrame) -> None:
    assert pledges(ties, 2, 811) == [("alliance_defense", date(1955, 3, 1), None, "one-sided")]
    assert pledges(ties, 811, 2) == [("alliance_nonaggression", date(1955, 3, 1), None, "one-sided")]


def test_where_pledges_vary_nobody_is_sure_to_whom_they_go(ties: pl.DataFrame) -> None:
    varying = ties.filter(ref="alliance 9030")
    assert set(varying["level"]) == {"to some members"}
    assert varying["end"].unique().to_list() == [date(1965, 12, 31)]


def test_a_state_and_its_heir_are_no_allies_for_a_day(ties: pl.DataFrame) -> None:
    assert pledges(ties, 255, 260) == []
    assert pledges(ties, 255, 290) == [("alliance_nonaggression", date(1990, 10, 3), None, "mutual")]


def test_a_member_outside_the_system_of_states_is_set_aside_with_its_number(data: bytes) -> None:
    assert atop.parse({NAME: data}).tables["review"].rows() == [
        (NAME, "alliance 9040, member 8152", "no member of the Correlates of War system under any code")
    ]


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (b",811,", b",8110,", UnknownStateError),
        (b"1955,3,1", b"1955,2,30", BadFileError),
        (b"1977,6,30", b"1947,6,30", BadFileError),
        (b"1977,6,30,0", b"1977,6,30,1", BadFileError),
        (b"1955,3,1", b"1955,,1", BadFileError),
        (b"9020,", b"x,", BadFileError),
        (b"atopid,", b"id,", BadFileError),
    ],
)
def test_a_file_that_is_not_the_publishers_is_refused(
    data: bytes, old: bytes, new: bytes, error: type
) -> None:
    bad = data.replace(old, new, 1)
    assert bad != data
    with pytest.raises(error):
        atop.parse({NAME: bad})


def test_an_obligation_is_there_or_not(data: bytes) -> None:
    header, row, *rest = data.split(b"\n")
    values = row.split(b",")
    values[header.split(b",").index(b"defense")] = b"2"
    with pytest.raises(UnknownValueError, match="defense is neither 0 nor 1: '2'"):
        atop.parse({NAME: b"\n".join([header, b",".join(values), *rest])})


def test_damaged_copies_are_parsed_or_refused(data: bytes, survives: Callable[..., None]) -> None:
    survives(atop, NAME, data)


@pytest.mark.publisher_data
def test_the_published_record_is_read_whole(published: Parsed) -> None:
    ties = published.tables["ties"]
    assert (ties.height, published.tables["review"].height) == (31_820, 1)
    levels = dict(ties["level"].value_counts().iter_rows())
    assert levels == {"mutual": 31_495, "one-sided": 59, "to some members": 266}


OBLIGATIONS = {
    "atop_defense": "alliance_defense",
    "atop_offense": "alliance_offense",
    "atop_neutral": "alliance_neutrality",
    "atop_nonagg": "alliance_nonaggression",
    "atop_consul": "alliance_consultation",
}


@pytest.mark.publisher_data
def test_pledges_are_those_of_the_publishers_own_dyad_years(published: Parsed, publisher_data: Path) -> None:
    """Every dyad-year that was made of the publisher's data is here; what is more here is marked as unsure.

    But for 15 of 541,739: last years of three alliances, which the dyad-years leave out.
    """
    name = "atop_alliance.rda"
    (theirs,) = rdata.read(name, (publisher_data / "arms_alliances" / name).read_bytes()).values()
    ours = published.tables["ties"].with_columns(
        year=pl.int_ranges(pl.col("start").dt.year(), pl.col("end").dt.year().fill_null(2018) + 1)
    )
    years = ours.explode("year").select(
        "ccode_from", "ccode_to", "kind", "level", pl.col("year").cast(pl.Int32)
    )
    sure = 0
    for column, kind in OBLIGATIONS.items():
        said = theirs.filter(pl.col(column) == 1).select(
            pl.col("ccode1").cast(pl.Int16).alias("ccode_from"),
            pl.col("ccode2").cast(pl.Int16).alias("ccode_to"),
            pl.col("year").cast(pl.Int32),
        )
        mine = years.filter(kind=kind)
        assert said.join(mine, on=said.columns, how="anti").is_empty()
        more = mine.join(said, on=said.columns, how="anti")
        assert more.height < 300
        sure += more.filter(pl.col("level") != "to some members").height
    assert sure == 15
