"""POLECAT: events coded by machine from news in seven languages since 2018, in PLOVER's classes.

Yearly files to 2022 (`ngecEventsDV-2022.txt`), weekly ones since (`ngecEvents.20230103111842.Release603.DV.txt`).

What is made of a row:

* date: `Event Date`; one more than a day after the story's is set aside.
* state: `Actor Country` and `Recipient Country` (ISO 3166-1 alpha-3). `None`, and several different countries in one
  cell, give no state: the row does not say which of them acted.
* role: the primary sector, by `SECTORS` where PLOVER's letters are not CAMEO's. One that CAMEO has no role for, and
  several different ones in a cell, are `UIS`, so that nobody takes them for the state.
* code: from type and mode, by `polecat_codes.csv`: PLOVER's table CAMEO2PLOVER (2021) read backwards into CAMEO, whose
  classes, weights and fields every source shares; for modes that only the manual has, and those of the coder that it
  lacks (`targeted`, `aerial`, `drone`, `crowd-control`, `massacre`, `militia`, `misinformation`, `cyber`), the nearest
  class by our own reading. A type without a mode, or with several, is its root class, or the nearest one to it.

A row of an unknown type or mode is set aside with the reason.
"""

from __future__ import annotations

import csv
import re
from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from importlib.resources import files as resources

import polars as pl

from amity import cameo
from amity.catalog import Coverage, Licence, Request, Source, Table, polars_schema
from amity.errors import BadFileError
from amity.sources import Identity, Layout
from amity.sources.naming import each, or_missing
from amity.states.meanings import meanings

ABOUT = Source(
    id="polecat",
    title="POLECAT coded events",
    producer="Scarborough, Bagozzi, Beger, Berrie, Halterman, Schrodt and Spivey",
    says="Who did what to whom, coded by machine from news in seven languages since 2018.",
    homepage="https://doi.org/10.7910/DVN/AJGVIT",
    licence=Licence(
        id="LicenseRef-POLECAT",
        name="Terms of the Harvard Dataverse for this data set",
        url="https://doi.org/10.7910/DVN/AJGVIT",
        may_share=False,
    ),
    citation=(
        "Scarborough, Grace I., Benjamin E. Bagozzi, Andreas Beger, John Berrie, Andrew Halterman, Philip A. Schrodt, "
        "and Jevon Spivey. 2023. POLECAT Weekly Data. Harvard Dataverse. https://doi.org/10.7910/DVN/AJGVIT"
    ),
    bibtex="""@data{polecat,
  author = {Scarborough, Grace I. and Bagozzi, Benjamin E. and Beger, Andreas and Berrie, John and
    Halterman, Andrew and Schrodt, Philip A. and Spivey, Jevon},
  title = {{POLECAT} Weekly Data},
  publisher = {Harvard Dataverse},
  year = {2023},
  doi = {10.7910/DVN/AJGVIT}
}""",
    tables=(
        Table(
            "events",
            ("*",),
            floor=1,
            coverage=Coverage(
                start=date(2018, 1, 1),
                end=None,
                states="every state that the news names",
                zero="no story that was read told of such an act: not that there was none",
            ),
        ),
    ),
    files="ngecEventsDV-2018.txt to -2022.txt, then ngecEvents.20230103111842.Release603.DV.txt by week, zipped or not",
    by_hand="https://doi.org/10.7910/DVN/AJGVIT",
    oddities=(
        "Missing values are the word None.",
        "A cell can hold several countries, divided by semicolons.",
        "MED is health here and JRN the press, where CAMEO has HLH and MED.",
        "Some files name more columns than their rows have; in some, rows end in empty columns.",
        "One event with several actors is one row.",
        "PLOVER has neither public statements nor CAMEO's finest classes.",
    ),
)

