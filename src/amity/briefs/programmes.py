"""The outlook without acts, and with two programmes of acts: two that amity declares, or a user's own.

The two that come with amity stand in `assets/programmes.yaml`: one of openings, one of pressure.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

import polars as pl

from amity.briefs import bands, words
from amity.briefs.followed import label, luck
from amity.briefs.part import Part, chance
from amity.errors import NoEvidenceError
from amity.insight import whatif
from amity.insight.months import shifted
from amity.insight.response import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from amity.briefs.answer import Brief
    from amity.dimensions.pair import Relation
    from amity.evidence import Evidence
    from amity.insight.whatif import Step, WhatIf

__all__ = ["Ahead", "Plan", "Programme", "part", "programmes", "usual"]

SHOWN = (6, 12, 24)
"""Months after the first act that words and tables tell; the chart draws all."""
YEAR = 12
HEADS = ("Programme", "Months on", "Without", "With", "Difference", "Chance of it if nothing followed")


@dataclass(frozen=True, slots=True)
class Plan:
    """Acts that are to be tried."""

    name: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Ahead:
    """A dimension some months after the first act, from −100 to 100 with 90% intervals."""

    dimension: str
    month: date
    horizon: int
    without: float
    without_low: float
    without_high: float
    with_acts: float | None
    """None, here and below: the record of an act does not reach there."""
    with_low: float | None
    with_high: float | None
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    chance: float | None
    """Of as large a difference, either way, if nothing followed."""


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme, the outlook with it and without, and what speaks against reading it as what would come."""

    name: str
    steps: tuple[tuple[date, str], ...]
    """Months and classes of acts."""
    ahead: tuple[Ahead, ...]
    cases: tuple[tuple[str, int], ...]
    """Classes, and the fewest cases that any dimension of each rests on."""
    doubts: tuple[str, ...]

    def of(self, dimension: str, horizon: int) -> Ahead | None:
        """One row; None where there is none."""
        found = (one for one in self.ahead if (one.dimension, one.horizon) == (dimension, horizon))
        return next(found, None)


def usual(since: date) -> tuple[Plan, ...]:
    """The programmes that come with amity, for a pair of which the month of `since` is the last that is known.

    >>> from datetime import date
    >>> [(plan.name, len(plan.steps)) for plan in usual(date(2026, 6, 1))]
    [('openings', 2), ('pressure', 1)]
    """
    import yaml  # noqa: PLC0415  (of use to this function alone)

    text = files("amity.briefs").joinpath("assets/programmes.yaml").read_text(encoding="utf-8")
    return tuple(
        Plan(one["name"], tuple(_after(since, act["months"], act["act"]) for act in one["after"]))
        for one in cast("list[dict[str, Any]]", yaml.safe_load(text))
    )


def _after(since: date, months: int, act: str) -> Step:
    return whatif.step(f"{shifted(since, months):%Y-%m} {act}")


def programmes(ev: Evidence, relation: Relation, plans: Sequence[Plan] = ()) -> tuple[Programme, ...]:
    """The outlook of a pair with each of some plans, by default with the usual ones.

    Raises `UsageError` and `NoEvidenceError` as `insight.whatif.ask` does, for plans that were given; of the usual ones
    those are left out of which the record has too few cases.
    """
    mine = relation.filtered.filter(pl.col("dimension").is_in(DIMENSIONS))
    if mine.is_empty():
        return ()
    kept = whatif.persistence_of(ev.store.root if ev.store is not None else None)
    since = cast("date", mine["month"].max())
    if plans:
        return tuple(_told(plan, whatif.ask(relation.filtered, plan.steps, kept)) for plan in plans)
    made: list[Programme] = []
    for plan in usual(since):
        # Nobody asked for these: of what the record has too few cases, nothing is said.
        with suppress(NoEvidenceError):
            made.append(_told(plan, whatif.ask(relation.filtered, plan.steps, kept)))
    return tuple(made)


def _told(plan: Plan, found: WhatIf) -> Programme:
    fewest: dict[str, int] = {}
    for one in found.behind:
        fewest[one.name] = min(one.n, fewest.get(one.name, one.n))
    return Programme(
        plan.name,
        tuple((one.month, one.name) for one in found.steps),
        tuple(_ahead(row) for row in found.rows.iter_rows(named=True)),
        tuple(fewest.items()),
        found.doubts,
    )


