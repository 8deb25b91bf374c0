"""One file over HTTP: asked for politely, gone on with where it broke off, checked before anybody sees it.

TLS is always verified. Nothing is believed: not the length, not the speed, not where a redirect leads, not that bytes
with status 200 are the file.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import httpx

from amity.errors import FetchError, MissingFileError
from amity.ingest import staging
from amity.ingest.inspecting import checked, too_large
from amity.ingest.staging import Note
from amity.ingest.trying import Absent, Again, Fetched, Limits, Never, World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from amity.ingest.trying import Wanted

BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses after which the same question may be answered a little later."""
ABSENT = frozenset({404, 410})
"""Statuses of a publisher who knows that there is no such file."""
HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Way:
    """How to reach publishers: one client for a pull, its limits, its world, and where a person finds the files.

    `plain` are the origins that may be asked without TLS: mirrors on this machine that the user named. `got` hears of
    every chunk, and of a negative number when bytes are thrown away.
    """

    client: httpx.AsyncClient
    page: str
    limits: Limits = field(default_factory=Limits)
    world: World = field(default_factory=World)
    plain: frozenset[str] = frozenset()
    got: Callable[[int], None] = lambda _: None
    turns: dict[str, asyncio.Semaphore] = field(default_factory=dict)


def client(limits: Limits) -> httpx.AsyncClient:
    """A client that verifies certificates, follows nothing by itself, and asks for bytes as they are."""
    return httpx.AsyncClient(
        timeout=httpx.Timeout(limits.read, connect=limits.connect, pool=None),
        follow_redirects=False,
        headers={"User-Agent": "amity", "Accept-Encoding": "identity"},
    )


def origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.host}:{url.port or ''}"


async def fetch(way: Way, want: Wanted, folder: Path) -> Fetched | None:
    """A file, whole and checked, kept in `folder` until it is cleared; None: the publisher still has the known version.

    What an earlier run left in `folder` is gone on with. Raises `FetchError` with the address, what happened after
    how many tries, and the page where a person finds the file; `StoreError` when the disk fails.
    """
    path = folder / want.key
    staged = staging.whole(path)
    if staged and want.announced:
        return Fetched(path, staged)
    if staged:
        want = replace(want, known=staged)
    try:
        host = httpx.URL(want.url).host
    except httpx.InvalidURL as error:
        raise failed(way, want, f"the address cannot be read ({error})", 0) from error
    async with way.turns.setdefault(host, asyncio.Semaphore(way.limits.at_once)):
        came = await tried(way, want, path)
    return Fetched(path, staged) if came is None and staged else came


async def tried(way: Way, want: Wanted, path: Path) -> Fetched | None:
    """Try, wait and try again, within the limits."""
    n = 0
    way.got(staging.size(path))
    try:
        async with asyncio.timeout(way.limits.whole):
            while True:
                n += 1
                try:
                    return await attempt(way, want, path)
                except Again as again:
                    if again.fresh:
                        way.got(-staging.size(path))
                        staging.drop(path)
                    await way.world.sleep(pause(way, n, again))
    except Absent as absent:
        error = failed(way, want, str(absent), n)
        raise MissingFileError(error.what, error.mend) from absent
    except Never as never:
        raise failed(way, want, str(never), n) from never
    except TimeoutError as error:
        raise failed(way, want, f"it took longer than {way.limits.whole:g} s", n) from error


def pause(way: Way, n: int, again: Again) -> float:
    """How long to wait after the n-th try: 1, 2, 4 … s, by chance half to one and a half of it, or what was asked for.

    Raises `Never` when there have been enough tries, or when the wait asked for is too long.
    """
    if n >= way.limits.tries:
        raise Never(str(again))
    if again.wait is None:
        return min(2.0 ** (n - 1), way.limits.wait) * (0.5 + way.world.jitter())
    if again.wait > way.limits.wait:
        raise Never(f"{again}, and asks to be left alone for {again.wait:,.0f} s")
    return again.wait + way.world.jitter()


def failed(way: Way, want: Wanted, why: str, tries: int) -> FetchError:
    count = f" after {tries} tries" if tries > 1 else ""
    return FetchError(
        f"{want.url} did not give {want.file}{count}: {why}",
        f"try again later, or get the files by hand from {way.page} and type `amity load FOLDER`",
    )


async def attempt(way: Way, want: Wanted, path: Path) -> Fetched | None:
    """One try. Raises `Again` or `Never`."""
    size, note = staging.begun(path)
    try:
        response = await ask(way, want, size, note)
        try:
            note = told(way, want, response, size, note)
            if note is None:
                return None
            if response.status_code == 200:
                way.got(-staging.size(path))
                staging.begin(path, note)
            await receive(way, response, path)
        finally:
            await response.aclose()
    except httpx.TransportError as error:
        raise in_words(error, way.limits) from error
    except (httpx.InvalidURL, ValueError) as error:  # the second: names that the system cannot look up
        raise Never(f"it leads to an address that cannot be read: {error}") from error
    return checked(want, path, note, way.world.now(), way.limits.size)


