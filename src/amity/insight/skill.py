r"""How right we have been: forecasts made month by month from what was known, judged by what came.

**What is judged.** A tone is never seen, acts are. The target is the share $y/n$ of hostile acts among the `n` acts
that a source codes of one state towards the other in a month, in months with at least `FEWEST` acts, `horizon` months
after the forecast. A forecast is a whole distribution of that share given $n$: of *tone*, the filtered state carried
forward and read as acts are read so many months later (`yardsticks.Reading`); of *persistence* and *ewma*, see
`yardsticks`. Scores are the continuous ranked probability score and the log score (Gneiting and Raftery 2007, *JASA*
102).

**Skill** is $1 - \sum \text{score} / \sum \text{score of persistence}$, with an interval from the spread between pairs
(or, of one pair, between months), which are what is independent.

**Intervals** begin at the level that would have held nine tenths of what came before, over all pairs, and follow what
they miss from month to month (Gibbs and Candès 2021; see `engine.conformal`): they are honest by their record, not by
our model. Only what was set by that record moves it: before there is one, intervals are the model's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
import polars as pl

from amity.dimensions import estimate, tone
from amity.engine.shares import honest, judge
from amity.insight.records import INSIDE, METHODS, Pooled, Record
from amity.insight.yardsticks import ITEM, Reading, Yardstick, acts, faded, judged_at, learn, learn_reading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from amity.dimensions.constants import Constant, Constants
    from amity.dimensions.estimate import Prepared
    from amity.engine.compiled import Floats, Whole
    from amity.engine.filtering import Filtered
    from amity.engine.model import Dynamics
    from amity.insight.yardsticks import Acts

__all__ = [
    "Known",
    "ahead",
    "carried",
    "known_of",
    "levels",
    "measure",
    "pool",
    "readings",
    "rolling",
    "skill_of",
    "yardsticks",
]

NEWEST = 2000
"""So many scores, the newest, say at which level intervals keep their word."""
TOO_FEW = 30
"""With fewer scores intervals stay at the level that the model gives."""
GAMMA = 0.2
"""How far the level follows a month's misses: one that missed a tenth more moves it by a fiftieth."""


def carried(m: Floats, v: Floats, move: Dynamics, horizon: int) -> tuple[Floats, Floats]:
    r"""States known now, `horizon` months on: $\varphi^h m$ and $\varphi^h V \varphi^h + s(1 - \varphi^{2h})$.

    `m` is (…, states), `v` (…, states, states).

    >>> from amity.engine.model import dynamics
    >>> m, v = carried(np.array([1.0]), np.array([[0.0]]), dynamics(0.5), 2)
    >>> float(m[0]), float(v[0, 0])
    (0.25, 0.9375)
    """
    phi = move.persistence**horizon
    return phi * m, np.outer(phi, phi) * v + np.diag(move.variance * (1 - phi**2))


def ahead(
    m: Floats, v: Floats, side: Floats, item: Constant, move: Dynamics, horizon: int
) -> tuple[Floats, Floats]:
    """The predictor of acts `horizon` months on and its standard deviation, from states of one dimension with sides."""
    m, v = carried(m, v, move, horizon)
    eta = item.intercept + item.loading * (m[..., 0] + side * m[..., 1])
    wide = v[..., 0, 0] + side**2 * v[..., 1, 1] + 2 * side * v[..., 0, 1]
    return eta, abs(item.loading) * np.sqrt(np.maximum(wide, 0.0))


@dataclass(frozen=True, slots=True)
class Known:
    """What could be known of the tone of some pairs by the end of each month."""

    pairs: pl.DataFrame
    """`ccode1, ccode2`."""
    months: pl.Series
    mean: Floats
    """(pairs, months, 2) both together, and the difference between the sides."""
    covariance: Floats
    """(pairs, months, 2, 2)"""
    move: Dynamics

    @classmethod
    def of(cls, laid: Prepared, found: Filtered) -> Self:
        """From what the engine was given and found."""
        return cls(laid.pairs, laid.months, found.mean, found.covariance, laid.move)


