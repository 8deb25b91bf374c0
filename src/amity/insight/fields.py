r"""Breadth and depth: in how many of the six fields two states are engaged, and how much in each.

Each field's depth is the engine's state on the evidence of that field alone: with nothing of the others in it, a full
field cannot stand in for an empty one. It is in standard deviations of the world's pairs; nought is a pair at rest.
With $p_f$ the chance that the depth of a known field is above nought, breadth is $\sum_f p_f$ of the fields known, and
its interval is that of their number, which is Poisson-binomial because the fields are told by different evidence.

A field of which nothing narrows what is known is unknown. It is left out of breadth, and is no zero: breadth is to be
read beside how many fields are known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import erf, sqrt
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amity.catalog import FIELDS
from amity.dimensions.engagement import ABOUT, ITEMS
from amity.dimensions.observed import FAMILIES
from amity.engine.scale import NINETY
from amity.evidence import FIRST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from amity.engine.model import Dynamics, Items

    Model = Callable[[Sequence[str]], tuple[Items, Dynamics]]

__all__ = ["Fields", "ask", "declared"]

NARROW = 0.9
"""A field is known where its standard deviation is below this share of that without evidence."""

ALONE = {
    "visits": (-0.73, 1.15, 0.03),
    "meetings": (-0.87, 1.42, 0.22),
    "relations_opened": (-0.88, 2.45, 0.0),
    "mission_opened:diplometrics": (-4.22, 1.19, 0.0),
    "trade": (0.26, 1.2, 0.0),
    "aid": (-0.8, 1.0, 0.0),
    "chinese_projects": (-0.91, 1.02, 0.05),
    "arms": (-0.54, 2.15, 0.0),
    "acts_diplomacy:gdelt_tkg": (-1.27, 0.74, 0.57),
    "acts_diplomacy:icews_tkg": (-2.35, 1.73, 0.76),
    "acts_security:gdelt_tkg": (-3.21, 0.93, 0.55),
    "acts_security:icews_tkg": (-5.96, 2.53, 0.85),
    "acts_economy:gdelt_tkg": (-4.03, 1.27, 0.83),
    "acts_economy:icews_tkg": (-5.79, 2.08, 1.47),
    "acts_development:gdelt_tkg": (-3.82, 0.5, 0.03),
    "acts_development:icews_tkg": (-5.67, 1.39, 2.05),
    "acts_governance:gdelt_tkg": (-3.12, 0.78, 0.52),
    "acts_governance:icews_tkg": (-6.29, 1.98, 0.72),
    "acts_society:gdelt_tkg": (-4.48, 0.5, 0.84),
    "acts_society:icews_tkg": (-10.58, 2.89, 2.2),
}
"""Intercept, loading and dispersion of items by which the state of their own field is read.

