"""Which rows show that an act of a class was done between two states, and about which days one would have been shown.

A row of a publisher counts by the rule of its class (`response_acts`). A row of a user's own record counts by what it
is called: its kind stands for a CAMEO code, and the code for a class. Dates stay as exact as they are: an act known to
a year may have been on any day of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity import evidence
from amity.dimensions.observed import lines, pairs_of, to_lines
from amity.evidence.daily_acts import daily_acts
from amity.evidence.event_days import joined, spans
from amity.evidence.reports import events
from amity.ingest import own
from amity.ingest.own_kinds import KINDS
from amity.insight import response_acts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.evidence import Evidence
    from amity.evidence.event_days import Span
    from amity.insight.response_acts import ActClass
    from amity.states import State

__all__ = ["SHOWN", "shown", "spoken"]

SHOWN = pl.Schema(
    {
        "name": pl.String, "first": pl.Date, "last": pl.Date, "precision": pl.String, "ccode_from": pl.Int16,
        "ccode_to": pl.Int16, "what": pl.String, "source": pl.String, "ref": pl.String,
    }
)  # fmt: skip
"""`first` and `last`: the days between which the act lies."""
OWN: dict[str, tuple[str, ...]] = {
    "dialogue": ("04",),
    "praise": ("05",),
    "accusation": ("11",),
    "aid pledged": ("07",),
    "aid cut": ("162",),
    "agreement": ("057",),
    "threat": ("130", "131", "132", "133", "134", "135", "136", "137"),
    "sanction imposed": ("163",),
    "sanction lifted": ("085",),
    "arms": ("072",),
    "troops": ("15", "18", "19", "20"),
}
"""By class, how the CAMEO codes begin of a user's own acts that are one of it."""
ENDS = ("sanction lifted", "relations severed")
"""Classes whose act is the end of a tie, not its beginning."""


def shown(ev: Evidence, of: ActClass, a: State, b: State, power: pl.DataFrame) -> pl.DataFrame:
    """The acts of a class between two states: columns of `SHOWN`, each act once, in time order."""
    pairs = pairs_of([(a, b)])
    known = response_acts.acts(ev, of, pairs, power)
    rows = to_lines(_rows(ev, of, a, b).with_columns(c_from="ccode_from", c_to="ccode_to"), pairs)
    if not of.directed:
        known, rows = (frame.with_columns(side=pl.lit(1, pl.Int8)) for frame in (known, rows))
    keys = ["side", "month", "source"]
    found = rows.join(known.select(*keys).unique(), on=keys).rename(
        {"c_from": "ccode_from", "c_to": "ccode_to"}
    )
    # Visits stand here once each; of others two sources, or two parts of one treaty, tell the same act.
    once = (
        found if of.table == "visits" else found.sort("source", "ref").unique(["side", "first"], keep="first")
    )
    mine = _own(ev, of, a, b)
    every = pl.concat([_typed(once, of.name), _typed(mine, of.name)])
    return every.unique().sort("first", "last", "source", "ref")


