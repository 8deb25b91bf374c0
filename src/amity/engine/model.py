r"""What the engine is given: evidence of pairs in months, the items it comes from, and how states move.

Pair $d$ in month $t$ has a state $x_{dt}$ of $M$ numbers. Each moves by itself,

$$x_{dtm} = \varphi_m x_{d,t-1,m} + w_{dtm},\qquad w_{dtm} \sim N\big(0, s_m (1 - \varphi_m^2)\big),$$

so that $s_m$ is its variance in any month without evidence. An observation $a$ of item $k$ reads

$$\eta_a = c_k + o_a + l_k' \tilde x_{dt},$$

where $\tilde x$ is $x$, except that in one declared dimension an observation of what 1 does to 2 (`side` 1) reads
$r + \delta$, one of what 2 does to 1 (`side` −1) reads $r - \delta$, and one of both together (`side` 0) reads $r$. The
state $\delta$ stands last in $x$.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from amity.engine.families import COUNT, GAUSSIAN, MIX, ORDERED
from amity.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from amity.engine.compiled import Floats, Signs, Whole

__all__ = ["Dynamics", "Evidence", "Items", "dynamics", "evidence", "items", "select"]


class Items(NamedTuple):
    """Where observations come from: one entry is a source's kind of evidence in a period. Make it by `items`."""

    family: Whole
    """(items,) GAUSSIAN, MIX, COUNT or ORDERED."""
    intercept: Floats
    """(items,) c: the predictor of a pair whose states are all at rest."""
    loading: Floats
    """(items, dimensions) l: what a unit of a state adds to the predictor."""
    dispersion: Floats
    """(items,) see `families`."""


class Dynamics(NamedTuple):
    """How states move. Make it by `dynamics`."""

    persistence: Floats
    """(states,) phi, a month."""
    variance: Floats
    """(states,) s, stationary."""
    directed: int
    """The dimension that is read as r ± delta; −1: none. Delta is one state more than there are dimensions."""


class Evidence(NamedTuple):
    """Observations in order of pair and month. Make it by `evidence`."""

    start: Whole
    """(pairs + 1,) the observations of pair d are `start[d]:start[d + 1]`."""
    month: Whole
    """(observations,) from 0."""
    item: Whole
    side: Signs
    """(observations,) 1: by 1 to 2; −1: by 2 to 1; 0: of both."""
    y: Floats
    n: Floats
    offset: Floats
    """(observations,) o: what is known beforehand of the predictor, such as the log of an exposure."""
    months: int


def items(family: ArrayLike, intercept: ArrayLike, loading: ArrayLike, dispersion: ArrayLike = 0.0) -> Items:
    """Items whose shapes and ranges are checked; `loading` may be flat where there is one dimension.

    Raises:
        UsageError: a family that is none, a mix with a dispersion of one or more, a negative one, a number missing.

    >>> items([MIX, GAUSSIAN], [-1.0, 0.0], [-1.0, 0.8]).loading.shape
    (2, 1)
    """
    kinds = np.atleast_1d(np.asarray(family, np.int64))
    rows = np.ascontiguousarray(np.asarray(loading, float).reshape(len(kinds), -1 if len(kinds) else 1))
    start, spread = (
        np.array(np.broadcast_to(np.asarray(a, float), kinds.shape)) for a in (intercept, dispersion)
    )
    made = Items(kinds, start, rows, spread)
    if not np.isin(kinds, (GAUSSIAN, MIX, COUNT, ORDERED)).all():
        raise UsageError(
            f"families {sorted(set(kinds.tolist()))} are not all known",
            "take them from amity.engine.families",
        )
    if not all(np.isfinite(a).all() for a in made[1:]):
        raise UsageError(
            "an intercept, loading or dispersion is not a finite number", "give every item all three"
        )
    if (spread < 0).any() or (spread[kinds == MIX] >= 1).any():
        raise UsageError(
            "a dispersion is negative, or that of a mix is not below one", "a mix has 0 ≤ ρ < 1, others d ≥ 0"
        )
    return made


