"""Engagement by field: a lane a field, a bar a year, above its line more than a pair at rest, below it less."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amity.briefs.charts.look import PAIR, QUIET, Spec, row, years
from amity.catalog import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from amity.briefs.answer import Brief
    from amity.briefs.estimated import Depth

LANE = 30
TALLEST = 2.0
"""Standard deviations that fill half a lane."""


def fields(brief: Brief, depth: Sequence[Depth]) -> Spec:
    """Bars by lane, faint where the interval leaves open whether it is more or less; hatched where nothing is known."""
    lanes = {field: len(FIELDS) - 1 - at for at, field in enumerate(FIELDS)}
    bars = [bar(one, lanes[one.field]) for one in depth]
    x = years(brief, axis=False)
    names = " : ".join(f"datum.value == {lane} ? '{field}'" for field, lane in lanes.items())
    y: Spec = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [-0.5, len(FIELDS) - 0.5], "nice": False, "zero": False},
        "axis": {
            "title": None,
            "values": sorted(lanes.values()),
            "labelExpr": f"{names} : ''",
            "domain": False,
            "ticks": False,
            "labelFontSize": 8.5,
            "labelPadding": 0,
        },
    }
    hatched = {
        "data": {"values": list(unknown(brief, depth, lanes))},
        "mark": {"type": "rect", "fill": "url(#hatch)"},
        "encoding": {"x": x, "x2": {"field": "t2"}, "y": y, "y2": {"field": "y2"}},
    }
    solid = {
        "data": {"values": bars},
        "mark": {"type": "rect"},
        "encoding": {
            "x": x,
            "x2": {"field": "t2"},
            "y": y,
            "y2": {"field": "lane"},
            "color": {"condition": {"test": "datum.more", "value": PAIR}, "value": QUIET},
            "opacity": {"condition": {"test": "datum.sure", "value": 0.9}, "value": 0.4},
            "tooltip": {"field": "says", "type": "nominal"},
        },
    }
    return row(brief, LANE * len(FIELDS), [hatched, solid])


def bar(one: Depth, lane: int) -> Spec:
    high = max(-1.0, min(one.value / TALLEST, 1.0)) * 0.46
    return {
        "t": f"{one.year}-01-15",
        "t2": f"{one.year}-12-15",
        "lane": lane,
        "y": round(lane + high, 3),
        "more": one.value > 0,
        "sure": one.low > 0 or one.high < 0,
        "says": f"{one.field} {one.year}: {one.value:+.1f} sd ({one.low:+.1f} to {one.high:+.1f})".replace(
            "-", "−"
        ),
    }


def unknown(brief: Brief, depth: Sequence[Depth], lanes: dict[str, int]) -> Iterator[Spec]:
    """The spells of years of which nothing is known, by lane."""
    for field, lane in lanes.items():
        told = {one.year for one in depth if one.field == field}
        begin = None
        for year in range(brief.question.start, brief.question.end + 2):
            here = year in told or year > brief.question.end
            if not here and begin is None:
                begin = year
            if here and begin is not None:
                yield {"t": f"{begin}-01-01", "t2": f"{year}-01-01", "y": lane - 0.4, "y2": lane + 0.4}
                begin = None
