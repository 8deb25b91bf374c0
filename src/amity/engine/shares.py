# pyright: basic
r"""What is foreseen of a share: how many of $n$ acts are hostile, as a whole distribution, and how right it was.

A forecast says $\eta \sim N(m, v^2)$ of the predictor and $y \mid \eta \sim$ beta-binomial$(n, \sigma(\eta), \rho)$ of
what comes (see `families`); $v = 0$ is a forecast of a bare share. The integral is Gauss and Hermite's. A share lives
on $0, 1/n, \dots, 1$, and so do its quantiles: an interval at level $c$ goes from the least share with
$F \ge (1 - c)/2$ to the least with $F \ge (1 + c)/2$, ends included. It holds $y$ from the level

$$c(y) = \max\big(0,\; 1 - 2F(y),\; 2F(y - 1) - 1\big)$$

on, whose quantile over what came before is the level that keeps its word (distributional conformal prediction,
Chernozhukov, Wüthrich and Zhu 2021, *PNAS* 118). Because shares come in steps, ends included, that level is below the
share it keeps; `honest` gives the level for what has no steps, such as the state behind.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amity.engine.compiled import compiled
from amity.engine.families import MIX, log_density, shares

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from amity.engine.compiled import Floats

__all__ = ["Judged", "chance", "expected", "honest", "interval", "judge", "logit"]

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(25)
WEIGHTS = WEIGHTS / WEIGHTS.sum()
LEAST = 1e-300


@dataclass(frozen=True, slots=True)
class Judged:
    """How right forecasts of shares were, one number each."""

    log: Floats
    """(forecasts,) log probability of what came, in nats."""
    crps: Floats
    """(forecasts,) continuous ranked probability score, in units of the share; less is better."""
    needed: Floats
    """(forecasts,) the least level at which the interval holds what came, 0 to 1."""
    below: Floats
    upto: Floats
    """(forecasts,) F just below what came, and F there: between them lies where it stood in its distribution."""


def logit(share: ArrayLike) -> Floats:
    r"""$\log\frac{p}{1 - p}$.

    >>> logit([0.5, 0.9]).round(2)
    array([0. , 2.2])
    """
    p = np.asarray(share, float)
    return np.log(p) - np.log1p(-p)


@compiled
def _add_mass(n: int, eta: float, rho: float, weight: float, out: Floats, own: Floats) -> None:
    """Add the beta-binomial mass of 0 … n, times a weight, to `out`: by the ratios of neighbours, so that all fits."""
    p, rest = shares(min(max(eta, -35.0), 35.0))
    s = (1.0 - rho) / rho if rho > 0.0 else 0.0
    own[0], top = 0.0, 0.0
    for k in range(n):
        odds = (s * p + k) / (s * rest + (n - k - 1.0)) if rho > 0.0 else p / rest
        own[k + 1] = own[k] + math.log((n - k) / (k + 1.0) * odds)
        top = max(top, own[k + 1])
    total = 0.0
    for k in range(n + 1):
        own[k] = math.exp(own[k] - top)
        total += own[k]
    for k in range(n + 1):
        out[k] += weight * own[k] / total


@compiled
def _mass(n: int, eta: float, spread: float, rho: float, out: Floats, own: Floats) -> None:
    """The mass of 0 … n into `out`."""
    for k in range(n + 1):
        out[k] = 0.0
    if spread <= 0.0:
        _add_mass(n, eta, rho, 1.0, out, own)
        return
    for q in range(len(NODES)):
        _add_mass(n, eta + NODES[q] * spread, rho, WEIGHTS[q], out, own)


@compiled
def _room(n: Floats) -> int:
    """One more than the largest; by hand, because the array's own `max` would load linear algebra with it."""
    most = 0.0
    for one in n:
        most = max(most, one)
    return int(most) + 1


@compiled
def _judge(y: Floats, n: Floats, eta: Floats, spread: Floats, rho: Floats, told: Floats) -> None:
    room = _room(n)
    mass, own = np.empty(room), np.empty(room)
    for i in range(len(y)):
        size, came, upto = int(n[i]), int(y[i]), 0.0
        _mass(size, eta[i], spread[i], rho[i], mass, own)
        told[0, i], told[1, i], told[2, i] = math.log(max(mass[came], LEAST)), 0.0, 0.0
        for k in range(size + 1):
            if k == came:
                told[2, i] = upto
            upto = min(upto + mass[k], 1.0)
            if k == came:
                told[3, i] = upto
            if k < size:
                told[1, i] += (upto - (1.0 if k >= came else 0.0)) ** 2 / size


@compiled
def _interval(
    n: Floats, eta: Floats, spread: Floats, rho: Floats, level: Floats, low: Floats, high: Floats
) -> None:
    room = _room(n)
    mass, own = np.empty(room), np.empty(room)
    for i in range(len(n)):
        size, below = int(n[i]), 0.0
        _mass(size, eta[i], spread[i], rho[i], mass, own)
        low[i], high[i] = -1.0, 1.0
        for k in range(size + 1):
            below += mass[k]
            if low[i] < 0.0 and below >= 0.5 * (1.0 - level[i]):
                low[i] = k / size
            if below >= 0.5 * (1.0 + level[i]):
                high[i] = k / size
                break


