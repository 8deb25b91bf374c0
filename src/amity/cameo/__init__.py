"""What coded events mean: the classes of CAMEO, their weights and fields, and the roles of those who act.

One table, `cameo.csv`, holds every code (codebook: Gerner, Schrodt and Yilmaz 2009):

* `code`, `name`: as published with the ICEWS data and in the codebook. `1214` stands in PLOVER's table only.
* `root`: the first two digits. `quad`: GDELT's four classes by root: 01–05 verbal and 06–08 material co-operation,
  09–13 verbal and 14–20 material conflict. PLOVER's manual puts SANCTION (16) in verbal conflict in one table, in
  material conflict in its own section; here it is material.
* `plover`: the class of PLOVER that replaces the code (its table CAMEO2PLOVER of 2021, with its exceptions below root
  level: 084–087 are RETREAT, 163 COERCE); missing for root 01, which PLOVER drops. DEMAND and the appeals of root 02
  are called REQUEST, as in POLECAT.
* `goldstein_tenths`: Goldstein's (1992) weight in the table that GDELT uses, in integer tenths, so that sums are the
  same on every engine. `goldstein_icews_tenths`: the same in the table published with the R package icews. They
  disagree on 016 (-2.0, -5.0), 164 (-7.0, -6.5) and 165 (-6.5, -7.0). A third one, in the package gdeltPyR, has 016
  at +3.4.
* `field`: one of `catalog.FIELDS`: our own assignment, by what the code speaks of, not by who acts.

`roles.csv` names the roles of CAMEO's actor codes, the part of a country to which each belongs, and whether it counts
as the state by default. `icews_roles.csv` reads ICEWS' sectors and the phrases by which it names actors.
"""

from __future__ import annotations

import csv
from dataclasses import astuple, dataclass, fields
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from amity.errors import UnknownValueError

if TYPE_CHECKING:
    import polars as pl

ROOTS = {
    "01": "make a statement",
    "02": "appeal",
    "03": "express intent to co-operate",
    "04": "consult, meet, visit",
    "05": "co-operate diplomatically",
    "06": "co-operate materially",
    "07": "give aid",
    "08": "yield",
    "09": "investigate",
    "10": "demand",
    "11": "disapprove, accuse",
    "12": "reject",
    "13": "threaten",
    "14": "protest",
    "15": "show force",
    "16": "reduce relations, sanction",
    "17": "coerce",
    "18": "assault",
    "19": "fight",
    "20": "use mass violence",
}
"""The twenty root classes in plain words."""

QUADS = {
    1: "verbal co-operation",
    2: "material co-operation",
    3: "verbal conflict",
    4: "material conflict",
}
PARTS = ("state", "opposition", "armed group", "press", "business", "society", "international", "other")
"""Parts of a country to which roles belong."""


@dataclass(frozen=True, slots=True)
class Class:
    """One CAMEO code; weights in tenths of Goldstein's scale, -100 to 100."""

    code: str
    name: str
    root: str
    quad: int
    plover: str
    """Empty for root 01."""
    field: str
    goldstein_tenths: int
    goldstein_icews_tenths: int | None
    """None: that table has no such code."""


@dataclass(frozen=True, slots=True)
class Role:
    """One role of an actor: CAMEO's three letters, plain name, part of the country, whether it counts as the state."""

    role: str
    name: str
    part: str
    state: bool


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(files(__name__).joinpath(name).read_text(encoding="utf-8").splitlines()))


@cache
def _classes() -> dict[str, Class]:
    return {row["code"]: _class(row) for row in _rows("cameo.csv")}


def _class(row: dict[str, str]) -> Class:
    icews = row["goldstein_icews_tenths"]
    return Class(
        row["code"],
        row["name"],
        row["root"],
        int(row["quad"]),
        row["plover"],
        row["field"],
        int(row["goldstein_tenths"]),
        int(icews) if icews else None,
    )


def find(code: str) -> Class:
    """The class of a code. Raises `UnknownValueError`.

    >>> find("163").field, find("163").goldstein_tenths, find("042").name
    ('economy', -80, 'Make a visit')
    """
    found = _classes().get(code)
    if found is None:
        raise UnknownValueError(
            f"'{code[:20]}' is no CAMEO code", "give a code of two to four digits, such as 042 or 0211"
        )
    return found


