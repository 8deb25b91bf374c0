"""Constants are found again in worlds of which they are known, within their errors."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from amity.engine.chain import smooth
from amity.engine.constants import free, moved
from amity.engine.families import COUNT, MIX
from amity.engine.grid import cells, gridded, heights, kernel
from amity.engine.learning import Learned, learn
from amity.engine.matching import smooth_means
from amity.engine.model import Dynamics, Items, dynamics, evidence, items
from amity.errors import UsageError
from tests.engine import worlds


def scores(got: Learned, of: Items, move: Dynamics) -> np.ndarray:
    """How many standard errors each learned constant lies from the truth."""
    names = [(got.items, of, got.item_errors, name) for name in ("intercept", "loading", "dispersion")]
    names += [(got.dynamics, move, got.dynamics_errors, name) for name in ("persistence", "variance")]
    off = [((getattr(a, name) - getattr(b, name)) / getattr(e, name)).ravel() for a, b, e, name in names]
    flat = np.concatenate(off)
    return flat[~np.isnan(flat)]


def blurred(of: Items, move: Dynamics) -> tuple[Items, Dynamics]:
    """A beginning on the right side of zero and far from the truth."""
    spread = np.where(of.dispersion > 0, 0.05, 0.0)
    variance = np.where(np.arange(len(move.variance)) >= of.loading.shape[1], 0.7, 1.0)
    return Items(of.family, of.intercept / 2, of.loading / 2, spread), Dynamics(
        0 * move.persistence + 0.9, variance, move.directed
    )


def test_three_dimensions_and_a_direction_are_learned_from_all_families() -> None:
    world = worlds.world(3, worlds.THREE, worlds.PACE, 400, 120)
    got = learn(world.seen, *blurred(world.of, world.move))
    off = scores(got, world.of, world.move)
    assert got.settled
    assert len(off) == 23
    assert np.abs(off).max() < 3.5
    assert 0.5 < np.sqrt((off**2).mean()) < 1.5
    held = np.isnan(got.item_errors.loading)
    assert (held == (world.of.loading == 0)).all()
    assert (got.items.loading[held] == 0).all()


def test_errors_are_as_large_as_the_truth_is_far_in_many_worlds() -> None:
    of, move = items([MIX, MIX], [-1.0, -0.5], [-1.0, 0.8], [0.1, 0.0]), dynamics(0.9)
    off = []
    for seed in range(12):
        world = worlds.world(seed, of, move, 150, 50)
        got = learn(world.seen, *blurred(of, move))
        assert got.settled
        off.append(scores(got, of, move))
    off = np.array(off)
    assert 0.8 < np.sqrt((off**2).mean()) < 1.25
    assert np.abs(off.mean(0)).max() < 3 / np.sqrt(12) + 0.2


def test_the_gradient_of_a_pair_is_that_of_its_bound() -> None:
    world = worlds.world(6, worlds.THREE, worlds.PACE, 40, 40)
    which = free(world.of, world.move)
    from amity.engine.learning import _look

    here = _look(world.seen, world.of, world.move, which, None)
    for p in range(len(which)):
        step = np.zeros(len(which))
        step[p] = 1e-3
        up, down = (smooth_means(world.seen, *moved(world.of, world.move, which, s * step)) for s in (1, -1))
        slope = (up.log_likelihood - down.log_likelihood) / 2e-3
        assert here.gradients[:, p] == pytest.approx(slope, abs=0.03 + 0.01 * np.abs(slope).max())


RARE, SLOW = items([COUNT, COUNT], [-6.0, -4.0], [-2.5, -1.5]), dynamics(0.97)


def test_learning_settles_at_the_same_constants_from_two_beginnings() -> None:
    seen = worlds.world(1, RARE, SLOW, 200, 60, seen=0.3).seen
    near, far = (
        learn(seen, begin, move)
        for begin, move in ((RARE, SLOW), (items([COUNT, COUNT], -5.0, [-0.5, -0.5]), dynamics(0.8)))
    )
    assert near.settled
    assert far.settled
    assert abs(near.log_likelihood - far.log_likelihood) < 0.05
    assert (np.abs(near.items.intercept - far.items.intercept) < 0.1 * near.item_errors.intercept).all()
    assert (np.abs(near.items.loading - far.items.loading) < 0.1 * near.item_errors.loading).all()
    assert np.arctanh(near.dynamics.persistence) == pytest.approx(
        np.arctanh(far.dynamics.persistence), abs=0.02
    )


def test_what_is_learned_does_not_depend_on_threads() -> None:
    seen, threads = worlds.world(2, RARE, SLOW, 60, 40).seen, numba.get_num_threads()
    over: list[int] = []
    many = learn(seen, RARE, SLOW, rounds=12, told=over.append)
    assert over[: many.rounds] == list(range(many.rounds)), "each round is told before it"
    numba.set_num_threads(1)
    try:
        one = learn(seen, RARE, SLOW, rounds=12)
    finally:
        numba.set_num_threads(threads)
    assert (many.items.loading == one.items.loading).all()
    assert (many.dynamics.persistence == one.dynamics.persistence).all()
    assert many.log_likelihood == one.log_likelihood


def test_rare_onsets_are_read_as_a_grid_reads_them_and_lose_little_of_their_weight() -> None:
    world = worlds.world(1, RARE, SLOW, 300, 120, seen=0.3)
    means, modes = (run(world.seen, RARE, SLOW) for run in (smooth_means, smooth))
    assert means.settled.all()
    points = cells(8.0, 0.1)
    move = kernel(points, 0.97)
    exact = [gridded(points, move, heights(points, world.seen, RARE, SLOW, d)) for d in range(20)]
    off, mode_off = (
        np.abs(now.mean[:20, :, 0] - [one.mean() for one in exact]).max() for now in (means, modes)
    )
    assert off < 0.03
    assert off < 0.3 * mode_off
    assert means.log_likelihood[:20] == pytest.approx([one.log_likelihood for one in exact], abs=0.15)
    got = learn(world.seen, *blurred(RARE, SLOW))
    assert got.settled
    assert (got.items.loading / RARE.loading > 0.85).all()
    assert (np.abs(got.items.loading - RARE.loading) < 3.5 * got.item_errors.loading).all()


def test_every_report_twice_is_learned_as_overdispersion_and_sharpens_nothing() -> None:
    of, move = items(MIX, -1.0, -1.0, 0.1), dynamics(0.95)
    world = worlds.world(8, of, move, 250, 80, seen=0.8, acts=10)
    twice = dict(world.rows)
    twice["y"], twice["n"] = 2 * twice["y"], 2 * twice["n"]
    doubled = evidence(250, 80, twice, of)
    once, again = (learn(seen, *blurred(of, move)) for seen in (world.seen, doubled))
    assert again.items.dispersion[0] > once.items.dispersion[0] + 0.03
    naive = smooth(doubled, once.items, once.dynamics)
    one, two = smooth(world.seen, once.items, once.dynamics), smooth(doubled, again.items, again.dynamics)
    wide = [np.sqrt(now.covariance).mean() for now in (one, two, naive)]
    assert wide[1] / wide[0] == pytest.approx(1.0, abs=0.03)
    assert wide[2] < 0.97 * wide[0]
    assert np.corrcoef(one.mean.ravel(), two.mean.ravel())[0, 1] > 0.995


def test_fewer_pairs_than_constants_are_refused() -> None:
    world = worlds.world(1, worlds.THREE, worlds.PACE, 10, 10)
    with pytest.raises(UsageError, match="23 constants cannot be learned from 10 pairs"):
        learn(world.seen, world.of, world.move)
