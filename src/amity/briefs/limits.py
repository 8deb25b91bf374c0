"""What a reader must not conclude from a brief, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amity.briefs import words

if TYPE_CHECKING:
    from amity.briefs.answer import Brief
    from amity.briefs.estimated import Estimated

STATE_DEPARTMENT = (
    "Relations, envoys and visits come from the record of one government, the United States'; what it does not hold is "
    "not here. Visits are those of its presidents and secretaries of state, and of leaders who came to it."
)
RECORDS = {
    **dict.fromkeys(("us_relations", "us_missions", "us_visits", "us_travels"), STATE_DEPARTMENT),
    "china_trips": "Visits of China's presidents and premiers come from lists that hold most of them, not all, and "
    "until 2002 their year only.",
    "china_engagements": "Visits to China are on record from 2003 to 2018 only, where a Chinese president, premier or "
    "foreign minister was told to have met the guest; many are missing, so that none told is not none.",
    "diplometrics": "Embassies come from a yearbook that learns of openings and closings a year late and forgets some: "
    "years between two listings are not known. It has no lower posts.",
}
"""What a reader must know of the records of single publishers, where they speak of the pair."""


def limits(brief: Brief) -> tuple[str, ...]:
    """What a reader must not conclude, in plain words; only what applies to this brief."""
    question = brief.question
    tables = {reach.table for reach in brief.reach}
    said: list[str] = []
    told = [RECORDS[name] for name in RECORDS if any(name == reach.source for reach in brief.reach)]
    said += dict.fromkeys(told)
    if not tables & {"ties", "acts"}:
        said.append(
            f"Relations, envoys, visits and aid between {question.a.the} and {question.b.the} are unknown: the record "
            "that comes with amity is that of the United States. `amity add` takes your own."
        )
    if brief.agreement:
        said.append(
            "Most resolutions of the General Assembly pass without a vote, so that votes show where states part. "
            "The interval says how far the agreement of a year could move by the choice of its roll calls, no more."
        )
    if any(reach.source == "unga_resolutions" for reach in brief.reach):
        said.append(
            "Votes on amendments and paragraphs are on record in some years and not in others, and not at all from "
            "2020; where they are many, the agreement of a year moves with them. Turning points are found in votes on "
            "whole resolutions only."
        )
    if brief.standing:
        said.append(
            "Points tell where states stand to each other in the votes of a session, on one line, and not what they "
            "want. What the Assembly votes on changes, so that all points of a session can slide together: distances "
            "within a session are surer than movements between sessions."
        )
    if brief.state:
        said.append(
            "Tone, engagement and alignment are estimates: what a model makes of what is loaded. Their intervals hold "
            "as far as the model does, a pair of which little is loaded is drawn to that of the world's pairs, and "
            "more evidence can move them."
        )
        said.append(learned(brief.state))
    if brief.state and brief.state.trust:
        said.append("Trust is a chance reckoned from coded acts; nobody was asked whom they trust.")
    said += elsewhere(brief)
    if brief.amounts:
        said.append("Aid is in fiscal years; amounts below zero are money returned.")
    if brief.news:
        said.append(
            "Coded events are a machine's reading of the news: what was reported, not what happened. Names are "
            "mistaken, old stories are dated anew, and one act is told many times. Counts grow with the press that "
            "is read, so that shares can be compared through the years and counts cannot."
        )
    said.append("Nothing here is a cause: dates that stand together need not belong together.")
    return tuple(said)


def elsewhere(brief: Brief) -> list[str]:
    """What is said of the third power and of acts."""
    said: list[str] = []
    if brief.between:
        said.append(
            "Where a state stands between two powers is named by a convention, from the domains known of both; another "
            "choice of domains could give another name."
        )
    if brief.followed:
        said.append(
            "What followed acts, and the outlook with them, comes from other pairs, learned from "
            f"{brief.followed.learned_from.replace('_', ' ')}. Of this pair alone there are too few."
        )
    return said


def learned(state: Estimated) -> str:
    """What the constants behind the estimates were learned from."""
    told = [f"{name} from {what}" for name, what in state.learned_from if what]
    declared = words.listed([name for name, what in state.learned_from if not what])
    said = f"The constants behind the estimates were learned: of {'; of '.join(told)}." if told else ""
    rest = f"Those of {declared} are declared, not learned." if declared else ""
    return f"{said} {rest}".strip()
