"""Pair-months follow their events: counted once, again where something changed, and known to be behind until then."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest
from tests.evidence import counted

from amity import cameo
from amity.catalog import polars_schema
from amity.errors import UnknownValueError
from amity.evidence import months, open_evidence, reports
from amity.store import batches, choices, open_store, parts, replace, verify

if TYPE_CHECKING:
    from pathlib import Path

    from amity.store import Store

COLUMNS = list(polars_schema("events"))
EVENTS = counted.events(3000, seed=21, sources=("own:desk",)).with_columns(
    pl.col("code").str.slice(0, 2) + "0", source=pl.lit("own:desk")
)
"""Codes of the real table: the first of each root."""
NEITHER = (
    pl.col("ccode_from").is_null()
    | pl.col("ccode_to").is_null()
    | (pl.col("ccode_from") == pl.col("ccode_to"))
)


@pytest.fixture
def held(tmp_path: Path) -> Store:
    """A store with one source of events over two years, not counted yet."""
    made = open_store(tmp_path / "home")
    load(made, EVENTS)
    return made


def load(held: Store, events: pl.DataFrame) -> None:
    volumes = counted.volumes(events.with_columns(source=pl.lit("own:desk")))
    tables = {"events": events.select(COLUMNS), "volumes": volumes.drop("source")}
    replace(held, "own:desk", {}, tables, [])


def put(held: Store, batch: str, events: pl.DataFrame) -> None:
    """A batch of a streamed source, in place of the earlier one of its name."""
    volumes = counted.volumes(events).drop("source")
    made = [
        batches.Made("events", events.select(COLUMNS), batch, date(2018, 3, 1), events["date"].min(), events["date"].max()),
        batches.Made("volumes", volumes, batch, date(2018, 3, 1), volumes["month"].min(), volumes["month"].max()),
    ]  # fmt: skip
    gone = batches.batch_parts(held, "gdelt1", batch=batch)
    batches.put_batch(held, "gdelt1", [batches.write_part(held, "gdelt1", one) for one in made], [], gone)


def stored(held: Store, source: str = "own:desk") -> pl.DataFrame:
    paths = [part.path for part in parts(held, "pair_months", source)]
    return pl.concat(pl.read_parquet(path) for path in paths) if paths else pl.DataFrame()


def of(events: pl.DataFrame, roles: tuple[str, ...] = cameo.STATE_ROLES) -> pl.DataFrame:
    """What plain Python makes of events, with the real classes."""
    return counted.oracle(events, roles, cameo.classes()).drop("source")


def same(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    keys = list(polars_schema("pair_months"))[:7]
    return one.sort(keys).equals(other.sort(keys))


def test_each_year_is_a_part_sorted_by_pair_and_month(held: Store) -> None:
    done = months.refresh(held)
    assert [(one.source, one.year) for one in done] == [("own:desk", 2017), ("own:desk", 2018)]
    assert sum(one.rows for one in done) == stored(held).height > 500
    assert same(stored(held), of(EVENTS))
    for part in parts(held, "pair_months"):
        rows = pl.read_parquet(part.path)
        assert rows["month"].dt.year().n_unique() == 1
        assert rows.equals(rows.sort("ccode_from", "ccode_to", "month", "scope", "field", "quad", "code"))
    assert verify(held) == ()


def test_nothing_is_counted_twice(held: Store) -> None:
    months.refresh(held)
    before = [part.path for part in parts(held)]
    assert months.refresh(held) == ()
    assert [part.path for part in parts(held)] == before
    assert not (held.root / months.SCRATCH).exists()


def test_events_that_change_are_counted_again_and_only_those(held: Store) -> None:
    put(held, "20180301", EVENTS.filter(pl.col("date") >= date(2018, 1, 1)))
    months.refresh(held)
    load(held, EVENTS.head(1000))
    assert [(year.source, year.year) for year in months.behind(held)] == [
        ("own:desk", 2017),
        ("own:desk", 2018),
    ]
    assert {one.source for one in months.refresh(held)} == {"own:desk"}
    assert same(stored(held), of(EVENTS.head(1000)))
    assert months.behind(held) == ()


def test_batches_of_a_source_are_counted_as_one(held: Store) -> None:
    """Split in two by rows, so that days lie in both: incidents are those of the day, not of the batch."""
    put(held, "a", EVENTS.gather_every(2))
    put(held, "b", EVENTS.gather_every(2, 1))
    months.refresh(held, "gdelt1")
    assert same(stored(held, "gdelt1"), of(EVENTS))
    assert stored(held).is_empty()
    put(held, "b", EVENTS.gather_every(2, 1).filter(pl.col("date") < date(2018, 1, 1)))
    assert {one.year for one in months.refresh(held, "gdelt1")} == {2017, 2018}
    put(held, "c", EVENTS.filter(pl.col("date").is_between(date(2018, 2, 1), date(2018, 2, 5))))
    assert {one.year for one in months.refresh(held, "gdelt1")} == {2018}


def test_a_year_whose_events_are_gone_has_no_pair_months(held: Store) -> None:
    put(held, "a", EVENTS)
    months.refresh(held)
    load(held, EVENTS.filter(pl.col("date") < date(2018, 1, 1)))
    put(held, "a", EVENTS.filter(pl.col("date") >= date(2018, 1, 1)))
    gone = [(one.source, one.year) for one in months.refresh(held) if one.rows == 0]
    assert gone == [("gdelt1", 2017), ("own:desk", 2018)]
    assert stored(held, "gdelt1")["month"].dt.year().unique().to_list() == [2018]
    replace(held, "own:desk", {}, {}, [])
    assert [(one.source, one.rows) for one in months.refresh(held)] == [("own:desk", 0)]
    assert stored(held).is_empty()


def test_a_count_that_was_killed_is_known_and_mended(held: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = batches.replace_derived
    monkeypatch.setattr(batches, "replace_derived", killed_after(1, keep))
    with pytest.raises(KeyboardInterrupt):
        months.refresh(held)
    monkeypatch.setattr(batches, "replace_derived", keep)
    (held.root / months.SCRATCH).mkdir()
    (held.root / months.SCRATCH / "left").touch()
    assert [year.year for year in months.behind(held)] == [2018]
    assert [one.year for one in months.refresh(held)] == [2018]
    assert same(stored(held), of(EVENTS))
    assert not (held.root / months.SCRATCH).exists()


def killed_after(times: int, done: object) -> object:
    left = [times]

    def call(*words: object) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        done(*words)  # pyright: ignore[reportCallIssue]

    return call


def test_which_roles_count_as_the_state_is_a_choice_that_lasts(held: Store) -> None:
    months.refresh(held)
    assert months.roles_of(held) == cameo.STATE_ROLES
    months.refresh(held, state_roles=["OPP", "GOV"])
    assert months.roles_of(held) == ("GOV", "OPP")
    assert same(stored(held), of(EVENTS, ("GOV", "OPP")))
    assert months.refresh(held) == ()
    assert months.refresh(held, state_roles=["GOV", "OPP"]) == ()
    with pytest.raises(UnknownValueError):
        months.refresh(held, state_roles=["KING"])
    months.refresh(held, state_roles=[])
    assert same(stored(held).filter(scope="state"), of(EVENTS, ()).filter(scope="state"))


def test_another_cameo_table_makes_every_count_stale(held: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    months.refresh(held)
    monkeypatch.setattr(months, "_meanings", lambda: "other weights")
    assert len(months.behind(held)) == 2


def test_a_store_without_events_has_nothing_to_count(tmp_path: Path) -> None:
    empty = open_store(tmp_path / "none")
    assert months.refresh(empty) == ()
    assert not (tmp_path / "none").exists()
    assert choices.remembered(empty, "anything") is None


def test_single_events_are_those_of_the_days_and_sides_asked_for(held: Store) -> None:
    put(held, "a", EVENTS.filter(pl.col("date") < date(2017, 12, 20)))
    put(held, "b", EVENTS.filter(pl.col("date") >= date(2017, 12, 20)))
    with open_evidence(held) as ev:
        rows = reports.events(ev, (2,), (710, 811), date(2017, 12, 1), date(2017, 12, 31), source="gdelt1")
        both = reports.events(ev, (2,), (710, 811), date(2017, 12, 1), date(2017, 12, 31))
    asked = EVENTS.filter(
        pl.col("date").is_between(date(2017, 12, 1), date(2017, 12, 31)),
        pl.col("ccode_to").is_in([710, 811]),
        ccode_from=2,
    )
    assert rows.drop("source").equals(asked.select(COLUMNS).sort("date", "ref"))
    assert both["source"].value_counts(sort=True)["count"].to_list() == [asked.height, asked.height]


@pytest.mark.parametrize("scope", ["country", "state"])
def test_the_most_reported_events_of_a_month_come_first(held: Store, scope: str) -> None:
    loud = EVENTS.with_columns(
        articles=pl.when(pl.col("code") > "15").then(None).otherwise(pl.int_range(EVENTS.height) % 97)
    )
    load(held, loud.with_columns(pl.col("articles").cast(pl.Int32)))
    with open_evidence(held) as ev:
        rows = reports.top_events(ev, (2,), (710,), date(2018, 1, 17), 12, scope=scope)
        every = reports.top_events(ev, (2,), (710,), date(2018, 1, 17), 10**6, scope=scope)
    assert rows.height == 12
    assert rows["articles"].is_sorted(descending=True)
    assert rows.equals(every.head(12))
    assert every["articles"][-1] is None
    assert {(2, 710, "a to b"), (710, 2, "b to a")} == set(
        every.select("ccode_from", "ccode_to", "direction").iter_rows()
    )
    assert every["date"].min() >= date(2018, 1, 1)
    assert every["date"].max() <= date(2018, 1, 31)
    roles = {*every["role_from"], *every["role_to"]}
    assert ("OPP" in roles) == (scope == "country")
    assert "MIL" in roles
