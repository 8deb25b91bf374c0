"""Which rows are acts of which class, when they began, and about which moments anybody would have told of one.

An act known to the month stands in its month. Of a class that is known by years alone (aid, arms, disputes) it stands
in the first month of its year, and nothing is said of what followed within that year. A year in which somebody did
something on an unknown day is unknown for a class that goes by months, not quiet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import polars as pl

from amity import evidence
from amity.dimensions.observed import codes, lines, to_lines
from amity.dimensions.tone import BROKEN
from amity.evidence.daily_acts import daily_acts
from amity.evidence.event_days import spans

if TYPE_CHECKING:
    from amity.evidence import Evidence

__all__ = ["CLASSES", "ActClass", "acts", "held", "named", "spoken"]

FLOOR = 1e6
"""Aid below it, in USD of a year, is no pledge and no cut."""
RISE, FALL = 1.5, 0.5
TOP = ("head of state", "head of government")
ALLIANCES = ("defense", "offense", "neutrality", "nonaggression", "consultation")
AGAIN = ("resumed", "re-established", "reopened")
NOT_LIFTED = ("no end on record", "state ended", "imposed", "left the European Union")
"""Ends of sanctions that nobody lifted."""
FORCE = ("display of force", "use of force", "war")
SANCTIONS = ("sanction_threatened", "sanction_imposed")

ROWS = pl.Schema(
    {"ccode1": pl.Int16, "ccode2": pl.Int16, "side": pl.Int8, "month": pl.Date, "dated": pl.Boolean}
)
"""`side` 1: by 1 towards 2. `dated` false: only the year is known, and `month` is its first."""


@dataclass(frozen=True, slots=True)
class ActClass:
    """A class of acts: what it is, and which rows are it."""

    name: str
    says: str
    sign: int
    """1 for what is meant as kind, -1 for what is meant as hostile."""
    table: Literal["visits", "ties", "figures", "events"]
    kinds: tuple[str, ...] = ()
    ranks: tuple[str, ...] = ()
    way: Literal["up", "down", ""] = ""
    """up: by the weaker towards the stronger, by share of the world's capabilities."""
    roots: tuple[str, ...] = ()
    """CAMEO root codes."""
    directed: bool = True
    yearly: bool = False
    without: tuple[str, ...] = ()
    """Items that tell of the act itself: what followed is read from all others."""


WAYS: tuple[tuple[Literal["up", "down"], str], ...] = (("up", "the stronger"), ("down", "the weaker"))


def _visits() -> tuple[ActClass, ...]:
    named: list[ActClass] = []
    for rank, ranks in (("", TOP), *((one, (one,)) for one in (*TOP, "foreign minister"))):
        for way, says in WAYS:
            who = rank or "head of state or government"
            name = " ".join(filter(None, ("visit", rank.replace(" ", "-"), way)))
            named.append(
                ActClass(name, f"visit of a {who} to {says} of the two", 1, "visits", ("visit",), ranks, way,
                         without=("visits", "meetings"))
            )  # fmt: skip
    return tuple(named)


