"""Turning points follow rules that a reader can check by hand."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from amity.briefs import turning
from amity.briefs.answer import Closeness, Question, TurningPoint
from tests.briefs.conftest import GAPS, TIES, VISITS, A, B, C

if TYPE_CHECKING:
    from amity.briefs.answer import Brief

ASKED = Question(A, B, C, 1946, 2024)
values = st.lists(st.floats(0, 1), min_size=6, max_size=25)


def told(turns: tuple[TurningPoint, ...]) -> dict[str, str]:
    return {turn.date.isoformat(): turn.what for turn in turns}


def series(shares: list[float], half: float = 0.03, n: int = 50) -> tuple[Closeness, ...]:
    return tuple(Closeness(1990 + at, v, v - half, v + half, n) for at, v in enumerate(shares))


def test_a_rupture_and_its_mending_are_dated_and_say_who_acted(brief: Brief) -> None:
    said = told(brief.turning_points)
    assert said["1965-05-03"] == "Diplomatic relations severed by Cambodia"
    assert said["1969-07-02"] == "Diplomatic relations reestablished"
    assert said["1952-06-24"] == "Post of the United States in Cambodia raised to embassy"


def test_a_post_that_was_raised_did_not_close(brief: Brief) -> None:
    assert not any("Legation" in turn.what and "raised" in turn.what for turn in brief.turning_points)


def test_an_empty_post_is_told_once_with_its_length(brief: Brief) -> None:
    said = told(brief.turning_points)["1975-04-13"]
    assert said == "The post of chief of mission falls empty, for 16 years (to 12 November 1991)"


def test_a_short_vacancy_is_no_turning_point() -> None:
    short = (replace(GAPS[0], months=11),)
    assert turning.turning_points(ASKED, (), short, (), ()) == ()


def test_only_first_visits_and_those_after_a_long_silence_are_told() -> None:
    later = replace(VISITS[0], date=date(2016, 2, 16), who="Prime Minister Hun Sen")
    turns = turning.turning_points(ASKED, (), (), (), (*VISITS, later))
    assert [turn.date.year for turn in turns] == [1953, 2012, 2016]
    assert turns[-1].what == "Visit of Prime Minister Hun Sen to the United States, the first in 63 years"


def test_years_that_were_not_asked_for_are_left_out() -> None:
    turns = turning.turning_points(replace(ASKED, start=1966, end=1970), TIES, (), (), ())
    assert [turn.date for turn in turns] == [date(1969, 7, 2)]


def test_a_fall_that_stays_is_found_in_its_year() -> None:
    turns = turning.turning_points(ASKED, (), (), series([0.8] * 6 + [0.3] * 6), ())
    assert [(turn.date.year, round(turn.size or 0, 2)) for turn in turns] == [(1996, -0.5)]


def test_a_change_within_the_intervals_is_no_turning_point() -> None:
    assert turning.turning_points(ASKED, (), (), series([0.8] * 6 + [0.6] * 6, half=0.3), ()) == ()


@given(values)
def test_a_vote_turning_point_is_large_sure_and_apart_from_others(shares: list[float]) -> None:
    points = series(shares)
    turns = turning.turning_points(ASKED, (), (), points, ())
    years = [turn.date.year for turn in turns]
    assert all(later - earlier >= turning.SPAN for earlier, later in itertools.pairwise(years))
    for turn in turns:
        before = [p.value for p in points if turn.date.year - 3 <= p.year < turn.date.year]
        after = [p.value for p in points if turn.date.year <= p.year < turn.date.year + 3]
        change = sum(after) / len(after) - sum(before) / len(before)
        assert abs(change - (turn.size or 0)) < 1e-9
        assert abs(change) >= turning.LEAST_CHANGE


@given(values)
def test_votes_read_backwards_turn_the_other_way(shares: list[float]) -> None:
    forward = {year: turning.shift(series(shares), year) for year in range(1990, 2016)}
    backward = series(shares[::-1])
    for year, move in forward.items():
        mirrored = turning.shift(backward, 1990 + len(shares) - (year - 1990))
        if move and mirrored:
            assert abs(move[0] + mirrored[0]) < 1e-9
