"""Monthly trade in goods as the International Monetary Fund publishes it: Direction of Trade Statistics.

A workbook is one reporting country's, with a sheet of its exports, free on board, and one of its imports with cost,
insurance and freight. The two are two kinds of figure: what one state says that it sold, and what the other says that
it bought, differ by freight, by months on the way, and by ports of call; they are never merged.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amity.catalog import Coverage, Licence, Request, Source, Table
from amity.errors import BadFileError, UnknownValueError
from amity.sources import Parsed, figures
from amity.states import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amity.sources.spreadsheets import Sheet

ABOUT = Source(
    id="imf_dots",
    title="Direction of Trade Statistics",
    producer="International Monetary Fund",
    says="What a country says that it exported to and imported from each other one in goods, month by month.",
    homepage="https://data.imf.org/dot",
    licence=Licence(
        id="LicenseRef-IMF-terms",
        name="Copyright and usage of the International Monetary Fund; not passed on here",
        url="https://www.imf.org/en/About/copyright-and-terms",
        may_share=False,
    ),
    citation="International Monetary Fund. Direction of Trade Statistics (DOTS). https://data.imf.org/dot",
    bibtex="""@misc{imf_dots,
  author = {{International Monetary Fund}},
  title = {Direction of Trade Statistics},
  howpublished = {\\url{https://data.imf.org/dot}}
}""",
    tables=(
        Table(
            "figures",
            ("exports_fob", "imports_cif"),
            floor=12_000,
            coverage=Coverage(
                start=date(1960, 1, 1),
                end=None,
                states="each country whose workbook is loaded, with the partners and months that it has a figure for",
                zero="nothing: every month that is covered has a figure, 0.00 where the publisher writes it",
            ),
        ),
    ),
    files="Exports_and_Imports_COUNTRY.xlsx, one workbook a reporting country",
    by_hand="https://data.imf.org/dot",
    oddities=(
        "The header is in row 7. Two reporters' exports go on to December 2023; everything else ends with 2022.",
        "The first row of every sheet, Australia, stands again further down, with the same figures. Without it there "
        "are 534,076 figures.",
        "100,887 figures (18.9 %) are text with a flag, rounded to 0.01 million: 78,434 'r' and 22,453 'e', which the "
        "workbooks do not explain. They come by whole years of a reporter (Laos and Myanmar always, Brunei to 2013, "
        "Cambodia to 2014, Vietnam to 2017, the Philippines in 2016 and 2019, Indonesia in 2022), as where the "
        "publisher spreads a year over its months or asks the partners. The flag ends the ref of a row.",
        "Text has commas for thousands; 20,164 of the flagged figures are 0.00, of the plain ones none.",
        "178,076 of 715,596 cells (24.9 %) are empty: the publisher does not say whether nothing was traded or nothing "
        "reported. They are unknown here.",
        "82,125 figures (15.4 %) are of regions, groups, territories and partners without a name, and are set aside. "
        "Among them are Hong Kong and Macao, which are no part of China's figures, and 83 figures of Yugoslavia and "
        "Czechoslovakia.",
    ),
)

SHEETS = {"Exports, FOB": "exports_fob", "Imports, CIF": "imports_cif"}
TITLES = {
    "Exports, FOB": "Exports, FOB to Partner Countries",
    "Imports, CIF": "Imports, CIF from Partner Countries",
}
UNIT = "US Dollars, Millions"
FLAGS = frozenset({"", "r", "e"})
HEADER = 6
"""The row of the months, counted from 0; the reporter's name is in row 3, the unit in row 4."""
MILLION = 1_000_000

_NAME = re.compile(r"Exports_and_Imports_[^/]+\.xlsx")
_MONTH = re.compile(r"(19[4-9][0-9]|20[0-9][0-9])M(0[1-9]|1[0-2])")
_FLAGGED = re.compile(
    r"([0-9]{1,3}(?:,[0-9]{3})*(?:\.[0-9]{1,6})?|[0-9]{1,9}(?:\.[0-9]{1,6})?) ?([A-Za-z*]{0,3})"
)
_MEND = (
    "download the workbook again from https://data.imf.org/dot (exports and imports by areas and countries)"
)
_TEXTS = ("file", "kind", "reporter", "partner", "month", "flag")
_SCHEMA = {**dict.fromkeys(_TEXTS, pl.String), "value": pl.Float64}


class Sorted(NamedTuple):
    """The months of a sheet, and its rows of one value a month behind the partner's name."""

    months: tuple[str, ...]
    partners: dict[str, tuple[object, ...]]


def requests() -> tuple[Request, ...]:
    """None: the publisher's pages make a workbook when a person asks (`ABOUT.by_hand`)."""
    return ()


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is this source's: by the publisher's name for it, and by how a workbook begins."""
    from amity.sources.spreadsheets import MAGIC  # noqa: PLC0415

    return _NAME.fullmatch(name.rsplit("/", 1)[-1]) is not None and head.startswith(MAGIC)


def parse(files: Mapping[str, bytes]) -> Parsed:
    """Monthly exports and imports in dollars as `figures`, with `coverage` of the months that have one, and `review`.

    Rows point from the exporter to the importer, whoever reports; `ref` begins with the reporter. Unknown sheets and
    flags raise `UnknownValueError`, unknown partners `UnknownStateError`; what is no amount, and a partner that stands
    twice with different amounts, raise `BadFileError`.
    """
    sheets = [sheet for name in sorted(files) for sheet in _workbook(name, files[name])]
    cells = pl.concat([pl.DataFrame(schema=_SCHEMA), *sheets])
    told = _unique(_with_codes(cells).drop_nulls("value"))
    kept = told.filter(pl.col("why").is_null())
    return Parsed(
        {
            "figures": figures.typed(kept.sort("kind", "reporter", "partner", "month"), "figures"),
            "coverage": figures.covered(kept.select("kind", "ccode_from", "ccode_to", "start", "end")),
            "review": figures.set_aside(told.drop_nulls("why").select("file", "why", place="partner")),
        }
    )


def _workbook(name: str, data: bytes) -> list[pl.DataFrame]:
    from amity.sources import spreadsheets  # noqa: PLC0415

    file = name.rsplit("/", 1)[-1]
    sheets = spreadsheets.sheets(file, data)
    unknown = [title for title in sheets if title not in SHEETS]
    if unknown or len(sheets) != len(SHEETS):
        raise UnknownValueError(
            f"{file} has the sheets {', '.join(sheets)[:80]}, not {' and '.join(SHEETS)}",
            "look at what the publisher changed, and tell sources/imf_dots.py what it means",
        )
    return [_sheet(file, title, sheets[title]) for title in SHEETS]


def _sheet(file: str, title: str, sheet: Sheet) -> pl.DataFrame:
    """The figures of one sheet, one row each: columns of `_SCHEMA`. A partner without any has one without a value."""
    where = f"{file}, {title}"
    reporter = _reporter(where, title, sheet)
    months, partners = _sorted(where, sheet)
    rows = [
        (file, SHEETS[title], reporter, partner, month, *read)
        for partner, values in partners.items()
        for month, value in zip(months, values, strict=True)
        if (read := _amount(where, partner, month, value))[1] is not None or month == months[0]
    ]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _reporter(where: str, title: str, sheet: Sheet) -> str:
    """Whose sheet it is; its heading and unit must be those that are known."""
    head = [str(row[1]) if len(row) > 1 else "" for row in sheet[:HEADER]]
    if len(head) < HEADER or head[1] != TITLES[title]:
        raise BadFileError(f"{where}: row 2 does not say {TITLES[title]!r}", _MEND)
    if head[4] != UNIT:
        raise UnknownValueError(
            f"{where}: amounts are in {head[4][:40]!r}, not {UNIT!r}", "choose US dollars when downloading"
        )
    return head[3]


def _sorted(where: str, sheet: Sheet) -> Sorted:
    header, rows = (sheet[HEADER] if len(sheet) > HEADER else []), sheet[HEADER + 1 :]
    months = [str(month) for month in header[2:]]
    if not months or len(set(months)) != len(months) or not all(map(_MONTH.fullmatch, months)):
        raise BadFileError(f"{where}: row 7 does not hold months such as 2011M01, each once", _MEND)
    partners: dict[str, tuple[object, ...]] = {}
    for row in rows:
        partner, values = str(row[1]), tuple(row[2:])
        if partners.setdefault(partner, values) != values:
            raise BadFileError(f"{where}: {partner[:40]!r} stands twice with different amounts", _MEND)
    return Sorted(tuple(months), partners)


def _amount(where: str, partner: str, month: str, value: object) -> tuple[str, float | None]:
    """The flag of an amount, and the amount in dollars; missing for an empty cell."""
    if value == "":
        return "", None
    if isinstance(value, float) and 0 <= value < 10**7:
        return "", round(value * MILLION, 2)
    found = _FLAGGED.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise BadFileError(f"{where}: {str(value)[:20]!r} ({partner[:40]}, {month}) is no amount", _MEND)
    if found[2] not in FLAGS:
        raise UnknownValueError(
            f"{where}: an amount has the unknown flag {found[2]!r} ({partner[:40]}, {month})",
            "find out what it means, and add it to FLAGS in sources/imf_dots.py",
        )
    return found[2], round(float(found[1].replace(",", "")) * MILLION, 2)


def _unique(cells: pl.DataFrame) -> pl.DataFrame:
    """Two workbooks of one reporter may overlap, where they say the same."""
    whole = cells.unique(
        subset=["kind", "reporter", "partner", "month", "value", "flag"], maintain_order=True
    )
    twice = whole.height - whole.select("kind", "reporter", "partner", "month").n_unique()
    if twice:
        raise BadFileError(
            f"{cells['file'][0]}: {twice} months stand in two workbooks of one reporter with different amounts",
            "load only the newer of the two",
        )
    return whole


def _with_codes(cells: pl.DataFrame) -> pl.DataFrame:
    """The columns of `figures`, with `file, reporter, partner`, and `why` where a partner is set aside."""
    first = pl.col("month").str.replace("M", "-").str.to_date("%Y-%m", strict=True)
    dated = cells.with_columns(start=first, end=first.dt.month_end())
    reporters = _coded(dated, "reporter")
    both = _coded(reporters, "partner").with_columns(
        why=pl.coalesce(
            "left_out_partner",
            pl.when(pl.col("ccode_partner") == pl.col("ccode_reporter")).then(pl.lit("the reporter itself")),
        )
    )
    sells = pl.col("kind") == "exports_fob"
    return both.with_columns(
        ccode_from=pl.when(sells).then("ccode_reporter").otherwise("ccode_partner"),
        ccode_to=pl.when(sells).then("ccode_partner").otherwise("ccode_reporter"),
        period="month",
        unit=pl.lit("USD"),
        ref=pl.concat_str("reporter", "kind", "partner", "month", pl.col("flag").replace("", None),
                          separator="|", ignore_nulls=True),
    )  # fmt: skip


def _coded(cells: pl.DataFrame, side: str) -> pl.DataFrame:
    """With the codes of the reporters or partners as `ccode_SIDE`, and why one has none as `left_out_SIDE`."""
    file = str(cells["file"][0]) if cells.height else ABOUT.id
    coded = resolve(cells, side, ABOUT.id, "start", file=file)
    if side == "reporter" and coded["ccode"].null_count():
        raise BadFileError(f"{file}: the workbook is not a state's", "load workbooks of states")
    return coded.rename({"ccode": f"ccode_{side}", "left_out": f"left_out_{side}"})
