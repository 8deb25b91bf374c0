"""Every name in every publisher's file that amity reads: nothing may be left over that is not listed with a reason."""

from __future__ import annotations

import csv
import json
import lzma
import re
from bz2 import decompress as bunzip2
from collections import Counter
from datetime import date
from gzip import decompress as gunzip
from typing import TYPE_CHECKING

import polars as pl
import pytest

from amity.sources import china_trips, gsdb, rdata, spreadsheets, xml
from amity.states import by_ccode, find, resolve
from amity.states.meanings import meanings
from amity.states.seats import seats
from amity.states.words import key

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.publisher_data


def read(names: list[tuple[str, str | None]], scheme: str) -> pl.DataFrame:
    """Names with their days, resolved; raises when one is not listed."""
    frame = pl.DataFrame(names, schema={"name": pl.String, "day": pl.String}, orient="row")
    return resolve(frame.with_columns(pl.col("day").str.to_date()), "name", scheme, "day", file=scheme)


def left_out(frame: pl.DataFrame) -> dict[str, int]:
    return Counter(frame.filter(pl.col("ccode").is_null())["name"].to_list())


def unused(scheme: str, names: set[str]) -> set[str]:
    return set(meanings(scheme)) - {key(name) for name in names}


def trips(folder: Path, pattern: str, row: str, place: str) -> list[tuple[str, str, str]]:
    return [
        (here.get("id", ""), here.text or "", trip.findtext("start-date", ""))
        for path in sorted(folder.glob(pattern))
        for trip in xml.parse(path.name, path.read_bytes()).iter(row)
        for here in trip.iter(place)
    ]


def voters(path: Path) -> set[str]:
    """The character strings of an R file of votes that are longer than a country code and no vote."""
    packed = path.read_bytes()
    unpack = {b"\x1f\x8b": gunzip, b"BZ": bunzip2, b"\xfd7": lzma.decompress}[packed[:2]]
    plain = unpack(packed)
    texts = set(
        re.findall(rb"\x00[\x00-\x09][\x00-\xff]\x09\x00\x00\x00([\x03-\x40][^\x00-\x1f]{3,64})", plain)
    )
    return {text[1 : 1 + text[0]].decode() for text in texts}


def test_unga_votes_leaves_no_voter_over(publisher_data: Path):
    names = voters(publisher_data / "unga" / "un_votes.rda")
    names -= {
        "abstain",
        "yes",
        "no",
        "UTF-8",
        "names",
        "class",
        "row.names",
        "data.frame",
        "levels",
        "factor",
    }
    names -= {"rcid", "country", "country_code", "vote", "tbl_df", "tbl", "un_votes"}
    assert len(names) == 200
    assert left_out(read([(name, "1985-01-01") for name in names], "unga_votes")) == {}
    assert unused("unga_votes", names) == set()


def test_unga_resolutions_leaves_no_voter_over_and_all_voters_held_seats(publisher_data: Path):
    names = Counter(
        name
        for path in sorted((publisher_data / "unga" / "garesolutions").glob("*.json"))
        for line in path.read_text(encoding="utf-8-sig").splitlines()
        if line.strip()
        for side in ("MS_in_favour", "MS_against", "MS_abstaining")
        for name in json.loads(line).get(side) or ()
    )
    frame = read([(name, "2022-01-01") for name in names], "unga_resolutions")
    assert (len(names), left_out(frame)) == (199, {})
    assert set(frame["ccode"].drop_nulls()) == set(seats().filter(pl.col("end").is_null())["ccode"])
    assert unused("unga_resolutions", set(names)) == set()


def agree(label: str, day: str, ccode: int | None) -> bool:
    """Whether a label in plain words says the same state as the id did, or one of several that it may mean."""
    meant = [
        meaning
        for meaning in meanings("people").get(key(label), ())
        if meaning.holds(date.fromisoformat(day))
    ]
    lines = {by_ccode(meaning.ccode).ccode for meaning in meant if meaning.ccode}
    return by_ccode(ccode).ccode in lines if ccode else not lines


