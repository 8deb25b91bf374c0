# pyright: basic
r"""What each coder of news makes of acts: its habit, learned day by day beside trust. Arrays only.

Trust is on the scale of one coder, the one whose acts its constants were learned from. What that one would write down
as co-operative with the chance $\sigma(z)$, another does with

$$\sigma(o + r z + q e),\qquad o \sim N(0, 1),\quad r \sim N(\tfrac12, \tfrac1{12}),\quad e \sim N(0, 1),\quad
q^2 = (1 - r^2)\, \Lambda^2$$

before any of its acts is known. $o$ is how much kinder it sees the world. $r$ is how alike the two see it, from not at
all (0) to wholly (1), and anything between is as likely so far. $e$ is what it makes of a pair of states by itself, the
same from one day to the next, so that pairs differ for it as much as for the first one: $\Lambda$ is the standard
deviation over pairs. It fades as the level of a pair does. The first coder has $o = 0$ and $r = 1$ without doubt, and
so no picture of its own.

A day's acts of a coder, each foreseen with mean $x$ of $z$ and $c$ of $q e$ and their variances $v$ and $w$, move
$(o, r)$ to the top of

$$-\tfrac12 d^\top P^{-1} d + \sum_a n_a \log \sigma(\pm\kappa_a (o + r x_a + c_a)),\qquad
\kappa = (1 + \pi (r^2 v + w) / 8)^{-1/2}$$

with $d$ the way from the belief before and $P$ its covariance, which shrinks by the bend there (Laplace; West and
Harrison 1997, chapter 14). $n$ is what one act among several of a pair and day counts. All pairs teach one habit. Then
each pair's acts move its trust and the coder's picture of it, each by its share of the variance of the whole: what is
usual for a coder moves nothing. The weights of quad classes were learned from the first coder's acts; an act of another
one counts as a draw, or less where the class tells less.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from amity.engine.compiled import compiled
from amity.insight.trust_steps import MACKAY

if TYPE_CHECKING:
    from amity.engine.compiled import Floats, Whole

__all__ = ["Habits", "Told", "as_told", "learn_habits", "unmet"]

KINDER = 1.0
"""Standard deviation of o before a coder is met."""
TELLS, TELLS_VARIANCE = 0.5, 1 / 12
"""Mean and variance of r before: those of anything from 0 to 1."""
STEPS = 60
"""Steps at most to the top of a day; five or six are usual."""
CLOSE = 1e-10
"""They end with one that is shorter."""


class Habits(NamedTuple):
    """What is known of each coder, apart for classes that are foreseen (row 2c) and for the others (2c + 1)."""

    mean: Floats
    """(rows, 2) of o and r."""
    variance: Floats
    """(rows, 3) of o, of r, and their covariance."""
    picture: Floats
    """(rows, pairs, 2) of e: mean and variance."""
    at: Whole
    """(rows, pairs) the day to which they are carried."""
    differ: float
    """Variance of log-odds over pairs."""
    keep: float
    """What is left of e after a day."""


class Told(NamedTuple):
    """Acts as coders tell them."""

    row: Whole
    """(acts,) whose habit, a row of `Habits`."""
    good: Floats
    """(acts,) 1 co-operative, 0 not."""
    weight: Floats
    """(acts,) in draws."""


class _Day(NamedTuple):
    """What one coder tells on a day: `good` and `weight` as of `Told`, and of each act what was known before."""

    good: Floats
    weight: Floats
    z: Floats
    v: Floats
    c: Floats
    """Of the coder's own picture of the pair, in log-odds as it tells them: mean,"""
    w: Floats
    """and variance."""


def unmet(coders: int, pairs: int, first: int, differ: float, keep: float) -> Habits:
    """Habits before any act: the first coder's is the scale, of the others nothing is known."""
    mean, variance = np.zeros((2 * coders, 2)), np.zeros((2 * coders, 3))
    mean[:2, 1], mean[2:, 1] = 1.0, TELLS
    variance[2:, 0], variance[2:, 1] = KINDER**2, TELLS_VARIANCE
    picture = np.zeros((2 * coders, pairs, 2))
    picture[2:, :, 1] = 1.0
    return Habits(mean, variance, picture, np.full((2 * coders, pairs), first), differ, keep)


@compiled
def _own(habits: Habits, row: int) -> float:
    """q, by how much a coder's own picture counts."""
    return math.sqrt(max(1.0 - habits.mean[row, 1] ** 2, 0.0) * habits.differ)


@compiled
def fade_picture(habits: Habits, row: int, p: int, day: int) -> None:
    """Carry a coder's own picture of a pair to a day."""
    f = habits.keep ** float(day - habits.at[row, p])
    one = habits.picture[row, p]
    one[0] *= f
    one[1] = 1.0 + (one[1] - 1.0) * f * f
    habits.at[row, p] = day


