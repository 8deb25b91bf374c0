"""The list of measures, and what each of their modules gives.

A measure is one module: a record `ABOUT` on top, then `compute`, frame in, frame out. `ALL` names them; a test
fails when a module of this folder is left out. `panel` sets what they and the evidence say side by side.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from amity.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

    from amity.catalog import Measure

ALL = (
    *(
        "agreement",
        "s_score",
        "cohen_kappa",
        "scott_pi",
        "ideal_points",
        "cadence",
        "representation",
        "aid_flow",
    ),
    *("cumulative_score", "rolling_goldstein", "political_relations", "conflict_share"),
)
"""Every measure, by the name of its module."""
NINETY = 1.6448536269514722
"""Standard deviations to either side that hold nine tenths of a Gaussian."""


class MeasureModule(Protocol):
    """What every module of this folder gives."""

    ABOUT: Measure

    def compute(self, *args: Any, **kwargs: Any) -> pl.DataFrame:
        """The measure's rows from frames of evidence; its own signature says which."""
        ...


def load(name: str) -> MeasureModule:
    """The module of a measure.

    >>> load("cadence").ABOUT.unit
    'visits per decade'
    """
    if name not in ALL:
        raise UsageError(f"no measure is called '{name}'", f"say one of: {', '.join(ALL)}")
    return cast("MeasureModule", import_module(f"{__name__}.{name}"))
