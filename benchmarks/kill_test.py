"""Kill `amity load` and `amity pull` at random moments, then let them run to the end: nothing may be lost.

    uv run python benchmarks/kill_test.py [--kills 50] [--samples] [--events] [--seed N]

After every kill the store must be whole, and each source in it either absent or as in a store that nobody disturbed;
after the last run the store must equal the undisturbed one in parts, raw files and receipts (but for the times), with
nothing left over. A server on this machine plays the publishers; files are the real ones where they are
(`$AMITY_PUBLISHER_DATA` or `../shared/data`), our samples elsewhere. With `--events` thirty generated days of GDELT are
loaded instead. The seed comes from the system and is printed.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amity import sources
from amity.store import open_store, parts, receipts, verify
from amity.store.checking import left_over
from amity.store.reading import raw_receipts

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[1]
REAL = ("state_dept", "unga", "aid/us_foreign_aid_country.csv", "states/states2016.csv")
EVENTS, DAYS = 600_000, 30
AMITY = (sys.executable, "-c", "from amity.cli import main; main()")

Content = dict[str, tuple[object, ...]]
"""What a store holds of each source: its parts' tables and hashes, and its receipts without their times."""


@dataclass(frozen=True)
class Score:
    """What became of one command: kills, how many sources were in the store at each, and what went wrong."""

    command: str
    sources: int
    undisturbed_seconds: float
    kills: int
    ended_first: int
    held: Counter[int]
    problems: tuple[str, ...]
    sent: int = 0
    needed: int = 0


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--kills", type=int, default=50)
    words.add_argument("--samples", action="store_true", help="use the samples even where the real files are")
    words.add_argument("--events", action="store_true", help="load generated files of coded events instead")
    words.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    asked = words.parse_args()
    real = None if asked.samples else publisher_data()
    files = "generated events" if asked.events else "the real files" if real else "the samples"
    print(f"seed {asked.seed}, {files}", flush=True)
    dice = random.Random(asked.seed)  # noqa: S311
    scores = (
        kill_events(asked.kills, asked.seed, dice) if asked.events else kill_both(real, asked.kills, dice)
    )
    print("\n".join(table(scores)))
    sys.exit(any(score.problems for score in scores))


def publisher_data() -> Path | None:
    """The folder of the real files, where there is one."""
    folder = Path(os.environ.get("AMITY_PUBLISHER_DATA", ROOT.parent / "shared" / "data"))
    return folder if folder.is_dir() else None


