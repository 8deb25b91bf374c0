"""A person's own acts, ties and events: all rows or none, each slip with its line, and unknown outside what is declared."""

from __future__ import annotations

import io
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amity import evidence, ingest, store
from amity.catalog import FIELDS, polars_schema
from amity.errors import BadFileError, UnknownSourceError, UsageError
from amity.ingest import own, own_kinds, own_rows

if TYPE_CHECKING:
    from amity.ingest.own_kinds import Table
    from amity.store import Store

SAMPLES = Path(__file__).parents[1] / "samples" / "own"
WHEN = "2026-03-01T00:00:00Z"
HEADER = "date,from,to,kind,code,field,force,rank,who,place,days,count\n"


@pytest.fixture
def held(tmp_path: Path) -> Store:
    return store.open_store(tmp_path / "store")


def rows(*lines: str, header: str = HEADER) -> pl.DataFrame:
    return own_rows.read("desk.csv", (header + "\n".join(lines)).encode())[1]


def slips(*lines: str, header: str = HEADER) -> list[str]:
    with pytest.raises(BadFileError) as caught:
        rows(*lines, header=header)
    return [line.strip() for line in caught.value.what.splitlines()[1:]]


def add(held: Store, file: str, **how: object) -> ingest.Loaded:
    return own.add(held, file, (SAMPLES / file).read_bytes(), WHEN, **how)  # type: ignore[arg-type]


def test_a_record_is_read_as_it_is_meant() -> None:
    _, acts = own_rows.read("acts.csv", (SAMPLES / "acts.csv").read_bytes())
    assert dict(acts.schema) == polars_schema("acts")
    told = acts.select(
        "date", "precision", "ccode_from", "ccode_to", "kind", "code", "force_tenths", "ref"
    ).rows()
    assert told == [
        (date(1960, 1, 1), "year", 260, 2, "statement", "010", 0, "line 6"),
        (date(1995, 6, 1), "month", 811, 2, "letter", "040", 10, "k-3"),
        (date(2009, 12, 20), "day", 811, 710, "sanction", "163", -80, "line 5"),
        (date(2012, 11, 19), "day", 2, 811, "visit", "042", 19, "line 2"),
        (date(2016, 2, 15), "day", 811, 2, "river patrol", "062", 74, "line 4"),
    ]


def test_a_byte_order_mark_quotes_blank_lines_and_parquet_make_no_difference() -> None:
    plain = (SAMPLES / "acts.csv").read_bytes()
    marked = b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n")
    frame = pl.read_csv(plain, infer_schema=False)
    lines = [row.split("line ")[-1] for row in ("line 2", "line 3", "line 4", "line 5", "line 6")]
    packed = io.BytesIO()
    frame.with_columns(
        ref=pl.col("ref").fill_null(pl.Series([f"line {line}" for line in lines]))
    ).write_parquet(packed)
    expected = own_rows.read("acts.csv", plain)
    for data in (marked, packed.getvalue()):
        table, read = own_rows.read("acts", data)
        assert table == expected[0]
        assert read.equals(expected[1])


def test_parquet_may_have_days_and_numbers_as_such() -> None:
    frame = pl.DataFrame(
        {"Date": [datetime(2012, 11, 19)], "from": ["USA"], "to": [811], "kind": ["dialogue"], "days": [2.0]}  # noqa: DTZ001
    )
    packed = io.BytesIO()
    frame.write_parquet(packed)
    (row,) = own_rows.read("acts", packed.getvalue())[1].to_dicts()
    assert (row["date"], row["ccode_to"], row["days"]) == (date(2012, 11, 19), 811, 2)


def test_ties_end_on_the_last_day_that_they_can_have() -> None:
    _, ties = own_rows.read("ties.csv", (SAMPLES / "ties.csv").read_bytes())
    assert dict(ties.schema) == polars_schema("ties")
    told = ties.select("start", "start_precision", "began", "end", "end_precision", "ended", "kind").rows()
    assert told == [
        (date(1965, 5, 3), "day", "severed", date(1969, 7, 31), "month", "ended", "rupture"),
        (date(1994, 5, 17), "day", "began", None, None, None, "relations"),
    ]


def test_every_slip_of_every_row_is_told_at_once() -> None:
    told = slips(
        "2012-13-01,Atlantis,USA,visit,,,,king,X,,,",
        ",Cambodia,KHM,dialogue,,,,,,,two,0",
        "2012,,CHN,sulk,,,,,,,,",
        "2012,KHM,CHN,sulk,7,sport,11,,,,,",
        "2012,KHM,CHN",
    )
    assert [slip.split(":")[0] for slip in told] == [
        *("line 2, date", "line 2, from", "line 2, rank", "line 3, date", "line 3, to", "line 3, days"),
        *("line 3, count", "line 4, from", "line 4, kind", "line 5, code", "line 5, field", "line 5, force"),
        *("line 6, all", "line 6, kind"),
    ]


