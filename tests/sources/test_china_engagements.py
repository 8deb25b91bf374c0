"""What seven Chinese leaders did with other countries, day by day."""

from __future__ import annotations

import runpy
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import polars as pl
import pytest

from amity.catalog import polars_schema
from amity.errors import AmityError, BadFileError, UnknownStateError, UnknownValueError
from amity.sources import china_engagements
from amity.sources.china_engagements import rank_of
from amity.sources.china_engagements.sentences import read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from amity.sources import Parsed

w = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("rdata_writer.py"))))
SAMPLE = Path(__file__).parents[1] / "samples" / "china_engagements" / "all_engagements_sample.rds"

NOBODY: set[int] = set()
HOME = "was in Beijing Municipality and met with the following:"
ROWS = [
    ("05/02/10", "Cambodia", "Hu Jintao", "Hu Jintao travelled to Cambodia, Kampot and met with the following: "
     "Sok Dara (King of Cambodia) Chan Vuthy (Cambodian Minister of Health) Others Attending: Yang Jiechi, Wen Jiabao"),
    ("05/02/10", "Cambodia", "Yang Jiechi", "Hu Jintao travelled to Cambodia, Kampot and met with the following: "
     "Sok Dara (King of Cambodia) Chan Vuthy (Cambodian Minister of Health) Others Attending: Yang Jiechi, Wen Jiabao"),
    ("05/04/10", "Cambodia", "Hu Jintao", "Hu Jintao travelled to Cambodia, Takeo"),
    ("05/04/10", "Laos", "Hu Jintao", "Hu Jintao travelled to Cambodia, Takeo and met with the following: "
     "Noy Keo (Lao Prime Minister)"),
    ("09/20/10", "Cambodia", "Hu Jintao", "Hu Jintao travelled to Cambodia, Kep"),
    ("03/01/14", "Cambodia", "Xi Jinping", f"Xi Jinping {HOME}  Dara Sok (Cambodian Prime Minister)"),
    ("03/02/14", "Cambodia", "Li Keqiang", "Li Keqiang travelled to Hainan Province, Boao and met with the following: "
     "Sok Dara (Prime Minister of Cambodia)"),
    ("06/09/14", "North Korea", "Wang Yi",
     f"Wang Yi {HOME} Kim Il (Foreign Minister of the Democratic People's Republic of Korea (DPRK))"),
    ("06/10/14", "Wales", "Wang Yi", "Wang Yi travelled to Australia, Perth and met with the following: "
     "Ann Lee (Premier of New South Wales) Bo Chen (Chinese Ambassador to Australia)"),
    ("06/11/14", "United States", "Wang Yi", "U.S., China discuss trade on phone (Beijing Municipality) "),
    ("06/12/14", "Cook Islands", "Wang Yi", "Wang Yi travelled to Cook Islands, Avarua"),
    ("06/13/14", "France", "Wang Yi", "  travelled to  and met with the following: Jean Petit (French President)"),
    ("12/28/13", "Russia", "Yang Jiechi", "Yang Jiechi travelled to Russia, Omsk"),
]  # fmt: skip
"""Sentences of our own making in the publisher's grammar, newest pages mixed; the sample beside the tests holds them."""


def rds(rows: Sequence[tuple[str, str, str, str]]) -> bytes:
    columns = {
        "date": w.strings([row[0] for row in rows]),
        "year": w.strings(["20" + row[0][-2:] for row in rows]),
        "country": w.strings([row[1] for row in rows]),
        "leader": w.strings([row[2] for row in rows]),
        "text": w.strings([row[3] for row in rows]),
    }
    return w.rds(w.frame(columns, len(rows)))


def parsed_of(*rows: tuple[str, str, str, str]) -> Parsed:
    return china_engagements.parse({"all_engagements.rds": rds(rows)})


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {SAMPLE.name: SAMPLE.read_bytes()}


@pytest.fixture(scope="module")
def parsed(files: Mapping[str, bytes]) -> Parsed:
    return china_engagements.parse(files)


def visits(parsed: Parsed, sender: int, receiver: int) -> list[tuple[object, ...]]:
    acts = parsed.tables["acts"].filter(kind="visit", ccode_from=sender, ccode_to=receiver)
    return acts.select("date", "days", "rank", "who", "place").rows()


