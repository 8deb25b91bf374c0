"""What a person may write in a record of their own: columns, and kinds of act with their CAMEO code and weight.

Codes are those of the CAMEO codebook (Gerner, Schrodt and Yilmaz), weights those of its Goldstein scale, as published
with the ICEWS data: -10 (attack) to 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Table = Literal["acts", "ties"]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a plain name of an act stands for; `force_tenths` is the Goldstein weight in tenths."""

    code: str
    field: str
    force_tenths: int


KINDS = {
    "visit": Kind("042", "diplomacy", 19),
    "meeting": Kind("044", "diplomacy", 25),
    "dialogue": Kind("040", "diplomacy", 10),
    "call": Kind("041", "diplomacy", 10),
    "letter": Kind("040", "diplomacy", 10),
    "negotiation": Kind("046", "diplomacy", 70),
    "mediation": Kind("045", "diplomacy", 50),
    "statement": Kind("010", "diplomacy", 0),
    "condolence": Kind("018", "diplomacy", 34),
    "request": Kind("020", "diplomacy", 30),
    "promise": Kind("030", "diplomacy", 40),
    "praise": Kind("051", "diplomacy", 34),
    "apology": Kind("055", "diplomacy", 70),
    "recognition": Kind("054", "diplomacy", 60),
    "agreement": Kind("057", "diplomacy", 80),
    "exchange": Kind("050", "society", 35),
    "economic cooperation": Kind("061", "economy", 64),
    "exercise": Kind("062", "security", 74),
    "intelligence": Kind("064", "security", 70),
    "aid": Kind("070", "development", 70),
    "economic aid": Kind("071", "development", 74),
    "military aid": Kind("072", "security", 83),
    "humanitarian aid": Kind("073", "development", 74),
    "release": Kind("0841", "governance", 70),
    "sanction lifted": Kind("085", "economy", 70),
    "ceasefire": Kind("0871", "security", 90),
    "investigation": Kind("090", "governance", -20),
    "criticism": Kind("111", "diplomacy", -20),
    "accusation": Kind("112", "diplomacy", -20),
    "protest": Kind("114", "diplomacy", -20),
    "rejection": Kind("120", "diplomacy", -40),
    "demand": Kind("100", "diplomacy", -50),
    "threat": Kind("130", "diplomacy", -44),
    "military threat": Kind("138", "security", -70),
    "relations reduced": Kind("161", "diplomacy", -40),
    "aid cut": Kind("162", "development", -56),
    "talks halted": Kind("164", "diplomacy", -65),
    "sanction": Kind("163", "economy", -80),
    "expulsion": Kind("166", "diplomacy", -70),
    "arrest": Kind("173", "governance", -50),
    "seizure": Kind("171", "economy", -92),
    "mobilisation": Kind("154", "security", -72),
    "blockade": Kind("191", "security", -95),
    "attack": Kind("190", "security", -100),
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
}
REQUIRED: dict[Table, tuple[str, ...]] = {
    "acts": ("date", "from", "to", "kind"),
    "ties": ("start", "from", "to", "kind"),
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
}


def template(table: Table) -> str:
    """A file to begin from: the header and example rows, as CSV.

    >>> template("ties").splitlines()[0]
    'start,end,from,to,kind,level,began,ended,who,note,ref'
    """
    names = tuple(COLUMNS[table])
    rows = [",".join(row.get(name, "") for name in names) for row in EXAMPLES[table]]
    return "\n".join([",".join(names), *rows])
