"""The Global Sanctions Data Base (GSDB): sanctions in force in 2013 or later, by year.

One row of `ties` (kind `sanction_imposed`) is a case of the publisher for one sender and one target. Sanctions of the
European Union are told of every member, for the years of its membership; those of the United Nations bind nearly
every state and say nothing of a pair, and those of other organisations cannot be told of a member with certainty:
both go to `review`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amity.catalog import Coverage, Licence, Request, Source, Table, polars_schema
from amity.errors import BadFileError, UnknownValueError
from amity.sources import Parsed
from amity.sources.organisations import UNION
from amity.sources.text import csv_header, read_csv
from amity.states import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from amity.sources.sanction_spells import Spell

KIND = "sanction_imposed"

ABOUT = Source(
    id="gsdb",
    title="Global Sanctions Data Base, third release: cases that ended in 2013 or later",
    producer="Gabriel Felbermayr, Aleksandra Kirilakha, Constantinos Syropoulos, Erdal Yalcin and Yoto Yotov",
    says="Which states had sanctions against which in force, and of which kind, from 2013 to 2022.",
    homepage="https://www.globalsanctionsdatabase.com/",
    licence=Licence(
        id="LicenseRef-GSDB-on-request",
        name="On request from its makers, for research with citation; not passed on by amity",
        url="https://www.globalsanctionsdatabase.com/",
        may_share=False,
    ),
    citation=(
        "Syropoulos, Constantinos, Gabriel Felbermayr, Aleksandra Kirilakha, Erdal Yalcin and Yoto V. Yotov. "
        "2024. The Global Sanctions Data Base, Release 3: COVID-19, Russia, and Multilateral Sanctions. Review "
        "of International Economics 32(1): 12-48, doi:10.1111/roie.12691"
    ),
    bibtex="""@article{gsdb,
  author = {Syropoulos, Constantinos and Felbermayr, Gabriel and Kirilakha, Aleksandra and Yalcin, Erdal
    and Yotov, Yoto V.},
  title = {The Global Sanctions Data Base, Release 3: COVID-19, Russia, and Multilateral Sanctions},
  journal = {Review of International Economics},
  volume = {32},
  number = {1},
  pages = {12--48},
  year = {2024},
  doi = {10.1111/roie.12691}
}""",
    tables=(
        Table(
            "ties",
            (KIND,),
            floor=3_100,
            coverage=Coverage(
                start=date(2013, 1, 1),
                end=None,
                states="every pair of states, in each direction; not through organisations but the European Union",
                zero="no sanction of the first state against the second was in force",
            ),
        ),
    ),
    files="GSDB_V3.csv, one row a case",
    by_hand="https://www.globalsanctionsdatabase.com/",
    oddities=(
        "588 cases; those that ended before 2013 are not in the file: of earlier years it knows only what lasted.",
        "Years only: a sanction begins on the first and ends on the last day of a year, known to the year.",
        "405 cases end in 2022, the last year, and are called ongoing: their end is missing. Two called ongoing "
        "ended before.",
        "85 cases of the European Union are told of every member: 2,353 of 3,132 rows, with the same ref. The "
        "United Kingdom is one until the end of 2020.",
        "76 cases (13 %) are set aside in whole or in part: 39 of the United Nations, 28 of or against other "
        "organisations, 13 of territories, regions and groups that are no states.",
        "Some states bear old names: 22 cases (4 %) speak of South Vietnam, North Yemen, Ceylon, Transjordan, the "
        "Malagasy Republic or Yugoslavia and mean the state of today.",
        "Names stand with commas between them, and a few with one within: 'Gambia, The', 'Yemen, North'.",
        "The file begins with a byte-order mark; 17 descriptions of trade lack the space after the comma.",
        "Success is told for each objective; in 5 cases it differs, and the tie ends with 'mixed success'.",
    ),
)

MEASURES = ("arms", "military", "financial", "travel", "other")
"""Kinds of measure beside trade, as the publisher's columns of 0 and 1."""
TRADE = {
    "exp_part": "exports in part",
    "exp_compl": "all exports",
    "imp_part": "imports in part",
    "imp_compl": "all imports",
}
COLUMNS = (
    *("case_id", "sanctioned_state", "sanctioning_state", "begin", "end", "trade", "descr_trade"),
    *MEASURES,
    *("target_mult", "sender_mult", "objective", "success"),
)
"""The publisher's columns; objectives, and whether several states are named, are not read."""

