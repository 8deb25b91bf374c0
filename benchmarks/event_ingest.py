"""Zipped files of GDELT to stored Parquet: rows a second beside inflating the same files, and beside pandas.

    uv run python benchmarks/event_ingest.py --rows 1500000 --files 10 --seed 7 --runs 3

Every run is a process of its own, in turns. `zlib` inflates with Python's zipfile and throws the bytes away, `isal`
with the library that amity uses, both on one core. `amity` is all that `amity load` does: checks, kept columns,
repeats, volumes, receipts, manifest, fsync; without counting pair-months. `pandas` is what users of such libraries do
(`events_in_pandas.py`): read every zip with its 58 columns as text, put the frames together, no output.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from gdelt_files import write

HERE = Path(__file__).parent
INFLATE = """
from pathlib import Path
import sys, zipfile
for path in sys.argv[1:]:
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as stream:
        while stream.read(1 << 20):
            pass
"""
ISAL = """
from pathlib import Path
import sys
from amity.ingest import inflating
for path in map(Path, sys.argv[1:]):
    for _ in inflating.pieces(path, inflating.members(path)[0]):
        pass
"""
AMITY = """
from pathlib import Path
import sys
from amity.ingest.streaming import Coming, stream
from amity.store import open_store
stream(open_store(Path(sys.argv[1])), "gdelt1", [Coming(Path(path).name, Path(path)) for path in sys.argv[2:]])
"""
TIMED = """
import json, re, sys, time
from pathlib import Path
words = sys.argv[2:]
code = compile(sys.argv[1], "run", "exec")
sys.argv = ["run", *words]
import isal, polars, numpy
try:
    import amity.ingest.streaming, amity.sources.gdelt1
except ImportError:
    pass
wall, cpu = time.perf_counter(), time.process_time()
exec(code, {})
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
print(json.dumps({"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "peak": peak}))
"""


def timed(code: str, *words: str) -> dict[str, float]:
    """Seconds of wall clock and CPU, and the peak memory in MB, of a fresh process; imports are not counted."""
    done = subprocess.run(
        [sys.executable, "-c", TIMED, code, *words], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def in_pandas(paths: list[str]) -> dict[str, float]:
    words = ["uv", "run", "--no-project", "--with", "pandas", "--with", "pyarrow", "python"]
    done = subprocess.run(
        [*words, str(HERE / "events_in_pandas.py"), *paths], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def measured(paths: list[str], runs: int, *, pandas: bool) -> dict[str, list[dict[str, float]]]:
    """The figures of each way, run in turns."""
    found: dict[str, list[dict[str, float]]] = {"zlib": [], "isal": [], "amity": []}
    if pandas:
        found["pandas"] = []
    for _ in range(runs):
        found["zlib"].append(timed(INFLATE, *paths))
        found["isal"].append(timed(ISAL, *paths))
        with tempfile.TemporaryDirectory() as home:
            found["amity"].append(timed(AMITY, home, *paths))
        if pandas:
            found["pandas"].append(in_pandas(paths))
    return found


def table(found: dict[str, list[dict[str, float]]], rows: int) -> str:
    """A table in Markdown: medians, and the share of each way's rate in that of inflating alone."""
    middle = {
        way: {name: statistics.median(run[name] for run in runs) for name in ("wall", "cpu", "peak")}
        for way, runs in found.items()
    }
    lines = [
        "| way | wall s | CPU s | rows/s | of zlib | of isal | peak MB |",
        "|---|---|---|---|---|---|---|",
    ]
    for way, one in middle.items():
        of_zlib, of_isal = (middle[limit]["wall"] / one["wall"] for limit in ("zlib", "isal"))
        lines.append(
            f"| {way} | {one['wall']:.2f} | {one['cpu']:.2f} | {rows / one['wall'] / 1e6:.2f} M | {of_zlib:.2f} | "
            f"{of_isal:.2f} | {one['peak']:.0f} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_500_000)
    parser.add_argument("--files", type=int, default=10)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--no-pandas", action="store_true")
    parser.add_argument(
        "--grow", action="store_true", help="also a tenth and a third of the files, once each"
    )
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="gdelt-"))
    try:
        paths = [str(path) for path in write(folder, asked.rows, asked.files, asked.seed)]
        print(table(measured(paths, asked.runs, pandas=not asked.no_pandas), asked.rows))
        if asked.grow:
            print(grown(paths, asked.rows))
    finally:
        shutil.rmtree(folder)


def grown(paths: list[str], rows: int) -> str:
    """How time and memory grow with the number of files."""
    lines = ["| rows | files | wall s | rows/s | peak MB |", "|---|---|---|---|---|"]
    for share in (10, 3, 1):
        some = paths[: max(1, len(paths) // share)]
        with tempfile.TemporaryDirectory() as home:
            one = timed(AMITY, home, *some)
        count = rows * len(some) // len(paths)
        lines.append(
            f"| {count:,} | {len(some)} | {one['wall']:.1f} | {count / one['wall'] / 1e6:.2f} M | {one['peak']:.0f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
