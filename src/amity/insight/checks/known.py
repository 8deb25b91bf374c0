r"""What checks share: the evidence, each pair's relation worked out once, and contrasts of its states with errors.

A statement compares means over stretches of months, whose errors hang together. With weights $w$ over months and $V$
the joint covariance of the state in all months, $\mathrm{Var}(w'x) = w' V w$. $V$ is never written down: a small force
$f w$ on the states moves their mode by $f V w$, so that two runs of the smoother with the force and against it give it
(linear response), exactly for Gaussian evidence and to Laplace's approximation for any other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amity.dimensions.pair import Reading, relation_of
from amity.engine.scale import NINETY
from amity.insight.checks.statement import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.dimensions.pair import Relation
    from amity.engine.compiled import Floats
    from amity.evidence import Evidence
    from amity.insight.checks.statement import Period, Statement
    from amity.states import State

__all__ = ["KNOWN", "NINETY", "Known", "contrast", "held", "mean_over", "seen_in"]

KNOWN = 0.5**0.5
"""The mean of a stretch is known where evidence has taken away half of its variance at rest, or more."""
FORCE, FAR = 0.1, 1e6
"""The force, and the variance of the measurement that stands for it."""


@dataclass(slots=True)
class Known:
    """The evidence, and what was worked out of it."""

    ev: Evidence
    _relations: dict[tuple[int, int], Relation] = field(default_factory=dict[tuple[int, int], "Relation"])

    def relation(self, a: State, b: State) -> Relation:
        """The relation of two states, worked out once."""
        pair = (min(a.ccode, b.ccode), max(a.ccode, b.ccode))
        if pair not in self._relations:
            self._relations[pair] = relation_of(self.ev, a, b)
        return self._relations[pair]

    def lasts(self, one: Statement) -> float:
        """What the engine expects to be left after a year of the tone of a statement's pair."""
        return float(self.relation(one.who, one.whom).readings["tone"].laid.move.persistence[0] ** 12)


def mean_over(reading: Reading, period: Period) -> Floats:
    """(months,) weights of the mean over a period; all nought where it meets no month."""
    inside = held(reading, period)
    return inside / max(inside.sum(), 1.0)


def held(reading: Reading, period: Period) -> Floats:
    """(months,) 1 in the months that begin within a period, else 0."""
    months = reading.laid.months
    return months.is_between(period.first, period.last).to_numpy().astype(float)


def contrast(reading: Reading, weights: Floats, side: int = 0) -> tuple[float, float]:
    """A weighted sum of one pair's states over months and its standard deviation, in those of the world's pairs.

    Args:
        reading: a dimension of one pair.
        weights: (months,) such as those of one mean less those of another.
        side: 0 what both do, 1 what 1 does to 2, −1 the other way; only of a directed dimension.
    """
    from amity.engine.chain import smooth  # noqa: PLC0415  (numba is slow to import)
    from amity.engine.families import GAUSSIAN  # noqa: PLC0415
    from amity.engine.model import evidence, items  # noqa: PLC0415

    laid, now = reading.laid, reading.now
    of, move, seen = laid.of, laid.move, laid.seen
    at = np.flatnonzero(weights)
    probed = items(
        [*of.family, GAUSSIAN],
        [*of.intercept, 0.0],
        np.vstack([of.loading.reshape(len(of.family), -1), np.ones((1, 1))]),
        [*of.dispersion, 0.0],
    )

    def pushed(force: float) -> Floats:
        probe = {
            "month": at,
            "item": np.full(len(at), len(of.family)),
            "side": np.full(len(at), side),
            "y": force * weights[at] * FAR,
            "n": np.full(len(at), FAR),
            "offset": np.zeros(len(at)),
        }
        told = {name: np.concatenate([getattr(seen, name), more]) for name, more in probe.items()}
        pair = np.zeros(len(told["month"]), np.int64)
        rows = evidence(1, seen.months, {"pair": pair, **told}, probed, sides=laid.dimension.directed)
        return _read(smooth(rows, probed, move, begin=now.mean).mean[0], side)

    rest = float(np.sqrt(move.variance[0] + (move.variance[1] if side else 0.0)))
    moved = (pushed(FORCE) - pushed(-FORCE)) / (2 * FORCE)
    value = float(weights @ _read(now.mean[0], side))
    return value / rest, float(np.sqrt(max(weights @ moved, 0.0))) / rest


def _read(x: Floats, side: int) -> Floats:
    """(months,) what is read of (months, states): r, or r ± delta."""
    return x[:, 0] + side * x[:, 1] if side else x[:, 0]


def seen_in(relation: Relation, dimension: str, periods: Sequence[Period]) -> tuple[Row, ...]:
    """What was observed of a dimension in some periods: source, and item with its month as the row."""
    inside = pl.any_horizontal(pl.col("month").is_between(one.first, one.last) for one in periods)
    rows = relation.observed.filter(pl.col("dimension") == dimension, inside).sort("month", "item", "source")
    told = rows.select("source", pl.col("item") + " " + pl.col("month").dt.strftime("%Y-%m"))
    return tuple(Row(source, ref) for source, ref in told.unique(maintain_order=True).iter_rows())
