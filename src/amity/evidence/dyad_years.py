"""Sums over pairs and years, and over all of a state's partners: what the volume of a relation is read against.

Every function takes the COW codes that are asked for (None: all), and gives rows between them alone; what belongs to
the world, such as a state's trade with everybody, is summed over all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity.evidence.kept import kept
from amity.evidence.rows import query, statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.evidence.rows import Evidence

__all__ = [
    "act_years",
    "amounts",
    "distances",
    "field_months",
    "given",
    "got",
    "loud_months",
]


def act_years(ev: Evidence, kinds: Sequence[str]) -> pl.DataFrame:
    """Acts by year of their beginning: `source, kind, ccode_from, ccode_to, year, acts`, each source as it stands."""
    acts = kept(ev, "act_years", ["acts"], statement("act_years"))
    return acts.filter(pl.col("kind").is_in([*kinds]))


def amounts(ev: Evidence, kinds: Sequence[str], codes: Sequence[int] | None = None) -> pl.DataFrame:
    """Amounts by the year in which their period ends: `source, kind, ccode_from, ccode_to, year, value, figures`.

    `figures` is how many periods are summed, such as months. Money taken back counts as none.
    """
    return _asked(ev, "amounts", codes, kinds=[*kinds])


def given(ev: Evidence, kinds: Sequence[str]) -> pl.DataFrame:
    """What each state gave, or sold, to all others by year: `kind, ccode, year, value`."""
    return _totals(ev, "given", kinds)


def got(ev: Evidence, kinds: Sequence[str]) -> pl.DataFrame:
    """What each state got, or bought, from all others by year: `kind, ccode, year, value`."""
    return _totals(ev, "got", kinds)


def distances(ev: Evidence, codes: Sequence[int] | None = None) -> pl.DataFrame:
    """From which year on two borders are how far apart: `ccode_from, ccode_to, year, km`, each pair one way round."""
    return _asked(ev, "distances", codes)


def field_months(ev: Evidence, codes: Sequence[int] | None = None) -> pl.DataFrame:
    """Incidents between states as such, both ways together: `source, month, ccode1, ccode2, field, incidents`."""
    return _asked(ev, "field_months", codes)


def loud_months(ev: Evidence, codes: Sequence[int] | None = None) -> pl.DataFrame:
    """Events by month, whoever the other side is: `source, month, ccode, events`; a missing code is the world."""
    return _asked(ev, "loud_months", codes)


def _totals(ev: Evidence, way: str, kinds: Sequence[str]) -> pl.DataFrame:
    totals = kept(ev, "yearly_totals", ["figures"], statement("totals"))
    return totals.filter(pl.col("way") == way, pl.col("kind").is_in([*kinds])).drop("way")


def _asked(ev: Evidence, name: str, codes: Sequence[int] | None, **more: object) -> pl.DataFrame:
    return query(ev, statement(name), {"codes": None if codes is None else [*codes], **more})
