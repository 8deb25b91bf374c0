r"""What is foreseen of a pair 1, 3, 6, 12 and 24 months ahead, by three methods, and how right each has been.

Foreseen are the *tone*, and where events of the pair are loaded the *hostile share* of the acts of one towards the
other in a month as busy as its last ones. The methods:

* **tone**: the filtered state carried forward, $\varphi^h m$ with $\varphi^{2h} V + s(1 - \varphi^{2h})$, which
  widens towards rest; read as acts were best read at that horizon, it gives the share;
* **ewma** and **persistence**: the yardsticks of `yardsticks`, which know acts alone. They foresee a share, and as
  tone the tone at which that share is what the engine expects; its interval is wider, because it is one of what acts
  may show in a month, and not of what lies behind them.

Which method is *shown* at a horizon is settled by the record over all pairs: the one with the lowest score, be it ours
or not. Intervals hold nine tenths by that record, not by the model (see `skill`). A year and more ahead the package's
record is one of years, which hold more acts than months. Constants, yardsticks and levels are of all pairs and all
years, so that the record of one pair, otherwise made from what was known in each month, is a little kinder than the
pooled one.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amity.engine.model import dynamics
from amity.engine.scale import shown as on_scale
from amity.engine.shares import expected, interval, logit
from amity.errors import NoEvidenceError
from amity.insight.records import METHODS, Record
from amity.insight.skill import Known, ahead, carried, dressed, pool, rolling
from amity.insight.yardsticks import ITEM, Yardstick, acts, faded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from amity.dimensions.constants import Constant, Constants
    from amity.engine.model import Dynamics
    from amity.insight.records import Pooled
    from amity.insight.yardsticks import Acts

__all__ = ["COLUMNS", "HORIZONS", "Outlook", "ask"]

HORIZONS = (1, 3, 6, 12, 24)
"""Months."""
READINGS = {"tone": 0, "tone_1to2": 1, "tone_2to1": -1}
"""What is read of the states, and its side."""
RECENT = 12
"""An interval of the share to come is that of a month as busy as the middle one of so many last ones with acts."""
MANY = 400
"""Acts enough for a share to have no steps to speak of."""
COLUMNS = pl.Schema(
    {
        "reading": pl.String,
        "horizon": pl.Int64,
        "month": pl.Date,
        "method": pl.String,
        "state": pl.Float64,
        "state_low": pl.Float64,
        "state_high": pl.Float64,
        "value": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "share": pl.Float64,
        "share_low": pl.Float64,
        "share_high": pl.Float64,
        "acts": pl.Float64,
    }
)
"""`reading`: tone, tone_1to2 or tone_2to1. `state` in standard deviations of the world's pairs, `value` from −100 to
100, `share` of hostile acts, each with a 90 % interval; that of `share` is of a month with so many `acts`. Shares are
null of both sides together, and where no events are loaded."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is foreseen of a pair, and the record of those who foresee it."""

    since: date
    """The last month of what is known."""
    rows: pl.DataFrame
    """See `COLUMNS`; one row a reading, horizon and method. Methods that have nothing to go on have none."""
    shown: Mapping[int, str]
    """The method shown at each horizon."""
    records: tuple[Record, ...]
    """How right each method has been at each horizon, of all pairs; n 0 where it was never judged."""
    own: tuple[Record, ...]
    """The same of this pair; n 0 where nothing of it could be judged."""
    source: str | None
    """The source of the acts. None: no events of the pair are loaded."""

    def best(self, reading: str = "tone") -> pl.DataFrame:
        """The rows of a reading by the methods shown."""
        method = pl.col("horizon").replace_strict(dict(self.shown), return_dtype=pl.String)
        return self.rows.filter(pl.col("reading") == reading, pl.col("method") == method)


