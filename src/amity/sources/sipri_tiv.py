"""Transfers of major arms between states by year, 1950 to 2021, in SIPRI's trend-indicator values.

A trend-indicator value measures what was delivered by what it can do, in millions; it is no price, and no sum of money.
What went to armed groups in a country is not what went to its government, and is set aside.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amity.catalog import Coverage, Licence, Request, Source, Table
from amity.errors import BadFileError
from amity.sources import Parsed, figures
from amity.sources.text import csv_header, read_csv
from amity.states import resolve, spells

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ABOUT = Source(
    id="sipri_tiv",
    title="SIPRI Arms Transfers Database",
    producer="Stockholm International Peace Research Institute (SIPRI)",
    says="Major conventional arms that were delivered from one state to another, by year from 1950 to 2021.",
    homepage="https://www.sipri.org/databases/armstransfers",
    licence=Licence(
        id="LicenseRef-SIPRI-terms",
        name="Terms and conditions of SIPRI; not passed on here",
        url="https://www.sipri.org/about/terms-and-conditions",
        may_share=False,
    ),
    citation=(
        "Stockholm International Peace Research Institute. SIPRI Arms Transfers Database. "
        "https://www.sipri.org/databases/armstransfers"
    ),
    bibtex="""@misc{sipri_tiv,
  author = {{Stockholm International Peace Research Institute}},
  title = {SIPRI Arms Transfers Database},
  howpublished = {\\url{https://www.sipri.org/databases/armstransfers}}
}""",
    tables=(
        Table(
            "figures",
            ("arms_transfers",),
            floor=20_000,
            coverage=Coverage(
                start=date(1950, 1, 1),
                end=None,
                states="every state with every other, but for West Germany to 1990",
                zero="no delivery of major arms became known to SIPRI; small arms are not in it",
            ),
        ),
    ),
    files="sipri_tiv_1950_2021.csv, one row a supplier, recipient and year",
    by_hand="https://armstransfers.sipri.org",
    oddities=(
        "21,324 rows in whole millions of trend-indicator values; 808 (3.8 %) are 0, which is a delivery of less than "
        "half a million.",
        "West Germany is missing: 'Germany' begins with 1991, as supplier and as recipient, while East Germany has 87 "
        "rows. What it delivered and got before is unknown here, not none.",
        "Columns of COW codes and places were added to the publisher's table. They give 152 of 202 rows of armed "
        "groups (a star behind the name) their country's code, and none to Serbia and Micronesia. Names are read.",
        "202 rows (0.9 %) are of armed groups, 73 of organisations (two stars), 323 (1.5 %) of unknown suppliers or "
        "recipients.",
        "North Yemen also stands as Yemen Arab Republic (3 rows, 1963 to 1967).",
    ),
)

COLUMNS = (
    *("supplier", "recipient", "year", "value", "supplier_cown", "recipient_cown"),
    *("supplier_lon", "supplier_lat", "recipient_lon", "recipient_lat"),
)
"""The columns of the file; codes and places are not the publisher's, and not read."""

KIND = "arms_transfers"
UNIT = "million TIV"
BEGIN = ABOUT.table("figures").coverage.start
WEST_GERMANY, UNTIL = 260, date(1990, 12, 31)
"""The state that a file may lack, and the last day on which it does."""

_YEAR = re.compile(r"19[5-9][0-9]|20[0-9][0-9]")
_VALUE = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")
_MEND = "download the file again; its rows are those of https://armstransfers.sipri.org"


class Transfer(NamedTuple):
    """One row of the file."""

    file: str
    supplier: str
    recipient: str
    year: int
    value: float


def requests() -> tuple[Request, ...]:
    """None: the publisher's pages make a table when a person asks (`ABOUT.by_hand`)."""
    return ()


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is this source's: a CSV file whose header names every column of `COLUMNS`."""
    return name.endswith(".csv") and set(csv_header(head)) == set(COLUMNS)


def parse(files: Mapping[str, bytes]) -> Parsed:
    """Transfers in millions of trend-indicator values as `figures`, with `coverage` and `review`.

    Unknown suppliers and recipients raise `UnknownStateError`; what is no year or amount, and a supplier, recipient and
    year that stand twice with different amounts, raise `BadFileError`.
    """
    rows = list(dict.fromkeys(row for name in sorted(files) for row in _transfers(name, files[name])))
    _check_unique(rows)
    told = _with_codes(rows)
    kept = told.filter(pl.col("why").is_null())
    return Parsed(
        {
            "figures": figures.typed(kept.sort("ccode_from", "ccode_to", "year", "ref"), "figures"),
            "coverage": _coverage(kept),
            "review": figures.set_aside(told.drop_nulls("why").select("file", "place", "why")),
        }
    )


def _transfers(name: str, data: bytes) -> Iterator[Transfer]:
    file = name.rsplit("/", 1)[-1]
    for number, row in enumerate(read_csv(name, data, COLUMNS), start=2):
        for column, pattern in (("year", _YEAR), ("value", _VALUE)):
            if not pattern.fullmatch(row[column]):
                raise BadFileError(f"{file}, row {number}: {row[column][:20]!r} is no {column}", _MEND)
        yield Transfer(file, row["supplier"], row["recipient"], int(row["year"]), float(row["value"]))


def _check_unique(rows: Sequence[Transfer]) -> None:
    times = Counter((row.supplier, row.recipient, row.year) for row in rows)
    twice = [key for key, count in times.items() if count > 1]
    if twice:
        supplier, recipient, year = twice[0]
        raise BadFileError(
            f"{rows[0].file}: {len(twice)} transfers stand twice with different amounts, such as {supplier[:40]!r} to "
            f"{recipient[:40]!r} in {year}",
            _MEND,
        )


def _with_codes(rows: Sequence[Transfer]) -> pl.DataFrame:
    """The columns of `figures`, with `file, year`, and `place` and `why` where a row is set aside."""
    types = (pl.String, pl.String, pl.String, pl.Int32, pl.Float64)
    schema = dict(zip(Transfer._fields, types, strict=True))
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_columns(*figures.years("year", "year"))
    file = rows[0].file if rows else ABOUT.id
    for side, code in (("supplier", "ccode_from"), ("recipient", "ccode_to")):
        frame = resolve(frame, side, ABOUT.id, "end", file=file).rename(
            {"ccode": code, "left_out": f"why_{code}"}
        )
    return frame.with_columns(
        place=pl.when(pl.col("why_ccode_from").is_not_null()).then("supplier").otherwise("recipient"),
        why=pl.coalesce("why_ccode_from", "why_ccode_to"),
        period=pl.col("year").cast(pl.String),
        kind=pl.lit(KIND),
        unit=pl.lit(UNIT),
        ref=pl.format("{}|{}|{}", "supplier", "recipient", "year"),
    )


def _coverage(kept: pl.DataFrame) -> pl.DataFrame:
    """All states to the last year of the file, but for West Germany while it lasted, where the file has none of it."""
    schema = {
        "kind": pl.String,
        "ccode_from": pl.Int16,
        "ccode_to": pl.Int16,
        "start": pl.Date,
        "end": pl.Date,
    }
    span = [] if kept.is_empty() else [(KIND, None, None, kept["start"].min(), kept["end"].max())]
    everybody = pl.DataFrame(span, schema=schema, orient="row")
    if WEST_GERMANY in {*kept["ccode_from"], *kept["ccode_to"]}:
        return figures.covered(everybody)
    after = everybody.with_columns(start=pl.max_horizontal("start", pl.lit(UNTIL).dt.offset_by("1d")))
    before = (
        everybody.select("kind", "start", end=pl.min_horizontal("end", pl.lit(UNTIL)))
        .join(_pairs_without_west_germany(), how="cross")
        .select(*schema)
    )
    return figures.covered(pl.concat([before, after]).filter(pl.col("start") <= pl.col("end")))


def _pairs_without_west_germany() -> pl.DataFrame:
    """Every pair of the states that were in the system beside it, in both directions."""
    others = (
        spells()
        .filter((pl.col("start") <= UNTIL) & (pl.col("end").is_null() | (pl.col("end") >= BEGIN)))
        .filter(pl.col("ccode") != WEST_GERMANY)
        .select(pl.col("ccode").unique())
    )
    pairs = others.rename({"ccode": "ccode_from"}).join(others.rename({"ccode": "ccode_to"}), how="cross")
    return pairs.filter(pl.col("ccode_from") != pl.col("ccode_to"))
