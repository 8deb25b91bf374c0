"""The covariance of two months of a chain, against the whole posterior written out."""

from __future__ import annotations

import numpy as np
import pytest

from amity.engine.between import change, together
from amity.engine.chain import smooth
from amity.engine.families import GAUSSIAN, MIX
from amity.engine.model import Dynamics, Items, dynamics, evidence, items

PHI, S = (0.95, 0.8), (1.0, 0.3)


def world(directed: bool) -> tuple[Items, Dynamics, dict[str, list[float]]]:
    of = items([GAUSSIAN, MIX], [0.1, -1.0], [0.8, -0.7], [0.05, 0.1])
    rows = {
        "pair": [0, 0, 0, 0], "month": [1, 3, 3, 6], "item": [0, 0, 1, 1],
        "side": [1, -1, 0, -1] if directed else [0] * 4, "y": [0.4, -0.9, 2, 1], "n": [0.2, 0.1, 5, 7],
    }  # fmt: skip
    return of, dynamics(PHI if directed else PHI[:1], S if directed else S[:1], 0 if directed else -1), rows


def prior_precision(months: int, move: Dynamics) -> np.ndarray:
    """The precision of all months before any evidence, from the covariances of stationary chains."""
    states = len(move.persistence)
    lagged = np.abs(np.subtract.outer(np.arange(months), np.arange(months)))
    prior = np.zeros((months * states,) * 2)
    for i in range(states):
        prior[i::states, i::states] = move.variance[i] * move.persistence[i] ** lagged
    return np.linalg.inv(prior)


@pytest.mark.parametrize("directed", [False, True])
def test_two_months_covary_as_in_the_whole_posterior(directed: bool) -> None:
    of, move, rows = world(directed)
    found = smooth(evidence(1, 9, rows, of, sides=directed), of, move)
    states = found.covariance.shape[2]
    whole = fitted(prior_precision(9, move), found.covariance[0])
    for first, last in ((0, 1), (1, 4), (2, 8), (5, 5)):
        block = whole[first * states : (first + 1) * states, last * states : (last + 1) * states]
        assert together(found, move, 0, first, last) == pytest.approx(block, abs=1e-6)


def fitted(prior: np.ndarray, blocks: np.ndarray) -> np.ndarray:
    """The covariance of a chain with these variances: what evidence adds to each month's block is found by iteration."""
    months, states = blocks.shape[:2]
    precision = prior.copy()
    for _ in range(400):
        whole = np.linalg.inv(precision)
        for t in range(months):
            at = slice(t * states, (t + 1) * states)
            precision[at, at] += np.linalg.inv(blocks[t]) - np.linalg.inv(whole[at, at])
            whole = np.linalg.inv(precision)
    return whole


def test_a_change_is_surer_than_if_its_two_months_were_independent() -> None:
    of, move, rows = world(directed=True)
    found = smooth(evidence(1, 9, rows, of, sides=True), of, move)
    both, minus = np.array([1.0, 1.0]), np.array([1.0, -1.0])
    for weights in (both, minus):
        mean, sd = change(found, move, 0, 5, 8, weights)
        apart = weights @ (found.covariance[0, 5] + found.covariance[0, 8]) @ weights
        assert 0 < sd < apart**0.5
        assert mean == pytest.approx(weights @ (found.mean[0, 8] - found.mean[0, 5]))
    assert change(found, move, 0, 4, 4, both) == pytest.approx((0.0, 0.0), abs=1e-7)
