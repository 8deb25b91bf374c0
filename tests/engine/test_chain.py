"""The smoother beside dense algebra, beside a grid, and beside what anyone may ask of it."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from amity.engine.chain import smooth
from amity.engine.contributions import account, slopes
from amity.engine.families import GAUSSIAN, MIX
from amity.engine.filtering import before, filter_forward
from amity.engine.grid import cells, gridded, heights, kernel
from amity.engine.matching import smooth_means
from amity.engine.model import Dynamics, Evidence, Items, dynamics, evidence, items, select
from amity.errors import UsageError
from tests.engine import worlds

RUNS = (smooth, filter_forward, smooth_means)
GAUSS = items([GAUSSIAN, GAUSSIAN], [0.3, -0.2], [[0.9, 0.0], [0.5, 0.7]], 0.1)


@pytest.fixture(scope="module")
def three() -> worlds.World:
    return worlds.world(11, worlds.THREE, worlds.PACE, 150, 100)


def dense(world: worlds.World, pair: int, until: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Mean and covariance of all states of a pair given evidence up to a month, and its log likelihood, by one big Gaussian."""
    move, of, months, states = world.move, world.of, world.seen.months, len(world.move.persistence)
    gap = np.abs(np.subtract.outer(np.arange(months), np.arange(months)))
    prior = np.zeros((months, states, months, states))
    for m in range(states):
        prior[:, m, :, m] = move.variance[m] * move.persistence[m] ** gap
    prior = prior.reshape(months * states, -1)
    mine = (world.rows["pair"] == pair) & (world.rows["month"] <= until)
    rows = {name: values[mine] for name, values in world.rows.items()}
    item, month = rows["item"].astype(int), rows["month"].astype(int)
    design = np.zeros((len(item), months, states))
    design[np.arange(len(item)), month, : of.loading.shape[1]] = of.loading[item]
    if move.directed >= 0:
        design[np.arange(len(item)), month, -1] = rows["side"] * of.loading[item, move.directed]
    design = design.reshape(len(item), months * states)
    noise = np.diag(rows["n"] + of.dispersion[item])
    left = rows["y"] - of.intercept[item] - rows["offset"]
    total = design @ prior @ design.T + noise
    gain = prior @ design.T @ np.linalg.inv(total)
    height = -0.5 * (left @ np.linalg.solve(total, left) + np.linalg.slogdet(2 * np.pi * total)[1])
    return (gain @ left).reshape(months, states), prior - gain @ design @ prior, height


@pytest.mark.parametrize("directed", [-1, 0])
def test_on_gaussian_evidence_all_are_one_big_gaussian(directed: int) -> None:
    pace = [0.9, 0.8, 0.7][: 2 + (directed >= 0)]
    world = worlds.world(5, GAUSS, dynamics(pace, 0.8, directed), 3, 7, seen=0.6)
    now, known = smooth(world.seen, GAUSS, world.move), filter_forward(world.seen, GAUSS, world.move)
    means = smooth_means(world.seen, GAUSS, world.move)
    states = len(pace)
    for pair in range(3):
        mean, covariance, height = dense(world, pair, 7)
        blocks = covariance.reshape(7, states, 7, states)
        for got in (now, means):
            assert got.mean[pair] == pytest.approx(mean, abs=1e-9)
            assert got.covariance[pair] == pytest.approx(np.einsum("titj->tij", blocks), abs=1e-9)
            assert got.log_likelihood[pair] == pytest.approx(height)
            lag = np.einsum("titi->i", blocks[1:, :, :-1]) + (mean[1:] * mean[:-1]).sum(0)
            assert got.moments[pair, :, 1] == pytest.approx(lag)
        assert known.log_predictive[pair] == pytest.approx(height)
        for t in range(7):
            then, spread, _ = dense(world, pair, t)
            assert known.mean[pair, t] == pytest.approx(then[t], abs=1e-9)
            assert known.covariance[pair, t] == pytest.approx(spread.reshape(blocks.shape)[t, :, t], abs=1e-9)


