"""What the guide's headings say: rules as data, tried in order.

A heading is put into plain form by `normal`, then either set aside by the first of `NOT_TIES` that fits, or cut into
clauses that `EVENTS` reads. A heading that neither knows goes to `review`. What only one file needs stands in the
tables at the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["recognition", "relations", "post"]
Change = Literal["begins", "ends", "raised"]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a heading says: which tie, how it changed, and the plain word for it."""

    kind: Kind
    change: Change
    word: str
    level: str | None = None
    ccode: int | None = None
    """With whom, where that is not the state after which the file is named."""
    verb: str = ""
    """The clause that dates it, where the ordinary ones do not."""
    year: int | None = None
    """The year, where the heading names several and the event's own is known."""

    @property
    def again(self) -> bool:
        """Whether the word says that there was such a tie before."""
        return self.word in {"resumed", "re-established", "reopened"}


LEVELS = ("interests section", "liaison office", "representative office", "mission", "legation", "embassy")
"""The ranks of posts, lowest first."""

_LEVEL = r"(?P<level>embassy|legation|liaison office|interests section|representative office|mission)"
_OURS = r"(?:the |an? |us |first |diplomatic |operations at )*"
_WITH = r"(?:the |full |normal |permanent )*(?:diplomatic )?relations"

NOT_TIES: tuple[tuple[str, str, str], ...] = (
    # class, pattern of the heading in plain form, pattern of the section's id
    ("no heading", r"^$", ""),
    ("treaty", "", r"^treat"),
    ("treaty", r"^declaration of accession", ""),
    ("key event", "", r"^(?:key|diplomatic_event)"),
    ("theme", "", r"^(?:relevant-)?issues"),
    ("they recognise", r"recogni(?:tion of|ze) (?:the )?(?:independence of )?(?:the )?us\b", ""),
    ("a government", r"recognition of the (?:provisional|french committee)|of yugoslav legation", ""),
    ("never", r"^no (?:permanent )?(?:diplomatic|consular)|^us response to|non-recognition", ""),
    ("consular", r"\bconsul(?!ate elevated to embassy|ate to embassy)", ""),
    ("consular", r"^(?!.*(?:diplomatic relations|embassy))", r"^consular"),
    (
        "their post",
        r"^(?:establishment|elevation) of (?!diplomatic).*legation (?:in|to) (?:washington|the us)\b",
        "",
    ),
    ("their post", r"^establishment of andorran embassy", ""),
    ("their post", r"^(?!us )\w+ legation (?:raised|reopened|in the us reopened)", ""),
    ("their post", r"^elevation of (?:the )?(?!us |legation|liaison|representation|status)\w+ legation", ""),
    (
        "their post",
        r"^legation of the kingdom of sardinia becomes|^hanseatic representation|^first spanish",
        "",
    ),
    (
        "envoy",
        r"\bambassadors?\b|ambassadorial|minister\b|diplomatic representative|special representative",
        "",
    ),
    ("envoy", r"^change (?:from|in)|^elevation of the us representative|^relations altered", ""),
    ("moved", r"\bmove[sd]?\b|\bmovement\b|^relocation|\breturn(?:s|ed)\b|transferred", ""),
    ("moved", r"^closure of us legation in athens and opening of legation in london", ""),
    ("other posts", r"^other us diplomatic missions|subordinate|us legations in the italian peninsula", ""),
    ("first contact", r"^first official", ""),
    ("anniversary", r"anniversary", ""),
    ("growth", r"^expansion of relations", ""),
    (
        "war",
        r"declaration of war|end of hostilities|undeclared war|^us-.* relations during|^revolution of",
        "",
    ),
    ("state changes", r"\bunder .*control|^dissolution|^formation|arab union|^unification|reunified", ""),
    (
        "state changes",
        r"^the republic of|becomes a republic|^transfer of sovereignty|^invasion of|^demise of",
        "",
    ),
    ("state changes", r"^luxembourg government|handled through|north-south division", ""),
)
"""Headings that tell of no tie of the United States, by class: named, so that none is dropped in silence.
A moved post is the same post, and a changed envoy is the business of the chiefs of mission."""

_OPENED = {"establishment": "established", "opening": "opened", "creation": "established"}
_REOPENED = {"reestablishment": "re-established", "reopening": "reopened", "resumption": "resumed"}
WORDS = {
    **_OPENED,
    **_REOPENED,
    "reestablished": "re-established",
    "reopens": "reopened",
    "normalized": "resumed",
    "severance": "severed",
    "severing": "severed",
    "severs": "severed",
    "suspension": "suspended",
    "interruption": "interrupted",
    "termination": "ended",
    "cessation": "ended",
    "closure": "closed",
    "closing": "closed",
    "evacuation": "staff withdrawn",
    "withdrawn": "staff withdrawn",
    "downgraded": "lowered",
    "relations from": "closed",
}
"""The plain word of a tie's `began` or `ended` for the guide's word; others stay as they are."""

