"""Whether the engine is compiled is told without compiling it."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace
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


def test_machine_code_older_than_its_source_does_not_count(tmp_path: Path) -> None:
    source = tmp_path / "made.py"
    source.write_text("")
    kept = tmp_path / "made.double-1.py311.nbi"
    kept.write_text("")

    made = SimpleNamespace(double=SimpleNamespace(stats=SimpleNamespace(cache_path=str(tmp_path))))
    os.utime(source, (1_000, 1_000))
    os.utime(kept, (2_000, 2_000))
    assert ready.kept(source, made, "double")
    os.utime(source, (3_000, 3_000))
    assert not ready.kept(source, made, "double")


def test_every_entry_is_a_function_that_is_compiled() -> None:
    @compiled
    def own(x: float) -> float:
        return x + 1.0

    assert own(np.float64(1.0)) == 2.0
    for module, name in ready.ENTRIES:
        assert hasattr(getattr(module, name), "stats"), name
