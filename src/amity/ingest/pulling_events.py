"""Bringing coded events from their publisher: lists, a plan, files a little ahead of the reading, batch by batch.

Nothing is whole in memory or on disk: a batch's files (a day's, a year's) are deleted once the store has their rows.
Killed at any moment, the store holds every batch that was finished, and the next pull goes on with the others.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import httpx

from amity import sources
from amity.errors import AmityError, FetchError, MissingFileError, StoreError, UsageError, together
from amity.ingest import planning, staging
from amity.ingest.fetching import Way, client, fetch, origin
from amity.ingest.listing_events import Aside, named
from amity.ingest.planning import Lack, Plan, in_bytes
from amity.ingest.pulling import PATIENCE_SECONDS, by_hand, check_mirrors, mirrored
from amity.ingest.streaming import Choice, Coming, Progress, stream
from amity.ingest.trying import Limits, Wanted, World
from amity.store import batches, disk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from amity.ingest.planning import Announced, Listed, Span
    from amity.ingest.trying import Fetched
    from amity.sources import EventModule
    from amity.store import Store
    from amity.store.batches import FileReceipt

LARGE = Limits(whole=4 * 3600, size=16 * 1024**3)
"""Limits for files of events: a year of them can have gigabytes."""
MONTH = 28
"""Days without a file that are a gap where files come by the week or the month."""
AHEAD_FILES = 200
AHEAD_BYTES = 512 * 1024**2
"""How far fetching may be ahead of reading; one batch is always fetched whole."""


@dataclass(frozen=True, slots=True)
class EventManner:
    """How to pull events: mirrors, limits, world, and who listens to the plan and to the progress."""

    mirrors: tuple[tuple[str, str], ...] = ()
    limits: Limits = LARGE
    world: World = field(default_factory=World)
    planned: Callable[[Plan], None] = lambda _: None
    told: Callable[[Progress], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class PulledEvents:
    """What came of a pull of events: the plan, files and bytes that were stored, rows kept, all that is lacking."""

    plan: Plan
    fetched: int
    size: int
    rows: int
    lacks: tuple[Lack, ...]


@dataclass(slots=True)
class Tally:
    """What has been done so far; counted from two threads, told whenever something changes."""

    plan: Plan
    told: Callable[[Progress], None]
    began: float = field(default_factory=time.monotonic)
    files: int = 0
    got: int = 0
    stored: int = 0
    rows: int = 0
    absent: list[Announced] = field(default_factory=list["Announced"])
    failed: list[AmityError] = field(default_factory=list[AmityError])


def pull_events(
    store: Store, name: str, span: Span | None, choice: Choice, manner: EventManner = EventManner()
) -> PulledEvents:
    """Fetch the files of a source that were added on some days, and keep their events.

    Files that the store holds as the publisher announces them are not asked for again. Days that the publisher lacks
    are noted in the store. Raises `UsageError` without a span, telling the size of the whole; `FetchError` where the
    publisher does not give what its list names, but for files that are not there. Where files cannot be read the others
    are still pulled; then that error is raised. What was stored stays.
    """
    module = sources.load_events(name)
    if not module.requests():
        about = module.ABOUT
        raise FetchError(
            f"{name} cannot be pulled: its publisher gives no address that stays",
            f"get it from {by_hand(about)} ({about.files}) and type `amity load FILE`",
        )
    check_mirrors(manner.mirrors)
    with disk.one_writer(store.root / "incoming", PATIENCE_SECONDS, f"{disk.LOCK}-{name}"):
        return asyncio.run(_pulled(store, module, span, choice, manner))


async def _pulled(
    store: Store, module: EventModule, span: Span | None, choice: Choice, manner: EventManner
) -> PulledEvents:
    plain = frozenset(
        origin(url) for url in (httpx.URL(t) for _, t in manner.mirrors) if url.scheme == "http"
    )
    tally: Tally | None = None
    async with client(manner.limits) as one:
        way = Way(
            one, by_hand(module.ABOUT), manner.limits, manner.world, plain, lambda size: _got(tally, size)
        )
        plan = await _plan(way, store, module, span, choice, manner)
        manner.planned(plan)
        tally = Tally(plan, manner.told)
        await _bring(way, store, choice, tally)
    lacks = (*plan.lacks, *(_lack(one) for one in tally.absent))
    batches.note_missing(store, plan.source, lacks)
    staging.clear(store.root, plan.source)
    if tally.failed:
        raise together(tally.failed)
    return PulledEvents(plan, tally.files - len(tally.absent), tally.stored, tally.rows, lacks)


async def _plan(
    way: Way, store: Store, module: EventModule, span: Span | None, choice: Choice, manner: EventManner
) -> Plan:
    """What there is to do: the files that the store lacks, or holds in another version or with less than is wanted."""
    aside, name = Aside(), module.ABOUT.id
    found = await _listed(way, store, module, span, manner, aside)
    if span is None:
        raise _unbounded(name, found)
    held = {receipt.key: receipt for receipt in batches.file_receipts(store, name)}
    fresh = {
        key: one
        for key, one in found.inside.items()
        if key not in held or not _as_announced(held[key], one.want, choice)
    }
    sizes = sum(one.want.size or 0 for one in found.inside.values())
    weekly = any(request.listing == "dataverse" for request in module.requests())
    lacks = planning.lacking(found, span, MONTH if weekly else 1)
    count = len(found.inside)
    return Plan(name, span, count, sizes, count - len(fresh), planning.batches(fresh), lacks, aside)


async def _listed(
    way: Way, store: Store, module: EventModule, span: Span | None, manner: EventManner, aside: Aside
) -> Listed:
    """What the publisher's lists say. Each is fetched anew: it grows every day."""
    folder = staging.folder(store.root, module.ABOUT.id)
    requests = module.requests()
    lists = [
        await fetch(way, Wanted(mirrored(request.url, manner.mirrors), "the list of files"), folder)
        for request in requests
    ]

    def wanted() -> Iterator[Wanted]:
        for request, come in zip(requests, lists, strict=True):
            assert come is not None  # noqa: S101  (nothing is known of it beforehand)
            with come.path.open("rb") as stream:
                for want in named(request, stream, way.page, aside):
                    yield replace(want, url=mirrored(want.url, manner.mirrors))

    return planning.listed(module, wanted(), span)


