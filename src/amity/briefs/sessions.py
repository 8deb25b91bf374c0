"""Sessions, points and those asked about, as words, tables and the chart name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amity.briefs.answer import Brief, Party
    from amity.briefs.points import Point, Side, Standing


def parties(brief: Brief) -> dict[Side, Party]:
    """Those asked about, by their side."""
    question = brief.question
    both: dict[Side, Party] = {"a": question.a, "b": question.b}
    return {**both, "third": question.third} if question.third else both


def series(stood: Standing, side: Side) -> tuple[Point, ...]:
    return {"a": stood.a, "b": stood.b, "third": stood.third}[side]


def opened(session: int) -> str:
    """A session by the years in which it opens and closes.

    >>> opened(80), opened(54)
    ('2025–26', '1999–2000')
    """
    first = session + 1945
    return f"{first}–{first + 1 if (first + 1) % 100 == 0 else f'{(first + 1) % 100:02}'}"


def signed(value: float) -> str:
    """A point with a minus sign that is as wide as a figure, and no sign on nought.

    >>> signed(-0.314), signed(-0.004)
    ('−0.31', '0.00')
    """
    text = f"{value:.2f}"
    return "0.00" if text == "-0.00" else text.replace("-", "−")
