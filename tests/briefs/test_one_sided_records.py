"""Records that know one side only, or a year only, are told as far as they go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

import amity
from amity import ingest
from amity.briefs import limits, page, terminal, turning, words
from amity.briefs.answer import Act, Reach, Tie
from amity.briefs.charts import timeline
from amity.store import open_store, verify
from tests.briefs.conftest import VISITS, A, B

if TYPE_CHECKING:
    from pathlib import Path

    from amity.briefs.answer import Brief

TO_B = Reach("china_trips", "acts", "visit", date(1949, 1, 1), date(2020, 12, 31), "a to b")
TO_A = Reach("us_visits", "acts", "visit", date(2000, 1, 1), date(2010, 12, 31), "b to a")
YEARLY = replace(VISITS[0], date=date(1956, 1, 1), precision="year", days=None, who="Zhou Enlai")


def post(began: str, ended: str | None = None) -> Tie:
    return Tie(
        kind="post",
        level="embassy",
        start=date(2000, 1, 1),
        start_precision="year",
        began=began,
        end=date(2003, 12, 31) if ended else None,
        end_precision="year" if ended else None,
        ended=ended,
        ccode_from=A.ccode,
        ccode_to=B.ccode,
        who=None,
        source="diplometrics",
        ref="KHM>USA|2000",
    )


def test_no_visit_is_none_only_where_both_directions_are_on_record(brief: Brief) -> None:
    told = replace(brief, reach=(TO_B, TO_A), visits=())
    assert [words.visits_known(told, year, year) for year in (1980, 2005, 2015, 2021)] == [
        False,
        True,
        False,
        False,
    ]
    assert page.visits_in(told, 1980) == "–"
    assert page.visits_in(told, 2005) == "0"
    assert terminal.visits(told, 1980, 1) == terminal.UNKNOWN
    assert terminal.visits(told, 2005, 1) == terminal.NONE


def test_a_visit_of_a_year_is_told_without_a_day_and_drawn_in_its_middle(brief: Brief) -> None:
    assert words.when(YEARLY) == " in 1956"
    assert timeline.says_visit(YEARLY).startswith("1956: Zhou Enlai")
    assert timeline.drawn_at(YEARLY) == date(1956, 7, 1)
    assert timeline.drawn_at(VISITS[0]) == VISITS[0].date
    (turn,) = turning.of_visits(brief.question, [YEARLY])
    assert turn.precision == "year"


def test_the_first_and_last_year_of_a_list_are_no_turning_points(brief: Brief) -> None:
    def told(tie: Tie) -> list[tuple[date, str]]:
        return [(turn.date, turn.precision) for turn in turning.of_tie(brief.question, tie)]

    assert told(post("already listed")) == []
    assert told(post("listed again", "listing interrupted")) == []
    assert told(post("listed", "no longer listed")) == [
        (date(2000, 1, 1), "year"),
        (date(2003, 12, 31), "year"),
    ]


def test_embassies_are_said_where_no_source_speaks_of_relations(brief: Brief) -> None:
    known = Reach("diplometrics", "ties", "post", date(2000, 1, 1), date(2020, 12, 31))
    listed = replace(brief, reach=(known,), ties=(post("already listed"),))
    back = replace(post("already listed"), ccode_from=B.ccode, ccode_to=A.ccode)
    assert "none the other way is on record" in words.housed(listed)
    assert "an embassy in each other in 2020" in words.housed(replace(listed, ties=(post("listed"), back)))
    assert "No embassy" in words.housed(replace(listed, ties=(post("listed", "no longer listed"),)))
    assert words.housed(replace(listed, reach=())) == ""


def test_meetings_that_a_publisher_tells_are_not_called_ones_own(brief: Brief) -> None:
    meeting = Act(
        *(
            date(2016, 10, 13),
            "day",
            "a to b",
            "meeting",
            "040",
            "diplomacy",
            10,
            "head of state",
            "X with Y",
        ),
        *("Phnom Penh", 1, "china_engagements", "r"),
    )
    mine = replace(meeting, source="own:desk", kind="letter")
    assert page.acts_heading(replace(brief, acts=(meeting,)))[0] == "Meetings, day by day"
    assert page.acts_heading(replace(brief, acts=(meeting, mine)))[0] == "Meetings, and your own record"
    assert page.acts_heading(replace(brief, acts=(mine,)))[0] == page.OWN_TITLE


def test_limits_speak_of_the_records_that_speak_of_the_pair(brief: Brief) -> None:
    chinese = " ".join(limits.limits(replace(brief, reach=(TO_B,))))
    assert "presidents and premiers" in chinese
    assert "one government, the United States'" not in chinese
    american = " ".join(limits.limits(replace(brief, reach=(TO_A,))))
    assert american.count("one government, the United States'") == 1


@pytest.mark.publisher_data
def test_the_publishers_lists_of_chinese_visits_and_embassies_make_a_brief(
    publisher_data: Path, tmp_path: Path
) -> None:
    held = open_store(tmp_path)
    embassies = publisher_data / "reference" / "diplometrics_ddr_2000_2020.csv"
    loaded = ingest.load(held, [publisher_data / "china_visits", embassies])
    assert {one.source for one in loaded} == {"china_trips", "china_engagements", "diplometrics"}
    assert verify(held) == ()
    brief = amity.brief("KHM", "CHN", shadow="USA", home=tmp_path)
    assert brief.headline[1] == "Cambodia and China had an embassy in each other in 2020."
    told = {turn.what: (turn.date.year, turn.precision) for turn in brief.turning_points}
    assert told["Visit of Zhou Enlai to Cambodia, the first on record"] == (1956, "year")
    assert not any("Embassy" in what for what in told)
    of_2012 = sorted(
        visit.who for visit in brief.visits if visit.date.year == 2012 and visit.direction == "b to a"
    )
    assert of_2012 == ["Hu Jintao", "Wen Jiabao", "Yang Jiechi"]
