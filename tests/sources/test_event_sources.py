"""Sources of coded events that are read line by line: what each makes of a line, and which files it takes for its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from amity import cameo, sources
from amity.catalog import polars_schema
from amity.errors import BadFileError
from amity.sources import lines, polecat

SAMPLES = Path(__file__).parents[1] / "samples"
MODES = {
    "CONSULT": ("visit", "third-party", "multilateral", "phone"),
    "RETREAT": ("withdraw", "release", "return", "disarm", "ceasefire", "access", "resign"),
    "REQUEST": ("assist", "change", "yield", "meet"),
    "REJECT": ("assist", "change", "yield", "meet"),
    "ACCUSE": ("disapprove", "allege", "investigate"),
    "THREATEN": ("restrict", "ban", "arrest", "relations", "expel", "territory", "violence"),
    "PROTEST": ("demo", "riot", "strike", "hunger", "boycott", "obstruct"),
    "SANCTION": ("convict", "expel", "withdraw", "discontinue"),
    "MOBILIZE": ("troops", "weapons", "police", "militia"),
    "COERCE": (
        "seize", "restrict", "ban", "censor", "curfew", "martial-law", "arrest", "deport", "withhold",
        "misinformation", "cyber",
    ),
    "ASSAULT": (
        "abduct", "beat", "torture", "execute", "sexual", "assassinate", "targeted", "destroy", "primitive", "firearms",
        "explosives", "suicide-attack", "aerial", "drone", "heavy-weapons", "crowd-control", "cleansing", "massacre",
        "unconventional",
    ),
}  # fmt: skip
"""The modes that the coder of POLECAT tells apart (the lists of its training, and of users of its files)."""
FILES = [(source, path) for source in sources.STREAMED for path in sorted((SAMPLES / source).iterdir())]
"""Every file of every sample, with its source."""


def read(source: str, name: str) -> pl.DataFrame:
    """The lines of a sample's file as events; those with a wrong number of columns are left out."""
    data = (SAMPLES / source / name).read_bytes()
    module = sources.load_events(source)
    layout = module.layout(name, data)
    (chunk,) = lines.chunks([data], header=layout.header)
    assert isinstance(chunk, lines.Chunk)
    found = lines.read(chunk, layout)
    typed = module.typed(found.rows, layout)
    assert typed["line"].to_list() == found.rows["line"].to_list()
    return typed.filter(~pl.col("line").is_in(found.bad["line"].implode()))


def who(frame: pl.DataFrame) -> list[tuple[object, ...]]:
    return (
        frame.filter(pl.col("why").is_null())
        .select("ccode_from", "role_from", "ccode_to", "role_to", "code")
        .rows()
    )


@pytest.mark.parametrize(("source", "path"), FILES, ids=lambda one: getattr(one, "name", one))
def test_a_line_is_an_event_of_the_catalogue_or_has_a_reason(source: str, path: Path) -> None:
    typed = read(source, path.name)
    assert dict(typed.drop("line", "why").schema) == polars_schema("events")
    good = typed.filter(pl.col("why").is_null())
    assert good.height >= 2
    assert good.select("date", "code", "ref").null_count().row(0) == (0, 0, 0)
    assert good["code"].is_in(cameo.classes()["code"].implode()).all()
    assert set(good["role_from"].drop_nulls()) | set(good["role_to"].drop_nulls()) <= set(
        cameo.roles()["role"]
    )


@pytest.mark.parametrize(("source", "path"), FILES, ids=lambda one: getattr(one, "name", one))
def test_a_file_is_one_sources(source: str, path: Path) -> None:
    head = path.read_bytes()[:4096]
    claims = [name for name in sources.STREAMED if sources.load_events(name).recognises(path.name, head)]
    assert claims == [source]
    assert sources.load_events(source).recognises(f"folder/{path.name}.zip", head)
    assert not any(sources.load_events(name).recognises(path.name, b"<html>") for name in sources.STREAMED)


