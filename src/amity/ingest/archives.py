"""Files inside a .zip that a person downloaded: listed and read within bounds, never unpacked to disk."""

from __future__ import annotations

import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from amity.errors import BadFileError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

MOST_FILES = 20_000
MOST_BYTES = 1024**3
"""Of all the files in an archive, unpacked."""
MOST_BYTES_A_FILE = 512 * 1024**2
MOST_RATIO = 200
"""Unpacked to packed. Publishers' XML and CSV shrink 10 to 40 times; a bomb a thousand times."""
SMALL = 1024**2
"""Below this a file may shrink as it likes."""
READ = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
_MEND = "download it again, or unpack it yourself and load the folder"
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError)
"""What Python raises on archives that are not whole."""


@contextmanager
def opened(path: Path) -> Generator[zipfile.ZipFile]:
    """An archive, open for reading; what is wrong with it becomes a `BadFileError`."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except _BROKEN as error:
        raise BadFileError(f"{path.name} is not a whole zip file: {error}", _MEND) from error


def members(path: Path) -> tuple[str, ...]:
    """The names of the files in an archive, sorted.

    Raises `BadFileError` where it is broken, encrypted, unpacks to too much, or names files outside itself.
    """
    with opened(path) as archive:
        files = [info for info in archive.infolist() if not info.is_dir()]
    if len(files) > MOST_FILES or sum(info.file_size for info in files) > MOST_BYTES:
        raise BadFileError(
            f"{path.name} unpacks to more than {MOST_FILES:,} files or {MOST_BYTES:,} bytes", _MEND
        )
    for info in files:
        wrong = refusal(info, MOST_BYTES_A_FILE)
        if wrong:
            raise BadFileError(f"{path.name}: {info.filename[:80]!r} {wrong}", _MEND)
    return tuple(sorted(info.filename for info in files))


def refusal(info: zipfile.ZipInfo, most: int) -> str:
    """Why a file in an archive is refused, where one may unpack to `most` bytes; empty: it is not."""
    if info.flag_bits & ENCRYPTED:
        return "is encrypted"
    if info.compress_type not in READ:
        return "is packed in a way that is not read here"
    if info.filename.startswith("/") or "\\" in info.filename or ".." in info.filename.split("/"):
        return "would lie outside the archive"
    if info.file_size > most:
        return f"unpacks to more than {most:,} bytes"
    if info.file_size > max(SMALL, MOST_RATIO * info.compress_size):
        return f"unpacks to more than {MOST_RATIO} times its size"
    return ""


def read(path: Path, member: str, most: int = MOST_BYTES_A_FILE) -> bytes:
    """The first bytes of a file in an archive, `most` of them: by default all. Never more than its listing says."""
    with opened(path) as archive, archive.open(member) as stream:
        return stream.read(most)
