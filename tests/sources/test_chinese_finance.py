"""Projects of China's government and its banks abroad."""

from __future__ import annotations

import runpy
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import polars as pl
import pytest

from amity.catalog import polars_schema
from amity.errors import AmityError, BadFileError, UnknownStateError, UnknownValueError
from amity.sources import chinese_finance, spreadsheets

if TYPE_CHECKING:
    from amity.sources import Parsed
    from amity.sources.spreadsheets import Sheet

x = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("xlsx_writer.py"))))
NAME = "GlobalChineseOfficialFinanceDataset_v1.0.xlsx"
SAMPLE = Path(__file__).parents[1] / "samples" / "chinese_finance" / NAME
PROJECT = 1
"""The row of project 11 in the sample: 2.5 million dollars for Cambodia in 2005."""


@pytest.fixture(scope="module")
def data() -> bytes:
    return SAMPLE.read_bytes()


@pytest.fixture(scope="module")
def parsed(data: bytes) -> Parsed:
    return chinese_finance.parse({NAME: data})


def rows_of(data: bytes) -> Sheet:
    return spreadsheets.sheets(NAME, data)[chinese_finance.SHEET]


def written(rows: Sheet, sheet: str = chinese_finance.SHEET) -> dict[str, bytes]:
    return {NAME: x.workbook({sheet: rows})}


def years(parsed: Parsed, kind: str, ccode: int = 811) -> list[tuple[int, int]]:
    rows = parsed.tables["coverage"].filter(kind=kind, ccode_from=710, ccode_to=ccode)
    return [(start.year, end.year) for start, end in rows.select("start", "end").iter_rows()]


def test_a_project_is_given_in_dollars_of_2014_and_of_its_own_year(parsed: Parsed) -> None:
    rows = parsed.tables["figures"].filter(ref="11")
    assert dict(rows.schema) == polars_schema("figures")
    assert rows.row(0, named=True) == {
        "start": date(2005, 1, 1),
        "end": date(2005, 12, 31),
        "period": "2005",
        "ccode_from": 710,
        "ccode_to": 811,
        "kind": "chinese_oda_like",
        "value": 2_500_000.5,
        "unit": "USD of 2014",
        "ref": "11",
    }
    assert rows.row(1)[5:8] == ("chinese_oda_like_current", 1_500_000.25, "USD")


def test_aid_and_other_finance_and_what_could_not_be_told_are_three_kinds(parsed: Parsed) -> None:
    kinds = {ref: kind for ref, kind in parsed.tables["figures"].select("ref", "kind").iter_rows()
             if not kind.endswith("_current") and kind != "chinese_projects"}  # fmt: skip
    assert kinds == {
        "11": "chinese_oda_like",
        "12": "chinese_oda_like",
        "14": "chinese_oof_like",
        "17": "chinese_vague_finance",
    }


def test_a_project_without_an_amount_is_counted_and_makes_its_year_unknown(parsed: Parsed) -> None:
    counted = parsed.tables["figures"].filter(kind="chinese_projects", ccode_to=811)
    assert counted["ref"].to_list() == ["11", "12", "13", "14"]
    assert years(parsed, "chinese_projects") == [(2000, 2014)]
    assert years(parsed, "chinese_oda_like") == [(2000, 2005), (2007, 2014)]
    assert years(parsed, "chinese_oda_like_current") == [(2000, 2005), (2007, 2014)]
    assert years(parsed, "chinese_oof_like") == [(2000, 2014)]


def test_pledges_umbrellas_and_cancelled_projects_are_not_read_and_are_counted(parsed: Parsed) -> None:
    review = {(place, why) for _, place, why in parsed.tables["review"].rows()}
    assert ("Cambodia", "not recommended for research: pipeline: pledge (1 projects)") in review
    assert ("Cambodia", "not recommended for research: completion (1 projects)") in review
    assert ("Serbia", "not recommended for research: cancelled (1 projects)") in review
    assert ("Africa, regional", "a group of states, not one (1 projects)") in review
    assert parsed.tables["figures"].filter(period="2007").is_empty()


