"""Representation: who was in post, for which share of the days, and when nobody was."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from amity.measures import representation

ENVOYS = {
    "start": pl.Date, "end": pl.Date, "start_precision": pl.String, "end_precision": pl.String, "who": pl.String,
    "ccode_from": pl.Int16, "ccode_to": pl.Int16,
}  # fmt: skip
Envoy = tuple[date, date | None]

days = st.dates(date(1960, 1, 1), date(1963, 12, 31))
tenures = st.lists(
    st.tuples(days, st.none() | days).filter(lambda t: t[1] is None or t[0] <= t[1]), max_size=5
)


def envoys_of(tenure: list[Envoy], precision: str = "day") -> pl.DataFrame:
    rows = [(start, end, precision, precision, f"Envoy {n}", 2, 811) for n, (start, end) in enumerate(tenure)]
    return pl.DataFrame(rows, schema=ENVOYS, orient="row")


def known_of(start: date, end: date) -> pl.DataFrame:
    return pl.DataFrame({"start": [start], "end": [end]})


@settings(max_examples=100, deadline=None, derandomize=True)
@given(tenure=tenures, known=st.tuples(days, days).map(sorted))
def test_gaps_are_the_known_days_on_which_nobody_served(tenure: list[Envoy], known: list[date]) -> None:
    start, end = known
    every = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    vacant = {day for day in every if not any(a <= day and (b is None or day <= b) for a, b in tenure)}
    gaps = representation.gaps(envoys_of(tenure), known_of(start, end))
    found = [
        row["start"] + timedelta(days=n) for row in gaps.iter_rows(named=True) for n in range(row["days"])
    ]
    assert found == sorted(vacant)
    assert all(
        row["closed"] == (row["end"] < end or row["after"] is not None) for row in gaps.iter_rows(named=True)
    )


def test_a_gap_says_who_left_and_who_came() -> None:
    envoys = envoys_of([(date(1960, 1, 1), date(1960, 6, 30)), (date(1961, 7, 1), date(1962, 6, 30))])
    first, second = representation.gaps(envoys, known_of(date(1960, 1, 1), date(1963, 12, 31))).iter_rows(
        named=True
    )
    assert (first["start"], first["end"], first["months"]) == (date(1960, 7, 1), date(1961, 6, 30), 12)
    assert (first["before"], first["after"], first["closed"]) == ("Envoy 0", "Envoy 1", True)
    assert (second["before"], second["after"], second["closed"]) == ("Envoy 1", None, False)


def test_a_departure_known_to_the_year_makes_the_shortest_gap_possible() -> None:
    envoys = envoys_of([(date(1960, 1, 1), date(1960, 1, 1))], precision="year")
    assert representation.gaps(envoys, known_of(date(1960, 1, 1), date(1961, 12, 31)))[
        "start"
    ].item() == date(1961, 1, 1)
    envoys = envoys_of([(date(1960, 1, 1), date(1960, 2, 1))], precision="month")
    assert representation.gaps(envoys, known_of(date(1960, 1, 1), date(1961, 12, 31)))[
        "start"
    ].item() == date(1960, 3, 1)


def test_a_post_never_filled_is_vacant_throughout() -> None:
    gaps = representation.gaps(envoys_of([]), known_of(date(1960, 1, 1), date(1960, 12, 31)))
    assert gaps.select("days", "months", "before", "closed").row(0) == (366, 12, None, False)


def test_off_the_record_there_are_no_gaps() -> None:
    assert representation.gaps(
        envoys_of([]), known_of(date(1960, 1, 1), date(1960, 12, 31)).clear()
    ).is_empty()


def test_a_month_names_all_who_served_in_it() -> None:
    envoys = envoys_of([(date(1960, 1, 1), date(1960, 2, 10)), (date(1960, 2, 20), None)])
    rows = pl.DataFrame(
        {"ccode1": 2, "ccode2": 811, "year": 1960, "month": [1, 2, 3], "relations": 1, "post_level_1to2": "embassy",
         "envoy_level_1to2": "ambassador", "envoy_share_1to2": [1.0, 19 / 29, 1.0]},
        schema_overrides={"ccode1": pl.Int16, "ccode2": pl.Int16},
    )  # fmt: skip
    table = representation.compute(rows, envoys)
    assert table["who"].to_list() == ["Envoy 0", "Envoy 0; Envoy 1", "Envoy 1"]
    assert table.columns == [
        "ccode1",
        "ccode2",
        "year",
        "month",
        "relations",
        "post_level",
        "envoy_level",
        "envoy_share",
        "who",
    ]
    yearly = representation.compute(rows.drop("month").head(1), envoys)
    assert yearly["who"].to_list() == ["Envoy 0; Envoy 1"]


def test_a_month_without_anybody_names_nobody() -> None:
    rows = pl.DataFrame(
        {"ccode1": [2], "ccode2": [811], "year": [1970], "relations": [1], "post_level_1to2": ["embassy"],
         "envoy_level_1to2": ["none"], "envoy_share_1to2": [0.0]},
        schema_overrides={"ccode1": pl.Int16, "ccode2": pl.Int16},
    )  # fmt: skip
    assert representation.compute(rows, envoys_of([]))["who"].to_list() == [None]
