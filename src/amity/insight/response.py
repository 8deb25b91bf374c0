"""What followed acts of a class, compared with similar moments, over all pairs of the world; never what they caused.

What is read is the filtered state of tone or engagement, in standard deviations of the world's pairs, without the items
that tell of the act itself: after a sanction, tone is read from disputes, ruptures and news alone. Cases follow a year
without such an act, and controls were as quiet, of the same month, and alike in level, slope, how much the two have to
do with each other, asymmetry of power and, where items are left out, tone as all items tell it (see
`engine.projecting`). Acts that are coded from the news, and trust, are known of single years apart from each other: no
year of quiet lies before any of them. Of tone and engagement after such acts nothing is said; of trust what months
within those years tell (see `response_trust`), where thirty cases or more reach a horizon.

The record comes with amity (`response.json`), made by `response_learning.learn` with `benchmarks/response.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from amity.engine.projecting import BACK
from amity.errors import UsageError
from amity.insight.response_acts import CLASSES

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ALL_HOSTILE", "ALL_KIND", "BEFORE", "DIMENSIONS", "ENOUGH", "HORIZONS", "OUTCOMES", "PRESSURE", "Asymmetry",
    "Contest", "Response", "Told", "ask", "asymmetry", "contest", "read",
]  # fmt: skip

DIMENSIONS = ("tone", "engagement")
OUTCOMES = (*DIMENSIONS, "trust")
"""Trust has no outlook, so that `whatif` does without."""
HORIZONS = tuple(range(1, 25))
"""Months."""
BEFORE = BACK
"""Months of `Response.before`; the one before the act, to which all is compared, is zero."""
ALL_KIND, ALL_HOSTILE, PRESSURE = "all kind acts", "all hostile acts", "pressure"
ENOUGH = 30
"""Of a class with fewer cases nothing is said."""
HALF = 0.5
NAME = "response.json"

Series = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Response:
    """What followed acts of a class, at 1 to 24 months; `None` where nothing is known.

    Of a class that goes by years months are counted from the first of the act's year, and the first eleven are unknown.
    """

    name: str
    dimension: str
    effect: Series
    """(24,) in standard deviations of the world's pairs: above or below similar moments without the act."""
    error: Series
    low: Series
    high: Series
    """95 % intervals, clustered by pair, that hold the drift of dates without an act (`engine.projecting.widened`)."""
    cases: tuple[int, ...]
    controls: tuple[int, ...]
    pairs: int
    """With a case."""
    unmatched: int
    """Cases that nothing was like."""
    pretrend: float | None
    """The chance of as large a gap in the year before, if there was none; small: they were no similar moments."""
    placebo: float | None
    """The share of dates without an act that seem to have been followed by something; 0.05 if all is well."""
    contested: Series
    """The effect where another major power, friend or rival, had more to do with the weaker side than the stronger."""
    uncontested: Series
    contested_gap: float | None
    """Between the two, at twelve months."""
    contested_error: float | None
    contested_cases: int
    first: int | None
    last: int | None
    """Years of the first and the last case."""
    sources: tuple[str, ...]
    without: tuple[str, ...]
    """Items left out of the state that is read; after news, and of trust, CAMEO roots."""
    before: Series = ()
    """(11,) the gap 12 to 2 months before the act, as `effect`; the pre-trend, drawn."""
    before_error: Series = ()
    placebo_effect: Series = ()
    """(24,) what followed dates without an act, mean over runs."""
    placebo_spread: Series = ()
    """(24,) its standard deviation over runs."""
    placebo_alarms: Series = ()
    """(24,) the share of runs of which the interval leaves out nothing."""

    @property
    def n(self) -> int:
        """Cases at the horizon with most of them."""
        return max(self.cases, default=0)

    @property
    def doubts(self) -> tuple[str, ...]:
        """What speaks against reading it as what followed, in plain words."""
        told: list[str] = []
        if self.pretrend is not None and self.pretrend < 0.05:
            told.append("the pairs were already moving apart from those compared in the year before")
        if self.placebo is None:
            told.append("no dates without an act could be tried")
        elif self.placebo > 0.1:
            told.append(f"{self.placebo:.0%} of dates without an act seem to be followed by something too")
        if self.drifted:
            months = " and ".join(str(month) for month in self.drifted)
            told.append(f"dates without an act were followed by half as much or more, {months} months on")
        return tuple(told)

    @property
    def drifted(self) -> tuple[int, ...]:
        """Of 6, 12 and 24 months those at which something followed, and half of it or more dates without an act too."""
        found: list[int] = []
        for month in (6, 12, 24):
            effect, low, high = (part[month - 1] for part in (self.effect, self.low, self.high))
            other = self.placebo_effect[month - 1] if self.placebo_effect else None
            if effect is None or low is None or high is None or other is None or low <= 0 <= high:
                continue
            if other / effect >= HALF:
                found.append(month)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """A kind of act beside its opposite: the sum of what followed both; above zero, the kind one weighs more."""

    positive: str
    negative: str
    """Classes, or `ALL_KIND` and `ALL_HOSTILE`: the mean over all with enough cases, each weighing alike."""
    dimension: str
    total: Series
    error: Series
    low: Series = ()
    high: Series = ()
    """95 % intervals, clustered by pair."""
    chance: float | None = None
    """Of as large a sum at any horizon, if both weigh alike."""


