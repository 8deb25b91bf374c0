r"""From what is observed of pairs to their states by month: rows in, the engine, frames out.

States are shown between −100 and 100: $100 \tanh(x / 2\sqrt{s})$ with $s$ the state's variance over the world's
pairs and months. 0 is a pair at rest, 46 one standard deviation of the world's pairs above it, 76 two, 91 three.
Intervals are mapped by their ends, so that a 90 % interval is one on either scale.

A state is *known* where evidence narrows its interval noticeably: its standard deviation is below `LEAST_KNOWN` of that
of the world's pairs. Else it is unknown, and is told as such everywhere, never as the 0 that the engine starts from.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amity.engine.chain import smooth
from amity.engine.contributions import account
from amity.engine.filtering import filter_forward
from amity.engine.model import evidence
from amity.engine.scale import NINETY, shown
from amity.errors import UsageError
from amity.evidence import FIRST

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from amity.dimensions.constants import Constants
    from amity.dimensions.observed import Dimension, Item
    from amity.engine.chain import Smoothed
    from amity.engine.compiled import Floats, Whole
    from amity.engine.filtering import Filtered
    from amity.engine.model import Dynamics, Evidence, Items

__all__ = [
    "FIRST",
    "LEAST_KNOWN",
    "Prepared",
    "contributions",
    "filtered",
    "only_known",
    "prepare",
    "smoothed",
    "states_frame",
]

LEAST_KNOWN = 0.9
"""Deviation from which on a state is unknown: evidence has taken less than a fifth off the world's variance."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A dimension's rows of some pairs as the engine takes them."""

    dimension: Dimension
    pairs: pl.DataFrame
    """`ccode1, ccode2`, in the order of the engine's pairs."""
    seen: Evidence
    of: Items
    move: Dynamics
    names: tuple[str, ...]
    """Items, in the engine's order."""
    sources: tuple[str, ...]
    group: Whole
    """(items,) the source of each."""
    months: pl.Series
    """The first day of each month of the chains."""


def prepare(
    rows: pl.DataFrame,
    pairs: pl.DataFrame,
    dimension: Dimension,
    declared: Sequence[Item],
    constants: Constants,
    last: date,
    *,
    by_source: bool = True,
) -> Prepared:
    """Rows of `observed.OBSERVED` as arrays, to the month of `last`; rows outside 1946 and that month are left out.

    An item that two sources tell in turn is one with one set of constants; with `by_source` the engine gets it once for
    each of them, so that an account can say who told it. Of more acts than an item reads in a month only the mix is
    read (`no_louder`). Raises `UsageError` for a month before 1946.
    """
    if last < FIRST:
        raise UsageError(
            f"nothing is estimated of {last:%B %Y}",
            f"name a time from {FIRST:%B %Y} on, where estimates begin",
        )
    months = pl.date_range(FIRST, last.replace(day=1), "1mo", eager=True).alias("month")
    of_time = no_louder(rows.filter(pl.col("month").is_between(months[0], months[-1])), declared)
    if not by_source:
        of_time = of_time.with_columns(source=pl.lit(""))
    told = of_time.select("item", "source").unique().sort("item", "source")
    names, sources = tuple(told["item"]), tuple(dict.fromkeys(sorted(told["source"])))
    place, number = told.with_row_index("at"), pairs.with_row_index("pair")
    laid = of_time.join(place, on=["item", "source"]).join(number, on=["ccode1", "ccode2"])
    month = (laid["month"].dt.year() - FIRST.year) * 12 + laid["month"].dt.month() - 1
    of, move = constants.model(dimension, declared, names)
    seen = evidence(
        pairs.height,
        len(months),
        {
            "pair": laid["pair"].to_numpy(),
            "month": month.to_numpy(),
            "item": laid["at"].to_numpy(),
            **{name: laid[name].to_numpy() for name in ("side", "y", "n", "offset")},
        },
        of,
        sides=dimension.directed,
    )
    order = {name: n for n, name in enumerate(sources)}
    group = np.array([order[source] for source in told["source"]], np.int64)
    return Prepared(dimension, pairs, seen, of, move, names, sources, group, months)


def no_louder(rows: pl.DataFrame, declared: Sequence[Item]) -> pl.DataFrame:
    """Rows with no mix of more acts than its item reads: the same share of them, to the nearest whole act.

    >>> from amity.dimensions import tone
    >>> rows = pl.DataFrame({"item": ["hostile_share:icews"] * 2, "y": [60.0, 2.0], "n": [80.0, 9.0]})
    >>> no_louder(rows, tone.ITEMS).select("y", "n").rows()
    [(24.0, 32.0), (2.0, 9.0)]
    """
    for one in declared:
        if one.most < math.inf:
            loud = (pl.col("item").str.split(":").list.first() == one.name) & (pl.col("n") > one.most)
            fewer = (pl.col("y") * one.most / pl.col("n")).round()
            rows = rows.with_columns(
                y=pl.when(loud).then(fewer).otherwise("y"), n=pl.when(loud).then(one.most).otherwise("n")
            )
    return rows


