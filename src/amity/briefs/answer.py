"""The brief as data: what every rendering (page, terminal, Markdown, JSON) shows, and nothing else.

Frozen records of plain values, so that two briefs can be compared and each form says the same. Dates are
`datetime.date`; a missing value is `None` and means unknown, never zero.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:
    from amity.briefs.estimated import Estimated
    from amity.briefs.followed import Record
    from amity.briefs.ledger import Ledger
    from amity.briefs.placed import Placed
    from amity.briefs.points import Standing
    from amity.briefs.programmes import Programme
    from amity.briefs.shadowed import Shadowed

Rank = Literal["head of state", "head of government", "foreign minister", "other leader"]
Direction = Literal["a to b", "b to a"]


@dataclass(frozen=True, slots=True)
class Party:
    """One of the states that the question is about."""

    name: str
    iso3c: str | None
    ccode: int
    region: str
    the: str
    """The name as it stands in a sentence: 'the United States', 'Cambodia'."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: two states, perhaps a third, and the years."""

    a: Party
    b: Party
    third: Party | None
    start: int
    """First year, inclusive."""
    end: int
    """Last year, inclusive."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A relation that held from a day to a day, as one row of a source says."""

    kind: str
    level: str | None
    start: date
    start_precision: str
    began: str
    end: date | None
    """None: it still held when the source's record ends."""
    end_precision: str | None
    ended: str | None
    ccode_from: int
    ccode_to: int
    who: str | None
    source: str
    ref: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A spell without a chief of mission in post, both days included, while the record covers the post."""

    start: date
    end: date
    months: int
    source: str
    ref: str
    """The row of the envoy before the gap; empty before the first one."""


@dataclass(frozen=True, slots=True)
class Closeness:
    """Agreement of two states' votes in a year, 0 (always opposed) to 1 (always the same), with its 90% interval."""

    year: int
    value: float
    low: float
    high: float
    n: int
    """Roll calls on which both voted."""


@dataclass(frozen=True, slots=True)
class RollCall:
    """One roll call on which both states voted, with the third's vote where it voted."""

    item: str
    date: date
    precision: str | None
    """How exact the date is; many days before 2003 are known to the month only."""
    year: int
    symbol: str | None
    title: str | None
    vote_a: str
    vote_b: str
    vote_third: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit of one side's leader to the other side."""

    date: date
    precision: str
    days: int | None
    direction: Direction
    rank: str
    who: str
    place: str | None
    source: str
    ref: str


@dataclass(frozen=True, slots=True)
class Act:
    """Something other than a visit that one side did to the other, as one row of a source says."""

    date: date
    precision: str
    direction: Direction
    kind: str
    code: str
    """CAMEO code."""
    field: str
    force_tenths: int
    """Goldstein weight in tenths, -100 to 100."""
    rank: str | None
    who: str | None
    place: str | None
    count: int
    source: str
    ref: str


@dataclass(frozen=True, slots=True)
class PeerVisits:
    """How often the leaders of one pair met in the window, at the rank of head of state or government."""

    name: str
    iso3c: str | None
    visits: int
    per_decade: float
    low: float
    high: float
    months_since: int | None
    """Months from the last one to the end of the record; None: none on record."""
    is_pair: bool


@dataclass(frozen=True, slots=True)
class Cadence:
    """Meetings at the top compared with peers: one of the two states with each state of the other's region."""

    hub: str
    """The state whose meetings are compared, as in a sentence."""
    start: int
    end: int
    region: str
    rows: tuple[PeerVisits, ...]
    rank: int
    """1: meets most often of all peers."""
    median: float
    """Visits per decade of the median peer, the pair itself left out."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount from one side to the other in a period; `year` is that of the period's last day."""

    year: int
    period: str
    kind: str
    ccode_from: int
    ccode_to: int
    value: float
    unit: str
    source: str
    ref: str


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """A date on which the record of the tie changes, with what changed and the rows that say so."""

    date: date
    precision: str
    what: str
    sort: str
    """relations, post, envoy, security, votes or visit."""
    source: str
    ref: str
    size: float | None = None
    """For votes: the change of agreement from the years before to the years after."""


@dataclass(frozen=True, slots=True)
class Reach:
    """From when to when a source speaks about this pair, by kind of row; outside, nothing is known."""

    source: str
    table: str
    kind: str
    start: date
    end: date
    direction: Literal["both", "a to b", "b to a"] = "both"
    """Whether the source knows what both did to each other, or one side only."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A source behind the brief."""

    id: str
    title: str
    producer: str
    licence: str
    licence_url: str
    homepage: str
    retrieved: str
    citation: str
    bibtex: str
    rows: int


