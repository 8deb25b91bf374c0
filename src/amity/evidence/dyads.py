"""The panel: what is known of every pair of states in every year or month.

One row is an ordered pair and a period in which both states were in the Correlates of War system on the same day; two
states that only share a calendar year have no row. Belarus and Ukraine voted in the United Nations before they were
independent, and have no rows for those years. A value is given only where a source speaks: zero is "none", missing is
"not known".
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

import polars as pl

from amity.errors import NoEvidenceError, UsageError
from amity.evidence.arrow import put, to_frame
from amity.evidence.columns import ENVOY_LEVELS, FACTS, KEYS, POST_LEVELS, as_undirected, dtype
from amity.evidence.event_columns import Counted, event_columns, with_events
from amity.evidence.rows import query, statement, tell_visits_once
from amity.evidence.system import FOREVER, system
from amity.states import by_ccode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import duckdb

    from amity.evidence.columns import PanelColumn, Rule
    from amity.evidence.rows import Evidence

Grain = Literal["dyad-year", "dyad-month"]

FIRST = date(1946, 1, 1)
"""Where a panel begins unless said otherwise: the first year of the United Nations' votes."""
ROWS_AT_A_TIME = 250_000
"""About so many rows are made at once, so that memory does not grow with the panel."""

FAMILIES = (
    ("acts", "visit", False),
    ("acts", "act", False),
    ("ties", "relations", True),
    ("ties", "recognition", False),
    ("ties", "post", False),
    ("ties", "envoy", False),
    ("figures", "aid_obligated", False),
    ("figures", "aid_disbursed", False),
)
"""Kinds of row that the panel reads: table, kind (`act`: every kind but visits), and whether it holds both ways."""

ONCE = ("seen", "tie", "tenure")
EACH_TIME = ("together", "stretch", "period", "covered", "visited", "status", "posted", "amount")
"""Statements of `evidence/sql`, in the order in which each needs the ones before."""
WITH_EVENTS = ("counted", "loudness")
"""Those that only a panel with columns of events needs, before the first of its rows are made."""
NO_EVENTS = Counted()


def panel(
    ev: Evidence,
    pairs: Iterable[tuple[int, int]] | None = None,
    grain: Grain = "dyad-year",
    start: date = FIRST,
    end: date | None = None,
    *,
    undirected: bool = False,
    counted: Counted = NO_EVENTS,
) -> pl.DataFrame:
    """What is known of pairs of states in each year or month, sorted by `ccode1, ccode2, year[, month]`.

    `pairs` are pairs of COW codes, in any order (None: all pairs of the world); both orders are given, or one
    row with `ccode1 < ccode2` where `undirected` is asked for. Periods are whole ones: those that hold `start` and
    `end` are included; `end` is by default the last day about which any source speaks. Columns, units, rules and the
    reason of every missing value are declared in `evidence.columns` (`KEYS` and `FACTS`; `month` in dyad-months only),
    those of the sources of coded events that `counted` names in `evidence.event_columns`.

    Raises `NoEvidenceError` where nothing is loaded or no pair asked for was ever in the system together.
    """
    return pl.concat(panel_parts(ev, pairs, grain, start, end, undirected=undirected, counted=counted))


