r"""Acts by month, and what two plain rules foresee of them: what an instrument must beat before it is believed.

Both count acts of one state towards another and let the old ones fade, $H_t = d H_{t-1} + y_t$ of the hostile and
$N_t = d N_{t-1} + n_t$ of all, and foresee for `horizon` months later the share

$$\hat p = \frac{a p_0 + H_t}{a + N_t}, \qquad y \mid n \sim \text{beta-binomial}(n, \hat p, \rho).$$

*Persistence* knows only the last month in which there were acts; *ewma* is an exponentially weighted mean, each month
weighing by its acts. What fades ($d$), the world's share ($p_0$) and its weight ($a$, in acts) and the overdispersion
($\rho$) are learned for each horizon from what was known before: a rule that is badly dressed is easily beaten.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl

from amity.engine.shares import chance, logit
from amity.errors import NoEvidenceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from amity.engine.compiled import Floats, Whole

__all__ = [
    "FEWEST",
    "Acts",
    "Reading",
    "Yardstick",
    "acts",
    "faded",
    "judged_at",
    "learn",
    "learn_reading",
    "lowest",
]

Rule = Literal["persistence", "ewma"]
FEWEST = 5
"""Months with fewer acts of one towards the other are not judged: their share is nearly all chance."""
ITEM = "hostile_share:"


@dataclass(frozen=True, slots=True)
class Acts:
    """Acts of one state towards another by month, as one source codes them."""

    source: str
    series: pl.DataFrame
    """`ccode1, ccode2, side`, one row a series; `side` as in `observed.OBSERVED`."""
    months: pl.Series
    """The first day of each month from the source's first to the last asked for."""
    hostile: Floats
    every: Floats
    """(series, months) hostile acts, and all."""

    @property
    def spoken(self) -> Whole:
        """The months in which the source codes any act of anybody: others are unknown."""
        return np.flatnonzero(self.every.sum(0) > 0)


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A plain rule at one horizon, with what was learned for it."""

    source: str
    """Whose acts it was learned of."""
    rule: Rule
    horizon: int
    """Months."""
    fades: float
    """d, a month; of persistence 0."""
    share: float
    """p0, the world's hostile share."""
    weight: float
    """a, in acts."""
    dispersion: float
    """ρ of acts so many months later."""

    def law(self, hostile: Floats, every: Floats) -> Floats:
        """The predictor (logit of the share) foreseen from faded counts."""
        return logit((self.weight * self.share + hostile) / (self.weight + every))


@dataclass(frozen=True, slots=True)
class Reading:
    r"""How acts at one horizon are read off what tone foresees: $\eta' = a + b\eta$, $v' = c\,b\,v$ and their own ρ.

    Constants are learned from everything at once, month by month; what acts do so many months later is dressed here,
    as it is for the plain rules.
    """

    source: str
    horizon: int
    shift: float
    slope: float
    widen: float
    dispersion: float

    def law(self, eta: Floats, spread: Floats) -> tuple[Floats, Floats]:
        """The predictor and its standard deviation, from those of tone."""
        return self.shift + self.slope * eta, self.widen * self.slope * spread


def acts(rows: pl.DataFrame, source: str, last: date | None = None) -> Acts:
    """The acts that a source codes among rows of `observed.OBSERVED`, to the month `last` (None: its last).

    Raises `NoEvidenceError` where the rows have none of it.
    """
    own = rows.filter(pl.col("item") == ITEM + source, pl.col("side") != 0)
    if own.is_empty():
        raise NoEvidenceError(f"{source} codes no acts of these states", "load its events: see `amity load`")
    keys = ["ccode1", "ccode2", "side"]
    series = own.select(keys).unique().sort(keys)
    months = months_from(own["month"], last)
    at = own.join(series.with_row_index("d"), on=keys).join(
        pl.DataFrame({"month": months}).with_row_index("t"), on="month"
    )
    shape = (series.height, len(months))
    hostile, every = np.zeros(shape), np.zeros(shape)
    place = at["d"].to_numpy(), at["t"].to_numpy()
    np.add.at(hostile, place, at["y"].to_numpy())
    np.add.at(every, place, at["n"].to_numpy())
    return Acts(source, series, months, hostile, every)


