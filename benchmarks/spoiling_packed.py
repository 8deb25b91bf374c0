"""The same as `spoiling` for files that are packed: R's data, and workbooks."""

from __future__ import annotations

import bz2
import gzip
import io
import runpy
import struct
import zipfile
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import polars as pl

from amity.sources import rdata, spreadsheets
from spoiling import ANY, EQUAL, NEVER, SEEN, beheaded, cut, flipped, with_nul

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping

    from amity.sources.spreadsheets import Sheet

ROOT = Path(__file__).parents[1]


@cache
def writer(name: str = "rdata_writer") -> SimpleNamespace:
    """The tests' own writers of R's files and of workbooks."""
    return SimpleNamespace(**runpy.run_path(str(ROOT / "tests" / "sources" / f"{name}.py")))


def repacked(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """A file with a change made to what is packed in it, packed in the same way, or not at all."""
    if data.startswith(b"BZh"):
        return bz2.compress(change(bz2.decompress(data)))
    if data.startswith(b"\x1f\x8b"):
        return gzip.compress(change(gzip.decompress(data)), mtime=0)
    return change(data)


def as_frame(
    change: Callable[[pl.DataFrame, random.Random], pl.DataFrame | None],
) -> Callable[[str, bytes, random.Random], bytes | None]:
    def way(_: str, data: bytes, dice: random.Random) -> bytes | None:
        ((name, frame),) = rdata.read("good", data).items()
        changed = change(frame, dice)
        if changed is None:
            return None
        columns = {column: r_column(changed[column]) for column in changed.columns}
        made = writer().frame(columns, changed.height)
        return repacked(data, lambda _: writer().rda({name: made}) if name else writer().rds(made))

    return way


def r_column(values: pl.Series) -> bytes:
    makers: dict[Any, str] = {
        pl.Int32: "integers",
        pl.Float64: "doubles",
        pl.String: "strings",
        pl.Date: "dates",
    }
    return getattr(writer(), makers[values.dtype.base_type()])(values.to_list())


def rows_shuffled(frame: pl.DataFrame, dice: random.Random) -> pl.DataFrame:
    return frame.sample(fraction=1, shuffle=True, seed=dice.randrange(10**6))


def row_twice(frame: pl.DataFrame, dice: random.Random) -> pl.DataFrame:
    return pl.concat([frame, frame.slice(dice.randrange(frame.height), 1)])


def rows_lost(frame: pl.DataFrame, dice: random.Random) -> pl.DataFrame:
    return frame.head(dice.randrange(frame.height))


def columns_swapped(frame: pl.DataFrame, dice: random.Random) -> pl.DataFrame:
    one, other = dice.sample(frame.columns, 2)
    return frame.rename({one: other, other: one})


def columns_moved(frame: pl.DataFrame, dice: random.Random) -> pl.DataFrame:
    return frame.select(dice.sample(frame.columns, len(frame.columns)))


def one_value(frame: pl.DataFrame, column: str, value: object, dice: random.Random) -> pl.DataFrame | None:
    if column not in frame.columns:
        return None
    values = frame[column].to_list()
    values[dice.randrange(len(values))] = value
    return frame.with_columns(pl.Series(column, values, dtype=frame[column].dtype))


def strange_number(frame: pl.DataFrame, dice: random.Random) -> pl.DataFrame | None:
    numbers = [name for name in frame.columns if frame[name].dtype.is_numeric()]
    if not numbers:
        return None
    column = dice.choice(numbers)
    value = dice.choice((float("nan"), float("inf"), 2.5, -7.0, 1e300))
    return one_value(frame.with_columns(pl.col(column).cast(pl.Float64)), column, value, dice)


ABSURD = {
    "date": date(9999, 1, 1),
    "stdate": date(9999, 1, 1),
    **dict.fromkeys(("year", "Year", "styear"), 9999.0),
}
NOBODY = {"country": "Atlantis", "Recipient": "Atlantis", "ccode1": 999.0, "ccode": 999.0}
"""For columns of days and of states what cannot stand in them."""


def one_of(
    values: Mapping[str, object],
) -> Callable[[pl.DataFrame, random.Random], pl.DataFrame | None]:
    """One value of the first of these columns that a frame has, changed; None where it has none."""

    def change(frame: pl.DataFrame, dice: random.Random) -> pl.DataFrame | None:
        column = next((column for column in values if column in frame.columns), "")
        value = values.get(column)
        if isinstance(value, date) and frame[column].dtype == pl.String:
            value = value.strftime("%d/%m/%y")
        return one_value(frame, column, value, dice)

    return change


def words_for_numbers(frame: pl.DataFrame, dice: random.Random) -> pl.DataFrame | None:
    numbers = [name for name in frame.columns if frame[name].dtype.is_numeric()]
    if not numbers:
        return None
    column = dice.choice(numbers)
    return frame.with_columns(pl.lit("many").alias(column))


def plain(
    change: Callable[[str, bytes, random.Random], bytes],
) -> Callable[[str, bytes, random.Random], bytes]:
    """The change made to what was packed, and packed again."""
    return lambda source, data, dice: repacked(data, lambda inside: change(source, inside, dice))


R_WAYS: dict[str, tuple[Callable[[str, bytes, random.Random], bytes | None], frozenset[str]]] = {
    "cut short": (cut, NEVER),
    "cut short, packed again": (plain(cut), NEVER),
    "beginning lost": (plain(beheaded), NEVER),
    "records shuffled": (as_frame(rows_shuffled), EQUAL),
    "record twice": (as_frame(row_twice), EQUAL),
    "records lost": (as_frame(rows_lost), ANY),  # the dates or issues of what is left may go with them
    "columns moved": (as_frame(columns_moved), EQUAL),
    "values swapped": (as_frame(columns_swapped), ANY),
    "wrong type": (as_frame(words_for_numbers), NEVER),
    "strange number": (as_frame(strange_number), ANY),
    "absurd dates": (as_frame(one_of(ABSURD)), EQUAL),
    "unknown state": (as_frame(one_of(NOBODY)), NEVER),
    "NUL bytes": (plain(with_nul), ANY),
    "bytes flipped": (flipped, ANY),
    "bytes flipped, packed again": (plain(flipped), ANY),
}
"""Ways to spoil one of R's files, and what may come of each."""


HEADERS = {"imf_dots": 7, "chinese_finance": 1, "china_trips": 1}
"""Rows of a sheet down to its header, that row included."""
COLUMNS = {"imf_dots": 1, "chinese_finance": 7, "china_trips": 3}
"""The column, counted from 0, in which a state stands."""
YEARS = {"imf_dots": (6, 2, "9999M01"), "chinese_finance": (1, 3, 9999.0), "china_trips": (1, 0, 9999.0)}
"""A row and column with a date, and an absurd one."""


def as_rows(
    change: Callable[[str, Sheet, random.Random], Sheet | None],
) -> Callable[[str, bytes, random.Random], bytes | None]:
    """A change to one sheet of a workbook that has more than a header, written anew."""

    def way(source: str, data: bytes, dice: random.Random) -> bytes | None:
        sheets = spreadsheets.sheets("good", data)
        title = dice.choice([title for title, rows in sheets.items() if len(rows) > HEADERS[source]])
        rows = change(source, sheets[title], dice)
        return None if rows is None else writer("xlsx_writer").workbook(sheets | {title: rows})

    return way


def lines_shuffled(source: str, rows: Sheet, dice: random.Random) -> Sheet:
    top = HEADERS[source]
    return rows[:top] + dice.sample(rows[top:], len(rows) - top)


def line_twice(source: str, rows: Sheet, dice: random.Random) -> Sheet | None:
    if source == "china_trips":
        return None  # a second trip to a country in one year is a row like the first
    return [*rows, dice.choice(rows[HEADERS[source] :])]


def lines_lost(_: str, rows: Sheet, dice: random.Random) -> Sheet:
    return rows[: dice.randrange(len(rows))]


def places_swapped(_: str, rows: Sheet, dice: random.Random) -> Sheet:
    one, other = dice.sample(range(len(rows[0])), 2)
    order = [other if at == one else one if at == other else at for at in range(len(rows[0]))]
    return [[row[at] for at in order] for row in rows]


def with_cell(rows: Sheet, row: int, column: int, value: object) -> Sheet:
    changed = [list(line) for line in rows]
    changed[row][column] = value
    return changed


def nobody_there(source: str, rows: Sheet, dice: random.Random) -> Sheet | None:
    places = range(HEADERS[source], len(rows))
    return with_cell(rows, dice.choice(places), COLUMNS[source], "Atlantis") if places else None


def absurd_year(source: str, rows: Sheet, _: random.Random) -> Sheet:
    return with_cell(rows, *YEARS[source])


def wrong_cell(_: str, rows: Sheet, dice: random.Random) -> Sheet:
    row = dice.randrange(len(rows))
    return with_cell(rows, row, dice.randrange(len(rows[row])), dice.choice(("many", "", -7.0, 1e300, True)))


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def inside(
    change: Callable[[str, bytes, random.Random], bytes],
) -> Callable[[str, bytes, random.Random], bytes]:
    """The change made to one of the files in a workbook, packed again."""

    def way(source: str, data: bytes, dice: random.Random) -> bytes:
        files = unpacked(data)
        name = dice.choice([*files])
        return writer("xlsx_writer").packed(files | {name: change(source, files[name], dice)})

    return way


def far_cell(_: str, data: bytes, __: random.Random) -> bytes:
    """A single cell in the last row and column that a sheet can have."""
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    made = {name: file.replace(b"</sheetData>", far) for name, file in unpacked(data).items()}
    return writer("xlsx_writer").packed(made)


@cache
def bombed(data: bytes) -> bytes:
    return writer("xlsx_writer").packed(
        unpacked(data) | {"xl/theme/theme1.xml": bytes(spreadsheets.MAX_BYTES)}
    )


def bomb_inside(_: str, data: bytes, __: random.Random) -> bytes:
    """A file inside that unpacks to more than is good."""
    return bombed(data)


BOOK_WAYS: dict[str, tuple[Callable[[str, bytes, random.Random], bytes | None], frozenset[str]]] = {
    "cut short": (cut, NEVER),
    "beginning lost": (beheaded, SEEN),
    "records shuffled": (as_rows(lines_shuffled), EQUAL),
    "record twice": (as_rows(line_twice), EQUAL),
    "records lost": (as_rows(lines_lost), ANY),  # a file that ends earlier is another good file
    "values swapped": (as_rows(places_swapped), ANY),
    "wrong type": (as_rows(wrong_cell), ANY),
    "absurd dates": (as_rows(absurd_year), NEVER),
    "unknown state": (as_rows(nobody_there), NEVER),
    "cell far out": (far_cell, NEVER),
    "zip bomb inside": (bomb_inside, NEVER),
    "bytes flipped": (flipped, EQUAL),
    "bytes flipped, packed again": (inside(flipped), ANY),
    "cut short, packed again": (inside(cut), ANY),
    "NUL bytes": (inside(with_nul), ANY),
}
"""Ways to spoil a workbook, and what may come of each."""


OLD_BOOK_WAYS: dict[str, tuple[Callable[[str, bytes, random.Random], bytes | None], frozenset[str]]] = {
    "cut short": (cut, ANY),  # a spreadsheet may be cut within what fills it up
    "beginning lost": (beheaded, NEVER),
    "NUL bytes": (with_nul, ANY),
    "absurd dates": (
        lambda _source, data, dice: data.replace(
            struct.pack("<d", 1975), struct.pack("<d", dice.choice((0, 9999, -5, 1066)))
        ),
        NEVER,
    ),
    "unknown state": (
        lambda _source, data, _dice: data.replace(struct.pack("<d", 811), struct.pack("<d", 999)),
        NEVER,
    ),
    "bytes flipped": (flipped, ANY),
}
"""Ways to spoil a spreadsheet of old Excel, and what may come of each."""
