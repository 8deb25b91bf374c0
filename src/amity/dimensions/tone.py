r"""Tone: how two states treat each other, and each the other.

What 1 does to 2 is read as $r + \delta$, what 2 does to 1 as $r - \delta$, what both do as $r$. Higher is warmer.

| item | law | one observation |
|---|---|---|
| `hostile_share` | mix | of the acts of one towards the other that a source codes in a month, those that are hostile |
| `dispute_onset` | count | militarised disputes that began in a year |
| `sanction_threatened`, `sanction_imposed` | count | sanctions by one that began, but for mere trade |
| `rupture` | count | relations severed, suspended or interrupted, while they held |
| `restored` | count | relations taken up again, while they were severed |

Onsets and ends are evidence, what merely lasts is not: a dispute that goes on is no new dispute. A year with none is an
observation too, of a pair at risk inside the coverage of a source. Incidents, not reports, are counted: an act told
twice on a day is one. Votes, visits and trade are left to the other dimensions: in one likelihood they would take the
tone over, and with it all skill at foreseeing disputes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity import evidence
from amity.dimensions.kept_rows import kept
from amity.dimensions.observed import (
    OBSERVED,
    Dimension,
    Item,
    codes,
    few,
    line,
    lines,
    members,
    observed,
    to_lines,
    years_together,
)
from amity.evidence.months import mixes
from amity.measures import dispute_risk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.evidence import Evidence

__all__ = ["ABOUT", "ITEMS", "observe"]

ABOUT = Dimension(
    "tone", "how they treat each other", directed=True, persistence=(0.985, 0.97), variance=(1.0, 0.1)
)

FULL = 32.0
"""Acts of a month, of which more are no further witnesses: a month all of one kind would say more the louder it is."""

ITEMS = (
    Item("hostile_share", "acts coded from the news", "mix", -1.5, -0.6, 0.1, each_source=True, most=FULL),
    Item("dispute_onset", "militarised disputes", "count", -0.5, -1.2, field="security"),
    Item("sanction_threatened", "threats of sanctions", "count", -6.0, -0.8, field="economy"),
    Item("sanction_imposed", "sanctions", "count", -6.0, -0.8, field="economy"),
    Item("rupture", "ruptures of relations", "count", -5.0, -1.2, field="diplomacy"),
    Item("restored", "relations restored", "count", -2.5, 0.8, field="diplomacy"),
)

BROKEN = ("severed", "suspended", "interrupted", "ended")
"""How the end of relations begins where somebody ended them; a state that is no more has severed nothing."""
DISPUTES = ("gml_mid", "cow_mid")
"""Where both speak of a year the first one does: the second's disputes are the same ones, before corrections."""
SANCTIONS = {"sanction_threatened": "threatened", "sanction_imposed": "imposed"}
"""How such a tie begins by somebody's act; others began by joining a union that had imposed it."""
USUAL = -8.0
"""The offset of a pair of which nobody says where it lies, near the world's mean."""
QUARRELS = ("import restriction", "export restriction", "agreement suspended", "not specified", "other")
"""Means that by themselves make a quarrel over trade: the closest of allies have dozens."""
HABIT = 3.0
"""A state's readiness to sanction is drawn to the world's as if by so many onsets at the world's rate."""
FIRST = 1946
"""The first year of every series."""


@kept("tone")
def observe(ev: Evidence, pairs: pl.DataFrame) -> pl.DataFrame:
    """Everything that the loaded sources say of the tone of pairs: rows of `observed.OBSERVED`, in no order.

    `pairs` are lines, `ccode1, ccode2`, as `observed.pairs_of` gives them.
    """
    among = few(pairs)
    kinds = ("dispute", "relations")
    told = evidence.ties_of(ev, kinds, among)
    said = evidence.spoken(ev, "ties", (*kinds, *SANCTIONS), among)
    imposed = evidence.ties_of(ev, [*SANCTIONS])
    years = years_together(pairs)
    parts = [
        news(ev, pairs),
        disputes(ev, told, said, pairs, years),
        *(sanctions(imposed, said, pairs, years, kind) for kind in SANCTIONS),
        relations(told, said, pairs),
    ]
    return pl.concat(parts)


def news(ev: Evidence, pairs: pl.DataFrame) -> pl.DataFrame:
    """Acts of one state towards the other in a month, as each source of coded events counts them: hostile, and all."""
    return observed(
        to_lines(mixes(ev, codes(pairs)), pairs)
        .lazy()
        .group_by("ccode1", "ccode2", "side", "source", "month")
        .agg(y=pl.col("hostile").sum(), n=pl.col("incidents").sum())
        .with_columns(item="hostile_share:" + pl.col("source"))
        .collect()
    )


