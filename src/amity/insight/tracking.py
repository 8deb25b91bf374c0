r"""What came of a programme: which of its acts were done, and what moved, beside the outlook of the time.

**Acts.** A step is looked for among the acts of its class between the two states, in every loaded source and in the
user's own record, from a year before it (not before the programme's first month) to a year after. One act keeps one
step, the nearest first; done early it is kept too. A class that goes by years is due within its year. An act of which
only the year is known counts where its year holds the month. What was not found is *not kept* only where sources speak
of all the days on which it could have been kept; else it is *not knowable*.

**What moved.** Tone and engagement are read without the items that tell of the programme's own acts, as in `response`:
a visit is no evidence that visits helped. Before is the filtered state of the month before the first step, from nothing
later. The outlook of that month, $\varphi^h m$, is set beside what came: under it, the later filtered mean differs from
it with variance $P_h - V_h$, the outlook's less what is still unknown, which gives the chance of so large a gap. Before
and after are taken as independent in what moved, so that its interval is too wide. Trust has no outlook.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from math import erfc, sqrt
from typing import TYPE_CHECKING

import polars as pl

from amity.dimensions import named as dimension_named
from amity.dimensions.constants import item_of, loaded
from amity.dimensions.estimate import FIRST, LEAST_KNOWN, filtered, prepare, states_frame
from amity.dimensions.observed import last_month, pairs_of
from amity.engine.scale import NINETY, shown
from amity.errors import NoEvidenceError, UsageError
from amity.insight import promised, trust
from amity.insight.capabilities import stronger
from amity.insight.judging import judge
from amity.insight.months import months_between, shifted
from amity.insight.response import DIMENSIONS
from amity.insight.response_acts import CLASSES, named
from amity.insight.whatif import Step, ask, carried, difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amity.evidence import Evidence
    from amity.evidence.event_days import Span
    from amity.insight.judging import Promise
    from amity.insight.response import Response, Told
    from amity.insight.response_acts import ActClass
    from amity.insight.whatif import WhatIf
    from amity.states import State

__all__ = ["MOVED", "Tracked", "chance_of", "track"]

MOVED = pl.Schema(
    {
        "dimension": pl.String, "month": pl.Date, "horizon": pl.Int64,
        **{f"{name}{end}": pl.Float64 for name in ("before", "came", "moved", "without", "with")
           for end in ("", "_low", "_high")},
        "chance_without": pl.Float64, "chance_with": pl.Float64, "acts": pl.Int32, "last_act": pl.Date,
    }
)  # fmt: skip
"""By dimension and month since the first step. Tone and engagement go from −100 to 100, trust (`trust_1to2`: of the
state with the smaller code in the other) from 0 to 1; intervals of 90 %. `before` is the month before the first step,
`came` what was found, `moved` the difference; `without` and `with` are the outlooks of the time without the programme's
acts and with them; `chance_*` is that of so large a gap between an outlook and what came, if the outlook was right.
Trust is there only where an act has been seen since the first step; `acts` are those it rests on, `last_act` the month
of the last. Missing: not known."""


@dataclass(frozen=True, slots=True)
class Tracked:
    """What came of a programme of acts between two states."""

    state1: State
    """With the smaller code."""
    state2: State
    since: date
    """The month from which the outlook is made: that before the first step, or the last that is known."""
    today: date
    promises: tuple[Promise, ...]
    moved: pl.DataFrame
    """Columns of `MOVED`: each month of the outlook, and the last that is known."""
    left_out: tuple[str, ...]
    """Items without which tone and engagement are read."""
    behind: tuple[Response, ...]
    """What followed acts of each class, by dimension; none where the outlook with acts cannot be said."""
    doubts: tuple[str, ...]

    @property
    def frame(self) -> pl.DataFrame:
        """A row a step: `month, act, verdict, why, day, precision, ccode_from, what, source, ref`."""
        told = ("verdict", "why", "day", "precision", "ccode_from", "what", "source", "ref")
        types = {"day": pl.Date(), "ccode_from": pl.Int16()}
        rows = [
            (one.step.month, one.step.name, *(getattr(one, name) for name in told)) for one in self.promises
        ]
        schema = {
            "month": pl.Date(),
            "act": pl.String(),
            **{name: types.get(name, pl.String()) for name in told},
        }
        return pl.DataFrame(rows, schema=schema, orient="row")

    @property
    def now(self) -> pl.DataFrame:
        """Of each dimension the last month that is known, as rows of `MOVED`."""
        known = self.moved.drop_nulls("came").sort("month")
        return known.group_by("dimension", maintain_order=True).last().select(list(MOVED)).sort("dimension")


def track(
    ev: Evidence,
    a: State,
    b: State,
    steps: Iterable[Step],
    today: date | None = None,
    told: Told | None = None,
) -> Tracked:
    """What came of a programme: a verdict on each step with the row that shows it, and what moved since.

    `today` is the day on which it is asked, by default this one; `told` the record of what followed acts.

    Raises `UsageError` for a programme without acts, one that begins before there is a month before it, or a state with
    itself.
    """
    ordered = tuple(sorted(steps))
    if not ordered:
        raise UsageError(
            "a programme without acts promises nothing", 'name acts, such as --do "2016-02 visit up"'
        )
    if ordered[0].month <= FIRST:
        raise UsageError("nothing is known before the programme begins", f"name months after {FIRST:%Y-%m}")
    if a.ccode == b.ccode:
        raise UsageError(f"{a.name} has no relation with itself", "name two states")
    one, other = (a, b) if a.ccode < b.ccode else (b, a)
    day = today or date.today()  # noqa: DTZ011  (a calendar day, not an instant)
    promises = _promises(ev, one, other, ordered, day)
    classes = [of for name in dict.fromkeys(step.name for step in ordered) if (of := named(name))]
    left_out = tuple(sorted({item for of in classes for item in of.without}))
    before = shifted(ordered[0].month, -1)
    seen = {name: _seen(ev, one, other, name, left_out) for name in DIMENSIONS}
    last = last_month(seen.values()) or before
    chains = {name: _chain(ev, one, other, name, rows, last) for name, rows in seen.items()}
    persistence = {name: kept for name, (_, kept) in chains.items()}
    known = pl.concat([frame for frame, _ in chains.values()])
    since = min(before, last)
    outlook, doubts = _outlook(known.filter(pl.col("month") <= since), ordered, persistence, told)
    moved = [
        _moved(
            frame,
            seen[name]["month"].unique().sort().to_list(),
            (since, ordered[0].month),
            kept,
            outlook.rows.filter(dimension=name),
        )
        for name, (frame, kept) in chains.items()
    ]
    moved.append(_trusted(ev, one, other, (since, ordered[0].month)))
    return Tracked(
        one,
        other,
        since,
        day,
        promises,
        pl.concat(moved),
        left_out,
        outlook.behind,
        (*doubts, *outlook.doubts),
    )


def _promises(ev: Evidence, a: State, b: State, steps: Sequence[Step], today: date) -> tuple[Promise, ...]:
    power = stronger(ev, a, b, today.year)
    told: dict[int, Promise] = {}
    for name in dict.fromkeys(step.name for step in steps):
        of = named(name)
        if of is None:
            raise UsageError(
                f"'{name}' is no class of acts", f"say one of {', '.join(c.name for c in CLASSES)}"
            )
        places = [n for n, step in enumerate(steps) if step.name == name]
        mine = [steps[n] for n in places]
        ways = _ways(of, power, mine[0].month.year)
        rows = promised.shown(ev, of, a, b, power)
        spells = promised.spoken(ev, of, a, b, ways) if ways else ()
        for n, one in zip(places, judge(of, mine, rows, spells, steps[0].month, today), strict=True):
            unsure = not ways and one.verdict == "not knowable"
            why = "which of the two is the stronger is not on record" if unsure else one.why
            told[n] = replace(one, why=why)
    return tuple(told[n] for n in range(len(steps)))


def _ways(of: ActClass, power: pl.DataFrame, year: int) -> tuple[int, ...]:
    """The sides that can do an act of a class: 1, -1 or both; none where it is not known who is the stronger."""
    if not of.way:
        return (1, -1)
    share = dict(power.filter(year=year).sort("line").select("line", "share").iter_rows())
    if len(share) < 2:
        return ()
    first, second = (share[line] for line in sorted(share))
    return (1,) if (first > second) == (of.way == "down") else (-1,)


def _seen(ev: Evidence, a: State, b: State, name: str, left_out: Sequence[str]) -> pl.DataFrame:
    """What is observed of a dimension without some items."""
    rows = dimension_named(name).observe(ev, pairs_of([(a, b)]))
    held = [item for item in rows["item"].unique() if item_of(item) in left_out]
    return rows.filter(~pl.col("item").is_in(held))


def _chain(
    ev: Evidence, a: State, b: State, name: str, rows: pl.DataFrame, last: date
) -> tuple[pl.DataFrame, float]:
    """The filtered states of a dimension to a month, and its persistence of a month."""
    one = dimension_named(name)
    constants = loaded(ev, one)
    laid = prepare(rows, pairs_of([(a, b)]), one.ABOUT, one.ITEMS, constants, last, by_source=False)
    return states_frame(laid, filtered(laid)).filter(dimension=name), constants.persistence[0]


def _outlook(
    known: pl.DataFrame, steps: Sequence[Step], persistence: dict[str, float], told: Told | None
) -> tuple[WhatIf, tuple[str, ...]]:
    """The outlook of the time; without its acts, and why, where what follows them cannot be said."""
    first = steps[0].month
    try:
        return ask(known, steps, persistence, told, first=first), ()
    except (NoEvidenceError, UsageError) as error:
        return ask(known, (), persistence, told, first=first), (f"no outlook with the acts: {error.what}",)


def _moved(
    frame: pl.DataFrame, heard: Sequence[date], of: Span, phi: float, outlook: pl.DataFrame
) -> pl.DataFrame:
    """Rows of `MOVED` of tone or engagement: the months of the outlook, and the last one known if it is later.

    A state of which nothing was heard since the outlook, or nothing more, is that outlook still: nothing came.
    """
    since, first = of
    later = [month for month in heard if month > since]
    states = {
        month: (float(x), float(sd)) for month, x, sd in frame.select("month", "state", "sd").iter_rows()
    }
    rows = outlook.to_dicts()
    if later and later[-1] > rows[-1]["month"]:
        last = {"month": later[-1], "horizon": months_between(first, later[-1])}
        rows.append({"dimension": rows[0]["dimension"], **last})
    told: list[dict[str, object]] = []
    x, sd = states[since]
    for row in rows:
        month: date = row["month"]
        mean, variance = carried(x, sd, phi, months_between(since, month))
        own: dict[str, object] = {key: row[key] for key in MOVED if key in row}
        own |= _ends("before", x, sd) | _ends("without", mean, sqrt(variance))
        if later and later[0] <= month <= later[-1]:
            came, unsure = states[month]
            gap = difference(x, came, NINETY * float(sqrt(sd**2 + unsure**2)))
            own |= _ends("came", came, unsure)
            own |= dict(zip(("moved", "moved_low", "moved_high"), gap, strict=True))
            own["chance_without"] = chance_of(came - mean, variance - unsure**2)
            change, error = row.get("state_difference"), row.get("state_error")
            if change is not None and error is not None:
                own["chance_with"] = chance_of(came - mean - change, variance - unsure**2 + error**2)
            told.append(_only_known(own, sd, unsure))
        else:
            told.append(_only_known(own, sd))
    return pl.DataFrame(told, schema=MOVED)


def _only_known(row: dict[str, object], before: float, came: float = 0.0) -> dict[str, object]:
    """A row without what starts from a state that is not known, or came to one; chances need neither."""
    unknown = {
        *(("before", "without", "with", "moved") if before >= LEAST_KNOWN else ()),
        *(("came", "moved") if came >= LEAST_KNOWN else ()),
    }
    return {name: told for name, told in row.items() if name.partition("_")[0] not in unknown}


def _ends(name: str, mean: float, sd: float) -> dict[str, object]:
    at = shown([mean, mean - NINETY * sd, mean + NINETY * sd])
    return dict(zip((name, f"{name}_low", f"{name}_high"), map(float, at), strict=True))


def chance_of(gap: float, variance: float) -> float | None:
    """The chance of so large a gap; None where next to nothing came that could have made one.

    >>> round(chance_of(1.96, 1.0), 3)
    0.05
    """
    return erfc(abs(gap) / sqrt(2 * variance)) if variance > LITTLE else None


LITTLE = 1e-4
"""A variance below it is that of no news: a hundredth of a standard deviation of the world's pairs."""


