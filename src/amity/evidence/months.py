"""Pair-months: what is counted of coded events, by directed pair and month, and of which sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import polars_schema
from amity.evidence.rows import query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.evidence.event_columns import Scope
    from amity.evidence.rows import Evidence


def pair_months(
    ev: Evidence,
    from_codes: Sequence[int],
    to_codes: Sequence[int],
    *,
    source: str | None = None,
    scope: Scope = "country",
) -> pl.DataFrame:
    """What the first states did to the second ones by month and class: columns of `catalog.PAIR_MONTHS` and `source`.

    Sorted by source and month. A month without a row has no event inside the coverage of its source, and is unknown
    outside it. `source` is one source of events (None: each that is loaded).
    """
    sql = (
        "SELECT * FROM pair_months WHERE ccode_from = ANY($senders) AND ccode_to = ANY($receivers) AND scope = $scope "
        "AND source = coalesce($source, source) ORDER BY source, month, ccode_from, ccode_to, field, quad, code"
    )
    asked = {"senders": list(from_codes), "receivers": list(to_codes), "scope": scope, "source": source}
    schema = {**polars_schema("pair_months"), "source": pl.String()}
    return query(ev, sql, asked).select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def event_sources(ev: Evidence) -> pl.DataFrame:
    """The sources of coded events that are loaded: `source, first, last, events`, sorted by source.

    `first` and `last` are the first days of the first and last month with an event; `events` counts all, whoever acts.
    """
    sql = (
        "SELECT source, min(month) AS first, max(month) AS last, sum(events)::BIGINT AS events "
        "FROM volumes WHERE ccode IS NULL GROUP BY source ORDER BY source"
    )
    return query(ev, sql)
