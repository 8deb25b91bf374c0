r"""A series carried forward, with intervals that keep what they say, and the yardsticks it is measured by.

A forecast made at month $t$ for $t + h$ is judged at $t + h$. Its interval is the forecast and the errors that
forecasts of that horizon made before, each divided by the volatility of its own time and multiplied by today's (split
conformal prediction, Lei et al. 2018, *JASA* 113), at a level that moves with what the intervals missed (adaptive
conformal inference, Gibbs and Candès 2021): $\alpha_{t+1} = \alpha_t + \gamma(\alpha - \mathrm{missed}_t)$. Nothing is
used before it was known: at $t$ the newest error is that of the forecast from $t - h$.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amity.engine.compiled import compiled
from amity.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from amity.engine.compiled import Floats

__all__ = [
    "Ahead",
    "crps_gaussian",
    "crps_samples",
    "ewma",
    "intervals",
    "persistence",
    "volatility",
]


@dataclass(frozen=True, slots=True)
class Ahead:
    """Forecasts and their intervals, by the month in which each was made."""

    forecast: Floats
    """(months,) for `horizon` months later."""
    low: Floats
    high: Floats
    """(months,) NaN while there are too few errors to tell."""
    samples: Floats
    """(months, window) forecast plus rescaled past errors: the forecast's distribution; NaN where there are fewer."""
    horizon: int
    covered: float
    """The share of intervals that held what came, of those that can be judged; NaN if none can."""


def persistence(y: ArrayLike) -> Floats:
    """No change: in every month the last value that was seen; NaN before there is one.

    >>> persistence([1.0, np.nan, 3.0])
    array([1., 1., 3.])
    """
    values = np.asarray(y, float)
    seen = np.where(np.isnan(values), -1, np.arange(len(values)))
    last = np.maximum.accumulate(seen)
    return np.where(last >= 0, values[last], np.nan)


def ewma(y: ArrayLike, weight: float = 0.1) -> Floats:
    """In every month the exponentially weighted mean of what was seen: $m_t = m_{t-1} + w (y_t - m_{t-1})$.

    It begins with the first value; a month without a value leaves it as it is.

    >>> ewma([1.0, np.nan, 2.0], 0.5)
    array([1. , 1. , 1.5])
    """
    if not 0 < weight <= 1:
        raise UsageError(f"{weight} is no weight", "say one above 0 and up to 1")
    return _ewma(np.asarray(y, float), weight)


@compiled
def _ewma(y: Floats, weight: float) -> Floats:
    out, level = np.empty(len(y)), math.nan
    for t in range(len(y)):
        if not math.isnan(y[t]):
            level = y[t] if math.isnan(level) else level + weight * (y[t] - level)
        out[t] = level
    return out


def volatility(errors: ArrayLike, decay: float = 0.94) -> Floats:
    """In every month the exponentially weighted mean of the sizes of the errors that were known by then.

    Never below a thousandth of their overall mean so far, so that a quiet spell does not divide by nothing.

    >>> volatility([1.0, -3.0], 0.5)
    array([1., 2.])
    """
    sizes = np.abs(np.asarray(errors, float))
    known = np.cumsum(~np.isnan(sizes))
    floor = np.divide(np.nancumsum(sizes), known, out=np.full(len(sizes), np.nan), where=known > 0)
    return np.fmax(ewma(sizes, 1 - decay), np.maximum(1e-3 * floor, 1e-12))


def intervals(
    y: ArrayLike,
    forecast: ArrayLike,
    horizon: int = 1,
    *,
    inside: float = 0.9,
    window: int = 260,
    fewest: int = 30,
    gamma: float = 0.02,
) -> Ahead:
    """Intervals around forecasts that were made month by month, each from what was known in its month.

    Args:
        y: the series; NaN where nothing was seen.
        forecast: (months,) made in each month, for `horizon` months later.
        horizon: months.
        inside: the share of intervals that are to hold what comes.
        window: so many past errors, the newest, speak of the next.
        fewest: with fewer there is no interval.
        gamma: how fast the level follows what was missed; 0 for plain split conformal.

    Raises:
        UsageError: series of unlike length, or a parameter out of range.

    >>> y = np.random.default_rng(1).normal(size=500)
    >>> bool(0.87 < intervals(y, np.zeros(500)).covered < 0.93)
    True
    """
    values, made = np.asarray(y, float), np.asarray(forecast, float)
    if values.shape != made.shape or horizon < 1 or not 0 < inside < 1 or not 1 <= fewest <= window:
        raise UsageError(
            "forecasts do not fit the series, or a parameter is out of range",
            "one forecast a month, horizon ≥ 1",
        )
    known = np.full(len(values), np.nan)
    known[horizon:] = values[horizon:] - made[:-horizon] if horizon < len(values) else []
    scale = volatility(known)
    then = np.full(len(values), np.nan)
    then[horizon:] = scale[: max(len(values) - horizon, 0)]
    ratio = known / then
    low, high, covered = _walk(values, made, ratio, scale, horizon, (inside, gamma), (window, fewest))
    return Ahead(made, low, high, _samples(made, ratio, scale, window), horizon, covered)