COLUMNS = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts", "Actor Name",
    "Actor Country", "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title", "Actor Name Raw",
    "Wikipedia Actor ID", "Recipient Name", "Recipient Country", "Recipient COW", "Primary Recipient Sector",
    "Recipient Sectors", "Recipient Title", "Recipient Name Raw", "Wikipedia Recipient ID", "Placename", "City",
    "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename", "Feature Type",
    "Source", "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language", "Version",
)  # fmt: skip
NEEDS = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Actor Name", "Actor Country", "Primary Actor Sector",
    "Recipient Name", "Recipient Country", "Primary Recipient Sector", "Publication Date",
)  # fmt: skip
FREE = ("Actor Name", "Recipient Name")
MISSING = "None"
FIRST = date(2000, 1, 1)
UNKNOWN_ROLE = "UIS"
SECTORS = {"MED": "HLH", "JRN": "MED", "PRM": "UAF", "SOC": "NGO", "ISM": "NGM"}
"""Sectors that PLOVER calls otherwise than CAMEO, with CAMEO's role."""
SEVERAL = ";"
ALPHA3 = re.compile("[A-Z]{3}")

_MARK = b"\xef\xbb\xbf"
_WEEK = re.compile(r"ngecEvents\.(\d{8})\d*\.Release\d+\.DV(?:\.txt)?(?:\.zip|\.gz)?", re.IGNORECASE)
_BACK = re.compile(
    r"ngecEvents(?:DV-|\.DV\.)(\d{4})(?:-(\d\d?))?(?:\.(?:txt|tab))?(?:\.zip|\.gz)?", re.IGNORECASE
)


def requests() -> tuple[Request, ...]:
    """What Dataverse says of the data set: its files."""
    return (
        Request(
            "https://dataverse.harvard.edu/api/datasets/:persistentId/?persistentId=doi:10.7910/DVN/AJGVIT",
            "polecat.json",
            listing="dataverse",
            pattern="ngecEvents*",
        ),
    )


def recognises(name: str, head: bytes) -> bool:
    """By its name and first columns."""
    last = name.rsplit("/", 1)[-1]
    named = _WEEK.fullmatch(last) or _BACK.fullmatch(last)
    return bool(named) and _cells(head, 0)[:4] == list(COLUMNS[:4])


def layout(name: str, head: bytes) -> Layout:
    """The columns that the file's first line names, or the usual ones where its rows have as many as these."""
    named, row = _cells(head, 0), _cells(head, 1)
    columns = COLUMNS if len(row) == len(COLUMNS) != len(named) else named
    lacking = [column for column in NEEDS if column not in columns]
    if lacking:
        raise BadFileError(
            f"{name[-80:]} lacks POLECAT's columns {', '.join(lacking)}",
            "give the publisher's file unchanged",
        )
    filled = tuple(column or f"unnamed {n}" for n, column in enumerate(columns))
    return Layout(filled, NEEDS, free=FREE, header=1)


def _cells(head: bytes, line: int) -> list[str]:
    lines = head.removeprefix(_MARK).split(b"\n")
    return lines[line].rstrip(b"\r").decode("utf-8", "replace").split("\t") if line < len(lines) else []


def identity(name: str) -> Identity:
    """The week, month or year of a file; each is a batch of its own.

    >>> identity("ngecEvents.20230103111842.Release603.DV.txt").key, identity("ngecEventsDV-2022.txt.zip").key
    ('20230103', '2022')
    """
    last = name.rsplit("/", 1)[-1]
    week, back = _WEEK.fullmatch(last), _BACK.fullmatch(last)
    try:
        if week:
            end = date.fromisoformat(week[1])
            return Identity(week[1], week[1], end - timedelta(days=6), end)
        if back:
            year, month = int(back[1]), int(back[2] or 0)
            key = f"{year}{month:02}" if month else f"{year}"
            last_day = monthrange(year, month or 12)[1]
            return Identity(key, key, date(year, month or 1, 1), date(year, month or 12, last_day))
    except ValueError:
        pass
    raise BadFileError(
        f"{last[:80]} is not called as a file of POLECAT is",
        "keep the publisher's names, such as ngecEventsDV-2022.txt",
    )


