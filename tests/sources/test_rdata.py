"""R's data files, read back from bytes that another hand wrote."""

from __future__ import annotations

import bz2
import gzip
import lzma
import math
import random
import runpy
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amity.errors import AmityError, BadFileError, UnknownValueError
from amity.sources import rdata

w = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("rdata_writer.py"))))

STATES = w.frame(
    {
        "name": w.strings(["Namibia", "Türkiye", None]),
        "code": w.strings(["NA", "TR", None]),
        "ccode": w.integers([565, 640, None]),
        "share": w.doubles([0.5, math.nan, None]),
        "member": w.logicals([True, False, None]),
        "vote": w.factor(["yes", None, "no"], ["yes", "abstain", "no"]),
        "day": w.dates([date(1990, 4, 23), date(1945, 10, 24), None]),
    },
    rows=3,
)
EXPECTED = pl.DataFrame(
    {
        "name": ["Namibia", "Türkiye", None],
        "code": ["NA", "TR", None],
        "ccode": pl.Series([565, 640, None], dtype=pl.Int32),
        "share": [0.5, math.nan, None],
        "member": [True, False, None],
        "vote": ["yes", None, "no"],
        "day": [date(1990, 4, 23), date(1945, 10, 24), None],
    }
)
WHOLE = w.rda({"states": STATES})
REAL_FRAMES = {
    "unga/un_votes.rda": (870_109, 4),
    "unga/un_roll_calls.rda": (6_203, 9),
    "unga/un_roll_call_issues.rda": (5_745, 3),
    "states/gw_states.rda": (216, 5),
    "states/cow_states.rda": (243, 10),
    "structure/cow_nmc.rda": (17_121, 9),
    "china_visits/all_engagements_2003-2018.rds": (5_705, 5),
}


def read_one(value: bytes) -> pl.DataFrame:
    return rdata.read("x.rds", w.rds(value))[""]


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_every_compression_and_version_gives_the_same_frame(version: int, pack) -> None:
    found = rdata.read("x.rda", pack(w.rda({"states": STATES}, version)))
    assert list(found) == ["states"]
    assert found["states"].equals(EXPECTED, null_equal=True)
    assert found["states"].schema == EXPECTED.schema


def test_the_code_of_namibia_is_a_string_and_a_missing_string_is_missing() -> None:
    assert EXPECTED["code"].to_list() == ["NA", "TR", None]
    assert rdata.read("x.rda", WHOLE)["states"]["code"].to_list() == ["NA", "TR", None]


def test_not_a_number_is_not_missing() -> None:
    share = rdata.read("x.rda", WHOLE)["states"]["share"]
    assert share.null_count() == 1
    assert share.is_nan().sum() == 1


def test_a_file_of_several_compressed_streams_is_one_file() -> None:
    halves = gzip.compress(WHOLE[:100]) + gzip.compress(WHOLE[100:])
    assert rdata.read("x.rda", halves)["states"].height == 3


def test_several_objects_keep_their_names() -> None:
    assert list(rdata.read("x.rda", w.rda({"a": STATES, "b": STATES}))) == ["a", "b"]


def test_a_pointer_into_memory_is_passed_over() -> None:
    kept = w.frame({"year": w.integers([1975])}, 1, {"problems": w.pointer()})
    assert read_one(kept)["year"].to_list() == [1975]


def test_numbers_kept_in_short_are_counted_out() -> None:
    assert read_one(w.frame({"year": w.counted(3, 1946, 1)}, 3))["year"].to_list() == [1946, 1947, 1948]


def test_latin_1_strings_are_read_by_their_mark() -> None:
    assert read_one(w.frame({"name": w.strings(["Côte"], mark=4)}, 1))["name"].to_list() == ["Côte"]


def test_a_run_of_numbers_cannot_fill_the_memory() -> None:
    for size in (1e15, -1, 20_000_000, math.inf):
        with pytest.raises(BadFileError):
            read_one(w.frame({"year": w.counted(size, 0, 1)}, 3))
    four = w.frame({name: w.counted(4_000_000, 0, 1) for name in "abcd"}, 4_000_000)
    with pytest.raises(BadFileError, match="too long"):
        read_one(four)


def test_a_bomb_is_not_unpacked_beyond_the_limit() -> None:
    for pack in (gzip.compress, bz2.compress, lzma.compress):
        with pytest.raises(BadFileError, match="unpacks to more than"):
            rdata.read("x.rda", pack(WHOLE + b"\0" * 50_000_000), limit=1_000_000)


def test_nodes_that_nest_without_end_are_refused() -> None:
    deep = STATES
    for _ in range(100):
        deep = w.listed([deep])
    with pytest.raises(BadFileError, match="nests deeper"):
        read_one(deep)


