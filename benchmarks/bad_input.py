"""Spoilt copies of every source's sample, each loaded as `amity load` loads it: what came of each.

    uv run python benchmarks/bad_input.py [--copies 200] [--seed 1]

Each copy of one file is loaded into a store that holds the good sample. It must be refused with a two-line error and
the store exactly as before, or parsed to what is right (see `spoiling`), within five seconds; afterwards the store must
be whole. Each source runs in a process of its own, for a peak of memory of its own. Status 1 where anything broke.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import polars as pl

from amity import ingest, store
from amity.errors import AmityError
from spoiling import CHANGED, REFUSED, SAME, SOURCES, SUBSET, Spoilt, spoilt

if TYPE_CHECKING:
    from collections.abc import Mapping

SAMPLES = Path(__file__).parents[1] / "tests" / "samples"
SECONDS = 5.0
OUTCOMES = (REFUSED, SAME, SUBSET, CHANGED)

Rows = dict[str, set[tuple[object, ...]]]


@dataclass(slots=True)
class Told:
    """What came of the copies of one source."""

    outcomes: dict[str, dict[str, int]] = field(default_factory=dict)
    """How many, by what was done and what came of it."""
    slowest: float = 0.0
    broken: list[str] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)


def sample(source: str) -> dict[str, bytes]:
    """A source's good files, by name."""
    return {path.name: path.read_bytes() for path in sorted((SAMPLES / source).rglob("*")) if path.is_file()}


def rows_of(root: Path, source: str) -> Rows:
    """The evidence that a store holds of a source; without `ref` for the guide, whose rows are named by their place."""
    held = store.open_store(root)
    rows: Rows = {}
    for part in store.parts(held, source=source):
        if part.table not in ("review", "coverage") or (
            source == "state_system" and part.table == "coverage"
        ):
            frame = pl.read_parquet(part.path)
            rows[part.table] = set((frame.drop("ref") if source == "us_relations" else frame).rows())
    return rows


def state_of(root: Path) -> dict[str, str]:
    """Every file of a store by its hash; locks are no part of what it holds."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and "lock" not in path.name and not path.name.endswith(("-wal", "-shm"))
    }


def compared(now: Rows, good: Rows) -> str:
    """What the rows are beside the good ones."""
    if now == good:
        return SAME
    if all(now.get(table, set()) <= good[table] for table in good):
        return SUBSET
    return CHANGED


def try_one(one: Spoilt, source: str, good: Path, right: Rows, folder: Path) -> tuple[str, list[str], str]:
    """Load one copy: what came of it, what broke, and the code of the error."""
    root, file = folder / "store", folder / "in" / one.name
    shutil.copytree(good, root)
    file.parent.mkdir()
    file.write_bytes(one.data)
    before = state_of(root)
    try:
        ingest.load(store.open_store(root), [file], partial=True)
    except AmityError as error:
        lines = str(error).splitlines()
        broken = [] if state_of(root) == before else ["the store is not as before"]
        if len(lines) != 2 or not (lines[0].startswith("error[") and lines[1].startswith("  to mend: ")):
            broken.append(f"the error is not two lines: {error!s:.200}")
        return REFUSED, broken, error.code
    except Exception as error:
        return REFUSED, [f"{type(error).__name__}: {error!s:.200}"], "traceback"
    outcome = compared(rows_of(root, source), right)
    return outcome, [problem.what for problem in store.verify(store.open_store(root))], ""


def try_source(source: str, copies: int, seed: int, mebibytes: int = 600) -> Told:
    """All copies of one source; bombs among them unpack to so many mebibytes."""
    told, files = Told(), sample(source)
    with TemporaryDirectory() as name:
        good = Path(name) / "good"
        ingest.load(store.open_store(good), [SAMPLES / source], partial=True)
        right = rows_of(good, source)
        for number, one in enumerate(spoilt(source, files, copies, seed, mebibytes)):
            folder = Path(name) / str(number)
            folder.mkdir()
            started = time.perf_counter()
            outcome, broken, code = try_one(one, source, good, right, folder)
            seconds = time.perf_counter() - started
            shutil.rmtree(folder)
            if seconds > SECONDS:
                broken.append(f"took {seconds:.1f} s")
            if outcome not in one.may:
                broken.append(f"came out {outcome}")
            told.broken += [f"{source}, copy {number}, {one.how} ({one.name}): {what}" for what in broken]
            told.slowest = max(told.slowest, seconds)
            done = told.outcomes.setdefault(one.how, dict.fromkeys(OUTCOMES, 0))
            done[outcome] += 1
            if code:
                told.codes[code] = told.codes.get(code, 0) + 1
    return told


def apart(source: str, copies: int, seed: int) -> tuple[Told, float]:
    """The same in a process of its own, and its peak of memory in MB."""
    words = [sys.executable, __file__, "--only", source, "--copies", str(copies), "--seed", str(seed)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        said = running.stdout.read()
        _, status, usage = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    assert running.returncode == 0, source
    return Told(**json.loads(said)), usage.ru_maxrss / 1024


def table(told: Mapping[str, Told]) -> list[str]:
    """Source by what was done: refused / same / subset / changed."""
    ways = list(dict.fromkeys(how for one in told.values() for how in one.outcomes))
    lines = [f"| what was done | {' | '.join(told)} |", f"|---|{'---|' * len(told)}"]
    for how in ways:
        cells = [
            " / ".join(str(one.outcomes[how][outcome]) for outcome in OUTCOMES) if how in one.outcomes else ""
            for one in told.values()
        ]
        lines.append(f"| {how} | {' | '.join(cells)} |")
    totals = [sum((Counter(done) for done in one.outcomes.values()), Counter()) for one in told.values()]
    lines.append(
        f"| **all** | {' | '.join(' / '.join(str(total[o]) for o in OUTCOMES) for total in totals)} |"
    )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--copies", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=SOURCES, help="one source, as JSON")
    asked = parser.parse_args()
    if asked.only:
        print(json.dumps(asdict(try_source(asked.only, asked.copies, asked.seed))))
        return
    found = {source: apart(source, asked.copies, asked.seed) for source in SOURCES}
    told = {source: one for source, (one, _) in found.items()}
    print("refused / same rows / whole rows missing / changed in a way that no file shows\n")
    print("\n".join(table(told)))
    print("\n| source | slowest copy, s | peak memory, MB | refusals by code |\n|---|---|---|---|")
    for source, (one, peak) in found.items():
        codes = ", ".join(f"{code} {count}" for code, count in sorted(one.codes.items()))
        print(f"| {source} | {one.slowest:.2f} | {peak:,.0f} | {codes} |")
    broken = [what for one in told.values() for what in one.broken]
    print("\n".join([f"\nbroken: {len(broken)}", *broken]))
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