def meetings(parsed: Parsed, other: int) -> list[tuple[object, ...]]:
    acts = parsed.tables["acts"].filter(kind="meeting", ccode_to=other)
    return acts.select("date", "code", "rank", "who", "place").rows()


def test_the_sample_holds_the_sentences_above(files: Mapping[str, bytes]) -> None:
    assert next(iter(files.values())) == rds(ROWS)


def test_a_stay_is_told_once_with_its_days_and_cities(parsed: Parsed) -> None:
    acts = parsed.tables["acts"]
    assert dict(acts.schema) == polars_schema("acts")
    assert visits(parsed, 710, 811) == [
        (date(2010, 5, 2), 3, "head of state", "Hu Jintao", "Kampot, Takeo"),
        (date(2010, 5, 2), 1, "foreign minister", "Yang Jiechi", "Kampot"),
        (date(2010, 9, 20), 1, "head of state", "Hu Jintao", "Kep"),
    ]


def test_who_is_met_in_china_with_a_title_of_the_top_has_visited_china(parsed: Parsed) -> None:
    assert visits(parsed, 811, 710) == [
        (date(2014, 3, 1), 2, "head of government", "Dara Sok", "Beijing Municipality, Boao")
    ]
    assert visits(parsed, 731, 710) == [
        (date(2014, 6, 9), 1, "foreign minister", "Kim Il", "Beijing Municipality")
    ]
    assert visits(parsed, 732, 710) == []


def test_a_meeting_says_where_it_was_and_is_told_once_of_those_who_sat_there(parsed: Parsed) -> None:
    assert meetings(parsed, 811) == [
        (date(2010, 5, 2), "040", "head of state", "Hu Jintao with Sok Dara", "Cambodia, Kampot"),
        (date(2014, 3, 1), "043", "head of state", "Xi Jinping with Dara Sok", "Beijing Municipality"),
        (date(2014, 3, 2), "043", "head of government", "Li Keqiang with Sok Dara", "Boao"),
    ]
    assert meetings(parsed, 812) == [
        (date(2010, 5, 4), "044", "head of state", "Hu Jintao with Noy Keo", "Cambodia, Takeo")
    ]


def test_a_country_found_by_its_letters_alone_is_not_met(parsed: Parsed) -> None:
    assert meetings(parsed, 900) == [
        (date(2014, 6, 10), "040", "foreign minister", "Wang Yi with Ann Lee", "Australia, Perth")
    ]
    assert 200 not in parsed.tables["acts"]["ccode_to"]


def test_what_is_not_read_is_counted_with_the_reason(parsed: Parsed) -> None:
    assert sorted(why for _, _, why in parsed.tables["review"].rows()) == [
        "Cook Islands: no member of the system (1)",
        "a headline, a call, a message or no place: neither a trip nor a list of whom they met (2)",
        "somebody met whose title names no state or several, or who is Chinese (1)",
    ]


def test_the_file_claims_to_know_of_chinas_side_only(parsed: Parsed) -> None:
    days = (date(2010, 5, 2), date(2014, 6, 13))
    assert parsed.tables["coverage"].rows() == [
        ("acts", "visit", 710, None, *days),
        ("acts", "meeting", 710, None, *days),
    ]


@pytest.mark.parametrize(
    ("leader", "day", "rank"),
    [
        ("Hu Jintao", date(2003, 3, 14), "other leader"),
        ("Hu Jintao", date(2003, 3, 15), "head of state"),
        ("Xi Jinping", date(2013, 3, 13), "other leader"),
        ("Xi Jinping", date(2018, 12, 7), "head of state"),
        ("Yang Jiechi", date(2013, 12, 28), "other leader"),
        ("Wen Jiabao", date(2013, 3, 14), "head of government"),
    ],
)
def test_rank_is_that_of_the_office_held_on_the_day(leader: str, day: date, rank: str) -> None:
    assert rank_of(leader, day) == rank


