"""What followed acts of a class: the gap to similar moments from a year before an act to two years after.

The months before show whether the pairs already parted (they should lie at zero), the dashed line what followed dates
at which nothing happened (it should too). Where nothing is known, as within the year of an act that goes by years, the
line breaks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amity.briefs.charts.look import INK, LEFT, PAIR, QUIET, RIGHT, Spec, config, end_labels
from amity.insight.response import BEFORE, ENOUGH, HORIZONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amity.insight.response import Response

HEIGHT = 190
SURE = 1.96
PADDING, LABEL = 46, 15
"""What axis and margins take of the height, and what a line's name does, in pixels."""
BASE = -1
"""The month to which all is compared."""


def response(one: Response) -> Spec | None:
    """A chart of one class and outcome, in standard deviations of the world's pairs; None of fewer than thirty cases.

    >>> from amity.insight.response import ask
    >>> len(response(ask("sanction imposed"))["layer"])
    10
    >>> response(ask("relations severed")) is None
    True
    """
    if one.n < ENOUGH:
        return None
    early, late, tried = before(one), after(one), placebo(one)
    named = ((late, "after", PAIR), (tried, "placebo", QUIET))
    tall = [end for point in (*early, *late, *tried) for end in (point["low"], point["high"])]
    least = LABEL * (max(tall) - min(tall)) / (HEIGHT - PADDING)
    x: Spec = {
        "field": "t",
        "type": "quantitative",
        "scale": {"domain": [BEFORE[0], HORIZONS[-1]], "nice": False},
        "axis": {"title": "months from the act", "values": list(range(-12, 25, 6)), "format": "d", "grid": False},
    }  # fmt: skip
    y: Spec = {
        "field": "value",
        "type": "quantitative",
        "axis": {"title": None, "tickCount": 5, "format": "+.2f", "domain": False},
    }
    layers: list[Spec] = [
        _rule("y", 0.0, []),
        _rule("x", 0.0, [2, 3]),
        _band(tried, QUIET, 0.12, x, y),
        _band(early, QUIET, 0.22, x, y),
        _band(late, PAIR, 0.18, x, y),
        _line(tried, QUIET, [5, 3], x, y),
        _line(early, QUIET, [1, 0], x, y),
        _line(late, PAIR, [1, 0], x, y),
        *end_labels(
            [(points[-1] | {"name": name}, colour) for points, name, colour in named if points], x, least, y
        ),
    ]
    return {
        "width": "container",
        "height": HEIGHT,
        "autosize": {"type": "none", "contains": "padding"},
        "padding": {"left": LEFT, "right": RIGHT, "top": 8, "bottom": 38},
        "layer": layers,
        "config": config(),
    }


def before(one: Response) -> list[Spec]:
    """Points of the year before, and of the month to which all is compared: there the gap is nothing by definition."""
    rows = _points(BEFORE, one.before, [_reach(error) for error in one.before_error], "before the act")
    if not rows:
        return []
    says = "the month before the act, to which all is compared"
    end: Spec = {"t": BASE, "value": 0.0, "low": 0.0, "high": 0.0, "run": rows[-1]["run"], "says": says}
    return [*rows, end]


def after(one: Response) -> list[Spec]:
    return _points(HORIZONS, one.effect, [_reach(error) for error in one.error], "after", one.low, one.high)


def placebo(one: Response) -> list[Spec]:
    """What followed dates without an act: the mean over runs, with what 95 in a hundred runs would stay within."""
    reach = [_reach(spread) for spread in one.placebo_spread]
    return _points(HORIZONS, one.placebo_effect, reach, "after dates without an act")


def _reach(error: float | None) -> float | None:
    return None if error is None else SURE * error


def _points(
    months: Iterable[int],
    values: Sequence[float | None],
    reach: Sequence[float | None],
    name: str,
    low: Sequence[float | None] = (),
    high: Sequence[float | None] = (),
) -> list[Spec]:
    """A row a month of which something is known; `run` tells unbroken stretches apart."""
    made: list[Spec] = []
    run = 0
    for n, (at, value, half) in enumerate(zip(months, values, reach, strict=False)):
        if value is None or half is None:
            run += 1
            continue
        ends = [given[n] if n < len(given) else value + sign * half for given, sign in ((low, -1), (high, 1))]
        says = f"{abs(at)} months {name}: {value:+.3f} ({ends[0]:+.3f} to {ends[1]:+.3f})"
        made.append({"t": at, "value": value, "low": ends[0], "high": ends[1], "run": run, "says": says})
    return made


def _rule(way: str, at: float, dash: list[int]) -> Spec:
    return {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": INK if dash else QUIET, "opacity": 0.6, "strokeDash": dash},
        "encoding": {way: {"datum": at, "type": "quantitative"}},
    }


def _band(values: list[Spec], colour: str, opacity: float, x: Spec, y: Spec) -> Spec:
    return {
        "data": {"values": values},
        "mark": {"type": "area", "color": colour, "opacity": opacity},
        "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "detail": _run()},
    }


def _line(values: list[Spec], colour: str, dash: list[int], x: Spec, y: Spec) -> Spec:
    encoding = {"x": x, "y": y, "tooltip": {"field": "says", "type": "nominal"}}
    return {
        "data": {"values": values},
        "layer": [
            {
                "mark": {"type": "line", "color": colour, "strokeWidth": 2, "strokeDash": dash},
                "encoding": {**encoding, "detail": _run()},
            },
            {
                "mark": {"type": "point", "filled": True, "color": colour, "size": 120, "opacity": 0},
                "encoding": encoding,
            },
        ],
    }


def _run() -> Spec:
    return {"field": "run", "type": "nominal"}
