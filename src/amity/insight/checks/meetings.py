"""Whether two states' leaders meet more rarely than the second state's with the first one's peers.

The figure is the pair's visits at the top (heads of state or government, either way) per ten years less the median of
the peers. Chance alone moves a count: each rate has Garwood's exact interval, and their difference the one of Zou and
Donner (2008); the peers are all there are, so that how they differ is no error. Visits come in clusters, which makes
the interval a little narrow.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from amity import states
from amity.insight.checks.statement import Finding, between, rows_of, undecided, verdict
from amity.measures import cadence

if TYPE_CHECKING:
    from amity.insight.checks.known import Known
    from amity.insight.checks.statement import Statement
    from amity.states import State

MEASURES = {"visits at the top": "how often leaders meet, against the peers of the first state"}
DIRECTIONS = ("rarer", "more often")
UNIT = "visits per decade"
YEARS = 30
"""Without a first year, so many years to the end of the record."""
FEWEST = 3
"""With fewer peers on record there is no median to speak of."""


def check(known: Known, one: Statement) -> Finding:
    """Whether `who` meets `whom` more rarely than its peers do."""
    peers = {state.ccode: state.ccodes for state in peers_of(one)}
    visits, days = cadence.gather(known.ev, one.whom.ccodes, peers)
    own = days.filter(pl.col("peer") == one.who.ccode, pl.col("start") <= one.period.last)
    if own.is_empty():
        return undecided("No source speaks of visits both ways between them in the period.", UNIT, "peers")
    end = min(one.period.last, max(own["end"]))
    start = one.period.start or date(end.year - YEARS + 1, 1, 1)
    rates = cadence.compute(visits, days, [(start, end)]).drop_nulls("per_decade")
    mine, others = (rates.filter((pl.col("peer") == one.who.ccode) == own) for own in (True, False))
    if mine.is_empty() or others.height < FEWEST:
        return undecided(f"{others.height} peers are on record in the period.", UNIT, "peers", others.height)
    value, low, high = difference(mine, others)
    rank = cadence.standing(rates, one.who.ccode).rank
    sentence = (
        f"From {start.year} to {end.year} they met at the top {mine['visits'][0]} times, {mine['per_decade'][0]:.1f} a "
        f"decade; the median of {others.height} peers is {others['per_decade'].median():.1f} "
        f"({between(low, high, 1)} of the difference); place {rank} of {rates.height}."
    )
    behind = visits.filter(
        pl.col("peer") == one.who.ccode,
        pl.col("rank").is_in(cadence.TOP),
        pl.col("date").is_between(start, end),
    )
    said = verdict(low, high, above=one.direction == "more often")
    return Finding(said, value, low, high, UNIT, others.height, "peers", sentence, rows_of(behind))


def peers_of(one: Statement) -> tuple[State, ...]:
    """The first state and those it is compared with: those named, else the others of its region."""
    near = one.peers or tuple(states.by_ccode(code) for code in states.neighbours(one.who.ccode))
    return (one.who, *(state for state in near if state.ccode not in {one.who.ccode, one.whom.ccode}))


def difference(mine: pl.DataFrame, others: pl.DataFrame) -> tuple[float, float, float]:
    """A rate less the median of others, with its interval: the median's is that of a count over the middle one's days.

    >>> rates = {"per_decade": [1.0], "low": [0.5], "high": [2.0], "days": [3652]}
    >>> others = {"per_decade": [3.0, 5.0, 9.0], "low": [1.0] * 3, "high": [9.9] * 3, "days": [3652] * 3}
    >>> value, low, high = difference(pl.DataFrame(rates), pl.DataFrame(others))
    >>> value, round(low, 1), round(high, 1)
    (-4.0, -9.5, -0.8)
    """
    middle = others.sort("per_decade")[(others.height - 1) // 2 : others.height // 2 + 1]
    rates, decades = middle["per_decade"].to_numpy(), middle["days"].to_numpy() / cadence.DECADE
    median, time = float(rates.mean()), float(decades.sum())
    least, most = cadence.poisson_interval(round(float(rates @ decades)))
    under, over = (least or 0.0) / time, (most or 0.0) / time
    rate, low, high = (float(mine[name][0]) for name in ("per_decade", "low", "high"))
    down = ((rate - low) ** 2 + (over - median) ** 2) ** 0.5
    up = ((high - rate) ** 2 + (median - under) ** 2) ** 0.5
    return rate - median, rate - median - down, rate - median + up
