"""From a heading's events to dated events: the clause that tells of each, its day, and who acted."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from amity.sources.us_relations import vocabulary
from amity.sources.us_relations.days import Day, of_clause, year_of

if TYPE_CHECKING:
    from amity.sources.us_relations.guide import Entry
    from amity.sources.us_relations.vocabulary import Event

_OURS = r"(?:United States|U\. ?S\.|American|President|Secretary|Administration)"
_BEGUN = r"\b(?:re-?)?(?:established|resumed|restored|renewed|renewing|resuming)\b"
_BROKEN = r"\b(?:severed|severing|broke(?:n)?(?: off)?|suspended|terminated)\b"
_RELATIONS = r"(?<!consular )(?:diplomatic )?relations\b"
_RAISED = r"\b(?:elevat|rais|upgrad|convert|re-?designat)(?:ed|ing)\b"
_NO_WHEN = r"(?:(?!\bwhen\b)[^;])"

_VERBS: dict[tuple[str, str], tuple[str, ...]] = {
    ("recognition", "begins"): (
        rf"\b{_OURS}[^;]{{0,220}}?\brecogni[sz]ed\b(?! the (?:independence of the )?Federation of Central)",
        r"\brecogni[sz]ed\b[^,;]{0,40}\bby the United States\b",
        r"^Independent \w+ was recognized\b",
        r"\brecognition\b[^;]{0,220}?\b(?:occurred|came)\b",
        r"\bextended (?:the |U\.S\. |American )?recognition\b",
        r"\bgranted each other formal recognition\b",
    ),
    ("recognition", "ends"): (r"\bwithdr[ae]w\b[^,;]{0,30}\brecognition\b",),
    ("relations", "begins"): (
        rf"{_RELATIONS}{_NO_WHEN}{{0,140}}?\b(?:were|was)\b[^,;]{{0,20}}?{_BEGUN}",
        rf"{_BEGUN}[^,;]{{0,25}}?{_RELATIONS}",
        rf"\bagreed to (?:re-?)?(?:establish|resume)\b[^,;]{{0,25}}?{_RELATIONS}",
        r"\b(?:announced|commemorating) the establishment of (?:bilateral )?diplomatic relations\b",
        r"\bestablishment of diplomatic relations, which occurred\b",
    ),
    ("relations", "ends"): (
        rf"{_RELATIONS}{_NO_WHEN}{{0,100}}?\b(?:were|was)\b[^,;]{{0,20}}?(?:{_BROKEN}|\binterrupted\b)",
        rf"{_BROKEN}[^,;]{{0,25}}?{_RELATIONS} with (?:the )?(?:United States|U\.S)",
        rf"{_OURS}[^;]{{0,80}}?{_BROKEN}[^,;]{{0,25}}?{_RELATIONS}",
        r"\bhad severed diplomatic relations\b",
        rf"{_RELATIONS}[^,;]{{0,40}}?\bended\b",
    ),
    ("relations", "interrupted"): (r"\bclosed (?:its|the) Embassy\b",),
    ("post", "begins"): (
        rf"\bPOST\b{_NO_WHEN}{{0,100}}?\b(?:re-?)?(?:established|opened|resumed)\b",
        r"\b(?:re-?)?(?:established|opened)\b(?:(?!\bwhen\b)[^,;]){0,60}?\bPOST\b",
        rf"{_RAISED}{_NO_WHEN}{{0,80}}?\b(?:to|as)\b[^,;]{{0,40}}?\bPOST\b",
        r"\bbec[ao]me[^,;]{0,40}?\bPOST\b",
    ),
    ("post", "raised"): (
        rf"{_RAISED}{_NO_WHEN}{{0,80}}?\b(?:to|as)\b[^,;]{{0,40}}?\bPOST\b",
        r"\bbec[ao]me[^,;]{0,40}?\bPOST\b",
        r"\bEmbassy \w+ was established\b",
        r"\bchange in status became effective\b",
        r"\belevated (?:its|the)\b[^,;]{0,60}?\bPOST\b",
    ),
    ("post", "ends"): (
        rf"\b(?:POST|mission)\b{_NO_WHEN}{{0,80}}?\b(?:closed|terminated|reclassified)\b",
        r"\bclosed\b[^,;]{0,40}?\bPOST\b",
        r"\bsuspended\b[^,;]{0,40}?\boperations\b",
        r"\bstaff left\b|\bwithdrew all personnel\b",
    ),
}
"""The clause that dates an event, by its kind and change. POST stands for the post's own rank."""

_POSTS = {
    None: r"(?:embass(?:y|ies)|legation|mission)",
    "embassy": r"embass(?:y|ies)",
    "mission": r"(?:mission|office)",
    "representative office": r"office of the U\.S\. representative(?: \w+ \w+)?",
    "interests section": r"interests? sections?",
}
_NOT_THEIRS = r"(?! (?:in Washington|(?:to|in) the United States)\b)"
_WE_ACTED = re.compile(r"(?:United States|U\. ?S\.)\s+(?:formally )?(?:severed|suspended|broke|terminated)\b")
_THEY_ACTED = re.compile(rf"{_BROKEN}[^,;]*?relations with the (?:United States|U\. ?S\.)")
_SEVERED = re.compile(r"\b(?:severed|broke)\b")
_BREAKS = {"severed", "suspended", "interrupted", "ended"}


@dataclass(frozen=True, slots=True)
class Told:
    """An event with its date and the entry that tells of it."""

    event: Event
    day: Day
    entry: Entry


def tell(entry: Entry, event: Event) -> Told | None:
    """The event with its date; None where not even the year is sure.

    The day is taken from the clause that tells of the event, if its year is one of the heading's. Without such a
    clause, or where the heading's markup names another day, the year alone is taken.
    """
    if event.year is not None:
        return Told(event, year_of(event.year), entry) if event.year in entry.years else None
    found = _clause(entry, event)
    if found is not None and (
        entry.day is None or found[0].precision != "day" or entry.day == found[0].first
    ):
        return Told(_with_actor(entry, event, found[1]), found[0], entry)
    if entry.sure:
        return Told(_with_actor(entry, event, ""), year_of(entry.years[0]), entry)
    return None


def _clause(entry: Entry, event: Event) -> tuple[Day, str] | None:
    for verb in _patterns(event):
        for paragraph in entry.paragraphs:
            found = of_clause(paragraph, verb, entry.years)
            if found is not None:
                return found
    return None


@cache
def _patterns(event: Event) -> tuple[re.Pattern[str], ...]:
    told = (event.verb,) if event.verb else _VERBS[event.kind, event.change]
    if event.kind == "relations" and event.word == "interrupted":
        told += _VERBS["relations", "interrupted"]
    post = _POSTS.get(event.level, event.level or "") + _NOT_THEIRS
    return tuple(re.compile(pattern.replace("POST", post), re.IGNORECASE) for pattern in told)


def _with_actor(entry: Entry, event: Event, sentence: str) -> Event:
    """Whether relations were severed rather than interrupted, and by whom, where the heading or the clause says so."""
    if event.kind != "relations" or event.change != "ends" or event.word not in _BREAKS:
        return event
    word = "severed" if event.word == "interrupted" and _SEVERED.search(sentence) else event.word
    heading = vocabulary.normal(entry.heading)
    named = re.search(r"\b(?:severed|relations) by (?P<us>the us\b)?", heading)
    if (named and named["us"]) or heading.startswith("us severs") or _WE_ACTED.search(sentence):
        return replace(event, word=f"{word} by the United States")
    if named or _THEY_ACTED.search(sentence):
        return replace(event, word=f"{word} by the other side")
    return replace(event, word=word)
