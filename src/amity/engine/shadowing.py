r"""What a third power's moves add to foreseeing a pair: two regressions of the same outcome, with and without them.

At the end of period $t$ the pair's outcome $h$ periods later is foreseen from what is known then,

$$y_{t+h} = a + b'x_t + c'k_t + e,\qquad \mathrm{Var}(e) = \sigma^2 / w_{t+h},$$

once with $c = 0$ (the pair's own past and what moves everybody) and once with the two columns $k_t$ of the third power.
A local projection for each horizon (Jordà 2005), fitted anew at each period from outcomes that are known by then and
drawn to no effect as by so many periods in which nothing followed. The **gain** is the score with $k$ minus the score
without, period by period, out of sample. Of nested models the larger one loses by its noise where $k$ says nothing, so
that the mean gain is no test; that of Clark and West (2007, *J. Econometrics* 138) takes the noise out. In sample a
Wald test with HC3 errors (Long and Ervin 2000), for $h > 1$ with those of Newey and West (1987) over $2(h - 1)$
periods, tells whether anything follows at all. Beyond the first horizon it says yes too often in short series.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from amity.engine.scale import NINETY
from amity.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = [
    "ADDED",
    "FEWEST",
    "Gains",
    "Mean",
    "Presence",
    "Seen",
    "foresee",
    "held_to",
    "mean_of",
    "needed",
    "power",
    "presence",
]

ADDED = 2
"""Columns of the third power: what it does to the two, and what they do to it."""
LEARNED = 30
"""Outcomes that must be known before the first is foreseen."""
FEWEST = 50
"""With fewer outcomes nothing is worked out."""
OWN_PRIOR = 4.0
"""Coefficients of the pair's own columns are drawn to 0 as by so many periods of the column's own spread."""
ADDED_PRIOR = 1 / 0.15**2
"""Those of the third power: as if they were about 0.15 standard deviations for each, an effect worth finding."""
USUAL_ERRORS = 4.0
"""Errors that `Seen.usual` counts for, so that a pair that has always been alike is not foreseen without doubt."""
MANY = 1e7
"""Outcomes of which nothing but the shift is unsure."""
LONGEST = 20.0
"""Standard errors of a shift: with more no test finds anything."""


class Seen(NamedTuple):
    """What is known of a pair and a third power, by period. NaN: not known."""

    y: Floats
    """(periods,) the outcome."""
    weight: Floats
    """(periods,) its precision, in units of one."""
    base: Floats
    """(periods, columns) the pair's own past and the common shocks, as known at the end of each period."""
    added: Floats
    """(periods, 2) the third power's, likewise."""
    usual: float = 1.0
    """σ², what the error variance is taken for before any error is known."""


@dataclass(frozen=True, slots=True)
class Gains:
    """What knowing the third power added, by the period that was foreseen; NaN where none was. More is better."""

    log_score: Floats
    """(periods,) nats."""
    crps: Floats
    """(periods,) fall of the continuous ranked probability score, in units of the outcome."""
    adjusted: Floats
    """(periods,) Clark and West's: fall of the squared error in units of the error variance, the larger model's noise
    taken out."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether anything follows the third power's moves, in sample."""

    f: float
    """Wald statistic over its two degrees of freedom."""
    p: float
    effect: tuple[float, float]
    """For each column: standard deviations of the unforeseen outcome for one of the column's own news."""
    outcomes: int
    scores: tuple[float, float]
    """Sum and difference of the two columns' t values as standard normal scores: their squares add to −2 log p."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of gains with its 90 % interval, and the chance of so high a mean if there were no gain."""

    value: float
    low: float
    high: float
    p: float
    count: int


def _rows(seen: Seen, horizon: int) -> tuple[Floats, Floats, Floats, NDArray[np.int64]]:
    """Design (intercept, base, added), outcome, weight and period of each outcome that can be foreseen."""
    if horizon < 1 or seen.added.shape != (len(seen.y), ADDED) or len(seen.base) != len(seen.y):
        raise UsageError("columns do not fit the outcome", "one row a period, two added columns, horizon ≥ 1")
    x = np.column_stack([np.ones(len(seen.y)), seen.base, seen.added])[:-horizon]
    y, w = seen.y[horizon:], seen.weight[horizon:]
    known = np.isfinite(x).all(1) & np.isfinite(y) & (w > 0)
    return x[known], y[known], w[known], np.flatnonzero(known) + horizon


