"""Trade in goods between states by year."""

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
from amity.sources import cow_trade

if TYPE_CHECKING:
    from amity.sources import Parsed

w = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("rdata_writer.py"))))
NAME = "cow_trade_ddy.rds"
SAMPLE = Path(__file__).parents[1] / "samples" / "cow_trade" / NAME
FLOW = {
    "ccode1": 2,
    "ccode2": 811,
    "year": 1974,
    "flow1": 1,
    "flow2": 181,
    "smoothflow1": 1,
    "smoothflow2": 180,
}


def both(flow: dict[str, float | None]) -> list[dict[str, float | None]]:
    """A pair and year in its two directions."""
    turned = {name.translate(str.maketrans("12", "21")): value for name, value in flow.items()}
    return [flow, turned]


def written(
    rows: list[dict[str, float | None]], columns: tuple[str, ...] = cow_trade.COLUMNS
) -> dict[str, bytes]:
    made = {
        name: w.doubles([None if (value := row.get(name)) is None else float(value) for row in rows])
        for name in columns
    }
    return {NAME: w.rds(w.frame(made, len(rows)))}


@pytest.fixture(scope="module")
def parsed() -> Parsed:
    return cow_trade.parse({NAME: SAMPLE.read_bytes()})


def flows(parsed: Parsed, seller: int, buyer: int) -> dict[str, float]:
    rows = parsed.tables["figures"].filter(ccode_from=seller, ccode_to=buyer)
    return dict(rows.select("period", "value").iter_rows())


def spans(parsed: Parsed, seller: int, buyer: int) -> list[tuple[int, int]]:
    rows = parsed.tables["coverage"].filter(ccode_from=seller, ccode_to=buyer)
    return [(start.year, end.year) for start, end in rows.select("start", "end").iter_rows()]


def test_a_flow_goes_from_the_exporter_to_the_importer_in_dollars(parsed: Parsed) -> None:
    rows = parsed.tables["figures"]
    assert dict(rows.schema) == polars_schema("figures")
    assert rows.row(by_predicate=(pl.col("period") == "1974") & (pl.col("ccode_from") == 2), named=True) == {
        "start": date(1974, 1, 1),
        "end": date(1974, 12, 31),
        "period": "1974",
        "ccode_from": 2,
        "ccode_to": 811,
        "kind": "trade_smoothed",
        "value": 181e6,
        "unit": "USD",
        "ref": "811|2|1974",
    }


def test_the_smoothed_flow_is_read_and_not_the_raw_one(parsed: Parsed) -> None:
    assert flows(parsed, 2, 811)["1980"] == 7e6  # 30 million raw


def test_each_flow_is_there_once_though_the_file_has_it_twice(parsed: Parsed) -> None:
    assert parsed.tables["figures"].select("ccode_from", "ccode_to", "period").is_unique().all()
    assert flows(parsed, 811, 2) == {"1974": 1e6, "1975": 1e6}


def test_a_year_without_trade_is_covered_and_one_without_a_figure_is_not(parsed: Parsed) -> None:
    assert set(flows(parsed, 2, 811)) == {"1974", "1975", "1976", "1980"}
    assert spans(parsed, 2, 811) == [(1974, 1978), (1980, 1980)]
    assert spans(parsed, 811, 2) == [(1974, 1976), (1978, 1978), (1980, 1980)]
    assert spans(parsed, 817, 811) == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"ccode2": 999}, UnknownStateError),
        ({"ccode2": 2}, BadFileError),
        ({"ccode2": None}, BadFileError),
        ({"year": 1974.5}, BadFileError),
        ({"year": 9999}, BadFileError),
        ({"year": float("nan")}, BadFileError),
        ({"smoothflow1": -9}, BadFileError),
        ({"smoothflow1": float("inf")}, BadFileError),
        ({"smoothflow1": None}, BadFileError),
        ({"flow1": None}, BadFileError),
    ],
)
def test_what_does_not_fit_together_is_refused(
    change: dict[str, float | None], error: type[AmityError]
) -> None:
    assert cow_trade.parse(written(both(FLOW))).tables["figures"].height == 2
    with pytest.raises(error):
        cow_trade.parse(written(both(FLOW | change)))


def test_two_directions_of_a_pair_that_disagree_are_refused() -> None:
    one, other = both(FLOW)
    with pytest.raises(BadFileError, match="the other direction"):
        cow_trade.parse(written([one, other | {"smoothflow1": 179}]))
    with pytest.raises(BadFileError, match="the other direction"):
        cow_trade.parse(written([one]))
    with pytest.raises(BadFileError, match="stand twice"):
        cow_trade.parse(written([*both(FLOW), *both(FLOW)]))


def test_a_new_or_a_lost_column_is_refused() -> None:
    with pytest.raises(UnknownValueError, match="unknown columns: spare"):
        cow_trade.parse(written(both(FLOW), (*cow_trade.COLUMNS, "spare")))
    with pytest.raises(BadFileError, match="lacks the columns flow2"):
        cow_trade.parse(written(both(FLOW), tuple(name for name in cow_trade.COLUMNS if name != "flow2")))


def test_the_file_is_told_by_its_name_and_first_bytes() -> None:
    head = SAMPLE.read_bytes()[:4096]
    assert cow_trade.recognises(f"peacesciencer/extdata/{NAME}", head)
    assert not cow_trade.recognises("cow_mindist.rda", head)
    assert not cow_trade.recognises(NAME, b"<html>")


@pytest.mark.publisher_data
def test_the_publishers_own_file_adds_up(publisher_data: Path) -> None:
    parsed = cow_trade.parse({NAME: (publisher_data / "trade" / NAME).read_bytes()})
    rows, known = parsed.tables["figures"], parsed.tables["coverage"]
    assert (rows.height, known.height) == (558_894, 39_203)
    assert (rows["value"] >= 1e6).all()
    assert (rows["value"] % 1e6 == 0).all()
    years = (known["end"].dt.year() - known["start"].dt.year() + 1).sum()
    assert years == 1_347_308 - 50_833
    inside = rows.join(known, on=["ccode_from", "ccode_to"], suffix="_known").filter(
        pl.col("start").is_between("start_known", "end_known")
    )
    assert inside.height == rows.height


@pytest.mark.publisher_data
def test_american_goods_stop_going_to_cambodia_in_1977_and_the_record_says_none(publisher_data: Path) -> None:
    parsed = cow_trade.parse({NAME: (publisher_data / "trade" / NAME).read_bytes()})
    sold = flows(parsed, 2, 811)
    assert (sold["1974"], sold["1976"], sold["2013"], sold["2014"]) == (180e6, 1e6, 239e6, 361e6)
    assert "1977" not in sold
    assert spans(parsed, 2, 811) == [(1953, 2014)]
