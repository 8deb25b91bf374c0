"""What the State Department's products share: licence, producer, names of people, and visits as acts.

The Office of the Historian publishes its visits, travels and chiefs of mission as XML under CC0, one repository
each; `us_visits`, `us_travels` and `us_missions` read them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import Licence, polars_schema
from amity.errors import BadFileError
from amity.sources.text import read_day
from amity.sources.xml import field as text_of
from amity.states import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from xml.etree.ElementTree import Element

LICENCE = Licence(
    id="CC0-1.0",
    name="Creative Commons Zero 1.0 (public domain dedication)",
    url="https://creativecommons.org/publicdomain/zero/1.0/",
    may_share=True,
)
PRODUCER = "Office of the Historian, Foreign Service Institute, United States Department of State"

USA = 2
"""The COW code of the United States."""

VISIT_CODE = "042"
"""CAMEO: make a visit."""
VISIT_FORCE_TENTHS = 19
"""Goldstein's weight of CAMEO 042, in tenths."""
LONGEST_VISIT = 366
"""Days. The longest in the record is 213 (Robert Lansing in Paris, 1918 to 1919)."""

PARTICLES = frozenset({"da", "de", "den", "der", "des", "di", "du", "la", "le", "st", "van", "von"})
SUFFIXES = {"jr": "Jr.", "sr": "Sr.", "ii": "II", "iii": "III", "iv": "IV"}


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as its publisher records it, before its other state is known by code."""

    file: str = field(compare=False)
    ref: str
    country: str
    """The publisher's key of the other state."""
    start: date | None
    end: date | None
    who: str
    rank: str
    place: str | None


def country_key(name: str, record: Element, tag: str) -> str:
    """The publisher's id of a state, such as `cambodia`; the label beside it is for people and changes with time."""
    text_of(name, record, tag)  # there is one, and only one
    return record.findall(tag)[0].get("id", "")


def day_or_none(where: str, text: str) -> date | None:
    """The day that a text says, or None where it is empty; `where` is for the error."""
    return read_day(where, text) if text else None


def person_name(person_id: str) -> str:
    """A person's name as it can be told from the publisher's id, which has the surname first and no accents.

    >>> person_name("murphy-w-patrick"), person_name("de-vos-peter-john"), person_name("dreyfus-louis-goethe-jr")
    ('W. Patrick Murphy', 'Peter John De Vos', 'Louis Goethe Dreyfus Jr.')
    """
    words = person_id.rstrip("0123456789").split("-")
    surname = next((i for i, word in enumerate(words) if word not in PARTICLES), 0) + 1
    suffix = [SUFFIXES[word] for word in words[-1:] if word in SUFFIXES]
    given = words[surname : len(words) - len(suffix)]
    return " ".join([_capital(word) for word in given + words[:surname]] + suffix)


def _capital(word: str) -> str:
    if len(word) == 1:
        return f"{word.upper()}."
    return f"Mc{word[2:].capitalize()}" if re.match(r"mc[a-z]{2}", word) else word.capitalize()


def visits_to_tables(visits: Iterable[Visit], scheme: str, *, to_usa: bool) -> dict[str, pl.DataFrame]:
    """Visits as `acts`, `coverage` and `review`, in the order of their dates and ids.

    `to_usa` says the direction: foreign leaders to the United States, or Americans to the other state. Visits
    whose other state is none, without a day, that end before they start or last over a year, and those with the
    person, days and place of another one go to `review`. Unknown names raise `UnknownStateError`; two different
    visits with one id raise `BadFileError`. The same file given twice counts once.
    """
    ordered = sorted(dict.fromkeys(visits), key=lambda visit: (str(visit.start), len(visit.ref), visit.ref))
    reasons = _why_left_out(ordered)
    frame = pl.DataFrame(
        [(visit.country, visit.start, reason) for visit, reason in zip(ordered, reasons, strict=True)],
        schema={"country": pl.String, "date": pl.Date, "reason": pl.String},
        orient="row",
    )
    resolved = resolve(frame, "country", scheme, "date", file=f"the files of {scheme}")
    why = resolved.select(pl.coalesce("left_out", "reason").alias("why"))["why"].to_list()
    ccodes = resolved["ccode"].to_list()
    kept = [(visit, code) for visit, code, reason in zip(ordered, ccodes, why, strict=True) if reason is None]
    acts = [_act(visit, code, to_usa=to_usa) for visit, code in kept]
    left = [(visit.file, visit.ref, reason) for visit, reason in zip(ordered, why, strict=True) if reason]
    return {
        "acts": pl.DataFrame(acts, schema=polars_schema("acts"), orient="row"),
        "coverage": _coverage(
            [visit for visit, odd in zip(ordered, reasons, strict=True) if not odd], to_usa=to_usa
        ),
        "review": pl.DataFrame(left, schema=polars_schema("review"), orient="row"),
    }


def _why_left_out(visits: list[Visit]) -> list[str | None]:
    refs: dict[str, Visit] = {}
    for visit in visits:
        first = refs.setdefault(visit.ref, visit)
        if first != visit:
            raise BadFileError(
                f"the id {visit.ref[:40]!r} stands twice: in {first.file} and in {visit.file}",
                "give each of the publisher's files once",
            )
    seen: dict[tuple[object, ...], str] = {}
    return [_oddity(visit, seen) for visit in visits]


def _oddity(visit: Visit, seen: dict[tuple[object, ...], str]) -> str | None:
    if visit.start is None or visit.end is None:
        return "no day is given for its start or its end"
    if visit.end < visit.start:
        return f"it ends ({visit.end}) before it starts ({visit.start})"
    if (visit.end - visit.start).days >= LONGEST_VISIT:
        return f"it lasts over a year ({visit.start} to {visit.end})"
    same = seen.setdefault((visit.start, visit.end, visit.who, visit.country, visit.place), visit.ref)
    return None if same == visit.ref else f"the same person, days and place as {same}"


def _act(visit: Visit, ccode: int, *, to_usa: bool) -> tuple[object, ...]:
    sender, host = (ccode, USA) if to_usa else (USA, ccode)
    days = (visit.end - visit.start).days + 1 if visit.start and visit.end else None
    return (
        *(visit.start, "day", sender, None, host, None, "visit", visit.rank, visit.who, visit.place, days),
        *(VISIT_CODE, "diplomacy", VISIT_FORCE_TENTHS, 1, visit.ref),
    )


def _coverage(visits: list[Visit], *, to_usa: bool) -> pl.DataFrame:
    days = [day for visit in visits for day in (visit.start, visit.end) if day is not None]
    sender, host = (None, USA) if to_usa else (USA, None)
    rows = [("acts", "visit", sender, host, min(days), max(days))] if days else []
    return pl.DataFrame(rows, schema=polars_schema("coverage"), orient="row")