OUTCOMES = {
    "success_total": "target yielded",
    "success_part": "target yielded in part",
    "failed": "failed",
    "nego_settlement": "settled",
    "ongoing": "",
}
"""What the publisher says of each objective of a case; `ongoing`: the sanction was still in force."""
MIXED = "mixed success"

FIRST_YEAR, LATEST_YEAR = 1945, 2100
COVERED_FROM = 2013
"""The first year of which the file knows every sanction in force: cases that ended before are not in it."""

UNION_NAME = "EU"
INVERTED = ("The", "North", "South")
"""Words behind a comma that belong to the name before it: `Gambia, The`."""
_MEND = "download the file again from https://www.globalsanctionsdatabase.com/"


class Case(NamedTuple):
    """One row of the publisher."""

    number: int
    senders: tuple[str, ...]
    targets: tuple[str, ...]
    begin: int
    end: int
    level: str
    outcomes: tuple[str, ...]


def requests() -> tuple[Request, ...]:
    """None: the file is sent on request (`ABOUT.by_hand`)."""
    return ()


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is this source's: a CSV file with the publisher's header."""
    return name.endswith(".csv") and set(csv_header(head)) == set(COLUMNS)


def parse(files: Mapping[str, bytes]) -> Parsed:
    """Sanctions in force as `ties`, with `coverage` and `review`.

    Unknown columns, measures, outcomes and names raise `UnknownValueError` (`UnknownStateError`); years that are
    none, and cases that end before they begin or stand twice with other values, raise `BadFileError`.
    """
    cases: dict[int, Case] = {}
    for name in sorted(files):
        for number, row in enumerate(read_csv(name, files[name], COLUMNS), start=2):
            case = _case(f"{name}, row {number}", row)
            if cases.setdefault(case.number, case) != case:
                raise BadFileError(f"{name}: case {case.number} stands twice with other values", _MEND)
    told = [cases[number] for number in sorted(cases)]
    file = min(files, default=ABOUT.id)
    ties, review = _told(told, file)
    return Parsed({"ties": ties, "coverage": _coverage(told), "review": review})


def _case(where: str, row: Mapping[str, str]) -> Case:
    begin, end, number = (_number(where, row, column) for column in ("begin", "end", "case_id"))
    if not FIRST_YEAR <= begin <= end <= LATEST_YEAR:
        raise BadFileError(f"{where}: the case lasts from {begin} to {end}", _MEND)
    outcomes = tuple(part.strip() for part in row["success"].split(","))
    _check_known(where, "success", outcomes, OUTCOMES)
    return Case(
        number,
        names(row["sanctioning_state"]),
        names(row["sanctioned_state"]),
        begin,
        end,
        _level(where, row),
        outcomes,
    )


def names(text: str) -> tuple[str, ...]:
    """The names in a cell, which stand with commas between them, and some with a comma within.

    >>> names("Gambia, The, EU, Yemen, North")
    ('Gambia, The', 'EU', 'Yemen, North')
    """
    found: list[str] = []
    for part in text.split(","):
        word = part.strip()
        if word in INVERTED and found:
            found[-1] = f"{found[-1]}, {word}"
        else:
            found.append(word)
    return tuple(dict.fromkeys(found))


def _number(where: str, row: Mapping[str, str], column: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", row[column]):
        raise BadFileError(f"{where}: {column} is no number: {row[column][:20]!r}", _MEND)
    return int(row[column])


def _check_known(
    where: str, column: str, words: Sequence[str], known: Sequence[str] | Mapping[str, str]
) -> None:
    unknown = [word for word in words if word not in known]
    if unknown:
        raise UnknownValueError(
            f"{where}: {column} has the unknown word {unknown[0][:40]!r}",
            "look it up in the publisher's codebook, and teach sources/gsdb.py what it means",
        )


def _level(where: str, row: Mapping[str, str]) -> str:
    for column in ("trade", *MEASURES):
        _check_known(where, column, (row[column],), ("0", "1"))
    trade = [part.strip() for part in row["descr_trade"].split(",") if part.strip()]
    _check_known(where, "descr_trade", trade, TRADE)
    said = [f"trade ({', '.join(TRADE[part] for part in trade)})"] if row["trade"] == "1" else []
    return "; ".join(said + [column for column in MEASURES if row[column] == "1"]) or "not specified"


def _told(cases: Sequence[Case], file: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    from amity.sources import sanction_spells  # noqa: PLC0415

    codes = _codes(cases, file)
    last = max((case.end for case in cases), default=0)
    rows: list[tuple[object, ...]] = []
    review: list[tuple[str, str, str]] = []
    for case in cases:
        sides = [[codes[name, case.end] for name in side] for side in (case.senders, case.targets)]
        senders, targets = ([code for code, _ in side if code] for side in sides)
        rows += sanction_spells.rows(senders, targets, _spell(case, last), f"case {case.number}")
        for name, (_, why) in zip((*case.senders, *case.targets), (*sides[0], *sides[1]), strict=True):
            if why:
                review.append((file, f"case {case.number}, {name}", why))
    frame = pl.DataFrame(review, schema=polars_schema("review"), orient="row")
    return sanction_spells.ties(rows, file), frame


def _codes(cases: Sequence[Case], file: str) -> dict[tuple[str, int], tuple[int | None, str | None]]:
    """Code, or the reason why there is none, of every name and last year of a case; the Union has a code of its
    own."""
    asked = sorted({(name, case.end) for case in cases for name in (*case.senders, *case.targets)})
    states = [(name, year, date(year, 12, 31)) for name, year in asked if name != UNION_NAME]
    schema = {"name": pl.String, "year": pl.Int32, "day": pl.Date}
    frame = resolve(pl.DataFrame(states, schema=schema, orient="row"), "name", ABOUT.id, "day", file=file)
    found: dict[tuple[str, int], tuple[int | None, str | None]] = {
        (name, year): (code, why) for name, year, code, why in frame.drop("day").iter_rows()
    }
    return found | {(name, year): (UNION, None) for name, year in asked if name == UNION_NAME}


def _spell(case: Case, last: int) -> Spell:
    from amity.sources import sanction_spells  # noqa: PLC0415
    from amity.sources.sanction_days import Day  # noqa: PLC0415

    start = Day(date(case.begin, 1, 1), date(case.begin, 12, 31), "year")
    if case.end == last and "ongoing" in case.outcomes:
        return sanction_spells.Spell(KIND, start, "imposed", None, None, case.level)
    outcomes = {OUTCOMES[word] or "ended" for word in case.outcomes}
    ended = outcomes.pop() if len(outcomes) == 1 else MIXED
    return sanction_spells.Spell(
        KIND, start, "imposed", Day(date(case.end, 1, 1), date(case.end, 12, 31), "year"), ended, case.level
    )


def _coverage(cases: Sequence[Case]) -> pl.DataFrame:
    last = max((case.end for case in cases), default=0)
    rows = (
        [("ties", KIND, None, None, date(COVERED_FROM, 1, 1), date(last, 12, 31))]
        if last >= COVERED_FROM
        else []
    )
    return pl.DataFrame(rows, schema=polars_schema("coverage"), orient="row")
