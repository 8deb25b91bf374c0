"""Whether the engine is compiled on this machine: the first run takes longer, as a person should know."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from amity.engine import alone, chain, contributions, cutting, filtering

__all__ = ["ready"]

ENTRIES = ((chain, "_one_by_one"), (filtering, "_one_by_one"), (contributions, "_add"),
    (alone, "_every"), (cutting, "best"))  # fmt: skip
"""What is called from outside for a few pairs; all else is compiled on their way."""


def ready() -> bool:
    """Whether machine code of the relation of one pair is kept, and no older than its source.

    Only names and dates of files are read. Where nothing is compiled at all the answer is yes.
    """
    return all(kept(Path(module.__file__ or ""), module, name) for module, name in ENTRIES)


def kept(source: Path, module: object, name: str) -> bool:
    stats: Any = getattr(getattr(module, name), "stats", None)
    if stats is None:
        return True
    index = Path(stats.cache_path).glob(f"{source.stem}.{name}-*.nbi")
    return any(file.stat().st_mtime >= source.stat().st_mtime for file in index)
