"""Where the states stand in the UN General Assembly, as data: the records of that section of the brief."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

Side = Literal["a", "b", "third"]


@dataclass(frozen=True, slots=True)
class Point:
    """A state's ideal point in a session with its 90% interval, in standard deviations of all states and sessions."""

    session: int
    year: int
    """In which the session opens."""
    n: int
    """Votes of the session that count."""
    value: float
    low: float
    high: float
    ccode: int
    """The code under which the votes were cast: one state may have borne several."""
    holder: str | None = None
    """Who held the state's seat, where it was another; None: the state itself."""


@dataclass(frozen=True, slots=True)
class Apart:
    """How far apart two of the states stand in the latest session that both of the pair have."""

    one: Side
    other: Side
    value: float
    """The first less the second; above zero, the first stands higher."""
    sd: float
    low: float
    high: float
    certain: bool
    """Whether the 90% interval excludes zero."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How far a state moved from one session to another, ten apart where it has points in both."""

    side: Side
    session1: int
    session2: int
    value: float
    sd: float
    low: float
    high: float
    certain: bool
    """Whether the 90% interval excludes zero."""


@dataclass(frozen=True, slots=True)
class Nearer:
    """Which of the pair stands closer to the third."""

    side: Literal["a", "b"] | None
    """None: undecided, as the 90% interval of the difference of the two distances spans zero."""
    chance_a: float
    """Probability that it is the first of the pair."""


@dataclass(frozen=True, slots=True)
class Divided:
    """A roll call on which the two voted differently, with the third's vote where it voted."""

    item: str
    date: date
    precision: str | None
    symbol: str | None
    title: str | None
    vote_a: str
    vote_b: str
    vote_third: str | None
    opposed: bool
    """One voted yes and the other no; else one of them abstained."""
    chance: float | None
    """Probability, by the points, that two states so placed vote differently; None: the roll call is not scaled."""
    source: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the two and the third stand, how far apart, how they moved, and what divided the two in one year."""

    a: tuple[Point, ...]
    b: tuple[Point, ...]
    third: tuple[Point, ...]
    session: int | None
    """The latest session in which both of the pair have a point; None: they never had one together."""
    apart: tuple[Apart, ...]
    """Of the pair, then of each to the third where it has a point in the session."""
    moved: tuple[Moved, ...]
    """Those that have a point in the session and an earlier one, up to ten sessions before."""
    nearer: Nearer | None
    year: int | None
    """The year whose roll calls are listed."""
    divided: tuple[Divided, ...]
    shared: int
    """Roll calls of that year on which both voted."""
    citations: tuple[str, ...]
    """The works behind the measure."""
