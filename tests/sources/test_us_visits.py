"""Visits of foreign leaders to the United States."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from amity.catalog import polars_schema
from amity.errors import BadFileError, UnknownStateError, UnknownValueError
from amity.sources import us_visits
from amity.sources.ranks import leader_rank

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from amity.sources import Parsed

SAMPLES = Path(__file__).parents[1] / "samples" / "us_visits"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {f"visits/{path.name}": path.read_bytes() for path in sorted(SAMPLES.glob("*.xml"))}


@pytest.fixture(scope="module")
def parsed(files: Mapping[str, bytes]) -> Parsed:
    return us_visits.parse(files)


def with_visit(files: Mapping[str, bytes], old: str, new: str) -> dict[str, bytes]:
    return {"2010.xml": files["visits/2010.xml"].replace(old.encode(), new.encode())}


def test_a_leaders_visit_goes_from_the_leaders_state_to_the_united_states(parsed: Parsed) -> None:
    acts = parsed.tables["acts"]
    assert dict(acts.schema) == polars_schema("acts")
    visit = acts.row(by_predicate=pl.col("ref") == "921", named=True)
    assert visit == {
        "date": date(2016, 2, 15),
        "precision": "day",
        "ccode_from": 811,
        "role_from": None,
        "ccode_to": 2,
        "role_to": None,
        "kind": "visit",
        "rank": "head of government",
        "who": "Prime Minister Hun Sen",
        "place": None,
        "days": 2,
        "code": "042",
        "field": "diplomacy",
        "force_tenths": 19,
        "count": 1,
        "ref": "921",
    }


def test_states_are_those_of_the_day(parsed: Parsed) -> None:
    acts = parsed.tables["acts"]
    assert dict(acts.select("ref", "ccode_from").rows()) == {
        "901": 260,
        "902": 811,
        "911": 710,
        "912": 365,
        "921": 811,
        "922": 850,
        "924": 670,
        "925": 375,
    }


def test_one_meeting_of_several_leaders_is_several_visits(parsed: Parsed) -> None:
    assert parsed.tables["acts"].filter(pl.col("date") == date(2016, 2, 15)).height == 2


def test_what_is_no_state_and_what_stands_twice_is_set_aside_with_the_reason(parsed: Parsed) -> None:
    review = {place: why for _, place, why in parsed.tables["review"].rows()}
    assert set(review) == {"2138", "913", "923"}
    assert review["923"] == "the same person, days and place as 921"


def test_the_record_speaks_of_every_state_from_its_first_visit_to_its_last(parsed: Parsed) -> None:
    assert parsed.tables["coverage"].rows() == [
        ("acts", "visit", None, 2, date(1874, 12, 12), date(2018, 3, 22))
    ]


@pytest.mark.parametrize(
    ("visitor", "rank"),
    [
        ("President Sukarno", "head of state"),
        ("President of the Council of Ministers Hussain Mohammad Ershad", "head of government"),
        ("President-Elect Carlos Salinas de Gortari", "other leader"),
        ("King Abdullah and Crown Prince Hussein", "head of state"),
        ("Crown Prince Mohammed bin Salman", "other leader"),
        ("Governor General Massey", "other leader"),
        ("Prime Minister-Prince Norodom Kantol", "head of government"),
        ("Chairman Aleksei N. Kosygin", "head of government"),
        ("Kingmaker Smith", None),
        ("", None),
    ],
)
def test_rank_follows_the_title(visitor: str, rank: str | None) -> None:
    assert leader_rank(visitor) == rank


def test_a_title_that_nobody_has_ranked_stops_the_parse(files: Mapping[str, bytes]) -> None:
    with pytest.raises(UnknownValueError, match=r"2 visitors .* 'Archon Hun Sen'"):
        us_visits.parse(with_visit(files, "Prime Minister Hun Sen", "Archon Hun Sen"))


def test_an_unknown_state_stops_the_parse(files: Mapping[str, bytes]) -> None:
    with pytest.raises(UnknownStateError):
        us_visits.parse(with_visit(files, '<from id="finland">Finland', '<from id="atlantis">Atlantis'))


def test_a_visit_that_ends_before_it_starts_is_set_aside(files: Mapping[str, bytes]) -> None:
    parsed = us_visits.parse(with_visit(files, "<end-date>2018-03-22", "<end-date>2018-03-02"))
    assert ("2010.xml", "924", "it ends (2018-03-02) before it starts (2018-03-20)") in parsed.tables[
        "review"
    ].rows()
    assert "924" not in parsed.tables["acts"]["ref"].to_list()


def test_a_visit_without_a_day_is_set_aside(files: Mapping[str, bytes]) -> None:
    parsed = us_visits.parse(with_visit(files, "<start-date>2018-03-20</start-date>", "<start-date/>"))
    assert "924" in parsed.tables["review"]["place"].to_list()


def test_the_same_file_given_twice_counts_once(files: Mapping[str, bytes], parsed: Parsed) -> None:
    again = us_visits.parse({**files, "copy/2010.xml": files["visits/2010.xml"]})
    assert again.tables["acts"].equals(parsed.tables["acts"])


def test_two_different_visits_with_one_id_are_refused(files: Mapping[str, bytes]) -> None:
    with pytest.raises(BadFileError, match="'921' stands twice"):
        us_visits.parse(with_visit(files, "<id>922</id>", "<id>921</id>"))


def test_the_files_are_told_by_their_root(files: Mapping[str, bytes]) -> None:
    assert all(us_visits.recognises(name, data[:4096]) for name, data in files.items())
    assert not us_visits.recognises("visits/2010.xml", b"<!DOCTYPE html><html>")
    assert not us_visits.recognises("visits/2010.txt", files["visits/2010.xml"][:4096])


def test_a_damaged_file_is_parsed_or_refused_and_nothing_else(
    files: Mapping[str, bytes], survives: Callable[..., None]
) -> None:
    survives(us_visits, "2010.xml", files["visits/2010.xml"])


@pytest.mark.publisher_data
def test_the_publishers_own_files_give_the_known_record(publisher_data: Path) -> None:
    folder = publisher_data / "state_dept" / "visits"
    parsed = us_visits.parse({path.name: path.read_bytes() for path in sorted(folder.glob("*.xml"))})
    acts = parsed.tables["acts"]
    assert acts.height >= us_visits.ABOUT.table("acts").floor
    assert acts.height + parsed.tables["review"].height == 3264
    assert acts["ref"].is_unique().all()
    assert dict(acts["rank"].value_counts().rows()) == {
        "head of state": 1712,
        "head of government": 1461,
        "other leader": 73,
    }
    from_cambodia = acts.filter(pl.col("ccode_from") == 811).select("date", "rank").rows()
    assert from_cambodia == [
        (date(1953, 4, 17), "head of state"),
        (date(1958, 9, 28), "head of government"),
        (date(1960, 9, 27), "head of government"),
        (date(1961, 9, 25), "head of state"),
        (date(1963, 11, 24), "head of government"),
        (date(1970, 10, 24), "head of state"),
        (date(1971, 8, 10), "head of government"),
        (date(2016, 2, 16), "head of government"),
        (date(2022, 5, 12), "head of government"),
    ]
