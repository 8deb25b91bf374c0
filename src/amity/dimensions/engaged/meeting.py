r"""Visits of leaders and meetings, counted by year beside what the travelling or receiving state's year lets expect.

A source of visits speaks of one state, the hub, with all others: of the journeys of the President and the Secretary of
State, of guests in Washington, of China's leaders abroad. In the year $t$ the hub's partner $p$ is expected to have
$E = n_{ht} / m_{ht}$ of them: the hub's total in that source and way, by the number of states that there were. That
year's own total is taken, because a year's count stands in its December, when all of it is known; more travel by
everybody, a pandemic, or a source that misses a fifth, are then in $E$ and not in closeness. One source tells a year
of a way: two that tell the same journeys are never added.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity.dimensions.engaged.knowing import DIRECTED, best_source, by_line, partners, spoken_years
from amity.dimensions.observed import observed
from amity.evidence.dyad_years import act_years

if TYPE_CHECKING:
    from amity.dimensions.engaged.knowing import Asked
    from amity.evidence import Evidence

__all__ = ["ITEMS", "observe"]

ITEMS = {"visit": "visits", "meeting": "meetings"}
"""Kind of act, and the item that it feeds."""


def observe(ev: Evidence, of: Asked) -> pl.DataFrame:
    """Visits and meetings of each year of which a hub's source speaks; rows of `observed.OBSERVED`."""
    spells = of.spoken("acts", [*ITEMS])
    hubs = spells.filter(pl.col("line_from").is_null() != pl.col("line_to").is_null())
    told = by_line(act_years(ev, [*ITEMS]))
    known = spoken_years(hubs, of.years)
    ways = hubs.select("kind", "source", "line_from", "line_to").unique()
    every = partners(known["year"])
    each = told.lazy(), known.lazy(), ways.lazy(), every.lazy()
    parts = [_one_way(*each, here) for here in ("line_from", "line_to")]
    best = best_source(pl.concat(parts).collect(), ["kind", *DIRECTED])
    # Where both ends are hubs of one source, the journey is told once, beside the larger expectation.
    return observed(
        best.lazy()
        .sort("offset")
        .unique(["kind", *DIRECTED], keep="last")
        .with_columns(
            item=pl.col("kind").replace_strict(ITEMS),
            month=pl.date("year", 12, 1),
            y=pl.col("acts").fill_null(0),
        )
        .collect()
    )


def _one_way(
    told: pl.LazyFrame, known: pl.LazyFrame, ways: pl.LazyFrame, every: pl.LazyFrame, here: str
) -> pl.LazyFrame:
    """Counts of the pairs of hubs that stand at one end of the way, beside what is expected of a partner."""
    hubs = ways.drop_nulls(here).select("kind", "source", here)
    of_hub = told.join(hubs, on=["kind", "source", here])
    total = of_hub.group_by("kind", "source", here, "year").agg(total=pl.col("acts").sum())
    count = of_hub.group_by("kind", "source", *DIRECTED).agg(pl.col("acts").sum())
    return (
        known.join(hubs, on=["kind", "source", here], how="semi")
        .join(total, on=["kind", "source", here, "year"])
        .join(every, on="year")
        .join(count, on=["kind", "source", *DIRECTED], how="left")
        .with_columns(offset=(pl.col("total") / pl.col("partners")).log())
        .select("ccode1", "ccode2", "kind", "source", *DIRECTED, "acts", "offset")
    )
