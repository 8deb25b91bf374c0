# pyright: basic
"""The two halves of a round, compiled: items given seats, then what the votes say of each seat."""

from __future__ import annotations

from numba import njit, prange

from amity.scaling.layout import ALL_THREE, NOBODY_ABSTAINED, NOBODY_NO, NOBODY_YES
from amity.scaling.ordered import ABSTAIN, NO, YES, Floats, Ints, between, mills

RIDGE = 1e-4
"""Precision of the cuts' prior, as good as flat."""
FELT = 2.5
"""How much harder an item's ridge draws than the information of its votes; see `fitting`."""
LONGEST_STEP = 1.0
GAP = 1e-3
"""The least distance of an item's two cuts."""
SETTLED = 1e-4
"""A step shorter than this ends an item's round."""


@njit(parallel=True, fastmath=True, cache=True, error_model="numpy")
def item_step(
    runs: Ints,
    seat_of: Ints,
    kind: Ints,
    times: Floats,
    theta: Floats,
    spread: Floats,
    rounds: int,
    inflation: float,
    phi: Floats,
    ratio: Floats,
    items: Floats,
) -> None:  # pragma: no cover
    """Newton steps for every item's (β, c₁, c₂) and the variance of its β, in place: the rows of `items`."""
    for j in prange(items.shape[0]):
        b, c1, c2 = items[j, 0], items[j, 1], items[j, 2]
        loose, square = 0.0, 0.0
        for k in range(runs[j, 0], runs[j, 3]):
            loose += spread[seat_of[k]]
            square += theta[seat_of[k]] ** 2
        for _ in range(rounds):
            gb, g1, g2 = -b * times[j], 0.0, 0.0
            hbb, h11, h22, hb1, hb2, h12 = times[j], RIDGE, RIDGE, 0.0, 0.0, 0.0
            for k in range(runs[j, YES], runs[j, ABSTAIN]):
                t = theta[seat_of[k]]
                x = c1 - b * t
                up = mills(ratio, x)
                w, v = up * (up + x), FELT * spread[seat_of[k]]
                gb -= t * up + w * v * b
                hbb += (t * t + v) * w
                g1 += up
                h11 += w
                hb1 -= t * w
            for k in range(runs[j, ABSTAIN], runs[j, NO]):
                t = theta[seat_of[k]]
                up, low, w_up, w_low, w_both = between(c1 - b * t, c2 - b * t, phi, ratio)
                w, v = w_up + w_low + 2.0 * w_both, FELT * spread[seat_of[k]]
                gb -= t * (up - low) + w * v * b
                hbb += (t * t + v) * w
                g2 += up
                g1 -= low
                h22 += w_up
                h11 += w_low
                h12 += w_both
                hb2 -= t * (w_up + w_both)
                hb1 -= t * (w_low + w_both)
            for k in range(runs[j, NO], runs[j, 3]):
                t = theta[seat_of[k]]
                x = b * t - c2
                low = mills(ratio, x)
                w, v = low * (low + x), FELT * spread[seat_of[k]]
                gb += t * low - w * v * b
                hbb += (t * t + v) * w
                g2 -= low
                h22 += w
                hb2 -= t * w
            db, d1, d2 = _step(kind[j], hbb, hb1, hb2, h11, h12, h22, gb, g1, g2)
            longest = max(abs(db), abs(d1), abs(d2))
            scale = LONGEST_STEP / longest if longest > LONGEST_STEP else 1.0
            if kind[j] == ALL_THREE:
                for _halving in range(20):
                    if c2 + scale * d2 - c1 - scale * d1 >= GAP:
                        break
                    scale *= 0.5
            b += scale * db
            c1 += scale * d1
            c2 += scale * d2
            if longest < SETTLED:
                break
        items[j, 0], items[j, 1], items[j, 2] = b, c1, c2
        items[j, 3] = inflation / (square + loose + times[j])


@njit(inline="always")
def _step(
    kind: int,
    hbb: float,
    hb1: float,
    hb2: float,
    h11: float,
    h12: float,
    h22: float,
    gb: float,
    g1: float,
    g2: float,
) -> tuple[float, float, float]:  # pragma: no cover
    """The Newton step of (β, c₁, c₂); the one cut of an item without a kind of vote moves alone, or as one."""
    if kind == ALL_THREE:
        return _solve3(hbb, hb1, hb2, h11, h12, h22, gb, g1, g2)
    if kind == NOBODY_ABSTAINED:
        g, h, hb = g1 + g2, h11 + h22 + 2.0 * h12, hb1 + hb2
    elif kind == NOBODY_NO:
        g, h, hb = g1, h11, hb1
    else:
        g, h, hb = g2, h22, hb2
    det = hbb * h - hb * hb
    db, d = (h * gb - hb * g) / det, (hbb * g - hb * gb) / det
    return db, 0.0 if kind == NOBODY_YES else d, 0.0 if kind == NOBODY_NO else d


@njit(inline="always")
def _solve3(
    a: float, b: float, c: float, d: float, e: float, f: float, x: float, y: float, z: float
) -> tuple[float, float, float]:  # pragma: no cover
    """The solution of the symmetric system [[a b c] [b d e] [c e f]] s = (x y z)."""
    c00, c01, c02 = d * f - e * e, c * e - b * f, b * e - c * d
    c11, c12, c22 = a * f - c * c, b * c - a * e, a * d - b * b
    det = a * c00 + b * c01 + c * c02
    return (
        (c00 * x + c01 * y + c02 * z) / det,
        (c01 * x + c11 * y + c12 * z) / det,
        (c02 * x + c12 * y + c22 * z) / det,
    )


