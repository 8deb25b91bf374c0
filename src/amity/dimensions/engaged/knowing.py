"""The pairs and years that are asked for, and in which of them a source speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from amity import evidence, sources
from amity.dimensions.observed import few, line, lines, years_together
from amity.evidence.system import system

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.evidence import Evidence

__all__ = [
    "DIRECTED",
    "FIRST",
    "Asked",
    "asked",
    "best_source",
    "by_line",
    "partners",
    "spoken_years",
    "together",
]

FIRST = 1946
"""The first year of every series: that of the chains."""
MOST = 273
"""Days of a year that must be spoken of for the year to count: a fiscal year that ends in September is one."""

DIRECTED = ["line_from", "line_to", "year"]


@dataclass(frozen=True, slots=True)
class Asked:
    """The pairs of a question."""

    pairs: pl.DataFrame
    """`ccode1, ccode2`: lines, the smaller first."""
    years: pl.DataFrame
    """`ccode1, ccode2, line_from, line_to, year`: both directions of every year in which both states existed."""
    codes: Sequence[int] | None
    """Every code of every line; None: so many that all are meant."""
    spells: pl.DataFrame
    """What sources say that they speak about, with lines: `table, kind, source, line_from, line_to, start, end`."""

    def spoken(self, table: str, kinds: Sequence[str]) -> pl.DataFrame:
        """The spells of some kinds; a source that speaks of every kind (`*`) speaks of each of them."""
        asked = pl.lit(list(kinds), pl.List(pl.String))
        meant = pl.when(pl.col("kind") == "*").then(asked).otherwise(pl.concat_list("kind"))
        return (
            self.spells.lazy()
            .filter(pl.col("table") == table, pl.col("kind").is_in([*kinds, "*"]))
            .drop("table")
            .with_columns(kind=meant)
            .explode("kind")
            .collect()
        )


def asked(ev: Evidence, pairs: pl.DataFrame) -> Asked:
    """A question about some pairs of lines."""
    named = pairs.select("ccode1", "ccode2").unique().sort("ccode1", "ccode2")
    both = years_together(named, FIRST)
    ways = (("ccode1", "ccode2"), ("ccode2", "ccode1"))
    directed = pl.concat([both.with_columns(line_from=pl.col(a), line_to=pl.col(b)) for a, b in ways])
    among = few(named)
    return Asked(named, directed, among, by_line(evidence.spoken(ev, codes=among)))


def by_line(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with the lines `line_from, line_to` in place of the codes `ccode_from, ccode_to`; a missing one stays so."""
    return rows.select(
        pl.exclude("ccode_from", "ccode_to"), line_from=line("ccode_from"), line_to=line("ccode_to")
    )


def spoken_years(spells: pl.DataFrame, years: pl.DataFrame) -> pl.DataFrame:
    """The directed pairs and years of which a source speaks in most of the year: columns of `years`, `kind, source`."""
    first, last = pl.col("start").dt.year(), pl.col("end").dt.year()
    day_first = pl.max_horizontal("start", pl.date("year", 1, 1))
    day_last = pl.min_horizontal("end", pl.date("year", 12, 31))
    keys = ["kind", "source", *DIRECTED]
    told = (
        spells.lazy()
        .with_columns(year=pl.int_ranges(pl.max_horizontal(first, pl.lit(FIRST)), last + 1))
        .explode("year")
        .drop_nulls("year")
        .with_columns(pl.col("year").cast(pl.Int16), days=(day_last - day_first).dt.total_days() + 1)
        .group_by(keys)
        .agg(pl.col("days").sum())
        .filter(pl.col("days") >= MOST)
        .drop("days")
        .collect()
    )
    sender, receiver = pl.col("line_from").is_null(), pl.col("line_to").is_null()
    cases = (
        (~sender & ~receiver, DIRECTED),
        (~sender & receiver, ["line_from", "year"]),
        (sender & ~receiver, ["line_to", "year"]),
        (sender & receiver, ["year"]),
    )
    columns = [*years.columns, "kind", "source"]
    found = [(told.filter(case), on) for case, on in cases]
    parts = [
        years.lazy().join(some.lazy().select("kind", "source", *on), on=on).select(columns)
        for some, on in found
        if some.height
    ]
    none = years.clear().lazy().with_columns(kind=pl.lit(""), source=pl.lit(""))
    return pl.concat(parts or [none]).unique().collect()


def best_source(rows: pl.DataFrame, over: Sequence[str], order: Sequence[str] = ()) -> pl.DataFrame:
    """Of the sources that tell the same, the first: a user's own, then those of `order`, then as `sources.ALL`."""
    rank = {name: n for n, name in enumerate([*order, *(name for name in sources.ALL if name not in order)])}
    standing = pl.col("source").replace_strict(rank, default=-1, return_dtype=pl.Int32)
    return (
        rows.lazy()
        .with_columns(standing=standing)
        .filter(pl.col("standing") == pl.col("standing").min().over(*over))
        .sort("source")
        .filter(pl.col("source") == pl.col("source").first().over(*over))
        .drop("standing")
        .collect()
    )


def together(pairs: pl.DataFrame) -> pl.DataFrame:
    """Days on which both states of a pair were in the system: `ccode1, ccode2, since, until`."""
    one, two = (lines().lazy().rename({"ccode": f"c{n}", "line": f"ccode{n}"}) for n in (1, 2))
    coded = pairs.lazy().join(one, on="ccode1").join(two, on="ccode2").select("c1", "c2").collect()
    return evidence.together(coded.iter_rows()).select(
        line("ccode1"), line("ccode2"), since="start", until="end"
    )


def partners(years: pl.Series) -> pl.DataFrame:
    """How many other lines a state could meet in each of some years: `year, partners`."""
    alive = (
        system()
        .lazy()
        .join(lines().lazy(), on="ccode")
        .with_columns(last=pl.min_horizontal(pl.col("end").dt.year(), pl.lit(years.max())))
        .with_columns(year=pl.int_ranges(pl.col("start").dt.year(), pl.col("last") + 1))
        .explode("year")
        .drop_nulls("year")
    )
    many = pl.col("line").n_unique().cast(pl.Float64) - 1
    return alive.group_by(pl.col("year").cast(pl.Int16)).agg(partners=many).collect()
