r"""The volume of acts between two states that a source codes from the news, by field.

An incident is a day with an act of one class and field. With $V_i$ and $V_j$ the source's events with either state in
the month and $V$ all of them, $E = V_i V_j / V$ would be between the two if each state met the others as they come. A
day's incidents of a class are one however many are told, and states that are in the news for themselves meet fewer of
each other: incidents grow as about $E^{0.7}$ (from 0.03 where a twentieth is expected to 25 where six hundred are, in
two sources alike), and the offset is $0.7 \log E$. So neither a louder press, nor a source that grows, nor a state
that is always in the news is closeness. How large a part of all acts a field has is in the item's intercept, one for
each source.

Where a pair's year lets expect fewer than three acts, its months are told as one, in December; where it lets expect
fewer than a twentieth, not at all. Both look at what is expected alone, never at what came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import FIELDS
from amity.dimensions.engaged.knowing import together
from amity.dimensions.observed import line, observed
from amity.evidence.dyad_years import field_months, loud_months

if TYPE_CHECKING:
    from amity.dimensions.engaged.knowing import Asked
    from amity.evidence import Evidence

__all__ = ["FEW", "NONE", "observe"]

FEW = 3.0
"""Acts expected in a year, of all fields, below which it is told as one."""
NONE = 0.05
"""Below which it is not told."""

ELASTICITY = 0.7
"""How the log of incidents grows with the log of E."""

KEYS = ["source", "ccode1", "ccode2", "month"]


def observe(ev: Evidence, of: Asked) -> pl.DataFrame:
    """Incidents of each field and month (or year); rows of `observed.OBSERVED`."""
    exposed = _exposed(ev, of)
    told = (
        field_months(ev, of.codes)
        .lazy()
        .with_columns(line("ccode1"), line("ccode2"))
        .select("source", "month", "field", "incidents", _low(), _high())
        .group_by(*KEYS, "field")
        .agg(y=pl.col("incidents").sum())
    )
    fields = pl.LazyFrame({"field": FIELDS})
    return observed(
        exposed.join(fields, how="cross")
        .join(told, on=[*KEYS, "field"], how="left")
        .group_by("source", "ccode1", "ccode2", "field", "told")
        .agg(pl.col("y").sum(), pl.col("expected").sum())
        .with_columns(
            month="told",
            offset=ELASTICITY * pl.col("expected").log(),
            item=pl.concat_str(pl.lit("acts_"), "field", pl.lit(":"), "source"),
        )
        .collect()
    )


def _low() -> pl.Expr:
    return pl.min_horizontal("ccode1", "ccode2").alias("ccode1")


def _high() -> pl.Expr:
    return pl.max_horizontal("ccode1", "ccode2").alias("ccode2")


def _exposed(ev: Evidence, of: Asked) -> pl.LazyFrame:
    """The months of which a source speaks, with what is expected, and the month in which each is `told`."""
    loud = (
        loud_months(ev, of.codes)
        .lazy()
        .join(_spoken(of), on=["source", "month"], how="semi")
        .with_columns(line("ccode"))
        .group_by("source", "month", "ccode")
        .agg(pl.col("events").sum().cast(pl.Float64))
        .collect()
        .lazy()
    )
    world = loud.filter(pl.col("ccode").is_null()).select("source", "month", world="events")
    one, two = (
        loud.drop_nulls("ccode").rename({"ccode": f"ccode{n}", "events": f"events{n}"}) for n in (1, 2)
    )
    met = (
        of.pairs.lazy()
        .join(one, on="ccode1")
        .join(two, on=["ccode2", "source", "month"])
        .join(world, on=["source", "month"])
        .with_columns(
            expected=pl.col("events1") * pl.col("events2") / pl.col("world"), year=pl.col("month").dt.year()
        )
    )
    of_year = pl.col("expected").sum().over("source", "ccode1", "ccode2", "year")
    return (
        _existing(met, of)
        .with_columns(of_year=of_year)
        .filter(pl.col("of_year") >= NONE)
        .with_columns(told=pl.when(pl.col("of_year") < FEW).then(pl.date("year", 12, 1)).otherwise("month"))
        .select(*KEYS, "expected", "told")
    )


def _spoken(of: Asked) -> pl.LazyFrame:
    """Months of some days of which a source of events speaks of all states; volumes are of the same days."""
    spells = of.spoken("events", ["*"])
    return (
        spells.lazy()
        .filter(pl.col("line_from").is_null() & pl.col("line_to").is_null())
        .select("source", month=pl.date_ranges(pl.col("start").dt.truncate("1mo"), "end", "1mo"))
        .explode("month")
        .drop_nulls("month")
        .unique()
    )


def _existing(met: pl.LazyFrame, of: Asked) -> pl.LazyFrame:
    """The months in which both states existed for some days."""
    spells = together(of.pairs).lazy()
    last = pl.col("month").dt.month_end()
    return (
        met.join(spells, on=["ccode1", "ccode2"])
        .filter((pl.col("since") <= last) & (pl.col("until") >= pl.col("month")))
        .drop("since", "until")
        .unique(KEYS)
    )
