"""What followed acts: worlds in which it is known, and the record of the real one.

    uv run --group dev python benchmarks/response.py --seed 2026 [--worlds 300]
    uv run --group dev python benchmarks/response.py --seed 2026 --store STORE --out response.json
    uv run --group dev python benchmarks/response.py --seed 2026 --store STORE --idle 2

Prints tables in Markdown. Of simulated worlds: how often 95 % intervals hold the known effect, how far off the mean is,
how often a world of acts that follow a fall and change nothing raises an alarm (with matching, and without), how often
dates without an act do, and how often the test of the year before rejects where it should not; the same of short
stretches, as trust is learned from, and of a kind act beside a hostile one. With a store it learns the record that the
package ships (`src/amity/insight/response.json`), in three to eight minutes; with `--idle` it tries instead some runs
of dates without an act, each of as many as the class has acts, widened by the drift of twenty smaller runs.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

import amity
from amity.engine.projecting import (
    AHEAD,
    Placebo,
    cases_of,
    eligible,
    false_alarms,
    match,
    pretrend,
    project,
    quantile,
)
from amity.evidence import open_evidence
from amity.insight import response_trust
from amity.insight.response import DIMENSIONS, ENOUGH, OUTCOMES, Told
from amity.insight.response_acts import CLASSES
from amity.insight.response_contrasts import contrast
from amity.insight.response_contrasts import drawn as drawn_of
from amity.insight.response_learning import MOST, RUNS, learn, to_text
from amity.insight.response_trust import LATER, SHORT
from amity.insight.response_world import World as Everything
from amity.insight.response_world import compared, world

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.insight.response_worlds import World, drawn, opposed, stretches

SHOWN = (1, 3, 6, 12, 24)
STRETCH = tuple(range(1, 7))


def worked(one: World, seed: int) -> tuple[np.ndarray, ...]:
    """Whether the interval holds the truth, how far off it is, whether nothing is left out; the pre-trend's chance."""
    matched = match(one.panel, cases_of(one.acts, one.known), eligible(one.acts, one.known))
    told, truth = project(one.panel, matched), one.truth[1:]
    held = (told.low <= truth) & (truth <= told.high)
    alarm = (told.low > 0) | (told.high < 0)
    return held, told.effect - truth, alarm, np.array(pretrend(one.panel, matched, seed) < 0.05), told.error


def unmatched(one: World) -> np.ndarray:
    """Whether the change after acts, beside that of all pairs in the same months, seems to be something."""
    y, (series, month) = one.panel.outcome, cases_of(one.acts, one.known)
    alarms = []
    for h in AHEAD:
        s, t = series[month < y.shape[1] - h], month[month < y.shape[1] - h]
        gap = y[s, t + h] - y[s, t - 1] - (y[:, t + h] - y[:, t - 1]).mean(0)
        by_pair = np.bincount(s, gap - gap.mean(), len(y))
        n = len(np.unique(s))
        error = np.sqrt((by_pair**2).sum() * n / (n - 1)) / len(s)
        alarms.append(abs(gap.mean()) > quantile(0.975, n - 1) * error)
    return np.array(alarms)


