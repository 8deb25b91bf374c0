"""Between two powers: tilts by domain, what is not known, and the names of stands, on worlds made for it."""

from __future__ import annotations

from datetime import date
from math import log, log10, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from amity import open_store, states
from amity.errors import UsageError
from amity.evidence import open_evidence
from amity.insight import between, domains, leaning
from amity.insight.between import plane, said, summary, tilts
from amity.insight.domains import votes
from amity.measures import kept_points

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amity.evidence import Evidence

    Make = Callable[..., Evidence]

USA, CHN, KHM, THA, LAO = (states.find(code) for code in ("USA", "CHN", "KHM", "THA", "LAO"))
RECORDS = ("visits", "trade", "aid", "arms", "alliances", "representation")
"""Domains that need no estimate."""
TURNED = {"value": "value", "tilt": "tilt", "low": "high", "high": "low"}


def said_of(table: str, kind: str, first: int, last: int, **whom: int) -> dict[str, Any]:
    return {"table": table, "kind": kind, "start": date(first, 1, 1), "end": date(last, 12, 31), **whom}


def visit(year: int, whose: int, to: int) -> dict[str, Any]:
    return {"date": date(year, 5, 1), "precision": "day", "ccode_from": whose, "ccode_to": to, "kind": "visit",
            "who": f"{whose} {year}", "rank": "head of state", "ref": f"{whose}-{to}-{year}"}  # fmt: skip


def amount(kind: str, year: int, whose: int, to: int, value: float) -> dict[str, Any]:
    return {"start": date(year, 1, 1), "end": date(year, 12, 31), "ccode_from": whose, "ccode_to": to, "kind": kind,
            "value": value, "ref": f"{kind}{whose}{to}{year}"}  # fmt: skip


def tie(kind: str, first: int, last: int | None, whose: int, to: int, level: str = "") -> dict[str, Any]:
    return {"start": date(first, 3, 1), "end": date(last, 6, 30) if last else None, "ccode_from": whose,
            "ccode_to": to, "kind": kind, "level": level, "ref": f"{kind}{whose}{to}{first}"}  # fmt: skip


