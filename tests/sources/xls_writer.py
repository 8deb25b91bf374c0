"""A tiny writer of Excel 97 files: one sheet of texts and numbers in a compound file, so that samples can be made.

Loaded by path (`runpy`), because tests are no package. From the formats' descriptions (MS-CFB and MS-XLS).
"""

from __future__ import annotations

import struct

SECTOR = 512
LEAST = 4096
"""A stream that is smaller would go into the small sectors, which are not written here."""
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def book(sheet: str, rows: list[list[str | float]]) -> bytes:
    """A file with one sheet; empty texts are empty cells."""
    globals_size = len(begin(5)) + len(bound(0, sheet)) + len(record(0x0A))
    cells = b"".join(
        cell(at, column, value)
        for at, row in enumerate(rows)
        for column, value in enumerate(row)
        if value != ""
    )
    size = record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows), default=0), 0))
    stream = begin(5) + bound(globals_size, sheet) + record(0x0A) + begin(16) + size + cells + record(0x0A)
    return compound(stream)


def record(kind: int, payload: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(payload)) + payload


def begin(kind: int) -> bytes:
    return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x1000, 1997, 0, 0x600))


def bound(offset: int, sheet: str) -> bytes:
    return record(0x85, struct.pack("<IBBBB", offset, 0, 0, len(sheet), 0) + sheet.encode("latin-1"))


def cell(row: int, column: int, value: str | float) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str):
        return record(0x204, place + struct.pack("<HB", len(value), 0) + value.encode("latin-1"))
    return record(0x203, place + struct.pack("<d", value))


def compound(stream: bytes) -> bytes:
    """The stream `Workbook` in a compound file: sector 0 is the table, 1 the directory, then the stream."""
    padded = stream.ljust(LEAST, b"\0")
    padded += b"\0" * (-len(padded) % SECTOR)
    sectors = len(padded) // SECTOR
    assert sectors <= 126, "the table of one sector is full"
    chain = [TABLE, END, *range(3, 2 + sectors), END]
    table = struct.pack(f"<{SECTOR // 4}I", *chain, *[FREE] * (SECTOR // 4 - len(chain)))
    directory = entry("Root Entry", 5, END, 0, child=1) + entry("Workbook", 2, 2, len(padded))
    return header() + table + directory.ljust(SECTOR, b"\0") + padded


def header() -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, LEAST, END, 0, END, 0)
    return head + struct.pack("<109I", 0, *[FREE] * 108)


def entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text), kind, 1, FREE, FREE, child)
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
    )
