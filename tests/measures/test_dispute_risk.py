"""What structure expects of disputes: the covariates of a small world, and the regression on them."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from amity.catalog import SCHEMAS, polars_schema
from amity.errors import NoEvidenceError, UsageError
from amity.evidence import Evidence
from amity.evidence.arrow import put
from amity.measures import dispute_risk, dyad_structure
from amity.measures.dispute_risk import COEFFICIENTS, design, expected, fit, of_store
from amity.measures.dyad_structure import FACTS, covariates, held, relevant
from amity.states import spells

USA, FRANCE, GERMANY_WEST, POLAND = 2, 220, 260, 290
CODES = (USA, FRANCE, GERMANY_WEST, POLAND)
PAIRS = list(combinations(CODES, 2))

# kind, from, to, start, end, level: one is stored from the higher code, and two hold at once
TIES = [
    ("contiguity", FRANCE, GERMANY_WEST, date(1955, 5, 1), None, "land or river border"),
    ("contiguity", FRANCE, GERMANY_WEST, date(1955, 5, 1), None, "400 miles of water or less"),
    ("contiguity", USA, POLAND, date(1956, 2, 1), date(1957, 6, 30), "150 miles of water or less"),
    ("alliance_defense", GERMANY_WEST, USA, date(1955, 5, 6), None, "mutual"),
    ("alliance_defense", USA, FRANCE, date(1949, 4, 4), date(1956, 1, 1), "mutual"),
    ("alliance_nonaggression", POLAND, FRANCE, date(1955, 1, 1), date(1955, 12, 31), "mutual"),
]
FIGURES = [
    ("minimum_distance", USA, FRANCE, date(1955, 1, 1), date(1957, 12, 31), 5000.0),
    ("minimum_distance", FRANCE, GERMANY_WEST, date(1956, 1, 1), date(1956, 12, 31), 0.0),
    ("minimum_distance", POLAND, USA, date(1955, 1, 1), date(1956, 12, 31), 6000.0),
    ("trade_smoothed", USA, FRANCE, date(1955, 1, 1), date(1955, 12, 31), 7.0),
]
TRAITS = [
    ("major_power", USA, date(1898, 8, 13), date(1957, 12, 31), 1.0),
    ("major_power", FRANCE, date(1945, 8, 15), date(1957, 12, 31), 1.0),
    *(
        ("capability_share", USA, date(y, 1, 1), date(y, 12, 31), 0.3 - y % 10 / 100)
        for y in range(1953, 1957)
    ),
    *(("capability_share", FRANCE, date(y, 1, 1), date(y, 12, 31), 0.03) for y in range(1953, 1956)),
    ("capability_share", GERMANY_WEST, date(1955, 1, 1), date(1955, 12, 31), 0.04),
]
COVERED = [
    ("ties", "contiguity", date(1816, 1, 1), date(1956, 12, 31)),
    ("ties", "alliance_defense", date(1815, 1, 1), date(1957, 12, 31)),
    ("ties", "alliance_nonaggression", date(1815, 1, 1), date(1957, 12, 31)),
    ("traits", "major_power", date(1816, 1, 1), date(1957, 12, 31)),
]
YEARS = (1954, 1958)


def told(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of a table with every column that is not given left empty."""
    schema = {**polars_schema(table), "source": pl.String()}
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def small_world() -> Evidence:
    """Three years of four states."""
    connection = duckdb.connect()
    ties = [
        dict(zip(("kind", "ccode_from", "ccode_to", "start", "end", "level"), row, strict=True))
        for row in TIES
    ]
    figures = [
        dict(zip(("kind", "ccode_from", "ccode_to", "start", "end", "value"), row, strict=True))
        for row in FIGURES
    ]
    traits = [dict(zip(("kind", "ccode", "start", "end", "value"), row, strict=True)) for row in TRAITS]
    covered = [dict(zip(("table", "kind", "start", "end"), row, strict=True)) for row in COVERED]
    given = {"ties": ties, "figures": figures, "traits": traits, "coverage": covered}
    for table in SCHEMAS:
        put(connection, f"{table}_rows", told(table, given.get(table, [])))
        connection.execute(f'CREATE TABLE "{table}" AS FROM "{table}_rows"')
    return Evidence(connection)


def first_days(one: int, other: int) -> dict[int, date]:
    """By year, the first day on which both were in the system, found by walking."""
    known = [row for row in spells().iter_rows(named=True) if row["ccode"] in {one, other}]
    days = {}
    for year in range(YEARS[0], YEARS[1] + 1):
        for number in range(366):
            day = date.fromordinal(date(year, 1, 1).toordinal() + number)
            inside = {
                r["ccode"] for r in known if r["start"] <= day and (r["end"] is None or day <= r["end"])
            }
            if day.year == year and len(inside) == 2:
                days[year] = day
                break
    return days


