"""Aid: amounts, shares among all recipients, ranks."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amity.measures import aid_flow

amounts = st.dictionaries(
    st.tuples(st.sampled_from([811, 816, 840, 850]), st.sampled_from([2009, 2010])),
    st.none() | st.floats(-1e9, 1e10),
    min_size=1,
)


def panel_of(given_amounts: dict[tuple[int, int], float | None]) -> pl.DataFrame:
    rows = [(2, recipient, year, value, None) for (recipient, year), value in given_amounts.items()]
    schema = {"ccode1": pl.Int16, "ccode2": pl.Int16, "year": pl.Int16,
              "aid_obligated_1to2": pl.Float64, "aid_disbursed_1to2": pl.Float64}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(values=amounts)
def test_shares_and_ranks_equal_those_worked_out_by_hand(values: dict[tuple[int, int], float | None]) -> None:
    table = aid_flow.compute(panel_of(values))
    known = {key: value for key, value in values.items() if value is not None}
    assert table.height == len(known)
    for row in table.iter_rows(named=True):
        value = known[row["ccode2"], row["year"]]
        year = [amount for (_, when), amount in known.items() if when == row["year"]]
        positive = [amount for amount in year if amount > 0]
        assert row["value"] == value
        assert row["recipients"] == len(positive)
        assert row["rank"] == (1 + sum(amount > value for amount in year) if value > 0 else None)
        share = None if not positive else pytest.approx(max(value, 0.0) / sum(positive))
        assert row["share"] == share


@settings(max_examples=30, deadline=None, derandomize=True)
@given(values=amounts)
def test_shares_of_a_year_sum_to_one(values: dict[tuple[int, int], float | None]) -> None:
    table = aid_flow.compute(panel_of(values))
    for _, year in table.drop_nulls("share").group_by("year"):
        assert year["share"].sum() == pytest.approx(1.0)


def test_a_year_off_the_record_has_no_row() -> None:
    assert aid_flow.compute(panel_of({(811, 2010): None})).is_empty()


def test_aid_returned_has_no_rank() -> None:
    table = aid_flow.compute(panel_of({(811, 2010): -5.0, (816, 2010): 10.0})).filter(pl.col("ccode2") == 811)
    assert table.select("value", "share", "rank", "recipients").row(0) == (-5.0, 0.0, None, 1)
