"""The relation engine on all pairs of the world: time, latency of one pair, growth with evidence, memory, a baseline.

    uv run --group dev python benchmarks/relation_engine.py [--pairs 20000] [--months 966] [--observations 30]

Prints tables in Markdown. Evidence is drawn from the model itself (tone alone: mixes of acts, a yearly measure, monthly
onsets, a yearly tie). The baseline does the same Newton steps with NumPy and SciPy's banded solver, pair by pair, and
must give the same states. Everything is compiled before the clock starts; how long that takes is told beside it.
"""

from __future__ import annotations

import argparse
import resource
import time
from statistics import median
from typing import TYPE_CHECKING

import numba
import numpy as np
from scipy.linalg import solveh_banded

from amity.engine.chain import smooth
from amity.engine.families import COUNT, GAUSSIAN, MIX
from amity.engine.filtering import filter_forward
from amity.engine.grid import cells, gridded, heights, kernel
from amity.engine.matching import smooth_means
from amity.engine.model import Dynamics, Evidence, Items, dynamics, items, select

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

TONE = items([MIX, GAUSSIAN, MIX, MIX], [-1.0, 0.0, -6.0, -2.5], [-1.0, 0.5, -1.3, 1.2], [0.1, 0.1, 0.0, 0.0])
PACE = dynamics(0.99)
MANY = items(
    [MIX, MIX, COUNT, GAUSSIAN],
    [-1.0, -6.0, 0.5, 0.0],
    np.array([[1, 0, 0], [1.3, 0, 0], [0, 1, 0], [0, 0, 1]]),
    [0.1, 0, 0.3, 0.1],
)
TWO = dynamics([0.99, 0.95], [1, 0.3], directed=0)
PACES = dynamics([0.98, 0.99, 0.99, 0.95], [1, 1, 1, 0.3], directed=0)


def peak() -> float:
    """Peak resident memory of this process, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def draw(
    seed: int, pairs: int, months: int, millions: float, of: Items = TONE, move: Dynamics = PACE
) -> Evidence:
    """Sorted evidence of about so many million observations: onsets monthly, yearly rows, and mixes for the rest."""
    rng = np.random.default_rng(seed)
    yearly = np.arange(months) % 12 == 11
    wanted = millions * 1e6 / (pairs * months) - 1 - 2 / 12
    count = np.zeros((months, 4), np.int64)
    count[:, 2] = 1
    count[yearly, 1] = count[yearly, 3] = 1
    share = np.clip(wanted, 0.0, None)
    busy = rng.gamma(1.0, 1.0, pairs)
    month, item, size, state = [], [], np.zeros(pairs + 1, np.int64), []
    for d in range(pairs):
        x = np.empty(months)
        shocks = rng.normal(0, np.sqrt(1 - move.persistence[0] ** 2), months)
        x[0] = rng.normal()
        for t in range(1, months):
            x[t] = move.persistence[0] * x[t - 1] + shocks[t]
        own = count.copy()
        own[:, 0] = rng.poisson(share * busy[d], months)
        flat = np.repeat(np.arange(months * 4), own.ravel())
        month.append((flat // 4).astype(np.int64))
        item.append((flat % 4).astype(np.int64))
        state.append(x[month[-1]])
        size[d + 1] = len(flat)
    none = np.empty(0)
    bare = Evidence(
        np.cumsum(size),
        np.concatenate(month),
        np.concatenate(item),
        none.astype(np.int8),
        none,
        none,
        none,
        months,
    )
    return filled(rng, bare, np.concatenate(state), of, move)


def filled(
    rng: np.random.Generator, bare: Evidence, x: NDArray[np.float64], of: Items, move: Dynamics
) -> Evidence:
    """The same observations with sides and values drawn, given the state that each reads."""
    size, item = len(bare.item), bare.item
    side = (rng.integers(-1, 2, size) * (move.directed >= 0)).astype(np.int8)
    n = np.where((of.family == MIX)[item] & (item == 0), rng.geometric(0.3, size), 1).astype(float)
    eta = of.intercept[item] + of.loading.sum(1)[item] * x
    y = rng.binomial(n.astype(np.int64), 1 / (1 + np.exp(-eta))).astype(float)
    gauss, counts = (of.family == GAUSSIAN)[item], (of.family == COUNT)[item]
    n[gauss] = 0.05
    y[gauss] = eta[gauss] + rng.normal(0, 0.4, gauss.sum())
    y[counts] = rng.poisson(np.exp(np.minimum(eta[counts], 5)))
    return bare._replace(side=side, y=y, n=n, offset=np.zeros(size))


def timed(
    what: Callable[[], object], rounds: int = 1, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Median seconds: on the wall, or by another clock."""
    took = []
    for _ in range(rounds):
        started = clock()
        what()
        took.append(clock() - started)
    return median(took)


def banded(seen: Evidence, of: Items, move: Dynamics, d: int) -> NDArray[np.float64]:
    """One pair's mode with NumPy and SciPy's banded Cholesky: binomial mixes and Gaussians in one dimension."""
    part = slice(seen.start[d], seen.start[d + 1])
    k, t, y, n = seen.item[part], seen.month[part], seen.y[part], seen.n[part]
    c, load, gauss = of.intercept[k], of.loading[k, 0], of.family[k] == GAUSSIAN
    phi, q = move.persistence[0], 1 - move.persistence[0] ** 2
    ab = np.zeros((2, seen.months))
    ab[0, 1:] = -phi / q
    own = np.full(seen.months, (1 + phi**2) / q)
    own[0] = own[-1] = 1 / q
    x = np.zeros(seen.months)
    for _ in range(50):
        eta = c + load * x[t]
        p = 1 / (1 + np.exp(-eta))
        g = np.where(gauss, (y - eta) / (n + of.dispersion[k]), y - n * p)
        h = np.where(gauss, 1 / (n + of.dispersion[k]), n * p * (1 - p))
        ab[1] = own + np.bincount(t, load**2 * h, seen.months)
        right = np.bincount(t, load * (g + h * load * x[t]), seen.months)
        step = solveh_banded(ab, right) - x
        x += np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-5:
            break
    return x


