"""The relation of one pair: its three dimensions month by month, what could be known then and what is known now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from amity.dimensions import ALL, named
from amity.dimensions.constants import loaded
from amity.dimensions.estimate import (
    FIRST,
    contributions,
    filtered,
    only_known,
    prepare,
    smoothed,
    states_frame,
)
from amity.dimensions.observed import last_month, pairs_of
from amity.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from amity.dimensions.estimate import Prepared
    from amity.engine.chain import Smoothed
    from amity.evidence import Evidence
    from amity.states import State

__all__ = ["Reading", "Relation", "relation_of"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the engine was given of one dimension, and what it found: arrays, for what is read of them further up."""

    laid: Prepared
    now: Smoothed


@dataclass(frozen=True, slots=True)
class Relation:
    """How two states have stood to each other, month by month since 1946.

    `1` is the state with the smaller code. Values lie between −100 and 100 with 90 % intervals: see
    `dimensions.estimate`; with `sd` from `estimate.LEAST_KNOWN` on
    they are unknown, and say only so. A notebook shows it as a chart.
    """

    state1: State
    state2: State
    smoothed: pl.DataFrame
    """What is known now: `ccode1, ccode2, month, dimension, state, sd, value, low, high`."""
    filtered: pl.DataFrame
    """What could be known at the end of each month, from nothing later: the same columns."""
    contributions: pl.DataFrame
    """What each item of each source brought to a month: columns as of `estimate.contributions`."""
    observed: pl.DataFrame
    """What was observed: columns of `dimensions.observed.OBSERVED` and `dimension`."""
    learned_from: Mapping[str, str]
    """By dimension, what its constants were learned from."""
    readings: Mapping[str, Reading]

    def of(self, dimension: str) -> pl.DataFrame:
        """What is known now of one dimension: `month, value, low, high, state, sd`, in time order.

        Raises `UsageError` for a dimension that is none.
        """
        rows = self.smoothed.filter(pl.col("dimension") == dimension)
        if rows.is_empty():
            known = ", ".join(self.smoothed["dimension"].unique().sort())
            raise UsageError(f"'{dimension}' is no dimension of a relation", f"say one of {known}")
        return rows.select("month", "value", "low", "high", "state", "sd")

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return {"application/vnd.vegalite.v5+json": chart(self), "text/plain": str(self)}

    def __str__(self) -> str:
        last = only_known(self.smoothed.filter(pl.col("month") == max(self.smoothed["month"])))
        lines = [
            f"{row['dimension']:12} not known"
            if row["value"] is None
            else f"{row['dimension']:12} {row['value']:+4.0f} ({row['low']:+.0f} to {row['high']:+.0f})"
            for row in last.iter_rows(named=True)
        ]
        return "\n".join([f"{self.state1.name} and {self.state2.name}, {max(last['month']):%B %Y}", *lines])


def relation_of(ev: Evidence, a: State, b: State, last: date | None = None) -> Relation:
    """The relation of two states, from everything that is loaded of them, to the month of `last`.

    By default to the last month that anything is known of; where nothing ever is, the intervals say so.
    Raises `UsageError` for a state with itself.
    """
    if a.ccode == b.ccode:
        raise UsageError(f"{a.name} has no relation with itself", "name two states")
    state1, state2 = (a, b) if a.ccode < b.ccode else (b, a)
    pairs = pairs_of([(state1, state2)])
    rows = {name: named(name).observe(ev, pairs) for name in ALL}
    seen = pl.concat([frame.with_columns(dimension=pl.lit(name)) for name, frame in rows.items()])
    end = last or last_month([seen]) or FIRST
    smooth: list[pl.DataFrame] = []
    known: list[pl.DataFrame] = []
    moved: list[pl.DataFrame] = []
    readings: dict[str, Reading] = {}
    learned: dict[str, str] = {}
    for name in ALL:
        one = named(name)
        constants = loaded(ev, one)
        laid = prepare(rows[name], pairs, one.ABOUT, one.ITEMS, constants, end)
        now, then = smoothed(laid), filtered(laid)
        smooth.append(states_frame(laid, now))
        known.append(states_frame(laid, then))
        moved.append(contributions(laid, then, now))
        readings[name], learned[name] = Reading(laid, now), constants.learned_from
    behind = seen.filter(pl.col("month") <= end)
    return Relation(
        state1, state2, pl.concat(smooth), pl.concat(known), pl.concat(moved), behind, learned, readings
    )


def chart(relation: Relation) -> dict[str, Any]:
    """A Vega-Lite chart of the three dimensions through time, each with its band."""
    rows = (
        only_known(relation.smoothed)
        .filter(~pl.col("dimension").str.contains("_"))
        .select("dimension", pl.col("month").cast(pl.String), pl.col("value", "low", "high").round(1))
    )
    x = {"field": "month", "type": "temporal", "title": None}
    scale = {"domain": [-100, 100]}
    band = {
        "mark": {"type": "area", "opacity": 0.25},
        "encoding": {
            "y": {"field": "low", "type": "quantitative", "title": None, "scale": scale},
            "y2": {"field": "high"},
        },
    }
    line = {"mark": "line", "encoding": {"y": {"field": "value", "type": "quantitative", "scale": scale}}}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": f"{relation.state1.name} and {relation.state2.name}",
        "data": {"values": rows.to_dicts()},
        "facet": {"row": {"field": "dimension", "type": "nominal", "title": None}},
        "spec": {"width": 640, "height": 120, "encoding": {"x": x}, "layer": [band, line]},
    }
