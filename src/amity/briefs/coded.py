"""What the news says that the two did to each other: coded events, from evidence to the brief's own records.

A count of events means little by itself, because the press that is read has grown a hundredfold; so each month carries
the volume of its source. A month outside the source's coverage is unknown, and is no row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from amity import cameo, sources, states
from amity.briefs import answer
from amity.errors import UsageError
from amity.evidence import coverage, months, reports
from amity.evidence.rows import query
from amity.ingest import own
from amity.store import batches

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amity.briefs.gather import Asked
    from amity.evidence import Evidence

Scope = Literal["country", "state"]
COOPERATIVE = (1, 2)
"""Quad classes of co-operation, in words and in deeds; the others are conflict."""
CLASSES = 6
REPORTS = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which coded events to show: a source (empty: the one with most), whose acts, and the month told in full."""

    source: str = ""
    scope: Scope = "country"
    month: date | None = None


USUAL = Wanted()


def spans(ev: Evidence) -> dict[str, list[tuple[date, date]]]:
    """The days about which each source of coded events speaks; of files without an end, those that were read."""
    found: dict[str, list[tuple[date, date]]] = {}
    told = coverage(ev).filter(pl.col("table") == "events").select("source", "start", "end")
    read = [(one.source, one.start, one.end) for one in batches.file_receipts(ev.store)] if ev.store else []
    for source, start, end in sorted({*told.rows(), *read, *undeclared(ev)}):
        found.setdefault(source, []).append((start, end))
    return {source: joined(days) for source, days in found.items()}


def undeclared(ev: Evidence) -> list[tuple[str, date, date]]:
    """The months in which a user's own record has events; of others it says nothing, unless it is declared whole."""
    sql = (
        "SELECT DISTINCT source, month, last_day(month) FROM volumes WHERE ccode IS NULL AND source LIKE $own"
    )
    return query(ev, sql, {"own": f"{own.PREFIX}%"}).rows()