def test_yemen_is_the_state_of_the_time_and_not_the_one_of_the_files_code(parsed: Parsed) -> None:
    assert set(parsed.tables["figures"].filter(ref="17")["ccode_to"]) == {679}


def test_a_recipient_that_the_file_does_not_name_is_unknown(parsed: Parsed) -> None:
    assert set(parsed.tables["coverage"]["ccode_to"]) == {345, 679, 811}


@pytest.mark.parametrize(
    ("column", "value", "error"),
    [
        ("recipient_condensed", "Atlantis", UnknownStateError),
        ("recipient_condensed", "", UnknownStateError),
        ("status", "Forgotten", UnknownValueError),
        ("flow_class", "Gift", UnknownValueError),
        ("donor", "Atlantis", UnknownValueError),
        ("recommended_for_research", "yes", BadFileError),
        ("year", 1999.0, BadFileError),
        ("year", 2005.5, BadFileError),
        ("project_id", "eleven", BadFileError),
        ("project_id", 12.0, BadFileError),
        ("usd_defl_2014", "a lot", BadFileError),
        ("usd_defl_2014", -5.0, BadFileError),
        ("usd_current", " ", BadFileError),
    ],
)
def test_what_nobody_has_looked_at_stops_the_parse(
    data: bytes, column: str, value: object, error: type[AmityError]
) -> None:
    rows = rows_of(data)
    rows[PROJECT][rows[0].index(column)] = value
    with pytest.raises(error):
        chinese_finance.parse(written(rows))


def test_a_new_or_a_lost_column_and_another_sheet_are_refused(data: bytes) -> None:
    rows = rows_of(data)
    assert chinese_finance.parse(written(rows)).tables["figures"].height == 13
    with pytest.raises(UnknownValueError, match="mood"):
        chinese_finance.parse(written([[*rows[0], "mood"], *([*row, "good"] for row in rows[1:])]))
    with pytest.raises(BadFileError, match="field_completeness"):
        chinese_finance.parse(written([row[:-1] for row in rows]))
    with pytest.raises(BadFileError, match="not ChineseOfficialFinance"):
        chinese_finance.parse(written(rows, "Sheet1"))
    with pytest.raises(BadFileError, match="lacks"):
        chinese_finance.parse(written([]))


def test_the_order_of_columns_and_projects_makes_no_difference(data: bytes, parsed: Parsed) -> None:
    rows = rows_of(data)
    turned = [row[::-1] for row in (rows[0], *rows[:0:-1])]
    assert chinese_finance.parse(written(turned)).tables["figures"].equals(parsed.tables["figures"])


def test_the_file_is_told_by_its_name_and_first_bytes(data: bytes) -> None:
    assert chinese_finance.recognises(f"aid/{NAME}", data[:4096])
    assert not chinese_finance.recognises("Book1.xlsx", data[:4096])
    assert not chinese_finance.recognises(NAME, b"<html>")


@pytest.mark.publisher_data
def test_the_publishers_own_file_adds_up_to_what_the_publisher_says(publisher_data: Path) -> None:
    parsed = chinese_finance.parse({NAME: (publisher_data / "aid" / NAME).read_bytes()})
    rows, review = parsed.tables["figures"], parsed.tables["review"]
    counts = dict(rows.group_by("kind").len().iter_rows())
    assert counts["chinese_projects"] == 4_295
    assert counts["chinese_oda_like"] == counts["chinese_oda_like_current"] == 1_844
    assert rows.select("kind", "ref").is_unique().all()
    aside = review.with_columns(n=pl.col("why").str.extract(r"\((\d+) projects\)$").cast(pl.Int32))
    places = aside.filter(~pl.col("why").str.starts_with("not recommended"))["n"].sum()
    assert (places, aside["n"].sum() - places) == (78, 1_093)
    assert 4_295 + places == 4_373
    assert years(parsed, "chinese_projects") == [(2000, 2014)]
    assert years(parsed, "chinese_oda_like") == [(2000, 2000), (2002, 2002)]
