"""Counting where GDELT lies already: the statement for BigQuery's public tables, to be run there by who has an account.

It is the same statement with the tables that it reads put before it: GDELT's raw columns as events and volumes, and the
countries, classes and roles as constants.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from amity.errors import UsageError
from amity.evidence.engines import counting
from amity.evidence.rows import statement
from amity.sources.gdelt_columns import FIRST
from amity.states import by_ccode
from amity.states.meanings import meanings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl
    from sqlglot import exp

TABLES = {"gdelt1": "gdelt-bq.full.events", "gdelt2": "gdelt-bq.gdeltv2.events"}
"""GDELT's public tables by the source that reads the same events from files."""

LAST = date(9999, 12, 31)
ONE_DAY = timedelta(days=1)


def sql(
    source: str,
    days: tuple[date, date],
    classes: pl.DataFrame,
    state_roles: Sequence[str],
    dialect: str = "bigquery",
) -> str:
    """The statement that counts the pair-months of one of `TABLES` between two days, both included.

    `classes` and `state_roles` are those of a `Job`. The answer has the rows and columns that are counted from files of
    the same events.
    """
    from sqlglot import exp, parse_one  # noqa: PLC0415  (a third of a second, and DuckDB has no need of it)

    if source not in TABLES:
        raise UsageError(f"BigQuery has no public table of '{source}'", f"say one of: {', '.join(TABLES)}")
    first, last = (int(f"{day:%Y%m%d}") for day in days)
    prelude = exp.replace_placeholders(
        parse_one(statement("gdelt_events"), dialect="duckdb"), source=source, first=first, last=last
    )
    for table in prelude.find_all(exp.Table):
        if table.name == "gdelt":
            table.replace(
                exp.alias_(exp.table_(*TABLES[source].split(".")[::-1], quoted=True), "g", table=True)
            )
    constants = {
        "countries": constant(("code", "ccode", "first", "last"), countries()),
        "classes": constant(classes.columns, classes.rows()),
        "state_roles": constant(["role"], [(role,) for role in state_roles] or [("",)]),
    }
    main = parse_one(counting(), dialect="duckdb")
    tables = [_named(name, query) for name, query in constants.items()]
    ours = main.args["with_"]
    ours.set("expressions", [*tables, *prelude.args["with_"].expressions, *ours.expressions])
    return main.sql(dialect=dialect, pretty=True, comments=False)


def countries() -> list[tuple[str, int | None, date, date]]:
    """CAMEO's country codes, each with the COW code that it means from one day to another; None for those of no state.

    >>> [row[1:] for row in countries() if row[0] == "DEU"][1]
    (260, datetime.date(1955, 5, 5), datetime.date(1990, 10, 2))
    """
    return [
        (code.upper(), ccode, first, last)
        for code, known in sorted(meanings("cameo").items())
        for ccode, first, last in _spells(known[0].ccode)
    ]


def _spells(today: int | None) -> Iterator[tuple[int | None, date, date]]:
    """The codes that a state had on all days since `FIRST`: that of today, but for spells in which it had another."""
    day = FIRST
    spells = () if today is None else by_ccode(today).spells
    for spell in sorted(spells, key=lambda spell: spell.start):
        last = spell.end or LAST
        if spell.ccode != today and last >= FIRST:
            if spell.start > day:
                yield today, day, spell.start - ONE_DAY
            yield spell.ccode, max(day, spell.start), last
            day = last + ONE_DAY
    yield today, day, LAST


def constant(columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> exp.Query:
    """A query that gives these rows.

    >>> constant(["role"], [("GOV",), ("MIL",)]).sql("duckdb")
    "SELECT role FROM (VALUES ('GOV'), ('MIL')) AS t(role)"
    """
    from sqlglot import exp  # noqa: PLC0415

    return exp.select(*columns).from_(exp.values(rows, alias="t", columns=columns))  # pyright: ignore[reportArgumentType]


def _named(name: str, query: exp.Query) -> exp.CTE:
    from sqlglot import exp  # noqa: PLC0415

    return exp.CTE(this=query, alias=exp.TableAlias(this=exp.to_identifier(name)))
