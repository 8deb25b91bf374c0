r"""How mature a relation is: its level, how much it swings, its deepest trough and its recovery, against equal ages.

Of the yearly states $x_y$ of one dimension, over the years that are known:

* **level**: $x$ in the last of them;
* **volatility**: the standard deviation of $x_y - x_{y-1}$;
* **depth**: the largest fall from any year to a later one, $\max_{y < z} (x_y - x_z)$; its last year is the trough;
* **recovery**: years from the trough until half of it was won back.

Peers are pairs of about the same age with about as much evidence. Both matter: young relations swing more, and the
smoothed state of a pair without evidence does not move at all, so that among all pairs the best documented would look
the least steady. A year is known where evidence has taken away half of the state's variance or more; states are in
units of their own spread in the world. Even then smoothed states move less than true ones do: ranks compare better
than sizes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amity.engine.scale import NINETY
from amity.errors import NoEvidenceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.engine.compiled import Floats, Whole

KNOWN = math.sqrt(0.5)
"""A year is known where the state's posterior standard deviation is no larger."""
FEWEST_YEARS = 10
"""With fewer known years there is no volatility and no trough to speak of."""
AGE_APART = 5
"""Peers are no more years younger or older."""
EVIDENCE_APART = 1.5
"""Peers have no more than so many times as many known years, and no fewer."""
LEAST_DEPTH = 0.3
"""A shallower trough is none, and has no recovery."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One number of a pair, and where it stands among its peers."""

    name: str
    value: float | None
    """None: unknown, or not so yet (half of a trough not won back)."""
    low: float | None
    high: float | None
    """Its 90 % interval."""
    percentile: float | None
    """The share of peers below it, in hundredths; ties count half."""
    percentile_low: float | None
    percentile_high: float | None
    """The same of the interval's ends: how its own error could move the rank."""
    peers: int
    """Peers of which the number is known."""


@dataclass(frozen=True, slots=True)
class Maturity:
    """The answer for one pair and one dimension."""

    year: int
    """The last known year."""
    age: int
    """Years since the relation began."""
    known_years: int
    peers: int
    """Pairs of about the same age with about as much evidence."""
    level: Reading
    volatility: Reading
    depth: Reading
    recovery: Reading
    peak: int | None
    trough: int | None
    """The years between which the deepest fall lies."""
    recovered: int | None
    """The first year in which half of it was won back; None: not yet, or there is no trough."""


@dataclass(frozen=True, slots=True)
class _Path:
    """What is read off one pair's known years."""

    level: float
    level_sd: float
    volatility: float
    steps: int
    depth: float
    depth_sd: float
    peak: int
    trough: int
    recovered: int | None
    last: int

    @property
    def wait(self) -> float:
        """Years to recovery; not a number where there is no trough, or none yet."""
        return math.nan if self.recovered is None else float(self.recovered - self.trough)


def ask(states: pl.DataFrame, since: pl.DataFrame, pair: tuple[int, int]) -> Maturity:
    """How mature the relation of a pair is, in one dimension.

    Args:
        states: smoothed states of all pairs, `ccode1, ccode2`, `year` or `month` (Date), `value, sd`, in units of their
            spread in the world.
        since: the year in which each relation began (both first in the system together, or first relations):
            `ccode1, ccode2, since`.
        pair: `ccode1 < ccode2`.

    Raises:
        NoEvidenceError: fewer than ten years of the pair are known.

    >>> years = range(1960, 2001)
    >>> one = pl.DataFrame({"ccode1": 2, "ccode2": 811, "year": years, "sd": 0.2,
    ...                     "value": [1.0 - 2.0 * (1975 <= year < 1991) for year in years]})
    >>> found = ask(one, pl.DataFrame({"ccode1": 2, "ccode2": 811, "since": 1950}), (2, 811))
    >>> found.age, found.depth.value, found.trough, found.recovered, found.recovery.value, found.peers
    (50, 2.0, 1975, 1991, 16.0, 0)
    """
    every = known_years(states)
    named = pl.struct("ccode1", "ccode2")
    mine = every.filter((pl.col("ccode1") == pair[0]) & (pl.col("ccode2") == pair[1])).sort("year")
    if mine.height < FEWEST_YEARS:
        raise NoEvidenceError(
            f"{mine.height} years of this pair are known, too few to tell how it swings", "load more sources"
        )
    born = since.filter((pl.col("ccode1") == pair[0]) & (pl.col("ccode2") == pair[1]))["since"]
    if born.is_empty():
        raise NoEvidenceError("it is not known when this relation began", "give its first year")
    count, start = mine.height, int(born[0])
    alike = (
        every.join(since, on=["ccode1", "ccode2"])
        .filter((pl.col("since") - start).abs() <= AGE_APART)
        .filter(
            pl.len().over("ccode1", "ccode2").is_between(count / EVIDENCE_APART, count * EVIDENCE_APART)
            & (pl.len().over("ccode1", "ccode2") >= FEWEST_YEARS)
        )
        .filter((pl.col("ccode1") != pair[0]) | (pl.col("ccode2") != pair[1]))
        .sort("ccode1", "ccode2", "year")
    )
    own = _path(mine)
    peers = [_path(rows) for _, rows in alike.group_by(named, maintain_order=True)]
    return _told(own, peers, own.last - start, count)