def _typed(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    return rows.with_columns(name=pl.lit(name)).select(pl.col(c).cast(t) for c, t in SHOWN.items())


def _rows(ev: Evidence, of: ActClass, a: State, b: State) -> pl.DataFrame:
    """Rows that can be acts of a class: `SHOWN` without `name`, and the `month` by which `response_acts` knows them."""
    ways = ((a.ccodes, b.ccodes), (b.ccodes, a.ccodes))
    match of.table:
        case "visits":
            rows = pl.concat([evidence.visits(ev, *way) for way in ways]).filter(
                pl.col("rank").is_in(of.ranks)
            )
            return _dated(
                rows, "date", "precision", pl.concat_str("who", "rank", separator=", ", ignore_nulls=True)
            )
        case "ties":
            end = "end" if of.name in ENDS else "start"
            how = "ended" if of.name in ENDS else "began"
            rows = pl.concat([evidence.ties(ev, *way, of.kinds) for way in ways]).drop_nulls(end)
            said = pl.concat_str(
                pl.col("kind").str.replace_all("_", " "), "level", how, separator=", ", ignore_nulls=True
            )
            return _dated(rows, end, f"{end}_precision", said)
        case "figures":
            rows = pl.concat([evidence.figures(ev, *way, of.kinds) for way in ways])
            said = pl.format(
                "{} {} {}", pl.col("kind").str.replace_all("_", " "), pl.col("value").round(0), "unit"
            )
            return rows.select(
                first="start", last="end", precision=pl.lit("year"), ccode_from="ccode_from", ccode_to="ccode_to",
                what=said, source="source", ref="ref", month=pl.col("start").dt.truncate("1mo"),
            )  # fmt: skip
        case _:
            return _events(ev, of, a, b)


def _dated(rows: pl.DataFrame, day: str, precision: str, what: pl.Expr) -> pl.DataFrame:
    """Rows with the days between which they lie; `month` is the first of the year where no more is known."""
    unit = pl.col(precision).fill_null("day")
    start = (
        pl.when(unit == "year").then(pl.col(day).dt.truncate("1y"))
        .when(unit == "month").then(pl.col(day).dt.truncate("1mo")).otherwise(pl.col(day))
    )  # fmt: skip
    end = (
        pl.when(unit == "year").then(start.dt.offset_by("1y").dt.offset_by("-1d"))
        .when(unit == "month").then(start.dt.month_end()).otherwise(start)
    )  # fmt: skip
    return rows.select(
        first=start, last=end, precision=unit, ccode_from="ccode_from", ccode_to="ccode_to", what=what,
        source="source", ref="ref", month=start.dt.truncate("1mo"),
    )  # fmt: skip


def _events(ev: Evidence, of: ActClass, a: State, b: State) -> pl.DataFrame:
    """Coded events of a class that are acts of the one state towards the other."""
    done = daily_acts(ev, [*a.ccodes, *b.ccodes]).filter(
        pl.col("root").is_in(of.roots),
        pl.col("ccode_from").is_in([*a.ccodes, *b.ccodes]) & pl.col("ccode_to").is_in([*a.ccodes, *b.ccodes]),
    )
    days = [(start, end) for known in spans(ev).values() for start, end in known]
    if not days or done.is_empty():
        return SHOWN.to_frame().drop("name").with_columns(month=pl.lit(None, pl.Date))
    first, last = min(day for day, _ in days), max(day for _, day in days)
    told = events(ev, a.ccodes, b.ccodes, first, last, both_ways=True)
    keys = ["date", "ccode_from", "ccode_to", "root", "source"]
    rows = told.with_columns(root=pl.col("code").str.slice(0, 2)).join(done.select(keys), on=keys, how="semi")
    return _dated(
        rows.with_columns(precision=pl.lit("day")), "date", "precision", pl.format("CAMEO {}", "code")
    )


def _own(ev: Evidence, of: ActClass, a: State, b: State) -> pl.DataFrame:
    """Acts of a user's own that are called as a class is; visits stand with those of the publishers."""
    begins = OWN.get(of.name, ())
    rows = pl.concat([evidence.acts(ev, *way) for way in ((a.ccodes, b.ccodes), (b.ccodes, a.ccodes))])
    mine = rows.filter(
        pl.col("source").str.starts_with(own.PREFIX),
        pl.col("kind") != "visit",
        pl.any_horizontal(pl.lit(False), *(pl.col("code").str.starts_with(code) for code in begins)),
    )
    return _dated(mine, "date", "precision", pl.concat_str("kind", "who", separator=", ", ignore_nulls=True))


def spoken(ev: Evidence, of: ActClass, a: State, b: State, ways: Sequence[int]) -> tuple[Span, ...]:
    """The days about which an act of a class would have been shown, as spells in time order.

    `ways` are the sides that can act: 1 for `a`, -1 for `b`. Days count of which sources speak each such way; a way of
    which none ever speaks is left out.
    """
    always = [span for known in spans(ev).values() for span in known] if of.table == "events" else []
    told = evidence.spoken(ev, "acts", _own_kinds(of)).filter(pl.col("source").str.starts_with(own.PREFIX))
    if of.table != "events":
        rows = evidence.spoken(ev, "acts" if of.table == "visits" else of.table, of.kinds)
        held = pl.col("source").is_in(_holding(ev, of)) if of.table == "visits" else pl.lit(True)
        told = pl.concat([told, rows.filter(held)])
    sides = [(a, b) if side == 1 else (b, a) for side in ways]
    each = [joined(sorted([*always, *_of_way(told, of, *side)])) for side in sides]
    return _common([spells for spells in each if spells])


def _of_way(rows: pl.DataFrame, of: ActClass, sender: State, receiver: State) -> list[Span]:
    ends: list[tuple[State, State]] = [(sender, receiver)]
    if not of.directed:
        ends.append((receiver, sender))
    spells: list[Span] = []
    for one, other in ends:
        mine = rows.filter(
            pl.col("ccode_from").is_null() | pl.col("ccode_from").is_in(one.ccodes),
            pl.col("ccode_to").is_null() | pl.col("ccode_to").is_in(other.ccodes),
            pl.col("start") <= pl.col("end"),
        )
        spells += mine.select("start", "end").rows()
    return spells


def _holding(ev: Evidence, of: ActClass) -> list[str]:
    """Sources that hold visits of a class's ranks at all: a list of heads of state tells of no foreign minister."""
    codes = lines()["ccode"].to_list()
    rows = evidence.acts(ev, codes, codes).filter(pl.col("kind") == "visit", pl.col("rank").is_in(of.ranks))
    return rows["source"].unique().sort().to_list()


def _own_kinds(of: ActClass) -> list[str]:
    """Kinds of a user's own acts that are called as a class is."""
    if of.table == "visits":
        return ["visit"]
    begins = OWN.get(of.name, ())
    return (
        [name for name, kind in KINDS.items() if name != "visit" and kind.code.startswith(begins)]
        if begins
        else []
    )


def _common(each: Sequence[Sequence[Span]]) -> tuple[Span, ...]:
    """The days that lie in a spell of each.

    >>> from datetime import date
    >>> _common([[(date(2001, 1, 1), date(2003, 1, 1))], [(date(2002, 1, 1), date(2004, 1, 1))]])
    ((datetime.date(2002, 1, 1), datetime.date(2003, 1, 1)),)
    """
    if not each:
        return ()
    found = list(each[0])
    for spells in each[1:]:
        found = [(max(a, c), min(b, d)) for a, b in found for c, d in spells if max(a, c) <= min(b, d)]
    return tuple(sorted(found))