@compiled
def _chance(y: Floats, n: Floats, eta: Floats, spread: Floats, rho: Floats, out: Floats) -> None:
    for i in range(len(y)):
        if spread[i] <= 0.0:
            out[i] = log_density(MIX, eta[i], y[i], n[i], rho[i])
            continue
        total = 0.0
        for q in range(len(NODES)):
            total += WEIGHTS[q] * math.exp(
                log_density(MIX, eta[i] + NODES[q] * spread[i], y[i], n[i], rho[i])
            )
        out[i] = math.log(max(total, LEAST))


def _laid(*columns: ArrayLike) -> list[Floats]:
    """Columns of one length, each its own."""
    wide = np.broadcast_arrays(*(np.atleast_1d(np.asarray(column, float)) for column in columns))
    return [np.ascontiguousarray(column) for column in wide]


def chance(y: ArrayLike, n: ArrayLike, eta: ArrayLike, spread: ArrayLike, rho: ArrayLike) -> Floats:
    """The log score alone, in a time that does not grow with `n`; arguments as in `judge`.

    >>> np.exp(chance(1, 2, 0.0, 0.0, 0.0)).round(4)
    array([0.5])
    """
    came, size, at, wide, loose = _laid(y, n, eta, spread, rho)
    out = np.empty(len(came))
    _chance(came, size, at, wide, loose, out)
    return out


def judge(y: ArrayLike, n: ArrayLike, eta: ArrayLike, spread: ArrayLike, rho: ArrayLike) -> Judged:
    r"""Scores of forecasts of shares, given what came.

    The continuous ranked probability score is the squared distance of $F$ from what came, a step at $y$:
    $\frac{1}{n} \sum_{k<n} (F(k) - s_k)^2$ with $s_k$ 0 below $y$ and 1 from it on. A forecast sure of the right
    share scores 0.

    Args:
        y: hostile acts that came.
        n: acts that came, one or more.
        eta: predictor foreseen.
        spread: its standard deviation.
        rho: overdispersion of acts, 0 ≤ ρ < 1.

    >>> told = judge(1, 2, 0.0, 0.0, 0.0)
    >>> round(float(told.crps[0]), 4), round(float(np.exp(told.log[0])), 4)
    (0.0625, 0.5)
    """
    came, size, at, wide, loose = _laid(y, n, eta, spread, rho)
    told = np.zeros((4, len(came)))
    _judge(came, size, at, wide, loose, told)
    log, crps, below, upto = told
    return Judged(log, crps, np.maximum(0.0, np.maximum(1.0 - 2.0 * upto, 2.0 * below - 1.0)), below, upto)


def interval(
    n: ArrayLike, eta: ArrayLike, spread: ArrayLike, rho: ArrayLike, level: ArrayLike = 0.9
) -> tuple[Floats, Floats]:
    """The lower and upper ends, as shares, of central intervals at some level; `n` and the rest as in `judge`.

    >>> [ends.tolist() for ends in interval(10, 0.0, 0.0, 0.0, 0.9)]
    [[0.2], [0.8]]
    """
    size, at, wide, loose, inside = _laid(n, eta, spread, rho, level)
    low, high = np.empty(len(size)), np.empty(len(size))
    _interval(size, at, wide, loose, inside, low, high)
    return low, high


def expected(eta: ArrayLike, spread: ArrayLike) -> Floats:
    r"""The mean share $E\,\sigma(\eta)$ of predictors foreseen with a standard deviation.

    >>> expected([0.0, 2.0], [1.0, 1.0]).round(2)
    array([0.5 , 0.84])
    """
    m, v = _laid(eta, spread)
    at = np.clip(m[:, None] + v[:, None] * NODES, -35.0, 35.0)
    return (1.0 / (1.0 + np.exp(-at))) @ WEIGHTS


def honest(below: ArrayLike, upto: ArrayLike, inside: float = 0.9) -> float:
    r"""The level at which central intervals of distributions without steps would have held a share of what came.

    Each outcome is spread evenly between $F(y - 1)$ and $F(y)$, so that of forecasts that are right a level holds just
    itself: the level $c$ with mean share of these stretches inside $[(1 - c)/2, (1 + c)/2]$ equal to `inside`.

    >>> round(honest(np.arange(10) / 10, np.arange(1, 11) / 10), 3)
    0.9
    """
    a, b = (np.asarray(ends, float) for ends in (below, upto))
    wide = np.maximum(b - a, 1e-12)
    low, high = 0.0, 1.0
    for _ in range(40):
        level = 0.5 * (low + high)
        edge = 0.5 * (1.0 - level)
        held = np.clip((np.minimum(b, 1.0 - edge) - np.maximum(a, edge)) / wide, 0.0, 1.0).mean()
        low, high = (low, level) if held >= inside else (level, high)
    return high
