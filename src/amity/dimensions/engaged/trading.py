r"""Trade beside what two states' size and distance let expect.

With $F$ the goods that went either way between two states in a year, $T_i$ all that a state traded, $W$ all that all
states did, and $d$ the kilometres between their borders, gravity expects

$$E = e^{a}\, \frac{T_i T_j}{W} \Big(1 + \frac{d}{100}\Big)^{b},\qquad
y = \frac{1}{s} \log \frac{F + k}{E + k},\qquad s = \frac{E}{E + k},$$

in which $k$ is half a million, the rounding of the figures: no trade known where a thousand dollars are expected says
nothing, and where five hundred million are expected it says much. $s$ is how much of a change in trade can be seen at
all; the variance of $y$ that comes of it, and the misfit of gravity itself, are the observation's known variance

$$n = \frac{\sigma^2}{s^2} + (m - 1)\,\sigma^2.$$

The misfit stays with a pair from year to year (what a state grows and makes is no politics), so that $m$ years in a
row, about as long as the state remembers, are to be worth one. Without it trade, told each year of every pair, would
take engagement over.

Units: millions of dollars of the year, which cancel. COW's figures are taken to their end, the IMF's after it: its
twelve reporters' own trade in the year, and their partners' share of the world's trade in the last year that COW
tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity.dimensions.engaged.knowing import DIRECTED, by_line, spoken_years
from amity.dimensions.observed import OBSERVED, line, observed
from amity.evidence.dyad_years import amounts, distances, given, got

if TYPE_CHECKING:
    from amity.dimensions.engaged.knowing import Asked
    from amity.evidence import Evidence

__all__ = ["CONSTANT", "MISFIT", "SLOPE", "YEARS", "expected_sight", "observe"]

CONSTANT, SLOPE = 1.37, -0.67
"""a and b: least squares over the 187,818 pairs and years since 1946 of which more than 50 million are expected."""
MEAN_DISTANCE = 3.82
"""The mean of log(1 + d/100) over pairs and years, for a pair whose distance is not known."""
SPREAD_DISTANCE = 1.07**2
MISFIT = 1.5**2
"""The residual variance of that regression."""
YEARS = 8
"""So many years' rows together are worth one observation of the pair."""
ROUNDING = 0.5
"""Millions of dollars."""
DIMMEST = 0.2
"""Pairs and years of which no more than this share of a change can be seen are left out: they say nothing."""
MILLION = 1e6

COW, EXPORTS, IMPORTS = "trade_smoothed", "exports_fob", "imports_cif"
IMF = (EXPORTS, IMPORTS)
PAIR = ["ccode1", "ccode2", "year"]


def observe(ev: Evidence, of: Asked) -> pl.DataFrame:
    """Trade of each year in which both ways are known; rows of `observed.OBSERVED`."""
    known = spoken_years(of.spoken("figures", (COW, *IMF)), of.years)
    kinds = known["kind"].unique().sort().to_list()
    if COW not in kinds:
        return OBSERVED.to_frame()
    told = (
        by_line(amounts(ev, kinds, of.codes))
        .lazy()
        .group_by("kind", "source", *DIRECTED)
        .agg(pl.col("value").sum() / MILLION, pl.col("figures").sum())
        .collect()
    )
    sold, bought = (_summed(totals(ev, kinds)) for totals in (given, got))
    flows = pl.concat([_of_cow(known, told, sold, bought), _of_imf(known, told, sold, bought)])
    return _residuals(flows, _distances(ev, of))


def _summed(totals: pl.DataFrame) -> pl.DataFrame:
    """All that a line sold or bought, in millions: `kind, line, year, total`."""
    return totals.group_by("kind", "year", line=line("ccode")).agg(total=pl.col("value").sum() / MILLION)


def _sizes(sold: pl.DataFrame, bought: pl.DataFrame) -> pl.DataFrame:
    """What a line traded in a year by COW, and what all did: `line, year, size, world`."""
    # What is sold is bought: all that all states traded is twice all that they sold.
    world = sold.lazy().filter(kind=COW).group_by("year").agg(world=2 * pl.col("total").sum())
    both = pl.concat([sold.lazy(), bought.lazy()]).filter(kind=COW)
    return both.group_by("line", "year").agg(size=pl.col("total").sum()).join(world, on="year").collect()