CLASSES: tuple[ActClass, ...] = (
    *_visits(),
    ActClass("dialogue", "consultation, coded from the news (CAMEO 04)", 1, "events", roots=("04",)),
    ActClass("praise", "diplomatic co-operation, coded from the news (CAMEO 05)", 1, "events", roots=("05",)),
    ActClass("accusation", "disapproval, coded from the news (CAMEO 11)", -1, "events", roots=("11",)),
    ActClass("aid pledged", "aid of a year up by half or more", 1, "figures", ("aid_obligated", "oda_gross"),
             yearly=True, without=("aid",)),
    ActClass("aid cut", "aid of a year down by half or more", -1, "figures", ("aid_obligated", "oda_gross"),
             yearly=True, without=("aid",)),
    ActClass("agreement", "an alliance or pact that both enter", 1, "ties", tuple(f"alliance_{k}" for k in ALLIANCES),
             directed=False),
    ActClass("threat", "sanctions threatened", -1, "ties", ("sanction_threatened",), without=SANCTIONS),
    ActClass("sanction imposed", "sanctions imposed", -1, "ties", ("sanction_imposed",), without=SANCTIONS),
    ActClass("sanction lifted", "sanctions that end, beside sanctions that go on", 1, "ties", ("sanction_imposed",),
             without=SANCTIONS),
    ActClass("arms", "deliveries of major arms after a year or more without", 1, "figures", ("arms_transfers",),
             yearly=True, without=("arms",)),
    ActClass("troops", "force shown or used in a dispute", -1, "ties", ("dispute",), directed=False, yearly=True,
             without=("dispute_onset",)),
    ActClass("relations restored", "diplomatic relations taken up again", 1, "ties", ("relations",), directed=False,
             without=("rupture", "restored", "relations_opened", "relations_closed")),
    ActClass("relations severed", "diplomatic relations broken off", -1, "ties", ("relations",), directed=False,
             without=("rupture", "restored", "relations_opened", "relations_closed")),
)  # fmt: skip
"""Every class, in the order in which they are shown."""


def named(name: str) -> ActClass | None:
    """The class of a name.

    >>> named("visit head-of-state up").ranks
    ('head of state',)
    """
    return next((one for one in CLASSES if one.name == name), None)


def acts(ev: Evidence, of: ActClass, pairs: pl.DataFrame, power: pl.DataFrame) -> pl.DataFrame:
    """Acts of a class between pairs of lines: columns of `ROWS` and `source`, in no order.

    `power` has `line, year, share`: who is the stronger in a year.
    """
    told = {"visits": _of_visits, "ties": _of_ties, "figures": _of_figures, "events": _of_events}[of.table](
        ev, of, pairs
    )
    rows = to_lines(told.select("ccode_from", "ccode_to", "month", "dated", "source"), pairs)
    if of.way:
        one, two = (power.rename({"line": f"ccode{n}", "share": f"share{n}"}) for n in (1, 2))
        year = rows.with_columns(year=pl.col("month").dt.year())
        both = year.join(one, on=["ccode1", "year"]).join(two, on=["ccode2", "year"])
        stronger = pl.when(pl.col("share1") > pl.col("share2")).then(1).otherwise(-1)
        rows = both.filter((pl.col("side") == stronger) == (of.way == "down"))
    return rows.select(*(pl.col(c).cast(t) for c, t in ROWS.items()), "source").unique()


def _dated(rows: pl.DataFrame, day: str, precision: str) -> pl.DataFrame:
    by_year = (pl.col(precision) == "year").fill_null(False)
    month = pl.when(by_year).then(pl.col(day).dt.truncate("1y")).otherwise(pl.col(day).dt.truncate("1mo"))
    return rows.with_columns(month=month, dated=~by_year)


def _of_visits(ev: Evidence, of: ActClass, pairs: pl.DataFrame) -> pl.DataFrame:
    asked = codes(pairs)
    rows = evidence.visits(ev, asked, asked).filter(pl.col("rank").is_in(of.ranks))
    return _dated(rows, "date", "precision")


def _of_ties(ev: Evidence, of: ActClass, pairs: pl.DataFrame) -> pl.DataFrame:  # noqa: ARG001
    rows = evidence.ties_of(ev, of.kinds)
    ended = pl.col("ended").fill_null("ended")
    match of.name:
        case "sanction lifted":
            lifted = rows.filter(pl.col("end").is_not_null(), ~ended.is_in(NOT_LIFTED))
            return _dated(lifted, "end", "end_precision")
        case "relations severed":
            broken = rows.filter(
                pl.col("end").is_not_null(), ended.str.contains("^(" + "|".join(BROKEN) + ")")
            )
            return _dated(broken, "end", "end_precision")
        case "relations restored":
            rows = rows.filter(pl.col("began").is_in(AGAIN))
        case "troops":
            rows = rows.filter(pl.col("level").is_in(FORCE))
        case "threat" | "sanction imposed":
            rows = rows.filter(pl.col("began").is_in(["threatened", "imposed"]))
        case _:
            pass
    return _dated(rows, "start", "start_precision")


