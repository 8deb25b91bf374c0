"""What is known of the states asked about, from evidence and measures to the brief's own records."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from amity import evidence, states
from amity import sources as catalogued
from amity import store as stores
from amity.briefs import answer
from amity.briefs.answer import Reach
from amity.briefs.words import last_full, the
from amity.evidence.event_days import joined
from amity.evidence.roll_calls import one_record
from amity.ingest import own
from amity.measures import agreement, representation
from amity.measures import cadence as cadences

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from amity.evidence import Evidence
    from amity.states import State
    from amity.store import Store

CADENCE_YEARS = 30
"""The window in which meetings are compared with peers: the last thirty years asked for."""

AID_KINDS = ("aid_obligated", "aid_disbursed")
AID_CURRENT = tuple(f"{kind}_current" for kind in AID_KINDS)
"""The same aid in dollars of its own year."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The states and years in question."""

    a: State
    b: State
    third: State | None
    start: int
    end: int
    year: int | None = None
    """The year whose dividing roll calls are listed; None: the last with enough of them."""
    until: date = date.max
    """The last day on which both were states."""

    @property
    def first(self) -> date:
        return date(self.start, 1, 1)

    @property
    def last(self) -> date:
        return date(self.end, 12, 31)

    @property
    def over(self) -> bool:
        """Whether one of the two was no state any more by the end of the years asked for: nothing comes next."""
        return self.until <= self.last


def reach(ev: Evidence, a: State, b: State) -> tuple[Reach, ...]:
    """When each source speaks about the pair, by kind of row and direction; spells that touch are one.

    Of figures those of aid alone, because a brief shows no others: who knows of trade knows nothing of aid.
    """
    either = [matches(one, other) for one, other in ((a, b), (b, a))]
    rows = (
        evidence.coverage(ev)
        .filter(pl.col("table").is_in(["acts", "ties", "figures", "votes"]) & (either[0] | either[1]))
        .filter((pl.col("table") != "figures") | pl.col("kind").is_in([*AID_KINDS, *AID_CURRENT, "*"]))
        .with_columns(
            direction=pl.when(either[0] & either[1])
            .then(pl.lit("both"))
            .when(either[0])
            .then(pl.lit("a to b"))
            .otherwise(pl.lit("b to a"))
        )
        .group_by("source", "table", "kind", "direction", maintain_order=True)
        .agg(pl.col("start", "end").sort_by("start"))
    )
    found = [
        Reach(row["source"], row["table"], row["kind"], start, end, row["direction"])
        for row in rows.iter_rows(named=True)
        for start, end in joined(zip(row["start"], row["end"], strict=True))
    ]
    return tuple(sorted(found, key=lambda one: (one.table, one.source, one.kind, one.start, one.direction)))


def own_days(ev: Evidence, a: State, b: State) -> list[date]:
    """Days of the pair's acts and ties in records of a user's own, which may lie outside every declared coverage."""
    forth, back = (a.ccodes, b.ccodes), (b.ccodes, a.ccodes)
    days = [
        *(evidence.acts(ev, *way).select("source", day="date") for way in (forth, back)),
        *(evidence.ties(ev, *way).select("source", day="start") for way in (forth, back)),
    ]
    rows = pl.concat(days)
    return rows.filter([own.is_own(name) for name in rows["source"]])["day"].to_list()


def matches(one: State, other: State) -> pl.Expr:
    sender = pl.col("ccode_from").is_null() | pl.col("ccode_from").is_in(list(one.ccodes))
    receiver = pl.col("ccode_to").is_null() | pl.col("ccode_to").is_in(list(other.ccodes))
    return sender & receiver


def ties(ev: Evidence, asked: Asked) -> tuple[answer.Tie, ...]:
    """Ties of the two, whichever side they are recorded from, that held on any day asked for."""
    a, b = asked.a.ccodes, asked.b.ccodes
    rows = pl.concat([evidence.ties(ev, a, b), evidence.ties(ev, b, a)])
    held = rows.filter(
        (pl.col("start") <= asked.last) & (pl.col("end").is_null() | (pl.col("end") >= asked.first))
    )
    return tuple(answer.Tie(**row) for row in held.sort("start", "kind", "ref").iter_rows(named=True))


def vacancies(ev: Evidence, asked: Asked) -> tuple[answer.Gap, ...]:
    """Spells without a chief of mission from either side, while the record covers the post."""
    found: list[answer.Gap] = []
    for sender, receiver in ((asked.a, asked.b), (asked.b, asked.a)):
        envoys, known = representation.chiefs(ev, sender.ccodes, receiver.ccodes)
        if known.is_empty():
            continue
        empty = representation.gaps(envoys, known).filter(
            (pl.col("start") <= asked.last) & (pl.col("end") >= asked.first)
        )
        found += [gap_of(gap, envoys) for gap in empty.iter_rows(named=True)]
    return tuple(sorted(found, key=lambda gap: gap.start))


