"""The phases of a relation, and its turning points: when, how surely, how large, and what was done in those weeks.

All dimensions of a pair share one set of turning points (`engine.shared_changes` says why, and how a state that
drifts is kept from falling into dozens of phases). Dimensions come as what each month's evidence says by itself
(`engine.alone`), in units of a state's own spread in the world, so that a level of 1 is a standard deviation above
the usual pair. A turning point is named by what the record holds in its interval, never by a list of known events.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from amity.engine.scale import NINETY
from amity.engine.shared_changes import shared_changes
from amity.errors import UsageError
from amity.insight.months import months_between, shifted

if TYPE_CHECKING:
    from amity.engine.alone import Alone
    from amity.engine.compiled import Floats
    from amity.engine.cutting import Change
    from amity.engine.shared_changes import Shared

EVERY = 120.0
"""A phase begins once in so many months, a priori."""
SHORTEST = 6
"""No phase is shorter, in months: what comes back within half a year was an incident."""
SEEN_AS_MOVE = 0.3
"""A dimension moves at a turning point where its level changes by more than this, and more than its error allows."""
UNKNOWN = 0.8
"""Where the standard deviation of a level is larger, the phase says next to nothing of it (before evidence it is 1)."""
EDGES = (-1.5, -0.5, 0.5, 1.5)
"""Levels are told in words between these."""
WORDS = {
    "tone": ("hostile", "strained", "middling", "warm", "very warm"),
    "engagement": ("hardly any", "little", "middling", "much", "very much"),
    "alignment": ("opposed", "apart", "middling", "near", "alike"),
    "representation": ("severed", "thin", "partial", "full", "full"),
}
OTHERWISE = ("far below the usual", "below the usual", "usual", "above the usual", "far above the usual")
CLAUSES = 2
"""A name has no more clauses."""
FORMAL = ("relations", "recognition", "post")
"""Sorts of rows that are one family: of these a name tells one."""
VAGUE = 0.5
"""A row that is dated to the year, or of the month before, counts so much of one that is dated to the month."""
SLOW = 60
"""What is spread over more months has no date that acts could belong to."""
YEAR = 11
"""From last to first month of a year."""


@dataclass(frozen=True, slots=True)
class Move:
    """How far one dimension moved at a turning point, from one phase's level to the next one's."""

    dimension: str
    size: float
    """In standard deviations of the state in the world; above zero: it rose."""
    sd: float
    """Standard deviation of the size's own error."""

    @property
    def plain(self) -> bool:
        """Whether both levels are known, and the move larger than its error and large enough to be told."""
        return self.sd <= UNKNOWN and abs(self.size) > max(NINETY * self.sd, SEEN_AS_MOVE)

    @property
    def verb(self) -> str:
        return "rises" if self.size > 0 else "falls"


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """A date at which a relation passed into another phase."""

    month: date
    """The most likely first month of the new phase."""
    low: date
    high: date
    """With 90 % chance its date lies between these months, given the turning points before and after it."""
    probability: float
    """The chance that a phase begins between them at all."""
    moves: tuple[Move, ...]
    direction: str
    """better, worse, mixed or unclear: which way the dimensions went that plainly moved."""
    name: str
    """What is on record of those weeks, at most two clauses; where the date is spread over years, only what moved."""
    record: tuple[dict[str, Any], ...]
    """The rows of the record in its interval and the month before, the weightiest first."""