async def ask(way: Way, want: Wanted, size: int, note: Note | None) -> httpx.Response:
    """The answer's head, redirects followed; its body is still to come."""
    headers: dict[str, str] = {}
    if size and note:
        headers = {"Range": f"bytes={size}-", "If-Range": note.resumable}
    elif want.known and want.known.etag:
        headers = {"If-None-Match": want.known.etag}
    elif want.known and want.known.modified:
        headers = {"If-Modified-Since": want.known.modified}
    url = httpx.URL(want.url)
    for _ in range(way.limits.redirects + 1):
        check_address(way, url)
        try:
            async with asyncio.timeout(way.limits.answer):
                response = await way.client.send(
                    way.client.build_request("GET", url, headers=headers), stream=True
                )
        except TimeoutError:
            raise Again(f"no whole answer within {way.limits.answer:g} s") from None
        if not response.has_redirect_location:
            return response
        await response.aclose()
        url = url.join(response.headers["location"])
    raise Never(
        f"it leads from one address to the next, more than {way.limits.redirects} times, last to {url}"
    )


def check_address(way: Way, url: httpx.URL) -> None:
    """Refuse what is not TLS, but for mirrors on this machine that the user named."""
    if url.scheme != "https" and origin(url) not in way.plain:
        raise Never(
            f"it leads to {url}, which is not https, so that anybody on the way could change the file"
        )
    if not url.host or (url.port or 443) > 65535:
        raise Never(f"it leads to {url}, which is no address")


def told(way: Way, want: Wanted, response: httpx.Response, size: int, note: Note | None) -> Note | None:
    """What the head of an answer says of the bytes to come; None: nothing new. Raises `Again` or `Never`."""
    status = response.status_code
    if status == 304 and want.known:
        return None
    if status == 206 and note and goes_on(response, size, note):
        return note
    if status in (206, 416):
        raise Again("it sent another part of the file than was asked for", fresh=True)
    if status != 200:
        raise refused(way, response)
    if int_or(response.headers.get("content-length"), 0) > way.limits.size:
        raise too_large(way.limits.size)
    encoding = response.headers.get("content-encoding", "").strip().lower()
    return Note(
        url=want.url,
        etag=response.headers.get("etag", ""),
        modified=response.headers.get("last-modified", ""),
        encoding="" if encoding == "identity" else encoding,
    )


def goes_on(response: httpx.Response, size: int, note: Note) -> bool:
    """Whether the bytes to come follow those that are there, in the same version of the file."""
    where, etag = response.headers.get("content-range", ""), response.headers.get("etag", note.etag)
    return where.startswith(f"bytes {size}-") and etag == note.etag


def refused(way: Way, response: httpx.Response) -> Again | Never:
    """What to make of a status that brings no file."""
    status, headers = response.status_code, response.headers
    why = f"the server answered {status} {response.reason_phrase}".rstrip()
    if status in (403, 429) and headers.get("x-ratelimit-remaining") == "0":
        until = int_or(headers.get("x-ratelimit-reset"), 0)
        return Again(f"{why}: too many requests from here", max(0.0, until - way.world.now().timestamp()))
    if status in BUSY:
        return Again(why, retry_after(headers.get("retry-after", ""), way.world.now()))
    return Absent(why) if status in ABSENT else Never(why)


def retry_after(text: str, now: datetime) -> float | None:
    """Seconds to wait, from seconds or an HTTP date; None where the header is missing or says nothing.

    >>> retry_after("7", datetime(2024, 1, 1, tzinfo=UTC))
    7.0
    >>> retry_after("Mon, 01 Jan 2024 00:01:00 GMT", datetime(2024, 1, 1, tzinfo=UTC))
    60.0
    """
    if text.strip().isdecimal() and len(text) < 10:
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, ((when if when.tzinfo else when.replace(tzinfo=UTC)) - now).total_seconds())


def int_or(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else otherwise


async def receive(way: Way, response: httpx.Response, path: Path) -> None:
    """Append the body to what there is, as it comes; refuse what grows too large or comes too slowly."""
    part = staging.part_of(path)
    clock = asyncio.get_running_loop().time
    least, seconds = way.limits.slow
    since, came = clock(), 0
    with staging.on_disk(path.parent), part.open("ab") as stream:
        async for chunk in response.aiter_raw():
            stream.write(chunk)
            way.got(len(chunk))
            came += len(chunk)
            if stream.tell() > way.limits.size:
                raise too_large(way.limits.size)
            if clock() - since >= seconds:
                if came < least:
                    raise Again(f"only {came:,} bytes came in {seconds:g} s")
                since, came = clock(), 0
    total = response.headers.get("content-range", "").rpartition("/")[2]
    if response.status_code == 206 and int_or(total, -1) not in (-1, part.stat().st_size):
        raise Again(f"{part.stat().st_size:,} of {total} bytes came")


def in_words(error: httpx.TransportError, limits: Limits) -> Again | Never:
    """What went wrong on the way, for a person."""
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return Never(f"its certificate could not be verified ({error}); amity never goes on without")
    if isinstance(error, httpx.ConnectTimeout):
        return Again(f"no connection within {limits.connect:g} s")
    if isinstance(error, httpx.TimeoutException):
        return Again(f"nothing came for {limits.read:g} s")
    if isinstance(error, httpx.ConnectError):
        return Again(f"no connection ({error})")
    return Again(f"the answer broke off or cannot be read ({str(error) or type(error).__name__})")
