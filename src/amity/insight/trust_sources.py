"""Which coder of news tells of an act, and which acts trust is worked out from where several do."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from amity.evidence.daily_acts import ALWAYS, daily_acts
from amity.evidence.event_days import spans
from amity.ingest.own import is_own

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.evidence import Evidence
    from amity.evidence.event_columns import Scope

MEETING, KNOWN_BY = timedelta(days=30), timedelta(days=1826)
"""From the first day of a source on, and before it: when all pairs' acts are read to know its coder by."""


def coder_of(source: str) -> str:
    """Who codes the acts of a source: its producer, so that files of one coder are one; itself, where none is known.

    >>> coder_of("gdelt_tkg") == coder_of("gdelt1")
    True
    """
    from amity import sources  # noqa: PLC0415  (a source's module is only read where its acts are)

    known = source in sources.ALL or source in sources.STREAMED
    return sources.about(source).producer if known else source


def indexed(acts: pl.DataFrame, source: str | None) -> tuple[tuple[str, ...], pl.Expr]:
    """Those who tell of acts, the one of `source` first, and each act's as an index; the first where none is named."""
    if source is None or "source" not in acts.columns:
        return ("" if source is None else coder_of(source),), pl.lit(0, pl.Int64)
    first = coder_of(source)
    told = {name: first if is_own(name) else coder_of(name) for name in acts["source"].drop_nulls().unique()}
    names = (first, *sorted(set(told.values()) - {first}))
    index = pl.col("source").replace_strict(
        {name: names.index(coder) for name, coder in told.items()}, default=0, return_dtype=pl.Int64
    )
    return names, index


def heard(
    ev: Evidence,
    scale: str,
    senders: Sequence[int] | None = None,
    days: tuple[date, date] = ALWAYS,
    *,
    source: str | None = None,
    scope: Scope = "state",
) -> pl.DataFrame:
    """The acts that trust in some states (None: in all) is worked out from, on the scale of one source's coder.

    Rows of `evidence.daily_acts`: their own; and where a coder tells of them whose habit has to be learned, what all
    states did in the first month of each of its sources and in the five years before: enough to know a habit by, and
    no more where the store has more. The arguments that are not told here are those of `daily_acts`.
    """
    first, told = coder_of(scale), spans(ev)
    named = [name for name in told if source in {None, name} and not is_own(name)]
    prefer = [name for name in named if coder_of(name) == first]
    read = partial(daily_acts, ev, source=source, scope=scope, prefer=prefer)
    own = read(senders, days)
    if senders is None or len(prefer) == len(named):
        return own
    begins = [told[name][0][0] for name in named if name not in prefer]
    met = [read(None, (max(begin - KNOWN_BY, days[0]), min(begin + MEETING, days[1]))) for begin in begins]
    return pl.concat([own, *met]).unique(maintain_order=True)
