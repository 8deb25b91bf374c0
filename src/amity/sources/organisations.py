"""Who belongs to an organisation that acts for its members: the European Union, and the Communities before it.

Its sanctions bind every member by law, so that they can be told as each member's. Of other organisations this cannot
be said with certainty, or (as of the United Nations) it would say nothing of a pair.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

EUROPEAN_UNION = "European Union"
UNION = 1000
"""The number that stands for it among codes of states, as in TIES; no state has it."""

_UNTIL_UNIFICATION, _SINCE_UNIFICATION = date(1990, 10, 2), date(1990, 10, 3)
_UNITED_KINGDOM_BOUND = date(2020, 12, 31)
"""It left on 31 January 2020 and was bound by the Union's sanctions to the end of that year."""

_MEMBERS: tuple[tuple[tuple[int, ...], date, date | None], ...] = (
    ((210, 211, 212, 220, 325), date(1958, 1, 1), None),
    ((260,), date(1958, 1, 1), _UNTIL_UNIFICATION),
    ((255,), _SINCE_UNIFICATION, None),
    ((205, 390), date(1973, 1, 1), None),
    ((200,), date(1973, 1, 1), _UNITED_KINGDOM_BOUND),
    ((350,), date(1981, 1, 1), None),
    ((230, 235), date(1986, 1, 1), None),
    ((305, 375, 380), date(1995, 1, 1), None),
    ((290, 310, 316, 317, 338, 349, 352, 366, 367, 368), date(2004, 5, 1), None),
    ((355, 360), date(2007, 1, 1), None),
    ((344,), date(2013, 7, 1), None),
)
"""Codes of the members, and the days of accession and of leaving (treaties of accession; Withdrawal Agreement)."""


class Membership(NamedTuple):
    """A member's time within a spell: `entered` and `left` where it began or ended inside it, else None.

    `how` says in words how it began or ended: by joining or leaving, or by the unification of a state that was in
    already.
    """

    ccode: int
    entered: date | None
    left: date | None
    how: str


def european_union(start: date, end: date | None) -> Iterator[Membership]:
    """The members of the European Union (until 1993: the Communities) on any day of a spell (None: to today), by
    code.

    >>> len(list(european_union(date(1972, 6, 1), date(1972, 6, 2))))
    6
    >>> [one for one in european_union(date(2012, 1, 1), None) if one.entered]
    [Membership(ccode=344, entered=datetime.date(2013, 7, 1), left=None, how='joined the European Union')]
    """
    last = end or date.max
    found = [
        Membership(
            ccode,
            entered if entered > start else None,
            left if left is not None and left < last else None,
            _how(entered, left),
        )
        for codes, entered, left in _MEMBERS
        if entered <= last and (left is None or left >= start)
        for ccode in codes
    ]
    yield from sorted(found)


def _how(entered: date, left: date | None) -> str:
    if entered == _SINCE_UNIFICATION or left == _UNTIL_UNIFICATION:
        return "unification"
    return f"joined the {EUROPEAN_UNION}" if left is None else f"left the {EUROPEAN_UNION}"
