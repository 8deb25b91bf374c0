"""The panel and the measures on the publishers' real files, against what is known to have happened."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from amity import evidence, sources, states
from amity.evidence import Evidence, open_evidence, panel
from amity.measures import aid_flow, cadence, representation
from amity.store import open_store, replace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.publisher_data

FOLDERS = {
    "us_visits": "state_dept/visits",
    "us_travels": "state_dept/travels",
    "us_relations": "state_dept/rdcr",
    "us_missions": "state_dept/missions",
    "us_aid": "aid",
}


@pytest.fixture(scope="module")
def ev(publisher_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    """The State Department's record and US aid, loaded."""
    store = open_store(tmp_path_factory.mktemp("store"))
    for name, folder in FOLDERS.items():
        source = sources.load(name)
        read = {
            path.relative_to(publisher_data).as_posix(): path.read_bytes()
            for path in sorted((publisher_data / folder).rglob("*"))
            if path.is_file()
        }
        files = {path: data for path, data in read.items() if source.recognises(path, data[:4096])}
        replace(store, name, {}, source.parse(files).tables, [])
    with open_evidence(store) as opened:
        yield opened


def months(ev: Evidence, column: str) -> dict[tuple[int, int], object]:
    rows = panel(ev, [(2, 811)], "dyad-month", date(1953, 11, 1), date(2008, 12, 31)).filter(
        pl.col("ccode1") == 2
    )
    return {(year, month): value for year, month, value in rows.select("year", "month", column).iter_rows()}


def test_relations_of_cambodia_and_the_united_states_month_by_month(ev: Evidence) -> None:
    relations = months(ev, "relations")
    changes = [
        when
        for when, before in zip(list(relations)[1:], relations, strict=False)
        if relations[when] != relations[before]
    ]
    assert changes == [(1965, 5), (1969, 7), (1975, 4), (1994, 5)]


def test_nobody_was_in_post_in_phnom_penh_from_april_1975_to_november_1991(ev: Evidence) -> None:
    envoys, known = representation.chiefs(ev, (2,), (811,))
    longest = representation.gaps(envoys, known).sort("days").row(-1, named=True)
    assert date(1975, 4, 12) <= longest["start"] <= date(1975, 4, 13)
    assert date(1991, 11, 10) <= longest["end"] <= date(1991, 11, 12)
    assert {months(ev, "envoy_share_1to2")[year, 6] for year in range(1976, 1991)} == {0.0}


def test_the_envoy_appointed_in_july_1964_was_never_in_post(ev: Evidence) -> None:
    rows, envoys, _ = representation.gather(
        ev, (2,), (811,), "dyad-month", date(1964, 7, 1), date(1965, 4, 30)
    )
    table = representation.compute(rows, envoys)
    assert table["who"].null_count() == table.height == 10
    assert table["envoy_share"].to_list() == [0.0] * 10


@pytest.mark.parametrize("name", ["KHM", "VNM", "CUB", "IRN", "LAO", "EGY"])
def test_gaps_and_shares_count_the_same_vacant_days(ev: Evidence, name: str) -> None:
    codes = states.find(name).ccodes
    rows, envoys, known = representation.gather(
        ev, (2,), codes, "dyad-year", date(1946, 1, 1), date(2010, 12, 31)
    )
    gaps = representation.gaps(envoys, known)
    compared = 0
    for row in rows.drop_nulls("envoy_share_1to2").iter_rows(named=True):
        year = (pl.date(row["year"], 1, 1), pl.date(row["year"], 12, 31))
        inside = pl.min_horizontal("end", year[1]) - pl.max_horizontal("start", year[0])
        vacant = gaps.select((inside.dt.total_days() + 1).clip(lower_bound=0).sum()).item()
        assert vacant == pytest.approx((1 - row["envoy_share_1to2"]) * row["days"], abs=0.01), row
        compared += 1
    assert compared >= 15


def test_presidents_came_to_cambodia_in_november_2012_and_november_2022(ev: Evidence) -> None:
    visits, known = cadence.gather(ev, (2,), {811: (811,)})
    presidents = visits.filter(pl.col("to_peer") & (pl.col("rank") == "head of state"))
    assert presidents["date"].to_list() == [date(2012, 11, 19), date(2022, 11, 12)]
    assert known["start"].item() == date(1953, 11, 9)


def test_cambodia_meets_the_united_states_less_often_than_most_of_its_region(ev: Evidence) -> None:
    peers = {code: states.by_ccode(code).ccodes for code in (811, *states.neighbours(811))}
    visits, known = cadence.gather(ev, (2,), peers)
    rows = cadence.compute(visits, known, [(date(1990, 1, 1), date(2019, 12, 31))])
    standing = cadence.standing(rows, 811)
    assert standing.of == len(peers)
    assert standing.rank is not None
    assert standing.rank > standing.of / 2


def test_aid_to_states_sums_to_what_was_published_for_them(ev: Evidence) -> None:
    others = [(2, code) for state in states.every() for code in state.ccodes if code != 2]
    first, last = date(1945, 7, 1), date(2020, 9, 30)
    months = panel(ev, others, "dyad-month", first, last).filter(pl.col("ccode1") == 2)
    amounts = evidence.figures(ev, (2,), [code for _, code in others]).filter(
        pl.col("kind") == "aid_obligated"
    )
    spells = evidence.together(others).select(ccode_to="ccode2", since="start", until="end")
    to_states = amounts.join(spells, on="ccode_to").filter(
        (pl.col("start") <= pl.col("until")) & (pl.col("end") >= pl.col("since"))
    )
    published = to_states.unique(["ref", "ccode_to", "start"])["value"].sum()
    assert months["aid_obligated_1to2"].sum() == pytest.approx(published, rel=1e-9)


def test_shares_of_aid_sum_to_one_in_every_year(ev: Evidence) -> None:
    others = [(2, code) for state in states.every() for code in state.ccodes if code != 2]
    rows = panel(ev, others, "dyad-year", date(1946, 1, 1), date(2020, 12, 31)).filter(pl.col("ccode1") == 2)
    shares = aid_flow.compute(rows).drop_nulls("share").group_by("year", "kind").agg(pl.col("share").sum())
    assert shares.height > 80
    assert shares["share"].to_list() == pytest.approx([1.0] * shares.height)