def by_hand(one: int, other: int, year: int, day: date) -> dict[str, Any]:
    """The structure of one dyad-year, from the lists above and no code of ours."""
    sides = {one, other}

    def stood(kind: str) -> list[str]:
        return [
            level
            for k, a, b, start, end, level in TIES
            if k == kind and {a, b} == sides and start <= day and (end is None or day <= end)
        ]

    def covered(kind: str) -> bool:
        return any(k == kind and start <= day <= end for _, k, start, end in COVERED)

    def share(code: int) -> float | None:
        of = {
            start.year: value
            for kind, c, start, _, value in TRAITS
            if kind == "capability_share" and c == code
        }
        return of.get(year - 1, of.get(year))

    ranks = [dyad_structure.CONTIGUITY[level] for level in stood("contiguity")]
    km = [
        v
        for k, a, b, s, e, v in FIGURES
        if k == "minimum_distance" and {a, b} == sides and s.year <= year <= e.year
    ]
    majors = [
        any(k == "major_power" and c == code and s <= day <= e for k, c, s, e, _ in TRAITS)
        for code in (one, other)
    ]
    shares = [share(one), share(other)]
    known = None not in shares
    return {
        "contiguity": min(ranks) if ranks else 0 if covered("contiguity") else None,
        "alliance_defense": bool(stood("alliance_defense"))
        or (False if covered("alliance_defense") else None),
        "alliance_nonaggression": bool(stood("alliance_nonaggression"))
        or (False if covered("alliance_nonaggression") else None),
        "distance_km": km[0] if km else None,
        "capability_larger": max(shares) if known else None,
        "capability_smaller": min(shares) if known else None,
        "major_powers": sum(majors) if covered("major_power") else None,
    }


def test_covariates_are_those_of_the_first_common_day_found_by_hand() -> None:
    ours = covariates(small_world(), *YEARS, PAIRS)
    theirs = [
        {"ccode1": one, "ccode2": other, "year": year, **by_hand(one, other, year, day)}
        for one, other in PAIRS
        for year, day in first_days(one, other).items()
    ]
    assert ours.rows(named=True) == theirs
    assert all(ours[name].null_count() > 0 for name in FACTS), "the world must hold unknowns of every kind"
    assert all(ours[name].drop_nulls().n_unique() > 1 for name in FACTS), "and differences in all of them"


def test_the_order_of_a_pair_and_its_repetition_change_nothing() -> None:
    turned = [(other, one) for one, other in reversed(PAIRS)] + PAIRS
    with small_world() as ev:
        assert_frame_equal(covariates(ev, *YEARS, turned), covariates(ev, *YEARS, PAIRS))


def test_states_that_were_never_in_the_system_together_are_refused() -> None:
    with pytest.raises(NoEvidenceError, match="same day"):
        covariates(small_world(), 1946, 1950, [(GERMANY_WEST, USA)])


def test_unknown_stays_unknown_until_it_is_held_at_what_was_known() -> None:
    raw = covariates(small_world(), *YEARS, PAIRS)
    rates = expected(raw)
    unknown = rates.select(pl.any_horizontal(pl.col(*FACTS).is_null())).to_series()
    assert (rates["log_rate"].is_null() == unknown).all()
    assert unknown.any()
    assert not unknown.all()
    kept = held(raw)
    for name in FACTS:
        changed = kept[name].is_null() != raw[name].is_null()
        assert kept.filter(changed)["held"].all()
        assert raw[name].is_null().to_numpy()[changed.to_numpy()].all()
    never = kept.filter(ccode1=USA, ccode2=POLAND)
    assert never["capability_larger"].is_null().all(), "Poland's share was never told"
    assert of_store(small_world(), *YEARS, [(USA, POLAND)])["log_rate"].is_null().all()


def test_held_values_are_never_taken_from_later_but_for_distance() -> None:
    kept = held(covariates(small_world(), *YEARS, PAIRS)).filter(ccode1=FRANCE, ccode2=GERMANY_WEST)
    assert kept["distance_km"].to_list() == [0.0] * kept.height
    frame = pl.DataFrame(
        {"ccode1": [2, 2], "ccode2": [20, 20], "year": [1950, 1951], "contiguity": [None, 1]}
    )
    assert held(frame)["contiguity"].to_list() == [None, 1]


def test_a_great_power_or_a_border_makes_a_pair_relevant_and_only_that() -> None:
    ours = relevant(covariates(small_world(), *YEARS, PAIRS)).filter(year=1956)
    assert dict(zip(ours.select("ccode1", "ccode2").iter_rows(), ours["relevant"], strict=True)) == {
        (USA, FRANCE): True,
        (USA, GERMANY_WEST): True,
        (USA, POLAND): True,
        (FRANCE, GERMANY_WEST): True,
        (FRANCE, POLAND): True,
        (GERMANY_WEST, POLAND): False,
    }