def _ahead(row: dict[str, Any]) -> Ahead:
    effect, error = row["state_difference"], row["state_error"]

    def at(name: str) -> float | None:
        return None if row[name] is None else round(row[name], 2)

    return Ahead(
        row["dimension"],
        row["month"],
        row["horizon"],
        round(row["without"], 2),
        round(row["without_low"], 2),
        round(row["without_high"], 2),
        at("with"),
        at("with_low"),
        at("with_high"),
        at("difference"),
        at("difference_low"),
        at("difference_high"),
        None if effect is None or error is None else luck(effect, error),
    )


# In words


def part(brief: Brief) -> Part | None:
    """The programmes in words and as a table; None where nothing is estimated."""
    told = brief.programmes
    if not told:
        return None
    acts = "; ".join(f"{one.name}: {_acts(one)}" for one in told)
    line = brief.state.line("tone") if brief.state else None
    stands = line is not None and line.stand.known
    return Part(
        title=title(told),
        how=(
            f"{words.upper_first(acts)}. Without acts the estimate is carried forward; with them, what followed such "
            "acts in other pairs is added, compared with similar moments: no promise, and no cause. Intervals hold 90%."
        ),
        said=tuple(sentence(one) for one in told),
        heads=HEADS,
        rows=tuple(
            _row(one, dimension, horizon)
            for one in told
            for dimension in DIMENSIONS
            if stands or dimension != "tone"
            for horizon in SHOWN
        ),
        doubts=(
            ""
            if stands
            else "Where tone stands is not known: its differences are those of a pair near rest.",
            *(
                f"{words.upper_first(doubt)}."
                for doubt in dict.fromkeys(d for one in told for d in one.doubts)
            ),
            "What one act does to another, and what came in this pair alone, is not in the record; of talks, praise "
            "and accusations it says nothing. `--programme FILE` tries other acts.",
        ),
        plain=(),
    )


def _acts(one: Programme) -> str:
    each = [f"{label(name)} in {bands.month(month)}" for month, name in one.steps]
    return words.listed(each) or "no act"


def title(told: Sequence[Programme]) -> str:
    """What followed each programme in a year, in tone, as far as chance would not have brought it."""
    each = [f"after {one.name} {_moved(one.of('tone', YEAR))}" for one in told]
    return f"With acts and without, a year on: {words.listed(each)}"


def _moved(year: Ahead | None) -> str:
    if year is None or year.difference_low is None or year.difference_high is None:
        return "a tone that nobody can tell"
    if year.difference_low > 0:
        return "a warmer tone"
    return "a colder tone" if year.difference_high < 0 else "no change of tone that shows"


def sentence(one: Programme) -> str:
    """A programme's difference in a year, in each dimension, with interval and chance."""
    parts: list[str] = []
    for dimension in DIMENSIONS:
        year = one.of(dimension, YEAR)
        if year is None:
            continue
        if year.difference is None or year.chance is None:
            parts.append(f"{dimension} is not known, as the record of an act does not reach there")
        else:
            told = difference(year).removesuffix(")")
            parts.append(f"{dimension} {told}; chance of it if nothing followed {chance(year.chance)})")
    rests = words.listed([f"{n:,} cases of {label(name)}" for name, n in one.cases])
    return f"{words.upper_first(one.name)}, a year on: {', '.join(parts)}. It rests on {rests or 'no case'}."


def difference(one: Ahead) -> str:
    """The difference in points with its interval; a dash where it is not known."""
    if one.difference is None or one.difference_low is None or one.difference_high is None:
        return "–"
    return bands.spelled(one.difference, one.difference_low, one.difference_high, 1)


def _row(one: Programme, dimension: str, horizon: int) -> tuple[str, ...]:
    """A row of `HEADS`."""
    ahead = one.of(dimension, horizon)
    if ahead is None:
        return f"{one.name}, {dimension}", str(horizon), "–", "–", "–", "–"
    without = _three(ahead.without, ahead.without_low, ahead.without_high)
    luck = "–" if ahead.chance is None else chance(ahead.chance)
    return (
        f"{one.name}, {dimension}",
        str(horizon),
        without,
        _three(ahead.with_acts, ahead.with_low, ahead.with_high),
        difference(ahead),
        luck,
    )


def _three(value: float | None, low: float | None, high: float | None) -> str:
    if value is None or low is None or high is None:
        return "–"
    return bands.spelled(value, low, high)
