"""The shadow of a third power: what casts one, what must not, and when nobody can tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from scipy import stats

import amity
from amity.engine.shadowing import (
    ADDED,
    ADDED_PRIOR,
    LEARNED,
    OWN_PRIOR,
    USUAL_ERRORS,
    Seen,
    foresee,
    held_to,
    mean_of,
    needed,
    power,
    presence,
)
from amity.errors import NoEvidenceError, UsageError
from amity.evidence import open_evidence
from amity.ingest import own
from amity.insight import shadow
from amity.insight.shadow_series import backward, forward, news, outcome, starts_of, tally
from tests.insight.shadow_worlds import FIRST, acts, days, patchy, seen, series

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

ACTS = acts(1)
OTHERS = (710, 800, 816)


def asked(rows: pl.DataFrame = ACTS, pair: tuple[int, int] = (811, 2), third: int = 710) -> shadow.Shadow:
    return shadow.compute(rows, pair, third, days(), step="week", horizons=(1, 2))


def refitted(told: Seen, horizon: int) -> dict[int, tuple[float, float, float]]:
    """Log scores with and without, and the adjusted difference, by refitting with extra rows at every period."""
    out = {}
    for t in range(horizon, len(told.y)):
        x0, now = told_row(told, t - horizon), told.y[t]
        if x0 is None or np.isnan(now):
            continue
        rows = [
            (told_row(told, s - horizon), told.y[s], told.weight[s])
            for s in range(horizon, t - horizon + 1)
            if told_row(told, s - horizon) is not None and not np.isnan(told.y[s])
        ]
        if len(rows) < LEARNED:
            continue
        x, y, w = (np.array([row[n] for row in rows]) for n in range(3))
        out[t] = compared(x, y, w, (x0, now, told.weight[t]), told.usual)
    return out


def told_row(told: Seen, t: int) -> NDArray[np.float64] | None:
    row = np.array([1.0, *told.base[t], *told.added[t]])
    return None if np.isnan(row).any() else row


def compared(x, y, w, now, usual) -> tuple[float, float, float]:
    x0, y0, w0 = now
    made = []
    for width in (x.shape[1] - ADDED, x.shape[1]):
        prior = np.array([OWN_PRIOR] * (x.shape[1] - ADDED - 1) + [ADDED_PRIOR] * ADDED)[: width - 1]
        mean = np.average(x[:, 1:width], axis=0, weights=w)
        spread = np.average((x[:, 1:width] - mean) ** 2, axis=0, weights=w)
        # Ridge as rows of their own: the square roots of the prior's precision, with outcomes of 0.
        extra = np.column_stack([np.zeros(width - 1), np.diag(np.sqrt(prior * spread))])
        tall = np.vstack([x[:, :width] * np.sqrt(w)[:, None], extra])
        b = np.linalg.lstsq(tall, np.append(y * np.sqrt(w), np.zeros(width - 1)), rcond=None)[0]
        left = w @ (y - x[:, :width] @ b) ** 2
        n = len(y)
        variance = (left + USUAL_ERRORS * usual) / (n - 1 - (n / (n + prior)).sum() + USUAL_ERRORS)
        spreads = variance * (1 / w0 + x0[:width] @ np.linalg.inv(tall.T @ tall) @ x0[:width])
        made.append((x0[:width] @ b, np.sqrt(spreads), variance))
    (m0, s0, v0), (m1, s1, _) = made
    adjusted = w0 / v0 * ((y0 - m0) ** 2 - (y0 - m1) ** 2 + (m0 - m1) ** 2)
    return stats.norm.logpdf(y0, m0, s0), stats.norm.logpdf(y0, m1, s1), adjusted


@pytest.mark.parametrize("horizon", [1, 3])
def test_each_gain_is_that_of_two_regressions_fitted_anew_with_what_was_known(horizon: int) -> None:
    told = patchy(3)
    slow, made = refitted(told, horizon), foresee(told, horizon)
    assert np.flatnonzero(np.isfinite(made.log_score)).tolist() == sorted(slow)
    for t, (without, beside, adjusted) in slow.items():
        assert made.log_score[t] == pytest.approx(beside - without, abs=1e-9)
        assert made.adjusted[t] == pytest.approx(adjusted, abs=1e-9)


def test_errors_of_the_wald_test_are_those_of_leaving_each_outcome_out() -> None:
    told = patchy(4)
    x = np.column_stack([np.ones(159), told.base[:-1], told.added[:-1]])
    y, w = told.y[1:], told.weight[1:]
    kept = np.isfinite(x).all(1) & np.isfinite(y)
    x, y = x[kept] * np.sqrt(w[kept])[:, None], y[kept] * np.sqrt(w[kept])
    inverse = np.linalg.inv(x.T @ x)
    b = inverse @ x.T @ y
    meat = np.zeros((5, 5))
    for n in range(len(y)):
        rest = np.arange(len(y)) != n
        without = np.linalg.lstsq(x[rest], y[rest], rcond=None)[0]
        meat += np.outer(x[n], x[n]) * (y[n] - x[n] @ without) ** 2
    variance = inverse @ meat @ inverse
    f = b[-2:] @ np.linalg.solve(variance[-2:, -2:], b[-2:]) / 2
    found = presence(told)
    assert found is not None
    assert found.f == pytest.approx(f)
    assert found.p == pytest.approx(stats.f.sf(f, 2, len(y) - 5))


@pytest.mark.parametrize(
    ("outcomes", "effect"), [(30, 0.3), (60, 0.15), (300, 0.15), (1000, 0.05), (900, 0.0)]
)
def test_stated_power_is_that_of_the_noncentral_f(outcomes: int, effect: float) -> None:
    free = outcomes - 7
    critical = stats.f.isf(0.05, 2, free)
    expected = stats.ncf.sf(critical, 2, free, outcomes * effect**2) if effect else 0.05
    assert power(outcomes, effect, columns=7) == pytest.approx(expected, abs=1e-6)


def test_the_outcomes_that_are_needed_are_the_fewest_that_do() -> None:
    n = needed(0.15, 0.6, columns=7)
    assert power(n - 1, 0.15, columns=7) < 0.6 <= power(n, 0.15, columns=7)


def test_a_third_power_that_moves_the_pair_is_found_and_a_common_shock_is_not() -> None:
    shares = []
    for effect, common in ((0.0, 0.0), (0.0, 0.5), (0.3, 0.0)):
        worlds = [seen(series(seed, 200, effect, common)) for seed in range(60)]
        tests, gains = [presence(one) for one in worlds], [mean_of(foresee(one).log_score) for one in worlds]
        shares.append(
            np.mean([t is not None and t.p < 0.05 and g.value > 0 for t, g in zip(tests, gains, strict=True)])
        )
    assert max(shares[:2]) <= 0.15
    assert shares[2] >= 0.9


def test_nothing_later_changes_an_earlier_gain() -> None:
    rows = ACTS.sort("date")
    changed = rows.with_columns(
        quad=pl.when(pl.col("date") >= FIRST + timedelta(weeks=70)).then(5 - pl.col("quad")).otherwise("quad")
    )
    one, two = (tally(frame, (811, 2), days(), "week") for frame in (rows, changed))
    for way in (forward, backward):
        before, after = (foresee(way(each, 0), 2).log_score for each in (one, two))
        assert np.isfinite(before[:70]).sum() > 20
        np.testing.assert_array_equal(before[:70], after[:70])
        assert not np.array_equal(before[70:], after[70:])


def test_the_order_of_rows_says_nothing() -> None:
    assert asked(ACTS.sample(fraction=1.0, shuffle=True, seed=3)) == asked()


def test_swapping_the_two_sides_of_the_pair_swaps_only_their_names() -> None:
    there, back = asked(), asked(pair=(2, 811))
    assert back.pair == (2, 811)
    same_gains(there, back)
    for one, two in zip(there.back.horizons, back.back.horizons, strict=True):
        assert one.effect == pytest.approx(two.effect[::-1])


def test_other_codes_for_the_same_states_change_no_number() -> None:
    codes = {811: 20, 2: 900, 710: 365, 800: 1, 816: 70}
    renamed = ACTS.with_columns(pl.col("ccode_from", "ccode_to").replace(codes))
    told = asked(renamed, (20, 900), 365)
    same_gains(told, asked())
    assert {one.ccode for one in told.placebos} == {1, 70}


def same_gains(one: shadow.Shadow, two: shadow.Shadow) -> None:
    for there, back in ((one.toward, two.toward), (one.back, two.back)):
        assert there.verdict == back.verdict
        for a, b in zip(there.horizons, back.horizons, strict=True):
            assert a.log_score.value == pytest.approx(b.log_score.value, abs=1e-9)
            assert a.crps.low == pytest.approx(b.crps.low, abs=1e-9)
            assert a.presence == pytest.approx(b.presence)
    assert one.rank == two.rank
    assert one.placebo_p == two.placebo_p
    assert one.described == pytest.approx(two.described)
    assert [p.gain for p in one.placebos] == pytest.approx([p.gain for p in two.placebos], abs=1e-9)


def test_a_third_power_ranks_among_its_placebos_as_they_rank_among_theirs() -> None:
    told = {third: asked(third=third) for third in OTHERS}
    gains = {third: one.toward.horizons[0].log_score.value for third, one in told.items()}
    assert sorted(one.rank or 0 for one in told.values()) == [1, 2, 3]
    best_first = sorted(OTHERS, key=lambda third: -gains[third])
    assert sorted(OTHERS, key=lambda third: told[third].rank or 0) == best_first
    for third, one in told.items():
        assert one.placebo_p == (one.rank or 0) / 3
        assert {other.ccode: other.gain for other in one.placebos} == {
            other: gain for other, gain in gains.items() if other != third
        }


def test_a_state_that_deals_with_one_side_only_is_no_placebo() -> None:
    one_sided = pl.concat(
        [ACTS.filter(~(pl.col("ccode_from").is_in([811, 816]) & pl.col("ccode_to").is_in([811, 816])))]
    )
    assert [one.ccode for one in asked(one_sided).placebos] == [800]


def test_a_short_series_cannot_tell_and_says_how_long_it_would_take() -> None:
    told = asked()
    assert told.toward.verdict == told.back.verdict == told.leads == "cannot be told"
    assert told.toward.outcomes == 89
    tallies = tally(ACTS, (811, 2), days(), "week")
    others = [presence(forward(tallies, tallies.thirds.index(one.ccode))) for one in told.placebos]
    assert told.toward.level == held_to([one.scores for one in others if one is not None])
    assert told.toward.needed == needed(0.15, 0.6, columns=7, level=told.toward.level)
    assert told.toward.periods == round(told.toward.needed * 90 / 89)
    assert told.toward.power == pytest.approx(power(89, 0.15, columns=7, level=told.toward.level))


def test_a_pair_that_hardly_meets_has_no_gain_and_needs_longer() -> None:
    rare = ACTS.filter(
        ~(pl.col("ccode_from").is_in([811, 2]) & pl.col("ccode_to").is_in([811, 2]))
        | (pl.col("date") < FIRST + timedelta(weeks=9))
    )
    told = asked(rare)
    assert told.toward.horizons == told.windows == told.placebos == ()
    assert told.rank is told.placebo_p is told.described is None
    assert told.toward.outcomes == 8
    assert told.toward.periods == round(told.toward.needed * 90 / 8)
    assert told.back.outcomes == 89


def test_a_third_power_that_is_never_heard_of_casts_no_known_shadow() -> None:
    told = asked(third=365)
    assert told.toward.verdict == told.back.verdict == "cannot be told"
    assert told.toward.horizons == told.back.horizons == ()
    assert told.back.periods is None


def test_what_all_states_have_in_common_is_not_taken_for_one_of_them() -> None:
    one = tally(ACTS, (811, 2), days(), "week")
    at = one.thirds.index(710)
    rest = ACTS.filter((pl.col("ccode_from") != 710) & (pl.col("ccode_to") != 710))
    without = tally(rest, (811, 2), days(), "week", [710])
    np.testing.assert_allclose(forward(one, at).base, forward(without, without.thirds.index(710)).base)


def test_every_act_is_counted_in_one_place() -> None:
    told = tally(ACTS, (811, 2), days(), "week")
    parts = told.pair.sum() + told.sent.sum() + told.received.sum() + told.world.sum()
    assert parts == ACTS.height + (ACTS["quad"] <= 2).sum()
    np.testing.assert_array_equal(told.elsewhere.sum(0), 2 * told.world)


def test_periods_of_which_a_source_is_silent_are_unknown_and_not_quiet() -> None:
    spells = [(FIRST, FIRST + timedelta(days=7 * 40 - 3)), (FIRST + timedelta(weeks=50), days()[0][1])]
    told = tally(ACTS, (811, 2), spells, "week")
    unknown = np.flatnonzero(np.isnan(forward(told, 0).base).all(1))
    assert unknown.tolist() == list(range(39, 50))
    assert np.isnan(forward(told, 0).y[39:50]).all()
    assert told.pair[:, 39:50].sum() == 0


def test_months_are_whole_only_if_every_day_is_spoken_of() -> None:
    starts, whole = starts_of(
        [(date(2016, 1, 1), date(2016, 2, 28)), (date(2016, 3, 1), date(2016, 3, 31))], "month"
    )
    assert [start.month for start in starts] == [1, 2, 3]
    assert whole.tolist() == [True, False, True]


def test_more_reports_of_the_same_mix_make_a_level_surer_and_no_warmer() -> None:
    few, many = (np.tile([0.8 * n, n], (400, 1)) for n in (5.0, 50.0))
    for counts in (few, many):
        z, level = news(counts, "week")
        np.testing.assert_allclose(z, 0.0, atol=1e-12)
        np.testing.assert_allclose(level, 0.8)
    assert outcome(many)[1][0] > outcome(few)[1][0]
    assert np.isnan(outcome(np.zeros((1, 2)))[0][0])


def test_a_pair_that_is_always_alike_gains_nothing() -> None:
    still = replace_y(seen(series(1, 120)), np.full(120, 1.0))
    assert presence(still) is None
    assert np.nanmax(np.abs(foresee(still).log_score)) < 0.2


def replace_y(told: Seen, y: NDArray[np.float64]) -> Seen:
    return told._replace(y=y, base=np.zeros_like(told.base), usual=0.05)


def test_units_of_the_columns_change_nothing() -> None:
    told = patchy(5)
    scaled = told._replace(added=told.added * [1000.0, -0.01], base=told.base * 7 + 3)
    np.testing.assert_allclose(foresee(scaled).log_score, foresee(told).log_score, atol=1e-8)
    one, two = presence(told), presence(scaled)
    assert one is not None
    assert two is not None
    assert two.p == pytest.approx(one.p)
    assert two.effect == pytest.approx((one.effect[0], -one.effect[1]))


def test_windows_hold_the_gains_of_their_own_time() -> None:
    told = asked()
    gains = foresee(forward(tally(ACTS, (811, 2), days(), "week"), 0)).log_score
    assert len(told.windows) >= 1
    for window in told.windows:
        at = (window.first - FIRST).days // 7
        assert window.gain == mean_of(gains[at : (window.last - FIRST).days // 7 + 1])


def test_verdicts_follow_from_the_test_and_the_gain() -> None:
    strong = asked()
    first = strong.toward.horizons[0]
    good = replace(first, presence=0.01, log_score=replace(first.log_score, value=0.02))
    assert shadow._verdict([good], 0.2) == "adds"
    worse = replace(good, log_score=replace(first.log_score, value=-0.02))
    assert shadow._verdict([worse], 0.2) == "cannot be told"
    assert shadow._verdict([worse], 0.7) == "adds nothing that shows"
    assert shadow._verdict([replace(good, presence=float("nan"))], 0.7) == "cannot be told"
    assert shadow._verdict([], 0.7) == "cannot be told"
    assert shadow._verdict([good], 0.2, level=0.005) == "cannot be told"


@pytest.mark.parametrize(("pair", "third"), [((2, 2), 710), ((811, 2), 2)])
def test_a_state_casts_no_shadow_over_itself(pair: tuple[int, int], third: int) -> None:
    with pytest.raises(UsageError, match="itself"):
        asked(pair=pair, third=third)


def test_a_store_is_asked_and_an_empty_one_says_what_it_lacks(tmp_path: Path) -> None:
    held = amity.open_store(tmp_path)
    with open_evidence(held) as ev, pytest.raises(NoEvidenceError):
        shadow.ask(ev, 811, 2, 710)
    names = {811: "KHM", 2: "USA", 710: "CHN", 800: "THA", 816: "VNM"}
    codes = {1: "057", 2: "071", 3: "112", 4: "163"}
    told = ACTS.with_columns(
        pl.col("ccode_from", "ccode_to").replace_strict(names, return_dtype=pl.String),
        code=pl.col("quad").replace_strict(codes, return_dtype=pl.String),
    ).select("date", pl.col("ccode_from").alias("from"), pl.col("ccode_to").alias("to"), "code")
    own.add(held, "events.csv", told.write_csv().encode(), "2026-03-01T00:00:00Z", name="mine")
    with open_evidence(held) as ev:
        found, back = shadow.ask(ev, 811, 2, 710), shadow.ask(ev, 2, 811, 710)
    assert found.step == "week"
    assert found.toward.outcomes > 50
    assert len(found.placebos) == 2
    same_gains(found, back)
