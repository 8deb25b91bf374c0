"""Every dyad-year from 1946 to 2010, what is known of it before it begins, and whether a dispute began in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amity import evidence
from amity.measures import dispute_risk, ideal_points, kept_points
from amity.measures.dyad_structure import DYAD_YEAR, PAIR, covariates, held, relevant
from amity.sources.disputes import HOSTILITY
from amity.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Mask = NDArray[np.bool_]

FIRST, TRAIN, LAST = 1946, 1950, 2010
REMEMBERED = 1886
"""Disputes from here on count in what states and pairs remember."""


@dataclass(frozen=True)
class World:
    """Every dyad-year in order of pair and year. Arrays are (rows,) unless said otherwise."""

    year: Whole
    pair: Whole
    one: Whole
    """Place of the first state among `states`."""
    other: Whole
    states: int
    onset: Floats
    count: Floats
    structure: pl.DataFrame
    relevant: Mask
    features: dict[str, Floats]
    """By name, (rows, columns): known before the year."""


def read(folder: Path) -> World:
    """All of it from a store."""
    with evidence.open_evidence(open_store(folder)) as ev:
        structure = held(covariates(ev, FIRST, LAST))
        codes = np.unique(structure.select(PAIR).to_numpy())
        spells = disputes(ev, codes)
        points = points_by_year(ev)
    keys = structure.select(DYAD_YEAR).to_numpy().astype(np.int64)
    one, other = (np.searchsorted(codes, keys[:, side]) for side in (0, 1))
    year = keys[:, 2]
    pair = structure.select(pl.struct(PAIR).rank("dense").sub(1)).to_series().to_numpy().astype(np.int64)
    tables = by_year(spells, codes)
    count = tables["begun"][year - REMEMBERED, one, other].astype(float)
    bare = World(
        year, pair, one, other, len(codes), (count > 0).astype(float), count, structure,
        relevant(structure)["relevant"].fill_null(value=False).to_numpy(), {},
    )  # fmt: skip
    _, terms = dispute_risk.design(structure)
    terms = np.where(np.isfinite(terms), terms, np.nanmedian(terms, axis=0))[:, 1:]
    features = {"structure": terms, "ideal points": distances(bare, codes, points)}
    return World(**{**vars(bare), "features": features | remembered(bare, tables)})


def disputes(ev: evidence.Evidence, codes: Whole) -> pl.DataFrame:
    """Disputes of undirected pairs: `ccode1, ccode2, ref, first, last` (years) and `hostility` (1 … 5)."""
    rank = {level: number for number, level in HOSTILITY.items()}
    ties = evidence.ties(ev, codes.tolist(), codes.tolist(), ("dispute",)).filter(source="gml_mid")
    return ties.select(
        "ref",
        ccode1=pl.min_horizontal("ccode_from", "ccode_to"),
        ccode2=pl.max_horizontal("ccode_from", "ccode_to"),
        first=pl.col("start").dt.year(),
        last=pl.col("end").dt.year().fill_null(LAST),
        hostility=pl.col("level").replace_strict(rank, return_dtype=pl.Int8),
    )


def by_year(spells: pl.DataFrame, codes: Whole) -> dict[str, NDArray[np.float32]]:
    """Tables (years, states, states), symmetric: disputes begun, whether any was under way, highest hostility."""
    shape = (LAST - REMEMBERED + 1, len(codes), len(codes))
    begun, going, hostility = (np.zeros(shape, np.float32) for _ in range(3))
    seen: set[tuple[int, int, str, int]] = set()
    for row in spells.filter(pl.col("last") >= REMEMBERED).iter_rows(named=True):
        i, j = np.searchsorted(codes, [row["ccode1"], row["ccode2"]])
        for year in range(max(row["first"], REMEMBERED), row["last"] + 1):
            at = year - REMEMBERED
            for a, b in ((i, j), (j, i)):
                going[at, a, b] = 1
                hostility[at, a, b] = max(hostility[at, a, b], row["hostility"])
        begins = (row["ccode1"], row["ccode2"], row["ref"], row["first"])
        if row["first"] >= REMEMBERED and begins not in seen:
            seen.add(begins)
            begun[row["first"] - REMEMBERED, [i, j], [j, i]] += 1
    return {"begun": begun, "going": going, "hostility": hostility}


def points_by_year(ev: evidence.Evidence) -> dict[tuple[int, int], float]:
    """By state and year its last ideal point in a fit of the votes before that year, and of none later."""
    votes, roll_calls = kept_points.record(ev)
    found = {}
    for year in range(TRAIN - 1, LAST + 1):
        some = roll_calls.filter(pl.col("date").dt.year() < year)
        fitted = ideal_points.fit(votes, some).points
        last = fitted.sort("year").group_by("ccode").tail(1)
        found |= {(code, year): point for code, point in last.select("ccode", "point").iter_rows()}
    return found


def distances(world: World, codes: Whole, points: dict[tuple[int, int], float]) -> Floats:
    """(rows, 2) distance of the two ideal points, the median where one is unknown, and whether it is."""
    both = [
        [
            points.get((int(codes[place]), int(year)), np.nan)
            for place, year in zip(side, world.year, strict=True)
        ]
        for side in (world.one, world.other)
    ]
    apart = np.abs(np.array(both[0]) - np.array(both[1]))
    unknown = np.isnan(apart)
    return np.column_stack([np.where(unknown, np.nanmedian(apart), apart), unknown])


def remembered(world: World, tables: dict[str, NDArray[np.float32]]) -> dict[str, Floats]:
    """What the years before say of the pair (history), of each state (belligerence), and of others' disputes."""
    at = (world.year - REMEMBERED, world.one, world.other)
    onset = np.minimum(tables["begun"], 1)
    earlier = np.zeros_like(tables["going"])
    earlier[1:] = tables["going"][:-1]
    peace = np.minimum(peace_years(tables["going"])[at], 40.0) / 10
    hostility = np.log1p(discounted(tables["hostility"], 8.0)[at])
    onsets = [discounted(onset, half_life)[at] for half_life in (1.0, 4.0, 25.0)]
    recent = discounted(onset, 2.0)
    return {
        "peace years": np.column_stack([peace, peace**2, peace**3]),
        "hostility": hostility[:, None],
        "history": np.column_stack([*onsets, earlier[at]]),
        "belligerence": np.column_stack(
            [
                np.log(0.02 + side / half_life)
                for half_life in (3.0, 30.0)
                for side in apart(discounted(onset, half_life), at)
            ]
        ),
        "under way": np.log1p(np.column_stack(apart(earlier, at))),
        "allies": np.log1p(np.column_stack([of_allies(world, earlier), of_allies(world, recent)])),
    }


