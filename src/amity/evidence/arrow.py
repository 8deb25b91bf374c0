"""Frames to DuckDB and back, by Arrow's C stream alone (pyarrow is not needed)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import polars as pl

if TYPE_CHECKING:
    import duckdb


class _Streams(Protocol):
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class _Stream:
    """Only the stream of a frame or relation.

    DuckDB takes a bare polars frame through pyarrow, and polars looks at so much of a bare relation that DuckDB
    2.0 prints warnings of leaks on exit; this hides all but the stream from both.
    """

    def __init__(self, source: _Streams) -> None:
        self._source = source

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._source.__arrow_c_stream__(requested_schema)


def to_frame(relation: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    """The rows of a DuckDB relation.

    >>> import duckdb
    >>> with duckdb.connect() as connection:
    ...     to_frame(connection.sql("SELECT 811::SMALLINT AS ccode")).schema
    Schema([('ccode', Int16)])
    """
    return pl.DataFrame(_Stream(relation))


def put(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Keep a frame as the temporary table `name` of a connection, in place of any of that name."""
    view = f"{name}_in"
    connection.register(view, _Stream(frame))
    connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS FROM "{view}"')
    connection.unregister(view)
