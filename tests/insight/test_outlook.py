"""The outlook of a pair, the rules beside it, and the record of all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from scipy import stats

from amity.dimensions import estimate, tone
from amity.dimensions.constants import Constant, Constants, start
from amity.dimensions.observed import observed
from amity.engine.model import dynamics
from amity.engine.shares import chance, expected, honest, interval, judge
from amity.errors import NoEvidenceError, StoreError
from amity.insight import outlook, records, skill
from amity.insight.records import Pooled, Record
from amity.insight.skill import Known
from amity.insight.yardsticks import Acts, Reading, acts, faded, judged_at, learn

if TYPE_CHECKING:
    from pathlib import Path

ITEM = Constant(-1.0, -1.0, 0.05)
MOVE = dynamics((0.95, 0.9), (1.0, 0.2), 0)
TOLD = Constants((0.95, 0.9), (1.0, 0.2), {**start(tone.ABOUT, tone.ITEMS).items, "hostile_share:wire": ITEM})
SINCE = 1995
"""The year in which acts of the simulated world begin."""


def betabinomial(rng: np.random.Generator, n: np.ndarray, p: np.ndarray, rho: float) -> np.ndarray:
    s = (1 - rho) / rho
    return rng.binomial(n, rng.beta(np.maximum(s * p, 1e-6), np.maximum(s * (1 - p), 1e-6))).astype(float)


def world(seed: int, pairs: int = 60, months: int = 60, busy: float = 12.0) -> pl.DataFrame:
    """Acts of pairs whose tone moves as the constants say, as rows of what is observed."""
    rng = np.random.default_rng(seed)
    phi, s = MOVE.persistence, np.sqrt(MOVE.variance)
    x = np.empty((pairs, months, 2))
    x[:, 0] = s * rng.normal(size=(pairs, 2))
    for t in range(1, months):
        x[:, t] = phi * x[:, t - 1] + s * np.sqrt(1 - phi**2) * rng.normal(size=(pairs, 2))
    parts = []
    for side in (1, -1):
        n = rng.poisson(busy * rng.gamma(2, 0.5, (pairs, 1)), (pairs, months))
        p = 1 / (1 + np.exp(-(ITEM.intercept + ITEM.loading * (x[..., 0] + side * x[..., 1]))))
        d, t = np.nonzero(n)
        parts.append(
            pl.DataFrame(
                {
                    "ccode1": 2 + d,
                    "ccode2": 700 + d,
                    "month": [date(SINCE + int(k) // 12, int(k) % 12 + 1, 1) for k in t],
                    "side": np.full(len(d), side),
                    "y": betabinomial(rng, n, p, ITEM.dispersion)[d, t],
                    "n": n[d, t].astype(float),
                }
            )
        )
    rows = pl.concat(parts).with_columns(item=pl.lit("hostile_share:wire"), source=pl.lit("wire"))
    return observed(rows)


def estimated(rows: pl.DataFrame, last: date) -> tuple[pl.DataFrame, Known]:
    pairs = rows.select("ccode1", "ccode2").unique().sort("ccode1", "ccode2")
    laid = estimate.prepare(rows, pairs, tone.ABOUT, tone.ITEMS, TOLD, last, by_source=False)
    found = estimate.filtered(laid)
    return estimate.states_frame(laid, found), Known.of(laid, found)


@pytest.fixture(scope="module")
def judged() -> pl.DataFrame:
    rows = world(3, 120, 72)
    of = acts(rows, "wire")
    _, known = estimated(rows, of.months[-1])
    yards = Pooled(yardsticks=skill.yardsticks(of, (1, 6), 24))
    return skill.rolling(of, known, ITEM, (1, 6), yards, 24)


@pytest.mark.parametrize("horizon", [1, 3, 24])
def test_a_state_carried_forward_is_what_many_worlds_become(horizon: int) -> None:
    rng = np.random.default_rng(horizon)
    m, v = np.array([1.2, -0.4]), np.array([[0.3, 0.1], [0.1, 0.2]])
    x = rng.multivariate_normal(m, v, 200_000)
    phi, s = MOVE.persistence, np.sqrt(MOVE.variance * (1 - MOVE.persistence**2))
    for _ in range(horizon):
        x = phi * x + s * rng.normal(size=x.shape)
    mean, cov = skill.carried(m, v, MOVE, horizon)
    assert x.mean(0) == pytest.approx(mean, abs=0.01)
    assert np.cov(x.T) == pytest.approx(cov, abs=0.015)


def test_the_law_of_a_share_is_the_mixture_that_many_draws_become() -> None:
    rng = np.random.default_rng(1)
    n, eta, spread, rho = 9, -0.7, 0.8, 0.1
    p = 1 / (1 + np.exp(-(eta + spread * rng.normal(size=400_000))))
    drawn = betabinomial(rng, np.full(400_000, n), p, rho)
    for y in (0, 3, 9):
        told = judge(y, n, eta, spread, rho)
        assert np.exp(told.log[0]) == pytest.approx((drawn == y).mean(), abs=0.003)
        assert chance(y, n, eta, spread, rho) == pytest.approx(told.log)
        assert told.upto[0] == pytest.approx((drawn <= y).mean(), abs=0.003)
        assert told.crps[0] == pytest.approx(
            sum(((drawn <= k).mean() - (y <= k)) ** 2 for k in range(n)) / n, abs=0.003
        )
    assert expected(eta, spread)[0] == pytest.approx(p.mean(), abs=0.002)


@pytest.mark.parametrize(("n", "rho"), [(1, 0.1), (7, 0.0), (40, 0.2), (900, 0.05)])
def test_a_bare_share_is_a_beta_binomial_law(n: int, rho: float) -> None:
    p = 0.3
    s = (1 - rho) / rho if rho else 0.0
    law = stats.betabinom(n, s * p, s * (1 - p)) if rho else stats.binom(n, p)
    eta = float(np.log(p / (1 - p)))
    for y in {0, n // 3, n}:
        assert judge(y, n, eta, 0, rho).log[0] == pytest.approx(law.logpmf(y), abs=1e-8)
        assert chance(y, n, eta, 0, rho)[0] == pytest.approx(law.logpmf(y), abs=1e-8)
    low, high = interval(n, eta, 0, rho, 0.9)
    assert (low[0] * n, high[0] * n) == pytest.approx((law.ppf(0.05), law.ppf(0.95)))


def test_an_interval_holds_what_came_from_the_level_it_needed_on() -> None:
    rng = np.random.default_rng(2)
    n = rng.integers(1, 30, 300)
    y, eta, spread = rng.binomial(n, 0.4), rng.normal(size=300), rng.gamma(1, 0.5, 300)
    needed = judge(y, n, eta, spread, 0.1).needed
    for step, holds in ((1e-6, True), (-1e-6, False)):
        ask = np.clip(needed + step, 0.0, 1.0)
        some = needed > 1e-3
        low, high = interval(n, eta, spread, 0.1, ask)
        inside = (low - 1e-12 <= y / n) & (y / n <= high + 1e-12)
        assert (inside[some] == holds).all()


def test_even_a_forecast_that_is_wrong_and_sure_of_it_has_a_score() -> None:
    told = judge([0, 4000, 1000], 4000, [40.0, -40.0, 2.0], [0.0, 0.0, 9.0], 0.01)
    assert np.isfinite([told.log, told.crps, told.needed, told.below, told.upto]).all()
    assert told.crps[:2] == pytest.approx(1, abs=1e-6)


def test_forecasts_that_are_right_need_no_other_level() -> None:
    rng = np.random.default_rng(4)
    n = rng.integers(1, 40, 20_000)
    eta = rng.normal(size=20_000)
    y = betabinomial(rng, n, 1 / (1 + np.exp(-eta)), 0.1)
    right, sure = (judge(y, n, eta, 0.0, rho) for rho in (0.1, 0.02))
    assert honest(right.below, right.upto) == pytest.approx(0.9, abs=0.01)
    assert honest(sure.below, sure.upto) > 0.93


def test_intervals_hold_nine_tenths_in_a_world_that_moves_as_we_say(judged: pl.DataFrame) -> None:
    for record in skill.pool(judged):
        assert record.covered is not None
        assert 0.88 < record.covered < 0.92, record
        assert record.n > 4000


def test_in_that_world_tone_foresees_best_and_so_it_is_shown(judged: pl.DataFrame) -> None:
    told = Pooled(skill.pool(judged))
    for horizon in (1, 6):
        assert told.best(horizon) == "tone"
        record = told.record("tone", horizon)
        assert record.skill_low is not None
        assert record.skill_low > 0
        assert record.width == pytest.approx(0.9, abs=0.02)
        assert told.record("persistence", horizon).skill == 0


def test_the_interval_of_a_skill_is_that_of_a_bootstrap_of_pairs(judged: pl.DataFrame) -> None:
    tested = judged.filter("tested", horizon=6)
    told, base = (tested.filter(method=name) for name in ("tone", "persistence"))
    pair = ["ccode1", "ccode2"]
    a, b = (
        one.group_by(pair).agg(pl.col("crps").sum()).sort(pair)["crps"].to_numpy() for one in (told, base)
    )
    drawn = np.random.default_rng(5).multinomial(len(a), np.full(len(a), 1 / len(a)), 4000)
    ends = np.quantile(1 - (drawn @ a) / (drawn @ b), [0.025, 0.975])
    skilled, low, high = skill.skill_of(told, base)
    assert skilled == pytest.approx(1 - a.sum() / b.sum())
    assert [low, high] == pytest.approx(ends, abs=0.01)


def test_no_forecast_knows_what_came_after_it() -> None:
    rows = world(5, 40, 48)
    cut = date(SINCE + 2, 6, 1)
    later = pl.col("month") > cut
    changed = rows.with_columns(y=pl.when(later).then(pl.col("n") - pl.col("y")).otherwise("y"))
    yards = Pooled(yardsticks=skill.yardsticks(acts(rows, "wire"), (1, 6), 24))
    told = []
    for world_rows in (rows, changed):
        of = acts(world_rows, "wire")
        _, known = estimated(world_rows, of.months[-1])
        told.append(skill.rolling(of, known, ITEM, (1, 6), yards, 24))
    one, other = told
    assert one["level"].to_list() != other["level"].to_list()
    made = (pl.col("origin") <= cut).alias("made")
    assert one.filter(made)["level"].to_list() == other.filter(made)["level"].to_list()
    both = pl.col("target") <= cut
    assert one.filter(both).equals(other.filter(both))


def test_an_outlook_does_not_know_what_came_after_its_states() -> None:
    rows = world(6, 3, 60)
    pair = rows.filter(ccode1=2)
    last = date(SINCE + 3, 12, 1)
    frame, _ = estimated(pair.filter(pl.col("month") <= last), last)
    yards = Pooled(yardsticks=skill.yardsticks(acts(world(7), "wire"), (1, 3, 6)))
    one = outlook.ask(frame, yards, TOLD, pair)
    other = outlook.ask(frame, yards, TOLD, pair.filter(pl.col("month") <= last))
    assert one.rows.equals(other.rows)
    assert one.own == other.own
    assert one.since == last
    kept = one.rows.select("reading", "method").unique(maintain_order=True)
    assert kept["reading"].unique(maintain_order=True).to_list() == ["tone", "tone_1to2", "tone_2to1"]
    assert kept["method"].to_list() == [*records.METHODS] * 3
    assert one.rows.filter(horizon=12)["month"].unique().to_list() == [date(SINCE + 4, 12, 1)]


def test_states_read_off_a_frame_are_those_behind_it() -> None:
    rows = world(8, 2, 36).filter(ccode1=2)
    frame, known = estimated(rows, date(SINCE + 2, 12, 1))
    again = outlook.states_of(frame, MOVE)
    assert again.mean == pytest.approx(known.mean, abs=1e-5)
    assert again.covariance == pytest.approx(known.covariance, abs=1e-5)
    assert again.months.equals(known.months)


def test_intervals_that_no_record_set_do_not_move_the_level_of_those_that_one_did() -> None:
    """Half a year ahead nothing is known for half a year: those intervals are the model's, and here far too wide."""
    rng = np.random.default_rng(23)
    origin = np.repeat(np.arange(24), 50)
    needed = rng.uniform(0, 0.6, len(origin))
    level = skill.levels(origin, origin + 6, needed)
    assert (level[origin < 6] == 0.9).all()
    later = origin >= 6
    assert level[later] == pytest.approx(0.54, abs=0.03)
    assert (needed[later] <= level[later]).mean() == pytest.approx(0.9, abs=0.02)


