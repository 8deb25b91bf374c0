r"""Trade: whose share of a state's trade is the larger.

Nearness is the share of the goods that a state sold to and bought from everybody in a year, from 0 to 1. To 2014 all
states' trade is told by the Correlates of War project; later only that of the countries whose workbooks of the IMF are
loaded, in years of which all twelve months are told. A year counts where both flows with both powers are known.

A flow as its seller tells it and as its buyer does differ: the logs of 1,310 flows of a year above ten million dollars
that both tell lie 0.24 apart (robust standard deviation, shipping taken out). By so much each power's part is taken to
be unsure; the error of a share $s$ is then $0.24\, s (1 - s)$.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity.dimensions.observed import lines
from amity.evidence.dyad_years import amounts, given, got
from amity.insight.domains import NEAR, Domain, both, by_line, known_years

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.evidence import Evidence
    from amity.insight.domains import Asked
    from amity.states import State

__all__ = ["ABOUT", "ERROR", "observe"]

ABOUT = Domain(
    "trade", "share of the state's trade in goods", "share", engages=True, reads=("cow_trade", "imf_dots")
)
ERROR = 0.24
"""Standard deviation of the log of a flow, from how the two sides tell it."""
COW, EXPORTS, IMPORTS = "trade_smoothed", "exports_fob", "imports_cif"
COW_ENDS = 2014
KEYS = ["ccode", "year"]


def observe(ev: Evidence, of: Asked) -> pl.DataFrame:
    """Shares of trade with each power, one source a year."""
    early = _shares(ev, of, COW, COW).filter(pl.col("year") <= COW_ENDS)
    late = _shares(ev, of, EXPORTS, IMPORTS).filter(pl.col("year") > COW_ENDS)
    return pl.concat([early, late])


def _shares(ev: Evidence, of: Asked, sold: str, bought: str) -> pl.DataFrame:
    """Shares by the figures of a state's sales and purchases."""
    known = of.years
    for power in (of.a, of.b):
        known = known.join(known_years(of, [sold], power, "in"), on=KEYS, how="semi")
        known = known.join(known_years(of, [bought], power, "out"), on=KEYS, how="semi")
    if known.is_empty():
        return NEAR.to_frame()
    total = _total(ev, sold, bought)
    flows = amounts(ev, sorted({sold, bought}), [*of.a.ccodes, *of.b.ccodes, *_codes(known)])
    sides = [_side(flows, power, sold, bought).join(total, on=KEYS) for power in (of.a, of.b)]
    share = pl.col("flow") / pl.col("total")
    a, b = (side.select(*KEYS, near=share, sd=ERROR * share * (1 - share)) for side in sides)
    return both(a, b, known.join(total.filter(pl.col("total") > 0), on=KEYS, how="semi"))


def _total(ev: Evidence, sold: str, bought: str) -> pl.DataFrame:
    """All that each state traded by year: `ccode, year, total`; only states that tell both ways."""
    ways = [given(ev, [sold]), got(ev, [bought])]
    one, other = (
        frame.select(by_line("ccode"), "year", "value").group_by(KEYS).agg(pl.col("value").sum())
        for frame in ways
    )
    both_told = one.join(other, on=KEYS, suffix="_bought")
    return both_told.select(*KEYS, total=pl.col("value") + pl.col("value_bought"))


def _side(flows: pl.DataFrame, power: State, sold: str, bought: str) -> pl.DataFrame:
    """What each state sold to and bought from a power: `ccode, year, flow`."""
    own = list(power.ccodes)
    to = flows.filter(pl.col("kind") == sold, pl.col("ccode_to").is_in(own)).select(
        ccode=by_line("ccode_from"), year="year", value="value"
    )
    back = flows.filter(pl.col("kind") == bought, pl.col("ccode_from").is_in(own)).select(
        ccode=by_line("ccode_to"), year="year", value="value"
    )
    return pl.concat([to, back]).group_by(KEYS).agg(flow=pl.col("value").sum())


def _codes(known: pl.DataFrame) -> Sequence[int]:
    """Every code of the states that are known."""
    return lines().filter(pl.col("line").is_in(known["ccode"].unique().implode()))["ccode"].to_list()