def of_simulated(seed: int, worlds: int) -> None:
    seeds = np.random.SeedSequence(seed).generate_state(worlds)
    for name, asked in (
        ("an effect of 0.5 that fades", {}),
        ("no effect, acts after a fall", {"size": 0.0, "selection": 2.5}),
    ):
        told = [worked(drawn(int(s), **asked), int(s)) for s in seeds]
        held, off, alarm, early, error = (np.array(part) for part in zip(*told, strict=True))
        print(f"\n### {name}: {worlds} worlds\n")
        print("| months | interval holds | mean error | its sd | mean standard error | alarm |")
        print("|---|---|---|---|---|---|")
        for h in SHOWN:
            k = AHEAD.index(h)
            cells = (
                held[:, k].mean(),
                off[:, k].mean(),
                off[:, k].std(),
                error[:, k].mean(),
                alarm[:, k].mean(),
            )
            print(f"| {h} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |")
        spread = held.mean(1).std() / np.sqrt(worlds)
        print(
            f"\nall horizons: {held.mean():.3f} (se {spread:.3f}); the year before rejects {early.mean():.3f}"
        )
        if asked:
            plain = np.mean([unmatched(drawn(int(s), **asked)) for s in seeds])
            print(f"alarms {alarm.mean():.3f}; without matching {plain:.3f}")
    shares = []
    for s in seeds[: worlds // 2]:
        one = drawn(int(s))
        matched = match(one.panel, cases_of(one.acts, one.known), eligible(one.acts, one.known))
        free = eligible(one.acts, one.known, AHEAD[-1])
        shares.append(false_alarms(one.panel, matched, free, 4, int(s)).share)
    print(f"\nplacebo dates: alarms {np.mean(shares):.3f} (se {np.std(shares) / np.sqrt(len(shares)):.3f})")


def of_stretches(seed: int, worlds: int) -> None:
    """Worlds known for a year here and there, three months of quiet: as trust after news is learned."""
    held, alarms, placebo = [], [], []
    for s in np.random.SeedSequence(seed).generate_state(worlds):
        for size, kept in ((0.3, held), (0.0, alarms)):
            one = stretches(int(s), size)
            matched = match(
                one.panel, cases_of(one.acts, one.known, SHORT), eligible(one.acts, one.known, 0, SHORT)
            )
            told = project(one.panel, matched, STRETCH)
            truth = one.truth[list(STRETCH)]
            kept.append((told.low <= truth) & (truth <= told.high))
            if not size:
                free = eligible(one.acts, one.known, LATER, SHORT)
                placebo.append(false_alarms(one.panel, matched, free, 4, int(s)).share)
    spread = np.mean(held, 1).std() / np.sqrt(worlds)
    print("\n### known for two stretches of a year or less, three quiet months\n")
    print(
        f"interval holds {np.mean(held):.3f} (se {spread:.3f}); alarms of acts that change nothing ", end=""
    )
    print(f"{1 - np.mean(alarms):.3f}; placebo dates {np.nanmean(placebo):.3f}")


def of_contrasts(seed: int, worlds: int) -> None:
    """How often two sides that weigh alike seem to differ, and how often a third more is seen."""
    print("\n### a kind act beside a hostile one\n")
    print("| the kind one, the hostile one | interval holds the sum | test over all horizons rejects |")
    print("|---|---|---|")
    for kind, hostile in ((0.4, -0.4), (0.4, -0.6)):
        held, rejects = [], []
        for s in np.random.SeedSequence(seed).generate_state(worlds):
            pair = opposed(int(s), kind, hostile)
            paths = [
                project(w.panel, match(w.panel, cases_of(w.acts, w.known), eligible(w.acts, w.known)))
                for w in pair
            ]
            told = contrast(paths[:1], paths[1:], 1, int(s))
            truth = (pair[0].truth + pair[1].truth)[1:]
            held.append(((told.low <= truth) & (truth <= told.high)).mean())
            rejects.append(told.chance < 0.05)
        print(f"| {kind:+.1f}, {hostile:+.1f} | {np.mean(held):.3f} | {np.mean(rejects):.3f} |")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, required=True)
    asked.add_argument("--worlds", type=int, default=300)
    asked.add_argument("--store", type=Path)
    asked.add_argument("--out", type=Path)
    asked.add_argument("--idle", type=int, default=0)
    given = asked.parse_args()
    if given.store is None:
        of_simulated(given.seed, given.worlds)
        of_stretches(given.seed, given.worlds)
        of_contrasts(given.seed, given.worlds)
        return
    with open_evidence(amity.open_store(given.store)) as ev:
        every = world(ev)
        news = response_trust.news(every, ev)
        if given.idle:
            of_idle_dates(every, given.seed, given.idle)
            return
        told = learn(every, given.seed, lambda line: print(line, flush=True), news=news)
    if given.out:
        given.out.write_text(to_text(told), encoding="utf-8")
    tables(told)


