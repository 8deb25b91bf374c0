r"""What structure alone expects of disputes: the log of the yearly number of new ones, of every pair of states.

Neighbours, great powers and strong states have more disputes than others whatever they think of each other. The tone
of a relation is what remains: the count of new disputes of a pair in a year is read as

$$n_{dt} \sim \text{Poisson}\big(\exp(o_{dt} + c + l \cdot \text{tone}_{dt})\big),\qquad
o_{dt} = \beta_0 + \beta' z_{dt},$$

with $z$ the structure: contiguity, log minimum distance, both shares of the world's capabilities, great powers and
alliances, the usual covariates of the field (Bremer 1992, *Journal of Conflict Resolution* 36(2); Bennett and Stam
2004, *The Behavioral Origins of War*). Distance counts less for the strong (Boulding 1962, *Conflict and Defense*):
its products with the larger share and with a great power foretold onsets of 1971 to 1990 far better from earlier
years than the sums alone did. The coefficients are kept in `COEFFICIENTS`; `fit` makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amity.errors import UsageError
from amity.measures.dyad_structure import DYAD_YEAR, PAIR, covariates, held

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    from amity.evidence import Evidence

    Floats = NDArray[np.float64]

__all__ = ["COEFFICIENTS", "Fitted", "climb", "design", "expected", "fit", "of_store"]

LEAST_CAPABILITY = 1e-6
"""Shares below are read as this: the publisher rounds to six digits, and nought has no logarithm."""

NEAR_KM = 100.0
"""Distance is read as log(1 + km / 100): below this it hardly matters, beyond it each doubling counts alike."""

COEFFICIENTS: dict[str, tuple[float, float]] = {
    "constant": (-1.1131, 0.4365),
    "land_border": (1.1024, 0.2470),
    "near_water": (1.1149, 0.2855),
    "far_water": (0.7675, 0.2249),
    "log_distance": (-0.4366, 0.1564),
    "log_larger": (-0.0434, 0.0744),
    "log_smaller": (0.3555, 0.0428),
    "one_major": (-0.4968, 0.2935),
    "two_majors": (0.7956, 0.3776),
    "far_larger": (0.1117, 0.0275),
    "far_major": (0.5389, 0.1012),
    "defense": (-0.2579, 0.1859),
    "nonaggression": (-0.6893, 0.1372),
}
"""Coefficient and standard error of each term.

A Poisson regression of the number of new disputes of the year (Gibler, Miller and Little, v2.2.1) on the structure of
355,884 dyad-years, 1950 to 1990 (8 left out for an unknown distance), made by `fit`; errors allow for a pair's years
hanging together. Later years are kept out, so that what is foreseen of them with these numbers is foreseen.
"""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A Poisson regression of counts on the structure."""

    coefficients: dict[str, tuple[float, float]]
    """By term: coefficient and standard error (sandwich; pairs are what is independent)."""
    rows: int
    """Dyad-years that were used."""
    left_out: int
    """Dyad-years with something unknown."""
    log_likelihood: float
    """In nats, without the constant of the counts."""


def of_store(
    ev: Evidence, first: int, last: int, pairs: Iterable[tuple[int, int]] | None = None
) -> pl.DataFrame:
    """The offset of every dyad-year: `ccode1, ccode2, year, log_rate, held`.

    `log_rate` is the log of the number of new disputes that structure expects in the year (subtract log 12 for a
    month's), with what is not yet known held at its last known value; then `held` is true. It is missing where
    something was never known of the pair. Raises `NoEvidenceError` as `covariates` does.
    """
    return expected(held(covariates(ev, first, last, pairs))).select(*DYAD_YEAR, "log_rate", "held")


