"""XML is read safely, or refused."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.errors import BadFileError, UnknownValueError
from amity.sources.xml import MAX_BYTES, check_shape, field, parse, root_tag

GOOD = '<?xml version="1.0" encoding="UTF-8"?>\n<visits>\n<visit id="é">Sénégal</visit>\n</visits>\n'

BILLION_LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]>
<visits>&lol3;</visits>"""


def test_a_plain_document_is_read_with_or_without_a_byte_order_mark() -> None:
    for data in (GOOD.encode(), b"\xef\xbb\xbf" + GOOD.encode()):
        root = parse("a.xml", data)
        assert root.tag == "visits"
        assert root[0].text == "Sénégal"
        assert root[0].attrib == {"id": "é"}


@pytest.mark.parametrize(
    "data",
    [
        BILLION_LAUGHS,
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "http://localhost/x">]><a>&x;</a>',
        b"<!DOCTYPE html><html></html>",
    ],
)
def test_document_types_and_entities_are_refused(data: bytes) -> None:
    with pytest.raises(BadFileError, match="document type"):
        parse("a.xml", data)


def test_an_undeclared_entity_is_refused() -> None:
    with pytest.raises(BadFileError, match="line 1"):
        parse("a.xml", b"<a>&nbsp;</a>")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "latin-1"])
def test_other_encodings_are_refused(encoding: str) -> None:
    with pytest.raises(BadFileError):
        parse("a.xml", GOOD.encode(encoding))


def test_a_document_that_declares_another_encoding_is_refused() -> None:
    with pytest.raises(BadFileError, match="ISO-8859-1"):
        parse("a.xml", b'<?xml version="1.0" encoding="ISO-8859-1"?><a/>')


def test_a_document_that_is_not_well_formed_is_refused_with_its_line() -> None:
    with pytest.raises(BadFileError, match=r"bad\.xml is not well-formed XML: line 2"):
        parse("bad.xml", b"<a>\n<b></a>")


@pytest.mark.parametrize("data", [b"", b"   ", b"just words", b"<a/><b/>", b"\0\0\0"])
def test_what_is_no_document_is_refused(data: bytes) -> None:
    with pytest.raises(BadFileError):
        parse("a.xml", data)


def test_a_document_over_the_cap_is_refused_unread() -> None:
    with pytest.raises(BadFileError, match="too large"):
        parse("a.xml", b"<a>" + b" " * MAX_BYTES + b"</a>")


def test_very_deep_nesting_ends_soon_and_quietly() -> None:
    began = time.perf_counter()
    deep = parse("a.xml", b"<a>" * 200_000 + b"</a>" * 200_000)
    assert sum(1 for _ in deep.iter()) == 200_000
    del deep
    assert time.perf_counter() - began < 30


@given(st.integers(0, len(GOOD.encode()) - 2))
def test_a_document_cut_anywhere_before_its_end_is_refused(length: int) -> None:
    with pytest.raises(BadFileError):
        parse("a.xml", GOOD.rstrip().encode()[: min(length, len(GOOD.rstrip().encode()) - 1)])


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail_in_another_way(data: bytes) -> None:
    with suppress(BadFileError):
        parse("a.xml", data)


SHAPE = {"visits": "visit", "visit": "id from note", "from": "@id"}


def test_a_document_of_the_known_shape_passes() -> None:
    check_shape(
        "a.xml", parse("a.xml", b'<visits><visit><id>1</id><from id="x">X</from></visit></visits>'), SHAPE
    )


@pytest.mark.parametrize(
    ("inside", "says"),
    [
        (b"<visit><mood/></visit><visit><mood/></visit>", r"<mood> in <visit> \(2 times\)"),
        (b'<visit id="1"/>', r"id= of <visit> \(1 times\)"),
        (b"<visit><id><b/></id></visit>", r"<b> in <id>"),
    ],
)
def test_what_the_parser_was_never_told_about_is_named_and_counted(inside: bytes, says: str) -> None:
    with pytest.raises(UnknownValueError, match=says):
        check_shape("a.xml", parse("a.xml", b"<visits>" + inside + b"</visits>"), SHAPE)


def test_a_document_with_another_root_is_another_publishers() -> None:
    with pytest.raises(BadFileError, match="<html>, not <visits>"):
        check_shape("a.xml", parse("a.xml", b"<html/>"), SHAPE)


@pytest.mark.parametrize("data", [b"<visit/>", b"<visit><id>1</id><id>1</id></visit>"])
def test_a_field_that_is_missing_or_doubled_is_refused(data: bytes) -> None:
    with pytest.raises(BadFileError, match="<id>, not one"):
        field("a.xml", parse("a.xml", data), "id")


@pytest.mark.parametrize(
    ("head", "tag"),
    [
        (b"<trips>", "trips"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x -->\n<country-mission a="1">', "country-mission"),
        (b"<!DOCTYPE html><html>", ""),
        (b"PK\x03\x04", ""),
        (b"<!---->" * 580, ""),
        (b"", ""),
    ],
)
def test_the_root_is_read_off_the_first_bytes(head: bytes, tag: str) -> None:
    assert root_tag(head) == tag
