"""The world's pairs and one pair: time and memory of the three dimensions, from a store to states by month.

    uv run python benchmarks/all_pairs.py HOME [--runs 3] [--keep]

HOME is a store with everything loaded. Each dimension is observed (rows from the store), laid out (arrays) and smoothed
(means, covariances, likelihood of every month since 1946) for all pairs. Before that one pair goes all the way, as in a
brief: once in a process that has read nothing yet, then again, and from evidence opened anew; then without what HOME
keeps of all pairs, which `--keep` puts there first. Seconds differ from machine to machine, ratios less.
"""

from __future__ import annotations

import argparse
import inspect
import resource
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import amity
from amity import states
from amity.dimensions import ALL, kept_rows, named
from amity.dimensions.constants import read
from amity.dimensions.estimate import prepare, smoothed
from amity.dimensions.observed import last_month, pairs_of
from amity.dimensions.pair import relation_of
from amity.evidence import open_evidence

if TYPE_CHECKING:
    from collections.abc import Callable


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What some work gives, its seconds on the wall, and of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    made = work()
    return made, time.perf_counter() - wall, time.process_time() - cpu


def one_pair(home: Path, runs: int, how: str = "") -> None:
    """Print what one pair takes from evidence that has read nothing yet, again, and each time opened anew."""
    a, b = states.find("KHM"), states.find("USA")

    def anew() -> None:
        with open_evidence(amity.open_store(home)) as ev:
            relation_of(ev, a, b)

    _, wall, cpu = timed(anew)
    print(f"| one pair{how}, for the first time | | {wall:.2f} | {cpu:.2f} |")
    with open_evidence(amity.open_store(home)) as ev:
        again = [timed(lambda: relation_of(ev, a, b))[1:] for _ in range(runs)]
    opened = [timed(anew)[1:] for _ in range(runs)]
    for what, told in (("again", again), ("evidence opened anew", opened)):
        wall, cpu = (statistics.median(run[n] for run in told) for n in range(2))
        print(f"| one pair{how}, {what} | | {wall:.3f} | {cpu:.3f} |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("home", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", action="store_true")
    asked = parser.parse_args()
    print("| what | rows | wall s | cpu s |\n|---|---|---|---|")
    if asked.keep:
        with open_evidence(amity.open_store(asked.home)) as ev:
            _, wall, cpu = timed(lambda: kept_rows.keep(ev))
        print(f"| tone and engagement of all pairs, kept | | {wall:.1f} | {cpu:.1f} |")
    one_pair(asked.home, max(asked.runs, 9))
    for name in ALL:
        module = named(name)
        module.observe = inspect.unwrap(module.observe)
    one_pair(asked.home, max(asked.runs, 9), ", worked out")
    with open_evidence(amity.open_store(asked.home)) as ev:
        pairs = pairs_of()
        for name in ALL:
            dimension = named(name)
            rows, wall, cpu = timed(lambda dimension=dimension: dimension.observe(ev, pairs))
            print(f"| {name}: observed, all pairs | {rows.height:,} | {wall:.1f} | {cpu:.1f} |")
            known, last = read(dimension.ABOUT, dimension.ITEMS), last_month([rows])
            if last is None:
                continue
            laid, wall, cpu = timed(
                lambda dimension=dimension, rows=rows, known=known, last=last: prepare(
                    rows, pairs, dimension.ABOUT, dimension.ITEMS, known, last
                )
            )
            del rows
            print(f"| {name}: laid out | {len(laid.seen.y):,} | {wall:.1f} | {cpu:.1f} |")
            runs = [timed(lambda laid=laid: smoothed(laid))[1:] for _ in range(asked.runs)]
            wall, cpu = (statistics.median(run[n] for run in runs) for n in range(2))
            states_made = f"{pairs.height:,} × {len(laid.months):,}"
            print(f"| {name}: smoothed | {states_made} | {wall:.1f} | {cpu:.1f} |")
    print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
