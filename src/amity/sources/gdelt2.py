"""GDELT 2.0 events since February 2015: a file each quarter of an hour, from news in English.

The stream of translated news is a source of its own (`gdelt2_translated`), because it begins later and would lift the
volume of every state at once.
"""

from __future__ import annotations

import re
from datetime import date, datetime

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

TABLES = (
    Table(
        "events",
        ("*",),
        floor=1,
        coverage=Coverage(
            start=date(2015, 2, 18),
            end=None,
            states="every state that the news names",
            zero="no article that was read told of such an act: not that there was none",
        ),
    ),
)
ABOUT = Source(
    id="gdelt2",
    title="GDELT 2.0 events",
    producer=PRODUCER,
    says="Who did what to whom, coded by machine from news in English since 2015, every quarter of an hour.",
    homepage="https://www.gdeltproject.org/",
    licence=LICENCE,
    citation=CITATION,
    bibtex=BIBTEX % "gdelt2",
    tables=TABLES,
    files="20150218230000.export.CSV.zip and so on, zipped or not",
    oddities=("quarters of an hour are missing", *ODDITIES),
)
_QUARTER = re.compile(r"(\d{14})\.export\.csv(?:\.zip)?$", re.IGNORECASE)
COUNTS = (61,)


def requests() -> tuple[Request, ...]:
    """The publisher's list of all files, with sizes and MD5 sums."""
    return (
        Request(
            f"{BUCKET}/gdeltv2/masterfilelist.txt", "masterfilelist.txt", "gdelt2", "*[0-9].export.CSV.zip"
        ),
    )


def recognises(name: str, head: bytes) -> bool:
    """By its name (a quarter of an hour) and its first line."""
    return bool(_QUARTER.match(name.rsplit("/", 1)[-1])) and looks_like(head, COUNTS)


def layout(name: str, head: bytes) -> Layout:
    return columns_of(name, head, COUNTS)


def identity(name: str) -> Identity:
    """The quarter of an hour; those of a day are stored together.

    >>> identity("20150218230000.export.CSV.zip").batch
    '20150218'
    """
    return identity_by(_QUARTER, name)


def identity_by(pattern: re.Pattern[str], name: str) -> Identity:
    """The quarter of an hour that a pattern finds in a name. Raises `BadFileError`."""
    last = name.rsplit("/", 1)[-1]
    found = pattern.match(last)
    try:
        when = datetime.strptime(found[1], "%Y%m%d%H%M%S").date() if found else None  # noqa: DTZ007
    except ValueError:
        when = None
    if found is None or when is None:
        raise BadFileError(
            f"{last[:80]} is not called as a file of GDELT 2.0 is",
            "keep the publisher's names, such as 20150218230000.export.CSV.zip",
        )
    return Identity(found[1], found[1][:8], when, when)