def gap_of(gap: dict[str, date | int], envoys: pl.DataFrame) -> answer.Gap:
    """The gap with the row of the envoy who left before it."""
    before = envoys.filter(pl.col("start") < gap["start"]).sort("start").tail(1)
    source, ref = (before["source"][0], before["ref"][0]) if before.height else ("", "")
    return answer.Gap(gap["start"], gap["end"], gap["months"], source, ref)  # pyright: ignore[reportArgumentType]


def visits(ev: Evidence, asked: Asked) -> tuple[answer.Visit, ...]:
    """Visits of leaders in both directions, from the first on record to the last year asked for, in time order."""
    a, b = asked.a.ccodes, asked.b.ccodes
    there = evidence.visits(ev, a, b).with_columns(direction=pl.lit("a to b"))
    back = evidence.visits(ev, b, a).with_columns(direction=pl.lit("b to a"))
    rows = pl.concat([there, back]).filter(pl.col("date") <= asked.last).sort("date", "ref")
    names = ["date", "precision", "days", "direction", "rank", "who", "place", "source", "ref"]
    return tuple(answer.Visit(**row) for row in rows.select(names).iter_rows(named=True))


def acts(ev: Evidence, asked: Asked) -> tuple[answer.Act, ...]:
    """What each side did to the other beside visits, in time order."""
    a, b = asked.a.ccodes, asked.b.ccodes
    there = evidence.acts(ev, a, b).with_columns(direction=pl.lit("a to b"))
    back = evidence.acts(ev, b, a).with_columns(direction=pl.lit("b to a"))
    rows = (
        pl.concat([there, back])
        .filter((pl.col("kind") != "visit") & pl.col("date").is_between(asked.first, asked.last))
        .sort("date", "source", "ref")
    )
    names = [field.name for field in fields(answer.Act)]
    return tuple(answer.Act(**row) for row in rows.select(names).iter_rows(named=True))


def cadence(ev: Evidence, asked: Asked) -> answer.Cadence | None:
    """Meetings at the top against peers: of the second state with the first one's region, else the other way round."""
    return meetings(ev, asked, asked.b, asked.a) or meetings(ev, asked, asked.a, asked.b)


def meetings(ev: Evidence, asked: Asked, hub: State, other: State) -> answer.Cadence | None:
    """Meetings of `hub` with each state of the region of `other` over the last decades; None where unknown."""
    named = {code: states.by_ccode(code) for code in states.neighbours(other.ccode, on_a_day(other))}
    peers = {state.ccode: state for state in [*named.values(), other] if state.ccode != hub.ccode}
    found, known = cadences.gather(ev, hub.ccodes, {code: state.ccodes for code, state in peers.items()})
    own = known.filter((pl.col("peer") == other.ccode) & (pl.col("start") <= asked.last))
    if own.is_empty():
        return None
    last = min(asked.last, own["end"].max())  # pyright: ignore[reportArgumentType]
    start = max(asked.start, last.year - CADENCE_YEARS + 1)
    rows = cadences.compute(found, known, [(date(start, 1, 1), last)]).drop_nulls("per_decade")
    standing = cadences.standing(rows, other.ccode)
    if standing.rank is None or standing.median is None:
        return None
    ordered = rows.sort(["per_decade", "peer"], descending=[True, False])
    lines = tuple(peer_visits(row, peers[row["peer"]], other) for row in ordered.iter_rows(named=True))
    return answer.Cadence(
        the(hub.name), start, last.year, other.region, lines, standing.rank, standing.median
    )


def peer_visits(row: Mapping[str, Any], peer: State, other: State) -> answer.PeerVisits:
    counted = (row["visits"], row["per_decade"], row["low"], row["high"], row["months_since"])
    return answer.PeerVisits(peer.name, peer.iso3c, *counted, is_pair=peer.ccode == other.ccode)


def on_a_day(state: State) -> date | None:
    """A day on which a state that is no more still was, so that its neighbours are those of its time."""
    return state.spells[-1].end


def amounts(ev: Evidence, asked: Asked) -> tuple[answer.Amount, ...]:
    """Aid between the two, in the direction that has it, by period; obligations where there are any."""
    a, b = asked.a.ccodes, asked.b.ccodes
    rows = pl.concat([evidence.figures(ev, b, a), evidence.figures(ev, a, b)]).filter(
        pl.col("end").is_between(asked.first, asked.last)
    )
    for kind in AID_KINDS:
        own = rows.filter(pl.col("kind") == kind).sort("end", "ref")
        if own.height:
            names = ["period", "kind", "ccode_from", "ccode_to", "value", "unit", "source", "ref"]
            dated = own.select(*names, year=pl.col("end").dt.year())
            return tuple(answer.Amount(**row) for row in dated.iter_rows(named=True))
    return ()


