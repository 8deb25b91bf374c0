"""What followed acts of a class: the gap to similar moments from a year before an act to two years after.

The months before show whether the pairs already parted (they should lie at zero), the dashed line what followed dates
at which nothing happened (it should too). Where nothing is known, as within the year of an act that goes by years, the
line breaks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amity.briefs.charts.look import INK, PAIR, QUIET, Spec, end_labels, sheet
from amity.briefs.followed import drawn
from amity.engine.scale import shown
from amity.insight.response import BEFORE, ENOUGH, HORIZONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amity.insight.response import Response

__all__ = ["after", "before", "paths", "placebo", "response"]

HEIGHT = 150
SURE = 1.96
PADDING, LABEL = 46, 15
"""What axis and margins take of the height, and what a line's name does, in pixels."""
RIGHT = 54
STEP = 3
"""Points from tick to tick."""
BASE = -1
"""The month to which all is compared."""


def paths() -> dict[str, Spec]:
    """The charts of `followed.DRAWN` in tone on one scale, by the name of their place on the page."""
    ones = drawn()
    ends = [_ends(one) for one in ones]
    scale = (min(low for low, _ in ends), max(high for _, high in ends)) if ends else None
    made = {f"after_{n}": response(one, scale) for n, one in enumerate(ones)}
    return {name: spec for name, spec in made.items() if spec}


def response(one: Response, scale: tuple[float, float] | None = None) -> Spec | None:
    """A chart of one class and outcome, in points for a pair at rest; None of fewer than thirty cases.

    `scale` is what the vertical axis spans, by default as much as is drawn.

    >>> from amity.insight.response import ask
    >>> len(response(ask("sanction imposed"))["data"]["values"])
    60
    >>> response(ask("relations severed")) is None
    True
    """
    if one.n < ENOUGH:
        return None
    late, tried = after(one), placebo(one)
    low, high = scale or _ends(one)
    x: Spec = {
        "field": "t",
        "type": "quantitative",
        "scale": {"domain": [BEFORE[0], HORIZONS[-1]], "nice": False},
        "axis": {"title": "months from the act", "values": list(range(-12, 25, 6)), "format": "d", "grid": False},
    }  # fmt: skip
    y: Spec = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False},
        "axis": {
            "title": None,
            "values": [at for at in range(-30, 31, STEP) if low <= at <= high],
            "tickCount": 9,  # by default so few for this height that most of the values are left out
            "labelExpr": "datum.value ? format(datum.value, '+') : '0'",
            "domain": False,
        },
    }
    named = ((late, "after", PAIR), (tried, "no act", QUIET))
    ends = [(points[-1] | {"name": name}, colour) for points, name, colour in named if points]
    t, value = ({"field": name, "type": "quantitative"} for name in ("t", "value"))
    lines: list[Spec] = [
        _band("no act", QUIET, 0.12),
        _band("before", QUIET, 0.22),
        _band("after", PAIR, 0.18),
        _line("no act", QUIET, [5, 3]),
        _line("before", QUIET, [1, 0]),
        _line("after", PAIR, [1, 0]),
        *end_labels(ends, t, LABEL * (high - low) / (HEIGHT - PADDING), value),
    ]
    layers = [
        _rule("y", 0.0, []),
        _rule("x", 0.0, [2, 3]),
        {"encoding": {"x": x, "y": y}, "layer": lines},
    ]
    drawn = sheet(HEIGHT, layers, bottom=38, right=RIGHT)
    return {**drawn, "data": {"values": [*before(one), *late, *tried]}}


def _ends(one: Response) -> tuple[float, float]:
    """The lowest and the highest end of what is drawn, zero among them."""
    told = [
        end for point in (*before(one), *after(one), *placebo(one)) for end in (point["low"], point["high"])
    ]
    return min(0.0, *told), max(0.0, *told)


def before(one: Response) -> list[Spec]:
    """Points of the year before, and of the month to which all is compared: there the gap is nothing by definition."""
    rows = _points("before", BEFORE, one.before, [_reach(error) for error in one.before_error])
    if not rows:
        return []
    end: Spec = {"t": BASE, "value": 0.0, "low": 0.0, "high": 0.0, "run": rows[-1]["run"], "kind": "before"}
    return [*rows, end]


def after(one: Response) -> list[Spec]:
    return _points("after", HORIZONS, one.effect, [_reach(error) for error in one.error], one.low, one.high)


def placebo(one: Response) -> list[Spec]:
    """What followed dates without an act: the mean over runs, with what 95 in a hundred runs would stay within."""
    return _points("no act", HORIZONS, one.placebo_effect, [_reach(spread) for spread in one.placebo_spread])


def _reach(error: float | None) -> float | None:
    return None if error is None else SURE * error


def _points(
    kind: str,
    months: Iterable[int],
    values: Sequence[float | None],
    reach: Sequence[float | None],
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
        known = ((given[n] if n < len(given) else None) for given in (low, high))
        ends = [value + sign * half if end is None else end for end, sign in zip(known, (-1, 1), strict=True)]
        middle, least, most = (round(float(one), 2) for one in shown([value, *ends]))
        made.append({"t": at, "value": middle, "low": least, "high": most, "run": run, "kind": kind})
    return made


def _rule(way: str, at: float, dash: list[int]) -> Spec:
    return {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": INK if dash else QUIET, "opacity": 0.6, "strokeDash": dash},
        "encoding": {way: {"datum": at, "type": "quantitative"}},
    }


def _band(kind: str, colour: str, opacity: float) -> Spec:
    return {
        "transform": _of(kind),
        "mark": {"type": "area", "color": colour, "opacity": opacity},
        "encoding": {"y": {"field": "low"}, "y2": {"field": "high"}, "detail": _run()},
    }


SAID = {
    "before": "(-datum.t) + ' months before the act'",
    "after": "datum.t + ' months after'",
    "no act": "datum.t + ' months after a date without an act'",
}
"""The month of a point in words."""


def _line(kind: str, colour: str, dash: list[int]) -> Spec:
    ends = "format(datum.low, '+.1f') + ' to ' + format(datum.high, '+.1f')"
    says = f"{SAID[kind]} + ': ' + format(datum.value, '+.1f') + ' (' + {ends} + ')'"
    return {
        "transform": [*_of(kind), {"calculate": says, "as": "says"}],
        "encoding": {"tooltip": {"field": "says", "type": "nominal"}},
        "layer": [
            {
                "mark": {"type": "line", "color": colour, "strokeWidth": 2, "strokeDash": dash},
                "encoding": {"detail": _run()},
            },
            {"mark": {"type": "point", "filled": True, "color": colour, "size": 120, "opacity": 0}},
        ],
    }


def _of(kind: str) -> list[Spec]:
    return [{"filter": f"datum.kind === '{kind}'"}]


def _run() -> Spec:
    return {"field": "run", "type": "nominal"}