def test_without_acts_the_state_alone_is_carried_and_widens_towards_rest() -> None:
    rows = world(9, 2, 36).filter(ccode1=2)
    frame, known = estimated(rows, date(SINCE + 2, 12, 1))
    told = outlook.ask(frame, Pooled(), TOLD, None, (1, 24, 600))
    assert told.source is None
    assert set(told.shown.values()) == {"tone"}
    assert all(one.n == 0 and one.skill is None for one in (*told.records, *told.own))
    assert told.rows["share"].null_count() == told.rows.height
    own = told.best()
    assert own.height == 3
    wide = (own["state_high"] - own["state_low"]).to_list()
    assert wide == sorted(wide)
    assert own["state"][2] == pytest.approx(0, abs=1e-6)
    assert (own["low"][2], own["high"][2]) == pytest.approx((-67.64, 67.64), abs=0.1)
    assert own["state"][0] == pytest.approx(0.95 * known.mean[0, -1, 0], abs=1e-4)


def test_a_pair_of_which_little_is_told_has_an_outlook_and_no_record() -> None:
    rows = world(18, 2, 24, busy=0.4).filter(ccode1=2).with_columns(y=pl.lit(0.0), n=pl.lit(1.0))
    frame, _ = estimated(rows, date(SINCE + 4, 12, 1))
    yards = Pooled(yardsticks=skill.yardsticks(acts(world(11), "wire"), (3,)))
    told = outlook.ask(frame, yards, TOLD, rows, (1, 3))
    assert told.source == "wire"
    assert all(one.n == 0 and one.covered is None for one in told.own)
    assert told.rows.filter(horizon=1)["method"].unique().to_list() == ["tone"]
    assert told.rows.filter(horizon=3)["method"].n_unique() == 3
    both = told.rows.filter(pl.col("reading") != "tone")
    assert both["share"].null_count() == 0
    assert both["share"].is_between(0, 1).all()
    assert (both["share_low"] <= both["share_high"]).all()
    assert both["acts"].unique().to_list() == [1.0]
    none = outlook.ask(frame, yards, TOLD, rows.clear(), (1, 3))
    assert none.source is None


