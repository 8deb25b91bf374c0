"""Trust: what moves it, what must not, and how sure it is."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from scipy.optimize import minimize, rosen

import amity
from amity import cameo
from amity.errors import UsageError
from amity.evidence import open_evidence
from amity.ingest import own
from amity.insight import trust
from amity.insight.trust_learning import BEGIN, Learned, climb, learn, log_score, prior_of_beta
from amity.insight.trust_path import Acts, Constants, chance, follow
from amity.insight.trust_steps import MONTH
from amity.insight.trust_yardstick import discounted_beta
from amity.sources import icews_tkg, quadruples
from tests.insight.trust_worlds import PLAIN, RICH, World, drawn, slowly, some_acts

if TYPE_CHECKING:
    from pathlib import Path

    from amity.store import Store

MONTHS = [date(2014, 1 + k, 1) for k in range(12)] + [date(2015, 1 + k, 1) for k in range(3)]
PAIRS = [(811, 2), (2, 811), (2, 20), (20, 2)]


def told(*acts: tuple[date, int, int, int]) -> pl.DataFrame:
    columns = {"date": pl.Date, "ccode_from": pl.Int16, "ccode_to": pl.Int16, "quad": pl.Int8}
    return pl.DataFrame(list(acts), schema=columns, orient="row")


def known(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.drop_nulls("trust")


@pytest.mark.parametrize("classes", [(1, 2, 3, 4), (2, 4), (1, 3)])
@pytest.mark.parametrize("of", [PLAIN, RICH, RICH._replace(base=-0.4, other=2.0)])
def test_the_compiled_pass_is_the_model_lived_through_day_by_day(
    of: Constants, classes: tuple[int, ...]
) -> None:
    laid = trust.laid_out(some_acts(1))
    path = follow(laid.arrays, of, classes=classes)
    mean, variance = slowly(laid.arrays, of, classes)
    np.testing.assert_allclose(path.mean, mean, atol=1e-9)
    np.testing.assert_allclose(path.variance, variance, atol=1e-9)


def test_a_months_end_is_what_an_act_of_the_next_day_would_have_met() -> None:
    acts = some_acts(2)
    rows = known(trust.compute(acts, PAIRS, MONTHS[3:6]))
    assert rows.height > 8
    for row in rows.iter_rows(named=True):
        end = (row["month"] + timedelta(days=31)).replace(day=1)
        until = acts.filter(pl.col("date") < end)
        then = pl.concat(
            [
                until.drop("root"),
                told((end, row["ccode_to"], row["ccode_from"], 1)).select(until.drop("root").columns),
            ]
        )
        met = trust.foresee(then.with_columns(root=pl.Series([*until["root"], "03"])))
        last = met.filter(date=end).row(0, named=True)
        # the day between fades a little
        assert last["trust"] == pytest.approx(row["trust"], abs=0.01)
        assert last["seen"] == row["acts"]


def test_swapping_the_two_sides_swaps_trust_and_turns_the_gap() -> None:
    acts = some_acts(3)
    swapped = acts.with_columns(pl.col("ccode_from", "ccode_to").replace({811: 2, 2: 811}))
    ways = [(811, 2), (2, 811)]
    one, two = trust.compute(acts, ways, MONTHS), trust.compute(swapped, ways, MONTHS)
    back = two.with_columns(pl.col("ccode_from", "ccode_to").replace({811: 2, 2: 811}))
    assert_frame_equal(one, back, check_row_order=False, abs_tol=1e-12)
    gap, turned = trust.gaps(one).drop_nulls(), trust.gaps(two).drop_nulls()
    assert gap.height > 10
    for name, other in (("gap", "gap"), ("low", "high"), ("high", "low")):
        np.testing.assert_allclose(gap[name].to_numpy(), -turned[other].to_numpy(), atol=1e-12)


def test_reporting_every_act_again_and_by_another_source_moves_nothing() -> None:
    acts = some_acts(4).with_columns(source=pl.lit("one"))
    again = pl.concat([acts, acts, acts.with_columns(source=pl.lit("another"))])
    for kind in trust.KINDS:
        assert_frame_equal(
            trust.compute(acts, PAIRS, MONTHS, kind), trust.compute(again, PAIRS, MONTHS, kind)
        )


def test_two_classes_of_act_on_one_day_are_two_acts_and_two_reports_of_one_are_one() -> None:
    day = date(2014, 2, 3)
    two = told((day, 2, 811, 3), (day, 2, 811, 3))
    at = [date(2014, 2, 1)]
    assert trust.compute(two, [(811, 2)], at)["acts"].to_list() == [1]
    assert trust.compute(two.with_columns(root=pl.Series(["11", "12"])), [(811, 2)], at)[
        "acts"
    ].to_list() == [2]
    assert trust.compute(two.with_columns(root=pl.lit("11")), [(811, 2)], at)["acts"].to_list() == [1]


def test_the_order_of_rows_moves_nothing() -> None:
    acts = some_acts(5)
    rng = np.random.default_rng(5)
    mixed = acts[rng.permutation(acts.height).tolist()]
    assert_frame_equal(trust.compute(acts, PAIRS, MONTHS), trust.compute(mixed, PAIRS, MONTHS))


def test_what_comes_later_changes_nothing_before() -> None:
    acts, cut = some_acts(6), date(2014, 8, 1)
    until = [month for month in MONTHS if month < cut]
    changed = acts.with_columns(
        quad=pl.when(pl.col("date") >= cut).then(5 - pl.col("quad")).otherwise("quad").cast(pl.Int8)
    )
    full = trust.compute(acts, PAIRS, MONTHS)
    before = full.filter(pl.col("month") < cut)
    assert_frame_equal(before, trust.compute(changed, PAIRS, until))
    assert_frame_equal(before, trust.compute(acts.filter(pl.col("date") < cut), PAIRS, until))
    other = trust.compute(changed, PAIRS, MONTHS)
    assert (full["trust"] - other["trust"]).abs().max() > 0.05


def test_acts_of_others_than_the_two_sides_are_not_read() -> None:
    """So that the acts of two senders are enough to read one pair."""
    acts = some_acts(7)
    ways = [(811, 2), (2, 811)]
    mine = acts.filter(pl.col("ccode_from").is_in([811, 2]))
    for kind in trust.KINDS:
        assert_frame_equal(
            trust.compute(acts, ways, MONTHS, kind), trust.compute(mine, ways, MONTHS, kind), abs_tol=1e-12
        )


@given(st.lists(st.sampled_from([1, 2, 3, 4]), max_size=8), st.sampled_from([1, 2]), st.sampled_from([3, 4]))
@settings(deadline=None, max_examples=40)
def test_a_kind_act_raises_trust_and_a_hostile_one_lowers_it(
    past: list[int], kind: int, hostile: int
) -> None:
    def after(last: int) -> tuple[float, float]:
        day = np.arange(len(past) + 1) * 9
        acts = Acts(day, np.zeros_like(day), np.array([*past, last]), np.array([[0, 1], [1, 0]]))
        path = follow(acts, RICH, np.array([0]), day[-1:])
        return float(path.mean[-1]), float(path.asked_mean[0, 0])

    before, raised = after(kind)
    again, lowered = after(hostile)
    assert before == again
    assert lowered < before < raised


def test_an_act_that_was_expected_moves_trust_less_than_a_surprise() -> None:
    def step(before: int, last: int) -> float:
        day = np.array([0, 10, 20, 30, 40])
        acts = Acts(day, np.zeros(5, int), np.array([before] * 4 + [last]), np.array([[0, 1], [1, 0]]))
        path = follow(acts, PLAIN, np.array([0]), np.array([40]))
        return abs(float(path.asked_mean[0, 0] - path.mean[-1]))

    assert step(1, 3) > 3 * step(1, 1)
    assert step(3, 1) > step(3, 3)


def test_how_they_treat_each_other_and_others_counts_by_the_constants_sign() -> None:
    days = [date(2014, 1, 1) + timedelta(days=9 * k) for k in range(6)]
    first = told((days[0], 2, 811, 1))
    quarrel = pl.concat([first, told(*((day, 2, 20, 4) for day in days))])
    mine = pl.concat([first, told(*((day, 811, 2, 4) for day in days))])

    def of(acts: pl.DataFrame, **changed: float) -> float:
        record = trust.records()["all"]
        law = PLAIN._replace(**changed)
        mine_record = trust.Record(
            "all", law, record.yardstick, "", "state", days[0], days[0], 0, 0.0, days[0]
        )
        return trust.compute(acts, [(811, 2)], [date(2014, 3, 1)], record=mine_record)["trust"][0]

    alone = of(first)
    assert of(quarrel) == pytest.approx(alone)
    assert of(mine) == pytest.approx(alone)
    assert of(quarrel, reputation=1.0) < alone - 0.01
    assert of(mine, reciprocity=0.5) < alone - 0.01


def test_silence_makes_trust_less_sure_and_brings_it_back_to_what_is_usual() -> None:
    acts = Acts(np.arange(10) * 5, np.zeros(10, int), np.full(10, 4), np.array([[0, 1], [1, 0]]))
    days = 50 + np.array([0, 90, 365, 1500, 10**6])
    path = follow(acts, PLAIN, np.array([0]), days)
    assert (np.diff(path.asked_mean[0]) > 0).all()
    assert (np.diff(path.asked_variance[0]) > 0).all()
    assert path.asked_mean[0, -1] == pytest.approx(PLAIN.base)
    assert path.asked_variance[0, -1] == pytest.approx(PLAIN.level**2 + PLAIN.turn**2)
    rows = trust.compute(told((date(2014, 1, 31), 2, 811, 1)), [(811, 2)], MONTHS)
    assert rows["age"].to_list() == sorted(rows["age"].to_list())
    assert rows["age"][0] == 0
    assert rows["age"][12] == pytest.approx(12.0, abs=0.1)


def test_acts_of_one_day_tell_less_than_the_same_on_different_days() -> None:
    link = np.array([[0, 1], [1, 0]])
    of = PLAIN._replace(together=0.5)
    at_once = follow(
        Acts(np.zeros(6, int), np.zeros(6, int), np.full(6, 3), link), of, np.array([0]), np.array([6])
    )
    apart = follow(
        Acts(np.arange(6), np.zeros(6, int), np.full(6, 3), link), of, np.array([0]), np.array([6])
    )
    assert at_once.asked_variance[0, 0] > apart.asked_variance[0, 0]
    assert at_once.asked_mean[0, 0] > apart.asked_mean[0, 0]
    assert (at_once.mean == of.base).all()


def test_where_nothing_was_done_trust_is_unknown() -> None:
    acts = told((date(2014, 3, 5), 2, 811, 1), (date(2014, 5, 1), 2, 20, 4))
    rows = trust.compute(acts, [(811, 2), (2, 811), (700, 710)], MONTHS[:6])
    unknown = rows.filter(pl.col("trust").is_null())
    assert rows.height == 18
    assert rows.filter(pl.col("ccode_from") == 811)["trust"].is_null().to_list() == [True, True] + [False] * 4
    assert unknown.select("low", "high", "age", "yardstick").null_count().row(0) == (14, 14, 14, 14)
    assert unknown["acts"].to_list() == [0] * 14
    assert trust.compute(acts, [(811, 2)], MONTHS[:6], "material")["trust"].null_count() == 6
    assert trust.compute(acts.clear(), [(811, 2)], MONTHS)["trust"].null_count() == len(MONTHS)
    assert trust.gaps(rows)["gap"].null_count() == 6


def test_words_and_deeds_are_read_apart() -> None:
    talk = told(*((date(2014, 1, 1) + timedelta(days=7 * k), 2, 811, 1) for k in range(20)))
    both = pl.concat(
        [
            talk,
            told(*((date(2014, 1, 3) + timedelta(days=7 * k), 2, 811, 4) for k in range(20))),
        ]
    )
    at = [date(2014, 6, 1)]
    read = {kind: trust.compute(both, [(811, 2)], at, kind).row(0, named=True) for kind in trust.KINDS}
    assert read["material"]["trust"] < 0.25
    assert read["verbal"]["trust"] > 0.8
    assert read["material"]["trust"] < read["all"]["trust"] < read["verbal"]["trust"]
    assert [read[kind]["acts"] for kind in trust.KINDS] == [40, 20, 20]


def test_words_tell_of_deeds_and_are_no_deeds() -> None:
    deed = told((date(2014, 1, 2), 2, 811, 2))
    kind, harsh = (
        told(*((date(2014, 1, 3) + timedelta(days=7 * k), 2, 811, quad) for k in range(12)))
        for quad in (1, 3)
    )
    at = [date(2014, 4, 1)]
    alone, praised, blamed = (
        trust.compute(pl.concat([deed, words]), [(811, 2)], at, "material").row(0, named=True)
        for words in (kind.clear(), kind, harsh)
    )
    assert blamed["trust"] < alone["trust"] - 0.05
    assert praised["trust"] > alone["trust"]
    for row in (praised, blamed):
        assert (row["acts"], row["age"], row["yardstick"]) == (
            alone["acts"],
            alone["age"],
            alone["yardstick"],
        )
    assert trust.compute(kind, [(811, 2)], at, "material")["trust"].to_list() == [None]


def test_the_chance_lies_in_its_interval_and_the_gap_in_its_own() -> None:
    rows = pl.concat([trust.compute(some_acts(8), PAIRS, MONTHS, kind) for kind in trust.KINDS])
    seen = known(rows)
    assert seen.filter((pl.col("low") < pl.col("trust")) & (pl.col("trust") < pl.col("high"))).equals(seen)
    gaps = trust.gaps(rows).drop_nulls()
    assert gaps.filter(pl.col("gap").is_between("low", "high")).equals(gaps)
    assert gaps.select(pl.min("low") >= -1, pl.max("high") <= 1).row(0) == (True, True)


def test_the_yardstick_is_its_formula() -> None:
    laid = trust.laid_out(some_acts(9))
    acts = laid.arrays
    asked, days = np.array([0, 3]), np.array([16100, 16300])
    before, then = discounted_beta(acts, 6.0, (2.0, 0.8), asked, days)

    def plain(p: int, day: int, at_end: int = 0) -> float:
        mine = (acts.pair == p) & (acts.day < day + at_end)
        weight = 0.5 ** ((day - acts.day[mine]) / (6 * MONTH))
        return float((1.6 + weight[acts.quad[mine] <= 2].sum()) / (2 + weight.sum()))

    for e in range(len(acts.day)):
        assert before[e] == pytest.approx(plain(acts.pair[e], acts.day[e]))
    for k, p in enumerate(asked):
        for d, day in enumerate(days):
            # at the end of a day that day's acts are known and have not faded
            assert then[k, d] == pytest.approx(plain(p, day, at_end=1))


def test_the_mean_chance_is_near_the_integral() -> None:
    z, w = np.polynomial.hermite_e.hermegauss(61)
    for mean in (-3.0, -0.5, 0.0, 2.0, 4.0):
        for variance in (0.0, 0.5, 2.0, 6.0):
            exact = (w / w.sum()) @ (1 / (1 + np.exp(-(mean + math.sqrt(variance) * z))))
            assert chance(np.array(mean), np.array(variance)) == pytest.approx(exact, abs=0.02)


def test_the_climb_finds_the_top_that_scipy_finds() -> None:
    top, _, settled = climb(lambda x: -float(rosen(x)), np.array([-1.2, 1.0, 0.5]), 400)
    theirs = minimize(rosen, [-1.2, 1.0, 0.5], method="BFGS").x
    np.testing.assert_allclose(top, theirs, atol=0.05)
    assert settled


def test_too_few_acts_or_one_sort_of_them_teach_nothing() -> None:
    with pytest.raises(UsageError, match="teach nothing"):
        learn(trust.laid_out(some_acts(10, acts=50)).arrays)
    with pytest.raises(UsageError, match="teach nothing"):
        learn(trust.laid_out(some_acts(10).with_columns(quad=pl.lit(1, pl.Int8))).arrays)


@pytest.fixture(scope="module")
def world() -> World:
    return drawn(1, PLAIN)


@pytest.fixture(scope="module")
def learned() -> Learned:
    """Constants from another world of the same law, as those that ship are from another year than they serve."""
    still = {
        name: getattr(PLAIN, name)
        for name in ("together", "reciprocity", "reputation", "reputation_prior", "reputation_half_life")
    }
    return learn(drawn(2, PLAIN, dyads=100, days=600).acts, held=still)


def test_learning_finds_constants_that_foresee_as_well_as_the_true_ones(
    world: World, learned: Learned
) -> None:
    assert learned.settled
    quad = world.acts.quad
    true = log_score(follow(world.acts, PLAIN).trust, quad)
    found = log_score(follow(world.acts, learned.constants).trust, quad)
    begin = log_score(follow(world.acts, BEGIN._replace(base=learned.constants.base)).trust, quad)
    assert found.mean() > true.mean() - 0.001
    assert found.mean() > begin.mean()
    plain = discounted_beta(world.acts, 6.0, prior_of_beta(world.acts, 6.0))[0]
    assert found.mean() > log_score(plain, quad).mean() + 0.001


def test_learning_from_words_too_finds_how_much_kinder_they_are(world: World) -> None:
    rng = np.random.default_rng(3)
    word = rng.random(len(world.acts.quad)) < 0.6
    odds = np.log(world.chance / (1 - world.chance))[world.acts.pair, world.acts.day]
    good = rng.random(len(word)) < 1 / (1 + np.exp(-odds + 2 - 1.5 * word))
    acts = world.acts._replace(quad=np.where(good, 2, 4) - word)
    still = {"together": 0.0, "reciprocity": 0.0, "reputation": 0.0, "turn_half_life": 4.0}
    found = learn(acts, classes=(2, 4), held=still).constants
    assert found.base == pytest.approx(-0.5, abs=0.2)
    assert found.other == pytest.approx(1.5, abs=0.2)
    deeds = acts.only((2, 4))
    heard = follow(acts, found, classes=(2, 4)).trust[~word]
    alone = follow(deeds, learn(deeds, held=still).constants).trust
    assert log_score(heard, deeds.quad).mean() > log_score(alone, deeds.quad).mean() + 0.005


@pytest.mark.parametrize("whose", ["true", "learned"])
def test_intervals_hold_the_true_chance_as_often_as_they_say(
    world: World, learned: Learned, whose: str
) -> None:
    of = PLAIN if whose == "true" else learned.constants
    asked, days = np.arange(len(world.pairs)), np.arange(60, 900, 30)
    path = follow(world.acts, of, asked, days)
    reach = trust.NINETY * np.sqrt(path.asked_variance)
    truth = np.log(world.chance[:, days] / (1 - world.chance[:, days]))
    inside = np.abs(truth - path.asked_mean) < reach
    assert 0.88 < inside[path.asked_seen > 0].mean() < 0.92
    few, many = path.asked_seen <= 10, path.asked_seen > 40
    assert 0.87 < inside[few].mean() < 0.93
    assert 0.87 < inside[many].mean() < 0.93
    # and they are worth having: narrower than not knowing the pair
    assert np.median(path.asked_variance[many]) < 0.6 * (PLAIN.level**2 + PLAIN.turn**2)


def test_chances_come_true_by_tenths(world: World, learned: Learned) -> None:
    said = follow(world.acts, learned.constants).trust
    for part in np.array_split(np.argsort(said, kind="stable"), 10):
        came = (world.acts.quad[part] <= 2).mean()
        assert came == pytest.approx(said[part].mean(), abs=0.035)


def test_the_gaps_interval_holds_the_true_gap(world: World) -> None:
    record = trust.records()["all"]
    mine = trust.Record(
        "all", PLAIN, record.yardstick, "", "state", *[date(2014, 1, 1)] * 2, 0, 0.0, date(2014, 1, 1)
    )
    months = [date(2015, 1 + k, 1) for k in range(0, 12, 3)]
    ways = [(b, a) for a, b in world.pairs]
    gaps = trust.gaps(
        trust.compute(
            world.frame.with_columns(root=pl.int_range(pl.len()).cast(pl.String)), ways, months, record=mine
        )
    )
    index = {pair: k for k, pair in enumerate(world.pairs)}
    ends = [
        ((month + timedelta(days=31)).replace(day=1) - timedelta(days=1) - date(2014, 1, 1)).days
        for month in months
    ]
    at = dict(zip(months, ends, strict=True))
    inside = [
        row["low"] < world.chance[index[row["ccode2"], row["ccode1"]], at[row["month"]]]
        - world.chance[index[row["ccode1"], row["ccode2"]], at[row["month"]]] < row["high"]
        for row in gaps.drop_nulls().iter_rows(named=True)
    ]  # fmt: skip
    assert len(inside) > 700
    assert 0.86 < np.mean(inside) < 0.95


HEADER = "date,from,to,code,role_from,role_to\n"


def store_of(folder: Path, events: str = "", acts: str = "") -> Store:
    held = amity.open_store(folder)
    for table, text in (("events", events), ("acts", acts)):
        if text:
            own.add(held, f"{table}.csv", text.encode(), "2026-03-01T00:00:00Z", name=f"my {table}")
    return amity.open_store(folder)


def test_from_votes_visits_missions_and_aid_alone_trust_is_unknown(tmp_path: Path) -> None:
    with open_evidence(store_of(tmp_path)) as ev:
        rows = trust.ask(ev, (811,), (2,))
    assert rows.height == 0
    assert rows.columns == [*trust.ROWS, "covered"]
    assert trust.gaps(rows).height == 0


def test_a_store_is_asked_for_both_ways_and_every_kind(tmp_path: Path) -> None:
    events = HEADER + "2018-02-27,USA,KHM,162,GOV,GOV\n2018-04-03,KHM,USA,112,,\n2018-04-03,KHM,CHN,057,,\n"
    with open_evidence(store_of(tmp_path, events)) as ev:
        rows = trust.ask(ev, (811,), (2,))
        back = trust.ask(ev, (2,), (811,))
    assert_frame_equal(rows, back, check_row_order=False)
    assert rows.height == 3 * 2 * 3
    assert rows.group_by("month").agg(pl.col("covered").unique()).sort("month")["covered"].to_list() == [
        [True],
        [False],
        [True],
    ]
    khm = rows.filter(ccode_from=811, month=date(2018, 4, 1))
    assert dict(khm.select("kind", "acts").rows()) == {"all": 1, "material": 1, "verbal": 0}
    read = dict(khm.select("kind", "trust").rows())
    assert read["material"] < 0.45
    assert read["verbal"] is None


def test_a_users_own_acts_count_beside_the_news_and_once(tmp_path: Path) -> None:
    events = HEADER + "2018-02-27,USA,KHM,162,GOV,GOV\n"
    acts = "date,from,to,kind,role_from\n2018-02-27,USA,KHM,aid cut,government\n2018-03,USA,KHM,aid,\n"
    with open_evidence(store_of(tmp_path, events, acts)) as ev:
        rows = trust.ask(ev, (811,), (2,)).filter(ccode_from=811, kind="all")
    assert rows.select("month", "acts").rows() == [(date(2018, 2, 1), 1), (date(2018, 3, 1), 2)]
    assert rows["age"][1] == 0
    assert rows["trust"][1] > rows["trust"][0]


def test_trust_in_oneself_is_no_question(tmp_path: Path) -> None:
    with open_evidence(store_of(tmp_path)) as ev, pytest.raises(UsageError, match="itself"):
        trust.ask(ev, (2, 811), (811,))


def test_the_constants_that_ship_are_sound_and_say_where_they_come_from() -> None:
    records = trust.records()
    assert set(records) == set(trust.KINDS)
    assert records["material"].acts + records["verbal"].acts == records["all"].acts
    for record in records.values():
        of = record.constants
        assert record.first < record.last < record.learned
        assert record.source == "icews_tkg"
        assert min(of.level, of.turn, of.turn_half_life, *of.weight, of.reputation_prior) > 0
        assert 0 <= of.together < 1
    # deeds cost something: fewer of them are kind than of words
    assert records["material"].constants.base < records["verbal"].constants.base


def test_the_constants_that_ship_foresee_their_year_as_well_as_they_say(publisher_data: Path) -> None:
    folder = publisher_data / "icews" / "icews14_tkg"
    read = {f"{folder.name}/{path.name}": path.read_bytes() for path in folder.glob("*2id.txt")}
    read |= {f"{folder.name}/{name}": (folder / name).read_bytes() for name in quadruples.PARTS}
    states = [
        pl.col(role).is_null() | pl.col(role).is_in(cameo.STATE_ROLES) for role in ("role_from", "role_to")
    ]
    told = icews_tkg.parse(read).tables["events"].drop("root").join(cameo.classes(), on="code")
    acts = told.filter(
        pl.col("ccode_from") != pl.col("ccode_to"), ~pl.col("code").is_in(["01", "010", "011"]), *states
    )
    for kind, record in trust.records().items():
        seen = trust.foresee(acts.filter(pl.col("date").is_between(record.first, record.last)), kind)
        assert set(seen["quad"]) == set(trust.KINDS[kind])
        score = log_score(seen["expected"].to_numpy(), seen["quad"].to_numpy())
        assert len(score) == record.acts
        assert score.mean() == pytest.approx(record.log_score, abs=2e-4)
