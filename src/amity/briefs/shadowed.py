"""The shadow of the third power over the two: what knowing it adds to foreseeing them, beside knowing any other."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, isfinite
from typing import TYPE_CHECKING

from amity import states
from amity.briefs import bands, words
from amity.briefs.part import Part, chance
from amity.errors import NoEvidenceError
from amity.insight import shadow

if TYPE_CHECKING:
    from datetime import date

    from amity.briefs.answer import Brief, Question
    from amity.briefs.gather import Asked
    from amity.evidence import Evidence
    from amity.insight.shadow import Shadow, Way

__all__ = ["Bystander", "Shadowed", "Side", "part", "recorded", "shadowed"]

LOAD = "`amity pull gdelt1 --from 2005 --to 2014` or `amity load PATH` brings them"
RARE = 0.1
"""The share of states with as great a gain above which a gain is nothing of the third power's own."""
HEADS = (
    "What is foreseen",
    "Verdict",
    "Weight of what came",
    "Chance of it if nothing followed",
    "Judged",
    "Needed",
)
SAYS = {
    "adds": "adds",
    "adds nothing that shows": "adds nothing that chance would not",
    "cannot be told": "cannot be told",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One direction, one period ahead."""

    verdict: str
    """adds, adds nothing that shows, or cannot be told."""
    outcomes: int
    """Periods that could be foreseen."""
    power: float
    """The chance of finding an effect of 0.15 standard deviations with so many."""
    needed: int
    """Outcomes with which that chance would be 0.6."""
    gain: float | None
    """Mean gain in log score, nats an outcome, out of sample, with its 90% interval; None: too few outcomes."""
    low: float | None
    high: float | None
    chance: float | None
    """The p of the test that nothing follows at all."""


@dataclass(frozen=True, slots=True)
class Bystander:
    """Another state in the third power's place."""

    name: str
    iso3c: str | None
    gain: float
    """Nats an outcome."""
    adds: bool


@dataclass(frozen=True, slots=True)
class Shadowed:
    """The shadow as data. Where nothing is loaded that could tell, `missing` says so, and the rest is empty."""

    missing: str
    source: str | None = None
    step: str = ""
    """week or month."""
    first: date | None = None
    last: date | None = None
    covered: int = 0
    toward: Side | None = None
    """The pair after the third power."""
    back: Side | None = None
    """The third power's acts towards the two after the pair."""
    leads: str = ""
    rank: int | None = None
    """Of the third power among itself and the bystanders, 1 the greatest gain; None: not worked out."""
    bystanders: tuple[Bystander, ...] = ()
    """Every other state with enough dealings with both, the greatest gain first."""
    as_great: float | None = None
    """The share of all of them with as great a gain."""


def shadowed(ev: Evidence, asked: Asked) -> Shadowed | None:
    """The shadow of the third power in the years asked for; None where none was named."""
    if asked.third is None:
        return None
    try:
        found = shadow.ask(
            ev, asked.a.ccode, asked.b.ccode, asked.third.ccode, within=(asked.first, asked.last)
        )
    except NoEvidenceError:
        return Shadowed(
            f"No coded events are loaded for these years, and without them nobody can say what knowing "
            f"{words.the(asked.third.name)} adds: {LOAD}."
        )
    return recorded(found)


def recorded(found: Shadow) -> Shadowed:
    """What `insight.shadow` found, as the brief keeps it: numbers alone, rounded to what is known of them."""
    named = {state.ccode: state for state in states.every()}
    return Shadowed(
        missing="",
        source=found.source,
        step=found.step,
        first=found.first,
        last=found.last,
        covered=found.covered,
        toward=_side(found.toward),
        back=_side(found.back),
        leads=found.leads,
        rank=found.rank,
        bystanders=tuple(
            Bystander(named[one.ccode].name, named[one.ccode].iso3c, round(one.gain, 5), one.adds)
            for one in found.placebos
        ),
        as_great=found.placebo_p,
    )


def _side(way: Way) -> Side:
    first = way.horizons[0] if way.horizons else None
    gain = first.log_score if first else None
    value, low, high = (gain.value, gain.low, gain.high) if gain else (None, None, None)
    return Side(
        way.verdict,
        way.outcomes,
        round(way.power, 3),
        way.needed,
        _finite(value),
        _finite(low),
        _finite(high),
        _finite(first.presence if first else None),
    )


def _finite(value: float | None) -> float | None:
    """A number that JSON can hold; None where it is none."""
    return None if value is None or not isfinite(value) else round(float(value), 5)


# In words


def part(brief: Brief) -> Part | None:
    """The shadow in words; None where no third power was named."""
    told, third = brief.shadow, brief.question.third
    if told is None or third is None:
        return None
    if told.toward is None or told.back is None:
        return Part(
            f"How much of it is about {third.the} cannot be told from what is loaded", "", (told.missing,)
        )
    if told.rank is None and {told.toward.verdict, told.back.verdict} == {"cannot be told"}:
        return Part(title(told, brief.question), "", (too_few(told, told.toward, told.back, third.the),))
    source = (told.source or "").replace("_", " ")
    assert told.first is not None  # noqa: S101  (a side is only told of periods)
    assert told.last is not None  # noqa: S101
    return Part(
        title=title(told, brief.question),
        how=(
            f"Each {told.step}'s share of co-operative acts is foreseen from its own past, from what the two have with "
            f"all others and from the world's news; once more with {third.the}; then with every other state in its "
            "place. Weight is how much more probable that made what came. Told from "
            f"{words.count_plain(told.covered, told.step)} of {source}, {words.day(told.first, 'month')} to "
            f"{words.day(told.last, 'month')}. Foreseeing is not causing."
        ),
        said=(ranked(told, brief.question),),
        heads=HEADS,
        rows=(
            row(f"The two, knowing {third.the}", told.toward, told.step),
            row(f"{words.upper_first(third.the)} towards the two, knowing them", told.back, told.step),
        ),
    )


def too_few(told: Shadowed, toward: Side, back: Side, third: str) -> str:
    """How many periods could be judged, how many it takes, and what brings more."""
    return (
        f"{words.count_plain(toward.outcomes, told.step)} of the two and {back.outcomes} of {third} towards them could "
        f"be judged; to find a small effect it takes {max(toward.needed, back.needed)}. Coded events of more years: "
        f"{LOAD}."
    )


def title(told: Shadowed, question: Question) -> str:
    """What knowing the third power adds, no more sure than the verdict, and than what bystanders add."""
    assert question.third is not None  # noqa: S101
    assert told.toward is not None  # noqa: S101
    third = question.third.the
    if told.toward.verdict == "cannot be told":
        return f"Whether {third} casts a shadow over the two cannot be told from what is loaded"
    if told.toward.verdict != "adds":
        return f"Knowing {third} adds nothing that chance would not to foreseeing the two"
    if told.as_great is None or told.as_great <= RARE:
        return f"Knowing {third} helps to foresee the two, more than nearly all other states would"
    return f"Knowing {third} helps to foresee the two, but so does knowing bystanders"


def ranked(told: Shadowed, question: Question) -> str:
    """Where the third power stands among all states that deal with both, or why that is not told."""
    assert question.third is not None  # noqa: S101
    third = words.upper_first(question.third.the)
    if told.rank is None or told.as_great is None:
        return (
            f"{third} could not be ranked among other states: too few acts between the three are on record, and what "
            "is not on record is unknown."
        )
    if not told.bystanders:
        return f"No other state has enough dealings with both to set beside {question.third.the}."
    adding = words.none_or(sum(one.adds for one in told.bystanders))
    return (
        f"{third} ranks {words.ordinal(told.rank)} of {len(told.bystanders) + 1} states that deal with both; a state "
        f"drawn at random would rank as high with a chance of {chance(told.as_great)}. Of the others {adding} would be "
        "told to add, by luck or by a shock that all share."
    )


def row(what: str, side: Side, step: str) -> tuple[str, ...]:
    """A row of `HEADS`."""
    if side.gain is None or side.low is None or side.high is None:
        gain = "–"
    else:
        gain = f"{percent(side.gain)} ({percent(side.low)} to {percent(side.high)})"
    luck = "–" if side.chance is None else chance(side.chance)
    judged = f"{words.count_plain(side.outcomes, step)}; a small effect would be found in {chance(side.power)} of cases"
    return what, SAYS[side.verdict], gain, luck, judged, words.count_plain(side.needed, step)


def percent(nats: float) -> str:
    """A gain in log score as how much more probable it made what came.

    >>> percent(0.012), percent(-0.05)
    ('+1.2%', '−4.9%')
    """
    return f"{bands.signed(100 * (exp(nats) - 1), 1)}%"
