"""Worlds of acts of which it is known what follows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amity.engine.projecting import Panel

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class World:
    panel: Panel
    acts: NDArray[np.bool_]
    known: NDArray[np.bool_]
    truth: NDArray[np.float64]
    """(25,) what an act adds after so many months."""


def drawn(
    seed: int, *, pairs: int = 250, months: int = 160, size: float = 0.5, fade: float = 0.92,
    selection: float = 0.0, rate: float = 0.006,
) -> World:  # fmt: skip
    """Pairs that wander, with shocks that all share; an act adds `size`, which fades.

    With `selection` acts come where a pair has fallen over the last year, which goes on falling: its momentum lasts.
    """
    rng = np.random.default_rng(seed)
    keep, momentum = 0.96, 0.9 if selection else 0.0
    y, drift, added = np.zeros((pairs, months)), np.zeros(pairs), np.zeros(pairs)
    salience = rng.normal(size=(pairs, 1)) + 0.3 * rng.normal(size=(pairs, months)).cumsum(1) / 10
    acts = np.zeros((pairs, months), bool)
    shared = rng.normal(0, 0.1, months)
    x = rng.normal(0, 0.5, pairs)
    for t in range(months):
        drift = momentum * drift + rng.normal(0, 0.04 if selection else 0.15, pairs)
        x = keep * x + drift + shared[t]
        slope = y[:, t - 1] - y[:, t - 13] if t >= 13 else np.zeros(pairs)
        acts[:, t] = rng.random(pairs) < rate * np.exp(np.clip(-selection * slope, -4, 4))
        added = fade * added + size * acts[:, t]
        y[:, t] = x + added
    truth = size * fade ** np.arange(25)
    asymmetry = rng.normal(size=(pairs, 1)).repeat(months, 1)
    return World(Panel(y, np.arange(pairs), (salience, asymmetry)), acts, np.ones_like(acts), truth)
