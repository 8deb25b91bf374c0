"""The chance of a vote: along the line, or with the others, whichever the state is known for."""

from __future__ import annotations

import numpy as np
import pytest

from amity.scaling import fitting, foretelling
from amity.scaling.layout import RollCalls, lay_out
from tests.scaling.worlds import World, world


@pytest.fixture(scope="module")
def strays() -> tuple[World, np.ndarray]:
    """An Assembly in which every tenth state casts a fifth of its votes as any of the others might."""
    random = np.random.default_rng(5)
    told = world(random, states=100, sessions=5, items=60, sharp=6.0)
    often = np.where(np.arange(100) % 10 == 0, 0.2, 0.0)
    vote = told.vote.copy()
    for j in np.unique(told.item):
        here = np.flatnonzero(told.item == j)
        left = here[random.random(len(here)) < often[told.state[here]]]
        vote[left] = random.choice(told.vote[here], len(left))
    return World(told.item, told.state, told.session, vote, told.truth), often


def parted(told: World, random: np.random.Generator) -> tuple[RollCalls, np.ndarray, np.ndarray, np.ndarray]:
    """Nine in ten of the votes laid out, and of the others seat, item and vote."""
    out = random.random(len(told.vote)) < 0.1
    kept = lay_out(told.item[~out], told.state[~out], told.session[~out], told.vote[~out])
    seats = {seat: at for at, seat in enumerate(zip(kept.states, kept.sessions, strict=True))}
    items = {item: at for at, item in enumerate(kept.items)}
    found = np.array(
        [
            (seats[s, t], items[j], v)
            for j, s, t, v in zip(
                told.item[out], told.state[out], told.session[out], told.vote[out], strict=True
            )
            if j in items and (s, t) in seats
        ]
    )
    seat, item, vote = found.T
    return kept, seat, item, vote


def loss(chance: np.ndarray, vote: np.ndarray) -> float:
    return float(-np.log(np.clip(chance[np.arange(len(vote)), vote], 1e-6, 1)).mean())


def test_the_states_that_leave_the_line_are_found_though_slopes_have_given_way_to_some(
    strays: tuple[World, np.ndarray],
) -> None:
    told, often = strays
    calls = told.calls()
    astray = foretelling.learned(calls, fitting.fit(calls))
    states = calls.states[calls.state_start[:-1]]
    some, none = astray[often[states] > 0], astray[often[states] == 0]
    assert some.min() > none.max()
    assert 0.02 < some.mean() < 0.2
    assert none.mean() < 0.001


def test_votes_held_out_are_foretold_better_by_line_and_habit_than_by_either(
    strays: tuple[World, np.ndarray],
) -> None:
    calls, seat, item, vote = parted(strays[0], np.random.default_rng(11))
    told = fitting.fit(calls)
    many = len(calls.state_start) - 1
    both = loss(foretelling.chances(calls, told, seat, item), vote)
    line = loss(foretelling.chances(calls, told, seat, item, np.zeros(many)), vote)
    shares = loss(foretelling.chances(calls, told, seat, item, np.ones(many)), vote)
    assert both < line - 0.005
    assert both < shares - 0.2


def test_where_all_keep_to_the_line_nearly_nothing_is_lost_by_asking(
    strays: tuple[World, np.ndarray],
) -> None:
    random = np.random.default_rng(8)
    calls, seat, item, vote = parted(world(random, states=100, sessions=5, items=60, sharp=6.0), random)
    told = fitting.fit(calls)
    both = loss(foretelling.chances(calls, told, seat, item), vote)
    line = loss(foretelling.chances(calls, told, seat, item, np.zeros(len(calls.state_start) - 1)), vote)
    assert both < line + 0.002


def test_chances_add_up_and_do_not_depend_on_which_end_is_up(strays: tuple[World, np.ndarray]) -> None:
    from dataclasses import replace

    calls = strays[0].calls()
    told = fitting.fit(calls)
    seat, item = np.arange(len(calls.states)), np.arange(len(calls.states)) % len(calls.items)
    chance = foretelling.chances(calls, told, seat, item)
    assert np.all(chance >= 0)
    assert np.allclose(chance.sum(axis=1), 1)
    turned = told.items.copy()
    turned[:, 0] *= -1
    other = replace(told, theta=-told.theta, items=turned)
    assert np.allclose(foretelling.chances(calls, other, seat, item), chance)


def test_a_kind_of_vote_that_nobody_cast_has_the_chance_of_one_in_all_and_three() -> None:
    state, item = np.divmod(np.arange(60), 6)
    calls = lay_out(item, state, np.ones(60, int), np.where(state + item > 7, 2, 0))
    chance = foretelling.chances(calls, fitting.fit(calls), np.arange(10), np.zeros(10, int), np.zeros(10))
    assert np.allclose(chance[:, 1], 1 / (calls.counts[0].sum() + 3))
