r"""What followed acts, compared with similar moments: local projections over matched pairs, as arrays.

A *case* is a moment $(i, t)$ at which a series $i$ had an act after `QUIET` months without one; its *controls* are the
moments of other pairs in the same month that were as quiet and had none, nearest in level ($y_{t-1}$), slope
($y_{t-1} - y_{t-13}$) and whatever stands beside them, each within a caliper. What followed is

$$\beta_h = \frac{1}{n} \sum_c \Big[ \Delta_h y_c - \bar{\Delta_h y}_{M(c)}
- \gamma_h' (x_c - \bar x_{M(c)}) \Big], \qquad \Delta_h y = y_{t+h} - y_{t-1}$$

(Jordà 2005, *AER* 95), with $\gamma_h$ from the controls alone for what matching leaves unlike (Abadie and Imbens 2011,
*JBES* 29). Months are compared with themselves, so that whatever moves the whole world drops out. Acts that came later
are left in on both sides: $\beta_h$ is what followed an act, with all that it brought. Nothing here tells what caused
it.

Errors are clustered by pair, whichever side of a comparison it stands on. Two things more widen them: cases spread
halfway as their controls do, where these spread more (`_wider`), and what followed dates without an act (`widened`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from amity.engine.compiled import Floats, Whole

    Mask = NDArray[np.bool_]

__all__ = [
    "AHEAD", "BACK", "QUIET", "Matched", "Panel", "Placebo", "Projected", "by_chance", "cases_of", "eligible",
    "false_alarms", "match", "pretrend", "project", "quantile", "widened",
]  # fmt: skip

AHEAD = tuple(range(1, 25))
"""Months after an act."""
BACK = tuple(range(-12, -1))
"""Months before it, the one to which all is compared (the last before the act) left out."""
QUIET = 12
"""Months without such an act, before a case and before its controls."""
SLOPE = 12
NEAREST, LEAST = 10, 3
"""So many controls at most, and so many at least: a case with fewer is left out and counted."""
CALIPERS = (0.5, 0.5, 1.0, 1.0)
"""How far a control may be in level, slope and the rest, in standard deviations of the cases; then the last."""
FEWEST = 10
"""Pairs with a case, below which a placebo run says nothing."""
DRAWS = 999
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Panel:
    """What is compared, and by what moments are found alike."""

    outcome: Floats
    """(pairs, months); nan where nothing is known."""
    pair: Whole
    """(series,) the pair of each series of acts: two a pair, where acts have a side."""
    beside: tuple[Floats, ...] = ()
    """(pairs, months) or (series, months) each: salience, asymmetry of power."""
    slope: int = SLOPE
    """Over how many months the slope is taken."""
    group: Whole | None = None
    """(pairs,) by what errors are clustered and from what no control is drawn, where rows are not pairs but
    directions."""

    def grouped(self, rows: Whole) -> Whole:
        """The group of each row of the outcome; -1 stays -1."""
        return rows if self.group is None else np.where(rows >= 0, self.group[rows], -1)

    @property
    def groups(self) -> int:
        return len(self.outcome) if self.group is None else int(self.group.max(initial=-1)) + 1


@dataclass(frozen=True, slots=True)
class Matched:
    """Cases with their controls."""

    series: Whole
    """(cases, 1 + nearest) the case, then its controls; -1 where there are no more."""
    month: Whole
    """(cases,)"""
    traits: Floats
    """(cases, 1 + nearest, traits) what they were matched on, in standard deviations of the cases."""
    unmatched: int
    """Cases left out, because nothing was like them."""


@dataclass(frozen=True, slots=True)
class Projected:
    """What followed, by horizon; nan where fewer than two pairs tell."""

    horizons: tuple[int, ...]
    effect: Floats
    """(horizons,) in units of the outcome."""
    error: Floats
    """(horizons,) clustered by pair."""
    low: Floats
    high: Floats
    """(horizons,) 95 % intervals, by Student's law with the pairs that had the act."""
    cases: Whole
    """(horizons,)"""
    controls: Whole
    """(horizons,) moments compared with, each as often as it stands beside a case."""
    clusters: Whole
    """(horizons,) pairs with a case."""
    influence: Floats
    """(pairs, horizons) what each pair brings: sums of their squares are the variances."""


class Placebo(NamedTuple):
    """What seemed to follow dates at which nothing happened."""

    share: float
    """Of horizons at which the 95 % interval leaves out nothing; nan where no date could be tried."""
    runs: int
    effect: Floats
    """(horizons,) mean over runs."""
    spread: Floats
    """(horizons,) standard deviation over runs."""
    alarms: Floats
    """(horizons,) the share of runs of which the interval leaves out nothing; their mean is about `share`."""
    drift: Floats
    """(horizons,) the square of `effect`, beyond what chance explains of it: see `widened`."""