def panel_parts(
    ev: Evidence,
    pairs: Iterable[tuple[int, int]] | None = None,
    grain: Grain = "dyad-year",
    start: date = FIRST,
    end: date | None = None,
    *,
    undirected: bool = False,
    counted: Counted = NO_EVENTS,
) -> Iterator[pl.DataFrame]:
    """The same rows as `panel`, in the same order, some hundred thousand at a time."""
    first, last = _whole_periods(start, end or _last_day(ev), grain)
    spells = system()
    declared = columns(grain, undirected=undirected, counted=counted)
    asked = _ordered(pairs, spells)
    if pairs is not None:
        spells = spells.join(asked, left_on="ccode", right_on="ccode1", how="semi")
    found = False
    with ev.connection.cursor() as connection:
        tell_visits_once(ev)
        _prepare(connection, spells, counted)
        if counted.sources:
            _prepare_events(connection, None if pairs is None else asked, grain, counted)
        for wanted in _blocks(asked, grain, (last - first).days, undirected=undirected):
            rows = _block(connection, wanted, grain, first, last)
            if counted.sources:
                told = to_frame(connection.sql(statement("told"), params={"sources": [*counted.sources]}))
                rows = with_events(rows, told, counted.sources)
            if undirected:
                rows = undirect(rows, (*KEYS, *FACTS, *event_columns(counted)))
            if rows.height:
                found = True
                yield rows.select(pl.col(column.name).cast(dtype(column)) for column in declared)
    if not found:
        raise NoEvidenceError(
            "these states were never in the state system on the same day of the years asked for",
            "ask for other years, or run `amity states NAME` to see when a state existed",
        )


def columns(
    grain: Grain, *, undirected: bool = False, counted: Counted = NO_EVENTS
) -> tuple[PanelColumn, ...]:
    """The declared columns of a panel, in order.

    >>> [column.name for column in columns("dyad-year", undirected=True)][:6]
    ['ccode1', 'ccode2', 'iso3c1', 'iso3c2', 'year', 'days']
    """
    keys = tuple(column for column in KEYS if grain == "dyad-month" or column.name != "month")
    declared = (*keys, *FACTS, *event_columns(counted))
    return tuple(as_undirected(column) if undirected else column for column in declared)


def undirect(rows: pl.DataFrame, declared: Iterable[PanelColumn]) -> pl.DataFrame:
    """One row a pair (`ccode1 < ccode2`) from both orders, each column by its declared rule (`columns.Rule`)."""
    keys = ["ccode1", "ccode2", "year", "month"]
    back = rows.rename({"ccode1": "ccode2", "ccode2": "ccode1"})
    both = rows.filter(pl.col("ccode1") < pl.col("ccode2")).join(
        back, on=keys, how="left", suffix="_back", maintain_order="left"
    )
    return both.select(_merged(column) for column in declared if column.name in rows.columns)


def _merged(column: PanelColumn) -> pl.Expr:
    here, back = pl.col(column.name), pl.col(f"{column.name}_back")
    rules: dict[Rule, pl.Expr] = {"key": here, "same": here}
    if column.rule not in rules:
        rules |= {
            "sum": here + back,
            "known sum": pl.when(here.is_null() & back.is_null())
            .then(None)
            .otherwise(here.fill_null(0) + back.fill_null(0)),
            "largest known": pl.max_horizontal(here, back),
            "highest known": _highest(here, back, column.levels),
        }
    return rules[column.rule].alias(as_undirected(column).name)


def _highest(here: pl.Expr, back: pl.Expr, levels: tuple[str, ...]) -> pl.Expr:
    ranks = {level: rank for rank, level in enumerate(levels)}
    unlisted = ranks.get("unstated", 0)

    def rank(level: pl.Expr) -> pl.Expr:
        return (
            pl.when(level.is_null())
            .then(-1)
            .otherwise(level.replace_strict(ranks, default=unlisted, return_dtype=pl.Int32))
        )

    return pl.when(rank(back) > rank(here)).then(back).otherwise(here)


