"""Sanctions of two publishers: who threatened or imposed what on whom, and the European Union told of its members."""

from __future__ import annotations

import runpy
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.errors import BadFileError, UnknownStateError, UnknownValueError
from amity.sources import gsdb, spreadsheets, ties_sanctions
from amity.sources.organisations import european_union
from amity.sources.sanction_days import read_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from amity.sources import Parsed

SAMPLES = Path(__file__).parents[1] / "samples"
WRITER = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("xls_writer.py"))))
TIES, GSDB = "TIESv4-1.xls", "GSDB_V3.csv"
DATA = {TIES: SAMPLES / "ties_sanctions" / TIES, GSDB: SAMPLES / "gsdb" / GSDB}


def ties_rows() -> list[dict[str, str | float]]:
    return spreadsheets.rows(TIES, DATA[TIES].read_bytes(), ties_sanctions.SHEET, ties_sanctions.COLUMNS)


def with_cell(number: int, **cells: str | float) -> bytes:
    """The sample of TIES with cells of one case changed."""
    rows = [row | cells if row["caseid"] == number else row for row in ties_rows()]
    return WRITER.book(ties_sanctions.SHEET, [[*ties_sanctions.COLUMNS], *([*row.values()] for row in rows)])


def told(parsed: Parsed, ref: int) -> list[tuple[object, ...]]:
    found = parsed.tables["ties"].filter(ref=f"case {ref}").sort("ccode_from", "start")
    return found.select("ccode_from", "ccode_to", "kind", "start", "end", "ended").rows()


def reasons(parsed: Parsed, ref: int) -> list[str]:
    review = parsed.tables["review"]
    return review.filter(pl.col("place").str.starts_with(f"case {ref}"))["why"].to_list()


@pytest.fixture(scope="module")
def ties() -> Parsed:
    return ties_sanctions.parse({TIES: DATA[TIES].read_bytes()})


@pytest.fixture(scope="module")
def force() -> Parsed:
    return gsdb.parse({GSDB: DATA[GSDB].read_bytes()})


# TIES


def test_a_threat_that_is_carried_out_ends_on_the_day_of_imposition(ties: Parsed) -> None:
    assert told(ties, 1975010199) == [
        (2, 811, "sanction_threatened", date(1975, 1, 2), date(1975, 4, 17), "imposed"),
        (2, 811, "sanction_imposed", date(1975, 4, 17), date(1992, 1, 3), "sender gave up"),
    ]


def test_measures_threatened_are_numbered_from_one_higher(ties: Parsed) -> None:
    levels = ties.tables["ties"].filter(ref="case 1975010199").sort("start")["level"].to_list()
    assert levels == ["import restriction; aid ended", "total embargo; aid ended"]


def test_an_end_that_nobody_knows_is_the_last_day_on_which_it_was_heard_of(ties: Parsed) -> None:
    british = told(ties, 1988080199)[0]
    assert british == (200, 811, "sanction_imposed", date(1988, 8, 31), date(1997, 2, 5), "no end on record")
    bare = with_cell(1988080199, ongoingasofyear="", ongoingasofmonth="", ongoingasofday="")
    assert told(ties_sanctions.parse({TIES: bare}), 1988080199)[0][3:] == (
        date(1988, 8, 31), date(1988, 8, 31), "no end on record",
    )  # fmt: skip


def test_the_union_acts_as_its_members_of_the_day_and_who_is_named_as_itself(ties: Parsed) -> None:
    rows = ties.tables["ties"].filter(ref="case 1988080199")
    assert rows.filter(pl.col("who").is_null())["ccode_from"].to_list() == [200]
    members = dict(rows.filter(who="European Union").select("ccode_from", "began").iter_rows())
    assert (
        len(members) == 15
    )  # twelve and three more in 1995, Germany under two codes, without the United Kingdom
    assert members[220] == "imposed"
    assert members[380] == "joined the European Union"
    assert members[255] == "unification"
    assert rows.filter(ccode_from=260).select("end", "ended").rows() == [(date(1990, 10, 2), "unification")]


def test_an_institution_that_is_the_union_acts_as_its_members_and_another_is_set_aside(ties: Parsed) -> None:
    assert len(told(ties, 1991010199)) == 12
    assert told(ties, 1990010199) == []
    assert reasons(ties, 1990010199) == ["no state is named as a sender, only an institution"]


def test_a_sanction_against_the_union_is_against_each_member(ties: Parsed) -> None:
    rows = ties.tables["ties"].filter(ref="case 1993010199", kind="sanction_imposed")
    assert set(rows["ccode_from"]) == {2}
    assert (rows.height, set(rows["who"])) == (12, {"European Union"})
    assert rows["start_precision"].unique().to_list() == ["year"]


