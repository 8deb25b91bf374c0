"""How much of what one state did to another was conflict: a plain share of coded events."""

from __future__ import annotations

import polars as pl

from amity.catalog import Measure
from amity.measures import event_months

ABOUT = Measure(
    name="conflict_share",
    says="share of conflict, in words and in deeds, among the events of a month",
    grain="directed dyad-month",
    reads=("pair_months",),
    unit="share",
    bounds=(0.0, 1.0),
    undefined="no event from the one towards the other is on record in the month",
)


def compute(months: pl.DataFrame) -> pl.DataFrame:
    r"""The share of quad classes 3 and 4 of each directed pair and month with an event, from pair-months.

    $$C_{ij} = \frac{n_{ij}^{(3)} + n_{ij}^{(4)}}{n_{ij}}$$

    once over events, and once over incidents (one a day, root class and field, so that a story told often counts once).
    A raised voice and a battle count alike, and so do one event and many: with few of them the share jumps.

    Columns: `source, scope` (where `months` has them), `ccode_from, ccode_to, month, events, incidents, share,
    share_incidents`.

    >>> from datetime import date
    >>> rows = pl.DataFrame({"month": [date(2018, 1, 1)] * 2, "ccode_from": [2, 2], "ccode_to": [811, 811],
    ...     "quad": [1, 3], "events": [3, 5], "incidents": [3, 1], "force_events": [40, -20],
    ...     "force_incidents": [40, -20]})
    >>> compute(rows).select("share", "share_incidents").row(0)
    (0.625, 0.25)
    """
    return event_months.directed(months).select(
        *event_months.keys(months),
        "month",
        "events",
        "incidents",
        share=pl.col("conflict_events") / pl.col("events"),
        share_incidents=pl.col("conflict_incidents") / pl.col("incidents"),
    )