def baseline(seen: Evidence) -> list[str]:
    """Ours beside the banded solver on the same pairs, with mixes taken as binomial on both sides."""
    of = TONE._replace(dispersion=np.where(TONE.family == MIX, 0.0, TONE.dispersion))
    ours = smooth(seen, of, PACE).mean[:, :, 0]
    few = range(len(ours))
    theirs = np.array([banded(seen, of, PACE, d) for d in few])
    assert np.abs(ours - theirs).max() < 1e-6
    threads = numba.get_num_threads()
    took = timed(lambda: [banded(seen, of, PACE, d) for d in few], 3, time.process_time)
    two = timed(lambda: smooth(seen, of, PACE), 5)
    numba.set_num_threads(1)
    one = timed(lambda: smooth(seen, of, PACE), 5, time.process_time)
    numba.set_num_threads(threads)
    return [
        f"| SciPy's banded solver, {len(ours)} pairs (modes only), CPU | {1e3 * took / len(ours):.2f} | 1.0 |",
        f"| ours, one thread (modes, covariances, likelihood), CPU | {1e3 * one / len(ours):.2f} | {took / one:.1f} |",
        f"| ours, {threads} threads, wall | {1e3 * two / len(ours):.2f} | {took / two:.1f} |",
    ]


def growth(months: int) -> list[str]:
    """One pair as its evidence grows tenfold and tenfold again."""
    lines = []
    for per_month in (1.2, 3, 30, 300):
        one = draw(5, 1, months, per_month * months / 1e6)
        row = [
            timed(lambda run=run, one=one: run(one, TONE, PACE), 7)
            for run in (smooth, filter_forward, smooth_means)
        ]
        lines.append(f"| {len(one.y):,} | {' | '.join(f'{1e3 * each:.2f}' for each in row)} |")
    return lines


def whole(seen: Evidence) -> list[str]:
    """Everything of everybody: smoothed and filtered, all kept in memory."""
    lines = []
    for name, run in (("smoothed", smooth), ("filtered", filter_forward)):
        started = time.perf_counter()
        kept = run(seen, TONE, PACE)
        took = time.perf_counter() - started
        shares = (
            f", steps {kept.steps.mean():.1f}, settled {kept.settled.mean():.5f}"
            if name == "smoothed"
            else ""
        )
        lines.append(f"| {name}, one state{shares} | {took:.1f} | {peak():,.0f} |")
        del kept
    return lines


def in_parts(pairs: int, months: int, millions: float, of: Items, move: Dynamics) -> str:
    """Several states, measured on a thousand pairs: the rest would be as many parts of the same size."""
    part = min(pairs, 1000)
    seen = draw(3, part, months, millions * part / pairs, of, move)
    smooth(select(seen, 0, min(part, 20)), of, move)
    took = timed(lambda: smooth(seen, of, move), 3) * pairs / part
    what = f"{len(move.persistence)} states: {part:,} pairs measured, times {pairs / part:.0f}"
    return f"| smoothed, {what} | {took:.1f} | {peak():,.0f} |"


def compiling(small: Evidence) -> list[str]:
    """Seconds until each first answers, for many pairs and for one."""
    lines = []
    for run in (smooth, filter_forward, smooth_means):
        started = time.perf_counter()
        for seen in (small, select(small, 0, 1)):
            run(seen, TONE, PACE)
        lines.append(f"| {run.__name__} | {time.perf_counter() - started:.1f} |")
    return lines


def on_a_grid(small: Evidence) -> str:
    """One pair on the exact grid."""
    points = cells()
    move = kernel(points, 0.99, tails=4.0)
    rows = heights(points, select(small, 0, 1), TONE, PACE)
    took = timed(lambda: gridded(points, move, rows), 5)
    return f"\nOn a grid of {len(points)} cells with t shocks, one pair takes {1e3 * took:.0f} ms."


def everybody(pairs: int, months: int, millions: float) -> None:
    """All pairs, first by several states, then all of them in memory by one."""
    print(f"\n| all pairs, {numba.get_num_threads()} threads | wall s | peak MB |\n|---|---|---|")
    for of, move in ((TONE, TWO), (MANY, PACES)):
        print(in_parts(pairs, months, millions, of, move), flush=True)
    seen = draw(4, pairs, months, millions)
    print(
        f"| {pairs:,} pairs × {months} months, {len(seen.y):,} observations, drawn | – | {peak():,.0f} |",
        flush=True,
    )
    print(*whole(seen), sep="\n")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--months", type=int, default=966)
    parser.add_argument("--observations", type=float, default=30.0, help="millions")
    asked = parser.parse_args()
    small = draw(1, 20, asked.months, 20 * asked.months * 1.5 / 1e6)
    print("| compiled, or read from its cache | s |\n|---|---|", *compiling(small), sep="\n")
    heads = "\n| one pair, observations | smooth ms | filter ms | means ms |\n|---|---|---|---|"
    print(heads, *growth(asked.months), sep="\n")
    print(on_a_grid(small))
    some = draw(2, 100, asked.months, asked.months * 150 / 1e6)
    print("\n| who | ms a pair | times as fast |\n|---|---|---|", *baseline(some), sep="\n")
    everybody(asked.pairs, asked.months, asked.observations)


if __name__ == "__main__":
    main()
