"""Lists of event files are read line by line, and believed no further than they must be."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.catalog import Request
from amity.errors import FetchError
from amity.ingest.listing_events import Aside, named
from amity.ingest.trying import Wanted

ONE = Request("https://a.org/data/events/filesizes", "", "gdelt1", "*.zip")
TWO = Request("https://a.org/data/gdeltv2/masterfilelist.txt", "", "gdelt2", "*.export.CSV.zip")
SET = Request("https://a.org/api/datasets/:persistentId/?persistentId=doi:1/2", "", "dataverse", "events.*")
PAGE = "https://a.org/people"
MD5 = "0123456789abcdef0123456789ABCDEF"
FILE = {"id": 7, "filename": "events.1995.tab", "filesize": 3, "md5": MD5, "creationDate": "2015-03-27"}


def read(request: Request, data: bytes) -> tuple[list[Wanted], Aside]:
    aside = Aside()
    return list(named(request, io.BytesIO(data), PAGE, aside)), aside


def data_set(*files: dict[str, Any], **more: Any) -> bytes:
    entries = [
        {"label": file.get("filename"), "restricted": False, "dataFile": file} | more for file in files
    ]
    return json.dumps({"status": "OK", "data": {"latestVersion": {"files": entries}}}).encode()


def test_sizes_and_hashes_of_gdelt_1_come_in_two_lists() -> None:
    wanted, aside = read(ONE, b"123 20130401.export.CSV.zip\n7 1979.zip\n1 readme.txt\n")
    assert wanted == [
        Wanted("https://a.org/data/events/20130401.export.CSV.zip", "20130401.export.CSV.zip", size=123),
        Wanted("https://a.org/data/events/1979.zip", "1979.zip", size=7),
    ]
    assert aside.count == 0
    digits = "1" * 32
    wanted, _ = read(ONE, f"{MD5}  1979.zip\n{digits}  1980.zip\n".encode())
    assert [(want.md5, want.size) for want in wanted] == [(MD5.lower(), None), (digits, None)]


def test_a_file_of_gdelt_2_is_asked_for_beside_its_list_and_never_without_tls() -> None:
    name = "20150218230000.export.CSV.zip"
    lines = [
        f"150383 {MD5} http://data.gdeltproject.org/gdeltv2/{name}",
        f"318084 {MD5} http://data.gdeltproject.org/gdeltv2/20150218230000.mentions.CSV.zip",
    ]
    wanted, aside = read(TWO, "\n".join(lines).encode())
    assert wanted == [Wanted(f"https://a.org/data/gdeltv2/{name}", name, size=150383, md5=MD5.lower())]
    assert aside.count == 0


@pytest.mark.parametrize(
    "line",
    [
        "150383",
        "http://data.gdeltproject.org/gdeltv2/a.export.CSV.zip",
        f"150383 {MD5}",
        f"-1 {MD5} http://a.org/gdeltv2/a.export.CSV.zip",
        f"0 {MD5} http://a.org/gdeltv2/a.export.CSV.zip",
        f"{'9' * 16} {MD5} http://a.org/gdeltv2/a.export.CSV.zip",
        f"{chr(0x661)} {MD5} http://a.org/gdeltv2/a.export.CSV.zip",
        "1 abc http://a.org/gdeltv2/a.export.CSV.zip",
        f"1 {MD5} http://a.org/gdeltv2/../a.export.CSV.zip",
        f"1 {MD5} http://a.org/gdeltv2/..",
        f"1 {MD5} http://a.org/elsewhere/a.export.CSV.zip",
        f"1 {MD5} http://a.org/gdeltv2/a\x00.export.CSV.zip",
        f"1 {MD5} http://a.org/gdeltv2/a.export.CSV.zip more",
        f"1 {MD5} http://a.org/gdeltv2/{'a' * 5000}.export.CSV.zip",
        f"1 {MD5} a.export.CSV.zip",
    ],
)
def test_a_line_that_cannot_be_read_is_counted_and_the_others_are_taken(line: str) -> None:
    good = "".join(f"1 {MD5} http://a.org/gdeltv2/{n}.export.CSV.zip\n" for n in range(5))
    wanted, aside = read(TWO, f"{good}{line}\n{good}".encode())
    assert len(wanted) == 10
    assert aside.count in (1, 2)
    assert aside.first[0] == line.encode().decode("ascii", "backslashreplace").strip()[:80]


@pytest.mark.parametrize(
    ("request_", "data", "why"),
    [
        (TWO, b"", "it is empty"),
        (TWO, b"rate limited\n", "1 of its lines cannot be read, such as"),
        (ONE, b"\xff\xfe\x00" * 9000, "cannot be read"),
        (SET, b"<html>", "it is no JSON"),
        (SET, b"[" * 100_000, "it is no JSON"),
        (SET, b"[]", "it says nothing of a latest version"),
        (SET, b'{"status": "ERROR", "message": "not found"}', "it says nothing of a latest version"),
        (SET, b'{"data": {"latestVersion": {"files": {}}}}', "it names no files"),
        (SET, data_set(), "it names no files"),
        (SET, b'{"data": {"latestVersion": {"files": [1]}}}', "not described as Dataverse"),
        (SET, b'{"data": {"latestVersion": {"files": [{"dataFile": 3}]}}}', "not described as Dataverse"),
    ],
)
def test_what_is_no_list_is_refused_with_the_page_for_people(
    request_: Request, data: bytes, why: str
) -> None:
    with pytest.raises(FetchError) as caught:
        read(request_, data)
    assert why in caught.value.what
    assert PAGE in caught.value.mend


def test_files_of_a_data_set_are_asked_for_as_they_were_handed_in() -> None:
    rewritten = FILE | {
        "id": 8,
        "filename": "events.1996.tab",
        "originalFileFormat": "text/csv",
        "originalFileName": "events.1996.csv",
        "originalFileSize": 5,
    }
    wanted, _ = read(SET, data_set(rewritten, FILE, FILE | {"filename": "readme.pdf"}))
    assert wanted == [
        Wanted("https://a.org/api/access/datafile/7", "events.1995.tab", size=3, md5=MD5.lower()),
        Wanted(
            "https://a.org/api/access/datafile/8?format=original", "events.1996.csv", size=5, md5=MD5.lower()
        ),
    ]


def test_the_newest_file_of_a_data_set_comes_last() -> None:
    newer, older = FILE | {"id": 9, "creationDate": "2018-07-10"}, FILE
    assert [want.url[-1] for want in read(SET, data_set(newer, older))[0]] == ["7", "9"]


@pytest.mark.parametrize(
    "change",
    [
        {"id": "7"}, {"id": -7}, {"id": True}, {"filename": "../a"}, {"filename": ".."}, {"filename": 3},
        {"filename": "a\nb"}, {"md5": "abc"}, {"md5": 3}, {"filesize": "3"}, {"filesize": -1},
    ],
)  # fmt: skip
def test_a_file_of_a_data_set_that_is_not_described_rightly_is_passed_over(change: dict[str, Any]) -> None:
    wanted, aside = read(SET, data_set(FILE | change, FILE))
    assert len(wanted) == 1
    assert aside.count == 1
    assert "cannot be read" in aside.first[0]


def test_a_file_that_the_publisher_keeps_back_is_named() -> None:
    wanted, aside = read(SET, data_set(FILE, restricted=True))
    assert wanted == []
    assert aside.first == ["'events.1995.tab' is kept back"]


@given(st.binary(max_size=400), st.sampled_from([ONE, TWO, SET]))
def test_no_bytes_lead_elsewhere(data: bytes, request_: Request) -> None:
    try:
        wanted, _ = read(request_, data)
    except FetchError:
        return
    for want in wanted:
        assert want.url.startswith("https://a.org/")
        assert "/" not in want.file
