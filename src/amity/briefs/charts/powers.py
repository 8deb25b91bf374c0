"""The two powers: how close the votes of the state between stand to each of them, over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amity.briefs.charts.look import (
    PAIR,
    QUIET,
    THIRD,
    Spec,
    code,
    end_labels,
    line,
    line_values,
    row,
    share_axis,
    years,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.briefs.answer import Brief, Closeness


def powers(brief: Brief) -> Spec:
    """Agreement of the state between with each of the two powers; the space between the lines is the tilt."""
    b, c = names(brief)
    near = line_values(brief.agreement, b)
    far = line_values(beyond(brief), c)
    x, y = years(brief, axis=True), share_axis()
    ends = end_labels([(near[-1], PAIR), (far[-1], THIRD)], x)
    layers = [tilt(brief, x, y), line(far, THIRD, 2, [1, 0], x, y), line(near, PAIR, 2, [1, 0], x, y), *ends]
    return row(brief, 240, layers, axis=True)


def names(brief: Brief) -> tuple[str, str]:
    third = brief.question.third
    other = brief.question.a if is_b(brief) else brief.question.b
    return f"with {code(other)}", f"with {code(third)}" if third else ""


def is_b(brief: Brief) -> bool:
    """Whether the state between is the second of the pair; it is the first where neither is told apart."""
    return brief.between is not None and brief.between.side == "b"


def beyond(brief: Brief) -> Sequence[Closeness]:
    """Its agreement with the third power."""
    return brief.agreement_b_third if is_b(brief) else brief.agreement_a_third


def tilt(brief: Brief, x: Spec, y: Spec) -> Spec:
    """The space between the two lines, in the years that have both."""
    far = {point.year: point.value for point in beyond(brief)}
    values = [
        {"t": f"{p.year}-07-01", "value": round(p.value, 3), "far": round(far[p.year], 3)}
        for p in brief.agreement
        if p.year in far
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "rule", "color": QUIET, "opacity": 0.22, "strokeWidth": 3},
        "encoding": {"x": x, "y": y, "y2": {"field": "far"}},
    }
