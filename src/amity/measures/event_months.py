"""Coded events by pair and month, from pair-months: what the indices of events are made of."""

from __future__ import annotations

import polars as pl

APART = ("source", "scope")
"""Columns that keep sums apart where a frame has them: sources, and actors of every role beside those of the state."""
DIRECTED = ("ccode_from", "ccode_to")
UNDIRECTED = ("ccode1", "ccode2")
CONFLICT = (3, 4)
"""Quad classes of conflict, in words and in deeds."""


def keys(months: pl.DataFrame, pair: tuple[str, str] = DIRECTED) -> list[str]:
    """The columns by which a frame's sums are kept: source and scope where it has them, and the two states."""
    return [*(name for name in APART if name in months.columns), *pair]


def directed(months: pl.DataFrame) -> pl.DataFrame:
    """Sums by directed pair and month, from rows of `catalog.PAIR_MONTHS`, sorted by pair and month.

    Columns: those of `keys`, `month`, `events`, `incidents`, `conflict_events`, `conflict_incidents` (of quad classes 3
    and 4) and `force_events`, `force_incidents` (Goldstein's weights summed, in points of his scale). A month without
    an event has no row.

    >>> from datetime import date
    >>> rows = pl.DataFrame({"month": [date(2018, 1, 1)] * 2, "ccode_from": [2] * 2, "ccode_to": [811] * 2,
    ...     "quad": [1, 4], "events": [3, 1], "incidents": [2, 1], "force_events": [90, -70],
    ...     "force_incidents": [60, -70]})
    >>> directed(rows).select("events", "conflict_events", "force_events").row(0)
    (4, 1, 2.0)
    """
    conflict = pl.col("quad").is_in(CONFLICT)
    counts = [pl.col(name).cast(pl.Int64) for name in ("events", "incidents")]
    return (
        months.group_by(*keys(months), "month")
        .agg(
            *(count.sum() for count in counts),
            *(count.filter(conflict).sum().name.prefix("conflict_") for count in counts),
            *(pl.col(name).cast(pl.Int64).sum() / 10 for name in ("force_events", "force_incidents")),
        )
        .sort(*keys(months), "month")
    )


def undirected(months: pl.DataFrame) -> pl.DataFrame:
    """The same sums of both directions, by `ccode1 < ccode2` and month."""
    sums = directed(months)
    low, high = pl.min_horizontal(*DIRECTED), pl.max_horizontal(*DIRECTED)
    paired = sums.with_columns(ccode1=low, ccode2=high).drop(*DIRECTED)
    by = [*keys(months, UNDIRECTED), "month"]
    return paired.group_by(by).agg(pl.exclude(by).sum()).sort(by)
