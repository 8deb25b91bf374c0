"""All pairs of states by year since 1946: time and memory of `amity panel --all`, beside plain pandas and the R peer.

    uv run python benchmarks/panel.py [--home FOLDER] [--rounds 3]

Runs each in a process of its own, prints a table in Markdown, and checks that both give the same rows. The store is
that of FOLDER over the starter pack. R's peacesciencer was not run here: the figures are those its run gave elsewhere.
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

import polars as pl

from amity.evidence import open_evidence
from amity.evidence.arrow import to_frame
from amity.evidence.system import system
from amity.settings import Settings, default_home
from amity.states import by_ccode
from amity.store import open_store

R_PEER = "| peacesciencer (R), keys only, 1816–2025 | 2,252,820 | 2.4 | – | 771 |"
SAME = (
    "days",
    "visits_1to2",
    "visits_hos_1to2",
    "visits_hog_1to2",
    "visits_fm_1to2",
    "aid_obligated_1to2",
    "aid_disbursed_1to2",
)


@dataclass(frozen=True, slots=True)
class Cost:
    wall: float
    cpu: float
    peak_mb: float


def run(command: list[str]) -> Cost:
    """Wall and CPU seconds and peak resident memory of a command."""
    started = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, dict(os.environ))
    _, status, usage = os.wait4(pid, 0)
    assert status == 0, command
    return Cost(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def export(home: Path, folder: Path) -> None:
    """The evidence as Parquet, for the plain pandas version."""
    settings = Settings(home=home)
    with open_evidence(open_store(settings.home, settings.packs)) as ev:
        for table in ("acts", "ties", "figures", "coverage"):
            to_frame(ev.connection.table(table)).write_parquet(folder / f"{table}.parquet")
    spells = system().with_columns(pl.col("end").clip(upper_bound=pl.date(2100, 1, 1)))
    iso3c = spells["ccode"].map_elements(lambda code: by_ccode(code).iso3c, return_dtype=pl.String)
    spells.with_columns(iso3c=iso3c).write_parquet(folder / "system.parquet")


def line(name: str, rows: int, costs: list[Cost]) -> str:
    middle = [median(getattr(cost, field) for cost in costs) for field in ("wall", "cpu", "peak_mb")]
    return f"| {name} | {rows:,} | {middle[0]:.1f} | {middle[1]:.1f} | {middle[2]:,.0f} |"


def differences(ours: Path, theirs: Path) -> dict[str, int]:
    """Rows on which the two disagree, by column that both work out by the same rule."""
    keys = ["ccode1", "ccode2", "year"]
    both = pl.read_parquet(ours).join(
        pl.read_parquet(theirs).cast(dict.fromkeys(keys, pl.Int16)), on=keys, how="full", suffix="_p"
    )
    unlike = {"rows": (pl.col("ccode1").is_null() | pl.col("ccode1_p").is_null()).sum()}
    for name in SAME:
        here, there = pl.col(name).cast(pl.Float64), pl.col(f"{name}_p").cast(pl.Float64)
        close = (here - there).abs() <= 1e-6 * here.abs() + 1e-3
        unlike[name] = (here.is_null() != there.is_null()).sum() + (~close).sum()
    return both.select(**unlike).row(0, named=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, default=default_home())
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    amity = [str(Path(sys.executable).with_name("amity")), "--home", str(asked.home), "panel", "--all"]
    pandas = ["uv", "run", "--no-project", "--with", "pandas", "--with", "pyarrow", "python"]
    lines = ["| what | rows | wall s | CPU s | peak MB |", "|---|---|---|---|---|"]
    with TemporaryDirectory() as name:
        folder = Path(name)
        export(asked.home, folder)
        plain = [
            *pandas,
            str(Path(__file__).with_name("panel_in_pandas.py")),
            str(folder),
            str(folder / "pandas.parquet"),
        ]
        run([*pandas, "-c", "import pandas, pyarrow"])
        for ending in ("parquet", "csv", "dta"):
            out = folder / f"world.{ending}"
            costs = [run([*amity, "--out", str(out)]) for _ in range(asked.rounds)]
            rows = pl.scan_parquet(folder / "world.parquet").select(pl.len()).collect().item()
            lines.append(line(f"amity panel --all --out world.{ending}", rows, costs))
        few = [
            *amity,
            "--columns",
            "visits_1to2,relations,aid_obligated_1to2",
            "--out",
            str(folder / "few.parquet"),
        ]
        lines.append(line("the same without votes", rows, [run(few) for _ in range(asked.rounds)]))
        lines.append(
            line("plain pandas, without votes and levels", rows, [run(plain) for _ in range(asked.rounds)])
        )
        print("\n".join([*lines, R_PEER]))
        print(
            "rows on which amity and pandas differ:",
            differences(folder / "world.parquet", folder / "pandas.parquet"),
        )


if __name__ == "__main__":
    main()
