"""Directed dispute-years into spells: what the two sets of militarised interstate disputes have in common.

One row of the publisher is a year in which one state was in a dispute with another; one row of `ties` (kind
`dispute`) is a spell of such years without a break, in each direction, with the highest hostility that the first
state reached in it. Days are not in these files: spells begin and end in a year.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amity.catalog import polars_schema
from amity.errors import BadFileError
from amity.sources import rframes
from amity.states import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

KIND = "dispute"

HOSTILITY = {
    1: "no militarised action",
    2: "threat to use force",
    3: "display of force",
    4: "use of force",
    5: "war",
}
"""The five levels of hostility of the Correlates of War project; a target may have done nothing at all (1)."""


class Names(NamedTuple):
    """What a publisher calls its file and the columns that are read, beside those that both share."""

    base: str
    ongoing: str
    onset: str
    still: str = ""
    """The column that says of a dispute that it went on when the record ended; empty: there is none."""


def ties(frame: pl.DataFrame, names: Names) -> pl.DataFrame:
    """The spells of every directed pair in every dispute, as `ties` sorted by state, start and dispute.

    A new spell begins after a year without the dispute, and where the publisher calls a year an onset. A spell that
    reaches the last year of the record is still open where the publisher says so; where the publisher does not
    say, it ends with that year, and `ended` is "last year on record".
    """
    years = _years(frame, names)
    _check_sides(years, names.base)
    coded = _with_codes(years, names.base)
    apart = (pl.col("year") != pl.col("year").shift() + 1) | (pl.col("onset") == 1)
    who = ("dispute", "ccode_from", "ccode_to")
    spells = (
        coded.sort(*who, "year")
        .with_columns(spell=apart.fill_null(value=True).cum_sum().over(who))
        .group_by(*who, "spell", maintain_order=True)
        .agg(
            pl.col("hostility").max(),
            pl.col("joined", "still").any(),
            first=pl.col("year").min(),
            last=pl.col("year").max(),
        )
    )
    return _as_ties(spells, open_end=not names.still)


def coverage(frame: pl.DataFrame) -> pl.DataFrame:
    """All pairs of states, from the first to the last year of the file."""
    years = sorted(int(year) for year in frame["year"].unique())
    rows = [("ties", KIND, None, None, date(years[0], 1, 1), date(years[-1], 12, 31))] if years else []
    return pl.DataFrame(rows, schema=polars_schema("coverage"), orient="row")


def read(
    files: Mapping[str, bytes], names: Names, columns: tuple[str, ...], words: tuple[str, ...] = ()
) -> pl.DataFrame:
    """The publisher's rows, one a dispute, directed pair and year; all columns but `words` hold numbers."""
    frame = rframes.one(files, names.base, columns, words)
    rframes.unique(frame, ("dispnum", "ccode1", "ccode2", "year"), names.base)
    return frame


def _years(frame: pl.DataFrame, names: Names) -> pl.DataFrame:
    base = names.base
    flags = {names.ongoing: (1, 1), "orig1": (0, 1), "orig2": (0, 1)}
    return frame.select(
        rframes.year(frame, "year", base),
        *(rframes.whole(frame, column, base, *span) for column, span in flags.items()),
        dispute=rframes.whole(frame, "dispnum", base, 1, 99_999),
        from_code=rframes.whole(frame, "ccode1", base, 1, 9_999).cast(pl.String),
        to_code=rframes.whole(frame, "ccode2", base, 1, 9_999).cast(pl.String),
        onset=rframes.whole(frame, names.onset, base, 0, 1),
        hostility=rframes.coded(frame, "hostlev1", base, HOSTILITY),
        still=rframes.whole(frame, names.still, base, 0, 1) == 1 if names.still else pl.lit(value=False),
    ).with_columns(joined=(pl.col("orig1") == 0) | (pl.col("orig2") == 0))


def _check_sides(years: pl.DataFrame, base: str) -> None:
    """Every year stands from both sides, so that a file that lost one of them is seen."""
    key = ["dispute", "from_code", "to_code", "year"]
    turned = years.select("dispute", from_code="to_code", to_code="from_code", year="year")
    alone = years.join(turned, on=key, how="anti").height
    if alone:
        raise BadFileError(
            f"{base}: {alone} rows of a dispute are not there from the other side",
            "fetch the file again from its publisher; rows of it are lost",
        )


def _with_codes(years: pl.DataFrame, base: str) -> pl.DataFrame:
    sent = resolve(years, "from_code", "ccode", file=base).rename({"ccode": "ccode_from"}).drop("left_out")
    return resolve(sent, "to_code", "ccode", file=base).rename({"ccode": "ccode_to"}).drop("left_out")


def _as_ties(spells: pl.DataFrame, *, open_end: bool) -> pl.DataFrame:
    """Spells as rows; `open_end` says that nobody knows whether those of the last year went on."""
    in_last_year = pl.col("last") == pl.col("last").max()
    still = pl.col("still") & in_last_year
    unclear = in_last_year & open_end
    shaped = spells.select(
        start=pl.date("first", 1, 1),
        start_precision=pl.lit("year"),
        began=pl.when("joined").then(pl.lit("joined")).otherwise(pl.lit("began")),
        end=pl.when(~still).then(pl.date("last", 12, 31)),
        end_precision=pl.when(~still).then(pl.lit("year")),
        ended=pl.when(still)
        .then(None)
        .when(unclear)
        .then(pl.lit("last year on record"))
        .otherwise(pl.lit("ended")),
        ccode_from="ccode_from",
        ccode_to="ccode_to",
        kind=pl.lit(KIND),
        level=pl.col("hostility").replace_strict(HOSTILITY, return_dtype=pl.String),
        who=pl.lit(None, dtype=pl.String),
        ref=pl.format("dispute {}", "dispute"),
    )
    typed = shaped.select(pl.col(name).cast(dtype) for name, dtype in polars_schema("ties").items())
    return typed.sort("ccode_from", "ccode_to", "start", "ref")
