"""Tables that are made of everybody's rows, and read for a question about two states too: made once, then kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amity.evidence.rows import query, read_once
from amity.store import computed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from amity.evidence.rows import Evidence


def kept(ev: Evidence, name: str, reads: Sequence[str], sql: str) -> pl.DataFrame:
    """The answer to a SQL question about some tables, as it was kept of the same parts, else asked and kept."""
    return read_once(ev, name, lambda: _found(ev, name, reads, sql))


def _found(ev: Evidence, name: str, reads: Sequence[str], sql: str) -> pl.DataFrame:
    if ev.store is None or not computed.holds(ev.store):
        return query(ev, sql)
    made_from = computed.key(ev.store, reads, sql, ev.parts)
    table = computed.read(ev.store, name, made_from)
    if table is None:
        table = query(ev, sql)
        computed.offer(ev.store, name, made_from, table)
    return table
