"""What a person may write in a record of their own: columns, and kinds of act with their CAMEO code and weight.

Codes, fields and weights are those of `amity.cameo`: from -10 (an attack) to 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from amity import cameo

Table = Literal["acts", "ties", "events"]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a plain name of an act stands for; `force_tenths` is the Goldstein weight in tenths."""

    code: str
    field: str
    force_tenths: int


def kind(code: str, field: str = "") -> Kind:
    """What a code stands for, by the table of `amity.cameo`; in another field where one is named.

    >>> kind("042")
    Kind(code='042', field='diplomacy', force_tenths=19)
    """
    found = cameo.find(code)
    return Kind(code, field or found.field, found.goldstein_tenths)


KINDS = {
    "visit": kind("042"),
    "meeting": kind("044"),
    "dialogue": kind("040"),
    "call": kind("041"),
    "letter": kind("040"),
    "negotiation": kind("046"),
    "mediation": kind("045"),
    "statement": kind("010"),
    "condolence": kind("018"),
    "request": kind("020"),
    "promise": kind("030"),
    "praise": kind("051"),
    "apology": kind("055"),
    "recognition": kind("054"),
    "agreement": kind("057"),
    "exchange": kind("050", "society"),
    "economic cooperation": kind("061"),
    "exercise": kind("062"),
    "intelligence": kind("064"),
    "aid": kind("070"),
    "economic aid": kind("071"),
    "military aid": kind("072"),
    "humanitarian aid": kind("073"),
    "release": kind("0841"),
    "sanction lifted": kind("085"),
    "ceasefire": kind("0871"),
    "investigation": kind("090"),
    "criticism": kind("111"),
    "accusation": kind("112"),
    "protest": kind("114"),
    "rejection": kind("120"),
    "demand": kind("100"),
    "threat": kind("130"),
    "military threat": kind("138"),
    "relations reduced": kind("161"),
    "aid cut": kind("162"),
    "talks halted": kind("164"),
    "sanction": kind("163"),
    "expulsion": kind("166"),
    "arrest": kind("173"),
    "seizure": kind("171"),
    "mobilisation": kind("154"),
    "blockade": kind("191"),
    "attack": kind("190"),
}
"""Kinds that need no code, field or force of their own. A `protest` is a diplomatic note, an `expulsion` one of
diplomats."""

RANKS = ("head of state", "head of government", "foreign minister", "other leader")
ROLES = ("government", "opposition", "military", "press", "business", "society")

COLUMNS: dict[Table, dict[str, str]] = {
    "acts": {
        "date": "required: 2012-11-19, 2012-11 or 2012",
        "from": "required: the state that acted, by a name or code that `amity states` knows",
        "to": "required: the state towards which it acted",
        "kind": "required: one of the kinds below, or your own with code, field and force",
        "code": "CAMEO code, such as 042",
        "field": "diplomacy, security, economy, development, governance or society",
        "force": "Goldstein weight, -10 to 10",
        "rank": f"of a visitor (required for a visit): {', '.join(RANKS)}",
        "who": "the person (required for a visit)",
        "place": "where",
        "days": "length in days",
        "count": "how many acts the row stands for; empty: 1",
        "role_from": f"part of the state that acted: {', '.join(ROLES)}; empty: the country as a whole",
        "role_to": "part of the state acted upon, likewise",
        "note": "for yourself: kept in the file, not read",
        "ref": "your own id of the row; empty: its line",
    },
    "ties": {
        "start": "required: first day, 1994-05-17, 1994-05 or 1994",
        "end": "last day; empty: it still holds",
        "from": "required: whose tie it is",
        "to": "required: with whom",
        "kind": "required: recognition, relations, post, envoy, or a name of your own",
        "level": "rank of the tie, such as embassy or ambassador",
        "began": "how it began, such as established; empty: began",
        "ended": "how it ended, such as severed; empty: ended",
        "who": "the person, for an envoy",
        "note": "for yourself: kept in the file, not read",
        "ref": "your own id of the row; empty: its line",
    },
    "events": {
        "date": "required: the day, 2012-11-19",
        "from": "required: the state whose actor did it",
        "to": "required: the state towards whose actor it was done; it may be the same one",
        "code": "required: CAMEO code, such as 042",
        "role_from": "CAMEO role of the actor, such as GOV or OPP; empty: the country as a whole",
        "name_from": "the actor by name",
        "role_to": "CAMEO role of the target, likewise",
        "name_to": "the target by name",
        "articles": "how many articles told of it; empty: not counted",
        "note": "for yourself: kept in the file, not read",
        "ref": "your own id of the row; empty: its line",
    },
}
REQUIRED: dict[Table, tuple[str, ...]] = {
    "acts": ("date", "from", "to", "kind"),
    "ties": ("start", "from", "to", "kind"),
    "events": ("date", "from", "to", "code"),
}
EXAMPLES: dict[Table, tuple[dict[str, str], ...]] = {
    "acts": (
        {
            "date": "2016-10-13",
            "from": "CHN",
            "to": "Cambodia",
            "kind": "visit",
            "rank": "head of state",
            "who": "Xi Jinping",
            "place": "Phnom Penh",
            "days": "2",
        },
        {"date": "2017-09", "from": "KHM", "to": "USA", "kind": "accusation", "note": "month only"},
        {
            "date": "2019",
            "from": "KHM",
            "to": "CHN",
            "kind": "river patrol",
            "code": "062",
            "field": "security",
            "force": "7.4",
            "count": "4",
        },
    ),
    "ties": (
        {
            "start": "1958-07-19",
            "from": "CHN",
            "to": "Cambodia",
            "kind": "relations",
            "began": "established",
        },
        {
            "start": "1965-05-03",
            "end": "1969-07-02",
            "from": "Cambodia",
            "to": "USA",
            "kind": "rupture",
            "ended": "relations resumed",
        },
    ),
    "events": (
        {
            "date": "2018-02-27",
            "from": "USA",
            "to": "Cambodia",
            "code": "162",
            "role_from": "GOV",
            "role_to": "GOV",
            "articles": "12",
        },
        {
            "date": "2018-02-28",
            "from": "KHM",
            "to": "USA",
            "code": "112",
            "role_from": "GOV",
            "name_from": "Ministry",
        },
    ),
}


def template(table: Table) -> str:
    """A file to begin from: the header and example rows, as CSV.

    >>> template("ties").splitlines()[0]
    'start,end,from,to,kind,level,began,ended,who,note,ref'
    """
    names = tuple(COLUMNS[table])
    rows = [",".join(row.get(name, "") for name in names) for row in EXAMPLES[table]]
    return "\n".join([",".join(names), *rows])
