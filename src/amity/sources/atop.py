"""Alliance Treaty Obligations and Provisions (ATOP), 1815 to 2018: what states pledged to each other, and when.

Read from the publisher's file of members, one row a member and phase of an alliance. One row of `ties` is one pledge
of one state to another member of the same alliance: to defend it, to join it in attack, to stay neutral, not to
attack it, to consult it. `level` says whether the other pledged the same (mutual) or not (one-sided), or that pledges
go to some members only, of whom the other need not be one.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amity.catalog import Coverage, Licence, Request, Source, Table, polars_schema
from amity.errors import BadFileError, UnknownValueError
from amity.sources import Parsed
from amity.sources.text import csv_header, read_csv, read_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from amity.sources.text import Dated

PLEDGES = {
    "defense": "alliance_defense",
    "offense": "alliance_offense",
    "neutral": "alliance_neutrality",
    "nonagg": "alliance_nonaggression",
    "consul": "alliance_consultation",
}
"""The publisher's five obligations, as kinds of tie."""

ABOUT = Source(
    id="atop",
    title="Alliance Treaty Obligations and Provisions (ATOP), v5.1",
    producer="Brett Ashley Leeds and others, Rice University",
    says="Which states were allied, from which day to which, and what each had pledged to the other.",
    homepage="https://www.atopdata.org/data.html",
    licence=Licence(
        id="LicenseRef-ATOP-free-with-citation",
        name="Free for research with citation (ATOP); not passed on by amity",
        url="https://www.atopdata.org/data.html",
        may_share=False,
    ),
    citation=(
        "Leeds, Brett Ashley, Jeffrey M. Ritter, Sara McLaughlin Mitchell and Andrew G. Long. 2002. Alliance "
        "Treaty Obligations and Provisions, 1815-1944. International Interactions 28(3): 237-260, "
        "doi:10.1080/03050620213653. Data: Alliance Treaty Obligations and Provisions (ATOP), v5.1"
    ),
    bibtex="""@article{atop,
  author = {Leeds, Brett Ashley and Ritter, Jeffrey M. and Mitchell, Sara McLaughlin and Long, Andrew G.},
  title = {Alliance Treaty Obligations and Provisions, 1815-1944},
  journal = {International Interactions},
  volume = {28},
  number = {3},
  pages = {237--260},
  year = {2002},
  doi = {10.1080/03050620213653},
  note = {Data: ATOP, v5.1}
}""",
    tables=(
        Table(
            "ties",
            tuple(PLEDGES.values()),
            floor=31_500,
            coverage=Coverage(
                start=date(1815, 1, 1),
                end=date(2018, 12, 31),
                states="every pair of states, in each direction",
                zero="the first state had pledged nothing of the kind to the second",
            ),
        ),
    ),
    files="atop5_1m.csv, one row a member and phase of an alliance",
    by_hand="https://www.atopdata.org/data.html",
    oddities=(
        "2,510 members and phases of 789 alliances give 31,820 pledges of one state to another.",
        "Which member a pledge is made to is not in the file: 266 pledges (0.8 %), of alliances whose obligations "
        "vary, are marked 'to some members'; 201 of them are in the dyad-years that R users have "
        "(atop_alliance.rda), and so are all others.",
        "59 pledges are one-sided: the other member had pledged nothing of the kind.",
        "1,070 rows (43 %) are of pledges under conditions (a place, an adversary, a number), which are not read.",
        "5 days of entry and 31 of exit are missing: known to the month. Open alliances have 0 for the day of exit.",
        "98 rows (4 %) are of members outside the Correlates of War system at the time (German states in 1815, "
        "Syria in 1950); one has a number outside its list (8152) and is set aside.",
        "On 22 May and 3 October 1990 an old and a new Yemen and Germany share one day in an alliance: no pledge.",
    ),
)

COLUMNS = (
    *("atopid", "cowid", "cow4id", "member", "cowsys", "yrent", "moent", "dayent", "yrexit", "moexit"),
    *("dayexit", "ineffect", "bilat", "phase", "maxphase", "wartime", "cowwar", "estmode", "pubsecr"),
    *("secrart", "proadd", "futmem", "speclgth", "length", "renounce", "proren", "renewlgt", "term"),
    *("termmode", "termcaus", "defense", "offense", "neutral", "nonagg", "consul", "active", "conditio"),
    *("defcon", "offcon", "neucon", "concon", "defcoadv", "defcoloc", "defcocon", "defconum", "defcodem"),
    *("defconpr", "offcoadv", "offcoloc", "offcocon", "offconum", "offcodem", "neucoadv", "neucoloc"),
    *("neucocon", "neuconum", "neucodem", "neuconpr", "neucoatt", "concoadv", "concoloc", "concocon"),
    *("concoreq", "olimob", "asymm", "obvary", "notaiden", "dipaid", "terrres", "seppeace", "thirdcom"),
    *("noothall", "specthrt", "statthr1", "statthr2", "conwtin", "medarb", "milcon", "milaid", "intcom"),
    *("subord", "organ1", "orgpurp1", "organ2", "orgpurp2", "base", "contrib", "armred", "acqterr"),
    *("divgains", "demwith", "reflnun", "refothio", "natrefal", "compag", "nomicoop", "conres", "agprois"),
    *("conmen", "ecaid", "interv", "source", "new5", "rev5", "version"),
)
"""The publisher's columns; read are the ids, the days of entry and exit, the five obligations, and whether they
vary."""

