"""What followed acts of each class in pairs of the world, compared with similar moments; never what they caused."""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt
from typing import TYPE_CHECKING, Literal

from amity.briefs import bands, words
from amity.briefs.part import Part, aligned, chance
from amity.engine.projecting import quantile
from amity.engine.scale import NINETY, shown
from amity.insight import response
from amity.insight.response_acts import CLASSES

if TYPE_CHECKING:
    from amity.briefs.answer import Brief
    from amity.insight.response import Asymmetry, Response, Told

__all__ = ["Followed", "Opposed", "What", "captions", "drawn", "followed", "part", "strips"]

AT = (6, 24)
"""Months after the act."""
YEAR = 12
GENERAL = (
    "visit up", "visit down", "agreement", "aid pledged", "arms", "sanction lifted",
    "threat", "sanction imposed", "aid cut", "troops",
)  # fmt: skip
"""The classes that a page shows, kind ones first; visits by single ranks are in `amity whatif`."""
SHORT = {
    "visit up": "visit to the stronger",
    "visit down": "visit to the weaker",
    "agreement": "alliance or pact",
    "arms": "arms delivered anew",
    "visit head-of-state up": "a head of state’s visit to the stronger",
    "visit foreign-minister up": "a foreign minister’s visit to the stronger",
    "dialogue": "talks",
    "threat": "sanction threatened",
    "troops": "force shown or used",
}
DRAWN = ("visit up", "agreement", "sanction imposed", "troops")
"""The classes of which a page draws the path of tone, kind ones first: those that its sentences tell most of."""
HEADS = (
    "After",
    "Tone, 6 months",
    "Tone, 24 months",
    "Engagement, 6 months",
    "Engagement, 24 months",
    "Cases (pairs)",
)
WIDEST = 6.0
"""Points at the ends of a strip."""
EARLY, IDLE = 0.05, 0.1
"""The chance of the year before, and the share of dates without an act, that make a warning."""


@dataclass(frozen=True, slots=True)
class What:
    """What followed in one dimension after some months, in points of a pair at rest with its 90% interval."""

    dimension: Literal["tone", "engagement"]
    months: int
    value: float
    low: float
    high: float
    chance: float
    """Of as large a difference, either way, if nothing followed."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What followed acts of a class."""

    name: str
    sign: int
    """1 for what is meant as kind, −1 for what is meant as hostile."""
    cases: int
    """The most of either dimension and any month."""
    pairs: int
    what: tuple[What, ...]
    """By dimension and month; where nothing is known there is none."""
    parting: bool
    """Whether pairs were already moving apart from those compared in the year before, in either dimension."""
    idle: float | None
    """The share of dates without an act that seem to be followed by something; None: none could be tried."""
    rival_gap: float | None
    """Tone after a year with a rival power of who acts active, less that without, in points; None: not known."""
    rival_chance: float | None
    """Of as large a gap if there was none."""


@dataclass(frozen=True, slots=True)
class Opposed:
    """A kind of act beside its opposite after two years: above 0, what followed the kind one outweighs the other."""

    kind: str
    hostile: str
    what: What


@dataclass(frozen=True, slots=True)
class Record:
    """The record over all pairs."""

    classes: tuple[Followed, ...]
    opposed: tuple[Opposed, ...]
    too_few: tuple[str, ...]
    """Classes of which nothing is said, with fewer than thirty comparable cases."""
    learned_from: str


def followed() -> Record:
    """What the record that comes with amity says.

    >>> [one.name for one in followed().classes if one.sign < 0]
    ['threat', 'sanction imposed', 'aid cut', 'troops']
    """
    told = response.read()
    classes: list[Followed] = []
    for name in GENERAL:
        both = [
            one for one in map(lambda d, name=name: told.of(name, d), response.DIMENSIONS) if one is not None
        ]
        if both and min(one.n for one in both) >= response.ENOUGH:
            classes.append(_followed(both, told))
    few = tuple(
        one.name for one in CLASSES
        if all((found := told.of(one.name, d)) is None or found.n < response.ENOUGH for d in response.DIMENSIONS)
    )  # fmt: skip
    kept = {one.name for one in classes}
    opposed = tuple(
        Opposed(one.positive, one.negative, what)
        for one in told.asymmetries
        if {one.positive, one.negative} <= kept and (what := _opposed(one)) is not None
    )
    return Record(tuple(classes), opposed, few, told.learned_from)


