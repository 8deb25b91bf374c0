"""What every source and every measure must keep, whoever wrote it and whenever it was added."""

from __future__ import annotations

import bz2
import gzip
import io
import re
import struct
import zipfile
from datetime import date
from inspect import signature
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amity import measures, sources
from amity.catalog import SCHEMAS, Source, polars_schema
from amity.errors import AmityError, UnknownStateError
from amity.ingest.checks import check

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amity.sources import Parsed

SAMPLES = Path(__file__).parent / "samples"
SPDX = {"CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "ODbL-1.0", "Apache-2.0", "MIT"}
"""Licences of the SPDX list that sources of this project have, or may well have."""


def of_r(number: float) -> bytes:
    """A number as it stands in R's files."""
    return struct.pack(">d", number)


STRANGE = {
    "state_system": {"state": (b",811,", b",999,"), "value": (b",811,", b",eleven,"), "column": (b"styear", b"begun")},
    "unga_votes": {"state": (b"Cambodia", b"Kambodia"), "value": (b"yes", b"yep"), "column": (b"country", b"kountry")},
    "unga_resolutions": {
        "state": (b"CAMBODIA", b"ATLANTIS"),
        "value": (b"By a recorded vote", b"By acclamation"),
        "column": (b'"adoption_type"', b'"adoption_kind"'),
    },
    "us_relations": {
        "state": (b"cambodia.xml", b"atlantis.xml"),
        "value": (b'type="timeline"', b'type="riddle"'),
        "column": (b"<head>", b"<brow>"),
    },
    "us_missions": {
        "state": (b"territory-id>china", b"territory-id>atlantis"),
        "value": (b"ambassador-e-p", b"wizard"),
        "column": (b"<appointed>", b"<anointed>"),
    },
    "us_visits": {
        "state": (b'id="cambodia"', b'id="atlantis"'),
        "value": (b"Prime Minister Hun Sen", b"Archon Hun Sen"),
        "column": (b"visitor>", b"guest>"),
    },
    "us_travels": {
        "state": (b'id="cambodia"', b'id="atlantis"'),
        "value": (b"<role>president", b"<role>emperor"),
        "column": (b"locale>", b"spot>"),
    },
    "us_aid": {
        "state": (b"KHM,Cambodia", b"QQQ,Atlantis"),
        "value": (b"Obligations", b"Presents"),
        "column": (b"fiscal_year", b"fiscal_moon"),
    },
    "ties_sanctions": {
        "state": (struct.pack("<d", 811), struct.pack("<d", 999)),
        "value": (b"4 8", b"4 0"),
        "column": (b"targetstate", b"targetplace"),
    },
    "gsdb": {
        "state": (b"Cambodia", b"Atlantis"),
        "value": (b"imp_part", b"imp_some"),
        "column": (b"sanctioned_state", b"sanctioned_place"),
    },
    "atop": {"state": (b",811,", b",999,"), "value": (b"1955,3,1", b"1955,13,1"), "column": (b"nonagg", b"nonego")},
    "cow_mid": {"state": (of_r(811), of_r(999)), "value": (of_r(4), of_r(7)), "column": (b"hostlev1", b"hostage1")},
    "gml_mid": {"state": (of_r(811), of_r(999)), "value": (of_r(4), of_r(7)), "column": (b"hostlev1", b"hostage1")},
    "rivalries": {"state": (of_r(811), of_r(999)), "value": (b"spatial", b"special"), "column": (b"type1", b"taste")},
    "cow_contiguity": {"state": (of_r(811), of_r(999)), "value": (of_r(3), of_r(7)), "column": (b"conttype", b"contgene")},
    "cow_distance": {
        "state": (of_r(811), of_r(813)),
        "value": (of_r(13000.5), of_r(23000.5)),
        "column": (b"mindist", b"maxdist"),
    },
    "cow_majors": {"state": (of_r(811), of_r(999)), "value": (of_r(29), of_r(31)), "column": (b"styear", b"stgear")},
    "cow_nmc": {"state": (of_r(811), of_r(999)), "value": (of_r(0.2), of_r(2.2)), "column": (b"milper", b"milder")},
    "china_trips": {
        "state": (b"Cambodia", b"Atlantis"),
        "value": (b"Premier", b"Emperor"),
        "column": (b"Continent", b"Quarter"),
    },
    "china_engagements": {
        "state": (b"Cambodia", b"Atlantis"),
        "value": (b"Hu Jintao", b"Hu Jintai"),
        "column": (b"leader", b"lender"),
    },
    "diplometrics": {
        "state": (b"KHM", b"QQQ"),
        "value": (b",4,1", b",9,1"),
        "column": (b"focus", b"locus"),
    },
    "oecd_aid": {"state": (b"Cambodia", b"Kambodia"), "value": (b"ODA: Total Net", b"ODA: Total Wet"),
        "column": (b"Aid type", b"Aid tape")},
    "chinese_finance": {"state": (b">Cambodia<", b">Atlantis<"), "value": (b">ODA-like<", b">ODA-lake<"),
        "column": (b">flow_class<", b">flow_glass<")},
    "cow_trade": {"state": (struct.pack(">d", 811), struct.pack(">d", 999)), "value": (struct.pack(">d", 1975), struct.pack(">d", 1975.5)),
        "column": (b"smoothflow1", b"smoothflow3")},
    "imf_dots": {"state": (b">Cambodia<", b">Atlantis<"), "value": (b" r<", b" q<"),
        "column": (b">2011M02<", b">2011Q02<")},
    "sipri_tiv": {"state": (b",Cambodia,", b",Atlantis,"), "value": (b",1975,", b",1975/76,"),
        "column": (b"recipient_cown", b"recipient_gown")},
    "icews_tkg": {
        "state": (b"(Cambodia)", b"(Atlantis)"),
        "value": (b"Make_statement", b"Make_merry"),
        "column": (b"3\t1\t1\t0\t-1", b"3\t1\t-1"),
    },
    "gdelt_tkg": {
        "state": (b"KHM@ELI", b"QQQ@ELI"),
        "value": (b"@GOV", b"@ZAR"),
        "column": (b"0\t1\t2\t2304", b"0\t1"),
    },
}  # fmt: skip
"""For each source and kind of thing, a piece of its sample (or the name of a file) and what nobody has heard of."""


SHARE_NAMES = {"icews_tkg", "gdelt_tkg"}
"""Sources whose files are called as others' are, so that their folder's name tells them apart."""


def sample(source: str) -> dict[str, bytes]:
    """The files of a source's sample, by path."""
    folder = SAMPLES / source
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def parse(source: str, files: Mapping[str, bytes] | None = None) -> Parsed:
    """A source's sample, or other files of it, as ingest would keep them."""
    module = sources.load(source)
    parsed = module.parse(sample(source) if files is None else files)
    check(module.ABOUT, parsed.tables, partial=True)
    return parsed


def strange(source: str, old: bytes, new: bytes) -> dict[str, bytes]:
    """The sample with a piece of its files, or of their names, replaced."""
    made = {}
    for name, data in sample(source).items():
        renamed = name.replace(old.decode(errors="replace"), new.decode(errors="replace"))
        made[renamed] = replaced(data, old, new)
    assert made != sample(source)
    return made


def replaced(data: bytes, old: bytes, new: bytes) -> bytes:
    """A file with a piece replaced in what is packed in it."""
    if data.startswith(b"BZh"):
        return bz2.compress(bz2.decompress(data).replace(old, new))
    if data.startswith(b"\x1f\x8b"):
        return gzip.compress(gzip.decompress(data).replace(old, new))
    if not data.startswith(b"PK"):
        return data.replace(old, new)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as good, zipfile.ZipFile(out, "w") as bad:
        for inside in good.namelist():
            bad.writestr(inside, good.read(inside).replace(old, new))
    return out.getvalue()


def fields(bibtex: str) -> dict[str, str]:
    """The fields of one BibTeX entry; an entry that does not parse fails here."""
    head = re.fullmatch(r"@(\w+)\{([\w:-]+),\s*(.*)\}", bibtex.strip(), re.DOTALL)
    assert head is not None, bibtex
    found, rest = {"type": head[1], "key": head[2]}, head[3].strip()
    while rest:
        name, _, rest = rest.partition("=")
        rest = rest.strip()
        assert rest.startswith("{"), rest
        depth, end = 0, 0
        for end, letter in enumerate(rest):  # noqa: B007
            depth += (letter == "{") - (letter == "}")
            if depth == 0:
                break
        assert depth == 0, rest
        found[name.strip()], rest = rest[1:end], rest[end + 1 :].lstrip(",").strip()
    return found


@pytest.fixture(params=sources.ALL)
def source(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def about(source: str) -> Source:
    return sources.load(source).ABOUT


@pytest.fixture(params=[*sources.ALL, *sources.STREAMED])
def record(request: pytest.FixtureRequest) -> Source:
    """The record of any source, however it is read."""
    return sources.about(request.param)


def test_every_module_with_a_record_is_in_the_list() -> None:
    folder = Path(sources.__file__).parent
    written = {
        one.name
        for one in iter_modules([str(folder)])
        for file in (folder / f"{one.name}.py", folder / one.name / "__init__.py")
        if file.exists()
        and re.search(r"^ABOUT\b.*= (Source|replace)\(", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert written == {*sources.ALL, *sources.STREAMED}


def test_every_sample_is_of_a_source_in_the_list() -> None:
    assert {path.name for path in SAMPLES.iterdir() if path.is_dir()} == {
        *sources.ALL,
        *sources.STREAMED,
        "own",
    }


def test_a_source_fills_its_record(record: Source) -> None:
    assert record.id in {*sources.ALL, *sources.STREAMED}
    for said in (record.title, record.producer, record.says, record.homepage, record.files, record.citation):
        assert said == said.strip()
        assert len(said) > 10
    assert record.homepage.startswith("https://")
    assert record.oddities
    assert all(len(oddity) > 10 for oddity in record.oddities)


def test_a_source_says_how_far_its_tables_reach_and_what_nothing_means(record: Source) -> None:
    assert record.tables
    assert len({table.name for table in record.tables}) == len(record.tables)
    for table in record.tables:
        assert table.name in SCHEMAS
        assert table.kinds
        assert table.floor > 0
        assert table.coverage.states
        assert table.coverage.zero
        assert date(1700, 1, 1) <= table.coverage.start <= (table.coverage.end or date(2100, 1, 1))


def test_a_source_has_a_licence_with_a_page(record: Source) -> None:
    assert record.licence.id in SPDX or re.fullmatch(r"LicenseRef-[A-Za-z0-9.-]+", record.licence.id)
    assert record.licence.name
    assert record.licence.url.startswith("https://")
    assert isinstance(record.may_share, bool)


def test_a_source_can_be_cited(record: Source) -> None:
    entry = fields(record.bibtex)
    assert entry["title"]
    assert entry["title"].split(":")[0].lower().split()[-1].strip("{}") in record.citation.lower()
    assert "author" in entry or "publisher" in entry
    assert re.search(r"https://|doi:", record.citation)


def test_bibtex_keys_are_all_different() -> None:
    keys = [fields(sources.about(name).bibtex)["key"] for name in (*sources.ALL, *sources.STREAMED)]
    assert len(set(keys)) == len(keys)


def test_a_source_can_be_got_safely_or_by_hand(record: Source) -> None:
    load = sources.load_events if record.id in sources.STREAMED else sources.load
    requests = load(record.id).requests()
    assert requests or record.by_hand.startswith("https://")
    assert all(request.url.startswith("https://") for request in requests)
    assert all(re.fullmatch(r"[0-9a-f]{64}|", request.sha256) for request in requests)


def test_a_sample_parses_to_the_catalogues_columns(source: str, about: Source) -> None:
    tables = parse(source).tables
    assert set(tables) == {table.name for table in about.tables} | {"coverage", "review"}
    for name, frame in tables.items():
        assert dict(frame.schema) == polars_schema(name)
    assert all(tables[table.name].height for table in about.tables)


def test_what_a_source_covers_it_has_declared(source: str, about: Source) -> None:
    kinds = {table.name: set(table.kinds) for table in about.tables}
    for table, kind in parse(source).tables["coverage"].select("table", "kind").unique().rows():
        assert kind in kinds[table] | {"*"}


def test_a_source_writes_only_kinds_that_it_declares(source: str, about: Source) -> None:
    for table in about.tables:
        frame = parse(source).tables[table.name]
        if "kind" in frame.columns:
            assert set(frame["kind"]) <= set(table.kinds)


def test_no_two_sources_have_a_kind_of_figure_in_common() -> None:
    """Whoever asks for a kind would sum what two publishers say of the same money."""
    kinds = [
        kind
        for name in sources.ALL
        for table in sources.load(name).ABOUT.tables
        if table.name == "figures"
        for kind in table.kinds
    ]
    assert len(set(kinds)) == len(kinds)


def test_every_row_leads_back_to_the_publishers(source: str, about: Source) -> None:
    for table in about.tables:
        frame = parse(source).tables[table.name]
        if "ref" in frame.columns:
            assert (frame["ref"].str.len_chars() > 0).all()


@pytest.mark.parametrize("kind", ["state", "value", "column"])
def test_what_nobody_has_heard_of_stops_the_parse(source: str, kind: str) -> None:
    old, new = STRANGE[source][kind]
    with pytest.raises(UnknownStateError if kind == "state" else AmityError) as caught:
        parse(source, strange(source, old, new))
    assert caught.value.what
    assert caught.value.mend


def test_the_order_of_files_does_not_matter(source: str) -> None:
    backwards = dict(reversed(sample(source).items()))
    for name, frame in parse(source).tables.items():
        assert_frame_equal(frame, parse(source, backwards).tables[name])


def test_no_file_is_a_whole_release(source: str, about: Source) -> None:
    with pytest.raises(AmityError):
        check(about, sources.load(source).parse({}).tables)


def test_a_source_knows_its_own_files_and_nobody_elses(source: str) -> None:
    recognises = sources.load(source).recognises
    for other in sources.ALL:
        for name, data in sample(other).items():
            alone = () if other in SHARE_NAMES else (name.rsplit("/", 1)[-1],)
            for path in (name, *alone, f"Downloads/some folder/{name}"):
                assert recognises(path, data[:4096]) == (source == other), path


@pytest.mark.parametrize(
    "head", [b"", b"\0" * 4096, b"<html><head><title>Log in", b"PK\x03\x04", b"%PDF-1.7"]
)
def test_what_is_no_publishers_file_is_nobodys(source: str, head: bytes) -> None:
    for name in ("a.xml", "a.csv", "a.json", "a.html", "a", ""):
        assert not sources.load(source).recognises(name, head)


VOTES = [(f"i{n}", code, said) for n, votes in enumerate(("yny", "aan", "nny", "yyy", "nay", "yan"))
         for code, said in zip((2, 710, 811), votes, strict=True)]  # fmt: skip
WORDS = {"y": "yes", "a": "abstain", "n": "no"}
ROLL_CALLS = (
    pl.DataFrame(
        [(item, code, WORDS[said]) for item, code, said in VOTES],
        schema={"item": pl.String, "ccode": pl.Int16, "vote": pl.String},
        orient="row",
    ),
    pl.DataFrame(
        {
            "item": [f"i{n}" for n in range(6)],
            "date": [date(1975 + n % 2, 11, 1) for n in range(6)],
            "session": [30 + n % 2 for n in range(6)],
            "part": "whole",
            "title": [f"Resolution {n}" for n in range(6)],
        }
    ),
)
VISITS = (
    pl.DataFrame(
        {
            "peer": [811, 811, 817],
            "to_peer": [True, False, True],
            "date": [date(2012, 11, 19), date(2016, 2, 15), date(2000, 11, 16)],
            "rank": ["head of state", "head of government", "head of state"],
            "count": [1, 1, 1],
        }
    ),
    pl.DataFrame({"peer": [811, 817], "start": [date(1954, 1, 1)] * 2, "end": [date(2019, 12, 31)] * 2}),
)
MONTHS = pl.DataFrame(
    {
        "ccode1": [2, 2], "ccode2": [811, 811], "year": [1975, 1975], "month": [4, 5], "relations": [0, 0],
        "post_level_1to2": ["none", "none"], "envoy_level_1to2": ["none", "none"], "envoy_share_1to2": [0.4, 0.0],
    }
)  # fmt: skip
ENVOYS = pl.DataFrame(
    {"who": ["One", "Two"], "ccode_from": [2, 2], "ccode_to": [811, 811],
     "start": [date(1974, 4, 3), date(1970, 9, 1)], "end": [date(1975, 4, 12), date(1974, 3, 14)]}
)  # fmt: skip
AID = pl.DataFrame(
    {"ccode1": [2, 2, 2], "ccode2": [811, 816, 812], "year": [2010] * 3,
     "aid_obligated_1to2": [30.0, 90.0, -5.0], "aid_disbursed_1to2": [None, 7.0, None]}
)  # fmt: skip
EVENTS = pl.DataFrame(
    {
        "month": [date(2018, 1, 1), date(2018, 1, 1), date(2018, 2, 1), date(2018, 2, 1)],
        "ccode_from": [2, 811, 2, 2], "ccode_to": [811, 2, 811, 811], "quad": [1, 4, 2, 3],
        "events": [40, 3, 900, 1], "incidents": [20, 1, 400, 1],
        "force_events": [400, -300, 9000, -20], "force_incidents": [200, -100, 4000, -20],
    }
)  # fmt: skip
WORLDS: dict[str, tuple[tuple[pl.DataFrame, ...], tuple[Any, ...], tuple[str, ...]]] = {
    "agreement": (ROLL_CALLS, (), ("value", "low", "high")),
    "s_score": (ROLL_CALLS, (), ("s", "s_squared")),
    "cohen_kappa": (ROLL_CALLS, (), ("kappa", "kappa_squared")),
    "scott_pi": (ROLL_CALLS, (), ("pi", "pi_squared")),
    "ideal_points": (ROLL_CALLS, (), ("point", "low", "high")),
    "cadence": (VISITS, ([(date(1990, 1, 1), date(2019, 12, 31))],), ("per_decade", "low", "high")),
    "representation": ((MONTHS, ENVOYS), (), ("envoy_share",)),
    "aid_flow": ((AID,), (), ("value",)),
    "cumulative_score": ((EVENTS,), (), ("score",)),
    "rolling_goldstein": ((EVENTS,), (), ("value",)),
    "political_relations": ((EVENTS,), (), ("value",)),
    "conflict_share": ((EVENTS,), (), ("share", "share_incidents")),
}
"""For each measure frames that it reads, what else it is given, and the columns that its bounds are about."""


@pytest.fixture(params=measures.ALL)
def measure(request: pytest.FixtureRequest) -> str:
    return request.param


def test_a_measure_fills_its_record(measure: str) -> None:
    about = measures.load(measure).ABOUT
    assert about.says
    assert about.unit
    assert about.undefined
    assert set(about.reads) <= set(SCHEMAS)
    assert about.bounds[0] < about.bounds[1]


def test_a_measure_says_what_it_computes(measure: str) -> None:
    compute = measures.load(measure).compute
    assert len((compute.__doc__ or "").splitlines()) > 3
    assert signature(compute).return_annotation == "pl.DataFrame"


def test_a_measure_keeps_its_bounds(measure: str) -> None:
    frames, more, columns = WORLDS[measure]
    low, high = measures.load(measure).ABOUT.bounds
    made = measures.load(measure).compute(*frames, *more)
    assert made.height
    for column in columns:
        known = made[column].drop_nulls()
        assert known.len()
        assert known.is_between(low, high).all()


def test_a_measure_ignores_the_order_of_rows(measure: str) -> None:
    frames, more, _ = WORLDS[measure]
    compute = measures.load(measure).compute
    turned = compute(*(frame.reverse() for frame in frames), *more)
    assert_frame_equal(compute(*frames, *more), turned, check_row_order=False)
