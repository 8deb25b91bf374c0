"""What happened between two states, as dated rows in plain words, each with a weight: what turning points are named by.

Rows come from ties (relations, recognition, posts, alliances, disputes, sanctions, rivalries), from visits at the top
and other acts, and from votes (a step in their agreement). Weights say how much such an event is in a relation, from 0
to 1, by its kind alone: they know no country and no year.

| sort | weight |
|---|---|
| relations | 1 where they begin, end or are resumed; recognition 0.6 |
| post | 0.7 where an embassy opens or closes, else 0.5 |
| dispute | war 1, use of force 0.7, display of force 0.4, threat or none 0.25 |
| sanctions | an embargo 0.8, other measures 0.55, a threat 0.25; their end 0.4 |
| alliance, rivalry | 0.6 |
| votes | the size of the step in agreement, and a quarter |
| visit | at the top: the first or after ten years 0.5, others 0.15 |
| act | the force of its kind (Goldstein's, as a share of 10), halved |
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from amity import evidence
from amity.evidence.roll_calls import one_record
from amity.measures import agreement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from amity.evidence import Evidence
    from amity.states import State

    Row = dict[str, Any]

RECORD = pl.Schema(
    {
        "date": pl.Date,
        "precision": pl.String,
        "what": pl.String,
        "sort": pl.String,
        "source": pl.String,
        "ref": pl.String,
        "weight": pl.Float64,
    }
)
"""`precision`: day, month or year; `date` is then its first day. `ref` is the publisher's own row."""

PLEDGES = {
    "alliance_defense": "defence",
    "alliance_offense": "joint attack",
    "alliance_neutrality": "neutrality",
    "alliance_nonaggression": "non-aggression",
    "alliance_consultation": "consultation",
}
CORRECTED = "gml_mid"
HOSTILE = {"war": 1.0, "use of force": 0.7, "display of force": 0.4}
LISTED_ONLY = ("already listed", "listed again", "listing interrupted")
"""Beginnings and ends of a list, not of a post."""
NO_EVENT = ("no end on record", "last year on record", "imposed", "state ended", "recommissioned")
"""Ends that no event stands behind, or that another row of the same day tells."""
TOP = ("head of state", "head of government")
LONG_SILENCE = 10 * 365.25
SPAN, LEAST_STEP = 3, 0.15
"""A step in votes is between the means of so many years before and after, and at least so large."""


def record_of(ev: Evidence, a: State, b: State) -> pl.DataFrame:
    """Everything dated that is on record between two states, in time order: columns of `RECORD`.

    >>> from pathlib import Path
    >>> from amity import states
    >>> from amity.store import open_store
    >>> with evidence.open_evidence(open_store(Path("no-store-here"))) as ev:
    ...     record_of(ev, states.find("KHM"), states.find("USA")).height
    0
    """
    rows = [*_ties(ev, a, b), *_visits(ev, a, b), *_acts(ev, a, b), *_votes(ev, a, b)]
    frame = pl.DataFrame(rows, schema=RECORD, orient="row")
    # two sources often tell one event: it is told once, as the one that thinks most of it does
    return (
        frame.sort("weight", "source", descending=[True, False])
        .unique(["date", "what"], keep="first", maintain_order=True)
        .sort("date", "sort", "what")
    )


def _row(tie: Row, end: str, what: str, sort: str, weight: float) -> Row:
    at, precision = tie[end], tie[f"{end}_precision"] or "day"
    return {
        "date": at,
        "precision": precision,
        "what": what,
        "sort": sort,
        "source": tie["source"],
        "ref": tie["ref"],
        "weight": weight,
    }


# Ties


def _ties(ev: Evidence, a: State, b: State) -> Iterator[Row]:
    both = [evidence.ties(ev, one.ccodes, other.ccodes) for one, other in ((a, b), (b, a))]
    ties = pl.concat(both).sort("start", "kind", "ref")
    name = {code: one.name for one in (a, b) for code in one.ccodes}
    yield from _disputes(ties.filter(pl.col("kind") == "dispute"), name)
    tellers = {"relations": _relations, "recognition": _recognition, "post": _post, "rivalry": _rivalry}
    for tie in ties.iter_rows(named=True):
        sides = name[tie["ccode_from"]], name[tie["ccode_to"]]
        if tie["kind"] in PLEDGES:
            yield from _alliance(tie, sides)
        elif tie["kind"].startswith("sanction"):
            yield from _sanction(tie, sides)
        elif tie["kind"] in tellers:
            yield from tellers[tie["kind"]](tie, sides)


