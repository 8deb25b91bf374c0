"""What GDELT's event files have in common: their columns, and their lines as events.

A file of 1.0 has 57 columns (back files to March 2013) or 58 (daily ones since, with the article's address); one of
2.0 has 61. Actors' countries are CAMEO codes (KHM), which are read here; the places of an event are in FIPS codes
(CB), which is another system, in which NI is Nigeria and RS Russia. Places are not read: who acted is not where it
happened.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from amity import cameo
from amity.catalog import Licence, polars_schema
from amity.errors import BadFileError
from amity.sources import Layout
from amity.states import every
from amity.states.meanings import meanings

if TYPE_CHECKING:
    from collections.abc import Iterator

LICENCE = Licence(
    "LicenseRef-GDELT",
    "GDELT: free for any use with citation",
    "https://www.gdeltproject.org/about.html#termsofuse",
    may_share=False,
)
PRODUCER = "The GDELT Project (Leetaru and Schrodt)"
CITATION = (
    "Leetaru, Kalev, and Philip A. Schrodt. 2013. GDELT: Global Data on Events, Location and Tone, 1979-2012. "
    "Paper presented at the Annual Convention of the International Studies Association, San Francisco. "
    "https://www.gdeltproject.org/"
)
BIBTEX = """@inproceedings{%s,
  author = {Leetaru, Kalev and Schrodt, Philip A.},
  title = {{GDELT}: Global Data on Events, Location and Tone, 1979--2012},
  booktitle = {ISA Annual Convention, San Francisco},
  year = {2013},
  note = {Data: \\url{https://www.gdeltproject.org/}}
}"""
ODDITIES = (
    "one incident gives many rows: the same story in many papers, and both sides of it",
    "rows repeat, and files are issued again with other content",
    "dates a day, a month, a year or ten years before the file's are guesses of its date reader",
    "stray quotes are plain characters; a # stands in some latitudes; some names are no UTF-8",
    "volume grows a hundredfold from 1979 to 2020, with the number of papers read",
    "actors without a country are a third of all",
)
BUCKET = "https://storage.googleapis.com/data.gdeltproject.org"
"""The publisher's own storage, over TLS; its pages name the same files under http://data.gdeltproject.org."""
FIRST = date(1900, 1, 1)
NO_STATE = -1


def _actor(number: int) -> tuple[str, ...]:
    parts = (
        "Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code", "Type1Code",
        "Type2Code", "Type3Code",
    )  # fmt: skip
    return tuple(f"Actor{number}{part}" for part in parts)


def _place(of: str, *, adm2: bool) -> Iterator[str]:
    for part in ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID"):
        if adm2 or part != "ADM2Code":
            yield f"{of}Geo_{part}"


def _columns(*, adm2: bool) -> tuple[str, ...]:
    return (
        "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate", *_actor(1), *_actor(2), "IsRootEvent",
        "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale", "NumMentions", "NumSources",
        "NumArticles", "AvgTone", *_place("Actor1", adm2=adm2), *_place("Actor2", adm2=adm2),
        *_place("Action", adm2=adm2), "DATEADDED", "SOURCEURL",
    )  # fmt: skip


COLUMNS = {58: _columns(adm2=False), 61: _columns(adm2=True), 57: _columns(adm2=False)[:-1]}
"""The columns of a file, by their number."""
NEEDS = (
    "GLOBALEVENTID", "SQLDATE", "Actor1Name", "Actor1CountryCode", "Actor1Type1Code", "Actor2Name", "Actor2CountryCode",
    "Actor2Type1Code", "IsRootEvent", "EventCode", "NumArticles", "DATEADDED",
)  # fmt: skip


def columns_of(name: str, head: bytes, allowed: tuple[int, ...]) -> Layout:
    """The layout of a file by its first lines: most of them have an allowed number of columns, all the same.

    Raises `BadFileError` for a file with another number.
    """
    lines = head.split(b"\n")
    counts = [line.count(b"\t") + 1 for line in (lines[:-1] or lines) if line.strip()]
    most = max(set(counts), key=counts.count, default=0)
    if most not in allowed:
        raise BadFileError(
            f"{name} has {most} columns where GDELT's event files of this kind have {' or '.join(map(str, allowed))}",
            "give the files of events (export.CSV), not of mentions or of the knowledge graph, unchanged",
        )
    return Layout(COLUMNS[most], NEEDS, free=("Actor1Name", "Actor2Name"))


def looks_like(head: bytes, allowed: tuple[int, ...]) -> bool:
    """Whether the first line begins with an id and a day, and has an allowed number of columns."""
    first = head.partition(b"\n")[0].split(b"\t")
    return len(first) in allowed and first[0].isdigit() and len(first[1]) == 8 and first[1].isdigit()


def typed(raw: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Lines as events, in the same order, with `why` added: what cannot be read of a line, else missing.

    The class's root, quad and weight are not read: `amity.cameo` has them, the same for every source. The role is the
    first type of the actor; an actor without a country code has no state, even where its name holds one.
    """
    del layout
    made = raw.select(
        "line",
        date=day("SQLDATE"),
        code="EventCode",
        articles=pl.col("NumArticles").cast(pl.Int32, strict=False),
        root=pl.when(pl.col("IsRootEvent").is_in(("0", "1"))).then(pl.col("IsRootEvent") == "1"),
        added=day("DATEADDED"),
        ref="GLOBALEVENTID",
        **actor("from", 1),
        **actor("to", 2),
    )
    oldest = made["date"].min()
    if isinstance(oldest, date) and oldest <= LAST_OLD_CODE:
        made = made.with_columns(own_day(side) for side in ("from", "to"))
    sides = [pl.col(f"ccode_{side}").replace(NO_STATE, None) for side in ("from", "to")]
    return made.with_columns(*sides, why=why()).select("line", *polars_schema("events"), "why")


def day(column: str) -> pl.Expr:
    return pl.col(column).str.head(8).str.to_date("%Y%m%d", strict=False)


def actor(side: str, number: int) -> dict[str, pl.Expr]:
    """An actor's state, name and role; the state of a code that nobody has heard of is missing."""
    code = pl.col(f"Actor{number}CountryCode")
    return {
        f"ccode_{side}": code.replace_strict(countries(), default=None, return_dtype=pl.Int16),
        f"role_{side}": or_missing(f"Actor{number}Type1Code"),
        f"name_{side}": or_missing(f"Actor{number}Name"),
    }


def or_missing(column: str) -> pl.Expr:
    return pl.when(pl.col(column) != "").then(pl.col(column))


@cache
def countries() -> dict[str, int]:
    """CAMEO's country codes, with the state that each means today, or `NO_STATE`; so has an empty one."""
    known = {code.upper(): meant[0].ccode for code, meant in meanings("cameo").items()}
    return {"": NO_STATE} | {code: NO_STATE if ccode is None else ccode for code, ccode in known.items()}


OLDER_CODES = tuple(
    (state.ccode, spell) for state in every() for spell in state.spells if spell.ccode != state.ccode
)
"""Codes that a country had before its present one, with the present one: Germany in 1985 is 260."""
LAST_OLD_CODE = max(spell.end for _, spell in OLDER_CODES if spell.end)


def own_day(side: str) -> pl.Expr:
    """The code that the country had on the day."""
    column, when = pl.col(f"ccode_{side}"), pl.col("date")
    made = column
    for now, spell in OLDER_CODES:
        held = when.is_between(spell.start, spell.end or date.max)
        made = pl.when((column == now) & held).then(pl.lit(spell.ccode, pl.Int16)).otherwise(made)
    return made.alias(f"ccode_{side}")


@cache
def codes() -> tuple[str, ...]:
    """The classes of CAMEO."""
    return tuple(cameo.classes()["code"])


def why() -> pl.Expr:
    """What is wrong with a line, the first thing that is."""
    return (
        pl.when(pl.col("ref").cast(pl.UInt64, strict=False).is_null())
        .then(pl.lit("it has no number"))
        .when(pl.col("date").is_null() | pl.col("added").is_null())
        .then(pl.lit("its day does not exist"))
        .when((pl.col("date") < FIRST) | (pl.col("date") > pl.col("added") + pl.duration(days=1)))
        .then(pl.lit("its day is absurd or after the day on which it was added"))
        .when(pl.col("code").is_in(codes()).not_())
        .then(pl.lit("its class is none of CAMEO's"))
        .when(pl.col("ccode_from").is_null() | pl.col("ccode_to").is_null())
        .then(pl.lit("an actor's country code is none of CAMEO's"))
        .when(pl.col("articles").is_null() | (pl.col("articles") < 0))
        .then(pl.lit("its number of articles is no number"))
    )
