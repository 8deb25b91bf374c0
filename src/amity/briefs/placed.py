"""Where a state stands between two powers: its tilt by domain, what that is called, and its path on their plane.

Of a pair and a third power the state between is the one of the pair with the smaller share of the world's capabilities
(Correlates of War), in the last year in which both are on record. Where that is not loaded, it is the one that is no
permanent member of the Security Council, if the other is; else the one named first. The two powers are the pair's other
side and the third.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from amity import evidence, states
from amity.briefs import bands, tense, words
from amity.briefs.part import Part, chance
from amity.insight import between, domains, leaning
from amity.insight.capabilities import capabilities
from amity.states.seats import PERMANENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.briefs.answer import Brief
    from amity.briefs.gather import Asked
    from amity.evidence import Evidence
    from amity.states import State

__all__ = ["THROUGHOUT", "Between", "Domain", "Place", "Placed", "Year", "part", "placed", "stood"]

THROUGHOUT = ("tone", "visits", "trade", "arms", "alliances")
"""Domains that are known of most years since 1950."""
TOLD = ("acts", "ties", "figures", "events")
LIKELY = 0.1
"""The chance from which on a name is told."""
HEADS = ("Domain", "Standardised tilt", "Nearer to")


@dataclass(frozen=True, slots=True)
class Domain:
    """The tilt of the state in one domain in the year that is told."""

    name: str
    says: str
    unit: str
    weight: float
    value: float | None
    low: float | None
    high: float | None
    tilt: float | None
    """In pooled standard deviations."""
    tilt_low: float | None
    tilt_high: float | None


@dataclass(frozen=True, slots=True)
class Year:
    """What the tilts of a year add up to."""

    year: int
    alignment: float
    low: float
    high: float
    with_a: float | None
    with_b: float | None
    disagreement: float
    said: str
    domains: tuple[str, ...]
    named: tuple[tuple[str, float], ...] = ()
    """Names of the stand that have a chance of a tenth or more, in the order of the rule."""


@dataclass(frozen=True, slots=True)
class Place:
    ccode: int
    name: str
    year: int
    near_a: float
    near_b: float
    own: bool


@dataclass(frozen=True, slots=True)
class Between:
    """Where the state stands between two powers."""

    a: str
    b: str
    year: int
    """The last year of which most domains are known, as `between.told_year` finds it."""
    domains: tuple[Domain, ...]
    years: tuple[Year, ...]
    plane: tuple[Place, ...]
    plane_of: tuple[str, ...]
    """The domains of the plane: those that are known of most years, so that the path does not jump when one ends."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The state between, and where it stands between the pair's other side (`a`) and the third power (`b`)."""

    side: Literal["a", "b"]
    """Which side of the brief it is."""
    why: str
    """By which rule it is that side."""
    stands: tuple[tuple[str, float], ...]
    """Names of the stand in the year that is told, each with its chance, the likeliest first; empty: not named."""
    between: Between


def placed(ev: Evidence, asked: Asked) -> Placed | None:
    """Where the state between stands; None without a third power, or where nothing is known of both."""
    if asked.third is None:
        return None
    side, why = _smaller(ev, asked)
    state, other = (asked.a, asked.b) if side == "a" else (asked.b, asked.a)
    told = stood(ev, state, (other, asked.third), asked.end, _loaded(ev, other, asked.third))
    return None if told is None else Placed(side, why, _named(told), told)


def sources(told: Placed | None) -> set[str]:
    """The sources that may tell of what stands there."""
    if told is None:
        return set()
    stand = told.between
    names = {*(one.name for one in stand.domains if one.value is not None), *stand.plane_of}
    return {source for name in names for source in domains.named(name).ABOUT.reads} | {"cow_nmc"}


