"""The record of what followed acts, from a world of pairs: a few minutes, done when constants are learned anew."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from amity.engine.projecting import AHEAD, BACK, by_chance, false_alarms, match, project, widened
from amity.insight import response_trust
from amity.insight.response import DIMENSIONS, ENOUGH, OUTCOMES, Response, Told
from amity.insight.response_acts import CLASSES
from amity.insight.response_contrasts import (
    PRESSED,
    asymmetries,
    contest,
    contested,
    drawn,
    gap_at,
    known,
    series,
    shown,
    some,
)
from amity.insight.response_world import compared

if TYPE_CHECKING:
    from collections.abc import Callable

    from amity.engine.projecting import Projected
    from amity.insight.response import Contest
    from amity.insight.response_acts import ActClass
    from amity.insight.response_trust import News
    from amity.insight.response_world import Compared, World

    Worked = dict[tuple[str, str], tuple[Response, Projected]]

__all__ = ["learn", "to_text"]

RUNS = 20
MOST = 1500
"""Cases at most; of more so many are drawn."""


def learn(
    of: World,
    seed: int,
    said: Callable[[str], None] = lambda _: None,
    runs: int = RUNS,
    news: News | None = None,
) -> Told:
    """What followed acts of every class in a world, on tone and engagement, and on trust where there is news.

    `seed` draws placebo dates, signs of the tests and, where there are very many cases, which are taken; `runs` is how
    often dates without an act are tried.
    """
    worked: Worked = {}
    contests: list[Contest] = []
    for dimension in OUTCOMES if news else DIMENSIONS:
        pressed: dict[str, Compared] = {}
        for n, one in enumerate(CLASSES):
            part = (
                response_trust.compared(of, news, one)
                if news and dimension == "trust"
                else compared(of, one, dimension)
            )
            worked[one.name, dimension] = _one(of, part, one, dimension, seed + n, runs)
            said(f"{dimension} after {one.name}: {worked[one.name, dimension][0].n} cases")
            if one.name in PRESSED:
                pressed[one.name] = part
        contests += contest(of, pressed, dimension, seed, MOST) if dimension in DIMENSIONS else []
    told = [one for one, _ in worked.values()]
    beside = [
        each
        for dimension in (OUTCOMES if news else DIMENSIONS)
        for each in asymmetries(worked, dimension, seed)
    ]
    return Told(tuple(told), tuple(beside), _from(told, of.pairs.height), seed, tuple(contests))


def _from(told: list[Response], pairs: int) -> str:
    sources = sorted({source for one in told for source in one.sources})
    first = [one.first for one in told if one.first]
    last = [one.last for one in told if one.last]
    years = f" of {min(first)} to {max(last)}" if first and last else ""
    return f"acts{years} in {pairs} pairs, from {', '.join(sources)}"


def _one(
    of: World, part: Compared, one: ActClass, dimension: str, seed: int, runs: int
) -> tuple[Response, Projected]:
    panel, put = part.panel, part.put
    least = ENOUGH if dimension == "trust" else 0
    matched = match(panel, drawn(part.cases, seed, MOST), part.free)
    before = shown(project(panel, matched, BACK), least=least)
    tried = false_alarms(panel, matched, part.tried, runs, seed)
    told = shown(widened(project(panel, matched, AHEAD), tried.drift), yearly=one.yearly, least=least)
    pair = put.pair % of.pairs.height
    rival = contested(of, matched, pair)
    split = [
        shown(project(panel, some(matched, which), AHEAD), yearly=one.yearly, least=least)
        for which in (rival, ~rival)
    ]
    gap, gap_error = gap_at(split)
    hidden = ~np.isfinite(told.effect)
    years = 1946 + matched.month // 12
    made = Response(
        name=one.name,
        dimension=dimension,
        effect=series(told.effect),
        error=series(told.error),
        low=series(told.low),
        high=series(told.high),
        cases=tuple(int(n) for n in told.cases),
        controls=tuple(int(n) for n in told.controls),
        pairs=int(told.clusters.max()),
        unmatched=matched.unmatched,
        pretrend=known(by_chance(before.effect, before.error, before.influence, seed)),
        placebo=known(tried.share),
        contested=series(split[0].effect),
        uncontested=series(split[1].effect),
        contested_gap=gap,
        contested_error=gap_error,
        contested_cases=int(rival.sum()),
        first=int(years.min()) if len(years) else None,
        last=int(years.max()) if len(years) else None,
        sources=put.sources,
        without=response_trust.roots_of(one) if dimension == "trust" else one.without,
        before=series(before.effect),
        before_error=series(before.error),
        placebo_effect=series(np.where(hidden, np.nan, tried.effect)),
        placebo_spread=series(np.where(hidden, np.nan, tried.spread)),
        placebo_alarms=series(np.where(hidden, np.nan, tried.alarms)),
    )
    return made, told


def to_text(told: Told) -> str:
    """The record as it is kept."""
    row = {
        "learned_from": told.learned_from,
        "seed": told.seed,
        "responses": [asdict(one) for one in told.responses],
        "asymmetries": [asdict(one) for one in told.asymmetries],
        "contests": [asdict(one) for one in told.contests],
    }
    head, *rest = json.dumps(row, ensure_ascii=False).split('{"name"')
    return '\n{"name"'.join([head, *rest]) + "\n"
