"""Cadence of visits: counts, rates with exact intervals, months since the last, standing among peers."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from math import exp, factorial
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from amity.catalog import SCHEMAS, polars_schema
from amity.evidence import Evidence
from amity.evidence.arrow import put
from amity.measures import cadence

WINDOW = (date(2000, 1, 1), date(2009, 12, 31))
RANKS = ["head of state", "head of government", "foreign minister", "other leader"]
VISITS = {
    "peer": pl.Int16,
    "to_peer": pl.Boolean,
    "date": pl.Date,
    "rank": pl.String,
    "count": pl.Int32,
    "ref": pl.String,
}
KNOWN = {"peer": pl.Int16, "start": pl.Date, "end": pl.Date}

days = st.dates(date(1998, 1, 1), date(2011, 12, 31))
visit_rows = st.lists(
    st.tuples(
        st.sampled_from([811, 816]),
        st.booleans(),
        days,
        st.sampled_from(RANKS),
        st.integers(1, 2),
        st.just(""),
    ),
    max_size=15,
)
one_span = st.tuples(days, days).map(lambda pair: (min(pair), max(pair)))


def visits_of(rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=VISITS, orient="row")


def known_of(spans: dict[int, tuple[date, date]]) -> pl.DataFrame:
    return pl.DataFrame([(peer, *span) for peer, span in spans.items()], schema=KNOWN, orient="row")


def months_by_hand(earlier: date, later: date) -> int:
    """The most months that can be added to a date without passing another."""
    months = 0
    while (later.year, later.month, later.day) >= (
        earlier.year + (earlier.month + months) // 12,
        (earlier.month + months) % 12 + 1,
        earlier.day,
    ):
        months += 1
    return months


@settings(max_examples=40, deadline=None, derandomize=True)
@given(rows=visit_rows, spans=st.fixed_dictionaries({811: one_span, 816: one_span}))
def test_counts_and_exposure_equal_a_count_day_by_day(
    rows: list[tuple[Any, ...]], spans: dict[int, tuple[date, date]]
) -> None:
    rows = [row for row in rows if spans[row[0]][0] <= row[2] <= spans[row[0]][1]]
    table = cadence.compute(visits_of(rows), known_of(spans), [WINDOW])
    window = {WINDOW[0] + timedelta(days=n) for n in range((WINDOW[1] - WINDOW[0]).days + 1)}
    for row in table.iter_rows(named=True):
        start, end = spans[row["peer"]]
        exposed = [day for day in window if start <= day <= end]
        met = [r for r in rows if r[0] == row["peer"] and r[2] in window and r[3] in cadence.TOP]
        assert row["days"] == len(exposed)
        if not exposed:
            assert row["visits"] is row["per_decade"] is row["low"] is row["high"] is None
            continue
        assert row["visits"] == sum(r[4] for r in met)
        assert row["to_peer"] == sum(r[4] for r in met if r[1])
        assert row["per_decade"] == pytest.approx(row["visits"] / len(exposed) * 3652.425)
        assert row["low"] <= row["per_decade"] <= row["high"]
        last = max((r[2] for r in met), default=None)
        assert row["months_since"] == (None if last is None else months_by_hand(last, max(exposed)))


@given(rows=visit_rows, data=st.data())
@settings(max_examples=25, deadline=None, derandomize=True)
def test_the_order_of_rows_changes_nothing(rows: list[tuple[Any, ...]], data: st.DataObject) -> None:
    known = known_of({811: WINDOW, 816: WINDOW})
    shuffled = data.draw(st.permutations(rows))
    assert_frame_equal(
        cadence.compute(visits_of(rows), known, [WINDOW]),
        cadence.compute(visits_of(shuffled), known, [WINDOW]),
    )


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # Garwood (1936), Fiducial limits for the Poisson distribution, Biometrika 28, the 90% limits of his table.
    [
        (0, 0.0, 2.996),
        (1, 0.0513, 4.744),
        (2, 0.355, 6.296),
        (5, 1.970, 10.513),
        (10, 5.425, 16.962),
        (30, 21.594, 40.691),
    ],
)
def test_the_interval_is_the_published_one(count: int, low: float, high: float) -> None:
    assert cadence.poisson_interval(count) == (pytest.approx(low, abs=6e-4), pytest.approx(high, abs=6e-4))


@pytest.mark.parametrize("count", [1, 3, 17, 60])
def test_each_end_of_the_interval_leaves_five_per_cent(count: int) -> None:
    low, high = cadence.poisson_interval(count)
    assert low is not None
    assert high is not None

    def at_most(n: int, mean: float) -> float:
        return exp(-mean) * sum(mean**k / factorial(k) for k in range(n + 1))

    assert 1 - at_most(count - 1, low) == pytest.approx(0.05)
    assert at_most(count, high) == pytest.approx(0.05)


def test_an_interval_for_very_many_visits_does_not_overflow() -> None:
    low, high = cadence.poisson_interval(2000)
    assert low is not None
    assert high is not None
    assert 1900 < low < 2000 < high < 2100


def test_ranks_that_are_not_asked_for_are_not_counted() -> None:
    visits = visits_of([(811, True, date(2003, 6, 18), "foreign minister", 1, "a")])
    known = known_of({811: WINDOW})
    assert cadence.compute(visits, known, [WINDOW])["visits"].item() == 0
    assert cadence.compute(visits, known, [WINDOW], ranks=["foreign minister"])["visits"].item() == 1
    assert cadence.by_rank(visits).select("rank", "visits").row(0) == ("foreign minister", 1)


def test_months_since_the_last_visit_are_unknown_before_the_first_on_record() -> None:
    visits = visits_of([(811, True, date(2000, 3, 31), "head of state", 1, "a")])
    known = known_of({811: (date(2000, 1, 15), date(2000, 6, 29))})
    rows = cadence.since_last(visits, known, 811)
    assert rows["date"].to_list() == [
        date(2000, month, day) for month, day in [(1, 31), (2, 29), (3, 31), (4, 30), (5, 31)]
    ]
    assert rows["months"].to_list() == [None, None, 0, 0, 2]


def test_standing_leaves_the_pair_itself_out_of_the_quartiles() -> None:
    rows = pl.DataFrame({"peer": [1, 2, 3, 4, 5], "per_decade": [1.0, 2.0, 3.0, 10.0, None]})
    assert cadence.standing(rows, 4) == cadence.Standing(rank=1, of=4, median=2.0, q1=1.5, q3=2.5)
    assert cadence.standing(rows, 1).rank == 4
    assert cadence.standing(rows, 5).rank is None


def test_pairs_that_meet_equally_often_share_the_better_rank() -> None:
    rows = pl.DataFrame({"peer": [1, 2, 3], "per_decade": [5.0, 5.0, 1.0]})
    assert [cadence.standing(rows, peer).rank for peer in (1, 2, 3)] == [1, 1, 3]


def test_decades_meet_and_do_not_overlap() -> None:
    spans = cadence.decades(date(1946, 5, 1), date(2026, 2, 28))
    assert spans[0] == (date(1946, 5, 1), date(1949, 12, 31))
    assert spans[-1] == (date(2020, 1, 1), date(2026, 2, 28))
    assert all(later[0] - earlier[1] == timedelta(days=1) for earlier, later in pairwise(spans))


def evidence_with(tables: dict[str, list[dict[str, Any]]]) -> Evidence:
    connection = duckdb.connect()
    for name in SCHEMAS:
        schema = {**polars_schema(name), "source": pl.String()}
        put(
            connection,
            f"{name}_rows",
            pl.DataFrame([{"source": "t", **row} for row in tables.get(name, [])], schema=schema),
        )
        connection.execute(f'CREATE TABLE "{name}" AS FROM "{name}_rows"')
    return Evidence(connection)


def test_gathering_keeps_the_days_on_which_both_directions_are_on_record_and_both_states_exist() -> None:
    def act(day: date, ccode_from: int, ccode_to: int) -> dict[str, Any]:
        return {
            "date": day,
            "ccode_from": ccode_from,
            "ccode_to": ccode_to,
            "kind": "visit",
            "rank": RANKS[0],
            "count": 1,
        }

    coverage = [
        {"table": "acts", "kind": "visit", "ccode_to": 2, "start": date(1874, 1, 1), "end": date(2026, 2, 1)},
        {
            "table": "acts",
            "kind": "visit",
            "ccode_from": 2,
            "start": date(1905, 1, 1),
            "end": date(2025, 1, 19),
        },
    ]
    acts = [act(date(1953, 3, 5), 811, 2), act(date(2012, 11, 19), 2, 811), act(date(2022, 5, 12), 811, 2)]
    with evidence_with({"coverage": coverage, "acts": acts}) as ev:
        visits, known = cadence.gather(ev, (2,), {811: (811,), 255: (255, 260)})
    assert known.filter(pl.col("peer") == 811).rows() == [(811, date(1953, 11, 9), date(2025, 1, 19))]
    assert known.filter((pl.col("peer") == 255) & (pl.col("end") > date(1946, 1, 1))).height == 2
    assert visits.select("date", "to_peer").rows() == [(date(2012, 11, 19), True), (date(2022, 5, 12), False)]


def test_third_states_visits_to_each_other_are_unknown() -> None:
    coverage = [
        {"table": "acts", "kind": "visit", "ccode_to": 2, "start": date(1874, 1, 1), "end": date(2026, 2, 1)}
    ]
    with evidence_with({"coverage": coverage}) as ev:
        visits, known = cadence.gather(ev, (811,), {710: (710,), 816: (816,)})
    assert known.is_empty()
    assert cadence.compute(visits, known, [WINDOW]).is_empty()


def test_a_record_of_one_peer_does_not_make_that_peer_look_closer() -> None:
    days = {"start": date(2000, 1, 1), "end": date(2019, 12, 31)}
    spoken = [
        {"table": "acts", "kind": "visit", "ccode_to": 2, "source": "us_visits", **days},
        {"table": "acts", "kind": "visit", "ccode_from": 2, "source": "us_travels", **days},
        {"table": "acts", "kind": "visit", "ccode_from": 710, "source": "china_engagements", **days},
    ]
    told = [
        {"date": date(2005, 9, 13), "source": "us_visits"},
        {"date": date(2010, 9, 22), "source": "china_engagements"},
        {"date": date(2012, 5, 1), "source": "own:desk"},
    ]
    common = {
        "precision": "day",
        "ccode_from": 710,
        "ccode_to": 2,
        "kind": "visit",
        "rank": "head of state",
        "count": 1,
    }
    acts = [{**common, **one, "ref": str(one["date"])} for one in told]
    with evidence_with({"coverage": spoken, "acts": acts}) as ev:
        visits, _ = cadence.gather(ev, (2,), {710: (710,), 740: (740,)})
    assert visits["source"].to_list() == ["us_visits", "own:desk"]


def test_a_visit_of_a_year_leaves_no_more_months_behind_than_are_sure() -> None:
    days = {"start": date(2000, 1, 1), "end": date(2019, 6, 30)}
    spoken = [
        {"table": "acts", "kind": "visit", "ccode_to": 2, **days},
        {"table": "acts", "kind": "visit", "ccode_from": 2, **days},
    ]
    act = {
        "ccode_from": 710,
        "ccode_to": 2,
        "kind": "visit",
        "rank": RANKS[0],
        "count": 1,
        "precision": "year",
    }
    for year, months in ((2017, 17), (2019, 0)):
        with evidence_with({"coverage": spoken, "acts": [{**act, "date": date(year, 1, 1)}]}) as ev:
            visits, known = cadence.gather(ev, (2,), {710: (710,)})
        (row,) = cadence.compute(visits, known, [(date(2000, 1, 1), date(2019, 12, 31))]).rows(named=True)
        assert (row["visits"], row["months_since"]) == (1, months)