def ask(
    filtered: pl.DataFrame,
    told: Pooled,
    constants: Constants,
    rows: pl.DataFrame | None = None,
    horizons: Sequence[int] = HORIZONS,
) -> Outlook:
    """The outlook of one pair.

    Args:
        filtered: the pair's filtered tone by month, as `estimate.states_frame` gives it; months after the last are
            foreseen.
        told: the pooled record, as `records.read` gives it.
        constants: those of tone with which the states were filtered.
        rows: rows of `observed.OBSERVED` of the pair; acts among them are what yardsticks count. May be left out.
        horizons: months.

    Raises:
        NoEvidenceError: there is no filtered state.
    """
    if filtered.is_empty():
        raise NoEvidenceError(
            "there is no state of the pair to carry forward", "estimate it first, or name another"
        )
    move = dynamics(constants.persistence, constants.variance, 0)
    known = states_of(filtered, move)
    last = known.months[-1]
    of = None if rows is None else heard(rows, last)
    item = None if of is None else constants.of(ITEM + of.source)
    own: tuple[Record, ...] = ()
    if of is not None and item is not None:
        at_rest = expected(item.intercept, abs(item.loading) * _unit(move, 1))
        told = told.fit_for(of.source, float(at_rest[0]), constants.learned_from)
        own = pool(rolling(of, known, item, horizons, told, walk=False), by="target")
    parts = [_by_tone(known, (of, item), told, horizon) for horizon in horizons]
    if of is not None and item is not None:
        parts += _by_rules(of, item, move, told, horizons)
    foreseen = _in_order(parts, last)
    return Outlook(
        last,
        foreseen,
        {one: told.best(one, foreseen.filter(horizon=one)["method"].unique().to_list()) for one in horizons},
        tuple(told.record(method, horizon) for horizon in horizons for method in METHODS),
        tuple(_of(own, method, horizon) for horizon in horizons for method in METHODS),
        None if of is None else of.source,
    )


def states_of(filtered: pl.DataFrame, move: Dynamics) -> Known:
    r"""The states behind what `estimate.states_frame` shows of one pair.

    With $a, b$ the readings $r \pm \delta$: $\delta = (a - b)/2$, $V_{\delta\delta} = (V_a + V_b)/2 - V_{rr}$ and
    $V_{r\delta} = (V_a - V_b)/4$.
    """
    wide = filtered.sort("month").pivot(
        "dimension", index=["ccode1", "ccode2", "month"], values=["state", "sd"]
    )
    one, each = np.sqrt(move.variance[0]), np.sqrt(move.variance.sum())
    r, a, b = (
        wide[f"state_{name}"].to_numpy().astype(float) * unit
        for name, unit in zip(READINGS, (one, each, each), strict=True)
    )
    vr, va, vb = (
        (wide[f"sd_{name}"].to_numpy().astype(float) * unit) ** 2
        for name, unit in zip(READINGS, (one, each, each), strict=True)
    )
    cross = (va - vb) / 4
    v = np.stack([np.stack([vr, cross], -1), np.stack([cross, np.maximum((va + vb) / 2 - vr, 0.0)], -1)], -2)
    mean = np.stack([r, (a - b) / 2], -1)
    return Known(wide.select("ccode1", "ccode2")[:1], wide["month"], mean[None], v[None], move)


def heard(rows: pl.DataFrame, last: date) -> Acts | None:
    """Acts both ways up to a month, by the source that codes most of the pair; None where none codes any."""
    told = rows.filter(
        pl.col("item").str.starts_with(ITEM), pl.col("month") <= last, pl.col("side") != 0, pl.col("n") > 0
    )
    counted = told.group_by("item").agg(pl.col("n").sum()).sort(pl.col("n"), "item", descending=[True, False])
    if counted.is_empty():
        return None
    return _both_ways(acts(told, str(counted["item"][0]).removeprefix(ITEM), last))


def _both_ways(of: Acts) -> Acts:
    """The same acts with a row for either side, also for one of which there are none."""
    pair = of.series.select("ccode1", "ccode2")[:1]
    series = pl.concat([pair.with_columns(side=pl.lit(side, pl.Int8)) for side in (-1, 1)])
    place = series["side"].is_in(of.series["side"].implode()).arg_true().to_numpy()
    hostile, every = np.zeros((2, len(of.months))), np.zeros((2, len(of.months)))
    hostile[place], every[place] = of.hostile, of.every
    return type(of)(of.source, series, of.months, hostile, every)


def _reach(level: float) -> float:
    """Standard deviations to either side at a level of a Gaussian."""
    return NormalDist().inv_cdf((1 + min(level, 0.999)) / 2)


def _unit(move: Dynamics, side: int) -> float:
    """The standard deviation at rest of what is read of a side."""
    return float(np.sqrt(move.variance[0] + side**2 * move.variance[1]))


