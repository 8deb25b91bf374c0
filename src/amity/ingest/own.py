"""A person's own record of acts, ties and events: added beside the publishers', kept on this disk, never shared.

A record is called `own:NAME`. It has a file of acts, of ties, of coded events, or several of them; a new file takes the
place of the old one of its table. A record says nothing by what it lacks, unless its keeper declares it complete for
some years.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING

import polars as pl

from amity import store
from amity.catalog import Coverage, Licence, Receipt, Source, polars_schema
from amity.catalog import Table as Declared
from amity.errors import UnknownSourceError, UsageError
from amity.ingest.checks import EARLIEST

if TYPE_CHECKING:
    from amity.ingest.keeping import Loaded
    from amity.ingest.own_kinds import Table
    from amity.store import Store

PREFIX = "own:"
LICENCE = Licence("LicenseRef-own", "Your own record, for your own use", "", may_share=False)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def is_own(source: str) -> bool:
    return source.startswith(PREFIX)


def about(source: str) -> Source:
    """What a person's own record is, as a record like those of the publishers.

    >>> about("own:desk").title
    "Own record 'desk'"
    """
    name = source.removeprefix(PREFIX)
    reach = Coverage(EARLIEST, None, "the states in it", "unknown, except in years declared complete")
    return Source(
        id=source,
        title=f"Own record '{name}'",
        producer="the user of this store",
        says="what its keeper wrote down",
        homepage="",
        licence=LICENCE,
        citation=f"Own record '{name}' (not published).",
        bibtex="",
        tables=tuple(Declared(table, ("*",), 0, reach) for table in ("acts", "ties", "events")),
        files="CSV or Parquet with the header that `amity add --template acts` (or ties, events) prints",
    )


def names(held: Store) -> tuple[str, ...]:
    """The ids of the own records in a store, sorted."""
    return tuple(sorted({part.source for part in store.parts(held) if is_own(part.source)}))


def named(text: str) -> str:
    """The id of a record from what a person calls it, or from the name of a file.

    >>> named("Our desk"), named("own:desk")
    ('own:our-desk', 'own:desk')
    """
    name = re.sub(r"[^a-z0-9_]+", "-", text.removeprefix(PREFIX).strip().lower()).strip("-")[:40]
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"'{text}' is no name for a record", "say --as with letters and digits, such as --as desk"
        )
    return PREFIX + name


def add(
    held: Store,
    file: str,
    data: bytes,
    retrieved: str,
    *,
    name: str = "",
    table: Table | None = None,
    complete: tuple[int, int] | None = None,
) -> Loaded:
    """Put a file of a person's own acts, ties or events into the store, all of it or nothing.

    `file` is its name and `data` its bytes; `name` what the record is called (by default after the file); `table` says
    which it is, where its header does not. `complete` are the first and last year in which the record has every act (or
    tie) of its kinds between the states that it names together: there, what it lacks counts as none.

    Raises `BadFileError` with every slip in every row, `UsageError` for a name that cannot be one, `StoreError`.
    """
    # What reads and keeps a record is left alone by those who only ask what it is called.
    from amity.ingest.checks import check  # noqa: PLC0415
    from amity.ingest.keeping import Loaded  # noqa: PLC0415
    from amity.ingest.own_rows import read  # noqa: PLC0415
    from amity.ingest.volumes import volumes  # noqa: PLC0415

    source = named(name or PurePath(file).stem)
    table, frame = read(file, data, table)
    spoken = coverage(table, frame, complete)
    with store.one_at_a_time(held, source):
        own = store.open_store(held.root)
        files, tables, receipts = other(own, source, table)
        key = f"{table}/{PurePath(file).name}"
        files[key] = data
        receipts.append(receipt(own, source, key, data, retrieved))
        tables[table] = frame
        tables["coverage"] = pl.concat([tables["coverage"], spoken])
        check(about(source), tables)
        if "events" in tables:
            tables["volumes"] = volumes(tables["events"])
        changed = store.replace(own, source, files, tables, receipts)
    rows = {name: tables[name].height for name in tables if name not in ("coverage", "volumes")}
    return Loaded(source, len(files), rows, changed, 0)


def coverage(table: Table, frame: pl.DataFrame, complete: tuple[int, int] | None) -> pl.DataFrame:
    """What the keeper declares: each kind that is in the file, from each state to each that it is towards in it."""
    schema = polars_schema("coverage")
    if complete is None:
        return pl.DataFrame(schema=schema)
    first, last = complete
    if not EARLIEST.year <= first <= last <= 2100:
        raise UsageError(
            f"the record cannot be complete from {first} to {last}", "give the earlier year first"
        )
    kind = pl.lit("*").alias("kind") if table == "events" else pl.col("kind")
    between = frame.filter(pl.col("ccode_from") != pl.col("ccode_to"))
    named = between.select(kind, "ccode_from", "ccode_to").unique().sort(pl.all())
    days = {"start": pl.lit(date(first, 1, 1)), "end": pl.lit(date(last, 12, 31)), "table": pl.lit(table)}
    return named.with_columns(**days).select(pl.col(column).cast(dtype) for column, dtype in schema.items())


def other(
    own: Store, source: str, table: Table
) -> tuple[dict[str, bytes], dict[str, pl.DataFrame], list[Receipt]]:
    """What a record already holds of its other table: files, frames and receipts."""
    receipts = [one for one in store.receipts(own, source) if not one.file.startswith(f"{table}/")]
    kept = {one.file for one in receipts}
    files = {name: data for name, data in store.files(own, source).items() if name in kept}
    kept_tables = {"acts", "ties", "events", "coverage"} - {table}
    tables = {
        part.table: pl.read_parquet(part.path)
        for part in store.parts(own, source=source)
        if part.table in kept_tables
    }
    spoken = tables.get("coverage", pl.DataFrame(schema=polars_schema("coverage")))
    tables["coverage"] = spoken.filter(pl.col("table") != table)
    return files, tables, receipts


def receipt(own: Store, source: str, key: str, data: bytes, retrieved: str) -> Receipt:
    """The receipt of a file; that of the first time, where it has not changed since."""
    digest = hashlib.sha256(data).hexdigest()
    before = {one.file: one for one in store.receipts(own, source)}.get(key)
    if before is not None and before.sha256 == digest:
        return before
    return Receipt(source, key, "", retrieved, len(data), digest, LICENCE.id)


def remove(held: Store, name: str) -> str:
    """Take a record out of the store; gives its id. Raises `UnknownSourceError` where there is none of that name."""
    source, own = named(name), store.open_store(held.root)
    with store.one_at_a_time(own, source):
        if source not in names(own):
            raise UnknownSourceError(
                f"there is no record of your own called '{source}'",
                f"`amity add --list` says: {', '.join(names(own)) or 'none'}",
            )
        store.replace(own, source, {}, {}, [])
    return source
