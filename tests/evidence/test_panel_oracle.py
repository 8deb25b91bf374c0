"""The panel equals one worked out day by day in plain Python: slow, obvious, and independent of the SQL."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amity.errors import NoEvidenceError
from amity.evidence import dyads
from amity.evidence.columns import ENVOY_LEVELS, POST_LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable

    from amity.evidence import Evidence

Row = dict[str, Any]
World = dict[str, Any]
DAY = timedelta(days=1)


def days_of(start: date, end: date) -> set[date]:
    return {start + DAY * n for n in range((end - start).days + 1)}


def together(spells: list[Row], i: int, j: int) -> set[date]:
    """Days on which both states are in the system."""
    days = {
        c: set().union(*(days_of(s["start"], s["end"]) for s in spells if s["ccode"] == c)) for c in (i, j)
    }
    return days[i] & days[j]


def known(world: World, table: str, kind: str, i: int, j: int) -> set[date]:
    """Days about which a row of coverage speaks, worked out once a world."""
    key = (table, kind, i, j)
    if key not in world["known"]:
        world["known"][key] = spoken(
            world, table, kind, [(i, j), (j, i)] if kind == "relations" else [(i, j)]
        )
    return world["known"][key]


def spoken(world: World, table: str, kind: str, orders: list[tuple[int, int]]) -> set[date]:
    days: set[date] = set()
    for row in world["coverage"]:
        right_kind = row["kind"] in (kind, "*") or (kind == "act" and row["kind"] != "visit")
        for i, j in orders:
            if (
                row["table"] == table
                and right_kind
                and row["ccode_from"] in (None, i)
                and row["ccode_to"] in (None, j)
            ):
                days |= days_of(row["start"], row["end"])
    return days


def last_of(day: date, precision: str) -> date:
    if precision == "year":
        return date(day.year, 12, 31)
    return date(day.year, day.month, monthrange(day.year, day.month)[1]) if precision == "month" else day


def first_of(day: date, precision: str) -> date:
    if precision == "year":
        return date(day.year, 1, 1)
    return day.replace(day=1) if precision == "month" else day


def surely(tie: Row, day: date) -> bool:
    begun = day >= last_of(tie["start"], tie["start_precision"])
    return begun and (tie["end"] is None or day <= first_of(tie["end"], tie["end_precision"]))


def possibly(tie: Row, day: date) -> bool:
    if tie["end"] is None:
        return day >= tie["start"]
    last = last_of(tie["end"], tie["end_precision"]) - (DAY if tie["end_precision"] != "day" else 0 * DAY)
    return tie["start"] <= day <= last


def period_of(day: date, grain: str) -> date:
    return date(day.year, 1 if grain == "dyad-year" else day.month, 1)


def by_hand(
    world: World, spells: list[Row], grain: str, codes: list[int], start: date, end: date
) -> list[Row]:
    rows = []
    asked = days_of(first_of(start, grain[5:]), last_of(end, grain[5:]))
    for i in codes:
        for j in codes:
            both = together(spells, i, j) if i != j else set()
            for period in sorted({period_of(day, grain) for day in both & asked}):
                days = {day for day in both if period_of(day, grain) == period}
                rows.append(row_of(world, grain, (i, j), period, days, both))
    return rows


def row_of(
    world: World, grain: str, pair: tuple[int, int], period: date, days: set[date], both: set[date]
) -> Row:
    i, j = pair
    visits = acts_of(world, "visit", grain, pair, period, days)
    others = acts_of(world, "act", grain, pair, period, days)
    row: Row = {"ccode1": i, "ccode2": j, "year": period.year, "month": period.month, "days": len(days)}
    for name, rank in (("hos", "head of state"), ("hog", "head of government"), ("fm", "foreign minister")):
        row[f"visits_{name}_1to2"] = (
            None if visits is None else sum(a["count"] for a in visits if a["rank"] == rank)
        )
    row["visits_1to2"] = None if visits is None else sum(a["count"] for a in visits)
    row["acts_coop_1to2"] = (
        None if others is None else sum(a["count"] for a in others if a["force_tenths"] >= 0)
    )
    row["acts_conf_1to2"] = (
        None if others is None else sum(a["count"] for a in others if a["force_tenths"] < 0)
    )
    for kind, name in (("relations", "relations"), ("recognition", "recognition_1to2")):
        row[name] = {True: 1, False: 0, None: None}[held(world, kind, pair, max(days))]
    row["post_level_1to2"] = level(world, "post", pair, max(days), POST_LEVELS)
    row["envoy_level_1to2"] = level(world, "envoy", pair, max(days), ENVOY_LEVELS)
    row["envoy_share_1to2"] = share(world, pair, days)
    for kind in ("aid_obligated", "aid_disbursed"):
        row[f"{kind}_1to2"] = amount(world, kind, pair, days, both)
    return row


def acts_of(
    world: World, kind: str, grain: str, pair: tuple[int, int], period: date, days: set[date]
) -> list[Row] | None:
    if not days <= known(world, "acts", kind, *pair):
        return None
    ours = [
        a for a in world["acts"]
        if (a["ccode_from"], a["ccode_to"]) == pair and (a["kind"] == "visit") == (kind == "visit")
    ]  # fmt: skip
    if grain == "dyad-month" and any(
        a["precision"] == "year" and a["date"].year == period.year for a in ours
    ):
        return None
    return [
        a for a in ours
        if period_of(a["date"], grain) == period
        and (a["precision"] != "day" or min(days) <= a["date"] <= max(days))
    ]  # fmt: skip


def ties_of(world: World, kind: str, pair: tuple[int, int]) -> list[Row]:
    orders = [pair, pair[::-1]] if kind == "relations" else [pair]
    return [t for t in world["ties"] if t["kind"] == kind and (t["ccode_from"], t["ccode_to"]) in orders]


def held(world: World, kind: str, pair: tuple[int, int], day: date) -> bool | None:
    if day not in known(world, "ties", kind, *pair):
        return None
    ties = ties_of(world, kind, pair)
    if any(surely(t, day) for t in ties):
        return True
    return None if any(possibly(t, day) for t in ties) else False


def level(world: World, kind: str, pair: tuple[int, int], day: date, levels: tuple[str, ...]) -> str | None:
    yes = held(world, kind, pair, day)
    if not yes:
        return None if yes is None else "none"
    sure = [t["level"] for t in ties_of(world, kind, pair) if surely(t, day) and t["level"] is not None]
    return max(sure, key=levels.index) if sure else "unstated"


def share(world: World, pair: tuple[int, int], days: set[date]) -> float | None:
    if not days <= known(world, "ties", "envoy", *pair):
        return None
    ties = ties_of(world, "envoy", pair)
    sure = sum(any(surely(t, day) for t in ties) for day in days)
    possible = sum(any(possibly(t, day) for t in ties) for day in days)
    return sure / len(days) if sure == possible else None


def amount(world: World, kind: str, pair: tuple[int, int], days: set[date], both: set[date]) -> float | None:
    if not days <= known(world, "figures", kind, *pair):
        return None
    total = 0.0
    for figure in world["figures"]:
        spread = days_of(figure["start"], figure["end"]) & both
        if figure["kind"] == kind and (figure["ccode_from"], figure["ccode_to"]) == pair and spread:
            total += figure["value"] * len(spread & days) / len(spread)
    return total


CODES = (2, 710, 811)
FIRST, LAST = date(1950, 3, 15), date(1952, 6, 30)

dates = st.dates(date(1949, 6, 1), date(1952, 12, 31))
precisions = st.sampled_from(["day", "day", "day", "month", "year"])
pairs = st.permutations(CODES).map(lambda codes: {"ccode_from": codes[0], "ccode_to": codes[1]})


def spans(optional_end: bool = False) -> st.SearchStrategy[Row]:
    ends = st.none() | dates if optional_end else dates
    return st.tuples(dates, ends).map(
        lambda days: {"start": days[0] if days[1] is None else min(days), "end": days[1] and max(days)}
    )


def merged(*parts: st.SearchStrategy[Row]) -> st.SearchStrategy[Row]:
    return st.tuples(*parts).map(lambda rows: {key: value for row in rows for key, value in row.items()})


def drawn(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[Row]:
    return st.fixed_dictionaries(values)


ACTS = merged(
    pairs,
    drawn(
        date=dates,
        precision=precisions,
        kind=st.sampled_from(["visit", "visit", "letter"]),
        rank=st.sampled_from(
            ["head of state", "head of government", "foreign minister", "other leader", None]
        ),
        force_tenths=st.sampled_from([19, 0, -44]),
        count=st.integers(1, 3),
    ),
)
TIES = merged(
    pairs,
    spans(optional_end=True),
    drawn(
        kind=st.sampled_from(["relations", "recognition", "post", "envoy", "envoy"]),
        start_precision=precisions,
        end_precision=precisions,
        level=st.sampled_from(["embassy", "legation", "ambassador", None]),
    ),
)
FIGURES = merged(
    pairs,
    spans(),
    drawn(kind=st.sampled_from(["aid_obligated", "aid_disbursed"]), value=st.floats(-100, 1000)),
)
COVERAGE = merged(
    st.tuples(st.sampled_from([*CODES, None]), st.sampled_from([*CODES, None])).map(
        lambda ends: {"ccode_from": ends[0], "ccode_to": ends[1]}
    ),
    st.sampled_from(
        [("acts", "visit"), ("acts", "*"), ("acts", "letter"), ("ties", "*"), ("ties", "relations"), ("ties", "envoy"),
         ("figures", "*"), ("figures", "aid_obligated")]
    ).map(lambda what: {"table": what[0], "kind": what[1]}),
    spans(),
)  # fmt: skip
worlds = drawn(
    acts=st.lists(ACTS, max_size=6),
    ties=st.lists(TIES, max_size=6),
    figures=st.lists(FIGURES, max_size=4),
    coverage=st.lists(COVERAGE, min_size=1, max_size=10),
)
systems = st.lists(merged(drawn(ccode=st.sampled_from(CODES)), spans()), min_size=2, max_size=5)


def right_levels(world: World) -> World:
    """Posts have levels of posts, envoys of envoys; dates known to the month or year start at its first day."""
    for tie in world["ties"]:
        levels = POST_LEVELS if tie["kind"] == "post" else ENVOY_LEVELS
        tie["level"] = tie["level"] if tie["level"] in levels else None
        tie["start"] = first_of(tie["start"], tie["start_precision"])
        if tie["end"] is None:
            tie["end_precision"] = None
    for act in world["acts"]:
        act["date"] = first_of(act["date"], act["precision"])
    return world


@pytest.mark.parametrize("grain", ["dyad-year", "dyad-month"])
@settings(max_examples=30, deadline=None, derandomize=True)
@given(world=worlds, spells=systems)
def test_the_panel_equals_a_count_day_by_day(
    evidence_of: Callable[..., Evidence], grain: str, world: World, spells: list[Row]
) -> None:
    world = right_levels(world)
    spells = apart(spells)
    expected = by_hand({**world, "known": {}}, spells, grain, list(CODES), FIRST, LAST)
    with pytest.MonkeyPatch.context() as patch, evidence_of(**world) as ev:
        frame = pl.DataFrame(spells, schema={"ccode": pl.Int16, "start": pl.Date, "end": pl.Date})
        patch.setattr(dyads, "system", lambda: frame)
        if not expected:
            with pytest.raises(NoEvidenceError):
                dyads.panel(ev, None, grain, FIRST, LAST)
            return
        rows = dyads.panel(ev, None, grain, FIRST, LAST).to_dicts()
    assert len(rows) == len(expected)
    for got, want in zip(rows, expected, strict=True):
        assert {key: got[key] for key in got if not key.startswith("iso3c")} == {
            key: value if not isinstance(value, float) else pytest.approx(value, rel=1e-6, abs=1e-6)
            for key, value in want.items()
            if key in got
        }


def apart(spells: list[Row]) -> list[Row]:
    """Memberships of one state never overlap: the later of two that do is left out."""
    kept: list[Row] = []
    for spell in sorted(spells, key=lambda row: (row["ccode"], row["start"], row["end"])):
        if not kept or kept[-1]["ccode"] != spell["ccode"] or kept[-1]["end"] < spell["start"]:
            kept.append(spell)
    return kept
