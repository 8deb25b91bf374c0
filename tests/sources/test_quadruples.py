"""Benchmarks of events as quadruples: the actors' states and roles, days, and the publishers' own files whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from amity import states
from amity.errors import BadFileError, UnknownStateError, UnknownValueError
from amity.sources import gdelt_tkg, icews_tkg, quadruples, rdata
from amity.sources.naming import meaning

SAMPLES = Path(__file__).parents[1] / "samples"


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
def test_the_benchmark_ranks_pairs_as_published_dyad_years_do_and_is_a_small_part_of_them(
    publisher_data: Path,
) -> None:
    """Netify's counts are of every story of ICEWS in 2014; the benchmark keeps some acts, each once a day."""
    folder = publisher_data / "icews"
    told = rdata.read("dyads", (folder / "dyad_year_2002_2014.rda").read_bytes())["icews"].filter(year=2014)
    codes = {name: states.find(name).ccode for name in set(told["i_iso3c"]) | set(told["j_iso3c"])}
    ours = icews_tkg.parse(
        {f"icews14/{one.name}": one.read_bytes() for one in (folder / "icews14_tkg").iterdir()}
    ).tables["events"]
    counted = ours.group_by("ccode_from", "ccode_to").agg(pl.len())
    both = told.select(
        pl.col("i_iso3c").replace_strict(codes, return_dtype=pl.Int16).alias("ccode_from"),
        pl.col("j_iso3c").replace_strict(codes, return_dtype=pl.Int16).alias("ccode_to"),
        theirs=pl.sum_horizontal("verbCoop", "matlCoop", "verbConf", "matlConf"),
    ).join(counted, on=["ccode_from", "ccode_to"], how="left", maintain_order="left")
    ranks = both.with_columns(pl.col("len").fill_null(0)).select(
        every=pl.corr(pl.col("theirs").rank(), pl.col("len").rank()),
        share=pl.col("len").sum() / pl.col("theirs").sum(),
    )
    among = both.drop_nulls("len").select(pl.corr(pl.col("theirs").rank(), pl.col("len").rank())).item()
    rho, share = ranks.row(0)
    print(
        f"rank correlation {rho:.3f} over {both.height} pairs, {among:.3f} over those with an act; share {share:.4f}"
    )
    assert 0.40 < rho < 0.50
    assert 0.55 < among < 0.70
    assert share < 0.05
    assert both.filter((pl.col("theirs") == 0) & pl.col("len").is_not_null()).height < 30