def _whole_periods(start: date, end: date, grain: Grain) -> tuple[date, date]:
    if end < start:
        raise UsageError(
            f"the panel would end ({end}) before it begins ({start})", "turn the two dates round"
        )
    if grain == "dyad-year":
        return date(start.year, 1, 1), date(end.year, 12, 31)
    next_month = date(end.year + end.month // 12, end.month % 12 + 1, 1)
    return start.replace(day=1), next_month - timedelta(days=1)


def _last_day(ev: Evidence) -> date:
    last = query(ev, 'SELECT max("end") AS "end" FROM coverage').item()
    if last is None:
        raise NoEvidenceError(
            "nothing is loaded, so no panel can be made", "run `amity pull`, or `amity load FOLDER`"
        )
    return last


def _ordered(pairs: Iterable[tuple[int, int]] | None, spells: pl.DataFrame) -> pl.DataFrame:
    """Both orders of the pairs asked for, or all ordered pairs of the world."""
    if pairs is None:
        codes = spells.select("ccode").unique()
        wanted = codes.rename({"ccode": "ccode1"}).join(codes.rename({"ccode": "ccode2"}), how="cross")
    else:
        asked = pl.DataFrame(list(pairs), schema={"ccode1": pl.Int16, "ccode2": pl.Int16}, orient="row")
        wanted = pl.concat([asked, asked.select(ccode1="ccode2", ccode2="ccode1")]).unique()
    return wanted.filter(pl.col("ccode1") != pl.col("ccode2")).sort("ccode1", "ccode2")


def _blocks(wanted: pl.DataFrame, grain: Grain, days: int, *, undirected: bool) -> Iterator[pl.DataFrame]:
    """The pairs in blocks by their first state (undirected: the smaller code), few enough rows at a time."""
    periods = 1 + days // (365 if grain == "dyad-year" else 30)
    lead = pl.min_horizontal("ccode1", "ccode2") if undirected else pl.col("ccode1")
    counted = wanted.with_columns(lead=lead).group_by("lead").len().sort("lead")
    counted = counted.select("lead", block=pl.col("len").cum_sum() * periods // ROWS_AT_A_TIME)
    tagged = wanted.with_columns(lead=lead).join(counted, on="lead").sort("ccode1", "ccode2")
    for block in counted["block"].unique(maintain_order=True):
        yield tagged.filter(pl.col("block") == block).select("ccode1", "ccode2")


def _prepare(connection: duckdb.DuckDBPyConnection, spells: pl.DataFrame, counted: Counted) -> None:
    put(connection, "system_spell", spells)
    codes = spells["ccode"].unique().sort()
    put(
        connection,
        "code",
        pl.DataFrame(
            {"ccode": codes, "iso3c": pl.Series([by_ccode(code).iso3c for code in codes], dtype=pl.String)}
        ),
    )
    families = [*FAMILIES, *(("events", source, False) for source in counted.sources)]
    put(connection, "family", pl.DataFrame(families, schema=["table", "kind", "both_ways"], orient="row"))
    ranks = [("post", level, rank) for rank, level in enumerate(POST_LEVELS)]
    ranks += [("envoy", level, rank) for rank, level in enumerate(ENVOY_LEVELS)]
    put(connection, "level", pl.DataFrame(ranks, schema=["kind", "level", "rank"], orient="row"))
    for name in ONCE:
        _run(connection, name, {"forever": FOREVER})


def _prepare_events(
    connection: duckdb.DuckDBPyConnection, asked: pl.DataFrame | None, grain: Grain, counted: Counted
) -> None:
    codes = None if asked is None else asked["ccode1"].unique().sort().to_list()
    for name in WITH_EVENTS:
        _run(
            connection,
            name,
            {"sources": [*counted.sources], "scope": counted.scope, "codes": codes, "grain": _unit(grain)},
        )


def _unit(grain: Grain) -> str:
    return "year" if grain == "dyad-year" else "month"


def _block(
    connection: duckdb.DuckDBPyConnection, wanted: pl.DataFrame, grain: Grain, first: date, last: date
) -> pl.DataFrame:
    put(connection, "wanted", wanted)
    unit = _unit(grain)
    for name in EACH_TIME:
        _run(
            connection,
            name,
            {"start": first, "end": last, "grain": unit, "months": 12 if unit == "year" else 1},
        )
    return to_frame(connection.sql(statement("panel")))


def _run(connection: duckdb.DuckDBPyConnection, name: str, params: dict[str, object]) -> None:
    """Run a statement with those of the parameters that it names."""
    sql = statement(name)
    connection.execute(sql, {key: value for key, value in params.items() if f"${key}" in sql})
