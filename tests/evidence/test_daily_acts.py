"""Acts of states by day: each once, by states, and no bare statements."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from amity.evidence.daily_acts import SCHEMA, daily_acts

if TYPE_CHECKING:
    from collections.abc import Callable

    from amity.evidence import Evidence

DAY = date(2018, 2, 27)


def event(code: str, **changed: Any) -> dict[str, Any]:
    return {"date": DAY, "ccode_from": 2, "ccode_to": 811, "code": code, "ref": "1", **changed}


def act(code: str, **changed: Any) -> dict[str, Any]:
    return {**event(code), "precision": "day", "kind": "aid", "source": "own:desk", **changed}


def test_an_act_told_often_by_several_is_one(evidence_of: Callable[..., Evidence]) -> None:
    rows = [
        event("162"),
        event("163"),
        event("162", source="another"),
        event("171"),
        event("162", ccode_to=20),
    ]
    found = daily_acts(evidence_of(events=rows))
    assert dict(found.schema) == SCHEMA
    assert found.rows() == [
        (DAY, 2, 20, "16", 4, "test"),
        (DAY, 2, 811, "16", 4, "another"),
        (DAY, 2, 811, "17", 4, "test"),
    ]
    assert daily_acts(evidence_of(events=rows * 3)).equals(found)
    assert daily_acts(evidence_of(events=rows), source="another").height == 1
    named = daily_acts(evidence_of(events=rows), prefer=["test", "nobody"])
    assert named.drop("source").equals(found.drop("source"))
    assert set(named["source"]) == {"test"}
    mine = daily_acts(evidence_of(events=[*rows, event("163", source="own:desk")]), prefer=["test"])
    assert mine["source"].to_list() == ["test", "own:desk", "test"]


def test_statements_and_what_stays_at_home_are_no_acts_towards_another(
    evidence_of: Callable[..., Evidence],
) -> None:
    rows = [event("010"), event("011"), event("042", ccode_to=2), event("042", ccode_to=None)]
    assert daily_acts(evidence_of(events=rows)).height == 0
    assert daily_acts(evidence_of(events=[*rows, event("018")]))["root"].to_list() == ["01"]


@pytest.mark.parametrize(("role", "counts"), [(None, True), ("GOV", True), ("MIL", True), ("OPP", False)])
def test_only_what_states_do_counts_unless_whole_countries_are_asked_for(
    evidence_of: Callable[..., Evidence], role: str | None, counts: bool
) -> None:
    for side in ("role_from", "role_to"):
        ev = evidence_of(events=[event("112", **{side: role})])
        assert daily_acts(ev).height == counts
        assert daily_acts(ev, scope="country").height == 1


def test_days_and_senders_are_those_asked_for(evidence_of: Callable[..., Evidence]) -> None:
    rows = [event("112"), event("112", ccode_from=811, ccode_to=2), event("112", date=date(2018, 3, 1))]
    ev = evidence_of(events=rows)
    assert daily_acts(ev, [811])["ccode_from"].to_list() == [811]
    assert daily_acts(ev, days=(DAY, DAY)).height == 2
    assert daily_acts(ev, []).height == 0


def test_own_acts_stand_on_the_last_day_they_can_have_been_and_visits_of_publishers_nowhere(
    evidence_of: Callable[..., Evidence],
) -> None:
    rows = [
        act("070"),
        act("071", date=date(2018, 2, 1), precision="month"),
        act("162", date=date(2018, 1, 1), precision="year", role_from="government"),
        act("112", role_from="opposition"),
        act("042", source="us_visits"),
    ]
    found = daily_acts(evidence_of(acts=rows))
    assert found.select("date", "root").rows() == [
        (date(2018, 2, 27), "07"),
        (date(2018, 2, 28), "07"),
        (date(2018, 12, 31), "16"),
    ]
