r"""All ties of one state at once, ranked; and how many vectors its dealings have, through time.

A tie is read from the same dimensions as the relation of a pair. Of shares $s_j$ of a state's trade, visits, aid or
engagement with its partners, concentration is Herfindahl's $H = \sum_j s_j^2$, from $1/n$ to 1, and diversity its
inverse $1/H$: as many equal partners would give the same (Hirschman 1964). Only partners of which something is known
have a share. Where the record speaks of less than half of the world's states, as that of visits does for all but its
own hubs, a concentration would be that of the record, and is unknown.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amity import evidence, states
from amity.dimensions import ALL, named
from amity.dimensions.constants import read
from amity.dimensions.estimate import prepare, smoothed, states_frame
from amity.dimensions.observed import last_month, lines, pairs_of, years_together
from amity.engine.scale import shown
from amity.errors import NoEvidenceError
from amity.evidence.daily_acts import daily_acts
from amity.evidence.dyad_years import amounts, spells_spoken
from amity.insight import fields, trust

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from amity.evidence import Evidence
    from amity.states import State

__all__ = ["KINDS", "SPREAD", "TIES", "Portfolio", "concentration", "portfolio"]

NINETY = 1.6448536269514722
"""Standard deviations to either side that hold nine tenths of a Gaussian."""
TREND = 5
"""Years over which a change is told, and in which something must have been observed for a tie to be known."""
HALF = 0.5
"""The share of the world's states that a record must speak of."""
WINDOW = 5
"""Visits are rare: those of so many years count together."""

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
chance that it rose; `_seen` the observations of these five years, without which the rest is missing. `trusts` is the
state's trust in the other, `trusted` the other's in it (`insight.trust`, from acts of these five years): chances with
90 % intervals, and the months since the last act that they rest on."""
SPREAD = pl.Schema(
    {
        "kind": pl.String, "year": pl.Int16, "partners": pl.Int32, "of": pl.Int32, "herfindahl": pl.Float64,
        "effective": pl.Float64, "first": pl.Int16, "first_share": pl.Float64,
    }
)  # fmt: skip
"""`partners` with a share, `of` those that are known; `first` the largest partner."""
KINDS = ("trade", "visits", "aid received", "aid given", "engagement")


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All ties of one state, and how they spread."""

    state: State
    last: date
    """The month of which the ties are told."""
    ties: pl.DataFrame
    """Columns of `TIES`, a row for every other state that is in the system with it, the most engaged first."""
    spread: pl.DataFrame
    """Columns of `SPREAD`, by `kind, year`."""
    sources: tuple[str, ...]
    """The sources whose rows these rest on."""


def portfolio(ev: Evidence, state: State, last: date | None = None) -> Portfolio:
    """Every tie of a state in the month of `last`, and how they spread.

    By default the month is the last of which all dimensions that are known at all still tell something. Ties are ranked
    by engagement; those of which it is not known come last, by alignment. Raises `NoEvidenceError`
    where nothing that is loaded speaks of the state.
    """
    pairs = pairs_of([(state, other) for other in states.every() if other.ccode != state.ccode])
    rows = {name: named(name).observe(ev, pairs) for name in ALL}
    until = last or _still_told(rows.values())
    if until is None:
        raise NoEvidenceError(
            f"nothing that is loaded speaks of the ties of {state.name}", "load sources: see `amity sources`"
        )
    until = until.replace(day=1)
    told = {name: _estimated(ev, name, rows[name], pairs, until, state) for name in ALL}
    ties = _present(state, pairs, until)
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
        rank=pl.int_range(1, pl.len() + 1),
    )
    sources = {source for frame in rows.values() for source in frame["source"].unique()}
    return Portfolio(
        state,
        until,
        ranked.select(pl.col(name).cast(kind) for name, kind in TIES.items()),
        _spread(ev, state, told["engagement"], rows["engagement"], until),
        tuple(sorted(sources)),
    )


def _still_told(rows: Iterable[pl.DataFrame]) -> date | None:
    """The last month of the dimension that ends first; None where nothing is known."""
    ends = [month for frame in rows if (month := last_month([frame])) is not None]
    return min(ends, default=None)


def _other(state: State) -> pl.Expr:
    """The other state of a pair."""
    return pl.when(pl.col("ccode1") == state.ccode).then("ccode2").otherwise("ccode1").alias("ccode")


def _present(state: State, pairs: pl.DataFrame, until: date) -> pl.DataFrame:
    """The states in the system with it in the year: `ccode, name, iso3c, region`."""
    here = years_together(pairs, until.year, until.year).select(_other(state))
    known = {other.ccode: other for other in states.every()}
    told = [(code, known[code].name, known[code].iso3c, known[code].region) for code in here["ccode"]]
    return pl.DataFrame(
        told, orient="row", schema={name: TIES[name] for name in ("ccode", "name", "iso3c", "region")}
    )


