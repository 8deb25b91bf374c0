"""Trips abroad of China's top leaders since 1949, year by year, as a European institute lists them.

One row of `acts` is one leader's stay in one country in one year: from China to the host. The file knows no day and
no month, so that every act has the precision of a year. Its columns about the host's kind are known and not read.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import Coverage, Licence, Request, Source, Table, polars_schema
from amity.errors import BadFileError, UnknownValueError
from amity.sources import Parsed, spreadsheets
from amity.sources.state_department import VISIT_CODE, VISIT_FORCE_TENTHS
from amity.sources.text import LATEST
from amity.states import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ABOUT = Source(
    id="china_trips",
    title="Who, where, when: international travel of the Chinese leaders",
    producer="Central European Institute of Asian Studies (CEIAS)",
    says="The countries that China's presidents, premiers and party leaders visited in each year from 1949 to 2020.",
    homepage="https://ceias.eu/",
    licence=Licence(
        id="LicenseRef-CEIAS-unstated",
        name="No licence stated by the publisher: for a user's own reading, not passed on",
        url="https://ceias.eu/",
        may_share=False,
    ),
    citation=(
        "Turcsányi, Richard Q., Manuel Eckert, Matej Šimalčík and Nikola Majsniarová. 2021. Who, where, when: "
        "International travel of the Chinese leaders (1949-2020), version 1.1. Central European Institute of Asian "
        "Studies. https://ceias.eu/"
    ),
    bibtex="""@misc{china_trips,
  author = {Richard Q. Turcs{\\'a}nyi and Manuel Eckert and Matej {\\v S}imal{\\v c}{\\'i}k and N. Majsniarov{\\'a}},
  title = {Who, where, when: International travel of the Chinese leaders (1949-2020)},
  publisher = {Central European Institute of Asian Studies},
  year = {2021},
  howpublished = {\\url{https://ceias.eu/}}
}""",
    tables=(
        Table(
            "acts",
            ("visit",),
            floor=585,
            coverage=Coverage(
                start=date(1949, 1, 1),
                end=None,
                states="China, to every state: presidents, premiers, and those who led the party or the country",
                zero="no top leader of China went there in that year; foreign ministers are not in the file",
            ),
        ),
    ),
    files="WHO-WHERE-WHEN-dataset-v.1.1.xlsx, one row a leader, country and year in the sheet Dataset",
    by_hand="https://ceias.eu/",
    oddities=(
        "595 rows of 16 leaders, by year only; 594 become acts, one to Palestine is set aside.",
        "7 leaders (14 rows, 2.4 %) stand twice with one country and year: two trips of that year, and both count.",
        "No trip at all in 12 of the 72 years, the last of them 1977: China's leaders hardly travelled then, or it is "
        "not known.",
        "Not complete: Hu Jintao's visit to Cambodia in 2012 and Jiang Zemin's in 2000 are not there.",
        "293 rows are of premiers and 281 of presidents; 10 of party leaders, 9 of Deng Xiaoping as paramount leader "
        "and 2 of him as acting leader, while others held the offices: these 21 (3.5 %) rank as other leader.",
        "Trips to meetings of many states, such as of the United Nations, are listed as trips to the host.",
    ),
)

SHEET = "Dataset"
COLUMNS = (
    *("Year", "Name", "Level", "Country", "Continent"),
    *("Developed country", "Communist country", "Developing country"),
)
"""The publisher's columns; the continent and the three kinds of country are not read."""

RANKS = {
    "President": "head of state",
    "Premier": "head of government",
    "Leader CCP": "other leader",
    "Paramount Leader": "other leader",
    "Other (Acting leader)": "other leader",
}
"""Ranks by the publisher's levels: an office of the state, or none."""

CHINA = 710
FIRST = 1949
_MEND = "download the file again from https://ceias.eu/"


@dataclass(frozen=True, slots=True)
class Trip:
    """One row of the publisher."""

    file: str = field(compare=False)
    year: int
    who: str
    level: str
    country: str
    again: int
    """How many like it stand above: the second trip of a year has 1."""


def requests() -> tuple[Request, ...]:
    """None: the publisher gives no address that stays (`ABOUT.by_hand` says where a person finds the file)."""
    return ()


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is this source's: a workbook with the publisher's name for it."""
    base = name.rsplit("/", 1)[-1].casefold()
    return base.startswith("who-where-when") and base.endswith(".xlsx") and head.startswith(b"PK\x03\x04")


def parse(files: Mapping[str, bytes]) -> Parsed:
    """The trips as `acts`, with `coverage` and `review`.

    Levels that are not in `RANKS` raise `UnknownValueError`; years that are none raise `BadFileError`. The same file
    given twice counts once.
    """
    trips = list(dict.fromkeys(trip for name in sorted(files) for trip in _trips(name, files[name])))
    ccodes, reasons = _ccodes(trips)
    told = list(zip(trips, ccodes, reasons, strict=True))
    acts = sorted(
        (_act(trip, ccode) for trip, ccode, why in told if why is None), key=lambda act: (act[0], act[-1])
    )
    left = [(trip.file, _ref(trip), why) for trip, _, why in told if why]
    return Parsed(
        {
            "acts": pl.DataFrame(acts, schema=polars_schema("acts"), orient="row"),
            "coverage": _coverage(trips),
            "review": pl.DataFrame(left, schema=polars_schema("review"), orient="row"),
        }
    )


def _trips(name: str, data: bytes) -> Iterator[Trip]:
    rows = spreadsheets.rows(name, data, SHEET, COLUMNS)
    levels = Counter(str(row["Level"]) for row in rows)
    unknown = sorted(set(levels) - set(RANKS))
    if unknown:
        raise UnknownValueError(
            f"{name} has {levels[unknown[0]]} trips of a level that has no rank yet: {unknown[0][:60]!r}",
            "add the level to RANKS in sources/china_trips.py",
        )
    seen: Counter[tuple[int, str, str]] = Counter()
    for number, row in enumerate(rows, start=2):
        year, who, country = _year(name, number, row["Year"]), str(row["Name"]), str(row["Country"])
        if not who:
            raise BadFileError(f"{name}, row {number}: nobody is named", _MEND)
        yield Trip(name, year, who, str(row["Level"]), country, seen[year, who, country])
        seen[year, who, country] += 1


def _year(name: str, number: int, cell: str | float) -> int:
    if not isinstance(cell, float) or not cell.is_integer() or not FIRST <= cell <= LATEST.year:
        raise BadFileError(f"{name}, row {number}: {str(cell)[:20]!r} is no year since {FIRST}", _MEND)
    return int(cell)


def _ccodes(trips: Sequence[Trip]) -> tuple[list[int | None], list[str | None]]:
    frame = pl.DataFrame(
        [(trip.country, date(trip.year, 1, 1)) for trip in trips],
        schema={"country": pl.String, "date": pl.Date},
        orient="row",
    )
    resolved = resolve(frame, "country", ABOUT.id, "date", file=trips[0].file if trips else ABOUT.id)
    return resolved["ccode"].to_list(), resolved["left_out"].to_list()


def _ref(trip: Trip) -> str:
    """The publisher gives rows no id: the year, the person, the country, and which of such trips it is."""
    return "|".join([str(trip.year), trip.who, trip.country, *([str(trip.again + 1)] if trip.again else [])])


def _act(trip: Trip, ccode: int | None) -> tuple[object, ...]:
    return (
        *(date(trip.year, 1, 1), "year", CHINA, None, ccode, None),
        *("visit", RANKS[trip.level], trip.who, None, None),
        *(VISIT_CODE, "diplomacy", VISIT_FORCE_TENTHS, 1, _ref(trip)),
    )


def _coverage(trips: Sequence[Trip]) -> pl.DataFrame:
    last = max((trip.year for trip in trips), default=None)
    rows = [("acts", "visit", CHINA, None, date(FIRST, 1, 1), date(last, 12, 31))] if last else []
    return pl.DataFrame(rows, schema=polars_schema("coverage"), orient="row")
