"""`amity aggregate` as a person types it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from amity import cameo
from amity.cli import aggregate, load
from amity.errors import UnknownValueError, UsageError
from amity.evidence import months
from amity.settings import Settings
from amity.store import open_store, parts

SAMPLES = Path(__file__).parents[1] / "samples"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path / "store", packs=())
    words = [str(SAMPLES / name) for name in ("gdelt1", "gdelt2", "icews_tkg")]
    told = CliRunner().invoke(load.command, [*words, "--partial"], obj=settings, catch_exceptions=False)
    assert told.exit_code == 0, told.output
    return settings


def run(settings: Settings, *words: str) -> str:
    result = CliRunner().invoke(aggregate.command, words, obj=settings, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def stored(settings: Settings) -> pl.DataFrame:
    found = parts(open_store(settings.home), "pair_months")
    return pl.concat(pl.read_parquet(part.path).with_columns(source=pl.lit(part.source)) for part in found)


def test_what_was_loaded_is_counted_already(settings: Settings) -> None:
    assert run(settings).splitlines()[0] == "every pair-month is up to date"
    assert set(stored(settings)["source"]) == {"gdelt1", "gdelt2", "icews_tkg"}


def test_a_file_holds_what_the_store_counted(settings: Settings, tmp_path: Path) -> None:
    told = run(settings, "--out", str(tmp_path / "all.parquet"))
    rows = pl.read_parquet(tmp_path / "all.parquet")
    assert f"{rows.height:,} pair-months" in told
    order = ["source", "month", "ccode_from", "ccode_to", "scope", "field", "quad", "code"]
    assert rows.sort(order).equals(stored(settings).select(rows.columns).sort(order))
    run(settings, "gdelt1", "--from", "2014-01", "--to", "2014", "--out", str(tmp_path / "one.csv"))
    one = pl.read_csv(tmp_path / "one.csv", try_parse_dates=True)
    assert set(one["source"]) == {"gdelt1"}
    assert (
        one.height == rows.filter((pl.col("source") == "gdelt1") & (pl.col("month").dt.year() == 2014)).height
    )


def test_other_roles_count_as_the_state_from_then_on(settings: Settings) -> None:
    def of_states() -> int:
        return int(stored(settings).filter(scope="state")["events"].sum())

    usual = of_states()
    assert "the state: the country itself, and no role" in run(settings, "--state-roles", "")
    assert of_states() < usual
    run(settings, "--state-roles", "default")
    assert of_states() == usual
    assert set(months.roles_of(open_store(settings.home))) == set(cameo.STATE_ROLES)


def test_bigquery_gets_a_statement(settings: Settings) -> None:
    told = run(settings, "gdelt2", "--from", "2020", "--engine", "bigquery")
    assert "`gdelt-bq`.`gdeltv2`.`events`" in told
    assert "20200101" in told


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("nope", "--out", "a.csv"), UsageError),
        (("--engine", "spark"), UsageError),
        (("--out", "a.txt"), UsageError),
        (("--engine", "bigquery"), UsageError),
        (("--state-roles", "KING"), UnknownValueError),
    ],
)
def test_what_cannot_be_done_is_said(
    settings: Settings, words: tuple[str, ...], error: type[Exception]
) -> None:
    result = CliRunner().invoke(aggregate.command, words, obj=settings)
    assert isinstance(result.exception, error)
    assert len(str(result.exception).splitlines()) == 2


def test_nothing_loaded_is_said(tmp_path: Path) -> None:
    told = run(Settings(home=tmp_path / "none", packs=()))
    assert told.startswith("no coded events are loaded")
