"""Worlds of acts of which it is known what follows them."""

from __future__ import annotations

from dataclasses import dataclass, replace
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


def opposed(seed: int, kind: float, hostile: float) -> tuple[World, World]:
    """One world with acts of two classes: `kind` is what the first adds, `hostile` what the second does; both fade."""
    rng = np.random.default_rng(seed + 10**6)
    plain = drawn(seed, size=0.0)
    y = plain.panel.outcome.copy()
    done = [rng.random(y.shape) < 0.006 for _ in range(2)]
    for acts, size in zip(done, (kind, hostile), strict=True):
        added = np.zeros(len(y))
        for t in range(y.shape[1]):
            added = 0.92 * added + size * acts[:, t]
            y[:, t] += added
    panel = Panel(y, plain.panel.pair, plain.panel.beside)
    one, other = (
        World(panel, acts, plain.known, size * 0.92 ** np.arange(25))
        for acts, size in zip(done, (kind, hostile), strict=True)
    )
    return one, other


def stretches(seed: int, size: float = 0.3, pairs: int = 700) -> World:
    """A world that is known for two stretches of twelve and ten months alone, far apart from each other."""
    full = drawn(seed, pairs=pairs, months=70, size=size, rate=0.025)
    known = np.zeros_like(full.known)
    known[:, 20:32] = known[:, 58:68] = True
    panel = replace(full.panel, outcome=np.where(known, full.panel.outcome, np.nan), slope=2)
    return World(panel, full.acts & known, known, full.truth)


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
