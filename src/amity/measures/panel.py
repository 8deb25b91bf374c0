"""The panel with its measures: what is known of pairs in each year or month, and how alike they voted."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from amity import evidence, states
from amity.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    import polars as pl

    from amity.evidence import Evidence, Grain
    from amity.evidence.columns import PanelColumn
    from amity.states import State


def pairs_among(parties: Sequence[State]) -> list[tuple[int, int]] | None:
    """Pairs of COW codes between the states named; of one state with all others; None (all pairs) where none is named.

    A state is its whole line of codes: Germany's pairs are those of 255 and of 260.

    >>> pairs_among([states.find("KHM"), states.find("USA")])
    [(811, 2), (2, 811)]
    """
    if not parties:
        return None
    if len({party.ccode for party in parties}) < len(parties):
        raise UsageError(
            "the same state is named twice", "name different states, or one to see all its pairs"
        )
    if len(parties) == 1:
        others = {code for other in states.every() for code in other.ccodes} - set(parties[0].ccodes)
        return [(own, other) for own in parties[0].ccodes for other in sorted(others)]
    return [
        (a, b) for one, other in permutations(parties, 2) for a in one.ccodes for b in other.ccodes if a != b
    ]


def columns(grain: Grain, *, undirected: bool = False, only: Sequence[str] = ()) -> tuple[PanelColumn, ...]:
    """The declared columns of the panel, in order; of those that are not keys only the ones named, if any are.

    Raises `UsageError` for a name that is no column.
    """
    declared = evidence.columns(grain, undirected=undirected)
    names = [column.name for column in declared]
    unknown = [name for name in only if name not in names]
    if unknown:
        raise UsageError(f"no column is called '{unknown[0]}'", f"say any of: {', '.join(names)}")
    return tuple(column for column in declared if column.rule == "key" or not only or column.name in only)


def parts(
    ev: Evidence,
    pairs: Iterable[tuple[int, int]] | None,
    grain: Grain,
    days: tuple[date, date | None],
    *,
    undirected: bool = False,
    only: Sequence[str] = (),
) -> Iterator[pl.DataFrame]:
    """The rows of the panel, some hundred thousand at a time, sorted by `ccode1, ccode2, year[, month]`.

    `days` are the first and last one asked for (None: the last one known); else as `evidence.panel`.
    """
    names = [column.name for column in columns(grain, undirected=undirected, only=only)]
    for part in evidence.panel_parts(ev, pairs, grain, *days, undirected=undirected):
        yield part.select(names)
