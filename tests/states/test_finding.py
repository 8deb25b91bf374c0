"""What a person types, and the state that it stands for."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.errors import AmbiguousStateError, AmityError, UnknownStateError
from amity.states import by_ccode, every, find
from amity.states.system import rows

PEOPLE = [row for row in rows("names.csv") if row["scheme"] == "people"]
NAMES = sorted({row["name"] for row in PEOPLE})


def outcome(text: str, on: date | None = None) -> int | type[AmityError]:
    try:
        return find(text, on).ccode
    except AmityError as error:
        return type(error)


@pytest.mark.parametrize(
    ("text", "ccode"),
    [
        ("Cambodia", 811),
        ("KHM", 811),
        ("kh", 811),
        ("CAM", 811),
        ("811", 811),
        ("fips CB", 811),
        ("FIPS:CB", 811),
        ("Khmer Republic", 811),
        ("Democratic Kampuchea", 811),
        ("Kampuchea", 811),
        ("Siam", 800),
        ("Ceylon", 780),
        ("Burma", 775),
        ("Zaire", 490),
        ("Dahomey", 434),
        ("Upper Volta", 439),
        ("Tanganyika", 510),
        ("United Arab Republic", 651),
        ("Persia", 630),
        ("Soviet Union", 365),
        ("U.S.S.R.", 365),
        ("SUN", 365),
        ("Yugoslavia", 345),
        ("SCG", 345),
        ("West Germany", 255),
        ("FRG", 255),
        ("GDR", 265),
        ("DDR", 265),
        ("Prussia", 255),
        ("Vietnam", 816),
        ("Viet Nam", 816),
        ("North Vietnam", 816),
        ("South Vietnam", 817),
        ("Yemen", 679),
        ("North Yemen", 679),
        ("South Yemen", 680),
        ("YMD", 680),
        ("ZAR", 490),
        ("CSK", 315),
        ("Two Sicilies", 329),
        ("Republic of China", 713),
        ("PRC", 710),
        ("Macedonia", 343),
        ("Swaziland", 572),
        ("Türkiye", 640),
        ("Turkiye", 640),
        ("Czech Republic", 316),
        ("The Gambia", 420),
        ("St. Lucia", 56),
        ("Antigua & Barbuda", 58),
        ("Korea, Republic of", 732),
        ("Congo, Democratic Republic of the", 490),
        ("NA", 565),
        ("UK", 200),
        ("UAE", 696),
    ],
)
def test_names_of_today_and_of_old_and_codes_are_read(text: str, ccode: int):
    assert find(text).ccode == ccode


@pytest.mark.parametrize(
    ("text", "on", "ccode"),
    [
        ("Germany", date(1938, 1, 1), 255),
        ("Germany", date(1990, 10, 3), 255),
        ("Korea", date(1890, 1, 1), 730),
        ("Austria", date(1900, 1, 1), 300),
        ("Austria", date(1930, 1, 1), 305),
        ("Republic of China", date(1940, 1, 1), 710),
        ("Republic of China", date(1960, 1, 1), 713),
        ("Congo", date(1985, 1, 1), 484),
        ("CS", date(2004, 1, 1), 345),
        ("CS", date(1980, 1, 1), 315),
    ],
)
def test_a_name_is_taken_as_it_was_meant_on_the_day(text: str, on: date, ccode: int):
    assert find(text, on).ccode == ccode


@pytest.mark.parametrize(
    ("text", "on", "codes"),
    [
        ("Korea", None, (731, 732)),
        ("Congo", None, (484, 490)),
        ("Germany", date(1950, 1, 1), (260, 265)),
        ("Vietnam", date(1965, 1, 1), (816, 817)),
        ("Yemen", date(1970, 1, 1), (679, 680)),
        ("VDR", None, (816, 817)),
    ],
)
def test_a_name_of_two_states_is_refused_and_both_are_named(
    text: str, on: date | None, codes: tuple[int, ...]
):
    with pytest.raises(AmbiguousStateError) as refused:
        find(text, on)
    assert all(f"({code})" in refused.value.what for code in codes)


@pytest.mark.parametrize(
    ("text", "suggested"),
    [("Camboida", "Cambodia (KHM)"), ("Untied States", "United States (USA)"), ("Frnace", "France")],
)
def test_a_misspelt_name_is_refused_with_a_suggestion(text: str, suggested: str):
    with pytest.raises(UnknownStateError) as refused:
        find(text)
    assert suggested in refused.value.mend


@pytest.mark.parametrize(
    "text",
    [
        "Camb",
        "Unit",
        "United",
        "Kore",
        "Niger.a",
        "Nige",
        "Republic",
        "Guin",
        "North",
        "Saint",
        "X",
        "Cambodia1",
    ],
)
def test_a_part_of_a_name_is_no_name(text: str):
    with pytest.raises(UnknownStateError):
        find(text)


@pytest.mark.parametrize(
    "text", ["-2", "2.0", "8.11", "0", "99999", "", " ", "the", "fips ZZ", "cow 999", "x" * 5000, "\x00"]
)
def test_what_is_no_name_and_no_code_is_refused(text: str):
    with pytest.raises(UnknownStateError):
        find(text)


@pytest.mark.parametrize("text", ["Hong Kong", "Palestine", "Vatican City", "MAC", "HKG", "89", "gw 711"])
def test_a_place_outside_the_system_is_refused_with_the_reason(text: str):
    with pytest.raises(UnknownStateError, match="not in the system of states"):
        find(text)


def test_a_name_before_it_meant_anything_is_refused_with_its_days():
    with pytest.raises(UnknownStateError, match=r"South Korea \(1948-08-15 to today\)"):
        find("Korea", date(1930, 1, 1))


def test_lists_that_disagree_are_told_apart_by_a_word_in_front():
    assert (find("AUS").name, find("cow AUS").name) == ("Australia", "Austria")
    assert (find("CZE").name, find("cow CZE").name) == ("Czechia", "Czechoslovakia")
    assert (find("KOR").ccode, find("cow KOR").ccode) == (732, 730)
    assert (find("970").name, find("gw 970").name) == ("Nauru", "Kiribati")
    assert (find("340").name, find("gw 345").name) == ("Serbia", "Serbia")
    assert (find("gw 678").name, find("gw 260").name, find("gw YEM").name) == ("Yemen", "Germany", "Yemen")
    assert (find("BG").name, find("fips BG").name) == ("Bulgaria", "Bangladesh")
    assert (find("TLS").name, find("cameo TMP").name, find("gdelt:ROM").name) == (
        "Timor-Leste",
        "Timor-Leste",
        "Romania",
    )


def test_every_state_is_found_by_its_name_and_by_each_of_its_codes():
    for state in every():
        assert find(state.name) == state
        assert find(f"cow {state.cowc}") == state
        assert all(find(code) == state for code in state.ccodes)
        assert state.gwcode is None or find(f"gw {state.gwcode}") == state
        assert state.iso3c is None or find(state.iso3c.lower()) == state
        assert state.fips is None or find(f"fips {state.fips}") == state
        assert state.cameo is None or find(f"cameo:{state.cameo}") == state


def test_every_two_letter_code_but_the_reused_one_finds_its_state():
    lost = [state.iso2c for state in every() if state.iso2c and outcome(state.iso2c) != state.ccode]
    assert lost == ["CS"]  # Czechoslovakia's until 1993, Serbia and Montenegro's from 2003 to 2006


def test_every_name_that_people_type_stands_for_a_state_on_some_day():
    for row in PEOPLE:
        when = date.fromisoformat(row["start"] or row["end"] or "2000-01-01")
        assert outcome(row["name"], when) in (by_ccode(int(row["ccode"])).ccode, AmbiguousStateError), row


def test_every_name_of_both_state_systems_is_read():
    for table in ("spells.csv", "gw_spells.csv"):
        lost = [row["name"] for row in rows(table) if outcome(row["name"]) is UnknownStateError]
        assert set(lost) <= {
            "Abkhazia",
            "South Ossetia",
            "Great Colombia",
            "Orange Free State",
            "Tibet",
            "Transvaal",
            "United Provinces of Central America",
            "Vietnam (Annam/Cochin China/Tonkin)",
        }


SAME = {
    "upper case": str.upper,
    "lower case": str.lower,
    "space around": lambda text: f"  {text}\t",
    "the": lambda text: text if "," in text else f"the {text}",
    "underscores": lambda text: text.replace(" ", "_"),
    "hyphens": lambda text: text.replace(" ", "-"),
    "ampersand": lambda text: text.replace(" and ", " & "),
    "typographic apostrophe": lambda text: text.replace("'", "’"),
}


@given(
    st.sampled_from(NAMES),
    st.sampled_from(sorted(SAME)),
    st.dates(date(1816, 1, 1), date(2030, 1, 1)) | st.none(),
)
def test_case_accents_and_punctuation_tell_no_states_apart(name: str, change: str, on: date | None):
    assert outcome(SAME[change](name), on) == outcome(name, on)


@given(st.text(max_size=200), st.dates() | st.none())
def test_any_text_is_a_state_or_is_refused(text: str, on: date | None):
    found = outcome(text, on)
    assert found in (UnknownStateError, AmbiguousStateError) or by_ccode(found).ccode == found


@given(st.integers())
def test_any_number_is_a_state_or_is_refused(number: int):
    found = outcome(str(number))
    assert found is UnknownStateError or isinstance(found, int)


def test_finding_a_state_needs_no_polars():
    code = "import sys; from amity.states import find; find('Siam'); sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