def test_after_twenty_slips_the_rest_are_counted() -> None:
    told = slips(*["2012,Atlantis,USA,dialogue,,,,,,,,"] * 50)
    assert len(told) == 21
    assert told[-1] == "and 30 more"


def test_a_state_has_the_code_of_the_day_and_is_never_guessed() -> None:
    code = rows("1960-06-01,West Germany,USA,dialogue,,,,,,,,", "2000-06-01,Germany,USA,dialogue,,,,,,,,")[
        "ccode_from"
    ]
    assert code.to_list() == [260, 255]
    assert "could be" in slips("1960,Germany,USA,dialogue,,,,,,,,")[0]
    assert "not in the system" in slips("1947-06-01,cow 255,USA,dialogue,,,,,,,,")[0]


def test_before_it_was_in_the_system_a_state_has_its_only_code() -> None:
    assert rows("1950-07-11,USA,Cambodia,recognition,,,,,,,,")["ccode_to"].to_list() == [811]


def test_a_visit_says_who_and_of_which_rank() -> None:
    assert len(slips("2012,USA,KHM,visit,,,,,,,,")) == 2


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (HEADER.encode(), "has a header and no rows"),
        (b"date;from;to;kind\n2012;USA;KHM;visit", "parted by ;"),
        (b"date,start,from\n1,2,3", "neither the header of acts nor that of ties"),
        (b"date,from,to\n1,2,3", "lacks kind"),
        (b"date,from,to,kind,mood\n1,2,3,4,5", "has columns that are not read: mood"),
        (b"date,from,to,kind,kind\n1,2,3,4,5", "stands twice"),
        ("date,from,to,kind\n2012,Côte d’Ivoire,USA,x".encode("latin-1", "replace"), "not UTF-8"),
        (b'date,from,to,kind\n"2012,', "line 2"),
        (b"PAR1 and no more", "not a whole Parquet file"),
    ],
)
def test_a_file_that_is_none_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(BadFileError, match=says):
        own_rows.read("a.csv", data)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_mutilated_file_is_read_or_refused(data: st.DataObject) -> None:
    packed = io.BytesIO()
    pl.read_csv(SAMPLES / "acts.csv", infer_schema=False).write_parquet(packed)
    good = data.draw(st.sampled_from([(SAMPLES / "acts.csv").read_bytes(), packed.getvalue()]))
    at, sign = data.draw(st.integers(0, len(good) - 1)), data.draw(st.binary(max_size=3))
    for bad in (good[:at], good[at:], good[:at] + sign + good[at + 1 :]):
        with suppress(BadFileError):
            own_rows.read("a", bad)


def test_more_rows_than_anybody_keeps_by_hand_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_rows, "MOST_ROWS", 2)
    packed = io.BytesIO()
    pl.read_csv(SAMPLES / "acts.csv", infer_schema=False).write_parquet(packed)
    for data in ((SAMPLES / "acts.csv").read_bytes(), packed.getvalue()):
        with pytest.raises(BadFileError, match="more than 2 rows"):
            own_rows.read("a", data)


def test_a_record_holds_acts_and_ties_and_a_new_file_takes_the_place_of_its_table(held: Store) -> None:
    assert add(held, "acts.csv", name="desk").rows == {"acts": 5}
    assert add(held, "ties.csv", name="desk").rows == {"acts": 5, "ties": 2}
    assert not add(held, "ties.csv", name="desk").changed
    shorter = (HEADER + "2012,USA,KHM,dialogue,,,,,,,,").encode()
    assert own.add(held, "newer.csv", shorter, WHEN, name="desk").rows == {"acts": 1, "ties": 2}
    assert sorted(store.files(held, "own:desk")) == ["acts/newer.csv", "ties/ties.csv"]
    assert own.names(held) == ("own:desk",)
    assert store.verify(held) == ()


def test_events_are_read_as_they_are_meant() -> None:
    table, events = own_rows.read("events.csv", (SAMPLES / "events.csv").read_bytes())
    assert table == "events"
    assert dict(events.schema) == polars_schema("events")
    told = events.drop("root", "added").rows()
    assert told == [
        (date(1985, 5, 1), 260, None, None, 2, None, None, "042", None, "e-4"),
        (date(2018, 2, 27), 2, "GOV", "The White House", 811, "GOV", None, "162", 12, "e-1"),
        (date(2018, 2, 28), 811, "GOV", "Ministry", 2, None, None, "112", 3, "e-2"),
        (date(2018, 2, 28), 811, "OPP", None, 811, "GOV", None, "141", None, "line 4"),
    ]
    assert events.select("root", "added").null_count().row(0) == (4, 4)