@dataclass(frozen=True, slots=True)
class Level:
    """Where one dimension stood in a phase."""

    dimension: str
    value: float
    sd: float
    word: str


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of months in which a relation stayed as it was, or drifted little."""

    start: date
    end: date
    """First and last month."""
    levels: tuple[Level, ...]
    name: str
    """That of the turning point it begins with; of the first one, what dimensions stood like."""


@dataclass(frozen=True, slots=True)
class Phases:
    """The answer."""

    phases: tuple[Phase, ...]
    turning_points: tuple[TurningPoint, ...]
    probability: pl.DataFrame
    """`month, probability`: the chance that a phase begins in the month."""
    expected: float
    """The expected number of turning points, those that no single month is likely to be among."""
    drift: dict[str, tuple[float, float]]
    """What moves within phases, by dimension: persistence a month, and variance."""


def ask(
    series: pl.DataFrame, record: pl.DataFrame, *, every: float = EVERY, shortest: int = SHORTEST
) -> Phases:
    """The phases of one pair.

    Args:
        series: `dimension, month, value, variance`: what each month's evidence says by itself of each dimension, in
            state units; months without evidence have no row.
        record: rows as `record.record_of` makes them, for names.
        every: a phase begins once in so many months, a priori.
        shortest: no phase is shorter.

    Raises:
        UsageError: no dimension has three months with evidence, or a dimension has a month twice.

    >>> months = pl.date_range(date(1960, 1, 1), date(1979, 12, 1), "1mo", eager=True)
    >>> value = [0.8 - 1.6 * (m.year >= 1970) + 0.1 * (m.month % 3) for m in months]
    >>> series = pl.DataFrame({"dimension": "tone", "month": months, "value": value, "variance": 0.04})
    >>> rows = [(date(1970, 1, 9), "day", "relations severed", "relations", "a source", "row 1", 1.0)]
    >>> record = pl.DataFrame(rows, ["date", "precision", "what", "sort", "source", "ref", "weight"], orient="row")
    >>> [(one.month.isoformat(), one.direction, one.name) for one in ask(series, record).turning_points]
    [('1970-01-01', 'worse', 'relations severed')]
    """
    names, first, y, v = _laid_out(series)
    found = shared_changes(y, v, every=every, shortest=shortest, spread=1.0)
    months = [shifted(first, t) for t in range(y.shape[1])]
    rows = record.sort("weight", "date", descending=[True, False]).to_dicts()
    turns = tuple(
        _turn(change, m, found, names, months, rows) for m, change in enumerate(found.found, start=1)
    )
    return Phases(
        _phases(found, names, months, turns),
        turns,
        pl.DataFrame({"month": months, "probability": found.probability}),
        found.expected,
        {name: (float(rho), float(omega2)) for name, (rho, omega2) in zip(names, found.drift, strict=True)},
    )


def series_of(dimension: str, months: pl.Series, said: Alone, pair: int = 0) -> pl.DataFrame:
    """What each month says by itself of one pair, as `ask` takes it: `months` are those of the engine's chains.

    >>> from amity.engine.alone import Alone
    >>> said = Alone(np.array([[np.nan, 0.5]]), np.array([[np.nan, 0.2]]))
    >>> series_of("tone", pl.Series([date(1960, 1, 1), date(1960, 2, 1)]), said).rows()
    [('tone', datetime.date(1960, 2, 1), 0.5, 0.2)]
    """
    rows = pl.DataFrame({"month": months, "value": said.value[pair], "variance": said.variance[pair]})
    known = rows.filter(pl.col("value").is_not_nan())
    return known.select(dimension=pl.lit(dimension), month="month", value="value", variance="variance")


def _laid_out(series: pl.DataFrame) -> tuple[list[str], date, Floats, Floats]:
    """Dimensions, the first month, and (dimensions, months) values and variances."""
    seen: list[int] = series.group_by("dimension").len()["len"].to_list()
    if max(seen, default=0) < 3:
        raise UsageError(
            "no dimension has three months with evidence", "load more sources, or ask for more years"
        )
    if series.select(pl.struct("dimension", "month").is_duplicated().any()).item():
        raise UsageError("a dimension has two values in a month", "pool them by their precision")
    names = series["dimension"].unique().sort().to_list()
    first = series["month"].min()
    assert isinstance(first, date)  # noqa: S101
    t = series.select(
        (pl.col("month").dt.year() - first.year) * 12
        + pl.col("month").dt.month().cast(pl.Int32)
        - first.month
    ).to_series()
    k = series["dimension"].replace_strict(names, range(len(names)), return_dtype=pl.Int64)
    y = np.full((len(names), int(t.max()) + 1), np.nan)  # pyright: ignore[reportArgumentType]
    v = np.ones_like(y)
    y[k.to_numpy(), t.to_numpy()] = series["value"].to_numpy()
    v[k.to_numpy(), t.to_numpy()] = series["variance"].to_numpy()
    return names, first.replace(day=1), y, v


# Turning points


def _turn(
    change: Change, m: int, found: Shared, names: list[str], months: list[date], rows: list[dict[str, Any]]
) -> TurningPoint:
    """The turning point into phase `m`."""
    size = found.level[:, m] - found.level[:, m - 1]
    sd = np.sqrt(found.variance[:, m] + found.variance[:, m - 1])
    made = [Move(*one) for one in zip(names, size.tolist(), sd.tolist(), strict=True)]
    moves = tuple(sorted(made, key=lambda move: -abs(move.size) / move.sd))
    low, high = months[change.low], months[change.high]
    mine = within(rows, found.dates[m - 1], months[0], change.low, change.high)
    return TurningPoint(
        months[change.at],
        low,
        high,
        change.chance,
        moves,
        direction(moves),
        f"slowly: {said(moves)}"
        if change.high - change.low > SLOW
        else named(mine) or f"no recorded act; {said(moves)}",
        tuple(mine),
    )


def direction(moves: tuple[Move, ...]) -> str:
    """Which way the dimensions went that plainly moved."""
    ways = {move.size > 0 for move in moves if move.plain}
    return "unclear" if not ways else "mixed" if len(ways) > 1 else "better" if True in ways else "worse"


def said(moves: tuple[Move, ...]) -> str:
    """What plainly moved, in words; failing that the surest move.

    >>> said((Move("tone", -1.2, 0.2), Move("alignment", 0.1, 0.3)))
    'tone falls'
    """
    plain = [move for move in moves if move.plain] or list(moves[:1])
    return ", ".join(f"{move.dimension} {move.verb}" for move in plain)


def within(
    rows: list[dict[str, Any]], likely: Floats, first: date, low: int, high: int
) -> list[dict[str, Any]]:
    """The rows that may be of the turning point's months or of the one before, the most fitting first.

    How well a row fits is its weight, times how likely its month is to be the turning point's, as a share of the
    likeliest. A row of the month before counts half of the next one; so does one that is dated to the year only, where
    the turning point is dated better.
    """
    fits = np.maximum(likely, VAGUE * np.append(likely[1:], 0.0)) / likely.max()
    kept: list[tuple[float, dict[str, Any]]] = []
    for row in rows:
        since, until = (months_between(first, day) for day in (row["date"], _until(row)))
        if since <= high and until >= low - 1 and until >= 0:
            fit = float(fits[max(since, 0) : until + 1].max())
            vague = VAGUE if row["precision"] == "year" and high - low < YEAR else 1.0
            kept.append((row["weight"] * fit * vague, row))
    kept.sort(key=lambda one: (-one[0], one[1]["date"], one[1]["what"]))
    return [row for _, row in kept]


def _until(row: dict[str, Any]) -> date:
    """The last day that a row may be of."""
    when: date = row["date"]
    if row["precision"] == "year":
        return date(when.year, 12, 31)
    return when


def named(rows: list[dict[str, Any]]) -> str:
    """The most fitting row, and the most fitting of another family: a second formal step would say the same again.

    >>> named([{"what": "relations severed", "sort": "relations"}, {"what": "embassy closed", "sort": "post"},
    ...        {"what": "UN agreement falls from 0.77 to 0.30", "sort": "votes"}])
    'relations severed; UN agreement falls from 0.77 to 0.30'
    """
    clauses: dict[str, str] = {}
    for row in rows:
        family = "formal" if row["sort"] in FORMAL else row["sort"]
        if len(clauses) < CLAUSES:
            clauses.setdefault(family, row["what"])
    return "; ".join(clauses.values())


# Phases


def _phases(
    found: Shared, names: list[str], months: list[date], turns: tuple[TurningPoint, ...]
) -> tuple[Phase, ...]:
    starts = [months[0], *(turn.month for turn in turns)]
    ends = [*(turn.month - timedelta(days=1) for turn in turns), months[-1]]
    made: list[Phase] = []
    for m, (start, end) in enumerate(zip(starts, ends, strict=True)):
        levels = tuple(
            Level(name, float(value), float(sd), word(name, float(value), float(sd)))
            for name, value, sd in zip(names, found.level[:, m], np.sqrt(found.variance[:, m]), strict=True)
        )
        stood = ", ".join(f"{level.dimension} {level.word}" for level in levels)
        made.append(Phase(start, end.replace(day=1), levels, turns[m - 1].name if m else stood))
    return tuple(made)


def word(dimension: str, value: float, sd: float) -> str:
    """A level in words: the five of its dimension lie between −1.5, −0.5, 0.5 and 1.5 standard deviations.

    >>> word("tone", -2.0, 0.2), word("alignment", 0.7, 0.1), word("tone", 0.0, 0.95)
    ('hostile', 'near', 'unknown')
    """
    if sd > UNKNOWN:
        return "unknown"
    return WORDS.get(dimension, OTHERWISE)[int(np.searchsorted(EDGES, value))]
