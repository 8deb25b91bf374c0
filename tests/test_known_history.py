"""The starter pack against facts that anybody can look up: the brief must tell what is known to have happened."""

from __future__ import annotations

import itertools
from datetime import date
from typing import TYPE_CHECKING

import pytest

import amity

if TYPE_CHECKING:
    from pathlib import Path

    from amity.briefs.answer import Brief, Tie


@pytest.fixture(scope="module")
def khm_usa(tmp_path_factory: pytest.TempPathFactory) -> Brief:
    return amity.brief("KHM", "USA", shadow="CHN", home=tmp_path_factory.mktemp("empty"))


def spells(brief: Brief, kind: str) -> list[Tie]:
    return [tie for tie in brief.ties if tie.kind == kind]


def test_relations_were_severed_in_1965_and_interrupted_in_1975(khm_usa: Brief) -> None:
    told = [(tie.start.isoformat(), tie.end and tie.end.isoformat()) for tie in spells(khm_usa, "relations")]
    assert told == [("1950-07-11", "1965-05-03"), ("1969-07-02", "1975-04-12"), ("1994-05-17", None)]
    assert spells(khm_usa, "recognition")[0].start == date(1950, 2, 7)


def test_the_embassy_closed_on_12_april_1975_and_a_mission_opened_on_11_november_1991(khm_usa: Brief) -> None:
    posts = {
        (tie.level, tie.start.isoformat(), tie.end and tie.end.isoformat()) for tie in spells(khm_usa, "post")
    }
    assert ("embassy", "1969-08-16", "1975-04-12") in posts
    assert any(level == "mission" and start == "1991-11-11" for level, start, _ in posts)
    assert ("embassy", "1994-05-17", None) in posts


def test_nobody_was_chief_of_mission_from_april_1975_to_november_1991(khm_usa: Brief) -> None:
    closed, opened = date(1975, 4, 12), date(1991, 11, 11)
    assert not [t for t in spells(khm_usa, "envoy") if t.start < opened and (t.end is None or t.end > closed)]
    assert any(gap.start <= date(1975, 4, 13) and gap.end >= date(1991, 11, 10) for gap in khm_usa.gaps)


def test_the_envoy_appointed_in_july_1964_was_never_in_post(khm_usa: Brief) -> None:
    assert not [tie for tie in spells(khm_usa, "envoy") if tie.start.year == 1964]
    assert any(gap.start <= date(1964, 7, 9) <= gap.end for gap in khm_usa.gaps)


@pytest.mark.parametrize(
    ("year", "agreement"),
    [(1956, 0.77), (1967, 0.30), (1971, 0.78), (1975, 0.30), (2007, 0.14), (2011, 0.40), (2019, 0.17)],
)
def test_votes_agreed_as_published(khm_usa: Brief, year: int, agreement: float) -> None:
    point = next(point for point in khm_usa.agreement if point.year == year)
    assert point.value == pytest.approx(agreement, abs=0.01)
    assert point.low <= point.value <= point.high


def test_two_presidents_went_to_phnom_penh(khm_usa: Brief) -> None:
    went = {
        visit.date.isoformat()
        for visit in khm_usa.visits
        if visit.direction == "b to a" and visit.rank == "head of state"
    }
    assert {"2012-11-19", "2022-11-12"} <= went


def test_no_two_spells_of_relations_overlap_in_any_pair_with_the_united_states(tmp_path: Path) -> None:
    for name in ("Cuba", "Iran", "Germany", "Egypt", "Viet Nam", "Yemen", "Iraq", "Russia"):
        held = spells(amity.brief(name, "USA", home=tmp_path), "relations")
        exact = [tie for tie in held if tie.start_precision == "day" and tie.end_precision in (None, "day")]
        assert all(one.end and one.end <= other.start for one, other in itertools.pairwise(exact)), name


def test_a_pair_without_the_united_states_is_unknown_where_only_its_record_speaks(tmp_path: Path) -> None:
    brief = amity.brief("India", "Pakistan", shadow="China", home=tmp_path)
    assert brief.agreement
    assert not brief.ties
    assert not brief.visits
    assert {reach.table for reach in brief.reach} == {"votes"}, "no record speaks, so nothing is zero"


def test_a_state_that_is_no_more_has_its_brief(tmp_path: Path) -> None:
    brief = amity.brief("GDR", "USA", shadow="USSR", home=tmp_path)
    assert brief.question.a.ccode == 265
    assert spells(brief, "relations")[0].start == date(1974, 9, 4)
    assert max(point.year for point in brief.agreement) <= 1990


def test_china_at_the_united_nations_is_taipei_until_october_1971(tmp_path: Path) -> None:
    beijing = amity.brief("China", "USA", home=tmp_path).agreement
    taipei = amity.brief("Taiwan", "USA", home=tmp_path).agreement
    assert min(point.year for point in beijing) == 1971
    assert max(point.year for point in taipei) == 1971


def test_swapping_the_two_changes_the_side_and_nothing_else(khm_usa: Brief, tmp_path: Path) -> None:
    other = amity.brief("USA", "KHM", shadow="CHN", home=tmp_path)
    assert other.agreement == khm_usa.agreement
    assert other.ties == khm_usa.ties
    assert other.agreement_a_third == khm_usa.agreement_b_third
    flipped = {"a to b": "b to a", "b to a": "a to b"}
    assert [(v.date, v.who, flipped[v.direction]) for v in other.visits] == [
        (v.date, v.who, v.direction) for v in khm_usa.visits
    ]


def test_asking_for_fewer_years_shows_a_part_of_the_same(khm_usa: Brief, tmp_path: Path) -> None:
    part = amity.brief("KHM", "USA", shadow="CHN", start=1970, end=1979, home=tmp_path)
    assert part.agreement == tuple(point for point in khm_usa.agreement if 1970 <= point.year <= 1979)
    assert part.visits == tuple(visit for visit in khm_usa.visits if 1970 <= visit.date.year <= 1979)


def test_a_visit_is_the_first_on_record_however_few_years_are_asked_for(tmp_path: Path) -> None:
    late = amity.brief("KHM", "USA", start=1990, home=tmp_path)
    told = [turn.what for turn in late.turning_points if turn.sort == "visit"]
    assert any("Barack Obama to Cambodia, the first on record" in what for what in told)
    assert any("Hun Sen" in what and "the first in" in what for what in told)
    assert not any("Hun Sen" in what and "on record" in what for what in told)
    assert min(visit.date.year for visit in late.visits) >= 1990