def test_gdelts_actors_have_a_state_and_a_role_and_places_are_not_read() -> None:
    assert who(read("gdelt1", "200601.csv")) == [
        (811, "GOV", 2, None, "042"),
        (2, "GOV", 811, "GOV", "042"),
        (811, "OPP", 811, "GOV", "1122"),
        (710, None, 811, "GOV", "0211"),
        (260, None, 2, None, "036"),  # West Germany in 1985
        (None, "GOV", 2, None, "010"),
        (None, None, None, None, "010"),
    ]


def test_what_is_wrong_with_a_line_of_gdelts_is_said() -> None:
    told = read("gdelt1", "20140120.export.CSV")
    assert told.filter(pl.col("why").is_not_null()).select("line", "why").rows() == [
        (4, "its day is absurd or after the day on which it was added"),
        (5, "an actor's country code is none of CAMEO's"),
        (6, "its class is none of CAMEO's"),
        (7, "its day does not exist"),
        (8, "its number of articles is no number"),
    ]
    assert told["articles"].to_list()[:3] == [5, 9, 3]
    assert told["root"].to_list()[:3] == [True, True, True]
    assert set(told["added"]) == {date(2014, 1, 20)}


def test_a_quarter_of_an_hour_is_added_on_its_day() -> None:
    told = read("gdelt2", "20180301001500.export.CSV")
    assert set(told["added"]) == {date(2018, 3, 1)}
    assert told["name_from"].to_list() == ["PHNOM PENH", 'CASA BLANCA "Señor"']


def test_bytes_that_are_no_utf8_are_repaired_and_told() -> None:
    name = "20180301001500.translation.export.CSV"
    data = (SAMPLES / "gdelt2_translated" / name).read_bytes()
    layout = sources.load_events("gdelt2_translated").layout(name, data)
    (chunk,) = lines.chunks([data])
    assert isinstance(chunk, lines.Chunk)
    found = lines.read(chunk, layout)
    assert found.repaired.to_list() == [2]
    assert found.rows["Actor1Name"][1] == 'CASA BLANCA "Se\ufffdor"'


def test_icews_names_states_and_sectors() -> None:
    told = read("icews", "events.2014.20160121105408.tab")
    assert who(told) == [
        (811, "GOV", 2, None, "040"),
        (2, None, 811, "GOV", "040"),
        (811, "OPP", 811, None, "141"),
        (None, "IGO", 710, None, "010"),
    ]
    assert told["why"].drop_nulls().to_list() == [
        "its day does not exist",
        "an actor's country is none that ICEWS is known to name",
        "its class is none of CAMEO's",
    ]


def test_polecats_classes_become_cameos() -> None:
    told = read("polecat", "ngecEventsDV-2022.txt")
    assert who(told) == [
        (2, "GOV", 811, None, "042"),
        (710, None, 811, "GOV", "071"),
        (811, "UIS", None, None, "110"),  # a sector that is no role of CAMEO's is not the state
        (None, "GOV", 811, "GOV", "050"),  # two states in one cell
        (811, "MED", 811, "HLH", "112"),  # PLOVER's JRN is CAMEO's press, its MED CAMEO's health
        (2, "MIL", None, "UAF", "195"),  # one state twice in a cell
        (710, "UIS", 811, "GOV", "100"),  # two sectors and two modes
    ]
    assert told["why"].drop_nulls().to_list() == [
        "its type or mode is none of PLOVER's",
        "an actor's country is no code of three letters",
        "its day is after that of its story",
    ]


