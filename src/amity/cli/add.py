"""`amity add`: a record of your own acts, ties and coded events."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from amity.errors import UsageError

if TYPE_CHECKING:
    from amity.ingest.own_kinds import Table
    from amity.settings import Settings
    from amity.store import Store


@click.command(
    epilog="""\b
Examples:
  amity add --template acts > desk.csv       a file to begin from
  amity add desk.csv                         every row of it, or none with the reasons
  amity add desk.csv --complete-from 2010 --complete-to 2024
  amity add posts.csv --as desk              ties, beside the acts of the same record
  amity add coded.csv --as desk              coded events, by their own header (--template events)
  amity add --list
  amity add --remove desk"""
)
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--as", "name", metavar="NAME", default="", help="What the record is called, if not as the file."
)
@click.option(
    "--acts", "table", flag_value="acts", help="The file holds acts, whatever its header looks like."
)
@click.option("--ties", "table", flag_value="ties", help="The file holds ties.")
@click.option("--events", "table", flag_value="events", help="The file holds coded events.")
@click.option("--complete-from", "first", type=click.IntRange(1700, 2100), metavar="YEAR", help="See above.")
@click.option("--complete-to", "last", type=click.IntRange(1700, 2100), metavar="YEAR", help="See above.")
@click.option(
    "--template", type=click.Choice(["acts", "ties", "events"]), help="Print a header with example rows."
)
@click.option("--kinds", is_flag=True, help="Print the columns, and the kinds of act that need no code.")
@click.option("--list", "listing", is_flag=True, help="Print the records that you added.")
@click.option("--remove", metavar="NAME", help="Take a record out again.")
@click.pass_obj
def command(
    settings: Settings,
    file: Path | None,
    name: str,
    table: Table | None,
    first: int | None,
    last: int | None,
    template: Table | None,
    kinds: bool,
    listing: bool,
    remove: str | None,
) -> None:
    """Add your own record of acts, ties or coded events: a CSV file (UTF-8, commas) or Parquet.

    All rows are added or none; every slip is told with its line. A new file of the same name takes the place of the
    old one. Your record stays on this disk: it is never part of a pack.

    What is not in your record is unknown, not zero, unless you say from which year to which it is complete: then
    each kind of act in it, from each state to each that it names, counts as none where there is no row.
    """
    from amity.cli.event_words import count_months
    from amity.ingest import own_kinds
    from amity.store import open_store

    asked = [file is not None, template is not None, kinds, listing, remove is not None]
    if sum(asked) != 1:
        raise UsageError(
            "say what to add, or one of --template, --kinds, --list, --remove", "amity add --help"
        )
    held = open_store(settings.home, settings.packs)
    if template:
        click.echo(own_kinds.template(template))
    elif kinds:
        click.echo(explained())
    elif listing:
        click.echo(listed(held))
    elif remove is not None:
        from amity.ingest import own

        click.echo(f"{own.remove(held, remove)} removed")
        count_months(held)
    elif file is not None:
        click.echo(added(held, file, name, table, years(first, last)))
        count_months(held)


def years(first: int | None, last: int | None) -> tuple[int, int] | None:
    if (first is None) != (last is None):
        raise UsageError(
            "complete from when to when?", "say both --complete-from YEAR and --complete-to YEAR"
        )
    return None if first is None or last is None else (first, last)


def added(held: Store, file: Path, name: str, table: Table | None, complete: tuple[int, int] | None) -> str:
    from amity import ingest
    from amity.ingest import own
    from amity.ingest.recognising import Entry, read

    data = read(Entry(file.name, file))
    loaded = own.add(held, file.name, data, ingest.now(), name=name, table=table, complete=complete)
    rows = ", ".join(f"{rows:,} {table}" for table, rows in loaded.rows.items())
    return f"{loaded.source} holds {rows}{'' if loaded.changed else ', as before'}"


def listed(held: Store) -> str:
    """Each record: its files, rows, and when they were added."""
    from amity import store
    from amity.ingest import own
    from amity.ingest.own_kinds import COLUMNS

    lines: list[str] = []
    for source in own.names(held):
        parts = [part for part in store.parts(held, source=source) if part.table in COLUMNS]
        lines.append(f"{source}  {', '.join(f'{part.rows:,} {part.table}' for part in parts)}")
        lines += [f"  {one.file}, added {one.retrieved[:10]}" for one in store.receipts(held, source)]
    return (
        "\n".join(lines)
        or "you have added no record yet: `amity add --template acts` prints a file to begin from"
    )


def explained() -> str:
    """The columns of both tables, and the kinds with code, field and weight."""
    from amity.ingest.own_kinds import COLUMNS, KINDS

    lines: list[str] = []
    for table, columns in COLUMNS.items():
        lines += [table, *(f"  {name:<10} {says}" for name, says in columns.items()), ""]
    kinds = (
        f"  {name:<22} {kind.code:<5} {kind.field:<12} {kind.force_tenths / 10:>5.1f}"
        for name, kind in KINDS.items()
    )
    return "\n".join([*lines, "kinds of act: CAMEO code, field, Goldstein weight", *kinds])
