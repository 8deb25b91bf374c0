"""What `amity whatif` says: an outlook, programmes beside each other, what came of one."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from amity.briefs import bands, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import polars as pl

    from amity.insight.comparing import Compared
    from amity.insight.judging import Promise
    from amity.insight.response import Response
    from amity.insight.tracking import Tracked
    from amity.insight.whatif import Step, WhatIf

SHOWN = (1, 3, 6, 12, 18, 24)
MOST = 40
"""Steps of a programme that are shown."""
SURE = 1.96
YEAR = 11
"""Where twelve months stand."""


def table(found: WhatIf, title: str) -> list[str]:
    """The outlook at some horizons, and what it rests on, as lines."""
    lines = [f"{title}, from what is known to {found.since:%B %Y}"]
    lines += programme(found.steps)
    for (dimension,), rows in found.rows.group_by("dimension", maintain_order=True):
        lines += ["", f"{dimension:<11} {'without':>20} {'with':>20} {'difference':>24}"]
        for row in rows.iter_rows(named=True):
            if row["horizon"] in SHOWN:
                cells = [spell(row, name) for name in ("without", "with")]
                gap = spell(row, "difference", 1)
                lines.append(f"  {row['month']:%Y-%m}   {cells[0]:>20} {cells[1]:>20} {gap:>24}")
        lines += at_rest(rows, str(dimension))
    lines += (
        ["", "What followed such acts in other pairs, compared with similar moments:"] if found.behind else []
    )
    for told in found.behind:
        years = f"{told.first} to {told.last}"
        lines.append(
            f"  {told.name}, {told.dimension}: {told.n:,} cases in {told.pairs:,} pairs, {years}, "
            f"beside {max(told.controls):,} moments"
        )
        lines += rival(told)
    return [*lines, *(f"  doubt: {doubt}" for doubt in found.doubts)]


def programme(steps: Sequence[Step]) -> list[str]:
    """The acts of a programme, a line each, as many as a person reads."""
    said = [f"  {one.month:%Y-%m}  {one.name}" for one in steps[:MOST]]
    return [*said, *beyond(len(steps))] or ["  no act: nothing changes"]


def beyond(count: int) -> list[str]:
    """How many steps are not shown.

    >>> beyond(41), beyond(40)
    (['  … and 1 more; --out FILE writes all'], [])
    """
    return [f"  … and {count - MOST:,} more; --out FILE writes all"] if count > MOST else []


def at_rest(rows: pl.DataFrame, dimension: str) -> list[str]:
    """What a difference is where the state it starts from is not known."""
    silent = rows["without"].null_count() == rows.height
    return (
        [f"  {dimension} between the two is not known: a difference is that of a pair at rest"]
        if silent
        else []
    )


def rival(told: Response) -> list[str]:
    """What followed a year on where other powers were active and where not, where the two can be told apart."""
    from amity.insight.response import read

    lines: list[str] = []
    for one in read().contests:
        gap, error = one.gap[YEAR], one.error[YEAR]
        if (one.name, one.dimension) == (told.name, told.dimension) and apart(gap, error):
            lines.append(f"    with a rival of the acting power active {spread(gap, error)} beside without")
    if apart(told.contested_gap, told.contested_error):
        gap = spread(told.contested_gap, told.contested_error)
        lines.append(f"    where another major power is closer to the weaker side {gap} beside elsewhere")
    return lines


def apart(gap: float | None, error: float | None) -> bool:
    """Whether a 95 % interval leaves out nothing."""
    return gap is not None and error is not None and abs(gap) >= SURE * error


def spread(gap: float | None, error: float | None) -> str:
    """
    >>> spread(-0.05, 0.02)
    '−0.05 ± 0.04 sd a year on'
    """
    return f"{gap or 0:+.2f} ± {SURE * (error or 0):.2f} sd a year on".replace("-", "−")


def spell(
    row: Mapping[str, Any], name: str, digits: int = 0, sign: Callable[[float, int], str] | None = None
) -> str:
    """A value with its interval, or that it is not known."""
    value, low, high = row[name], row[f"{name}_low"], row[f"{name}_high"]
    if value is None or low is None or high is None:
        return "not known"
    at, start, end = ((sign or bands.signed)(one, digits) for one in (value, low, high))
    return f"{at} ({start} to {end})"


def compared(found: Compared, title: str) -> list[str]:
    """Each programme with its steps, its outlook at some horizons, and what is between any two."""
    since = next(iter(found.outlooks.values())).since
    lines = [f"{title}, from what is known to {since:%B %Y}"]
    for name, one in found.outlooks.items():
        lines += ["", name, *programme(one.steps)]
    names = list(found.outlooks)
    wide = max(20, *(len(name) + 1 for name in names))
    for (dimension,), rows in found.frame.group_by("dimension", maintain_order=True):
        lines += ["", f"{dimension:<11} {'without':>20} " + " ".join(f"{name:>{wide}}" for name in names)]
        lines += at_rest(rows, str(dimension))
        for (month,), at in rows.group_by("month", maintain_order=True):
            if at["horizon"][0] in SHOWN:
                told = {row["programme"]: row for row in at.iter_rows(named=True)}
                cells = [spell(told[names[0]], "without"), *(spell(told[name], "with") for name in names)]
                each = " ".join(f"{cell:>{wide}}" for cell in cells[1:])
                lines.append(f"  {month:%Y-%m}   {cells[0]:>20} {each}")
    for (name, rival), rows in found.rows.group_by("programme", "against", maintain_order=True):
        lines += ["", f"{name} less {rival}"]
        for dimension, at in groupby(rows.iter_rows(named=True), lambda row: row["dimension"]):
            cells = [
                f"{row['month']:%Y-%m} {spell(row, 'difference', 1)}" for row in at if row["horizon"] in SHOWN
            ]
            lines += [f"  {dimension}", *(f"    {cell}" for cell in cells)]
    doubts = dict.fromkeys(doubt for one in found.outlooks.values() for doubt in one.doubts)
    return [*lines, *(["", *(f"  doubt: {doubt}" for doubt in doubts)] if doubts else [])]


def tracked(found: Tracked, title: str) -> list[str]:
    """Each step with its verdict and the row that shows it, and what moved beside the outlook of the time."""
    lines = [f"{title}, as asked on {found.today}", ""]
    wide = max(len(one.step.name) for one in found.promises)
    for one in found.promises[:MOST]:
        step = one.step
        lines.append(f"  {step.month:%Y-%m}  {step.name:<{wide}}  {one.verdict:<13} {one.why}")
        lines += [f"           {row(one, found)}"] if one.source else []
    lines += beyond(len(found.promises))
    counts = [one.verdict for one in found.promises]
    told = ", ".join(f"{counts.count(name)} {name}" for name in dict.fromkeys(counts))
    lines += ["", f"{len(counts)} {'step' if len(counts) == 1 else 'steps'}: {told}.", ""]
    return [*lines, *moved(found), *(f"  doubt: {doubt}" for doubt in found.doubts)]


def row(one: Promise, found: Tracked) -> str:
    """The row that shows an act: its day as exact as it is known, who acted, what it says, and where it stands."""
    day = str(one.day)[: {"year": 4, "month": 7}.get(one.precision or "", 10)]
    by = next((s.name for s in (found.state1, found.state2) if one.ccode_from in s.ccodes), "")
    return f"{day}  by {words.the(by)}: {one.what}  [{one.source} {one.ref}]"


def moved(found: Tracked) -> list[str]:
    """What moved, at the last month of the outlook that is known and the last of all."""
    left = f", read without {', '.join(found.left_out).replace('_', ' ')}" if found.left_out else ""
    lines = [f"What moved since {found.since:%B %Y}{left}:"]
    rows = found.moved.drop_nulls("came").sort("dimension", "month", maintain_order=True)
    for dimension, group in groupby(rows.iter_rows(named=True), lambda one: one["dimension"]):
        told = list(group)
        inside = [one for one in told if one["without"] is not None and one["horizon"] <= SHOWN[-1]]
        months = [*inside[-1:], *(told[-1:] if not inside or told[-1] is not inside[-1] else [])]
        lines += [
            f"  {called(dimension, found)}{heard(told[-1])}",
            *(line for one in months for line in at_month(one)),
        ]
    unknown = {"tone", "engagement"} - set(rows["dimension"])
    lines += [f"  {name}\n    what came is not known" for name in sorted(unknown)]
    return lines


def called(dimension: str, found: Tracked) -> str:
    ways = {"trust_1to2": (found.state1, found.state2), "trust_2to1": (found.state2, found.state1)}
    if dimension not in ways:
        return dimension
    one, other = ways[dimension]
    return f"trust of {words.the(one.name)} in {words.the(other.name)}"


def heard(one: dict[str, Any]) -> str:
    """On how many coded acts trust rests, and of when the last is."""
    if one["acts"] is None:
        return ""
    return f", from {words.count_plain(one['acts'], 'coded act')} of the other, the last in {one['last_act']:%B %Y}"


def at_month(one: dict[str, Any]) -> list[str]:
    """A month: before and then, what moved, and how the outlook of the time stands to it."""
    digits = 2 if one["dimension"].startswith("trust") else 0
    sign = plain if digits else bands.signed
    lines = [
        f"    {one['month']:%Y-%m}  from {spell(one, 'before', digits, sign)} to {spell(one, 'came', digits, sign)}: "
        f"moved {spell(one, 'moved', digits)}"
    ]
    for name in ("without", "with"):
        if one[name] is not None:
            chance = one[f"chance_{name}"]
            far = "" if chance is None else f"; the chance of so large a gap is {chance:.2f}"
            lines.append(f"      outlook {name + ' the acts:':<18} {spell(one, name)}{far}")
    return lines


def plain(value: float, digits: int) -> str:
    return f"{value:.{digits}f}"