WORLD: dict[str, list[dict[str, Any]]] = {
    "acts": [visit(1990, 2, 800), visit(1991, 2, 800), visit(1991, 710, 811), visit(1992, 811, 2)],
    "figures": [
        amount("arms_transfers", 1990, 2, 811, 9.0), amount("arms_transfers", 1992, 710, 811, 99.0),
        amount("trade_smoothed", 1990, 811, 2, 30e6), amount("trade_smoothed", 1990, 2, 811, 10e6),
        amount("trade_smoothed", 1990, 811, 710, 0.0), amount("trade_smoothed", 1990, 710, 811, 20e6),
        amount("trade_smoothed", 1990, 811, 800, 40e6),
        amount("aid_obligated_current", 2005, 2, 811, 99e6), amount("chinese_oda_like_current", 2005, 710, 811, 9e6),
    ],
    "ties": [
        tie("alliance_defense", 1990, 1992, 2, 800), tie("post", 2001, None, 2, 811, "embassy"),
        tie("post", 2003, None, 710, 811, "liaison office"), tie("post", 2001, None, 811, 710, "embassy"),
    ],
    "coverage": [
        said_of("acts", "visit", 1985, 1995, ccode_from=2), said_of("acts", "visit", 1985, 1995, ccode_to=2),
        said_of("acts", "visit", 1990, 1995, ccode_from=710),
        said_of("figures", "arms_transfers", 1988, 1995, ccode_to=811),
        *(said_of("figures", "trade_smoothed", 1990, 1991, ccode_from=one, ccode_to=other)
          for one, other in ((811, 2), (2, 811), (811, 710), (710, 811), (811, 800))),
        said_of("figures", "aid_obligated_current", 1990, 2010, ccode_from=2),
        said_of("figures", "chinese_oda_like_current", 2005, 2006, ccode_from=710, ccode_to=811),
        said_of("ties", "alliance_defense", 1980, 1993),
        said_of("ties", "post", 2000, 2005, ccode_from=2), said_of("ties", "post", 2002, 2005, ccode_from=710),
        said_of("ties", "post", 2000, 2005, ccode_to=710),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def found(evidence_of: Make) -> Iterator[pl.DataFrame]:
    with evidence_of(**WORLD) as ev:
        yield tilts(ev, USA, CHN, of_domains=RECORDS)


def at(frame: pl.DataFrame, domain: str, year: int, ccode: int = 811) -> dict[str, Any]:
    return frame.filter(domain=domain, year=year, ccode=ccode).row(0, named=True)


def test_swapping_the_powers_turns_every_tilt(evidence_of: Make, found: pl.DataFrame) -> None:
    with evidence_of(**WORLD) as ev:
        back = tilts(ev, CHN, USA, of_domains=RECORDS)
    assert back.select("ccode", "year", "domain", "known").equals(
        found.select("ccode", "year", "domain", "known")
    )
    for name, other in TURNED.items():
        assert np.allclose(back[name].fill_null(0), -found[other].fill_null(0))
    assert np.allclose(back["near_a"].fill_null(0), found["near_b"].fill_null(0))
    assert found.filter("known", pl.col("value") != 0).height > 20


def test_swapping_the_powers_swaps_the_names(evidence_of: Make, found: pl.DataFrame) -> None:
    with evidence_of(**WORLD) as ev:
        back = summary(tilts(ev, CHN, USA, of_domains=RECORDS))
    forth = summary(found)
    assert forth["stands"].drop_nulls().len() > 0
    for name in leaning.NAMES:
        other = {"_a": name[:-2] + "_b", "_b": name[:-2] + "_a"}.get(name[-2:], name)
        assert np.allclose(forth[f"p_{name}"].drop_nulls(), back[f"p_{other}"].drop_nulls())


def test_what_is_known_of_one_power_only_is_unknown(found: pl.DataFrame) -> None:
    assert not at(found, "visits", 1988)["known"]  # the record of China's visits begins in 1990
    assert at(found, "visits", 1988)["value"] is None
    assert not at(found, "aid", 2001)["known"]
    assert not at(found, "aid", 2005, 800)["known"]  # China's record does not name Thailand
    assert not at(found, "arms", 1990, 800)["known"]


def test_nothing_with_either_power_is_a_tilt_of_nought(found: pl.DataFrame) -> None:
    for domain, year, ccode in (("visits", 1992, 812), ("alliances", 1985, 811), ("arms", 1989, 811)):
        row = at(found, domain, year, ccode)
        assert row["known"]
        assert row["value"] == 0


def test_only_visits_of_a_way_that_is_known_of_both_powers_count(found: pl.DataFrame) -> None:
    """Visits to China are on no record, so that Cambodia's to the United States in 1992 does not count."""
    partners = found.filter(domain="visits", year=1992)["ccode"].n_unique()
    mean = sum(1 / found.filter(domain="visits", year=year)["ccode"].n_unique() for year in (1990, 1991))
    assert at(found, "visits", 1992)["value"] == pytest.approx(
        -log(1 + 1 / (1 / found.filter(domain="visits", year=1991)["ccode"].n_unique() + 0.5)), rel=1e-6
    )
    assert at(found, "visits", 1992, 800)["value"] == pytest.approx(log(1 + 2 / (mean + 0.5)), rel=1e-6)
    assert partners > 150


def test_trade_is_a_share_of_all_that_the_state_trades(found: pl.DataFrame) -> None:
    row = at(found, "trade", 1990)
    assert row["value"] == pytest.approx(40 / 100 - 20 / 100)
    assert row["sd"] == pytest.approx(0.24 * sqrt((0.4 * 0.6) ** 2 + (0.2 * 0.8) ** 2))
    assert not at(found, "trade", 1992)["known"]


def test_arms_of_five_years_count_together(found: pl.DataFrame) -> None:
    assert at(found, "arms", 1991)["value"] == pytest.approx(1.0)
    assert at(found, "arms", 1994)["value"] == pytest.approx(log10(10) - log10(100))
    assert at(found, "arms", 1995)["value"] == pytest.approx(-2.0)


def test_aid_is_compared_in_dollars_of_the_year(found: pl.DataFrame) -> None:
    row = at(found, "aid", 2005)
    assert row["value"] == pytest.approx(2.0 - 1.0)
    assert row["low"] < row["value"] < row["high"]
    assert at(found, "aid", 2006)["value"] == 0


def test_a_pact_counts_while_it_holds_at_the_end_of_the_year(found: pl.DataFrame) -> None:
    held = {year: at(found, "alliances", year, 800)["value"] for year in range(1989, 1994)}
    assert held == {1989: 0, 1990: 1, 1991: 1, 1992: 0, 1993: 0}
    assert not at(found, "alliances", 1994, 800)["known"]


def test_embassies_count_whole_and_lesser_posts_half(found: pl.DataFrame) -> None:
    assert at(found, "representation", 2002)["value"] == 1  # only posts of the powers are known of both
    assert at(found, "representation", 2003)["value"] == 0.5


def test_tilts_do_not_depend_on_which_states_are_asked_for(evidence_of: Make, found: pl.DataFrame) -> None:
    with evidence_of(**WORLD) as ev:
        alone = tilts(ev, USA, CHN, [811], of_domains=RECORDS)
    assert alone.equals(found.filter(ccode=811))


def test_the_powers_themselves_have_no_tilt(found: pl.DataFrame) -> None:
    assert not set(found["ccode"]) & {2, 710}


def test_nothing_loaded_is_nothing_known(evidence_of: Make) -> None:
    with evidence_of() as ev:
        empty = tilts(ev, USA, CHN)
    assert empty.schema == between.TILTS
    assert empty.is_empty()
    assert summary(empty).schema == between.SUMMARY
    assert plane(empty, 811).schema == between.PLANE


def test_one_power_twice_and_a_domain_that_is_none_are_refused(
    evidence_of: Make, found: pl.DataFrame
) -> None:
    with evidence_of() as ev:
        with pytest.raises(UsageError, match="both powers"):
            tilts(ev, USA, USA)
        with pytest.raises(UsageError, match="no domain"):
            tilts(ev, USA, CHN, of_domains=["love"])
    with pytest.raises(UsageError, match="weights"):
        summary(found, {"votes": -1.0})


# Votes


def test_the_tilt_in_votes_is_that_of_the_points_with_the_variance_of_their_contrast() -> None:
    with open_evidence(open_store("no-store-here")) as ev:
        points = kept_points.of_store(ev)
        rows = votes.near(points, domains.asked(ev, USA, CHN))
    session = 60
    seats = {code: points.seat(code, session) for code in (2, 710, 811, 200, 666)}
    theta = {code: float(points.spread.theta[row]) for code, row in seats.items()}
    for code in (811, 200, 666):
        row = rows.filter(ccode=code, year=1945 + session).row(0, named=True)
        side_a, side_b = (float(np.sign(theta[code] - theta[power])) for power in (2, 710))
        value, sd = points.spread.contrast(
            [seats[code], seats[2], seats[710]], [side_b - side_a, side_a, -side_b]
        )
        assert row["to_a"] - row["to_b"] == pytest.approx(value)
        assert row["sd"] == pytest.approx(sd, rel=1e-6)
        assert row["to_a"] == pytest.approx(-abs(theta[code] - theta[2]))


def test_an_issue_is_a_domain_of_its_own_that_does_not_count() -> None:
    with open_evidence(open_store("no-store-here")) as ev:
        found = tilts(ev, USA, CHN, [811, 200], of_domains=["votes"], issues=["nu"])
    assert found["domain"].unique().sort().to_list() == ["votes", "votes:nu"]
    assert found.filter(domain="votes:nu", ccode=200, year=1995)["known"].item()
    assert summary(found)["domains"].list.len().max() == 1


# The rule, on worlds made for it


def world(
    tilt: dict[str, tuple[float, float]], sd: float = 0.05, years: tuple[int, ...] = (2000,)
) -> pl.DataFrame:
    """Tilts of one state, from its nearness to A and to B by domain, in standardised units."""
    rows = [
        {"ccode": 811, "year": year, "domain": name, "known": True, "value": a - b, "sd": sd, "low": a - b - 1.645 * sd,
         "high": a - b + 1.645 * sd, "tilt": a - b, "tilt_sd": sd * sqrt(2), "near_a": a, "near_b": b, "sd_a": sd,
         "sd_b": sd}
        for year in years for name, (a, b) in tilt.items()
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=between.TILTS)


BOTH = dict.fromkeys(RECORDS, (1.0, 1.0))
STANDS = {
    "hedges": {**BOTH, "votes": (-1.0, 2.5), "alliances": (3.0, 0.0), "arms": (3.0, 0.2), "trade": (0.0, 2.5)},
    "even": {**BOTH, "votes": (0.0, 0.2), "tone": (0.1, 0.0)},
    "neutral": {**dict.fromkeys(RECORDS, (-0.5, -0.5)), "votes": (-0.5, 0.0)},
    "leans_a": {**BOTH, "votes": (-1.0, 1.5), "alliances": (3.0, 0.0), "arms": (3.0, 0.2), "tone": (-0.5, 1.0),
                "trade": (4.0, 1.0)},
    "sides_b": {**dict.fromkeys(RECORDS, (0.0, 2.0)), "votes": (-2.0, 1.0)},
}  # fmt: skip


@pytest.mark.parametrize("stand", STANDS)
def test_a_stand_that_is_known_well_is_named_by_the_rule(stand: str) -> None:
    row = summary(world(STANDS[stand])).row(0, named=True)
    assert row["stands"] == stand
    assert row["chance"] > 0.9


def test_a_change_of_sides_within_five_years_is_a_swing() -> None:
    toward = dict.fromkeys(RECORDS, (2.0, 0.0))
    away = dict.fromkeys(RECORDS, (0.0, 2.0))
    told = summary(pl.concat([world(toward, years=(1995,)), world(away, years=(2000,))]))
    assert told["stands"].to_list() == ["sides_a", "swings_b"]
    later = summary(pl.concat([world(toward, years=(1994,)), world(away, years=(2000,))]))
    assert later["stands"].to_list() == ["sides_a", "sides_b"]


def test_what_is_known_badly_is_named_with_less_chance() -> None:
    sure, unsure = (
        summary(world(STANDS["hedges"], sd=sd)).row(0, named=True)["p_hedges"] for sd in (0.05, 2.0)
    )
    assert unsure < 0.6 < sure


def test_chances_are_those_of_many_random_draws() -> None:
    """The lattice against a plain simulation of the rule."""
    found = world(STANDS["leans_a"], sd=0.7)
    row = summary(found).row(0, named=True)
    draw = np.random.default_rng(11)
    a = found["near_a"].to_numpy() + 0.7 * draw.standard_normal((40_000, found.height))
    b = found["near_b"].to_numpy() + 0.7 * draw.standard_normal((40_000, found.height))
    engages = [domains.named(name).ABOUT.engages for name in found["domain"]]
    tilt = a - b
    d = tilt.mean(axis=1)
    against = ((tilt < -0.5).mean(axis=1), (tilt > 0.5).mean(axis=1))
    with_a, with_b = (side[:, engages].mean(axis=1) for side in (a, b))
    named = leaning.name(d, tilt.std(axis=1), against, with_a, with_b, np.full(len(d), np.nan))
    for k, name in enumerate(leaning.NAMES):
        assert row[f"p_{name}"] == pytest.approx((named == k).mean(), abs=0.04)


def test_the_chances_of_all_names_add_up_to_one(found: pl.DataFrame) -> None:
    told = summary(found).drop_nulls("stands")
    total = told.select(pl.sum_horizontal(f"p_{name}" for name in leaning.NAMES)).to_series()
    assert np.allclose(total, 1)


def test_alignment_is_the_weighted_mean_of_what_is_known() -> None:
    found = world({"votes": (2.0, 0.0), "trade": (0.0, 1.0), "arms": (0.0, 0.0)})
    row = summary(found, {"votes": 3.0, "trade": 1.0, "arms": 0.0}).row(0, named=True)
    assert row["alignment"] == pytest.approx((3 * 2 - 1) / 4)
    assert row["sd"] == pytest.approx(0.05 * sqrt(2) * sqrt(9 + 1) / 4)
    assert row["domains"] == ["votes", "trade"]
    assert row["stands"] is None  # two domains are too few to name a stand


def test_without_dealings_no_stand_is_named() -> None:
    row = summary(world({"votes": (1.0, 0.0), "tone": (1.0, 0.0), "alliances": (1.0, 0.0)})).row(
        0, named=True
    )
    assert row["with_a"] is None
    assert row["stands"] is None
    assert said(row, "A", "B") == "too little is known to name it"


# The plane


def test_the_plane_has_the_state_and_its_neighbours(found: pl.DataFrame) -> None:
    rows = plane(found, 811)
    assert set(rows.filter("own")["ccode"]) == {811}
    assert set(rows["ccode"]) <= {811, *states.neighbours(811)}
    alone = plane(found, 811, [800], {"alliances": 1.0})
    assert set(alone["ccode"]) == {811, 800}
    last = alone.filter(ccode=800, year=1991).row(0, named=True)
    assert last["near_a"] - last["near_b"] == pytest.approx(at(found, "alliances", 1991, 800)["tilt"])
    assert last["domains"] == 1