def test_where_an_ewma_foresees_better_it_is_shown() -> None:
    rows = world(10, 2, 36).filter(ccode1=2)
    frame, _ = estimated(rows, date(SINCE + 2, 12, 1))
    scored = [("tone", 0.08), ("ewma", 0.07), ("persistence", 0.09)]
    made = [Record(name, 1, 99, 9, crps=crps) for name, crps in scored]
    made += [Record(name, 3, 99, 9, crps=0.2 - crps) for name, crps in scored[:2]]
    yards = skill.yardsticks(acts(world(11), "wire"), (1,))
    told = Pooled(tuple(made), yards)
    now = outlook.ask(frame, told, TOLD, rows, (1, 3))
    assert now.shown == {1: "ewma", 3: "tone"}
    assert now.best()["method"].to_list() == ["ewma", "tone"]
    made[0] = replace(made[0], crps=0.01)
    assert outlook.ask(frame, replace(told, records=tuple(made)), TOLD, rows, (1, 3)).shown[1] == "tone"
    assert outlook.ask(frame, told, TOLD, None, (1,)).shown == {1: "tone"}


def test_swapping_the_two_sides_swaps_their_outlooks() -> None:
    rows = world(12, 2, 36).filter(ccode1=2)
    yards = Pooled(yardsticks=skill.yardsticks(acts(world(11), "wire"), (1,)))
    told = []
    for way in (1, -1):
        seen = rows.with_columns(side=(pl.col("side") * way).cast(pl.Int8))
        frame, _ = estimated(seen, date(SINCE + 2, 12, 1))
        told.append(outlook.ask(frame, yards, TOLD, seen, (1, 6)).rows)
    columns = [name for name in outlook.COLUMNS if name != "reading"]
    one, other = (
        rows.filter(reading=name).select(pl.col(columns))
        for rows, name in zip(told, ("tone_1to2", "tone_2to1"), strict=True)
    )
    for name in ("state", "low", "high", "share", "share_low", "share_high", "acts"):
        assert one[name].to_list() == pytest.approx(other[name].to_list(), abs=1e-4), name