def joined(days: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """Spells in time order, those that touch or overlap made one.

    >>> joined([(date(2014, 1, 1), date(2014, 1, 1)), (date(2014, 1, 2), date(2014, 1, 5))])
    [(datetime.date(2014, 1, 1), datetime.date(2014, 1, 5))]
    """
    made: list[tuple[date, date]] = []
    for start, end in days:
        if made and start.toordinal() <= made[-1][1].toordinal() + 1:
            made[-1] = (made[-1][0], max(made[-1][1], end))
        else:
            made.append((start, end))
    return made


def reach(ev: Evidence) -> tuple[answer.Reach, ...]:
    """When each source of coded events speaks, about whomever the news names."""
    return tuple(
        answer.Reach(source, "events", "*", start, end)
        for source, days in spans(ev).items()
        for start, end in days
    )


def news(ev: Evidence, asked: Asked, wanted: Wanted) -> answer.News | None:
    """The coded events of the pair by month, their main classes, and the most reported ones of a month.

    None where no source of coded events speaks of the years asked for. Raises `UsageError` for a source that is not
    loaded, and for a month that it does not cover.
    """
    known = {
        source: days
        for source, covered in spans(ev).items()
        if (
            days := [
                (max(a, asked.first), min(b, asked.last))
                for a, b in covered
                if a <= asked.last and b >= asked.first
            ]
        )
    }
    if wanted.source and wanted.source not in known:
        raise UsageError(
            f"no coded events of '{wanted.source}' are loaded for these years",
            f"say one of: {', '.join(known) or 'none is loaded; see `amity load --help`'}",
        )
    if not known:
        return None
    rows = counted(ev, asked, wanted.scope)
    source = wanted.source or most(rows, known)
    own_rows = rows.filter(pl.col("source") == source)
    series = by_month(ev, own_rows, source, known[source])
    month = told_month(series, own_rows, wanted)
    others = tuple(
        (name, int(rows.filter(pl.col("source") == name)["events"].sum())) for name in known if name != source
    )
    return answer.News(
        source=source,
        title=title(source),
        scope=wanted.scope,
        spans=tuple(known[source]),
        months=series,
        classes=classes(own_rows),
        month=month,
        reports=most_reported(ev, asked, month, source, wanted.scope) if month else (),
        others=others,
    )


def title(source: str) -> str:
    about = own.about(source) if own.is_own(source) else sources.about(source)
    return about.title


def counted(ev: Evidence, asked: Asked, scope: Scope) -> pl.DataFrame:
    """Pair-months of the two within the years asked for, with `direction`."""
    a, b = asked.a.ccodes, asked.b.ccodes
    ways = {"a to b": (a, b), "b to a": (b, a)}
    rows = pl.concat(
        months.pair_months(ev, senders, receivers, scope=scope).with_columns(direction=pl.lit(way))
        for way, (senders, receivers) in ways.items()
    )
    return rows.filter(pl.col("month").is_between(asked.first, asked.last))


def most(rows: pl.DataFrame, known: dict[str, list[tuple[date, date]]]) -> str:
    """The source that has most events of the pair; with none, the one that reaches furthest."""
    counts = dict(rows.group_by("source").agg(pl.col("events").sum()).rows())
    return max(known, key=lambda name: (counts.get(name, 0), known[name][-1][1]))


def by_month(
    ev: Evidence, rows: pl.DataFrame, source: str, days: list[tuple[date, date]]
) -> tuple[answer.NewsMonth, ...]:
    """Each month that the source covers, with what each side did; a month without a row of the pair is a zero."""
    sql = "SELECT month, sum(events)::BIGINT FROM volumes WHERE ccode IS NULL AND source = $source GROUP BY month"
    volume: dict[date, int] = dict(query(ev, sql, {"source": source}).rows())
    kind = pl.when(pl.col("quad").is_in(COOPERATIVE)).then(pl.lit("co")).otherwise(pl.lit("conflict"))
    sums = rows.group_by("month", "direction", kind=kind).agg(
        pl.col("events", "incidents").sum(),
        articles=pl.when(pl.col("articles").null_count() == 0).then(pl.col("articles").sum()),
    )
    held = {tuple(row[:3]): row[3:] for row in sums.rows()}
    return tuple(
        answer.NewsMonth(
            month, volume.get(month, 0), *(_sums(held, month, way) for way in ("a to b", "b to a"))
        )
        for month in covered_months(days)
    )


def _sums(held: dict[Any, Any], month: date, way: str) -> answer.Told:
    co, conflict = (held.get((month, way, kind), (0, 0, 0)) for kind in ("co", "conflict"))
    return answer.Told(*co, *conflict)


def covered_months(days: list[tuple[date, date]]) -> list[date]:
    """The first days of all months that spells touch, in order.

    >>> covered_months([(date(2014, 11, 3), date(2015, 1, 2))])[-1]
    datetime.date(2015, 1, 1)
    """
    found = {
        date(at // 12, at % 12 + 1, 1)
        for start, end in days
        for at in range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
    }
    return sorted(found)


def classes(rows: pl.DataFrame) -> tuple[answer.NewsClass, ...]:
    """The commonest root classes of each direction."""
    sums = (
        rows.group_by("direction", "code", "quad")
        .agg(pl.col("events").sum())
        .sort(["direction", "events", "code"], descending=[False, True, False])
        .group_by("direction", maintain_order=True)
        .head(CLASSES)
    )
    return tuple(
        answer.NewsClass(row["direction"], row["code"], cameo.ROOTS[row["code"]], row["quad"], row["events"])
        for row in sums.iter_rows(named=True)
    )


def told_month(series: tuple[answer.NewsMonth, ...], rows: pl.DataFrame, wanted: Wanted) -> date | None:
    """The month that is told in full: the one asked for, else the most reported, else that with most events."""
    if wanted.month is not None:
        if wanted.month not in {one.month for one in series}:
            raise UsageError(
                f"the source does not cover {wanted.month:%Y-%m}",
                f"say a month between {series[0].month:%Y-%m} and {series[-1].month:%Y-%m}, or another source",
            )
        return wanted.month
    if rows.is_empty():
        return None
    sums = rows.group_by("month").agg(pl.col("articles").sum(), pl.col("events").sum())
    return sums.sort(["articles", "events", "month"], descending=True).item(0, "month")


def most_reported(
    ev: Evidence, asked: Asked, month: date, source: str, scope: Scope
) -> tuple[answer.Report, ...]:
    """The most reported events of a month between the two."""
    rows = reports.top_events(ev, asked.a.ccodes, asked.b.ccodes, month, REPORTS, source=source, scope=scope)
    return tuple(
        answer.Report(
            date=row["date"],
            direction=row["direction"],
            sender=who(row["name_from"], row["role_from"], row["ccode_from"]),
            receiver=who(row["name_to"], row["role_to"], row["ccode_to"]),
            code=row["code"],
            name=cameo.find(row["code"]).name,
            articles=row["articles"],
            source=row["source"],
            ref=row["ref"],
        )
        for row in rows.iter_rows(named=True)
    )


def who(name: str | None, role: str | None, ccode: int) -> str:
    """An actor in words: the publisher's name, or that of its state, with the role in words.

    >>> who("HUN SEN", "ELI", 811), who("UNITED STATES", None, 2), who(None, "GOV", 811)
    ('Hun Sen (former officials and celebrities)', 'United States', 'Cambodia (government)')
    """
    shown = name.title() if name and name.isupper() else name or states.by_ccode(ccode).name
    return f"{shown} ({cameo.role(role).name})" if role and "(" not in shown else shown
