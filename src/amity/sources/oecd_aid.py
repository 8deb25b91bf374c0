"""Official development assistance by donor, recipient and year, as donors report it to the OECD: 2009 to 2022.

Of the publisher's seventeen measures of the same aid two are read: what was paid out (gross), and that less what was
paid back (net). They overlap, as all seventeen do, and are never added up.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import Coverage, Licence, Request, Source, Table
from amity.errors import BadFileError, UnknownValueError
from amity.sources import Parsed, figures
from amity.states import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

ABOUT = Source(
    id="oecd_aid",
    title="Official development assistance by donor and recipient",
    producer="Organisation for Economic Co-operation and Development (OECD), Development Assistance Committee",
    says="Aid that counts as official development assistance, from 50 donors to each recipient, by year 2009 to 2022.",
    homepage="https://www.oecd.org/en/topics/official-development-assistance-oda.html",
    licence=Licence(
        id="LicenseRef-OECD-terms",
        name="Terms and conditions of the OECD; not passed on here",
        url="https://www.oecd.org/en/about/terms-conditions.html",
        may_share=False,
    ),
    citation=(
        "OECD. Aid (ODA) disbursements to countries and regions (DAC2a): official development assistance by donor and "
        "recipient. https://data-explorer.oecd.org"
    ),
    bibtex="""@misc{oecd_aid,
  author = {{OECD}},
  title = {Aid (ODA) disbursements to countries and regions: official development assistance by donor and recipient},
  howpublished = {\\url{https://data-explorer.oecd.org}}
}""",
    tables=(
        Table(
            "figures",
            ("oda_gross", "oda_net"),
            floor=90_000,
            coverage=Coverage(
                start=date(2009, 1, 1),
                end=None,
                states="members of the Development Assistance Committee with every recipient of the year (gross); all "
                "else, and net amounts, only where a figure stands",
                zero="nothing was paid out, or less than 5,000 dollars; a net amount that is missing is unknown, "
                "because those below zero were dropped",
            ),
        ),
    ),
    files="OECD.rda, one row a donor, recipient, kind of aid and year",
    by_hand="https://data-explorer.oecd.org",
    oddities=(
        "327,763 rows of 17 overlapping kinds of aid, 47,467 gross totals and 45,797 net totals among them; all in "
        "millions of dollars of 2022, rounded to 0.01 million.",
        "No amount is zero or negative: somebody dropped them. So 1,670 pairs and years (3.5 %) have a gross total "
        "and no net one: those paid back as much as they got, or more. Of 2009 Japan has 143 gross totals and 122 net "
        "ones.",
        "3 net totals are larger than their gross ones, by more than rounding.",
        "Donors outside the Development Assistance Committee report some of their aid: Chinese Taipei 7 amounts in 5 "
        "years. What they do not list is unknown.",
        "1,508 amounts (1.6 %) go to territories and to places that are no members of the system, and are set aside.",
    ),
)

OBJECT = "OECD"
COLUMNS = ("Recipient", "Donor", "Aid type", "Amount type", "Year", "Value")
KINDS = {"Memo: ODA Total, Gross disbursements": "oda_gross", "ODA: Total Net": "oda_net"}
NOT_READ = frozenset(
    {
        *("AF/Interest Subsidies", "Development Food Aid", "Equity investment", "Grants, Total"),
        *(
            "Grants: Debt Forgiveness",
            "Grants: Other Debt Grants",
            "Humanitarian Aid",
            "Imputed Multilateral ODA",
        ),
        *("Interest received", "Memo: Net debt relief", "Memo: ODA Total, excl. Debt", "ODA Gross Loans"),
        *("ODA Loans: Total Net", "Rescheduled debt", "Technical Cooperation"),
    }
)
"""Parts of the two totals, and what a donor's share of multilateral aid would come to."""

PRICES = "Constant Prices (2022 USD millions)"
UNIT = "USD of 2022"
MILLION = 1_000_000

MEMBERS = dict.fromkeys(
    (
        2,
        20,
        200,
        205,
        210,
        211,
        212,
        220,
        225,
        230,
        235,
        255,
        305,
        325,
        350,
        375,
        380,
        385,
        390,
        740,
        900,
        920,
    ),
    2009,
) | {732: 2010, 290: 2013, 316: 2013, 317: 2013, 349: 2013, 395: 2013, 310: 2016, 368: 2022}
"""Members of the Development Assistance Committee by COW code, with the year since which (or 2009). Members report
what each recipient got; what other donors list is not all that they give."""

MAX_BYTES = 128 * 1024 * 1024
"""The most that the file may unpack to; the real one has 11 MB."""

_FILE = "OECD.rda"
_MEND = "download the file again; its columns and kinds are those of the OECD's table DAC2a"


def requests() -> tuple[Request, ...]:
    """None: the publisher's pages make a file when a person asks (`ABOUT.by_hand`)."""
    return ()


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is this source's: by its name, and by how R data begin."""
    from amity.sources import rdata  # noqa: PLC0415  (NumPy is for parsing; who asks only what this is does without)

    return name.rsplit("/", 1)[-1] == _FILE and head.startswith(rdata.MAGIC)


def parse(files: Mapping[str, bytes]) -> Parsed:
    """Gross and net amounts in dollars of 2022 as `figures`, with `coverage` by pair and `review`.

    Unknown columns, kinds of aid and prices raise `UnknownValueError`, unknown donors and recipients
    `UnknownStateError`; amounts that stand twice or are none raise `BadFileError`.
    """
    told = _amounts(_with_codes(_checked(_frame(files))))
    kept = told.filter(pl.col("why").is_null())
    return Parsed(
        {
            "figures": figures.typed(kept.sort("kind", "ccode_from", "ccode_to", "year", "ref"), "figures"),
            "coverage": _coverage(kept),
            "review": figures.set_aside(
                told.drop_nulls("why").select("why", file=pl.lit(_FILE), place="Recipient")
            ),
        }
    )


def _frame(files: Mapping[str, bytes]) -> pl.DataFrame:
    from amity.sources import rdata  # noqa: PLC0415

    found = set(files.values())
    if len(found) != 1:
        raise BadFileError(f"{len(found)} different files are given as {_FILE}, not one", _MEND)
    frame = rdata.read(_FILE, found.pop(), MAX_BYTES).get(OBJECT)
    if frame is None:
        raise BadFileError(f"{_FILE} does not hold a data frame called {OBJECT}", _MEND)
    missing = [column for column in COLUMNS if column not in frame.columns]
    if missing:
        raise BadFileError(f"{_FILE} lacks the columns {', '.join(missing)}", _MEND)
    unknown = [column for column in frame.columns if column not in COLUMNS]
    if unknown:
        raise UnknownValueError(
            f"{_FILE} has unknown columns: {', '.join(unknown)[:80]}",
            "look at what was added, and tell sources/oecd_aid.py what it means",
        )
    return frame


def _checked(raw: pl.DataFrame) -> pl.DataFrame:
    """The rows with texts, years and amounts that can be."""
    for column in COLUMNS[:4]:
        if raw[column].dtype != pl.String or raw[column].null_count():
            raise BadFileError(f"{_FILE}: {column} has rows without a text", _MEND)
    _refuse_unknown(
        raw, "Aid type", {*KINDS, *NOT_READ}, "add it to KINDS or NOT_READ in sources/oecd_aid.py"
    )
    _refuse_unknown(
        raw, "Amount type", {PRICES}, "choose constant prices of 2022, or tell sources/oecd_aid.py"
    )
    for column, low, high in (("Year", 1950, 2100), ("Value", -(10**6), 10**6)):
        values = raw[column]
        if not values.dtype.is_numeric() or values.null_count() or not values.is_between(low, high).all():
            raise BadFileError(f"{_FILE}: {column} has rows without a number from {low:,} to {high:,}", _MEND)
    if (raw["Year"] != raw["Year"].floor()).any():
        raise BadFileError(f"{_FILE}: Year has numbers that are not whole", _MEND)
    return raw.with_columns(year=pl.col("Year").cast(pl.Int32))


def _refuse_unknown(raw: pl.DataFrame, column: str, known: set[str], mend: str) -> None:
    unknown = raw[column].filter(~raw[column].is_in(sorted(known)))
    if unknown.len():
        raise UnknownValueError(
            f"{_FILE}: {unknown.len()} rows of the {column.lower()} {unknown[0][:60]!r}", mend
        )


def _with_codes(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows, also those that are not read, with `ccode_from` and `ccode_to`, and `why` where one has none."""
    dated = rows.with_columns(*figures.years("year", "year"))
    donors = resolve(dated, "Donor", ABOUT.id, "end", file=_FILE).rename(
        {"ccode": "ccode_from", "left_out": "why_donor"}
    )
    both = resolve(donors, "Recipient", ABOUT.id, "end", file=_FILE).rename({"ccode": "ccode_to"})
    itself = pl.when(pl.col("ccode_from") == pl.col("ccode_to")).then(pl.lit("the donor itself"))
    return both.with_columns(why=pl.coalesce("left_out", "why_donor", itself))


def _amounts(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that are read: the columns of `figures`, with `year`, `Recipient` and `why`."""
    read = rows.filter(pl.col("Aid type").is_in(list(KINDS))).with_columns(
        kind=pl.col("Aid type").replace_strict(KINDS, default=None, return_dtype=pl.String)
    )
    twice = read.height - read.select("Donor", "Recipient", "kind", "year").n_unique()
    if twice:
        raise BadFileError(
            f"{_FILE}: {twice} amounts stand twice (same donor, recipient, kind and year)", _MEND
        )
    return read.with_columns(
        value=(pl.col("Value") * MILLION).round(2),
        period=pl.col("year").cast(pl.String),
        unit=pl.lit(UNIT),
        ref=pl.format("{}|{}|{}|{}", "Donor", "Recipient", "kind", "year"),
    )


def _coverage(kept: pl.DataFrame) -> pl.DataFrame:
    """Where a row stands; and gross for every member that reports in a year and every recipient of that year."""
    gross = kept.filter(pl.col("kind") == "oda_gross")
    since = pl.col("ccode_from").replace_strict(MEMBERS, default=None, return_dtype=pl.Int32)
    members = gross.filter(pl.col("year") >= since).select("kind", "ccode_from", "year").unique()
    whole = members.join(gross.select("ccode_to", "year").unique(), on="year").filter(
        pl.col("ccode_from") != pl.col("ccode_to")
    )
    columns = ("kind", "ccode_from", "ccode_to", "year")
    known = pl.concat([whole.select(columns), kept.select(columns)])
    return figures.covered(known.with_columns(*figures.years("year", "year")))
