"""What seven Chinese leaders did with other countries from 2003 to 2018, day by day, out of China Vitae.

Three kinds of row come of its sentences. A *visit* from China is a stay of one leader in one country; a *visit* to
China is a stay of a head of state, head of government or foreign minister whom one of the seven met there; a *meeting*
is a day on which one of them met somebody who speaks for another state, wherever it was. Headlines, telephone calls,
messages and condolences are known and not read.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amity import cameo
from amity.catalog import Coverage, Licence, Request, Source, Table, polars_schema
from amity.errors import BadFileError, UnknownValueError
from amity.sources import Parsed
from amity.sources.china_engagements.sentences import SCHEME, Person, Told, read
from amity.sources.china_engagements.stays import stays
from amity.states import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ABOUT = Source(
    id="china_engagements",
    title="China Vitae: engagements of seven Chinese leaders",
    producer="China Vitae (Carnegie Endowment for International Peace); collected by G. B. Walker",
    says="Where China's president, premier and foreign minister were, and whom they met, by day from 2003 to 2018.",
    homepage="https://github.com/gbwalker/chinese-diplomacy-and-financing",
    licence=Licence(
        id="LicenseRef-China-Vitae-unstated",
        name="No licence stated by the publisher: for a user's own reading, not passed on",
        url="https://github.com/gbwalker/chinese-diplomacy-and-financing",
        may_share=False,
    ),
    citation=(
        "China Vitae, Carnegie Endowment for International Peace. Engagements of Hu Jintao, Wen Jiabao, Xi Jinping, "
        "Li Keqiang, Li Zhaoxing, Yang Jiechi and Wang Yi, 2003-2018. Collected by G. B. Walker: Elite Chinese "
        "Diplomacy and Financial Flows, https://github.com/gbwalker/chinese-diplomacy-and-financing"
    ),
    bibtex="""@misc{china_engagements,
  author = {{China Vitae, Carnegie Endowment for International Peace}},
  title = {China Vitae: Engagements of seven Chinese leaders, 2003--2018},
  howpublished = {\\url{https://github.com/gbwalker/chinese-diplomacy-and-financing}},
  note = {Collected by G. B. Walker}
}""",
    tables=(
        Table(
            "acts",
            ("visit", "meeting"),
            floor=5300,
            coverage=Coverage(
                start=date(2003, 1, 9),
                end=None,
                states="China with every state: its president, premier and foreign minister of the time abroad, and "
                "heads of state and government and foreign ministers whom they met in China",
                zero="no such visit or meeting is told",
            ),
        ),
    ),
    files="all_engagements_2003-2018.rds, one row a leader, day and country named in the sentence",
    by_hand="https://github.com/gbwalker/chinese-diplomacy-and-financing",
    oddities=(
        "5,705 rows, one for each leader, day and country whose name the sentence holds; 5,095 sentences by day and "
        "leader. 714 of them (14 %) are headlines, calls and messages, or name no place, and are not read.",
        "The collector kept one sentence a leader, day and country, so that a headline can have taken the place of a "
        "meeting.",
        "The column country is found by letters and not read: 34 of 4,842 rows (0.7 %) name a state in which nobody "
        "was and which nobody met stands for (Wales out of New South Wales, Spain out of Port of Spain).",
        "Who is met is told by a title in brackets, with or without the state's name: 134 people have a title that "
        "names none or two, or are Chinese, and are no meeting.",
        "A stay counts from the first day told to the last; of 787 days that follow another one in the same country "
        "within a month, 773 follow by at most three days and are the same stay.",
        "Beside the yearly list of the trips of presidents and premiers (`china_trips`): of its 295 trips of 2003 to "
        "2018, 268 (91 %) are here; of the 359 stays here, 91 (25 %) are not there. Of the 15 visits to the United "
        "States that its historians list all are here, within two days.",
        "Visits to China are known only where one of the seven met the guest and the sentence was kept: of 35 visits "
        "of American presidents and secretaries of state 20 are here. No visit on record means nothing; the panel "
        "gives none, and `coverage` does not claim them.",
        "Guests' names are spelt in several ways (Hun Sen, Sen Hun, Samdech Techo Hun Sen), so that a guest's stays "
        "are told apart by state and rank.",
        "Kings of Cambodia stay in Beijing for their health: being met there counts as a visit.",
    ),
)

COLUMNS = ("date", "year", "country", "leader", "text")
"""The publisher's columns; the country is checked and not read: the collector found it by its letters."""


class Office(NamedTuple):
    """The offices that one of the seven held: from which day to which, with what rank."""

    rank: str
    start: date
    end: date


OFFICES = {
    "Hu Jintao": Office("head of state", date(2003, 3, 15), date(2013, 3, 13)),
    "Xi Jinping": Office("head of state", date(2013, 3, 14), date.max),
    "Wen Jiabao": Office("head of government", date(2003, 3, 16), date(2013, 3, 14)),
    "Li Keqiang": Office("head of government", date(2013, 3, 15), date(2023, 3, 10)),
    "Li Zhaoxing": Office("foreign minister", date(2003, 3, 17), date(2007, 4, 26)),
    "Yang Jiechi": Office("foreign minister", date(2007, 4, 27), date(2013, 3, 15)),
    "Wang Yi": Office("foreign minister", date(2013, 3, 16), date.max),
}
"""Offices of state of the seven; on other days, such as Yang Jiechi's later in 2013, they rank as other leader."""
ORDER = ("head of state", "head of government", "foreign minister", "other leader")

CHINA = 710
AT_HOME, ABROAD, ELSEWHERE = "043", "040", "044"
"""CAMEO: host a visit; consult (the visit itself is a row of its own); meet at a third location."""
_MEND = "get the file again; it is damaged, or its collector changed it"


class Row(NamedTuple):
    """A sentence on a leader's page."""

    day: date
    leader: str
    text: str


def requests() -> tuple[Request, ...]:
    """None: the file lies in a project's repository and may not be passed on (`ABOUT.by_hand` says where it is)."""
    return ()


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is this source's: by its name, and by how R data begin."""
    from amity.sources import rdata  # noqa: PLC0415  (NumPy is for parsing; who asks only what this is does without)

    base = name.rsplit("/", 1)[-1]
    return base.startswith("all_engagements") and base.endswith(".rds") and head.startswith(rdata.MAGIC)


def parse(files: Mapping[str, bytes]) -> Parsed:
    """Visits both ways and meetings as `acts`, with `coverage` and `review`.

    Unknown countries and places raise `UnknownStateError`, unknown leaders `UnknownValueError`, days that are none
    `BadFileError`. A sentence that stands on several pages is a visit of each leader who travelled, and one meeting.
    """
    rows = sorted(dict.fromkeys(row for name in sorted(files) for row in _rows(name, files[name])))
    told = [(row, said) for row in rows if (said := read(row.text))]
    hosts = _hosts(told)
    abroad = [(row, said, host) for (row, said), host in zip(told, hosts, strict=True)]
    acts = [*_outward(abroad), *_inward(told), *_meetings(abroad)]
    ordered = sorted(acts, key=lambda act: (act[0], str(act[-1])))
    return Parsed(
        {
            "acts": pl.DataFrame(ordered, schema=polars_schema("acts"), orient="row"),
            "coverage": _coverage(rows),
            "review": _review(rows, abroad),
        }
    )


def _rows(name: str, data: bytes) -> Iterator[Row]:
    from amity.sources import rdata  # noqa: PLC0415

    frame = next(iter(rdata.read(name, data).values()))
    if sorted(frame.columns) != sorted(COLUMNS) or any(dtype != pl.String for dtype in frame.dtypes):
        raise UnknownValueError(
            f"{name} does not have the columns {', '.join(COLUMNS)}, all text",
            "tell sources/china_engagements",
        )
    if frame.null_count().sum_horizontal().item():
        raise BadFileError(f"{name} has empty cells", _MEND)
    unknown = frame.filter(~pl.col("leader").is_in([*OFFICES]))
    if unknown.height:
        raise UnknownValueError(
            f"{name} has {unknown.height} rows of a leader whose offices are not known: {unknown['leader'][0][:40]!r}",
            "add the leader to OFFICES in sources/china_engagements",
        )
    resolve(frame, "country", SCHEME, file=name)
    for day, year, _, leader, text in frame.select(COLUMNS).iter_rows():
        yield Row(_day(name, day, year), leader, text)


def _day(name: str, text: str, year: str) -> date:
    try:
        day = datetime.strptime(text, "%m/%d/%y").date()  # noqa: DTZ007  (a day of the calendar)
    except ValueError:
        raise BadFileError(f"{name}: {text[:20]!r} is not a day such as 04/23/15", _MEND) from None
    if str(day.year) != year:
        raise BadFileError(f"{name}: the day {text} stands in the year {year[:20]!r}", _MEND)
    return day


def rank_of(leader: str, day: date) -> str:
    """The rank of one of the seven on a day."""
    office = OFFICES[leader]
    return office.rank if office.start <= day <= office.end else "other leader"


def _hosts(told: Sequence[tuple[Row, Told]]) -> list[tuple[int | None, str | None]]:
    """Of every sentence the state of its place, and why there is none; neither: it is in China."""
    frame = pl.DataFrame(
        [(index, said.country, row.day) for index, (row, said) in enumerate(told) if said.country],
        schema={"index": pl.Int64, "country": pl.String, "date": pl.Date},
        orient="row",
    )
    read_places = resolve(frame, "country", SCHEME, "date", file=f"the sentences of {ABOUT.id}")
    found = {
        index: (code, why)
        for index, code, why in read_places.select("index", "ccode", "left_out").iter_rows()
    }
    return [found.get(index, (None, None)) for index in range(len(told))]


Abroad = tuple[Row, Told, tuple[int | None, str | None]]


def _outward(told: Sequence[Abroad]) -> Iterator[tuple[object, ...]]:
    """Stays of each leader in each country; those who travelled together are each a visit."""
    days = [
        (code, rank_of(row.leader, row.day), row.leader, row.leader, row.day, said.place)
        for row, said, (code, _) in told
        if code is not None
    ]
    for code, rank, who, start, length, place in stays(_days(days)).iter_rows():
        yield _act(start, CHINA, code, ("visit", rank, who, place, length, "042"), f"{start}|{who}|to {code}")


def _inward(told: Sequence[tuple[Row, Told]]) -> Iterator[tuple[object, ...]]:
    """Stays in China of those whose title is in `sentences.RANKS`; names are spelt in too many ways to part them."""
    days = [
        (code, person.rank, "", person.name, row.day, said.place)
        for row, said in told
        if not said.country
        for person, code in _speakers(said)
        if person.rank
    ]
    for code, rank, who, start, length, place in stays(_days(days)).iter_rows():
        yield _act(
            start,
            code,
            CHINA,
            ("visit", rank, who, place, length, "042"),
            f"{start}|{rank} of {code}|to China",
        )


def _speakers(said: Told) -> Iterator[tuple[Person, int]]:
    """Those met whose title names one state, with its code."""
    yield from ((person, code) for person in said.met if len(person.ccodes) == 1 for code in person.ccodes)


def _days(rows: list[tuple[int, str, str, str, date, str]]) -> pl.DataFrame:
    names = {"ccode": pl.Int16, "rank": pl.String, "person": pl.String, "who": pl.String}
    return pl.DataFrame(rows, schema={**names, "date": pl.Date, "place": pl.String}, orient="row").unique()


def _meetings(told: Sequence[Abroad]) -> Iterator[tuple[object, ...]]:
    """One a day, leader and state: a sentence that stands on several pages belongs to the highest in rank."""
    best: dict[tuple[date, str, int], tuple[str, str, str, str]] = {}
    by_sentence: dict[tuple[date, str], list[Abroad]] = {}
    for one in told:
        by_sentence.setdefault((one[0].day, one[0].text), []).append(one)
    for (day, _), pages in by_sentence.items():
        row, said, (host, _) = min(
            pages, key=lambda page: (ORDER.index(rank_of(page[0].leader, day)), page[0].leader)
        )
        place = ", ".join(part for part in (said.country, said.place) if part)
        for person, code in _speakers(said):
            code_of = ABROAD if code == host else ELSEWHERE if said.country else AT_HOME
            best.setdefault((day, row.leader, code), (person.name, place, code_of, rank_of(row.leader, day)))
    for (day, leader, code), (other, place, act, rank) in best.items():
        told_as = ("meeting", rank, f"{leader} with {other}", place, 1, act)
        yield _act(day, CHINA, code, told_as, f"{day}|{leader}|met {code}")


def _act(
    day: date, sender: int, receiver: int, what: tuple[str, str, str, str | None, int, str], ref: str
) -> tuple[object, ...]:
    kind, rank, who, place, days, code = what
    meant = cameo.find(code)
    return (
        *(day, "day", sender, None, receiver, None, kind, rank, who, place or None, days),
        *(code, meant.field, meant.goldstein_tenths, 1, ref),
    )


def _coverage(rows: Sequence[Row]) -> pl.DataFrame:
    """China's own side only: of visits to China many are missing (`ABOUT.oddities`), so that no row means nothing."""
    if not rows:
        return pl.DataFrame(schema=polars_schema("coverage"))
    span = (rows[0].day, max(row.day for row in rows))
    told = [("visit", CHINA, None), ("meeting", CHINA, None)]
    return pl.DataFrame(
        [("acts", *what, *span) for what in told], schema=polars_schema("coverage"), orient="row"
    )


def _review(rows: Sequence[Row], told: Sequence[Abroad]) -> pl.DataFrame:
    """What was not read, by reason, with how many sentences or persons it holds."""
    unread = len(rows) - len(told)
    persons = {(row.day, row.text, person.name): person for row, said, _ in told for person in said.met}
    left = Counter(f"{said.country}: {why}" for _, said, (_, why) in told if why)
    left["a headline, a call, a message or no place: neither a trip nor a list of whom they met"] = unread
    left["somebody met whose title names no state or several, or who is Chinese"] = sum(
        len(person.ccodes) != 1 for person in persons.values()
    )
    found = [("the sentences", "", f"{why} ({count})") for why, count in sorted(left.items()) if count]
    return pl.DataFrame(
        [(file, place or ABOUT.id, why) for file, place, why in found],
        schema=polars_schema("review"),
        orient="row",
    )
