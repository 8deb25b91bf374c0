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
NEWLINE = 10


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

    `rows` has every line: `line` (UInt32, its number in the file) and the columns asked for, as text. `bad` has
    `line, why, start`: the lines with another number of columns, whose cells mean nothing. `repaired` has the numbers
    of lines with U+FFFD in a column of free text.
    """

    rows: pl.DataFrame
    bad: pl.DataFrame
    repaired: pl.Series


def chunks(
    pieces: Iterable[bytes], *, header: int = 0, size: int = CHUNK_BYTES, longest: int = LONGEST
) -> Iterator[Chunk | TooLong]:
    r"""The lines of a stream in chunks of about `size` bytes; the first `header` lines are passed over.

    Never more than `size` + `longest` bytes and a piece are held. A last line need not end.

    >>> [(chunk.data, chunk.first) for chunk in chunks([b"a\nb", b"b\nc"], size=4)]
    [(b'a\nbb\n', 1), (b'c\n', 3)]
    """
    line, whole, tail, skipping = 1, list[bytes](), list[bytes](), False
    for piece in pieces:
        cut = piece.find(b"\n") + 1 if skipping else 0
        if skipping and not cut:
            continue
        line, skipping = line + skipping, False
        end = piece.rfind(b"\n") + 1
        if end > cut:
            whole += [*tail, piece[cut:end]]
            tail = [piece[end:]]
        else:
            tail.append(piece[cut:])
        too_long = _size(tail) > longest
        if whole and (too_long or _size(whole) >= size):
            data = b"".join(whole)
            yield from _chunk(data, line, header)
            line, whole = line + count(data, NEWLINE), []
        if too_long:
            yield TooLong(line, b"".join(tail)[:SHOWN])
            skipping, tail = True, []
    last = b"".join([*whole, *tail])
    if last:
        yield from _chunk(last if last.endswith(b"\n") else last + b"\n", line, header)


def _size(pieces: Iterable[bytes]) -> int:
    return sum(map(len, pieces))


def count(data: bytes, byte: int) -> int:
    """How often a byte occurs; twice as fast as `bytes.count` where it is frequent."""
    return int(np.count_nonzero(np.frombuffer(data, np.uint8) == byte))


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
    return Lines(rows, bad, _repaired(rows, layout.free, chunk.data))


def _bad(chunk: Chunk, layout: Layout, rows: pl.DataFrame, last: str) -> pl.DataFrame:
    """The lines with another number of columns than the layout's."""
    among = ord(layout.separator)
    right = len(layout.columns) - 1
    separators = count(chunk.data, among)
    odd = (rows[last].eq("") | rows[EXTRA].ne("")).arg_true().to_numpy()
    if separators == rows.height * right and not len(odd):
        return pl.DataFrame(schema=BAD)
    ends = np.flatnonzero(np.frombuffer(chunk.data, np.uint8) == NEWLINE)
    starts = np.concatenate(([0], ends[:-1] + 1))
    if len(ends) != rows.height:
        raise AssertionError(f"{len(ends)} lines became {rows.height} rows")  # a change in the CSV reader
    counts = [chunk.data.count(layout.separator.encode(), starts[n], ends[n]) for n in odd]
    if separators != sum(counts) + (rows.height - len(odd)) * right:
        odd = np.arange(rows.height)
        counts = [chunk.data.count(layout.separator.encode(), starts[n], ends[n]) for n in odd]
    found = [
        (chunk.first + int(n), *_told(chunk.data[starts[n] : ends[n]], separators, right))
        for n, separators in zip(odd, counts, strict=True)
        if separators != right
    ]
    return pl.DataFrame(found, schema=BAD, orient="row")


def _told(line: bytes, separators: int, right: int) -> tuple[str, str]:
    """Why a line is bad, and how it begins."""
    if not line.strip():
        return "the line is empty", ""
    start = line[:SHOWN].decode("utf-8", "replace")
    return f"it has {separators + 1} columns where there are {right + 1}", start


def _repaired(rows: pl.DataFrame, free: tuple[str, ...], data: bytes) -> pl.Series:
    if data.isascii() or not free:
        return pl.Series("line", [], pl.UInt32)
    holds = [pl.col(name).str.contains("\ufffd", literal=True) for name in free]
    return rows.filter(pl.any_horizontal(holds))["line"]