def test_a_rule_learned_elsewhere_draws_to_the_share_of_the_source_it_is_used_on() -> None:
    yards = Pooled(yardsticks=skill.yardsticks(acts(world(11), "wire"), (1,)))
    assert yards.fit_for("wire", 0.5, "") == yards
    assert {one.share for one in yards.fit_for("radio", 0.5, "").yardsticks} == {0.5}


def test_readings_are_for_the_constants_they_were_learned_with() -> None:
    told = Pooled(readings=(Reading("wire", 3, 0.0, 2.0, 1.0, 0.1),), constants="these")
    assert told.fit_for("wire", 0.5, "these").reading(6, "wire") == told.readings[0]
    assert told.fit_for("wire", 0.5, "those").reading(6, "wire") is None
    assert told.reading(1, "wire") is None
    assert told.reading(6, "radio") is None


def test_the_record_made_at_once_is_the_one_made_step_by_step() -> None:
    rows = world(17, 40, 40)
    since = date(SINCE + 2, 1, 1)
    told = skill.measure(rows, "wire", TOLD, TOLD, since, (1, 24))
    of = acts(rows, "wire")
    known = skill.known_of(rows, of, TOLD)
    before = Pooled(
        yardsticks=skill.yardsticks(of, (1,), 24), readings=skill.readings(of, known, ITEM, (1,), 24)
    )
    assert told.records == skill.pool(skill.rolling(of, known, ITEM, (1,), before, 24))
    assert {one.horizon for one in told.records} == {1}
    assert {one.horizon for one in told.yardsticks} == {1, 24}
    assert told.readings[0] == skill.readings(of, known, ITEM, (1,))[0]


