"""The third power in a brief: its shadow among bystanders, and the plane of the two powers with the state between."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest

import amity
from amity import evidence, states
from amity.briefs import bands, placed, shadowed, words
from amity.briefs.ask import ask
from amity.briefs.charts import charts
from amity.briefs.charts.bystanders import bystanders, hundredths
from amity.briefs.gather import Asked
from amity.briefs.markdown import markdown
from amity.briefs.terminal import text
from amity.briefs.write import rendered
from amity.insight import between, shadow
from tests.insight import shadow_worlds

if TYPE_CHECKING:
    from amity.briefs.answer import Brief
    from amity.insight.shadow import Shadow
    from amity.store import Store


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return amity.open_store(tmp_path_factory.mktemp("empty"))


@pytest.fixture(scope="module")
def of_pack(pack: Store) -> Brief:
    return ask(pack, "KHM", "USA", third="CHN")


@pytest.fixture(scope="module")
def world() -> Shadow:
    """A world of five states of which none moves another."""
    acts = shadow_worlds.acts(2026, weeks=90)
    return shadow.compute(acts, (811, 2), 710, shadow_worlds.days(), step="week", source="icews")


# The shadow


def test_the_shadow_of_a_brief_has_the_numbers_of_the_question(brief: Brief, world: Shadow) -> None:
    told = shadowed.recorded(world)
    first = world.toward.horizons[0]
    assert told.toward
    assert told.toward.gain == pytest.approx(first.log_score.value, abs=1e-5)
    assert told.toward.chance == pytest.approx(first.presence, abs=1e-5)
    assert (told.rank, told.as_great) == (world.rank, world.placebo_p)
    assert [one.gain for one in told.bystanders] == pytest.approx(
        [one.gain for one in world.placebos], abs=1e-5
    )
    shown = replace(brief, shadow=told)
    part = shadowed.part(shown)
    assert part
    assert part.rows[0][2].startswith(shadowed.percent(first.log_score.value))
    for form in ("html", "md", "txt"):
        assert f"ranks {words.ordinal(world.rank or 0)} of 3" in " ".join(rendered(shown, form).split())


def test_a_shadow_is_only_told_of_where_it_adds_and_bystanders_do_not(brief: Brief, world: Shadow) -> None:
    told, question = shadowed.recorded(world), brief.question
    assert told.toward
    adds = replace(told.toward, verdict="adds")
    alone = replace(told, toward=adds, as_great=0.05)
    assert "more than nearly all other states" in shadowed.title(alone, question)
    assert "so does knowing bystanders" in shadowed.title(replace(alone, as_great=0.4), question)
    nothing = replace(told, toward=replace(adds, verdict="adds nothing that shows"))
    assert "nothing that chance would not" in shadowed.title(nothing, question)
    unsure = replace(told, toward=replace(adds, verdict="cannot be told"))
    assert "cannot be told" in shadowed.title(unsure, question)


def test_a_shadow_of_too_few_periods_has_one_sentence_and_no_table(brief: Brief, world: Shadow) -> None:
    told = shadowed.recorded(world)
    assert told.toward
    assert told.back
    few = [replace(side, verdict="cannot be told", outcomes=13) for side in (told.toward, told.back)]
    part = shadowed.part(replace(brief, shadow=replace(told, toward=few[0], back=few[1], rank=None)))
    assert part
    assert (part.rows, part.how, len(part.said)) == ((), "", 1)
    assert part.said[0].startswith("13 ")
    assert "amity pull" in part.said[0]


def test_without_events_one_sentence_says_what_to_load(of_pack: Brief) -> None:
    part = shadowed.part(of_pack)
    assert part
    assert len(part.said) == 1
    assert "amity pull" in part.said[0]
    assert not part.rows
    assert "bystanders" not in charts(of_pack)
    assert part.said[0] in " ".join(text(of_pack).split())


def test_without_a_third_power_there_is_no_shadow_and_no_plane(pack: Store) -> None:
    alone = ask(pack, "KHM", "USA")
    assert alone.shadow is None
    assert alone.between is None
    assert not {"plane", "powers", "bystanders"} & set(charts(alone))


def test_every_bystander_stands_on_the_line_and_the_third_power_with_its_interval(
    brief: Brief, world: Shadow
) -> None:
    third = brief.question.third
    assert third
    spec = bystanders(shadowed.recorded(world), third)
    assert spec
    marks = spec["layer"][1]["data"]["values"]
    assert [one["x"] for one in marks] == pytest.approx(
        [hundredths(p.gain) for p in world.placebos], abs=0.01
    )
    own = spec["layer"][3]["data"]["values"][0]
    assert own["low"] < own["x"] < own["high"]
    low, high = spec["layer"][1]["encoding"]["x"]["scale"]["domain"]
    assert all(low < x < high for x in (own["low"], own["high"], *(one["x"] for one in marks)))


def test_days_outside_of_the_years_asked_for_are_not_looked_at(world: Shadow) -> None:
    days = shadow_worlds.days()[0]
    half = days[0].replace(year=days[0].year + 1)
    inside = shadow._inside([days], (half, days[1]))  # pyright: ignore[reportPrivateUsage]
    assert inside == ((half, days[1]),)
    assert shadow._inside([days], (days[1].replace(year=2030), days[1].replace(year=2031))) == ()  # pyright: ignore[reportPrivateUsage]


# The plane


def test_the_state_between_is_told_from_powers_whichever_way_round_they_are_named(pack: Store) -> None:
    khm, usa, chn = (states.find(name) for name in ("KHM", "USA", "CHN"))
    with evidence.open_evidence(pack) as ev:
        forth = placed.placed(ev, Asked(khm, usa, chn, 1946, 2026))
        back = placed.placed(ev, Asked(usa, khm, chn, 1946, 2026))
    assert forth
    assert back
    assert (forth.side, back.side) == ("a", "b")
    assert forth.between == back.between


def test_tilt_and_path_are_those_of_the_question(pack: Store, of_pack: Brief) -> None:
    usa, chn = states.find("USA"), states.find("CHN")
    with evidence.open_evidence(pack) as ev:
        found = between.tilts(ev, usa, chn, of_domains=["votes"])
    assert of_pack.between
    told = of_pack.between.between
    last = between.summary(found.filter(pl.col("ccode") == 811)).row(-1, named=True)
    assert told.year == last["year"]
    assert told.years[-1].alignment == pytest.approx(last["alignment"])
    own = between.plane(found, 811, weights={"votes": 1.0}).filter("own")
    assert [place.near_a for place in told.plane if place.own] == pytest.approx(own["near_a"].to_list())
    assert bands.signed(last["alignment"], 2) in markdown(of_pack)


def test_what_is_known_of_votes_alone_has_no_name_and_is_said_to_be_votes(of_pack: Brief) -> None:
    assert of_pack.between
    assert of_pack.between.stands == ()
    assert of_pack.between.between.plane_of == ("votes",)
    part = placed.part(of_pack)
    assert part
    assert part.title.startswith("Cambodia has voted nearer to China in every year since")
    assert "the one domain that is loaded of both" in rendered(of_pack, "html")


def test_a_name_is_told_with_its_chance_and_never_as_certain(of_pack: Brief) -> None:
    assert of_pack.between
    named = replace(of_pack.between, stands=(("hedges", 0.62), ("leans_b", 0.3)))
    title = placed.title(of_pack, named)
    assert title.startswith("Cambodia hedges (62%), or leans to China (30%)")
    assert "(99%)" in placed.title(of_pack, replace(named, stands=(("even", 1.0),)))


def test_the_json_of_a_brief_holds_the_third_power_in_plain_values(of_pack: Brief) -> None:
    kept = json.loads(rendered(of_pack, "json"))
    assert kept["shadow"]["missing"]
    assert kept["between"]["side"] == "a"
    assert kept["between"]["between"]["plane"][0]["own"] in (True, False)


def test_a_tilt_that_may_lie_on_either_side_is_said_to_be_uncertain() -> None:
    def nearer(tilt: float, wide: float) -> str:
        one = placed.Domain("trade", "share", "share", 1.0, tilt, tilt, tilt, tilt, tilt - wide, tilt + wide)
        return placed.row(one, "China", "Japan")[-1]

    assert [nearer(0.5, 0.2), nearer(-0.5, 0.2), nearer(0.0, 0.0)] == ["China", "Japan", "neither"]
    assert nearer(-0.56, 0.7) == "which is not certain"
    assert "Standardised tilt" in placed.HEADS
