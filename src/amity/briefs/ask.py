"""From a question to its answer: finds the states, gathers what is known of them, and puts it into one record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from amity import __version__, evidence, states
from amity.briefs import (
    coded,
    estimating,
    followed,
    gather,
    ledger,
    limits,
    placed,
    programmes,
    shadowed,
    standing,
    turning,
    words,
)
from amity.briefs.answer import Brief, News, Party, Question
from amity.briefs.lineage import lineage
from amity.engine.ready import ready
from amity.errors import NoEvidenceError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from amity.briefs.gather import Asked
    from amity.briefs.programmes import Plan
    from amity.dimensions.pair import Relation
    from amity.insight.checks.statement import Statement
    from amity.states import State
    from amity.store import Store


def ask(  # noqa: PLR0913
    store: Store,
    a: str | int,
    b: str | int,
    *,
    third: str | int | None = None,
    start: int = 1946,
    end: int | None = None,
    news: coded.Wanted = coded.USUAL,
    claims: Sequence[Statement] | None = None,
    plans: Sequence[Plan] = (),
    made: Callable[[], None] | None = None,
    preparing: Callable[[], None] | None = None,
) -> Brief:
    """How two states have stood to each other from one year to another, beside a third where one is named.

    States are found by name or code (`states.find`). `end` is by default the last year about which any source speaks
    of the two, and never later than the last in which both were states: a pair that is no more has no outlook.
    States have their names of that year. `news` says which coded events are shown, and its month, if any, of which
    year the roll calls that divided the two are listed. `claims` are put to the record in place of the usual ones, and
    `plans` tried in place of the two programmes that come with amity. `made` is called before votes are scaled anew,
    and `preparing` before the engine is compiled, once on a machine. Raises `UnknownStateError`,
    `AmbiguousStateError`, `UsageError` (the same state twice, years the wrong way round) and `NoEvidenceError`
    (nothing is loaded, or the two were never states on the same day of these years).
    """
    parties = [states.find(name) for name in (a, b, third) if name is not None]
    refuse_repeats(parties)
    with evidence.open_evidence(store) as ev:
        reach = (*gather.reach(ev, parties[0], parties[1]), *coded.reach(ev))
        if not reach:
            raise NoEvidenceError(
                f"nothing that is loaded speaks about {words.the(parties[0].name)} and {words.the(parties[1].name)}",
                "run `amity sources` to see what is loaded, then `amity load` or `amity pull`",
            )
        evidence_to = max([*(one.end for one in reach), *gather.own_days(ev, parties[0], parties[1])])
        last = end if end is not None else evidence_to.year
        if end is None and last < start:
            raise UsageError(f"nothing is known of {start} yet", f"give --from a year to {last}")
        if last < start:
            raise UsageError(f"the years {start} to {last} run backwards", "give --from a year before --to")
        until = last_together(parties[0], parties[1], start, last)
        last = min(last, until.year)
        year = news.month.year if news.month else None
        one, two, *others = (replace(state, name=states.name_in(state, last)) for state in parties)
        asked = gather.Asked(one, two, others[0] if others else None, start, last, year, until)
        told = coded.news(ev, asked, news)
        if preparing and not ready():
            preparing()
        brief, relation = answer(store, ev, asked, reach, min(evidence_to, asked.last, until), told, made)
        return beyond(brief, store, ev, asked, relation, claims, plans)


def last_together(a: State, b: State, start: int, last: int) -> date:
    """The last day on which both were states; raises `NoEvidenceError` where there is none from `start` to `last`."""
    days = evidence.together((one, other) for one in a.ccodes for other in b.ccodes)
    both = days.filter((pl.col("end").dt.year() >= start) & (pl.col("start").dt.year() <= last))
    if both.is_empty():
        raise NoEvidenceError(
            f"{words.the(a.name)} and {words.the(b.name)} were never states on the same day from {start} to {last}",
            "ask for other years, or run `amity states NAME` to see when a state existed",
        )
    return max(days["end"].to_list())


def refuse_repeats(parties: list[State]) -> None:
    codes = [party.ccode for party in parties]
    if len(set(codes)) < len(codes):
        repeated = next(party.name for party in parties if codes.count(party.ccode) > 1)
        raise UsageError(f"{words.the(repeated)} stands twice in the question", "name different states")


def answer(
    store: Store,
    ev: evidence.Evidence,
    asked: Asked,
    reach: tuple[gather.Reach, ...],
    evidence_to: date,
    news: News | None,
    made: Callable[[], None] | None = None,
) -> tuple[Brief, Relation | None]:
    """The brief from everything gathered, and the relation that it rests on.

    The headline and the turning points come last, from the rest.
    """
    question = Question(
        party(asked.a), party(asked.b), party(asked.third) if asked.third else None, asked.start, asked.end
    )
    ties, gaps = gather.ties(ev, asked), gather.vacancies(ev, asked)
    visits, acts = gather.visits(ev, asked), gather.acts(ev, asked)
    voting = gather.voting(ev, asked)
    relation = estimating.related(ev, asked, evidence_to)
    estimate = estimating.estimated(ev, asked, relation, evidence_to) if relation else None
    if estimate and asked.over:
        estimate = replace(estimate, foreseen=(), skill=())
    named = {row.source for rows in (reach, ties, visits, acts) for row in rows}
    named |= set(estimate.sources) if estimate else set()
    brief = Brief(
        version=__version__,
        question=question,
        evidence_to=evidence_to,
        headline=(),
        ties=ties,
        gaps=gaps,
        agreement=voting.pair,
        agreement_whole=voting.whole,
        agreement_a_third=voting.a_third,
        agreement_b_third=voting.b_third,
        agreement_peers=voting.peers,
        roll_calls=voting.roll_calls,
        visits=tuple(visit for visit in visits if visit.date >= asked.first),
        cadence=gather.cadence(ev, asked),
        amounts=gather.amounts(ev, asked),
        turning_points=turning.turning_points(question, ties, gaps, voting.whole, visits),
        reach=tuple(one for one in reach if one.start.year <= asked.end and one.end.year >= asked.start),
        limits=(),
        sources=gather.sources(store, named),
        acts=acts,
        news=news,
        standing=standing.standing(ev, asked, voting, made),
        state=estimate,
    )
    named = lineage((asked.a, asked.b, asked.third), asked.start, asked.end)
    return replace(brief, headline=(*words.headline(brief, reach), *named)), relation


def beyond(
    brief: Brief,
    store: Store,
    ev: evidence.Evidence,
    asked: Asked,
    relation: Relation | None,
    claims: Sequence[Statement] | None,
    plans: Sequence[Plan],
) -> Brief:
    """The brief with what is asked of the relation: the third power, what followed acts, the outlook, the ledger."""
    last = brief.evidence_to or asked.last
    shade, place = shadowed.shadowed(ev, asked), placed.placed(ev, asked)
    known = {one.id for one in brief.sources}
    named = placed.sources(place)
    if shade and shade.source:
        named.add(shade.source)
    added = tuple(one for one in gather.sources(store, named - known) if one.rows)
    whole = replace(
        brief,
        sources=(*brief.sources, *added),
        shadow=shade,
        between=place,
        followed=followed.followed(),
        programmes=programmes.programmes(ev, relation, plans) if relation and not asked.over else (),
        ledger=ledger.ledger(ev, asked, last, relation, claims),
    )
    return replace(whole, limits=limits.limits(whole))


def party(state: State) -> Party:
    return Party(state.name, state.iso3c, state.ccode, state.region, words.the(state.name))
