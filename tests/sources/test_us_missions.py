"""American chiefs of mission: who was in post where, from when to when."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from amity.catalog import polars_schema
from amity.errors import UnknownStateError, UnknownValueError
from amity.sources import us_missions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from amity.sources import Parsed

SAMPLES = Path(__file__).parents[1] / "samples" / "us_missions"
CAMBODIA = "missions/cambodia.xml"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {f"missions/{path.name}": path.read_bytes() for path in sorted(SAMPLES.glob("*.xml"))}


@pytest.fixture(scope="module")
def parsed(files: Mapping[str, bytes]) -> Parsed:
    return us_missions.parse(files)


def tie(parsed: Parsed, ref: str) -> dict[str, object]:
    return parsed.tables["ties"].row(by_predicate=pl.col("ref") == ref, named=True)


def in_post(ties: pl.DataFrame, ccode: int, on: date) -> list[str]:
    """Who was in post on a day, both ends included."""
    there = ties.filter(
        (pl.col("ccode_to") == ccode) & (pl.col("start") <= on) & (pl.col("end").fill_null(on) >= on)
    )
    return there["who"].to_list()


def test_an_ambassador_is_in_post_from_credentials_to_departure(parsed: Parsed) -> None:
    assert dict(parsed.tables["ties"].schema) == polars_schema("ties")
    assert tie(parsed, "kh-1962-spro-01") == {
        "start": date(1962, 8, 20),
        "start_precision": "day",
        "began": "presented credentials",
        "end": date(1964, 3, 3),
        "end_precision": "day",
        "ended": "left post",
        "ccode_from": 2,
        "ccode_to": 811,
        "kind": "envoy",
        "level": "ambassador",
        "who": "Philip Dodson Sprouse",
        "ref": "kh-1962-spro-01",
    }


def test_a_nominee_is_never_in_post(parsed: Parsed) -> None:
    review = {place: why for _, place, why in parsed.tables["review"].rows()}
    assert review["kh-1964-kidd-01"] == "appointed, never in post"
    assert review["kh--doe-01"] == "nominated, never appointed"
    assert in_post(parsed.tables["ties"], 811, date(1964, 8, 1)) == []


def test_somebody_whose_beginning_is_not_given_is_set_aside(parsed: Parsed) -> None:
    assert (CAMBODIA, "kh--berg-01", "the day on which it began is not given") in parsed.tables[
        "review"
    ].rows()


def test_without_credentials_the_arrival_counts_and_the_last_one_is_still_there(parsed: Parsed) -> None:
    murphy = tie(parsed, "kh-2019-murp-01")
    assert (murphy["start"], murphy["began"], murphy["end"]) == (date(2019, 9, 18), "arrived", None)


def test_an_end_that_is_not_given_is_the_successors_beginning(parsed: Parsed) -> None:
    rives = tie(parsed, "kh-1969-rive-01")
    assert (rives["began"], rives["level"]) == ("post opened", "chargé ad interim")
    assert (rives["end"], rives["end_precision"], rives["ended"]) == (date(1970, 9, 15), "day", "superseded")


def test_a_representative_takes_charge_and_presents_no_credentials(parsed: Parsed) -> None:
    assert tie(parsed, "kh-1991-twin-01")["began"] == "took charge"


def test_a_day_that_the_publisher_doubts_is_known_to_the_month(parsed: Parsed) -> None:
    assert tie(parsed, "kh-1970-swan-01")["end_precision"] == "month"
    assert (tie(parsed, "kh-1994-twin-01")["end"], tie(parsed, "kh-1994-twin-01")["end_precision"]) == (
        date(1995, 11, 30),
        "month",
    )


def test_an_envoy_to_two_states_has_a_tie_with_each(parsed: Parsed) -> None:
    heath = parsed.tables["ties"].filter(pl.col("who") == "Donald Read Heath", pl.col("level") == "minister")
    assert sorted(heath["ccode_to"].to_list()) == [811, 817]


def test_taipei_and_peking_are_two_states_in_one_file(parsed: Parsed) -> None:
    china = {
        ref: tie(parsed, ref)["ccode_to"] for ref in parsed.tables["ties"]["ref"] if ref.startswith("cn-")
    }
    assert china == {
        "cn-1946-stua-01": 710,
        "cn-1966-mcco-01": 713,
        "cn-1973-bruc-01": 710,
        "cn-1979-wood-01": 710,
    }


def test_what_is_no_state_of_the_system_is_set_aside(parsed: Parsed) -> None:
    assert "xl-1853-greg-01" in parsed.tables["review"]["place"].to_list()


def test_a_file_speaks_of_its_state_until_it_was_last_edited(parsed: Parsed) -> None:
    assert ("ties", "envoy", 2, 811, date(1950, 7, 11), date(2019, 9, 19)) in parsed.tables["coverage"].rows()


@pytest.mark.parametrize(
    ("note", "ended"),
    [
        ("Assassinated at post on", "died"),
        ("Departure requested by the Government", "expelled"),
        ("Normal relations interrupted on", "relations broken off"),
        ("Left Suva", "left post"),
        ("Recommissioned with a new title", "recommissioned"),
        ("Embassy closed", "post closed"),
        ("", None),
        ("Went fishing", None),
    ],
)
def test_how_it_ended_is_told_in_a_few_words(
    files: Mapping[str, bytes], note: str, ended: str | None
) -> None:
    bad = files[CAMBODIA].replace(b"Embassy closed", note.encode())
    assert tie(us_missions.parse({CAMBODIA: bad}), "kh-1974-dean-01")["ended"] == ended


def test_a_title_that_nobody_has_ranked_stops_the_parse(files: Mapping[str, bytes]) -> None:
    bad = files[CAMBODIA].replace(b"<role-title-id>representative", b"<role-title-id>viceroy")
    with pytest.raises(UnknownValueError, match=r"1 chiefs .* 'viceroy' in missions/cambodia\.xml"):
        us_missions.parse({CAMBODIA: bad})


def test_an_unknown_territory_stops_the_parse(files: Mapping[str, bytes]) -> None:
    bad = files[CAMBODIA].replace(b"-id>cambodia<", b"-id>atlantis<")
    with pytest.raises(UnknownStateError):
        us_missions.parse({CAMBODIA: bad})


@pytest.mark.parametrize(
    ("old", "new", "place", "why"),
    [
        ("<date>1975-04-12", "<date>1973-04-12", "kh-1974-dean-01", "it ends (1973-04-12) before it begins"),
        ("<date>1974-04-03", "<date>1964-04-03", "kh-1974-dean-01", "years before the year in its id"),
    ],
)
def test_a_slip_of_the_pen_is_set_aside(
    files: Mapping[str, bytes], old: str, new: str, place: str, why: str
) -> None:
    parsed = us_missions.parse({CAMBODIA: files[CAMBODIA].replace(old.encode(), new.encode())})
    reasons = {place: why for _, place, why in parsed.tables["review"].rows()}
    assert why in reasons[place]


def test_the_files_are_told_by_their_root(files: Mapping[str, bytes]) -> None:
    assert all(us_missions.recognises(name, data[:4096]) for name, data in files.items())
    assert not us_missions.recognises(CAMBODIA, b"<visits></visits>")


def test_an_empty_file_of_a_country_says_nothing() -> None:
    empty = b"<country-mission><territory-id>x</territory-id><chiefs/><other-nominees/></country-mission>"
    assert all(frame.is_empty() for frame in us_missions.parse({"x.xml": empty}).tables.values())


def test_a_damaged_file_is_parsed_or_refused_and_nothing_else(
    files: Mapping[str, bytes], survives: Callable[..., None]
) -> None:
    survives(us_missions, CAMBODIA, files[CAMBODIA])


@pytest.fixture(scope="module")
def record(publisher_data: Path) -> Parsed:
    folder = publisher_data / "state_dept" / "missions"
    return us_missions.parse({path.name: path.read_bytes() for path in sorted(folder.glob("*.xml"))})


@pytest.mark.publisher_data
def test_every_chief_of_the_publisher_is_a_tie_or_set_aside(record: Parsed) -> None:
    ties = record.tables["ties"]
    assert ties.height >= us_missions.ABOUT.table("ties").floor
    assert ties.height + record.tables["review"].height == 5350 + 393
    assert ties.filter(pl.col("end") < pl.col("start")).is_empty()


@pytest.mark.publisher_data
def test_nobody_was_in_post_in_phnom_penh_between_1975_and_1991_nor_between_1964_and_1969(
    record: Parsed,
) -> None:
    ties = record.tables["ties"].filter(pl.col("ccode_to") == 811).sort("start")
    known = list(zip(ties["start"], ties["end"], strict=True))
    assert (date(1974, 4, 3), date(1975, 4, 12)) in known
    assert [start for start, _ in known if date(1974, 4, 4) <= start <= date(1992, 1, 1)] == [
        date(1991, 11, 11)
    ]
    assert in_post(ties, 811, date(1975, 4, 13)) == []
    assert in_post(ties, 811, date(1991, 11, 10)) == []
    assert in_post(ties, 811, date(1964, 8, 1)) == []
    assert ties["start"][0] == date(1950, 7, 11)
    assert ties.row(-1, named=True)["start"] == date(2019, 9, 18)


@pytest.mark.publisher_data
def test_how_every_time_in_post_ended_is_told_wherever_the_publisher_tells_it(record: Parsed) -> None:
    untold = record.tables["ties"].filter(pl.col("end").is_not_null() & pl.col("ended").is_null())
    assert untold.height == 530