def dynamics(persistence: ArrayLike, variance: ArrayLike = 1.0, directed: int = -1) -> Dynamics:
    """Dynamics whose ranges are checked.

    >>> dynamics([0.99, 0.95], [1.0, 0.3], directed=0).persistence
    array([0.99, 0.95])
    """
    phi = np.atleast_1d(np.asarray(persistence, float))
    s = np.array(np.broadcast_to(np.asarray(variance, float), phi.shape))
    if not ((phi >= 0) & (phi < 1)).all() or not (np.isfinite(s) & (s > 0)).all():
        raise UsageError(
            "a persistence is not in [0, 1) or a variance is not above zero", "give a stationary chain"
        )
    if not -1 <= directed < max(len(phi) - 1, 0):
        raise UsageError(
            f"dimension {directed} cannot be directed among {len(phi)} states",
            "give its delta one state more",
        )
    return Dynamics(phi, s, directed)


def evidence(
    pairs: int, months: int, rows: dict[str, ArrayLike], of: Items, *, sides: bool = False
) -> Evidence:
    """Observations in any order, put in the one order that does not depend on it.

    Args:
        pairs: how many pairs there are; one without rows is a pair of which nothing is known.
        months: how many months every chain has.
        rows: columns `pair, month, item, y, n`, and if wanted `offset` (0) and `side` (0).
        of: the items that rows speak of.
        sides: whether some dimension is directed; otherwise a side is refused, because nothing would read it.

    Raises:
        UsageError: a pair, month or item out of range; a number missing; a value that the item's family cannot take.

    >>> rows = {"pair": [1, 0], "month": [2, 0], "item": [0, 0], "y": [1, 0], "n": [1, 4]}
    >>> evidence(2, 3, rows, items(MIX, -1.0, -1.0)).start
    array([0, 1, 2])
    """
    blank = np.zeros(np.size(np.asarray(rows["pair"])))
    pair, month, item = (np.asarray(rows[name], np.int64) for name in ("pair", "month", "item"))
    side = np.asarray(rows.get("side", blank), np.int8)
    y, n, offset = (np.asarray(rows.get(name, blank), float) for name in ("y", "n", "offset"))
    for name, values, end in (
        ("pair", pair, pairs),
        ("month", month, months),
        ("item", item, len(of.family)),
    ):
        if len(values) and not 0 <= values.min() <= values.max() < end:
            raise UsageError(f"a {name} is outside 0 … {end - 1}", "count all three from zero")
    if not np.isin(side, (-1, 0, 1) if sides else (0,)).all():
        raise UsageError(
            "a side says what nothing reads", "sides are −1, 0 or 1, and only with a directed dimension"
        )
    _values(of.family[item], y, n, offset)
    order = np.lexsort((offset, n, y, side, item, month, pair))
    start = np.concatenate([[0], np.cumsum(np.bincount(pair, minlength=pairs))]).astype(np.int64)
    return Evidence(start, month[order], item[order], side[order], y[order], n[order], offset[order], months)


def _values(family: Whole, y: Floats, n: Floats, offset: Floats) -> None:
    """Refuse what a family cannot take: the likelihood would not be one."""
    cuts = family == ORDERED
    if not np.isfinite(offset).all() or not (np.isfinite(y[~cuts]).all() and np.isfinite(n[~cuts]).all()):
        raise UsageError(
            "an observation has a number missing", "leave the observation out: unknown is not zero"
        )
    mix, count, gauss = (family == kind for kind in (MIX, COUNT, GAUSSIAN))
    whole = (y[mix | count] == np.floor(y[mix | count])).all() and (n[mix] == np.floor(n[mix])).all()
    if not whole or (y[mix | count] < 0).any() or (y[mix] > n[mix]).any():
        raise UsageError(
            "a count is negative, broken, or more than all there are", "count acts in whole numbers"
        )
    if (n[gauss] < 0).any() or not (y[cuts] < n[cuts]).all():
        raise UsageError(
            "a variance is negative, or a lower cut is not below the upper", "see amity.engine.families"
        )


def select(of: Evidence, first: int, end: int) -> Evidence:
    """The pairs from `first` up to `end`, without a copy: so a world too large for memory is worked out in parts."""
    part = slice(int(of.start[first]), int(of.start[end]))
    return Evidence(
        of.start[first : end + 1] - part.start,
        of.month[part],
        of.item[part],
        of.side[part],
        of.y[part],
        of.n[part],
        of.offset[part],
        of.months,
    )
