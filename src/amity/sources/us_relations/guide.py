"""The guide's TEI files as plain records: who wrote when, and the dated headings with their paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from amity.errors import BadFileError, UnknownValueError
from amity.sources.text import read_date
from amity.sources.us_relations.days import MONTHS
from amity.sources.xml import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.etree.ElementTree import Element

MAX_BYTES = 256 * 1024
"""Ten times the largest article."""
TITLE = "A Guide to the United States"
_TEI = "{http://www.tei-c.org/ns/1.0}"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_MEND = "fetch it again from history.state.gov or its repository HistoryAtState/rdcr"
_YEARS = re.compile(r"\b(1[7-9]\d\d|20\d\d)(?:\s?[-–]\s?(\d{4}|\d\d)\b)?")
_WRITTEN = re.compile(rf"\b(?:({'|'.join(MONTHS)})\w*\s+)?(\d{{4}})\b")


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated heading of one file."""

    stem: str
    n: int
    """Its place among the file's timeline entries, from 1; `ref` and `review` name it by this number."""
    section: str
    heading: str
    """The heading without its date."""
    years: tuple[int, ...]
    """The years that the heading can mean: one, the years of a range, or two where its markup and text differ."""
    sure: bool
    """Whether the heading names one year."""
    day: date | None
    """The day, where the heading's markup names one."""
    paragraphs: tuple[str, ...]

    @property
    def ref(self) -> str:
        return f"{self.stem}.xml#{self.n}"


@dataclass(frozen=True, slots=True)
class Article:
    """One file: a country as the guide knows it."""

    stem: str
    written: date
    """First day of the month (or year) in which the file says that it was written or published."""
    entries: tuple[Entry, ...]

    def says(self, words: str) -> bool:
        """Whether any paragraph has these words (a pattern)."""
        return any(re.search(words, text) for entry in self.entries for text in entry.paragraphs)


def read(name: str, data: bytes) -> Article:
    """One file of the guide. What is not TEI with the guide's title, or holds absurd dates, raises `BadFileError`."""
    if len(data) > MAX_BYTES:
        raise BadFileError(f"{name} is too large to be an article of the guide ({len(data):,} bytes)", _MEND)
    root = parse(name, data)
    titles = [_text(title) for title in root.iter(f"{_TEI}title")]
    if root.tag != f"{_TEI}TEI" or not any(title.startswith(TITLE) for title in titles):
        raise BadFileError(f"{name} is not a file of the guide to recognition and relations", _MEND)
    if root.find(f"{_TEI}text/{_TEI}body") is None:
        raise BadFileError(f"{name} has no body: it is not whole", _MEND)
    stem = PurePosixPath(name).stem
    entries = [_entry(name, stem, n, *found) for n, found in enumerate(_timelines(name, root), start=1)]
    return Article(stem, _written(name, root), tuple(entries))


def _timelines(name: str, root: Element) -> Iterator[tuple[str, Element]]:
    """The timeline entries in the order of the file, each with the id of the section around it."""
    section = ""
    for div in root.iter(f"{_TEI}div"):
        if div.get("type") == "section":
            section = div.get(_ID, "")
        elif div.get("type") == "timeline":
            yield section, div
        elif div.get("type") not in {"appendix", None}:
            raise UnknownValueError(
                f"{name} has a part of type {div.get('type', '')[:40]!r}, unknown here",
                "look at what the guide added",
            )


def _entry(name: str, stem: str, n: int, section: str, div: Element) -> Entry:
    head = div.find(f"{_TEI}head")
    heading, years, sure, day = ("", (), False, None) if head is None else _heading(name, head)
    kept = (child for child in div if child.tag not in {f"{_TEI}head", f"{_TEI}div"})
    return Entry(stem, n, section, heading, years, sure, day, tuple(_text(child) for child in kept))


def _heading(name: str, head: Element) -> tuple[str, tuple[int, ...], bool, date | None]:
    """The heading's words, its years, whether it names one year, and its day where the markup names one."""
    dates = list(head.iter(f"{_TEI}date"))
    whole = _text(head)
    written = " ".join(_text(marked) for marked in dates) or whole
    years = _written_years(written)
    day: date | None = None
    sure = len(years) == 1
    for marked in dates:
        marked_years, marked_day = _marked_years(name, marked)
        day = day or marked_day
        if marked_years and not set(marked_years) & years:
            years |= set(marked_years)
            sure = len(years) == 1
    words = whole
    for marked in dates:
        words = words.replace(_text(marked), "")
    if len(words) > 1000:
        raise BadFileError(f"{name} has a heading of {len(words)} characters", _MEND)
    return _YEARS.sub("", words).strip(" ,.;&"), tuple(sorted(years)), sure, day


def _marked_years(name: str, marked: Element) -> tuple[tuple[int, ...], date | None]:
    """The years of a date's markup, and its day; an absurd one raises."""
    found = [read_date(name, marked.get(key, "")) for key in ("when", "from", "to") if marked.get(key)]
    exact = found[0].first if len(found) == 1 and found[0].precision == "day" else None
    return tuple(dated.first.year for dated in found), exact


def _written_years(text: str) -> set[int]:
    years: set[int] = set()
    for first, last in _YEARS.findall(text):
        until = int(first[: 4 - len(last)] + last) if last else int(first)
        years |= set(range(int(first), min(until, int(first) + 120) + 1))
    return years


def _written(name: str, root: Element) -> date:
    """The day from which the file speaks of its present: the last month or year in its statement of origin."""
    texts = [_text(part) for tag in ("sourceDesc", "publicationStmt") for part in root.iter(f"{_TEI}{tag}")]
    days = [
        date(int(year), 1 + MONTHS.index(month) if month else 1, 1)
        for text in texts
        for month, year in _WRITTEN.findall(text)
        if 1990 <= int(year) <= 2100
    ]
    if not days:
        raise BadFileError(f"{name} does not say when it was written", _MEND)
    return max(days)


def _text(element: Element) -> str:
    return _plain(element.itertext())


def _plain(parts: Iterable[str]) -> str:
    return " ".join("".join(parts).split())