@cache
def classes() -> pl.DataFrame:
    """Every code, sorted: `code, name, root, quad, plover, field, goldstein_tenths, goldstein_icews_tenths`.

    >>> classes().height > 300
    True
    """
    import polars as pl  # noqa: PLC0415  (the records stay importable without polars)

    numbers = {"quad": pl.Int8, "goldstein_tenths": pl.Int16, "goldstein_icews_tenths": pl.Int16}
    names = [field.name for field in fields(Class)]
    schema = {name: numbers.get(name, pl.String) for name in names}
    made = pl.DataFrame(
        {name: [getattr(one, name) for one in _classes().values()] for name in names}, schema=schema
    )
    return made.with_columns(plover=pl.col("plover").replace("", None)).sort("code")


def code_of(name: str) -> str:
    """The code with a published name, however spaced, hyphenated or capitalised.

    A root and its first code can share a name; then the longer code is meant. Raises `UnknownValueError`.

    >>> code_of("Make_an_appeal_or_request"), code_of("Threaten non force")
    ('020', '131')
    """
    code = _codes_by_name().get(_letters(name))
    if code is None:
        raise UnknownValueError(
            f"no CAMEO class is called '{name[:60]}'", "a publisher's new name must be added to amity first"
        )
    return code


def _letters(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


@cache
def _codes_by_name() -> dict[str, str]:
    by_length = sorted(_classes().values(), key=lambda one: len(one.code))
    return {_letters(one.name): one.code for one in by_length}


@cache
def _roles() -> dict[str, Role]:
    rows = _rows("roles.csv")
    return {row["role"]: Role(row["role"], row["name"], row["part"], row["state"] == "true") for row in rows}


def role(code: str) -> Role:
    """The role with these letters. Raises `UnknownValueError`.

    >>> role("OPP").part
    'opposition'
    """
    found = _roles().get(code)
    if found is None:
        raise UnknownValueError(f"'{code[:20]}' is no role", f"say any of: {', '.join(_roles())}")
    return found


def roles() -> pl.DataFrame:
    """Every role: `role, name, part, state` (whether it counts as the state by default).

    >>> roles().filter(role="MED")["part"].to_list()
    ['press']
    """
    import polars as pl  # noqa: PLC0415

    rows = [astuple(one) for one in _roles().values()]
    return pl.DataFrame(rows, schema=["role", "name", "part", "state"], orient="row")


STATE_ROLES = ("GOV", "MIL", "COP", "LEG", "JUD", "SPY")
"""Roles that count as the state by default, beside the country as a whole (no role)."""


@cache
def _icews(kind: str) -> tuple[tuple[str, str], ...]:
    return tuple((row["text"], row["role"]) for row in _rows("icews_roles.csv") if row["kind"] == kind)


def role_of_sectors(text: str | None) -> str | None:
    """The role that ICEWS' sectors tell, such as `Executive,Foreign Ministry,Government`; None: they tell none.

    ICEWS names the general beside the particular (`Police,Government`), and all that a person has been. The order of
    `icews_roles.csv` decides: a state's press before its ministries, who governs before who sits in parliament, the
    particular before the general, an office before a party, a party before the general population. Any ministry is the
    government but that of intelligence; private lawyers (`Legal`) are citizens. A party in government is a party, not
    the state.

    >>> role_of_sectors("Police,Government"), role_of_sectors("Parties,Opposition Major Party (Out Of Government)")
    ('COP', 'OPP')
    >>> role_of_sectors("Executive,Government,State Media"), role_of_sectors("NA")
    ('MED', None)
    """
    if not text or text == "NA":
        return None
    said = {sector.strip().lower() for sector in text.split(",")}
    if any(sector.endswith("ministry") for sector in said):
        said.add("ministry")
    return next((found for sector, found in _icews("sector") if sector in said), None)


def role_of_phrase(text: str) -> str | None:
    """The role that a phrase before a country's name tells, such as `Police` or `Main Opposition`; None: it tells none.

    The first rule of `icews_roles.csv` whose words occur decides.

    >>> role_of_phrase("Human_Rights_Group"), role_of_phrase("Foreign Affairs"), role_of_phrase("Kim Jong-Un")
    ('HRI', 'GOV', None)
    """
    said = " ".join(text.replace("_", " ").lower().split())
    return next((found for words, found in _icews("word") if _occurs(words, said)), None)


def _occurs(words: str, said: str) -> bool:
    """Whether the words begin at a word of the text: 'men' is in 'armed men', and not in 'parliament' or 'women'."""
    return f" {words}" in f" {said}" and (words != "men" or "men" in said.split())
