"""The fast fit: against simulated worlds whose truth is known, and against itself told otherwise."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numba
import numpy as np
import pytest

from amity.errors import UsageError
from amity.scaling import fitting, ordered
from amity.scaling.layout import lay_out
from amity.scaling.spread import spread
from tests.scaling.worlds import World, same_way_up, world

if TYPE_CHECKING:
    from amity.scaling.layout import RollCalls

TIGHT = 1e-5
NOBODY = 1.6448536269514722


@pytest.fixture(scope="module")
def small() -> World:
    return world(np.random.default_rng(41), states=60, sessions=6, items=60)


@pytest.fixture(scope="module")
def calls(small: World) -> RollCalls:
    return small.calls()


def test_points_of_a_simulated_assembly_are_found(small: World, calls: RollCalls) -> None:
    theta = fitting.fit(calls, tolerance=TIGHT).theta
    truth = small.truth_of(calls)
    assert np.corrcoef(same_way_up(theta, truth), truth)[0, 1] > 0.965
    assert theta.mean() == pytest.approx(0, abs=1e-12)
    assert theta.std() == pytest.approx(1)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Of points, of differences within a session, and of movements between sessions, in worlds the size of the UN's."""
    random = np.random.default_rng(20261124)
    held: dict[str, list[float]] = {"point": [], "difference": [], "movement": []}
    for _ in range(6):
        made = world(random)
        calls = made.calls()
        fitted = fitting.fit(calls, tolerance=1e-3)
        sure, truth = spread(calls, fitted), made.truth_of(calls)
        truth = fitting.standardised(truth) * np.sign(np.corrcoef(fitted.theta, truth)[0, 1])
        held["point"].append(float(np.mean(np.abs(fitted.theta - truth) < NOBODY * np.sqrt(sure.variance()))))
        for what, alike in (("difference", calls.sessions), ("movement", calls.states)):
            inside = []
            for _pair in range(400):
                one = random.integers(len(truth))
                other = random.choice(np.flatnonzero((alike == alike[one]) & (np.arange(len(truth)) != one)))
                apart, sd = sure.contrast([one, other], [1.0, -1.0])
                inside.append(abs(apart - (truth[one] - truth[other])) < NOBODY * sd)
            held[what].append(float(np.mean(inside)))
    for what, shares in held.items():
        assert 0.88 <= np.mean(shares) <= 0.92, (what, shares)


def test_the_order_of_the_votes_changes_nothing(small: World, calls: RollCalls) -> None:
    order = np.random.default_rng(3).permutation(len(small.vote))
    mixed = lay_out(small.item[order], small.state[order], small.session[order], small.vote[order])
    assert np.array_equal(fitting.fit(mixed).theta, fitting.fit(calls).theta)


def test_the_number_of_threads_changes_nothing(calls: RollCalls) -> None:
    before = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        alone = fitting.fit(calls).theta
    finally:
        numba.set_num_threads(before)
    assert np.array_equal(alone, fitting.fit(calls).theta)


def test_other_names_for_states_and_items_change_nothing(small: World, calls: RollCalls) -> None:
    renamed_states, renamed_items = (
        np.random.default_rng(4).permutation(500),
        np.random.default_rng(5).permutation(5000),
    )
    other = lay_out(renamed_items[small.item], renamed_states[small.state], small.session, small.vote)
    here = {
        (s, t): x
        for s, t, x in zip(
            calls.states, calls.sessions, fitting.fit(calls, tolerance=TIGHT).theta, strict=True
        )
    }
    back = np.argsort(renamed_states)
    there = fitting.fit(other, tolerance=TIGHT).theta
    expected = np.array([here[back[s], t] for s, t in zip(other.states, other.sessions, strict=True)])
    assert np.abs(same_way_up(there, expected) - expected).max() < 1e-3


def test_swapping_yes_and_no_changes_nothing(small: World, calls: RollCalls) -> None:
    swapped = lay_out(small.item, small.state, small.session, 2 - small.vote)
    straight, turned = (fitting.fit(each, tolerance=TIGHT).theta for each in (calls, swapped))
    assert np.abs(same_way_up(turned, straight) - straight).max() < 1e-3


