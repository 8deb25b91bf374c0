r"""The rule that names how a state stands between two powers, put to draws from what is known of it.

With $D_k$ a state's tilt in a domain in pooled standard deviations (above 0: towards A), $w_k$ weights of the domains
that are known, $D = \sum w_k D_k / \sum w_k$ its alignment, $S$ the weighted standard deviation of the $D_k$ about $D$,
$e_A, e_B$ its engagement with each (0: what the world's states have with the two), and $D'$ its alignment five years
before, the first line that holds is the name:

| name | rule |
|---|---|
| `swings_a`, `swings_b` | $D$ is beyond $t$ to the named side, and $D'$ was beyond $t$ to the other |
| `sides_a`, `sides_b` | $D$ is beyond $2t$ to that side, at most a quarter of the weight beyond $t$ to the other |
| `leans_a`, `leans_b` | $D$ is beyond $t$ to that side |
| `neutral` | $e_A < 0$ and $e_B < 0$: little tilt, little of either |
| `hedges` | $e_A \ge 0$, $e_B \ge 0$ and $S \ge 2t$: little tilt, much of both, domains that disagree |
| `even` | the rest: little tilt, and neither of these |

with $t = 1/2$. To side with a power is what the field calls bandwagoning. The chance of a name is its share of draws in
which every number is drawn within its own uncertainty, domains apart from each other. Draws are a fixed lattice of
points, the same for everybody, and the same seen from B as from A.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["AGAINST", "NAMES", "THRESHOLD", "Known", "chances", "name"]

THRESHOLD = 0.5
"""t, in pooled standard deviations."""
AGAINST = 0.25
NAMES = ("swings_a", "swings_b", "sides_a", "sides_b", "leans_a", "leans_b", "neutral", "hedges", "even")
"""In the order of the rule; the first that holds counts."""
POINTS = 256
"""Points of the lattice before it is mirrored."""
BLOCK = 1000
"""States and years that are drawn at once."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of n states and years in K domains. Unknown domains have weight 0 and any numbers."""

    weight: Floats
    """(n, K)"""
    tilt: Floats
    """(n, K) towards A."""
    tilt_sd: Floats
    """(n, K)"""
    near: Floats
    """(n, K, 2) standardised nearness to A and to B."""
    near_sd: Floats
    """(n, K, 2)"""
    engages: NDArray[np.bool_]
    """(K,) which domains are dealings."""
    before: Floats
    """(n, 2) alignment five years before and its standard deviation; NaN where it is not known."""


def name(
    alignment: Floats,
    apart: Floats,
    against: tuple[Floats, Floats],
    with_a: Floats,
    with_b: Floats,
    before: Floats,
) -> NDArray[np.int64]:
    """The index in `NAMES` of every case, by the rule; all arrays have one shape.

    `apart` is the disagreement of domains, `against` the share of weight that stands against A, and against B, by more
    than t. NaN in `before` is a past that is not known.

    >>> one = np.ones(1)
    >>> NAMES[name(0 * one, 2 * one, (0 * one, 0 * one), one, one, 0 * one)[0]]
    'hedges'
    """
    t, both_sides = THRESHOLD, (1, -1)
    with np.errstate(invalid="ignore"):
        swings = [(side * alignment > t) & (side * before < -t) for side in both_sides]
    sides = [
        (side * alignment > 2 * t) & (part <= AGAINST) for side, part in zip(both_sides, against, strict=True)
    ]
    leans = [side * alignment > t for side in both_sides]
    neutral = (with_a < 0) & (with_b < 0)
    hedges = (with_a >= 0) & (with_b >= 0) & (apart >= 2 * t)
    rules = [*swings, *sides, *leans, neutral, hedges, np.ones_like(neutral)]
    return np.argmax(np.stack(rules), axis=0)


def chances(known: Known) -> Floats:
    """(n, 9) the chance of each of `NAMES`, a row for each state and year; rows add up to 1."""
    n, many = known.tilt.shape
    out = np.zeros((n, len(NAMES)))
    points = _points(2 * many + 1)
    for first in range(0, n, BLOCK):
        at = slice(first, first + BLOCK)
        out[at] = _block(known, at, points)
    return out


def _block(known: Known, at: slice, points: Floats) -> Floats:
    """As `chances`, of some rows: every sum over domains is added up over arrays of (rows, points)."""
    weight, near_sd = known.weight[at], known.near_sd[at]
    share = weight / weight.sum(axis=1)[:, None]
    dealt = weight * known.engages
    dealt = dealt / dealt.sum(axis=1)[:, None]
    whole = np.sqrt((near_sd**2).sum(axis=2))
    unit = np.divide(known.tilt_sd[at], whole, out=np.zeros_like(whole), where=whole > 0)
    shape, many = (len(weight), len(points)), weight.shape[1]
    d, square, for_a, for_b, with_a, with_b = (np.zeros(shape) for _ in range(6))
    for k in range(many):
        a, b = (np.outer(near_sd[:, k, side], points[:, k + side * many]) for side in (0, 1))
        tilt, part = known.tilt[at][:, k, None] + unit[:, k, None] * (a - b), share[:, k, None]
        d += part * tilt
        square += part * tilt**2
        for_a += part * (tilt > THRESHOLD)
        for_b += part * (tilt < -THRESHOLD)
        if known.engages[k]:
            with_a += dealt[:, k, None] * (known.near[at][:, k, 0, None] + a)
            with_b += dealt[:, k, None] * (known.near[at][:, k, 1, None] + b)
    before = known.before[at, :1] + known.before[at, 1:] * points[:, -1]
    apart = np.sqrt(np.maximum(square - d**2, 0.0))
    named = name(d, apart, (for_b, for_a), with_a, with_b, before)
    return np.stack([(named == k).mean(axis=1) for k in range(len(NAMES))], axis=1)


@cache
def _points(dimensions: int) -> Floats:
    """(512, dimensions) standard normal points: a Kronecker lattice, and its mirror in which A and B change places."""
    steps = np.sqrt(np.array(_primes(dimensions), float)) % 1.0
    share = (0.5 + np.arange(1, POINTS + 1)[:, None] * steps) % 1.0
    inverse = NormalDist().inv_cdf
    lattice = np.array([[inverse(min(max(one, 1e-6), 1 - 1e-6)) for one in row] for row in share.tolist()])
    many = dimensions // 2
    mirror = np.hstack([lattice[:, many : 2 * many], lattice[:, :many], -lattice[:, -1:]])
    return np.vstack([lattice, mirror])


def _primes(count: int) -> list[int]:
    found: list[int] = []
    number = 2
    while len(found) < count:
        if all(number % prime for prime in found):
            found.append(number)
        number += 1
    return found