def test_slips_are_kept_as_far_as_they_are_sure_and_told(ties: Parsed) -> None:
    assert told(ties, 1980060199)[0][4] == date(1980, 6, 30)
    assert reasons(ties, 1980060199) == ["end: 1980-06 has no day 31: known to the month"]
    assert [row[2] for row in told(ties, 1995010199)] == ["sanction_threatened"]
    assert reasons(ties, 1995010199) == ["sanction imposed: it ends before it begins"]
    assert told(ties, 1999010199) == [
        (20, 800, "sanction_threatened", date(1999, 3, 1), date(1999, 3, 1), "no end on record")
    ]


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        ({"targetstate": 999.0}, UnknownStateError),
        ({"targetstate": ""}, BadFileError),
        ({"sender1": "many"}, BadFileError),
        ({"sanctiontype": "7 11"}, UnknownValueError),
        ({"sanctiontypethreat": "seven"}, BadFileError),
        ({"finaloutcome": 11.0}, UnknownValueError),
        ({"threat": 2.0}, UnknownValueError),
        ({"threat": 0.0, "imposition": 0.0}, BadFileError),
        ({"startyear": ""}, BadFileError),
        ({"startyear": 1066.0}, BadFileError),
        ({"startmonth": 13.0}, BadFileError),
        ({"startday": "first"}, BadFileError),
        ({"caseid": 1969051099.0}, BadFileError),
    ],
)
def test_a_cell_that_cannot_be_stops_the_parse(cells: dict[str, Any], error: type) -> None:
    with pytest.raises(error):
        ties_sanctions.parse({TIES: with_cell(1975010199, **cells)})


def test_a_case_that_stands_twice_alike_counts_once(ties: Parsed) -> None:
    rows = ties_rows()
    twice = WRITER.book(
        ties_sanctions.SHEET, [[*ties_sanctions.COLUMNS], *([*row.values()] for row in [*rows, rows[0]])]
    )
    assert ties_sanctions.parse({TIES: twice}).tables["ties"].equals(ties.tables["ties"])


def test_a_sheet_of_another_name_or_shape_is_refused() -> None:
    header = [*ties_sanctions.COLUMNS]
    for bad, says in (
        (WRITER.book("Sheet1", [header]), "no sheet called"),
        (WRITER.book(ties_sanctions.SHEET, [header[1:]]), "lacks"),
        (WRITER.book(ties_sanctions.SHEET, [[*header, "mood"]]), "not been told about: mood"),
        (DATA[TIES].read_bytes()[:700], "no whole workbook"),
        (b"PK\x03\x04", "no whole workbook"),
    ):
        with pytest.raises((BadFileError, UnknownValueError), match=says):
            ties_sanctions.parse({TIES: bad})


CELL = st.one_of(st.just(""), st.sampled_from(["?", "1949, or so", "x"]), st.integers(-2, 2105).map(float))


@given(st.tuples(CELL, CELL, CELL))
def test_a_day_is_read_within_its_own_year_or_refused(cells: tuple[str | float, ...]) -> None:
    notes: list[str] = []
    try:
        day = read_day("row 2", cells, "start", notes)
    except BadFileError:
        return
    if day is None:
        assert cells[0] == ""
        return
    assert day.first <= day.last
    assert day.first.year == day.last.year == int(str(cells[0])[:4])
    assert (day.precision == "day") == (day.first == day.last)
    assert len(notes) <= 1


@pytest.mark.parametrize(
    ("year", "members"),
    [
        (1960, 6),
        (1975, 9),
        (1985, 10),
        (1991, 12),
        (2000, 15),
        (2005, 25),
        (2010, 27),
        (2015, 28),
        (2021, 27),
    ],
)
def test_the_union_has_as_many_members_as_it_had(year: int, members: int) -> None:
    assert len(list(european_union(date(year, 2, 1), date(year, 2, 1)))) == members


# GSDB


def test_a_sanction_that_goes_on_has_no_end_and_others_end_with_their_year(force: Parsed) -> None:
    assert told(force, 1) == [(2, 811, "sanction_imposed", date(2011, 1, 1), None, None)]
    assert told(force, 8) == [
        (255, 775, "sanction_imposed", date(1989, 1, 1), date(2013, 12, 31), "target yielded in part")
    ]
    assert told(force, 6)[0][-1] == "mixed success"


