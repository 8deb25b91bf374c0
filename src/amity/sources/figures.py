"""What sources of amounts have in common: the spans of days of which they speak, and what they set aside."""

from __future__ import annotations

import polars as pl

from amity.catalog import polars_schema

PAIR = ("kind", "ccode_from", "ccode_to")


def typed(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """A frame with the columns of a table of the catalogue, in its order and with its types."""
    return frame.select(pl.col(name).cast(dtype) for name, dtype in polars_schema(table).items())


def years(first: str, last: str) -> tuple[pl.Expr, pl.Expr]:
    """The columns `start` and `end`: 1 January of one column of years, 31 December of another."""
    return pl.date(first, 1, 1).alias("start"), pl.date(last, 12, 31).alias("end")


def covered(known: pl.DataFrame) -> pl.DataFrame:
    """The `coverage` of figures that are known from day to day: spans that touch or overlap are one.

    `known` has `kind, ccode_from, ccode_to` (a missing code is every state), `start` and `end`, both days included.

    >>> from datetime import date
    >>> spans = [(date(2001, 1, 1), date(2001, 12, 31)), (date(2002, 1, 1), date(2002, 12, 31)),
    ...          (date(2009, 1, 1), date(2009, 12, 31))]
    >>> known = pl.DataFrame(spans, schema=["start", "end"], orient="row").with_columns(
    ...     kind=pl.lit("gift"), ccode_from=2, ccode_to=811)
    >>> [(start.year, end.year) for start, end in covered(known).select("start", "end").rows()]
    [(2001, 2002), (2009, 2009)]
    """
    ordered = known.sort(*PAIR, "start", "end")
    before = pl.col("end").cum_max().shift().over(PAIR)
    opens = (pl.col("start") > before.dt.offset_by("1d")).fill_null(value=True)
    spans = (
        ordered.with_columns(span=opens.cast(pl.Int32).cum_sum().over(PAIR))
        .group_by(*PAIR, "span", maintain_order=True)
        .agg(pl.col("start").min(), pl.col("end").max())
    )
    return typed(spans.with_columns(table=pl.lit("figures")), "coverage")


def set_aside(rows: pl.DataFrame, what: str = "amounts") -> pl.DataFrame:
    """The `review` of rows that are left out: columns `file, place, why`, counted by what they say.

    >>> rows = pl.DataFrame({"file": ["a.csv"] * 2, "place": ["World"] * 2, "why": ["a group of states"] * 2})
    >>> set_aside(rows)["why"].to_list()
    ['a group of states (2 amounts)']
    """
    counted = rows.group_by("file", "place", "why").len().sort("file", "place", "why")
    return typed(counted.with_columns(why=pl.format("{} ({} {})", "why", "len", pl.lit(what))), "review")
