"""Turning points of security: alliances, disputes, sanctions and rivalries, one sentence an event of the record.

A publisher's event is often several rows: an alliance is a row a pledge and direction, a dispute a row a side. Rows of
one event are told together, so that a page lists events and not rows. Borders and distances are no events of a relation
and are not told; neither is the end of something of which the record only stops speaking.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from amity.briefs import words
from amity.briefs.answer import TurningPoint
from amity.insight.record import CORRECTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from amity.briefs.answer import Question, Tie

PLEDGES = {
    "alliance_defense": "defence",
    "alliance_offense": "joint attack",
    "alliance_neutrality": "neutrality",
    "alliance_nonaggression": "non-aggression",
    "alliance_consultation": "consultation",
}
"""Kinds of tie that are pledges of an alliance, as they are called in a sentence, the weightiest first."""
SANCTIONS = ("sanction_threatened", "sanction_imposed")
KINDS = frozenset({*PLEDGES, *SANCTIONS, "dispute", "rivalry", "contiguity"})
"""Kinds of tie that are told here, or (borders) not at all."""

PASSIVE = "no militarised action"
UNCLEAR_ENDS = frozenset({"no end on record", "last year on record", "imposed"})
"""Ends that no event stands behind, or that another turning point of the same day tells."""


def turning_points(question: Question, ties: Sequence[Tie]) -> Iterator[TurningPoint]:
    """Every beginning and end of a tie of security, in any order."""
    for (family, _, _), rows in grouped(ties):
        if family == "alliance":
            yield from of_alliance(question, rows)
        elif family == "dispute":
            yield of_dispute(question, rows)
        else:
            for tie in rows:
                yield from of_sanction(question, tie) if tie.kind in SANCTIONS else of_rivalry(tie)


def grouped(ties: Sequence[Tie]) -> Iterable[tuple[tuple[str, str, str], list[Tie]]]:
    """The ties of each event of the record: its family, its source and the publisher's id.

    The two published lists number disputes alike: one that both tell is told by the list with the corrections.
    """
    mended = {tie.ref for tie in ties if tie.kind == "dispute" and tie.source == CORRECTED}
    mine = [
        tie
        for tie in ties
        if tie.kind in KINDS
        and tie.kind != "contiguity"
        and (tie.kind != "dispute" or tie.source == CORRECTED or tie.ref not in mended)
    ]

    def event(tie: Tie) -> tuple[str, str, str]:
        return ("alliance" if tie.kind in PLEDGES else tie.kind, tie.source, tie.ref)

    for key, rows in groupby(sorted(mine, key=event), key=event):
        yield key, list(rows)


# Alliances


def of_alliance(question: Question, rows: Sequence[Tie]) -> Iterator[TurningPoint]:
    """The pledges of one alliance that begin, and those that end, on each day."""
    for day in sorted({tie.start for tie in rows}):
        begun = [tie for tie in rows if tie.start == day]
        for said in pledged(question, begun):
            yield point(begun[0], f"Alliance: {said}")
    for day in sorted({tie.end for tie in rows if tie.end}):
        over = [tie for tie in rows if tie.end == day]
        for said in pledged(question, over):
            yield ending(over[0], f"Alliance ends: {said}")


def pledged(question: Question, rows: Sequence[Tie]) -> Iterator[str]:
    """What is pledged both ways in one phrase, and what one side alone pledged in others."""
    ways = {way: {tie.kind for tie in rows if sides(question, tie) == way} for way in both_ways(question)}
    (one, ours), (other, theirs) = ways.items()
    mutual, alone = ours & theirs, ((one, ours - theirs), (other, theirs - ours))
    doubt = " (to some members)" if any(tie.level == "to some members" for tie in rows) else ""
    if mutual:
        yield f"{said_of(mutual)} between {question.a.the} and {question.b.the}{doubt}"
    for (sender, receiver), kinds in alone:
        if kinds:
            yield f"{said_of(kinds)}, pledged by {sender} to {receiver}{doubt}"


def said_of(kinds: Iterable[str]) -> str:
    held = set(kinds)
    return words.listed([said for kind, said in PLEDGES.items() if kind in held])


# Disputes, sanctions and rivalries


def of_dispute(question: Question, rows: Sequence[Tie]) -> TurningPoint:
    """One dispute, told once, in its first year: how long it lasted, and how far each side went."""
    first = min(rows, key=lambda tie: tie.start)
    last = max((tie.end.year for tie in rows if tie.end), default=first.start.year)
    still = any(tie.end is None for tie in rows)
    years = "" if last == first.start.year else f", to {last}"
    acted = {(sides(question, tie)[0], tie.level or "dispute") for tie in rows if tie.level != PASSIVE}
    said = [f"{level} by {sender}" for sender, level in sorted(acted)]
    what = f"Militarised dispute{', still open when the record ends' if still else years}"
    return point(first, f"{what}: {words.listed(said)}" if said else what)


def of_sanction(question: Question, tie: Tie) -> Iterator[TurningPoint]:
    sender, receiver = sides(question, tie)
    through = f", through the {tie.who}" if tie.who else ""
    measures = f" ({tie.level})" if tie.level and tie.level != "not specified" else ""
    verb = "threatened" if tie.kind == "sanction_threatened" else "imposed"
    of = f"by {sender} on {receiver}" if verb == "imposed" else f"by {sender} against {receiver}"
    yield point(tie, f"Sanctions {verb} {of}{through}{measures}")
    if tie.ended and tie.ended not in UNCLEAR_ENDS:
        what = "Sanctions" if verb == "imposed" else "Threats of sanctions"
        yield ending(tie, f"{what} {of}{through} end: {tie.ended}")


def of_rivalry(tie: Tie) -> Iterator[TurningPoint]:
    causes = f" ({tie.level})" if tie.level else ""
    yield point(tie, f"Strategic rivalry begins{causes}")
    if tie.end:
        yield ending(tie, "Strategic rivalry ends")


# Shared


def both_ways(question: Question) -> tuple[tuple[str, str], tuple[str, str]]:
    a, b = question.a.the, question.b.the
    return (a, b), (b, a)


def sides(question: Question, tie: Tie) -> tuple[str, str]:
    """Sender and receiver of a tie; a line of states may hold it under an older code."""
    forth, back = both_ways(question)
    return forth if question.a.ccode == tie.ccode_from or question.b.ccode == tie.ccode_to else back


def point(tie: Tie, what: str) -> TurningPoint:
    return TurningPoint(tie.start, tie.start_precision, what, "security", tie.source, tie.ref)


def ending(tie: Tie, what: str) -> TurningPoint:
    return TurningPoint(
        tie.end or tie.start, tie.end_precision or "day", what, "security", tie.source, tie.ref
    )
