"""Reading a person's own acts, ties and events, row by row: every slip is found, and one is enough to refuse all."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import polars as pl
from polars import selectors

from amity import cameo, states
from amity.catalog import FIELDS, polars_schema
from amity.errors import AmityError, BadFileError
from amity.ingest.own_kinds import COLUMNS, KINDS, RANKS, REQUIRED, ROLES, Kind, Table
from amity.sources.text import MAX_BYTES, Dated, decode, read_date

MOST_ROWS = 200_000
MOST_TEXT = 500
"""Characters in a cell."""
SHOWN = 20
"""How many slips are told before the rest are counted."""
_CODE = re.compile(r"(0[1-9]|1\d|20)\d{0,2}")
_TEXT = (
    "save your record as CSV in UTF-8, or as Parquet; `amity add --template acts` prints a file to begin from"
)
_MEND = (
    "mend the rows and add the file again; `amity add --template acts` (or ties, events) shows how rows look"
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file, and the slips found in it; `line` is where it stands (CSV: line, Parquet: row)."""

    line: int
    cells: dict[str, str]
    slips: list[str] = field(default_factory=list)

    def slip(self, column: str, what: str) -> None:
        self.slips.append(f"line {self.line}, {column}: {what}")


def read(name: str, data: bytes, table: Table | None = None) -> tuple[Table, pl.DataFrame]:
    """The acts, ties or events of a file (CSV in UTF-8 with commas, or Parquet), told apart by its header.

    Raises `BadFileError` for a file that is neither, a header that is not the one documented, and rows that cannot be
    read: all of them are named, with line, column and cure (up to 20, then a count).
    """
    rows = rows_of_parquet(name, data) if data.startswith(b"PAR1") else rows_of_csv(name, data)
    header = list(rows[0].cells) if rows else []
    table = table or which(name, header)
    check_header(name, header, table)
    make = {"acts": act, "ties": tie, "events": event}[table]
    made = [make(row) for row in rows]
    slips = [slip for row in rows for slip in row.slips]
    if slips:
        raise refused(name, slips)
    frame = pl.DataFrame(made, schema=polars_schema(table), orient="row")
    return table, frame.sort("start" if table == "ties" else "date", "ref", maintain_order=True)


def refused(name: str, slips: list[str]) -> BadFileError:
    more = [f"and {len(slips) - SHOWN} more"] if len(slips) > SHOWN else []
    told = "".join(f"\n    {slip}" for slip in [*slips[:SHOWN], *more])
    return BadFileError(f"{name}: nothing was added, {len(slips)} values cannot be read:{told}", _MEND)


# The file


def rows_of_csv(name: str, data: bytes) -> list[Row]:
    if len(data) > MAX_BYTES:
        raise BadFileError(f"{name} has {len(data):,} bytes: too many for a record of one's own", "split it")
    lines = csv.reader(io.StringIO(decode(name, data, _TEXT), newline=""), strict=True)
    rows: list[Row] = []
    try:
        header = [cell.strip().lower() for cell in next(lines, list[str]())]
        if len(set(header)) != len(header):
            raise BadFileError(f"{name}: a column stands twice in the header", _MEND)
        for cells in lines:
            if any(cell.strip() for cell in cells):
                rows.append(csv_row(lines.line_num, header, cells))
            if len(rows) > MOST_ROWS:
                raise too_many(name)
    except csv.Error as error:
        raise BadFileError(
            f"{name}, line {lines.line_num}: {error}", "save it as CSV (UTF-8, commas)"
        ) from None
    return rows or empty(name, header)


def csv_row(line: int, header: list[str], cells: list[str]) -> Row:
    row = Row(line, dict.fromkeys(header, "") | {k: v.strip() for k, v in zip(header, cells, strict=False)})
    if len(cells) != len(header):
        row.slip("all", f"{len(cells)} values for {len(header)} columns (put quotes round text with commas)")
    return row


def rows_of_parquet(name: str, data: bytes) -> list[Row]:
    """Rows of a Parquet file as text; what polars makes of a broken one, panics included, becomes `BadFileError`."""
    try:
        scan = pl.scan_parquet(io.BytesIO(data))
        if scan.select(pl.len()).collect().item() > MOST_ROWS:
            raise too_many(name)
        flat = scan.with_columns(selectors.datetime().dt.date()).collect()
        frame = flat.select(pl.all().cast(pl.String).fill_null("").str.strip_chars())
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
        raise BadFileError(
            f"{name} is not a whole Parquet file of plain columns", "write it again, or use CSV"
        ) from error
    frame = frame.rename({column: column.strip().lower() for column in frame.columns})
    rows = [Row(line, cells) for line, cells in enumerate(frame.iter_rows(named=True), start=1)]
    return rows or empty(name, frame.columns)


