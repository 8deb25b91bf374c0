"""Files that appear whole or not at all, and a lock that one writer holds at a time."""

from __future__ import annotations

import fcntl
import hashlib
import os
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from amity.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

LOCK = ".lock"
TMP = ".tmp-"
PATIENCE_SECONDS = 120.0


@contextmanager
def one_writer(root: Path, patience: float = PATIENCE_SECONDS, name: str = LOCK) -> Generator[None]:
    """Wait for other holders of this lock, then keep them out. The lock dies with its process."""
    with _io(root):
        root.mkdir(parents=True, exist_ok=True)
        handle = os.open(root / name, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _take(handle, root, time.monotonic() + patience)
        yield
    finally:
        os.close(handle)


def _take(handle: int, root: Path, until: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise StoreError(
                    f"another process has been writing to {root} for too long",
                    "wait for it to end, then try again",
                ) from None
            time.sleep(0.05)
        else:
            return


@contextmanager
def _io(path: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"cannot write to {path}: {error.strerror or error}",
            "free the disk or mend its rights, or name another folder with --home; the store is as it was before",
        ) from error


def put(folder: Path, write: Callable[[Path], None], name: Callable[[str], str]) -> tuple[str, str]:
    """Write a file beside its place, make it durable, and give it the name made from its SHA-256.

    Gives the name and the hash. Nothing is left in the folder when writing fails.
    """
    with _io(folder):
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{TMP}{os.getpid()}-{threading.get_ident()}"
        try:
            write(part)
            digest = sha256(part)
            _sync(part)
            part.replace(folder / name(digest))
        finally:
            part.unlink(missing_ok=True)
        _sync(folder)
    return name(digest), digest


def move(paths: Sequence[Path], folder: Path) -> None:
    """Move durable files into a folder of the same disk, in place of files of the same name, and make that durable."""
    with _io(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for path in paths:
            path.replace(folder / path.name)
        _sync(folder)


def sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
