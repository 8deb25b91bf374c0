"""The portrait of one state as data: its ties, how they spread, and where it stands between two powers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast

import polars as pl

from amity import __version__, evidence, states
from amity.briefs import gather
from amity.briefs.placed import Between, Domain, Place, Year, stood
from amity.insight.domains import ALL, named
from amity.insight.portfolio import portfolio

if TYPE_CHECKING:
    from amity.briefs.answer import Citation
    from amity.states import State
    from amity.store import Store

__all__ = [
    "Between",
    "Domain",
    "Met",
    "Place",
    "Portrait",
    "Reading",
    "Spread",
    "Tie",
    "Trust",
    "Year",
    "portrait",
]


FRAME = pl.Schema(
    {
        "rank": pl.Int16, "ccode": pl.Int16, "name": pl.String, "iso3c": pl.String, "region": pl.String,
        **{f"{name}{end}": pl.Float64 for name in ("engagement", "tone", "alignment")
           for end in ("", "_low", "_high", "_change")},
        **{f"{name}{end}": pl.Float64 for name in ("trusts", "trusted", "breadth") for end in ("", "_low", "_high")},
        "fields_known": pl.Int8, "met": pl.Date,
    }
)  # fmt: skip
"""Of a tie as a row; what each is, the records below say."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A dimension of one tie, from −100 to 100 with its 90 % interval."""

    value: float
    low: float
    high: float
    change: float | None
    """Since five years before, in points; None: it was not known then."""
    rises: float | None
    """The chance that it rose."""
    seen: int
    """Observations of these five years."""


@dataclass(frozen=True, slots=True)
class Trust:
    """The chance that the next act of one state towards the other is co-operative, as the other could know."""

    value: float
    low: float
    high: float
    age: float
    """Months since the last act that it rests on."""


@dataclass(frozen=True, slots=True)
class Met:
    """The last visit or meeting on record."""

    day: date
    precision: str


@dataclass(frozen=True, slots=True)
class Tie:
    """One tie of the state."""

    rank: int | None
    """By engagement; None: it is not known."""
    ccode: int
    name: str
    iso3c: str | None
    region: str
    tone: Reading | None
    """None, here and below: not known, by the rule of `dimensions.estimate`."""
    engagement: Reading | None
    alignment: Reading | None
    trusts: Trust | None
    """The state's trust in the other; None: no act of it is on record in five years."""
    trusted: Trust | None
    """The other's trust in the state."""
    breadth: tuple[float, int, int] | None
    """Expected number of fields that are alive, its 90 % interval."""
    fields_known: int
    met: Met | None
    met_known: bool
    """Whether a source speaks of visits between the two."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How a kind of dealings was spread over partners in a year."""

    kind: str
    year: int
    partners: int
    herfindahl: float
    effective: float
    """As many equal partners would be as concentrated."""
    first: str
    """The largest partner."""
    first_share: float


@dataclass(frozen=True, slots=True)
class Portrait:
    """A state and all its ties."""

    version: str
    name: str
    iso3c: str | None
    ccode: int
    month: date
    ties: tuple[Tie, ...]
    spread: tuple[Spread, ...]
    between: Between | None
    sources: tuple[Citation, ...]

    @property
    def frame(self) -> pl.DataFrame:
        """A row a tie, by rank, in columns of plain values: `FRAME`; missing: unknown."""
        return pl.DataFrame([_row(tie) for tie in self.ties], schema=FRAME)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return cast("dict[str, Any]", _plain(asdict(self)))


def _row(tie: Tie) -> dict[str, object]:
    row: dict[str, object] = {
        name: getattr(tie, name) for name in ("rank", "ccode", "name", "iso3c", "region")
    }
    for name in ("engagement", "tone", "alignment", "trusts", "trusted"):
        told: Reading | Trust | None = getattr(tie, name)
        row |= {} if told is None else {name: told.value, f"{name}_low": told.low, f"{name}_high": told.high}
        row |= {f"{name}_change": told.change} if isinstance(told, Reading) else {}
    breadth = dict(zip(("breadth", "breadth_low", "breadth_high"), tie.breadth or (), strict=False))
    return {**row, **breadth, "fields_known": tie.fields_known, "met": tie.met and tie.met.day}


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in cast("dict[str, object]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in cast("list[object]", value)]
    if isinstance(value, float):
        return round(value, 4)
    return value.isoformat() if isinstance(value, date) else value


def portrait(
    store: Store, state: State, powers: tuple[State, State] | None = None, last: date | None = None
) -> Portrait:
    """The portrait of a state, in the month of `last` (None: see `portfolio`), between two powers where they are named.

    Raises `NoEvidenceError` where nothing that is loaded speaks of the state, `UsageError` for powers that are one.
    """
    with evidence.open_evidence(store) as ev:
        held = portfolio(ev, state, last)
        stand = stood(ev, state, powers, held.last.year) if powers else None
    spread = [
        Spread(
            row["kind"], row["year"], row["partners"], row["herfindahl"], row["effective"],
            states.name_in(states.by_ccode(row["first"]), row["year"]), row["first_share"],
        )
        for row in held.spread.iter_rows(named=True)
    ]  # fmt: skip
    ties = tuple(_tie(row, held.last.year) for row in held.ties.iter_rows(named=True))
    read = {source for domain in ALL for source in named(domain).ABOUT.reads} if stand else set[str]()
    cited = tuple(one for one in gather.sources(store, {*held.sources, *read}) if one.rows)
    return Portrait(
        __version__,
        states.name_in(state, held.last.year),
        state.iso3c,
        state.ccode,
        held.last,
        ties,
        tuple(spread),
        stand,
        cited,
    )


def _tie(row: dict[str, Any], year: int) -> Tie:
    breadth = (row["breadth"], row["breadth_low"], row["breadth_high"])
    return Tie(
        row["rank"],
        row["ccode"],
        states.name_in(states.by_ccode(row["ccode"]), year),
        row["iso3c"],
        row["region"],
        tone=_reading(row, "tone"),
        engagement=_reading(row, "engagement"),
        alignment=_reading(row, "alignment"),
        trusts=_trust(row, "trusts"),
        trusted=_trust(row, "trusted"),
        breadth=None if row["breadth"] is None else breadth,
        fields_known=row["fields_known"] or 0,
        met=Met(row["met"], row["met_precision"]) if row["met"] else None,
        met_known=row["met_known"],
    )


def _reading(row: dict[str, Any], name: str) -> Reading | None:
    numbers = (row[f"{name}{end}"] for end in ("", "_low", "_high", "_change", "_rises", "_seen"))
    return None if row[name] is None else Reading(*numbers)


def _trust(row: dict[str, Any], name: str) -> Trust | None:
    numbers = (row[f"{name}{end}"] for end in ("", "_low", "_high", "_age"))
    return None if row[name] is None else Trust(*numbers)
