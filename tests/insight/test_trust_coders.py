"""Several coders of one world: their habits are learned, and taken out of trust."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

import amity
from amity.evidence import open_evidence
from amity.ingest import own
from amity.insight import trust, trust_sources
from amity.insight.trust_coders import TELLS
from amity.insight.trust_path import Acts, Constants, follow
from tests.insight.trust_coder_worlds import Slow, told_by_two
from tests.insight.trust_worlds import PLAIN, RICH, some_acts

if TYPE_CHECKING:
    from pathlib import Path

    from tests.insight.trust_worlds import World

MONTHS = [date(2014, 1 + k, 1) for k in range(12)] + [date(2015, 1 + k, 1) for k in range(3)]
PAIRS = [(811, 2), (2, 811), (2, 20), (20, 2)]
FIRST = trust.records()["all"].source
KINDER, ALIKE = -0.8, 0.5
"""Habit of the second coder in worlds that are drawn."""


def by_two(seed: int) -> pl.DataFrame:
    """Acts of which the first coder tells some, another the rest."""
    acts = some_acts(seed)
    rng = np.random.default_rng(seed)
    return acts.with_columns(source=pl.Series(rng.choice([FIRST, "gdelt1"], acts.height)))


@pytest.fixture(scope="module")
def world() -> World:
    return told_by_two(1, PLAIN, KINDER, ALIKE, dyads=200, days=700, every=8.0)


@pytest.mark.parametrize("classes", [(1, 2, 3, 4), (2, 4)])
@pytest.mark.parametrize("of", [PLAIN, RICH._replace(base=-0.4, other=2.0)])
def test_the_compiled_pass_is_two_coders_lived_through_day_by_day(
    of: Constants, classes: tuple[int, ...]
) -> None:
    rng = np.random.default_rng(1)
    acts = trust.laid_out(some_acts(1, states=4, acts=60, days=50)).arrays
    acts = acts._replace(coder=rng.integers(0, 3, len(acts.day)))
    path, slow = follow(acts, of, classes=classes), Slow(acts, of, classes)
    np.testing.assert_allclose(path.told_mean, slow.mean, atol=2e-6)
    np.testing.assert_allclose(path.told_variance, slow.variance, atol=2e-6)
    for (coder, aside), one in slow.coders.items():
        np.testing.assert_allclose(path.habits.mean[2 * coder + aside], one.habit, atol=2e-6)
        spread = [one.spread[0, 0], one.spread[1, 1], one.spread[0, 1]]
        np.testing.assert_allclose(path.habits.variance[2 * coder + aside], spread, atol=2e-6)


def test_what_one_source_tells_is_read_as_ever() -> None:
    acts = some_acts(2)
    for kind in trust.KINDS:
        plain = trust.compute(acts, PAIRS, MONTHS, kind)
        for names in ([FIRST], [FIRST, "icews"], [FIRST, "own:desk"]):
            named = acts.with_columns(source=pl.Series([names[k % len(names)] for k in range(acts.height)]))
            assert_frame_equal(trust.compute(named, PAIRS, MONTHS, kind), plain, check_exact=True)


def test_what_another_coder_tells_of_the_same_acts_moves_nothing() -> None:
    acts = some_acts(3).with_columns(source=pl.lit(FIRST))
    again = pl.concat([acts.with_columns(source=pl.lit("gdelt1")), acts])
    assert_frame_equal(
        trust.compute(again, PAIRS, MONTHS), trust.compute(acts, PAIRS, MONTHS), check_exact=True
    )
    laid = trust.laid_out(again, FIRST)
    assert laid.arrays.coder is not None
    assert set(laid.arrays.coder) == {0}
    assert set(laid.acts["source"]) == {FIRST}


def test_sources_of_one_producer_are_one_coder() -> None:
    acts = some_acts(4).with_columns(source=pl.lit("gdelt1"))
    other = acts.with_columns(
        source=pl.Series([("gdelt_tkg", "gdelt2", "gdelt1")[k % 3] for k in range(acts.height)])
    )
    assert_frame_equal(trust.compute(acts, PAIRS, MONTHS), trust.compute(other, PAIRS, MONTHS))
    assert (
        trust_sources.coder_of("icews")
        == trust_sources.coder_of("icews_tkg")
        != trust_sources.coder_of("polecat")
    )
    assert trust_sources.coder_of("a newspaper") == "a newspaper"


def test_what_comes_later_changes_nothing_before_whoever_tells_it() -> None:
    acts, cut = by_two(5), date(2014, 8, 1)
    changed = acts.with_columns(
        quad=pl.when(pl.col("date") >= cut).then(5 - pl.col("quad")).otherwise("quad").cast(pl.Int8)
    )
    full = trust.compute(acts, PAIRS, MONTHS)
    before = full.filter(pl.col("month") < cut)
    assert_frame_equal(before, trust.compute(changed, PAIRS, [month for month in MONTHS if month < cut]))
    assert (full["trust"] - trust.compute(changed, PAIRS, MONTHS)["trust"]).abs().max() > 0.02
    one, two = (trust.foresee(told).filter(pl.col("date") <= cut) for told in (acts, changed))
    # acts of the day itself are foreseen before any of them is learned from
    assert_frame_equal(one.select("expected", "trust"), two.select("expected", "trust"))


def test_the_order_of_rows_moves_nothing_whoever_tells_them() -> None:
    acts = by_two(6)
    mixed = acts[np.random.default_rng(6).permutation(acts.height).tolist()]
    assert_frame_equal(trust.compute(acts, PAIRS, MONTHS), trust.compute(mixed, PAIRS, MONTHS))


def by_tenths(world: World, *, known: bool) -> float:
    """The furthest miss of a tenth of the second coder's acts, its habit learned or its word taken."""
    acts = world.acts
    path = follow(acts if known else acts._replace(coder=None), PLAIN)
    second = (acts.coder == 1) & (acts.day >= 30)
    said, came = path.trust[second], acts.quad[second] <= 2
    parts = np.array_split(np.argsort(said, kind="stable"), 10)
    return max(abs(float(said[part].mean() - came[part].mean())) for part in parts)


