r"""The smoother: what is known now of every month of every pair, by Laplace's method.

With $x$ the states of one pair in all months, stacked,
$\log p(x, y) = \sum_a \ell_a(\eta_a) - \frac{1}{2} x' P^{-1} x$ and a constant. $P^{-1}$ is block-tridiagonal: with
$Q = \mathrm{diag}(s_m(1-\varphi_m^2))$ and $\Phi = \mathrm{diag}(\varphi_m)$ it has on its diagonal $Q^{-1}$ (in the
first month $\mathrm{diag}(1/s_m)$), plus $\Phi Q^{-1} \Phi$ in all months but the last,
and $E = -\Phi Q^{-1}$ beside it. Newton's step from $x$ to $\hat x$ solves

$$\Big(P^{-1} + \sum_a h_a \lambda_a \lambda_a'\Big)\, \hat x = \sum_a \lambda_a \big(g_a + h_a \lambda_a' x\big)$$

by elimination forwards, $D_t = B_t - E D_{t-1}^{-1} E$, and substitution backwards,
$\hat x_t = D_t^{-1}(r_t - E \hat x_{t+1})$, in which the covariances come out too:
$V_t = D_t^{-1} + G_t V_{t+1} G_t'$ and $\mathrm{Cov}(x_t, x_{t+1}) = -G_t V_{t+1}$ with $G_t = D_t^{-1} E$
(Rue and Held 2005, *Gaussian Markov Random Fields*, 2.4 and 4.4). At the mode

$$\log p(y) \approx \log p(\hat x, y) + \tfrac{TM}{2} \log 2\pi - \tfrac{1}{2} \textstyle\sum_t \log |D_t|.$$

A month without evidence has no term of its own: its state is what its neighbours' states say, and less surely.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amity.engine.compiled import compiled, in_parallel, prange
from amity.engine.line import LARGE, SMALL, eliminate_line, spread_line, substitute_line
from amity.engine.reading import World, density, load, predict, pull_down, rest, world
from amity.engine.small import invert

if TYPE_CHECKING:
    from amity.engine.compiled import Floats, Whole
    from amity.engine.model import Dynamics, Evidence, Items

__all__ = ["Smoothed", "smooth"]

STEPS = 50
"""Newton's steps at most; four to six are usual."""

STRIDE = 2.0
"""No state moves further in one step: from far away, an exponential's tangent points beyond all reason."""

BRISK = 8
"""After so many steps only half of each is gone: so Newton leaves a circle, where a mix bends up beside the mode."""

NEAR = 1e-5
"""The mode is found when no state moves further. Newton's error is then about this number's square."""

FEW = 8
"""Up to so many pairs one thread is as fast, and nothing is started that a web server would have to share."""


@dataclass(frozen=True, slots=True)
class Smoothed:
    """What is known now: the posterior of every state given all evidence, as a Gaussian at its mode."""

    mean: Floats
    """(pairs, months, states) the posterior mode."""
    covariance: Floats
    """(pairs, months, states, states) within a month."""
    log_likelihood: Floats
    """(pairs,) Laplace's log marginal likelihood, in nats."""
    moments: Floats
    r"""(pairs, states, 3) posterior means of $\sum_{t>0} x_t^2$, $\sum_{t>0} x_t x_{t-1}$, $\sum_{t>0} x_{t-1}^2$."""
    steps: Whole
    """(pairs,) Newton's steps."""
    settled: Whole
    """(pairs,) 1 where the mode was found; 0: trust no interval of the pair."""


@compiled
def prior(w: World, r: Floats, b: Floats) -> None:
    """Put what holds without evidence into right-hand side and diagonal blocks."""
    months, states = r.shape
    r[:] = 0.0
    b[:] = 0.0
    for i in range(states):
        s, f = w.variance[i], w.persistence[i]
        still = 1.0 / (s * (1.0 - f * f))
        b[:, i, i] = still * (1.0 + f * f)
        b[months - 1, i, i] = still
        b[0, i, i] = 1.0 / s + (f * f * still if months > 1 else 0.0)


@compiled
def couplings(w: World) -> Floats:
    r"""The diagonal of $-E = \Phi Q^{-1}$."""
    out = np.empty(len(w.persistence))
    for i in range(len(out)):
        f = w.persistence[i]
        out[i] = f / (w.variance[i] * (1.0 - f * f))
    return out


