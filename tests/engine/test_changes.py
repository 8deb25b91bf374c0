"""Changes of a series: all cuts enumerated, the Nile, and what a gap or an uncertain value does."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
import ruptures
from scipy import stats

from amity.engine.changes import changes
from amity.errors import UsageError

# Cobb (1978), Biometrika 65: the Nile at Aswan, 10^8 cubic metres a year, 1871-1970.
NILE = np.array(
    [
        "1120",
        "1160",
        "963",
        "1210",
        "1160",
        "1160",
        "813",
        "1230",
        "1370",
        "1140",
        "995",
        "935",
        "1110",
        "994",
        "1020",
        "960",
        "1180",
        "799",
        "958",
        "1140",
        "1100",
        "1210",
        "1150",
        "1250",
        "1260",
        "1220",
        "1030",
        "1100",
        "774",
        "840",
        "874",
        "694",
        "940",
        "833",
        "701",
        "916",
        "692",
        "1020",
        "1050",
        "969",
        "831",
        "726",
        "456",
        "824",
        "702",
        "1120",
        "1100",
        "832",
        "764",
        "821",
        "768",
        "845",
        "864",
        "862",
        "698",
        "845",
        "744",
        "796",
        "1040",
        "759",
        "781",
        "865",
        "845",
        "944",
        "984",
        "897",
        "822",
        "1010",
        "771",
        "676",
        "649",
        "846",
        "812",
        "742",
        "801",
        "1040",
        "860",
        "874",
        "848",
        "890",
        "744",
        "749",
        "838",
        "1050",
        "918",
        "986",
        "797",
        "923",
        "975",
        "815",
        "1020",
        "906",
        "901",
        "1170",
        "912",
        "746",
        "919",
        "718",
        "714",
        "740",
    ],
    float,
)


def enumerated(
    y: np.ndarray, v: np.ndarray, sigma2: float, every: float, shortest: int, prior: tuple[float, float]
):
    """Chances of all cuts, each phase's likelihood a multivariate normal's."""
    months, p = len(y), 1 / every
    cuts, heights = [], []
    for m in range(months):
        for cut in combinations(range(1, months), m):
            edges = [0, *cut, months]
            if min(np.diff(edges)) < shortest:
                continue
            height = m * np.log(p) + (months - 1 - m) * np.log1p(-p)
            for s, e in pairwise(edges):
                seen = ~np.isnan(y[s:e])
                if seen.any():
                    spread = np.diag((sigma2 + v[s:e])[seen]) + prior[1]
                    height += stats.multivariate_normal(np.full(seen.sum(), prior[0]), spread).logpdf(
                        y[s:e][seen]
                    )
            cuts.append(cut)
            heights.append(height)
    heights = np.array(heights)
    return cuts, heights


@pytest.mark.parametrize("shortest", [1, 2])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_cut_of_a_short_series_enumerated(seed: int, shortest: int) -> None:
    rng = np.random.default_rng(seed)
    y = np.concatenate([rng.normal(0, 1, 4), rng.normal(2, 1, 5)])
    y[6] = np.nan
    v, prior = rng.gamma(1, 0.5, 9), (0.5, 4.0)
    got = changes(y, v, variance=0.6, every=5, shortest=shortest, prior=prior)
    cuts, heights = enumerated(y, v, 0.6, 5, shortest, prior)
    assert got.log_evidence == pytest.approx(np.logaddexp.reduce(heights))
    chance = np.exp(heights - np.logaddexp.reduce(heights))
    for t in range(1, 9):
        assert got.probability[t] == pytest.approx(
            sum(c for c, cut in zip(chance, cuts, strict=True) if t in cut)
        )
    for m in range(4):
        assert got.number[m] == pytest.approx(
            sum(c for c, cut in zip(chance, cuts, strict=True) if len(cut) == m), abs=1e-6
        )
    best = cuts[int(chance.argmax())]
    assert tuple(change.at for change in got.found) == best
    for j, change in enumerate(got.found):
        same = [(cut[j], c) for cut, c in zip(cuts, chance, strict=True) if len(cut) == len(best)]
        below = np.cumsum([sum(c for at, c in same if at == t) for t in range(9)]) / sum(c for _, c in same)
        assert (change.low, change.high) == (np.searchsorted(below, 0.05), np.searchsorted(below, 0.95))


def test_the_nile_fell_after_1898() -> None:
    got = changes(NILE)
    assert NILE.mean() == 919.35
    (fall,) = got.found
    assert 1871 + fall.at - 1 == 1898
    assert got.probability[fall.at] == pytest.approx(0.76, abs=0.03)
    assert 1.0 < got.expected < 1.3
    assert 1871 + fall.low - 1 >= 1895
    assert 1871 + fall.high - 1 <= 1902
    assert fall.chance > 0.9
    assert got.number[1] > 0.8
    assert got.level[:20] == pytest.approx(np.full(20, 1098), abs=15)
    assert got.level[-60:] == pytest.approx(np.full(60, 850), abs=15)


def test_the_most_likely_cut_is_that_of_ruptures() -> None:
    rng = np.random.default_rng(4)
    means = [0.0, 2.0, -1.0, 1.5]
    y = np.concatenate([rng.normal(mean, 0.7, 60) for mean in means])
    theirs = ruptures.KernelCPD(kernel="linear", min_size=2).fit(y[:, None]).predict(n_bkps=3)[:-1]
    got = changes(y)
    assert [change.at for change in got.found] == theirs
    for change, truth in zip(got.found, (60, 120, 180), strict=True):
        assert change.low <= truth <= change.high


def test_intervals_of_dates_hold_the_dates() -> None:
    rng, held = np.random.default_rng(6), []
    for _ in range(150):
        at = int(rng.integers(20, 80))
        y = np.concatenate([rng.normal(0, 1, at), rng.normal(1.5, 1, 100 - at)])
        got = changes(y, variance=1.0)
        if len(got.found) == 1:
            held.append(got.found[0].low <= at <= got.found[0].high)
    assert len(held) > 120
    assert 0.86 <= np.mean(held) <= 0.99


def test_noise_alone_has_no_phases() -> None:
    rng = np.random.default_rng(3)
    found = [changes(rng.normal(size=120)) for _ in range(20)]
    assert np.mean([got.number[0] for got in found]) > 0.6
    assert np.mean([len(got.found) for got in found]) < 0.15


def test_a_change_in_a_gap_is_about_as_likely_in_each_of_its_months() -> None:
    y = np.concatenate([np.zeros(20), np.full(10, np.nan), np.full(20, 5.0)])
    got = changes(y + 0.1 * np.random.default_rng(1).normal(size=50), variance=0.01)
    assert got.probability[20:31] == pytest.approx(np.full(11, 1 / 11), abs=0.006)
    assert got.probability[31:].max() < 0.01
    (change,) = got.found
    assert (change.low, change.high) == (20, 30)


def test_a_value_that_is_unsure_itself_changes_nothing() -> None:
    y = np.concatenate([np.zeros(20), [9.0, 9.0], np.zeros(20)]) + 0.1 * np.random.default_rng(1).normal(
        size=42
    )
    known = np.zeros(42)
    assert len(changes(y, known, variance=0.02).found) == 2
    known[20:22] = 400.0
    assert len(changes(y, known, variance=0.02).found) == 0


def test_neither_scale_nor_place_of_a_series_matters() -> None:
    one, other = changes(NILE), changes(3 - 0.01 * NILE)
    assert one.probability == pytest.approx(other.probability, abs=1e-9)


def test_a_series_that_cannot_have_phases_is_refused() -> None:
    for y, more in (
        ([1.0, 2.0], {}),
        ([1.0] * 9, {}),
        (NILE, {"variance": 0.0}),
        (NILE, {"every": 1.0}),
        ([1, np.inf, 2, 3], {}),
    ):
        with pytest.raises(UsageError):
            changes(y, **more)
    with pytest.raises(UsageError):
        changes(NILE, -1.0)
