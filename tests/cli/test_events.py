"""`amity events`, and the brief's section of the news, as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from amity.cli import add, brief, events, load
from amity.errors import NoEvidenceError, UsageError
from amity.settings import Settings

SAMPLES = Path(__file__).parents[1] / "samples"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path / "store", packs=())
    words = [str(SAMPLES / name) for name in ("gdelt1", "icews_tkg", "us_visits")]
    told = CliRunner().invoke(load.command, [*words, "--partial"], obj=settings, catch_exceptions=False)
    assert told.exit_code == 0, told.output
    return settings


def run(command: object, settings: Settings, *words: str) -> str:
    result = CliRunner().invoke(command, words, obj=settings, catch_exceptions=False)  # type: ignore[arg-type]
    assert result.exit_code == 0, result.output
    return result.output


def test_events_are_listed_the_most_reported_first(settings: Settings) -> None:
    told = run(
        events.command, settings, "KHM", "USA", "--month", "2014-01", "--source", "gdelt1"
    ).splitlines()
    told = [line for line in told if "  [" in line]
    counts = [int(line.partition("  [")[2].partition("]")[0]) for line in told]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 12
    assert any(
        "Phnom Penh (Cambodia, government) to United States: Make a visit (042)" in line for line in told
    )
    assert "3 of" in run(events.command, settings, "KHM", "USA", "--month", "2014-01", "-n", "3")


@pytest.mark.parametrize("width", [40, 80])
def test_an_event_that_does_not_fit_the_screen_goes_on_below(settings: Settings, width: int) -> None:
    words = ("KHM", "USA", "--month", "2014-01", "--source", "gdelt1")
    wide, narrow = (
        CliRunner().invoke(events.command, words, obj=settings, env={"COLUMNS": str(n)}).output
        for n in (400, width)
    )
    assert max(map(len, narrow.splitlines())) <= width < max(map(len, wide.splitlines()))
    assert narrow.split() == wide.split(), "no word is lost"
    assert all(line.startswith((" " * 12, "2014")) for line in narrow.splitlines())


def test_the_state_alone_is_told_apart(settings: Settings) -> None:
    words = ("KHM", "USA", "--from", "2006", "--to", "2006")
    assert run(events.command, settings, *words).count("\n2006-") == 1, (
        "two acts, one line break between them"
    )
    every = run(
        events.command, settings, "USA", "Cambodia", "--from", "2014", "--to", "2014", "--source", "icews_tkg"
    )
    state = run(
        events.command, settings, "USA", "Cambodia", "--from", "2014", "--to", "2014", "--source", "icews_tkg",
        "--scope", "state",
    )  # fmt: skip
    assert len(state.splitlines()) <= len(every.splitlines())


def test_all_of_them_go_into_a_file(settings: Settings, tmp_path: Path) -> None:
    run(
        events.command,
        settings,
        "KHM",
        "USA",
        "--from",
        "2006",
        "--to",
        "2018",
        "--out",
        str(tmp_path / "a.csv"),
    )
    rows = pl.read_csv(tmp_path / "a.csv", schema_overrides={"code": pl.String})
    assert set(rows["source"]) == {"gdelt1", "icews_tkg"}
    assert "042" in set(rows["code"])


def test_a_pipe_gets_rows_and_nothing_else(settings: Settings) -> None:
    words = ["KHM", "USA", "--month", "2014-01", "--source", "gdelt1", "-n", "2"]
    made = {
        form: CliRunner().invoke(events.command, [*words, "--format", form], obj=settings)
        for form in ("csv", "json")
    }
    assert all("-n shows more" in one.stderr for one in made.values())
    rows = pl.read_csv(made["csv"].stdout.encode(), schema_overrides={"code": pl.String})
    assert json.loads(made["json"].stdout)[0]["date"] == "2014-01-20"
    assert [one["code"] for one in json.loads(made["json"].stdout)] == rows["code"].to_list()
    assert rows.height == 2


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ((), UsageError),
        (("--month", "2014-01", "--from", "2014"), UsageError),
        (("--month", "2014-01", "--source", "polecat"), NoEvidenceError),
        (("--month", "2014-01", "--out", "a.xlsx"), UsageError),
    ],
)
def test_what_cannot_be_listed_is_said(
    settings: Settings, words: tuple[str, ...], error: type[Exception]
) -> None:
    result = CliRunner().invoke(events.command, ["KHM", "USA", *words], obj=settings)
    assert isinstance(result.exception, error)


def test_the_brief_tells_the_news_in_every_form(settings: Settings, tmp_path: Path) -> None:
    words = (
        "KHM",
        "USA",
        "--events",
        "gdelt1",
        "--month",
        "2014-01",
        "--format",
        "html,md,json,txt",
        "--out",
    )
    told = run(brief.command, settings, *words, str(tmp_path))
    assert "The most reported acts in January 2014" in told
    made = json.loads((tmp_path / "amity-KHM-USA.json").read_text("utf-8"))["news"]
    assert made["source"] == "gdelt1"
    assert [tuple(span) for span in made["spans"]] == [
        ("2006-01-01", "2006-01-31"),
        ("2014-01-20", "2014-01-20"),
    ]
    months = {one["month"]: one for one in made["months"]}
    assert set(months) == {"2006-01-01", "2014-01-01"}
    assert months["2006-01-01"]["volume"] == 6
    assert months["2006-01-01"]["a_to_b"]["cooperative"] == 1
    assert months["2014-01-01"]["b_to_a"]["conflictual"] == 1
    assert (made["reports"][0]["articles"], made["reports"][0]["rows"]) == (24, 3), "4 + 8 + 12 about one act"
    page, text = ((tmp_path / f"amity-KHM-USA.{form}").read_text("utf-8") for form in ("html", "md"))
    for form in (page, text):
        assert "Phnom Penh (Cambodia, government)" in form
        assert "GDELT 1.0 events" in form
    assert 'data-chart="news_forth"' in page


def test_other_scopes_months_and_sources_can_be_asked_for_or_are_refused(
    settings: Settings, tmp_path: Path
) -> None:
    told = run(
        brief.command, settings, "KHM", "USA", "--format", "none", "--events", "icews_tkg", "--scope", "state"
    )
    assert "the state alone, on both sides" in told
    for words in (("--events", "polecat"), ("--events", "gdelt1", "--month", "2010-01"), ("--month", "soon")):
        result = CliRunner().invoke(brief.command, ["KHM", "USA", "--format", "none", *words], obj=settings)
        assert isinstance(result.exception, UsageError)
    empty = Settings(home=tmp_path / "none", packs=settings.packs)
    run(load.command, empty, str(SAMPLES / "us_visits"), "--partial")
    assert "No coded events are loaded for these years: `amity pull gdelt1" in run(
        brief.command, empty, "KHM", "USA", "--format", "none"
    )


def test_a_persons_own_events_are_counted_and_taken_out_again(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "coded.csv"
    file.write_text(run(add.command, settings, "--template", "events"))
    assert "own:desk holds 2 events" in run(add.command, settings, str(file), "--as", "desk")
    told = run(brief.command, settings, "KHM", "USA", "--format", "none", "--events", "own:desk")
    assert (
        "Reduce or stop material aid: United States (government) to Cambodia (government) [12 articles in 1 row]"
        in " ".join(told.split())
    )
    run(add.command, settings, "--remove", "desk")
    with pytest.raises(NoEvidenceError):
        run(events.command, settings, "KHM", "USA", "--month", "2018-02", "--source", "own:desk")


def test_slips_in_own_events_are_told_with_their_lines(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "coded.csv"
    file.write_text(
        "date,from,to,code,role_from,articles\n2018-02,KHM,USA,042,,\n2018-02-03,KHM,USA,999,KING,many\n"
    )
    result = CliRunner().invoke(add.command, [str(file)], obj=settings)
    told = str(result.exception)
    for said in (
        "line 2, date: an event needs its day",
        "line 3, code: '999'",
        "line 3, role_from",
        "line 3, articles",
    ):
        assert said in told


def test_a_month_that_is_none_is_refused_as_a_month() -> None:
    with pytest.raises(UsageError, match="'abc' is no month"):
        events.period("abc", "", "")
