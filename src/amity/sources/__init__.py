"""The list of sources, and what each of their modules gives.

A source is one module: a record `ABOUT` on top, then functions with fixed names. No network, no disk: bytes in,
frames out. `ALL` names them; a test fails when a module of this folder is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from amity.errors import UnknownSourceError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import polars as pl

    from amity.catalog import Request, Source

ALL = (
    "state_system",
    "unga_votes",
    "unga_resolutions",
    "us_relations",
    "us_missions",
    "us_visits",
    "us_travels",
    "us_aid",
    "ties_sanctions",
    "gsdb",
    "atop",
    "cow_mid",
    "gml_mid",
    "rivalries",
    "cow_contiguity",
    "cow_distance",
    "cow_majors",
    "cow_nmc",
    "china_trips",
    "china_engagements",
    "diplometrics",
    "oecd_aid",
    "chinese_finance",
    "cow_trade",
    "imf_dots",
    "sipri_tiv",
    "icews_tkg",
    "gdelt_tkg",
)
"""Every source that is read whole, by the name of its module, in the order in which people read of them."""

STREAMED: tuple[str, ...] = ("gdelt1", "gdelt2", "gdelt2_translated", "icews", "polecat")
"""Every source of coded events that is read file by file, because it has no end. They give `EventModule`."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a source's files say: one frame a table, each with the columns of `catalog.SCHEMAS`.

    A source gives only the tables that its `ABOUT` declares, and always `coverage` and `review` (which may be empty).
    """

    tables: Mapping[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Layout:
    """How the lines of an events file are cut."""

    columns: tuple[str, ...]
    """Every column of the file, in order."""
    needs: tuple[str, ...]
    """Those that `typed` reads; the others are kept only where a user asks for them."""
    free: tuple[str, ...] = ()
    """Those of `needs` that hold free text, where bytes that are no UTF-8 may stand."""
    header: int = 0
    """Lines to pass over."""
    separator: str = "\t"


@dataclass(frozen=True, slots=True)
class Identity:
    """Which file of its publisher a file is.

    `key` names the file whatever its release (20180101, or 20180101003000 for a quarter of an hour); `batch` the files
    that are stored together (a day); `start` and `end` the days on which its events were added to the source. `release`
    orders the issues of a file where the publisher says so: an older one never takes the place of a newer one.
    """

    key: str
    batch: str
    start: date
    end: date
    release: str = ""


class SourceModule(Protocol):
    """What every module of this folder gives."""

    ABOUT: Source

    def requests(self) -> tuple[Request, ...]:
        """The addresses to fetch; empty where the publisher offers none (`ABOUT.by_hand` says where to go)."""
        ...

    def recognises(self, name: str, head: bytes) -> bool:
        """Whether a file with this name (a path with slashes) and these first 4,096 bytes is one of this source's."""
        ...

    def parse(self, files: Mapping[str, bytes]) -> Parsed:
        """Every file of one release, by name, to frames. Unknown values raise; so do files that are not whole."""
        ...


class EventModule(Protocol):
    """What a source of coded events gives: its files are lines of columns, read some ten thousand lines at a time."""

    ABOUT: Source

    def requests(self) -> tuple[Request, ...]:
        """The publisher's lists of files; `wanted` picks from them."""
        ...

    def recognises(self, name: str, head: bytes) -> bool:
        """Whether a file (or one inside a .zip) with this name and these first 4,096 bytes is one of this source's."""
        ...

    def layout(self, name: str, head: bytes) -> Layout:
        """How the lines of a file are cut. Raises `BadFileError` for columns that it does not know."""
        ...

    def identity(self, name: str) -> Identity:
        """Which file this is, whatever its name: a re-issue takes the place of the file of the same identity."""
        ...

    def typed(self, raw: pl.DataFrame, layout: Layout) -> pl.DataFrame:
        """Lines (`layout.needs`, all text, in order) as rows of `catalog.EVENTS`, in the same order, with `why` added.

        `why` is missing for a good line, else the reason why it cannot be read: the line is set aside, never dropped.
        """
        ...


def load(name: str) -> SourceModule:
    """The module of a source.

    >>> load("us_visits").ABOUT.id
    'us_visits'
    """
    if name not in ALL:
        raise UnknownSourceError(f"no source is called '{name}'", f"say one of: {', '.join(ALL)}")
    return cast("SourceModule", import_module(f"{__name__}.{name}"))


def load_events(name: str) -> EventModule:
    """The module of a source of coded events that is read file by file.

    >>> load_events("gdelt1").ABOUT.id
    'gdelt1'
    """
    if name not in STREAMED:
        raise UnknownSourceError(
            f"no source of event files is called '{name}'", f"say one of: {', '.join(STREAMED)}"
        )
    return cast("EventModule", import_module(f"{__name__}.{name}"))


def about(name: str) -> Source:
    """The record of a source, however it is read.

    >>> about("gdelt2").title
    'GDELT 2.0 events'
    """
    if name not in (*ALL, *STREAMED):
        raise UnknownSourceError(
            f"no source is called '{name}'", f"say one of: {', '.join((*ALL, *STREAMED))}"
        )
    return (load_events(name) if name in STREAMED else load(name)).ABOUT
