"""`amity brief`: how two countries stand to each other, as a summary here and a page to keep."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from amity.cli import screen
from amity.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    from amity.briefs.programmes import Plan
    from amity.insight.checks.statement import Statement
    from amity.settings import Settings

FORMATS = ("html", "md", "json", "txt")
DRAWN = 2
"""Programmes that one chart can tell apart."""


@click.command(
    epilog="""\b
Examples:
  amity brief KHM USA --shadow CHN
  amity brief Vietnam China --shadow "United States" --from 1975
  amity brief Yugoslavia USSR --to 1991 --format md,json --out briefs
  amity brief IND PAK --events gdelt1 --scope state --month 2019-02
  amity brief KHM USA --shadow CHN --claims examples/khm-usa.yaml --programme acts.yaml"""
)
@click.argument("a")
@click.argument("b")
@click.option("--shadow", metavar="STATE", help="A third power to set beside the two.")
@click.option(
    "--from", "start", type=click.IntRange(1816, 2100), default=1946, show_default=True, help="First year."
)
@click.option(
    "--to", "end", type=click.IntRange(1816, 2100), help="Last year; by default the last one known."
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Folder for the files."
)
@click.option(
    "--format", "formats", default="html", show_default=True, help=f"Any of {', '.join(FORMATS)}, or none."
)
@click.option(
    "--events",
    metavar="SOURCE",
    default="",
    help="Source of coded events; by default the one with most of them.",
)
@click.option(
    "--scope",
    type=click.Choice(["country", "state"]),
    default="country",
    show_default=True,
    help="Coded events of every actor of the two countries, or of the state alone.",
)
@click.option(
    "--month",
    metavar="YYYY-MM",
    default="",
    help="Month whose most reported acts, and year whose dividing votes, are listed.",
)
@click.option(
    "--claims",
    "ledger",
    type=click.Path(path_type=Path),
    help="Statements in YAML to put to the record, as for `amity claims`, in place of the usual ones.",
)
@click.option(
    "--programme",
    "tried",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A programme of acts in YAML to try, as for `amity whatif`; once or twice, in place of the usual two.",
)
@click.pass_obj
def command(
    settings: Settings,
    a: str,
    b: str,
    shadow: str | None,
    start: int,
    end: int | None,
    out: Path,
    formats: str,
    events: str,
    scope: Literal["country", "state"],
    month: str,
    ledger: Path | None,
    tried: tuple[Path, ...],
) -> None:
    """Show how two countries have stood to each other.

    A and B are states, by name (old names included), ISO-3, ISO-2, COW or GW code. A summary is printed here; a page
    that needs no network is written beside it. Everything comes from the evidence on this machine: the starter
    pack inside amity, and whatever you have pulled, loaded or added.
    """
    wanted = chosen(formats)
    if out.suffix.removeprefix(".") in FORMATS and not out.is_dir():
        raise UsageError(
            f"--out names the folder of a brief, and '{out}' is called as a file is",
            "say --out FOLDER: the files in it are named after the states",
        )
    if len(tried) > DRAWN:
        raise UsageError(f"{len(tried)} programmes were named", f"name {DRAWN} at most")
    # A brief makes much and throws little away: looking for garbage all the time would be a sixth of its cost.
    gc.set_threshold(1_000_000, 50, 50)
    from amity.briefs.ask import ask
    from amity.briefs.coded import Wanted
    from amity.briefs.terminal import text
    from amity.briefs.write import write
    from amity.store import open_store

    claims, plans = statements(ledger), tuple(plan(file) for file in tried)
    news = Wanted(events, scope, first_day(month))
    store = open_store(settings.home, settings.packs)
    answer = ask(
        store,
        a,
        b,
        third=shadow,
        start=start,
        end=end,
        news=news,
        claims=claims,
        plans=plans,
        made=scaling,
        preparing=preparing,
    )
    click.echo(text(answer, width=screen.width(110)))
    for path in write(answer, out, wanted):
        click.echo(f"Written: {path}")


def statements(file: Path | None) -> tuple[Statement, ...] | None:
    """The statements of a file; None where none is named."""
    from amity.insight.claim_form import read_file

    return None if file is None else read_file(file)


def plan(file: Path) -> Plan:
    """The programme of a file, by the file's name without its ending."""
    from amity.briefs.programmes import Plan
    from amity.insight.whatif import steps_of

    return Plan(file.stem, steps_of(file))


def scaling() -> None:
    """Say what takes a moment."""
    screen.say("Scaling the roll calls that are loaded, once; this takes a moment.")


def preparing() -> None:
    """Say what takes longer, once."""
    screen.say(screen.PREPARING)


def first_day(month: str) -> date | None:
    """The first day of a month as it is typed; None where none is.

    >>> first_day("2018-06")
    datetime.date(2018, 6, 1)
    """
    from datetime import date

    try:
        return date.fromisoformat(f"{month}-01") if month else None
    except ValueError:
        raise UsageError(f"'{month}' is no month", "say --month 2018-06") from None


def chosen(formats: str) -> tuple[str, ...]:
    """The formats named, each once, in the order given."""
    named = tuple(dict.fromkeys(part.strip().lower() for part in formats.split(",") if part.strip()))
    if named == ("none",):
        return ()
    unknown = [name for name in named if name not in FORMATS]
    if unknown or not named:
        raise UsageError(
            f"no such format: {', '.join(unknown) or '(none named)'}",
            f"say any of {', '.join(FORMATS)}, or none",
        )
    return named