def foresee(seen: Seen, horizon: int = 1) -> Gains:
    """Gains period by period, each from what was known `horizon` periods before.

    >>> rng = np.random.default_rng(1)
    >>> k = rng.normal(size=(400, 2))
    >>> y = np.append(0.0, 0.8 * k[:-1, 0]) + rng.normal(size=400)
    >>> gains = foresee(Seen(y, np.ones(400), np.zeros((400, 1)), k))
    >>> mean_of(gains.log_score).low > 0
    True
    """
    x, y, w, when = _rows(seen, horizon)
    out = np.full((3, len(seen.y)), np.nan)
    if len(y) >= FEWEST:
        # Outcomes known at the end of the period in which each forecast is made.
        known = np.searchsorted(when, when - horizon, side="right")
        judged = np.flatnonzero(known >= LEARNED)
        drawn = np.array([0.0, *[OWN_PRIOR] * seen.base.shape[1], *[ADDED_PRIOR] * ADDED])
        without, beside = (
            _forecasts(x[:, :width], y, w, (known, judged), drawn[:width], seen.usual)
            for width in (len(drawn) - ADDED, len(drawn))
        )
        out[:, when[judged]] = _compared(without, beside, y[judged], w[judged])
    return Gains(*out)


def _forecasts(
    x: Floats,
    y: Floats,
    w: Floats,
    which: tuple[NDArray[np.int64], NDArray[np.int64]],
    drawn: Floats,
    usual: float,
) -> tuple[Floats, Floats, Floats]:
    """Mean, deviation and error variance (for a weight of one) of each judged outcome, from the rows known by then."""
    known, judged = which
    last = known[judged] - 1
    xw = x * w[:, None]
    moments = np.cumsum(xw[:, :, None] * x[:, None, :], axis=0)[last]
    cross = np.cumsum(xw * y[:, None], axis=0)[last]
    square = np.cumsum(w * y * y)[last]
    total, second = moments[:, :1, 0], np.einsum("tii->ti", moments)
    spread = second / total - (moments[:, 0, :] / total) ** 2
    # A column that has not moved yet can have no coefficient: it is taken out.
    moved = spread > 1e-9 * second / total
    moved[:, 0] = True
    both = moved[:, :, None] & moved[:, None, :]
    diagonal = np.eye(x.shape[1]) * np.where(moved, drawn * spread, 1.0)[:, None, :]
    inverse = np.where(both, np.linalg.inv(np.where(both, moments, 0.0) + diagonal), 0.0)
    b = np.einsum("tij,tj->ti", inverse, cross)
    left = square - 2 * np.einsum("ti,ti->t", b, cross) + np.einsum("ti,tij,tj->t", b, moments, b)
    n = known[judged].astype(float)
    spent = (n[:, None] / (n[:, None] + drawn)).sum(1)
    variance = (np.maximum(left, 0.0) + USUAL_ERRORS * usual) / (n - spent + USUAL_ERRORS)
    ahead = x[judged]
    unsure = 1 / w[judged] + np.einsum("ti,tij,tj->t", ahead, inverse, ahead)
    return np.einsum("ti,ti->t", b, ahead), np.sqrt(variance * unsure), variance


def _compared(
    without: tuple[Floats, Floats, Floats], beside: tuple[Floats, Floats, Floats], y: Floats, w: Floats
) -> Floats:
    """(3, outcomes) the gains in log score and CRPS, and Clark and West's."""
    from amity.engine.conformal import crps_gaussian  # noqa: PLC0415  (numba is slow to import)

    (m0, s0, v0), (m1, s1, _) = without, beside
    log = np.log(s0 / s1) + 0.5 * (((y - m0) / s0) ** 2 - ((y - m1) / s1) ** 2)
    crps = crps_gaussian(m0, s0, y) - crps_gaussian(m1, s1, y)
    adjusted = w / v0 * ((y - m0) ** 2 - (y - m1) ** 2 + (m0 - m1) ** 2)
    return np.stack([log, crps, adjusted])


