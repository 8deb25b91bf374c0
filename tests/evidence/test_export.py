"""Panels as files: whole or not at all, equal to the frame, and labelled in Stata."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pyreadstat
import pytest
from polars.testing import assert_frame_equal

from amity.errors import UsageError
from amity.evidence import columns, export

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COLUMNS = tuple(
    column
    for column in columns("dyad-year")
    if column.name in ("ccode1", "iso3c1", "year", "relations", "post_level_1to2", "aid_obligated_1to2")
)
ROWS = pl.DataFrame(
    {
        "ccode1": [811, 811, 345],
        "iso3c1": ["KHM", "KHM", None],
        "year": [1964, 1965, 1991],
        "relations": [1, 0, None],
        "post_level_1to2": ["embassy", "none", None],
        "aid_obligated_1to2": [12009179.5, 0.0, None],
    },
    schema={
        "ccode1": pl.Int16, "iso3c1": pl.String, "year": pl.Int16, "relations": pl.Int8,
        "post_level_1to2": pl.String, "aid_obligated_1to2": pl.Float64,
    },
)  # fmt: skip


def parts() -> Iterator[pl.DataFrame]:
    yield ROWS.head(2)
    yield ROWS.tail(1)


def test_a_csv_file_has_one_header_and_empty_cells_for_the_unknown(tmp_path: Path) -> None:
    assert export.write(parts(), COLUMNS, tmp_path / "panel.csv") == 3
    lines = (tmp_path / "panel.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == ",".join(ROWS.columns)
    assert lines[-1] == "345,,1991,,,"
    assert_frame_equal(pl.read_csv(tmp_path / "panel.csv", schema=ROWS.schema), ROWS)


def test_a_parquet_file_has_the_same_rows_and_types(tmp_path: Path) -> None:
    assert export.write(parts(), COLUMNS, tmp_path / "panel.parquet") == 3
    assert_frame_equal(pl.read_parquet(tmp_path / "panel.parquet"), ROWS)


def test_a_stata_file_has_labels_missing_values_and_the_same_rows(tmp_path: Path) -> None:
    assert export.write(parts(), COLUMNS, tmp_path / "panel.dta", title="amity panel, dyad-year") == 3
    frame, meta = pyreadstat.read_dta(tmp_path / "panel.dta", output_format="polars")
    assert meta.column_names_to_labels == {column.name: column.label for column in COLUMNS}
    assert meta.variable_value_labels == {"relations": {0: "no", 1: "yes"}}
    assert meta.file_label == "amity panel, dyad-year"
    strings = pl.col(pl.String).fill_null("")  # Stata has no missing text
    assert_frame_equal(frame.cast(dict(ROWS.schema)), ROWS.with_columns(strings))


@pytest.mark.parametrize("name", ["panel.xlsx", "panel"])
def test_an_ending_that_is_no_format_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"\.csv, \.parquet or \.dta"):
        export.write(parts(), COLUMNS, tmp_path / name)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        export.write(parts(), COLUMNS, tmp_path / "nowhere" / "panel.csv")


@pytest.mark.parametrize("ending", ["csv", "parquet", "dta"])
def test_a_file_that_fails_half_way_leaves_the_old_one_and_nothing_else(tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"panel.{ending}"
    out.write_text("the old file")

    def broken() -> Iterator[pl.DataFrame]:
        yield ROWS
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError, match="power"):
        export.write(broken(), COLUMNS, out)
    assert out.read_text() == "the old file"
    assert list(tmp_path.iterdir()) == [out]


def test_a_panel_too_large_for_stata_says_what_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_IN_STATA", 2)
    with pytest.raises(UsageError, match=r"write \.parquet or \.csv"):
        export.write(parts(), COLUMNS, tmp_path / "panel.dta")