def _trusted(ev: Evidence, a: State, b: State, of: Span) -> pl.DataFrame:
    """Rows of `MOVED` of trust each way: the months of which acts are loaded, from the first act seen since the first
    step on."""
    since, first = of
    told = trust.ask(ev, a.ccodes, b.ccodes).filter(pl.col("kind") == "all", pl.col("trust").is_not_null())
    names = {(a.ccodes[0], b.ccodes[0]): "trust_1to2", (b.ccodes[0], a.ccodes[0]): "trust_2to1"}
    parts: list[dict[str, object]] = []
    for way, name in names.items():
        mine = told.filter(ccode_from=way[0], ccode_to=way[1]).sort("month")
        mine = mine.with_columns(
            last_act=pl.when(pl.col("acts").diff().fill_null(1) > 0).then("month").forward_fill()
        )
        then = mine.filter(month=since).to_dicts()
        for row in mine.filter("covered", pl.col("month") > first, pl.col("last_act") >= first).iter_rows(
            named=True
        ):
            made: dict[str, object] = {
                "dimension": name, "month": row["month"], "horizon": months_between(first, row["month"])
            }  # fmt: skip
            made |= _chances("came", row) | {"acts": row["acts"], "last_act": row["last_act"]}
            if then:
                made |= _chances("before", then[0]) | _apart(then[0], row)
            parts.append(made)
    return pl.DataFrame(parts, schema=MOVED)


def _chances(name: str, row: dict[str, float]) -> dict[str, object]:
    return {name: row["trust"], f"{name}_low": row["low"], f"{name}_high": row["high"]}


def _apart(then: dict[str, float], now: dict[str, float]) -> dict[str, object]:
    """What is between two chances with intervals, taken as independent, as `trust.gaps` has it."""
    gap = now["trust"] - then["trust"]
    down = sqrt((now["trust"] - now["low"]) ** 2 + (then["high"] - then["trust"]) ** 2)
    up = sqrt((now["high"] - now["trust"]) ** 2 + (then["trust"] - then["low"]) ** 2)
    return {"moved": gap, "moved_low": gap - down, "moved_high": gap + up}
