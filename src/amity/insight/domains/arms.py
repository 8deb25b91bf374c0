r"""Arms: who arms a state.

Nearness is $\log_{10}(1 + v)$ with $v$ the major arms that a power delivered in five years, in millions of SIPRI's
trend-indicator values. Deliveries come in lumps, and an order lasts for years; the publisher itself adds up five. A
year counts where the record speaks of both powers' deliveries to the state in it; the sum is of those of the five that
it speaks of. A tenth of the value is taken to be unsure, as types and numbers often are.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

import polars as pl

from amity.evidence.dyad_years import amounts
from amity.insight.domains import Domain, both, by_line, known_years

if TYPE_CHECKING:
    from amity.evidence import Evidence
    from amity.insight.domains import Asked
    from amity.states import State

__all__ = ["ABOUT", "YEARS", "observe"]

ABOUT = Domain(
    "arms",
    "major arms delivered in five years",
    "log10 of 1 and millions of trend-indicator values",
    engages=True,
    reads=("sipri_tiv",),
)
YEARS = 5
ERROR = 0.1
KEYS = ["ccode", "year"]


def observe(ev: Evidence, of: Asked) -> pl.DataFrame:
    """Arms from each power in the years in which the record speaks of both."""
    kinds = ["arms_transfers"]
    known = of.years
    for power in (of.a, of.b):
        known = known.join(known_years(of, kinds, power, "out"), on=KEYS, how="semi")
    sums = amounts(ev, kinds)
    return both(_delivered(sums, of.a, known), _delivered(sums, of.b, known), known)


def _delivered(sums: pl.DataFrame, power: State, known: pl.DataFrame) -> pl.DataFrame:
    """What a power delivered to every state in five years: `ccode, year, near, sd`."""
    year = pl.col("year").cast(pl.Int32)
    return (
        sums.filter(pl.col("ccode_from").is_in(list(power.ccodes)))
        .select(ccode=by_line("ccode_to"), year="year", value="value")
        .join(known, on=KEYS, how="semi")
        .select("ccode", "value", year=pl.int_ranges(year, year + YEARS))
        .explode("year")
        .group_by("ccode", pl.col("year").cast(pl.Int16))
        .agg(v=pl.col("value").sum())
        .select(*KEYS, near=(1 + pl.col("v")).log10(), sd=ERROR / log(10) * pl.col("v") / (1 + pl.col("v")))
    )
