r"""The chance of each vote by a fit: along the line, or, now and then, as the others vote.

A probit's tails are thin: a vote against the line, cast for a reason of its own, has by the fit alone a chance of next
to nothing. So a state is taken to leave the line in a share $\varepsilon_i$ of its votes, and to vote there as the
roll call's other states did:

$$P(y_{iv}) = (1 - \varepsilon_i) \left[\Phi(c_y - \beta_v \theta_{it}) - \Phi(c_{y-1} - \beta_v \theta_{it})\right] +
\varepsilon_i s_{vy},\qquad s_{vy} = \frac{n_{vy} + 1}{n_v + 3}.$$

A kind of vote that nobody cast on a roll call has no cut; its chance is $s_{vy}$. The points are those of `fitting`:
$\varepsilon$ is learned after them and moves none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from amity.scaling.ordered import EDGE, PHI, STEPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from amity.scaling.fitting import Fit
    from amity.scaling.layout import RollCalls

    Array = NDArray[np.float64]
    Places = NDArray[np.integer]

FIRM = 20.0
"""A state's share astray is held near that of all states as firmly as by so many votes."""
ROUNDS = 50


def chances(calls: RollCalls, fitted: Fit, seat: Places, item: Places, astray: Array | None = None) -> Array:
    """(n, 3) the chance of yes, abstain and no of each seat on each item, by their places in `calls`.

    `astray` (states,) is how often each state leaves the line, by default as `learned` has it; with zeros it is the fit
    alone.
    """
    share = astray_of_seat(calls, learned(calls, fitted) if astray is None else astray)[seat][:, None]
    shares = _shares(calls, item)
    return (1 - share) * _along(calls, fitted, seat, item, shares) + share * shares


def learned(calls: RollCalls, fitted: Fit) -> Array:
    """(states,) the share of each state's votes that leave the line, from the votes that the fit rests on.

    The most likely share of all states first, then of each, drawn toward that of all as by `FIRM` votes (EM). It is the
    least that must be so: slopes and points have given way to some of these votes before they are counted.
    """
    seat, item, vote = calls.seat_of, calls.item_of_vote, calls.vote
    shares = _shares(calls, item)
    cast = np.arange(len(vote)), vote
    along, aside = _along(calls, fitted, seat, item, shares)[cast], shares[cast]
    state = _state_of_seat(calls)[seat]
    many = np.bincount(state)
    common = _most_likely(along, aside, np.zeros(len(vote), dtype=np.int64), np.array([len(vote)]), 0.0, 0.0)
    return _most_likely(along, aside, state, many, FIRM, float(common[0]))


def astray_of_seat(calls: RollCalls, astray: Array) -> Array:
    """(N,) each state's share, at each of its seats."""
    return astray[_state_of_seat(calls)]


def _most_likely(
    along: Array, aside: Array, group: Places, many: Places, firm: float, toward: float
) -> Array:
    share = np.full(len(many), 0.01)
    for _ in range(ROUNDS):
        left = share[group] * aside
        left /= left + (1 - share[group]) * along
        share = (np.bincount(group, left, len(many)) + firm * toward) / (many + firm)
    return share


def _along(calls: RollCalls, fitted: Fit, seat: Places, item: Places, shares: Array) -> Array:
    centre = fitted.items[item, 0] * fitted.theta[seat]
    below = [_cdf(fitted.items[item, cut] - centre) for cut in (1, 2)]
    line = np.stack([below[0], below[1] - below[0], 1 - below[1]], axis=1)
    alone = np.where(calls.counts[item] == 0, shares, 0.0)
    return np.where(alone > 0, alone, line * (1 - alone.sum(axis=1, keepdims=True)))


def _shares(calls: RollCalls, item: Places) -> Array:
    counts = calls.counts[item]
    return (counts + 1) / (counts.sum(axis=1, keepdims=True) + 3)


def _state_of_seat(calls: RollCalls) -> Places:
    return np.repeat(np.arange(len(calls.state_start) - 1), np.diff(calls.state_start))


def _cdf(x: Array) -> Array:
    return np.interp(x, -EDGE + np.arange(len(PHI)) / STEPS, PHI)
