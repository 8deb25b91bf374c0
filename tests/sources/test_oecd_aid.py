"""Official development assistance, as donors report it."""

from __future__ import annotations

import bz2
import runpy
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import polars as pl
import pytest

from amity.catalog import polars_schema
from amity.errors import AmityError, BadFileError, UnknownStateError, UnknownValueError
from amity.sources import oecd_aid

if TYPE_CHECKING:
    from amity.sources import Parsed

w = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("rdata_writer.py"))))
NAME = "OECD.rda"
SAMPLE = Path(__file__).parents[1] / "samples" / "oecd_aid" / NAME
ROW = ("Cambodia", "Japan", "Memo: ODA Total, Gross disbursements", oecd_aid.PRICES, 2014.0, 120.5)


def written(rows: list[tuple[object, ...]], columns: tuple[str, ...] = oecd_aid.COLUMNS) -> dict[str, bytes]:
    made = {
        name: w.doubles([row[place] for row in rows])
        if isinstance(rows[0][place], float)
        else w.strings([row[place] for row in rows])
        for place, name in enumerate(columns)
    }
    return {NAME: bz2.compress(w.rda({"OECD": w.frame(made, len(rows))}))}


@pytest.fixture(scope="module")
def parsed() -> Parsed:
    return oecd_aid.parse({NAME: SAMPLE.read_bytes()})


def years(parsed: Parsed, kind: str, donor: int, recipient: int) -> list[tuple[int, int]]:
    rows = parsed.tables["coverage"].filter(kind=kind, ccode_from=donor, ccode_to=recipient)
    return [(start.year, end.year) for start, end in rows.select("start", "end").iter_rows()]


def test_an_amount_is_in_dollars_of_2022(parsed: Parsed) -> None:
    rows = parsed.tables["figures"]
    assert dict(rows.schema) == polars_schema("figures")
    assert rows.row(by_predicate=pl.col("ref") == "Japan|Cambodia|oda_gross|2014", named=True) == {
        "start": date(2014, 1, 1),
        "end": date(2014, 12, 31),
        "period": "2014",
        "ccode_from": 740,
        "ccode_to": 811,
        "kind": "oda_gross",
        "value": 120_500_000.0,
        "unit": "USD of 2022",
        "ref": "Japan|Cambodia|oda_gross|2014",
    }


def test_parts_of_the_totals_and_shares_of_multilateral_aid_are_not_read(parsed: Parsed) -> None:
    assert set(parsed.tables["figures"]["kind"]) == {"oda_gross", "oda_net"}
    assert parsed.tables["figures"].filter(ccode_from=705).is_empty()


def test_a_net_amount_that_is_missing_is_unknown_because_it_may_be_below_zero(parsed: Parsed) -> None:
    assert years(parsed, "oda_gross", 740, 710) == [(2014, 2014), (2016, 2016)]
    assert years(parsed, "oda_net", 740, 710) == []
    assert years(parsed, "oda_net", 740, 811) == [(2014, 2015)]


def test_a_member_that_reports_in_a_year_gave_nothing_to_those_it_does_not_name(parsed: Parsed) -> None:
    assert parsed.tables["figures"].filter(ccode_from=740, ccode_to=811, period="2016").is_empty()
    assert years(parsed, "oda_gross", 740, 811) == [(2014, 2016)]
    assert years(parsed, "oda_gross", 2, 710) == [(2014, 2014), (2016, 2016)]


def test_what_other_donors_do_not_name_is_unknown(parsed: Parsed) -> None:
    assert years(parsed, "oda_gross", 713, 811) == [(2016, 2016)]
    assert years(parsed, "oda_gross", 713, 710) == []


def test_a_donor_counts_as_a_member_from_the_year_in_which_it_joined(parsed: Parsed) -> None:
    assert years(parsed, "oda_gross", 310, 811) == [(2015, 2016)]
    assert years(parsed, "oda_gross", 310, 710) == [(2016, 2016)]


def test_aid_to_territories_is_set_aside_with_its_count(parsed: Parsed) -> None:
    ((file, place, why),) = parsed.tables["review"].rows()
    assert (file, place) == (NAME, "Niue")
    assert why.endswith("(1 amounts)")


@pytest.mark.parametrize(
    ("place", "value", "error"),
    [
        (0, "Atlantis", UnknownStateError),
        (1, "Atlantis", UnknownStateError),
        (1, None, BadFileError),
        (2, "ODA: Total Promises", UnknownValueError),
        (3, "Current Prices (USD millions)", UnknownValueError),
        (4, 2014.5, BadFileError),
        (4, 20140.0, BadFileError),
        (5, float("nan"), BadFileError),
        (5, 1e9, BadFileError),
    ],
)
def test_what_nobody_has_looked_at_stops_the_parse(
    place: int, value: object, error: type[AmityError]
) -> None:
    assert oecd_aid.parse(written([ROW])).tables["figures"].height == 1
    with pytest.raises(error, match=NAME):
        oecd_aid.parse(written([(*ROW[:place], value, *ROW[place + 1 :])]))


def test_an_unknown_recipient_of_aid_that_is_not_read_stops_the_parse_too() -> None:
    with pytest.raises(UnknownStateError, match="Atlantis"):
        oecd_aid.parse(written([ROW, ("Atlantis", "Japan", "Technical Cooperation", *ROW[3:])]))


def test_an_amount_that_stands_twice_is_refused() -> None:
    with pytest.raises(BadFileError, match="stand twice"):
        oecd_aid.parse(written([ROW, (*ROW[:5], 3.0)]))


def test_a_new_or_a_lost_column_is_refused() -> None:
    with pytest.raises(UnknownValueError, match="unknown columns: Mood"):
        oecd_aid.parse(written([(*ROW, "good")], (*oecd_aid.COLUMNS, "Mood")))
    with pytest.raises(BadFileError, match="lacks the columns Value"):
        oecd_aid.parse(written([ROW[:5]], oecd_aid.COLUMNS[:5]))


def test_the_file_is_told_by_its_name_and_first_bytes() -> None:
    assert oecd_aid.recognises(f"aid/{NAME}", SAMPLE.read_bytes()[:4096])
    assert not oecd_aid.recognises("un_votes.rda", SAMPLE.read_bytes()[:4096])
    assert not oecd_aid.recognises(NAME, b"<html>")


@pytest.mark.publisher_data
def test_the_publishers_own_file_adds_up(publisher_data: Path) -> None:
    parsed = oecd_aid.parse({NAME: (publisher_data / "aid" / NAME).read_bytes()})
    rows, known = parsed.tables["figures"], parsed.tables["coverage"]
    assert rows["kind"].value_counts().sort("kind").rows() == [("oda_gross", 46_712), ("oda_net", 45_044)]
    assert rows.select("kind", "ccode_from", "ccode_to", "period").is_unique().all()
    assert (rows["value"] > 0).all()
    net = known.filter(kind="oda_net")
    assert (net["end"].dt.year() - net["start"].dt.year() + 1).sum() == 45_044
    gross = known.filter(kind="oda_gross")
    assert (gross["end"].dt.year() - gross["start"].dt.year() + 1).sum() > 46_712
    assert years(parsed, "oda_gross", 2, 811) == [(2009, 2022)]
    cambodia = rows.filter(kind="oda_gross", ccode_from=2, ccode_to=811)
    assert dict(cambodia.select("period", "value").iter_rows())["2015"] == 105.01e6
