"""The past tense, for a pair of which one is no state any more, or none of that name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amity import states

if TYPE_CHECKING:
    from amity.briefs.answer import Question
    from amity.briefs.gather import Asked

PAST = {
    "is": "was", "are": "were", "has": "had", "have": "had", "stand": "stood", "treat": "treated", "meet": "met",
    "trusts": "trusted", "do": "did", "swings": "swung", "sides": "sided", "leans": "leaned", "hedges": "hedged",
}  # fmt: skip
"""The verbs of sentences that are told of the last month known."""


def over(question: Question | Asked) -> bool:
    """Whether one of the two has ended, or has another name by now than it had in the last year asked for."""
    return any(ended(one.ccode, one.name) for one in (question.a, question.b))


def ended(ccode: int, name: str) -> bool:
    """Whether a line of states is in the system no more, or not by this name.

    >>> ended(265, "East Germany"), ended(365, "Soviet Union"), ended(365, "Russia")
    (True, True, False)
    """
    state = states.by_ccode(ccode)
    return state.spells[-1].end is not None or state.name != name


def told(text: str, *, past: bool) -> str:
    """A sentence in the present tense as it stands, or in the past; 'to do' stays.

    >>> told("they have much to do with each other", past=True)
    'they had much to do with each other'
    """
    return re.sub(r"(?<!to )\b[a-z]+\b", lambda found: PAST.get(found[0], found[0]), text) if past else text
