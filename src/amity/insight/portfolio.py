"""All ties of one state at once, ranked; and how many vectors its dealings have, through time.

A tie is read from the same dimensions as the relation of a pair; how they spread is in `insight.concentration`.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amity import evidence, states
from amity.dimensions import ALL, named
from amity.dimensions.constants import loaded
from amity.dimensions.estimate import FIRST, LEAST_KNOWN, prepare, smoothed, states_frame
from amity.dimensions.observed import last_month, lines, pairs_of, years_together
from amity.engine.scale import NINETY, shown
from amity.errors import NoEvidenceError, UsageError
from amity.insight import fields, trust
from amity.insight.concentration import other_of, spread
from amity.insight.trust_sources import heard

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amity.evidence import Evidence
    from amity.states import State

__all__ = ["TIES", "Portfolio", "portfolio"]

TREND = 5
"""Years over which a change is told."""


TIES = pl.Schema(
    {
        "rank": pl.Int16, "ccode": pl.Int16, "name": pl.String, "iso3c": pl.String, "region": pl.String,
        **{
            f"{name}{end}": pl.Float64
            for name in ALL for end in ("", "_low", "_high", "_change", "_rises")
        },
        **{f"{name}_seen": pl.Int32 for name in ALL},
        **{
            f"{name}{end}": pl.Float64
            for name in ("trusts", "trusted") for end in ("", "_low", "_high", "_age")
        },
        "breadth": pl.Float64, "breadth_low": pl.Int8, "breadth_high": pl.Int8, "fields_known": pl.Int8,
        "met": pl.Date, "met_precision": pl.String, "met_known": pl.Boolean,
    }
)  # fmt: skip
"""Values from -100 to 100 with 90 % intervals; `_change` since five years before, in the same points; `_rises` the
chance that it rose; `_seen` the observations of these five years. A dimension is missing where it is unknown
(`estimate.LEAST_KNOWN`), a change also where it was unknown then; without engagement there is no rank. `trusts` is the
state's trust in the other, `trusted` the other's in it (`insight.trust`, from acts of these five years): chances with
90 % intervals, and the months since the last act that they rest on."""


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All ties of one state, and how they spread."""

    state: State
    last: date
    """The month of which the ties are told."""
    ties: pl.DataFrame
    """Columns of `TIES`, a row for every other state that is in the system with it, the most engaged first.
    What is known now of the month, by later evidence too, as `relation` has it; trust and breadth are as
    they could be known then."""
    spread: pl.DataFrame
    """Columns of `concentration.SPREAD`, by `kind, year`."""
    sources: tuple[str, ...]
    """The sources whose rows these rest on."""


def portfolio(ev: Evidence, state: State, last: date | None = None) -> Portfolio:
    """Every tie of a state in the month of `last`, and how they spread.

    By default the month is the last of which all dimensions that are known at all still tell something, and in which
    the state was one. Ties are ranked by engagement; those of which it is not known have no rank and come last, by
    alignment. Raises `NoEvidenceError` where nothing that is loaded speaks of the state, `UsageError` for a month of
    which nothing is estimated or in which it was in the system with no other.
    """
    pairs = pairs_of([(state, other) for other in states.every() if other.ccode != state.ccode])
    rows = {name: named(name).observe(ev, pairs) for name in ALL}
    until = last or _still_told(rows.values(), state)
    if until is None:
        raise NoEvidenceError(
            f"nothing that is loaded speaks of the ties of {state.name}", "load sources: see `amity sources`"
        )
    until, end = date(until.year, until.month, 1), last_month(rows.values()) or until
    if until > end:
        raise UsageError(f"nothing is known of {until:%B %Y} yet", f"name a month to {end:%B %Y}")
    if until < FIRST:
        raise UsageError(f"nothing is estimated of {until:%B %Y}", f"name a month from {FIRST:%B %Y} on")
    ties = _present(state, pairs, until)
    told = {name: _estimated(ev, name, rows[name], pairs, (until, end), state) for name in ALL}
    for name in ALL:
        ties = ties.join(_now(told[name], rows[name], name, until, state), on="ccode", how="left")
    ties = ties.join(_breadth(rows["engagement"], state, until), on="ccode", how="left")
    ties = ties.join(_met(ev, state, until), on="ccode", how="left")
    ties = ties.join(_trust(ev, state, ties["ccode"].to_list(), until), on="ccode", how="left")
    ranked = ties.sort(
        "engagement", "alignment", "ccode", descending=[True, True, False], nulls_last=True
    ).with_columns(
        pl.col("met_known").fill_null(False),
        *(pl.col(f"{name}_seen").fill_null(0) for name in ALL),
        rank=pl.when(pl.col("engagement").is_not_null()).then(pl.int_range(1, pl.len() + 1)),
    )
    sources = {source for frame in rows.values() for source in frame["source"].unique()}
    return Portfolio(
        state,
        until,
        ranked.select(pl.col(name).cast(kind) for name, kind in TIES.items()),
        spread(ev, state, told["engagement"], rows["engagement"], until),
        tuple(sorted(sources)),
    )


