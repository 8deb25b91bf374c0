"""Whether shocks with heavy tails foresee tone better: the exact grid with t shocks, with Gaussian ones, and Laplace.

    uv run --group dev python benchmarks/heavy_tails.py HOME --seed 7 [--every 1]

HOME is a store as for `outlook.py`. Each observation of tone is foreseen from the months before its own, by the filter
that amity uses (two states, one each way) and by a grid of one state with Gaussian shocks and with t shocks of the same
variance. Pairs are the politically relevant ones with coded acts in six months or more, in order of their codes, every
so many of them. A pair's months after a jump are the twelve that follow one in which what was known moved by .3. Prints
a table in Markdown of gains in nats; intervals are 95 %, of a bootstrap of pairs.
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

import amity
from amity import evidence
from amity.dimensions import estimate, fitting, tone
from amity.dimensions.constants import read
from amity.dimensions.observed import last_month
from amity.engine.compiled import compiled
from amity.engine.filtering import foresee
from amity.engine.grid import cells, kernel
from amity.engine.reading import World, density, world

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from amity.dimensions.estimate import Prepared
    from amity.engine.compiled import Floats

FEWEST, JUMP, AFTER, DRAWS = 6, 0.3, 12, 2000
POINTS = cells(7.0, 0.065)
TAILS = (6.0, 4.0)


@compiled
def height(w: World, a: int, points: Floats, out: Floats) -> None:
    """The log density of observation `a` in each cell, as if both sides were one."""
    k = w.item[a]
    for i in range(len(points)):
        out[i] = density(w, a, w.intercept[k] + w.offset[a] + w.loading[k, 0] * points[i])


def of_pair(w: World, d: int, move: Floats, scores: Floats) -> None:
    """Put into `scores` what the months before foresaw of each observation of a pair."""
    ahead, t = np.exp(-0.5 * POINTS**2), 0
    ahead /= ahead.sum()
    here, a = np.empty(len(POINTS)), int(w.start[d])
    while a < w.start[d + 1]:
        while t < w.month[a]:
            ahead, t = ahead @ move, t + 1
        told = np.zeros(len(POINTS))
        while a < w.start[d + 1] and w.month[a] == t:
            height(w, a, POINTS, here)
            scores[a] = here.max() + math.log(ahead @ np.exp(here - here.max()))
            told += here
            a += 1
        ahead = ahead * np.exp(told - told.max())
        ahead /= ahead.sum()


def on_a_grid(laid: Prepared, tails: float | None) -> NDArray[np.float64]:
    """(observations,) log scores by the grid."""
    started, scores = time.process_time(), np.empty(len(laid.seen.y))
    w, move = (
        world(laid.seen, laid.of, laid.move),
        kernel(POINTS, float(laid.move.persistence[0]), 1.0, tails),
    )
    for d in range(laid.pairs.height):
        of_pair(w, d, move, scores)
    print(f"{tails}: {1e3 * (time.process_time() - started) / laid.pairs.height:.0f} ms of CPU a pair")
    return scores


def after_jumps(laid: Prepared, pair: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(observations,) whether what was known of the pair moved by a jump in the months before."""
    known = estimate.filtered(laid).mean[:, :, 0]
    jumped = np.abs(np.diff(known, axis=1, prepend=0.0)) >= JUMP
    before = np.cumsum(np.pad(jumped, ((0, 0), (1, 0))), axis=1)
    month = laid.seen.month
    return before[pair, month] > before[pair, np.maximum(month - AFTER, 0)]


def prepared(ev: evidence.Evidence, every: int) -> Prepared:
    """Tone of the pairs that are judged."""
    relevant = fitting.relevant(ev)
    rows = tone.observe(ev, relevant).join(relevant, on=["ccode1", "ccode2"], how="semi")
    told = rows.filter(pl.col("item").str.starts_with("hostile_share")).group_by("ccode1", "ccode2")
    heard = told.agg(months=pl.col("month").n_unique()).filter(pl.col("months") >= FEWEST)
    pairs = heard.select("ccode1", "ccode2").sort("ccode1", "ccode2").gather_every(every)
    print(f"{heard.height} pairs with acts in {FEWEST} months or more, {pairs.height} taken")
    last = last_month([rows])
    assert last is not None
    constants = read(tone.ABOUT, tone.ITEMS, Path(ev.store.root) if ev.store is not None else None)
    return estimate.prepare(rows, pairs, tone.ABOUT, tone.ITEMS, constants, last, by_source=False)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--every", type=int, default=1)
    asked = parser.parse_args()
    with evidence.open_evidence(amity.open_store(asked.home)) as ev:
        laid = prepared(ev, asked.every)
    pair = np.repeat(np.arange(laid.pairs.height), np.diff(laid.seen.start))
    news = np.array([name.startswith("hostile_share") for name in laid.names])[laid.seen.item]
    onset, jump = laid.seen.item == laid.names.index("dispute_onset"), after_jumps(laid, pair)
    known, plain = foresee(laid.seen, laid.of, laid.move), on_a_grid(laid, None)
    rivals = {"one state on a grid, over Laplace": plain - known}
    rivals |= {f"t{tails:.0f} shocks, over Gaussian ones": on_a_grid(laid, tails) - plain for tails in TAILS}
    which = {"all": jump | ~jump, "acts": news, "all after a jump": jump, "acts after a jump": jump & news}
    weights = np.random.default_rng(asked.seed).poisson(1.0, (DRAWS, laid.pairs.height))
    print("\n| gain, nats | " + " | ".join([*which, "disputes after a jump"]) + " |\n" + "|---" * 6 + "|")
    for name, gain in rivals.items():
        row: list[str] = []
        for mask in (*which.values(), jump & onset):
            each = np.bincount(pair[mask], gain[mask], laid.pairs.height)
            low, high = np.quantile(weights @ each, [0.025, 0.975])
            row.append(f"{each.sum():.1f} [{low:.1f}, {high:.1f}] of {mask.sum():,}")
        print(f"| {name} | {' | '.join(row)} |")


if __name__ == "__main__":
    main()
