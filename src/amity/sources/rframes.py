"""One R file that holds one data frame, checked column by column: what sources packaged for R have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity.errors import BadFileError, UnknownValueError
from amity.sources import rdata

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_BYTES = 64 * 1024 * 1024
"""The most that such a file may unpack to; the largest real one (distances) has 30 MB."""

YEARS = (1816, 2100)
"""Years that a data set of the state system can speak of."""
_MEND = "fetch the file again from its publisher; if it is the same there, tell them and us"
_TOLD = "look at what the publisher added, and list it in the source's COLUMNS as read or ignored"


def named(name: str, head: bytes, base: str) -> bool:
    """Whether a file is the one called `base`, and begins as R data do.

    >>> named("Downloads/cow_majors.rda", b"BZh9", "cow_majors.rda")
    True
    """
    return name.rsplit("/", 1)[-1] == base and head.startswith(rdata.MAGIC)


def one(
    files: Mapping[str, bytes], base: str, columns: Sequence[str], words: Sequence[str] = ()
) -> pl.DataFrame:
    """The data frame of the one file called `base`, whose object has its name, with rows that stand twice once.

    `columns` are those that its parser knows: others raise `UnknownValueError`; all but `words` hold numbers or dates.
    Files that are missing, or differ under one name, other objects, missing columns and columns of another type raise
    `BadFileError`.
    """
    found = set(files.values())
    if len(found) != 1:
        raise BadFileError(f"{len(found)} different files are called {base}, not one", _MEND)
    frames = rdata.read(base, found.pop(), MAX_BYTES)
    title = base.removesuffix(".rda")
    if list(frames) != [title]:
        raise BadFileError(f"{base} holds {', '.join(frames)[:80]}, not {title}", _MEND)
    _check_columns(frames[title], base, columns, words)
    return frames[title].unique(maintain_order=True)


def _check_columns(frame: pl.DataFrame, base: str, columns: Sequence[str], words: Sequence[str]) -> None:
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise BadFileError(f"{base} lacks the columns {', '.join(missing)[:200]}", _MEND)
    unknown = [column[:40] for column in frame.columns if column not in columns]
    if unknown:
        raise UnknownValueError(
            f"{base} has {len(unknown)} columns its parser has not been told about: {', '.join(unknown[:5])}",
            _TOLD,
        )
    other = [column for column in columns if (frame[column].dtype == pl.String) != (column in words)]
    if other:
        raise BadFileError(f"{base}: {', '.join(other)[:200]} do not hold what they should", _MEND)


def whole(frame: pl.DataFrame, column: str, base: str, low: int, high: int) -> pl.Expr:
    """A column of whole numbers from `low` to `high`, none missing, which R often keeps as fractions."""
    values = frame[column]
    if not values.dtype.is_numeric():
        raise BadFileError(f"{base}: {column} holds no numbers", _MEND)
    # not-a-number is the largest of all numbers, and so outside
    outside = (values < low) | (values > high) | (values != values.cast(pl.Float64).floor())
    if values.null_count() or outside.any():
        raise BadFileError(
            f"{base}: {column} has numbers that are missing, not whole, or outside {low} to {high:,}", _MEND
        )
    return pl.col(column).cast(pl.Int32)


def year(frame: pl.DataFrame, column: str, base: str) -> pl.Expr:
    """A column of years within `YEARS`."""
    return whole(frame, column, base, *YEARS)


def coded(frame: pl.DataFrame, column: str, base: str, means: Mapping[int, object]) -> pl.Expr:
    """A column of the publisher's codes, all of them listed in `means`; another one raises `UnknownValueError`."""
    numbers = frame.select(whole(frame, column, base, -9, 9_999))[column]
    unknown = numbers.filter(~numbers.is_in(list(means)))
    if unknown.len():
        raise UnknownValueError(
            f"{base}: {column} has {unknown.len()} values of no known meaning, such as {unknown[0]}",
            "look it up in the publisher's codebook, and list it in the source",
        )
    return pl.col(column).cast(pl.Int32)


def amount(frame: pl.DataFrame, column: str, base: str) -> pl.Expr:
    """A column of amounts, finite and not negative; missing ones stay missing."""
    values = frame[column]
    if not values.dtype.is_numeric():
        raise BadFileError(f"{base}: {column} holds no numbers", _MEND)
    known = values.cast(pl.Float64).drop_nulls()
    if (known < 0).any() or not known.is_finite().all():
        raise BadFileError(f"{base}: {column} has amounts that are negative or no numbers", _MEND)
    return pl.col(column).cast(pl.Float64)


def unique(frame: pl.DataFrame, columns: Sequence[str], base: str) -> None:
    """Raise `BadFileError` where two rows that differ are about the same thing."""
    twice = frame.height - frame.select(columns).n_unique()
    if twice:
        raise BadFileError(
            f"{base}: {twice} rows stand twice with other values (same {', '.join(columns)})", _MEND
        )


def refuse(frame: pl.DataFrame, wrong: pl.Expr, base: str, what: str) -> None:
    """Raise `BadFileError` where rows are wrong in a way that `what` names."""
    found = frame.filter(wrong).height
    if found:
        raise BadFileError(f"{base} has {found} {what}", _MEND)
