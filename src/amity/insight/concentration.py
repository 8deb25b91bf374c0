r"""How a state's dealings are spread over its partners: how many vectors its foreign policy has, through time.

Of shares $s_j$ of a state's trade, visits, aid or engagement with its partners, concentration is Herfindahl's
$H = \sum_j s_j^2$, from $1/n$ to 1, and diversity its inverse $1/H$: as many equal partners would give the same
(Hirschman 1964). Only partners of which something is known have a share. Where the record speaks of less than half of
the world's states, as that of visits does for all but its own hubs, a concentration would be that of the record, and is
unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity import evidence, states
from amity.dimensions.estimate import LEAST_KNOWN
from amity.dimensions.observed import lines, pairs_of, years_together
from amity.evidence.dyad_years import amounts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from amity.evidence import Evidence
    from amity.states import State

__all__ = ["KINDS", "SPREAD", "concentration", "other_of", "spread"]

LEAST = 3
"""Partners of which something must be known: between fewer, a concentration would be that of the record."""
SEEN = 5
"""Years in which something must have been observed of a tie for its engagement to count."""
HALF = 0.5
"""The share of the world's states that a record must speak of."""
WINDOW = 5
"""Visits are rare: those of so many years count together."""

SPREAD = pl.Schema(
    {
        "kind": pl.String, "year": pl.Int16, "partners": pl.Int32, "of": pl.Int32, "herfindahl": pl.Float64,
        "effective": pl.Float64, "first": pl.Int16, "first_share": pl.Float64,
    }
)  # fmt: skip
"""`partners` with a share, `of` those that are known; `first` the largest partner."""
KINDS = ("trade", "visits", "aid received", "aid given", "engagement")


def other_of(state: State) -> pl.Expr:
    """The other state of a pair."""
    return pl.when(pl.col("ccode1") == state.ccode).then("ccode2").otherwise("ccode1").alias("ccode")


