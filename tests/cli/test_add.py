"""`amity add` as a person types it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from amity.cli.add import command
from amity.errors import AmityError, BadFileError, UnknownSourceError, UsageError
from amity.settings import Settings

SAMPLES = Path(__file__).parents[1] / "samples" / "own"
ACTS, TIES = str(SAMPLES / "acts.csv"), str(SAMPLES / "ties.csv")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "store", packs=())


def run(settings: Settings, *words: str) -> str:
    result = CliRunner().invoke(command, words, obj=settings, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output.strip()


def test_a_record_is_added_listed_and_removed(settings: Settings) -> None:
    assert run(settings, ACTS, "--as", "Our desk") == "own:our-desk holds 5 acts"
    assert run(settings, ACTS, "--as", "Our desk") == "own:our-desk holds 5 acts, as before"
    assert run(settings, TIES, "--as", "our-desk") == "own:our-desk holds 5 acts, 2 ties"
    assert run(settings, "--list").splitlines()[0] == "own:our-desk  5 acts, 2 ties"
    assert run(settings, "--remove", "our-desk") == "own:our-desk removed"
    assert "no record yet" in run(settings, "--list")


def test_what_the_template_prints_can_be_added(settings: Settings, tmp_path: Path) -> None:
    for table in ("acts", "ties"):
        file = tmp_path / f"{table}.csv"
        file.write_text(run(settings, "--template", table))
        assert f" {table}" in run(settings, str(file), "--complete-from", "1990", "--complete-to", "2020")


def test_columns_and_kinds_are_explained(settings: Settings) -> None:
    told = run(settings, "--kinds")
    assert "role_from" in told
    assert "sanction lifted        085   economy        7.0" in told


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ([], UsageError),
        ([ACTS, "--list"], UsageError),
        ([ACTS, "--complete-from", "1990"], UsageError),
        ([ACTS, "--ties"], BadFileError),
        ([ACTS, "--as", "…"], UsageError),
        (["--remove", "desk"], UnknownSourceError),
        (["--list", "--template", "acts"], UsageError),
    ],
)
def test_words_that_do_not_fit_are_refused(
    settings: Settings, words: list[str], error: type[AmityError]
) -> None:
    with pytest.raises(error):
        run(settings, *words)
    assert not settings.home.exists() or "own:" not in run(settings, "--list")


def test_a_record_that_is_no_text_is_ones_own_to_mend(settings: Settings, tmp_path: Path) -> None:
    for name in ("desk.yaml", "desk.csv"):
        (tmp_path / name).write_bytes(bytes([0x41, 0xFF, 0x80]))
        with pytest.raises(BadFileError) as found:
            run(settings, str(tmp_path / name))
        assert found.value.mend.startswith("save your record as CSV in UTF-8")
