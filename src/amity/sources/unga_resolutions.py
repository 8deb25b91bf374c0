"""Resolutions of the UN General Assembly since 2019, with every recorded vote, as the United Nations publish them.

Files of JSON lines, one a session, one line a resolution. Only resolutions with a recorded vote become items; who
was absent is not said, so that `votes` holds yes, abstain and no only.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple, NoReturn, cast

import polars as pl

from amity.catalog import Coverage, Licence, Request, Source, Table, polars_schema
from amity.errors import BadFileError, UnknownValueError
from amity.sources import Parsed
from amity.sources.text import MAX_BYTES, decode, read_day
from amity.states import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ABOUT = Source(
    id="unga_resolutions",
    title="Resolutions of the United Nations General Assembly",
    producer="United Nations, Department for General Assembly and Conference Management",
    says="Resolutions of the UN General Assembly since October 2019, with every recorded vote.",
    homepage="https://github.com/UNxml/GAresolutions",
    licence=Licence(
        id="LicenseRef-UN-attribution",
        name="Free use with attribution to the United Nations",
        url="https://github.com/UNxml/GAresolutions",
        may_share=True,
    ),
    citation=(
        "United Nations, Department for General Assembly and Conference Management. General Assembly resolutions in "
        "machine-readable form. https://github.com/UNxml/GAresolutions"
    ),
    bibtex="""@misc{unga_resolutions,
  author = {{United Nations, Department for General Assembly and Conference Management}},
  title = {General Assembly resolutions in machine-readable form},
  howpublished = {\\url{https://github.com/UNxml/GAresolutions}}
}""",
    tables=(
        Table(
            "votes",
            ("*",),
            floor=125_000,
            coverage=Coverage(
                start=date(2019, 10, 10),
                end=None,
                states="every member of the United Nations",
                zero="the state stayed away",
            ),
        ),
        Table(
            "items",
            ("*",),
            floor=715,
            coverage=Coverage(
                start=date(2019, 10, 10),
                end=None,
                states="the General Assembly",
                zero="no resolution was put to a recorded vote that day; most pass without one",
            ),
        ),
    ),
    files="74.json to 80.json, ES-10.json, ES-11.json, S-32.json: JSON lines, one a resolution",
    oddities=(
        "Resolutions as a whole only: votes on amendments, paragraphs and motions are not there.",
        "36 resolutions of sessions 79 and 80 stand two or three times (sponsors were added later); each counts once.",
        "A/RES/75/290 A names every state twice; A/RES/77/293 counts 59 abstentions and names 58; A/RES/75/254 A-C "
        "has counts and no names; four others do not say whether there was a vote.",
        "The three emergency and special sessions' files begin with the resolutions of 2021 to 2023, not with the "
        "sessions themselves; their roll calls count with the regular session of their date.",
        "74.json stops on 27 December 2019; that session's resolutions of 2020 are not there.",
        "Names of states have 199 spellings, some mis-encoded.",
    ),
)

TEXTS = (
    *("symbol", "pv", "resolution_number", "title", "session", "adoption_meeting", "adoption_date"),
    *("originating_document", "report_paragraph", "committee", "agenda_item", "agenda_item_name"),
    *("adoption_type", "MS_in_favour_count", "MS_against_count", "MS_abstaining_count"),
)
LISTS = (
    *("MS_in_favour", "MS_against", "MS_abstaining"),
    *("sponsors", "additional_sponsors", "SDGs", "subjects"),
)
KEYS = frozenset({*TEXTS, *LISTS})
"""What every line says. Besides the vote, only symbol, title, session, date and subjects are read."""
OPTIONAL = frozenset({"voting_type"})
"""Said since 2024."""

VOTE_OF = {"MS_in_favour": "yes", "MS_abstaining": "abstain", "MS_against": "no"}
ADOPTED = {
    "By a recorded vote": True, "adoptedRecordedVote": True,
    "Without a vote": False, "adoptedWithoutVote": False,
    "": None,
}  # fmt: skip
"""Whether there was a recorded vote, by `adoption_type` and `voting_type`; None: the line does not say."""
THESAURUS = "UNBIS Thesaurus"
"""The vocabulary whose terms are kept as subjects; the others name bodies and items of an agenda."""

RECESS = timedelta(days=60)
"""The longest time between the last resolution of a session and the first one of the next."""

TITLE = 160
"""The most characters kept of a title."""

_SYMBOL = re.compile(r"A/RES/(?:(ES|S)-)?([0-9]{1,3})/[0-9]{1,4}(?: [A-Z](?:-[A-Z])?)?")
_DAY_IN_WORDS = re.compile(r"([0-9]{1,2})\s([A-Z][a-z]+)\s([0-9]{4})")
_DAY_IN_DIGITS = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?: 00:00:00)?")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_UNITS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    *("eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth"),
    *("eighteenth", "nineteenth"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ROOT = "https://api.github.com/repos/UNxml/GAresolutions/contents/data_extract"
_MEND = "fetch the file again: `amity pull unga_resolutions`"
_TOLD = "look at what the publisher changed, and tell sources/unga_resolutions.py what it means"


class Resolution(NamedTuple):
    """What is read of one line. `said` holds (name, vote) pairs, `counts` the votes by kind as announced."""

    file: str
    symbol: str
    day: date
    session: int
    regular: bool
    title: str
    subjects: tuple[str, ...]
    recorded: bool | None
    said: tuple[tuple[str, str], ...]
    counts: tuple[tuple[str, int], ...]


def requests() -> tuple[Request, ...]:
    """The folder of the publisher's repository, which lists one file a session."""
    return (Request(url=_ROOT, file="", listing="github", pattern="*.json"),)


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is this source's: JSON lines that begin with the symbol of a resolution."""
    return (
        name.endswith(".json") and re.match(rb'(?:\xef\xbb\xbf)?\{\s*"symbol":\s*"A/RES/', head) is not None
    )


def parse(files: Mapping[str, bytes]) -> Parsed:
    """Recorded votes and their resolutions, with `coverage` and `review`.

    A resolution that stands several times counts once; where its lines differ in a vote, or a state is named under
    two votes, or more are named than were counted, it is set aside. Where fewer are named than counted, those named
    are kept and the rest is in `review`. Unknown keys, ways of adoption and states raise.
    """
    lines = [line for name in sorted(files) for line in _resolutions(name, files[name])]
    votes = _resolved(lines)
    kept, why = _settled(lines, votes)
    items = pl.DataFrame([_item(line) for line in kept], schema=polars_schema("items"), orient="row")
    cast_votes = votes.join(items.select("item"), on="item", how="semi").drop_nulls("ccode")
    return Parsed(
        {
            "votes": cast_votes.select("item", "ccode", "vote").unique().sort("item", "ccode"),
            "items": items.sort("date", "item"),
            "coverage": _coverage(lines),
            "review": pl.DataFrame(
                [*why, *_no_states(votes)], schema=polars_schema("review"), orient="row"
            ).unique(maintain_order=True),
        }
    )


def ordinal(words: str) -> int | None:
    """The number of an ordinal in words up to ninety-ninth; None where it is none.

    >>> ordinal("Seventy-ninth"), ordinal("Eightieth"), ordinal("Tenth"), ordinal("Last")
    (79, 80, 10, None)
    """
    tens, _, unit = words.lower().rpartition("-")
    if not tens and unit.endswith("ieth") and unit[:-4] + "y" in _TENS:
        return 10 * _TENS.index(unit[:-4] + "y") + 20
    if unit not in _UNITS or (tens and tens not in _TENS):
        return None
    number = _UNITS.index(unit) + 1
    if tens and number > 9:
        return None
    return number + (10 * _TENS.index(tens) + 20 if tens else 0)


def regular_session(day: date) -> int:
    """The regular session that was the latest to open on a day; they open on the second Tuesday of September or
    within a week of it.

    >>> regular_session(date(2022, 3, 2)), regular_session(date(2024, 9, 18))
    (76, 79)
    """
    first = date(day.year, 9, 1)
    opening = first + timedelta(days=(1 - first.weekday()) % 7 + 7)
    return day.year - (1945 if day >= opening else 1946)


def _resolutions(name: str, data: bytes) -> Iterator[Resolution]:
    if len(data) > MAX_BYTES:
        raise BadFileError(f"{name} is too large to be the publisher's file ({len(data):,} bytes)", _MEND)
    for number, line in enumerate(decode(name, data).split("\n"), start=1):
        if line.strip():
            yield _resolution(name, f"{name}, line {number}", line)


def _resolution(name: str, where: str, line: str) -> Resolution:
    said = _object(where, line)
    texts = {key: cast("str", said[key]).strip() for key in TEXTS}
    symbol = _SYMBOL.fullmatch(texts["symbol"])
    if symbol is None:
        raise UnknownValueError(f"{where}: a resolution of unknown symbol {texts['symbol'][:40]!r}", _TOLD)
    day = _day(where, texts["adoption_date"])
    regular = symbol[1] is None
    counts = tuple((vote, _count(where, texts[f"{key}_count"])) for key, vote in VOTE_OF.items())
    return Resolution(
        file=name,
        symbol=symbol[0],
        day=day,
        session=_session(where, texts["session"], symbol, day),
        regular=regular,
        title=texts["title"],
        subjects=_subjects(where, said["subjects"]),
        recorded=_recorded(where, said),
        said=tuple((state, vote) for key, vote in VOTE_OF.items() for state in _states(where, said[key])),
        counts=counts,
    )


def _refuse(where: str, why: str) -> NoReturn:
    raise BadFileError(f"{where}: {why}", _MEND)


def _object(where: str, line: str) -> dict[str, object]:
    """The line as a dictionary with exactly the known keys, each with a value of its type."""
    try:
        said = json.loads(line, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        _refuse(where, "not JSON, or a key stands twice")
    if not isinstance(said, dict):
        _refuse(where, "not a resolution")
    found = cast("dict[str, object]", said)
    missing, unknown = KEYS - found.keys(), found.keys() - KEYS - OPTIONAL
    if missing:
        _refuse(where, f"lacks {', '.join(sorted(missing))[:200]}")
    if unknown:
        raise UnknownValueError(f"{where}: unknown keys {', '.join(sorted(unknown))[:200]}", _TOLD)
    for key, value in found.items():
        if not isinstance(value, list if key in LISTS else str):
            _refuse(where, f"{key} is of the wrong type")
    return found


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError
    return made


def _day(where: str, text: str) -> date:
    """A day written as `22 September 2024` or `2019-10-10 00:00:00`."""
    digits, words = _DAY_IN_DIGITS.fullmatch(text), _DAY_IN_WORDS.fullmatch(text)
    if digits:
        return read_day(where, digits[1])
    if words and words[2] in _MONTHS:
        return read_day(where, f"{words[3]}-{_MONTHS.index(words[2]) + 1:02}-{words[1]:0>2}")
    _refuse(where, f"{text[:40]!r} is not a day such as 22 September 2024")


def _session(where: str, text: str, symbol: re.Match[str], day: date) -> int:
    """The number of the session, which the symbol says too; emergency and special ones go by their date."""
    kind = {"ES": " emergency special session", "S": " special session", None: " session"}[symbol[1]]
    if not text.endswith(kind) or ordinal(text.removesuffix(kind)) != int(symbol[2]):
        _refuse(where, f"{symbol[0]} cannot be of the {text[:40]!r}")
    by_date = regular_session(day)
    if symbol[1]:
        return by_date
    if abs(int(symbol[2]) - by_date) > 1:
        _refuse(where, f"{symbol[0]} cannot be of {day}")
    return int(symbol[2])


def _count(where: str, text: str) -> int:
    if text in ("", "N.A."):
        return 0
    if not re.fullmatch(r"[0-9]{1,3}", text):
        _refuse(where, f"{text[:20]!r} is no number of votes")
    return int(text)


def _states(where: str, value: object) -> list[str]:
    names = cast("list[object]", value)
    if not all(isinstance(name, str) and name.strip() for name in names):
        _refuse(where, "the vote of something that is no name")
    return [cast("str", name).strip() for name in names]


def _subjects(where: str, value: object) -> tuple[str, ...]:
    """The terms of the UN's thesaurus, each once; every term stands with the name of its vocabulary."""
    pairs = cast("list[object]", value)
    terms: list[str] = []
    for pair in pairs:
        if not isinstance(pair, list):
            _refuse(where, "a subject without its vocabulary")
        words = cast("list[object]", pair)
        if len(words) != 2 or not all(isinstance(word, str) for word in words):
            _refuse(where, "a subject without its vocabulary")
        term, vocabulary = cast("list[str]", words)
        if vocabulary == THESAURUS and term.strip():
            terms.append(term.strip().replace("|", "/"))
    return tuple(dict.fromkeys(terms))


def _recorded(where: str, said: Mapping[str, object]) -> bool | None:
    """Whether there was a recorded vote, which a line may say twice."""
    ways = [cast("str", said[key]) for key in ("adoption_type", "voting_type") if key in said]
    unknown = [way for way in ways if way not in ADOPTED]
    if unknown:
        raise UnknownValueError(f"{where}: adopted in an unknown way, {unknown[0][:40]!r}", _TOLD)
    answers = {ADOPTED[way] for way in ways}
    if len(answers) > 1:
        _refuse(where, f"says both {' and '.join(ways)}")
    return answers.pop()


def _resolved(lines: Sequence[Resolution]) -> pl.DataFrame:
    """Every vote of every line: line (its number), item, file, day, name, vote, ccode, left_out."""
    rows = [
        (number, line.symbol, line.file, line.day, name, vote)
        for number, line in enumerate(lines)
        for name, vote in line.said
    ]
    schema = {
        "line": pl.Int32, "item": pl.String, "file": pl.String,
        "day": pl.Date, "name": pl.String, "vote": pl.String,
    }  # fmt: skip
    frame = pl.DataFrame(rows, schema=schema, orient="row").unique(maintain_order=True)
    return resolve(frame, "name", ABOUT.id, "day", file=ABOUT.files.split(":")[0])


def _settled(
    lines: Sequence[Resolution], votes: pl.DataFrame
) -> tuple[list[Resolution], list[tuple[str, str, str]]]:
    """The resolutions whose votes can be believed, one line each, and what is odd about the others."""
    named: dict[int, frozenset[tuple[str, str]]] = {
        number: frozenset(zip(states, said, strict=True))
        for number, states, said in votes.with_columns(
            state=pl.coalesce(pl.col("ccode").cast(pl.String), "name")
        )
        .group_by("line")
        .agg("state", "vote")
        .iter_rows()
    }
    kept: dict[str, tuple[Resolution, frozenset[tuple[str, str]]]] = {}
    aside: set[str] = set()
    why: list[tuple[str, str, str]] = []
    for number, line in enumerate(lines):
        heard = named.get(number, frozenset[tuple[str, str]]())
        fatal, odd = _oddity(line, heard)
        before = kept.get(line.symbol)
        if before and (before[1] != heard or before[0].day != line.day):
            fatal, odd = True, "stands more than once, with different votes or days"
        if odd:
            why.append((line.file, line.symbol, odd))
        if fatal:
            aside.add(line.symbol)
        else:
            kept[line.symbol] = (line, heard)
    return [line for line, _ in kept.values() if line.recorded and line.symbol not in aside], why


def _oddity(line: Resolution, heard: frozenset[tuple[str, str]]) -> tuple[bool, str]:
    """Whether a line must be set aside, and what is odd about it (nothing: empty)."""
    if line.recorded is None:
        return True, "does not say whether there was a vote"
    if not line.recorded:
        return (True, "was adopted without a vote, yet names voters") if heard else (False, "")
    if max(Counter(state for state, _ in heard).values(), default=0) > 1:
        return True, "names a state under two votes"
    seen = Counter(vote for _, vote in heard)
    counted = dict(line.counts)
    if any(seen[vote] > counted[vote] for vote in counted):
        return True, "names more voters than it counts"
    short = {vote: counted[vote] - seen[vote] for vote in counted if counted[vote] > seen[vote]}
    if not heard:
        return True, "has a recorded vote, but names no voters"
    return False, "; ".join(
        f"{many} of {counted[vote]} '{vote}' are not named" for vote, many in short.items()
    )


def _item(line: Resolution) -> tuple[object, ...]:
    return (
        *(line.symbol, line.day, "day", line.session, line.symbol, line.title[:TITLE] or None),
        *("whole", None, None, "|".join(line.subjects) or None, line.symbol),
    )


def _coverage(lines: Sequence[Resolution]) -> pl.DataFrame:
    """From the first to the last resolution of each regular session, voted on or not.

    Consecutive sessions meet, unless months lie between them: then the file of the former one stops short.
    """
    days: dict[int, list[date]] = {}
    for line in lines:
        if line.regular:
            days.setdefault(line.session, []).append(line.day)
    spans: list[tuple[date, date]] = []
    for session in sorted(days):
        start, before = min(days[session]), max(days.get(session - 1, [date.min]))
        if timedelta() < start - before <= RECESS:
            start = before + timedelta(days=1)
        spans.append((start, max(days[session])))
    rows = [(table, "*", None, None, *span) for table in ("votes", "items") for span in spans]
    return pl.DataFrame(rows, schema=polars_schema("coverage"), orient="row")


def _no_states(votes: pl.DataFrame) -> list[tuple[str, str, str]]:
    left = votes.drop_nulls("left_out").group_by("file", "name", "left_out", maintain_order=True).len()
    return [(file, name, f"{why} ({count} votes)") for file, name, why, count in left.iter_rows()]
