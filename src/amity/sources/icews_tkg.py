"""ICEWS events of 2014 and of January to October 2018, as two public benchmarks of temporal knowledge graphs give them.

ICEWS14 and ICEWS18 are the events of ICEWS as quadruples (actor, class, target, hour), with an hour that is always
midnight. What a quadruple lacks beside the publisher's own file (`icews`): how often it was told, by whom and
where, so that one day's ten reports of one act count once; the actor's sectors; and, where an actor is a named
person or body, its country. ICEWS18 has every actor. ICEWS14 has a sample of them, in which most of the large countries
are missing as such: its counts are no measure of how much two states had to do with each other.

What is made of it:

* state: a country by its name (`China`), or the one in the last brackets (`Citizen (Nigeria)`). Brackets that name
  something else are listed in `icews_tkg_brackets.csv`, with the state whose body or part it is, or none. A name
  without brackets (`Kim Jong-Un`) has no state here: who held which office when is not in the files, nor guessed.
* role: from the words before the brackets, by `amity.cameo.role_of_phrase`; a body of a state by itself (`Knesset`) has
  the one in the table, or that of its words.
* code: from the class's name, by `amity.cameo.code_of`.
"""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from functools import cache
from importlib.resources import files as resources
from typing import TYPE_CHECKING

import polars as pl

from amity import cameo
from amity.catalog import Coverage, Source, Table, polars_schema
from amity.errors import BadFileError, UnknownStateError, UnknownValueError
from amity.sources import Parsed, icews, quadruples
from amity.sources.naming import meaning
from amity.sources.quadruples import Actor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amity.catalog import Request

SETS = {
    "icews14": (date(2014, 1, 1), date(2014, 12, 31)),
    "icews18": (date(2018, 1, 1), date(2018, 10, 31)),
}
"""The benchmarks, with their first and last day."""
ABOUT = Source(
    id="icews_tkg",
    title="ICEWS events of 2014 (of a sample of actors) and 2018, as benchmarks give them",
    producer=icews.PRODUCER,
    says="Who did what to whom from January to October 2018, and in 2014 among a sample of actors, once a day.",
    homepage=icews.ABOUT.homepage,
    licence=icews.LICENCE,
    citation=icews.CITATION,
    bibtex=icews.BIBTEX % "icews_tkg",
    tables=(
        Table(
            "events",
            ("*",),
            floor=90_000,
            coverage=Coverage(
                start=date(2014, 1, 1),
                end=date(2018, 10, 31),
                states="every state that the news names, from January to October 2018; in 2014 a sample of actors",
                zero="no story that was read told of such an act, not that there was none; in 2014 not even that, "
                "only that the sample has none",
            ),
        ),
    ),
    files="entity2id.txt, relation2id.txt, train.txt, valid.txt and test.txt in a folder called icews14… or icews18…",
    by_hand=icews.ABOUT.homepage,
    oddities=(
        "A quadruple stands once a day, however many stories told of it: counts are of acts, not of reports.",
        "ICEWS14 has a sample of actors, with 77 countries as such: not the United States, Russia, India, the United "
        "Kingdom, Germany, Israel, Pakistan or Ukraine, only some of their persons and bodies.",
        "ICEWS14 has 3 % of the stories that the whole tells of pairs of states: 12 % where both countries are among "
        "its actors as such, 0.6 % where neither is.",
        "ICEWS18 is whole: on two days of June 2018 it has what the publisher's file has, once each.",
        "ICEWS14 has a fifth column (-1) and underscores for spaces.",
        "Persons, parties and bands by their name alone (three of ten sides) have no state here; the publisher's "
        "own file has one for nine of ten of them.",
        "Both directions of a meeting are quadruples of their own.",
        "The same row can stand in two of train, valid and test by a slip of the benchmark; it counts once.",
    ),
)
_SET = re.compile(r"icews[-_]?(14|18)", re.IGNORECASE)
_BRACKETS = re.compile(r"(.*) \(([^()]*(?:\([^()]*\)[^()]*)*)\)")
HOURS = 24


def requests() -> tuple[Request, ...]:
    """None: the benchmarks have no address that stays."""
    return ()


def recognises(name: str, head: bytes) -> bool:
    """By its folder (called icews14… or icews18…), its name, and its first line."""
    folder, _, last = name.rpartition("/")
    if not _SET.search(folder):
        return False
    if last in ("entity2id.txt", "relation2id.txt"):
        return quadruples.has_names(head)
    return last in quadruples.PARTS and quadruples.has_quadruples(head)