def typed(raw: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Lines as events, in the same order, with `why` added: what cannot be read of a line, else missing."""
    del layout
    mode = or_missing(pl.col("Event Mode"), MISSING).fill_null("").str.to_lowercase()
    known = pl.when(mode.str.contains(SEVERAL, literal=True)).then(pl.lit("")).otherwise(mode)
    kind = pl.col("Event Type").str.to_uppercase() + "," + known
    made = raw.select(
        "line",
        date=_day("Event Date"),
        published=_day("Publication Date"),
        code=kind.replace_strict(_codes(), default=None, return_dtype=pl.String),
        articles=pl.lit(1, pl.Int32),
        root=pl.lit(None, pl.Boolean),
        added=pl.lit(None, pl.Date),
        ref=pl.col("Event ID"),
    ).with_columns(*_actor(raw, "from", "Actor"), *_actor(raw, "to", "Recipient"))
    return made.with_columns(why=_why()).select("line", *polars_schema("events"), "why")


def _day(column: str) -> pl.Expr:
    return pl.col(column).str.head(10).str.to_date("%Y-%m-%d", strict=False)


def _actor(raw: pl.DataFrame, side: str, column: str) -> list[pl.Series]:
    """An actor's state, role and name; `odd_…` is true for a country that is no code."""
    cells = raw.select(
        country=or_missing(pl.col(f"{column} Country"), MISSING),
        sector=or_missing(pl.col(f"Primary {column} Sector"), MISSING),
        name=or_missing(pl.col(f"{column} Name"), MISSING),
    )
    return [
        each(cells["country"], _ccode, pl.Int16).alias(f"ccode_{side}"),
        each(cells["sector"], _role, pl.String).alias(f"role_{side}"),
        cells["name"].alias(f"name_{side}"),
        each(cells["country"], _is_odd, pl.Boolean).fill_null(value=False).alias(f"odd_{side}"),
    ]


def _values(cell: str) -> set[str]:
    """The different values of a cell.

    >>> _values("USA; USA")
    {'USA'}
    """
    return {value.strip() for value in cell.split(SEVERAL)}


def _ccode(cell: str) -> int | None:
    found = _values(cell)
    return _countries().get(found.pop()) if len(found) == 1 else None


def _role(cell: str) -> str:
    found = _values(cell)
    sector = found.pop() if len(found) == 1 else ""
    role = SECTORS.get(sector, sector)
    return role if role in _roles() else UNKNOWN_ROLE


def _is_odd(cell: str) -> bool:
    return not all(ALPHA3.fullmatch(value) for value in _values(cell))


def _why() -> pl.Expr:
    """What is wrong with a line, the first thing that is."""
    return (
        pl.when(pl.col("ref").is_in(("", MISSING)))
        .then(pl.lit("it has no id"))
        .when(pl.col("date").is_null() | (pl.col("date") < FIRST))
        .then(pl.lit("its day does not exist or is absurd"))
        .when(pl.col("date") > pl.col("published") + pl.duration(days=1))
        .then(pl.lit("its day is after that of its story"))
        .when(pl.col("code").is_null())
        .then(pl.lit("its type or mode is none of PLOVER's"))
        .when(pl.col("odd_from") | pl.col("odd_to"))
        .then(pl.lit("an actor's country is no code of three letters"))
    )


@cache
def _codes() -> dict[str, str]:
    """CAMEO's code for each type and mode of PLOVER, as `TYPE,mode`."""
    text = resources("amity.sources").joinpath("polecat_codes.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return {f"{row['type']},{row['mode']}": row["code"] for row in rows}


@cache
def _countries() -> dict[str, int]:
    known = ((code.upper(), meant[-1].ccode) for code, meant in meanings("iso3c").items())
    return {code: ccode for code, ccode in known if ccode is not None}


@cache
def _roles() -> tuple[str, ...]:
    return tuple(cameo.roles()["role"])
