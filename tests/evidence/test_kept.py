"""What is summed over the world is summed once, and anew as soon as other figures are loaded."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from amity import store
from amity.catalog import polars_schema
from amity.evidence import open_evidence
from amity.evidence.dyad_years import given, got

if TYPE_CHECKING:
    from pathlib import Path

    from amity.store import Store

KIND = "arms_transfers"


def load(held: Store, rows: list[tuple[int, int, int, float]], source: str = "sipri_tiv") -> None:
    """Load figures, each from one state to another in a year."""
    told = [
        {"kind": KIND, "ccode_from": a, "ccode_to": b, "start": date(year, 1, 1), "end": date(year, 12, 31),
         "value": value}
        for a, b, year, value in rows
    ]  # fmt: skip
    store.replace(held, source, {}, {"figures": pl.DataFrame(told, schema=polars_schema("figures"))}, [])


def sums(held: Store) -> tuple[set[tuple[int, int, float]], set[tuple[int, int, float]]]:
    """What each state gave, and what each got, by year."""
    with open_evidence(held) as ev:
        gave, came = (set(way(ev, [KIND]).select("ccode", "year", "value").rows()) for way in (given, got))
    return gave, came


def tables(held: Store) -> list[Path]:
    return [*held.root.glob("computed/yearly_totals-*")]


@pytest.fixture
def held(tmp_path: Path) -> Store:
    made = store.open_store(tmp_path)
    load(made, [(2, 811, 1970, 3.0), (2, 816, 1970, 4.0), (365, 816, 1970, 9.0), (2, 811, 1971, -1.0)])
    return made


def test_what_all_gave_and_got_is_summed_by_year_and_money_taken_back_is_none(held: Store) -> None:
    gave = {(2, 1970, 7.0), (2, 1971, 0.0), (365, 1970, 9.0)}
    came = {(811, 1970, 3.0), (811, 1971, 0.0), (816, 1970, 13.0)}
    assert sums(held) == (gave, came)
    assert len(tables(held)) == 1
    assert sums(held) == (gave, came)


def test_sums_of_other_figures_are_not_read(held: Store) -> None:
    sums(held)
    load(held, [(2, 811, 1970, 5.0)])
    assert sums(held) == ({(2, 1970, 5.0)}, {(811, 1970, 5.0)})
    assert len(tables(held)) == 1


def test_sums_made_while_figures_are_loaded_are_those_of_before_and_stay_so(held: Store) -> None:
    with open_evidence(held) as ev:
        load(held, [(2, 811, 1970, 5.0)])
        assert given(ev, [KIND])["value"].sum() == 16.0
    assert sums(held)[0] == {(2, 1970, 5.0)}


@pytest.mark.usefixtures("nothing_is_kept")
def test_a_store_that_may_not_be_written_is_summed_all_the_same(held: Store) -> None:
    assert len(sums(held)[0]) == 3
    assert tables(held) == []


def test_a_question_where_nothing_was_loaded_leaves_nothing_behind(tmp_path: Path) -> None:
    assert sums(store.open_store(tmp_path)) == (set(), set())
    assert list(tmp_path.iterdir()) == []
