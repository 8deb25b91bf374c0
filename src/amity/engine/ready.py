"""Whether the engine is compiled on this machine: the first run takes longer, as a person should know."""

from __future__ import annotations

from typing import Any

from amity.engine import alone, chain, contributions, cutting, filtering

__all__ = ["ready"]

ENTRIES = ((chain, "_one_by_one"), (filtering, "_one_by_one"), (contributions, "_add"),
    (alone, "_every"), (cutting, "best"))  # fmt: skip
"""What is called from outside for a few pairs; all else is compiled on their way."""


def ready() -> bool:
    """Whether machine code of the relation of one pair is kept, made from the source as it now is.

    numba is asked for its own index, so that what counts as the same source is its business. Where nothing is compiled
    at all the answer is yes.
    """
    return all(kept(getattr(module, name)) for module, name in ENTRIES)


def kept(function: Any) -> bool:
    """Whether numba keeps machine code of a function."""
    file = getattr(getattr(function, "_cache", None), "_cache_file", None)
    return True if file is None else bool(file._load_index())  # noqa: SLF001  (there is no public way to ask)
