r"""Relations, and missions of one state in the other: what changed in a year, not what merely lasts.

A standing embassy is no news every month. What is observed is a transition: of a year that begins without a mission,
whether one was opened; of a year that begins with one, whether it was closed. A level with a large variance would do
too, but says the same of the hundredth year as of the first, and a rupture would be one year's number among many; a
transition is sharp where something happened and nearly silent where nothing did, and the long years of a mission or of
none still speak, as softly as the rarity of openings and closings allows.

A transition stands in its own month, or in December where its year alone is known; a year without one stands in
December. One source tells a year of a way, so that an embassy and its ambassador are not two: posts of the State
Department's guide, then its chiefs of mission, then the yearbook's embassies. An envoy's post is vacant when nobody
held it for a year, and is closed on the day on which that becomes known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity import evidence
from amity.dimensions.engaged.knowing import FIRST, best_source, by_line, together
from amity.dimensions.observed import observed

if TYPE_CHECKING:
    from amity.dimensions.engaged.knowing import Asked
    from amity.evidence import Evidence

__all__ = ["KINDS", "ORDER", "observe"]

KINDS = {"relations": "relations", "post": "mission", "envoy": "mission"}
"""Kind of tie, and the item (with `_opened` and `_closed`) that it feeds."""
ORDER = ("us_relations", "us_missions", "diplometrics")

VACANT = {"relations": 31, "post": 31, "envoy": 365}
"""Days between two spells up to which the tie is held to have lasted: a post that is raised, an envoy relieved."""
SILENT = 366
"""Days of silence of a source over which it is read on: between one yearbook or file and the next."""
FOREVER = pl.date(9999, 12, 31)

RUN = ["kind", "source", "line_from", "line_to"]


def observe(ev: Evidence, of: Asked) -> pl.DataFrame:
    """Transitions, and years without one; rows of `observed.OBSERVED`."""
    known = _known(of).collect().lazy()
    held = _held(by_line(evidence.ties_of(ev, [*KINDS], of.codes)).lazy(), known).collect().lazy()
    rows = pl.concat([_changes(held, known), _still(held, known)]).with_columns(
        ccode1=pl.min_horizontal("line_from", "line_to"),
        ccode2=pl.max_horizontal("line_from", "line_to"),
        of=pl.col("kind").replace_strict(KINDS),
        year=pl.col("month").dt.year(),
    )
    # Relations hold both ways: whoever's record it is, they are told once.
    way = pl.when(pl.col("of") == "relations").then(0).otherwise("line_from")
    best = best_source(rows.with_columns(way=way).collect(), ["ccode1", "ccode2", "of", "way", "year"], ORDER)
    named = pl.concat_str("of", pl.lit("_"), "what")
    item = pl.when(pl.col("of") == "mission").then(named + ":" + pl.col("source")).otherwise(named)
    columns = ["ccode1", "ccode2", "of", "way", "month", "what", "y"]
    return observed(best.lazy().unique(columns).with_columns(item=item, n=pl.lit(1.0)).collect())


def _joined(spells: pl.LazyFrame, apart: pl.Expr, *also: pl.Expr) -> pl.LazyFrame:
    """Spells of a run (`since, until`), those joined between which lie no more than so many days."""
    before = pl.col("until").cum_max().shift(1).over(RUN, order_by=["since", "until"])
    opens = ((pl.col("since") - before).dt.total_days() > apart).fill_null(True)
    return (
        spells.sort(*RUN, "since", "until")
        .with_columns(opens=opens)
        .with_columns(run=pl.col("opens").cum_sum())
        .group_by(*RUN, "run")
        .agg(pl.col("since").min(), pl.col("until").max(), *also)
        .drop("run")
    )


def _known(of: Asked) -> pl.LazyFrame:
    """Days of which a source speaks and on which both states existed, those of a year's silence between joined."""
    pairs = of.pairs.lazy().join(together(of.pairs).lazy(), on=["ccode1", "ccode2"])
    ways = (("ccode1", "ccode2"), ("ccode2", "ccode1"))
    days = pl.concat(
        [pairs.select("since", "until", line_from=pl.col(a), line_to=pl.col(b)) for a, b in ways]
    )
    both = of.spoken("ties", [*KINDS]).lazy().join(days, on=["line_from", "line_to"])
    inside = both.select(
        *RUN, since=pl.max_horizontal("start", "since"), until=pl.min_horizontal("end", "until")
    ).filter(pl.col("since") <= pl.col("until"))
    return _joined(inside, pl.lit(SILENT))


