"""GDELT 1.0 events since 1979: yearly and monthly back files, and daily files since April 2013.

One row of `events` is one of the publisher's: a source, an act, a target, coded from one article or many. English and
translated news of the day, read once.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from amity.catalog import Coverage, Request, Source, Table
from amity.errors import BadFileError
from amity.sources import Identity, Layout
from amity.sources.gdelt_columns import (
    BIBTEX,
    BUCKET,
    CITATION,
    LICENCE,
    ODDITIES,
    PRODUCER,
    columns_of,
    looks_like,
    typed,
)

__all__ = ["ABOUT", "identity", "layout", "recognises", "requests", "typed"]

ABOUT = Source(
    id="gdelt1",
    title="GDELT 1.0 events",
    producer=PRODUCER,
    says="Who did what to whom on which day, coded by machine from the world's news since 1979, in daily files.",
    homepage="https://www.gdeltproject.org/",
    licence=LICENCE,
    citation=CITATION,
    bibtex=BIBTEX % "gdelt1",
    tables=(
        Table(
            "events",
            ("*",),
            floor=1,
            coverage=Coverage(
                start=date(1979, 1, 1),
                end=None,
                states="every state that the news names",
                zero="no article that was read told of such an act: not that there was none",
            ),
        ),
    ),
    files="1979.zip to 2005.zip, 200601.zip to 201303.zip, 20130401.export.CSV.zip and so on, zipped or not",
    oddities=("days are missing: 23 to 25 January 2014 among them", *ODDITIES),
)
_DAY = re.compile(r"(\d{8})\.export\.csv(?:\.zip)?$", re.IGNORECASE)
_BACK = re.compile(r"(\d{4})(\d\d)?(?:\.csv)?(?:\.zip)?$", re.IGNORECASE)
COUNTS = (57, 58)


def requests() -> tuple[Request, ...]:
    """The publisher's two lists: sizes, and MD5 sums."""
    return tuple(
        Request(f"{BUCKET}/events/{name}", name, "gdelt1", "[12][0-9][0-9][0-9]*.zip")
        for name in ("filesizes", "md5sums")
    )


def recognises(name: str, head: bytes) -> bool:
    """By its name (a day, a month or a year) and its first line."""
    last = name.rsplit("/", 1)[-1]
    return bool(_DAY.match(last) or _BACK.match(last)) and looks_like(head, COUNTS)


def layout(name: str, head: bytes) -> Layout:
    return columns_of(name, head, COUNTS)


def identity(name: str) -> Identity:
    """The day, month or year of a file; each is a batch of its own.

    >>> found = identity("events/200601.zip")
    >>> found.key, found.end
    ('200601', datetime.date(2006, 1, 31))
    """
    last = name.rsplit("/", 1)[-1]
    try:
        if found := _DAY.match(last):
            when = date(int(found[1][:4]), int(found[1][4:6]), int(found[1][6:]))
            return Identity(found[1], found[1], when, when)
        if found := _BACK.match(last):
            year, month = int(found[1]), int(found[2] or 0)
            key, start = f"{found[1]}{found[2] or ''}", date(year, month or 1, 1)
            return Identity(key, key, start, date(year, month or 12, monthrange(year, month or 12)[1]))
    except ValueError:
        pass
    raise BadFileError(
        f"{last[:80]} is not called as a file of GDELT 1.0 is",
        "keep the publisher's names, such as 20130401.export.CSV.zip",
    )
