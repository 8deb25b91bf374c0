"""The indices of coded events that people use, against counts by hand."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from amity import evidence, ingest
from amity.errors import UsageError
from amity.evidence.months import pair_months
from amity.measures import conflict_share, cumulative_score, political_relations, rolling_goldstein
from amity.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

STATES = (2, 710, 811)
SCHEMA = {
    "source": pl.String, "month": pl.Date, "ccode_from": pl.Int16, "ccode_to": pl.Int16, "quad": pl.Int8,
    "events": pl.Int32, "incidents": pl.Int32, "force_events": pl.Int64, "force_incidents": pl.Int64,
}  # fmt: skip
Row = tuple[Any, ...]


@st.composite
def one_row(draw: st.DrawFn) -> Row:
    a = draw(st.sampled_from(STATES))
    b = draw(st.sampled_from([state for state in STATES if state != a]))
    month = date(draw(st.sampled_from([2017, 2018])), draw(st.integers(1, 12)), 1)
    events = draw(st.integers(1, 400))
    incidents = draw(st.integers(1, min(events, 90)))
    weight = draw(st.integers(-100, 100))
    source = draw(st.sampled_from(["gdelt1", "icews"]))
    return (
        source,
        month,
        a,
        b,
        draw(st.integers(1, 4)),
        events,
        incidents,
        weight * events,
        weight * incidents,
    )


worlds = st.lists(one_row(), max_size=30)
checked = settings(max_examples=60, deadline=None, derandomize=True)


def frame(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def by_month(rows: list[Row], *, both: bool = False) -> dict[tuple[Any, ...], list[Row]]:
    found: defaultdict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        pair = tuple(sorted(row[2:4])) if both else row[2:4]
        found[(row[0], *pair, row[1])].append(row)
    return found


def values(made: pl.DataFrame, *columns: str) -> dict[tuple[Any, ...], Any]:
    first, second = ("ccode1", "ccode2") if "ccode1" in made.columns else ("ccode_from", "ccode_to")
    rows = made.select("source", first, second, "month", *columns).rows()
    return {row[:4]: row[4] if len(columns) == 1 else row[4:] for row in rows}


@checked
@given(rows=worlds)
def test_shares_of_conflict_are_those_counted_by_hand(rows: list[Row]) -> None:
    told = values(conflict_share.compute(frame(rows)), "share", "share_incidents")
    assert told == {
        key: tuple(
            pytest.approx(sum(row[at] for row in some if row[4] > 2) / sum(row[at] for row in some))
            for at in (5, 6)
        )
        for key, some in by_month(rows).items()
    }


@checked
@given(rows=worlds)
def test_the_political_relations_index_is_the_mean_weight_of_a_direction(rows: list[Row]) -> None:
    told = values(political_relations.compute(frame(rows)), "value")
    assert told == {
        key: pytest.approx(sum(row[7] for row in some) / 10 / sum(row[5] for row in some))
        for key, some in by_month(rows).items()
    }


def months_before(month: date, other: date) -> int:
    return (month.year - other.year) * 12 + month.month - other.month


@checked
@given(rows=worlds, window=st.integers(1, 14))
def test_the_running_mean_holds_the_events_of_the_last_calendar_months(rows: list[Row], window: int) -> None:
    told = values(rolling_goldstein.compute(frame(rows), window), "value")
    expected = {}
    for key in by_month(rows):
        inside = [
            row
            for row in rows
            if (row[0], *row[2:4]) == key[:3] and 0 <= months_before(key[3], row[1]) < window
        ]
        expected[key] = pytest.approx(50 + sum(row[7] for row in inside) / 2 / sum(row[5] for row in inside))
    assert told == expected


@checked
@given(rows=worlds, start=st.floats(-9, 9), scale=st.floats(0, 0.5))
def test_the_cumulative_score_is_moved_month_after_month_by_both_directions(
    rows: list[Row], start: float, scale: float
) -> None:
    told = values(cumulative_score.compute(frame(rows), start, scale), "score")
    expected: dict[tuple[Any, ...], Any] = {}
    held: dict[tuple[Any, ...], float] = {}
    for key, some in sorted(by_month(rows, both=True).items()):
        score = held.get(key[:3], start)
        influence = min(max(scale * sum(row[8] for row in some) / 10, -9), 9)
        # The published formula, written out once more.
        score += influence * (9 - score) / 9 if influence >= 0 else influence * (9 + score) / 9
        held[key[:3]] = score
        expected[key] = pytest.approx(score, abs=1e-9)
    assert told == expected


@checked
@given(rows=worlds, start=st.floats(-9, 9))
def test_turning_every_act_into_its_opposite_turns_the_score(rows: list[Row], start: float) -> None:
    turned = [(*row[:7], -row[7], -row[8]) for row in rows]
    here = cumulative_score.compute(frame(rows), start)["score"]
    there = cumulative_score.compute(frame(turned), -start)["score"]
    assert here.to_list() == pytest.approx((-there).to_list(), abs=1e-9)


@checked
@given(rows=worlds, data=st.data())
@pytest.mark.parametrize(
    "measure", [conflict_share, political_relations, rolling_goldstein, cumulative_score]
)
def test_indices_keep_their_bounds_and_ignore_the_order_of_rows(
    measure: Any, rows: list[Row], data: st.DataObject
) -> None:
    made = measure.compute(frame(rows))
    assert_frame_equal(made, measure.compute(frame(data.draw(st.permutations(rows)))))
    column = {"conflict_share": "share", "cumulative_score": "score"}.get(measure.ABOUT.name, "value")
    assert made[column].is_between(*measure.ABOUT.bounds).all()


def test_no_influence_leads_out_of_bounds_and_the_same_act_moves_a_good_relation_less() -> None:
    assert cumulative_score.step(9, 9) == 9
    assert cumulative_score.step(-9, 9) == 9
    assert cumulative_score.step(-9, -9) == -9
    assert cumulative_score.step(6, 1) - 6 < cumulative_score.step(0, 1)
    assert 6 - cumulative_score.step(6, -1) > -cumulative_score.step(0, -1)


def test_a_mean_over_no_month_is_refused() -> None:
    with pytest.raises(UsageError, match="0 months"):
        rolling_goldstein.compute(frame([]), 0)


@pytest.mark.publisher_data
def test_real_pair_months_give_every_index(publisher_data: Path, tmp_path: Path) -> None:
    held = open_store(tmp_path)
    ingest.load(held, [publisher_data / "icews" / "icews18_tkg"], partial=True)
    with evidence.open_evidence(held) as ev:
        both = [pair_months(ev, (one,), (other,), source="icews_tkg") for one, other in ((2, 710), (710, 2))]
    months = pl.concat(both)
    sums = months.select(pl.col("events", "force_events").sum())
    told = political_relations.compute(months)
    weighed = (told["value"] * told["events"]).sum()
    assert told["events"].sum() == sums["events"].item()
    assert weighed == pytest.approx(sums["force_events"].item() / 10)
    assert cumulative_score.compute(months)["score"].is_between(-9, 9).all()
