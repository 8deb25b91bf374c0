"""Listings: one address that names the files behind it, with their sizes and hashes."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, cast

from amity.errors import FetchError
from amity.ingest.trying import Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amity.catalog import Request

MOST = 1000
"""Files that GitHub names in one listing; with more it stays silent about the rest."""


def behind(request: Request, data: bytes, page: str) -> tuple[Wanted, ...]:
    """The files that a GitHub listing names and the request's pattern takes, in the order of their names.

    The listing is JSON, an array of `{name, path, type, size, sha, download_url}`; folders and links are passed over.
    A file `a.xml` is called `{request.file}/a.xml`, or `a.xml` where the request names no folder. Raises
    `FetchError` where the listing is none, may be cut, names a file that could lie anywhere, or takes nothing.
    """
    entries = _entries(request, data, page)
    if len(entries) >= MOST:
        raise _bad(request, page, f"it names {len(entries)} files, so that some may be missing")
    wanted = tuple(sorted(_wanted(request, entries, page), key=lambda want: want.file))
    if not wanted:
        raise _bad(request, page, f"no file of its {len(entries)} is like {request.pattern}")
    return wanted


def _entries(request: Request, data: bytes, page: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise _bad(request, page, "it is no JSON") from None
    if not isinstance(found, list):
        raise _bad(request, page, "it is no list of files")
    entries = cast("list[object]", found)
    if not all(isinstance(entry, dict) for entry in entries):
        raise _bad(request, page, "it is no list of files")
    return cast("list[dict[str, Any]]", entries)


def _wanted(request: Request, entries: list[dict[str, Any]], page: str) -> Iterator[Wanted]:
    for entry in entries:
        name, size, sha, url = (entry.get(key) for key in ("name", "size", "sha", "download_url"))
        if entry.get("type") != "file" or not fnmatchcase(str(entry.get("path")), request.pattern):
            continue
        if not (
            isinstance(name, str) and isinstance(url, str) and isinstance(sha, str) and type(size) is int
        ):
            raise _bad(
                request, page, f"it does not say name, size, sha and download_url of {str(name)[:80]!r}"
            )
        if not name.isprintable() or name.startswith(".") or "/" in name or "\\" in name or len(name) > 200:
            raise _bad(request, page, f"it names a file {name[:80]!r}, which is no plain name")
        if len(sha) != 40:
            raise _bad(request, page, f"it gives {name} the hash {sha[:80]!r}, which is none of git's")
        file = f"{request.file}/{name}" if request.file else name
        yield Wanted(url=url, file=file, git_sha1=sha.lower(), size=size)


def _bad(request: Request, page: str, why: str) -> FetchError:
    return FetchError(
        f"{request.url} did not give a list of files that can be used: {why}",
        f"get the files by hand from {page} and type `amity load FOLDER`; if it stays so, the publisher has changed "
        "something that amity must learn",
    )
