"""`amity load`: read publishers' files that are already on this disk."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from amity.cli import screen
from amity.errors import UsageError

if TYPE_CHECKING:
    from amity.ingest import Loaded
    from amity.ingest.streaming import Streamed
    from amity.settings import Settings
    from amity.store import Store

NAMED = 5
"""How many unknown files are named before the rest are counted."""


@click.command(
    epilog="""\b
Examples:
  amity load ~/Downloads/rdcr-master.zip     a repository as downloaded
  amity load un_votes.rda un_roll_calls.rda un_roll_call_issues.rda
  amity load data/                           a folder with files of several sources
  amity load 2020.xml                        a newer file, beside those already loaded
  amity load gdelt/ --states KHM,USA,CHN     coded events, only those between these three"""
)
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)
@click.option("--partial", is_flag=True, help="Accept fewer rows than a whole release has.")
@click.option(
    "--retrieved",
    metavar="DATE",
    default="",
    help="When the files were fetched (UTC), if not now: 2026-03-01.",
)
@click.option(
    "--states",
    metavar="STATE,STATE…",
    default="",
    help="Coded events: keep only those between two of these states; how many there are of all is still counted.",
)
@click.option("--keep-all", is_flag=True, help="Coded events: keep every column that the publisher gives.")
@click.pass_obj
def command(
    settings: Settings, paths: tuple[Path, ...], partial: bool, retrieved: str, states: str, keep_all: bool
) -> None:
    """Read publishers' files that are already on this disk, and find out what they are.

    PATH is a file, a folder, or a .zip as downloaded. Each source is loaded whole or not at all; loading the same
    files again changes nothing. A file takes the place of the earlier one of its name. Files that no source knows
    are named and passed over.

    Files of coded events (GDELT, ICEWS, POLECAT) may be of any number and size: they are read batch by batch, a day's
    files or a year's at a time, and what was finished stays when the command is stopped.

    Where more than half a million rows are there at the end, what they say of every pair is worked out once and kept,
    so that a brief reads it. It takes half a minute.
    """
    from amity import ingest
    from amity.cli.event_words import bars, choice_of, count_months, read_events
    from amity.ingest.streaming import Streamed
    from amity.store import open_store

    when, choice = moment(retrieved), choice_of(states, everything=keep_all)
    found = ingest.recognise(paths)
    held = open_store(settings.home, settings.packs)

    def done(loaded: Loaded | Streamed) -> None:
        click.echo(read_events(loaded) if isinstance(loaded, Streamed) else line(loaded))

    try:
        with bars() as told:
            ingest.load_found(held, found, ingest.Manner(partial, when, choice, done, told))
    finally:
        count_months(held)
    keep_pairs(held)
    if found.unknown:
        click.echo(passed_over(found.unknown))


def keep_pairs(held: Store) -> None:
    """Work out what is observed of all pairs where much is loaded, so that a question about one reads its rows."""
    from amity.dimensions import kept_rows
    from amity.evidence import open_evidence

    with open_evidence(held) as ev:
        if kept_rows.due(ev):
            screen.say("working out what is observed of all pairs, once …")
            kept_rows.keep(ev)


def moment(text: str) -> str:
    """A day or moment of UTC as receipts write it; empty stays empty.

    >>> moment("2026-03-01")
    '2026-03-01T00:00:00Z'
    """
    if not text or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text):
        return text
    from datetime import date

    try:
        return f"{date.fromisoformat(text).isoformat()}T00:00:00Z"
    except ValueError:
        raise UsageError(f"'{text}' is no date", "say --retrieved 2026-03-01") from None


def line(loaded: Loaded) -> str:
    """What became of a source, in a line."""
    rows = ", ".join(f"{rows:,} {table}" for table, rows in loaded.rows.items() if table != "coverage")
    files = f"{loaded.files} file{'s' * (loaded.files != 1)}"
    aside = f", {loaded.review:,} places set aside" if loaded.review else ""
    state = "loaded" if loaded.changed else "as before"
    return f"{loaded.source:<17} {state:<10} {files:>9}  {rows or 'states and their spells'}{aside}"


def passed_over(names: tuple[str, ...]) -> str:
    some = ", ".join(names[:NAMED])
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"passed over, of no source that amity knows: {some}{more}"
