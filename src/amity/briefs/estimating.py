"""From the relation of a pair, as the engine estimates it, to the brief's own records."""

from __future__ import annotations

from math import erfc, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from amity.briefs import ageing, foreseeing, phasing, trusting
from amity.briefs.estimated import Breadth, Change, Depth, Estimated, Line, Month, Stand
from amity.dimensions import named
from amity.dimensions.constants import item_of
from amity.dimensions.estimate import FIRST, LEAST_KNOWN
from amity.dimensions.observed import pairs_of, years_together
from amity.dimensions.pair import relation_of
from amity.engine.between import change
from amity.insight import fields

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from amity.briefs.estimated import LineName
    from amity.briefs.gather import Asked
    from amity.dimensions.observed import Item
    from amity.dimensions.pair import Relation
    from amity.evidence import Evidence

FRESH = 12
"""Months for which an observation counts as recent, and over which a line is compared with itself."""
LEAST_NEWS = 0.01
"""Standard deviations below which a change is not told."""


def related(ev: Evidence, asked: Asked, last: date) -> Relation | None:
    """The two as the engine estimates them, to the month of `last`; None before 1946."""
    return None if last < FIRST else relation_of(ev, asked.a, asked.b, last)


def estimated(ev: Evidence, asked: Asked, relation: Relation, last: date) -> Estimated:
    """What a brief tells of the relation of the two, to the month of `last`."""
    shared = set(years_together(pairs_of([(asked.a, asked.b)]), last=last.year)["year"])
    lines = tuple(line(relation, asked, read, name, shared) for name, read in reads(asked, relation).items())
    depth, breadth = by_field(relation, asked, last)
    ahead = foreseeing.outlook(ev, relation)
    spells, turns = phasing.phases(ev, relation, asked, last)
    return Estimated(
        month=last.replace(day=1),
        lines=lines,
        moved=moved(relation, asked),
        learned_from=tuple(relation.learned_from.items()),
        sources=tuple(relation.observed["source"].unique().sort()),
        foreseen=foreseeing.foreseen(ahead, reads(asked, relation)),
        skill=foreseeing.skill(ahead),
        acts_of=ahead.source,
        phases=spells,
        turns=turns,
        depth=depth,
        breadth=breadth,
        trust=trusting.trust(ev, asked, last),
        maturity=ageing.matured(ev, relation, last),
    )


def reads(asked: Asked, relation: Relation) -> dict[LineName, str]:
    """What each line of the brief is called in a relation, in which 1 is the smaller code."""
    forth, back = ("1to2", "2to1") if asked.a.ccode < asked.b.ccode else ("2to1", "1to2")
    names: dict[LineName, str] = {
        "tone": "tone",
        "tone a to b": f"tone_{forth}",
        "tone b to a": f"tone_{back}",
        "engagement": "engagement",
        "alignment": "alignment",
    }
    found = set(relation.smoothed["dimension"].unique())
    return {name: read for name, read in names.items() if read in found}


def line(relation: Relation, asked: Asked, known_as: str, name: LineName, shared: set[int]) -> Line:
    """One line, in the years asked for; a month in which the two were not both states is not known."""
    now = relation.smoothed.filter(pl.col("dimension") == known_as).sort("month")
    then = relation.filtered.filter(pl.col("dimension") == known_as).sort("month")
    seen = seen_months(relation, known_as)
    rows = (
        now.select("month", "value", "low", "high", "sd")
        .with_columns(
            then=then["value"], then_low=then["low"], then_high=then["high"], at=pl.int_range(pl.len())
        )
        .join(seen.select("month", last="month"), on="month", how="left")
        .sort("month")
        .with_columns(pl.col("last").forward_fill(), together=pl.col("month").dt.year().is_in(shared))
        .with_columns(
            seen=(months_of("month") - months_of("last") < FRESH).fill_null(False),
            known=(pl.col("sd") < LEAST_KNOWN) & pl.col("together"),
        )
    )
    names = ["month", "value", "low", "high", "then", "then_low", "then_high", "seen", "known"]
    kept = rows.filter(pl.col("month") >= asked.first).select(names)
    months = tuple(Month(*rounded(row)) for row in kept.iter_rows())
    return Line(name, months, stand(relation, known_as, rows.rows(named=True)))


def months_of(name: str) -> pl.Expr:
    return pl.col(name).dt.year() * 12 + pl.col(name).dt.month()


def rounded(row: tuple[Any, ...]) -> list[Any]:
    """Numbers to a tenth of a point: more digits are not known."""
    return [round(cell, 1) if isinstance(cell, float) else cell for cell in row]


def seen_months(relation: Relation, known_as: str) -> pl.DataFrame:
    """The months in which anything was observed that bears on what is read: of one direction, its own and both's."""
    dimension, _, way = known_as.partition("_")
    side = {"": (-1, 0, 1), "1to2": (0, 1), "2to1": (0, -1)}[way]
    rows = relation.observed.filter((pl.col("dimension") == dimension) & pl.col("side").is_in(side))
    return rows.select("month").unique().sort("month")


