"""What a pull of events has to do: which files of a list fall into a range of days, and which days the list lacks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from amity.errors import AmityError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from amity.ingest.listing_events import Aside
    from amity.ingest.trying import Wanted
    from amity.sources import EventModule, Identity

DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)
MOMENT = re.compile(r"\d{14}", re.ASCII)
"""The key of a file that holds a quarter of an hour."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days, the first and the last included."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Announced:
    """A file of the publisher's list, and which file of the source it is."""

    want: Wanted
    identity: Identity


@dataclass(frozen=True, slots=True)
class Lack:
    """What a publisher lacks: days, and where only some files of a day are missing their keys; and how we know."""

    start: date
    end: date
    keys: tuple[str, ...] = ()
    why: str = "not in the publisher's list"


@dataclass(slots=True)
class Listed:
    """What the lists say: the files within a range by key, and of all files their keys, bytes and days.

    Only what lies in the range is kept: GDELT names a million files.
    """

    inside: dict[str, Announced] = field(default_factory=dict[str, Announced])
    keys: set[str] = field(default_factory=set[str])
    size: int = 0
    start: date = date.max
    end: date = date.min


@dataclass(frozen=True, slots=True)
class Plan:
    """What a pull is going to do: the files of the range, how many of them the store holds, what is lacking.

    `size` is of the files whose size the list says; `aside` counts what the lists name in a way that cannot be read.
    """

    source: str
    span: Span
    files: int
    size: int
    held: int
    wanted: tuple[tuple[Announced, ...], ...]
    """The files to fetch, batch by batch, the oldest first."""
    lacks: tuple[Lack, ...]
    aside: Aside

    @property
    def to_fetch(self) -> int:
        return sum(len(batch) for batch in self.wanted)

    @property
    def size_to_fetch(self) -> int:
        return sum(one.want.size or 0 for batch in self.wanted for one in batch)


def listed(module: EventModule, wanted: Iterable[Wanted], span: Span | None) -> Listed:
    """The files of a source among those that lists name; of two issues the newer, or that of the later line.

    What one list gives as size and another as MD5 of the same file is put together.
    """
    found = Listed()
    for want in wanted:
        try:
            identity = module.identity(want.file)
        except AmityError:
            continue
        found.size += want.size or 0
        found.keys.add(identity.key)
        found.start, found.end = min(found.start, identity.start), max(found.end, identity.end)
        if span and identity.start <= span.end and identity.end >= span.start:
            before = found.inside.get(identity.key)
            if before is None or identity.release >= before.identity.release:
                found.inside[identity.key] = Announced(_joined(want, before), identity)
    return found


def _joined(want: Wanted, before: Announced | None) -> Wanted:
    """A file with what an earlier line said of it, where that line named the same address."""
    if before is None or before.want.url != want.url:
        return want
    size = before.want.size if want.size is None else want.size
    return replace(want, md5=want.md5 or before.want.md5, size=size)


def batches(files: Mapping[str, Announced]) -> tuple[tuple[Announced, ...], ...]:
    """Files that are stored together, the oldest first."""
    inside = sorted(files.values(), key=lambda one: (one.identity.batch, one.identity.key))
    found = [tuple(group) for _, group in groupby(inside, key=lambda one: one.identity.batch)]
    return tuple(sorted(found, key=lambda batch: (batch[0].identity.start, batch[0].identity.batch)))


def lacking(found: Listed, span: Span, shortest: int = 1) -> tuple[Lack, ...]:
    """What the list lacks between its first and its last day: whole days, then quarters of an hour of the others.

    Before the first and after the last day nothing is lacking: the publisher never promised it, or not yet. Fewer days
    in a row than `shortest` are no gap either: a publisher of weekly files has one for each seventh day.
    """
    start, end = max(span.start, found.start), min(span.end, found.end)
    covered: set[date] = set()
    for one in found.inside.values():
        covered.update(days(max(one.identity.start, start), min(one.identity.end, end)))
    gaps = runs(day for day in days(start, end) if day not in covered)
    whole = tuple(Lack(first, last) for first, last in gaps if (last - first).days + 1 >= shortest)
    return (*whole, *_quarters(found, covered))


def days(start: date, end: date) -> Iterator[date]:
    """Every day from the first to the last.

    >>> [day.day for day in days(date(2024, 2, 28), date(2024, 3, 1))]
    [28, 29, 1]
    """
    return (start + n * DAY for n in range((end - start).days + 1))


def runs(found: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Days in order as runs without a gap.

    >>> [(a.day, b.day) for a, b in runs([date(2024, 1, 1), date(2024, 1, 2), date(2024, 1, 9)])]
    [(1, 2), (9, 9)]
    """
    for _, group in groupby(enumerate(found), key=lambda pair: pair[1] - pair[0] * DAY):
        run = [day for _, day in group]
        yield run[0], run[-1]


def _quarters(found: Listed, covered: Collection[date]) -> Iterator[Lack]:
    moments = [key for key in found.keys if MOMENT.fullmatch(key)]
    if not moments:
        return
    first, last = min(moments), max(moments)
    for day in sorted(covered):
        keys = tuple(key for key in quarters(day) if first <= key <= last and key not in found.keys)
        if keys:
            yield Lack(day, day, keys)


def quarters(day: date) -> Iterator[str]:
    """The keys of a day's quarters of an hour.

    >>> list(quarters(date(2024, 1, 1)))[:2]
    ['20240101000000', '20240101001500']
    """
    start = datetime(day.year, day.month, day.day)  # noqa: DTZ001  (a publisher's clock, UTC, written as a name)
    return ((start + n * QUARTER).strftime("%Y%m%d%H%M%S") for n in range(96))


def in_bytes(size: int) -> str:
    """A number of bytes for a person.

    >>> in_bytes(45_600_000), in_bytes(45_600_000_000)
    ('45.6 MB', '45.6 GB')
    """
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.1f} MB"
