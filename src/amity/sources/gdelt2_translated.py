"""GDELT 2.0 events from news in other languages, translated by machine: the second stream of `gdelt2`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from amity.catalog import Request
from amity.sources import gdelt2
from amity.sources.gdelt2 import layout
from amity.sources.gdelt_columns import BIBTEX, BUCKET, looks_like, typed

if TYPE_CHECKING:
    from amity.sources import Identity

__all__ = ["ABOUT", "identity", "layout", "recognises", "requests", "typed"]

ABOUT = replace(
    gdelt2.ABOUT,
    id="gdelt2_translated",
    title="GDELT 2.0 events, translated",
    says="Who did what to whom, coded by machine from news in 65 other languages since 2015, every quarter of an hour.",
    bibtex=BIBTEX % "gdelt2_translated",
    files="20150218230000.translation.export.CSV.zip and so on, zipped or not",
)
_QUARTER = re.compile(r"(\d{14})\.translation\.export\.csv(?:\.zip)?$", re.IGNORECASE)


def requests() -> tuple[Request, ...]:
    """The publisher's list of all translated files, with sizes and MD5 sums."""
    name = "masterfilelist-translation.txt"
    return (Request(f"{BUCKET}/gdeltv2/{name}", name, "gdelt2", "*.translation.export.CSV.zip"),)


def recognises(name: str, head: bytes) -> bool:
    """By its name (a quarter of an hour, translated) and its first line."""
    return bool(_QUARTER.match(name.rsplit("/", 1)[-1])) and looks_like(head, gdelt2.COUNTS)


def identity(name: str) -> Identity:
    """The quarter of an hour; those of a day are stored together.

    >>> identity("20150218230000.translation.export.CSV.zip").key
    '20150218230000'
    """
    return gdelt2.identity_by(_QUARTER, name)
