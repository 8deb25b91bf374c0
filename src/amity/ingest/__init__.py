"""From publishers' bytes to the store: find out what a file is, parse it, check what came of it, keep it whole.

`load` reads files on this disk, `keep` takes bytes that somebody else brought (from the network, say). Either is all or
nothing for each source; coded events, which have no end, come batch by batch (`streaming`).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amity.ingest.keeping import Arrived, Loaded, keep, name_of, now
    from amity.ingest.loading import Manner, load, load_found
    from amity.ingest.pack import Packed, build_pack
    from amity.ingest.recognising import Found, recognise

__all__ = [
    "Arrived",
    "Found",
    "Loaded",
    "Manner",
    "Packed",
    "build_pack",
    "keep",
    "load",
    "load_found",
    "name_of",
    "now",
    "recognise",
]

WHERE = {
    **dict.fromkeys(("Arrived", "Loaded", "keep", "name_of", "now"), "keeping"),
    **dict.fromkeys(("Manner", "load", "load_found"), "loading"),
    **dict.fromkeys(("Packed", "build_pack"), "pack"),
    **dict.fromkeys(("Found", "recognise"), "recognising"),
}


def __getattr__(name: str) -> Any:
    """What is asked for, imported then: a brief only wants to know what a person's own record is called."""
    if name in WHERE:
        return getattr(import_module(f"amity.ingest.{WHERE[name]}"), name)
    raise AttributeError(f"module 'amity.ingest' has no attribute '{name}'")
