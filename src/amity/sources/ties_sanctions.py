"""Threat and Imposition of Economic Sanctions (TIES) 4.1: sanctions that were threatened, and that were imposed, 1945
to 2005.

A case of the publisher gives up to two rows of `ties` for each sender: `sanction_threatened`, from the threat until
it was carried out, withdrawn or settled, and `sanction_imposed`, from the first day of the measures to their end.
`level` says which measures, `who` the organisation where a state acted as a member of the European Union. Issues,
costs and the publisher's remarks are known and not read.
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
from amity.sources.spreadsheets import OLD_EXCEL, rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from amity.sources.sanction_days import Day

KINDS = ("sanction_threatened", "sanction_imposed")

ABOUT = Source(
    id="ties_sanctions",
    title="Threat and Imposition of Economic Sanctions (TIES), v4.1",
    producer="T. Clifton Morgan, Navin Bapat and Yoshiharu Kobayashi",
    says="Which states threatened or imposed economic sanctions against which, in cases that began in 1945 to 2005.",
    homepage="https://sanctions.web.unc.edu/",
    licence=Licence(
        id="LicenseRef-TIES-free-with-citation",
        name="Free for research with citation (TIES); not passed on by amity",
        url="https://sanctions.web.unc.edu/",
        may_share=False,
    ),
    citation=(
        "Morgan, T. Clifton, Navin Bapat and Yoshiharu Kobayashi. 2014. Threat and imposition of economic sanctions "
        "1945-2005: Updating the TIES dataset. Conflict Management and Peace Science 31(5): 541-558, "
        "doi:10.1177/0738894213520379"
    ),
    bibtex="""@article{ties_sanctions,
  author = {Morgan, T. Clifton and Bapat, Navin and Kobayashi, Yoshiharu},
  title = {Threat and imposition of economic sanctions 1945-2005: Updating the TIES dataset},
  journal = {Conflict Management and Peace Science},
  volume = {31},
  number = {5},
  pages = {541--558},
  year = {2014},
  doi = {10.1177/0738894213520379}
}""",
    tables=(
        Table(
            "ties",
            KINDS,
            floor=5_900,
            coverage=Coverage(
                start=date(1945, 1, 1),
                end=date(2005, 12, 31),
                states="every pair of states, in each direction; cases that began before 1945 are not told",
                zero="no sanction is known to have been threatened or imposed; 333 cases have no end (see below)",
            ),
        ),
    ),
    files="TIESv4-1.xls, one row a case",
    by_hand="https://sanctions.web.unc.edu/",
    oddities=(
        "1,412 cases: 567 threats only, 486 threats that were carried out, 359 impositions without a threat.",
        "444 threats and impositions (24 %) have no end: 111 of 1,023 threats, 333 of 835 impositions. They are "
        "told to the last day on which the publisher heard of them, else to their first day; ended is 'no end on "
        "record'.",
        "The European Union (or Communities) is numbered 1000: sender of 56 cases, target of 44; 53 more name no "
        "sender and it as the only institution. Its 153 cases are told of every member: 3,504 of 5,999 rows, "
        "with the same ref.",
        "32 cases (2 %) name institutions only, no state, and are set aside.",
        "128 beginnings (9 %) lack the day, 34 of them the month; 3 years of imposition are hedged in words.",
        "4 days are 31 June, one is a question mark, 2 stand without a month: known to the month or year.",
        "8 cases have a day of imposition and are said not to be imposed; 5 are imposed on a day that is not given.",
        "In one case the threat, in another the sanction ends before it begins; these two rows are set aside.",
        "6 primary senders are not among the senders, two of them Germany under its two numbers.",
        "Most cases are quarrels over trade: in 681 (48 %) the main issue is trade practice.",
        "Cases are followed beyond 2005, the last of them to 2013; none begins later.",
    ),
)

SHEET = "TIESv4.1.raw"
SENDERS = ("sender1", "sender2", "sender3", "sender4", "sender5")
COLUMNS = (
    *("caseid", "startmonth", "startday", "startyear", "endmonth", "endday", "endyear", "ongoingasofmonth"),
    *("ongoingasofday", "ongoingasofyear", "sender1", "sender2", "sender3", "sender4", "sender5"),
    *("primarysender", "targetstate", "institution", "institutionid", "targetinstitution"),
    *("otherinstitution", "issue1", "issue2", "issue3", "otherissue", "threat", "threatid1", "threatid2"),
    *("threatid3", "sanctiontypethreat", "othersanctiontypethreatened", "bspecif", "scommit"),
    *("threatenedtargetinterest", "dsanctions", "carrots", "anticipatedtargetcosts"),
    *("anticipatedtargetcostsfigureifav", "tcurrency", "tyearofestimate", "anticipatedsendercosts"),
    *("scurrency", "syearofestimate", "imposition", "sancimpositionstartmonth", "sancimpositionstartday"),
    *("sancimpositionstartyear", "sanctionidentity", "sanctiontype", "othersanctiontype"),
    *("implementationofdiplomaticsancti", "carrotsduringsanction", "carrotvalue", "carrotcurrency"),
    *("carrotyear", "targetcosts", "targeteconomiccostsfigure", "targeteconomiccostscurrency"),
    *("targeteconomiccostsyear", "sendercosts", "sendereconomiccostsfigure", "sendereconomiccostscurrency"),
    *("sendereconomiccostsyear", "finaloutcome", "settlementnaturesender", "settlementnaturetarget"),
)
"""The publisher's columns; read are ids, days, senders, target, whether threatened or imposed, measures and
outcome."""

MEASURES = (
    *("total embargo", "partial embargo", "import restriction", "export restriction", "blockade"),
    *("asset freeze", "aid ended", "travel ban", "agreement suspended", "other"),
)
"""What was imposed, by the publisher's numbers 1 to 10. What was threatened is numbered from 1 for nothing specific,
so that each number is higher by one."""
NOT_SPECIFIED = "not specified"

OUTCOMES = {
    1: "target yielded in part",
    2: "target yielded",
    3: "sender gave up",
    4: "settled",
    5: "stalemate",
    6: "target yielded in part",
    7: "target yielded",
    8: "sender gave up",
    9: "settled",
    10: "stalemate",
}
"""How a case ended, by the publisher's numbers: at the stage of threats (1 to 5) and after imposition (6 to 10)."""

