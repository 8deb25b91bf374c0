"""Whether a tie is less steady than others of its age with as much evidence: the rank of its volatility in tone.

`insight.maturity` says what volatility is and who the peers are. The figure is the share of peers that swing less, in
hundredths; 50 is the middle. Its interval holds what the error of the pair's own volatility makes of it and, because
peers' volatilities are known no better, what a share of so many of them leaves open (Wilson 1927), put together as Zou
and Donner (2008) do. A relation is as old as the two states have been in the system together.
"""

from __future__ import annotations

from math import hypot, sqrt
from typing import TYPE_CHECKING

import polars as pl

from amity.dimensions import kept_states, named
from amity.dimensions.constants import loaded
from amity.dimensions.estimate import prepare, smoothed, states_frame
from amity.dimensions.observed import last_month, pairs_of, years_together
from amity.errors import NoEvidenceError
from amity.insight import maturity
from amity.insight.checks.known import NINETY, seen_in
from amity.insight.checks.statement import Finding, Period, between, undecided, verdict

if TYPE_CHECKING:
    from amity.evidence import Evidence
    from amity.insight.checks.known import Known
    from amity.insight.checks.statement import Statement

MEASURES = {"steadiness": "how little tone swings from year to year, among pairs of about the same age"}
DIRECTIONS = ("less", "more")
UNIT = "percentile of volatility"
FEWEST = 10
"""With fewer peers there is no rank to speak of."""


def check(known: Known, one: Statement) -> Finding:
    """Whether the pair swings more, or less, than the middle one of its peers."""
    relation = known.relation(one.who, one.whom)
    pair = (relation.state1.ccode, relation.state2.ccode)
    own = relation.smoothed.filter(pl.col("dimension") == "tone").select(
        "ccode1", "ccode2", "month", value="state", sd="sd"
    )
    count = maturity.known_years(own).height
    if count < maturity.FEWEST_YEARS:
        return undecided(f"The tone of {count} years of the pair is known, too few.", UNIT, "peers")
    rows = seen_in(relation, "tone", [Period()])
    try:
        found = maturity.ask(*peers(known.ev, pair), pair)
    except NoEvidenceError as error:
        return undecided(f"{error.what}.", UNIT, "peers", 0, rows)
    at = found.volatility
    if at.percentile is None or at.peers < FEWEST:
        return undecided(f"Only {at.peers} pairs of its age are known.", UNIT, "peers", at.peers, rows)
    low, high = reach(at.percentile, (at.percentile_low, at.percentile_high), at.peers)
    said = verdict(low, high, above=one.direction == "less", edge=50.0)
    sentence = (
        f"Of {at.peers} pairs of about its age ({found.age} years) and evidence, {at.percentile:.0f} in a hundred "
        f"swing less ({between(low, high, 0)})."
    )
    return Finding(said, at.percentile, low, high, UNIT, at.peers, "peers", sentence, rows)


def reach(share: float, own: tuple[float | None, float | None], peers: int) -> tuple[float, float]:
    """The interval of a share of peers in hundredths, from its ends by the pair's own error alone.

    >>> [round(end) for end in reach(70.0, (60.0, 85.0), 40)]
    [54, 88]
    """
    p, z = share / 100, NINETY
    middle = (p + z**2 / (2 * peers)) / (1 + z**2 / peers)
    half = z / (1 + z**2 / peers) * sqrt(p * (1 - p) / peers + (z / (2 * peers)) ** 2)
    under, over = (end if end is not None else edge for end, edge in zip(own, (0.0, 100.0), strict=True))
    down = hypot(share - under, share - 100 * (middle - half))
    up = hypot(over - share, 100 * (middle + half) - share)
    return max(share - down, 0.0), min(share + up, 100.0)


def peers(ev: Evidence, pair: tuple[int, int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """States of tone of the pairs of about the same age, and since when each has been: as `maturity` asks.

    Those kept with the evidence (`kept_states`), by year, else worked out anew, by month.
    """
    since = (
        years_together(pairs_of()).group_by("ccode1", "ccode2").agg(since=pl.col("year").min().cast(pl.Int32))
    )
    own = since.filter((pl.col("ccode1") == pair[0]) & (pl.col("ccode2") == pair[1]))["since"]
    if own.is_empty():
        raise NoEvidenceError("it is not known when this relation began", "name states of the system")
    of_age = since.filter((pl.col("since") - own[0]).abs() <= maturity.AGE_APART).sort("ccode1", "ccode2")
    kept = kept_states.of_store(ev)
    if kept is not None:
        return kept.filter(pl.col("dimension") == "tone").drop("dimension"), of_age
    pairs, tone = of_age.select("ccode1", "ccode2"), named("tone")
    rows = tone.observe(ev, pairs)
    last = last_month([rows])
    if last is None:
        raise NoEvidenceError("nothing is known of the tone of pairs of its age", "load more sources")
    heard = pairs.join(rows, on=["ccode1", "ccode2"], how="semi")
    laid = prepare(rows, heard, tone.ABOUT, tone.ITEMS, loaded(ev, tone), last, by_source=False)
    states = states_frame(laid, smoothed(laid)).filter(pl.col("dimension") == "tone")
    return states.select("ccode1", "ccode2", "month", value="state", sd="sd"), of_age
