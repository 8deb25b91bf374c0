r"""What the smoothed states of two months have to do with each other, so that their difference has an interval.

In the posterior $V$ of a chain only neighbouring months touch: marginally, two of them have the precision
$-\Phi Q^{-1} = -K$ between their blocks, whatever was observed. So with $A = V_t$, $B = V_{t+1}$ and the singular
values $U k W' = A^{1/2} K B^{1/2}$

$$\mathrm{Cov}(x_t, x_{t+1}) = A^{1/2}\, U m W' B^{1/2}, \quad m = \frac{\sqrt{1 + 4 k^2} - 1}{2 k},$$

and over more months $\mathrm{Cov}(x_t, x_{t+2}) = \mathrm{Cov}(x_t, x_{t+1}) V_{t+1}^{-1}
\mathrm{Cov}(x_{t+1}, x_{t+2})$ (Rue and Held 2005, *Gaussian Markov Random Fields*, 2.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from amity.engine.chain import Smoothed
    from amity.engine.compiled import Floats
    from amity.engine.model import Dynamics

__all__ = ["change", "together"]


def together(found: Smoothed, move: Dynamics, pair: int, first: int, last: int) -> Floats:
    """(states, states) the posterior covariance of a pair's states in month `first` with those in month `last`."""
    v = found.covariance[pair]
    pull = move.persistence / (move.variance * (1.0 - move.persistence**2))
    out = np.array(v[first])
    for month in range(first, last):
        step = _neighbours(v[month], v[month + 1], pull)
        out = step if month == first else out @ np.linalg.inv(v[month]) @ step  # pyright: ignore[reportUnknownVariableType]
    return out  # pyright: ignore[reportUnknownVariableType]


def change(
    found: Smoothed, move: Dynamics, pair: int, first: int, last: int, weights: Floats
) -> tuple[float, float]:
    """By how much a sum of a pair's states changed from month `first` to month `last`: its mean and its deviation.

    `weights` (states,) says of which states: `[1, -1]` is how 2 treats 1.
    """
    v, mean = found.covariance[pair], found.mean[pair]
    spread = v[first] + v[last] - together(found, move, pair, first, last) * 2.0
    variance = float(weights @ spread @ weights)
    return float(weights @ (mean[last] - mean[first])), max(variance, 0.0) ** 0.5


def _neighbours(a: Floats, b: Floats, pull: Floats) -> Floats:
    root_a, root_b = _root(a), _root(b)
    u, k, w = np.linalg.svd(root_a @ (pull[:, None] * root_b))
    # The root of a sum less one, without losing what a small k leaves of it.
    m = 2.0 * k / (np.sqrt(1.0 + 4.0 * k * k) + 1.0)
    return root_a @ (u * m) @ w @ root_b


def _root(v: Floats) -> Floats:
    values, vectors = np.linalg.eigh(v)
    return (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
