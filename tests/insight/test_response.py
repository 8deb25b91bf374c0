"""Which rows are acts, and the record of what followed them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from amity.dimensions.observed import pairs_of
from amity.errors import UsageError
from amity.insight import response, response_acts, response_learning, response_world
from amity.insight.response import DIMENSIONS, HORIZONS, OUTCOMES
from amity.insight.response_acts import CLASSES, named
from amity.insight.response_world import World, at, laid

if TYPE_CHECKING:
    from collections.abc import Sequence

PAIRS = pairs_of().head(60)
POWER = pl.DataFrame(
    {"line": [2, 811], "year": [2000, 2000], "share": [0.2, 0.001]}, schema_overrides={"line": pl.Int16}
)
NOBODY = pl.DataFrame(schema={"line_from": pl.Int16, "line_to": pl.Int16, "start": pl.Date, "end": pl.Date})


def of_ties(monkeypatch: pytest.MonkeyPatch, name: str, rows: Sequence[dict[str, object]]) -> pl.DataFrame:
    blank = {
        "start": date(1990, 5, 9), "start_precision": "day", "began": "imposed", "end": None, "end_precision": None,
        "ended": None, "ccode_from": 2, "ccode_to": 811, "kind": "", "level": None, "source": "list",
    }  # fmt: skip
    frame = pl.DataFrame(
        [blank | row for row in rows],
        schema_overrides={
            "ccode_from": pl.Int16, "ccode_to": pl.Int16, "end": pl.Date, "end_precision": pl.String,
            "ended": pl.String, "level": pl.String,
        },
    )  # fmt: skip
    monkeypatch.setattr(response_acts.evidence, "ties_of", lambda _, __: frame)
    told = response_acts.acts(None, named(name), pairs_of(), POWER)  # type: ignore[arg-type]
    return told.sort("month")


def test_a_sanction_is_lifted_when_somebody_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = ["target yielded", "no end on record", "left the European Union"]
    rows = [
        {"end": date(1995, n + 1, 3), "end_precision": "day", "ended": ended} for n, ended in enumerate(ends)
    ]
    told = of_ties(monkeypatch, "sanction lifted", rows)
    assert told.select("side", "month", "dated").rows() == [(1, date(1995, 1, 1), True)]


def test_an_act_of_an_unknown_day_stands_in_the_first_month_of_its_year(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = of_ties(
        monkeypatch, "sanction imposed", [{"start_precision": "year"}, {"began": "joined the European Union"}]
    )
    assert told.select("month", "dated").rows() == [(date(1990, 1, 1), False)]


def test_relations_are_severed_by_somebody_and_restored_after(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        {
            "began": "established",
            "end": date(1965, 5, 3),
            "end_precision": "day",
            "ended": "severed by the other side",
        },
        {
            "began": "resumed",
            "start": date(1969, 7, 2),
            "end": date(1975, 4, 1),
            "end_precision": "day",
            "ended": "state ended",
        },
    ]
    assert of_ties(monkeypatch, "relations severed", rows)["month"].to_list() == [date(1965, 5, 1)]
    assert of_ties(monkeypatch, "relations restored", rows)["month"].to_list() == [date(1969, 7, 1)]


def of_figures(monkeypatch: pytest.MonkeyPatch, name: str, values: dict[int, float]) -> list[int]:
    frame = pl.DataFrame(
        [
            {
                "start": date(year, 1, 1),
                "end": date(year, 12, 31),
                "ccode_from": 2,
                "ccode_to": 811,
                "value": v,
                "source": "s",
            }
            for year, v in values.items()
        ],
        schema_overrides={"ccode_from": pl.Int16, "ccode_to": pl.Int16},
    )
    monkeypatch.setattr(response_acts.evidence, "figures", lambda *_: frame)
    told = response_acts.acts(None, named(name), pairs_of().filter(ccode2=811), POWER)  # type: ignore[arg-type]
    return told["month"].dt.year().sort().to_list()


def test_aid_is_pledged_and_cut_by_half(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {2000: 10e6, 2001: 16e6, 2002: 14e6, 2003: 7e6, 2005: 8e6, 2006: 8e6}
    assert of_figures(monkeypatch, "aid pledged", values) == [2001, 2005]
    assert of_figures(monkeypatch, "aid cut", values) == [
        2003,
        2004,
    ]  # a covered year without a row is one of none


def test_small_sums_are_no_pledge(monkeypatch: pytest.MonkeyPatch) -> None:
    assert of_figures(monkeypatch, "aid pledged", {2000: 1e5, 2001: 9e5}) == []


def test_arms_are_an_act_after_a_year_without(monkeypatch: pytest.MonkeyPatch) -> None:
    assert of_figures(monkeypatch, "arms", {2000: 5.0, 2001: 5.0, 2003: 1.0, 2004: 2.0}) == [2003]


def test_a_visit_goes_up_to_the_stronger(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        {
            "date": date(2000, 3, n),
            "precision": "day",
            "ccode_from": a,
            "ccode_to": b,
            "rank": "head of state",
            "source": "s",
        }
        for n, (a, b) in enumerate([(811, 2), (2, 811)], 1)
    ]
    frame = pl.DataFrame(rows, schema_overrides={"ccode_from": pl.Int16, "ccode_to": pl.Int16})
    monkeypatch.setattr(response_acts.evidence, "visits", lambda *_: frame)
    pair = pairs_of().filter(ccode1=2, ccode2=811)
    for way, side in (("up", -1), ("down", 1)):
        told = response_acts.acts(None, named(f"visit {way}"), pair, POWER)  # type: ignore[arg-type]
        assert told["side"].to_list() == [side]


def made_up(seed: int, effect: float, name: str = "threat") -> World:
    """A world of 60 pairs in which one class of acts moves tone for good."""
    rng, months = np.random.default_rng(seed), 500
    pairs, zero = PAIRS.height, np.zeros((PAIRS.height, 500))
    y = np.zeros((pairs, months))
    done = rng.random((pairs, months)) < 0.006
    for t in range(1, months):
        y[:, t] = 0.97 * y[:, t - 1] + rng.normal(0, 0.2, pairs)
    y += effect * done.cumsum(1)
    rows = [
        (*PAIRS.row(n), 1, date(1946 + t // 12, t % 12 + 1, 1), True, "list")
        for n, t in zip(*np.nonzero(done), strict=True)
    ]
    schema = {**response_acts.ROWS, "source": pl.String}
    empty = pl.DataFrame(schema=schema)
    told = {one.name: empty for one in CLASSES} | {name: pl.DataFrame(rows, schema=schema, orient="row")}
    seen = pl.DataFrame(schema={"item": pl.String})
    majors = pl.DataFrame(schema={"line": pl.Int16, "start": pl.Date, "end": pl.Date})
    world = World(
        None, PAIRS, months, dict.fromkeys(DIMENSIONS, seen), told, POWER, zero + rng.normal(size=(pairs, 1)),  # type: ignore[arg-type]
        np.ones((pairs, months), bool), majors,
    )  # fmt: skip
    world.states.update({("tone", ()): y, ("engagement", ()): rng.normal(size=(pairs, 1)) + zero})
    return world


@pytest.fixture
def everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sources speak of all states and years of every class that has acts."""
    said = pl.DataFrame(
        [(None, None, date(1946, 1, 1), date(1987, 8, 31))], schema=NOBODY.schema, orient="row"
    )
    monkeypatch.setattr(response_world, "spoken", lambda _, __, told: NOBODY if told.is_empty() else said)
    monkeypatch.setattr(
        response_world, "_in_force", lambda of, _: np.zeros((2 * PAIRS.height, of.months), bool)
    )


