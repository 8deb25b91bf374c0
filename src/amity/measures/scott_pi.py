"""Scott's π for votes in the UN General Assembly: agreement beyond the chance that common habits give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import Measure
from amity.measures import joint_votes

if TYPE_CHECKING:
    from collections.abc import Iterable

ABOUT = Measure(
    name="scott_pi",
    says="agreement of two states' votes beyond chance, for two states with one habit of voting",
    grain="dyad-year",
    reads=("votes", "items"),
    unit="score",
    bounds=(-1.0, 1.0),
    cite=("scott1955", "hage2011"),
    undefined="both states only ever cast one and the same vote: chance alone agrees always; no value",
)


def compute(
    votes: pl.DataFrame, items: pl.DataFrame, pairs: Iterable[tuple[int, int]] | None = None
) -> pl.DataFrame:
    r"""π of the given pairs, or of every two states, by calendar year of the vote.

    $$\pi = 1 - D_o / D_e,\quad D_o = \sum_{ij} p_{ij} w_{ij},\quad D_e = \sum_{ij} m_i m_j w_{ij},\quad
    m_i = \tfrac12 (p_{i\cdot} + p_{\cdot i})$$

    with $p_{ij}$ the share of roll calls on which one votes $i$ and the other $j$. `pi` counts every difference as one
    ($w_{ij} = 1$ off the diagonal; Scott 1955; `spi` in the R package fpsim); `pi_squared` weighs it by the squared
    distance between yes, abstain and no (Häge 2011, Political Analysis 19(3)).

    Columns: `ccode1 < ccode2, year, pi, pi_squared, n`. 1: always the same; 0: as chance would have it; below: less
    than that. Missing where both states only ever cast one and the same vote.

    >>> from datetime import date
    >>> votes = pl.DataFrame({"item": ["x", "x", "y", "y"], "ccode": [2, 811, 2, 811],
    ...                       "vote": ["yes", "no", "no", "yes"]}, schema_overrides={"ccode": pl.Int16})
    >>> items = pl.DataFrame({"item": ["x", "y"], "date": [date(1975, 11, 1)] * 2})
    >>> compute(votes, items, [(2, 811)]).row(0)
    (2, 811, 1975, -1.0, -1.0, 2)
    """
    return score(joint_votes.count(votes, items, pairs))


def score(counts: pl.DataFrame, levels: int = joint_votes.LEVELS) -> pl.DataFrame:
    """π from counts of joint positions on a scale of so many levels."""
    sides = zip(joint_votes.shares(1, levels), joint_votes.shares(2, levels), strict=True)
    common = [(one + other) / 2 for one, other in sides]
    chance, chance_squared = (
        joint_votes.expected_distance(common, common, squared=squared) for squared in (False, True)
    )
    return counts.select(
        *joint_votes.KEYS,
        pi=joint_votes.corrected(1 - joint_votes.same(levels), chance),
        pi_squared=joint_votes.corrected(joint_votes.distance(levels, power=2), chance_squared),
        n=joint_votes.total(levels).cast(pl.Int32),
    )
