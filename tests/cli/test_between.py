"""`amity between` as a person types it, on the starter pack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pyreadstat
import pytest
from click.testing import CliRunner, Result

from amity.cli.between import command
from amity.errors import UnknownStateError, UsageError
from amity.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

QUICK = ("--domain", "votes,aid,visits")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("home"))


def typed(settings: Settings, *words: str) -> Result:
    return CliRunner().invoke(command, words, obj=settings, catch_exceptions=False)


def test_one_state_is_shown_by_year_with_its_domains_and_the_weights(settings: Settings) -> None:
    said = typed(settings, "KHM", "USA", "CHN", *QUICK, "--to", "2019", "--weight", "votes=2").output
    assert said.count("too little is known to name it") == 12
    assert "In 2019, by domain (above 0 towards USA, below it towards CHN)" in said
    assert "Weights: votes 2," in said
    aid = next(line for line in said.splitlines() if line.strip().startswith("aid "))
    assert "unknown" in aid


def test_a_region_is_shown_in_one_call(settings: Settings) -> None:
    said = typed(settings, "USA", "CHN", "--region", "south-eastern asia", *QUICK, "--to", "2019").output
    assert "Cambodia" in said
    assert "Vietnam" in said
    assert "The year 2019" in said


def test_rows_are_written_with_labels(settings: Settings, tmp_path: Path) -> None:
    for name in ("tilt.csv", "tilt.parquet", "tilt.dta"):
        typed(
            settings,
            "USA",
            "CHN",
            "--states",
            "KHM,Vietnam",
            *QUICK,
            "--issue",
            "nu",
            "--out",
            str(tmp_path / name),
        )
    frame = pl.read_parquet(tmp_path / "tilt.parquet")
    assert {"KHM", "VNM"} == set(frame["iso3c"])
    assert {"votes", "votes_nu", "votes_nu_sd", "alignment", "p_hedges"} <= set(frame.columns)
    assert frame["aid"].null_count() == frame.height
    assert pl.read_csv(tmp_path / "tilt.csv").height == frame.height
    stata, meta = pyreadstat.read_dta(str(tmp_path / "tilt.dta"), output_format="dict")
    assert len(stata["votes"]) == frame.height
    labels = meta.column_names_to_labels
    assert labels["alignment"] == "Weighted mean tilt, above 0 towards USA (pooled SD)"
    assert labels["votes"] == "Tilt in votes, above 0 to USA (standard deviations of points)"
    assert labels["p_neutral"] == "Chance that it is neutral"
    assert labels["p_even"] == "Chance that it is even"
    assert labels["p_hedges"] == "Chance that it hedges"
    assert all(label and len(label) <= 80 for label in labels.values())


def test_a_power_in_the_region_is_left_out_of_it(settings: Settings) -> None:
    said = typed(
        settings, "USA", "CHN", "--region", "Eastern Asia", "--domain", "votes", "--to", "2019"
    ).output
    assert "Japan" in said
    assert "China  " not in said


def test_each_tilt_is_told_in_both_units_in_lines_that_fit(settings: Settings) -> None:
    said = typed(settings, "KHM", "USA", "CHN", *QUICK, "--to", "2019").output
    heads, votes = (
        next(line for line in said.splitlines() if word in line) for word in ("in its own unit", "  votes ")
    )
    assert "pooled standard dev." in heads
    assert heads.index("in its own unit") == votes.index(votes.split(") ")[1].strip())
    assert "Alignment and engagement (`with`) are in pooled standard deviations." in said
    assert max(map(len, said.splitlines())) <= 100


def test_years_without_anything_say_so(settings: Settings) -> None:
    assert "Nothing that is loaded" in typed(settings, "KHM", "USA", "CHN", *QUICK, "--to", "1950").output


@pytest.mark.parametrize(
    ("words", "what", "error"),
    [
        (("USA",), "two powers", UsageError),
        (("KHM", "USA", "USA"), "both powers", UsageError),
        (("USA", "CHN", "--region", "Atlantis"), "no region", UnknownStateError),
        (("USA", "CHN", "--weight", "votes=much"), "no weight", UsageError),
        (("USA", "CHN", "--weight", "love=1"), "no domain", UsageError),
        *(
            (("USA", "CHN", "--weight", f"votes={bad}"), "no weight", UsageError)
            for bad in ("inf", "nan", "-1")
        ),
        (("KHM", "USA", "CHN", "--domain", "votes", "--weight", "votes=0"), "all nought", UsageError),
        (("USA", "CHN", "--states", ","), "names no state", UsageError),
        (("KHM", "KHM", "USA"), "one of the powers", UsageError),
        (("KHM", "USA", "CHN", "--from", "2020", "--to", "2010"), "run backwards", UsageError),
        (("USA", "CHN", "--domain", "love"), "no domain", UsageError),
    ],
)
def test_what_cannot_be_asked_is_refused(
    settings: Settings, words: tuple[str, ...], what: str, error: type[Exception]
) -> None:
    with pytest.raises(error, match=what):
        typed(settings, *words)
