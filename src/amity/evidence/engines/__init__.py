"""Where the statement of `sql/pair_months.sql` runs: DuckDB here, Spark on many machines, BigQuery where GDELT lies.

Each engine is a module. DuckDB's and Spark's give `count(job, out, scratch)`: they read the same Parquet parts and
write the same rows. BigQuery's gives the text of the statement, because the events lie there already.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amity.evidence.rows import statement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    import polars as pl

ORDER = ("source", "ccode_from", "ccode_to", "month", "scope", "field", "quad", "code")
"""How pair-months are sorted: a pair's lie side by side."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be counted: whose files, between which days, and which roles count as the state."""

    events: Mapping[str, Sequence[Path]]
    """Parquet files of `catalog.EVENTS` by source."""
    volumes: Mapping[str, Sequence[Path]]
    """Parquet files of `catalog.VOLUMES` by source."""
    days: tuple[date, date]
    """First and last day, both inclusive; whole months, or their volumes would count more days than their events."""
    classes: pl.DataFrame
    """What each CAMEO code means: `code, root, quad, field, goldstein_tenths`."""
    state_roles: Sequence[str]


def counting() -> str:
    """The statement, in DuckDB's dialect."""
    return statement("pair_months")


def carried(dialect: str) -> str:
    """The statement in another engine's dialect, as sqlglot carries it over."""
    from sqlglot import transpile  # noqa: PLC0415  (a third of a second, and DuckDB has no need of it)

    return transpile(counting(), read="duckdb", write=dialect, pretty=True, comments=False)[0]
