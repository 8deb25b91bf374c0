"""What engagement observes: inside coverage alone, beside what is expected, and each thing once."""

from __future__ import annotations

from datetime import date
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from amity import open_store, states
from amity.catalog import FIELDS
from amity.dimensions import engagement
from amity.dimensions.engaged import acting, arming, giving, trading
from amity.dimensions.observed import FAMILIES, OBSERVED, pairs_of
from amity.engine.chain import smooth
from amity.engine.filtering import filter_forward
from amity.engine.model import evidence as checked
from amity.engine.model import items
from amity.evidence import Evidence, open_evidence
from amity.insight import fields
from tests.made import evidence_of as store

if TYPE_CHECKING:
    from collections.abc import Iterator

USA, KHM, CHN, FRA, GBR, DEU, VNM = 2, 811, 710, 220, 200, 255, 816
NOWHERE = {"ccode_from": None, "ccode_to": None}


def pair(a: str, b: str) -> pl.DataFrame:
    return pairs_of([(states.find(a), states.find(b))])


def spoken(table: str, kind: str, source: str, years: tuple[int, int], **codes: int | None) -> dict[str, Any]:
    start, end = date(years[0], 1, 1), date(years[1], 12, 31)
    return {"table": table, "kind": kind, "source": source, "start": start, "end": end, **NOWHERE, **codes}


def visit(year: int, to: int = KHM, **more: Any) -> dict[str, Any]:
    row = {"date": date(year, 3, 5), "precision": "day", "ccode_from": USA, "ccode_to": to, "kind": "visit",
           "count": 1, "source": "us_travels", "ref": f"{year} {to}"}  # fmt: skip
    return row | more


def tie(kind: str, start: date, end: date | None, **more: Any) -> dict[str, Any]:
    row = {"kind": kind, "start": start, "start_precision": "day", "end": end,
           "end_precision": None if end is None else "day", "ccode_from": USA, "ccode_to": KHM,
           "source": "us_relations", "ref": str(start)}  # fmt: skip
    return row | more


def figure(kind: str, source: str, year: int, a: int, b: int, value: float, **more: Any) -> dict[str, Any]:
    row = {"kind": kind, "source": source, "start": date(year, 1, 1), "end": date(year, 12, 31),
           "ccode_from": a, "ccode_to": b, "value": value, "ref": ""}  # fmt: skip
    return row | more


def told(rows: pl.DataFrame, item: str) -> dict[date, float]:
    return dict(rows.filter(item=item).sort("month").select("month", "y").iter_rows())


TRAVELS = spoken("acts", "visit", "us_travels", (1990, 1995), ccode_from=USA)


def test_a_year_without_a_visit_is_none_inside_coverage_and_unknown_outside() -> None:
    with store(acts=[visit(1992), visit(1993, FRA), visit(1996)], coverage=[TRAVELS]) as ev:
        rows = engagement.observe(ev, pair("KHM", "USA"))
    # In 1990, 1991, 1994 and 1995 nobody travelled anywhere: that says nothing of one pair.
    assert told(rows, "visits") == {date(1992, 12, 1): 1, date(1993, 12, 1): 0}


def test_a_visit_is_read_beside_the_hubs_total_and_the_number_of_its_partners() -> None:
    journeys = [visit(1992), visit(1992, FRA), visit(1992, GBR, count=2)]
    with store(acts=journeys, coverage=[TRAVELS]) as ev:
        offset = engagement.observe(ev, pair("KHM", "USA")).filter(item="visits")["offset"].item()
    others = len([one for one in states.every() if one.ccode != USA and any(
        spell.start.year <= 1992 and (spell.end is None or spell.end.year >= 1992) for spell in one.spells)])  # fmt: skip
    assert offset == pytest.approx(log(4 / others))


