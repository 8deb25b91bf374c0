"""The record in words: one row an event, whoever tells it, with the right side named."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

import amity
from amity import evidence, states
from amity.insight.record import RECORD, record_of
from tests.made import evidence_of

if TYPE_CHECKING:
    from pathlib import Path

KHM, USA = states.find("KHM"), states.find("USA")


def tie(kind: str, start: date, end: date | None = None, **more: Any) -> dict[str, Any]:
    row = {
        "kind": kind,
        "start": start,
        "start_precision": "day",
        "end": end,
        "end_precision": "day" if end else None,
        "began": "began",
        "ended": "ended" if end else None,
        "ccode_from": 2,
        "ccode_to": 811,
        "ref": f"{kind} {start}",
    }
    return row | more


def told(*ties: dict[str, Any]) -> list[tuple[date, str, float]]:
    with evidence_of(ties=list(ties)) as ev:
        rows = record_of(ev, KHM, USA)
    assert rows.schema == RECORD
    return rows.select("date", "what", "weight").rows()


def test_the_other_side_has_a_name() -> None:
    broken = tie(
        "relations",
        date(1950, 7, 11),
        date(1965, 5, 3),
        began="established",
        ended="severed by the other side",
    )
    assert told(broken) == [
        (date(1950, 7, 11), "relations established", 1.0),
        (date(1965, 5, 3), "relations severed by Cambodia", 1.0),
    ]


def test_a_dispute_that_two_sources_and_both_sides_tell_is_told_once() -> None:
    both = [
        tie(
            "dispute",
            date(1975, 1, 1),
            date(1975, 12, 31),
            start_precision="year",
            level="use of force",
            ccode_from=one,
            ccode_to=other,
            source=source,
            ref="dispute 356",
        )
        for one, other in ((2, 811), (811, 2))
        for source in ("cow_mid", "gml_mid")
    ]
    assert told(*both) == [(date(1975, 1, 1), "militarised dispute (use of force by both sides)", 0.7)]


def test_ends_behind_which_no_event_stands_are_not_told() -> None:
    listed = tie(
        "post",
        date(2000, 1, 1),
        date(2004, 12, 31),
        level="embassy",
        began="already listed",
        ended="listing interrupted",
    )
    sanctioned = tie(
        "sanction_imposed",
        date(1988, 8, 31),
        date(2009, 11, 5),
        level="partial embargo",
        ended="no end on record",
    )
    threatened = tie(
        "sanction_threatened", date(2002, 4, 11), date(2003, 7, 1), level="aid ended", ended="imposed"
    )
    assert told(listed, sanctioned, threatened) == [
        (
            date(1988, 8, 31),
            "sanctions imposed by United States on Cambodia (partial embargo)",
            0.8,
        ),
        (
            date(2002, 4, 11),
            "sanctions threatened by United States against Cambodia (aid ended)",
            0.25,
        ),
    ]


def test_a_first_visit_and_one_after_ten_years_weigh_more_than_the_next() -> None:
    days = [date(1958, 9, 30), date(1960, 9, 26), date(1993, 10, 11)]
    acts = [
        {
            "date": day,
            "precision": "day",
            "ccode_from": 811,
            "ccode_to": 2,
            "kind": "visit",
            "rank": "head of state",
            "who": "A guest",
            "ref": str(day),
            "force_tenths": 19,
            "count": 1,
        }
        for day in days
    ]
    with evidence_of(acts=acts) as ev:
        rows = record_of(ev, KHM, USA)
    assert rows["weight"].to_list() == [0.5, 0.15, 0.5]
    assert rows["what"][2].endswith("the first in ten years")


def test_asking_the_other_way_round_tells_the_same(tmp_path: Path) -> None:
    with evidence.open_evidence(amity.open_store(tmp_path)) as ev:
        one, other = record_of(ev, KHM, USA), record_of(ev, USA, KHM)
    assert one.equals(other)
    assert one.filter(pl.col("sort") == "relations").height == 5
    votes = one.filter(pl.col("sort") == "votes")
    assert votes.filter(pl.col("date").dt.year().is_in([1974, 1975, 1976]))["what"][0].startswith(
        "UN agreement falls"
    )
    assert one["weight"].is_between(0, 1).all()
