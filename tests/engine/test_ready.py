"""Whether the engine is compiled is told without compiling it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np

from amity.engine import ready
from amity.engine.compiled import compiled

if TYPE_CHECKING:
    from pathlib import Path


def told(cache: Path) -> str:
    script = "from amity.engine.ready import ready; print(ready())"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "NUMBA_CACHE_DIR": str(cache)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.strip()


def test_where_nothing_is_kept_the_engine_is_not_ready(tmp_path: Path) -> None:
    assert told(tmp_path) == "False"
    assert not [file for file in tmp_path.rglob("*") if file.is_file()], "asking compiles nothing"


def test_what_numba_would_compile_again_is_not_ready_and_what_it_would_not_is(tmp_path: Path) -> None:
    """A module of our own, compiled in a process of its own; then its source changes."""
    source = tmp_path / "made.py"
    text = "from numba import njit\n\n@njit(cache=True)\ndef double(x):\n    return {} * x\n"
    ask = "from amity.engine.ready import kept; from made import double; before = kept(double); double(1.0); print(before)"

    def asked() -> str:
        done = subprocess.run(
            [sys.executable, "-c", ask],
            cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=True, timeout=120,
        )  # fmt: skip
        return done.stdout.strip()

    source.write_text(text.format(2))
    assert [asked(), asked()] == ["False", "True"]
    source.write_text(text.format(30))
    os.utime(source, (4_000_000_000, 4_000_000_000))
    assert [asked(), asked()] == ["False", "True"]


def test_every_entry_is_a_function_that_is_compiled() -> None:
    @compiled
    def own(x: float) -> float:
        return x + 1.0

    assert own(np.float64(1.0)) == 2.0
    for module, name in ready.ENTRIES:
        assert hasattr(getattr(module, name), "stats"), name