def too_many(name: str) -> BadFileError:
    return BadFileError(
        f"{name} has more than {MOST_ROWS:,} rows", "split it, and give each part a name with --as"
    )


def empty(name: str, header: list[str]) -> list[Row]:
    """No rows: refused, because a record without any says nothing."""
    if not header:
        raise BadFileError(
            f"{name} is empty", "`amity add --template acts` (or ties) prints a file to begin from"
        )
    raise BadFileError(
        f"{name} has a header and no rows", "write a row below it; or `amity add --remove NAME`"
    )


def which(name: str, header: list[str]) -> Table:
    """Acts have a date and a kind, events a date and a code but no kind, ties a start."""
    if "date" in header and "start" not in header:
        return "events" if "code" in header and "kind" not in header else "acts"
    if "start" in header and "date" not in header:
        return "ties"
    hint = " (its columns are parted by ;, not by commas)" if any(";" in column for column in header) else ""
    raise BadFileError(
        f"{name} has neither the header of acts nor that of ties or events{hint}: {', '.join(header)[:120]}",
        "`amity add --template acts` (or ties, events) prints the header with examples; --acts, --ties or --events "
        "says which is meant",
    )


def check_header(name: str, header: list[str], table: Table) -> None:
    lacking = [column for column in REQUIRED[table] if column not in header]
    unknown = [column or "(no name)" for column in header if column not in COLUMNS[table]]
    if lacking or unknown:
        said = [f"lacks {', '.join(lacking)}"] if lacking else []
        said += [f"has columns that are not read: {', '.join(unknown)[:120]}"] if unknown else []
        raise BadFileError(
            f"{name}, as {table}, {' and '.join(said)}", f"its columns can be: {', '.join(COLUMNS[table])}"
        )


# One row


def act(row: Row) -> tuple[object, ...]:
    """A row of `acts`, in the order of the catalogue."""
    dated, texts = day(row, "date"), checked(row)
    codes = sides(row, dated)
    kind = meaning(row)
    if texts.get("kind") == "visit":
        for column in ("rank", "who"):
            if not texts.get(column):
                row.slip(column, "a visit needs it (a delegation has the rank 'other leader')")
    return (
        *((dated.first, dated.precision) if dated else (None, None)),
        *(codes[0], one_of(row, "role_from", ROLES)),
        *(codes[1], one_of(row, "role_to", ROLES)),
        texts.get("kind"),
        one_of(row, "rank", RANKS),
        *(texts.get("who"), texts.get("place"), whole(row, "days", 3_660)),
        *(kind.code, kind.field, kind.force_tenths),
        whole(row, "count", 1_000_000) or 1,
        texts.get("ref") or f"line {row.line}",
    )


def tie(row: Row) -> tuple[object, ...]:
    """A row of `ties`, in the order of the catalogue; an end known to the month or year is given as its last day."""
    start, end = day(row, "start"), day(row, "end") if row.cells.get("end") else None
    texts = checked(row)
    codes = sides(row, start)
    if start and end and end.last < start.first:
        row.slip("end", "is before the start")
    if texts.get("ended") and not row.cells.get("end"):
        row.slip("end", "how it ended is said, but not when")
    return (
        *((start.first, start.precision) if start else (None, None)),
        texts.get("began") or "began",
        *((end.last, end.precision, texts.get("ended") or "ended") if end else (None, None, None)),
        *codes,
        *(texts.get("kind"), texts.get("level"), texts.get("who")),
        texts.get("ref") or f"line {row.line}",
    )


def event(row: Row) -> tuple[object, ...]:
    """A row of `events`, in the order of the catalogue. Both sides may be of one state: its opposition, its police."""
    dated, texts = day(row, "date"), checked(row, kind=False)
    if dated and dated.precision != "day":
        row.slip("date", "an event needs its day")
    sender, receiver = (side(row, column, dated) for column in ("from", "to"))
    return (
        dated.first if dated else None,
        *(sender, role(row, "role_from"), texts.get("name_from")),
        *(receiver, role(row, "role_to"), texts.get("name_to")),
        cameo_code(row),
        whole(row, "articles", 1_000_000),
        *(None, None),
        texts.get("ref") or f"line {row.line}",
    )


def role(row: Row, column: str) -> str | None:
    """A role of CAMEO's."""
    text = row.cells.get(column, "").upper()
    try:
        return cameo.role(text).role if text else None
    except AmityError as error:
        row.slip(column, error.what)
        return None


