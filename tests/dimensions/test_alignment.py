"""Alignment: distances with their variances, and alliances as news only when they change."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from amity import states
from amity.dimensions import alignment
from amity.dimensions.observed import OBSERVED, pairs_of
from amity.measures import kept_points

if TYPE_CHECKING:
    from collections.abc import Callable

    from amity.evidence import Evidence

    Make = Callable[..., Evidence]

PAIR = pairs_of([(states.find("KHM"), states.find("USA"))])
SAID = {
    "table": "ties",
    "kind": "alliance_defense",
    "start": date(1900, 1, 1),
    "end": date(1970, 12, 31),
    "source": "atop",
}


def pact(first: int, last: int | None) -> dict[str, Any]:
    return {"start": date(first, 3, 1), "end": date(last, 6, 30) if last else None, "ccode_from": 811, "ccode_to": 2,
            "kind": "alliance_defense", "ref": str(first), "source": "atop"}  # fmt: skip


def test_nothing_loaded_is_nothing_observed(evidence_of: Make) -> None:
    with evidence_of() as ev:
        rows = alignment.observe(ev, PAIR)
    assert rows.is_empty()
    assert rows.schema == OBSERVED


def test_an_alliance_is_news_when_it_is_formed_and_when_it_ends(evidence_of: Make) -> None:
    with evidence_of(ties=[pact(1960, 1963)], coverage=[SAID]) as ev:
        rows = alignment.observe(ev, PAIR).sort("month")
    formed, ended = (rows.filter(item=f"alliance_{what}") for what in ("formed", "ended"))
    assert [month.year for month in formed.filter(y=1)["month"]] == [1960]
    assert [month.year for month in ended.filter(y=1)["month"]] == [1963]
    assert [month.year for month in ended["month"]] == [1961, 1962, 1963]
    assert max(rows["month"]) == date(1970, 12, 1)


def test_an_alliance_without_an_end_lasts_as_long_as_the_record_and_no_longer(evidence_of: Make) -> None:
    with evidence_of(ties=[pact(1960, None)], coverage=[SAID]) as ev:
        ended = alignment.observe(ev, PAIR).filter(item="alliance_ended")
    assert ended["y"].sum() == 0
    assert sorted(month.year for month in ended["month"]) == [*range(1961, 1971)]


def test_the_distance_and_its_variance_are_those_of_the_ideal_points() -> None:
    from amity import open_store
    from amity.evidence import open_evidence

    with open_evidence(open_store("no-store-here")) as ev:
        points = kept_points.of_store(ev)
        rows = alignment.closeness(ev, PAIR)
    for session in (30, 74):
        apart, sd = points.difference(2, 811, session)
        row = rows.filter(month=date(1945 + session, 12, 1)).row(0, named=True)
        assert row["y"] == pytest.approx(-abs(apart))
        assert row["n"] == pytest.approx(sd**2, rel=1e-6)
