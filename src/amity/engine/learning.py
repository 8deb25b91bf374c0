r"""Learning the constants with the states integrated out.

To maximise $\log p(x, y \mid \theta)$ in states and constants together is a trap: loadings run away while states
shrink. Here the states are integrated over, with each observation's moments matched (`matching`). The gradient of that
likelihood $F$ is the expectation of $\nabla_\theta \log p(x, y \mid \theta)$. An observation reads the states through
$\eta_a$ alone, so that its expectation is nine points on $\eta_a$, weighed by its own law, at which the states are
$m + V\lambda (\eta - \hat\eta) / \lambda' V \lambda$. With $a = \sum_{t>0} E x_t^2$, $b = \sum_{t>0} E x_t x_{t-1}$,
$c = \sum_{t>0} E x_{t-1}^2$ and $e = a - 2\varphi b + \varphi^2 c$ of a state,

$$\frac{\partial F}{\partial \operatorname{artanh}\varphi} = (T-1)\varphi + \frac{b - \varphi c}{s}
- \frac{\varphi e}{s(1-\varphi^2)},\qquad
\frac{\partial F}{\partial \log s} = -\frac{T}{2} + \frac{E x_0^2}{2s} + \frac{e}{2s(1-\varphi^2)}.$$

First come rounds of EM, which are sure far from the truth and creep near it. Then $F$ is climbed by
quasi-Newton steps $\theta + B\, \nabla F$: $B$ begins as $(\sum_d u_d u_d')^{-1}$ with $u_d$ the gradient of pair $d$
(Berndt, Hall, Hall and Hausman 1974), and learns how $F$ really bends from how its gradient changed with each step
(Broyden, Fletcher, Goldfarb and Shanno 1970). Steps of the first matrix alone creep as EM does where the law is not
quite the world's. $(\sum_d u_d u_d')^{-1}$ at the end gives the standard errors: pairs are what is independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amity.engine.compiled import compiled, in_parallel, prange
from amity.engine.constants import Free, free, moved, natural
from amity.engine.families import dispersion_slope
from amity.engine.matching import NODES, matched, weigh, width
from amity.engine.reading import World, load, predict, pull, safe_bend, world
from amity.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from amity.engine.chain import Smoothed
    from amity.engine.compiled import Floats
    from amity.engine.model import Dynamics, Evidence, Items

__all__ = ["Learned", "learn"]

EM_ROUNDS = 8
"""Rounds of EM before the climb: far from the truth they are slow but sure."""

CLOSE = 0.02
"""Learning ends when no constant would move by more than this share of its standard error, and"""

GAIN = 0.01
"""when the next step would gain no more than this, in nats of all evidence."""

SLACK = 0.05
"""The likelihood is known to about so much, in nats: a step may seem to lose it where its gradient says it climbs."""

FURTHEST = 1.0
"""No constant moves further in one step, in the coordinates of steps."""


@dataclass(frozen=True, slots=True)
class Learned:
    """Constants, and how sure they are."""

    items: Items
    dynamics: Dynamics
    item_errors: Items
    """Standard errors, shaped as the items; NaN where a constant was held."""
    dynamics_errors: Dynamics
    log_likelihood: float
    """The log marginal likelihood of all evidence, in nats, by matched moments."""
    rounds: int
    settled: bool
    """Whether no constant would have moved by more than `CLOSE` standard errors, nor the likelihood risen by `GAIN`."""


@compiled
def _see(w: World, a: int, x: Floats, v: Floats, weights: Floats, lean: Floats) -> tuple[float, float]:
    """The predictor of observation `a` and its standard deviation; how states lean on it into `lean`."""
    t = w.month[a]
    load(w, a, weights)
    deviation = width(weights, v, t)
    for i in range(len(lean)):
        lean[i] = 0.0
        for j in range(len(lean)):
            lean[i] += v[t, i, j] * weights[j] / deviation if deviation > 0.0 else 0.0
    return predict(w, a, weights, x, t), deviation


@compiled
def _expect(w: World, d: int, x: Floats, v: Floats, sites: Floats, slopes: Floats, bends: Floats) -> None:
    """Expected slopes (items, 2 + dimensions) and bends of one pair in intercept, loadings and log dispersion."""
    size, states = w.loading.shape[1], x.shape[1]
    weights, lean, reads = np.empty(states), np.empty(states), np.ones(size + 1)
    shares = np.empty(len(NODES))
    for a in range(w.start[d], w.start[d + 1]):
        k, t = w.item[a], w.month[a]
        eta, deviation = _see(w, a, x, v, weights, lean)
        weigh(w, a, eta, deviation, sites[a], shares)
        for q in range(len(NODES)):
            share, z = shares[q], NODES[q]
            at = eta + z * deviation
            for j in range(size):
                reads[j + 1] = x[t, j] + z * lean[j]
            if w.directed >= 0:
                reads[w.directed + 1] += w.side[a] * (x[t, states - 1] + z * lean[states - 1])
            g, _ = pull(w, a, at)
            h = safe_bend(w, a, at)
            loose = w.dispersion[k] * dispersion_slope(
                int(w.family[k]), at, float(w.y[a]), float(w.n[a]), float(w.dispersion[k])
            )
            for i in range(size + 1):
                slopes[k, i] += share * g * reads[i]
                for j in range(size + 1):
                    bends[k, i, j] += share * h * reads[i] * reads[j]
            slopes[k, size + 1] += share * loose
            bends[k, size + 1, size + 1] += share * loose * loose


@in_parallel
def _expect_all(w: World, x: Floats, v: Floats, sites: Floats, slopes: Floats, bends: Floats) -> None:
    for d in prange(len(x)):
        _expect(w, d, x[d], v[d], sites, slopes[d], bends[d])


def _of_dynamics(now: Smoothed, move: Dynamics) -> tuple[Floats, Floats]:
    r"""(pairs, states) gradients in $\operatorname{artanh}\varphi$ and $\log s$."""
    a, b, c = (now.moments[:, :, i] for i in range(3))
    first = now.mean[:, 0] ** 2 + np.einsum("dii->di", now.covariance[:, 0])
    phi, s, steps = move.persistence, move.variance, now.mean.shape[1] - 1
    e = a - 2 * phi * b + phi**2 * c
    by_phi = steps * phi + (b - phi * c) / s - phi * e / (s * (1 - phi**2))
    return by_phi, -(steps + 1) / 2 + first / (2 * s) + e / (2 * s * (1 - phi**2))


def _gradients(slopes: Floats, now: Smoothed, move: Dynamics, which: Free) -> Floats:
    """(pairs, constants) the gradient of each pair's log marginal likelihood."""
    kinds = (slopes[:, :, 0], slopes[:, :, 1:-1], slopes[:, :, -1], *_of_dynamics(now, move))
    return np.concatenate([kind[:, mask] for kind, mask in zip(kinds, which.masks(), strict=True)], axis=1)


