"""Coded events by month: co-operation above the line, conflict below it, one chart a direction, volume beneath."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amity.briefs.charts.look import LEFT, PAIR, QUIET, THIRD, Spec, config

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from amity.briefs.answer import Direction, News, NewsMonth, Told

RIGHT = 8
HEIGHT = 104
VOLUME_HEIGHT = 46


def told(one: NewsMonth, direction: Direction) -> Told:
    return one.a_to_b if direction == "a to b" else one.b_to_a


def news(news: News, direction: Direction) -> Spec:
    """What one side did to the other, month by month; months that the source does not cover are hatched."""
    both = [told(one, way) for one in news.months for way in ("a to b", "b to a")]
    low = -max((one.conflictual for one in both), default=0)
    high = max((one.cooperative for one in both), default=0)
    y = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [min(low, -1), max(high, 1)]},
        "axis": {
            "title": None,
            "tickCount": 4,
            "format": "~d",
            "labelExpr": "abs(datum.value)",
            "domain": False,
        },
    }
    bars = [
        {"t": first, "t2": last, "value": sign * value, "kind": kind, "says": says(one, direction)}
        for one in news.months
        for first, last in [ends(one.month)]
        for kind, sign, value in (
            ("co-operative", 1, told(one, direction).cooperative),
            ("conflictual", -1, told(one, direction).conflictual),
        )
        if value
    ]
    solid = {
        "data": {"values": bars},
        "mark": {"type": "bar", "binSpacing": 0},
        "encoding": {
            **across(news),
            "y": y,
            "y2": {"datum": 0},
            "color": {
                "field": "kind",
                "type": "nominal",
                "scale": {"domain": ["co-operative", "conflictual"], "range": [PAIR, THIRD]},
            },
            "tooltip": {"field": "says", "type": "nominal"},
        },
    }
    zero: Spec = {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": QUIET, "opacity": 0.6},
        "encoding": {"y": {"datum": 0}},
    }
    return chart([hatched(news), zero, solid], HEIGHT, axis=False)


def volume(news: News) -> Spec:
    """All events of the source by month."""
    values = [
        {
            "t": first,
            "t2": last,
            "value": one.volume,
            "says": f"{one.month:%B %Y}: {one.volume:,} events in all",
        }
        for one in news.months
        for first, last in [ends(one.month)]
    ]
    y = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domainMin": 0},
        "axis": {"title": None, "tickCount": 2, "format": "~s", "domain": False},
    }
    bars = {
        "data": {"values": values},
        "mark": {"type": "bar", "color": QUIET, "opacity": 0.55, "binSpacing": 0},
        "encoding": {
            **across(news, axis=True),
            "y": y,
            "y2": {"datum": 0},
            "tooltip": {"field": "says", "type": "nominal"},
        },
    }
    return chart([bars], VOLUME_HEIGHT, axis=True)


def chart(layers: list[Spec], height: int, *, axis: bool) -> Spec:
    return {
        "width": "container",
        "height": height,
        "autosize": {"type": "none", "contains": "padding"},
        "padding": {"left": LEFT, "right": RIGHT, "top": 6, "bottom": 24 if axis else 6},
        "layer": layers,
        "config": config(),
    }


def hatched(news: News) -> Spec:
    values = [
        {"t": first, "t2": last, "says": f"{news.title} does not cover these months"}
        for first, last in unknown(news)
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "rect", "fill": "url(#hatch)"},
        "encoding": {**across(news), "tooltip": {"field": "says", "type": "nominal"}},
    }


def unknown(news: News) -> Iterator[tuple[str, str]]:
    """Runs of months between the first and the last that the source does not cover."""
    for before, after in zip(news.months, news.months[1:], strict=False):
        end, start = ends(before.month)[1], ends(after.month)[0]
        if end < start:
            yield end, start


def ends(month: date) -> tuple[str, str]:
    """The first day of a month and that of the next one.

    >>> from datetime import date
    >>> ends(date(2018, 12, 1))
    ('2018-12-01', '2019-01-01')
    """
    return month.isoformat(), f"{month.year + month.month // 12}-{month.month % 12 + 1:02}-01"


def across(news: News, *, axis: bool = False) -> Spec:
    """The shared horizontal encoding, from the first to the last month that the source covers."""
    first, last = ends(news.months[0].month)[0], ends(news.months[-1].month)[1]
    domain = [{"year": int(day[:4]), "month": int(day[5:7]), "date": 1, "utc": True} for day in (first, last)]
    shown = {"title": None, "grid": True, "gridOpacity": 0.6, "tickCount": 8, "labelOverlap": True}
    hidden = {**shown, "labels": False, "ticks": False, "domain": False}
    x = {
        "field": "t",
        "type": "temporal",
        "scale": {"type": "utc", "domain": domain},
        "axis": shown if axis else hidden,
    }
    return {"x": x, "x2": {"field": "t2"}}


def says(one: NewsMonth, direction: Direction) -> str:
    """A month in a line, for the tooltip."""
    side = told(one, direction)
    share = 10_000 * (side.cooperative + side.conflictual) / one.volume if one.volume else 0
    return (
        f"{one.month:%B %Y}: {side.cooperative:,} co-operative, {side.conflictual:,} conflictual events; "
        f"{share:.1f} in 10,000 of the source"
    )
