"""What `amity load` and `amity pull` say of coded events: what to keep, how far the reading is, what came of it."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import click

from amity.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from amity.ingest.streaming import Choice, Progress, Streamed
    from amity.store import Store

REDRAW_SECONDS = 0.2
MINUTE = 60.0


def choice_of(names: str, *, everything: bool) -> Choice:
    """What to keep of events, from --states and --keep-all."""
    from amity.ingest.streaming import Choice
    from amity.states import find

    given = [name.strip() for name in names.split(",") if name.strip()]
    codes = tuple(sorted({find(name).ccode for name in given}))
    if names and len(codes) < 2:
        raise UsageError(
            f"--states {names!r} names fewer than two states, and events are kept between two of them",
            "name two states or more, such as --states KHM,USA,CHN",
        )
    return Choice(codes, everything)


def read_events(done: Streamed) -> str:
    """What became of a source's files, in a line.

    >>> from amity.ingest.streaming import Streamed
    >>> read_events(Streamed("gdelt1", 2, 1, 1004, 1000, 40, 300, 0, 3, 1))[28:].strip()
    '2 files  kept 40 of 1,000 events, 300 without a state, 3 repeated, 1 set aside, 1 file as before'
    """
    counts = {"without a state": done.without_state, "repeated": done.repeated, "set aside": done.set_aside}
    told = [f"{count:,} {name}" for name, count in counts.items() if count]
    if done.lines:
        kept = f"kept {done.kept:,} of " if done.kept < done.rows else ""
        told.insert(0, f"{kept}{done.rows:,} events")
    if 0 < done.held < done.files:
        told.append(f"{files(done.held)} as before")
    state = "as before" if done.held == done.files else "loaded"
    return f"{done.source:<17} {state:<10} {files(done.files):>9}  {', '.join(told)}".rstrip()


def files(count: int) -> str:
    return f"{count:,} file{'s' * (count != 1)}"


def count_months(held: Store) -> None:
    """Count the pair-months of each source whose events have changed, and say so."""
    from itertools import groupby

    from amity.evidence import months

    for source, group in groupby(months.refresh(held), key=lambda year: year.source):
        counted = [year for year in group if year.rows]
        if counted:
            rows, first, last = sum(year.rows for year in counted), counted[0].year, counted[-1].year
            years = f"{first}" if first == last else f"{first} to {last}"
            click.echo(f"{source:<17} counted    {rows:,} pair-months of {years}")


@contextmanager
def bars() -> Generator[Callable[[str, Progress], None]]:
    """A bar for each source that is read."""
    with ExitStack() as stack:
        shown: dict[str, Callable[[Progress], None]] = {}

        def told(source: str, progress: Progress) -> None:
            if source not in shown:
                stack.close()
                shown[source] = stack.enter_context(bar(source))
            shown[source](progress)

        yield told


@contextmanager
def bar(name: str) -> Generator[Callable[[Progress], None]]:
    """A progress bar where a person looks on; elsewhere a line on stderr every minute."""
    now: list[Progress] = []
    if not sys.stderr.isatty():
        yield now_and_then(lambda progress: click.echo(f"{name}: {how_far(progress)}", err=True), MINUTE)
        return
    made: Callable[..., Any] = click.progressbar  # generic over what it iterates, which is nothing here

    def shown(_: object) -> str:
        return how_far(now[-1])

    line = made(length=1, label=name, file=sys.stderr, show_eta=False, item_show_func=shown)
    with ExitStack() as stack:

        def drawn(progress: Progress) -> None:
            first = not now
            now[:] = [progress]
            if first:
                stack.enter_context(line)
            line.length = 2 * progress.size or progress.files
            at = progress.got + progress.stored if progress.size else progress.done
            line.update(min(at, line.length) - line.pos)
            line.render_progress()

        yield now_and_then(drawn, REDRAW_SECONDS, at_once=True)


def now_and_then(
    told: Callable[[Progress], None], seconds: float, *, at_once: bool = False
) -> Callable[[Progress], None]:
    """The same listener, called by one thread at a time, and only every so many seconds but at the end."""
    lock, last = threading.Lock(), [0.0 if at_once else time.monotonic()]

    def maybe(progress: Progress) -> None:
        with lock:
            over = at_once and progress.done == progress.files
            if over or time.monotonic() - last[0] >= seconds:
                last[0] = time.monotonic()
                told(progress)

    return maybe


def how_far(progress: Progress) -> str:
    """How far a pull of events is, beside its bar.

    >>> from amity.ingest.streaming import Progress
    >>> how_far(Progress(3, 365, 12_000_000, 0, 900_000_000, 456_789, 3725.0))
    '3/365 files, 12.0 MB, 456,789 events, 1 h 02 min left'
    """
    from amity.ingest.planning import in_bytes

    left = "" if progress.seconds is None else f", {duration(progress.seconds)} left"
    said = f"{progress.done:,}/{progress.files:,} files, {in_bytes(progress.got)}, {progress.rows:,} events"
    return said + left


def duration(seconds: float) -> str:
    """A length of time, no finer than it can be known.

    >>> duration(3725), duration(95), duration(8)
    ('1 h 02 min', '2 min', '10 s')
    """
    if seconds >= 3600:
        return f"{seconds // 3600:.0f} h {seconds % 3600 // 60:02.0f} min"
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{max(10, round(seconds, -1)):.0f} s"
