"""What is wanted, how long and how often we try, and how a try can end."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from amity.ingest import staging

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from amity.ingest.staging import Note


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how much and how often; seconds and bytes."""

    connect: float = 15
    read: float = 30
    """Between two bytes."""
    answer: float = 60
    """Until the headers are there."""
    whole: float = 3600
    """For a file, with all tries and waits."""
    slow: tuple[int, float] = (10_240, 30)
    """Fewer than so many bytes in so many seconds is too slow."""
    tries: int = 5
    wait: float = 120
    """The longest wait that a server may ask for."""
    size: int = 512 * 1024 * 1024
    redirects: int = 5
    at_once: int = 2
    """Requests to one host at a time."""


@dataclass(frozen=True, slots=True)
class World:
    """The clock, the waiting and the chance between 0 and 1 that spreads waits; tests bring their own."""

    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    jitter: Callable[[], float] = field(default=random.random)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to fetch: its address, its name for the parser, and what is known of it beforehand.

    `sha256`, `git_sha1` (of the blob, as git names it), `md5` and `size` are checked where they are given. `known` is
    the note of the version that the store holds: a publisher who still has that one need not send it.
    """

    url: str
    file: str
    sha256: str = ""
    git_sha1: str = ""
    size: int | None = None
    known: Note | None = None
    md5: str = ""

    @property
    def announced(self) -> bool:
        """Whether the bytes can be told from any others."""
        return bool(self.sha256 or self.git_sha1 or self.md5)

    @property
    def key(self) -> str:
        return staging.key(self.url, self.sha256, self.git_sha1, *([self.md5] if self.md5 else []))


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole, checked file, on disk until its folder is cleared."""

    path: Path
    note: Note

    @property
    def data(self) -> bytes:
        """Its bytes, read anew each time: a file may be larger than memory."""
        with staging.on_disk(self.path.parent):
            return self.path.read_bytes()


class Again(Exception):  # noqa: N818  (an event, not a fault of ours)
    """This try failed and the next may not; `wait` seconds were asked for, `fresh`: what came is worthless."""

    def __init__(self, why: str, wait: float | None = None, *, fresh: bool = False) -> None:
        super().__init__(why)
        self.wait = wait
        self.fresh = fresh


class Never(Exception):  # noqa: N818
    """No further try can help."""


class Absent(Never):
    """The publisher says that there is no such file."""
