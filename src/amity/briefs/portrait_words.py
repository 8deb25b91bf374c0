"""The portrait of a state in words, and as text and Markdown: the same numbers in each."""

from __future__ import annotations

from itertools import pairwise
from textwrap import fill
from typing import TYPE_CHECKING

from amity import states
from amity.briefs import bands, tense, words
from amity.briefs.lineage import lineage
from amity.dimensions.estimate import FIRST

if TYPE_CHECKING:
    from amity.briefs.portrait import Between, Domain, Portrait, Reading, Spread, Tie, Trust, Year

__all__ = [
    "LIMITS",
    "breadth",
    "headline",
    "markdown",
    "met",
    "now",
    "reading",
    "text",
    "tilt",
    "trend",
    "vectors",
]

SHOWN = 20
"""Ties that a terminal shows."""
WIDE = 100
"""Columns of a terminal that it fills at most."""
ROW = 92
"""Columns of a row with the last visit."""
LIKELY = 0.75
"""The chance from which a change is called one."""
LIMITS = (
    "Tone, engagement and alignment are estimates, from −100 to 100: 0 is a pair at rest, 46 a standard deviation of "
    "the world’s pairs above it. Intervals are at 90%.",
    "Engagement is read beside what the size, the distance and the habits of two states let expect, so that a small "
    "state with little to do with anybody else can rank before a large one.",
    "A tie of which evidence says too little is unknown, not cold: it has no value and no rank. Where intervals "
    "overlap the order of ranks is uncertain.",
    "Tone, engagement and alignment of an earlier month are what is known of it now; trust and fields are as they "
    "could be known then.",
    "Trust is read from acts coded in the news of five years alone, and is unknown where none is loaded.",
    "Visits are on record for the United States and, as far as it pays them, China; with others no visit is known or "
    "known not to have been.",
    "A change compares the ends of five years; the chance that it rose takes them as independent, and is therefore too "
    "near to a half.",
    "Where evidence ends, an estimate goes back towards rest: a fall in the last years can be the record’s.",
    "Concentration is that of the partners on record: where a source ends, partners can leave the record at once.",
)


def headline(one: Portrait) -> tuple[str, ...]:
    """With whom the state has most to do, with whom it is surely on good or bad terms, and how its trade is spread."""
    told = [tie for tie in one.ties if tie.engagement]
    sentences = (
        _engaged(one, told)
        if told
        else [f"How much {words.the(one.name)} {_tense(one, 'has')} to do with other states is not known."]
    )
    sentences.append(_terms(one))
    trade = [year for year in one.spread if year.kind == "trade"]
    if trade:
        last = trade[-1]
        then = next((year for year in trade if year.year == last.year - 20), None)
        before = f"; {then.effective:.1f} in {then.year}" if then else ""
        sentences.append(
            f"Its trade of {last.year} was spread as over {last.effective:.1f} equal partners, "
            f"{words.the(last.first)} first with {last.first_share:.0%}{before}."
        )
    if one.between:
        year = now(one.between)
        powers = f"{words.the(one.between.a)} and {words.the(one.between.b)}"
        many = f"{len(year.domains)} of {len(one.between.domains)} domains known"
        sentences.append(f"Between {powers}, in {year.year}: {year.said} ({many}).")
    state = states.by_ccode(one.ccode)
    named = lineage([state], FIRST.year, one.month.year)
    return (*(said for said in sentences if said), *named)


def _engaged(one: Portrait, told: list[Tie]) -> list[str]:
    """With whom the state has most to do, of how many it is known, and whether the order is sure."""
    of = f"Of {len(one.ties)} states the engagement of {words.the(one.name)} is known with"
    if len(told) == 1:
        return [f"{of} one: {_names(told)}."]
    order = " Where intervals overlap the order is uncertain." if _overlap(told) else ""
    return [
        f"{of} {len(told)}, and {_tense(one, 'is')} highest with {_names(told[:3])}, by the estimate and beside what "
        f"size, distance and habit let expect.{order}"
    ]


