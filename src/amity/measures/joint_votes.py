"""How often two states voted which way together: the counts that every measure of votes is made of.

A row is a pair and a year; nine columns count its roll calls by both votes: `n_02` is how often the first state
voted yes (0) and the second no (2), with abstention (1) between them. Two ways lead to the same counts: `of_pairs`
for some pairs (joins; no NumPy), `of_all` for every pair of the world (a matrix product a year).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LEVEL = {"yes": 0, "abstain": 1, "no": 2}
"""Where each vote stands on the way from yes to no. Staying away is no vote."""
LEVELS = 3
KEYS = ("ccode1", "ccode2", "year")


def cell(row: int, column: int) -> str:
    """The name of the column that counts roll calls with these two votes.

    >>> cell(LEVEL["yes"], LEVEL["no"])
    'n_02'
    """
    return f"n_{row}{column}"


def cells(levels: int = LEVELS) -> list[str]:
    """Every count's name, row by row."""
    return [cell(row, column) for row in range(levels) for column in range(levels)]


def count(
    votes: pl.DataFrame, items: pl.DataFrame, pairs: Iterable[tuple[int, int]] | None = None
) -> pl.DataFrame:
    """Counts of joint votes: `of_pairs` where pairs are given, else `of_all`."""
    return of_all(votes, items) if pairs is None else of_pairs(votes, items, pairs)


def of_pairs(votes: pl.DataFrame, items: pl.DataFrame, pairs: Iterable[tuple[int, int]]) -> pl.DataFrame:
    """Joint votes of the given pairs by calendar year: `ccode1 < ccode2, year`, and the nine counts (Float64).

    `votes` (`item, ccode, vote`) and `items` (`item, date`) are as `evidence.roll_calls.one_record` gives them.
    Roll calls without a date belong to no year and are left out; a pair and year without a shared roll call has no
    row. Where `items` has a column `weight`, each roll call counts by its weight instead of as one. A state paired
    with itself raises `UsageError`.

    >>> votes = pl.DataFrame({"item": ["x", "x", "y", "y"], "ccode": [2, 811, 2, 811],
    ...                       "vote": ["yes", "no", "no", "no"]}, schema_overrides={"ccode": pl.Int16})
    >>> from datetime import date
    >>> items = pl.DataFrame({"item": ["x", "y"], "date": [date(1975, 11, 1), date(1975, 12, 1)]})
    >>> of_pairs(votes, items, [(811, 2)]).select("ccode1", "ccode2", "year", "n_02", "n_22").row(0)
    (2, 811, 1975, 1.0, 1.0)
    """
    asked = _asked(pairs)
    codes = pl.concat([asked["ccode1"], asked["ccode2"]]).unique()
    told = _told(votes.filter(pl.col("ccode").is_in(codes.implode())), items)
    first = asked.join(told.rename({"ccode": "ccode1"}), on="ccode1")
    second = told.select("item", pl.col("ccode").alias("ccode2"), pl.col("level").alias("level2"))
    both = first.join(second, on=["item", "ccode2"])
    counted = both.group_by(KEYS).agg(
        pl.col("weight").filter((pl.col("level") == row) & (pl.col("level2") == column)).sum().alias(cell(row, column))
        for row in range(LEVELS)
        for column in range(LEVELS)
    )  # fmt: skip
    return counted.sort(KEYS)


