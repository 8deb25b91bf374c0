"""XML read safely: no document types, no entities, UTF-8 only, and a cap on size.

Publishers' XML needs none of what makes XML dangerous, so a file that has it is not the publisher's file.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from amity.errors import BadFileError
from amity.sources.text import decode

MAX_BYTES = 64 * 1024 * 1024
MAX_TAGS = 4_000_000
"""The largest real file has under 1 % of either."""

_DECLARED_ENCODING = re.compile(r"<\?xml[^>]*?\bencoding\s*=\s*[\"']([^\"']*)[\"']")
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