def months_from(told: pl.Series, last: date | None) -> pl.Series:
    """The first day of every month from the first of some to `last`, or to their last."""
    ends = pl.DataFrame(
        {"low": [told.min()], "high": [last or told.max()]}, schema={"low": pl.Date, "high": pl.Date}
    )
    return ends.select(month=pl.date_ranges("low", "high", "1mo")).explode("month")["month"]


def faded(of: Acts, rule: Rule, fades: float = 0.0) -> tuple[Floats, Floats]:
    """(series, months) hostile acts and all, as a rule remembers them at the end of each month."""
    out = np.stack([of.hostile, of.every]).astype(float)
    for t in range(1, out.shape[2]):
        if rule == "persistence":
            none = of.every[:, t] <= 0
            out[:, none, t] = out[:, none, t - 1]
        else:
            out[:, :, t] += fades * out[:, :, t - 1]
    return out[0], out[1]


def judged_at(of: Acts, horizon: int, end: int | None = None) -> tuple[Whole, Whole]:
    """Series and months that are judged: with enough acts, before `end`, foreseen from a month that was spoken of."""
    spoken = np.zeros(len(of.months), bool)
    spoken[of.spoken] = True
    d, t = np.nonzero(of.every >= FEWEST)
    inside = (t >= horizon) & (t < (len(of.months) if end is None else end))
    inside[inside] = spoken[t[inside] - horizon]
    return d[inside], t[inside]


def learn(of: Acts, rule: Rule, horizon: int, end: int | None = None) -> Yardstick:
    """The rule that would have foreseen best, by log score, the acts of months before `end` (None: of all).

    Raises `NoEvidenceError` where nothing can be judged.
    """
    d, t = judged_at(of, horizon, end)
    if not len(d):
        raise NoEvidenceError(
            f"no act that {of.source} codes can be foreseen {horizon} months before",
            "load more months of events",
        )
    y, n = of.hostile[d, t], of.every[d, t]

    def made(x: Floats) -> Yardstick:
        share, weight, rho, fades = _share(x[0]), math.exp(x[1]), _share(x[2]), _share(x[3])
        return Yardstick(of.source, rule, horizon, fades if rule == "ewma" else 0.0, share, weight, rho)

    def loss(x: Floats) -> float:
        one = made(x)
        kept = faded(of, rule, one.fades)
        eta = one.law(*(part[d, t - horizon] for part in kept))
        return -float(chance(y, n, eta, 0.0, one.dispersion).mean())

    start = np.array([float(logit(np.clip(y.sum() / n.sum(), 0.01, 0.99))), 1.5, -2.0, 2.0])
    return made(lowest(loss, start, free=4 if rule == "ewma" else 3))


def learn_reading(
    of: Acts, at: tuple[Whole, Whole], horizon: int, eta: Floats, spread: Floats, rho: float
) -> Reading:
    """The reading that would have foreseen best, by log score, the acts of series and months `at`.

    `eta, spread, rho` are what tone foresees of them, undressed.
    """
    y, n = of.hostile[at], of.every[at]

    def made(x: Floats) -> Reading:
        shift, slope, widen, loose = (float(one) for one in x)
        return Reading(of.source, horizon, shift, math.exp(slope), math.exp(widen), _share(loose))

    def loss(x: Floats) -> float:
        one = made(x)
        return -float(chance(y, n, *one.law(eta, spread), one.dispersion).mean())

    return made(lowest(loss, np.array([0.0, 0.0, 0.0, float(logit(max(rho, 1e-3)))]), free=4))


def _share(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-min(max(x, -12.0), 12.0)))


def lowest(loss: Callable[[Floats], float], start: Floats, free: int, nearest: float = 0.02) -> Floats:
    """Where a function of a few numbers is lowest: a compass search, its steps halved where none helps."""
    at, height, step = start.copy(), loss(start), 1.0
    while step > nearest:
        lower = False
        for i in range(free):
            for way in (step, -step):
                there = at.copy()
                there[i] += way
                value = loss(there)
                if value < height - 1e-9:
                    at, height, lower = there, value, True
                    break
        if not lower:
            step /= 2
    return at