They are the mean of what two samples of 358 and 369 pairs of politically varied states tell of each field alone. The
loadings of trade and aid are declared, about as large as what pairs differ in beside the misfit: a known variance that
stands for years' misfit is larger than the scatter from year to year, and a loading learned beside it is too small.
"""

KEYS = ("ccode1", "ccode2", "field", "month")
DEPTH = pl.Schema(
    {
        "ccode1": pl.Int16, "ccode2": pl.Int16, "field": pl.String, "month": pl.Date,
        "value": pl.Float64, "sd": pl.Float64, "low": pl.Float64, "high": pl.Float64, "known": pl.Boolean,
    }
)  # fmt: skip
BREADTH = pl.Schema(
    {
        "ccode1": pl.Int16, "ccode2": pl.Int16, "month": pl.Date, "known": pl.Int8,
        "breadth": pl.Float64, "low": pl.Int8, "high": pl.Int8,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fields:
    """Depth and breadth of pairs at the end of each year."""

    depth: pl.DataFrame
    """`ccode1, ccode2, field, month, value, sd, low, high, known`: six rows a pair and year. The interval holds 90 %;
    where the field is not known the numbers are missing."""
    breadth: pl.DataFrame
    """`ccode1, ccode2, month, known, breadth, low, high`: how many fields are known, how many of them are expected to
    be above a pair at rest, and between which numbers they lie with 90 %; missing where no field is known."""


def declared(names: Sequence[str]) -> tuple[Items, Dynamics]:
    """The constants of `ALONE`, else those that `engagement` declares, for items by name (or `name:source`)."""
    from amity.engine.model import dynamics, items  # noqa: PLC0415  (numba is slow to import)

    by_name = {item.name: item for item in ITEMS}
    begin = {name: (item.intercept, item.loading, item.dispersion) for name, item in by_name.items()} | ALONE
    told = [begin.get(name) or begin[name.split(":")[0]] for name in names]
    family = [FAMILIES[by_name[name.split(":")[0]].family] for name in names]
    intercept, loading, dispersion = (list(column) for column in zip(*told, strict=True))
    return items(family, intercept, loading, dispersion), dynamics(ABOUT.persistence, ABOUT.variance)


def ask(rows: pl.DataFrame, last: date | None = None, model: Model = declared) -> Fields:
    """Depth and breadth of the pairs of some rows of engagement, in each December from 1946 and in the last month.

    Args:
        rows: rows of `observed.OBSERVED`, as `engagement.observe` gives them; a pair without any is not there.
        last: the last month (None: that of the last row).
        model: gives the constants of items by name; by default the declared ones.

    >>> from amity.dimensions.observed import OBSERVED
    >>> rows = pl.DataFrame({"ccode1": [2], "ccode2": [811], "month": [date(1947, 12, 1)], "item": ["visits"],
    ...     "source": ["us_visits"], "side": [0], "y": [6.0], "n": [0.0], "offset": [0.0]}, schema=OBSERVED)
    >>> ask(rows).breadth.select("month", "known", "low", "high").row(1)
    (datetime.date(1947, 12, 1), 1, 1, 1)
    """
    pairs = rows.select("ccode1", "ccode2").unique().sort("ccode1", "ccode2")
    field_of = {item.name: item.field for item in ITEMS}
    until = last or (rows["month"].max() if rows.height else None)
    if not isinstance(until, date) or pairs.is_empty():
        return Fields(DEPTH.to_frame(), BREADTH.to_frame())
    months = pl.date_range(FIRST, until.replace(day=1), "1mo", eager=True)
    inside = rows.filter(pl.col("month").is_between(months[0], months[-1])).with_columns(
        field=pl.col("item").str.split(":").list.first().replace_strict(field_of)
    )
    depth = pl.concat(
        [_depth(inside.filter(pl.col("field") == field), pairs, field, months, model) for field in FIELDS]
    )
    return Fields(depth.sort(*KEYS), _breadth(depth))


def _depth(
    rows: pl.DataFrame, pairs: pl.DataFrame, field: str, months: pl.Series, model: Model
) -> pl.DataFrame:
    """The depth of one field at the end of each year."""
    ends = np.flatnonzero((months.dt.month() == 12).to_numpy() | (np.arange(len(months)) == len(months) - 1))
    shape = (pairs.height, len(ends))
    mean, sd = _states(rows, pairs, months, model) if rows.height else (np.zeros(1), np.ones(1))
    mean, sd = (np.broadcast_to(a[..., ends] if rows.height else a, shape) for a in (mean, sd))
    numbers = {"value": mean, "sd": sd, "low": mean - NINETY * sd, "high": mean + NINETY * sd}
    frame = pl.DataFrame(
        {
            "ccode1": np.repeat(pairs["ccode1"].to_numpy(), len(ends)),
            "ccode2": np.repeat(pairs["ccode2"].to_numpy(), len(ends)),
            "field": [field] * mean.size,
            "month": pl.concat([months.gather(ends.tolist())] * pairs.height),
            **{name: values.ravel() for name, values in numbers.items()},
            "known": (sd < NARROW).ravel(),
        },
        schema=DEPTH,
    )
    return frame.with_columns(pl.when("known").then(pl.col(*numbers)))


def _states(
    rows: pl.DataFrame, pairs: pl.DataFrame, months: pl.Series, model: Model
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(pairs, months) the smoothed states on some rows, and their standard deviations, in those of a pair at rest."""
    from amity.engine.chain import smooth  # noqa: PLC0415
    from amity.engine.model import evidence  # noqa: PLC0415

    names = rows["item"].unique().sort().to_list()
    of, move = model(names)
    laid = rows.join(pairs.with_row_index("pair"), on=["ccode1", "ccode2"]).with_columns(
        at=pl.col("item").replace_strict({name: n for n, name in enumerate(names)}),
        t=(pl.col("month").dt.year().cast(pl.Int64) - FIRST.year) * 12 + pl.col("month").dt.month() - 1,
    )
    taken = {"pair": "pair", "month": "t", "item": "at", "y": "y", "n": "n", "offset": "offset"}
    arrays: dict[str, ArrayLike] = {name: laid[column].to_numpy() for name, column in taken.items()}
    now = smooth(evidence(pairs.height, len(months), arrays, of), of, move)
    rest = float(np.sqrt(move.variance[0]))
    return now.mean[:, :, 0] / rest, np.sqrt(now.covariance[:, :, 0, 0]) / rest


def _breadth(depth: pl.DataFrame) -> pl.DataFrame:
    """How many of the known fields are above rest, by pair and month."""
    keys = ["ccode1", "ccode2", "month"]
    told = depth.group_by(*keys).agg(z=(pl.col("value") / pl.col("sd")).filter("known")).sort(keys)
    chances = [_above(np.asarray(z, float)) for z in told["z"].to_list()]
    spans = [_span(p) if len(p) else (None, None) for p in chances]
    return told.select(*keys).with_columns(
        known=pl.Series([len(p) for p in chances], dtype=pl.Int8),
        breadth=pl.Series([float(p.sum()) if len(p) else None for p in chances], dtype=pl.Float64),
        low=pl.Series([low for low, _ in spans], dtype=pl.Int8),
        high=pl.Series([high for _, high in spans], dtype=pl.Int8),
    )


def _above(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """The chance that a Gaussian is above nought, by its mean in standard deviations."""
    return np.array([0.5 * (1.0 + erf(one / sqrt(2.0))) for one in z])


def _span(chances: NDArray[np.float64]) -> tuple[int, int]:
    """Between which numbers the count of independent chances lies with 90 %: its 5 % and 95 % points."""
    mass = np.ones(1)
    for p in chances:
        mass = np.convolve(mass, [1.0 - p, p])
    below = np.cumsum(mass)
    return int(np.searchsorted(below, 0.05)), int(np.searchsorted(below, 0.95))
