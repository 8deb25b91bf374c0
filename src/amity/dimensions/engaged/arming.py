r"""Deliveries of major arms: whether there was one in a year, beside how much both trade in arms at all.

Values are measures of capability, not of money, and come in lumps: a frigate is one year's. What is honest to say of a
year is whether anything was delivered. With the links of the five years before (a link is a supplier, a recipient and
a year with a delivery), $S_i$ of the supplier, $R_j$ of the recipient and $W$ of the world, one is expected in a year
with odds of about $E = S_i R_j / 5 W$, which is the offset, $\log E$. Those who supplied nobody or got nothing in
those five years have no row: of whom neither buys nor sells, no delivery says nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity.dimensions.engaged.knowing import DIRECTED, by_line, spoken_years
from amity.dimensions.observed import observed
from amity.evidence.dyad_years import amounts

if TYPE_CHECKING:
    from amity.dimensions.engaged.knowing import Asked
    from amity.evidence import Evidence

__all__ = ["KIND", "WINDOW", "observe"]

KIND = "arms_transfers"
WINDOW = 5
"""Years before, over which links are counted."""


def observe(ev: Evidence, of: Asked) -> pl.DataFrame:
    """Whether arms were delivered in each year, each way; rows of `observed.OBSERVED`."""
    known = spoken_years(of.spoken("figures", [KIND]), of.years)
    links = by_line(amounts(ev, [KIND])).lazy().select(*DIRECTED).unique().collect().lazy()
    supplied, got = (_before(links, here) for here in ("line_from", "line_to"))
    world = supplied.group_by("year").agg(world=pl.col("links").sum())
    return observed(
        known.lazy()
        .join(supplied.rename({"links": "supplied"}), on=["line_from", "year"])
        .join(got.rename({"links": "got"}), on=["line_to", "year"])
        .join(world, on="year")
        .join(links.with_columns(y=pl.lit(1.0)), on=DIRECTED, how="left")
        .with_columns(
            pl.col("y").fill_null(0.0),
            n=pl.lit(1.0),
            offset=(pl.col("supplied") * pl.col("got") / (WINDOW * pl.col("world"))).log(),
            month=pl.date("year", 12, 1),
            item=pl.lit("arms"),
        )
        .collect()
    )


def _before(links: pl.LazyFrame, here: str) -> pl.LazyFrame:
    """Links of the five years before each year, by who stands at one end: `here, year, links`."""
    return (
        links.group_by(here, "year")
        .agg(links=pl.len())
        .with_columns(year=pl.int_ranges(pl.col("year") + 1, pl.col("year") + WINDOW + 1))
        .explode("year")
        .group_by(here, pl.col("year").cast(pl.Int16))
        .agg(pl.col("links").sum().cast(pl.Float64))
    )