VISITS_LEFT = {
    "holy-see": 7,
    "hawaii": 3,
    "cook-islands": 2,
    "french-polynesia": 2,
    "new-caledonia": 2,
    "niue": 1,
}
VISITS_WORDED = {  # labels with a gloss, and one misspelling; the ids are clear
    "Afghanistan (Interim Authority)", "Bosnian Federation", "Ceylon (Sri Lanka)", "Cuba (Provisional Government)",
    "Czechoslovakia (government-in-exile)", "France (Provisional Government)", "Israel (Provisional Government)",
    "Khmer Republic (Cambodia)", "Poland (government-in-exile)", "Siam (Thailand)", "Somoa", "Upper Volta (Burkina Faso)",
}  # fmt: skip
TRAVELS_LEFT = {
    "palestinian-authority": 66, "holy-see": 54, "west-bank": 7, "germany": 4, "netherlands-antilles": 3,
    "antarctica": 1, "cook-islands": 1,
}  # fmt: skip
TRAVELS_WORDED = {
    "Denmark (Greenland)", "Serbia-Montenegro (Kosovo)", "Southern Rhodesia (Zimbabwe)",
    "United Kingdom (Northern Ireland)", "United Kingdom (Wales)", "Yugoslavia (Kosovo)",
}  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "row", "place", "scheme", "left", "worded"),
    [
        ("visits/*.xml", "visit", "from", "us_visits", VISITS_LEFT, VISITS_WORDED),
        ("travels/*/*.xml", "trip", "country", "us_travels", TRAVELS_LEFT, TRAVELS_WORDED),
    ],
)
def test_visits_and_travels_leave_no_country_over_and_labels_agree_with_ids(
    publisher_data: Path,
    pattern: str,
    row: str,
    place: str,
    scheme: str,
    left: dict[str, int],
    worded: set[str],
):
    found = trips(publisher_data / "state_dept", pattern, row, place)
    frame = read([(name, day) for name, _, day in found], scheme)
    assert left_out(frame) == left
    assert unused(scheme, {name for name, _, _ in found}) == set()
    # Three trips to Saigon's predecessor and a few to occupied Germany are read by the day, which the label cannot say.
    pairs = zip(found, frame["ccode"].to_list(), strict=True)
    apart = {(label, day) for (_, label, day), code in pairs if not agree(label, day, code)}
    dated = {(label, day) for label, day in apart if label in {"Germany", "Vietnam"}}
    assert {label for label, _ in apart - dated} == worded
    assert all(day < ("1949-09-21" if label == "Germany" else "1954-06-04") for label, day in dated)


def test_relations_leave_no_article_over(publisher_data: Path):
    stems = sorted(path.stem for path in (publisher_data / "state_dept" / "rdcr").glob("*.xml"))
    frame = read([(stem, "1900-01-01") for stem in stems], "us_relations")
    assert len(left_out(frame)) == 18
    asides = {key(name) for name in ("china/beijing", "china/taipei", "yemen/aden", "germany/gdr")}
    assert unused("us_relations", set(stems)) == asides


def test_missions_leave_no_territory_over(publisher_data: Path):
    names: set[str] = set()
    for path in sorted((publisher_data / "state_dept" / "missions").glob("*.xml")):
        root = xml.parse(path.name, path.read_bytes())
        tags = ("territory-id", "contemporary-territory-id")
        names |= {path.stem} | {(place.text or "").strip() for tag in tags for place in root.iter(tag)}
    frame = read([(name, "1900-01-01") for name in sorted(names)], "us_missions")
    assert left_out(frame) == {"hawaii": 1, "holy-see": 1, "texas": 1}
    assert unused("us_missions", names) == {"china/beijing", "china/taipei"}


def test_aid_leaves_no_country_over_and_names_agree_with_codes(publisher_data: Path):
    with (publisher_data / "aid" / "us_foreign_aid_country.csv").open(
        encoding="utf-8-sig", newline=""
    ) as lines:
        pairs = sorted({(row["country_code"], row["country_name"]) for row in csv.DictReader(lines)})
    names = [name if code == "NULL" else code for code, name in pairs]
    frame = read([(name, None) for name in names], "us_aid")
    assert (len(pairs), frame["ccode"].null_count()) == (253, 55)
    assert unused("us_aid", set(names)) == set()
    for (_, name), ccode in zip(pairs, frame["ccode"], strict=True):
        plain = (
            name.replace(" (former)", "")
            .replace(" (former P.D.R.)", ", Democratic")
            .replace(", Republic of", "")
        )
        plain = {
            "Germany (former East)": "GDR",
            "Vietnam (former South)": "South Vietnam",
            "Korea": "South Korea",
        }.get(plain, plain)
        if ccode is not None:
            assert find(plain).ccode == by_ccode(ccode).ccode, name


