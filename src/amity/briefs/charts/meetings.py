"""How often leaders meet, against peers: one line a peer, the pair itself in colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amity.briefs.charts.look import PAIR, QUIET, Spec, config

if TYPE_CHECKING:
    from amity.briefs.answer import Brief, PeerVisits


def cadence(brief: Brief) -> Spec:
    """Visits per decade at the rank of head of state or government, with 90% intervals, most frequent first."""
    assert brief.cadence is not None  # noqa: S101  (the caller draws it only then)
    values = [peer(one) for one in brief.cadence.rows]
    y = {
        "field": "name",
        "type": "nominal",
        "sort": [value["name"] for value in values],
        "axis": {"title": None, "domain": False, "ticks": False, "labelLimit": 130, "labelPadding": 8},
    }
    x = {
        "field": "rate",
        "type": "quantitative",
        "scale": {"domain": [0, furthest(brief)], "nice": True, "clamp": True},
        "axis": {"title": "Visits per decade, both ways", "tickCount": 5, "domain": False},
    }
    colour = {"condition": {"test": "datum.pair", "value": PAIR}, "value": QUIET}
    tip = {"tooltip": {"field": "says", "type": "nominal"}}
    return {
        "width": "container",
        "height": {"step": 22},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 14, "right": 14, "top": 4, "bottom": 4},
        "data": {"values": values},
        "config": config(),
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 5, "opacity": 0.3, "strokeCap": "round"},
                "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}, "color": colour},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
                "encoding": {"y": y, "x": x, "color": colour, **tip},
            },
        ],
    }


def furthest(brief: Brief) -> float:
    """The end of the longest bar of those who met: a peer of a few days, who did not, may have met without end."""
    assert brief.cadence is not None  # noqa: S101
    rows = brief.cadence.rows
    met = [one for one in rows if one.visits > 0]
    return round(max(one.high for one in met or rows), 2)


def peer(one: PeerVisits) -> Spec:
    since = (
        "none on record"
        if one.months_since is None
        else f"the last {one.months_since} months before the record ends"
    )
    rate = f"{one.per_decade:.1f} a decade ({one.low:.1f} to {one.high:.1f})"
    return {
        "name": one.name,
        "rate": round(one.per_decade, 2),
        "low": round(one.low, 2),
        "high": round(one.high, 2),
        "pair": one.is_pair,
        "says": f"{one.name}: {one.visits} visits, {rate}; {since}",
    }
