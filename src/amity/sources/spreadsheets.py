"""Sheets of spreadsheets (`.xls`, `.xlsx`) as rows by column, read strictly with calamine."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from amity.errors import BadFileError, UnknownValueError

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_BYTES = 16 * 1024 * 1024
"""The most that a spreadsheet may have; the largest real one has 4 MB."""
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How files of Excel 97 to 2003 begin."""
_MEND = "download the file again from its publisher; it is cut short, damaged, or no spreadsheet"


def rows(name: str, data: bytes, sheet: str, columns: Sequence[str]) -> list[dict[str, str | float]]:
    """The rows of a sheet with a header, by column; empty cells are empty texts, whole numbers are numbers.

    `name` is the file's, for errors; `columns` are those that its parser knows: others raise `UnknownValueError`.
    Files that cannot be read, missing sheets and columns, and cells that are neither text nor number raise
    `BadFileError`.
    """
    lines = _lines(name, data, sheet)
    header = [str(cell).strip() for cell in lines[0]] if lines else []
    missing = [column for column in columns if header.count(column) != 1]
    if missing:
        raise BadFileError(f"{name} lacks (or repeats) the columns {', '.join(missing)[:200]}", _MEND)
    unknown = [column[:40] for column in header if column not in columns]
    if unknown:
        raise UnknownValueError(
            f"{name} has {len(unknown)} columns its parser has not been told about: {', '.join(unknown[:5])}",
            "look at what the publisher added, and list it in the source's COLUMNS as read or ignored",
        )
    return [
        {column: _cell(name, number, column, value) for column, value in zip(header, line, strict=True)}
        for number, line in enumerate(lines[1:], start=2)
    ]


def _lines(name: str, data: bytes, sheet: str) -> list[list[object]]:
    from python_calamine import CalamineWorkbook  # noqa: PLC0415  (only a spreadsheet needs it)

    if len(data) > MAX_BYTES:
        raise BadFileError(f"{name} is too large to be the publisher's file ({len(data):,} bytes)", _MEND)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        found = book.get_sheet_by_name(sheet).to_python() if sheet in book.sheet_names else None
    except Exception as error:
        raise BadFileError(f"{name} cannot be read as a spreadsheet: {str(error)[:80]!r}", _MEND) from None
    except BaseException as error:
        # A panic of the Rust library is no Exception; anything else of this kind (Ctrl-C) is not ours.
        if type(error).__name__ != "PanicException":
            raise
        raise BadFileError(f"{name} cannot be read as a spreadsheet: it is damaged", _MEND) from None
    if found is None:
        raise BadFileError(f"{name} has no sheet called {sheet!r}", _MEND)
    return [list(line) for line in found]


def _cell(name: str, number: int, column: str, value: object) -> str | float:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    raise BadFileError(
        f"{name}, row {number}: {column} holds neither text nor a number: {str(value)[:40]!r}", _MEND
    )