def test_more_travel_by_everybody_is_no_closeness() -> None:
    once = [visit(1992), visit(1992, FRA)]
    twice = [{**row, "count": 2} for row in once]
    readings = []
    for journeys in (once, twice):
        with store(acts=journeys, coverage=[TRAVELS]) as ev:
            row = engagement.observe(ev, pair("KHM", "USA")).filter(item="visits").row(0, named=True)
        readings.append(log(row["y"]) - row["offset"])
    assert readings[0] == pytest.approx(readings[1])


def test_a_visit_that_two_sources_tell_is_counted_once_and_a_meeting_for_itself() -> None:
    chinese = {"ccode_from": CHN, "ccode_to": USA}
    acts = [
        visit(2012, **chinese, source="china_engagements"),
        visit(2012, **chinese, source="us_visits"),
        visit(2012, **chinese, source="china_engagements", kind="meeting", count=3),
    ]
    coverage = [
        spoken("acts", "visit", "china_engagements", (2010, 2013), ccode_from=CHN),
        spoken("acts", "meeting", "china_engagements", (2010, 2013), ccode_from=CHN),
        spoken("acts", "visit", "us_visits", (2010, 2013), ccode_to=USA),
    ]
    with store(acts=acts, coverage=coverage) as ev:
        rows = engagement.observe(ev, pair("CHN", "USA"))
    assert rows.filter(item="visits").select("source", "y").rows() == [("us_visits", 1.0)]
    assert told(rows, "meetings") == {date(2012, 12, 1): 3}


def test_a_record_of_one_pair_alone_is_not_compared_with_the_world() -> None:
    own = spoken("acts", "visit", "own:letters", (1990, 1995), ccode_from=USA, ccode_to=KHM)
    with store(acts=[visit(1992, source="own:letters")], coverage=[own]) as ev:
        assert engagement.observe(ev, pair("KHM", "USA")).is_empty()


def cambodia() -> dict[str, list[dict[str, Any]]]:
    """Relations of Cambodia and the United States, and the American post, as the record has them."""
    ties = [
        tie("relations", date(1950, 7, 11), date(1965, 5, 3)),
        tie("relations", date(1969, 7, 2), date(1975, 4, 12)),
        tie("relations", date(1994, 5, 17), None),
        tie("post", date(1950, 11, 14), date(1952, 6, 24)),
        tie("post", date(1952, 6, 24), date(1965, 5, 3)),
        tie("post", date(1969, 8, 16), date(1975, 4, 12)),
        tie("post", date(1991, 11, 11), date(1994, 5, 17)),
        tie("post", date(1994, 5, 17), None),
    ]
    coverage = [
        spoken("ties", kind, "us_relations", (1950, 2008), ccode_from=USA, ccode_to=KHM)
        for kind in ("relations", "post")
    ]
    return {"ties": ties, "coverage": coverage}


def test_the_breaks_of_cambodia_and_the_united_states_stand_in_their_months() -> None:
    with store(**cambodia()) as ev:
        rows = engagement.observe(ev, pair("KHM", "USA"))
    news = rows.filter(y=1).sort("month", "item").select(pl.col("month").cast(pl.String).str.head(7), "item")
    mission = "mission_{}:us_relations".format
    assert news.rows() == [
        ("1965-05", mission("closed")), ("1965-05", "relations_closed"), ("1969-07", "relations_opened"),
        ("1969-08", mission("opened")), ("1975-04", mission("closed")), ("1975-04", "relations_closed"),
        ("1991-11", mission("opened")), ("1994-05", "relations_opened"),
    ]  # fmt: skip


def test_every_known_year_has_one_observation_of_what_could_have_changed() -> None:
    with store(**cambodia()) as ev:
        rows = engagement.observe(ev, pair("KHM", "USA"))
    relations = rows.filter(pl.col("item").str.starts_with("relations")).sort("month")
    assert relations["month"].dt.year().to_list() == list(range(1954, 2009))
    at_risk = dict(zip(relations["month"].dt.year(), relations["item"], strict=True))
    assert {at_risk[year] for year in range(1970, 1975)} == {"relations_closed"}
    assert {at_risk[year] for year in range(1976, 1995)} == {"relations_opened"}
    assert set(relations.filter(y=0)["month"].dt.month()) == {12}


