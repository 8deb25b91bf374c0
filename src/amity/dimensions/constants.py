"""What was learned of a dimension's items and of how it moves, and what it was learned from.

The package brings constants learned from the world's pairs; whoever fits them again keeps their own in the store. A
number of constants is no evidence of any pair: nothing can be read back from them.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from amity.dimensions.observed import FAMILIES
from amity.engine.model import dynamics, items
from amity.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from amity.dimensions import Module
    from amity.dimensions.observed import Dimension, Item
    from amity.engine.model import Dynamics, Items
    from amity.evidence import Evidence

__all__ = ["Constant", "Constants", "item_of", "keep", "loaded", "read", "start"]

NAME = "constants.json"


@dataclass(frozen=True, slots=True)
class Constant:
    """The constants of one item, with their standard errors; an error of `None`: it was declared, not learned."""

    intercept: float
    loading: float
    dispersion: float
    intercept_error: float | None = None
    loading_error: float | None = None
    dispersion_error: float | None = None


@dataclass(frozen=True, slots=True)
class Constants:
    """Everything that the engine needs to know of a dimension beside the evidence."""

    persistence: tuple[float, ...]
    """A month, of each state."""
    variance: tuple[float, ...]
    items: Mapping[str, Constant]
    """By item, or `item:source` where every source has its own; the item alone speaks for sources never learned."""
    learned_from: str = ""
    """What, when and how much; empty where nothing was learned."""

    def of(self, name: str) -> Constant:
        """Those of an item; of one whose source was never learned, those of the item at large.

        Raises `KeyError` for an item that the dimension does not have.
        """
        return self.items[name] if name in self.items else self.items[item_of(name)]

    def model(
        self, dimension: Dimension, declared: Sequence[Item], names: Sequence[str]
    ) -> tuple[Items, Dynamics]:
        """The items in the order of `names`, and the dynamics, as the engine takes them."""
        law = {item.name: FAMILIES[item.family] for item in declared}
        known = [self.of(name) for name in names]
        of = items(
            [law[item_of(name)] for name in names],
            [one.intercept for one in known],
            [[one.loading] for one in known],
            [one.dispersion for one in known],
        )
        return of, dynamics(self.persistence, self.variance, 0 if dimension.directed else -1)


def item_of(name: str) -> str:
    """The item of a name that may say the source too.

    >>> item_of("hostile_share:icews")
    'hostile_share'
    """
    return name.partition(":")[0]


def start(dimension: Dimension, declared: Sequence[Item]) -> Constants:
    """The declared constants that learning begins from."""
    begin = {item.name: Constant(item.intercept, item.loading, item.dispersion) for item in declared}
    return Constants(dimension.persistence, dimension.variance, begin)


def read(dimension: Dimension, declared: Sequence[Item], home: Path | None = None) -> Constants:
    """The constants of a dimension: the user's own where they were fitted, else the package's, else those declared.

    Raises `StoreError` where a file of the user's own cannot be read.
    """
    own = home / NAME if home is not None else None
    shipped = files("amity.dimensions") / NAME
    begin = start(dimension, declared)
    for path in (own, shipped):
        if path is None or not path.is_file():
            continue
        try:
            told = json.loads(path.read_text(encoding="utf-8")).get(dimension.name)
            if told is not None:
                return _made(told, begin)
        except (ValueError, TypeError, KeyError) as error:
            raise StoreError(
                f"{path} is not a file of constants", "remove it, or make it anew with `amity fit`"
            ) from error
    return begin


def loaded(ev: Evidence, one: Module) -> Constants:
    """The constants that a dimension is read with in the store of this evidence, as `read`."""
    return read(one.ABOUT, one.ITEMS, ev.store.root if ev.store is not None else None)


def _made(told: Mapping[str, Any], begin: Constants) -> Constants:
    learned = {name: Constant(**values) for name, values in told["items"].items()}
    return replace(
        begin,
        persistence=tuple(told["persistence"]),
        variance=tuple(told["variance"]),
        items={**begin.items, **learned},
        learned_from=told["learned_from"],
    )


def keep(constants: Mapping[str, Constants], folder: Path) -> Path:
    """Write constants of some dimensions beside those of others that a folder's file holds; gives the file."""
    path = folder / NAME
    held: dict[str, object] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    held |= {name: asdict(one) for name, one in constants.items()}
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(held, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return path
