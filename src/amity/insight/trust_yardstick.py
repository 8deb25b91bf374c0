# pyright: basic
"""What trust must beat: a pair's own acts counted, old ones for less. Arrays only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from amity.engine.compiled import compiled
from amity.insight.trust_path import COOPERATION, Acts, asked_of
from amity.insight.trust_steps import forget, kept

if TYPE_CHECKING:
    from amity.engine.compiled import Floats, Whole

__all__ = ["discounted_beta"]


@compiled
def _beta(
    acts: Acts, sums: Floats, at: Whole, keep: float, asked: Whole, days: Whole, told: Floats
) -> Floats:
    """Faded sums and counts of a pair's co-operative acts, (acts, 2) before each; of those asked into `told`."""
    out = np.empty((len(acts.day), 2))
    e, d = 0, 0
    while e < len(acts.day) or d < len(days):
        if d < len(days) and (e == len(acts.day) or days[d] < acts.day[e]):
            for k in range(len(asked)):
                forget(sums, at, asked[k], days[d], keep)
                told[k, d] = sums[asked[k]]
            d += 1
            continue
        day, begin = acts.day[e], e
        while e < len(acts.day) and acts.day[e] == day:
            forget(sums, at, acts.pair[e], day, keep)
            out[e] = sums[acts.pair[e]]
            e += 1
        for a in range(begin, e):
            sums[acts.pair[a], 0] += 1.0 if acts.quad[a] <= COOPERATION else 0.0
            sums[acts.pair[a], 1] += 1.0
    return out


def discounted_beta(
    acts: Acts,
    half_life: float,
    prior: tuple[float, float],
    asked: Whole | None = None,
    days: Whole | None = None,
) -> tuple[Floats, Floats]:
    r"""The yardstick: $(\alpha\mu + \sum y\,2^{-\Delta/h}) / (\alpha + \sum 2^{-\Delta/h})$ of a pair's own acts.

    (acts,) before the day of each act and (asked, days) at the end of each day asked; `half_life` in months (infinite:
    nothing fades), `prior` its weight in acts and its mean, the others as of `follow`.

    >>> acts = Acts(np.array([0, 30]), np.array([0, 0]), np.array([4, 1]), np.array([[0, 1], [1, 0]]))
    >>> discounted_beta(acts, np.inf, (2.0, 0.8))[0].round(3)
    array([0.8  , 0.533])
    """
    asked, days, first = asked_of(acts, asked, days)
    told = np.empty((len(asked), len(days), 2))
    sums, at = np.zeros((len(acts.link), 2)), np.full(len(acts.link), first)
    out = _beta(acts._replace(coder=None), sums, at, kept(half_life), asked, days, told)
    weight, mean = prior
    before, then = ((one[..., 0] + weight * mean) / (one[..., 1] + weight) for one in (out, told))
    return before, then
