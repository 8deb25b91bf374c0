"""The command line: words in, the same calls as in Python, text out.

Commands are imported only when they are named, so that `amity --help` costs next to nothing. One file each.
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import click

from amity import __version__
from amity.errors import AmityError
from amity.settings import Settings, default_home

COMMANDS = {
    "brief": "How two countries stand to each other: a summary here, a page to keep",
    "events": "Single coded events between two states, the most reported first",
    "claims": "Statements about a relation, each supported, contradicted or not decidable",
    "panel": "The same facts as rows: one pair or all pairs, by month or year",
    "whatif": "The outlook of a pair with some acts and without, from what followed such acts elsewhere",
    "ideal-points": "Where states stand in the UN General Assembly, by session, with intervals",
    "portrait": "All ties of one state at once, ranked, and how its dealings are spread",
    "between": "Where states stand between two powers, domain by domain",
    "fit": "Learn anew how strongly each kind of evidence speaks of a relation",
    "aggregate": "Coded events counted into directed pair-months, here or on Spark",
    "states": "Which states exist or existed, and the names and codes that are read",
    "sources": "What the evidence is, how far it reaches, and on which terms",
    "cite": "How to cite amity and the sources behind it",
    "pull": "Fetch sources from their publishers",
    "load": "Read publishers' files that are already on this disk",
    "add": "Add your own record of acts, ties and coded events",
    "verify": "Prove that the store on this disk is whole",
    "build-pack": "Make a starter pack from the loaded sources that may be shared",
}


class Commands(click.Group):
    """A group that knows its commands' names and summaries without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's own signature)
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"{__name__}.{cmd_name.replace('-', '_')}")
        return module.command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with:  amity brief KHM USA --shadow CHN",
)
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="AMITY_HOME",
    help="Folder of the store.",
)
@click.option("--debug", is_flag=True, expose_value=False, help="Show a traceback when something fails.")
@click.version_option(__version__, prog_name="amity")
@click.pass_context
def cli(ctx: click.Context, home: Path | None) -> None:
    """Measure and explain how two countries stand to each other, from open data.

    Any pair of states, any third power, from 1946 to today. Facts and figures of the main sources come with
    amity, so that a brief needs no network.
    """
    ctx.obj = Settings(home=home or default_home())


@cli.result_callback()
@click.pass_context
def name_of(ctx: click.Context, _told: object, home: Path | None) -> str | None:  # noqa: ARG001  (click's own signature)
    """What `cli.main` gives once a command has run: its name."""
    return ctx.invoked_subcommand


def main() -> None:
    """Run the command line; an error becomes two lines on stderr, and exit status 1, or 2 for words misplaced."""
    try:
        ended = cli.main(prog_name="amity", standalone_mode=False)
        if ended == "brief":
            leave_at_once()
        sys.exit(ended if isinstance(ended, int) else 0)
    except click.Abort:
        click.echo("stopped", err=True)
        sys.exit(1)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        click.echo(f"error[usage]: {plainly(error)}\n  to mend: {cure(error)}", err=True)
        sys.exit(error.exit_code)
    except AmityError as error:
        if "--debug" in sys.argv:
            raise
        click.echo(str(error), err=True)
        sys.exit(1)


def leave_at_once() -> NoReturn:
    """End the process well, without first taking apart all that was imported and made: a tenth of a brief's cost.

    The system frees the memory of a process at once. Of what libraries register to run at the end nothing matters to a
    brief: its files are written and closed. (With `gc.freeze` duckdb would complain of leaks.)
    """
    with suppress(OSError, AttributeError):  # nobody reads, or there is no screen
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(0)


def plainly(error: click.ClickException) -> str:
    """What is wrong, in a line, as ours are written: a small letter first and no full stop."""
    said = " ".join(error.format_message().split()).rstrip(".")
    return said[:1].lower() + said[1:]


def cure(error: click.ClickException) -> str:
    """The command of the nearest name, or where the words that a command takes are told."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    named = re.fullmatch(r"No such command '(.*)'\.", error.message)
    if named:
        import difflib

        near = difflib.get_close_matches(named[1], COMMANDS, 1)
        if near:
            return f"did you mean `amity {near[0]}`?"
    if isinstance(error, click.BadParameter) and "does not exist" in error.message:
        return "look at the spelling, or name one that is there"
    return f"run `{context.command_path if context else 'amity'} --help` to see the words that it takes"