def test_sanctions_leave_no_name_over(publisher_data: Path):
    with (publisher_data / "sanctions" / "GSDB_V3.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    told = [(name, f"{row['end']}-12-31") for row in rows for side in ("sanctioned_state", "sanctioning_state")
            for name in gsdb.names(row[side])]  # fmt: skip
    frame = read(told, "gsdb")
    assert left_out(frame) == {
        "EU": 85, "UN": 39, "ECOWAS": 8, "African Union": 6, "Palestine": 4, "Hong Kong": 3, "League of Arab States": 3,
        "OSCE": 2, "Balkans": 1, "Commonwealth": 1, "Cyprus (Northern)": 1, "G7": 1, "Kimberly Process Participants": 1,
        "MERCOSUR": 1, "OAS": 1, "OIC": 1, "Pacific Islands Forum": 1, "SADC": 1, "UNASUR": 1, "Western Balkans": 1,
        "Terrorist Organizations (Al-Qaeda)": 1, "Terrorist Organizations (ISIL and ANF)": 1,
        "Terrorist Organizations (Taliban)": 1,
    }  # fmt: skip
    assert unused("gsdb", {name for name, _ in told}) == set()


def rdata_names(path: Path, columns: tuple[str, ...]) -> set[str]:
    (frame,) = rdata.read(path.name, path.read_bytes()).values()
    return {name for column in columns for name in frame[column]}


def test_other_donors_aid_leaves_nobody_over(publisher_data: Path):
    names = rdata_names(publisher_data / "aid" / "OECD.rda", ("Donor", "Recipient"))
    frame = read([(name, None) for name in sorted(names)], "oecd_aid")
    assert (len(names), len(left_out(frame))) == (195, 9)
    assert unused("oecd_aid", names) == set()


def test_chinese_finance_leaves_no_recipient_over_and_names_agree_with_iso_codes(publisher_data: Path):
    path = publisher_data / "aid" / "GlobalChineseOfficialFinanceDataset_v1.0.xlsx"
    ((header, *rows),) = spreadsheets.sheets(path.name, path.read_bytes()).values()
    places = [header.index(column) for column in ("recipient_condensed", "recipient_iso3", "recipient_count")]
    pairs = sorted({(str(row[places[0]]), str(row[places[1]])) for row in rows if row[places[2]] == 1})
    frame = read([(name, "2010-01-01") for name, _ in pairs], "chinese_finance")
    assert set(left_out(frame)) == {
        *("Africa, regional", "Cook Islands", "Niue", "Oceania, regional", "Palestinian Adm. Areas"),
    }
    for (name, iso), ccode in zip(pairs, frame["ccode"], strict=True):
        if ccode is not None:
            assert find(iso).ccode == by_ccode(ccode).ccode, name
    assert unused("chinese_finance", {str(row[places[0]]) for row in rows}) == set()


def test_monthly_trade_leaves_no_partner_over(publisher_data: Path):
    names: set[str] = set()
    for path in sorted((publisher_data / "trade" / "imf_dots").glob("*.xlsx")):
        for sheet in spreadsheets.sheets(path.name, path.read_bytes()).values():
            names |= {str(sheet[3][1]), *(str(row[1]) for row in sheet[7:])}
    frame = read([(name, "2011-01-01") for name in sorted(names)], "imf_dots")
    assert (len(names), len(left_out(frame))) == (236, 44)
    assert unused("imf_dots", names) == set()
    assert len(set(frame["ccode"].drop_nulls())) == frame["ccode"].count()


