"""Evidence from rows written in a test, without a store on disk."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from amity.catalog import SCHEMAS, polars_schema
from amity.evidence import Evidence
from amity.evidence.arrow import put


def evidence_of(**tables: list[dict[str, Any]]) -> Evidence:
    """Evidence from rows by table; columns left out are missing, `source` is 'test'."""
    connection = duckdb.connect()
    for name in SCHEMAS:
        schema = {**polars_schema(name), "source": pl.String()}
        rows = [{"source": "test", **row} for row in tables.get(name, [])]
        put(connection, f"{name}_rows", pl.DataFrame(rows, schema=schema))
        connection.execute(f'CREATE TABLE "{name}" AS FROM "{name}_rows"')
    return Evidence(connection)
