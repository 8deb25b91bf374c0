"""Algebra of the small symmetric matrices of one month: at most a few states, so loops beat a library's calls."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from amity.engine.compiled import compiled

if TYPE_CHECKING:
    from amity.engine.compiled import Floats


@compiled
def cholesky(a: Floats) -> float:
    """Replace the lower triangle of `a` by its Cholesky factor; the determinant of `a`, or NaN if it has none."""
    total = 1.0
    for j in range(len(a)):
        pivot = a[j, j]
        for k in range(j):
            pivot -= a[j, k] * a[j, k]
        if not pivot > 0.0:
            return math.nan
        root = math.sqrt(pivot)
        total *= pivot
        a[j, j] = root
        for i in range(j + 1, len(a)):
            rest = a[i, j]
            for k in range(j):
                rest -= a[i, k] * a[j, k]
            a[i, j] = rest / root
    return total


@compiled
def solve(factor: Floats, b: Floats) -> None:
    """Replace `b` by the solution of `a x = b`, given the Cholesky factor of `a`."""
    size = len(b)
    for i in range(size):
        for k in range(i):
            b[i] -= factor[i, k] * b[k]
        b[i] /= factor[i, i]
    for i in range(size - 1, -1, -1):
        for k in range(i + 1, size):
            b[i] -= factor[k, i] * b[k]
        b[i] /= factor[i, i]


@compiled
def invert(a: Floats, s: int, out: Floats, t: int, column: Floats) -> float:
    """Put the inverse of matrix `s` of `a` into matrix `t` of `out`, and lose the first; its determinant comes back.

    NaN where it is not positive definite; then what was put is not to be used. Rows and matrices are named by number
    throughout the engine, because a view costs as much as the algebra.
    """
    size = a.shape[1]
    if size == 1:
        if not a[s, 0, 0] > 0.0:
            return math.nan
        out[t, 0, 0] = 1.0 / a[s, 0, 0]
        return float(a[s, 0, 0])
    if size == 2:
        total = a[s, 0, 0] * a[s, 1, 1] - a[s, 1, 0] * a[s, 1, 0]
        if not (total > 0.0 and a[s, 0, 0] > 0.0):
            return math.nan
        out[t, 0, 0], out[t, 1, 1] = a[s, 1, 1] / total, a[s, 0, 0] / total
        out[t, 0, 1] = out[t, 1, 0] = -a[s, 1, 0] / total
        return float(total)
    total = cholesky(a[s])
    if math.isnan(total):
        return total
    for j in range(size):
        for i in range(size):
            column[i] = 1.0 if i == j else 0.0
        solve(a[s], column)
        for i in range(size):
            out[t, i, j] = column[i]
    return total
