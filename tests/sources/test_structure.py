"""What stands behind relations: borders, distances, rivalries, major powers and capabilities."""

from __future__ import annotations

import runpy
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from amity import evidence, ingest
from amity.errors import BadFileError, UnknownStateError, UnknownValueError
from amity.sources import cow_contiguity, cow_distance, cow_majors, cow_nmc, rdata, rivalries
from amity.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLES = Path(__file__).parents[1] / "samples"
WRITER = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("rdata_writer.py"))))


def sample(module: Any) -> dict[str, bytes]:
    return {module.BASE: (SAMPLES / module.ABOUT.id / module.BASE).read_bytes()}


def table(module: Any, name: str) -> pl.DataFrame:
    return module.parse(sample(module)).tables[name]


def changed(module: Any, **columns: Callable[[list[Any]], list[Any]]) -> dict[str, bytes]:
    """The sample with columns changed."""
    (rows,) = rdata.read(module.BASE, sample(module)[module.BASE]).values()
    made: dict[str, bytes] = {}
    for name in rows.columns:
        values = columns.get(name, list)(rows[name].to_list())
        writer = {pl.String: WRITER.strings, pl.Date: WRITER.dates}.get(
            type(rows[name].dtype), WRITER.doubles
        )
        made[name] = writer(values)
    return {module.BASE: WRITER.rda({module.BASE.removesuffix(".rda"): WRITER.frame(made, rows.height)})}


def first(value: object) -> Callable[[list[Any]], list[Any]]:
    return lambda values: [value, *values[1:]]


# Contiguity


def test_neighbours_are_told_once_and_both_ways_are_meant() -> None:
    ties = table(cow_contiguity, "ties")
    assert (ties["ccode_from"] < ties["ccode_to"]).all()
    assert "contiguity" in evidence.UNDIRECTED


def test_a_border_is_known_to_the_month_and_open_at_the_end_of_the_record() -> None:
    ties = table(cow_contiguity, "ties")
    south = ties.row(by_predicate=(pl.col("ccode_from") == 811) & (pl.col("ccode_to") == 817), named=True)
    assert (south["start"], south["start_precision"]) == (date(1954, 6, 1), "month")
    assert (south["end"], south["end_precision"], south["level"]) == (
        date(1975, 4, 30),
        "month",
        "land or river border",
    )
    assert ties.filter(ccode_from=811, ccode_to=816).select("start", "end").rows() == [
        (date(1975, 4, 1), None)
    ]


def test_a_spell_without_contiguity_is_no_tie() -> None:
    assert table(cow_contiguity, "ties").filter(pl.col("start") == date(1954, 7, 1)).is_empty()


@pytest.mark.parametrize(
    ("columns", "error"),
    [
        ({"conttype": first(6.0)}, UnknownValueError),
        ({"stdate": first(date(1953, 11, 2))}, BadFileError),
        ({"enddate": first(None)}, BadFileError),
        ({"enddate": first(date(2015, 1, 1))}, BadFileError),  # the other side says another month
        ({"ccode1": first(None)}, BadFileError),
    ],
)
def test_a_border_that_cannot_be_is_refused(columns: dict[str, Any], error: type) -> None:
    with pytest.raises(error):
        cow_contiguity.parse(changed(cow_contiguity, **columns))


# Distance


def test_years_with_one_distance_are_one_figure_each_way() -> None:
    figures = table(cow_distance, "figures")
    assert figures.height == 2 * 5
    far = figures.filter(ccode_from=811, ccode_to=2).select("start", "end", "period", "value", "unit").rows()
    assert far == [
        (date(1954, 1, 1), date(1959, 12, 31), "1954-1959", 13000.5, "km"),
        (date(1962, 1, 1), date(1962, 12, 31), "1962", 13000.5, "km"),
    ]
    assert figures.filter(ccode_from=2, ccode_to=811).select("start", "value").rows() == [
        (a, v) for a, _, _, v, _ in far
    ]


def test_a_distance_of_nought_is_a_row_and_no_row_is_unknown() -> None:
    figures = table(cow_distance, "figures")
    assert figures.filter(ccode_from=811, ccode_to=800)["value"].to_list() == [0.0]
    assert table(cow_distance, "coverage").is_empty()


@pytest.mark.parametrize(
    "columns",
    [
        {"mindist": first(-1.0)},
        {"mindist": first(25_000.0)},
        {"mindist": first(None)},
        {"mindist": first(float("nan"))},
        {"ccode2": first(2.0)},
        {"year": first(2200.0)},
    ],
)
def test_a_distance_that_cannot_be_is_refused(columns: dict[str, Any]) -> None:
    with pytest.raises(BadFileError):
        cow_distance.parse(changed(cow_distance, **columns))


# Rivalries


def test_a_rivalry_older_than_the_system_of_states_is_told_from_its_first_day() -> None:
    old = table(rivalries, "ties").row(by_predicate=pl.col("ref") == "rivalry 2", named=True)
    assert (old["start"], old["start_precision"], old["began"]) == (
        date(1816, 1, 1),
        "day",
        "before 1816 (in 1778)",
    )
    assert (old["end"], old["end_precision"]) == (date(1956, 12, 31), "year")