def _overlap(told: list[Tie]) -> bool:
    """Whether two of the ranked ties that follow each other could stand the other way round."""
    spans = [tie.engagement for tie in told if tie.engagement]
    return any(one.low < other.high for one, other in pairwise(spans[:4]))


def _tense(one: Portrait, verb: str) -> str:
    return tense.told(verb, past=tense.ended(one.ccode, one.name))


def _names(ties: list[Tie]) -> str:
    return words.listed([words.the(tie.name) for tie in ties])


def _terms(one: Portrait) -> str:
    """How many ties are surely warmer or colder than a pair at rest."""
    tones = [tie for tie in one.ties if tie.tone]
    warm = [tie for tie in tones if tie.tone and tie.tone.low > 0]
    cold = sorted(
        (tie for tie in tones if tie.tone and tie.tone.high < 0),
        key=lambda tie: tie.tone.value if tie.tone else 0,
    )
    if not tones:
        return ""
    coldest = f", {'' if len(cold) == 1 else 'coldest '}with {words.the(cold[0].name)}" if cold else ""
    ties, are = words.count(len(tones), "tie"), _tense(one, "is" if len(warm) == 1 else "are")
    return (
        f"Of {ties} whose tone is known, {words.none_or(len(warm))} {are} surely warmer than a pair at rest and "
        f"{words.none_or(len(cold))} surely colder{coldest}."
    )


def now(stand: Between) -> Year:
    """The year that is told of the stand between two powers."""
    return next(year for year in stand.years if year.year == stand.year)


def reading(one: Reading | None) -> str:
    """A value with its interval.

    >>> from amity.briefs.portrait import Reading
    >>> reading(Reading(-52.9, -81.1, -4.8, 13.5, 0.7, 9))
    '−53 (−81 to −5)'
    """
    return bands.spelled(one.value, one.low, one.high) if one else "unknown"


def trend(one: Reading | None) -> str:
    """Whether a value rose or fell in five years, where that is likely.

    >>> from amity.briefs.portrait import Reading
    >>> trend(Reading(1.0, 0.0, 2.0, -20.0, 0.1, 9)), trend(Reading(1.0, 0.0, 2.0, -2.0, 0.45, 9))
    ('fell by 20 (chance 0.90)', 'no clear change')
    """
    if one is None or one.rises is None or one.change is None:
        return ""
    if max(one.rises, 1 - one.rises) < LIKELY:
        return "no clear change"
    way, chance = ("rose", one.rises) if one.rises > 0.5 else ("fell", 1 - one.rises)
    return f"{way} by {abs(one.change):.0f} (chance {chance:.2f})"


def met(tie: Tie) -> str:
    """The last visit or meeting of a leader or foreign minister, no more exact than it is known."""
    if tie.met:
        return tie.met.day.isoformat()[: {"month": 7, "year": 4}.get(tie.met.precision, 10)]
    return "none on record" if tie.met_known else "unknown"


def breadth(tie: Tie) -> str:
    """In how many of the known fields the tie is alive."""
    if tie.breadth is None:
        return "unknown"
    value, low, high = tie.breadth
    return f"{value:.1f} ({low}–{high}) of {tie.fields_known}"


def chance(one: Trust | None) -> str:
    """Trust as a chance with its interval.

    >>> from amity.briefs.portrait import Trust
    >>> chance(Trust(0.912, 0.86, 0.95, 2.2))
    '0.91 (0.86 to 0.95)'
    """
    return f"{one.value:.2f} ({one.low:.2f} to {one.high:.2f})" if one else "unknown"


def vectors(one: Portrait) -> list[Spread]:
    """The last year of each kind of dealings."""
    last = {year.kind: year for year in one.spread}
    return list(last.values())


