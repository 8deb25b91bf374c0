"""`amity brief`, `states` and `cite` as a person types them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from amity import sources
from amity.cli import cli
from amity.errors import AmbiguousStateError, UnknownSourceError, UnknownStateError, UsageError

if TYPE_CHECKING:
    from click.testing import Result


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--home", str(home), *words])


def typed(*words: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as the shell starts it."""
    script = "import sys; from amity.cli import main; sys.argv[0] = 'amity'; main()"
    return subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, text=True, check=False, timeout=240
    )


def test_a_brief_prints_a_summary_and_writes_the_forms_asked_for(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        "brief",
        "KHM",
        "USA",
        "--shadow",
        "CHN",
        "--out",
        str(tmp_path / "out"),
        "--format",
        "html,json,md,txt",
    )
    assert done.exit_code == 0, done.output
    assert "severed in 1965–1969" in " ".join(done.output.split())
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [".html", ".json", ".md", ".txt"]
    told = json.loads((tmp_path / "out" / "amity-KHM-USA-CHN.json").read_text(encoding="utf-8"))
    assert told["question"]["third"]["iso3c"] == "CHN"


@pytest.mark.parametrize(
    "names", [("Cambodia", "United States"), ("kh", "us"), ("811", "2"), ("Kampuchea", "u.s.a.")]
)
def test_names_and_codes_of_every_kind_ask_the_same(tmp_path: Path, names: tuple[str, str]) -> None:
    done = run(tmp_path, "brief", *names, "--format", "none")
    assert done.exit_code == 0, done.output
    assert done.output.startswith("Cambodia and the United States")
    assert not list(tmp_path.iterdir()), "a question leaves nothing behind"


def test_a_name_that_could_be_two_states_is_refused(tmp_path: Path) -> None:
    assert isinstance(run(tmp_path, "brief", "Korea", "USA").exception, AmbiguousStateError)
    assert isinstance(run(tmp_path, "brief", "Cambodai", "USA").exception, UnknownStateError)


@pytest.mark.parametrize(
    "words",
    [
        ("KHM", "USA", "--format", "docx"),
        ("KHM", "KHM"),
        ("KHM", "USA", "--from", "1990", "--to", "1980"),
        ("KHM", "USA", "--shadow", "US"),
    ],
)
def test_words_that_do_not_fit_together_are_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert isinstance(run(tmp_path, "brief", *words).exception, UsageError)


def test_statements_of_ones_own_stand_in_the_brief_in_place_of_the_usual(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "{who: KHM, whom: USA, statements: [{says: Broken off twice., measure: severed, direction: exactly, times: 2}]}"
    )
    done = run(tmp_path / "home", "brief", "KHM", "USA", "--format", "none", "--claims", str(file))
    assert "✓ Broken off twice. Supported: 2 times (2 to 2)" in " ".join(done.output.split())
    assert "never broke off relations" not in done.output
    missing = run(tmp_path, "brief", "KHM", "USA", "--claims", str(tmp_path / "nothing.yaml"))
    assert isinstance(missing.exception, UsageError)


def test_programmes_of_ones_own_are_tried_in_place_of_the_usual_and_no_more_than_two(tmp_path: Path) -> None:
    file = tmp_path / "visits.yaml"
    file.write_text("do:\n- {month: 2035-06, act: visit up}\n")
    asked = ("brief", "KHM", "USA", "--format", "none")
    done = run(tmp_path / "home", *asked, "--programme", str(file))
    assert "Visits, a year on: tone" in " ".join(done.output.split())
    assert (
        "pressure" not in done.output.lower().partition("with acts and without")[2].partition("of seven")[0]
    )
    assert isinstance(run(tmp_path, *asked, *(3 * ("--programme", str(file)))).exception, UsageError)
    file.write_text("do:\n- {month: 1995-06, act: visit up}\n")
    assert isinstance(run(tmp_path, *asked, "--programme", str(file)).exception, UsageError), "it has been"


def test_an_error_is_two_lines_on_stderr_and_status_1() -> None:
    done = typed("brief", "Atlantis", "USA")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("error[unknown-state]: ")
    assert done.stderr.count("\n") == 2
    assert "to mend:" in done.stderr


def test_debug_shows_the_traceback() -> None:
    assert "Traceback" in typed("--debug", "brief", "Atlantis", "USA").stderr


def test_a_brief_says_nothing_on_stderr_once_the_engine_is_compiled(tmp_path: Path) -> None:
    words = ("--home", str(tmp_path), "brief", "KHM", "USA", "--format", "none")
    first, done = typed(*words), typed(*words)
    assert first.stderr in ("", "Preparing the engine, once on this machine; this takes up to a minute.\n")
    assert done.stderr == ""
    assert done.returncode == 0


def test_all_that_a_brief_prints_arrives_before_its_process_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    words = ("brief", "KHM", "USA", "--format", "none")
    assert typed("--home", str(tmp_path), *words).stdout == run(tmp_path, *words).stdout


def test_a_brief_says_before_it_compiles_the_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amity.briefs.ask.ready", lambda: False)
    done = run(tmp_path, "brief", "KHM", "USA", "--format", "none")
    assert done.stderr == "Preparing the engine, once on this machine; this takes up to a minute.\n"


def test_states_are_found_by_old_names_and_listed_by_year(tmp_path: Path) -> None:
    one = run(tmp_path, "states", "Zaire").output
    assert one.startswith("Democratic Republic of the Congo") or "Congo" in one.splitlines()[0]
    assert "COD" in one
    then = run(tmp_path, "states", "--on", "1960").output
    now = run(tmp_path, "states").output
    assert "South Sudan" in now
    assert "South Sudan" not in then
    assert len({len(line.split("  ")[0]) for line in now.splitlines()[1:]}) == 1, (
        "codes stand under each other"
    )


def test_every_source_and_amity_itself_can_be_cited(tmp_path: Path) -> None:
    lines = run(tmp_path, "cite").output.splitlines()
    assert len(lines) == 1 + len(sources.ALL) + len(sources.STREAMED)
    entries = run(tmp_path, "cite", "--bibtex").output
    assert entries.count("@") >= 1 + len(sources.ALL)
    assert entries.count("{") == entries.count("}")


def test_a_record_of_ones_own_is_cited_as_it_is_shown(tmp_path: Path) -> None:
    record = Path(__file__).parents[1] / "samples" / "own" / "acts.csv"
    run(tmp_path, "add", str(record), "--as", "desk")
    assert run(tmp_path, "cite", "own:desk").output.splitlines()[1] == "Own record 'desk' (not published)."
    assert run(tmp_path, "cite", "own:desk", "--bibtex").output.count("@") == 1
    assert isinstance(run(tmp_path, "cite", "own:other").exception, UnknownSourceError)


def test_where_no_events_are_loaded_the_cure_is_to_load_some(tmp_path: Path) -> None:
    found = run(tmp_path, "brief", "KHM", "USA", "--events", "gdelt1", "--format", "none").exception
    assert isinstance(found, UsageError)
    assert found.mend == "see `amity load --help` and `amity pull --help`"


def test_a_brief_makes_no_folder_called_as_a_page_is(tmp_path: Path) -> None:
    done = run(tmp_path, "brief", "KHM", "USA", "--out", str(tmp_path / "brief.html"))
    assert isinstance(done.exception, UsageError)
    assert "folder" in str(done.exception)
    assert not (tmp_path / "brief.html").exists()
