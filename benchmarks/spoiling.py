"""Copies of good files as a bad disk, a bad line, a slip of the hand or an enemy would make them.

Each copy says what was done to it and what may come of it. Where the right answer is known (shuffled records are the
same records) only that answer or a refusal is right; where a figure was changed into another plausible one, nobody
could see it from the file, and the copy says so (`changed`).
"""

from __future__ import annotations

import bz2
import gzip
import io
import random
import re
import runpy
import struct
import zipfile
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import polars as pl

from amity import sources
from amity.sources import rdata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

REFUSED, SAME, SUBSET, CHANGED = "refused", "same", "subset", "changed"
ANY = frozenset({REFUSED, SAME, SUBSET, CHANGED})
SEEN = frozenset({REFUSED, SAME, SUBSET})
EQUAL = frozenset({REFUSED, SAME})
NEVER = frozenset({REFUSED})

RECORD = {
    "state_system": r"(?<=\n)[^\n]+\n",
    "us_aid": r"(?<=\n)[^\n]+\n",
    "diplometrics": r"(?<=\n)[^\n]+\n",
    "unga_resolutions": r"[^\n]+\n",
    "us_visits": r"<visit>.*?</visit>\s*",
    "us_travels": r"<trip\b.*?</trip>\s*",
    "us_missions": r"<chief>.*?</chief>\s*",
    "us_relations": r'<div type="timeline">.*?</div>\s*',
    "gsdb": r"(?<=\n)[^\n]+\n",
    "atop": r"(?<=\n)[^\n]+\n",
}
"""What one record is, in the sources whose files are text."""
SOURCES = tuple(name for name in sources.ALL if not name.endswith("_tkg"))
"""Sources whose files can be spoilt in these ways; in lists of numbers any number is as good as another."""
STATE = {
    "state_system": r"(?<=,)\d+(?=,[A-Z][a-z])",
    "us_aid": r"(?<=\n)[A-Z]{3}(?=,)",
    "diplometrics": r"(?<=\n\d{4},)[A-Z]{3}(?=,)",
    "unga_resolutions": r'(?<="MS_against": \[")[^"]+',
    "us_visits": r'(?<=<from id=")[^"]+',
    "us_travels": r'(?<=<country id=")[^"]+',
    "us_missions": r"(?<=<contemporary-territory-id>)[^<]+",
    "gsdb": r"(?<=\n\d,)\w+",
    "atop": r"(?<=,,,)\d+",
}
"""Where a state is named in them; in `us_relations` it is the file's name."""
NOBODY = {"state_system": "999", "us_aid": "QQQ", "atop": "999", "diplometrics": "QQQ"}
FIELD = {
    "state_system": r"(?<=,)[^,\n]+",
    "us_aid": r"(?<=,)[^,\n]+",
    "gsdb": r"(?<=,)[^,\n]+",
    "atop": r"(?<=,)[^,\n]+",
    "diplometrics": r"(?<=,)[^,\n]+",
    "unga_resolutions": r'(?<=": )(?:"[^"]*"|\[[^\]]*\])',
}
"""One value; in XML it is the text of an element that has no other inside."""
ELEMENT = r"(?<=>)[^<>\n]+(?=</)"

ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "ha">%s]><a>&a9;</a>' % b"".join(
    b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)
)
LOG_IN = b"<!DOCTYPE html><html><head><title>Are you a robot?</title></head><body>Please wait</body></html>"
YEARS = ("0000", "9999", "1066", "20x6", "-500", "٢٠١٦")

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Spoilt:
    """One copy: what was done, the file's name and bytes, and what may come of it."""

    how: str
    name: str
    data: bytes
    may: frozenset[str]