def test_chances_come_true_by_tenths_with_each_coders_habit_and_not_without(world: World) -> None:
    assert by_tenths(world, known=True) < 0.045
    assert by_tenths(world, known=False) > 0.1


def test_a_habit_is_found(world: World) -> None:
    habits = follow(world.acts, PLAIN).habits
    # r comes out low by a sixth to a third: what pairs' states and pictures share is not carried on
    assert habits.mean[2] == pytest.approx([KINDER, ALIKE], abs=0.35)
    assert habits.mean[2, 0] < -0.3
    assert 0.25 < habits.mean[2, 1] < 0.6
    assert habits.mean[:2].tolist() == [[0, 1], [0, 1]]
    # of classes that nobody tells of nothing is learned
    assert habits.mean[3].tolist() == [0, TELLS]


def test_intervals_on_the_first_coders_scale_hold_the_true_chance(world: World) -> None:
    asked, days = np.arange(len(world.pairs)), np.arange(60, 700, 30)
    path = follow(world.acts, PLAIN, asked, days)
    truth = np.log(world.chance[:, days] / (1 - world.chance[:, days]))
    inside = np.abs(truth - path.asked_mean) < trust.NINETY * np.sqrt(path.asked_variance)
    assert 0.87 < inside.mean() < 0.93
    believed = follow(world.acts._replace(coder=None), PLAIN, asked, days)
    fooled = np.abs(truth - believed.asked_mean) < trust.NINETY * np.sqrt(believed.asked_variance)
    assert fooled.mean() < 0.8
    # and what a second coder tells is worth having
    alone = Acts(*(one[world.acts.coder == 0] for one in world.acts[:3]), world.acts.link)
    fewer = follow(alone, PLAIN, asked, days)
    errors = [np.mean((one.asked_mean - truth) ** 2) for one in (path, fewer, believed)]
    assert errors[0] < errors[1] < errors[2]


