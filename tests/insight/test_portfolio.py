"""All ties of one state, and how its dealings are spread."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity import states
from amity.dimensions.estimate import LEAST_KNOWN
from amity.dimensions.pair import relation_of
from amity.errors import NoEvidenceError, UsageError
from amity.insight.concentration import SPREAD, concentration
from amity.insight.portfolio import TIES, portfolio

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amity.evidence import Evidence
    from amity.insight.portfolio import Portfolio

    Make = Callable[..., Evidence]

USA, KHM = states.find("USA"), states.find("KHM")


def visit(year: int, whose: int, to: int, precision: str = "day") -> dict[str, Any]:
    return {"date": date(year, 5, 1), "precision": precision, "ccode_from": whose, "ccode_to": to, "kind": "visit", "count": 1,
            "who": f"{whose} {to} {year}", "rank": "head of state", "ref": f"{whose}-{to}-{year}"}  # fmt: skip


def flow(year: int, whose: int, to: int, value: float) -> dict[str, Any]:
    return {"start": date(year, 1, 1), "end": date(year, 12, 31), "ccode_from": whose, "ccode_to": to,
            "kind": "trade_smoothed", "value": value, "ref": f"{whose}{to}{year}", "source": "cow_trade"}  # fmt: skip


def dispute(year: int, whose: int, to: int) -> dict[str, Any]:
    return {"start": date(year, 3, 1), "start_precision": "day", "end": date(year, 4, 1), "end_precision": "day",
            "ccode_from": whose, "ccode_to": to, "kind": "dispute", "ref": f"d{whose}{to}{year}", "source": "cow_mid"}  # fmt: skip


WORLD: dict[str, list[dict[str, Any]]] = {
    "acts": [visit(year, 2, 800) for year in range(1980, 1990)] + [visit(1985, 811, 2), visit(1971, 2, 811, "year")]
    + [visit(year, *way) for year in range(1970, 1991) for way in ((2, 20), (20, 2))],
    "figures": [flow(year, one, other, value) for year in range(1975, 1990)
                for one, other, value in ((2, 811, 30e6), (811, 2, 10e6), (2, 800, 50e6), (800, 2, 10e6), (2, 710, 0.0))],
    "ties": [dispute(year, 811, 2) for year in range(1980, 1988)],
    "coverage": [
        {"table": "acts", "kind": "visit", "start": date(1970, 1, 1), "end": date(1990, 12, 31), way: 2}
        for way in ("ccode_from", "ccode_to")
    ] + [{"table": "ties", "kind": "dispute", "start": date(1946, 1, 1), "end": date(1990, 12, 31), "source": "cow_mid"}]
    + [{"table": "figures", "kind": "trade_smoothed", "start": date(1975, 1, 1), "end": date(1989, 12, 31),
        "ccode_from": one, "ccode_to": other, "source": "cow_trade"}
       for one, other in ((2, 811), (811, 2), (2, 800), (800, 2), (2, 710))],
}  # fmt: skip


@pytest.fixture(scope="module")
def held(evidence_of: Make) -> Iterator[Portfolio]:
    with evidence_of(**WORLD) as ev:
        yield portfolio(ev, USA)


def tie(held: Portfolio, ccode: int) -> dict[str, Any]:
    return held.ties.filter(ccode=ccode).row(0, named=True)


def test_every_other_state_of_the_month_is_there_once_and_ranked(held: Portfolio) -> None:
    assert held.last == date(1990, 12, 1)
    assert held.ties.schema == TIES
    assert held.ties["ccode"].n_unique() == held.ties.height
    known = held.ties.drop_nulls("engagement")
    assert 2 <= known.height < held.ties.height
    assert known["rank"].to_list() == [*range(1, known.height + 1)]
    assert held.ties["rank"].null_count() == held.ties.height - known.height
    engaged = held.ties["engagement"].drop_nulls()
    assert engaged.is_sorted(descending=True)
    assert not {2, 817} & set(held.ties["ccode"])
    assert tie(held, 800)["rank"] is not None
    assert tie(held, 811)["rank"] is None


def test_a_tie_is_what_the_relation_of_the_pair_is(evidence_of: Make, held: Portfolio) -> None:
    with evidence_of(**WORLD) as ev:
        told = {"tone": relation_of(ev, KHM, USA), "engagement": relation_of(ev, states.by_ccode(800), USA)}
    for name, alone in told.items():
        row = tie(held, 811 if name == "tone" else 800)
        last = alone.of(name).filter(month=held.last).row(0, named=True)
        for column, end in (("value", ""), ("low", "_low"), ("high", "_high")):
            assert row[f"{name}{end}"] == pytest.approx(last[column], abs=0.05)
        then = alone.of(name).filter(month=date(1985, 12, 1)).row(0, named=True)
        assert row[f"{name}_change"] == pytest.approx(last["value"] - then["value"], abs=0.1)
        assert (row[f"{name}_rises"] > 0.5) == (row[f"{name}_change"] > 0)


def test_a_tie_is_unknown_exactly_where_the_relation_of_the_pair_is(
    evidence_of: Make, held: Portfolio
) -> None:
    assert held.ties["alignment"].null_count() == held.ties.height
    with evidence_of(**WORLD) as ev:
        for ccode in (20, 811, 365):
            alone = relation_of(ev, USA, states.by_ccode(ccode), held.last)
            for name in ("tone", "engagement"):
                sd = alone.of(name).filter(month=held.last)["sd"][0]
                assert (tie(held, ccode)[name] is None) == (sd >= LEAST_KNOWN)
        relation = relation_of(ev, USA, KHM).of("engagement")
        earlier = portfolio(ev, USA, date(1984, 12, 1))
    then = relation.filter(month=date(1984, 12, 1)).row(0, named=True)
    assert tie(earlier, 811)["engagement"] == pytest.approx(then["value"], abs=0.05)


def test_a_month_of_which_nothing_is_known_is_refused(evidence_of: Make, held: Portfolio) -> None:
    with evidence_of(**WORLD) as ev:
        with pytest.raises(UsageError, match="January 1991"):
            portfolio(ev, USA, date(1991, 1, 1))
        with pytest.raises(UsageError, match="1900"):
            portfolio(ev, USA, date(1900, 1, 1))
        with pytest.raises(UsageError, match="no other state in January 1950"):
            portfolio(ev, KHM, date(1950, 1, 1))
        early = portfolio(ev, USA, date(1948, 1, 1)).ties
    assert early.height > 0
    assert early["tone_change"].null_count() == early.height


def test_fewer_than_three_known_partners_have_no_concentration(evidence_of: Make, held: Portfolio) -> None:
    assert held.spread.filter(pl.col("of") < 3).is_empty()
    with evidence_of(**WORLD) as ev:
        assert portfolio(ev, KHM).spread.is_empty()


def test_the_last_meeting_is_told_no_more_exactly_than_it_is_known(
    evidence_of: Make, held: Portfolio
) -> None:
    assert tie(held, 811)["met"] == date(1985, 5, 1)
    assert tie(held, 800)["met"] == date(1989, 5, 1)
    never = tie(held, 365)
    assert never["met"] is None
    assert never["met_known"]
    with evidence_of(**WORLD) as ev:
        earlier = portfolio(ev, KHM, date(1980, 1, 1))
    assert tie(earlier, 2)["met"] == date(1971, 5, 1)
    assert tie(earlier, 2)["met_precision"] == "year"
    assert not tie(earlier, 800)["met_known"]


def test_visits_are_spread_only_where_the_record_speaks_of_half_the_world(
    evidence_of: Make, held: Portfolio
) -> None:
    visits = held.spread.filter(kind="visits", year=1987).row(0, named=True)
    assert visits["partners"] == 3
    assert visits["herfindahl"] == pytest.approx((10**2 + 5**2 + 1) / 16**2)
    with evidence_of(**WORLD) as ev:
        other = portfolio(ev, KHM)
    assert other.spread.filter(kind="visits").is_empty()


def test_trade_is_spread_over_both_ways(held: Portfolio) -> None:
    row = held.spread.filter(kind="trade", year=1989).row(0, named=True)
    assert row["herfindahl"] == pytest.approx(0.6**2 + 0.4**2)
    assert (row["first"], row["first_share"], row["partners"], row["of"]) == (800, pytest.approx(0.6), 2, 3)


def test_nothing_loaded_is_refused(evidence_of: Make) -> None:
    with evidence_of() as ev, pytest.raises(NoEvidenceError, match="ties of Cambodia"):
        portfolio(ev, KHM)


amounts = st.lists(st.floats(0.01, 1e6), min_size=1, max_size=30)


def rows_of(values: list[float]) -> pl.DataFrame:
    return pl.DataFrame({"year": 2000, "ccode": range(1, len(values) + 1), "amount": values})


@given(amounts, st.floats(0.01, 1e4))
def test_concentration_lies_between_equal_shares_and_one_and_has_no_unit(
    values: list[float], unit: float
) -> None:
    told = concentration(rows_of(values), "trade").row(0, named=True)
    assert told["herfindahl"] == pytest.approx(sum((v / sum(values)) ** 2 for v in values))
    assert 1 / len(values) - 1e-9 <= told["herfindahl"] <= 1 + 1e-9
    assert told["effective"] == pytest.approx(1 / told["herfindahl"])
    scaled = concentration(rows_of([v * unit for v in values]), "trade").row(0, named=True)
    assert scaled["herfindahl"] == pytest.approx(told["herfindahl"])


def test_equal_partners_count_whole_and_empty_years_have_no_row() -> None:
    assert concentration(rows_of([3.0] * 8), "trade")["effective"].item() == pytest.approx(8)
    empty = concentration(rows_of([0.0, -1.0]), "trade")
    assert empty.is_empty()
    assert empty.schema == SPREAD
    assert np.isclose(concentration(rows_of([2.0, -5.0]), "trade")["herfindahl"].item(), 1)


def test_trust_is_that_of_the_pair_each_way_and_unknown_without_acts(
    evidence_of: Make, held: Portfolio
) -> None:
    assert held.ties["trusts"].null_count() == held.ties.height
    events = [
        {
            "date": date(1988, month, 3),
            "ccode_from": 2,
            "ccode_to": 811,
            "code": code,
            "ref": f"{month}{code}",
            "source": "icews",
        }
        for month, code in ((3, "0411"), (4, "057"), (9, "036"))
    ]
    said = {
        "table": "events",
        "kind": "*",
        "start": date(1988, 1, 1),
        "end": date(1990, 12, 31),
        "source": "icews",
    }
    with evidence_of(**{**WORLD, "events": events, "coverage": [*WORLD["coverage"], said]}) as ev:
        row = tie(portfolio(ev, KHM, date(1990, 12, 1)), 2)
    assert row["trusts_low"] < row["trusts"] < row["trusts_high"]
    assert row["trusts_age"] > 24
    assert row["trusted"] is None