_NOUN_BEGINS = r"(?P<word>(?:re)?establishment|(?:re)?opening|resumption)"
_NOUN_ENDS = r"(?P<word>closure|closing|suspension|termination|severance|severing|cessation|interruption)"
_VERB_BEGINS = r"\b(?P<word>(?:re)?established|(?:re)?opened|reopens|resumed|normalized)\b"
_VERB_ENDS = r"\b(?P<word>severed|severs|interrupted|suspended|ended)\b"

EVENTS: tuple[tuple[str, Event], ...] = (
    (r"^recognition of .* withdrawn", Event("recognition", "ends", "withdrawn")),
    (r"^(?:us |states )?(?:mutual )?(?:acts of )?recognition", Event("recognition", "begins", "recognised")),
    (r"^relations established with the united arab republic", Event("relations", "begins", "")),
    (rf"^(?:elevation|establishment of us legation)\b.*\bto {_LEVEL}", Event("post", "raised", "raised")),
    (rf"\b(?:raised|elevated) to {_LEVEL}", Event("post", "raised", "raised")),
    (r"^elevation of representation to ambassadorship", Event("post", "raised", "raised", "embassy")),
    (r"^establishment of the us diplomatic presence", Event("post", "begins", "established", "legation")),
    (rf"^(?:the )?{_NOUN_BEGINS} of {_OURS}{_LEVEL}", Event("post", "begins", "")),
    (rf"{_LEVEL}\b.*{_VERB_BEGINS}", Event("post", "begins", "")),
    (rf"^(?:the )?{_NOUN_ENDS} of {_OURS}{_LEVEL}", Event("post", "ends", "")),
    (r"^(?P<word>suspension) of operations at us embassy", Event("post", "ends", "", "embassy")),
    (rf"{_LEVEL}\b.*\b(?P<word>closed|downgraded|withdrawn)\b", Event("post", "ends", "")),
    (rf"^(?P<word>evacuation) of us {_LEVEL} staff", Event("post", "ends", "")),
    (r"^(?P<word>relations from)$", Event("post", "ends", "", "embassy")),
    (rf"^(?:the )?{_NOUN_BEGINS} of {_WITH}", Event("relations", "begins", "")),
    (rf"^{_WITH}\b.*{_VERB_BEGINS}", Event("relations", "begins", "")),
    (rf"^(?:the )?{_NOUN_ENDS} of {_WITH}", Event("relations", "ends", "")),
    (rf"{_WITH}\b.*{_VERB_ENDS}", Event("relations", "ends", "")),
    (rf"{_VERB_ENDS} {_WITH}", Event("relations", "ends", "")),
)
"""What one clause of a heading says; the first rule that fits reads it. An empty word is the clause's own."""

_INHERITS = re.compile(rf"^{_OURS}{_LEVEL}")
_CLAUSES = re.compile(r",? and |; |, (?=closure|embassy|and)")


def normal(heading: str) -> str:
    """A heading in the plain form that the rules want.

    >>> normal("Re-establishment of the U.S. Embassy in Phnom Penh")
    'reestablishment of the us embassy in phnom penh'
    """
    text = heading.lower().replace("’", "'").replace("&", "and").replace("relationsand", "relations and")
    text = re.sub(r"\bu\. ?s\b\.?|\bunited states\b|\bamerican?\b", "us", text)
    text = re.sub(r"\bre-(?=[a-z])", "re", text).replace("recogntion", "recognition")
    text = text.replace("office of the us representative", "representative office")
    text = text.replace("interests section and liaison office", "interests section")
    text = re.sub(r"\binterest section", "interests section", text.replace(" and cultural", ""))
    return " ".join(text.split())


def set_aside(heading: str, section: str) -> str | None:
    """The class of a heading that tells of no tie, or None.

    >>> set_aside("American Embassy Moved to Vichy", "relations")
    'moved'
    """
    plain = normal(heading)
    fits = (name for name, words, where in NOT_TIES if re.search(words, plain) and re.search(where, section))
    return next(fits, None)


def events(heading: str) -> tuple[Event, ...]:
    """What a heading says of our ties; empty where no rule knows it.

    >>> [(event.kind, event.word) for event in events("U.S. Embassy Closed and Normal Relations Interrupted")]
    [('post', 'closed'), ('relations', 'interrupted')]
    """
    said: list[Event] = []
    for clause in _CLAUSES.split(normal(heading)):
        event = _clause(clause)
        inherited = _INHERITS.match(clause)
        if (
            event is None
            and inherited
            and said
            and said[-1].change == "begins"
            and " in the us" not in clause
        ):
            event = Event("post", "begins", said[-1].word, inherited["level"])
        if event is not None and event.word:
            said.append(event)
    return tuple(said)


