"""Days as they stand in TIES: year, month and day in three cells, any of which may be empty, hedged in words, or a
slip."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from amity.errors import BadFileError
from amity.sources.text import read_date

if TYPE_CHECKING:
    from datetime import date

_YEAR = re.compile(r"((?:19|20)[0-9]{2})(?:\D.*)?", re.DOTALL)
_MEND = "download TIESv4-1.xls again from https://sanctions.web.unc.edu/"

Cell = str | float


class Day(NamedTuple):
    """A day as far as it is known: the first day that it can be, the last, and how exact it is."""

    first: date
    last: date
    precision: str


def read_day(where: str, cells: tuple[Cell, ...], what: str, notes: list[str]) -> Day | None:
    """The day that stands in three cells (year, month, day); None where the year is empty.

    A year with words behind it ("1949, sometime before") is known to the year. A day without a month, a question
    mark, or a day that the month does not have is left out, and what is left out is told in `notes`. Anything else
    raises `BadFileError`.

    >>> notes = []
    >>> read_day("row 2", (1965.0, 6.0, 31.0), "start", notes).precision, notes
    ('month', ['start: 1965-06 has no day 31: known to the month'])
    """
    year, month, day = cells
    if year == "":
        return None
    told = _YEAR.fullmatch(str(int(year)) if isinstance(year, float) and year.is_integer() else str(year))
    if told is None:
        raise BadFileError(f"{where}: {what}year is no year: {str(year)[:40]!r}", _MEND)
    if isinstance(year, str):
        notes.append(f"{what}: the year is hedged in words: known to the year")
        return _dated(where, told[1])
    if month != "":
        return _in_month(where, f"{told[1]}-{_part(where, month, what, 12):02}", day, what, notes)
    if day != "":
        notes.append(f"{what}: a day without a month: known to the year")
    return _dated(where, told[1])


def _in_month(where: str, month: str, day: Cell, what: str, notes: list[str]) -> Day:
    whole = _dated(where, month)
    if day == "?":
        notes.append(f"{what}: the day is a question mark: known to the month")
    if day in ("", "?"):
        return whole
    number = _part(where, day, what, 31)
    if number > whole.last.day:
        notes.append(f"{what}: {whole.first:%Y-%m} has no day {number}: known to the month")
        return whole
    return _dated(where, f"{month}-{number:02}")


def _part(where: str, cell: Cell, what: str, most: int) -> int:
    if not isinstance(cell, float) or not 1 <= cell <= most or not cell.is_integer():
        raise BadFileError(f"{where}: {what} has a month or day that is none: {str(cell)[:40]!r}", _MEND)
    return int(cell)


def _dated(where: str, text: str) -> Day:
    return Day(*read_date(where, text))
