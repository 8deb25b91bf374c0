"""The three dimensions of a relation, one file each: what evidence feeds it, and how that becomes the engine's rows.

`tone` is how two states treat each other, `engagement` how much they have to do with each other, `alignment` how alike
they stand in the world. Each file has an `ABOUT`, its `ITEMS`, and `observe`, which gives rows in the columns of
`observed.OBSERVED`. `estimate` runs the engine over them, `constants` holds what was learned of the items, `fitting`
learns it, `pair` puts the three of one pair together.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    import polars as pl

    from amity.dimensions.observed import Dimension, Item
    from amity.evidence import Evidence

__all__ = ["ALL", "Module", "named"]

ALL = ("tone", "engagement", "alignment")


class Module(Protocol):
    """What a file of a dimension has."""

    ABOUT: Dimension
    ITEMS: tuple[Item, ...]

    def observe(self, ev: Evidence, pairs: pl.DataFrame) -> pl.DataFrame:
        """Rows of `observed.OBSERVED` of some pairs, in no order."""
        ...


def named(name: str) -> Module:
    """The file of a dimension."""
    return cast("Module", import_module(f"amity.dimensions.{name}"))
