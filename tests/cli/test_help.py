"""Every command explains itself, starts fast, and says in two lines what went wrong."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from amity.cli import COMMANDS, cli

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = {"numpy", "polars", "duckdb", "httpx", "jinja2", "sqlite3"}
ASKED = """
import sys
from amity.cli import cli
cli.main(sys.argv[1:], standalone_mode=False)
print("imported:", *sorted(name for name in sys.modules if "." not in name))
"""
TYPED = "from amity.cli import main; main()"

WRONG = {
    "claims that are not there": ("claims", "nothing.yaml"),
    "a state that never was": ("brief", "Atlantis", "USA"),
    "a name of two states": ("brief", "Korea", "USA"),
    "the same state twice": ("brief", "KHM", "Cambodia"),
    "a format that nobody writes": ("brief", "KHM", "USA", "--format", "docx"),
    "no pair named": ("panel",),
    "a column that is none": ("panel", "KHM", "USA", "--columns", "friendship"),
    "a file that is no table": ("panel", "KHM", "USA", "--out", "panel.docx"),
    "a name that is no state": ("states", "Ruritania"),
    "a source that is none": ("sources", "astrology"),
    "nothing to cite": ("cite", "astrology"),
    "nobody to fetch from": ("pull", "astrology"),
    "a mirror that is none": ("pull", "--mirror", "here"),
    "a file of no source": ("load", "strange.txt"),
    "a date that is none": ("load", "strange.txt", "--retrieved", "yesterday"),
    "nothing to add": ("add",),
    "a record that is not there": ("add", "--remove", "desk"),
    "a file that is no record": ("add", "strange.txt"),
    "nothing to pack": ("build-pack", "pack"),
}


def python(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], cwd=cwd, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_does_with_an_example(name: str) -> None:
    shown = CliRunner().invoke(cli, [name, "--help"])
    assert shown.exit_code == 0
    assert "Example" in shown.output
    assert f"  amity {name}" in shown.output
    assert "Options:" in shown.output
    assert max(map(len, shown.output.splitlines())) <= 100


def test_the_first_help_names_every_command_and_where_to_start() -> None:
    shown = CliRunner().invoke(cli, ["--help"]).output
    assert all(f"  {name} " in shown for name in COMMANDS)
    assert "amity brief KHM USA --shadow CHN" in shown


@pytest.mark.parametrize("words", [("--help",), ("--version",), *((name, "--help") for name in COMMANDS)])
def test_help_imports_nothing_that_is_slow(words: tuple[str, ...], tmp_path: Path) -> None:
    done = python("-c", ASKED, *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    imported = done.stdout.rpartition("imported:")[2].split()
    assert "click" in imported
    assert not HEAVY & set(imported)


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_in_two_lines(what: str, tmp_path: Path) -> None:
    (tmp_path / "strange.txt").write_text("what is this?\n", encoding="utf-8")
    done = python("-c", TYPED, "--home", str(tmp_path / "home"), *WRONG[what], cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 2, done.stderr
    assert lines[0].startswith("error[")
    assert lines[1].startswith("  to mend: ")
    assert {path.name for path in tmp_path.iterdir()} <= {"strange.txt", "home"}


MISTYPED = {
    "a command that is nearly one": (("breif",), "did you mean `amity brief`?"),
    "a word that is missing": (("brief", "KHM"), "run `amity brief --help` to see the words that it takes"),
    "a choice that is none": (
        ("fit", "--dimension", "foo"),
        "run `amity fit --help` to see the words that it takes",
    ),
    "a file that is not there": (("add", "no.csv"), "look at the spelling, or name one that is there"),
}


@pytest.mark.parametrize("what", MISTYPED)
def test_words_misplaced_are_told_in_two_lines_as_well(what: str, tmp_path: Path) -> None:
    words, mend = MISTYPED[what]
    done = python("-c", TYPED, *words, cwd=tmp_path)
    assert done.returncode == 2
    first, second = done.stderr.splitlines()
    assert first.startswith("error[usage]: ")
    assert second == f"  to mend: {mend}"


def test_debug_shows_where_it_went_wrong(tmp_path: Path) -> None:
    done = python("-c", TYPED, "--debug", "states", "Ruritania", cwd=tmp_path)
    assert done.returncode == 1
    assert "Traceback" in done.stderr
