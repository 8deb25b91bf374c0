"""Where the states stand in the General Assembly: a line through time for each, with its band."""

from __future__ import annotations

from itertools import pairwise
from math import ceil, floor
from typing import TYPE_CHECKING

from amity.briefs.charts.look import FIRST, PAIR, QUIET, THIRD, Spec, code, end_labels, row, years
from amity.briefs.sessions import opened, parties, series, signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.briefs.answer import Brief, Party
    from amity.briefs.points import Point, Side, Standing

COLOURS: dict[Side, str] = {"a": FIRST, "b": PAIR, "third": THIRD}
HEIGHT = 240
LABEL = 15
"""Height that a line's name takes, in pixels."""
MANY = 5
"""Standard deviations beyond which every other one is numbered."""


def standing(brief: Brief, stood: Standing) -> Spec:
    """Bands below, lines above; a line breaks where there is no point and where a seat or a code changes."""
    drawn: dict[Side, list[Spec]] = {
        side: values(party, own) for side, party in parties(brief).items() if (own := series(stood, side))
    }
    low, high = bounds([mark for marks in drawn.values() for mark in marks])
    x, y = years(brief, axis=True), axis(low, high)
    ends = [(marks[-1], COLOURS[side]) for side, marks in drawn.items()]
    names = end_labels(ends, x, LABEL * (high - low) / HEIGHT, y)
    order = sorted(drawn, reverse=True)
    layers = [mean(), *(band(drawn[side], COLOURS[side], x, y) for side in order)]
    layers += [line(drawn[side], COLOURS[side], x, y) for side in order]
    return row(brief, HEIGHT, [*layers, *names], axis=True)


def values(party: Party, own: Sequence[Point]) -> list[Spec]:
    """Points of one state with the run of sessions that each belongs to."""
    runs = numbered(own)
    return [
        {
            "t": f"{point.year}-07-01",
            "value": round(point.value, 3),
            "low": round(point.low, 3),
            "high": round(point.high, 3),
            "run": run,
            "held": "other" if point.holder else "own",
            "name": code(party),
            "says": says(party, point),
        }
        for point, run in zip(own, runs, strict=True)
    ]


def numbered(own: Sequence[Point]) -> list[int]:
    """The unbroken run of each point: one session after another under one code.

    Session 19, in which the Assembly hardly voted, breaks every line.
    """
    runs = [0] * min(len(own), 1)
    for before, after in pairwise(own):
        unbroken = after.session == before.session + 1 and after.ccode == before.ccode
        runs.append(runs[-1] + (not unbroken))
    return runs


def says(party: Party, point: Point) -> str:
    """A point in a line, for the tooltip."""
    who = f"{code(party)}’s seat, held by {point.holder}," if point.holder else code(party)
    return (
        f"{who} {opened(point.session)}: {signed(point.value)} ({signed(point.low)} to {signed(point.high)}; "
        f"{point.n} votes)"
    )


def bounds(marks: Sequence[Spec]) -> tuple[float, float]:
    """The ends of the axis: those of the bands, to the next half above and below, with zero between them."""
    low, high = min(mark["low"] for mark in marks), max(mark["high"] for mark in marks)
    return min(floor(2 * low) / 2, 0), max(ceil(2 * high) / 2, 0)


def axis(low: float, high: float) -> Spec:
    """An axis with zero among its few numbers."""
    step = 1 if high - low <= MANY else 2
    return {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False, "zero": False},
        "axis": {
            "title": None,
            "values": [at for at in range(ceil(low), floor(high) + 1) if at % step == 0],
            "labelExpr": "datum.value ? format(datum.value, '+d') : '0'",
            "domain": False,
            "grid": True,
            "gridOpacity": 0.6,
        },
    }


def mean() -> Spec:
    """The mean of all states and sessions."""
    return {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": QUIET, "opacity": 0.7},
        "encoding": {"y": {"datum": 0}},
    }


def band(marks: list[Spec], colour: str, x: Spec, y: Spec) -> Spec:
    return {
        "data": {"values": marks},
        "mark": {"type": "area", "color": colour},
        "encoding": {
            "x": x,
            "y": {**y, "field": "low"},
            "y2": {"field": "high"},
            "detail": {"field": "run", "type": "nominal"},
            "opacity": {"condition": {"test": "datum.held == 'other'", "value": 0.08}, "value": 0.16},
        },
    }


def line(marks: list[Spec], colour: str, x: Spec, y: Spec) -> Spec:
    """A line a run, dashed under another holder of the seat; a point alone is a dot, and all can be pointed at."""
    at = {"x": x, "y": y}
    tip = {"tooltip": {"field": "says", "type": "nominal"}}
    lonely = [mark for mark in marks if sum(mark["run"] == other["run"] for other in marks) == 1]
    dot: Spec = {"type": "point", "filled": True, "color": colour}
    strokes = [
        {
            "data": {"values": [mark for mark in marks if mark["held"] == held]},
            "mark": {
                "type": "line",
                "color": colour,
                "strokeWidth": 2,
                "strokeDash": dash,
            },
            "encoding": {**at, "detail": {"field": "run", "type": "nominal"}},
        }
        for held, dash in (("other", [4, 4]), ("own", [1, 0]))
    ]
    return {
        "layer": [
            *strokes,
            {"data": {"values": lonely}, "mark": {**dot, "size": 14}, "encoding": at},
            {
                "data": {"values": marks},
                "mark": {**dot, "size": 160, "opacity": 0},
                "encoding": {**at, **tip},
            },
        ]
    }