@compiled
def _walk(
    y: Floats,
    made: Floats,
    ratio: Floats,
    scale: Floats,
    horizon: int,
    aim: tuple[float, float],
    size: tuple[int, int],
) -> tuple[Floats, Floats, float]:
    """Intervals month by month, the level moved by what is known of earlier ones; and the share that held."""
    months, (inside, gamma), (window, fewest) = len(y), aim, size
    low, high = np.full(months, math.nan), np.full(months, math.nan)
    past, count, held, judged = np.empty(months), 0, 0, 0
    miss = 1.0 - inside
    for t in range(months):
        if t >= horizon and not math.isnan(y[t]) and not math.isnan(low[t - horizon]):
            missed = y[t] < low[t - horizon] or y[t] > high[t - horizon]
            judged += 1
            held += 0 if missed else 1
            miss += gamma * (1.0 - inside - (1.0 if missed else 0.0))
        if not math.isnan(ratio[t]):
            past[count] = abs(ratio[t])
            count += 1
        if count >= fewest and not math.isnan(made[t]):
            newest = np.sort(past[max(count - window, 0) : count])
            rank = math.ceil((1.0 - min(max(miss, 0.0), 1.0)) * (len(newest) + 1))
            reach = newest[min(max(rank, 1), len(newest)) - 1] * scale[t]
            low[t], high[t] = made[t] - reach, made[t] + reach
    return low, high, held / judged if judged else math.nan


def _samples(made: Floats, ratio: Floats, scale: Floats, window: int) -> Floats:
    """(months, window) each forecast plus the newest errors known in its month, rescaled."""
    samples = np.full((len(made), window), np.nan)
    seen = np.flatnonzero(~np.isnan(ratio))
    for t in range(len(made)):
        newest = ratio[seen[: np.searchsorted(seen, t, side="right")][-window:]]
        samples[t, : len(newest)] = made[t] + newest * scale[t]
    return samples


@compiled
def _normal(z: Floats) -> Floats:
    """The normal distribution function of each of a row."""
    out = np.empty(len(z))
    for i in range(len(z)):
        out[i] = 0.5 * math.erfc(-z[i] / math.sqrt(2.0))
    return out


def crps_gaussian(mean: ArrayLike, deviation: ArrayLike, y: ArrayLike) -> Floats:
    r"""Continuous ranked probability score of Gaussian forecasts, in units of `y`; less is better.

    $\sigma\,[z(2\Phi(z) - 1) + 2\varphi(z) - 1/\sqrt\pi]$ with $z = (y - \mu)/\sigma$ (Gneiting and Raftery 2007).

    >>> float(crps_gaussian(0.0, 1.0, 0.0).round(4))
    0.2337
    """
    sigma = np.asarray(deviation, float)
    z = (np.asarray(y, float) - np.asarray(mean, float)) / sigma
    density = np.exp(-0.5 * z**2) / math.sqrt(2 * math.pi)
    return sigma * (z * (2 * _normal(z.ravel()).reshape(z.shape) - 1) + 2 * density - 1 / math.sqrt(math.pi))


def crps_samples(samples: ArrayLike, y: ArrayLike) -> Floats:
    r"""The same of forecasts that are samples: $E|X - y| - \frac{1}{2} E|X - X'|$, both over the samples as they are.

    Args:
        samples: (…, samples), NaN where a forecast has fewer; NaN comes back where it has none.
        y: (…) what came.

    >>> float(crps_samples([0.0, 1.0], 0.0))
    0.25
    """
    drawn = np.sort(np.asarray(samples, float), axis=-1)
    came = np.asarray(y, float)[..., None]
    count = (~np.isnan(drawn)).sum(-1)
    size: Floats = np.maximum(count, 1).astype(float)
    rank: Floats = 2 * np.arange(drawn.shape[-1], dtype=float) - np.expand_dims(size - 1, -1)
    apart = np.nansum(drawn * rank, axis=-1) / size**2
    near = np.nansum(np.abs(drawn - came), axis=-1) / size
    return np.where((count > 0) & ~np.isnan(came[..., 0]), near - apart, np.nan)