def _still_told(rows: Iterable[pl.DataFrame], state: State) -> date | None:
    """The last month of the dimension that ends first, or the state's own end; None where nothing is known."""
    ends = [month for frame in rows if (month := last_month([frame])) is not None]
    over = state.spells[-1].end
    return min([*ends, over] if ends and over else ends, default=None)


def _present(state: State, pairs: pl.DataFrame, until: date) -> pl.DataFrame:
    """The states in the system with it in the year: `ccode, name, iso3c, region`. Raises `UsageError` for none."""
    here = years_together(pairs, until.year, until.year).select(other_of(state))
    if here.is_empty():
        first, last = state.spells[0].start, state.spells[-1].end
        raise UsageError(
            f"{state.name} was in the system with no other state in {until:%B %Y}",
            f"name a month from {max(first, FIRST):%B %Y}" + (f" to {last:%B %Y}" if last else " on"),
        )
    known = {other.ccode: other for other in states.every()}
    told = [(code, known[code].name, known[code].iso3c, known[code].region) for code in here["ccode"]]
    return pl.DataFrame(
        told, orient="row", schema={name: TIES[name] for name in ("ccode", "name", "iso3c", "region")}
    )


def _estimated(
    ev: Evidence, name: str, rows: pl.DataFrame, pairs: pl.DataFrame, to: tuple[date, date], state: State
) -> pl.DataFrame:
    """The state of a dimension with every partner: `ccode, month, x, sd`, in December of each year and at the end.

    `to` are the month that is told and the last of the evidence, which says what is known now of the one told.
    """
    until, end = to
    one = named(name)
    laid = prepare(rows, pairs, one.ABOUT, one.ITEMS, loaded(ev, one), end, by_source=False)
    months = (
        (pl.col("month").dt.month() == 12) | (pl.col("month") == until) | (pl.col("month") == _before(until))
    )
    return (
        states_frame(laid, smoothed(laid))
        .filter(pl.col("dimension") == name, months, pl.col("month") <= until)
        .select(other_of(state), "month", x="state", sd="sd")
    )


def _before(until: date) -> date:
    return until.replace(year=until.year - TREND)


def _now(told: pl.DataFrame, rows: pl.DataFrame, name: str, until: date, state: State) -> pl.DataFrame:
    """A dimension of every tie at the end, and its change: the columns of `TIES` that begin with its name.

    The two ends of a change are taken as independent; as they are not, the chance that it rose is too near to a half.
    """
    now, then = (told.filter(pl.col("month") == month) for month in (until, _before(until)))
    recent = rows.filter(pl.col("month") > _before(until), pl.col("month") <= until)
    seen = recent.group_by(other_of(state)).agg(pl.len().alias(f"{name}_seen").cast(pl.Int32))
    both = now.join(then.drop("month"), on="ccode", how="left", suffix="_then").join(
        seen, on="ccode", how="left"
    )
    x, sd, x0, sd0 = (both[column].to_numpy() for column in ("x", "sd", "x_then", "sd_then"))
    known, before = sd < LEAST_KNOWN, sd0 < LEAST_KNOWN
    columns = {
        name: shown(x),
        f"{name}_low": shown(x - NINETY * sd),
        f"{name}_high": shown(x + NINETY * sd),
        f"{name}_change": shown(x) - shown(x0),
        f"{name}_rises": _above((x - x0) / np.sqrt(sd**2 + sd0**2)),
    }
    told_of = {key: known & before if key.endswith(("_change", "_rises")) else known for key in columns}
    return both.select("ccode", f"{name}_seen").with_columns(
        pl.when(pl.Series(told_of[key])).then(pl.Series(key, told)).alias(key)
        for key, told in columns.items()
    )


