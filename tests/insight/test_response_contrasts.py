"""Kind acts beside hostile ones, and pressure with a rival power active and without."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from amity.engine.projecting import AHEAD, cases_of, eligible, match, project
from amity.errors import UsageError
from amity.insight import response, response_world
from amity.insight.response import ALL_HOSTILE, ALL_KIND, PRESSURE
from amity.insight.response_contrasts import contrast, rival_active, shown
from amity.insight.response_world import World, at
from tests.insight.response_worlds import drawn, opposed

if TYPE_CHECKING:
    from amity.engine.projecting import Projected
    from tests.insight.response_worlds import World as Simulated

PAIRS = pl.DataFrame(
    {"ccode1": [2, 2, 40], "ccode2": [40, 365, 365]}, schema={"ccode1": pl.Int16, "ccode2": pl.Int16}
)
"""The United States, Cuba and Russia."""
SEEN = pl.DataFrame(schema={"item": pl.String})


def path(of: Simulated) -> Projected:
    return project(of.panel, match(of.panel, cases_of(of.acts, of.known), eligible(of.acts, of.known)))


def test_sides_that_weigh_alike_are_seldom_told_apart_and_others_are() -> None:
    alike = [contrast([path(one)], [path(other)], 1, 1) for one, other in map(fair, range(12))]
    held = np.mean([(told.low <= 0) & (told.high >= 0) for told in alike])
    assert held > 0.88
    assert np.mean([told.chance < 0.05 for told in alike]) < 0.2
    one, other = opposed(3, 0.4, -0.8)
    told = contrast([path(one)], [path(other)], 1, 1)
    assert told.chance < 0.01
    assert told.high[0] < 0


def fair(seed: int) -> tuple[Simulated, Simulated]:
    return opposed(seed, 0.4, -0.4)


def test_a_side_less_itself_is_nothing() -> None:
    one = path(drawn(1))
    told = contrast([one], [one], -1, 1)
    assert np.abs(told.value).max() == 0
    assert np.abs(told.error).max() == 0
    assert np.isnan(told.chance)


def test_the_mean_of_a_class_and_itself_is_that_class() -> None:
    one, other = (path(each) for each in opposed(2, 0.4, -0.4))
    assert contrast([one, one], [other], 1, 1).error == pytest.approx(contrast([one], [other], 1, 1).error)


def test_what_is_hidden_of_one_side_is_unknown_of_both() -> None:
    one, other = (path(each) for each in opposed(2, 0.4, -0.4))
    told = contrast([shown(one, yearly=True)], [other], 1, 1)
    assert np.flatnonzero(np.isfinite(told.value)).tolist() == list(range(11, 24))
    assert np.isnan(shown(one, least=10**6).effect).all()


def contest_of(engaged: float, known: tuple[date, date] | None = (date(1946, 1, 1), date(2010, 12, 31))):
    months = at(date(2020, 12, 1)) + 1
    rivals = pl.DataFrame(
        [(2, 365, date(1945, 1, 1), date(1989, 12, 31)), (2, 365, date(2007, 1, 1), None)],
        schema=response_world.RIVALS,
        orient="row",
    )
    world = World(
        None, PAIRS, months, {"engagement": SEEN}, {}, PAIRS, np.zeros((3, months)), np.ones((3, months), bool), PAIRS,  # type: ignore[arg-type]
        rivals=rivals, rivals_known=known,
    )  # fmt: skip
    engagement = np.full((3, months), -1.0)
    engagement[2] = engaged
    world.states["engagement", ()] = engagement
    return world


@pytest.mark.parametrize(
    ("series", "year", "engaged", "state"),
    [
        (0, 1962, 1.0, 1),  # by the United States towards Cuba
        (0, 1962, -0.5, 0),
        (0, 2000, 1.0, -1),  # no rivalry then
        (0, 2008, 1.0, 1),
        (0, 2012, 1.0, -1),  # nobody tells of rivalries any more
        (3, 1962, 1.0, -1),  # by Cuba, which has no rival power here
        (1, 1962, 1.0, -1),  # towards the rival itself
    ],
)
def test_a_rival_power_is_active_where_it_has_much_to_do_with_the_other_side(
    series: int, year: int, engaged: float, state: int
) -> None:
    pair, side = np.tile(np.arange(3), 2), np.repeat([1, -1], 3)
    cases = np.array([series]), np.array([at(date(year, 6, 1))])
    assert rival_active(contest_of(engaged), pair, side, cases).tolist() == [state]


def test_without_a_list_of_rivalries_nobody_is_known_to_have_a_rival() -> None:
    pair, side = np.tile(np.arange(3), 2), np.repeat([1, -1], 3)
    cases = np.array([0]), np.array([at(date(1962, 6, 1))])
    assert rival_active(contest_of(1.0, None), pair, side, cases).tolist() == [-1]


def test_a_rival_is_a_power_while_both_lists_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    told = pl.DataFrame(
        [
            (2, 365, date(1945, 1, 1), date(1989, 12, 31)),
            (2, 710, date(1949, 1, 1), None),
            (40, 2, date(1959, 1, 1), None),
        ],
        schema={"ccode_from": pl.Int16, "ccode_to": pl.Int16, "start": pl.Date, "end": pl.Date},
        orient="row",
    )
    majors = pl.DataFrame(
        [(2, date(1898, 1, 1), date(2016, 12, 31)), (710, date(1950, 1, 1), date(1980, 12, 31))],
        schema={"line": pl.Int16, "start": pl.Date, "end": pl.Date},
        orient="row",
    )
    monkeypatch.setattr(response_world.evidence, "ties_of", lambda *_: told)
    rows = response_world._rivals(None, majors)  # type: ignore[arg-type]
    assert rows.rows() == [
        (2, 710, date(1950, 1, 1), date(1980, 12, 31)),
        (40, 2, date(1959, 1, 1), None),
        (365, 2, date(1945, 1, 1), date(1989, 12, 31)),
        (710, 2, date(1949, 1, 1), None),
    ]


def test_the_record_that_ships_sets_sides_beside_each_other() -> None:
    for dimension in response.DIMENSIONS:
        both = response.asymmetry(ALL_KIND, ALL_HOSTILE, dimension)
        known = [n for n, total in enumerate(both.total) if total is not None]
        assert known
        assert all(both.low[n] < both.total[n] < both.high[n] for n in known)
        every = response.contest(PRESSURE, dimension)
        classes = [response.contest(name, dimension) for name in ("threat", "sanction imposed", "aid cut")]
        assert every.active_cases == sum(one.active_cases for one in classes)
        at_year = AHEAD.index(12)
        assert every.gap[at_year] == pytest.approx(np.mean([one.gap[at_year] for one in classes]), abs=1e-3)


def test_what_was_not_set_beside_each_other_is_refused() -> None:
    with pytest.raises(UsageError, match="tea"):
        response.asymmetry("tea", "threat")
    with pytest.raises(UsageError, match="tea"):
        response.contest("tea")


def test_a_record_from_before_contests_is_still_read() -> None:
    told = response.from_text('{"responses": [], "asymmetries": [], "learned_from": "acts", "seed": 1}')
    assert told.contests == ()