def spoilt(
    source: str, files: Mapping[str, bytes], copies: int, seed: int, mebibytes: int = 600
) -> Iterator[Spoilt]:
    """So many spoilt copies of a source's files, one file at a time; the same ones for the same seed.

    `mebibytes` is what the bombs among them unpack to.
    """
    dice = random.Random(seed)  # noqa: S311
    names = sorted(files)
    made = list(fixed(dice.choice(names), files, mebibytes))[:copies]
    by_suffix = {".rda": R_WAYS, ".rds": RDS_WAYS, ".xls": SHEET_WAYS, ".xlsx": BOOK_WAYS}
    ways = list(by_suffix.get(Path(names[0]).suffix, TEXT_WAYS).items())
    while len(made) < copies:
        how, (way, may) = ways[len(made) % len(ways)]
        name = dice.choice(names)
        found = way(source, files[name], dice)
        if found is not None:
            name = f"atlantis{Path(name).suffix}" if how == "unknown state" and found == files[name] else name
            made.append(Spoilt(how, name, found, may))
    return iter(made)


def fixed(name: str, files: Mapping[str, bytes], mebibytes: int) -> Iterator[Spoilt]:
    """What is put in the place of a file."""
    yield Spoilt("gzip bomb", name, bomb("gzip", mebibytes), NEVER)
    yield Spoilt("bzip2 bomb", name, bomb("bzip2", mebibytes), NEVER)
    yield Spoilt("zip bomb", f"{name}.zip", zipped(name, mebibytes), NEVER)
    yield Spoilt("entity bomb", name, ENTITIES, NEVER)
    yield Spoilt("entity bomb", f"{Path(name).stem}.xml", ENTITIES, NEVER)
    yield Spoilt("web page", name, LOG_IN, NEVER)
    yield Spoilt("nothing in it", name, b"", NEVER)
    yield Spoilt("NUL bytes", name, b"\0" * len(files[name]), NEVER)


@cache
def bomb(kind: str, mebibytes: int) -> bytes:
    """Nothing, packed small."""
    block, out = b"\0" * 2**20, io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb") if kind == "gzip" else bz2.BZ2File(out, "wb") as packed:
        for _ in range(mebibytes):
            packed.write(block)
    return out.getvalue()


