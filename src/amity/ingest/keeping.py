"""Keeping a source's files: merged with those already held, parsed, checked, and put into the store as one change."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from amity import sources, store
from amity.catalog import Receipt
from amity.errors import BadFileError
from amity.ingest.checks import check
from amity.ingest.volumes import volumes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from amity.catalog import Source
    from amity.sources import SourceModule
    from amity.store import Store

_COPY = re.compile(r" ?\(\d+\)(?=\.[^.]+$)")
"""What a browser adds to the name of a file that it has downloaded before: `un_votes (1).rda`."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A publisher's file: its bytes, the address (empty: from disk), and when it was fetched (UTC, ISO 8601)."""

    data: bytes
    url: str
    retrieved: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a source: how many files it now has, rows by table, and how many places are for review.

    `changed` is false where the store already held exactly this.
    """

    source: str
    files: int
    rows: Mapping[str, int]
    changed: bool
    review: int


def now() -> str:
    """This moment in UTC, to the second, as receipts write it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def name_of(path: str) -> str:
    """The name under which a file is kept: its own, without folders and without a browser's mark of a second copy.

    So a file takes the place of its earlier self, from whichever folder it comes. Within a source names are unique.

    >>> name_of("rdcr-master/articles/cambodia.xml"), name_of("un_votes (1).rda")
    ('cambodia.xml', 'un_votes.rda')
    """
    return _COPY.sub("", path.rsplit("/", 1)[-1])


def keep(
    store_: Store, source: str, arrived: Mapping[str, Arrived], *, partial: bool = False, whole: bool = False
) -> Loaded:
    """Add these files to a source, in place of earlier ones of the same name, and read the source anew.

    All or nothing: files that cannot be read, unknown values, or too few rows leave the store as it was. With `partial`
    the source may have fewer rows than a whole release. With `whole` these are all files of a release: earlier ones of
    other names are dropped. A file whose bytes are already held keeps its first receipt.

    Raises what the parser raises (`BadFileError`, `UnknownValueError`, `UnknownStateError`), `TooFewRowsError`, and
    `StoreError`.
    """
    module = sources.load(source)
    with store.one_at_a_time(store_, source):
        own = store.open_store(store_.root)
        held = {receipt.file: receipt for receipt in store.receipts(own, source)}
        new = by_name(module, arrived)
        rest = {} if whole else store.files(own, source, without=new)
        files = rest | {name: one.data for name, one in new.items()}
        receipts = {name: held[name] for name in rest} | {
            name: receipt(module.ABOUT, name, one, held.get(name)) for name, one in new.items()
        }
        tables = module.parse(files).tables
        check(module.ABOUT, tables, partial=partial)
        if "events" in tables:
            tables = {**tables, "volumes": volumes(tables["events"])}
        changed = store.replace(own, source, files, tables, [receipts[name] for name in sorted(receipts)])
    rows = {table: frame.height for table, frame in tables.items() if table != "review"}
    return Loaded(source, len(files), rows, changed, tables["review"].height if "review" in tables else 0)


def by_name(module: SourceModule, arrived: Mapping[str, Arrived]) -> dict[str, Arrived]:
    """The files by the names under which they are kept; the same file twice is once, two different ones are refused.

    A source whose files share names says itself how they are kept (`kept_as`).
    """
    kept_as: Callable[[str], str] = getattr(module, "kept_as", name_of)
    named: dict[str, Arrived] = {}
    for path, one in sorted(arrived.items()):
        name = kept_as(path)
        if name in named and named[name].data != one.data:
            raise BadFileError(
                f"there are two different files called {name} for {module.ABOUT.id}, one of them {path}",
                "load only one of them; the one loaded last takes the place of the other",
            )
        named[name] = one
    return named


def receipt(about: Source, name: str, one: Arrived, before: Receipt | None) -> Receipt:
    """The receipt of a file; that of the first time, where its bytes have not changed since."""
    digest = hashlib.sha256(one.data).hexdigest()
    if before is not None and before.sha256 == digest:
        return before
    return Receipt(about.id, name, one.url, one.retrieved, len(one.data), digest, about.licence.id)
