# pyright: basic
"""The compiled half of the sampler: latent votes, items and seats drawn from given noise, so that threads
change nothing."""

from __future__ import annotations

import math

import numpy as np
from numba import njit, prange

from amity.scaling.layout import NOBODY_ABSTAINED, NOBODY_NO, NOBODY_YES
from amity.scaling.ordered import ABSTAIN, FAR, NO, YES, Floats, Ints, look_up

HALF = math.sqrt(0.5)
FURTHEST_CUT = 7.0
"""How far from zero a cut may go, as in the published sampler; also one that nobody crossed. It matters: where those
cuts stood at infinity, the first sessions ended elsewhere (docs/decisions/0011)."""
STRIDE = 0.3
"""Standard deviation of a step that is tried for a cut. Of those tried 45 % are taken; of the published sampler's,
0.2/3, 85 %, and a session's level moves as slowly as its cuts do."""


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


@njit(inline="always")
def share(low: float, up: float, phi: Floats) -> float:  # pragma: no cover
    """How likely a standard normal is to fall between two bounds, never nothing."""
    if low > 0:
        return max(look_up(phi, -low) - look_up(phi, -up), 1e-20)
    return max(look_up(phi, up) - look_up(phi, low), 1e-20)


@njit(inline="always")
def within_by_table(low: float, up: float, u: float, phi: Floats) -> float:  # pragma: no cover
    """As `within`, with Φ from the table."""
    if low > 0:
        p, q = look_up(phi, -up), look_up(phi, -low)
        x = -quantile(p + u * (q - p))
    else:
        p, q = look_up(phi, low), look_up(phi, up)
        x = quantile(p + u * (q - p))
    return min(max(x, low), up)


@njit(inline="always")
def cuts_ratio(
    runs: Ints, seat_of: Ints, theta: Floats, j: int, b: float, cuts: tuple, tried: tuple, phi: Floats
) -> float:  # pragma: no cover
    """Logarithm of how much likelier an item's votes are with the cuts that are tried; each is (−50, c₁, c₂, 50)."""
    told, product = 0.0, 1.0
    for vote in range(3):
        for k in range(runs[j, vote], runs[j, vote + 1]):
            x = b * theta[seat_of[k]]
            product *= share(tried[vote] - x, tried[vote + 1] - x, phi)
            product /= share(cuts[vote] - x, cuts[vote + 1] - x, phi)
            if product < 1e-200 or product > 1e200:
                told += math.log(product)
                product = 1.0
    return told + math.log(product)


@njit(parallel=True, cache=True, error_model="numpy")
def step_items(
    runs: Ints,
    seat_of: Ints,
    times: Floats,
    theta: Floats,
    phi: Floats,
    stride: float,
    items: Floats,
    uniform: Floats,
    normal: Floats,
    chance: Floats,
    latent: Floats,
) -> None:  # pragma: no cover
    """Step every item's cuts with z integrated out (Metropolis), then draw the latent z of its votes and its β, in
    place; `chance` (J, 3) is uniform.

    The lower cut is tried below the upper one, the upper one above the lower one that is tried, both within ±7, also
    where nobody crossed it.
    """
    for j in prange(items.shape[0]):
        b, c1, c2 = items[j, 0], items[j, 1], items[j, 2]
        n1 = c1 + stride * within_by_table(
            (-FURTHEST_CUT - c1) / stride, (c2 - c1) / stride, chance[j, 0], phi
        )
        n2 = c2 + stride * within_by_table(
            (n1 - c2) / stride, (FURTHEST_CUT - c2) / stride, chance[j, 1], phi
        )
        gain = cuts_ratio(runs, seat_of, theta, j, b, (-FAR, c1, c2, FAR), (-FAR, n1, n2, FAR), phi)
        # Both steps are cut off by bounds that move with the cuts, so that there and back are not equally likely.
        there = share((-FURTHEST_CUT - c1) / stride, (c2 - c1) / stride, phi)
        there *= share((n1 - c2) / stride, (FURTHEST_CUT - c2) / stride, phi)
        back = share((-FURTHEST_CUT - n1) / stride, (n2 - n1) / stride, phi)
        back *= share((c1 - n2) / stride, (FURTHEST_CUT - n2) / stride, phi)
        gain += math.log(there / back)
        if math.log(chance[j, 2]) < gain:
            c1, c2 = n1, n2
        cuts = (-FAR, c1, c2, FAR)
        square, product = times[j], 0.0
        for vote in range(3):
            for k in range(runs[j, vote], runs[j, vote + 1]):
                t = theta[seat_of[k]]
                z = b * t + within_by_table(cuts[vote] - b * t, cuts[vote + 1] - b * t, uniform[k], phi)
                latent[k] = z
                square += t * t
                product += t * z
        items[j, 0] = product / square + normal[j] / math.sqrt(square)
        items[j, 1], items[j, 2] = c1, c2


@njit(parallel=True, cache=True, error_model="numpy")
def carry_seats(
    state_start: Ints,
    runs: Ints,
    item_of: Ints,
    place: Ints,
    slack: Floats,
    items: Floats,
    latent: Floats,
    normal: Floats,
    before: Floats,
    mean: Floats,
    theta: Floats,
) -> None:  # pragma: no cover
    """Mean and draw of every seat given the latent z of its votes and the last sweep's mean (`before`) of the seat
    before it, in place."""
    for c in prange(state_start.shape[0] - 1):
        first, last = state_start[c], state_start[c + 1]
        for s in range(first, last):
            centre = before[s - 1] if s > first else (before[s + 1] if last > first + 1 else 0.0)
            precision, pull = 1.0 / slack[s], centre / slack[s]
            for k in range(runs[s, 0], runs[s, 3]):
                b = items[item_of[k], 0]
                precision += b * b
                pull += b * latent[place[k]]
            mean[s] = pull / precision
            theta[s] = mean[s] + normal[s] / math.sqrt(precision)