@dataclass(frozen=True, slots=True)
class Told:
    """Coded events from one side to the other in a month: of co-operation and of conflict.

    Incidents are days with an event of a class, each once; articles are missing where the source does not count them.
    """

    cooperative: int
    cooperative_incidents: int
    cooperative_articles: int | None
    conflictual: int
    conflictual_incidents: int
    conflictual_articles: int | None


@dataclass(frozen=True, slots=True)
class NewsMonth:
    """A month that the source of coded events covers: all of its events, and those of each side."""

    month: date
    days: int
    """Days of the month that the source covers."""
    volume: int
    a_to_b: Told
    b_to_a: Told


@dataclass(frozen=True, slots=True)
class NewsClass:
    """How many events of a CAMEO root class one side directed at the other."""

    direction: Direction
    code: str
    name: str
    quad: int
    """1 verbal and 2 material co-operation, 3 verbal and 4 material conflict."""
    events: int


@dataclass(frozen=True, slots=True)
class Report:
    """One act as coded events tell it: of one day, direction, root class and field, by its most reported row."""

    date: date
    direction: Direction
    sender: str
    receiver: str
    code: str
    name: str
    force_tenths: int
    """Goldstein weight in tenths, -100 to 100."""
    articles: int | None
    """Articles that report it, summed over its rows; None: the source does not count them."""
    rows: int
    """Rows of the source that tell of it."""
    source: str
    ref: str
    """The row shown."""


@dataclass(frozen=True, slots=True)
class News:
    """Coded events of the pair, from one source."""

    source: str
    title: str
    scope: str
    """country: actors of every role; state: only the state itself, on both sides."""
    spans: tuple[tuple[date, date], ...]
    """The days of the years asked for about which the source speaks."""
    months: tuple[NewsMonth, ...]
    classes: tuple[NewsClass, ...]
    month: date | None
    """The month of which the reports are; None: there is no event at all."""
    reports: tuple[Report, ...]
    others: tuple[tuple[str, int], ...]
    """Other loaded sources of coded events, with their events of the pair."""


@dataclass(frozen=True, slots=True)
class Brief:
    """The whole answer. Series run from the first to the last year asked for, where anything is known."""

    version: str
    question: Question
    evidence_to: date | None
    headline: tuple[str, ...]
    ties: tuple[Tie, ...]
    gaps: tuple[Gap, ...]
    agreement: tuple[Closeness, ...]
    """The pair, over all roll calls on record."""
    agreement_whole: tuple[Closeness, ...]
    """The pair, over votes on whole resolutions only: the ones that every year has."""
    agreement_a_third: tuple[Closeness, ...]
    agreement_b_third: tuple[Closeness, ...]
    agreement_peers: tuple[tuple[str, float], ...]
    """Agreement of b with each state of a's region in the last year, (name, value), the pair left out."""
    roll_calls: tuple[RollCall, ...]
    visits: tuple[Visit, ...]
    cadence: Cadence | None
    amounts: tuple[Amount, ...]
    turning_points: tuple[TurningPoint, ...]
    reach: tuple[Reach, ...]
    limits: tuple[str, ...]
    sources: tuple[Citation, ...]
    acts: tuple[Act, ...] = ()
    """What each side did to the other beside visits: meetings that a publisher tells, and a user's own record."""
    news: News | None = None
    """What the news says that each side did to the other; None: no source of coded events is loaded."""
    standing: Standing | None = None
    """Where the states stand in the UN General Assembly; None: no votes are loaded, or neither has a point."""
    state: Estimated | None = None
    """Tone, engagement and alignment as estimated states with intervals; None: not estimated for years before 1946."""
    shadow: Shadowed | None = None
    """What knowing the third power adds to foreseeing the two; None: no third power was named."""
    between: Placed | None = None
    """Where one of the two stands between the other and the third power; None: none was named, or nothing is known."""
    followed: Record | None = None
    """What followed acts of each class in pairs of the world."""
    programmes: tuple[Programme, ...] = ()
    """The outlook with programmes of acts and without; empty where nothing is estimated."""
    ledger: Ledger | None = None
    """Statements put to the record; None where nothing is estimated and none were given."""

    def to_dict(self) -> dict[str, object]:
        """The brief as nested dicts and lists of JSON's own types, dates as ISO text."""
        return cast("dict[str, object]", plain(self))


def plain(value: object) -> object:
    """Records, tuples and dates as dicts, lists and text.

    >>> plain(Reach("us_missions", "ties", "envoy", date(1950, 6, 29), date(2019, 9, 19)))["end"]
    '2019-09-19'
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [plain(item) for item in cast("tuple[object, ...]", value)]
    if isinstance(value, date):
        return value.isoformat()
    return value