def _estimated(
    ev: Evidence, name: str, rows: pl.DataFrame, pairs: pl.DataFrame, until: date, state: State
) -> pl.DataFrame:
    """The state of a dimension with every partner: `ccode, month, x, sd`, in December of each year and at the end."""
    one, home = named(name), ev.store.root if ev.store is not None else None
    laid = prepare(
        rows, pairs, one.ABOUT, one.ITEMS, read(one.ABOUT, one.ITEMS, home), until, by_source=False
    )
    months = (
        (pl.col("month").dt.month() == 12) | (pl.col("month") == until) | (pl.col("month") == _before(until))
    )
    return (
        states_frame(laid, smoothed(laid))
        .filter(pl.col("dimension") == name, months)
        .select(_other(state), "month", x="state", sd="sd")
    )


def _before(until: date) -> date:
    return until.replace(year=until.year - TREND)


def _now(told: pl.DataFrame, rows: pl.DataFrame, name: str, until: date, state: State) -> pl.DataFrame:
    """A dimension of every tie at the end, and its change: the columns of `TIES` that begin with its name.

    The two ends of a change are taken as independent; as they are not, the chance that it rose is too near to a half.
    """
    now, then = (told.filter(pl.col("month") == month) for month in (until, _before(until)))
    recent = rows.filter(pl.col("month") > _before(until), pl.col("month") <= until)
    seen = recent.group_by(_other(state)).agg(pl.len().alias(f"{name}_seen").cast(pl.Int32))
    both = now.join(then.drop("month"), on="ccode", suffix="_then").join(seen, on="ccode")
    x, sd, x0, sd0 = (both[column].to_numpy() for column in ("x", "sd", "x_then", "sd_then"))
    columns = {
        name: shown(x),
        f"{name}_low": shown(x - NINETY * sd),
        f"{name}_high": shown(x + NINETY * sd),
        f"{name}_change": shown(x) - shown(x0),
        f"{name}_rises": _above((x - x0) / np.sqrt(sd**2 + sd0**2)),
    }
    return both.select("ccode", f"{name}_seen").with_columns(
        pl.Series(key, told) for key, told in columns.items()
    )


