r"""The smoother by the best Gaussian: means instead of modes, for learning and for the pairs on a page.

Laplace's method sits at the mode, from which the mean of a skewed posterior lies a little off, and with it the
expectations by which constants are learned. The Gaussian $q = N(m, V)$ that is nearest to the posterior (Opper and
Archambeau 2009, *Neural Computation* 21) solves the same equations with expected slopes and bends,

$$P^{-1} m = \sum_a \lambda_a E_q\, g_a(\eta_a), \qquad
V^{-1} = P^{-1} + \sum_a \lambda_a \lambda_a' E_q\, h_a(\eta_a),$$

and maximises a lower bound of the log marginal likelihood,
$F = \sum_a E_q \ell_a + E_q \log p(x) - E_q \log q(x) \le \log p(y)$, which because
$\mathrm{tr}(P^{-1} V) = TM - \sum_a E_q h_a\, \lambda_a' V \lambda_a$ is

$$F = \sum_a \big(E_q \ell_a + \tfrac{1}{2} E_q h_a\, \lambda_a' V \lambda_a\big) + \log p(m)
+ \tfrac{TM}{2} \log 2\pi - \tfrac{1}{2} \textstyle\sum_t \log|D_t|.$$

At its top $\nabla_\theta F = E_q \nabla_\theta \log p(x, y \mid \theta)$ exactly, which is not so of Laplace's
likelihood. Each expectation is three points on the predictor: weights 2/3, 1/6, 1/6 at $\hat\eta$ and
$\hat\eta \pm \sqrt{3 \lambda' V \lambda}$.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from amity.engine.chain import NEAR, Smoothed, add, cost, eliminate, prior, smooth, spread, substitute
from amity.engine.compiled import compiled, in_parallel, prange
from amity.engine.reading import World, density, load, predict, pull, rest, safe_bend, world

if TYPE_CHECKING:
    from amity.engine.compiled import Floats
    from amity.engine.model import Dynamics, Evidence, Items

__all__ = ["smooth_means"]

ROUNDS = 60
"""At most so many; ten are usual. Each is one step of Newton's with what the spread of the step before expects."""

ROOT3 = math.sqrt(3.0)


@compiled
def width(weights: Floats, v: Floats, t: int) -> float:
    r"""$\sqrt{\lambda' V_t \lambda}$, the standard deviation of a predictor."""
    total = 0.0
    for i in range(len(weights)):
        for j in range(len(weights)):
            total += weights[i] * v[t, i, j] * weights[j]
    return math.sqrt(max(total, 0.0))


@compiled
def _expected(w: World, a: int, eta: float, deviation: float, safe: bool) -> tuple[float, float]:
    """Expected slope and bend of observation `a`."""
    slope, bend = 0.0, 0.0
    for q in range(-1, 2):
        share, at = (2.0 / 3.0 if q == 0 else 1.0 / 6.0), eta + q * ROOT3 * deviation
        g, h = pull(w, a, at)
        slope += share * g
        bend += share * (safe_bend(w, a, at) if safe else h)
    return slope, bend


@compiled
def _gather(w: World, d: int, x: Floats, v: Floats, r: Floats, b: Floats, safe: bool) -> None:
    weights = np.empty(x.shape[1])
    prior(w, r, b)
    for a in range(w.start[d], w.start[d + 1]):
        t = w.month[a]
        load(w, a, weights)
        eta = predict(w, a, weights, x, t)
        g, h = _expected(w, a, eta, width(weights, v, t), safe)
        add(weights, g + h * (eta - rest(w, a)), h, r, b, t)


@compiled
def _bound(w: World, d: int, x: Floats, v: Floats) -> float:
    """The lower bound, but for the log determinants."""
    weights = np.empty(x.shape[1])
    total = cost(w, x)
    for a in range(w.start[d], w.start[d + 1]):
        t = w.month[a]
        load(w, a, weights)
        eta, deviation = predict(w, a, weights, x, t), width(weights, v, t)
        _, h = _expected(w, a, eta, deviation, False)
        total += 0.5 * h * deviation * deviation
        for q in range(-1, 2):
            share = 2.0 / 3.0 if q == 0 else 1.0 / 6.0
            total += share * density(w, a, eta + q * ROOT3 * deviation)
    return total


@compiled
def _pair(w: World, d: int, x: Floats, v: Floats, moments: Floats) -> tuple[float, int, int]:
    """Move one pair from Laplace's answer to the nearest Gaussian's: bound, rounds, and whether it was found."""
    months, states = x.shape
    r, b = np.empty((months, states)), np.empty((months, states, states))
    inverse = np.empty((months, states, states))
    rounds, settled, fall = 0, 0, 0.0
    while rounds < ROUNDS and settled == 0:
        rounds += 1
        _gather(w, d, x, v, r, b, False)
        fall = eliminate(w, r, b, inverse)
        bent = math.isnan(fall)
        if bent:
            _gather(w, d, x, v, r, b, True)
            fall = eliminate(w, r, b, inverse)
        far = substitute(w, r, inverse, x, 1.0)
        spread(w, x, inverse, v, moments)
        settled = 1 if far < NEAR and not bent else 0
    return _bound(w, d, x, v) - 0.5 * fall, rounds, settled


@in_parallel
def _together(w: World, x: Floats, v: Floats, moments: Floats, told: Floats) -> None:
    for d in prange(len(x)):
        told[d, 0], told[d, 1], told[d, 2] = _pair(w, d, x[d], v[d], moments[d])


def smooth_means(seen: Evidence, of: Items, move: Dynamics, begin: Smoothed | None = None) -> Smoothed:
    r"""As `chain.smooth`, with posterior means instead of modes; `log_likelihood` is the lower bound $F$.

    About five times as dear. `begin` may hold what was found with constants a little different; it is not changed.
    Where all evidence is Gaussian, both are the same and exact.

    >>> from amity.engine.model import dynamics, evidence, items
    >>> from amity.engine.families import MIX
    >>> of, rows = items(MIX, -4.0, -1.0), {"pair": [0], "month": [0], "item": [0], "y": [0.0], "n": [1.0]}
    >>> rows = evidence(1, 1, rows, of)
    >>> bool(smooth(rows, of, dynamics(0.9)).mean < smooth_means(rows, of, dynamics(0.9)).mean)
    True
    """
    begin = smooth(seen, of, move) if begin is None else begin
    x, v, moments = begin.mean.copy(), begin.covariance.copy(), begin.moments.copy()
    told = np.empty((len(x), 3))
    _together(world(seen, of, move), x, v, moments, told)
    return Smoothed(
        x, v, told[:, 0].copy(), moments, told[:, 1].astype(np.int64), told[:, 2].astype(np.int64)
    )