def test_every_slip_of_own_events_is_told_with_its_line() -> None:
    told = slips(
        "2018-02,KHM,USA,042,,", "2018-02-30,KHM,USA,999,KING,0", ",Atlantis,,,,many",
        header="date,from,to,code,role_from,articles\n",
    )  # fmt: skip
    assert [slip.split(":")[0] for slip in told] == [
        "line 2, date",
        *("line 3, date", "line 3, role_from", "line 3, code", "line 3, articles"),
        *("line 4, date", "line 4, from", "line 4, to", "line 4, code", "line 4, articles"),
    ]
    with pytest.raises(BadFileError, match="as events, lacks to and has columns that are not read: target"):
        own_rows.read("a.csv", b"date,from,target,code\n2018-02-01,KHM,USA,042\n")


def test_own_events_stand_beside_acts_with_their_volumes(held: Store) -> None:
    assert add(held, "events.csv", name="desk").rows == {"events": 4}
    assert add(held, "acts.csv", name="desk").rows == {"events": 4, "acts": 5}
    assert add(held, "events.csv", name="desk", complete=(2018, 2018)).rows == {"acts": 5, "events": 4}
    parts = {part.table: pl.read_parquet(part.path) for part in store.parts(held, source="own:desk")}
    volumes = parts["volumes"].sort("month", "ccode", nulls_last=False)
    assert volumes.rows() == [
        (date(1985, 5, 1), None, 1, None),
        (date(1985, 5, 1), 2, 1, None),
        (date(1985, 5, 1), 260, 1, None),
        (date(2018, 2, 1), None, 3, 15),
        (date(2018, 2, 1), 2, 2, 15),
        (date(2018, 2, 1), 811, 3, 15),
    ]
    pairs = parts["coverage"].select("table", "kind", "ccode_from", "ccode_to").rows()
    assert sorted(pairs) == [
        ("events", "*", 2, 811),
        ("events", "*", 260, 2),
        ("events", "*", 811, 2),
    ]
    assert store.verify(held) == ()


def test_one_bad_row_and_nothing_is_added(held: Store) -> None:
    add(held, "acts.csv", name="desk")
    before = store.parts(held)
    with pytest.raises(BadFileError):
        own.add(
            held,
            "acts.csv",
            (SAMPLES / "acts.csv").read_bytes() + b"2012,Atlantis,USA,call\n",
            WHEN,
            name="desk",
        )
    assert store.parts(held) == before


def test_what_a_record_lacks_is_unknown_unless_it_is_declared_complete(held: Store) -> None:
    add(held, "acts.csv", name="desk")
    with evidence.open_evidence(held) as ev:
        assert evidence.acts(ev, (811,), (2,)).height == 2
        assert evidence.known(ev, "acts", "letter", 811, 2).is_empty()
    add(held, "acts.csv", name="desk", complete=(1990, 2020))
    with evidence.open_evidence(held) as ev:
        assert evidence.known(ev, "acts", "letter", 811, 2).rows() == [(date(1990, 1, 1), date(2020, 12, 31))]
        assert evidence.known(ev, "acts", "letter", 2, 811).is_empty()
        assert evidence.known(ev, "acts", "visit", 811, 2).is_empty()
    with pytest.raises(UsageError):
        add(held, "acts.csv", name="desk", complete=(2020, 1990))


def test_a_record_can_be_taken_out(held: Store) -> None:
    add(held, "acts.csv")
    assert own.remove(held, "acts") == "own:acts"
    assert store.parts(held) == ()
    with pytest.raises(UnknownSourceError):
        own.remove(held, "acts")


@pytest.mark.parametrize("name", ["", "...", "é", "own:"])
def test_a_record_needs_a_name_that_can_be_typed(name: str) -> None:
    with pytest.raises(UsageError):
        own.named(name)


@pytest.mark.parametrize("table", ["acts", "ties"])
def test_the_template_can_be_added_as_it_is(table: Table) -> None:
    found, frame = own_rows.read("template.csv", own_kinds.template(table).encode())
    assert found == table
    assert frame.height == len(own_kinds.EXAMPLES[table])


def test_every_kind_has_a_code_a_field_and_a_weight_on_the_scale() -> None:
    for kind in own_kinds.KINDS.values():
        assert kind.code.isdecimal()
        assert kind.field in FIELDS
        assert -100 <= kind.force_tenths <= 100