@cache
def zipped(name: str, mebibytes: int) -> bytes:
    """A .zip of the same, under a file's own name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as member:
        for _ in range(mebibytes):
            member.write(b"\0" * 2**20)
    return out.getvalue()


def cut(_: str, data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(1, len(data))]


def beheaded(_: str, data: bytes, dice: random.Random) -> bytes:
    return data[dice.randrange(1, len(data)) :]


def lines_shuffled(_: str, data: bytes, dice: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    dice.shuffle(lines)
    return b"".join(lines)


def flipped(_: str, data: bytes, dice: random.Random) -> bytes:
    bent = bytearray(data)
    for _ in range(dice.randrange(1, 4)):
        bent[dice.randrange(len(bent))] ^= 1 << dice.randrange(8)
    return bytes(bent)


def with_nul(_: str, data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data))
    return data[:at] + b"\0" * dice.randrange(1, 9) + data[at:]


def as_text(
    change: Callable[[str, str, random.Random], str | None],
) -> Callable[[str, bytes, random.Random], bytes | None]:
    def way(source: str, data: bytes, dice: random.Random) -> bytes | None:
        changed = change(source, data.decode(), dice)
        return None if changed is None else changed.encode()

    return way


def records_shuffled(source: str, text: str, dice: random.Random) -> str:
    """Within their sections, where a file has such: a section says what its records are about."""
    return "".join(
        shuffled(source, part, dice) for part in re.split(r'(?=<div type="section"|<other-nominees>)', text)
    )


def shuffled(source: str, text: str, dice: random.Random) -> str:
    records = re.findall(RECORD[source], text, re.DOTALL)
    dice.shuffle(records)
    rest = iter(records)
    return re.sub(RECORD[source], lambda _: next(rest), text, flags=re.DOTALL)


def record_twice(source: str, text: str, dice: random.Random) -> str | None:
    found = list(re.finditer(RECORD[source], text, re.DOTALL))
    if not found:
        return None
    at = dice.choice(found)
    return text[: at.end()] + at[0] + text[at.end() :]


def absurd_dates(_: str, text: str, dice: random.Random) -> str:
    return re.sub(r"(?<![\d/])(?:1[6-9]|20)\d\d(?!\d)", dice.choice(YEARS), text)


def unknown_state(source: str, text: str, dice: random.Random) -> str | None:
    if source not in STATE:
        return text
    found = list(re.finditer(STATE[source], text))
    if not found:
        return None
    at = dice.choice(found)
    return text[: at.start()] + NOBODY.get(source, "atlantis") + text[at.end() :]


def wrong_type(_: str, text: str, dice: random.Random) -> str:
    at = dice.choice(list(re.finditer(r"\d+", text)))
    return text[: at.start()] + dice.choice(("many", "", "1e9", "0x7", "٣", "None")) + text[at.end() :]


def values_swapped(source: str, text: str, dice: random.Random) -> str | None:
    found = list(re.finditer(FIELD.get(source, ELEMENT), text))
    first = dice.randrange(len(found) - 1)
    one, other = found[first], found[first + 1]
    return text[: one.start()] + other[0] + text[one.end() : other.start()] + one[0] + text[other.end() :]


def recoded(encoding: str) -> Callable[[str, bytes, random.Random], bytes]:
    return lambda _source, data, _dice: data.decode().encode(encoding, "replace")


TEXT_WAYS: dict[str, tuple[Callable[[str, bytes, random.Random], bytes | None], frozenset[str]]] = {
    "cut short": (cut, ANY),  # a comma-separated file may be cut within its last figure
    "beginning lost": (beheaded, SEEN),
    "lines shuffled": (lines_shuffled, EQUAL),
    "records shuffled": (as_text(records_shuffled), EQUAL),
    "record twice": (as_text(record_twice), EQUAL),
    "as Windows-1252": (recoded("cp1252"), EQUAL),
    "as UTF-16": (recoded("utf-16"), NEVER),
    "with a byte-order mark": (recoded("utf-8-sig"), EQUAL),
    "wrong type": (as_text(wrong_type), ANY),
    "absurd dates": (as_text(absurd_dates), NEVER),
    "unknown state": (as_text(unknown_state), EQUAL),
    "values swapped": (as_text(values_swapped), ANY),
    "NUL bytes": (with_nul, NEVER),
    "bytes flipped": (flipped, ANY),
}
"""Ways to spoil a file of text, and what may come of each."""


@cache
def writer() -> SimpleNamespace:
    """The tests' own writer of R's files."""
    return SimpleNamespace(**runpy.run_path(str(ROOT / "tests" / "sources" / "rdata_writer.py")))


def as_frame(
    change: Callable[[pl.DataFrame, random.Random], pl.DataFrame | None],
) -> Callable[[str, bytes, random.Random], bytes | None]:
    def way(_: str, data: bytes, dice: random.Random) -> bytes | None:
        ((name, frame),) = rdata.read("good", data).items()
        changed = change(frame, dice)
        if changed is None:
            return None
        columns = {column: r_column(changed[column]) for column in changed.columns}
        return bz2.compress(writer().rda({name: writer().frame(columns, changed.height)}))

    return way


def r_column(values: pl.Series) -> bytes:
    makers: dict[Any, str] = {
        pl.Int32: "integers",
        pl.Float64: "doubles",
        pl.String: "strings",
        pl.Date: "dates",
    }
    return getattr(writer(), makers[values.dtype.base_type()])(values.to_list())


def rows_shuffled(frame: pl.DataFrame, dice: random.Random) -> pl.DataFrame:
    return frame.sample(fraction=1, shuffle=True, seed=dice.randrange(10**6))


def row_twice(frame: pl.DataFrame, dice: random.Random) -> pl.DataFrame:
    return pl.concat([frame, frame.slice(dice.randrange(frame.height), 1)])


def rows_lost(frame: pl.DataFrame, dice: random.Random) -> pl.DataFrame:
    return frame.head(dice.randrange(frame.height))


def columns_swapped(frame: pl.DataFrame, dice: random.Random) -> pl.DataFrame:
    one, other = dice.sample(frame.columns, 2)
    return frame.rename({one: other, other: one})


def columns_moved(frame: pl.DataFrame, dice: random.Random) -> pl.DataFrame:
    return frame.select(dice.sample(frame.columns, len(frame.columns)))


def one_value(frame: pl.DataFrame, column: str, value: object, dice: random.Random) -> pl.DataFrame | None:
    if column not in frame.columns:
        return None
    values = frame[column].to_list()
    values[dice.randrange(len(values))] = value
    return frame.with_columns(pl.Series(column, values, dtype=frame[column].dtype))


ABSURD = {"date": date(9999, 1, 1), "stdate": date(9999, 1, 1), "year": 9999.0, "styear": 9999.0}
NOWHERE = {"country": "Atlantis", "ccode1": 999.0, "ccode": 999.0}
"""For columns of days and of states what cannot stand in them."""


def one_of(
    values: Mapping[str, object],
) -> Callable[[pl.DataFrame, random.Random], pl.DataFrame | None]:
    """One value of the first of these columns that a frame has, changed; None where it has none."""

    def change(frame: pl.DataFrame, dice: random.Random) -> pl.DataFrame | None:
        column = next((column for column in values if column in frame.columns), "")
        return one_value(frame, column, values.get(column), dice)

    return change


def strange_number(frame: pl.DataFrame, dice: random.Random) -> pl.DataFrame | None:
    column = dice.choice([name for name in frame.columns if frame[name].dtype.is_numeric()])
    value = dice.choice((float("nan"), float("inf"), 2.5, -7.0, 1e300))
    return one_value(frame.with_columns(pl.col(column).cast(pl.Float64)), column, value, dice)


def words_for_numbers(frame: pl.DataFrame, dice: random.Random) -> pl.DataFrame:
    column = dice.choice([name for name in frame.columns if frame[name].dtype.is_numeric()])
    return frame.with_columns(pl.lit("many").alias(column))


def plain(
    change: Callable[[str, bytes, random.Random], bytes],
) -> Callable[[str, bytes, random.Random], bytes]:
    """The change made to what was packed, and packed again."""
    return lambda source, data, dice: bz2.compress(change(source, bz2.decompress(data), dice))


R_WAYS: dict[str, tuple[Callable[[str, bytes, random.Random], bytes | None], frozenset[str]]] = {
    "cut short": (cut, NEVER),
    "cut short, packed again": (plain(cut), NEVER),
    "beginning lost": (plain(beheaded), NEVER),
    "records shuffled": (as_frame(rows_shuffled), EQUAL),
    "record twice": (as_frame(row_twice), EQUAL),
    "records lost": (as_frame(rows_lost), ANY),  # the dates or issues of what is left may go with them
    "columns moved": (as_frame(columns_moved), EQUAL),
    "values swapped": (as_frame(columns_swapped), ANY),
    "wrong type": (as_frame(words_for_numbers), NEVER),
    "strange number": (as_frame(strange_number), ANY),
    "absurd dates": (as_frame(one_of(ABSURD)), EQUAL),
    "unknown state": (as_frame(one_of(NOWHERE)), NEVER),
    "NUL bytes": (plain(with_nul), ANY),
    "bytes flipped": (flipped, ANY),
    "bytes flipped, packed again": (plain(flipped), ANY),
}
"""Ways to spoil one of R's files, and what may come of each."""

