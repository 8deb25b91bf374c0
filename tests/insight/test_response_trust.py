"""Trust after acts: what a surge is, what trust is read from, and whether what follows is found."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from amity.dimensions.observed import pairs_of
from amity.engine.projecting import match, project
from amity.insight import response_trust, trust
from amity.insight.response_acts import named
from amity.insight.response_trust import News, compared, surges, trust_of
from amity.insight.response_world import World, at

PAIRS = pairs_of().head(200)
MONTHS = at(date(2015, 12, 1)) + 1
COVERED = slice(at(date(2014, 1, 1)), at(date(2014, 12, 1)) + 1)


def world() -> World:
    shape = (PAIRS.height, MONTHS)
    nothing = pl.DataFrame()
    return World(
        None, PAIRS, MONTHS, {}, {}, nothing, np.zeros(shape), np.ones(shape, bool), nothing  # type: ignore[arg-type]
    )  # fmt: skip


def news(rows: list[tuple[date, int, int, str, int]]) -> News:
    acts = pl.DataFrame(
        rows,
        schema={
            "date": pl.Date,
            "ccode_from": pl.Int16,
            "ccode_to": pl.Int16,
            "root": pl.String,
            "quad": pl.Int8,
        },
        orient="row",
    )
    covered = np.zeros(MONTHS, bool)
    covered[COVERED] = True
    return News(response_trust._placed(acts, world()), covered, "wire", trust.records()["all"])


def year_of_news(seed: int, harm: float) -> News:
    """A year in which 200 pairs meet and fight; for five months after a surge of accusations who accused fights more.

    `harm` is by how much the share of hostile acts rises.
    """
    rng = np.random.default_rng(seed)
    rows: list[tuple[date, int, int, str, int]] = []
    for a, b in PAIRS.iter_rows():
        for one, other in ((a, b), (b, a)):
            usual, until = rng.beta(1, 8), -1
            for month in range(12):
                first = date(2014, month + 1, 1)
                if rng.random() < 0.04:
                    until = month + 5
                    rows += [(first + timedelta(n), one, other, "11", 3) for n in range(4)]
                share = usual + harm * (month <= until)
                for day in rng.integers(5, 28, rng.poisson(6)):
                    hostile = rng.random() < share
                    rows.append(
                        (first + timedelta(int(day)), one, other, *(("12", 3) if hostile else ("03", 1)))
                    )
    return news(rows)


def after_accusations(told: News) -> tuple[float, float, int]:
    part = compared(world(), told, named("accusation"))  # type: ignore[arg-type]
    found = project(part.panel, match(part.panel, part.cases, part.free), (4,))
    return float(found.effect[0]), float(found.error[0]), int(found.cases[0])


def test_steady_news_is_no_surge_and_a_burst_after_quiet_is_one() -> None:
    steady = np.full((1, 12), 5)
    burst = np.zeros((1, 12), np.int64)
    burst[0, 6] = 2
    assert not surges(steady)[:, 3:].any()
    assert np.flatnonzero(surges(burst)).tolist() == [6]
    assert not surges(burst // 2).any()


def test_nothing_is_a_surge_where_nobody_knows_what_came_before() -> None:
    a, b = PAIRS.row(0)
    told = news([(date(2014, month, day), a, b, "11", 3) for month in (1, 6) for day in (2, 3, 4)])
    part = compared(world(), told, named("accusation"))  # type: ignore[arg-type]
    assert np.argwhere(part.put.acts).tolist() == [[0, at(date(2014, 6, 1))]]


def test_news_is_of_the_source_that_speaks_of_most_days_and_of_whole_months(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (a, b), asked = PAIRS.row(0), []
    told = {
        "days": ((date(2014, 1, 1), date(2014, 1, 3)),),
        "wire": ((date(2014, 1, 1), date(2014, 2, 28)), (date(2014, 5, 4), date(2014, 6, 30))),
    }
    acts = pl.DataFrame(
        {"date": [date(2014, 2, 3)], "ccode_from": [b], "ccode_to": [a], "root": ["05"], "quad": [1]},
        schema_overrides={"ccode_from": pl.Int16, "ccode_to": pl.Int16},
    )
    monkeypatch.setattr(response_trust, "spans", lambda _: told)
    monkeypatch.setattr(response_trust, "daily_acts", lambda _, source: asked.append(source) or acts)
    found = response_trust.news(world(), None)  # type: ignore[arg-type]
    assert found is not None
    assert (found.source, asked) == ("wire", ["wire"])
    months = [at(date(2014, month, 1)) for month in (1, 2, 6)]
    assert np.flatnonzero(found.covered).tolist() == months
    assert found.acts.select("row", "month").rows() == [
        (PAIRS.height, months[1])
    ]  # by the second of the pair
    monkeypatch.setattr(response_trust, "spans", lambda _: {})
    assert response_trust.news(world(), None) is None  # type: ignore[arg-type]


def test_trust_is_that_of_the_other_days_alone() -> None:
    (a, b), rng = PAIRS.row(3), np.random.default_rng(2)
    rows = [
        (date(2014, 1, 1) + timedelta(int(day)), *((a, b) if rng.random() < 0.5 else (b, a)), root, quad)
        for day in rng.choice(360, 80, replace=False)
        for root, quad in [(("11", 3), ("05", 1), ("03", 1), ("19", 4))[rng.integers(4)]]
    ]
    same_day = [(day, to, one, "03", 1) for day, one, to, root, _ in rows if root == "11"]
    told = news([*rows, *same_day])
    found = trust_of(world(), told, ("11",))
    without = pl.DataFrame(
        [row for row in rows if row[3] != "11"],
        schema=["date", "ccode_from", "ccode_to", "root", "quad"],
        orient="row",
    )
    months = [date(2014, month, 1) for month in range(1, 13)]
    record = told.kind
    expected = trust.compute(without, [(b, a)], months, "all", record)
    middle = (logit(expected["low"]) + logit(expected["high"])) / 2
    unit = np.hypot(record.constants.level, record.constants.turn)
    assert found[3, COVERED] == pytest.approx(middle / unit, nan_ok=True)
    assert np.isnan(found[:3]).all()
    assert np.isnan(found[:, : COVERED.start]).all()


def logit(p: pl.Series) -> np.ndarray:
    given = p.to_numpy().astype(float)
    return np.log(given / (1 - given))


def test_trust_that_acts_destroy_is_seen_to_fall() -> None:
    effect, error, cases = after_accusations(year_of_news(5, 0.35))
    assert cases > 60
    assert effect < -4 * error


def test_trust_after_acts_that_change_nothing_stays_where_it_was() -> None:
    gaps = [after_accusations(year_of_news(seed, 0.0)) for seed in range(4)]
    assert np.mean([abs(effect) < 1.96 * error for effect, error, _ in gaps]) >= 0.75
    assert abs(np.mean([effect / error for effect, error, _ in gaps])) < 1.2


def test_an_act_of_both_is_one_by_either() -> None:
    rows = PAIRS.height
    done = np.zeros((rows, 3), bool)
    done[4, 1] = True
    put = response_trust.Laid(done, ~done, np.arange(rows), np.ones(rows, int), ("list",))
    both = response_trust._both_ways(put, rows, "wire")
    assert np.argwhere(both.acts).tolist() == [[4, 1], [rows + 4, 1]]
    assert both.sources == ("list", "wire")
