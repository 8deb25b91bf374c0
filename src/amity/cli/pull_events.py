"""The part of `amity pull` that brings coded events: ranges of days, what is said before, meanwhile and after."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import click

from amity.cli.event_words import bar, choice_of, count_months, files
from amity.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.ingest.planning import Plan, Span
    from amity.ingest.pulling_events import PulledEvents
    from amity.settings import Settings
    from amity.store.batches import Lacking

NAMED = 5
"""How many gaps are named before the rest are counted."""
WORD = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Words:
    """What a person says of events: --from, --to, --states, --keep-all."""

    start: str = ""
    end: str = ""
    states: str = ""
    keep_all: bool = False


def pull_events(settings: Settings, name: str, words: Words, mirrors: tuple[tuple[str, str], ...]) -> None:
    """Pull a range of a source of events, say what comes of it, and count the months that have changed."""
    from amity.ingest.pulling_events import EventManner
    from amity.ingest.pulling_events import pull_events as pull
    from amity.store import open_store

    store, days = open_store(settings.home, settings.packs), span(words.start, words.end)
    choice = choice_of(words.states, everything=words.keep_all)
    with bar(name) as told:
        manner = EventManner(mirrors, planned=lambda plan: click.echo(before(plan)), told=told)
        pulled = pull(store, name, days, choice, manner)
    click.echo(after(pulled))
    count_months(store)


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


def lacked(lacks: Sequence[Lacking]) -> str:
    """What a publisher lacks, in words: the first few days, and how many more.

    >>> from amity.ingest.planning import Lack
    >>> lacked([Lack(date(2014, 1, 23), date(2014, 1, 25))])
    'the publisher lacks 2014-01-23 to 2014-01-25'
    """
    some = ", ".join(gap(lack) for lack in lacks[:NAMED])
    more = f" and {len(lacks) - NAMED:,} more gaps (`amity verify` names them)" if len(lacks) > NAMED else ""
    return f"the publisher lacks {some}{more}"


def gap(lack: Lacking) -> str:
    """One gap in words."""
    if lack.keys:
        return f"{len(lack.keys)} file{'s' * (len(lack.keys) != 1)} of {lack.start}"
    return f"{lack.start}" if lack.start == lack.end else f"{lack.start} to {lack.end}"
