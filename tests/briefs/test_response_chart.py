"""The chart of what followed acts of a class."""

from __future__ import annotations

from dataclasses import replace

import pytest

from amity.briefs.charts.response import after, before, placebo, response
from amity.insight.response import CLASSES, ENOUGH, OUTCOMES, Response, read

DRAWN = [one for one in read().responses if one.n >= ENOUGH]


@pytest.mark.parametrize("one", DRAWN, ids=lambda one: f"{one.dimension} {one.name}")
def test_every_path_lies_within_its_band_and_in_the_order_of_months(one: Response) -> None:
    for points in (before(one), after(one), placebo(one)):
        assert all(point["low"] <= point["value"] <= point["high"] for point in points)
        assert [point["t"] for point in points] == sorted(point["t"] for point in points)
    assert {point["t"] for point in placebo(one)} <= {point["t"] for point in after(one)}
    assert response(one)


def test_the_year_of_an_act_known_by_its_year_is_not_drawn() -> None:
    one = read().of("aid pledged", "tone")
    assert one is not None
    assert [point["t"] for point in after(one)] == list(range(12, 25))
    assert [point["t"] for point in before(one)] == list(range(-12, 0))


def test_a_line_breaks_where_nothing_is_known() -> None:
    one = DRAWN[0]
    effect = (*one.effect[:5], None, *one.effect[6:])
    runs = [point["run"] for point in after(replace(one, effect=effect))]
    assert sorted(set(runs)) == [0, 1]
    assert len(runs) == 23


def test_a_class_with_few_cases_is_not_drawn() -> None:
    few = [one for one in read().responses if one.n < ENOUGH]
    assert few
    assert all(response(one) is None for one in few)
    assert len(DRAWN) + len(few) == len(CLASSES) * len(OUTCOMES)