def test_what_held_when_a_source_began_or_fell_silent_was_neither_opened_nor_closed() -> None:
    held = [tie("post", date(1990, 1, 1), date(1995, 12, 31), source="diplometrics")]
    covered = spoken("ties", "post", "diplometrics", (1990, 1995), ccode_from=USA, ccode_to=KHM)
    with store(ties=held, coverage=[covered]) as ev:
        rows = engagement.observe(ev, pair("KHM", "USA"))
    assert rows["y"].sum() == 0
    assert rows["item"].unique().to_list() == ["mission_closed:diplometrics"]


def test_a_post_vacant_between_two_envoys_is_not_closed_and_one_left_for_years_is_when_that_is_known() -> (
    None
):
    envoys = [
        tie("envoy", date(1960, 2, 1), date(1962, 6, 8), source="us_missions"),
        tie("envoy", date(1962, 11, 1), date(1964, 3, 3), source="us_missions"),
        tie("envoy", date(1969, 8, 16), None, source="us_missions"),
    ]
    covered = spoken("ties", "envoy", "us_missions", (1960, 1975), ccode_from=USA, ccode_to=KHM)
    with store(ties=envoys, coverage=[covered]) as ev:
        rows = engagement.observe(ev, pair("KHM", "USA")).filter(y=1).sort("month")
    assert rows.select("month", pl.col("item").str.split(":").list.first()).rows() == [
        (date(1960, 2, 1), "mission_opened"),
        (date(1965, 3, 1), "mission_closed"),
        (date(1969, 8, 1), "mission_opened"),
    ]


def test_an_embassy_that_a_yearbook_lists_as_well_is_told_by_the_guide_alone() -> None:
    world = cambodia()
    world["ties"].append(tie("post", date(2000, 1, 1), None, source="diplometrics", start_precision="year"))
    world["coverage"].append(
        spoken("ties", "post", "diplometrics", (2000, 2010), ccode_from=USA, ccode_to=KHM)
    )
    with store(**world) as ev:
        missions = engagement.observe(ev, pair("KHM", "USA")).filter(
            pl.col("item").str.starts_with("mission")
        )
    sources = dict(missions.select(pl.col("month").dt.year(), "source").iter_rows())
    assert missions.height == missions["month"].dt.year().n_unique()
    assert {sources[year] for year in range(2000, 2009)} == {"us_relations"}
    assert {sources[year] for year in (2009, 2010)} == {"diplometrics"}


MILLION = 1e6
PARTNERS = (USA, KHM, FRA, GBR)


def trade(scale: float = 1.0, year: int = 1990, **between: float) -> dict[str, list[dict[str, Any]]]:
    """Everybody sells everybody a hundred million; `between` says what the USA and Cambodia sell each other."""
    sold = {(a, b): 100.0 for a in PARTNERS for b in PARTNERS if a != b}
    sold |= {(USA, KHM): between.get("there", 100.0), (KHM, USA): between.get("back", 100.0)}
    figures = [
        figure("trade_smoothed", "cow_trade", year, *way, value * MILLION * scale)
        for way, value in sold.items()
        if value
    ]
    coverage = [
        spoken("figures", "trade_smoothed", "cow_trade", (year, year), ccode_from=a, ccode_to=b)
        for a, b in sold
    ]
    return {"figures": figures, "coverage": coverage}


def test_trade_is_what_gravity_does_not_expect() -> None:
    world = trade(there=400.0)
    world["figures"].append(figure("minimum_distance", "cow_distance", 1985, USA, KHM, 9900.0))
    with store(**world) as ev:
        row = engagement.observe(ev, pair("KHM", "USA")).filter(item="trade").row(0, named=True)
    expected = 100 ** (trading.SLOPE) * 900**2 / 3000
    expected *= 2.718281828459045**trading.CONSTANT
    k = trading.ROUNDING
    sight = expected / (expected + k)
    assert row["y"] == pytest.approx(log((500 + k) / (expected + k)) / sight)
    assert row["n"] == pytest.approx(trading.MISFIT * (1 / sight**2 + trading.YEARS - 1))
    assert row["month"] == date(1990, 12, 1)