SHEET_WAYS: dict[str, tuple[Callable[[str, bytes, random.Random], bytes | None], frozenset[str]]] = {
    "cut short": (cut, ANY),  # a spreadsheet may be cut within what fills it up
    "beginning lost": (beheaded, NEVER),
    "NUL bytes": (with_nul, ANY),
    "absurd dates": (
        lambda _source, data, dice: data.replace(
            struct.pack("<d", 1975), struct.pack("<d", dice.choice((0, 9999, -5, 1066)))
        ),
        NEVER,
    ),
    "unknown state": (
        lambda _source, data, _dice: data.replace(struct.pack("<d", 811), struct.pack("<d", 999)),
        NEVER,
    ),
    "bytes flipped": (flipped, ANY),
}
"""Ways to spoil a spreadsheet, and what may come of each."""


def as_rds(
    change: Callable[[pl.DataFrame, random.Random], pl.DataFrame | None],
) -> Callable[[str, bytes, random.Random], bytes | None]:
    """As `as_frame`, for a file of one unnamed object that is not packed."""

    def way(_: str, data: bytes, dice: random.Random) -> bytes | None:
        changed = change(rdata.read("good", data)[""], dice)
        if changed is None:
            return None
        columns = {column: r_column(changed[column]) for column in changed.columns}
        return writer().rds(writer().frame(columns, changed.height))

    return way


