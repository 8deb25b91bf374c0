"""The sampler: its draws, what it says of itself, and that the fast fit's uncertainty is that of its draws."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

import numba
import numpy as np
import pytest

from amity.errors import UsageError
from amity.scaling import drawing, fitting, sampling
from amity.scaling.layout import lay_out
from amity.scaling.ordered import FAR, PHI
from amity.scaling.spread import spread
from tests.scaling.worlds import same_way_up, world

if TYPE_CHECKING:
    from amity.scaling.layout import RollCalls


@pytest.fixture(scope="module")
def drawn() -> tuple[RollCalls, fitting.Fit, sampling.Posterior, np.ndarray]:
    made = world(np.random.default_rng(17), states=60, sessions=5, items=60)
    calls = made.calls()
    begin = fitting.fit(calls, tolerance=1e-3)
    return calls, begin, sampling.sample(calls, begin, 99, draws=300, burn=100), made.truth_of(calls)


def test_posterior_means_are_near_the_truth_and_hardly_worse_than_the_fast_fit(drawn) -> None:
    """A seat that starts from a mean forgets how unsure that is; this costs a little where states walk at random."""
    _, begin, posterior, truth = drawn
    exact = np.corrcoef(same_way_up(posterior.theta, truth), truth)[0, 1]
    fast = np.corrcoef(same_way_up(begin.theta, truth), truth)[0, 1]
    assert exact > 0.96
    assert exact > fast - 0.005


def test_chains_agree(drawn) -> None:
    posterior = drawn[2]
    assert np.median(posterior.r_hat) < 1.05
    assert np.median(posterior.effective) > 50
    assert np.abs(posterior.draws.mean(axis=2)).max() < 1e-5, "every draw has mean 0"
    assert np.abs(posterior.draws.std(axis=2) - 1).max() < 1e-4, "and standard deviation 1"


def test_the_fast_fit_is_as_sure_as_the_draws_are(drawn) -> None:
    """Of points, and of differences and movements, whose covariance the fast fit has in parts."""
    calls, begin, posterior, _ = drawn
    sure = spread(calls, begin)
    assert 0.85 < np.median(np.sqrt(sure.variance() / posterior.variance)) < 1.2
    random, flat = np.random.default_rng(1), posterior.draws.reshape(-1, posterior.draws.shape[2])
    for alike in (calls.sessions, calls.states):
        ratios = []
        for _pair in range(300):
            one = random.integers(len(alike))
            other = random.choice(np.flatnonzero((alike == alike[one]) & (np.arange(len(alike)) != one)))
            ratios.append(sure.contrast([one, other], [1.0, -1.0])[1] / (flat[:, one] - flat[:, other]).std())
        assert 0.85 < np.median(ratios) < 1.2


def test_the_same_seed_gives_the_same_draws_on_any_number_of_threads(drawn) -> None:
    calls, begin, _, _ = drawn
    before = numba.get_num_threads()
    two = sampling.sample(calls, begin, 7, draws=4, burn=2, chains=1)
    try:
        numba.set_num_threads(1)
        one = sampling.sample(calls, begin, 7, draws=4, burn=2, chains=1)
    finally:
        numba.set_num_threads(before)
    assert np.array_equal(one.draws, two.draws)
    other = sampling.sample(calls, begin, 8, draws=4, burn=2, chains=1)
    assert not np.array_equal(other.draws, two.draws)


def test_taking_the_article_at_its_word_leads_to_the_same_order_of_states(drawn) -> None:
    calls, begin, posterior, truth = drawn
    told = sampling.sample(calls, begin, 99, draws=80, burn=30, carry="draws")
    here = calls.sessions == calls.sessions[0]
    one, other = (same_way_up(points, truth)[here] for points in (posterior.theta, told.theta))
    assert np.corrcoef(one, other)[0, 1] > 0.98
    assert not np.array_equal(posterior.draws[:, :4], told.draws[:, :4])


def test_a_cut_that_nobody_crossed_stays_out_of_reach_and_two_that_part_the_same_votes_are_one() -> None:
    vote = np.array([[0, 0, 1, 1], [1, 1, 2, 2], [0, 0, 2, 2], [0, 1, 1, 2]])
    item, state = np.divmod(np.arange(16), 4)
    calls = lay_out(item, state, np.ones(16, int), vote.ravel())
    told = sampling.sample(calls, fitting.fit(calls), 3, draws=40, burn=10, chains=1).items
    assert told[0, 2] == FAR
    assert told[1, 1] == -FAR
    assert told[2, 1] == told[2, 2]
    assert (told[3, 1] < told[3, 2]).all()
    assert np.abs(told[[0, 1, 3], [1, 2, 1]]).max() < drawing.FURTHEST_CUT


def test_a_seat_starts_from_the_last_mean_of_the_seat_before_it_and_not_from_its_draw() -> None:
    """One state, two sessions, two votes in each: the formula by hand."""
    items, latent = np.array([[2.0, 0, 0], [-1.0, 0, 0]]), np.array([0.5, -0.2, 0.1, 0.3])
    before, mean, theta = np.array([0.7, -0.4]), np.zeros(2), np.array([9.0, 9.0])
    runs, slack = np.array([[0, 2, 2, 2], [2, 4, 4, 4]]), np.array([0.25, 0.2])
    of, place = np.array([0, 1, 0, 1], dtype=np.int32), np.arange(4, dtype=np.int32)
    drawing.carry_seats(
        np.array([0, 2]), runs, of, place, slack, items, latent, np.array([0.0, 1.0]), before, mean, theta
    )
    first = (2 * 0.5 + 0.2 + before[1] / 0.25) / (4 + 1 + 1 / 0.25)
    second = (2 * 0.1 - 0.3 + before[0] / 0.2) / (4 + 1 + 1 / 0.2)
    assert mean == pytest.approx([first, second])
    assert theta == pytest.approx([first, second + 1 / math.sqrt(4 + 1 + 1 / 0.2)])


def test_the_votes_ratio_is_that_of_their_probabilities() -> None:
    normal, theta, b = NormalDist(), np.array([-0.5, 0.2, 1.3, 2.0]), 0.8
    runs, seats = np.array([[0, 1, 3, 4]]), np.arange(4, dtype=np.int32)
    cuts, tried = (-50.0, -0.3, 0.6, 50.0), (-50.0, -0.1, 0.9, 50.0)
    levels = (0, 1, 1, 2)
    told = [
        math.prod(
            normal.cdf(c[v + 1] - b * t) - normal.cdf(c[v] - b * t)
            for v, t in zip(levels, theta, strict=True)
        )
        for c in (tried, cuts)
    ]
    gain = drawing.cuts_ratio(runs, seats, theta, 0, b, cuts, tried, PHI)
    assert gain == pytest.approx(math.log(told[0] / told[1]), abs=1e-4)


def test_progress_is_told_once_a_sweep(drawn) -> None:
    calls, begin, _, _ = drawn
    told: list[int] = []
    sampling.sample(calls, begin, 7, draws=4, burn=3, thin=2, chains=2, progress=told.append)
    assert sum(told) == 2 * (3 + 4 * 2)


def test_too_few_draws_are_refused(drawn) -> None:
    calls, begin, _, _ = drawn
    with pytest.raises(UsageError, match="too few"):
        sampling.sample(calls, begin, 7, draws=3)


def test_r_hat_is_one_for_chains_that_agree_and_large_for_chains_that_do_not() -> None:
    random = np.random.default_rng(2)
    alike = random.normal(size=(2, 400, 3))
    assert sampling.r_hat(alike) == pytest.approx(1.0, abs=0.02)
    apart = alike + np.array([0.0, 3.0])[:, None, None]
    assert (sampling.r_hat(apart) > 1.5).all()
    assert (sampling.effective(alike) > 300).all()


@pytest.mark.parametrize("p", [1e-12, 1e-4, 0.2, 0.5, 0.93, 1 - 1e-9])
def test_the_quantile_is_that_of_the_normal_distribution(p: float) -> None:
    assert drawing.quantile(p) == pytest.approx(NormalDist().inv_cdf(p), abs=1e-5)


@pytest.mark.parametrize(("low", "high"), [(-50.0, -4.0), (-0.3, 0.4), (3.0, 50.0), (5.0, 5.5)])
def test_draws_between_two_bounds_have_the_truncated_normal_mean(low: float, high: float) -> None:
    uniform = (np.arange(4000) + 0.5) / 4000
    draws = np.array([drawing.within(low, high, u) for u in uniform])
    by_table = np.array([drawing.within_by_table(low, high, u, PHI) for u in uniform])
    assert by_table == pytest.approx(draws, abs=2e-3)
    assert draws.min() >= low
    assert draws.max() <= high
    sign, near, far = (-1.0, -high, -low) if high < 0 else (1.0, low, high)
    upper = 0.5 * (math.erfc(near / math.sqrt(2)) - math.erfc(far / math.sqrt(2)))
    density = (math.exp(-0.5 * near**2) - math.exp(-0.5 * far**2)) / math.sqrt(2 * math.pi)
    assert draws.mean() == pytest.approx(sign * density / upper, abs=2e-3)
