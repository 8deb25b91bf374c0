"""Roll calls of the General Assembly, 1946 to 2020."""

from __future__ import annotations

import bz2
import random
import runpy
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import polars as pl
import pytest

from amity.catalog import polars_schema
from amity.errors import AmityError, BadFileError, UnknownStateError, UnknownValueError
from amity.sources import unga_votes

if TYPE_CHECKING:
    from amity.sources import Parsed

w = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("rdata_writer.py"))))
SAMPLE = Path(__file__).parents[1] / "samples" / "unga_votes"
CALL = {
    "rcid": 1,
    "session": 45,
    "importantvote": 0,
    "date": date(1990, 11, 3),
    "unres": "R/45/1",
    "descr": "",
}
VOTE = (1, "Cambodia", "KH", "yes")
ISSUE = (1, "hr", "Human rights")


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in SAMPLE.iterdir()}


@pytest.fixture(scope="module")
def parsed(files: dict[str, bytes]) -> Parsed:
    return unga_votes.parse(files)


@pytest.fixture(scope="module")
def items(parsed: Parsed) -> dict[str, dict[str, object]]:
    return {row["ref"]: row for row in parsed.tables["items"].iter_rows(named=True)}


@pytest.fixture(scope="session")
def published(publisher_data: Path) -> Parsed:
    return unga_votes.parse(
        {file: (publisher_data / "unga" / file).read_bytes() for file in unga_votes.FILES}
    )


def test_every_file_is_recognised_by_name_and_first_bytes(files: dict[str, bytes]) -> None:
    for name, data in files.items():
        assert unga_votes.recognises(f"data/{name}", data[:4096])
        assert not unga_votes.recognises(name, b"<html>")
        assert not unga_votes.recognises("cow_states.rda", data[:4096])


def test_there_is_an_address_for_every_file() -> None:
    assert {request.file for request in unga_votes.requests()} == set(unga_votes.FILES)


def test_tables_have_the_catalogues_columns(parsed: Parsed) -> None:
    for table, frame in parsed.tables.items():
        assert dict(frame.schema) == polars_schema(table)


def test_before_2003_a_vote_is_dated_to_the_month(items: dict[str, dict[str, object]]) -> None:
    assert (items["1200"]["date"], items["1200"]["precision"]) == (date(1971, 10, 1), "month")
    assert (items["9058"]["date"], items["9058"]["precision"]) == (date(2019, 11, 7), "day")


def test_a_date_outside_its_session_is_missing_and_listed(
    parsed: Parsed, items: dict[str, dict[str, object]]
) -> None:
    assert (items["2600"]["date"], items["2600"]["precision"]) == (None, None)
    assert "rcid 2600" in parsed.tables["review"]["place"].to_list()


def test_a_special_session_is_counted_with_a_session_near_it(items: dict[str, dict[str, object]]) -> None:
    assert items["9018"]["date"] == date(1967, 5, 1)


def test_amendments_and_paragraphs_are_told_from_the_whole(items: dict[str, dict[str, object]]) -> None:
    assert [items[ref]["part"] for ref in ("3", "1200", "1201", "6011")] == [
        "amendment",
        "whole",
        "paragraph",
        "paragraph",
    ]


def test_importance_is_yes_no_or_not_known(items: dict[str, dict[str, object]]) -> None:
    assert [items[ref]["important"] for ref in ("2500", "3", "9058")] == [True, False, None]


def test_issues_are_joined_and_none_is_not_unknown(items: dict[str, dict[str, object]]) -> None:
    assert items["2500"]["issues"] == "hr|me"
    assert not items["3"]["issues"]


def test_titles_are_short_and_symbols_as_published(items: dict[str, dict[str, object]]) -> None:
    assert items["2500"]["title"] == "MADE-UP RIGHTS"
    assert len(str(items["9058"]["title"])) == unga_votes.TITLE
    assert (items["6011"]["symbol"], items["6011"]["title"]) == (None, None)
    assert items["1200"]["symbol"] == "R/26/2758A"


def test_belarus_votes_in_its_own_seat_before_it_is_a_state(parsed: Parsed) -> None:
    votes = parsed.tables["votes"].filter(pl.col("item") == "rcid:3")
    assert dict(votes.select("ccode", "vote").iter_rows()) == {2: "yes", 365: "no", 370: "no", 713: "yes"}


def test_namibias_code_is_no_missing_value(parsed: Parsed) -> None:
    assert parsed.tables["votes"].filter(pl.col("ccode") == 565).height == 2


def test_who_stayed_away_has_no_row(parsed: Parsed) -> None:
    assert set(parsed.tables["votes"]["vote"]) == {"yes", "abstain", "no"}
    assert parsed.tables["votes"].filter((pl.col("item") == "rcid:3") & (pl.col("ccode") == 811)).is_empty()


def test_the_record_speaks_from_its_first_to_its_last_day(parsed: Parsed) -> None:
    spans = parsed.tables["coverage"].select("table", "start", "end").rows()
    assert spans == [(table, date(1946, 1, 1), date(2019, 11, 7)) for table in ("votes", "items")]