def known_of(rows: pl.DataFrame, of: Acts, constants: Constants) -> Known:
    """The filtered tone of all pairs of which a source codes acts, by some constants."""
    pairs = of.series.select("ccode1", "ccode2").unique().sort("ccode1", "ccode2")
    own = rows.join(pairs, on=["ccode1", "ccode2"], how="semi")
    laid = estimate.prepare(own, pairs, tone.ABOUT, tone.ITEMS, constants, of.months[-1], by_source=False)
    return Known.of(laid, estimate.filtered(laid))


def measure(
    rows: pl.DataFrame,
    source: str,
    before: Constants,
    now: Constants,
    since: date,
    horizons: Sequence[int] = (1, 3, 6, 12, 24),
) -> Pooled:
    """The record over all pairs since a month, and yardsticks and readings as they now are: for whoever fits.

    Args:
        rows: what `tone.observe` gave of all pairs.
        source: whose acts are judged.
        before: constants learned on what came before `since`. With others the record is too kind.
        now: the constants that are used from now on.
        since: the first month that is judged.
        horizons: months; those for which there are too few acts are left out.

    Raises:
        NoEvidenceError: the source codes no acts.
    """
    of = acts(rows, source)
    first = int((of.months < since).sum())
    past, item = known_of(rows, of, before), before.of(ITEM + source)
    usable = [one for one in horizons if len(judged_at(of, one, first)[0]) >= TOO_FEW]
    told = Pooled(yardsticks=yardsticks(of, usable, first), readings=readings(of, past, item, usable, first))
    records = pool(rolling(of, past, item, usable, told, first)) if usable else ()
    here = known_of(rows, of, now)
    return Pooled(
        records,
        yardsticks(of, horizons),
        readings(of, here, now.of(ITEM + source), horizons),
        f"acts by {source} since {since:%Y-%m}, with constants from {before.learned_from}",
        now.learned_from,
    )


def yardsticks(of: Acts, horizons: Sequence[int], end: int | None = None) -> tuple[Yardstick, ...]:
    """Both plain rules at every horizon, learned on the months before `end` (None: on all); none where none can be."""
    made: list[Yardstick] = []
    for horizon in horizons:
        if len(judged_at(of, horizon, end)[0]) >= TOO_FEW:
            made += [learn(of, rule, horizon, end) for rule in ("ewma", "persistence")]
    return tuple(made)


def readings(
    of: Acts, known: Known, item: Constant, horizons: Sequence[int], end: int | None = None
) -> tuple[Reading, ...]:
    """How acts are best read at every horizon, learned on the months before `end` (None: on all)."""
    made: list[Reading] = []
    for horizon in horizons:
        at = judged_at(of, horizon, end)
        if len(at[0]) >= TOO_FEW:
            eta, spread = _foreseen(of, known, item, at, horizon)
            made.append(learn_reading(of, at, horizon, eta, spread, item.dispersion))
    return tuple(made)


