"""Where the states stand: told alike in every form, and as certain only where it is."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from math import asin, pi
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity import evidence
from amity.briefs import gather, limits, standing, standpoint
from amity.briefs.ask import ask
from amity.briefs.charts.standing import numbered
from amity.briefs.charts.standing import standing as chart
from amity.briefs.html import html
from amity.briefs.markdown import markdown
from amity.briefs.points import Nearer, Point
from amity.briefs.terminal import UNKNOWN, text
from amity.briefs.write import rendered
from amity.measures import NINETY, kept_points
from amity.measures.ideal_points import POINTS, IdealPoints
from amity.scaling.covariance import Spread
from amity.settings import STARTER_PACK
from amity.states import by_ccode
from amity.store import computed, open_store
from tests.briefs.conftest import STANDING, points

if TYPE_CHECKING:
    from amity.briefs.answer import Brief
    from amity.store import Store

# Every form


def test_every_form_tells_distances_movements_and_what_divided_the_two(stood: Brief) -> None:
    for form in ("html", "md", "txt"):
        said = " ".join(rendered(stood, form).split())
        for sentence in (
            "Cambodia stood closer to China than the United States did, in the UN votes of 2024–25",
            "Cambodia and the United States stood 4.60 apart (4.21 to 4.99)",
            "Cambodia moved up by 0.55 (0.09 to 1.02), China moved down by 0.35 (0.07 to 0.63)",
            "13 of 20 roll calls of 2024 divided Cambodia and the United States, 1 of them yes against no",
        ):
            assert sentence in said, form
        assert "A/RES/79/1" in said


def test_what_is_not_certain_is_never_told_as_a_distance_or_a_movement(stood: Brief) -> None:
    shown = standpoint.standpoint(stood)
    assert shown
    apart, moved = shown.said
    assert "no distance is certain between Cambodia and China (difference −0.35 to 0.25)" in apart
    assert "no movement of the United States (−0.23 to 0.96) is certain" in moved
    assert "0.05" not in apart
    assert "0.37" not in moved


def test_who_is_closer_is_left_open_where_the_interval_spans_zero(stood: Brief) -> None:
    open_ = replace(stood, standing=replace(STANDING, nearer=Nearer(None, 0.31)))
    shown = standpoint.standpoint(open_)
    assert shown
    assert "closer" not in shown.title
    assert "4.6 standard deviations apart" in shown.title
    assert (
        "Which of the two stood closer to China is undecided: the United States with a probability of 0.69."
        in shown.said
    )


def test_two_that_cannot_be_told_apart_are_not_given_a_distance_in_the_title(stood: Brief) -> None:
    one = replace(STANDING.apart[0], value=0.1, low=-0.2, high=0.4, certain=False)
    shown = standpoint.standpoint(replace(stood, standing=replace(STANDING, apart=(one,), nearer=None)))
    assert shown
    assert shown.title == "Cambodia and the United States could not be told apart in the UN votes of 2024–25"


def test_states_that_never_sat_together_are_said_not_to_have(stood: Brief) -> None:
    never = replace(STANDING, session=None, apart=(), moved=(), nearer=None, divided=(), shared=0)
    shown = standpoint.standpoint(replace(stood, standing=never))
    assert shown
    assert "never voted in the same session" in shown.title
    assert shown.said == ()
    assert "never voted in the same session" in html(replace(stood, standing=never))


def test_a_year_in_which_the_two_voted_alike_says_so(stood: Brief) -> None:
    alike = replace(stood, standing=replace(STANDING, divided=()))
    assert "they voted alike in all 20" in " ".join(text(alike).split())
    assert "they voted alike in all 20" in html(alike)


def test_json_holds_every_point_and_the_whole_list(stood: Brief) -> None:
    told = json.loads(rendered(stood, "json"))["standing"]
    assert len(told["divided"]) == 13
    assert told["third"][0]["holder"] == "the Republic of China (Taiwan)"
    assert told["apart"][1]["certain"] is False
    assert told["divided"][1]["chance"] is None, "unknown, not nought"


def test_the_measures_works_and_limits_stand_at_the_foot(stood: Brief) -> None:
    for form in ("html", "md"):
        assert "On the line between states" in rendered(stood, form)
    assert any("slide together" in limit for limit in limits.limits(stood))
    assert not any("slide together" in limit for limit in limits.limits(replace(stood, standing=None)))


def test_a_brief_without_points_does_not_speak_of_them(brief: Brief) -> None:
    for form in ("html", "md", "txt"):
        assert "standard deviations" not in rendered(brief, form)


def test_a_title_is_text_and_one_that_was_cut_says_so(stood: Brief) -> None:
    page = html(stood)
    assert "Rivers &amp; &lt;lakes&gt;" in page
    assert f"{'t' * 160}…" in page
    assert "Rivers & <lakes>" in markdown(stood)


def test_the_page_shows_ten_roll_calls_and_folds_the_others(stood: Brief) -> None:
    shown = standpoint.standpoint(stood)
    assert shown
    assert (len(shown.divided), len(shown.rest)) == (10, 3)
    assert "The other 3 that divided them" in html(stood)
    assert "And 3 more" in markdown(stood)


def test_in_the_terminal_only_a_states_own_sessions_have_a_height(stood: Brief) -> None:
    lines = text(stood, 96).splitlines()
    assert "yes against no (KHM / USA / CHN)" in " ".join(lines), "whose votes these are"
    line = next(line for line in lines if line.startswith("CHN "))
    years = dict(zip(range(1946, 2025), line[11:], strict=True))
    assert years[1960] == UNKNOWN, "another government held the seat"
    assert years[1972] == "▁"
    assert next(line for line in lines if line.startswith("USA "))[-1] == "█"


def test_the_terminal_keeps_to_its_width_with_points(stood: Brief) -> None:
    for width in (60, 80, 96, 120):
        assert max(map(len, text(stood, width).splitlines())) <= width


# The chart


def test_a_line_breaks_where_a_session_is_missing_and_where_the_code_changes() -> None:
    own = (*points(44, [1.0, 1.1], 260), *points(46, [1.2, None, 1.3, 1.4], 255))
    assert numbered(own) == [0, 0, 1, 2, 2]


def test_chinas_seat_before_1971_is_a_line_of_its_own(stood: Brief) -> None:
    strokes = [
        layer for layer in every_layer(chart(stood, STANDING)) if "strokeDash" in layer.get("mark", {})
    ]
    dashed = [
        mark for one in strokes if one["mark"]["strokeDash"] == [4, 4] for mark in one["data"]["values"]
    ]
    solid = [mark for one in strokes if one["mark"]["strokeDash"] == [1, 0] for mark in one["data"]["values"]]
    assert [mark["t"][:4] for mark in dashed] == [str(year) for year in range(1946, 1972)]
    assert all("CHN’s seat, held by the Republic of China" in mark["says"] for mark in dashed)
    runs = {mark["run"] for mark in solid if mark["name"] == "CHN"}
    assert runs.isdisjoint({mark["run"] for mark in dashed})
    shown = standpoint.standpoint(stood)
    assert shown
    assert "Dashed: the seat of China while the Republic of China (Taiwan) held it, to 1971" in shown.caption


def test_a_code_that_changes_is_told(stood: Brief) -> None:
    own = (*points(44, [1.0, 1.1], 260), *points(46, [1.2], 255))
    shown = standpoint.standpoint(replace(stood, standing=replace(STANDING, a=own)))
    assert shown
    assert "begins anew in 1991–92, as the record gives another code to it (255 after 260)" in shown.caption


def test_names_of_lines_that_end_together_stand_apart(stood: Brief) -> None:
    own = points(79, [0.5], 811)
    spec = chart(stood, replace(STANDING, a=own, b=own, third=own))
    at = sorted(
        layer["data"]["values"][0]["value"]
        for layer in every_layer(spec)
        if isinstance(layer.get("mark"), dict) and layer["mark"]["type"] == "text"
    )
    scale = next(
        layer["encoding"]["y"]["scale"] for layer in every_layer(spec) if "y2" in layer.get("encoding", {})
    )
    pixels = spec["height"] / (scale["domain"][1] - scale["domain"][0])
    assert len(at) == 3
    assert min(np.diff(at)) * pixels >= 14


def every_layer(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [spec, *(deeper for layer in spec.get("layer", ()) for deeper in every_layer(layer))]


# What is certain


@given(st.floats(-0.95, 0.95))
def test_without_a_difference_the_chance_of_different_signs_is_the_known_one(rho: float) -> None:
    known = 0.5 - asin(rho) / pi
    assert standing.differ_in_sign(0, 0, 1, 1, rho) == pytest.approx(known, abs=2e-3)


@given(st.floats(-4, 4), st.floats(-4, 4), st.floats(-0.95, 0.95))
def test_turning_the_line_round_changes_no_chance(one: float, other: float, rho: float) -> None:
    chance = standing.differ_in_sign(one, other, 1, 2, rho)
    assert 0 <= chance <= 1 + 1e-9
    assert standing.differ_in_sign(-one, -other, 1, 2, rho) == pytest.approx(chance, abs=1e-6)
    assert standing.differ_in_sign(other, one, 2, 1, rho) == pytest.approx(chance, abs=4e-3)


@pytest.mark.parametrize("theta", [(-0.3, 4.2, -0.2), (0.0, 0.1, -0.2), (0.5, -0.4, 0.1), (1.0, 1.6, 1.2)])
def test_who_is_closer_agrees_with_many_draws(theta: tuple[float, float, float]) -> None:
    whole = scaled({(811, 79): theta[0], (2, 79): theta[1], (710, 79): theta[2]}, variance=0.04)
    seats = {side: whole.seat(ccode, 79) for side, ccode in (("a", 811), ("b", 2), ("third", 710))}
    told = standing.nearer(whole, seats)  # type: ignore[arg-type]
    assert told
    order = list(seats.values())
    draws = np.random.default_rng(4).multivariate_normal(
        whole.spread.theta[order], whole.spread.covariance(order), 200_000
    )
    far = np.abs(draws[:, :2] - draws[:, 2:])
    share = float((far[:, 0] < far[:, 1]).mean())
    assert told.chance_a == pytest.approx(share, abs=0.005)
    low, high = np.quantile(far[:, 0] - far[:, 1], [0.05, 0.95])
    assert (told.side is None) == (low < 0 < high)


def test_without_a_third_in_the_session_nobody_is_closer() -> None:
    whole = scaled({(811, 79): 0.0, (2, 79): 4.0})
    assert standing.nearer(whole, {"a": 0, "b": 1}) is None


# From points to the record


def scaled(points_: dict[tuple[int, int], float], variance: float = 0.01) -> IdealPoints:
    """Points by state and session, each with its own variance, and what a session shares."""
    keys = sorted(points_)
    theta = np.array([points_[key] for key in keys])
    codes, sessions = (np.array([key[at] for key in keys]) for at in (0, 1))
    _, chain = np.unique(codes, return_inverse=True)
    which, session_at = np.unique(sessions, return_inverse=True)
    common = np.diag([0.02] * len(which) + [0.001] * len(which))
    spread = Spread(np.full(len(keys), variance), np.full(len(keys), 0.5), theta, session_at, chain, common)
    sd = np.sqrt(spread.variance())
    columns = (
        codes,
        sessions,
        sessions + 1945,
        np.full(len(keys), 80),
        theta,
        sd,
        theta - NINETY * sd,
        theta + NINETY * sd,
    )
    frame = pl.DataFrame(dict(zip(POINTS, columns, strict=True))).cast(dict(POINTS.items()))  # type: ignore[arg-type]
    items = pl.DataFrame(
        {"linked": ["A/RES/79/140"], "n": [180], "beta": [1.0], "cut_yes": [1.0], "cut_no": [2.0]}
    )
    return IdealPoints(frame, items, spread)


def asked(*codes: int, start: int = 1946, end: int = 2025) -> gather.Asked:
    a, b, *third = (by_ccode(code) for code in codes)
    return gather.Asked(a, b, third[0] if third else None, start, end)


def codes_of(own: tuple[Point, ...]) -> list[tuple[int, int, str | None]]:
    return [(point.session, point.ccode, point.holder) for point in own]


def test_germany_is_one_line_of_two_codes_and_its_movement_crosses_them() -> None:
    whole = scaled({(260, 44): 1.9, (260, 45): 1.8, (255, 46): 1.2, (2, 45): 3.0, (2, 46): 3.1})
    who = asked(255, 2, end=1991)
    assert codes_of(standing.points(whole, who, by_ccode(255))) == [
        (44, 260, None),
        (45, 260, None),
        (46, 255, None),
    ]
    german, _ = standing.moved(whole, who, 46, {"a": whole.seat(255, 46), "b": whole.seat(2, 46)})
    assert (german.session1, german.session2) == (44, 46)
    assert german.value == pytest.approx(-0.7)
    own = 2 * 0.01 + 2 * 0.02 + 0.001 * (1.2**2 + 1.9**2)
    assert german.sd == pytest.approx(own**0.5), "two codes hand no error on to each other"


def test_a_movement_is_certain_where_its_interval_excludes_zero_and_only_there() -> None:
    for step, certain in ((0.3, False), (0.9, True)):
        whole = scaled({(811, 69): 0.0, (811, 79): step, (2, 79): 4.0})
        one = standing.moved(whole, asked(811, 2), 79, {"a": whole.seat(811, 79)})[0]
        assert one.certain is certain
        assert (one.low > 0) is certain


def test_a_movement_of_more_than_ten_sessions_is_not_told() -> None:
    whole = scaled({(811, 68): 0.0, (811, 79): 2.0, (2, 79): 4.0})
    assert standing.moved(whole, asked(811, 2), 79, {"a": whole.seat(811, 79)}) == ()


def test_chinas_seat_has_an_earlier_holder_unless_that_is_asked_about_too() -> None:
    whole = scaled({(713, 25): 0.6, (713, 26): 0.7, (710, 26): -1.0, (710, 27): -0.8, (2, 26): 1.5})
    own = standing.points(whole, asked(2, 710), by_ccode(710))
    holder = "the Republic of China (Taiwan)"
    assert codes_of(own) == [(25, 713, holder), (26, 713, holder), (26, 710, None), (27, 710, None)]
    assert codes_of(standing.points(whole, asked(713, 710), by_ccode(710))) == [
        (26, 710, None),
        (27, 710, None),
    ]


def test_the_earlier_holders_sessions_are_none_of_the_states_own() -> None:
    whole = scaled({(713, 25): 0.6, (2, 25): 1.5})
    who = asked(2, 710)
    own = {side: standing.points(whole, who, party) for side, party in standing.sides(who).items()}
    assert standing.latest(own, standing.sides(who)) is None


@given(st.floats(-3, 3), st.floats(-4, 4), st.floats(-4, 4), st.floats(0, 4))
def test_the_chances_of_a_vote_add_up(beta: float, theta: float, cut: float, room: float) -> None:
    shares = standing.vote_chances({"beta": beta, "cut_yes": cut, "cut_no": cut + room}, theta)
    assert sum(shares) == pytest.approx(1)
    assert min(shares) >= 0
    assert standing.vote_chances({"beta": beta, "cut_yes": None, "cut_no": cut}, theta)[0] == 0


# On the votes of the starter pack


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The starter pack with points of our own making kept over it."""
    store = open_store(tmp_path_factory.mktemp("kept"), (STARTER_PACK,))
    seats = {
        (code, session): at for code, at in ((811, -0.4), (2, 4.0), (710, -0.5)) for session in range(60, 81)
    }
    for name, table in kept_points.tables(scaled(seats)).items():
        computed.keep(store, name, kept_points.made_from(store), table)
    return store


