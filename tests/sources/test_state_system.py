"""The Correlates of War state system, as its publisher gives it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from amity import states
from amity.catalog import polars_schema
from amity.errors import BadFileError, UnknownValueError
from amity.sources import state_system

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "states2016.csv"
SAMPLE = Path(__file__).parents[1] / "samples" / "state_system" / NAME


@pytest.fixture(scope="module")
def data() -> bytes:
    return SAMPLE.read_bytes()


def test_a_state_may_have_several_spells(data: bytes) -> None:
    germany = state_system.spells({NAME: data}).filter(pl.col("ccode") == 255)
    assert germany.select("start", "end").rows() == [
        (date(1816, 1, 1), date(1945, 5, 8)),
        (date(1990, 10, 3), date(2016, 12, 31)),
    ]


def test_the_source_says_of_whom_the_system_speaks_and_when(data: bytes) -> None:
    tables = state_system.parse({NAME: data}).tables
    assert dict(tables["coverage"].schema) == polars_schema("coverage")
    assert tables["coverage"].height == 6
    assert tables["review"].is_empty()


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (b"RVN,817", b"RVN,8170", BadFileError),
        (b"RVN,817", b"RVN,x", BadFileError),
        (b"1954,6,4", b"1954,6,31", BadFileError),
        (b"1954,6,4", b"1984,6,4", BadFileError),
        (b"GMY,255,Germany,1990,10,3", b"GMY,255,Germany,1940,10,3", BadFileError),
        (b"version", b"mood", BadFileError),
        (b"version\n", b"version,mood\n", UnknownValueError),
    ],
)
def test_a_file_that_is_not_the_publishers_is_refused(
    data: bytes, old: bytes, new: bytes, error: type
) -> None:
    with pytest.raises(error):
        state_system.parse({NAME: data.replace(old, new)})


def test_the_file_is_told_by_its_header(data: bytes) -> None:
    assert state_system.recognises("states (1).csv", data[:4096])
    assert not state_system.recognises(NAME, b"a,b\n")


def test_a_damaged_file_is_parsed_or_refused_and_nothing_else(
    data: bytes, survives: Callable[..., None]
) -> None:
    survives(state_system, NAME, data)


@pytest.mark.publisher_data
def test_the_shipped_registry_is_the_publishers_list(publisher_data: Path) -> None:
    theirs = state_system.spells({NAME: (publisher_data / "states" / NAME).read_bytes()})
    last = theirs["end"].max()
    ours = (
        states.spells()
        .select("ccode", "start", pl.col("end").fill_null(last))
        .filter(pl.col("start") <= last)
    )
    assert set(theirs.select("ccode", "start", "end").rows()) == set(ours.rows())
    assert theirs.height == 243
