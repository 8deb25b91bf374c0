"""Worlds made by the model itself, of which the truth is known: pairs, months, states, and evidence of every family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amity.engine.families import COUNT, GAUSSIAN, MIX, ORDERED
from amity.engine.model import Dynamics, Evidence, Items, dynamics, evidence, items

if TYPE_CHECKING:
    from numpy.typing import NDArray

CUTS = np.array([-np.inf, -1.0, 0.5, np.inf])
"""Between which the levels of an ordered item lie."""

TONE = items(
    [MIX, GAUSSIAN, MIX, MIX], [-1.0, 0.0, -4.0, -1.5], [-1.0, 0.5, -1.3, 1.2], [0.08, 0.1, 0.0, 0.0]
)
"""One dimension: a mix of acts, a yearly measure, a rare onset, a yearly tie."""

THREE = items(
    [MIX, MIX, COUNT, COUNT, GAUSSIAN, GAUSSIAN, ORDERED],
    [-1.0, -3.5, 0.5, -1.0, 0.0, 0.3, 0.2],
    [[-1.0, 0, 0], [-1.2, 0, 0], [0, 0.7, 0], [0, 0.5, 0], [0, 0, 0.8], [0, 0, 0.5], [0.8, 0, 0]],
    [0.1, 0.0, 0.3, 0.0, 0.2, 0.1, 0.0],
)
"""Tone (directed), engagement, alignment: all families."""

PACE = dynamics([0.96, 0.97, 0.98, 0.93], [1.0, 1.0, 1.0, 0.3], directed=0)


@dataclass(frozen=True, slots=True)
class World:
    """What was drawn."""

    of: Items
    move: Dynamics
    states: NDArray[np.float64]
    """(pairs, months, states), the truth."""
    rows: dict[str, NDArray[np.float64]]
    seen: Evidence


def draw_states(
    rng: np.random.Generator, move: Dynamics, pairs: int, months: int, tails: float | None = None
) -> NDArray[np.float64]:
    """Chains with Gaussian shocks, or with Student's t shocks of so many degrees of freedom and the same variance."""
    phi, s = move.persistence, np.sqrt(move.variance)
    size = (pairs, months, len(phi))
    shocks = (
        rng.normal(size=size) if tails is None else rng.standard_t(tails, size) * np.sqrt((tails - 2) / tails)
    )
    x = np.empty(size)
    x[:, 0] = s * rng.normal(size=(pairs, len(phi)))
    for t in range(1, months):
        x[:, t] = phi * x[:, t - 1] + s * np.sqrt(1 - phi**2) * shocks[:, t]
    return x


def predictor(
    of: Items, move: Dynamics, x: NDArray[np.float64], rows: dict[str, NDArray[np.float64]]
) -> NDArray[np.float64]:
    """The predictor of every row, written as the formula says."""
    pair, month, item = (rows[name].astype(int) for name in ("pair", "month", "item"))
    here = x[pair, month]
    read = here[:, : of.loading.shape[1]].copy()
    if move.directed >= 0:
        read[:, move.directed] += rows["side"] * here[:, -1]
    return of.intercept[item] + rows["offset"] + (of.loading[item] * read).sum(1)


def draw_values(
    rng: np.random.Generator, of: Items, rows: dict[str, NDArray[np.float64]], eta: NDArray[np.float64]
) -> None:
    """Put `y` and `n` into the rows, by the law of each row's item; `n` says before how many acts there are."""
    item = rows["item"].astype(int)
    kind, d, n = of.family[item], of.dispersion[item], rows["n"]
    y, p = np.zeros(len(item)), 1 / (1 + np.exp(-eta))
    loose = np.maximum(d, 1e-12)
    drawn = np.where(d > 0, rng.beta(p * (1 / loose - 1), (1 - p) * (1 / loose - 1)), p)
    y = np.where(kind == MIX, rng.binomial(n.astype(int), np.where(kind == MIX, drawn, 0.5)), y)
    mean = np.exp(np.minimum(eta, 20))
    mean = np.where(d > 0, mean * rng.gamma(1 / loose) * loose, mean)
    y = np.where(kind == COUNT, rng.poisson(np.where(kind == COUNT, mean, 1)), y)
    y = np.where(kind == GAUSSIAN, eta + np.sqrt(n + d) * rng.normal(size=len(item)), y)
    level = np.searchsorted(CUTS[1:-1], eta + rng.logistic(size=len(item)))
    rows["y"] = np.where(kind == ORDERED, CUTS[level], y)
    rows["n"] = np.where(kind == ORDERED, CUTS[level + 1], n)


def world(  # noqa: PLR0917
    seed: int,
    of: Items,
    move: Dynamics,
    pairs: int,
    months: int,
    seen: float = 0.5,
    acts: float = 6.0,
    tails: float | None = None,
) -> World:
    """A world in which each item speaks of each pair in a share `seen` of months, mixes of about so many acts."""
    rng = np.random.default_rng(seed)
    x = draw_states(rng, move, pairs, months, tails)
    full = np.indices((pairs, months, len(of.family))).reshape(3, -1)
    kept = full[:, rng.random(full.shape[1]) < seen]
    rows = dict(zip(("pair", "month", "item"), kept.astype(float), strict=True))
    size = kept.shape[1]
    rows["side"] = rng.integers(-1, 2, size).astype(float) if move.directed >= 0 else np.zeros(size)
    rows["offset"] = rng.normal(0, 0.3, size)
    kind, single = of.family[kept[2]], of.dispersion[kept[2]] == 0
    mixed = np.where(single, 1, 1 + rng.poisson(acts * np.exp(rng.normal(0, 0.7, pairs))[kept[0]]))
    rows["n"] = np.where(kind == MIX, mixed, 0.05).astype(float)
    draw_values(rng, of, rows, predictor(of, move, x, rows))
    return World(of, move, x, rows, evidence(pairs, months, rows, of, sides=move.directed >= 0))


def busy(seed: int, of: Items, move: Dynamics, states: NDArray[np.float64], acts: int) -> Evidence:
    """Evidence of given states of which each month has one mix of so many acts."""
    rng = np.random.default_rng(seed)
    pair, month = np.indices(states.shape[:2]).reshape(2, -1).astype(float)
    zero = np.zeros(len(pair))
    rows = {"pair": pair, "month": month, "item": zero, "side": zero, "offset": zero, "n": zero + acts}
    draw_values(rng, of, rows, predictor(of, move, states, rows))
    return evidence(*states.shape[:2], rows, of)
