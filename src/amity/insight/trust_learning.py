r"""Learning the constants of trust: those with which the acts of a fit period were best foreseen.

The height to climb is $\sum_a \log T_a(y_a) - \tfrac12 \sum_k (\theta_k - \theta^0_k)^2 / 0.5^2$: the log score of each
act as known the day before, and a normal prior around the declared beginnings, in logarithms for what is positive and
log-odds for what is a share, so that what a period cannot tell stays where it was. Climbed by BFGS (Nocedal and
Wright 2006, chapter 6) with central differences: a pass over ten thousand acts takes milliseconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amity.errors import UsageError
from amity.insight.trust_path import CLASSES, COOPERATION, Acts, Constants, follow
from amity.insight.trust_yardstick import discounted_beta

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy import bool_
    from numpy.typing import NDArray

    from amity.engine.compiled import Floats, Whole

__all__ = ["BEGIN", "Learned", "climb", "learn", "log_score", "prior_of_beta"]

BEGIN = Constants(
    base=2.0,
    level=1.0,
    turn=1.0,
    level_half_life=120.0,
    turn_half_life=6.0,
    weight=(1.0, 1.0, 1.0, 1.0),
    together=0.27,
    reciprocity=0.1,
    reputation=0.5,
    reputation_prior=10.0,
    reputation_half_life=6.0,
)
"""Where learning begins, and what is believed before. The base is that of the acts given; the level's half-life of ten
years is declared and never learned: no fit period of months could tell it."""
PRIOR = 0.5
"""Standard deviation of the prior in the coordinates of steps."""
FEWEST = 100
"""Acts below which fourteen constants are not worth learning."""
FLOOR = 1e-6
"""Chances are scored no lower."""
CLOSE = 1e-4
"""A climb ends with a round that gains less, in nats of all acts together."""


@dataclass(frozen=True, slots=True)
class Learned:
    """Constants, and how they were come by."""

    constants: Constants
    acts: int
    """Acts that were scored."""
    log_score: float
    """Mean log score of them in nats; higher is better, 0 the best."""
    rounds: int
    settled: bool
    """Whether the last round gained less than a ten-thousandth of a nat in all."""


def log_score(chance: Floats, quad: Whole) -> Floats:
    """(acts,) log of the chance that was given to what came, in nats.

    >>> log_score(np.array([0.5, 0.9]), np.array([4, 1])).round(3)
    array([-0.693, -0.105])
    """
    given = np.where(quad <= COOPERATION, chance, 1 - chance)
    return np.log(np.maximum(given, FLOOR))


def learn(
    acts: Acts,
    *,
    classes: Sequence[int] = CLASSES,
    scored: NDArray[bool_] | None = None,
    held: Mapping[str, float] | None = None,
    rounds: int = 100,
) -> Learned:
    """The constants with which acts are best foreseen, each from the days before it.

    Args:
        acts: those of all pairs in the fit period.
        classes: the quad classes that are foreseen. Acts of the others are heard and never scored.
        scored: (acts,) which of those count for the score; all if left out. The others are only learned from.
        held: constants by name (not `weight`) that stay at a value, such as `{"reputation": 0.0}`.
        rounds: at most so many.

    Raises:
        UsageError: too few acts, or all of them alike.
    """
    quad = acts.quad
    ours = np.isin(quad, classes)
    scored = ours if scored is None else ours & scored
    share = float((quad[scored] <= COOPERATION).mean()) if scored.any() else 0.0
    if scored.sum() < FEWEST or not 0 < share < 1:
        raise UsageError(
            f"{int(scored.sum())} acts, {share:.0%} of them co-operative, teach nothing about trust",
            f"give at least {FEWEST}, of both sorts",
        )
    base = _odds(quad[scored])
    apart = {} if ours.all() else {"other": _odds(quad[~ours]) - base}
    begin = BEGIN._replace(base=base, **apart, **(held or {}))
    start = _steps(begin)
    fixed = {"level_half_life", *(held or {}), *(["other"] if ours.all() else [])}
    loose = np.array([name not in fixed for name in _NAMES])

    def at(moved: Floats) -> Constants:
        x = start.copy()
        x[loose] += moved
        return _constants(x, begin, fixed)

    def height(moved: Floats) -> float:
        trust = follow(acts, at(moved), classes=classes).trust
        return float(log_score(trust, quad)[scored].sum() - 0.5 * (moved**2).sum() / PRIOR**2)

    moved, used, settled = climb(height, np.zeros(int(loose.sum())), rounds)
    of = at(moved)
    score = log_score(follow(acts, of, classes=classes).trust, quad)[scored].mean()
    return Learned(of, int(scored.sum()), float(score), used, settled)


def _odds(quad: Whole) -> float:
    """Log-odds of the share of co-operative acts, half an act added to either side."""
    good = float((quad <= COOPERATION).sum())
    return math.log((good + 0.5) / (len(quad) - good + 0.5))


_NAMES = (
    "base", "level", "turn", "level_half_life", "turn_half_life", "weight", "weight", "weight", "weight", "together",
    "reciprocity", "reputation", "reputation_prior", "reputation_half_life",
    "other",
)  # fmt: skip
_PLAIN = ("base", "reciprocity", "reputation", "other")


def _flat(of: Constants) -> list[float]:
    return [*of[:5], *of.weight, *of[6:]]


def _steps(of: Constants) -> Floats:
    """Constants in the coordinates of steps; a share of 0 or 1, or a positive one of 0, is only ever held."""
    values = _flat(of)
    made: list[float] = []
    for name, value in zip(_NAMES, values, strict=True):
        if name in _PLAIN:
            made.append(value)
        elif name == "together":
            made.append(math.log(value / (1 - value)) if 0 < value < 1 else math.nan)
        else:
            made.append(math.log(value) if value > 0 else math.nan)
    return np.array(made)


def _constants(x: Floats, begin: Constants, fixed: set[str]) -> Constants:
    """The other way round; what is fixed is as in `begin`."""
    values = [float(value) for value in x]
    for k, name in enumerate(_NAMES):
        if name == "together":
            values[k] = 1 / (1 + math.exp(-values[k]))
        elif name not in _PLAIN:
            values[k] = math.exp(values[k])
    made = dict(zip(Constants._fields, [*values[:5], tuple(values[5:9]), *values[9:]], strict=True))
    return begin._replace(**{name: value for name, value in made.items() if name not in fixed})


def climb(height: Callable[[Floats], float], at: Floats, rounds: int) -> tuple[Floats, int, bool]:
    """The top of a smooth function near a place, by BFGS: the place, rounds used, and whether it came to rest.

    >>> top, _, settled = climb(lambda x: -float((x[0] - 1) ** 2 + 10 * (x[1] - x[0]) ** 2), np.zeros(2), 50)
    >>> top.round(3), settled
    (array([1., 1.]), True)
    """
    here, slope = height(at), _slope(height, at)
    inverse = np.eye(len(at)) / max(1.0, float(np.linalg.norm(slope)))
    for used in range(1, rounds + 1):
        step = inverse @ slope
        if step @ slope <= 0:
            inverse, step = np.eye(len(at)), slope / max(1.0, float(np.linalg.norm(slope)))
        pace, there = 1.0, height(at + step)
        while not there >= here + 1e-4 * pace * float(step @ slope) and pace > 1e-6:
            pace /= 2
            there = height(at + pace * step)
        if not there > here:
            return at, used, True
        gain, here = there - here, there
        at = at + pace * step
        now = _slope(height, at)
        inverse = _updated(inverse, pace * step, slope - now)
        slope = now
        if gain < CLOSE:
            return at, used, True
    return at, rounds, False


def _updated(inverse: Floats, step: Floats, change: Floats) -> Floats:
    """BFGS' inverse of the bend after a step on which the slope fell by `change`."""
    along = float(step @ change)
    if along <= 1e-12:
        return inverse
    turn = np.eye(len(step)) - np.outer(step, change) / along
    return turn @ inverse @ turn.T + np.outer(step, step) / along


def _slope(height: Callable[[Floats], float], at: Floats, width: float = 1e-4) -> Floats:
    each = np.eye(len(at)) * width
    return np.array([(height(at + one) - height(at - one)) / (2 * width) for one in each])


def prior_of_beta(acts: Acts, half_life: float) -> tuple[float, float]:
    """Weight in acts and mean of the yardstick's prior: the weight that foresees best, of half an act to 32."""
    mean = float((acts.quad <= COOPERATION).mean())

    def score(weight: float) -> float:
        before, _ = discounted_beta(acts, half_life, (weight, mean))
        return float(log_score(before, acts.quad).sum())

    return max((0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 32.0), key=score), mean
