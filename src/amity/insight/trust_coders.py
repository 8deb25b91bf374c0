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

__all__ = ["Habits", "Told", "as_told", "doubt", "fade_picture", "learn_habits", "learn_picture", "unmet"]

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

    pair: Whole
    row: Whole
    """(acts,) whose habit, a row of `Habits`."""
    good: Floats
    """(acts,) 1 co-operative, 0 not."""
    weight: Floats
    """(acts,) in draws."""


class _Slopes(NamedTuple):
    """What a day's acts say of a habit at a place."""

    height: float
    """Their log score."""
    o: float
    """How fast it rises with o,"""
    r: float
    """and with r."""
    oo: float
    """How much it bends (information): by o, by r, by both."""
    rr: float
    both: float


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
    f, one = habits.keep ** float(day - habits.at[row, p]), habits.picture
    one[row, p, 0] *= f
    one[row, p, 1] = 1.0 + (one[row, p, 1] - 1.0) * f * f
    habits.at[row, p] = day


@compiled
def learn_picture(habits: Habits, row: int, p: int, push: float, shrink: float) -> None:
    """Move a coder's own picture of a pair by a push on log-odds as it tells them."""
    by = _own(habits, row) * habits.picture[row, p, 1]
    habits.picture[row, p, 0] += by * push
    habits.picture[row, p, 1] -= by * by * shrink


@compiled
def as_told(habits: Habits, row: int, p: int, z: float, v: float) -> tuple[float, float]:
    """Mean and variance of an act's log-odds as a coder whose habit is known tells it; z and v are those of the act."""
    r, q = habits.mean[row, 1], _own(habits, row)
    mean = habits.mean[row, 0] + r * z + q * habits.picture[row, p, 0]
    return mean, r * r * v + q * q * habits.picture[row, p, 1]


@compiled
def doubt(habits: Habits, row: int, z: float, v: float) -> float:
    """The variance that comes on top as far as the habit is not known."""
    known = habits.variance
    return known[row, 0] + known[row, 1] * (v + z * z) + 2.0 * known[row, 2] * z


@compiled
def _slopes(
    habits: Habits, row: int, told: Told, known: Floats, day: tuple[int, int], o: float, r: float
) -> _Slopes:
    """What the acts of a day say at a place; `known` as of `learn_habits`."""
    q, height, of_o, of_r, oo, rr, both = _own(habits, row), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for e in range(day[0], day[1]):
        if told.row[e] == row:
            z, v, p, n = known[e, 5], known[e, 1], told.pair[e], told.weight[e]
            kappa = 1.0 / math.sqrt(1.0 + MACKAY * (r * r * v + q * q * habits.picture[row, p, 1]))
            x = o + r * z + q * habits.picture[row, p, 0]
            by_r = kappa * z - x * MACKAY * r * v * kappa**3
            x *= kappa
            chance = 1.0 / (1.0 + math.exp(-x))
            height -= n * (math.log1p(math.exp(-abs(x))) + max(-x if told.good[e] > 0.0 else x, 0.0))
            of_o += n * (told.good[e] - chance) * kappa
            of_r += n * (told.good[e] - chance) * by_r
            h = n * chance * (1.0 - chance)
            oo += h * kappa * kappa
            rr += h * by_r * by_r
            both += h * kappa * by_r
    return _Slopes(height, of_o, of_r, oo, rr, both)


@compiled
def _learn(habits: Habits, row: int, told: Told, known: Floats, day: tuple[int, int]) -> None:
    """Move one habit by the acts of a day, by Gauss and Newton's steps, halved where they do not climb."""
    a, b, c = habits.variance[row, 0], habits.variance[row, 1], habits.variance[row, 2]
    det = a * b - c * c
    oo, rr, both = b / det, a / det, -c / det
    o, r = habits.mean[row, 0], habits.mean[row, 1]
    now = _slopes(habits, row, told, known, day, o, r)
    d_o, d_r, here = 0.0, 0.0, now.height
    for _ in range(STEPS):
        g, h = now.o - oo * d_o - both * d_r, now.r - rr * d_r - both * d_o
        a, b, c = now.oo + oo, now.rr + rr, now.both + both
        det = a * b - c * c
        step_o, step_r = (b * g - c * h) / det, (a * h - c * g) / det
        there = -math.inf
        while there < here and max(abs(step_o), abs(step_r)) > CLOSE:
            x, y = d_o + step_o, d_r + step_r
            then = _slopes(habits, row, told, known, day, o + x, r + y)
            there = then.height - 0.5 * (oo * x * x + rr * y * y) - both * x * y
            if there >= here:
                d_o, d_r, now = x, y, then
            else:
                step_o, step_r = 0.5 * step_o, 0.5 * step_r
        if there < here or max(abs(step_o), abs(step_r)) < CLOSE:
            break
        here = there
    a, b, c = now.oo + oo, now.rr + rr, now.both + both
    det = a * b - c * c
    habits.variance[row, 0], habits.variance[row, 1], habits.variance[row, 2] = b / det, a / det, -c / det
    # An act that a coder calls kind is never taken for a hostile one.
    habits.mean[row, 0], habits.mean[row, 1] = o + d_o, max(r + d_r, 0.0)


@compiled
def learn_habits(habits: Habits, told: Told, known: Floats, day: tuple[int, int]) -> None:
    """Move the habits of all coders but the first by the acts of a day, from the one to before the other.

    The columns of `known` are what was known of each act before the day: 1 the variance of its log-odds on the first
    coder's scale, 5 their mean, by its class.
    """
    for row in range(2, len(habits.mean)):
        some = False
        for e in range(day[0], day[1]):
            some = some or told.row[e] == row
        if some:
            _learn(habits, row, told, known, day)