def _best_persistence(now: Smoothed, move: Dynamics) -> Floats:
    r"""Steps in $\operatorname{artanh}\varphi$ to the expected likelihood's top, by a grid made finer four times."""
    a, b, c = now.moments.sum(0).T[:, None]
    s, steps = move.variance, now.mean.shape[0] * (now.mean.shape[1] - 1)
    here = np.arctanh(move.persistence)
    middle, reach = here.copy(), 1.0
    for _ in range(4):
        at = np.clip(middle + reach * np.linspace(-1, 1, 41)[:, None], 0.0, 6.0)
        phi = np.tanh(at)
        height = -steps / 2 * np.log(1 - phi**2) - (a - 2 * phi * b + phi**2 * c) / (2 * s * (1 - phi**2))
        middle = np.take_along_axis(at, height.argmax(0)[None], 0)[0]
        reach /= 10
    return middle - here


def _em(slopes: Floats, bends: Floats, now: Smoothed, move: Dynamics, which: Free) -> Floats:
    """One round of EM as a vector of steps: Newton's step of each item, the top of each persistence."""
    slope, bend = slopes.sum(0), bends.sum(0)
    steps = np.zeros_like(slope)
    mask = np.concatenate([which.intercept[:, None], which.loading, which.dispersion[:, None]], axis=1)
    for k, chosen in enumerate(mask):
        inner = bend[k][np.ix_(chosen, chosen)]
        steps[k, chosen] = np.linalg.solve(inner + 1e-9 * np.eye(len(inner)), slope[k, chosen])
    steps = np.clip(steps, -1.0, 1.0)
    by_variance = _of_dynamics(now, move)[1].sum(0) / (0.5 * now.mean.shape[0] * now.mean.shape[1])
    kinds = (steps[:, 0], steps[:, 1:-1], steps[:, -1], _best_persistence(now, move), by_variance)
    return np.concatenate([kind[mask] for kind, mask in zip(kinds, which.masks(), strict=True)])


