"""Rows of given states, and the days about which anything is known."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from amity import evidence
from amity.catalog import polars_schema
from amity.evidence import Evidence, known

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., Evidence]


def spoken(
    table: str, kind: str, ccode_from: int | None, ccode_to: int | None, start: date, end: date
) -> dict[str, object]:
    return {
        "table": table,
        "kind": kind,
        "ccode_from": ccode_from,
        "ccode_to": ccode_to,
        "start": start,
        "end": end,
    }


def test_acts_go_one_way(evidence_of: Make) -> None:
    there = {"date": date(1966, 9, 1), "ccode_from": 220, "ccode_to": 811, "kind": "visit"}
    back = {"date": date(1964, 6, 24), "ccode_from": 811, "ccode_to": 220, "kind": "visit"}
    with evidence_of(acts=[there, back]) as ev:
        assert evidence.acts(ev, (220,), (811,))["date"].to_list() == [date(1966, 9, 1)]
        assert evidence.acts(ev, (811,), (220,))["date"].to_list() == [date(1964, 6, 24)]


def test_germany_is_one_line_of_two_codes(evidence_of: Make) -> None:
    west = {"date": date(1953, 4, 7), "ccode_from": 260, "ccode_to": 2}
    united = {"date": date(1992, 4, 29), "ccode_from": 255, "ccode_to": 2}
    with evidence_of(acts=[united, west]) as ev:
        assert evidence.acts(ev, (255, 260), (2,))["date"].to_list() == [date(1953, 4, 7), date(1992, 4, 29)]


@pytest.mark.parametrize("table", ["acts", "ties", "figures"])
def test_rows_come_with_the_declared_types_and_their_source(evidence_of: Make, table: str) -> None:
    with evidence_of() as ev:
        frame = getattr(evidence, table)(ev, (2,), (811,))
        assert frame.schema == {**polars_schema(table), "source": pl.String()}


def test_votes_are_those_of_the_states_asked_for(evidence_of: Make) -> None:
    votes = [{"item": "1-1", "ccode": code, "vote": "yes"} for code in (2, 710, 811)]
    with evidence_of(votes=votes, items=[{"item": "1-1", "date": date(1975, 11, 10)}]) as ev:
        assert evidence.votes(ev, (811, 2))["ccode"].to_list() == [2, 811]
        assert evidence.votes(ev).height == 3
        assert evidence.items(ev)["item"].to_list() == ["1-1"]


def test_votes_by_number_are_the_votes_on_the_roll_calls_asked_for(evidence_of: Make) -> None:
    votes = [
        {"item": item, "ccode": code, "vote": vote}
        for item in ("1-1", "1-2", "1-3")
        for code, vote in ((2, "no"), (811, "absent"))
    ]
    items = [{"item": item, "date": date(1975, 11, 10)} for item in ("1-1", "1-2", "1-3")]
    with evidence_of(votes=votes, items=items) as ev:
        asked = evidence.items(ev).filter(pl.col("item") != "1-2")
        told = evidence.stances(ev, asked)
        assert evidence.stances(ev, asked.head(0)).is_empty()
        text = evidence.votes(ev).filter(pl.col("item") != "1-2").drop("source")
    assert {dtype.base_type() for dtype in told.drop("ccode").dtypes} == {pl.Enum}
    assert told.cast({"item": pl.String, "vote": pl.String}).sort("item", "ccode").equals(text)


def test_coverage_of_one_table_can_be_asked_for(evidence_of: Make) -> None:
    rows = [spoken(table, "*", None, None, date(1946, 1, 1), date(2020, 1, 1)) for table in ("acts", "ties")]
    with evidence_of(coverage=rows) as ev:
        assert evidence.coverage(ev).height == 2
        assert evidence.coverage(ev, "ties")["table"].to_list() == ["ties"]


def test_touching_spells_of_two_sources_are_one(evidence_of: Make) -> None:
    rows = [
        spoken("acts", "visit", None, 2, date(1946, 1, 1), date(1999, 12, 31)),
        spoken("acts", "*", 811, 2, date(2000, 1, 1), date(2010, 6, 30)),
        spoken("acts", "visit", 811, 2, date(2012, 1, 1), date(2012, 12, 31)),
    ]
    with evidence_of(coverage=rows) as ev:
        assert known(ev, "acts", "visit", 811, 2).rows() == [
            (date(1946, 1, 1), date(2010, 6, 30)),
            (date(2012, 1, 1), date(2012, 12, 31)),
        ]
        assert known(ev, "acts", "visit", 2, 811).is_empty()


def test_relations_are_known_both_ways_and_envoys_one_way(evidence_of: Make) -> None:
    rows = [
        spoken("ties", kind, 2, 811, date(1950, 1, 1), date(2020, 12, 31)) for kind in ("relations", "envoy")
    ]
    with evidence_of(coverage=rows) as ev:
        assert known(ev, "ties", "relations", 811, 2).height == 1
        assert known(ev, "ties", "envoy", 2, 811).height == 1
        assert known(ev, "ties", "envoy", 811, 2).is_empty()
