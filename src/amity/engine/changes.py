r"""When a series changed: the exact posterior of all ways to cut it into phases.

Months $0, \dots, T-1$ are cut into phases. In each month after the first a new phase begins with chance $p$, and the
values of a phase have one mean, $y_t \sim N(\mu, \sigma^2 + v_t)$, $\mu \sim N(m_0, \kappa)$, with $v_t$ what is known
of the error of that month's value. A month without a value is a month like any other, of which the phases know
nothing: a change that fell into a gap is about as likely in each of its months, and a long gap may hide several. Over
the values of a phase let $W = \sum 1/(\sigma^2 + v_t)$, $W_y = \sum (y_t - m_0)/(\sigma^2 + v_t)$, $W_{yy}$ likewise,
and $\Lambda = 1/\kappa + W$. Its marginal likelihood is

$$\log P(s, e) = -\tfrac{1}{2}\big[\log(\kappa\Lambda) + \textstyle\sum \log 2\pi(\sigma^2 + v_t)
+ W_{yy} - W_y^2/\Lambda\big],$$

and everything else is sums over the places where a phase may end (Fearnhead 2006, *Statistics and Computing* 16): with
$Q(s)$ the likelihood of all from $s$ on, given that a phase begins there,

$$Q(s) = \sum_{e \ge s} P(s, e)\, (1-p)^{e-s}\, p^{[e < T-1]}\, Q(e + 1),$$

and a chain of phases drawn forwards from it. $\sigma^2$ is held, or integrated over a grid.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amity.engine.compiled import compiled
from amity.engine.cutting import Change, best, counted, weights
from amity.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from amity.engine.compiled import Floats

__all__ = ["Change", "Changes", "changes"]

MOST = 60
"""No more changes than so many are counted apart."""

SPREADS: Floats = np.linspace(math.log(0.05), math.log(1.5), 15)
"""Log shares of the series' variance over which the variance within phases is integrated, alike likely a priori."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The posterior of a series' changes."""

    probability: Floats
    """(months,) the chance that a new phase begins in each month; 0 in the first."""
    number: Floats
    """(most + 1,) the chance of 0, 1, 2 … changes, up to far above the expected number."""
    level: Floats
    """(months,) the posterior mean of the phase's mean."""
    found: tuple[Change, ...]
    """The changes of the most likely cut, in order."""
    log_evidence: float
    """Log marginal likelihood of the series, in nats."""
    variance: float
    """Posterior mean of the variance within phases."""

    @property
    def expected(self) -> float:
        """The expected number of changes."""
        return float(self.probability.sum())


@compiled
def _phases(y: Floats, v: Floats, sigma2: float, m0: float, kappa: float, p: float, shortest: int) -> Floats:
    r"""(months, months) $\log P(s, e) (1-p)^{e-s} p^{[e < T-1]}$; minus infinity where a phase would be too short."""
    months = len(y)
    out = np.full((months, months), -math.inf)
    for s in range(months):
        total, first, second, logs = 0.0, 0.0, 0.0, 0.0
        for e in range(s, months):
            if not math.isnan(y[e]):
                spread = sigma2 + v[e]
                total += 1.0 / spread
                first += (y[e] - m0) / spread
                second += (y[e] - m0) ** 2 / spread
                logs += math.log(2.0 * math.pi * spread)
            if e - s + 1 >= shortest:
                sure = 1.0 / kappa + total
                fit = -0.5 * (math.log(kappa * sure) + logs + second - first * first / sure)
                out[s, e] = fit + (e - s) * math.log1p(-p) + (math.log(p) if e < months - 1 else 0.0)
    return out


@compiled
def _means(y: Floats, v: Floats, sigma2: float, m0: float, kappa: float, weight: Floats) -> Floats:
    """(months,) the posterior mean of the level, given how likely each phase is."""
    months = len(y)
    level = np.zeros(months)
    for s in range(months):
        total, first = 0.0, 0.0
        for e in range(s, months):
            if not math.isnan(y[e]):
                total += 1.0 / (sigma2 + v[e])
                first += (y[e] - m0) / (sigma2 + v[e])
            if weight[s, e] > 0.0:
                level[s : e + 1] += weight[s, e] * (m0 + first / (1.0 / kappa + total))
    return level