def quantile(level: float, freedom: float) -> float:
    """A quantile of Student's law by Cornish and Fisher's expansion, good to a hundredth from five degrees on.

    >>> round(quantile(0.975, 30), 2), round(quantile(0.975, 1e9), 2)
    (2.04, 1.96)
    """
    z, v = NormalDist().inv_cdf(level), max(freedom, 1.0)
    first, second = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / v + second / v**2 + third / v**3


def _within(acts: Mask, before: int, after: int) -> Mask:
    """Whether any month from `before` months back to `after` ahead has an act: (series, months)."""
    months = acts.shape[1]
    total = np.zeros((acts.shape[0], months + 1), np.int32)
    np.cumsum(acts, 1, out=total[:, 1:])
    at: Whole = np.arange(months, dtype=np.int64)
    end: Whole = np.clip(at + after + 1, 0, months)
    begin: Whole = np.clip(at - before, 0, months)
    return (total[:, end] - total[:, begin]) > 0


def eligible(acts: Mask, known: Mask, after: int = 0, quiet: int = QUIET) -> Mask:
    """The moments without an act in the `quiet` months before, in the month and `after`, all of it known.

    >>> acts = np.zeros((1, 15), bool); acts[0, 14] = True
    >>> eligible(acts, np.ones((1, 15), bool)).nonzero()[1]
    array([12, 13])
    """
    clear = ~_within(acts | ~known, quiet, after)
    clear[:, :quiet] = False
    if after:
        clear[:, -after:] = False
    return clear


def cases_of(acts: Mask, known: Mask, quiet: int = QUIET) -> tuple[Whole, Whole]:
    """The series and months of acts after a quiet and known year, or as many months as `quiet` says."""
    before = np.zeros_like(acts)
    before[:, 1:] = _within(acts | ~known, quiet - 1, 0)[:, :-1]
    before[:, :quiet] = True
    series, month = np.nonzero(acts & known & ~before)
    return series.astype(np.int64), month.astype(np.int64)


def _traits(panel: Panel, series: Whole, month: Whole) -> Floats:
    """(moments, traits) in the month before each moment: level, slope, and what stands beside."""
    y, t, pair = panel.outcome, month - 1, panel.pair[series]
    level = y[pair, t]
    slope = np.where(t >= panel.slope, level - y[pair, t - panel.slope], np.nan)
    rest = [each[pair if len(each) == len(y) else series, t] for each in panel.beside]
    return np.stack([level, slope, *rest], 1).astype(float)


def match(
    panel: Panel, cases: tuple[Whole, Whole], pool: Mask, calipers: tuple[float, ...] = CALIPERS
) -> Matched:
    """Each case with the moments of the same month in `pool` (series, months) that are most like it.

    Cases of which a trait is unknown, or with fewer than `LEAST` moments inside the calipers, are left out.
    """
    series, month = cases
    group = panel.grouped(panel.pair)
    own = _traits(panel, series, month)
    there = np.isfinite(own).all(1)
    scale = np.maximum(own[there].std(0), 1e-9) if there.any() else np.ones(own.shape[1])
    wide = (*calipers, *(calipers[-1:] * own.shape[1]))
    near = np.array(wide[: own.shape[1]])
    found = np.full((len(series), 1 + NEAREST), -1, np.int64)
    traits = np.full((len(series), 1 + NEAREST, own.shape[1]), np.nan)
    found[:, 0], traits[:, 0] = series, own / scale
    for t in np.unique(month[there]):
        free = np.flatnonzero(pool[:, t])
        all_of = _traits(panel, free, np.full(len(free), t)) / scale
        there_too = np.isfinite(all_of).all(1)
        free, all_of = free[there_too], all_of[there_too]
        for c in np.flatnonzero(there & (month == t)):
            apart = np.abs(all_of - traits[c, 0])
            close = np.flatnonzero((apart <= near).all(1) & (group[free] != group[series[c]]))
            if len(close) < LEAST:
                continue
            distance = ((apart[close] / near) ** 2).sum(1)
            best = close[np.argsort(distance, kind="stable")[:NEAREST]]
            found[c, 1 : 1 + len(best)], traits[c, 1 : 1 + len(best)] = free[best], all_of[best]
    kept = there & (found[:, LEAST] >= 0)
    return Matched(found[kept], month[kept], traits[kept], int((~kept).sum()))