def _above(z: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> list[float]:
    """The chance that a Gaussian is above nought, by its mean in standard deviations."""
    from statistics import NormalDist  # noqa: PLC0415

    return [NormalDist().cdf(one) for one in z.tolist()]


def _breadth(rows: pl.DataFrame, state: State, until: date) -> pl.DataFrame:
    """In how many fields each tie is alive: `ccode, breadth, breadth_low, breadth_high, fields_known`."""
    told = fields.ask(rows.filter(pl.col("month") <= until), until).breadth
    return told.filter(pl.col("month") == until).select(
        _other(state), "breadth", breadth_low="low", breadth_high="high", fields_known="known"
    )


def _trust(ev: Evidence, state: State, others: Sequence[int], until: date) -> pl.DataFrame:
    """Trust each way from the acts of five years: the columns of `TIES` that begin with `trust`, and `ccode`."""
    line = dict(lines().iter_rows())
    acts = daily_acts(ev, days=(_before(until), _month_end(until))).with_columns(
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
    said = spells_spoken(ev, ["acts"]).filter(pl.col("kind").is_in(["visit", "meeting", "*"]))
    own, line = list(state.ccodes), dict(lines().iter_rows())
    every = pl.DataFrame({"ccode": [other.ccode for other in states.every()]}, schema={"ccode": pl.Int16})
    found: list[pl.DataFrame] = []
    for one, other in (("ccode_from", "ccode_to"), ("ccode_to", "ccode_from")):
        of = said.filter(pl.col(one).is_null() | pl.col(one).is_in(own))
        found.append(of.drop_nulls(other).select(ccode=pl.col(other).replace(line)))
        if of[other].null_count():
            found.append(every)
    return pl.concat(found).unique().with_columns(met_known=pl.lit(True))


# How ties spread


def concentration(rows: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Concentration of amounts by year: columns of `SPREAD`.

    `rows` are `year, ccode, amount`, one a year and known partner; those of nought or less have no share. A year in
    which nobody has any has no row.

    >>> rows = pl.DataFrame({"year": [2000] * 3, "ccode": [2, 710, 800], "amount": [3.0, 1.0, 0.0]})
    >>> concentration(rows, "trade").select("partners", "of", "herfindahl", "effective", "first").row(0)
    (2, 3, 0.625, 1.6, 2)
    """
    held = rows.with_columns(pl.col("amount").clip(0))
    share = pl.col("amount") / pl.col("amount").sum().over("year")
    return (
        held.with_columns(share=share)
        .group_by("year")
        .agg(
            partners=(pl.col("amount") > 0).sum(),
            of=pl.len(),
            herfindahl=(pl.col("share") ** 2).sum(),
            first=pl.col("ccode").sort_by("share", "ccode", descending=[True, False]).first(),
            first_share=pl.col("share").max(),
        )
        .filter(pl.col("partners") > 0)
        .with_columns(kind=pl.lit(kind), effective=1 / pl.col("herfindahl"))
        .sort("year")
        .select(pl.col(name).cast(dtype) for name, dtype in SPREAD.items())
    )


def _spread(
    ev: Evidence, state: State, engaged: pl.DataFrame, rows: pl.DataFrame, until: date
) -> pl.DataFrame:
    """Concentration of all kinds of dealings, to the year of the last month."""
    parts = [
        *(concentration(frame, kind) for kind, frame in _amounts(ev, state).items()),
        concentration(_visits(ev, state), "visits"),
        concentration(_engaged(engaged, rows, state), "engagement"),
    ]
    order = {kind: n for n, kind in enumerate(KINDS)}
    return (
        pl.concat(parts)
        .filter(pl.col("year").is_between(1946, until.year))
        .sort(pl.col("kind").replace_strict(order), "year")
    )


RECORDS: dict[str, tuple[tuple[Sequence[str], Sequence[str]], ...]] = {
    "trade": ((("trade_smoothed",), ("trade_smoothed",)), (("exports_fob",), ("imports_cif",))),
    "aid received": (((), ("oda_gross",)),),
    "aid given": ((("oda_gross",), ()), (("aid_obligated",), ())),
}
"""By kind, the figures of what goes out and of what comes in; in a year the first record that has any counts."""


def _amounts(ev: Evidence, state: State) -> Mapping[str, pl.DataFrame]:
    """What went between the state and each partner: `year, ccode, amount`, by kind."""
    every = sorted({name for kinds in RECORDS.values() for way in kinds for part in way for name in part})
    own, line = list(state.ccodes), dict(lines().iter_rows())
    sums = amounts(ev, every)
    out, back = (sums.filter(pl.col(column).is_in(own)) for column in ("ccode_from", "ccode_to"))
    found: dict[str, pl.DataFrame] = {}
    for kind, records in RECORDS.items():
        told = pl.DataFrame(schema={"year": pl.Int16, "ccode": pl.Int16, "amount": pl.Float64})
        for going, coming in records:
            sides = [
                side.filter(pl.col("kind").is_in(list(names))).select(
                    "year", pl.col(other).replace(line).alias("ccode"), "value"
                )
                for side, names, other in ((out, going, "ccode_to"), (back, coming, "ccode_from"))
            ]
            summed = pl.concat(sides).group_by("year", "ccode").agg(amount=pl.col("value").sum())
            told = pl.concat([told, summed.join(told, on="year", how="anti")])
        found[kind] = told
    return found


def _visits(ev: Evidence, state: State) -> pl.DataFrame:
    """Visits of five years with each partner, in years in which half of the world's states are known of."""
    own, every, line = list(state.ccodes), lines()["ccode"].to_list(), dict(lines().iter_rows())
    together = years_together(pairs_of([(state, one) for one in states.every() if one.ccode != state.ccode]))
    everybody = together.select("year", _other(state))
    said = spells_spoken(ev, ["acts"]).filter(pl.col("kind").is_in(["visit", "*"]))
    parts: list[pl.DataFrame] = []
    for one, other, paid in (
        ("ccode_from", "ccode_to", evidence.visits(ev, own, every)),
        ("ccode_to", "ccode_from", evidence.visits(ev, every, own)),
    ):
        of = said.filter(pl.col(one).is_null() | pl.col(one).is_in(own), pl.col(other).is_null())
        years = (
            of.select(year=pl.int_ranges(pl.col("start").dt.year(), pl.col("end").dt.year() + 1))
            .explode("year")
            .drop_nulls()
            .unique()
            .cast(pl.Int16)
        )
        counted = paid.group_by(
            year=pl.col("date").dt.year().cast(pl.Int16), ccode=pl.col(other).replace(line)
        ).agg(n=pl.len())
        parts.append(
            everybody.join(years, on="year", how="semi").join(counted, on=["year", "ccode"], how="left")
        )
    yearly = pl.concat(parts).group_by("year", "ccode").agg(pl.col("n").fill_null(0).sum())
    year = pl.col("year").cast(pl.Int32)
    return (
        yearly.select("ccode", "n", year=pl.int_ranges(year, year + WINDOW))
        .explode("year")
        .cast({"year": pl.Int16})
        .group_by("year", "ccode")
        .agg(amount=pl.col("n").sum().cast(pl.Float64))
        .join(yearly, on=["year", "ccode"], how="semi")
        .filter(pl.len().over("year") >= HALF * pl.col("year").replace_strict(_sizes(everybody), default=1))
    )


def _sizes(everybody: pl.DataFrame) -> dict[int, int]:
    """How many states there were beside this one, by year."""
    return dict(everybody.group_by("year").len().iter_rows())


def _engaged(told: pl.DataFrame, rows: pl.DataFrame, state: State) -> pl.DataFrame:
    """Engagement above a pair at rest at the end of each year, with the partners observed in the five years to it."""
    year = pl.col("month").dt.year().cast(pl.Int32)
    seen = (
        rows.select(_other(state), year=pl.int_ranges(year, year + TREND))
        .explode("year")
        .cast({"year": pl.Int16})
        .unique()
    )
    ends = told.filter(pl.col("month").dt.month() == 12)
    return (
        ends.select(
            "ccode", year=pl.col("month").dt.year().cast(pl.Int16), amount=pl.col("x").cast(pl.Float64)
        )
        .join(seen, on=["ccode", "year"], how="semi")
        .filter(pl.len().over("year") > 0)
    )
