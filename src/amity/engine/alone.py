r"""What the evidence of a month by itself says of a state: a value and its variance, as if the state had been measured.

At the smoother's mode $\hat x$ the observations of a month have slopes $g_a$ and bends $h_a$; with
$H = \sum_a h_a \lambda_a \lambda_a'$ and $G = \sum_a g_a \lambda_a$ they say of one state the same as a measurement

$$z = \hat\eta + g / h \quad\text{with variance}\quad 1 / h,$$

where for one state $g = G$ and $h = H$. Where there is $\delta$ as well, it is what a month cannot tell from $r$ by
itself; it is integrated over its stationary law $N(0, s)$, with $\hat\delta$ its mode:

$$h = H_{rr} - \frac{H_{r\delta}^2}{H_{\delta\delta} + 1/s},\qquad
g = G_r - H_{r\delta}\, \frac{G_\delta - \hat\delta / s}{H_{\delta\delta} + 1/s}.$$

For Gaussian observations this is exact, whatever the mode. For others it is the parabola at the mode: an observation
that surprises (an onset, where none was expected) comes out as far away and very unsure. Who weighs such values must
hold the state near its stationary law, or takes a surprise for more than it can say.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amity.engine.compiled import compiled
from amity.engine.reading import World, load, predict, pull_down, safe_bend, world
from amity.errors import UsageError

if TYPE_CHECKING:
    from amity.engine.compiled import Floats
    from amity.engine.model import Dynamics, Evidence, Items

__all__ = ["Alone", "alone"]


@dataclass(frozen=True, slots=True)
class Alone:
    """Pseudo-observations of the first state. Both arrays are (pairs, months), NaN in months without evidence."""

    value: Floats
    variance: Floats


@compiled
def _sums(w: World, d: int, x: Floats, slope: Floats, bend: Floats, safe: bool) -> None:
    """Put $G$ into `slope` (months, states) and $H$ into `bend` (months, states, states)."""
    states = x.shape[1]
    weights = np.empty(states)
    slope[:] = 0.0
    bend[:] = 0.0
    for a in range(w.start[d], w.start[d + 1]):
        t = w.month[a]
        load(w, a, weights)
        eta = predict(w, a, weights, x, t)
        g, h = pull_down(w, a, eta)
        if safe:
            h = safe_bend(w, a, eta)
        for i in range(states):
            slope[t, i] += weights[i] * g
            for j in range(states):
                bend[t, i, j] += h * weights[i] * weights[j]


@compiled
def _own(w: World, x: Floats, t: int, slope: Floats, bend: Floats) -> tuple[float, float]:
    """g and h of the first state in month `t`."""
    g, h = slope[t, 0], bend[t, 0, 0]
    if x.shape[1] == 2:
        rest = bend[t, 1, 1] + 1.0 / w.variance[1]
        share = bend[t, 0, 1] / rest
        h -= share * bend[t, 0, 1]
        g -= share * (slope[t, 1] - x[t, 1] / w.variance[1])
    return g, h


@compiled
def _every(w: World, x: Floats, value: Floats, variance: Floats) -> None:
    months, states = x.shape[1], x.shape[2]
    slope, bend = np.empty((months, states)), np.empty((months, states, states))
    kind, safe_kind = np.empty((months, states)), np.empty((months, states, states))
    for d in range(len(x)):
        _sums(w, d, x[d], slope, bend, False)
        _sums(w, d, x[d], kind, safe_kind, True)
        for t in range(months):
            g, h = _own(w, x[d], t, slope, bend)
            if not h > 0.0 or (states == 2 and not bend[t, 1, 1] >= 0.0):
                g, h = _own(w, x[d], t, kind, safe_kind)
            if h > 0.0:
                value[d, t] = x[d, t, 0] + g / h
                variance[d, t] = 1.0 / h


def alone(seen: Evidence, of: Items, move: Dynamics, x: Floats) -> Alone:
    """What each month's evidence by itself says of the first state of each pair, at states `x` (the smoother's mode).

    Args:
        seen: the evidence.
        of: its items.
        move: the dynamics, of one state, or of one directed one and its delta.
        x: (pairs, months, states) where slopes and bends are taken.

    Where a mix bends up at the mode, the bend that is expected there takes its place, as in the smoother.

    Raises:
        UsageError: there are more states than these.

    >>> from amity.engine.chain import smooth
    >>> from amity.engine.families import GAUSSIAN
    >>> from amity.engine.model import dynamics, evidence, items
    >>> of, move = items([GAUSSIAN] * 2, 0.0, [1.0, 1.0]), dynamics(0.8)
    >>> rows = {"pair": [0, 0], "month": [1, 1], "item": [0, 1], "y": [3.0, 0.0], "n": [1.0, 2.0]}
    >>> seen = evidence(1, 3, rows, of)
    >>> told = alone(seen, of, move, smooth(seen, of, move).mean)
    >>> told.value[0].round(3), told.variance[0].round(3)
    (array([nan,  2., nan]), array([  nan, 0.667,   nan]))
    """
    states = len(move.persistence)
    if states > 2 or (states == 2 and move.directed != 0):
        raise UsageError(
            f"{states} states cannot be told apart by one month", "ask for one dimension at a time"
        )
    told = Alone(*(np.full(x.shape[:2], math.nan) for _ in range(2)))
    _every(world(seen, of, move), np.ascontiguousarray(x), told.value, told.variance)
    return told
