# pyright: basic
"""The compiled half of the sampler: latent votes, items and seats drawn from given noise, so that threads
change nothing."""

from __future__ import annotations

import math

import numpy as np
from numba import njit, prange

from amity.scaling.layout import NOBODY_ABSTAINED, NOBODY_NO, NOBODY_YES
from amity.scaling.ordered import ABSTAIN, FAR, NO, YES, Floats, Ints

HALF = math.sqrt(0.5)


@njit(inline="always")
def quantile(p: float) -> float:  # pragma: no cover
    """Φ⁻¹(p) to seven figures (Wichura 1988, Applied Statistics 37(3), algorithm AS 241, PPND7)."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = ((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179
        return q * top / (((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0)
    r = math.sqrt(-math.log(max(min(p, 1.0 - p), 1e-300)))
    if r <= 5.0:
        r -= 1.6
        x = ((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777
        x /= (0.12021132975 * r + 0.73700164250) * r + 1.0
    else:
        r -= 5.0
        x = ((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150
        x /= (0.012258202635 * r + 0.24197894225) * r + 1.0
    return -x if q < 0 else x


@njit(inline="always")
def within(low: float, high: float, u: float) -> float:  # pragma: no cover
    """A standard normal draw between two bounds, from a uniform one; on the side of the mean where Φ keeps its
    digits."""
    if low > 0:
        p, q = 0.5 * math.erfc(high * HALF), 0.5 * math.erfc(low * HALF)
        x = -quantile(p + u * (q - p))
    else:
        p, q = 0.5 * math.erfc(-low * HALF), 0.5 * math.erfc(-high * HALF)
        x = quantile(p + u * (q - p))
    return min(max(x, low), high)


@njit(parallel=True, cache=True, error_model="numpy")
def move_items(
    runs: Ints,
    seat_of: Ints,
    kind: Ints,
    times: Floats,
    theta: Floats,
    items: Floats,
    uniform: Floats,
    normal: Floats,
    cuts: Floats,
    latent: Floats,
) -> None:  # pragma: no cover
    """Draw the latent z of every vote, then every item's β and cuts given them, in place."""
    for j in prange(items.shape[0]):
        b, c1, c2 = items[j, 0], items[j, 1], items[j, 2]
        square, product = times[j], 0.0
        top = np.full(3, -FAR)
        bottom = np.full(3, FAR)
        for vote in range(3):
            under = -FAR if vote == YES else (c1 if vote == ABSTAIN else c2)
            over = c1 if vote == YES else (c2 if vote == ABSTAIN else FAR)
            for k in range(runs[j, vote], runs[j, vote + 1]):
                t = theta[seat_of[k]]
                z = b * t + within(under - b * t, over - b * t, uniform[k])
                latent[k] = z
                square += t * t
                product += t * z
                top[vote] = max(top[vote], z)
                bottom[vote] = min(bottom[vote], z)
        items[j, 0] = product / square + normal[j] / math.sqrt(square)
        if kind[j] == NOBODY_ABSTAINED:
            items[j, 1] = top[YES] + cuts[j, 0] * (bottom[NO] - top[YES])
            items[j, 2] = items[j, 1]
        else:
            if kind[j] != NOBODY_YES:
                items[j, 1] = top[YES] + cuts[j, 0] * (bottom[ABSTAIN] - top[YES])
            if kind[j] != NOBODY_NO:
                items[j, 2] = top[ABSTAIN] + cuts[j, 1] * (bottom[NO] - top[ABSTAIN])


@njit(parallel=True, cache=True, error_model="numpy")
def move_seats(
    state_start: Ints,
    runs: Ints,
    item_of: Ints,
    place: Ints,
    slack: Floats,
    items: Floats,
    latent: Floats,
    normal: Floats,
    theta: Floats,
) -> None:  # pragma: no cover
    """Draw every seat given the latent z of its votes and the seat before it, in place."""
    for c in prange(state_start.shape[0] - 1):
        first, last = state_start[c], state_start[c + 1]
        for s in range(first, last):
            centre = theta[s - 1] if s > first else (theta[s + 1] if last > first + 1 else 0.0)
            precision, pull = 1.0 / slack[s], centre / slack[s]
            for k in range(runs[s, 0], runs[s, 3]):
                b = items[item_of[k], 0]
                precision += b * b
                pull += b * latent[place[k]]
            theta[s] = pull / precision + normal[s] / math.sqrt(precision)
