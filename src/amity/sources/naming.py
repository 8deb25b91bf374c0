"""Columns of names in coded events: what each distinct one means, an unknown one told, never refused.

A file of millions of lines is not refused for one new name: the line is set aside with the reason. Names are read as
`amity.states` reads a publisher's: without regard to case, accents and punctuation, else exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity.states.meanings import meanings
from amity.states.words import LONGEST, key

if TYPE_CHECKING:
    from collections.abc import Callable

    from amity.states.meanings import Meaning


def each(column: pl.Series, read: Callable[[str], object], dtype: type[pl.DataType]) -> pl.Series:
    """What a function makes of each value of a column of text, asked once a distinct value; missing stays missing.

    >>> each(pl.Series(["b", "a", "b", None]), str.upper, pl.String).to_list()
    ['B', 'A', 'B', None]
    """
    distinct = column.drop_nulls().unique()
    made = pl.Series([read(text) for text in distinct], dtype=dtype)
    return column.replace_strict(distinct, made, default=None, return_dtype=dtype)


def meaning(name: str, scheme: str) -> Meaning | None:
    """What a name stands for in a scheme whose names have one meaning each; None: it is not listed.

    >>> meaning("South_Korea", "icews").ccode, meaning("Atlantis", "icews")
    (732, None)
    """
    known = meanings(scheme).get(key(name.replace("_", " "))) if len(name) <= LONGEST else None
    return known[-1] if known else None


def ccode(name: str, scheme: str) -> int | None:
    """The COW code that a name or code stands for; None: no state, or an unknown name (`is_known` tells which).

    >>> ccode("Cambodia", "icews"), ccode("Hong Kong", "icews")
    (811, None)
    """
    found = meaning(name, scheme)
    return found.ccode if found else None


def is_known(name: str, scheme: str) -> bool:
    """Whether the scheme lists a name, be it as no state. No name at all is known: it is that of no country."""
    return not name or meaning(name, scheme) is not None


def or_missing(column: pl.Expr, *empty: str) -> pl.Expr:
    """A column of text with empty cells, and those that say so in words, missing."""
    return pl.when(column.is_in(["", *empty])).then(None).otherwise(column)
