r"""Aid by its share of what the giver gives, and China's projects abroad.

Of a giver's year of aid, shared out evenly among the states that live on aid, each would get $E$. What one got, $A$,
is read as

$$y = \log \frac{A / E + \kappa}{1 + \kappa},\qquad \kappa = 0.1,$$

nought for an even share and −2.4 for none. A state lives on aid while it got some, from anybody, in the year or in the
ten before (a fiftieth of what the mean recipient gets, or more); to others no aid is no coldness, and they have no
row. What a state needs stays from year to year, so that the known variance is $(m - 1)\,\sigma^2$ and $m$ years in a
row are worth one, as in trade. Amounts are in the giver's own record and cancel; money taken back counts as none. The
American record is taken for the United States, to its end, and the OECD's for every other giver and after it: the two
tell the same money. A fiscal year stands in the December after it.

China's projects are counted, not summed (of two in five no amount is known), beside an even share of all of the year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity import evidence
from amity.dimensions.engaged.knowing import DIRECTED, best_source, by_line, spoken_years
from amity.dimensions.observed import OBSERVED, line, observed
from amity.evidence.dyad_years import amounts, given, got

if TYPE_CHECKING:
    from amity.dimensions.engaged.knowing import Asked
    from amity.evidence import Evidence

__all__ = ["AID", "EVEN", "MISFIT", "PROJECTS", "YEARS", "observe"]

AID = ("aid_obligated", "oda_gross")
PROJECTS = "chinese_projects"
EVEN = 0.1
"""κ: shares of aid are told apart down to about a tenth of an even one."""
MISFIT = 2.0
"""σ², about the variance of y over the world's givers and those who live on aid."""
YEARS = 8
SOME = 0.02
"""Less than this share of what the mean recipient gets is no aid to live on: a course for officers, a disaster."""
MEMORY = 10
"""Years after the last aid from anybody through which a state is said to live on aid."""


def observe(ev: Evidence, of: Asked) -> pl.DataFrame:
    """Aid, and China's projects, of each year; rows of `observed.OBSERVED`."""
    kinds = (*AID, PROJECTS)
    known = spoken_years(of.spoken("figures", kinds), of.years)
    every = by_line(amounts(ev, kinds, of.codes)).lazy()
    told = every.group_by("kind", "source", *DIRECTED).agg(pl.col("value").sum())
    gave = given(ev, kinds).lazy().with_columns(line_from=line("ccode"))
    total = gave.group_by("kind", "line_from", "year").agg(total=pl.col("value").sum())
    rows = (
        known.lazy()
        .join(total, on=["kind", "line_from", "year"])
        .filter(pl.col("total") > 0)
        .join(told, on=["kind", "source", *DIRECTED], how="left")
        .with_columns(pl.col("value").fill_null(0.0), month=pl.date("year", 12, 1))
        .collect()
    )
    return pl.concat([_aid(rows, got(ev, AID)), _projects(rows, ev)])


def _aid(rows: pl.DataFrame, sums: pl.DataFrame) -> pl.DataFrame:
    poor = _living_on_aid(sums).lazy()
    many = poor.group_by("year").agg(many=pl.len())
    best = best_source(rows.filter(pl.col("kind").is_in(AID)), DIRECTED, ("us_aid",)).lazy()
    share = pl.col("value") * pl.col("many") / pl.col("total")
    return observed(
        best.join(poor, left_on=["line_to", "year"], right_on=["line", "year"], how="semi")
        .join(many, on="year")
        .with_columns(
            y=((share + EVEN) / (1 + EVEN)).log(), n=pl.lit((YEARS - 1) * MISFIT), item=pl.lit("aid")
        )
        .collect()
    )


def _living_on_aid(sums: pl.DataFrame) -> pl.DataFrame:
    """Lines that got aid worth the name in the year or in those before it: `line, year`."""
    got = sums.lazy().group_by("kind", "year", line=line("ccode")).agg(pl.col("value").sum())
    worth = pl.col("value") >= SOME * pl.col("value").mean().over("kind", "year")
    until = pl.min_horizontal(pl.col("year") + MEMORY, pl.col("year").max())
    return (
        got.filter(pl.col("value") > 0)
        .filter(worth)
        .select("line", "year", until=until)
        .unique()
        .select("line", year=pl.int_ranges("year", pl.col("until") + 1))
        .explode("year")
        .drop_nulls("year")
        .select("line", pl.col("year").cast(pl.Int16))
        .unique()
        .collect()
    )


def _projects(rows: pl.DataFrame, ev: Evidence) -> pl.DataFrame:
    """Projects of a year in a recipient beside an even share among all the recipients that the source names."""
    if rows.filter(kind=PROJECTS).is_empty():
        return OBSERVED.to_frame()
    named = by_line(evidence.spoken(ev, "figures", (PROJECTS,)))
    many = named.group_by("line_from").agg(many=pl.col("line_to").n_unique())
    return observed(
        rows.filter(kind=PROJECTS)
        .join(many, on="line_from")
        .with_columns(
            y="value", offset=(pl.col("total") / pl.col("many")).log(), item=pl.lit("chinese_projects")
        )
    )
