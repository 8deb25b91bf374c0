"""The pairs of the world as arrays, for what followed acts: filtered states by month, acts, and who is the stronger."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, cast

import numpy as np
import polars as pl

from amity import evidence
from amity.dimensions import engagement, named, tone
from amity.dimensions.constants import item_of, loaded
from amity.dimensions.estimate import FIRST, filtered, prepare
from amity.dimensions.observed import lines, pairs_of, years_together
from amity.engine.projecting import AHEAD, Panel, cases_of, eligible
from amity.insight.response_acts import CLASSES, acts, held, spoken

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from amity.engine.compiled import Floats, Whole
    from amity.evidence import Evidence
    from amity.insight.response_acts import ActClass

    Mask = NDArray[np.bool_]

__all__ = ["Compared", "Laid", "World", "compared", "laid", "world"]

LAST = date(2022, 12, 1)
BLOCK = 1000
SPEAKS = 0.1
"""A dimension is spoken of to the last December with evidence of so many of the pairs."""
LEAST_SHARE = 1e-5
"""Of the world's capabilities, below which nobody is the weaker."""
RIVALS = pl.Schema({"line": pl.Int16, "rival": pl.Int16, "start": pl.Date, "end": pl.Date})
"""`end` null: on to the last day of which somebody tells."""


@dataclass(frozen=True, slots=True)
class World:
    """What is known of all pairs that ever had an act of any class or were ever in any trouble."""

    ev: Evidence
    pairs: pl.DataFrame
    """`ccode1, ccode2`, in the order of the arrays."""
    months: int
    """Since January 1946."""
    rows: dict[str, pl.DataFrame]
    """By dimension, rows of `observed.OBSERVED`."""
    told: dict[str, pl.DataFrame]
    """By class, its acts: `ROWS` and `source`."""
    power: pl.DataFrame
    """`line, year, share`."""
    asymmetry: Floats
    """(pairs, months) log of the capabilities of 1 by those of 2; nan where unknown."""
    together: Mask
    """(pairs, months)"""
    majors: pl.DataFrame
    """Major powers: `line, start, end`."""
    states: dict[tuple[str, tuple[str, ...]], Floats] = field(default_factory=dict)
    rivals: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=RIVALS))
    """Strategic rivals that are major powers."""
    rivals_known: tuple[date, date] | None = None
    """When somebody tells of rivalries."""

    def outcome(self, dimension: str, without: tuple[str, ...] = ()) -> Floats:
        """(pairs, months) filtered states without some items, in standard deviations of the world's pairs.

        nan where the two were not both in the system, or where nothing speaks of the dimension any more.
        """
        rows = self.rows[dimension]
        held_out = [item for item in rows["item"].unique() if item_of(item) in without]
        key = (dimension, tuple(sorted(held_out)))
        if key not in self.states:
            kept = rows.filter(~pl.col("item").is_in(held_out))
            self.states[key] = _filtered(self, dimension, kept)
        return self.states[key]


@dataclass(frozen=True, slots=True)
class Compared:
    """All that a class and an outcome need: what is compared, acts, cases, and what these may stand beside."""

    panel: Panel
    put: Laid
    cases: tuple[Whole, Whole]
    """Series and months."""
    free: Mask
    """(series, months) that may be compared with a case."""
    tried: Mask
    """(series, months) of which a placebo date is drawn."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A class of acts as arrays over series: a series a pair, or two where acts have a side."""

    acts: Mask
    """(series, months)"""
    known: Mask
    """(series, months) whether an act would be on record, and, of what can only end, whether there was anything."""
    pair: Whole
    side: Whole
    """(series,) 1 or -1; 1 alone where acts have none."""
    sources: tuple[str, ...]


def at(day: date) -> int:
    """
    >>> at(date(1947, 2, 1))
    13
    """
    return (day.year - FIRST.year) * 12 + day.month - 1


