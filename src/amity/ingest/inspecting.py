"""Whether the bytes that came are the file that was wanted."""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

from amity.ingest import staging
from amity.ingest.trying import Again, Fetched, Never

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from amity.ingest.staging import Note
    from amity.ingest.trying import Wanted

WEB_PAGE = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)


def checked(want: Wanted, path: Path, note: Note, now: datetime, most: int) -> Fetched:
    """The whole file, if it is what was wanted. Raises `Again` or `Never`."""
    came = staging.part_of(path)
    with staging.on_disk(path.parent):
        if note.encoding:
            came = decoded(came, staging.decoded_of(path), note.encoding, most)
        with came.open("rb") as stream:
            head = stream.read(65536)
    if WEB_PAGE.match(head[:4096]):
        staging.drop(path)
        raise Never(
            f"a web page came in place of the file{title(head)}; a person with a browser may get further"
        )
    size = came.stat().st_size
    if want.size is not None and size != want.size:
        raise Again(f"{size:,} bytes came where {want.size:,} were announced", fresh=True)
    digest = staging.digest(came, "sha256")
    check_hashes(want, came, digest)
    retrieved = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    note = replace(note, retrieved=retrieved, sha256=digest)
    staging.finish(path, came, note)
    return Fetched(path, note)


def check_hashes(want: Wanted, came: Path, sha256: str) -> None:
    """Raise `Again` where the bytes have not the hashes that were announced.

    MD5 and git's SHA-1 are what publishers announce: they tell damage, and a forger is kept out by TLS alone.
    """
    if want.sha256 and sha256 != want.sha256:
        raise Again(f"its SHA-256 is {sha256[:16]}… where {want.sha256[:16]}… was announced", fresh=True)
    if want.md5 and (found := staging.digest(came, "md5")) != want.md5:
        raise Again(f"its MD5 is {found[:12]}… where {want.md5[:12]}… was announced", fresh=True)
    if want.git_sha1 and (found := git_sha1(came.read_bytes())) != want.git_sha1:
        raise Again(f"its git hash is {found[:12]}… where {want.git_sha1[:12]}… was announced", fresh=True)


def decoded(came: Path, there: Path, encoding: str, most: int) -> Path:
    """The bytes without the transfer's compression, which was not asked for but may come."""
    if encoding not in ("gzip", "x-gzip"):
        raise Never(f"it comes encoded as {encoding[:40]!r}, which was not asked for")
    try:
        with gzip.open(came) as stream, there.open("wb") as out:
            while chunk := stream.read(1 << 20):
                out.write(chunk)
                if out.tell() > most:
                    raise too_large(most)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Again(f"its compressed bytes are damaged ({error})", fresh=True) from error
    return there


def title(data: bytes) -> str:
    """The title of a web page, for the error: it often says what the page is.

    >>> title(b"<html><title> Just a  moment </title>")
    ', titled ‘Just a moment’'
    """
    found = re.search(rb"<title[^>]*>([^<]{1,200})", data[:65536], re.IGNORECASE)
    words = " ".join(found[1].decode("utf-8", "replace").split()) if found else ""
    return f", titled ‘{words[:80]}’" if words else ""


def git_sha1(data: bytes) -> str:
    """The name that git gives to a file's content.

    >>> git_sha1(b"")
    'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'
    """
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def too_large(most: int) -> Never:
    return Never(f"it is larger than {most:,} bytes, more than any file of this kind")
