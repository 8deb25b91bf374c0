"""What knowing each state adds to foreseeing the two: the third power with its interval, and bystanders, on a line."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from amity.briefs.charts.look import INK, PAPER, QUIET, THIRD, Spec, code, sheet
from amity.briefs.charts.plane import apart
from amity.briefs.shadowed import percent

if TYPE_CHECKING:
    from amity.briefs.answer import Party
    from amity.briefs.shadowed import Shadowed, Side

__all__ = ["bystanders", "hundredths"]

HEIGHT = 122
NAMED = 4
"""Bystanders with the greatest gains that carry their code, as far as there is room."""
TOP = 1.5
"""Of the vertical axis, on which the third power stands above the others."""


def bystanders(told: Shadowed, third: Party) -> Spec | None:
    """None where nobody could be ranked."""
    side = told.toward
    own = _own(side, third) if side else None
    if own is None or not told.bystanders:
        return None
    others = [
        {
            "x": hundredths(one.gain),
            "y": 0.62,
            "name": one.iso3c or one.name,
            "says": f"{one.name}: {percent(one.gain)}",
        }
        for one in told.bystanders
    ]
    ends = [*(hundredths(one.gain) for one in told.bystanders), float(own["low"]), float(own["high"]), 0.0]
    margin = 0.08 * (max(ends) - min(ends))
    domain = (min(ends) - margin, max(ends) + margin)
    # Names stand under their marks: those that had to go to the left of one would be over another.
    room = apart(others[:NAMED], domain, (0.0, TOP))
    named = [one for one in room if one["side"] == "right"]
    return sheet(HEIGHT, _layers(others, named, own, domain), top=14, bottom=44, left=12, right=12)


def _own(side: Side, third: Party) -> Spec | None:
    """The third power's mark and interval; None where its gain is not known."""
    if side.gain is None or side.low is None or side.high is None:
        return None
    says = f"{third.name}: {percent(side.gain)} ({percent(side.low)} to {percent(side.high)})"
    x, low, high = (hundredths(one) for one in (side.gain, side.low, side.high))
    return {"x": x, "low": low, "high": high, "y": 1.15, "name": code(third), "says": says}


def _layers(others: list[Spec], named: list[Spec], own: Spec, domain: tuple[float, float]) -> list[Spec]:
    x: Spec = {
        "field": "x",
        "type": "quantitative",
        "scale": {"domain": list(domain), "nice": False, "zero": False},
        "axis": {
            "title": "How much more weight knowing it gave to what came, % →",
            "tickCount": 6,
            "labelExpr": "datum.value ? format(datum.value, '+') : '0'",
        },
    }
    y: Spec = {"field": "y", "type": "quantitative", "scale": {"domain": [0, TOP]}, "axis": None}
    at, name = {"x": x, "y": y}, {"text": {"field": "name"}}
    tip = {"tooltip": {"field": "says", "type": "nominal"}}
    halo = {"type": "text", "stroke": PAPER, "strokeWidth": 3}

    def layer(values: list[Spec], mark: Spec, encoding: Spec) -> Spec:
        return {"data": {"values": values}, "mark": mark, "encoding": encoding}

    diamond = {"type": "point", "shape": "diamond", "filled": True, "color": THIRD, "size": 110, "opacity": 1}
    return [
        layer([{}], {"type": "rule", "color": QUIET, "opacity": 0.7}, {"x": {"datum": 0}}),
        layer(
            others,
            {"type": "tick", "color": QUIET, "thickness": 1.6, "size": 14, "opacity": 0.75},
            {**at, **tip},
        ),
        layer(named, {"type": "text", "dy": 15, "fill": QUIET, "fontSize": 10.5}, {**at, **name}),
        layer(
            [own],
            {"type": "rule", "color": THIRD, "strokeWidth": 6, "opacity": 0.3},
            {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y},
        ),
        layer([own], diamond, {**at, **tip}),
        layer([own], {**halo, "dy": -12, "fill": INK, "fontWeight": 600}, {**at, **name}),
    ]


def hundredths(nats: float) -> float:
    """A gain in log score as a change of weight, in hundredths.

    >>> hundredths(0.01)
    1.005
    """
    return round(100 * (exp(nats) - 1), 3)
