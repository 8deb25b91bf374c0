"""Estimating: rows to states, in worlds where the truth is known, whatever the order of anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from amity import states
from amity.dimensions import tone
from amity.dimensions.constants import Constant, Constants, item_of, keep, read, start
from amity.dimensions.estimate import contributions, filtered, prepare, smoothed, states_frame
from amity.dimensions.fitting import fit
from amity.dimensions.observed import OBSERVED, pairs_of
from amity.engine.scale import NINETY
from amity.errors import StoreError

KNOWN = Constants(
    (0.97, 0.95),
    (1.0, 0.3),
    {"hostile_share": Constant(-1.0, -1.0, 0.05), "rupture": Constant(-3.0, -1.0, 0.0)},
)
LAST = date(1955, 12, 1)
MONTHS = 120


def world(pairs: pl.DataFrame, seed: int, each: int = 30) -> tuple[pl.DataFrame, np.ndarray]:
    """Acts of pairs whose tone is drawn as the engine believes, and that tone, (pairs, months, 2)."""
    dice = np.random.default_rng(seed)
    x = np.zeros((pairs.height, MONTHS, 2))
    sd = np.sqrt(KNOWN.variance)
    phi = np.array(KNOWN.persistence)
    x[:, 0] = dice.normal(size=(pairs.height, 2)) * sd
    for t in range(1, MONTHS):
        x[:, t] = phi * x[:, t - 1] + dice.normal(size=(pairs.height, 2)) * sd * np.sqrt(1 - phi**2)
    rows = []
    one = KNOWN.items["hostile_share"]
    weight = (1 - one.dispersion) / one.dispersion
    for side in (1, -1):
        p = 1 / (1 + np.exp(-(one.intercept + one.loading * (x[..., 0] + side * x[..., 1]))))
        y = dice.binomial(each, dice.beta(p * weight, (1 - p) * weight))
        d, t = np.indices(y.shape)
        rows.append(
            pl.DataFrame({"d": d.ravel(), "t": t.ravel(), "y": y.ravel(), "side": np.full(y.size, side)})
        )
    told = pl.concat(rows)
    named = pairs.with_row_index("d").cast({"d": pl.Int64})
    frame = told.join(named, on="d").with_columns(
        month=pl.date(1946, 1, 1).dt.offset_by(pl.format("{}mo", "t")),
        item=pl.lit("hostile_share:icews"), source=pl.lit("icews"), n=each, offset=0,
    )  # fmt: skip
    return frame.select(pl.col(name).cast(dtype) for name, dtype in OBSERVED.items()), x


def some_pairs(count: int) -> pl.DataFrame:
    return pairs_of().head(count)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    pairs = some_pairs(60)
    rows, truth = world(pairs, 20260101)
    laid = prepare(rows, pairs, tone.ABOUT, tone.ITEMS, KNOWN, LAST)
    for found in (smoothed(laid), filtered(laid)):
        frame = states_frame(laid, found)
        for name, drawn in (("tone", truth[..., 0]), ("tone_1to2", truth.sum(2) / np.sqrt(1.3))):
            part = frame.filter(dimension=name)
            shown = 100 * np.tanh(drawn.ravel() / 2)
            inside = (part["low"].to_numpy() <= shown) & (shown <= part["high"].to_numpy())
            assert 0.87 < inside.mean() < 0.93, name


def test_the_order_of_rows_and_pairs_changes_nothing() -> None:
    pairs = some_pairs(6)
    rows, _ = world(pairs, 3)
    once = prepare(rows, pairs, tone.ABOUT, tone.ITEMS, KNOWN, LAST)
    again = prepare(rows.sample(fraction=1, shuffle=True, seed=1), pairs, tone.ABOUT, tone.ITEMS, KNOWN, LAST)
    assert states_frame(once, smoothed(once)).equals(states_frame(again, smoothed(again)))
    turned = pairs.reverse()
    there = prepare(rows, turned, tone.ABOUT, tone.ITEMS, KNOWN, LAST)
    keys = ["ccode1", "ccode2", "month", "dimension"]
    assert (
        states_frame(there, smoothed(there)).sort(keys).equals(states_frame(once, smoothed(once)).sort(keys))
    )


def test_swapping_the_sides_swaps_how_each_treats_the_other() -> None:
    pairs = some_pairs(3)
    rows, _ = world(pairs, 4)
    swapped = rows.with_columns(side=-pl.col("side"))
    frames = []
    for told in (rows, swapped):
        laid = prepare(told, pairs, tone.ABOUT, tone.ITEMS, KNOWN, LAST)
        frames.append(states_frame(laid, smoothed(laid)))
    there, back = frames
    for one, other in (("tone", "tone"), ("tone_1to2", "tone_2to1")):
        assert there.filter(dimension=one)["state"].to_numpy() == pytest.approx(
            back.filter(dimension=other)["state"].to_numpy(), abs=1e-5
        )


def test_what_comes_later_changes_nothing_that_was_known_before() -> None:
    pairs = some_pairs(2)
    rows, _ = world(pairs, 5)
    cut = date(1950, 6, 1)
    other = rows.with_columns(y=pl.when(pl.col("month") > cut).then(pl.col("n") - pl.col("y")).otherwise("y"))
    frames = []
    for told in (rows, other):
        laid = prepare(told, pairs, tone.ABOUT, tone.ITEMS, KNOWN, LAST)
        frames.append(states_frame(laid, filtered(laid)).filter(pl.col("month") <= cut))
    assert frames[0].equals(frames[1])


def test_nothing_observed_is_a_state_at_rest_with_the_widest_interval() -> None:
    pairs = some_pairs(1)
    laid = prepare(pl.DataFrame(schema=OBSERVED), pairs, tone.ABOUT, tone.ITEMS, KNOWN, LAST)
    frame = states_frame(laid, smoothed(laid)).filter(dimension="tone")
    assert frame["state"].abs().max() == 0
    assert frame["sd"].to_numpy() == pytest.approx(np.ones(MONTHS), abs=1e-6)


def test_what_the_sources_bring_adds_up_to_the_state() -> None:
    pairs = some_pairs(1)
    rows, _ = world(pairs, 6)
    half = rows.with_columns(
        source=pl.when(pl.col("month").dt.year() < 1950).then(pl.lit("a")).otherwise(pl.lit("b"))
    )
    laid = prepare(half, pairs, tone.ABOUT, tone.ITEMS, KNOWN, LAST)
    now = smoothed(laid)
    told = contributions(laid, filtered(laid), now)
    assert set(told["source"]) == {"a", "b"}
    summed = told.group_by("month").agg(pl.col("share").sum()).sort("month")
    state = states_frame(laid, now).filter(dimension="tone").sort("month")
    assert summed["share"].to_numpy() == pytest.approx(state["state"].to_numpy(), abs=5e-3)


def test_constants_come_back_from_a_world_made_of_them() -> None:
    pairs = some_pairs(150)
    rows, _ = world(pairs, 20260202, each=20)
    learned = fit(rows, pairs, tone.ABOUT, tone.ITEMS, LAST)
    found = learned.items["hostile_share:icews"]
    truth = KNOWN.items["hostile_share"]
    assert found.intercept_error is not None
    assert found.loading_error is not None
    assert abs(found.intercept - truth.intercept) < 3 * found.intercept_error
    assert abs(found.loading - truth.loading) < 3 * found.loading_error
    assert found.dispersion == pytest.approx(truth.dispersion, abs=0.01)
    assert learned.persistence == pytest.approx(KNOWN.persistence, abs=0.01)
    assert learned.items["hostile_share"] == found, (
        "what is usual is what was learned of the source most heard"
    )
    assert learned.items["dispute_onset"].intercept_error is None


def test_a_persistence_that_is_held_stays_and_the_rest_is_learned() -> None:
    pairs = some_pairs(60)
    rows, _ = world(pairs, 20260203, each=20)
    learned = fit(rows, pairs, replace(tone.ABOUT, held=True), tone.ITEMS, LAST, rounds=2)
    assert learned.persistence == tone.ABOUT.persistence
    assert learned.items["hostile_share:icews"].loading_error is not None


def louder(hostile: float, acts: float) -> tuple[list[float], list[float]]:
    """Tone and its deviation in a month with such acts, doubled ten times."""
    pairs = some_pairs(1)
    rows = pl.DataFrame(
        {"ccode1": pairs["ccode1"][0], "ccode2": pairs["ccode2"][0], "month": date(1950, 1, 1), "item": "hostile_share:icews",
         "source": "icews", "side": 0, "y": hostile, "n": acts, "offset": 0.0}
    ).select(pl.col(name).cast(dtype) for name, dtype in OBSERVED.items())  # fmt: skip
    at, wide = [], []
    for doubling in range(11):
        more = rows.with_columns(y=pl.col("y") * 2**doubling, n=pl.col("n") * 2**doubling)
        laid = prepare(more, pairs, tone.ABOUT, tone.ITEMS, KNOWN, LAST)
        row = (
            states_frame(laid, smoothed(laid))
            .filter(dimension="tone", month=date(1950, 1, 1))
            .row(0, named=True)
        )
        at.append(row["state"])
        wide.append(row["sd"])
    return at, wide


def test_ten_doublings_of_news_leave_tone_where_it_was_and_only_narrow_its_interval() -> None:
    at, wide = louder(4, 10)
    assert wide[2] < wide[1] < wide[0]
    # Beyond what overdispersion leaves of them, more reports say no more.
    assert np.ptp(wide[2:]) == 0
    assert wide[-1] > 0.85 * wide[1]
    assert np.ptp(at) < 0.35 * wide[0]


@pytest.mark.parametrize("hostile", [0, 10])
def test_a_month_all_of_one_kind_stays_within_its_first_interval_however_loud_it_gets(hostile: int) -> None:
    at, wide = louder(hostile, 10)
    assert np.ptp(at[2:]) == 0
    assert abs(at[-1] - at[0]) < NINETY * wide[0]
    assert wide[-1] <= wide[0]


def test_constants_are_kept_and_read_back_and_a_spoilt_file_says_how_to_mend_it(tmp_path) -> None:
    begin = start(tone.ABOUT, tone.ITEMS)
    keep({"tone": Constants((0.9, 0.8), (1.0, 0.2), begin.items, "a test")}, tmp_path)
    keep({"other": begin}, tmp_path)
    back = read(tone.ABOUT, tone.ITEMS, tmp_path)
    assert back.persistence == (0.9, 0.8)
    assert back.learned_from == "a test"
    (tmp_path / "constants.json").write_text("{]")
    with pytest.raises(StoreError, match="constants"):
        read(tone.ABOUT, tone.ITEMS, tmp_path)


def test_the_package_brings_constants_for_every_item() -> None:
    for name in ("tone", "alignment", "engagement"):
        from amity.dimensions import named

        one = named(name)
        told = read(one.ABOUT, one.ITEMS)
        # Those of engagement stand with its items: they are means over two samples of pairs.
        assert told.learned_from or name == "engagement"
        assert {item.name for item in one.ITEMS} <= {item_of(key) for key in told.items}


def test_two_states_are_one_pair_whichever_is_named_first() -> None:
    a, b = states.find("DEU"), states.find("FRA")
    assert pairs_of([(a, b)]).equals(pairs_of([(b, a)]))
