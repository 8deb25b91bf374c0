r"""What an observation says about a linear predictor $\eta$: log density, slope and bend, by family.

Every family gives $\ell(\eta) = \log p(y \mid \eta)$, the slope $g = \ell'(\eta)$ and the bend $h = -\ell''(\eta)$, the
observed information. That is all the engine knows of it. Each observation has two numbers, `y` and `n`, and its item
has a `dispersion` $d \ge 0$:

| family | `y` | `n` | $d$ | law |
|---|---|---|---|---|
| `GAUSSIAN` | value | known variance | variance beyond the known | $y \sim N(\eta, n + d)$ |
| `MIX` | conflictual acts $C$ | acts $N$ | overdispersion $\rho$ | $C \sim$ beta-binomial$(N, \sigma(\eta), \rho)$ |
| `COUNT` | count | not read | $1/r$, excess variance | $y \sim$ negative binomial, mean $e^\eta$ |
| `ORDERED` | lower cut | upper cut | not read | $p = \sigma(n - \eta) - \sigma(y - \eta)$ |

A transition (onset, end) is a `MIX` with $N = 1$, on which $\rho$ has no bearing. A $d$ of zero gives the binomial and
the Poisson law. An ordered level between two cuts carries them itself, infinite at the ends of the scale.
"""

from __future__ import annotations

import math

from amity.engine.compiled import compiled

__all__ = [
    "COUNT",
    "GAUSSIAN",
    "MIX",
    "ORDERED",
    "bend_to_expect",
    "dispersion_slope",
    "log_density",
    "slope_and_bend",
]

GAUSSIAN, MIX, COUNT, ORDERED = 0, 1, 2, 3

LIMIT = 35.0
"""Predictors are read no further than this from zero: beyond, a logistic share rounds to nothing."""

SUMMED = 16
"""Up to so many terms a rise of the digamma function is summed; beyond, its series is as exact and faster."""

FROM = 10.0
"""From here on the series of digamma and trigamma are exact to thirteen digits."""

HALF_LOG_TAU = 0.5 * math.log(2.0 * math.pi)


@compiled
def share(eta: float) -> float:
    """The logistic share of a predictor."""
    if eta >= 0.0:
        return 1.0 / (1.0 + math.exp(-eta))
    e = math.exp(eta)
    return e / (1.0 + e)


@compiled
def shares(eta: float) -> tuple[float, float]:
    """The logistic share and what is left of one, both to full precision."""
    e = math.exp(-abs(eta))
    near, far = 1.0 / (1.0 + e), e / (1.0 + e)
    if eta >= 0.0:
        return near, far
    return far, near


@compiled
def within(eta: float) -> float:
    """The predictor, kept within what a double can carry through an exponential."""
    return min(max(eta, -LIMIT), LIMIT)


@compiled
def _digamma(x: float) -> float:
    i = 1.0 / (x * x)
    return math.log(x) - 0.5 / x - i * (1 / 12 - i * (1 / 120 - i * (1 / 252 - i * (1 / 240 - i / 132))))


@compiled
def _trigamma(x: float) -> float:
    i = 1.0 / (x * x)
    return (1.0 + 0.5 / x + i * (1 / 6 - i * (1 / 30 - i * (1 / 42 - i * (1 / 30 - i * 5 / 66))))) / x


@compiled
def rises(a: float, n: float) -> tuple[float, float]:
    r"""How $\psi$ rises and $\psi'$ falls from $a$ to $a + n$: $\sum_{k<n} 1/(a+k)$ and $\sum_{k<n} 1/(a+k)^2$."""
    first, second, k = 0.0, 0.0, 0.0
    while k < n and (n <= SUMMED or a + k < FROM):
        i = 1.0 / (a + k)
        first += i
        second += i * i
        k += 1.0
    if k < n:
        first += _digamma(a + n) - _digamma(a + k)
        second += _trigamma(a + k) - _trigamma(a + n)
    return first, second


@compiled
def log_rising(a: float, n: float) -> float:
    r"""$\log \Gamma(a + n) - \log \Gamma(a) = \log a(a+1)\cdots(a+n-1)$ for a whole $n$."""
    if n <= 0.0:
        return 0.0
    if n > SUMMED:
        return math.lgamma(a + n) - math.lgamma(a)
    product, k = 1.0, 0.0
    while k < n:
        product *= a + k
        k += 1.0
    return math.log(product)


@compiled
def _mix(eta: float, y: float, n: float, rho: float) -> tuple[float, float]:
    r"""With $s = (1-\rho)/\rho$, $\alpha = sp$, $\beta = s(1-p)$, $v = p(1-p)$, and rises $D, T$ of $\psi$ and $\psi'$:

    $g = sv(D_\alpha - D_\beta)$, $h = (sv)^2 (T_\alpha + T_\beta) - sv(1-2p)(D_\alpha - D_\beta)$.
    """
    p, rest = shares(eta)
    v = p * rest
    if rho <= 0.0 or n <= 1.0:
        return y - n * p, n * v
    s = (1.0 - rho) / rho
    up, bent_up = rises(s * p, y)
    down, bent_down = rises(s * rest, n - y)
    steep = s * v
    return steep * (up - down), steep * steep * (bent_up + bent_down) - steep * (1.0 - 2.0 * p) * (up - down)


