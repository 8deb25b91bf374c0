"""Tone: which of the two powers a state is on better terms with, by the estimated tone of both pairs.

Nearness is the pair's tone at the end of the year as it is known now, in standard deviations of the world's pairs; a
year in which nothing was observed of one of the pairs is not known, however little the estimate may have faded. The
two estimates rest on different acts and are taken as independent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity import states
from amity.dimensions import named
from amity.dimensions.constants import loaded
from amity.dimensions.estimate import prepare, smoothed, states_frame
from amity.dimensions.observed import last_month, pairs_of
from amity.insight.domains import NEAR, Domain, both

if TYPE_CHECKING:
    from amity.evidence import Evidence
    from amity.insight.domains import Asked
    from amity.states import State

__all__ = ["ABOUT", "observe"]

ABOUT = Domain("tone", "tone between the state and each power", "standard deviations of pairs", engages=False)


def observe(ev: Evidence, of: Asked) -> pl.DataFrame:
    """The tone with each power in the December of every year in which both pairs were observed."""
    a, b = (_tone(ev, of, power) for power in (of.a, of.b))
    if a is None or b is None:
        return NEAR.to_frame()
    keys = ["ccode", "year"]
    known = of.years.join(a, on=keys, how="semi").join(b, on=keys, how="semi")
    return both(a, b, known)


def _tone(ev: Evidence, of: Asked, power: State) -> pl.DataFrame | None:
    """Tone of one power with every state: `ccode, year, near, sd`; None where nothing was ever observed."""
    others = [states.by_ccode(code) for code in of.years["ccode"].unique()]
    pairs, tone = pairs_of([(power, other) for other in others]), named("tone")
    rows = tone.observe(ev, pairs)
    last = last_month([rows])
    if last is None:
        return None
    end = last.replace(month=12)
    laid = prepare(rows, pairs, tone.ABOUT, tone.ITEMS, loaded(ev, tone), end, by_source=False)
    seen = rows.select("ccode1", "ccode2", year=pl.col("month").dt.year()).unique()
    other = pl.when(pl.col("ccode1") == power.ccode).then("ccode2").otherwise("ccode1")
    return (
        states_frame(laid, smoothed(laid))
        .filter(pl.col("dimension") == "tone", pl.col("month").dt.month() == 12)
        .with_columns(year=pl.col("month").dt.year())
        .join(seen, on=["ccode1", "ccode2", "year"], how="semi")
        .select(ccode=other, year=pl.col("year").cast(pl.Int16), near="state", sd="sd")
    )
