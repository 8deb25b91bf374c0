"""States that are no more, or were called otherwise: what a brief of their years says of them, and of what is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

import amity
from amity import states
from amity.briefs import bands, gauges, lineage, page, portrait_words, words
from amity.briefs.answer import Reach
from amity.briefs.ask import ask
from amity.briefs.charts import meetings
from amity.briefs.estimated import Breadth, Stand
from amity.briefs.portrait import portrait
from amity.briefs.terminal import text
from amity.errors import NoEvidenceError, UsageError
from amity.states.naming import FORMER

if TYPE_CHECKING:
    from amity.briefs.answer import Brief
    from amity.store import Store


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return amity.open_store(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def gone(pack: Store) -> Brief:
    return ask(pack, "GDR", "USA")


def test_states_have_the_names_of_the_last_year_asked_for(pack: Store) -> None:
    then = text(ask(pack, "Yugoslavia", "USSR", start=1980, end=1991))
    assert then.startswith("Yugoslavia and the Soviet Union")
    assert then.count("Serbia") == then.count("Yugoslavia goes on as Serbia") == 1
    assert ask(pack, "Yugoslavia", "USSR", start=2008, end=2010).question.a.the == "Serbia"


def test_every_former_name_is_one_that_amity_reads_as_that_state() -> None:
    for code, names in FORMER.items():
        assert all(states.find(name).ccode == code for name, _, _ in names)
        assert all(first <= last for _, first, last in names)


def test_a_pair_that_is_no_more_ends_with_its_last_common_day_and_has_no_outlook(gone: Brief) -> None:
    assert (gone.question.end, gone.evidence_to) == (1990, date(1990, 10, 2))
    assert gone.state
    assert gone.state.month == date(1990, 10, 1)
    assert (gone.state.foreseen, gone.state.skill, gone.programmes) == ((), (), ())
    told = text(gone)
    assert "What comes next" not in told
    assert "In a month" not in told


def test_of_a_state_that_is_no_more_is_told_in_the_past_and_when_it_ended(gone: Brief) -> None:
    told = " ".join(text(gone).split())
    assert "East Germany was a state of the system to 2 October 1990" in gone.headline[-1]
    assert "they stood" in gone.headline[0]
    for now in (
        "they stand",
        "they have",
        "have had diplomatic relations",
        "leaders meet",
        "trusts the other",
    ):
        assert now not in told
    assert "met more rarely" in told
    assert "they stood" in page.lead(gone)


def test_a_state_that_bears_another_name_by_now_says_as_what_it_goes_on(pack: Store) -> None:
    then, now = (ask(pack, "USSR", "USA", end=end).headline for end in (1985, 2010))
    assert "The Soviet Union goes on as Russia from 1992." in then
    assert "they stood" in then[0]
    assert "To 1991 the record of Russia is that of the Soviet Union." in now
    assert "they stand" in now[0]
    several = lineage.sentence(states.find("Serbia"), 1946, 2020)
    assert several == (
        "To 2002 the record of Serbia is that of Yugoslavia, then to 2005 that of Serbia and Montenegro."
    )
    assert (
        lineage.sentence(states.find("YUG"), 1946, 1991)
        == "Yugoslavia goes on as Serbia and Montenegro from 2003."
    )
    assert lineage.sentence(states.find("YUG"), 2008, 2020) == ""


def test_every_line_that_ended_says_so_and_no_other_does() -> None:
    for state in states.every():
        said = lineage.sentence(state, 1816, 2026)
        assert ("was a state of the system to" in said) == (state.spells[-1].end is not None), state.name


def test_a_portrait_of_a_state_that_is_no_more_is_in_the_past(pack: Store) -> None:
    gone = portrait_words.headline(portrait(pack, states.find("CSK")))
    assert "Czechoslovakia was a state of the system to 31 December 1992" in gone[-1]
    assert "surely warmer" not in " ".join(gone) or " were surely warmer" in " ".join(gone)
    assert "To 2002 the record of Serbia" in portrait_words.headline(portrait(pack, states.find("YUG")))[-1]


def test_a_year_that_is_not_over_is_told_by_its_month() -> None:
    last = Breadth(2026, 5, 2.7, 1, 4)
    assert bands.breadth(last, date(2026, 6, 1)).startswith("In June 2026 engaged")
    assert bands.breadth(last, date(2026, 12, 1)).startswith("At the end of 2026 engaged")


def test_a_pair_that_goes_on_has_an_outlook(pack: Store) -> None:
    there = ask(pack, "GDR", "USA", end=1985)
    assert there.state
    assert there.state.foreseen


def test_years_in_which_the_two_were_never_both_states_are_refused(pack: Store) -> None:
    with pytest.raises(NoEvidenceError, match="never states on the same day from 1995"):
        ask(pack, "GDR", "USA", start=1995)
    with pytest.raises(UsageError, match="nothing is known of 2090 yet"):
        ask(pack, "KHM", "USA", start=2090)
    with pytest.raises(UsageError, match="2010 to 2000 run backwards"):
        ask(pack, "KHM", "USA", start=2010, end=2000)
    with pytest.raises(NoEvidenceError, match="never states on the same day"):
        ask(pack, "South Sudan", "USA", end=2000)


def test_relations_told_of_years_after_the_record_say_where_it_ends(brief: Brief, pack: Store) -> None:
    late = ask(pack, "KHM", "USA", start=2024, end=2024)
    assert any("since 1994. That record ends in 2009." in one for one in late.headline)
    ended = Reach("us_relations", "ties", "relations", date(1950, 1, 1), date(2009, 1, 1), "both")
    years_on = replace(brief, reach=(), evidence_to=date(2024, 12, 31))
    assert words.as_far_as(years_on, (ended,)) == " That record ends in 2009."
    assert words.as_far_as(replace(years_on, evidence_to=date(2010, 12, 31)), (ended,)) == ""


def test_what_an_old_pair_says_of_its_tie_is_read_of_no_later_year(pack: Store) -> None:
    then = ask(pack, "USSR", "USA", end=1991)
    assert then.state
    assert then.state.maturity
    assert all(one.year <= 1991 and one.age == one.year - 1816 for one in then.state.maturity)
    told = " ".join(text(then).split())
    post = gauges.envoy_gauge(then)
    assert post
    assert post.sub == "Share of days from 28 December 1981 to 31 December 1991."
    assert words.title_cadence(then).startswith("The United States and the Soviet Union met at the top")
    assert meetings.furthest(then) < 20
    assert page.page(then, ()).heading == "The Soviet Union and the United States"
    assert "For its 175 years engagement had been " in told
    assert "than those of the Soviet Union’s neighbours and the United States did" in told
    assert "`amity pull gdelt1 --from 1991 --to 1991`" in told
    assert "One phase since 1946: no turning point is likely It rests on " in told


def test_the_other_states_of_a_portrait_have_the_names_of_its_month(pack: Store) -> None:
    then = portrait(pack, states.find("GDR"))
    assert then.month.year == 1989
    assert {"Soviet Union", "Yugoslavia"} <= {tie.name for tie in then.ties}
    assert not {"Russia", "Serbia"} & {tie.name for tie in then.ties}


def test_a_dimension_of_which_too_little_was_observed_is_not_said_to_be_unobserved_since() -> None:
    stand = Stand(0.0, -68.0, 68.0, False, True, date(1991, 12, 1), None, None)
    said = bands.unknown("tone", stand, date(1991, 12, 1))
    assert said.startswith(
        "Not known: what was observed, last in December 1991, says too little. `amity pull"
    )


def test_a_portrait_is_of_no_month_after_the_state_had_ended(pack: Store) -> None:
    assert portrait(pack, states.find("Zanzibar")).month == date(1964, 4, 1)