def test_persistence_knows_the_last_month_with_acts_and_an_ewma_fades() -> None:
    series = pl.DataFrame({"ccode1": [2], "ccode2": [20], "side": [1]})
    months = pl.Series([date(2000, m, 1) for m in (1, 2, 3)])
    of = Acts("wire", series, months, np.array([[1.0, 0.0, 2.0]]), np.array([[4.0, 0.0, 2.0]]))
    assert faded(of, "persistence")[1].tolist() == [[4.0, 4.0, 2.0]]
    assert faded(of, "ewma", 0.5)[0].tolist() == [[1.0, 0.5, 2.25]]


def test_a_learned_rule_foresees_better_than_one_set_by_hand() -> None:
    of = acts(world(13, 80, 48), "wire")
    yard = learn(of, "ewma", 3)
    d, t = judged_at(of, 3)

    def score(one: object) -> float:
        kept = faded(of, "ewma", one.fades)  # type: ignore[attr-defined]
        eta = one.law(*(part[d, t - 3] for part in kept))  # type: ignore[attr-defined]
        return float(chance(of.hostile[d, t], of.every[d, t], eta, 0.0, one.dispersion).mean())  # type: ignore[attr-defined]

    for other in ({"fades": 0.5}, {"weight": 50.0}, {"dispersion": 0.5}, {"share": 0.9}):
        assert score(yard) > score(replace(yard, **other))


def test_acts_that_are_calmer_than_their_tone_are_read_so() -> None:
    rows = world(16, 60, 36)
    of = acts(rows, "wire")
    _, known = estimated(rows, of.months[-1])
    (right,) = skill.readings(of, known, ITEM, (1,))
    assert (right.shift, right.slope) == pytest.approx((0, 1), abs=0.1)
    (other,) = skill.readings(of, known, Constant(-1.5, -2.0, 0.05), (1,))
    assert (other.shift, other.slope) == pytest.approx((-0.25, 0.5), abs=0.1)
    dressed, plain = (
        skill.rolling(of, known, Constant(-1.5, -2.0, 0.05), (1,), Pooled(readings=one))
        for one in ((other,), ())
    )
    assert dressed["crps"].mean() < plain["crps"].mean()


def test_months_of_which_a_source_does_not_speak_foresee_nothing() -> None:
    rows = world(14, 30, 36).filter(pl.col("month").dt.year() != SINCE + 1)
    of = acts(rows, "wire")
    d, t = judged_at(of, 1)
    assert len(d) > 0
    assert not set(t.tolist()) & set(range(12, 25))


def test_a_record_is_kept_whole_and_a_spoilt_one_is_refused(tmp_path: Path, judged: pl.DataFrame) -> None:
    yards = skill.yardsticks(acts(world(11), "wire"), (1,))
    reading = Reading("wire", 1, 0.125, 1.5, 1.0, 0.25)
    made = Pooled(skill.pool(judged), yards, (reading,), "a simulated world", "its own constants")
    path = records.keep(made, tmp_path)
    again = records.read(tmp_path)
    assert (again.learned_from, again.constants) == (made.learned_from, made.constants)
    assert again.readings == (reading,)
    assert [one.n for one in again.records] == [one.n for one in made.records]
    assert again.record("tone", 6).crps == pytest.approx(made.record("tone", 6).crps, rel=1e-4)
    assert again.yardsticks[0].weight == pytest.approx(made.yardsticks[0].weight, rel=1e-4)
    path.write_text("{}")
    with pytest.raises(StoreError):
        records.read(tmp_path)


def test_the_package_brings_a_record_of_every_method_at_every_horizon() -> None:
    told = records.read()
    assert "2018" in told.learned_from
    for horizon in outlook.HORIZONS:
        scored = {name: told.record(name, horizon) for name in records.METHODS}
        assert all(one.n > 900 and one.crps is not None for one in scored.values())
        assert scored["persistence"].skill == 0
        assert scored[told.best(horizon)].crps == min(
            one.crps for one in scored.values() if one.crps is not None
        )
        assert told.yardstick("ewma", horizon) is not None


def test_nothing_is_foreseen_of_nothing() -> None:
    rows = world(15, 2, 12)
    frame, _ = estimated(rows, date(SINCE, 12, 1))
    with pytest.raises(NoEvidenceError):
        outlook.ask(frame.clear(), Pooled(), TOLD)
    with pytest.raises(NoEvidenceError):
        acts(rows, "radio")
