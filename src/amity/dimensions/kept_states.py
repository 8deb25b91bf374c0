"""The states of all pairs at the end of each year in which they are known, computed once and kept with the evidence.

They are what one pair is compared with. A year is known where evidence has taken away half of the state's variance or
more. The starter pack brings its own; a store of more evidence keeps its own once `amity fit` has been run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amity.dimensions import kept_rows, named
from amity.dimensions.constants import loaded, read
from amity.dimensions.estimate import FIRST, prepare, smoothed
from amity.dimensions.observed import last_month, pairs_of
from amity.store import computed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.dimensions.estimate import Prepared
    from amity.evidence import Evidence
    from amity.store import Part, Store

__all__ = ["KEPT", "NAME", "keep", "made_from", "of_store", "worked_out"]

NAME = "known_states"
KEPT = ("tone", "engagement")
"""Alignment moves too slowly to swing."""
KNOWN = 0.5
"""The share of a state's variance that may be left in a known year."""
BLOCK = 2000
SCHEMA = pl.Schema(
    {
        "ccode1": pl.Int16, "ccode2": pl.Int16, "dimension": pl.String, "year": pl.Int16,
        "value": pl.Float32, "sd": pl.Float32,
    }
)  # fmt: skip


def made_from(store: Store, held: Sequence[Part] | None = None) -> str:
    """The key of what is kept: the evidence as it is now, and the constants that it is read with."""
    constants = [read(named(name).ABOUT, named(name).ITEMS, store.root) for name in KEPT]
    return computed.key(store, kept_rows.READS, repr(constants), held)


def of_store(ev: Evidence) -> pl.DataFrame | None:
    """What is kept for this evidence, columns of `SCHEMA`; None where nothing is.

    `value` and `sd` are in standard deviations of the world's pairs, smoothed, in December.
    """
    if ev.store is None:
        return None
    return computed.read(ev.store, NAME, made_from(ev.store, ev.parts))


def keep(ev: Evidence) -> int:
    """Work out the known states of all pairs and keep them in the store; how many there are. It takes a minute.

    What they are read from is kept beside them: see `kept_rows`.
    """
    kept_rows.keep(ev)
    table = worked_out(ev)
    if ev.store is not None:
        computed.keep(ev.store, NAME, made_from(ev.store, ev.parts), table)
    return table.height


def worked_out(ev: Evidence) -> pl.DataFrame:
    """The states of all pairs in their known years: columns of `SCHEMA`, sorted."""
    pairs = pairs_of()
    parts = [SCHEMA.to_frame()]
    for name in KEPT:
        one = named(name)
        rows = one.observe(ev, pairs)
        last = last_month([rows])
        if last is None:
            continue
        constants = loaded(ev, one)
        spoken = rows.select("ccode1", "ccode2").unique().sort("ccode1", "ccode2")
        for first in range(0, spoken.height, BLOCK):
            block = spoken.slice(first, BLOCK)
            laid = prepare(rows, block, one.ABOUT, one.ITEMS, constants, last)
            parts.append(_known(laid).with_columns(dimension=pl.lit(name)))
    told = pl.concat(
        [part.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items()) for part in parts]
    )
    return told.sort("dimension", "ccode1", "ccode2", "year")


def _known(laid: Prepared) -> pl.DataFrame:
    """The Decembers in which the state of each pair is known."""
    found = smoothed(laid)
    december = np.flatnonzero((laid.months.dt.month() == 12).to_numpy())
    rest = float(laid.move.variance[0])
    x = found.mean[:, december, 0] / np.sqrt(rest)
    v = found.covariance[:, december, 0, 0] / rest
    pair, at = np.nonzero(v <= KNOWN)
    return pl.DataFrame(
        {
            "ccode1": laid.pairs["ccode1"].to_numpy()[pair],
            "ccode2": laid.pairs["ccode2"].to_numpy()[pair],
            "year": FIRST.year + at,
            "value": x[pair, at],
            "sd": np.sqrt(v[pair, at]),
        }
    )
