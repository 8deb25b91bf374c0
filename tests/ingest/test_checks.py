"""What no parser may let through."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from amity import sources
from amity.catalog import polars_schema
from amity.errors import AmityError, BadFileError, TooFewRowsError, UnknownStateError, UnknownValueError
from amity.ingest.checks import check

ABOUT = sources.load("us_visits").ABOUT
VISIT = {
    "date": date(2022, 11, 12),
    "precision": "day",
    "ccode_from": 2,
    "ccode_to": 811,
    "kind": "visit",
    "code": "042",
    "field": "diplomacy",
    "force_tenths": 19,
    "count": 1,
    "ref": "1",
}
SPOKEN = {"table": "acts", "kind": "visit", "start": date(1946, 1, 1), "end": date(2022, 12, 31)}


def tables(visit: dict[str, Any], spoken: dict[str, Any] | None = None) -> dict[str, pl.DataFrame]:
    rows = {"acts": [visit], "coverage": [spoken or SPOKEN]}
    return {name: pl.DataFrame(found, schema=polars_schema(name)) for name, found in rows.items()}


def test_a_sound_table_passes_and_too_few_rows_only_when_asked_for() -> None:
    check(ABOUT, tables(VISIT), partial=True)
    with pytest.raises(TooFewRowsError, match="1 rows of acts; a whole release has at least 3,150"):
        check(ABOUT, tables(VISIT))


def test_a_table_that_is_missing_altogether_is_too_few() -> None:
    with pytest.raises(TooFewRowsError, match="0 rows"):
        check(ABOUT, {})


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"kind": None}, BadFileError, r"missing in kind \(1\)"),
        ({"precision": "hour"}, UnknownValueError, "precision has 1 unknown values, such as 'hour'"),
        ({"field": "sport"}, UnknownValueError, "field"),
        ({"ccode_to": 999}, UnknownStateError, r"ccode_to has codes of no state: \[999\]"),
        ({"date": date(1066, 10, 14)}, BadFileError, "date has days outside"),
        ({"date": date(2101, 1, 1)}, BadFileError, "date has days outside"),
    ],
)
def test_what_is_wrong_with_a_row_is_named(
    change: dict[str, Any], error: type[AmityError], says: str
) -> None:
    with pytest.raises(error, match=says):
        check(ABOUT, tables(VISIT | change), partial=True)


def test_a_spell_does_not_end_before_it_starts() -> None:
    with pytest.raises(BadFileError, match="1 rows end before they start"):
        check(ABOUT, tables(VISIT, SPOKEN | {"end": date(1945, 12, 31)}), partial=True)


def test_columns_are_those_of_the_catalogue() -> None:
    for wrong in (
        lambda f: f.drop("ref"),
        lambda f: f.with_columns(count=pl.lit("1")),
        lambda f: f.select(*f.columns[::-1]),
    ):
        with pytest.raises(BadFileError, match="not those of the catalogue"):
            check(ABOUT, tables(VISIT) | {"acts": wrong(tables(VISIT)["acts"])}, partial=True)


def test_a_source_gives_no_table_that_it_does_not_declare() -> None:
    with pytest.raises(BadFileError, match=r"does not declare: \{'ties'\}"):
        check(ABOUT, {"ties": pl.DataFrame(schema=polars_schema("ties"))}, partial=True)
