"""Turning points of KHM-USA against its known dates, and of ten other pairs that were chosen before anything was run.

    uv run python benchmarks/phases.py --home STORE
    uv run python benchmarks/phases.py --worlds 200 --seed 1

STORE must hold the publishers' files (ties, votes, trade). The series are simple on purpose and the same for all pairs:

* representation: the highest post of either in the other on the last day of each month, none to embassy;
* tone: onsets of disputes and sanctions, through the engine (`relation.alone`);
* alignment: agreement in UN votes of a year, in its December;
* engagement: trade of a year as a share of the two states' trade, in its December.

For pairs without the United States no source loaded speaks of relations before 2000, so that they have three series.

With `--worlds` pairs are simulated instead: breaks of a known date, whose intervals should hold it as often as they
say, and states with memory and no break, in which every turning point is a false alarm.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amity import evidence, states
from amity.engine.alone import alone
from amity.engine.chain import smooth
from amity.engine.families import MIX
from amity.engine.model import dynamics, items
from amity.engine.model import evidence as rows_of
from amity.engine.shared_changes import shared_changes
from amity.evidence.roll_calls import one_record
from amity.insight.formal import representation
from amity.insight.phases import ask, series_of
from amity.insight.record import record_of
from amity.measures import agreement
from amity.store import open_store

if TYPE_CHECKING:
    from amity.evidence import Evidence
    from amity.insight.phases import Phases
    from amity.states import State

PAIRS = (
    ("USA", "CUB", "a rupture that lasted: 1960-61, and a thaw in 2015"),
    ("USA", "CHN", "from war to liaison (1971-73) to relations (1979)"),
    ("USA", "IRN", "an ally lost at one stroke: 1979-80"),
    ("USA", "VNM", "no relations for decades, then slow repair: 1994-95"),
    ("IND", "PAK", "rivals throughout: is a hostile peace cut into dozens of phases?"),
    ("RUS", "USA", "great powers: detente, 1979-80, 1987-91, 2014"),
    ("FRA", "DZA", "begins in 1962; no plain break since"),
    ("GBR", "ARG", "one war in a calm relation: 1982"),
    ("EGY", "ISR", "from wars to a cold peace: 1977-79"),
    ("CHN", "RUS", "split around 1960-63, repair around 1985-91"),
)
"""Chosen before anything was run, for the kinds of history they have; what they say was written beforehand too."""

ANCHORS = (
    ("spring 1965", date(1965, 3, 1), date(1965, 5, 31)),
    ("1969-70", date(1969, 1, 1), date(1970, 12, 31)),
    ("April 1975", date(1975, 4, 1), date(1975, 4, 30)),
    ("1991-94", date(1991, 1, 1), date(1994, 12, 31)),
)
"""What is known of KHM-USA; each should have a turning point within six months."""

FIRST, LAST = date(1946, 1, 1), date(2024, 12, 31)
ITEMS = items([MIX, MIX], [-2.5, -3.5], [-1.5, -1.2])
"""A dispute in a year, sanctions imposed in a year: rare, and rarer the warmer the tone."""
TONE = dynamics(0.97)


@dataclass(frozen=True)
class Found:
    """One pair's answer."""

    label: str
    phases: Phases
    seconds: float


def alignment(ev: Evidence, a: State, b: State) -> pl.DataFrame:
    found, votes = one_record(evidence.items(ev), evidence.votes(ev, [*a.ccodes, *b.ccodes]))
    rows = agreement.compute(votes, found, [(one, other) for one in a.ccodes for other in b.ccodes])
    error = (pl.col("high") - pl.col("low")) / 3.29 / 0.2
    return rows.unique("year", keep="first").select(
        dimension=pl.lit("alignment"),
        month=pl.date("year", 12, 1),
        value=(pl.col("value") - 0.6) / 0.2,
        variance=error**2 + 0.1,
    )