def _followed(both: list[Response], told: Told) -> Followed:
    of = next(one for one in CLASSES if one.name == both[0].name)
    what = tuple(one for each in both for months in AT if (one := _what(each, months)) is not None)
    tried = next((one for one in told.contests if (one.name, one.dimension) == (of.name, "tone")), None)
    gap, error = (tried.gap[YEAR - 1], tried.error[YEAR - 1]) if tried else (None, None)
    return Followed(
        of.name,
        of.sign,
        max(one.n for one in both),
        max(one.pairs for one in both),
        what,
        any(one.pretrend is not None and one.pretrend < EARLY for one in both),
        max((one.placebo for one in both if one.placebo is not None), default=None),
        None if gap is None else points(gap),
        None if gap is None or not error else luck(gap, error),
    )


def _what(one: Response, months: int) -> What | None:
    effect, error = one.effect[months - 1], one.error[months - 1]
    if effect is None or error is None:
        return None
    return _in_points(one.dimension, months, effect, error, quantile(0.95, one.pairs - 1))


def _opposed(one: Asymmetry) -> What | None:
    total, error = one.total[AT[-1] - 1], one.error[AT[-1] - 1]
    return None if total is None or error is None else _in_points(one.dimension, AT[-1], total, error, NINETY)


def _in_points(dimension: str, months: int, effect: float, error: float, wide: float) -> What:
    named: Literal["tone", "engagement"] = "tone" if dimension == "tone" else "engagement"
    low, high = points(effect - wide * error), points(effect + wide * error)
    return What(named, months, points(effect), low, high, luck(effect, error))


def points(sds: float) -> float:
    """Standard deviations of the world's pairs in points of the page, for a pair at rest.

    >>> points(0.1), points(-0.0932)
    (5.0, -4.7)
    """
    return round(float(shown(sds)), 1)


def luck(effect: float, error: float) -> float:
    """The chance of as large an effect, either way, if there was none.

    >>> luck(1.96, 1.0), luck(0.0, 0.0)
    (0.05, 1.0)
    """
    return round(erfc(abs(effect) / error / sqrt(2.0)), 4) if error > 0 else float(effect == 0)


# In words


def part(brief: Brief) -> Part | None:
    """The record in words and as a table."""
    record = brief.followed
    if record is None or not record.classes:
        return None
    few = words.listed([label(name) for name in record.too_few])
    return Part(
        title=title(record),
        how=(
            "Compared with similar moments without such an act, in all pairs of the world: points on this page’s scale "
            "for a pair at rest, with 90% intervals; a star where so much would come of nothing in fewer than five "
            "cases of a hundred. Aid, arms and force are known by their year: of the first months nothing is said. "
            "Whoever visits or punishes has reasons that no record holds: this is what followed, not what was caused."
        ),
        said=(*opposed(record), rival(record)),
        heads=HEADS,
        rows=tuple(row(one) for one in record.classes),
        doubts=(*doubted(record), f"Too few cases to say anything: {few}." if few else ""),
        plain=(
            *aligned(
                ("Two years after", "tone", "engagement", "cases (pairs)"),
                [[cells[n] for n in (0, 2, 4, 5)] for cells in map(row, record.classes)],
            ),
            "* So much would come of nothing in fewer than five cases of a hundred. Intervals are at 90%.",
        ),
    )


def title(record: Record) -> str:
    """After how many classes of hostile acts tone was colder, and after how many of friendly ones warmer."""
    sides = {sign: [one for one in record.classes if one.sign == sign] for sign in (1, -1)}
    moved = {sign: sum(_moved(one) == sign for one in side) for sign, side in sides.items()}
    hostile, friendly = (
        f"{words.none_or(moved[sign])} of {words.number_word(len(sides[sign]))}" for sign in (-1, 1)
    )
    was = "was" if moved[-1] == 1 else "were"
    return words.upper_first(
        f"{hostile} kinds of hostile acts {was} followed by a colder tone, {friendly} of friendly ones by a warmer"
    )


def _moved(one: Followed) -> int:
    """The way in which tone moved after two years, 1 or −1; 0 where chance or the year before could have brought it."""
    told = next((w for w in one.what if w.dimension == "tone" and w.months == AT[-1]), None)
    return 0 if told is None or told.chance >= 0.05 or one.parting else (1 if told.value > 0 else -1)


def doubted(record: Record) -> tuple[str, ...]:
    """What speaks against reading some of it as what followed, a sentence for each reason."""
    parting = [f"{label(one.name)} ({words.listed(early(one))})" for one in record.classes if one.parting]
    idle = [
        f"{label(one.name)} ({one.idle:.0%})"
        for one in record.classes
        if one.idle is not None and one.idle > IDLE
    ]
    told = (
        ("† Already parting from the moments compared in the year before", parting),
        ("‡ Dates without an act seem to be followed by something more often than one in twenty", idle),
    )
    return tuple(f"{says}: {words.listed(names)}." for says, names in told if names)


