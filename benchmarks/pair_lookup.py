"""A month of one pair out of 100 million stored events, and all pairs' months over 10 million: time and memory.

    uv run python benchmarks/pair_lookup.py --rows 100000000 --seed 7
    uv run python benchmarks/pair_lookup.py --rows 10000000 --seed 7 --months

Events are put into a store as `amity load` puts them, a part a day, without files around them: days of 50,000 events,
skewed as in news. The look-up is `reports.top_events` on a store that is opened anew. `--months` counts all pair-months
on DuckDB and on Spark (local[2]) and compares them.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from amity import cameo, states
from amity.catalog import polars_schema
from amity.ingest.volumes import volumes
from amity.store import batches, open_store

A_DAY = 50_000
FIRST = date(1979, 1, 1)
LOOK = """
import json, re, sys, time
from datetime import date
from pathlib import Path
from amity.store import open_store
from amity.evidence import open_evidence, reports
began = time.perf_counter()
with open_evidence(open_store(Path(sys.argv[1]))) as ev:
    year, month = int(sys.argv[2]), int(sys.argv[3])
    rows = reports.top_events(ev, (811,), (2,), date(year, month, 1), 10, source="gdelt1")
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
print(json.dumps({"wall": time.perf_counter() - began, "rows": rows.height, "peak": peak}))
"""
COUNT = """
import json, resource, sys, time
from pathlib import Path
from amity.store import open_store
from amity.evidence import months
began = time.perf_counter()
rows = months.write(open_store(Path(sys.argv[1])), Path(sys.argv[2]), engine=sys.argv[3])
children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
peak = max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, children) / 1024
print(json.dumps({"wall": time.perf_counter() - began, "rows": rows, "peak": peak}))
"""


def day_of(rng: np.random.Generator, day: date, n: int, first_id: int) -> pl.DataFrame:
    """A day's events, skewed as in news."""
    codes = np.array([state.ccode for state in states.every() if state.cameo])
    weights = 1 / np.arange(1, len(codes) + 1) ** 1.1
    weights /= weights.sum()
    rng_codes = np.random.default_rng(1).permutation(codes)
    classes = cameo.classes().filter(pl.col("code").str.len_chars() > 2)["code"]
    roles = pl.Series([None, "GOV", "MIL", "OPP", "MED", "CVL", "BUS"])
    made = {"date": pl.Series([day]).new_from_index(0, n)}
    for side in ("from", "to"):
        who = pl.Series(rng_codes[rng.choice(len(codes), n, p=weights)]).cast(pl.Int16)
        made[f"ccode_{side}"] = who.set(pl.Series(rng.random(n) < 0.3), None)
        made[f"role_{side}"] = roles[rng.choice(len(roles), n)]
        made[f"name_{side}"] = "ACTOR " + pl.Series(rng.integers(0, 2000, n)).cast(pl.String)
    made["code"] = classes[rng.choice(classes.len(), n)]
    made["articles"] = pl.Series(rng.geometric(0.18, n)).cast(pl.Int32)
    made["root"] = pl.Series(rng.random(n) < 0.5)
    made["added"] = made["date"]
    made["ref"] = pl.Series(np.arange(first_id, first_id + n)).cast(pl.String)
    return pl.DataFrame(made).select(
        pl.col(name).cast(kind) for name, kind in polars_schema("events").items()
    )


def fill(home: Path, rows: int, seed: int) -> date:
    """A store with so many events; gives the last day."""
    rng, held, day = np.random.default_rng(seed), open_store(home), FIRST
    for number in range(rows // A_DAY):
        day = FIRST + timedelta(days=number * 8)
        frame = day_of(rng, day, A_DAY, number * A_DAY)
        told = frame.with_columns(key=pl.lit(f"{day:%Y%m%d}"))
        batch = f"{day:%Y%m%d}"
        low, high = (str(n).zfill(20) for n in (number * A_DAY, (number + 1) * A_DAY - 1))
        loud = volumes(told, "key")
        made = [
            batches.Made("events", told, batch, day, day, day, low, high),
            batches.Made("volumes", loud, batch, day, loud["month"].min(), loud["month"].max()),  # pyright: ignore[reportArgumentType]
        ]
        batches.put_batch(held, "gdelt1", [batches.write_part(held, "gdelt1", one) for one in made], [])
    return day


def run(code: str, *words: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def look_up(home: Path, rows: int, last: date) -> None:
    """Five look-ups of months in the middle and at the end, each in a process of its own."""
    found = [run(LOOK, str(home), str(last.year - back), "6") for back in (1, 1, 1, 2, 2)]
    wall, peak = (statistics.median(one[name] for one in found) for name in ("wall", "peak"))
    print(f"| {rows:,} | {wall:.3f} | {peak:.0f} |")


def count_months(home: Path, rows: int) -> None:
    made: list[pl.DataFrame] = []
    for engine in ("duckdb", "spark"):
        out = home / f"{engine}.parquet"
        one = run(COUNT, str(home), str(out), engine)
        made.append(pl.read_parquet(out))
        print(f"| {engine} | {rows:,} | {one['rows']:,} | {one['wall']:.1f} | {one['peak']:.0f} |")
    print("equal in every cell" if made[0].equals(made[1]) else "NOT EQUAL")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000_000)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--months", action="store_true")
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="lookup-"))
    try:
        began = time.perf_counter()
        last = fill(home, asked.rows, asked.seed)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"filled in {time.perf_counter() - began:.0f} s, {peak:.0f} MB")
        if asked.months:
            count_months(home, asked.rows)
        else:
            look_up(home, asked.rows, last)
    finally:
        shutil.rmtree(home)


if __name__ == "__main__":
    main()