def _acted(tie: Row, receiver: str) -> str:
    return (tie["ended"] or "ended").replace("the other side", receiver)


def _over(tie: Row) -> bool:
    return tie["end"] is not None and (tie["ended"] or "ended") not in (*NO_EVENT, *LISTED_ONLY)


def _relations(tie: Row, sides: tuple[str, str]) -> Iterator[Row]:
    yield _row(tie, "start", f"relations {tie['began']}", "relations", 1.0)
    if _over(tie):
        yield _row(tie, "end", f"relations {_acted(tie, sides[1])}", "relations", 1.0)


def _recognition(tie: Row, sides: tuple[str, str]) -> Iterator[Row]:
    yield _row(tie, "start", f"{sides[1]} recognised by {sides[0]}", "recognition", 0.6)
    if _over(tie):
        yield _row(tie, "end", f"recognition by {sides[0]} {_acted(tie, sides[1])}", "recognition", 0.6)


def _post(tie: Row, sides: tuple[str, str]) -> Iterator[Row]:
    post, weight = tie["level"] or "post", 0.7 if tie["level"] == "embassy" else 0.5
    where = f"of {sides[0]} in {sides[1]}"
    if tie["began"] not in LISTED_ONLY:
        moved = f" to {post}" if tie["began"] in ("raised", "lowered") else ""
        yield _row(
            tie,
            "start",
            f"post {where} {tie['began']}{moved}" if moved else f"{post} {where} {tie['began']}",
            "post",
            weight,
        )
    if _over(tie) and not (tie["ended"] or "").startswith(("raised", "lowered", "relations")):
        yield _row(tie, "end", f"{post} {where} {_acted(tie, sides[1])}", "post", weight)


def _alliance(tie: Row, sides: tuple[str, str]) -> Iterator[Row]:
    pledge = f"alliance of {' and '.join(sorted(sides))} ({PLEDGES[tie['kind']]})"
    yield _row(tie, "start", f"{pledge} begins", "alliance", 0.6)
    if _over(tie):
        yield _row(tie, "end", f"{pledge} ends", "alliance", 0.6)


def _sanction(tie: Row, sides: tuple[str, str]) -> Iterator[Row]:
    threat = tie["kind"] == "sanction_threatened"
    of = f"by {sides[0]} {'against' if threat else 'on'} {sides[1]}"
    told = tie["level"] or "not specified"
    measures = "" if told == "not specified" else f" ({told})"
    weight = 0.25 if threat else 0.8 if "embargo" in told else 0.55
    yield _row(
        tie, "start", f"sanctions {'threatened' if threat else 'imposed'} {of}{measures}", "sanctions", weight
    )
    if _over(tie):
        yield _row(
            tie, "end", f"{'threat of ' if threat else ''}sanctions {of} end", "sanctions", min(weight, 0.4)
        )


def _rivalry(tie: Row, _: tuple[str, str]) -> Iterator[Row]:
    yield _row(tie, "start", "strategic rivalry begins", "rivalry", 0.6)
    if _over(tie):
        yield _row(tie, "end", "strategic rivalry ends", "rivalry", 0.6)


def _disputes(ties: pl.DataFrame, name: dict[int, str]) -> Iterator[Row]:
    """Each dispute once, in its first year, by the most hostile that either side did in it.

    The two published lists number disputes alike; where both tell one, the list with the corrections does.
    """
    for _, rows in ties.group_by("ref", "start", maintain_order=True):
        teller = max(rows["source"].to_list(), key=lambda source: (source == CORRECTED, source))
        told = rows.filter(pl.col("source") == teller).to_dicts()
        worst = max(told, key=lambda tie: HOSTILE.get(tie["level"] or "", 0.0))
        level = worst["level"] or "dispute"
        acting = {name[tie["ccode_from"]] for tie in told if tie["level"] == worst["level"]}
        by = "both sides" if len(acting) > 1 else acting.pop()
        what = f"militarised dispute ({level} by {by})" if level in HOSTILE else "militarised dispute"
        yield _row(worst, "start", what, "dispute", HOSTILE.get(level, 0.25))


