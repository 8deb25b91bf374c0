"""Many pairs as rows, and what is kept of them: the same numbers as those of one pair, and none before both were there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from amity import states
from amity.dimensions import kept_states
from amity.dimensions.estimate import LEAST_KNOWN
from amity.dimensions.pair import relation_of
from amity.dimensions.world import columns, panel_parts
from amity.errors import NoEvidenceError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from amity.evidence import Evidence

    Make = Callable[..., Evidence]

THREE = tuple(states.find(name) for name in ("KHM", "USA", "VNM"))


MORE = (1961, 1962, 1963, 1964, 1968, 1969, 1970)


def evidence_rows() -> dict[str, list[dict[str, Any]]]:
    dispute = {"start": date(1965, 1, 1), "start_precision": "year", "end": date(1966, 12, 31), "kind": "dispute",
               "began": "began", "ref": "d", "source": "gml_mid"}  # fmt: skip
    said = {
        "table": "ties",
        "kind": "dispute",
        "start": date(1946, 1, 1),
        "end": date(1975, 12, 31),
        "source": "gml_mid",
    }
    more = [
        {**dispute, "start": date(year, 1, 1), "end": date(year, 12, 31), "ref": f"d{year}"} for year in MORE
    ]
    told = [
        {**one, "ccode_from": a, "ccode_to": b} for one in (dispute, *more) for a, b in ((2, 811), (811, 2))
    ]
    return {"ties": told, "coverage": [said]}


def test_the_panel_of_states_has_its_declared_columns_and_the_numbers_of_each_pair(evidence_of: Make) -> None:
    with evidence_of(**evidence_rows()) as ev:
        rows = pl.concat(panel_parts(ev, THREE, "month"))
        alone = relation_of(ev, THREE[0], THREE[1], date(1975, 12, 1)).of("tone")
    assert rows.columns == [column.name for column in columns("month")]
    mine = rows.filter(ccode1=2, ccode2=811, year=1966, month=12).row(0, named=True)
    there = alone.filter(month=date(1966, 12, 1)).row(0, named=True)
    assert mine["tone"] == pytest.approx(there["value"], abs=0.06)
    assert mine["tone_low"] < mine["tone"] < mine["tone_high"]
    assert mine["tone"] < rows.filter(ccode1=2, ccode2=811, year=1960, month=12)["tone"][0]


def test_years_are_their_decembers(evidence_of: Make) -> None:
    with evidence_of(**evidence_rows()) as ev:
        months = pl.concat(panel_parts(ev, THREE, "month")).filter(month=12)
        years = pl.concat(panel_parts(ev, THREE, "year"))
    read = ["ccode1", "ccode2", "year", "tone", "tone_then", "engagement"]
    assert years.select(read).equals(months.select(read))
    assert years.filter(ccode1=2, ccode2=811, year=1965)["tone_seen"].to_list() == [1]


def test_a_year_is_one_row_where_more_is_known_after_the_last_that_is_asked_for(evidence_of: Make) -> None:
    with evidence_of(**evidence_rows()) as ev:
        every = pl.concat(panel_parts(ev, THREE, "year"))
        early = pl.concat(panel_parts(ev, THREE, "year", (1960, 1966)))
    keys = ["ccode1", "ccode2", "year"]
    asked = every.filter(pl.col("year").is_between(1960, 1966))
    assert early.select(keys).equals(asked.select(keys))
    assert early["tone_seen"].to_list() == asked["tone_seen"].to_list()


def test_no_row_is_of_a_year_in_which_one_state_was_not_there(evidence_of: Make) -> None:
    with evidence_of(**evidence_rows()) as ev:
        rows = pl.concat(panel_parts(ev, THREE, "year"))
    assert min(rows.filter(ccode1=2, ccode2=811)["year"]) == 1953
    assert min(rows.filter(ccode1=811, ccode2=816)["year"]) == 1954


def test_nothing_loaded_is_said(evidence_of: Make) -> None:
    with evidence_of() as ev, pytest.raises(NoEvidenceError):
        next(panel_parts(ev, THREE))


def test_only_years_in_which_evidence_took_away_half_of_the_variance_are_kept(evidence_of: Make) -> None:
    with evidence_of(**evidence_rows()) as ev:
        table = kept_states.worked_out(ev)
        tone = relation_of(ev, THREE[0], THREE[1], date(1975, 12, 1)).of("tone")
        assert kept_states.of_store(ev) is None
    assert table.schema == kept_states.SCHEMA
    assert (table["sd"] ** 2 <= kept_states.KNOWN + 1e-6).all()
    mine = table.filter(ccode1=2, ccode2=811, dimension="tone").sort("year")
    known = tone.filter(
        pl.col("month").dt.month() == 12, pl.col("sd").cast(pl.Float64) ** 2 <= kept_states.KNOWN
    )
    assert mine["year"].to_list() == known["month"].dt.year().to_list()
    assert mine["value"].to_numpy() == pytest.approx(known["state"].to_numpy(), abs=1e-4)


def test_a_value_is_missing_exactly_where_evidence_hardly_narrows_its_interval(evidence_of: Make) -> None:
    with evidence_of(**evidence_rows()) as ev:
        rows = pl.concat(panel_parts(ev, THREE, "month"))
        alone = relation_of(ev, THREE[0], THREE[1], date(1975, 12, 1))
    silent = rows.filter(ccode1=811, ccode2=816)
    assert silent.height > 0
    for end in ("", "_low", "_high", "_then"):
        assert silent[f"engagement{end}"].null_count() == silent.height
    assert silent["alignment_seen"].sum() == 0
    mine = rows.filter(ccode1=2, ccode2=811).with_columns(month=pl.date("year", "month", 1))
    assert mine["tone"].null_count() == 0
    assert 0 < mine["tone_then"].null_count() < mine.height
    then = alone.filtered.filter(pl.col("sd") < LEAST_KNOWN, dimension="tone")["month"]
    assert mine.drop_nulls("tone_then")["month"].to_list() == [m for m in then if m >= date(1953, 11, 1)]
    assert all(column.missing for column in columns("year") if column.unit == "points")


def test_a_relation_of_which_nothing_is_known_is_not_printed_as_zero(evidence_of: Make) -> None:
    with evidence_of(**evidence_rows()) as ev:
        said = str(relation_of(ev, THREE[0], THREE[2], date(1975, 12, 1))).splitlines()
    assert [line for line in said if line.startswith("engagement")] == ["engagement   not known"]


def test_years_before_estimates_begin_are_refused(evidence_of: Make) -> None:
    with evidence_of(**evidence_rows()) as ev:
        with pytest.raises(UsageError, match="1900"):
            next(panel_parts(ev, THREE, "year", (1850, 1900)))
        with pytest.raises(UsageError, match="2030 yet"):
            next(panel_parts(ev, THREE, "year", (2030, None)))
        with pytest.raises(UsageError, match="January 1900"):
            relation_of(ev, THREE[0], THREE[1], date(1900, 1, 1))
