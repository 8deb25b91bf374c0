"""Trust after acts: the trust of those towards whom somebody acted, in who acted, as arrays.

Trust is followed from coded news, which speaks of few years: the year of quiet and of slope that other outcomes ask for
cannot be had. So three months must be quiet, slope is that of two months, and nothing is said beyond what a stretch of
covered months holds. What a news class is needs a rule too, for between many pairs there is hardly a month without a
meeting or a rebuke: an act is a *surge*, a month with two or more days of it and with more than the three before it
together. Both were set before any answer was seen. Alike are moments in trust, slope, asymmetry of power, all that was
told of the two in three months and, besides, acts of the class itself in them: without the last, placebo dates of pairs
that accuse each other raise an alarm one time in four.

Trust is read without the days on which such an act was told between the two, either way and with all else that was told
of them on those days: one meeting is often coded as several acts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amity.dimensions.observed import lines
from amity.engine.projecting import QUIET, Panel, cases_of, eligible
from amity.evidence.daily_acts import daily_acts
from amity.evidence.event_days import covered_months, last_day, spans
from amity.insight import trust
from amity.insight.response_world import Compared, Laid, at, laid

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from amity.engine.compiled import Floats, Whole
    from amity.evidence import Evidence
    from amity.insight.response_acts import ActClass
    from amity.insight.response_world import World

    Mask = NDArray[np.bool_]

__all__ = ["LATER", "SHORT", "TELLS", "News", "compared", "news", "surges", "trust_of"]

SHORT = 3
"""Months of quiet before a surge, and before its controls."""
SLOPE = 2
LATER = 3
"""Months after a placebo date without a surge."""
LEAST = 2
"""Days of a surge at least."""
TELLS = {
    "visits": ("04",),
    "agreement": ("05",),
    "aid pledged": ("07",),
    "aid cut": ("16",),
    "threat": ("13",),
    "sanction imposed": ("16", "17"),
    "sanction lifted": ("08",),
    "arms": ("07",),
    "troops": ("15", "18", "19", "20"),
    "relations restored": ("05",),
    "relations severed": ("16",),
}
"""CAMEO roots that tell of acts of a class, or of a table, that is not coded from the news."""


@dataclass(frozen=True, slots=True)
class News:
    """Coded acts between the pairs of a world, of the source that speaks of most days: each once a day and root."""

    acts: pl.DataFrame
    """`date, ccode_from, ccode_to` (lines), `root, quad`, and `row` (the direction, from 0), `month` (from 0)."""
    covered: Mask
    """(months,) wholly."""
    source: str
    kind: trust.Record

    @property
    def months(self) -> int:
        return len(self.covered)


def news(of: World, ev: Evidence) -> News | None:
    """The coded acts of a world; None where no source has any. Directions are those of 1, then those of 2."""
    told = spans(ev)
    if not told:
        return None
    source = max(
        sorted(told), key=lambda name: sum((end - start).days + 1 for start, end in _whole(told[name]))
    )
    line = dict(lines().iter_rows())
    acts = daily_acts(ev, source=source).with_columns(
        pl.col(name).replace(line).cast(pl.Int16) for name in ("ccode_from", "ccode_to")
    )
    covered = np.zeros(of.months, bool)
    for month, days in covered_months(told[source]).items():
        if days == last_day(month).day and 0 <= at(month) < of.months:
            covered[at(month)] = True
    return News(_placed(acts, of), covered, source, trust.records()["all"])


def _whole(days: tuple[tuple[date, date], ...]) -> list[tuple[date, date]]:
    """Spells of a month or more."""
    return [(start, end) for start, end in days if (end - start).days >= 27]


def _placed(acts: pl.DataFrame, of: World) -> pl.DataFrame:
    """Acts between pairs of a world, each once a day, direction and root, with their rows and months."""
    one = of.pairs.with_row_index("row").rename({"ccode1": "ccode_from", "ccode2": "ccode_to"})
    two = of.pairs.with_row_index("row").rename({"ccode2": "ccode_from", "ccode1": "ccode_to"})
    rows = pl.concat(
        [
            part.select("ccode_from", "ccode_to", pl.col("row").cast(pl.Int64) + more)
            for part, more in ((one, 0), (two, of.pairs.height))
        ]
    )
    month = (pl.col("date").dt.year().cast(pl.Int64) - 1946) * 12 + pl.col("date").dt.month() - 1
    return (
        acts.unique(["date", "ccode_from", "ccode_to", "root"], keep="first", maintain_order=True)
        .join(rows, on=["ccode_from", "ccode_to"])
        .with_columns(month=month.cast(pl.Int64))
        .filter(pl.col("month").is_between(0, of.months - 1))
    )


def _counted(acts: pl.DataFrame, rows: int, months: int) -> Whole:
    """(rows, months) acts."""
    found = np.zeros((rows, months), np.int64)
    np.add.at(found, (acts["row"].to_numpy(), acts["month"].to_numpy()), 1)
    return found


def _before(counts: Whole, months: int) -> Whole:
    """The sum over the months before each month.

    >>> _before(np.array([[1, 2, 3, 4]]), 2)
    array([[0, 1, 3, 5]])
    """
    total = np.concatenate([np.zeros((len(counts), 1), np.int64), counts.cumsum(1)], 1)[:, :-1]
    found = total.copy()
    found[:, months:] -= total[:, :-months]
    return found


def _lately(counts: Whole) -> Floats:
    """Log of the acts of three months, to the month itself."""
    return np.log1p(_before(counts, SHORT - 1) + counts)


def surges(counts: Whole) -> Mask:
    """Months with two or more, and with more than the three months before together.

    >>> surges(np.array([[0, 0, 0, 1, 3, 4, 9]])).astype(int)
    array([[0, 0, 0, 0, 1, 0, 1]])
    """
    return (counts >= LEAST) & (counts > _before(counts, SHORT))


def trust_of(of: World, told: News, roots: tuple[str, ...] = ()) -> Floats:
    """(directions, months) log-odds of trust in who acts, of those towards whom, at the end of each month.

    In standard deviations of pairs; nan outside of covered months, and before the first act. Days on which an act of
    `roots` was told between the two are left out.
    """
    key = ("trust", roots)
    if key not in of.states:
        of.states[key] = _followed(of, told, roots)
    return of.states[key]


def _followed(of: World, told: News, roots: tuple[str, ...]) -> Floats:
    from amity.insight.trust_path import follow  # noqa: PLC0415  (numba is slow to import)

    rows = of.pairs.height
    pair = (pl.col("row") % rows).alias("pair")
    named = told.acts.filter(pl.col("root").is_in(roots)).select("date", pair).unique()
    kept = told.acts.with_columns(pair).join(named, on=["date", "pair"], how="anti")
    put = trust.laid_out(kept.select("date", "ccode_from", "ccode_to", "root", "quad"))
    months = np.flatnonzero(told.covered)
    ends = pl.Series([last_day(_month(int(t))) for t in months], dtype=pl.Date).to_physical().to_numpy()
    index = kept.select("ccode_from", "ccode_to", "row").unique()
    asked = put.pairs.with_row_index("n").join(index, on=["ccode_from", "ccode_to"]).sort("n")
    constants = told.kind.constants
    path = follow(put.arrays, constants, asked["n"].to_numpy().astype(np.int64), ends.astype(np.int64))
    unit = np.hypot(constants.level, constants.turn)
    found = np.full((2 * rows, of.months), np.nan)
    found[np.ix_(asked["row"].to_numpy(), months)] = np.where(
        path.asked_seen > 0, path.asked_mean / unit, np.nan
    )
    return found


def _month(t: int) -> date:
    from datetime import date  # noqa: PLC0415

    return date(1946 + t // 12, t % 12 + 1, 1)


def roots_of(one: ActClass) -> tuple[str, ...]:
    """The CAMEO roots that tell of acts of a class."""
    return one.roots or TELLS.get(one.name, TELLS.get(one.table, ()))


def compared(of: World, told: News, one: ActClass) -> Compared:
    """What is compared after acts of a class: trust by direction, and who acted when."""
    rows = of.pairs.height
    roots = roots_of(one)
    if one.table == "events":
        counts = _counted(told.acts.filter(pl.col("root").is_in(roots)), 2 * rows, of.months)
        known = np.repeat(told.covered[None], 2 * rows, 0)
        # where coverage begins nothing is a surge: nobody knows what came before
        can = _before(told.covered[None].astype(np.int64), SHORT)[0] == SHORT
        put = Laid(
            surges(counts) & can,
            known,
            np.arange(2 * rows),
            np.repeat(np.array([1, -1]), rows),
            (told.source,),
        )
    else:
        put = _both_ways(laid(of, one), rows, told.source)
    every = _counted(told.acts, 2 * rows, of.months)
    own = _lately(_counted(told.acts.filter(pl.col("root").is_in(roots)), 2 * rows, of.months))
    lately = np.tile(_lately(every[:rows] + every[rows:]), (2, 1))
    asymmetry = of.asymmetry[np.tile(np.arange(rows), 2)] * np.repeat([1, -1], rows)[:, None]
    beside = (lately, asymmetry, trust_of(of, told), own)
    panel = Panel(
        np.asfortranarray(trust_of(of, told, roots)),
        np.arange(2 * rows),
        tuple(np.asfortranarray(each) for each in beside),
        slope=SLOPE,
        group=np.tile(np.arange(rows), 2),
    )
    quiet = SHORT if one.table == "events" else QUIET
    read = np.isfinite(panel.outcome)
    # a placebo date of which trust is unknown could only be thrown away
    tried = np.roll(read, 1, 1) & np.roll(read, 1 + SLOPE, 1) & np.roll(read, -1, 1)
    return Compared(
        panel,
        put,
        in_time(cases_of(put.acts, put.known, quiet), told.covered),
        eligible(put.acts, put.known, 0, quiet) & told.covered,
        eligible(put.acts, put.known, LATER, quiet) & told.covered & tried,
    )


def in_time(cases: tuple[Whole, Whole], covered: Mask) -> tuple[Whole, Whole]:
    """The cases of covered months."""
    kept = covered[cases[1]]
    return cases[0][kept], cases[1][kept]


def _both_ways(put: Laid, rows: int, source: str) -> Laid:
    """A class by direction: an act without a side is one by either."""
    sources = tuple(sorted({*put.sources, source}))
    if len(put.acts) == 2 * rows:
        return Laid(put.acts, put.known, np.arange(2 * rows), put.side, sources)
    both = [np.tile(each, (2, 1)) for each in (put.acts, put.known)]
    return Laid(both[0], both[1], np.arange(2 * rows), np.repeat(np.array([1, -1]), rows), sources)
