"""Coded events by month: co-operation above the line, conflict below it, a chart a direction; share and volume beneath.

The colour of conflict is no power's: on the same page a hue stands for the third.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from amity.briefs.charts.look import PAIR, QUIET, Spec, sheet
from amity.briefs.news_months import named, share, share_of
from amity.evidence import event_days

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from amity.briefs.answer import Direction, News, NewsMonth, Told

RIGHT = 8
HEIGHT = 104
LOW, LOWEST = 78, 84
"""Heights of the rows of share and volume; the last one has the axis."""
TICKS = 6
MANY = 24
"""Months beyond which the ticks are years."""
AGAINST = "var(--against)"
MONTH = "utcFormat(datum.value, datum.index == 0 || utcmonth(datum.value) == 0 ? '%b %Y' : '%b')"
SHORT = "datum.value >= 1000 ? format(datum.value, '~s') : format(datum.value, '~r')"


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
            "tickMinStep": 1,
            "format": "~d",
            "labelExpr": "abs(datum.value)",
            "domain": False,
        },
    }
    bars = [
        {"t": first, "t2": last, "value": sign * value, "kind": kind, "says": says(one, direction)}
        for one in news.months
        for first, last in drawn(news, one.month)
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
                "scale": {"domain": ["co-operative", "conflictual"], "range": [PAIR, AGAINST]},
            },
            "tooltip": {"field": "says", "type": "nominal"},
        },
    }
    zero: Spec = {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": QUIET, "opacity": 0.6},
        "encoding": {"y": {"datum": 0}},
    }
    return chart([hatched(news), zero, solid], HEIGHT)


def shares(news: News) -> Spec:
    """Events of the pair in 10,000 of the source, by month."""
    says = "{0}: {1} in 10,000 events of the source"
    return chart(
        [hatched(news), columns(news, share_of, lambda one: says.format(named(one), share(one)), PAIR)], LOW
    )


def volume(news: News) -> Spec:
    """All events of the source by month."""
    says = "{0}: {1:,} events of the source in all"
    drawn = columns(
        news, lambda one: one.volume, lambda one: says.format(named(one), one.volume), QUIET, axis=True
    )
    return chart([hatched(news, axis=True), drawn], LOWEST, axis=True)


def columns(
    news: News,
    value: Callable[[NewsMonth], float],
    says: Callable[[NewsMonth], str],
    colour: str,
    *,
    axis: bool = False,
) -> Spec:
    """A column a month, from nought."""
    values = [
        {"t": first, "t2": last, "value": round(value(one), 4), "says": says(one)}
        for one in news.months
        for first, last in drawn(news, one.month)
    ]
    y = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domainMin": 0},
        "axis": {"title": None, "tickCount": 2, "domain": False, "labelExpr": SHORT},
    }
    return {
        "data": {"values": values},
        "mark": {"type": "bar", "color": colour, "opacity": 0.55, "binSpacing": 0},
        "encoding": {
            **across(news, axis=axis),
            "y": y,
            "y2": {"datum": 0},
            "tooltip": {"field": "says", "type": "nominal"},
        },
    }


def chart(layers: list[Spec], height: int, *, axis: bool = False) -> Spec:
    return sheet(height, layers, top=6, bottom=24 if axis else 6, right=RIGHT)


def hatched(news: News, *, axis: bool = False) -> Spec:
    """The days of the months drawn about which the source does not speak."""
    values = [
        {"t": first, "t2": last, "says": f"{first} to {last}: not covered by {news.title}"}
        for first, last in unknown(news)
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "rect", "fill": "url(#hatch)"},
        "encoding": {**across(news, axis=axis), "tooltip": {"field": "says", "type": "nominal"}},
    }


def unknown(news: News) -> Iterator[tuple[str, str]]:
    """Spells of the months drawn that the source does not cover: the first day, and the day after the last."""
    edge = ends(news.months[0].month)[0]
    for start, end in news.spans:
        if edge < start.isoformat():
            yield edge, start.isoformat()
        edge = (end + timedelta(days=1)).isoformat()
    if edge < (last := ends(news.months[-1].month)[1]):
        yield edge, last


def drawn(news: News, month: date) -> Iterator[tuple[str, str]]:
    """What of a month the source covers, and where it is drawn: first day, day after the last."""
    for start, end in event_days.cut(news.spans, month, event_days.last_day(month)):
        yield start.isoformat(), (end + timedelta(days=1)).isoformat()


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
    shown = {"title": None, "grid": True, "gridOpacity": 0.6, **ticks(news)}
    hidden = {**shown, "labels": False, "ticks": False, "domain": False}
    x = {
        "field": "t",
        "type": "temporal",
        "scale": {"type": "utc", "domain": domain},
        "axis": shown if axis else hidden,
    }
    return {"x": x, "x2": {"field": "t2"}}


def ticks(news: News) -> Spec:
    """Ticks few enough for a telephone: months with the year told once, or years where there are many months."""
    first, last = news.months[0].month, news.months[-1].month
    months = 12 * (last.year - first.year) + last.month - first.month + 1
    if months > MANY:
        return {"tickCount": {"interval": "year", "step": -(-months // (12 * TICKS))}, "format": "%Y"}
    step = next(step for step in (1, 2, 3, 4, 6) if months <= step * TICKS)
    return {"tickCount": {"interval": "month", "step": step}, "labelExpr": MONTH}


def says(one: NewsMonth, direction: Direction) -> str:
    """A month in a line, for the tooltip."""
    side = told(one, direction)
    return f"{named(one)}: {side.cooperative:,} co-operative, {side.conflictual:,} conflictual events"
