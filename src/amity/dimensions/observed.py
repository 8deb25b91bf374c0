"""What a dimension observes of pairs of states: the rows that the engine reads, whatever they come from.

A pair is two lines of states, each by its code of today or its last one (Germany is 255 in every year), the smaller
code first. A row is one observation of an item in a month; what is known of a year only stands in its December, so
that the filter never knows it too early.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Literal

import polars as pl

from amity import evidence, states
from amity.engine.families import COUNT, GAUSSIAN, MIX

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amity.states import State

__all__ = [
    "OBSERVED",
    "Dimension",
    "Item",
    "few",
    "last_month",
    "line",
    "lines",
    "members",
    "observed",
    "pairs_of",
    "to_lines",
    "years_together",
]

MANY = 400
"""From so many pairs on it is quicker to read everything than to name the states."""

FAMILIES = {"mix": MIX, "count": COUNT, "gaussian": GAUSSIAN}

OBSERVED = pl.Schema(
    {
        "ccode1": pl.Int16,
        "ccode2": pl.Int16,
        "month": pl.Date,
        "item": pl.String,
        "source": pl.String,
        "side": pl.Int8,
        "y": pl.Float64,
        "n": pl.Float64,
        "offset": pl.Float64,
    }
)
"""`side` 1: by 1 towards 2; -1: by 2 towards 1; 0: of both. `y`, `n`, `offset`: see `engine.families`."""


@dataclass(frozen=True, slots=True)
class Item:
    """A kind of evidence: what it is, the law it follows, and the constants to begin learning from."""

    name: str
    says: str
    """What one observation is, for the page: 'of the acts that are coded from the news, how many are hostile'."""
    family: Literal["mix", "count", "gaussian"]
    intercept: float
    loading: float
    dispersion: float = 0.0
    each_source: bool = False
    """Whether every source of it has constants of its own; the item of a row is then `name:source`."""
    field: str = ""
    """The field of relations it speaks of, where it speaks of one."""
    most: float = math.inf
    """Of a mix: more acts than these in a month are read as these, of the same mix."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension of relations."""

    name: str
    says: str
    directed: bool
    """Whether each side has a value of its own towards the other."""
    persistence: tuple[float, ...]
    """A month, to begin learning from: of the state, and where directed of the difference between the sides."""
    variance: tuple[float, ...]
    held: bool = False
    """Whether the persistence is declared once and for all, and not learned."""


@cache
def lines() -> pl.DataFrame:
    """Which line every code belongs to: `ccode, line`."""
    told = [(code, state.ccode) for state in states.every() for code in state.ccodes]
    return pl.DataFrame(told, schema={"ccode": pl.Int16, "line": pl.Int16}, orient="row").unique()


@cache
def line(column: str) -> pl.Expr:
    """A column of codes as lines, each by its code of today; a missing one stays so."""
    return pl.lit(_by_code()).gather(pl.col(column)).alias(column)


@cache
def _by_code() -> pl.Series:
    """The line of every code, at its place; others stand for themselves."""
    of = dict(lines().iter_rows())
    return pl.Series([of.get(code, code) for code in range(2**15)], dtype=pl.Int16)


def pairs_of(parties: Sequence[tuple[State, State]] | None = None) -> pl.DataFrame:
    """Pairs of lines, `ccode1 < ccode2`, sorted: those given, or all whose states were ever in the system together.

    >>> pairs_of([(states.find("USA"), states.find("KHM"))]).row(0)
    (2, 811)
    """
    every = [state.ccode for state in states.every()]
    told: Iterable[tuple[int, int]] = (
        ((a.ccode, b.ccode) for a, b in parties)
        if parties is not None
        else ((a, b) for a in every for b in every if a < b)
    )
    schema = {"ccode1": pl.Int16, "ccode2": pl.Int16}
    ordered = pl.DataFrame([sorted(pair) for pair in told], schema=schema, orient="row")
    return ordered.unique().sort("ccode1", "ccode2")