def _as_announced(receipt: FileReceipt, want: Wanted, choice: Choice) -> bool:
    """Whether the store holds what the publisher announces, with all that is asked for."""
    same = want.md5 in ("", receipt.md5) and want.size in (None, receipt.size) and want.announced
    states = not receipt.states or (choice.states and set(choice.states) <= set(receipt.states))
    return bool(same and states and receipt.everything >= choice.everything)


def _lack(one: Announced) -> Lack:
    """A file that is listed and not there; a whole one is named by its days, a part of a day by its key."""
    found, whole = one.identity, one.identity.key == one.identity.batch
    return Lack(
        found.start, found.end, () if whole else (found.key,), "listed, but the publisher answers 404"
    )


def _unbounded(name: str, found: Listed) -> UsageError:
    start, end = found.start.isoformat(), found.end.isoformat()
    size = f", {in_bytes(found.size)} to fetch" if found.size else ""
    return UsageError(
        f"{name} has {len(found.keys):,} files of {start} to {end}{size}: more than anybody wants by accident",
        f"say which days: amity pull {name} --from {end[:4]}-01-01 --to {end} (--from {start} for all of them)",
    )


async def _bring(way: Way, store: Store, choice: Choice, tally: Tally) -> None:
    """Fetch batch after batch a few ahead, and keep each as soon as it is whole."""
    waiting = deque(tally.plan.wanted)
    window: deque[tuple[Sequence[Announced], list[asyncio.Task[Fetched | None]]]] = deque()
    folder = staging.folder(store.root, tally.plan.source)

    def ahead() -> None:
        while waiting and _room([batch for batch, _ in window]):
            batch = waiting.popleft()
            window.append((batch, [asyncio.create_task(_one(way, one, folder, tally)) for one in batch]))

    try:
        while waiting or window:
            ahead()
            batch, tasks = window[0]
            come = {one.identity.key: await task for one, task in zip(batch, tasks, strict=True)}
            window.popleft()
            ahead()
            await asyncio.to_thread(_keep, store, batch, come, choice, tally)
    finally:
        tasks = [task for _, batch in window for task in batch]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _room(window: Sequence[Sequence[Announced]]) -> bool:
    """Whether one batch more may be fetched ahead."""
    ahead = [one.want.size or 0 for batch in window for one in batch]
    return len(ahead) < AHEAD_FILES and sum(ahead) < AHEAD_BYTES


async def _one(way: Way, one: Announced, folder: Path, tally: Tally) -> Fetched | None:
    """One file; None: the publisher says that it is not there."""
    try:
        return await fetch(way, one.want, folder)
    except MissingFileError:
        tally.absent.append(one)
        return None


def _keep(
    store: Store,
    batch: Sequence[Announced],
    come: Mapping[str, Fetched | None],
    choice: Choice,
    tally: Tally,
) -> None:
    """Store a batch and delete its files; where they cannot be read they go too, so that nobody meets them again."""
    here = [(one, fetched) for one in batch if (fetched := come[one.identity.key]) is not None]
    coming = [
        Coming(one.want.file, got.path, got.note.url, got.note.retrieved, one.want.md5) for one, got in here
    ]
    before = tally.rows
    try:
        if coming:
            stream(store, tally.plan.source, coming, choice, lambda now: _tell(tally, rows=before + now.rows))
    except StoreError:
        raise
    except AmityError as error:  # of one file: the others are still wanted
        tally.failed.append(error)
    finally:
        for _, fetched in here:
            staging.drop(fetched.path)
    sizes = sum(one.want.size or 0 for one in batch)
    _tell(tally, files=tally.files + len(batch), stored=tally.stored + sizes)


def _got(tally: Tally | None, size: int) -> None:
    if tally is not None:
        _tell(tally, got=max(0, tally.got + size))


def _tell(tally: Tally, **now: int) -> None:
    """Set what has changed, and tell. Called from the thread that fetches and from the one that reads.

    Half of the work is counted as fetching, half as reading.
    """
    for name, value in now.items():
        setattr(tally, name, value)
    size, passed = tally.plan.size_to_fetch, time.monotonic() - tally.began
    share = (min(tally.got, size) + tally.stored) / (2 * size) if size else 0
    seconds = passed / share - passed if share > 0 else None
    files = tally.plan.to_fetch
    tally.told(Progress(tally.files, files, tally.got, tally.stored, size, tally.rows, seconds))
