"""The look that all charts share: colours, type, the horizontal axis of years, lines with their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amity.briefs.answer import Brief, Closeness, Party

Spec = dict[str, Any]

LEFT, RIGHT = 56, 66
"""Padding of every row of the long view, in pixels: axis labels at the left, names of lines at the right."""

FEW = 5
"""Roll calls below which a year is drawn as a faint point only."""

PAIR, FIRST, THIRD, QUIET, INK, GRID, PAPER = (
    "var(--pair)",
    "var(--first)",
    "var(--third)",
    "var(--quiet)",
    "var(--ink)",
    "var(--grid)",
    "var(--paper)",
)


def row(brief: Brief, height: int, layers: Sequence[Spec], *, axis: bool = False) -> Spec:
    """One row of the long view: layers over the shared years, a cursor, the axis only where asked for."""
    drawn = sheet(height, [*layers, cursor(brief, axis=axis)], bottom=26 if axis else 8)
    return {**drawn, "params": [{"name": "held", "value": None}]}


def sheet(
    height: int,
    layers: Sequence[Spec],
    *,
    top: int = 8,
    bottom: int = 26,
    left: int = LEFT,
    right: int = RIGHT,
) -> Spec:
    """Layers on a sheet as wide as the page lets it be, with room for words around them."""
    return {
        "width": "container",
        "height": height,
        "autosize": {"type": "none", "contains": "padding"},
        "padding": {"left": left, "right": right, "top": top, "bottom": bottom},
        "layer": [*layers],
        "config": config(),
    }


def config() -> Spec:
    """The look that all charts share: quiet axes, system fonts, colours from the page."""
    text = {"labelColor": QUIET, "titleColor": QUIET, "labelFont": "inherit", "titleFont": "inherit"}
    axis = {
        "domainColor": GRID,
        "tickColor": GRID,
        "gridColor": GRID,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "labelSeparation": 8,  # labels are measured in another font than the page's, which may be wider
    }
    return {
        "background": "transparent",
        "view": {"stroke": None},
        "axis": {**text, **axis, "titleFontWeight": "normal", "labelPadding": 5, "tickSize": 4},
        "text": {"font": "inherit", "fontSize": 11, "fill": INK},
        "legend": {"disable": True},
    }


def years(brief: Brief, *, axis: bool) -> Spec:
    """The shared horizontal encoding."""
    ends = (brief.question.start, brief.question.end + 1)
    domain = [{"year": year, "month": 1, "date": 1, "utc": True} for year in ends]
    shown = {
        "format": "%Y",
        "title": None,
        "grid": True,
        "gridOpacity": 0.6,
        "tickCount": {"interval": "year", "step": 10},
    }
    hidden = {**shown, "labels": False, "ticks": False, "domain": False}
    return {
        "field": "t",
        "type": "temporal",
        "scale": {"type": "utc", "domain": domain},
        "axis": shown if axis else hidden,
    }


def cursor(brief: Brief, *, axis: bool) -> Spec:
    """The rule that follows the pointer through every row; the page keeps it from catching the pointer itself."""
    return {
        "name": "cursor",
        "data": {"values": [{}]},
        "transform": [{"calculate": "held", "as": "t"}, {"filter": "isValid(datum.t)"}],
        "mark": {"type": "rule", "color": INK, "opacity": 0.45},
        "encoding": {"x": years(brief, axis=axis)},
    }


def line_values(series: Iterable[Closeness], name: str) -> list[Spec]:
    return [
        {
            "t": f"{point.year}-07-01",
            "year": point.year,
            "value": round(point.value, 3),
            "low": round(point.low, 3),
            "high": round(point.high, 3),
            "few": point.n < FEW,
            "name": name,
            "says": says_point(name, point),
        }
        for point in series
    ]


def says_point(name: str, point: Closeness) -> str:
    interval = f"{point.low:.2f} to {point.high:.2f}"
    return f"{name} {point.year}: {point.value:.2f} ({interval}; {point.n} roll calls)"


def code(party: Party) -> str:
    return party.iso3c or party.name


def share_axis() -> Spec:
    return {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [0, 1]},
        "axis": {"title": None, "tickCount": 3, "values": [0, 0.5, 1], "format": ".1f", "domain": False},
    }


def band(values: list[Spec], x: Spec, y: Spec) -> Spec:
    return {
        "data": {"values": values},
        "transform": gaps(),
        "mark": {"type": "area", "color": PAIR, "opacity": 0.16, "interpolate": "monotone"},
        "encoding": {
            "x": x,
            "y": {**y, "field": "low"},
            "y2": {"field": "high"},
            "detail": {"field": "run", "type": "nominal"},
        },
    }


def gaps() -> list[Spec]:
    """Numbers the unbroken runs of years, so that a missing year breaks a line instead of being bridged.

    A year with hardly a roll call is a point beside the line, not a turn of it.
    """
    return [
        {"filter": "!datum.few"},
        {"window": [{"op": "lag", "field": "year", "as": "before"}], "sort": [{"field": "year"}]},
        {"calculate": "isValid(datum.before) && datum.year - datum.before < 2 ? 0 : 1", "as": "breaks"},
        {"window": [{"op": "sum", "field": "breaks", "as": "run"}], "sort": [{"field": "year"}]},
    ]


def line(values: list[Spec], colour: str, width: float, dash: list[int], x: Spec, y: Spec) -> Spec:
    encoding = {"x": x, "y": y, "tooltip": {"field": "says", "type": "nominal"}}
    return {
        "data": {"values": values},
        "layer": [
            {
                "transform": gaps(),
                "mark": {"type": "line", "color": colour, "strokeWidth": width, "strokeDash": dash},
                "encoding": {**encoding, "detail": {"field": "run", "type": "nominal"}},
            },
            {
                "mark": {"type": "point", "filled": True, "color": colour, "size": 9},
                "encoding": {
                    **encoding,
                    "opacity": {"condition": {"test": "datum.few", "value": 0.4}, "value": 1},
                },
            },
            {
                "mark": {"type": "point", "filled": True, "color": colour, "size": 160, "opacity": 0},
                "encoding": encoding,
            },
        ],
    }


def end_labels(
    ends: list[tuple[Spec, str]], x: Spec, least: float = 0.085, y: Spec | None = None
) -> list[Spec]:
    """Names at the ends of lines, pushed apart so that they never overlap; `least` is in the axis's own units."""
    placed = spread([float(end["value"]) for end, _ in ends], least)
    return [
        {
            "data": {"values": [{"t": end["t"], "value": at, "name": end["name"]}]},
            "mark": {
                "type": "text",
                "align": "left",
                "dx": 7,
                "fill": colour,
                "fontWeight": 600,
                "fontSize": 10.5,
            },
            "encoding": {
                "x": x,
                "y": y or share_axis(),
                "text": {"field": "name"},
            },
        }
        for (end, colour), at in zip(ends, placed, strict=True)
    ]


def spread(values: list[float], least: float) -> list[float]:
    """The values moved as little as needed to stand at least `least` apart, in their own order.

    >>> spread([0.5, 0.5], 0.1)
    [0.45, 0.55]
    """
    order = sorted(range(len(values)), key=values.__getitem__)
    placed = [values[i] for i in order]
    for _ in range(50):
        for k in range(len(placed) - 1):
            push = (least - (placed[k + 1] - placed[k])) / 2
            if push > 1e-9:
                placed[k], placed[k + 1] = placed[k] - push, placed[k + 1] + push
    back = dict(zip(order, placed, strict=True))
    return [round(back[i], 4) for i in range(len(values))]
