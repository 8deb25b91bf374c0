"""Which roll calls of different sessions are one item, and so help to carry the scale of ideal points.

Two ways. `published` reads a list of pairs that people have judged by their texts; it ends with session 74. `by_title`
continues it: the same resolution put again a session later, found by its title alone.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import polars as pl

from amity.errors import BadFileError

if TYPE_CHECKING:
    from collections.abc import Iterable

SINCE = 73
"""The first session whose titles are the United Nations' own, in full; the published list of links ends with
it."""
FORMULA = r"\s*:\s*RESOLUTION\b.*$"
"""What cataloguers add behind a title."""
_MEND = "give a CSV with the columns rcid1 and rcid2, such as the list published with the ideal points"


def by_title(items: pl.DataFrame, since: int = SINCE) -> pl.DataFrame:
    """Pairs of roll calls, `item1` before `item2`, that are the same resolution a session later: `item1,
    item2`.

    `items` have `item, session, part, title`. Whole resolutions of two sessions in a row are one item when
    their titles are the same in capitals, without what is not a letter or a figure, and no other whole
    resolution of either session bears that title; sessions before `since` are left alone. Before session 73 most
    titles are catchwords or cut short: of the pairs that this rule would find there a third are in the
    published list, and they make the points worse. Parts of a resolution are never linked.

    >>> items = pl.DataFrame({"item": ["a", "b", "c"], "session": [74, 75, 76], "part": ["whole"] * 3,
    ...     "title": ["The Syrian Golan", "The Syrian Golan : resolution / adopted", "Jerusalem"]})
    >>> by_title(items).row(0)
    ('a', 'b')
    """
    titled = items.filter((pl.col("part") == "whole") & (pl.col("session") >= since)).select(
        "item", pl.col("session").cast(pl.Int32), title=_plain()
    )
    alone = titled.filter(pl.col("title").is_not_null() & (pl.len().over("session", "title") == 1))
    after = alone.select(item2="item", session=pl.col("session") - 1, title="title")
    return (
        alone.join(after, on=["session", "title"]).select(item1="item", item2="item2").sort("item1", "item2")
    )


def published(data: bytes) -> pl.DataFrame:
    """Pairs of a published list (CSV with `rcid1, rcid2`): `item1, item2`, as `unga_votes` names its roll
    calls.

    A pair may name a roll call that nobody has; it still joins those on its other sides. Raises `BadFileError`
    for another kind of file.

    >>> published(b"v1,rcid1,rcid2\\n1,299,331\\n").row(0)
    ('rcid:299', 'rcid:331')
    """
    try:
        pairs = pl.read_csv(io.BytesIO(data)).select(pl.col("rcid1", "rcid2").cast(pl.Int64))
    except (pl.exceptions.PolarsError, ValueError) as error:
        raise BadFileError(
            f"not a list of linked roll calls: {str(error).splitlines()[0][:80]}", _MEND
        ) from None
    return pairs.select(item1=pl.format("rcid:{}", "rcid1"), item2=pl.format("rcid:{}", "rcid2"))


def joined(items: Iterable[str], pairs: pl.DataFrame) -> pl.DataFrame:
    """For every item the first of those it is linked with, directly or through others: `item, linked`.

    >>> pairs = pl.DataFrame({"item1": ["a", "b"], "item2": ["b", "c"]})
    >>> joined(["a", "b", "c", "d"], pairs)["linked"].to_list()
    ['a', 'a', 'a', 'd']
    """
    names = list(dict.fromkeys(items))
    order = {
        item: place for place, item in enumerate(dict.fromkeys([*names, *pairs["item1"], *pairs["item2"]]))
    }
    leader = dict(zip(order, order, strict=True))
    for one, other in pairs.iter_rows():
        roots = sorted((_root(leader, one), _root(leader, other)), key=order.__getitem__)
        leader[roots[1]] = roots[0]
    return pl.DataFrame(
        {"item": names, "linked": [_root(leader, item) for item in names]},
        schema={"item": pl.String, "linked": pl.String},
    )


def _root(leader: dict[str, str], item: str) -> str:
    while leader[item] != item:
        leader[item] = leader[leader[item]]
        item = leader[item]
    return item


def _plain() -> pl.Expr:
    bare = pl.col("title").str.to_uppercase().str.replace(FORMULA, "").str.replace_all(r"[^A-Z0-9]+", " ")
    return pl.when(bare.str.strip_chars() != "").then(bare.str.strip_chars())
