"""The charts of a state's portrait: its ties on a plane, how its dealings spread, its path between two powers."""

from __future__ import annotations

from math import ceil, floor
from statistics import fmean
from typing import TYPE_CHECKING

from amity.briefs.charts.look import (
    FIRST,
    GRID,
    INK,
    PAIR,
    PAPER,
    QUIET,
    THIRD,
    Spec,
    config,
    end_labels,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amity.briefs.portrait import Between, Place, Portrait

__all__ = ["charts"]

ROOM = (0.13, 0.05)
"""Width and height that a state's code takes on a plane of a narrow page, in shares of its sides."""
NAMED = 30
"""Ties that carry their code, as far as there is room."""
KINDS = {"trade": (PAIR, [1, 0]), "engagement": (FIRST, [6, 3]), "visits": (THIRD, [1, 0]),
         "aid received": (THIRD, [2, 2]), "aid given": (THIRD, [2, 2])}  # fmt: skip
SPAN = 5
"""Years of which a place on the path is the mean."""
TEXT = {
    "type": "text",
    "align": "left",
    "dx": 6,
    "dy": -5,
    "fontSize": 10.5,
    "stroke": PAPER,
    "strokeWidth": 3,
}


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


def _plane(height: int, layers: list[Spec]) -> Spec:
    return {
        "width": "container",
        "height": height,
        "autosize": {"type": "none", "contains": "padding"},
        "padding": {"left": 52, "right": 34, "top": 12, "bottom": 44},
        "config": config(),
        "layer": layers,
    }


def _apart(
    marks: Sequence[Spec], x: tuple[float, float], y: tuple[float, float], taken: Sequence[Spec] = ()
) -> list[Spec]:
    """The marks that have room for their name, `right` or `left` of them (`side`), earlier ones first."""
    width, height = ROOM[0] * (x[1] - x[0]), ROOM[1] * (y[1] - y[0])

    def clash(mark: Spec, side: str, other: Spec) -> bool:
        left, right = (
            one["x"] - (at == "left") * width for one, at in ((mark, side), (other, other["side"]))
        )
        return abs(left - right) < width and abs(mark["y"] - other["y"]) < height

    placed = list(taken)
    for mark in marks:
        for side in ("right", "left"):
            if not any(clash(mark, side, other) for other in placed):
                placed.append({**mark, "side": side})
                break
    return placed[len(taken) :]


def _named(names: list[Spec], look: Spec, at: Spec) -> list[Spec]:
    """The names of marks, each on its side."""
    shown: Spec = {"text": {"field": "name", "type": "nominal"}}
    return [
        _marks([one for one in names if one["side"] == side], {**TEXT, **place, **look}, {**at, **shown})
        for side, place in (("right", {"align": "left", "dx": 6}), ("left", {"align": "right", "dx": -6}))
    ]


def ties(one: Portrait) -> Spec:
    """Engagement across, tone up; the most engaged carry their codes, other known ties are small."""
    marks = [
        {
            "x": round(tie.engagement.value, 1),
            "y": round(tie.tone.value, 1),
            "name": tie.iso3c or tie.name,
            "few": tie.rank > NAMED,
            "says": f"{tie.name}: engagement {tie.engagement.value:+.0f} ({tie.engagement.low:+.0f} to "
            f"{tie.engagement.high:+.0f}), tone {tie.tone.value:+.0f} ({tie.tone.low:+.0f} to {tie.tone.high:+.0f})",
        }
        for tie in one.ties
        if tie.engagement and tie.tone
    ]
    at = {"x": _points("x", "Engagement →"), "y": _points("y", "Tone →")}
    names = _apart([mark for mark in marks if not mark["few"]], (-100, 100), (-100, 100))
    dot: Spec = {"type": "point", "filled": True, "stroke": PAPER, "strokeWidth": 0.8}
    tip = {"tooltip": {"field": "says", "type": "nominal"}}
    rest: list[Spec] = [{"mark": {"type": "rule", "color": QUIET, "opacity": 0.6}, "data": {"values": [{}]},
             "encoding": {axis: {"datum": 0}}} for axis in ("x", "y")]  # fmt: skip
    return _plane(
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
            *_named(names, {"fill": INK}, at),
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
        **_plane(260, [*lines, *end_labels(edge, x, top * 0.075, y)]),
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


def path(stand: Between) -> Spec:
    """Closeness to one power across, to the other up: the state's path by means of five years, and its neighbours'."""
    own = _means(place for place in stand.plane if place.own)
    others = {place.ccode for place in stand.plane if not place.own}
    peers = [_means(place for place in stand.plane if place.ccode == code) for code in sorted(others)]
    every = [mark for marks in (own, *peers) for mark in marks]
    x, y = (_bounds(mark[axis] for mark in every) for axis in ("x", "y"))
    at = {"x": _sds("x", f"Nearness to {stand.a} →", x), "y": _sds("y", f"Nearness to {stand.b} →", y)}
    tip = {"tooltip": {"field": "says", "type": "nominal"}}
    tens = [own[-1], own[0], *(mark for mark in reversed(own[1:-1]) if mark["year"] % 10 < SPAN)]
    numbers = _apart([{**mark, "name": str(mark["year"])} for mark in tens], x, y)
    names = _apart([marks[-1] for marks in peers if marks], x, y, numbers)
    last = [marks[-1] for marks in peers if marks]
    ends = [max(x[0], y[0]), min(x[1], y[1])]
    dot: Spec = {"type": "point", "filled": True}
    layers = [
        _marks(
            [{"x": end, "y": end} for end in ends], {"type": "line", "color": GRID, "strokeDash": [4, 4]}, at
        ),
        *(_trail(marks, QUIET, 1, 0.22, at) for marks in peers if len(marks) > 1),
        _marks(last, {**dot, "color": QUIET, "size": 20, "opacity": 0.8}, {**at, **tip}),
        *_named(names, {"fill": QUIET}, at),
        _trail(own, PAIR, 2, 0.5, at),
        _marks(own, {**dot, "color": PAIR, "size": 40, "stroke": PAPER, "strokeWidth": 0.8}, {**at, **tip}),
        *_named(numbers, {"fill": PAIR, "fontWeight": 600}, at),
    ]
    return _plane(340, layers)


def _marks(values: list[Spec], mark: Spec, encoding: Spec) -> Spec:
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}


def _trail(values: list[Spec], colour: str, width: float, opacity: float, at: Spec) -> Spec:
    mark = {"type": "trail", "color": colour, "opacity": opacity}
    return _marks(values, mark, {**at, "order": {"field": "year"}, "size": {"value": width}})


def _means(places: Iterable[Place]) -> list[Spec]:
    """Places as means of five years, the first year of each their name."""
    spans: dict[int, list[Place]] = {}
    for place in places:
        spans.setdefault(place.year - place.year % SPAN, []).append(place)
    return [
        {
            "year": first,
            "name": held[0].name,
            "x": round(fmean(place.near_a for place in held), 3),
            "y": round(fmean(place.near_b for place in held), 3),
            "says": f"{held[0].name}, {held[0].year}–{held[-1].year % 100:02}",
        }
        for first, held in sorted(spans.items())
    ]


def _bounds(values: Iterable[float]) -> tuple[float, float]:
    told = list(values)
    margin = 0.06 * (max(told) - min(told) or 1.0)
    return round(min(told) - margin, 2), round(max(told) + margin, 2)


def _sds(field: str, title: str, bounds: tuple[float, float]) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": list(bounds), "nice": False, "zero": False},
        "axis": {
            "title": title,
            "values": list(range(ceil(bounds[0]), floor(bounds[1]) + 1)),
            "labelExpr": "datum.value ? format(datum.value, '+d') : '0'",
            "grid": True,
            "gridOpacity": 0.6,
        },
    }
