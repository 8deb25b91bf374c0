r"""Whether closeness to a third state goes with distance from the other: in votes, in tone, in visits at the top.

The figure is a rank correlation over years (Spearman's), of closeness to the third with closeness to the other: below
nought they go apart.

* **votes**: minus the distance of ideal points in a session, in changes from one session to the next;
* **tone**: the mean state of a year that is known for both pairs, less what the engine expects of it from the year
  before: states return to rest by themselves, from above and from below, and would seem to part or meet by that alone;
* **visits**: visits at the top in a year, either way, as counted: a count has no memory, and its changes would only be
  noise. A year counts where a direction is on record of both pairs, and only such directions do.

Changes leave out what both series merely share by growing old. The interval is Fisher's for Spearman's coefficient,
with as many years as the two series are worth: $n / (1 + 2 \sum_k (1 - k/n)\, r_x(k)\, r_y(k))$ over lags to $n/3$
(Bartlett 1946; Pyper and Peterman 1998). Of simulated pairs of independent series of 20 to 47 years it leaves out
nought in 2 to 8 of a hundred on either side; a circular block bootstrap did so in 6 to 16 (`benchmarks/claims.py`), and
is not used. What is known badly correlates less than what it stands for: errors draw the figure towards nought.

On one line of votes a state between two others cannot come nearer to one without leaving the other: the figure says by
how much the middle one of all other states does the same.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amity import evidence
from amity.dimensions.alignment import OPENED
from amity.errors import NoEvidenceError
from amity.insight.checks.known import KNOWN, NINETY, seen_in
from amity.insight.checks.statement import Finding, Row, between, code, rows_of, undecided, verdict
from amity.measures import cadence, kept_points

if TYPE_CHECKING:
    from amity.engine.compiled import Floats
    from amity.evidence import Evidence
    from amity.insight.checks.known import Known
    from amity.insight.checks.statement import Statement
    from amity.states import State

MEASURES = {
    "closeness in votes": "whether voting nearer to the third goes with voting farther from the other",
    "closeness in tone": "whether a warmer tone with the third goes with a colder one with the other",
    "closeness in visits": "whether years of more visits with the third are years of fewer with the other",
}
DIRECTIONS = ("apart", "together")
UNIT = "rank correlation"
FEWEST = 15
"""With fewer years nothing can be told apart from chance."""
FEW_VISITS = 5
"""With fewer years that saw a visit there is nothing to draw from."""
LEAST_WORTH, CLOSEST = 4.0, 0.999
"""No two series are worth fewer years, or correlate so well that nothing could move them."""
YEARS = {"year": pl.Int64, "third": pl.Float64, "other": pl.Float64}
NEARLY = timedelta(days=31)
"""A year is on record where no more is missing at its edge."""


def check(known: Known, one: Statement) -> Finding:
    """Whether closeness to the third and to the other go apart, or together."""
    assert one.third is not None  # noqa: S101  (the form asks for it)
    sort = one.measure.removeprefix("closeness in ")
    years, rows, usual = {"votes": _votes, "tone": _tone, "visits": _visits}[sort](known, one, one.third)
    inside = years.filter(pl.col("year").is_between(one.period.first.year, one.period.last.year)).sort("year")
    pair = inside if sort == "visits" else changes(inside, known.lasts(one) if sort == "tone" else 1.0)
    x, y = (pair[name].to_numpy().astype(float) for name in ("third", "other"))
    counted = "years" if sort == "visits" else "changes from year to year"
    if len(x) < FEWEST:
        words = f"{len(x)} {counted} are known of both pairs; fewer than {FEWEST} say nothing."
        return undecided(words, UNIT, counted, len(x), rows)
    if not (np.ptp(x) > 0 and np.ptp(y) > 0):
        return undecided("One of the two never changed in the years on record.", UNIT, counted, len(x), rows)
    if sort == "visits" and min(np.count_nonzero(x), np.count_nonzero(y)) < FEW_VISITS:
        words = f"One of the two met at the top in fewer than {FEW_VISITS} of the {len(x)} years on record."
        return undecided(words, UNIT, counted, len(x), rows)
    value, low, high = associated(x, y)
    said = verdict(low, high, above=one.direction == "together")
    sentence = (
        f"Over {len(x)} {counted} from {inside['year'][0]} to {inside['year'][-1]}, closeness to {code(one.third)} and "
        f"to {code(one.whom)} have a rank correlation of {value:.2f} ({between(low, high)}).{usual}"
    )
    return Finding(said, value, low, high, UNIT, len(x), counted, sentence.replace(" -", " −"), rows)


def changes(years: pl.DataFrame, kept: float = 1.0) -> pl.DataFrame:
    """From each year to the next where both are known, less what share is `kept` of it: `year, third, other`."""
    moved = [pl.col(name) - kept * pl.col(name).shift(1) for name in ("third", "other")]
    return years.with_columns(*moved, follows=pl.col("year").diff() == 1).filter("follows").drop("follows")


def associated(x: Floats, y: Floats) -> tuple[float, float, float]:
    """The rank correlation of two series in time order, and its 90 % interval; neither series is constant.

    >>> n = np.arange(40.0)
    >>> value, low, high = associated(np.sin(n), -np.sin(n) + 0.1 * np.cos(5 * n))
    >>> bool(-1 <= low < value < -0.9 and value < high < -0.5)
    True
    """
    a, b = (_standard(one) for one in (x, y))
    n, value = len(a), float((a * b).mean())
    lags = np.arange(1, max(n // 3, 1) + 1)
    shared = sum((1 - k / n) * (a[k:] @ a[:-k]) * (b[k:] @ b[:-k]) / n**2 for k in lags)
    worth = max(n / max(1 + 2 * float(shared), 1.0), LEAST_WORTH)
    middle, half = np.arctanh(np.clip(value, -CLOSEST, CLOSEST)), NINETY * np.sqrt(1.06 / (worth - 3))
    low, high = (float(np.tanh(middle + side * half)) for side in (-1, 1))
    return value, min(low, value), max(high, value)


def _standard(series: Floats) -> Floats:
    """The ranks of a series, ties at their mean, with mean 0 and variance 1."""
    ranks = pl.Series(series).rank("average").to_numpy()
    return (ranks - ranks.mean()) / ranks.std()


def _votes(known: Known, one: Statement, third: State) -> tuple[pl.DataFrame, tuple[Row, ...], str]:
    """Closeness by session, who told it, and how the same is of other states."""
    try:
        points = kept_points.of_store(known.ev).points
    except NoEvidenceError:
        return pl.DataFrame(schema=YEARS), (), ""
    every = _near(points, third, "third").join(_near(points, one.whom, "other"), on=["ccode", "year"])
    own = every.filter(pl.col("ccode").is_in(list(one.who.ccodes))).drop("ccode")
    taken = [code for state in (one.who, one.whom, third) for code in state.ccodes]
    first, last = one.period.first.year, one.period.last.year
    others = every.filter(~pl.col("ccode").is_in(taken), pl.col("year").is_between(first, last))
    usual = _plain(others)
    words = f" Of {len(usual)} other states the middle one has {np.median(usual):.2f}." if usual else ""
    rows = tuple(Row("unga_votes", f"session {year - OPENED}") for year in own["year"].sort())
    return own, rows, words


def _near(points: pl.DataFrame, of: State, name: str) -> pl.DataFrame:
    """Minus the distance of every state from one, by the year in which a session opens: `ccode, year`, and `name`."""
    there = points.filter(pl.col("ccode").is_in(list(of.ccodes))).select("session", at="point")
    return points.join(there, on="session").select(
        "ccode",
        (pl.col("session").cast(pl.Int64) + OPENED).alias("year"),
        (-(pl.col("point") - pl.col("at")).abs()).alias(name),
    )


def _plain(others: pl.DataFrame) -> list[float]:
    """The rank correlation of each state's changes, as `associated` has it; those with too little have none.

    All at once, because there are hundreds of states.
    """
    both = ("third", "other")
    moved = others.sort("ccode", "year").with_columns(
        *(pl.col(name).diff().over("ccode") for name in both),
        follows=pl.col("year").diff().over("ccode") == 1,
    )
    ranked = moved.filter("follows").with_columns(pl.col(name).rank("average").over("ccode") for name in both)
    enough = (pl.len() >= FEWEST) & (pl.col("third").n_unique() > 1) & (pl.col("other").n_unique() > 1)
    told = ranked.group_by("ccode", maintain_order=True).agg(value=pl.corr(*both), enough=enough)
    return told.filter("enough")["value"].to_list()


def _tone(known: Known, one: Statement, third: State) -> tuple[pl.DataFrame, tuple[Row, ...], str]:
    """The mean tone of each year that is known, of both pairs, and what was observed of them."""
    parts: list[pl.DataFrame] = []
    rows: tuple[Row, ...] = ()
    for state, name in ((third, "third"), (one.whom, "other")):
        relation = known.relation(one.who, state)
        rows += seen_in(relation, "tone", [one.period])
        years = relation.smoothed.filter(pl.col("dimension") == "tone").group_by(
            pl.col("month").dt.year().cast(pl.Int64).alias("year")
        )
        found = years.agg(pl.col("state", "sd").mean()).filter(pl.col("sd") <= KNOWN)
        heard = relation.observed.filter(pl.col("dimension") == "tone")["month"].dt.year().cast(pl.Int64)
        parts.append(
            found.filter(pl.col("year").is_in(heard.implode())).select("year", pl.col("state").alias(name))
        )
    return parts[0].join(parts[1], on="year").sort("year"), rows, ""


def _visits(known: Known, one: Statement, third: State) -> tuple[pl.DataFrame, tuple[Row, ...], str]:
    """Visits at the top in each year on record, in the directions that are on record of both pairs, and the visits."""
    years, rows = [pl.DataFrame(schema=YEARS)], ()
    for out in (True, False):
        told = [_one_way(known.ev, one.who, state, out=out) for state in (third, one.whom)]
        both = told[0][0].rename({"visits": "third"}).join(told[1][0].rename({"visits": "other"}), on="year")
        if both.height >= FEWEST:
            years.append(both.select(*YEARS))
            rows += tuple(row for _, found in told for row in found)
    ways = len(years) - 1
    summed = pl.concat(years).group_by("year").agg(pl.col("third", "other").sum(), kept=pl.len() == ways)
    inside = summed.filter("kept").select(*YEARS)
    words = " One direction alone is on record of both pairs." if ways == 1 else ""
    return inside, rows, words


def _one_way(ev: Evidence, who: State, state: State, *, out: bool) -> tuple[pl.DataFrame, tuple[Row, ...]]:
    """Visits at the top of one direction (`out`: by `who`) in each whole year on record: `year, visits`; and rows."""
    ends = (who.ccodes, state.ccodes) if out else (state.ccodes, who.ccodes)
    spells = evidence.reach(ev, "acts", "visit", [(a, b) for a in ends[0] for b in ends[1]])
    there = evidence.together([(a, b) for a in ends[0] for b in ends[1]])
    if spells.is_empty() or there.is_empty():
        return pl.DataFrame(schema={"year": pl.Int64, "visits": pl.Float64}), ()
    first, last = min(there["start"]), max(there["end"])
    whole = {
        year
        for start, end in spells.select("start", "end").iter_rows()
        for year in _whole(max(start, first), min(end, last))
    }
    top = evidence.visits(ev, *ends).filter(pl.col("rank").is_in(cadence.TOP))
    counted = top.group_by(pl.col("date").dt.year().cast(pl.Int64).alias("year")).agg(
        pl.col("count").sum().cast(pl.Float64).alias("visits")
    )
    years = pl.DataFrame({"year": sorted(whole)}, schema={"year": pl.Int64})
    return years.join(counted, on="year", how="left").with_columns(pl.col("visits").fill_null(0.0)), rows_of(
        top
    )


def _whole(start: date, end: date) -> range:
    """The calendar years that a spell of days holds, but for days at their edges.

    >>> list(_whole(date(2003, 1, 9), date(2005, 12, 7))), list(_whole(date(2003, 3, 1), date(2005, 10, 1)))
    ([2003, 2004, 2005], [2004])
    """
    return range((start - NEARLY).year + 1, (end + NEARLY).year)