def structures(rng: np.random.Generator, rows: int) -> pl.DataFrame:
    """Dyad-years of no world in particular, six years a pair."""
    shares = np.sort(np.exp(rng.normal(-6, 1.5, (rows, 2))).clip(1e-6, 0.4), axis=1)
    pair = np.arange(rows) // 6
    return pl.DataFrame(
        {
            "ccode1": pair % 7 + 1,
            "ccode2": pair + 10,
            "year": np.arange(rows) % 6 + 1950,
            "contiguity": rng.choice([0, 1, 2, 3, 4, 5], rows, p=[0.5, 0.1, 0.1, 0.1, 0.1, 0.1]),
            "alliance_defense": rng.random(rows) < 0.3,
            "alliance_nonaggression": rng.random(rows) < 0.3,
            "distance_km": rng.gamma(1.0, 3000.0, rows),
            "capability_larger": shares[:, 1],
            "capability_smaller": shares[:, 0],
            "major_powers": rng.choice([0, 1, 2], rows, p=[0.6, 0.3, 0.1]),
        }
    )


def test_the_regression_finds_the_coefficients_of_a_simulated_world() -> None:
    rng = np.random.default_rng(20)
    world = structures(rng, 36_000)
    truth = {term: b for term, (b, _) in COEFFICIENTS.items()}
    counts = rng.poisson(np.exp(expected(world)["log_rate"].to_numpy()))
    found = fit(world, counts)
    off = [(found.coefficients[term][0] - b) / found.coefficients[term][1] for term, b in truth.items()]
    assert max(map(abs, off)) < 3.5
    assert 0.4 < float(np.std(off)) < 1.8
    _, x = design(world)
    rate = np.exp(x @ [b for b, _ in found.coefficients.values()])
    assert np.abs(x.T @ (counts - rate)).max() < 1e-5, "the scores are nought at the top"


def test_what_is_unknown_has_no_part_in_the_regression() -> None:
    rng = np.random.default_rng(3)
    world = structures(rng, 6_000)
    counts = rng.poisson(np.exp(expected(world)["log_rate"].to_numpy()))
    holed = world.with_columns(
        distance_km=pl.when(pl.int_range(pl.len()) % 5 > 0).then("distance_km"),
    )
    some = np.arange(world.height) % 5 > 0
    left, kept = fit(holed, counts), fit(world.filter(pl.Series(some)), counts[some])
    assert left.left_out == 1_200
    for term, both in kept.coefficients.items():
        assert left.coefficients[term] == pytest.approx(both)


def test_a_pair_seen_twice_over_is_no_surer() -> None:
    rng = np.random.default_rng(4)
    world = structures(rng, 6_000)
    counts = rng.poisson(np.exp(expected(world)["log_rate"].to_numpy()))
    once, twice = fit(world, counts), fit(pl.concat([world, world]), np.concatenate([counts, counts]))
    for term, (b, e) in once.coefficients.items():
        assert twice.coefficients[term] == pytest.approx((b, e), rel=1e-6, abs=1e-8)


def test_a_world_without_disputes_or_with_one_kind_of_pair_cannot_be_learned_from() -> None:
    world = structures(np.random.default_rng(5), 600)
    with pytest.raises(UsageError, match="apart"):
        fit(world, np.zeros(600))
    with pytest.raises(UsageError, match="apart"):
        fit(world.with_columns(major_powers=0), np.ones(600))
    with pytest.raises(UsageError, match="terms"):
        expected(world, {"constant": (0.0, 1.0)})


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 15_000), st.floats(1e-6, 0.4), st.floats(1e-6, 0.4), st.integers(0, 2))
def test_a_border_raises_the_rate_and_a_pact_lowers_it(
    km: int, one: float, other: float, majors: int
) -> None:
    row = {
        "contiguity": 0,
        "distance_km": float(km),
        "capability_larger": max(one, other),
        "capability_smaller": min(one, other),
        "major_powers": majors,
        "alliance_defense": False,
        "alliance_nonaggression": False,
    }
    rates = expected(pl.DataFrame([row, row | {"contiguity": 1}, row | {"alliance_nonaggression": True}]))[
        "log_rate"
    ].to_list()
    assert rates[1] > rates[0] > rates[2]


def test_the_coefficients_that_are_shipped_are_those_of_the_terms_with_errors() -> None:
    assert set(COEFFICIENTS) == set(design(structures(np.random.default_rng(1), 6))[0])
    assert all(error > 0 for _, error in COEFFICIENTS.values())
    assert dispute_risk.COEFFICIENTS["land_border"][0] > 2 * dispute_risk.COEFFICIENTS["land_border"][1]
