"""The domains in which a state can stand nearer to one of two powers than to the other, one file each.

A domain has an `ABOUT` and `observe`, which says how near every state of the world was to each of the two in every
year about which sources speak of both. What is known of one power only tells nothing of a tilt: such a year has no
row. Nothing with either, where both are known, is a row of two zeros.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal, Protocol, cast

import polars as pl

from amity import evidence, states
from amity.dimensions.observed import lines, pairs_of, years_together
from amity.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.evidence import Evidence
    from amity.states import State

__all__ = ["ALL", "NEAR", "Asked", "Domain", "Module", "asked", "both", "by_line", "known_years", "named"]

ALL = ("votes", "tone", "visits", "trade", "aid", "arms", "alliances", "representation")
"""The domains, in the order in which they are shown."""

NEAR = pl.Schema(
    {
        "ccode": pl.Int16, "year": pl.Int16,
        "to_a": pl.Float64, "to_b": pl.Float64, "sd_a": pl.Float64, "sd_b": pl.Float64, "sd": pl.Float64,
    }
)  # fmt: skip
"""How near a state was to each power in a year, in the domain's unit, with standard deviations; `sd` is that of
`to_a - to_b`."""


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain in which a state can tilt."""

    name: str
    says: str
    """What its number is, for the page."""
    unit: str
    engages: bool
    """Whether nearness in it is dealings with a power, and not likeness to it."""
    reads: tuple[str, ...] = ()
    """The sources that tell of it; of tone, those of the dimension."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The two powers, and all states and years in which there was something to ask of both."""

    a: State
    b: State
    years: pl.DataFrame
    """`ccode, year`: the years from 1946 in which a state was in the system together with each of the two."""
    spoken: pl.DataFrame
    """About whom and when sources speak: columns of `evidence.spoken`."""


class Module(Protocol):
    """What a file of a domain has."""

    ABOUT: Domain

    def observe(self, ev: Evidence, of: Asked) -> pl.DataFrame:
        """Rows of `NEAR` for the states and years of `of` that are known, one each, in no order."""
        ...


def named(name: str) -> Module:
    """The file of a domain; raises `UsageError` where there is none of that name."""
    if name not in ALL:
        raise UsageError(f"'{name}' is no domain of alignment", f"say any of {', '.join(ALL)}")
    return cast("Module", import_module(f"amity.insight.domains.{name}"))


def asked(ev: Evidence, a: State, b: State) -> Asked:
    """The question of two powers, put to every state; raises `UsageError` where the two are one."""
    if a.ccode == b.ccode:
        raise UsageError(f"both powers are {a.name}", "name two different ones")
    others = [state for state in states.every() if state.ccode not in {a.ccode, b.ccode}]
    together: list[pl.DataFrame] = []
    for power in (a, b):
        of = years_together(pairs_of([(power, other) for other in others]))
        other = pl.when(pl.col("ccode1") == power.ccode).then("ccode2").otherwise("ccode1")
        together.append(of.select(ccode=other, year="year"))
    years = together[0].join(together[1], on=["ccode", "year"]).sort("ccode", "year")
    said = evidence.spoken(ev).filter(pl.col("table").is_in(["acts", "figures", "ties"]))
    return Asked(a, b, years, said)


def by_line(column: str) -> pl.Expr:
    """A column of codes as lines of states, each by its code of today."""
    return pl.col(column).replace(dict(lines().iter_rows())).cast(pl.Int16)


def known_years(
    of: Asked,
    kinds: Sequence[str],
    power: State,
    way: Literal["out", "in"],
    span: tuple[tuple[int, int], tuple[int, int]] = ((1, 1), (12, 31)),
) -> pl.DataFrame:
    """The years about which sources speak of some kinds of row between a power and each state: `ccode, year`.

    `out` is from the power to the state, `in` the other way. A year counts where it is told from the first to the last
    (month, day) of `span`.
    """
    own, other = ("ccode_from", "ccode_to") if way == "out" else ("ccode_to", "ccode_from")
    (m1, d1), (m2, d2) = span
    first, last = pl.col("start").dt.year(), pl.col("end").dt.year()
    begins = first + (pl.col("start") > pl.date(first, m1, d1)).cast(pl.Int32)
    ends = last - (pl.col("end") < pl.date(last, m2, d2)).cast(pl.Int32)
    told = (
        of.spoken.filter(
            pl.col("kind").is_in([*kinds, "*"]),
            pl.col(own).is_null() | pl.col(own).is_in(list(power.ccodes)),
        )
        .select(ccode=by_line(other), year=pl.int_ranges(begins, ends + 1))
        .explode("year")
        .drop_nulls("year")
        .with_columns(pl.col("year").cast(pl.Int16))
        .unique()
    )
    everybody = told.filter(pl.col("ccode").is_null()).select("year")
    return pl.concat(
        [
            of.years.join(told.drop_nulls("ccode"), on=["ccode", "year"], how="semi"),
            of.years.join(everybody, on="year", how="semi"),
        ]
    ).unique()


def both(a: pl.DataFrame, b: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Rows of `NEAR` from what is near each power (`ccode, year, near, sd`), where both are known.

    A state that is known and has no row is near by nought, exactly.
    """
    sides = [
        side.select("ccode", "year", pl.col("near").alias(f"to_{name}"), pl.col("sd").alias(f"sd_{name}"))
        for name, side in (("a", a), ("b", b))
    ]
    wide = known
    for side in sides:
        wide = wide.join(side, on=["ccode", "year"], how="left")
    filled = wide.with_columns(pl.col("to_a", "to_b", "sd_a", "sd_b").fill_null(0.0))
    sd = (pl.col("sd_a") ** 2 + pl.col("sd_b") ** 2).sqrt()
    return filled.with_columns(sd=sd).select(pl.col(name).cast(kind) for name, kind in NEAR.items())
