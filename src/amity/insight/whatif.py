r"""What the outlook of a pair would be with some acts, and without them: as far as past cases can speak of it.

Without, the filtered state is carried forward: $\varphi^h m$ with variance $\varphi^{2h} V + 1 - \varphi^{2h}$, as the
outlook does. With, what followed each act in similar pairs (`response`) is added from the month after it, in standard
deviations of the world's pairs. Acts add up, whatever their order; nothing is known of what one does to the other.
Errors of different classes are taken as independent, those of one class twice as the same. That is no claim about
causes: it is what followed, compared with similar moments.

`comparing` sets programmes beside each other, `tracking` asks afterwards what came of one.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import polars as pl

from amity.dimensions.estimate import LEAST_KNOWN
from amity.engine.projecting import QUIET, quantile
from amity.engine.scale import NINETY, shown
from amity.errors import BadFileError, NoEvidenceError, UsageError
from amity.insight import written
from amity.insight.months import months_between
from amity.insight.response import DIMENSIONS, ENOUGH, HORIZONS, Response, read
from amity.insight.response_acts import CLASSES, named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from amity.insight.response import Told
    from amity.states import State
    from amity.store import Store

__all__ = [
    "COLUMNS",
    "Step",
    "WhatIf",
    "added",
    "ask",
    "ask_pair",
    "carried",
    "difference",
    "known_of",
    "persistence_of",
    "programme",
    "step",
    "steps_of",
    "told_of",
]

COLUMNS = pl.Schema(
    {
        "dimension": pl.String,
        "month": pl.Date,
        "horizon": pl.Int64,
        "without": pl.Float64,
        "without_low": pl.Float64,
        "without_high": pl.Float64,
        "with": pl.Float64,
        "with_low": pl.Float64,
        "with_high": pl.Float64,
        "difference": pl.Float64,
        "difference_low": pl.Float64,
        "difference_high": pl.Float64,
        "state_difference": pl.Float64,
        "state_error": pl.Float64,
    }
)
"""`horizon`: months after the first act (without any: after what is known). Values from −100 to 100, intervals of 90 %;
`state_difference` and its error in standard deviations of the world's pairs. Differences, and what stands with them,
are null where the record of an act does not reach."""
FORM = re.compile(r"(\d{4})-(\d{2})\s+(\S.*)")
CURE = 'write it as "2027-06 visit head-of-state up": a month, and a class of acts'


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """An act of a programme."""

    month: date
    name: str
    """Of a class in `response_acts.CLASSES`."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """An outlook with and without a programme, and what it rests on."""

    since: date
    """The last month of what is known."""
    steps: tuple[Step, ...]
    rows: pl.DataFrame
    """See `COLUMNS`."""
    behind: tuple[Response, ...]
    """What followed acts of each class of the programme, by dimension: the cases that it rests on."""

    @property
    def doubts(self) -> tuple[str, ...]:
        """What speaks against it, a sentence each."""
        return tuple(f"{one.name}, {one.dimension}: {doubt}" for one in self.behind for doubt in one.doubts)


def step(text: str) -> Step:
    """A step from its words. Raises `UsageError` for a month or a class that is none.

    >>> step("2026-09 sanction lifted")
    Step(month=datetime.date(2026, 9, 1), name='sanction lifted')
    """
    found = FORM.fullmatch(text.strip())
    if found is None or not 1 <= int(found[2]) <= 12 or int(found[1]) < 1946:
        raise UsageError(f"'{text}' is no act of a programme", CURE)
    name = " ".join(found[3].lower().split())
    if named(name) is None:
        raise UsageError(f"'{name}' is no class of acts", f"say one of {', '.join(c.name for c in CLASSES)}")
    return Step(date(int(found[1]), int(found[2]), 1), name)


def programme(text: str) -> tuple[Step, ...]:
    """The steps of a programme in YAML: a list `do`, each with a `month` and an `act`.

    Raises `BadFileError` where it is none, `UsageError` for a step that is none.

    >>> programme("do:\\n- month: 2026-06\\n  act: aid pledged")
    (Step(month=datetime.date(2026, 6, 1), name='aid pledged'),)
    """
    cure = "write do: and beneath it acts such as - {month: 2027-06, act: visit up}"
    read = written.held(text, cure)
    told = cast("dict[str, Any]", read) if isinstance(read, dict) else {}
    rows: Any = told.get("do")
    if set(told) != {"do"} or not isinstance(rows, list):
        raise BadFileError("the programme holds something other than acts, or none", cure)
    steps: list[Step] = []
    for n, row in enumerate(cast("list[Any]", rows), 1):
        if not isinstance(row, dict) or set(cast("dict[str, Any]", row)) != {"month", "act"}:
            raise BadFileError(f"act {n} of the programme has not just a month and an act", cure)
        steps.append(step("{month} {act}".format(**cast("dict[str, Any]", row))))
    return tuple(steps)


def steps_of(do: Sequence[str | Step] | Path) -> tuple[Step, ...]:
    """Acts as they are said, or those of the file of a programme, as steps. Raises as `step` and `programme` do.

    >>> steps_of(["2026-09 sanction lifted"])
    (Step(month=datetime.date(2026, 9, 1), name='sanction lifted'),)
    """
    if isinstance(do, Path):
        return programme(written.text_of(do, "acts"))
    if isinstance(do, str):
        raise UsageError(f"'{do}' is one act and no list of acts", "write it as a list, or give a Path")
    return tuple(one if isinstance(one, Step) else step(one) for one in do)


def ask(
    filtered: pl.DataFrame,
    steps: Iterable[Step],
    persistence: Mapping[str, float],
    told: Told | None = None,
    *,
    first: date | None = None,
) -> WhatIf:
    """The outlook of a pair with and without a programme, from 1 to 24 months after its first act.

    Args:
        filtered: the pair's filtered states of tone and engagement, as `Relation.filtered`.
        steps: acts, all later than the last month of the states.
        persistence: of a month, by dimension.
        told: the record of what followed acts; by default the package's.
        first: the month that horizons are counted from, in place of that of the first act.

    Raises:
        UsageError: an act lies in what is known, or follows one like it within a year.
        NoEvidenceError: there is no state, or too few cases of a class.
    """
    record, ordered = told or read(), tuple(sorted(steps))
    mine = filtered.filter(pl.col("dimension").is_in(DIMENSIONS))
    if mine.is_empty():
        raise NoEvidenceError(
            "there is no state of the pair to carry forward", "load sources: see `amity sources`"
        )
    since = cast("date", mine["month"].max())
    _checked(ordered, since)
    behind = tuple(_spoken(record, name) for name in dict.fromkeys(one.name for one in ordered))
    first = first or (ordered[0].month if ordered else since)
    parts = [
        _rows(
            mine.filter(dimension=name, month=since), name, persistence[name], (since, first), ordered, record
        )
        for name in DIMENSIONS
        if name in mine["dimension"].unique()
    ]
    return WhatIf(since, ordered, pl.concat(parts), tuple(one for group in behind for one in group))


def ask_pair(held: Store, a: State, b: State, steps: Iterable[Step]) -> WhatIf:
    """As `ask`, of two states, from everything that is loaded of them; without a state that is not known."""
    filtered, persistence = known_of(held, a, b)
    return told_of(ask(filtered, steps, persistence), filtered)


def told_of(found: WhatIf, filtered: pl.DataFrame) -> WhatIf:
    """An outlook in which `without` and `with` are missing where the state that they start from is not known.

    What is between the two is that of a pair at rest then.
    """
    unknown = filtered.filter(pl.col("month") == found.since, pl.col("sd") >= LEAST_KNOWN)["dimension"]
    ends = [f"{name}{end}" for name in ("without", "with") for end in ("", "_low", "_high")]
    known = ~pl.col("dimension").is_in(unknown.to_list())
    return replace(found, rows=found.rows.with_columns(pl.when(known).then(pl.col(ends))))


def known_of(held: Store, a: State, b: State) -> tuple[pl.DataFrame, dict[str, float]]:
    """The filtered states of two states, and the persistence of each dimension: what `ask` takes.

    Raises `UsageError` for two of which one is no more.
    """
    from amity.dimensions.pair import relation_of  # noqa: PLC0415  (the engine is slow to import)
    from amity.evidence import open_evidence  # noqa: PLC0415

    if a.ccode != b.ccode:
        _still_there(a, b)
    with open_evidence(held) as ev:
        relation = relation_of(ev, a, b)
    return relation.filtered, persistence_of(held.root)


def persistence_of(home: Path | None) -> dict[str, float]:
    """The persistence of a month of each dimension, by the constants of a store or those of the package."""
    from amity.dimensions import constants, named  # noqa: PLC0415

    each = {name: named(name) for name in DIMENSIONS}
    return {name: constants.read(one.ABOUT, one.ITEMS, home).persistence[0] for name, one in each.items()}


def _still_there(a: State, b: State) -> None:
    """Refuse an outlook of two that are no longer in the system of states together."""
    from amity.evidence import together  # noqa: PLC0415

    last = together((one, other) for one in a.ccodes for other in b.ccodes)["end"].max()
    if last != date.max:
        said = f"since {last}, their last common day" if last else "ever"
        raise UsageError(
            f"{a.name} and {b.name} have not both been states {said}: there is no outlook",
            "name two states of today",
        )


def _checked(steps: Sequence[Step], since: date) -> None:
    """Refuse acts that have been, and acts like one of the year before, of which no case is on record."""
    for n, one in enumerate(steps):
        if one.month <= since:
            raise UsageError(
                f"{one.month:%Y-%m} is no later than what is known of the pair",
                f"name a month after {since:%Y-%m}",
            )
        for other in steps[:n]:
            if _alike(one.name, other.name) and months_between(other.month, one.month) <= QUIET:
                raise UsageError(
                    f"'{one.name}' in {one.month:%Y-%m} follows one like it within a year, and the record is of acts "
                    "after a year without",
                    f"leave one out, or set it after {other.month.replace(year=other.month.year + 1):%Y-%m}",
                )


def _alike(name: str, other: str) -> bool:
    """Whether an act of one class is one of the other too."""
    one, two = named(name), named(other)
    if one is None or two is None or name == other:
        return name == other
    return one.table == two.table == "visits" and one.way == two.way and bool({*one.ranks} & {*two.ranks})


def _spoken(record: Told, name: str) -> tuple[Response, ...]:
    """What is on record of a class in each dimension. Raises `NoEvidenceError` where it is too little."""
    found = [record.of(name, dimension) for dimension in DIMENSIONS]
    kept = tuple(one for one in found if one is not None and one.n >= ENOUGH)
    if len(kept) < len(DIMENSIONS):
        most = max((one.n for one in found if one is not None), default=0)
        enough = [c.name for c in CLASSES if _enough(record, c.name)]
        raise NoEvidenceError(
            f"what follows '{name}' cannot be said: {most} comparable cases are on record, fewer than {ENOUGH}",
            f"name another class: {', '.join(enough)}" if enough else "learn the record from more sources",
        )
    return kept


def _enough(record: Told, name: str) -> bool:
    return all(
        (one := record.of(name, dimension)) is not None and one.n >= ENOUGH for dimension in DIMENSIONS
    )


def carried(state: float, sd: float, phi: float, months: int) -> tuple[float, float]:
    """A state carried forward without evidence: its mean and variance, in standard deviations of the world's pairs.

    >>> carried(1.0, 0.0, 0.5, 1)
    (0.5, 0.75)
    """
    fade = phi**months
    return fade * state, max(fade**2 * sd**2 + 1 - fade**2, 0.0)


def _rows(
    now: pl.DataFrame,
    dimension: str,
    phi: float,
    since: tuple[date, date],
    steps: Sequence[Step],
    record: Told,
) -> pl.DataFrame:
    rows: list[dict[str, object]] = []
    for horizon in HORIZONS:
        known, first = since
        month = pl.Series([first]).dt.offset_by(f"{horizon}mo")[0]
        mean, variance = carried(
            float(now["state"][0]), float(now["sd"][0]), phi, months_between(known, month)
        )
        reach = NINETY * float(np.sqrt(variance))
        more = added(Counter(steps), month, dimension, record)
        row: dict[str, object] = {"dimension": dimension, "month": month, "horizon": horizon}
        row |= _three("without", mean, reach)
        if more is not None:
            change, error, wide = more
            both = float(np.hypot(reach, wide))
            row |= _three("with", mean + change, both)
            row |= {"state_difference": change, "state_error": error}
            gap = difference(mean, mean + change, wide)
            row |= dict(zip(("difference", "difference_low", "difference_high"), gap, strict=True))
        rows.append(row)
    return pl.DataFrame(rows, schema=COLUMNS)


def _three(name: str, mean: float, reach: float) -> dict[str, object]:
    at, low, high = (float(x) for x in shown([mean, mean - reach, mean + reach]))
    return {name: at, f"{name}_low": low, f"{name}_high": high}


def difference(one: float, other: float, wide: float) -> tuple[float, float, float]:
    """What is between two states on the scale from −100 to 100, with its interval: the other less the one.

    Half of a 90 % interval of the difference is `wide`. The middle of the two is held, so that turning them round turns
    the sign and nothing else.

    >>> difference(0.0, 0.0, 0.0)
    (0.0, 0.0, 0.0)
    """
    middle, half = (one + other) / 2, (other - one) / 2
    gaps = (shown([middle + at, middle - at]) for at in (half, half - wide / 2, half + wide / 2))
    at, low, high = (float(up - down) for up, down in gaps)
    return at, low, high


def added(
    acts: Mapping[Step, int], month: date, dimension: str, record: Told
) -> tuple[float, float, float] | None:
    """What acts up to a month add to its state, with error and half of a 90 % interval; None where it is unknown.

    Acts have a number: −1 for one of a programme that this one is compared with, so that what both have is gone. What
    is left of one class is taken to err as unluckily as it can, different classes independently.
    """
    total, errors, halves = 0.0, dict[str, float](), dict[str, float]()
    for one, times in sorted(acts.items()):
        after = months_between(one.month, month)
        told = record.of(one.name, dimension)
        if after < 1 or told is None or not times:
            continue
        effect, error = (
            part[after - 1] if after <= len(part) else None for part in (told.effect, told.error)
        )
        if effect is None or error is None:
            return None
        total += times * effect
        errors[one.name] = errors.get(one.name, 0.0) + abs(times) * error
        halves[one.name] = halves.get(one.name, 0.0) + abs(times) * error * quantile(0.95, told.pairs - 1)
    root = [float(np.sqrt(sum(part**2 for part in parts.values()))) for parts in (errors, halves)]
    return total, root[0], root[1]
