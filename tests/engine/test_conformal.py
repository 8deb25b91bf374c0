"""Forecasts, their intervals and their scores."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from amity.engine.conformal import crps_gaussian, crps_samples, ewma, intervals, persistence, volatility
from amity.errors import UsageError


def heteroskedastic(seed: int, months: int = 3000) -> np.ndarray:
    """A series whose shocks are calm and wild in turns, and heavy-tailed."""
    rng = np.random.default_rng(seed)
    wild = np.exp(1.2 * np.sin(np.arange(months) / 150))
    return np.cumsum(0.1 * rng.normal(size=months)) + wild * rng.standard_t(4, months)


@given(st.floats(-3, 3), st.floats(0.1, 3), st.floats(-5, 5))
@settings(deadline=None, max_examples=30)
def test_the_score_of_a_gaussian_is_the_integral_that_defines_it(mean: float, sd: float, y: float) -> None:
    law = stats.norm(mean, sd)
    below = integrate.quad(lambda z: law.cdf(z) ** 2, mean - 12 * sd - 12, y)[0]
    above = integrate.quad(lambda z: law.sf(z) ** 2, y, mean + 12 * sd + 12)[0]
    assert crps_gaussian(mean, sd, y) == pytest.approx(below + above, abs=1e-6)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=12), st.floats(-5, 5))
@settings(deadline=None)
def test_the_score_of_samples_is_that_of_all_their_pairs(samples: list[float], y: float) -> None:
    x = np.array(samples)
    plain = np.abs(x - y).mean() - np.abs(x[:, None] - x).mean() / 2
    assert crps_samples(x, y) == pytest.approx(plain, abs=1e-9)
    assert crps_samples([*x, np.nan, np.nan], y) == pytest.approx(plain, abs=1e-9)


def test_many_samples_score_as_their_law() -> None:
    drawn = np.random.default_rng(1).normal(1, 2, 200_000)
    assert crps_samples(drawn, 0.3) == pytest.approx(float(crps_gaussian(1, 2, 0.3)), rel=0.01)


def test_a_score_of_nothing_is_unknown() -> None:
    assert np.isnan(crps_samples([[np.nan, np.nan], [1.0, 2.0]], [0.0, np.nan])).all()


def test_a_month_without_a_value_leaves_both_baselines_where_they_were() -> None:
    y = [np.nan, 2.0, np.nan, 4.0]
    assert np.isnan(persistence(y)[0])
    assert np.isnan(ewma(y)[0])
    assert persistence(y)[1:].tolist() == [2.0, 2.0, 4.0]
    assert ewma(y, 0.5)[1:].tolist() == [2.0, 2.0, 3.0]
    assert ewma(y, 1.0)[1:].tolist() == persistence(y)[1:].tolist()


@pytest.mark.parametrize("horizon", [1, 4, 12])
def test_intervals_hold_what_they_say_through_calm_and_wild_years(horizon: int) -> None:
    held, worst = [], []
    for seed in range(4):
        y = heteroskedastic(seed)
        got = intervals(y, ewma(y, 0.1), horizon)
        inside = (got.low[:-horizon] <= y[horizon:]) & (y[horizon:] <= got.high[:-horizon])
        inside = inside[~np.isnan(got.low[:-horizon])]
        assert got.covered == pytest.approx(inside.mean())
        held.append(got.covered)
        worst.append(np.convolve(inside, np.ones(120) / 120, "valid").min())
    assert 0.88 < np.mean(held) < 0.92
    assert min(worst) > 0.72


def test_scaling_by_volatility_helps_where_it_changes() -> None:
    y = heteroskedastic(5)
    base = np.full(len(y), 0.0)
    scaled = intervals(y, base)
    errors = np.array([np.abs(y[: t + 1])[-260:] for t in range(400, 2999)], dtype=object)
    flat = np.array([np.quantile(one.astype(float), 0.9) for one in errors])
    came = np.abs(y[401:])
    worst_flat = np.convolve(came <= flat, np.ones(120) / 120, "valid").min()
    inside = came <= (scaled.high - base)[400:-1]
    assert np.convolve(inside, np.ones(120) / 120, "valid").min() > worst_flat + 0.05


def test_nothing_is_used_before_it_was_known() -> None:
    y = heteroskedastic(2, 400)
    changed = y.copy()
    changed[300:] += 100
    for horizon in (1, 6):
        one, other = (intervals(series, ewma(series), horizon) for series in (y, changed))
        assert np.array_equal(one.low[:300], other.low[:300], equal_nan=True)
        assert np.array_equal(one.samples[:300], other.samples[:300], equal_nan=True)
        assert not np.array_equal(one.low[300:], other.low[300:])


def test_an_ewma_beats_no_change_on_noise_around_a_slow_level() -> None:
    y = heteroskedastic(3)
    scores = []
    for forecast in (ewma(y, 0.1), persistence(y)):
        got = intervals(y, forecast, 4)
        scores.append(np.nanmean(crps_samples(got.samples[300:-4], y[304:])))
    assert scores[0] < 0.9 * scores[1]


def test_with_too_few_errors_there_is_no_interval() -> None:
    got = intervals(np.arange(20.0), np.arange(20.0), 1)
    assert np.isnan(got.low).all()
    assert np.isnan(got.covered)


def test_a_quiet_spell_does_not_divide_by_nothing() -> None:
    assert (volatility([1.0, *np.zeros(3000)]) > 0).all()
    y = np.concatenate([np.random.default_rng(1).normal(size=200), np.zeros(500)])
    assert np.isfinite(intervals(y, persistence(y)).high[100:]).all()


def test_what_does_not_fit_is_refused() -> None:
    for more in ({"horizon": 0}, {"inside": 1.0}, {"fewest": 300}):
        with pytest.raises(UsageError):
            intervals(np.zeros(9), np.zeros(9), **more)
    with pytest.raises(UsageError):
        intervals(np.zeros(9), np.zeros(8))
    with pytest.raises(UsageError):
        ewma([1.0], 0.0)
