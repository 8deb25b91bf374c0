r"""Aid: who promises a state more, where the two powers' records can be set beside each other.

Nearness is $\log_{10}(1 + \text{millions of dollars})$ of a year: 1 is nine million, 2 is ninety-nine. Two givers are
compared in one kind of figure that both have, else not at all:

| powers | figures | years |
|---|---|---|
| two donors of the OECD | official development assistance, gross, dollars of one year | 2009 to 2022 |
| the United States and China | commitments in dollars of the year, those of China that are like aid | 2000 to 2014 |

China's amounts were found project by project, in the news and on record; in a year with a project whose amount nobody
knows, what a state got is unknown. An American fiscal year is set beside the calendar year in which it ends. Errors of
log amounts are declared, not learned: a tenth of an order of magnitude for a giver's own books, a third for what others
found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity.evidence.dyad_years import amounts
from amity.insight.domains import NEAR, Domain, both, by_line, known_years

if TYPE_CHECKING:
    from amity.evidence import Evidence
    from amity.insight.domains import Asked
    from amity.states import State

__all__ = ["ABOUT", "observe"]

ABOUT = Domain(
    "aid",
    "aid promised in a year",
    "log10 of 1 and millions of dollars",
    engages=True,
    reads=("us_aid", "chinese_finance", "oecd_aid"),
)

COMPARED = (("oda_gross",), ("aid_obligated_current", "chinese_oda_like_current"))
"""Kinds of figure that can be set beside each other; the first that tells of both powers counts."""
BOOKS, FOUND = 0.1, 1 / 3
ERRORS = {"chinese_oda_like_current": FOUND}
SPAN = ((1, 1), (6, 30))
"""A fiscal year that ends in June or September is told by a record that reaches to its end."""
MILLION = 1e6
KEYS = ["ccode", "year"]


def observe(ev: Evidence, of: Asked) -> pl.DataFrame:
    """Aid from each power in the years in which both givers' records speak of the state."""
    told = [_compared(ev, of, kinds) for kinds in COMPARED]
    first, *rest = told
    for other in rest:
        first = pl.concat([first, other.join(first, on=KEYS, how="anti")])
    return first


def _compared(ev: Evidence, of: Asked, kinds: tuple[str, ...]) -> pl.DataFrame:
    known = of.years
    for power in (of.a, of.b):
        known = known.join(known_years(of, kinds, power, "out", SPAN), on=KEYS, how="semi")
    if known.is_empty():
        return NEAR.to_frame()
    sums = amounts(ev, kinds)
    return both(_given(sums, of.a), _given(sums, of.b), known)


def _given(sums: pl.DataFrame, giver: State) -> pl.DataFrame:
    """What a power gave every state: `ccode, year, near, sd`."""
    error = pl.col("kind").replace_strict(ERRORS, default=BOOKS, return_dtype=pl.Float64)
    return (
        sums.filter(pl.col("ccode_from").is_in(list(giver.ccodes)))
        .group_by(ccode=by_line("ccode_to"), year="year")
        .agg(value=pl.col("value").sum() / MILLION, error=error.max())
        .select(
            *KEYS,
            near=(1 + pl.col("value")).log10(),
            sd=pl.col("error") * pl.col("value") / (1 + pl.col("value")),
        )
    )
