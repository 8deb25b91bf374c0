"""What knowing each state adds to foreseeing the two: the third power with its interval, and bystanders, on a line."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from amity.briefs.charts.look import INK, PAPER, QUIET, THIRD, Spec, code, config
from amity.briefs.charts.plane import apart
from amity.briefs.shadowed import percent

if TYPE_CHECKING:
    from amity.briefs.answer import Party
    from amity.briefs.shadowed import Shadowed

__all__ = ["bystanders"]

HEIGHT = 66
NAMED = 4
"""Bystanders with the greatest gains that carry their code, as far as there is room."""


def bystanders(told: Shadowed, third: Party) -> Spec | None:
    """None where nobody could be ranked."""
    side = told.toward
    if side is None or side.gain is None or side.low is None or side.high is None or not told.bystanders:
        return None
    marks = [
        {
            "x": hundredths(one.gain),
            "y": 0.4,
            "name": one.iso3c or one.name,
            "says": f"{one.name}: {percent(one.gain)}",
        }
        for one in told.bystanders
    ]
    own: Spec = {
        "x": hundredths(side.gain),
        "low": hundredths(side.low),
        "high": hundredths(side.high),
        "y": 1.0,
        "name": code(third),
    }
    own["says"] = f"{third.name}: {percent(side.gain)} ({percent(side.low)} to {percent(side.high)})"
    ends = [*(one["x"] for one in marks), own["low"], own["high"], 0.0]
    margin = 0.08 * (max(ends) - min(ends))
    domain = [min(ends) - margin, max(ends) + margin]
    x: Spec = {
        "field": "x",
        "type": "quantitative",
        "scale": {"domain": domain, "nice": False, "zero": False},
        "axis": {
            "title": "How much more weight knowing it gave to what came, % →",
            "tickCount": 6,
            "labelExpr": "datum.value ? format(datum.value, '+') : '0'",
        },
    }
    y: Spec = {"field": "y", "type": "quantitative", "scale": {"domain": [0, 1.4]}, "axis": None}
    tip = {"tooltip": {"field": "says", "type": "nominal"}}
    placed = apart(marks[:NAMED], (domain[0], domain[1]), (0.0, 1.4))
    layers: list[Spec] = [
        {
            "data": {"values": [{}]},
            "mark": {"type": "rule", "color": QUIET, "opacity": 0.7},
            "encoding": {"x": {"datum": 0}},
        },
        {
            "data": {"values": marks},
            "mark": {"type": "tick", "color": QUIET, "thickness": 1.6, "size": 14, "opacity": 0.75},
            "encoding": {"x": x, "y": y, **tip},
        },
        {
            "data": {"values": placed},
            "mark": {"type": "text", "dy": 15, "fill": QUIET, "fontSize": 10.5},
            "encoding": {"x": x, "y": y, "text": {"field": "name"}},
        },
        {
            "data": {"values": [own]},
            "mark": {"type": "rule", "color": THIRD, "strokeWidth": 6, "opacity": 0.3},
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y},
        },
        {
            "data": {"values": [own]},
            "mark": {"type": "point", "shape": "diamond", "filled": True, "color": THIRD, "size": 110, "opacity": 1},
            "encoding": {"x": x, "y": y, **tip},
        },
        {
            "data": {"values": [own]},
            "mark": {"type": "text", "dy": -12, "fill": INK, "fontWeight": 600, "stroke": PAPER, "strokeWidth": 3},
            "encoding": {"x": x, "y": y, "text": {"field": "name"}},
        },
    ]  # fmt: skip
    return {
        "width": "container",
        "height": HEIGHT,
        "autosize": {"type": "none", "contains": "padding"},
        "padding": {"left": 12, "right": 12, "top": 14, "bottom": 44},
        "layer": layers,
        "config": config(),
    }


def hundredths(nats: float) -> float:
    """A gain in log score as a change of weight, in hundredths."""
    return round(100 * (exp(nats) - 1), 3)
