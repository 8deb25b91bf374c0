"""The shadow of a third power: false alarms and power in simulated worlds, and what comes out on real acts.

    uv run --group dev python benchmarks/shadow.py --seed 1 [--triads 300] [--periods 100 300] [--store STORE]

Prints tables in Markdown. A simulated triad is a vector autoregression of the pair, of what the third power does to
the two and of what they do to it: each keeps 0.4 of itself, shocks are of unit variance, and with an effect of 0.15
the pair moves by that for each unit that the third power moved a period before. Common shocks strike all three
(correlation 0.5); a lasting one is an autoregression of its own (0.8 kept) that all three share. The world's news is
a noisy measure of the shocks. Beside the third power stand eight bystanders that share in all shocks and move
nothing: what their scores have in common sets the level of the test. Worlds of counted acts go the whole way, from
Poisson numbers of dated acts to the answer: there each side of the pair moves by the effect for each unit of the sum
of what the third power does to the two. With a store that holds ICEWS' events (`icews_tkg`) every triad with enough
events is asked about by week.
"""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy import stats

import amity
from amity.dimensions.observed import lines
from amity.engine.decomposition import decomposed, fit
from amity.engine.shadowing import FEWEST, Seen, foresee, held_to, mean_of, power, presence
from amity.evidence import open_evidence
from amity.evidence.daily_acts import daily_acts
from amity.evidence.event_days import spans
from amity.insight import shadow
from amity.insight.shadow_series import backward, forward, tally

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BURNT = 100
KEPT = 0.4
BYSTANDERS = 8
WORLDS: dict[str, dict[str, float]] = {
    "no effect, independent": {},
    "no effect, common shock 0.5": {"common": 0.5},
    "no effect, lasting common shock 0.5": {"lasting": 0.5},
    "the same, the world not controlled for": {"lasting": 0.5, "blind": 1.0},
    "effect 0.15": {"effect": 0.15},
    "effect 0.15, common shock 0.5": {"effect": 0.15, "common": 0.5},
    "effect 0.30, common shock 0.5": {"effect": 0.30, "common": 0.5},
}
COUNTED = (
    (0.0, 0.0, 0.0),
    (0.0, 0.5, 0.0),
    (0.0, 0.0, 0.5),
    (0.15, 0.0, 0.0),
    (0.3, 0.0, 0.0),
    (0.3, 0.5, 0.0),
)
"""Effect, common shock, lasting common shock."""


def series(
    rng: np.random.Generator, periods: int, effect: float = 0.0, common: float = 0.0, lasting: float = 0.0
) -> tuple[Floats, Floats]:
    """(periods, 3 + 2 × bystanders) the pair, the third power's acts, acts towards it, and the same of each bystander.

    And (periods,) a noisy measure of what all share.
    """
    n, width = periods + BURNT, 3 + 2 * BYSTANDERS
    shock = rng.normal(size=n)
    own = np.sqrt(1 - common) * rng.normal(size=(n, width)) + np.sqrt(common) * shock[:, None]
    x, shared = np.zeros((n, width)), np.zeros(n)
    for t in range(1, n):
        x[t] = KEPT * x[t - 1] + own[t]
        x[t, 0] += effect * x[t - 1, 1]
        shared[t] = 0.8 * shared[t - 1] + 0.6 * shock[t]
    if lasting:
        weight = np.sqrt(lasting / (1 - lasting) / (1 - KEPT**2))
        x += weight * shared[:, None]
    seen = (shared if lasting else shock) + 0.5 * rng.normal(size=n)
    return x[BURNT:], seen[BURNT:]


def laid(rng: np.random.Generator, x: Floats, world: Floats, *, blind: bool) -> list[Seen]:
    """The pair beside the third power, and beside each bystander."""
    level = np.zeros(len(x))
    for t in range(len(x)):
        level[t] = 0.9 * level[t - 1] + 0.1 * x[t, 0]
    others = rng.normal(size=len(x))
    base = [x[:, 0], level, rng.normal(size=len(x)) if blind else world, others]
    base = np.column_stack(base)
    return [Seen(x[:, 0], np.ones(len(x)), base, x[:, k : k + 2]) for k in range(1, x.shape[1], 2)]


def share(found: Floats) -> str:
    k, n = int(found.sum()), len(found)
    low, high = stats.binomtest(k, n).proportion_ci(method="wilson")
    return f"{100 * k / n:.1f} [{100 * low:.1f}, {100 * high:.1f}]"