def engagement(ev: Evidence, a: State, b: State) -> pl.DataFrame:
    every = [state.ccode for state in states.every()]

    def traded(one: State, others: list[int]) -> pl.DataFrame:
        both = [evidence.figures(ev, one.ccodes, others), evidence.figures(ev, others, one.ccodes)]
        flows = pl.concat(both).filter(pl.col("kind") == "trade_smoothed")
        return flows.group_by(year=pl.col("end").dt.year()).agg(pl.col("value").sum())

    pair, of_a, of_b = traded(a, [*b.ccodes]), traded(a, every), traded(b, every)
    joined = pair.join(of_a, on="year", suffix="_a").join(of_b, on="year", suffix="_b")
    share = pl.col("value") / (pl.col("value_a") * pl.col("value_b")).sqrt()
    return joined.filter(pl.col("year") >= FIRST.year, pl.col("value_a") > 0, pl.col("value_b") > 0).select(
        dimension=pl.lit("engagement"),
        month=pl.date("year", 12, 1),
        value=share.clip(1e-5).log10() + 2,
        variance=pl.lit(0.1),
    )


def tone(ev: Evidence, a: State, b: State) -> pl.DataFrame:
    """Years with and without a dispute or new sanctions, as the engine reads them, month by month."""
    both = [evidence.ties(ev, one.ccodes, other.ccodes) for one, other in ((a, b), (b, a))]
    ties = pl.concat(both)
    told: list[tuple[int, int, int]] = []
    for item, kind in enumerate(("dispute", "sanction_imposed")):
        spells = evidence.reach(ev, "ties", kind, [(one, other) for one in a.ccodes for other in b.ccodes])
        known = {
            year
            for start, end in spells.select("start", "end").iter_rows()
            for year in range(start.year, end.year + 1)
        }
        alive = {year for year in known if year >= FIRST.year and both_there(a, b, year)}
        onset = {
            row["start"].year: row["start"].month if row["start_precision"] != "year" else 12
            for row in ties.filter(pl.col("kind") == kind).iter_rows(named=True)
        }
        told += [
            ((year - FIRST.year) * 12 + onset.get(year, 12) - 1, item, int(year in onset)) for year in alive
        ]
    month, item, y = (np.array(column) for column in zip(*told, strict=True))
    rows = {"pair": np.zeros(len(y), int), "month": month, "item": item, "y": y, "n": np.ones(len(y))}
    seen = rows_of(1, (LAST.year - FIRST.year + 1) * 12, rows, ITEMS)
    months = pl.date_range(FIRST, LAST, "1mo", eager=True)
    return series_of("tone", months, alone(seen, ITEMS, TONE, smooth(seen, ITEMS, TONE).mean))


def both_there(a: State, b: State, year: int) -> bool:
    return all(any(spell.holds(date(year, 12, 31)) for spell in state.spells) for state in (a, b))


def find(ev: Evidence, one: str, other: str) -> Found:
    a, b = states.find(one), states.find(other)
    columns = ["dimension", "month", "value", "variance"]
    told = [made(ev, a, b).select(columns) for made in (alignment, engagement, tone)]
    posts = representation(ev, a, b, FIRST, LAST)
    series = pl.concat([posts, *told]).filter(pl.col("month").is_between(FIRST, LAST))
    record = record_of(ev, a, b)
    began = time.perf_counter()
    phases = ask(series, record)
    return Found(f"{one}-{other}", phases, time.perf_counter() - began)


def show(found: Found) -> None:
    drift = ", ".join(f"{name} {rho:g}/{omega2:g}" for name, (rho, omega2) in found.phases.drift.items())
    turns = found.phases.turning_points
    print(f"\n{found.label}: {len(turns)} turning points, {found.phases.expected:.1f} expected")
    print(f"  {found.seconds * 1000:.0f} ms; persistence/variance within phases: {drift}")
    for turn in turns:
        moves = ", ".join(
            f"{move.dimension} {move.size:+.1f}±{move.sd:.1f}" for move in turn.moves if move.plain
        )
        when = f"{turn.month:%Y-%m} ({turn.low:%Y-%m} to {turn.high:%Y-%m})"
        print(f"  {when} p={turn.probability:.2f} {turn.direction:7} [{moves}] {turn.name}")


def score(found: Found) -> None:
    """Whether each anchor of KHM-USA has a turning point within six months, and how many others there are."""
    turns = [turn for turn in found.phases.turning_points if turn.month.year < 1995]
    near: set[date] = set()
    for name, start, end in ANCHORS:
        low, high = (start.toordinal() - 183, end.toordinal() + 183)
        mine = [turn.month for turn in turns if low <= turn.month.toordinal() <= high]
        near |= set(mine)
        print(f"  {name}: {', '.join(f'{month:%Y-%m}' for month in mine) or 'MISSED'}")
    others = [f"{turn.month:%Y-%m} p={turn.probability:.2f}" for turn in turns if turn.month not in near]
    print(f"  others before 1995: {', '.join(others) or 'none'}")