@pytest.mark.parametrize(
    ("calls", "votes", "issues", "error"),
    [
        ([CALL], [(1, "Atlantis", "XX", "yes")], [ISSUE], UnknownStateError),
        ([CALL], [VOTE], [(1, "xx", "Human rights")], UnknownValueError),
        ([CALL], [VOTE], [(1, "me", "Human rights")], UnknownValueError),
        ([CALL], [VOTE, (2, "Cambodia", "KH", "no")], [ISSUE], BadFileError),
        ([CALL], [VOTE, VOTE], [ISSUE], BadFileError),
        ([CALL], [VOTE], [ISSUE, ISSUE], BadFileError),
        ([CALL, CALL], [VOTE], [ISSUE], BadFileError),
        ([CALL | {"rcid": None}], [VOTE], [ISSUE], BadFileError),
        ([CALL | {"amend": 2}], [VOTE], [ISSUE], BadFileError),
        ([CALL | {"session": 0.5}], [VOTE], [ISSUE], BadFileError),
        ([CALL | {"session": float("nan")}], [VOTE], [ISSUE], BadFileError),
        ([CALL | {"date": date(1789, 7, 14)}], [VOTE], [ISSUE], BadFileError),
    ],
)
def test_what_does_not_fit_together_is_refused(calls, votes, issues, error: type[AmityError]) -> None:
    with pytest.raises(error):
        unga_votes.parse(w.unga_votes(calls, votes, issues))


def test_an_unknown_vote_is_refused() -> None:
    files = w.unga_votes([CALL], [VOTE], [ISSUE])
    files["un_votes.rda"] = files["un_votes.rda"].replace(b"abstain", b"present").replace(b"yes", b"aye")
    with pytest.raises(UnknownValueError):
        unga_votes.parse(files)


def test_a_new_or_a_lost_column_is_refused() -> None:
    files = w.unga_votes([CALL], [VOTE], [ISSUE])
    new = files | {"un_roll_calls.rda": files["un_roll_calls.rda"].replace(b"short", b"longs")}
    with pytest.raises(BadFileError, match="lacks the columns short"):
        unga_votes.parse(new)
    one = w.frame({name: w.integers([1]) for name in ("rcid", "short_name", "issue", "new")}, 1)
    with pytest.raises(UnknownValueError, match="unknown columns: new"):
        unga_votes.parse(files | {"un_roll_call_issues.rda": w.rda({"un_roll_call_issues": one})})


def test_all_three_files_are_needed(files: dict[str, bytes]) -> None:
    for name in files:
        with pytest.raises(BadFileError, match=name):
            unga_votes.parse({other: data for other, data in files.items() if other != name})
    assert (
        unga_votes.parse({f"a/{name}": data for name, data in files.items()} | files).tables["votes"].height
    )


def test_damaged_copies_are_parsed_or_refused(files: dict[str, bytes]) -> None:
    dice = random.Random(11)  # noqa: S311
    outcomes: list[bool] = []
    for turn in range(240):
        name = sorted(files)[turn % 3]
        plain = bytearray(bz2.decompress(files[name]))
        if turn % 4 == 0:
            plain = plain[: dice.randrange(len(plain))]
        for _ in range(dice.randrange(1, 6)):
            if plain:
                plain[dice.randrange(len(plain))] = dice.randrange(256)
        with suppress(AmityError):
            unga_votes.parse(files | {name: bytes(plain)})
            outcomes.append(True)
            continue
        outcomes.append(False)
    assert outcomes.count(False) > 120


@pytest.mark.publisher_data
def test_the_published_record_is_read_whole(published: Parsed) -> None:
    votes, items = published.tables["votes"], published.tables["items"]
    assert (votes.height, items.height) == (870_109, 6_203)
    assert votes["vote"].value_counts().sort("vote")["count"].to_list() == [110_897, 65_548, 693_664]
    assert votes.select("item", "ccode").is_unique().all()
    assert items.null_count().select("date", "symbol", "important", "issues").row(0) == (3, 159, 605, 0)
    assert published.tables["review"].height == 3


@pytest.mark.publisher_data
def test_from_2003_the_assembly_votes_on_weekends_only_before_christmas(published: Parsed) -> None:
    days = published.tables["items"].filter(pl.col("precision") == "day")["date"]
    weekends = days.filter(days.dt.weekday() > 5).unique().sort().to_list()
    assert weekends == [date(2007, 12, 22), date(2011, 12, 24), date(2017, 12, 24), date(2018, 12, 22)]


@pytest.mark.publisher_data
def test_chinas_seat_changes_hands_in_1971(published: Parsed) -> None:
    dated = published.tables["votes"].join(published.tables["items"].select("item", "date"), on="item")
    taipei, peking = (dated.filter(pl.col("ccode") == code)["date"] for code in (713, 710))
    assert (taipei.max(), peking.min()) == (date(1971, 10, 1), date(1971, 11, 1))
