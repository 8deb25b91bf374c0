"""ICEWS: events coded by machine from news, 1995 to April 2023, in one file of 20 columns a year.

One row is one event that one sentence of one story tells: its `articles` is 1, and the same event in another story is
another row. Both directions of a meeting are rows of their own.

What is made of a row:

* date: `Event Date`. The files do not say on which day a row was added, nor whether it leads its story.
* state: `Source Country` and `Target Country`, by name (scheme `icews`); `NA` and nothing: no country is given. The
  names are of states since 1991 and mean one state each.
* role: from the sectors, by `amity.cameo.role_of_sectors`; a country itself has none.
* code: `CAMEO Code`, as text. `Intensity` is Goldstein's weight by ICEWS' own table and is not read.

A row whose country or code nobody has heard of is set aside with the reason.
"""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from amity import cameo
from amity.catalog import Coverage, Licence, Request, Source, Table, polars_schema
from amity.errors import BadFileError
from amity.sources import Identity, Layout
from amity.sources.naming import ccode, each, is_known, or_missing

LICENCE = Licence(
    id="LicenseRef-ICEWS",
    name="Terms of the Harvard Dataverse for this data set",
    url="https://doi.org/10.7910/DVN/28075",
    may_share=False,
)
PRODUCER = "Boschee, Lautenschlager, O'Brien, Shellman, Starz and Ward (Lockheed Martin)"
CITATION = (
    "Boschee, Elizabeth, Jennifer Lautenschlager, Sean O'Brien, Steve Shellman, James Starz, and Michael Ward. 2015. "
    "ICEWS Coded Event Data. Harvard Dataverse. https://doi.org/10.7910/DVN/28075"
)
BIBTEX = """@data{%s,
  author = {Boschee, Elizabeth and Lautenschlager, Jennifer and O'Brien, Sean and Shellman, Steve and Starz, James
    and Ward, Michael},
  title = {{ICEWS} Coded Event Data},
  publisher = {Harvard Dataverse},
  year = {2015},
  doi = {10.7910/DVN/28075}
}"""
ABOUT = Source(
    id="icews",
    title="ICEWS coded events",
    producer=PRODUCER,
    says="Who did what to whom, coded by machine from the world's news from 1995 to April 2023, by year.",
    homepage="https://doi.org/10.7910/DVN/28075",
    licence=LICENCE,
    citation=CITATION,
    bibtex=BIBTEX % "icews",
    tables=(
        Table(
            "events",
            ("*",),
            floor=1,
            coverage=Coverage(
                start=date(1995, 1, 1),
                end=date(2023, 4, 11),
                states="every state that the news names",
                zero="no story that was read told of such an act: not that there was none",
            ),
        ),
    ),
    files="events.2014.20160121105408.tab and so on, one a year, zipped or not",
    by_hand="https://doi.org/10.7910/DVN/28075",
    oddities=(
        "One row is one sentence of one story: an event in ten stories has ten rows.",
        "In two days of 2018, 4 % of actors and 6 % of targets have no country: international bodies, unknown actors.",
        "Missing values are the letters NA; older files leave the cell empty.",
        "The second number of a file's name is its release: years were issued again, with other rows.",
        "A person's sectors are all that the person has been, some out of date: in 2018 India's prime minister is in "
        "opposition.",
        "Persons and places without sectors (6 of 1,000 actors in two days of 2018) count as the country itself.",
        "Meetings are told twice, once from each side; rows of one sentence are not independent.",
        "Discontinued on 11 April 2023; POLECAT followed, with other classes.",
    ),
)