def world(ev: Evidence, last: date = LAST) -> World:
    """Everything, to a month: takes a minute or two, and a gigabyte or two."""
    every, line = pairs_of(), dict(lines().iter_rows())
    traits = evidence.traits(ev).with_columns(line=pl.col("ccode").replace(line).cast(pl.Int16))
    power = (
        traits.filter(kind="capability_share")
        .group_by("line", year=pl.col("start").dt.year())
        .agg(share=pl.col("value").sum())
    )
    told = {one.name: acts(ev, one, every, power) for one in CLASSES}
    trouble = tone.observe(ev, every).filter(~pl.col("item").str.starts_with("hostile"), pl.col("y") > 0)
    keys = ["ccode1", "ccode2"]
    pairs = (
        pl.concat([trouble.select(keys), *(rows.select(keys) for rows in told.values())]).unique().sort(keys)
    )
    months = at(last) + 1
    together = np.zeros((pairs.height, months), bool)
    years = years_together(pairs, last=last.year).join(pairs.with_row_index("n"), on=keys)
    for n, year in years.select("n", "year").iter_rows():
        together[n, (year - FIRST.year) * 12 : (year - FIRST.year + 1) * 12] = True
    rows = {"tone": tone.observe(ev, pairs), "engagement": engagement.observe(ev, pairs)}
    majors = traits.filter(kind="major_power").select("line", "start", "end")
    said = evidence.spoken(ev, "ties", ("rivalry",))
    spell = (cast("date", said["start"].min()), cast("date", said["end"].max())) if said.height else None
    apart = _asymmetry(pairs, power, months)
    return World(
        ev, pairs, months, rows, told, power, apart, together, majors,
        rivals=_rivals(ev, majors), rivals_known=spell,
    )  # fmt: skip


def _rivals(ev: Evidence, majors: pl.DataFrame) -> pl.DataFrame:
    """Rows of `RIVALS`, while the rivalry goes on and the rival is a major power."""
    line = dict(lines().iter_rows())
    told = evidence.ties_of(ev, ("rivalry",)).select(
        pl.col("ccode_from", "ccode_to").replace(line).cast(pl.Int16), "start", "end"
    )
    both = [
        told.rename({one: "line", other: "rival"}).select("line", "rival", "start", "end")
        for one, other in (("ccode_from", "ccode_to"), ("ccode_to", "ccode_from"))
    ]
    while_major = pl.concat(both).join(majors, left_on="rival", right_on="line", suffix="_major")
    return (
        while_major.select(
            "line",
            "rival",
            start=pl.max_horizontal("start", "start_major"),
            # a power that still was one when the list of them ends is taken to be one
            end=pl.when(pl.col("end_major") < majors["end"].max())
            .then(pl.min_horizontal("end", "end_major"))
            .otherwise("end"),
        )
        .filter(pl.col("end").is_null() | (pl.col("end") >= pl.col("start")))
        .unique()
        .sort(pl.all())
    )


