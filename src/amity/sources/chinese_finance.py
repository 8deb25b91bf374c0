"""Chinese official finance by project, 2000 to 2014, as AidData found it in the news and in official records.

One project is one row in dollars of 2014, one in dollars of its year where an amount is known, and one that counts it.
Two projects in five have no amount: what a recipient got in such a year is not known, and is not zero.
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
    from collections.abc import Iterator, Mapping

ABOUT = Source(
    id="chinese_finance",
    title="Global Chinese Official Finance Dataset, 2000-2014, version 1.0",
    producer="AidData, William & Mary",
    says="Projects of China's government and its banks abroad, aid and other finance, by recipient and year 2000-2014.",
    homepage="https://www.aiddata.org/data/chinese-global-official-finance-dataset",
    licence=Licence(
        id="LicenseRef-AidData",
        name="Free to use with citation (AidData); not passed on here",
        url="https://www.aiddata.org/data/chinese-global-official-finance-dataset-version-1-0",
        may_share=False,
    ),
    citation=(
        "AidData. 2017. Global Chinese Official Finance Dataset, 2000-2014, Version 1.0. https://www.aiddata.org. "
        "Also: Dreher, Axel, Andreas Fuchs, Bradley Parks, Austin Strange and Michael J. Tierney. 2021. Aid, China, "
        "and Growth: Evidence from a New Global Development Finance Dataset. American Economic Journal: Economic "
        "Policy 13 (2), 135-174"
    ),
    bibtex="""@misc{chinese_finance,
  author = {{AidData}},
  title = {Global Chinese Official Finance Dataset, 2000-2014, Version 1.0},
  year = {2017},
  howpublished = {\\url{https://www.aiddata.org}}
}""",
    tables=(
        Table(
            "figures",
            (
                *("chinese_oda_like", "chinese_oof_like", "chinese_vague_finance"),
                *("chinese_oda_like_current", "chinese_oof_like_current", "chinese_vague_finance_current"),
                "chinese_projects",
            ),
            floor=9_500,
            coverage=Coverage(
                start=date(2000, 1, 1),
                end=date(2014, 12, 31),
                states="China, to every recipient that the file names; amounts only in years without a project whose "
                "amount is unknown",
                zero="no project became known to AidData",
            ),
        ),
    ),
    files="GlobalChineseOfficialFinanceDataset_v1.0.xlsx, one row a project",
    by_hand="https://www.aiddata.org/data/chinese-global-official-finance-dataset-version-1-0",
    oddities=(
        "5,466 projects, of which 4,373 are recommended for research and read; the others are pledges (701), cancelled "
        "or suspended (44), or umbrellas over other rows (348 more), and are counted in review.",
        "1,697 of the 4,373 (38.8 %) have no amount: a cell with one space. The 2,676 amounts come to 354.4 billion "
        "dollars of 2014, as the publisher says.",
        "The year of 351 (8.0 %) is uncertain with the publisher. It is the year of commitment, not of payment.",
        "59 (1.3 %) go to several states or a region under one amount, and 19 to places that are no states; set aside.",
        "The column of COW codes lacks Serbia, South Sudan, Timor-Leste and Antigua, and has Yemen as 678, the state "
        "that ended in 1990. Recipients are read by name.",
        "360 of the 4,373 are of a kind that AidData could not tell (vague): neither aid nor other finance.",
    ),
)

SHEET = "ChineseOfficialFinance1.0"
NEEDS = (
    *("project_id", "recommended_for_research", "year", "donor", "recipient_condensed"),
    *("status", "flow_class", "usd_defl_2014", "usd_current"),
)
COLUMNS = (
    *NEEDS,
    *("umbrella", "funding_agency", "implementing_agency", "title", "description", "flow", "intent"),
    *("amount", "currency", "crs_sector_code", "crs_sector_name", "sources", "sources_count"),
    *("cofinancing_agency", "recipient_agencies", "recipient_agencies_count", "deflators_used"),
    *("exchange_rates_used", "start_actual", "start_planned", "end_actual", "end_planned", "year_uncertain"),
    *(
        "all_recipients",
        "recipient_count",
        "recipient_cow_code",
        "recipient_oecd_code",
        "recipient_oecd_name",
    ),
    *("recipient_iso3", "recipient_iso2", "recipient_un_code", "recipient_imf_code", "recipient_region"),
    *("line_of_credit", "is_cofinanced", "is_ground_truthing", "loan_type", "interest_rate", "maturity"),
    *("grace_period", "grant_element", "location_details", "contacts", "source_triangulation"),
    "field_completeness",
)
"""The publisher's columns; those of `NEEDS` are read."""

CLASSES = {
    "ODA-like": "chinese_oda_like",
    "OOF-like": "chinese_oof_like",
    "Vague (Official Finance)": "chinese_vague_finance",
}
PROJECTS = "chinese_projects"
STATUSES = frozenset(
    {"Completion", "Implementation", "Pipeline: Commitment", "Pipeline: Pledge", "Cancelled", "Suspended"}
)
CHINA = 710
YEARS = range(2000, 2015)

_NAME = re.compile(r"GlobalChineseOfficialFinanceDataset_v1\.0\.xlsx")
_MEND = "download the file again from " + ABOUT.by_hand


class Project(NamedTuple):
    """One row of the publisher; `deflated` and `current` are in dollars, missing where no amount is known."""

    ref: str
    recommended: bool
    year: int
    recipient: str
    status: str
    kind: str
    deflated: float | None
    current: float | None


def requests() -> tuple[Request, ...]:
    """None: the publisher's page gives no address that stays (`ABOUT.by_hand`)."""
    return ()


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is this source's: by the publisher's name for it, and by how a workbook begins."""
    from amity.sources.spreadsheets import MAGIC  # noqa: PLC0415

    return _NAME.fullmatch(name.rsplit("/", 1)[-1]) is not None and head.startswith(MAGIC)


def parse(files: Mapping[str, bytes]) -> Parsed:
    """Recommended projects as `figures`, with `coverage` by recipient and `review` of all others.

    Unknown columns, classes and statuses raise `UnknownValueError`, unknown recipients `UnknownStateError`; projects
    that stand twice, and what is no year or amount, raise `BadFileError`.
    """
    projects = [project for name in sorted(files) for project in _projects(name, files[name])]
    unique = list(dict.fromkeys(projects))
    if len({project.ref for project in unique}) != len(unique):
        raise BadFileError("projects stand twice with different values", _MEND)
    told = _with_codes(unique, next(iter(sorted(files)), ABOUT.id))
    kept = told.filter(pl.col("why").is_null())
    return Parsed(
        {
            "figures": _figures(kept),
            "coverage": _coverage(told, kept),
            "review": figures.set_aside(
                told.drop_nulls("why").select("file", "why", place="recipient"), "projects"
            ),
        }
    )


def _projects(name: str, data: bytes) -> Iterator[Project]:
    from amity.sources import spreadsheets  # noqa: PLC0415

    file = name.rsplit("/", 1)[-1]
    sheets = spreadsheets.sheets(file, data)
    if list(sheets) != [SHEET]:
        raise BadFileError(f"{file} has the sheets {', '.join(sheets)[:80]}, not {SHEET}", _MEND)
    header, *rows = sheets[SHEET] or [[]]
    missing = [column for column in COLUMNS if header.count(column) != 1]
    if missing:
        raise BadFileError(f"{file} lacks (or repeats) the columns {', '.join(missing)[:200]}", _MEND)
    unknown = [str(column)[:40] for column in header if column not in COLUMNS]
    if unknown:
        raise UnknownValueError(
            f"{file} has {len(unknown)} columns that nobody has looked at: {', '.join(unknown[:5])}",
            "look at what the publisher added, and list it in COLUMNS of sources/chinese_finance.py",
        )
    places = {column: header.index(column) for column in NEEDS}
    for number, row in enumerate(rows, start=2):
        yield _project(f"{file}, row {number}", {column: row[place] for column, place in places.items()})


def _project(where: str, row: Mapping[str, object]) -> Project:
    ref, year = (_whole(where, column, row[column]) for column in ("project_id", "year"))
    if year not in YEARS:
        raise BadFileError(f"{where}: {year} is no year from {YEARS[0]} to {YEARS[-1]}", _MEND)
    for column, known in (("donor", {"China"}), ("status", STATUSES), ("flow_class", CLASSES)):
        if row[column] not in known:
            raise UnknownValueError(
                f"{where}: unknown {column.replace('_', ' ')} {str(row[column])[:40]!r}",
                "find out what it means, and tell sources/chinese_finance.py",
            )
    recommended = row["recommended_for_research"]
    if not isinstance(recommended, bool):
        raise BadFileError(f"{where}: {str(recommended)[:20]!r} is neither true nor false", _MEND)
    deflated, current = (_amount(where, row[column]) for column in ("usd_defl_2014", "usd_current"))
    if (deflated is None) != (current is None):
        raise BadFileError(f"{where}: only one of the two amounts is known", _MEND)
    return Project(
        ref=str(ref),
        recommended=recommended,
        year=year,
        recipient=str(row["recipient_condensed"]),
        status=str(row["status"]),
        kind=CLASSES[str(row["flow_class"])],
        deflated=deflated,
        current=current,
    )


def _whole(where: str, column: str, value: object) -> int:
    if not isinstance(value, float) or not value.is_integer() or not 0 < value < 10**7:
        raise BadFileError(f"{where}: {column} is {str(value)[:20]!r}, no whole number", _MEND)
    return int(value)


def _amount(where: str, value: object) -> float | None:
    """Dollars; None for a cell with nothing or a space in it."""
    if isinstance(value, str) and not value.strip():
        return None
    if not isinstance(value, float) or not 0 < value < 10**13:
        raise BadFileError(f"{where}: {str(value)[:20]!r} is no amount", _MEND)
    return value


def _with_codes(projects: list[Project], name: str) -> pl.DataFrame:
    """The projects with `ccode` of the recipient and, where one is set aside, `why`."""
    types = (pl.String, pl.Boolean, pl.Int32, pl.String, pl.String, pl.String, pl.Float64, pl.Float64)
    schema = dict(zip(Project._fields, types, strict=True))
    file = name.rsplit("/", 1)[-1]
    frame = pl.DataFrame(projects, schema=schema, orient="row").with_columns(*figures.years("year", "year"))
    coded = resolve(frame, "recipient", ABOUT.id, "end", file=file)
    advised = pl.when(~pl.col("recommended")).then(
        pl.format("not recommended for research: {}", pl.col("status").str.to_lowercase())
    )
    return coded.with_columns(file=pl.lit(file), why=pl.coalesce(advised, "left_out"))


def _figures(kept: pl.DataFrame) -> pl.DataFrame:
    told = kept.with_columns(
        period=pl.col("year").cast(pl.String), ccode_from=pl.lit(CHINA), ccode_to=pl.col("ccode")
    )
    known = told.drop_nulls("deflated")
    rows = pl.concat(
        [
            known.with_columns(value="deflated", unit=pl.lit("USD of 2014")),
            known.with_columns(kind=pl.col("kind") + "_current", value="current", unit=pl.lit("USD")),
            told.with_columns(kind=pl.lit(PROJECTS), value=pl.lit(1.0), unit=pl.lit("projects")),
        ]
    )
    return figures.typed(rows.sort("kind", "ccode_to", "year", pl.col("ref").cast(pl.Int32)), "figures")


def _coverage(told: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """Every year for each recipient; for amounts of a kind without the years in which one of them is unknown."""
    named = told.select("ccode").drop_nulls().unique()
    kinds = [PROJECTS, *CLASSES.values(), *(f"{kind}_current" for kind in CLASSES.values())]
    every = named.join(pl.DataFrame({"kind": kinds}), how="cross").join(
        pl.DataFrame({"year": list(YEARS)}, schema={"year": pl.Int32}), how="cross"
    )
    lacking = kept.filter(pl.col("deflated").is_null()).select("ccode", "year", plain="kind")
    known = every.with_columns(plain=pl.col("kind").str.strip_suffix("_current")).join(
        lacking, on=["ccode", "year", "plain"], how="anti"
    )
    return figures.covered(
        known.select("kind", *figures.years("year", "year"), ccode_from=pl.lit(CHINA), ccode_to="ccode")
    )
