"""The panel with its measures: what is known of pairs in each year or month, and how alike they voted in it."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import TYPE_CHECKING, cast

import polars as pl

from amity import evidence, states
from amity.errors import NoEvidenceError, UsageError
from amity.evidence.columns import PanelColumn, as_undirected, dtype
from amity.evidence.event_columns import Counted, event_columns
from amity.evidence.roll_calls import one_record
from amity.measures import agreement, cohen_kappa, joint_votes, kept_points, s_score, scott_pi

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from amity.evidence import Evidence, Grain
    from amity.states import State

NONE_SHARED = "no roll call of the period on record on which both voted"
HABIT = NONE_SHARED + ", or both only ever cast one and the same vote"
VOTES = (
    PanelColumn("vote_n", "int16", "Roll calls of the UN General Assembly on which both voted", "same",
                unit="roll calls", missing="no source speaks about votes all through the period, and none is known"),
    PanelColumn("vote_agreement", "float32", "Agreement in UN votes: 1 the same, .5 one step apart, 0 opposed", "same",
                unit="share", missing=NONE_SHARED),
    PanelColumn("vote_s", "float32", "S of UN votes (Signorino and Ritter 1999), unweighted", "same",
                unit="score", missing=NONE_SHARED),
    PanelColumn("vote_kappa", "float32", "Cohen's kappa of UN votes, squared distances (Haege 2011)", "same",
                unit="score", missing=HABIT),
    PanelColumn("vote_pi", "float32", "Scott's pi of UN votes, squared distances (Haege 2011)", "same",
                unit="score", missing=HABIT),
)  # fmt: skip
"""Votes in the UN General Assembly, of roll calls held in the period."""

NO_POINT = "the state cast no vote in that session on a roll call that divided anybody"
POINTS = (
    PanelColumn("ideal_point1", "float32", "Ideal point of state 1 in the UN General Assembly, US high", "same",
                unit="standard deviations", missing=NO_POINT),
    PanelColumn("ideal_point2", "float32", "Ideal point of state 2 in the UN General Assembly, US high", "same",
                unit="standard deviations", missing=NO_POINT),
    PanelColumn("ideal_distance", "float32", "Distance of their ideal points", "same",
                unit="standard deviations", missing=NO_POINT),
    PanelColumn("ideal_distance_sd", "float32", "Standard deviation of that distance", "same",
                unit="standard deviations", missing=NO_POINT),
)  # fmt: skip
"""Where both stand: of the session that opens in the year; of the one running in the month, from September on."""
OPENS = 9
"""The month in which sessions open."""

PERIOD = ("ccode1", "ccode2", "year", "month")
SCORES = {
    agreement: {"vote_agreement": "value", "vote_n": "n"},
    s_score: {"vote_s": "s"},
    cohen_kappa: {"vote_kappa": "kappa_squared"},
    scott_pi: {"vote_pi": "pi_squared"},
}
"""The measures whose columns stand in the panel, and under which names."""
NO_EVENTS = Counted()
ANYBODY = (0, 0)
"""Votes are known of all states or of none, so that any pair will do."""


def pairs_among(parties: Sequence[State]) -> list[tuple[int, int]] | None:
    """Pairs of COW codes between the states named; of one state with all others; None (all pairs) where none is named.

    A state is its whole line of codes: Germany's pairs are those of 255 and of 260.

    >>> pairs_among([states.find("KHM"), states.find("USA")])
    [(811, 2), (2, 811)]
    """
    if not parties:
        return None
    if len({party.ccode for party in parties}) < len(parties):
        raise UsageError(
            "the same state is named twice", "name different states, or one to see all its pairs"
        )
    if len(parties) == 1:
        others = {code for other in states.every() for code in other.ccodes} - set(parties[0].ccodes)
        return [(own, other) for own in parties[0].ccodes for other in sorted(others)]
    return [
        (a, b) for one, other in permutations(parties, 2) for a in one.ccodes for b in other.ccodes if a != b
    ]


def columns(
    grain: Grain, *, undirected: bool = False, only: Sequence[str] = (), counted: Counted = NO_EVENTS
) -> tuple[PanelColumn, ...]:
    """The declared columns of the panel, in order; of those that are not keys only the ones named, if any are.

    `counted` says of which sources of coded events there are columns. Raises `UsageError` for a name that is no column.
    """
    facts = evidence.columns(grain, undirected=undirected)
    declared = (*facts, *VOTES, *POINTS, *_of_events(counted, undirected=undirected))
    names = [column.name for column in declared]
    unknown = [name for name in only if name not in names]
    if unknown:
        raise UsageError(f"no column is called '{unknown[0]}'", f"say any of: {', '.join(names)}")
    return tuple(column for column in declared if column.rule == "key" or not only or column.name in only)


def _of_events(counted: Counted, *, undirected: bool) -> tuple[PanelColumn, ...]:
    return tuple(as_undirected(column) if undirected else column for column in event_columns(counted))


def parts(
    ev: Evidence,
    pairs: Sequence[tuple[int, int]] | None,
    grain: Grain,
    days: tuple[date, date | None],
    *,
    undirected: bool = False,
    only: Sequence[str] = (),
    counted: Counted = NO_EVENTS,
) -> Iterator[pl.DataFrame]:
    """The rows of the panel, some hundred thousand at a time, sorted by `ccode1, ccode2, year[, month]`.

    `days` are the first and last one asked for (None, or later than any source speaks of: the last one known); else as
    `evidence.panel`. Raises `UsageError` for days of which nothing is known yet.
    """
    last = evidence.coverage(ev)["end"].max()
    if isinstance(last, date):
        if days[0] > last:
            raise UsageError(f"nothing is known of {days[0].year} yet", f"name years to {last.year}")
        days = (days[0], None if days[1] is None or days[1] > last else days[1])
    chosen = columns(grain, undirected=undirected, only=only, counted=counted)
    wants_votes = any(column in VOTES for column in chosen)
    scored = scores(ev, pairs, grain) if wants_votes else None
    known = known_periods(ev, grain) if wants_votes else None
    placed = _placed(ev) if any(column in POINTS for column in chosen) else None
    if not set(chosen) & set(_of_events(counted, undirected=undirected)):
        counted = NO_EVENTS
    for part in evidence.panel_parts(ev, pairs, grain, *days, undirected=undirected, counted=counted):
        rows = part if scored is None or known is None else _with_votes(part, scored, known)
        rows = rows if placed is None else _with_points(rows, placed)
        yield rows.select(pl.col(column.name).cast(dtype(column)) for column in chosen)


def panel(
    ev: Evidence,
    pairs: Sequence[tuple[int, int]] | None,
    grain: Grain,
    days: tuple[date, date | None],
    *,
    undirected: bool = False,
    only: Sequence[str] = (),
    counted: Counted = NO_EVENTS,
) -> pl.DataFrame:
    """The whole panel in one frame (all pairs by month: 23 million rows; `parts` gives them piece by piece)."""
    return pl.concat(parts(ev, pairs, grain, days, undirected=undirected, only=only, counted=counted))


def scores(ev: Evidence, pairs: Sequence[tuple[int, int]] | None, grain: Grain) -> pl.DataFrame:
    """Scores of votes by pair (`ccode1 < ccode2`), `year` and `month` (0 in dyad-years): the columns of `VOTES`."""
    codes = None if pairs is None else sorted({code for pair in pairs for code in pair})
    items, votes = one_record(evidence.items(ev), evidence.votes(ev, codes).drop("source"))
    dated = items.drop_nulls("date").with_columns(
        decade=pl.col("date").dt.year() // 10 if pairs is None else 0,
        month=pl.col("date").dt.month() if grain == "dyad-month" else 0,
    )
    if grain == "dyad-month":
        dated = dated.filter(pl.col("precision").ne_missing("year"))
    empty = pl.DataFrame(
        schema={**dict.fromkeys(PERIOD, pl.Int16), **{column.name: dtype(column) for column in VOTES}}
    )
    held = dated.partition_by("decade", "month", as_dict=True)
    return pl.concat([empty, *(_scored(votes, some, pairs, int(month)) for (_, month), some in held.items())])


def _scored(
    votes: pl.DataFrame, items: pl.DataFrame, pairs: Iterable[tuple[int, int]] | None, month: int
) -> pl.DataFrame:
    """Scores of some roll calls by year: few enough at a time that the counts of all pairs stay small."""
    cast_in_them = votes.join(items.select("item"), on="item", how="semi")
    counts = joint_votes.count(cast_in_them, items, pairs).lazy()
    # The scores repeat each other's sums, which polars works out once when it sees all of them before it begins.
    told = [module.score(cast("pl.DataFrame", counts)).lazy() for module in SCORES]
    columns = [
        frame.select(*(joint_votes.KEYS if n == 0 else ()), **named)
        for n, (frame, named) in enumerate(zip(told, SCORES.values(), strict=True))
    ]
    rows = pl.concat(columns, how="horizontal").collect().with_columns(month=pl.lit(month))
    types = {**dict.fromkeys(PERIOD, pl.Int16()), **{column.name: dtype(column) for column in VOTES}}
    return rows.select(pl.col(name).cast(kind) for name, kind in types.items())


def known_periods(ev: Evidence, grain: Grain) -> pl.DataFrame:
    """Years (`year`, `month` 0) or months on every day of which some source speaks about votes."""
    spells = evidence.reach(ev, "votes", "*", [ANYBODY])
    months, every = (12, "1y") if grain == "dyad-year" else (1, "1mo")
    whole = [
        pl.date_range(start, end, every, eager=True).dt.truncate(every).alias("first").to_frame()
        .with_columns(last=pl.col("first").dt.offset_by(f"{months}mo").dt.offset_by("-1d"))
        .filter((pl.col("first") >= start) & (pl.col("last") <= end))
        for start, end in spells.select("start", "end").iter_rows()
    ]  # fmt: skip
    month = pl.lit(0) if grain == "dyad-year" else pl.col("first").dt.month()
    empty = pl.DataFrame(schema={"first": pl.Date, "last": pl.Date})
    return pl.concat([empty, *whole]).select(
        year=pl.col("first").dt.year().cast(pl.Int16), month=month.cast(pl.Int16), known=pl.lit(value=True)
    )


def _with_votes(part: pl.DataFrame, scored: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The rows with their votes; where a source speaks of the whole period, no shared roll call is zero roll calls."""
    month = pl.col("month") if "month" in part.columns else pl.lit(0)
    met = part["ccode1"].unique().implode()
    near = scored.filter(pl.col("ccode1").is_in(met) | pl.col("ccode2").is_in(met))
    low, high = pl.min_horizontal("ccode1", "ccode2"), pl.max_horizontal("ccode1", "ccode2")
    rows = (
        part.with_columns(low=low, high=high, of=month.cast(pl.Int16))
        .join(near, left_on=["low", "high", "year", "of"], right_on=PERIOD, how="left", maintain_order="left")
        .join(known, left_on=["year", "of"], right_on=["year", "month"], how="left", maintain_order="left")
    )
    return rows.with_columns(vote_n=pl.when("known").then(pl.col("vote_n").fill_null(0)).otherwise("vote_n"))


