r"""Which constants are learned, and the coordinates in which they are moved without leaving their range.

Intercepts and loadings move as they are; dispersions and stationary variances by their logarithms; persistence by
$\operatorname{artanh} \varphi$. A vector of steps holds the free constants of each kind in that order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amity.engine.model import Dynamics, Items

if TYPE_CHECKING:
    from numpy import bool_
    from numpy.typing import NDArray

    from amity.engine.compiled import Floats

    Mask = NDArray[bool_]

__all__ = ["Free", "free"]

NEVER_LESS = 1e-8
"""A dispersion is not driven below: at zero its logarithm would have no end."""


@dataclass(frozen=True, slots=True)
class Free:
    """Which constants are learned; the others are held. Each array is shaped as what it speaks of."""

    intercept: Mask
    loading: Mask
    dispersion: Mask
    persistence: Mask
    variance: Mask

    def __len__(self) -> int:
        return sum(int(mask.sum()) for mask in self.masks())

    def masks(self) -> tuple[Mask, ...]:
        """All five, in the order of a vector of steps."""
        return self.intercept, self.loading, self.dispersion, self.persistence, self.variance


def free(of: Items, move: Dynamics) -> Free:
    """What can be told apart without being told more.

    Every intercept, loading and dispersion that is not zero, every persistence, and the variance of delta alone: a
    dimension's variance is its unit. A loading or dispersion of zero is a declaration, and stays.

    >>> from amity.engine.families import MIX
    >>> from amity.engine.model import dynamics, items
    >>> len(free(items([MIX, MIX], -1.0, [[-1.0, 0.0], [0.0, 1.0]], [0.1, 0.0]), dynamics([0.9, 0.9])))
    7
    """
    delta = np.zeros(len(move.variance), bool)
    delta[-1] = move.directed >= 0
    return Free(
        np.ones(len(of.family), bool), of.loading != 0, of.dispersion > 0, move.persistence > 0, delta
    )


def moved(of: Items, move: Dynamics, which: Free, step: Floats) -> tuple[Items, Dynamics]:
    """Items and dynamics a step away."""
    parts, at = [np.zeros(mask.shape) for mask in which.masks()], 0
    for part, mask in zip(parts, which.masks(), strict=True):
        part[mask] = step[at : at + int(mask.sum())]
        at += int(mask.sum())
    c, load, dispersion, persistence, variance = parts
    phi = np.where(which.persistence, np.tanh(np.arctanh(move.persistence) + persistence), move.persistence)
    spread = np.where(
        which.dispersion, np.maximum(of.dispersion * np.exp(dispersion), NEVER_LESS), of.dispersion
    )
    return (
        Items(of.family, of.intercept + c, of.loading + load, spread),
        Dynamics(phi, move.variance * np.exp(variance), move.directed),
    )


def natural(of: Items, move: Dynamics, which: Free, error: Floats) -> tuple[Items, Dynamics]:
    """Standard errors in the constants' own units, by the delta method, shaped as the constants; NaN where held."""
    parts, at = [np.full(mask.shape, np.nan) for mask in which.masks()], 0
    for part, mask in zip(parts, which.masks(), strict=True):
        part[mask] = error[at : at + int(mask.sum())]
        at += int(mask.sum())
    c, load, dispersion, persistence, variance = parts
    return (
        Items(of.family, c, load, dispersion * of.dispersion),
        Dynamics(persistence * (1 - move.persistence**2), variance * move.variance, move.directed),
    )