@pytest.mark.parametrize("noise", [0.3, 1.0, 3.0])
def test_another_start_ends_at_the_same_points(calls: RollCalls, noise: float) -> None:
    first = fitting.fit(calls, tolerance=TIGHT).theta
    start = fitting.first_component(calls) + noise * np.random.default_rng(6).normal(size=len(first))
    assert (
        np.abs(same_way_up(fitting.fit(calls, start=start, tolerance=TIGHT).theta, first) - first).max()
        < 0.01
    )


def test_a_lone_no_beside_a_lone_abstention_does_not_trap_an_item() -> None:
    """Begun with the wrong sign, its cuts are pressed together; the fit turns it round."""
    made = world(np.random.default_rng(8), states=60, sessions=3, items=50)
    truth = made.truth[:, 0]
    vote = np.zeros(60, dtype=np.int64)
    vote[np.argsort(truth)[-1]], vote[np.argsort(truth)[-2]] = 2, 1
    calls = lay_out(
        np.append(made.item, np.full(60, 9999)), np.append(made.state, np.arange(60)),
        np.append(made.session, np.zeros(60, dtype=np.int64)), np.append(made.vote, vote),
    )  # fmt: skip
    fitted = fitting.fit(calls, tolerance=TIGHT)
    up = np.sign(np.corrcoef(fitted.theta, made.truth_of(calls))[0, 1])
    beta, low, high, _ = fitted.items[-1]
    assert up * beta > 0.3
    assert high - low > 0.02


def test_roll_calls_that_divide_nobody_are_left_out() -> None:
    calls = lay_out(
        np.array([1, 1, 2, 2]), np.array([5, 6, 5, 6]), np.ones(4, dtype=int), np.array([0, 2, 1, 1])
    )
    assert calls.items.tolist() == [1]
    with pytest.raises(UsageError, match="divided"):
        lay_out(np.array([1, 1]), np.array([5, 6]), np.array([1, 1]), np.array([0, 0]))
    with pytest.raises(UsageError, match="neither"):
        lay_out(np.array([1]), np.array([5]), np.array([1]), np.array([3]))


@pytest.mark.parametrize("x", [-11.0, -8.5, -3.3, -0.01, 0.7, 4.2, 8.9])
def test_the_tables_are_the_normal_distribution(x: float) -> None:
    below = 0.5 * math.erfc(-x / math.sqrt(2))
    density = math.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)
    exact = density / below if x > -9 else -x
    assert ordered.mills(ordered.MILLS, x) == pytest.approx(exact, abs=1e-5)
    if x > -9:
        assert ordered.look_up(ordered.PHI, x) == pytest.approx(below, abs=1e-6)


@pytest.mark.parametrize(("low", "up"), [(-0.5, 0.7), (1.2, 2.0), (-3.0, -2.2)])
def test_the_score_of_an_abstention_is_the_derivative_of_its_log_probability(low: float, up: float) -> None:
    def log_share(lower: float, upper: float) -> float:
        return math.log(0.5 * (math.erfc(-upper / math.sqrt(2)) - math.erfc(-lower / math.sqrt(2))))

    a, b, w_a, w_b, w_ab = ordered.between(low, up, ordered.PHI, ordered.MILLS)
    h = 1e-4
    by_up = (log_share(low, up + h) - log_share(low, up - h)) / (2 * h)
    by_low = (log_share(low + h, up) - log_share(low - h, up)) / (2 * h)
    twice_up = (log_share(low, up + h) - 2 * log_share(low, up) + log_share(low, up - h)) / h**2
    twice_low = (log_share(low + h, up) - 2 * log_share(low, up) + log_share(low - h, up)) / h**2
    across = (log_share(low + h, up + h) - log_share(low + h, up - h) - log_share(low - h, up + h)
              + log_share(low - h, up - h)) / (4 * h**2)  # fmt: skip
    assert (a, -b) == pytest.approx((by_up, by_low), rel=1e-3)
    assert (-w_a, -w_b, -w_ab) == pytest.approx((twice_up, twice_low, across), rel=1e-2)
