r"""What followed acts: tone in the year after them less tone in the year before, by the pair's own record alone.

* **after pressure**: sanctions threatened or imposed by the first state on the second, quarrels over mere trade left
  out, and years in which its aid fell by half or more;
* **after aid**: years in which its aid rose by half or more (by a million dollars at least);
* **after visits**: visits of heads of state or government, or foreign ministers, either way.

Acts within a year of each other are one episode: its year before is that before the first act, its year after that
after the last. Sanctions are themselves evidence of tone, so that after pressure tone is estimated without them; visits
and aid are none. The interval holds the error of the states and how much episodes differ (Student's t); where fewer
than five episodes have a known tone on both sides, nothing is told.

This compares a pair with itself and looks at no other: what would have come anyway is in it. It says what followed, not
what was caused. `episodes` and `followed` are apart so that a comparison with similar moments can take the place of
the latter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amity import evidence
from amity.dimensions import named
from amity.dimensions.constants import loaded
from amity.dimensions.estimate import prepare, smoothed
from amity.dimensions.pair import Reading
from amity.dimensions.tone import beyond_trade
from amity.insight.checks.known import KNOWN, NINETY, contrast, mean_over
from amity.insight.checks.statement import Finding, Period, Row, between, undecided, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.insight.checks.known import Known
    from amity.insight.checks.statement import Statement

MEASURES = {
    "after pressure": "tone after sanctions, threats of them and cuts of aid, against tone before",
    "after aid": "tone after rises of aid, against tone before",
    "after visits": "tone after visits of leaders and foreign ministers, against tone before",
}
DIRECTIONS = ("worse", "better")
UNIT = "standard deviations of the world's pairs"
RANKS = ("head of state", "head of government", "foreign minister")
SANCTIONS = ("sanction_threatened", "sanction_imposed")
WINDOW = 365
"""Days before the first act and after the last; acts no further apart are one episode."""
HALF, LEAST = 0.5, 1e6
"""Aid that changes by this share and at least so many dollars has risen or been cut."""
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Act:
    """One act, with the days that it may have been of."""

    first: date
    last: date
    row: Row


@dataclass(frozen=True, slots=True)
class Episode:
    """Acts close to each other."""

    first: date
    last: date
    rows: tuple[Row, ...]

    @property
    def before(self) -> Period:
        return Period(self.first - timedelta(days=WINDOW), self.first.replace(day=1) - timedelta(days=1))

    @property
    def after(self) -> Period:
        return Period(self.last + timedelta(days=1), self.last + timedelta(days=WINDOW + 1))


@dataclass(frozen=True, slots=True)
class Followed:
    """The mean change over episodes."""

    value: float
    low: float
    high: float
    episodes: tuple[Episode, ...]
    """Those that it rests on."""


def check(known: Known, one: Statement) -> Finding:
    """Whether tone was worse or better after acts than before them."""
    acts = {"after pressure": _pressure, "after aid": _aid, "after visits": _visits}[one.measure](known, one)
    found = episodes([act for act in acts if one.period.first <= act.first <= one.period.last])
    rows = tuple(row for episode in found for row in episode.rows)
    if not found:
        return undecided("No such act is on record in the period.", UNIT, "episodes")
    left_out = SANCTIONS if one.measure == "after pressure" else ()
    told = followed(_reading(known, one, left_out), found)
    if told is None:
        words = f"Of {len(found)} episodes ({len(rows)} acts) fewer than {FEWEST} have a known tone before and after."
        return undecided(words, UNIT, "episodes", len(found), rows)
    said = verdict(told.low, told.high, above=one.direction == "better")
    n = len(told.episodes)
    sentence = (
        f"In the year after {n} episodes tone was {told.value:+.2f} from the year before "
        f"({between(told.low, told.high)}); compared with the pair itself alone."
    ).replace(" -", " −")
    behind = tuple(row for episode in told.episodes for row in episode.rows)
    return Finding(said, told.value, told.low, told.high, UNIT, n, "episodes", sentence, behind)


def episodes(acts: Sequence[Act]) -> tuple[Episode, ...]:
    """Acts, those within a year of the one before as one episode."""
    joined: list[list[Act]] = []
    for act in sorted(acts, key=lambda act: (act.first, act.last)):
        if joined and (act.first - max(one.last for one in joined[-1])).days <= WINDOW:
            joined[-1].append(act)
        else:
            joined.append([act])
    return tuple(
        Episode(some[0].first, max(act.last for act in some), tuple(act.row for act in some))
        for some in joined
    )


def followed(reading: Reading | None, found: Sequence[Episode]) -> Followed | None:
    """The mean change of a dimension after episodes, with its interval; None where fewer than five can be read."""
    if reading is None:
        return None
    kept: list[tuple[Episode, np.ndarray[tuple[int], np.dtype[np.float64]]]] = []
    for episode in found:
        sides = [mean_over(reading, part) for part in (episode.after, episode.before)]
        if all(side.any() and contrast(reading, side)[1] <= KNOWN for side in sides):
            kept.append((episode, sides[0] - sides[1]))
    if len(kept) < FEWEST:
        return None
    moved = np.array([contrast(reading, weights)[0] for _, weights in kept])
    value, sd = contrast(reading, np.mean([weights for _, weights in kept], axis=0))
    spread = float(np.sqrt(sd**2 + moved.var(ddof=1) / len(moved)))
    half = student(len(moved) - 1) * spread
    return Followed(value, value - half, value + half, tuple(episode for episode, _ in kept))


def student(freedom: int) -> float:
    """The 95th percentile of Student's t, by its expansion about the normal one; good from four degrees on.

    >>> round(student(4), 2), round(student(10), 2), round(student(1000), 2)
    (2.13, 1.81, 1.65)
    """
    z, v = NINETY, float(freedom)
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    )


def _reading(known: Known, one: Statement, left_out: Sequence[str]) -> Reading | None:
    """Tone, without some of its items; None where nothing of it was observed."""
    relation = known.relation(one.who, one.whom)
    rows = relation.observed.filter(pl.col("dimension") == "tone", ~pl.col("item").is_in(list(left_out)))
    if rows.is_empty():
        return None
    if not left_out:
        return relation.readings["tone"]
    tone = named("tone")
    pairs, last = relation.readings["tone"].laid.pairs, relation.readings["tone"].laid.months[-1]
    laid = prepare(rows, pairs, tone.ABOUT, tone.ITEMS, loaded(known.ev, tone), last)
    return Reading(laid, smoothed(laid))


def _pressure(known: Known, one: Statement) -> list[Act]:
    ties = evidence.ties(known.ev, one.who.ccodes, one.whom.ccodes, SANCTIONS).filter(beyond_trade())
    begun = [
        Act(start, date(start.year, 12, 31) if precision == "year" else start, Row(source, ref))
        for start, precision, source, ref in ties.select(
            "start", "start_precision", "source", "ref"
        ).iter_rows()
    ]
    return [*begun, *_changes_of_aid(known, one, rise=False)]


def _aid(known: Known, one: Statement) -> list[Act]:
    return _changes_of_aid(known, one, rise=True)


def _changes_of_aid(known: Known, one: Statement, *, rise: bool) -> list[Act]:
    """Years in which aid rose, or fell, by half from the year before; a year that nobody speaks of is unknown."""
    pairs = [(a, b) for a in one.who.ccodes for b in one.whom.ccodes]
    if evidence.reach(known.ev, "figures", "aid_obligated", pairs).is_empty():
        return []
    rows = evidence.panel(known.ev, pairs, "dyad-year")
    forth = pl.col("ccode1").is_in(list(one.who.ccodes)) & pl.col("ccode2").is_in(list(one.whom.ccodes))
    given = rows.filter(forth).select("year", aid=pl.col("aid_obligated_1to2")).drop_nulls().sort("year")
    before, now = pl.col("aid").shift(1), pl.col("aid")
    moved = (now - before) >= LEAST if rise else (before - now) >= LEAST
    share = now >= (1 + HALF) * before if rise else now <= HALF * before
    found = given.filter((pl.col("year").diff() == 1) & moved & share)["year"]
    return [Act(date(y, 1, 1), date(y, 12, 31), Row("aid_obligated", f"year {y}")) for y in found]


def _visits(known: Known, one: Statement) -> list[Act]:
    ways = ((one.who, one.whom), (one.whom, one.who))
    rows = pl.concat([evidence.visits(known.ev, a.ccodes, b.ccodes) for a, b in ways])
    told = rows.filter(pl.col("rank").is_in(RANKS)).select("date", "precision", "source", "ref")
    return [
        Act(day, date(day.year, 12, 31) if precision == "year" else day, Row(source, ref))
        for day, precision, source, ref in told.iter_rows()
    ]
