"""Which states were in the Correlates of War system on the same days."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import polars as pl

from amity.states import spells

if TYPE_CHECKING:
    from collections.abc import Iterable

FOREVER = date(9999, 12, 31)
"""The end of a spell that has not ended."""


@cache
def system() -> pl.DataFrame:
    """Every membership of the state system: `ccode, start, end`, both days inclusive, `FOREVER` where it lasts."""
    return spells().select("ccode", "start", pl.col("end").fill_null(FOREVER))


def together(pairs: Iterable[tuple[int, int]]) -> pl.DataFrame:
    """Days on which both states of each pair were in the system: `ccode1, ccode2, start, end`.

    >>> together([(2, 811)]).row(0)
    (2, 811, datetime.date(1953, 11, 9), datetime.date(9999, 12, 31))
    """
    return _together(frozenset(pairs))


@lru_cache(maxsize=8)
def _together(pairs: frozenset[tuple[int, int]]) -> pl.DataFrame:
    asked = pl.DataFrame(list(pairs), schema={"ccode1": pl.Int16, "ccode2": pl.Int16}, orient="row").lazy()
    spell = system().lazy()
    both = asked.join(spell, left_on="ccode1", right_on="ccode").join(
        spell, left_on="ccode2", right_on="ccode", suffix="_2"
    )
    start, end = pl.max_horizontal("start", "start_2"), pl.min_horizontal("end", "end_2")
    days = both.select("ccode1", "ccode2", start=start, end=end).filter(pl.col("start") <= pl.col("end"))
    return days.sort("ccode1", "ccode2", "start").collect()