def test_yes_against_no_comes_first_and_then_what_the_points_make_likelier(held: Store) -> None:
    told = ask(held, "KHM", "USA", third="CHN").standing
    assert told
    assert told.session == 80
    assert [one.opposed for one in told.divided] == sorted(
        (one.opposed for one in told.divided), reverse=True
    )
    for opposed in (True, False):
        chances = [one.chance or 0.0 for one in told.divided if one.opposed is opposed]
        assert chances == sorted(chances, reverse=True)
    assert all({one.vote_a, one.vote_b} == {"yes", "no"} for one in told.divided if one.opposed)
    assert all("abstain" in (one.vote_a, one.vote_b) for one in told.divided if not one.opposed)


def test_what_divided_the_two_is_every_roll_call_of_the_year_on_which_they_differ(held: Store) -> None:
    brief = ask(held, "KHM", "USA", third="CHN", end=2024)
    told = brief.standing
    assert told
    assert told.year == 2024
    rolls = [one for one in brief.roll_calls if one.year == 2024]
    assert told.shared == len(rolls)
    assert {one.item for one in told.divided} == {one.item for one in rolls if one.vote_a != one.vote_b}
    scaled_ = [one for one in told.divided if one.item == "A/RES/79/140"]
    assert all(one.chance is not None for one in scaled_)
    assert all(one.chance is None for one in told.divided if one.item != "A/RES/79/140")


