"""Where the states stand, in words and tables: the same sentences and rows in every form of the brief."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from amity.briefs import words
from amity.briefs.charts.look import code
from amity.briefs.newsroom import Line
from amity.briefs.sessions import opened, parties, series, signed
from amity.sources.unga_resolutions import TITLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.briefs.answer import Brief
    from amity.briefs.points import Apart, Divided, Moved, Point, Standing

SHOWN = 10
"""Roll calls that divided the two which the page shows before its reader asks for more."""


@dataclass(frozen=True, slots=True)
class Standpoint:
    """What a page shows of where the states stand."""

    title: str
    how: str
    said: tuple[str, ...]
    """Distances, movements and who is closer to the third, a sentence each."""
    caption: str
    """What is dashed or begins anew in the chart; empty where nothing is."""
    heads: tuple[str, ...]
    sessions: tuple[Line, ...]
    """The points, newest session first."""
    divided_title: str
    """Empty where no roll call of the year has votes of both."""
    divided_how: str
    divided_heads: tuple[str, ...]
    divided: tuple[Line, ...]
    rest: tuple[Line, ...]
    """Those beyond the first ones."""


def standpoint(brief: Brief) -> Standpoint | None:
    """The section of where the states stand; None where the brief has none."""
    stood = brief.standing
    if stood is None:
        return None
    rows = tuple(division(one, third=brief.question.third is not None) for one in stood.divided)
    return Standpoint(
        title=title(brief, stood),
        how=HOW,
        said=said(brief, stood),
        caption=caption(brief, stood),
        heads=("Session", *(code(party) for party in parties(brief).values())),
        sessions=sessions(brief, stood),
        divided_title=divided_title(brief, stood),
        divided_how=DIVIDED if stood.divided else "",
        divided_heads=divided_heads(brief),
        divided=rows[:SHOWN],
        rest=rows[SHOWN:],
    )


HOW = (
    "One point a state and session, on the line that best tells the General Assembly’s roll calls apart; in standard "
    "deviations of all states and sessions, 0 their mean, the United States high by convention. Bands: 90% intervals."
)
DIVIDED = (
    "Yes against no first, then one step apart; within each, the roll calls first on which states that stand where "
    "these two do most surely differ. Expected: how probable the points make it that the two differ."
)


def title(brief: Brief, stood: Standing) -> str:
    """Who stands closer to the third, or how far apart the two are; only what is certain is said as a finding."""
    a, b = brief.question.a.the, brief.question.b.the
    third = brief.question.third
    if stood.session is None:
        return f"{words.upper_first(a)} and {b} never voted in the same session of these years"
    year = f"in the UN votes of {opened(stood.session)}"
    if third and stood.nearer and stood.nearer.side:
        near, far = (a, b) if stood.nearer.side == "a" else (b, a)
        return f"{words.upper_first(near)} stood closer to {third.the} than {far} did, {year}"
    pair = stood.apart[0]
    if not pair.certain:
        return f"{words.upper_first(a)} and {b} could not be told apart {year}"
    return f"{words.upper_first(a)} and {b} stood {abs(pair.value):.1f} standard deviations apart {year}"


def between(low: float, high: float) -> str:
    return f"{signed(low)} to {signed(high)}"


def said(brief: Brief, stood: Standing) -> tuple[str, ...]:
    """Distances, who is closer to the third where that is undecided, and movements: a sentence each."""
    found = [distances(brief, stood), undecided(brief, stood), *movements(brief, stood)]
    return tuple(sentence for sentence in found if sentence)


def distances(brief: Brief, stood: Standing) -> str:
    """How far the pair, and each of it and the third, stand apart; no distance where the interval spans zero."""
    if stood.session is None:
        return ""
    names = {side: party.the for side, party in parties(brief).items()}
    pairs = [(f"{names[one.one]} and {names[one.other]}", one) for one in stood.apart]
    sure = [f"{pair} stood {abs(one.value):.2f} apart ({extent(one)})" for pair, one in pairs if one.certain]
    unsure = [f"{pair} (difference {between(one.low, one.high)})" for pair, one in pairs if not one.certain]
    parts = [
        *sure,
        *([f"no distance is certain between {words.listed(unsure, 'or between')}"] if unsure else []),
    ]
    return f"In the session of {opened(stood.session)} {words.listed(parts)}. Intervals are at 90%."


def extent(one: Apart | Moved) -> str:
    """The interval of a difference that is certain, whatever its sign."""
    low, high = sorted((abs(one.low), abs(one.high)))
    return f"{low:.2f} to {high:.2f}"


def undecided(brief: Brief, stood: Standing) -> str:
    """That it is open who of the two stands closer to the third; empty where the title says who does."""
    if stood.nearer is None or stood.nearer.side or brief.question.third is None:
        return ""
    chance = stood.nearer.chance_a
    likelier = brief.question.a if chance >= 0.5 else brief.question.b
    share = f"{likelier.the} with a probability of {max(chance, 1 - chance):.2f}"
    return f"Which of the two stood closer to {brief.question.third.the} is undecided: {share}."


def movements(brief: Brief, stood: Standing) -> list[str]:
    """How each came to where it stands, a sentence for those that are told from the same session on."""
    since = sorted({one.session1 for one in stood.moved})
    return [moved(brief, [one for one in stood.moved if one.session1 == session]) for session in since]


def moved(brief: Brief, ones: Sequence[Moved]) -> str:
    names = {side: party.the for side, party in parties(brief).items()}
    sure = [f"{names[one.side]} moved {shift(one)}" for one in ones if one.certain]
    unsure = [f"{names[one.side]} ({between(one.low, one.high)})" for one in ones if not one.certain]
    parts = [*sure, *([f"no movement of {words.listed(unsure, 'or')} is certain"] if unsure else [])]
    return f"Since {opened(ones[0].session1)} {words.listed(parts)}."


def shift(one: Moved) -> str:
    """A movement that is certain: its way, its size and its interval."""
    return f"{'up' if one.value > 0 else 'down'} by {abs(one.value):.2f} ({extent(one)})"


def caption(brief: Brief, stood: Standing) -> str:
    """What is dashed, and where a line breaks because the state began anew."""
    noted: list[str] = []
    for side, party in parties(brief).items():
        own = series(stood, side)
        before = [point for point in own if point.holder]
        if before:
            noted.append(
                f"Dashed: the seat of {party.the} while {before[0].holder} held it, to {before[-1].year}; "
                "what follows is another government’s, not a movement."
            )
        noted += [
            f"The line of {party.the} begins anew in {opened(point.session)}, as the record gives another code to it "
            f"({point.ccode} after {last.ccode})."
            for last, point in pairwise(one for one in own if not one.holder)
            if last.ccode != point.ccode
        ]
    return " ".join(noted)


def sessions(brief: Brief, stood: Standing) -> tuple[Line, ...]:
    """Every session in which one of them has a point, newest first: point and 90% interval."""
    tables = [table(series(stood, side)) for side in parties(brief)]
    numbers = sorted({number for one in tables for number in one}, reverse=True)
    return tuple(
        Line((f"{number} ({opened(number)})", *(cell(one.get(number)) for one in tables)))
        for number in numbers
    )


def table(own: Sequence[Point]) -> dict[int, Point]:
    """Points by session; where a seat changed hands within one, that of the later holder."""
    return {point.session: point for point in own}


def cell(point: Point | None) -> str:
    if point is None:
        return "–"
    other = f", {point.holder}" if point.holder else ""
    return f"{signed(point.value)} ({between(point.low, point.high)}{other})"


# What divided the two


def divided_title(brief: Brief, stood: Standing) -> str:
    """How many roll calls of the year divided the two."""
    if stood.year is None or not stood.shared:
        return ""
    a, b = brief.question.a.the, brief.question.b.the
    whole = f"{stood.shared} roll call{'' if stood.shared == 1 else 's'} of {stood.year}"
    if not stood.divided:
        return f"No roll call of {stood.year} divided {a} and {b}: they voted alike in all {stood.shared}"
    opposed = sum(one.opposed for one in stood.divided)
    return f"{len(stood.divided)} of {whole} divided {a} and {b}, {opposed} of them yes against no"


def divided_heads(brief: Brief) -> tuple[str, ...]:
    return ("Date", "Roll call", "On what", *(code(one) for one in parties(brief).values()), "Expected")


def division(one: Divided, *, third: bool) -> Line:
    day = one.date.isoformat()[: {"month": 7, "year": 4}.get(one.precision or "day", 10)]
    votes = (one.vote_a, one.vote_b, *([one.vote_third or "–"] if third else []))
    return Line((day, one.symbol or one.item, whole(one.title), *votes, percent(one.chance)))


def whole(title: str | None) -> str:
    """A title, with a sign where the record's limit has cut it."""
    if title is None:
        return "–"
    return f"{title.rstrip()}…" if len(title) >= TITLE else title


def percent(chance: float | None) -> str:
    """A probability as a percentage that never claims certainty; a dash where it is unknown.

    >>> percent(0.9999), percent(0.31), percent(0.002), percent(None)
    ('> 99%', '31%', '< 1%', '–')
    """
    if chance is None:
        return "–"
    return "> 99%" if chance > 0.99 else ("< 1%" if chance < 0.01 else f"{100 * chance:.0f}%")