def test_twice_the_worlds_trade_changes_nothing() -> None:
    readings = []
    for scale in (1.0, 2.0):
        with store(**trade(scale, there=300.0)) as ev:
            readings.append(engagement.observe(ev, pair("KHM", "USA")).filter(item="trade")["y"].item())
    assert readings[0] == pytest.approx(readings[1], abs=0.01)


def test_no_trade_is_little_and_trade_not_told_is_nothing() -> None:
    with store(**trade(there=0.0, back=0.0)) as ev:
        none = engagement.observe(ev, pair("KHM", "USA")).filter(item="trade")["y"].item()
    assert none < -3
    world = trade()
    world["coverage"] = [row for row in world["coverage"] if row["ccode_from"] != KHM]
    with store(**world) as ev:
        assert engagement.observe(ev, pair("KHM", "USA")).is_empty()


def monthly(
    kind: str, year: int, a: int, b: int, value: float, months: int = 12
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    rows = [
        figure(kind, "imf_dots", year, a, b, value * MILLION, start=date(year, m, 1), end=date(year, m, 28))
        for m in range(1, months + 1)
    ]
    return rows, spoken("figures", kind, "imf_dots", (year, year), ccode_from=a, ccode_to=b)


@pytest.mark.parametrize(("months", "years"), [(12, [1990, 1991]), (11, [1990])])
def test_the_funds_figures_follow_where_the_others_end_and_whole_years_only(
    months: int, years: list[int]
) -> None:
    world = trade()
    for year in (1990, 1991):
        for kind, a, b, n in (("exports_fob", USA, KHM, 12), ("imports_cif", KHM, USA, months)):
            rows, covered = monthly(kind, year, a, b, 10.0, n)
            world["figures"] += rows
            world["coverage"].append(covered)
    with store(**world) as ev:
        rows = engagement.observe(ev, pair("KHM", "USA")).filter(item="trade").sort("month")
    assert rows["month"].dt.year().to_list() == years
    assert rows["source"].to_list() == ["cow_trade", "imf_dots"][: len(years)]


def aid(year: int, to: int, value: float, giver: int = USA, **more: Any) -> dict[str, Any]:
    kind, source = ("aid_obligated", "us_aid") if giver == USA else ("oda_gross", "oecd_aid")
    return figure(kind, source, year, giver, to, value, **more)


US_AID = spoken("figures", "aid_obligated", "us_aid", (1960, 1990), ccode_from=USA)


def test_an_even_share_of_aid_is_nought_and_none_is_little_for_ten_years() -> None:
    amounts = [
        aid(1970, KHM, 50.0),
        aid(1970, VNM, 50.0),
        *(aid(year, VNM, 80.0) for year in range(1971, 1990)),
    ]
    with store(figures=amounts, coverage=[US_AID]) as ev:
        got = told(engagement.observe(ev, pair("KHM", "USA")), "aid")
    none = log(giving.EVEN / (1 + giving.EVEN))
    assert got[date(1970, 12, 1)] == pytest.approx(0)
    assert [when.year for when in got] == list(range(1970, 1981))
    assert all(value == pytest.approx(none) for when, value in got.items() if when.year > 1970)


def test_aid_to_others_alone_says_nothing_of_who_needs_none() -> None:
    with store(figures=[aid(1970, KHM, 50.0)], coverage=[US_AID]) as ev:
        assert engagement.observe(ev, pair("FRA", "USA")).is_empty()


def test_who_gets_next_to_nothing_does_not_live_on_aid() -> None:
    amounts = [aid(1970, KHM, 50.0), aid(1970, VNM, 50.0), aid(1970, FRA, 0.1)]
    with store(figures=amounts, coverage=[US_AID]) as ev:
        assert engagement.observe(ev, pair("FRA", "USA")).is_empty()
        even = (
            engagement.observe(ev, pair("KHM", "USA")).filter(item="aid", month=date(1970, 12, 1))["y"].item()
        )
    assert even == pytest.approx(0, abs=0.01)


def test_a_fiscal_year_stands_in_the_december_after_it_and_money_taken_back_is_no_gift() -> None:
    amounts = [
        aid(1970, KHM, 50.0, start=date(1969, 7, 1), end=date(1970, 6, 30)),
        aid(1971, KHM, -10.0, start=date(1970, 7, 1), end=date(1971, 6, 30)),
        aid(1971, VNM, 10.0),
    ]
    with store(figures=amounts, coverage=[US_AID]) as ev:
        got = told(engagement.observe(ev, pair("KHM", "USA")), "aid")
    assert got[date(1970, 12, 1)] == pytest.approx(0)
    assert got[date(1971, 12, 1)] == pytest.approx(log(giving.EVEN / (1 + giving.EVEN)))


def test_american_aid_is_told_once_though_two_sources_tell_it() -> None:
    amounts = [aid(1970, KHM, 50.0), figure("oda_gross", "oecd_aid", 1970, USA, KHM, 70.0)]
    oecd = spoken("figures", "oda_gross", "oecd_aid", (1970, 1970), ccode_from=USA, ccode_to=KHM)
    with store(figures=amounts, coverage=[US_AID, oecd]) as ev:
        rows = engagement.observe(ev, pair("KHM", "USA")).filter(item="aid", month=date(1970, 12, 1))
    assert rows["source"].to_list() == ["us_aid"]


def test_projects_are_counted_beside_an_even_share() -> None:
    done = [figure("chinese_projects", "chinese_finance", 2005, CHN, to, 1.0) for to in (KHM, KHM, KHM, VNM)]
    covered = [
        spoken("figures", "chinese_projects", "chinese_finance", (2004, 2006), ccode_from=CHN, ccode_to=to)
        for to in (KHM, VNM)
    ]
    with store(figures=done, coverage=covered) as ev:
        rows = engagement.observe(ev, pair("CHN", "KHM")).filter(item="chinese_projects")
    assert rows.select("month", "y").rows() == [(date(2005, 12, 1), 3.0)]
    assert rows["offset"].item() == pytest.approx(log(4 / 2))


def test_arms_are_expected_from_the_links_of_the_five_years_before() -> None:
    links = [(1980, USA, KHM), (1980, USA, VNM), (1982, FRA, KHM), (1983, USA, KHM)]
    delivered = [figure("arms_transfers", "sipri_tiv", year, a, b, 0.0) for year, a, b in links]
    covered = spoken("figures", "arms_transfers", "sipri_tiv", (1978, 1995))
    with store(figures=delivered, coverage=[covered]) as ev:
        rows = engagement.observe(ev, pair("KHM", "USA")).filter(item="arms").sort("month")
    got = told(rows, "arms")
    # Nobody had supplied anybody before 1981, and nobody had for five years after 1988.
    assert (min(got), max(got)) == (date(1981, 12, 1), date(1988, 12, 1))
    assert [when.year for when, y in got.items() if y] == [1983]
    offsets = dict(rows.select("month", "offset").iter_rows())
    assert offsets[date(1983, 12, 1)] == pytest.approx(log(2 * 2 / (arming.WINDOW * 3)))


def news(incidents: int, month: int = 3, *, loud: int = 1, **more: Any) -> dict[str, list[dict[str, Any]]]:
    """A source of one year; every state is in a hundred of its thousand events a month, times `loud`."""
    row = {"source": "icews", "month": date(2014, month, 1), "ccode_from": USA, "ccode_to": KHM, "scope": "state",
           "field": "security", "quad": 4, "code": "19", "events": incidents, "incidents": incidents,
           "force_events": 0, "force_incidents": 0, "volume": 0, "volume_from": 0, "volume_to": 0}  # fmt: skip
    volumes = [
        {"source": "icews", "month": date(2014, m, 1), "ccode": code, "events": events * loud}
        for m in range(1, 13)
        for code, events in ((None, 1000), (USA, 100), (KHM, 100))
    ]
    coverage = [spoken("events", "*", "icews", (2014, 2014))]
    return {"pair_months": [row | more], "volumes": volumes, "coverage": coverage}


def test_acts_are_counted_by_field_and_month_beside_both_states_volumes() -> None:
    world = news(4)
    world["pair_months"] += [
        {**world["pair_months"][0], "ccode_from": KHM, "ccode_to": USA, "incidents": 2},
        {**world["pair_months"][0], "scope": "country", "incidents": 9},
    ]
    with store(**world) as ev:
        rows = engagement.observe(ev, pair("KHM", "USA"))
    assert told(rows, "acts_security:icews")[date(2014, 3, 1)] == 6
    assert rows["y"].sum() == 6
    assert rows.height == 12 * len(FIELDS)
    assert rows["offset"].to_list() == pytest.approx([acting.ELASTICITY * log(10)] * rows.height)


def test_quiet_pairs_are_told_by_years_and_very_quiet_ones_not_at_all() -> None:
    for usual, rows_told in ((14, len(FIELDS)), (1, 0)):
        world = news(1)
        world["volumes"] = [
            row | ({"events": usual} if row["ccode"] is not None else {}) for row in world["volumes"]
        ]
        with store(**world) as ev:
            rows = engagement.observe(ev, pair("KHM", "USA"))
        assert rows.height == rows_told
        assert set(rows["month"]) <= {date(2014, 12, 1)}
        assert rows["y"].sum() == (1 if rows_told else 0)


def test_months_of_which_a_source_does_not_speak_are_unknown() -> None:
    world = news(4)
    world["coverage"][0] |= {"start": date(2014, 3, 1), "end": date(2014, 4, 30)}
    with store(**world) as ev:
        months = engagement.observe(ev, pair("KHM", "USA"))["month"].unique().sort()
    assert months.to_list() == [date(2014, 3, 1), date(2014, 4, 1)]


def everything() -> dict[str, list[dict[str, Any]]]:
    """A world in which every item is told of some pair."""
    parts = [
        {"acts": [visit(1992), visit(1993, FRA), visit(1992, kind="meeting")], "coverage": [TRAVELS]},
        {"coverage": [spoken("acts", "meeting", "us_travels", (1990, 1995), ccode_from=USA)]},
        cambodia(),
        trade(there=40.0),
        {"figures": [aid(1970, KHM, 50.0)], "coverage": [US_AID]},
        {
            "figures": [figure("arms_transfers", "sipri_tiv", year, USA, KHM, 5.0) for year in (1980, 1982)],
            "coverage": [spoken("figures", "arms_transfers", "sipri_tiv", (1978, 1995))],
        },
        {
            "figures": [figure("chinese_projects", "chinese_finance", 2005, CHN, KHM, 1.0)],
            "coverage": [
                spoken(
                    "figures",
                    "chinese_projects",
                    "chinese_finance",
                    (2005, 2005),
                    ccode_from=CHN,
                    ccode_to=KHM,
                )
            ],
        },
        news(4),
    ]
    names = {name for part in parts for name in part}
    return {name: [row for part in parts for row in part.get(name, [])] for name in names}


@pytest.fixture(scope="module")
def whole() -> Iterator[Evidence]:
    with store(**everything()) as ev:
        yield ev


def test_every_item_is_declared_and_told_and_takes_what_its_law_takes(whole: Evidence) -> None:
    rows = pl.concat(
        [engagement.observe(whole, pair("KHM", "USA")), engagement.observe(whole, pair("CHN", "KHM"))]
    )
    assert rows.schema == OBSERVED
    assert set(rows["item"].str.split(":").list.first()) == {item.name for item in engagement.ITEMS}
    for item in engagement.ITEMS:
        named = rows.filter(pl.col("item").str.split(":").list.first() == item.name)
        assert (
            item.each_source == named["item"].str.contains(":").all() == named["item"].str.contains(":").any()
        )
        assert item.field in FIELDS
        law = items(FAMILIES[item.family], item.intercept, item.loading, item.dispersion)
        zeros = [0] * named.height
        columns = {name: named[name].to_numpy() for name in ("y", "n", "offset")}
        assert (
            len(checked(1, 1, {"pair": zeros, "month": zeros, "item": zeros, **columns}, law).y)
            == named.height
        )


def test_a_closing_speaks_against_engagement_and_everything_else_for_it() -> None:
    assert {item.name for item in engagement.ITEMS if item.loading < 0} == {
        "relations_closed",
        "mission_closed",
    }


def test_swapping_the_two_states_changes_nothing(whole: Evidence) -> None:
    there, back = (engagement.observe(whole, pair(*names)) for names in (("KHM", "USA"), ("USA", "KHM")))
    assert there.sort(there.columns).equals(back.sort(back.columns))
    assert set(there["side"]) == {0}


def test_a_pair_is_told_alike_alone_and_among_all(whole: Evidence) -> None:
    alone = engagement.observe(whole, pair("KHM", "USA"))
    among = engagement.observe(whole, pairs_of()).filter(ccode1=USA, ccode2=KHM)
    assert alone.height > 100
    columns = alone.columns
    one, other = (frame.sort("item", "source", "month", "y") for frame in (alone, among))
    assert one.select(columns[:7]).equals(other.select(columns[:7]))
    for name in ("n", "offset"):
        assert one[name].to_list() == pytest.approx(other[name].to_list())


def test_germany_is_one_state_under_two_codes() -> None:
    travels = spoken("acts", "visit", "us_travels", (1985, 1995), ccode_from=USA)
    with store(acts=[visit(1987, 260), visit(1993, 255)], coverage=[travels]) as ev:
        assert told(engagement.observe(ev, pair("DEU", "USA")), "visits") == {
            date(1987, 12, 1): 1,
            date(1993, 12, 1): 1,
        }


def test_nothing_loaded_is_nothing_known() -> None:
    with store() as ev:
        assert engagement.observe(ev, pair("KHM", "USA")).schema == OBSERVED
        assert engagement.observe(ev, pairs_of()).is_empty()


@pytest.mark.parametrize(
    ("year", "month", "way"),
    [(1965, 5, -1), (1969, 7, 1), (1975, 4, -1), (1991, 11, 1), (1994, 5, 1)],
)
def test_the_engine_sees_each_break_of_cambodia_and_the_united_states_in_its_month(
    packed: tuple[np.ndarray, np.ndarray], year: int, month: int, way: int
) -> None:
    known_then, known_now = packed
    at = (year - 1946) * 12 + month - 1
    steps = np.diff(known_then)[at - 13 : at + 12]
    # No other month within a year moves what could be known so far.
    assert np.abs(steps).argmax() == 12
    assert steps[12] * way > 0.3
    assert (known_now[at + 12] - known_now[at - 12]) * way > 0.1


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> tuple[np.ndarray, np.ndarray]:
    """The filtered and smoothed states of Cambodia and the United States, from the starter pack."""
    of_pair = pair("KHM", "USA")
    with open_evidence(open_store(tmp_path_factory.mktemp("home"))) as ev:
        rows = engagement.observe(ev, of_pair)
    names = rows["item"].unique().sort().to_list()
    of, move = fields.declared(names)
    columns = {name: rows[name].to_numpy() for name in ("y", "n", "offset")}
    month = (rows["month"].dt.year().cast(pl.Int64) - 1946) * 12 + rows["month"].dt.month() - 1
    place = {"pair": [0] * rows.height, "month": month, "item": [names.index(name) for name in rows["item"]]}
    seen = checked(1, int(month.max()) + 1, {**place, **columns}, of)  # type: ignore[arg-type]
    return filter_forward(seen, of, move).mean[0, :, 0], smooth(seen, of, move).mean[0, :, 0]
