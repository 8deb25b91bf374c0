"""Which states existed when."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from itertools import pairwise

import polars as pl
import pytest

from amity.errors import UnknownStateError
from amity.states import by_ccode, code_on, every, gw_spells, neighbours, spells

REGIONS = {
    "Northern Africa", "Eastern Africa", "Middle Africa", "Southern Africa", "Western Africa",
    "Caribbean", "Central America", "South America", "Northern America",
    "Central Asia", "Eastern Asia", "South-eastern Asia", "Southern Asia", "Western Asia",
    "Eastern Europe", "Northern Europe", "Southern Europe", "Western Europe",
    "Australia and New Zealand", "Melanesia", "Micronesia", "Polynesia",
}  # fmt: skip


def test_every_code_belongs_to_one_line_and_leads_back_to_it():
    codes = [code for state in every() for code in state.ccodes]
    assert sorted(codes) == sorted(spells()["ccode"].unique().to_list())
    assert len(codes) == len(set(codes)) == 217
    assert all(
        by_ccode(code).ccodes[0] == by_ccode(code).ccode and code in by_ccode(code).ccodes for code in codes
    )


def test_the_spells_of_a_line_never_overlap():
    for state in every():
        for earlier, later in pairwise(state.spells):
            assert earlier.end is not None
            assert earlier.end < later.start


def test_the_spells_of_one_gleditsch_ward_number_never_overlap():
    frame = gw_spells().sort("gwcode", "start").with_columns(earlier=pl.col("end").shift().over("gwcode"))
    assert frame.filter(pl.col("earlier") >= pl.col("start")).is_empty()


def test_every_spell_ends_after_it_begins():
    for frame in (spells(), gw_spells()):
        assert frame.filter(pl.col("end") < pl.col("start")).is_empty()
        assert frame["start"].min() == date(1816, 1, 1)


def test_codes_of_a_scheme_are_not_given_twice():
    for field in ("name", "iso3c", "iso2c", "cowc", "gwcode", "fips", "cameo"):
        codes = [code for state in every() if (code := getattr(state, field)) is not None]
        assert len(codes) == len(set(codes)), field


def test_every_state_of_today_has_all_its_codes():
    today = every(date(2025, 1, 1))
    assert len(today) == 195
    lacking = [
        state.name
        for state in today
        if None in (state.iso3c, state.iso2c, state.fips, state.cameo, state.gwcode)
    ]
    assert lacking == ["Kosovo"]  # no CAMEO code


def test_lines_follow_history():
    germany = by_ccode(255)
    assert [code_on(germany, date(year, 6, 1)) for year in (1870, 1950, 1955, 1989, 1991)] == [
        255,
        None,
        260,
        260,
        255,
    ]
    assert [code_on(by_ccode(679), date(1990, 5, day)) for day in (21, 22)] == [678, 679]
    assert by_ccode(265).ccodes == (265,)
    assert code_on(by_ccode(652), date(1959, 1, 1)) is None


def test_an_unknown_code_is_refused():
    with pytest.raises(UnknownStateError):
        by_ccode(1)


def test_neighbours_are_the_states_of_the_same_region_and_mutual():
    assert {state.region for state in every()} == REGIONS
    assert neighbours(811) == (775, 800, 812, 816, 820, 830, 835, 840, 850, 860)
    assert neighbours(2) == (20,)
    for state in every(date(2025, 1, 1)):
        assert all(state.ccode in neighbours(peer) for peer in neighbours(state.ccode))


def test_neighbours_of_a_day_are_those_of_that_day():
    assert neighbours(811, date(1970, 1, 1)) == (775, 800, 812, 816, 817, 820, 830, 840, 850)
    assert 260 in neighbours(220, date(1970, 1, 1))


@pytest.mark.publisher_data
def test_the_spells_are_those_of_the_correlates_of_war_project_to_the_end_of_its_list(publisher_data):
    published = pl.read_csv(publisher_data / "states" / "states2016.csv").select(
        pl.col("ccode").cast(pl.Int16),
        cowc="stateabb",
        name="statenme",
        start=pl.date("styear", "stmonth", "stday"),
        end=pl.date("endyear", "endmonth", "endday"),
    )
    ours = spells().with_columns(pl.col("end").fill_null(date(2016, 12, 31)))
    assert ours.equals(published.sort("ccode", "start"))


@pytest.mark.publisher_data
def test_the_other_spells_are_those_of_gleditsch_and_ward_to_the_end_of_their_list(publisher_data):
    with zipfile.ZipFile(publisher_data / "states" / "gwstates.xlsx") as book:
        texts = re.findall(
            r"<si>.*?<t[^>]*>(.*?)</t>.*?</si>", book.read("xl/sharedStrings.xml").decode(), re.DOTALL
        )
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    cells = [
        [texts[int(v)] if 't="s"' in kind else v for kind, v in re.findall(r"<c ([^>]*)><v>(.*?)</v>", row)]
        for row in re.findall(r"<row[^>]*>(.*?)</row>", sheet, re.DOTALL)
    ]
    published = sorted(
        (int(c[0]), c[1], c[2], *("-".join(d.split(".")[::-1]) for d in c[3:5])) for c in cells[1:]
    )
    ours = gw_spells().filter(~pl.col("microstate")).with_columns(pl.col("end").fill_null(date(2017, 12, 31)))
    assert [
        (code, letters, name, str(start), str(end))
        for code, letters, name, start, end, _ in sorted(ours.rows())
    ] == published