NO_STATE = {"8152": "no member of the Correlates of War system under any code"}
"""Members that the publisher numbers outside the Correlates of War list, with the reason why they are set aside."""
RECORD_ENDS = date(2018, 12, 31)
_MEND = "download the file again from https://www.atopdata.org/data.html"


class Member(NamedTuple):
    """One row of the publisher: a state's time in a phase of an alliance, and what it had pledged."""

    atopid: int
    phase: int
    code: str
    entered: date
    entered_precision: str
    left: date | None
    left_precision: str | None
    varies: bool
    """Whether the members' pledges go to some of the others only."""
    pledges: tuple[bool, ...]


def requests() -> tuple[Request, ...]:
    """None: the data come zipped, and are a person's to fetch (`ABOUT.by_hand`)."""
    return ()


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is this source's: a CSV file of members, with the publisher's header."""
    return name.endswith(".csv") and set(csv_header(head)) == set(COLUMNS)


def parse(files: Mapping[str, bytes]) -> Parsed:
    """Pledges as `ties`, with `coverage` and `review` (members that are no states of the system).

    Obligations other than 0 and 1, unknown columns and codes raise `UnknownValueError` (`UnknownStateError`); days
    that no calendar has, and members that leave before they enter, raise `BadFileError`.
    """
    from amity.sources import pledges  # noqa: PLC0415

    members = list(dict.fromkeys(one for name in sorted(files) for one in _members(name, files[name])))
    known = [one for one in members if one.code not in NO_STATE]
    file = min(files, default=ABOUT.id)
    spoken = ABOUT.tables[0].coverage
    covered = [("ties", kind, None, None, spoken.start, spoken.end) for kind in PLEDGES.values() if members]
    left_out = [
        (file, f"alliance {one.atopid}, member {one.code}", NO_STATE[one.code])
        for one in members
        if one.code in NO_STATE
    ]
    return Parsed(
        {
            "ties": pledges.ties(known, tuple(PLEDGES.values()), file),
            "coverage": pl.DataFrame(covered, schema=polars_schema("coverage"), orient="row"),
            "review": pl.DataFrame(left_out, schema=polars_schema("review"), orient="row").sort("place"),
        }
    )


def _members(name: str, data: bytes) -> Iterator[Member]:
    for number, row in enumerate(read_csv(name, data, COLUMNS), start=2):
        where = f"{name}, row {number}"
        entered = _day(where, row, "ent")
        if entered is None:
            raise BadFileError(f"{where}: the year of entry is missing", _MEND)
        left = _day(where, row, "exit")
        if (left is None) != (row["ineffect"] == "1"):
            raise BadFileError(
                f"{where}: the day of exit and ineffect ({row['ineffect'][:20]!r}) do not fit", _MEND
            )
        if left is not None and left.last < entered.first:
            raise BadFileError(f"{where}: the member leaves before it enters", _MEND)
        yield Member(
            *(_number(where, row, "atopid"), _number(where, row, "phase"), row["member"]),
            *(entered.first, entered.precision),
            *((left.last, left.precision) if left else (None, None)),
            varies=_flag(where, row, "obvary"),
            pledges=tuple(_flag(where, row, column) for column in PLEDGES),
        )


def _day(where: str, row: Mapping[str, str], side: str) -> Dated | None:
    """The day of entry or exit, as far as it is given; None where the year is 0."""
    year, month, day = (row[f"{part}{side}"] for part in ("yr", "mo", "day"))
    if year == "0":
        return None
    parts = [year, *(part.zfill(2) for part in (month, day) if part not in ("", "0"))]
    if day not in ("", "0") and month in ("", "0"):
        raise BadFileError(f"{where}: a day without a month", _MEND)
    return read_date(where, "-".join(parts))


def _number(where: str, row: Mapping[str, str], column: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", row[column]):
        raise BadFileError(f"{where}: {column} is no number: {row[column][:20]!r}", _MEND)
    return int(row[column])


def _flag(where: str, row: Mapping[str, str], column: str) -> bool:
    if row[column] not in ("0", "1"):
        raise UnknownValueError(
            f"{where}: {column} is neither 0 nor 1: {row[column][:20]!r}",
            "look it up in the publisher's codebook, and teach sources/atop.py what it means",
        )
    return row[column] == "1"
