"""How often checks of claims see what is not there: worlds of known truth, many times.

    uv run --group dev python benchmarks/claims.py --seed 1 [--worlds 400]

Prints tables in Markdown. An interval of 90 % may leave out the truth in 5 of a hundred worlds on either side. Rank
correlations are of pairs of independent series: autoregressions, and innovations of yearly means of smoothed states, of
which each year but every fourth was measured once, as badly as a state varies by itself. Beside the check's interval
stands that of a circular block bootstrap. What followed acts is of states that move by themselves, with eight acts on
days that know nothing of them.
"""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amity import states
from amity.dimensions.estimate import Prepared
from amity.dimensions.observed import Dimension, pairs_of
from amity.dimensions.pair import Reading
from amity.engine.chain import smooth
from amity.engine.families import GAUSSIAN
from amity.engine.model import dynamics, evidence, items
from amity.insight.checks.closeness import associated
from amity.insight.checks.followed import Act, episodes, followed
from amity.insight.checks.statement import Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Random = np.random.Generator

KEPT, MONTHS = 0.995, 600
WHEN = pl.date_range(date(1970, 1, 1), date(2019, 12, 1), "1mo", eager=True)
PAIR = pairs_of([(states.find("KHM"), states.find("USA"))])
ABOUT = Dimension("alignment", "", directed=False, persistence=(KEPT,), variance=(1.0,))


def main() -> None:
    parser = argparse.ArgumentParser(description="How often checks of claims see what is not there.")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--worlds", type=int, default=400)
    asked = parser.parse_args()
    random = np.random.default_rng(asked.seed)
    print("| series | n | below | above | bootstrap below | bootstrap above |\n|---|---|---|---|---|---|")
    for kept in (-0.4, 0.0, 0.5, 0.8):
        for n in (20, 47):
            told = correlations(random, asked.worlds, lambda k=kept, n=n: autoregression(random, k, n))
            print(f"| autoregression, {kept} kept | {n} | {told}")
    for n in (22, 40):
        told = correlations(random, asked.worlds, lambda n=n: innovations(random, n))
        print(f"| innovations of smoothed states | {n} | {told}")
    print("\n| a measurement every | its error | worlds | below | above |\n|---|---|---|---|---|")
    for every, error in ((1, 0.3), (3, 0.5), (8, 0.5)):
        print(f"| {every} months | {error} | {after_acts(random, asked.worlds // 2, every, error)}")


def correlations(random: Random, worlds: int, draw: Callable[[], Floats]) -> str:
    """How often intervals lie below and above nought, in hundredths."""
    out = np.zeros(4)
    for _ in range(worlds):
        x, y = draw(), draw()
        _, low, high = associated(x, y)
        under, over = bootstrap(random, x, y)
        out += [high < 0, low > 0, over < 0, under > 0]
    return " | ".join(f"{100 * share:.1f}" for share in out / worlds) + " |"


def autoregression(random: Random, kept: float, n: int) -> Floats:
    x = np.zeros(n + 50)
    for t in range(1, len(x)):
        x[t] = kept * x[t - 1] + random.standard_normal()
    return x[50:]


def walk(random: Random, months: int) -> Floats:
    """A state at rest, month by month."""
    x = np.zeros(months)
    x[0] = random.standard_normal()
    for t in range(1, months):
        x[t] = KEPT * x[t - 1] + np.sqrt(1 - KEPT**2) * random.standard_normal()
    return x


def read(x: Floats, at: NDArray[np.int64], error: float, random: Random) -> Reading:
    """The state as it is read from measurements in some months."""
    of, move = items(GAUSSIAN, 0.0, 1.0), dynamics(KEPT)
    blank = np.zeros(len(at), int)
    rows = {"pair": blank, "month": at, "item": blank, "y": x[at] + error * random.standard_normal(len(at))}
    seen = evidence(1, len(x), {**rows, "n": np.full(len(at), error**2)}, of)
    laid = Prepared(ABOUT, PAIR, seen, of, move, ("x",), ("test",), np.array([0]), WHEN[: len(x)])
    return Reading(laid, smooth(seen, of, move))


def innovations(random: Random, n: int) -> Floats:
    """Yearly means of a smoothed state, less what is left of the year before."""
    years = n + 1
    at = np.array([12 * year + 11 for year in range(years) if year % 4], np.int64)
    mean = read(walk(random, 12 * years), at, 1.0, random).now.mean[0, :, 0].reshape(years, 12).mean(1)
    return mean[1:] - KEPT**12 * mean[:-1]


def bootstrap(random: Random, x: Floats, y: Floats, draws: int = 1000) -> tuple[float, float]:
    """A circular block bootstrap of the rank correlation, in blocks of 2 n^⅓."""
    a, b = (pl.Series(one).rank("average").to_numpy() for one in (x, y))
    n, block = len(a), round(2 * len(a) ** (1 / 3))
    first = random.integers(0, n, (draws, -(-n // block)))
    at = ((first[:, :, None] + np.arange(block)) % n).reshape(draws, -1)[:, :n]
    u, v = (one[at] - one[at].mean(1, keepdims=True) for one in (a, b))
    drawn = (u * v).sum(1) / np.sqrt((u**2).sum(1) * (v**2).sum(1))
    low, high = np.quantile(drawn, (0.05, 0.95))
    return float(low), float(high)


def after_acts(random: Random, worlds: int, every: int, error: float) -> str:
    """How often tone seems worse, or better, after acts that nothing follows, in hundredths of the worlds told."""
    told = np.zeros(3)
    for _ in range(worlds):
        at = np.sort(random.choice(MONTHS, MONTHS // every, replace=False))
        reading = read(walk(random, MONTHS), at, error, random)
        days = [
            WHEN[int(month)].replace(day=10) for month in random.choice(np.arange(24, 570), 8, replace=False)
        ]
        found = followed(reading, episodes([Act(day, day, Row("test", str(day))) for day in days]))
        if found is not None:
            told += [1, found.high < 0, found.low > 0]
    return f"{told[0]:.0f} | {100 * told[1] / told[0]:.1f} | {100 * told[2] / told[0]:.1f} |"


if __name__ == "__main__":
    main()
