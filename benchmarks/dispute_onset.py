"""Which pairs begin a militarised dispute next year? Our tone beside what the field uses, 1991 to 2010.

    uv run --group dev --with scikit-learn python benchmarks/dispute_onset.py STORE [--choose] [--draws 500] [--seed N]

STORE is a store with `gml_mid`, `cow_contiguity`, `cow_distance`, `cow_nmc`, `cow_majors`, `atop` and votes. Dyad-years
from 1946; every model is trained on 1950 to 1990 and foretells 1991 to 2010, each year from the years before it. The
skill is that of the log score over the training years' base rate. Intervals are of 95 %, from draws of whole pairs.
With `--choose` the same models are trained to 1970, 1975, 1980 and 1985 and foretell five years each: what decides
between them. Without scikit-learn there is no row of gradient boosting. The seed comes from the system and is printed.
"""

from __future__ import annotations

import argparse
import random
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from amity.engine.families import MIX
from amity.engine.filtering import before, filter_forward, foresee
from amity.engine.learning import learn
from amity.engine.model import dynamics, items
from amity.engine.model import evidence as seen_by
from amity.measures.dispute_risk import climb
from dyad_years import FIRST, LAST, TRAIN, World, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Mask = NDArray[np.bool_]

END_OF_TRAINING = 1990
FOLDS = ((1970, 1975), (1975, 1980), (1980, 1985), (1985, 1990))
OURS = "+ disputes under way of each state, then tone: ours"
NO_TONE, NO_TONE_HISTORY = "the same without tone", "the same, peace years and hostility for tone"
RIDGE = 0.1
WORTH = 0.005
"""Tone is learned from pairs of which that many disputes were expected in training: the rest tell little."""
BAR = {"skill": 47.5, "AUC": 0.976, "PR-AUC": 0.24}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("store", type=Path)
    parser.add_argument("--choose", action="store_true")
    parser.add_argument("--draws", type=int, default=500)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    asked = parser.parse_args()
    started = time.perf_counter()
    world = read(asked.store)
    train = (world.year >= TRAIN) & (world.year <= END_OF_TRAINING)
    print(
        f"seed {asked.seed}; {len(world.year):,} dyad-years of {world.pair.max() + 1:,} pairs; onsets: "
        f"{world.onset[train].sum():.0f} in training, {world.onset[world.year > END_OF_TRAINING].sum():.0f} in test; "
        f"read in {time.perf_counter() - started:.0f} s\n",
        flush=True,
    )
    if asked.choose:
        choose(world)
        return
    rows = world.year > END_OF_TRAINING
    told = {name: p[rows] for name, p in predictions(world, END_OF_TRAINING) if p is not None}
    base = np.full(rows.sum(), world.onset[train].mean())
    drawn = bootstrap(world, rows, told, base, asked.draws, np.random.default_rng(asked.seed))
    report(drawn)
    print(f"\n{time.perf_counter() - started:.0f} s in all")


def choose(world: World) -> None:
    """Pool the forecasts of four stretches of five years, each from the years before it."""
    pooled: dict[str, list[Floats]] = {}
    rows, base = [], []
    for last, end in FOLDS:
        there = np.flatnonzero((world.year > last) & (world.year <= end))
        rows.append(there)
        base.append(np.full(len(there), world.onset[(world.year >= TRAIN) & (world.year <= last)].mean()))
        for name, p in predictions(world, last):
            if p is None:
                continue
            pooled.setdefault(name, []).append(p[there])
    at, level = np.concatenate(rows), np.concatenate(base)
    print("| model, 1971–1990 | skill % | AUC | PR-AUC, relevant |\n|---|---|---|---|")
    for name, parts in pooled.items():
        told = Scored(np.concatenate(parts), world.onset[at], world.relevant[at], level)
        skill, auc, pr = told(np.ones(len(at)))
        print(f"| {name} | {skill:.2f} | {auc:.4f} | {pr:.4f} |")


def predictions(world: World, last: int) -> Iterator[tuple[str, Floats | None]]:
    """By model the probability of an onset in every row, trained on 1950 to `last`; None where it cannot be made."""
    train = (world.year >= TRAIN) & (world.year <= last)
    f = world.features

    linear = partial(fitted, world, train)
    yield "peace years, cubic (Carter and Signorino)", linear(f["peace years"])
    memory = (f["peace years"], f["hostility"])
    yield "+ discounted hostility", linear(*memory)
    yield "+ structure", linear(*memory, f["structure"])
    known = (*memory, f["structure"], f["ideal points"])
    yield "+ distance of ideal points", linear(*known)
    yield "structure alone", linear(f["structure"])
    p, _ = toned(world, rate(world, train, f["structure"]), last)
    yield "structure + latent tone, as the engine foresees it", p
    yield "structure + latent tone, level and steepness fitted", linear(logit(p))
    peaceful = (f["structure"], f["ideal points"])
    p, sd = toned(world, rate(world, train, *peaceful), last)
    yield "+ distance of ideal points, then tone", linear(logit(p), sd)
    others = (*peaceful, f["belligerence"])
    p, sd = toned(world, rate(world, train, *others), last)
    yield "+ belligerence of each state, then tone", linear(logit(p), sd)
    others = (*others, f["under way"])
    yield from with_all(world, train, last, others)
    yield "gradient boosting, features of the ideal-point row", boosting(world, train, *known)


