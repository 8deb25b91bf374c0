"""Numbers and dates in words: how a brief speaks, the same in every rendering."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from amity.briefs import bands, tense

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from amity.briefs.answer import Brief, Cadence, Closeness, Question, Reach, Tie, Visit

TAKES_THE = (
    "Bahamas",
    "Comoros",
    "Gambia",
    "Maldives",
    "Netherlands",
    "Papal States",
    "Philippines",
    "Seychelles",
    "Soviet Union",
)
ENDS_WITH_THE = ("Republic", "Islands", "Kingdom", "States", "Emirates", "Union", "Federation", "Sicilies")
TOP = ("head of state", "head of government")
ENOUGH = 20
"""Roll calls below which a year's agreement is drawn but not spoken of."""
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def the(name: str) -> str:
    """The name as it stands inside a sentence.

    >>> the("United States"), the("Cambodia"), the("Dominican Republic")
    ('the United States', 'Cambodia', 'the Dominican Republic')
    """
    needs = name in TAKES_THE or name.partition(",")[0].endswith(ENDS_WITH_THE)
    return f"the {name}" if needs else name


def whose(name: str) -> str:
    """
    >>> whose("Cambodia"), whose("the United States")
    ('Cambodia’s', 'the United States’')
    """
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def day(when: date, precision: str = "day") -> str:
    """A date in words, no more exact than it is known.

    >>> from datetime import date
    >>> day(date(1965, 5, 3)), day(date(1965, 5, 1), "month"), day(date(1965, 1, 1), "year")
    ('3 May 1965', 'May 1965', '1965')
    """
    month = f"{MONTHS[when.month - 1]} {when.year}"
    return {"day": f"{when.day} {month}", "month": month}.get(precision, str(when.year))


