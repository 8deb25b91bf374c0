"""Tone each way, engagement and alignment through time: lines with their bands; hatched where nothing is known.

A line is full where something was observed in the year before, dotted where it rests on older evidence. In grey the two
directions of tone are told apart by their names and by the dashes of the second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amity.briefs import bands
from amity.briefs.charts.look import FIRST, PAIR, QUIET, Spec, code, end_labels, row, years
from amity.briefs.charts.phases import marks as turning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from amity.briefs.answer import Brief
    from amity.briefs.estimated import Line, LineName, Month

HEIGHTS = {"tone": 208, "engagement": 120, "alignment": 120}
EVERY = 3
"""Months from one point of a line to the next: no more can be told apart."""
PADDING, AXIS = 16, 18
"""Above and below a row's own drawing; and what the years take under the first row."""
LABEL = 15
"""Height that a line's name takes, in pixels."""
LINES: dict[str, tuple[LineName, ...]] = {
    "tone": ("tone a to b", "tone b to a"),
    "engagement": ("engagement",),
    "alignment": ("alignment",),
}


def states(brief: Brief) -> dict[str, Spec]:
    """A row for each dimension that is estimated."""
    if brief.state is None:
        return {}
    told = {
        kind: [line for name in names if (line := brief.state.line(name))] for kind, names in LINES.items()
    }
    return {kind: state(brief, kind, lines) for kind, lines in told.items() if lines and lines[0].months}


def state(brief: Brief, kind: str, lines: Sequence[Line]) -> Spec:
    first = kind == "tone"
    x, y = years(brief, axis=first), scale(kind)
    a, b = code(brief.question.a), code(brief.question.b)
    looks: dict[LineName, tuple[str, str, list[int]]] = {
        "tone a to b": (f"{a}→{b}", FIRST, [1, 0]),
        "tone b to a": (f"{b}→{a}", PAIR, [7, 2]),
        "engagement": ("", PAIR, [1, 0]),
        "alignment": ("", PAIR, [1, 0]),
    }
    layers = [hatched(lines, x), zero()]
    if brief.state and brief.state.turns:
        layers.append(turning(brief.state.turns, x))
    ends: list[tuple[Spec, str]] = []
    for line in lines:
        name, colour, dash = looks[line.name]
        marks = values(line, name)
        layers += drawn(marks, colour, dash, x, y)
        last = [mark for mark in marks if mark["known"]]
        if name and last:
            ends.append(({**last[-1], "name": name}, colour))
    layers += end_labels(ends, x, LABEL * 200 / (HEIGHTS[kind] - PADDING - AXIS * first), y)
    return row(brief, HEIGHTS[kind], layers, axis=first)


def values(line: Line, name: str) -> list[Spec]:
    """Points of the months in which something is known, a few a year, with the run that each belongs to."""
    marks: list[Spec] = []
    run = 0
    for at, month in enumerate(line.months):
        if not month.known:
            run += 1
            continue
        last = at == len(line.months) - 1 or not line.months[at + 1].known
        if month.month.month % EVERY and not last:
            continue
        marks.append(
            {
                "t": month.month.isoformat(),
                "value": round(month.value),
                "low": round(month.low),
                "high": round(month.high),
                "run": run,
                "old": not month.seen,
                "known": True,
                "says": says(line, name, month),
            }
        )
    return marks


def says(line: Line, name: str, month: Month) -> str:
    """A month in a line, for the tooltip."""
    who = f"{name}, " if name else ""
    word = bands.word(line.name, month.value)
    told = bands.spelled(month.value, month.low, month.high)
    then = f"; then known: {bands.signed(month.then)}"
    return f"{who}{month.month:%Y-%m}: {word}, {told}{then}"


def drawn(marks: list[Spec], colour: str, dash: list[int], x: Spec, y: Spec) -> list[Spec]:
    """The band, the line in its fresh and its old parts, and a place to point at."""
    runs = {"field": "run", "type": "nominal"}
    segments = list(parts(marks))
    strokes: list[Spec] = [
        {
            "data": {"values": [mark for mark in segments if mark["old"] is old]},
            "mark": {"type": "line", "color": colour, "strokeWidth": width, "strokeDash": dashes},
            "encoding": {"x": x, "y": y, "detail": {"field": "part", "type": "nominal"}},
        }
        for old, width, dashes in ((True, 1.4, [1, 3]), (False, 2.0, dash))
    ]
    return [
        {
            "data": {"values": marks},
            "mark": {"type": "area", "color": colour, "opacity": 0.13},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "detail": runs},
        },
        *strokes,
        {
            "data": {"values": [mark for mark in marks if mark["t"][5:7] in ("06", "12")]},
            "mark": {"type": "point", "filled": True, "color": colour, "size": 110, "opacity": 0},
            "encoding": {"x": x, "y": y, "tooltip": {"field": "says", "type": "nominal"}},
        },
    ]


def parts(marks: Sequence[Spec]) -> Iterator[Spec]:
    """The points of each unbroken part of a line that is all fresh or all old; neighbours share the point between."""
    part = 0
    before: Spec | None = None
    for mark in marks:
        if before is not None and mark["run"] != before["run"]:
            part += 1
        elif before is not None and mark["old"] != before["old"]:
            part += 1
            yield {"t": before["t"], "value": before["value"], "old": mark["old"], "part": part}
        yield {"t": mark["t"], "value": mark["value"], "old": mark["old"], "part": part}
        before = mark


def hatched(lines: Sequence[Line], x: Spec) -> Spec:
    """The spells in which no line is known."""
    known = [
        any(month.known for month in months) for months in zip(*(line.months for line in lines), strict=True)
    ]
    days = [month.month for month in lines[0].months]
    spells: list[Spec] = []
    begin = None
    for day, told in zip(days, known, strict=True):
        if not told and begin is None:
            begin = day
        if told and begin is not None:
            spells.append(spell(begin.isoformat(), day.isoformat()))
            begin = None
    if begin is not None:
        spells.append(spell(begin.isoformat(), f"{days[-1].year + 1}-01-01"))
    return {
        "data": {"values": spells},
        "mark": {"type": "rect", "fill": "url(#hatch)"},
        "encoding": {"x": x, "x2": {"field": "t2"}, "tooltip": {"field": "says", "type": "nominal"}},
    }


def spell(start: str, end: str) -> Spec:
    return {"t": start, "t2": end, "says": "What is loaded says too little of these years"}


def zero() -> Spec:
    """A pair at rest."""
    return {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": QUIET, "opacity": 0.6},
        "encoding": {"y": {"datum": 0}},
    }


def scale(kind: str) -> Spec:
    low, high = bands.ENDS[kind]
    words = f"datum.value < 0 ? '{low}' : datum.value > 0 ? '{high}' : '0'"
    return {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [-100, 100], "nice": False},
        "axis": {
            "title": None,
            "values": [-75, 0, 75],
            "labelExpr": words,
            "domain": False,
            "grid": False,
            "ticks": False,
        },
    }
