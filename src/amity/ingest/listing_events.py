"""Lists of event files: lines of GDELT's and JSON of Dataverse's, which name files with their sizes and hashes.

Nothing in them is believed further than it must be: a list says what a file in its own folder is called, how large it
is and what its MD5 is. Addresses are made from the request, so that no list sends anybody elsewhere, nor away from TLS.
"""

from __future__ import annotations

import fnmatch
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from urllib.parse import urlsplit

from amity.errors import FetchError
from amity.ingest.trying import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amity.catalog import Request

LONGEST_LINE = 4096
MOST_FILES = 5_000_000
"""Lines of a list, or files of a data set: a quarter of an hour for more than a century."""
MOST_JSON = 128 * 1024**2
_NAME, _MD5, _SIZE = r"[A-Za-z0-9_][A-Za-z0-9._()+-]{0,199}", r"[0-9a-fA-F]{32}", r"[1-9][0-9]{0,14}"
TWO_WORDS = re.compile(
    rf"(?:(?P<md5>{_MD5})|(?P<size>{_SIZE}))[ \t]+(?P<folder>(?!))?(?P<name>{_NAME})$", re.ASCII
)
"""`size name` or `md5  name` of GDELT 1."""
THREE_WORDS = re.compile(
    rf"(?P<size>{_SIZE})[ \t]+(?P<md5>{_MD5})[ \t]+\S+/(?P<folder>[^\s/]+)/(?P<name>{_NAME})$", re.ASCII
)
"""`size md5 address` of GDELT 2: the address must lie in a folder that is called as the list's own."""
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._ ()+-]{0,199}", re.ASCII)
MD5 = re.compile(_MD5, re.ASCII)
SHOWN = 3
"""How many lines that cannot be read are quoted."""


@dataclass(slots=True)
class Aside:
    """What a list names in a way that cannot be read or fetched: how often, and the first few."""

    count: int = 0
    first: list[str] = field(default_factory=list[str])


def put_aside(aside: Aside, text: str) -> None:
    """Count what cannot be read, and keep the first few."""
    aside.count += 1
    if len(aside.first) < SHOWN:
        aside.first.append(text[:80])


def named(request: Request, stream: BinaryIO, page: str, aside: Aside) -> Iterator[Wanted]:
    """The files that a list names and the request's pattern takes, in the list's order, one at a time.

    Lines that cannot be read go to `aside`: GDELT's lists have a few. Of a file that is named in two ways (GDELT 1
    gives sizes and hashes in two lists) each gives what it knows. Raises `FetchError` where the list is none.
    """
    takes = re.compile(fnmatch.translate(request.pattern)).match
    if request.listing == "dataverse":
        yield from _data_set(request, stream, page, aside, lambda name: bool(takes(name)))
        return
    reads, good = {"gdelt1": TWO_WORDS, "gdelt2": THREE_WORDS}[request.listing].match, 0
    folder = request.url.rpartition("/")[0]
    called = folder.rpartition("/")[2]
    for n, line in enumerate(_lines(stream)):
        if n >= MOST_FILES:
            raise _bad(request, page, f"it has more than {MOST_FILES:,} lines")
        found = reads(line)
        if found is None or found["folder"] not in (None, called):
            put_aside(aside, line)
            continue
        good += 1
        if takes(found["name"]):
            size, md5 = found["size"], (found["md5"] or "").lower()
            yield Wanted(
                f"{folder}/{found['name']}", found["name"], md5=md5, size=int(size) if size else None
            )
    if aside.count >= max(good, 1):
        raise _bad(request, page, f"{aside.count:,} of its lines cannot be read, such as {aside.first[:1]!r}")
    if not good:
        raise _bad(request, page, "it is empty")


def _lines(stream: BinaryIO) -> Iterator[str]:
    """Lines with something on them, as text; one that is too long comes in pieces, none of which can be read."""
    while line := stream.readline(LONGEST_LINE):
        text = line.decode("ascii", "backslashreplace").strip()
        if text:
            yield text


def _data_set(
    request: Request, stream: BinaryIO, page: str, aside: Aside, takes: Callable[[str], bool]
) -> Iterator[Wanted]:
    """The files of a data set's latest version, older ones first, so that the last of its name is the newest."""
    entries = _entries(request, stream, page)
    for entry in sorted(entries, key=_age):
        want = _one_file(request, entry["dataFile"])
        if want is None or entry.get("restricted"):
            why = "cannot be read" if want is None else "is kept back"
            put_aside(aside, f"{str(entry.get('label'))[:60]!r} {why}")
        elif takes(want.file):
            yield want


def _age(entry: dict[str, Any]) -> tuple[str, str]:
    about = entry["dataFile"]
    return str(about.get("creationDate", "")), str(about.get("filename", ""))


def _entries(request: Request, stream: BinaryIO, page: str) -> list[dict[str, Any]]:
    data = stream.read(MOST_JSON + 1)
    if len(data) > MOST_JSON:
        raise _bad(request, page, f"it is larger than {MOST_JSON:,} bytes")
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise _bad(request, page, "it is no JSON") from None
    try:
        files: object = found["data"]["latestVersion"]["files"]
    except (KeyError, TypeError, IndexError):
        raise _bad(request, page, "it says nothing of a latest version and its files") from None
    entries = cast("list[object]", files) if isinstance(files, list) else []
    if not entries:
        raise _bad(request, page, "it names no files")
    if not all(_described(entry) for entry in entries):
        raise _bad(request, page, "its files are not described as Dataverse describes them")
    return cast("list[dict[str, Any]]", entries)


def _described(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(cast("dict[str, object]", entry).get("dataFile"), dict)


def _one_file(request: Request, about: dict[str, Any]) -> Wanted | None:
    """A file as it was handed in: of tables that Dataverse has rewritten, the MD5 is that of the original."""
    rewritten = "originalFileFormat" in about
    name = about.get("originalFileName" if rewritten else "filename") or about.get("filename")
    size = about.get("originalFileSize" if rewritten else "filesize")
    key, md5 = about.get("id"), about.get("md5", "")
    if type(key) is not int or key < 0 or not (isinstance(name, str) and NAME.fullmatch(name)):
        return None
    if not (isinstance(md5, str) and (not md5 or MD5.fullmatch(md5))):
        return None
    if size is not None and (type(size) is not int or size < 0):
        return None
    there = urlsplit(request.url)
    url = f"{there.scheme}://{there.netloc}/api/access/datafile/{key}"
    return Wanted(f"{url}?format=original" if rewritten else url, name, md5=md5.lower(), size=size)


def _bad(request: Request, page: str, why: str) -> FetchError:
    return FetchError(
        f"{request.url} did not give a list of files that can be used: {why}",
        f"get the files by hand from {page} and type `amity load FOLDER`; if it stays so, the publisher has changed "
        "something that amity must learn",
    )
