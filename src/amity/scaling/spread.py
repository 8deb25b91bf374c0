r"""Working out how sure a fit is: the parts of `covariance.Spread` from the information of all votes.

The information on shifts and stretches of sessions is what the seats have, less what is spent on learning the
items: for each item the Schur complement of its (β, c₁, c₂) in the information of all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from amity.scaling.covariance import Spread
from amity.scaling.layout import ALL_THREE, NOBODY_ABSTAINED, NOBODY_YES, ranked
from amity.scaling.ordered import MILLS, PHI
from amity.scaling.quiet_blas import one_thread
from amity.scaling.steps import informed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from amity.scaling.fitting import Fit
    from amity.scaling.layout import RollCalls

    Array = NDArray[np.float64]


@one_thread()
def spread(calls: RollCalls, fitted: Fit) -> Spread:
    """The covariance of the points of a fit, from the information of all votes at its end."""
    sessions, session_at = np.unique(calls.sessions, return_inverse=True)
    many = len(sessions)
    chain = np.repeat(np.arange(len(calls.state_start) - 1), np.diff(calls.state_start))
    own, carried = _chains(calls.state_start, fitted.spread, fitted.carried)
    lost = _spent(calls, fitted, session_at, many)
    alone = _alone(calls, fitted, session_at, many)
    fixed = _fixed(fitted.theta, session_at, many)
    common = _given(alone - lost, fixed) - _given(alone, fixed)
    return Spread(own, carried, fitted.theta, session_at, chain, (common + common.T) / 2)


def _chains(state_start: NDArray[np.int64], given: Array, carried: Array) -> tuple[Array, Array]:
    """Variance of each seat when the one before it is uncertain too: v + c² of the one before."""
    own = given.copy()
    first = np.zeros(len(given), dtype=bool)
    first[state_start[:-1]] = True
    for s in np.flatnonzero(~first):
        own[s] += carried[s] ** 2 * own[s - 1]
    return own, carried


def _alone(calls: RollCalls, fitted: Fit, session_at: NDArray[np.int64], many: int) -> Array:
    """(2T, 2T) information on shifts and stretches were the items known: votes and each state's steps."""
    theta, step = fitted.theta, 1 / fitted.slack
    follows = np.ones(len(theta), dtype=bool)
    follows[calls.state_start[:-1]] = False
    later = np.flatnonzero(follows)
    alone = np.zeros((2 * many, 2 * many))
    loadings = np.stack([np.ones_like(theta), theta])
    told = 1 / fitted.spread
    told[later - 1] += step[later]
    for p in range(2):
        for q in range(2):
            within = np.bincount(session_at, told * loadings[p] * loadings[q], many)
            alone[p * many + np.arange(many), q * many + np.arange(many)] += within
            for one, other in ((later, later - 1), (later - 1, later)):
                cell = (p * many + session_at[one], q * many + session_at[other])
                np.add.at(alone, cell, -step[later] * loadings[p][one] * loadings[q][other])
    return alone


def _fixed(theta: Array, session_at: NDArray[np.int64], many: int) -> Array:
    """(2T, 2) how shifts and stretches would move the mean and the spread of all points, which are fixed."""
    sums = np.stack(
        [np.asarray(np.bincount(session_at, theta**power, many), dtype=np.float64) for power in range(3)]
    )
    return np.stack([sums[:2].ravel(), sums[1:].ravel()], axis=1)


def _given(information: Array, fixed: Array) -> Array:
    """The inverse of an information, given that `fixed` directions do not move."""
    size = np.sqrt(np.diag(information))
    inverse = np.linalg.pinv(information / np.outer(size, size), rcond=1e-10, hermitian=True) / np.outer(
        size, size
    )
    toward = inverse @ fixed
    return inverse - toward @ np.linalg.solve(fixed.T @ toward, toward.T)


def _spent(calls: RollCalls, fitted: Fit, session_at: NDArray[np.int64], many: int) -> Array:
    """(2T, 2T) information on shifts and stretches that goes into learning the items, summed over them."""
    item_in = calls.item_of_vote * many + session_at.astype(np.int32)[calls.seat_of]
    cells, place = ranked(item_in)
    own, crossed = np.zeros((len(calls.items), 3, 3)), np.zeros((len(cells), 2, 3))
    informed(
        calls.item_runs,
        calls.times,
        calls.seat_of,
        place,
        fitted.theta,
        fitted.items,
        PHI,
        MILLS,
        own,
        crossed,
    )
    _one_cut(calls.kind, own, cells // many, crossed)
    root = np.linalg.cholesky(np.linalg.inv(own))
    weighed = np.einsum("cpx,cxy->cpy", crossed, root[cells // many])
    table = np.zeros((2, many, len(calls.items), 3))
    table[:, cells % many, cells // many] = weighed.transpose(1, 0, 2)
    flat: Array = table.reshape(2 * many, -1)
    return np.asarray(flat @ flat.T, dtype=np.float64)


def _one_cut(kind: NDArray[np.int8], own: Array, item: NDArray[np.int64], crossed: Array) -> None:
    """Fold the two cuts of items that have one into the first, in place; the second then says nothing."""
    joined, upper = kind == NOBODY_ABSTAINED, kind == NOBODY_YES
    own[joined, 1, 1] += own[joined, 2, 2] + 2 * own[joined, 1, 2]
    own[joined, 0, 1] += own[joined, 0, 2]
    own[upper, 1, 1], own[upper, 0, 1] = own[upper, 2, 2], own[upper, 0, 2]
    single = kind != ALL_THREE
    own[single, 2, 2], own[single, 0, 2], own[single, 1, 2] = 1.0, 0.0, 0.0
    own[:, [1, 2, 2], [0, 0, 1]] = own[:, [0, 0, 1], [1, 2, 2]]
    crossed[joined[item], :, 1] += crossed[joined[item], :, 2]
    crossed[upper[item], :, 1] = crossed[upper[item], :, 2]
    crossed[single[item], :, 2] = 0.0
