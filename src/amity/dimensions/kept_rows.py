"""What is observed of the tone and the engagement of all pairs, kept with the evidence once it has been worked out.

`amity load` does so where much is loaded, `amity fit`, and whoever asks for the panel of the world's states.

One pair is then read, not worked out: much of what its rows say (what it trades beside the world, how readily its
states sanction others) is made of everybody's. Rows that were made of other evidence, by other code or in an earlier
year are not found, and a pair is worked out as if nothing were kept.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import date
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import polars as pl

from amity.catalog import SCHEMAS
from amity.dimensions import named
from amity.dimensions.observed import pairs_of
from amity.errors import StoreError
from amity.store import computed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from amity.evidence import Evidence
    from amity.store import Part, Store

    class Observe(Protocol):
        """`observe` of a dimension, as `dimensions.Module` has it."""

        def __call__(self, ev: Evidence, pairs: pl.DataFrame) -> pl.DataFrame: ...


__all__ = ["KEPT", "MUCH", "READS", "code", "due", "keep", "kept", "made_from"]

KEPT = ("tone", "engagement")
"""Alignment is quick to work out, and hangs on ideal points besides."""
READS = tuple(table for table in SCHEMAS if table not in {"events", "review", "votes", "items"})
"""Tables that are read for these; events are read as the pair-months that are counted of them."""
MADE_BY = (
    "catalog.py",
    "sources/__init__.py",
    "states/**/*",
    "evidence/**/*",
    "measures/**/*",
    "dimensions/**/*",
)
"""Files of the package that say what is observed."""
MUCH = 500_000
"""Rows of evidence; with fewer a pair is worked out in no time."""
GROUP = 30_000
"""Rows that are read together: a pair is one of thousands, and has hundreds."""


def kept(name: str) -> Callable[[Observe], Observe]:
    """Let a dimension's `observe` read what is kept for its evidence, and work out the rest."""

    def reading(worked_out: Observe) -> Observe:
        @wraps(worked_out)
        def observe(ev: Evidence, pairs: pl.DataFrame) -> pl.DataFrame:
            path = _found(ev, name)
            return worked_out(ev, pairs) if path is None else _of_pairs(path, pairs)

        return observe

    return reading


def due(ev: Evidence) -> bool:
    """Whether so much is loaded that the rows of all pairs are worth keeping, and they are not kept yet."""
    much = sum(part.rows for part in ev.parts if part.table in READS) >= MUCH
    return much and any(_found(ev, name) is None for name in KEPT)


def keep(ev: Evidence) -> None:
    """Work out the rows of all pairs and keep them in the store, unless they are there. It takes half a minute.

    Where nothing is loaded, or nothing may be written, nothing is kept.
    """
    if ev.store is None or not computed.holds(ev.store):
        return
    key = made_from(ev.store, ev.parts)
    with suppress(StoreError):
        for name in KEPT:
            if _found(ev, name) is None:
                rows = named(name).observe(ev, pairs_of())
                ordered = rows.sort("ccode1", "ccode2", "item", "source", "side", "month")
                computed.keep(ev.store, _called(name), key, ordered, group=GROUP)


def made_from(store: Store, held: Sequence[Part]) -> str:
    """The key of what is kept: the evidence of some parts, the code that reads it, the year, to which series go."""
    settings = f"{code()} {date.today().year}"  # noqa: DTZ011  (as `years_together`)
    return computed.key(store, READS, settings, held)


@cache
def code() -> str:
    """The hash of the code that says what is observed."""
    package = Path(__file__).parents[1]
    told = hashlib.sha256()
    for path in sorted(path for pattern in MADE_BY for path in package.glob(pattern)):
        if path.suffix in {".py", ".sql", ".csv"}:
            told.update(path.read_bytes())
    return told.hexdigest()


def _called(name: str) -> str:
    return f"observed_{name}"


def _found(ev: Evidence, name: str) -> Path | None:
    # Most stores keep none, and need no key to be told so.
    if ev.store is None or not any((ev.store.root / computed.FOLDER).glob(f"{_called(name)}-*")):
        return None
    return computed.find(ev.store, _called(name), made_from(ev.store, ev.parts))


def _of_pairs(path: Path, pairs: pl.DataFrame) -> pl.DataFrame:
    near = [pl.col(c).is_between(pairs[c].min(), pairs[c].max()) for c in ("ccode1", "ccode2")]
    rows = pl.scan_parquet(path).filter(near).collect()
    return rows if pairs.height == 1 else rows.join(pairs, on=["ccode1", "ccode2"], how="semi")
