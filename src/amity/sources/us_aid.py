"""American foreign aid by country and fiscal year since 1946: obligations and disbursements.

Each row of the publisher gives two rows of `figures`: in dollars of the base year, and in dollars of its own
year. Negative amounts are money taken back and stay. Plans and budget requests are known and not read.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amity.catalog import Coverage, Licence, Request, Source, Table, polars_schema
from amity.errors import BadFileError, UnknownValueError
from amity.sources import Parsed
from amity.sources.text import csv_header, read_csv
from amity.states import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ABOUT = Source(
    id="us_aid",
    title="US foreign assistance by country",
    producer="United States Department of State and United States Agency for International Development",
    says="Foreign aid of the United States, economic and military, obligated (since 1946) and disbursed (since 2001).",
    homepage="https://foreignassistance.gov/",
    licence=Licence(
        id="LicenseRef-US-public-domain",
        name="Public domain (work of the United States government)",
        url="https://www.usa.gov/government-copyright",
        may_share=True,
    ),
    citation=(
        "US Department of State and US Agency for International Development. Foreign assistance by country: "
        "ForeignAssistance.gov. https://foreignassistance.gov/data"
    ),
    bibtex="""@misc{us_aid,
  author = {{US Department of State and US Agency for International Development}},
  title = {ForeignAssistance.gov: foreign assistance by country},
  howpublished = {\\url{https://foreignassistance.gov/data}}
}""",
    tables=(
        Table(
            "figures",
            ("aid_obligated", "aid_obligated_current", "aid_disbursed", "aid_disbursed_current"),
            floor=25_500,
            coverage=Coverage(
                start=date(1945, 7, 1),
                end=None,
                states="the United States, to every state; disbursements only from October 2000",
                zero="nothing was obligated (or disbursed) for that state in that fiscal year",
            ),
        ),
    ),
    files="us_foreign_aid_country.csv, one row a country, kind of transaction and fiscal year",
    by_hand="https://foreignassistance.gov/data",
    oddities=(
        "21,973 rows: 11,121 obligations, 4,657 disbursements (from 2001 on only), the rest plans and requests.",
        "The column income_roup is misspelt by the publisher.",
        "59 rows of obligations or disbursements have the code NULL: former states, West Berlin, and Luxembourg.",
        "Obligations and disbursements are in dollars of 2020, plans and requests in dollars of 2019.",
        "80 amounts are negative: money taken back.",
        "2,101 amounts (13 %) go to regions, the world or territories, not to states, and are set aside.",
        "The two latest fiscal years were still being reported: 36 and 11 billion obligated after 51 in 2020.",
        "The transition quarter 1976tq lies between the fiscal years 1976 (to June) and 1977 (from October).",
    ),
)

COLUMNS = (
    *("country_code", "country_name", "region_id", "Region Name", "income_roup", "income_group_name"),
    *("transaction_type_id", "transaction_type_name", "fiscal_year", "current_amount", "constant_amount"),
)
"""The publisher's columns, one of them misspelt; regions and incomes are not read."""

KINDS = {"Obligations": "aid_obligated", "Disbursements": "aid_disbursed"}
NOT_READ = frozenset({"Appropriated and Planned", "President's Budget Requests", "Initial Allocations"})

NO_CODE = "NULL"
"""The publisher's code of states that are no more, and of Luxembourg: these go by their names."""

STILL_REPORTED = 2
"""The latest fiscal years of a file that agencies have not yet reported in full."""

_YEAR = re.compile(r"(?:19|20)[0-9]{2}|1976tq")
_AMOUNT = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_MEND = "download the file again from https://foreignassistance.gov/data"


class Amount(NamedTuple):
    """One row of the publisher."""

    file: str
    country: str
    year: str
    kind: str
    current: float
    constant: float


def requests() -> tuple[Request, ...]:
    """None: the publisher gives no address that stays (`ABOUT.by_hand` says where a person finds the file)."""
    return ()


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is this source's: a CSV file whose header names every column of `COLUMNS`."""
    return name.endswith(".csv") and set(csv_header(head)) == set(COLUMNS)


def parse(files: Mapping[str, bytes]) -> Parsed:
    """Obligations and disbursements as `figures`, with `coverage` by kind and `review`.

    A country and year that stand twice with different amounts, and unknown kinds of transaction, stop the parse.
    """
    amounts = list(dict.fromkeys(amount for name in sorted(files) for amount in _amounts(name, files[name])))
    _check_unique(amounts)
    base, done = _base_year(amounts), _reported_years(amounts)
    ccodes, reasons = _ccodes(amounts)
    told = list(zip(amounts, ccodes, reasons, strict=True))
    kept = [(amount, ccode) for amount, ccode, why in told if why is None and amount.year in done]
    return Parsed(
        {
            "figures": pl.DataFrame(
                [row for amount, ccode in kept for row in _figures(amount, ccode, base)],
                schema=polars_schema("figures"),
                orient="row",
            ),
            "coverage": _coverage(amounts, done),
            "review": _review(amounts, reasons, done),
        }
    )


def fiscal_year(year: str) -> tuple[date, date]:
    """The first and last day of a fiscal year of the United States.

    Until 1976 it began in July of the year before; since 1977 it begins in October; the transition quarter
    `1976tq` lies between.

    >>> fiscal_year("1976")[1], fiscal_year("1976tq")[0], fiscal_year("1977")[0]
    (datetime.date(1976, 6, 30), datetime.date(1976, 7, 1), datetime.date(1976, 10, 1))
    """
    if year == "1976tq":
        return date(1976, 7, 1), date(1976, 9, 30)
    number = int(year)
    if number <= 1976:
        return date(number - 1, 7, 1), date(number, 6, 30)
    return date(number - 1, 10, 1), date(number, 9, 30)


def _amounts(name: str, data: bytes) -> Iterator[Amount]:
    rows = read_csv(name, data, COLUMNS)
    types = Counter(row["transaction_type_name"] for row in rows)
    unknown = sorted(set(types) - set(KINDS) - NOT_READ)
    if unknown:
        raise UnknownValueError(
            f"{name} has {types[unknown[0]]} rows of an unknown kind of transaction: {unknown[0][:60]!r}",
            "add it to KINDS or NOT_READ in sources/us_aid.py",
        )
    for number, row in enumerate(rows, start=2):
        if row["transaction_type_name"] in KINDS:
            yield _amount(name, number, row)


def _amount(name: str, number: int, row: Mapping[str, str]) -> Amount:
    if not _YEAR.fullmatch(row["fiscal_year"]):
        raise BadFileError(f"{name}, row {number}: {row['fiscal_year'][:20]!r} is no fiscal year", _MEND)
    texts = (row["current_amount"], row["constant_amount"])
    for text in texts:
        if not _AMOUNT.fullmatch(text):
            raise BadFileError(f"{name}, row {number}: {text[:20]!r} is no amount", _MEND)
    code = row["country_code"]
    return Amount(
        file=name,
        country=row["country_name"] if code == NO_CODE else code,
        year=row["fiscal_year"],
        kind=KINDS[row["transaction_type_name"]],
        current=float(texts[0]),
        constant=float(texts[1]),
    )


def _check_unique(amounts: Sequence[Amount]) -> None:
    times = Counter((amount.country, amount.kind, amount.year) for amount in amounts)
    twice = [key for key, count in times.items() if count > 1]
    if twice:
        country, kind, year = twice[0]
        raise BadFileError(
            f"{amounts[0].file}: {len(twice)} amounts stand twice with different values, such as {kind} for "
            f"{country[:40]!r} in {year}",
            _MEND,
        )


def _base_year(amounts: Sequence[Amount]) -> str:
    """The fiscal year in whose dollars constant amounts are: the one in which both amounts are the same."""
    same = {amount.year for amount in amounts if amount.current} - {
        amount.year for amount in amounts if abs(amount.current - amount.constant) > 1
    }
    if len(same) != 1:
        file = amounts[0].file if amounts else "the file"
        raise BadFileError(
            f"{file}: constant and current amounts are equal in {len(same)} fiscal years, not one: no base year",
            _MEND,
        )
    return same.pop()


def _reported_years(amounts: Sequence[Amount]) -> frozenset[str]:
    years = sorted({amount.year for amount in amounts}, key=fiscal_year)
    return frozenset(years[:-STILL_REPORTED])


def _ccodes(amounts: Sequence[Amount]) -> tuple[list[int | None], list[str | None]]:
    frame = pl.DataFrame(
        [(amount.country, fiscal_year(amount.year)[1]) for amount in amounts],
        schema={"country": pl.String, "date": pl.Date},
        orient="row",
    )
    resolved = resolve(frame, "country", ABOUT.id, "date", file=amounts[0].file if amounts else ABOUT.id)
    return resolved["ccode"].to_list(), resolved["left_out"].to_list()


def _figures(amount: Amount, ccode: int | None, base: str) -> Iterator[tuple[object, ...]]:
    first, last = fiscal_year(amount.year)
    period = (first, last, amount.year, 2, ccode)
    ref = f"{amount.country}|{amount.year}"
    yield (*period, amount.kind, amount.constant, f"USD of {base}", ref)
    yield (*period, f"{amount.kind}_current", amount.current, "USD", ref)


def _coverage(amounts: Sequence[Amount], done: frozenset[str]) -> pl.DataFrame:
    rows: list[tuple[object, ...]] = []
    for kind in KINDS.values():
        spans = [
            fiscal_year(amount.year) for amount in amounts if amount.kind == kind and amount.year in done
        ]
        if spans:
            span = (2, None, min(spans)[0], max(spans)[1])
            rows += [("figures", kind, *span), ("figures", f"{kind}_current", *span)]
    return pl.DataFrame(rows, schema=polars_schema("coverage"), orient="row")


def _review(amounts: Sequence[Amount], reasons: Sequence[str | None], done: frozenset[str]) -> pl.DataFrame:
    """One row for each reason and country, or fiscal year, that is left out, with how many amounts it holds."""
    left: Counter[tuple[str, str, str]] = Counter()
    for amount, why in zip(amounts, reasons, strict=True):
        if why is not None:
            left[amount.file, amount.country, why] += 1
        elif amount.year not in done:
            left[amount.file, f"fiscal year {amount.year}", "agencies were still reporting it"] += 1
    rows = [(file, place, f"{why} ({count} amounts)") for (file, place, why), count in left.items()]
    return pl.DataFrame(rows, schema=polars_schema("review"), orient="row")
