"""One statement, several engines: each counts pair-months as plain Python does, to the last bit."""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.evidence import counted

from amity.evidence.engines import ORDER, Job, carried, counting, duckdb, spark

if TYPE_CHECKING:
    from pathlib import Path

DAYS = (date(2017, 11, 1), date(2018, 2, 28))


def job(events: pl.DataFrame, folder: Path, roles: tuple[str, ...] = counted.STATE_ROLES) -> Job:
    """The job of counting these events, written as parts into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    volumes = counted.written(counted.volumes(events), folder, "volumes", pieces=2)
    return Job(counted.written(events, folder, "events"), volumes, DAYS, counted.CLASSES, roles)


def on_duckdb(
    events: pl.DataFrame, folder: Path, roles: tuple[str, ...] = counted.STATE_ROLES
) -> pl.DataFrame:
    duckdb.count(job(events, folder, roles), folder / "out.parquet", folder)
    return pl.read_parquet(folder / "out.parquet")


@pytest.fixture(scope="module")
def world() -> pl.DataFrame:
    return counted.events(20_000, seed=3)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("roles", [counted.STATE_ROLES, (), ("GOV", "OPP", "MED")])
def test_duckdb_counts_as_plain_python_does(tmp_path: Path, seed: int, roles: tuple[str, ...]) -> None:
    events = counted.events(3000, seed)
    assert_frame_equal(on_duckdb(events, tmp_path, roles), counted.oracle(events, roles))


def test_spark_counts_as_duckdb_does_to_the_last_bit(world: pl.DataFrame, tmp_path: Path) -> None:
    (tmp_path / "scratch").mkdir()
    its = job(world, tmp_path)
    duckdb.count(its, tmp_path / "duckdb.parquet", tmp_path)
    spark.count(its, tmp_path / "spark.parquet", tmp_path / "scratch")
    here, there = (pl.read_parquet(tmp_path / f"{name}.parquet") for name in ("duckdb", "spark"))
    assert there.height > 3000
    assert there["articles"].null_count() > 0
    assert_frame_equal(here, there)
    assert here.equals(there)
    assert_frame_equal(there, counted.oracle(world))


def test_the_world_has_what_engines_could_differ_in(world: pl.DataFrame) -> None:
    rows = counted.oracle(world)
    assert rows["source"].n_unique() == 2
    assert rows["month"].n_unique() == 4
    assert rows.filter(pl.col("events") > pl.col("incidents")).height > 50
    assert (rows["force_incidents"] < 0).any()
    same_day = world.join(counted.CLASSES, on="code").group_by(
        "source", "date", "ccode_from", "ccode_to", "root", "field"
    )
    signs = same_day.agg(low=pl.col("goldstein_tenths").min(), high=pl.col("goldstein_tenths").max())
    assert signs.filter((pl.col("low") < 0) & (pl.col("high") > 0)).height > 10


def test_the_order_of_rows_and_parts_changes_nothing(world: pl.DataFrame, tmp_path: Path) -> None:
    dice = random.Random(5)  # noqa: S311
    order = list(range(world.height))
    dice.shuffle(order)
    assert on_duckdb(world[order], tmp_path / "a").equals(on_duckdb(world, tmp_path / "b"))


def test_sums_are_conserved(world: pl.DataFrame, tmp_path: Path) -> None:
    """Every event between two different states is in one row of the scope `country`; none else is."""
    rows = on_duckdb(world, tmp_path).filter(scope="country")
    between = world.filter(pl.col("ccode_from") != pl.col("ccode_to")).join(counted.CLASSES, on="code")
    assert rows["events"].sum() == between.height
    assert rows["force_events"].sum() == between["goldstein_tenths"].sum()
    assert dict(rows.group_by("quad").agg(pl.col("events").sum()).iter_rows()) == dict(
        between.group_by("quad").len().iter_rows()
    )
    assert (rows["incidents"] <= rows["events"]).all()
    assert (rows["events"] <= rows["volume_from"]).all()
    assert (rows["volume_to"] <= rows["volume"]).all()


def test_what_states_do_is_part_of_what_countries_do(world: pl.DataFrame, tmp_path: Path) -> None:
    rows = on_duckdb(world, tmp_path)
    keys = [name for name in ORDER if name != "scope"]
    both = rows.filter(scope="state").join(rows.filter(scope="country"), on=keys, how="left", suffix="_all")
    assert (both["events"] <= both["events_all"]).all()
    assert (both["incidents"] <= both["incidents_all"]).all()
    assert both["events_all"].null_count() == 0


def test_names_of_states_mean_nothing(world: pl.DataFrame, tmp_path: Path) -> None:
    """Relabelling the states relabels the rows, and turning every event round turns every row round."""
    other = {2: 900, 710: 2, 811: 710, 365: 20}
    renamed = world.with_columns(
        pl.col(name).replace_strict(other, return_dtype=pl.Int16) for name in ("ccode_from", "ccode_to")
    )
    back = on_duckdb(renamed, tmp_path / "a").with_columns(
        pl.col(name).replace_strict({new: old for old, new in other.items()}, return_dtype=pl.Int16)
        for name in ("ccode_from", "ccode_to")
    )
    straight = on_duckdb(world, tmp_path / "b")
    assert back.sort(ORDER).equals(straight)
    sides = {
        "ccode_from": "ccode_to",
        "ccode_to": "ccode_from",
        "role_from": "role_to",
        "role_to": "role_from",
    }
    turned = on_duckdb(world.rename(sides).select(world.columns), tmp_path / "c")
    volumes = {"volume_from": "volume_to", "volume_to": "volume_from"}
    round_again = turned.rename({"ccode_from": "ccode_to", "ccode_to": "ccode_from", **volumes})
    assert round_again.select(straight.columns).sort(ORDER).equals(straight)


def test_days_not_asked_for_are_not_counted(world: pl.DataFrame, tmp_path: Path) -> None:
    its = job(world, tmp_path)
    january = Job(
        its.events, its.volumes, (date(2018, 1, 1), date(2018, 1, 31)), its.classes, its.state_roles
    )
    duckdb.count(january, tmp_path / "january.parquet", tmp_path)
    whole = counted.oracle(world).filter(month=date(2018, 1, 1))
    assert pl.read_parquet(tmp_path / "january.parquet").equals(whole)


@pytest.mark.parametrize("dialect", ["spark", "bigquery"])
def test_the_statement_is_carried_over_without_what_other_engines_read_otherwise(dialect: str) -> None:
    """Division of integers, moments in place of dates, and places of nulls are where dialects part."""
    words = carried(dialect).upper()
    assert "/" not in counting().split("WITH act")[1]
    assert "TIMESTAMP" not in words
    assert "FILTER" not in words
    assert {
        "spark": "TRUNC(CAST(DATE AS DATE), 'MONTH')",
        "bigquery": "DATE_TRUNC(CAST(DATE AS DATE), MONTH)",
    }[dialect] in words
