"""Claims: every check on made-up worlds of known truth, both ways, and on one where nobody can tell; and the form."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from amity import states
from amity.dimensions import tone
from amity.dimensions.constants import read as constants_of
from amity.dimensions.estimate import Prepared, prepare, smoothed, states_frame
from amity.dimensions.observed import OBSERVED, Dimension, pairs_of
from amity.dimensions.pair import Reading, Relation
from amity.engine.chain import smooth
from amity.engine.families import GAUSSIAN
from amity.engine.model import dynamics, evidence, items
from amity.errors import AmityError, BadFileError
from amity.insight import claim_form
from amity.insight.checks import closeness, followed, measures, steadiness
from amity.insight.checks.known import Known, contrast
from amity.insight.checks.statement import Finding, Period, Statement, verdict
from amity.insight.claim_form import read
from amity.insight.claims import ask, to_dict

if TYPE_CHECKING:
    from collections.abc import Callable

    from amity.evidence import Evidence

    Make = Callable[..., Evidence]

ROOT = Path(__file__).parents[2]
KHM, USA, CHN = (states.find(name) for name in ("KHM", "USA", "CHN"))
PAIR = pairs_of([(KHM, USA)])
COLD, WARM = 9, 0
"""Hostile acts of twenty; at rest one or two would be."""


def put(measure: str, direction: str, period: Period | None = None, **more: Any) -> Statement:
    return Statement(1, "It was so.", KHM, USA, CHN, measure, direction, period or Period(), **more)


def years(first: int | None, last: int | None) -> Period:
    return Period(date(first, 1, 1) if first else None, date(last, 12, 31) if last else None)


def checked(known: Known, one: Statement) -> Finding:
    found: Finding = measures()[one.measure].check(known, one)
    ends = found.figure is None or (found.low is not None and found.low <= found.figure)
    assert ends
    return found


def said(known: Known, one: Statement) -> str:
    return checked(known, one).verdict


def heard(hostile: dict[tuple[int, int], int]) -> pl.DataFrame:
    """Twenty acts a month each way in some years, of which so many are hostile."""
    rows = [
        (2, 811, date(year, month, 1), "hostile_share:test", "test", side, float(many), 20.0, 0.0)
        for (first, last), many in hostile.items()
        for year in range(first, last + 1)
        for month in range(1, 13)
        for side in (-1, 1)
    ]
    return pl.DataFrame(rows, schema=OBSERVED, orient="row")


def relation_of(told: pl.DataFrame, engaged: pl.DataFrame | None = None) -> Relation:
    """A relation of which only tone, or engagement, was observed."""
    constants = constants_of(tone.ABOUT, tone.ITEMS)
    laid = prepare(told, PAIR, tone.ABOUT, tone.ITEMS, constants, date(2022, 12, 1))
    reading = Reading(laid, smoothed(laid))
    observed = [told.with_columns(dimension=pl.lit("tone"))]
    if engaged is not None:
        observed.append(engaged.with_columns(dimension=pl.lit("engagement")))
    frame = states_frame(laid, reading.now)
    return Relation(USA, KHM, frame, frame, pl.DataFrame(), pl.concat(observed), {}, {"tone": reading})


def known_of(ev: Evidence, told: pl.DataFrame, engaged: pl.DataFrame | None = None) -> Known:
    return Known(ev, {(2, 811): relation_of(told, engaged)})


# The rule


def test_a_claim_turned_round_has_the_opposite_verdict() -> None:
    opposite = {"supported": "contradicted", "contradicted": "supported", "not decidable": "not decidable"}
    for low, high in (
        (0.1, 0.4),
        (-0.4, -0.1),
        (-0.1, 0.1),
        (None, -0.2),
        (None, 0.2),
        (0.1, None),
        (None, None),
    ):
        assert verdict(low, high, above=False) == opposite[verdict(low, high)]


# Contrasts


def test_the_error_of_a_contrast_is_that_of_the_whole_covariance() -> None:
    months, s, phi = 60, 1.5, 0.95
    of, move = items(GAUSSIAN, 0.2, 0.8, 0.1), dynamics(phi, s)
    rows = {
        "pair": [0] * 3,
        "month": [5, 20, 50],
        "item": [0] * 3,
        "y": [1.0, -1.0, 0.5],
        "n": [0.2, 0.1, 0.4],
    }
    seen = evidence(1, months, rows, of)
    when = pl.date_range(date(2000, 1, 1), date(2004, 12, 1), "1mo", eager=True)
    about = Dimension("alignment", "", directed=False, persistence=(phi,), variance=(s,))
    laid = Prepared(about, PAIR, seen, of, move, ("x",), ("test",), np.array([0]), when)
    weights = np.zeros(months)
    weights[40:52], weights[3:30] = 1 / 12, -1 / 27
    value, sd = contrast(Reading(laid, smooth(seen, of, move)), weights)
    lag = np.abs(np.subtract.outer(np.arange(months), np.arange(months)))
    precision = np.linalg.inv(s * phi**lag)
    pull = np.zeros(months)
    for month, y, n in zip(rows["month"], rows["y"], rows["n"], strict=True):
        precision[month, month] += 0.64 / (n + 0.1)
        pull[month] += 0.8 * (y - 0.2) / (n + 0.1)
    full = np.linalg.inv(precision)
    assert value == pytest.approx(weights @ full @ pull / math.sqrt(s), abs=1e-6)
    assert sd == pytest.approx(math.sqrt(weights @ full @ weights / s), rel=1e-4)


# Ties broken


def relations(start: date, end: date | None, ended: str | None) -> dict[str, Any]:
    return {"start": start, "end": end, "ended": ended, "began": "established", "ccode_from": 2, "ccode_to": 811,
            "kind": "relations", "ref": f"row {start}"}  # fmt: skip


def spoken(
    first: int, last: int, table: str = "ties", kind: str = "relations", **more: Any
) -> dict[str, Any]:
    return {"table": table, "kind": kind, "start": date(first, 1, 1), "end": date(last, 12, 31),
            "ccode_from": 2, "ccode_to": 811} | more  # fmt: skip


TIES = [
    relations(date(1954, 1, 1), date(1965, 5, 3), "severed by the other side"),
    relations(date(1969, 7, 2), date(1975, 4, 12), "interrupted"),
    relations(date(1994, 5, 17), None, None),
]


def test_ruptures_are_counted_only_as_far_as_the_record_reaches(evidence_of: Make) -> None:
    with evidence_of(ties=TIES, coverage=[spoken(1950, 2008)]) as ev:
        known = Known(ev)
        assert said(known, put("severed", "exactly", years(1954, None), times=2)) == "supported"
        assert said(known, put("severed", "exactly", years(1954, 2008), times=1)) == "contradicted"
        assert said(known, put("severed", "exactly", years(1954, 2008), times=3)) == "contradicted"
        assert said(known, put("severed", "at most", years(1970, 2000), times=1)) == "supported"
        beyond = checked(known, put("severed", "exactly", years(1954, 2016), times=2))
        assert (beyond.verdict, beyond.low, beyond.high) == ("not decidable", 2.0, None)
        assert said(known, put("severed", "at least", years(1954, 2016), times=2)) == "supported"
        assert said(known, put("severed", "exactly", years(2010, 2016), times=0)) == "not decidable"
        assert [row.ref for row in beyond.rows] == ["row 1954-01-01", "row 1969-07-02"]


def test_a_break_is_called_what_it_was(evidence_of: Make) -> None:
    with evidence_of(ties=TIES, coverage=[spoken(1950, 2008)]) as ev:
        known = Known(ev)
        both = checked(known, put("severed", "exactly", years(1954, None), times=2))
        assert "broken off 2 times: severed 1965, interrupted 1975." in both.sentence
        one = checked(known, put("severed", "exactly", years(1970, 2000), times=1))
        assert "broken off 1 time: interrupted 1975." in one.sentence
        assert "severed" not in one.sentence


def test_a_state_that_is_no_more_has_severed_nothing(evidence_of: Make) -> None:
    ended = [relations(date(1954, 1, 1), date(1965, 5, 3), "state ended")]
    with evidence_of(ties=ended, coverage=[spoken(1950, 2008)]) as ev:
        assert said(Known(ev), put("severed", "exactly", years(1954, None), times=0)) == "supported"


# Tone


@pytest.mark.parametrize(
    ("world", "direction", "truth"),
    [
        ({(2009, 2020): COLD}, "low", "supported"),
        ({(2009, 2020): WARM}, "low", "contradicted"),
        ({(2009, 2020): WARM}, "high", "supported"),
        ({(2009, 2014): COLD}, "low", "not decidable"),
        ({(2009, 2016): WARM, (2017, 2020): COLD}, "down", "supported"),
        ({(2009, 2016): COLD, (2017, 2020): WARM}, "down", "contradicted"),
        ({(2009, 2016): COLD, (2017, 2020): WARM}, "up", "supported"),
        ({(2009, 2020): 6}, "down", "not decidable"),
        ({(2017, 2020): COLD}, "down", "not decidable"),
        ({(2009, 2020): 6}, "steady", "supported"),
        ({(2009, 2018): COLD, (2019, 2020): WARM}, "steady", "contradicted"),
        ({(2009, 2015): COLD}, "steady", "not decidable"),
    ],
)
def test_tone_is_told_as_it_was_made(
    evidence_of: Make, world: dict[tuple[int, int], int], direction: str, truth: str
) -> None:
    with evidence_of() as ev:
        assert said(known_of(ev, heard(world)), put("tone", direction, years(2017, 2020))) == truth


def test_a_state_that_is_only_carried_forward_is_no_evidence(evidence_of: Make) -> None:
    with evidence_of() as ev:
        found = checked(known_of(ev, heard({(2000, 2016): COLD})), put("tone", "low", years(2017, 2020)))
    assert (found.verdict, found.figure) == ("not decidable", None)


# Breadth and depth


def engaged(counts: dict[tuple[int, int], tuple[float, float, float]]) -> pl.DataFrame:
    """Of each year visits, where one is expected, whether arms were delivered, and aid on its own scale."""
    rows = [
        (2, 811, date(year, 12, 1), item, "test", 0, count, n, 0.0)
        for (first, last), many in counts.items()
        for year in range(first, last + 1)
        for item, count, n in zip(("visits", "arms", "aid"), many, (0.0, 1.0, 0.1), strict=True)
    ]
    return pl.DataFrame(rows, schema=OBSERVED, orient="row")


@pytest.mark.parametrize("measure", ["breadth", "depth"])
def test_what_broadened_and_deepened_did_and_what_shrank_did_not(evidence_of: Make, measure: str) -> None:
    none, much = (0.0, 0.0, -3.0), (9.0, 1.0, 2.0)
    truths = {
        "supported": {(1990, 2008): none, (2009, 2016): much},
        "contradicted": {(1990, 2008): much, (2009, 2016): none},
        "not decidable": {(2012, 2016): much},
    }
    with evidence_of() as ev:
        for truth, counts in truths.items():
            known = known_of(ev, heard({}), engaged(counts))
            assert said(known, put(measure, "up", years(2009, 2016))) == truth


# Steadiness


def swinging(pair: tuple[int, int], size: float) -> pl.DataFrame:
    value = [size * (-1) ** year for year in range(1960, 2021)]
    return pl.DataFrame(
        {"ccode1": pair[0], "ccode2": pair[1], "year": range(1960, 2021), "value": value, "sd": 0.2}
    )


@pytest.mark.parametrize(
    ("own", "truth"), [(0.9, "supported"), (0.05, "contradicted"), (0.41, "not decidable")]
)
def test_a_pair_that_swings_more_than_its_peers_is_less_steady(
    evidence_of: Make, monkeypatch: pytest.MonkeyPatch, own: float, truth: str
) -> None:
    world = [swinging((2, 811), own), *(swinging((3, n), 0.1 + 0.02 * n) for n in range(4, 28))]
    since = pl.concat(world).select("ccode1", "ccode2").unique().with_columns(since=1953)
    monkeypatch.setattr(steadiness, "peers", lambda *_: (pl.concat(world), since))
    with evidence_of() as ev:
        assert said(known_of(ev, heard({(1990, 2020): 6})), put("steadiness", "less")) == truth
        assert said(known_of(ev, heard({(2019, 2020): 6})), put("steadiness", "less")) == "not decidable"


# Meetings


def visits_of(peer: int, many: int) -> list[dict[str, Any]]:
    return [
        {"date": date(1990 + n % 30, 1 + n // 30, 5), "precision": "day", "ccode_from": 2, "ccode_to": peer,
         "kind": "visit", "rank": "head of state", "who": f"P{n}", "days": 1, "code": "042", "field": "diplomacy",
         "force_tenths": 10, "count": 1, "ref": f"{peer} {n}"}
        for n in range(many)
    ]  # fmt: skip


HUB = [
    spoken(1980, 2025, "acts", "visit", ccode_to=None),
    spoken(1980, 2025, "acts", "visit", ccode_from=None, ccode_to=2),
]


@pytest.mark.parametrize(
    ("own", "truth"), [(1, "supported"), (60, "contradicted"), (14, "not decidable"), (None, "not decidable")]
)
def test_leaders_who_meet_less_than_those_of_peers_meet_more_rarely(
    evidence_of: Make, own: int | None, truth: str
) -> None:
    peers = {800: 15, 812: 12, 816: 18, 820: 15}
    acts = [row for peer, many in {**peers, 811: own or 0}.items() for row in visits_of(peer, many)]
    one = put(
        "visits at the top", "rarer", years(1990, 2019), peers=tuple(states.by_ccode(peer) for peer in peers)
    )
    with evidence_of(acts=acts, coverage=HUB if own is not None else []) as ev:
        found = checked(Known(ev), one)
    assert found.verdict == truth
    assert len(found.rows) == (own or 0)


# Closeness


def voting(rho: float, sessions: int) -> SimpleNamespace:
    """Points of three states whose distances to the first move together (rho 1), apart (−1) or each alone (0)."""
    random = np.random.default_rng(7)
    one, other = random.normal(0, 0.1, (2, sessions))
    other = rho * one + math.sqrt(1 - rho**2) * other
    rows = [
        (code, n + 1, point)
        for n in range(sessions)
        for code, point in ((811, 0.0), (710, -2 - one[n]), (2, 2 + other[n]))
    ]
    return SimpleNamespace(points=pl.DataFrame(rows, schema=["ccode", "session", "point"], orient="row"))


@pytest.mark.parametrize(
    ("rho", "sessions", "truth"),
    [
        (-0.9, 40, "supported"),
        (0.9, 40, "contradicted"),
        (0.0, 40, "not decidable"),
        (-0.9, 12, "not decidable"),
    ],
)
def test_votes_that_go_apart_are_told_from_those_that_go_together(
    evidence_of: Make, monkeypatch: pytest.MonkeyPatch, rho: float, sessions: int, truth: str
) -> None:
    monkeypatch.setattr(closeness.kept_points, "of_store", lambda _: voting(rho, sessions))
    with evidence_of() as ev:
        assert said(Known(ev), put("closeness in votes", "apart")) == truth


def test_independent_series_with_a_memory_seldom_seem_to_go_apart() -> None:
    """Of 400 pairs of series with φ 0.7, 5 % are to lie on either side; within three errors of that is 1.7 to 8.3 %."""
    random = np.random.default_rng(3)
    wrong = [0, 0]
    for _ in range(400):
        x = np.zeros((2, 60))
        for t in range(1, 60):
            x[:, t] = 0.7 * x[:, t - 1] + random.standard_normal(2)
        _, low, high = closeness.associated(x[0, 20:], x[1, 20:])
        wrong[0] += high < 0
        wrong[1] += low > 0
    assert max(wrong) / 400 < 0.083


def test_order_and_scale_of_a_series_change_nothing_of_a_rank_correlation() -> None:
    random = np.random.default_rng(1)
    x, y = random.standard_normal((2, 30))
    assert closeness.associated(x, y) == pytest.approx(closeness.associated(np.exp(y), x**3))
    assert closeness.associated(-x, y)[0] == pytest.approx(-closeness.associated(x, y)[0])


def test_tone_with_the_third_and_the_other_is_compared_year_by_year(evidence_of: Make) -> None:
    random = np.random.default_rng(5)
    hostile = {(year, year): int(random.integers(0, 21)) for year in range(1985, 2023)}
    turned = {span: 20 - many for span, many in hostile.items()}
    with evidence_of() as ev:
        for third, truth in (
            (turned, "supported"),
            (hostile, "contradicted"),
            ({(2015, 2020): 6}, "not decidable"),
        ):
            known = Known(ev, {(2, 811): relation_of(heard(hostile)), (710, 811): relation_of(heard(third))})
            assert said(known, put("closeness in tone", "apart")) == truth


def test_visits_of_one_are_compared_with_visits_of_the_other(evidence_of: Make) -> None:
    def guests(sender: int, when: list[int]) -> list[dict[str, Any]]:
        return [{**visits_of(811, 1)[0], "ccode_from": sender, "date": date(year, 6, 1), "ref": f"{sender} {year}",
                 "who": f"{sender} {year}"} for year in when]  # fmt: skip

    span = range(1980, 2020)
    odd, even = [y for y in span if y % 2], [y for y in span if not y % 2]
    said_of = [spoken(1980, 2019, "acts", "visit", ccode_from=code, ccode_to=None) for code in (2, 710)]
    for ours, truth in ((even, "supported"), (odd, "contradicted"), (odd[:2], "not decidable")):
        with evidence_of(acts=guests(710, odd) + guests(2, ours), coverage=said_of) as ev:
            assert said(Known(ev), put("closeness in visits", "apart")) == truth
    with evidence_of(acts=guests(2, even), coverage=said_of[:1]) as ev:
        assert said(Known(ev), put("closeness in visits", "apart")) == "not decidable"


# Trust


def coded(kinds: dict[int, str], each: int) -> list[dict[str, Any]]:
    """Acts of each side on days of two years, all of one CAMEO code."""
    return [
        {"date": date(2016 + n % 2, 1 + n % 12, 1 + n // 24 % 28), "ccode_from": sender, "role_from": "GOV",
         "ccode_to": 813 - sender, "role_to": "GOV", "code": code, "ref": f"{sender} {n}"}
        for sender, code in kinds.items()
        for n in range(each)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kinds", "each", "direction", "truth"),
    [
        ({2: "190", 811: "040"}, 400, "uneven", "supported"),
        ({2: "190", 811: "040"}, 400, "lower", "supported"),
        ({2: "040", 811: "190"}, 400, "lower", "contradicted"),
        ({2: "040", 811: "040"}, 1, "uneven", "not decidable"),
        ({}, 0, "uneven", "not decidable"),
    ],
)
def test_who_is_treated_badly_trusts_less(
    evidence_of: Make, kinds: dict[int, str], each: int, direction: str, truth: str
) -> None:
    said_of = [{**spoken(2016, 2017, "events", "*"), "ccode_from": None, "ccode_to": None}] if kinds else []
    with evidence_of(events=coded(kinds, each), coverage=said_of) as ev:
        assert said(Known(ev), put("trust", direction, years(2017, 2017))) == truth


# What followed


def test_tone_that_rose_after_visits_is_told_and_so_is_one_that_fell(evidence_of: Make) -> None:
    went = list(range(1992, 2020, 4))
    acts = [
        {**visits_of(811, 1)[0], "date": date(year, 1, 15), "ref": str(year), "who": str(year)}
        for year in went
    ]
    for before, after, truth in ((COLD, WARM, "supported"), (WARM, COLD, "contradicted")):
        world = {
            (year - 2 + k, year - 2 + k): after if k in (2, 3) else before for year in went for k in range(4)
        }
        with evidence_of(acts=acts) as ev:
            found = checked(known_of(ev, heard(world)), put("after visits", "better"))
            assert found.verdict == truth
            assert (found.n, len(found.rows)) == (7, 7)
    with evidence_of(acts=acts) as ev:
        assert said(known_of(ev, heard({(1992, 1996): 6})), put("after visits", "better")) == "not decidable"
        assert said(known_of(ev, heard({(1990, 2020): 6})), put("after visits", "better")) == "not decidable"
    with evidence_of() as ev:
        assert said(known_of(ev, heard({(1990, 2020): 6})), put("after visits", "better")) == "not decidable"


def test_sanctions_alone_do_not_say_that_relations_were_worse_after_them(evidence_of: Make) -> None:
    imposed = [
        {"start": date(year, 3, 1), "start_precision": "day", "began": "imposed", "ccode_from": 2, "ccode_to": 811,
         "kind": "sanction_imposed", "ref": str(year)}
        for year in range(1980, 2016, 4)
    ]  # fmt: skip
    rows = [
        (
            2,
            811,
            date(year, month, 1),
            "sanction_imposed",
            "test",
            1,
            float(year % 4 == 0 and month == 3),
            0.0,
            2.0,
        )
        for year in range(1976, 2020)
        for month in (3, 12)
    ]
    one = Statement(1, "So.", USA, KHM, None, "after pressure", "worse", Period())
    with evidence_of(ties=imposed) as ev:
        alone = pl.DataFrame(rows, schema=OBSERVED, orient="row")
        assert said(known_of(ev, alone), one) == "not decidable"
        world = {(year, year): COLD if year % 4 in (0, 1) else WARM for year in range(1976, 2020)}
        assert said(known_of(ev, pl.concat([alone, heard(world)])), one) == "supported"


def test_acts_within_a_year_are_one_episode() -> None:
    days = [date(2000, 1, 1), date(2000, 9, 1), date(2001, 6, 1), date(2005, 1, 1)]
    acts = [followed.Act(day, day, followed.Row("test", str(day))) for day in days]
    found = followed.episodes(acts[::-1])
    assert [(one.first, one.last, len(one.rows)) for one in found] == [
        (days[0], days[2], 3),
        (days[3], days[3], 1),
    ]
    assert all(one.before.last < one.first <= one.last < one.after.first for one in found)


# The form


def form(**row: Any) -> str:
    lines = {"says": "S.", "measure": "severed", "direction": "exactly", "times": 2} | row
    return "who: KHM\nwhom: USA\nstatements:\n  - " + "\n    ".join(
        f"{name}: {value}" for name, value in lines.items() if value is not None
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("who: [", "no YAML"),
        ("- a", "no table"),
        ("who: KHM\nwhom: USA", "no list of statements"),
        ("who: KHM\nwho2: USA\nstatements: [{}]", "'who2'"),
        (form(says=None), "statement 1"),
        (form(says="'  '"), "says no sentence"),
        (form(says="[a, b]"), "says no sentence"),
        (form(measure="[a]"), "names no measure"),
        (form(direction="{a: b}"), "no direction"),
        (form(who="[KHM]"), "no state"),
        (form(period="[2019-10-01, null]"), "no year or month"),
        ("{? [a]: b}", "no YAML"),
        ("a: \x00", "no YAML"),
        (form(kind="x"), "'kind'"),
        (form(measure="friendship"), "friendship"),
        (form(direction="up"), "'up' is no direction"),
        (form(times=None), "how many times"),
        (form(times="often"), "no number of times"),
        (form(times="true"), "no number of times"),
        (form(who="Atlantis"), "statement 1, who"),
        (form(who="USA"), "one state twice"),
        (form(period="2009"), "no period"),
        (form(period="[2016, 2009]"), "ends before it begins"),
        (form(period="[2009-13, null]"), "no year or month"),
        (form(peers="[Laos]"), "does not read 'peers'"),
        (form(measure="tone", direction="low", times=None), "no first year"),
        (form(measure="closeness in votes", direction="apart", times=None), "names none"),
        ("who: &a [*a]\nwhom: USA\nstatements: [1]", "statement 1"),
        ("statements: [!!python/object/apply:os.getcwd []]", "no YAML"),
    ],
)
def test_a_form_that_is_not_kept_is_refused_in_two_lines(text: str, told: str) -> None:
    with pytest.raises(AmityError) as caught:
        read(text)
    assert told in caught.value.what
    assert len(str(caught.value).splitlines()) == 2
    assert caught.value.mend


def test_the_guide_names_every_measure_direction_and_key() -> None:
    guide = (ROOT / "docs" / "guide" / "claims.md").read_text(encoding="utf-8")
    for measure, file in measures().items():
        assert f"`{measure}`" in guide or f"`{measure.removeprefix('closeness ')}`" in guide
        assert all(f"`{direction}`" in guide for direction in file.DIRECTIONS)
        assert file.MEASURES[measure]
    assert all(f"`{key}`" in guide for key in claim_form.KEYS)


def test_months_and_open_ends_are_read() -> None:
    one = read(form(measure="tone", direction="steady", times=None, period="[2019-10, null]"))[0]
    assert (one.period.start, one.period.end) == (date(2019, 10, 1), None)
    assert str(one.period) == "October 2019 to the end of the record"


def test_what_is_no_text_is_no_yaml() -> None:
    with pytest.raises(BadFileError):
        read("a: b: c")


def test_the_example_is_read_and_answered_without_any_evidence(evidence_of: Make) -> None:
    statements = read((ROOT / "examples" / "khm-usa.yaml").read_text(encoding="utf-8"))
    assert {one.number for one in statements} == set(range(1, len(statements) + 1))
    assert {one.measure for one in statements} == set(measures())
    with evidence_of() as ev:
        answers = [to_dict(answer) for answer in ask(ev, statements)]
    assert {row["verdict"] for row in answers} == {"not decidable"}
    assert all(row["figure"] is None and row["sentence"] for row in answers)
