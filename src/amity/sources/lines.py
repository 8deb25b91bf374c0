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

CHUNK_BYTES = 16 * 1024**2
"""About so many bytes are read at a time: some forty thousand lines of GDELT."""
LONGEST = 1024**2
"""A longer line is passed over. The longest honest ones have some ten thousand bytes."""
SHOWN = 120
"""Characters of a bad line that are kept, to find it by."""
BAD = {"line": pl.UInt32, "why": pl.String, "start": pl.String}
EXTRA = "\x00beyond"
"""A column behind the last one: it shows what stands there."""
NEWLINE = 10
BLOCK = 1024**2
Bytes = bytes | memoryview


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole lines: their bytes, how many they are, and the number of the first one in its file."""

    data: bytes
    lines: int
    first: int = 1


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

    >>> [(chunk.data, chunk.lines, chunk.first) for chunk in chunks([b"a\nb", b"b\nc"], size=4)]
    [(b'a\nbb\n', 2, 1), (b'c\n', 1, 3)]
    """
    line, whole, tail, skipping = 1, list[Bytes](), list[Bytes](), False
    for piece in pieces:
        cut = piece.find(b"\n") + 1 if skipping else 0
        if skipping and not cut:
            continue
        line, skipping = line + skipping, False
        end, view = piece.rfind(b"\n") + 1, memoryview(piece)
        if end > cut:
            whole += [*tail, view[cut:end]]
            tail = [view[end:]]
        else:
            tail.append(view[cut:])
        too_long = _size(tail) > longest
        if whole and (too_long or _size(whole) >= size):
            data = b"".join(whole)
            held = count(data, NEWLINE)
            yield from _chunk(data, held, line, header)
            line, whole = line + held, []
        if too_long:
            yield TooLong(line, b"".join(tail)[:SHOWN])
            skipping, tail = True, []
    last = b"".join([*whole, *tail])
    if last:
        last += b"" if last.endswith(b"\n") else b"\n"
        yield from _chunk(last, count(last, NEWLINE), line, header)


def _size(pieces: Iterable[Bytes]) -> int:
    return sum(map(len, pieces))


def count(data: bytes, byte: int) -> int:
    """How often a byte occurs, a megabyte at a time; four times as fast as `bytes.count` where it is frequent."""
    all_ = np.frombuffer(data, np.uint8)
    return sum(int(np.count_nonzero(all_[at : at + BLOCK] == byte)) for at in range(0, len(data), BLOCK))


def _chunk(data: bytes, lines: int, first: int, header: int) -> Iterator[Chunk]:
    while first <= header and data:
        data = data.partition(b"\n")[2]
        first, lines = first + 1, lines - 1
    if data:
        yield Chunk(data, lines, first)


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
    if rows.height != chunk.lines:
        raise AssertionError(f"{chunk.lines} lines became {rows.height} rows")  # a change in the CSV reader
    bad = _bad(chunk, layout, rows, last)
    rows = rows.select(number, *wanted)
    return Lines(rows, bad, _repaired(rows, layout.free, chunk.data))


def _bad(chunk: Chunk, layout: Layout, rows: pl.DataFrame, last: str) -> pl.DataFrame:
    """The lines with another number of columns than the layout's."""
    right = len(layout.columns) - 1
    separators = count(chunk.data, ord(layout.separator))
    odd = (rows[last].eq("") | rows[EXTRA].ne("")).arg_true().to_list()
    if separators == rows.height * right and not odd:
        return pl.DataFrame(schema=BAD)
    looked_at = _cut(chunk.data, odd)
    counts = [line.count(layout.separator.encode()) for line in looked_at]
    if separators != sum(counts) + (rows.height - len(odd)) * right:
        odd, looked_at = list(range(rows.height)), chunk.data.split(b"\n")[:-1]
        counts = [line.count(layout.separator.encode()) for line in looked_at]
    found = [
        (chunk.first + n, *_told(line, separators, right))
        for n, line, separators in zip(odd, looked_at, counts, strict=True)
        if separators != right
    ]
    return pl.DataFrame(found, schema=BAD, orient="row")


def _cut(data: bytes, numbers: list[int]) -> list[bytes]:
    """The lines with these numbers, counted from 0 and in order; only the megabytes that they are in are cut."""
    made, begin, passed = list[bytes](), 0, 0
    left = numbers[::-1]
    while left:
        end = data.find(b"\n", begin + BLOCK) + 1 or len(data)
        piece = data[begin:end]
        held = count(piece, NEWLINE)
        if left[-1] < passed + held:
            cut = piece.split(b"\n")
            while left and left[-1] < passed + held:
                made.append(cut[left.pop() - passed])
        begin, passed = end, passed + held
    return made


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
