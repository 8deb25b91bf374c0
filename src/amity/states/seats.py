"""Who held a seat in the United Nations when: the states that could vote, which is not the list of states.

China's seat was the Republic of China's until 25 October 1971 and the People's Republic's since; the Republic of
China is 713 here for all that time, also before 8 December 1949, when the Correlates of War list still calls the
same government 710. Belarus and Ukraine held seats from 1945, 46 years before they were states of the system;
India and the Philippines some months before. Two Germanies held two seats from 1973 to 1990. Yugoslavia's ended
in 1992, and Serbia's (345 as well) began in 2000.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from amity.states.system import day, rows

if TYPE_CHECKING:
    import polars as pl


PERMANENT = frozenset({2, 200, 220, 365, 710})
"""The permanent members of the Security Council: their lines, by Correlates of War code."""


def members(session_date: date) -> tuple[int, ...]:
    """The Correlates of War codes of the members of the United Nations on a day, in order.

    >>> len(members(date(1945, 12, 31))), 713 in members(date(1971, 10, 24)), 710 in members(date(1971, 10, 25))
    (51, True, True)
    """
    return tuple(
        sorted(
            code
            for code, start, end, _ in _seats()
            if start <= session_date and (end is None or session_date <= end)
        )
    )


def seats() -> pl.DataFrame:
    """One row a seat: `ccode`, its first and last day (missing: to today), and a `note` where one is needed.

    >>> seats().filter(ccode=850).select("start", "end").rows()[0]
    (datetime.date(1950, 9, 28), datetime.date(1965, 1, 20))
    """
    import polars as pl  # noqa: PLC0415

    schema = {"ccode": pl.Int16, "start": pl.Date, "end": pl.Date, "note": pl.String}
    return pl.DataFrame(_seats(), schema=schema, orient="row")


@lru_cache(maxsize=1)
def _seats() -> list[tuple[int, date, date | None, str | None]]:
    return [
        (int(row["ccode"]), date.fromisoformat(row["start"]), day(row["end"]), row["note"] or None)
        for row in rows("seats.csv")
    ]
