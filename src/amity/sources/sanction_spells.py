"""Cases of sanctions into spells of threats and of measures, one for each sender and target.

Both sources of sanctions are told alike: who is named acts by itself; the European Union acts as each of its members,
for the days on which they were members.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amity.catalog import polars_schema
from amity.sources.organisations import EUROPEAN_UNION, UNION, european_union
from amity.sources.sanction_days import Day
from amity.states import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from amity.sources.ties_sanctions import Case

THREATENED, IMPOSED = "sanction_threatened", "sanction_imposed"
NO_END = "no end on record"


class Spell(NamedTuple):
    """A threat or an imposition of one case: from when to when (None: still), and how it began and ended."""

    kind: str
    start: Day
    began: str
    end: Day | None
    ended: str | None
    level: str


class Side(NamedTuple):
    """A sender or a target; `who` is the organisation as whose member it stands there."""

    code: int
    who: str | None = None
    entered: date | None = None
    left: date | None = None
    how: str = ""


def of_cases(cases: Sequence[Case], file: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """All cases as rows of `ties` and of `review`, in the order of states, days and cases."""
    told: list[tuple[object, ...]] = []
    review: list[tuple[str, str, str]] = []
    for case in cases:
        spells, why = _spells(case)
        reasons = [*case.notes, *why]
        if not case.senders:
            reasons.append("no state is named as a sender, only an institution")
        for spell in spells:
            told += rows(case.senders, (case.target,), spell, f"case {case.number}")
        review += [(file, f"case {case.number}", reason) for reason in reasons]
    return ties(told, file), pl.DataFrame(review, schema=polars_schema("review"), orient="row")


def _spells(case: Case) -> tuple[list[Spell], list[str]]:
    """The threat and the imposition of a case, and why one of them cannot be told."""
    found = [_threat(case)] if case.threat else []
    reasons: list[str] = []
    if case.imposition and case.imposed is None:
        reasons.append("it was imposed on a day that is not given: only its threat is told")
    elif case.imposition and case.imposed is not None:
        end, ended = _end(case, case.imposed)
        found.append(Spell(IMPOSED, case.imposed, "imposed", end, ended, case.measures))
    turned = [spell for spell in found if spell.end and spell.end.last < spell.start.first]
    reasons += [f"{spell.kind.replace('_', ' ')}: it ends before it begins" for spell in turned]
    return [spell for spell in found if spell not in turned], reasons


def _threat(case: Case) -> Spell:
    """A threat stands until it is carried out, else until the case ends."""
    if case.imposition:
        end, ended = (case.imposed, "imposed") if case.imposed else (case.started, NO_END)
    else:
        end, ended = _end(case, case.started)
    return Spell(THREATENED, case.started, "threatened", end, ended, case.threatened)


def _end(case: Case, start: Day) -> tuple[Day, str]:
    """The end of a case. Without one, what is sure: the last day on which the publisher heard of it, else the
    first."""
    if case.ended is not None:
        return case.ended, case.outcome or "ended"
    return case.last_heard or start, NO_END


def rows(
    senders: Sequence[int], targets: Sequence[int], spell: Spell, ref: str
) -> Iterator[tuple[object, ...]]:
    """A spell for every sender and target (codes of states, and `UNION`), for `ties`.

    Where one of the two is a member of the Union, it is told for the days of its membership.
    """
    for sender in _sides(senders, spell):
        for target in _sides(targets, spell):
            if sender.code == target.code:
                continue
            start, began = _entered(spell, sender, target)
            end, ended = _left(spell, sender, target)
            yield (
                *(start.first, start.precision, began),
                *((end.last, end.precision) if end else (None, None)),
                *(
                    ended,
                    str(sender.code),
                    str(target.code),
                    spell.kind,
                    spell.level,
                    sender.who or target.who,
                    ref,
                ),
            )


def ties(told: Sequence[tuple[object, ...]], file: str) -> pl.DataFrame:
    """What `rows` gives as `ties`, in the order of states, days, kinds and refs; codes of no state raise."""
    schema = polars_schema("ties") | {"ccode_from": pl.String(), "ccode_to": pl.String()}
    frame = pl.DataFrame(told, schema=schema, orient="row")
    for column in ("ccode_from", "ccode_to"):
        codes = resolve(frame.select(column), column, "ccode", file=file)
        frame = frame.with_columns(codes["ccode"].alias(column))
    return frame.select(*polars_schema("ties")).sort("ccode_from", "ccode_to", "start", "kind", "ref")


def _sides(codes: Sequence[int], spell: Spell) -> list[Side]:
    """States by their codes; the Union stands for its members, but those that are named themselves."""
    named = [Side(code) for code in codes if code != UNION]
    if UNION not in codes:
        return named
    members = european_union(spell.start.first, spell.end.last if spell.end else None)
    return named + [
        Side(one.ccode, EUROPEAN_UNION, one.entered, one.left, one.how)
        for one in members
        if one.ccode not in codes
    ]


def _entered(spell: Spell, *sides: Side) -> tuple[Day, str]:
    """The beginning of a spell, or of the membership that began within it."""
    later = [side for side in sides if side.entered and side.entered > spell.start.last]
    if not later:
        return spell.start, spell.began
    last = max(later, key=lambda side: side.entered or date.min)
    return _on(last.entered), last.how


def _left(spell: Spell, *sides: Side) -> tuple[Day | None, str | None]:
    """The end of a spell, or of the membership that ended within it."""
    sooner = [side for side in sides if side.left and (spell.end is None or side.left < spell.end.first)]
    if not sooner:
        return spell.end, spell.ended
    first = min(sooner, key=lambda side: side.left or date.max)
    return _on(first.left), first.how


def _on(day: date | None) -> Day:
    return Day(day or date.min, day or date.min, "day")