def mean_of(gains: ArrayLike, lags: int | None = None) -> Mean:
    """Mean of gains by period, NaN left out, its interval from Newey and West's (1987) long-run variance.

    `lags`: of the variance, $4 (n / 100)^{2/9}$ if left out. All NaN for fewer than eight gains.

    >>> mean_of([0.1, np.nan, 0.3]).count
    2
    """
    x = np.asarray(gains, float)
    x = x[np.isfinite(x)]
    n = len(x)
    if n < 8:
        return Mean(math.nan, math.nan, math.nan, math.nan, n)
    lags = min(int(4 * (n / 100) ** (2 / 9)) if lags is None else lags, n - 1)
    d = x - x.mean()
    long = d @ d + 2 * sum((1 - k / (lags + 1)) * (d[k:] @ d[:-k]) for k in range(1, lags + 1))
    error = math.sqrt(max(long, 0.0)) / n
    value = float(x.mean())
    p = 0.5 * math.erfc(value / error / math.sqrt(2)) if error > 0 else float(value <= 0)
    return Mean(value, value - NINETY * error, value + NINETY * error, p, n)


def presence(seen: Seen, horizon: int = 1) -> Presence | None:
    """Whether outcomes follow the third power's moves, over all periods.

    None with fewer than `FEWEST` outcomes, or where outcomes or columns do not move by themselves.

    >>> k = np.random.default_rng(1).normal(size=(201, 2))
    >>> y = np.append(0.0, k[:-1, 1]) + np.random.default_rng(2).normal(size=201)
    >>> presence(Seen(y, np.ones(201), np.zeros((201, 0)), k)).p < 0.001
    True
    """
    x, y, w, when = _rows(seen, horizon)
    if len(y) < FEWEST:
        return None
    root = np.sqrt(w)[:, None]
    # What the pair's own columns and the intercept leave of each of the others (Frisch, Waugh and Lovell).
    own, rest = x[:, :-ADDED] * root, np.column_stack([x[:, -ADDED:], y]) * root
    rest = rest - own @ np.linalg.lstsq(own, rest, rcond=None)[0]
    k, left = rest[:, :ADDED], rest[:, ADDED]
    square = k.T @ k
    if np.linalg.cond(square) > 1e12 or left @ left < 1e-12 * float(w @ (y * y)):
        return None
    inverse = np.linalg.inv(square)
    b = inverse @ (k.T @ left)
    e = left - k @ b
    leverage = np.einsum("ij,ji->i", x * root, np.linalg.pinv(x * root))
    score = k * (e / np.maximum(1 - leverage, 1e-6))[:, None]
    variance = inverse @ _meat(score, when, horizon) @ inverse
    f = float(b @ np.linalg.solve(variance, b)) / ADDED
    free = len(y) - x.shape[1]
    sizes = b * np.sqrt(np.diag(square) / len(y)) / math.sqrt(e @ e / free)
    p = _tail(f, free)
    return Presence(f, p, (float(sizes[0]), float(sizes[1])), len(y), _scores(b, variance, p))


def _scores(b: Floats, variance: Floats, p: float) -> tuple[float, float]:
    """`Presence.scores`: the way of two coefficients' t values, turned to be independent; as long as √(−2 log p)."""
    errors = np.sqrt(np.diag(variance))
    one, two = (b / errors).tolist()
    both = float(variance[0, 1] / errors.prod())
    turned = np.array([one + two, one - two]) / np.sqrt([1 + both, 1 - both])
    length = math.sqrt(-2 * math.log(max(min(p, 1.0), 1e-300)))
    turned *= length / max(float(np.hypot(*turned)), 1e-300)
    return float(turned[0]), float(turned[1])


def _meat(score: Floats, when: NDArray[np.int64], horizon: int) -> Floats:
    """Sum of outer products of scores, with Bartlett's weights for those nearer than twice the horizon, less one."""
    by_period = np.zeros((int(when[-1]) + 1, score.shape[1]))
    by_period[when] = score
    lags = 2 * (horizon - 1)
    total = by_period.T @ by_period
    for k in range(1, lags + 1):
        apart = by_period[k:].T @ by_period[:-k]
        total += (1 - k / (lags + 1)) * (apart + apart.T)
    return total


