"""The ribbon of phases above the long view, and the marks of turning points through the rows of estimates."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from amity.briefs import turns
from amity.briefs.charts.look import INK, PAIR, PAPER, QUIET, Spec, row, years

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.briefs.answer import Brief
    from amity.briefs.estimated import Estimated, Turn

WIDE = 3.0
"""Years that a phase must last to have its number drawn on it."""
SLOW = 60
"""Months beyond which a turning point has no date worth a line."""


def phases(brief: Brief, state: Estimated) -> Spec:
    """A ribbon of numbered phases; below it each turning point with the months between which it lies."""
    x = years(brief, axis=False)
    first, last = f"{brief.question.start}-01-01", f"{brief.question.end + 1}-01-01"
    spells = [
        {
            "t": max(one.start.isoformat(), first),
            "t2": min((one.end + timedelta(days=31)).isoformat(), last),
            "y": 0.36,
            "y2": 1.0,
            "shade": 0.22 if number % 2 else 0.1,
            "says": f"Phase {number}, from {turns.when(one.start)}: {one.name}",
        }
        for number, one in enumerate(state.phases, start=1)
    ]
    numbers = [
        {
            "t": (one.start + (one.end - one.start) / 2).isoformat(),
            "y": 0.68,
            "name": str(number),
        }
        for number, one in enumerate(state.phases, start=1)
        if (one.end - one.start).days > WIDE * 365
    ]
    y: Spec = {"field": "y", "type": "quantitative", "scale": {"domain": [0, 1]}, "axis": None}
    across = {"x": x, "x2": {"field": "t2"}, "y": y, "y2": {"field": "y2"}}
    tip = {"tooltip": {"field": "says", "type": "nominal"}}
    ranges = [
        {
            "t": max(one.low.isoformat(), first),
            "t2": min((one.high + timedelta(days=31)).isoformat(), last),
            "y": 0.12,
            "y2": 0.26,
            "says": says(one),
        }
        for one in state.turns
    ]
    dates = [{"t": one.month.isoformat(), "y": 0.02, "y2": 0.36, "says": says(one)} for one in state.turns]
    return row(
        brief,
        46,
        [
            {
                "data": {"values": spells},
                "mark": {"type": "rect", "fill": QUIET, "stroke": PAPER, "strokeWidth": 1},
                "encoding": {
                    **across,
                    "fillOpacity": {"field": "shade", "type": "quantitative", "scale": None},
                    **tip,
                },
            },
            {
                "data": {"values": ranges},
                "mark": {"type": "rect", "fill": PAIR, "opacity": 0.3, "cornerRadius": 3},
                "encoding": {**across, **tip},
            },
            {
                "data": {"values": dates},
                "mark": {"type": "rule", "color": PAIR, "strokeWidth": 2.2},
                "encoding": {"x": x, "y": y, "y2": {"field": "y2"}, **tip},
            },
            {
                "data": {"values": numbers},
                "mark": {"type": "text", "fontSize": 11, "fontWeight": 600, "fill": INK},
                "encoding": {"x": x, "y": y, "text": {"field": "name"}},
            },
        ],
    )


def says(turn: Turn) -> str:
    """A turning point in a line, for the tooltip."""
    dated = f"{turns.when(turn.month)} ({turns.between(turn)})"
    return f"{dated}, {turns.likely(turn.probability)}: {turn.name}"


def marks(told: Sequence[Turn], x: Spec) -> Spec:
    """Turning points of which the date is known, as thin lines through a row."""
    dates = [{"t": one.month.isoformat()} for one in told if turns.span(one) <= SLOW]
    return {
        "data": {"values": dates},
        "mark": {"type": "rule", "color": QUIET, "strokeWidth": 1, "strokeDash": [2, 3], "opacity": 0.8},
        "encoding": {"x": x},
    }