def early(one: Followed) -> tuple[str, ...]:
    """The dimensions in which pairs were already parting in the year before acts of a class."""
    told = {name: response.read().of(one.name, name) for name in response.DIMENSIONS}
    return tuple(name for name, of in told.items() if of and of.pretrend is not None and of.pretrend < EARLY)


def label(name: str) -> str:
    """The class as a page names it."""
    return SHORT.get(name, name)


def row(one: Followed) -> tuple[str, ...]:
    """A row of `HEADS`."""
    found = {(w.dimension, w.months): w for w in one.what}
    cells = [found.get((dimension, months)) for dimension in response.DIMENSIONS for months in AT]
    return f"{label(one.name)}{marks(one)}", *(cell(w) for w in cells), f"{one.cases:,} ({one.pairs:,})"


def marks(one: Followed) -> str:
    """The marks of what speaks against reading it so: of `doubted`."""
    idle = one.idle is not None and one.idle > IDLE
    return f" {'†' * one.parting}{'‡' * idle}" if one.parting or idle else ""


def cell(w: What | None) -> str:
    """A difference with its interval, and a star where chance would hardly bring it."""
    if w is None:
        return "–"
    return f"{bands.spelled(w.value, w.low, w.high, 1)}{'*' if w.chance < 0.05 else ''}"


def opposed(record: Record) -> tuple[str, ...]:
    """Kind acts against hostile ones, in tone."""
    told = [one for one in record.opposed if one.what.dimension == "tone"]
    if not told:
        return ()
    each = [f"{label(one.kind)} and {label(one.hostile)} {cell(one.what)}" for one in told]
    return (
        f"Friendly acts against hostile ones: what followed the two after two years, added up, is below 0 where the "
        f"hostile one weighs more: {'; '.join(each)}.",
    )


def rival(record: Record) -> str:
    """Pressure in a contest: whether it makes a difference that a rival of who presses deals with the other side."""
    told = [one for one in record.classes if one.sign < 0 and one.rival_gap is not None]
    each = [
        f"{label(one.name)} {bands.signed(one.rival_gap, 1)} ({chance(one.rival_chance)})"
        for one in told
        if one.rival_gap is not None and one.rival_chance is not None
    ]
    shows = any(one.rival_chance is not None and one.rival_chance < 0.05 for one in told)
    finding = "differs for some acts" if shows else "shows no difference"
    return (
        f"Pressure in a contest: tone a year after, with a rival major power active beside without, {finding}. The "
        f"gap, and the chance of it if there was none: {'; '.join(each)}."
    )


PATHS = (
    "Tone beside similar moments, from a year before an act to two years after, in points for a pair at rest, with 95% "
    "intervals. Grey, at the left: the year before, which should lie at 0. Dashed: what followed dates without an act, "
    "which should too. What goes by years is known from the twelfth month on. After the cases: the chance of such a "
    "year before if nothing parted them, and the share of dates without an act that seem to be followed by something, "
    "5% if all is well."
)
"""How to read the paths of `DRAWN`."""


def drawn() -> tuple[Response, ...]:
    """What followed the classes of which a page draws the path, in tone; those of too few cases left out."""
    found = [response.read().of(name, "tone") for name in DRAWN]
    return tuple(one for one in found if one and one.n >= response.ENOUGH)


def captions() -> tuple[tuple[str, str], ...]:
    """The name of each of `DRAWN`, and its cases, its year before and its dates without an act."""
    return tuple((words.upper_first(label(one.name)), _beside(one)) for one in drawn())


def _beside(one: Response) -> str:
    told = [f"{one.n:,} cases"]
    if one.pretrend is not None:
        told.append(f"year before {chance(one.pretrend)}")
    if one.placebo is not None:
        told.append(f"dates without an act {one.placebo:.0%}")
    return "; ".join(told)


def strips(one: Followed) -> tuple[tuple[str, float, float, float], ...]:
    """By dimension, what followed after two years on a strip: name, dot, left edge and width in percent."""
    made: list[tuple[str, float, float, float]] = []
    for w in one.what:
        if w.months == AT[-1]:
            at, low, high = (50 + 50 * max(-1.0, min(1.0, v / WIDEST)) for v in (w.value, w.low, w.high))
            made.append((w.dimension, round(at, 1), round(low, 1), round(high - low, 1)))
    return tuple(made)
