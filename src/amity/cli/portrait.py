"""`amity portrait`: all ties of one state at once, ranked, and how its dealings are spread."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from amity.cli import screen
from amity.errors import UsageError

if TYPE_CHECKING:
    from amity.briefs.portrait import Portrait
    from amity.settings import Settings

FORMATS = (".html", ".md", ".json", ".txt")


@click.command(
    epilog="""\b
Examples:
  amity portrait KHM
  amity portrait KHM --between USA CHN --out portrait.html
  amity portrait Vietnam --month 2015-12 --out vietnam.md"""
)
@click.argument("state")
@click.option(
    "--between", "powers", nargs=2, metavar="A B", help="Two powers between which the state stands."
)
@click.option(
    "--month", metavar="YYYY-MM", default="", help="Month of which it is told; by default the last known."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write: .html, .md, .json or .txt.",
)
@click.pass_obj
def command(
    settings: Settings, state: str, powers: tuple[str, str] | None, month: str, out: Path | None
) -> None:
    """Show with whom a state has to do, on which terms, and on how many partners it rests.

    STATE is a name, ISO-3, ISO-2, COW or GW code. Every other state is ranked by engagement where that is known,
    with tone and alignment, each with its 90 % interval, the change over five years, and the last visit of a leader or
    foreign minister on record. The page (.html) also has them on a map of the world.
    """
    if out is not None and out.suffix.lower() not in FORMATS:
        raise UsageError(
            f"'{out.name}' does not say a format of a portrait",
            f"end the name in one of {', '.join(FORMATS)}",
        )
    from amity import states
    from amity.briefs.portrait import portrait
    from amity.briefs.portrait_words import WIDE, text
    from amity.cli.brief import first_day
    from amity.store import open_store

    party = states.find(state)
    sides = (states.find(powers[0]), states.find(powers[1])) if powers else None
    if sides and party in sides:
        raise UsageError(f"{party.name} was named as the state and as a power", "name three different states")
    screen.say_if_not_ready()
    one = portrait(open_store(settings.home, settings.packs), party, sides, first_day(month))
    click.echo(text(one, screen.width(WIDE)))
    if out:
        from amity.briefs.write import write_file

        write_file(out, rendered(one, out.suffix.lower()))
        click.echo(f"\nWritten: {out}")


def rendered(one: Portrait, suffix: str) -> str:
    """The portrait in one of its forms."""
    from amity.briefs.portrait_page import html
    from amity.briefs.portrait_words import markdown, text

    if suffix == ".json":
        return json.dumps(one.to_dict(), ensure_ascii=False, indent=1) + "\n"
    return {".html": html, ".md": markdown, ".txt": text}[suffix](one)