def concentration(rows: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Concentration of amounts by year: columns of `SPREAD`.

    `rows` are `year, ccode, amount`, one a year and known partner; those of nought or less have no share. A year in
    which nobody has any has no row.

    >>> rows = pl.DataFrame({"year": [2000] * 3, "ccode": [2, 710, 800], "amount": [3.0, 1.0, 0.0]})
    >>> concentration(rows, "trade").select("partners", "of", "herfindahl", "effective", "first").row(0)
    (2, 3, 0.625, 1.6, 2)
    """
    held = rows.with_columns(pl.col("amount").clip(0))
    share = pl.col("amount") / pl.col("amount").sum().over("year")
    return (
        held.with_columns(share=share)
        .group_by("year")
        .agg(
            partners=(pl.col("amount") > 0).sum(),
            of=pl.len(),
            herfindahl=(pl.col("share") ** 2).sum(),
            first=pl.col("ccode").sort_by("share", "ccode", descending=[True, False]).first(),
            first_share=pl.col("share").max(),
        )
        .filter(pl.col("partners") > 0)
        .with_columns(kind=pl.lit(kind), effective=1 / pl.col("herfindahl"))
        .sort("year")
        .select(pl.col(name).cast(dtype) for name, dtype in SPREAD.items())
    )


def spread(
    ev: Evidence, state: State, engaged: pl.DataFrame, rows: pl.DataFrame, until: date
) -> pl.DataFrame:
    """Concentration of all kinds of dealings, to the year of the last month."""
    parts = [
        *(concentration(frame, kind) for kind, frame in _amounts(ev, state).items()),
        concentration(_visits(ev, state), "visits"),
        concentration(_engaged(engaged, rows, state), "engagement"),
    ]
    order = {kind: n for n, kind in enumerate(KINDS)}
    return (
        pl.concat(parts)
        .filter(pl.col("year").is_between(1946, until.year), pl.col("of") >= LEAST)
        .sort(pl.col("kind").replace_strict(order), "year")
    )


RECORDS: dict[str, tuple[tuple[Sequence[str], Sequence[str]], ...]] = {
    "trade": ((("trade_smoothed",), ("trade_smoothed",)), (("exports_fob",), ("imports_cif",))),
    "aid received": (((), ("oda_gross",)),),
    "aid given": ((("oda_gross",), ()), (("aid_obligated",), ())),
}
"""By kind, the figures of what goes out and of what comes in; in a year the first record that has any counts."""


def _amounts(ev: Evidence, state: State) -> Mapping[str, pl.DataFrame]:
    """What went between the state and each partner: `year, ccode, amount`, by kind."""
    every = sorted({name for kinds in RECORDS.values() for way in kinds for part in way for name in part})
    own, line = list(state.ccodes), dict(lines().iter_rows())
    sums = amounts(ev, every)
    out, back = (sums.filter(pl.col(column).is_in(own)) for column in ("ccode_from", "ccode_to"))
    found: dict[str, pl.DataFrame] = {}
    for kind, records in RECORDS.items():
        told = pl.DataFrame(schema={"year": pl.Int16, "ccode": pl.Int16, "amount": pl.Float64})
        for going, coming in records:
            sides = [
                side.filter(pl.col("kind").is_in(list(names))).select(
                    "year", pl.col(other).replace(line).alias("ccode"), "value"
                )
                for side, names, other in ((out, going, "ccode_to"), (back, coming, "ccode_from"))
            ]
            summed = pl.concat(sides).group_by("year", "ccode").agg(amount=pl.col("value").sum())
            told = pl.concat([told, summed.join(told, on="year", how="anti")])
        found[kind] = told
    return found


def _visits(ev: Evidence, state: State) -> pl.DataFrame:
    """Visits of five years with each partner, in years in which half of the world's states are known of."""
    own, every, line = list(state.ccodes), lines()["ccode"].to_list(), dict(lines().iter_rows())
    together = years_together(pairs_of([(state, one) for one in states.every() if one.ccode != state.ccode]))
    everybody = together.select("year", other_of(state))
    said = evidence.spoken(ev, "acts", ("visit", "*"))
    parts: list[pl.DataFrame] = []
    for one, other, paid in (
        ("ccode_from", "ccode_to", evidence.visits(ev, own, every)),
        ("ccode_to", "ccode_from", evidence.visits(ev, every, own)),
    ):
        of = said.filter(pl.col(one).is_null() | pl.col(one).is_in(own), pl.col(other).is_null())
        years = (
            of.select(year=pl.int_ranges(pl.col("start").dt.year(), pl.col("end").dt.year() + 1))
            .explode("year")
            .drop_nulls()
            .unique()
            .cast(pl.Int16)
        )
        counted = paid.group_by(
            year=pl.col("date").dt.year().cast(pl.Int16), ccode=pl.col(other).replace(line)
        ).agg(n=pl.len())
        parts.append(
            everybody.join(years, on="year", how="semi").join(counted, on=["year", "ccode"], how="left")
        )
    yearly = pl.concat(parts).group_by("year", "ccode").agg(pl.col("n").fill_null(0).sum())
    year = pl.col("year").cast(pl.Int32)
    return (
        yearly.select("ccode", "n", year=pl.int_ranges(year, year + WINDOW))
        .explode("year")
        .cast({"year": pl.Int16})
        .group_by("year", "ccode")
        .agg(amount=pl.col("n").sum().cast(pl.Float64))
        .join(yearly, on=["year", "ccode"], how="semi")
        .filter(pl.len().over("year") >= HALF * pl.col("year").replace_strict(_sizes(everybody), default=1))
    )


def _sizes(everybody: pl.DataFrame) -> dict[int, int]:
    """How many states there were beside this one, by year."""
    return dict(everybody.group_by("year").len().iter_rows())


def _engaged(told: pl.DataFrame, rows: pl.DataFrame, state: State) -> pl.DataFrame:
    """Engagement above a pair at rest at each year's end, with known partners, observed in the five years to it."""
    year = pl.col("month").dt.year().cast(pl.Int32)
    seen = (
        rows.select(other_of(state), year=pl.int_ranges(year, year + SEEN))
        .explode("year")
        .cast({"year": pl.Int16})
        .unique()
    )
    ends = told.filter(pl.col("month").dt.month() == 12, pl.col("sd") < LEAST_KNOWN)
    return ends.select(
        "ccode", year=pl.col("month").dt.year().cast(pl.Int16), amount=pl.col("x").cast(pl.Float64)
    ).join(seen, on=["ccode", "year"], how="semi")
