"""The states of many pairs as rows: a panel of tone, engagement and alignment, by month or at the end of each year."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import polars as pl

from amity import evidence, states
from amity.dimensions import ALL, kept_rows, named
from amity.dimensions.constants import loaded
from amity.dimensions.estimate import FIRST, filtered, only_known, prepare, smoothed, states_frame
from amity.dimensions.observed import last_month, lines, pairs_of
from amity.errors import NoEvidenceError, UsageError
from amity.evidence.columns import KEYS, PanelColumn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from amity.dimensions.constants import Constants
    from amity.dimensions.observed import Dimension
    from amity.evidence import Evidence
    from amity.states import State

__all__ = ["columns", "panel_parts"]

BLOCK = 1000
"""Pairs that are worked out at once: so a world of them fits in a gigabyte."""

READ = {
    "tone": "how both treat each other",
    "tone_1to2": "how 1 treats 2",
    "tone_2to1": "how 2 treats 1",
    "engagement": "how much they have to do with each other",
    "alignment": "how alike they stand in the world",
}
"""What is read of the dimensions, and what it says."""
SEEN = {"tone": "tone", "engagement": "engagement", "alignment": "alignment"}


UNKNOWN = "where evidence hardly narrows the interval"


def columns(grain: Literal["year", "month"]) -> tuple[PanelColumn, ...]:
    """The declared columns of the panel of states, in order.

    >>> [column.name for column in columns("month")][:9]
    ['ccode1', 'ccode2', 'iso3c1', 'iso3c2', 'year', 'month', 'tone', 'tone_low', 'tone_high']
    """
    keys = [key for key in KEYS if key.name != "days" and (grain == "month" or key.name != "month")]
    made: list[PanelColumn] = []
    for name, says in READ.items():
        about = f"{name}: {says}, -100 to 100"
        made += [
            PanelColumn(name + end, "float32", says, "same", unit="points", missing=UNKNOWN)
            for end, says in (
                ("", about),
                ("_low", f"Low end of the 90% interval of {name}"),
                ("_high", f"High end of the 90% interval of {name}"),
                ("_then", f"{name} as it could be known at the time"),
            )
        ]
    since = "since 1946" if grain == "month" else "of the year"
    counted = [
        PanelColumn(f"{name}_seen", "int32", f"Observations of {name} in the period", "same", missing=since)
        for name in SEEN
    ]
    return (*keys, *made, *counted)


def panel_parts(
    ev: Evidence,
    parties: Sequence[State] = (),
    grain: Literal["year", "month"] = "year",
    years: tuple[int, int | None] = (1946, None),
) -> Iterator[pl.DataFrame]:
    """States of the pairs among some states (one: of it with all others; none: of the world), in blocks of pairs.

    Columns of `columns`, one row a pair and period in which both were in the system; at the end of each year, or in
    every month. Pairs are lines of states, by their code of today. The last period is the last that a dimension knows
    anything of. A value is missing, with its interval, where it is unknown (`estimate.LEAST_KNOWN`). Raises
    `NoEvidenceError` where there are no rows, or `UsageError` for years that end before 1946, or before they begin.
    """
    if years[1] is not None and years[1] < FIRST.year:
        raise UsageError(
            f"nothing is estimated of {years[1]}", f"name years from {FIRST.year} on, where estimates begin"
        )
    if years[1] is not None and years[1] < years[0]:
        raise UsageError(
            f"the years {years[0]} to {years[1]} run backwards", "give a first year before the last"
        )
    pairs = _asked(parties)
    if not parties:
        kept_rows.keep(ev)
    rows = {name: named(name).observe(ev, pairs) for name in ALL}
    last = last_month(rows.values())
    if last is None:
        raise NoEvidenceError("nothing is known of these pairs", "load sources: see `amity sources`")
    if years[0] > last.year:
        raise UsageError(f"nothing is known of {years[0]} yet", f"name years to {last.year}")
    last = min(last, date(years[1], 12, 1)) if years[1] else last
    rows = {name: all_of.filter(pl.col("month") <= last) for name, all_of in rows.items()}
    known = {name: loaded(ev, named(name)) for name in ALL}
    found = False
    for first in range(0, pairs.height, BLOCK):
        part = _block(pairs.slice(first, BLOCK), rows, known, grain, date(years[0], 1, 1), last)
        if part.height:
            found = True
            yield part
    if not found:
        raise NoEvidenceError(
            "these states were in the state system together at the end of none of the years asked for",
            "ask for other years, or by month, or run `amity states NAME` to see when a state existed",
        )


def _asked(parties: Sequence[State]) -> pl.DataFrame:
    if not parties:
        return pairs_of()
    if len(parties) == 1:
        return pairs_of([(parties[0], other) for other in states.every() if other.ccode != parties[0].ccode])
    return pairs_of([*combinations(parties, 2)])


def _block(
    pairs: pl.DataFrame,
    rows: dict[str, pl.DataFrame],
    known: dict[str, Constants],
    grain: Literal["year", "month"],
    first: date,
    last: date,
) -> pl.DataFrame:
    """The panel of a block of pairs."""
    keys = ["ccode1", "ccode2", "month"]
    wide = _months_together(pairs, last).filter(pl.col("month") >= first)
    if grain == "year":
        wide = wide.filter((pl.col("month").dt.month() == 12) | (pl.col("month") == last.replace(day=1)))
    for name in ALL:
        seen = rows[name].join(pairs, on=["ccode1", "ccode2"], how="semi")
        per = pl.col("month") if grain == "month" else pl.date(pl.col("month").dt.year(), 12, 1)
        counted = seen.group_by("ccode1", "ccode2", month=per).agg(
            pl.len().alias(f"{name}_seen").cast(pl.Int32)
        )
        if grain == "year":
            counted = counted.with_columns(pl.min_horizontal("month", pl.lit(last.replace(day=1))))
        wide = wide.join(
            _states(pairs, seen, named(name).ABOUT, known[name], last), on=keys, how="left"
        ).join(counted, on=keys, how="left")
    names = {state.ccode: state.iso3c for state in states.every()}
    return (
        wide.with_columns(pl.col(f"{name}_seen").fill_null(0) for name in ALL)
        .with_columns(
            year=pl.col("month").dt.year().cast(pl.Int16),
            iso3c1=pl.col("ccode1").replace_strict(names, return_dtype=pl.String),
            iso3c2=pl.col("ccode2").replace_strict(names, return_dtype=pl.String),
            month=pl.col("month").dt.month(),
        )
        .select([column.name for column in columns(grain)])
        .sort("ccode1", "ccode2", "year", *(["month"] if grain == "month" else []))
    )


def _states(
    pairs: pl.DataFrame, rows: pl.DataFrame, dimension: Dimension, constants: Constants, last: date
) -> pl.DataFrame:
    """The readings of a dimension side by side, rounded to a tenth of a point."""
    laid = prepare(rows, pairs, dimension, named(dimension.name).ITEMS, constants, last)
    now, then = (states_frame(laid, found) for found in (smoothed(laid), filtered(laid)))
    keys = ["ccode1", "ccode2", "month"]
    both = (
        only_known(now)
        .with_columns(then=only_known(then)["value"])
        .select(*keys, "dimension", pl.col("value", "low", "high", "then").round(1))
    )
    parts = both.partition_by("dimension", maintain_order=True)
    ends = {"value": "", "low": "_low", "high": "_high", "then": "_then"}
    wide = [
        part.select(*keys, *(pl.col(c).alias(part["dimension"][0] + end) for c, end in ends.items()))
        for part in parts
    ]
    return pl.concat([wide[0], *(part.drop(keys) for part in wide[1:])], how="horizontal")


def _months_together(pairs: pl.DataFrame, last: date) -> pl.DataFrame:
    """The months on whose last day both states of a pair were in the system: `ccode1, ccode2, month`."""
    line = lines().rename({"line": "ccode1", "ccode": "code1"})
    other = lines().rename({"line": "ccode2", "ccode": "code2"})
    members = (
        pairs.join(line, on="ccode1")
        .join(other, on="ccode2")
        .with_columns(low=pl.min_horizontal("code1", "code2"), high=pl.max_horizontal("code1", "code2"))
    )
    spells = evidence.together(members.select("low", "high").iter_rows())
    end = pl.min_horizontal(pl.col("end").dt.month_end(), pl.lit(last).dt.month_end())
    return (
        members.join(spells, left_on=["low", "high"], right_on=["ccode1", "ccode2"])
        .with_columns(
            month=pl.date_ranges(pl.max_horizontal("start", pl.lit(FIRST)).dt.truncate("1mo"), end, "1mo")
        )
        .explode("month")
        .drop_nulls("month")
        .select("ccode1", "ccode2", "month")
        .unique()
    )
