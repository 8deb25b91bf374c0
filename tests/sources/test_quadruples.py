"""Benchmarks of events as quadruples: the actors' states and roles, days, and the publishers' own files whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from amity import cameo, states
from amity.errors import BadFileError, UnknownStateError, UnknownValueError
from amity.sources import gdelt_tkg, icews, icews_tkg, lines, quadruples, rdata
from amity.sources.naming import meaning

SAMPLES = Path(__file__).parents[1] / "samples"
ACT = ["date", "name_from", "name_to", "code"]


def sample(source: str) -> dict[str, bytes]:
    folder = SAMPLES / source
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.txt")}


def of_gdelt() -> dict[str, bytes]:
    return {name.rsplit("/", 1)[-1]: data for name, data in sample("gdelt_tkg").items()}


def test_quadruples_of_icews_become_events() -> None:
    tables = icews_tkg.parse(sample("icews_tkg")).tables
    rows = (
        tables["events"]
        .select("date", "ccode_from", "role_from", "ccode_to", "role_to", "code", "ref")
        .rows()
    )
    assert rows[:3] == [
        (date(2014, 12, 1), 700, "LAB", 626, "REB", "190", "icews14/test:1"),
        (date(2014, 12, 31), None, "GOV", 811, None, "040", "icews14/test:2"),
        (date(2014, 1, 1), 2, "GOV", 811, None, "040", "icews14/train:1"),
    ]
    assert len(rows) == 12
    assert (date(2018, 10, 31), 811, "MED", 811, None, "010", "icews18/train:3") in rows
    assert tables["coverage"].select("start", "end").rows() == [
        (date(2014, 1, 1), date(2014, 12, 31)),
        (date(2018, 1, 1), date(2018, 10, 31)),
    ]


def test_one_benchmark_alone_covers_its_own_year_and_half_of_one_is_refused() -> None:
    own = {name: data for name, data in sample("icews_tkg").items() if "icews18" in name}
    assert icews_tkg.parse(own).tables["coverage"].height == 1
    own.pop("icews18_tkg/entity2id.txt")
    with pytest.raises(BadFileError, match=r"icews18 lacks entity2id\.txt"):
        icews_tkg.parse(own)


def test_a_number_that_no_list_names_stops_the_parse() -> None:
    files = sample("icews_tkg") | {"icews14_tkg/valid.txt": b"99\t0\t0\t24\t-1\n"}
    with pytest.raises(UnknownValueError, match="a number stands for"):
        icews_tkg.parse(files)
    with pytest.raises(BadFileError, match="not four numbers"):
        icews_tkg.parse(sample("icews_tkg") | {"icews14_tkg/valid.txt": b"1\tx\t0\t24\t-1\n"})
    with pytest.raises(BadFileError, match="leaves out numbers"):
        quadruples.names("entity2id.txt", b"China\t1\n")


def test_quadruples_of_gdelt_become_events_with_roles() -> None:
    tables = gdelt_tkg.parse(of_gdelt()).tables
    rows = tables["events"].select("date", "ccode_from", "role_from", "ccode_to", "role_to", "code").rows()
    assert rows == [
        (date(2018, 1, 25), 811, "ELI", 2, "GOV", "042"),
        (date(2018, 1, 25), 2, "GOV", 811, "ELI", "042"),
        (date(2018, 1, 25), 811, None, 2, "GOV", "1122"),
        (date(2018, 1, 26), None, "GOV", 811, None, "010"),
        (date(2018, 1, 26), None, None, 811, None, "010"),
        (date(2018, 1, 27), None, None, 2, "GOV", "190"),
        (date(2018, 1, 27), None, "IGO", 811, None, "010"),
    ]
    assert tables["review"]["place"].to_list() == ["KOREAN"]


def test_an_unknown_country_stops_the_parse() -> None:
    with pytest.raises(UnknownStateError):
        gdelt_tkg.actors(b"ATLANTIS (QQQ@GOV)\t0\n")
    with pytest.raises(UnknownStateError):
        icews_tkg.actors(b"Citizen (Atlantis)\t0\n")


@pytest.mark.publisher_data
@pytest.mark.parametrize(
    ("folder", "quads", "with_state"), [("icews14_tkg", 90_730, 4_042), ("icews18_tkg", 468_558, 14_166)]
)
def test_the_benchmarks_of_icews_load_whole_and_every_bracket_that_names_a_state_gives_it(
    publisher_data: Path, folder: str, quads: int, with_state: int
) -> None:
    path = publisher_data / "icews" / folder
    files = {f"{folder}/{one.name}": one.read_bytes() for one in path.iterdir() if one.name != "stat.txt"}
    events = icews_tkg.parse(files).tables["events"]
    lines = sum(data.count(b"\n") for name, data in files.items() if name.rsplit("/")[-1] in quadruples.PARTS)
    assert events.height == quads == lines
    actors = icews_tkg.actors(files[f"{folder}/entity2id.txt"])
    assert sum(one.ccode is not None for one in actors) == with_state
    for one in actors:
        within = one.name.rpartition(" (")[2].removesuffix(")") if one.name.endswith(")") else one.name
        named = meaning(within, "icews")
        if named is not None and named.ccode is not None:
            assert one.ccode == named.ccode, one


@pytest.mark.publisher_data
def test_three_days_of_gdelt_load_whole(publisher_data: Path) -> None:
    files = {one.name: one.read_bytes() for one in (publisher_data / "gdelt" / "events_2018_01").iterdir()}
    tables = gdelt_tkg.parse(files).tables
    assert tables["events"].height == files["valid.txt"].count(b"\n")
    assert set(tables["events"]["date"]) == {date(2018, 1, day) for day in (25, 26, 27)}
    assert tables["review"].height == 7
    hun_sen = tables["events"].filter(name_from="HUN SEN")
    assert set(hun_sen.select("ccode_from", "role_from").rows()) == {(811, "ELI")}
    assert tables["events"]["role_from"].is_not_null().mean() > 0.4  # pyright: ignore[reportOptionalOperand, reportOperatorIssue]
    assert isinstance(tables["events"], pl.DataFrame)


@pytest.mark.publisher_data
def test_the_benchmark_of_2018_is_the_publishers_file_without_repeats(publisher_data: Path) -> None:
    """On the two days of the publisher's own file, but for six names that are spelled otherwise."""
    folder = publisher_data / "icews"
    whole = (folder / "raw_sample" / "events.2018.sample.tab").read_bytes()
    layout = icews.layout("events.2018.sample.tab", whole)
    theirs = pl.concat(
        icews.typed(lines.read(chunk, layout).rows, layout)
        for chunk in lines.chunks([whole], header=1)
        if isinstance(chunk, lines.Chunk)
    ).unique(ACT)
    ours = events_of(folder / "icews18_tkg").filter(pl.col("date").is_in(theirs["date"].unique().implode()))
    both = ours.join(theirs, on=ACT, suffix="_theirs")
    assert (ours.height, theirs.height, both.height) == (2734, 2734, 2728)
    for side in ("from", "to"):
        stated = both.drop_nulls([f"ccode_{side}", f"ccode_{side}_theirs"])
        same = (stated[f"ccode_{side}"] == stated[f"ccode_{side}_theirs"]).mean()
        assert same == 1
        named = both.filter(pl.col(f"ccode_{side}_theirs").is_null(), pl.col(f"ccode_{side}").is_not_null())
        assert named.height == 0
        ours_acts, theirs_acts = (of_the_state(f"role_{side}{end}") for end in ("", "_theirs"))
        assert stated.filter(ours_acts != theirs_acts).height < 0.01 * stated.height