def test_the_mode_is_one_where_evidence_and_prior_pull_alike(three: worlds.World) -> None:
    now = smooth(three.seen, three.of, three.move)
    assert now.settled.all()
    x, phi, s = now.mean, three.move.persistence, three.move.variance
    shock = (x[:, 1:] - phi * x[:, :-1]) / (s * (1 - phi**2))
    prior = np.zeros_like(x)
    prior[:, 0] -= x[:, 0] / s
    prior[:, 1:] -= shock
    prior[:, :-1] += phi * shock
    pull = slopes(three.seen, three.of, three.move, x, np.zeros(len(three.of.family), np.int64))[:, :, 0]
    assert np.abs(prior + pull).max() < 1e-6


def test_ninety_percent_intervals_hold_ninety_percent(three: worlds.World) -> None:
    more = worlds.world(12, three.of, three.move, 300, 150)
    for run in RUNS:
        known = run(more.seen, more.of, more.move)
        wide = 1.6449 * np.sqrt(np.einsum("dtii->dti", known.covariance))
        held = (np.abs(more.states - known.mean) < wide).mean((0, 1))
        assert ((held > 0.88) & (held < 0.92)).all(), (run, held)


@pytest.mark.parametrize("run", RUNS)
def test_neither_threads_nor_the_order_of_rows_change_a_bit(run, three: worlds.World) -> None:
    threads = numba.get_num_threads()
    whole = run(three.seen, three.of, three.move)
    shuffled = np.random.default_rng(1).permutation(len(three.seen.y))
    rows = {name: values[shuffled] for name, values in three.rows.items()}
    again = evidence(150, 100, rows, three.of, sides=True)
    numba.set_num_threads(1)
    try:
        alone = run(again, three.of, three.move)
    finally:
        numba.set_num_threads(threads)
    few = run(select(again, 40, 45), three.of, three.move)
    assert (whole.mean == alone.mean).all()
    assert (whole.covariance == alone.covariance).all()
    assert (whole.mean[40:45] == few.mean).all()


def test_months_without_evidence_widen_and_bring_no_news() -> None:
    of, move = items(MIX, -1.0, -1.0, 0.1), dynamics(0.97)
    rows = {"pair": [0, 0], "month": [10, 40], "item": [0, 0], "y": [2, 9], "n": [12, 12]}
    seen = evidence(2, 60, rows, of)
    now, known = smooth(seen, of, move), filter_forward(seen, of, move)
    wide = now.covariance[0, :, 0, 0]
    assert (np.diff(wide[10:25]) > 0).all()
    assert (np.diff(wide[26:41]) < 0).all()
    assert (np.diff(wide[40:]) > 0).all()
    assert (np.diff(known.covariance[0, 10:40, 0, 0]) > 0).all()
    news = known.mean - before(known, move)[0]
    assert set(np.flatnonzero(news[0, :, 0])) == {10, 40}
    assert (now.mean[1] == 0).all()
    assert now.covariance[1, :, 0, 0] == pytest.approx(1.0)


def test_what_comes_later_does_not_change_what_could_be_known(three: worlds.World) -> None:
    early = {name: values[three.rows["month"] < 60] for name, values in three.rows.items()}
    cut = filter_forward(evidence(150, 100, early, three.of, sides=True), three.of, three.move)
    whole = filter_forward(three.seen, three.of, three.move)
    assert (cut.mean[:, :60] == whole.mean[:, :60]).all()
    assert (cut.mean[:, 99] != whole.mean[:, 99]).any()