def test_a_year_that_is_asked_for_is_the_one_whose_roll_calls_are_listed(held: Store) -> None:
    who = replace(asked(811, 2), year=2007)
    with evidence.open_evidence(held) as ev:
        told = standing.standing(ev, who, gather.voting(ev, who))
    assert told
    assert told.year == 2007
    assert {one.date.year for one in told.divided} == {2007}
    assert len({one.item for one in told.divided}) == len(told.divided) <= told.shared


def test_the_years_asked_for_bound_the_points_and_the_latest_session(held: Store) -> None:
    told = ask(held, "KHM", "USA", start=2008, end=2015).standing
    assert told
    assert [point.year for point in told.a] == list(range(2008, 2016))
    assert told.session == 70
    assert [(one.session1, one.session2) for one in told.moved] == [(63, 70), (63, 70)]


def test_states_without_a_point_have_no_section(held: Store) -> None:
    assert ask(held, "IND", "PAK").standing is None


def test_kept_points_are_read_without_the_engine_that_fits_them(held: Store) -> None:
    script = (
        "import sys; from pathlib import Path; from amity.store import open_store; from amity.briefs.ask import ask;"
        "store = open_store(Path(sys.argv[1]), (Path(sys.argv[2]),));"
        "assert ask(store, 'KHM', 'USA').standing; assert 'amity.scaling.fitting' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(held.root), str(STARTER_PACK)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def test_nothing_is_scaled_where_points_are_kept(held: Store) -> None:
    said: list[str] = []
    assert ask(held, "KHM", "USA", made=lambda: said.append("scaled")).standing
    assert said == []
