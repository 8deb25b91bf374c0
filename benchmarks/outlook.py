"""How right the outlook is: rolling origins over all pairs with coded events, beside persistence and an EWMA.

    uv run --group dev python benchmarks/outlook.py HOME YEARS --seed 7 [--constants FOLDER] [--record FOLDER]

HOME is a store with coded events of several months of at least two years, and with disputes and sanctions; YEARS is
netify's file of directed ICEWS dyad-years, 2002 to 2014 (`icews.rda`). Constants and yardsticks are learned before what
is tested: on everything to December 2014 for the months of 2018, on the years 2002 to 2007 for those from 2008 on.
With `--constants` those of the months are kept in a folder and taken from it the next time. `--record` writes the
package's record, with yardsticks and readings learned on all months. Prints tables in Markdown; intervals are 95 %, of
a bootstrap of pairs.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from datetime import date
from math import lgamma
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

import amity
from amity import evidence, states
from amity.dimensions import estimate, fitting, tone
from amity.dimensions.constants import Constant, Constants, keep, read
from amity.dimensions.observed import observed, pairs_of, to_lines
from amity.engine.families import MIX
from amity.engine.filtering import filter_forward, foresee
from amity.engine.learning import learn
from amity.engine.model import dynamics, items
from amity.engine.model import evidence as laid_out
from amity.errors import AmityError
from amity.insight import records, skill
from amity.insight.records import Pooled
from amity.insight.skill import Known
from amity.insight.yardsticks import acts
from amity.sources import rdata

if TYPE_CHECKING:
    from numpy.typing import NDArray

SOURCE, YEARLY = "icews_tkg", "icews_years"
BEFORE, FIRST, MIDDLE = date(2014, 12, 1), date(2018, 1, 1), date(2018, 6, 1)
TESTED = 2008
DRAWS = 2000
ONSET = "sanction_imposed"


def bootstrap(
    told: pl.DataFrame, base: pl.DataFrame, seed: int, score: str = "crps"
) -> tuple[float, float, float]:
    """Skill of some forecasts against others of the same targets, with an interval over pairs, in percent.

    Of log scores the gain a forecast, in hundredths of a nat.
    """
    pair = ["ccode1", "ccode2"]
    a, b = (one.group_by(pair).agg(x=pl.col(score).sum(), n=pl.len()).sort(pair) for one in (told, base))
    above, below, n = a["x"].to_numpy(), b["x"].to_numpy(), a["n"].to_numpy()
    top, bottom = (below - above, below) if score == "crps" else (above - below, n)
    drawn = np.random.default_rng(seed).multinomial(len(n), np.full(len(n), 1 / len(n)), DRAWS)
    low, high = np.quantile((drawn @ top) / (drawn @ bottom), [0.025, 0.975])
    return 100 * top.sum() / bottom.sum(), 100 * float(low), 100 * float(high)


def told(found: tuple[float, float, float]) -> str:
    return "{:+.1f} [{:+.1f}, {:+.1f}]".format(*found)


def table(judged: dict[str, pl.DataFrame], seed: int) -> None:
    """Scores of every method at every horizon; `judged` holds variants of tone, the first with both yardsticks."""
    print(
        "\n| months ahead | method | forecasts | pairs | CRPS | log score | skill on persistence, % | skill on ewma, % "
        "| log score on ewma, 0.01 nat | 90 % held | worst |\n|---|---|---|---|---|---|---|---|---|---|---|"
    )
    first = next(iter(judged.values())).filter("tested")
    for horizon in sorted(first["horizon"].unique()):
        at = first.filter(horizon=horizon)
        rows = {name: one.filter("tested", horizon=horizon, method="tone") for name, one in judged.items()}
        rows |= {rule: at.filter(method=rule) for rule in ("ewma", "persistence")}
        for name, own in rows.items():
            against = [told(bootstrap(own, rows[rule], seed)) for rule in ("persistence", "ewma")]
            against.append(told(bootstrap(own, rows["ewma"], seed, "log")))
            worst = (
                own.group_by("target")
                .agg(pl.col("held").mean(), n=pl.len())
                .filter(pl.col("n") >= 30)["held"]
                .min()
            )
            print(
                f"| {horizon} | {name} | {own.height:,} | {own.select('ccode1', 'ccode2').n_unique()} "
                f"| {own['crps'].mean():.4f} | {own['log'].mean():.4f} | {' | '.join(against)} "
                f"| {own['held'].mean():.3f} | {worst:.3f} |",
                flush=True,
            )


def learned(ev: evidence.Evidence, rows: pl.DataFrame, folder: Path | None, rounds: int) -> Constants:
    """Constants of tone from what happened to December 2014 to politically relevant pairs."""
    if folder is not None and (folder / "constants.json").exists():
        return read(tone.ABOUT, tone.ITEMS, folder)
    pairs, started = fitting.relevant(ev), time.perf_counter()
    own = rows.filter(pl.col("month") <= BEFORE).join(pairs, on=["ccode1", "ccode2"], how="semi")
    made = fitting.fit(own, pairs, tone.ABOUT, tone.ITEMS, BEFORE, rounds=rounds)
    print(f"\nlearned in {time.perf_counter() - started:.0f} s from {made.learned_from}")
    if folder is not None:
        keep({"tone": made}, folder)
    return made


def monthly(rows: pl.DataFrame, constants: Constants, seed: int) -> None:
    """The months of 2018, by all evidence and by acts alone."""
    of, name = acts(rows, SOURCE), f"hostile_share:{SOURCE}"
    item = constants.of(name)
    known = {
        "tone": skill.known_of(rows, of, constants),
        "tone, acts alone": skill.known_of(rows.filter(item=name), of, constants),
    }
    print(f"\nconstants from {constants.learned_from}: persistence {constants.persistence}, {item}")
    for begin, horizons in ((FIRST, (1, 3, 6)), (MIDDLE, (1, 3))):
        first = int((of.months == begin).arg_max() or 0)
        yards = Pooled(yardsticks=skill.yardsticks(of, horizons, first))
        judged = {}
        for what, one in known.items():
            dressed = replace(yards, readings=skill.readings(of, one, item, horizons, first))
            judged[what] = skill.rolling(of, one, item, horizons, dressed, first)
            judged[f"{what}, undressed"] = skill.rolling(of, one, item, horizons, yards, first)
        print(f"\n## Months from {begin:%Y-%m} on; rules and readings learned on those before")
        table(judged, seed)


def read_years(path: Path) -> pl.DataFrame:
    """Dyad-years of the file as rows of `observed.OBSERVED`, in Decembers; names of no state are left out, and told."""
    (frame,) = rdata.read(path.name, path.read_bytes()).values()
    code: dict[str, int | None] = {}
    for name in frame["i"].unique():
        try:
            code[name] = states.find(name).ccode
        except AmityError:
            code[name] = None
    print(f"\nnames of no state: {sorted(name for name, one in code.items() if one is None)}")
    counted = frame.select(
        ccode_from=pl.col("i").replace_strict(code, return_dtype=pl.Int16),
        ccode_to=pl.col("j").replace_strict(code, return_dtype=pl.Int16),
        month=pl.date(pl.col("year").cast(pl.Int32), 12, 1),
        y=pl.col("verbConf") + pl.col("matlConf"),
        n=pl.sum_horizontal("verbConf", "matlConf", "verbCoop", "matlCoop"),
    ).drop_nulls()
    of_pairs = to_lines(counted.filter(pl.col("n") > 0), pairs_of())
    return observed(of_pairs.with_columns(item=pl.lit(f"hostile_share:{YEARLY}"), source=pl.lit(YEARLY)))


def yearly(rows: pl.DataFrame, seed: int, rounds: int) -> pl.DataFrame:
    """The years from 2008 on, 12 and 24 months ahead, constants from the years before."""
    of = acts(rows, YEARLY)
    pairs = of.series.select("ccode1", "ccode2").unique().sort("ccode1", "ccode2")
    split = int((of.months == date(TESTED, 12, 1)).arg_max() or 0)
    one = items(MIX, -1.5, -0.8, 0.1)
    place = rows.join(pairs.with_row_index("pair"), on=["ccode1", "ccode2"])
    number = pl.DataFrame({"month": of.months}).with_row_index("t")
    place = place.join(number, on="month")
    columns = {name: place[name].to_numpy() for name in ("pair", "side", "y", "n")}
    columns |= {"month": place["t"].to_numpy(), "item": np.zeros(place.height)}
    seen = laid_out(pairs.height, len(of.months), columns, one, sides=True)
    some = np.random.default_rng(seed).permutation(pairs.height)[:1500]
    early = np.isin(columns["pair"], some) & (columns["month"] < split)
    renumbered = {name: values[early] for name, values in columns.items()}
    renumbered["pair"] = np.searchsorted(np.sort(some), renumbered["pair"])
    before = laid_out(len(some), split, renumbered, one, sides=True)
    found = learn(before, one, dynamics((0.99, 0.98), (1.0, 0.1), 0), rounds=rounds)
    print(f"\n## Years from {TESTED} on, constants from the years before: {found.items} {found.dynamics}")
    item = Constant(
        float(found.items.intercept[0]), float(found.items.loading[0, 0]), float(found.items.dispersion[0])
    )
    known = filter_forward(seen, found.items, found.dynamics)
    yards = Pooled(yardsticks=skill.yardsticks(of, (12, 24), split))
    known = Known(pairs, of.months, known.mean, known.covariance, found.dynamics)
    dressed = replace(yards, readings=skill.readings(of, known, item, (12, 24), split))
    judged = skill.rolling(of, known, item, (12, 24), dressed, split)
    table({"tone": judged, "tone, undressed": skill.rolling(of, known, item, (12, 24), yards, split)}, seed)
    return judged


def onsets(rows: pl.DataFrame, constants: Constants, ev: evidence.Evidence, seed: int) -> None:
    """Log scores of sanctions after 2014, a month ahead of each, beside the world's rate and each pair's own so far."""
    pairs = fitting.relevant(ev)
    own = rows.join(pairs, on=["ccode1", "ccode2"], how="semi")
    laid = estimate.prepare(own, pairs, tone.ABOUT, tone.ITEMS, constants, date(2022, 12, 1), by_source=False)
    scores = foresee(laid.seen, laid.of, laid.move)
    pair = np.repeat(np.arange(pairs.height), np.diff(laid.seen.start))
    frame = pl.DataFrame(
        {
            "pair": pair, "t": laid.seen.month, "item": np.array(laid.names)[laid.seen.item], "side": laid.seen.side,
            "y": laid.seen.y, "log": scores,
        }
    ).with_columns(year=(1946 + pl.col("t") // 12))  # fmt: skip
    print(
        "\n## Onsets, foreseen from the months before\n\n| item | years | observations | onsets | log score: tone "
        "| the pair's own rate | the world's rate "
        "| tone on the pair's own |\n|---|---|---|---|---|---|---|---|"
    )
    own = frame.filter(item=ONSET).sort("pair", "side", "t")
    each = pl.int_range(pl.len()).over("pair", "side")
    own = own.with_columns(past=(pl.col("y").cum_sum() - pl.col("y")).over("pair", "side"), years=each)
    early, late = own.filter(pl.col("year") <= BEFORE.year), own.filter(pl.col("year") > BEFORE.year)
    rate = float(early["y"].to_numpy().mean())
    weights = 10.0 ** np.arange(-1, 3.1, 0.25)
    best = max(weights, key=lambda weight: poisson(early, rate, weight).mean())
    rated = [poisson(late, rate, weight) for weight in (best, 1e9)]
    by = (
        late.select("pair", "log", plain=rated[0])
        .group_by("pair")
        .agg(pl.col("log", "plain").sum(), n=pl.len())
    )
    gain, n = (by["log"] - by["plain"]).to_numpy(), by["n"].to_numpy()
    drawn = np.random.default_rng(seed).multinomial(len(n), np.full(len(n), 1 / len(n)), DRAWS)
    low, high = np.quantile((drawn @ gain) / (drawn @ n), [0.025, 0.975])
    print(
        f"| {ONSET} | {late['year'].min()}–{late['year'].max()} | {late.height:,} | {int(late['y'].sum())} "
        f"| {late['log'].mean():.5f} | {rated[0].mean():.5f} | {rated[1].mean():.5f} "
        f"| {gain.sum() / n.sum():+.5f} [{low:+.5f}, {high:+.5f}] |"
    )


def poisson(part: pl.DataFrame, rate: float, weight: float) -> NDArray[np.float64]:
    """Log scores of counts by the pair's own past, drawn to the world's rate with the weight of so many years."""
    mean = ((part["past"] + weight * rate) / (part["years"] + weight)).to_numpy()
    y = part["y"].to_numpy()
    return y * np.log(mean) - mean - np.array([lgamma(one + 1) for one in y])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("years", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--constants", type=Path)
    parser.add_argument("--record", type=Path)
    asked = parser.parse_args()
    ev = evidence.open_evidence(amity.open_store(asked.home))
    rows = tone.observe(ev, pairs_of())
    constants = learned(ev, rows, asked.constants, asked.rounds)
    monthly(rows, constants, asked.seed)
    by_year = yearly(read_years(asked.years), asked.seed, asked.rounds)
    if asked.record:
        told_now = skill.measure(rows, SOURCE, constants, read(tone.ABOUT, tone.ITEMS), FIRST, (1, 3, 6))
        tested = by_year.filter("tested")["target"]
        span = f"years {tested.min():%Y} to {tested.max():%Y}"
        years = (replace(one, judged=span) for one in skill.pool(by_year))
        says = (
            f"{told_now.learned_from}; 12 and 24 months: dyad-years of ICEWS, constants from the years before"
        )
        whole = replace(told_now, records=(*told_now.records, *years), learned_from=says)
        print(records.keep(whole, asked.record))
    onsets(rows, constants, ev, asked.seed)


if __name__ == "__main__":
    sys.exit(main())
