"""What an observation says, beside SciPy's distributions and beside differences."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import digamma, polygamma

from amity.engine.families import (
    COUNT,
    GAUSSIAN,
    MIX,
    ORDERED,
    bend_to_expect,
    dispersion_slope,
    log_density,
    rises,
    slope_and_bend,
)

ETA = st.floats(-6, 6)
AT_LEISURE = settings(deadline=None)
"""The first call of a function compiles it."""


def oracle(family: int, eta: float, y: float, n: float, d: float) -> float:
    p = 1 / (1 + math.exp(-eta))
    if family == GAUSSIAN:
        return float(stats.norm.logpdf(y, eta, math.sqrt(n + d)))
    if family == MIX:
        s = 1 / d - 1 if d > 0 else 0.0
        law = stats.betabinom(int(n), s * p, s * (1 - p)) if d > 0 else stats.binom(int(n), p)
        return float(law.logpmf(y))
    if family == COUNT:
        mean = math.exp(eta)
        return float(
            stats.nbinom.logpmf(y, 1 / d, 1 / (1 + d * mean)) if d > 0 else stats.poisson.logpmf(y, mean)
        )
    return math.log(stats.logistic.cdf(n - eta) - stats.logistic.cdf(y - eta))


observations = st.one_of(
    st.tuples(st.just(GAUSSIAN), st.floats(-5, 5), st.floats(0.01, 4), st.sampled_from([0.0, 0.5])),
    st.integers(1, 400).flatmap(
        lambda n: st.tuples(
            st.just(MIX), st.integers(0, n).map(float), st.just(float(n)), st.sampled_from([0.0, 0.02, 0.3])
        )
    ),
    st.tuples(
        st.just(COUNT), st.integers(0, 300).map(float), st.just(0.0), st.sampled_from([0.0, 0.05, 0.8])
    ),
    st.sampled_from([(-math.inf, -1.0), (-1.0, 0.5), (0.5, math.inf)]).map(
        lambda cuts: (ORDERED, *cuts, 0.0)
    ),
)


@AT_LEISURE
@given(observations, ETA)
def test_every_density_is_the_textbooks(one: tuple[int, float, float, float], eta: float) -> None:
    family, y, n, d = one
    assert log_density(family, eta, y, n, d) == pytest.approx(
        oracle(family, eta, y, n, d), rel=1e-8, abs=1e-8
    )


@AT_LEISURE
@given(observations, ETA)
def test_slopes_and_bends_are_those_of_the_density(one: tuple[int, float, float, float], eta: float) -> None:
    family, y, n, d = one
    step = 1e-4
    up, here, down = (log_density(family, eta + s, y, n, d) for s in (step, 0, -step))
    slope, bend = slope_and_bend(family, eta, y, n, d)
    assert slope == pytest.approx((up - down) / (2 * step), rel=1e-4, abs=1e-4 * (1 + abs(here)))
    over, under = (slope_and_bend(family, eta + s, y, n, d)[0] for s in (step, -step))
    assert bend == pytest.approx(-(over - under) / (2 * step), rel=1e-4, abs=1e-4 * (1 + abs(slope)))


@AT_LEISURE
@given(observations.filter(lambda one: one[3] > 0), ETA)
def test_the_slope_in_the_dispersion_is_that_of_the_density(
    one: tuple[int, float, float, float], eta: float
) -> None:
    family, y, n, d = one
    step = 1e-5 * d
    rise = log_density(family, eta, y, n, d + step) - log_density(family, eta, y, n, d - step)
    scale = 1 + abs(log_density(family, eta, y, n, d))
    assert dispersion_slope(family, eta, y, n, d) == pytest.approx(
        rise / (2 * step), rel=1e-3, abs=1e-4 * scale / d
    )


@AT_LEISURE
@given(st.floats(1e-3, 1e6), st.integers(0, 2000))
def test_a_rise_of_the_digamma_function_is_scipys(a: float, n: int) -> None:
    first, second = rises(a, float(n))
    assert first == pytest.approx(digamma(a + n) - digamma(a), rel=1e-9, abs=1e-9)
    assert second == pytest.approx(polygamma(1, a) - polygamma(1, a + n), rel=1e-8, abs=1e-9)


@AT_LEISURE
@given(ETA, st.integers(1, 60), st.sampled_from([0.0, 0.05, 0.4]))
def test_the_chances_of_all_mixes_of_a_volume_sum_to_one(eta: float, n: int, rho: float) -> None:
    assert sum(
        math.exp(log_density(MIX, eta, float(y), float(n), rho)) for y in range(n + 1)
    ) == pytest.approx(1)


@AT_LEISURE
@given(observations, ETA)
def test_the_expected_bend_is_never_negative(one: tuple[int, float, float, float], eta: float) -> None:
    family, y, n, d = one
    assert bend_to_expect(family, eta, y, n, d) >= 0


def test_a_mix_far_from_what_was_expected_says_that_less_is_known() -> None:
    assert slope_and_bend(MIX, -4.0, 20.0, 20.0, 0.3)[1] < 0
    assert slope_and_bend(MIX, 4.0, 20.0, 20.0, 0.3)[1] > 0


def test_one_act_says_nothing_of_overdispersion() -> None:
    for y in (0.0, 1.0):
        assert slope_and_bend(MIX, 0.3, y, 1.0, 0.0) == slope_and_bend(MIX, 0.3, y, 1.0, 0.5)
        assert dispersion_slope(MIX, 0.3, y, 1.0, 0.5) == 0


def test_a_hundred_repeats_of_one_report_weigh_no_more_than_its_overdispersion_allows() -> None:
    bends = np.array([bend_to_expect(MIX, 0.0, 0.0, float(n), 0.1) for n in (1, 10, 100, 1000, 10**6)])
    assert (np.diff(bends) > 0).all()
    assert bends[-1] < 0.25 / 0.1