def disputes(
    ev: Evidence, held: pl.DataFrame, said: pl.DataFrame, pairs: pl.DataFrame, years: pl.DataFrame
) -> pl.DataFrame:
    """Disputes that began in each year of a pair at risk, beside what its structure alone lets expect.

    A year in which a dispute only went on is left out; one in which another began beside it is not.
    """
    spoken = spoken_years(said, "dispute", DISPUTES)
    told = (
        to_lines(held.filter(kind="dispute"), pairs)
        .lazy()
        .with_columns(first=pl.col("start").dt.year(), last=pl.coalesce("end", "start").dt.year())
    )
    keys = ["ccode1", "ccode2", "source", "year"]
    named = told.unique([*keys[:3], "ref", "first"]).with_columns(year=pl.col("first").cast(pl.Int16))
    begun = named.group_by(keys).agg(y=pl.len())
    going = (
        told.with_columns(year=pl.int_ranges(pl.col("first") + 1, pl.col("last") + 1))
        .explode("year")
        .select(*keys[:3], pl.col("year").cast(pl.Int16))
        .drop_nulls()
        .unique()
    )
    at_risk = years.join(spoken, on="year")
    if at_risk.is_empty():
        return pl.DataFrame(schema=OBSERVED)
    return yearly(
        at_risk.lazy()
        .join(begun, on=keys, how="left")
        .join(going.with_columns(going=pl.lit(1)), on=keys, how="left")
        .filter(pl.col("y").is_not_null() | pl.col("going").is_null())
        .join(structure(ev, pairs, at_risk).lazy(), on=["ccode1", "ccode2", "year"], how="left")
        .with_columns(pl.col("y").fill_null(0), pl.col("offset").fill_null(USUAL))
        .collect(),
        "dispute_onset",
    )


def structure(ev: Evidence, pairs: pl.DataFrame, years: pl.DataFrame) -> pl.DataFrame:
    """The log of the disputes a year that distance, strength and alliances let expect: `ccode1, ccode2, year, offset`.

    A pair of which nobody says where it lies has no row.
    """
    named = members(pairs).select("code1", "code2").iter_rows() if few(pairs) else None
    first, last = min(years["year"]), max(years["year"])
    rates = dispute_risk.of_store(ev, first, last, named).drop_nulls("log_rate")
    return (
        to_lines(rates.rename({"ccode1": "ccode_from", "ccode2": "ccode_to"}), pairs)
        .lazy()
        .group_by("ccode1", "ccode2", pl.col("year").cast(pl.Int16))
        .agg(offset=pl.col("log_rate").mean())
        .collect()
    )


def sanctions(
    told: pl.DataFrame, said: pl.DataFrame, pairs: pl.DataFrame, years: pl.DataFrame, kind: str
) -> pl.DataFrame:
    """Sanctions of one state against the other that began, beside what the sender's habit lets expect in a year.

    One that is dated stands in its month; the years without any, and those known to the year, in December.
    """
    spoken = spoken_years(said, kind)
    at_risk = years.lazy().join(spoken.lazy(), on="year")
    begun = told.filter(pl.col("kind") == kind, pl.col("began") == SANCTIONS[kind])
    held = begun.filter(beyond_trade()).with_columns(
        year=pl.col("start").dt.year().cast(pl.Int16),
        month=pl.when(start_precision="year")
        .then(pl.date(pl.col("start").dt.year(), 12, 1))
        .otherwise(pl.col("start").dt.truncate("1mo")),
    )
    keys = ["ccode1", "ccode2", "side", "source", "year"]
    news = to_lines(held, pairs).lazy().group_by(*keys, "month").agg(y=pl.col("ref").n_unique())
    sides = pl.LazyFrame({"side": [1, -1]}, schema={"side": pl.Int8})
    return observed(
        at_risk.join(sides, how="cross")
        .join(news, on=keys, how="left")
        .with_columns(
            pl.col("y").fill_null(0),
            pl.col("month").fill_null(pl.date("year", 12, 1)),
            line=pl.when(pl.col("side") == 1).then("ccode1").otherwise("ccode2"),
            item=pl.lit(kind),
        )
        .join(habits(held, spoken, pairs).lazy(), on=["line", "year"], how="left")
        .collect()
    )


def beyond_trade() -> pl.Expr:
    """Whether a sanction takes more than the means of a quarrel over trade; one of which no means are told does.

    >>> rows = pl.DataFrame({"level": ["import restriction; other", "aid ended; import restriction", None]})
    >>> rows.select(beyond_trade()).to_series().to_list()
    [False, True, True]
    """
    means = pl.col("level").str.split("; ")
    return means.list.set_difference(list(QUARRELS)).list.len().fill_null(1) > 0


