"""Maturity: level, swings, trough and recovery of a pair, among pairs of its age with as much evidence."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from scipy import stats

from amity.errors import NoEvidenceError
from amity.insight import maturity

YEARS = np.arange(1960, 2001)
PAIR = (2, 811)


def pair_of(a: int, b: int, value: np.ndarray, sd: float = 0.2, years: np.ndarray = YEARS) -> pl.DataFrame:
    return pl.DataFrame(
        {"ccode1": a, "ccode2": b, "year": years, "value": value, "sd": np.full(len(years), sd)}
    )


def since(*pairs: tuple[int, int, int]) -> pl.DataFrame:
    return pl.DataFrame(list(pairs), schema=["ccode1", "ccode2", "since"], orient="row")


def walk(seed: int, swing: float) -> np.ndarray:
    return np.cumsum(np.random.default_rng(seed).normal(0, swing, len(YEARS)))


DIP = np.where((YEARS >= 1975) & (YEARS < 1991), -1.0, 1.0)


def test_the_deepest_fall_is_the_largest_of_all_pairs_of_years() -> None:
    for seed in range(20):
        x = walk(seed, 1.0)
        brute = max(
            ((x[i] - x[j], -j, -i) for i in range(len(x)) for j in range(i, len(x))), key=lambda one: one[0]
        )
        peak, trough = maturity.deepest(x)
        assert x[peak] - x[trough] == pytest.approx(brute[0])
        assert peak <= trough


def test_recovery_is_counted_from_the_trough_to_half_of_what_was_lost() -> None:
    value = DIP.copy()
    value[YEARS >= 1991] = np.minimum(-1 + 0.25 * (YEARS[YEARS >= 1991] - 1990), 1.0)
    found = maturity.ask(pair_of(*PAIR, value), since((*PAIR, 1950)), PAIR)
    assert (found.peak, found.trough, found.recovered) == (1960, 1975, 1994)
    assert found.recovery.value == 19
    assert found.depth.value == pytest.approx(2.0)
    assert found.age == 50


def test_a_trough_not_won_back_is_slower_than_all_that_were_quicker_than_it_has_waited() -> None:
    value = np.where(YEARS < 1990, 1.0, -1.0)
    quick = np.where((YEARS >= 1970) & (YEARS < 1975), -1.0, 1.0)
    slow = np.where((YEARS >= 1965) & (YEARS < 1990), -1.0, 1.0)
    rows = pl.concat([pair_of(*PAIR, value), pair_of(1, 2, quick), pair_of(1, 3, slow)])
    found = maturity.ask(rows, since((*PAIR, 1950), (1, 2, 1950), (1, 3, 1950)), PAIR)
    assert found.recovered is None
    assert found.recovery.value is None
    assert found.recovery.low == 10
    assert (found.recovery.percentile_low, found.recovery.percentile_high) == (50, 100)


def test_peers_are_of_the_same_age_and_have_as_much_evidence() -> None:
    old = since((*PAIR, 1950), (1, 2, 1952), (1, 3, 1900), (1, 4, 1950), (1, 5, 1950))
    rows = pl.concat(
        [
            pair_of(*PAIR, walk(1, 0.3)),
            pair_of(1, 2, walk(2, 0.3)),
            pair_of(1, 3, walk(3, 0.3)),  # older
            pair_of(1, 4, walk(4, 0.0), sd=0.95),  # nothing known: a flat line
            pair_of(1, 5, walk(5, 0.3)[:12], years=YEARS[:12]),  # known in few years
        ]
    )
    assert maturity.ask(rows, old, PAIR).peers == 1


def test_a_calm_pair_ranks_low_and_a_wild_one_high_in_volatility() -> None:
    swings = [0.1, 0.2, 0.3, 0.4, 0.5, 0.8]
    pairs = [(1, n) for n in range(2, 8)]
    rows = pl.concat(
        [pair_of(*pair, walk(n, swing)) for n, (pair, swing) in enumerate(zip(pairs, swings, strict=True))]
    )
    born = since(*((*pair, 1950) for pair in pairs))
    ranks = [maturity.ask(rows, born, pair).volatility.percentile for pair in pairs]
    assert ranks[0] == 0
    assert ranks[-1] == 100
    assert ranks == sorted(ranks)


def test_shifting_all_pairs_moves_levels_and_nothing_else() -> None:
    rows = pl.concat([pair_of(*PAIR, walk(1, 0.3)), pair_of(1, 2, walk(2, 0.3))])
    born = since((*PAIR, 1950), (1, 2, 1950))
    one = maturity.ask(rows, born, PAIR)
    other = maturity.ask(rows.with_columns(pl.col("value") + 2), born, PAIR)
    assert other.level.value == pytest.approx(one.level.value + 2)
    assert other.level.percentile == one.level.percentile
    assert other.volatility.value == pytest.approx(one.volatility.value)
    assert (other.peak, other.trough, other.recovered) == (one.peak, one.trough, one.recovered)


def test_intervals_of_volatility_are_those_of_chi_square() -> None:
    low, high = maturity._spread(1.0, 41)
    exact = [math.sqrt(40 / stats.chi2.ppf(q, 40)) for q in (0.95, 0.05)]
    assert (low, high) == pytest.approx(exact, rel=0.005)


def test_months_are_averaged_to_years() -> None:
    months = pl.date_range(pl.date(1960, 1, 1), pl.date(2000, 12, 1), "1mo", eager=True)
    monthly = pl.DataFrame(
        {"ccode1": 2, "ccode2": 811, "month": months, "value": months.dt.month() / 12.0, "sd": 0.2}
    )
    found = maturity.ask(monthly, since((*PAIR, 1950)), PAIR)
    assert found.level.value == pytest.approx(6.5 / 12)
    assert found.depth.value == pytest.approx(0)
    assert found.trough is None


def test_a_pair_of_which_little_is_known_is_not_told() -> None:
    with pytest.raises(NoEvidenceError):
        maturity.ask(pair_of(*PAIR, DIP, sd=0.9), since((*PAIR, 1950)), PAIR)
    with pytest.raises(NoEvidenceError):
        maturity.ask(pair_of(*PAIR, DIP), since((1, 2, 1950)), PAIR)
