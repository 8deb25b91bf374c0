"""Days written out in English prose, and the clauses they stand in.

Reads a day with certainty or not at all: the rules below accept a date only where the sentence ties it to the
verb of the event. They read nothing but dates, so that no sentence of the publisher is kept.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from amity.errors import BadFileError
from amity.sources.text import EARLIEST, LATEST

if TYPE_CHECKING:
    from collections.abc import Iterator

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONGEST = 4000
"""Characters of a sentence that are read; the guide's longest sentence has a third of them."""
Precision = Literal["day", "month", "year"]

_MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?"
)
_DATE = re.compile(
    rf"\b{_MONTH}\s+(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d\-–])(?:,?\s+(?P<year>\d{{4}})\b)?|(?P<year2>\d{{4}})\b)"
    r"|\b(?P<bare>1[7-9]\d\d|20\d\d)\b"
    r"|\b(?:[Oo]n )?(?:[Tt]he|[Tt]hat) same (?:day|date)\b(?! that| it| as)"
)
_ABBREVIATED = re.compile(r"\b(U\. ?S|D\. ?C|a\.i|[A-Z]|Jr|Sr|Dr|St|Mr|Mrs|Col|Gen|Vol|No)\.")
_SENTENCE_END = re.compile(r"(?<=[.!?”])\s+(?=[A-Z“])")
_THAT_DATE = re.compile(r"^This (?:latter )?date (?:marks|constitut)")

_OTHER_TIME = re.compile(
    r"\b(?:after|following|before|since|prior to|once|soon|according to|in response to|despite|although)\b[^,;]*$"
    r"|\b(?:until|from|by|through|effective)\W+(?:the |its )?$",
    re.IGNORECASE,
)
"""How the words before a date say that it dates something else: 'Following a joint announcement on …'."""
_LOOSE = re.compile(r"\b(?:on or about|on or shortly before|about|around|sometime)\s*$", re.IGNORECASE)
_NEVER = re.compile(r"\b(?:not|never|no|nor)\b[^,;]{0,40}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is known: the first and the last day that it can be, and its precision."""

    first: date
    last: date
    precision: Precision


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    day: Day


def year_of(year: int) -> Day:
    """A whole year, for an event of which no more is known.

    >>> year_of(1975).last
    datetime.date(1975, 12, 31)
    """
    return Day(date(year, 1, 1), date(year, 12, 31), "year")


def sentences(paragraph: str) -> list[str]:
    """A paragraph's sentences; the stops of abbreviations and initials end none.

    >>> sentences("The U.S. Embassy opened on May 3, 1965. It closed in 1975.")
    ['The U.S. Embassy opened on May 3, 1965.', 'It closed in 1975.']
    """
    covered = _ABBREVIATED.sub(lambda match: match[0].replace(".", "\0"), paragraph)
    return [part.replace("\0", ".") for part in _SENTENCE_END.split(covered)]


def of_clause(paragraph: str, verb: re.Pattern[str], years: tuple[int, ...]) -> tuple[Day, str] | None:
    """The date of the first clause with this verb whose year is one of `years`, and the sentence it stands in.

    The date stands right behind the verb ('were established on …'), or it is the only one of its sentence and
    does not date something else. A day that the prose calls approximate is read to the month.

    >>> severed = re.compile("severed")
    >>> of_clause("Cambodia severed relations on May 3, 1965, after a raid in 1964.", severed, (1965,))[0].first
    datetime.date(1965, 5, 3)
    >>> of_clause("After a raid on May 3, 1965, relations were severed.", severed, (1965,)) is None
    True
    """
    before: list[_Found] = []
    for sentence in sentences(paragraph):
        found = list(_dates(sentence[:LONGEST], before))
        usable = [one for one in found if not _dates_another(sentence, one)]
        for match in verb.finditer(sentence[:LONGEST]):
            day = None if _NEVER.search(_lead(sentence, match.start())) else _nearest(sentence, match, usable)
            if day is not None and day.first.year in years:
                return day, sentence
        if _THAT_DATE.search(sentence) and before and before[-1].day.first.year in years:
            return before[-1].day, sentence
        before += found
    return None


def _nearest(sentence: str, verb: re.Match[str], usable: list[_Found]) -> Day | None:
    """The date that belongs to the verb, by the two rules of `of_clause`."""
    after = [one for one in usable if one.start >= verb.end()]
    if after and _adjoins(sentence[verb.end() : after[0].start]):
        follows = [one for one in after[1:] if one.day.precision == "day"]
        vague = after[0].day.precision == "year" and len(follows) == 1
        return _as_told(sentence, follows[0] if vague else after[0])
    exact = {one.day: one for one in usable if one.day.precision == "day"}
    if len(exact) == 1:
        return _as_told(sentence, next(iter(exact.values())))
    return None


def _adjoins(gap: str) -> bool:
    """Whether nothing stands between the verb and the date that starts another thought."""
    return len(gap) < 250 and "," not in gap.strip().rstrip(",") and ";" not in gap


def _dates_another(sentence: str, one: _Found) -> bool:
    lead = _lead(sentence, one.start)
    return bool(_OTHER_TIME.search(lead)) and not _LOOSE.search(lead)


def _lead(sentence: str, place: int) -> str:
    """The words before a place, as many as matter."""
    return sentence[max(0, place - 400) : place]


def _as_told(sentence: str, one: _Found) -> Day:
    if one.day.precision == "day" and _LOOSE.search(_lead(sentence, one.start)):
        return _month(one.day.first.year, one.day.first.month)
    return one.day


def _dates(sentence: str, before: list[_Found]) -> Iterator[_Found]:
    """The dates of a sentence in order; a day without its year takes that of the date before it."""
    last = before[-1].day if before else None
    for match in _DATE.finditer(sentence):
        day = last if match["month"] is None and match["bare"] is None else _read(match, last)
        if day is not None:
            last = day
            yield _Found(match.start(), match.end(), day)


def _read(match: re.Match[str], last: Day | None) -> Day | None:
    if match["bare"]:
        return year_of(int(match["bare"]))
    written = match["year"] or match["year2"]
    if written is None and last is None:
        return None
    year = int(written) if written else last.first.year if last else 0
    if not EARLIEST.year <= year <= LATEST.year:
        raise BadFileError(f"the year {year} stands in a date", "fetch the file again from its publisher")
    month = 1 + MONTHS.index(match["month"][:3])
    if match["day"] is None:
        return _month(year, month)
    if not 1 <= int(match["day"]) <= monthrange(year, month)[1]:
        return None
    exact = date(year, month, int(match["day"]))
    return Day(exact, exact, "day")


def _month(year: int, month: int) -> Day:
    return Day(date(year, month, 1), date(year, month, monthrange(year, month)[1]), "month")
