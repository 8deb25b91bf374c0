"""Votes as arrays, sorted once by item and once by seat, so that a fit walks through memory in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amity.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALL_THREE, NOBODY_NO, NOBODY_YES, NOBODY_ABSTAINED = 1, 2, 3, 4
"""Which votes an item drew; an item with two kinds of vote has one cut."""


@dataclass(frozen=True, slots=True)
class RollCalls:
    """`V` votes of `N` seats (a state in a session) on `J` items (a roll call, or several that are linked).

    The same votes give the same arrays, whatever the order that they come in.
    """

    items: NDArray[np.int64]
    """(J,) what the items are called, rising."""
    states: NDArray[np.int64]
    """(N,) the state of each seat; seats stand state by state, and in each by session."""
    sessions: NDArray[np.int64]
    """(N,)"""
    counts: NDArray[np.int64]
    """(J, 3) votes yes, abstain and no on each item."""
    kind: NDArray[np.int8]
    """(J,) which votes it drew."""
    times: NDArray[np.float64]
    """(J,) how many roll calls an item stands for."""
    item_runs: NDArray[np.int64]
    """(J, 4) where each item's yes, abstain and no begin in `seat_of`, and where they end."""
    seat_of: NDArray[np.int32]
    """(V,) the seat behind each vote: item by item, in each by vote, in those by seat."""
    seat_runs: NDArray[np.int64]
    """(N, 4) where each seat's yes, abstain and no begin in `item_of`, and where they end."""
    item_of: NDArray[np.int32]
    """(V,) the item behind each vote: seat by seat, in each by vote, in those by item."""
    place: NDArray[np.int32]
    """(V,) where the votes of `item_of` stand in `seat_of`."""
    state_start: NDArray[np.int64]
    """(states + 1,) where each state's seats begin."""

    @property
    def item_of_vote(self) -> NDArray[np.int32]:
        """(V,) the item of each vote, in the order of `seat_of`."""
        return np.repeat(
            np.arange(len(self.items), dtype=np.int32), self.item_runs[:, 3] - self.item_runs[:, 0]
        )

    @property
    def vote(self) -> NDArray[np.int8]:
        """(V,) each vote, in the order of `seat_of`."""
        return np.repeat(
            np.tile(np.arange(3, dtype=np.int8), len(self.items)), np.diff(self.item_runs).ravel()
        )

    @property
    def votes_of_seat(self) -> NDArray[np.int64]:
        """(N,) how many votes each seat cast."""
        return self.seat_runs[:, 3] - self.seat_runs[:, 0]


def lay_out(
    item: NDArray[np.integer],
    state: NDArray[np.integer],
    session: NDArray[np.integer],
    vote: NDArray[np.integer],
    call: NDArray[np.integer] | None = None,
) -> RollCalls:
    """Arrays of one value a vote, in any order, as `RollCalls`. Votes are 0 yes, 1 abstain, 2 no.

    `call` is the roll call, where an item can be several that are linked.

    Items on which all voted alike say nothing and are left out, and so are seats that voted on no other. Raises
    `UsageError` where nothing is left, or a vote is none of the three.

    >>> calls = lay_out(np.array([7, 7, 9]), np.array([2, 811, 2]), np.array([1, 1, 1]), np.array([0, 2, 0]))
    >>> calls.items.tolist(), calls.states.tolist(), calls.counts.tolist()
    ([7], [2, 811], [[1, 0, 1]])
    """
    if vote.size and (vote.min() < 0 or vote.max() > 2):
        raise UsageError("a vote is neither yes, abstain nor no", "give 0, 1 or 2")
    item_names, item_at = ranked(item)
    drawn = np.bincount(3 * item_at + vote, minlength=3 * len(item_names)).reshape(-1, 3)
    keep = ((drawn > 0).sum(axis=1) > 1)[item_at]
    if not keep.any():
        raise UsageError("no roll call divided anybody", "ask for more sessions, states or issues")
    times = np.ones(len(item_names)) if call is None else _times(item_at, call, len(item_names))
    left = np.unique(item_at[keep])
    return _sorted(item[keep], state[keep], session[keep], vote[keep], times[left])


def _sorted(
    item: NDArray[np.integer],
    state: NDArray[np.integer],
    session: NDArray[np.integer],
    vote: NDArray[np.integer],
    times: NDArray[np.float64],
) -> RollCalls:
    items, item_at = ranked(item)
    seats, seat_at = ranked(state.astype(np.int32) * 1000 + session.astype(np.int32))
    states = seats // 1000
    _, first = np.unique(states, return_index=True)
    by_item, item_runs = _runs(item_at, vote, seat_at, len(items))
    by_seat, seat_runs = _runs(seat_at, vote, item_at, len(seats))
    stands = np.empty(len(vote), dtype=np.int32)
    stands[by_item] = np.arange(len(vote), dtype=np.int32)
    counts = np.diff(item_runs)
    return RollCalls(
        items=items,
        states=states,
        sessions=seats % 1000,
        counts=counts,
        kind=_kind(counts),
        times=times,
        item_runs=item_runs,
        seat_of=seat_at[by_item].astype(np.int32),
        seat_runs=seat_runs,
        item_of=item_at[by_seat].astype(np.int32),
        place=stands[by_seat],
        state_start=np.append(first, len(seats)).astype(np.int64),
    )


def _times(item_at: NDArray[np.integer], call: NDArray[np.integer], many: int) -> NDArray[np.float64]:
    """How many different calls each item has."""
    _, call_at = ranked(call)
    width = int(call_at.max()) + 1
    pairs = np.unique(item_at.astype(np.int64) * width + call_at)
    return np.bincount(pairs // width, minlength=many).astype(np.float64)


def _runs(
    outer: NDArray[np.integer], vote: NDArray[np.integer], inner: NDArray[np.integer], many: int
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The order of votes by `outer`, vote and `inner`; and where the runs of each vote begin and end."""
    cell = outer * 3 + vote
    order = _sort(inner)
    order = order[_sort(cell[order])]
    ends = np.cumsum(np.bincount(cell, minlength=3 * many)).reshape(many, 3)
    begins = np.concatenate([[0], ends.ravel()[2:-1:3]])
    return order, np.column_stack([begins, ends]).astype(np.int64)


def _sort(keys: NDArray[np.integer]) -> NDArray[np.int32]:
    """Stable order of keys; numbers of 16 bits are counted rather than compared, ten times as fast."""
    small = keys.astype(np.uint16) if keys.max() < 2**16 else keys
    return np.argsort(small, kind="stable").astype(np.int32)


def ranked(values: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.integer]]:
    """The different values, rising, and where each one stands among them: NumPy's unique, by counting."""
    low, high = int(values.min()), int(values.max())
    if high - low > 10 * len(values) + 1000:
        names, at = np.unique(values, return_inverse=True)
        return names.astype(np.int64), at
    seen = np.zeros(high - low + 1, dtype=bool)
    seen[values - low] = True
    rank = np.cumsum(seen, dtype=np.int32) - 1
    return np.flatnonzero(seen) + low, rank[values - low]


def _kind(counts: NDArray[np.int64]) -> NDArray[np.int8]:
    yes, abstain, no = (counts > 0).T
    return np.select(
        [yes & abstain & no, yes & abstain, abstain & no],
        [ALL_THREE, NOBODY_NO, NOBODY_YES],
        NOBODY_ABSTAINED,
    ).astype(np.int8)
