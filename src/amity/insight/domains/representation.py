"""Representation: with whom a state exchanges embassies.

Nearness is from 0 to 1: the mean, over the two ways, of 1 where an embassy or legation stood on the last day of the
year, a half where a lesser post did, and 0 where there was none. A way counts only where sources speak of both powers,
so that the embassies of one power, which are known for longer, are not set beside silence about the other's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import polars as pl

from amity import evidence
from amity.insight.domains import NEAR, Domain, both, known_years
from amity.insight.domains.alliances import YEAR_END, held

if TYPE_CHECKING:
    from amity.evidence import Evidence
    from amity.insight.domains import Asked
    from amity.states import State

    Way = Literal["out", "in"]

__all__ = ["ABOUT", "observe"]

ABOUT = Domain(
    "representation", "embassies exchanged", "0 to 1", engages=True, reads=("diplometrics", "us_relations")
)
KIND = "post"
FULL = ("embassy", "legation", "legation or embassy")
KEYS = ["ccode", "year"]


def observe(ev: Evidence, of: Asked) -> pl.DataFrame:
    """Embassies with each power at the end of the years about which sources speak of both."""
    near = pl.when(pl.col("level").is_in(FULL)).then(1.0).otherwise(0.5)
    told = evidence.ties_of(ev, [KIND]).with_columns(near=near)
    sides: dict[str, list[pl.DataFrame]] = {"a": [], "b": []}
    ways: tuple[tuple[Way, str, str], ...] = (
        ("out", "ccode_from", "ccode_to"),
        ("in", "ccode_to", "ccode_from"),
    )
    for way, own, other in ways:
        known = known_years(of, [KIND], of.a, way, YEAR_END).join(
            known_years(of, [KIND], of.b, way, YEAR_END), on=KEYS, how="semi"
        )
        for name, power in (("a", of.a), ("b", of.b)):
            sides[name].append(_posts(told, power, own, other, known))
    a, b = (
        pl.concat(sides[name]).group_by(KEYS).agg(near=pl.col("near").mean(), sd=pl.lit(0.0)) for name in "ab"
    )
    return both(a, b, a.select(KEYS)) if a.height else NEAR.to_frame()


def _posts(told: pl.DataFrame, power: State, own: str, other: str, known: pl.DataFrame) -> pl.DataFrame:
    """The post one way in every known year, none as nought: `ccode, year, near`."""
    stood = held(told, power, own, other, known)
    return known.join(stood, on=KEYS, how="left").with_columns(pl.col("near").fill_null(0.0))