def _of_figures(ev: Evidence, of: ActClass, pairs: pl.DataFrame) -> pl.DataFrame:
    """Years in which an amount rose or fell by half; a covered year without a row is one of none."""
    asked = codes(pairs)
    keys = ["ccode_from", "ccode_to", "source"]
    rows = (
        evidence.figures(ev, asked, asked, of.kinds)
        .filter((pl.col("end") - pl.col("start")).dt.total_days() > 300)
        .group_by(*keys, "start")
        .agg(pl.col("value").sum())
    )
    rows = _with_nothing_after(rows, keys)
    gap = (pl.col("start") - pl.col("start").shift(1)).dt.total_days().over(keys)
    before = pl.when(gap < 400).then(pl.col("value").shift(1).over(keys)).otherwise(0.0)
    rows = rows.with_columns(before=before, first=gap.is_null())
    now, then = pl.col("value"), pl.col("before")
    rule = {
        "aid pledged": (now >= RISE * then) & (now >= FLOOR),
        "aid cut": (now <= FALL * then) & (then >= FLOOR),
        "arms": (now > 0) & (then <= 0),
    }[of.name]
    return rows.filter(rule, ~pl.col("first")).with_columns(
        month=pl.col("start").dt.truncate("1mo"), dated=pl.lit(True)
    )


def _with_nothing_after(rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The same, sorted, with a zero in the year after each last row of a run; whether it is covered is seen later."""
    next_year = rows.with_columns(start=pl.col("start").dt.offset_by("1y"), value=pl.lit(0.0))
    last = rows.group_by("source").agg(last=pl.col("start").max())
    blank = next_year.join(rows, on=[*keys, "start"], how="anti").join(last, on="source")
    blank = blank.filter(pl.col("start") <= pl.col("last")).select(rows.columns)
    return pl.concat([rows, blank]).sort(*keys, "start")


def _of_events(ev: Evidence, of: ActClass, pairs: pl.DataFrame) -> pl.DataFrame:
    rows = daily_acts(ev, codes(pairs)).filter(pl.col("root").is_in(of.roots))
    return rows.with_columns(month=pl.col("date").dt.truncate("1mo"), dated=pl.lit(True))


def spoken(ev: Evidence, of: ActClass, told: pl.DataFrame) -> pl.DataFrame:
    """Of whom and when the sources of a class speak: `line_from, line_to, start, end`; null: of all states."""
    if of.table == "events":
        days = [day for spell in spans(ev).values() for day in spell]
        return pl.DataFrame(
            [(None, None, *day) for day in days],
            schema={"line_from": pl.Int16, "line_to": pl.Int16, "start": pl.Date, "end": pl.Date},
            orient="row",
        )
    table = "acts" if of.table == "visits" else of.table
    line = dict(lines().iter_rows())
    rows = evidence.spoken(ev, table, of.kinds).filter(
        pl.col("source").is_in(told["source"].unique().implode())
    )
    return rows.select(
        *(pl.col(f"ccode_{way}").replace(line).cast(pl.Int16).alias(f"line_{way}") for way in ("from", "to")),
        "start",
        "end",
    )


def held(ev: Evidence, pairs: pl.DataFrame) -> pl.DataFrame:
    """Spells of sanctions by one towards the other: `ccode1, ccode2, side, start, end` (null: no end on record)."""
    over = ~pl.col("ended").fill_null("no end on record").is_in(["no end on record"])
    rows = evidence.ties_of(ev, ("sanction_imposed",)).with_columns(end=pl.when(over).then("end"))
    return to_lines(rows.select("ccode_from", "ccode_to", "start", "end"), pairs)