def rolling(
    of: Acts,
    known: Known,
    item: Constant,
    horizons: Sequence[int],
    told: Pooled,
    first: int = 0,
    *,
    walk: bool = True,
) -> pl.DataFrame:
    """Every forecast of some pairs by tone and both yardsticks, each made from what was known in its month, judged.

    Args:
        of: the acts of one source.
        known: the filtered states of their pairs, by constants learned before `first`.
        item: the constants by which acts of that source are read.
        horizons: months; those without yardsticks are left out.
        told: the yardsticks and readings, learned before `first`.
        first: months of `of` from this one on are tests. Those before it are judged as well, to set the levels.
        walk: set levels by what of these forecasts was known; otherwise at those of the records in `told`.

    Returns:
        `ccode1, ccode2, side, origin, target, horizon, method, y, n, log, crps, needed, below, upto, level, held,
        tested`; `origin` and `target` are months, `needed, below, upto` see `shares.Judged`.
    """
    fixed = None if walk else told
    parts: list[pl.DataFrame] = []
    for horizon in horizons:
        d, t = judged_at(of, horizon)
        laws = dressed(told, of.source, horizon, item, *_foreseen(of, known, item, (d, t), horizon))
        parts.append(_judged(of, (d, t), horizon, "tone", laws, fixed, first))
        for rule in ("ewma", "persistence"):
            yard = told.yardstick(rule, horizon)
            if yard is not None:
                kept = faded(of, rule, yard.fades)
                eta = yard.law(*(part[d, t - horizon] for part in kept))
                laws = eta, np.zeros(len(eta)), np.full(len(eta), yard.dispersion)
                parts.append(_judged(of, (d, t), horizon, rule, laws, fixed, first))
    return pl.concat(parts)


def _foreseen(
    of: Acts, known: Known, item: Constant, at: tuple[Whole, Whole], horizon: int
) -> tuple[Floats, Floats]:
    """The predictor of what is judged and its standard deviation, as tone foresees them."""
    d, t = at
    number = known.pairs.with_row_index("pair")
    keys = ["ccode1", "ccode2"]
    pair = of.series.join(number, on=keys, how="left", maintain_order="left")["pair"].to_numpy()[d]
    origin = int((known.months == of.months[0]).arg_max() or 0) + t - horizon
    side = of.series["side"].to_numpy().astype(float)[d]
    return ahead(known.mean[pair, origin], known.covariance[pair, origin], side, item, known.move, horizon)


def dressed(
    told: Pooled, source: str, horizon: int, item: Constant, eta: Floats, spread: Floats
) -> tuple[Floats, Floats, Floats]:
    """Predictor, its standard deviation and overdispersion of acts, as a source's are read at a horizon."""
    reading = told.reading(horizon, source)
    if reading is None:
        return eta, spread, np.full(eta.shape, item.dispersion)
    return *reading.law(eta, spread), np.full(eta.shape, reading.dispersion)


def _judged(
    of: Acts,
    at: tuple[Whole, Whole],
    horizon: int,
    method: str,
    laws: tuple[Floats, Floats, Floats],
    fixed: Pooled | None,
    first: int,
) -> pl.DataFrame:
    """Forecasts of one method at one horizon, judged, with the levels of their intervals: walked, or on record."""
    d, t = at
    y, n = of.hostile[d, t], of.every[d, t]
    found = judge(y, n, *laws)
    if fixed is None:
        level = levels(t - horizon, t, found.needed)
    else:
        level = np.full(len(d), fixed.record(method, horizon).level)
    return of.series[d].with_columns(
        origin=of.months.gather(t - horizon),
        target=of.months.gather(t),
        horizon=pl.lit(horizon),
        method=pl.lit(method),
        y=y,
        n=n,
        **{name: pl.Series(getattr(found, name)) for name in ("log", "crps", "needed", "below", "upto")},
        level=level,
        held=found.needed <= level,
        tested=t >= first,
    )


def levels(
    origin: Whole, target: Whole, needed: Floats, inside: float = INSIDE, gamma: float = GAMMA
) -> Floats:
    """The level of each forecast's interval, from forecasts of the same kind whose month had come by its origin.

    Args:
        origin: months in which forecasts were made.
        target: the months that they are of.
        needed: the least level at which each held what came.
        inside: the share that is to be held.
        gamma: how far the level follows a month's misses; 0: not at all.

    >>> months = np.repeat(np.arange(3), 40)
    >>> levels(months, months + 1, np.tile(np.linspace(0.0, 1.0, 40), 3))[[0, -1]].round(2)
    array([0.9 , 0.92])
    """
    out, aim, order = np.full(len(needed), inside), inside, np.argsort(target, kind="stable")
    come, reckoned, by_record = target[order], -1, np.zeros(len(needed), bool)
    for month in np.unique(origin):
        known = order[: np.searchsorted(come, month, side="right")]
        for past in np.unique(target[known]):
            own = by_record & (target == past)
            if past > reckoned and own.any():
                missed = (needed[own] > out[own]).mean()
                aim = min(max(aim + gamma * (missed - (1 - inside)), 0.5), 1.0)
            reckoned = max(reckoned, past)
        out[origin == month] = level_of(needed[known], aim)
        by_record[origin == month] = len(known) >= TOO_FEW
    return out


