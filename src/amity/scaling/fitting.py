r"""Ideal points by collapsed variational Bayes: a few dozen rounds of Newton steps, items and seats in turn.

Bailey, Strezhnev and Voeten (2017): $z_{iv} = \beta_v \theta_{i,t} + e$, ordered probit with two cuts an item,
flat cuts. Linked roll calls are one item, which helps to carry the scale from session to session; an item that
stands for $m$ roll calls has $\beta \sim N(0, 1/m)$, so that a session is drawn in alike whether its items are linked
or not. A state's first point is $N(\theta_{i,2}, q_{i1})$, any later one $N(\theta_{i,t-1}, q_{it})$ with
$q_{it} = \tfrac12 n_{it} / (n_{it} + n_{i,t-1})$, and points have mean 0 and standard deviation 1.

**Why not the joint maximum.** Raising items and states together to the highest joint density flings outliers
away (published −1.4, joint maximum −5.5): a point far out makes the many items around it cheap, and nothing
charges for the width of what is left uncertain. Albert and Chib's latent $z$, integrated out of a mean-field
posterior of items (mean $b$, variance $v$) and seats (mean $m$, variance $w$), leaves

$$F = \sum \log p(y_{iv} \mid b_v m_i) - \tfrac12 \sum \left[(b_v^2 + v_v)(m_i^2 + w_i) - b_v^2 m_i^2\right] +
\text{priors},$$

so that each side is drawn in by a ridge as wide as the other side is uncertain. The complete-data variances of
mean field, $1/(\sum (m^2 + w) + 1)$ and $1/(\sum (b^2 + v) + 1/q)$, are too small by the share of information
that a vote keeps of its $z$; `INFLATION` gives it back, once for all (1 is plain mean field, and does nearly
as well).

Anderson's mixing of the last rounds ends it in half the rounds. Nothing here is random.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from amity.errors import UsageError
from amity.scaling import steps
from amity.scaling.layout import ALL_THREE, NOBODY_ABSTAINED, NOBODY_NO, NOBODY_YES
from amity.scaling.ordered import EDGE, FAR, MILLS, PHI, STEPS
from amity.scaling.quiet_blas import one_thread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from amity.scaling.layout import RollCalls

    Array = NDArray[np.float64]

Prior = Literal["one-sided", "random walk"]
INFLATION = 1.7
"""Of steps of 0.1 from 1 to 2, the one nearest to the published points of 1946 to 2019 (docs/decisions/0011)."""
SMOOTH = 0.5
"""Variance of a step between sessions of equal size, doubled: as in the published sampler."""
PRESSED = 0.01
"""Cuts as near as this were pressed together by a β of the wrong sign."""
TOLERANCE = 2e-3
"""Root mean square of a round's step at which the fit ends; points have standard deviation 1."""
HOLDING, HELD = 4, 0.02
"""In the first rounds a state is held near itself, so that no session starts upside down."""
MEMORY = 6
"""Rounds that Anderson's mixing looks back on."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Points of `N` seats and parameters of `J` items, in the order of `RollCalls`."""

    theta: Array
    """(N,) the points: mean 0, standard deviation 1 over all seats."""
    spread: Array
    """(N,) variance of each given its items and the seat before it."""
    carried: Array
    """(N,) the share of each that comes from the seat before it rather than from its votes; 0 for a state's
    first."""
    items: Array
    """(J, 4) β, lower cut, upper cut (±50 where a kind of vote is missing), variance of β."""
    slack: Array
    """(N,) prior variance of the step to each seat."""
    rounds: int
    converged: bool


@one_thread()
def fit(
    calls: RollCalls,
    *,
    prior: Prior = "one-sided",
    smooth: float = SMOOTH,
    inflation: float = INFLATION,
    start: Array | None = None,
    tolerance: float = TOLERANCE,
    most_rounds: int = 200,
) -> Fit:
    """The points of every seat. Their sign is arbitrary here; who asks decides which end is up.

    `start` (N,) is where to begin, by default the first principal component of all votes. Raises `UsageError`
    for settings out of range.

    >>> from amity.scaling.layout import lay_out
    >>> state, item = np.divmod(np.arange(40), 8)
    >>> calls = lay_out(item, state, np.ones(40, int), np.where(state + item > 5, 2, 0))
    >>> np.argsort(fit(calls).theta * np.sign(fit(calls).theta[-1])).tolist()
    [0, 1, 2, 3, 4]
    """
    if smooth <= 0 or inflation <= 0 or tolerance <= 0:
        raise UsageError("smooth, inflation and tolerance are above zero", "leave them at what they are")
    theta = standardised(first_component(calls) if start is None else np.asarray(start, dtype=np.float64))
    items, slack = _first_items(calls, theta), step_variance(calls, smooth)
    guess, told, new, spread = (
        np.full(len(theta), 0.05),
        np.empty((len(theta), 3)),
        theta.copy(),
        theta.copy(),
    )
    solve = steps.one_sided if prior == "one-sided" else steps.random_walk
    fresh, mixing = items.copy(), _Mixing(MEMORY)
    turned = np.zeros(len(items), dtype=bool)
    rounds, moved = 0, np.inf
    while moved > tolerance and rounds < most_rounds:
        newton = 3 if rounds < 2 else 1
        steps.item_step(
            calls.item_runs,
            calls.seat_of,
            calls.kind,
            calls.times,
            theta,
            guess,
            newton,
            inflation,
            PHI,
            MILLS,
            items,
        )
        turned |= _free(items, fresh, turned)
        steps.seat_step(calls.seat_runs, calls.item_of, theta, items, PHI, MILLS, told)
        if rounds < HOLDING:
            steps.random_walk(calls.state_start, theta, told, slack * HELD, new, spread)
        else:
            solve(calls.state_start, theta, told, slack, new, spread)
        guess = (
            np.minimum(inflation / (told[:, 2] + 1 / slack), spread)
            if prior == "one-sided"
            else spread.copy()
        )
        step = standardised(theta + np.clip(new - theta, -1, 1)) - theta
        moved = float(np.sqrt(np.mean(step**2)))
        theta = mixing.next(theta, step) if rounds >= HOLDING else theta + step
        rounds += 1
    return Fit(theta, spread.copy(), _carried(calls, spread, slack), items, slack, rounds, moved <= tolerance)


