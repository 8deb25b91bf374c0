"""Tables that are made of everybody's rows, and read for a question about two states too: made once, then kept."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import polars as pl

from amity.errors import StoreError
from amity.evidence.rows import query
from amity.store import computed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.evidence.rows import Evidence


def kept(ev: Evidence, name: str, reads: Sequence[str], sql: str) -> pl.DataFrame:
    """The answer to a SQL question about some tables, as it was kept of the same parts, else asked and kept."""
    if name not in ev.last_read:
        ev.last_read[name] = (), _found(ev, name, reads, sql)
    return ev.last_read[name][1]


def _found(ev: Evidence, name: str, reads: Sequence[str], sql: str) -> pl.DataFrame:
    if ev.store is None or not computed.holds(ev.store):
        return query(ev, sql)
    made_from = computed.key(ev.store, reads, sql, ev.parts)
    path = computed.find(ev.store, name, made_from)
    if path is not None:
        return pl.read_parquet(path)
    table = query(ev, sql)
    with suppress(StoreError):  # a store that may not be written is read all the same
        computed.keep(ev.store, name, made_from, table)
    return table