def peace_years(going: NDArray[np.float32]) -> Floats:
    """(years, states, states) years since the pair's last dispute; twenty where there was none before."""
    out = np.empty(going.shape, np.float32)
    out[0] = 20.0
    none = np.cumsum(going, axis=0) == 0
    for t in range(1, len(going)):
        out[t] = np.where(
            none[t - 1] & (t <= FIRST - REMEMBERED), 20.0, np.where(going[t - 1] > 0, 0.0, out[t - 1] + 1)
        )
    return out


def discounted(table: NDArray[np.float32], half_life: float) -> NDArray[np.float32]:
    """Sums over the years before each, older ones counting less."""
    out, keep = np.zeros_like(table), 0.5 ** (1 / half_life)
    for t in range(1, len(table)):
        out[t] = keep * out[t - 1] + table[t - 1]
    return out


def apart(table: NDArray[np.float32], at: tuple[Whole, Whole, Whole]) -> tuple[Floats, Floats]:
    """Each state's total with all but the other of the pair: the larger and the smaller of both."""
    total, own = table.sum(axis=2), table[at]
    both = [np.maximum(total[at[0], side] - own, 0).astype(float) for side in at[1:]]
    return np.maximum(*both), np.minimum(*both)


def of_allies(world: World, table: NDArray[np.float32]) -> Floats:
    """What the allies of one (defence pact) have of the table with the other, summed, and the other way round."""
    out = np.zeros(len(world.year))
    pact = world.structure["alliance_defense"].fill_null(value=False).to_numpy()
    for year in np.unique(world.year):
        rows = np.flatnonzero(world.year == year)
        allied = np.zeros((world.states, world.states), np.float32)
        i, j = world.one[rows], world.other[rows]
        allied[i, j] = allied[j, i] = pact[rows]
        shared = allied @ table[year - REMEMBERED]
        out[rows] = shared[i, j] + shared[j, i]
    return out
