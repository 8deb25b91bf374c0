"""The charts of a state's portrait: its ties on a plane, how its dealings spread, its path between two powers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amity.briefs.charts.look import (
    FIRST,
    INK,
    PAIR,
    PAPER,
    QUIET,
    THIRD,
    Spec,
    end_labels,
)
from amity.briefs.charts.plane import apart, named, path, plane

if TYPE_CHECKING:
    from amity.briefs.portrait import Portrait

__all__ = ["charts"]

NAMED = 30
"""Ties that carry their code, as far as there is room."""
KINDS = {"trade": (PAIR, [1, 0]), "engagement": (FIRST, [6, 3]), "visits": (THIRD, [1, 0]),
         "aid received": (THIRD, [2, 2]), "aid given": (THIRD, [2, 2])}  # fmt: skip


def charts(one: Portrait) -> dict[str, Spec]:
    """Every chart for which the portrait has something to show, by the name of its place on the page."""
    made: dict[str, Spec] = {}
    if any(tie.engagement and tie.tone for tie in one.ties):
        made["ties"] = ties(one)
    if one.spread:
        made["spread"] = spread(one)
    if one.between and any(place.own for place in one.between.plane):
        made["between"] = path(one.between)
    return made


def ties(one: Portrait) -> Spec:
    """Engagement across, tone up; the most engaged carry their codes, other known ties are small."""
    marks = [
        {
            "x": round(tie.engagement.value, 1),
            "y": round(tie.tone.value, 1),
            "name": tie.iso3c or tie.name,
            "few": (tie.rank or 0) > NAMED,
            "says": f"{tie.name}: engagement {tie.engagement.value:+.0f} ({tie.engagement.low:+.0f} to "
            f"{tie.engagement.high:+.0f}), tone {tie.tone.value:+.0f} ({tie.tone.low:+.0f} to {tie.tone.high:+.0f})",
        }
        for tie in one.ties
        if tie.engagement and tie.tone
    ]
    at = {"x": _points("x", "Engagement →"), "y": _points("y", "Tone →")}
    names = apart([mark for mark in marks if not mark["few"]], (-100, 100), (-100, 100))
    dot: Spec = {"type": "point", "filled": True, "stroke": PAPER, "strokeWidth": 0.8}
    tip = {"tooltip": {"field": "says", "type": "nominal"}}
    rest: list[Spec] = [{"mark": {"type": "rule", "color": QUIET, "opacity": 0.6}, "data": {"values": [{}]},
             "encoding": {axis: {"datum": 0}}} for axis in ("x", "y")]  # fmt: skip
    return plane(
        360,
        [
            *rest,
            {
                "data": {"values": marks},
                "mark": {**dot, "color": PAIR},
                "encoding": {
                    **at,
                    **tip,
                    "size": {"condition": {"test": "datum.few", "value": 14}, "value": 42},
                    "opacity": {"condition": {"test": "datum.few", "value": 0.4}, "value": 0.95},
                },
            },
            *named(names, {"fill": INK}, at),
        ],
    )


def _points(field: str, title: str) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": [-100, 100]},
        "axis": {"title": title, "values": [-100, -50, 0, 50, 100], "grid": True, "gridOpacity": 0.6,
                 "labelExpr": "datum.value ? format(datum.value, '+d') : '0'"},
    }  # fmt: skip


def spread(one: Portrait) -> Spec:
    """How many equal partners would be as concentrated, by year and kind of dealings."""
    marks = [
        {
            "t": f"{year.year}-07-01",
            "year": year.year,
            "value": round(year.effective, 2),
            "name": year.kind,
            "says": f"{year.kind}, {year.year}: as {year.effective:.1f} equal partners; {year.first} first with "
            f"{year.first_share:.0%}",
        }
        for year in one.spread
    ]
    top: float = max(year.effective for year in one.spread)
    first, last = min(year.year for year in one.spread), max(year.year for year in one.spread)
    x, y = _years(first, last), _partners(top)
    kinds = [kind for kind in KINDS if any(mark["name"] == kind for mark in marks)]
    lines = [
        _line(_runs([mark for mark in marks if mark["name"] == kind]), *KINDS[kind], x, y) for kind in kinds
    ]
    ends = [
        (next(mark for mark in reversed(marks) if mark["name"] == kind), KINDS[kind][0]) for kind in kinds
    ]
    # Kinds end in different years: a name stands at the right edge, at the height of its line's end.
    edge = [({**mark, "t": f"{last}-12-31"}, colour) for mark, colour in ends]
    return {
        **plane(260, [*lines, *end_labels(edge, x, top * 0.075, y)]),
        "padding": {"left": 30, "right": 84, "top": 8, "bottom": 26},
    }


def _years(first: int, last: int) -> Spec:
    ends = [{"year": at, "month": 1, "date": 1, "utc": True} for at in (first, last + 1)]
    return {
        "field": "t",
        "type": "temporal",
        "scale": {"type": "utc", "domain": ends},
        "axis": {
            "format": "%Y",
            "title": None,
            "grid": True,
            "gridOpacity": 0.6,
            "tickCount": {"interval": "year", "step": 10},
        },
    }


def _partners(top: float) -> Spec:
    return {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [0, top * 1.08], "nice": False},
        "axis": {"title": None, "tickCount": 5, "grid": True, "gridOpacity": 0.6, "domain": False},
    }


def _runs(marks: list[Spec]) -> list[Spec]:
    """The marks with the unbroken run of years that each belongs to."""
    run, told = 0, list[Spec]()
    for n, mark in enumerate(marks):
        run += bool(n and mark["year"] != marks[n - 1]["year"] + 1)
        told.append({**mark, "run": run})
    return told


def _line(marks: list[Spec], colour: str, dash: list[int], x: Spec, y: Spec) -> Spec:
    return {
        "data": {"values": marks},
        "layer": [
            {
                "mark": {"type": "line", "color": colour, "strokeWidth": 2, "strokeDash": dash},
                "encoding": {"x": x, "y": y, "detail": {"field": "run", "type": "nominal"}},
            },
            {
                "mark": {"type": "point", "filled": True, "color": colour, "size": 120, "opacity": 0},
                "encoding": {"x": x, "y": y, "tooltip": {"field": "says", "type": "nominal"}},
            },
        ],
    }
