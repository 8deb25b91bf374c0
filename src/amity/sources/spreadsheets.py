"""The sheets of spreadsheets (`.xls`, `.xlsx`), read by calamine from bytes that are hostile until looked at.

An `.xlsx` is a zip of XML. It is unpacked here within a limit, looked at, and packed anew, so that what was looked at
is what is read: a bomb, or a single cell in the last row and column, would take all the memory there is. An `.xls` has
nothing packed in it and no cell beyond row 65,536 and column 256; its own size is the limit.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, NamedTuple

from amity.errors import BadFileError
from amity.sources.text import check_header

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MAX_BYTES = 96 * 1024 * 1024
"""The most that an `.xlsx` may unpack to; the largest real one has 17 MB."""
MAX_FILES = 200
"""The most files that it may have inside."""
MAX_ROWS, MAX_COLUMNS = 20_000, 500
"""The furthest cell that a sheet may have: a sheet takes memory up to there, whatever is in it."""
MAX_TEXT = 2 * 1024**3
"""The most that the texts in cells may come to, were each as long as the longest. A text is stored once and may be
used in any number of cells; the largest real workbook comes to 0.8 GB."""

MAX_OLD_BYTES = 16 * 1024 * 1024
"""The most that an `.xls` may have; the largest real one has 4 MB."""

READ = (".xml", ".rels")
PASSED_OVER = ("/drawings/", "/charts/", "/media/")
"""What a workbook has inside beside its sheets; it is never read."""

MAGIC = b"PK\x03\x04"
"""How an `.xlsx` begins, and any other zip file."""
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How files of Excel 97 to 2003 begin."""

_CELL = re.compile(rb"<(?:\w{1,20}:)?(?:c|row)(?=[\s/>])([^<>]{0,250})")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})([0-9]{1,7})["']""")
_TEXT = re.compile(rb"""\bt\s*=\s*["']s["']""")
_ENTRY = re.compile(rb"<(?:\w{1,20}:)?si\b")
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError)
_MEND = "download it again from its publisher; it is cut short, damaged, or no spreadsheet of theirs"

Sheet = list[list[object]]
"""Rows of cells, from the first row and column on; an empty cell is an empty string."""


class Seen(NamedTuple):
    """Of a file inside: in how many cells a text stands, and how long the longest of the stored texts is."""

    texts: int
    longest: int


def sheets(name: str, data: bytes) -> dict[str, Sheet]:
    """Every sheet of a workbook by its name, each row as long as the longest; numbers are floats, dates dates.

    `name` is the file's, for errors. What is cut short, damaged, encrypted, too large or no workbook raises
    `BadFileError`; so do sheets of an `.xlsx` whose cells do not say where they stand.
    """
    safe = _old(name, data) if data.startswith(OLD_EXCEL) else _packed_anew(_looked_at(name, data))
    try:
        return _read(safe)
    except Exception as error:
        raise BadFileError(f"{name} is no whole workbook: {error!s:.200}", _MEND) from None
    except BaseException as error:
        # A panic of the Rust library is no Exception; anything else of this kind (Ctrl-C) is not ours.
        if type(error).__name__ != "PanicException":
            raise
        raise BadFileError(f"{name} is no whole workbook: it is damaged", _MEND) from None


def rows(name: str, data: bytes, sheet: str, columns: Sequence[str]) -> list[dict[str, str | float]]:
    """The rows of a sheet with a header, by column; empty cells are empty texts, whole numbers are numbers.

    `name` is the file's, for errors; `columns` are those that its parser knows: others raise `UnknownValueError`.
    Files that cannot be read, missing sheets and columns, and cells that are neither text nor number raise
    `BadFileError`.
    """
    found = sheets(name, data)
    if sheet not in found:
        raise BadFileError(f"{name} has no sheet called {sheet!r}", _MEND)
    lines = found[sheet]
    header = [str(cell).strip() for cell in lines[0]] if lines else []
    check_header(name, header, columns, _MEND)
    return [
        {column: _cell(name, number, column, value) for column, value in zip(header, line, strict=True)}
        for number, line in enumerate(lines[1:], start=2)
    ]


def _cell(name: str, number: int, column: str, value: object) -> str | float:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    raise BadFileError(
        f"{name}, row {number}: {column} holds neither text nor a number: {str(value)[:40]!r}", _MEND
    )


def _read(safe: io.BytesIO) -> dict[str, Sheet]:
    from python_calamine import CalamineWorkbook  # noqa: PLC0415  (only a spreadsheet needs it)

    book = CalamineWorkbook.from_filelike(safe)
    return {
        title: [list[object](row) for row in book.get_sheet_by_name(title).to_python(skip_empty_area=False)]
        for title in book.sheet_names
    }


def _old(name: str, data: bytes) -> io.BytesIO:
    if len(data) > MAX_OLD_BYTES:
        raise BadFileError(f"{name} is too large to be the publisher's file ({len(data):,} bytes)", _MEND)
    return io.BytesIO(data)


def _looked_at(name: str, data: bytes) -> dict[str, bytes]:
    """The files inside, none of them larger than is good, no cell further out than is good."""
    try:
        files = dict(_unpacked(name, data))
    except _BROKEN as error:
        raise BadFileError(f"{name} is no whole workbook: {error!s:.200}", _MEND) from None
    seen = [_look(f"{name}, {inside}", content) for inside, content in files.items()]
    texts = sum(one.texts for one in seen) * max((one.longest for one in seen), default=0)
    if texts > MAX_TEXT:
        raise BadFileError(f"{name} has cells whose texts may come to {texts:,} bytes", _MEND)
    return files


def _unpacked(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    left = MAX_BYTES
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if len(archive.infolist()) > MAX_FILES:
            raise BadFileError(f"{name} has more than {MAX_FILES} files inside", _MEND)
        for info in archive.infolist():
            with archive.open(info) as stream:
                content = stream.read(left + 1)
            left -= len(content)
            if left < 0:
                raise BadFileError(f"{name} unpacks to more than {MAX_BYTES:,} bytes", _MEND)
            if info.filename.endswith(READ) and not any(part in info.filename for part in PASSED_OVER):
                yield info.filename, content


def _look(where: str, content: bytes) -> Seen:
    texts = 0
    for cell in _CELL.finditer(content):
        place = _PLACE.search(cell[1])
        if place is None:
            raise BadFileError(f"{where}: a cell does not say where it stands", _MEND)
        if int(place[2]) > MAX_ROWS or _column(place[1]) > MAX_COLUMNS:
            raise BadFileError(f"{where}: a cell stands too far out, in {place[0].decode()[:20]}", _MEND)
        texts += _TEXT.search(cell[1]) is not None
    return Seen(texts, max(map(len, _ENTRY.split(content)[1:]), default=0))


def _column(letters: bytes) -> int:
    """The number of a column: A is 1, Z 26, AA 27; 0 for a row, which has no letters.

    >>> _column(b"A"), _column(b"AB"), _column(b"")
    (1, 28, 0)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _packed_anew(files: Mapping[str, bytes]) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for inside, content in files.items():
            archive.writestr(inside, content)
    packed.seek(0)
    return packed
