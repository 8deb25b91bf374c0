"""Who held a seat in the United Nations when. Dates: the UN's list of admissions (un.org/en/about-us/member-states)."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from amity.states.seats import members, seats

# Members at the end of the year, from the UN's page on the growth of its membership.
GROWTH = {
    1945: 51, 1946: 55, 1947: 57, 1948: 58, 1949: 59, 1950: 60, 1955: 76, 1956: 80, 1957: 82, 1958: 82, 1960: 99,
    1961: 104, 1962: 110, 1963: 113, 1964: 115, 1965: 117, 1966: 122, 1967: 123, 1968: 126, 1970: 127, 1971: 132,
    1973: 135, 1974: 138, 1975: 144, 1976: 147, 1977: 149, 1978: 151, 1979: 152, 1980: 154, 1981: 157, 1983: 158,
    1984: 159, 1990: 159, 1991: 166, 1992: 179, 1993: 184, 1994: 185, 1999: 188, 2000: 189, 2002: 191, 2006: 192, 2011: 193,
}  # fmt: skip


def test_membership_grew_as_the_united_nations_counts_it():
    # The UN goes on counting the old Yugoslavia from 1992 to 2000, when nobody could sit and vote there.
    absent = dict.fromkeys(range(1992, 2000), 1)
    counted = {year: len(members(date(year, 12, 31))) + absent.get(year, 0) for year in GROWTH}
    assert counted == GROWTH


@pytest.mark.parametrize(
    ("before", "after", "day"),
    [
        (713, 710, date(1971, 10, 25)),
        (260, 255, date(1990, 10, 3)),
        (678, 679, date(1990, 5, 22)),
    ],
)
def test_a_seat_passes_from_one_holder_to_the_next_without_a_gap(before: int, after: int, day: date):
    eve = members(day - timedelta(days=1))
    assert before in eve
    assert after not in eve
    assert before not in members(day)
    assert after in members(day)


def test_two_germanies_held_two_seats_between_1973_and_1990():
    assert {260, 265} <= set(members(date(1980, 1, 1)))
    assert not {255, 260, 265} & set(members(date(1973, 9, 17)))


def test_belarus_ukraine_india_and_the_philippines_sat_before_they_were_states_of_the_system():
    assert {369, 370, 750, 840} <= set(members(date(1945, 12, 31)))


def test_yugoslavia_had_no_seat_between_1992_and_2000():
    assert [345 in members(day) for day in (date(1992, 9, 1), date(1995, 1, 1), date(2000, 11, 1))] == [
        True,
        False,
        True,
    ]


def test_no_state_holds_two_seats():
    frame = seats().sort("ccode", "start").with_columns(earlier=pl.col("end").shift().over("ccode"))
    assert frame.filter(pl.col("earlier") >= pl.col("start")).is_empty()
    assert frame.filter(pl.col("end").is_null()).height == 193
