"""What is foreseen, and how right that has been: from the outlook to the brief's records, in words and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from amity.briefs import bands
from amity.briefs.estimated import Foreseen, Skill
from amity.dimensions import tone
from amity.dimensions.constants import loaded
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
FORESEEN_HEADS = ("Months ahead", "Month", *(bands.upper(name) for name in METHODS.values()))
SKILL_HEADS = (
    "Months ahead",
    *(f"Held, {name}" for name in METHODS.values()),
    *(f"Skill, {METHODS[name]}" for name in ("tone", "ewma")),
    "Forecasts",
    "Pairs",
    "Judged",
)


def outlook(ev: Evidence, relation: Relation) -> Outlook:
    """What is foreseen of a pair from what could be known in the last month."""
    home = ev.store.root if ev.store is not None else None
    known = relation.filtered.filter(pl.col("dimension").str.starts_with("tone"))
    rows = relation.observed.filter(pl.col("dimension") == "tone").drop("dimension")
    return asked_outlook.ask(known, records.read(home), loaded(ev, tone), rows)


def foreseen(ahead: Outlook, reads: Mapping[LineName, str]) -> tuple[Foreseen, ...]:
    """Its rows under the brief's own names of lines."""
    names: dict[str, LineName] = {known_as: name for name, known_as in reads.items()}
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


STAR = "* The method that has been most right over all pairs at that horizon."
"""Below the lines of a terminal, which have no room for how to read them."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """The section: its title, how to read it, what is foreseen, and the record; no rows where tone is not known."""

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
    tone_line = state.line("tone")
    if tone_line is None or not tone_line.stand.known:
        return Ahead(
            title(state),
            f"Without tone there is nothing to carry forward. {bands.brings('tone', state.month)} brings what tells of "
            "it.",
            (),
            "",
            "",
            (),
            (),
        )
    acts = (
        f"as {state.acts_of} codes them"
        if state.acts_of
        else "of which none are loaded, so that tone alone is left"
    )
    return Ahead(
        title=title(state),
        how=(
            f"From what could be known at the end of {bands.month(state.month)}, by three methods: the state of tone "
            f"carried forward, which falls back to rest; a fading mean of acts; and the last months' acts, {acts}. "
            "An asterisk: the method that has been most right over all pairs at that horizon."
        ),
        rows=rows(state),
        record_title="How right such forecasts have been",
        record_how=(
            "The share of hostile acts that was foreseen, beside the one that came. Held: how many 90% intervals held "
            "it, and in brackets in the worst period. Skill: how much smaller the error was than that of the last "
            "months' acts, with its 95% interval; 0% is no better."
        ),
        record=judged(state, "all pairs"),
        own=judged(state, "this pair"),
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
    of_both = {(one.horizon, one.method): one for one in state.foreseen if one.line == "tone"}
    horizons = {one.horizon: one.month for one in of_both.values()}
    return tuple(
        (str(horizon), f"{month:%b %Y}", *(said(of_both.get((horizon, method))) for method in METHODS))
        for horizon, month in sorted(horizons.items())
    )


def said(one: Foreseen | None) -> str:
    """A value with its interval, and an asterisk where the record favours it."""
    if one is None:
        return "–"
    told = bands.spelled(one.value, one.low, one.high)
    return f"{told} *" if one.shown else told


def judged(state: Estimated, whose: str) -> tuple[tuple[str, ...], ...]:
    """A row of `SKILL_HEADS` for each horizon at which anything was judged."""
    told = {(one.horizon, one.method): one for one in state.skill if one.whose == whose and one.n}
    horizons = sorted({horizon for horizon, _ in told})
    return tuple(
        (
            str(horizon),
            *(held(told.get((horizon, method))) for method in METHODS),
            *(skilled(told.get((horizon, method))) for method in ("tone", "ewma")),
            *behind(next(one for (at, _), one in told.items() if at == horizon)),
        )
        for horizon in horizons
    )


def behind(one: Skill) -> tuple[str, str, str]:
    """What a record rests on."""
    return f"{one.n:,}", f"{one.pairs:,}", one.judged


def held(one: Skill | None) -> str:
    if one is None or one.covered is None:
        return "–"
    return share(one.covered) if one.worst is None else f"{share(one.covered)} ({share(one.worst)})"


def share(value: float) -> str:
    """
    >>> share(0.896)
    '90%'
    """
    return f"{100 * value:.0f}%"


def skilled(one: Skill | None) -> str:
    """Skill with its interval."""
    if one is None or one.skill is None:
        return "–"
    if one.skill_low is None or one.skill_high is None:
        return f"{bands.signed(100 * one.skill)}%"
    ends = f"{bands.signed(100 * one.skill_low)} to {bands.signed(100 * one.skill_high)}"
    return f"{bands.signed(100 * one.skill)}% ({ends})"
