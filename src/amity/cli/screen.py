"""The screen: how wide it is, and what a command says there while it works (on stderr, so that a pipe gets rows)."""

from __future__ import annotations

import shutil
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    import polars as pl

WIDTH = 100
"""Of lines where nobody says how wide the screen is."""
PREPARING = "Preparing the engine, once on this machine; this takes up to a minute."
MINUTE = 60.0


def width(most: int | None = None) -> int:
    """Columns of the terminal, or of COLUMNS; `WIDTH` where neither is known. Prose stays below `most`."""
    room = shutil.get_terminal_size((WIDTH, 24)).columns
    return min(room, most) if most else room


def wrapped(text: str, first: str = "", rest: str = "", room: int | None = None) -> list[str]:
    """A text in lines of the screen's width (or `room`), with `first` before the first and `rest` before the others.

    >>> wrapped("hedges 0.50, even 0.50", "2020 ", "     ", 20)
    ['2020 hedges 0.50,', '     even 0.50']
    """
    from textwrap import wrap

    return wrap(
        text, room or width(WIDTH), initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    )


def fitted(lines: Iterable[str], room: int | None = None) -> list[str]:
    """Lines as they are where the screen is wide enough; else they go on below, four deeper than they begin.

    >>> fitted(["short", "  sanction lifted not knowable"], 24)
    ['short', '  sanction lifted not', '      knowable']
    """
    wide = room or width()
    told: list[str] = []
    for line in lines:
        deeper = " " * (len(line) - len(line.lstrip()) + 4)
        told += wrapped(line, "", deeper, wide) if len(line) > wide else [line]
    return told


def say(text: str) -> None:
    """Say what is being done."""
    click.echo(text, err=True)


def say_if_not_ready() -> None:
    """Say that the engine is prepared first, where it is not yet on this machine."""
    from amity.engine.ready import ready

    if not ready():
        say(PREPARING)


@contextmanager
def progress(label: str, of: int) -> Generator[Callable[[int, str], None]]:
    """Hears how many of `of` are done, and words beside it.

    On stderr is a bar where a person looks on; elsewhere a line at the start, and one a minute.
    """
    if not sys.stderr.isatty():
        say(f"{label} …")
        last = time.monotonic()

        def now_and_then(_: int, words: str) -> None:
            nonlocal last
            if time.monotonic() - last >= MINUTE:
                last = time.monotonic()
                say(f"{label}: {words}")

        yield now_and_then
        return
    made: Callable[..., Any] = click.progressbar  # generic over what it iterates, which is nothing here
    beside = ""

    def shown(_: object) -> str:
        return beside

    with made(length=of, label=label, file=sys.stderr, show_eta=False, item_show_func=shown) as bar:

        def drawn(done: int, words: str) -> None:
            nonlocal beside
            beside = words
            bar.update(done - bar.pos)

        bar.render_progress()
        yield drawn


def watched(parts: Iterable[pl.DataFrame], label: str) -> Iterator[pl.DataFrame]:
    """The same parts of a panel, sorted by `ccode1`; meanwhile stderr tells how far they are."""
    from amity import states

    codes = sorted(code for state in states.every() for code in state.ccodes)
    rows = 0
    with progress(label, len(codes)) as told:
        for part in parts:
            rows, at = rows + part.height, int(part["ccode1"][-1])
            told(codes.index(at) + 1, f"{rows:,} rows, to the pairs of {states.by_ccode(at).name}")
            yield part