def _smaller(ev: Evidence, asked: Asked) -> tuple[Literal["a", "b"], str]:
    """The side that is the state between, and why."""
    told = capabilities(ev, asked.a, asked.b).filter(pl.col("year") <= asked.end)
    of_a, of_b = (told.filter(line=one.ccode).select("year", "share") for one in (asked.a, asked.b))
    if (both := of_a.join(of_b, on="year").sort("year")).height:
        year, one, other = both.row(-1)
        less, more = sorted((one, other))
        shares_of = f"{less:.1%} against {more:.1%} in {year}"
        why = f"of the two it has the smaller share of the world's capabilities, {shares_of}"
        return ("a" if one <= other else "b"), why
    permanent = [one.ccode in PERMANENT for one in (asked.a, asked.b)]
    if permanent[0] != permanent[1]:
        why = "of the two it is the one that is no permanent member of the Security Council"
        return ("b" if permanent[0] else "a"), why
    return "a", "it was named first, and the capabilities of the two are not loaded"


def _loaded(ev: Evidence, a: State, b: State) -> Sequence[str]:
    """The domains worth asking of: votes alone where no source tells of both powers' dealings with others."""
    rows = evidence.coverage(ev).filter(pl.col("table").is_in(TOLD))

    def tells(power: State, other: State) -> bool:
        ends = [
            (pl.col(one).is_null() | pl.col(one).is_in(list(power.ccodes)))
            & (pl.col(two).is_null() | ~pl.col(two).is_in(list(other.ccodes)))
            for one, two in (("ccode_from", "ccode_to"), ("ccode_to", "ccode_from"))
        ]
        return rows.filter(ends[0] | ends[1]).height > 0

    return domains.ALL if tells(a, b) and tells(b, a) else ("votes",)


def _named(told: Between) -> tuple[tuple[str, float], ...]:
    """The names in the year that is told, above `LIKELY`."""
    now = next(one for one in told.years if one.year == told.year)
    return tuple(sorted(now.named, key=lambda one: -one[1]))


def stood(
    ev: Evidence,
    state: State,
    powers: tuple[State, State],
    last: int,
    of_domains: Sequence[str] = domains.ALL,
) -> Between | None:
    """Where a state stands between two powers, up to a year; None where nothing is known of both."""
    a, b = powers
    found = between.tilts(ev, a, b, of_domains=of_domains).filter(pl.col("year") <= last)
    own = found.filter(pl.col("ccode") == state.ccode)
    told = between.summary(own)
    if told.is_empty():
        return None
    year = between.told_year(told)
    in_year = tuple(_domain(row) for row in own.filter(pl.col("year") == year).iter_rows(named=True))
    of, rows = _path(found, state)
    names = {other.ccode: other.name for other in states.every()}
    codes = {other.ccode: other.iso3c for other in states.every()}
    places = tuple(
        Place(
            row["ccode"],
            codes[row["ccode"]] or names[row["ccode"]],
            row["year"],
            row["near_a"],
            row["near_b"],
            row["own"],
        )
        for row in rows.iter_rows(named=True)
    )
    years = tuple(_year(row, a.name, b.name) for row in told.iter_rows(named=True))
    return Between(a.name, b.name, year, in_year, years, places, of)


def _path(found: pl.DataFrame, state: State) -> tuple[tuple[str, ...], pl.DataFrame]:
    """The domains of the plane and its rows: those known of most years, or where they are not, votes alone."""
    rows = between.plane(found, state.ccode, weights=dict.fromkeys(THROUGHOUT, 1.0))
    rows = rows.filter(pl.col("domains") >= between.LEAST)
    if rows["own"].any():
        return THROUGHOUT, rows
    return ("votes",), between.plane(found, state.ccode, weights={"votes": 1.0})


def _year(row: dict[str, Any], a: str, b: str) -> Year:
    numbers = {
        name: row[name] for name in ("year", "alignment", "low", "high", "with_a", "with_b", "disagreement")
    }
    named = tuple(
        (name, round(row[f"p_{name}"], 3)) for name in leaning.NAMES if (row[f"p_{name}"] or 0.0) >= LIKELY
    )
    return Year(**numbers, said=between.said(row, a, b), domains=tuple(row["domains"]), named=named)


