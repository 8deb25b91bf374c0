"""Estimates in words, records and pictures: never surer than the numbers, the same in every form, unknown where unknown."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date
from html import unescape
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import amity
from amity import evidence, states
from amity.briefs import ageing, bands, dials, estimating, foreseeing, movers, trusting, turns, words
from amity.briefs.answer import Reach
from amity.briefs.ask import ask
from amity.briefs.charts import charts
from amity.briefs.charts.states import states as drawn
from amity.briefs.estimated import Compared, Matured, Stand
from amity.briefs.gather import Asked
from amity.briefs.page import page
from amity.briefs.write import rendered
from amity.dimensions.pair import relation_of
from amity.engine.scale import shown

if TYPE_CHECKING:
    from pathlib import Path

    from amity.briefs.answer import Brief
    from amity.briefs.estimated import Estimated
    from amity.evidence import Evidence


def estimated(ev: Evidence, asked: Asked, last: date) -> Estimated | None:
    """The two as a brief estimates them; None before 1946."""
    relation = estimating.related(ev, asked, last)
    return estimating.estimated(ev, asked, relation, last) if relation else None


POINTS = st.floats(-100, 100, allow_nan=False)


def stand(value: float, low: float, high: float, chance: float | None = None, *, known: bool = True) -> Stand:
    return Stand(
        value, low, high, known, True, date(2024, 12, 1), 0.0 if chance is not None else None, chance
    )


# Words


def test_bands_are_the_shares_of_a_gaussian_that_the_module_says() -> None:
    # The normal quantiles of two thirds, nine tenths and 39 fortieths.
    for edge, z in zip(bands.EDGES[3:], (0.4307, 1.2816, 1.9600), strict=True):
        assert float(shown(z)) == pytest.approx(edge, abs=0.05)
    assert tuple(-edge for edge in reversed(bands.EDGES)) == bands.EDGES


def test_every_scale_has_a_word_for_every_band() -> None:
    for said in (bands.TONE, bands.ENGAGEMENT, bands.ALIGNMENT, *bands.SHORT.values()):
        assert len(set(said)) == len(bands.EDGES) + 1


@given(POINTS, POINTS)
def test_a_higher_value_never_has_a_lower_word(one: float, other: float) -> None:
    assert (bands.band(one) <= bands.band(other)) or one > other


@given(st.floats(0.5, 1.0))
def test_a_chance_in_words_is_never_surer_than_the_number(probability: float) -> None:
    least = {
        "an even chance": 0.5, "six chances in ten": 0.6, "seven chances in ten": 0.7, "eight chances in ten": 0.8,
        "nine chances in ten": 0.9, "19 chances in 20": 0.95, "more than 99 chances in a hundred": 0.99,
    }  # fmt: skip
    assert least[bands.chances(probability)] <= probability + 1e-9


@given(POINTS, POINTS, POINTS)
def test_words_name_every_band_at_the_ends_of_the_interval(one: float, two: float, three: float) -> None:
    low, value, high = sorted((one, two, three))
    said = bands.hedged("tone", stand(value, low, high))
    for at in (low, value, high):
        assert bands.word("tone", at) in said


def test_a_sentence_is_sure_only_where_the_interval_is_narrow(telling: Brief) -> None:
    assert bands.doubtful(stand(-96, -98, -94)) == ""
    assert bands.doubtful(stand(-70, -80, -60)) == "probably "
    assert bands.doubtful(stand(0, -60, 60)) == "perhaps "
    assert telling.headline[0].startswith(
        "The tone between them is cool, but anywhere from hostile to neutral (−52, 90% interval −92 to −12;"
    )
    assert "nothing observed since December 2022" in telling.headline[0]


def test_a_change_is_told_with_its_chance_and_only_where_it_has_one() -> None:
    assert (
        bands.compared("tone", stand(-52, -84, 3, 0.25))
        == "colder than a year before with seven chances in ten"
    )
    assert (
        bands.compared("alignment", stand(5, 0, 9, 0.97)) == "closer than a year before with 19 chances in 20"
    )
    assert bands.compared("tone", stand(-52, -84, 3, 0.4)) == ""
    assert bands.compared("tone", stand(-52, -84, 3)) == ""


def test_of_a_pair_of_which_nothing_is_known_every_form_says_so(telling: Brief) -> None:
    assert telling.state
    nothing = tuple(
        replace(line, stand=replace(line.stand, known=False, last_seen=None)) for line in telling.state.lines
    )
    bare = replace(telling, state=replace(telling.state, lines=nothing, trust=None, moved=()))
    bare = replace(bare, headline=words.headline(bare))
    assert "is not known: what is loaded says too little" in bare.headline[0]
    for form in ("html", "md", "txt"):
        assert "not known" in rendered(bare, form), form
    assert bare.state
    groups = dials.dials(bare.state, bare.question)
    assert len(groups) == 3
    assert all(not group.dials and "amity load" in group.missing for group in groups)


def test_a_dimension_of_which_nothing_is_known_has_one_sentence_and_no_dashes(telling: Brief) -> None:
    assert telling.state
    lines = tuple(
        replace(line, stand=replace(line.stand, known=False)) if line.name.startswith("tone") else line
        for line in telling.state.lines
    )
    bare = replace(telling, state=replace(telling.state, lines=lines))
    assert bare.state
    assert [row[0] for row in dials.stands(bare.state, bare.question)] == ["Alignment"], (
        "engagement is not known"
    )
    (sentence,) = (one for one in dials.unknown(bare.state) if one.startswith("Tone"))
    assert "amity pull" in sentence
    for form in ("md", "txt"):
        assert " ".join(rendered(bare, form).split()).count(sentence) == 1, form
    said = " ".join(rendered(bare, "txt").split())
    assert "tone carried forward" not in said
    assert "Months ahead" not in rendered(bare, "html")
    assert len(json.loads(rendered(bare, "json"))["state"]["foreseen"]) == len(telling.state.foreseen)


def test_the_pages_first_sentence_leaves_the_figures_to_the_dials(telling: Brief) -> None:
    lead = page(telling, ()).lead
    assert lead.startswith(
        "The tone between them is cool, but anywhere from hostile to neutral (nothing observed since December 2022)"
    )
    assert "90%" not in lead
    assert f'<p class="lead">{lead}</p>' in rendered(telling, "html")
    other = replace(telling, headline=("No loaded source has a row.",))
    assert page(other, ()).lead == "No loaded source has a row."


def test_one_direction_alone_unknown_keeps_its_dial(telling: Brief) -> None:
    assert telling.state
    lines = tuple(
        replace(line, stand=replace(line.stand, known=line.stand.known and line.name != "tone a to b"))
        for line in telling.state.lines
    )
    (tone, *_) = dials.dials(replace(telling.state, lines=lines), telling.question)
    assert [dial.value == "?" for dial in tone.dials] == [True, False]


def test_engagement_alone_unknown_is_said_beside_what_is_known(telling: Brief) -> None:
    assert (
        "What is loaded says too little of how much they have to do with each other." in telling.headline[0]
    )


# The forms


def test_values_agree_in_every_form(telling: Brief) -> None:
    state = telling.state
    assert state
    for form in ("html", "md", "txt"):
        said = " ".join(rendered(telling, form).split())
        for name in ("tone a to b", "tone b to a", "alignment"):
            line = state.line(name)
            assert line
            assert bands.signed(line.stand.value) in said, (form, name)
            assert bands.interval(line.stand) in said, (form, name)
        assert "Cambodia in the United States" in said
        assert "61%" in said
        assert "(−37 to +55 at 90%), could be either way" in said
    again = json.loads(rendered(telling, "json"))["state"]
    assert again["lines"][0]["stand"]["value"] == state.lines[0].stand.value
    assert again["trust"]["gap"] == 0.12


def test_every_change_that_a_table_tells_is_one_of_the_record(telling: Brief) -> None:
    told = movers.movers(telling)
    assert told
    assert told.title == "What moved it last: UN votes, December 2024"
    assert [line.cells[0] for line in told.latest] == ["December 2022", "December 2022", "December 2024"]
    assert told.latest[0].cells[2] == "−0.31 sd, colder"
    by_year = {line.cells[:2]: line.cells[2] for line in told.by_year if line.cells[1] == "alignment"}
    assert by_year == {("2024", "alignment"): "−0.14 sd, apart"}, "a year is the sum of its months"
    assert all("0.04" not in line.cells[2] for line in told.by_month), "small changes are left to the JSON"


def test_bars_of_changes_stand_on_their_side_of_the_middle(telling: Brief) -> None:
    told = movers.movers(telling)
    assert told
    for line in told.by_month:
        down = line.cells[2].startswith("−")
        assert (line.left + line.width == 50) if down else line.left == 50


def test_the_end_of_each_year_stands_in_a_table_newest_first(telling: Brief) -> None:
    assert telling.state
    heads, rows = dials.by_year(telling.state, telling.question)
    assert heads == (
        "Year", "Tone", "Tone, KHM to USA", "Tone, USA to KHM", "Engagement", "Alignment", "Tone as known then",
    )  # fmt: skip
    assert [year for year, _ in rows] == list(range(2024, 1952, -1))
    assert rows[0][1][0] == "2024"
    assert rows[0][1][4] == "–", "engagement is not known any more"
    assert rows[0][1][6] == "−50 (−97 to −7)"


def test_turning_points_are_dated_no_better_than_they_are_known(telling: Brief) -> None:
    told = turns.turnings(telling)
    assert told
    assert told.title == "Three phases, the last since about 1994", "its date is spread over nine years"
    first, sharp, vague = told.rows
    assert first.cells[1:4] == ("Feb 1950", "–", "–"), "the evidence begins; nothing turned"
    assert sharp.cells[1:4] == ("May 1965", "that month", "over 99%")
    assert sharp.cells[5:] == ("representation −2.6 sd, tone −1.1 sd", "tone hostile")
    assert vague.cells[2:4] == ("Mar 1989 to Dec 1997", "87%")
    for form in ("html", "md", "txt"):
        said = " ".join(rendered(telling, form).split())
        assert "Three phases, the last since about 1994" in said, form
        assert "Mar 1989 to Dec 1997" in said, form


def test_phases_say_on_what_they_rest_and_which_records_end_or_are_missing(telling: Brief) -> None:
    assert telling.state
    relations = Reach("us_relations", "ties", "relations", date(1945, 1, 1), date(2009, 1, 1), "both")
    news = Reach("icews", "events", "*", date(2014, 1, 1), date(2018, 12, 31), "both")
    none, some = (turns.turnings(replace(telling, reach=reach)) for reach in ((), (relations, news)))
    assert none
    assert some
    assert none.rests.startswith("They rest on ")
    assert "of relations, envoys, posts, visits or news: what showed" in none.rests
    assert "of envoys, posts or visits; of relations after 2009; of news before 2014" in some.rests
    assert some.how.endswith(some.rests)
    late = replace(telling, reach=(news,), question=replace(telling.question, start=2014))
    of_late = turns.turnings(late)
    assert of_late
    assert "news before" not in of_late.rests, "of years that were not asked for nothing is missed"
    assert "what showed there alone is missed." in " ".join(rendered(telling, "txt").split())


def test_the_outlook_shows_the_method_that_the_record_favours_and_says_how_right_it_was(
    telling: Brief,
) -> None:
    told = foreseeing.ahead(telling)
    assert told
    assert told.title == "Foreseen in a year: cool, but anywhere from hostile to neutral"
    assert told.rows == (
        ("12", "Dec 2025", "−48 (−88 to −8) *", "−30 (−70 to +10)", "+10 (−30 to +50)"),
        ("24", "Dec 2026", "−48 (−88 to −8)", "−30 (−70 to +10) *", "+10 (−30 to +50)"),
    )
    assert told.record == (
        ("12", "90% (89%)", "–", "90% (88%)", "+5% (+4 to +6)", "–", "40,640", "5,562", "years 2008 to 2014"),
    )
    assert told.own == ()
    for form in ("html", "md"):
        assert "Of this pair alone nothing could be judged: n = 0." in rendered(telling, form), form
    assert (
        "In 24 months (Dec 2026): tone carried forward −48 (−88 to −8); fading mean of acts −30 (−70 to +10) *"
        in " ".join(rendered(telling, "txt").split())
    )


def test_of_a_tone_that_is_not_known_nothing_is_foreseen(telling: Brief) -> None:
    assert telling.state
    lines = tuple(replace(line, stand=replace(line.stand, known=False)) for line in telling.state.lines)
    bare = replace(telling, state=replace(telling.state, lines=lines))
    told = foreseeing.ahead(bare)
    assert told
    assert told.title == "What comes next cannot be told from what is loaded"
    assert told.rows == told.record == told.own == ()
    assert "amity pull" in told.how
    assert "outlook" not in charts(bare)


def test_unknown_spells_are_hatched_and_carry_no_line(telling: Brief) -> None:
    spec = drawn(telling)["engagement"]
    hatched, _, _, _, old, fresh, *_ = spec["layer"]
    assert [(one["t"], one["t2"]) for one in hatched["data"]["values"]] == [
        ("1946-01-01", "1960-01-01"),
        ("2002-01-01", "2025-01-01"),
    ]
    years = {int(mark["t"][:4]) for layer in (old, fresh) for mark in layer["data"]["values"]}
    assert (min(years), max(years)) == (1960, 2001)
    assert {int(mark["t"][:4]) for mark in fresh["data"]["values"]} == set(range(1960, 2000))
    assert {int(mark["t"][:4]) for mark in old["data"]["values"]} == {1999, 2000, 2001}, (
        "it meets the fresh part"
    )


def test_the_gap_is_told_from_the_side_that_can_expect_more(telling: Brief) -> None:
    assert telling.state
    assert telling.state.trust
    sure = replace(telling.state.trust, gap=-0.3, gap_low=-0.41, gap_high=-0.2)
    said = trusting.gap(sure, telling.question)
    assert said.startswith(
        "The United States can expect more of Cambodia than the other way round, by 30 points"
    )
    neither = trusting.arrows(replace(sure, a_in_b=None, b_in_a=None, gap=None), telling.question)
    assert len(neither.missing) == 1
    assert "amity pull" in neither.missing[0]
    missing = trusting.arrows(replace(sure, a_in_b=None, gap=None), telling.question)
    assert missing.missing == (
        "No act of the United States towards Cambodia is on record: trust is not known.",
    )


# From the engine


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("empty")


@pytest.fixture(scope="module")
def both(pack: Path) -> tuple[Estimated, Estimated]:
    """Cambodia and the United States by the starter pack, asked for either way round."""
    store = amity.open_store(pack)
    khm, usa = states.find("KHM"), states.find("USA")
    with evidence.open_evidence(store) as ev:
        made = [
            estimated(ev, Asked(a, b, None, 1946, 2024), date(2024, 12, 31))
            for a, b in ((khm, usa), (usa, khm))
        ]
    forth, back = made
    assert forth
    assert back
    return forth, back


def test_asked_the_other_way_round_directions_change_places_and_nothing_else(
    both: tuple[Estimated, Estimated],
) -> None:
    forth, back = both
    swapped = {"tone a to b": "tone b to a", "tone b to a": "tone a to b"}
    for line in forth.lines:
        other = back.line(swapped.get(line.name, line.name))  # type: ignore[arg-type]
        assert other
        assert other.months == line.months
        assert other.stand == line.stand
    assert forth.moved == back.moved


def test_directions_are_those_of_the_relation(pack: Path, both: tuple[Estimated, Estimated]) -> None:
    with evidence.open_evidence(amity.open_store(pack)) as ev:
        relation = relation_of(ev, states.find("KHM"), states.find("USA"), date(2024, 12, 31))
    of_cambodia = relation.of("tone_2to1").filter(pl.col("month") == date(1965, 5, 1)).row(0, named=True)
    line = both[0].line("tone a to b")
    assert line
    month = next(one for one in line.months if one.month == date(1965, 5, 1))
    assert month.value == pytest.approx(of_cambodia["value"], abs=0.051)
    assert month.low == pytest.approx(of_cambodia["low"], abs=0.051)


def test_the_two_were_no_pair_before_both_were_states(both: tuple[Estimated, Estimated]) -> None:
    line = both[0].line("alignment")
    assert line
    assert not any(month.known for month in line.months if month.month.year < 1953)


def test_the_rupture_of_1965_moved_tone_in_its_month_and_is_told_in_words(
    both: tuple[Estimated, Estimated],
) -> None:
    told = [one for one in both[0].moved if one.month == date(1965, 5, 1) and one.dimension == "tone"]
    assert [(one.says, one.source, one.seen) for one in told] == [
        ("ruptures of relations", "us_relations", "1")
    ]
    assert told[0].news < -0.3


def test_tone_of_which_the_pack_says_nothing_since_2009_is_not_known(
    both: tuple[Estimated, Estimated],
) -> None:
    line = both[0].line("tone")
    assert line
    assert not line.stand.known
    assert line.stand.last_seen == date(2009, 12, 1)
    assert line.stand.chance_higher is None


def test_the_known_breaks_of_cambodia_and_the_united_states_are_turning_points(
    both: tuple[Estimated, Estimated],
) -> None:
    assert [turn.month for turn in both[0].turns][:4] == [
        date(1965, 5, 1),
        date(1969, 7, 1),
        date(1975, 4, 1),
        date(1994, 5, 1),
    ]
    assert both[0].phases[0].end < both[0].phases[1].start
    assert len(both[0].phases) == len(both[0].turns) + 1


def test_years_before_the_engines_first_are_not_estimated(pack: Path) -> None:
    assert ask(amity.open_store(pack), "USA", "GBR", start=1900, end=1940).state is None


def test_a_brief_that_begins_late_has_no_earlier_months(pack: Path) -> None:
    brief = ask(amity.open_store(pack), "KHM", "USA", start=1990, end=2000)
    assert brief.state
    assert brief.state.month == date(2000, 12, 1)
    for line in brief.state.lines:
        assert (line.months[0].month, line.months[-1].month) == (date(1990, 1, 1), date(2000, 12, 1))
    assert all(date(1990, 1, 1) <= one.month <= date(2000, 12, 1) for one in brief.state.moved)


def test_the_chance_of_a_change_agrees_with_draws_of_the_two_months(pack: Path) -> None:
    from amity.engine.between import together

    with evidence.open_evidence(amity.open_store(pack)) as ev:
        relation = relation_of(ev, states.find("KHM"), states.find("USA"), date(1966, 6, 30))
    reading = relation.readings["alignment"]
    v, mean = reading.now.covariance[0, :, 0, 0], reading.now.mean[0, :, 0]
    across = float(together(reading.now, reading.laid.move, 0, len(v) - 13, len(v) - 1)[0, 0])
    draws = np.random.default_rng(7).multivariate_normal(
        [mean[-13], mean[-1]], [[v[-13], across], [across, v[-1]]], 40_000
    )
    share = float((draws[:, 1] > draws[:, 0]).mean())
    assert estimating.chance_higher(relation, "alignment") == pytest.approx(
        share, abs=4 * math.sqrt(0.25 / 40_000)
    )


def test_numbers_without_peers_are_not_set_beside_any(telling: Brief) -> None:
    assert telling.state
    alone = Compared("level", 0.4, -0.5, 1.4, None, None, None, 0)
    beside = Compared("volatility", 0.2, 0.1, 0.3, 60.0, 55.0, 70.0, 9)
    tone = Matured("tone", 2024, 22, 5, 0, (alone,), None, None, None)
    some = Matured("engagement", 2024, 22, 20, 9, (alone, beside), None, None, None)

    def told(*ones: Matured) -> Brief:
        assert telling.state
        return replace(telling, state=replace(telling.state, maturity=ones))

    assert [row[0] for row in ageing.rows(told(tone, some))] == ["engagement"]
    assert "engagement has been less steady" in ageing.title(told(tone, some))
    assert ageing.rows(told(tone)) == ()
    for form in ("html", "md", "txt"):
        said = " ".join(rendered(told(tone), form).replace("`", "").split())
        assert "the tie cannot be compared" in said, form
        assert "No other pair of about its age" in said, form
        assert "higher than –" not in said, form


def test_tables_too_wide_for_a_telephone_name_each_figure_there(telling: Brief) -> None:
    alone = Compared("volatility", 0.2, 0.1, 0.3, 60.0, 55.0, 70.0, 9)
    some = Matured("engagement", 2024, 22, 20, 9, (alone,), None, None, None)
    assert telling.state
    page = unescape(rendered(replace(telling, state=replace(telling.state, maturity=(some,))), "html"))
    assert all(f'data-head="{head}">' in page for head in (*ageing.HEADS[1:], *foreseeing.SKILL_HEADS))
