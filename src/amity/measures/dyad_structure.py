"""The structure of pairs of states: what geography, power and pacts say of them before anybody's conduct does."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Any

import polars as pl

from amity import evidence
from amity.errors import NoEvidenceError
from amity.evidence.system import FOREVER, system

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amity.evidence import Evidence

__all__ = ["DYAD_YEAR", "PAIR", "covariates", "held", "relevant"]

PAIR = ("ccode1", "ccode2")
DYAD_YEAR = (*PAIR, "year")

CONTIGUITY = {
    "land or river border": 1,
    "12 miles of water or less": 2,
    "24 miles of water or less": 3,
    "150 miles of water or less": 4,
    "400 miles of water or less": 5,
}
"""How near two states are, nearest first; 0 stands for none of these."""

ALLIANCES = ("alliance_defense", "alliance_nonaggression")

FACTS = {
    "contiguity": pl.Int8(),
    "alliance_defense": pl.Boolean(),
    "alliance_nonaggression": pl.Boolean(),
    "distance_km": pl.Float64(),
    "capability_larger": pl.Float64(),
    "capability_smaller": pl.Float64(),
    "major_powers": pl.Int8(),
}
"""The columns of `covariates` beside its keys."""


def covariates(
    ev: Evidence, first: int, last: int, pairs: Iterable[tuple[int, int]] | None = None
) -> pl.DataFrame:
    """The structure of pairs (all, unless some are named) in the years in which both were in the state system.

    Everything stands as on the first day of the year on which both were in the system, so that it could be known
    before the year's disputes; capabilities are those of the year before (of the same year where a state has none).

    Columns: `ccode1 < ccode2, year`; `contiguity` (1 … 5 as in `CONTIGUITY`, 0: none); `alliance_defense` and
    `alliance_nonaggression` (true or false); `distance_km` (minimum distance, km); `capability_larger` and
    `capability_smaller` (shares of the world's, 0 to 1); `major_powers` (0, 1 or 2 of them). A value is missing where
    no source speaks, never nought. Sorted by the keys.

    Raises `NoEvidenceError` where no state pair asked for was in the system together in these years.
    """
    rows = _dyad_years(pairs, first, last)
    if rows.is_empty():
        raise NoEvidenceError(
            "no two of these states were in the state system on the same day of the years asked for",
            "ask for other years, or run `amity states NAME` to see when a state existed",
        )
    codes = sorted({*rows["ccode1"].unique(), *rows["ccode2"].unique()})
    kinds = ("contiguity", *ALLIANCES)
    told = evidence.ties_of(ev, kinds, codes)
    said = evidence.spoken(ev, codes=codes).filter(pl.col("table").is_in(["ties", "traits"]))
    days = rows.select("row", *DYAD_YEAR, "day")
    for kind in kinds:
        found = _standing(told.filter(kind=kind), days)
        rows = _with_tie(rows, kind, found, _spoken(said.filter(table="ties"), kind, days))
    far = evidence.figures(ev, codes, codes, ("minimum_distance",))
    rows = _with_distance(rows, far)
    traits = evidence.traits(ev, codes).filter(pl.col("kind").is_in(["capability_share", "major_power"]))
    rows = _with_capabilities(rows, traits.filter(kind="capability_share"))
    rows = _with_majors(rows, traits.filter(kind="major_power"), said.filter(table="traits"))
    return rows.select(*DYAD_YEAR, *(pl.col(name).cast(kind) for name, kind in FACTS.items())).sort(DYAD_YEAR)


def held(structure: pl.DataFrame) -> pl.DataFrame:
    """The structure with unknown values held at the pair's last known ones, and `held`: whether any was.

    A minimum distance that is not known in a pair's first years is the first that is: borders, not events. What was
    never known of a pair stays unknown.

    >>> frame = pl.DataFrame({"ccode1": [2, 2], "ccode2": [811, 811], "year": [2016, 2017], "contiguity": [0, None]})
    >>> held(frame)["contiguity"].to_list(), held(frame)["held"].to_list()
    ([0, 0], [False, True])
    """
    facts = [name for name in FACTS if name in structure.columns]
    ordered = structure.sort(DYAD_YEAR)
    filled = ordered.with_columns(pl.col(facts).forward_fill().over(PAIR))
    if "distance_km" in facts:
        filled = filled.with_columns(pl.col("distance_km").backward_fill().over(PAIR))
    was = [(ordered[name].is_null() & filled[name].is_not_null()).alias(name) for name in facts]
    return filled.with_columns(held=pl.DataFrame(was).select(pl.any_horizontal(facts)).to_series())


def relevant(structure: pl.DataFrame) -> pl.DataFrame:
    """The structure with `relevant`: neighbours by land or water, or a great power among the two.

    Unknown where one of both is unknown and the other does not settle it (Maoz and Russett 1993).

    >>> rows = {"contiguity": [0, 3, None], "major_powers": [0, 0, 1]}
    >>> relevant(pl.DataFrame(rows))["relevant"].to_list()
    [False, True, True]
    """
    return structure.with_columns(relevant=(pl.col("contiguity") > 0) | (pl.col("major_powers") > 0))


def _dyad_years(pairs: Iterable[tuple[int, int]] | None, first: int, last: int) -> pl.DataFrame:
    """`row, ccode1 < ccode2, year` and `day`, the year's first on which both were in the system."""
    asked = combinations(sorted(system()["ccode"].unique()), 2) if pairs is None else pairs
    days = evidence.together({(min(pair), max(pair)) for pair in asked if pair[0] != pair[1]})
    start, end = (
        pl.max_horizontal(pl.col("start").dt.year(), first),
        pl.min_horizontal(pl.col("end").dt.year(), last),
    )
    years = days.lazy().filter(start <= end).with_columns(year=pl.int_ranges(start, end + 1)).explode("year")
    day = pl.max_horizontal("start", pl.date("year", 1, 1))
    firsts = years.with_columns(pl.col("year").cast(pl.Int32), day=day).sort(*DYAD_YEAR, "day")
    return (
        firsts.unique(DYAD_YEAR, keep="first", maintain_order=True)
        .select(*DYAD_YEAR, "day")
        .with_row_index("row")
        .collect()
    )


def _standing(ties: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Of each tie the dyad-years on whose day it stood: `row, level`."""
    first, last = rows["year"].min(), rows["year"].max()
    start, end = pl.col("start").fill_null(date(1, 1, 1)), pl.col("end").fill_null(FOREVER)
    spells = ties.lazy().select(
        *_sorted_pair(),
        "level",
        start=start,
        end=end,
        year=pl.int_ranges(
            pl.max_horizontal(start.dt.year(), pl.lit(first)),
            pl.min_horizontal(end.dt.year(), pl.lit(last)) + 1,
        ),
    )
    years = spells.explode("year").drop_nulls("year").with_columns(pl.col("year").cast(pl.Int32))
    stood = years.join(rows.lazy(), on=DYAD_YEAR).filter(pl.col("day").is_between("start", "end"))
    return stood.select("row", "level").collect()


def _sorted_pair() -> tuple[pl.Expr, pl.Expr]:
    return (
        pl.min_horizontal("ccode_from", "ccode_to").alias("ccode1"),
        pl.max_horizontal("ccode_from", "ccode_to").alias("ccode2"),
    )


def _spoken(said: pl.DataFrame, kind: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The dyad-years of whose day some source speaks of this kind of tie: `row, spoken`."""
    spans = (
        said.lazy().filter(pl.col("kind").is_in([kind, "*"])).select("ccode_from", "ccode_to", "start", "end")
    )
    ways = [("ccode_from", "ccode_to"), ("ccode_to", "ccode_from")][: 2 if kind in evidence.UNDIRECTED else 1]
    bears = pl.any_horizontal(_is_or_any(one, "ccode1") & _is_or_any(two, "ccode2") for one, two in ways)
    of_pairs = rows.lazy().select(PAIR).unique().join(spans, how="cross").filter(bears)
    met = rows.lazy().join(of_pairs, on=PAIR).filter(pl.col("day").is_between("start", "end"))
    return met.select("row", spoken=pl.lit(value=True)).unique().collect()


def _is_or_any(named: str, state: str) -> pl.Expr:
    return pl.col(named).is_null() | (pl.col(named) == pl.col(state))


def _with_tie(rows: pl.DataFrame, kind: str, stood: pl.DataFrame, spoken: pl.DataFrame) -> pl.DataFrame:
    """The rows with one tie: its nearest rank if it is contiguity, else whether it stood; missing if nobody speaks."""
    if kind == "contiguity":
        rank: Any = pl.col("level").replace_strict(CONTIGUITY, return_dtype=pl.Int8).min()
        none: Any = pl.lit(0, pl.Int8)
    else:
        rank, none = pl.lit(value=True), pl.lit(value=False)
    best = stood.lazy().group_by("row").agg(rank.alias(kind))
    joined = rows.lazy().join(best, on="row", how="left").join(spoken.lazy(), on="row", how="left")
    filled = pl.when(pl.col("spoken")).then(pl.col(kind).fill_null(none)).otherwise(pl.col(kind))
    return joined.with_columns(filled.alias(kind)).drop("spoken").collect()


def _with_distance(rows: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """The rows with the minimum distance of their year; of two that differ, the smaller."""
    first, last = rows["year"].min(), rows["year"].max()
    year = pl.int_ranges(
        pl.max_horizontal(pl.col("start").dt.year(), pl.lit(first)),
        pl.min_horizontal(pl.col("end").dt.year(), pl.lit(last)) + 1,
    )
    asked = rows.lazy().select(PAIR).unique()
    of_pairs = figures.lazy().with_columns(*_sorted_pair()).join(asked, on=PAIR, how="semi")
    stretches = of_pairs.select(*PAIR, "value", year=year).unique()
    years = stretches.explode("year").drop_nulls("year").with_columns(pl.col("year").cast(pl.Int32))
    nearest = years.sort(*DYAD_YEAR, "value").unique(DYAD_YEAR, keep="first")
    return rows.lazy().join(nearest.rename({"value": "distance_km"}), on=DYAD_YEAR, how="left").collect()


def _with_capabilities(rows: pl.DataFrame, shares: pl.DataFrame) -> pl.DataFrame:
    """The rows with both shares of the year before, or of the year."""
    year = pl.col("start").dt.year().cast(pl.Int32)
    yearly = shares.lazy().group_by("ccode", year=year).agg(pl.col("value").mean()).collect().lazy()
    told = rows.lazy()
    for side in ("1", "2"):
        own = yearly.rename({"ccode": f"ccode{side}", "value": f"now{side}"})
        earlier = own.rename({f"now{side}": f"before{side}"}).with_columns(pl.col("year") + 1)
        on = [f"ccode{side}", "year"]
        told = told.join(own, on=on, how="left").join(earlier, on=on, how="left")
    one, two = (pl.coalesce(f"before{side}", f"now{side}") for side in ("1", "2"))
    both = one.is_not_null() & two.is_not_null()
    return told.with_columns(
        capability_larger=pl.when(both).then(pl.max_horizontal(one, two)),
        capability_smaller=pl.when(both).then(pl.min_horizontal(one, two)),
    ).collect()


def _with_majors(rows: pl.DataFrame, spells: pl.DataFrame, coverage: pl.DataFrame) -> pl.DataFrame:
    """The rows with the number of great powers among the two on the day; missing if one is not spoken of."""
    spoken = coverage.lazy().filter(kind="major_power").select("ccode_from", "start", "end")
    powers = spells.lazy().filter(pl.col("value") > 0).select("ccode", "start", "end")
    told = rows.lazy()
    for side in ("1", "2"):
        days = rows.lazy().select(pl.col(f"ccode{side}").alias("ccode"), "day").unique()
        own = days.join(powers, on="ccode")
        was = own.filter(pl.col("day").is_between("start", pl.col("end").fill_null(FOREVER)))
        said = days.join(spoken, how="cross").filter(
            (pl.col("ccode_from").is_null() | (pl.col("ccode_from") == pl.col("ccode")))
            & pl.col("day").is_between("start", "end")
        )
        known = pl.concat(
            [
                was.select("ccode", "day", major=pl.lit(1, pl.Int8)),
                said.select("ccode", "day", major=pl.lit(0, pl.Int8)),
            ]
        )
        best = known.group_by("ccode", "day").agg(pl.col("major").max().alias(f"major{side}"))
        told = told.join(best.rename({"ccode": f"ccode{side}"}), on=[f"ccode{side}", "day"], how="left")
    return told.with_columns(major_powers=pl.col("major1") + pl.col("major2")).collect()