RDS_WAYS: dict[str, tuple[Callable[[str, bytes, random.Random], bytes | None], frozenset[str]]] = {
    "cut short": (cut, NEVER),
    "beginning lost": (beheaded, NEVER),
    "records shuffled": (as_rds(rows_shuffled), EQUAL),
    "record twice": (as_rds(row_twice), EQUAL),
    "records lost": (as_rds(rows_lost), ANY),
    "columns moved": (as_rds(columns_moved), EQUAL),
    "values swapped": (as_rds(columns_swapped), ANY),
    "absurd dates": (as_rds(lambda frame, dice: one_value(frame, "date", "01/01/99", dice)), NEVER),
    "unknown state": (as_rds(lambda frame, dice: one_value(frame, "country", "Atlantis", dice)), NEVER),
    "NUL bytes": (with_nul, ANY),
    "bytes flipped": (flipped, ANY),
}
"""Ways to spoil a file of one R object, and what may come of each."""


def as_book(
    change: Callable[[str, random.Random], str],
) -> Callable[[str, bytes, random.Random], bytes]:
    """The change made to the text of every sheet of a workbook, which is packed again."""

    def way(_: str, data: bytes, dice: random.Random) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as book, zipfile.ZipFile(out, "w") as made:
            for member in book.infolist():
                text = book.read(member).decode()
                made.writestr(member, change(text, dice) if "worksheets/" in member.filename else text)
        return out.getvalue()

    return way


def sheet_rows_shuffled(text: str, dice: random.Random) -> str:
    rows = re.findall(r"<row .*?</row>", text)
    dice.shuffle(rows)
    rest = iter(rows)
    return re.sub(r"<row .*?</row>", lambda _: next(rest), text)


BOOK_WAYS: dict[str, tuple[Callable[[str, bytes, random.Random], bytes | None], frozenset[str]]] = {
    "cut short": (cut, NEVER),
    "beginning lost": (beheaded, NEVER),
    "records shuffled": (as_book(sheet_rows_shuffled), EQUAL),
    "wrong type": (
        as_book(
            lambda text, dice: re.sub(r"(?<=<v>)\d{4}", dice.choice(("many", "", "1e9", "٣")), text, count=1)
        ),
        NEVER,
    ),
    "absurd dates": (
        as_book(lambda text, dice: re.sub(r"(?<=<v>)\d{4}(?=<)", dice.choice(YEARS), text)),
        NEVER,
    ),
    "unknown state": (as_book(lambda text, _: text.replace(">Cambodia<", ">Atlantis<")), NEVER),
    "NUL bytes": (with_nul, ANY),
    "bytes flipped": (flipped, ANY),
}
"""Ways to spoil a workbook, and what may come of each."""