def _held(told: pl.LazyFrame, known: pl.LazyFrame) -> pl.LazyFrame:
    """Runs in which a tie held: `since, until`, and whether each is known to the year only."""
    spells = told.join(known.select(RUN).unique(), on=RUN, how="semi").select(
        *RUN,
        since="start",
        until=pl.col("end").fill_null(FOREVER),
        vague_since=pl.col("start_precision") == "year",
        vague_until=(pl.col("end_precision") == "year").fill_null(False),
    )
    return _joined(
        spells,
        pl.col("kind").replace_strict(VACANT, return_dtype=pl.Int32),
        pl.col("vague_since").sort_by("since").first(),
        pl.col("vague_until").sort_by("until").last(),
    )


def _changes(held: pl.LazyFrame, known: pl.LazyFrame) -> pl.LazyFrame:
    """Openings and closings that a source saw: it spoke of the day before, or of the day after."""
    wait = pl.when(pl.col("kind") == "envoy").then(VACANT["envoy"]).otherwise(0)
    ends = held.filter(pl.col("until") < FOREVER)
    opened = held.select(*RUN, day="since", vague="vague_since", what=pl.lit("opened"))
    closed = ends.select(
        *RUN, day=pl.col("until") + pl.duration(days=wait), vague="vague_until", what=pl.lit("closed")
    )
    seen = pl.concat([opened, closed]).join(known, on=RUN)
    inside = pl.when(pl.col("what") == "opened").then(pl.col("since") < pl.col("day")).otherwise(
        pl.col("since") <= pl.col("day")
    ) & pl.when(pl.col("what") == "opened").then(pl.col("day") <= pl.col("until")).otherwise(
        pl.col("day") < pl.col("until")
    )
    month = (
        pl.when("vague")
        .then(pl.date(pl.col("day").dt.year(), 12, 1))
        .otherwise(pl.col("day").dt.truncate("1mo"))
    )
    return seen.filter(inside, pl.col("day").dt.year() >= FIRST).select(
        *RUN, "what", month=month, y=pl.lit(1.0)
    )


def _still(held: pl.LazyFrame, known: pl.LazyFrame) -> pl.LazyFrame:
    """Whole years that are spoken of, in which a tie neither began nor ended."""
    first = pl.col("since").dt.offset_by("-1d").dt.year() + 1
    last = pl.col("until").dt.offset_by("1d").dt.year() - 1
    years = (
        known.with_columns(year=pl.int_ranges(pl.max_horizontal(first, pl.lit(FIRST)), last + 1))
        .explode("year")
        .drop_nulls("year")
        .select(*RUN, pl.col("year").cast(pl.Int32))
        .unique()
    )
    spans = held.select(*RUN, begun=pl.col("since").dt.year(), over=pl.col("until").dt.year())
    # An envoy's vacancy becomes known a year later: the years of its end and of that day both have news in them.
    late = pl.when(pl.col("kind") == "envoy").then(1).otherwise(0)
    met = years.join(spans, on=RUN, how="left").with_columns(
        changes=(
            (pl.col("begun") == pl.col("year")) | pl.col("year").is_between("over", pl.col("over") + late)
        ),
        lasts=(pl.col("begun") < pl.col("year")) & (pl.col("year") < pl.col("over")),
    )
    told = met.group_by(*RUN, "year").agg(
        changes=pl.col("changes").fill_null(False).any(), lasts=pl.col("lasts").fill_null(False).any()
    )
    what = pl.when("lasts").then(pl.lit("closed")).otherwise(pl.lit("opened"))
    return told.filter(~pl.col("changes")).select(
        *RUN, what=what, month=pl.date("year", 12, 1), y=pl.lit(0.0)
    )
