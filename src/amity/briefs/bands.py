"""Values in words: how warm, how close, how alike, how sure, and whether it has changed.

Bands are shares of the world's pairs, of which a state is a standard deviation from its rest as often as a Gaussian is:
the middle third has the middle word; the tenth at either end has the third word, the fortieth the fourth.

| from | to | tone | engagement | alignment |
|---|---|---|---|---|
| 75.3 | 100 | very warm | very much to do with each other | very close to each other |
| 56.5 | 75.3 | warm | much to do with each other | close to each other |
| 21.2 | 56.5 | cordial | more than most to do with each other | nearer to each other than most |
| −21.2 | 21.2 | neutral | about average | about as far apart as most |
| −56.5 | −21.2 | cool | less than most | further apart than most |
| −75.3 | −56.5 | cold | little | far apart |
| −100 | −75.3 | hostile | next to nothing | very far apart |

A word is that of the value; where the interval reaches into other bands it says so. Chances are rounded down towards
evens, so that no sentence is surer than its number.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from amity.briefs import tense

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from amity.briefs.estimated import Breadth, Estimated, Line, LineName, Stand

EDGES = (-75.3, -56.5, -21.2, 21.2, 56.5, 75.3)
"""100 tanh(z/2) at z = ±1.960, ±1.282 and ±0.431."""
TONE = ("hostile", "cold", "cool", "neutral", "cordial", "warm", "very warm")
ENGAGEMENT = (
    "next to nothing to do with each other",
    "little to do with each other",
    "less to do with each other than most pairs",
    "about as much to do with each other as most pairs",
    "more to do with each other than most pairs",
    "much to do with each other",
    "very much to do with each other",
)
ALIGNMENT = (
    "very far apart",
    "far apart",
    "further apart than most pairs",
    "about as far apart as most pairs",
    "closer than most pairs",
    "close to each other",
    "very close to each other",
)
SHORT = {
    "engagement": ("next to none", "little", "below most", "average", "above most", "much", "very much"),
    "alignment": ("very far apart", "far apart", "apart", "average", "near", "close", "very close"),
}
"""Words where there is no room for a clause."""
ENDS = {"tone": ("hostile", "warm"), "engagement": ("little", "much"), "alignment": ("apart", "alike")}
COMPARED = {
    "tone": ("colder", "warmer"),
    "engagement": ("less", "more"),
    "alignment": ("further apart", "closer"),
}
WORKS = (
    "Rue, Håvard, and Leonhard Held. 2005. Gaussian Markov Random Fields: Theory and Applications. Boca Raton: "
    "Chapman & Hall/CRC. (Tone, engagement and alignment: a state-space model by Laplace's method.)",
    "Durbin, James, and Siem Jan Koopman. 2012. Time Series Analysis by State Space Methods. 2nd ed. Oxford: Oxford "
    "University Press.",
)
"""The works behind the estimates."""
EVEN = 0.65
"""Chances of either direction below which nothing is said of a change."""
TENTHS = {5: "an even chance", 6: "six chances in ten", 7: "seven chances in ten", 8: "eight chances in ten",
          9: "nine chances in ten"}  # fmt: skip


def band(value: float) -> int:
    """The number of the band of a value, 0 the lowest.

    >>> band(-52), band(0), band(99)
    (2, 3, 6)
    """
    return bisect_right(EDGES, value)


def family(name: LineName) -> str:
    """The dimension of a line.

    >>> family("tone a to b")
    'tone'
    """
    return name.partition(" ")[0]


def word(name: LineName, value: float) -> str:
    """The short word of a value.

    >>> word("tone", -52), word("alignment", -96)
    ('cool', 'very far apart')
    """
    kind = family(name)
    return (TONE if kind == "tone" else SHORT[kind])[band(value)]


def hedged(name: LineName, stand: Stand) -> str:
    """The word of a value, with the words of the ends of its interval where they are others; 'not known' where so.

    >>> from amity.briefs.estimated import Stand
    >>> hedged("tone", Stand(-52.0, -84.0, 3.0, True, True, None, None, None))
    'cool, but anywhere from hostile to neutral'
    """
    if not stand.known:
        return "not known"
    middle, low, high = (word(name, one) for one in (stand.value, stand.low, stand.high))
    if low != middle != high:
        return f"{middle}, but anywhere from {low} to {high}"
    other = low if low != middle else high
    return middle if other == middle else f"{middle}, perhaps {other}"


def chances(probability: float) -> str:
    """A probability of a half or more in words, rounded down; below a half, that of the contrary must be said.

    >>> chances(0.78), chances(0.5), chances(0.999)
    ('seven chances in ten', 'an even chance', 'more than 99 chances in a hundred')
    """
    if probability >= 0.99:
        return "more than 99 chances in a hundred"
    if probability >= 0.95:
        return "19 chances in 20"
    return TENTHS[max(int(probability * 10 + 1e-9), 5)]


def signed(value: float, digits: int = 0) -> str:
    """A value with its sign, in whole points unless more digits are asked for; what rounds to nought has none.

    >>> signed(-51.6), signed(0.2), signed(3.0), signed(-0.2, 1), signed(-0.004, 2)
    ('−52', '0', '+3', '−0.2', '0.00')
    """
    text = f"{value:+.{digits}f}"
    return text.replace("-", "−") if float(text) else text[1:]


def spelled(value: float, low: float, high: float, digits: int = 0) -> str:
    """A value with its interval, signed.

    >>> spelled(-52.9, -81.1, 4.8)
    '−53 (−81 to +5)'
    """
    return f"{signed(value, digits)} ({signed(low, digits)} to {signed(high, digits)})"


def sd(size: float) -> str:
    """A change in standard deviations of the world's pairs.

    >>> sd(-1.84)
    '−1.8 sd'
    """
    return f"{'+' if size > 0 else '−'}{abs(size):.1f} sd"


def interval(stand: Stand) -> str:
    """The interval of a value in words.

    >>> from amity.briefs.estimated import Stand
    >>> interval(Stand(-52.0, -84.0, 3.0, True, True, None, None, None))
    '−84 to +3'
    """
    return f"{signed(stand.low)} to {signed(stand.high)}"


def compared(name: LineName, stand: Stand) -> str:
    """How a line compares with a year before, with the chance of it; empty where nothing can be said.

    >>> from amity.briefs.estimated import Stand
    >>> compared("tone", Stand(-52.0, -84.0, 3.0, True, True, None, -40.0, 0.25))
    'colder than a year before with seven chances in ten'
    """
    if stand.chance_higher is None:
        return ""
    higher = stand.chance_higher >= 0.5
    sure = stand.chance_higher if higher else 1 - stand.chance_higher
    if sure < EVEN:
        return ""
    said = COMPARED[family(name)][higher]
    return f"{said} than a year before with {chances(sure)}"


def breadth(last: Breadth, until: date) -> str:
    """In how many fields the two are engaged, in a sentence; `until` is the last month that is estimated.

    >>> from datetime import date
    >>> from amity.briefs.estimated import Breadth
    >>> breadth(Breadth(2018, 5, 2.7, 1, 4), date(2019, 6, 1))
    'At the end of 2018 engaged more than a pair at rest in 2.7 of the 5 fields known of six (1 to 4 at 90%).'
    """
    known = "the one field" if last.known == 1 else f"the {last.known} fields"
    number = f"{last.value:.1f} of {known} known of six ({last.low} to {last.high} at 90%)"
    whole = (last.year, 12) <= (until.year, until.month)
    when = f"At the end of {last.year}" if whole else f"In {month(until)}"
    return f"{when} engaged more than a pair at rest in {number}."


EVENTS_FROM = 1979
"""The first year of which coded events can be pulled."""


def pull(until: date) -> str:
    """How to get coded events of the last whole year before a date; of years without any, from files alone.

    >>> from datetime import date
    >>> pull(date(1991, 12, 1)), pull(date(2026, 6, 4)), pull(date(1965, 12, 1))
    ('`amity pull gdelt1 --from 1991 --to 1991` or `amity load PATH`', \
'`amity pull gdelt1 --from 2025 --to 2025` or `amity load PATH`', '`amity load PATH`')
    """
    year = until.year if until.month == 12 else until.year - 1
    files = "`amity load PATH`"
    return f"`amity pull gdelt1 --from {year} --to {year}` or {files}" if year >= EVENTS_FROM else files


BRINGS = {
    "tone": "{pull} (coded events, sanctions, disputes)",
    "engagement": "`amity load PATH` (visits, posts, trade, aid, arms)",
    "alignment": "`amity pull unga_votes` or `amity load PATH` (votes in the General Assembly, alliances)",
}
"""What to load where a dimension is not known."""


def brings(kind: str, until: date) -> str:
    """What to load where a dimension is not known at a date."""
    return BRINGS[kind].format(pull=pull(until))


def unknown(name: LineName, stand: Stand, until: date) -> str:
    """That a line is not known at a date, since when nothing tells of it, and what to load.

    >>> from datetime import date
    >>> from amity.briefs.estimated import Stand
    >>> unknown("engagement", Stand(0.0, -68.0, 68.0, False, False, None, None, None), date(2026, 6, 1))
    'Not known: nothing was ever observed. `amity load PATH` (visits, posts, trade, aid, arms) brings more.'
    """
    last = (
        f"nothing observed since {month(stand.last_seen)}" if stand.last_seen else "nothing was ever observed"
    )
    if stand.fresh and stand.last_seen:
        last = f"what was observed, last in {month(stand.last_seen)}, says too little"
    return f"Not known: {last}. {brings(family(name), until)} brings more."


def numbers(stand: Stand) -> str:
    """A value with its interval, and since when nothing was observed, if for long.

    >>> from amity.briefs.estimated import Stand
    >>> numbers(Stand(-52.0, -84.0, 3.0, True, True, None, None, None))
    '−52, 90% interval −84 to +3'
    """
    since = (
        "" if stand.fresh or stand.last_seen is None else f"; nothing observed since {month(stand.last_seen)}"
    )
    return f"{signed(stand.value)}, 90% interval {interval(stand)}{since}"


def month(when: date) -> str:
    """A month in words.

    >>> from datetime import date
    >>> month(date(2022, 12, 1))
    'December 2022'
    """
    return f"{when:%B %Y}"


def sentence(state: Estimated, pair: str, *, figures: bool = True, past: bool = False) -> str:
    """How a pair stands, in one sentence from the numbers; what is not known is said to be so.

    Without `figures` in words alone, where the numbers stand beside it; `past` for a pair that is no more.
    """
    found = [(line, told) for name, told in CLAUSES if (line := state.line(name))]
    said = [
        tense.told(clause(line.stand, aside(line, figures=figures)), past=past)
        for line, clause in found
        if line.stand.known
    ]
    unknown = [tense.told(OF[family(line.name)], past=past) for line, _ in found if not line.stand.known]
    if not said:
        stood = tense.told("stand", past=past)
        return f"How {pair} {stood} to each other is not known: what is loaded says too little of them."
    rest = f" What is loaded says too little of {' or '.join(unknown)}." if unknown else ""
    return f"{upper('; '.join(said))}.{rest}"


def aside(line: Line, *, figures: bool) -> str:
    """The numbers of a line in brackets; without figures only since when nothing told of tone, if for long."""
    stand = line.stand
    if figures:
        return f" ({numbers(stand)})"
    if line.name != "tone" or stand.fresh or stand.last_seen is None:
        return ""
    return f" (nothing observed since {month(stand.last_seen)})"


def upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def lower(text: str) -> str:
    return text[:1].lower() + text[1:]


OF = {
    "tone": "how they treat each other",
    "engagement": "how much they have to do with each other",
    "alignment": "how alike they stand",
}


def of_tone(stand: Stand, numbered: str) -> str:
    return f"the tone between them is {hedged('tone', stand)}{numbered}{trailing('tone', stand)}"


def of_engagement(stand: Stand, numbered: str) -> str:
    said = f"they have {doubtful(stand)}{ENGAGEMENT[band(stand.value)]}"
    return f"{said}{numbered}{trailing('engagement', stand)}"


def of_alignment(stand: Stand, numbered: str) -> str:
    said = f"they stand {doubtful(stand)}{ALIGNMENT[band(stand.value)]} in the world"
    return f"{said}{numbered}{trailing('alignment', stand)}"


CLAUSES: tuple[tuple[LineName, Callable[[Stand, str], str]], ...] = (
    ("tone", of_tone),
    ("engagement", of_engagement),
    ("alignment", of_alignment),
)


def doubtful(stand: Stand) -> str:
    """'perhaps ' where the interval reaches three bands or more, 'probably ' where it reaches a second one."""
    reach = band(stand.high) - band(stand.low)
    return "perhaps " if reach > 1 else "probably " if reach else ""


def trailing(name: LineName, stand: Stand) -> str:
    """How it compares with a year before, as the end of a clause."""
    change = compared(name, stand)
    return f", {change}" if change else ""
