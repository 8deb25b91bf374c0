"""Monthly trade in goods, as exporters and as importers report it."""

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
from amity.sources import imf_dots

if TYPE_CHECKING:
    from amity.sources import Parsed

x = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("xlsx_writer.py"))))
SAMPLE = Path(__file__).parents[1] / "samples" / "imf_dots"
NAME = "Exports_and_Imports_Cambodia.xlsx"
MONTHS = ["2011M01", "2011M02"]


def sheet(title: str, rows: list[list[object]], months: list[str] = MONTHS) -> list[list[object]]:
    """A sheet in the publisher's layout: an empty first column, the header in row 7."""
    top = [[], ["", imf_dots.TITLES[title]], [], ["", "Cambodia"], ["", imf_dots.UNIT], []]
    return [*top, ["", "", *months], *(["", *row] for row in rows)]


def book(
    exports: list[list[object]], imports: list[list[object]] | None = None, months: list[str] = MONTHS
) -> dict[str, bytes]:
    sheets = {"Exports, FOB": sheet("Exports, FOB", exports, months)}
    sheets["Imports, CIF"] = sheet("Imports, CIF", imports or [], months)
    return {NAME: x.workbook(sheets)}


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in SAMPLE.iterdir()}


@pytest.fixture(scope="module")
def parsed(files: dict[str, bytes]) -> Parsed:
    return imf_dots.parse(files)


def series(parsed: Parsed, kind: str, seller: int, buyer: int) -> dict[str, float]:
    rows = parsed.tables["figures"].filter(kind=kind, ccode_from=seller, ccode_to=buyer)
    return dict(rows.select("period", "value").iter_rows())


def test_a_month_of_exports_is_in_dollars_with_its_days(parsed: Parsed) -> None:
    rows = parsed.tables["figures"]
    assert dict(rows.schema) == polars_schema("figures")
    assert rows.row(
        by_predicate=pl.col("ref") == "United States|exports_fob|Cambodia|2011M02", named=True
    ) == {
        "start": date(2011, 2, 1),
        "end": date(2011, 2, 28),
        "period": "2011M02",
        "ccode_from": 2,
        "ccode_to": 811,
        "kind": "exports_fob",
        "value": 8_250_000.0,
        "unit": "USD",
        "ref": "United States|exports_fob|Cambodia|2011M02",
    }


def test_what_the_seller_and_what_the_buyer_says_are_two_kinds_in_one_direction(parsed: Parsed) -> None:
    assert series(parsed, "exports_fob", 811, 2)["2011M01"] == 150_250_000.0
    assert series(parsed, "imports_cif", 811, 2)["2011M01"] == 160_123_456.0


def test_a_flag_is_kept_in_the_ref_and_thousands_have_commas(parsed: Parsed) -> None:
    flagged = parsed.tables["figures"].filter(pl.col("ref") == "Cambodia|exports_fob|United States|2011M02|r")
    assert flagged["value"].to_list() == [1_160_500_000.0]
    assert parsed.tables["figures"].filter(pl.col("ref").str.ends_with("|e")).height == 4


def test_a_zero_that_is_written_is_a_figure_and_an_empty_cell_is_unknown(parsed: Parsed) -> None:
    assert series(parsed, "exports_fob", 811, 2)["2011M03"] == 0.0
    assert "2011M03" not in series(parsed, "exports_fob", 2, 811)
    known = parsed.tables["coverage"].filter(kind="exports_fob", ccode_from=2, ccode_to=811)
    assert known.select("start", "end").rows() == [
        (date(2011, 1, 1), date(2011, 2, 28)),
        (date(2011, 4, 1), date(2011, 5, 31)),
    ]
    assert parsed.tables["coverage"].filter(ccode_from=900).is_empty()


def test_a_partner_that_the_publisher_lists_twice_counts_once(parsed: Parsed) -> None:
    assert len(series(parsed, "exports_fob", 811, 900)) == 4
    assert parsed.tables["figures"]["ref"].is_unique().all()


