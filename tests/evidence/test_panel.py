"""The panel as its users know it: keys, zero and unknown, both directions in one, whole periods."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from amity.errors import NoEvidenceError, UsageError
from amity.evidence import Evidence, columns, dyads, panel, panel_parts
from amity.evidence.columns import FACTS, KEYS, as_undirected, dtype

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., Evidence]

DAYS = (date(1946, 1, 1), date(2020, 12, 31))
COVERAGE = [
    {"table": "acts", "kind": "visit", "ccode_from": None, "ccode_to": 2, "start": DAYS[0], "end": DAYS[1]},
    {"table": "acts", "kind": "visit", "ccode_from": 2, "ccode_to": None, "start": DAYS[0], "end": DAYS[1]},
    {"table": "ties", "kind": "*", "ccode_from": 2, "ccode_to": 811, "start": DAYS[0], "end": DAYS[1]},
    {
        "table": "figures",
        "kind": "aid_obligated",
        "ccode_from": 2,
        "start": date(1945, 7, 1),
        "end": date(2020, 9, 30),
    },
]


def visit(
    day: date, ccode_from: int, ccode_to: int, rank: str = "head of state", precision: str = "day"
) -> dict[str, Any]:
    return {"date": day, "precision": precision, "ccode_from": ccode_from, "ccode_to": ccode_to, "kind": "visit",
            "rank": rank, "force_tenths": 19, "count": 1}  # fmt: skip


def tie(kind: str, start: date, end: date | None, level: str | None = None) -> dict[str, Any]:
    return {"kind": kind, "ccode_from": 2, "ccode_to": 811, "start": start, "end": end, "level": level,
            "start_precision": "day", "end_precision": None if end is None else "day"}  # fmt: skip


def aid(start: date, end: date, value: float) -> dict[str, Any]:
    return {
        "kind": "aid_obligated",
        "ccode_from": 2,
        "ccode_to": 811,
        "start": start,
        "end": end,
        "value": value,
    }


def value(frame: pl.DataFrame, ccode1: int, year: int, column: str) -> Any:
    return frame.filter((pl.col("ccode1") == ccode1) & (pl.col("year") == year))[column].item()


def test_a_year_without_a_visit_is_zero_and_a_year_off_the_record_is_unknown(evidence_of: Make) -> None:
    with evidence_of(coverage=COVERAGE, acts=[visit(date(2012, 11, 19), 2, 811)]) as ev:
        rows = panel(ev, [(2, 811)], end=date(2021, 12, 31))
    assert [value(rows, 2, year, "visits_1to2") for year in (2011, 2012, 2021)] == [0, 1, None]
    assert value(rows, 811, 2012, "visits_1to2") == 0


def test_a_year_known_in_part_has_no_count(evidence_of: Make) -> None:
    short = [{**row, "end": date(2020, 6, 30)} for row in COVERAGE]
    with evidence_of(coverage=short, acts=[visit(date(2020, 2, 1), 2, 811)]) as ev:
        assert value(panel(ev, [(2, 811)]), 2, 2020, "visits_1to2") is None
        months = panel(ev, [(2, 811)], "dyad-month").filter(
            (pl.col("ccode1") == 2) & (pl.col("year") == 2020)
        )
    assert months["visits_1to2"].to_list() == [0, 1, 0, 0, 0, 0]


def test_nobody_records_visits_between_two_third_states(evidence_of: Make) -> None:
    with evidence_of(coverage=COVERAGE) as ev:
        assert panel(ev, [(811, 710)])["visits_1to2"].null_count() == panel(ev, [(811, 710)]).height


def test_a_visit_known_to_the_year_is_in_its_year_and_in_no_month(evidence_of: Make) -> None:
    acts = [visit(date(1958, 1, 1), 811, 2, precision="year")]
    with evidence_of(coverage=COVERAGE, acts=acts) as ev:
        assert value(panel(ev, [(2, 811)]), 811, 1958, "visits_1to2") == 1
        months = panel(ev, [(2, 811)], "dyad-month").filter(pl.col("ccode1") == 811)
    assert months.filter(pl.col("year") == 1958)["visits_1to2"].null_count() == 12
    assert months.filter(pl.col("year") == 1959)["visits_1to2"].sum() == 0


def test_relations_hold_both_ways_and_an_embassy_one_way(evidence_of: Make) -> None:
    ties = [
        tie("relations", date(1950, 7, 11), date(1965, 5, 3)),
        tie("post", date(1952, 6, 25), date(1965, 5, 3), "embassy"),
    ]
    with evidence_of(coverage=COVERAGE, ties=ties) as ev:
        rows = panel(ev, [(2, 811)])
    assert [value(rows, code, year, "relations") for code in (2, 811) for year in (1964, 1965)] == [
        1,
        0,
        1,
        0,
    ]
    assert [value(rows, 2, year, "post_level_1to2") for year in (1964, 1965)] == ["embassy", "none"]
    assert value(rows, 811, 1964, "post_level_1to2") is None


def test_the_higher_of_two_posts_is_the_level(evidence_of: Make) -> None:
    ties = [tie("post", date(1950, 1, 1), None, "consulate"), tie("post", date(1950, 1, 1), None, "legation")]
    with evidence_of(coverage=COVERAGE, ties=ties) as ev:
        assert value(panel(ev, [(2, 811)]), 2, 1960, "post_level_1to2") == "legation"


def test_two_envoys_who_overlap_count_once(evidence_of: Make) -> None:
    ties = [
        tie("envoy", date(1960, 1, 1), date(1960, 3, 31), "minister"),
        tie("envoy", date(1960, 3, 1), date(1960, 6, 30), "ambassador"),
    ]
    with evidence_of(coverage=COVERAGE, ties=ties) as ev:
        rows = panel(ev, [(2, 811)])
    assert value(rows, 2, 1960, "envoy_share_1to2") == pytest.approx(182 / 366)
    assert value(rows, 2, 1960, "envoy_level_1to2") == "none"


def test_a_fiscal_year_falls_on_the_days_after_independence(evidence_of: Make) -> None:
    with evidence_of(coverage=COVERAGE, figures=[aid(date(1953, 7, 1), date(1954, 6, 30), 234.0)]) as ev:
        rows = panel(ev, [(2, 811)])
    assert value(rows, 2, 1953, "aid_obligated_1to2") == pytest.approx(53.0)
    assert value(rows, 2, 1954, "aid_obligated_1to2") == pytest.approx(181.0)
    assert value(rows, 2, 2020, "aid_obligated_1to2") is None


@settings(max_examples=15, deadline=None, derandomize=True)
@given(amounts=st.lists(st.tuples(st.integers(1946, 2018), st.floats(-1e9, 1e9)), max_size=8))
def test_spreading_fiscal_years_over_calendar_ones_loses_and_adds_nothing(
    evidence_of: Make, amounts: list[tuple[int, float]]
) -> None:
    figures = [aid(date(year, 10, 1), date(year + 1, 9, 30), amount) for year, amount in amounts]
    kept = sum(amount for year, amount in amounts if year >= 1953)
    with evidence_of(coverage=COVERAGE, figures=figures) as ev:
        for grain in ("dyad-year", "dyad-month"):
            total = panel(ev, [(2, 811)], grain)["aid_obligated_1to2"].sum()
            assert total == pytest.approx(kept, rel=1e-9, abs=1e-3)


def test_months_add_up_to_their_year(evidence_of: Make) -> None:
    acts = [visit(date(2012, 11, 19), 2, 811), visit(date(2012, 7, 11), 2, 811, "foreign minister")]
    figures = [aid(date(2012, 1, 1), date(2012, 12, 31), 366.0)]
    with evidence_of(coverage=COVERAGE, acts=acts, figures=figures) as ev:
        years, months = panel(ev, [(2, 811)]), panel(ev, [(2, 811)], "dyad-month")
    for column in ("days", "visits_1to2", "visits_fm_1to2", "aid_obligated_1to2"):
        summed = months.filter((pl.col("ccode1") == 2) & (pl.col("year") == 2012))[column].sum()
        assert summed == pytest.approx(value(years, 2, 2012, column))


def test_united_germany_and_the_gdr_share_1990_and_no_day_of_it(evidence_of: Make) -> None:
    with evidence_of(coverage=COVERAGE) as ev:
        assert panel(ev, [(2, 265)])["year"].max() == 1990
        with pytest.raises(NoEvidenceError, match="never in the state system on the same day"):
            panel(ev, [(255, 265)], start=date(1985, 1, 1), end=date(1995, 1, 1))


def test_an_undirected_panel_says_how_both_directions_became_one(evidence_of: Make) -> None:
    acts = [visit(date(2012, 11, 19), 2, 811), visit(date(2012, 6, 1), 811, 2, "foreign minister")]
    ties = [tie("recognition", date(1950, 2, 7), None), tie("post", date(1952, 6, 25), None, "embassy")]
    with evidence_of(
        coverage=COVERAGE, acts=acts, ties=ties, figures=[aid(date(2012, 1, 1), date(2012, 12, 31), 9.0)]
    ) as ev:
        row = panel(ev, [(811, 2)], start=date(2012, 1, 1), end=date(2012, 1, 1), undirected=True).row(
            0, named=True
        )
    assert (row["ccode1"], row["ccode2"], row["iso3c1"], row["iso3c2"]) == (2, 811, "USA", "KHM")
    assert (row["visits"], row["visits_hos"], row["visits_fm"]) == (2, 1, 1)
    assert (row["recognition"], row["post_level"], row["aid_obligated"]) == (1, "embassy", 9.0)
    assert row["aid_disbursed"] is None


@pytest.mark.parametrize("undirected", [False, True])
def test_the_world_in_small_blocks_is_the_world_at_once(
    evidence_of: Make, monkeypatch: pytest.MonkeyPatch, undirected: bool
) -> None:
    days = (date(1989, 1, 1), date(1991, 12, 31))
    with evidence_of(coverage=COVERAGE, acts=[visit(date(1990, 5, 1), 811, 2)]) as ev:
        at_once = panel(ev, None, "dyad-year", *days, undirected=undirected)
        monkeypatch.setattr(dyads, "ROWS_AT_A_TIME", 30_000)
        parts = list(panel_parts(ev, None, "dyad-year", *days, undirected=undirected))
    assert len(parts) > 1
    assert_frame_equal(pl.concat(parts), at_once)
    assert_frame_equal(at_once, at_once.sort("ccode1", "ccode2", "year"))
    assert at_once.select("ccode1", "ccode2", "year").is_unique().all()


def test_a_panel_that_ends_before_it_begins_is_refused(evidence_of: Make) -> None:
    with evidence_of(coverage=COVERAGE) as ev, pytest.raises(UsageError, match="before it begins"):
        panel(ev, [(2, 811)], start=date(2000, 1, 1), end=date(1999, 1, 1))


def test_an_empty_store_says_what_to_do(evidence_of: Make) -> None:
    with evidence_of() as ev, pytest.raises(NoEvidenceError, match="amity pull"):
        panel(ev, [(2, 811)])


@pytest.mark.parametrize("undirected", [False, True])
@pytest.mark.parametrize("grain", ["dyad-year", "dyad-month"])
def test_every_column_is_declared_with_its_type(
    evidence_of: Make, grain: dyads.Grain, undirected: bool
) -> None:
    with evidence_of(coverage=COVERAGE) as ev:
        rows = panel(ev, [(2, 811)], grain, undirected=undirected)
    declared = columns(grain, undirected=undirected)
    assert rows.schema == {column.name: dtype(column) for column in declared}


def test_labels_and_names_fit_stata() -> None:
    for column in (*KEYS, *FACTS):
        for shown in (column, as_undirected(column)):
            assert 0 < len(shown.label) <= 80, shown
            assert len(shown.name) <= 32, shown


def test_a_column_with_a_direction_says_how_it_is_undirected() -> None:
    for column in FACTS:
        directed = column.name.endswith("_1to2")
        assert directed == (column.rule not in ("key", "same"))
        assert directed == bool(column.label_undirected)