def test_a_rivalry_that_was_over_before_is_set_aside() -> None:
    assert table(rivalries, "review")["place"].to_list() == ["rivalry 1"]


def test_causes_are_kept_in_order_and_the_last_year_is_open() -> None:
    korea = table(rivalries, "ties").row(by_predicate=pl.col("ref") == "rivalry 4", named=True)
    assert (korea["level"], korea["end"], korea["ended"]) == ("ideological; positional; spatial", None, None)


@pytest.mark.parametrize(
    ("columns", "error"),
    [
        ({"type1": first("romantic")}, UnknownValueError),
        ({"type1": first(None)}, UnknownValueError),
        ({"endyear": first(1495.0)}, BadFileError),
        ({"rivalryno": first(2.0)}, BadFileError),
        ({"ccode1": lambda values: [999.0] * len(values)}, UnknownStateError),
    ],
)
def test_a_rivalry_that_cannot_be_is_refused(columns: dict[str, Any], error: type) -> None:
    with pytest.raises(error):
        rivalries.parse(changed(rivalries, **columns))


# Traits


def test_a_major_power_is_one_for_a_spell_of_days() -> None:
    traits = table(cow_majors, "traits")
    assert traits.filter(ccode=811).select("start", "end", "kind", "value").rows() == [
        (date(1960, 2, 29), date(1961, 3, 1), "major_power", 1.0)
    ]


def test_spending_is_in_pounds_until_1913_and_what_is_missing_has_no_row() -> None:
    traits = table(cow_nmc, "traits")
    spent = (
        traits.filter(kind="military_expenditure")
        .sort("start")
        .select("ccode", "start", "value", "unit")
        .rows()
    )
    assert spent == [
        (2, date(1913, 1, 1), 300.0, "thousand GBP"),
        (2, date(1914, 1, 1), 310.0, "thousand USD"),
        (811, date(1955, 1, 1), 7000.0, "thousand USD"),
    ]


def test_a_nought_is_a_row_and_only_whole_kinds_are_covered() -> None:
    traits = table(cow_nmc, "traits")
    assert traits.filter(kind="iron_and_steel", ccode=811)["value"].to_list() == [0.0, 0.0]
    assert set(table(cow_nmc, "coverage")["kind"]) == {"capability_share", "energy", "population"}


@pytest.mark.parametrize("columns", [{"cinc": first(1.5)}, {"tpop": first(-3.0)}, {"year": first(1914.0)}])
def test_capabilities_that_cannot_be_are_refused(columns: dict[str, Any]) -> None:
    with pytest.raises(BadFileError):
        cow_nmc.parse(changed(cow_nmc, **columns))


def test_traits_are_read_back_of_the_states_asked_for(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    ingest.load(store, [SAMPLES / "cow_nmc", SAMPLES / "cow_majors"], partial=True)
    with evidence.open_evidence(store) as ev:
        assert evidence.traits(ev).height == table(cow_nmc, "traits").height + 4
        cambodia = evidence.traits(ev, (811,))
    assert set(cambodia["ccode"]) == {811}
    assert cambodia.filter(kind="major_power")["source"].to_list() == ["cow_majors"]


# The publishers' files


@pytest.mark.publisher_data
@pytest.mark.parametrize(
    ("module", "name", "rows", "review"),
    [
        (cow_contiguity, "ties", 847, 0),
        (rivalries, "ties", 182, 15),
        (cow_distance, "figures", 53_466, 0),
        (cow_majors, "traits", 14, 0),
        (cow_nmc, "traits", 116_489, 0),
    ],
)
def test_the_published_record_is_read_whole(
    publisher_data: Path, module: Any, name: str, rows: int, review: int
) -> None:
    tables = module.parse({module.BASE: (publisher_data / "structure" / module.BASE).read_bytes()}).tables
    assert (tables[name].height, tables["review"].height) == (rows, review)


@pytest.mark.publisher_data
def test_states_with_a_border_are_no_distance_apart(publisher_data: Path) -> None:
    """Two publishers, one fact: nearly all pairs with a land border in 1990 have a distance of nought, or nearly so."""
    border = cow_contiguity.parse(
        {cow_contiguity.BASE: (publisher_data / "structure" / cow_contiguity.BASE).read_bytes()}
    )
    distance = cow_distance.parse(
        {cow_distance.BASE: (publisher_data / "structure" / cow_distance.BASE).read_bytes()}
    )
    day = date(1990, 1, 1)
    held = (pl.col("start") <= day) & (pl.col("end").fill_null(day) >= day)
    land = border.tables["ties"].filter(held, pl.col("level") == "land or river border")
    near = distance.tables["figures"].filter(held).join(land, on=["ccode_from", "ccode_to"], how="semi")
    assert near.height > 200
    assert (near["value"] < 1).mean() > 0.97  # type: ignore[operator]
