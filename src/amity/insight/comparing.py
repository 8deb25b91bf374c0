r"""Programmes of acts beside each other: the outlook with each, and what is between any two.

Between programmes $p$ and $q$ the outlook without acts is the same and goes out, and so does every act that both have
in the same month. What is left is $\sum_c \sum_h (n^p_{ch} - n^q_{ch})\, e_{ch}$, with $e_{ch}$ what followed acts of
class $c$ at $h$ months. Its interval takes the errors of one class to add up as unluckily as they can, and those of
different classes as independent; so a programme beside none is what `whatif` tells of it, and one beside itself is
exactly nought.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, cast

import polars as pl

from amity.errors import UsageError
from amity.insight.months import months_between
from amity.insight.response import HORIZONS, read
from amity.insight.whatif import added, ask, carried, difference, known_of, told_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from amity.insight.response import Told
    from amity.insight.whatif import Step, WhatIf
    from amity.states import State
    from amity.store import Store

__all__ = ["BETWEEN", "Compared", "compare", "compare_pair"]

BETWEEN = pl.Schema(
    {
        "programme": pl.String,
        "against": pl.String,
        "dimension": pl.String,
        "month": pl.Date,
        "horizon": pl.Int64,
        "difference": pl.Float64,
        "difference_low": pl.Float64,
        "difference_high": pl.Float64,
        "state_difference": pl.Float64,
        "state_error": pl.Float64,
    }
)
"""The outlook with `programme` less that with `against`, as the columns of the same names in `whatif.COLUMNS`."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Programmes of one pair, their outlooks over the same months, and the differences between them."""

    outlooks: Mapping[str, WhatIf]
    """By the name of the programme, in the order in which they were named."""
    rows: pl.DataFrame
    """Columns of `BETWEEN`: every two programmes, the earlier named against the later."""

    @property
    def frame(self) -> pl.DataFrame:
        """The outlook with each programme, one under the other: `programme` and `whatif.COLUMNS`."""
        return pl.concat(
            one.rows.select(pl.lit(name).alias("programme"), pl.all()) for name, one in self.outlooks.items()
        )


def compare(
    filtered: pl.DataFrame,
    programmes: Mapping[str, Sequence[Step]],
    persistence: Mapping[str, float],
    told: Told | None = None,
) -> Compared:
    """Two programmes or more beside each other, 1 to 24 months after the first act of any of them.

    Arguments, and what is raised, as of `whatif.ask`, of each programme. Raises `UsageError` for fewer than two.
    """
    if len(programmes) < 2:
        raise UsageError("one programme has nothing to be compared with", "name two, or one without a rival")
    record = told or read()
    months = [one.month for steps in programmes.values() for one in steps]
    first = min(months, default=None)
    outlooks = {
        name: ask(filtered, steps, persistence, record, first=first) for name, steps in programmes.items()
    }
    rows = [
        row
        for (name, one), (rival, other) in combinations(outlooks.items(), 2)
        for row in _between(filtered, (one, other), (name, rival), first, persistence, record)
    ]
    return Compared(outlooks, pl.DataFrame(rows, schema=BETWEEN))


def compare_pair(held: Store, a: State, b: State, programmes: Mapping[str, Sequence[Step]]) -> Compared:
    """As `compare`, of two states, from everything that is loaded of them; without a state that is not known."""
    filtered, persistence = known_of(held, a, b)
    found = compare(filtered, programmes, persistence)
    return Compared({name: told_of(one, filtered) for name, one in found.outlooks.items()}, found.rows)


def _between(
    filtered: pl.DataFrame,
    two: tuple[WhatIf, WhatIf],
    names: tuple[str, str],
    first: date | None,
    persistence: Mapping[str, float],
    record: Told,
) -> list[dict[str, object]]:
    """The rows of two programmes."""
    one, other = (Counter(outlook.steps) for outlook in two)
    other_alone, apart = Counter(other), Counter(one)
    apart.subtract(other)
    since = two[0].since
    rows: list[dict[str, object]] = []
    for dimension in two[0].rows["dimension"].unique(maintain_order=True):
        now = filtered.filter(dimension=dimension, month=since)
        for horizon in HORIZONS:
            month = pl.Series([first or since]).dt.offset_by(f"{horizon}mo")[0]
            ahead = months_between(since, month)
            mean, _ = carried(float(now["state"][0]), float(now["sd"][0]), persistence[dimension], ahead)
            row: dict[str, object] = {
                "programme": names[0], "against": names[1], "dimension": dimension, "month": month,
                "horizon": horizon,
            }  # fmt: skip
            gap = added(apart, month, dimension, record)
            if gap is not None:
                base = added(other_alone, month, dimension, record)
                # Where the sum of what both have is unknown, what differs is laid about the outlook without any.
                at = mean + base[0] if base else mean - gap[0] / 2
                told = cast("tuple[object, ...]", (*difference(at, at + gap[0], gap[2]), gap[0], gap[1]))
                row |= dict(zip(list(BETWEEN)[5:], told, strict=True))
            rows.append(row)
    return rows
