"""`amity panel` as a person types it."""

from __future__ import annotations

import io
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from amity import states
from amity.catalog import polars_schema
from amity.cli import screen
from amity.cli.panel import command
from amity.errors import AmityError, UnknownStateError, UsageError
from amity.settings import Settings
from amity.store import open_store, replace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Result]

DAYS = {"start": date(1946, 1, 1), "end": date(2020, 12, 31)}
TABLES: dict[str, list[dict[str, Any]]] = {
    "acts": [
        {"date": date(2012, 11, 19), "precision": "day", "ccode_from": 2, "ccode_to": 811, "kind": "visit",
         "rank": "head of state", "count": 1, "force_tenths": 19},
    ],
    "coverage": [
        {"table": "acts", "kind": "visit", "ccode_from": 2, **DAYS},
        {"table": "acts", "kind": "visit", "ccode_to": 2, **DAYS},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A store with one visit."""
    home = tmp_path_factory.mktemp("store")
    frames = {name: pl.DataFrame(rows, schema=polars_schema(name)) for name, rows in TABLES.items()}
    replace(open_store(home), "us_travels", {}, frames, [])
    return Settings(home=home, packs=())


@pytest.fixture
def run(settings: Settings) -> Run:
    def typed(*words: str, **extra: Any) -> Result:
        return CliRunner().invoke(command, words, obj=settings, catch_exceptions=False, **extra)

    return typed


def test_a_pair_is_shown_as_an_aligned_table(run: Run) -> None:
    lines = run("KHM", "USA", "--from", "2011", "--to", "2013", env={"COLUMNS": "200"}).output.splitlines()
    assert lines[0].split()[:6] == ["ccode1", "ccode2", "iso3c1", "iso3c2", "year", "days"]
    assert lines[2].split()[:7] == ["2", "811", "USA", "KHM", "2012", "366", "1"]
    assert len({len(line) for line in lines[:7]}) == 1
    assert "6 of 6 rows" in lines[8]
    assert "nothing known of: relations" in lines[9]


def test_no_row_is_of_a_year_later_than_any_source_speaks_of(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "panel.parquet"
    run("KHM", "USA", "--from", "2018", "--to", "2040", "--out", str(out))
    assert pl.read_parquet(out)["year"].max() == 2020
    with pytest.raises(UsageError, match="2030 yet"):
        run("KHM", "USA", "--from", "2030")


def test_a_narrow_terminal_shows_fewer_columns_and_names_the_others(run: Run) -> None:
    output = run("KHM", "USA", env={"COLUMNS": "40"}).output
    assert "no room for:" in output
    assert max(len(line) for line in output.splitlines()) <= 40


@pytest.mark.parametrize(("width", "most"), [("40", 40), ("80", 80), ("0", 100)])
def test_every_row_fits_the_screen_and_the_pair_and_its_visits_come_first(
    run: Run, width: str, most: int
) -> None:
    output = run("KHM", "USA", env={"COLUMNS": width}).output
    assert max(len(line) for line in output.splitlines()) <= most
    head = output.splitlines()[0].split()
    assert [name for name in head if name not in {"ccode1", "ccode2", "days"}][:4] == [
        "iso3c1", "iso3c2", "year", "visits_1to2",
    ]  # fmt: skip


def test_how_far_a_panel_of_the_world_is_stands_beside_the_rows_and_not_among_them(run: Run) -> None:
    result = run("--all", "--from", "2016", "--to", "2016", "--columns", "relations")
    assert result.stderr == "Working out the facts of all pairs of the world …\n"
    assert "Working out" not in result.stdout
    assert run("KHM", "USA", "--from", "2016").stderr == ""


def test_where_a_person_looks_on_a_bar_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stderr", Terminal())
    last = max(code for state in states.every() for code in state.ccodes)
    parts = [pl.DataFrame({"ccode1": [2, code]}) for code in (811, last)]
    assert [part.height for part in screen.watched(parts, "states")] == [2, 2]
    told = sys.stderr.getvalue()  # type: ignore[attr-defined]
    assert "2 rows, to the pairs of Cambodia" in told
    assert "100%  4 rows, to the pairs of Samoa" in told


def test_where_nobody_looks_on_a_line_a_minute_tells_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    minutes = iter([0.0, 59.0, 61.0, 62.0])
    monkeypatch.setattr(screen.time, "monotonic", lambda: next(minutes, 63.0))
    with screen.progress("learning tone", 9) as told:
        for over in range(3):
            told(over, f"{over} of at most 9 rounds")
    assert capsys.readouterr().err == "learning tone …\nlearning tone: 1 of at most 9 rounds\n"


@pytest.mark.parametrize("ending", ["csv", "parquet", "dta"])
def test_a_panel_is_written_in_the_format_that_the_name_says(run: Run, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"panel.{ending}"
    result = run("KHM", "USA", "CHN", "--grain", "month", "--from", "2012", "--to", "2012", "--out", str(out))
    assert "72 rows" in result.output
    assert out.stat().st_size > 0


def test_one_state_gives_its_pairs_with_all_others(run: Run, tmp_path: Path) -> None:
    run("KHM", "--undirected", "--from", "2016", "--to", "2016", "--out", str(tmp_path / "khm.parquet"))
    frame = pl.read_parquet(tmp_path / "khm.parquet")
    assert frame.height == 194
    assert ((frame["ccode1"] == 811) | (frame["ccode2"] == 811)).all()
    assert (frame["ccode1"] < frame["ccode2"]).all()


def test_the_world_is_every_ordered_pair(run: Run, tmp_path: Path) -> None:
    run("--all", "--from", "2016", "--to", "2016", "--out", str(tmp_path / "world.parquet"))
    assert pl.read_parquet(tmp_path / "world.parquet").height == 195 * 194


def test_only_the_columns_asked_for_stand_beside_the_keys(run: Run, tmp_path: Path) -> None:
    run("KHM", "USA", "--columns", "relations, visits_1to2", "--out", str(tmp_path / "few.csv"))
    assert pl.read_csv(tmp_path / "few.csv").columns[6:] == ["visits_1to2", "relations"]


def test_every_column_is_explained(run: Run) -> None:
    output = run("--explain", "--undirected").output
    assert "visits [visits]\n    Visits of leaders of either state to the other" in output
    assert "missing: no loaded source" in output


@pytest.mark.parametrize(
    ("words", "error", "match"),
    [
        ((), UsageError, "which pairs"),
        (("KHM", "--all"), UsageError, "which pairs"),
        (("KHM", "Kampuchea"), UsageError, "named twice"),
        (("KHM", "Atlantis"), UnknownStateError, "Atlantis"),
        (("KHM", "USA", "--columns", "friendship"), UsageError, "friendship"),
        (("KHM", "USA", "--out", "panel.xlsx"), UsageError, "format"),
        (("KHM", "USA", "--from", "2010", "--to", "2000"), UsageError, "before it begins"),
        (("KHM", "USA", "--state", "--from", "2010", "--to", "2000"), UsageError, "run backwards"),
    ],
)  # fmt: skip
def test_words_that_do_not_fit_are_refused_with_a_cure(
    run: Run, words: tuple[str, ...], error: type[AmityError], match: str
) -> None:
    with pytest.raises(error, match=match):
        run(*words)