def _tail(f: float, free: float) -> float:
    """Chance that an F variable of 2 and `free` degrees of freedom is greater: $(1 + 2f/d)^{-d/2}$."""
    return (1 + 2 * f / free) ** (-free / 2)


def power(outcomes: float, effect: float = 0.15, columns: int = 6, level: float = 0.05) -> float:
    r"""Chance that the Wald test finds a third power that moves the pair so much, of so many outcomes.

    The noncentral F with noncentrality $n \beta^2$: $\beta$ is in standard deviations of the unforeseen outcome for a
    standard deviation of what is new in one column; `columns` of the regression, the intercept among them.

    >>> round(power(300, 0.15), 2), round(power(300, 0.0), 2)
    (0.63, 0.05)
    """
    free = outcomes - columns
    if free <= 0:
        return 0.0
    f = free / 2 * (level ** (-2 / free) - 1)
    x = 2 * f / (2 * f + free)
    half = outcomes * effect**2 / 2
    total, poisson, term, tail = 0.0, math.exp(-half), 1.0, 1.0
    # A Poisson mixture of central ones, each a finite sum as its first degrees of freedom are even.
    for j in range(1, 400):
        total += poisson * tail
        poisson *= half / j
        term *= (free / 2 + j - 1) / j * x
        tail += term
        if j > half and poisson < 1e-17:
            break
    return total * (1 - x) ** (free / 2)


def needed(effect: float = 0.15, wanted: float = 0.6, columns: int = 6, level: float = 0.05) -> int:
    """The fewest outcomes with which such an effect is found so often.

    >>> needed(0.15, 0.6)
    280
    """
    low, high = columns, columns + 1
    while power(high, effect, columns, level) < wanted:
        high *= 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(middle, effect, columns, level) >= wanted else (middle, high)
    return high


def held_to(others: Sequence[tuple[float, float]], level: float = 0.05) -> float:
    r"""The level at which a third power is tested beside others, by the scores that the same test gives them.

    A shock that all share, that lasts and that the control measures badly, moves the scores of every bystander the same
    way, and those of the third power with them. By how much, $d$, is told from where the $m$ others lie
    (`_in_common`), the squared length that chance alone gives taken off: $\delta^2 = d'd - 2 (1 - \alpha) / m$, at
    least 0. The test is held to the level at which a shift of $\delta$ is found with chance $\alpha$ (the noncentral
    chi-squared of two degrees of freedom): to $\alpha$ itself where bystanders have nothing in common.

    >>> held_to([(1.5, -0.2), (-1.2, 0.9), (-0.1, -1.0)]), round(held_to([(1.5, 0.2), (1.2, -0.9), (1.6, 0.5)]), 3)
    (0.05, 0.008)
    """
    if not others:
        return level
    common = _in_common(np.asarray(others, float), math.sqrt(-2 * math.log(level)))
    shift = math.sqrt(max(float(common @ common) - 2 * (1 - level) / len(others), 0.0))
    if shift == 0:
        return level
    effect = min(shift, LONGEST) / math.sqrt(MANY)
    low, high = -float(LONGEST**2), math.log(level)
    while high - low > 1e-7:
        middle = (low + high) / 2
        low, high = (low, middle) if power(MANY, effect, level=math.exp(middle)) > level else (middle, high)
    return math.exp(low)


def _in_common(scores: Floats, far: float) -> Floats:
    """(2,) where scores (others, 2) lie: one step of Huber's from their medians, one more of (0, 0) among them.

    From the medians nobody pulls by more than `far`, so that one other that does move the pair says no more than one
    that just seems to.
    """
    middle = np.median(np.vstack([scores, np.zeros(2)]), axis=0)
    off = scores - middle
    long = np.hypot(off[:, 0], off[:, 1])
    return middle + (off * np.minimum(1, far / np.maximum(long, far / 2))[:, None]).mean(0)