def _placed(ev: Evidence) -> pl.DataFrame:
    """What `IdealPoints.distances` says of the votes of a store; no row where there are none."""
    try:
        return kept_points.of_store(ev).distances()
    except NoEvidenceError:
        empty = ("point", "own", "stretch")
        return pl.DataFrame(
            schema={"ccode": pl.Int16, "session": pl.Int16, **dict.fromkeys(empty, pl.Float64)}
        )


def _with_points(part: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """The rows with both points, their distance, and its standard deviation."""
    month = pl.col("month") if "month" in part.columns else pl.lit(12)
    session = (pl.col("year") - 1945 - (month < OPENS).cast(pl.Int16)).clip(lower_bound=1).cast(pl.Int16)
    one = placed.select(pl.all().name.map(lambda name: name if name == "session" else f"{name}1"))
    other = placed.select("session", ccode2="ccode", point2="point", own2="own")
    apart = pl.col("point1") - pl.col("point2")
    return (
        part.with_columns(session=session)
        .join(one, on=["ccode1", "session"], how="left", maintain_order="left")
        .join(other, on=["ccode2", "session"], how="left", maintain_order="left")
        .with_columns(
            ideal_point1="point1",
            ideal_point2="point2",
            ideal_distance=apart.abs(),
            ideal_distance_sd=(pl.col("own1") + pl.col("own2") + apart**2 * pl.col("stretch1")).sqrt(),
        )
    )
