"""Single events: those of given states between two days, and the most reported ones of a month.

Events come by the hundred million. Only the parts that can hold the days asked for are opened, which the store's
manifest knows, so that a month of one pair takes a fraction of a second however many others are stored.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from amity import cameo
from amity.catalog import SCHEMAS, polars_schema
from amity.evidence.months import event_parts, roles_of
from amity.evidence.rows import query
from amity.store.reading import view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.evidence.event_columns import Scope
    from amity.evidence.rows import Evidence

COLUMNS = {**polars_schema("events"), "source": pl.String()}


def events(
    ev: Evidence,
    from_codes: Sequence[int],
    to_codes: Sequence[int],
    start: date,
    end: date,
    *,
    source: str | None = None,
    both_ways: bool = False,
) -> pl.DataFrame:
    """What the first states did to the second ones from one day to another, both included, in time order.

    Columns of `catalog.EVENTS` and `source`; `source` is one source of events (None: each that is loaded). With
    `both_ways` also what the second ones did to the first.
    """
    back = " OR (ccode_from = ANY($receivers) AND ccode_to = ANY($senders))" * both_ways
    sql = (
        f"SELECT * FROM ({held_between(ev, start, end, source)}) WHERE ((ccode_from = ANY($senders) "  # noqa: S608
        f"AND ccode_to = ANY($receivers)){back}) AND date BETWEEN $start AND $end "
        "AND source = coalesce($source, source) ORDER BY date, source, ref"
    )
    asked = {"senders": [*from_codes], "receivers": [*to_codes], "start": start, "end": end, "source": source}
    return query(ev, sql, asked).select(pl.col(name).cast(dtype) for name, dtype in COLUMNS.items())


def top_events(
    ev: Evidence,
    a_codes: Sequence[int],
    b_codes: Sequence[int],
    month: date,
    n: int = 10,
    *,
    source: str | None = None,
    scope: Scope = "country",
) -> pl.DataFrame:
    """The `n` most reported events of a month between two states, either way, those with most articles first.

    Columns of `catalog.EVENTS`, `source` and `direction` (`a to b`, `b to a`). `month` is any day of it. Where a source
    does not count articles its events come last, by day. With the scope `state` only those between states as such.
    """
    first = month.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return between(ev, a_codes, b_codes, (first, last), source=source, scope=scope).head(n)


def between(
    ev: Evidence,
    a_codes: Sequence[int],
    b_codes: Sequence[int],
    days: tuple[date, date],
    *,
    source: str | None = None,
    scope: Scope = "country",
) -> pl.DataFrame:
    """The events of some days between two states, either way, in the order and with the columns of `top_events`."""
    forth = pl.col("ccode_from").is_in(list(a_codes))
    told = events(ev, a_codes, b_codes, *days, source=source, both_ways=True).with_columns(
        direction=pl.when(forth).then(pl.lit("a to b")).otherwise(pl.lit("b to a"))
    )
    if scope == "state":
        counts = roles_of(ev.store) if ev.store else cameo.STATE_ROLES
        told = told.filter(
            pl.col(role).is_null() | pl.col(role).is_in(counts) for role in ("role_from", "role_to")
        )
    order = ["articles", "date", "source", "ref"]
    return told.sort(order, descending=[True, False, False, False], nulls_last=True)


def held_between(ev: Evidence, start: date, end: date, source: str | None) -> str:
    """The events that may be of those days: of a store, its parts of those days; else the whole table."""
    if ev.store is None:
        return "SELECT * FROM events"
    return view(SCHEMAS["events"], event_parts(ev.store, start, end, source))
