"""What tests of sources share: copies of a good file as a bad disk, a bad line or a bad person would make them."""

from __future__ import annotations

import gzip
import random
import re
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from amity.catalog import polars_schema
from amity.errors import AmityError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from amity.sources import SourceModule

BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;&c;</a>'


@pytest.fixture(scope="session")
def survives() -> Callable[[SourceModule, str, bytes], None]:
    """Says that every damaged copy of a file is parsed or refused, and that some are refused."""

    def check(source: SourceModule, name: str, data: bytes) -> None:
        outcomes = [_parses(source, {name: bad}) for seed in range(3) for bad in _mutants(data, seed)]
        assert len(outcomes) >= 200
        assert not all(outcomes)

    return check


def _mutants(data: bytes, seed: int, rounds: int = 10) -> Iterator[bytes]:
    """Cut, shuffled, mis-encoded, wrong-typed and absurd copies of `data`; the same ones for the same seed."""
    dice = random.Random(seed)  # noqa: S311
    text = data.decode()
    yield from (b"", b"\0" * 64, BOMB, gzip.compress(b"0" * 1_000_000), b"PK\x03\x04" + data, data + data)
    yield from (text.encode("utf-16"), text.encode("latin-1", "replace") + b"\xe9", b"\xef\xbb\xbf" + data)
    for year in ("0000", "9999", "1066", "20x6", "-500", "2016-99", "٢٠١٦"):
        yield re.sub(r"\b(1[6-9]|20)\d\d\b", year, text).encode()
    for _ in range(rounds):
        yield data[: dice.randrange(len(data))]
        yield data[dice.randrange(len(data)) :]
        yield _shuffled(data, dice)
        yield _bent(data, dice)
        yield re.sub(
            r"\d+", lambda _: dice.choice(("7", "x", "", "99999999999999999999", "-1")), text
        ).encode()
        yield re.sub(
            r"Cambodia|cambodia|KHM|811", dice.choice(("Atlantis", "", "🦄", "a" * 9999)), text
        ).encode()


def _shuffled(data: bytes, dice: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    dice.shuffle(lines)
    return b"".join(lines)


def _bent(data: bytes, dice: random.Random) -> bytes:
    bent = bytearray(data)
    for _ in range(dice.randrange(1, 20)):
        bent[dice.randrange(len(bent))] = dice.randrange(256)
    return bytes(bent)


def _parses(source: SourceModule, files: Mapping[str, bytes]) -> bool:
    """Whether the files were parsed, to frames of the declared columns; an `AmityError` is the only other way out."""
    with suppress(AmityError):
        for table, frame in source.parse(files).tables.items():
            assert dict(frame.schema) == polars_schema(table)
        return True
    return False
