"""The State Department's guide to recognition, diplomatic and consular relations: dated headings into ties.

A row of `ties` is a spell in which the United States recognised a state (`recognition`), had diplomatic relations
with it (`relations`), or kept a post there (`post`, with its level). The heading says what happened and in which
year; the day stands in the clause that tells of it. What cannot be read with certainty goes to `review`. Where an
event is sure and its day is not, the precision says month or year: the start is then the first day that it can have
been, and the end the last. `ref` names the entries that tell of the beginning and of the end.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from amity.catalog import Coverage, Request, Source, Table
from amity.sources.state_department import LICENCE, PRODUCER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amity.sources import Parsed

KINDS = ("recognition", "relations", "post")

ABOUT = Source(
    id="us_relations",
    title="A Guide to the United States' History of Recognition, Diplomatic, and Consular Relations, by Country",
    producer=PRODUCER,
    says="since when the United States has recognised a state, had relations with it and kept a post there",
    homepage="https://history.state.gov/countries",
    licence=LICENCE,
    citation=(
        "Office of the Historian, US Department of State. A Guide to the United States' History of Recognition, "
        "Diplomatic, and Consular Relations, by Country, since 1776. https://history.state.gov/countries"
    ),
    bibtex=(
        "@misc{historian_rdcr,\n"
        "  author = {{Office of the Historian, US Department of State}},\n"
        "  title = {A Guide to the United States' History of Recognition, Diplomatic, and Consular Relations, "
        "by Country, since 1776},\n"
        "  url = {https://history.state.gov/countries}\n}"
    ),
    tables=(
        Table(
            name="ties",
            kinds=KINDS,
            floor=700,
            coverage=Coverage(
                start=date(1778, 8, 6),
                end=None,
                states="every state with the United States, from the first entry of its file to the file's own date",
                zero="no recognition, no diplomatic relations, no American post",
            ),
        ),
    ),
    files="TEI, one XML file a country, whose title begins 'A Guide to the United States'",
    oddities=(
        "headings name the year alone; the day stands in the paragraph, and can be read for 82 % of the events",
        "five headings name a year that their own paragraph contradicts; a table mends them",
        "most files were written in 2008 to 2010 and say nothing of what followed; a few go on, the last to 2024",
        "some states have two files (Yugoslavia and Serbia), and some files two states (Yemen, China, Germany)",
        "relations with Vietnam begin on 5 August 1995, the day of the documents, not of the announcement (11 July)",
        "a legation whose raising no heading tells is given as 'legation or embassy' (6 spells)",
    ),
)


def requests() -> tuple[Request, ...]:
    """The listing of the guide's articles."""
    url = "https://api.github.com/repos/HistoryAtState/rdcr/contents/articles"
    return (Request(url=url, file="articles", listing="github", pattern="*.xml"),)


def recognises(name: str, head: bytes) -> bool:
    """Whether a file's first bytes are those of one of the guide's articles.

    >>> recognises("articles/cambodia.xml", b"<TEI xmlns='http://www.tei-c.org/ns/1.0'>")
    False
    """
    from amity.sources.us_relations.guide import TITLE  # noqa: PLC0415  (as in `parse`)

    words = b" ".join(head.split())
    return name.endswith(".xml") and b"<TEI" in words and TITLE.encode() in words


def parse(files: Mapping[str, bytes]) -> Parsed:
    """Every article of the guide to `ties`, `coverage` and `review`.

    Files that are not whole articles raise `BadFileError`, files of countries that amity does not know
    `UnknownStateError`. A heading that the vocabulary does not know, or whose events cannot be dated or fitted into
    spells, becomes a row of `review`.

    >>> sorted(parse({}).tables)
    ['coverage', 'review', 'ties']
    """
    from amity.sources.us_relations.articles import parsed  # noqa: PLC0415  (a brief asks for the record alone)

    return parsed(files)
