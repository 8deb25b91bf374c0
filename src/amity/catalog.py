"""Records that say what every source holds, where it comes from, and what may be done with it.

One declaration feeds the Parquet schema, the documentation, the tests and the citation. Records only: no
polars, no disk, no network, so that `amity --help` stays cheap.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

TypeName = Literal["date", "string", "int8", "int16", "int32", "int64", "float64", "bool"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its type, its unit where it has one, and what it says in a sentence."""

    name: str
    dtype: TypeName
    says: str
    unit: str = ""
    required: bool = True
    values: tuple[str, ...] = ()
    """The values allowed, where they are few; an unknown one stops a parse."""


FIELDS = ("diplomacy", "security", "economy", "development", "governance", "society")
PRECISIONS = ("day", "month", "year")
VOTES = ("yes", "abstain", "no", "absent")

ACTS = (
    Column("date", "date", "first day of the act (first of the month or year where no more is known)"),
    Column("precision", "string", "how exact the date is", values=PRECISIONS),
    Column("ccode_from", "int16", "who acted (COW code)"),
    Column(
        "role_from", "string", "part of the state that acted; missing: the country as a whole", required=False
    ),
    Column("ccode_to", "int16", "towards whom (COW code)"),
    Column(
        "role_to", "string", "part of the state acted upon; missing: the country as a whole", required=False
    ),
    Column("kind", "string", "plain name of the act, such as visit"),
    Column("rank", "string", "rank of the person who acted, such as head of state", required=False),
    Column("who", "string", "the person, as the publisher names them", required=False),
    Column("place", "string", "where", required=False),
    Column("days", "int16", "length", unit="days", required=False),
    Column("code", "string", "CAMEO code, kept as text"),
    Column("field", "string", "field of relations", values=FIELDS),
    Column("force_tenths", "int16", "Goldstein weight of the CAMEO code", unit="tenths"),
    Column("count", "int32", "how many acts the row stands for"),
    Column("ref", "string", "the publisher's own id of the row"),
)

TIES = (
    Column("start", "date", "first day on which the tie held"),
    Column("start_precision", "string", "how exact that day is", values=PRECISIONS),
    Column("began", "string", "how it began, such as established, resumed, opened, raised, appointed"),
    Column("end", "date", "last day; missing: it still held when the record ends", required=False),
    Column("end_precision", "string", "how exact that day is", required=False, values=PRECISIONS),
    Column(
        "ended", "string", "how it ended, such as severed, interrupted, closed, left post", required=False
    ),
    Column("ccode_from", "int16", "whose tie it is: who recognises, who sends the envoy (COW code)"),
    Column("ccode_to", "int16", "with whom (COW code)"),
    Column(
        "kind",
        "string",
        "recognition, relations, post, envoy, alliance_defense, dispute …; a user's own kinds too",
    ),
    Column(
        "level",
        "string",
        "rank or degree of the tie: embassy, ambassador, use of force, import restriction …",
        required=False,
    ),
    Column(
        "who",
        "string",
        "the person, for an envoy; the organisation through which, for a sanction",
        required=False,
    ),
    Column("ref", "string", "the publisher's own id of the row"),
)

VOTES_CAST = (
    Column("item", "string", "the roll call; a row of `items` says which"),
    Column("ccode", "int16", "who voted (COW code)"),
    Column("vote", "string", "the vote", values=VOTES),
)

ITEMS = (
    Column("item", "string", "the roll call"),
    Column("date", "date", "day of the vote; missing where the publisher lacks it", required=False),
    Column("precision", "string", "how exact the date is", required=False, values=PRECISIONS),
    Column(
        "session", "int16", "session of the General Assembly; emergency sessions carry that of their date"
    ),
    Column("symbol", "string", "symbol of the resolution, as published", required=False),
    Column("title", "string", "short title, as published", required=False),
    Column("part", "string", "whole, amendment or paragraph", values=("whole", "amendment", "paragraph")),
    Column(
        "important", "bool", "named important by the US State Department; missing after 2017", required=False
    ),
    Column(
        "issues",
        "string",
        "issue codes joined by |, such as me|hr; empty: coded, none applies",
        required=False,
    ),
    Column(
        "subjects",
        "string",
        "the United Nations' own subjects joined by |, such as HUMAN RIGHTS|YOUTH; missing: not indexed",
        required=False,
    ),
    Column("ref", "string", "the publisher's own id of the row"),
)

