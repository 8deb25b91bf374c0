"""A tiny writer of R's data files, from the format's description, so that the reader has somebody to disagree with.

Loaded by path (`runpy`), because tests are no package. Everything is built from `node` words and payloads.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

NA_INTEGER = -(2**31)
NA_REAL = struct.pack(">II", 0x7FF00000, 1954)
OBJECT, ATTRIBUTES, TAG = 0x100, 0x200, 0x400
END = struct.pack(">i", 254)


def word(number: int) -> bytes:
    return struct.pack(">i", number)


def characters(text: str | None, mark: int = 8) -> bytes:
    """One string; marks: 8 UTF-8, 4 Latin-1, 64 ASCII, 2 bytes."""
    if text is None:
        return word(9) + word(-1)
    raw = text.encode("latin-1" if mark == 4 else "utf-8")
    return word(9 | mark << 12) + word(len(raw)) + raw


def symbol(name: str) -> bytes:
    return word(1) + characters(name, 64)


def pairs(named: dict[str, bytes]) -> bytes:
    return b"".join(word(2 | TAG) + symbol(name) + value for name, value in named.items()) + END


def vector(kind: int, length: int, payload: bytes, attributes: dict[str, bytes] | None = None) -> bytes:
    flags = kind | (ATTRIBUTES | (OBJECT if "class" in attributes else 0) if attributes else 0)
    return word(flags) + word(length) + payload + (pairs(attributes) if attributes else b"")


def strings(values: list[str | None], attributes: dict[str, bytes] | None = None, mark: int = 8) -> bytes:
    return vector(16, len(values), b"".join(characters(value, mark) for value in values), attributes)


def integers(values: list[int | None], attributes: dict[str, bytes] | None = None, kind: int = 13) -> bytes:
    payload = b"".join(word(NA_INTEGER if value is None else value) for value in values)
    return vector(kind, len(values), payload, attributes)


def logicals(values: list[bool | None]) -> bytes:
    return integers([None if value is None else int(value) for value in values], kind=10)


def doubles(values: list[float | None], attributes: dict[str, bytes] | None = None) -> bytes:
    payload = b"".join(NA_REAL if value is None else struct.pack(">d", value) for value in values)
    return vector(14, len(values), payload, attributes)


def factor(values: list[str | None], levels: list[str]) -> bytes:
    codes = [None if value is None else levels.index(value) + 1 for value in values]
    return integers(codes, {"levels": strings([*levels]), "class": strings(["factor"])})


def dates(values: list[date | None]) -> bytes:
    days = [None if value is None else float(value.toordinal() - 719_163) for value in values]
    return doubles(days, {"class": strings(["Date"])})


def listed(values: list[bytes], attributes: dict[str, bytes] | None = None) -> bytes:
    return vector(19, len(values), b"".join(values), attributes)


def frame(columns: dict[str, bytes], rows: int, more: dict[str, bytes] | None = None) -> bytes:
    attributes = {
        "names": strings([*columns]),
        "row.names": integers([None, -rows]),
        "class": strings(["tbl_df", "tbl", "data.frame"]),
        **(more or {}),
    }
    return listed([*columns.values()], attributes)


def pointer() -> bytes:
    """An external pointer, as data.table and readr leave behind in an attribute."""
    return word(22) + END + END


def counted(size: float, first: float, step: float) -> bytes:
    """The short form of `first:last`."""
    about = pairs({"": symbol("compact_intseq")}).replace(word(2 | TAG) + symbol(""), word(2), 1)
    return word(238) + about + doubles([size, first, step]) + END


def rds(value: bytes, version: int = 2) -> bytes:
    encoding = word(5) + b"UTF-8" if version == 3 else b""
    return b"X\n" + word(version) + word(0x00040301) + word(0x00020300) + encoding + value


def rda(objects: dict[str, bytes], version: int = 2) -> bytes:
    return f"RDX{version}\n".encode() + rds(pairs(objects), version)


def unga_votes(
    calls: list[dict[str, object]],
    votes: list[tuple[int, str, str | None, str]],
    issues: list[tuple[int, str, str]],
) -> dict[str, bytes]:
    """The three files of roll calls, in their publisher's shape (uncompressed)."""
    column = {name: [call.get(name) for call in calls] for name in CALL}
    roll_calls = {
        "rcid": integers(column["rcid"]),
        "session": doubles([float(session) for session in column["session"]]),
        "importantvote": integers(column["importantvote"]),
        "date": dates(column["date"]),
        "unres": strings(column["unres"]),
        "amend": integers(column["amend"]),
        "para": integers(column["para"]),
        "short": strings(column["short"]),
        "descr": strings(column["descr"]),
    }
    rcids, countries, codes, said = ([vote[place] for vote in votes] for place in range(4))
    cast = {
        "rcid": doubles([float(rcid) for rcid in rcids]),
        "country": strings(countries),
        "country_code": strings(codes),
        "vote": factor(said, ["yes", "abstain", "no"]),
    }
    coded = {
        "rcid": integers([issue[0] for issue in issues]),
        "short_name": strings([issue[1] for issue in issues]),
        "issue": factor([issue[2] for issue in issues], sorted({issue[2] for issue in issues})),
    }
    return {
        "un_votes.rda": rda({"un_votes": frame(cast, len(votes))}),
        "un_roll_calls.rda": rda({"un_roll_calls": frame(roll_calls, len(calls))}),
        "un_roll_call_issues.rda": rda({"un_roll_call_issues": frame(coded, len(issues))}),
    }


CALL = ("rcid", "session", "importantvote", "date", "unres", "amend", "para", "short", "descr")
