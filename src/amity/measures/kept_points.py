"""Ideal points of a store's votes, computed once and kept, in single precision; the starter pack brings its own."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amity import evidence
from amity.errors import NoEvidenceError, UsageError
from amity.evidence.roll_calls import once
from amity.measures import ideal_points
from amity.scaling.covariance import Spread
from amity.store import computed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from amity.evidence import Evidence
    from amity.measures.ideal_points import IdealPoints
    from amity.store import Part, Store

SETTINGS = "ideal points 2"
"""Changes when the method does, so that what was computed by an earlier one is not used."""
NAMES = ("ideal_points", "ideal_points_common", "ideal_points_items")
SEED, DRAWS, BURN = 19460110, 600, 200
"""Of the draws that a pack's points are the means of: the day of the first General Assembly, and how many a chain."""


def of_store(ev: Evidence, *, made: Callable[[], None] | None = None) -> IdealPoints:
    """Ideal points of all votes of a store: those kept where its votes have not changed, else a fast fit, then kept.

    `made` is called before a fit, so that a command can say that it takes a moment. Raises
    `NoEvidenceError` where no votes are loaded, or none that divided anybody.
    """
    kept = read(ev.store, ev.parts) if ev.store else None
    if kept is not None:
        return kept
    votes, items = record(ev)
    if made:
        made()
    try:
        fitted = ideal_points.fit(votes, items)
    except UsageError as error:
        raise NoEvidenceError(
            "the votes that are loaded cannot be scaled", str(error).splitlines()[0]
        ) from error
    if ev.store is None:
        return fitted
    told = tables(fitted)
    for name, table in told.items():
        computed.offer(ev.store, name, made_from(ev.store, ev.parts), table)
    return of_tables(told)


def drawn(ev: Evidence, progress: Callable[[int], None] | None = None) -> IdealPoints:
    """Posterior means of all votes of a store, for a pack: the same store gives the same points."""
    votes, items = record(ev)
    points, _ = ideal_points.draw(votes, items, SEED, draws=DRAWS, burn=BURN, progress=progress)
    return points


def record(ev: Evidence) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Votes (`evidence.stances`) and items of a store, each roll call once, as measures take them.

    Raises `NoEvidenceError` where there are none.
    """
    items = once(evidence.items(ev))
    votes = evidence.stances(ev, items)
    if votes.is_empty():
        raise NoEvidenceError("no votes are loaded", "run `amity pull unga_votes`, or load its files")
    return votes, items


def made_from(store: Store, held: Sequence[Part] | None = None) -> str:
    """The key of what is kept: the votes and roll calls as they are now, or as they were held, and the method."""
    return computed.key(store, ("items", "votes"), SETTINGS, held)


def read(store: Store, held: Sequence[Part] | None = None) -> IdealPoints | None:
    """The points that are kept for a store's votes, if they are."""
    key = made_from(store, held)
    paths = [path for name in NAMES if (path := computed.find(store, name, key)) is not None]
    return _of_files(*paths) if len(paths) == len(NAMES) else None


@lru_cache(maxsize=1)
def _of_files(*paths: Path) -> IdealPoints:
    """The points of the files of `NAMES`: whoever asks about a pair asks for them several times."""
    return of_tables(dict(zip(NAMES, map(pl.read_parquet, paths), strict=True)))


def tables(points: IdealPoints) -> dict[str, pl.DataFrame]:
    """Ideal points as tables to keep, by name; `of_tables` reads them back."""
    own = points.points.with_columns(own=points.spread.own, carried=points.spread.carried)
    common = pl.DataFrame(points.spread.common, schema=[f"c{n}" for n in range(len(points.spread.common))])
    return {
        name: table.cast({pl.Float64: pl.Float32})
        for name, table in zip(NAMES, (own, common, points.items), strict=True)
    }


def of_tables(kept: Mapping[str, pl.DataFrame]) -> IdealPoints:
    """Ideal points from the tables that were kept."""
    own, common, items = (kept[name].cast({pl.Float32: pl.Float64}) for name in NAMES)
    points = own.drop("own", "carried")
    _, session_at = np.unique(own["session"].to_numpy(), return_inverse=True)
    _, chain = np.unique(own["ccode"].to_numpy(), return_inverse=True)
    spread = Spread(
        own["own"].to_numpy(),
        own["carried"].to_numpy(),
        own["point"].to_numpy(),
        session_at,
        chain,
        common.to_numpy(),
    )
    return ideal_points.IdealPoints(points, items, spread)
