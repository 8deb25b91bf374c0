"""Rows that are kept of all pairs are those that would be worked out, and never those of other evidence."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from amity import states, store
from amity.catalog import polars_schema
from amity.dimensions import kept_rows, named, world
from amity.dimensions.observed import OBSERVED, pairs_of
from amity.evidence import open_evidence
from amity.store import computed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from amity.store import Store

THREE = tuple(states.find(name) for name in ("KHM", "USA", "VNM"))
ONE = pairs_of([(THREE[0], THREE[1])])
EVERY = pairs_of([(THREE[0], THREE[1]), (THREE[0], THREE[2]), (THREE[1], THREE[2])])


def put(held: Store, source: str, table: str, rows: Sequence[dict[str, Any]], kind: str) -> None:
    """Load rows of one table under a source that speaks of everybody since 1946."""
    said = {"table": table, "kind": kind, "start": date(1946, 1, 1), "end": date(2010, 12, 31)}
    frames = {
        name: pl.DataFrame(told, schema=polars_schema(name))
        for name, told in ((table, rows), ("coverage", [said]))
    }
    store.replace(held, source, {}, frames, [])


def dispute(year: int, of: int, with_: int) -> dict[str, Any]:
    return {"kind": "dispute", "ccode_from": of, "ccode_to": with_, "start": date(year, 5, 1),
            "start_precision": "day", "end": date(year, 9, 1), "began": "began", "ref": f"{year}"}  # fmt: skip


def traded(year: int, of: int, with_: int, value: float) -> dict[str, Any]:
    return {"kind": "trade_smoothed", "ccode_from": of, "ccode_to": with_, "start": date(year, 1, 1),
            "end": date(year, 12, 31), "value": value}  # fmt: skip


@pytest.fixture
def held(tmp_path: Path) -> Store:
    """A store of disputes, and of trade one way and the other."""
    made = store.open_store(tmp_path)
    put(made, "gml_mid", "ties", [dispute(1965, 2, 816), dispute(1975, 2, 811)], "dispute")
    ways = [(2, 811, 3e7), (811, 2, 9e7), (2, 816, 4e9), (816, 2, 7e8), (811, 816, 5e6), (816, 811, 2e8)]
    goods = [traded(year, *way) for year in range(1990, 2009) for way in ways]
    put(made, "cow_trade", "figures", goods, "trade_smoothed")
    return made


def observed(held: Store, name: str, pairs: pl.DataFrame = EVERY) -> pl.DataFrame:
    with open_evidence(held) as ev:
        return named(name).observe(ev, pairs).sort("ccode1", "ccode2", "item", "source", "side", "month")


def marked(held: Store) -> None:
    """Keep, under the key of the store as it is now, a row that nobody would work out."""
    row = {"ccode1": 2, "ccode2": 811, "month": date(2001, 2, 1), "item": "marked"}
    computed.keep(
        held,
        "observed_tone",
        kept_rows.made_from(held, store.parts(held)),
        pl.DataFrame([row], schema=OBSERVED),
    )


def test_what_is_kept_of_pairs_is_what_would_be_worked_out(held: Store) -> None:
    before = {name: observed(held, name) for name in kept_rows.KEPT}
    with open_evidence(held) as ev:
        kept_rows.keep(ev)
    assert len([*(held.root / "computed").glob("observed_*")]) == 2
    for name, rows in before.items():
        assert rows.height > 50
        assert observed(held, name).equals(rows)
        assert observed(held, name, ONE).equals(rows.filter(ccode1=2, ccode2=811))


def test_a_pair_is_read_from_what_is_kept(held: Store) -> None:
    marked(held)
    assert observed(held, "tone", ONE)["item"].to_list() == ["marked"]
    assert observed(held, "tone", pairs_of([(THREE[1], THREE[2])])).is_empty()


def test_rows_made_of_other_evidence_are_not_read(held: Store) -> None:
    marked(held)
    put(held, "cow_mid", "ties", [dispute(1969, 2, 811)], "dispute")
    assert "marked" not in observed(held, "tone", ONE)["item"]


def test_rows_of_an_earlier_year_are_not_read(held: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    marked(held)
    later = SimpleNamespace(today=lambda: date(date.today().year + 1, 1, 1))  # noqa: DTZ011
    monkeypatch.setattr(kept_rows, "date", later)
    assert "marked" not in observed(held, "tone", ONE)["item"]


def test_rows_by_other_code_are_not_read(held: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    marked(held)
    monkeypatch.setattr(kept_rows, "code", lambda: "another release")
    assert "marked" not in observed(held, "tone", ONE)["item"]


def test_votes_change_nothing_of_what_is_kept(held: Store) -> None:
    before = kept_rows.made_from(held, store.parts(held))
    voted = pl.DataFrame([{"ccode": 2, "vote": "yes", "item": "r"}], schema=polars_schema("votes"))
    store.replace(held, "unga_votes", {}, {"votes": voted}, [])
    assert kept_rows.made_from(held, store.parts(held)) == before


def test_rows_are_not_read_by_who_has_the_evidence_that_was_loaded_while_they_were_made(held: Store) -> None:
    with open_evidence(held) as ev:
        put(held, "gml_mid", "ties", [dispute(1969, 2, 811)], "dispute")
        kept_rows.keep(ev)
        assert named("tone").observe(ev, ONE).filter(pl.col("y") > 0)["month"].dt.year().to_list() == [1975]
    assert observed(held, "tone", ONE).filter(pl.col("y") > 0)["month"].dt.year().to_list() == [1969]


def test_the_panel_of_the_world_keeps_what_it_is_made_of(
    held: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (kept_rows, world):
        monkeypatch.setattr(module, "pairs_of", lambda: EVERY)
    with open_evidence(held) as ev:
        panel = pl.concat(world.panel_parts(ev))
        assert len([*(held.root / "computed").glob("observed_*")]) == 2
        assert pl.concat(world.panel_parts(ev)).equals(panel)
