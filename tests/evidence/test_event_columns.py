"""Columns of coded events in the panel: of each source its own, zero where it speaks, missing where it does not."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.evidence import counted as world

from amity.evidence import Evidence, columns, panel
from amity.evidence.columns import as_undirected
from amity.evidence.event_columns import Counted, event_columns
from amity.evidence.months import event_sources, pair_months

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., Evidence]

DAYS = (date(2017, 1, 1), date(2018, 12, 31))
BOTH = Counted(("one", "own:two"))
COVERAGE = [
    {"source": "one", "table": "events", "kind": "*", "start": date(2017, 11, 1), "end": date(2017, 12, 9)},
    {"source": "one", "table": "events", "kind": "*", "start": date(2017, 12, 10), "end": date(2018, 2, 28)},
    {"source": "own:two", "table": "events", "kind": "*", "ccode_from": 2, "ccode_to": 710,
     "start": date(2017, 1, 1), "end": date(2018, 12, 31)},
]  # fmt: skip
EVENTS = world.events(4000, seed=11)


@pytest.fixture(scope="module")
def ev(evidence_of: Make) -> Evidence:
    return evidence_of(
        pair_months=world.oracle(EVENTS).rows(named=True),
        volumes=volumes(EVENTS).rows(named=True),
        coverage=COVERAGE,
    )


def volumes(events: pl.DataFrame) -> pl.DataFrame:
    """Source `one` counts articles, `own:two` does not."""
    counts = pl.when(pl.col("source") == "one").then(pl.col("events") * 3).otherwise(None)
    return world.volumes(events).with_columns(articles=counts.cast(pl.Int64))


def by_hand(a: int, b: int, source: str, month: date, scope: str) -> dict[str, Any]:
    rows = world.oracle(EVENTS).filter(ccode_from=a, ccode_to=b, source=source, month=month, scope=scope)
    volume = {
        row["ccode"]: row["events"]
        for row in volumes(EVENTS).filter(source=source, month=month).rows(named=True)
    }
    quads = dict(rows.group_by("quad").agg(pl.col("incidents").sum()).iter_rows())
    articles = None if rows["articles"].null_count() or source == "own:two" else rows["articles"].sum()
    return {
        **{f"{name}_1to2": quads.get(quad, 0) for quad, name in enumerate(("vcoop", "mcoop", "vconf", "mconf"), 1)},
        "events_1to2": rows["events"].sum(), "articles_1to2": articles,
        "force_1to2": rows["force_incidents"].sum() / 10,
        "volume1": volume.get(a, 0), "volume2": volume.get(b, 0), "volume": volume.get(None, 0),
    }  # fmt: skip


@pytest.mark.parametrize("scope", ["country", "state"])
def test_a_month_has_what_its_source_counts(ev: Evidence, scope: str) -> None:
    rows = panel(ev, [(2, 710), (811, 365)], "dyad-month", *DAYS, counted=Counted(("one", "own:two"), scope))
    for row in rows.iter_rows(named=True):
        month = date(row["year"], row["month"], 1)
        for source, prefix in (("one", "one"), ("own:two", "own_two")):
            told = {
                name.removeprefix(f"{prefix}_"): value
                for name, value in row.items()
                if name.startswith(f"{prefix}_")
            }
            known = (
                date(2017, 11, 1) <= month <= date(2018, 2, 1)
                if source == "one"
                else (row["ccode1"], row["ccode2"]) == (2, 710)
            )
            if known:
                expected = by_hand(row["ccode1"], row["ccode2"], source, month, scope)
                assert told == expected, (row["ccode1"], month, source)
            else:
                assert set(told.values()) == {None}


def test_a_year_known_in_part_is_unknown_and_a_whole_one_is_the_sum_of_its_months(ev: Evidence) -> None:
    years = panel(ev, [(2, 710)], "dyad-year", *DAYS, counted=BOTH).filter(ccode1=2)
    months = panel(ev, [(2, 710)], "dyad-month", *DAYS, counted=BOTH).filter(ccode1=2)
    assert years["one_events_1to2"].null_count() == 2
    names = [name for name in years.columns if name.startswith("own_two_") and "articles" not in name]
    assert_frame_equal(
        years.select("year", *names), months.group_by("year", maintain_order=True).agg(pl.col(names).sum())
    )


def test_undirected_sums_both_ways_and_keeps_the_volumes(ev: Evidence) -> None:
    there = panel(ev, [(2, 710)], "dyad-month", *DAYS, counted=BOTH)
    both = panel(ev, [(2, 710)], "dyad-month", *DAYS, counted=BOTH, undirected=True)
    one, other = (there.filter(ccode1=code) for code in (2, 710))
    assert both["one_events"].to_list() == (one["one_events_1to2"] + other["one_events_1to2"]).to_list()
    assert both["one_volume1"].to_list() == one["one_volume1"].to_list()
    assert both["own_two_events"].null_count() == both.height  # the other direction is not on record
    assert [column.name for column in columns("dyad-month", undirected=True, counted=BOTH)] == both.columns


def test_all_pairs_and_one_pair_agree(ev: Evidence) -> None:
    world_wide = panel(ev, None, "dyad-month", *DAYS, counted=BOTH)
    pair = panel(ev, [(2, 811)], "dyad-month", *DAYS, counted=BOTH)
    codes = pl.col("ccode1").is_in([2, 811]) & pl.col("ccode2").is_in([2, 811])
    assert world_wide.filter(codes).equals(pair)


def test_a_panel_without_columns_of_events_is_as_before(ev: Evidence) -> None:
    plain = panel(ev, [(2, 710)], "dyad-year", *DAYS)
    assert panel(ev, [(2, 710)], "dyad-year", *DAYS, counted=BOTH).select(plain.columns).equals(plain)


@pytest.mark.parametrize("scope", ["country", "state"])
def test_names_and_labels_fit_stata(scope: str) -> None:
    sources = ("gdelt1", "gdelt2_translated", "icews_tkg", "own:a-desk-with-a-rather-long-name",
               "own:a-desk-with-a-rather-long-list")  # fmt: skip
    declared = event_columns(Counted(sources, scope))
    both = [*declared, *map(as_undirected, declared)]
    assert len({column.name for column in declared}) == len(declared) == 50
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,31}", column.name) for column in both)
    assert all(0 < len(column.label) <= 80 for column in both)
    assert all(column.missing and column.unit for column in both)


def test_what_is_loaded_is_told(ev: Evidence) -> None:
    assert event_sources(ev).rows() == [
        (source, date(2017, 11, 1), date(2018, 2, 1), EVENTS.filter(source=source).height)
        for source in ("one", "own:two")
    ]


def test_pair_months_of_lines_of_states_come_in_order(ev: Evidence) -> None:
    rows = pair_months(ev, (2, 365), (710,), source="one", scope="state")
    expected = world.oracle(EVENTS).filter(
        pl.col("ccode_from").is_in([2, 365]), pl.col("source") == "one", ccode_to=710, scope="state"
    )
    keys = ["source", "month", "ccode_from", "ccode_to", "field", "quad", "code"]
    assert rows.equals(expected.sort(keys))
    assert pair_months(ev, (2,), (710,))["source"].unique().sort().to_list() == ["one", "own:two"]
