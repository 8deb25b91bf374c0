r"""When several series of one relation changed together: one set of changes, a level of each series in each phase.

A turning point of a relation shows in more than one of its dimensions, and not in all of them in the same month: votes
are yearly, ruptures have a day. So the series share their changes: the log likelihood of a phase is the sum over series
of `drift.likelihoods`, and all else is the sum over cuts of `cutting`. A series that does not move at a change pays
for it (its level is drawn anew), about $\frac{1}{2}\log(1 + \kappa / \omega^2)$ nats, so that a change that one series
alone tells of must be plain there. One that has no value in a phase says nothing about it.

How much a series drifts within phases ($\rho, \omega^2$) is not known. Each series says, summed over all of its own
cuts, how likely each of `DRIFTS` is; the drift of a phase is then one of these with those chances. A pick of the
likeliest alone would be too sure of itself where values are few: it doubles the phases found where there are none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amity.engine import drift
from amity.engine.cutting import Change, best, weights
from amity.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike

    from amity.engine.compiled import Floats, Whole

__all__ = ["Shared", "shared_changes"]

Law = tuple[float, float, float]
"""A drift: its chance, its persistence, its variance."""

DRIFTS = (
    *((0.0, share) for share in (0.01, 0.05, 0.2, 0.5)),
    *((0.9, share) for share in (0.2, 1.0)),
    *((0.97, share) for share in (0.05, 0.2, 1.0)),
    *((0.99, share) for share in (0.2, 0.5, 1.0)),
)
"""Persistence a month of what moves within a phase, and its variance as a share of that of the phases' levels."""

FAINT = 0.02
"""Drifts that are less likely than so much of the likeliest are left out."""

STRETCH = 80
"""Drifts are learned from stretches of no more values than so many, as if a phase began with each: twice as fast."""

LIKE = 0.999
"""Dates that are at least so likely as the likeliest are as likely."""


@dataclass(frozen=True, slots=True)
class Shared:
    """The posterior of the changes that several series share."""

    probability: Floats
    """(months,) the chance that a new phase begins in each month; 0 in the first."""
    found: tuple[Change, ...]
    """The changes of the most likely cut, in order; the interval of each is given its two neighbours, and its chance is
    that of one or more phases beginning there, whatever else changed."""
    dates: Floats
    """(changes, months) the chance of each date of each change, given its two neighbours."""
    level: Floats
    """(series, phases) posterior mean of each level in each phase of the most likely cut."""
    variance: Floats
    """(series, phases) its posterior variance."""
    drift: Floats
    r"""(series, 2) persistence and variance of the drift within phases, the likeliest by each series alone."""
    log_evidence: float
    """Log marginal likelihood of all series, in nats."""

    @property
    def expected(self) -> float:
        """The expected number of changes."""
        return float(self.probability.sum())


@dataclass(frozen=True, slots=True)
class _Series:
    """The values of one series, where there are any."""

    y: Floats
    v: Floats
    at: Whole
    m0: float
    kappa: float

    def likelihoods(self, rho: float, omega2: float) -> Floats:
        return drift.likelihoods(self.y, self.v, self.at, rho, omega2, self.m0, self.kappa)