def project(panel: Panel, of: Matched, horizons: tuple[int, ...] = AHEAD) -> Projected:
    """What followed the cases at each horizon, beside their controls."""
    pairs, months = panel.groups, panel.outcome.shape[1]
    parts = [np.full(len(horizons), np.nan) for _ in range(4)]
    counts = [np.zeros(len(horizons), np.int64) for _ in range(3)]
    influence = np.zeros((pairs, len(horizons)))
    row = np.where(of.series >= 0, panel.pair[of.series], -1)
    group = panel.grouped(row)
    for n, h in enumerate(horizons):
        at = of.month + h
        inside = (at >= 0) & (at < months)
        change = (
            panel.outcome[row, np.clip(at, 0, months - 1)[:, None]]
            - panel.outcome[row, of.month[:, None] - 1]
        )
        usable = np.isfinite(change) & (row >= 0) & inside[:, None]
        sets = usable[:, 0] & (usable[:, 1:].sum(1) >= LEAST)
        told = _one(change[sets], of.traits[sets], usable[sets], group[sets], pairs)
        counts[0][n], counts[1][n] = sets.sum(), usable[sets, 1:].sum()
        clusters = len(np.unique(group[sets, 0]))
        counts[2][n] = clusters
        if clusters < 2:
            continue
        effect, influence[:, n] = told
        error = float(np.sqrt((influence[:, n] ** 2).sum() * clusters / (clusters - 1)))
        reach = quantile(0.975, clusters - 1) * error
        for part, value in zip(parts, (effect, error, effect - reach, effect + reach), strict=True):
            part[n] = value
    effects, errors, low, high = parts
    cases, controls, having = counts
    return Projected(horizons, effects, errors, low, high, cases, controls, having, influence)


def _one(change: Floats, traits: Floats, usable: Mask, row: Whole, pairs: int) -> tuple[float, Floats]:
    """The effect at one horizon, and what each pair brings to it."""
    sets = len(change)
    if not sets:
        return np.nan, np.zeros(pairs)
    weight = usable[:, 1:] / usable[:, 1:].sum(1, keepdims=True)
    y, x = np.where(usable, change, 0.0), np.where(usable[..., None], traits, 0.0)
    usual_y = (weight * y[:, 1:]).sum(1)
    usual_x = (weight[..., None] * x[:, 1:]).sum(1)
    inner = usable[:, 1:]
    dx, dy = (x[:, 1:] - usual_x[:, None])[inner], (y[:, 1:] - usual_y[:, None])[inner]
    gamma = cast("Floats", np.linalg.lstsq(dx, dy, rcond=None)[0])
    gap: Floats = y[:, 0] - usual_y - (x[:, 0] - usual_x) @ gamma
    effect = float(gap.mean())
    left = np.zeros_like(y)
    k = inner.sum(1)
    rest: Floats = (y[:, 1:] - usual_y[:, None]) - (x[:, 1:] - usual_x[:, None]) @ gamma
    rest = np.where(inner, rest, 0.0)
    # the mean of a set's controls is itself a guess: too wide for the case, too narrow for the controls
    own: Floats = (gap - effect) * np.sqrt(k / (k + 1))
    left[:, 0] = own * _wider((own**2).sum(), ((rest**2).sum(1) / np.maximum(k - 1, 1)).sum()) / sets
    # what the controls say of gamma is uncertain too, and weighs as much as cases and controls are unlike
    lean = cast("Floats", np.linalg.lstsq(dx.T @ dx, (x[:, 0] - usual_x).mean(0), rcond=None)[0])
    pull: Floats = ((x[:, 1:] - usual_x[:, None]) @ lean) + (weight / sets)
    left[:, 1:] = -rest * pull * np.sqrt(k / np.maximum(k - 1, 1))[:, None]
    brought: Floats = np.bincount(row[usable], left[usable], minlength=pairs).astype(float)
    return effect, brought


def _wider(cases: float, controls: float) -> float:
    """By how much errors of cases are stretched: they spread halfway as controls do, where these spread more.

    What moves a pair is rare and large, so that most draws of cases miss it: their mean is off, and their own spread
    too small to tell. Ten times as many controls hardly ever miss it.

    >>> _wider(1.0, 3.0), _wider(3.0, 1.0)
    (1.4142135623730951, 1.0)
    """
    return float(np.sqrt((cases + max(controls, cases)) / (2 * cases))) if cases > 0 else 1.0


