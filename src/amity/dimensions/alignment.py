r"""Alignment: how alike two states stand in the world.

| item | law | one observation |
|---|---|---|
| `un_closeness` | Gaussian | minus the distance of their ideal points in a session of the UN, with its own variance |
| `alliance_formed` | mix of one | whether two states without an alliance had one by the end of a year |
| `alliance_ended` | mix of one | whether two allied states had none by the end of a year |

An alliance that lasts is no news; that it was not ended is a little. Consultation and non-aggression pacts do not
count: whole regions have them. A session of the UN opens in September and stands in the December of its first year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity import evidence
from amity.dimensions.observed import (
    OBSERVED,
    Dimension,
    Item,
    codes,
    few,
    line,
    observed,
    to_lines,
    years_together,
)
from amity.errors import NoEvidenceError
from amity.measures import kept_points

if TYPE_CHECKING:
    from amity.evidence import Evidence

__all__ = ["ABOUT", "ITEMS", "observe"]

ABOUT = Dimension(
    "alignment", "how alike they stand in the world", directed=False, persistence=(0.997,), variance=(1.0,)
)

ITEMS = (
    Item("un_closeness", "UN votes", "gaussian", -1.0, 0.7, 0.02, field="diplomacy"),
    Item("alliance_formed", "alliances formed", "mix", -5.0, 0.8, field="security"),
    Item("alliance_ended", "alliances ended", "mix", -4.0, -0.5, field="security"),
)

PACTS = ("alliance_defense", "alliance_offense")
OPENED = 1945
"""Sessions count from the year after."""


def observe(ev: Evidence, pairs: pl.DataFrame) -> pl.DataFrame:
    """Everything that the loaded sources say of how alike pairs stand: rows of `observed.OBSERVED`, in no order.

    `pairs` are lines, `ccode1, ccode2`, as `observed.pairs_of` gives them.
    """
    return pl.concat([closeness(ev, pairs), alliances(ev, pairs)])


def closeness(ev: Evidence, pairs: pl.DataFrame) -> pl.DataFrame:
    """How close two states stood in each session in which both voted, and how exactly that is known.

    With $d$ the distance of their points, $\\mathrm{Var}(d)$ is the sum of their own variances and $d^2$ times that of
    the session's stretch.
    """
    try:
        stands = kept_points.of_store(ev).distances()
    except NoEvidenceError:
        return pl.DataFrame(schema=OBSERVED)
    known = stands.lazy().filter(pl.col("ccode").is_in(codes(pairs))).with_columns(line=line("ccode"))
    known = known.drop("ccode")
    one, two = (known.rename({"line": f"ccode{n}", "point": f"point{n}", "own": f"own{n}"}) for n in (1, 2))
    apart = (pl.col("point1") - pl.col("point2")).abs()
    return observed(
        pairs.lazy()
        .join(one, on="ccode1")
        .join(two.drop("stretch"), on=["ccode2", "session"])
        .with_columns(
            month=pl.date(pl.col("session").cast(pl.Int32) + OPENED, 12, 1),
            item=pl.lit("un_closeness"),
            source=pl.lit("unga_votes"),
            y=-apart,
            n=pl.col("own1") + pl.col("own2") + apart**2 * pl.col("stretch"),
        )
        .collect()
    )


def alliances(ev: Evidence, pairs: pl.DataFrame) -> pl.DataFrame:
    """Whether an alliance was formed in each year by states that had none, or ended by allied ones."""
    among = few(pairs)
    said = evidence.spoken(ev, "ties", PACTS, among)
    if said.is_empty():
        return pl.DataFrame(schema=OBSERVED)
    last = max(said["end"])
    held = (
        to_lines(evidence.ties_of(ev, PACTS, among), pairs)
        .lazy()
        .with_columns(
            year=pl.int_ranges(
                pl.col("start").dt.year(),
                pl.coalesce("end", pl.lit(last)).dt.year() + pl.col("end").is_null(),
            )
        )
        .explode("year")
        .drop_nulls("year")
        .select("ccode1", "ccode2", pl.col("year").cast(pl.Int16), allied=1)
        .unique()
    )
    source = said["source"].sort()[0]
    years = years_together(pairs, last=last.year)
    before = pl.col("allied").shift(1).over("ccode1", "ccode2", order_by="year")
    return observed(
        years.lazy()
        .join(held, on=["ccode1", "ccode2", "year"], how="left")
        .with_columns(pl.col("allied").fill_null(0))
        .with_columns(before=before)
        .drop_nulls("before")
        .with_columns(
            month=pl.date("year", 12, 1),
            item=pl.when(pl.col("before") == 1)
            .then(pl.lit("alliance_ended"))
            .otherwise(pl.lit("alliance_formed")),
            source=pl.lit(source),
            y=(pl.col("before") != pl.col("allied")).cast(pl.Int8),
            n=1,
        )
        .collect()
    )