def _clause(clause: str) -> Event | None:
    for pattern, event in EVENTS:
        match = re.search(pattern, clause)
        if match is None:
            continue
        groups = match.groupdict()
        word = groups.get("word") or ""
        word = event.word or WORDS.get(word, word)
        word = "closed" if (event.kind, word) == ("post", "ended") else word
        return replace(event, word=word, level=event.level or groups.get("level"))
    return None


_MOVED = "moved to Taiwan"
_TO_TAIPEI = r"embassy was moved to Taipei"

SPECIAL: tuple[tuple[str, str, str, tuple[Event, ...]], ...] = (
    # stem, pattern of the heading, pattern of the section's id, what it says
    (
        "china",
        r"^Embassy Moved to Taipei",
        "",
        (
            Event("recognition", "ends", _MOVED, ccode=710, verb=_TO_TAIPEI),
            Event("relations", "ends", _MOVED, ccode=710, verb=_TO_TAIPEI),
            Event("post", "ends", _MOVED, ccode=710, verb=_TO_TAIPEI),
            Event("recognition", "begins", "continued", ccode=713, verb=_TO_TAIPEI),
            Event("relations", "begins", "continued", ccode=713, verb=_TO_TAIPEI),
            Event("post", "begins", "continued", "embassy", ccode=713, verb=_TO_TAIPEI),
        ),
    ),
    (
        "china",
        r"^Establishment of Diplomatic Relations with PRC",
        "",
        (
            Event("recognition", "begins", "recognised"),
            Event("relations", "begins", "established"),
            Event("recognition", "ends", "withdrawn", ccode=713, verb=r"withdrew its recognition"),
            Event(
                "relations", "ends", "ended by the United States", ccode=713, verb=r"terminated diplomatic"
            ),
        ),
    ),
    (
        "china",
        r"^Closing of U\.S\. Embassy at Taipei",
        "",
        (Event("post", "ends", "closed", "embassy", ccode=713),),
    ),
    (
        "costa-rica",
        r"^Interruption of Relations",
        "",
        (
            Event("relations", "ends", "interrupted", year=1917),
            Event("relations", "begins", "resumed", year=1922),
        ),
    ),
    (
        "vietnam",
        r"^Relations Interrupted",
        "",
        (Event("post", "ends", "closed", "embassy"), Event("relations", "ends", "interrupted")),
    ),
    (
        "eritrea",
        r"^U\.S\. Recognition",
        r"^diplomatic",
        (Event("relations", "begins", "established"), Event("post", "begins", "established", "embassy")),
    ),
)
"""Headings that say more, or something else, than their words."""

OTHER_STATES: tuple[tuple[str, str, str], ...] = (
    # stem, pattern of the heading with its years, class
    ("guatemala", r"Federation of Central|^Establishment of (?:Dip|the American).* 182[46]$", "a federation"),
    ("nicaragua", r"Federation of Central American States", "a federation"),
    ("peru", r"Peru-Bolivian Confederation", "a federation"),
    ("mali", r"Recognition of Mali’s Independence|Federation of Mali", "a federation"),
    ("germany", r"^Recognition of the German Democratic Republic", "told in another file"),
    ("piedmont-sardinia", r"^Cessation of Relations", "told in another file"),
    ("north-german-confederation", r"", "told in another file"),
    ("north-german-union", r"", "told in another file"),
)
"""Headings about a state other than the file's own, or told in that state's file."""

WHOSE: tuple[tuple[str, str, int], ...] = (
    # stem, pattern of the heading, its years or its paragraphs, COW code
    ("yemen", r"South|Aden", 680),
    ("china", r"^Establishment of U\.S\. Liaison Office in Beijing", 710),
)
"""Files of several states: with which of them an entry deals. Where no row fits, the file's stem and the date say."""

WRONG_YEARS: tuple[tuple[str, str, int, int], ...] = (
    # stem, pattern of the heading, the year in it, the year that its own paragraph gives
    ("estonia", r"^American Legation established at Tallinn", 1922, 1930),
    ("lithuania", r"^American Legation established at Kovno", 1922, 1930),
    ("kyrgyzstan", r"^Establishment of the American Embassy", 2004, 1992),
    ("nicaragua", r"^Legation Raised to Embassy", 1942, 1943),
    ("saint-lucia", r"^Diplomatic Relations Established", 1983, 1979),
)
"""Headings whose year is a slip: the paragraph names the day of the event itself, in another year."""

GOES_ON = r"continued uninterrupted|not formally severed|did not sever diplomatic relations"
"""Prose that says that relations went on while a post was closed."""
