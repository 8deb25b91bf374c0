"""Breadth and depth: fields apart from each other, the unknown left out, and counts that are right."""

from __future__ import annotations

from datetime import date
from itertools import product

import numpy as np
import polars as pl
import pytest

from amity.catalog import FIELDS
from amity.dimensions.observed import OBSERVED
from amity.engine.families import GAUSSIAN
from amity.engine.model import dynamics, items
from amity.insight import fields

LAST = date(1960, 12, 1)


def trade(y: float, year: int = 1950, **more: object) -> dict[str, object]:
    row = {"ccode1": 2, "ccode2": 811, "month": date(year, 12, 1), "item": "trade", "source": "cow_trade",
           "side": 0, "y": y, "n": 0.1, "offset": 0.0}  # fmt: skip
    return row | more


def asked(*rows: dict[str, object]) -> fields.Fields:
    return fields.ask(pl.DataFrame(rows, schema=OBSERVED), LAST)


def at(told: fields.Fields, field: str, year: int, ccode1: int = 2) -> dict[str, object]:
    return told.depth.filter(field=field, month=date(year, 12, 1), ccode1=ccode1).row(0, named=True)


def test_a_field_without_evidence_is_unknown_and_no_zero() -> None:
    told = asked(trade(1.5))
    assert at(told, "economy", 1950)["known"] is True
    for field in set(FIELDS) - {"economy"}:
        row = at(told, field, 1950)
        assert row["known"] is False
        assert row["value"] is row["sd"] is row["low"] is row["high"] is None
    breadth = told.breadth.filter(month=date(1950, 12, 1)).row(0, named=True)
    assert breadth["known"] == 1
    assert 0.5 < breadth["breadth"] <= 1


def test_a_field_is_known_no_longer_than_its_evidence_lasts() -> None:
    told = fields.ask(pl.DataFrame([trade(1.5)], schema=OBSERVED), date(1999, 12, 1))
    assert at(told, "economy", 1951)["known"]
    assert not at(told, "economy", 1999)["known"]
    far = told.breadth.filter(month=date(1999, 12, 1)).row(0, named=True)
    assert far["known"] == 0
    assert far["breadth"] is far["low"] is far["high"] is None


def test_evidence_of_one_field_changes_no_other() -> None:
    arms = trade(1.0, item="arms", source="sipri_tiv", n=1.0, offset=-2.0)
    alone, beside = asked(arms), asked(arms, trade(3.0), trade(3.0, 1951))
    of = "security"
    assert alone.depth.filter(field=of).equals(beside.depth.filter(field=of))
    assert beside.breadth["known"].max() == 2


def test_more_trade_is_more_depth_and_more_breadth() -> None:
    told = [asked(trade(y)) for y in (-2.0, 0.0, 2.0)]
    values = [at(one, "economy", 1950)["value"] for one in told]
    widths = [one.breadth.filter(month=date(1950, 12, 1))["breadth"].item() for one in told]
    assert values == sorted(values)
    assert widths == sorted(widths)
    assert widths[0] < 0.1
    assert widths[2] > 0.9


def test_depth_is_the_posterior_of_one_observation() -> None:
    def one_law(names: object) -> tuple[object, object]:
        return items(GAUSSIAN, 0.5, 2.0, 1.0), dynamics(0.9, 4.0)

    rows = pl.DataFrame([trade(3.5)], schema=OBSERVED)
    row = at(fields.ask(rows, LAST, one_law), "economy", 1950)  # type: ignore[arg-type]
    variance = 1 / (1 / 4 + 2.0**2 / 1.1)
    mean = variance * 2.0 * (3.5 - 0.5) / 1.1
    assert row["value"] == pytest.approx(mean / 2)
    assert row["sd"] == pytest.approx(variance**0.5 / 2)
    assert row["high"] - row["low"] == pytest.approx(2 * 1.6449 * row["sd"], rel=1e-4)


def test_pairs_do_not_touch_each_other() -> None:
    other = trade(-3.0, ccode1=200, ccode2=220)
    alone, beside = asked(trade(1.0)), asked(trade(1.0), other)
    assert alone.depth.equals(beside.depth.filter(ccode1=2))
    assert beside.depth.height == 2 * alone.depth.height
    assert at(beside, "economy", 1950, 200)["value"] < 0


@pytest.mark.parametrize("seed", range(3))
def test_the_span_of_a_count_is_that_of_all_its_outcomes(seed: int) -> None:
    chances = np.random.default_rng(seed).uniform(0, 1, 5)
    mass = np.zeros(6)
    for outcome in product((0, 1), repeat=5):
        mass[sum(outcome)] += np.prod([p if hit else 1 - p for p, hit in zip(chances, outcome, strict=True)])
    low, high = fields._span(chances)
    assert mass[low : high + 1].sum() >= 0.9
    assert mass[:low].sum() < 0.05
    assert mass[: low + 1].sum() >= 0.05
    assert mass[high + 1 :].sum() <= 0.05
    assert mass[high:].sum() > 0.05


def test_there_is_a_row_for_each_field_and_year_and_for_the_last_month() -> None:
    told = fields.ask(pl.DataFrame([trade(1.0)], schema=OBSERVED), date(1952, 3, 1))
    months = [date(year, 12, 1) for year in range(1946, 1952)] + [date(1952, 3, 1)]
    assert told.breadth["month"].to_list() == months
    assert told.depth.height == len(FIELDS) * len(months)


def test_nothing_observed_gives_empty_frames() -> None:
    told = fields.ask(OBSERVED.to_frame())
    assert told.depth.is_empty()
    assert told.breadth.is_empty()
