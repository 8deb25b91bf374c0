"""Worlds of three states of which it is known whether the third moves the pair."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amity.engine.shadowing import Seen

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIRST = date(2014, 1, 6)
"""A Monday."""


def series(seed: int, periods: int, effect: float = 0.0, common: float = 0.0) -> NDArray[np.float64]:
    """(periods, 3) the pair, the third power's acts, acts towards it; shocks of unit variance, 0.4 kept."""
    rng = np.random.default_rng(seed)
    shock = np.sqrt(1 - common) * rng.normal(size=(periods, 3))
    shock += np.sqrt(common) * rng.normal(size=(periods, 1))
    x = np.zeros((periods, 3))
    for t in range(1, periods):
        x[t] = 0.4 * x[t - 1] + shock[t] + [effect * x[t - 1, 1], 0.0, 0.0]
    return x


def seen(x: NDArray[np.float64]) -> Seen:
    return Seen(x[:, 0], np.ones(len(x)), x[:, :1], x[:, 1:])


def patchy(seed: int, periods: int = 160) -> Seen:
    """A pair with unlike weights and periods of which nothing is known, moved by the first column."""
    rng = np.random.default_rng(seed)
    x = series(seed, periods, effect=0.5)
    y = np.where(rng.random(periods) < 0.2, np.nan, x[:, 0])
    base = np.column_stack([x[:, 0], rng.normal(size=periods)])
    base[70:80] = np.nan
    return Seen(y, rng.uniform(0.2, 1.0, periods), base, x[:, 1:], 0.7)


def acts(
    seed: int, weeks: int = 90, states: tuple[int, ...] = (811, 2, 710, 800, 816), each: float = 3.0
) -> pl.DataFrame:
    """Dated acts of all states towards all, without anything to foresee in them."""
    rng = np.random.default_rng(seed)
    ways = [(a, b) for a in states for b in states if a != b]
    rows = [
        (FIRST + timedelta(days=int(day)), a, b, int(rng.choice([1, 1, 1, 2, 3, 4])))
        for a, b in ways
        for day in rng.integers(0, 7 * weeks, rng.poisson(each * weeks))
    ]
    columns = {"date": pl.Date, "ccode_from": pl.Int16, "ccode_to": pl.Int16, "quad": pl.Int8}
    return pl.DataFrame(rows, schema=columns, orient="row")


def days(weeks: int = 90) -> list[tuple[date, date]]:
    return [(FIRST, FIRST + timedelta(days=7 * weeks - 1))]
