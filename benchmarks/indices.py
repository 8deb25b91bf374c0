"""Four indices of relations beside tone: which foresees next month's acts best, and which moves when only volume does.

    uv run --group dev python benchmarks/indices.py HOME --constants FOLDER --seed 7

HOME is a store as for `outlook.py`, FOLDER holds the constants that it kept, learned to December 2014. Each index is
made a forecast of the hostile share of the acts of one towards the other a month later in the same way: as the logit
of the share, a straight line in the index, with a level of its own where the index is unknown, and beta-binomial
around it; all fitted by likelihood on the months before the test. An index that is silent in a month stands as it was.
Prints tables in Markdown; intervals are 95 %, of a bootstrap of pairs.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

import amity
from amity import evidence
from amity.dimensions import estimate, tone
from amity.dimensions.constants import read
from amity.dimensions.observed import lines, pairs_of
from amity.engine.scale import NINETY
from amity.engine.shares import chance, judge
from amity.evidence.months import pair_months
from amity.insight import skill
from amity.insight.records import Pooled
from amity.insight.yardsticks import Acts, acts, judged_at, lowest
from amity.measures import conflict_share, cumulative_score, political_relations, rolling_goldstein
from outlook import FIRST, MIDDLE, SOURCE, bootstrap, told

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from numpy.typing import NDArray

    from amity.dimensions.constants import Constants
    from amity.insight.skill import Known

Index = tuple[str, "Callable[[pl.DataFrame], pl.DataFrame]", str]
INDICES: tuple[Index, ...] = (
    ("cumulative score", cumulative_score.compute, "score"),
    ("rolling mean Goldstein", rolling_goldstein.compute, "value"),
    ("Political Relations Index", political_relations.compute, "value"),
    ("conflict share", conflict_share.compute, "share"),
)
PAIRS = 400
COUNTS = ("events", "incidents", "force_events", "force_incidents")


def standing(of: Acts, months: pl.DataFrame, index: Index) -> NDArray[np.float64]:
    """(series, months) an index as it stands at the end of each month; NaN before it first speaks."""
    _, compute, column = index
    line = dict(lines().iter_rows())
    found = compute(months)
    one, two = ("ccode1", "ccode2") if "ccode1" in found.columns else ("ccode_from", "ccode_to")
    a, b = (pl.col(name).replace(line).cast(pl.Int16) for name in (one, two))
    rows = found.select(a=a, b=b, month="month", x=pl.col(column).cast(pl.Float64)).with_columns(
        ccode1=pl.min_horizontal("a", "b"),
        ccode2=pl.max_horizontal("a", "b"),
        side=pl.when(pl.col("a") < pl.col("b")).then(1).otherwise(-1).cast(pl.Int8),
    )
    keys = ["ccode1", "ccode2"] if one == "ccode1" else ["ccode1", "ccode2", "side"]
    number = pl.DataFrame({"month": of.months}).with_row_index("t")
    at = (
        of.series.with_row_index("d").join(rows.select(*keys, "month", "x"), on=keys).join(number, on="month")
    )
    out = np.full((of.series.height, len(of.months)), np.nan)
    out[at["d"].to_numpy(), at["t"].to_numpy()] = at["x"].to_numpy()
    for t in range(1, out.shape[1]):
        out[:, t] = np.where(np.isnan(out[:, t]), out[:, t - 1], out[:, t])
    return out


def forecast(of: Acts, x: NDArray[np.float64] | None, first: int) -> pl.DataFrame:
    """Forecasts a month ahead from an index (None: from nothing but the world's share), judged from `first` on."""
    d, t = judged_at(of, 1)
    y, n = of.hostile[d, t], of.every[d, t]
    early, read_off = t < first, np.full(len(d), np.nan) if x is None else x[d, t - 1]
    seen = ~np.isnan(read_off)
    usable = seen & early
    middle, scale = (read_off[usable].mean(), read_off[usable].std()) if usable.any() else (0.0, 1.0)
    z = np.where(seen, (read_off - middle) / scale, 0.0)

    def law(c: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        return np.where(seen, c[0] + c[3] * z, c[1]), 1 / (1 + np.exp(-c[2]))

    def loss(c: NDArray[np.float64]) -> float:
        eta, rho = law(c)
        return -float(chance(y[early], n[early], eta[early], 0.0, rho).mean())

    eta, rho = law(lowest(loss, np.array([-1.5, -1.5, -2.0, 0.0]), free=4))
    late = ~early
    found = judge(y[late], n[late], eta[late], 0.0, rho)
    return of.series[d[late]].with_columns(target=of.months.gather(t[late]), crps=found.crps, log=found.log)


def foreseen(
    of: Acts, known: Known, months: pl.DataFrame, constants: Constants, first: date, seed: int
) -> None:
    """The table of who foresees best from a month on."""
    at = int((of.months == first).arg_max() or 0)
    item = constants.of(f"hostile_share:{SOURCE}")
    yards = Pooled(
        yardsticks=skill.yardsticks(of, (1,), at), readings=skill.readings(of, known, item, (1,), at)
    )
    ours = skill.rolling(of, known, item, (1,), yards, at).filter("tested")
    world = forecast(of, None, at)
    rows = {
        "tone": ours.filter(method="tone"),
        **{
            name: forecast(of, standing(of, months, (name, how, column)), at) for name, how, column in INDICES
        },
        "ewma of acts": ours.filter(method="ewma"),
        "last month's acts": ours.filter(method="persistence"),
        "the world's share": world,
    }
    print(f"\n## Months from {first:%Y-%m} on, fitted on those before ({world.height:,} forecasts)\n")
    print(
        "| | CRPS | log score | skill on the world's share, % | what tone gains on it, % |\n|---|---|---|---|---|"
    )
    for name, own in rows.items():
        print(
            f"| {name} | {own['crps'].mean():.4f} | {own['log'].mean():.4f} | {told(bootstrap(own, world, seed))} "
            f"| {told(bootstrap(rows['tone'], own, seed))} | {told(bootstrap(rows['tone'], own, seed, 'log'))} |",
            flush=True,
        )


def louder(
    months: pl.DataFrame, rows: pl.DataFrame, what: str, times: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pair-months and acts with more of the same: acts, reports of them, or reports of the hostile ones alone."""
    if what == "acts":
        grown = [pl.col(name).cast(pl.Int64) * times for name in COUNTS]
        return months.with_columns(grown), rows.with_columns(pl.col("y", "n") * times)
    only = pl.lit(True) if what == "reports" else pl.col("quad") >= 3
    grown = [
        pl.when(only).then(pl.col(name).cast(pl.Int64) * times).otherwise(pl.col(name)).alias(name)
        for name in ("events", "force_events")
    ]
    return months.with_columns(grown), rows


def volume(
    of: Acts, months: pl.DataFrame, rows: pl.DataFrame, constants: Constants, which: tuple[int, int]
) -> None:
    """How far every index moves in the last month when there is more of the same news of 2018, in its own sds."""
    pairs = of.series.select("ccode1", "ccode2").unique().sort("ccode1", "ccode2")
    busy = rows.group_by("ccode1", "ccode2").agg(pl.col("n").sum()).filter(pl.col("n") >= which[0])
    some = busy.sort("ccode1", "ccode2").sample(min(PAIRS, busy.height), seed=which[1])
    pairs = pairs.join(some, on=["ccode1", "ccode2"], how="semi", maintain_order="left")
    own = rows.join(pairs, on=["ccode1", "ccode2"], how="semi")
    few = acts(own, SOURCE)
    both = months.filter(pl.col("month") >= FIRST)
    print(f"\n## More of the same news, {pairs.height} pairs with {which[0]} acts or more")
    print("\nMean move, in standard deviations between pairs.\n")
    names = ["tone", *(name for name, _, _ in INDICES)]
    print(
        f"\n| | times | {' | '.join(names)} | tone: mean sd | within its first interval |\n|---|---|"
        + "---|" * 7
    )

    def read_all(
        told_months: pl.DataFrame, told_rows: pl.DataFrame
    ) -> tuple[list[NDArray[np.float64]], NDArray[np.float64]]:
        laid = estimate.prepare(
            told_rows, pairs, tone.ABOUT, tone.ITEMS, constants, of.months[-1], by_source=False
        )
        frame = estimate.states_frame(laid, estimate.filtered(laid))
        now = frame.filter(pl.col("month") == of.months[-1], pl.col("dimension") == "tone")
        indices = [standing(few, told_months, index)[:, -1] for index in INDICES]
        return [now["state"].to_numpy().astype(float), *indices], now["sd"].to_numpy().astype(float)

    at_first, sd_first = read_all(both, own)
    for what in ("acts", "reports", "hostile reports"):
        for doubling in range(1, 11) if what == "acts" else (1, 5, 10):
            now, sd = read_all(*louder(both, own, what, 2**doubling))
            moves = [np.nanmean(np.abs(b - a)) / np.nanstd(a) for a, b in zip(at_first, now, strict=True)]
            within = (np.abs(now[0] - at_first[0]) <= NINETY * sd_first).mean()
            print(
                f"| {what} | {2**doubling} | {' | '.join(f'{one:.3f}' for one in moves)} "
                f"| {sd_first.mean():.3f} → {sd.mean():.3f} | {within:.3f} |",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("--constants", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    asked = parser.parse_args()
    ev = evidence.open_evidence(amity.open_store(asked.home))
    constants = read(tone.ABOUT, tone.ITEMS, asked.constants)
    every = pairs_of()
    rows = tone.observe(ev, every)
    of = acts(rows, SOURCE)
    pairs = of.series.select("ccode1", "ccode2").unique().sort("ccode1", "ccode2")
    codes = lines()["ccode"].to_list()
    months = pair_months(ev, codes, codes, source=SOURCE, scope="state").drop("source", "scope")
    own = rows.join(pairs, on=["ccode1", "ccode2"], how="semi")
    known = skill.known_of(rows, of, constants)
    for first in (FIRST, MIDDLE):
        foreseen(of, known, months, constants, first, asked.seed)
    recent = own.filter(pl.col("item") == f"hostile_share:{SOURCE}", pl.col("month") >= FIRST)
    for fewest in (10, 200):
        volume(of, months, recent, constants, (fewest, asked.seed))
    print("\nThe same with months alone that have hostile and other acts of one towards the other:")
    mixed = recent.filter(pl.col("y") > 0, pl.col("y") < pl.col("n"))
    volume(of, months, mixed, constants, (200, asked.seed))


if __name__ == "__main__":
    sys.exit(main())
