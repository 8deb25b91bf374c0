"""One statement, several engines: each counts pair-months as plain Python does, to the last bit."""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING

import duckdb as library
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.evidence import counted

from amity import cameo
from amity.errors import UsageError
from amity.evidence.arrow import put, to_frame
from amity.evidence.engines import ORDER, Job, bigquery, carried, counting, duckdb, spark
from amity.sources import gdelt_columns

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


def raw_gdelt(events: pl.DataFrame) -> pl.DataFrame:
    """Events as lines of GDELT's files, all text; and what cannot be read, and ids that come again."""
    code = pl.col("ccode_from").replace_strict(COUNTRY, default="")
    rows = events.select(
        GLOBALEVENTID="ref",
        SQLDATE=pl.col("date").dt.strftime("%Y%m%d"),
        Actor1Name=pl.lit("X"),
        Actor1CountryCode=code,
        Actor1Type1Code=pl.col("role_from").fill_null(""),
        Actor2Name=pl.lit("Y"),
        Actor2CountryCode=pl.col("ccode_to").replace_strict(COUNTRY, default=""),
        Actor2Type1Code=pl.col("role_to").fill_null(""),
        IsRootEvent=pl.lit("1"),
        EventCode="code",
        NumArticles=pl.col("articles").cast(pl.String),
        DATEADDED=pl.lit("20180301"),
    )
    strange = [{"EventCode": "---"}, {"SQLDATE": "20180230"}, {"SQLDATE": "20180299"}, {"NumArticles": None},
               {"DATEADDED": "20180101", "SQLDATE": "20180103"}, {"Actor1CountryCode": "QQQ"}, {"Actor2CountryCode": "QQQ"},
               {"NumArticles": "-1"}, {"DATEADDED": "20181399"}]  # fmt: skip
    parts = [rows.head(50).with_columns(NumArticles=pl.lit("1"), DATEADDED=pl.lit("20180228")), rows]
    for number, change in enumerate(strange, 1):
        new = {name: pl.lit(value, pl.String) for name, value in change.items()}
        parts.append(rows.tail(9).with_columns(ref_of(number), **new))
    near = rows.tail(9).with_columns(ref_of(99), SQLDATE=pl.lit("20180102"), DATEADDED=pl.lit("20180101"))
    german = rows.tail(9).with_columns(
        ref_of(98), Actor1CountryCode=pl.lit("DEU"), Actor2CountryCode=pl.lit("KHM")
    )
    return pl.concat([*parts, near, german])


def ref_of(number: int) -> pl.Expr:
    return (
        (pl.col("GLOBALEVENTID").cast(pl.Int64) + number * 1_000_000).cast(pl.String).alias("GLOBALEVENTID")
    )


COUNTRY = {2: "USA", 710: "CHN", 811: "KHM", 365: "RUS"}
NUMBERS = ("GLOBALEVENTID", "SQLDATE", "NumArticles", "DATEADDED")


def read_gdelt(raw: pl.DataFrame) -> pl.DataFrame:
    """The same lines as amity's reader of files keeps them: the row added last of each id."""
    numbered = raw.with_row_index("line", offset=1)
    read = gdelt_columns.typed(numbered, gdelt_columns.Layout((), ())).filter(pl.col("why").is_null())
    return read.sort("added", "line").unique("ref", keep="last").drop("line", "why")


@pytest.mark.parametrize("source", bigquery.TABLES)
def test_bigquerys_statement_counts_raw_gdelt_as_reader_and_statement_do(source: str, tmp_path: Path) -> None:
    """Carried back to DuckDB, over a table of GDELT's own columns under BigQuery's name."""
    world = counted.events(3000, seed=9, sources=("gdelt",)).with_columns(pl.col("articles").fill_null(7))
    world = world.filter(pl.col("code").is_in(cameo.classes()["code"].implode()))
    raw = raw_gdelt(world)
    events = read_gdelt(raw).with_columns(source=pl.lit(source))
    assert events.height == world.height + 18 == raw.height - 50 - 9 * 9
    text = bigquery.sql(source, DAYS, counted.CLASSES, counted.STATE_ROLES, dialect="duckdb")
    project, dataset, table = bigquery.TABLES[source].split(".")
    moment = pl.col("DATEADDED") + ("000000" if source == "gdelt2" else "")
    with library.connect() as connection:
        connection.execute(f"ATTACH ':memory:' AS \"{project}\"")
        connection.execute(f'CREATE SCHEMA "{project}"."{dataset}"')
        put(
            connection, "raw", raw.with_columns(DATEADDED=moment).with_columns(pl.col(NUMBERS).cast(pl.Int64))
        )
        connection.execute(f'CREATE TABLE "{project}"."{dataset}"."{table}" AS FROM raw')
        rows = to_frame(connection.sql(text))
    assert_frame_equal(rows, counted.oracle(events))
    assert rows.equals(on_duckdb(events, tmp_path))
    assert 255 in rows["ccode_from"]


def test_every_country_of_gdelt_has_one_meaning_on_every_day() -> None:
    """The days of a code follow each other without a gap, and mean what the reader of files makes of them."""
    rows = pl.DataFrame(bigquery.countries(), schema=["code", "ccode", "first", "last"], orient="row")
    for spells in rows.partition_by("code"):
        assert spells["first"][0] == bigquery.FIRST
        assert spells["last"][-1] == bigquery.LAST
        assert (spells["first"][1:] == spells["last"][:-1].dt.offset_by("1d")).all()
    days = [date(year, month, 1) for year in range(1979, 2025) for month in (1, 7, 12)]
    asked = rows.select("code").unique().join(pl.DataFrame({"date": days}), how="cross")
    raw = (
        raw_gdelt(counted.events(1, seed=1))
        .head(1)
        .drop("Actor1CountryCode", "SQLDATE", "DATEADDED", "EventCode", "NumArticles")
    )
    lines = asked.select("code", "date", SQLDATE=pl.col("date").dt.strftime("%Y%m%d")).join(raw, how="cross")
    lines = lines.rename({"code": "Actor1CountryCode"}).with_columns(
        DATEADDED=pl.col("SQLDATE"), EventCode=pl.lit("042"), NumArticles=pl.lit("1")
    )
    read = read_gdelt(lines.with_columns(GLOBALEVENTID=pl.int_range(lines.height).cast(pl.String)))
    ours = lines.join(rows, left_on="Actor1CountryCode", right_on="code").filter(
        pl.col("date").is_between("first", "last")
    )
    assert read.height == ours.height == lines.height
    keys = ["date", "ccode_from"]
    mine = ours.select("date", ccode_from=pl.col("ccode").cast(pl.Int16)).sort(keys)
    assert_frame_equal(mine, read.select(keys).sort(keys))


def test_bigquery_has_gdelt_alone() -> None:
    with pytest.raises(UsageError, match="icews"):
        bigquery.sql("icews", DAYS, counted.CLASSES, ())
