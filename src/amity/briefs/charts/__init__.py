"""The brief's charts as Vega-Lite specifications: plain dicts, drawn by the one script that the page carries.

Colours are CSS variables, so that light, dark and print come from one specification.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amity.briefs.charts.bystanders import bystanders
from amity.briefs.charts.fields import fields
from amity.briefs.charts.meetings import cadence
from amity.briefs.charts.news import news, shares, volume
from amity.briefs.charts.outlook import outlook
from amity.briefs.charts.phases import phases
from amity.briefs.charts.plane import path
from amity.briefs.charts.powers import beyond, powers
from amity.briefs.charts.programmes import differences, programmes
from amity.briefs.charts.response import paths
from amity.briefs.charts.standing import standing
from amity.briefs.charts.states import states
from amity.briefs.charts.timeline import aid, relations, visits, votes

if TYPE_CHECKING:
    from amity.briefs.answer import Brief
    from amity.briefs.charts.look import Spec


def charts(brief: Brief) -> dict[str, Spec]:
    """Every chart for which the brief has something to show, by the name of its place on the page."""
    made: dict[str, Spec] = {**estimates(brief), "relations": relations(brief)}
    if brief.agreement:
        made["votes"] = votes(brief)
    if brief.visits:
        made["visits"] = visits(brief)
    if brief.amounts:
        made["aid"] = aid(brief)
    made |= third_power(brief)
    if brief.followed:
        made |= paths()
    if brief.programmes:
        made |= with_acts(brief)
    if brief.standing:
        made["standing"] = standing(brief, brief.standing)
    if brief.cadence:
        made["cadence"] = cadence(brief)
    if brief.news and brief.news.months:
        made["news_forth"] = news(brief.news, "a to b")
        made["news_back"] = news(brief.news, "b to a")
        made["news_share"] = shares(brief.news)
        made["news_volume"] = volume(brief.news)
    return made


def third_power(brief: Brief) -> dict[str, Spec]:
    """The state between and its two powers, and the shadow among those of bystanders."""
    third = brief.question.third
    made: dict[str, Spec] = {}
    if third is None:
        return made
    if beyond(brief) and brief.agreement:
        made["powers"] = powers(brief)
    if brief.between and any(place.own for place in brief.between.between.plane):
        made["plane"] = path(brief.between.between, trails=False, height=270)
    if brief.shadow and (spec := bystanders(brief.shadow, third)):
        made["bystanders"] = spec
    return made


def with_acts(brief: Brief) -> dict[str, Spec]:
    """The outlook with programmes and without; the differences alone where tone is not known."""
    line = brief.state.line("tone") if brief.state else None
    made: dict[str, Spec] = {}
    if line and line.stand.known:
        made["programmes"] = programmes(brief.programmes)
    if spec := differences(brief.programmes):
        made["differences"] = spec
    return made


def estimates(brief: Brief) -> dict[str, Spec]:
    """The charts of what is estimated."""
    if brief.state is None:
        return {}
    made = states(brief)
    if brief.state.phases:
        made["phases"] = phases(brief, brief.state)
    if brief.state.depth:
        made["fields"] = fields(brief, brief.state.depth)
    if fan := outlook(brief.state):
        made["outlook"] = fan
    return made
