"""What all tests share: where the publishers' real files are, and evidence from rows written in a test."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest

from amity.catalog import SCHEMAS, polars_schema
from amity.evidence import Evidence
from amity.evidence.arrow import put

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def publisher_data() -> Path:
    """The folder of the publishers' real files, which stay out of the repository."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("AMITY_PUBLISHER_DATA", beside))
    if not folder.is_dir():
        pytest.skip(
            "the publishers' files are not on this machine (set AMITY_PUBLISHER_DATA to their folder)"
        )
    return folder


@pytest.fixture(scope="session")
def evidence_of() -> Callable[..., Evidence]:
    """A function from rows by table to evidence; columns left out are missing, `source` is 'test'."""

    def build(**tables: list[dict[str, Any]]) -> Evidence:
        connection = duckdb.connect()
        for name in SCHEMAS:
            schema = {**polars_schema(name), "source": pl.String()}
            rows = [{"source": "test", **row} for row in tables.get(name, [])]
            put(connection, f"{name}_rows", pl.DataFrame(rows, schema=schema))
            connection.execute(f'CREATE TABLE "{name}" AS FROM "{name}_rows"')
        return Evidence(connection)

    return build
