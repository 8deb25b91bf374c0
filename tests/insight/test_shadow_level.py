"""The level at which a third power is tested: what bystanders have in common is no shadow."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from amity.engine.shadowing import Seen, held_to, presence

Scores = list[tuple[float, float]]
NUMBERS = st.floats(-6, 6)


def drawn(seed: int, others: int, shift: float = 0.0) -> Scores:
    """Standard normal scores of bystanders whose sums are all shifted."""
    return [(float(a) + shift, float(b)) for a, b in np.random.default_rng(seed).normal(size=(others, 2))]


def test_scores_are_as_long_as_the_p_value_is_small_and_point_where_the_coefficients_do() -> None:
    rng = np.random.default_rng(1)
    k = rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], 400)
    y = np.append(0.0, k[:-1] @ [1.0, 1.0]) + rng.normal(size=400)
    found = presence(Seen(y, np.ones(400), np.zeros((400, 0)), k))
    assert found is not None
    assert math.hypot(*found.scores) == pytest.approx(math.sqrt(-2 * math.log(found.p)))
    assert found.scores[0] > 5 * abs(found.scores[1])


def test_scores_of_quiet_columns_are_standard_normal_and_unrelated_however_the_columns_are() -> None:
    scores = []
    for seed in range(400):
        rng = np.random.default_rng([1, seed])
        k = rng.multivariate_normal([0, 0], [[1, 0.8], [0.8, 4]], 120)
        found = presence(Seen(rng.normal(size=120), np.ones(120), np.zeros((120, 0)), k))
        assert found is not None
        scores.append(found.scores)
    np.testing.assert_allclose(np.mean(scores, 0), 0, atol=0.15)
    np.testing.assert_allclose(np.cov(np.transpose(scores)), np.eye(2), atol=0.2)


def test_a_lasting_shock_that_all_share_is_not_taken_for_a_third_power() -> None:
    """Nothing measures it here, so that every bystander foresees the pair: alone each would be said to add."""
    alone, beside = [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        shock = np.zeros(200)
        for t in range(1, 200):
            shock[t] = 0.8 * shock[t - 1] + 0.6 * rng.normal()
        x = rng.normal(size=(200, 15)) + shock[:, None]
        tests = [presence(Seen(x[:, 0], np.ones(200), x[:, :1], x[:, k : k + 2])) for k in range(1, 15, 2)]
        first, *others = [one for one in tests if one is not None]
        alone.append(first.p < 0.05)
        beside.append(first.p < held_to([one.scores for one in others]))
    assert np.mean(alone) > 0.5
    assert np.mean(beside) <= 0.15


def test_a_shift_of_all_is_found_with_the_chance_that_was_asked_for() -> None:
    far = [(2.0, 1.0)] * 40
    shift = 5 - 2 * 0.95 / 40
    height = -2 * math.log(held_to(far))
    assert stats.ncx2.sf(height, 2, shift) == pytest.approx(0.05, abs=1e-5)


@pytest.mark.parametrize("shift", [0.0, 1.2])
def test_one_in_twenty_is_found_beside_quiet_bystanders_and_beside_those_that_share_its_shift(
    shift: float,
) -> None:
    found = []
    for seed in range(600):
        (one, *others) = drawn(seed, 9, shift)
        found.append(math.exp(-(one[0] ** 2 + one[1] ** 2) / 2) < held_to(others))
    assert 0.02 < np.mean(found) < 0.085


def test_bystanders_with_nothing_in_common_leave_the_level_and_one_that_does_add_moves_it_little() -> None:
    quiet = [(1.0, 0.3), (-0.8, 0.5), (0.2, -1.1), (-0.5, -0.4), (0.9, 0.8), (-1.2, 0.1), (0.4, -0.6)]
    assert held_to([]) == held_to(quiet) == 0.05
    assert held_to([*quiet, (30.0, 0.0)]) == held_to([*quiet, (5.0, 0.0)]) == 0.05
    assert held_to([(4.0, 0.5), (3.5, -0.5), (4.2, 0.1)]) < 1e-4


def test_bystanders_whose_scores_are_endless_leave_nothing_to_be_found() -> None:
    assert 0 < held_to([(900.0, 3.0), (800.0, -2.0)]) < 1e-60


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=9), st.integers(0, 8))
def test_the_level_never_rises_and_neither_order_nor_sign_says_anything(others: Scores, turn: int) -> None:
    level = held_to(others)
    assert 0 < level <= 0.05
    assert held_to([*others[turn:], *others[:turn]]) == pytest.approx(level)
    assert held_to([(-a, b) for a, b in others]) == pytest.approx(level)
