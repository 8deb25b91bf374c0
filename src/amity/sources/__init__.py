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
)
"""Every source, by the name of its module, in the order in which people read of them."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a source's files say: one frame a table, each with the columns of `catalog.SCHEMAS`.

    A source gives only the tables that its `ABOUT` declares, and always `coverage` and `review` (which may be empty).
    """

    tables: Mapping[str, pl.DataFrame]


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


def load(name: str) -> SourceModule:
    """The module of a source.

    >>> load("us_visits").ABOUT.id
    'us_visits'
    """
    if name not in ALL:
        raise UnknownSourceError(f"no source is called '{name}'", f"say one of: {', '.join(ALL)}")
    return cast("SourceModule", import_module(f"{__name__}.{name}"))
