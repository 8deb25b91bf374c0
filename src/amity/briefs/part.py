"""A part of a brief in words: one record that the page, the terminal and Markdown all show."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Part", "aligned", "chance", "lines"]


@dataclass(frozen=True, slots=True)
class Part:
    """A title that says the finding, how to read it, sentences, and a table; what is empty is left out."""

    title: str
    how: str
    said: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    doubts: tuple[str, ...] = ()
    """What speaks against it, a sentence each."""
    plain: tuple[str, ...] | None = None
    """Lines that a terminal shows in place of the table; None: the table, a line or more for each row."""


def chance(probability: float) -> str:
    """A chance in hundredths, never certain.

    >>> chance(0.337), chance(0.0004), chance(1.0)
    ('34%', 'under 1%', 'over 99%')
    """
    if probability < 0.01:
        return "under 1%"
    return "over 99%" if probability > 0.99 else f"{100 * probability:.0f}%"


def lines(part: Part, width: int) -> str:
    """The part as lines of a terminal: the title, its sentences, a line or more for each row, and doubts.

    >>> print(lines(Part("A title", "", ("It is so.",), ("Act", "Tone"), (("visit", "+1"),)), 40))
    A title
    It is so.
    visit: tone +1
    """
    rows = part.plain if part.plain is not None else tuple(_line(part.heads, row) for row in part.rows)
    told = [part.title, *part.said, *rows, *part.doubts]
    return "\n".join(
        textwrap.fill(one, width, subsequent_indent="  ", break_on_hyphens=False) for one in told if one
    )


def aligned(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """A table as lines of equal columns, the first to the left and the others to the right.

    >>> print("\\n".join(aligned(("Act", "Tone"), (("visit", "+1"), ("pact", "−0.2")))))
    Act    Tone
    visit    +1
    pact   −0.2
    """
    wide = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    return tuple(
        "  ".join(
            [f"{row[0]:<{wide[0]}}", *(f"{cell:>{w}}" for cell, w in zip(row[1:], wide[1:], strict=True))]
        )
        for row in (heads, *rows)
    )


def _line(heads: tuple[str, ...], cells: tuple[str, ...]) -> str:
    told = [
        f"{head[:1].lower()}{head[1:]} {cell}"
        for head, cell in zip(heads[1:], cells[1:], strict=True)
        if cell not in ("", "–")
    ]
    return f"{cells[0]}: {'; '.join(told)}" if told else cells[0]
