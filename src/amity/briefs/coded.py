"""What the news says that the two did to each other: coded events, from evidence to the brief's own records.

A count of events means little by itself, because the press that is read has grown a hundredfold; so each month carries
the volume of its source. A month outside the source's coverage is unknown, and is no row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from amity import cameo, sources, states
from amity.briefs import answer
from amity.errors import UsageError
from amity.evidence import event_days, months, reports
from amity.ingest import own

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from amity.briefs.gather import Asked
    from amity.evidence import Evidence
    from amity.evidence.event_days import Span

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
LOAD = "see `amity load --help` and `amity pull --help`"


def reach(ev: Evidence) -> tuple[answer.Reach, ...]:
    """When each source of coded events speaks, about whomever the news names."""
    return tuple(
        answer.Reach(source, "events", "*", start, end)
        for source, days in event_days.spans(ev).items()
        for start, end in days
    )


def news(ev: Evidence, asked: Asked, wanted: Wanted) -> answer.News | None:
    """The coded events of the pair by month, their main classes, and the most reported acts of a month.

    None where no source of coded events speaks of the years asked for. Raises `UsageError` for a source that is not
    loaded, and for a month that it does not cover.
    """
    known = {
        source: days
        for source, covered in event_days.spans(ev).items()
        if (days := event_days.cut(covered, asked.first, asked.last))
    }
    refuse_unloaded(known, wanted)
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
        spans=known[source],
        months=series,
        classes=classes(own_rows),
        month=month,
        reports=most_reported(ev, asked, month, source, wanted.scope) if month else (),
        others=others,
    )


def refuse_unloaded(known: Mapping[str, object], wanted: Wanted) -> None:
    if wanted.source and wanted.source not in known:
        raise UsageError(
            f"no coded events of '{wanted.source}' are loaded for these years",
            f"say one of: {', '.join(known)}" if known else LOAD,
        )
    if wanted.month and not known:
        raise UsageError("no coded events are loaded for these years", LOAD)


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


def most(rows: pl.DataFrame, known: Mapping[str, tuple[Span, ...]]) -> str:
    """The source that has most events of the pair; with none, the one that reaches furthest."""
    counts = dict(rows.group_by("source").agg(pl.col("events").sum()).rows())
    return max(known, key=lambda name: (counts.get(name, 0), known[name][-1][1]))


def by_month(
    ev: Evidence, rows: pl.DataFrame, source: str, days: tuple[Span, ...]
) -> tuple[answer.NewsMonth, ...]:
    """Each month that the source covers, with what each side did; a month without a row of the pair is a zero."""
    volume = event_days.volumes(ev, source)
    kind = pl.when(pl.col("quad").is_in(COOPERATIVE)).then(pl.lit("co")).otherwise(pl.lit("conflict"))
    sums = rows.group_by("month", "direction", kind=kind).agg(
        pl.col("events", "incidents").sum(),
        articles=pl.when(pl.col("articles").null_count() == 0).then(pl.col("articles").sum()),
    )
    held = {tuple(row[:3]): row[3:] for row in sums.rows()}
    return tuple(
        answer.NewsMonth(
            month,
            covered,
            volume.get(month, 0),
            sums_of(held, month, "a to b"),
            sums_of(held, month, "b to a"),
        )
        for month, covered in event_days.covered_months(days).items()
    )


def sums_of(held: Mapping[Any, Any], month: date, way: answer.Direction) -> answer.Told:
    co, conflict = (held.get((month, way, kind), (0, 0, 0)) for kind in ("co", "conflict"))
    return answer.Told(*co, *conflict)


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
    """The most reported acts of a month between the two, each once however many rows tell of it."""
    days = (month, event_days.last_day(month))
    rows = reports.between(ev, asked.a.ccodes, asked.b.ccodes, days, source=source, scope=scope)
    return tuple(
        answer.Report(
            date=row["date"],
            direction=row["direction"],
            sender=who(row["name_from"], row["role_from"], row["ccode_from"]),
            receiver=who(row["name_to"], row["role_to"], row["ccode_to"]),
            code=row["code"],
            name=cameo.find(row["code"]).name,
            force_tenths=row["goldstein_tenths"],
            articles=row["articles"],
            rows=row["rows"],
            source=row["source"],
            ref=row["ref"],
        )
        for row in acts(rows).head(REPORTS).iter_rows(named=True)
    )


def acts(rows: pl.DataFrame) -> pl.DataFrame:
    """One row an act: what one side did to the other on a day in one root class and field, the most reported first.

    It is told by its most reported row, then its weightiest; `rows` says how many there are, `articles` sums theirs
    (missing where any is). Where articles are not counted, acts told in most rows come first, then the weightiest.
    """
    meanings = cameo.classes().select("code", "root", "field", "goldstein_tenths")
    weight = pl.col("goldstein_tenths").abs()
    best_first = [pl.col("articles"), weight, pl.col("date"), pl.col("ref")]
    told = rows.drop("root").join(meanings, on="code")
    return (
        told.sort(best_first, descending=[True, True, False, False], nulls_last=True)
        .group_by("direction", "date", "root", "field", maintain_order=True)
        .agg(
            pl.all().exclude("articles").first(),
            articles=pl.when(pl.col("articles").null_count() == 0).then(pl.col("articles").sum()),
            rows=pl.len(),
        )
        .sort(
            pl.col("articles"), pl.col("rows"), weight, pl.col("date"), pl.col("ref"),
            descending=[True, True, True, False, False], nulls_last=True,
        )
    )  # fmt: skip


def who(name: str | None, role: str | None, ccode: int) -> str:
    """An actor in words: the publisher's name, or that of its state, with the state and role that it leaves out.

    >>> who("HUN SEN", "ELI", 811), who("UNITED STATES", None, 2), who(None, "GOV", 811)
    ('Hun Sen (Cambodia, former officials and celebrities)', 'United States', 'Cambodia (government)')
    """
    state = states.by_ccode(ccode).name
    shown = name.title() if name and name.isupper() else name or state
    if "(" in shown:
        return shown
    left_out = [state] if state.lower() not in shown.lower() else []
    left_out += [cameo.role(role).name] if role else []
    return f"{shown} ({', '.join(left_out)})" if left_out else shown
