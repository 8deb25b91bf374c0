"""Days on which somebody was in a country, joined to stays."""

from __future__ import annotations

import polars as pl

APART = 3
"""Days: whoever is in a country again within so many has not left it, or came back on the same trip."""

KEY = ["ccode", "rank"]


def stays(days: pl.DataFrame) -> pl.DataFrame:
    """Stays from days: columns `ccode, rank, who, start, days, place`, in the order of their first days.

    `days` has a row a day and sentence: `ccode` (the host, or the guest's state), `rank`, `person` (tells stays of one
    rank apart, and may be the same for all), `who`, `date`, `place`. Days of one person at most `APART` days from the
    last one belong to the same stay. `days` counts from the first day told to the last: days of travel and of rest
    before and after them are not in the file. `place` names the cities in order, each once.

    >>> from datetime import date
    >>> told = pl.DataFrame({"ccode": [811] * 3, "rank": ["head of state"] * 3, "person": ["Hu Jintao"] * 3,
    ...     "who": ["Hu Jintao"] * 3, "date": [date(2012, 3, 30), date(2012, 3, 31), date(2012, 9, 1)],
    ...     "place": ["Phnom Penh", "Phnom Penh", ""]})
    >>> stays(told).select("start", "days", "place").rows()
    [(datetime.date(2012, 3, 30), 2, 'Phnom Penh'), (datetime.date(2012, 9, 1), 1, None)]
    """
    own = [*KEY, "person"]
    ordered = days.sort(*own, "date", "place", "who")
    opens = (pl.col("date").diff().over(own).dt.total_days() > APART).fill_null(value=False)
    cities = pl.col("place").filter(pl.col("place") != "").unique(maintain_order=True).str.join(", ")
    return (
        ordered.with_columns(stay=opens.cum_sum().over(own))
        .group_by(*own, "stay", maintain_order=True)
        .agg(
            who=pl.col("who").first(),
            start=pl.col("date").min(),
            days=(pl.col("date").max() - pl.col("date").min()).dt.total_days().cast(pl.Int16) + 1,
            place=cities,
        )
        .with_columns(place=pl.when(pl.col("place") != "").then("place"))
        .select(*KEY, "who", "start", "days", "place")
        .sort("start", *KEY, "who")
    )
