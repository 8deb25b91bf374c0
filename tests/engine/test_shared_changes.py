"""Changes that series share: all cuts enumerated, known breaks found, and states with memory that have no phases."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
import ruptures
from scipy import stats

from amity.engine.changes import changes
from amity.engine.shared_changes import shared_changes
from amity.errors import UsageError


def phase(y: np.ndarray, v: np.ndarray, rho: float, omega2: float, m0: float, kappa: float) -> float:
    """Log likelihood of one series in one phase, as one multivariate normal."""
    seen = np.flatnonzero(~np.isnan(y))
    if not len(seen):
        return 0.0
    apart = np.abs(seen[:, None] - seen[None, :])
    cover = kappa + omega2 * float(rho) ** apart + np.diag(v[seen])
    return float(stats.multivariate_normal(np.full(len(seen), m0), cover).logpdf(y[seen]))


@pytest.mark.parametrize("shortest", [1, 2])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_cut_of_three_short_series_enumerated(seed: int, shortest: int) -> None:
    rng = np.random.default_rng(seed)
    y = rng.normal(size=(3, 9)) + np.where(np.arange(9) < 4, 0, [[2], [-1], [0]])
    y[0, 6] = y[1, :3] = y[2, [0, 1, 2, 4, 5, 7, 8]] = np.nan
    v = rng.gamma(1, 0.5, (3, 9))
    drifts = [(0.0, 0.3), (0.9, 0.5), (0.5, 0.2)]
    prior = [(0.5, 2.0), (0.0, 1.0), (-0.3, 0.7)]
    got = shared_changes(y, v, every=5, shortest=shortest, drifts=drifts, prior=prior)
    cuts, heights = [], []
    for m in range(9):
        for cut in combinations(range(1, 9), m):
            edges = [0, *cut, 9]
            if min(np.diff(edges)) < shortest:
                continue
            height = m * np.log(1 / 5) + (8 - m) * np.log(4 / 5)
            for s, e in pairwise(edges):
                height += sum(phase(y[k, s:e], v[k, s:e], *drifts[k], *prior[k]) for k in range(3))
            cuts.append(cut)
            heights.append(height)
    assert got.log_evidence == pytest.approx(np.logaddexp.reduce(heights))
    chance = np.exp(np.array(heights) - np.logaddexp.reduce(heights))
    for t in range(1, 9):
        assert got.probability[t] == pytest.approx(
            sum(c for c, cut in zip(chance, cuts, strict=True) if t in cut)
        )
    best = cuts[int(chance.argmax())]
    assert tuple(change.at for change in got.found) == best
    for j, change in enumerate(got.found):
        others = best[:j] + best[j + 1 :]
        low, high = ([0, *best][j], [*best, 9][j + 1])
        here = {
            cut[j]: c
            for c, cut in zip(chance.tolist(), cuts, strict=True)
            if len(cut) == len(best) and cut[:j] + cut[j + 1 :] == others and low < cut[j] < high
        }
        at = sorted(here)
        below = np.cumsum([here[t] for t in at]) / sum(here.values())
        assert change.low == at[np.searchsorted(below, 0.05)]
        assert change.high == at[np.searchsorted(below, 0.95)]


def test_one_series_without_drift_is_cut_as_by_changes() -> None:
    rng = np.random.default_rng(7)
    y = np.concatenate([rng.normal(0, 1, 40), rng.normal(2, 1, 50)])
    y[50:60] = np.nan
    v = rng.gamma(1, 0.2, 90)
    one = changes(y, v, variance=0.8, every=60, prior=(0.5, 3.0))
    same = shared_changes(y, v, every=60, drifts=[(0.0, 0.8)], prior=[(0.5, 3.0)])
    assert same.probability == pytest.approx(one.probability, abs=1e-9)
    assert same.log_evidence == pytest.approx(one.log_evidence)
    assert [change.at for change in same.found] == [change.at for change in one.found]


def test_the_most_likely_cut_of_several_series_is_that_of_ruptures() -> None:
    rng = np.random.default_rng(4)
    places = [[0.0, 2.0, -1.0, 1.5], [1.0, -1.0, -0.8, 0.9], [0.0, 0.1, 1.5, 0.0]]
    y = np.array([np.repeat(place, 60) for place in places]) + rng.normal(0, 0.6, (3, 240))
    theirs = ruptures.KernelCPD(kernel="linear", min_size=2).fit(y.T).predict(n_bkps=3)[:-1]
    assert [change.at for change in shared_changes(y).found] == theirs


def test_neither_scale_nor_place_nor_order_of_series_matters() -> None:
    rng = np.random.default_rng(8)
    y = rng.normal(size=(2, 120)) + np.where(np.arange(120) < 70, 0, [[1.5], [-2]])
    v = np.full((2, 120), 0.1)
    one = shared_changes(y, v)
    other = shared_changes((3 - 10 * y)[::-1], 100 * v)
    assert other.probability == pytest.approx(one.probability, abs=1e-9)
    assert other.level[::-1] == pytest.approx(3 - 10 * one.level)
    assert other.variance[::-1] == pytest.approx(100 * one.variance)


def test_a_change_that_several_series_share_is_dated_by_the_one_that_knows_the_month() -> None:
    rng = np.random.default_rng(9)
    months = np.arange(240)
    votes = np.where(months < 130, 0.8, -0.8) + rng.normal(0, 0.3, 240)
    votes[months % 12 != 11] = np.nan
    acts = np.where(months < 130, 0.6, -0.6) + rng.normal(0, 0.3, 240)
    acts[rng.random(240) < 0.5] = np.nan
    yearly = shared_changes(votes, spread=1.0).found[0]
    both = shared_changes([votes, acts], spread=1.0).found[0]
    assert yearly.high - yearly.low >= 8
    assert both.high - both.low <= 3
    assert both.low <= 130 <= both.high


def ar(rng: np.random.Generator, phi: float, months: int) -> np.ndarray:
    x = np.empty(months)
    x[0] = rng.normal()
    for t in range(1, months):
        x[t] = phi * x[t - 1] + np.sqrt(1 - phi**2) * rng.normal()
    return x


@pytest.mark.parametrize(("phi", "most"), [(0.9, 0.5), (0.97, 0.6)])
def test_a_state_with_memory_and_no_breaks_has_few_phases(phi: float, most: float) -> None:
    rng = np.random.default_rng(10)
    found, naive = [], []
    for n in range(20):
        y = ar(rng, phi, 480) + rng.normal(0, 0.3, 480)
        y[rng.random(480) < 0.5] = np.nan
        found.append(len(shared_changes(y, 0.09, spread=1.0, shortest=6).found))
        if n < 2:
            naive.append(len(changes(y[:240], 0.09).found))
    assert np.mean(found) < most
    assert np.mean(naive) > 2  # what a constant level with white noise about it would make of the same states


def test_intervals_of_known_breaks_hold_their_dates() -> None:
    # breaks that are hard to date, as a date that is known to the month is held more often than nine times in ten
    rng, held, found, tried, says = np.random.default_rng(11), [], 0, 150, []
    for _ in range(tried):
        breaks = [int(rng.integers(60, 100)), int(rng.integers(170, 220))]
        level = np.where(np.arange(300) < breaks[0], 0.0, np.where(np.arange(300) < breaks[1], -1.4, 0.3))
        drift = np.sqrt(0.1) * ar(rng, 0.9, 300)
        y = level + drift + rng.normal(0, 0.9, 300)
        y[rng.random(300) < 0.4] = np.nan
        got = shared_changes(y, 0.81, spread=1.0, shortest=6)
        for at in breaks:
            near = [
                (change, date)
                for change, date in zip(got.found, got.dates, strict=True)
                if abs(change.at - at) <= 40
            ]
            found += len(near) > 0
            held += [near[0][0].low <= at <= near[0][0].high] if near else []
            says += [near[0][1][near[0][0].low : near[0][0].high + 1].sum()] if near else []
    assert found > tried  # more than half of them: enough to speak of shares
    assert 0.85 <= np.mean(held) <= 0.99
    assert np.mean(held) == pytest.approx(np.mean(says), abs=0.05)


def test_a_series_that_cannot_have_phases_is_refused() -> None:
    y = np.random.default_rng(1).normal(size=(2, 30))
    for values, more in (
        ([1.0, 2.0], {}),
        ([1.0] * 9, {}),
        ([1.0, np.inf, 2.0, 3.0], {}),
        (y, {"every": 1.0}),
        (y, {"shortest": 0}),
        (y, {"spread": 0.0}),
        (y, {"known": -1.0}),
    ):
        with pytest.raises(UsageError):
            shared_changes(values, **more)
