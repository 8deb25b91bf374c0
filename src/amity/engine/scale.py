r"""The scale on which states are shown: $100 \tanh(x / 2)$, from −100 to 100, 0 at rest.

A state $x$ is in standard deviations of the world's pairs: one of them is 46 points, two are 76, three 91. The curve
is that of a logistic share, which tells far pairs apart where a rank would show them all at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from amity.measures import NINETY

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from amity.engine.compiled import Floats

__all__ = ["NINETY", "shown"]


def shown(x: ArrayLike) -> Floats:
    """States on the scale from −100 to 100.

    >>> shown([0.0, 1.0, -2.0]).round(1)
    array([  0. ,  46.2, -76.2])
    """
    return 100.0 * np.tanh(np.asarray(x, float) / 2.0)
