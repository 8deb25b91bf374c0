"""Loading publishers' files that are already on this disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amity.errors import AmityError, together
from amity.ingest.keeping import Arrived, keep, now
from amity.ingest.packets import Coming
from amity.ingest.recognising import read, recognise
from amity.ingest.streaming import ALL_EVENTS, Choice, stream

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from amity.ingest.keeping import Loaded
    from amity.ingest.recognising import Entry, Found
    from amity.ingest.streaming import Progress, Streamed
    from amity.store import Store


@dataclass(frozen=True, slots=True)
class Manner:
    """How to load: a release that is not whole, the moment for the receipts (empty: now), what to keep of events.

    `done` hears of each source as it is loaded, `told` of how far the reading of events is, with the source's name.
    """

    partial: bool = False
    retrieved: str = ""
    choice: Choice = ALL_EVENTS
    done: Callable[[Loaded | Streamed], None] = lambda _: None
    told: Callable[[str, Progress], None] = lambda _, __: None


def load(
    store: Store,
    paths: Sequence[Path],
    *,
    partial: bool = False,
    retrieved: str = "",
    choice: Choice = ALL_EVENTS,
    on_progress: Callable[[Loaded | Streamed], None] = lambda _: None,
) -> tuple[Loaded | Streamed, ...]:
    """Read files, folders and .zip files into the store, source by source.

    Each source is all or nothing; coded events batch by batch. Where one source fails the others are still loaded;
    then its error is raised. Files that no source knows are passed over: `recognise` names them. `retrieved` is the
    moment for the receipts (by default now), `choice` what is kept of events; `on_progress` hears of each source as it
    is done.

    Raises as `recognise`, `keep` and `stream` do.
    """
    return load_found(store, recognise(paths), Manner(partial, retrieved, choice, on_progress))


def load_found(store: Store, found: Found, manner: Manner = Manner()) -> tuple[Loaded | Streamed, ...]:
    """As `load`, for files that have been recognised already."""
    loaded: list[Loaded | Streamed] = []
    failed: list[AmityError] = []
    for source, entries in (*found.files.items(), *found.events.items()):
        load_one = load_events if source in found.events else load_whole
        try:
            loaded.append(load_one(store, source, entries, manner))
        except AmityError as error:
            failed.append(error)
        else:
            manner.done(loaded[-1])
    if failed:
        raise together(failed)
    return tuple(loaded)


def load_whole(store: Store, source: str, entries: Sequence[Entry], manner: Manner) -> Loaded:
    when = manner.retrieved or now()
    arrived = {entry.where: Arrived(read(entry), "", when) for entry in entries}
    return keep(store, source, arrived, partial=manner.partial)


def load_events(store: Store, source: str, entries: Sequence[Entry], manner: Manner) -> Streamed:
    coming = [Coming(entry.name, entry.path, retrieved=manner.retrieved) for entry in entries]
    return stream(store, source, coming, manner.choice, lambda progress: manner.told(source, progress))
