"""The long view: rows of one time axis, from formal relations to aid, that share a cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amity.briefs.charts.look import (
    PAIR,
    PAPER,
    QUIET,
    THIRD,
    Spec,
    band,
    code,
    end_labels,
    line,
    line_values,
    row,
    share_axis,
    years,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from amity.briefs.answer import Brief, Reach, Tie, Visit

POST_SHADE = {
    "embassy": 1.0,
    "legation": 0.62,
    "legation or embassy": 0.62,
    "mission": 0.45,
    "liaison office": 0.45,
    "interests section": 0.3,
}
"""How strongly a post is drawn: the higher its rank, the fuller."""

MILLIONS = "datum.value >= 1000 ? format(datum.value / 1000, '~f') + ' bn' : format(datum.value, '~f') + ' m'"
"""Amounts in millions, said in billions where that is shorter."""

RANK_SIZE = {"head of state": 150, "head of government": 110, "other leader": 55, "foreign minister": 40}


def relations(brief: Brief) -> Spec:
    """Relations, post and envoy as three ribbons; hatched where no source speaks."""
    rows = ["Relations", "Post", "Envoy"]
    bars = [bar for tie in brief.ties if (bar := ribbon(brief, tie)) is not None]
    unknown = list(unknown_ribbons(brief, rows))
    place = {
        "field": "row",
        "type": "nominal",
        "scale": {"domain": rows, "paddingInner": 0.35, "paddingOuter": 0.1},
    }
    y = {**place, "axis": {"title": None, "domain": False, "ticks": False}}
    x = years(brief, axis=False)
    span = {"x": x, "x2": {"field": "t2"}, "y": y}
    hatched = {
        "data": {"values": unknown},
        "mark": {"type": "bar", "fill": "url(#hatch)", "tooltip": None},
        "encoding": {**span, "tooltip": {"field": "says", "type": "nominal"}},
    }
    solid = {
        "data": {"values": bars},
        "mark": {"type": "bar", "fill": PAIR, "stroke": PAPER, "strokeWidth": 1},
        "encoding": {
            **span,
            "fillOpacity": {"field": "shade", "type": "quantitative", "scale": None},
            "tooltip": {"field": "says", "type": "nominal"},
        },
    }
    return row(brief, 92, [hatched, solid])


def ribbon(brief: Brief, tie: Tie) -> Spec | None:
    """A tie as a bar; None for kinds that have no ribbon, or spells outside the years asked for."""
    rows = {"relations": "Relations", "post": "Post", "envoy": "Envoy"}
    if tie.kind not in rows:
        return None
    first, last = f"{brief.question.start}-01-01", f"{brief.question.end + 1}-01-01"
    end = tie.end or tie_reach(brief, tie)
    start, stop = max(tie.start.isoformat(), first), min(end.isoformat() if end else last, last)
    if start >= stop:
        return None
    shade = (
        POST_SHADE.get(tie.level or "", 0.3)
        if tie.kind == "post"
        else {"relations": 0.85}.get(tie.kind, 0.55)
    )
    return {"row": rows[tie.kind], "t": start, "t2": stop, "shade": shade, "says": says_tie(tie)}


def tie_reach(brief: Brief, tie: Tie) -> date | None:
    """The last day on which the source of a tie still speaks about the pair."""
    known = [reach.end for reach in brief.reach if speaks(reach, tie.kind) and reach.source == tie.source]
    return max(known, default=None)


def speaks(reach: Reach, kind: str) -> bool:
    return reach.table == "ties" and reach.kind in (kind, "*")


def unknown_ribbons(brief: Brief, rows: Iterable[str]) -> Iterable[Spec]:
    """The years about which no source speaks, for each ribbon."""
    for name in rows:
        spans = sorted(
            (r.start.isoformat(), r.end.isoformat()) for r in brief.reach if speaks(r, name.lower())
        )
        edge = f"{brief.question.start}-01-01"
        for start, end in [*spans, (f"{brief.question.end + 1}-01-01", "9999")]:
            if start > edge:
                yield {
                    "row": name,
                    "t": edge,
                    "t2": start,
                    "says": "No loaded source speaks about these years",
                }
            edge = max(edge, end)


def says_tie(tie: Tie) -> str:
    """A tie in a line, for the tooltip."""
    head = tie.who or (tie.level or tie.kind).capitalize()
    level = f", {tie.level}" if tie.who and tie.level else ""
    until = f"{tie.end.isoformat()} ({tie.ended or 'ended'})" if tie.end else "the end of the record"
    return f"{head}{level}: {tie.start.isoformat()} ({tie.began}) to {until}"


def votes(brief: Brief) -> Spec:
    """Agreement of the pair with its band, and of each side with the third power as lines."""
    question = brief.question
    a, b = code(question.a), code(question.b)
    drawn = [(line_values(brief.agreement, f"{a}–{b}"), PAIR, 2.4, [1, 0])]
    if question.third:
        c = code(question.third)
        drawn.append((line_values(brief.agreement_a_third, f"{a}–{c}"), THIRD, 1.8, [1, 0]))
        drawn.append((line_values(brief.agreement_b_third, f"{b}–{c}"), QUIET, 1.4, [3, 3]))
    drawn = [one for one in drawn if one[0]]
    x, y = years(brief, axis=False), share_axis()
    whole = line_values(brief.agreement_whole, f"{a}–{b}, whole resolutions")
    layers: list[Spec] = [band(drawn[0][0], x, y), line(whole, PAIR, 1, [1, 3], x, y)]
    layers += [line(values, colour, width, dash, x, y) for values, colour, width, dash in reversed(drawn)]
    layers += end_labels([(values[-1], colour) for values, colour, _, _ in drawn], x)
    return row(brief, 220, layers)


def visits(brief: Brief) -> Spec:
    """Visits as marks above the line (a to b) and below it (b to a), larger for higher rank."""
    values = [
        {
            "t": drawn_at(visit).isoformat(),
            "side": 1 if visit.direction == "a to b" else -1,
            "size": RANK_SIZE.get(visit.rank, 40),
            "top": visit.rank in ("head of state", "head of government"),
            "says": says_visit(visit),
        }
        for visit in brief.visits
        if brief.question.start <= visit.date.year <= brief.question.end
    ]
    x = years(brief, axis=False)
    up, down = (f"['{code(party)}', 'visits']" for party in (brief.question.a, brief.question.b))
    y: Spec = {
        "field": "side",
        "type": "quantitative",
        "scale": {"domain": [-1.6, 1.6]},
        "axis": {
            "title": None,
            "values": [-1, 1],
            "grid": False,
            "domain": False,
            "ticks": False,
            "labelExpr": f"datum.value > 0 ? {up} : {down}",
        },
    }
    return row(
        brief,
        104,
        [
            {
                "data": {"values": [{"zero": 0}]},
                "mark": {"type": "rule", "color": QUIET, "opacity": 0.6},
                "encoding": {"y": {**y, "field": "zero"}},
            },
            {
                "data": {"values": values},
                "mark": {"type": "rule", "color": PAIR, "strokeWidth": 1.2, "opacity": 0.55},
                "encoding": {"x": x, "y": y, "y2": {"datum": 0}},
            },
            {
                "data": {"values": values},
                "mark": {"type": "point", "filled": True, "stroke": PAPER, "strokeWidth": 1, "opacity": 1},
                "encoding": {
                    "x": x,
                    "y": y,
                    "size": {"field": "size", "type": "quantitative", "scale": None},
                    "color": {"condition": {"test": "datum.top", "value": PAIR}, "value": QUIET},
                    "tooltip": {"field": "says", "type": "nominal"},
                },
            },
        ],
    )


def says_visit(visit: Visit) -> str:
    length = f", {visit.days} days" if visit.days and visit.days > 1 else ""
    day = visit.date.isoformat()[: {"year": 4, "month": 7}.get(visit.precision, 10)]
    return f"{day}: {visit.who}, {visit.rank}{length}"


def drawn_at(visit: Visit) -> date:
    """Where a visit stands on the axis: its day, or the middle of the year where no more is known."""
    return visit.date.replace(month=7, day=1) if visit.precision == "year" else visit.date


def aid(brief: Brief) -> Spec:
    """Aid by year as thin bars, in the direction in which most of it went."""
    values = [
        {
            "t": f"{amount.year}-01-15",
            "t2": f"{amount.year}-12-15",
            "value": amount.value / 1e6,
            "zero": 0,
            "says": f"{amount.period}: {amount.value / 1e6:,.1f} million {amount.unit}",
        }
        for amount in brief.amounts
    ]
    return row(
        brief,
        96,
        [
            {
                "data": {"values": values},
                "mark": {"type": "bar", "color": PAIR, "opacity": 0.75},
                "encoding": {
                    "x": years(brief, axis=True),
                    "x2": {"field": "t2"},
                    "y": {
                        "field": "value",
                        "type": "quantitative",
                        "axis": {"title": None, "tickCount": 3, "domain": False, "labelExpr": MILLIONS},
                    },
                    "y2": {"field": "zero"},
                    "tooltip": {"field": "says", "type": "nominal"},
                },
            }
        ],
        axis=True,
    )