@pytest.mark.publisher_data
def test_the_benchmark_of_2014_is_a_sample_of_actors(publisher_data: Path) -> None:
    """Netify counts every story of ICEWS. Where a country is missing among the actors, its pairs are thin or empty.

    Had stories been left out at random down to the same share, the rank correlation over all pairs would be about 0.6.
    """
    folder = publisher_data / "icews"
    told = rdata.read("dyads", (folder / "dyad_year_2002_2014.rda").read_bytes())["icews"].filter(year=2014)
    codes = {name: states.find(name).ccode for name in set(told["i_iso3c"]) | set(told["j_iso3c"])}
    counted = events_of(folder / "icews14_tkg").group_by("ccode_from", "ccode_to").agg(pl.len())
    every = told.select(
        pl.col("i_iso3c").replace_strict(codes, return_dtype=pl.Int16).alias("ccode_from"),
        pl.col("j_iso3c").replace_strict(codes, return_dtype=pl.Int16).alias("ccode_to"),
        theirs=pl.sum_horizontal("verbCoop", "matlCoop", "verbConf", "matlConf"),
    ).join(counted, on=["ccode_from", "ccode_to"], how="left", maintain_order="left")
    every = every.with_columns(ours=pl.col("len").fill_null(0))
    actors = icews_tkg.actors((folder / "icews14_tkg" / "entity2id.txt").read_bytes())
    there = [one.ccode for one in actors if one.what == "country"]
    assert len(there) == 77
    assert not {2, 200, 255, 365, 369, 666, 750, 770} & set(there)
    sender, receiver = pl.col("ccode_from").is_in(there), pl.col("ccode_to").is_in(there)
    groups = {
        "all": every,
        "both": every.filter(sender & receiver),
        "neither": every.filter(~sender & ~receiver),
    }
    found = {name: (*likeness(rows), rows.height) for name, rows in groups.items()}
    print(found)
    assert {name: size for name, (_, _, size) in found.items()} == {
        "all": 22952,
        "both": 3660,
        "neither": 8190,
    }
    for name, (low, high), (least, most) in (
        ("all", (0.45, 0.49), (0.027, 0.030)),
        ("both", (0.71, 0.75), (0.11, 0.12)),
        ("neither", (0.32, 0.37), (0.005, 0.008)),
    ):
        assert low < found[name][0] < high, name
        assert least < found[name][1] < most, name
    assert every.filter((pl.col("theirs") == 0) & (pl.col("ours") > 0)).height < 30


def likeness(rows: pl.DataFrame) -> tuple[float, float]:
    """Spearman's rank correlation of ours and theirs, and our share of theirs."""
    rank = pl.corr(pl.col("theirs").rank(), pl.col("ours").rank())
    return rows.select(rank, pl.col("ours").sum() / pl.col("theirs").sum()).row(0)


def of_the_state(role: str) -> pl.Expr:
    return pl.col(role).is_null() | pl.col(role).is_in(cameo.STATE_ROLES)


def events_of(folder: Path) -> pl.DataFrame:
    """The events of one benchmark of ICEWS."""
    return icews_tkg.parse(
        {f"{folder.name}/{one.name}": one.read_bytes() for one in folder.iterdir() if one.name != "stat.txt"}
    ).tables["events"]
