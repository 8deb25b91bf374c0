"""Militarised disputes of two publishers: years of a dispute into spells, each way."""

from __future__ import annotations

import bz2
import random
import runpy
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from amity.errors import AmityError, BadFileError, UnknownStateError, UnknownValueError
from amity.sources import cow_mid, gml_mid, rdata

if TYPE_CHECKING:
    from amity.sources import Parsed

SAMPLES = Path(__file__).parents[1] / "samples"
WRITER = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("rdata_writer.py"))))
COLUMNS = {cow_mid: ("disponset", "dispongoing"), gml_mid: ("midonset", "midongoing")}


def sample(module: Any) -> dict[str, bytes]:
    return {module.BASE: (SAMPLES / module.ABOUT.id / module.BASE).read_bytes()}


def frame(module: Any) -> pl.DataFrame:
    (rows,) = rdata.read(module.BASE, sample(module)[module.BASE]).values()
    return rows


def written(module: Any, rows: pl.DataFrame) -> dict[str, bytes]:
    columns = {
        name: WRITER.strings(rows[name].to_list())
        if rows[name].dtype == pl.String
        else WRITER.doubles(rows[name].to_list())
        for name in rows.columns
    }
    title = module.BASE.removesuffix(".rda")
    return {module.BASE: WRITER.rda({title: WRITER.frame(columns, rows.height)})}


def spells(parsed: Parsed, one: int, other: int) -> list[tuple[object, ...]]:
    found = parsed.tables["ties"].filter(ccode_from=one, ccode_to=other)
    return found.select("start", "end", "level", "ref").rows()


