"""Contrasts between what followed: kind acts and hostile ones, and pressure with a rival power active and without."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from amity.engine.projecting import AHEAD, Matched, by_chance, match, project, quantile
from amity.insight.response import ALL_HOSTILE, ALL_KIND, ENOUGH, PRESSURE, Asymmetry, Contest
from amity.insight.response_acts import TOP, named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from amity.engine.compiled import Floats, Whole
    from amity.engine.projecting import Projected
    from amity.insight.response import Response, Series
    from amity.insight.response_world import Compared, World

    Mask = NDArray[np.bool_]

__all__ = [
    "OPPOSITES", "PRESSED", "Contrast", "asymmetries", "contest", "contested", "contrast", "drawn", "gap_at", "known",
    "rival_active", "series", "shown", "some",
]  # fmt: skip

OPPOSITES = (
    ("sanction lifted", "sanction imposed"),
    ("aid pledged", "aid cut"),
    ("relations restored", "relations severed"),
    ("agreement", "troops"),
    ("praise", "accusation"),
)
"""A kind class and the hostile one that it is set beside."""
PRESSED = ("threat", "sanction imposed", "aid cut")
"""Classes that are tried with and without a rival power."""
GAP_AT = 12
BEFORE_ITS_YEAR_IS_OUT = 12


class Contrast(NamedTuple):
    """Two sides, set beside each other."""

    value: Floats
    """(horizons,)"""
    error: Floats
    low: Floats
    high: Floats
    """(horizons,) 95 % intervals."""
    chance: float
    """Of as large a value at any horizon, if there is none; nan if unknown."""


def known(value: float) -> float | None:
    """A figure of the record."""
    return round(float(value), 4) if np.isfinite(value) else None


def series(values: Iterable[float]) -> Series:
    return tuple(known(value) for value in values)


def shown(told: Projected, *, yearly: bool = False, least: int = 0) -> Projected:
    """The same, with nothing known within the year of an act that goes by years, or of fewer than `least` cases."""
    hidden = (told.cases < least) | (yearly & (np.array(told.horizons) < BEFORE_ITS_YEAR_IS_OUT))
    blank = {
        name: np.where(hidden, np.nan, getattr(told, name)) for name in ("effect", "error", "low", "high")
    }
    return replace(told, **blank, influence=np.where(hidden, 0.0, told.influence))


def some(of: Matched, which: Mask) -> Matched:
    """Some of the cases."""
    return replace(of, series=of.series[which], month=of.month[which], traits=of.traits[which])


def contrast(
    one: Sequence[Projected], other: Sequence[Projected], sign: Literal[1, -1], seed: int
) -> Contrast:
    """The mean of some effects, each weighing alike, and with that sign the mean of others; unknown where any is.

    Clustered by pair over both sides at once, for many pairs stand on both.
    """
    value = _mean([told.effect for told in one]) + sign * _mean([told.effect for told in other])
    influence = _mean([told.influence for told in one]) + sign * _mean([told.influence for told in other])
    error: Floats = np.where(np.isfinite(value), np.sqrt((influence**2).sum(0)), np.nan)
    freedom = min(int(told.clusters.max()) for told in (*one, *other)) - 1
    reach = quantile(0.975, freedom) * error
    return Contrast(value, error, value - reach, value + reach, by_chance(value, error, influence, seed))


def _mean(parts: Sequence[Floats]) -> Floats:
    return np.mean(parts, axis=0)


def asymmetries(
    worked: Mapping[tuple[str, str], tuple[Response, Projected]], dimension: str, seed: int
) -> list[Asymmetry]:
    """Opposite classes set beside each other, where both are known, and then all kind acts beside all hostile ones."""
    told = {name: part for (name, of), part in worked.items() if of == dimension}
    made = [
        _asymmetry((kind, hostile), [told[kind][1]], [told[hostile][1]], dimension, seed)
        for kind, hostile in OPPOSITES
    ]
    sides = [
        [path for name, (one, path) in told.items() if _counts(name, sign) and one.n >= ENOUGH]
        for sign in (1, -1)
    ]
    if all(sides):
        made.append(_asymmetry((ALL_KIND, ALL_HOSTILE), sides[0], sides[1], dimension, seed))
    return [one for one in made if any(total is not None for total in one.total)]


def _counts(name: str, sign: int) -> bool:
    """Whether a class is one of a side; visits of one rank are among those of all ranks already."""
    one = named(name)
    return (
        one is not None
        and one.sign == sign
        and (one.table != "visits" or one.ranks in {TOP, ("foreign minister",)})
    )


def _asymmetry(
    names: tuple[str, str], kind: Sequence[Projected], hostile: Sequence[Projected], dimension: str, seed: int
) -> Asymmetry:
    """The sum of what followed; where both weigh alike it is zero."""
    told = contrast(kind, hostile, 1, seed)
    return Asymmetry(
        *names,
        dimension,
        total=series(told.value),
        error=series(told.error),
        low=series(told.low),
        high=series(told.high),
        chance=known(told.chance),
    )


def contested(of: World, matched: Matched, pair: Whole) -> Mask:
    """(cases,) whether a major power beside the two had more to do with the weaker side than they with each other."""
    have_to_do, number = of.outcome("engagement"), _number(of)
    found = np.zeros(len(matched.month), bool)
    for c, (row, month) in enumerate(zip(matched.series[:, 0], matched.month, strict=True)):
        n, t = int(pair[row]), int(month) - 1
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


def _number(of: World) -> dict[tuple[int, int], int]:
    return {(a, b): n for n, (a, b) in enumerate(of.pairs.iter_rows())}


def gap_at(split: Sequence[Projected]) -> tuple[float | None, float | None]:
    """What followed the first, less what followed the second, a year on, and its error over pairs."""
    at = AHEAD.index(GAP_AT)
    one, other = split
    if not (np.isfinite(one.effect[at]) and np.isfinite(other.effect[at])):
        return None, None
    error = np.sqrt(((one.influence[:, at] - other.influence[:, at]) ** 2).sum())
    return known(one.effect[at] - other.effect[at]), known(error)


def rival_active(of: World, put_pair: Whole, side: Whole, cases: tuple[Whole, Whole]) -> Whole:
    """(cases,) 1 where a rival power of who acts is active, 0 where it has one that is not, -1 where it has none.

    -1 too outside of the years of which somebody tells of rivalries.
    """
    have_to_do, number = of.outcome("engagement"), _number(of)
    rivals: dict[int, list[tuple[int, int, int]]] = {}
    first, last = (day.year for day in of.rivals_known) if of.rivals_known else (1, 0)
    for line, rival, start, end in of.rivals.iter_rows():
        rivals.setdefault(line, []).append((rival, start.year, end.year if end else last))
    found = np.full(len(cases[0]), -1, np.int64)
    for c, (row, month) in enumerate(zip(*cases, strict=True)):
        n, t = int(put_pair[row]), int(month) - 1
        actor, other = of.pairs.row(n)[:: int(side[row])]
        year = 1946 + t // 12
        there = [
            rival
            for rival, start, end in rivals.get(actor, ())
            if rival != other and max(start, first) <= year <= min(end, last)
        ]
        if there:
            ties = [number.get((min(rival, other), max(rival, other))) for rival in there]
            found[c] = any(n is not None and have_to_do[n, t] > 0 for n in ties)
    return found


def contest(of: World, parts: Mapping[str, Compared], dimension: str, seed: int, most: int) -> list[Contest]:
    """Each class of pressure with a rival power active and without, and the mean of all: `parts` by class."""
    told: dict[str, tuple[Projected, Projected]] = {}
    for name in PRESSED:
        put, panel, one = parts[name].put, parts[name].panel, named(name)
        state = rival_active(of, put.pair, put.side, parts[name].cases)
        cases = drawn((parts[name].cases[0][state >= 0], parts[name].cases[1][state >= 0]), seed, most)
        matched = match(panel, cases, parts[name].free)
        active = rival_active(of, put.pair, put.side, (matched.series[:, 0], matched.month)) == 1
        yearly = one is not None and one.yearly
        with_one, without = (
            shown(project(panel, some(matched, which), AHEAD), yearly=yearly) for which in (active, ~active)
        )
        told[name] = (with_one, without)
    made = [_contest(name, dimension, [pair], seed) for name, pair in told.items()]
    return [*made, _contest(PRESSURE, dimension, list(told.values()), seed)]


def drawn(cases: tuple[Whole, Whole], seed: int, most: int) -> tuple[Whole, Whole]:
    """The cases, or so many of them drawn."""
    if len(cases[0]) <= most:
        return cases
    kept = np.sort(np.random.default_rng(seed).choice(len(cases[0]), most, replace=False))
    return cases[0][kept], cases[1][kept]


def _contest(name: str, dimension: str, parts: Sequence[tuple[Projected, Projected]], seed: int) -> Contest:
    active, inactive = ([pair[k] for pair in parts] for k in (0, 1))
    told = contrast(active, inactive, -1, seed)
    return Contest(
        name,
        dimension,
        active=series(_mean([one.effect for one in active])),
        inactive=series(_mean([one.effect for one in inactive])),
        gap=series(told.value),
        error=series(told.error),
        low=series(told.low),
        high=series(told.high),
        chance=known(told.chance),
        active_cases=sum(int(one.cases.max()) for one in active),
        inactive_cases=sum(int(one.cases.max()) for one in inactive),
    )
