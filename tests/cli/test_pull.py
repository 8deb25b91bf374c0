"""`amity pull`, as a person types it, from publishers on this machine."""

from __future__ import annotations

import importlib.util
import io
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from amity.cli import cli
from amity.cli.pull import bar
from amity.errors import FetchError, UnknownSourceError, UsageError
from amity.ingest.pulling import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

SHELF = "/raw.githubusercontent.com/HistoryAtState/visits/master/data"


@pytest.fixture(scope="module")
def server() -> Any:
    path = Path(__file__).parents[1] / "ingest" / "publisher.py"
    spec = importlib.util.spec_from_file_location("publisher", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["publisher"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def publisher(server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    with server.publishing() as one:
        yield one


def typed(publisher: Any, home: Path, *words: str) -> Result:
    mirrors = [word for here, there in publisher.mirrors for word in ("--mirror", f"{here}={there}")]
    return CliRunner().invoke(cli, ["--home", str(home), "pull", "--partial", *mirrors, *words])


def test_one_source_is_pulled_and_the_second_time_nothing_is_new(publisher: Any, tmp_path: Path) -> None:
    assert typed(publisher, tmp_path, "us_visits").output == "us_visits: fetched 4 of 4 files, 0.0 MB\n"
    assert typed(publisher, tmp_path, "us_visits").output == "us_visits: nothing new in 4 files\n"


def test_without_names_every_source_is_pulled_and_a_failing_one_does_not_stop_the_others(
    publisher: Any, server: Any, tmp_path: Path
) -> None:
    publisher.faults[f"{SHELF}/1950.xml"] = [server.status(404)]
    result = typed(publisher, tmp_path)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "unga_votes",
        "unga_resolutions",
        "us_relations",
        "us_missions",
        "us_travels",
        "By hand only",
        "Coded events only by name",
    ]
    assert lines[-2].startswith("By hand only: state_system, us_aid")
    assert lines[-2].endswith(" (`amity pull state_system` says where).")
    assert lines[-1].endswith(" (`amity pull gdelt1 --from 2014 --to 2014`).")
    assert result.stderr.splitlines()[:2] == [
        "us_visits: not pulled",
        f"error[fetch]: {publisher.address}{SHELF}/1950.xml did not give visits/1950.xml: the server answered 404 Not Found",
    ]
    assert typed(publisher, tmp_path).exit_code == 0


def test_one_failing_source_fails_as_every_command_does(publisher: Any, server: Any, tmp_path: Path) -> None:
    publisher.faults[f"{SHELF}/1950.xml"] = [server.page]
    result = typed(publisher, tmp_path, "us_visits")
    assert result.exit_code == 1
    assert isinstance(result.exception, FetchError)
    assert isinstance(typed(publisher, tmp_path, "us_aid").exception, FetchError)
    assert isinstance(typed(publisher, tmp_path, "us_aids").exception, UnknownSourceError)


@pytest.mark.parametrize(
    "mirror", ["https://a.org/", "https://a.org/=mirror", "=https://b.org/", "http://a.org/=https://b"]
)
def test_a_mirror_is_two_addresses(tmp_path: Path, mirror: str) -> None:
    result = CliRunner().invoke(cli, ["--home", str(tmp_path), "pull", "--mirror", mirror])
    assert isinstance(result.exception, UsageError)


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


def test_on_a_terminal_a_bar_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with bar("us_visits") as told:
        assert screen.getvalue() == ""
        told(Progress(0, 2, 500_000, 1_000_000))
        told(Progress(1, 2, 1_000_000, 1_000_000))
        told(Progress(2, 2, 1_000_000, 1_000_000))
    assert "50%" in screen.getvalue()
    assert "1/2 files, 1.0 MB" in screen.getvalue()
    assert "2 files, 1.0 MB; reading them" in screen.getvalue()


def test_elsewhere_nothing_is_drawn(publisher: Any, tmp_path: Path) -> None:
    assert typed(publisher, tmp_path, "us_visits").stderr == ""


def test_help_has_an_example() -> None:
    result = CliRunner().invoke(cli, ["pull", "--help"])
    assert "amity pull us_visits us_travels" in result.output


@pytest.mark.parametrize(
    "words", [["--help"], ["pull", "--help"], ["brief", "KHM", "USA", "--format", "none"]]
)
def test_commands_that_need_no_network_do_not_load_it(tmp_path: Path, words: list[str]) -> None:
    code = (
        "import sys; from amity.cli import cli\n"
        f"try: cli.main({['--home', str(tmp_path), *words]!r})\n"
        "except BaseException: pass\n"
        "sys.exit(sum(name in sys.modules for name in ('httpx', 'anyio', 'asyncio', 'ssl')))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
