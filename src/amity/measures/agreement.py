"""How near two states' votes in the UN General Assembly are, year by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import Measure
from amity.measures import NINETY, joint_votes

if TYPE_CHECKING:
    from collections.abc import Iterable

ABOUT = Measure(
    name="vote_agreement",
    says="mean closeness of two states' votes: 1 the same, ½ one step apart, 0 opposed",
    grain="dyad-year",
    reads=("votes", "items"),
    unit="share",
    bounds=(0.0, 1.0),
    cite=("lijphart1963", "bailey2017"),
    undefined="no roll call of the year on which both voted: no row",
)


def compute(
    votes: pl.DataFrame, items: pl.DataFrame, pairs: Iterable[tuple[int, int]] | None = None
) -> pl.DataFrame:
    r"""Agreement of the given pairs, or of every two states, by calendar year of the vote, with a 90 % interval.

    $$A_{ab} = \frac{1}{n} \sum_i \left(1 - \frac{|s_{ai} - s_{bi}|}{2}\right),\quad s: \text{yes } 0,
    \text{ abstain } 1, \text{ no } 2$$

    over the $n$ roll calls of the year on which both voted, whole resolutions, amendments and paragraphs alike
    (Lijphart 1963; this is `agree` in the files of Bailey, Strezhnev and Voeten 2017). Staying away is no vote.
    For one issue, or important votes only, give `joint_votes.with_issue(items, "hr")`, `joint_votes.important(items)`.

    Columns: `ccode1 < ccode2, year, value, low, high, n`. The interval is Wilson's (1927), for a mean of halves: the
    number of roll calls is divided by how the spread of agreement, with half a roll call of each kind added, compares
    with that of a yes-or-no share of the same mean. It says how far the value could have moved had the year brought
    other roll calls of the same kind; roll calls come in bundles on one matter, so that it is a little narrow.

    >>> from datetime import date
    >>> votes = pl.DataFrame({"item": ["x", "x", "y", "y"], "ccode": [2, 811, 2, 811],
    ...                       "vote": ["yes", "no", "abstain", "no"]}, schema_overrides={"ccode": pl.Int16})
    >>> items = pl.DataFrame({"item": ["x", "y"], "date": [date(1975, 11, 1), date(1975, 12, 1)]})
    >>> compute(votes, items, [(2, 811)]).select("year", "value", "n").row(0)
    (1975, 0.25, 2)
    """
    return score(joint_votes.count(votes, items, pairs))


def score(counts: pl.DataFrame) -> pl.DataFrame:
    """Agreement from counts of joint votes (as `joint_votes.count` gives them, unweighted)."""
    halves = pl.sum_horizontal("n_01", "n_10", "n_12", "n_21")
    made = counts.select(
        *joint_votes.KEYS,
        value=1 - joint_votes.distance(),
        n=joint_votes.total(),
        half=halves,
        full=pl.sum_horizontal("n_00", "n_11", "n_22"),
    )
    # Half a roll call of each kind keeps the spread above zero where all votes so far were of one kind.
    mean = (pl.col("full") + 0.5 + (pl.col("half") + 0.5) / 2) / (pl.col("n") + 1.5)
    spread = (pl.col("full") + 0.5 + (pl.col("half") + 0.5) / 4) / (pl.col("n") + 1.5) - mean**2
    weight = pl.col("n") * mean * (1 - mean) / spread
    centre = (pl.col("value") + NINETY**2 / (2 * weight)) / (1 + NINETY**2 / weight)
    reach = (
        NINETY / (1 + NINETY**2 / weight)
        * (pl.col("value") * (1 - pl.col("value")) / weight + (NINETY / (2 * weight)) ** 2).sqrt()
    )  # fmt: skip
    return made.select(
        *joint_votes.KEYS,
        "value",
        low=pl.min_horizontal("value", (centre - reach).clip(0, 1)),
        high=pl.max_horizontal("value", (centre + reach).clip(0, 1)),
        n=pl.col("n").cast(pl.Int32),
    )
