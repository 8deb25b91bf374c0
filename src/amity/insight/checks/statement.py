"""What a check is asked and what it answers: a statement in its form, and what was found of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from amity.states import State

__all__ = [
    "Finding",
    "Period",
    "Row",
    "Statement",
    "Verdict",
    "between",
    "code",
    "rows_of",
    "undecided",
    "verdict",
]

Verdict = Literal["supported", "contradicted", "not decidable"]
EARLIEST, LATEST = date(1800, 1, 1), date(2200, 12, 31)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both inclusive; an open end reaches as far as the record does."""

    start: date | None = None
    end: date | None = None

    @property
    def first(self) -> date:
        return self.start or EARLIEST

    @property
    def last(self) -> date:
        return self.end or LATEST

    def __str__(self) -> str:
        if (
            self.start
            and self.end
            and self.start.year == self.end.year
            and (self.end - self.start).days > 360
        ):
            return str(self.start.year)
        said = [_said(day, at_end=n == 1) if day else "" for n, day in enumerate((self.start, self.end))]
        if not any(said):
            return "all years on record"
        return f"{said[0]} to {said[1] or 'the end of the record'}".strip()


def _said(day: date, *, at_end: bool) -> str:
    whole = (day.month, day.day) == ((12, 31) if at_end else (1, 1))
    return str(day.year) if whole else f"{day:%B %Y}"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement in its form: see `claim_form`."""

    number: int
    """Its place in the file, from 1."""
    says: str
    who: State
    whom: State
    third: State | None
    measure: str
    direction: str
    period: Period
    against: Period | None = None
    """The time that the period is compared with; None: as the measure has it."""
    times: int | None = None
    peers: tuple[State, ...] = ()
    """Whom the second state is compared with; none: the others of its region."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row behind a figure: the source, and the publisher's own row, or the item and month of what was counted."""

    source: str
    ref: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What came out."""

    verdict: Verdict
    figure: float | None
    low: float | None
    high: float | None
    """Its 90 % interval; an end that is None is not known, and not nought."""
    unit: str
    n: int
    counted: str
    """What `n` counts: 'years', 'roll calls'."""
    sentence: str
    rows: tuple[Row, ...] = ()


def verdict(
    low: float | None,
    high: float | None,
    *,
    above: bool = True,
    edge: float = 0.0,
    other: float | None = None,
) -> Verdict:
    """Supported where the whole interval lies on the side that is claimed, contradicted where it lies on the other.

    Args:
        low, high: the ends of the 90 % interval; one that is None is unknown, and excludes nothing.
        above: whether the claim is that the figure is above `edge`, or below it.
        edge: where the claim begins.
        other: where the other side begins; None: at `edge`. Between the two neither holds.

    >>> verdict(0.1, 0.5), verdict(0.1, 0.5, above=False), verdict(-0.1, 0.5), verdict(None, -0.2)
    ('supported', 'contradicted', 'not decidable', 'contradicted')
    """
    far = edge if other is None else other
    over, under = (low, high) if above else (_minus(high), _minus(low))
    edge, far = (edge, far) if above else (-edge, -far)
    if over is not None and isfinite(over) and over > edge:
        return "supported"
    if under is not None and isfinite(under) and under < far:
        return "contradicted"
    return "not decidable"


def _minus(value: float | None) -> float | None:
    return None if value is None else -value


def undecided(sentence: str, unit: str, counted: str, n: int = 0, rows: tuple[Row, ...] = ()) -> Finding:
    """No figure: the evidence does not speak of the statement; unknown is not nought."""
    return Finding("not decidable", None, None, None, unit, n, counted, sentence, rows)


def between(low: float | None, high: float | None, digits: int = 2) -> str:
    """An interval in words.

    >>> between(-0.412, 0.1), between(2, None, 0)
    ('90 % interval −0.41 to 0.10', '90 % interval 2 to unknown')
    """
    ends = ["unknown" if end is None else f"{end:.{digits}f}".replace("-", "−") for end in (low, high)]
    return f"90 % interval {ends[0]} to {ends[1]}"


def code(state: State) -> str:
    """How a sentence names a state.

    >>> from amity import states
    >>> code(states.find("Cambodia"))
    'KHM'
    """
    return state.iso3c or state.cowc


def rows_of(frame: pl.DataFrame) -> tuple[Row, ...]:
    """The rows of a frame with `source` and `ref`, each once, in their order."""
    named: Iterable[tuple[str, str]] = frame.select("source", "ref").unique(maintain_order=True).iter_rows()
    return tuple(Row(source, ref) for source, ref in named)
