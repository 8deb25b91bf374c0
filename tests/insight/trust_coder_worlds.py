"""Worlds that several coders tell of, and their habits worked out the slow way."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import brentq, minimize

from amity.insight.trust_steps import MONTH
from tests.insight.trust_worlds import drawn, move

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from amity.insight.trust_path import Acts, Constants
    from tests.insight.trust_worlds import World

    Floats = NDArray[np.float64]

Row = tuple[int, bool]
"""A coder, and whether the classes are those that are not foreseen."""


def sigma(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def told_by_two(seed: int, of: Constants, o: float, r: float, **how: float) -> World:
    """A world of one truth of which two coders tell half of the acts each, the second one by a habit of its own."""
    world = drawn(seed, of, **how)
    rng = np.random.default_rng(seed + 1000)
    acts = world.acts
    coder = rng.integers(0, 2, len(acts.day))
    odds = np.log(world.chance / (1 - world.chance))[acts.pair, acts.day]
    picture = math.sqrt((1 - r**2) * (of.level**2 + of.turn**2)) * rng.normal(size=len(acts.link))
    chance = 1 / (1 + np.exp(-(o + r * odds + picture[acts.pair])))
    second = np.where(rng.random(len(coder)) < chance, 1, 3)
    quad = np.where(coder == 1, second, acts.quad)
    return replace(world, acts=acts._replace(quad=quad, coder=coder))


@dataclass(slots=True)
class Coder:
    """What is known of one coder and sort of class."""

    habit: Floats
    """o and r."""
    spread: Floats
    picture: dict[int, tuple[float, float]]
    """Mean and variance of e by pair."""
    differ: float

    @property
    def own(self) -> float:
        return math.sqrt(max(1 - self.habit[1] ** 2, 0) * self.differ)


class One(NamedTuple):
    """An act as it is foreseen: log-odds and their variance, the same of the coder's picture, weight, whether kind."""

    z: float
    v: float
    c: float
    w: float
    n: float
    good: bool