def level_of(needed: Floats, aim: float = INSIDE) -> float:
    """The level that holds a share of what came (conformal: one more than there are); the aim where too few came."""
    newest = np.sort(needed[-NEWEST:])
    if len(newest) < TOO_FEW:
        return aim
    return float(newest[min(math.ceil(aim * (len(newest) + 1)), len(newest)) - 1])


def pool(judged: pl.DataFrame, by: str = "pair") -> tuple[Record, ...]:
    """The record of each method and horizon, from what `rolling` judged in the months that are tests.

    `by` is what is independent: `pair`, or `target` for the record of one pair.
    """
    records: list[Record] = []
    for horizon in sorted(judged["horizon"].unique()):
        own = judged.filter(pl.col("tested"), pl.col("horizon") == horizon)
        base = own.filter(method="persistence")
        for method in METHODS:
            told, every = own.filter(method=method), judged.filter(method=method, horizon=horizon)
            if told.height:
                records.append(_record(told, base, every, by))
    return tuple(records)


def _record(told: pl.DataFrame, base: pl.DataFrame, every: pl.DataFrame, by: str) -> Record:
    months = told.group_by("target").agg(pl.col("held").mean(), n=pl.len()).filter(pl.col("n") >= TOO_FEW)
    skill, low, high = skill_of(told, base, by)
    return Record(
        told["method"][0],
        int(told["horizon"][0]),
        told.height,
        told.select("ccode1", "ccode2").n_unique(),
        _mean(told["held"].cast(pl.Float64)),
        None if months.is_empty() else _mean(pl.Series([months["held"].min()])),
        level_of(every.sort("target")["needed"].to_numpy()),
        honest(every["below"].to_numpy(), every["upto"].to_numpy()),
        _mean(told["crps"]),
        _mean(told["log"]),
        skill,
        low,
        high,
        f"months {told['target'].min():%Y-%m} to {told['target'].max():%Y-%m}",
    )


def _mean(values: pl.Series) -> float:
    return float(values.to_numpy().mean())


def skill_of(
    told: pl.DataFrame, base: pl.DataFrame, by: str = "pair", score: str = "crps"
) -> tuple[float | None, float | None, float | None]:
    r"""Skill of forecasts against others of the same targets, with a 95 % interval; none from fewer than five clusters.

    With sums $A_g, B_g$ of both scores in cluster $g$ and $R = \sum A / \sum B$, the standard error of $1 - R$ is
    $\sqrt{\frac{G}{G-1} \sum_g (A_g - R B_g)^2} / \sum B$ (linearised ratio).
    """
    cluster = ["ccode1", "ccode2"] if by == "pair" else ["target"]
    sums = [
        frame.group_by(cluster, maintain_order=True).agg(pl.col(score).sum().alias(name))
        for name, frame in (("a", told), ("b", base))
    ]
    a, b = sums[0].join(sums[1], on=cluster, maintain_order="left").select("a", "b").to_numpy().T
    total = float(b.sum())
    if total == 0:
        return None, None, None
    ratio, groups = float(a.sum()) / total, len(a)
    if groups < 5:
        return 1 - ratio, None, None
    error = math.sqrt(groups / (groups - 1) * float(((a - ratio * b) ** 2).sum())) / abs(total)
    return 1 - ratio, 1 - ratio - 1.96 * error, 1 - ratio + 1.96 * error
