"""Learning the constants of a dimension from the world's pairs, with their states integrated out.

The pairs are those that are politically relevant: neighbours, and those of a major power with anybody (Maoz and Russett
1993). They are chosen by where states lie and how strong they are, and not by what happened between them, which would
make disputes look common. Nine in ten disputes are theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amity import evidence
from amity.dimensions import named
from amity.dimensions.constants import Constant, Constants, item_of, start
from amity.dimensions.estimate import FIRST, prepare
from amity.dimensions.observed import last_month, lines, pairs_of, to_lines
from amity.engine.constants import Free, free
from amity.engine.learning import learn
from amity.errors import NoEvidenceError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from amity.dimensions.observed import Dimension, Item
    from amity.engine.learning import Learned
    from amity.engine.model import Items
    from amity.evidence import Evidence

__all__ = ["fit", "learned", "relevant"]

FEWEST = 200
"""An item with fewer observations keeps the constants it was declared with."""


def relevant(ev: Evidence) -> pl.DataFrame:
    """Politically relevant pairs: neighbours by land or water since 1946, and a major power's with every other state.

    Raises `NoEvidenceError` where no source of neighbours or major powers is loaded.
    """
    every = pairs_of()
    near = to_lines(evidence.ties_of(ev, ["contiguity"]), every).select("ccode1", "ccode2").unique()
    traits = evidence.traits(ev).filter(pl.col("kind") == "major_power", pl.col("end") >= FIRST)
    if near.is_empty() and traits.is_empty():
        raise NoEvidenceError(
            "nobody says which states are neighbours or major powers",
            "load the files of cow_contiguity and cow_majors: see `amity sources`",
        )
    line = dict(lines().iter_rows())
    major = [line[code] for code in traits["ccode"].unique()]
    strong = every.filter(pl.col("ccode1").is_in(major) | pl.col("ccode2").is_in(major))
    return pl.concat([near, strong]).unique().sort("ccode1", "ccode2")


def learned(
    ev: Evidence, name: str, *, rounds: int = 60, told: Callable[[int], None] = lambda _: None
) -> Constants:
    """The constants of a dimension, learned from everything that is loaded.

    Tone and engagement are learned from the relevant pairs, alignment from every eleventh pair of the world: how far
    apart major powers stand from others is not how far apart the world's pairs stand.
    """
    one = named(name)
    pairs = pairs_of().gather_every(11) if name == "alignment" else relevant(ev)
    rows = one.observe(ev, pairs)
    last = last_month([rows])
    if last is None:
        raise NoEvidenceError(f"nothing that speaks of {name} is loaded", "load sources: see `amity sources`")
    return fit(rows, pairs, one.ABOUT, one.ITEMS, last, rounds=rounds, told=told)


def fit(
    rows: pl.DataFrame,
    pairs: pl.DataFrame,
    dimension: Dimension,
    declared: Sequence[Item],
    last: date,
    *,
    rounds: int = 60,
    told: Callable[[int], None] = lambda _: None,
) -> Constants:
    """Constants that make the rows of some pairs most likely, with standard errors over pairs.

    Args:
        rows: what `observe` of the dimension gave, of `pairs` at least.
        pairs: the pairs to learn from.
        dimension: whose constants.
        declared: its items; learning begins at their constants.
        last: the last month.
        rounds: of learning at most.
        told: hears before each round how many are over.
    """
    begin = start(dimension, declared)
    laid = prepare(rows, pairs, dimension, declared, begin, last, by_source=False)
    heard = np.bincount(laid.seen.item, minlength=len(laid.names))
    which = _enough(free(laid.of, laid.move), heard >= FEWEST, dimension)
    learned = learn(laid.seen, laid.of, laid.move, which, rounds, told)
    return Constants(
        tuple(learned.dynamics.persistence.tolist()),
        tuple(learned.dynamics.variance.tolist()),
        _with_the_usual(dict(zip(laid.names, _constants(learned), strict=True)), laid.names, heard, begin),
        _says(rows, pairs, learned, last),
    )


def _enough(which: Free, told: np.ndarray[tuple[int], np.dtype[np.bool_]], dimension: Dimension) -> Free:
    """Only constants of items that are told often enough, and no persistence that is held."""
    return Free(
        which.intercept & told,
        which.loading & told[:, None],
        which.dispersion & told,
        which.persistence & (not dimension.held),
        which.variance,
    )


def _constants(learned: Learned) -> list[Constant]:
    def rows(of: Items) -> list[tuple[float, float, float]]:
        return [*zip(of.intercept.tolist(), of.loading[:, 0].tolist(), of.dispersion.tolist(), strict=True)]

    return [
        Constant(*values, *(None if np.isnan(error) else error for error in errors))
        for values, errors in zip(rows(learned.items), rows(learned.item_errors), strict=True)
    ]


def _with_the_usual(
    known: dict[str, Constant],
    names: Sequence[str],
    told: np.ndarray[tuple[int], np.dtype[np.int64]],
    begin: Constants,
) -> dict[str, Constant]:
    """Beside the constants of each source those of the source most heard, under the item's name: for new sources."""
    usual: dict[str, Constant] = {}
    for at in np.argsort(-told):
        name = str(names[int(at)])
        if item_of(name) != name:
            usual.setdefault(item_of(name), known[name])
    return {**begin.items, **usual, **known}


def _says(rows: pl.DataFrame, pairs: pl.DataFrame, learned: Learned, last: date) -> str:
    heard = rows.filter(pl.col("month") <= last)
    sources = ", ".join(sorted(heard["source"].unique()))
    span = f"{heard['month'].min():%Y-%m} to {heard['month'].max():%Y-%m}"
    end = "settled" if learned.settled else "not settled"
    size = f"{heard.height:,} observations of {pairs.height:,} pairs"
    return f"{size}, {span}, by {sources}; {learned.rounds} rounds, {end}"
