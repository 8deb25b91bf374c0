r"""One series exactly, on a grid: filter and smoother for shocks with heavy tails and any likelihood.

Ruptures are jumps. Where much is known of a pair, a Gaussian chain smears a jump over its neighbours; a chain whose
shocks are Student's t, $x_t = \varphi x_{t-1} + w_t$ with $w_t \sim \sqrt{q (\nu - 2)/\nu}\; t_\nu$, does not. With one
state, no approximation but the grid's step is needed (Kitagawa 1987, *JASA* 82): with $p_{tj}$ the chance that $x_t$
lies in cell $j$ and $K_{ij}$ the chance to go from the middle of cell $i$ into cell $j$,

$$p_{t|t} \propto (p_{t-1|t-1} K) \odot e^{\ell_t}, \qquad p_{t|T} \propto p_{t|t} \odot \beta_t,\quad \beta_{t} \propto K (e^{\ell_{t+1}} \odot \beta_{t+1}).$$
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amity.errors import UsageError
from amity.relation.reading import density, load, predict, world

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from amity.relation.compiled import Floats
    from amity.relation.model import Dynamics, Evidence, Items

__all__ = ["Gridded", "cells", "gridded", "heights", "kernel"]

NODES, WEIGHTS = np.polynomial.legendre.leggauss(6)


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

    Shocks have variance $q = s(1-\varphi^2)$, Gaussian, or Student's t with `tails` degrees of freedom. Each cell's chance is an
    integral of the density by six points of Gauss and Legendre; what leaves the grid is laid on the rest.

    >>> kernel(cells(), 0.99, tails=4.0).sum(1).round(12).min()
    np.float64(1.0)

    Raises:
        UsageError: two degrees of freedom or fewer: such shocks have no variance.
    """
    if tails is not None and tails <= 2:
        raise UsageError(
            f"t shocks of {tails} degrees of freedom have no variance",
            "say more than 2, or none for Gaussian",
        )
    half = (points[1] - points[0]) / 2
    q = variance * (1 - persistence**2)
    chance = np.zeros((len(points), len(points)))
    for node, weight in zip(NODES, WEIGHTS, strict=True):
        gap = (points + half * node)[None, :] - persistence * points[:, None]
        chance += weight * (np.exp(-0.5 * gap**2 / q) if tails is None else _t(gap, q, tails))
    return chance / chance.sum(1, keepdims=True)


def _t(gap: Floats, q: float, tails: float) -> Floats:
    """Student's density of a shock of variance `q`, but for a constant."""
    scale = q * (tails - 2) / tails
    return (1 + gap**2 / (tails * scale)) ** (-(tails + 1) / 2)


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
    heights_ = np.asarray(rows, float)
    if heights_.ndim != 2 or heights_.shape[1] != len(points) or not np.isfinite(heights_.max(1)).all():
        raise UsageError(
            "rows do not give every cell of every month a log likelihood", "shape them (months, cells)"
        )
    top = heights_.max(1, keepdims=True)
    chances = np.exp(heights_ - top)
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


def heights(points: Floats, seen: Evidence, of: Items, move: Dynamics, pair: int = 0) -> Floats:
    r"""(months, cells) the log likelihood of one pair's evidence in each cell of its one state.

    Raises:
        UsageError: a model of more than one state.
    """
    if len(move.persistence) != 1:
        raise UsageError(
            f"a grid has one state, the model {len(move.persistence)}", "take the Laplace smoother"
        )
    w, rows, weights = world(seen, of, move), np.zeros((seen.months, len(points))), np.empty(1)
    for a in range(int(seen.start[pair]), int(seen.start[pair + 1])):
        load(w, a, weights)
        rows[seen.month[a]] += [density(w, a, predict(w, a, weights, np.array([at]))) for at in points]
    if not math.isfinite(rows.sum()):
        raise UsageError("a month has evidence that no cell allows", "widen the grid")
    return rows
