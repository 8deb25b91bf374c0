r"""The filter: what could be known of every month by its end, from evidence up to it and none later.

Month by month the state is first carried forward, $m^- = \Phi m_{t-1}$ and $V^- = \Phi V_{t-1} \Phi + Q$, and then,
where there is evidence, moved to the mode of $\sum_a \ell_a(\eta_a) - \frac{1}{2} (x - m^-)' (V^-)^{-1} (x - m^-)$ by
Newton's steps (an extended Kalman filter, iterated to the mode; Fahrmeir 1992, *JASA* 87). Unlike the smoother's, its
tangents never lean on what came later. The evidence of a month, given what was known before, has by Laplace's method

$$\log p(y_t \mid y_{<t}) \approx \sum_a \ell_a(\hat x) - \tfrac{1}{2} (\hat x - m^-)'(V^-)^{-1}(\hat x - m^-)
+ \tfrac{1}{2} \log\frac{|V_t|}{|V^-|}.$$
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amity.engine.chain import BRISK, FEW, NEAR, STEPS, STRIDE
from amity.engine.compiled import compiled, in_parallel, prange
from amity.engine.reading import World, density, load, predict, pull_down, rest, world
from amity.engine.small import invert

if TYPE_CHECKING:
    from amity.engine.compiled import Floats
    from amity.engine.model import Dynamics, Evidence, Items

__all__ = ["Filtered", "before", "filter_forward", "foresee"]

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(15)
LOG_WEIGHTS = np.log(WEIGHTS / WEIGHTS.sum())


@dataclass(frozen=True, slots=True)
class Filtered:
    """What could be known by the end of each month."""

    mean: Floats
    """(pairs, months, states)"""
    covariance: Floats
    """(pairs, months, states, states)"""
    log_predictive: Floats
    """(pairs,) log probability of all evidence, each month's given the months before it, in nats."""


@compiled
def _tangents(w: World, a: int, end: int, m: Floats, hand: Floats, box: Floats) -> None:
    """Put what observations `a` to `end` and the prior say of their month into right-hand side and precision."""
    t, states, weights = w.month[a], m.shape[1], hand[2]
    for i in range(states):
        hand[1, i] = 0.0
        for j in range(states):
            box[0, i, j] = box[1, i, j]
            hand[1, i] += box[1, i, j] * hand[0, j]
    for one in range(a, end):
        load(w, one, weights)
        eta = predict(w, one, weights, m, t)
        g, h = pull_down(w, one, eta)
        force = g + h * (eta - rest(w, one))
        for i in range(states):
            hand[1, i] += weights[i] * force
            for j in range(states):
                box[0, i, j] += h * weights[i] * weights[j]


@compiled
def _newton(w: World, a: int, end: int, m: Floats, v: Floats, hand: Floats, box: Floats) -> float:
    """Move a month from its prior mean to the mode given its observations `a` to `end`; its covariance into `v`.

    Its log determinant comes back. `hand` holds prior mean, right-hand side, weights and a row to work in, `box` the
    precision being made and that of the prior.
    """
    t, states, column = w.month[a], m.shape[1], hand[3]
    fall, moved, steps = 1.0, math.inf, 0
    while moved >= NEAR and steps < STEPS:
        steps += 1
        _tangents(w, a, end, m, hand, box)
        fall = invert(box, 0, v, t, column)
        moved = 0.0
        for i in range(states):
            column[i] = -m[t, i]
            for j in range(states):
                column[i] += v[t, i, j] * hand[1, j]
            column[i] = min(max(column[i], -STRIDE), STRIDE)
            moved = max(moved, abs(column[i]))
        for i in range(states):
            m[t, i] += column[i] if steps <= BRISK else 0.5 * column[i]
    return -math.log(fall)


@compiled
def _gain(w: World, a: int, end: int, m: Floats, hand: Floats, box: Floats) -> float:
    """The log density of observations `a` to `end` of a month, less what its states cost against their prior."""
    t, weights, total = w.month[a], hand[2], 0.0
    for one in range(a, end):
        load(w, one, weights)
        total += density(w, one, predict(w, one, weights, m, t))
    for i in range(m.shape[1]):
        for j in range(m.shape[1]):
            total -= 0.5 * (m[t, i] - hand[0, i]) * box[1, i, j] * (m[t, j] - hand[0, j])
    return total


@compiled
def _carry(w: World, t: int, m: Floats, v: Floats) -> None:
    """Put into month `t` what the month before foresees of it; into the first the stationary law."""
    for i in range(m.shape[1]):
        f = w.persistence[i]
        m[t, i] = f * m[t - 1, i] if t > 0 else 0.0
        for j in range(m.shape[1]):
            v[t, i, j] = f * w.persistence[j] * v[t - 1, i, j] if t > 0 else 0.0
        v[t, i, i] += w.variance[i] * (1.0 - f * f if t > 0 else 1.0)


