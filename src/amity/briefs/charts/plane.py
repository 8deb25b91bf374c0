"""A plane of marks with names that keep apart, and the path of a state on the plane of two powers."""

from __future__ import annotations

from math import ceil, floor
from statistics import fmean
from typing import TYPE_CHECKING

from amity.briefs import words
from amity.briefs.charts.look import GRID, PAIR, PAPER, QUIET, Spec, sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amity.briefs.placed import Between, Place

__all__ = ["apart", "marks_of", "named", "path", "plane"]

ROOM = (0.13, 0.05)
"""Width and height that a state's code takes on a plane of a narrow page, in shares of its sides."""
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


def plane(height: int, layers: list[Spec]) -> Spec:
    return sheet(height, layers, top=12, bottom=44, left=58, right=34)


def apart(
    marks: Sequence[Spec],
    x: tuple[float, float],
    y: tuple[float, float],
    taken: Sequence[Spec] = (),
    dots: Sequence[Spec] = (),
) -> list[Spec]:
    """The marks that have room for their name, `right` or `left` of them (`side`), earlier ones first.

    Names keep clear of those already `taken`, and of `dots`.
    """
    width, height = ROOM[0] * (x[1] - x[0]), ROOM[1] * (y[1] - y[0])

    def clash(mark: Spec, side: str, other: Spec) -> bool:
        left, right = (
            one["x"] - (at == "left") * width for one, at in ((mark, side), (other, other["side"]))
        )
        return abs(left - right) < width and abs(mark["y"] - other["y"]) < height

    def covers(mark: Spec, side: str, dot: Spec) -> bool:
        beyond = (dot["x"] - mark["x"]) * (1 if side == "right" else -1)
        return 0 < beyond < width and abs(mark["y"] - dot["y"]) < height

    placed = list(taken)
    for mark in marks:
        for side in ("right", "left"):
            free = not any(clash(mark, side, other) for other in placed)
            if free and not any(covers(mark, side, dot) for dot in dots):
                placed.append({**mark, "side": side})
                break
    return placed[len(taken) :]


def named(names: list[Spec], look: Spec, at: Spec) -> list[Spec]:
    """The names of marks, each on its side."""
    shown: Spec = {"text": {"field": "name", "type": "nominal"}}
    return [
        marks_of([one for one in names if one["side"] == side], {**TEXT, **place, **look}, {**at, **shown})
        for side, place in (("right", {"align": "left", "dx": 6}), ("left", {"align": "right", "dx": -6}))
    ]


def path(stand: Between, *, trails: bool = True, height: int = 340) -> Spec:
    """Closeness to one power across, to the other up: the state's path by means of five years, and its neighbours'.

    Without `trails` neighbours are dots at their last.
    """
    own = _means(place for place in stand.plane if place.own)
    others = {place.ccode for place in stand.plane if not place.own}
    peers = [_means(place for place in stand.plane if place.ccode == code) for code in sorted(others)]
    last = [marks[-1] for marks in peers if marks]
    every = [*own, *(mark for marks in peers for mark in marks)] if trails else [*own, *last]
    x, y = (_bounds(mark[axis] for mark in every) for axis in ("x", "y"))
    at = {
        "x": _sds("x", f"Nearness to {words.the(stand.a)} →", x),
        "y": _sds("y", f"Nearness to {words.the(stand.b)} →", y),
    }
    tip = {"tooltip": {"field": "says", "type": "nominal"}}
    tens = [{**mark, "name": str(mark["year"])} for mark in own[1:-1] if mark["year"] % 10 < SPAN]
    first = {**own[0], "name": str(own[0]["first"])}
    numbers = apart([{**own[-1], "name": str(own[-1]["last"])}, first, *reversed(tens)], x, y)
    names = apart(last, x, y, numbers, () if trails else own)
    ends = [max(x[0], y[0]), min(x[1], y[1])]
    dot: Spec = {"type": "point", "filled": True}
    layers = [
        marks_of(
            [{"x": end, "y": end} for end in ends], {"type": "line", "color": GRID, "strokeDash": [4, 4]}, at
        ),
        *(_trail(marks, QUIET, 1, 0.22, at) for marks in peers if len(marks) > 1 and trails),
        marks_of(last, {**dot, "color": QUIET, "size": 20, "opacity": 0.8}, {**at, **tip}),
        _trail(own, PAIR, 2, 0.5, at),
        *named(names, {"fill": QUIET}, at),
        marks_of(own, {**dot, "color": PAIR, "size": 40, "stroke": PAPER, "strokeWidth": 0.8}, {**at, **tip}),
        *named(numbers, {"fill": PAIR, "fontWeight": 600}, at),
    ]
    return plane(height, layers)


def marks_of(values: list[Spec], mark: Spec, encoding: Spec) -> Spec:
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}


def _trail(values: list[Spec], colour: str, width: float, opacity: float, at: Spec) -> Spec:
    mark = {"type": "trail", "color": colour, "opacity": opacity}
    return marks_of(values, mark, {**at, "order": {"field": "year"}, "size": {"value": width}})


def _means(places: Iterable[Place]) -> list[Spec]:
    """Places as means of five years, the first year of each their name."""
    spans: dict[int, list[Place]] = {}
    for place in places:
        spans.setdefault(place.year - place.year % SPAN, []).append(place)
    return [
        {
            "year": first,
            "first": held[0].year,
            "last": held[-1].year,
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
            "titlePadding": 10 if field == "y" else 4,
            "values": list(range(ceil(bounds[0]), floor(bounds[1]) + 1)),
            "labelExpr": "datum.value ? format(datum.value, '+d') : '0'",
            "grid": True,
            "gridOpacity": 0.6,
        },
    }
