"""Tone, engagement and alignment as data: the estimated part of a brief.

Values lie between −100 and 100 with 90% intervals; 0 is a pair at rest (see `dimensions.estimate`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

HALF = 3
"""Of the six fields."""

LineName = Literal["tone", "tone a to b", "tone b to a", "engagement", "alignment"]


@dataclass(frozen=True, slots=True)
class Month:
    """A line in a month: what is known of it now, and what could be known at its end."""

    month: date
    value: float
    low: float
    high: float
    then: float
    then_low: float
    then_high: float
    seen: bool
    """Whether anything was observed in the twelve months up to this one."""
    known: bool
    """Whether evidence narrows the interval noticeably beside that of a pair of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a line stands at its end, and how that compares with a year before."""

    value: float
    low: float
    high: float
    known: bool
    fresh: bool
    """Whether anything was observed in its last twelve months; a line runs on without, less and less sure."""
    last_seen: date | None
    """The last month in which anything was observed; None: nothing ever was."""
    before: float | None
    """The value twelve months earlier as it is known now; None: not known."""
    chance_higher: float | None
    """Probability that it is higher now than then; None: not known."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line through time, oldest month first."""

    name: LineName
    months: tuple[Month, ...]
    stand: Stand


@dataclass(frozen=True, slots=True)
class Change:
    """What the observations of one kind, from one source, in one month changed in what could be known."""

    month: date
    dimension: str
    """tone, engagement or alignment."""
    says: str
    """The kind of evidence in plain words."""
    source: str
    news: float
    """The change, in standard deviations of the world's pairs; above zero is warmer, closer, more alike."""
    seen: str
    """What was observed, in words and numbers."""


@dataclass(frozen=True, slots=True)
class Moving:
    """How far a dimension plainly moved at a turning point, in standard deviations of the world's pairs."""

    dimension: str
    size: float
    sd: float
    """Standard deviation of its error."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A month in which the relation passed into another phase."""

    month: date
    """The most likely one."""
    low: date
    high: date
    """Between these months it lies, with 90% chance."""
    probability: float
    """That there is one between them at all."""
    direction: str
    """better, worse, mixed or unclear."""
    name: str
    """What is on record of those weeks."""
    moves: tuple[Moving, ...]
    refs: tuple[str, ...]
    """Rows of the record, the weightiest first."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of months in which the relation stayed much as it was."""

    start: date
    end: date
    levels: tuple[tuple[str, str], ...]
    """Dimension and word."""
    name: str


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A line some months ahead, by one method."""

    line: LineName
    horizon: int
    """Months."""
    month: date
    method: str
    """tone (the state carried forward), ewma or persistence."""
    shown: bool
    """Whether it is the method that the record favours at this horizon."""
    value: float
    low: float
    high: float
    share: float | None
    """Share of hostile acts of one towards the other in a month; None: of both together, or no acts are loaded."""
    share_low: float | None
    share_high: float | None


@dataclass(frozen=True, slots=True)
class Skill:
    """How right forecasts of a method at a horizon have been."""

    whose: Literal["all pairs", "this pair"]
    method: str
    horizon: int
    n: int
    """Forecasts judged."""
    pairs: int
    covered: float | None
    """The share of 90% intervals that held what came; None: nothing could be judged."""
    worst: float | None
    skill: float | None
    """How much smaller its score is than that of persistence: 0 no better, 1 perfect."""
    skill_low: float | None
    skill_high: float | None
    """A 95% interval."""
    judged: str


@dataclass(frozen=True, slots=True)
class Depth:
    """Engagement in one field at the end of a year, by the evidence of that field alone."""

    field: str
    year: int
    value: float
    """In standard deviations of the world's pairs; above zero is more than a pair at rest."""
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Breadth:
    """In how many of the six fields the two are engaged more than a pair at rest, at the end of a year."""

    year: int
    known: int
    """Fields of which something is known; of the others nothing is said."""
    value: float
    """Expected number among the known ones."""
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Trusted:
    """Trust of one side in the other: the chance that the other's next act towards it is co-operative, 0 to 1."""

    value: float
    low: float
    high: float
    acts: int
    """Acts of the other towards it that it rests on."""
    age: float
    """Months since the last of them."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Trust of the two in each other at the end of the last month that a source of acts covers."""

    month: date
    a_in_b: Trusted | None
    """None: no act of b towards a is on record."""
    b_in_a: Trusted | None
    gap: float | None
    """Trust of a in b less that of b in a; None: one of them is not known."""
    gap_low: float | None
    gap_high: float | None
    material_a_in_b: Trusted | None
    """The same of acts that cost something alone: aid, force, sanctions and the like."""
    material_b_in_a: Trusted | None


@dataclass(frozen=True, slots=True)
class Compared:
    """One number of a relation beside those of its peers; None: not known, or not so yet."""

    name: str
    """level, volatility, depth or recovery."""
    value: float | None
    low: float | None
    high: float | None
    """A 90% interval."""
    rank: float | None
    """The share of peers below it, in hundredths."""
    rank_low: float | None
    rank_high: float | None
    peers: int


@dataclass(frozen=True, slots=True)
class Matured:
    """How mature a relation is for its age in one dimension."""

    dimension: str
    year: int
    """The last year that is known."""
    age: int
    known_years: int
    peers: int
    readings: tuple[Compared, ...]
    peak: int | None
    trough: int | None
    """The years between which the deepest fall lies."""
    recovered: int | None


@dataclass(frozen=True, slots=True)
class Estimated:
    """How the two stand by estimate."""

    month: date
    """The month to which the lines run."""
    lines: tuple[Line, ...]
    moved: tuple[Change, ...]
    """In order of month; changes below a hundredth of a standard deviation are left out."""
    learned_from: tuple[tuple[str, str], ...]
    """By dimension, what its constants were learned from."""
    sources: tuple[str, ...]
    """Those whose rows the estimates rest on, in order of name."""
    phases: tuple[Phase, ...] = ()
    turns: tuple[Turn, ...] = ()
    foreseen: tuple[Foreseen, ...] = ()
    skill: tuple[Skill, ...] = ()
    acts_of: str | None = None
    """The source of the acts that two of the methods count; None: none codes any of the pair."""
    depth: tuple[Depth, ...] = ()
    """Years and fields of which something is known."""
    breadth: tuple[Breadth, ...] = ()
    trust: Trust | None = None
    """None: no source of acts is loaded for these years."""
    maturity: tuple[Matured, ...] = ()
    """By dimension; empty where too little is known of the pair, or nothing is kept of others."""

    @property
    def widest(self) -> Breadth | None:
        """The last year in which half of the fields were known; else the last of any; None: none ever was."""
        half = [one for one in self.breadth if one.known >= HALF]
        return half[-1] if half else self.breadth[-1] if self.breadth else None

    def line(self, name: LineName) -> Line | None:
        """The line of this name; None: it was not estimated."""
        return next((line for line in self.lines if line.name == name), None)
