"""Embassies of every state in every other from 2000 to 2020, as Diplometrics read them out of a yearbook.

One row of the file says that in one year's edition a state had an embassy in another. One row of `ties` is a run of
such years: a post. A yearbook forgets: years between two listings of one embassy, and years whose listing is odd, are
not known, and `coverage` leaves them out.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import Coverage, Licence, Request, Source, Table, polars_schema
from amity.errors import BadFileError, UnknownValueError
from amity.sources import Parsed
from amity.sources.text import EARLIEST, LATEST, csv_header, read_csv
from amity.states import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

ABOUT = Source(
    id="diplometrics",
    title="Diplometrics: diplomatic representation",
    producer="Diplometrics, Frederick S. Pardee Institute for International Futures, University of Denver; "
    "cut to 2000 to 2020 by a student project",
    says="In which states every state had an embassy, year by year from 2000 to 2020.",
    homepage="https://korbel.du.edu/pardee/content/diplomatic-representation",
    licence=Licence(
        id="LicenseRef-Diplometrics-unstated",
        name="No licence stated with this cut of the data: for a user's own reading, not passed on",
        url="https://korbel.du.edu/pardee/content/diplomatic-representation",
        may_share=False,
    ),
    citation=(
        "Moyer, Jonathan D., Sara D. Turner and Collin J. Meisel. 2021. What are the drivers of diplomacy? Introducing "
        "and testing new annual dyadic data measuring diplomatic exchange. Journal of Peace Research 58(6): "
        "1300-1310, doi:10.1177/0022343320929740. Data: Diplometrics, diplomatic representation, "
        "https://korbel.du.edu/pardee/content/diplomatic-representation"
    ),
    bibtex="""@article{diplometrics,
  author = {Moyer, Jonathan D. and Turner, Sara D. and Meisel, Collin J.},
  title = {What are the drivers of diplomacy? Introducing and testing new annual dyadic data measuring diplomatic
    exchange},
  journal = {Journal of Peace Research},
  volume = {58},
  number = {6},
  pages = {1300--1310},
  year = {2021},
  doi = {10.1177/0022343320929740}
}""",
    tables=(
        Table(
            "ties",
            ("post",),
            floor=11_000,
            coverage=Coverage(
                start=date(2000, 1, 1),
                end=None,
                states="every state in every state of which the year's edition lists an embassy; but not the years "
                "between two listings of one embassy",
                zero="the year's edition lists no embassy; a lower post is never listed",
            ),
        ),
    ),
    files="diplometrics_ddr_2000_2020.csv, one row an origin, destination and year",
    by_hand="https://korbel.du.edu/pardee/content/diplomatic-representation",
    oddities=(
        "183,762 rows, each an embassy in a year: 10,807 ordered pairs. Of the original's nine ranks only those of "
        "embassies are left: 171,693 rows under an ambassador (6), 11,954 under a chargé (4), 115 of another envoy "
        "(5). Interests sections, liaison offices and consulates are in no row, so that no row is no embassy, not no "
        "relations.",
        "The rank of who leads is read and not kept: 57 % of the 5,287 runs of a chargé last one year, the time "
        "between two ambassadors.",
        "728 times a listing stops and comes back, 329 times after one year; 2,819 pairs and years lie between. Many "
        "are slips of the yearbook (China's embassy in Kinshasa from 2003 to 2015): none of them is known here.",
        "239 rows (0.1 %) are of an embassy withdrawn, recalled or expelled, 464 (0.3 %) of one that serves several "
        "states: whether there was one is not known for that pair and year.",
        "Flat for great powers: of the 836 pairs from the five permanent members of the Security Council, 84 % are "
        "listed in each of the 21 years, of the others 58 %. The United States goes from 162 embassies to 169.",
        "An opening or closing is seen a year late as often as not (the embassy of the United States in Havana: "
        "opened in July 2015, listed from 2016), so that a beginning is right to a year or two.",
        "Taiwan, Kosovo, Andorra and Monaco are there; the Holy See, the Cook Islands, Niue and Montserrat (2.1 % of "
        "rows) are no members of the system and are set aside.",
    ),
)

COLUMNS = ("year", "origin", "destination", "embassy_level", "focus")
LEVELS = {"4": "chargé", "5": "minister or other envoy", "6": "ambassador"}
"""Who leads the embassy; known, and not kept. The meaning of 5 is ours, from the few pairs that have it."""
SINGLE = "1"
FOCUS = {
    SINGLE: "an embassy to one state",
    "2": "it serves several states",
    "3": "withdrawn, recalled or expelled",
}
PAIR = ["ccode_from", "ccode_to"]
_MEND = "get the file again; each embassy stands once a year, with the columns " + ", ".join(COLUMNS)


def requests() -> tuple[Request, ...]:
    """None: this cut of the data has no address that stays (`ABOUT.by_hand` says who makes the original)."""
    return ()


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is this source's: a CSV file with just these five columns."""
    return name.endswith(".csv") and csv_header(head) == [*COLUMNS]


