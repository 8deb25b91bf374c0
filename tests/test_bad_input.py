"""Spoilt files are parsed to what is right or refused in two lines, and never leave half of anything.

The whole run, 200 copies of every source's sample, is `benchmarks/bad_input.py`; here are its first fifty each.
"""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from amity import ingest, sources
from amity.store import open_store, verify

if TYPE_CHECKING:
    from collections.abc import Iterator

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
SOURCES = tuple(name for name in sources.ALL if not name.endswith("_tkg"))
"""In lists of numbers any number is as good as another: `sources/test_quadruples.py` tries theirs."""
COPIES, SEED, MEBIBYTES = 50, 1946, 48
TYPED = "from amity.cli import main; main()"


@pytest.fixture(scope="module")
def run() -> Iterator[dict[str, Any]]:
    """The benchmark's functions."""
    sys.path.insert(0, str(BENCHMARKS))
    try:
        yield runpy.run_path(str(BENCHMARKS / "bad_input.py"))
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.mark.parametrize("source", SOURCES)
def test_a_spoilt_file_is_read_rightly_or_refused_and_the_store_is_whole(
    source: str, run: dict[str, Any]
) -> None:
    told = run["try_source"](source, COPIES, SEED, MEBIBYTES)
    assert told.broken == []
    assert sum(sum(done.values()) for done in told.outcomes.values()) == COPIES
    assert sum(done["refused"] for done in told.outcomes.values()) > COPIES / 2
    assert sum(done["same"] for done in told.outcomes.values()) > 0


@pytest.mark.parametrize("source", SOURCES)
def test_the_command_says_so_in_two_lines_without_a_traceback(
    source: str, run: dict[str, Any], tmp_path: Path
) -> None:
    home, folder = tmp_path / "home", tmp_path / "in"
    ingest.load(open_store(home), [run["SAMPLES"] / source], partial=True)
    folder.mkdir()
    copies = list(run["spoilt"](source, run["sample"](source), COPIES, SEED, MEBIBYTES))
    one = next(copy for copy in reversed(copies) if copy.how == "absurd dates")
    (folder / one.name).write_bytes(one.data)
    before = run["state_of"](home)
    done = subprocess.run(
        [sys.executable, "-c", TYPED, "--home", str(home), "load", "--partial", str(folder)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    if done.returncode:
        assert done.returncode == 1
        lines = done.stderr.splitlines()
        assert [line[:9] for line in lines] == [lines[0][:9], "  to mend"], done.stderr
        assert lines[0].startswith("error[")
        assert run["state_of"](home) == before
    else:
        assert done.stderr == ""
    assert verify(open_store(home)) == ()