def test_regions_hong_kong_and_states_of_old_are_set_aside(parsed: Parsed) -> None:
    review = {(file, place): why for file, place, why in parsed.tables["review"].rows()}
    assert review[NAME, "World"] == "a group of states, not one (8 amounts)"
    assert review[NAME, "China, P.R.: Hong Kong"] == "a part of China (3 amounts)"
    assert ("Exports_and_Imports_US.xlsx", "Yugoslavia") in review
    assert series(parsed, "exports_fob", 811, 710) == {"2011M01": 5.1e6, "2011M02": 5.2e6, "2011M03": 5.3e6}


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (["Atlantis", 1.5, 2.5], UnknownStateError),
        (["Atlantis", "", ""], UnknownStateError),
        (["Thailand", "1.50 x", 2.5], UnknownValueError),
        (["Thailand", "n.a.", 2.5], BadFileError),
        (["Thailand", "1,50 r", 2.5], BadFileError),
        (["Thailand", -1.5, 2.5], BadFileError),
        (["Thailand", 1e12, 2.5], BadFileError),
        (["Thailand", True, 2.5], BadFileError),
    ],
)
def test_what_nobody_has_looked_at_stops_the_parse(row: list[object], error: type[AmityError]) -> None:
    assert imf_dots.parse(book([["Thailand", 1.5, "1,150.25 r"]])).tables["figures"].height == 2
    with pytest.raises(error, match=NAME):
        imf_dots.parse(book([row]))


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("US Dollars, Millions", "Euros, Millions", UnknownValueError),
        ("Exports, FOB to Partner Countries", "Exports, CIF to Partner Countries", BadFileError),
        ("2011M02", "2011M13", BadFileError),
        ("2011M02", "2011Q1", BadFileError),
        ("2011M02", "2011M01", BadFileError),
        ("Cambodia", "European Union", BadFileError),
        ("Imports, CIF", "Imports, FOB", UnknownValueError),
    ],
)
def test_another_layout_is_refused(old: str, new: str, error: type[AmityError]) -> None:
    exports, imports = sheet("Exports, FOB", [["Thailand", 1.5, 2.5]]), sheet("Imports, CIF", [])
    parts = {name: text.replace(old, new) for name, text in
             x.parts({"Exports, FOB": exports, "Imports, CIF": imports}).items()}  # fmt: skip
    with pytest.raises(error, match=NAME):
        imf_dots.parse({NAME: x.packed(parts)})


def test_a_partner_that_stands_twice_with_two_amounts_is_refused() -> None:
    with pytest.raises(BadFileError, match="'Thailand' stands twice"):
        imf_dots.parse(book([["Thailand", 1.5, 2.5], ["Thailand", 1.5, 2.25]]))


def test_two_workbooks_of_one_reporter_may_overlap_where_they_agree() -> None:
    older = book([["Thailand", 1.5, 2.5]])
    newer = {
        "Exports_and_Imports_KHM.xlsx": book([["Thailand", 2.5, 3.5]], months=["2011M02", "2011M03"])[NAME]
    }
    assert imf_dots.parse(older | newer).tables["figures"]["value"].to_list() == [1.5e6, 2.5e6, 3.5e6]
    revised = {
        "Exports_and_Imports_KHM.xlsx": book([["Thailand", 2.75, 3.5]], months=["2011M02", "2011M03"])[NAME]
    }
    with pytest.raises(BadFileError, match="two workbooks of one reporter"):
        imf_dots.parse(older | revised)


def test_a_newer_workbook_may_fill_what_an_older_one_left_empty() -> None:
    older = book([["Thailand", "", ""]])
    newer = {"Exports_and_Imports_KHM.xlsx": book([["Thailand", 1.5, 2.5]])[NAME]}
    assert imf_dots.parse(older | newer).tables["figures"]["value"].to_list() == [1.5e6, 2.5e6]


def test_a_workbook_is_told_by_its_name_and_first_bytes(files: dict[str, bytes]) -> None:
    for name, data in files.items():
        assert imf_dots.recognises(f"imf/{name}", data[:4096])
    assert not imf_dots.recognises("Book1.xlsx", files[NAME][:4096])
    assert not imf_dots.recognises(NAME, b"<html>")


@pytest.mark.publisher_data
def test_the_publishers_own_workbooks_add_up(publisher_data: Path) -> None:
    folder = publisher_data / "trade" / "imf_dots"
    parsed = imf_dots.parse({path.name: path.read_bytes() for path in folder.glob("*.xlsx")})
    rows = parsed.tables["figures"]
    assert rows["kind"].value_counts().sort("kind").rows() == [
        ("exports_fob", 234_934),
        ("imports_cif", 217_017),
    ]
    assert rows.select("kind", "ccode_from", "ccode_to", "period", "ref").is_unique().all()
    assert rows["ref"].is_unique().all()
    known = parsed.tables["coverage"].select(
        "kind", "ccode_from", "ccode_to", days=(pl.col("end") - pl.col("start")).dt.total_days() + 1
    )
    assert (
        known["days"].sum()
        == rows.select("kind", "ccode_from", "ccode_to", "start", "end")
        .unique()
        .select(((pl.col("end") - pl.col("start")).dt.total_days() + 1).sum())
        .item()
    )
    assert series(parsed, "imports_cif", 811, 2)["2022M12"] == 839_485_275.0
    assert series(parsed, "exports_fob", 811, 2)["2022M12"] == 751_111_743.0