def test_arms_transfers_leave_nobody_over_and_names_agree_with_the_codes_that_were_added(
    publisher_data: Path,
):
    path = publisher_data / "arms_alliances" / "sipri_tiv_1950_2021.csv"
    with path.open(encoding="utf-8-sig", newline="") as lines:
        pairs = sorted(
            {
                (row[side], row[f"{side}_cown"])
                for row in csv.DictReader(lines)
                for side in ("supplier", "recipient")
            }
        )
    names = {name for name, _ in pairs}
    frame = read([(name, "1995-01-01") for name, _ in pairs], "sipri_tiv")
    assert unused("sipri_tiv", names) == set()
    stars = {name for name in names if name.endswith("*")}
    assert set(left_out(frame)) - stars == {
        *("Aruba", "Biafra", "Katanga", "Northern Cyprus", "Palestine", "Western Sahara"),
        *("Unknown recipient(s)", "Unknown supplier(s)"),
    }
    assert stars < set(left_out(frame))
    apart = {
        name
        for (name, added), ccode in zip(pairs, frame["ccode"].to_list(), strict=True)
        if ccode is not None and added != str(ccode)
    }
    assert apart == {"Micronesia", "Serbia"}


def test_event_data_leaves_no_country_over(publisher_data: Path):
    sample = publisher_data / "icews" / "raw_sample" / "events.2018.sample.tab"
    with sample.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    names = {row[side] for row in rows for side in ("Source Country", "Target Country")}
    frame = read([(name, "2018-06-01") for name in sorted(names)], "icews")
    assert set(left_out(frame)) == {
        "Holy See",
        "Hong Kong",
        "NA",
        "Occupied Palestinian Territory",
        "Western Sahara",
    }


def test_gdelt_actors_leave_no_country_code_over(publisher_data: Path):
    text = (publisher_data / "gdelt" / "events_2018_01" / "entity2id_cameo.txt").read_text(encoding="utf-8")
    codes = set(re.findall(r"\(([A-Z]{3})(?:@| |\))", text))
    frame = read([(code, None) for code in sorted(codes)], "cameo")
    assert frame["ccode"].drop_nulls().len() > 150


def test_the_list_of_name_patterns_has_no_state_of_today_that_is_not_found(publisher_data: Path):
    with (publisher_data / "states" / "countryregex.csv").open(encoding="utf-8", newline="") as lines:
        labels = {row["StatID"]: row["Label"] for row in csv.DictReader(lines)}
    known = meanings("people")
    lost = {
        stat: label for stat, label in labels.items() if stat in meanings("iso3c") and key(label) not in known
    }
    assert lost == {}


def test_chinese_trips_leave_no_country_over(publisher_data: Path):
    path = publisher_data / "china_visits" / "WHO-WHERE-WHEN-dataset-v.1.1.xlsx"
    rows = spreadsheets.rows(path.name, path.read_bytes(), china_trips.SHEET, china_trips.COLUMNS)
    names = [(str(row["Country"]), f"{row['Year']:.0f}-01-01") for row in rows]
    frame = read(names, "china_trips")
    assert left_out(frame) == {"Palestine": 1}
    assert unused("china_trips", {name for name, _ in names}) == set()
    germanies = frame.filter(pl.col("name") == "Germany").select("day", "ccode").unique().sort("day")
    assert germanies["ccode"].to_list()[:2] == [260, 255]


def test_chinese_engagements_leave_no_country_over_and_list_none_in_vain(publisher_data: Path):
    path = publisher_data / "china_visits" / "all_engagements_2003-2018.rds"
    frame = rdata.read(path.name, path.read_bytes())[""]
    days = frame["date"].str.to_date("%m/%d/%y").cast(pl.String)
    read_names = read(list(zip(frame["country"], days, strict=True)), "china_engagements")
    assert left_out(read_names) == {"Cook Islands": 3, "Wales": 4}
    words = " ".join(
        key(text.replace("(", " ").replace("'s", " ").replace(",", " ")) for text in frame["text"]
    )
    codes = {
        meaning.ccode for name in frame["country"] for meaning in meanings("china_engagements")[key(name)]
    }
    vain = {
        name for name, listed in meanings("china_engagements").items()
        if f" {name}" not in words and listed[-1].ccode not in codes
    }  # fmt: skip
    assert vain == set()
