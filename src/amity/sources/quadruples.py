"""Benchmarks of events as quadruples: actor, class, target and time step as numbers, with lists of what they mean.

Researchers of knowledge graphs pass coded events on in this form: `entity2id` and `relation2id` name the numbers, and
`train`, `valid` and `test` hold the quadruples, cut by time. A quadruple stands once however often it was reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import polars_schema
from amity.errors import BadFileError, UnknownValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

PARTS = ("train.txt", "valid.txt", "test.txt")
_QUADRUPLE = re.compile(rb"\d+\t\d+\t\d+\t\d+(?:\t-1)?\r?\n")
_NAMED = re.compile(rb"[^\t\n]+\t\d+\r?\n")
_CURE = "give the benchmark's files unchanged, those of one folder together"


@dataclass(frozen=True, slots=True)
class Actor:
    """What an entity of a benchmark is: its COW code (None: it names no state), its role, and what was read of it."""

    name: str
    ccode: int | None
    role: str | None
    what: str


def has_quadruples(head: bytes) -> bool:
    """Whether a file begins with whole lines of four numbers (or five, the last one -1).

    >>> has_quadruples(b"19\\t6\\t151\\t0\\t-1\\n"), has_quadruples(b"China\\t0\\n")
    (True, False)
    """
    return _QUADRUPLE.match(head) is not None


def has_names(head: bytes) -> bool:
    """Whether a file begins with a name and its number."""
    return _NAMED.match(head) is not None


def names(file: str, data: bytes) -> list[str]:
    """The names of a list, by number. Raises `BadFileError` where it is not one name a number, from 0 on."""
    found: dict[int, str] = {}
    for line in data.decode("utf-8").splitlines():
        name, _, number = line.rpartition("\t")
        if not name or not number.strip().isdigit() or int(number) in found:
            raise BadFileError(f"{file}: {line[:60]!r} is no name with a number of its own", _CURE)
        found[int(number)] = name
    if sorted(found) != list(range(len(found))):
        raise BadFileError(f"{file} leaves out numbers", _CURE)
    return [found[number] for number in range(len(found))]


def events(
    parts: Mapping[str, bytes], actors: list[Actor], codes: list[str], day: Callable[[pl.Expr], pl.Expr]
) -> pl.DataFrame:
    """Quadruples as rows of `catalog.EVENTS`; `day` makes a date of the time step. `ref` is the file and its line.

    `articles`, `root` and `added` are missing: the benchmarks leave them out. Raises `UnknownValueError` for a number
    that no list names.
    """
    rows = pl.concat([_read(name, data) for name, data in sorted(parts.items())])
    most = rows.select(pl.max("from", "to"), pl.max("code")).row(0)
    if max(most[:2]) >= len(actors) or most[2] >= len(codes):
        raise UnknownValueError(
            f"{', '.join(parts)}: a number stands for an actor or a class that no list names", _CURE
        )
    who = pl.DataFrame(
        [(one.ccode, one.role, one.name) for one in actors],
        schema={"ccode": pl.Int16, "role": pl.String, "name": pl.String},
        orient="row",
    )
    sides = [
        column.alias(f"{column.name}_{side}")
        for side in ("from", "to")
        for column in who[rows[side]].get_columns()
    ]
    made = rows.select("ref", date=day(pl.col("step"))).with_columns(
        *sides, code=pl.Series(codes, dtype=pl.String)[rows["code"]]
    )
    missing = {"articles": pl.Int32, "root": pl.Boolean, "added": pl.Date}
    blank = [pl.lit(None, dtype).alias(name) for name, dtype in missing.items()]
    return made.with_columns(*blank).select(*polars_schema("events"))


def _read(file: str, data: bytes) -> pl.DataFrame:
    """The columns `from, code, to, step` (numbers) and `ref`."""
    columns = ["from", "code", "to", "step"]
    width = data.partition(b"\n")[0].count(b"\t") + 1
    schema = dict.fromkeys(columns, pl.UInt32()) | {
        f"unused{n}": pl.String() for n in range(len(columns), width)
    }
    try:
        rows = pl.read_csv(data, separator="\t", has_header=False, schema=schema)
    except pl.exceptions.PolarsError as error:
        raise BadFileError(
            f"{file} has a line that is not four numbers: {str(error).splitlines()[0]}", _CURE
        ) from error
    if width < len(columns) or rows.select(columns).null_count().sum_horizontal().item():
        raise BadFileError(f"{file} has a line that is not four numbers", _CURE)
    stem = file.removesuffix(".txt")
    line = pl.int_range(1, rows.height + 1, eager=True).cast(pl.String)
    return rows.select(*columns, ref=stem + ":" + line)


def coverage(spans: list[tuple[date, date]]) -> pl.DataFrame:
    """The spells of days that a benchmark's files speak of."""
    rows = [("events", "*", None, None, start, end) for start, end in spans]
    return pl.DataFrame(rows, schema=polars_schema("coverage"), orient="row")
