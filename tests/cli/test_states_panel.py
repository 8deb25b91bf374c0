"""`amity panel --state` and `amity fit`, from the starter pack."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
from click.testing import CliRunner

from amity.cli import cli
from amity.errors import NoEvidenceError

if TYPE_CHECKING:
    from pathlib import Path


def run(home: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["--home", str(home), *words])
    return done.exit_code, done.output


def test_the_states_of_a_pair_are_written_with_their_intervals(tmp_path: Path) -> None:
    out = tmp_path / "states.parquet"
    code, said = run(tmp_path / "home", "panel", "KHM", "USA", "--state", "--from", "1960", "--out", str(out))
    assert code == 0, said
    rows = pl.read_parquet(out)
    assert rows.select("ccode1", "ccode2").unique().rows() == [(2, 811)]
    assert rows["year"].min() == 1960
    assert (rows["engagement_low"] < rows["engagement"]).all()
    broken, before = (rows.filter(year=year)["engagement"][0] for year in (1976, 1972))
    assert broken < before, "relations broken off leave less to do with each other"


def test_a_state_that_ended_within_the_year_asked_for_has_months_and_no_end_of_the_year(
    tmp_path: Path,
) -> None:
    words = ["panel", "East Germany", "--state", "--from", "1990", "--to", "1990"]
    code, said = run(tmp_path / "home", *words, "--grain", "month")
    assert code == 0, said
    done = CliRunner().invoke(cli, ["--home", str(tmp_path / "home"), *words])
    assert isinstance(done.exception, NoEvidenceError)


def test_states_are_shown_with_their_intervals_in_a_narrow_terminal(tmp_path: Path) -> None:
    words = [
        "--home",
        str(tmp_path / "home"),
        "panel",
        "KHM",
        "USA",
        "--state",
        "--from",
        "2000",
        "--to",
        "2004",
    ]
    said = CliRunner().invoke(cli, words, env={"COLUMNS": "80"}).output
    head, row = said.splitlines()[:2]
    assert head.split()[:3] == ["iso3c1", "iso3c2", "year"]
    assert {"engagement", "alignment"} <= set(head.split())
    assert row.count(" to ") == len(head.split()) - 3 - head.count("ccode") - head.count("_then")
    assert "in brackets the 90 % interval" in said
    assert max(map(len, said.splitlines())) <= 80


def test_stata_reads_the_states(tmp_path: Path) -> None:
    out = tmp_path / "states.dta"
    code, said = run(tmp_path / "home", "panel", "KHM", "USA", "--state", "--from", "2000", "--out", str(out))
    assert code == 0, said
    assert out.stat().st_size > 1000


def test_what_each_column_of_states_is_can_be_asked(tmp_path: Path) -> None:
    code, said = run(tmp_path / "home", "panel", "--state", "--explain")
    assert code == 0
    assert "tone_1to2" in said
    assert "90% interval of alignment" in said


def test_states_are_one_row_a_pair_whatever_else_is_asked(tmp_path: Path) -> None:
    code, _ = run(tmp_path / "home", "panel", "KHM", "USA", "--state", "--undirected")
    assert code != 0


def test_constants_learned_anew_are_written_with_what_they_came_from(tmp_path: Path) -> None:
    out = tmp_path / "constants"
    code, said = run(tmp_path / "home", "fit", "--dimension", "alignment", "--rounds", "1", "--out", str(out))
    assert code == 0, said
    told = json.loads((out / "constants.json").read_text(encoding="utf-8"))["alignment"]
    assert "unga_votes" in told["learned_from"]
    assert told["items"]["un_closeness"]["loading_error"] > 0
    assert "un_closeness" in said
    assert "learning alignment …" in said


def test_what_decides_who_is_relevant_must_be_loaded_to_learn_tone(tmp_path: Path) -> None:
    code, said = run(tmp_path / "home", "fit", "--dimension", "tone")
    assert code != 0
    assert said == "" or "neighbours" in said or "learning" in said
