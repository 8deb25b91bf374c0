"""The estimated values as the first screen shows them: a dot, its interval as a bar, a year before as a hollow dot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amity.briefs import bands

if TYPE_CHECKING:
    from amity.briefs.answer import Question
    from amity.briefs.estimated import Estimated, Line, LineName

HALF = (33.7, 32.6)
"""Left edge and width of the middle half of the world's pairs, percent of the scale: ±0.674 deviations."""


@dataclass(frozen=True, slots=True)
class Dial:
    """One value on the scale from −100 to 100. Places are percent of the line."""

    who: str
    """Who towards whom; empty where the value is of both."""
    value: str
    word: str
    at: float
    span: tuple[float, float]
    """Left edge and width of the interval."""
    was: float | None
    known: bool
    fresh: bool
    sub: str


@dataclass(frozen=True, slots=True)
class Dials:
    """What stands together on one scale: tone each way, engagement, or alignment."""

    title: str
    ends: tuple[str, str]
    dials: tuple[Dial, ...]
    missing: str = ""
    """Why there is no dial."""


TITLES = {
    "tone": "How they treat each other",
    "engagement": "How much they have to do with each other",
    "alignment": "How alike they stand in the world",
}


def dials(state: Estimated, question: Question) -> tuple[Dials, ...]:
    """Tone each way, engagement and alignment, as far as they are estimated."""
    a, b = question.a.the, question.b.the
    groups: dict[str, dict[LineName, str]] = {
        "tone": {"tone a to b": f"{a} to {b}", "tone b to a": f"{b} to {a}"},
        "engagement": {"engagement": ""},
        "alignment": {"alignment": ""},
    }
    found = {
        kind: [(line, who) for name, who in names.items() if (line := state.line(name))]
        for kind, names in groups.items()
    }
    return tuple(
        Dials(TITLES[kind], bands.ENDS[kind], tuple(dial(line, who) for line, who in lines))
        for kind, lines in found.items()
        if lines
    )


def dial(line: Line, who: str) -> Dial:
    stand = line.stand
    left, right = place(stand.low), place(stand.high)
    return Dial(
        who=who[:1].upper() + who[1:],
        value=bands.signed(stand.value) if stand.known else "?",
        word=bands.word(line.name, stand.value) if stand.known else "not known",
        at=place(stand.value),
        span=(left, round(right - left, 1)),
        was=None if stand.before is None else place(stand.before),
        known=stand.known,
        fresh=stand.fresh,
        sub=said(line),
    )


def said(line: Line) -> str:
    """What stands under a dial: its interval, the year's change, and whether it rests on anything recent."""
    stand = line.stand
    if not stand.known:
        last = f"nothing since {bands.month(stand.last_seen)}" if stand.last_seen else "nothing at all"
        return f"What is loaded says too little: {last}."
    parts = [f"{bands.interval(stand)} at 90%"]
    if not stand.fresh and stand.last_seen:
        parts.append(f"nothing observed since {bands.month(stand.last_seen)}")
    elif change := bands.compared(line.name, stand):
        parts.append(change)
    elif stand.before is not None:
        parts.append("no telling whether it changed in a year")
    return f"{'; '.join(parts)}."


def place(value: float) -> float:
    """Where a value stands, percent of the line from −100 to 100.

    >>> place(-100), place(0), place(50)
    (0.0, 50.0, 75.0)
    """
    return round((value + 100) / 2, 1)