@compiled
def add(weights: Floats, force: float, h: float, r: Floats, b: Floats, t: int) -> None:
    """Add an observation's force and bend to the right-hand side and the block of month `t`."""
    for i in range(len(weights)):
        r[t, i] += weights[i] * force
        for j in range(len(weights)):
            b[t, i, j] += h * weights[i] * weights[j]


@compiled
def _gather(w: World, d: int, x: Floats, r: Floats, b: Floats) -> None:
    """Put right-hand side and diagonal blocks of Newton's step from `x` into `r` and `b`."""
    weights = np.empty(x.shape[1])
    prior(w, r, b)
    for a in range(w.start[d], w.start[d + 1]):
        t = w.month[a]
        load(w, a, weights)
        eta = predict(w, a, weights, x, t)
        g, h = pull_down(w, a, eta)
        add(weights, g + h * (eta - rest(w, a)), h, r, b, t)


@compiled
def eliminate(w: World, r: Floats, b: Floats, inverse: Floats) -> float:
    r"""Forwards: $r_t - E D_{t-1}^{-1} r_{t-1}$ into `r`, $D_t^{-1}$ into `inverse`; $\sum \log|D_t|$ comes back.

    NaN where some $D_t$ is not positive definite.
    """
    months, states = r.shape
    column, tie = np.empty(states), couplings(w)
    if states == 1:
        return eliminate_line(tie[0], r, b, inverse)
    total, product = 0.0, 1.0
    for t in range(months):
        if t > 0:
            for i in range(states):
                for j in range(states):
                    g = tie[i] * inverse[t - 1, i, j]
                    b[t, i, j] -= g * tie[j]
                    r[t, i] += g * r[t - 1, j]
        product *= invert(b, t, inverse, t, column)
        if not product > 0.0:
            return math.nan
        if not SMALL < product < LARGE:
            total += math.log(product)
            product = 1.0
    return total + math.log(product)


@compiled
def substitute(w: World, r: Floats, inverse: Floats, x: Floats, pace: float) -> float:
    """Backwards: the step's end into `x`, no further than the stride; how far the furthest state went."""
    months, states = r.shape
    ahead, here, tie = np.zeros(states), np.empty(states), couplings(w)
    if states == 1:
        return substitute_line(tie[0], r, inverse, x, pace, STRIDE)
    furthest = 0.0
    for t in range(months - 1, -1, -1):
        for i in range(states):
            here[i] = r[t, i] + tie[i] * ahead[i]
        for i in range(states):
            ahead[i] = 0.0
            for j in range(states):
                ahead[i] += inverse[t, i, j] * here[j]
            step = ahead[i] - x[t, i]
            furthest = max(furthest, abs(step))
            x[t, i] += pace * min(max(step, -STRIDE), STRIDE)
    return furthest


@compiled
def _back(tie: Floats, t: int, inverse: Floats, v: Floats, gain: Floats, lag: Floats) -> None:
    r"""From $V_{t+1}$ to $V_t$, with $\mathrm{Cov}(x_t, x_{t+1})$ into `lag`."""
    states = len(tie)
    for i in range(states):
        for j in range(states):
            gain[i, j] = inverse[t, i, j] * tie[j]
    for i in range(states):
        for j in range(states):
            lag[i, j] = 0.0
            for k in range(states):
                lag[i, j] += gain[i, k] * v[t + 1, k, j]
    for i in range(states):
        for j in range(states):
            v[t, i, j] = inverse[t, i, j]
            for k in range(states):
                v[t, i, j] += lag[i, k] * gain[j, k]


@compiled
def spread(w: World, x: Floats, inverse: Floats, v: Floats, moments: Floats) -> None:
    r"""Backwards: covariances $V_t$ into `v`, and the sums that persistence is learned from into `moments`."""
    months, states = x.shape
    gain, lag, tie = np.empty((states, states)), np.empty((states, states)), couplings(w)
    if states == 1:
        spread_line(tie[0], x, inverse, v, moments)
        return
    # One by one: assigning an array would bring numba's check of shapes, with its text, into the machine code.
    for i in range(states):
        for j in range(states):
            v[months - 1, i, j] = inverse[months - 1, i, j]
    moments[:] = 0.0
    for t in range(months - 2, -1, -1):
        _back(tie, t, inverse, v, gain, lag)
        for i in range(states):
            moments[i, 0] += x[t + 1, i] ** 2 + v[t + 1, i, i]
            moments[i, 1] += x[t + 1, i] * x[t, i] + lag[i, i]
            moments[i, 2] += x[t, i] ** 2 + v[t, i, i]