def listed(parts: Sequence[str], joint: str = "and") -> str:
    """Parts as a list in a sentence.

    >>> listed(["one", "two", "three"])
    'one, two and three'
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {joint} {parts[-1]}"


SMALL = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip


def number_word(number: int) -> str:
    """
    >>> number_word(3), number_word(31)
    ('three', '31')
    """
    return SMALL[number] if number < len(SMALL) else str(number)


def none_or(number: int) -> str:
    """
    >>> none_or(0), none_or(2)
    ('none', 'two')
    """
    return number_word(number) if number else "none"


def count(number: int, noun: str) -> str:
    """A number with its noun, small numbers in words.

    >>> count(1, "visit"), count(2, "visit"), count(31, "visit")
    ('one visit', 'two visits', '31 visits')
    """
    return f"{number_word(number)} {noun}{'' if number == 1 else 's'}"


def ago(months: int) -> str:
    """A length of time as a person says it.

    >>> ago(3), ago(14), ago(200)
    ('3 months', '14 months', '17 years')
    """
    return count_plain(months, "month") if months < 36 else count_plain(round(months / 12), "year")


def count_plain(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def spell_of(tie: Tie) -> str:
    """The years of a tie: '1969–1975', or 'since 1994' while it holds."""
    return f"{tie.start.year}–{tie.end.year}" if tie.end else f"since {tie.start.year}"


# The headline


def headline(brief: Brief, reach: Sequence[Reach] = ()) -> tuple[str, ...]:
    """How the tie stands: by estimate, then in what is formal, votes and meetings; only what a source says.

    `reach` is what sources speak about in all years, of which the brief's own has the years asked for.
    """
    a, b = brief.question.a.the, brief.question.b.the
    past = tense.over(brief.question)
    estimate = (bands.sentence(brief.state, f"{a} and {b}", past=past),) if brief.state else ()
    said = [formal(brief, reach) or housed(brief), in_votes(brief), met(brief)]
    kept = tuple(sentence for sentence in said if sentence)
    return (*estimate, *kept) if kept else (f"No loaded source has a row about {a} and {b} in these years.",)


def formal(brief: Brief, reach: Sequence[Reach] = ()) -> str:
    """Relations in a sentence: since when, how often broken, how they stand at the end of the record."""
    spells = [tie for tie in brief.ties if tie.kind == "relations"]
    pair = upper_first(f"{brief.question.a.the} and {brief.question.b.the}")
    if not spells:
        known = any(reach.table == "ties" and reach.kind == "relations" for reach in brief.reach)
        return f"{pair} had no diplomatic relations on any day on record in these years." if known else ""
    first, last = spells[0], spells[-1]
    breaks = listed([broken(one, after) for one, after in pairwise(spells)])
    if last.end:
        until = day(last.end, last.end_precision or "day")
        before = f"; before that they had been {breaks}" if breaks else ""
        return f"{pair} had diplomatic relations from {first.start.year} to {until}, when {how_ended(last)}{before}."
    had = (
        "had diplomatic relations from"
        if tense.over(brief.question)
        else "have had diplomatic relations since"
    )
    since = f"{pair} {had} {first.start.year}"
    again = f", {breaks}; they were {last.began} on {day(last.start, last.start_precision)}" if breaks else ""
    return f"{since}{again}.{as_far_as(brief, reach)}"


def housed(brief: Brief) -> str:
    """Embassies in a sentence, where no source speaks of relations: who had one, in the last year on record."""
    known = [reach for reach in brief.reach if reach.table == "ties" and reach.kind == "post"]
    if not known:
        return ""
    a, b, year = brief.question.a, brief.question.b, max(reach.end for reach in known).year
    open_still = [tie for tie in brief.ties if tie.kind == "post" and tie.level == "embassy" and not tie.end]
    a_in_b, b_in_a = (any(tie.ccode_from == one.ccode for tie in open_still) for one in (a, b))
    if a_in_b and b_in_a:
        return f"{upper_first(a.the)} and {b.the} had an embassy in each other in {year}."
    if a_in_b or b_in_a:
        here, there = (a, b) if a_in_b else (b, a)
        return f"{upper_first(here.the)} had an embassy in {there.the} in {year}; none the other way is on record."
    return f"No embassy of either in the other is on record in {year}."


def how_ended(tie: Tie) -> str:
    """The end of relations as a clause."""
    if tie.ended == "state ended":
        return "one of the two states ended"
    return f"they were {(tie.ended or 'ended').partition(' by ')[0]}"


def absent(brief: Brief) -> str:
    """What a reader may miss, and that it is unknown rather than nought; empty where every kind is covered."""
    known = {(reach.table, kind) for reach in brief.reach for kind in (reach.table, reach.kind)}
    kinds = {
        "relations": {("ties", "relations"), ("ties", "*")},
        "envoys": {("ties", "envoy"), ("ties", "*")},
        "visits": {("acts", "acts")},
        "aid": {("figures", "figures")},
        "votes": {("votes", "votes")},
    }
    missing = listed([said for said, any_of in kinds.items() if not any_of & known])
    pair = f"{brief.question.a.the} and {brief.question.b.the}"
    return f"No loaded source speaks about {missing} between {pair}: unknown, not none." if missing else ""


def as_far_as(brief: Brief, reach: Sequence[Reach] = ()) -> str:
    """Where the record of relations ends, if long before the rest of the evidence."""
    told = (*reach, *brief.reach)
    ends = [one.end for one in told if one.table == "ties" and one.kind == "relations"]
    if not ends or brief.evidence_to is None or brief.evidence_to.year - max(ends).year < 2:
        return ""
    return f" That record ends in {max(ends).year}."


def broken(before: Tie, after: Tie) -> str:
    """One break: 'severed in 1965–1969'."""
    ended = (before.ended or "broken off").partition(" by ")[0]
    first = before.end.year if before.end else after.start.year
    return f"{ended} in {first}–{after.start.year}" if first != after.start.year else f"{ended} in {first}"


def last_full(series: Sequence[Closeness]) -> Closeness | None:
    """The last year with enough roll calls to speak of (`ENOUGH`); the last year at all where none has as many."""
    enough = [point for point in series if point.n >= ENOUGH]
    return enough[-1] if enough else (series[-1] if series else None)


def in_votes(brief: Brief) -> str:
    """Where the two stand in the General Assembly, beside the third power."""
    last = last_full(brief.agreement)
    if last is None:
        return ""
    pair = f"{brief.question.a.the} and {brief.question.b.the}"
    said = f"In UN votes of {last.year} {pair} agreed {share(last)}"
    far = [point for point in brief.agreement_a_third if point.year == last.year]
    if far and brief.question.third:
        said += f", {brief.question.a.the} and {brief.question.third.the} {far[0].value:.2f}"
    return f"{said}; 1 is always the same vote, 0 always the opposite.{swing(brief.agreement)}"


def share(point: Closeness) -> str:
    return f"{point.value:.2f} (90% interval {point.low:.2f} to {point.high:.2f}, {point.n} roll calls)"


def swing(series: Sequence[Closeness]) -> str:
    """The highest and the lowest year, where they are apart by more than their intervals."""
    sure = [point for point in series if point.n >= ENOUGH]
    if not sure:
        return ""
    high, low = max(sure, key=lambda p: p.value), min(sure, key=lambda p: p.value)
    if high.low <= low.high:
        return ""
    return f" They were closest in {high.year} ({high.value:.2f}) and farthest apart in {low.year} ({low.value:.2f})."


def met(brief: Brief) -> str:
    """The last visit at the top, and how long before the end of the record."""
    top = [visit for visit in brief.visits if visit.rank in TOP]
    if not any(reach.table == "acts" for reach in brief.reach):
        return ""
    if not top:
        return "No visit by a head of state or government, either way, is on record in these years."
    last = max(top, key=lambda visit: visit.date)
    said = f"The last visit at the top was that of {visitor(last, brief.question)}."
    return f"{said}{visits_end(brief)}{against_peers(brief.cadence)}"


def visits_end(brief: Brief) -> str:
    """Where the record of visits ends, if long before the rest of the evidence."""
    ends = [reach.end for reach in brief.reach if reach.table == "acts" and reach.kind in ("visit", "*")]
    if not ends or brief.evidence_to is None or brief.evidence_to.year - max(ends).year < 2:
        return ""
    return f" That record ends in {max(ends).year}."


def visitor(visit: Visit, question: Question, *, dated: bool = True) -> str:
    """Who went where, and when."""
    host = question.b.the if visit.direction == "a to b" else question.a.the
    return f"{visit.who} to {host}{when(visit) if dated else ''}"


def when(visit: Visit) -> str:
    """The day of a visit, or its year, as a clause."""
    return f" {'on' if visit.precision == 'day' else 'in'} {day(visit.date, visit.precision)}"


def visits_known(brief: Brief, first: int, last: int) -> bool:
    """Whether in some of these years sources speak about visits both ways, so that none on record is none."""
    told = [
        reach.direction
        for reach in brief.reach
        if reach.table == "acts"
        and reach.kind in ("visit", "*")
        and reach.start.year <= last
        and reach.end.year >= first
    ]
    return "both" in told or {"a to b", "b to a"} <= set(told)


def against_peers(cadence: Cadence | None) -> str:
    """How often the two meet beside the peers' median."""
    if cadence is None:
        return ""
    own = next(row for row in cadence.rows if row.is_pair)
    return (
        f" Since {cadence.start} leaders have visited {own.per_decade:.1f} times a decade;"
        f" the median of peers is {cadence.median:.1f}."
    )


