"""The articles of the guide, read entry by entry: what each heading tells, and the rows that all of them make."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from amity import states
from amity.catalog import polars_schema
from amity.errors import BadFileError
from amity.sources import Parsed
from amity.sources.state_department import USA
from amity.sources.us_relations import ABOUT, guide, prose, reach, spells, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from amity.sources.us_relations.guide import Article, Entry
    from amity.sources.us_relations.prose import Told
    from amity.sources.us_relations.spells import Note, Tie
    from amity.sources.us_relations.vocabulary import Event


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one heading: the class that set it aside, or its events, dated where they could be."""

    entry: Entry
    set_aside: str | None
    events: tuple[Event, ...]
    told: tuple[Told, ...]

    @property
    def undated(self) -> tuple[Event, ...]:
        """The events of which no date is sure."""
        dated = {(one.event.kind, one.event.change) for one in self.told}
        return tuple(event for event in self.events if (event.kind, event.change) not in dated)


def parsed(files: Mapping[str, bytes]) -> Parsed:
    """Every article of the guide to `ties`, `coverage` and `review`."""
    articles = _articles(files)
    readings = [read(entry) for article in articles for entry in article.entries]
    happened, review = _placed([told for reading in readings for told in reading.told])
    review += [row for reading in readings for row in _unread(reading)]
    codes = sorted(happened)
    lives = spells.lives(codes)
    goes_on = {article.stem for article in articles if article.says(vocabulary.GOES_ON)}
    ties: list[Tie] = []
    notes: list[Note] = []
    for ccode in codes:
        mine = happened[ccode]
        whole = any(told.entry.stem in goes_on for told in mine)
        mine_ties, mine_notes = spells.tell(ccode, mine, lives, goes_on=whole)
        ties += mine_ties
        notes += mine_notes
    review += [_row(note.entry, note.why) for note in notes]
    return Parsed(
        {
            "ties": _ties(ties),
            "coverage": reach.coverage(ties, happened, _until(articles), _holes(readings, notes), lives),
            "review": pl.DataFrame(review, schema=polars_schema("review"), orient="row")
            .unique()
            .sort(pl.all()),
        }
    )


def read(entry: Entry) -> Reading:
    """What one entry says: set aside by class, or its events with the dates that are sure."""
    entry = _corrected(entry)
    place = f"{entry.heading}, {entry.years[0]}" if entry.years else entry.heading
    for stem, heading, name in vocabulary.OTHER_STATES:
        if stem == entry.stem and re.search(heading, place):
            return Reading(entry, name, (), ())
    for stem, heading, section, said in vocabulary.SPECIAL:
        if stem == entry.stem and re.search(heading, entry.heading) and re.search(section, entry.section):
            return _dated(entry, said)
    name = vocabulary.set_aside(entry.heading, entry.section)
    return Reading(entry, name, (), ()) if name else _dated(entry, vocabulary.events(entry.heading))


def _dated(entry: Entry, said: tuple[Event, ...]) -> Reading:
    whose = next(
        (code for stem, words, code in vocabulary.WHOSE if stem == entry.stem and _names(entry, words)), None
    )
    events = tuple(replace(event, ccode=event.ccode or whose) for event in said)
    told = (prose.tell(entry, event) for event in events)
    return Reading(entry, None, events, tuple(one for one in told if one is not None))


def _names(entry: Entry, words: str) -> bool:
    years = " ".join(str(year) for year in entry.years)
    return any(re.search(words, text) for text in (entry.heading, years, *entry.paragraphs))


def _corrected(entry: Entry) -> Entry:
    for stem, heading, wrong, right in vocabulary.WRONG_YEARS:
        if stem == entry.stem and entry.years == (wrong,) and re.search(heading, entry.heading):
            return replace(entry, years=(right,))
    return entry


def _articles(files: Mapping[str, bytes]) -> list[Article]:
    articles = [guide.read(name, data) for name, data in sorted(files.items())]
    stems = [article.stem for article in articles]
    twice = sorted({stem for stem in stems if stems.count(stem) > 1})
    if twice:
        raise BadFileError(
            f"{', '.join(twice[:5])}: given more than once", "give each article of the guide once"
        )
    return articles


def _placed(told: list[Told]) -> tuple[dict[int, list[Told]], list[tuple[str, str, str]]]:
    """The events by the state with which they happened, and those of states outside the state system."""
    rows = [(one.entry.stem, one.day.first) for one in told]
    frame = pl.DataFrame(rows, schema={"stem": pl.String, "date": pl.Date}, orient="row")
    resolved = states.resolve(frame, "stem", ABOUT.id, "date", file="the guide's articles")
    happened: dict[int, list[Told]] = defaultdict(list)
    review: list[tuple[str, str, str]] = []
    for one, ccode, reason in zip(told, resolved["ccode"], resolved["left_out"], strict=True):
        code = one.event.ccode or ccode
        if code is None:
            review.append(_row(one.entry, str(reason)))
        else:
            happened[code].append(one)
    return dict(happened), review


def _unread(reading: Reading) -> list[tuple[str, str, str]]:
    """The rows of review for a heading that no rule knows, or whose events have no sure date."""
    if reading.set_aside is not None:
        return []
    if not reading.events:
        return [_row(reading.entry, "the heading is not in the vocabulary")]
    return [_row(reading.entry, f"{event.kind} {event.word}: no date is sure") for event in reading.undated]


def _row(entry: Entry, why: str) -> tuple[str, str, str]:
    years = f", {'/'.join(str(year) for year in entry.years[:2])}" if entry.years else ""
    return f"{entry.stem}.xml", f"#{entry.n} {entry.heading[:120]}{years}", why


def _until(articles: Iterable[Article]) -> dict[str, date]:
    return {article.stem: article.written for article in articles}


def _holes(readings: Iterable[Reading], notes: Iterable[Note]) -> set[tuple[str, str]]:
    """The kinds of tie, by file, whose story has a hole: nothing is claimed of the times without a row."""
    holes = {(note.entry.stem, note.kind) for note in notes if note.harms}
    for reading in readings:
        holes |= {(reading.entry.stem, event.kind) for event in reading.undated}
    return holes


def _ties(ties: Iterable[Tie]) -> pl.DataFrame:
    rows = [
        (
            *(tie.start.first, tie.start.precision, tie.began),
            *((tie.end.last, tie.end.precision) if tie.end else (None, None)),
            *(tie.ended, USA, tie.ccode, tie.kind, tie.level, None, "|".join(tie.refs)),
        )
        for tie in ties
    ]
    frame = pl.DataFrame(rows, schema=polars_schema("ties"), orient="row")
    return frame.sort("ccode_to", "kind", "start", "ref")