@pytest.mark.parametrize("length", [2**31 - 1, -2, 10**6])
def test_lengths_that_the_file_cannot_hold_are_refused(length: int) -> None:
    for kind in (10, 13, 14, 16, 19, 24):
        with pytest.raises(BadFileError):
            read_one(w.word(kind) + w.word(length) + b"\0" * 64)


@pytest.mark.parametrize(
    ("column", "error"),
    [
        (w.listed([w.integers([1])]), UnknownValueError),
        (w.doubles([1.0], {"class": w.strings(["integer64"])}), UnknownValueError),
        (w.vector(24, 1, b"x"), UnknownValueError),
        (w.dates([date(1066, 10, 14)]), BadFileError),
        (w.doubles([math.inf], {"class": w.strings(["Date"])}), BadFileError),
        (w.integers([3], {"levels": w.strings(["a"]), "class": w.strings(["factor"])}), BadFileError),
        (w.integers([0], {"levels": w.strings(["a"]), "class": w.strings(["factor"])}), BadFileError),
        (w.integers([1, 2]), BadFileError),
        (w.integers([7], kind=10), BadFileError),
    ],
)
def test_columns_that_cannot_be_read_with_certainty_are_refused(
    column: bytes, error: type[AmityError]
) -> None:
    with pytest.raises(error):
        read_one(w.frame({"year": w.integers([1975]), "odd": column}, 1))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"X\n",
        b"A\n2\n",
        b"RDA2\nA\n2\n",
        w.rds(STATES)[:-1],
        w.rds(STATES) + b"\0",
        w.rds(STATES, version=7),
        w.rds(w.integers([1])),
        w.rds(w.frame({"a": w.integers([1]), "b": w.integers([1, 2])}, 1)),
        w.rds(w.word(3)),
        w.rds(w.word(255 | 9 << 8)),
        w.rds(w.frame({"name": w.vector(16, 1, w.word(9) + w.word(1) + b"\xe9")}, 1)),
        gzip.compress(WHOLE)[:-12],
        lzma.compress(WHOLE)[:-8],
        bz2.compress(WHOLE)[:40],
        gzip.compress(WHOLE)[:-8] + b"\0" * 8,
        gzip.compress(WHOLE) + b"junk",
    ],
)  # fmt: skip
def test_what_is_cut_or_damaged_is_refused(data: bytes) -> None:
    with pytest.raises(BadFileError):
        rdata.read("x.rds", data)


def test_a_thousand_damaged_copies_are_read_or_refused_and_nothing_else() -> None:
    dice = random.Random(7)  # noqa: S311
    refused = 0
    for _ in range(1000):
        bent = bytearray(WHOLE if dice.random() < 0.8 else gzip.compress(WHOLE))
        if dice.random() < 0.3:
            bent = bent[: dice.randrange(len(bent))]
        for _ in range(dice.randrange(4)):
            if bent:
                bent[dice.randrange(len(bent))] = dice.randrange(256)
        try:
            rdata.read("x.rda", bytes(bent), limit=10_000_000)
        except (BadFileError, UnknownValueError):
            refused += 1
    assert refused > 300


texts = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
whole_numbers = st.none() | st.integers(-(2**31) + 1, 2**31 - 1)
numbers = st.none() | st.floats(allow_nan=False)
days = st.none() | st.dates(date(1700, 1, 1), date(2100, 12, 31))


@given(st.lists(st.tuples(texts, whole_numbers, numbers, days), max_size=20))
@settings(max_examples=50)
def test_what_was_written_is_read_back(rows) -> None:
    text, whole, number, day = ([row[place] for row in rows] for place in range(4))
    columns = {"t": w.strings(text), "w": w.integers(whole), "n": w.doubles(number), "d": w.dates(day)}
    found = read_one(w.frame(columns, len(rows)))
    assert found.rows() == list(zip(text, whole, number, day, strict=True))


@pytest.mark.publisher_data
def test_publishers_own_files_are_read_whole(publisher_data: Path) -> None:
    for file, shape in REAL_FRAMES.items():
        frames = rdata.read(file, (publisher_data / file).read_bytes())
        assert [frame.shape for frame in frames.values()] == [shape]


@pytest.mark.publisher_data
def test_gleditsch_and_wards_list_begins_and_ends_when_it_says(publisher_data: Path) -> None:
    states = rdata.read("gw", (publisher_data / "states/gw_states.rda").read_bytes())["gw_states"]
    cambodia = states.filter(pl.col("gwcode") == 811)
    assert cambodia.select("startdate", "enddate").row(0) == (date(1953, 11, 9), date(2017, 12, 31))
