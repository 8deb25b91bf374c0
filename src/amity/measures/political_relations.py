"""The Political Relations Index (PRI) of one government towards another, as far as its definition is published."""

from __future__ import annotations

import polars as pl

from amity.catalog import Measure
from amity.measures import event_months

ABOUT = Measure(
    name="political_relations",
    says="mean Goldstein weight of what one state did to the other in a month",
    grain="directed dyad-month",
    reads=("pair_months",),
    unit="points of Goldstein's scale",
    bounds=(-10.0, 10.0),
    cite=("chinastory2020", "goldstein1992"),
    undefined="no event from the one towards the other is on record in the month",
)


def compute(months: pl.DataFrame) -> pl.DataFrame:
    r"""The index of each directed pair and month with an event, from pair-months.

    $$P_{ij} = \frac{\sum_e g_e}{n_{ij}}$$

    What its publisher says: it measures co-operation and conflict between two governments, in each direction for
    itself, from GDELT's events with weights from −10 to 10, and it is normalised so that neither the growth of the
    press nor the different coverage of pairs moves it. What it does not say, and is ours: that the norm is the number
    of the pair's events in the month (the simplest that does both), that the period is a month, that nothing is
    smoothed, and that each event weighs the same however many articles tell it. Governments are pair-months of the
    scope `state`.

    Columns: `source, scope` (where `months` has them), `ccode_from, ccode_to, month, events, value`.

    >>> from datetime import date
    >>> rows = pl.DataFrame({"month": [date(2018, 1, 1)] * 2, "ccode_from": [2, 811], "ccode_to": [811, 2],
    ...     "quad": [1, 3], "events": [2, 1], "incidents": [2, 1], "force_events": [40, -20],
    ...     "force_incidents": [40, -20]})
    >>> compute(rows)["value"].to_list()
    [2.0, -2.0]
    """
    by = event_months.keys(months)
    mean = (pl.col("force_events") / pl.col("events")).clip(-10, 10)
    return event_months.directed(months).select(*by, "month", "events", value=mean)
