"""amity: how two countries have stood to each other, from open data, with every number traceable.

The same words as on the command line:

* `amity.brief("KHM", "USA", shadow="CHN")`: the brief as a frozen record; a notebook shows it as text.
* `amity.panel("KHM", "USA")`: the same facts as rows, a polars frame.
* `amity.states.find("Kampuchea")`: a country by any of its names or codes.

Importing amity costs next to nothing; what a call needs is imported when it is made.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from amity import states

if TYPE_CHECKING:
    import polars as pl

    from amity.briefs.answer import Brief
    from amity.store import Store

__all__ = ["brief", "open_store", "panel", "states"]
__version__ = "0.1.0"


def open_store(home: str | Path | None = None) -> Store:
    """The user's store over the starter pack; `home` is its folder, by default the system's place for a user's data."""
    from amity.settings import Settings, default_home  # noqa: PLC0415
    from amity.store import open_store as opened  # noqa: PLC0415

    settings = Settings(home=Path(home) if home else default_home())
    return opened(settings.home, settings.packs)


def brief(
    a: str | int,
    b: str | int,
    *,
    shadow: str | int | None = None,
    start: int = 1946,
    end: int | None = None,
    home: str | Path | None = None,
) -> Brief:
    """How two states have stood to each other, as a frozen record of plain values.

    `a`, `b` and the third power `shadow` are names, ISO-3, ISO-2, COW or GW codes; `start` and `end` are years,
    `end` by default the last about which anything is known. `brief.to_dict()` gives JSON's types,
    `amity.briefs.write.write` the page and the other forms.

    Raises `UnknownStateError`, `AmbiguousStateError` or `UsageError`.

    >>> answer = brief("KHM", "USA", shadow="CHN")
    >>> answer.question.a.name
    'Cambodia'
    """
    from amity.briefs.ask import ask  # noqa: PLC0415

    return ask(open_store(home), a, b, third=shadow, start=start, end=end)


def panel(
    *parties: str | int,
    grain: str = "dyad-year",
    start: int = 1946,
    end: int | None = None,
    home: str | Path | None = None,
) -> pl.DataFrame:
    """What is known of pairs by year or month, as rows: every pair of the states named, or of all states if none is.

    >>> panel("KHM", "USA", start=1990, end=1999).height
    20
    """
    raise NotImplementedError(parties, grain, start, end, home)