@njit(parallel=True, fastmath=True, cache=True, error_model="numpy")
def seat_step(
    runs: Ints, item_of: Ints, theta: Floats, items: Floats, phi: Floats, ratio: Floats, told: Floats
) -> None:  # pragma: no cover
    """What its votes say of each seat, in place: score, observed and complete-data information (the rows of
    `told`)."""
    for s in prange(theta.shape[0]):
        t = theta[s]
        g, h, whole = 0.0, 0.0, 0.0
        for k in range(runs[s, YES], runs[s, ABSTAIN]):
            b, v = items[item_of[k], 0], items[item_of[k], 3]
            x = items[item_of[k], 1] - b * t
            up = mills(ratio, x)
            g -= b * up + v * t
            h += b * b * up * (up + x) + v
            whole += b * b + v
        for k in range(runs[s, ABSTAIN], runs[s, NO]):
            b, v = items[item_of[k], 0], items[item_of[k], 3]
            up, low, w_up, w_low, w_both = between(
                items[item_of[k], 1] - b * t, items[item_of[k], 2] - b * t, phi, ratio
            )
            g -= b * (up - low) + v * t
            h += b * b * (w_up + w_low + 2.0 * w_both) + v
            whole += b * b + v
        for k in range(runs[s, NO], runs[s, 3]):
            b, v = items[item_of[k], 0], items[item_of[k], 3]
            x = b * t - items[item_of[k], 2]
            low = mills(ratio, x)
            g += b * low - v * t
            h += b * b * low * (low + x) + v
            whole += b * b + v
        told[s, 0], told[s, 1], told[s, 2] = g, h, whole


@njit(cache=True)
def one_sided(
    state_start: Ints, theta: Floats, told: Floats, slack: Floats, new: Floats, spread: Floats
) -> None:  # pragma: no cover
    """Each seat given the one before it (the first: the one after it), in place, as the published sampler
    draws."""
    for c in range(state_start.shape[0] - 1):
        first, n = state_start[c], state_start[c + 1] - state_start[c]
        for i in range(n):
            s = first + i
            centre = 0.0 if n == 1 else (theta[first + 1] if i == 0 else theta[s - 1])
            h = told[s, 1] + 1.0 / slack[s]
            new[s] = (told[s, 0] + told[s, 1] * theta[s] + centre / slack[s]) / h
            spread[s] = 1.0 / h


@njit(cache=True)
def random_walk(
    state_start: Ints, theta: Floats, told: Floats, slack: Floats, new: Floats, spread: Floats
) -> None:  # pragma: no cover
    """Each state's seats together under a random walk that starts from N(0, 1), in place (a tridiagonal
    system)."""
    for c in range(state_start.shape[0] - 1):
        a, z = state_start[c], state_start[c + 1]
        for s in range(a, z):
            p = told[s, 1] + (1.0 if s == a else 1.0 / slack[s])
            r = told[s, 0] + told[s, 1] * theta[s]
            if s < z - 1:
                p += 1.0 / slack[s + 1]
            if s > a:
                m = -1.0 / (slack[s] * spread[s - 1])
                p += m / slack[s]
                r -= m * new[s - 1]
            spread[s], new[s] = p, r
        new[z - 1] /= spread[z - 1]
        spread[z - 1] = 1.0 / spread[z - 1]
        for s in range(z - 2, a - 1, -1):
            m = -1.0 / (slack[s + 1] * spread[s])
            new[s] = new[s] / spread[s] - m * new[s + 1]
            spread[s] = 1.0 / spread[s] + m * m * spread[s + 1]


@njit(cache=True)
def informed(
    runs: Ints,
    times: Floats,
    seat_of: Ints,
    place: Ints,
    theta: Floats,
    items: Floats,
    phi: Floats,
    ratio: Floats,
    own: Floats,
    crossed: Floats,
) -> None:  # pragma: no cover
    """Information of each item on its (β, c₁, c₂), and across with shift and stretch of each session, in
    place."""
    for j in range(items.shape[0]):
        b, c1, c2 = items[j, 0], items[j, 1], items[j, 2]
        own[j, 0, 0], own[j, 1, 1], own[j, 2, 2] = times[j], RIDGE, RIDGE
        for vote in range(3):
            for k in range(runs[j, vote], runs[j, vote + 1]):
                t = theta[seat_of[k]]
                w1, w2, w12 = 0.0, 0.0, 0.0
                if vote == YES:
                    up = mills(ratio, c1 - b * t)
                    w1 = up * (up + c1 - b * t)
                elif vote == NO:
                    low = mills(ratio, b * t - c2)
                    w2 = low * (low + b * t - c2)
                else:
                    _a, _b, w2, w1, w12 = between(c1 - b * t, c2 - b * t, phi, ratio)
                on = (t * (w1 + w2 + 2.0 * w12), -(w1 + w12), -(w2 + w12))
                own[j, 0, 0] += t * on[0]
                own[j, 0, 1] += t * on[1]
                own[j, 0, 2] += t * on[2]
                own[j, 1, 1] += w1
                own[j, 2, 2] += w2
                own[j, 1, 2] += w12
                for x in range(3):
                    crossed[place[k], 0, x] += b * on[x]
                    crossed[place[k], 1, x] += b * t * on[x]