def shared_changes(  # noqa: PLR0913  (each is one thing that a caller may know better)
    y: ArrayLike,
    known: ArrayLike = 0.0,
    *,
    every: float = 120.0,
    shortest: int = 2,
    spread: float | None = None,
    drifts: ArrayLike | None = None,
    prior: ArrayLike | None = None,
    inside: float = 0.9,
) -> Shared:
    """The posterior of the changes that series share, and an interval for each date of the most likely cut.

    Args:
        y: (series, months) the values; NaN where there is none.
        known: the variance of each value's own error, shaped as `y` or broadcast to it.
        every: a new phase begins once in so many months, a priori.
        shortest: no phase is shorter.
        spread: the variance of the levels of phases: 1 for states in units of their own spread. Left out, it is that of
            each series' values, so that no scale matters.
        drifts: (series, 2) persistence and variance of what moves within phases; learned if left out.
        prior: (series, 2) mean and variance of a phase's level, in place of the series' mean and `spread`.
        inside: the chance that an interval of a date is to have.

    Raises:
        UsageError: fewer than three values in every series, a series without variation where `spread` is left out, or
            a parameter out of range.

    >>> steps = np.concatenate([np.zeros(30), np.full(30, 4.0)])
    >>> wobble = 0.1 * np.sin(np.arange(60))
    >>> found = shared_changes([steps + wobble, wobble - steps])
    >>> [(change.at, change.low, change.high) for change in found.found]
    [(30, 30, 30)]
    """
    values = np.atleast_2d(np.asarray(y, float))
    errors = np.array(np.broadcast_to(np.asarray(known, float), values.shape))
    _check(values, errors, every, shortest, spread)
    priors: list[tuple[float, float] | None] = [None] * len(values) if prior is None else [*_twos(prior)]
    told = [_series(y_k, v_k, spread, law) for y_k, v_k, law in zip(values, errors, priors, strict=True)]
    if drifts is None:
        drawn = [_laws(one, 1 / every) for one in told]
    else:
        drawn = [((1.0, rho, omega2),) for rho, omega2 in _twos(drifts)]
    phases = _prior(values.shape[1], 1 / every, shortest)
    for one, laws in zip(told, drawn, strict=True):
        drift.share_of_phases(_mixed(one, laws), one.at, phases)
    weight, height = weights(phases)
    probability = np.concatenate([[0.0], weight[:, :-1].sum(0)])
    begins = np.flatnonzero(best(phases))
    found, dates = _dated(phases, begins, weight, inside)
    level, variance = _levels(told, drawn, begins, values.shape[1])
    likeliest = np.array([max(laws)[1:] for laws in drawn])
    return Shared(probability, found, dates, level, variance, likeliest, float(height))


def _twos(given: ArrayLike) -> Iterator[tuple[float, float]]:
    for one, other in np.asarray(given, float):
        yield float(one), float(other)


def _series(y: Floats, v: Floats, spread: float | None, law: tuple[float, float] | None) -> _Series:
    at = np.flatnonzero(~np.isnan(y))
    seen, error = y[at], v[at]
    if law is not None:
        return _Series(seen, error, at, *law)
    kappa = float(seen.var()) if spread is None else spread
    sure = 1 / (kappa + error) if len(at) else error
    m0 = float(sure @ seen / sure.sum()) if len(at) else 0.0
    return _Series(seen, error, at, m0, kappa)


def _laws(one: _Series, p: float) -> tuple[Law, ...]:
    """The drifts that may be, and how likely each is by the series alone: chance, persistence, variance."""
    tried = [(rho, share * one.kappa) for rho, share in DRIFTS]
    parts = _cut(one) if len(one.at) else []
    height = np.array(
        [sum(drift.alone(part.likelihoods(*law), part.at, p) for part in parts) for law in tried]
    )
    chance = np.exp(height - height.max())
    chance[chance < FAINT * chance.max()] = 0.0
    chance /= chance.sum()
    return tuple((float(c), *law) for c, law in zip(chance, tried, strict=True) if c > 0)


def _mixed(one: _Series, laws: tuple[Law, ...]) -> Floats:
    """(values, values) log likelihood of values `i … j` as one phase, whose drift is one of these."""
    made = one.likelihoods(*laws[0][1:]) + math.log(laws[0][0])
    for chance, rho, omega2 in laws[1:]:
        drift.mix(made, one.likelihoods(rho, omega2), math.log(chance))
    return made


