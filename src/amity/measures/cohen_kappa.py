"""Cohen's κ for votes in the UN General Assembly: agreement beyond the chance that each one's own habits give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import Measure
from amity.measures import joint_votes

if TYPE_CHECKING:
    from collections.abc import Iterable

ABOUT = Measure(
    name="cohen_kappa",
    says="agreement of two states' votes beyond chance, given how each of them votes",
    grain="dyad-year",
    reads=("votes", "items"),
    unit="score",
    bounds=(-1.0, 1.0),
    cite=("cohen1960", "cohen1968", "hage2011"),
    undefined="both states only ever cast one and the same vote: chance alone agrees always; no value",
)


def compute(
    votes: pl.DataFrame, items: pl.DataFrame, pairs: Iterable[tuple[int, int]] | None = None
) -> pl.DataFrame:
    r"""κ of the given pairs, or of every two states, by calendar year of the vote.

    $$\kappa = 1 - D_o / D_e,\quad D_o = \sum_{ij} p_{ij} w_{ij},\quad
    D_e = \sum_{ij} p_{i\cdot}\, p_{\cdot j}\, w_{ij}$$

    with $p_{ij}$ the share of roll calls on which one votes $i$ and the other $j$. `kappa` counts every difference as
    one ($w_{ij} = 1$ off the diagonal; Cohen 1960); `kappa_squared` weighs it by the squared distance between yes,
    abstain and no (Cohen 1968), which is the κ of Häge (2011, Political Analysis 19(3)) and of `cohenk` in the R
    package fpsim; peacesciencer names its files' κ `kappava` (alliances) and `kappavv` (votes).

    Columns: `ccode1 < ccode2, year, kappa, kappa_squared, n`. 1: always the same; 0: as chance would have it; below:
    less than that. Missing where both states only ever cast one and the same vote.

    >>> from datetime import date
    >>> votes = pl.DataFrame({"item": ["x", "x", "y", "y"], "ccode": [2, 811, 2, 811],
    ...                       "vote": ["yes", "yes", "no", "yes"]}, schema_overrides={"ccode": pl.Int16})
    >>> items = pl.DataFrame({"item": ["x", "y"], "date": [date(1975, 11, 1)] * 2})
    >>> compute(votes, items, [(2, 811)]).row(0)
    (2, 811, 1975, 0.0, 0.0, 2)
    """
    return score(joint_votes.count(votes, items, pairs))


def score(counts: pl.DataFrame, levels: int = joint_votes.LEVELS) -> pl.DataFrame:
    """κ from counts of joint positions on a scale of so many levels."""
    sides = joint_votes.shares(1, levels), joint_votes.shares(2, levels)
    chance, chance_squared = (
        joint_votes.expected_distance(*sides, squared=squared) for squared in (False, True)
    )
    return counts.select(
        *joint_votes.KEYS,
        kappa=joint_votes.corrected(1 - joint_votes.same(levels), chance),
        kappa_squared=joint_votes.corrected(joint_votes.distance(levels, power=2), chance_squared),
        n=joint_votes.total(levels).cast(pl.Int32),
    )
