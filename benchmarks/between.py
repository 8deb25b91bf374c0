"""The tilt between two powers: time for all states, nearness to the published points, and what the composite adds.

    python benchmarks/between.py [--home STORE] [--published FOLDER] [--a USA] [--b CHN] [--runs 5]

Votes need nothing but the starter pack; the other domains need a store that holds their sources. `--published` is a
folder with `unga_ideal_points_all_2020.csv`: the tilt by the published points is the yardstick of the tilt by ours.
Times are wall and CPU seconds, medians of `--runs`, points kept beforehand.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from amity import open_store, states
from amity.evidence import open_evidence
from amity.insight.between import WEIGHTS, summary, tilts
from amity.insight.domains import by_line
from amity.measures import kept_points

if TYPE_CHECKING:
    from collections.abc import Callable

    from amity.states import State


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, default=Path("no-store-here"))
    parser.add_argument("--published", type=Path)
    parser.add_argument("--a", default="USA")
    parser.add_argument("--b", default="CHN")
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    a, b = states.find(asked.a), states.find(asked.b)
    with open_evidence(open_store(asked.home)) as ev:
        kept_points.of_store(ev)
        votes = timed("votes, all states", lambda: tilts(ev, a, b, of_domains=["votes"]), asked.runs)
        every = timed("all domains, all states", lambda: tilts(ev, a, b), asked.runs)
    told = timed("their summary, named with chances", lambda: summary(every), asked.runs)
    print(f"{votes.filter('known').height:,} states and years by votes, {told.height:,} by any domain")
    if asked.published:
        nearness(votes, asked.published, a, b)
    composite(every)


def timed(what: str, work: Callable[[], pl.DataFrame], runs: int) -> pl.DataFrame:
    """The result of the last of some runs; the first, which compiles, is not counted."""
    done = work()
    wall, cpu = list[float](), list[float]()
    for _ in range(runs):
        began, began_cpu = time.perf_counter(), time.process_time()
        done = work()
        wall.append(time.perf_counter() - began)
        cpu.append(time.process_time() - began_cpu)
    print(f"{what}: {statistics.median(wall):.2f} s wall, {statistics.median(cpu):.2f} s CPU")
    return done


def nearness(votes: pl.DataFrame, folder: Path, a: State, b: State) -> None:
    """Rank correlation within years with the tilt by the published points."""
    published = pl.read_csv(
        folder / "unga_ideal_points_all_2020.csv", encoding="latin1", infer_schema_length=0
    ).select(
        pl.col("ccode").cast(pl.Int16),
        year=pl.col("session").cast(pl.Int16) + 1945,
        point=pl.col("IdealPoint").cast(pl.Float64),
    )
    sides = [published.filter(pl.col("ccode").is_in(list(power.ccodes))) for power in (a, b)]
    one, other = (
        side.select("year", pl.col("point").alias(name)) for side, name in zip(sides, "ab", strict=True)
    )
    tilt = ((pl.col("point") - pl.col("b")).abs() - (pl.col("point") - pl.col("a")).abs()).round(9)
    theirs = published.join(one, on="year").join(other, on="year").select(by_line("ccode"), "year", tilt=tilt)
    both = votes.filter("known").select("ccode", "year", "value").join(theirs, on=["ccode", "year"])
    report("tilt by votes against that by the published points", within_years(both, "value", "tilt"))
    tied = both.group_by("year").agg(share=(pl.col("value") == pl.col("value").min()).mean())
    print(f"states that tie at the end of the line, by year: median {tied['share'].median():.0%}, "
          f"most {tied['share'].max():.0%}")  # fmt: skip


def composite(every: pl.DataFrame) -> None:
    """How the alignment of all domains ranks states beside votes alone, and each domain beside votes."""
    votes = every.filter("known", domain="votes").select("ccode", "year", votes="tilt")
    told = summary(every).filter(pl.col("domains").list.len() >= len(WEIGHTS) / 2)
    both = told.join(votes, on=["ccode", "year"])
    report("alignment of four domains or more against votes alone", within_years(both, "alignment", "votes"))
    without = summary(every, {**WEIGHTS, "votes": 0.0}).filter(pl.col("domains").list.len() >= 4)
    both = without.join(votes, on=["ccode", "year"])
    report("alignment without votes against votes alone", within_years(both, "alignment", "votes"))
    for name in every["domain"].unique(maintain_order=True):
        one = every.filter("known", domain=name).join(votes, on=["ccode", "year"])
        if name != "votes" and one.height:
            report(f"  {name} against votes", within_years(one, "tilt", "votes"))


def within_years(rows: pl.DataFrame, one: str, other: str) -> pl.DataFrame:
    """Rank correlation by year: `year, rank, n`, of years with twenty states or more."""
    ranked = rows.group_by("year").agg(rank=pl.corr(one, other, method="spearman"), n=pl.len()).sort("year")
    return ranked.filter(pl.col("n") >= 20).with_columns(pl.col("rank").fill_nan(None)).drop_nulls()


def report(what: str, ranked: pl.DataFrame) -> None:
    if ranked.height:
        low = ranked.sort("rank").row(0, named=True)
        years = f"{ranked.height} years {ranked['year'].min()}-{ranked['year'].max()}"
        print(
            f"{what}: within-year rank correlation, median {ranked['rank'].median():.3f}, "
            f"least {low['rank']:.3f} ({low['year']}), {years}"
        )


if __name__ == "__main__":
    main()