def simulated(seed: int, triads: int, periods: int) -> None:
    print(f"\n**{triads} simulated triads of {periods} periods** (%, with 95 % Wilson intervals)\n")
    print(
        "| world | adds (the verdict) | adds with no bystander | Wald p < 0.05 | the same, 3 ahead "
        "| Clark-West p < 0.05 | gain above 0 | mean gain, nats | CRPS gain | held by 90 % interval | decomposition |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for number, (name, how) in enumerate(WORLDS.items()):
        rows, gains = [], []
        for triad in range(triads):
            rng = np.random.default_rng([seed, periods, number, triad])
            told = {key: value for key, value in how.items() if key != "blind"}
            x, world = series(rng, periods, **told)
            seen, *others = laid(rng, x, world, blind="blind" in how)
            made = foresee(seen)
            gain, found = mean_of(made.log_score), presence(seen)
            level = held_to([one.scores for one in map(presence, others) if one is not None])
            model = fit(x[:, :3])
            assert found is not None
            assert model is not None
            further = presence(seen, 3)
            assert further is not None
            rows.append((
                found.p < level and gain.value > 0,
                found.p < 0.05 and gain.value > 0,
                found.p < 0.05,
                further.p < 0.05,
                mean_of(made.adjusted, 0).p < 0.05,
                gain.value > 0,
            ))  # fmt: skip
            gains.append(
                (gain.value, mean_of(made.crps).value, gain.low, gain.high, decomposed(model)[0, 1:].sum())
            )
        table, told = np.array(rows, float), np.array(gains)
        mean = told[:, 0].mean()
        held = (told[:, 2] <= mean) & (mean <= told[:, 3])
        cells = [share(column) for column in table.T]
        print(
            f"| {name} | {' | '.join(cells)} | {mean:+.4f} | {told[:, 1].mean():+.5f} "
            f"| {100 * held.mean():.0f} | {told[:, 4].mean():.1f} |",
            flush=True,
        )
    print(
        f"\nBy formula an effect of 0.15 standard deviations is found with {100 * power(periods, columns=7):.0f} %."
    )


def acts_of(
    rng: np.random.Generator, periods: int, effect: float, common: float, lasting: float
) -> pl.DataFrame:
    """Dated acts of a pair (1, 2), of third powers (3 to 8) with both, and among the rest; only 3 moves the pair."""
    shock = rng.normal(size=periods)
    shared = np.zeros(periods)
    for t in range(1, periods):
        shared[t] = 0.8 * shared[t - 1] + 0.6 * shock[t]
    shared *= np.sqrt(lasting / (1 - lasting) / (1 - KEPT**2))
    ways = [(a, b) for a in range(1, 9) for b in range(1, 9) if a != b]
    state = {}
    for a, b in ways:
        own = np.sqrt(1 - common) * rng.normal(size=periods) + np.sqrt(common) * shock
        x = np.zeros(periods)
        for t in range(1, periods):
            x[t] = KEPT * x[t - 1] + own[t]
        state[a, b] = x + shared
    moved = state[3, 1] + state[3, 2]
    for way in ((1, 2), (2, 1)):
        for t in range(1, periods):
            state[way][t] += effect * moved[t - 1]
    starts = pl.date_range(date(1990, 1, 1), date(2030, 1, 1), "1mo", eager=True)[:periods].to_numpy()
    parts = []
    for (a, b), x in state.items():
        n = rng.poisson(10, periods)
        good = rng.binomial(n, 1 / (1 + np.exp(-(1.2 + 0.7 * x))))
        for quad, count in ((1, good), (3, n - good)):
            parts.append(pl.DataFrame({
                "date": np.repeat(starts, count), "ccode_from": a, "ccode_to": b, "quad": quad,
            }).with_columns(pl.col("date").cast(pl.Date)))  # fmt: skip
    return pl.concat(parts)


def counted(seed: int, triads: int, periods: int) -> None:
    print(f"\n**{triads} worlds of counted acts, {periods} months, five placebos**\n")
    print(
        "| world | adds | back adds | rank 1 of 6 | placebos that add, % | mean gain, nats |\n|---|---|---|---|---|---|"
    )
    for number, (effect, common, lasting) in enumerate(COUNTED):
        rows = []
        for triad in range(triads):
            rng = np.random.default_rng([seed, 7, number, triad])
            acts = acts_of(rng, periods, effect, common, lasting)
            days = (acts["date"].min(), acts["date"].dt.month_end().max())
            told = shadow.compute(acts, (1, 2), 3, [days], step="month", horizons=(1,))
            rows.append((
                told.toward.verdict == "adds", told.back.verdict == "adds", told.rank == 1,
                100 * np.mean([one.adds for one in told.placebos]), told.toward.horizons[0].log_score.value,
            ))  # fmt: skip
        table = np.array(rows, float)
        cells = " | ".join(share(column) for column in table[:, :3].T)
        print(
            f"| effect {effect}, common shock {common}, lasting {lasting} | {cells} | {table[:, 3].mean():.1f} "
            f"| {table[:, 4].mean():+.4f} |",
            flush=True,
        )


def real(store: str, seed: int) -> None:
    with open_evidence(amity.open_store(store)) as ev:
        days = spans(ev)["icews_tkg"]
        acts = daily_acts(ev, None, (days[0][0], days[-1][1]), source="icews_tkg")
    acts = acts.with_columns(pl.col("ccode_from", "ccode_to").replace(dict(lines().iter_rows())))
    pairs = (
        acts.select(
            a=pl.min_horizontal("ccode_from", "ccode_to"),
            b=pl.max_horizontal("ccode_from", "ccode_to"),
            week=pl.col("date").dt.truncate("1w"),
        )
        .filter(pl.col("a") != pl.col("b"))
        .group_by("a", "b")
        .agg(weeks=pl.col("week").n_unique())
        .filter(pl.col("weeks") >= FEWEST)
        .sort("a", "b")
    )
    rows = []
    for a, b, _ in pairs.rows():
        tallies = tally(acts, (a, b), days, "week")
        thirds = [int(third) for third in np.flatnonzero(shadow.enough(tallies))]
        for way, series_of in (("toward", forward), ("back", backward)):
            tests = {third: presence(series_of(tallies, third)) for third in thirds}
            for third in thirds:
                found, made = tests[third], foresee(series_of(tallies, third))
                gain = mean_of(made.log_score)
                if found is not None and gain.count >= shadow.FEWEST_IN_WINDOW:
                    level = held_to(
                        [one.scores for k, one in tests.items() if k != third and one is not None]
                    )
                    adds = found.p < level and gain.value > 0
                    west = mean_of(made.adjusted, 0).p < 0.05
                    rows.append((
                        a, b, tallies.thirds[third], way, adds, found.p, gain.value, west, found.outcomes,
                    ))  # fmt: skip
    names = ["a", "b", "k", "way", "adds", "p", "gain", "west", "outcomes"]
    table = pl.DataFrame(rows, schema=names, orient="row")
    print(
        f"\n**Real acts by week, ICEWS 2014 and January to October 2018**: {pairs.height} pairs with enough weeks\n"
    )
    print(
        "| way | triads | pairs | median outcomes | power for 0.15 | adds, % | p < 0.05, % | Clark-West, % "
        "| gain above 0, % | mean gain, nats | least p × triads |\n|---|---|---|---|---|---|---|---|---|---|---|"
    )
    for way in ("toward", "back"):
        part = table.filter(way=way)
        n = int(part["outcomes"].median() or 0)
        cells = [
            drawn(part, expr, seed)
            for expr in (pl.col("adds"), pl.col("p") < 0.05, pl.col("west"), pl.col("gain") > 0)
        ]
        mean = drawn(part, pl.col("gain") / 100, seed, digits=4)
        least = min(1.0, float(part["p"].min() or 1) * part.height)
        print(
            f"| {way} | {part.height} | {part.select('a', 'b').n_unique()} | {n} | {power(n, columns=7):.2f} "
            f"| {' | '.join(cells)} | {mean} | {least:.2f} |"
        )
    for way in ("toward", "back"):
        part = table.filter(way=way)
        print(
            f"\n{way}: {(part['p'] < 0.05).sum()} triads have p < 0.05, by chance alone {0.05 * part.height:.1f} would."
        )
    print(
        "\nThe eight least p:\n\n| pair | third | way | p | gain, nats | outcomes |\n|---|---|---|---|---|---|"
    )
    for row in table.sort("p").head(8).iter_rows(named=True):
        print(
            f"| {row['a']}, {row['b']} | {row['k']} | {row['way']} | {row['p']:.4f} | {row['gain']:+.4f} "
            f"| {row['outcomes']} |"
        )


def drawn(part: pl.DataFrame, what: pl.Expr, seed: int, digits: int = 1) -> str:
    """Percent with its 95 % interval, pairs drawn whole: triads of a pair share its outcomes."""
    each = part.group_by("a", "b", maintain_order=True).agg(total=what.sum(), n=pl.len())
    total, n = each["total"].to_numpy(), each["n"].to_numpy()
    rng = np.random.default_rng(seed)
    at = rng.integers(0, len(n), (5000, len(n)))
    low, high = np.quantile(100 * total[at].sum(1) / n[at].sum(1), [0.025, 0.975])
    return f"{100 * total.sum() / n.sum():.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--triads", type=int, default=300)
    parser.add_argument("--periods", type=int, nargs="+", default=[100, 300])
    parser.add_argument("--store", help="folder of a store that holds icews_tkg")
    asked = parser.parse_args()
    for periods in asked.periods:
        simulated(asked.seed, asked.triads, periods)
    counted(asked.seed, asked.triads, max(asked.periods))
    if asked.store:
        real(asked.store, asked.seed)


if __name__ == "__main__":
    main()
