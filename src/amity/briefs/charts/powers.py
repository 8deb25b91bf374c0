"""The two powers: how close one state's votes stand to each of two others, over time and as a path on a plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amity.briefs.charts.look import (
    GRID,
    INK,
    PAIR,
    PAPER,
    QUIET,
    THIRD,
    Spec,
    code,
    config,
    end_labels,
    line,
    line_values,
    row,
    share_axis,
    years,
)

if TYPE_CHECKING:
    from amity.briefs.answer import Brief


ROOM = (0.16, 0.055)
"""Width and height that a year's number takes on the plane of a narrow page, in shares of its sides."""


def powers(brief: Brief) -> Spec:
    """Agreement of the first state with each of the two others; the space between them is the tilt."""
    b, c = names(brief)
    near = line_values(brief.agreement, b)
    far = line_values(brief.agreement_a_third, c)
    x, y = years(brief, axis=True), share_axis()
    ends = end_labels([(near[-1], PAIR), (far[-1], THIRD)], x)
    layers = [tilt(brief, x, y), line(far, THIRD, 2, [1, 0], x, y), line(near, PAIR, 2, [1, 0], x, y), *ends]
    return row(brief, 240, layers, axis=True)


def names(brief: Brief) -> tuple[str, str]:
    third = brief.question.third
    return f"with {code(brief.question.b)}", f"with {code(third)}" if third else ""


def tilt(brief: Brief, x: Spec, y: Spec) -> Spec:
    """The space between the two lines, in the years that have both."""
    far = {point.year: point.value for point in brief.agreement_a_third}
    values = [
        {"t": f"{p.year}-07-01", "value": round(p.value, 3), "far": round(far[p.year], 3)}
        for p in brief.agreement
        if p.year in far
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "rule", "color": QUIET, "opacity": 0.22, "strokeWidth": 3},
        "encoding": {"x": x, "y": y, "y2": {"field": "far"}},
    }


def plane(brief: Brief) -> Spec:
    """The path of the first state between the two others: across, its votes' closeness to one; up, to the other."""
    far = {point.year: point for point in brief.agreement_a_third}
    both = [(p, far[p.year]) for p in brief.agreement if p.year in far]
    values = [
        {
            "year": p.year,
            "x": round(p.value, 3),
            "y": round(q.value, 3),
            "says": f"{p.year}: {p.value:.2f} {names(brief)[0]}, {q.value:.2f} {names(brief)[1]}",
        }
        for p, q in both
    ]
    return {
        "width": "container",
        "height": 300,
        "autosize": {"type": "none", "contains": "padding"},
        "padding": {"left": 46, "right": 24, "top": 12, "bottom": 44},
        "config": config(),
        "layer": [diagonal(), *path(values, brief)],
    }


def marked(values: list[Spec]) -> list[Spec]:
    """The years that carry their number: the ends, then every tenth that has room for it."""
    tens = [value for value in values[1:-1] if value["year"] % 10 == 0]
    placed: list[Spec] = []
    for value in [values[-1], values[0], *reversed(tens)]:
        if all(abs(value["x"] - p["x"]) > ROOM[0] or abs(value["y"] - p["y"]) > ROOM[1] for p in placed):
            placed.append(value)
    return placed


def diagonal() -> Spec:
    return {
        "data": {"values": [{"x": 0, "y": 0}, {"x": 1, "y": 1}]},
        "mark": {"type": "line", "color": GRID, "strokeDash": [4, 4]},
        "encoding": {"x": share("x", ""), "y": share("y", "")},
    }


def share(field: str, title: str) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": [0, 1]},
        "axis": {"title": title or None, "values": [0, 0.5, 1], "format": ".1f", "grid": True},
    }


def path(values: list[Spec], brief: Brief) -> list[Spec]:
    b, c = names(brief)
    at = {"x": share("x", f"Agreement {b} →"), "y": share("y", f"Agreement {c} →")}
    tip = {"tooltip": {"field": "says", "type": "nominal"}}
    shade = {"field": "year", "type": "quantitative", "scale": {"range": [0.25, 1]}}
    return [
        {
            "data": {"values": values},
            "mark": {"type": "trail", "color": PAIR, "opacity": 0.35},
            "encoding": {**at, "order": {"field": "year"}, "size": {"value": 1.3}},
        },
        {
            "data": {"values": values},
            "mark": {
                "type": "point",
                "filled": True,
                "color": PAIR,
                "size": 34,
                "stroke": PAPER,
                "strokeWidth": 0.8,
            },
            "encoding": {**at, **tip, "opacity": shade},
        },
        {
            "data": {"values": marked(values)},
            "mark": {
                "type": "text",
                "align": "left",
                "dx": 6,
                "dy": -6,
                "fill": INK,
                "fontSize": 10.5,
                "stroke": PAPER,
                "strokeWidth": 3,
            },
            "encoding": {**at, "text": {"field": "year", "type": "nominal"}},
        },
    ]
