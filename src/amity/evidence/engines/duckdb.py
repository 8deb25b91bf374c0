"""Counting on DuckDB, in this process: two threads, and a bounded memory that spills to disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl

from amity.catalog import SCHEMAS
from amity.evidence.arrow import put
from amity.evidence.engines import counting
from amity.store.reading import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from amity.evidence.engines import Job

MEMORY = "400MB"
"""What DuckDB may hold; what is more goes to the scratch folder. The process then stays below 600 MB."""


def count(job: Job, out: Path, scratch: Path) -> None:
    """Write the pair-months of a job to a Parquet file, sorted by `engines.ORDER`, with `source` as last column."""
    settings = {"threads": "2", "memory_limit": MEMORY, "temp_directory": str(scratch)}
    with duckdb.connect(config={**settings}) as connection:
        first, last = (f"DATE '{day}'" for day in job.days)
        view(connection, "events", job.events, f"date BETWEEN {first} AND {last}")
        view(connection, "volumes", job.volumes, f"month BETWEEN {first} AND {last}")
        put(connection, "classes", job.classes)
        put(
            connection,
            "state_roles",
            pl.DataFrame({"role": list(job.state_roles)}, schema={"role": pl.String}),
        )
        copied = f"COPY ({counting()}) TO {quoted(str(out))} (FORMAT parquet, COMPRESSION zstd)"
        connection.execute(copied)


def view(
    connection: duckdb.DuckDBPyConnection, table: str, files: Mapping[str, Sequence[Path]], where: str
) -> None:
    """Those files as a table of the catalogue with the column `source`, as far as they lie in the days asked for."""
    columns = ", ".join(f'"{column.name}"' for column in SCHEMAS[table])
    each = [
        f"SELECT {columns}, {quoted(source)} AS source FROM read_parquet([{listed(paths)}]) WHERE {where}"  # noqa: S608
        for source, paths in files.items()
        if paths
    ]
    connection.execute(f'CREATE OR REPLACE TEMP VIEW "{table}" AS {" UNION ALL ".join(each)}')


def listed(paths: Sequence[Path]) -> str:
    return ", ".join(quoted(str(path)) for path in paths)
