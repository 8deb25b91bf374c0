"""What followed acts, the outlook with programmes of them, and the ledger of claims: the numbers of the questions."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import amity
from amity import evidence, states
from amity.briefs import followed, ledger, programmes, words
from amity.briefs.ask import ask
from amity.briefs.charts.programmes import differences
from amity.briefs.gather import Asked
from amity.briefs.write import rendered
from amity.dimensions import named
from amity.dimensions.constants import read as constants
from amity.dimensions.pair import relation_of
from amity.engine.scale import shown
from amity.errors import NoEvidenceError
from amity.insight import claim_form, claims, response, whatif
from amity.insight.response_acts import CLASSES

if TYPE_CHECKING:
    from amity.briefs.answer import Brief
    from amity.store import Store

EXAMPLE = Path(__file__).parents[2] / "examples" / "khm-usa.yaml"


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return amity.open_store(tmp_path_factory.mktemp("empty"))


@pytest.fixture(scope="module")
def of_pack(pack: Store) -> Brief:
    return ask(pack, "KHM", "USA", third="CHN")


# What followed


def test_what_followed_is_the_record_in_points_of_a_pair_at_rest() -> None:
    told = {one.name: one for one in followed.followed().classes}
    for name in ("sanction imposed", "visit up"):
        of = response.ask(name, "tone")
        for one in told[name].what:
            if one.dimension == "tone":
                effect, error = of.effect[one.months - 1], of.error[one.months - 1]
                assert effect is not None
                assert error is not None
                assert one.value == pytest.approx(float(shown(effect)), abs=0.051)
                assert one.low < one.value < one.high
                assert one.low == pytest.approx(float(shown(effect - 1.65 * error)), abs=0.15)


def test_no_class_is_told_of_fewer_than_thirty_cases_and_none_is_left_out_in_silence() -> None:
    told = followed.followed()
    assert all(one.cases >= response.ENOUGH for one in told.classes)
    for name in told.too_few:
        assert all(
            (found := response.read().of(name, dimension)) is None or found.n < response.ENOUGH
            for dimension in response.DIMENSIONS
        )
    assert {one.name for one in told.classes} | set(told.too_few) <= {one.name for one in CLASSES}


def test_the_first_months_after_acts_that_go_by_years_are_unknown() -> None:
    told = {one.name: one for one in followed.followed().classes}
    for of in CLASSES:
        if of.yearly and of.name in told:
            assert {one.months for one in told[of.name].what} == {24}
            assert followed.row(told[of.name])[1] == "–"


def test_the_title_counts_no_class_that_was_already_parting() -> None:
    told = followed.followed()
    parting = [one for one in told.classes if one.parting]
    assert parting, "the record has a warning to give"
    sure = replace(told, classes=tuple(replace(one, parting=False) for one in told.classes))
    assert followed.title(sure) != followed.title(told)
    assert all("†" in followed.row(one)[0] for one in parting)
    [why] = [one for one in followed.doubted(told) if one.startswith("†")]
    for one in parting:
        assert f"{followed.label(one.name)} ({words.listed(followed.early(one))})" in why
        for name in response.DIMENSIONS:
            of = response.read().of(one.name, name)
            assert of
            doubts = [doubt for doubt in of.doubts if "in the year before" in doubt]
            assert bool(doubts) == (name in followed.early(one))


def test_nothing_on_the_page_says_that_acts_caused_anything(of_pack: Brief) -> None:
    for part in (followed.part(of_pack), programmes.part(of_pack)):
        assert part
        told = " ".join([part.title, *part.said, *part.doubts]).lower()
        assert not [word for word in ("because", "cause", "leads to", "effect of") if word in told]


# Programmes


def test_the_outlook_with_each_programme_is_that_of_whatif(pack: Store, of_pack: Brief) -> None:
    assert of_pack.evidence_to
    with evidence.open_evidence(pack) as ev:
        relation = relation_of(ev, states.find("KHM"), states.find("USA"), of_pack.evidence_to)
    kept = {
        name: constants(named(name).ABOUT, named(name).ITEMS, pack.root).persistence[0]
        for name in response.DIMENSIONS
    }
    for plan, told in zip(programmes.usual(of_pack.evidence_to), of_pack.programmes, strict=True):
        found = whatif.ask(relation.filtered, plan.steps, kept)
        assert len(told.ahead) == found.rows.height == 48
        for one, row in zip(told.ahead, found.rows.iter_rows(named=True), strict=True):
            assert (one.dimension, one.month) == (row["dimension"], row["month"])
            assert one.difference == pytest.approx(row["difference"], abs=0.006)
            assert one.without == pytest.approx(row["without"], abs=0.006)


def test_the_chance_of_a_difference_falls_as_the_interval_leaves_zero(of_pack: Brief) -> None:
    for programme in of_pack.programmes:
        for one in programme.ahead:
            assert one.difference_low is not None
            assert one.difference_high is not None
            assert one.chance is not None
            outside = one.difference_low > 0.05 or one.difference_high < -0.05
            assert not outside or one.chance < 0.11


def test_both_programmes_of_the_package_are_read_and_begin_after_what_is_known(of_pack: Brief) -> None:
    assert of_pack.evidence_to
    assert [one.name for one in of_pack.programmes] == ["openings", "pressure"]
    first = of_pack.evidence_to.replace(day=1)
    assert all(month > first for one in of_pack.programmes for month, _ in one.steps)
    spec = differences(of_pack.programmes)
    assert spec
    dashes = {
        str(layer["mark"].get("strokeDash")) for layer in spec["layer"] if layer["mark"]["type"] == "line"
    }
    assert len(dashes) == 2, "told apart without colour"


def test_where_the_record_of_an_act_does_not_reach_the_page_says_so(pack: Store) -> None:
    plan = programmes.Plan("aid", whatif.programme("do:\n- {month: 2026-07, act: aid cut}"))
    told = ask(pack, "KHM", "USA", plans=(plan,))
    year = told.programmes[0].of("tone", 6)
    assert year
    assert year.difference is None
    part = programmes.part(told)
    assert part
    six = next(row for row in part.rows if row[:2] == ("aid, engagement", "6"))
    assert six[3:] == ("–", "–", "–")


def test_a_usual_programme_of_which_there_are_too_few_cases_is_left_out_and_one_asked_for_refused(
    pack: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whatif, "read", lambda: response.Told((), (), "nothing", 0))
    khm, usa = states.find("KHM"), states.find("USA")
    with evidence.open_evidence(pack) as ev:
        relation = relation_of(ev, khm, usa)
        assert programmes.programmes(ev, relation) == ()
        with pytest.raises(NoEvidenceError):
            programmes.programmes(ev, relation, programmes.usual(relation.filtered["month"].max()))  # type: ignore[arg-type]


# The ledger


def test_a_ledger_of_ones_own_says_what_amity_claims_says(pack: Store) -> None:
    statements = claim_form.read(EXAMPLE.read_text(encoding="utf-8"))[:2]
    told = ask(pack, "KHM", "USA", third="CHN", claims=statements)
    with evidence.open_evidence(pack) as ev:
        found = claims.ask(ev, statements)
    assert told.ledger
    assert told.ledger.own
    for one, answer in zip(told.ledger.claims, found, strict=True):
        assert one.verdict == answer.finding.verdict
        assert one.figure == pytest.approx(answer.finding.figure, abs=1e-4)
        for form in ("html", "md", "txt"):
            said = " ".join(rendered(told, form).split())
            assert f"{ledger.MARKS[one.verdict]} " in said or f"{ledger.MARKS[one.verdict]}<" in said
            assert answer.statement.says in said


def test_the_usual_statements_can_be_put_of_any_pair_and_years() -> None:
    last = {"KHM": 2024, "CIV": 1975}
    for name, year in last.items():
        asked = Asked(states.find(name), states.find("USA"), states.find("CHN"), 1946, year)
        put = ledger.usual(asked, asked.last)
        assert len(put) == 7
        assert all(one.period.end is None or one.period.end <= asked.last for one in put)
        assert len(ledger.usual(replace(asked, third=None), asked.last)) == 6


def test_what_no_source_speaks_of_is_left_open_and_has_no_figure(of_pack: Brief) -> None:
    assert of_pack.ledger
    tone = of_pack.ledger.claims[1]
    assert tone.verdict == "not decidable"
    assert tone.figure is None
    assert ledger.row(tone)[3:5] == ("–", "–")
    severed = of_pack.ledger.claims[0]
    assert (severed.verdict, severed.figure) == ("contradicted", 2)


def test_verdicts_are_told_apart_without_colour() -> None:
    assert len(set(ledger.MARKS.values())) == 3


def test_the_json_holds_acts_programmes_and_claims_as_plain_values(of_pack: Brief) -> None:
    kept = json.loads(rendered(of_pack, "json"))
    assert kept["followed"]["classes"][0]["what"]
    assert len(kept["programmes"]) == 2
    assert kept["ledger"]["claims"][0]["verdict"] == "contradicted"


def test_pressure_in_a_contest_is_told_of_rivals_of_who_presses() -> None:
    told = {one.name: one for one in followed.followed().classes if one.sign < 0}
    for name in ("threat", "sanction imposed", "aid cut"):
        gap = response.contest(name, "tone").gap[11]
        assert gap is not None
        assert told[name].rival_gap == followed.points(gap)
    assert told["troops"].rival_gap is None  # of which no such contest is on record
