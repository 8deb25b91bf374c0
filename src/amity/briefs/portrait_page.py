"""The portrait of a state as one self-contained page, in the look of the brief and with its script."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from amity.briefs import words
from amity.briefs.charts.portrait import NAMED, charts
from amity.briefs.charts.world import KEYS, READINGS, drawing, elsewhere
from amity.briefs.html import content_hash, embedded
from amity.briefs.portrait_words import (
    LIMITS,
    breadth,
    chance,
    headline,
    met,
    now,
    reading,
    tilt,
    trend,
    vectors,
)
from amity.briefs.templates import asset, template

if TYPE_CHECKING:
    from amity.briefs.portrait import Between, Domain, Portrait, Reading, Tie

__all__ = ["html"]

SHOWN = 20
"""Ties that the page shows before its reader asks for more."""
FURTHEST = 6.0
"""Pooled standard deviations at the ends of a strip of tilts."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A dot and its interval, in hundredths of a strip."""

    at: float
    low: float
    wide: float
    was: float | None
    says: str


@dataclass(frozen=True, slots=True)
class Row:
    """A tie as the page shows it."""

    rank: str
    name: str
    also: str
    """Trust each way and breadth, shown where the name is pointed at; the table of Markdown has them too."""
    cells: tuple[Strip | None, ...]
    met: str


@dataclass(frozen=True, slots=True)
class Part:
    """A domain as the page shows it."""

    name: str
    says: str
    strip: Strip | None
    told: str


@dataclass(frozen=True, slots=True)
class Map:
    """The ties where their states lie, as the page shows them."""

    drawing: Markup
    readings: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    """The letter and name of each reading, and what its colours stand for."""
    beside: str


@dataclass(frozen=True, slots=True)
class Stand:
    """Where the state stands between two powers, as the page shows it."""

    a: str
    b: str
    year: int
    title: str
    how: str
    path: str
    domains: tuple[Part, ...]
    years: tuple[tuple[str, ...], ...]


def html(one: Portrait) -> str:
    """The page as text. The same portrait gives the same bytes."""
    specs = charts(one)
    script = asset("charts.js").replace("</script", "<\\/script")
    rows = [_row(tie) for tie in one.ties]
    years: dict[str, object] = {"start": 1946, "end": one.month.year}
    data: dict[str, object] = {"brief": {"question": years}, "charts": specs}
    page = {
        "month": f"{one.month:%B %Y}",
        "heading": f"{words.upper_first(words.the(one.name))} and all its ties",
        "headline": headline(one),
        "map": _map(one),
        "ties": rows[:SHOWN],
        "rest": rows[SHOWN:],
        "titles": _titles(one),
        "named": min(NAMED, len(rows)),
        "vectors": _vectors(one),
        "stand": _stand(one.between, one.name) if one.between else None,
        "limits": LIMITS,
    }
    return template("portrait.html.jinja").render(
        one=one,
        page=page,
        charts=specs,
        css=Markup(asset("page.css") + asset("portrait.css")),  # noqa: S704  (our own files)
        script=Markup(script),  # noqa: S704  (our own file)
        script_hash=content_hash(script),
        data=Markup(embedded(data)),  # noqa: S704  (escaped by `embedded`)
    )


def _map(one: Portrait) -> Map:
    missing = words.listed([words.the(name) for name in elsewhere(one)])
    beside = f" The map is of today; it has no place for {missing}." if missing else ""
    return Map(drawing(one), tuple((part.letter, part.name, KEYS[part.key]) for part in READINGS), beside)


def _row(tie: Tie) -> Row:
    cells = tuple(_strip(part) for part in (tie.engagement, tie.tone, tie.alignment))
    also = f"trusts {chance(tie.trusts)}; is trusted {chance(tie.trusted)}; fields alive {breadth(tie)}"
    return Row("" if tie.rank is None else str(tie.rank), tie.name, also, cells, met(tie))


def _strip(part: Reading | None) -> Strip | None:
    if part is None:
        return None
    drawn = _drawn(
        part.value,
        part.low,
        part.high,
        100.0,
        "; ".join(filter(None, (reading(part), trend(part) and f"{trend(part)} in five years"))),
    )
    return replace(drawn, was=None if part.change is None else round(50 + (part.value - part.change) / 2, 1))


def _drawn(value: float, low: float, high: float, end: float, says: str) -> Strip:
    """A value and its interval on a strip from minus `end` to `end`."""
    at, left, right = (50 + 50 * max(-1.0, min(1.0, one / end)) for one in (value, low, high))
    return Strip(round(at, 1), round(left, 1), round(right - left, 1), None, says)


def _titles(one: Portrait) -> dict[str, str]:
    known = sum(tie.engagement is not None for tie in one.ties)
    near = sum(tie.engagement is not None and tie.engagement.low > 0 for tie in one.ties)
    trade = [year for year in one.spread if year.kind == "trade"]
    spread = "How many vectors its dealings have."
    if trade:
        spread = f"Its trade of {trade[-1].year} was spread as over {trade[-1].effective:.1f} equal partners."
    return {
        "ties": f"Engagement is surely above a pair at rest with {near} of the {known} states of which it is known",
        "map": "Near and warm, near and cold.",
        "spread": spread,
    }


def _vectors(one: Portrait) -> list[tuple[str, ...]]:
    return [
        (year.kind, str(year.year), f"{year.effective:.1f}", f"{year.herfindahl:.3f}", year.first,
         f"{year.first_share:.0%}", str(year.partners))
        for year in vectors(one)
    ]  # fmt: skip


def _stand(stand: Between, name: str) -> Stand:
    year = now(stand)
    weights = ", ".join(f"{part.name} {part.weight:g}" for part in stand.domains if part.value is not None)
    return Stand(
        stand.a,
        stand.b,
        stand.year,
        f"Between {words.the(stand.a)} and {words.the(stand.b)}, {year.year}: {year.said}",
        f"Alignment {_signed(year.alignment)} ({_signed(year.low)} to {_signed(year.high)}) in pooled standard "
        f"deviations, above 0 towards {words.the(stand.a)}. Weights of the domains that are known of both: {weights}. "
        "Names are given by a rule, each with its chance.",
        f"{name} by means of five years, its neighbours in grey, a dot at their last; nearness in "
        f"{words.listed(stand.plane_of)}, in pooled standard deviations. Above the dashed line, nearer to "
        f"{words.the(stand.b)}.",
        tuple(_part(part) for part in stand.domains),
        tuple(
            (
                str(one.year),
                _signed(one.alignment),
                f"{_signed(one.low)} to {_signed(one.high)}",
                str(len(one.domains)),
                *("–" if dealt is None else _signed(dealt) for dealt in (one.with_a, one.with_b)),
                one.said,
            )
            for one in reversed(stand.years)
        ),
    )


def _part(part: Domain) -> Part:
    strip = None
    if part.tilt is not None and part.tilt_low is not None and part.tilt_high is not None:
        strip = _drawn(part.tilt, part.tilt_low, part.tilt_high, FURTHEST, part.says)
    told = "" if part.value is None else tilt(part).replace("-", "−")
    return Part(part.name, f"{part.says}, {part.unit}", strip, told)


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")