@pytest.mark.parametrize(
    ("title", "ccodes", "rank"),
    [
        ("President of the Republic of Korea (ROK)", {732}, "head of state"),
        ("Premier of the Democratic People's Republic of Korea (DPRK)", {731}, "head of government"),
        ("U.S. Secretary of State", {2}, "foreign minister"),
        ("Cambodia's Deputy Prime Minister and Foreign Minister", {811}, "foreign minister"),
        ("Former Prime Minister of Canada", {20}, None),
        ("Vice President of Iran", {630}, None),
        ("President of the Senate of France", {220}, None),
        ("President and CEO of the U.S. Chamber of Commerce", {2}, None),
        ("President of Equatorial Guinea", {411}, "head of state"),
        ("Prime Minister of Papua New Guinea", {910}, "head of government"),
        ("Dominican Republic President", {42}, "head of state"),
        ("Prime Minister of the Commonwealth of Dominica", {54}, "head of government"),
        ("President of the European Commission", NOBODY, None),
        ("Wife of Xi Jinping", NOBODY, None),
        ("Chinese Ambassador to Chad", NOBODY, None),
    ],
)
def test_a_title_says_the_state_and_where_it_is_clear_the_rank(
    title: str, ccodes: set[int], rank: str | None
) -> None:
    told = read(f"Wang Yi {HOME} Somebody ({title})")
    assert told is not None
    assert [(one.name, one.ccodes, one.rank) for one in told.met] == [("Somebody", ccodes, rank)]


@pytest.mark.parametrize(
    "text",
    [
        "Xi congratulates somebody (Beijing Municipality)",
        "President Hu to visit Cambodia (Beijing Municipality)",
        " travelled to  and met with the following: Jean Petit (French President)",
        "Wang Yi was in Beijing Municipality",
        "",
    ],
)
def test_headlines_and_sentences_without_a_place_are_not_read(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("row", "error", "said"),
    [
        (("01/02/10", "Atlantis", "Wang Yi", "Hello (Beijing)"), UnknownStateError, "Atlantis"),
        (("01/02/10", "Chad", "Wang Yi", "Wang Yi travelled to Atlantis, Port"), UnknownStateError, "Atlantis"),
        (("01/02/10", "Chad", "Mao Zedong", "Hello (Beijing)"), UnknownValueError, "Mao Zedong"),
        (("13/02/10", "Chad", "Wang Yi", "Hello (Beijing)"), BadFileError, "is not a day"),
        (("2010-02-10", "Chad", "Wang Yi", "Hello (Beijing)"), BadFileError, "is not a day"),
    ],
)  # fmt: skip
def test_what_nobody_has_heard_of_stops_the_parse(
    row: tuple[str, str, str, str], error: type[AmityError], said: str
) -> None:
    with pytest.raises(error, match=said):
        parsed_of(row)


def test_the_same_file_given_twice_counts_once(files: Mapping[str, bytes], parsed: Parsed) -> None:
    again = china_engagements.parse({**files, "copy/all_engagements.rds": SAMPLE.read_bytes()})
    assert again.tables["acts"].equals(parsed.tables["acts"])


def test_a_damaged_file_is_parsed_or_refused_and_nothing_else() -> None:
    data = SAMPLE.read_bytes()
    damaged = [data[: len(data) * share // 20] for share in range(20)]
    damaged += [data[:at] + bytes([data[at] ^ 0x15]) + data[at + 1 :] for at in range(0, len(data), 41)]
    refused = 0
    for bad in damaged:
        try:
            china_engagements.parse({SAMPLE.name: bad})
        except AmityError:
            refused += 1
    assert refused > 20


@pytest.mark.publisher_data
def test_the_publishers_own_file_gives_the_known_record(publisher_data: Path) -> None:
    path = publisher_data / "china_visits" / "all_engagements_2003-2018.rds"
    parsed = china_engagements.parse({path.name: path.read_bytes()})
    acts = parsed.tables["acts"]
    assert acts.height >= china_engagements.ABOUT.table("acts").floor
    assert acts["ref"].is_unique().all()
    # Public history: Hu Jintao's state visit to Cambodia, 30 March to 2 April 2012.
    assert (date(2012, 3, 30), 3, "head of state", "Hu Jintao", "Phnom Penh, Siem Reap") in visits(
        parsed, 710, 811
    )
    kinds = dict(acts.group_by("kind").len().rows())
    assert kinds == {"visit": 1947, "meeting": 3550}
    assert acts.filter(pl.col("ccode_from") == pl.col("ccode_to")).is_empty()
