"""Algebra of the small symmetric matrices of one month: at most a few states, so loops beat a library's calls."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from amity.relation.compiled import compiled

if TYPE_CHECKING:
    from amity.relation.compiled import Floats


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
def invert(a: Floats, out: Floats, column: Floats) -> float:
    """Put the inverse of `a` into `out`; its determinant, or NaN (then `out` is not to be used). `a` is lost."""
    size = len(a)
    if size == 1:
        if not a[0, 0] > 0.0:
            return math.nan
        out[0, 0] = 1.0 / a[0, 0]
        return a[0, 0]
    total = cholesky(a)
    if math.isnan(total):
        return total
    for j in range(size):
        for i in range(size):
            column[i] = 1.0 if i == j else 0.0
        solve(a, column)
        for i in range(size):
            out[i, j] = column[i]
    return total
