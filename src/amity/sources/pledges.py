"""Members of alliances into pledges of one state to another: spells that touch are one, and mutual ones are told
apart.

A pledge of A to B holds while both are in the same alliance and phase and A's row says so. Phases in which it goes on
are one spell. The publisher codes what a member has pledged, not to whom: where it marks that pledges go to some
members only, `level` says so, because B need not be one of them.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import polars_schema
from amity.states import resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.sources.atop import Member

FOREVER = date(9999, 12, 31)
KEY = ("atopid", "one", "other", "kind")


def ties(members: Sequence[Member], kinds: Sequence[str], file: str) -> pl.DataFrame:
    """Every pledge as a row of `ties`, by state, start, kind and alliance; `kinds` are in the order of
    `Member.pledges`."""
    spells = _joined(_pledges(_frame(members, kinds)))
    back = spells.select("atopid", "kind", one="other", other="one", theirs="from", until="to")
    beside = spells.join(back, on=KEY, how="left").with_columns(
        mutual=((pl.col("theirs") <= pl.col("to")) & (pl.col("until") >= pl.col("from"))).fill_null(
            value=False
        )
    )
    told = beside.group_by(*KEY, "from", maintain_order=True).agg(
        pl.col("mutual").any(), pl.exclude("mutual", "theirs", "until").first()
    )
    return _shaped(told, file)


def _frame(members: Sequence[Member], kinds: Sequence[str]) -> pl.DataFrame:
    """One row a member, phase and pledge that it made; members without one have a row without a kind."""
    rows = [
        (
            *(one.atopid, one.phase, one.code, one.entered, one.entered_precision),
            *(one.left or FOREVER, one.left_precision, one.varies, kind),
        )
        for one in members
        for kind in [kind for kind, made in zip(kinds, one.pledges, strict=True) if made] or [None]
    ]
    schema = {
        "atopid": pl.Int32, "phase": pl.Int32, "code": pl.String, "from": pl.Date, "from_precision": pl.String,
        "to": pl.Date, "to_precision": pl.String, "varies": pl.Boolean, "kind": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _pledges(frame: pl.DataFrame) -> pl.DataFrame:
    """One row a pledge of `one` to `other` in one phase, with the days on which both were in it."""
    others = frame.drop("kind", "varies").unique().rename({"code": "other"})
    both = frame.drop_nulls("kind").join(others, on=["atopid", "phase"], suffix="_b").rename({"code": "one"})
    # Where one leaves on the day on which the other enters, one state took the other's place: they were never allies.
    later, sooner = pl.col("from_b") > pl.col("from"), pl.col("to_b") < pl.col("to")
    return both.filter(
        (pl.col("one") != pl.col("other"))
        & (pl.col("from") < pl.col("to_b"))
        & (pl.col("from_b") < pl.col("to"))
    ).select(
        *KEY,
        "varies",
        pl.max_horizontal("from", "from_b").alias("from"),
        pl.min_horizontal("to", "to_b").alias("to"),
        from_precision=pl.when(later).then("from_precision_b").otherwise("from_precision"),
        to_precision=pl.when(sooner).then("to_precision_b").otherwise("to_precision"),
        together=pl.col("from") == pl.col("from_b"),
    )


def _joined(pledges: pl.DataFrame) -> pl.DataFrame:
    """Spells of the same pledge that touch, as one."""
    apart = pl.col("from") > pl.col("to").shift().over(KEY).dt.offset_by("1d")
    return (
        pledges.sort(*KEY, "from", "to")
        .with_columns(spell=apart.fill_null(value=True).cum_sum().over(KEY))
        .group_by(*KEY, "spell", maintain_order=True)
        .agg(
            pl.col("from", "from_precision", "together", "varies").first(),
            pl.col("to", "to_precision").sort_by("to").last(),
        )
    )


def _shaped(told: pl.DataFrame, file: str) -> pl.DataFrame:
    sent = resolve(told, "one", "ccode", file=file).rename({"ccode": "ccode_from"}).drop("left_out")
    coded = resolve(sent, "other", "ccode", file=file).rename({"ccode": "ccode_to"})
    closed = pl.col("to") < FOREVER
    shaped = coded.select(
        "ccode_from",
        "ccode_to",
        "kind",
        start="from",
        start_precision="from_precision",
        began=pl.when("together").then(pl.lit("began")).otherwise(pl.lit("joined")),
        end=pl.when(closed).then("to"),
        end_precision=pl.when(closed).then("to_precision"),
        ended=pl.when(closed).then(pl.lit("ended")),
        level=pl.when("varies")
        .then(pl.lit("to some members"))
        .when("mutual")
        .then(pl.lit("mutual"))
        .otherwise(pl.lit("one-sided")),
        who=pl.lit(None, dtype=pl.String),
        ref=pl.format("alliance {}", "atopid"),
    )
    typed = shaped.select(pl.col(name).cast(dtype) for name, dtype in polars_schema("ties").items())
    return typed.sort("ccode_from", "ccode_to", "start", "kind", "ref")
