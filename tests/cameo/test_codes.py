"""The table of CAMEO codes and roles, held to the published tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from amity import cameo
from amity.catalog import FIELDS
from amity.errors import UnknownValueError

if TYPE_CHECKING:
    from pathlib import Path

GDELT = {
    "01": 0, "012": -4, "016": -20, "018": 34, "0233": 34, "0256": -3, "026": 40, "0334": 60, "038": 70, "042": 19,
    "045": 50, "057": 80, "0874": 100, "090": -20, "1056": -50, "112": -20, "125": -50, "13": -60, "130": -44,
    "139": -70, "145": -75, "154": -72, "160": -40, "162": -56, "163": -80, "164": -70, "165": -65, "166": -70,
    "1712": -92, "175": -90, "1821": -90, "1823": -100, "184": -80, "191": -95, "196": -95, "201": -95, "2042": -100,
}  # fmt: skip
"""Weights of the table that GDELT's codebook names (CAMEO.goldsteinscale), in tenths."""


def test_weights_are_those_of_gdelts_table() -> None:
    assert {code: cameo.find(code).goldstein_tenths for code in GDELT} == GDELT


def test_the_two_published_scales_disagree_on_three_codes_only() -> None:
    differ = cameo.classes().filter(pl.col("goldstein_tenths") != pl.col("goldstein_icews_tenths"))
    assert differ["code"].to_list() == ["016", "164", "165"]


def test_every_code_has_a_root_a_quad_class_a_field_and_a_plover_class() -> None:
    table = cameo.classes()
    assert table["code"].is_unique().all()
    assert set(table["root"]) == set(cameo.ROOTS)
    assert table["code"].str.starts_with(table["root"]).all()
    assert set(table["field"]) == set(FIELDS)
    assert set(table.filter(pl.col("plover").is_null())["root"]) == {"01"}
    assert table["plover"].n_unique() == 17  # sixteen classes, and none


def test_a_code_below_another_has_its_quad_class() -> None:
    table = cameo.classes()
    assert table.group_by("root").agg(pl.col("quad").n_unique())["quad"].eq(1).all()
    quads = dict(table.select("root", "quad").unique().iter_rows())
    assert [quads[root] for root in sorted(quads)] == [1] * 5 + [2] * 3 + [3] * 5 + [4] * 7
    assert set(quads.values()) == set(cameo.QUADS)


def test_an_unknown_code_name_or_role_is_refused() -> None:
    for ask, word in ((cameo.find, "999"), (cameo.code_of, "Dance"), (cameo.role, "XYZ")):
        with pytest.raises(UnknownValueError):
            ask(word)


def test_names_lead_back_to_their_codes() -> None:
    for code, name in cameo.classes().select("code", "name").iter_rows():
        assert cameo.find(cameo.code_of(name)).name.lower() == name.lower(), code
    assert cameo.code_of("Make statement") == "010"


def test_the_default_choice_of_roles_is_what_the_table_says() -> None:
    table = cameo.roles()
    assert set(table.filter("state")["role"]) == set(cameo.STATE_ROLES)
    assert set(table["part"]) == set(cameo.PARTS)
    assert set(table.filter("state")["part"]) == {"state"}


@pytest.mark.parametrize(
    ("phrase", "role"),
    [
        ("Citizen", "CVL"), ("Police", "COP"), ("Military_Police", "MIL"), ("Media_Personnel", "MED"), ("Women", "CVL"),
        ("Head_of_Government", "GOV"), ("Opposition_Supporter", "OPP"), ("Member_of_Parliament", "LEG"),
        ("Armed_Rebel", "REB"), ("Main_Opposition", "OPP"), ("Lawyer/Attorney", "CVL"), ("Attorney_General", "JUD"),
        ("Defense_/_Security_Ministry", "GOV"), ("Labor_Union", "LAB"), ("Ruling_Party", "PTY"), ("Men", "CVL"),
    ],
)  # fmt: skip
def test_a_phrase_tells_the_role(phrase: str, role: str) -> None:
    assert cameo.role_of_phrase(phrase) == role


def test_sectors_tell_office_before_party_and_party_before_people() -> None:
    assert cameo.role_of_sectors("Executive,Foreign Ministry,Government") == "GOV"
    assert (
        cameo.role_of_sectors("Parties,(National) Major Party,Elite,Government Major Party (In Government)")
        == "PTY"
    )
    assert cameo.role_of_sectors("General Population / Civilian / Social,Social") == "CVL"
    assert cameo.role_of_sectors("Center Right") is None


@pytest.mark.parametrize(
    ("sectors", "role"),
    [
        ("Government,Police", "COP"),
        ("Military,Government", "MIL"),
        ("Government,Upper House,Legislative / Parliamentary", "LEG"),
        ("Judicial,Government", "JUD"),
        ("Government,Military,Military Intelligence", "SPY"),
        ("Executive,Government,State Media,Information / Communication / Transparency Ministry", "MED"),
        ("Executive,Intelligence Ministry,Government", "SPY"),
        ("Foreign Ministry,Executive,Judicial,Government", "GOV"),
        ("Military,Executive,Executive Office,Government,Parties,Unicameral", "GOV"),
        ("Legal,Social", "CVL"),
        ("Insurgents,Dissident,International Religious", "INS"),
        ("Criminals / Gangs,Dissident", "CRM"),
        ("National Religious,Social", "REL"),
        ("International Government Organization,Government,Parties", "IGO"),
    ],
)
def test_the_particular_sector_goes_before_the_general(sectors: str, role: str) -> None:
    assert cameo.role_of_sectors(sectors) == role
    assert cameo.role_of_sectors(",".join(reversed(sectors.split(",")))) == role


@pytest.mark.publisher_data
def test_every_weight_published_with_icews_is_in_the_table(publisher_data: Path) -> None:
    from amity.sources import rdata

    data = (publisher_data / "icews" / "goldstein_mappings.rda").read_bytes()
    published = rdata.read("goldstein_mappings.rda", data)["goldstein_mappings"]
    for code, weight in published.select("code", "goldstein").iter_rows():
        assert cameo.find(code).goldstein_icews_tenths == round(weight * 10), code


@pytest.mark.publisher_data
def test_every_class_that_icews_and_gdelt_name_is_in_the_table(publisher_data: Path) -> None:
    for folder in ("icews14_tkg", "icews18_tkg"):
        for line in (
            (publisher_data / "icews" / folder / "relation2id.txt").read_text(encoding="utf-8").splitlines()
        ):
            assert cameo.code_of(line.split("\t")[0])
    raw = publisher_data / "gdelt" / "events_2018_01" / "relation2id_cameo.txt"
    for line in raw.read_text(encoding="utf-8").splitlines():
        assert cameo.find(line.split("\t")[0])


@pytest.mark.publisher_data
def test_nearly_every_phrase_before_a_country_tells_a_role(publisher_data: Path) -> None:
    phrases = []
    for folder in ("icews14_tkg", "icews18_tkg"):
        text = (publisher_data / "icews" / folder / "entity2id.txt").read_text(encoding="utf-8")
        names = [line.split("\t")[0].replace("_", " ") for line in text.splitlines()]
        phrases += [name.rpartition(" (")[0] for name in names if name.endswith(")")]
    untold = sum(cameo.role_of_phrase(phrase) is None for phrase in phrases)
    assert len(phrases) > 19_000
    assert untold / len(phrases) < 0.01
