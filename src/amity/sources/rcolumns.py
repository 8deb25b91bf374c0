"""From R's vectors to polars columns: factors, dates and missing values as R means them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, NoReturn

import numpy as np
import polars as pl

from amity.errors import BadFileError, UnknownValueError
from amity.sources.text import EARLIEST, LATEST

if TYPE_CHECKING:
    from collections.abc import Mapping

Numbers = np.ndarray[tuple[int], np.dtype[np.int32] | np.dtype[np.float64]]


class Vector(NamedTuple):
    """An R vector: `kind` (logical, integer, double, string, list, raw), its values, and its attributes."""

    kind: str
    values: Numbers | list[str | None] | list[Value] | bytes
    attributes: dict[str, Value]


class Pairs(NamedTuple):
    """An R pairlist: tags (empty where there are none) and values, in order."""

    tags: list[str]
    values: list[Value]


Value = Vector | Pairs | str | None
"""What a node can be: a vector, a pairlist, a symbol, or nothing of interest."""


NA_INTEGER = np.iinfo("i4").min
NA_REAL_LOW_WORD = 1954
"""R's missing number is the not-a-number whose lower word is this; other ones are results such as 0/0."""
PLAIN = frozenset({"AsIs", "labelled", "haven_labelled", "vctrs_vctr", "integer", "numeric", "double"})
"""Classes that change how numbers print, not what they mean."""
_MEND = "fetch the file again from its publisher; if it is the same there, tell them and us"


def to_frame(name: str, value: Value) -> pl.DataFrame:
    """A data frame as a polars frame; anything else, and columns of unequal length, raise `BadFileError`.

    `name` is the file's, for errors. Columns of lists, and of classes whose numbers mean something that is not
    known here (such as `integer64`), raise `UnknownValueError`.
    """
    if not isinstance(value, Vector) or "data.frame" not in _strings(value.attributes, "class"):
        _refuse(name, "holds an object that is not a data frame")
    names = _strings(value.attributes, "names")
    if len(names) != len(value.values) or len(set(names)) != len(names):
        _refuse(name, "has columns without a name, or two of one name")
    columns = [
        _column(f"{name}, column {title[:40]}", title, column)
        for title, column in zip(names, value.values, strict=True)
    ]
    if len({len(column) for column in columns}) > 1:
        _refuse(name, "has columns of unequal length")
    return pl.DataFrame(columns)


def _refuse(name: str, why: str) -> NoReturn:
    raise BadFileError(f"{name}: R data {why}", _MEND)


def _strings(attributes: Mapping[str, Value], key: str) -> list[str]:
    """An attribute that is a vector of strings; empty where it is missing or something else."""
    found = attributes.get(key)
    if not isinstance(found, Vector) or found.kind != "string":
        return []
    return [value for value in found.values if isinstance(value, str)]


def _column(where: str, title: str, value: object) -> pl.Series:
    vector = value if isinstance(value, Vector) else Vector("no", [], {})
    classes = set(_strings(vector.attributes, "class"))
    if vector.kind == "string" and classes <= PLAIN:
        return pl.Series(title, vector.values, dtype=pl.String)
    if isinstance(vector.values, np.ndarray):
        if vector.kind == "integer" and "factor" in classes:
            return _factor(where, title, vector.values, _strings(vector.attributes, "levels"))
        if vector.kind != "logical" and "Date" in classes:
            return _dates(where, title, vector.values)
        if classes <= PLAIN:
            return _numbers(where, title, vector)
    raise UnknownValueError(
        f"{where}: {vector.kind} values of class {', '.join(sorted(classes))[:80] or 'none'}",
        "teach sources/rcolumns.py what they mean",
    )


def _numbers(where: str, title: str, vector: Vector) -> pl.Series:
    numbers = np.asarray(vector.values)
    missing = _missing(numbers)
    if vector.kind != "logical":
        return _with_nulls(pl.Series(title, numbers), missing)
    if not np.isin(numbers[~missing], (0, 1)).all():
        _refuse(where, "has a truth value that is neither true nor false")
    return _with_nulls(pl.Series(title, numbers == 1), missing)


def _missing(numbers: np.ndarray) -> np.ndarray:
    if numbers.dtype == np.float64:
        return np.isnan(numbers) & ((numbers.view(np.uint64) & 0xFFFFFFFF) == NA_REAL_LOW_WORD)
    return numbers == NA_INTEGER


def _with_nulls(series: pl.Series, missing: np.ndarray) -> pl.Series:
    return series.set(pl.Series(missing), None) if missing.any() else series


def _factor(where: str, title: str, codes: np.ndarray, levels: list[str]) -> pl.Series:
    missing = codes == NA_INTEGER
    if (
        len(set(levels)) != len(levels)
        or not ((codes[~missing] >= 1) & (codes[~missing] <= len(levels))).all()
    ):
        _refuse(where, "has a factor whose codes and levels do not fit")
    index = pl.Series(np.where(missing, 1, codes) - 1)
    named = pl.Series(title, levels or [None], dtype=pl.String).gather(index)
    return _with_nulls(named, missing)


def _dates(where: str, title: str, days: np.ndarray) -> pl.Series:
    missing = _missing(days)
    first, last = (
        day.toordinal() - 719_163 for day in (EARLIEST, LATEST)
    )  # days since 1970-01-01, as R counts
    known = days[~missing]
    if not ((known >= first) & (known <= last)).all():  # also false for not-a-number
        _refuse(where, f"has a date outside {EARLIEST} to {LATEST}")
    whole = np.floor(np.where(missing, 0, days)).astype("i4")
    return _with_nulls(pl.Series(title, whole).cast(pl.Date), missing)