def parse(files: Mapping[str, bytes]) -> Parsed:
    """The embassies as `ties` of kind post, with `coverage` by pair and `review`.

    Unknown ranks and kinds of focus raise `UnknownValueError`, years that are none and pairs that stand twice in a year
    `BadFileError`.
    """
    listed = _coded(pl.concat([_EMPTY, *(_rows(name, files[name]) for name in sorted(files))]).unique())
    _check_once(listed)
    between_states = listed.filter(pl.col("left_out").is_null())
    unclear = _unclear(between_states)
    return Parsed(
        {
            "ties": _ties(between_states, unclear),
            "coverage": _coverage(between_states, unclear),
            "review": _review(listed),
        }
    )


_EMPTY = pl.DataFrame(
    schema={
        "year": pl.Int32,
        "origin": pl.String,
        "destination": pl.String,
        "focus": pl.String,
        "level": pl.String,
    }
)


def _rows(name: str, data: bytes) -> pl.DataFrame:
    rows = read_csv(name, data, COLUMNS)
    for column, known in (("embassy_level", LEVELS), ("focus", FOCUS)):
        strange = [row[column] for row in rows if row[column] not in known]
        if strange:
            raise UnknownValueError(
                f"{name} has {len(strange)} rows with an unknown {column}: {strange[0][:20]!r}",
                "find out what it means, and tell sources/diplometrics.py",
            )
    years = [_year(name, number, row["year"]) for number, row in enumerate(rows, start=2)]
    texts = [(row["origin"], row["destination"], row["focus"], row["embassy_level"]) for row in rows]
    return pl.DataFrame(
        [(year, *text) for year, text in zip(years, texts, strict=True)], _EMPTY.schema, orient="row"
    )


def _year(name: str, number: int, text: str) -> int:
    if not (
        text.isascii() and text.isdecimal() and len(text) == 4 and EARLIEST.year <= int(text) < LATEST.year
    ):
        raise BadFileError(f"{name}, row {number}: {text[:20]!r} is no year", _MEND)
    return int(text)


