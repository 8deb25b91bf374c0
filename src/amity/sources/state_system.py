"""The Correlates of War state system: which states existed from when to when.

The registry of `amity.states` ships these spells, extended to today; this source reads the publisher's own file,
so that the two can be compared and a new release noticed. Its spells are `coverage` rows: of whom the system
speaks, and when. There is no evidence in it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import Coverage, Licence, Request, Source, Table, polars_schema
from amity.errors import BadFileError
from amity.sources import Parsed
from amity.sources.text import read_csv, read_day

if TYPE_CHECKING:
    from collections.abc import Mapping

ABOUT = Source(
    id="state_system",
    title="State System Membership List, v2016",
    producer="Correlates of War Project",
    says="Which states were members of the international system, from 1816 to 2016, with days and codes.",
    homepage="https://correlatesofwar.org/data-sets/state-system-membership/",
    licence=Licence(
        id="LicenseRef-COW-free-with-citation",
        name="Free to use with citation (Correlates of War); facts only are passed on",
        url="https://correlatesofwar.org/data-sets/",
        may_share=True,
    ),
    citation=(
        'Correlates of War Project. 2017. "State System Membership List, v2016." https://correlatesofwar.org'
    ),
    bibtex="""@misc{cow_states_2016,
  author = {{Correlates of War Project}},
  title = {State System Membership List, v2016},
  year = {2017},
  howpublished = {\\url{https://correlatesofwar.org}}
}""",
    tables=(
        Table(
            "coverage",
            ("member of the system",),
            floor=240,
            coverage=Coverage(
                start=date(1816, 1, 1),
                end=date(2016, 12, 31),
                states="every member of the system",
                zero="the state was not a member of the system",
            ),
        ),
    ),
    files="states2016.csv, one row a spell of membership",
    by_hand="https://correlatesofwar.org/data-sets/state-system-membership/",
    oddities=(
        "243 spells of 217 states; spells that last to the end of the list end on 31 December 2016, its last day.",
    ),
)

COLUMNS = (
    *("stateabb", "ccode", "statenme", "styear", "stmonth", "stday"),
    *("endyear", "endmonth", "endday", "version"),
)
KIND = "member of the system"
_MEND = "download states2016.csv again from https://correlatesofwar.org/data-sets/state-system-membership/"


def requests() -> tuple[Request, ...]:
    """None: the list comes zipped, and is a person's to fetch (`ABOUT.by_hand`)."""
    return ()


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is this source's: a CSV file with the publisher's header."""
    return name.endswith(".csv") and head.removeprefix(b"\xef\xbb\xbf").startswith(",".join(COLUMNS).encode())


def parse(files: Mapping[str, bytes]) -> Parsed:
    """The spells of membership as `coverage`, and an empty `review`."""
    members = spells(files).select(
        pl.lit("coverage").alias("table"),
        pl.lit(KIND).alias("kind"),
        pl.col("ccode").alias("ccode_from"),
        pl.lit(None, dtype=pl.Int16).alias("ccode_to"),
        "start",
        "end",
    )
    return Parsed({"coverage": members, "review": pl.DataFrame(schema=polars_schema("review"))})


def spells(files: Mapping[str, bytes]) -> pl.DataFrame:
    """Every spell of membership: ccode, cowc, name, start, end (both days included), in the publisher's order.

    Spells that end before they start, or overlap another one of their state, raise `BadFileError`.
    """
    rows = [
        _spell(name, number, row) for name in sorted(files) for number, row in _numbered(name, files[name])
    ]
    frame = pl.DataFrame(
        list(dict.fromkeys(rows)),
        schema={"ccode": pl.Int16, "cowc": pl.String, "name": pl.String, "start": pl.Date, "end": pl.Date},
        orient="row",
    )
    overlapping = frame.sort("ccode", "start").filter(
        (pl.col("ccode") == pl.col("ccode").shift()) & (pl.col("start") <= pl.col("end").shift())
    )
    if overlapping.height:
        raise BadFileError(f"{overlapping.height} spells overlap another one of their state", _MEND)
    return frame


def _numbered(name: str, data: bytes) -> enumerate[dict[str, str]]:
    return enumerate(read_csv(name, data, COLUMNS), start=2)


def _spell(name: str, number: int, row: Mapping[str, str]) -> tuple[int, str, str, date, date]:
    where = f"{name}, row {number}"
    ccode = row["ccode"]
    if not (ccode.isascii() and ccode.isdigit() and 2 <= int(ccode[:6]) <= 999):
        raise BadFileError(f"{where}: {ccode[:20]!r} is no COW code", _MEND)
    start, end = (_day(where, row, prefix) for prefix in ("st", "end"))
    if end < start:
        raise BadFileError(f"{where}: the spell ends ({end}) before it starts ({start})", _MEND)
    return int(ccode), row["stateabb"], row["statenme"], start, end


def _day(where: str, row: Mapping[str, str], prefix: str) -> date:
    year, month, day = (row[prefix + part] for part in ("year", "month", "day"))
    return read_day(where, f"{year}-{month:0>2}-{day:0>2}")
