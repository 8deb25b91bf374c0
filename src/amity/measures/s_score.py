"""Signorino and Ritter's S for votes in the UN General Assembly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import Measure
from amity.measures import joint_votes

if TYPE_CHECKING:
    from collections.abc import Iterable

ABOUT = Measure(
    name="s_score",
    says="one minus twice the mean distance of two states' votes",
    grain="dyad-year",
    reads=("votes", "items"),
    unit="score",
    bounds=(-1.0, 1.0),
    cite=("signorino1999",),
    undefined="no roll call of the year on which both voted (with any weight): no row, or no value",
)


def compute(
    votes: pl.DataFrame, items: pl.DataFrame, pairs: Iterable[tuple[int, int]] | None = None
) -> pl.DataFrame:
    r"""S of the given pairs, or of every two states, by calendar year of the vote.

    $$S = 1 - 2\,\frac{\sum_k w_k\, d_k / d_{max}}{\sum_k w_k}$$

    with $d_k$ the distance of two votes on roll call $k$ (yes 0, abstain 1, no 2; $d_{max} = 2$) and $w_k$ its weight:
    1, or the column `weight` of `items` (Signorino and Ritter 1999, International Studies Quarterly 43(1)). On votes
    without weights it is twice the agreement minus one. `s_squared` takes squared distances, as Häge (2011) does.
    Compare `srs` in the R package fpsim.

    Columns: `ccode1 < ccode2, year, s, s_squared`, both −1 (always opposed) to 1 (always the same) and missing where
    all weights are zero, and `n`: the roll calls on which both voted, or their weight.

    >>> from datetime import date
    >>> votes = pl.DataFrame({"item": ["x", "x", "y", "y"], "ccode": [2, 811, 2, 811],
    ...                       "vote": ["yes", "no", "no", "no"]}, schema_overrides={"ccode": pl.Int16})
    >>> items = pl.DataFrame({"item": ["x", "y"], "date": [date(1975, 11, 1)] * 2, "weight": [1, 3]})
    >>> compute(votes, items, [(2, 811)]).row(0)
    (2, 811, 1975, 0.5, 0.5, 4.0)
    """
    return score(joint_votes.count(votes, items, pairs))


def score(counts: pl.DataFrame, levels: int = joint_votes.LEVELS) -> pl.DataFrame:
    """S from counts (or sums of weights) of joint positions on a scale of so many levels."""
    some = joint_votes.total(levels) > 0
    return counts.select(
        *joint_votes.KEYS,
        s=pl.when(some).then(1 - 2 * joint_votes.distance(levels)),
        s_squared=pl.when(some).then(1 - 2 * joint_votes.distance(levels, power=2)),
        n=joint_votes.total(levels),
    )
