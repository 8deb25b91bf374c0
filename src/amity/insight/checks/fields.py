"""Whether a relation broadened or deepened: the last December of a period against the one before it began.

* **breadth**: in how many of the fields that are known at both ends the two are engaged above a pair at rest; the
  interval is that of the difference of the two numbers, each Poisson-binomial;
* **depth**: the mean change of those fields' states, in standard deviations of the world's pairs.

A field that is not known at both ends is left out, and counts as nothing. The errors of the two ends are taken for
independent: they hang together a little, so that intervals are a little wide.
"""

from __future__ import annotations

from datetime import date
from math import erf, sqrt
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amity.insight import fields
from amity.insight.checks.known import NINETY, seen_in
from amity.insight.checks.statement import Finding, between, undecided, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.insight.checks.known import Known
    from amity.insight.checks.statement import Row, Statement

MEASURES = {
    "breadth": "in how many fields the two are engaged, at the end of a period and before it",
    "depth": "how much they are engaged in the fields that are known, likewise",
}
DIRECTIONS = ("up", "down")
UNITS = {"breadth": "fields", "depth": "standard deviations of the world's pairs"}


def check(known: Known, one: Statement) -> Finding:
    """Whether engagement has become broader, deeper or neither."""
    relation = known.relation(one.who, one.whom)
    unit = UNITS[one.measure]
    rows = seen_in(relation, "engagement", [one.period])
    observed = relation.observed.filter(pl.col("dimension") == "engagement").drop("dimension")
    if not rows or one.period.start is None:
        return undecided("Nothing was observed of their engagement in the period.", unit, "fields known")
    last = max(observed["month"])
    ends = date(one.period.first.year - 1, 12, 1), min(date(one.period.last.year, 12, 1), last)
    both = _both_ends(fields.ask(observed, max(last, ends[1])).depth, ends)
    if both.is_empty():
        return undecided("No field is known at both ends of the period.", unit, "fields known", 0, rows)
    return _told(both, ends, one, rows)


def _both_ends(depth: pl.DataFrame, ends: tuple[date, date]) -> pl.DataFrame:
    """The fields known at both ends: `field, value, sd, value_after, sd_after`."""
    known = depth.filter("known").select("field", "month", "value", "sd")
    before, after = (known.filter(pl.col("month") == end).drop("month") for end in ends)
    return before.join(after, on="field", suffix="_after").sort("field")


def _told(both: pl.DataFrame, ends: tuple[date, date], one: Statement, rows: tuple[Row, ...]) -> Finding:
    names = ", ".join(both["field"])
    if one.measure == "depth":
        moved = (both["value_after"] - both["value"]).to_numpy()
        sd = float(np.linalg.norm(both.select("sd", "sd_after").to_numpy())) / len(moved)
        value = float(moved.mean())
        low, high = value - NINETY * sd, value + NINETY * sd
    else:
        before, after = (_chances(both, end) for end in ("", "_after"))
        value = float(after.sum() - before.sum())
        low, high = spread(before.tolist(), after.tolist())
    said = verdict(low, high, above=one.direction == "up")
    shown = f"{value:+.2f} ({between(low, high, 2 if one.measure == 'depth' else 0)})".replace("-", "−")
    sentence = (
        f"From {ends[0]:%B %Y} to {ends[1]:%B %Y} {one.measure} moved by {shown}, "
        f"of the {both.height} fields known at both ends ({names})."
    )
    return Finding(said, value, low, high, UNITS[one.measure], both.height, "fields known", sentence, rows)


def _chances(both: pl.DataFrame, end: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The chance of each field to be above a pair at rest."""
    z = (both[f"value{end}"] / both[f"sd{end}"]).to_list()
    return np.array([0.5 * (1.0 + erf(one / sqrt(2.0))) for one in z])


def spread(before: Sequence[float], after: Sequence[float]) -> tuple[float, float]:
    """Between which numbers the fields won less those lost lie with 90 %, by the chances of each at both ends.

    >>> spread([0.0, 0.0, 1.0], [1.0, 1.0, 1.0])
    (2.0, 2.0)
    """
    mass = np.ones(1)
    for p in after:
        mass = np.convolve(mass, [1.0 - p, p])
    for p in before:
        mass = np.convolve(mass, [p, 1.0 - p])
    below = np.cumsum(mass)
    return float(np.searchsorted(below, 0.05)) - len(before), float(np.searchsorted(below, 0.95)) - len(
        before
    )
