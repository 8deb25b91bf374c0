"""Whether trust is lower from one side than from the other: the gap of two chances, over the months of a period.

The figure is the mean over months on record of the first state's trust in the second less the second's in the first
(`insight.trust`). The errors of months are almost one error, so that the ends of the interval are means as well.
**uneven** is supported where the interval leaves out nought, and contradicted where it lies within ±0.05.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity.evidence.event_days import covered_months, spans
from amity.insight import trust
from amity.insight.checks.statement import Finding, Row, between, code, undecided, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from amity.evidence import Evidence
    from amity.insight.checks.known import Known
    from amity.insight.checks.statement import Statement, Verdict

MEASURES = {"trust": "the first state's trust in the second, against the second's in the first"}
DIRECTIONS = ("uneven", "lower", "higher")
UNIT = "difference of chances"
EVEN = 0.05
"""A gap that is surely smaller is none."""


def check(known: Known, one: Statement) -> Finding:
    """Whether trust is uneven, and which way."""
    told = trust.ask(known.ev, one.who.ccodes, one.whom.ccodes)
    rows = told.filter(
        pl.col("kind") == "all", "covered", pl.col("month").is_between(one.period.first, one.period.last)
    )
    gaps = trust.gaps(rows).drop_nulls("gap") if rows.height else rows
    acts = int(rows["acts"].max()) if rows.height else 0  # pyright: ignore[reportArgumentType]
    if gaps.is_empty():
        return undecided("No source of acts says enough of both sides in the period.", UNIT, "months", 0)
    sign = 1.0 if one.who.ccode < one.whom.ccode else -1.0
    value, *ends = (float(gaps[name].mean()) * sign for name in ("gap", "low", "high"))  # pyright: ignore[reportArgumentType]
    low, high = sorted(ends)
    first, last = min(gaps["month"]), max(gaps["month"])
    sentence = (
        f"Over {gaps.height} months from {first:%B %Y} to {last:%B %Y} {code(one.who)}'s trust in {code(one.whom)} "
        f"less the other way round is {value:.2f} ({between(low, high)}), on up to {acts} acts of a side."
    ).replace(" -", " −")
    behind = _told(known.ev, gaps["month"].to_list())
    said = (
        _uneven(low, high)
        if one.direction == "uneven"
        else verdict(low, high, above=one.direction == "higher")
    )
    return Finding(said, value, low, high, UNIT, gaps.height, "months", sentence, behind)


def _told(ev: Evidence, months: Sequence[date]) -> tuple[Row, ...]:
    """The sources of acts that speak of some months, each with the month."""
    spoken = {source: covered_months(days) for source, days in spans(ev).items()}
    return tuple(
        Row(source, f"acts {month:%Y-%m}")
        for month in months
        for source in sorted(spoken)
        if month in spoken[source]
    )


def _uneven(low: float, high: float) -> Verdict:
    if low > 0 or high < 0:
        return "supported"
    return "contradicted" if low > -EVEN and high < EVEN else "not decidable"
