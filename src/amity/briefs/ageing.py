"""How mature a relation is for its age, beside pairs as old and as well known: the record and its table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from amity import evidence
from amity.briefs import tense
from amity.briefs.estimated import Compared, Matured
from amity.briefs.words import count, count_plain
from amity.dimensions import kept_states
from amity.dimensions.observed import members
from amity.errors import NoEvidenceError
from amity.insight import maturity

if TYPE_CHECKING:
    from datetime import date

    from amity.briefs.answer import Brief
    from amity.dimensions.pair import Relation
    from amity.evidence import Evidence

HEADS = ("", "What is compared", "This pair", "90% interval", "Higher than", "Peers")
SAYS = {
    "level": "where it stands, in sd of the world’s pairs",
    "volatility": "how much it swings from year to year, sd",
    "depth": "its deepest fall, sd",
    "recovery": "years until half of that was won back",
}
HOW = (
    "Against pairs about as old and with about as many years on record. Unknown years do not swing, so that pairs of "
    "which less is known would look steadier than they are; they are not compared."
)


def matured(ev: Evidence, relation: Relation, last: date) -> tuple[Matured, ...]:
    """How mature the pair is in each dimension that is kept for all pairs; empty where nothing is kept or known.

    Of years after `last` nothing is read, of the pair or of any other.
    """
    kept = kept_states.of_store(ev)
    if kept is None:
        return ()
    kept = kept.filter(pl.col("year") <= last.year)
    since = begun(kept)
    pair = (relation.state1.ccode, relation.state2.ccode)
    found = [
        one_of(kept.filter(dimension=name).drop("dimension"), since, pair, name) for name in kept_states.KEPT
    ]
    return tuple(one for one in found if one)


def begun(kept: pl.DataFrame) -> pl.DataFrame:
    """The year in which both states of each pair were first in the system together: `ccode1, ccode2, since`."""
    named = members(kept.select("ccode1", "ccode2").unique())
    spells = evidence.together(named.select("code1", "code2").iter_rows())
    return (
        named.join(spells, left_on=["code1", "code2"], right_on=["ccode1", "ccode2"])
        .group_by("ccode1", "ccode2")
        .agg(since=pl.col("start").min().dt.year())
    )


def one_of(kept: pl.DataFrame, since: pl.DataFrame, pair: tuple[int, int], name: str) -> Matured | None:
    """One dimension; None where too few years of the pair are known."""
    try:
        told = maturity.ask(kept, since, pair)
    except NoEvidenceError:
        return None
    readings = (told.level, told.volatility, told.depth, told.recovery)
    compared = tuple(
        Compared(
            one.name,
            one.value,
            one.low,
            one.high,
            one.percentile,
            one.percentile_low,
            one.percentile_high,
            one.peers,
        )
        for one in readings
    )
    return Matured(
        name,
        told.year,
        told.age,
        told.known_years,
        told.peers,
        compared,
        told.peak,
        told.trough,
        told.recovered,
    )


NONE = (
    "No other pair of about its age has as many years on record here; `amity load PATH` of more evidence, and then "
    "`amity fit`, may bring some."
)


def compared(brief: Brief) -> tuple[Matured, ...]:
    """What there are peers for: dimensions, each with those of its numbers that can be set beside theirs."""
    told = brief.state.maturity if brief.state else ()
    kept = [replace(one, readings=tuple(filter(ranks, one.readings))) for one in told]
    return tuple(one for one in kept if one.readings)


def ranks(reading: Compared) -> bool:
    return reading.rank is not None and reading.peers > 0


def title(brief: Brief) -> str:
    """Whether the two swing more than their like, as a finding."""
    assert brief.state is not None  # noqa: S101
    told = compared(brief)
    if not told:
        return f"For its {brief.state.maturity[0].age} years the tie cannot be compared"
    first = told[0]
    swings = next((one for one in first.readings if one.name == "volatility"), None)
    age = f"For its {first.age} years"
    if swings is None or swings.rank_low is None or swings.rank_high is None:
        return f"{age} {first.dimension} cannot be told steadier or less steady than that of others"
    has = tense.told("has", past=tense.over(brief.question))
    if swings.rank_low > EVEN:
        return f"{age} {first.dimension} {has} been less steady than that of most such pairs"
    if swings.rank_high < EVEN:
        return f"{age} {first.dimension} {has} been steadier than that of most such pairs"
    return f"{age} {first.dimension} {has} been about as steady as that of others"


EVEN = 50.0


def rows(brief: Brief) -> tuple[tuple[str, ...], ...]:
    """The table: a line for each number of each dimension that has peers."""
    return tuple(
        (
            one.dimension if at == 0 else "",
            says(one, reading),
            shown(reading.value),
            "–" if reading.low is None else f"{shown(reading.low)} to {shown(reading.high)}",
            ranked(reading),
            f"{reading.peers:,}",
        )
        for one in compared(brief)
        for at, reading in enumerate(one.readings)
    )


def says(one: Matured, reading: Compared) -> str:
    """What a number is, with its years where it has any."""
    if reading.name == "depth" and one.peak and one.trough:
        return f"{SAYS['depth']}: {one.peak} to {one.trough}"
    if reading.name == "level":
        return f"{SAYS['level']}: {one.year}, after {count_plain(one.known_years, 'known year')}"
    return SAYS[reading.name]


def shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}".replace("-", "−")


def ranked(reading: Compared) -> str:
    """The share of peers below, with how far its own error could move it."""
    if reading.rank is None or not reading.peers:
        return "–"
    if reading.rank_low is None or reading.rank_high is None:
        return f"{reading.rank:.0f}%"
    return f"{reading.rank:.0f}% ({reading.rank_low:.0f} to {reading.rank_high:.0f})"


def in_words(brief: Brief) -> tuple[str, ...]:
    """The same as lines of text; what would bring peers, where there are none."""
    told = compared(brief)
    if not told:
        return (NONE,)
    return tuple(
        f"{one.dimension.capitalize()}, beside {count(one.peers, 'pair')} of its age: "
        + "; ".join(
            f"{reading.name} {shown(reading.value)}, higher than {ranked(reading)}"
            for reading in one.readings
        )
        for one in told
    )
