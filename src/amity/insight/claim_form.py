"""The form in which statements about a relation are written down, and reading it.

A file of statements is YAML:

```yaml
who: Cambodia            # for all statements below, where they do not say otherwise
whom: United States
third: China
statements:
  - says: They treated each other badly in 2017 to 2020.
    measure: tone
    direction: low
    period: [2017, 2020]
```

`period` and `against` are two of: a year, a month as `2019-10`, or `null` (as far as the record reaches). Nothing else
is read, so that a word that is misspelt stops the reading and is not passed over.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn, cast

from amity import states
from amity.errors import AmityError, UsageError
from amity.insight.checks import measures
from amity.insight.checks.statement import Period, Statement
from amity.insight.written import held, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from amity.states import State

__all__ = ["formed", "read", "read_file"]

DEFAULTS = ("who", "whom", "third")
KEYS = ("says", *DEFAULTS, "measure", "direction", "period", "against", "times", "peers")
NEEDED = ("says", "who", "whom", "measure", "direction")
ONLY = {
    "times": ("severed",),
    "peers": ("visits at the top",),
    "against": ("tone",),
}
"""Keys that some measures alone read."""
NEED_THIRD = "closeness in "
NEED_PERIOD = ("tone", "breadth", "depth")
LONGEST = 500
"""Characters of a statement."""


def read(text: str) -> tuple[Statement, ...]:
    """The statements of a file, in order.

    Raises `BadFileError` for text that is no YAML, and `UsageError`, `UnknownStateError` or `AmbiguousStateError` for a
    statement that does not keep the form, with its number.

    >>> text = "{who: KHM, whom: USA, statements: [{says: S., measure: severed, direction: exactly, times: 2}]}"
    >>> [(one.number, one.who.name, one.direction, one.times) for one in read(text)]
    [(1, 'Cambodia', 'exactly', 2)]
    """
    return formed(held(text))


def read_file(file: Path) -> tuple[Statement, ...]:
    """The statements of a file, as `read`; raises `UsageError` where there is none, or it cannot be read as text."""
    return read(text_of(file, "statements"))


def formed(told: object) -> tuple[Statement, ...]:
    """The statements of a form that is read already: a dictionary, with lists or tuples in it.

    >>> row = {"says": "S.", "measure": "severed", "direction": "exactly", "times": 2}
    >>> [one.whom.name for one in formed({"who": "KHM", "whom": "USA", "statements": [row]})]
    ['United States']
    """
    if not isinstance(told, dict):
        _refuse("the file is no table of keys", "begin with who:, whom: and statements:")
    form = cast("dict[Any, Any]", told)
    _no_others(form, (*DEFAULTS, "statements"), "the head of the file")
    rows = form.get("statements")
    if not isinstance(rows, list | tuple) or not rows:
        _refuse(
            "the file has no list of statements", "write `statements:`, and under it one `- says: …` or more"
        )
    begin = {name: form[name] for name in DEFAULTS if form.get(name) is not None}
    return tuple(_statement(n, row, begin) for n, row in enumerate(cast("list[Any]", rows), start=1))


def _refuse(what: str, mend: str) -> NoReturn:
    raise UsageError(what, mend)


def _no_others(row: Mapping[Any, Any], allowed: tuple[str, ...], where: str) -> None:
    others = [str(key) for key in row if key not in allowed]
    if others:
        _refuse(f"{where} has a key that nobody reads: '{others[0]}'", f"say any of {', '.join(allowed)}")


def _statement(number: int, row: object, begin: Mapping[str, Any]) -> Statement:
    where = f"statement {number}"
    if not isinstance(row, dict):
        _refuse(f"{where} is no table of keys", "write `- says: …` and the other keys under it")
    told = {**begin, **cast("dict[Any, Any]", row)}
    _no_others(told, KEYS, where)
    missing = [name for name in NEEDED if told.get(name) in (None, "")]
    if missing:
        _refuse(
            f"{where} does not say '{missing[0]}'", f"give it, as in `{missing[0]}: {_example(missing[0])}`"
        )
    measure, direction = _measured(told, where)
    who, whom = (_state(told[name], f"{where}, {name}") for name in ("who", "whom"))
    third = _state(told["third"], f"{where}, third") if told.get("third") is not None else None
    if who.ccode == whom.ccode or (third is not None and third.ccode in (who.ccode, whom.ccode)):
        _refuse(f"{where} names one state twice", "name different states as who, whom and third")
    if measure.startswith(NEED_THIRD) and third is None:
        _refuse(f"{where} measures closeness to a third state and names none", "add `third: China`")
    period, against = (_period(told.get(name), f"{where}, {name}") for name in ("period", "against"))
    if measure in NEED_PERIOD and (period is None or period.start is None):
        _refuse(
            f"{where} has no first year", f"add a period, as in `period: [2009, 2016]`: {measure} needs one"
        )
    return Statement(
        number, _text(told["says"], where), who, whom, third, measure, direction, period or Period(), against,
        _times(told.get("times"), where, needed=measure == "severed"), _peers(told.get("peers"), where),
    )  # fmt: skip


def _example(key: str) -> str:
    return {"says": "Relations were broken off twice.", "measure": "severed", "direction": "exactly"}.get(
        key, "USA"
    )


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        _refuse(f"{where} says no sentence", f"write up to {LONGEST} characters of text after says:")
    return " ".join(value.split())


def _measured(told: Mapping[str, Any], where: str) -> tuple[str, str]:
    """The measure and direction, and no key that the measure does not read."""
    known, measure, direction = measures(), told["measure"], told["direction"]
    if not isinstance(measure, str) or measure not in known:
        _refuse(f"{where} names no measure: '{measure}'", f"say one of {', '.join(known)}")
    allowed: tuple[str, ...] = known[measure].DIRECTIONS
    if direction not in allowed:
        _refuse(f"{where}: '{direction}' is no direction of {measure}", f"say one of {', '.join(allowed)}")
    for key, those in ONLY.items():
        if told.get(key) is not None and measure not in those:
            _refuse(f"{where}: {measure} does not read '{key}'", f"leave it out; {', '.join(those)} reads it")
    return measure, direction


def _state(value: object, where: str) -> State:
    if isinstance(value, bool) or not isinstance(value, str | int):
        _refuse(f"{where} is no state", "name it, by name, ISO-3 or COW code; put NO, the code, in quotes")
    try:
        return states.find(value)
    except AmityError as error:
        raise type(error)(f"{where}: {error.what}", error.mend) from None


def _peers(value: object, where: str) -> tuple[State, ...]:
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or not value:
        _refuse(f"{where}: peers are no list of states", "write them as [Laos, Vietnam, Thailand]")
    return tuple(_state(one, f"{where}, peers") for one in cast("list[object]", value))


def _times(value: object, where: str, *, needed: bool) -> int | None:
    if value is None and needed:
        _refuse(f"{where} does not say how many times", "add a number, as in `times: 2`")
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        _refuse(f"{where}: '{value}' is no number of times", "give a whole number, as in `times: 2`")
    return value


def _period(value: object, where: str) -> Period | None:
    if value is None:
        return None
    if not isinstance(value, list | tuple) or len(cast("list[object]", value)) != 2:
        _refuse(f"{where} is no period", "write two years or months, as in [2009, 2016] or [2019-10, null]")
    ends = cast("list[object]", value)
    made = Period(_day(ends[0], where, last=False), _day(ends[1], where, last=True))
    if made.first > made.last:
        _refuse(f"{where} ends before it begins", "turn the two round")
    return made


def _day(value: object, where: str, *, last: bool) -> date | None:
    """The first or last day of a year or month; None: open."""
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 1800 <= value <= 2200:
        return date(value, 12, 31) if last else date(value, 1, 1)
    try:
        month = date.fromisoformat(f"{value}-01") if isinstance(value, str) else None
    except ValueError:
        month = None
    if month is None or not 1800 <= month.year <= 2200:
        _refuse(f"{where}: '{value}' is no year or month", "write 2019, 2019-10, or null for an open end")
    return month.replace(day=monthrange(month.year, month.month)[1]) if last else month
