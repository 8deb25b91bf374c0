"""Phases: what known breaks and known rows must give, and the known history of a pair from the starter pack."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

import amity
from amity import evidence, states
from amity.errors import UsageError
from amity.evidence.roll_calls import one_record
from amity.insight import phases
from amity.insight.months import shifted
from amity.insight.record import RECORD, record_of
from amity.measures import agreement

if TYPE_CHECKING:
    from pathlib import Path

MONTHS = pl.date_range(date(1950, 1, 1), date(1989, 12, 1), "1mo", eager=True)
NOTHING = pl.DataFrame(schema=RECORD)


def series(dimension: str, steps: dict[date, float], seed: int, sd: float = 0.4) -> pl.DataFrame:
    """A series that is at each value from its date on, with measurement errors."""
    value = np.zeros(len(MONTHS))
    for since, level in steps.items():
        value[(since <= MONTHS).to_numpy()] = level
    noise = np.random.default_rng(seed).normal(0, sd, len(MONTHS))
    return pl.DataFrame({"dimension": dimension, "month": MONTHS, "value": value + noise, "variance": sd**2})


def row(day: date, what: str, sort: str, weight: float, precision: str = "day") -> dict[str, Any]:
    return {
        "date": day,
        "precision": precision,
        "what": what,
        "sort": sort,
        "source": "test",
        "ref": what,
        "weight": weight,
    }


TWO = pl.concat(
    [
        series("tone", {date(1965, 5, 1): -1.2, date(1980, 1, 1): 0.2}, 1),
        series("alignment", {date(1965, 5, 1): -1.0}, 2),
    ]
)


def test_turning_points_have_their_dates_sizes_and_names() -> None:
    record = pl.DataFrame(
        [
            row(date(1965, 5, 3), "relations severed", "relations", 1.0),
            row(date(1965, 5, 9), "embassy closed", "relations", 0.9),
            row(date(1965, 1, 1), "UN agreement falls from 0.77 to 0.30", "votes", 0.7, "year"),
            row(date(1972, 1, 1), "a visit that nothing came of", "visit", 1.0),
        ],
        schema=RECORD,
    )
    first, second = phases.ask(TWO, record).turning_points
    assert first.month == date(1965, 5, 1)
    assert first.low <= date(1965, 5, 1) <= first.high
    assert first.probability > 0.9
    assert first.direction == "worse"
    sizes = {move.dimension: move.size for move in first.moves}
    assert sizes["tone"] == pytest.approx(-1.2, abs=0.25)
    assert sizes["alignment"] == pytest.approx(-1.0, abs=0.25)
    assert first.name == "relations severed; UN agreement falls from 0.77 to 0.30"
    assert [one["what"] for one in first.record][:2] == ["relations severed", "embassy closed"]
    assert second.month == date(1980, 1, 1)
    assert second.direction == "better"
    assert second.name == "no recorded act; tone rises"
    assert second.record == ()


def test_phases_follow_each_other_without_a_gap_and_tell_their_levels() -> None:
    found = phases.ask(TWO, NOTHING).phases
    assert found[0].start == MONTHS[0]
    assert found[-1].end == MONTHS[-1]
    for one, other in pairwise(found):
        assert shifted(one.end, 1) == other.start
    words = [[level.word for level in one.levels] for one in found]
    assert words == [["middling", "middling"], ["apart", "strained"], ["apart", "middling"]]


def test_the_order_of_rows_and_dimensions_changes_nothing() -> None:
    one = phases.ask(TWO, NOTHING)
    other = phases.ask(TWO.sample(fraction=1.0, shuffle=True, seed=4), NOTHING)
    assert one.turning_points == other.turning_points
    assert one.phases == other.phases


def test_better_and_worse_change_places_when_the_sign_of_all_dimensions_does() -> None:
    one = phases.ask(TWO, NOTHING).turning_points
    other = phases.ask(TWO.with_columns(value=-pl.col("value")), NOTHING).turning_points
    assert [turn.month for turn in one] == [turn.month for turn in other]
    turned = {"better": "worse", "worse": "better"}
    assert [turned[turn.direction] for turn in one] == [turn.direction for turn in other]


def test_a_dimension_nothing_is_known_of_is_unknown_and_moves_nowhere() -> None:
    late = series("engagement", {}, 3).filter(pl.col("month") >= date(1982, 1, 1))
    found = phases.ask(pl.concat([TWO, late]), NOTHING)
    told = [{level.dimension: level.word for level in one.levels}["engagement"] for one in found.phases]
    assert told[0] == "unknown"
    assert told[-1] == "middling"
    for turn in found.turning_points:
        assert "engagement" not in turn.name


def test_what_is_dated_to_the_turning_points_month_names_it_before_what_is_only_near() -> None:
    yearly = pl.DataFrame(
        [
            row(date(1965, 1, 1), "dispute of that year", "dispute", 1.0, "year"),
            row(date(1965, 5, 20), "envoy recalled", "post", 0.6),
            row(date(1965, 4, 1), "threat of the month before", "sanctions", 0.55),
        ],
        schema=RECORD,
    )
    turn = phases.ask(TWO, yearly).turning_points[0]
    assert turn.name.startswith("envoy recalled")


def test_a_change_without_a_date_is_not_named_by_an_act_of_its_years() -> None:
    slope = np.linspace(1.2, -1.2, len(MONTHS)) + np.random.default_rng(6).normal(0, 0.4, len(MONTHS))
    gone = (MONTHS.dt.year() >= 1956).to_numpy() & (MONTHS.dt.year() < 1983).to_numpy()
    told = pl.DataFrame({"dimension": "tone", "month": MONTHS, "value": slope, "variance": 0.16}).filter(
        ~gone
    )
    record = pl.DataFrame([row(date(1970, 1, 1), "a war", "dispute", 1.0)], schema=RECORD)
    (turn,) = phases.ask(told, record).turning_points
    assert turn.low <= turn.month <= turn.high
    assert (turn.high.year - turn.low.year) > 20
    assert turn.name == "slowly: tone falls"


def test_states_with_memory_and_no_breaks_have_few_turning_points() -> None:
    rng, found = np.random.default_rng(5), 0
    for _ in range(10):
        x = np.zeros((2, len(MONTHS)))
        x[:, 0] = rng.normal(size=2)
        for t in range(1, len(MONTHS)):
            x[:, t] = 0.97 * x[:, t - 1] + np.sqrt(1 - 0.97**2) * rng.normal(size=2)
        told = [
            pl.DataFrame(
                {
                    "dimension": name,
                    "month": MONTHS,
                    "value": line + rng.normal(0, 0.5, len(MONTHS)),
                    "variance": 0.25,
                }
            )
            for name, line in zip(("tone", "engagement"), x, strict=True)
        ]
        found += len(phases.ask(pl.concat(told), NOTHING).turning_points)
    assert found <= 5


def test_a_pair_of_which_nothing_is_known_has_no_phases() -> None:
    with pytest.raises(UsageError):
        phases.ask(TWO.clear(), NOTHING)
    with pytest.raises(UsageError):
        phases.ask(TWO.head(2), NOTHING)
    with pytest.raises(UsageError):
        phases.ask(pl.concat([TWO, TWO.head(1)]), NOTHING)


def test_cambodia_and_the_united_states_turned_when_they_are_known_to_have_turned(tmp_path: Path) -> None:
    a, b = states.find("KHM"), states.find("USA")
    with evidence.open_evidence(amity.open_store(tmp_path)) as ev:
        rows = evidence.panel(ev, [(811, 2)], "dyad-month", undirected=True)
        items, votes = one_record(evidence.items(ev), evidence.votes(ev, [811, 2]))
        agreed = agreement.compute(votes, items, [(2, 811)])
        record = record_of(ev, a, b)
    posts = {"none": -2.0, "mission": -0.5, "legation": 0.6, "embassy": 0.6}
    post = pl.col("post_level").replace_strict(posts, default=None, return_dtype=pl.Float64)
    told = pl.concat(
        [
            rows.select(
                dimension=pl.lit("representation"),
                month=pl.date("year", "month", 1),
                value=post,
                variance=pl.lit(0.25),
            ).drop_nulls(),
            agreed.select(
                dimension=pl.lit("alignment"),
                month=pl.date("year", 12, 1),
                value=(pl.col("value") - 0.6) / 0.2,
                variance=((pl.col("high") - pl.col("low")) / 3.29 / 0.2) ** 2 + 0.1,
            ),
        ]
    )
    found = {turn.month: turn for turn in phases.ask(told, record).turning_points if turn.month.year < 1995}
    for known in (date(1965, 5, 1), date(1969, 7, 1), date(1975, 4, 1)):
        assert found[known].probability > 0.9
        assert found[known].name.startswith("relations")
    assert any(1991 <= month.year <= 1994 for month in found)
    assert len(found) <= 6
    assert found[date(1965, 5, 1)].direction == found[date(1975, 4, 1)].direction == "worse"
