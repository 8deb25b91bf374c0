"""Phases and turning points as the forms show them: a ribbon's labels, a table's cells, lines of a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amity.briefs import bands, words
from amity.insight.months import months_between

if TYPE_CHECKING:
    from datetime import date

    from amity.briefs.answer import Brief
    from amity.briefs.estimated import Estimated, Phase, Turn

HEADS = ("Phase", "Began", "Between", "Chance", "What is on record", "What moved", "Stood then")


@dataclass(frozen=True, slots=True)
class Turning:
    """A phase with the turning point that it begins with, as cells of `HEADS`; the first one has none."""

    cells: tuple[str, ...]
    year: int
    refs: str


@dataclass(frozen=True, slots=True)
class Turnings:
    title: str
    how: str
    """How to read it, `rests` at the end."""
    rests: str
    """Which series the phases rest on, and of what nothing is known."""
    rows: tuple[Turning, ...]


def turnings(brief: Brief) -> Turnings | None:
    """The section; None where nothing is estimated."""
    state = brief.state
    if state is None or not state.phases:
        return None
    based = rests(brief, state)
    return Turnings(
        title=title(state),
        how=(
            "Where tone, engagement, alignment and the level of representation change together for half a year or "
            "more. A date is the likeliest month, beside the months between which it lies at 90%; chance is that of a "
            "turning point between them. What is on record then is told beside it, and need not be its cause. "
            + based
        ),
        rests=based,
        rows=tuple(
            row(number, phase, before(phase, state)) for number, phase in enumerate(state.phases, start=1)
        ),
    )


TOLD = {
    "relations": ("ties", ("relations",)),
    "envoys": ("ties", ("envoy",)),
    "posts": ("ties", ("post",)),
    "visits": ("acts", ("visit",)),
    "news": ("events", ()),
}
"""What dates turning points best: what it is called, in which table and as which kinds it is on record; none: any."""
SLACK = 2
"""Years at either end that are no gap to speak of."""


def rests(brief: Brief, state: Estimated) -> str:
    """Which series the phases rest on, and which of those that date them best nothing is loaded of, or when."""
    known = {name for phase in state.phases for name, word in phase.levels if word != "unknown"}
    series = words.listed(
        [("the level of representation" if one == "representation" else one) for one in sorted(known)]
    )
    first, last = max(state.phases[0].start.year, brief.question.start), state.month.year
    never: list[str] = []
    partly: list[str] = []
    for name, (table, kinds) in TOLD.items():
        of = [one for one in brief.reach if one.table == table and (not kinds or one.kind in (*kinds, "*"))]
        since, until = (
            min((one.start.year for one in of), default=0),
            max((one.end.year for one in of), default=0),
        )
        gaps = [f"before {since}"] * (since >= first + SLACK) + [f"after {until}"] * (until <= last - SLACK)
        if not of:
            never.append(name)
        elif gaps:
            partly.append(f"of {name} {' or '.join(gaps)}")
    whole = [f"of {words.listed(never, 'or')}"] if never else []
    missing = "; ".join([*whole, *partly])
    unknown = (
        f" Nothing loaded tells, of the two in these years, {missing}: what showed there alone is missed."
        if missing
        else ""
    )
    rest = "They rest" if state.turns else "It rests"
    return f"{rest} on {series}.{unknown}" if series else unknown.strip()


def title(state: Estimated) -> str:
    """How many phases there are, and since when the last one holds.

    A turning point of which less is sure is spoken of as its year.
    """
    if not state.turns:
        return f"One phase since {state.phases[0].start.year}: no turning point is likely"
    last = state.turns[-1]
    since = bands.month(last.month) if span(last) <= SHARP else f"about {last.month.year}"
    number = len(state.phases)
    return f"{NUMBERS.get(number, str(number))} phases, the last since {since}"


SHARP = 12
"""Months within which a date is told by its month."""
NUMBERS = {2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six", 7: "Seven", 8: "Eight", 9: "Nine", 10: "Ten"}


def span(turn: Turn) -> int:
    """Months from the first to the last in which it may lie."""
    return months_between(turn.low, turn.high)


def before(phase: Phase, state: Estimated) -> Turn | None:
    """The turning point with which a phase begins."""
    return next((turn for turn in state.turns if turn.month == phase.start), None)


def row(number: int, phase: Phase, turn: Turn | None) -> Turning:
    stood = ", ".join(f"{name} {word}" for name, word in phase.levels if word != "unknown") or "not known"
    if turn is None:
        cells = (str(number), when(phase.start), "–", "–", "the evidence begins", "–", stood)
        return Turning(cells, phase.start.year, "")
    moved = ", ".join(f"{one.dimension} {bands.sd(one.size)}" for one in turn.moves) or "nothing plainly"
    cells = (
        str(number),
        when(turn.month),
        between(turn),
        likely(turn.probability),
        bands.upper(turn.name),
        moved,
        stood,
    )
    return Turning(cells, turn.month.year, ", ".join(turn.refs))


def when(month: date) -> str:
    """
    >>> from datetime import date
    >>> when(date(1965, 5, 1))
    'May 1965'
    """
    return f"{month:%b %Y}"


def between(turn: Turn) -> str:
    """The months in which it may lie."""
    return f"{when(turn.low)} to {when(turn.high)}" if span(turn) else "that month"


def likely(probability: float) -> str:
    """A probability in percent that is never certain.

    >>> likely(0.874), likely(0.999)
    ('87%', 'over 99%')
    """
    return "over 99%" if probability > 0.99 else f"{100 * probability:.0f}%"
