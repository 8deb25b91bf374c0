"""A tiny writer of Excel workbooks, from the format's description, so that the reader has somebody to disagree with.

Loaded by path (`runpy`), because tests are no package. Texts stand once, in the shared strings, as Excel keeps them.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

Rows = list[list[object]]


def letters(column: int) -> str:
    """The name of a column counted from 0: A, B … Z, AA."""
    name = ""
    column += 1
    while column:
        column, place = divmod(column - 1, 26)
        name = chr(65 + place) + name
    return name


def cell(place: str, value: object, texts: dict[str, int]) -> str:
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str):
        return f'<c r="{place}" t="s"><v>{texts.setdefault(value, len(texts))}</v></c>' if value else ""
    return f'<c r="{place}"><v>{value!r}</v></c>'


def sheet(rows: Rows, texts: dict[str, int]) -> str:
    lines = [
        f'<row r="{number}">'
        + "".join(cell(f"{letters(column)}{number}", value, texts) for column, value in enumerate(row))
        + "</row>"
        for number, row in enumerate(rows, start=1)
    ]
    width = letters(max(map(len, rows), default=1) - 1)
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}"><dimension ref="A1:{width}{max(len(rows), 1)}"/>'
        f"<sheetData>{''.join(lines)}</sheetData></worksheet>"
    )


def linked(links: Iterable[tuple[str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{number}" Type="{LINKS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(links, start=1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def parts(sheets: Mapping[str, Rows]) -> dict[str, str]:
    """The files inside a workbook, by name."""
    texts: dict[str, int] = {}
    written = {
        f"xl/worksheets/sheet{number}.xml": sheet(rows, texts)
        for number, rows in enumerate(sheets.values(), start=1)
    }
    tabs = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(sheets, start=1)
    )
    types = "".join(f'<Override PartName="/{name}" ContentType="{KIND}.worksheet+xml"/>' for name in written)
    stored = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    links = [("worksheet", name.removeprefix("xl/")) for name in written]
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
        f'ContentType="application/xml"/><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
        f'PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/><Override '
        f'PartName="/xl/sharedStrings.xml" ContentType="{KIND}.sharedStrings+xml"/>{types}</Types>',
        "_rels/.rels": linked([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{tabs}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": linked([*links, ("sharedStrings", "sharedStrings.xml")]),
        "xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{MAIN}" uniqueCount="{len(texts)}">{stored}</sst>',
        **written,
    }


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """Files as a zip, the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()


def workbook(sheets: Mapping[str, Rows]) -> bytes:
    """A workbook of these sheets, each a list of rows of texts, numbers and truth values; empty texts are empty cells."""
    return packed(parts(sheets))