def _coded(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the codes of both sides, and why a row is of no two states (`left_out`)."""
    dated = rows.with_columns(day=pl.date("year", 12, 31)).sort(
        "year", "origin", "destination", "focus", "level"
    )
    for side, code in (("origin", "ccode_from"), ("destination", "ccode_to")):
        read = resolve(dated, side, "iso3c", "day", file=f"the file of {ABOUT.id}")
        dated = read.rename({"ccode": code, "left_out": f"{side}_left_out"})
    return dated.with_columns(left_out=pl.coalesce("origin_left_out", "destination_left_out"))


def _check_once(listed: pl.DataFrame) -> None:
    same = listed.filter(pl.col("ccode_from") == pl.col("ccode_to"))
    twice = listed.filter(listed.select("year", "origin", "destination").is_duplicated())
    for rows, what in (
        (same, "an embassy of a state in itself"),
        (twice, "an embassy twice, with different ranks"),
    ):
        if rows.height:
            row = rows.row(0, named=True)
            where = f"{row['origin'][:20]} in {row['destination'][:20]}, {row['year']}"
            raise BadFileError(f"the file lists {what} {rows.height} times, such as {where}", _MEND)


def _unclear(listed: pl.DataFrame) -> pl.DataFrame:
    """Pairs and years of which the file cannot say whether there was an embassy: columns `PAIR` and `year`."""
    odd = listed.filter(pl.col("focus") != SINGLE).select(*PAIR, "year")
    after = pl.col("year").shift(-1).over(PAIR, order_by="year")
    gaps = (
        listed.filter(pl.col("focus") == SINGLE)
        .with_columns(until=after)
        .filter(pl.col("until") - pl.col("year") > 1)
        .select(*PAIR, year=pl.int_ranges(pl.col("year") + 1, pl.col("until"), dtype=pl.Int32))
        .explode("year")
    )
    return pl.concat([odd, gaps]).unique()


def _runs(years: pl.DataFrame) -> pl.DataFrame:
    """Runs of consecutive years of each pair: columns `PAIR`, `first`, `last`."""
    # Within a run the year and its place among the pair's years grow together, so that their difference stays.
    run = pl.col("year") - pl.int_range(pl.len(), dtype=pl.Int32).over(PAIR, order_by="year")
    return (
        years.with_columns(run=run)
        .group_by(*PAIR, "run")
        .agg(first=pl.col("year").min(), last=pl.col("year").max())
        .drop("run")
        .sort(*PAIR, "first")
    )


def _ties(listed: pl.DataFrame, unclear: pl.DataFrame) -> pl.DataFrame:
    """A tie a run of years. It ends in the first year that does not list it; that year's day is not known."""
    first, last = (pl.lit(found, pl.Int32) for found in (listed["year"].min(), listed["year"].max()))
    named = listed.select(*PAIR, "origin", "destination").unique(PAIR, keep="last", maintain_order=True)
    before = pl.struct(*PAIR, year=pl.col("first") - 1)
    after = pl.struct(*PAIR, year=pl.col("last") + 1)
    odd = unclear.select(pl.struct(*PAIR, "year")).to_series().implode()
    ended = pl.col("last") < last
    return (
        _runs(listed.filter(pl.col("focus") == SINGLE).select(*PAIR, "year"))
        .join(named, on=PAIR, maintain_order="left")
        .select(
            *PAIR,
            start=pl.date("first", 1, 1),
            start_precision=pl.lit("year"),
            began=pl.when(pl.col("first") == first).then(pl.lit("already listed"))
            .when(before.is_in(odd)).then(pl.lit("listed again")).otherwise(pl.lit("listed")),
            end=pl.when(ended).then(pl.date(pl.col("last") + 1, 12, 31)),
            end_precision=pl.when(ended).then(pl.lit("year")),
            ended=pl.when(ended & after.is_in(odd)).then(pl.lit("listing interrupted"))
            .when(ended).then(pl.lit("no longer listed")),
            kind=pl.lit("post"),
            level=pl.lit("embassy"),
            who=pl.lit(None),
            ref=pl.format("{}>{}|{}", "origin", "destination", "first"),
        )
        .sort("start", *PAIR)
        .select(pl.col(name).cast(dtype) for name, dtype in polars_schema("ties").items())
    )  # fmt: skip


def _coverage(listed: pl.DataFrame, unclear: pl.DataFrame) -> pl.DataFrame:
    """The years known of each pair: the edition lists embassies in the one, and has the other somewhere."""
    hosts = listed.select("year", "ccode_to").unique()
    sides = [listed.select("year", ccode_from=side) for side in PAIR]
    known = (
        pl.concat(sides)
        .unique()
        .join(hosts, on="year")
        .filter(pl.col("ccode_from") != pl.col("ccode_to"))
        .join(unclear, on=[*PAIR, "year"], how="anti")
    )
    spans = _runs(known.select(*PAIR, "year")).select(
        *PAIR,
        table=pl.lit("ties"),
        kind=pl.lit("post"),
        start=pl.date("first", 1, 1),
        end=pl.date("last", 12, 31),
    )
    return spans.select(pl.col(name).cast(dtype) for name, dtype in polars_schema("coverage").items())


def _review(listed: pl.DataFrame) -> pl.DataFrame:
    """One row for each side that is no state, and for each odd kind of listing, with how many rows it holds."""
    file = pl.lit("the list of embassies")
    sides = [
        listed.drop_nulls(f"{side}_left_out").select(place=side, why=f"{side}_left_out")
        for side in ("origin", "destination")
    ]
    odd = listed.filter(pl.col("left_out").is_null() & (pl.col("focus") != SINGLE)).select(
        place=pl.format("focus {}", "focus"),
        why=pl.col("focus").replace_strict(FOCUS, return_dtype=pl.String),
    )
    return (
        pl.concat([*sides, odd])
        .group_by("place", "why")
        .len()
        .sort("place")
        .select(file=file, place="place", why=pl.format("{} ({} rows)", "why", "len"))
    )
