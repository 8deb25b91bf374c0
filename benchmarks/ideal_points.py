"""Ideal points: time, memory, nearness to the published points, and votes held out, in one run.

    python benchmarks/ideal_points.py --seed 7 [--published FOLDER] [--sample] [--runs 5]

Votes are those of the starter pack (1946 to January 2020 for the comparison). `--published` is a folder with
`unga_ideal_points_all_2020.csv` and `unga_linked_resolutions.csv`. Times are CPU and wall seconds of the fit
alone, data in memory, medians of `--runs`, on one thread and on two; and of a fresh process with compiled code cached.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numba
import numpy as np
import polars as pl

from amity import open_store
from amity.evidence import items as every_item
from amity.evidence import open_evidence
from amity.evidence import votes as every_vote
from amity.measures import ideal_points, roll_call_rules
from amity.measures.roll_call_links import published as published_links
from amity.scaling import fitting, foretelling
from amity.scaling.layout import lay_out

FRESH = """
import resource, time
begun = time.perf_counter()
from amity import open_store
from amity.evidence import open_evidence
from amity.measures import ideal_points, kept_points
with open_evidence(open_store("no-store-here")) as ev:
    told = kept_points.record(ev)
read = time.perf_counter()
ideal_points.fit(*told)
done = time.perf_counter()
print(read - begun, done - read, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--published", type=Path)
    parser.add_argument("--sample", action="store_true")
    parser.add_argument("--draws", type=int, default=500)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    fresh(asked.runs)  # first: a child's peak of memory begins at its parent's
    votes, items = scholars()
    links = linked(asked.published)
    times(votes, items, asked.runs)
    if asked.published:
        nearness(votes, items, links, asked)
    held_out(votes, items, asked.seed)


def scholars() -> tuple[pl.DataFrame, pl.DataFrame]:

    with open_evidence(open_store("no-store-here")) as ev:
        every = every_vote(ev), every_item(ev)
    return tuple(part.filter(pl.col("source") == "unga_votes") for part in every)  # type: ignore[return-value]


def linked(folder: Path | None) -> pl.DataFrame | None:

    return published_links((folder / "unga_linked_resolutions.csv").read_bytes()) if folder else None


def times(votes: pl.DataFrame, items: pl.DataFrame, runs: int) -> None:

    calls, _ = ideal_points.laid_out(votes, items, roll_call_rules.ALL, None)
    fitting.fit(calls)
    print("| threads | wall s | CPU s | rounds |\n|---|---|---|---|")
    for threads in (1, min(2, os.cpu_count() or 1)):
        numba.set_num_threads(threads)
        taken = []
        for _ in range(runs):
            wall, cpu = time.perf_counter(), time.process_time()
            told = fitting.fit(calls)
            taken.append((time.perf_counter() - wall, time.process_time() - cpu))
        wall, cpu = (statistics.median(column) for column in zip(*taken, strict=True))
        print(f"| {threads} | {wall:.3f} | {cpu:.3f} | {told.rounds} |")


def fresh(runs: int) -> None:
    taken = []
    for _ in range(runs):
        said = subprocess.run(
            [sys.executable, "-c", FRESH], capture_output=True, text=True, check=True
        ).stdout
        taken.append([float(word) for word in said.split()])
    read, fit, memory = (statistics.median(column) for column in zip(*taken, strict=True))
    print(
        f"fresh process: {read:.2f} s to import and read, {fit:.2f} s from frames to points, {memory:.0f} MB\n"
    )


def nearness(
    votes: pl.DataFrame, items: pl.DataFrame, links: pl.DataFrame | None, asked: argparse.Namespace
) -> None:

    published = pl.read_csv(asked.published / "unga_ideal_points_all_2020.csv", encoding="latin1").cast(
        {"ccode": pl.Int16, "session": pl.Int16}
    )
    print("\n| points | pooled r | within session, median | worst | sd ratio |\n|---|---|---|---|---|")
    for name, pairs in (("fast, links by title", None), ("fast, published links", links)):
        told = ideal_points.fit(votes, items, links=pairs, tolerance=1e-3)
        print(f"| {name} | {compared(told.points, published)} |")
    if asked.sample:
        begun = time.perf_counter()
        told, _ = ideal_points.draw(votes, items, asked.seed, links=links, draws=asked.draws, burn=200)
        print(
            f"| drawn, published links, {time.perf_counter() - begun:.0f} s | {compared(told.points, published)} |"
        )


def compared(points: pl.DataFrame, published: pl.DataFrame) -> str:
    both = published.join(points, on=["ccode", "session"])
    here, there, session = (both[column].to_numpy() for column in ("point", "IdealPoint", "session"))
    each = [np.corrcoef(here[session == s], there[session == s])[0, 1] for s in np.unique(session)]
    width = (both["Q95%"] - both["Q5%"]).to_numpy() / (2 * 1.6448536)
    ratio = np.median(both["sd"].to_numpy() / width)
    return f"{np.corrcoef(here, there)[0, 1]:.4f} | {np.median(each):.4f} | {min(each):.4f} | {ratio:.3f}"


def held_out(votes: pl.DataFrame, items: pl.DataFrame, seed: int) -> None:
    """Log-loss of a twentieth of the votes, foretold from the rest; beside the shares of each roll call alone."""

    calls, _ = ideal_points.laid_out(votes, items, roll_call_rules.ALL, None)
    item, seat, vote = calls.item_of_vote, calls.seat_of, calls.vote
    out = np.random.default_rng(seed).random(len(vote)) < 0.05
    kept = lay_out(item[~out], calls.states[seat[~out]], calls.sessions[seat[~out]], vote[~out])
    told = fitting.fit(kept)
    place_of = np.full(len(calls.items), -1)
    place_of[kept.items] = np.arange(len(kept.items))
    seats = dict(zip(zip(kept.states, kept.sessions, strict=True), range(len(kept.states)), strict=True))
    rows = [(place_of[j], seats.get((calls.states[s], calls.sessions[s]), -1), v)
            for j, s, v in zip(item[out], seat[out], vote[out], strict=True)]  # fmt: skip
    known = np.array([row for row in rows if row[0] >= 0 and row[1] >= 0])
    j, s, v = known.T
    at = np.arange(len(v)), v
    seen = kept.counts[j][at] > 0
    print(
        f"\nheld out: {len(known):,} votes\n| foretold by | log-loss | right | of kinds that somebody else cast |"
    )
    print("|---|---|---|---|")
    nobody, everybody = np.zeros(len(kept.state_start) - 1), np.ones(len(kept.state_start) - 1)
    for name, astray in (
        ("the roll call's shares", everybody),
        ("the fit alone", nobody),
        ("fit and shares", None),
    ):
        chance = foretelling.chances(kept, told, s, j, astray)
        each = -np.log(np.clip(chance[at], 1e-6, 1))
        right = np.mean(v == chance.argmax(axis=1))
        print(f"| {name} | {each.mean():.4f} | {right:.1%} | {each[seen].mean():.4f} |")


if __name__ == "__main__":
    main()
