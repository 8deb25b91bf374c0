"""The verdict on each step of a programme, from the acts that were done and the days of which sources speak.

`tracking` says by which rule; here are no rows of a store, so that it can be tried on any.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from amity.insight.months import months_between, shifted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from amity.evidence.event_days import Span
    from amity.insight.response_acts import ActClass
    from amity.insight.whatif import Step

__all__ = ["LATE", "Promise", "Verdict", "judge"]

Verdict = Literal["kept", "late", "not yet due", "not kept", "not knowable"]
LATE = 12
"""Months after its own within which an act still counts as late."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A step of a programme, and what became of it."""

    step: Step
    verdict: Verdict
    why: str
    """In plain words."""
    day: date | None
    """Of the act that was found, as exact as `precision` says."""
    precision: str | None
    ccode_from: int | None
    what: str | None
    source: str | None
    ref: str | None
    """The publisher's id of the row, or the line of the user's own."""


def judge(
    of: ActClass,
    steps: Sequence[Step],
    rows: pl.DataFrame,
    spells: Sequence[Span],
    start: date,
    today: date,
) -> tuple[Promise, ...]:
    """The steps of one class, each with its verdict, in their order.

    `rows` are the acts that were done, as of `promised.SHOWN`; `spells` the days about which one would have been shown;
    `start` the first month of the programme.

    >>> from amity.insight.promised import SHOWN
    >>> from amity.insight.response_acts import named
    >>> from amity.insight.whatif import Step
    >>> visit, done = named("visit up"), SHOWN.to_frame()
    >>> whole = [(date(2000, 1, 1), date(2020, 12, 31))]
    >>> told = judge(visit, [Step(date(2016, 2, 1), "visit up")], done, whole, date(2016, 2, 1), date(2024, 1, 1))
    >>> told[0].verdict, told[0].why
    ('not kept', 'none on record to 2017-02-28')
    """
    acts = rows.sort("first", "last", "source", "ref").to_dicts()
    windows = [_window(of, step.month) for step in steps]
    opens = [max(_window(of, start)[0], shifted(first, -LATE)) for first, _ in windows]
    near = sorted(
        (far, n, k)
        for n, due in enumerate(windows)
        for k, act in enumerate(acts)
        if act["last"] >= opens[n] and act["first"] <= shifted(due[1], LATE)
        for far in [_far(act, due)]
    )
    found: dict[int, dict[str, object]] = {}
    used: set[int] = set()
    for _, n, k in near:
        if n not in found and k not in used:
            found[n] = acts[k]
            used.add(k)
    return tuple(
        _promise(step, found.get(n), (opens[n], windows[n]), spells, today) for n, step in enumerate(steps)
    )


def _far(act: Mapping[str, object], due: Span) -> int:
    """Months between an act and the days on which a step was due; 0: within them."""
    first, last = (date.fromisoformat(str(act[name])) for name in ("first", "last"))
    return max(months_between(due[1], first), months_between(last, due[0]), 0)


def _window(of: ActClass, month: date) -> Span:
    """The days within which a step is due."""
    if of.yearly:
        return date(month.year, 1, 1), date(month.year, 12, 31)
    return month, month.replace(day=monthrange(month.year, month.month)[1])


def _promise(
    step: Step,
    found: Mapping[str, object] | None,
    due: tuple[date, Span],
    spells: Sequence[Span],
    today: date,
) -> Promise:
    if found is None:
        verdict, why = _missing(due, spells, today)
        return Promise(step, verdict, why, None, None, None, None, None, None)
    verdict, why = _done(found, due[1])
    told: list[Any] = [found[name] for name in ("first", "precision", "ccode_from", "what", "source", "ref")]
    return Promise(step, verdict, why, *told)


def _done(act: Mapping[str, object], due: Span) -> tuple[Verdict, str]:
    """How an act stands to the days on which its step was due."""
    first, last = (date.fromisoformat(str(act[name])) for name in ("first", "last"))
    by_year = act["precision"] == "year"
    if months_between(due[1], first) > 0:
        far = months_between(due[1], first)
        return "late", f"in {first.year}, after it was due" if by_year else f"{_months(far)} after it was due"
    if months_between(last, due[0]) > 0:
        far = months_between(last, due[0])
        return (
            "kept",
            f"in {first.year}, before it was due" if by_year else f"{_months(far)} before it was due",
        )
    if first < due[0] or last > due[1]:
        return "kept", "in the year in which it was due; the day is not known"
    return "kept", "when it was due"


def _months(n: int) -> str:
    return "a month" if n == 1 else f"{n} months"


def _missing(due: tuple[date, Span], spells: Sequence[Span], today: date) -> tuple[Verdict, str]:
    """What can be said where no act was found."""
    opens, (_, last) = due
    if last >= today:
        return "not yet due", f"due by {last}"
    whole = [end for start, end in spells if start <= opens and end >= last]
    if whole:
        return "not kept", f"none on record to {min(whole[0], shifted(last, LATE), today)}"
    if not spells:
        return "not knowable", "no loaded source could have shown it"
    gap = f"no loaded source speaks of all days from {opens} to {last}"
    return "not knowable", f"{gap}; the last ends on {spells[-1][1]}" if spells[-1][1] < last else gap
