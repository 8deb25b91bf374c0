"""The outlook without acts and with programmes of them, and how far the programmes part from doing nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amity.briefs.charts.look import FIRST, QUIET, THIRD, Spec, end_labels, sheet
from amity.briefs.charts.states import scale
from amity.briefs.programmes import difference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.briefs.programmes import Ahead, Programme

__all__ = ["differences", "programmes"]

HEIGHT = 200
LOOKS = ((FIRST, [1, 0]), (THIRD, [7, 3]))
"""Colour and dash of the first programme and the second."""


def programmes(told: Sequence[Programme]) -> Spec:
    """Tone with each programme and without, with bands of 90%."""
    x, y = _months(), scale("tone")
    rows = _tone(told[0])
    without = [_mark(one, (one.without, one.without_low, one.without_high), "no acts") for one in rows]
    layers, ends = _drawn(without, QUIET, [2, 3], x, y, 0.16), [(without[-1], QUIET)]
    for one, (colour, dash) in zip(told, LOOKS, strict=False):
        known = [row for row in _tone(one) if row.with_acts is not None]
        marks = [_mark(row, (row.with_acts, row.with_low, row.with_high), one.name) for row in known]
        if marks:
            layers += _drawn(marks, colour, dash, x, y, 0.1)
            ends.append((marks[-1], colour))
    return sheet(HEIGHT, [*layers, *end_labels(ends, x, 15, y)])


def differences(told: Sequence[Programme]) -> Spec | None:
    """How far tone with each programme parts from tone without, on a scale of its own; None: nobody can tell."""
    x = _months()
    values = [
        [
            _mark(row, (row.difference, row.difference_low, row.difference_high), one.name)
            | {"says": f"{one.name}, {row.month:%b %Y}: {difference(row)}"}
            for row in _tone(one)
            if row.difference is not None
        ]
        for one in told
    ]
    if not any(values):
        return None
    far = 1.05 * max(abs(float(mark[end])) for marks in values for mark in marks for end in ("low", "high"))
    y = _around(far or 1.0)
    layers: list[Spec] = [
        {"data": {"values": [{}]}, "mark": {"type": "rule", "color": QUIET}, "encoding": {"y": {"datum": 0}}}
    ]
    ends: list[tuple[Spec, str]] = []
    for marks, (colour, dash) in zip(values, LOOKS, strict=False):
        if marks:
            layers += _drawn(marks, colour, dash, x, y, 0.16)
            ends.append((marks[-1], colour))
    return sheet(HEIGHT, [*layers, *end_labels(ends, x, (far or 1.0) * 0.15, y)])


def _mark(row: Ahead, three: tuple[float | None, float | None, float | None], name: str) -> Spec:
    """A value and its interval in a month, under the name of its line."""
    return {"t": row.month.isoformat(), "value": three[0], "low": three[1], "high": three[2], "name": name}


def _around(far: float) -> Spec:
    """A vertical scale as far down as up."""
    return {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [-far, far], "nice": False},
        "axis": {
            "title": None,
            "tickCount": 5,
            "labelExpr": "datum.value ? format(datum.value, '+') : '0'",
            "domain": False,
        },
    }


def _tone(one: Programme) -> list[Ahead]:
    return [row for row in one.ahead if row.dimension == "tone"]


def _months() -> Spec:
    return {
        "field": "t",
        "type": "temporal",
        "scale": {"type": "utc"},
        "axis": {
            "title": None,
            "labelFlush": False,
            "format": "%b %Y",
            "tickCount": {"interval": "month", "step": 6},
            "gridOpacity": 0.6,
        },
    }


def _drawn(marks: list[Spec], colour: str, dash: list[int], x: Spec, y: Spec, shade: float) -> list[Spec]:
    """A line and its band."""
    band = {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}
    tip = {"tooltip": {"field": "says", "type": "nominal"}} if "says" in marks[0] else {}
    return [
        {
            "data": {"values": marks},
            "mark": {"type": "area", "color": colour, "opacity": shade},
            "encoding": band,
        },
        {
            "data": {"values": marks},
            "mark": {"type": "line", "color": colour, "strokeWidth": 2, "strokeDash": dash},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": {"values": marks},
            "mark": {"type": "point", "filled": True, "color": colour, "size": 110, "opacity": 0},
            "encoding": {"x": x, "y": y, **tip},
        },
    ]
