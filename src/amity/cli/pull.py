"""`amity pull`: fetch sources from their publishers."""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import click

from amity.errors import AmityError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from amity.ingest.pulling import Progress, Pulled
    from amity.settings import Settings


@click.command(
    epilog="""\b
Examples:
  amity pull                          every source that has an address, but for coded events
  amity pull us_visits us_travels     these two
  amity pull gdelt1 --from 2014 --to 2014-06
                                      events that GDELT added in the first half of 2014
  amity pull gdelt2 --from 2024-03-01 --to 2024-03-07 --states KHM,USA,CHN
                                      a week, but only events between these three
  amity pull --mirror https://raw.githubusercontent.com/=https://mirror.example.org/raw/"""
)
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@click.option(
    "--from",
    "start",
    metavar="DAY",
    default="",
    help="Coded events: the first day, month or year under which the publisher files them: 2014-01-31, 2014-01, 2014.",
)
@click.option(
    "--to", "end", metavar="DAY", default="", help="Coded events: the last one; by default the last there is."
)
@click.option(
    "--states",
    metavar="STATE,STATE…",
    default="",
    help="Coded events: keep only those between two of these states; how many there are of all is still counted.",
)
@click.option("--keep-all", is_flag=True, help="Coded events: keep every column that the publisher gives.")
@click.option(
    "--mirror",
    "mirrors",
    metavar="FROM=TO",
    multiple=True,
    help="Ask the address TO in place of those that begin with FROM. May be given several times.",
)
@click.option("--partial", is_flag=True, help="Take a release with fewer rows than it has ever had.")
@click.pass_obj
def command(
    settings: Settings,
    names: tuple[str, ...],
    start: str,
    end: str,
    states: str,
    keep_all: bool,
    mirrors: tuple[str, ...],
    partial: bool,
) -> None:
    """Fetch sources from their publishers into the store.

    Only what the store lacks is fetched, and a pull that was broken off goes on where it was. Each source is taken
    whole or not at all: when one fails, what the store held of it stays, and the next one is tried. `amity sources`
    names the sources; those without an address are downloaded by hand and read with `amity load`.

    Coded events (gdelt1, gdelt2, gdelt2_translated, icews, polecat) come by the million. They are fetched only by
    name and for a range of days, file by file: each day, month or year is kept as soon as it is whole, and its
    files are not. Days that the publisher lacks are said, and remembered.

    No publisher is asked for more than two files at a time, and one that asks for patience gets it.
    """
    asked = (*(pair(mirror) for mirror in mirrors), *settings.mirrors)
    from amity import sources
    from amity.cli.pull_events import Words, pull_events
    from amity.ingest.pulling import pullable

    words = Words(start, end, states, keep_all)
    check(names, sources.STREAMED, asked=words != Words())
    failed = 0
    for name in names or pullable():
        try:
            if name in sources.STREAMED:
                pull_events(settings, name, words, asked)
            else:
                click.echo(said(pull_whole(settings, name, asked, partial=partial)))
        except AmityError as error:
            if len(names) == 1:
                raise
            failed += 1
            click.echo(f"{name}: not pulled\n{error}", err=True)
    if not names:
        click.echo(left(pullable(), sources.ALL, sources.STREAMED))
    sys.exit(1 if failed else 0)


def check(names: Sequence[str], streamed: Sequence[str], *, asked: bool) -> None:
    """Refuse names that no source has, and words about events where none are pulled."""
    from amity import sources

    for name in names:
        sources.about(name)
    if asked and not set(names) & set(streamed):
        raise UsageError(
            "--from, --to, --states and --keep-all are for coded events, and none are asked for",
            f"name a source of them ({', '.join(streamed)}), or leave these words out",
        )


def pull_whole(
    settings: Settings, name: str, mirrors: tuple[tuple[str, str], ...], *, partial: bool
) -> Pulled:
    """Pull a source that is taken whole."""
    from amity.ingest.pulling import Manner, pull
    from amity.store import open_store

    with bar(name) as told:
        return pull(open_store(settings.home), name, Manner(mirrors, partial=partial, told=told))


def left(pullable: Sequence[str], whole: Sequence[str], streamed: Sequence[str]) -> str:
    """What a pull without names leaves out, and how to get it."""
    rest = [name for name in whole if name not in pullable]
    lines = [f"By hand only: {', '.join(rest)} (`amity pull {rest[0]}` says where)."] if rest else []
    if streamed:
        lines.append(
            f"Coded events only by name: {', '.join(streamed)} (`amity pull {streamed[0]} --from 2014 --to 2014`)."
        )
    return "\n".join(lines)


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
