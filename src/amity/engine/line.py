"""The smoother's sweeps for one state, where each matrix is a number: the same as in `chain`, twice as fast."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from amity.engine.compiled import compiled

if TYPE_CHECKING:
    from amity.engine.compiled import Floats

SMALL, LARGE = 1e-100, 1e100
"""Determinants are multiplied while their product lies between, so that few logarithms are taken."""


@compiled
def eliminate_line(tie: float, r: Floats, b: Floats, inverse: Floats) -> float:
    """Forwards; the log determinant comes back, NaN where some pivot is not above zero."""
    total, product, before, carried = 0.0, 1.0, 0.0, 0.0
    for t in range(len(r)):
        pivot = b[t, 0, 0] - tie * tie * before
        if not pivot > 0.0:
            return math.nan
        before = 1.0 / pivot
        carried_in = r[t, 0] + tie * carried
        carried = before * carried_in
        r[t, 0] = carried_in
        inverse[t, 0, 0] = before
        product *= pivot
        if not SMALL < product < LARGE:
            total += math.log(product)
            product = 1.0
    return total + math.log(product)


@compiled
def substitute_line(tie: float, r: Floats, inverse: Floats, x: Floats, pace: float, stride: float) -> float:
    """Backwards; how far the furthest state went."""
    ahead, furthest = 0.0, 0.0
    for t in range(len(r) - 1, -1, -1):
        ahead = inverse[t, 0, 0] * (r[t, 0] + tie * ahead)
        step = ahead - x[t, 0]
        furthest = max(furthest, abs(step))
        x[t, 0] += pace * min(max(step, -stride), stride)
    return furthest


@compiled
def spread_line(tie: float, x: Floats, inverse: Floats, v: Floats, moments: Floats) -> None:
    """Backwards; variances into `v`, sums into `moments`."""
    last = len(x) - 1
    wide, later = inverse[last, 0, 0], x[last, 0]
    v[last, 0, 0] = wide
    squares, lagged, earlier = 0.0, 0.0, 0.0
    for t in range(last - 1, -1, -1):
        gain, here = inverse[t, 0, 0] * tie, x[t, 0]
        lag = gain * wide
        squares += later * later + wide
        lagged += later * here + lag
        wide = inverse[t, 0, 0] + lag * gain
        v[t, 0, 0] = wide
        earlier += here * here + wide
        later = here
    moments[0, 0], moments[0, 1], moments[0, 2] = squares, lagged, earlier
