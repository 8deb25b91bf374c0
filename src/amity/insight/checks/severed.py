"""How often relations were broken off: a count of the record, whole only where the record covers the period.

Counted are ends of relations that somebody made: severed, suspended, interrupted or ended; a state that is no more has
severed nothing. The sentence says which each of them was: an interruption is no severance. The figure has no chance in
it. Where the record does not cover the whole time in which both states were there, more may have happened: the upper
end is then unknown. A period with an open end reaches as far as the record does.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from amity import evidence
from amity.insight.checks.statement import Finding, rows_of, undecided

if TYPE_CHECKING:
    from datetime import date

    from amity.evidence import Evidence
    from amity.insight.checks.known import Known
    from amity.insight.checks.statement import Statement, Verdict

MEASURES = {"severed": "how often relations were broken off, against `times`"}
DIRECTIONS = ("exactly", "at least", "at most")
BROKEN = "^(severed|suspended|interrupted|ended)"
"""How the end of relations begins where somebody ended them."""


def check(known: Known, one: Statement) -> Finding:
    """Whether relations were broken off so many times."""
    pairs = [(a, b) for a in one.who.ccodes for b in one.whom.ccodes]
    covered, asked = _covered(known.ev, pairs, one)
    if not covered:
        return undecided(
            "No loaded source speaks of relations between them in the period.", "times", "years on record"
        )
    both = [
        evidence.ties(known.ev, a.ccodes, b.ccodes, ["relations"])
        for a, b in ((one.who, one.whom), (one.whom, one.who))
    ]
    broken = (
        pl.concat(both)
        .filter(
            pl.col("end").is_between(one.period.first, one.period.last),
            pl.col("ended").fill_null("").str.contains(BROKEN),
        )
        .sort("end", "source", "ref")
        .unique("end", keep="first", maintain_order=True)
    )
    count, missing = broken.height, asked - sum(days for days, _, _ in covered)
    high = float(count) if missing <= 0 else None
    times = one.times if one.times is not None else 1
    first, last = covered[0][1], covered[-1][2]
    each = ", ".join(f"{how.lower()} {day.year}" for how, day in _ways(broken))
    sentence = (
        f"On record from {first:%B %Y} to {last:%B %Y} they were broken off {count} time{'' if count == 1 else 's'}"
        f"{f': {each}' if each else ''}{'; the rest of the period is unknown' if missing > 0 else ''}."
    )
    said = _verdict(count, one.direction, times, whole=missing <= 0)
    years = round(sum(days for days, _, _ in covered) / 365.25)
    rows = rows_of(broken)
    return Finding(said, float(count), float(count), high, "times", years, "years on record", sentence, rows)


def _ways(broken: pl.DataFrame) -> list[tuple[str, date]]:
    """In which way, and when, each of them ended."""
    return broken.select(pl.col("ended").str.extract(BROKEN), "end").rows()


def _verdict(count: int, direction: str, times: int, *, whole: bool) -> Verdict:
    """More may have happened where the record is not whole, never less."""
    enough = count >= times
    if direction == "at least":
        return "supported" if enough else "contradicted" if whole else "not decidable"
    if count > times:
        return "contradicted"
    if direction == "exactly" and not enough and whole:
        return "contradicted"
    return "supported" if whole else "not decidable"


def _covered(
    ev: Evidence, pairs: list[tuple[int, int]], one: Statement
) -> tuple[list[tuple[int, date, date]], int]:
    """Stretches of the period on record (days, first, last), and the days of it in which both states were there."""
    told = evidence.reach(ev, "ties", "relations", pairs).select("start", "end")
    spells = _cut(told, one.period.first, one.period.last)
    if not spells:
        return [], 0
    there = evidence.together(pairs).select("start", "end")
    until = one.period.last if one.period.end else spells[-1][2]
    since = one.period.first if one.period.start else spells[0][1]
    return spells, sum(days for days, _, _ in _cut(there, max(since, min(there["start"])), until))


def _cut(spells: pl.DataFrame, first: date, last: date) -> list[tuple[int, date, date]]:
    """Spells within two days, those that meet joined."""
    joined: list[tuple[date, date]] = []
    for since, until in spells.sort("start").iter_rows():
        start, end = max(since, first), min(until, last)
        if start > end:
            continue
        if joined and start <= joined[-1][1] + timedelta(days=1):
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return [((end - start).days + 1, start, end) for start, end in joined]
