r"""One series exactly, on a grid: filter and smoother for shocks with heavy tails and any likelihood.

Ruptures are jumps. Where much is known of a pair, a Gaussian chain smears a jump over its neighbours; a chain whose
shocks are Student's t, $x_t = \varphi x_{t-1} + w_t$ with $w_t \sim \sqrt{q (\nu - 2)/\nu}\; t_\nu$, does not. With one
state, no approximation but the grid's step is needed (Kitagawa 1987, *JASA* 82): with $p_{tj}$ the chance that $x_t$
lies in cell $j$ and $K_{ij}$ the chance to go from the middle of cell $i$ into cell $j$,

$$p_{t|t} \propto (p_{t-1|t-1} K) \odot e^{\ell_t}, \qquad
p_{t|T} \propto p_{t|t} \odot \beta_t,\quad
\beta_{t} \propto K (e^{\ell_{t+1}} \odot \beta_{t+1}).$$
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amity.engine.compiled import compiled
from amity.engine.reading import World, density, load, predict, world
from amity.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from amity.engine.compiled import Floats
    from amity.engine.model import Dynamics, Evidence, Items

__all__ = ["Gridded", "cells", "gridded", "heights", "kernel"]


@dataclass(frozen=True, slots=True)
class Gridded:
    """Where one state may have been in each month."""

    points: Floats
    """(cells,) the middles of the cells, evenly spaced."""
    filtered: Floats
    """(months, cells) chances given evidence up to and with the month."""
    smoothed: Floats
    """(months, cells) chances given all evidence."""
    log_likelihood: float
    """Log probability of all evidence, in nats, up to the constants that its rows left out."""

    def mean(self, *, then: bool = False) -> Floats:
        """(months,) the mean, of what is known now or of what could be known then."""
        return (self.filtered if then else self.smoothed) @ self.points

    def quantile(self, chance: float, *, then: bool = False) -> Floats:
        """(months,) the value below which the state lies with such a chance, even within a cell."""
        below = np.cumsum(self.filtered if then else self.smoothed, axis=1)
        step = self.points[1] - self.points[0]
        edges = np.concatenate([[self.points[0] - step / 2], self.points + step / 2])
        return np.array([np.interp(chance, np.concatenate([[0.0], row]), edges) for row in below])


def cells(reach: float = 6.0, step: float = 0.05) -> Floats:
    """The middles of cells from `-reach` to `reach`; a state of unit variance is hardly ever further out.

    >>> len(cells())
    241
    """
    return np.linspace(-reach, reach, round(2 * reach / step) + 1)


def kernel(points: Floats, persistence: float, variance: float = 1.0, tails: float | None = None) -> Floats:
    r"""(cells, cells) chances to go from the middle of one cell into another in a month.

    Shocks have variance $q = s(1-\varphi^2)$, Gaussian, or Student's t with `tails` degrees of freedom. The chance is
    the density times the step: for laws as smooth as these, sums over an even grid equal integrals to an error that
    falls exponentially with scale over step. What leaves the grid is laid on the rest.

    >>> kernel(cells(), 0.99, tails=4.0).sum(1).round(12).min()
    np.float64(1.0)

    Raises:
        UsageError: two degrees of freedom or fewer, which leave shocks no variance; shocks narrower than a step.
    """
    if tails is not None and tails <= 2:
        raise UsageError(
            f"t shocks of {tails} degrees of freedom have no variance", "say more than 2, or none at all"
        )
    q = variance * (1 - persistence**2)
    scale = q if tails is None else q * (tails - 2) / tails
    if points[1] - points[0] > math.sqrt(scale):
        raise UsageError(
            "shocks are narrower than a step of the grid", f"make steps of {math.sqrt(scale):.3f} or less"
        )
    z2 = (points[None, :] - persistence * points[:, None]) ** 2 / scale
    chance = np.exp(-0.5 * z2) if tails is None else (1 + z2 / tails) ** (-(tails + 1) / 2)
    return chance / chance.sum(1, keepdims=True)


def gridded(points: Floats, move: Floats, rows: ArrayLike, variance: float = 1.0) -> Gridded:
    """Filter and smooth one series.

    Args:
        points: the middles of the cells.
        move: chances to go from cell to cell, from `kernel`.
        rows: (months, cells) log likelihood of each month's evidence in each cell, up to a constant; zeros where a
            month has none.
        variance: of the Gaussian from which the first month's state comes.

    Raises:
        UsageError: rows of another shape, or a month that no cell allows.

    >>> points = cells()
    >>> rows = np.zeros((3, len(points)))
    >>> rows[1] = -0.5 * (points - 2.0) ** 2
    >>> gridded(points, kernel(points, 0.8), rows).mean().round(3)
    array([0.8, 1. , 0.8])
    """
    given = np.asarray(rows, float)
    if given.ndim != 2 or given.shape[1] != len(points) or not np.isfinite(given.max(1)).all():
        raise UsageError(
            "rows do not give every cell of every month a log likelihood", "shape them (months, cells)"
        )
    top = given.max(1, keepdims=True)
    chances = np.exp(given - top)
    filtered, scales = np.empty_like(chances), np.empty(len(chances))
    ahead = np.exp(-0.5 * points**2 / variance)
    ahead /= ahead.sum()
    for t, chance in enumerate(chances):
        here = ahead * chance
        scales[t] = here.sum()
        filtered[t] = here / scales[t]
        ahead = filtered[t] @ move
    return Gridded(
        points, filtered, _smoothed(filtered, move, chances), float(np.log(scales).sum() + top.sum())
    )


def _smoothed(filtered: Floats, move: Floats, chances: Floats) -> Floats:
    smoothed, later = filtered.copy(), np.ones(filtered.shape[1])
    for t in range(len(filtered) - 2, -1, -1):
        later = move @ (chances[t + 1] * later)
        later /= later.max()
        smoothed[t] *= later
        smoothed[t] /= smoothed[t].sum()
    return smoothed


@compiled
def _heights(w: World, d: int, points: Floats, rows: Floats) -> None:
    weights, at = np.empty(1), np.empty((1, 1))
    for a in range(w.start[d], w.start[d + 1]):
        load(w, a, weights)
        for i in range(len(points)):
            at[0, 0] = points[i]
            rows[w.month[a], i] += density(w, a, predict(w, a, weights, at, 0))


def heights(points: Floats, seen: Evidence, of: Items, move: Dynamics, pair: int = 0) -> Floats:
    r"""(months, cells) the log likelihood of one pair's evidence in each cell of its one state.

    Raises:
        UsageError: a model of more than one state.
    """
    if len(move.persistence) != 1:
        raise UsageError(
            f"a grid has one state, the model {len(move.persistence)}", "take the Laplace smoother"
        )
    rows = np.zeros((seen.months, len(points)))
    _heights(world(seen, of, move), pair, points, rows)
    if not math.isfinite(rows.sum()):
        raise UsageError("a month has evidence that no cell allows", "widen the grid")
    return rows
