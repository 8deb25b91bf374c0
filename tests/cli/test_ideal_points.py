"""`amity ideal-points` as a person types it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pyreadstat
import pytest
from click.testing import CliRunner, Result

from amity.cli.ideal_points import command
from amity.errors import UnknownStateError, UsageError
from amity.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("home"))


def typed(settings: Settings, *words: str) -> Result:
    return CliRunner().invoke(command, words, obj=settings, catch_exceptions=False)


def test_the_last_sessions_of_the_states_asked_for_are_shown_with_intervals(settings: Settings) -> None:
    said = typed(settings, "--states", "KHM,USA").output
    assert said.count("Cambodia") == 10
    assert said.count("United States") == 10
    assert "90 % interval" in said
    assert " to " in said


def test_points_are_written_with_labels(settings: Settings, tmp_path: Path) -> None:
    for name in ("points.csv", "points.parquet", "points.dta"):
        typed(settings, "--states", "KHM", "--out", str(tmp_path / name))
    frame = pl.read_parquet(tmp_path / "points.parquet")
    assert frame.columns == ["ccode", "session", "year", "n", "point", "sd", "low", "high"]
    assert set(frame["ccode"]) == {811}
    assert (frame["low"] < frame["point"]).all()
    assert pl.read_csv(tmp_path / "points.csv").height == frame.height
    stata, meta = pyreadstat.read_dta(str(tmp_path / "points.dta"), output_format="dict")
    assert len(stata["point"]) == frame.height
    assert "Ideal point" in meta.column_names_to_labels["point"]


def test_an_issue_and_years_fit_anew(settings: Settings) -> None:
    said = typed(settings, "--issue", "nu", "--from", "1990", "--to", "1999", "--states", "USA").output
    assert "1999" in said
    assert "1989" not in said


def test_draws_need_a_seed(settings: Settings) -> None:
    with pytest.raises(UsageError, match="seed"):
        typed(settings, "--sample")


def test_a_rule_or_a_state_that_there_is_not_is_refused(settings: Settings) -> None:
    with pytest.raises(UsageError, match="no rule"):
        typed(settings, "--without", "be kind")
    with pytest.raises(UnknownStateError):
        typed(settings, "--states", "Atlantis")


def test_draws_come_with_what_they_say_of_themselves(settings: Settings) -> None:
    words = ("--sample", "--seed", "3", "--draws", "4", "--from", "2015", "--to", "2016", "--issue", "me")
    said = CliRunner().invoke(command, [*words, "--states", "USA"], obj=settings, catch_exceptions=False)
    assert "R-hat" in said.stderr
    assert "United States" in said.stdout


def test_years_that_run_backwards_and_a_list_of_no_states_are_refused(settings: Settings) -> None:
    with pytest.raises(UsageError, match="2025 to 2020 run backwards"):
        typed(settings, "--from", "2025", "--to", "2020")
    with pytest.raises(UsageError, match="names no state"):
        typed(settings, "--states", ",")