def codes(pairs: pl.DataFrame) -> list[int]:
    """Every code of every line in some pairs, for asking `evidence`."""
    named = pl.concat([pairs["ccode1"], pairs["ccode2"]]).unique()
    return lines().filter(pl.col("line").is_in(named.implode()))["ccode"].sort().to_list()


def few(pairs: pl.DataFrame) -> list[int] | None:
    """Every code of some pairs, to read theirs alone; None from `MANY` pairs on, when it is quicker to read all."""
    return codes(pairs) if pairs.height < MANY else None


def to_lines(rows: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Rows with `ccode_from, ccode_to`, of the pairs alone, with `ccode1, ccode2, side` in their place.

    >>> rows = pl.DataFrame({"ccode_from": [811], "ccode_to": [2]}, schema_overrides={"ccode_from": pl.Int16})
    >>> to_lines(rows.cast(pl.Int16), pairs_of([(states.find("USA"), states.find("KHM"))])).row(0)
    (2, 811, -1)
    """
    return (
        rows.lazy()
        .with_columns(_from=line("ccode_from"), _to=line("ccode_to"))
        .with_columns(
            ccode1=pl.min_horizontal("_from", "_to"),
            ccode2=pl.max_horizontal("_from", "_to"),
            side=pl.when(pl.col("_from") < pl.col("_to")).then(1).otherwise(-1).cast(pl.Int8),
        )
        .join(pairs.lazy(), on=["ccode1", "ccode2"], how="semi")
        .drop("_from", "_to", "ccode_from", "ccode_to")
        .select("ccode1", "ccode2", "side", pl.exclude("ccode1", "ccode2", "side"))
        .collect()
    )


def observed(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows in the columns, types and order of `OBSERVED`; a missing `side`, `n` or `offset` is 0."""
    given = rows.columns
    return rows.select(
        (pl.col(name) if name in given else pl.lit(0).alias(name)).cast(dtype)
        for name, dtype in OBSERVED.items()
    )


def last_month(observed: Iterable[pl.DataFrame]) -> date | None:
    """The last month of which some rows of `observed.OBSERVED` speak; None where there are no rows."""
    months = pl.concat([rows.select("month") for rows in observed])["month"]
    return max(months) if len(months) else None


def years_together(pairs: pl.DataFrame, first: int = 1946, last: int | None = None) -> pl.DataFrame:
    """The years in which both states of a pair were in the system for some days: `ccode1, ccode2, year`."""
    asked = members(pairs)
    spells = evidence.together(asked.select("code1", "code2").iter_rows())
    end = last or date.today().year  # noqa: DTZ011  (a calendar year, not an instant)
    return (
        spells.lazy()
        .rename({"ccode1": "code1", "ccode2": "code2"})
        .join(asked.lazy(), on=["code1", "code2"])
        .with_columns(
            year=pl.int_ranges(
                pl.max_horizontal(pl.col("start").dt.year(), pl.lit(first)),
                pl.min_horizontal(pl.col("end").dt.year(), pl.lit(end)) + 1,
            )
        )
        .explode("year")
        .drop_nulls("year")
        .select("ccode1", "ccode2", pl.col("year").cast(pl.Int16))
        .unique()
        .sort("ccode1", "ccode2", "year")
        .collect()
    )


def members(pairs: pl.DataFrame) -> pl.DataFrame:
    """The codes behind pairs of lines: `ccode1, ccode2, code1, code2`, `code1` the smaller."""
    one, two = (lines().lazy().rename({"ccode": f"c{n}", "line": f"ccode{n}"}) for n in (1, 2))
    return (
        pairs.lazy()
        .join(one, on="ccode1")
        .join(two, on="ccode2")
        .with_columns(code1=pl.min_horizontal("c1", "c2"), code2=pl.max_horizontal("c1", "c2"))
        .drop("c1", "c2")
        .collect()
    )
