"""Alliances, disputes, sanctions and rivalries in a brief: events are told once, and never as diplomatic relations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from amity.briefs import security, turning, words
from amity.briefs.answer import Question, Reach, Tie
from amity.briefs.charts import timeline
from tests.briefs.conftest import A, B, C

if TYPE_CHECKING:
    from amity.briefs.answer import Brief

ASKED = Question(A, B, C, 1946, 2024)


def tie(kind: str, start: str, end: str | None, *, back: bool = False, **more: object) -> Tie:
    """A tie of Cambodia with the United States, or (`back`) of the United States with Cambodia."""
    last = date.fromisoformat(end) if end else None
    made = Tie(
        kind, None, date.fromisoformat(start), "day", "began", last, "day" if end else None, "ended" if end else None,
        *((2, 811) if back else (811, 2)), None, "atop", "alliance 1",
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def told(*ties: Tie) -> list[tuple[str, str]]:
    turns = turning.turning_points(ASKED, ties, (), (), ())
    assert {turn.sort for turn in turns} <= {"security"}
    return [(turn.date.isoformat(), turn.what) for turn in turns]


def test_pledges_that_go_both_ways_are_one_event() -> None:
    spell = ("1962-07-23", "1964-06-12")
    kinds = ("alliance_consultation", "alliance_defense")
    assert told(*(tie(kind, *spell, back=back) for kind in kinds for back in (True, False))) == [
        ("1962-07-23", "Alliance: defence and consultation between Cambodia and the United States"),
        ("1964-06-12", "Alliance ends: defence and consultation between Cambodia and the United States"),
    ]


def test_a_pledge_of_one_side_names_that_side() -> None:
    given = tie("alliance_defense", "1955-03-01", None, back=True, level="one-sided")
    taken = tie("alliance_nonaggression", "1955-03-01", None, level="one-sided")
    assert [what for _, what in told(given, taken)] == [
        "Alliance: defence, pledged by the United States to Cambodia",
        "Alliance: non-aggression, pledged by Cambodia to the United States",
    ]


def test_a_pledge_that_may_be_to_others_says_so() -> None:
    vague = tie("alliance_defense", "1961-07-11", None, level="to some members")
    assert told(vague)[0][1].endswith("pledged by Cambodia to the United States (to some members)")


def test_a_dispute_is_told_once_with_what_each_side_did() -> None:
    dispute = {"source": "cow_mid", "ref": "dispute 7", "start_precision": "year", "end_precision": "year"}
    spell = ("1965-01-01", "1966-12-31")
    ours = tie("dispute", *spell, level="display of force", **dispute)
    theirs = tie("dispute", *spell, back=True, level="use of force", **dispute)
    assert told(ours, theirs) == [
        (
            "1965-01-01",
            "Militarised dispute, to 1966: display of force by Cambodia and use of force by the United States",
        )
    ]
    quiet = replace(ours, level="no militarised action")
    assert told(quiet, theirs)[0][1] == "Militarised dispute, to 1966: use of force by the United States"


def test_a_dispute_that_both_published_lists_tell_is_told_by_the_one_with_corrections() -> None:
    old = tie("dispute", "1964-01-01", "1964-12-31", source="cow_mid", ref="dispute 7", level="use of force")
    new = replace(old, source="gml_mid", end=date(1969, 12, 31), level="war")
    other = replace(old, ref="dispute 8", level="display of force")
    assert sorted(what for _, what in told(old, new, other)) == [
        "Militarised dispute, to 1969: war by Cambodia",
        "Militarised dispute: display of force by Cambodia",
    ]


def test_a_dispute_that_goes_on_at_the_end_of_the_record_has_no_end() -> None:
    open_still = tie("dispute", "2008-01-01", None, level="use of force", ref="dispute 8")
    assert told(open_still)[0][1].startswith("Militarised dispute, still open when the record ends: ")


def test_sanctions_say_who_which_and_through_whom() -> None:
    imposed = tie("sanction_imposed", "1975-05-16", "1992-01-03", back=True, level="total embargo",
                  ended="stalemate", ref="case 1")  # fmt: skip
    through = replace(imposed, who="European Union", ended="no end on record", ref="case 2")
    assert told(imposed) == [
        ("1975-05-16", "Sanctions imposed by the United States on Cambodia (total embargo)"),
        ("1992-01-03", "Sanctions by the United States on Cambodia end: stalemate"),
    ]
    assert [what for _, what in told(through)] == [
        "Sanctions imposed by the United States on Cambodia, through the European Union (total embargo)"
    ]


def test_a_threat_that_was_carried_out_ends_with_the_sanction() -> None:
    threat = tie(
        "sanction_threatened", "2002-04-11", "2003-07-01", back=True, level="not specified", ended="imposed"
    )
    assert told(threat) == [("2002-04-11", "Sanctions threatened by the United States against Cambodia")]


def test_rivals_are_told_and_borders_are_not() -> None:
    rivals = tie("rivalry", "1976-01-01", "1983-12-31", level="spatial", ref="rivalry 165")
    border = tie("contiguity", "1953-11-01", None, level="land or river border")
    assert [what for _, what in told(rivals, border)] == [
        "Strategic rivalry begins (spatial)",
        "Strategic rivalry ends",
    ]


def test_a_users_own_kind_is_told_as_before() -> None:
    assert told_sort(tie("hotline", "1990-01-01", None)) == [
        ("Hotline, Cambodia with the United States: began", "relations")
    ]


def told_sort(one: Tie) -> list[tuple[str, str]]:
    return [(turn.what, turn.sort) for turn in turning.turning_points(ASKED, (one,), (), (), ())]


def test_no_tie_of_security_is_drawn_or_counted_as_relations(brief: Brief) -> None:
    ties = tuple(tie(kind, "1962-07-23", "1964-06-12") for kind in sorted(security.KINDS))
    alone = replace(brief, ties=ties)
    assert [timeline.ribbon(alone, one) for one in ties] == [None] * len(ties)
    assert words.formal(replace(brief, ties=(*brief.ties, *ties))) == words.formal(brief)


def test_alliances_and_borders_do_not_hide_that_relations_are_unknown(brief: Brief) -> None:
    spell = (date(1946, 1, 1), date(2018, 12, 31))
    only = replace(brief, reach=(Reach("atop", "ties", "alliance_defense", *spell),))
    assert "relations, envoys, visits" in words.absent(only)
    formal = replace(brief, reach=(Reach("us_relations", "ties", "relations", *spell),))
    assert "about envoys, visits" in words.absent(formal)