@pytest.fixture(params=[cow_mid, gml_mid], ids=["cow", "gml"])
def module(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_years_without_a_break_are_one_spell_with_each_sides_own_hostility() -> None:
    parsed = cow_mid.parse(sample(cow_mid))
    spell = (date(1958, 1, 1), date(1959, 12, 31))
    assert spells(parsed, 811, 800)[0] == (*spell, "display of force", "dispute 9001")
    assert spells(parsed, 800, 811)[0] == (*spell, "no militarised action", "dispute 9001")


def test_a_year_without_the_dispute_parts_two_spells() -> None:
    assert [row[:2] for row in spells(cow_mid.parse(sample(cow_mid)), 811, 816)] == [
        (date(1977, 1, 1), date(1978, 12, 31)),
        (date(1980, 1, 1), date(1980, 12, 31)),
    ]


def test_an_onset_begins_a_new_spell_even_without_a_break() -> None:
    again = frame(cow_mid).with_columns(
        disponset=pl.when((pl.col("dispnum") == 9002) & (pl.col("year") == 1965))
        .then(1.0)
        .otherwise("disponset")
    )
    assert len(spells(cow_mid.parse(written(cow_mid, again)), 811, 2)) == 2


def test_who_was_not_there_from_the_start_joined() -> None:
    ties = cow_mid.parse(sample(cow_mid)).tables["ties"]
    assert ties.filter(ccode_from=710)["began"].to_list() == ["joined"]
    assert ties.filter(ref="dispute 9001")["began"].unique().to_list() == ["began"]


def test_hostility_is_the_highest_of_the_spell() -> None:
    rising = frame(cow_mid).with_columns(
        hostlev1=pl.when((pl.col("dispnum") == 9002) & (pl.col("year") == 1965))
        .then(5.0)
        .otherwise("hostlev1")
    )
    assert spells(cow_mid.parse(written(cow_mid, rising)), 2, 811)[0][2] == "war"


def test_what_reaches_the_last_year_is_open_only_where_the_publisher_says_so() -> None:
    cow = cow_mid.parse(sample(cow_mid)).tables["ties"].filter(ref="dispute 9004")
    assert cow.select("end", "ended").unique().rows() == [(date(2014, 12, 31), "last year on record")]
    gml = gml_mid.parse(sample(gml_mid)).tables["ties"]
    assert gml.filter(ref="dispute 9005").select("end", "end_precision", "ended").unique().rows() == [
        (None, None, None)
    ]
    assert gml.filter(ref="dispute 9006").select("end", "ended").unique().rows() == [
        (date(2010, 12, 31), "ended")
    ]


def test_days_are_never_claimed(module: Any) -> None:
    ties = module.parse(sample(module)).tables["ties"]
    assert set(ties["start_precision"]) == {"year"}
    assert set(ties["end_precision"].drop_nulls()) == {"year"}


@pytest.mark.parametrize(
    ("column", "value", "error"),
    [
        ("hostlev1", 6.0, UnknownValueError),
        ("hostlev1", 2.5, BadFileError),
        ("ccode1", 999.0, BadFileError),  # its row is then not there from the other side
        ("year", 1700.0, BadFileError),
        ("year", float("nan"), BadFileError),
        ("dispnum", None, BadFileError),
        ("orig1", 2.0, BadFileError),
    ],
)
def test_a_value_that_cannot_be_stops_the_parse(module: Any, column: str, value: float, error: type) -> None:
    rows = frame(module)
    bad = rows.with_columns(pl.Series(column, [value, *rows[column].to_list()[1:]], dtype=pl.Float64))
    with pytest.raises(error):
        module.parse(written(module, bad))


def test_a_code_of_no_state_is_named_with_its_count(module: Any) -> None:
    codes = [
        pl.when(pl.col(name) == 2).then(999.0).otherwise(name).alias(name) for name in ("ccode1", "ccode2")
    ]
    with pytest.raises(UnknownStateError, match="'999'"):
        module.parse(written(module, frame(module).with_columns(codes)))


def test_a_file_that_lost_one_side_is_refused(module: Any) -> None:
    with pytest.raises(BadFileError, match="1 rows of a dispute are not there from the other side"):
        module.parse(written(module, frame(module).tail(-1)))


def test_a_column_that_is_new_or_holds_something_else_is_refused(module: Any) -> None:
    rows = frame(module)
    with pytest.raises(UnknownValueError, match="1 columns its parser has not been told about: mood"):
        module.parse(written(module, rows.with_columns(mood=pl.lit(1.0))))
    with pytest.raises(BadFileError, match="fatality1 do not hold what they should"):
        module.parse(written(module, rows.with_columns(fatality1=pl.lit("many"))))
    with pytest.raises(BadFileError, match="lacks the columns fatality1"):
        module.parse(written(module, rows.drop("fatality1")))


def test_two_different_files_of_one_name_are_refused(module: Any) -> None:
    (data,) = sample(module).values()
    other = bz2.compress(bz2.decompress(data).replace(b"dis", b"dat"))
    with pytest.raises(BadFileError, match="2 different files"):
        module.parse({f"a/{module.BASE}": data, f"b/{module.BASE}": other})


def test_damaged_copies_are_parsed_or_refused(module: Any) -> None:
    dice = random.Random(5)  # noqa: S311
    (data,) = sample(module).values()
    whole, outcomes = bz2.decompress(data), []
    for _ in range(120):
        bad = bytearray(whole)
        for _ in range(dice.randrange(1, 5)):
            bad[dice.randrange(len(bad))] = dice.randrange(256)
        with suppress(AmityError):
            module.parse({module.BASE: bytes(bad)})
            outcomes.append(True)
            continue
        outcomes.append(False)
    assert outcomes.count(False) > 60


@pytest.mark.publisher_data
@pytest.mark.parametrize(("source", "rows", "onsets"), [(cow_mid, 11_390, 7_484), (gml_mid, 10_276, 6_674)])
def test_the_published_record_has_a_spell_for_every_onset(
    publisher_data: Path, source: Any, rows: int, onsets: int
) -> None:
    data = (publisher_data / "arms_alliances" / source.BASE).read_bytes()
    (years,) = rdata.read(source.BASE, data).values()
    ties = source.parse({source.BASE: data}).tables["ties"]
    assert (years.height, int(years[COLUMNS[source][0]].sum()), ties.height) == (rows, onsets, onsets)
    length = (ties["end"].dt.year().fill_null(2010) - ties["start"].dt.year() + 1).sum()
    assert length == rows


@pytest.mark.publisher_data
def test_known_disputes_of_cambodia_and_the_united_states(publisher_data: Path) -> None:
    """The Mayaguez affair of 1975 is number 356 for both publishers."""
    for source in (cow_mid, gml_mid):
        data = (publisher_data / "arms_alliances" / source.BASE).read_bytes()
        found = (
            source.parse({source.BASE: data})
            .tables["ties"]
            .filter(ccode_from=2, ccode_to=811, ref="dispute 356")
        )
        assert found.select("start", "end", "level").rows() == [
            (date(1975, 1, 1), date(1975, 12, 31), "use of force")
        ]
