"""Files of lines and columns, however large: cut into whole lines, read as text, and no line lost.

`chunks` cuts a stream of bytes into pieces of whole lines; `read` turns a piece into a frame of text columns and a
frame of the lines that cannot be one. Every line of a file is in one of the two, with its number. A quote is a
character like any other, an empty cell is empty text, and bytes that are no UTF-8 become U+FFFD in the cells that
are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from amity.sources import Layout

CHUNK_BYTES = 32 * 1024**2
"""About so many bytes are read at a time: some eighty thousand lines of GDELT."""
LONGEST = 1024**2
"""A longer line is passed over. The longest honest ones have some ten thousand bytes."""
SHOWN = 120
"""Characters of a bad line that are kept, to find it by."""
BAD = {"line": pl.UInt32, "why": pl.String, "start": pl.String}
EXTRA = "\x00beyond"
"""A column behind the last one: it shows what stands there."""
TAB, NEWLINE = 9, 10


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole lines: their bytes, and the number of the first one in its file."""

    data: bytes
    first: int


@dataclass(frozen=True, slots=True)
class TooLong:
    """A line that was passed over: its number and first bytes."""

    line: int
    start: bytes


@dataclass(frozen=True, slots=True)
class Lines:
    """What a chunk says.

    `rows` has `line` (UInt32, its number in the file) and the columns asked for, as text. `bad` has `line, why, start`:
    the lines with another number of columns. `repaired` counts rows with U+FFFD in a column that was asked for.
    """

    rows: pl.DataFrame
    bad: pl.DataFrame
    repaired: int


def chunks(
    pieces: Iterable[bytes], *, header: int = 0, size: int = CHUNK_BYTES, longest: int = LONGEST
) -> Iterator[Chunk | TooLong]:
    r"""The lines of a stream in chunks of about `size` bytes; the first `header` lines are passed over.

    Never more than `size` + `longest` bytes and a piece are held. A last line need not end.

    >>> [(chunk.data, chunk.first) for chunk in chunks([b"a\nb", b"b\nc"], size=4)]
    [(b'a\nbb\n', 1), (b'c\n', 3)]
    """
    line, held, length = 1, list[bytes](), 0
    skipping = False
    for piece in pieces:
        rest = piece
        if skipping:
            _, newline, rest = piece.partition(b"\n")
            skipping = not newline
            line += len(newline)
        held.append(rest)
        length += len(rest)
        if length < size and (length < longest or b"\n" in rest):
            continue
        whole, newline, tail = b"".join(held).rpartition(b"\n")
        if newline:
            yield from _chunk(whole + newline, line, header)
            line += whole.count(b"\n") + 1
        if len(tail) > longest:
            yield TooLong(line, tail[:SHOWN])
            skipping, tail = True, b""
        held, length = [tail], len(tail)
    last = b"".join(held)
    if last:
        yield from _chunk(last if last.endswith(b"\n") else last + b"\n", line, header)


def _chunk(data: bytes, first: int, header: int) -> Iterator[Chunk]:
    while first <= header and data:
        data = data.partition(b"\n")[2]
        first += 1
    if data:
        yield Chunk(data, first)


def read(chunk: Chunk, layout: Layout, columns: tuple[str, ...] | None = None) -> Lines:
    """The lines of a chunk as text: `layout.needs`, or the columns named.

    A line with a wrong number of columns is bad. That is looked for in three cheap ways (the separators of the chunk
    counted, something behind the last column, nothing in it), and counted line by line where one of them shows.
    """
    wanted = list(columns or layout.needs)
    last = layout.columns[-1]
    schema = dict.fromkeys([*layout.columns, EXTRA], pl.String())
    scanned = pl.scan_csv(
        chunk.data, separator=layout.separator, has_header=False, quote_char=None, schema=schema, encoding="utf8-lossy",
        missing_columns="insert", extra_columns="ignore", truncate_ragged_lines=True, empty_string_is_null=False,
    )  # fmt: skip
    beside = [name for name in (last, EXTRA) if name not in wanted]
    rows = scanned.select(*wanted, *beside).collect()
    number = pl.int_range(chunk.first, chunk.first + rows.height, dtype=pl.UInt32, eager=True).alias("line")
    bad = _bad(chunk, layout, rows, last)
    rows = rows.select(number, *wanted)
    if not bad.is_empty():
        rows = rows.filter(~pl.col("line").is_in(bad["line"].implode()))
    return Lines(rows, bad, 0 if chunk.data.isascii() else _repaired(rows, wanted))


def _bad(chunk: Chunk, layout: Layout, rows: pl.DataFrame, last: str) -> pl.DataFrame:
    """The lines with another number of columns than the layout's."""
    cells = np.frombuffer(chunk.data, np.uint8)
    separators = np.count_nonzero(cells == ord(layout.separator))
    odd = separators != rows.height * (len(layout.columns) - 1)
    if not odd and not (rows[last].eq("").any() or rows[EXTRA].ne("").any()):
        return pl.DataFrame(schema=BAD)
    ends = np.flatnonzero(cells == NEWLINE)
    starts = np.concatenate(([0], ends[:-1] + 1))
    if len(ends) != rows.height:
        raise AssertionError(f"{len(ends)} lines became {rows.height} rows")  # a change in the CSV reader
    counts = np.add.reduceat((cells == ord(layout.separator)).astype(np.int32), starts) + 1
    wrong = np.flatnonzero(counts != len(layout.columns))
    found = [
        (chunk.first + int(n), _why(int(counts[n]), layout, empty=_is_blank(cells, starts[n], ends[n])),
         chunk.data[starts[n] : min(ends[n], starts[n] + SHOWN)].decode("utf-8", "replace"))
        for n in wrong
    ]  # fmt: skip
    return pl.DataFrame(found, schema=BAD, orient="row")


def _is_blank(cells: np.ndarray, start: np.intp, end: np.intp) -> bool:
    return bool(end - start <= 1 and not cells[start:end].tobytes().strip())


def _why(count: int, layout: Layout, *, empty: bool) -> str:
    return "the line is empty" if empty else f"it has {count} columns where there are {len(layout.columns)}"


def _repaired(rows: pl.DataFrame, columns: list[str]) -> int:
    holds = [pl.col(name).str.contains("\ufffd", literal=True) for name in columns]
    return rows.select(pl.any_horizontal(holds).sum()).item()
