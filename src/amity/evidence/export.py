"""Write a panel for other programs: CSV, Parquet, and Stata with its labels."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import polars as pl

from amity.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from amity.evidence.columns import PanelColumn

MOST_IN_STATA = 5_000_000
"""Most rows of a Stata file: it is made in memory, where CSV and Parquet are written as they come."""


def write(
    parts: Iterable[pl.DataFrame], columns: Sequence[PanelColumn], out: Path, title: str = "amity panel"
) -> int:
    """Write the parts of a panel, in order, to one file; its ending says the format. How many rows were written.

    The file appears whole or not at all. Stata's file (format 118, Stata 14 and later) carries the columns' labels,
    value labels for yes and no, and the title. Raises `UsageError` for another ending, a folder that is not there, and
    a panel too large for Stata.
    """
    writers: dict[str, Callable[[Iterable[pl.DataFrame], Path], int]] = {
        ".csv": _csv,
        ".parquet": _parquet,
        ".dta": lambda frames, path: _stata(frames, columns, path, title),
    }
    writer = writers.get(out.suffix.lower())
    if writer is None:
        raise UsageError(
            f"'{out.name}' does not say a format that amity writes", "end the name in .csv, .parquet or .dta"
        )
    with _whole(out) as beside:
        return writer(parts, beside)


@contextmanager
def _whole(out: Path) -> Generator[Path]:
    """A path beside `out` that becomes `out` when all went well, and is gone otherwise."""
    try:
        with TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as folder:
            beside = Path(folder) / out.name
            yield beside
            beside.replace(out)
    except OSError as error:
        raise UsageError(
            f"'{out}' cannot be written ({error.strerror or error})",
            "name a file in a folder that you may write to",
        ) from error


def _csv(frames: Iterable[pl.DataFrame], path: Path) -> int:
    rows = 0
    with path.open("wb") as file:
        for frame in frames:
            frame.write_csv(file, include_header=rows == 0)
            rows += frame.height
    return rows


def _parquet(frames: Iterable[pl.DataFrame], path: Path) -> int:
    """Each part to a file of its own, then all to one, so that memory holds a part at a time."""
    rows, files = 0, list[Path]()
    for number, frame in enumerate(frames):
        files.append(path.parent / f"part-{number:05}.parquet")
        frame.write_parquet(files[-1], compression="lz4")
        rows += frame.height
    pl.scan_parquet(files).sink_parquet(path, compression="zstd", maintain_order=True)
    return rows


def _stata(frames: Iterable[pl.DataFrame], columns: Sequence[PanelColumn], path: Path, title: str) -> int:
    import pyreadstat  # noqa: PLC0415  (only Stata needs it)

    frame = pl.concat(_few_enough(frames))
    pyreadstat.write_dta(
        frame,  # pyright: ignore[reportArgumentType]  (its own stand-in type for polars is not a protocol)
        path,
        file_label=title[:80],
        column_labels={column.name: column.label for column in columns},
        variable_value_labels={
            column.name: {0: "no", 1: "yes"}
            for column in columns
            if column.dtype == "int8" and column.name != "month"
        },
        version=14,
    )
    return frame.height


def _few_enough(frames: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    rows = 0
    for frame in frames:
        rows += frame.height
        if rows > MOST_IN_STATA:
            raise UsageError(
                f"the panel has more than {MOST_IN_STATA:,} rows, too many for one Stata file",
                "write .parquet or .csv, or ask for fewer pairs, years or columns",
            )
        yield frame
