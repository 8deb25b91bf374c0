"""Files of events as packets of lines: small ones together, large ones in pieces, the next one made while one is read.

Reading costs some milliseconds a packet, whatever its size; so the ninety-six files of a day are read at once, and a
file of a year in pieces. A small file is inflated whole before any of its lines is used, so that a damaged one spoils
nothing.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from amity.errors import AmityError, BadFileError
from amity.ingest import inflating
from amity.sources import lines

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from amity.sources import EventModule, Identity, Layout

T = TypeVar("T")
SMALL = 8 * 1024**2
"""Files up to this size, unpacked, share a packet."""
HEAD = 64 * 1024
AT_ONCE = 2
"""Batches that are read at the same time: while one waits for a lock, a disk or an odd file, another goes on."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A publisher's file on disk, packed or not: its name, address (empty: from disk), when it was fetched, its MD5."""

    name: str
    path: Path
    url: str = ""
    retrieved: str = ""
    md5: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One file of lines: itself, or the one inside a .zip; which file of its publisher it is, and its SHA-256."""

    coming: Coming
    member: str
    identity: Identity
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines of one file within a packet: how many, and the number of the first in its file."""

    text: Text
    lines: int
    first: int


@dataclass(frozen=True, slots=True)
class Packet:
    """Lines of one layout that are read together, `stretches` in their order; lines that were too long to be held."""

    data: bytes
    layout: Layout
    stretches: tuple[Stretch, ...]
    too_long: tuple[tuple[Text, lines.TooLong], ...] = ()


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A file that cannot be used. What came of it in earlier packets is to be forgotten."""

    text: Text
    error: AmityError


@dataclass(slots=True)
class Gathering:
    """Stretches of small files that wait to become a packet."""

    layout: Layout | None = None
    data: list[bytes] = field(default_factory=list[bytes])
    stretches: list[Stretch] = field(default_factory=list[Stretch])
    too_long: list[tuple[Text, lines.TooLong]] = field(default_factory=list[tuple["Text", lines.TooLong]])
    size: int = 0

    def flush(self) -> Iterator[Packet]:
        if self.layout is not None:
            data = self.data[0] if len(self.data) == 1 else b"".join(self.data)
            yield Packet(data, self.layout, tuple(self.stretches), tuple(self.too_long))
        self.layout, self.size = None, 0
        self.data, self.stretches, self.too_long = [], [], []


@contextmanager
def called(coming: Coming) -> Generator[None]:
    """Errors name the publisher's file, not the place that it was fetched to."""
    try:
        yield
    except BadFileError as error:
        raise BadFileError(error.what.replace(coming.path.name, coming.name), error.mend) from error


def packets(module: EventModule, texts: Iterable[Text]) -> Iterator[Packet | Spoilt]:
    """The lines of files, in their order, some sixteen megabytes at a time."""
    waiting = Gathering()
    for text in texts:
        try:
            with called(text.coming):
                yield from _of_file(module, text, waiting)
        except AmityError as error:
            yield Spoilt(text, error)
    yield from waiting.flush()


def _of_file(module: EventModule, text: Text, waiting: Gathering) -> Iterator[Packet]:
    source = inflating.pieces(text.coming.path, text.member)
    head: list[bytes] = []
    size = 0
    for piece in source:
        head.append(piece)
        size += len(piece)
        if size > SMALL:
            break
    if not size:
        raise BadFileError(f"{text.coming.name} is empty", "get the file again; the publisher's have lines")
    layout = module.layout(text.coming.name, b"".join(head[:1])[:HEAD])
    small = size <= SMALL
    if waiting.layout is not None and (
        not small or waiting.layout != layout or waiting.size > lines.CHUNK_BYTES
    ):
        yield from waiting.flush()
    for piece in lines.chunks(_both(head, source), header=layout.header):
        waiting.layout = layout
        if isinstance(piece, lines.TooLong):
            waiting.too_long.append((text, piece))
            continue
        waiting.data.append(piece.data)
        waiting.stretches.append(Stretch(text, piece.lines, piece.first))
        waiting.size += len(piece.data)
        if not small:
            yield from waiting.flush()


def _both(head: list[bytes], rest: Iterator[bytes]) -> Iterator[bytes]:
    yield from head
    yield from rest


def places(packet: Packet) -> tuple[Any, Any]:
    """For each line of a packet the index of its stretch, and its number in its file."""
    counts = [stretch.lines for stretch in packet.stretches]
    of = np.repeat(np.arange(len(counts)), counts)
    begins = np.cumsum([0, *counts[:-1]])
    firsts = np.array([stretch.first for stretch in packet.stretches])
    return of, np.arange(sum(counts)) - begins[of] + firsts[of]


def ahead(made: Iterator[T]) -> Iterator[T]:
    """The same, with the next one made in a thread meanwhile. What fails there fails here.

    >>> list(ahead(iter("ab")))
    ['a', 'b']
    """
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(list[T], islice(made, 1))
        while one := coming.result():
            coming = pool.submit(list[T], islice(made, 1))
            yield one[0]


def in_turn(tasks: Iterable[Callable[[], T]]) -> Iterator[Future[T]]:
    """What tasks give, in their order; two are done at a time, and none is begun before it is nearly wanted.

    >>> [done.result() for done in in_turn([lambda: 1, lambda: 2])]
    [1, 2]
    """
    waiting = iter(tasks)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        begun = deque(pool.submit(task) for task in islice(waiting, AT_ONCE))
        while begun:
            yield begun.popleft()
            begun.extend(pool.submit(task) for task in islice(waiting, 1))