# Titles that say the finding


def title_timeline(brief: Brief) -> str:
    broken_off = sum(1 for tie in brief.ties if tie.kind == "relations" and tie.ended)
    if broken_off:
        return f"Relations broken off {times(broken_off)}, in one view"
    return f"The record since {brief.question.start}, in one view"


def title_powers(brief: Brief) -> str:
    """Which of the two powers the votes of the state between are nearer to, and since when."""
    third = brief.question.third
    state, other, series = (
        (brief.question.b, brief.question.a, brief.agreement_b_third)
        if brief.between and brief.between.side == "b"
        else (brief.question.a, brief.question.b, brief.agreement_a_third)
    )
    far = {point.year: point.value for point in series}
    both = [(p.year, far[p.year] - p.value) for p in brief.agreement if p.year in far and p.n >= ENOUGH]
    if not both or third is None:
        return ""
    nearer = third if both[-1][1] > 0 else other
    since = both[-1][0]
    for year, tilt in reversed(both):
        if (tilt > 0) != (both[-1][1] > 0):
            break
        since = year
    always = "in every year on record" if since == both[0][0] else f"in every year since {since}"
    return f"{upper_first(state.the)} has voted nearer to {nearer.the} {always}"


def title_cadence(brief: Brief) -> str:
    """How often the pair meets, as a rank among its peers."""
    assert brief.cadence is not None  # noqa: S101
    often = f"{ordinal(brief.cadence.rank)} most often" if brief.cadence.rank > 1 else "most often"
    other = next(row.name for row in brief.cadence.rows if row.is_pair)
    pair = upper_first(f"{brief.cadence.hub} and {the(other)}")
    meet = tense.told("meet", past=tense.over(brief.question))
    return f"{pair} {meet} at the top {often} of {len(brief.cadence.rows)} pairs"


def times(number: int) -> str:
    """
    >>> times(1), times(2), times(5)
    ('once', 'twice', '5 times')
    """
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def ordinal(number: int) -> str:
    """
    >>> ordinal(2), ordinal(11), ordinal(23)
    ('2nd', '11th', '23rd')
    """
    suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"
