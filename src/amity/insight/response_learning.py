"""The record of what followed acts, from a world of pairs: a few minutes, done when constants are learned anew."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from amity.engine.projecting import (
    AHEAD,
    Matched,
    Panel,
    Projected,
    cases_of,
    eligible,
    false_alarms,
    match,
    pretrend,
    project,
)
from amity.insight.response import DIMENSIONS, Asymmetry, Response, Told
from amity.insight.response_acts import CLASSES
from amity.insight.response_world import laid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from amity.engine.compiled import Floats, Whole
    from amity.insight.response_acts import ActClass
    from amity.insight.response_world import World

__all__ = ["OPPOSITES", "learn", "to_text"]

OPPOSITES = (
    ("sanction lifted", "sanction imposed"),
    ("aid pledged", "aid cut"),
    ("relations restored", "relations severed"),
    ("agreement", "troops"),
)
"""A kind class and the hostile one that it is set beside."""
RUNS = 20
MOST = 1500
"""Cases at most; of more so many are drawn."""
GAP_AT = 12
BEFORE_ITS_YEAR_IS_OUT = 12


@dataclass(frozen=True, slots=True)
class Worked:
    """What was worked out of a class and a dimension."""

    response: Response
    told: Projected


def learn(of: World, seed: int, said: Callable[[str], None] = lambda _: None, runs: int = RUNS) -> Told:
    """What followed acts of every class in a world, on tone and engagement.

    `seed` draws placebo dates, signs of the pre-trend's test and, where there are very many cases, which are taken;
    `runs` is how often dates without an act are tried.
    """
    worked: dict[tuple[str, str], Worked] = {}
    for dimension in DIMENSIONS:
        for n, one in enumerate(CLASSES):
            worked[one.name, dimension] = _one(of, one, dimension, seed + n, runs)
            said(f"{dimension} after {one.name}: {worked[one.name, dimension].response.n} cases")
    asymmetries = [
        _asymmetry(worked, kind, hostile, dimension)
        for dimension in DIMENSIONS
        for kind, hostile in OPPOSITES
    ]
    sources = sorted({source for one in worked.values() for source in one.response.sources})
    first = [one.response.first for one in worked.values() if one.response.first]
    last = [one.response.last for one in worked.values() if one.response.last]
    years = f" of {min(first)} to {max(last)}" if first and last else ""
    return Told(
        tuple(one.response for one in worked.values()),
        tuple(asymmetries),
        f"acts{years} in {of.pairs.height} pairs, from {', '.join(sources)}",
        seed,
    )


def _one(of: World, one: ActClass, dimension: str, seed: int, runs: int) -> Worked:
    put, outcome = laid(of, one), of.outcome(dimension, one.without)
    other = of.outcome("engagement" if dimension == "tone" else "tone")
    sided = (of.asymmetry[put.pair] * put.side[:, None]) if one.directed else np.abs(of.asymmetry[put.pair])
    full = of.outcome(dimension)
    beside = (other, sided) if full is outcome else (other, sided, full)
    # months are read one at a time: side by side in memory they are read several times as fast
    panel = Panel(np.asfortranarray(outcome), put.pair, tuple(np.asfortranarray(each) for each in beside))
    free = np.asfortranarray(eligible(put.acts, put.known))
    matched = match(panel, _drawn(cases_of(put.acts, put.known), seed), free)
    told = project(panel, matched, AHEAD)
    quiet = np.asfortranarray(eligible(put.acts, put.known, AHEAD[-1]))
    tried = false_alarms(panel, matched, quiet, runs, seed) if len(matched.month) else (np.nan, 0)
    rival = _contested(of, matched, put.pair)
    split = [project(panel, _some(matched, which), AHEAD) for which in (rival, ~rival)]
    hidden = BEFORE_ITS_YEAR_IS_OUT if one.yearly else 0
    years = 1946 + matched.month // 12
    gap, gap_error = _gap(split)
    made = Response(
        name=one.name,
        dimension=dimension,
        effect=_series(told.effect, hidden),
        error=_series(told.error, hidden),
        low=_series(told.low, hidden),
        high=_series(told.high, hidden),
        cases=tuple(int(n) for n in told.cases),
        controls=tuple(int(n) for n in told.controls),
        pairs=int(told.clusters.max()),
        unmatched=matched.unmatched,
        pretrend=_known(pretrend(panel, matched, seed)) if len(matched.month) else None,
        placebo=_known(tried[0]),
        contested=_series(split[0].effect, hidden),
        uncontested=_series(split[1].effect, hidden),
        contested_gap=gap,
        contested_error=gap_error,
        contested_cases=int(rival.sum()),
        first=int(years.min()) if len(years) else None,
        last=int(years.max()) if len(years) else None,
        sources=put.sources,
        without=one.without,
    )
    return Worked(made, told)


def _drawn(cases: tuple[Whole, Whole], seed: int) -> tuple[Whole, Whole]:
    if len(cases[0]) <= MOST:
        return cases
    kept = np.sort(np.random.default_rng(seed).choice(len(cases[0]), MOST, replace=False))
    return cases[0][kept], cases[1][kept]


def _known(value: float) -> float | None:
    return round(float(value), 4) if np.isfinite(value) else None


def _series(values: Floats, hidden: int = 0) -> tuple[float | None, ...]:
    return tuple(None if n < hidden - 1 else _known(value) for n, value in enumerate(values))


def _some(of: Matched, which: NDArray[np.bool_]) -> Matched:
    return replace(of, series=of.series[which], month=of.month[which], traits=of.traits[which])


def _gap(split: Sequence[Projected]) -> tuple[float | None, float | None]:
    """What followed where a rival was, less where none was, a year on, and its error over pairs."""
    at = AHEAD.index(GAP_AT)
    one, other = split
    if not (np.isfinite(one.effect[at]) and np.isfinite(other.effect[at])):
        return None, None
    error = np.sqrt(((one.influence[:, at] - other.influence[:, at]) ** 2).sum())
    return _known(one.effect[at] - other.effect[at]), _known(error)


def _asymmetry(worked: dict[tuple[str, str], Worked], kind: str, hostile: str, dimension: str) -> Asymmetry:
    """The sum of what followed two opposite classes; where they weigh alike it is zero."""
    one, other = worked[kind, dimension], worked[hostile, dimension]
    hidden = (
        BEFORE_ITS_YEAR_IS_OUT if one.response.effect[0] is None or other.response.effect[0] is None else 0
    )
    error = np.sqrt(((one.told.influence + other.told.influence) ** 2).sum(0))
    total = one.told.effect + other.told.effect
    return Asymmetry(
        kind,
        hostile,
        dimension,
        _series(total, hidden),
        _series(np.where(np.isfinite(total), error, np.nan), hidden),
    )


def _contested(of: World, matched: Matched, pair: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(cases,) whether a major power beside the two had more to do with the weaker side than they with each other."""
    have_to_do = of.outcome("engagement")
    number = {(a, b): n for n, (a, b) in enumerate(of.pairs.iter_rows())}
    found = np.zeros(len(matched.month), bool)
    for c, (series, month) in enumerate(zip(matched.series[:, 0], matched.month, strict=True)):
        n, t = int(pair[series]), int(month) - 1
        a, b = of.pairs.row(n)
        weaker = b if of.asymmetry[n, t] > 0 else a
        year = 1946 + t // 12
        for line, start, end in of.majors.iter_rows():
            if line in {a, b} or not start.year <= year <= end.year:
                continue
            other = number.get((min(line, weaker), max(line, weaker)))
            if other is not None and have_to_do[other, t] > have_to_do[n, t]:
                found[c] = True
    return found


def to_text(told: Told) -> str:
    """The record as it is kept."""
    row = {
        "learned_from": told.learned_from,
        "seed": told.seed,
        "responses": [asdict(one) for one in told.responses],
        "asymmetries": [asdict(one) for one in told.asymmetries],
    }
    head, *rest = json.dumps(row, ensure_ascii=False).split('{"name"')
    return '\n{"name"'.join([head, *rest]) + "\n"
