"""Tone in the last years and what is foreseen of it: the fan of the state carried forward, and marks of all methods.

The mark of the method that the record favours at a horizon is full, and has its interval as an upright line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amity.briefs import bands
from amity.briefs.charts.look import INK, PAIR, QUIET, Spec, sheet
from amity.briefs.charts.states import scale
from amity.briefs.foreseeing import METHODS

if TYPE_CHECKING:
    from amity.briefs.estimated import Estimated, Foreseen

PAST = 60
"""Months of the past that are drawn."""
HEIGHT = 190
SHAPES = {"tone": "circle", "ewma": "square", "persistence": "triangle-up"}


def outlook(state: Estimated) -> Spec | None:
    """None where tone is not known: a fan of nothing but rest says nothing."""
    line = state.line("tone")
    if line is None or not line.stand.known or not state.foreseen:
        return None
    told = [one for one in state.foreseen if one.line == "tone"]
    past = [
        {"t": one.month.isoformat(), "value": one.then, "low": one.then_low, "high": one.then_high}
        for one in line.months[-PAST:]
        if one.known
    ]
    fan = [past[-1], *(point(one) for one in told if one.method == "tone")]
    favoured = [point(one) for one in told if one.shown]
    others = [point(one) for one in told if not one.shown]
    x: Spec = {
        "field": "t",
        "type": "temporal",
        "scale": {"type": "utc"},
        "axis": {
            "title": None,
            "format": "%Y",
            "tickCount": {"interval": "year", "step": 1},
            "gridOpacity": 0.6,
        },
    }
    y = scale("tone")
    tip = {"tooltip": {"field": "says", "type": "nominal"}}
    band = {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}
    shape = {
        "field": "method",
        "type": "nominal",
        "scale": {"domain": list(SHAPES), "range": list(SHAPES.values())},
    }
    zero: Spec = {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": QUIET, "opacity": 0.6},
        "encoding": {"y": {"datum": 0}},
    }
    now: Spec = {
        "data": {"values": [{"t": past[-1]["t"]}]},
        "mark": {"type": "rule", "color": INK, "opacity": 0.5, "strokeDash": [2, 3]},
        "encoding": {"x": x},
    }
    layers: list[Spec] = [
        zero,
        {
            "data": {"values": past},
            "mark": {"type": "area", "color": QUIET, "opacity": 0.18},
            "encoding": band,
        },
        {"data": {"values": fan}, "mark": {"type": "area", "color": PAIR, "opacity": 0.18}, "encoding": band},
        {
            "data": {"values": past},
            "mark": {"type": "line", "color": QUIET, "strokeWidth": 1.8},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": {"values": fan},
            "mark": {"type": "line", "color": PAIR, "strokeWidth": 2, "strokeDash": [5, 3]},
            "encoding": {"x": x, "y": y},
        },
        now,
        {
            "data": {"values": favoured},
            "mark": {"type": "rule", "color": PAIR, "strokeWidth": 2.5, "opacity": 0.45},
            "encoding": band,
        },
        {
            "data": {"values": favoured},
            "mark": {"type": "point", "filled": True, "color": PAIR, "size": 60, "opacity": 1},
            "encoding": {"x": x, "y": y, "shape": shape, **tip},
        },
        {
            "data": {"values": others},
            "mark": {"type": "point", "color": QUIET, "size": 40, "strokeWidth": 1.4, "opacity": 0.9},
            "encoding": {"x": x, "y": y, "shape": shape, **tip},
        },
    ]
    return sheet(HEIGHT, layers)


def point(one: Foreseen) -> Spec:
    told = bands.spelled(one.value, one.low, one.high)
    return {
        "t": one.month.isoformat(),
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "method": one.method,
        "says": f"{one.month:%b %Y}, {METHODS[one.method]}: {told}",
    }