def _domain(row: dict[str, Any]) -> Domain:
    about = domains.named(row["domain"]).ABOUT
    wide = between.NINETY * (row["tilt_sd"] or 0.0)
    tilt: float | None = row["tilt"]
    return Domain(
        about.name,
        about.says,
        about.unit,
        between.WEIGHTS[about.name],
        row["value"],
        row["low"],
        row["high"],
        tilt,
        None if tilt is None else tilt - wide,
        None if tilt is None else tilt + wide,
    )


# In words


def part(brief: Brief) -> Part | None:
    """Where the state between stands, in words and by domain; None where it is not known."""
    told = brief.between
    if told is None:
        return None
    stand = told.between
    now = next(one for one in stand.years if one.year == stand.year)
    known = [one for one in stand.domains if one.value is not None]
    missing = [one.name for one in stand.domains if one.value is None]
    a, b = words.the(stand.a), words.the(stand.b)
    unknown = f" Not known of both: {words.listed(missing)}." if missing else ""
    state = brief.question.a if told.side == "a" else brief.question.b
    return Part(
        title=title(brief, told),
        how=(
            f"Why {state.the} is the state between: {told.why}. Names are given by a rule, each with its chance. Tilts "
            "are standardised: in pooled standard deviations of the world's states, with 90% intervals."
        ),
        said=(
            f"In {stand.year} the mean standardised tilt of {words.count(len(known), 'domain')} was "
            f"{bands.spelled(now.alignment, now.low, now.high, 2)}, above 0 towards {a} and below it towards "
            f"{b}.{unknown}",
        ),
        heads=HEADS,
        rows=tuple(row(one, a, b) for one in known),
    )


def three(brief: Brief) -> tuple[str, str, str]:
    """The state between, the pair's other side and the third power, as in a sentence."""
    question = brief.question
    state, other = (question.a, question.b)
    if brief.between and brief.between.side == "b":
        state, other = other, state
    return state.the, other.the, question.third.the if question.third else ""


def path(brief: Brief) -> str:
    """What the path on the plane is drawn from, and how to read it."""
    told = brief.between
    if told is None:
        return ""
    stand = told.between
    only = ", the one domain that is loaded of both" if stand.plane_of == ("votes",) else ""
    return (
        f"The path of {three(brief)[0]} by means of five years, neighbours in grey with a dot at their last: nearness "
        f"in {words.listed(stand.plane_of)}{only}, in standard deviations. Above the dashed line, nearer to "
        f"{words.the(stand.b)}."
    )


def title(brief: Brief, told: Placed) -> str:
    """How the state stands, by name and chance; by votes alone where it has no name."""
    stand = told.between
    state = brief.question.a if told.side == "a" else brief.question.b
    a, b = words.the(stand.a), words.the(stand.b)
    if not told.stands:
        return words.title_powers(brief) or f"Between {a} and {b} {state.the} has no name that is likely"
    each = [f"{between.SAYS[name].format(a=a, b=b)} ({chance(min(p, 0.99))})" for name, p in told.stands[:2]]
    verb = "is " if told.stands[0][0] in ("neutral", "even") else ""
    stood = tense.told(f"{verb}{', or '.join(each)}", past=tense.ended(state.ccode, state.name))
    return f"{words.upper_first(state.the)} {stood}, by the record of {stand.year}"


def row(one: Domain, a: str, b: str) -> tuple[str, ...]:
    """A row of `HEADS`; a side is named where the interval leaves no doubt."""
    if one.tilt is None or one.tilt_low is None or one.tilt_high is None:
        return one.name, "–", "–"
    nowhere = one.tilt_low == one.tilt_high == 0.0
    nearer = (
        a
        if one.tilt_low > 0
        else b
        if one.tilt_high < 0
        else "neither"
        if nowhere
        else "which is not certain"
    )
    return (
        one.name,
        bands.spelled(one.tilt, one.tilt_low, one.tilt_high, 2),
        nearer,
    )