def by_chance(effect: Floats, error: Floats, influence: Floats, seed: int) -> float:
    """The chance of as large an effect as the largest of several horizons, if there is none; nan if unknown.

    The largest of the horizons' |t| against so many draws of the pairs' signs, which keep what horizons have in common.
    A horizon that matching holds at nothing (the month from which the slope is taken) leaves rounding alone, and says
    nothing: one whose error is not a billionth of the largest is left out.

    >>> rng = np.random.default_rng(1)
    >>> brought = rng.normal(0, 0.1, (100, 3))
    >>> by_chance(np.array([0.1, 0.0, 5.0]), np.ones(3), brought, 1)
    0.001
    """
    there = np.isfinite(effect) & (error > 0)
    if not there.any():
        return np.nan
    there &= error > ROUNDING * error[there].max()
    t = np.abs(effect[there] / error[there]).max()
    brought = influence[:, there]
    brought = brought[(brought != 0).any(1)]
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], (DRAWS, len(brought)))
    drawn = np.abs(signs @ brought / np.sqrt((brought**2).sum(0))).max(1)
    return float((1 + (drawn >= t).sum()) / (1 + DRAWS))


def pretrend(panel: Panel, of: Matched, seed: int) -> float:
    """The chance of as large a gap as the largest of the year before the act, if there was none; nan if unknown."""
    told = project(panel, of, BACK)
    return by_chance(told.effect, told.error, told.influence, seed)


def false_alarms(
    panel: Panel,
    of: Matched,
    free: Mask,
    runs: int,
    seed: int,
    most: int = 150,
    drift: Floats | None = None,
) -> Placebo:
    """How often dates at which nothing happened seem to have been followed by something, and by what.

    In each run as many cases as there are (`most` at most) are moved to months drawn from `free` (series, months: no
    act before, then or after) of pairs drawn as often as cases come from them, matched within `free` in the same way,
    and every horizon of which the 95 % interval leaves out nothing is an alarm. Every other run is widened by the drift
    of the rest, and the rest by theirs, so that none sets its own width; or all of them by `drift`, of other runs. No
    runs where there are no cases, or no date is free.
    """
    rng = np.random.default_rng(seed)
    series = of.series[:, 0]
    series = series[free[series].any(1)]
    told: list[Projected] = []
    for _ in range(runs if len(series) else 0):
        asked = rng.choice(series, min(most, len(series)), replace=False)
        month = np.array([rng.choice(np.flatnonzero(free[s])) for s in asked])
        one = project(panel, match(panel, (asked, month), free))
        few = one.clusters < FEWEST
        one = replace(one, effect=np.where(few, np.nan, one.effect))
        if np.isfinite(one.effect).any():
            told.append(one)
    if not told:
        blank = np.full(len(AHEAD), np.nan)
        return Placebo(np.nan, 0, blank, blank, blank, blank)
    halves = told[::2], told[1::2]
    wide = [
        widened(one, _drift(rest) if drift is None else drift)
        for half, rest in (halves, halves[::-1])
        for one in half
    ]
    alarm = np.ma.array(
        [(one.low > 0) | (one.high < 0) for one in wide], mask=[~np.isfinite(one.effect) for one in wide]
    )
    drawn = np.ma.masked_invalid([one.effect for one in told])
    parts = (drawn.mean(0), drawn.std(0), alarm.mean(0))
    effect, spread, alarms = (np.ma.filled(part.astype(float), np.nan) for part in parts)
    return Placebo(float(alarm.mean(1).mean()), len(told), effect, spread, alarms, _drift(told))


def _drift(runs: list[Projected]) -> Floats:
    """(horizons,) the square of the mean over runs, beyond its variance: runs share pairs, so that is clustered too."""
    if not runs:
        return np.zeros(len(AHEAD))
    there = np.isfinite([one.effect for one in runs])
    count = np.maximum(there.sum(0), 1)
    mean = np.where(there, [one.effect for one in runs], 0.0).sum(0) / count
    brought = sum(np.where(known, one.influence, 0.0) for known, one in zip(there, runs, strict=True)) / count
    return np.maximum(mean**2 - (brought**2).sum(0), 0.0)


def widened(told: Projected, drift: Floats) -> Projected:
    """The same with errors that hold the drift of dates without an act, which no number of cases mends.

    The variance is that of the cases and the square of the drift together: whatever is not matched may weigh as much
    here, in either direction (Schuemie and others 2014, *Statistics in Medicine* 33, on what negative controls tell).
    """
    by = np.sqrt(1 + np.nan_to_num(drift) / np.where(told.error > 0, told.error, np.inf) ** 2)
    return replace(
        told,
        error=told.error * by,
        low=told.effect + (told.low - told.effect) * by,
        high=told.effect + (told.high - told.effect) * by,
        influence=told.influence * by,
    )
