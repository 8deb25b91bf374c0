"""What is foreseen, and how right that has been: from the outlook to the brief's records, in words and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from amity.briefs import bands
from amity.briefs.estimated import Foreseen, Skill
from amity.dimensions import tone
from amity.dimensions.constants import read
from amity.insight import outlook as asked_outlook
from amity.insight import records

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from amity.briefs.answer import Brief
    from amity.briefs.estimated import Estimated, LineName
    from amity.dimensions.pair import Relation
    from amity.evidence import Evidence
    from amity.insight.outlook import Outlook

METHODS = {"tone": "tone carried forward", "ewma": "fading mean of acts", "persistence": "last months' acts"}
"""Methods in plain words."""
FORESEEN_HEADS = ("Months ahead", "Month", "Tone foreseen", "90% interval", "In words", "By", "The others")
SKILL_HEADS = (
    "Months ahead",
    "By",
    "90% intervals that held",
    "In the worst period",
    "Skill",
    "Forecasts",
    "Pairs",
    "Judged",
)


def outlook(ev: Evidence, relation: Relation) -> Outlook:
    """What is foreseen of a pair from what could be known in the last month."""
    home = ev.store.root if ev.store is not None else None
    known = relation.filtered.filter(pl.col("dimension").str.starts_with("tone"))
    rows = relation.observed.filter(pl.col("dimension") == "tone").drop("dimension")
    return asked_outlook.ask(known, records.read(home), read(tone.ABOUT, tone.ITEMS, home), rows)


def foreseen(ahead: Outlook, reads: Mapping[LineName, str]) -> tuple[Foreseen, ...]:
    """Its rows under the brief's own names of lines."""
    names = {read: name for name, read in reads.items()}
    told = ahead.rows.filter(pl.col("reading").is_in(list(names)))
    return tuple(
        Foreseen(
            line=names[row["reading"]],
            horizon=row["horizon"],
            month=row["month"],
            method=row["method"],
            shown=ahead.shown[row["horizon"]] == row["method"],
            value=round(row["value"], 1),
            low=round(row["low"], 1),
            high=round(row["high"], 1),
            share=digits(row["share"]),
            share_low=digits(row["share_low"]),
            share_high=digits(row["share_high"]),
        )
        for row in told.iter_rows(named=True)
    )


def digits(number: float | None) -> float | None:
    return None if number is None else round(number, 3)


def skill(ahead: Outlook) -> tuple[Skill, ...]:
    """The record of all pairs, then that of this one."""
    whose: tuple[tuple[Literal["all pairs", "this pair"], tuple[records.Record, ...]], ...] = (
        ("all pairs", ahead.records),
        ("this pair", ahead.own),
    )
    return tuple(
        Skill(
            name, one.method, one.horizon, one.n, one.pairs, digits(one.covered), digits(one.worst),
            digits(one.skill), digits(one.skill_low), digits(one.skill_high), one.judged,
        )
        for name, told in whose
        for one in told
    )  # fmt: skip


# For the page


@dataclass(frozen=True, slots=True)
class Ahead:
    """The section: its title, how to read it, what is foreseen, and the record."""

    title: str
    how: str
    rows: tuple[tuple[str, ...], ...]
    record_title: str
    record_how: str
    record: tuple[tuple[str, ...], ...]
    own: tuple[tuple[str, ...], ...]


def ahead(brief: Brief) -> Ahead | None:
    """What is foreseen; None where nothing is estimated."""
    state = brief.state
    if state is None or not state.foreseen:
        return None
    acts = (
        f"acts as {state.acts_of} codes them"
        if state.acts_of
        else "no coded acts of the pair, so that only tone can be"
    )
    return Ahead(
        title=title(state),
        how=(
            f"From what could be known at the end of {bands.month(state.month)}, by three methods: the state of tone "
            f"carried forward, which falls back to rest; a fading mean of acts; and the acts of the last months, {acts}. "
            "The method that has been most right over all pairs at a horizon is shown."
        ),
        rows=rows(state),
        record_title="How right such forecasts have been",
        record_how=(
            "What was foreseen of the share of hostile acts, beside what came. Skill is how much smaller the error was "
            "than that of saying that things stay as they are: 0% no better, with its 95% interval."
        ),
        record=tuple(judged(one) for one in state.skill if one.whose == "all pairs" and one.n),
        own=tuple(judged(one) for one in state.skill if one.whose == "this pair" and one.n),
    )


def title(state: Estimated) -> str:
    """What is foreseen a year ahead, no surer than it is."""
    year = next(
        (one for one in state.foreseen if one.line == "tone" and one.horizon == YEAR and one.shown), None
    )
    line = state.line("tone")
    if year is None or line is None or not line.stand.known:
        return "What comes next cannot be told from what is loaded"
    span = f"but anywhere from {bands.word('tone', year.low)} to {bands.word('tone', year.high)}"
    return f"Foreseen in a year: {bands.word('tone', year.value)}, {span}"


YEAR = 12


def rows(state: Estimated) -> tuple[tuple[str, ...], ...]:
    """A row of `FORESEEN_HEADS` a horizon."""
    of_both = [one for one in state.foreseen if one.line == "tone"]
    return tuple(
        (
            str(one.horizon),
            f"{one.month:%b %Y}",
            bands.signed(one.value),
            f"{bands.signed(one.low)} to {bands.signed(one.high)}",
            bands.word("tone", one.value),
            METHODS[one.method],
            "; ".join(
                f"{METHODS[other.method]} {bands.signed(other.value)}"
                for other in of_both
                if other.horizon == one.horizon and not other.shown
            )
            or "–",
        )
        for one in of_both
        if one.shown
    )


def judged(one: Skill) -> tuple[str, ...]:
    """A row of `SKILL_HEADS`."""
    return (
        str(one.horizon),
        METHODS[one.method],
        share(one.covered),
        share(one.worst),
        skilled(one),
        f"{one.n:,}",
        f"{one.pairs:,}",
        one.judged,
    )


def share(value: float | None) -> str:
    """
    >>> share(0.896), share(None)
    ('90%', '–')
    """
    return "–" if value is None else f"{100 * value:.0f}%"


def skilled(one: Skill) -> str:
    """Skill with its interval; a dash for the yardstick itself."""
    if one.skill is None or one.method == "persistence":
        return "–"
    if one.skill_low is None or one.skill_high is None:
        return f"{bands.signed(100 * one.skill)}%"
    ends = f"{bands.signed(100 * one.skill_low)} to {bands.signed(100 * one.skill_high)}"
    return f"{bands.signed(100 * one.skill)}% ({ends})"