def smoothed(laid: Prepared) -> Smoothed:
    """What is known now of every month."""
    return smooth(laid.seen, laid.of, laid.move)


def filtered(laid: Prepared) -> Filtered:
    """What could be known of every month by its end."""
    return filter_forward(laid.seen, laid.of, laid.move)


def states_frame(laid: Prepared, found: Smoothed | Filtered) -> pl.DataFrame:
    """States by pair and month: `ccode1, ccode2, month, dimension, state, sd, value, low, high`.

    `dimension` is the dimension's name, and where it is directed also that name with `_1to2` and `_2to1`. `state` and
    `sd` are in standard deviations of the world's pairs, the others between −100 and 100 with a 90 % interval.
    """
    pairs, months = laid.pairs, len(laid.months)
    keys = pl.DataFrame(
        {
            "ccode1": np.repeat(pairs["ccode1"].to_numpy(), months),
            "ccode2": np.repeat(pairs["ccode2"].to_numpy(), months),
            "month": pl.concat([laid.months] * pairs.height) if pairs.height else laid.months.clear(),
        }
    )
    parts = [
        keys.with_columns(dimension=pl.lit(name), **_scaled(mean, variance, rest))
        for name, mean, variance, rest in _readings(laid, found)
    ]
    return pl.concat(parts)


def only_known(frame: pl.DataFrame) -> pl.DataFrame:
    """States with `value, low, high` missing where they are unknown.

    >>> states = pl.DataFrame({"sd": [0.5, 0.98], "value": [12.0, 0.0], "low": [-9.0, -67.0], "high": [31.0, 67.0]})
    >>> only_known(states)["value"].to_list()
    [12.0, None]
    """
    return frame.with_columns(pl.when(pl.col("sd") < LEAST_KNOWN).then(pl.col("value", "low", "high")))


def _readings(laid: Prepared, found: Smoothed | Filtered) -> list[tuple[str, Floats, Floats, float]]:
    """(name, means, variances, variance at rest) of what is read: the state, and where directed each way."""
    mean, v, s, name = found.mean, found.covariance, laid.move.variance, laid.dimension.name
    read = [(name, mean[:, :, 0], v[:, :, 0, 0], float(s[0]))]
    if laid.dimension.directed:
        for side, way in ((1, "1to2"), (-1, "2to1")):
            variance = v[:, :, 0, 0] + v[:, :, 1, 1] + 2 * side * v[:, :, 0, 1]
            read.append((f"{name}_{way}", mean[:, :, 0] + side * mean[:, :, 1], variance, float(s[0] + s[1])))
    return read


def _scaled(mean: Floats, variance: Floats, rest: float) -> dict[str, pl.Series]:
    unit = 1.0 / np.sqrt(rest)
    x, sd = mean.ravel() * unit, np.sqrt(np.maximum(variance, 0.0)).ravel() * unit
    columns = {
        "state": x, "sd": sd, "value": shown(x), "low": shown(x - NINETY * sd), "high": shown(x + NINETY * sd)
    }  # fmt: skip
    return {name: pl.Series(name, values, pl.Float32) for name, values in columns.items()}


def contributions(laid: Prepared, known: Filtered, now: Smoothed) -> pl.DataFrame:
    """What each item of each source brought: `ccode1, ccode2, month, dimension, item, source, news, share`.

    `news` is what its observations of the month changed in what could be known, and `share` its part of the smoothed
    state, both of the dimension itself and in standard deviations of the world's pairs. Months in which an item brings
    nothing and carries nothing have no row.
    """
    told = account(laid.seen, laid.of, laid.move, known, now)
    pair, month, at = np.nonzero((np.abs(told.news[..., 0]) > 0) | (np.abs(told.share[..., 0]) > SMALL))
    unit = 1.0 / np.sqrt(laid.move.variance[0])
    names, sources = np.array(laid.names, object), np.array([laid.sources[g] for g in laid.group], object)
    return pl.DataFrame(
        {
            "ccode1": laid.pairs["ccode1"].to_numpy()[pair],
            "ccode2": laid.pairs["ccode2"].to_numpy()[pair],
            "month": laid.months.gather(pl.Series(month)),
            "dimension": pl.Series([laid.dimension.name] * len(pair), dtype=pl.String),
            "item": pl.Series(names[at].tolist(), dtype=pl.String),
            "source": pl.Series(sources[at].tolist(), dtype=pl.String),
            "news": told.news[pair, month, at, 0] * unit,
            "share": told.share[pair, month, at, 0] * unit,
        }
    )


SMALL = 1e-3
"""A share below it is not shown: a thousandth of a standard deviation."""
