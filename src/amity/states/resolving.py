"""A column of a publisher's names to codes, all rows at once; an unlisted name stops the parse."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from amity.errors import AmbiguousStateError, UnknownStateError, UsageError
from amity.states.meanings import SCHEMES, meanings
from amity.states.words import LONGEST, key

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

_SHOWN = 8


def resolve(
    frame: pl.DataFrame, column: str, scheme: str, date_column: str | None = None, *, file: str
) -> pl.DataFrame:
    """The frame with `ccode` (Int16) and `left_out` (String) added; rows and their order stay as they are.

    `ccode` is missing only for names that the scheme lists as no state; `left_out` then says why, and is missing
    everywhere else. A name that meant different states at different times is read on the day of `date_column`; a
    missing day, or no such column, is today. The code is that of the country as it came to be: it may be outside
    its spells (Belarus in 1946, Jamaica before 1962). `spells` says who was in the system when.

    Names are compared without regard to case, accents and punctuation, else exactly. `file` is named in errors.
    Raises UnknownStateError for names that the scheme does not list, with their counts.

    >>> import polars as pl
    >>> days = [date(1962, 4, 1), date(2020, 1, 1), None]
    >>> visits = pl.DataFrame({"from": ["germany", "germany", "holy-see"], "day": days})
    >>> resolve(visits, "from", "us_visits", "day", file="1960.xml").select("ccode", "left_out").rows()
    [(260, None), (255, None), (None, 'no member of the system')]
    """
    import polars as pl  # noqa: PLC0415

    if scheme not in SCHEMES:
        raise UsageError(f"no scheme of names is called '{scheme}'", f"say one of: {', '.join(SCHEMES)}")
    today = pl.lit(date.today())  # noqa: DTZ011
    when = pl.col(date_column).cast(pl.Date).fill_null(today) if date_column else today
    said = frame.select(_name=pl.col(column).cast(pl.String), _day=when)
    pairs = said.unique()
    listed = _listed(pairs["_name"].unique().to_list(), scheme)
    held = pairs.join(listed, on="_name").filter(pl.col("_day").is_between("_start", "_end"))
    _refuse_unlisted(said, held, file)
    _refuse_unclear(held, file)
    answer = said.join(held, on=["_name", "_day"], how="left", maintain_order="left")
    return frame.with_columns(answer["ccode"], answer["left_out"])


def _listed(names: Iterable[str | None], scheme: str) -> pl.DataFrame:
    import polars as pl  # noqa: PLC0415

    known = meanings(scheme)
    rows = [
        (name, meaning.start or date.min, meaning.end or date.max, meaning.ccode, meaning.left_out or None)
        for name in names
        if name is not None and len(name) <= LONGEST
        for meaning in known.get(key(name), ())
    ]
    schema = {
        "_name": pl.String,
        "_start": pl.Date,
        "_end": pl.Date,
        "ccode": pl.Int16,
        "left_out": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row").unique(maintain_order=True)


def _refuse_unlisted(said: pl.DataFrame, held: pl.DataFrame, file: str) -> None:
    import polars as pl  # noqa: PLC0415

    unknown = said.join(held, on=["_name", "_day"], how="anti")
    if unknown.is_empty():
        return
    counts = unknown.group_by("_name").agg(rows=pl.len()).sort(["rows", "_name"], descending=[True, False])
    shown = ", ".join(f"{_quoted(name)} ({rows} rows)" for name, rows in counts.head(_SHOWN).iter_rows())
    more = f" and {counts.height - _SHOWN} more" if counts.height > _SHOWN else ""
    raise UnknownStateError(
        f"{file}: {counts.height} names stand for no state that amity knows: {shown}{more}",
        "check the spelling; a publisher's new name must be added to amity before the file can be read",
    )


def _quoted(name: str | None) -> str:
    return "no name at all" if name is None else f"'{name[:60]}'"


def _refuse_unclear(held: pl.DataFrame, file: str) -> None:
    unclear = held.filter(held.select("_name", "_day").is_duplicated())
    if not unclear.is_empty():
        name, when = unclear.select("_name", "_day").row(0)
        codes = " or ".join(str(code) for code in unclear.filter(_name=name, _day=when)["ccode"].sort())
        raise AmbiguousStateError(
            f"{file}: '{name}' on {when} could be {codes}", "use another name, or the Correlates of War code"
        )