@dataclass(frozen=True, slots=True)
class Contest:
    """Pressure where a rival power is active, and where none is, of states that have such a rival.

    A *rival power* is a major power that is a strategic rival of who acts; it is *active* where it has more to do with
    the other side, in the month before, than two states of the world usually have.
    """

    name: str
    """A class, or `PRESSURE`: the mean of all of them."""
    dimension: str
    active: Series
    """(24,) what followed with a rival active, in standard deviations of the world's pairs."""
    inactive: Series
    gap: Series
    """(24,) the first less the second."""
    error: Series
    low: Series
    high: Series
    """95 % intervals of the gap, clustered by pair."""
    chance: float | None
    """Of as large a gap at any horizon, if there is none."""
    active_cases: int
    inactive_cases: int


@dataclass(frozen=True, slots=True)
class Told:
    """The record over all pairs."""

    responses: tuple[Response, ...]
    asymmetries: tuple[Asymmetry, ...]
    learned_from: str
    seed: int
    contests: tuple[Contest, ...] = ()

    def of(self, name: str, dimension: str) -> Response | None:
        found = [one for one in self.responses if (one.name, one.dimension) == (name, dimension)]
        return found[0] if found else None


def ask(name: str, dimension: str = "tone", told: Told | None = None) -> Response:
    """What followed acts of a class. Raises `UsageError` for a class or a dimension that is none.

    >>> ask("sanction imposed").without
    ('sanction_threatened', 'sanction_imposed')
    """
    found = (told or read()).of(name, dimension)
    if found is None:
        known = ", ".join(one.name for one in CLASSES)
        raise UsageError(f"nothing is on record of '{name}' and {dimension}", f"say one of {known}")
    return found


def asymmetry(positive: str, negative: str, dimension: str = "tone", told: Told | None = None) -> Asymmetry:
    """A kind class beside a hostile one. Raises `UsageError` for two that were not set beside each other.

    >>> asymmetry("sanction lifted", "sanction imposed").negative
    'sanction imposed'
    """
    asked = (positive, negative, dimension)
    record = told or read()
    for one in record.asymmetries:
        if (one.positive, one.negative, one.dimension) == asked:
            return one
    known = sorted({f"{one.positive} and {one.negative}" for one in record.asymmetries})
    raise UsageError(
        f"'{positive}' and '{negative}' were not compared, of {dimension}", f"say one of {', '.join(known)}"
    )


def contest(name: str = PRESSURE, dimension: str = "tone", told: Told | None = None) -> Contest:
    """Pressure with and without a rival power active. Raises `UsageError` for a class that was not tried.

    >>> contest("sanction imposed").name
    'sanction imposed'
    """
    record = told or read()
    for one in record.contests:
        if (one.name, one.dimension) == (name, dimension):
            return one
    known = ", ".join(dict.fromkeys(one.name for one in record.contests))
    raise UsageError(
        f"'{name}' was not tried with and without a rival power, of {dimension}", f"say one of {known}"
    )


@cache
def read() -> Told:
    """The record that comes with amity.

    >>> len(read().of("visit up", "tone").effect)
    24
    """
    return from_text(files("amity.insight").joinpath(NAME).read_text(encoding="utf-8"))


def from_text(text: str) -> Told:
    """A record as `response_learning.to_text` writes it."""
    row: dict[str, Any] = json.loads(text)
    return Told(
        tuple(Response(**_tupled(one)) for one in row["responses"]),
        tuple(Asymmetry(**_tupled(one)) for one in row["asymmetries"]),
        row["learned_from"],
        row["seed"],
        tuple(Contest(**_tupled(one)) for one in row.get("contests", ())),
    )


def _tupled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(cast("list[Any]", value)) if isinstance(value, list) else value
        for name, value in row.items()
    }
