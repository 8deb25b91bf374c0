"""Travels abroad of presidents and secretaries of state."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from amity.catalog import polars_schema
from amity.errors import UnknownStateError, UnknownValueError
from amity.sources import us_travels

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from amity.sources import Parsed

SAMPLES = Path(__file__).parents[1] / "samples" / "us_travels"
OBAMA = "president/obama-barack.xml"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {str(path.relative_to(SAMPLES)): path.read_bytes() for path in sorted(SAMPLES.glob("*/*.xml"))}


@pytest.fixture(scope="module")
def parsed(files: Mapping[str, bytes]) -> Parsed:
    return us_travels.parse(files)


def test_a_stay_goes_from_the_united_states_to_its_host(parsed: Parsed) -> None:
    acts = parsed.tables["acts"]
    assert dict(acts.schema) == polars_schema("acts")
    assert acts.row(by_predicate=pl.col("ref") == "801", named=True) == {
        "date": date(2012, 11, 19),
        "precision": "day",
        "ccode_from": 2,
        "role_from": None,
        "ccode_to": 811,
        "role_to": None,
        "kind": "visit",
        "rank": "head of state",
        "who": "Barack Obama",
        "place": "Phnom Penh",
        "days": 2,
        "code": "042",
        "field": "diplomacy",
        "force_tenths": 19,
        "count": 1,
        "ref": "801",
    }


def test_the_secretary_of_state_ranks_as_foreign_minister_and_a_president_elect_as_other_leader(
    parsed: Parsed,
) -> None:
    ranks = dict(parsed.tables["acts"].select("ref", "rank").rows())
    assert ranks == {
        "801": "head of state",
        "803": "other leader",
        "811": "foreign minister",
        "821": "foreign minister",
        "822": "foreign minister",
    }


def test_hosts_are_the_states_of_the_day(parsed: Parsed) -> None:
    hosts = dict(parsed.tables["acts"].select("ref", "ccode_to").rows())
    assert hosts == {"801": 811, "803": 160, "811": 811, "821": 811, "822": 260}


def test_stays_in_what_is_no_state_and_stays_listed_twice_are_set_aside(parsed: Parsed) -> None:
    assert {(place, why.startswith("the same")) for _, place, why in parsed.tables["review"].rows()} == {
        *{("802", False), ("812", False), ("823", True)}
    }


def test_the_record_speaks_of_every_host_from_the_first_stay_to_the_last(parsed: Parsed) -> None:
    assert parsed.tables["coverage"].rows() == [
        ("acts", "visit", 2, None, date(1928, 12, 13), date(2016, 11, 12))
    ]


def test_a_role_that_nobody_has_ranked_stops_the_parse(files: Mapping[str, bytes]) -> None:
    bad = files[OBAMA].replace(b"<role>president", b"<role>first-lady")
    with pytest.raises(UnknownValueError, match=r"2 trips .* 'first-lady'"):
        us_travels.parse({OBAMA: bad})


def test_an_unknown_host_stops_the_parse(files: Mapping[str, bytes]) -> None:
    bad = files[OBAMA].replace(b'"cambodia">Cambodia', b'"atlantis">Atlantis')
    with pytest.raises(UnknownStateError):
        us_travels.parse({OBAMA: bad})


def test_the_files_are_told_by_their_root_whatever_their_folder_is_called(files: Mapping[str, bytes]) -> None:
    assert all(us_travels.recognises(name, data[:4096]) for name, data in files.items())
    assert us_travels.recognises("president-travels/obama-barack.xml", files[OBAMA][:4096])
    assert not us_travels.recognises(OBAMA, b"<visits><visit/></visits>")


def test_a_damaged_file_is_parsed_or_refused_and_nothing_else(
    files: Mapping[str, bytes], survives: Callable[..., None]
) -> None:
    survives(us_travels, OBAMA, files[OBAMA])


@pytest.mark.publisher_data
def test_the_publishers_own_files_give_the_known_record(publisher_data: Path) -> None:
    folder = publisher_data / "state_dept" / "travels"
    parsed = us_travels.parse(
        {str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("*/*.xml")}
    )
    acts = parsed.tables["acts"]
    assert acts.height >= us_travels.ABOUT.table("acts").floor
    assert acts.height + parsed.tables["review"].height == 4271
    assert acts["ref"].is_unique().all()
    to_cambodia = acts.filter((pl.col("ccode_to") == 811) & (pl.col("rank") == "head of state"))
    assert to_cambodia.select("date", "who").rows() == [
        (date(2012, 11, 19), "Barack Obama"),
        (date(2022, 11, 12), "Joseph R. Biden"),
    ]