def test_a_coder_who_sees_conflict_everywhere_lowers_trust_less_than_one_who_is_believed() -> None:
    days = [date(2014, 1, 1) + timedelta(days=k) for k in range(120)]
    pairs = [(k, k + 1) for k in range(100, 120, 2)]
    rng = np.random.default_rng(7)
    rows = [
        (day, a, b, int(rng.choice([1, 3], p=good)), source)
        for day in days
        for a, b in pairs
        for source, good, often in ((FIRST, (0.9, 0.1), 0.1), ("gdelt1", (0.4, 0.6), 0.4))
        if rng.random() < often
    ]
    names = {
        "date": pl.Date,
        "ccode_from": pl.Int16,
        "ccode_to": pl.Int16,
        "quad": pl.Int8,
        "source": pl.String,
    }
    acts = pl.DataFrame(rows, schema=names, orient="row")
    ways, at = [(b, a) for a, b in pairs], [date(2014, 4, 1)]
    read = trust.compute(acts, ways, at)["trust"].mean()
    believed = trust.compute(acts.drop("source"), ways, at)["trust"].mean()
    true = trust.compute(acts.filter(source=FIRST), ways, at)["trust"].mean()
    assert read == pytest.approx(true, abs=0.06)
    assert believed < true - 0.2


def test_nothing_is_believed_of_a_coder_whom_nobody_has_met() -> None:
    day = np.array([0, 0, 1])
    acts = Acts(day, np.zeros(3, int), np.array([1, 1, 1]), np.array([[0, 1], [1, 0]]), np.array([0, 1, 1]))
    path = follow(acts, PLAIN)
    assert path.told_mean[0] == PLAIN.base
    assert path.told_mean[1] == PLAIN.base / 2
    assert path.told_variance[1] > 1 + path.told_variance[0] / 3
    assert 0.5 < path.trust[1] < path.trust[0]
    assert path.trust[2] > path.trust[1]


def test_acts_of_other_coders_alone_are_read_on_the_first_coders_scale() -> None:
    acts = some_acts(8).with_columns(source=pl.lit("gdelt1"))
    record = trust.records()["all"]
    read, word = (
        trust.compute(acts, PAIRS, MONTHS, record=one) for one in (record, replace(record, source="gdelt2"))
    )
    assert (read["trust"] - word["trust"]).abs().max() > 0.02
    assert_frame_equal(read.select("acts", "age", "yardstick"), word.select("acts", "age", "yardstick"))
    assert_frame_equal(word, trust.compute(acts.drop("source"), PAIRS, MONTHS))


def test_all_that_the_world_does_is_heard_only_where_a_habit_has_to_be_learned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = "date,from,to,code\n2018-02-27,USA,KHM,162\n2018-04-03,KHM,USA,112\n2018-03-01,CHN,LAO,112\n2018-06-01,CHN,LAO,057\n"
    own.add(amity.open_store(tmp_path), "events.csv", events.encode(), "2026-03-01T00:00:00Z", name="desk")
    with open_evidence(amity.open_store(tmp_path)) as ev:
        assert trust_sources.heard(ev, FIRST, [2, 811]).height == 2
        believed = trust.ask(ev, (811,), (2,)).drop_nulls("trust")
        monkeypatch.setattr(trust_sources, "is_own", lambda _: False)
        heard = trust_sources.heard(ev, FIRST, [2, 811])
        # what two others did in the month in which the coder is met, and nothing later
        assert heard.filter(ccode_from=710)["date"].to_list() == [date(2018, 3, 1)]
        assert heard.height == 3
        assert trust_sources.heard(ev, FIRST).height == 4
        read = trust.ask(ev, (811,), (2,)).drop_nulls("trust")
    assert_frame_equal(
        read.select("month", "ccode_from", "acts"), believed.select("month", "ccode_from", "acts")
    )
    assert (read["trust"] - believed["trust"]).abs().max() > 0.01