def kept_as(path: str) -> str:
    """The name under which a file is kept: both benchmarks call their files alike.

    >>> kept_as("data/ICEWS14_tkg/train.txt")
    'icews14/train.txt'
    """
    found = _SET.findall(path)
    if not found:
        raise BadFileError(
            f"{path[-80:]} lies in no folder called icews14… or icews18…", "name the folder so"
        )
    return f"icews{found[-1]}/{path.rsplit('/', 1)[-1]}"


def parse(files: Mapping[str, bytes]) -> Parsed:
    """The quadruples of one benchmark or both as `events`, with `coverage`; `review` is empty.

    An actor's brackets or a class that nobody has heard of raise `UnknownStateError` and
    `UnknownValueError`.
    """
    held = {name: _of(name, files) for name in SETS}
    whole = {name: own for name, own in held.items() if own}
    frames = [_events(name, own) for name, own in whole.items()]
    if not frames:
        raise BadFileError("there is no file of ICEWS14 or ICEWS18", f"give {ABOUT.files}")
    tables = {
        "events": pl.concat(frames),
        "coverage": quadruples.coverage([SETS[name] for name in whole]),
        "review": pl.DataFrame(schema=polars_schema("review")),
    }
    return Parsed(tables)


def _of(name: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of one benchmark by their own names. Raises `BadFileError` where a list is missing."""
    own = {kept_as(path).partition("/")[2]: data for path, data in files.items() if name in kept_as(path)}
    lacking = {"entity2id.txt", "relation2id.txt"} - own.keys()
    if own and (lacking or not own.keys() & set(quadruples.PARTS)):
        what = ", ".join(sorted(lacking)) or "train.txt, valid.txt and test.txt"
        raise BadFileError(f"{name} lacks {what}", "load the benchmark's folder whole")
    return own


def _events(name: str, own: Mapping[str, bytes]) -> pl.DataFrame:
    parts = {f"{name}/{part}": own[part] for part in quadruples.PARTS if part in own}
    codes = [
        cameo.code_of(said) for said in quadruples.names(f"{name}/relation2id.txt", own["relation2id.txt"])
    ]
    start, end = SETS[name]

    def day(step: pl.Expr) -> pl.Expr:
        return pl.lit(start) + pl.duration(days=step // HOURS)

    made = quadruples.events(parts, actors(own["entity2id.txt"]), codes, day)
    latest = made["date"].max()
    if isinstance(latest, date) and latest > end + timedelta(days=1):
        raise UnknownValueError(
            f"{name} has an event of {latest}, after its last day", "its time steps are read as hours"
        )
    same = ["date", "name_from", "name_to", "code"]
    return made.unique(same, keep="first", maintain_order=True)


def actors(entities: bytes) -> list[Actor]:
    """What each entity of a benchmark is, by its number.

    >>> [(one.ccode, one.role, one.what) for one in actors(b"China\\t0\\nCitizen_(Nigeria)\\t1\\nKim Jong-Un\\t2\\n")]
    [(710, None, 'country'), (475, 'CVL', 'country in brackets'), (None, None, 'name alone')]
    """
    return [_actor(name.replace("_", " ")) for name in quadruples.names("entity2id.txt", entities)]


def _actor(name: str) -> Actor:
    known = _known(name)
    if known is not None:
        return Actor(name, known.ccode, known.role, known.what)
    found = _BRACKETS.fullmatch(name)
    if found is None:
        return Actor(name, None, None, "name alone")
    within = _known(found[2])
    if within is None:
        raise UnknownStateError(
            f"nobody has heard of {found[2][:60]!r}, in the brackets of {name[:80]!r}",
            "add it to icews_tkg_brackets.csv, with its state or none",
        )
    return Actor(name, within.ccode, cameo.role_of_phrase(found[1]), f"{within.what} in brackets")


def _known(name: str) -> Actor | None:
    """A country or another thing that stands in brackets or alone; None: not listed."""
    if name in _others():
        return _others()[name]
    meant = meaning(name, icews.ABOUT.id)
    if meant is None:
        return None
    return Actor(name, meant.ccode, None, "country" if meant.ccode is not None else "no state of the system")


@cache
def _others() -> dict[str, Actor]:
    text = resources("amity.sources").joinpath("icews_tkg_brackets.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return {
        row["name"]: Actor(row["name"], int(row["ccode"]) if row["ccode"] else None, _role(row), row["what"])
        for row in rows
    }


def _role(row: Mapping[str, str]) -> str | None:
    """The role of what is listed: a body of a state has the one named there, or its words', else the government's."""
    if row["what"] != "body of a state":
        return None
    return row["role"] or cameo.role_of_phrase(row["name"]) or "GOV"
