# pyright: basic
r"""The scale on which states are shown: $100\,(2\Phi(x) - 1)$, from −100 to 100, 0 at rest.

A state $x$ in standard deviations of the world's pairs becomes the share of pairs that are colder less the share that
are warmer, in percent.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from amity.engine.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from amity.engine.compiled import Floats

__all__ = ["shown"]

ROOT_HALF = math.sqrt(0.5)


@compiled
def _shown(x: Floats) -> Floats:
    out = np.empty(len(x))
    for i in range(len(x)):
        out[i] = 100.0 * math.erf(x[i] * ROOT_HALF)
    return out


def shown(x: ArrayLike) -> Floats:
    """Flat states on the scale from −100 to 100.

    >>> shown([0.0, 0.6745, -1.6449]).round(1)
    array([  0.,  50., -90.])
    """
    return _shown(np.asarray(x, float).ravel())
