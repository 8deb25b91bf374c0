"""Travels abroad of presidents and secretaries of state since 1866, as the State Department's historians list them.

One row of `acts` is one stay of one person in one country: from the United States to the host. A trip through
several countries is several rows. The files' remarks are read for one thing only: whether a president was still
president-elect.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from amity.catalog import Coverage, Request, Source, Table
from amity.errors import UnknownValueError
from amity.sources import Parsed
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
    id="us_travels",
    title="Travels abroad of the President and the Secretary of State",
    producer=PRODUCER,
    says="Every country visited by a President (since 1906) or a Secretary of State (since 1866) in office.",
    homepage="https://history.state.gov/departmenthistory/travels",
    licence=LICENCE,
    citation=(
        "Office of the Historian, United States Department of State. Travels Abroad of the President; "
        "Travels Abroad of the Secretary of State. https://history.state.gov/departmenthistory/travels"
    ),
    bibtex="""@misc{us_travels,
  author = {{Office of the Historian, United States Department of State}},
  title = {Presidential and Secretaries Travels Abroad},
  howpublished = {\\url{https://history.state.gov/departmenthistory/travels}},
  note = {Data: \\url{https://github.com/HistoryAtState/travels}}
}""",
    tables=(
        Table(
            "acts",
            ("visit",),
            floor=4050,
            coverage=Coverage(
                start=date(1866, 1, 9),
                end=None,
                states="the United States, to every state",
                zero="neither the President nor the Secretary of State visited that state in that time",
            ),
        ),
    ),
    files="one XML file a person, such as president/obama-barack.xml, whose root is <trips>",
    oddities=(
        "832 stays of presidents and 3,439 of secretaries, ids unique; no stay lacks a day or ends before it starts.",
        "17 stays of presidents (2.0 %) were made as president-elect: their rank is other leader.",
        "4 stays (0.1 %) are listed twice with the same days and place: each counts once.",
        "54 stays (1.3 %) name no place.",
        "Stays in what is no state (Antarctica, West Bank, Palestinian Authority …) are set aside.",
    ),
)

SHAPE = {
    "trips": "trip",
    "trip": "@role @who id role name start-date end-date country locale remarks "
    "created-by created-datetime last-modified-by last-modified-datetime",
    "country": "@id",
}
"""Known elements; of them who edited them when is not read."""

RANKS = {"president": "head of state", "secretary": "foreign minister"}
"""Rank by role: the Secretary of State is the foreign minister of the United States."""

AS_PRESIDENT_ELECT = "visit made as president-elect"
"""Words of the publisher's remark on a stay before its president took office."""


def requests() -> tuple[Request, ...]:
    """Two listings of the publisher's repository: presidents and secretaries."""
    url = "https://api.github.com/repos/HistoryAtState/travels/contents/{}-travels"
    return tuple(
        Request(url=url.format(role), file=role, listing="github", pattern="*.xml") for role in RANKS
    )


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is one of this source's: XML whose root is `<trips>`."""
    return name.endswith(".xml") and root_tag(head) == "trips"


def parse(files: Mapping[str, bytes]) -> Parsed:
    """The stays of all files as `acts`, with `coverage` and `review`.

    Roles other than president and secretary raise `UnknownValueError`.
    """
    stays = [stay for name, data in sorted(files.items()) for stay in _stays(name, data)]
    return Parsed(visits_to_tables(stays, ABOUT.id, to_usa=False))


def _stays(name: str, data: bytes) -> Iterator[Visit]:
    root = parse_xml(name, data)
    check_shape(name, root, SHAPE)
    roles = [field(name, trip, "role") for trip in root]
    unknown = [role for role in roles if role not in RANKS]
    if unknown:
        raise UnknownValueError(
            f"{name} has {len(unknown)} trips of a role that has no rank yet, such as {unknown[0][:40]!r}",
            "add the role to RANKS in sources/us_travels.py",
        )
    yield from (_stay(name, trip, role) for trip, role in zip(root, roles, strict=True))


def _stay(name: str, trip: Element, role: str) -> Visit:
    ref = field(name, trip, "id")
    before_office = AS_PRESIDENT_ELECT in field(name, trip, "remarks").lower()
    return Visit(
        file=name,
        ref=ref,
        country=country_key(name, trip, "country"),
        start=day_or_none(f"{name}, trip {ref[:20]}", field(name, trip, "start-date")),
        end=day_or_none(f"{name}, trip {ref[:20]}", field(name, trip, "end-date")),
        who=field(name, trip, "name"),
        rank="other leader" if before_office else RANKS[role],
        place=field(name, trip, "locale") or None,
    )
