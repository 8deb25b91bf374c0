"""Sums over pairs and years, and over all of a state's partners: what the volume of a relation is read against.

Every function takes the COW codes that are asked for (None: all), and gives rows between them alone; what belongs to
the world, such as a state's trade with everybody, is summed over all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from amity.evidence.rows import query, statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from amity.evidence.rows import Evidence

__all__ = [
    "act_years",
    "amounts",
    "distances",
    "field_months",
    "loud_months",
    "margins",
    "spells_spoken",
    "ties_between",
]


def spells_spoken(
    ev: Evidence,
    table: Literal["acts", "ties", "figures", "events"],
    kinds: Sequence[str],
    codes: Sequence[int] | None = None,
) -> pl.DataFrame:
    """About whom and when sources speak of some kinds: `kind, source, ccode_from, ccode_to, start, end`.

    A missing code stands for every state.
    """
    return _asked(ev, "spells_spoken", codes, table=table, kinds=[*kinds])


def act_years(ev: Evidence, kinds: Sequence[str]) -> pl.DataFrame:
    """Acts by year of their beginning: `source, kind, ccode_from, ccode_to, year, acts`, each source as it stands."""
    return query(ev, statement("act_years"), {"kinds": [*kinds]})


def amounts(ev: Evidence, kinds: Sequence[str], codes: Sequence[int] | None = None) -> pl.DataFrame:
    """Amounts by the year in which their period ends: `source, kind, ccode_from, ccode_to, year, value, figures`.

    `figures` is how many periods are summed, such as months. Money taken back counts as none.
    """
    return _asked(ev, "amounts", codes, kinds=[*kinds])


def margins(ev: Evidence, kinds: Sequence[str]) -> pl.DataFrame:
    """Amounts summed over all partners, by year: `kind, year, ccode_from, ccode_to, value`.

    A row names who gave (to anybody), or who got (from anybody), or neither: that is the world's sum.
    """
    return query(ev, statement("margins"), {"kinds": [*kinds]})


def distances(ev: Evidence, codes: Sequence[int] | None = None) -> pl.DataFrame:
    """From which year on two borders are how far apart: `ccode_from, ccode_to, year, km`, each pair one way round."""
    return _asked(ev, "distances", codes)


def ties_between(ev: Evidence, kinds: Sequence[str], codes: Sequence[int] | None = None) -> pl.DataFrame:
    """Ties: `source, kind, ccode_from, ccode_to, start, start_precision, end, end_precision`."""
    return _asked(ev, "ties_between", codes, kinds=[*kinds])


def field_months(ev: Evidence, codes: Sequence[int] | None = None) -> pl.DataFrame:
    """Incidents between states as such, both ways together: `source, month, ccode1, ccode2, field, incidents`."""
    return _asked(ev, "field_months", codes)


def loud_months(ev: Evidence, codes: Sequence[int] | None = None) -> pl.DataFrame:
    """Events by month, whoever the other side is: `source, month, ccode, events`; a missing code is the world."""
    return _asked(ev, "loud_months", codes)


def _asked(ev: Evidence, name: str, codes: Sequence[int] | None, **more: object) -> pl.DataFrame:
    return query(ev, statement(name), {"codes": None if codes is None else [*codes], **more})
