r"""Sums over all ways to cut months into phases, given the log likelihood of every phase that there could be.

Everywhere `phases[s, e]` is the log likelihood of the values of months $s \dots e$ as one phase, its prior included;
minus infinity where there can be no such phase (Fearnhead 2006, *Statistics and Computing* 16).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amity.engine.compiled import compiled

if TYPE_CHECKING:
    from amity.engine.compiled import Floats

__all__ = ["Change", "best", "counted", "log_sum", "weights"]

NOTHING = 40.0
"""What is so many nats less likely than the likeliest adds nothing to a sum of doubles."""

LEAST = 700.0
"""Chances below e to the minus this are none: doubles end there."""


@dataclass(frozen=True, slots=True)
class Change:
    """One turning point of the most likely cut."""

    at: int
    """The first month of the new phase."""
    low: int
    high: int
    """Between these its date lies with the chance asked for, given that there are as many changes."""
    chance: float
    """The chance that the date lies between them and a phase indeed begins there, whatever else changed."""


@compiled
def log_sum(terms: Floats) -> float:
    top = terms.max()
    if top == -math.inf:
        return top
    return top + math.log(np.exp(terms - top).sum())


@compiled
def counted(phases: Floats, most: int) -> tuple[Floats, Floats]:
    r"""Log likelihoods by number of phases: (most + 2, months + 1) of all before a month, and of all from it on.

    `ahead[k, s]`: months before `s` in `k` whole phases. `behind[k, s]`: months from `s` on in `k` whole phases.
    """
    months = len(phases)
    ahead = np.full((most + 2, months + 1), -math.inf)
    behind = np.full((most + 2, months + 1), -math.inf)
    ahead[0, 0] = behind[0, months] = 0.0
    for k in range(1, most + 2):
        for s in range(1, months + 1):
            ahead[k, s] = log_sum(ahead[k - 1, :s] + phases[:s, s - 1])
        for s in range(months):
            behind[k, s] = log_sum(phases[s] + behind[k - 1, 1:])
    return ahead, behind


@compiled
def weights(phases: Floats) -> tuple[Floats, float]:
    """(months, months) the posterior chance of each phase, and the log likelihood of the series."""
    months = len(phases)
    later, terms = np.full(months + 1, -math.inf), np.empty(months)
    later[months] = 0.0
    for s in range(months - 1, -1, -1):
        top, total = -math.inf, 0.0
        for e in range(s, months):
            terms[e] = phases[s, e] + later[e + 1]
            top = max(top, terms[e])
        if top > -math.inf:
            for e in range(s, months):
                if terms[e] > top - NOTHING:
                    total += math.exp(terms[e] - top)
            later[s] = top + math.log(total)
    weight, begins = np.zeros((months, months)), np.zeros(months + 1)
    begins[0] = 1.0
    for s in range(months):
        if begins[s] > 0.0:
            for e in range(s, months):
                height = phases[s, e] + later[e + 1] - later[s]
                if height > -LEAST:
                    weight[s, e] = begins[s] * math.exp(height)
                    begins[e + 1] += weight[s, e]
    return weight, later[0]


@compiled
def best(phases: Floats) -> Floats:
    """(months,) 1 where a phase of the most likely cut begins (Viterbi)."""
    months = len(phases)
    height, origin = np.full(months + 1, -math.inf), np.zeros(months + 1, np.int64)
    height[0] = 0.0
    for e in range(1, months + 1):
        for s in range(e):
            if height[s] + phases[s, e - 1] > height[e]:
                height[e], origin[e] = height[s] + phases[s, e - 1], s
    begins, at = np.zeros(months), months
    while at > 0:
        at = origin[at]
        begins[at] = 1.0
    return begins
