"""How one state was represented in another: relations, post, chief of mission, and the gaps between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from amity import evidence
from amity.catalog import Measure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from amity.evidence import Evidence, Grain

ABOUT = Measure(
    name="representation",
    says="share of days with a chief of mission in post, with relations, post and names",
    grain="directed dyad-month",
    reads=("ties",),
    unit="share",
    bounds=(0.0, 1.0),
    undefined="no source speaks about every day of the period, or its dates are too vague to count days",
)

GAP = {
    "start": pl.Date, "end": pl.Date, "days": pl.Int32, "months": pl.Int32,
    "before": pl.String, "after": pl.String, "closed": pl.Boolean,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Vacancy:
    start: date
    end: date
    before: str | None
    after: str | None
    closed: bool


def gather(
    ev: Evidence, sender: Sequence[int], receiver: Sequence[int], grain: Grain, start: date, end: date
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The panel from one state to another, its chiefs of mission, and the days about which they are known.

    States are lines of COW codes; what `compute` and `gaps` ask for.
    """
    pairs = [(here, there) for here in sender for there in receiver]
    rows = evidence.panel(ev, pairs, grain, start, end).filter(
        pl.col("ccode1").is_in(list(sender)) & pl.col("ccode2").is_in(list(receiver))
    )
    return rows, *chiefs(ev, sender, receiver)


def chiefs(ev: Evidence, sender: Sequence[int], receiver: Sequence[int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Chiefs of mission of one state in another (rows of ties), and the days about which they are known.

    Known days (`start, end`, in time order) are those on record on which both states were in the state system.
    """
    pairs = [(here, there) for here in sender for there in receiver]
    envoys = evidence.ties(ev, sender, receiver).filter(pl.col("kind") == "envoy")
    known = evidence.reach(ev, "ties", "envoy", pairs).join(
        evidence.together(pairs),
        left_on=["ccode_from", "ccode_to"],
        right_on=["ccode1", "ccode2"],
        suffix="_both",
    )
    days = known.select(
        start=pl.max_horizontal("start", "start_both"), end=pl.min_horizontal("end", "end_both")
    )
    return envoys, days.filter(pl.col("start") <= pl.col("end")).sort("start")


def compute(rows: pl.DataFrame, envoys: pl.DataFrame) -> pl.DataFrame:
    """Representation by year or month, from a directed panel and the ties of its chiefs of mission.

    Columns: the panel's keys, `relations` (1, 0), `post_level`, `envoy_level` (all three on the last day of the period;
    'none' where there is none), `envoy_share` (share of days with a chief of mission, 0 to 1), and `who` (those in
    post on any day of the period, in order, joined by '; '). Missing is not known; what counts as known is said in
    `evidence.columns`.
    """
    keys = [name for name in ("ccode1", "ccode2", "year", "month") if name in rows.columns]
    first = pl.date("year", "month" if "month" in keys else 1, 1)
    last = first.dt.offset_by("1mo" if "month" in keys else "1y").dt.offset_by("-1d")
    people = envoys.select(
        "who",
        ccode1="ccode_from",
        ccode2="ccode_to",
        since="start",
        until=pl.col("end").fill_null(date(9999, 12, 31)),
    )
    named = (
        rows.select(*keys, first=first, last=last)
        .join(people, on=["ccode1", "ccode2"])
        .filter((pl.col("since") <= pl.col("last")) & (pl.col("until") >= pl.col("first")))
        .sort(*keys, "since")
        .group_by(keys, maintain_order=True)
        .agg(who=pl.col("who").drop_nulls().str.join("; "))
    )
    held = ("relations", "post_level", "envoy_level", "envoy_share")
    columns = [pl.col(name if name in rows.columns else f"{name}_1to2").alias(name) for name in held]
    return rows.select(*keys, *columns).join(named, on=keys, how="left", maintain_order="left")


def gaps(envoys: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Spells of known days on which surely nobody was chief of mission, in time order.

    Columns: `start` and `end` (first and last vacant day), `days`, `months` (whole ones), `before` and `after` (who
    left and who came; missing: nobody on record), `closed` (False: still vacant when the known days end). A date known
    to the month or year is read so that the gap is the shortest possible.

    >>> from datetime import date
    >>> day = {"start_precision": "day", "end_precision": "day"}
    >>> envoys = pl.DataFrame([
    ...     {"start": date(1974, 4, 3), "end": date(1975, 4, 12), "who": "John Gunther Dean", **day},
    ...     {"start": date(1991, 11, 12), "end": None, "who": "Charles H. Twining", **day},
    ... ])
    >>> known = pl.DataFrame({"start": [date(1974, 4, 3)], "end": [date(1995, 12, 31)]})
    >>> gaps(envoys, known).select("start", "end", "months").row(0)
    (datetime.date(1975, 4, 13), datetime.date(1991, 11, 11), 198)
    """
    served = sorted(_served(envoys))
    vacancies = [
        gap for start, end in known.select("start", "end").iter_rows() for gap in _vacant(served, start, end)
    ]
    rows = [
        (gap.start, gap.end, _days(gap), _months(gap), gap.before, gap.after, gap.closed) for gap in vacancies
    ]
    return pl.DataFrame(rows, schema=GAP, orient="row")


def _served(envoys: pl.DataFrame) -> Iterator[tuple[date, date, str]]:
    """First and last day on which each may have been in post."""
    columns = ("start", "end", "end_precision", "who")
    for start, end, precision, who in envoys.select(columns).iter_rows():
        yield start, _latest(end, precision), who or ""


def _latest(end: date | None, precision: str | None) -> date:
    if end is None:
        return date(9999, 12, 31)
    if precision == "year":
        return end.replace(month=12, day=31)
    if precision == "month":
        return (end.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return end


def _vacant(served: Sequence[tuple[date, date, str]], start: date, end: date) -> Iterator[_Vacancy]:
    free, before = start, None
    for came, left, who in served:
        if came > end:
            break
        if came > free:
            yield _Vacancy(free, came - timedelta(days=1), before, who or None, closed=True)
        if left >= free:
            before = who or None
            if left >= end:
                return
            free = left + timedelta(days=1)
        elif left < start:
            before = who or None
    yield _Vacancy(free, end, before, None, closed=False)


def _days(gap: _Vacancy) -> int:
    return (gap.end - gap.start).days + 1


def _months(gap: _Vacancy) -> int:
    """Whole months from the first vacant day to the last."""
    after = gap.end + timedelta(days=1)
    return (after.year - gap.start.year) * 12 + after.month - gap.start.month - (after.day < gap.start.day)
