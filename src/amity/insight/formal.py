"""How formally two states are represented in each other, month by month: a dimension of phases that has exact dates.

A post that stands is no news, but its opening and closing are the best dated facts there are of a relation. So the
level of representation is a series of its own, beside tone, which reads the onsets alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity import evidence

if TYPE_CHECKING:
    from datetime import date

    from amity.evidence import Evidence
    from amity.states import State

SEVERED = -2.0
"""No relations, or no post at all."""
LEVELS = {"none": SEVERED, "mission": 0.0, "legation": 0.6, "legation or embassy": 0.6, "embassy": 0.6}
"""Posts on the scale of a state. A legation is what the posts of most states were before 1960: it is as an embassy."""
LOWER = -1.0
"""Consulates, interests sections, liaison and representative offices."""
VARIANCE = 0.25
"""A month of a post that stands counts as a measurement with an error of half a unit."""


def representation(ev: Evidence, a: State, b: State, first: date, last: date) -> pl.DataFrame:
    """The highest post of either state in the other at the end of each month: `dimension, month, value, variance`.

    Months about which no source speaks have no row: unknown, not none. Where relations are known to be off, whatever
    post is left is none.

    >>> from datetime import date
    >>> from pathlib import Path
    >>> from amity import states
    >>> from amity.store import open_store
    >>> with evidence.open_evidence(open_store(Path("no-store-here"))) as ev:
    ...     there = states.find("KHM"), states.find("USA")
    ...     representation(ev, *there, date(1960, 1, 1), date(1960, 12, 31)).height
    0
    """
    pairs = [(one, other) for one in a.ccodes for other in b.ccodes]
    rows = evidence.panel(ev, pairs, "dyad-month", first, last, undirected=True)
    post = pl.col("post_level").replace_strict(LEVELS, default=LOWER, return_dtype=pl.Float64)
    off = pl.col("relations") == 0
    level = pl.when(off).then(SEVERED).when(pl.col("post_level").is_not_null()).then(post)
    return (
        rows.select(month=pl.date("year", "month", 1), value=level)
        .drop_nulls()
        .group_by("month")
        .agg(pl.col("value").max())
        .sort("month")
        .select(dimension=pl.lit("representation"), month="month", value="value", variance=pl.lit(VARIANCE))
    )
