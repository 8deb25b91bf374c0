"""The two state systems as frames, for joins: Correlates of War, and Gleditsch and Ward."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from amity.states.system import day, rows

if TYPE_CHECKING:
    import polars as pl


@cache
def spells() -> pl.DataFrame:
    """The Correlates of War state system, 1816 to today: `ccode, cowc, name, start, end`, one row a spell.

    `end` is missing for spells that are open today; the published list (version 2016) closes them on 2016-12-31.
    Names are the publisher's. Both days belong to the spell.

    >>> spells().filter(ccode=811).row(0)
    (811, 'CAM', 'Cambodia', datetime.date(1953, 11, 9), None)
    """
    import polars as pl  # noqa: PLC0415

    schema = {"ccode": pl.Int16, "cowc": pl.String, "name": pl.String, "start": pl.Date, "end": pl.Date}
    return pl.DataFrame(
        [(int(row["ccode"]), row["cowc"], row["name"], *_days(row)) for row in rows("spells.csv")],
        schema=schema,
        orient="row",
    )


def gw_spells() -> pl.DataFrame:
    """The Gleditsch-Ward list, 1816 to today: `gwcode, gwc, name, start, end, microstate`, one row a spell.

    `end` is missing for spells that are open today (2017-12-31 in the published list). `microstate` marks their
    supplementary list of states under 250,000 people.

    >>> gw_spells().filter(gwcode=345).select("start", "end").row(0)
    (datetime.date(1918, 12, 1), datetime.date(2006, 6, 4))
    """
    import polars as pl  # noqa: PLC0415

    schema = {
        "gwcode": pl.Int16,
        "gwc": pl.String,
        "name": pl.String,
        "start": pl.Date,
        "end": pl.Date,
        "microstate": pl.Boolean,
    }
    return pl.DataFrame(
        [
            (int(row["gwcode"]), row["gwc"], row["name"], *_days(row), row["microstate"] == "true")
            for row in rows("gw_spells.csv")
        ],
        schema=schema,
        orient="row",
    )


def _days(row: dict[str, str]) -> tuple[date, date | None]:
    return date.fromisoformat(row["start"]), day(row["end"])
