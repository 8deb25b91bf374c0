"""Many pairs as rows, and what is kept of them: the same numbers as those of one pair, and none before both were there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from amity import states
from amity.dimensions import kept_states
from amity.dimensions.pair import relation_of
from amity.dimensions.world import columns, panel_parts
from amity.errors import NoEvidenceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from amity.evidence import Evidence

    Make = Callable[..., Evidence]

THREE = tuple(states.find(name) for name in ("KHM", "USA", "VNM"))


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
    return {"ties": [{**dispute, "ccode_from": 2, "ccode_to": 811}, {**dispute, "ccode_from": 811, "ccode_to": 2}], "coverage": [said]}  # fmt: skip


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
