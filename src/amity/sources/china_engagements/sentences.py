"""The publisher's sentences: who was where on a day, whom they met, and for which state the met ones speak.

Two sentences are read: "X was in P and met with the following: N (T) N (T)" and "X travelled to P", with or without
a list of whom X met. All others are headlines, telephone calls and messages, and are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amity.states.meanings import meanings
from amity.states.words import key

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEME = "china_engagements"
LONGEST = 20_000
"""Characters of a sentence that are read; the longest real one has under 2,000."""
MOST_WORDS = 8
"""Words of the longest name of a state."""

_SENTENCE = re.compile(
    r"(?P<who>.*?) ?(?P<verb>travelled to|was in) ?(?P<place>.*?)"
    r"(?: ?and met with the following: ?(?P<met>.*?))?(?: ?Others Attending: ?(?P<others>.*))?"
)
HOME = re.compile(
    r"(?:.* (?:Province|Municipality|Autonomous Region|SAR)|Beijing|People's Republic of China)"
)
"""Places in China: provinces, cities that are provinces, autonomous and special regions."""

_OWNER = re.compile(r"(?<!People)['’]s?\b")
"""The possessive, as in Cambodia's; that of People's Republics belongs to their names."""
FILLERS = frozenset({"of", "republic"})
PRIVATE = "ceo"
"""A president who is also a CEO presides over no state."""
CHINESE = frozenset({"chinese", "xi", "hu", "wen", "li", "jiang"})
"""A title with one of these words is of a Chinese, such as a leader's wife or an ambassador abroad."""

RANKS = {
    "head of state": (
        *("president", "state president", "federal president", "interim president", "acting president"),
        *("transitional president", "king", "queen", "emperor", "emir", "amir", "sultan", "head of state"),
        "grand duke",
    ),
    "head of government": (
        *("prime minister", "premier", "chancellor", "federal chancellor", "interim prime minister"),
        *("acting prime minister", "caretaker prime minister", "transitional prime minister", "pm"),
    ),
    "foreign minister": (
        *(
            "foreign minister",
            "minister foreign affairs",
            "foreign affairs minister",
            "minister for foreign affairs",
        ),
        *("minister external affairs", "external affairs minister", "foreign secretary", "secretary state"),
        *("minister external relations", "minister foreign affairs cooperation", "minister external"),
    ),
}
"""Ranks by the words of a title that are left when the state's name, "the" and `FILLERS` are gone."""
_RANK = {title: rank for rank, titles in RANKS.items() for title in titles}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the leader met: the name, the states that the title names, and the rank, where it is clear."""

    name: str
    ccodes: frozenset[int]
    rank: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """What a sentence says."""

    who: str
    """Whom the sentence is about; not always the leader on whose page it stands."""
    country: str
    """The place's country as the publisher writes it; empty: in China."""
    place: str
    """The city, or the province; empty where there is none."""
    met: tuple[Person, ...]


def read(text: str) -> Told | None:
    """What a sentence says; None: it is of another kind, or names no place.

    >>> met = "met with the following: Hun Sen (Prime Minister of Cambodia)"
    >>> told = read(f"Hu Jintao travelled to Cambodia, Siem Reap and {met}")
    >>> told.country, told.place, [(one.name, sorted(one.ccodes), one.rank) for one in told.met]
    ('Cambodia', 'Siem Reap', [('Hun Sen', [811], 'head of government')])
    >>> read("President Hu to visit Cambodia (Beijing Municipality)") is None
    True
    """
    found = _SENTENCE.fullmatch(" ".join(text[:LONGEST].split()))
    if found is None or not found["place"] or (found["verb"] == "was in" and found["met"] is None):
        return None
    country, _, city = found["place"].partition(",")
    at_home = HOME.fullmatch(country) is not None
    return Told(
        who=found["who"].strip(),
        country="" if at_home else country.strip(),
        place=(city.strip() or country.strip()) if at_home else city.strip(),
        met=tuple(_people(found["met"] or "")),
    )


def _people(text: str) -> Iterator[Person]:
    """Names with titles in brackets, which may hold brackets of their own."""
    depth, name, title = 0, "", ""
    for sign in text:
        if sign == ")" and depth:
            depth -= 1
            if not depth:
                yield _person(name.strip(), title)
                name = title = ""
                continue
        if depth:
            title += sign
        elif sign != "(":
            name += sign
        depth += sign == "("


def _person(name: str, title: str) -> Person:
    words = key(_OWNER.sub("", title).replace(",", " ")).split()
    if CHINESE.intersection(words):
        return Person(name, frozenset(), None)
    ccodes, rest = _states(words)
    rank = None if PRIVATE in rest else _rank(" ".join(word for word in rest if word not in FILLERS))
    return Person(name, frozenset(ccodes), rank)


def _states(words: list[str]) -> tuple[list[int], list[str]]:
    """The states that words name, the longest name first, and the words that are left."""
    known = meanings(SCHEME)
    found: list[int] = []
    rest: list[str] = []
    at = 0
    while at < len(words):
        sizes = range(min(MOST_WORDS, len(words) - at), 0, -1)
        size = next((size for size in sizes if " ".join(words[at : at + size]) in known), 0)
        if size:
            meant = known[" ".join(words[at : at + size])][-1].ccode
            found += [meant] if meant is not None else []
        else:
            rest.append(words[at])
        at += size or 1
    return found, rest


def _rank(title: str) -> str | None:
    """The rank of a title without its state; of two offices ("prime minister and foreign minister") the first known."""
    offices = (office.strip() for office in title.split(" and "))
    return next((_RANK[office] for office in (title, *offices) if office in _RANK), None)
