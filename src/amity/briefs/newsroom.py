"""Coded events in words and tables: the same sentences and rows in every form of the brief."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amity.briefs import words

if TYPE_CHECKING:
    from amity.briefs.answer import Brief, Direction, News, NewsClass, Told

BRING = "`amity pull gdelt1 --from 2014 --to 2014` or `amity load PATH` brings them: who did what to whom, by day."
DIRECTIONS: tuple[Direction, ...] = ("a to b", "b to a")
NAMED = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table, as text."""

    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Newsroom:
    """What a page shows of the coded events."""

    title: str
    how: str
    sides: tuple[str, str]
    """A sentence a direction."""
    volume: str
    reports_title: str
    reports_how: str
    reports: tuple[Line, ...]
    months: tuple[Line, ...]
    months_heads: tuple[str, ...]


REPORT_HEADS = ("Day", "Who", "To whom", "Act", "Articles", "Row")


def newsroom(brief: Brief) -> Newsroom | None:
    """The section of coded events; None where there are none."""
    news = brief.news
    if news is None:
        return None
    a, b = brief.question.a.the, brief.question.b.the
    month = f"{words.MONTHS[news.month.month - 1]} {news.month.year}" if news.month else ""
    counts = any(one.articles is not None for one in news.reports)
    return Newsroom(
        title=headline(brief, news),
        how=how(news),
        sides=(side(brief, news, "a to b"), side(brief, news, "b to a")),
        volume="All events of the source by month: the press that is read changes, and every count with it",
        reports_title=f"The most reported acts of {month}" if counts else f"Acts of {month}",
        reports_how=(
            "Machines read the news and err: the same act can stand here twice, and a name can be mistaken."
            if counts
            else "The source does not say how many articles told of an act: the first ones by day."
        ),
        reports=reports(news),
        months=by_month(news),
        months_heads=(
            "Month",
            *(
                f"{words.upper_first(one)} to {other}: {kind}"
                for one, other in ((a, b), (b, a))
                for kind in ("co-operative", "conflictual")
            ),
            "All events of the source",
        ),
    )


def told_of(news: News, direction: Direction) -> tuple[int, int]:
    """Co-operative and conflictual events of a direction, over all months."""
    sides: list[Told] = [one.a_to_b if direction == "a to b" else one.b_to_a for one in news.months]
    return sum(one.cooperative for one in sides), sum(one.conflictual for one in sides)


def headline(brief: Brief, news: News) -> str:
    """How many of the coded acts were conflict, each way."""
    a, b = brief.question.a.the, brief.question.b.the
    (co, conflict), (back, against) = (told_of(news, direction) for direction in DIRECTIONS)
    if not co + conflict + back + against:
        return f"The news that was read tells of no act between {a} and {b}"
    return (
        f"In the news, {conflict:,} of {co + conflict:,} acts of {a} towards {b} are conflict, "
        f"and {against:,} of {back + against:,} the other way"
    )


def how(news: News) -> str:
    whose = {
        "country": "actors of every kind (government, parties, press, citizens)",
        "state": "the state alone, on both sides",
    }[news.scope]
    others = words.listed([f"{name} ({count:,})" for name, count in news.others])
    more = f" Also loaded, with events of the pair: {others}." if others else ""
    return (
        f"{news.title}, {days(news)}; acts of {whose}. One event is one row of the source: what was reported, by a "
        f"machine’s reading, not what happened.{more}"
    )


def days(news: News) -> str:
    return words.listed([f"{words.day(start)} to {words.day(end)}" for start, end in news.spans[:3]]) + (
        f" and {len(news.spans) - 3} more spells" if len(news.spans) > 3 else ""
    )


def side(brief: Brief, news: News, direction: Direction) -> str:
    """What one side did to the other, in a sentence."""
    a, b = brief.question.a.the, brief.question.b.the
    giver, taker = (a, b) if direction == "a to b" else (b, a)
    co, conflict = told_of(news, direction)
    named = [named_class(one) for one in news.classes if one.direction == direction][:NAMED]
    mostly = f"; mostly {words.listed(named)}" if named else ""
    return f"{words.upper_first(giver)} to {taker}: {co:,} co-operative and {conflict:,} conflictual events{mostly}"


def named_class(one: NewsClass) -> str:
    return f"“{one.name}” ({one.events:,})"


def reports(news: News) -> tuple[Line, ...]:
    return tuple(
        Line(
            (
                words.day(one.date),
                one.sender,
                one.receiver,
                one.name,
                "–" if one.articles is None else f"{one.articles:,}",
                f"{one.source} {one.ref}",
            )
        )
        for one in news.reports
    )


def by_month(news: News) -> tuple[Line, ...]:
    """Every month in which either side did something, newest first."""
    told = [
        (
            one,
            (one.a_to_b.cooperative, one.a_to_b.conflictual, one.b_to_a.cooperative, one.b_to_a.conflictual),
        )
        for one in reversed(news.months)
    ]
    return tuple(
        Line((f"{one.month:%Y-%m}", *(f"{count:,}" for count in counts), f"{one.volume:,}"))
        for one, counts in told
        if any(counts)
    )