# Simulated worlds


def walk(rng: np.random.Generator, phi: float, months: int) -> np.ndarray:
    """A stationary chain of unit variance."""
    x = np.empty(months)
    x[0] = rng.normal()
    for t in range(1, months):
        x[t] = phi * x[t - 1] + np.sqrt(1 - phi**2) * rng.normal()
    return x


def measured(
    rng: np.random.Generator, states_of: np.ndarray, error: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """One series in half of its months, one in a third, one in Decembers; errors of a known, uneven size."""
    v = error * rng.gamma(2.0, 0.15, states_of.shape)
    y = states_of + rng.normal(size=states_of.shape) * np.sqrt(v)
    y[0, rng.random(y.shape[1]) < 1 / 2] = np.nan
    y[1, rng.random(y.shape[1]) < 2 / 3] = np.nan
    y[2, np.arange(y.shape[1]) % 12 != 11] = np.nan
    return y, v


def breaks(rng: np.random.Generator, number: int, months: int, kind: tuple[float, float, float]) -> None:
    """Three breaks a pair, at least three years apart, of levels that are drawn anew in each series."""
    error, within, phi = kind
    held: list[bool] = []
    says: list[float] = []
    widths: list[int] = []
    true, extra = 0, 0
    for _ in range(number):
        at = np.array([0, 0, 0])
        while np.diff(at).min() < 36:
            at = np.sort(rng.integers(60, months - 60, 3))
        true += 3
        place = np.searchsorted(at, np.arange(months), side="right")
        x = rng.normal(size=(3, 4))[:, place]
        x += np.sqrt(within) * np.array([walk(rng, phi, months) for _ in range(3)])
        got = shared_changes(*measured(rng, x, error), shortest=6, spread=1.0)
        extra += len(got.found)
        for t in at:
            # the nearest of those found, if it is nearer than half the way to another break
            near = [m for m, one in enumerate(got.found) if abs(one.at - t) <= 18]
            if near:
                m = min(near, key=lambda n: abs(got.found[n].at - t))
                one = got.found[m]
                held.append(one.low <= t <= one.high)
                says.append(float(got.dates[m, one.low : one.high + 1].sum()))
                widths.append(one.high - one.low)
                extra -= 1
    print(
        f"three breaks, errors x{error:g}, drift {within} at {phi}: {len(held)} of {true} found, "
        f"{np.mean(held):.1%} inside intervals that say {np.mean(says):.1%} "
        f"(median width {np.median(widths):.0f} months); {extra} others in {number * months // 12} years"
    )


def worlds(number: int, seed: int, months: int = 600) -> None:
    rng = np.random.default_rng(seed)
    for error, within, phi in (
        (1.0, 0.0, 0.9),
        (1.0, 0.1, 0.9),
        (1.0, 0.2, 0.97),
        (5.0, 0.1, 0.9),
        (5.0, 0.2, 0.97),
    ):
        breaks(rng, number, months, (error, within, phi))
    for phi in (0.9, 0.97, 0.985, 0.99):
        alarms = []
        for _ in range(number):
            x = np.array([walk(rng, phi, months) for _ in range(3)])
            alarms.append(len(shared_changes(*measured(rng, x), shortest=6, spread=1.0).found))
        print(
            f"no break, persistence {phi}: {np.mean(alarms):.2f} false turning points in {months // 12} years "
            f"(none in {np.mean(np.array(alarms) == 0):.0%} of pairs)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, help="the store")
    parser.add_argument("--worlds", type=int, default=0, help="simulate so many pairs of each kind")
    parser.add_argument(
        "--seed", type=int, default=None, help="of the simulation; from the system if left out"
    )
    words = parser.parse_args()
    if words.worlds or words.home is None:
        worlds(words.worlds or 100, int(np.random.SeedSequence(words.seed).generate_state(1)[0]))
        return
    with evidence.open_evidence(open_store(words.home)) as ev:
        found = find(ev, "KHM", "USA")
        show(found)
        score(found)
        for one, other, why in PAIRS:
            show(find(ev, one, other))
            print(f"  chosen because: {why}")


if __name__ == "__main__":
    main()
