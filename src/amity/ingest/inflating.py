"""Publishers' packed files of events as streams of bytes: inflated a piece at a time, checked, never whole.

isal inflates half as fast again as zlib, and leaves other threads to their work meanwhile.
"""

from __future__ import annotations

import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from isal import igzip, isal_zlib

from amity.errors import BadFileError
from amity.ingest import archives

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

ISAL: Any = isal_zlib  # its stubs leave the types of bytes open
IGZIP: Any = igzip
PIECE = 256 * 1024
MOST_PIECE = 4 * 1024**2
"""Bytes that a piece may become at a time: a bomb grows a thousandfold."""
MOST_BYTES = 64 * 1024**3
LOCAL_HEADER = 30
_MEND = "download it again"
_BROKEN: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zlib.error,
    ISAL.error,
    OSError,
    EOFError,
    ValueError,
    NotImplementedError,
)


def members(path: Path) -> tuple[str, ...]:
    """The files inside a .zip; of any other file an empty name. Raises `BadFileError` for what is no whole archive."""
    if not is_zip(path):
        return ("",)
    with archives.opened(path) as archive:
        return tuple(info.filename for info in archive.infolist() if not info.is_dir())


def is_zip(path: Path) -> bool:
    with reading(path) as stream:
        return stream.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


@contextmanager
def reading(path: Path) -> Generator[BinaryIO]:
    """A file, open; what is wrong with it becomes a `BadFileError`."""
    try:
        with path.open("rb") as stream:
            yield stream
    except _BROKEN as error:
        raise BadFileError(f"{path.name} cannot be read: {error}", _MEND) from error


def pieces(path: Path, member: str = "") -> Iterator[bytes]:
    """The bytes of a file, or of one inside a .zip, unpacked, some megabytes at a time at most.

    Raises `BadFileError` where it is cut short, damaged (its checksum is looked at), encrypted, or unpacks to absurd
    size; then what came before is not to be used.
    """
    if member:
        yield from _of_zip(path, member)
        return
    with reading(path) as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    if packed:
        yield from _of_gzip(path)
        return
    with reading(path) as stream:
        while piece := stream.read(PIECE):
            yield piece


def _of_gzip(path: Path) -> Iterator[bytes]:
    came, size = 0, max(path.stat().st_size, archives.SMALL // archives.MOST_RATIO)
    try:
        with cast("BinaryIO", IGZIP.open(path, "rb")) as stream:
            while piece := stream.read(MOST_PIECE):
                came += len(piece)
                if came > size * archives.MOST_RATIO:
                    raise bomb(path)
                yield piece
    except _BROKEN as error:
        raise BadFileError(f"{path.name} is damaged: {error}", _MEND) from error


def bomb(path: Path) -> BadFileError:
    return BadFileError(f"{path.name} unpacks to more than {archives.MOST_RATIO} times its size", _MEND)


def _of_zip(path: Path, member: str) -> Iterator[bytes]:
    with archives.opened(path) as archive:
        info = archive.getinfo(member)
    refused = archives.refusal(info, MOST_BYTES)
    if refused:
        raise BadFileError(f"{path.name}: {member[:80]!r} {refused}", _MEND)
    came, check = 0, 0
    for piece in _inflated(path, info):
        came, check = came + len(piece), ISAL.crc32(piece, check)
        if came > info.file_size:
            raise BadFileError(
                f"{path.name}: {member} unpacks to more than its {info.file_size:,} bytes", _MEND
            )
        yield piece
    if came != info.file_size or check != info.CRC:
        raise BadFileError(f"{path.name}: {member} is damaged: its checksum or its length is wrong", _MEND)


def _inflated(path: Path, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with reading(path) as stream:
        stream.seek(info.header_offset)
        header = stream.read(LOCAL_HEADER)
        stream.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
        left = info.compress_size
        inflate = ISAL.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
        while left > 0 and (packed := stream.read(min(PIECE, left))):
            left -= len(packed)
            if inflate is None:
                yield packed
                continue
            while packed:
                piece = inflate.decompress(packed, MOST_PIECE)
                packed = inflate.unconsumed_tail
                if piece:
                    yield piece
                elif packed:
                    break
