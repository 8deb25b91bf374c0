"""Programmes beside each other: what is coherent of the differences."""

from __future__ import annotations

from itertools import permutations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amity.errors import UsageError
from amity.insight.comparing import BETWEEN, Compared, compare
from amity.insight.whatif import ask, step
from tests.insight.test_whatif import KEPT, TOLD, states

GAPS = ("difference", "difference_low", "difference_high")
ACTS = (
    "2026-02 visit up",
    "2026-05 sanction lifted",
    "2026-07 sanction imposed",
    "2027-09 visit up",
    "2026-03 aid pledged",
)


def compared(**programmes: tuple[str, ...]) -> Compared:
    named = {name: tuple(step(one) for one in acts) for name, acts in programmes.items()}
    return compare(states(), named, KEPT, TOLD)


def test_two_equal_programmes_differ_by_exactly_nothing_even_where_an_act_is_unknown() -> None:
    rows = compared(one=ACTS, other=ACTS[::-1]).rows
    for name in (*GAPS, "state_difference", "state_error"):
        assert rows[name].to_list() == [0.0] * 48, name


def test_against_no_act_a_programme_differs_by_what_its_outlook_tells() -> None:
    acts = ACTS[:3]
    told = compared(acts=acts, nothing=()).rows
    alone = ask(states(), [step(one) for one in acts], KEPT, TOLD).rows
    for name in (*GAPS, "state_difference", "state_error"):
        assert told[name].to_list() == pytest.approx(alone[name].to_list()), name


@settings(max_examples=15, deadline=None)
@given(st.sets(st.sampled_from(ACTS)), st.sets(st.sampled_from(ACTS)))
def test_turning_two_programmes_round_turns_the_sign_and_the_interval(one: set[str], other: set[str]) -> None:
    there = compared(a=tuple(one), b=tuple(other)).rows
    back = compared(b=tuple(other), a=tuple(one)).rows
    for here, name in zip(GAPS, ("difference", "difference_high", "difference_low"), strict=True):
        turned = [None if value is None else -value for value in back[name]]
        assert there[here].to_list() == pytest.approx(turned, abs=1e-9)
    known = there.drop_nulls()
    assert (known["difference_low"] <= known["difference"]).all()
    assert (known["difference"] <= known["difference_high"]).all()


def test_what_both_have_is_gone_and_the_rest_stands_alone() -> None:
    shared = compared(more=ACTS[:3], less=ACTS[1:3]).rows
    alone = compared(more=ACTS[:1], less=()).rows.filter(pl.col("month") <= max(shared["month"]))
    assert shared["state_difference"].to_list() == pytest.approx(alone["state_difference"].to_list())
    assert shared["state_error"].to_list() == pytest.approx(alone["state_error"].to_list())


def test_a_later_act_of_the_same_class_is_not_taken_for_surer_than_the_class() -> None:
    rows = compared(early=("2026-02 visit up",), late=("2026-05 visit up",)).rows.filter(dimension="tone")
    early, late = (
        compared(a=(one,), b=()).rows.filter(dimension="tone") for one in (ACTS[0], "2026-05 visit up")
    )
    both = early.join(late, on="month", suffix="_late").join(rows, on="month", suffix="_gap")
    assert both.height > 18
    total = both["state_error"] + both["state_error_late"]
    assert both["state_error_gap"].to_list() == pytest.approx(total.to_list())


def test_every_two_of_three_are_told_over_the_same_months() -> None:
    found = compared(a=ACTS[:1], b=ACTS[1:2], c=())
    pairs = found.rows.select("programme", "against").unique(maintain_order=True).rows()
    assert pairs == [("a", "b"), ("a", "c"), ("b", "c")]
    assert found.rows.schema == BETWEEN
    assert {tuple(one.rows["month"]) for one in found.outlooks.values()} == {
        tuple(found.outlooks["a"].rows["month"])
    }
    assert found.frame.height == 3 * 48


def test_the_order_in_which_acts_are_named_changes_nothing() -> None:
    told = [compared(one=order, other=ACTS[3:4]).rows for order in permutations(ACTS[:3])]
    assert all(rows.equals(told[0]) for rows in told)


def test_one_programme_alone_is_refused() -> None:
    with pytest.raises(UsageError, match="nothing to be compared"):
        compared(one=ACTS)