def sources(store: Store, named: Collection[str]) -> tuple[answer.Citation, ...]:
    """The sources of these names, as they are to be cited, with when they were retrieved; a user's own come last."""
    cited: list[answer.Citation] = []
    received, held = stores.receipts(store), stores.parts(store)
    for name in (*catalogued.ALL, *catalogued.STREAMED, *sorted(filter(own.is_own, named))):
        if name not in named:
            continue
        about = own.about(name) if own.is_own(name) else catalogued.about(name)
        cited.append(
            answer.Citation(
                id=about.id,
                title=about.title,
                producer=about.producer,
                licence=about.licence.id,
                licence_url=about.licence.url,
                homepage=about.homepage,
                retrieved=max((one.retrieved for one in received if one.source == name), default=""),
                citation=about.citation,
                bibtex=about.bibtex,
                rows=sum(part.rows for part in held if part.source == name and part.table in EVIDENCE),
            )
        )
    return tuple(cited)


EVIDENCE = ("acts", "ties", "votes", "figures", "events")


# Votes


@dataclass(frozen=True, slots=True)
class Voting:
    """Agreement by year of the two, of each with the third, of peers in the last year, and the roll calls behind it."""

    pair: tuple[answer.Closeness, ...]
    whole: tuple[answer.Closeness, ...]
    a_third: tuple[answer.Closeness, ...]
    b_third: tuple[answer.Closeness, ...]
    peers: tuple[tuple[str, float], ...]
    roll_calls: tuple[answer.RollCall, ...]


def voting(ev: Evidence, asked: Asked) -> Voting:
    """Votes of the states in question and of the first one's neighbours, with no roll call counted twice."""
    parties = {"a": asked.a, "b": asked.b, **({"third": asked.third} if asked.third else {})}
    peers = [states.by_ccode(code) for code in states.neighbours(asked.a.ccode, on_a_day(asked.a))]
    peers = [peer for peer in peers if peer.ccode not in {party.ccode for party in parties.values()}]
    items, votes = one_voice(ev, asked, [*parties.values(), *peers])
    a, b, third = asked.a.ccode, asked.b.ccode, asked.third.ccode if asked.third else None
    against = [(a, b), *([(a, third), (b, third)] if third else []), *((b, peer.ccode) for peer in peers)]
    rows = agreement.compute(votes, items, against)
    whole = agreement.compute(votes, items.filter(pl.col("part") == "whole"), [(a, b)])
    pair = closeness(rows, a, b)
    full = last_full(pair)
    return Voting(
        pair,
        closeness(whole, a, b),
        closeness(rows, a, third) if third else (),
        closeness(rows, b, third) if third else (),
        tuple(
            (peer.name, point.value)
            for peer in peers
            for point in closeness(rows, b, peer.ccode)
            if full and point.year == full.year
        ),
        roll_calls(votes, items, parties),
    )


def one_voice(ev: Evidence, asked: Asked, parties: Sequence[State]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Items and votes of the years asked for, each state under one code however its line was called then."""
    lines = {code: party.ccode for party in parties for code in party.ccodes}
    items, votes = one_record(evidence.items(ev), evidence.votes(ev, tuple(lines)))
    dated = items.filter(pl.col("date").is_between(asked.first, asked.last))
    renamed = votes.with_columns(pl.col("ccode").replace(lines)).unique(
        ["item", "ccode"], keep="first", maintain_order=True
    )
    return dated, renamed


def closeness(rows: pl.DataFrame, one: int, other: int) -> tuple[answer.Closeness, ...]:
    """One pair's agreement by year."""
    pair = rows.filter((pl.col("ccode1") == min(one, other)) & (pl.col("ccode2") == max(one, other)))
    names = ["year", "value", "low", "high", "n"]
    return tuple(answer.Closeness(**row) for row in pair.sort("year").select(names).iter_rows(named=True))


def roll_calls(
    votes: pl.DataFrame, items: pl.DataFrame, parties: Mapping[str, State]
) -> tuple[answer.RollCall, ...]:
    """Roll calls on which both states voted, with the third's vote where it voted, in time order."""
    cast = {
        name: votes.filter((pl.col("ccode") == party.ccode) & (pl.col("vote") != "absent")).select(
            "item", pl.col("vote").alias(f"vote_{name}")
        )
        for name, party in parties.items()
    }
    both = items.join(cast["a"], on="item").join(cast["b"], on="item")
    if "third" in cast:
        both = both.join(cast["third"], on="item", how="left")
    else:
        both = both.with_columns(vote_third=pl.lit(None, pl.String))
    names = [
        "item",
        "date",
        "precision",
        "year",
        "symbol",
        "title",
        "vote_a",
        "vote_b",
        "vote_third",
        "source",
    ]
    dated = both.with_columns(year=pl.col("date").dt.year()).sort("date", "item").select(names)
    return tuple(answer.RollCall(**row) for row in dated.iter_rows(named=True))
