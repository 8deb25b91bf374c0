"""The rows behind every number: acts, ties, votes, items and figures of given states, each with its source.

States are given as tuples of COW codes, because a country as people mean it can be a line of them (Germany is
255 and, before 1990, 260).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, Self, cast

import polars as pl

from amity import sources
from amity.catalog import VOTES, polars_schema
from amity.evidence.arrow import put, to_frame
from amity.store import connect, parts
from amity.store.reading import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import duckdb

    from amity.store import Part, Store

Directed = Literal["acts", "ties", "figures"]
SHORT = 20
"""Lists of no more than so many codes or kinds are written into a statement."""
UNDIRECTED = ("relations", "rivalry", "contiguity")
"""Kinds of tie that are stored once and hold both ways."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A store, open for questions. Close it, or use it in a `with` statement."""

    connection: duckdb.DuckDBPyConnection
    store: Store | None = None
    """The store behind the connection; None where the tables are a connection's own."""
    parts: tuple[Part, ...] = field(default=(), repr=False)
    """What was current of the store when it was opened: all that is read."""
    last_read: dict[str, tuple[tuple[int, ...], pl.DataFrame]] = field(
        default_factory=dict, compare=False, repr=False
    )
    """By name, what was last read, and the states that were asked for then (none: all): see `read_once`."""
    made: set[str] = field(default_factory=set, compare=False, repr=False)
    """Tables that were made of others for whoever asks."""

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_evidence(store: Store) -> Evidence:
    """Open a store for questions; it is read as it stands now, and never locked.

    >>> from pathlib import Path
    >>> from amity.store import open_store
    >>> with open_evidence(open_store(Path("no-store-here"))) as evidence:
    ...     acts(evidence, (811,), (2,)).height
    0
    """
    held = parts(store)
    return Evidence(connect(store, held), store, held)


