"""Bringing a source from its publisher: its listing, its files, a look at what is held already, and then `keep`."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import httpx

from amity import sources
from amity.errors import BadFileError, FetchError, UsageError
from amity.ingest import Arrived, keep, listing, name_of, staging
from amity.ingest.fetching import HERE, Way, client, fetch, origin
from amity.ingest.inspecting import git_sha1
from amity.ingest.trying import Limits, Wanted, World
from amity.store import Store, disk, receipts, verify
from amity.store.reading import raw_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from amity.catalog import Receipt, Request, Source
    from amity.ingest import Loaded
    from amity.ingest.staging import Note

PATIENCE_SECONDS = 600.0
"""How long to wait for another pull into the same store."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a pull is: files done and wanted, bytes come and announced (None: not every file says)."""

    done: int
    files: int
    got: int
    size: int | None


@dataclass(frozen=True, slots=True)
class Manner:
    """How to pull: mirrors (prefix, replacement), whether part of a release will do, limits, world, a listener."""

    mirrors: tuple[tuple[str, str], ...] = ()
    partial: bool = False
    limits: Limits = field(default_factory=Limits)
    world: World = field(default_factory=World)
    told: Callable[[Progress], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Pulled:
    """What came of a pull: files of the release, files and bytes that had to be fetched, and what was loaded.

    `loaded` is None where the store already held exactly these files, and nothing was parsed.
    """

    source: str
    files: int
    fetched: int
    size: int
    loaded: Loaded | None


@dataclass(frozen=True, slots=True)
class Held:
    """A file that the store holds, proven by its hash."""

    data: bytes
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Come:
    """A file of the release: what arrived, and the note of the fetch, or None where the store had it."""

    arrived: Arrived
    note: Note | None


def pullable() -> tuple[str, ...]:
    """The sources whose publishers give addresses.

    >>> "us_visits" in pullable()
    True
    """
    return tuple(name for name in sources.ALL if sources.load(name).requests())


def by_hand(about: Source) -> str:
    """The page where a person finds a source's files."""
    return about.by_hand or about.homepage


def pull(store: Store, name: str, manner: Manner = Manner()) -> Pulled:
    """Fetch a source's current release and keep it; only files that the store lacks are fetched.

    Killed at any moment, the store is as before or after, and the next pull goes on where this one was. Raises
    `FetchError` where the publisher does not give the files, and whatever `ingest.keep` refuses them with.
    """
    module = sources.load(name)
    about, requests = module.ABOUT, module.requests()
    if not requests:
        raise FetchError(
            f"{name} cannot be pulled: its publisher gives no address that stays",
            f"get it from {by_hand(about)} ({about.files}) and type `amity load FILE`",
        )
    check_mirrors(manner.mirrors)
    with disk.one_writer(store.root / "incoming", PATIENCE_SECONDS):
        held = holding(store, name)
        come = asyncio.run(gathered(store, about, requests, held, manner))
        loaded = kept(store, name, come, held, partial=manner.partial)
        unlisted = {mirrored(request.url, manner.mirrors) for request in requests if not request.listing}
        notes = {one.note.url: one.note for one in come.values() if one.note and one.note.url in unlisted}
        if notes:
            staging.write_seen(store.root, name, staging.seen(store.root, name) | notes)
        staging.clear(store.root, name)
    size = sum(len(one.arrived.data) for one in come.values() if one.note)
    return Pulled(name, len(come), sum(one.note is not None for one in come.values()), size, loaded)


def check_mirrors(mirrors: Iterable[tuple[str, str]]) -> None:
    """Refuse mirrors without TLS elsewhere than on this machine."""
    for _, there in mirrors:
        try:
            url = httpx.URL(there)
        except httpx.InvalidURL as error:
            raise UsageError(
                f"the mirror {there[:200]} is no address: {error}", "mend the address"
            ) from error
        if not url.host or (url.scheme != "https" and not (url.scheme == "http" and url.host in HERE)):
            raise UsageError(
                f"the mirror {there} is not https, so that anybody on the way could change the files",
                "name an https address; plain http only for a mirror on this machine (http://localhost:…)",
            )


def mirrored(url: str, mirrors: Iterable[tuple[str, str]]) -> str:
    """An address, or its mirror's in its place.

    >>> mirrored("https://a.org/x/1", [("https://a.org/", "https://b.org/a/")])
    'https://b.org/a/x/1'
    """
    return next((there + url.removeprefix(here) for here, there in mirrors if url.startswith(here)), url)


def holding(store: Store, name: str) -> dict[str, Held]:
    """The files of a source in the store itself, by name; one that differs from its receipt counts as lost."""
    held: dict[str, Held] = {}
    for receipt in receipts(Store(store.root), name):
        path = raw_path(store.root, receipt.sha256)
        data = path.read_bytes() if path.exists() else b""
        if hashlib.sha256(data).hexdigest() == receipt.sha256:
            held[receipt.file] = Held(data, receipt)
    return held


async def gathered(
    store: Store, about: Source, requests: Sequence[Request], held: Mapping[str, Held], manner: Manner
) -> dict[str, Come]:
    """Every file of the release by name, fetched or held."""
    plain = frozenset(
        origin(url) for url in (httpx.URL(t) for _, t in manner.mirrors) if url.scheme == "http"
    )
    count = Count(manner.told)
    async with client(manner.limits) as one:
        way = Way(one, by_hand(about), manner.limits, manner.world, plain, count.got)
        wanted = await listed(way, store, about, requests, manner)
        twice = {want.file for want in wanted if sum(other.file == want.file for other in wanted) > 1}
        if twice:
            raise FetchError(
                f"{about.id}: the publisher names {', '.join(sorted(twice)[:5])} more than once",
                f"get the files by hand from {by_hand(about)} and type `amity load FOLDER`",
            )
        come = {want.file: ours for want in wanted if (ours := in_store(want, held)) is not None}
        rest = [remembered(want, store, about.id, held) for want in wanted if want.file not in come]
        count.begin(rest)
        return come | await together(way, store, about.id, rest, held, count)


class Count:
    """Counts what comes, and tells."""

    def __init__(self, told: Callable[[Progress], None]) -> None:
        self._told = told
        self._progress = Progress(0, 0, 0, None)

    def begin(self, rest: Sequence[Wanted]) -> None:
        sizes = [want.size for want in rest]
        known = [size for size in sizes if size is not None]
        self._progress = Progress(0, len(rest), 0, sum(known) if len(known) == len(sizes) else None)

    def got(self, size: int) -> None:
        self._tell(replace(self._progress, got=max(0, self._progress.got + size)))

    def done(self) -> None:
        self._tell(replace(self._progress, done=self._progress.done + 1))

    def _tell(self, progress: Progress) -> None:
        self._progress = progress
        if progress.files:
            self._told(progress)


async def listed(
    way: Way, store: Store, about: Source, requests: Sequence[Request], manner: Manner
) -> tuple[Wanted, ...]:
    """The files of the release; listings are fetched first."""
    wanted: list[Wanted] = []
    for request in requests:
        url = mirrored(request.url, manner.mirrors)
        if request.listing:
            want = Wanted(url, "the list of files")
            found = await fetch(way, want, staging.folder(store.root, about.id))
            assert found is not None  # noqa: S101  (nothing is known of it beforehand)
            wanted += [
                replace(want, url=mirrored(want.url, manner.mirrors))
                for want in listing.behind(request, found.data, way.page)
            ]
        else:
            wanted.append(Wanted(url, request.file, sha256=request.sha256))
    return tuple(wanted)


def in_store(want: Wanted, held: Mapping[str, Held]) -> Come | None:
    """The file as the store holds it, where its announced hash says that it is the same."""
    ours = held.get(name_of(want.file))
    if ours is None or not want.announced:
        return None
    if want.sha256 not in ("", ours.receipt.sha256) or want.git_sha1 not in ("", git_sha1(ours.data)):
        return None
    return Come(Arrived(ours.data, ours.receipt.url, ours.receipt.retrieved), None)


def remembered(want: Wanted, store: Store, name: str, held: Mapping[str, Held]) -> Wanted:
    """The same, with the note of the version that the store holds, if there is one."""
    note, ours = staging.seen(store.root, name).get(want.url), held.get(name_of(want.file))
    return replace(want, known=note) if note and ours and note.sha256 == ours.receipt.sha256 else want


async def together(
    way: Way, store: Store, name: str, rest: Iterable[Wanted], held: Mapping[str, Held], count: Count
) -> dict[str, Come]:
    """Fetch files side by side; the first that fails stops the others, and what has come stays for the next run."""
    come: dict[str, Come] = {}

    async def one(want: Wanted) -> None:
        found = await fetch(way, want, staging.folder(store.root, name))
        if found is None:
            ours = held[name_of(want.file)]
            come[want.file] = Come(Arrived(ours.data, ours.receipt.url, ours.receipt.retrieved), None)
        else:
            come[want.file] = Come(Arrived(found.data, found.note.url, found.note.retrieved), found.note)
        count.done()

    try:
        async with asyncio.TaskGroup() as group:
            for want in rest:
                group.create_task(one(want))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return come


def kept(
    store: Store, name: str, come: Mapping[str, Come], held: Mapping[str, Held], *, partial: bool
) -> Loaded | None:
    """Hand the files to `keep`, unless the store already holds exactly these, unharmed."""
    now = {name_of(file): hashlib.sha256(one.arrived.data).hexdigest() for file, one in come.items()}
    before = {file: ours.receipt.sha256 for file, ours in held.items()}
    if now == before and not harmed(store, name):
        return None
    try:
        return keep(
            store, name, {file: one.arrived for file, one in come.items()}, partial=partial, whole=True
        )
    except BadFileError:
        staging.clear(store.root, name)  # so that the next pull does not meet the same bytes again
        raise


def harmed(store: Store, name: str) -> bool:
    """Whether something is wrong with what the store holds of a source."""
    return any(problem.path.startswith(f"{name} ") for problem in verify(Store(store.root)))
