"""Text and dates are read strictly."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.errors import AmityError, BadFileError, UnknownValueError
from amity.sources.text import decode, read_csv, read_date, read_day


@given(st.text(st.characters(exclude_characters="\0\ufeff", exclude_categories=["Cs"])))
def test_utf8_text_comes_back_unchanged_with_or_without_a_byte_order_mark(text: str) -> None:
    assert decode("a", text.encode()) == text
    assert decode("a", b"\xef\xbb\xbf" + text.encode()) == text


@pytest.mark.parametrize("data", [b"caf\xe9", "état".encode("utf-16"), "année".encode("utf-16-le"), b"a\0b"])
def test_other_encodings_are_refused(data: bytes) -> None:
    with pytest.raises(BadFileError, match=r"a\.csv"):
        decode("a.csv", data)


@given(st.dates(date(1700, 1, 1), date(2100, 12, 31)))
def test_a_date_known_to_the_day_is_that_day(day: date) -> None:
    dated = read_date("a", day.isoformat())
    assert dated == (day, day, "day")
    assert read_day("a", f" {day.isoformat()}\n") == day


@given(st.dates(date(1700, 1, 1), date(2100, 12, 31)))
def test_a_date_known_to_the_month_or_year_spans_it(day: date) -> None:
    month = read_date("a", day.isoformat()[:7])
    year = read_date("a", day.isoformat()[:4])
    assert year.first <= month.first <= day <= month.last <= year.last
    assert (month.precision, year.precision) == ("month", "year")
    assert (year.last - year.first).days in {364, 365}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "1699-12-31",
            "2101-01-01",
            "9999",
            "0000",
            "1975-02-29",
            "1975-13",
            "1975-00-01",
            "12/04/1975",
        ),
        *("1975-4-12", "19750412", "1975-04-12T00:00:00", "١٩٧٥-٠٤-١٢", "1975-04-12-", "yesterday"),
    ],
)
def test_what_is_no_date_or_an_absurd_one_is_refused(text: str) -> None:
    with pytest.raises(BadFileError, match="a, row 7"):
        read_date("a, row 7", text)


@given(st.text(max_size=200))
def test_no_text_makes_reading_a_date_fail_in_another_way(text: str) -> None:
    with suppress(BadFileError):
        read_date("a", text)


@pytest.mark.parametrize("text", ["1975", "1975-04"])
def test_a_day_that_is_not_said_is_refused(text: str) -> None:
    with pytest.raises(BadFileError, match="does not say the day"):
        read_day("a", text)


def test_rows_of_a_table_come_back_by_column_whatever_their_order() -> None:
    data = b'\xef\xbb\xbfvalue,"year"\r\n"1,5",1975\r\n\r\n-2,1976tq'
    assert read_csv("a.csv", data, ("year", "value")) == [
        {"value": "1,5", "year": "1975"},
        {"value": "-2", "year": "1976tq"},
    ]


def test_a_column_that_nobody_has_looked_at_stops_the_reading() -> None:
    with pytest.raises(UnknownValueError, match=r"1 columns .* mood"):
        read_csv("a.csv", b"year,value,mood\n1,2,3\n", ("year", "value"))


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"\n", b"year\n1\n", b"year,value,year\n1,2,3\n", b"year,value\n1\n", b"year,value\n1,2,3\n"),
        *(
            b'year,value\n"1,2\n',
            b'year,value\n"1"x,2\n',
            b"year,value\n1," + b"2" * 200_000,
            b"<html></html>",
        ),
    ],
)
def test_a_table_that_is_not_whole_is_refused(data: bytes) -> None:
    with pytest.raises(BadFileError, match=r"a\.csv"):
        read_csv("a.csv", data, ("year", "value"))


@given(st.binary(max_size=300).map(lambda noise: b"year,value\n1975,3\n" + noise))
def test_no_bytes_make_reading_a_table_fail_in_another_way(data: bytes) -> None:
    with suppress(AmityError):
        read_csv("a.csv", data, ("year", "value"))
