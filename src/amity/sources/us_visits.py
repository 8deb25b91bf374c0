"""Visits to the United States by foreign leaders since 1874, as the State Department's historians list them.

One row of `acts` is one leader's visit: from the leader's state to the United States. One meeting of several
leaders is several rows. The files' descriptions are known and not read.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from amity.catalog import Coverage, Request, Source, Table
from amity.errors import UnknownValueError
from amity.sources import Parsed
from amity.sources.ranks import leader_rank
from amity.sources.state_department import (
    LICENCE,
    PRODUCER,
    Visit,
    country_key,
    day_or_none,
    visits_to_tables,
)
from amity.sources.xml import check_shape, field, root_tag
from amity.sources.xml import parse as parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from xml.etree.ElementTree import Element

ABOUT = Source(
    id="us_visits",
    title="Visits to the United States by foreign leaders",
    producer=PRODUCER,
    says="Every visit to the United States by a foreign head of state or government since 1874, with its days.",
    homepage="https://history.state.gov/departmenthistory/visits",
    licence=LICENCE,
    citation=(
        "Office of the Historian, United States Department of State. Visits by Foreign Leaders. "
        "https://history.state.gov/departmenthistory/visits"
    ),
    bibtex="""@misc{us_visits,
  author = {{Office of the Historian, United States Department of State}},
  title = {Visits by Foreign Leaders},
  howpublished = {\\url{https://history.state.gov/departmenthistory/visits}},
  note = {Data: \\url{https://github.com/HistoryAtState/visits}}
}""",
    tables=(
        Table(
            "acts",
            ("visit",),
            floor=3150,
            coverage=Coverage(
                start=date(1874, 12, 12),
                end=None,
                states="every state, to the United States",
                zero="no leader of that state visited the United States in that time",
            ),
        ),
    ),
    files="one XML file a decade, such as 1990.xml, whose root is <visits>",
    oddities=(
        "3,264 visits, ids unique; no visit lacks a day or ends before it starts.",
        "A summit abroad of several leaders is a row for each of them; 7 rows (0.2 %) name two leaders of one "
        "state: they rank as the first one named.",
        "1 visit (Gordon Brown, 24 September 2009) is listed twice with the same days: it counts once.",
        "1,318 visitors of 3,264 are called Prime Minister, 4 of them misspelt; 2 have no title, 2 only Sheikh.",
        "Visits of the same person days apart, such as to the United Nations and then to Washington, may be one "
        "row or two.",
    ),
)

SHAPE = {
    "visits": "visit",
    "visit": "id start-date end-date visitor from description "
    "created-by created-datetime last-modified-by last-modified-datetime",
    "from": "@id",
}
"""Known elements; of them the description and who edited it when are not read."""


def requests() -> tuple[Request, ...]:
    """One listing of the publisher's repository, which names the files by decade."""
    url = "https://api.github.com/repos/HistoryAtState/visits/contents/data"
    return (Request(url=url, file="visits", listing="github", pattern="*.xml"),)


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is one of this source's: XML whose root is `<visits>`."""
    return name.endswith(".xml") and root_tag(head) == "visits"


def parse(files: Mapping[str, bytes]) -> Parsed:
    """The visits of all files as `acts`, with `coverage` and `review`.

    Titles of visitors that are not in `ranks.LEADERS` raise `UnknownValueError`.
    """
    visits = [visit for name, data in sorted(files.items()) for visit in _visits(name, data)]
    return Parsed(visits_to_tables(visits, ABOUT.id, to_usa=True))


def _visits(name: str, data: bytes) -> Iterator[Visit]:
    root = parse_xml(name, data)
    check_shape(name, root, SHAPE)
    unknown = [who for visit in root if leader_rank(who := field(name, visit, "visitor")) is None]
    if unknown:
        raise UnknownValueError(
            f"{name} has {len(unknown)} visitors whose title has no rank yet, such as {unknown[0][:60]!r}",
            "add the title to LEADERS or the person to PERSONS in sources/ranks.py",
        )
    yield from (_visit(name, visit) for visit in root)


def _visit(name: str, visit: Element) -> Visit:
    who = field(name, visit, "visitor")
    ref = field(name, visit, "id")
    return Visit(
        file=name,
        ref=ref,
        country=country_key(name, visit, "from"),
        start=day_or_none(f"{name}, visit {ref[:20]}", field(name, visit, "start-date")),
        end=day_or_none(f"{name}, visit {ref[:20]}", field(name, visit, "end-date")),
        who=who,
        rank=leader_rank(who) or "other leader",
        place=None,
    )
