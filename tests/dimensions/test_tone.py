"""Tone: which rows of evidence become which observations, and none that nobody speaks of."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from amity import states
from amity.dimensions import tone
from amity.dimensions.observed import OBSERVED, pairs_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from amity.evidence import Evidence

    Make = Callable[..., Evidence]

PAIR = pairs_of([(states.find("KHM"), states.find("USA"))])


def dispute(
    ref: str, first: int, last: int, source: str = "gml_mid", ccodes: tuple[int, int] = (2, 811)
) -> list[dict[str, Any]]:
    row = {"start": date(first, 1, 1), "start_precision": "year", "began": "began", "end": date(last, 12, 31),
           "kind": "dispute", "ref": ref, "source": source}  # fmt: skip
    return [{**row, "ccode_from": a, "ccode_to": b} for a, b in (ccodes, ccodes[::-1])]


def spoken(
    kind: str, first: int, last: int, source: str, ccodes: tuple[int | None, int | None] = (None, None)
) -> dict[str, Any]:
    return {"table": "ties", "kind": kind, "start": date(first, 1, 1), "end": date(last, 12, 31),
            "ccode_from": ccodes[0], "ccode_to": ccodes[1], "source": source}  # fmt: skip


def sanction(
    ref: str, sender: int, target: int, start: date, precision: str = "day", began: str = "imposed"
) -> dict[str, Any]:
    return {"start": start, "start_precision": precision, "began": began, "ccode_from": sender, "ccode_to": target,
            "kind": "sanction_imposed", "level": "asset freeze", "ref": ref, "source": "ties_sanctions"}  # fmt: skip


def relations(start: date, end: date | None, ended: str | None) -> dict[str, Any]:
    return {"start": start, "end": end, "ended": ended, "began": "established", "ccode_from": 2, "ccode_to": 811,
            "kind": "relations", "ref": str(start), "source": "us_relations"}  # fmt: skip


def told(ev: Evidence, item: str) -> dict[date, float]:
    rows = tone.observe(ev, PAIR).filter(item=item).sort("month")
    return dict(rows.select("month", "y").iter_rows())


def test_nothing_loaded_is_nothing_observed(evidence_of: Make) -> None:
    with evidence_of() as ev:
        rows = tone.observe(ev, PAIR)
    assert rows.is_empty()
    assert rows.schema == OBSERVED


def test_a_year_without_a_dispute_is_an_observation_and_one_that_goes_on_is_none(evidence_of: Make) -> None:
    ties = [*dispute("a", 1964, 1966), *dispute("b", 1966, 1966), *dispute("c", 1966, 1966)]
    with evidence_of(ties=ties, coverage=[spoken("dispute", 1960, 1970, "gml_mid")]) as ev:
        years = {month.year: y for month, y in told(ev, "dispute_onset").items()}
    assert years == {1960: 0, 1961: 0, 1962: 0, 1963: 0, 1964: 1, 1966: 2, 1967: 0, 1968: 0, 1969: 0, 1970: 0}


def test_a_dispute_told_by_two_sources_is_one_and_the_later_source_speaks_after_the_first(
    evidence_of: Make,
) -> None:
    ties = [
        *dispute("a", 1964, 1964),
        *dispute("x", 1964, 1964, "cow_mid"),
        *dispute("y", 1972, 1972, "cow_mid"),
    ]
    said = [spoken("dispute", 1963, 1970, "gml_mid"), spoken("dispute", 1960, 1973, "cow_mid")]
    with evidence_of(ties=ties, coverage=said) as ev:
        rows = tone.observe(ev, PAIR).filter(item="dispute_onset")
    assert rows["month"].n_unique() == rows.height
    assert dict(rows.filter(pl.col("y") > 0).select("source", "y").iter_rows()) == {
        "gml_mid": 1,
        "cow_mid": 1,
    }
    assert rows.filter(pl.col("month") < date(1963, 1, 1))["source"].unique().to_list() == ["cow_mid"]


def test_no_year_before_both_states_were_there_is_at_risk(evidence_of: Make) -> None:
    with evidence_of(coverage=[spoken("dispute", 1940, 1960, "gml_mid")]) as ev:
        assert min(told(ev, "dispute_onset")) == date(1953, 12, 1)


def test_a_sanction_stands_on_its_senders_side_in_its_month(evidence_of: Make) -> None:
    ties = [sanction("a", 2, 811, date(1975, 5, 16)), sanction("b", 811, 2, date(1980, 1, 1), "year")]
    with evidence_of(ties=ties, coverage=[spoken("sanction_imposed", 1970, 1990, "ties_sanctions")]) as ev:
        rows = tone.observe(ev, PAIR).filter(item="sanction_imposed")
    begun = rows.filter(pl.col("y") > 0).sort("month").select("month", "side", "y").rows()
    assert begun == [(date(1975, 5, 1), 1, 1.0), (date(1980, 12, 1), -1, 1.0)]
    assert rows.height == 2 * 21
    assert rows.filter(pl.col("y") == 0)["month"].dt.month().unique().to_list() == [12]


def test_a_sanction_that_a_union_had_imposed_already_is_nobodys_act(evidence_of: Make) -> None:
    ties = [sanction("a", 2, 811, date(1975, 5, 16), began="joined the European Union")]
    with evidence_of(ties=ties, coverage=[spoken("sanction_imposed", 1970, 1980, "ties_sanctions")]) as ev:
        assert set(told(ev, "sanction_imposed").values()) == {0.0}


def test_who_sanctions_everybody_is_expected_to_and_only_what_came_before_counts(evidence_of: Make) -> None:
    others = [code for code in (200, 210, 220, 365, 710) for _ in range(2)]
    ties = [sanction(f"s{n}", 2, code, date(1971, 1, 1)) for n, code in enumerate(others)]
    with evidence_of(ties=ties, coverage=[spoken("sanction_imposed", 1970, 1973, "ties_sanctions")]) as ev:
        rows = tone.observe(ev, PAIR).filter(item="sanction_imposed", side=1).sort("month")
    many = len(states.every())
    late = math.log((10 + tone.HABIT) / (10 / many + tone.HABIT))
    assert rows["offset"].to_list() == pytest.approx([0, 0, late, late])


def test_what_is_expected_of_a_sender_does_not_depend_on_which_pairs_are_asked_for(evidence_of: Make) -> None:
    ties = [sanction("a", 2, 200, date(1947, 1, 1)), sanction("b", 2, 811, date(1975, 1, 1))]
    with evidence_of(ties=ties, coverage=[spoken("sanction_imposed", 1946, 1980, "ties_sanctions")]) as ev:
        alone = tone.observe(ev, PAIR)
        among = tone.observe(ev, pairs_of()).join(PAIR, on=["ccode1", "ccode2"], how="semi")
    order = ["item", "side", "month"]
    assert alone.sort(order).equals(among.sort(order))


def test_relations_break_and_come_back_in_their_months_and_hold_in_other_years(evidence_of: Make) -> None:
    ties = [
        relations(date(1960, 7, 11), date(1965, 5, 3), "severed by the other side"),
        relations(date(1969, 7, 2), None, None),
    ]
    with evidence_of(ties=ties, coverage=[spoken("relations", 1960, 1972, "us_relations", (2, 811))]) as ev:
        broken, back = told(ev, "rupture"), told(ev, "restored")
    assert [month for month, y in broken.items() if y] == [date(1965, 5, 1)]
    assert [month.year for month, y in broken.items() if not y] == [
        1960,
        1961,
        1962,
        1963,
        1964,
        1969,
        1970,
        1971,
        1972,
    ]
    assert [month for month, y in back.items() if y] == [date(1969, 7, 1)]
    assert [month.year for month, y in back.items() if not y] == [1966, 1967, 1968]


def test_a_state_that_is_no_more_has_severed_nothing(evidence_of: Make) -> None:
    ties = [relations(date(1960, 7, 11), date(1965, 5, 3), "state ended")]
    with evidence_of(ties=ties, coverage=[spoken("relations", 1960, 1972, "us_relations", (2, 811))]) as ev:
        assert set(told(ev, "rupture").values()) == {0.0}
        assert told(ev, "restored") == {}


def test_acts_of_states_count_by_month_and_side_and_other_actors_do_not(evidence_of: Make) -> None:
    month = {
        "month": date(2014, 3, 1),
        "scope": "state",
        "field": "diplomacy",
        "code": "01",
        "events": 9,
        "source": "icews",
    }
    counted = [
        {**month, "ccode_from": 2, "ccode_to": 811, "quad": 1, "incidents": 5},
        {**month, "ccode_from": 2, "ccode_to": 811, "quad": 4, "incidents": 2},
        {**month, "ccode_from": 811, "ccode_to": 2, "quad": 3, "incidents": 1},
        {**month, "ccode_from": 811, "ccode_to": 2, "quad": 4, "incidents": 50, "scope": "country"},
    ]
    with evidence_of(pair_months=counted) as ev:
        rows = tone.observe(ev, PAIR).sort("side", descending=True)
    assert rows.select("item", "side", "y", "n").rows() == [
        ("hostile_share:icews", 1, 2.0, 7.0),
        ("hostile_share:icews", -1, 1.0, 1.0),
    ]