def _of_cow(
    known: pl.DataFrame, told: pl.DataFrame, sold: pl.DataFrame, bought: pl.DataFrame
) -> pl.DataFrame:
    """Flows of COW and the product of sizes: `ccode1, ccode2, year, source, flow, size`."""
    size = _sizes(sold, bought).lazy()
    both = (
        known.lazy()
        .filter(kind=COW)
        .join(told.lazy().filter(kind=COW).select(*DIRECTED, "value"), on=DIRECTED, how="left")
        .group_by(*PAIR, "source")
        .agg(flow=pl.col("value").sum(), ways=pl.len())
        .filter(pl.col("ways") == 2)
    )
    one = size.rename({"line": "ccode1", "size": "size1"})
    two = size.drop("world").rename({"line": "ccode2", "size": "size2"})
    return (
        both.join(one, on=["ccode1", "year"])
        .join(two, on=["ccode2", "year"])
        .with_columns(size=pl.col("size1") * pl.col("size2") / pl.col("world"))
        .select(*PAIR, "source", "flow", "size")
        .collect()
    )


def _of_imf(
    known: pl.DataFrame, told: pl.DataFrame, sold: pl.DataFrame, bought: pl.DataFrame
) -> pl.DataFrame:
    """Flows that a reporter of the IMF tells for all twelve months of both ways, in years after COW's last."""
    size = _sizes(sold, bought)
    last = size["year"].max()
    share = size.lazy().filter(pl.col("year") == last).select("line", share=pl.col("size") / pl.col("world"))
    reported = [_reported(known, told, sold, EXPORTS), _reported(known, told, bought, IMPORTS)]
    return (
        pl.concat(reported)
        .filter(pl.col("year") > last)
        .group_by(*PAIR, "reporter", "source")
        .agg(pl.col("value").sum(), pl.col("total").sum(), ways=pl.len())
        .filter(pl.col("ways") == 2)
        .with_columns(line=pl.when(pl.col("reporter") == pl.col("ccode1")).then("ccode2").otherwise("ccode1"))
        .join(share, on="line")
        .with_columns(size=pl.col("total") * pl.col("share"))
        # Where both report, their mean: neither is the truer one.
        .group_by(*PAIR, "source")
        .agg(flow=pl.col("value").mean(), size=pl.col("size").mean())
        .collect()
    )


def _reported(known: pl.DataFrame, told: pl.DataFrame, totals: pl.DataFrame, kind: str) -> pl.LazyFrame:
    """Flows of one way by their reporter, with all that it traded that way."""
    here = "line_from" if kind == EXPORTS else "line_to"
    of_all = totals.lazy().filter(kind=kind).select("year", "total", reporter="line")
    return (
        known.lazy()
        .filter(kind=kind)
        .join(told.lazy().filter(kind=kind).select(*DIRECTED, "value", "figures"), on=DIRECTED)
        .filter(pl.col("figures") >= 12)
        .rename({here: "reporter"})
        .join(of_all, on=["reporter", "year"])
        .select(*PAIR, "source", "reporter", "value", "total")
    )


def _distances(ev: Evidence, of: Asked) -> pl.DataFrame:
    """log(1 + d/100) from a year on: `ccode1, ccode2, year, far`."""
    return (
        by_line(distances(ev, of.codes))
        .lazy()
        .with_columns(
            ccode1=pl.min_horizontal("line_from", "line_to"), ccode2=pl.max_horizontal("line_from", "line_to")
        )
        .group_by(PAIR)
        .agg(far=(1 + pl.col("km").min() / 100).log())
        .sort("year")
        .collect()
    )


def expected_sight(size: pl.Expr, far: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """E in millions, and s: how much of a change in trade shows beside the rounding."""
    expected = (CONSTANT + size.log() + SLOPE * far).exp()
    return expected, expected / (expected + ROUNDING)


def _residuals(flows: pl.DataFrame, apart: pl.DataFrame) -> pl.DataFrame:
    near = (
        flows.lazy()
        .sort("year")
        .join_asof(
            apart.lazy(), on="year", by=["ccode1", "ccode2"], strategy="backward", check_sortedness=False
        )
    )
    placed = near.with_columns(
        blind=pl.when(pl.col("far").is_null()).then(SLOPE**2 * SPREAD_DISTANCE).otherwise(0.0),
        far=pl.col("far").fill_null(MEAN_DISTANCE),
    )
    expected, sight = expected_sight(pl.col("size"), pl.col("far"))
    known = MISFIT / pl.col("sight") ** 2 + (YEARS - 1) * MISFIT + YEARS * pl.col("blind")
    return observed(
        placed.with_columns(expected=expected, sight=sight)
        .filter(pl.col("sight") > DIMMEST)
        .with_columns(
            y=((pl.col("flow") + ROUNDING) / (pl.col("expected") + ROUNDING)).log() / pl.col("sight"),
            n=known,
            month=pl.date("year", 12, 1),
            item=pl.lit("trade"),
        )
        .collect()
    )