def _above(z: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> list[float]:
    """The chance that a Gaussian is above nought, by its mean in standard deviations."""
    from statistics import NormalDist  # noqa: PLC0415

    return [NormalDist().cdf(one) for one in z.tolist()]


def _breadth(rows: pl.DataFrame, state: State, until: date) -> pl.DataFrame:
    """In how many fields each tie is alive: `ccode, breadth, breadth_low, breadth_high, fields_known`."""
    told = fields.ask(rows.filter(pl.col("month") <= until), until).breadth
    return told.filter(pl.col("month") == until).select(
        other_of(state), "breadth", breadth_low="low", breadth_high="high", fields_known="known"
    )


def _trust(ev: Evidence, state: State, others: Sequence[int], until: date) -> pl.DataFrame:
    """Trust each way from the acts of five years: the columns of `TIES` that begin with `trust`, and `ccode`."""
    line = dict(lines().iter_rows())
    acts = heard(ev, trust.records()["all"].source, days=(_before(until), _month_end(until))).with_columns(
        pl.col("ccode_from", "ccode_to").replace(line)
    )
    ways = [way for other in others for way in ((state.ccode, other), (other, state.ccode))]
    told = trust.compute(acts.filter(pl.col("ccode_from") != pl.col("ccode_to")), ways, [until])
    numbers = ("trust", "low", "high", "age")
    sides: list[pl.DataFrame] = []
    for name, own, other in (("trusts", "ccode_from", "ccode_to"), ("trusted", "ccode_to", "ccode_from")):
        columns = {f"{name}{'' if number == 'trust' else '_' + number}": number for number in numbers}
        sides.append(told.filter(pl.col(own) == state.ccode).select(ccode=other, **columns))
    return sides[0].join(sides[1], on="ccode")


def _month_end(month: date) -> date:
    """The last day of a month."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def _met(ev: Evidence, state: State, until: date) -> pl.DataFrame:
    """The last visit or meeting either way, and whether a source speaks: `ccode, met, met_precision, met_known`."""
    own, every = list(state.ccodes), lines()["ccode"].to_list()
    line = dict(lines().iter_rows())
    parts: list[pl.DataFrame] = []
    for senders, receivers, other in ((own, every, "ccode_to"), (every, own, "ccode_from")):
        visits = evidence.visits(ev, senders, receivers)
        meetings = evidence.acts(ev, senders, receivers).filter(pl.col("kind") == "meeting")
        parts += [
            acts.select(ccode=pl.col(other).replace(line), met="date", met_precision="precision")
            for acts in (visits, meetings)
        ]
    last = (
        pl.concat(parts)
        .filter(pl.col("met") <= _month_end(until))
        .sort("met")
        .group_by("ccode", maintain_order=True)
        .last()
    )
    return last.join(_spoken_of(ev, state), on="ccode", how="full", coalesce=True).with_columns(
        pl.col("met_known").fill_null(True)
    )


def _spoken_of(ev: Evidence, state: State) -> pl.DataFrame:
    """The states of whose visits with this one some source speaks: `ccode, met_known`."""
    said = evidence.spoken(ev, "acts", ("visit", "meeting", "*"))
    own, line = list(state.ccodes), dict(lines().iter_rows())
    every = pl.DataFrame({"ccode": [other.ccode for other in states.every()]}, schema={"ccode": pl.Int16})
    found: list[pl.DataFrame] = []
    for one, other in (("ccode_from", "ccode_to"), ("ccode_to", "ccode_from")):
        of = said.filter(pl.col(one).is_null() | pl.col(one).is_in(own))
        found.append(of.drop_nulls(other).select(ccode=pl.col(other).replace(line)))
        if of[other].null_count():
            found.append(every)
    return pl.concat(found).unique().with_columns(met_known=pl.lit(True))