def stand(relation: Relation, known_as: str, rows: list[dict[str, Any]]) -> Stand:
    """Where a line stands in its last month, beside a year before."""
    end = rows[-1]
    earlier = rows[-1 - FRESH] if len(rows) > FRESH else None
    # Without an observation since, the year's change is only the pull of rest.
    comparable = earlier is not None and earlier["known"] and end["known"] and end["seen"]
    return Stand(
        value=round(end["value"], 1),
        low=round(end["low"], 1),
        high=round(end["high"], 1),
        known=end["known"],
        fresh=end["seen"],
        last_seen=end["last"],
        before=round(earlier["value"], 1) if comparable and earlier else None,
        chance_higher=round(chance_higher(relation, known_as), 3) if comparable else None,
    )


def chance_higher(relation: Relation, known_as: str) -> float:
    """Probability that a line is higher in its last month than a year before, the two months taken together."""
    dimension, _, way = known_as.partition("_")
    reading = relation.readings[dimension]
    states = reading.now.mean.shape[2]
    weights = np.zeros(states)
    weights[0] = 1.0
    if way:
        weights[1] = 1.0 if way == "1to2" else -1.0
    last = len(reading.laid.months) - 1
    mean, sd = change(reading.now, reading.laid.move, 0, last - FRESH, last, weights)
    return 0.5 if sd == 0 else 0.5 * erfc(-mean / sd / sqrt(2.0))


def by_field(relation: Relation, asked: Asked, last: date) -> tuple[tuple[Depth, ...], tuple[Breadth, ...]]:
    """Engagement field by field at each year's end, and in how many fields there is more than a pair at rest has."""
    rows = relation.observed.filter(pl.col("dimension") == "engagement").drop("dimension")
    if rows.is_empty():
        return (), ()
    found = fields.ask(rows, last)
    inside = pl.col("month") >= asked.first
    depth = found.depth.filter("known", inside).sort("field", "month")
    wide = found.breadth.filter(inside, pl.col("known") > 0).sort("month")
    named_by = ("value", "low", "high")
    return (
        tuple(
            Depth(row["field"], row["month"].year, *(round(row[name], 2) for name in named_by))
            for row in depth.iter_rows(named=True)
        ),
        tuple(
            Breadth(row["month"].year, row["known"], round(row["breadth"], 1), row["low"], row["high"])
            for row in wide.iter_rows(named=True)
        ),
    )


# What moved it


def moved(relation: Relation, asked: Asked) -> tuple[Change, ...]:
    """What the observations of each kind and source brought, month by month, in the years asked for."""
    told = relation.contributions.filter(
        (pl.col("news").abs() >= LEAST_NEWS) & (pl.col("month") >= asked.first)
    ).sort("month", "dimension", "item", "source")
    seen: dict[tuple[object, ...], list[tuple[int, float, float, int]]] = {}
    for *key, side, y, n, count in summed(relation.observed, told).iter_rows():
        seen.setdefault(tuple(key), []).append((side, y, n, count))
    declared = {
        (name, item.name): item for name in relation.readings for item in named(name).ITEMS
    }  # an item's own name, without its source
    return tuple(
        Change(
            month=row["month"],
            dimension=row["dimension"],
            says=declared[row["dimension"], item_of(row["item"])].says,
            source=row["source"],
            news=round(row["news"], 3),
            seen=observation(
                seen.get((row["dimension"], row["item"], row["source"], row["month"]), []),
                declared[row["dimension"], item_of(row["item"])],
                ways(asked),
            ),
        )
        for row in told.iter_rows(named=True)
    )


def ways(asked: Asked) -> dict[int, str]:
    """How a side is written: by whom towards whom."""
    one, two = sorted((asked.a, asked.b), key=lambda state: state.ccode)
    short = [state.iso3c or state.name for state in (one, two)]
    return {1: f"{short[0]} to {short[1]}: ", -1: f"{short[1]} to {short[0]}: ", 0: ""}


def summed(observed: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """The sums of what was observed behind each change, a row a side, that of state 1 first."""
    keys = ["dimension", "item", "source", "month"]
    return (
        observed.join(told, on=keys, how="semi")
        .group_by(*keys, "side")
        .agg(pl.col("y", "n").sum(), pl.len())
        .sort("side", descending=True)
    )


def observation(sides: Sequence[tuple[int, float, float, int]], item: Item, way: Mapping[int, str]) -> str:
    """What was observed, in words: '3 of 17', 'none', '−4.60'; each side's by itself, as side, sums and rows."""
    said: list[str] = []
    for side, total, every, count in sides:
        if item.family == "mix":
            told = "yes" if every == 1 and total else "no" if every == 1 else f"{total:.0f} of {every:.0f}"
        elif item.family == "count":
            told = f"{total:.0f}" if total else "none"
        elif item.name == "un_closeness":
            told = f"points {-total / count:.2f} apart"
        else:
            told = f"{total / count:.2f}".replace("-", "−")
        said.append(f"{way[side]}{told}")
    return "; ".join(said)
