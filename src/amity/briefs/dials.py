"""The estimated values as the first screen shows them: a dot, its interval as a bar, a year before as a hollow dot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amity.briefs import bands

if TYPE_CHECKING:
    from datetime import date

    from amity.briefs.answer import Question
    from amity.briefs.estimated import Estimated, Line, LineName, Month

HALF = (33.7, 32.6)
"""Left edge and width of the middle half of the world's pairs, percent of the scale: ±0.674 deviations."""


@dataclass(frozen=True, slots=True)
class Dial:
    """One value on the scale from −100 to 100. Places are percent of the line."""

    who: str
    """Who towards whom; empty where the value is of both."""
    value: str
    word: str
    hue: str
    """The class of its colour, that of its line in the long view."""
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
    "engagement": "How much goes on between them",
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
        if any(line.stand.known for line, _ in lines)
        else Dials(
            TITLES[kind],
            bands.ENDS[kind],
            (),
            bands.unknown(lines[0][0].name, lines[0][0].stand, state.month),
        )
        for kind, lines in found.items()
        if lines
    )


def names(question: Question) -> dict[LineName, str]:
    """What each line is called in a table."""
    a, b = (party.iso3c or party.name for party in (question.a, question.b))
    return {
        "tone": "Tone",
        "tone a to b": f"Tone, {a} to {b}",
        "tone b to a": f"Tone, {b} to {a}",
        "engagement": "Engagement",
        "alignment": "Alignment",
    }


STANDS = ("What", "Value", "In words", "90% interval", "A year before", "Last observed")


def stands(state: Estimated, question: Question) -> tuple[tuple[str, ...], ...]:
    """Where each line stands, a row of `STANDS` each; of dimensions that are not known at all there is none."""
    called = names(question)
    told = {bands.family(line.name) for line in state.lines if line.stand.known}
    return tuple(
        (
            called[line.name],
            bands.signed(line.stand.value) if line.stand.known else "–",
            bands.hedged(line.name, line.stand),
            bands.interval(line.stand),
            "–" if line.stand.before is None else bands.signed(line.stand.before),
            bands.month(line.stand.last_seen) if line.stand.last_seen else "never",
        )
        for line in state.lines
        if bands.family(line.name) in told
    )


def unknown(state: Estimated) -> tuple[str, ...]:
    """A sentence for each dimension that is not known at all: since when, and what to load."""
    told = {bands.family(line.name) for line in state.lines if line.stand.known}
    first = {bands.family(line.name): line for line in reversed(state.lines)}
    return tuple(
        f"{bands.upper(kind)} is {bands.lower(bands.unknown(line.name, line.stand, state.month))}"
        for kind, line in reversed(first.items())
        if kind not in told
    )


def by_year(
    state: Estimated, question: Question
) -> tuple[tuple[str, ...], tuple[tuple[int, tuple[str, ...]], ...]]:
    """The heads and, newest first, a row for each year's end: each line with its interval, and tone as known then."""
    called = names(question)
    heads = ("Year", *(called[line.name] for line in state.lines), "Tone as known then")
    tables = [{month.month: month for month in line.months} for line in state.lines]
    ends = [day for day in tables[0] if day.month == 12 or day == state.month] if tables else []
    rows = tuple(
        (day.year, (str(day.year), *(cell(table[day]) for table in tables), then(state, day)))
        for day in reversed(ends)
        if any(table[day].known for table in tables)
    )
    return heads, rows


def cell(month: Month) -> str:
    if not month.known:
        return "–"
    return bands.spelled(month.value, month.low, month.high)


def then(state: Estimated, day: date) -> str:
    line = state.line("tone")
    month = next((one for one in line.months if one.month == day), None) if line else None
    if month is None or not month.known:
        return "–"
    return bands.spelled(month.then, month.then_low, month.then_high)


def dial(line: Line, who: str) -> Dial:
    stand = line.stand
    left, right = place(stand.low), place(stand.high)
    return Dial(
        who=who[:1].upper() + who[1:],
        value=bands.signed(stand.value) if stand.known else "?",
        word=bands.word(line.name, stand.value) if stand.known else "not known",
        hue="first" if line.name == "tone a to b" else "pair",
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
