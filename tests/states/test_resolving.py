"""A publisher's column of names, read all at once."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.errors import AmbiguousStateError, UnknownStateError, UsageError
from amity.states import every, resolve
from amity.states.meanings import CODES, SCHEMES, meanings
from amity.states.system import rows


def codes(names: list[str], scheme: str, days: list[date | None] | None = None) -> list[int | None]:
    frame = pl.DataFrame(
        {"name": names, "day": days or [None] * len(names)}, schema={"name": pl.String, "day": pl.Date}
    )
    return resolve(frame, "name", scheme, "day" if days else None, file="test").get_column("ccode").to_list()


def test_a_name_that_changed_hands_is_read_on_the_day_of_its_row():
    days = [date(1940, 1, 1), date(1962, 1, 1), date(1990, 10, 3), None]
    assert codes(["germany"] * 4, "us_visits", days) == [255, 260, 255, 255]
    assert codes(["china"] * 3, "us_missions", [date(1946, 7, 12), date(1974, 3, 14), date(1979, 3, 1)]) == [
        710,
        713,
        710,
    ]
    assert codes(["vietnam"] * 2, "us_travels", [date(1969, 7, 30), date(2000, 11, 16)]) == [817, 816]
    assert codes(["yemen"] * 2, "us_missions", [date(1988, 8, 14), date(1991, 10, 19)]) == [678, 679]
    assert codes(["korea"] * 2, "us_missions", [date(1905, 3, 18), date(1949, 4, 20)]) == [730, 732]
    assert codes(["YEM", "DEU"], "us_aid", [date(1975, 1, 1)] * 2) == [678, 260]


def test_a_listed_name_that_is_no_state_is_left_out_with_the_reason():
    read = resolve(pl.DataFrame({"id": ["holy-see", "france"]}), "id", "us_visits", file="1960.xml")
    assert read.rows() == [("holy-see", None, "no member of the system"), ("france", 220, None)]


def test_an_occupied_germany_had_no_government_to_visit():
    frame = pl.DataFrame({"id": ["germany"], "day": [date(1945, 7, 17)]})
    assert resolve(frame, "id", "us_travels", "day", file="truman.xml")["left_out"].to_list() == [
        "Germany under occupation: no German government to visit"
    ]


def test_unlisted_names_stop_the_parse_with_their_counts_and_the_file():
    frame = pl.DataFrame({"id": ["france", "atlantis", "atlantis", "mu", None]})
    with pytest.raises(UnknownStateError) as refused:
        resolve(frame, "id", "us_visits", file="1960.xml")
    assert refused.value.what.startswith("1960.xml: 3 names")
    assert "'atlantis' (2 rows)" in refused.value.what
    assert "no name at all (1 rows)" in refused.value.what


def test_a_name_listed_for_one_publisher_is_not_taken_from_another():
    with pytest.raises(UnknownStateError):
        codes(["Kampuchea"], "us_visits")


def test_a_code_of_two_states_stops_the_parse():
    with pytest.raises(AmbiguousStateError, match="816 or 817"):
        codes(["VDR"], "iso3c")


def test_an_unknown_scheme_is_refused():
    with pytest.raises(UsageError):
        codes(["france"], "nobody")


def test_an_empty_frame_gains_the_two_columns():
    read = resolve(pl.DataFrame({"id": []}, schema={"id": pl.String}), "id", "us_visits", file="empty")
    assert read.schema == {"id": pl.String, "ccode": pl.Int16, "left_out": pl.String}


def test_codes_are_read_as_numbers_and_as_text():
    frame = pl.DataFrame({"code": [811, 2]})
    assert resolve(frame, "code", "ccode", file="test")["ccode"].to_list() == [811, 2]
    assert codes(["KHM", "SUN", "ZAR"], "iso3c") == [811, 365, 490]
    assert codes(["678", "260", "340", "970"], "gwcode") == [679, 255, 345, 946]
    assert codes(["678", "260"], "gwcode", [date(1980, 1, 1)] * 2) == [678, 260]
    assert codes(["CB", "BG"], "fips") == [811, 771]
    assert codes(["TMP", "ROM", "MTN", "KHM", "AFR"], "cameo") == [860, 360, 341, 811, None]


@given(
    st.lists(st.sampled_from(["france", "germany", "holy-see", "vietnam", "burma"]), max_size=30),
    st.randoms(),
)
def test_rows_keep_their_order_and_their_other_columns(names, random):
    days = [date(random.randint(1900, 2020), 1, 1) for _ in names]
    frame = pl.DataFrame(
        {"id": names, "day": days, "n": range(len(names))},
        schema={"id": pl.String, "day": pl.Date, "n": pl.Int64},
    )
    read = resolve(frame, "id", "us_visits", "day", file="test")
    assert read.select("id", "day", "n").equals(frame)
    alone = [
        resolve(frame[row], "id", "us_visits", "day", file="test")["ccode"].item()
        for row in range(len(names))
    ]
    assert read["ccode"].to_list() == alone


def test_every_listed_name_stands_for_a_code_of_the_system_or_has_a_reason():
    known = {code for state in every() for code in state.ccodes}
    for scheme in SCHEMES:
        assert meanings(scheme), scheme
        for found in meanings(scheme).values():
            assert all(meaning.ccode in known or meaning.left_out for meaning in found)


def test_no_publishers_name_means_two_states_on_one_day():
    for scheme in set(SCHEMES) - {"people", *CODES}:
        for name, found in meanings(scheme).items():
            edges = {
                day for meaning in found for day in (meaning.start, meaning.end, date(2030, 1, 1)) if day
            }
            for day in edges:
                assert sum(meaning.holds(day) for meaning in found) == 1, (scheme, name, day)


def test_the_tables_name_only_schemes_that_exist():
    named = {row["scheme"] for table in ("names.csv", "not_states.csv") for row in rows(table)}
    assert named <= set(SCHEMES)


def test_every_gleditsch_ward_number_is_a_code_or_has_a_reason():
    assert {row["gwcode"] for row in rows("gw_spells.csv")} <= set(meanings("gwcode"))
