"""American chiefs of mission since 1779: who was in post where, in which rank, from when to when.

One row of `ties` is one person's time in one post, non-resident ones too; somebody accredited to several states
has a row with each. Only people whom the publisher counts as having served are in `ties`; nominees, and those
who never presented credentials, go to `review` with the reason. Notes are read for how a time began and ended
and are not kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amity.catalog import Coverage, Request, Source, Table, polars_schema
from amity.errors import UnknownValueError
from amity.sources import Parsed
from amity.sources.ranks import LEVELS, WITHOUT_CREDENTIALS
from amity.sources.state_department import LICENCE, PRODUCER, USA, person_name
from amity.sources.text import Dated, read_date
from amity.sources.xml import check_shape, field, root_tag
from amity.sources.xml import parse as parse_xml
from amity.states import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from xml.etree.ElementTree import Element

ABOUT = Source(
    id="us_missions",
    title="American chiefs of mission",
    producer=PRODUCER,
    says="Every chief of an American mission since 1779: rank, when credentials were presented, when and how it ended.",
    homepage="https://history.state.gov/departmenthistory/people/chiefsofmission",
    licence=LICENCE,
    citation=(
        "Office of the Historian, United States Department of State. Principal Officers and Chiefs of Mission. "
        "https://history.state.gov/departmenthistory/people/chiefsofmission"
    ),
    bibtex="""@misc{us_missions,
  author = {{Office of the Historian, United States Department of State}},
  title = {Principal Officers and Chiefs of Mission},
  howpublished = {\\url{https://history.state.gov/departmenthistory/people/chiefsofmission}},
  note = {Data: \\url{https://github.com/HistoryAtState/pocom}}
}""",
    tables=(
        Table(
            "ties",
            ("envoy",),
            floor=5200,
            coverage=Coverage(
                start=date(1779, 3, 23),
                end=None,
                states="the United States with every state that has a file, each from its first chief of mission "
                "to the day its file was last edited",
                zero="no chief of mission was in post",
            ),
        ),
    ),
    files="one XML file a country, such as cambodia.xml, whose root is <country-mission>",
    oddities=(
        "5,350 chiefs of mission and 393 other nominees in 199 files; 5,274 of the former become ties.",
        "123 chiefs (2.3 %) have no day of credentials: the arrival counts (55), else the appointment (38); 28 have "
        "no day of beginning at all, most of them chargés at the moment of a rupture, and are set aside.",
        "245 chiefs (4.6 %) have no end: the successor's beginning counts, and the last 159 were still in post.",
        "288 beginnings and 287 ends (5 %) give the month or year only; about 100 more days are hedged in a note.",
        "321 tenures (6 %) overlap the next one, 292 of them by a month at most and 9 by over a year.",
        "2 chiefs stayed in post without presenting credentials (Asmara 2007, Monrovia 1990) and are set aside.",
        "1 row stands twice, 1 begins four years too early, 1 names the territory of a neighbour.",
        "2 days of editing are misspelt and passed over.",
    ),
)

SHAPE = {
    "country-mission": "territory-id chiefs other-nominees",
    "chiefs": "chief mission-note",
    "other-nominees": "chief",
    "chief": "id person-id role-title-id contemporary-territory-id appointed arrived started ended note "
    "created-by created-date last-modified-by last-modified-date",
    "mission-note": "text created-by created-date last-modified-by last-modified-date",
    "appointed": "date note",
    "arrived": "date note norte",
    "started": "date note",
    "ended": "date note",
    "note": "hi",
    "hi": "@rend",
    "date": "@certainty",
}
"""Known elements; of them who made or edited a row, notes on missions, and typesetting are not read."""

BEGAN = (
    (r"recogni[sz]ed", "recognised"),
    (r"received|audience", "received"),
    (r"reestablished|re-established|reopened|\bopened|established", "post opened"),
    (r"reaccredited", "reaccredited"),
    (r"assumed charge|entered on duty|initial call|returned to post", "took charge"),
)
ENDED = (
    (r"^died|assassinated", "died"),
    (r"declared war", "war"),
    (
        r"severed|broke relations|interrupted|suspended political|relations were suspended",
        "relations broken off",
    ),
    (
        r"no further relations|further dealings|considered his mission terminated|passports",
        "relations broken off",
    ),
    (r"persona non grata|recall requested|departure requested", "expelled"),
    (r"promoted|recommissioned|reaccredited|presented credentials as", "recommissioned"),
    (
        r"occupied|occupation|ceased to exist|absorbed|annexed|incorporated|assumed direction",
        "state occupied or ended",
    ),
    (r"closed|closing|suspended operations|withdrawn", "post closed"),
    (r"government .*(transferred|terminated)|functions .* ceased|active functions", "post closed"),
    (r"superseded|relieved|by successor", "superseded"),
    (r"terminated|recess appointment expired|resign|on leave", "appointment ended"),
    (r"recall|farewell|final interview", "presented recall"),
    (r"left|departed|relinquished|notified|last despatch", "left post"),
)
"""What the publisher's notes say of a beginning and an end, in a few words; the first pattern that fits counts."""

NEVER_IN_POST = re.compile(
    r"\b(did not|had not|never) (present(ed)? credentials|proceed(ed)? to|serve|take up|took up)(?! again)",
    re.I,
)
HEDGED = re.compile(
    r"\bon or\b|\bor (soon|shortly)\b|about|approximately|probably|^between|soon after|shortly (before|after)|\bor$",
    re.I,
)
"""Words that make a day uncertain: it is then known to the month only."""

LIAISON_OFFICE = "china/beijing"
"""Where the heads of the liaison office of 1973 to 1979 sat; the ambassadors in its file were then in Taipei."""

LONGEST_NOTE = 4000
"""Characters of a note that are read; the longest real one has 577."""

TERRITORY_SLIPS = {"nl-1940-scho-01": "netherlands"}
"""Rows whose territory is a slip of the publisher: here Belgium, in the file and with the note of the Netherlands."""


@dataclass(frozen=True, slots=True)
class Chief:
    """One row of the publisher: somebody appointed to lead a mission."""

    file: str
    ref: str
    person: str
    level: str
    territory: str
    nominee: bool
    appointed: Dated | None
    arrived: Dated | None
    started: Dated | None
    started_note: str
    ended: Dated | None
    ended_note: str
    note: str


class Tenure(NamedTuple):
    """When and how a time in post began and ended."""

    start: Dated
    began: str
    end: Dated | None
    ended: str | None


def requests() -> tuple[Request, ...]:
    """One listing of the publisher's repository, which names the files by country."""
    url = "https://api.github.com/repos/HistoryAtState/pocom/contents/missions-countries"
    return (Request(url=url, file="missions", listing="github", pattern="*.xml"),)


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is one of this source's: XML whose root is `<country-mission>`."""
    return name.endswith(".xml") and root_tag(head) == "country-mission"


def parse(files: Mapping[str, bytes]) -> Parsed:
    """The chiefs of mission of all files as `ties`, with `coverage` by state and `review`.

    Titles that are not in `ranks.LEVELS` raise `UnknownValueError`.
    """
    roots = {name: _root(name, data) for name, data in sorted(files.items())}
    _check_titles(roots)
    chiefs = {name: tuple(_chiefs(name, root)) for name, root in roots.items()}
    told = [(chief, why_or_tenure) for listed in chiefs.values() for chief, why_or_tenure in _tell(listed)]
    served = [(chief, tenure) for chief, tenure in told if isinstance(tenure, Tenure)]
    ccodes, reasons = _ccodes(served)
    review = [(chief.file, chief.ref, why) for chief, why in told if isinstance(why, str)]
    review += [(chief.file, chief.ref, why) for (chief, _), why in zip(served, reasons, strict=True) if why]
    rows = [
        (chief, tenure, ccode)
        for (chief, tenure), ccode in zip(served, ccodes, strict=True)
        if ccode is not None
    ]
    edited = {name: _last_known(name, root, chiefs[name]) for name, root in roots.items()}
    return Parsed(
        {
            "ties": pl.DataFrame([_tie(*row) for row in rows], schema=polars_schema("ties"), orient="row"),
            "coverage": _coverage(rows, edited),
            "review": pl.DataFrame(review, schema=polars_schema("review"), orient="row"),
        }
    )


def _root(name: str, data: bytes) -> Element:
    root = parse_xml(name, data)
    check_shape(name, root, SHAPE)
    return root


def _check_titles(roots: Mapping[str, Element]) -> None:
    titles = [
        (name, field(name, chief, "role-title-id")) for name in roots for chief in roots[name].iter("chief")
    ]
    unknown = [(name, title) for name, title in titles if title not in LEVELS]
    if unknown:
        name, title = unknown[0]
        raise UnknownValueError(
            f"{len(unknown)} chiefs of mission have a title that has no rank yet, such as {title[:60]!r} in {name}",
            "add the title to LEVELS in sources/ranks.py",
        )


def _chiefs(name: str, root: Element) -> Iterator[Chief]:
    for group in ("chiefs", "other-nominees"):
        for chief in _part(name, root, group).findall("chief"):
            yield _chief(name, chief, nominee=group == "other-nominees")


def _chief(name: str, chief: Element, *, nominee: bool) -> Chief:
    ref = field(name, chief, "id")
    parts = {tag: _part(name, chief, tag) for tag in ("appointed", "arrived", "started", "ended")}
    days = {tag: _date(f"{name}, {ref[:40]}", field(name, part, "date")) for tag, part in parts.items()}
    return Chief(
        file=name,
        ref=ref,
        person=field(name, chief, "person-id"),
        level=LEVELS[field(name, chief, "role-title-id")],
        territory=TERRITORY_SLIPS.get(ref) or field(name, chief, "contemporary-territory-id"),
        nominee=nominee,
        appointed=days["appointed"],
        arrived=days["arrived"],
        started=days["started"],
        started_note=_note(parts["started"]),
        ended=days["ended"],
        ended_note=_note(parts["ended"]),
        note=_note(chief),
    )


def _part(name: str, element: Element, tag: str) -> Element:
    field(name, element, tag)  # there is one, and only one
    return element.findall(tag)[0]


def _note(element: Element) -> str:
    text = "".join(text for note in element.findall("note") for text in note.itertext())
    return " ".join(text[:LONGEST_NOTE].split())


def _date(where: str, text: str) -> Dated | None:
    return read_date(where, text) if text else None


def _tell(listed: Sequence[Chief]) -> list[tuple[Chief, Tenure | str]]:
    """Of every chief in one file, by the day on which it began: the time in post, or why there is none.

    The next one to begin supersedes one whose end is not given.
    """
    listed = sorted(listed, key=_order)
    told: list[tuple[Chief, Tenure | str]] = []
    twins = {_twin(chief): chief for chief in sorted(listed, key=lambda chief: chief.ended is not None)}
    next_start: Dated | None = None
    for chief in reversed(listed):
        begin = _begin(chief)
        why = _never_in_post(chief) or _slip(chief, begin, twins)
        tenure = _tenure(chief, begin, next_start) if begin and not why else None
        told.append((chief, tenure or str(why)))
        next_start = tenure.start if tenure else next_start
    return told[::-1]


def _order(chief: Chief) -> tuple[date, str]:
    begin = _begin(chief)
    return (begin[0].first if begin else date.max), chief.ref


def _twin(chief: Chief) -> tuple[object, ...]:
    return (chief.ref, chief.person, chief.level, chief.started, chief.nominee)


def _begin(chief: Chief) -> tuple[Dated, str] | None:
    if chief.started:
        said = "took charge" if chief.level in WITHOUT_CREDENTIALS else "presented credentials"
        return _hedge(chief.started, chief.started_note), _first(BEGAN, chief.started_note) or said
    if chief.arrived:
        return chief.arrived, "arrived"
    return (chief.appointed, "appointed") if chief.appointed else None


def _never_in_post(chief: Chief) -> str | None:
    unseen = not chief.started and not chief.arrived
    if chief.nominee:
        return "appointed, never in post" if chief.appointed else "nominated, never appointed"
    if unseen and NEVER_IN_POST.search(chief.note):
        return "appointed, never presented credentials"
    return None


def _slip(
    chief: Chief, begin: tuple[Dated, str] | None, twins: Mapping[tuple[object, ...], Chief]
) -> str | None:
    if begin is None:
        return "the day on which it began is not given"
    start = begin[0].first
    year = re.search(r"-([0-9]{4})-", chief.ref)
    if year and start.year < int(year[1]) - 2:
        return f"it begins in {start.year}, years before the year in its id"
    if chief.ended and chief.ended.last < start:
        return f"it ends ({chief.ended.last}) before it begins ({start})"
    return None if twins[_twin(chief)] is chief else "it stands twice; the row with an end counts"


def _tenure(chief: Chief, begin: tuple[Dated, str], next_start: Dated | None) -> Tenure:
    start, began = begin
    if chief.ended:
        return Tenure(start, began, _hedge(chief.ended, chief.ended_note), _first(ENDED, chief.ended_note))
    if next_start is None:
        return Tenure(start, began, None, None)
    return Tenure(start, began, next_start._replace(last=next_start.first), "superseded")


def _first(patterns: Sequence[tuple[str, str]], note: str) -> str | None:
    return next((word for pattern, word in patterns if re.search(pattern, note, re.IGNORECASE)), None)


def _hedge(day: Dated, note: str) -> Dated:
    return day._replace(precision="month") if day.precision == "day" and HEDGED.search(note) else day


def _ccodes(served: Sequence[tuple[Chief, Tenure]]) -> tuple[list[int | None], list[str | None]]:
    frame = pl.DataFrame(
        [(_territory(chief), tenure.start.first) for chief, tenure in served],
        schema={"territory": pl.String, "date": pl.Date},
        orient="row",
    )
    resolved = resolve(frame, "territory", ABOUT.id, "date", file=f"the files of {ABOUT.id}")
    return resolved["ccode"].to_list(), resolved["left_out"].to_list()


def _territory(chief: Chief) -> str:
    return (
        LIAISON_OFFICE if chief.territory == "china" and chief.level == "head of office" else chief.territory
    )


def _tie(chief: Chief, tenure: Tenure, ccode: int) -> tuple[object, ...]:
    end = (tenure.end.last, tenure.end.precision) if tenure.end else (None, None)
    return (
        *(tenure.start.first, tenure.start.precision, tenure.began, *end, tenure.ended),
        *(USA, ccode, "envoy", chief.level, person_name(chief.person), chief.ref),
    )


def _last_known(name: str, root: Element, chiefs: Sequence[Chief]) -> date:
    """The last day of which a file can know: when it was last edited, or the last day in it."""
    edits = [edit.text or "" for edit in root.iter("last-modified-date")]
    edited = [
        read_date(name, edit).last for edit in edits if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", edit)
    ]
    days = [
        day.last
        for chief in chiefs
        for day in (chief.appointed, chief.started, chief.arrived, chief.ended)
        if day
    ]
    return max(edited + days, default=date.min)


def _coverage(rows: Sequence[tuple[Chief, Tenure, int]], edited: Mapping[str, date]) -> pl.DataFrame:
    first: dict[tuple[str, int], date] = {}
    for chief, tenure, ccode in rows:
        key = (chief.file, ccode)
        first[key] = min(first.get(key, tenure.start.first), tenure.start.first)
    spans = [("ties", "envoy", USA, ccode, start, edited[name]) for (name, ccode), start in first.items()]
    return pl.DataFrame(spans, schema=polars_schema("coverage"), orient="row")
