"""Outlooks with and without acts: what is coherent of them, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

import numpy as np
import polars as pl
import pytest

from amity.errors import BadFileError, NoEvidenceError, UsageError
from amity.insight.response import DIMENSIONS, ENOUGH, Response, Told
from amity.insight.response_acts import CLASSES
from amity.insight.whatif import Step, WhatIf, ask, programme, step

KEPT = {"tone": 0.995, "engagement": 0.99}
SINCE = date(2025, 12, 1)


def known(name: str, dimension: str, size: float, cases: int = 400, hidden: int = 0) -> Response:
    """A response that is gone after eighteen months."""
    effect = tuple(None if h < hidden else size * max(0.0, 1 - h / 18) for h in range(1, 25))
    error = tuple(None if e is None else 0.1 * abs(e) for e in effect)
    low, high = (tuple(None if e is None else e + s * 0.2 * abs(e) for e in effect) for s in (-1, 1))
    return Response(
        name, dimension, effect, error, low, high, (cases,) * 24, (9 * cases,) * 24, 90, 5, 0.4, 0.05, effect, effect,
        0.0, 0.1, cases // 2, 1950, 2010, ("wire",), (),
    )  # fmt: skip


SIZES = {"visit up": 0.3, "visit head-of-state up": 0.4, "sanction lifted": 0.5, "sanction imposed": -0.6}
TOLD = Told(
    (
        *(known(name, dimension, size) for name, size in SIZES.items() for dimension in DIMENSIONS),
        *(known("dialogue", dimension, 0.2, cases=ENOUGH - 1) for dimension in DIMENSIONS),
        *(known("aid pledged", dimension, 0.2, hidden=12) for dimension in DIMENSIONS),
    ),
    (),
    "a made-up world",
    1,
)


def states(tone: float = 0.5) -> pl.DataFrame:
    rows = {"tone": tone, "engagement": 1.0, "alignment": 0.0}
    return pl.DataFrame(
        {
            "ccode1": 2, "ccode2": 811, "month": SINCE, "dimension": list(rows), "state": list(rows.values()),
            "sd": 0.3, "value": 0.0, "low": 0.0, "high": 0.0,
        }
    )  # fmt: skip


def asked(*steps: str):
    return ask(states(), [step(one) for one in steps], KEPT, TOLD)


def added(found: WhatIf, dimension: str = "tone") -> pl.DataFrame:
    return found.rows.filter(dimension=dimension)


def test_no_act_changes_nothing():
    rows = asked().rows
    assert rows["difference"].to_list() == [0.0] * rows.height
    assert rows["with"].to_list() == rows["without"].to_list()
    assert rows["with_low"].to_list() == pytest.approx(rows["without_low"].to_list())


def test_without_acts_the_state_is_carried_forward():
    rows = added(asked())
    m, v = 0.5, 0.3**2
    for h, shown in rows.select("horizon", "without").iter_rows():
        m, v = 0.995 * m, 0.995**2 * v + 1 - 0.995**2
        assert shown == pytest.approx(100 * np.tanh(m / 2), abs=1e-4), h
    assert rows["without_high"][-1] == pytest.approx(100 * np.tanh((m + 1.6448536 * v**0.5) / 2), abs=1e-4)


def test_the_order_in_which_acts_are_named_changes_nothing():
    acts = ["2026-02 visit up", "2026-05 sanction lifted", "2027-09 visit up"]
    told = [asked(*order).rows for order in permutations(acts)]
    assert all(one.equals(told[0]) for one in told)


def test_acts_that_overlap_add_up_and_their_errors_do_not():
    both = added(asked("2026-02 visit up", "2026-02 sanction lifted"))
    alone = [added(asked(one)) for one in ("2026-02 visit up", "2026-02 sanction lifted")]
    total = alone[0]["state_difference"] + alone[1]["state_difference"]
    assert both["state_difference"].to_list() == pytest.approx(total.to_list())
    root = (alone[0]["state_error"] ** 2 + alone[1]["state_error"] ** 2).sqrt()
    assert both["state_error"].to_list() == pytest.approx(root.to_list())


def test_a_later_act_adds_nothing_before_the_month_after_it():
    one, two = added(asked("2026-02 visit up")), added(asked("2026-02 visit up", "2026-09 sanction lifted"))
    before = pl.col("month") <= date(2026, 9, 1)
    assert one.filter(before).equals(two.filter(before))
    assert (two.filter(~before)["difference"] >= one.filter(~before)["difference"]).all()
    assert (
        two.filter(month=date(2026, 10, 1))["difference"][0]
        > one.filter(month=date(2026, 10, 1))["difference"][0]
    )


def test_the_difference_shrinks_to_zero_where_the_response_does():
    rows = added(asked("2026-02 sanction imposed"))
    size = rows["difference"].abs().to_list()
    assert size == sorted(size, reverse=True)
    assert rows.filter(pl.col("horizon") >= 18)["difference"].to_list() == [0.0] * 7
    wide = (rows["difference_high"] - rows["difference_low"]).to_list()
    assert wide[-1] == 0.0 < wide[0]


def test_opposite_signs_differ_to_opposite_sides():
    kind, hostile = added(asked("2026-02 sanction lifted")), added(asked("2026-02 sanction imposed"))
    assert kind["difference"][0] > 0 > hostile["difference"][0]
    assert (kind["difference_low"] <= kind["difference"]).all()
    assert (kind["difference_high"] >= kind["difference"]).all()


def test_within_the_year_of_an_act_that_is_known_by_its_year_nothing_is_said():
    rows = added(asked("2026-01 aid pledged"))
    assert rows.head(11)["difference"].null_count() == 11
    assert rows.tail(13)["difference"].null_count() == 0
    assert rows["without"].null_count() == 0


def test_a_class_with_few_cases_is_refused_with_a_cure():
    with pytest.raises(NoEvidenceError, match="29 comparable cases") as refused:
        asked("2026-02 dialogue")
    assert "sanction lifted" in refused.value.mend
    assert len(str(refused.value).splitlines()) == 2


def test_a_class_without_any_record_is_refused():
    with pytest.raises(NoEvidenceError, match="0 comparable cases"):
        asked("2026-02 relations restored")


@pytest.mark.parametrize(
    "acts",
    [
        ("2026-02 visit up", "2026-09 visit up"),
        ("2026-02 visit up", "2026-02 visit up"),
        ("2026-02 visit up", "2027-02 visit head-of-state up"),
    ],
)
def test_an_act_like_one_of_the_year_before_is_refused(acts: tuple[str, str]):
    with pytest.raises(UsageError, match="within a year"):
        asked(*acts)


def test_a_visit_the_other_way_is_no_act_alike():
    told = replace(TOLD, responses=(*TOLD.responses, *(known("visit down", d, 0.1) for d in DIMENSIONS)))
    steps = [step("2026-02 visit up"), step("2026-03 visit down")]
    assert len(ask(states(), steps, KEPT, told).steps) == 2


def test_what_has_been_is_no_programme():
    with pytest.raises(UsageError, match="no later than what is known"):
        asked("2025-12 visit up")


def test_a_pair_without_states_is_refused():
    with pytest.raises(NoEvidenceError, match="no state"):
        ask(states().clear(), [], KEPT, TOLD)


@pytest.mark.parametrize(
    "words", ["visit up", "2026-13 visit up", "2026-02", "2026-02 tea", "26-02 visit up"]
)
def test_words_that_are_no_act_are_refused(words: str):
    with pytest.raises(UsageError):
        step(words)


def test_every_class_can_be_said():
    assert [step(f"2026-02  {one.name.upper()} ").name for one in CLASSES] == [one.name for one in CLASSES]


def test_a_programme_is_a_list_of_acts():
    text = "do:\n- {month: 2026-03, act: arms}\n- month: 2026-02\n  act: threat\n"
    assert programme(text) == (Step(date(2026, 3, 1), "arms"), Step(date(2026, 2, 1), "threat"))


@pytest.mark.parametrize(
    "text",
    [
        "do: - a",
        "",
        "do:\n- month: 2026-02",
        "do: 3",
        "do:\n- {act: arms, month: 2026-02, who: x}",
        "do: [",
        "- a",
        "do: [a]",
    ],
)
def test_a_file_that_is_no_programme_is_refused(text: str):
    with pytest.raises(BadFileError) as refused:
        programme(text)
    assert "do:" in refused.value.mend