def _asymmetry(pairs: pl.DataFrame, power: pl.DataFrame, months: int) -> Floats:
    share = {(line, year): max(value, LEAST_SHARE) for line, year, value in power.iter_rows()}
    years = range(FIRST.year, FIRST.year + months // 12 + 1)
    by_line = {
        line: np.log([share.get((line, year), np.nan) for year in years]) for line in power["line"].unique()
    }
    unknown = np.full(len(years), np.nan)
    rows = [by_line.get(a, unknown) - by_line.get(b, unknown) for a, b in pairs.iter_rows()]
    return np.repeat(np.array(rows, float), 12, axis=1)[:, :months]


def _filtered(of: World, dimension: str, rows: pl.DataFrame) -> Floats:
    one = named(dimension)
    constants = loaded(of.ev, one)
    found = np.empty((of.pairs.height, of.months))
    last = date(FIRST.year + (of.months - 1) // 12, (of.months - 1) % 12 + 1, 1)
    for first in range(0, of.pairs.height, BLOCK):
        block = of.pairs.slice(first, BLOCK)
        seen = rows.join(block, on=["ccode1", "ccode2"], how="semi")
        put = prepare(seen, block, one.ABOUT, one.ITEMS, constants, last, by_source=False)
        unit = np.sqrt(put.move.variance[0])
        found[first : first + BLOCK] = filtered(put).mean[:, :, 0] / unit
    heard = rows.group_by("month").agg(pairs=pl.struct("ccode1", "ccode2").n_unique())
    spoken_of = heard.filter(pl.col("pairs") > SPEAKS * of.pairs.height)["month"]
    end = at(max(spoken_of)) + 1 if len(spoken_of) else 0
    found[:, end:] = np.nan
    return np.where(of.together, found, np.nan)


def compared(of: World, one: ActClass, dimension: str) -> Compared:
    """What is compared after acts of a class: the state of a dimension without the items that tell of the act."""
    put, outcome = laid(of, one), of.outcome(dimension, one.without)
    other = of.outcome("engagement" if dimension == "tone" else "tone")
    sided = (of.asymmetry[put.pair] * put.side[:, None]) if one.directed else np.abs(of.asymmetry[put.pair])
    full = of.outcome(dimension)
    beside = (other, sided) if full is outcome else (other, sided, full)
    # months are read one at a time: side by side in memory they are read several times as fast
    panel = Panel(np.asfortranarray(outcome), put.pair, tuple(np.asfortranarray(each) for each in beside))
    return Compared(
        panel,
        put,
        cases_of(put.acts, put.known),
        np.asfortranarray(eligible(put.acts, put.known)),
        np.asfortranarray(eligible(put.acts, put.known, AHEAD[-1])),
    )


def laid(of: World, one: ActClass) -> Laid:
    """A class as arrays. A year in which the day of an act is unknown is unknown, unless the class goes by years."""
    told, pairs = of.told[one.name], of.pairs.height
    sides = (1, -1) if one.directed else (1,)
    pair, side = np.tile(np.arange(pairs), len(sides)), np.repeat(np.array(sides), pairs)
    done, known = (np.zeros((len(pair), of.months), bool) for _ in range(2))
    number = of.pairs.with_row_index("n")
    place = told.join(number, on=["ccode1", "ccode2"]).filter(pl.col("month") >= FIRST)
    sender, receiver = _ends(of, one)
    for line_from, line_to, start, end in spoken(of.ev, one, told).iter_rows():
        span = slice(max(at(start), 0), max(at(end) + 1, 0))
        known[_between(sender, receiver, line_from, line_to, one.directed), span] = True
    for n, s, month, dated in place.select("n", "side", "month", "dated").iter_rows():
        row, t = n + (pairs if s == -1 and one.directed else 0), at(month)
        if dated or one.yearly:
            done[row, t : t + 1] = True
        else:
            known[row, t : t + 12] = False
    known &= of.together[pair]
    if one.way:
        known &= (of.asymmetry[pair] * side[:, None] > 0) == (one.way == "down")
    if one.name == "sanction lifted":
        known &= _in_force(of, number)
    return Laid(done, known, pair, side, tuple(told["source"].unique().sort()))


def _ends(of: World, one: ActClass) -> tuple[Whole, Whole]:
    """(series,) who acts and towards whom, of each series."""
    first, second = (of.pairs[name].to_numpy() for name in ("ccode1", "ccode2"))
    if not one.directed:
        return first, second
    return np.concatenate([first, second]), np.concatenate([second, first])


def _between(
    sender: Whole, receiver: Whole, line_from: int | None, line_to: int | None, directed: bool
) -> Whole:
    """The series from one line to another (None: any); either way round where acts have no side."""
    ways = [(sender, receiver)] if directed else [(sender, receiver), (receiver, sender)]
    found = [
        (one == line_from if line_from is not None else True)
        & (other == line_to if line_to is not None else np.ones(len(other), bool))
        for one, other in ways
    ]
    return np.flatnonzero(np.logical_or.reduce(found))


def _in_force(of: World, number: pl.DataFrame) -> Mask:
    """Whether a sanction that began a year before or earlier was in force in the month before, or ends in this one."""
    found = np.zeros((2 * len(number), of.months), bool)
    spells = held(of.ev, of.pairs).join(number, on=["ccode1", "ccode2"])
    for n, s, start, end in spells.select("n", "side", "start", "end").iter_rows():
        last = at(end) + 1 if end else of.months
        found[n + (len(number) if s == -1 else 0), max(at(start), 0) : max(last, 0)] = True
    return found