def text(one: Portrait, width: int = WIDE) -> str:
    """The portrait for a terminal of so many columns; a narrow one has no last visits."""
    room = width >= ROW
    lines = [f"{one.name}, {one.month:%B %Y}", "", *headline(one), ""]
    heads = f"{'':>3} {'state':<20} {'engagement':<17} {'tone':<17} {'alignment':<17}"
    lines.append(f"{heads} last visit*" if room else heads.rstrip())
    for tie in one.ties[:SHOWN]:
        cells = [f"{reading(part):<17}" for part in (tie.engagement, tie.tone, tie.alignment)]
        name = fill(tie.name, 20).splitlines()
        rank = "" if tie.rank is None else str(tie.rank)
        row = f"{rank:>3} {name[0]:<20} {' '.join(cells)}"
        lines.append(f"{row} {met(tie)}" if room else row.rstrip())
        lines += [f"      {more}" for more in name[1:]]
    lines += [f"and {len(one.ties) - SHOWN} more; --out FILE writes all"] if len(one.ties) > SHOWN else []
    lines += ["* the last visit or meeting of a leader or foreign minister on record"] if room else []
    lines.append("")
    for year in vectors(one):
        lines.append(
            f"{year.kind}, {year.year}: as {year.effective:.1f} equal partners (Herfindahl {year.herfindahl:.2f}); "
            f"{year.first} first with {year.first_share:.0%} of {words.count_plain(year.partners, 'partner')}"
        )
    if one.between:
        lines += ["", *_stand(one.between)]
    return "\n".join(
        fill(line, width, subsequent_indent=_indent(line)) if len(line) > width else line for line in lines
    )


def _indent(line: str) -> str:
    """Under what a line that goes on begins."""
    return " " * (len(line) - len(line.lstrip()) + 2) if line.startswith(" ") else ""


def _stand(stand: Between) -> list[str]:
    year = now(stand)
    lines = [
        f"Between {words.the(stand.a)} and {words.the(stand.b)}, {year.year}: {year.said}",
        f"alignment {year.alignment:+.2f} ({year.low:+.2f} to {year.high:+.2f}) pooled sd, above 0 towards "
        f"{words.the(stand.a)}; weights: "
        + ", ".join(f"{one.name} {one.weight:g}" for one in stand.domains if one.value is not None),
    ]
    return [*lines, *(f"  {one.name:<15} {tilt(one):<25} {one.says} [{one.unit}]" for one in stand.domains)]


def tilt(one: Domain) -> str:
    """A tilt in its unit with its interval."""
    return "unknown" if one.value is None else f"{one.value:+.2f} ({one.low:+.2f} to {one.high:+.2f})"


def markdown(one: Portrait) -> str:
    """The portrait as Markdown, with every tie."""
    lines = [f"# {one.name}: all its ties, {one.month:%B %Y}", "", *(f"{said}\n" for said in headline(one))]
    heads = (
        "", "State", "Engagement", "Since five years", "Tone", "Alignment", "It trusts", "It is trusted",
        "Fields alive", "Last visit of a leader or foreign minister",
    )  # fmt: skip
    lines += ["## Ties", "", f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    for tie in one.ties:
        rank = "" if tie.rank is None else str(tie.rank)
        cells = (rank, tie.name, reading(tie.engagement), trend(tie.engagement), reading(tie.tone),
                 reading(tie.alignment), chance(tie.trusts), chance(tie.trusted), breadth(tie), met(tie))  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "## How its dealings are spread", ""]
    lines += ["| Kind | Year | Equal partners | Herfindahl | First | Share | Partners |", f"|{'---|' * 7}"]
    lines += [
        f"| {year.kind} | {year.year} | {year.effective:.1f} | {year.herfindahl:.3f} | {year.first} | "
        f"{year.first_share:.0%} | {year.partners} |"
        for year in vectors(one)
    ]
    if one.between:
        lines += ["", "## Between two powers", "", *_stand(one.between)[:2], ""]
        lines += ["| Domain | Tilt | What | Unit |", "|---|---|---|---|"]
        lines += [
            f"| {part.name} | {tilt(part)} | {part.says} | {part.unit} |" for part in one.between.domains
        ]
    lines += ["", "## Limits", "", *(f"- {limit}" for limit in LIMITS), "", "## Sources", ""]
    lines += [f"- {source.citation} ({source.licence})" for source in one.sources]
    return "\n".join(lines) + "\n"
