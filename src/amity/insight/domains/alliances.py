"""Alliances: with whom a state has a defence pact.

Nearness is 1 where a pact of defence between the state and the power held on the last day of the year, else 0. Pacts of
consultation, neutrality and non-aggression do not count: whole regions have them. The record is taken as exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity import evidence
from amity.insight.domains import Domain, both, by_line, known_years

if TYPE_CHECKING:
    from amity.evidence import Evidence
    from amity.insight.domains import Asked
    from amity.states import State

__all__ = ["ABOUT", "held", "observe"]

ABOUT = Domain("alliances", "a defence pact at the end of the year", "1 or 0", engages=False, reads=("atop",))
KIND = "alliance_defense"
YEAR_END = ((12, 31), (12, 31))
KEYS = ["ccode", "year"]


def observe(ev: Evidence, of: Asked) -> pl.DataFrame:
    """Whether there was a pact with each power, in the years about which sources speak."""
    told = evidence.ties_of(ev, [KIND]).with_columns(near=pl.lit(1.0))
    known = of.years
    for power in (of.a, of.b):
        known = known.join(known_years(of, [KIND], power, "out", YEAR_END), on=KEYS, how="semi")
    ways = [("ccode_from", "ccode_to"), ("ccode_to", "ccode_from")]
    a, b = (
        pl.concat([held(told, power, *way, known) for way in ways])
        .group_by(KEYS)
        .agg(near=pl.col("near").max(), sd=pl.lit(0.0))
        for power in (of.a, of.b)
    )
    return both(a, b, known)


def held(told: pl.DataFrame, power: State, own: str, other: str, known: pl.DataFrame) -> pl.DataFrame:
    """Ties of a power, on its side `own`, that held on the last day of each known year: `ccode, year, near`.

    A tie without an end lasts as long as the record speaks.
    """
    first = pl.col("start").dt.year()
    gone = pl.col("end").dt.year() - (pl.col("end") < pl.date(pl.col("end").dt.year(), 12, 31)).cast(pl.Int32)
    last = known["year"].max() if known.height else 0
    return (
        told.filter(pl.col(own).is_in(list(power.ccodes)))
        .select(ccode=by_line(other), near="near", year=pl.int_ranges(first, gone.fill_null(last) + 1))
        .explode("year")
        .drop_nulls("year")
        .with_columns(pl.col("year").cast(pl.Int16))
        .join(known, on=KEYS, how="semi")
        .group_by(KEYS)
        .agg(pl.col("near").max())
    )
