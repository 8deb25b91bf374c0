"""The record of forecasts over all pairs: what is kept of it, in the package or in the user's own store."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, cast

from amity.errors import StoreError
from amity.insight.yardsticks import Reading, Yardstick

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["INSIDE", "METHODS", "Pooled", "Record", "keep", "read"]

Method = Literal["tone", "ewma", "persistence"]
METHODS: tuple[Method, ...] = ("tone", "ewma", "persistence")
INSIDE = 0.9
"""The share of what comes that intervals are to hold."""
NAME = "record.json"


@dataclass(frozen=True, slots=True)
class Record:
    """How right forecasts of one method at one horizon have been."""

    method: str
    horizon: int
    """Months."""
    n: int
    """Forecasts judged."""
    pairs: int
    covered: float | None = None
    """The share of 90 % intervals that held what came. None: nothing could be judged."""
    worst: float | None = None
    """The same in the worst month (in a record of years: year) with at least thirty forecasts."""
    level: float = INSIDE
    """The level at which intervals of shares now hold nine tenths."""
    width: float = INSIDE
    """The same of what has no steps, such as the tone: see `shares.honest`."""
    crps: float | None = None
    """Mean continuous ranked probability score, in units of the share of hostile acts; less is better."""
    log: float | None = None
    """Mean log score, nats."""
    skill: float | None = None
    """How much smaller than persistence's score its score is: 0 no better, 1 perfect."""
    skill_low: float | None = None
    skill_high: float | None = None
    """A 95 % interval."""
    judged: str = ""
    """What was judged, and when."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """The record over all pairs, and the yardsticks as they now are."""

    records: tuple[Record, ...] = ()
    yardsticks: tuple[Yardstick, ...] = ()
    readings: tuple[Reading, ...] = ()
    learned_from: str = ""
    constants: str = ""
    """What the constants were learned from with which the readings hold (`Constants.learned_from`)."""

    def record(self, method: str, horizon: int) -> Record:
        """That of a method at a horizon; where it was never judged, one of no forecast."""
        found = [one for one in self.records if (one.method, one.horizon) == (method, horizon)]
        return found[0] if found else Record(method, horizon, 0, 0)

    def yardstick(self, rule: str, horizon: int) -> Yardstick | None:
        """A rule at a horizon, or at the longest shorter one it was learned for; None where it never was."""
        near = [one for one in self.yardsticks if one.rule == rule and one.horizon <= horizon]
        return max(near, key=lambda one: one.horizon) if near else None

    def reading(self, horizon: int, source: str) -> Reading | None:
        """How a source's acts are read at a horizon; as at the longest shorter one; None: as the constants say."""
        near = [one for one in self.readings if one.source == source and one.horizon <= horizon]
        return max(near, key=lambda one: one.horizon) if near else None

    def fit_for(self, source: str, share: float, constants: str) -> Pooled:
        """The same for acts of a source and some constants.

        Yardsticks learned of another source get this one's hostile share at rest; readings learned with other constants
        are left out.
        """
        yards = (
            one if one.source == source else replace(one, source=source, share=share)
            for one in self.yardsticks
        )
        readings = self.readings if constants == self.constants else ()
        return replace(self, yardsticks=tuple(yards), readings=readings)

    def best(self, horizon: int, among: Sequence[str] = METHODS) -> str:
        """The method with the lowest score at a horizon, tone where nothing is on record."""
        scored = [(one.crps, one.method) for m in among if (one := self.record(m, horizon)).crps is not None]
        return min(scored)[1] if scored else "tone"


def read(home: Path | None = None) -> Pooled:
    """The pooled record: the user's own where one was made, else the package's, else one of nothing.

    Raises `StoreError` where a file of the user's own cannot be read.
    """
    for path in ((home / NAME) if home is not None else None, files("amity.insight") / NAME):
        if path is None or not path.is_file():
            continue
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            return Pooled(
                tuple(Record(**one) for one in told["records"]),
                tuple(Yardstick(**one) for one in told["yardsticks"]),
                tuple(Reading(**one) for one in told["readings"]),
                told["learned_from"],
                told["constants"],
            )
        except (ValueError, TypeError, KeyError) as error:
            raise StoreError(
                f"{path} is not a record of forecasts", "remove it, or make it anew with `amity fit`"
            ) from error
    return Pooled()


def keep(pooled: Pooled, folder: Path) -> Path:
    """Write a pooled record into a folder; gives the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    path.write_text(json.dumps(_rounded(asdict(pooled)), indent=1) + "\n", encoding="utf-8")
    return path


def _rounded(value: object) -> object:
    """The same with numbers of five digits, which say all there is to say."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        named = cast("dict[str, object]", value)
        return {key: _rounded(one) for key, one in named.items()}
    return (
        [_rounded(one) for one in cast("Sequence[object]", value)]
        if isinstance(value, (list, tuple))
        else value
    )