@cache
def statement(name: str) -> str:
    """The SQL statement of a file of `evidence/sql`."""
    return (files("amity.evidence") / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def query(ev: Evidence, sql: str, params: Mapping[str, object] | None = None) -> pl.DataFrame:
    """The answer to a SQL question with named parameters.

    Short lists are written out: DuckDB holds literals against a file's statistics, and a parameter against every row.
    """
    asked = dict(params or {})
    for name, value in (params or {}).items():
        if isinstance(value, list) and 0 < len(cast("list[int | str]", value)) <= SHORT:
            told = ", ".join(_literal(one) for one in cast("list[int | str]", value))
            sql = sql.replace(f"= ANY(${name})", f"IN ({told})").replace(f"${name} IS NULL OR", "")
            if f"${name}" not in sql:
                del asked[name]
    return to_frame(ev.connection.sql(sql, params=asked))


def _literal(value: int | str) -> str:
    return quoted(value) if isinstance(value, str) else str(int(value))


def _typed(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    schema = {**polars_schema(table), "source": pl.String()}
    return frame.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def _directed(
    ev: Evidence,
    table: Directed,
    from_codes: Sequence[int],
    to_codes: Sequence[int],
    kinds: Sequence[str] | None = None,
) -> pl.DataFrame:
    sql = (
        f'SELECT * FROM "{table}" '  # noqa: S608  (one of our own three tables)
        "WHERE ccode_from = ANY($senders) AND ccode_to = ANY($receivers)"
        f"{'' if kinds is None else ' AND kind = ANY($kinds)'} ORDER BY ALL"
    )
    params: dict[str, object] = {"senders": list(from_codes), "receivers": list(to_codes)}
    return _typed(query(ev, sql, params if kinds is None else {**params, "kinds": list(kinds)}), table)


def acts(ev: Evidence, from_codes: Sequence[int], to_codes: Sequence[int]) -> pl.DataFrame:
    """What the first states did to the second ones, in time order: columns of `catalog.ACTS` and `source`."""
    return _directed(ev, "acts", from_codes, to_codes)


def visits(ev: Evidence, from_codes: Sequence[int], to_codes: Sequence[int]) -> pl.DataFrame:
    """Visits from the first states to the second ones, each once, in time order: columns as of `acts`.

    A visit that several sources tell is there as the first of them tells it, in the order of `sources.ALL` and after a
    user's own record. Two sources tell the same one where its days are at most three apart and the rank or the name is
    the same; one known to the year only is taken for a dated one of that year and name.
    """
    sql = "SELECT * FROM visit WHERE ccode_from = ANY($senders) AND ccode_to = ANY($receivers) ORDER BY ALL"
    tell_visits_once(ev)
    return _typed(query(ev, sql, {"senders": list(from_codes), "receivers": list(to_codes)}), "acts")


def tell_visits_once(ev: Evidence) -> None:
    """Make the table `visit`, of each visit once, unless this evidence has it already."""
    if "visit" not in ev.made:
        ev.connection.execute(statement("visit"), {"order": [*sources.ALL]})
        ev.made.add("visit")


def ties(
    ev: Evidence, from_codes: Sequence[int], to_codes: Sequence[int], kinds: Sequence[str] | None = None
) -> pl.DataFrame:
    """Ties from the first states to the second ones, of all kinds or some: columns of `catalog.TIES` and `source`.

    Kinds that hold both ways (`UNDIRECTED`) are stored once, from the side whose record it is: ask both ways.
    """
    return _directed(ev, "ties", from_codes, to_codes, kinds)


def ties_of(ev: Evidence, kinds: Sequence[str], codes: Sequence[int] | None = None) -> pl.DataFrame:
    """Every tie of some kinds among the given states, or all, in no order: columns of `catalog.TIES` and `source`."""
    if codes is not None:
        sql = "SELECT * FROM ties WHERE ccode_from = ANY($codes) AND ccode_to = ANY($codes)"
        return _once(ev, "ties", sql, codes).filter(pl.col("kind").is_in(list(kinds)))
    return _typed(query(ev, "SELECT * FROM ties WHERE kind = ANY($kinds)", {"kinds": list(kinds)}), "ties")


def _once(ev: Evidence, table: str, sql: str, codes: Sequence[int]) -> pl.DataFrame:
    """All rows of a table among some states, read once for a question about a pair, however many ask it."""
    asked = tuple(sorted(codes))
    return read_once(ev, table, lambda: _typed(query(ev, sql, {"codes": [*asked]}), table), asked)


def read_once(
    ev: Evidence, name: str, read: Callable[[], pl.DataFrame], asked: tuple[int, ...] = ()
) -> pl.DataFrame:
    """What was last read under a name, where the same states were asked for (none: all); else what `read` gives."""
    kept = ev.last_read.get(name)
    if kept is None or kept[0] != asked:
        kept = ev.last_read[name] = asked, read()
    return kept[1]


def figures(
    ev: Evidence, from_codes: Sequence[int], to_codes: Sequence[int], kinds: Sequence[str] | None = None
) -> pl.DataFrame:
    """Amounts from the first states to the second ones, of all kinds or some: `catalog.FIGURES` and `source`."""
    return _directed(ev, "figures", from_codes, to_codes, kinds)


def traits(ev: Evidence, ccodes: Sequence[int] | None = None) -> pl.DataFrame:
    """What the given states, or all, are on their own: columns of `catalog.TRAITS` and `source`, in time order."""
    where = "" if ccodes is None else "WHERE ccode = ANY($ccodes)"
    params = {} if ccodes is None else {"ccodes": list(ccodes)}
    return _typed(query(ev, f"SELECT * FROM traits {where} ORDER BY ALL", params), "traits")  # noqa: S608


def votes(ev: Evidence, ccodes: Sequence[int] | None = None) -> pl.DataFrame:
    """Votes of the given states, or of all: columns of `catalog.VOTES_CAST` and `source`, each source as it stands.

    Two sources may hold the same vote; `evidence.roll_calls` makes one record of them.
    """
    where = "" if ccodes is None else "WHERE ccode = ANY($ccodes)"
    params = {} if ccodes is None else {"ccodes": list(ccodes)}
    return _typed(query(ev, f"SELECT * FROM votes {where} ORDER BY source, item, ccode", params), "votes")  # noqa: S608


def stances(ev: Evidence, items: pl.DataFrame) -> pl.DataFrame:
    """Every vote on the given roll calls: `item, ccode, vote`, in no order; roll calls and votes are enums.

    For who scales all votes: DuckDB hands enums over as numbers. As text, and sorted, a million votes take two
    hundred megabytes on their way here.
    """
    known, cast = pl.Enum(items["item"].unique(maintain_order=True)), pl.Enum(VOTES)
    with ev.connection.cursor() as connection:
        put(connection, "named", pl.DataFrame({"item": known.categories}).with_row_index("n"))
        put(connection, "said", pl.DataFrame({"vote": cast.categories}).with_row_index("stance"))
        sql = "SELECT n, ccode, stance FROM votes JOIN named USING (item) JOIN said USING (vote)"
        numbers = to_frame(connection.sql(sql))
    return numbers.select(item=_named("n", known), ccode="ccode", vote=_named("stance", cast))


def _named(number: str, names: pl.Enum) -> pl.Expr:
    """Numbers of names as the names; polars numbers an enum in as few bits as it can."""
    return pl.col(number).cast(pl.Series([], dtype=names).to_physical().dtype).cat.to(names)


def items(ev: Evidence) -> pl.DataFrame:
    """Every roll call: columns of `catalog.ITEMS` and `source`, each source as it stands."""
    return _typed(query(ev, "SELECT * FROM items ORDER BY date, source, item"), "items")


def coverage(ev: Evidence, table: str | None = None) -> pl.DataFrame:
    """About whom and when each source speaks: columns of `catalog.COVERAGE` and `source`."""
    sql = "SELECT * FROM coverage ORDER BY ALL"
    rows = read_once(ev, "all coverage", lambda: _typed(query(ev, sql), "coverage"))
    return rows if table is None else rows.filter(pl.col("table") == table)


def spoken(
    ev: Evidence,
    table: str | None = None,
    kinds: Sequence[str] | None = None,
    codes: Sequence[int] | None = None,
) -> pl.DataFrame:
    """As `coverage`, of a table and of some kinds of row alone, in no order.

    With `codes`, only what bears on those states: of each side that is named, it is one of them.
    """
    if codes is not None:
        rows = _once(ev, "coverage", statement("spoken_of"), codes)
        rows = rows if table is None else rows.filter(pl.col("table") == table)
        return rows if kinds is None else rows.filter(pl.col("kind").is_in(list(kinds)))
    sql = (
        'SELECT * FROM coverage WHERE ($table IS NULL OR "table" = $table) '
        "AND ($kinds IS NULL OR kind = ANY($kinds))"
    )
    asked = {"table": table, "kinds": None if kinds is None else list(kinds)}
    return _typed(query(ev, sql, asked), "coverage")


def known(ev: Evidence, table: Directed, kind: str, ccode_from: int, ccode_to: int) -> pl.DataFrame:
    """The spells of days about which the loaded sources speak of this kind of row, from one state to another.

    Columns `start` and `end`, both inclusive, apart from each other and in time order. Inside them a missing row
    is a zero; outside nothing is known. No row: nothing is ever known.
    """
    return reach(ev, table, kind, [(ccode_from, ccode_to)]).select("start", "end")


def reach(
    ev: Evidence, table: Directed | Literal["votes"], kind: str, pairs: Iterable[tuple[int, int]]
) -> pl.DataFrame:
    """As `known`, for many pairs (from, to) at once: columns `ccode_from, ccode_to, start, end`."""
    asked = pl.DataFrame(
        list(pairs), schema={"ccode_from": pl.Int16, "ccode_to": pl.Int16}, orient="row"
    ).unique()
    with ev.connection.cursor() as connection:
        put(connection, "asked", asked)
        params = {"table": table, "kind": kind, "both_ways": kind in UNDIRECTED}
        return to_frame(connection.sql(statement("reach"), params=params))
