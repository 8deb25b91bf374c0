"""Tone in a period: its level, how it changed, and whether it held still.

* **low**, **high**: the mean of the period is below −0.5, or above 0.5: what phases call strained, or warm;
* **up**, **down**: the mean of the period less that of the time it is compared with (by default as long, just before);
* **steady**: the mean of the period's last year less that of its first lies within ±0.3; contradicted where the whole
  interval lies outside.

In standard deviations of the world's pairs. A period in which nothing was observed, or of which the mean is not known
(evidence has not taken away half of its variance), is not decidable, whatever the state carried into it says.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from amity.insight.checks.known import KNOWN, NINETY, contrast, mean_over, seen_in
from amity.insight.checks.statement import Finding, Period, between, undecided, verdict

if TYPE_CHECKING:
    from amity.dimensions.pair import Relation
    from amity.insight.checks.known import Known
    from amity.insight.checks.statement import Row, Statement, Verdict

MEASURES = {"tone": "how the two treat each other, in a period"}
DIRECTIONS = ("low", "high", "up", "down", "steady")
EDGE = 0.5
"""Levels beyond it are told as strained or warm (`phases.EDGES`)."""
STILL = 0.3
"""A smaller change is none (`phases.SEEN_AS_MOVE`)."""
UNIT = "standard deviations of the world's pairs"


def check(known: Known, one: Statement) -> Finding:
    """Whether tone was, became or stayed so."""
    relation = known.relation(one.who, one.whom)
    period = _known_part(relation, one.period)
    if period is None:
        return undecided(f"Nothing was observed of their tone in {one.period}.", UNIT, "observations")
    if one.direction in ("low", "high"):
        return _level(relation, period, one)
    if one.direction == "steady":
        parts = (Period(_years_before(period, 1), period.end), Period(period.start, _first_year(period)))
        if parts[0].first <= parts[1].last:
            return undecided("Less than two years of the period are on record.", UNIT, "observations")
    else:
        parts = (period, one.against or _before(period))
    return _change(relation, parts, one)


def _known_part(relation: Relation, period: Period) -> Period | None:
    """The period up to the last month in which tone was observed; None where it was never observed in it."""
    months = relation.observed.filter(
        pl.col("dimension") == "tone", pl.col("month").is_between(period.first, period.last)
    )["month"]
    if months.is_empty():
        return None
    first, last = min(months), pl.Series([max(months)]).dt.month_end()[0]
    return Period(period.start or first, min(period.last, last) if period.end is None else period.end)


def _first_year(period: Period) -> date:
    return period.first.replace(year=period.first.year + 1, day=1) - timedelta(days=1)


def _years_before(period: Period, years: int) -> date:
    """The first day of the last so many years of a period."""
    return (period.last.replace(day=1, year=period.last.year - years) + timedelta(days=32)).replace(day=1)


def _before(period: Period) -> Period:
    """As long a time, just before."""
    return Period(
        period.first - (period.last - period.first) - timedelta(days=1), period.first - timedelta(days=1)
    )


def _level(relation: Relation, period: Period, one: Statement) -> Finding:
    """The mean of the period against the edge of what is told as strained or warm."""
    reading = relation.readings["tone"]
    value, sd = contrast(reading, mean_over(reading, period))
    rows = seen_in(relation, "tone", [period])
    if sd > KNOWN:
        return _unknown(period, rows)
    up = one.direction == "high"
    edge, ends = EDGE if up else -EDGE, (value - NINETY * sd, value + NINETY * sd)
    words = (
        f"Mean tone in {period} was {value:.2f} ({between(*ends)}); "
        f"{'warm is above' if up else 'strained is below'} {edge}."
    )
    return _finding(verdict(*ends, above=up, edge=edge), (value, *ends), rows, words)


def _change(relation: Relation, parts: tuple[Period, Period], one: Statement) -> Finding:
    """The mean of one time less that of another."""
    reading = relation.readings["tone"]
    weights = [mean_over(reading, part) for part in parts]
    rows = seen_in(relation, "tone", parts)
    steady = one.direction == "steady"
    for part, over in zip(parts, weights, strict=True):
        spoken = steady or seen_in(relation, "tone", [part])
        if not spoken or not over.any() or contrast(reading, over)[1] > KNOWN:
            return _unknown(part, rows)
    value, sd = contrast(reading, weights[0] - weights[1])
    ends = value - NINETY * sd, value + NINETY * sd
    said = _still(*ends) if steady else verdict(*ends, above=one.direction == "up")
    words = f"Mean tone of {parts[0]} less that of {parts[1]} is {value:.2f} ({between(*ends)})."
    return _finding(said, (value, *ends), rows, words)


def _still(low: float, high: float) -> Verdict:
    """Whether a change is surely within what counts as none, or surely beyond it."""
    if low > -STILL and high < STILL:
        return "supported"
    return "contradicted" if low > STILL or high < -STILL else "not decidable"


def _finding(said: Verdict, of: tuple[float, float, float], rows: tuple[Row, ...], words: str) -> Finding:
    return Finding(said, *of, UNIT, len(rows), "observations", words.replace(" -", " −"), rows)


def _unknown(period: Period, rows: tuple[Row, ...]) -> Finding:
    """The figure stays away: it would be what the state is without evidence."""
    words = f"Too little was observed to know the tone of {period}."
    return undecided(words, UNIT, "observations", len(rows), rows)