def _cut(one: _Series) -> list[_Series]:
    """The series in stretches of neighbouring values, as few and as equal as may be."""
    number = -(-len(one.at) // STRETCH)
    stretches = np.array_split(np.arange(len(one.at)), number)
    return [_Series(one.y[at], one.v[at], one.at[at], one.m0, one.kappa) for at in stretches]


def _prior(months: int, p: float, shortest: int) -> Floats:
    """(months, months) log chance of each phase, had it no values: minus infinity where it would be too short."""
    length = np.arange(months)[None, :] - np.arange(months)[:, None]
    out = np.where(length >= shortest - 1, length * math.log1p(-p), -math.inf)
    out[:, :-1] += math.log(p)
    return out


def _dated(phases: Floats, begins: Whole, weight: Floats, inside: float) -> tuple[tuple[Change, ...], Floats]:
    """Each change with its interval and its dates, given where the phases before and after it begin and end."""
    edges: list[int] = [*begins.tolist(), len(phases)]
    found: list[Change] = []
    dates = np.zeros((len(begins) - 1, len(phases)))
    for m, (before, at, after) in enumerate(zip(edges, edges[1:-1], edges[2:], strict=False)):
        between = np.arange(before + 1, after)
        height = phases[before, between - 1] + phases[between, after - 1]
        dates[m, between] = np.exp(height - height.max())
        dates[m] /= dates[m].sum()
        # where no value tells months apart they are alike likely: the middle one stands for them
        alike = np.flatnonzero(dates[m] > LIKE * dates[m].max())
        middle = int(alike[(len(alike) - 1) // 2]) if at in alike else at
        below = np.cumsum(dates[m])
        low = min(int(np.searchsorted(below, (1 - inside) / 2)), middle)
        high = max(int(np.searchsorted(below, (1 + inside) / 2)), middle)
        # no phase begins between them where one phase holds the month before and the last of them
        none = float(weight[:low, high:].sum())
        found.append(Change(middle, low, high, min(max(1.0 - none, 0.0), 1.0)))
    return tuple(found), dates


def _levels(
    told: list[_Series], drawn: list[tuple[Law, ...]], begins: Whole, months: int
) -> tuple[Floats, Floats]:
    """(series, phases) mean and variance of the level, over the drifts that may be."""
    ends = [*begins[1:].tolist(), months]
    mean, variance = np.empty((2, len(told), len(begins)))
    for k, (one, laws) in enumerate(zip(told, drawn, strict=True)):
        for m, (start, end) in enumerate(zip(begins, ends, strict=True)):
            part = slice(*np.searchsorted(one.at, [start, end]))
            mean[k, m], variance[k, m] = _level(one, part, laws)
    return mean, variance


def _level(one: _Series, part: slice, laws: tuple[Law, ...]) -> tuple[float, float]:
    y, v, at = one.y[part], one.v[part], one.at[part]
    said = np.array([drift.level(y, v, at, rho, omega2, one.m0, one.kappa) for _, rho, omega2 in laws])
    height = said[:, 2] + np.log([law[0] for law in laws])
    share = np.exp(height - np.logaddexp.reduce(height))
    mean = float(share @ said[:, 0])
    return mean, float(share @ (said[:, 1] + (said[:, 0] - mean) ** 2))


def _check(y: Floats, v: Floats, every: float, shortest: int, spread: float | None) -> None:
    seen = np.isfinite(y)
    if np.isinf(y).any() or not (np.isfinite(v[seen]) & (v[seen] >= 0)).all():
        raise UsageError(
            "a value is infinite, or the variance of a value negative or missing", "leave such a month empty"
        )
    if seen.sum(1).max() < 3 or (
        spread is None and not all(np.ptp(row[ok]) > 0 for row, ok in zip(y, seen, strict=True) if ok.any())
    ):
        raise UsageError("series need three values that differ to have phases", "give more months")
    if not every > 1 or shortest < 1 or not (spread is None or spread > 0):
        raise UsageError(
            "phases last no time, or have no variance", "say every > 1, shortest ≥ 1, spread > 0"
        )