def of_idle_dates(of: Everything, seed: int, runs: int) -> None:
    """Alarms of tone and engagement at dates without an act, as many as acts, beside the drift of other such dates."""
    print("\n| outcome | no act | cases | alarms |\n|---|---|---|---|")
    found: dict[str, list[Placebo]] = {dimension: [] for dimension in DIMENSIONS}
    for n, one in enumerate(CLASSES):
        for dimension in DIMENSIONS:
            part = compared(of, one, dimension)
            matched = match(part.panel, drawn_of(part.cases, seed + n, MOST), part.free)
            if len(matched.month) < ENOUGH:
                continue
            drift = false_alarms(part.panel, matched, part.tried, RUNS, seed + n).drift
            again = false_alarms(part.panel, matched, part.tried, runs, seed + 1000 + n, MOST, drift)
            found[dimension].append(again)
            print(f"| {dimension} | {one.name} | {len(matched.month)} | {again.share:.3f} |", flush=True)
    for name, told in (*found.items(), ("both", [one for part in found.values() for one in part])):
        at = " | ".join(share([float(each.alarms[h - 1]) for each in told]) for h in SHOWN)
        print(f"| {name} | {share([each.share for each in told])} | {at} |")


def tables(told: Told) -> None:
    """The record, its contrasts and its contests, at some horizons."""
    heads = " | ".join(str(h) for h in SHOWN)
    print(f"\n| outcome | after | cases | pairs | pre-trend | placebo | {heads} |\n" + "|---" * 11 + "|")
    for one in told.responses:
        cells = " | ".join(cell(one.effect[h - 1], one.error[h - 1]) for h in SHOWN)
        known = f"{one.n} | {one.pairs} | {one.pretrend} | {one.placebo}"
        print(f"| {one.dimension} | {one.name} | {known} | {cells} |")
    print(f"\n| outcome | kind and hostile | chance | {heads} |\n" + "|---" * 8 + "|")
    for both in told.asymmetries:
        cells = " | ".join(cell(both.total[h - 1], both.error[h - 1]) for h in SHOWN)
        print(f"| {both.dimension} | {both.positive} + {both.negative} | {both.chance} | {cells} |")
    print(f"\n| outcome | after | rival active, not | chance | {heads} |\n" + "|---" * 9 + "|")
    for one in told.contests:
        cells = " | ".join(cell(one.gap[h - 1], one.error[h - 1]) for h in SHOWN)
        known = f"{one.active_cases}, {one.inactive_cases} | {one.chance}"
        print(f"| {one.dimension} | {one.name} | {known} | {cells} |")
    print("\nplacebo dates of the record: alarms\n")
    print(f"| outcome | all | {heads} |\n" + "|---" * 7 + "|")
    for name, of in (*((one, (one,)) for one in OUTCOMES), ("tone and engagement", DIMENSIONS)):
        tried = [
            one
            for one in told.responses
            if one.dimension in of and one.n >= ENOUGH and one.placebo is not None
        ]
        cells = " | ".join(share([one.placebo_alarms[h - 1] for one in tried]) for h in SHOWN)
        print(f"| {name} | {share([one.placebo for one in tried])} | {cells} |")


def share(values: list[float | None]) -> str:
    """The mean over classes, and its standard error."""
    there = [value for value in values if value is not None and np.isfinite(value)]
    return f"{np.mean(there):.3f} ± {np.std(there) / np.sqrt(len(there)):.3f}" if there else ""


def cell(value: float | None, error: float | None) -> str:
    return "" if value is None or error is None else f"{value:+.3f} ± {error:.3f}"


if __name__ == "__main__":
    main()