def test_every_mode_of_plovers_has_a_class_of_the_same_type() -> None:
    rows = pl.read_csv(
        Path(polecat.__file__).with_name("polecat_codes.csv"), infer_schema=False, empty_string_is_null=False
    )
    assert not rows.select("type", "mode").is_duplicated().any()
    classes = cameo.classes()
    both = rows.join(classes, on="code", how="left", maintain_order="left")
    assert both["name"].null_count() == 0
    assert set(rows.filter(mode="")["type"]) == set(classes["plover"].drop_nulls())
    other = both.filter(pl.col("type") != pl.col("plover")).select("type", "mode", "code").rows()
    assert other == [
        ("RETREAT", "resign", "0831"),
        ("SANCTION", "convict", "116"),
    ]  # where CAMEO has these acts
    for kind, modes in MODES.items():
        assert set(modes) <= set(rows.filter(type=kind)["mode"]), kind


def test_a_header_with_another_number_of_names_than_columns_is_understood() -> None:
    assert (
        who(read("polecat", "ngecEvents.20230103111842.Release603.DV.txt"))
        == [(2, "GOV", 710, "GOV", "041")] * 2
    )
    module = sources.load_events("polecat")
    head, rest = (SAMPLES / "polecat" / "ngecEventsDV-2022.txt").read_bytes().split(b"\n", 1)
    longer = head.replace(b"\tContexts", b"\tContexts\tHeadline\tEvent Text") + b"\n" + rest
    assert len(module.layout("ngecEventsDV-2022.txt", longer).columns) == 40


@pytest.mark.parametrize(
    ("source", "name", "key", "batch", "start", "end"),
    [
        ("gdelt1", "1979.zip", "1979", "1979", date(1979, 1, 1), date(1979, 12, 31)),
        ("gdelt1", "200602.zip", "200602", "200602", date(2006, 2, 1), date(2006, 2, 28)),
        ("gdelt1", "20130401.export.CSV.zip", "20130401", "20130401", date(2013, 4, 1), date(2013, 4, 1)),
        ("gdelt2", "20150218230000.export.CSV.zip", "20150218230000", "20150218", date(2015, 2, 18), date(2015, 2, 18)),
        (
            "gdelt2_translated", "a/20150218230000.translation.export.CSV.zip", "20150218230000", "20150218",
            date(2015, 2, 18), date(2015, 2, 18),
        ),
        ("icews", "events.1995.20150313082510.tab", "1995", "1995", date(1995, 1, 1), date(1995, 12, 31)),
        ("polecat", "ngecEvents.DV.2019.txt", "2019", "2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("polecat", "ngecEventsDV-2019-02.txt.zip", "201902", "201902", date(2019, 2, 1), date(2019, 2, 28)),
    ],
)  # fmt: skip
def test_a_name_says_which_file_it_is(
    source: str, name: str, key: str, batch: str, start: date, end: date
) -> None:
    found = sources.load_events(source).identity(name)
    assert (found.key, found.batch, found.start, found.end) == (key, batch, start, end)


@pytest.mark.parametrize("source", sources.STREAMED)
def test_a_strange_name_or_layout_is_refused(source: str) -> None:
    module = sources.load_events(source)
    for name in ("a.csv", "99999999.export.CSV.zip", "20181301001500.export.CSV", ""):
        with pytest.raises(BadFileError):
            module.identity(name)
    with pytest.raises(BadFileError):
        module.layout("a.csv", b"one\ttwo\n1\t2\n")


@pytest.mark.publisher_data
def test_the_publishers_own_days_are_read_whole(publisher_data: Path) -> None:
    path = publisher_data / "icews" / "raw_sample" / "events.2018.sample.tab"
    module = sources.load_events("icews")
    data = path.read_bytes()
    layout = module.layout(path.name, data)
    frames = [
        module.typed(lines.read(chunk, layout).rows, layout)
        for chunk in lines.chunks([data], header=1)
        if isinstance(chunk, lines.Chunk)
    ]
    told = pl.concat(frames)
    assert told.height == data.count(b"\n") - 1 + (not data.endswith(b"\n"))
    assert told["why"].null_count() == told.height
    assert 0.90 < told["ccode_from"].is_not_null().mean() < 1  # pyright: ignore[reportOperatorIssue]
