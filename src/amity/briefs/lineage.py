"""Under which names a state is told of, when it ended, and as what it goes on: a sentence a state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amity import states
from amity.briefs import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amity.states import State

__all__ = ["lineage"]


def lineage(parties: Iterable[State | None], start: int, last: int) -> tuple[str, ...]:
    """What is to be said of states told of from one year to another; nothing of most."""
    said = [sentence(states.by_ccode(one.ccode), start, last) for one in parties if one is not None]
    return tuple(one for one in said if one)


def sentence(state: State, start: int, last: int) -> str:
    """That a state ended, that it goes on by another name, or that its record begins under one; else nothing.

    >>> from amity.states import by_ccode
    >>> sentence(by_ccode(265), 1946, 1990)
    'East Germany was a state of the system to 2 October 1990; no state of today is counted as the same one.'
    >>> sentence(by_ccode(365), 1946, 1991), sentence(by_ccode(365), 1946, 2020)
    ('The Soviet Union goes on as Russia from 1992.', 'To 1991 the record of Russia is that of the Soviet Union.')
    """
    name = states.name_in(state, last)
    the, end = words.the(name), state.spells[-1].end
    if end is not None and end.year <= last:
        return (
            f"{words.upper_first(the)} was a state of the system to {words.day(end)}; "
            "no state of today is counted as the same one."
        )
    former = states.former_names(state)
    left = next((to for one, first, to in former if one == name and first <= last <= to), None)
    if left is not None:
        after = words.the(states.name_in(state, left + 1))
        return f"{words.upper_first(the)} goes on as {after} from {left + 1}."
    borne = [(words.the(one), to) for one, _, to in former if start <= to < last]
    if not borne:
        return ""
    (first, to), *others = borne
    more = "".join(f", then to {year} that of {one}" for one, year in others)
    return f"To {to} the record of {the} is that of {first}{more}."
