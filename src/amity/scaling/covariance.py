r"""How sure a fit is: of a point, of the difference of two, of a movement between two sessions.

Given the items, seats are almost independent: each has the variance of its own votes, and carries a share of
the error of the seat before it. But items are uncertain too, and what they get wrong, all seats of a session
get wrong together: a session can slide, or stretch, as a whole against the others. That is nothing to a
comparison within a session, and much to one between sessions. So the covariance has two parts,

$$\text{Cov}(\theta_i, \theta_k) \approx D_{ik} + a_i^\top (C - C_0)\, a_k, \qquad a_i = (e_{t(i)},\ \theta_i
e_{t(i)}),$$

with $D$ the chain of each state by itself and, in the two directions of each session (shift and stretch), $C$
the inverse of the information that is left when the items are profiled out, $C_0$ that of the seats alone.
Both are conditioned on what is fixed: mean 0 and standard deviation 1 of all points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spread:
    """The covariance of all points of a fit, in parts small enough to keep."""

    own: Array
    """(N,) variance of each point within its own chain."""
    carried: Array
    """(N,) share of each point's error that comes from the seat before it."""
    theta: Array
    """(N,)"""
    session_at: NDArray[np.int64]
    """(N,) which session each seat is of, from 0."""
    chain: NDArray[np.int64]
    """(N,) which state each seat is of, from 0."""
    common: Array
    """(2T, 2T) covariance of what the seats of a session share: shifts of the T sessions, then their
    stretches."""

    def covariance(self, seats: Sequence[int] | NDArray[np.integer]) -> Array:
        """(n, n) covariance of some points, in the order asked for."""
        at = np.asarray(seats)
        shared = self._loadings(at) @ self.common @ self._loadings(at).T
        return shared + self._own(at)

    def variance(self) -> Array:
        """(N,) variance of every point."""
        t, many = self.session_at, len(self.common) // 2
        shift, stretch, across = (
            np.diag(block)
            for block in (self.common[:many, :many], self.common[many:, many:], self.common[:many, many:])
        )
        return self.own + shift[t] + self.theta**2 * stretch[t] + 2 * self.theta * across[t]

    def contrast(self, seats: Sequence[int], weights: Sequence[float]) -> tuple[float, float]:
        """Value and standard deviation of a weighted sum of points, such as a difference (1, −1)."""
        weight = np.asarray(weights, dtype=np.float64)
        value = float(weight @ self.theta[np.asarray(seats)])
        return value, float(np.sqrt(max(0.0, weight @ self.covariance(seats) @ weight)))

    def _loadings(self, at: NDArray[np.integer]) -> Array:
        many = len(self.common) // 2
        loadings = np.zeros((len(at), 2 * many))
        rows = np.arange(len(at))
        loadings[rows, self.session_at[at]] = 1.0
        loadings[rows, many + self.session_at[at]] = self.theta[at]
        return loadings

    def _own(self, at: NDArray[np.integer]) -> Array:
        """Within a state's chain, error is handed on from seat to seat; across states there is none."""
        block = np.zeros((len(at), len(at)))
        for one, i in enumerate(at):
            for other, k in enumerate(at):
                if self.chain[i] == self.chain[k]:
                    first, last = min(i, k), max(i, k)
                    block[one, other] = self.own[first] * np.prod(self.carried[first + 1 : last + 1])
        return block