def changes(
    y: ArrayLike,
    known: ArrayLike = 0.0,
    *,
    variance: float | None = None,
    every: float = 100.0,
    shortest: int = 2,
    prior: tuple[float, float] | None = None,
    inside: float = 0.9,
) -> Changes:
    """The posterior of the changes of a series, and an interval for each date of the most likely cut.

    Args:
        y: the values, month by month; NaN where there is none.
        known: the variance of each value's own error, such as the posterior variance of a state.
        variance: of values within a phase, beyond that; integrated over shares of the series' own if left out.
        every: a new phase begins once in so many months, a priori.
        shortest: no phase is shorter.
        prior: mean and variance of a phase's mean; by default the series' mean, and ten times its variance.
        inside: the chance that an interval of a date is to have.

    Raises:
        UsageError: fewer than three values, no variation, or a parameter out of range.

    >>> found = changes([0.0, 0.1, -0.1, 0.0, 0.1, 5.0, 5.1, 4.9, 5.0, 5.1])
    >>> [(change.at, change.low, change.high) for change in found.found]
    [(5, 5, 5)]
    """
    values = np.asarray(y, float)
    errors = np.array(np.broadcast_to(np.asarray(known, float), values.shape))
    errors[np.isnan(values)] = 0.0
    _check(values, errors, variance, every, shortest)
    spread = float(np.nanvar(values))
    m0, kappa = (float(np.nanmean(values)), 10 * spread) if prior is None else prior
    tried = spread * np.exp(SPREADS) if variance is None else np.array([variance])
    parts = [_phases(values, errors, float(s), m0, kappa, 1 / every, shortest) for s in tried]
    weighed = [weights(part) for part in parts]
    heights = np.array([height for _, height in weighed])
    share = np.exp(heights - heights.max())
    evidence = float(heights.max() + math.log(share.mean()))
    share /= share.sum()
    phase = sum((s * weight for s, (weight, _) in zip(share, weighed, strict=True)), np.zeros_like(parts[0]))
    probability = np.concatenate([[0.0], phase[:, :-1].sum(0)])
    level = sum(
        (
            s * _means(values, errors, float(v), m0, kappa, weight)
            for s, v, (weight, _) in zip(share, tried, weighed, strict=True)
        ),
        np.zeros(len(values)),
    )
    begins = np.flatnonzero(best(parts[int(share.argmax())]))[1:]
    expected = float(probability.sum())
    most = min(MOST, len(values) - 1, len(begins) + math.ceil(expected + 6 * math.sqrt(expected) + 4))
    number, dates = _dated(parts, share, most, len(begins))
    found = tuple(_change(int(at), date, probability, inside) for at, date in zip(begins, dates, strict=True))
    return Changes(probability, number, level, found, evidence, float(share @ tried))


def _dated(parts: list[Floats], share: Floats, most: int, m: int) -> tuple[Floats, Floats]:
    """The chance of each number of changes, and (m, months) the posterior of each date given that there are `m`."""
    number = np.zeros(most + 1)
    dates = np.zeros((m, len(parts[0])))
    for part, weight in zip(parts, share, strict=True):
        if weight < 1e-6:
            continue
        ahead, behind = counted(part, max(most, m))
        whole = behind[1:, 0]
        chance = np.exp(whole - np.logaddexp.reduce(whole))
        number += weight * chance[: most + 1]
        for j in range(m):
            dates[j] += weight * chance[m] * np.exp(ahead[j + 1, :-1] + behind[m - j, :-1] - whole[m])
    return number / number.sum(), dates / np.maximum(dates.sum(1, keepdims=True), 1e-300)


def _change(at: int, date: Floats, probability: Floats, inside: float) -> Change:
    below = np.cumsum(date)
    low = int(np.searchsorted(below, (1 - inside) / 2))
    high = int(np.searchsorted(below, 1 - (1 - inside) / 2))
    return Change(at, low, high, float(min(probability[low : high + 1].sum(), 1.0)))


def _check(y: Floats, v: Floats, variance: float | None, every: float, shortest: int) -> None:
    if np.isinf(y).any() or not (np.isfinite(v) & (v >= 0)).all():
        raise UsageError(
            "a value is infinite, or the variance of a value negative or missing", "leave such a month empty"
        )
    if y.ndim != 1 or np.isfinite(y).sum() < 3 or not np.nanvar(y) > 0:
        raise UsageError("a series needs three values that differ to have phases", "give more months")
    if not every > 1 or shortest < 1 or not (variance is None or variance > 0):
        raise UsageError(
            "phases last no time, or have no variance", "say every > 1, shortest ≥ 1, variance > 0"
        )
