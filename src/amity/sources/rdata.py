"""Data frames out of R's own files (`.rda`, `.RData`, `.rds`), without R.

The format is R's serialization, versions 2 and 3, in its binary big-endian form (XDR), plain or compressed with
gzip, bzip2 or xz: a tree of nodes, each a word of flags and what belongs to it ("Serialization Formats" in the
manual "R Internals"). A file is hostile until read: it is never unpacked beyond a limit, no length is believed
before the bytes for it are seen, and no node goes deeper than a real data frame does.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn, Protocol, cast

import numpy as np

from amity.errors import BadFileError
from amity.sources.rcolumns import Pairs, Value, Vector, to_frame

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

MAX_BYTES = 512 * 1024 * 1024
"""The most that a file may unpack to."""
MAX_DICTIONARY = 128 * 1024 * 1024
"""The most memory that unpacking xz may take beside the result; its strongest setting needs half of that."""
MAX_DEPTH = 64
"""The deepest that nodes may nest; a data frame needs fewer than ten levels."""
MAX_NODES = 2_000_000
"""The most nodes that a file may have (a vector of numbers or of strings is one node)."""
MAX_COUNTED = 10_000_000
"""The most numbers that a file may leave to be counted out (`1:n`): they take no room in it."""

MAGIC = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"RDX2\n", b"RDX3\n", b"X\n")
"""How files of this kind begin: gzip, bzip2, xz, `.rda` and `.rds` without compression."""

NA_STRING = 0xFFFFFFFF
HAS_ATTRIBUTES, HAS_TAG = 0x200, 0x400
BYTES, LATIN1, UTF8, ASCII = 2 << 12, 4 << 12, 8 << 12, 64 << 12
_MEND = "fetch the file again from its publisher; it is cut short, damaged, or not R's data"


@dataclass(slots=True)
class Input:
    """The bytes of one file, where reading stands, and what has been read so far."""

    name: str
    data: bytes
    at: int = 0
    nodes: int = 0
    counted: int = 0
    refs: list[Value] = field(default_factory=list["Value"])
    """Symbols and the like, in the order in which the file may refer back to them."""


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


def read(name: str, data: bytes, limit: int = MAX_BYTES) -> dict[str, pl.DataFrame]:
    """Every data frame of an R file by the name of its object; `.rds` files have one object, named `""`.

    Factors become strings, `Date` columns dates, NA nulls (the string "NA" stays a string); logical, integer and
    double columns keep their types. `name` is the file's, for errors; `limit` is the most that it may unpack to, in
    bytes. Whatever is cut short, damaged, too large or no data frame raises `BadFileError`; kinds of column that
    are not known here raise `UnknownValueError`.
    """
    source = Input(name, _unpacked(name, data, limit))
    named = source.data[:5] in (b"RDX2\n", b"RDX3\n")
    source.at = 5 if named else 0
    _read_header(source)
    try:
        root = _node(source, 0)
    except UnicodeDecodeError:
        bad(source, "cannot be read")
    if source.at != len(source.data):
        bad(source, "goes on after its end")
    if not named:
        return {"": to_frame(name, root)}
    if not isinstance(root, Pairs) or len(set(root.tags)) != len(root.tags):
        bad(source, "does not name its objects")
    return {tag: to_frame(name, value) for tag, value in zip(root.tags, root.values, strict=True)}


def bad(source: Input, why: str) -> NoReturn:
    raise BadFileError(f"{source.name}: R data {why} (at byte {source.at:,} of {len(source.data):,})", _MEND)


def _unpacked(name: str, data: bytes, limit: int) -> bytes:
    """The bytes inside, whichever way they are compressed, up to `limit`."""
    openers: tuple[tuple[bytes, Callable[[], object]], ...] = (
        (b"\x1f\x8b", lambda: zlib.decompressobj(wbits=31)),
        (b"BZh", bz2.BZ2Decompressor),
        (b"\xfd7zXZ\x00", lambda: lzma.LZMADecompressor(memlimit=MAX_DICTIONARY)),
    )
    for magic, opener in openers:
        if data.startswith(magic):
            return _decompressed(name, data, limit, cast("Callable[[], _Unpacker]", opener))
    if len(data) > limit:
        raise BadFileError(f"{name} is larger than {limit:,} bytes", _MEND)
    return data


def _decompressed(name: str, data: bytes, limit: int, opener: Callable[[], _Unpacker]) -> bytes:
    out = bytearray()
    while data:  # a file may be several compressed streams, one after the other
        unpacker = opener()
        try:
            out += unpacker.decompress(data, limit + 1 - len(out))
        except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
            raise BadFileError(f"{name} cannot be unpacked: {error}", _MEND) from None
        if len(out) > limit:
            raise BadFileError(f"{name} unpacks to more than {limit:,} bytes", _MEND)
        if not unpacker.eof:
            raise BadFileError(f"{name} is cut short: its compressed data has no end", _MEND)
        data = unpacker.unused_data
    return bytes(out)


def _read_header(source: Input) -> None:
    if source.data[source.at : source.at + 2] != b"X\n":
        bad(source, "is not in R's binary form")
    source.at += 2
    version = _int(source)
    _take(source, 8)  # the version of R that wrote it, and the oldest that can read it
    if version == 3:
        encoding = _take(source, _length(source, 1))
        if encoding not in (b"UTF-8", b"ASCII"):
            bad(source, f"is in the encoding {encoding[:20]!r}, not UTF-8")
    elif version != 2:
        bad(source, f"has version {version}, not 2 or 3")


def _take(source: Input, size: int) -> bytes:
    if size < 0 or size > len(source.data) - source.at:
        bad(source, "is cut short")
    source.at += size
    return source.data[source.at - size : source.at]


def _int(source: Input) -> int:
    return int.from_bytes(_take(source, 4), signed=True)


def _length(source: Input, width: int) -> int:
    """The length of what follows, which is `width` bytes or more for each element."""
    size = _int(source)
    if size == -1:  # a long vector: two words more
        high = _int(source)
        size = (high << 32) + (_int(source) & 0xFFFFFFFF)
    if size < 0 or size * width > len(source.data) - source.at:
        bad(source, "announces more than the file holds")
    return size


def _node(source: Input, depth: int) -> Value:
    return _node_of(source, _int(source), depth)


def _node_of(source: Input, flags: int, depth: int) -> Value:
    source.nodes += 1
    if depth > MAX_DEPTH or source.nodes > MAX_NODES:
        bad(source, "nests deeper, or has more nodes, than data frames do")
    kind = flags & 0xFF
    if kind in _NOTHING:
        return None
    if kind not in _READERS:
        bad(source, f"holds a node of kind {kind}, which data frames do not")
    return _READERS[kind](source, flags, depth + 1)


def _symbol(source: Input, _flags: int, depth: int) -> Value:
    name = _node(source, depth)
    source.refs.append(name if isinstance(name, str) else "")
    return source.refs[-1]


def _characters(source: Input, flags: int, _depth: int) -> Value:
    """A string that stands alone, as the name of a symbol does."""
    start = source.at - 4
    size = int.from_bytes(source.data[source.at : source.at + 4])
    _take(source, 4 if size == NA_STRING else 4 + size)
    return _text(source, source.data[start : source.at], flags)


def _reference(source: Input, flags: int, _depth: int) -> Value:
    index = flags >> 8 or _int(source)
    if not 1 <= index <= len(source.refs):
        bad(source, "refers to something that is not there")
    return source.refs[index - 1]


def _pairs(source: Input, flags: int, depth: int) -> Pairs:
    """A pairlist, read in a loop because R writes it as a chain of any length."""
    tags: list[str] = []
    values: list[Value] = []
    while flags & 0xFF in _PAIRLIKE:
        if flags & HAS_ATTRIBUTES:
            _node(source, depth)
        tag = _node(source, depth) if flags & HAS_TAG else None
        tags.append(tag if isinstance(tag, str) else "")
        values.append(_node(source, depth))
        flags = _int(source)
    if flags & 0xFF != 254:  # the chain ends in a value instead of the usual nothing
        tags.append("")
        values.append(_node_of(source, flags, depth))
    return Pairs(tags, values)


def _attributes(source: Input, flags: int, depth: int) -> dict[str, Value]:
    found = _node(source, depth) if flags & HAS_ATTRIBUTES else None
    return dict(zip(found.tags, found.values, strict=True)) if isinstance(found, Pairs) else {}


def _numbers(source: Input, flags: int, depth: int) -> Vector:
    kind = {10: "logical", 13: "integer", 14: "double"}[flags & 0xFF]
    code, width = (">f8", 8) if kind == "double" else (">i4", 4)
    values = np.frombuffer(_take(source, _length(source, width) * width), code).astype(code[1:])
    return Vector(kind, values, _attributes(source, flags, depth))


def _raw(source: Input, flags: int, depth: int) -> Vector:
    values = _take(source, _length(source, 1))
    return Vector("raw", values, _attributes(source, flags, depth))


def _list(source: Input, flags: int, depth: int) -> Vector:
    values = [_node(source, depth) for _ in range(_length(source, 4))]
    return Vector("list", values, _attributes(source, flags, depth))


def _strings(source: Input, flags: int, depth: int) -> Vector:
    """A vector of strings; each is decoded once, however often it comes (a million names of 200 states)."""
    size, data, at = _length(source, 8), source.data, source.at
    values: list[str | None] = []
    known: dict[bytes, str | None] = {}
    for _ in range(size):
        length = int.from_bytes(data[at + 4 : at + 8])
        stop = at + 8 if length == NA_STRING else at + 8 + length
        whole = data[at:stop]
        if whole not in known:
            source.at = at
            known[whole] = _string(source, stop - at)
        values.append(known[whole])
        at = stop
    source.at = at
    return Vector("string", values, _attributes(source, flags, depth))


def _string(source: Input, size: int) -> str | None:
    """The next string of a vector, seen for the first time."""
    whole = _take(source, size)
    if size < 8 or whole[3] != 9:
        bad(source, "has something else than a string among strings")
    return _text(source, whole, int.from_bytes(whole[:4]))


def _text(source: Input, whole: bytes, flags: int) -> str | None:
    """The string of a node: its flags say how it is encoded, and that it is one without attributes."""
    if whole[4:8] == b"\xff\xff\xff\xff":
        return None
    if flags & (HAS_ATTRIBUTES | BYTES):
        bad(source, "has a string that is no plain text")
    # A string without a mark is in the encoding of the machine that wrote it: UTF-8, or it is refused.
    return whole[8:].decode("latin-1" if flags & LATIN1 else "utf-8")


def _pointer(source: Input, flags: int, depth: int) -> Value:
    """A pointer into the memory of the R that wrote the file: data.table and readr leave one behind. Skipped."""
    source.refs.append(None)
    _node(source, depth)
    _node(source, depth)
    _attributes(source, flags, depth)
    return None


def _compact(source: Input, _flags: int, depth: int) -> Value:
    """A vector that R keeps in short: the numbers from a to b, numbers as strings, or a wrapped vector."""
    about, state, extra = _node(source, depth), _node(source, depth), _node(source, depth)
    if not isinstance(about, Pairs) or not isinstance(state, (Vector, Pairs)):
        bad(source, "has a vector in short that cannot be read")
    attributes = dict(zip(extra.tags, extra.values, strict=True)) if isinstance(extra, Pairs) else {}
    name = about.values[0]
    if name in ("compact_intseq", "compact_realseq"):
        return _counted_out(source, str(name), state, attributes)
    inner = state.values[0] if len(state.values) else None
    if isinstance(name, str) and name.startswith("wrap_") and isinstance(inner, Vector):
        return Vector(inner.kind, inner.values, {**inner.attributes, **attributes})
    if name == "deferred_string" and isinstance(inner, Vector) and inner.kind == "integer":
        missing = np.iinfo("i4").min
        numbers = cast("list[int]", np.asarray(inner.values).tolist())
        return Vector("string", [None if n == missing else str(n) for n in numbers], attributes)
    bad(source, f"keeps a vector in a short form that is not known ({str(name)[:40]})")


def _counted_out(source: Input, name: str, state: Vector | Pairs, attributes: dict[str, Value]) -> Vector:
    numbers = state.values if isinstance(state, Vector) and state.kind == "double" else None
    if not isinstance(numbers, np.ndarray) or len(numbers) != 3 or not np.isfinite(numbers).all():
        bad(source, "has a run of numbers that cannot be read")
    size, first, step = (float(number) for number in numbers)
    if not 0 <= size <= MAX_COUNTED - source.counted or abs(first) + abs(step) * size > 2**31 - 1:
        bad(source, "has a run of numbers that is too long")
    source.counted += int(size)
    values = first + step * np.arange(int(size))
    kind, code = ("integer", "i4") if name == "compact_intseq" else ("double", "f8")
    return Vector(kind, values.astype(code), attributes)


_NOTHING = frozenset({0, 254, 253, 252, 251, 242, 241, 247})
"""Nothing, and R's own environments and markers, which carry no data."""
_PAIRLIKE = frozenset({2, 6})
"""Pairlists, and calls (which are written the same way; readr leaves some behind)."""
_READERS: dict[int, Callable[[Input, int, int], Value]] = {
    1: _symbol,
    2: _pairs,
    6: _pairs,
    9: _characters,
    10: _numbers,
    13: _numbers,
    14: _numbers,
    16: _strings,
    19: _list,
    22: _pointer,
    24: _raw,
    238: _compact,
    255: _reference,
}
