"""Phases and turning points of the estimated relation: from the engine to the brief's records, in words and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity.briefs import words
from amity.briefs.estimated import Moving, Phase, Turn
from amity.dimensions.estimate import FIRST
from amity.engine.alone import alone
from amity.errors import UsageError
from amity.insight import phases as asked_phases
from amity.insight.formal import representation
from amity.insight.record import record_of

if TYPE_CHECKING:
    from datetime import date

    from amity.briefs.gather import Asked
    from amity.dimensions.pair import Relation
    from amity.evidence import Evidence

COLUMNS = ["dimension", "month", "value", "variance"]


def phases(
    ev: Evidence, relation: Relation, asked: Asked, last: date
) -> tuple[tuple[Phase, ...], tuple[Turn, ...]]:
    """The phases from 1946 on and the turning points between them; none where too little is known to tell any."""
    said = [of_reading(relation, name) for name in relation.readings]
    posts = representation(ev, asked.a, asked.b, FIRST, last).select(COLUMNS)
    series = pl.concat([*said, posts.cast({"value": pl.Float64, "variance": pl.Float64})])
    record = record_of(ev, asked.a, asked.b).filter(pl.col("date") <= last)
    try:
        found = asked_phases.ask(series, record)
    except UsageError:
        return (), ()
    return (
        tuple(phase(one, asked) for one in found.phases if one.end >= asked.first),
        tuple(turn(one, asked) for one in found.turning_points if one.month >= asked.first),
    )


def of_reading(relation: Relation, name: str) -> pl.DataFrame:
    """What each month's evidence says by itself of one dimension, in standard deviations of the world's pairs."""
    reading = relation.readings[name]
    laid, rest = reading.laid, float(reading.laid.move.variance[0])
    said = alone(laid.seen, laid.of, laid.move, reading.now.mean)
    rows = asked_phases.series_of(name, laid.months, said)
    return rows.select(
        "dimension", "month", value=pl.col("value") / rest**0.5, variance=pl.col("variance") / rest
    )


def phase(one: asked_phases.Phase, asked: Asked) -> Phase:
    return Phase(
        one.start,
        one.end,
        tuple((level.dimension, level.word) for level in one.levels),
        spoken(one.name, asked),
    )


def turn(one: asked_phases.TurningPoint, asked: Asked) -> Turn:
    return Turn(
        month=one.month,
        low=one.low,
        high=one.high,
        probability=round(one.probability, 3),
        direction=one.direction,
        name=spoken(one.name, asked),
        moves=tuple(
            Moving(move.dimension, round(move.size, 2), round(move.sd, 2)) for move in one.moves if move.plain
        ),
        refs=tuple(dict.fromkeys(f"{row['source']} {row['ref']}" for row in one.record[:SHOWN])),
    )


def spoken(name: str, asked: Asked) -> str:
    """What names a turning point, with the article before whoever acted."""
    for party in (asked.a, asked.b):
        name = name.replace(f"by {party.name}", f"by {words.the(party.name)}")
    return name


SHOWN = 4
"""Rows of the record that are named beside a turning point."""
