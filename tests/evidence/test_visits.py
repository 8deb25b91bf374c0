"""One visit told by several sources is one visit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amity.evidence import panel, visits

if TYPE_CHECKING:
    from collections.abc import Callable

    from amity.evidence import Evidence

    Make = Callable[..., Evidence]

DAY = date(2016, 10, 13)


def visit(source: str, day: date = DAY, who: str | None = "Xi Jinping", **more: Any) -> dict[str, Any]:
    row = {"date": day, "precision": "day", "ccode_from": 710, "ccode_to": 811, "kind": "visit", "who": who,
           "rank": "head of state", "days": 2, "count": 1, "ref": f"{source} {day}", "source": source}  # fmt: skip
    return row | more


def told(evidence_of: Make, *rows: dict[str, Any]) -> list[str]:
    with evidence_of(acts=list(rows)) as ev:
        return visits(ev, (710,), (811,))["source"].to_list()


def yearly(source: str, year: int = 2016, **more: Any) -> dict[str, Any]:
    return visit(source, date(year, 1, 1), precision="year", days=None, **more)


def test_two_sources_that_tell_the_same_days_tell_one_visit(evidence_of: Make) -> None:
    near = visit("china_engagements", DAY + timedelta(days=4), "President Xi Jinping")
    assert told(evidence_of, near, visit("us_visits")) == ["us_visits"]
    far = visit("china_engagements", DAY + timedelta(days=5))
    assert told(evidence_of, far, visit("us_visits")) == ["us_visits", "china_engagements"]


def test_two_rows_of_one_source_are_two_visits(evidence_of: Make) -> None:
    assert len(told(evidence_of, visit("us_visits"), visit("us_visits", ref="2"))) == 2


def test_people_of_other_rank_and_name_travel_for_themselves(evidence_of: Make) -> None:
    minister = visit("china_engagements", who="Wang Yi", rank="foreign minister")
    assert len(told(evidence_of, visit("us_visits"), minister)) == 2
    spelt_apart = visit("china_engagements", who="Chi Chinp'ing")
    assert len(told(evidence_of, visit("us_visits"), spelt_apart)) == 1


def test_the_other_direction_is_another_visit(evidence_of: Make) -> None:
    back = visit("us_visits", ccode_from=811, ccode_to=710)
    assert told(evidence_of, back, visit("china_engagements")) == ["china_engagements"]


def test_a_visit_of_a_year_gives_way_to_one_with_a_day(evidence_of: Make) -> None:
    assert told(evidence_of, yearly("china_trips"), visit("china_engagements")) == ["china_engagements"]
    assert len(told(evidence_of, yearly("china_trips", 2015), visit("china_engagements"))) == 2
    assert len(told(evidence_of, yearly("china_trips", who="Li Keqiang"), visit("china_engagements"))) == 2


def test_of_two_visits_of_a_year_the_one_without_a_day_stays(evidence_of: Make) -> None:
    rows = [yearly("china_trips", ref="1"), yearly("china_trips", ref="2"), visit("china_engagements")]
    assert sorted(told(evidence_of, *rows)) == ["china_engagements", "china_trips"]


def test_a_users_own_record_comes_before_all_others(evidence_of: Make) -> None:
    own = visit("own:letters", who=None, rank="head of state")
    assert told(evidence_of, visit("us_visits"), own) == ["own:letters"]


def test_the_panel_counts_a_visit_once_and_keeps_months_of_a_year_without_a_day_unknown(
    evidence_of: Make,
) -> None:
    span = {"table": "acts", "kind": "visit", "ccode_from": 710, "ccode_to": None,
            "start": date(2015, 1, 1), "end": date(2016, 12, 31)}  # fmt: skip
    rows = [yearly("china_trips"), visit("china_engagements"), yearly("china_trips", 2015)]
    with evidence_of(coverage=[span], acts=rows) as ev:
        asked = ([(710, 811)], "dyad-month", date(2015, 1, 1), date(2016, 12, 31))
        months = panel(ev, *asked).filter(ccode1=710).sort("year", "month")["visits_1to2"].to_list()
    assert months[:12] == [None] * 12
    assert months[12:] == [0] * 9 + [1] + [0] * 2


def test_a_record_of_meetings_alone_claims_no_peace(evidence_of: Make) -> None:
    span = {"table": "acts", "kind": "meeting", "ccode_from": 710, "ccode_to": None,
            "start": date(2016, 1, 1), "end": date(2016, 12, 31)}  # fmt: skip
    with evidence_of(coverage=[span], acts=[visit("china_engagements", kind="meeting")]) as ev:
        row = panel(ev, [(710, 811)], "dyad-year", date(2016, 1, 1), date(2016, 12, 31)).row(0, named=True)
        beside = [span, {**span, "kind": "letter"}]
    assert row["acts_coop_1to2"] is row["acts_conf_1to2"] is None
    meeting = visit("china_engagements", kind="meeting", force_tenths=10)
    with evidence_of(coverage=beside, acts=[meeting]) as ev:
        row = panel(ev, [(710, 811)], "dyad-year", date(2016, 1, 1), date(2016, 12, 31)).row(0, named=True)
    assert (row["acts_coop_1to2"], row["acts_conf_1to2"]) == (1, 0)


NAMES = ["xi jinping", "President Xi Jinping", "Li Keqiang", None]
one_row = st.tuples(
    st.sampled_from(["us_visits", "china_trips", "own:a"]),
    st.integers(0, 40),
    st.sampled_from(NAMES),
    st.sampled_from(["head of state", "head of government"]),
)


def alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    names = [set((row["who"] or "").lower().split()) for row in (one, other)]
    named = all(names) and (names[0] <= names[1] or names[1] <= names[0])
    return named or one["rank"] == other["rank"]


@settings(max_examples=80, deadline=None, derandomize=True)
@given(rows=st.lists(one_row, max_size=8))
def test_dated_visits_that_are_kept_are_those_that_no_better_source_tells(
    evidence_of: Make, rows: list[tuple[str, int, str | None, str]]
) -> None:
    made = [
        visit(source, date(2016, 1, 1) + timedelta(days=at), who, rank=rank, ref=str(n))
        for n, (source, at, who, rank) in enumerate(rows)
    ]
    order = ["own:a", "us_visits", "china_trips"]
    kept = {
        row["ref"] for row in made
        if not any(
            order.index(other["source"]) < order.index(row["source"])
            and alike(row, other)
            and other["date"] <= row["date"] + timedelta(days=4)
            and row["date"] <= other["date"] + timedelta(days=4)
            for other in made
        )
    }  # fmt: skip
    with evidence_of(acts=made) as ev:
        assert set(visits(ev, (710,), (811,))["ref"]) == kept


@pytest.mark.parametrize("codes", [(), (811,)])
def test_nothing_told_is_no_visit(evidence_of: Make, codes: tuple[int, ...]) -> None:
    with evidence_of(acts=[]) as ev:
        assert visits(ev, codes, (2,)).schema["date"] == pl.Date
        assert visits(ev, codes, (2,)).is_empty()
