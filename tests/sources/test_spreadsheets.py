"""Excel workbooks, whole, damaged and hostile."""

from __future__ import annotations

import random
import runpy
import zipfile
from contextlib import suppress
from datetime import date
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from amity.errors import AmityError, BadFileError
from amity.sources import spreadsheets

if TYPE_CHECKING:
    from collections.abc import Callable

x = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("xlsx_writer.py"))))
TABLE = {"One, two": [["", "a & b"], [], ["<c>", 1.5, True], ["é"]], "Three": [["x"]]}
PARTS: dict[str, str] = x.parts(TABLE)
SHEET = "xl/worksheets/sheet1.xml"


def changed(name: str, change: Callable[[str], str]) -> bytes:
    """A workbook with one of the files inside changed."""
    return x.packed(PARTS | {name: change(PARTS[name])})


def refused(data: bytes, match: str) -> None:
    with pytest.raises(BadFileError, match=match):
        spreadsheets.sheets("a.xlsx", data)


def test_sheets_come_by_name_with_every_cell_in_its_place() -> None:
    assert spreadsheets.sheets("a.xlsx", x.workbook(TABLE)) == {
        "One, two": [["", "a & b", ""], ["", "", ""], ["<c>", 1.5, True], ["é", "", ""]],
        "Three": [["x"]],
    }


def test_a_sheet_that_begins_further_in_keeps_its_empty_margin() -> None:
    data = x.workbook({"A": [[], ["", "", "here"]]})
    assert spreadsheets.sheets("a.xlsx", data)["A"] == [["", "", ""], ["", "", "here"]]


def test_pictures_and_drawings_are_not_read() -> None:
    more = {"docProps/thumbnail.jpeg": b"\xff\xd8<c \x00", "xl/drawings/drawing1.xml": "<xdr:row>5</xdr:row>"}
    assert spreadsheets.sheets("a.xlsx", x.packed(PARTS | more))["Three"] == [["x"]]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"<html>", b"PK\x03\x04" + bytes(4000)])
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    refused(data, "no whole workbook")


def test_a_zip_of_something_else_is_refused() -> None:
    refused(x.packed({"a.xml": "<a/>"}), "no whole workbook")
    refused(x.packed({name: text for name, text in PARTS.items() if name != SHEET}), "no whole workbook")


def test_a_workbook_cut_short_anywhere_is_refused() -> None:
    data = x.workbook(TABLE)
    for size in range(0, len(data), 97):
        refused(data[:size], "no whole workbook")


def test_a_bomb_is_not_unpacked() -> None:
    refused(x.packed(PARTS | {"xl/bomb.xml": bytes(spreadsheets.MAX_BYTES)}), "unpacks to more than")


def test_a_thousand_files_inside_are_refused() -> None:
    refused(x.packed({f"{number}.xml": "" for number in range(1000)}), "files inside")


@pytest.mark.parametrize("place", ["XFD1048576", "A1048576", "XFD1", "ZZZ1", "A9999999"])
def test_a_cell_that_would_take_all_memory_is_refused(place: str) -> None:
    refused(changed(SHEET, lambda text: text.replace('r="B1"', f'r="{place}"')), "too far out")


@pytest.mark.parametrize("place", ["", ' r=""', ' r="&#88;FD1"', ' r="A99999999999"', " x='>' r='XFD1'"])
def test_a_cell_that_does_not_say_where_it_stands_is_refused(place: str) -> None:
    refused(changed(SHEET, lambda text: text.replace(' r="B1"', place)), "does not say where")


def test_a_long_text_in_many_cells_is_refused() -> None:
    rows = [["long"] * 400 for _ in range(400)]
    parts = x.parts({"A": rows})
    strings = "xl/sharedStrings.xml"
    parts[strings] = parts[strings].replace("long", "long" * 5_000)
    refused(x.packed(parts), "texts may come to")


def test_an_encrypted_member_is_refused() -> None:
    data = bytearray(x.workbook(TABLE))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        data[place + at] |= 1
    refused(bytes(data), "no whole workbook")


def test_spoilt_sheets_are_read_or_refused_and_nothing_else() -> None:
    dice, outcomes = random.Random(5), []  # noqa: S311
    for _ in range(400):
        parts = {name: bytearray(text.encode()) for name, text in PARTS.items()}
        name = dice.choice([*parts])
        for _ in range(dice.randrange(1, 12)):
            at = dice.randrange(len(parts[name]))
            if dice.random() < 0.3:
                del parts[name][at : at + dice.randrange(1, 40)]
            else:
                parts[name][at] = dice.choice(b'<>"/=&;0123456789rstvABX \x00\xff')
        with suppress(AmityError):
            spreadsheets.sheets("a.xlsx", x.packed({inside: bytes(text) for inside, text in parts.items()}))
            outcomes.append(True)
            continue
        outcomes.append(False)
    assert 50 < outcomes.count(True) < 350


def test_spoilt_bytes_are_read_or_refused_and_nothing_else() -> None:
    dice, good = random.Random(6), x.workbook(TABLE)  # noqa: S311
    outcomes = []
    for _ in range(200):
        data = bytearray(good)
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        with suppress(AmityError):
            spreadsheets.sheets("a.xlsx", bytes(data))
            outcomes.append(True)
            continue
        outcomes.append(False)
    assert outcomes.count(False) > 100


@pytest.mark.publisher_data
def test_the_publishers_largest_workbook_is_far_below_the_limits(publisher_data: Path) -> None:
    path = publisher_data / "aid" / "GlobalChineseOfficialFinanceDataset_v1.0.xlsx"
    with zipfile.ZipFile(BytesIO(path.read_bytes())) as archive:
        assert sum(info.file_size for info in archive.infolist()) * 4 < spreadsheets.MAX_BYTES
    (rows,) = spreadsheets.sheets(path.name, path.read_bytes()).values()
    assert (len(rows), len(rows[0])) == (5_467, 54)
    assert any(isinstance(cell, date) for row in rows for cell in row)