def test_a_name_may_have_a_comma_within_and_an_old_name_is_the_state_of_the_day(force: Parsed) -> None:
    assert [row[:2] for row in told(force, 3)] == [(200, 679), (420, 679)]
    assert [row[:2] for row in told(force, 6)] == [(2, 816)]


def test_the_union_is_its_members_for_the_years_of_their_membership(force: Parsed) -> None:
    rows = force.tables["ties"].filter(ref="case 2")
    told_of = {
        code: (began, ended) for code, began, ended in rows.select("ccode_from", "began", "ended").iter_rows()
    }
    assert len(told_of) == 29  # 28 and Norway
    assert told_of[344] == ("joined the European Union", None)
    assert told_of[200] == ("imposed", "left the European Union")
    assert told_of[385] == ("imposed", None)


def test_organisations_and_what_is_no_state_are_set_aside_with_the_reason(force: Parsed) -> None:
    assert told(force, 4) == told(force, 7) == []
    assert reasons(force, 4) == ["an organisation of nearly all states: it says nothing of a pair"]
    assert len(reasons(force, 7)) == 2


def test_measures_are_told_in_words(force: Parsed) -> None:
    levels = dict(force.tables["ties"].group_by("ref").agg(pl.col("level").first()).iter_rows())
    assert levels["case 1"] == "arms; financial; travel"
    assert levels["case 3"] == "trade (all exports, imports in part); military"


def test_coverage_begins_where_the_file_knows_every_sanction(force: Parsed) -> None:
    assert force.tables["coverage"].select("start", "end").rows() == [(date(2013, 1, 1), date(2022, 12, 31))]


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (b"Cambodia", b"Kambodia", UnknownStateError),
        (b"ongoing", b"pending", UnknownValueError),
        (b"exp_compl", b"exp_most", UnknownValueError),
        (b"2011,2022", b"2022,2011", BadFileError),
        (b"2011,2022", b"1911,2022", BadFileError),
        (b"1,Cambodia,United States", b"2,Cambodia,United States", BadFileError),
        (b"2011,2022,0", b"2011,2022,2", UnknownValueError),
    ],
)
def test_a_case_that_cannot_be_stops_the_parse(old: bytes, new: bytes, error: type) -> None:
    with pytest.raises(error):
        gsdb.parse({GSDB: DATA[GSDB].read_bytes().replace(old, new)})


def test_damaged_copies_are_parsed_or_refused(survives: Callable[..., None]) -> None:
    survives(gsdb, GSDB, DATA[GSDB].read_bytes().removeprefix(b"\xef\xbb\xbf"))


# The publishers' files


@pytest.mark.publisher_data
def test_the_published_cases_are_read_whole(publisher_data: Path) -> None:
    folder = publisher_data / "sanctions"
    ties = ties_sanctions.parse({TIES: (folder / TIES).read_bytes()}).tables
    cases = ties["ties"].group_by("kind").agg(pl.col("ref").n_unique()).sort("kind").rows()
    assert cases == [("sanction_imposed", 835), ("sanction_threatened", 1_023)]
    assert (ties["ties"].height, ties["review"].height) == (5_999, 63)
    force = gsdb.parse({GSDB: (folder / GSDB).read_bytes()}).tables
    assert (force["ties"].height, force["ties"]["ref"].n_unique(), force["review"].height) == (3_132, 513, 80)


@pytest.mark.publisher_data
def test_measures_threatened_and_imposed_agree_in_the_published_cases(publisher_data: Path) -> None:
    """The two numberings are read rightly: where one measure was threatened and one imposed, they are mostly the same."""
    data = (publisher_data / "sanctions" / TIES).read_bytes()
    ties = ties_sanctions.parse({TIES: data}).tables["ties"].filter(~pl.col("level").str.contains(";"))
    threat, imposed = (ties.filter(kind=kind) for kind in ("sanction_threatened", "sanction_imposed"))
    both = threat.join(imposed, on=["ccode_from", "ccode_to", "ref"]).filter(
        pl.col("level") != "not specified"
    )
    assert both.height > 300
    assert (both["level"] == both["level_right"]).mean() > 0.9  # type: ignore[operator]


@pytest.mark.publisher_data
def test_american_sanctions_against_cambodia_are_on_record(publisher_data: Path) -> None:
    data = (publisher_data / "sanctions" / TIES).read_bytes()
    ties = (
        ties_sanctions.parse({TIES: data})
        .tables["ties"]
        .filter(ccode_from=2, ccode_to=811, kind="sanction_imposed")
    )
    assert (date(1975, 5, 16), date(1992, 1, 3)) in ties.select("start", "end").rows()
