r"""The likelihood of values as one phase in which the state drifts: a level, a drift about it, and known errors.

$$y_t = \mu + u_t + e_t,\quad \mu \sim N(m_0, \kappa),\quad u_t = \rho\, u_{t-1} + w_t,\quad
u_t \sim N(0, \omega^2),\quad e_t \sim N(0, v_t).$$

The drift begins anew with each phase, at rest on average, so that phases are independent of each other. Without it
every slow swing of a state that has memory would be cut into phases. The likelihood of $y_i \dots y_j$ is built up by a
Kalman filter with two states, begun at every $i$; months without a value are passed over in one step.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from amity.engine.compiled import compiled

if TYPE_CHECKING:
    from amity.engine.compiled import Floats, Whole

__all__ = ["alone", "level", "likelihoods", "mix", "share_of_phases"]

LOG_TAU = math.log(2.0 * math.pi)

NOTHING = 40.0
"""What is so many nats less likely than the likeliest adds nothing to a sum of doubles."""


@compiled
def _fades(at: Whole, rho: float) -> Floats:
    """(values,) how much of the drift is left since the value before."""
    out = np.zeros(len(at))
    for i in range(1, len(at)):
        out[i] = rho ** (at[i] - at[i - 1])
    return out


@compiled
def likelihoods(
    y: Floats, v: Floats, at: Whole, rho: float, omega2: float, m0: float, kappa: float
) -> Floats:
    """(values, values) log likelihood of values `i … j` as one phase; what is below the diagonal is not to be read."""
    count, fade = len(y), _fades(at, rho)
    out = np.zeros((count, count))
    for i in range(count):
        mu, u = m0, 0.0
        a, b, c = kappa, 0.0, omega2
        total = 0.0
        for j in range(i, count):
            if j > i:
                f = fade[j]
                u *= f
                b *= f
                c = f * f * c + omega2 * (1.0 - f * f)
            spread = a + 2.0 * b + c + v[j]
            miss = y[j] - mu - u
            total -= 0.5 * (LOG_TAU + math.log(spread) + miss * miss / spread)
            out[i, j] = total
            g, h = (a + b) / spread, (b + c) / spread
            mu += g * miss
            u += h * miss
            a, b, c = a - g * (a + b), b - g * (b + c), c - h * (b + c)
    return out


@compiled
def level(
    y: Floats, v: Floats, at: Whole, rho: float, omega2: float, m0: float, kappa: float
) -> tuple[float, float, float]:
    r"""Posterior mean and variance of $\mu$, given that all these values are of one phase; their log likelihood."""
    fade = _fades(at, rho)
    mu, u, a, b, c, total = m0, 0.0, kappa, 0.0, omega2, 0.0
    for j in range(len(y)):
        f = fade[j] if j > 0 else 1.0
        u *= f
        b *= f
        c = f * f * c + omega2 * (1.0 - f * f)
        spread = a + 2.0 * b + c + v[j]
        miss = y[j] - mu - u
        total -= 0.5 * (LOG_TAU + math.log(spread) + miss * miss / spread)
        g, h = (a + b) / spread, (b + c) / spread
        mu += g * miss
        u += h * miss
        a, b, c = a - g * (a + b), b - g * (b + c), c - h * (b + c)
    return mu, max(a, 0.0), total


@compiled
def mix(one: Floats, other: Floats, chance: float) -> None:
    """Add to the likelihoods in `one` those in `other`, times a chance; all as logarithms."""
    for i in range(len(one)):
        for j in range(i, len(one)):
            a, b = one[i, j], other[i, j] + chance
            if b > a:
                a, b = b, a
            one[i, j] = a + math.log1p(math.exp(b - a)) if a - b < NOTHING else a


@compiled
def alone(parts: Floats, at: Whole, p: float) -> float:
    """Log likelihood of one series by itself, whose phases begin between its values."""
    count = len(parts)
    later, terms = np.zeros(count + 1), np.empty(count)
    quiet, moved = np.zeros(count), np.zeros(count)
    for i in range(1, count):
        gap = (at[i] - at[i - 1]) * math.log1p(-p)
        quiet[i] = quiet[i - 1] + gap
        moved[i - 1] = math.log(-math.expm1(gap))
    for i in range(count - 1, -1, -1):
        top, total = -math.inf, 0.0
        for j in range(i, count):
            terms[j] = parts[i, j] + quiet[j] - quiet[i] + moved[j] + later[j + 1]
            top = max(top, terms[j])
        for j in range(i, count):
            if terms[j] > top - NOTHING:
                total += math.exp(terms[j] - top)
        later[i] = top + math.log(total)
    return later[0]


@compiled
def share_of_phases(parts: Floats, at: Whole, phases: Floats) -> None:
    """Add to `phases[s, e]` the log likelihood of the values of one series in months `s … e`."""
    months, count = len(phases), len(at)
    first, last = np.empty(months, np.int64), np.empty(months, np.int64)
    i = 0
    for s in range(months):
        while i < count and at[i] < s:
            i += 1
        first[s] = i
        last[s] = i if i < count and at[i] == s else i - 1
    for s in range(months):
        for e in range(s, months):
            if first[s] <= last[e]:
                phases[s, e] += parts[first[s], last[e]]