class Slow:
    """Trust and habits, lived through day by day. Tops of beliefs are searched for by scipy, matrices are in full, and
    conduct towards others is summed anew each time."""

    def __init__(self, acts: Acts, of: Constants, classes: tuple[int, ...]) -> None:
        assert acts.coder is not None
        self.acts, self.of = acts, of
        self.rows = [(int(c), int(q) not in classes) for c, q in zip(acts.coder, acts.quad, strict=True)]
        self.fade = np.array(
            [0.5 ** (1 / (MONTH * life)) for life in (of.level_half_life, of.turn_half_life)]
        )
        self.still = np.diag([of.level**2, of.turn**2])
        self.means = {p: np.zeros(2) for p in range(len(acts.link))}
        self.spreads = {p: self.still.copy() for p in self.means}
        blank = dict.fromkeys(self.means, (0.0, 1.0))
        differ = of.level**2 + of.turn**2
        self.coders: dict[Row, Coder] = {
            (c, aside): Coder(np.array([0.0, 0.5]), np.diag([1.0, 1 / 12]), blank.copy(), differ)
            for c in range(1, int(acts.coder.max()) + 1)
            for aside in (False, True)
        }
        self.leans: list[tuple[int, int, float, float]] = []
        self.mean, self.variance = np.empty(len(self.rows)), np.empty(len(self.rows))
        for today in range(acts.day[0], acts.day[-1] + 1):
            self._day(today)

    def _day(self, today: int) -> None:
        acts = self.acts
        now: dict[int, list[int]] = {}
        for e in np.flatnonzero(acts.day == today):
            now.setdefault(int(acts.pair[e]), []).append(int(e))
        eta = {p: (self._odds(p, today), float(self.spreads[p].sum())) for p in now}
        seen: dict[Row, list[One]] = {}
        for p, mine in now.items():
            for e in mine:
                one = self._foreseen(e, p, eta[p], 1 + (len(mine) - 1) * self.of.together)
                seen.setdefault(self.rows[e], []).append(one)
        for row in set(seen) & set(self.coders):
            habit(self.coders[row], seen[row])
        for p, mine in now.items():
            self._learn(p, mine, eta[p])
            self._conduct(p, mine, today)
        for p, mean in self.means.items():
            self.means[p] = self.fade * mean
            self.spreads[p] = self.still + np.outer(self.fade, self.fade) * (self.spreads[p] - self.still)
        f = self.fade[0]
        for coder in self.coders.values():
            coder.picture = {p: (f * a, 1 + f * f * (b - 1)) for p, (a, b) in coder.picture.items()}

    def _odds(self, p: int, today: int) -> float:
        of, (sender, back) = self.of, self.acts.link[p]
        others = [
            (n * 0.5 ** ((today - day) / (MONTH * of.reputation_half_life)), lean)
            for other, day, lean, n in self.leans
            if self.acts.link[other, 0] == sender and other != p
        ]
        conduct = sum(w * x for w, x in others) / (of.reputation_prior + sum(w for w, _ in others))
        return float(
            of.base + self.means[p].sum() + of.reciprocity * self.means[back].sum() + of.reputation * conduct
        )

    def _foreseen(self, e: int, p: int, eta: tuple[float, float], alike: float) -> One:
        row, good = self.rows[e], bool(self.acts.quad[e] <= 2)
        z, v = eta[0] + self.of.other * row[1], eta[1]
        self.mean[e], self.variance[e] = z, v
        if row not in self.coders:
            return One(z, v, 0, 0, 1 / alike, good)
        coder = self.coders[row]
        (o, r), (e_mean, e_variance), at = coder.habit, coder.picture[p], np.array([1, z])
        c, w = coder.own * e_mean, coder.own**2 * e_variance
        self.mean[e] = o + r * z + c
        self.variance[e] = (r**2 + coder.spread[1, 1]) * v + w + at @ coder.spread @ at
        return One(z, v, c, w, 1 / alike, good)

    def _learn(self, p: int, mine: list[int], eta: tuple[float, float]) -> None:
        of, alike = self.of, 1 + (len(mine) - 1) * self.of.together
        start = self.means[p].sum()
        first = [e for e in mine if self.rows[e][0] == 0]
        if first:
            apart = {int(self.acts.quad[e]): of.other * self.rows[e][1] for e in first}
            quads = [int(self.acts.quad[e]) for e in first]
            move((self.means, self.spreads), p, quads, of, eta, apart, alike)
        for row in sorted(self.coders):
            quads = [int(self.acts.quad[e]) for e in mine if self.rows[e] == row]
            if quads:
                self._hear(p, row, quads, eta[0] - start, alike)

    def _hear(self, p: int, row: Row, quads: list[int], usual: float, alike: float) -> None:
        """Move a pair and a coder's picture of it; what the two have to do with each other is forgotten."""
        coder, state = self.coders[row], np.zeros((3, 3))
        (o, r), (e, e_variance) = coder.habit, coder.picture[p]
        state[:2, :2], state[2, 2] = self.spreads[p], e_variance
        h = np.array([r, r, coder.own])
        at = o + r * (usual + self.means[p].sum() + self.of.other * row[1]) + coder.own * e
        draws = [min(self.of.weight[q - 1], 1.0) / alike for q in quads]
        wide = h @ state @ h

        def slope(x: float) -> float:
            told = sum(n * ((q <= 2) - sigma(x)) for n, q in zip(draws, quads, strict=True))
            return (at - x) / wide + told

        reach = wide * sum(draws) + 1
        top = brentq(slope, at - reach, at + reach, xtol=1e-13)
        step = state @ h * (top - at) / wide
        bend = sum(draws) * sigma(top) * (1 - sigma(top))
        new = np.linalg.inv(np.linalg.inv(state) + bend * np.outer(h, h))
        self.means[p], self.spreads[p] = self.means[p] + step[:2], new[:2, :2]
        coder.picture[p] = (e + step[2], new[2, 2])

    def _conduct(self, p: int, mine: list[int], today: int) -> None:
        """Its lean per day of a first coder's, and how much of such a day it is."""
        lean, alike = 0.0, 0.0
        for e in mine:
            row = self.rows[e]
            o, r = self.coders[row].habit if row in self.coders else (0.0, 1.0)
            usual = sigma(o + r * (self.of.base + self.of.other * row[1]))
            lean, alike = lean + r * ((self.acts.quad[e] <= 2) - usual), alike + r
        self.leans.append((p, today, lean / alike if alike else 0.0, alike / len(mine)))


def habit(of: Coder, day: list[One]) -> None:
    """Move one habit by a day's acts."""
    before, precision = of.habit.copy(), np.linalg.inv(of.spread)

    def reach(at: Floats, one: One) -> float:
        kappa = 1 / math.sqrt(1 + math.pi / 8 * (at[1] ** 2 * one.v + one.w))
        return float(kappa * (at[0] + at[1] * one.z + one.c))

    def loss(at: Floats) -> float:
        d = at - before
        told = sum(one.n * np.logaddexp(0, -reach(at, one) if one.good else reach(at, one)) for one in day)
        return float(0.5 * d @ precision @ d + told)

    how = {"xatol": 1e-10, "fatol": 1e-14, "maxiter": 4000}
    top = minimize(loss, before, method="Nelder-Mead", options=how).x
    bend = precision.copy()
    for one in day:
        slope = np.array([(reach(top + s, one) - reach(top - s, one)) / 2e-6 for s in 1e-6 * np.eye(2)])
        p = sigma(reach(top, one))
        bend += one.n * p * (1 - p) * np.outer(slope, slope)
    of.habit, of.spread = np.array([top[0], max(top[1], 0.0)]), np.linalg.inv(bend)
