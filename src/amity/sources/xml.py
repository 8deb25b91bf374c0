"""XML read safely: no document types, no entities, UTF-8 only, and a cap on size.

Publishers' XML needs none of what makes XML dangerous, so a file that has it is not the publisher's file.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from amity.errors import BadFileError, UnknownValueError
from amity.sources.text import decode

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_BYTES = 64 * 1024 * 1024
MAX_TAGS = 4_000_000
"""The largest real file has under 1 % of either."""

_DECLARED_ENCODING = re.compile(r"<\?xml[^>]*?\bencoding\s*=\s*[\"']([^\"']*)[\"']")
_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<([A-Za-z][\w.:-]*)[\s/>]",
    re.DOTALL,
)
_MEND = "fetch the file again (`amity pull`): a web page or half a download may be in its place"


class _PlainTreeBuilder(ElementTree.TreeBuilder):
    """Builds the tree, and stops at a document type before any entity in it is read."""

    def doctype(self, name: str, _pubid: str | None, _system: str | None) -> None:
        raise BadFileError(f"it declares a document type ({name[:40]!r}), which may hide entities", _MEND)


def parse(name: str, data: bytes) -> ElementTree.Element:
    """The root element of an XML file.

    `name` is the file's name, for errors. Refused with `BadFileError`: more than 64 MiB or 4 million tags, an
    encoding other than UTF-8, a document type or entities, and XML that is not well formed (with its line).

    >>> parse("a.xml", b"<visits><visit/></visits>").tag
    'visits'
    """
    if len(data) > MAX_BYTES or data.count(b"<") > MAX_TAGS:
        raise BadFileError(f"{name} is too large to be the publisher's file ({len(data):,} bytes)", _MEND)
    text = decode(name, data)
    declared = _DECLARED_ENCODING.match(text.lstrip())
    if declared is not None and declared[1].lower() not in {"utf-8", "us-ascii"}:
        raise BadFileError(f"{name} says that its encoding is {declared[1][:40]!r}, not UTF-8", _MEND)
    parser = ElementTree.XMLParser(target=_PlainTreeBuilder())  # noqa: S314
    try:
        parser.feed(text)
        return parser.close()
    except BadFileError as error:
        raise BadFileError(f"{name}: {error.what}", error.mend) from None
    except ElementTree.ParseError as error:
        line, column = error.position
        raise BadFileError(f"{name} is not well-formed XML: line {line}, column {column}", _MEND) from None


def root_tag(head: bytes) -> str:
    """The name of the root element, read off the first bytes of a file; empty when they are not XML.

    >>> root_tag(b'<?xml version="1.0"?><trips><trip/>')
    'trips'
    """
    found = _ROOT.match(head)
    return found[1].decode("ascii", "replace") if found else ""


def check_shape(name: str, root: ElementTree.Element, shape: Mapping[str, str]) -> None:
    """Refuse elements and attributes that the parser has never been told about.

    `shape` names for each element the elements and `@attributes` that may stand in it, parted by spaces; an
    element that is no key may hold only text. The first key is the root: a file with another root is a
    `BadFileError`. Unknown ones raise `UnknownValueError` with their counts.

    >>> check_shape("a.xml", parse("a.xml", b"<a><b c='1'/></a>"), {"a": "b", "b": "@c"})
    """
    expected = next(iter(shape))
    if root.tag != expected:
        raise BadFileError(
            f"{name} is not the publisher's file: its root is <{root.tag[:40]}>, not <{expected}>", _MEND
        )
    known = {tag: frozenset(inside.split()) for tag, inside in shape.items()}
    unknown: Counter[str] = Counter()
    for element in root.iter():
        allowed = known.get(element.tag, frozenset())
        unknown.update(
            f"<{child.tag[:40]}> in <{element.tag[:40]}>" for child in element if child.tag not in allowed
        )
        unknown.update(
            f"{key[:40]}= of <{element.tag[:40]}>" for key in element.attrib if f"@{key}" not in allowed
        )
    if unknown:
        seen = ", ".join(f"{what} ({count} times)" for what, count in unknown.most_common(5))
        raise UnknownValueError(
            f"{name} holds what its parser has not been told about: {seen}",
            "look at what the publisher added, and list it in the source's SHAPE as read or ignored",
        )


def field(name: str, element: ElementTree.Element, tag: str) -> str:
    """The text of the one child `tag`, with white space tidied; empty when it is empty.

    Raises `BadFileError` when the child is missing or there are several.

    >>> field("a.xml", parse("a.xml", b"<visit><id> 7 </id></visit>"), "id")
    '7'
    """
    found = element.findall(tag)
    if len(found) != 1:
        raise BadFileError(f"{name}: a <{element.tag}> has {len(found)} <{tag}>, not one", _MEND)
    return " ".join("".join(found[0].itertext()).split())
