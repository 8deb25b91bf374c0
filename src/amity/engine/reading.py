r"""How an observation reads the states of its month: the weights $\lambda$, the predictor $\eta$, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from amity.engine.compiled import compiled
from amity.engine.families import bend_to_expect, log_density, slope_and_bend

if TYPE_CHECKING:
    from amity.engine.compiled import Floats, Signs, Whole
    from amity.engine.model import Dynamics, Evidence, Items


class World(NamedTuple):
    """All that a loop over observations reads: evidence, items and dynamics, flat, because numba shares no nests."""

    start: Whole
    month: Whole
    item: Whole
    side: Signs
    y: Floats
    n: Floats
    offset: Floats
    months: int
    family: Whole
    intercept: Floats
    loading: Floats
    dispersion: Floats
    persistence: Floats
    variance: Floats
    directed: int


def world(seen: Evidence, of: Items, move: Dynamics) -> World:
    """The three as one."""
    return World(*seen, *of, *move)


@compiled
def load(w: World, a: int, out: Floats) -> None:
    r"""Put into `out` the weights $\lambda$ by which observation `a` reads the states."""
    k = w.item[a]
    for j in range(w.loading.shape[1]):
        out[j] = w.loading[k, j]
    if w.directed >= 0:
        out[-1] = w.side[a] * w.loading[k, w.directed]


@compiled
def rest(w: World, a: int) -> float:
    r"""The predictor $c + o$ of observation `a` where all states are at rest."""
    return float(w.intercept[w.item[a]] + w.offset[a])


@compiled
def predict(w: World, a: int, weights: Floats, x: Floats, t: int) -> float:
    r"""The predictor $\eta$ of observation `a` where the states are row `t` of `x`."""
    eta = rest(w, a)
    for j in range(len(weights)):
        eta += weights[j] * x[t, j]
    return eta


@compiled
def pull(w: World, a: int, eta: float) -> tuple[float, float]:
    """Slope and bend of observation `a`."""
    k = int(w.item[a])
    y, n = float(w.y[a]), float(w.n[a])
    return slope_and_bend(int(w.family[k]), eta, y, n, float(w.dispersion[k]))


@compiled
def pull_down(w: World, a: int, eta: float) -> tuple[float, float]:
    """Slope and bend of observation `a`, where a bend upwards counts as none.

    Far from what was expected a beta-binomial says that less is known than before. Taken at its word, one such month
    made the variance of a state several times that of a pair of which nothing is known at all.
    """
    g, h = pull(w, a, eta)
    return g, max(h, 0.0)


@compiled
def safe_bend(w: World, a: int, eta: float) -> float:
    """A bend of observation `a` that is never negative."""
    k = int(w.item[a])
    y, n = float(w.y[a]), float(w.n[a])
    return bend_to_expect(int(w.family[k]), eta, y, n, float(w.dispersion[k]))


@compiled
def density(w: World, a: int, eta: float) -> float:
    """The log density of observation `a`."""
    k = int(w.item[a])
    y, n = float(w.y[a]), float(w.n[a])
    return log_density(int(w.family[k]), eta, y, n, float(w.dispersion[k]))
