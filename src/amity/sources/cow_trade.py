"""Trade in goods between states by year, 1870 to 2014, as the Correlates of War project puts it together.

Read from the R package peacesciencer. Of the publisher's two series the smoothed one is read: it has no year in which
trade leaps and falls back. The file has both directions of a pair and each flow twice; here a flow is one row, from the
exporter to the importer.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import Coverage, Licence, Request, Source, Table, polars_schema
from amity.errors import BadFileError, UnknownValueError
from amity.sources import Parsed, figures
from amity.states import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

ABOUT = Source(
    id="cow_trade",
    title="Correlates of War Dyadic Trade Data Set, version 4.0",
    producer="Katherine Barbieri and Omar Keshk, Correlates of War Project; packaged for R by Steven Miller",
    says="What each state imported from each other one in goods, by year from 1870 to 2014, smoothed.",
    homepage="https://correlatesofwar.org/data-sets/bilateral-trade/",
    licence=Licence(
        id="LicenseRef-COW-trade",
        name="Free to use with citation (Correlates of War); not passed on here",
        url="https://correlatesofwar.org/data-sets/",
        may_share=False,
    ),
    citation=(
        "Barbieri, Katherine and Omar M. G. Keshk. 2016. Correlates of War Project Trade Data Set Codebook, Version "
        "4.0. https://correlatesofwar.org. Also: Barbieri, Katherine, Omar M. G. Keshk and Brian Pollins. 2009. "
        "Trading Data: Evaluating our Assumptions and Coding Rules. Conflict Management and Peace Science 26 (5), "
        "471-491. Packaged as: Miller, Steven V. peacesciencer. R package"
    ),
    bibtex="""@misc{cow_trade,
  author = {Barbieri, Katherine and Keshk, Omar M. G.},
  title = {Correlates of War Project Trade Data Set Codebook, Version 4.0},
  year = {2016},
  howpublished = {\\url{https://correlatesofwar.org}},
  note = {Packaged for R by Steven V. Miller (peacesciencer)}
}""",
    tables=(
        Table(
            "figures",
            ("trade_smoothed",),
            floor=550_000,
            coverage=Coverage(
                start=date(1870, 1, 1),
                end=date(2014, 12, 31),
                states="pairs and years for which the publisher has a figure, from the exporter to the importer",
                zero="less than half a million dollars of goods, or none; years without a figure are not covered",
            ),
        ),
    ),
    files="cow_trade_ddy.rds, one row a directed pair and year",
    by_hand="https://svmiller.com/peacesciencer/reference/download_extdata.html",
    oddities=(
        "1,347,308 rows, each of 1,347,308 flows twice: as flow 1 of one direction and flow 2 of the other.",
        "50,833 flows (3.8 %) are missing (-9 with the publisher). Pairs and years without either flow were left out "
        "when the data were packaged, so that a row that is not there says nothing.",
        "Amounts were rounded to whole millions of current dollars when packaged: 56.9 % of the known flows are 0, "
        "which means less than half a million as well as none.",
        "54,353 of the known flows (4.2 %) differ from the raw ones. Of the raw flows since 1946, 1,502 are more than "
        "five times those of the years before and after, of the smoothed ones none; 13,528 raw and 4,795 smoothed ones "
        "are less than a fifth of both.",
        "A flow is what the importer reports (or its partner, where the importer does not), in current dollars.",
    ),
)

FILE = "cow_trade_ddy.rds"
COLUMNS = ("ccode1", "ccode2", "year", "flow1", "flow2", "smoothflow1", "smoothflow2")
"""The publisher's columns. Flow 1 is what the first state imports from the second, flow 2 the other way round; raw
flows are checked for being known where smoothed ones are, and not read."""

KIND = "trade_smoothed"
MILLION = 1_000_000
FIRST, LAST = 1816, 2100
"""Years outside these are a slip: there was no system of states, or they have not come."""
MAX_BYTES = 256 * 1024 * 1024
"""The most that the file may unpack to; the real one has 75 MB."""

_MEND = f"get {FILE} again with the R package peacesciencer (`download_extdata()`)"


def requests() -> tuple[Request, ...]:
    """None: an R package fetches the file (`ABOUT.by_hand`)."""
    return ()


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is this source's: by its name, and by how R data begin."""
    from amity.sources import rdata  # noqa: PLC0415  (NumPy is for parsing; who asks only what this is does without)

    return name.rsplit("/", 1)[-1] == FILE and head.startswith(rdata.MAGIC)


def parse(files: Mapping[str, bytes]) -> Parsed:
    """Smoothed flows that are not zero as `figures`, with `coverage` of all that are known; `review` is empty.

    Unknown columns raise `UnknownValueError`, codes of no state `UnknownStateError`; rows that stand twice, and pairs
    of which the two directions say different things, raise `BadFileError`.
    """
    flows = _flows(_frame(files))
    known = flows.drop_nulls("value")
    return Parsed(
        {
            "figures": _figures(known.filter(pl.col("value") > 0)),
            "coverage": figures.covered(
                known.select(
                    pl.lit(KIND).alias("kind"), "ccode_from", "ccode_to", *figures.years("year", "year")
                )
            ),
            "review": pl.DataFrame(schema=polars_schema("review")),
        }
    )


def _frame(files: Mapping[str, bytes]) -> pl.DataFrame:
    from amity.sources import rdata  # noqa: PLC0415

    found = set(files.values())
    if len(found) != 1:
        raise BadFileError(f"{len(found)} different files are given as {FILE}, not one", _MEND)
    frame = rdata.read(FILE, found.pop(), MAX_BYTES).get("")
    if frame is None:
        raise BadFileError(f"{FILE} holds several objects, not one data frame", _MEND)
    missing = [column for column in COLUMNS if column not in frame.columns]
    if missing:
        raise BadFileError(f"{FILE} lacks the columns {', '.join(missing)}", _MEND)
    unknown = [column for column in frame.columns if column not in COLUMNS]
    if unknown:
        raise UnknownValueError(
            f"{FILE} has unknown columns: {', '.join(unknown)[:80]}",
            "look at what the publisher added, and tell sources/cow_trade.py what it means",
        )
    return frame


def _flows(raw: pl.DataFrame) -> pl.DataFrame:
    """Every flow once: `ccode_from` (exporter), `ccode_to` (importer), `year`, `value` (millions; missing: unknown)."""
    frame = raw.select(
        *(_whole(raw, column, 1, 999) for column in ("ccode1", "ccode2")),
        _whole(raw, "year", FIRST, LAST),
        *(_amount(raw, column) for column in COLUMNS[3:]),
    )
    for code in ("ccode1", "ccode2"):
        frame = resolve(frame, code, "ccode", file=FILE).drop("left_out", code).rename({"ccode": code})
    _check_pairs(frame)
    return frame.select(
        pl.col("ccode2").alias("ccode_from"), pl.col("ccode1").alias("ccode_to"), "year", value="smoothflow1"
    )


def _whole(frame: pl.DataFrame, column: str, low: int, high: int) -> pl.Expr:
    """A column of whole numbers within bounds, which R keeps as fractions."""
    values = frame[column]
    if not values.dtype.is_numeric() or values.null_count():
        raise BadFileError(f"{FILE}: {column} has rows without a number", _MEND)
    if not (values.is_between(low, high) & (values == values.floor())).all():
        raise BadFileError(
            f"{FILE}: {column} has numbers that are not whole, or outside {low} to {high}", _MEND
        )
    return pl.col(column).cast(pl.Int32)


def _amount(frame: pl.DataFrame, column: str) -> pl.Expr:
    values = frame[column]
    if not values.dtype.is_numeric() or not values.drop_nulls().is_between(0, 10**8).all():
        raise BadFileError(f"{FILE}: {column} has values that are no amounts of millions of dollars", _MEND)
    return pl.col(column).cast(pl.Float64)


def _check_pairs(frame: pl.DataFrame) -> None:
    """Each pair and year stands once in each direction, both say the same, and smoothing finds or loses no flow."""
    key = ["ccode1", "ccode2", "year"]
    twice = frame.height - frame.select(key).n_unique()
    alone = frame.filter(pl.col("ccode1") == pl.col("ccode2")).height
    if twice or alone:
        raise BadFileError(f"{FILE}: {twice} rows stand twice, {alone} are of a state with itself", _MEND)
    turned = frame.rename(
        {"ccode1": "ccode2", "ccode2": "ccode1", "smoothflow1": "smoothflow2", "smoothflow2": "smoothflow1"}
    )
    apart = frame.join(turned, on=[*key, "smoothflow1", "smoothflow2"], how="anti", nulls_equal=True).height
    if apart:
        raise BadFileError(f"{FILE}: {apart} rows are not what the other direction of their pair says", _MEND)
    lost = frame.filter(pl.col("flow1").is_null() != pl.col("smoothflow1").is_null()).height
    if lost:
        raise BadFileError(
            f"{FILE}: {lost} flows are known raw and not smoothed, or the other way round", _MEND
        )


def _figures(flows: pl.DataFrame) -> pl.DataFrame:
    rows = flows.sort("ccode_from", "ccode_to", "year").with_columns(
        *figures.years("year", "year"),
        period=pl.col("year").cast(pl.String),
        kind=pl.lit(KIND),
        value=pl.col("value") * MILLION,
        unit=pl.lit("USD"),
        ref=pl.format("{}|{}|{}", "ccode_to", "ccode_from", "year"),
    )
    return figures.typed(rows, "figures")