def test_more_news_of_the_same_mix_makes_surer_up_to_its_overdispersion_and_never_warmer() -> None:
    of, move = items(MIX, -1.0, -1.0, 0.05), dynamics(0.9)
    means, wide = [], []
    for doubling in range(11):
        volume = 4 * 2**doubling
        rows = {"pair": [0], "month": [5], "item": [0], "y": [volume // 4], "n": [volume]}
        now = smooth(evidence(1, 11, rows, of), of, move)
        means.append(now.mean[0, 5, 0])
        wide.append(now.covariance[0, 5, 0, 0])
    assert (np.diff(wide) < 0).all()
    expected = 0.25 * 0.75 / 0.05
    assert wide[-1] > 1 / (1 + 1.25 * expected)
    assert wide[-2] - wide[-1] < 0.02 * wide[-1]
    at_share = -(np.log(1 / 3) + 1.0)
    assert np.abs(np.array(means)).max() <= abs(at_share) + 0.05


def test_sources_account_for_every_month_to_the_last_digit(three: worlds.World) -> None:
    known, now = (run(three.seen, three.of, three.move) for run in (filter_forward, smooth))
    group = np.array([0, 0, 1, 1, 2, 2, 0])
    told = account(three.seen, three.of, three.move, known, now, group)
    assert np.abs(told.share.sum(2) - now.mean).max() < 1e-6
    assert np.abs(told.news.sum(2) - (known.mean - before(known, three.move)[0])).max() < 1e-6
    silent = np.ones((150, 100, 3), bool)
    silent[
        three.rows["pair"].astype(int), three.rows["month"].astype(int), group[three.rows["item"].astype(int)]
    ] = False
    assert silent.any()
    assert (told.news[silent] == 0).all()


def test_the_marginal_likelihood_is_near_the_exact_one_of_a_grid() -> None:
    world = worlds.world(2, worlds.TONE, dynamics(0.95), 6, 60)
    points = cells(7.0, 0.02)
    move = kernel(points, 0.95)
    now, means = (run(world.seen, world.of, world.move) for run in (smooth, smooth_means))
    for pair in range(6):
        exact = gridded(points, move, heights(points, world.seen, world.of, world.move, pair))
        assert now.log_likelihood[pair] == pytest.approx(exact.log_likelihood, abs=0.3)
        assert exact.log_likelihood - 0.5 < means.log_likelihood[pair] < exact.log_likelihood + 1e-3
        sd = np.sqrt(exact.smoothed @ points**2 - exact.mean() ** 2)
        assert np.abs(means.mean[pair, :, 0] - exact.mean()).max() < 0.03
        assert np.sqrt(means.covariance[pair, :, 0, 0]) / sd == pytest.approx(np.ones(60), abs=0.05)
        assert np.sqrt(now.covariance[pair, :, 0, 0]) / sd == pytest.approx(np.ones(60), abs=0.1)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"month": [12]}, "a month is outside"),
        ({"pair": [-1]}, "a pair is outside"),
        ({"item": [1]}, "an? item is outside"),
        ({"y": [np.nan]}, "a number missing"),
        ({"y": [2.5]}, "a count is negative, broken"),
        ({"y": [9.0]}, "more than all there are"),
        ({"side": [1]}, "a side says what nothing reads"),
    ],
)
def test_evidence_that_cannot_be_is_refused_with_a_cure(change: dict[str, list[float]], says: str) -> None:
    rows = {"pair": [0], "month": [0], "item": [0], "y": [1.0], "n": [4.0]}
    with pytest.raises(UsageError, match=says) as told:
        evidence(1, 12, rows | change, items(MIX, -1.0, -1.0))
    assert len(str(told.value).splitlines()) == 2


@pytest.mark.parametrize(
    "make",
    [
        lambda: items(9, 0.0, 1.0),
        lambda: items(MIX, 0.0, 1.0, 1.0),
        lambda: items(GAUSSIAN, np.nan, 1.0),
        lambda: dynamics(1.0),
        lambda: dynamics([0.9, 0.9], [1.0, 0.0]),
        lambda: dynamics(0.9, 1.0, directed=0),
    ],
)
def test_constants_that_cannot_be_are_refused(make) -> None:
    with pytest.raises(UsageError):
        make()


def test_a_pair_is_read_from_both_sides_as_opposites() -> None:
    of, move = items(GAUSSIAN, 0.0, 1.0), dynamics([0.9, 0.8], [1.0, 0.5], directed=0)
    columns = {"pair": [0, 0], "month": [1, 1], "item": [0, 0], "y": [1.5, -0.5], "n": [0.2, 0.2]}

    def states(sides: list[int]) -> tuple[Evidence, Items, Dynamics]:
        return evidence(1, 4, columns | {"side": sides}, of, sides=True), of, move

    one, other = smooth(*states([1, -1])), smooth(*states([-1, 1]))
    assert one.mean[..., 0] == pytest.approx(other.mean[..., 0])
    assert one.mean[..., 1] == pytest.approx(-other.mean[..., 1])
    assert one.mean[0, 1, 1] > 0.5
