"""Measures of votes: against published values, brute force, and what must be true of any votes."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from amity.errors import UsageError
from amity.evidence.roll_calls import one_record
from amity.measures import agreement, cohen_kappa, joint_votes, s_score, scott_pi
from amity.sources import unga_resolutions, unga_votes

if TYPE_CHECKING:
    from pathlib import Path

MEASURES = {agreement: ["value"], s_score: ["s", "s_squared"], scott_pi: ["pi", "pi_squared"],
            cohen_kappa: ["kappa", "kappa_squared"]}  # fmt: skip
STATES = (2, 365, 710, 811)
SCALE = {"yes": 0, "abstain": 1, "no": 2}

# Table 6 of Signorino and Ritter 1999: alliance portfolios of Germany and Russia in 1914, 0 (none) to 3 (defence
# pact), and the weights of the states they are with.
GERMANY = (3, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 3, *[0] * 8)
RUSSIA = (0, 3, 1, 3, 0, 1, *[0] * 14)
WEIGHT = (0.25, 0.21, 0.2, 0.08, 0.08, 0.05, 0.03, 0.03, 0.02, *[0.01] * 5, *[0.0] * 6)

ballots = st.lists(
    st.tuples(
        st.sampled_from([1975, 1976]),
        st.fixed_dictionaries({code: st.sampled_from(["yes", "abstain", "no", "absent", ""]) for code in STATES}),
    ),
    max_size=25,
)  # fmt: skip
Frames = tuple[pl.DataFrame, pl.DataFrame]


def frames(cast: list[tuple[int, dict[int, str]]]) -> Frames:
    """Votes and items of roll calls given as (year, {state: vote}); an empty vote is no row at all."""
    rows = [(f"i{n}", code, vote) for n, (_, said) in enumerate(cast) for code, vote in said.items() if vote]
    days = [(f"i{n}", date(year, 11, 1)) for n, (year, _) in enumerate(cast)]
    votes = pl.DataFrame(rows, schema={"item": pl.String, "ccode": pl.Int16, "vote": pl.String}, orient="row")
    return votes, pl.DataFrame(days, schema={"item": pl.String, "date": pl.Date}, orient="row")


def counts(
    one: tuple[int, ...], other: tuple[int, ...], weights: tuple[float, ...], levels: int
) -> pl.DataFrame:
    cells = dict.fromkeys(joint_votes.cells(levels), 0.0)
    for i, j, weight in zip(one, other, weights, strict=True):
        cells[joint_votes.cell(i, j)] += weight
    return pl.DataFrame({"ccode1": [255], "ccode2": [365], "year": [1914], **cells})


def test_germany_and_russia_in_1914_are_as_signorino_and_ritter_print_them() -> None:
    portfolios = counts(GERMANY, RUSSIA, (1.0,) * 20, 4)
    assert s_score.score(portfolios, 4)["s"][0] == pytest.approx(0.4)
    assert s_score.score(counts(GERMANY, RUSSIA, WEIGHT, 4), 4)["s"][0] == pytest.approx(-0.46)
    assert cohen_kappa.score(portfolios, 4)["kappa_squared"][0] == pytest.approx(-0.07758621, abs=5e-9)
    assert scott_pi.score(portfolios, 4)["pi"][0] == pytest.approx(-0.04477612, abs=5e-9)


def brute(pairs: list[tuple[str, str]]) -> dict[str, float | None]:
    """Every measure of one pair and year, from its roll calls one by one."""
    n = len(pairs)
    steps = [abs(SCALE[a] - SCALE[b]) / 2 for a, b in pairs]
    observed, squared = sum(step > 0 for step in steps) / n, sum(step**2 for step in steps) / n
    found: dict[str, float | None] = {
        "value": sum(1 - step for step in steps) / n,
        "s": 1 - 2 * sum(steps) / n,
        "s_squared": 1 - 2 * squared,
    }
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    for name, left, right in (("kappa", one, other), ("pi", one + other, one + other)):
        drawn = [(abs(SCALE[a] - SCALE[b]) / 2) for a in left for b in right]
        plain, square = (
            sum(step > 0 for step in drawn) / len(drawn),
            sum(step**2 for step in drawn) / len(drawn),
        )
        found[name] = 1 - observed / plain if plain else None
        found[f"{name}_squared"] = 1 - squared / square if square else None
    return found


@given(ballots)
@settings(max_examples=60, deadline=None)
def test_every_measure_equals_brute_force(cast) -> None:
    votes, items = frames(cast)
    tables = {measure: measure.compute(votes, items) for measure in MEASURES}
    for year in (1975, 1976):
        for one, other in combinations(STATES, 2):
            said = [(v[one], v[other]) for y, v in cast if y == year and {v[one], v[other]} <= SCALE.keys()]
            for measure, columns in MEASURES.items():
                row = tables[measure].filter(
                    (pl.col("ccode1") == one) & (pl.col("ccode2") == other) & (pl.col("year") == year)
                )
                assert row.height == (1 if said else 0)
                for column in columns if said else []:
                    assert row[column][0] == pytest.approx(brute(said)[column], abs=1e-12)
                assert not said or row["n"][0] == len(said)


@given(ballots)
@settings(max_examples=40, deadline=None)
def test_some_pairs_and_all_pairs_give_exactly_the_same(cast) -> None:
    votes, items = frames(cast)
    for measure in MEASURES:
        assert_frame_equal(
            measure.compute(votes, items, combinations(STATES, 2)),
            measure.compute(votes, items),
            check_exact=True,
        )


@given(ballots, st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_order_of_rows_and_of_a_pair_changes_nothing(cast, dice: random.Random) -> None:
    votes, items = frames(cast)
    seed = dice.randrange(1000)
    mixed = (
        votes.sample(fraction=1, shuffle=True, seed=seed),
        items.sample(fraction=1, shuffle=True, seed=seed),
    )
    for measure in MEASURES:
        plain = measure.compute(votes, items, [(2, 811)])
        assert_frame_equal(measure.compute(*mixed, [(811, 2), (2, 811)]), plain, check_exact=True)


@given(ballots)
@settings(max_examples=30, deadline=None)
def test_swapping_yes_and_no_changes_nothing(cast) -> None:
    votes, items = frames(cast)
    swapped = votes.with_columns(pl.col("vote").replace({"yes": "no", "no": "yes"}))
    for measure in MEASURES:
        assert_frame_equal(measure.compute(swapped, items), measure.compute(votes, items), rel_tol=1e-9)


@given(ballots)
@settings(max_examples=30, deadline=None)
def test_swapping_the_two_states_changes_nothing(cast) -> None:
    votes, items = frames(cast)
    swapped = votes.with_columns(pl.col("ccode").replace({2: 811, 811: 2}))
    for measure in MEASURES:
        one, other = (measure.compute(rows, items, [(2, 811)]) for rows in (votes, swapped))
        assert_frame_equal(one, other, rel_tol=1e-9)


@given(ballots)
@settings(max_examples=30, deadline=None)
def test_every_value_lies_within_its_bounds(cast) -> None:
    votes, items = frames(cast)
    for measure, columns in MEASURES.items():
        low, high = measure.ABOUT.bounds
        for column in columns:
            assert measure.compute(votes, items)[column].drop_nulls().is_between(low, high).all()
    found = agreement.compute(votes, items)
    assert found.select((pl.col("low") >= 0) & (pl.col("low") <= pl.col("value"))).to_series().all()
    assert found.select((pl.col("high") <= 1) & (pl.col("high") >= pl.col("value"))).to_series().all()


def test_s_is_twice_the_agreement_minus_one() -> None:
    votes, items = frames([(1975, {2: "yes", 811: "no"}), (1975, {2: "no", 811: "abstain"})])
    value, s = agreement.compute(votes, items)["value"][0], s_score.compute(votes, items)["s"][0]
    assert s == 2 * value - 1 == -0.5


def test_two_states_that_only_ever_say_yes_agree_by_chance_alone() -> None:
    votes, items = frames([(1975, {2: "yes", 811: "yes"})] * 3)
    assert agreement.compute(votes, items)["value"][0] == 1
    for measure in (scott_pi, cohen_kappa):
        row = measure.compute(votes, items).row(0, named=True)
        assert [row[column] for column in MEASURES[measure]] == [None, None]
        assert row["n"] == 3


def test_always_yes_against_always_no_is_no_better_than_chance_for_kappa_and_worst_for_pi() -> None:
    votes, items = frames([(1975, {2: "yes", 811: "no"})] * 3)
    assert cohen_kappa.compute(votes, items)["kappa"][0] == 0
    assert scott_pi.compute(votes, items)["pi"][0] == -1


def test_staying_away_is_no_vote() -> None:
    votes, items = frames([(1975, {2: "yes", 811: "absent"}), (1976, {2: "yes", 811: "yes"})])
    assert agreement.compute(votes, items, [(2, 811)])["year"].to_list() == [1976]


def test_a_roll_call_without_a_date_belongs_to_no_year() -> None:
    votes, items = frames([(1975, {2: "yes", 811: "yes"})])
    undated = items.with_columns(date=pl.lit(None, dtype=pl.Date))
    assert agreement.compute(votes, undated, [(2, 811)]).is_empty()
    assert agreement.compute(votes, undated).is_empty()


def test_votes_can_be_asked_for_one_issue_and_for_important_ones() -> None:
    votes, items = frames([(1975, {2: "yes", 811: said}) for said in ("yes", "no", "abstain")])
    coded = items.with_columns(
        issues=pl.Series(["hr|me", "", None]), important=pl.Series([False, True, None])
    )
    for chosen, value in (
        (joint_votes.with_issue(coded, "me"), 1.0),
        (joint_votes.important(coded), 0.0),
        (coded, 0.5),
    ):
        assert agreement.compute(votes, chosen, [(2, 811)])["value"].to_list() == [value]


def test_weights_move_s_towards_what_weighs_more() -> None:
    votes, items = frames([(1975, {2: "yes", 811: "yes"}), (1975, {2: "yes", 811: "no"})])
    heavy = items.with_columns(weight=pl.Series([1.0, 3.0]))
    for pairs in ([(2, 811)], None):
        assert s_score.compute(votes, heavy, pairs)["s"].to_list() == [-0.5]
    weightless = s_score.compute(votes, items.with_columns(weight=pl.lit(0.0)), [(2, 811)])
    assert weightless["s"].to_list() == [None]


def test_a_state_is_not_compared_with_itself() -> None:
    with pytest.raises(UsageError):
        agreement.compute(*frames([]), [(2, 2)])


def test_one_pair_needs_no_arrays() -> None:
    said = (
        "import sys, datetime, polars as pl; from amity.measures import agreement;"
        "v = pl.DataFrame({'item': ['x', 'x'], 'ccode': [2, 811], 'vote': ['yes', 'no']}, schema_overrides={'ccode': pl.Int16});"
        "i = pl.DataFrame({'item': ['x'], 'date': [datetime.date(1975, 1, 1)]});"
        "assert agreement.compute(v, i, [(2, 811)]).height == 1; assert 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", said], check=True)


@pytest.mark.parametrize("chances", [(0.1, 0.1, 0.8), (0.3, 0.4, 0.3), (0.7, 0.05, 0.25), (0.05, 0.9, 0.05), (0.9, 0.08, 0.02)])  # fmt: skip
@pytest.mark.parametrize("n", [15, 40, 90])
def test_nine_intervals_in_ten_hold_the_value(chances: tuple[float, float, float], n: int) -> None:
    dice = random.Random(1946)  # noqa: S311
    truth = chances[0] + chances[1] / 2
    rounds = 2000
    drawn = [dice.choices(("n_00", "n_01", "n_02"), chances, k=n) for _ in range(rounds)]
    cells = {cell: [float(one.count(cell)) for one in drawn] for cell in joint_votes.cells()}
    keys = {"ccode1": [2] * rounds, "ccode2": [811] * rounds, "year": [1975] * rounds}
    found = agreement.score(pl.DataFrame({**keys, **cells}))
    held = found.select(pl.lit(truth).is_between("low", "high").mean()).item()
    assert 0.86 <= held <= 0.97


@pytest.fixture(scope="module")
def record(publisher_data: Path) -> Frames:
    """One record of all published roll calls."""
    folder = publisher_data / "unga"
    files = {path.name: path.read_bytes() for path in (folder / "garesolutions").glob("*.json")}
    sources = {
        "unga_votes": unga_votes.parse({name: (folder / name).read_bytes() for name in unga_votes.FILES}),
        "unga_resolutions": unga_resolutions.parse(files),
    }
    items, votes = (
        pl.concat([one.tables[table].with_columns(source=pl.lit(name)) for name, one in sources.items()])
        for table in ("items", "votes")
    )
    kept, cast = one_record(items, votes)
    return cast, kept


@pytest.mark.publisher_data
def test_cambodia_and_the_united_states_agree_as_the_record_says(record: Frames) -> None:
    found = agreement.compute(*record, [(811, 2)])
    values = dict(found.select("year", "value").iter_rows())
    known = {1956: 0.77, 1967: 0.30, 1971: 0.78, 1975: 0.30, 2007: 0.14, 2011: 0.40, 2019: 0.17}
    assert {year: values[year] for year in known} == pytest.approx(known, abs=0.01)


@pytest.mark.publisher_data
def test_the_united_states_and_mexico_in_1946_are_as_fpsim_prints_them(record: Frames) -> None:
    kappa, pi = (
        measure.compute(*record, [(2, 70)]).row(0, named=True) for measure in (cohen_kappa, scott_pi)
    )
    assert (kappa["year"], kappa["n"]) == (1946, 38)
    assert kappa["kappa_squared"] == pytest.approx(-0.01222707, abs=5e-9)
    assert pi["pi"] == pytest.approx(-0.02775801, abs=5e-9)


@pytest.mark.publisher_data
def test_all_pairs_of_the_world_equal_the_pairs_one_by_one(record: Frames) -> None:
    world = joint_votes.of_all(*record)
    pairs = [(2, 811), (710, 811), (2, 710), (345, 365), (255, 260)]
    asked = pl.DataFrame(pairs, schema={"ccode1": pl.Int16, "ccode2": pl.Int16}, orient="row")
    some = world.join(asked, on=["ccode1", "ccode2"], how="semi").sort(joint_votes.KEYS)
    assert_frame_equal(joint_votes.of_pairs(*record, pairs), some, check_exact=True)
    assert world.height > 900_000
