r"""Who moved the state: an exact account of every month, by source.

At the smoother's mode $P^{-1} \hat x = \sum_a \lambda_a g_a$, so that with the prior covariance
$\mathrm{Cov}(x_t, x_s) = \Phi^{|t-s|} S$

$$\hat x_t = \sum_a \Phi^{|t - s_a|} S \lambda_a g_a :$$

every observation adds to each month what it still says there that the state does not explain (its slope at the
mode), and what it adds fades with time, before and after. At the filter's mode likewise
$m_t - \Phi m_{t-1} = V^-_t \sum_{a \in t} \lambda_a g_a$: the news of a month is the sum of what its observations
brought, and a month without evidence has none. Both are sums, not approximations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amity.engine.compiled import compiled
from amity.engine.filtering import before
from amity.engine.reading import World, load, predict, pull, world

if TYPE_CHECKING:
    from amity.engine.chain import Smoothed
    from amity.engine.compiled import Floats, Whole
    from amity.engine.filtering import Filtered
    from amity.engine.model import Dynamics, Evidence, Items

__all__ = ["Account", "account", "slopes"]


@dataclass(frozen=True, slots=True)
class Account:
    """Which group of items brought what. Both arrays are (pairs, months, groups, states)."""

    news: Floats
    r"""Sums over groups to $m_t - \Phi m_{t-1}$ of the filter: what a month changed in what could be known."""
    share: Floats
    r"""Sums over groups to the smoothed mean; the difference of two months is who moved the state between them."""


@compiled
def _add(w: World, x: Floats, group: Whole, out: Floats) -> None:
    weights = np.empty(x.shape[2])
    for d in range(len(x)):
        for a in range(w.start[d], w.start[d + 1]):
            t = w.month[a]
            load(w, a, weights)
            eta = predict(w, a, weights, x[d], t)
            g, _ = pull(w, a, eta)
            for i in range(len(weights)):
                out[d, t, group[w.item[a]], i] += weights[i] * g


def slopes(seen: Evidence, of: Items, move: Dynamics, x: Floats, group: Whole) -> Floats:
    r"""(pairs, months, groups, states) $\sum_a \lambda_a g_a$ at states `x`: how hard each group pulls, and where."""
    pairs, months, states = x.shape
    out = np.zeros((pairs, months, int(group.max(initial=-1)) + 1, states))
    _add(world(seen, of, move), x, group, out)
    return out


def account(
    seen: Evidence, of: Items, move: Dynamics, known: Filtered, now: Smoothed, group: Whole | None = None
) -> Account:
    """Who brought the news of each month, and on whom the smoothed state of each month rests.

    Args:
        seen: the evidence that both were worked out from.
        of: its items.
        move: the dynamics.
        known: what the filter found.
        now: what the smoother found.
        group: (items,) the group of each item, such as its source; every item by itself if left out.

    Meant for the pairs on a page: it keeps every group of every month.

    >>> from amity.engine.model import dynamics, evidence, items
    >>> from amity.engine.families import GAUSSIAN
    >>> from amity.engine.chain import smooth
    >>> from amity.engine.filtering import filter_forward
    >>> of, move = items([GAUSSIAN] * 2, 0.0, [1.0, 1.0]), dynamics(0.8)
    >>> rows = {"pair": [0, 0], "month": [1, 1], "item": [0, 1], "y": [3.0, 0.0], "n": [1.0, 1.0]}
    >>> seen = evidence(1, 3, rows, of)
    >>> told = account(seen, of, move, filter_forward(seen, of, move), smooth(seen, of, move))
    >>> told.news[0, 1, :, 0], told.news[0, 2, :, 0]
    (array([ 2., -1.]), array([0., 0.]))
    """
    group = np.arange(len(of.family)) if group is None else group
    _, spread = before(known, move)
    news = np.einsum("dtij,dtgj->dtgi", spread, slopes(seen, of, move, known.mean, group))
    force = move.variance * slopes(seen, of, move, now.mean, group)
    earlier, later = _faded(force, move.persistence), _faded(force[:, ::-1], move.persistence)[:, ::-1]
    return Account(news, earlier + later - force)


def _faded(force: Floats, persistence: Floats) -> Floats:
    r"""$y_t = \Phi y_{t-1} + f_t$ by doubling: sums over 1, 2, 4 … months back."""
    told, fade, back = force.copy(), persistence, 1
    while back < told.shape[1]:
        told[:, back:] += fade * told[:, :-back]
        fade, back = fade * fade, 2 * back
    return told
