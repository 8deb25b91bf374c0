"""What must hold of a parsed source before it is kept, whatever its parser believes."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from amity import states
from amity.catalog import SCHEMAS, polars_schema
from amity.errors import BadFileError, TooFewRowsError, UnknownStateError, UnknownValueError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amity.catalog import Source

EARLIEST, LATEST = date(1700, 1, 1), date(2100, 12, 31)
ALWAYS = ("coverage", "review")
_TELL = "this is a slip in amity's parser or a change by the publisher: tell us, with the file"


def check(about: Source, tables: Mapping[str, pl.DataFrame], *, partial: bool = False) -> None:
    """Raise where a table is not declared, breaks its schema, or (unless `partial`) has fewer rows than its floor."""
    declared = {table.name for table in about.tables} | set(ALWAYS)
    if not declared >= set(tables):
        raise BadFileError(
            f"{about.id} gave tables that it does not declare: {set(tables) - declared}", _TELL
        )
    for name, frame in tables.items():
        where = f"{about.id} {name}"
        check_schema(where, name, frame)
        check_values(where, name, frame)
        check_codes(where, frame)
        check_days(where, frame)
    if not partial:
        check_floors(about, tables)


def check_schema(where: str, table: str, frame: pl.DataFrame) -> None:
    if list(frame.schema.items()) != list(polars_schema(table).items()):
        raise BadFileError(f"{where}: the columns are not those of the catalogue", _TELL)
    lacking = [
        f"{column.name} ({missing})"
        for column in SCHEMAS[table]
        if column.required and (missing := frame[column.name].null_count())
    ]
    if lacking:
        raise BadFileError(f"{where}: values are missing in {', '.join(lacking)}", _TELL)


def check_values(where: str, table: str, frame: pl.DataFrame) -> None:
    for column in SCHEMAS[table]:
        if column.values:
            found = frame[column.name].drop_nulls().unique()
            unknown = found.filter(~found.is_in(column.values))
            if unknown.len():
                raise UnknownValueError(
                    f"{where}: {column.name} has {unknown.len()} unknown values, such as {unknown[0]!r}",
                    _TELL,
                )


def check_codes(where: str, frame: pl.DataFrame) -> None:
    """Every COW code is one that some state has, or had."""
    for column in frame.columns:
        if column.startswith("ccode"):
            unknown = frame.select(pl.col(column).drop_nulls().unique()).filter(
                ~pl.col(column).is_in(codes())
            )
            if unknown.height:
                raise UnknownStateError(
                    f"{where}: {column} has codes of no state: {unknown[column].to_list()[:5]}", _TELL
                )


@cache
def codes() -> tuple[int, ...]:
    return tuple(sorted({code for state in states.every() for code in state.ccodes}))


def check_days(where: str, frame: pl.DataFrame) -> None:
    for column, dtype in frame.schema.items():
        absurd = frame[column].drop_nulls().is_between(EARLIEST, LATEST) if dtype == pl.Date else None
        if absurd is not None and not absurd.all():
            raise BadFileError(f"{where}: {column} has days outside {EARLIEST} to {LATEST}", _TELL)
    if {"start", "end"} <= set(frame.columns):
        turned = frame.filter(pl.col("end") < pl.col("start")).height
        if turned:
            raise BadFileError(f"{where}: {turned} rows end before they start", _TELL)


def check_floors(about: Source, tables: Mapping[str, pl.DataFrame]) -> None:
    """Half a download, or half a folder, is refused."""
    for table in about.tables:
        rows = tables[table.name].height if table.name in tables else 0
        if rows < table.floor:
            raise TooFewRowsError(
                f"{about.id} gives {rows:,} rows of {table.name}; a whole release has at least {table.floor:,}",
                f"give all of its files together ({about.files}), or say --partial to load what there is",
            )
