"""What a month by itself says of a state: exact for Gaussian items, and the parabola at the mode for all others."""

from __future__ import annotations

import numpy as np
import pytest

from amity.engine.alone import alone
from amity.engine.chain import smooth
from amity.engine.families import GAUSSIAN, MIX
from amity.engine.model import dynamics, evidence, items
from amity.errors import UsageError


def gaussian_rows(rng: np.random.Generator, months: int, each: int, sides: bool) -> dict[str, np.ndarray]:
    count = 2 * months * each
    return {
        "pair": rng.integers(0, 2, count),
        "month": rng.integers(0, months - 1, count),
        "item": rng.integers(0, 2, count),
        "side": rng.integers(-1, 2, count) if sides else np.zeros(count, int),
        "y": rng.normal(size=count),
        "n": rng.gamma(2.0, size=count),
        "offset": rng.normal(size=count),
    }


def test_gaussian_evidence_of_a_month_is_its_precision_weighted_mean() -> None:
    rng = np.random.default_rng(1)
    of, move = items([GAUSSIAN] * 2, [0.3, -1.0], [0.8, -1.5], [0.0, 0.4]), dynamics(0.9)
    rows = gaussian_rows(rng, 12, 2, sides=False)
    seen = evidence(2, 12, rows, of)
    for x in (smooth(seen, of, move).mean, rng.normal(size=(2, 12, 1))):
        told = alone(seen, of, move, x)
        for d in range(2):
            for t in range(12):
                mine = (rows["pair"] == d) & (rows["month"] == t)
                if not mine.any():
                    assert np.isnan(told.value[d, t])
                    assert np.isnan(told.variance[d, t])
                    continue
                k = rows["item"][mine]
                load, rest = of.loading[k, 0], rows["y"][mine] - of.intercept[k] - rows["offset"][mine]
                sure = load**2 / (rows["n"][mine] + of.dispersion[k])
                assert told.variance[d, t] == pytest.approx(1 / sure.sum())
                assert told.value[d, t] == pytest.approx((sure * rest / load).sum() / sure.sum())


def test_with_two_sides_the_difference_between_them_is_integrated_out() -> None:
    rng = np.random.default_rng(2)
    of = items([GAUSSIAN] * 2, [0.3, -1.0], [0.8, -1.5], [0.1, 0.4])
    move = dynamics([0.9, 0.8], [1.0, 0.3], directed=0)
    rows = gaussian_rows(rng, 12, 3, sides=True)
    seen = evidence(2, 12, rows, of, sides=True)
    told = alone(seen, of, move, smooth(seen, of, move).mean)
    for d in range(2):
        for t in range(11):
            mine = (rows["pair"] == d) & (rows["month"] == t)
            if not mine.any():
                continue
            k = rows["item"][mine]
            load = of.loading[k, 0]
            rest = rows["y"][mine] - of.intercept[k] - rows["offset"][mine]
            apart = load * rows["side"][mine]
            # y = load r + e with e correlated through delta: generalised least squares for r
            cover = np.diag(rows["n"][mine] + of.dispersion[k]) + 0.3 * np.outer(apart, apart)
            sure = load @ np.linalg.solve(cover, load)
            assert told.variance[d, t] == pytest.approx(1 / sure)
            assert told.value[d, t] == pytest.approx(load @ np.linalg.solve(cover, rest) / sure)


def test_smoothing_what_each_month_says_alone_gives_the_same_states() -> None:
    rng = np.random.default_rng(3)
    of, move = items([MIX, MIX], [-1.0, -3.0], [-1.0, -1.3], [0.05, 0.0]), dynamics(0.95)
    n = rng.integers(1, 30, 80)
    rows = {
        "pair": np.zeros(80, int),
        "month": np.repeat(np.arange(40), 2),
        "item": np.tile([0, 1], 40),
        "y": rng.binomial(n, 0.3),
        "n": n,
    }
    seen = evidence(1, 40, rows, of)
    first = smooth(seen, of, move)
    told = alone(seen, of, move, first.mean)
    assert (told.variance > 0).all()
    measured = items(GAUSSIAN, 0.0, 1.0)
    again = evidence(
        1,
        40,
        {
            "pair": np.zeros(40, int),
            "month": np.arange(40),
            "item": np.zeros(40, int),
            "y": told.value[0],
            "n": told.variance[0],
        },
        measured,
    )
    assert smooth(again, measured, move).mean == pytest.approx(first.mean, abs=1e-4)


def test_a_surprise_is_far_away_and_unsure() -> None:
    of, move = items(MIX, -4.0, -1.0), dynamics(0.9)
    rows = {"pair": [0, 0], "month": [1, 5], "item": [0, 0], "y": [1, 0], "n": [1, 1]}
    seen = evidence(1, 9, rows, of)
    told = alone(seen, of, move, smooth(seen, of, move).mean)
    assert told.value[0, 1] < -4
    assert told.variance[0, 1] > 5
    # held near its stationary law, it moves the state by less than its slope at most, which is one
    assert abs(told.value[0, 1] / (1 + told.variance[0, 1])) < 1


def test_more_states_than_a_month_can_tell_apart_are_refused() -> None:
    of, move = items(GAUSSIAN, 0.0, [[1.0, 0.5]]), dynamics([0.9, 0.9])
    seen = evidence(1, 3, {"pair": [0], "month": [0], "item": [0], "y": [1.0], "n": [1.0]}, of)
    with pytest.raises(UsageError):
        alone(seen, of, move, np.zeros((1, 3, 2)))