def habits(held: pl.DataFrame, spoken: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    r"""How much readier than others a state of a pair was to sanction anybody, by what was known before each year.

    Columns `line, year, offset`: $\log\frac{k + h}{e + h}$ with $k$ the sanctions it began before the year, $e$ what
    the mean state began, and $h$ the weight of the world's habit.
    """
    counted = (
        held.lazy()
        .group_by(line=line("ccode_from"), year=pl.col("start").dt.year().cast(pl.Int16))
        .agg(k=pl.struct("ref", "ccode_to").n_unique())
    )
    years = spoken.lazy().select("year").unique()
    many = lines()["line"].n_unique()
    begun = years.join(counted.group_by("year").agg(pl.col("k").sum()), on="year", how="left").sort("year")
    mean = begun.select("year", mean=pl.col("k").fill_null(0).cum_sum().shift(1, fill_value=0) / many)
    own = pl.concat([pairs["ccode1"], pairs["ccode2"]]).unique().alias("line").to_frame().lazy()
    before = pl.col("k").fill_null(0).cum_sum().shift(1, fill_value=0).over("line", order_by="year")
    return (
        own.join(years, how="cross")
        .join(counted, on=["line", "year"], how="left")
        .with_columns(before=before)
        .join(mean, on="year")
        .select("line", "year", offset=((pl.col("before") + HABIT) / (pl.col("mean") + HABIT)).log())
        .collect()
    )


def relations(told: pl.DataFrame, said: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Diplomatic relations broken off or taken up again, each in its month; years in which nothing changed, as such.

    At risk of a rupture are the years in which relations held, of a restoring those that began after a rupture.
    """
    spells = _spells(told.filter(kind="relations"), said, pairs).lazy()
    first, last = pl.col("start").dt.year(), pl.col("until").dt.year()
    held = _each_year(spells, first, last, pl.when("broken").then("end"), "rupture")
    since = pl.when(pl.col("again").dt.year() == last).then(last).otherwise(last + 1)
    apart = spells.filter("broken").with_columns(since=since, until=pl.coalesce("again", "known"))
    back = _each_year(apart, pl.col("since"), last, pl.col("again"), "restored")
    return pl.concat([observed(held.collect()), observed(back.collect())])


def _spells(held: pl.DataFrame, said: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Spells of relations: until when each is known to have held, whether somebody broke it, when the next began."""
    spoken = said.filter(kind="relations").drop_nulls(["ccode_from", "ccode_to"])
    known = to_lines(spoken, pairs).lazy().group_by("ccode1", "ccode2").agg(known=pl.col("end").max())
    how = pl.col("ended").fill_null("").str.contains("^(" + "|".join(BROKEN) + ")")
    return (
        to_lines(held, pairs)
        .lazy()
        .join(known, on=["ccode1", "ccode2"])
        .with_columns(
            until=pl.coalesce("end", "known"),
            broken=how,
            again=pl.col("start").shift(-1).over("ccode1", "ccode2", order_by="start"),
        )
        .collect()
    )


def _each_year(spells: pl.LazyFrame, first: pl.Expr, last: pl.Expr, when: pl.Expr, item: str) -> pl.LazyFrame:
    """A row for each year of each spell: 1 in the month `when` it ended, and in its other years 0 in December."""
    return (
        spells.with_columns(year=pl.int_ranges(first, last + 1), when=when)
        .explode("year")
        .filter(pl.col("year") >= FIRST)
        .with_columns(y=(pl.col("when").dt.year() == pl.col("year")).fill_null(False))
        .with_columns(
            month=pl.when("y").then(pl.col("when").dt.truncate("1mo")).otherwise(pl.date("year", 12, 1)),
            item=pl.lit(item),
        )
        .drop("side")
    )


def spoken_years(said: pl.DataFrame, kind: str, order: Sequence[str] = ()) -> pl.DataFrame:
    """The years about which a source speaks of all states: `year, source`, one a year, the earlier in `order`."""
    told = said.filter(pl.col("kind") == kind, pl.col("ccode_from").is_null() & pl.col("ccode_to").is_null())
    rank = {name: n for n, name in enumerate(order)}
    return (
        told.lazy()
        .with_columns(year=pl.int_ranges(pl.col("start").dt.year(), pl.col("end").dt.year() + 1))
        .explode("year")
        .with_columns(
            pl.col("year").cast(pl.Int16), rank=pl.col("source").replace_strict(rank, default=len(rank))
        )
        .sort("year", "rank", "source")
        .unique("year", keep="first")
        .select("year", "source")
        .collect()
    )


def yearly(rows: pl.DataFrame, item: str) -> pl.DataFrame:
    """Rows of an item that is known by years, each in its December."""
    return observed(rows.with_columns(month=pl.date("year", 12, 1), item=pl.lit(item)))
