"""A store whose writer is killed: the short form of `benchmarks/kill_test.py`."""

from __future__ import annotations

import importlib.util
import random
import sys
from pathlib import Path


def test_a_store_whose_writer_is_killed_at_any_moment_ends_as_one_that_nobody_disturbed() -> None:
    path = Path(__file__).parents[2] / "benchmarks" / "kill_test.py"
    spec = importlib.util.spec_from_file_location("kill_test", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["kill_test"] = module
    spec.loader.exec_module(module)
    seed = random.SystemRandom().getrandbits(32)
    print(f"seed {seed}")
    scores = module.kill_both(None, 6, random.Random(seed))  # noqa: S311
    assert [score.kills for score in scores] == [3, 3]
    assert [score.problems for score in scores] == [(), ()]
