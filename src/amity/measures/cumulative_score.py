"""The cumulative score of a bilateral relation as Tsinghua University keeps it, from coded events."""

from __future__ import annotations

import polars as pl

from amity.catalog import Measure
from amity.measures import event_months

ABOUT = Measure(
    name="cumulative_score",
    says="score of a relation that every month's events move, the less the nearer it is to its bound",
    grain="dyad-month",
    reads=("pair_months",),
    unit="points",
    bounds=(-9.0, 9.0),
    cite=("yan2004", "goldstein1992"),
    undefined="no event of the pair is on record in the month: the score stands where it was",
)

BOUND = 9.0
"""The best and, with a minus, the worst that a relation can be."""
SCALE = 0.01
"""Influence of an incident for each point of its Goldstein weight: our choice, see `compute`."""


def step(score: float, influence: float) -> float:
    r"""The score after events of some influence, positive or negative, of at most 9.

    $$P' = P + I \frac{9 - P}{9} \text{ if } I \ge 0, \qquad P' = P + I \frac{9 + P}{9} \text{ if } I < 0$$

    >>> step(0.0, 1.0), step(4.5, 1.0), step(4.5, -1.0), step(9.0, 9.0)
    (1.0, 5.0, 3.0, 9.0)
    """
    room = BOUND - score if influence >= 0 else BOUND + score
    return score + influence * room / BOUND


def compute(months: pl.DataFrame, start: float = 0.0, scale: float = SCALE) -> pl.DataFrame:
    r"""The score of each pair after each month with an event, from pair-months.

    The formula is `step`, after Yan and Zhou (2004), who apply it to events that people pick from two newspapers. Their
    table of what each kind of event weighs, and the scores from which they begin, are not open. In their place:

    * *influence* of a month: Goldstein's (1992) weights of its incidents (one a day, root class, field and direction),
      summed over both directions, times `scale`; never more than 9 either way. By default a visit (1.9) moves a
      neutral relation by 0.019, an attack (−10) by 0.1;
    * *begin* at `start`, for every pair alike, before the first month on record. After some years of many events the
      score has forgotten where it began; before, and for pairs with few events, it has not;
    * *one step a month*: within a month the order of events is not known.

    A machine reads far more co-operation than conflict in the news, so that scores of much reported pairs climb to the
    upper bound whatever the relation: read their changes, not their height. More news is not more friendship.

    Columns: `source, scope` (where `months` has them), `ccode1, ccode2, month, incidents, influence, score`.

    >>> from datetime import date
    >>> rows = pl.DataFrame({"month": [date(2018, 1, 1), date(2018, 2, 1)], "ccode_from": [2, 811],
    ...     "ccode_to": [811, 2], "quad": [1, 4], "events": [9, 1], "incidents": [9, 1], "force_events": [900, -100],
    ...     "force_incidents": [900, -100]})
    >>> compute(rows)["score"].round(4).to_list()
    [0.9, 0.79]
    """
    sums = event_months.undirected(months)
    by = event_months.keys(months, event_months.UNDIRECTED)
    influence = (pl.col("force_incidents") * scale).clip(-BOUND, BOUND)
    moved = sums.select(*by, "month", "incidents", influence=influence)
    scores: list[float] = []
    for pair in moved.partition_by(by, maintain_order=True):
        score = start
        for force in pair["influence"]:
            score = step(score, force)
            scores.append(score)
    return moved.with_columns(score=pl.Series(scores, dtype=pl.Float64).clip(-BOUND, BOUND))