FIGURES = (
    Column("start", "date", "first day of the period"),
    Column("end", "date", "last day of the period"),
    Column("period", "string", "the period as published, such as 1976tq"),
    Column("ccode_from", "int16", "from whom (COW code)"),
    Column("ccode_to", "int16", "to whom (COW code)"),
    Column("kind", "string", "what is counted, such as aid_disbursed"),
    Column("value", "float64", "the amount"),
    Column("unit", "string", "unit of the amount, such as USD or USD of 2022"),
    Column("ref", "string", "the publisher's own id of the row"),
)

TRAITS = (
    Column("start", "date", "first day on which it held"),
    Column("end", "date", "last day on which it held"),
    Column("ccode", "int16", "whose trait it is (COW code)"),
    Column("kind", "string", "what is said of the state, such as capability_share"),
    Column("value", "float64", "the amount; 1 where a state simply has the trait"),
    Column("unit", "string", "unit of the amount"),
    Column("ref", "string", "the publisher's own id of the row"),
)

EVENTS = (
    Column("date", "date", "day of the event, as published"),
    Column(
        "ccode_from",
        "int16",
        "who acted (COW code); missing: the publisher names no state for the actor",
        required=False,
    ),
    Column(
        "role_from",
        "string",
        "CAMEO role of the actor, such as GOV or OPP; missing: the country as a whole, or none is known",
        required=False,
    ),
    Column("name_from", "string", "the actor, as the publisher names it", required=False),
    Column(
        "ccode_to",
        "int16",
        "towards whom (COW code); missing: the publisher names no state for the target",
        required=False,
    ),
    Column("role_to", "string", "CAMEO role of the target, in the same way", required=False),
    Column("name_to", "string", "the target, as the publisher names it", required=False),
    Column("code", "string", "CAMEO code, kept as text; `amity.cameo` says class, weight and field"),
    Column(
        "articles",
        "int32",
        "articles that report it; missing: the publisher does not count them",
        unit="articles",
        required=False,
    ),
    Column("root", "bool", "told in the lead of its article; missing: not said", required=False),
    Column("added", "date", "day on which the publisher added it; missing: not said", required=False),
    Column("ref", "string", "the publisher's own id of the event"),
)

VOLUMES = (
    Column("month", "date", "first day of the month"),
    Column("ccode", "int16", "a state that acts or is acted upon; missing: all events", required=False),
    Column("events", "int32", "events of the source in the month, whoever the other side is", unit="events"),
    Column("articles", "int64", "articles that report them", unit="articles", required=False),
)

PAIR_MONTHS = (
    Column("month", "date", "first day of the month"),
    Column("ccode_from", "int16", "who acted (COW code)"),
    Column("ccode_to", "int16", "towards whom (COW code)"),
    Column(
        "scope",
        "string",
        "country: actors of every role; state: both are the country as a whole or a role that counts as the state",
        values=("country", "state"),
    ),
    Column("field", "string", "field of relations", values=FIELDS),
    Column("quad", "int8", "1 verbal and 2 material co-operation, 3 verbal and 4 material conflict"),
    Column("code", "string", "CAMEO root code, 01 to 20"),
    Column("events", "int32", "coded events", unit="events"),
    Column(
        "incidents", "int32", "days with an event of this root code and field, each once", unit="incidents"
    ),
    Column("articles", "int64", "articles that report them", unit="articles", required=False),
    Column("force_events", "int64", "Goldstein weights summed over events", unit="tenths"),
    Column(
        "force_incidents",
        "int64",
        "Goldstein weights summed over incidents, each as its strongest event",
        unit="tenths",
    ),
    Column("volume", "int32", "all events of the source in the month", unit="events"),
    Column("volume_from", "int32", "events of the source in the month with the acting state", unit="events"),
    Column("volume_to", "int32", "events of the source in the month with the other state", unit="events"),
)

COVERAGE = (
    Column("table", "string", "the table that the row speaks of"),
    Column("kind", "string", "the kind of row, such as visit or envoy; * for all"),
    Column(
        "ccode_from",
        "int16",
        "for acts, ties and figures from this state; missing: all states",
        required=False,
    ),
    Column("ccode_to", "int16", "towards this state; missing: all states", required=False),
    Column("start", "date", "first day about which the source speaks"),
    Column("end", "date", "last day about which the source speaks"),
)