UNION_ALONE = frozenset({1653, 1830})
"""The numbers of the Communities and the Union among institutions."""
_MEND = "download TIESv4-1.xls again from https://sanctions.web.unc.edu/"


class Case(NamedTuple):
    """One row of the publisher, read."""

    number: int
    target: int
    senders: tuple[int, ...]
    started: Day
    imposed: Day | None
    ended: Day | None
    last_heard: Day | None
    threat: bool
    imposition: bool
    threatened: str
    measures: str
    outcome: str | None
    notes: tuple[str, ...]


def requests() -> tuple[Request, ...]:
    """None: the file is a person's to fetch (`ABOUT.by_hand`)."""
    return ()


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is this source's: a spreadsheet of Excel 97 whose name begins with TIES.

    >>> recognises("Downloads/TIESv4-1 (1).xls", OLD_EXCEL)
    True
    """
    return bool(re.fullmatch(r"TIES.*\.xls", name.rsplit("/", 1)[-1], re.IGNORECASE)) and head.startswith(
        OLD_EXCEL
    )


def parse(files: Mapping[str, bytes]) -> Parsed:
    """Threats and impositions as `ties`, with `coverage` and `review`.

    Unknown columns, measures, outcomes and codes raise `UnknownValueError` (`UnknownStateError`). Cases without a
    sender that is a state, without a day that is needed, or whose days contradict each other go to `review`.
    """
    from amity.sources import sanction_spells  # noqa: PLC0415

    cases: dict[int, Case] = {}
    for name in sorted(files):
        for case in _cases(name, files[name]):
            if cases.setdefault(case.number, case) != case:
                raise BadFileError(f"{name}: case {case.number} stands twice with other values", _MEND)
    told = [cases[number] for number in sorted(cases)]
    file = min(files, default=ABOUT.id)
    ties, review = sanction_spells.of_cases(told, file)
    spoken = ABOUT.tables[0].coverage
    covered = [("ties", kind, None, None, spoken.start, spoken.end) for kind in KINDS if told]
    return Parsed(
        {
            "ties": ties,
            "coverage": pl.DataFrame(covered, schema=polars_schema("coverage"), orient="row"),
            "review": review,
        }
    )


def _cases(name: str, data: bytes) -> Iterator[Case]:
    for number, row in enumerate(rows(name, data, SHEET, COLUMNS), start=2):
        yield _case(f"{name}, row {number}", row)


def _case(where: str, row: Mapping[str, str | float]) -> Case:
    from amity.sources.sanction_days import read_day  # noqa: PLC0415

    notes: list[str] = []
    started, imposed, ended, heard = (
        read_day(where, tuple(row[f"{what}{part}"] for part in ("year", "month", "day")), what, notes)
        for what in ("start", "sancimpositionstart", "end", "ongoingasof")
    )
    if started is None:
        raise BadFileError(f"{where}: the year in which the case begins is missing", _MEND)
    threat, imposition = _flag(where, row, "threat"), _flag(where, row, "imposition")
    if not threat and not imposition:
        raise BadFileError(f"{where}: neither threatened nor imposed", _MEND)
    if imposed is not None and not imposition:
        notes.append("it has a day of imposition and is said not to have been imposed: read as a threat only")
    return Case(
        number=_number(where, row, "caseid", 9_999_999_999),
        target=_number(where, row, "targetstate", 9_999),
        senders=_senders(where, row, notes),
        started=started,
        imposed=imposed,
        ended=ended,
        last_heard=heard,
        threat=threat,
        imposition=imposition,
        threatened=_measures(where, row, "sanctiontypethreat", (NOT_SPECIFIED, *MEASURES[:-1])),
        measures=_measures(where, row, "sanctiontype", MEASURES),
        outcome=_outcome(where, row),
        notes=tuple(notes),
    )


def _senders(where: str, row: Mapping[str, str | float], notes: list[str]) -> tuple[int, ...]:
    """The states that acted. Where the publisher names none: its primary sender, or the Union if it acted alone."""
    found = [_number(where, row, column, 9_999) for column in SENDERS if row[column] != ""]
    primary = _number(where, row, "primarysender", 9_999) if row["primarysender"] != "" else None
    if not found and primary:
        return (primary,)
    institutions = _numbers(where, row, "institutionid")
    if not found and institutions and set(institutions) <= UNION_ALONE:
        return (UNION,)
    if primary and primary not in found:
        notes.append("its primary sender is not among its senders: the senders count")
    return tuple(dict.fromkeys(found))


def _number(where: str, row: Mapping[str, str | float], column: str, most: int) -> int:
    value = row[column]
    if not isinstance(value, float) or not 0 <= value <= most or not value.is_integer():
        raise BadFileError(f"{where}: {column} is no number up to {most:,}: {str(value)[:40]!r}", _MEND)
    return int(value)


def _numbers(where: str, row: Mapping[str, str | float], column: str) -> list[int]:
    """The whole numbers of a cell that may hold several, with spaces between."""
    value = row[column]
    text = f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
    if not re.fullmatch(r"(?:[0-9]{1,4}(?:\s+|$))*", text):
        raise BadFileError(f"{where}: {column} holds no numbers: {text[:40]!r}", _MEND)
    return [int(number) for number in text.split()]


def _flag(where: str, row: Mapping[str, str | float], column: str) -> bool:
    if row[column] not in (0.0, 1.0):
        raise UnknownValueError(
            f"{where}: {column} is neither 0 nor 1: {str(row[column])[:20]!r}",
            "look it up in the publisher's codebook, and teach sources/ties_sanctions.py what it means",
        )
    return row[column] == 1.0


def _measures(where: str, row: Mapping[str, str | float], column: str, words: tuple[str, ...]) -> str:
    numbers = sorted(set(_numbers(where, row, column)))
    unknown = [number for number in numbers if not 1 <= number <= len(words)]
    if unknown:
        raise UnknownValueError(
            f"{where}: {column} has the unknown number {unknown[0]}",
            "look it up in the publisher's codebook, and add it to MEASURES in sources/ties_sanctions.py",
        )
    return "; ".join(words[number - 1] for number in numbers) or NOT_SPECIFIED


def _outcome(where: str, row: Mapping[str, str | float]) -> str | None:
    if row["finaloutcome"] == "":
        return None
    number = _number(where, row, "finaloutcome", 99)
    if number not in OUTCOMES:
        raise UnknownValueError(
            f"{where}: finaloutcome has the unknown number {number}",
            "look it up in the publisher's codebook, and add it to OUTCOMES in sources/ties_sanctions.py",
        )
    return OUTCOMES[number]
