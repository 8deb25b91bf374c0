"""What was foreseen of each observation, and a model of one state as a part of a larger one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from amity.engine.chain import smooth
from amity.engine.families import GAUSSIAN, MIX
from amity.engine.filtering import before, filter_forward, foresee
from amity.engine.matching import smooth_means
from amity.engine.model import Items, dynamics, evidence, items
from tests.engine import worlds


def test_of_gaussian_evidence_the_foreseen_is_gaussian() -> None:
    of, move = items(GAUSSIAN, 0.2, 0.9, 0.3), dynamics(0.9)
    world = worlds.world(1, of, move, 3, 30)
    known = filter_forward(world.seen, of, move)
    m, v = before(known, move)
    pair = np.repeat(np.arange(3), np.diff(world.seen.start))
    at = pair, world.seen.month, 0
    eta = 0.2 + world.seen.offset + 0.9 * m[at]
    sd = np.sqrt(0.81 * v[(*at, 0)] + world.seen.n + 0.3)
    got = foresee(world.seen, of, move)
    assert got == pytest.approx(stats.norm.logpdf(world.seen.y, eta, sd), abs=5e-4)
    assert np.bincount(pair, got) == pytest.approx(known.log_predictive, abs=5e-3)


def test_the_chances_foreseen_of_all_outcomes_sum_to_one() -> None:
    of, move = items(MIX, -1.0, -1.0, 0.1), dynamics(0.9)
    total = 0.0
    for y in range(9):
        rows = {"pair": [0, 0], "month": [0, 3], "item": [0, 0], "y": [2, y], "n": [8, 8]}
        total += np.exp(foresee(evidence(1, 4, rows, of), of, move)[1])
    assert total == pytest.approx(1.0, abs=1e-9)


def test_what_one_source_foresees_of_another_is_worth_something() -> None:
    of, move = items([MIX, MIX], [-1.0, -1.0], [-1.0, -1.0], 0.05), dynamics(0.95)
    world = worlds.world(2, of, move, 100, 80, acts=10)
    first = {name: values[world.rows["item"] == 0] for name, values in world.rows.items()}
    known = filter_forward(evidence(100, 80, first, of), of, move)
    other = world.seen.item == 1
    informed = foresee(world.seen, of, move, known)[other].mean()
    blind = foresee(world.seen, of._replace(loading=np.array([[-1.0], [1e-9]])), move)[other].mean()
    wrong = foresee(world.seen, of._replace(loading=np.array([[-1.0], [1.0]])), move, known)[other].mean()
    assert informed > blind + 0.05
    assert wrong < blind


def test_one_state_is_what_it_is_beside_a_state_that_nothing_reads() -> None:
    world = worlds.world(3, worlds.TONE, dynamics(0.95), 12, 50)
    beside = Items(*worlds.TONE._replace(loading=np.column_stack([worlds.TONE.loading, np.zeros((4, 2))])))
    wide = dynamics([0.95, 0.5, 0.8])
    for run in (smooth, smooth_means, filter_forward):
        one, three = run(world.seen, worlds.TONE, dynamics(0.95)), run(world.seen, beside, wide)
        assert three.mean[:, :, 0] == pytest.approx(one.mean[:, :, 0], abs=1e-8)
        assert three.covariance[:, :, 0, 0] == pytest.approx(one.covariance[:, :, 0, 0], abs=1e-8)
        assert np.abs(three.mean[:, :, 1:]).max() == 0
    assert smooth(world.seen, beside, wide).log_likelihood == pytest.approx(
        smooth(world.seen, worlds.TONE, dynamics(0.95)).log_likelihood
    )
    moments = [
        run(world.seen, of, move).moments[:, 0]
        for run in (smooth,)
        for of, move in ((worlds.TONE, dynamics(0.95)), (beside, wide))
    ]
    assert moments[0] == pytest.approx(moments[1])
