"""Coded events in words and tables: the same sentences and rows in every form of the brief."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amity.briefs import bands, words
from amity.briefs.charts.look import code
from amity.briefs.news_months import counts, named, share

if TYPE_CHECKING:
    from datetime import date

    from amity.briefs.answer import Brief, Direction, News, NewsClass, Report, Told

DIRECTIONS: tuple[Direction, ...] = ("a to b", "b to a")
NAMED = 4


def bring(until: date) -> str:
    """What brings coded events of the time before a date."""
    return f"{bands.pull(until)} brings them: who did what to whom, by day."


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table, as text."""

    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One direction: who towards whom, and what in short."""

    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Newsroom:
    """What a page shows of the coded events."""

    title: str
    how: str
    sides: tuple[Side, Side]
    share: str
    volume: str
    reports_title: str
    """Empty where there is no event at all."""
    reports_how: str
    reports: tuple[Line, ...]
    months: tuple[Line, ...]
    months_heads: tuple[str, ...]


REPORT_HEADS = ("Day", "Who", "To whom", "Act", "Told in", "Row")


def newsroom(brief: Brief) -> Newsroom | None:
    """The section of coded events; None where there are none."""
    news = brief.news
    if news is None:
        return None
    month = f"{words.MONTHS[news.month.month - 1]} {news.month.year}" if news.month else ""
    most = "The most reported acts" if news.reports else "No act between the two"
    return Newsroom(
        title=headline(brief, news),
        how=how(news),
        sides=(side(brief, news, "a to b"), side(brief, news, "b to a")),
        share="Of 10,000 events of the source, those of the two, both ways",
        volume="All events of the source, a month: what the counts above are drawn from",
        reports_title=f"{most} in {month}" if month else "",
        reports_how=reports_how(news),
        reports=reports(news),
        months=by_month(news),
        months_heads=months_heads(brief),
    )


def reports_how(news: News) -> str:
    """How the acts of the month were chosen."""
    if not news.reports:
        return "The source covers the month, and tells of none."
    one = "One line is one act: the rows of one day, direction and class together, told by one of them."
    if any(act.articles is not None for act in news.reports):
        return f"{one} Articles are summed over its rows."
    return f"{one} The source does not count articles: acts told in most rows come first, then those of most weight."


def months_heads(brief: Brief) -> tuple[str, ...]:
    a, b = code(brief.question.a), code(brief.question.b)
    ways = (f"{a} to {b}", f"{b} to {a}")
    kinds = ("co-operative", "conflictual")
    return ("Month", *(f"{way}, {kind}" for way in ways for kind in kinds), "All events", "In 10,000")


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
        f"Conflict in the news: {part(co, conflict)} of {a} towards {b}, {part(back, against)} the other way"
    )


def part(co: int, conflict: int) -> str:
    """How many acts of all are conflict.

    >>> part(1200, 300), part(0, 1), part(0, 0)
    ('300 of 1,500 acts', '1 of 1 act', 'no act')
    """
    told = co + conflict
    return f"{conflict:,} of {told:,} act{'' if told == 1 else 's'}" if told else "no act"


def how(news: News) -> str:
    """Which source, which days, whose acts, and what else is loaded."""
    whose = {
        "country": "actors of every kind (government, parties, press, citizens)",
        "state": "the state alone, on both sides",
    }[news.scope]
    others = words.listed([f"{name} ({count:,})" for name, count in news.others])
    more = f" Also loaded, with so many events of the pair: {others}." if others else ""
    return f"{news.title}, {days(news)}; acts of {whose}. An event is one row of the source.{more}"


def days(news: News) -> str:
    return words.listed([f"{words.day(start)} to {words.day(end)}" for start, end in news.spans[:3]]) + (
        f" and {len(news.spans) - 3} more spells" if len(news.spans) > 3 else ""
    )


def side(brief: Brief, news: News, direction: Direction) -> Side:
    """What one side did to the other, in short."""
    a, b = brief.question.a.the, brief.question.b.the
    giver, taker = (a, b) if direction == "a to b" else (b, a)
    co, conflict = told_of(news, direction)
    named = [named_class(one) for one in news.classes if one.direction == direction][:NAMED]
    mostly = f"; mostly {words.listed(named)}" if named else ""
    return Side(
        f"{words.upper_first(giver)} to {taker}", f"{co:,} co-operative, {conflict:,} conflictual{mostly}"
    )


def named_class(one: NewsClass) -> str:
    return f"“{one.name}” ({one.events:,})"


def reports(news: News) -> tuple[Line, ...]:
    return tuple(
        Line(
            (
                f"{one.date.day} {words.MONTHS[one.date.month - 1]}",
                one.sender,
                one.receiver,
                one.name,
                told_in(one),
                f"{one.source} {one.ref}",
            )
        )
        for one in news.reports
    )


def told_in(one: Report) -> str:
    """How much was told of an act: '12 articles in 3 rows', or '3 rows' where articles are not counted."""
    rows = f"{one.rows:,} row{'' if one.rows == 1 else 's'}"
    if one.articles is None:
        return rows
    return f"{one.articles:,} article{'' if one.articles == 1 else 's'} in {rows}"


def by_month(news: News) -> tuple[Line, ...]:
    """Every month in which either side did something, newest first; a month covered in part says so."""
    return tuple(
        Line((named(one), *(f"{count:,}" for count in counts(one)), f"{one.volume:,}", share(one)))
        for one in reversed(news.months)
        if any(counts(one))
    )
