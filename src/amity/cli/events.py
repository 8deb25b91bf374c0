"""`amity events`: single coded events between two states."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from amity.cli import screen
from amity.errors import NoEvidenceError, UsageError

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from amity.settings import Settings


@click.command(
    epilog="""\b
Examples:
  amity events KHM USA --month 2018-02            the most reported ones of a month
  amity events IND PAK --from 2019-02-14 --to 2019-02-28 --source gdelt1 -n 50
  amity events KHM USA --month 2018-02 -n 100 --format json
  amity events RUS UKR --from 2014 --to 2014 --scope state --out acts.csv"""
)
@click.argument("a")
@click.argument("b")
@click.option("--month", metavar="YYYY-MM", default="", help="A month, in place of --from and --to.")
@click.option("--from", "start", metavar="DAY", default="", help="First day, month or year.")
@click.option("--to", "end", metavar="DAY", default="", help="Last day, month or year.")
@click.option("--source", default="", help="One source of coded events; by default each that is loaded.")
@click.option(
    "--scope",
    type=click.Choice(["country", "state"]),
    default="country",
    show_default=True,
    help="Acts of every actor of the two countries, or of the state alone.",
)
@click.option(
    "-n", "count", type=click.IntRange(1), default=20, show_default=True, help="How many are shown."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "csv", "json"]),
    default="text",
    show_default=True,
    help="How they are shown; csv and json have every column.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="File for all of them: .csv or .parquet."
)
@click.pass_obj
def command(
    settings: Settings,
    a: str,
    b: str,
    month: str,
    start: str,
    end: str,
    source: str,
    scope: Literal["country", "state"],
    count: int,
    form: Literal["text", "csv", "json"],
    out: Path | None,
) -> None:
    """List what coded events say that two states did to each other, those with most articles first.

    Each line has the day, who did it to whom, the class of the act, the articles that told of it where the source
    counts them, and the row. Machines read the news and err; one act can stand here many times.
    """
    from amity import states
    from amity.evidence import months, open_evidence, reports
    from amity.store import open_store

    first, last = period(month, start, end)
    one, other = states.find(a), states.find(b)
    with open_evidence(open_store(settings.home, settings.packs)) as ev:
        known = months.event_sources(ev)["source"].to_list()
        if not known or (source and source not in known):
            raise NoEvidenceError(
                f"no coded events{f' of {source!r}' if source else ''} are loaded",
                f"say one of: {', '.join(known)}"
                if known
                else "see `amity load --help` and `amity pull --help`",
            )
        rows = reports.between(
            ev, one.ccodes, other.ccodes, (first, last), source=source or None, scope=scope
        )
    if out is not None:
        write(rows, out)
        click.echo(f"wrote {out}: {rows.height:,} events")
        return
    show(rows, count, form)


def show(rows: pl.DataFrame, count: int, form: Literal["text", "csv", "json"]) -> None:
    """Print the first ones; what is left off is said beside them, so that a pipe gets rows alone."""
    first = rows.head(count)
    if form == "csv":
        click.echo(first.write_csv(), nl=False)
    elif form == "json":
        import json

        click.echo(json.dumps(first.to_dicts(), default=str, ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(lines(first, screen.width())) or "no event in these days")
    if rows.height > count:
        said = f"{count} of {rows.height:,}; -n shows more, --out FILE writes all"
        click.echo(said, err=form != "text")


def period(month: str, start: str, end: str) -> tuple[date, date]:
    """The first and last day asked for. Raises `UsageError` for no days, no such month, or both ways at once.

    >>> period("2018-02", "", "")
    (datetime.date(2018, 2, 1), datetime.date(2018, 2, 28))
    """
    from amity.cli.brief import first_day
    from amity.cli.pull_events import span

    first_day(month)  # refuses what is no month, under the option's own name
    asked = span(month, month) if month else span(start, end)
    if asked is None or (month and (start or end)):
        raise UsageError("which days?", "say --month 2018-02, or --from and --to")
    return asked.start, asked.end


def lines(rows: pl.DataFrame, width: int) -> list[str]:
    """One line an event; what does not fit goes on below, under who acted."""
    from amity import cameo
    from amity.briefs.coded import who

    told = ["" if count is None else f"  [{count:,}]" for count in rows["articles"]]
    said = [
        f"{row['date']}  {who(row['name_from'], row['role_from'], row['ccode_from'])} to "
        f"{who(row['name_to'], row['role_to'], row['ccode_to'])}: "
        f"{cameo.find(row['code']).name} ({row['code']})"
        f"{count}  {row['source']} {row['ref']}"
        for row, count in zip(rows.iter_rows(named=True), told, strict=True)
    ]
    return [line for event in said for line in screen.wrapped(event, "", " " * 12, width)]


def write(rows: pl.DataFrame, out: Path) -> None:
    if out.suffix not in (".csv", ".parquet"):
        raise UsageError(f"{out.name} is neither .csv nor .parquet", "end the name with one of them")
    rows.write_csv(out) if out.suffix == ".csv" else rows.write_parquet(out)
