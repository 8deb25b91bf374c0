"""Roll calls of the UN General Assembly from 1946 to January 2020, as Voeten, Strezhnev and Bailey coded them.

Read from Robinson's R package: one file of votes, one of roll calls, one of issues. A state that stayed away is
not in the file at all, so that `votes` holds yes, abstain and no only.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import VOTES, Coverage, Licence, Request, Source, Table, polars_schema
from amity.errors import BadFileError, UnknownValueError
from amity.sources import Parsed
from amity.states import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

ABOUT = Source(
    id="unga_votes",
    title="United Nations General Assembly Voting Data",
    producer="Erik Voeten, Anton Strezhnev and Michael Bailey; packaged for R by David Robinson",
    says="How every state voted in every roll call of the UN General Assembly from 1946 to January 2020.",
    homepage="https://doi.org/10.7910/DVN/LEJUQZ",
    licence=Licence(
        id="CC0-1.0",
        name="Creative Commons Zero v1.0 Universal",
        url="https://creativecommons.org/publicdomain/zero/1.0/",
        may_share=True,
    ),
    citation=(
        "Voeten, Erik, Anton Strezhnev and Michael Bailey. 2009. United Nations General Assembly Voting Data. "
        "Harvard Dataverse, doi:10.7910/DVN/LEJUQZ. Packaged as: Robinson, David. unvotes: United Nations General "
        "Assembly Voting Data. R package, https://github.com/dgrtwo/unvotes"
    ),
    bibtex="""@data{unga_votes,
  author = {Voeten, Erik and Strezhnev, Anton and Bailey, Michael},
  title = {United Nations General Assembly Voting Data},
  publisher = {Harvard Dataverse},
  year = {2009},
  doi = {10.7910/DVN/LEJUQZ},
  note = {Packaged for R by David Robinson, https://github.com/dgrtwo/unvotes}
}""",
    tables=(
        Table(
            "votes",
            ("*",),
            floor=860_000,
            coverage=Coverage(
                start=date(1946, 1, 1),
                end=None,
                states="every member of the United Nations",
                zero="the state stayed away, or was not yet (or no longer) a member",
            ),
        ),
        Table(
            "items",
            ("*",),
            floor=6_200,
            coverage=Coverage(
                start=date(1946, 1, 1),
                end=None,
                states="the General Assembly",
                zero="the Assembly took no recorded vote that day; most resolutions pass without one",
            ),
        ),
    ),
    files="un_votes.rda, un_roll_calls.rda and un_roll_call_issues.rda, all three together",
    oddities=(
        "Until session 57 (2002-03) the day of the month is wrong in most dates (A/RES/2758 of 25 October 1971 is "
        "dated 7 October; until session 48 no day is later than the 7th), while months agree with the record: those "
        "dates are kept to the month. From session 58 days hold: the only weekends are the last before Christmas.",
        "Three roll calls (rcid 804, 961, 4521) bear dates outside the session that they belong to: date missing.",
        "Sessions 70, 72 and 73 end in December, session 74 on 14 January 2020: their later votes are not there.",
        "Amendments (311) and paragraphs (834) are marked until session 39 and in the 419 roll calls that were added "
        "later (sessions 52 to 72, without a title). All others count as whole; nothing tells motions apart.",
        "In session 74 the issues co and ec stand on the 16 resolutions that bear di, and on none about colonies or "
        "development: by those two issues, that session is not to be read.",
        "importantvote is missing for those 419 and for sessions 73 and 74.",
        "159 roll calls have no symbol; amendments, paragraphs and motions share that of their resolution.",
    ),
)

FILES = {
    "un_votes.rda": ("rcid", "country", "country_code", "vote"),
    "un_roll_calls.rda": (
        *("rcid", "session", "importantvote", "date", "unres"),
        *("amend", "para", "short", "descr"),
    ),
    "un_roll_call_issues.rda": ("rcid", "short_name", "issue"),
}
"""The publisher's files and their columns; `country_code` and `descr` are not read."""

ISSUES = {
    "me": "Palestinian conflict",
    "nu": "Nuclear weapons and nuclear material",
    "di": "Arms control and disarmament",
    "co": "Colonialism",
    "hr": "Human rights",
    "ec": "Economic development",
}
"""Issue codes, as in `items.issues`, with the publisher's names. A roll call may have several, or none."""

DAYS_HOLD = 58
"""The first session whose dates are right to the day; earlier ones are right to the month."""

TITLE = 160
"""The most characters kept of a title."""

MAX_BYTES = 128 * 1024 * 1024
"""The most that one of the files may unpack to; the largest has 33 MB."""

_ADDRESS = "https://raw.githubusercontent.com/dgrtwo/unvotes/master/data/"
_MEND = "fetch the three files again: `amity pull unga_votes`"
_TOLD = "look at what the publisher changed, and tell sources/unga_votes.py what it means"


def requests() -> tuple[Request, ...]:
    """The three files of the package."""
    return tuple(Request(url=_ADDRESS + file, file=file) for file in FILES)


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is this source's: by its name, and by how R data begin."""
    from amity.sources import rdata  # noqa: PLC0415  (NumPy is for parsing; who asks only what this is does without)

    return _base(name) in FILES and head.startswith(rdata.MAGIC)


def parse(files: Mapping[str, bytes]) -> Parsed:
    """Votes and roll calls, with `coverage` and `review`, from the three files of one release.

    Unknown columns, votes, issues and countries raise `UnknownValueError` (`UnknownStateError`); missing files,
    votes without a roll call, and rows that stand twice raise `BadFileError`.
    """
    frames = {base: _frame(base, files) for base in FILES}
    calls = _roll_calls(frames["un_roll_calls.rda"])
    issues = _issues(frames["un_roll_call_issues.rda"], calls)
    votes = _votes(frames["un_votes.rda"], calls)
    return Parsed(
        {
            "votes": _table(votes.filter(pl.col("ccode").is_not_null()), "votes").sort("item", "ccode"),
            "items": _table(_items(calls, issues), "items"),
            "coverage": _coverage(calls),
            "review": _review(calls, votes),
        }
    )


def _base(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def _frame(base: str, files: Mapping[str, bytes]) -> pl.DataFrame:
    """The data frame of one file, with the columns that it is known to have."""
    found = {data for name, data in files.items() if _base(name) == base}
    if len(found) != 1:
        raise BadFileError(f"{len(found)} different files are called {base}, not one", _MEND)
    from amity.sources import rdata  # noqa: PLC0415

    frames = rdata.read(base, found.pop(), MAX_BYTES)
    frame = frames.get(base.removesuffix(".rda"))
    if frame is None or len(frames) != 1:
        raise BadFileError(f"{base} holds {', '.join(frames)[:80]}, not {base.removesuffix('.rda')}", _MEND)
    missing = [column for column in FILES[base] if column not in frame.columns]
    if missing:
        raise BadFileError(f"{base} lacks the columns {', '.join(missing)}", _MEND)
    unknown = [column for column in frame.columns if column not in FILES[base]]
    if unknown:
        raise UnknownValueError(f"{base} has unknown columns: {', '.join(unknown)[:80]}", _TOLD)
    return frame


def _whole(frame: pl.DataFrame, column: str, file: str, top: int) -> pl.Expr:
    """A column of whole numbers from 0 to `top`, which R often keeps as fractions."""
    values = frame[column]
    if not values.dtype.is_numeric():
        raise BadFileError(f"{file}: {column} holds no numbers", _MEND)
    known = values.drop_nulls()
    if ((known < 0) | (known > top) | (known != known.floor())).any():  # not-a-number is the largest of all
        raise BadFileError(f"{file}: {column} has numbers that are not whole, or outside 0 to {top:,}", _MEND)
    return pl.col(column).cast(pl.Int32)


def _text(frame: pl.DataFrame, column: str, file: str) -> pl.Expr:
    """A column of strings, without spaces around them; empty ones are missing."""
    if frame[column].dtype != pl.String:
        raise BadFileError(f"{file}: {column} holds no text", _MEND)
    stripped = pl.col(column).str.strip_chars()
    return pl.when(stripped != "").then(stripped).alias(column)


def _require(frame: pl.DataFrame, columns: tuple[str, ...], file: str) -> None:
    missing = [column for column in columns if frame[column].null_count()]
    if missing:
        raise BadFileError(f"{file}: rows without {', '.join(missing)}", _MEND)


def _unique(frame: pl.DataFrame, columns: tuple[str, ...], file: str) -> None:
    twice = frame.height - frame.select(columns).n_unique()
    if twice:
        raise BadFileError(f"{file}: {twice} rows stand twice (same {', '.join(columns)})", _MEND)


def _roll_calls(raw: pl.DataFrame) -> pl.DataFrame:
    """Roll calls with checked types; `date` is missing, and `slip` true, where it lies outside its session."""
    file = "un_roll_calls.rda"
    if raw["date"].dtype != pl.Date:
        raise BadFileError(f"{file}: date holds no dates", _MEND)
    calls = raw.select(
        _whole(raw, "rcid", file, 10**6),
        _whole(raw, "session", file, 150),
        *(_whole(raw, column, file, 1) for column in ("importantvote", "amend", "para")),
        *(_text(raw, column, file) for column in ("unres", "short")),
        published="date",
    )
    _require(calls, ("rcid", "session"), file)
    _unique(calls, ("rcid",), file)
    calls = calls.with_columns(slip=~_within_session()).with_columns(
        date=pl.when(pl.col("slip")).then(None).when(pl.col("session") >= DAYS_HOLD).then("published")
        .otherwise(pl.col("published").dt.truncate("1mo"))
    )  # fmt: skip
    known = calls.filter(pl.col("date").is_not_null()).height
    if 2 * known < calls.height:
        raise BadFileError(f"{file}: {calls.height - known} of {calls.height} dates fit no session", _MEND)
    return calls


def _within_session() -> pl.Expr:
    """Whether a date can belong to its session, which runs from September to September (the first one: 1946).

    Special sessions (symbols SS and ESS) are counted with the session before or after them.
    """
    months = (pl.col("published").dt.year().cast(pl.Int32) - 1945) * 12 + pl.col("published").dt.month()
    opening = pl.when(pl.col("session") == 1).then(13).otherwise(pl.col("session") * 12 + 9)
    slack = pl.when(pl.col("unres").fill_null("").str.contains("^E?SS/")).then(18).otherwise(0)
    return months.is_between(opening - slack, opening + 12 + slack).fill_null(value=True)


def _issues(raw: pl.DataFrame, calls: pl.DataFrame) -> pl.DataFrame:
    """The issue codes of each roll call joined by |, in alphabetical order: columns `rcid, issues`."""
    file = "un_roll_call_issues.rda"
    coded = raw.select(
        _whole(raw, "rcid", file, 10**6), *(_text(raw, column, file) for column in ("short_name", "issue"))
    )
    unknown = coded.filter(
        pl.col("short_name").replace_strict(ISSUES, default=None).ne_missing(pl.col("issue"))
    )
    if unknown.height:
        raise UnknownValueError(
            f"{file}: {unknown.height} rows of an unknown issue, such as {unknown.row(0)[1:]!r:.80}", _TOLD
        )
    _unique(coded, ("rcid", "short_name"), file)
    _belong(coded, calls, file)
    return coded.group_by("rcid").agg(issues=pl.col("short_name").sort().str.join("|"))


def _belong(rows: pl.DataFrame, calls: pl.DataFrame, file: str) -> None:
    stray = rows.join(calls, on="rcid", how="anti").height
    if stray:
        raise BadFileError(f"{file}: {stray} rows of roll calls that un_roll_calls.rda does not have", _MEND)


def _votes(raw: pl.DataFrame, calls: pl.DataFrame) -> pl.DataFrame:
    """Votes with their states' codes: `item, country, ccode, left_out, vote`; a state votes once on an item."""
    file = "un_votes.rda"
    votes = raw.select(
        _whole(raw, "rcid", file, 10**6), *(_text(raw, column, file) for column in ("country", "vote"))
    )
    _require(votes, ("rcid", "country", "vote"), file)
    unknown = votes.filter(~pl.col("vote").is_in(VOTES))
    if unknown.height:
        raise UnknownValueError(f"{file}: {unknown.height} votes of '{unknown['vote'][0][:40]}'", _TOLD)
    _belong(votes, calls, file)
    # A roll call without a date has its voters all the same: those of its session, at whose opening they are named.
    opening = pl.date(1945 + pl.col("session"), 9, 15)
    dated = votes.join(
        calls.select("rcid", date=pl.coalesce("date", opening)), on="rcid", maintain_order="left"
    )
    coded = resolve(dated, "country", ABOUT.id, "date", file=file)
    _unique(coded.drop_nulls("ccode"), ("rcid", "ccode"), file)
    return coded.with_columns(item=_item())


def _item() -> pl.Expr:
    return pl.format("rcid:{}", "rcid")


def _items(calls: pl.DataFrame, issues: pl.DataFrame) -> pl.DataFrame:
    part = (
        pl.when(pl.col("amend") == 1).then(pl.lit("amendment"))
        .when(pl.col("para") == 1).then(pl.lit("paragraph")).otherwise(pl.lit("whole"))
    )  # fmt: skip
    precision = pl.when(pl.col("session") >= DAYS_HOLD).then(pl.lit("day")).otherwise(pl.lit("month"))
    return calls.join(issues, on="rcid", how="left", maintain_order="left").select(
        "date",
        "session",
        item=_item(),
        precision=pl.when(pl.col("date").is_not_null()).then(precision),
        symbol="unres",
        title=pl.col("short").str.slice(0, TITLE),
        part=part,
        important=pl.col("importantvote") == 1,
        issues=pl.col("issues").fill_null(""),
        subjects=pl.lit(None, dtype=pl.String),
        ref=pl.col("rcid").cast(pl.String),
    )


def _coverage(calls: pl.DataFrame) -> pl.DataFrame:
    span = (None, None, calls["date"].min(), calls["date"].max())
    return pl.DataFrame(
        [(table, "*", *span) for table in ("votes", "items")], schema=polars_schema("coverage"), orient="row"
    )


def _review(calls: pl.DataFrame, votes: pl.DataFrame) -> pl.DataFrame:
    slips = calls.filter("slip").select(
        file=pl.lit("un_roll_calls.rda"),
        place=pl.format("rcid {}", "rcid"),
        why=pl.format("its date, {}, lies outside session {}", "published", "session"),
    )
    left = (
        votes.drop_nulls("left_out")
        .group_by("country", "left_out", maintain_order=True)
        .len()
        .select(
            file=pl.lit("un_votes.rda"), place="country", why=pl.format("{} ({} votes)", "left_out", "len")
        )
    )
    return _table(pl.concat([slips, left]), "review")


def _table(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    return frame.select(pl.col(name).cast(dtype) for name, dtype in polars_schema(table).items())
