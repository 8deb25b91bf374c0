"""Loading publishers' files that are already on this disk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from amity.errors import AmityError
from amity.ingest.keeping import Arrived, keep
from amity.ingest.recognising import read, recognise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from amity.ingest.keeping import Loaded
    from amity.ingest.recognising import Found
    from amity.store import Store


def now() -> str:
    """This moment in UTC, to the second, as receipts write it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def load(
    store: Store,
    paths: Sequence[Path],
    *,
    partial: bool = False,
    retrieved: str = "",
    on_progress: Callable[[Loaded], None] | None = None,
) -> tuple[Loaded, ...]:
    """Read files, folders and .zip files into the store, source by source, each all or nothing.

    Where one source fails the others are still loaded; then its error is raised. Files that no source knows are passed
    over: `recognise` names them. `retrieved` is the moment for the receipts (by default now); `on_progress` hears of
    each source as it is done.

    Raises as `recognise` and `keep` do.
    """
    return load_found(store, recognise(paths), partial=partial, retrieved=retrieved, on_progress=on_progress)


def load_found(
    store: Store,
    found: Found,
    *,
    partial: bool = False,
    retrieved: str = "",
    on_progress: Callable[[Loaded], None] | None = None,
) -> tuple[Loaded, ...]:
    """As `load`, for files that have been recognised already."""
    when = retrieved or now()
    loaded: list[Loaded] = []
    failed: list[AmityError] = []
    for source, entries in found.files.items():
        try:
            arrived = {entry.where: Arrived(read(entry), "", when) for entry in entries}
            loaded.append(keep(store, source, arrived, partial=partial))
        except AmityError as error:
            failed.append(error)
        else:
            if on_progress is not None:
                on_progress(loaded[-1])
    if failed:
        raise together(failed)
    return tuple(loaded)


def together(failed: Sequence[AmityError]) -> AmityError:
    """One error for several: the first, with what is wrong with the others."""
    first, *others = failed
    if not others:
        return first
    what = "; ".join([first.what, *(f"and [{error.code}] {error.what}" for error in others)])
    return type(first)(what, first.mend)