@pytest.mark.usefixtures("everywhere")
def test_what_followed_is_found_in_a_made_up_world_and_kept_as_it_was() -> None:
    told = response_learning.learn(made_up(3, -0.6), 7, runs=10)
    found = told.of("threat", "tone")
    assert found is not None
    assert found.n > 50
    assert found.low[11] < -0.6 < found.high[11] < 0
    assert found.placebo is not None
    assert found.placebo < 0.2
    nothing = told.of("praise", "tone")
    assert nothing is not None
    assert (nothing.n, nothing.effect, nothing.pretrend) == (0, (None,) * 24, None)
    assert response.from_text(response_learning.to_text(told)) == told


@pytest.mark.usefixtures("everywhere")
def test_the_same_seed_finds_the_same() -> None:
    first, again = (response_learning.learn(made_up(3, -0.6), 7, runs=2) for _ in range(2))
    assert first == again


@pytest.mark.usefixtures("everywhere")
def test_a_year_with_an_act_of_an_unknown_day_is_unknown_not_quiet() -> None:
    world = made_up(1, 0.0)
    row = world.told["threat"].head(1).with_columns(month=pl.lit(date(1980, 1, 1)), dated=pl.lit(False))
    world.told["threat"] = row
    put = laid(world, named("threat"))  # type: ignore[arg-type]
    assert put.acts.sum() == 0
    known = put.known[0, at(date(1979, 12, 1)) : at(date(1981, 1, 1)) + 1]
    assert known.tolist() == [True, *[False] * 12, True]


def test_the_record_that_ships_has_every_class_and_says_what_it_rests_on() -> None:
    told = response.read()
    assert {(one.name, one.dimension) for one in told.responses} == {
        (one.name, outcome) for one in CLASSES for outcome in OUTCOMES
    }
    assert told.learned_from
    for one in told.responses:
        assert len(one.effect) == len(one.cases) == len(HORIZONS)
        known = [n for n, effect in enumerate(one.effect) if effect is not None]
        assert all(one.low[n] <= one.effect[n] <= one.high[n] for n in known)
        assert bool(known) <= (one.n > 0)
    assert "/" not in json.dumps(told.learned_from)


def test_a_drift_that_dates_without_an_act_share_is_told_as_a_doubt() -> None:
    one = replace(
        response.ask("sanction imposed"),
        effect=(-0.2,) * 24,
        low=(-0.3,) * 24,
        high=(-0.1,) * 24,
        pretrend=0.5,
    )
    drifts = {
        share: replace(one, placebo=0.05, placebo_effect=(-0.2 * share,) * 24)
        for share in (-1.0, 0.0, 0.4, 0.6)
    }
    assert {share for share, told in drifts.items() if told.doubts} == {0.6}
    assert drifts[0.6].drifted == (6, 12, 24)
    unsure = replace(drifts[0.6], high=(0.1,) * 24)
    assert unsure.drifted == ()


def test_an_unknown_class_is_refused() -> None:
    with pytest.raises(UsageError, match="tea"):
        response.ask("tea")