# Visits and other acts


def _visits(ev: Evidence, a: State, b: State) -> Iterator[Row]:
    """Visits at the top; a first one, or one after a long silence in its direction, weighs more."""
    for one, other in ((a, b), (b, a)):
        last = None
        for act in evidence.visits(ev, one.ccodes, other.ccodes).iter_rows(named=True):
            if act["rank"] not in TOP:
                continue
            rare = last is None or (act["date"] - last).days > LONG_SILENCE
            again = (
                "" if not rare else ", the first on record" if last is None else ", the first in ten years"
            )
            last = act["date"]
            what = f"visit of {act['who'] or act['rank']} ({one.name}) to {other.name}{again}"
            yield {**_act(act, what, 0.5 if rare else 0.15), "sort": "visit"}


def _acts(ev: Evidence, a: State, b: State) -> Iterator[Row]:
    for one, other in ((a, b), (b, a)):
        acts = evidence.acts(ev, one.ccodes, other.ccodes).filter(pl.col("kind") != "visit")
        for act in acts.iter_rows(named=True):
            by = f" by {act['who']}" if act["who"] else ""
            weight = abs(act["force_tenths"] or 0) / 200
            yield _act(act, f"{act['kind']}{by}, {one.name} towards {other.name}", weight)


def _act(act: Row, what: str, weight: float) -> Row:
    kept = {name: act[name] for name in ("date", "precision", "source", "ref")}
    return {**kept, "what": what, "sort": "act", "weight": weight}


# Votes


def _votes(ev: Evidence, a: State, b: State) -> Iterator[Row]:
    """Years in which agreement on whole resolutions moves to another level for three years, no two within three."""
    found = whole_agreement(ev, a, b)
    steps = [step for year in [row["year"] for row in found] if (step := _step(found, year))]
    taken: list[int] = []
    for size, year, before, after in sorted(steps, key=lambda step: (-abs(step[0]), step[1])):
        if all(abs(year - other) >= SPAN for other in taken):
            taken.append(year)
            yield {
                "date": date(year, 1, 1),
                "precision": "year",
                "what": f"UN agreement {'falls' if size < 0 else 'rises'} from {before:.2f} to {after:.2f}",
                "sort": "votes",
                "source": "measure",
                "ref": "vote agreement",
                "weight": min(1.0, 0.25 + abs(size)),
            }


def whole_agreement(ev: Evidence, a: State, b: State) -> Sequence[Row]:
    """Agreement of two lines of states by year, on whole resolutions: rows of `measures.agreement`."""
    votes = evidence.votes(ev, [*a.ccodes, *b.ccodes])
    if votes.is_empty():
        return []
    items, votes = one_record(evidence.items(ev), votes)
    whole = items.filter((pl.col("part") == "whole") | pl.col("part").is_null())
    pairs = [(one, other) for one in a.ccodes for other in b.ccodes]
    return (
        agreement.compute(votes, whole, pairs)
        .sort("year")
        .unique("year", keep="first", maintain_order=True)
        .to_dicts()
    )


def _step(found: Sequence[Row], year: int) -> tuple[float, int, float, float] | None:
    """The change of the mean at the turn into a year, if large and sure: its size, the year, before and after."""
    before = [row for row in found if year - SPAN <= row["year"] < year]
    after = [row for row in found if year <= row["year"] < year + SPAN]
    if min(len(before), len(after)) < SPAN - 1:
        return None
    (low, low_half), (high, high_half) = _mean(before), _mean(after)
    size = high - low
    return (size, year, low, high) if abs(size) >= max(LEAST_STEP, low_half + high_half) else None


def _mean(rows: Sequence[Row]) -> tuple[float, float]:
    """Mean over the roll calls of some years, and half the width of its 90 % interval, years taken as independent."""
    total = sum(row["n"] for row in rows)
    mean = sum(row["n"] * row["value"] for row in rows) / total
    half = sum((row["n"] / total * (row["high"] - row["low"]) / 2) ** 2 for row in rows) ** 0.5
    return mean, half