@compiled
def learn_picture(habits: Habits, row: int, p: int, push: float, shrink: float) -> None:
    """Move a coder's own picture of a pair by a push on log-odds as it tells them."""
    one = habits.picture[row, p]
    by = _own(habits, row) * one[1]
    one[0] += by * push
    one[1] -= by * by * shrink


@compiled
def as_told(habits: Habits, row: int, p: int, z: float, v: float, doubt: bool) -> tuple[float, float]:
    """Mean and variance of the log-odds of an act as a coder would tell it, those of the act being z and v; with or
    without doubt about its habit."""
    (o, r), (a, b, c), (e, ev) = habits.mean[row], habits.variance[row], habits.picture[row, p]
    q = _own(habits, row)
    variance = r * r * v + q * q * ev
    if doubt:
        variance += b * v + a + z * (2.0 * c + z * b)
    return o + r * z + q * e, variance


@compiled
def _tried(of: _Day, k: int, o: float, r: float) -> tuple[float, float, float]:
    """κ (o + r z + c) of an act, and its slopes by o and by r."""
    v = of.v[k]
    kappa = 1.0 / math.sqrt(1.0 + MACKAY * (r * r * v + of.w[k]))
    x = o + r * of.z[k] + of.c[k]
    return kappa * x, kappa, kappa * of.z[k] - x * MACKAY * r * v * kappa**3


@compiled
def _height(of: _Day, d: Floats, at: Floats, p: Floats) -> float:
    """What is to be climbed; `d` the way from the belief before, `p` its precision (three numbers)."""
    found = -0.5 * (p[0] * d[0] ** 2 + p[1] * d[1] ** 2 + 2.0 * p[2] * d[0] * d[1])
    for k in range(len(of.z)):
        x, _, _ = _tried(of, k, at[0], at[1])
        x = x if of.good[k] > 0.0 else -x
        found -= of.weight[k] * (math.log1p(math.exp(-abs(x))) + max(-x, 0.0))
    return found


@compiled
def _inverse(of: Floats) -> Floats:
    """Of a symmetric two by two matrix, given and told as its diagonal and what is beside it."""
    det = of[0] * of[1] - of[2] * of[2]
    return np.array([of[1] / det, of[0] / det, -of[2] / det])


@compiled
def _bend(of: _Day, at: Floats, bend: Floats) -> Floats:
    """The slope of the acts' part at a place; their part of the bend is added to `bend`."""
    slope = np.zeros(2)
    for k in range(len(of.z)):
        x, a, b = _tried(of, k, at[0], at[1])
        p, w = 1.0 / (1.0 + math.exp(-x)), of.weight[k]
        slope[0] += w * (of.good[k] - p) * a
        slope[1] += w * (of.good[k] - p) * b
        h = w * p * (1.0 - p)
        bend[0] += h * a * a
        bend[1] += h * b * b
        bend[2] += h * a * b
    return slope


@compiled
def _learn(habits: Habits, row: int, of: _Day) -> None:
    """Move one habit by a day's acts, by Gauss and Newton's steps, halved where they do not climb."""
    before, p = habits.mean[row].copy(), _inverse(habits.variance[row])
    at = before.copy()
    here = _height(of, at - before, at, p)
    for _ in range(STEPS):
        bend, d = p.copy(), at - before
        slope = _bend(of, at, bend)
        slope[0] -= p[0] * d[0] + p[2] * d[1]
        slope[1] -= p[1] * d[1] + p[2] * d[0]
        to = _inverse(bend)
        step = np.array([to[0] * slope[0] + to[2] * slope[1], to[1] * slope[1] + to[2] * slope[0]])
        there = _height(of, at + step - before, at + step, p)
        while there < here and np.abs(step).max() > CLOSE:
            step *= 0.5
            there = _height(of, at + step - before, at + step, p)
        if there < here:
            break
        at, here = at + step, there
        if np.abs(step).max() < CLOSE:
            break
    bend = p.copy()
    _bend(of, at, bend)
    habits.variance[row] = _inverse(bend)
    # An act that a coder calls kind is never taken for a hostile one.
    habits.mean[row, 0], habits.mean[row, 1] = at[0], max(at[1], 0.0)


@compiled
def learn_habits(
    habits: Habits, told: Told, pair: Whole, day: tuple[int, int], known: Floats, other: float
) -> None:
    """Move the habits of all coders but the first by the acts of a day, from the one to before the other.

    The first columns of `known` are mean and variance of each act's log-odds on the first coder's scale, as known
    before the day; acts of the classes that are not foreseen are kinder by `other`.
    """
    begin, stop = day
    for row in range(2, len(habits.mean)):
        ours = begin + np.flatnonzero(told.row[begin:stop] == row)
        if len(ours):
            z, v, q = known[ours, 0] + other * (row % 2), known[ours, 1], _own(habits, row)
            picture = habits.picture[row][pair[ours]]
            today = _Day(told.good[ours], told.weight[ours], z, v, q * picture[:, 0], q * q * picture[:, 1])
            _learn(habits, row, today)
