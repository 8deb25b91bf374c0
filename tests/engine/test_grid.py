"""The grid: exact where exactness can be had, and quick to see a jump."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from amity.engine.chain import smooth
from amity.engine.families import GAUSSIAN, MIX
from amity.engine.filtering import filter_forward
from amity.engine.grid import cells, gridded, heights, kernel
from amity.engine.model import dynamics, items
from amity.errors import UsageError
from tests.engine import worlds


def test_on_gaussian_evidence_it_is_the_kalman_smoother() -> None:
    of, move = items(GAUSSIAN, 0.2, 0.9, 0.3), dynamics(0.9)
    world = worlds.world(1, of, move, 1, 40)
    points = cells(7.0, 0.02)
    got = gridded(points, kernel(points, 0.9), heights(points, world.seen, of, move))
    now, known = smooth(world.seen, of, move), filter_forward(world.seen, of, move)
    sd = np.sqrt(now.covariance[0, :, 0, 0])
    assert got.mean() == pytest.approx(now.mean[0, :, 0], abs=1e-6)
    assert got.mean(then=True) == pytest.approx(known.mean[0, :, 0], abs=1e-6)
    for chance in (0.05, 0.5, 0.95):
        assert got.quantile(chance) == pytest.approx(
            now.mean[0, :, 0] + stats.norm.ppf(chance) * sd, abs=1e-3
        )
    assert got.log_likelihood == pytest.approx(now.log_likelihood[0], abs=1e-6)


@pytest.mark.parametrize(("tails", "reach"), [(None, 4.0), (3.0, 60.0), (4.0, 20.0)])
def test_shocks_have_the_variance_that_keeps_the_chain_stationary(tails: float | None, reach: float) -> None:
    points = cells(reach, 0.1)
    chance = kernel(points, 0.95, tails=tails)
    middle = chance[len(points) // 2]
    assert chance.sum(1) == pytest.approx(np.ones(len(points)))
    assert middle @ points**2 == pytest.approx(1 - 0.95**2, rel=0.02)
    law = stats.norm(scale=np.sqrt(1 - 0.95**2))
    if tails is not None:
        law = stats.t(tails, scale=np.sqrt((1 - 0.95**2) * (tails - 2) / tails))
    assert middle == pytest.approx(0.1 * law.pdf(points), abs=1e-4)


def test_with_heavy_tails_a_jump_is_seen_with_three_quarters_of_the_error() -> None:
    of, move, tails = items(MIX, -1.0, -1.0), dynamics(0.99), 3.0
    points = cells(7.0, 0.07)
    heavy, light = kernel(points, 0.99, tails=tails), kernel(points, 0.99)
    states = worlds.draw_states(np.random.default_rng(7), move, 60, 600, tails)
    seen, off, held = worlds.busy(9, of, move, states, 100), [], []
    for pair in range(60):
        height, truth = heights(points, seen, of, move, pair), states[pair, :, 0]
        jumps = np.flatnonzero(np.abs(truth[1:] - 0.99 * truth[:-1]) > 0.5) + 1
        t, gauss = gridded(points, heavy, height), gridded(points, light, height)
        off += [(t.mean()[m] - truth[m], gauss.mean()[m] - truth[m]) for m in jumps]
        held.append((t.quantile(0.05) <= truth) & (truth <= t.quantile(0.95)))
    error = np.sqrt((np.array(off) ** 2).mean(0))
    assert len(off) > 300
    assert error[0] <= 0.75 * error[1]
    assert 0.88 < np.mean(held) < 0.92


def test_a_month_that_nothing_is_known_of_is_foreseen_from_its_neighbours() -> None:
    points = cells()
    rows = np.zeros((21, len(points)))
    rows[0] = rows[20] = -0.5 * (points - 2) ** 2 / 0.01
    got = gridded(points, kernel(points, 0.9, tails=4.0), rows)
    wide = got.quantile(0.95) - got.quantile(0.05)
    assert wide[8:13].min() > 1.5 * wide[[1, 19]].max()
    assert 0 < got.mean()[10] < got.mean()[1] < 2


def test_what_a_grid_cannot_say_is_refused() -> None:
    points = cells()
    for make in (
        lambda: kernel(points, 0.9, tails=2.0),
        lambda: gridded(points, kernel(points, 0.9), np.zeros((3, 2))),
        lambda: heights(
            points, worlds.world(1, worlds.THREE, worlds.PACE, 1, 3).seen, worlds.THREE, worlds.PACE
        ),
    ):
        with pytest.raises(UsageError):
            make()