@compiled
def cost(w: World, x: Floats) -> float:
    r"""$\log p(x) + \frac{TM}{2} \log 2\pi$."""
    months, states = x.shape
    total = 0.0
    for i in range(states):
        s, f = w.variance[i], w.persistence[i]
        q = s * (1.0 - f * f)
        total -= 0.5 * (math.log(s) + x[0, i] ** 2 / s + (months - 1) * math.log(q))
        for t in range(1, months):
            total -= 0.5 * (x[t, i] - f * x[t - 1, i]) ** 2 / q
    return total


@compiled
def _height(w: World, d: int, x: Floats) -> float:
    r"""$\log p(x, y) + \frac{TM}{2} \log 2\pi$: what Laplace's method adds half a log determinant to."""
    weights = np.empty(x.shape[1])
    total = cost(w, x)
    for a in range(w.start[d], w.start[d + 1]):
        load(w, a, weights)
        total += density(w, a, predict(w, a, weights, x, w.month[a]))
    return total


@compiled
def _pair(w: World, d: int, x: Floats, v: Floats, moments: Floats) -> tuple[float, int, int]:
    """Smooth one pair: log marginal likelihood, steps, and whether the mode is one. `x` holds where to start."""
    months, states = x.shape
    r, b, inverse = (
        np.empty((months, states)),
        np.empty((months, states, states)),
        np.empty((months, states, states)),
    )
    steps, settled, fall = 0, 0, 0.0
    while steps < STEPS and settled == 0:
        steps += 1
        _gather(w, d, x, r, b)
        fall = eliminate(w, r, b, inverse)
        if substitute(w, r, inverse, x, 1.0 if steps <= BRISK else 0.5) < NEAR:
            settled = 1
    spread(w, x, inverse, v, moments)
    return _height(w, d, x) - 0.5 * fall, steps, settled


@compiled
def _one_by_one(w: World, x: Floats, v: Floats, moments: Floats, told: Floats) -> None:
    for d in range(len(w.start) - 1):
        told[d, 0], told[d, 1], told[d, 2] = _pair(w, d, x[d], v[d], moments[d])


@in_parallel
def _together(w: World, x: Floats, v: Floats, moments: Floats, told: Floats) -> None:
    for d in prange(len(w.start) - 1):
        told[d, 0], told[d, 1], told[d, 2] = _pair(w, d, x[d], v[d], moments[d])


def smooth(seen: Evidence, of: Items, move: Dynamics, begin: Floats | None = None) -> Smoothed:
    """The states of every pair in every month, given all evidence, earlier and later.

    `begin` may hold states to start Newton's steps from, such as those found with constants a little different.

    >>> from amity.engine.model import dynamics, evidence, items
    >>> from amity.engine.families import GAUSSIAN
    >>> of, rows = items(GAUSSIAN, 0.0, 1.0), {"pair": [0], "month": [1], "item": [0], "y": [2.0], "n": [1.0]}
    >>> known = smooth(evidence(1, 3, rows, of), of, dynamics(0.8))
    >>> known.mean[0, :, 0].round(3), known.covariance[0, :, 0, 0].round(3)
    (array([0.8, 1. , 0.8]), array([0.68, 0.5 , 0.68]))
    """
    pairs, states = len(seen.start) - 1, len(move.persistence)
    x = np.zeros((pairs, seen.months, states)) if begin is None else begin.copy()
    v, moments = np.empty((pairs, seen.months, states, states)), np.empty((pairs, states, 3))
    told = np.empty((pairs, 3))
    run = _one_by_one if pairs <= FEW else _together
    run(world(seen, of, move), x, v, moments, told)
    return Smoothed(
        x, v, told[:, 0].copy(), moments, told[:, 1].astype(np.int64), told[:, 2].astype(np.int64)
    )