def known_years(states: pl.DataFrame) -> pl.DataFrame:
    """The years in which the state is known: `ccode1, ccode2, year, value, sd`; months are averaged.

    The errors of a year's months are almost one error, so that they are averaged as they are.
    """
    rows = states if "year" in states.columns else states.with_columns(year=pl.col("month").dt.year())
    return (
        rows.group_by("ccode1", "ccode2", pl.col("year").cast(pl.Int32))
        .agg(pl.col("value", "sd").mean())
        .filter(pl.col("sd") <= KNOWN)
    )


def _path(rows: pl.DataFrame) -> _Path:
    year, x, sd = (rows[name].to_numpy() for name in ("year", "value", "sd"))
    moved = np.diff(x)[np.diff(year) == 1]
    peak, trough = deepest(x)
    back = x[trough:] >= x[trough] + (x[peak] - x[trough]) / 2
    depth = float(x[peak] - x[trough])
    won = int(year[trough:][back][0]) if depth >= LEAST_DEPTH and back.any() else None
    return _Path(
        float(x[-1]),
        float(sd[-1]),
        float(moved.std(ddof=1)) if len(moved) >= 2 else math.nan,
        len(moved),
        depth,
        float(math.hypot(sd[peak], sd[trough])) if depth > 0 else 0.0,
        int(year[peak]),
        int(year[trough]),
        won,
        int(year[-1]),
    )


def deepest(x: Floats) -> tuple[int, int]:
    """Where the largest fall begins and ends; the same place twice where nothing ever falls.

    >>> deepest(np.array([0.0, 2.0, 1.0, -1.0, 3.0, 1.0]))
    (1, 3)
    """
    top = np.maximum.accumulate(x)
    trough = int(np.argmax(top - x))
    peak = int(np.argmax(x[: trough + 1]))
    return peak, trough


def _told(own: _Path, peers: Sequence[_Path], age: int, count: int) -> Maturity:
    deep = own.depth >= LEAST_DEPTH
    half = NINETY * own.level_sd
    level = _reading("level", own.level, own.level - half, own.level + half, [one.level for one in peers])
    volatility = _reading(
        "volatility", own.volatility, *_spread(own.volatility, own.steps), [one.volatility for one in peers]
    )
    half = NINETY * own.depth_sd
    depth = _reading(
        "depth", own.depth, max(own.depth - half, 0.0), own.depth + half, [one.depth for one in peers]
    )
    return Maturity(
        own.last,
        age,
        count,
        len(peers),
        level,
        volatility,
        depth,
        _recovery(own, [one for one in peers if one.depth >= LEAST_DEPTH]),
        own.peak if deep else None,
        own.trough if deep else None,
        own.recovered,
    )


def _spread(sd: float, steps: int) -> tuple[float, float]:
    r"""The 90 % interval of a standard deviation: $s \sqrt{\nu / \chi^2_\nu}$ by Wilson and Hilferty's cube."""
    freedom = max(steps - 1, 1)
    edge = 2 / (9 * freedom)
    low, high = ((1 - edge + sign * NINETY * math.sqrt(edge)) ** 3 for sign in (-1, 1))
    return sd / math.sqrt(high), sd / math.sqrt(max(low, 1e-3))


def _reading(name: str, value: float, low: float, high: float, others: Sequence[float]) -> Reading:
    known = np.array([one for one in others if not math.isnan(one)])
    if math.isnan(value):
        return Reading(name, None, None, None, None, None, None, len(known))
    at, under, over = (_below(known, one) for one in (value, low, high))
    return Reading(name, value, low, high, at, under, over, len(known))


def _below(others: Floats, value: float) -> float | None:
    """The share of others below, in hundredths, ties by half; None without others."""
    if not len(others):
        return None
    ties: Whole = np.flatnonzero(others == value)
    return 100 * (float((others < value).sum()) + len(ties) / 2) / len(others)


def _recovery(own: _Path, peers: Sequence[_Path]) -> Reading:
    """Years to win back half; one still waiting is slower than all that were quicker than it has waited so far."""
    waits = np.array([math.inf if one.recovered is None else one.wait for one in peers])
    if own.depth < LEAST_DEPTH:
        return Reading("recovery", None, None, None, None, None, None, len(waits))
    if own.recovered is not None:
        # a year is the grain: the recovery may have come at any time of the years between
        low, high = max(own.wait - 1, 0.0), own.wait
        at, under, over = (_below(waits, one) for one in (own.wait, low, high))
        return Reading("recovery", own.wait, low, high, at, under, over, len(waits))
    waited = float(own.last - own.trough)
    top = 100.0 if len(waits) else None
    return Reading("recovery", None, waited, None, None, _below(waits, waited), top, len(waits))
