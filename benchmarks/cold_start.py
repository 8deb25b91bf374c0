"""What a command costs from a cold start: CPU, wall clock and memory, beside Python alone.

    uv run python benchmarks/cold_start.py [--rounds 7]

Each command runs in a process of its own, in turns, so that a busy machine disturbs all alike; medians are shown, and
ratios to the CPU of an empty Python and of one that imports click. Everything is asked of the starter pack. As at a
user's, Python keeps the bytecode of what it has imported.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

LIMITS = {"amity --help": (0.25, "wall s"), "amity brief KHM USA --shadow CHN": (2.0, "CPU s")}
"""What was promised on this kind of machine; the brief also at most 400 MB."""
MEMORY = 400.0


@dataclass(frozen=True, slots=True)
class Cost:
    wall: float
    cpu: float
    peak_mb: float


def run(command: list[str], folder: Path) -> Cost:
    """Wall and CPU seconds and peak resident memory of a command, which must succeed and print nothing on stderr."""
    quiet = [
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, str(folder / "stderr"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
    ]
    started = time.perf_counter()
    plain = {name: told for name, told in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    pid = os.posix_spawnp(command[0], command, plain, file_actions=quiet)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - started
    assert status == 0, command
    assert (folder / "stderr").read_bytes() == b"", command
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def commands(folder: Path) -> dict[str, list[str]]:
    """What is measured, by the name it has in the table."""
    amity = [str(Path(sys.executable).with_name("amity")), "--home", str(folder / "home")]
    out = ["--out", str(folder / "out")]
    return {
        "python -c pass": [sys.executable, "-c", "pass"],
        "python -c 'import click'": [sys.executable, "-c", "import click"],
        "amity --help": [amity[0], "--help"],
        "amity states KHM": [*amity, "states", "KHM"],
        "amity sources": [*amity, "sources"],
        "amity brief KHM USA --shadow CHN": [*amity, "brief", "KHM", "USA", "--shadow", "CHN", *out],
        "amity brief IND PAK --shadow CHN": [*amity, "brief", "IND", "PAK", "--shadow", "CHN", *out],
        "amity panel KHM USA --grain month": [*amity, "panel", "KHM", "USA", "--grain", "month"],
    }


def middle(costs: list[Cost]) -> Cost:
    return Cost(*(median(getattr(cost, name) for cost in costs) for name in ("wall", "cpu", "peak_mb")))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with TemporaryDirectory() as name:
        asked = commands(Path(name))
        for command in asked.values():
            run(command, Path(name))
        taken = [{what: run(command, Path(name)) for what, command in asked.items()} for _ in range(rounds)]
    found = {what: middle([one[what] for one in taken]) for what in asked}
    python, click = (found[what].cpu for what in list(asked)[:2])
    print("| command | CPU s | wall s | peak MB | × python | × click |\n|---|---|---|---|---|---|")
    for what, cost in found.items():
        ratios = f"{cost.cpu / python:.1f} | {cost.cpu / click:.1f}"
        print(f"| `{what}` | {cost.cpu:.2f} | {cost.wall:.2f} | {cost.peak_mb:.0f} | {ratios} |")
    for what, (limit, unit) in LIMITS.items():
        spent = found[what].wall if unit.startswith("wall") else found[what].cpu
        print(f"{what}: {spent:.2f} {unit}, promised {limit:.2f}: {'kept' if spent <= limit else 'NOT KEPT'}")
    peak = max(cost.peak_mb for what, cost in found.items() if "brief" in what)
    print(
        f"peak of a brief: {peak:.0f} MB, promised {MEMORY:.0f}: {'kept' if peak <= MEMORY else 'NOT KEPT'}"
    )


if __name__ == "__main__":
    main()
