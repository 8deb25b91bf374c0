"""What a name or code means in one scheme, and between which days: the tables behind `find` and `resolve`.

A scheme is one publisher's way to name states, or one list of codes. `people` is what people type. In every scheme
a name is compared by its key (see `words`), and is exact after that: never a prefix, never something similar.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from amity.states.system import day, every, letters_by_code, rows, spells_by_code
from amity.states.words import key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

CODES = ("ccode", "cowc", "iso3c", "iso2c", "gwcode", "gwc", "fips", "cameo")
"""Lists of codes."""

PUBLISHERS = (
    "unga_votes",
    "unga_resolutions",
    "us_visits",
    "us_travels",
    "us_relations",
    "us_missions",
    "us_aid",
    "icews",
    "gsdb",
    "china_trips",
    "china_engagements",
    "imf_dots",
    "oecd_aid",
    "chinese_finance",
    "sipri_tiv",
)
"""Publishers' own spellings, by the source that reads them."""

SCHEMES = (*CODES, *PUBLISHERS, "people")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name stands for between two days (None: no bound): a code, or nothing, with the reason."""

    ccode: int | None
    start: date | None
    end: date | None
    left_out: str = ""

    def holds(self, on: date) -> bool:
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


@cache
def meanings(scheme: str) -> dict[str, tuple[Meaning, ...]]:
    """Every key of a scheme, with all that it has ever meant there."""
    if scheme == "gwc":
        return {key(row["gwc"]): meanings("gwcode").get(row["gwcode"], ()) for row in rows("gw_spells.csv")}
    found: defaultdict[str, list[Meaning]] = defaultdict(list)
    for row in _by_scheme().get(scheme, []):
        found[key(row["name"])].append(Meaning(int(row["ccode"]), day(row["start"]), day(row["end"])))
    for row in rows("not_states.csv"):
        if row["scheme"] == scheme:
            found[key(row["name"])].append(Meaning(None, day(row["start"]), day(row["end"]), row["reason"]))
    for code, ccode in _coded(scheme):
        # A code that the tables date, such as Gleditsch-Ward 260, means what they say.
        found.setdefault(key(code), [Meaning(ccode, None, None)])
    return {name: tuple(group) for name, group in found.items()}


@cache
def _by_scheme() -> dict[str, list[dict[str, str]]]:
    groups: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows("names.csv"):
        groups[row["scheme"]].append(row)
    return groups


def _coded(scheme: str) -> Iterator[tuple[str, int]]:
    if scheme == "ccode":
        yield from ((str(code), code) for code in spells_by_code())
    elif scheme == "cowc":
        yield from letters_by_code().items()
    elif scheme in CODES:
        for state in every():
            code: str | int | None = getattr(state, scheme)
            if code is not None:
                yield str(code), state.ccode