def design(structure: pl.DataFrame) -> tuple[tuple[str, ...], Floats]:
    """The regression's terms and their values, (rows, terms); NaN where unknown. The first is the constant, 1."""
    contiguity, majors = pl.col("contiguity"), pl.col("major_powers")
    far = (pl.col("distance_km") / NEAR_KM).log1p()
    larger, smaller = (
        pl.col(f"capability_{which}").clip(LEAST_CAPABILITY).log() for which in ("larger", "smaller")
    )
    terms = structure.select(
        constant=pl.lit(1.0),
        land_border=contiguity == 1,
        near_water=contiguity.is_in([2, 3]),
        far_water=contiguity.is_in([4, 5]),
        log_distance=far,
        log_larger=larger,
        log_smaller=smaller,
        one_major=majors == 1,
        two_majors=majors == 2,
        far_larger=far * larger,
        far_major=far * (majors > 0).cast(pl.Float64),
        defense="alliance_defense",
        nonaggression="alliance_nonaggression",
    )
    return tuple(terms.columns), terms.cast(pl.Float64).to_numpy(writable=True).astype(np.float64)


def expected(
    structure: pl.DataFrame, coefficients: dict[str, tuple[float, float]] | None = None
) -> pl.DataFrame:
    """The structure with `log_rate`: the log of the number of new disputes expected in the year; missing if unknown.

    By the coefficients that are shipped, or by those given.

    >>> row = {"contiguity": 1, "distance_km": 0.0, "capability_larger": 0.1, "capability_smaller": 0.01}
    >>> row |= {"major_powers": 0, "alliance_defense": False, "alliance_nonaggression": False}
    >>> near = expected(pl.DataFrame([row, row | {"contiguity": None}]))
    >>> [rate if rate is None else round(rate, 2) for rate in near["log_rate"]]
    [-1.55, None]
    """
    kept = COEFFICIENTS if coefficients is None else coefficients
    terms, values = design(structure)
    if set(terms) != set(kept):
        raise UsageError("coefficients are not those of the terms", f"give one of each: {', '.join(terms)}")
    rate = pl.Series("log_rate", values @ np.array([kept[term][0] for term in terms]))
    return structure.with_columns(rate.fill_nan(None))


def fit(structure: pl.DataFrame, counts: ArrayLike) -> Fitted:
    r"""The Poisson regression of the number of new disputes of each row on its structure.

    Newton's steps on $\sum_a n_a \eta_a - e^{\eta_a}$; standard errors from the sandwich of pairs,
    $H^{-1} (\sum_d u_d u_d') H^{-1}$ with $u_d$ a pair's score. Rows with something unknown are left out.

    Raises:
        UsageError: no dispute at all, or a term that the others give exactly.
    """
    terms, x = design(structure)
    n = np.asarray(counts, np.float64)
    whole = np.flatnonzero(np.isfinite(x).all(axis=1))
    x, n = x[whole], n[whole]
    pair = structure.select(pl.struct(PAIR).rank("dense").sub(1)).to_series().to_numpy()[whole]
    if len(whole) == 0 or not n.sum() > 0 or np.linalg.matrix_rank(x.T @ x) < len(terms):
        raise UsageError(
            "these dyad-years cannot tell the coefficients apart", "give more years, and disputes among them"
        )
    beta = climb(x, n)
    rate = np.exp(x @ beta)
    inverse = np.linalg.inv(x.T @ (x * rate[:, None]))
    scores = np.stack([np.bincount(pair, column * (n - rate)) for column in x.T])
    error = np.sqrt(np.diag(inverse @ (scores @ scores.T) @ inverse))
    told = {term: (float(b), float(e)) for term, b, e in zip(terms, beta, error, strict=True)}
    return Fitted(told, len(n), structure.height - len(n), float(n @ (x @ beta) - rate.sum()))


def climb(x: Floats, n: Floats) -> Floats:
    """The coefficients of a Poisson regression: Newton's steps to the top, halved while they go down.

    `x` is (rows, terms) with the constant first, `n` (rows,) counts.
    """
    beta = np.zeros(x.shape[1])
    beta[0] = np.log(n.mean())
    height = n @ (x @ beta) - np.exp(x @ beta).sum()
    for _ in range(100):
        rate = np.exp(x @ beta)
        step = np.linalg.solve(x.T @ (x * rate[:, None]), x.T @ (n - rate))
        there = -np.inf
        while not there >= height and np.abs(step).max() > 1e-10:
            with np.errstate(over="ignore"):
                there = n @ (x @ (beta + step)) - np.exp(x @ (beta + step)).sum()
            step = step if there >= height else step / 2
        beta = beta + step
        height = max(height, there)
        if np.abs(step).max() < 1e-9:
            break
    return beta
