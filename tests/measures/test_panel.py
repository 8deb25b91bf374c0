"""The panel with votes: the same value both ways, in the period of the roll call, zero or unknown apart."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest

from amity import states
from amity.catalog import SCHEMAS, polars_schema
from amity.errors import UsageError
from amity.evidence import Evidence
from amity.evidence.arrow import put
from amity.evidence.columns import as_undirected, dtype
from amity.measures import panel

if TYPE_CHECKING:
    from collections.abc import Iterator

DAYS = (date(1974, 1, 1), date(1978, 12, 31))
ROLL_CALLS = {
    "a": (date(1975, 11, 10), "day", {2: "yes", 811: "no", 710: "yes"}),
    "b": (date(1975, 12, 8), "day", {2: "no", 811: "no", 710: "absent"}),
    "c": (date(1975, 12, 9), "day", {2: "abstain", 811: "no", 710: "no"}),
    "d": (date(1976, 1, 1), "year", {2: "yes", 811: "yes"}),
    "e": (None, None, {2: "yes", 811: "yes"}),
}


@pytest.fixture(scope="module")
def ev() -> Iterator[Evidence]:
    """Five roll calls; votes are on record from 1975 to November 1977."""
    tables: dict[str, list[dict[str, Any]]] = {
        "items": [
            {"item": item, "date": day, "precision": precision, "part": "whole", "source": "unga_votes"}
            for item, (day, precision, _) in ROLL_CALLS.items()
        ],
        "votes": [
            {"item": item, "ccode": ccode, "vote": vote, "source": "unga_votes"}
            for item, (_, _, cast) in ROLL_CALLS.items()
            for ccode, vote in cast.items()
        ],
        "coverage": [{"table": "votes", "kind": "*", "start": date(1975, 1, 1), "end": date(1977, 11, 15)}],
    }
    connection = duckdb.connect()
    for name in SCHEMAS:
        schema = {**polars_schema(name), "source": pl.String()}
        put(connection, f"{name}_rows", pl.DataFrame(tables.get(name, []), schema=schema))
        connection.execute(f'CREATE TABLE "{name}" AS FROM "{name}_rows"')
    with Evidence(connection) as opened:
        yield opened


def years(ev: Evidence, ccode1: int, ccode2: int) -> dict[int, tuple[int | None, float | None]]:
    rows = panel.panel(ev, [(ccode1, ccode2)], "dyad-year", DAYS).filter(pl.col("ccode1") == ccode1)
    return {
        year: (n, value) for year, n, value in rows.select("year", "vote_n", "vote_agreement").iter_rows()
    }


def test_agreement_is_that_of_the_calendar_years_roll_calls_and_the_same_both_ways(ev: Evidence) -> None:
    assert years(ev, 2, 811)[1975] == (3, pytest.approx((0 + 1 + 0.5) / 3))
    assert years(ev, 811, 2) == years(ev, 2, 811)


def test_a_year_without_a_shared_roll_call_is_zero_and_a_year_half_on_record_is_unknown(ev: Evidence) -> None:
    assert years(ev, 710, 811)[1976] == (0, None)
    assert years(ev, 710, 811)[1977] == (None, None)
    assert years(ev, 710, 811)[1974] == (None, None)


def test_a_roll_call_stands_in_its_month_and_one_known_to_the_year_in_none(ev: Evidence) -> None:
    rows = panel.panel(ev, [(2, 811)], "dyad-month", DAYS, undirected=True)
    told = {(year, month): n for year, month, n in rows.select("year", "month", "vote_n").iter_rows()}
    assert [told[1975, month] for month in (10, 11, 12)] == [0, 1, 2]
    assert sum(told[1976, month] for month in range(1, 13)) == 0
    assert [told[1977, month] for month in (10, 11)] == [0, None]
    assert years(ev, 2, 811)[1976] == (1, 1.0)


def test_all_pairs_and_one_pair_agree(ev: Evidence) -> None:
    world = panel.panel(ev, None, "dyad-year", DAYS)
    pair = panel.panel(ev, [(2, 811)], "dyad-year", DAYS)
    codes = pl.col("ccode1").is_in([2, 811]) & pl.col("ccode2").is_in([2, 811])
    assert world.filter(codes).equals(pair)


def test_every_column_is_declared_once_with_a_label_that_fits_stata(ev: Evidence) -> None:
    for undirected in (False, True):
        declared = panel.columns("dyad-month", undirected=undirected)
        rows = panel.panel(ev, [(2, 811)], "dyad-month", DAYS, undirected=undirected)
        assert rows.schema == {column.name: dtype(column) for column in declared}
        assert len({column.name for column in declared}) == len(declared)
        assert all(0 < len(column.label) <= 80 for column in declared)
    assert all(as_undirected(column) == column for column in panel.VOTES)


def test_columns_that_are_not_asked_for_are_left_out(ev: Evidence) -> None:
    rows = panel.panel(ev, [(2, 811)], "dyad-year", DAYS, only=["relations"])
    assert rows.columns == ["ccode1", "ccode2", "iso3c1", "iso3c2", "year", "days", "relations"]


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(UsageError, match="friendship"):
        panel.columns("dyad-year", only=["friendship"])


def test_a_state_is_paired_with_its_whole_line_of_codes() -> None:
    pairs = panel.pairs_among([states.find("DEU"), states.find("USA")])
    assert pairs is not None
    assert {(255, 2), (260, 2), (2, 255), (2, 260)} <= set(pairs)


def test_one_state_is_paired_with_every_other_that_ever_was() -> None:
    pairs = panel.pairs_among([states.find("KHM")])
    assert pairs is not None
    assert {811} == {one for one, _ in pairs}
    assert {2, 817, 265, 315} <= {other for _, other in pairs}
    assert 811 not in {other for _, other in pairs}


def test_no_state_means_the_world_and_the_same_one_twice_is_refused() -> None:
    assert panel.pairs_among([]) is None
    with pytest.raises(UsageError, match="named twice"):
        panel.pairs_among([states.find("KHM"), states.find("Kampuchea")])
