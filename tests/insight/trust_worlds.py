"""Worlds of dated acts of which the truth is known, and trust worked out the slow way."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.optimize import brentq

from amity.insight.trust_path import Acts, Constants
from amity.insight.trust_steps import MONTH

if TYPE_CHECKING:
    from numpy.typing import NDArray

PLAIN = Constants(1.5, 1.0, 0.8, 120.0, 4.0, (1.0, 1.0, 1.0, 1.0), 0.0, 0.0, 0.0, 10.0, 6.0)
"""Acts are independent draws; neither the other direction nor conduct towards others tells anything."""
RICH = Constants(1.2, 0.9, 0.7, 80.0, 3.0, (2.0, 0.5, 1.4, 2.5), 0.3, 0.6, 1.5, 4.0, 5.0)
"""All that the model has."""


@dataclass(frozen=True, slots=True)
class World:
    """What was drawn: acts, and the chance of a co-operative one by directed pair and day."""

    acts: Acts
    frame: pl.DataFrame
    chance: NDArray[np.float64]
    """(pairs, days)."""
    pairs: list[tuple[int, int]]
    """Who acts, towards whom."""


def some_acts(seed: int, states: int = 5, acts: int = 200, days: int = 400) -> pl.DataFrame:
    """Acts without any sense in them; several on some days."""
    rng = np.random.default_rng(seed)
    sender = rng.integers(0, states, acts)
    receiver = (sender + rng.integers(1, states, acts)) % states
    when = np.datetime64("2014-01-01") + rng.integers(0, days, acts)
    codes = np.array([2, 20, 70, 710, 811, 365, 200, 220])
    return pl.DataFrame(
        {
            "date": pl.Series(when).cast(pl.Date),
            "ccode_from": codes[sender].astype(np.int16),
            "ccode_to": codes[receiver].astype(np.int16),
            "quad": rng.choice([1, 1, 1, 2, 3, 4], acts).astype(np.int8),
            "root": [f"{k:02d}" for k in rng.integers(2, 21, acts)],
        }
    )


def drawn(seed: int, of: Constants, *, dyads: int = 200, days: int = 900, every: float = 12.0) -> World:
    """A world that keeps the model's own law: pairs of states of their own, each side acting every so many days."""
    rng = np.random.default_rng(seed)
    pairs = [way for k in range(dyads) for way in ((2 * k + 1, 2 * k + 2), (2 * k + 2, 2 * k + 1))]
    eta = np.full((len(pairs), days), of.base)
    for deviation, life in ((of.level, of.level_half_life), (of.turn, of.turn_half_life)):
        keep = 0.5 ** (1 / (MONTH * life))
        x = deviation * rng.normal(size=len(pairs))
        for t in range(days):
            eta[:, t] += x
            x = keep * x + deviation * math.sqrt(1 - keep**2) * rng.normal(size=len(pairs))
    chance = 1 / (1 + np.exp(-eta))
    count = rng.poisson(1 / every, eta.shape)
    day, pair = np.nonzero(count.T)
    day, pair = (np.repeat(one, count[pair, day]) for one in (day, pair))
    good = rng.random(len(day)) < chance[pair, day]
    quad = np.where(good, 1, 3) + (rng.random(len(day)) < 0.2)
    link = np.array([[k, k + 1 - 2 * (k % 2)] for k in range(len(pairs))])
    codes = np.array(pairs, np.int16)
    frame = pl.DataFrame(
        {
            "date": pl.Series(np.datetime64("2014-01-01") + day).cast(pl.Date),
            "ccode_from": codes[pair, 0],
            "ccode_to": codes[pair, 1],
            "quad": quad.astype(np.int8),
        }
    )
    return World(Acts(day, pair, quad, link), frame, chance, pairs)


def slowly(
    acts: Acts, of: Constants, classes: tuple[int, ...] = (1, 2, 3, 4)
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and variance before each act: every day lived through, matrices in full, conduct summed anew each time."""
    fade = np.array([0.5 ** (1 / (MONTH * life)) for life in (of.level_half_life, of.turn_half_life)])
    still = np.diag([of.level**2, of.turn**2])
    means = {p: np.zeros(2) for p in range(len(acts.link))}
    spreads = {p: still.copy() for p in means}
    leans: list[tuple[int, int, float]] = []
    apart = {quad: 0.0 if quad in classes else of.other for quad in (1, 2, 3, 4)}
    mean, variance = np.empty(len(acts.day)), np.empty(len(acts.day))
    for today in range(acts.day[0], acts.day[-1] + 1):
        now = [e for e in range(len(acts.day)) if acts.day[e] == today]
        for e in now:
            p, (sender, back) = acts.pair[e], acts.link[acts.pair[e]]
            others = [
                (0.5 ** ((today - day) / (MONTH * of.reputation_half_life)), lean)
                for other, day, lean in leans
                if acts.link[other, 0] == sender and other != p
            ]
            weight = of.reputation_prior + sum(w for w, _ in others)
            conduct = sum(w * lean for w, lean in others) / weight
            mean[e] = of.base + means[p].sum() + of.reciprocity * means[back].sum() + of.reputation * conduct
            variance[e] = spreads[p].sum()
        for p in sorted({acts.pair[e] for e in now}):
            mine = [e for e in now if acts.pair[e] == p]
            quads = [int(acts.quad[e]) for e in mine]
            alike = 1 + (len(quads) - 1) * of.together
            move((means, spreads), p, quads, of, (mean[mine[0]], variance[mine[0]]), apart, alike)
            usual = [1 / (1 + math.exp(-of.base - apart[q])) for q in quads]
            leans.append(
                (p, today, float(np.mean([(q <= 2) - u for q, u in zip(quads, usual, strict=True)])))
            )
        for p, mean_then in means.items():
            means[p] = fade * mean_then
            spreads[p] = still + np.outer(fade, fade) * (spreads[p] - still)
    return mean, variance


def move(
    states: tuple[dict[int, NDArray[np.float64]], dict[int, NDArray[np.float64]]],
    p: int,
    quads: list[int],
    of: Constants,
    before: tuple[float, float],
    apart: dict[int, float],
    alike: float,
) -> None:
    """Move one pair by acts of a day that say `alike` times less together."""
    (means, spreads), (eta, v) = states, before
    weight = [of.weight[q - 1] / alike for q in quads]

    def kind(x: float, quad: int) -> float:
        return 1 / (1 + math.exp(-x - apart[quad]))

    def slope(x: float) -> float:
        told = sum(w * ((q <= 2) - kind(x, q)) for w, q in zip(weight, quads, strict=True))
        return (eta - x) / v + told

    top = brentq(slope, eta - v * sum(weight) - 1, eta + v * sum(weight) + 1, xtol=1e-13)
    h = np.ones(2)
    ph = spreads[p] @ h
    means[p] = means[p] + ph * (top - eta) / v
    bend = sum(min(of.weight[q - 1], 1.0) * kind(top, q) * (1 - kind(top, q)) for q in quads) / alike
    spreads[p] = np.linalg.inv(np.linalg.inv(spreads[p]) + bend * np.outer(h, h))
