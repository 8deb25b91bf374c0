"""When sources of coded events speak, and how much there was in all: what a pair's counts are read against."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from amity.evidence.rows import coverage, query
from amity.ingest import own
from amity.store import batches

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amity.evidence.rows import Evidence

Span = tuple[date, date]


def spans(ev: Evidence) -> dict[str, tuple[Span, ...]]:
    """The days about which each loaded source of coded events speaks: first and last days of spells, in time order.

    A source that is whole declares them; of one without an end they are the days of the files that were read; a user's
    own record, unless declared whole, speaks of the months in which it has an event.
    """
    found: dict[str, list[Span]] = {}
    told = coverage(ev).filter(pl.col("table") == "events").select("source", "start", "end")
    read = [(one.source, one.start, one.end) for one in batches.file_receipts(ev.store)] if ev.store else []
    for source, start, end in sorted({*told.rows(), *read, *_undeclared(ev)}):
        found.setdefault(source, []).append((start, end))
    return {source: joined(days) for source, days in found.items()}


def _undeclared(ev: Evidence) -> list[tuple[str, date, date]]:
    """The months in which users' own records have events."""
    sql = (
        "SELECT DISTINCT source, month, last_day(month) FROM volumes WHERE ccode IS NULL AND source LIKE $own"
    )
    return query(ev, sql, {"own": f"{own.PREFIX}%"}).rows()


def joined(days: Iterable[Span]) -> tuple[Span, ...]:
    """Spells sorted by their first day, those that touch or overlap made one.

    >>> joined([(date(2014, 1, 1), date(2014, 1, 1)), (date(2014, 1, 2), date(2014, 1, 5))])
    ((datetime.date(2014, 1, 1), datetime.date(2014, 1, 5)),)
    """
    made: list[Span] = []
    for start, end in days:
        if made and start.toordinal() <= made[-1][1].toordinal() + 1:
            made[-1] = (made[-1][0], max(made[-1][1], end))
        else:
            made.append((start, end))
    return tuple(made)


def cut(days: Iterable[Span], first: date, last: date) -> tuple[Span, ...]:
    """What of spells lies between two days, both included.

    >>> cut([(date(2014, 1, 1), date(2014, 12, 31))], date(2014, 6, 1), date(2020, 1, 1))
    ((datetime.date(2014, 6, 1), datetime.date(2014, 12, 31)),)
    """
    return tuple((max(a, first), min(b, last)) for a, b in days if a <= last and b >= first)


def covered_months(days: Iterable[Span]) -> dict[date, int]:
    """The months that spells touch, by their first days in time order, each with its days that are covered.

    >>> covered_months([(date(2014, 11, 3), date(2015, 1, 2))])[date(2015, 1, 1)]
    2
    """
    found: dict[date, int] = {}
    for start, end in sorted(days):
        for at in range(start.year * 12 + start.month - 1, end.year * 12 + end.month):
            month = date(at // 12, at % 12 + 1, 1)
            ((one, other),) = cut([(start, end)], month, last_day(month))
            found[month] = found.get(month, 0) + (other - one).days + 1
    return found


def last_day(month: date) -> date:
    """
    >>> last_day(date(2016, 2, 1))
    datetime.date(2016, 2, 29)
    """
    return month.replace(day=monthrange(month.year, month.month)[1])


def volumes(ev: Evidence, source: str) -> dict[date, int]:
    """All events of a source by month, whoever acts; a month without an event has no entry."""
    sql = "SELECT month, sum(events)::BIGINT FROM volumes WHERE ccode IS NULL AND source = $source GROUP BY month"
    return dict(query(ev, sql, {"source": source}).rows())
