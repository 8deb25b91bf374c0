"""`amity pull`: fetch sources from their publishers."""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import click

from amity.errors import AmityError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from amity.ingest.pulling import Progress, Pulled
    from amity.settings import Settings


@click.command(
    epilog="""\b
Examples:
  amity pull                          every source that has an address
  amity pull us_visits us_travels     these two
  amity pull --mirror https://raw.githubusercontent.com/=https://mirror.example.org/raw/"""
)
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@click.option(
    "--mirror",
    "mirrors",
    metavar="FROM=TO",
    multiple=True,
    help="Ask the address TO in place of those that begin with FROM. May be given several times.",
)
@click.option("--partial", is_flag=True, help="Take a release with fewer rows than it has ever had.")
@click.pass_obj
def command(settings: Settings, names: tuple[str, ...], mirrors: tuple[str, ...], partial: bool) -> None:
    """Fetch sources from their publishers into the store.

    Only what the store lacks is fetched, and a pull that was broken off goes on where it was. Each source is taken
    whole or not at all: when one fails, what the store held of it stays, and the next one is tried. `amity sources`
    names the sources; those without an address are downloaded by hand and read with `amity load`.
    """
    asked = (*(pair(mirror) for mirror in mirrors), *settings.mirrors)
    from amity import sources
    from amity.ingest.pulling import Manner, pull, pullable
    from amity.store import open_store

    for name in names:
        sources.load(name)
    failed = 0
    for name in names or pullable():
        try:
            with bar(name) as told:
                pulled = pull(open_store(settings.home), name, Manner(asked, partial=partial, told=told))
        except AmityError as error:
            if len(names) == 1:
                raise
            failed += 1
            click.echo(f"{name}: not pulled\n{error}", err=True)
        else:
            click.echo(said(pulled))
    if not names:
        rest = ", ".join(name for name in sources.ALL if name not in pullable())
        click.echo(f"By hand only: {rest} (`amity pull {rest.split(', ')[0]}` says where).")
    sys.exit(1 if failed else 0)


def pair(mirror: str) -> tuple[str, str]:
    """The two addresses of a mirror.

    >>> pair("https://a.org/=https://b.org/?q=")
    ('https://a.org/', 'https://b.org/?q=')
    """
    here, _, there = mirror.partition("=http")
    if not (here.startswith("https://") and there):
        raise UsageError(
            f"--mirror {mirror!r} is not of the form FROM=TO",
            "name two addresses, such as --mirror https://a.example/=https://b.example/",
        )
    return here, f"http{there}"


def said(pulled: Pulled) -> str:
    """What came of a pull, in a line."""
    if pulled.loaded is None:
        return f"{pulled.source}: nothing new in {pulled.files:,} files"
    return (
        f"{pulled.source}: fetched {pulled.fetched:,} of {pulled.files:,} files, {pulled.size / 1e6:,.1f} MB"
    )


@contextmanager
def bar(name: str) -> Generator[Callable[[Progress], None]]:
    """A progress bar where a person looks on, from the first byte; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    now: list[Progress] = []

    def shown(_: object) -> str:
        return words(now[-1])

    made: Callable[..., Any] = click.progressbar  # generic over what it iterates, which is nothing here
    line = made(length=1, label=name, file=sys.stderr, item_show_func=shown)
    with ExitStack() as stack:

        def told(progress: Progress) -> None:
            first = not now
            now[:] = [progress]
            if first:
                stack.enter_context(line)
            line.length = progress.size or progress.files
            line.update((progress.got if progress.size else progress.done) - line.pos)
            line.render_progress()

        yield told


def words(progress: Progress) -> str:
    """How far a pull is, beside its bar."""
    if progress.done == progress.files:
        return f"{progress.files} files, {progress.got / 1e6:,.1f} MB; reading them"
    return f"{progress.done}/{progress.files} files, {progress.got / 1e6:,.1f} MB"
