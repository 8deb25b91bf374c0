"""The part of `amity pull` that brings coded events: ranges of days, what is said before, meanwhile and after."""

from __future__ import annotations

import calendar
import re
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from amity.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from amity.ingest.planning import Lack, Plan, Span
    from amity.ingest.pulling_events import Progress, PulledEvents
    from amity.ingest.streaming import Choice
    from amity.settings import Settings

NAMED = 5
"""How many gaps are named before the rest are counted."""
WORD = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)
REDRAW_SECONDS = 0.2
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Words:
    """What a person says of events: --from, --to, --states, --keep-all."""

    start: str = ""
    end: str = ""
    states: str = ""
    keep_all: bool = False


def pull_events(settings: Settings, name: str, words: Words, mirrors: tuple[tuple[str, str], ...]) -> None:
    """Pull a range of a source of events, say what comes of it, and count the months that have changed."""
    from amity.evidence import months
    from amity.ingest.pulling_events import EventManner
    from amity.ingest.pulling_events import pull_events as pull
    from amity.store import open_store

    store, days = open_store(settings.home, settings.packs), span(words.start, words.end)
    choice = reading(words.states, everything=words.keep_all)
    with bar(name) as told:
        manner = EventManner(mirrors, planned=lambda plan: click.echo(before(plan)), told=told)
        pulled = pull(store, name, days, choice, manner)
    click.echo(after(pulled))
    months.refresh(store, name)


def reading(names: str, *, everything: bool) -> Choice:
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


def span(start: str, end: str) -> Span | None:
    """The days of --from and --to: a year, a month or a day each. One alone leaves the other side open; none is None.

    >>> span("2014", "2014-02").end
    datetime.date(2014, 2, 28)
    """
    from amity.ingest.planning import Span

    if not start and not end:
        return None
    first = days(start, "--from")[0] if start else date.min
    last = days(end, "--to")[1] if end else date.max
    if first > last:
        raise UsageError(f"--from {start} is after --to {end}", "say the earlier day first")
    return Span(first, last)


def days(word: str, option: str) -> tuple[date, date]:
    """The first and the last day of a year, a month or a day.

    >>> days("2016-02", "--from")
    (datetime.date(2016, 2, 1), datetime.date(2016, 2, 29))
    """
    found = WORD.fullmatch(word)
    if found is None:
        raise no_day(word, option)
    year, month, day = (int(part) for part in found.groups("0"))
    try:
        first = date(year, month or 1, day or 1)
        last = calendar.monthrange(first.year, month or 12)[1]
        return first, first.replace(month=month or 12, day=day or last)
    except ValueError:
        raise no_day(word, option) from None


def no_day(word: str, option: str) -> UsageError:
    return UsageError(
        f"{option} {word!r} is no day, month or year", f"say {option} 2018-01-31, 2018-01 or 2018"
    )


def before(plan: Plan) -> str:
    """What is going to happen, in a line or two."""
    from amity.ingest.planning import in_bytes

    size = f", {in_bytes(plan.size)}" if plan.size else ""
    held = f", of which the store has {plan.held:,}" if plan.held else ""
    rest = f"; {plan.to_fetch:,} to fetch" if plan.held and plan.to_fetch else ""
    rest += f", {in_bytes(plan.size_to_fetch)}" if rest and plan.size_to_fetch else ""
    said = f"{plan.source}: {files(plan.files)}{size}{held}{rest}"
    if plan.aside.count:
        count = f"{plan.aside.count:,} line{'s' * (plan.aside.count != 1)}"
        said += (
            f"\n{plan.source}: passed over {count} of the publisher's list, such as {plan.aside.first[0]!r}"
        )
    return said


def after(pulled: PulledEvents) -> str:
    """What came of a pull, in a line, and in a second one what the publisher lacks."""
    from amity.ingest.planning import in_bytes

    source = pulled.plan.source
    if pulled.fetched:
        said = f"{source}: kept {pulled.rows:,} events of {files(pulled.fetched)}, {in_bytes(pulled.size)}"
    else:
        said = f"{source}: nothing new in {files(pulled.plan.files)}"
    return f"{said}\n{source}: {lacked(pulled.lacks)}" if pulled.lacks else said


def lacked(lacks: Sequence[Lack]) -> str:
    """What a publisher lacks, in words: the first few days, and how many more.

    >>> from amity.ingest.planning import Lack
    >>> lacked([Lack(date(2014, 1, 23), date(2014, 1, 25))])
    'the publisher lacks 2014-01-23 to 2014-01-25'
    """
    some = ", ".join(gap(lack) for lack in lacks[:NAMED])
    more = f" and {len(lacks) - NAMED:,} more gaps (`amity verify` names them)" if len(lacks) > NAMED else ""
    return f"the publisher lacks {some}{more}"


def gap(lack: Lack) -> str:
    """One gap in words."""
    if lack.keys:
        return f"{len(lack.keys)} file{'s' * (len(lack.keys) != 1)} of {lack.start}"
    return f"{lack.start}" if lack.start == lack.end else f"{lack.start} to {lack.end}"


def files(count: int) -> str:
    return f"{count:,} file{'s' * (count != 1)}"


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

    >>> from amity.ingest.pulling_events import Progress
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