@compiled
def slope_and_bend(family: int, eta: float, y: float, n: float, dispersion: float) -> tuple[float, float]:
    """The slope of an observation's log density in its predictor, and minus its second derivative.

    Of all families only a beta-binomial can bend upwards (a negative second number): where a share lies far from
    what was expected, it says that less is known, not more.

    >>> slope_and_bend(GAUSSIAN, 0.0, 2.0, 4.0, 0.0)
    (0.5, 0.25)
    >>> slope_and_bend(MIX, 0.0, 3.0, 4.0, 0.0)
    (1.0, 1.0)
    """
    if family == GAUSSIAN:
        v = n + dispersion
        return (y - eta) / v, 1.0 / v
    if family == ORDERED:
        low, high = share(y - eta), share(n - eta)
        return low + high - 1.0, low * (1.0 - low) + high * (1.0 - high)
    eta = within(eta)
    if family == MIX:
        return _mix(eta, y, n, dispersion)
    mean = math.exp(eta)
    if dispersion <= 0.0:
        return y - mean, mean
    r = 1.0 / dispersion
    return r * (y - mean) / (r + mean), (y + r) * r * mean / (r + mean) ** 2


@compiled
def bend_to_expect(family: int, eta: float, y: float, n: float, dispersion: float) -> float:
    r"""A bend that is never negative: the information of the law's variance, $Nv/(1 + (N-1)\rho)$ for a mix.

    For the other families the observed one, which never is.
    """
    if family != MIX:
        return slope_and_bend(family, eta, y, n, dispersion)[1]
    eta = within(eta)
    p, rest = shares(eta)
    return n * p * rest / (1.0 + (n - 1.0) * max(dispersion, 0.0))


@compiled
def _log_mix(eta: float, y: float, n: float, rho: float) -> float:
    ways = log_rising(n - y + 1.0, y) - log_rising(1.0, y)
    if rho <= 0.0 or n <= 1.0:
        return ways + y * eta - n * (math.log1p(math.exp(-abs(eta))) + max(eta, 0.0))
    s = (1.0 - rho) / rho
    return ways + log_rising(s * share(eta), y) + log_rising(s * share(-eta), n - y) - log_rising(s, n)


@compiled
def log_density(family: int, eta: float, y: float, n: float, dispersion: float) -> float:
    r"""The log density (or probability) of an observation given its predictor, all constants included.

    >>> round(log_density(MIX, 0.0, 1.0, 2.0, 0.0), 6) == round(math.log(0.5), 6)
    True
    """
    if family == GAUSSIAN:
        v = n + dispersion
        return -HALF_LOG_TAU - 0.5 * math.log(v) - 0.5 * (y - eta) ** 2 / v
    if family == ORDERED:
        tail = math.log(share(n - eta)) + math.log(share(eta - y))
        return tail + math.log(-math.expm1(y - n))
    eta = within(eta)
    if family == MIX:
        return _log_mix(eta, y, n, dispersion)
    mean = math.exp(eta)
    if dispersion <= 0.0:
        return y * eta - mean - log_rising(1.0, y)
    r = 1.0 / dispersion
    return log_rising(r, y) - log_rising(1.0, y) + y * math.log(mean / (r + mean)) - r * math.log1p(mean / r)


@compiled
def dispersion_slope(family: int, eta: float, y: float, n: float, dispersion: float) -> float:
    r"""$\partial \ell / \partial d$, by which dispersions are learned: zero where the observation says nothing of it.

    Mix, with $s = 1/\rho - 1$: $\partial\ell/\partial s = p D_\alpha + (1-p) D_\beta - D_s$ and
    $\partial s/\partial\rho = -1/\rho^2$. Count, with $r = 1/d$:
    $\partial\ell/\partial r = D_r + \log\frac{r}{r+\mu} + \frac{\mu - y}{r + \mu}$.
    """
    if family == GAUSSIAN:
        v = n + dispersion
        return 0.5 * ((y - eta) ** 2 / v - 1.0) / v
    if family == ORDERED or dispersion <= 0.0:
        return 0.0
    eta = within(eta)
    if family == MIX:
        if n <= 1.0:
            return 0.0
        p, s = share(eta), 1.0 / dispersion - 1.0
        above = p * rises(s * p, y)[0] + (1.0 - p) * rises(s * (1.0 - p), n - y)[0]
        return (rises(s, n)[0] - above) / (dispersion * dispersion)
    r, mean = 1.0 / dispersion, math.exp(eta)
    return -r * r * (rises(r, y)[0] - math.log1p(mean / r) + (mean - y) / (r + mean))
