"""Simulated General Assemblies whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amity.scaling.layout import RollCalls, lay_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class World:
    """Votes of a simulated Assembly, one value a vote, and where its states truly stand."""

    item: NDArray[np.int64]
    state: NDArray[np.int64]
    session: NDArray[np.int64]
    vote: NDArray[np.int64]
    truth: Array
    """(states, sessions) true points, mean 0 and standard deviation 1."""

    def calls(self) -> RollCalls:
        return lay_out(self.item, self.state, self.session, self.vote)

    def truth_of(self, calls: RollCalls) -> Array:
        return self.truth[calls.states, calls.sessions]


def world(
    random: np.random.Generator,
    *,
    states: int = 150,
    sessions: int = 15,
    items: int = 100,
    linked: float = 0.15,
    present: float = 0.9,
    step: float = 0.3,
    sharp: float = 1.0,
) -> World:
    """States that walk between two blocs, items of N(0, 1) slope, a share of them put again the session after.

    Votes of a `sharp` Assembly leave less to chance: slopes and cuts are so many times as large.
    """
    theta = np.empty((states, sessions))
    theta[:, 0] = random.normal(size=states) + np.where(random.random(states) < 0.3, 1.2, -0.4)
    for t in range(1, sessions):
        theta[:, t] = theta[:, t - 1] + step * random.normal(size=states)
    theta = (theta - theta.mean()) / theta.std()
    slope, cut = random.normal(size=sessions * items), random.normal(0.7, 0.8, size=sessions * items)
    gap = random.gamma(2.0, 0.25, size=sessions * items)
    slope, cut, gap = sharp * slope, sharp * cut, sharp * gap
    name = np.arange(sessions * items)
    for j in range(items, sessions * items):
        if random.random() < linked:
            name[j] = name[j - items]
            slope[j], cut[j], gap[j] = slope[j - items], cut[j - items], gap[j - items]
    item, state = (
        axis.ravel() for axis in np.meshgrid(np.arange(sessions * items), np.arange(states), indexing="ij")
    )
    here = random.random(len(item)) < present
    item, state = item[here], state[here]
    session = item // items
    z = slope[item] * theta[state, session] + random.normal(size=len(item))
    vote = np.where(z < cut[item], 0, np.where(z < cut[item] + gap[item], 1, 2))
    return World(name[item], state, session, vote, theta)


def same_way_up(theta: Array, truth: Array) -> Array:
    """Points with the sign of the truth."""
    return theta * np.sign(np.corrcoef(theta, truth)[0, 1])