def with_all(
    world: World, train: Mask, last: int, others: tuple[Floats, ...]
) -> Iterator[tuple[str, Floats | None]]:
    """Ours, what it is without tone, and what was tried beside it."""
    f = world.features
    offset = rate(world, train, *others)
    p, sd = toned(world, offset, last)
    yield OURS, fitted(world, train, logit(p), sd)
    yield NO_TONE, fitted(world, train, *others)
    history = (f["peace years"], f["hostility"], f["history"])
    yield NO_TONE_HISTORY, fitted(world, train, *others, *history)
    yield "ours, peace years and hostility beside tone", fitted(world, train, logit(p), sd, *history)
    yield "gradient boosting, our features and tone", boosting(world, train, logit(p), sd, *others)
    p, sd = toned(world, offset, last, chains=2)
    yield "ours, with a slow and a fast tone", fitted(world, train, logit(p), sd)
    p, sd = toned(world, rate(world, train, *others, f["allies"]), last)
    yield "ours, with the disputes of allies", fitted(world, train, logit(p), sd)


def rate(world: World, train: Mask, *columns: Floats) -> Floats:
    """The offset: log of the number of new disputes expected, by a Poisson regression on the training years."""
    x = standard(np.column_stack(columns), train)
    return x @ climb(x[train], world.count[train])


def logit(p: Floats) -> Floats:
    """(rows, 1) log odds."""
    return np.log(p / (1 - p))[:, None]


def toned(world: World, offset: Floats, last: int, chains: int = 1) -> tuple[Floats, Floats]:
    """Of every row the probability of an onset that the filter foresees, and the sd of tone, (rows, chains)."""
    month, pairs = world.year - FIRST, int(world.pair.max()) + 1
    rows = {
        "pair": world.pair, "month": month, "item": np.zeros(len(month), np.int64),
        "y": world.onset, "n": np.ones(len(month)), "offset": offset,
    }  # fmt: skip
    of, move = items(MIX, -2.0, [[-2.0, -1.0][:chains]]), dynamics([0.96, 0.7][:chains])
    early = month <= last - FIRST
    worth = np.bincount(world.pair[early], np.exp(offset[early]), pairs) >= WORTH
    early &= worth[world.pair]
    some = {name: column[early] for name, column in rows.items()}
    some["pair"] = (np.cumsum(worth) - 1)[some["pair"]]
    found = learn(seen_by(int(worth.sum()), last - FIRST + 1, some, of), of, move, rounds=30)
    of, move = found.items, found.dynamics
    print(
        f"<!-- tone to {last}: c {of.intercept[0]:.2f} ± {found.item_errors.intercept[0]:.2f}, l "
        f"{of.loading[0].round(2)} ± {found.item_errors.loading[0].round(2)}, phi a year "
        f"{move.persistence.round(3)}; settled: {found.settled} -->",
        flush=True,
    )
    seen = seen_by(pairs, LAST - FIRST + 1, rows, of)
    known = filter_forward(seen, of, move)
    score = foresee(seen, of, move, known)
    _, v = before(known, move)
    spread = np.sqrt(np.diagonal(v[world.pair, month], axis1=1, axis2=2))
    return np.clip(np.where(world.onset > 0, np.exp(score), -np.expm1(score)), 1e-9, 1 - 1e-9), spread


def standard(x: Floats, train: Mask) -> Floats:
    """A constant and the columns, each with mean 0 and standard deviation 1 in training."""
    mean, scale = x[train].mean(axis=0), x[train].std(axis=0) + 1e-9
    return np.column_stack([np.ones(len(x)), (x - mean) / scale])


def fitted(world: World, train: Mask, *columns: Floats) -> Floats:
    """The probability in every row by logistic regression on the training rows, standardised, with a light ridge."""
    z = standard(np.column_stack(columns), train)
    own, n = world.onset[train], z[train]
    hold = np.full(z.shape[1], RIDGE)
    hold[0] = 0.0
    beta = np.zeros(z.shape[1])
    beta[0] = np.log(own.mean() / (1 - own.mean()))

    def height(at: Floats) -> float:
        eta = n @ at
        return float(own @ eta - np.logaddexp(0, eta).sum() - hold @ at**2 / 2)

    for _ in range(100):
        p = 1 / (1 + np.exp(-(n @ beta)))
        bend = n.T @ (n * (p * (1 - p))[:, None]) + np.diag(hold)
        step = np.linalg.solve(bend, n.T @ (own - p) - hold * beta)
        now = height(beta)
        while height(beta + step) < now and np.abs(step).max() > 1e-6:
            step = step / 2
        if np.abs(step).max() <= 1e-6:
            break
        beta = beta + step
    return 1 / (1 + np.exp(-np.clip(z @ beta, -30, 30)))


