"""Text and dates as publishers write them, read strictly.

Nothing here guesses: bytes that are not UTF-8, and dates that are no dates, are refused with the file's name.
"""

from __future__ import annotations

import csv
import io
import re
from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from amity.errors import BadFileError, UnknownValueError

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_BYTES = 64 * 1024 * 1024
"""The most that a comma-separated file may have; the largest real one has 3 % of it."""

EARLIEST = date(1700, 1, 1)
LATEST = date(2100, 12, 31)
"""Dates outside these two are absurd: a slip of the pen or a hostile file, never a fact about relations."""

_PARTIAL_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_MEND = "fetch the file again from its publisher; if it is the same there, tell them and us"


class Dated(NamedTuple):
    """A date as far as it is known: the first day that it can mean, the last, and how exact it is."""

    first: date
    last: date
    precision: Literal["day", "month", "year"]


def decode(name: str, data: bytes, mend: str = _MEND) -> str:
    """The text of a file in UTF-8, without its byte-order mark.

    `name` is the file's name and `mend` the cure, for the error. Bytes that are not UTF-8, or that hold a NUL (as
    UTF-16 does), raise `BadFileError`.

    >>> decode("a.csv", b"\\xef\\xbb\\xbfyear,value")
    'year,value'
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFileError(f"{name} is not UTF-8 text: byte {error.start} cannot be read", mend) from None
    if "\0" in text:
        raise BadFileError(f"{name} is not text: it holds NUL characters", mend)
    return text


def read_date(name: str, text: str) -> Dated:
    """A date written as `1975-04-12`, `1975-04` or `1975`, with its precision.

    `name` is where it stands, for the error. Anything else, days that no calendar has, and years outside
    1700 to 2100 raise `BadFileError`.

    >>> read_date("kh.xml", "1975-04").last
    datetime.date(1975, 4, 30)
    >>> read_date("kh.xml", "1975-04-12").precision
    'day'
    """
    found = _PARTIAL_DATE.fullmatch(text.strip())
    if found is None:
        raise BadFileError(f"{name}: {text[:40]!r} is not a date such as 1975-04-12", _MEND)
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        dated = _spread(year or 0, month, day)
    except ValueError:
        raise BadFileError(f"{name}: no calendar has the date {text[:40]!r}", _MEND) from None
    if dated.first < EARLIEST or dated.last > LATEST:
        raise BadFileError(f"{name}: the date {text[:40]!r} is outside {EARLIEST} to {LATEST}", _MEND)
    return dated


def read_day(name: str, text: str) -> date:
    """A date that must be known to the day; `1975-04` and worse raise `BadFileError`.

    >>> read_day("visits.xml", "2012-11-19")
    datetime.date(2012, 11, 19)
    """
    dated = read_date(name, text)
    if dated.precision != "day":
        raise BadFileError(f"{name}: {text[:40]!r} does not say the day", _MEND)
    return dated.first


def read_csv(name: str, data: bytes, columns: Sequence[str]) -> list[dict[str, str]]:
    """The rows of a comma-separated file with a header, as text by column.

    `columns` are the columns that its parser knows: others raise `UnknownValueError`. Columns that are
    missing or repeated, rows of another length, broken quotes and files over 64 MiB raise `BadFileError`.

    >>> read_csv("a.csv", b"year,value\\n1975,3\\n", ("year", "value"))
    [{'year': '1975', 'value': '3'}]
    """
    if len(data) > MAX_BYTES:
        raise BadFileError(f"{name} is too large to be the publisher's file ({len(data):,} bytes)", _MEND)
    lines = csv.reader(io.StringIO(decode(name, data), newline=""), strict=True)
    try:
        header = next(lines, None) or []
        check_header(name, header, columns)
        rows = [(lines.line_num, row) for row in lines if row]
    except csv.Error as error:
        raise BadFileError(f"{name}, line {lines.line_num}: {error}", _MEND) from None
    for number, row in rows:
        if len(row) != len(header):
            raise BadFileError(f"{name}, line {number}: {len(row)} values for {len(header)} columns", _MEND)
    return [dict(zip(header, row, strict=True)) for _, row in rows]


def csv_header(head: bytes) -> list[str]:
    """The names in the first line of a comma-separated file.

    >>> csv_header(b'\\xef\\xbb\\xbf"year",origin\\r\\n2000,AFG')
    ['year', 'origin']
    """
    line = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace").strip()
    return line.replace('"', "").split(",")


def check_header(name: str, header: list[str], columns: Sequence[str], mend: str = _MEND) -> None:
    """Raise `BadFileError` for a column that is missing or repeated, `UnknownValueError` for one never heard of."""
    missing = [column for column in columns if header.count(column) != 1]
    if missing:
        raise BadFileError(f"{name} lacks (or repeats) the columns {', '.join(missing)[:200]}", mend)
    unknown = [column[:40] for column in header if column not in columns]
    if unknown:
        raise UnknownValueError(
            f"{name} has {len(unknown)} columns its parser has not been told about: {', '.join(unknown[:5])}",
            "look at what the publisher added, and list it in the source's COLUMNS as read or ignored",
        )


def _spread(year: int, month: int | None, day: int | None) -> Dated:
    if month is None:
        return Dated(date(year, 1, 1), date(year, 12, 31), "year")
    if day is None:
        return Dated(date(year, month, 1), date(year, month, _days_in(year, month)), "month")
    whole = date(year, month, day)
    return Dated(whole, whole, "day")


def _days_in(year: int, month: int) -> int:
    return monthrange(year, month)[1]
