"""Whether the bytes that came are the file that was wanted."""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from dataclasses import replace
from datetime import UTC
from io import BytesIO
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
    with staging.on_disk(path.parent):
        data = decoded(staging.part_of(path).read_bytes(), note.encoding, most)
    if WEB_PAGE.match(data[:4096]):
        staging.drop(path)
        raise Never(
            f"a web page came in place of the file{title(data)}; a person with a browser may get further"
        )
    if want.size is not None and len(data) != want.size:
        raise Again(f"{len(data):,} bytes came where {want.size:,} were announced", fresh=True)
    digest = hashlib.sha256(data).hexdigest()
    if want.sha256 and digest != want.sha256:
        raise Again(f"its SHA-256 is {digest[:16]}… where {want.sha256[:16]}… was announced", fresh=True)
    if want.git_sha1 and git_sha1(data) != want.git_sha1:
        raise Again(
            f"its git hash is {git_sha1(data)[:12]}… where {want.git_sha1[:12]}… was announced", fresh=True
        )
    retrieved = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    note = replace(note, retrieved=retrieved, sha256=digest)
    staging.finish(path, data, note)
    return Fetched(data, note)


def decoded(data: bytes, encoding: str, most: int) -> bytes:
    """The bytes without the transfer's compression, which was not asked for but may come."""
    if not encoding:
        return data
    if encoding not in ("gzip", "x-gzip"):
        raise Never(f"it comes encoded as {encoding[:40]!r}, which was not asked for")
    try:
        with gzip.GzipFile(fileobj=BytesIO(data)) as stream:
            found = stream.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Again(f"its compressed bytes are damaged ({error})", fresh=True) from error
    if len(found) > most:
        raise too_large(most)
    return found


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
