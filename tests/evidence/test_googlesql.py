"""The statement for BigQuery on Google's own engine: GoogleSQL's analyser and reference evaluator, as the package zetasql.

It knows BigQuery's dialect as BigQuery itself does, and is no translation to another engine.
"""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.evidence import counted
from tests.evidence.test_engines import DAYS, NUMBERS, raw_gdelt, read_gdelt

from amity import cameo
from amity.evidence.engines import bigquery


@pytest.mark.parametrize("source", bigquery.TABLES)
def test_googles_engine_counts_raw_gdelt_as_plain_python_does(source: str) -> None:
    world = counted.events(3000, seed=17, sources=("gdelt",)).with_columns(pl.col("articles").fill_null(7))
    raw = raw_gdelt(world.filter(pl.col("code").is_in(cameo.classes()["code"].implode())))
    events = read_gdelt(raw).with_columns(source=pl.lit(source))
    moment = pl.col("DATEADDED") + ("000000" if source == "gdelt2" else "")
    typed = raw.with_columns(DATEADDED=moment).with_columns(pl.col(NUMBERS).cast(pl.Int64))
    rows = asked(bigquery.sql(source, DAYS, counted.CLASSES, counted.STATE_ROLES), source, typed)
    assert rows.height > 1000
    assert_frame_equal(rows, counted.oracle(events))


def asked(sql: str, source: str, table: pl.DataFrame) -> pl.DataFrame:
    """The answer of GoogleSQL's evaluator over one of BigQuery's public tables with these rows."""
    from zetasql import api, types

    name = bigquery.TABLES[source]
    columns = api.TableBuilder(name)
    for column, kind in table.schema.items():
        columns.add_column(
            column, types.TypeKind.TYPE_INT64 if kind == pl.Int64 else types.TypeKind.TYPE_STRING
        )
    language = types.LanguageOptions.maximum_features()
    functions = types.ZetaSQLBuiltinFunctionOptions(language_options=language)
    catalog = api.CatalogBuilder("public").add_table(columns.build()).with_builtin_functions(functions)
    prepared = (
        api.PreparedQuery.builder()
        .set_sql(sql.replace("`" + name.replace(".", "`.`") + "`", f"`{name}`"))
        .set_analyzer_options(types.AnalyzerOptions(language_options=language))
        .set_catalog(catalog.build())
        .set_table_content({name: api.create_table_content([[*row] for row in table.rows()])})
    )
    with prepared.prepare() as query:
        rows = [[value(cell) for cell in row.cell] for row in query.execute().content.table_data.row]
        names = [column.name for column in query.columns]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    return frame.with_columns(pl.col("month").cast(pl.Int32).cast(pl.Date)).cast(
        dict(counted.PAIR_MONTHS.items())
    )


def value(cell: Any) -> Any:
    """A cell's number, text or day since 1970; None where it has none."""
    held = (getattr(cell, kind) for kind in ("int64_value", "string_value", "date_value"))
    return next((one for one in held if one is not None), None)