def of_all(votes: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Joint votes of every two states that ever voted on one item in a year: columns and rows as in `of_pairs`."""
    told = _told(votes, items)
    years = [_year(year, rows) for (year,), rows in told.partition_by("year", as_dict=True).items()]  # pyright: ignore[reportArgumentType]
    schema = {"ccode1": pl.Int16, "ccode2": pl.Int16, "year": pl.Int16, **dict.fromkeys(cells(), pl.Float64)}
    return pl.concat([pl.DataFrame(schema=schema), *years]).sort(KEYS)


def _asked(pairs: Iterable[tuple[int, int]]) -> pl.DataFrame:
    """The pairs, the smaller code first, each once."""
    ordered: Sequence[tuple[int, int]] = sorted({(min(pair), max(pair)) for pair in pairs})
    if any(one == other for one, other in ordered):
        raise UsageError("a state cannot be compared with itself", "give pairs of two different states")
    return pl.DataFrame(ordered, schema={"ccode1": pl.Int16, "ccode2": pl.Int16}, orient="row")


def _told(votes: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Votes with their level from yes to no, year and weight; absences and undated roll calls left out."""
    weight = pl.col("weight").cast(pl.Float64) if "weight" in items.columns else pl.lit(1.0)
    dated = items.drop_nulls("date").select(
        "item", year=pl.col("date").dt.year().cast(pl.Int16), weight=weight
    )
    level = pl.col("vote").cast(pl.String).replace_strict(LEVEL, default=None, return_dtype=pl.Int8)
    return votes.select("item", "ccode", level=level).drop_nulls("level").join(dated, on="item")


def _year(year: int, told: pl.DataFrame) -> pl.DataFrame:
    """One year by a matrix product: for each state a row of its votes, one block of rows a level."""
    import numpy as np  # noqa: PLC0415  (a question about one pair does without)

    codes = told["ccode"].unique().sort()
    items = told["item"].unique(maintain_order=True)
    row = told["ccode"].replace_strict(codes, range(len(codes)), return_dtype=pl.Int32).to_numpy()
    column = told["item"].replace_strict(items, range(len(items)), return_dtype=pl.Int32).to_numpy()
    level = told["level"].to_numpy()
    cast_votes = np.zeros((LEVELS, len(codes), len(items)))
    cast_votes[level, row, column] = 1.0
    weights = np.ones(len(items))
    weights[column] = told["weight"].to_numpy()
    one, other = np.triu_indices(len(codes), k=1)
    counts = {
        cell(i, j): ((cast_votes[i] * weights) @ cast_votes[j].T)[one, other]
        for i in range(LEVELS)
        for j in range(LEVELS)
    }
    both = cast_votes.sum(axis=0)
    met = (both @ both.T)[one, other] > 0
    numbers = codes.to_numpy()
    frame = {"ccode1": numbers[one[met]], "ccode2": numbers[other[met]]}
    return pl.DataFrame(
        {
            **frame,
            "year": np.full(int(met.sum()), year, dtype=np.int16),
            **{name: values[met] for name, values in counts.items()},
        }
    )


def with_issue(items: pl.DataFrame, issue: str) -> pl.DataFrame:
    """The roll calls that bear an issue code (`me`, `nu`, `di`, `co`, `hr`, `ec`).

    Roll calls whose issues nobody coded (those since 2020) are not among them.
    """
    return items.filter(pl.col("issues").str.split("|").list.contains(issue).fill_null(value=False))


def important(items: pl.DataFrame) -> pl.DataFrame:
    """The roll calls that the US Department of State named important; which ones is known from 1983 to 2017."""
    return items.filter(pl.col("important").fill_null(value=False))


def total(levels: int = LEVELS) -> pl.Expr:
    """How many roll calls two states share (or their weight)."""
    return pl.sum_horizontal(cells(levels))


def distance(levels: int = LEVELS, power: int = 1) -> pl.Expr:
    """The mean distance of two states' votes, 0 (always the same) to 1 (always opposed), or its mean square."""
    steps = [(abs(i - j) / (levels - 1)) ** power for i in range(levels) for j in range(levels)]
    terms = [pl.col(name) * step for name, step in zip(cells(levels), steps, strict=True) if step]
    return pl.sum_horizontal(terms) / total(levels)


def same(levels: int = LEVELS) -> pl.Expr:
    """The share of roll calls on which two states voted the same."""
    return pl.sum_horizontal(cell(i, i) for i in range(levels)) / total(levels)


def shares(side: int, levels: int = LEVELS) -> list[pl.Expr]:
    """How the first (1) or the second (2) state spreads over the levels, as shares of the shared roll calls."""
    own = [[cell(i, j) if side == 1 else cell(j, i) for j in range(levels)] for i in range(levels)]
    return [pl.sum_horizontal(names) / total(levels) for names in own]


def corrected(disagreed: pl.Expr, expected: pl.Expr) -> pl.Expr:
    r"""Agreement beyond chance, $1 - D_o / D_e$, from the disagreement seen and the one expected by chance.

    Missing where chance alone would agree always: both states only ever cast one and the same vote.
    """
    return pl.when(expected > 1e-12).then((1 - disagreed / expected).clip(-1, 1))


def expected_distance(one: list[pl.Expr], other: list[pl.Expr], *, squared: bool) -> pl.Expr:
    """The disagreement expected of two independent spreads: how often they differ, or the mean squared distance."""
    top = len(one) - 1
    return pl.sum_horizontal(
        p * q * (((i - j) / top) ** 2 if squared else 1.0)
        for i, p in enumerate(one)
        for j, q in enumerate(other)
        if i != j
    )