@dataclass(frozen=True, slots=True)
class _At:
    """What is known at some constants."""

    of: Items
    move: Dynamics
    now: Smoothed
    gradients: Floats
    em: Floats

    @property
    def height(self) -> float:
        return float(self.now.log_likelihood.sum())

    @property
    def slope(self) -> Floats:
        """(constants,) the gradient of all pairs' log marginal likelihood."""
        return np.asarray(self.gradients.sum(0), np.float64)

    def scatter(self) -> Floats:
        """The inverse of the pairs' scatter: the covariance of the constants, in the coordinates of steps."""
        return np.asarray(np.linalg.inv(self.gradients.T @ self.gradients), np.float64)


def _look(seen: Evidence, of: Items, move: Dynamics, which: Free, begin: Smoothed | None) -> _At:
    now, sites = matched(seen, of, move, begin)
    size = of.loading.shape[1] + 2
    slopes = np.zeros((len(now.mean), len(of.family), size))
    bends = np.zeros((*slopes.shape, size))
    _expect_all(world(seen, of, move), now.mean, now.covariance, sites, slopes, bends)
    return _At(of, move, now, _gradients(slopes, now, move, which), _em(slopes, bends, now, move, which))


def _climbed(seen: Evidence, here: _At, which: Free, step: Floats) -> tuple[_At, Floats] | None:
    """The place after a step and the step, made shorter while it goes down; None where it never goes up."""
    step = step * min(1.0, FURTHEST / float(np.abs(step).max()))
    for shorter in (0.5, 0.25, 0.25, 0.25):
        there = _look(seen, *moved(here.of, here.move, which, step), which, here.now)
        flatter = abs(float(there.slope @ step)) < 0.9 * abs(float(here.slope @ step))
        if there.height > here.height or (flatter and there.height > here.height - SLACK):
            return there, step
        step = step * shorter
    return None


def _bent(inverse: Floats, step: Floats, fall: Floats) -> Floats:
    """The inverse of how a likelihood bends, told by a step and by how far its gradient fell on the way (BFGS).

    >>> _bent(np.eye(2), np.array([1.0, 0.0]), np.array([4.0, 0.0]))
    array([[0.25, 0.  ],
           [0.  , 1.  ]])
    """
    along = float(step @ fall)
    if not along > 0.0:
        return inverse
    rest = np.eye(len(step)) - np.outer(step, fall) / along
    return rest @ inverse @ rest.T + np.outer(step, step) / along


def _climb(
    seen: Evidence, here: _At, which: Free, rounds: int, told: Callable[[int], None]
) -> tuple[_At, int, bool]:
    """Quasi-Newton steps from `here`, at most so many: where they end, how many they were, whether it has settled."""
    inverse, fresh = here.scatter(), True
    for used in range(rounds):
        told(used)
        step, error = inverse @ here.slope, np.sqrt(np.diag(here.scatter()))
        if (np.abs(step) < CLOSE * error).all() and 0.5 * float(step @ here.slope) < GAIN:
            return here, used, True
        found = _climbed(seen, here, which, step)
        if found is None and fresh:
            return here, used, False
        if found is None:
            inverse, fresh = here.scatter(), True
            continue
        inverse, fresh = _bent(inverse, found[1], here.slope - found[0].slope), False
        here = found[0]
    return here, rounds, False


def learn(
    seen: Evidence,
    of: Items,
    move: Dynamics,
    which: Free | None = None,
    rounds: int = 60,
    told: Callable[[int], None] = lambda _: None,
) -> Learned:
    """The constants that make the evidence of all pairs most likely, states integrated out, with standard errors.

    Args:
        seen: the evidence; a few hundred pairs, each with evidence in several months, are enough for most constants.
        of: the items to begin from. A loading keeps its sign only as far as the evidence keeps it: begin on its side.
        move: the dynamics to begin from.
        which: the constants that are learned; by default those that `free` finds.
        rounds: at most so many.
        told: hears before each round how many are over.

    Raises:
        UsageError: fewer pairs than constants: errors could not be told.
    """
    which = free(of, move) if which is None else which
    pairs = len(seen.start) - 1
    if pairs <= len(which):
        raise UsageError(
            f"{len(which)} constants cannot be learned from {pairs} pairs", "hold more, or give more pairs"
        )
    here, sure = _look(seen, of, move, which, None), min(EM_ROUNDS, rounds)
    for over in range(sure):
        told(over)
        here = _look(seen, *moved(here.of, here.move, which, here.em), which, here.now)
    here, used, done = _climb(seen, here, which, rounds - sure, lambda used: told(sure + used))
    errors = natural(here.of, here.move, which, np.sqrt(np.diag(here.scatter())))
    return Learned(here.of, here.move, *errors, here.height, sure + used, done)