@compiled
def _forward(w: World, d: int, m: Floats, v: Floats) -> float:
    """Filter one pair into `m` and `v`; the log probability of its evidence."""
    months, states = m.shape
    hand, box = np.empty((4, states)), np.empty((2, states, states))
    a, total = w.start[d], 0.0
    for t in range(months):
        _carry(w, t, m, v)
        end = a
        while end < w.start[d + 1] and w.month[end] == t:
            end += 1
        if end > a:
            for i in range(states):
                hand[0, i] = m[t, i]
                for j in range(states):
                    box[0, i, j] = v[t, i, j]
            wide = math.log(invert(box, 0, box, 1, hand[3]))
            tight = _newton(w, a, end, m, v, hand, box)
            total += _gain(w, a, end, m, hand, box) + 0.5 * (tight - wide)
            a = end
    return total


@compiled
def _one_by_one(w: World, m: Floats, v: Floats, told: Floats) -> None:
    for d in range(len(w.start) - 1):
        told[d] = _forward(w, d, m[d], v[d])


@in_parallel
def _together(w: World, m: Floats, v: Floats, told: Floats) -> None:
    for d in prange(len(w.start) - 1):
        told[d] = _forward(w, d, m[d], v[d])


def filter_forward(seen: Evidence, of: Items, move: Dynamics) -> Filtered:
    """The states of every pair in every month, given evidence up to and with that month.

    >>> from amity.engine.model import dynamics, evidence, items
    >>> from amity.engine.families import GAUSSIAN
    >>> of, rows = items(GAUSSIAN, 0.0, 1.0), {"pair": [0], "month": [1], "item": [0], "y": [2.0], "n": [1.0]}
    >>> filter_forward(evidence(1, 3, rows, of), of, dynamics(0.8)).mean[0, :, 0].round(3)
    array([0. , 1. , 0.8])
    """
    pairs, states = len(seen.start) - 1, len(move.persistence)
    m, v = np.empty((pairs, seen.months, states)), np.empty((pairs, seen.months, states, states))
    told = np.empty(pairs)
    run = _one_by_one if pairs <= FEW else _together
    run(world(seen, of, move), m, v, told)
    return Filtered(m, v, told)


def before(known: Filtered, move: Dynamics) -> tuple[Floats, Floats]:
    r"""Mean $m^-$ and covariance $V^-$ of every month's states, as foreseen at the end of the month before.

    Shaped as `Filtered.mean` and `.covariance`; in the first month the stationary law.
    """
    phi, still = move.persistence, np.diag(move.variance)
    m, v = np.zeros_like(known.mean), np.empty_like(known.covariance)
    m[:, 1:] = phi * known.mean[:, :-1]
    v[:, 0] = still
    v[:, 1:] = np.outer(phi, phi) * known.covariance[:, :-1] + still * (1 - phi**2)
    return m, v


@compiled
def _foresee(w: World, m: Floats, v: Floats, scores: Floats) -> None:
    states = m.shape[2]
    weights, terms = np.empty(states), np.empty(len(NODES))
    for d in range(len(m)):
        for a in range(w.start[d], w.start[d + 1]):
            t = w.month[a]
            load(w, a, weights)
            eta, spread = predict(w, a, weights, m[d], t), 0.0
            for i in range(states):
                for j in range(states):
                    spread += weights[i] * v[d, t, i, j] * weights[j]
            for q in range(len(NODES)):
                at = eta + NODES[q] * math.sqrt(spread)
                terms[q] = LOG_WEIGHTS[q] + density(w, a, at)
            top = terms.max()
            scores[a] = top + math.log(np.exp(terms - top).sum())


def foresee(seen: Evidence, of: Items, move: Dynamics, known: Filtered | None = None) -> Floats:
    r"""(observations,) log $p(y_a \mid y_{<t})$ of each observation, foreseen from the months before its own, in nats.

    The integral over the foreseen predictor is Gauss and Hermite's with fifteen nodes. Observations of one month do not
    help each other. `known` may hold what a filter found on other evidence of the same pairs, such as that of some
    sources alone: so it shows what those sources foresee of the others.

    >>> from amity.engine.model import dynamics, evidence, items
    >>> from amity.engine.families import GAUSSIAN
    >>> of, rows = items(GAUSSIAN, 0.0, 1.0), {"pair": [0], "month": [1], "item": [0], "y": [0.0], "n": [1.0]}
    >>> foresee(evidence(1, 2, rows, of), of, dynamics(0.8)).round(4)
    array([-1.2655])
    """
    known = known or filter_forward(seen, of, move)
    scores = np.empty(len(seen.y))
    _foresee(world(seen, of, move), *before(known, move), scores)
    return scores