def cameo_code(row: Row) -> str | None:
    text = row.cells.get("code", "")
    try:
        return cameo.find(text).code
    except AmityError:
        row.slip("code", f"'{text[:20]}' is no CAMEO code, such as 042" if text else "is missing")
        return None


def checked(row: Row, *, kind: bool = True) -> dict[str, str]:
    """The cells that are not empty; a kind, which acts and ties need, is written small."""
    texts = {column: text for column, text in row.cells.items() if text}
    for column, text in texts.items():
        if len(text) > MOST_TEXT or any(ord(sign) < 32 and sign not in "\n\r\t" for sign in text):
            row.slip(column, f"is longer than {MOST_TEXT} characters, or no text")
    if "kind" in texts:
        texts["kind"] = " ".join(texts["kind"].lower().split())
    elif kind:
        row.slip("kind", "is missing")
    return texts


def day(row: Row, column: str) -> Dated | None:
    text = row.cells.get(column, "")
    if not text:
        row.slip(column, "is missing")
        return None
    try:
        return read_date(column, text)
    except BadFileError as error:
        row.slip(column, error.what.removeprefix(f"{column}: ") + "; write 1975-04-12, 1975-04 or 1975")
        return None


def sides(row: Row, dated: Dated | None) -> tuple[int | None, int | None]:
    """The COW codes of both states on that day."""
    sender, receiver = (side(row, column, dated) for column in ("from", "to"))
    if sender is not None and sender == receiver:
        row.slip("to", "is the same state as from")
    return sender, receiver


def side(row: Row, column: str, dated: Dated | None) -> int | None:
    text = row.cells.get(column, "")
    if not text:
        row.slip(column, "is missing")
        return None
    days = (dated.first, dated.last) if dated else (date.today(),) * 2  # noqa: DTZ011  (a bad day is a slip already)
    code, slip = code_of(text, *days)
    if slip:
        row.slip(column, slip)
    return code


@lru_cache(maxsize=20_000)
def code_of(text: str, first: date, last: date) -> tuple[int | None, str]:
    """A state's code on a day, or why there is none. Where the day is not known exactly, either end of it will do.

    Before and after a state was in the system it has its only code; a state with several (Germany in 1947) has none.
    """
    try:
        state = states.find(text, on=first)
    except AmityError as error:
        if first != last:
            return code_of(text, last, last)
        return None, f"{error.what}; {error.mend}"
    code = states.code_on(state, first) or states.code_on(state, last)
    if code is None and len(state.ccodes) == 1:
        code = state.ccode
    return (
        code,
        ""
        if code
        else f"{state.name} was not in the system of states on {first}; give a day on which it was",
    )


def meaning(row: Row) -> Kind:
    """What a kind stands for; code, field and force in the row go before the table's."""
    known = KINDS.get(" ".join(row.cells.get("kind", "").lower().split()))
    code, field_, force = (row.cells.get(column, "") for column in ("code", "field", "force"))
    if known is None and row.cells.get("kind") and not (code and field_ and force):
        row.slip(
            "kind",
            f"'{row.cells['kind'][:40]}' is no known kind: fill code, field and force, or use one of those that "
            "`amity add --kinds` lists",
        )
    if code and not _CODE.fullmatch(code):
        row.slip("code", f"'{code[:20]}' is no CAMEO code, such as 042")
    base = known or Kind("", "", 0)
    return Kind(
        code or base.code,
        one_of(row, "field", FIELDS) or base.field,
        tenths(row, force) if force else base.force_tenths,
    )


def tenths(row: Row, text: str) -> int:
    """A Goldstein weight in tenths."""
    if not re.fullmatch(r"[+-]?\d{1,2}(\.\d)?", text) or abs(float(text)) > 10:
        row.slip("force", f"'{text[:20]}' is not between -10 and 10 with at most one decimal")
        return 0
    return round(float(text) * 10)


def one_of(row: Row, column: str, allowed: tuple[str, ...]) -> str | None:
    text = row.cells.get(column, "").lower()
    if text and text not in allowed:
        row.slip(column, f"'{text[:40]}' is not one of {', '.join(allowed)}")
        return None
    return text or None


def whole(row: Row, column: str, most: int) -> int | None:
    text = row.cells.get(column, "")
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,7}(\.0)?", text) or not 1 <= float(text) <= most:
        row.slip(column, f"'{text[:20]}' is not a whole number from 1 to {most:,}")
        return None
    return int(float(text))
