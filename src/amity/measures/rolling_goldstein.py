"""The running mean of Goldstein's weights, from 0 to 100: the index that most dashboards of events show."""

from __future__ import annotations

import polars as pl

from amity.catalog import Measure
from amity.errors import UsageError
from amity.measures import event_months

ABOUT = Measure(
    name="rolling_goldstein",
    says="mean Goldstein weight of the events of the last months, from 0 (all war) to 100 (all alliance)",
    grain="directed dyad-month",
    reads=("pair_months",),
    unit="points",
    bounds=(0.0, 100.0),
    cite=("goldstein1992",),
    undefined="no event from the one towards the other is on record in the month",
)

MONTHS = 3
"""Months in the mean, this one included."""


def compute(months: pl.DataFrame, window: int = MONTHS) -> pl.DataFrame:
    r"""The mean weight of a directed pair's events over `window` calendar months, put on 0 to 100.

    $$G = 50 + 5 \cdot \frac{\sum_e g_e}{n}$$

    with $g$ Goldstein's (1992) weight of each event, −10 to 10, and $n$ their number: 50 is a mean weight of nought,
    and a talkative press does not move it. Every event weighs the same, told once or often. No published scale fixes
    the window; three months are usual, and our default.

    Columns: `source, scope` (where `months` has them), `ccode_from, ccode_to, month, events` (in the window), `value`.

    >>> from datetime import date
    >>> rows = pl.DataFrame({"month": [date(2018, 1, 1), date(2018, 5, 1)], "ccode_from": [2, 2],
    ...     "ccode_to": [811, 811], "quad": [1, 4], "events": [2, 1], "incidents": [2, 1], "force_events": [40, -100],
    ...     "force_incidents": [40, -100]})
    >>> compute(rows).select("events", "value").rows()
    [(2, 60.0), (1, 0.0)]
    """
    if window < 1:
        raise UsageError(f"a mean over {window} months is none", "say a window of one month or more")
    by = event_months.keys(months)
    sums = event_months.directed(months)
    if sums.is_empty():
        return sums.select(*by, "month", "events", value=pl.lit(None, dtype=pl.Float64))
    running = sums.rolling("month", period=f"{window}mo", group_by=by).agg(
        pl.col("events").sum(), force=pl.col("force_events").sum()
    )
    mean = pl.col("force") / pl.col("events")
    return running.select(*by, "month", "events", value=(50 + 5 * mean).clip(0, 100)).sort(*by, "month")
