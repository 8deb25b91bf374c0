"""Which states existed when: the Correlates of War state system, extended to today, as lines of spells.

A **spell** is one membership of the system, from a day to a day. A **line** is a country as people mean it: one
or more codes that continue each other. Germany is 255 until 1945, 260 (the Federal Republic) until unification
and 255 again; Yemen is 678 until 1990 and 679 since. East Germany, South Yemen, South Vietnam and Czechoslovakia
are lines of their own, because no state of today is that state continued. Serbia is Yugoslavia continued (345),
as in the Correlates of War list.

The list that the Correlates of War project published ends on 31 December 2016. No state has joined or left since;
only names changed, and `State.name` has those of today.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from amity.errors import UnknownStateError

_DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True)
class Spell:
    """One membership of the system: the code, the first and last day (None: to today), the publisher's name."""

    ccode: int
    start: date
    end: date | None
    name: str

    def holds(self, on: date) -> bool:
        """Whether the day lies in the spell; both ends belong to it."""
        return self.start <= on and (self.end is None or on <= self.end)


@dataclass(frozen=True, slots=True)
class State:
    """A country as people mean it, with its codes in every scheme; None where a scheme has none.

    `ccode` is the code of today, or the last one; `ccodes` are all codes of the line, that one first. `gwcode` is
    the Gleditsch-Ward number of today, which can differ (Germany 260, Yemen 678, Serbia 340). `cameo` is the
    three-letter code of CAMEO and GDELT. `region` is the sub-region of the UN's M49 list.
    """

    ccode: int
    name: str
    iso3c: str | None
    iso2c: str | None
    cowc: str
    gwcode: int | None
    fips: str | None
    cameo: str | None
    region: str
    ccodes: tuple[int, ...]
    spells: tuple[Spell, ...]


def by_ccode(ccode: int) -> State:
    """The line to which a Correlates of War code belongs.

    >>> by_ccode(260).name, by_ccode(260).ccodes
    ('Germany', (255, 260))
    """
    found = _by_code().get(ccode)
    if found is None:
        raise UnknownStateError(
            f"{ccode} is no Correlates of War code",
            "run `amity states` to see the names and codes that amity reads",
        )
    return found


def every(on: date | None = None) -> tuple[State, ...]:
    """Every line, by code; only those in the system on a day, when one is given.

    >>> len(every(date(1816, 1, 1))), len(every(date(2016, 12, 31)))
    (23, 195)
    """
    lines = _lines()
    if on is None:
        return lines
    return tuple(state for state in lines if any(spell.holds(on) for spell in state.spells))


def code_on(state: State, on: date) -> int | None:
    """The code under which a line was in the system on a day; None when it was in it under no code.

    >>> [code_on(by_ccode(255), date(year, 1, 1)) for year in (1940, 1950, 1960, 2000)]
    [255, None, 260, 255]
    """
    return next((spell.ccode for spell in state.spells if spell.holds(on)), None)


def neighbours(ccode: int, on: date | None = None) -> tuple[int, ...]:
    """The peers of a state: the states of the same region (UN M49 sub-region), itself left out, by code.

    Those of today when no day is given, else those in the system on that day, each under its code of the day.

    >>> [by_ccode(peer).name for peer in neighbours(811)][:4]
    ['Myanmar', 'Thailand', 'Laos', 'Vietnam']
    >>> 817 in neighbours(811, date(1970, 1, 1))
    True
    """
    home = by_ccode(ccode)
    return tuple(
        sorted(code for state in every() if _is_peer(state, home) and (code := _code(state, on)) is not None)
    )


def _is_peer(state: State, home: State) -> bool:
    return state.region == home.region and state.ccode != home.ccode


def _code(state: State, on: date | None) -> int | None:
    if on is not None:
        return code_on(state, on)
    return next((spell.ccode for spell in state.spells if spell.end is None), None)


@lru_cache(maxsize=1)
def spells_by_code() -> dict[int, tuple[Spell, ...]]:
    """The spells of every code, in time order."""
    spells: defaultdict[int, list[Spell]] = defaultdict(list)
    for row in rows("spells.csv"):
        code = int(row["ccode"])
        spells[code].append(Spell(code, date.fromisoformat(row["start"]), day(row["end"]), row["name"]))
    return {code: tuple(sorted(group, key=lambda spell: spell.start)) for code, group in spells.items()}


@lru_cache(maxsize=1)
def letters_by_code() -> dict[str, int]:
    """The Correlates of War letters (stateabb) and the code that each stands for."""
    return {row["cowc"]: int(row["ccode"]) for row in rows("spells.csv")}


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the tables shipped in `data/`."""
    with (_DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@lru_cache(maxsize=1)
def _lines() -> tuple[State, ...]:
    return tuple(_line(row) for row in rows("states.csv"))


def _line(row: dict[str, str]) -> State:
    codes = tuple(int(code) for code in row["ccodes"].split())
    spells = [spell for code in codes for spell in spells_by_code()[code]]
    return State(
        ccode=int(row["ccode"]),
        name=row["name"],
        iso3c=row["iso3c"] or None,
        iso2c=row["iso2c"] or None,
        cowc=row["cowc"],
        gwcode=int(row["gwcode"]) if row["gwcode"] else None,
        fips=row["fips"] or None,
        cameo=row["cameo"] or None,
        region=row["region"],
        ccodes=codes,
        spells=tuple(sorted(spells, key=lambda spell: spell.start)),
    )


@lru_cache(maxsize=1)
def _by_code() -> dict[int, State]:
    return {code: state for state in _lines() for code in state.ccodes}
