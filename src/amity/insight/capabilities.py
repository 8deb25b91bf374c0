"""Which of two states is the stronger, by its share of the world's capabilities (Correlates of War)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity import evidence
from amity.dimensions.observed import lines
from amity.evidence import FIRST
from amity.states.seats import PERMANENT

if TYPE_CHECKING:
    from amity.evidence import Evidence
    from amity.states import State

__all__ = ["capabilities", "stronger"]


def stronger(ev: Evidence, a: State, b: State, last: int) -> pl.DataFrame:
    """Who is how strong by year, to `last`: `line, year, share`; after the record ends it is as it was.

    Where the capabilities of one are not loaded, a permanent member of the Security Council is stronger than a state
    that is none; else there are no rows of it.
    """
    by_year = capabilities(ev, a, b)
    ends = by_year.sort("year").group_by("line", maintain_order=True).last()
    later = ends.with_columns(year=pl.int_ranges(pl.col("year") + 1, last + 1)).explode("year")
    later = later.drop_nulls("year").with_columns(pl.col("year").cast(pl.Int32))
    found = pl.concat([by_year, later.select(by_year.columns)])
    both = [one.ccode in PERMANENT for one in (a, b)]
    if ends.height == 2 or both[0] == both[1]:
        return found
    years = pl.DataFrame({"year": range(FIRST.year, last + 1)}, schema={"year": pl.Int32})
    sides = pl.DataFrame(
        {"line": [a.ccode, b.ccode], "share": [float(one) for one in both]},
        schema={"line": pl.Int16, "share": pl.Float64},
    )
    return sides.join(years, how="cross").select(found.columns)


def capabilities(ev: Evidence, a: State, b: State) -> pl.DataFrame:
    """Shares of the world's capabilities of two lines, in the years on record: `line, year, share`."""
    line = dict(lines().iter_rows())
    told = evidence.traits(ev, [*a.ccodes, *b.ccodes]).filter(kind="capability_share")
    return told.group_by(
        line=pl.col("ccode").replace(line).cast(pl.Int16), year=pl.col("start").dt.year().cast(pl.Int32)
    ).agg(share=pl.col("value").sum())