def boosting(world: World, train: Mask, *columns: Floats) -> Floats | None:
    """The probability in every row by gradient boosting; None without scikit-learn."""
    try:
        from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415
    except ImportError:
        return None
    x = np.column_stack(columns)
    made = HistGradientBoostingClassifier(
        max_iter=200,
        learning_rate=0.03,
        max_leaf_nodes=15,
        min_samples_leaf=200,
        l2_regularization=5.0,
        random_state=0,
    )
    return made.fit(x[train], world.onset[train]).predict_proba(x)[:, 1]


class Scored:
    """One model's forecasts, sorted once, to be scored under any weights of rows: skill %, AUC, PR-AUC (relevant)."""

    def __init__(self, p: Floats, onset: Floats, pertinent: Mask, base: Floats) -> None:
        self.onset, self.pertinent = onset, np.flatnonzero(pertinent)
        self.loss, self.base_loss = log_loss(p, onset), log_loss(base, onset)
        _, self.rank = np.unique(p, return_inverse=True)
        _, self.rank_there = np.unique(p[pertinent], return_inverse=True)

    def __call__(self, weight: Floats) -> tuple[float, float, float]:
        skill = 100 * (1 - (weight @ self.loss) / (weight @ self.base_loss))
        true, false = split(self.rank, self.onset, weight)
        auc = true @ (np.cumsum(false) - false / 2) / (true.sum() * false.sum())
        there = self.pertinent
        true, false = split(self.rank_there, self.onset[there], weight[there])
        hits, alarms = np.cumsum(true[::-1]), np.cumsum((true + false)[::-1])
        pr = true[::-1] @ (hits / np.maximum(alarms, 1e-300)) / true.sum()
        return float(skill), float(auc), float(pr)


def split(rank: Whole, onset: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Weights of onsets and of none, by rank of the forecast, the lowest first."""
    all_there = np.bincount(rank, weight)
    hot = np.flatnonzero(onset)
    true = np.bincount(rank[hot], weight[hot], minlength=len(all_there))
    return true, all_there - true


def log_loss(p: Floats, onset: Floats) -> Floats:
    """Minus the log of the probability given to what happened."""
    return -np.log(np.where(onset > 0, p, 1 - p))


def bootstrap(
    world: World, rows: Mask, told: dict[str, Floats], base: Floats, draws: int, rng: np.random.Generator
) -> dict[str, Floats]:
    """By model (1 + draws, 3) scores: first as it is, then with whole pairs drawn anew."""
    pair, pairs = world.pair[rows], int(world.pair.max()) + 1
    scored = {name: Scored(p, world.onset[rows], world.relevant[rows], base) for name, p in told.items()}
    out = {name: [model(np.ones(len(pair)))] for name, model in scored.items()}
    present = np.unique(pair)
    for _ in range(draws):
        times = np.bincount(rng.choice(present, len(present)), minlength=pairs).astype(float)[pair]
        for name, model in scored.items():
            out[name].append(model(times))
    return {name: np.array(rows) for name, rows in out.items()}


def report(drawn: dict[str, Floats]) -> None:
    """The table, the differences that matter, and the bar."""
    print("| model, 1991–2010 | skill % | AUC | PR-AUC, relevant |\n|---|---|---|---|")
    for name, scores in drawn.items():
        print(f"| {name} | {cells(scores)} |")
    print("\n| difference | skill, points | AUC | PR-AUC, relevant |\n|---|---|---|---|")
    for name, scores in drawn.items():
        if name != OURS:
            print(f"| ours less '{name}' | {cells(drawn[OURS] - scores)} |")
    verdicts = [
        f"{what} {value:.4g} {'reaches' if value >= least else 'misses'} {least}"
        for (what, least), value in zip(BAR.items(), drawn[OURS][0], strict=True)
    ]
    print(f"\nThe bar, for ours: {'; '.join(verdicts)}.")
    if not any("boosting" in name for name in drawn):
        print("scikit-learn is not installed: no gradient boosting; run with `uv run --with scikit-learn`.")


def cells(scores: Floats) -> str:
    """Three scores with their intervals."""
    low, high = np.percentile(scores[1:], [2.5, 97.5], axis=0)
    return " | ".join(
        f"{s:.{d}f} [{a:.{d}f}, {b:.{d}f}]"
        for s, a, b, d in zip(scores[0], low, high, (1, 4, 3), strict=True)
    )


if __name__ == "__main__":
    main()
