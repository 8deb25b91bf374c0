"""One small file per measure of a claim: `MEASURES`, `DIRECTIONS` and `check`, which gives a `Finding`.

Every check answers by one rule: *supported* where the whole 90 % interval lies on the side that is claimed,
*contradicted* where it lies on the other side, else *not decidable*. Where no source covers what is claimed there is no
figure, because unknown is never nought.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["ALL", "measures", "module_of"]

ALL = ("severed", "tone", "fields", "steadiness", "meetings", "closeness", "trust_gap", "followed")
"""Files of this folder, in the order in which a guide tells them."""


def measures() -> dict[str, ModuleType]:
    """The file that checks each measure, by the measure's name.

    >>> measures()["severed"].DIRECTIONS
    ('exactly', 'at least', 'at most')
    """
    files = [import_module(f"{__name__}.{name}") for name in ALL]
    return {measure: file for file in files for measure in file.MEASURES}


def module_of(measure: str) -> ModuleType:
    """The file that checks a measure. Raises `KeyError` for one that is none."""
    return measures()[measure]
