"""Trust of the two in each other: from evidence to the brief's records, and in words and places for the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from amity.briefs import bands
from amity.briefs.estimated import Trust, Trusted
from amity.briefs.newsroom import bring
from amity.insight import trust as trusts

if TYPE_CHECKING:
    from datetime import date

    from amity.briefs.answer import Party, Question
    from amity.briefs.gather import Asked
    from amity.evidence import Evidence


def trust(ev: Evidence, asked: Asked, last: date) -> Trust | None:
    """Trust at the end of the last covered month up to `last`; None where no source of acts covers a month."""
    rows = trusts.ask(ev, asked.a.ccodes, asked.b.ccodes).filter(pl.col("covered"), pl.col("month") <= last)
    if rows.is_empty():
        return None
    end = rows.filter(pl.col("month") == pl.col("month").max())
    a, b = asked.a.ccodes[0], asked.b.ccodes[0]
    told = {(row["ccode_from"], row["kind"]): row for row in end.iter_rows(named=True)}
    gap = trusts.gaps(end.filter(kind="all")).row(0, named=True)
    # The gap of a frame is that of the smaller code.
    ends = [gap["gap"], gap["low"], gap["high"]]
    if a > b:
        ends = [None if one is None else -one for one in (gap["gap"], gap["high"], gap["low"])]
    value, low, high = (None if one is None else round(one, 3) for one in ends)
    return Trust(
        month=end["month"][0],
        a_in_b=trusted(told[a, "all"]),
        b_in_a=trusted(told[b, "all"]),
        gap=value,
        gap_low=low,
        gap_high=high,
        material_a_in_b=trusted(told[a, "material"]),
        material_b_in_a=trusted(told[b, "material"]),
    )


def trusted(row: dict[str, Any]) -> Trusted | None:
    if row["trust"] is None:
        return None
    value, low, high = (round(row[name], 3) for name in ("trust", "low", "high"))
    return Trusted(value, low, high, row["acts"], round(row["age"], 1))


# For the page


@dataclass(frozen=True, slots=True)
class Arrow:
    """Trust of one side in the other, as an arrow from its own end. Places are percent of the line."""

    who: str
    value: str
    at: float
    span: tuple[float, float]
    """Left edge and width of the interval, from the arrow's own end."""
    sub: str


@dataclass(frozen=True, slots=True)
class Arrows:
    """The two arrows and the gap between them."""

    title: str
    how: str
    forth: Arrow | None
    back: Arrow | None
    gap: str
    missing: tuple[str, ...]


def arrows(told: Trust, question: Question) -> Arrows:
    """Trust each way as the page shows it."""
    a, b = question.a, question.b
    pairs = ((a, b, told.a_in_b), (b, a, told.b_in_a))
    if told.a_in_b is None and told.b_in_a is None:
        neither = f"No act of either towards the other is on record; {bring(told.month)}"
        return Arrows("What each can expect of the other is not known", "", None, None, "", (neither,))
    return Arrows(
        title=f"What each can expect of the other, {bands.month(told.month)}",
        how=(
            "The chance that the other's next act towards it is co-operative, from all acts up to then that the states "
            "themselves did, as any loaded source of coded events tells them, each once."
        ),
        forth=arrow(a, b, told.a_in_b, told.material_a_in_b),
        back=arrow(b, a, told.b_in_a, told.material_b_in_a),
        gap=gap(told, question),
        missing=tuple(
            f"No act of {other.the} towards {one.the} is on record: trust is not known."
            for one, other, side in pairs
            if side is None
        ),
    )


def arrow(one: Party, other: Party, side: Trusted | None, material: Trusted | None) -> Arrow | None:
    if side is None:
        return None
    costly = f" Of acts that cost something: {percent(material.value)}." if material else ""
    return Arrow(
        who=f"{bands.upper(one.the)} in {other.the}",
        value=percent(side.value),
        at=round(100 * side.value, 1),
        span=(round(100 * side.low, 1), round(100 * (side.high - side.low), 1)),
        sub=f"{spread(side)}; {counted(side.acts)}, {since(side.age)}.{costly}",
    )


def gap(told: Trust, question: Question) -> str:
    """The gap in a sentence, and whether the interval leaves its sign open."""
    if told.gap is None or told.gap_low is None or told.gap_high is None:
        return ""
    ends = f"{points(told.gap_low)} to {points(told.gap_high)} at 90%"
    if told.gap_low <= 0 <= told.gap_high:
        return f"The gap, {points(told.gap)} points ({ends}), could be either way."
    more, less = (question.a, question.b) if told.gap > 0 else (question.b, question.a)
    gain = f"{100 * abs(told.gap):.0f} points ({ends})"
    return f"{bands.upper(more.the)} can expect more of {less.the} than the other way round, by {gain}."


def percent(value: float) -> str:
    return f"{100 * value:.0f}%"


def points(value: float) -> str:
    """
    >>> points(-0.117), points(0.002)
    ('−12', '0')
    """
    return bands.signed(100 * value)


def spread(side: Trusted) -> str:
    return f"{100 * side.low:.0f} to {percent(side.high)} at 90%"


def counted(acts: int) -> str:
    return "1 act" if acts == 1 else f"{acts:,} acts"


def since(age: float) -> str:
    """
    >>> since(0.4), since(6.6)
    ('the last of them in that month', 'the last of them 7 months earlier')
    """
    months = round(age)
    when = "in that month" if months < 1 else f"{months} month{'' if months == 1 else 's'} earlier"
    return f"the last of them {when}"
