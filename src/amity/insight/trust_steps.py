# pyright: basic
"""What time and the acts of a day do to what is known of a pair. Arrays only."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from amity.engine.compiled import compiled

if TYPE_CHECKING:
    from amity.engine.compiled import Floats, Whole

__all__ = ["MACKAY", "MONTH", "forget", "kept", "moved"]

MONTH = 365.2425 / 12
"""Days in a month."""
MACKAY = math.pi / 8
"""Of the variance of log-odds, in the mean chance (MacKay 1992): see `trust_path.chance`."""
STEPS = 60
"""Newton's steps at most to the mode of a day; three or four are usual."""
CLOSE = 1e-10
"""They end with one that is shorter."""


def kept(half_life: float) -> float:
    """What is left of something after a day, its half-life in months."""
    return 0.5 ** (1 / (MONTH * half_life))


@compiled
def forget(sums: Floats, at: Whole, k: int, day: int, keep: float) -> None:
    """Carry a faded sum and count to a day."""
    f = keep ** float(day - at[k])
    sums[k, 0] *= f
    sums[k, 1] *= f
    at[k] = day


@compiled
def _mode(start: float, v: float, told: Floats, other: float) -> float:
    """Where -(x - start)²/2v + Σ good·log σ(x + o) + bad·log σ(-x - o) is highest: Newton's steps, halving where they
    leave. Rows of `told`: good and bad of classes that are foreseen (o is 0), and of the others.
    """
    low = high = x = start
    for k in range(len(told)):
        low -= v * told[k, 1]
        high += v * told[k, 0]
    for _ in range(STEPS):
        slope, bend = (start - x) / v, 1.0 / v
        for k in range(len(told)):
            p, weight = 1.0 / (1.0 + math.exp(-x - k * other)), told[k, 0] + told[k, 1]
            slope += told[k, 0] - weight * p
            bend += weight * p * (1.0 - p)
        if slope > 0.0:
            low = x
        else:
            high = x
        step = slope / bend
        x = x + step if low <= x + step <= high else 0.5 * (low + high)
        if abs(step) < CLOSE:
            break
    return x


@compiled
def moved(eta: float, wide: float, told: Floats, other: float) -> tuple[float, float]:
    """How far a day's acts push log-odds per unit of their variance, and by how much they shrink that per unit squared.

    Rows of `told` as of `_mode`, with a third column: as how many draws they make sure.
    """
    x, h = _mode(eta, wide, told, other), 0.0
    for k in range(len(told)):
        q = 1.0 / (1.0 + math.exp(-x - k * other))
        h += told[k, 2] * q * (1.0 - q)
    return (x - eta) / wide, h / (1.0 + h * wide)