def standardised(theta: Array) -> Array:
    """Points with mean 0 and standard deviation 1."""
    return (theta - theta.mean()) / theta.std()


def step_variance(calls: RollCalls, smooth: float) -> Array:
    """(N,) prior variance of the step to each seat: `smooth` times its share of its own and the last seat's
    votes."""
    n = calls.votes_of_seat.astype(np.float64)
    beside = np.roll(n, 1)
    first = calls.state_start[:-1]
    alone = np.diff(calls.state_start) == 1
    beside[first] = n[np.minimum(first + 1, len(n) - 1)]
    share = n / (n + beside)
    share[first[alone]] = 1.0
    return smooth * share


def first_component(calls: RollCalls, rounds: int = 15) -> Array:
    """(N,) a start: the first principal component of the votes, each state taken as one through all its
    sessions."""
    many = len(calls.state_start) - 1
    state = np.repeat(np.arange(many), np.diff(calls.state_start))
    of_vote = calls.item_of_vote
    mean = calls.counts @ np.array([0.0, 1.0, 2.0]) / calls.counts.sum(axis=1)
    leaning = calls.vote - mean[of_vote]
    cell = of_vote * many + state[calls.seat_of]
    table = np.bincount(cell, leaning, len(calls.items) * many).reshape(-1, many)
    votes = np.bincount(state[calls.seat_of], minlength=many)
    theta = table.sum(axis=0) / votes
    for _ in range(rounds):
        pulled = table.T @ (table @ theta) / votes
        theta = pulled / np.abs(pulled).max()
    return theta[state]


def _first_items(calls: RollCalls, theta: Array) -> Array:
    """(J, 4) items to begin with: the sign of β from the start, cuts from how many voted which way."""
    counts = calls.counts.astype(np.float64)
    lean = np.bincount(calls.item_of_vote, (calls.vote - 1.0) * theta[calls.seat_of], len(counts))
    below = np.clip(np.cumsum(counts[:, :2], axis=1) / counts.sum(axis=1, keepdims=True), 0.01, 0.99)
    grid = -EDGE + np.arange(len(PHI)) / STEPS
    low, high = (
        1.2 * np.asarray(np.interp(side, PHI, grid), dtype=np.float64) for side in (below[:, 0], below[:, 1])
    )
    high = np.where(calls.kind == ALL_THREE, np.maximum(high, low + 0.05), high)
    middle = (low + high) / 2
    low = np.where(calls.kind == NOBODY_ABSTAINED, middle, np.where(calls.kind == NOBODY_YES, -FAR, low))
    high = np.where(calls.kind == NOBODY_ABSTAINED, middle, np.where(calls.kind == NOBODY_NO, FAR, high))
    return np.stack([0.8 * np.sign(lean), low, high, np.full(len(counts), 0.05)], axis=1)


def _free(items: Array, fresh: Array, turned: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Start items anew, the other way round, whose cuts were pressed together: β has the wrong sign and cannot
    cross.

    A start that puts a lone no on the wrong side of a lone abstention leads there; no item's best place is
    there, because an abstention was cast.
    """
    stuck = items[:, 2] - items[:, 1] < PRESSED
    stuck &= (fresh[:, 1] < fresh[:, 2]) & ~turned
    items[stuck, 0] = -np.sign(items[stuck, 0]) * 0.8
    items[stuck, 1:] = fresh[stuck, 1:]
    return stuck


def _carried(calls: RollCalls, spread: Array, slack: Array) -> Array:
    share = spread / slack
    share[calls.state_start[:-1]] = 0.0
    return share


class _Mixing:
    """Anderson's mixing: the next point is that combination of the last ones whose steps cancel best."""

    def __init__(self, memory: int) -> None:
        self.past: deque[tuple[Array, Array]] = deque(maxlen=memory + 1)

    def next(self, theta: Array, step: Array) -> Array:
        self.past.append((theta, step))
        plain = theta + step
        if len(self.past) < 2:
            return plain
        moved = np.diff(np.array([t for t, _ in self.past]), axis=0)
        turned = np.diff(np.array([s for _, s in self.past]), axis=0)
        gram = turned @ turned.T
        gram += np.eye(len(gram)) * 1e-8 * np.trace(gram)
        weight = np.asarray(np.linalg.solve(gram, turned @ step), dtype=np.float64)
        mixed = plain - weight @ (moved + turned)
        wild = not np.isfinite(mixed).all() or np.abs(mixed - theta).max() >= 1
        return plain if wild else standardised(mixed)
