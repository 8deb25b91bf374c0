# pyright: basic
r"""The arithmetic of one ordered vote: yes below abstain below no, cut out of a normal latent scale.

A state at $\theta$ feels $z = \beta\theta + e$, $e \sim N(0, 1)$, about a roll call and votes yes where $z <
c_1$, abstains where $c_1 < z < c_2$, and votes no where $z > c_2$. With $u = c_2 - \beta\theta$ above and
$l = c_1 - \beta\theta$ below, a vote has the probability $\Phi(\text{upper}) - \Phi(\text{lower})$.

Φ and φ/Φ are read from tables between −9 and 9, linear in between (by steps of 1/512, off by less than 1e-6, and of
1/128, by less than 1e-5), because a fit asks for them twenty million times.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.integer]

YES, ABSTAIN, NO = 0, 1, 2
EDGE, STEPS, COARSE = 9.0, 512, 128
FAR = 50.0
"""Where a cut stands that no vote ever crossed."""


def _tables() -> tuple[Floats, Floats]:
    """Φ by steps of 1/512; φ/Φ and its slope, side by side, by steps of 1/128. Both reach one point beyond the
    edge."""
    grid = -EDGE + np.arange(2 * int(EDGE) * STEPS + 2) / STEPS
    below = np.array([0.5 * math.erfc(-x / math.sqrt(2)) for x in grid])
    pull = (np.exp(-0.5 * grid**2) / math.sqrt(2 * math.pi) / below)[:: STEPS // COARSE]
    return below, np.ascontiguousarray(np.stack([pull, np.append(np.diff(pull), 0.0)], axis=1))


PHI, MILLS = _tables()


@njit(inline="always")
def look_up(table: Floats, x: float) -> float:  # pragma: no cover  (compiled)
    """A table's value at x, linear between its points; beyond the edge, the value at the edge."""
    place = (min(max(x, -EDGE), EDGE) + EDGE) * STEPS
    at = int(place)
    return table[at] + (place - at) * (table[at + 1] - table[at])


@njit(inline="always")
def mills(table: Floats, x: float) -> float:  # pragma: no cover
    """φ(x)/Φ(x): the pull on a latent scale that is known to lie below x; close to −x far below zero."""
    if x <= -EDGE:
        return -x
    place = (min(x, EDGE) + EDGE) * COARSE
    at = int(place)
    return table[at, 0] + (place - at) * table[at, 1]


@njit(inline="always")
def density(x: float) -> float:  # pragma: no cover
    return 0.3989422804014327 * math.exp(-0.5 * x * x)


@njit(inline="always")
def between(
    low: float, up: float, phi: Floats, ratio: Floats
) -> tuple[float, float, float, float, float]:  # pragma: no cover
    r"""Score and information of an abstention, $\log(\Phi(u) - \Phi(l))$: `a, b, w_a, w_b, w_ab`.

    `a` is its derivative by $u$, `b` minus that by $l$; `w_a, w_b, w_ab` are the second derivatives by $u$, by
    $l$ and across, with their sign turned. A yes is the same with $u = c_1 - \beta\theta$ alone: `a =
    mills(u)`, `w_a = a (a + u)`; a no with $b$ = `mills(-l)`, `w_b = b (b - l)` alone.
    """
    # On the side of the mean where both tails are small, differences of Φ keep their digits.
    share = look_up(phi, -low) - look_up(phi, -up) if low > 0 else look_up(phi, up) - look_up(phi, low)
    if share < 1e-5:  # so far out that only the nearer cut is felt
        if low > 0:
            b = mills(ratio, -low)
            return 0.0, b, 0.0, b * (b - low), 0.0
        a = mills(ratio, up)
        return a, 0.0, a * (a + up), 0.0, 0.0
    a, b = density(up) / share, density(low) / share
    return a, b, a * (a + up), b * (b - low), -a * b
