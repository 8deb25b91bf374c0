"""Roll calls that two sources have are one roll call."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amity.evidence.roll_calls import one_record, reconcile
from amity.sources import unga_resolutions, unga_votes

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2019, 12, 12)
ITEM = ("item", "source", "symbol", "date", "part", "issues")
ITEMS = pl.DataFrame(
    [
        ("rcid:1", "unga_votes", "A/RES/74/50", DAY, "whole", "di"),
        ("rcid:2", "unga_votes", "A/RES/74/50", DAY, "paragraph", "di"),
        ("rcid:3", "unga_votes", "R/74/63A", DAY, "whole", ""),
        ("rcid:4", "unga_votes", "R/74/64", date(2019, 12, 1), "whole", ""),
        ("rcid:5", "unga_votes", None, DAY, "whole", ""),
        ("rcid:6", "unga_votes", "SS/5", None, "whole", ""),
        ("A/RES/74/50", "unga_resolutions", "A/RES/74/50", DAY, "whole", None),
        ("A/RES/74/63 A", "unga_resolutions", "A/RES/74/63 A", DAY, "whole", None),
        ("A/RES/74/64", "unga_resolutions", "A/RES/74/64", DAY, "whole", None),
        ("A/RES/ES-11/1", "unga_resolutions", "A/RES/ES-11/1", DAY, "whole", None),
    ],
    schema=ITEM,
    orient="row",
)
VOTES = pl.DataFrame(
    [
        *(("rcid:1", 2, "no"), ("rcid:1", 811, "yes"), ("rcid:1", 710, "abstain")),
        *(("A/RES/74/50", 2, "no"), ("A/RES/74/50", 811, "abstain"), ("A/RES/74/50", 365, "yes")),
        *(("rcid:2", 2, "yes"), ("rcid:3", 2, "no"), ("A/RES/74/63 A", 2, "no"), ("A/RES/74/64", 2, "no")),
    ],
    schema={"item": pl.String, "ccode": pl.Int16, "vote": pl.String},
    orient="row",
)


def test_only_whole_resolutions_of_one_number_and_day_are_the_same() -> None:
    pairs = (
        reconcile(ITEMS, VOTES).select("item_votes", "item_resolutions").unique().sort("item_votes").rows()
    )
    assert pairs == [("rcid:1", "A/RES/74/50"), ("rcid:3", "A/RES/74/63 A")]


def test_every_disagreement_is_shown() -> None:
    both = reconcile(ITEMS, VOTES).filter(pl.col("symbol") == "A/RES/74/50")
    assert both.select("ccode", "vote_votes", "vote_resolutions", "agrees").rows() == [
        (2, "no", "no", True),
        (365, None, "yes", False),
        (710, "abstain", None, False),
        (811, "yes", "abstain", False),
    ]


def test_a_roll_call_in_both_counts_once_with_its_issues() -> None:
    items, votes = one_record(ITEMS, VOTES)
    assert set(ITEMS["item"]) - set(items["item"]) == {"A/RES/74/50", "A/RES/74/63 A"}
    assert votes["item"].to_list() == ["rcid:1"] * 3 + ["rcid:2", "rcid:3", "A/RES/74/64"]
    assert items.columns == ITEMS.columns


def test_making_one_record_again_changes_nothing() -> None:
    items, votes = one_record(ITEMS, VOTES)
    for again, once in zip(one_record(items, votes), (items, votes), strict=True):
        assert_frame_equal(again, once)


def test_one_source_alone_is_left_as_it_is() -> None:
    for source in ("unga_votes", "unga_resolutions"):
        own = ITEMS.filter(pl.col("source") == source)
        cast = VOTES.join(own, on="item", how="semi", maintain_order="left")
        assert_frame_equal(one_record(own, cast)[0], own)
        assert_frame_equal(one_record(own, cast)[1], cast)
        assert reconcile(own, cast).is_empty()


@pytest.mark.publisher_data
def test_both_records_agree_in_every_vote_of_their_overlap(publisher_data: Path) -> None:
    folder = publisher_data / "unga"
    tables = {
        "unga_votes": unga_votes.parse({name: (folder / name).read_bytes() for name in unga_votes.FILES}),
        "unga_resolutions": unga_resolutions.parse(
            {"74.json": (folder / "garesolutions" / "74.json").read_bytes()}
        ),
    }
    items, votes = (
        pl.concat([parsed.tables[table].with_columns(source=pl.lit(name)) for name, parsed in tables.items()])
        for table in ("items", "votes")
    )
    compared = reconcile(items, votes)
    assert (compared["item_votes"].n_unique(), compared.height) == (90, 16_174)
    assert compared["agrees"].all()
    kept = one_record(items, votes)[0].filter(pl.col("session") == 74)
    assert set(kept["source"]) == {"unga_votes"}
    assert kept.height == 91
