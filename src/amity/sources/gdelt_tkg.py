"""GDELT events of 25 to 27 January 2018, as a public benchmark of temporal knowledge graphs gives them.

Quadruples of actor, class, target and quarter of an hour since 1 January 2018 (`valid.txt` reaches from 25 January to
the end of the 27th). Actors carry a name, GDELT's country code and its roles: `HUN SEN (KHM@ELI)`.

What is made of it:

* state: the country code before the @. Without one there is no state, even where the name holds one (`ROMANIA (@ …)`);
  an actor with several codes has none, and goes to `review`.
* role: the first after the @. An actor that has stood there without a role and with others (`EGYPT (EGY@ OPP REF …)`)
  has none: the quadruple does not say which of them acted.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from amity import cameo
from amity.catalog import Coverage, Source, Table, polars_schema
from amity.errors import BadFileError, UnknownStateError
from amity.sources import Parsed, gdelt_columns, quadruples
from amity.sources.quadruples import Actor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amity.catalog import Request

ABOUT = Source(
    id="gdelt_tkg",
    title="GDELT events of three days of January 2018, as a benchmark gives them",
    producer=gdelt_columns.PRODUCER,
    says="Who did what to whom from 25 to 27 January 2018, each act of a quarter of an hour once.",
    homepage="https://www.gdeltproject.org/",
    licence=gdelt_columns.LICENCE,
    citation=gdelt_columns.CITATION,
    bibtex=gdelt_columns.BIBTEX % "gdelt_tkg",
    tables=(
        Table(
            "events",
            ("*",),
            floor=200_000,
            coverage=Coverage(
                start=date(2018, 1, 25),
                end=date(2018, 1, 27),
                states="every state that the news names",
                zero="no story that was read told of such an act: not that there was none",
            ),
        ),
    ),
    files="entity2id_cameo.txt, relation2id_cameo.txt and valid.txt in a folder called …gdelt…",
    by_hand="https://www.gdeltproject.org/",
    oddities=(
        "Three days out of a month, because the benchmark is cut by time.",
        "A quadruple stands once a quarter of an hour; how many articles told of it is not said.",
        "An actor's roles are all that it had in the month: which one acted is known only where there is one.",
        "7 of 7,691 actors carry two country codes or a stray space.",
    ),
)
LISTS = ("entity2id_cameo.txt", "relation2id_cameo.txt")
STEPS = 96
"""Quarters of an hour in a day."""
_ACTOR = re.compile(r"(.*) \(([^@()]*)@([^()]*)\)")


def requests() -> tuple[Request, ...]:
    """None: the benchmark has no address that stays."""
    return ()


def recognises(name: str, head: bytes) -> bool:
    """By its name and first line; of `valid.txt` and its like the folder must be called …gdelt…, too."""
    folder, _, last = name.rpartition("/")
    if last in LISTS:
        return quadruples.has_names(head)
    return last in quadruples.PARTS and "gdelt" in folder.lower() and quadruples.has_quadruples(head)


def parse(files: Mapping[str, bytes]) -> Parsed:
    """The quadruples as `events`, with `coverage`; actors with several countries go to `review`.

    A country's code that nobody has heard of raises `UnknownStateError`, a role or class `UnknownValueError`.
    """
    files = {name.rsplit("/", 1)[-1]: data for name, data in files.items()}
    lacking = [name for name in LISTS if name not in files]
    parts = {name: data for name, data in files.items() if name in quadruples.PARTS}
    if lacking or not parts:
        raise BadFileError(
            f"gdelt_tkg lacks {', '.join(lacking) or 'valid.txt'}", "load the benchmark's folder whole"
        )
    codes = [cameo.find(code).code for code in quadruples.names(LISTS[1], files[LISTS[1]])]
    who = actors(files[LISTS[0]])
    made = quadruples.events(
        parts, who, codes, lambda step: pl.lit(date(2018, 1, 1)) + pl.duration(days=step // STEPS)
    )
    days = made["date"].min(), made["date"].max()
    assert isinstance(days[0], date) and isinstance(days[1], date)  # noqa: PT018, S101  (events has a row)
    unclear = [(LISTS[0], one.name, one.what) for one in who if one.what == SEVERAL]
    tables = {
        "events": made,
        "coverage": quadruples.coverage([(days[0], days[1])]),
        "review": pl.DataFrame(unclear, schema=polars_schema("review"), orient="row"),
    }
    return Parsed(tables)


SEVERAL = "it carries several country codes: it has no state"


def actors(entities: bytes) -> list[Actor]:
    """What each entity is, by its number.

    >>> [(one.ccode, one.role) for one in actors(b"HUN SEN (KHM@ELI)\\t0\\nIMAM (@ MIL)\\t1\\n")]
    [(811, 'ELI'), (None, None)]
    """
    return [_actor(name) for name in quadruples.names(LISTS[0], entities)]


def _actor(text: str) -> Actor:
    found = _ACTOR.fullmatch(text)
    if found is None:
        raise BadFileError(f"{LISTS[0]}: {text[:60]!r} has no codes in brackets", "give the file unchanged")
    name, country, roles = found[1], found[2].split(" "), found[3].split(" ")
    for role in filter(None, roles):
        cameo.role(role)
    role = roles[0] or None
    if len(country) > 1:
        return Actor(name, None, role, SEVERAL)
    if country[0] not in _countries():
        raise UnknownStateError(
            f"{country[0][:20]!r}, of {name[:60]!r}, is no country code of CAMEO", "tell us, with the file"
        )
    ccode = _countries()[country[0]]
    return Actor(name, ccode, role, "no country code" if not country[0] else "country code")


@cache
def _countries() -> dict[str, int | None]:
    known = gdelt_columns.countries()
    return {code: None if ccode == gdelt_columns.NO_STATE else ccode for code, ccode in known.items()}
