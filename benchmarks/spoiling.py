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
import zipfile
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from amity import sources

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
    "sipri_tiv": r"(?<=\n)[^\n]+\n",
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
    "sipri_tiv": r"(?<=\n)[^,\n]+(?=,)",
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
    "sipri_tiv": r"(?<=,)[^,\n]+",
    "unga_resolutions": r'(?<=": )(?:"[^"]*"|\[[^\]]*\])',
}
"""One value; in XML it is the text of an element that has no other inside."""
ELEMENT = r"(?<=>)[^<>\n]+(?=</)"

ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "ha">%s]><a>&a9;</a>' % b"".join(
    b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)
)
LOG_IN = b"<!DOCTYPE html><html><head><title>Are you a robot?</title></head><body>Please wait</body></html>"
YEARS = ("0000", "9999", "1066", "20x6", "-500", "٢٠١٦")


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
    ways = list(ways_of(names[0]).items())
    for how, (way, may) in cycle(ways):
        if len(made) >= copies:
            break
        # A way that one file has no room for is tried on the others; one that none has room for is passed over.
        for name in dice.sample(names, len(names)):
            found = way(source, files[name], dice)
            if found is None:
                continue
            if how == "unknown state" and found == files[name]:
                name = f"atlantis{Path(name).suffix}"  # noqa: PLW2901
            made.append(Spoilt(how, name, found, may))
            break
    return iter(made)


def ways_of(
    name: str,
) -> Mapping[str, tuple[Callable[[str, bytes, random.Random], bytes | None], frozenset[str]]]:
    """How a file with such a name can be spoilt."""
    from spoiling_packed import BOOK_WAYS, OLD_BOOK_WAYS, R_WAYS  # noqa: PLC0415  (it builds on this module)

    packed = {".rda": R_WAYS, ".rds": R_WAYS, ".xls": OLD_BOOK_WAYS, ".xlsx": BOOK_WAYS}
    return packed.get(Path(name).suffix, TEXT_WAYS)


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