def _by_tone(
    known: Known, read: tuple[Acts | None, Constant | None], told: Pooled, horizon: int
) -> pl.DataFrame:
    """What the state carried forward foresees, of every reading."""
    of, item = read
    record = told.record("tone", horizon)
    now = known.mean[0, -1], known.covariance[0, -1]
    m, v = carried(*now, known.move, horizon)
    rows: list[dict[str, object]] = []
    for reading, side in READINGS.items():
        unit = _unit(known.move, side)
        sd = np.sqrt(max(v[0, 0] + side**2 * v[1, 1] + 2 * side * v[0, 1], 0.0)) / unit
        state, reach = (m[0] + side * m[1]) / unit, _reach(record.width) * sd
        row = _row(reading, horizon, "tone", state, state - reach, state + reach)
        if item is not None and of is not None and side:
            eta, spread = ahead(*now, np.array(side, float), item, known.move, horizon)
            laws = dressed(told, of.source, horizon, item, np.array(eta), np.array(spread))
            row |= _shares(of, side, (float(laws[0]), float(laws[1]), float(laws[2])), record.level)
        rows.append(row)
    return pl.DataFrame(rows, schema=COLUMNS)


def _by_rules(
    of: Acts, item: Constant, move: Dynamics, told: Pooled, horizons: Sequence[int]
) -> list[pl.DataFrame]:
    """What the yardsticks foresee, of every reading; nothing where none was ever learned."""
    rows: list[dict[str, object]] = []
    for rule in ("ewma", "persistence"):
        for horizon in horizons:
            yard = told.yardstick(rule, horizon)
            if yard is None:
                continue
            kept = [part[:, -1] for part in faded(of, rule, yard.fades)]
            for reading, side in READINGS.items():
                which = of.series["side"].to_numpy() == side if side else np.ones(2, bool)
                eta = float(yard.law(*(np.array(part[which].sum()) for part in kept)))
                rows.append(
                    _of_rule(
                        of, eta, (reading, side), (yard, horizon), told.record(rule, horizon), item, move
                    )
                )
    return [pl.DataFrame(rows, schema=COLUMNS)] if rows else []


def _of_rule(
    of: Acts,
    eta: float,
    read: tuple[str, int],
    rule: tuple[Yardstick, int],
    record: Record,
    item: Constant,
    move: Dynamics,
) -> dict[str, object]:
    (reading, side), (yard, horizon) = read, rule
    ends = interval(MANY, eta, 0.0, yard.dispersion, record.width)
    inside = [float(logit(np.clip(end[0], 0.5 / MANY, 1 - 0.5 / MANY))) for end in ends]
    tones = [(at - item.intercept) / item.loading / _unit(move, side) for at in (eta, *inside)]
    row = _row(reading, horizon, yard.rule, tones[0], min(tones), max(tones))
    return row | (_shares(of, side, (eta, 0.0, yard.dispersion), record.level) if side else {})


def _row(reading: str, horizon: int, method: str, state: float, low: float, high: float) -> dict[str, object]:
    value, under, over = (float(x) for x in on_scale([state, low, high]))
    return {
        "reading": reading, "horizon": horizon, "month": None, "method": method, "state": state, "state_low": low,
        "state_high": high, "value": value, "low": under, "high": over, "share": None, "share_low": None,
        "share_high": None, "acts": None,
    }  # fmt: skip


def _shares(of: Acts, side: int, law: tuple[float, float, float], level: float) -> dict[str, object]:
    """The share foreseen of a side, with its interval in a month as busy as the last ones."""
    every = of.every[of.series["side"].to_numpy() == side][0]
    busy = every[every > 0][-RECENT:]
    n = max(float(np.ceil(np.median(busy))), 1.0) if len(busy) else 1.0
    low, high = interval(n, *law, level)
    share = float(expected(law[0], law[1])[0])
    return {"share": share, "share_low": float(low[0]), "share_high": float(high[0]), "acts": n}


def _in_order(parts: Sequence[pl.DataFrame], last: date) -> pl.DataFrame:
    readings, methods = ({name: n for n, name in enumerate(names)} for names in (READINGS, METHODS))
    rows = pl.concat(parts).with_columns(
        month=pl.lit(last).dt.offset_by(pl.format("{}mo", pl.col("horizon"))),
        of=pl.col("reading").replace_strict(readings),
        by=pl.col("method").replace_strict(methods),
    )
    return rows.sort("of", "horizon", "by").drop("of", "by")


def _of(records: Sequence[Record], method: str, horizon: int) -> Record:
    """That of a method at a horizon; one of no forecast where it was never judged."""
    found = [one for one in records if (one.method, one.horizon) == (method, horizon)]
    return found[0] if found else Record(method, horizon, 0, 0)