REVIEW = (
    Column("file", "string", "file of the publisher"),
    Column("place", "string", "heading, line or id within it"),
    Column("why", "string", "why it could not be read with certainty, or why it was left out"),
)

SCHEMAS: dict[str, tuple[Column, ...]] = {
    "acts": ACTS,
    "ties": TIES,
    "votes": VOTES_CAST,
    "items": ITEMS,
    "figures": FIGURES,
    "traits": TRAITS,
    "events": EVENTS,
    "volumes": VOLUMES,
    "pair_months": PAIR_MONTHS,
    "coverage": COVERAGE,
    "review": REVIEW,
}
"""Every table that a source may write. `acts, ties, votes (+ items), figures` are the four kinds of evidence;
`traits` say what a state is on its own, such as how strong, and are no evidence of a relation. Coded news `events`
come by the million: `pair_months` counts them into directed pair-months, which is what is read of them further up,
and `volumes` says how much there was to count. `coverage` says about whom and when a source speaks at all, so that a
missing row inside it is a zero and one outside it is unknown; `review` lists what was set aside, and why."""


def polars_schema(table: str) -> dict[str, pl.DataType]:
    """The polars schema of a table, in the order of its columns.

    >>> list(polars_schema("votes"))
    ['item', 'ccode', 'vote']
    """
    import polars as pl  # noqa: PLC0415  (the records stay importable without polars)

    kinds: dict[str, pl.DataType] = {
        "date": pl.Date(),
        "string": pl.String(),
        "int8": pl.Int8(),
        "int16": pl.Int16(),
        "int32": pl.Int32(),
        "int64": pl.Int64(),
        "float64": pl.Float64(),
        "bool": pl.Boolean(),
    }
    return {column.name: kinds[column.dtype] for column in SCHEMAS[table]}


@dataclass(frozen=True, slots=True)
class Licence:
    """Terms of use: an SPDX id or `LicenseRef-…`, its page, and whether computed facts may be passed on."""

    id: str
    name: str
    url: str
    may_share: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """About whom and when a table speaks, and what a missing row means there."""

    start: date
    end: date | None
    """Last day, or None: the last day seen in the files themselves."""
    states: str
    """In words, such as 'every state with the United States'."""
    zero: str
    """What a missing row inside the coverage means."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table that a source writes, with the fewest rows that a whole release has."""

    name: str
    kinds: tuple[str, ...]
    floor: int
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Source:
    """One publisher's product: who, what, where, on which terms, and how to cite it."""

    id: str
    title: str
    producer: str
    says: str
    homepage: str
    licence: Licence
    citation: str
    bibtex: str
    tables: tuple[Table, ...]
    files: str
    """What its files look like, in words, for `amity load`."""
    by_hand: str = ""
    """The page where a person downloads it, where no address can be fetched by `amity pull`."""
    oddities: tuple[str, ...] = field(default=())
    """Known oddities of the publisher's files, with their rates."""

    @property
    def may_share(self) -> bool:
        return self.licence.may_share

    def table(self, name: str) -> Table:
        return next(table for table in self.tables if table.name == name)


@dataclass(frozen=True, slots=True)
class Request:
    """One address to fetch.

    `file` is the name under which `parse` will see the bytes. A listing is fetched first and names the files
    behind it; `pattern` (a glob on the path) says which of them belong to the source. Listings are GitHub's of a
    folder; of GDELT 1 `filesizes` and `md5sums` (a request each), of GDELT 2 `masterfilelist.txt`; and what
    Dataverse says of a data set. For the last three `pattern` is matched with the name of the file alone.
    """

    url: str
    file: str
    listing: Literal["", "github", "gdelt1", "gdelt2", "dataverse"] = ""
    pattern: str = "*"
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a measure computes, per what, from which tables, in which unit and bounds, after whom."""

    name: str
    says: str
    grain: Literal[
        "dyad", "dyad-year", "dyad-month", "directed dyad-year", "directed dyad-month", "state-year"
    ]
    reads: tuple[str, ...]
    unit: str
    bounds: tuple[float, float]
    cite: tuple[str, ...] = ()
    undefined: str = ""
    """When there is no value, and why."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was fetched or loaded: the file, where from, when, how large, its hash, and the licence it came under."""

    source: str
    file: str
    url: str
    """Empty when a person loaded it from disk."""
    retrieved: str
    """UTC, ISO 8601, to the second."""
    size: int
    sha256: str
    licence: str
