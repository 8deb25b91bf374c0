"""Where amity keeps things and whom it asks: one frozen record, made at the edge and passed down."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

STARTER_PACK = Path(__file__).parent / "pack"
"""The facts and figures that come inside the package."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's store, the read-only packs beneath it, and addresses to ask in place of the publishers' own.

    `mirrors` are pairs (prefix, replacement) of addresses, for those who reach publishers through a mirror.
    """

    home: Path
    packs: tuple[Path, ...] = (STARTER_PACK,)
    mirrors: tuple[tuple[str, str], ...] = ()


def default_home() -> Path:
    """The folder named by `AMITY_HOME`, else that for a user's data on this system, such as `~/.local/share/amity`."""
    named = os.environ.get("AMITY_HOME")
    if named:
        return Path(named)
    from platformdirs import user_data_path  # noqa: PLC0415  (kept out of `amity --help`)

    return user_data_path("amity", appauthor=False)
