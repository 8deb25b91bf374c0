"""`amity aggregate`: coded events counted into directed pair-months, here or on another engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from amity.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    from amity.settings import Settings
    from amity.store import Store

Engine = Literal["duckdb", "spark", "bigquery"]


@click.command(
    epilog="""\b
Examples:
  amity aggregate                                       count what is not counted yet
  amity aggregate --out months.parquet                  write every pair-month
  amity aggregate gdelt2 --from 2020 --to 2024 --out months.csv
  amity aggregate --state-roles GOV,MIL                 from now on only these count as the state
  amity aggregate --engine spark --master spark://host:7077 --out months.parquet
  amity aggregate gdelt2 --from 2015 --engine bigquery  print the statement to run there"""
)
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@click.option("--from", "start", metavar="DAY", default="", help="First month or year: 2014-01 or 2014.")
@click.option("--to", "end", metavar="DAY", default="", help="Last month or year.")
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark", "bigquery"]),
    default="duckdb",
    show_default=True,
    help="Where to count. spark needs `pip install 'amity[spark]'`; for bigquery the statement is printed.",
)
@click.option(
    "--master",
    envvar="AMITY_SPARK_MASTER",
    default="",
    help="Spark: the cluster's address; by default two cores of this machine (local[2]).",
)
@click.option(
    "--state-roles",
    metavar="ROLE,ROLE…",
    default=None,
    help="Roles that count as the state beside the country as a whole; remembered. `default` takes the usual ones.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write: .parquet or .csv.",
)
@click.pass_obj
def command(
    settings: Settings,
    names: tuple[str, ...],
    start: str,
    end: str,
    engine: Engine,
    master: str,
    state_roles: str | None,
    out: Path | None,
) -> None:
    """Count coded events into directed pair-months: who did how much of what to whom in which month.

    One row is a source, an ordered pair of states, a month, a scope (every actor of the country, or only the state),
    and a class; with events, incidents (one a day, pair and root class), articles, Goldstein sums in tenths, and the
    volume of the source. Months are counted by themselves after `amity load` and `amity pull`; this command counts
    with other roles, on another engine, or into a file of your own.
    """
    from amity.evidence import months
    from amity.store import open_store

    held = open_store(settings.home, settings.packs)
    if state_roles is not None:
        click.echo(chosen(held, state_roles))
    days = whole_months(start, end)
    if engine == "bigquery":
        click.echo(statement(held, names, days))
        return
    for name in names:
        if name not in months.sources_of_events(held):
            known = ", ".join(months.sources_of_events(held)) or "none yet: see `amity load --help`"
            raise UsageError(f"no events of '{name}' are loaded", f"say one of: {known}")
    if out is None and (engine != "duckdb" or days is not None):
        raise UsageError("where to write the rows?", "say --out months.parquet")
    if out is not None:
        rows = months.write(held, out, names or None, days, engine=engine, master=master)
        click.echo(
            f"wrote {out}: {rows:,} pair-months, {out.stat().st_size / 1e6:,.1f} MB, counted by {engine}"
        )
    elif state_roles is None:
        click.echo(counted(held))


def counted(held: Store) -> str:
    """Count what is stale, and say what came of it."""
    from amity.evidence import months

    done = months.refresh(held)
    if not months.sources_of_events(held):
        return "no coded events are loaded: `amity pull gdelt1 --from 2014 --to 2014`, or `amity load PATH`"
    roles = ", ".join(months.roles_of(held))
    lines = [f"{one.source}: {one.rows:,} pair-months of {one.year}" for one in done if one.rows]
    return "\n".join(
        [*(lines or ["every pair-month is up to date"]), f"the state: the country itself, {roles}"]
    )


def chosen(held: Store, words: str) -> str:
    """Remember which roles count as the state, and count with them."""
    from amity import cameo
    from amity.evidence import months

    named = [word.strip().upper() for word in words.split(",") if word.strip()]
    roles = list(cameo.STATE_ROLES) if words.strip() == "default" else named
    done = months.refresh(held, state_roles=roles)
    again = f"; counted {len(done)} years again" if done else ""
    return f"the state: the country itself, {', '.join(months.roles_of(held)) or 'and no role'}{again}"


def whole_months(start: str, end: str) -> tuple[date, date] | None:
    """The days of --from and --to, as whole months; None where neither is said.

    >>> whole_months("2014", "2014-02")
    (datetime.date(2014, 1, 1), datetime.date(2014, 2, 28))
    """
    from amity.cli.pull_events import days, span

    asked = span(start, end)
    if asked is None:
        return None
    return asked.start.replace(day=1), days(f"{asked.end:%Y-%m}", "--to")[1]


def statement(held: Store, names: tuple[str, ...], days: tuple[date, date] | None) -> str:
    """The statement for BigQuery's public tables of one source."""
    from datetime import date

    from amity import cameo
    from amity.evidence import months
    from amity.evidence.engines import bigquery

    if len(names) != 1:
        raise UsageError("which of BigQuery's tables?", f"name one source: {' or '.join(bigquery.TABLES)}")
    last = date.today() if days is None else min(days[1], date.today())  # noqa: DTZ011  (a bound, not a moment)
    first = date(1979, 1, 1) if days is None else max(days[0], date(1979, 1, 1))
    classes = cameo.classes().select(months.MEANINGS)
    return bigquery.sql(names[0], (first, last), classes, months.roles_of(held))