COLUMNS = (
    *(
        "Event ID",
        "Event Date",
        "Source Name",
        "Source Sectors",
        "Source Country",
        "Event Text",
        "CAMEO Code",
    ),
    *(
        "Intensity",
        "Target Name",
        "Target Sectors",
        "Target Country",
        "Story ID",
        "Sentence Number",
        "Publisher",
    ),
    *("City", "District", "Province", "Country", "Latitude", "Longitude"),
)
NEEDS = (
    *("Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "CAMEO Code"),
    *("Target Name", "Target Sectors", "Target Country"),
)
FREE = ("Source Name", "Source Sectors", "Target Name", "Target Sectors")
MISSING = "NA"
FIRST, LAST = date(1991, 1, 1), date(2023, 12, 31)
"""Days outside these are slips: no news before was read, and none after."""

_YEAR = re.compile(r"events\.(\d{4})\.(\w+?)(?:\.tab)?(?:\.zip)?", re.IGNORECASE)
_DAY = re.compile(r"((\d{8})-icews-events[-.\w]*?)(?:\.tab)?(?:\.zip)?", re.IGNORECASE)
_HEADER = "\t".join(COLUMNS).encode()
_MARK = b"\xef\xbb\xbf"


def requests() -> tuple[Request, ...]:
    """What Dataverse says of the data set: its files."""
    return (
        Request(
            "https://dataverse.harvard.edu/api/datasets/:persistentId/?persistentId=doi:10.7910/DVN/28075",
            "icews.json",
            listing="dataverse",
            pattern="*[Ee]vents*",
        ),
    )


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is this source's: it begins with the line of the 20 columns."""
    del name
    return head.removeprefix(_MARK).partition(b"\n")[0].rstrip(b"\r") == _HEADER


def layout(name: str, head: bytes) -> Layout:
    """The 20 columns. Raises `BadFileError` for a file that does not begin with them."""
    if not recognises(name, head):
        raise BadFileError(
            f"{name[-80:]} does not begin with the {len(COLUMNS)} columns of ICEWS",
            "give the publisher's file unchanged (text by tabs, with its header)",
        )
    return Layout(COLUMNS, NEEDS, free=FREE, header=1)


def identity(name: str) -> Identity:
    """The year of a file, and its release; files of a week or day go by their name, stored with their year.

    >>> identity("Events.1995.20150313082510.tab.zip").key, identity("20181004-icews-events.zip").batch
    ('1995', '2018')
    """
    last = name.rsplit("/", 1)[-1]
    year, day = _YEAR.fullmatch(last), _DAY.fullmatch(last)
    try:
        if year:
            number = int(year[1])
            release = year[2] if year[2].isdigit() else ""
            return Identity(year[1], year[1], date(number, 1, 1), date(number, 12, 31), release)
        if day:
            on = date.fromisoformat(day[2])
            return Identity(day[1].lower(), day[2][:4], on, on)
    except ValueError:
        pass
    raise BadFileError(
        f"{last[:80]} is not called as a file of ICEWS is",
        "keep the publisher's names, such as events.2014.20160121105408.tab",
    )


def typed(raw: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Lines as events, in the same order, with `why` added: what cannot be read of a line, else missing."""
    del layout
    made = raw.select(
        "line",
        date=pl.col("Event Date").str.to_date("%Y-%m-%d", strict=False),
        code=pl.col("CAMEO Code"),
        articles=pl.lit(1, pl.Int32),
        root=pl.lit(None, pl.Boolean),
        added=pl.lit(None, pl.Date),
        ref=pl.col("Event ID"),
    ).with_columns(*_actor(raw, "from", "Source"), *_actor(raw, "to", "Target"))
    return made.with_columns(why=_why()).select("line", *polars_schema("events"), "why")


def _actor(raw: pl.DataFrame, side: str, column: str) -> list[pl.Series]:
    """An actor's state, role and name, and whether its country is known by name."""
    cells = raw.select(
        country=or_missing(pl.col(f"{column} Country"), MISSING),
        sectors=or_missing(pl.col(f"{column} Sectors"), MISSING),
        name=or_missing(pl.col(f"{column} Name"), MISSING),
    )
    return [
        each(cells["country"], lambda name: ccode(name, ABOUT.id), pl.Int16).alias(f"ccode_{side}"),
        each(cells["sectors"], cameo.role_of_sectors, pl.String).alias(f"role_{side}"),
        cells["name"].alias(f"name_{side}"),
        each(cells["country"], lambda name: is_known(name, ABOUT.id), pl.Boolean)
        .fill_null(value=True)
        .alias(f"known_{side}"),
    ]


def _why() -> pl.Expr:
    """What is wrong with a line, the first thing that is."""
    known = cameo.classes()["code"].to_list()
    return (
        pl.when(~pl.col("ref").str.contains(r"^\d+$"))
        .then(pl.lit("it has no number"))
        .when(pl.col("date").is_null())
        .then(pl.lit("its day does not exist"))
        .when(~pl.col("date").is_between(FIRST, LAST))
        .then(pl.lit(f"its day is not between {FIRST} and {LAST}"))
        .when(~pl.col("code").is_in(known))
        .then(pl.lit("its class is none of CAMEO's"))
        .when(~pl.col("known_from") | ~pl.col("known_to"))
        .then(pl.lit("an actor's country is none that ICEWS is known to name"))
    )