def kill_both(real: Path | None, kills: int, dice: random.Random) -> list[Score]:
    """Half of the kills for each command."""
    server = publishers()
    paths = [real / path for path in REAL] if real else [server.SAMPLES]
    partial = [] if real else ["--partial"]
    with tempfile.TemporaryDirectory() as folder, server.publishing(server.shelved(real)) as publisher:
        mirrors = [word for here, there in publisher.mirrors for word in ("--mirror", f"{here}={there}")]
        load = kill(Path(folder), ["load", *partial, *map(str, paths)], kills // 2, dice)
        publisher.asked.clear()
        pull = kill(Path(folder), ["pull", *partial, *mirrors], kills - kills // 2, dice)
        sent = sum(path.startswith(f"/{server.RAW}/") for path in publisher.paths())
        runs = pull.ended_first + 2  # stores that were filled from nothing: the undisturbed one and the last
        return [load, replace(pull, sent=sent, needed=runs * len(publisher.files))]


def kill_events(kills: int, seed: int, dice: random.Random) -> list[Score]:
    """Kill the loading of thirty days of GDELT; a day that corrects the one before, as the last does, is left out."""
    from gdelt_files import write  # noqa: PLC0415  (a module beside this one, which a test that loads this one lacks)

    with tempfile.TemporaryDirectory() as folder:
        days = write(Path(folder) / "gdelt", EVENTS, DAYS + 1, seed)[:-1]
        return [kill(Path(folder), ["load", *map(str, days)], kills, dice)]


def publishers() -> Any:
    """The module of the tests that plays the publishers."""
    spec = importlib.util.spec_from_file_location("publisher", ROOT / "tests" / "ingest" / "publisher.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["publisher"] = module
    spec.loader.exec_module(module)
    return module


def kill(folder: Path, words: Sequence[str], kills: int, dice: random.Random) -> Score:
    """Kill a command so many times, each time at a moment drawn evenly from its undisturbed duration."""
    seconds, done = undisturbed(folder / "undisturbed", words)
    home, killed, ended_first = folder / "home", 0, 0
    held: Counter[int] = Counter()
    problems: list[str] = []
    while killed < kills:
        if run(home, words, seconds=dice.uniform(0, seconds)):
            ended_first += 1
            problems += unlike(home, done, whole=True)
            shutil.rmtree(home)  # begin anew
            continue
        killed += 1
        problems += unlike(home, done, whole=False)
        held[len(content(home))] += 1
    assert run(home, words)
    problems += unlike(home, done, whole=True)
    shutil.rmtree(home)
    shutil.rmtree(folder / "undisturbed")
    return Score(words[0], len(done), seconds, killed, ended_first, held, tuple(problems))


def undisturbed(home: Path, words: Sequence[str]) -> tuple[float, Content]:
    """How long a command takes, and what the store then holds."""
    before = time.monotonic()
    assert run(home, words)
    return time.monotonic() - before, content(home)


def run(home: Path, words: Sequence[str], seconds: float | None = None) -> bool:
    """Run a command; True: to its good end, False: killed after so many seconds."""
    process = subprocess.Popen(
        [*AMITY, "--home", str(home), *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        _, said = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return False
    if process.returncode:
        raise RuntimeError(f"amity {' '.join(words)} failed by itself:\n{said.decode()}")
    return True


def content(home: Path) -> Content:
    """What a store holds, by source."""
    store = open_store(home)
    found: dict[str, list[object]] = {part.source: [] for part in parts(store)}
    for part in parts(store):
        found[part.source].append((part.table, part.rows, part.sha256))
    for receipt in receipts(store):
        found[receipt.source].append(replace(receipt, retrieved=""))
    return {source: tuple(rows) for source, rows in found.items()}


def on_the_way(source: str, rows: tuple[object, ...], done: tuple[object, ...]) -> bool:
    """Whether a source is as it will be, but for what is counted from it; of coded events some batches may lack."""
    here: set[object] = {row for row in rows if not counted(row)}
    there: set[object] = {row for row in done if not counted(row)}
    return here <= there if source in sources.STREAMED else here == there


def counted(row: object) -> bool:
    return isinstance(row, tuple) and row[0] == "pair_months"


def unlike(home: Path, done: Content, *, whole: bool) -> list[str]:
    """Everything in which a store is not as it must be: proven by `verify`, each source absent or as in `done`."""
    store, now = open_store(home), content(home)
    wrong = [f"{problem.path}: {problem.what}" for problem in verify(store)]
    wrong += [
        f"{source}: not as in the undisturbed store"
        for source, rows in now.items()
        if (rows != done[source] if whole else not on_the_way(source, rows, done[source]))
    ]
    if whole:
        raw = {path.name for path in (home / "raw").glob("*")}
        wrong += [f"{source}: missing" for source in done if source not in now]
        wrong += [f"left over: {name}" for name in left_over(store)]
        wrong += [f"raw files differ by {len(raw ^ {receipt.sha256 for receipt in raw_receipts(home)})}"] * (
            raw != {receipt.sha256 for receipt in raw_receipts(home)}
        )
        wrong += [f"left over: {path.name}" for path in (home / "incoming").glob("*") if path.is_dir()]
    return wrong


def table(scores: Sequence[Score]) -> list[str]:
    """The outcome as lines."""
    lines = [
        f"{'command':<8} {'sources':>7} {'alone, s':>9} {'kills':>6} {'ended first':>12}  {'problems':>8}"
    ]
    lines += [
        f"{score.command:<8} {score.sources:>7} {score.undisturbed_seconds:>9.1f} {score.kills:>6}"
        f" {score.ended_first:>12}  {len(score.problems):>8}"
        for score in scores
    ]
    for score in scores:
        held = ", ".join(f"{n}: {times}" for n, times in sorted(score.held.items()))
        lines.append(f"{score.command}: sources in the store at the moment of a kill: {held}")
        if score.needed:
            lines.append(
                f"{score.command}: {score.sent:,} files asked for; {score.needed:,} would have been without a kill"
            )
        lines += [f"  {problem}" for problem in score.problems]
    return lines


if __name__ == "__main__":
    main()
