"""Ideal points: the published rules and points, links, issues, and what is kept."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

import amity
from amity.errors import BadFileError, NoEvidenceError, UsageError
from amity.evidence import Evidence, items, open_evidence, votes
from amity.evidence.roll_calls import one_record
from amity.measures import NINETY, ideal_points, issues, kept_points, roll_call_links, roll_call_rules
from amity.measures.panel import panel
from amity.store import computed, open_store, replace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from amity.store import Store

ITEM_COLUMNS = ("item", "date", "session", "part", "title", "issues", "subjects", "important")


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    """The starter pack, which holds every roll call from 1946 to 2026."""
    home = tmp_path_factory.mktemp("home")
    with open_evidence(open_store(home, amity.open_store(home).packs)) as ev:
        yield ev


@pytest.fixture(scope="module")
def scholars(packed: Evidence) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Votes and roll calls of the scholars' record alone, 1946 to January 2020."""
    return tuple(part.filter(pl.col("source") == "unga_votes") for part in (votes(packed), items(packed)))  # type: ignore[return-value]


@pytest.fixture(scope="module")
def published(publisher_data: Path) -> pl.DataFrame:
    return pl.read_csv(publisher_data / "reference/unga_ideal_points_all_2020.csv", encoding="latin1")


@pytest.fixture(scope="module")
def links(publisher_data: Path) -> pl.DataFrame:
    return roll_call_links.published((publisher_data / "reference/unga_linked_resolutions.csv").read_bytes())


def beside(points: pl.DataFrame, published: pl.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    keys = {"ccode": pl.Int16, "session": pl.Int16}
    both = published.cast(keys).join(points, on=["ccode", "session"], how="left")
    assert both["point"].null_count() == 0
    return both["point"].to_numpy(), both["IdealPoint"].to_numpy(), both["session"].to_numpy()


def within(one: np.ndarray, other: np.ndarray, session: np.ndarray) -> list[float]:
    return [float(np.corrcoef(one[session == s], other[session == s])[0, 1]) for s in np.unique(session)]


@pytest.mark.publisher_data
def test_the_rules_give_the_published_votes_in_every_row(
    scholars, published: pl.DataFrame, links: pl.DataFrame
) -> None:
    calls, _ = ideal_points.laid_out(
        *scholars, roll_call_rules.ALL, links.filter(pl.col("item2").is_not_null())
    )
    in_order = published.sort("ccode", "session")
    assert int(calls.votes_of_seat.sum()) == 797_473
    assert len(calls.states) == 10_469
    assert calls.states.tolist() == in_order["ccode"].to_list()
    assert calls.sessions.tolist() == in_order["session"].to_list()
    assert calls.votes_of_seat.tolist() == in_order["NVotes"].to_list()


@pytest.mark.publisher_data
def test_the_published_links_make_the_published_items(scholars, links: pl.DataFrame) -> None:
    counted = roll_call_rules.apply(*scholars)
    of = roll_call_links.joined(scholars[1]["item"], links)
    told = counted.join(of, on="item").group_by("linked").agg(kinds=pl.col("vote").n_unique())
    assert told.filter(pl.col("kinds") > 1).height == 4_784


@pytest.mark.publisher_data
@pytest.mark.parametrize("linked", [True, False])
def test_the_fast_fit_is_near_the_published_points(scholars, published, links, linked: bool) -> None:
    told = ideal_points.fit(*scholars, links=links if linked else None)
    point, there, session = beside(told.points, published)
    each = within(point, there, session)
    assert np.corrcoef(point, there)[0, 1] >= 0.984
    assert np.median(each) >= 0.997
    assert min(each) >= 0.985
    width = (published["Q95%"] - published["Q5%"]).to_numpy() / (2 * NINETY)
    sd = published.cast({"ccode": pl.Int16, "session": pl.Int16}).join(told.points, on=["ccode", "session"])[
        "sd"
    ]
    assert 0.9 < np.median(sd.to_numpy() / width) < 1.1


@pytest.mark.publisher_data
def test_the_points_of_the_pack_order_states_as_the_published_ones_do(
    packed: Evidence, published: pl.DataFrame
) -> None:
    each = within(*beside(kept_points.of_store(packed).points, published))
    assert np.median(each) >= 0.997
    assert min(each) >= 0.985


def test_every_rule_leaves_out_what_it_says(scholars) -> None:
    every = roll_call_rules.apply(*scholars)
    without = {
        rule: roll_call_rules.apply(*scholars, [r for r in roll_call_rules.ALL if r != rule])
        for rule in roll_call_rules.ALL
    }
    more = {rule: rows.join(every, on=["item", "ccode"], how="anti") for rule, rows in without.items()}
    assert set(more["no session 19"]["session"]) == {19}
    assert set(more["no Zanzibar"]["ccode"]) == {roll_call_rules.ZANZIBAR}
    assert more["South Africa from 49"].select("ccode", "session").unique().rows() == [(560, 48)]
    parts = more["whole after 1989"].join(scholars[1].select("item", "part", "date"), on="item")
    assert "whole" not in set(parts["part"])
    assert parts["date"].min() >= date(1990, 1, 1)
    today = without[roll_call_rules.JANUARY].filter(pl.col("session") == 45)
    assert 255 in set(today["ccode"])
    assert 260 in set(every.filter(pl.col("session") == 45)["ccode"])
    with pytest.raises(UsageError, match="no rule"):
        roll_call_rules.apply(*scholars, ["be kind"])


def test_links_reach_through_a_roll_call_that_nobody_has() -> None:
    pairs = roll_call_links.published(b"v1,rcid1,rcid2\n1,10,99\n2,99,12\n")
    assert roll_call_links.joined(["rcid:10", "rcid:11", "rcid:12"], pairs)["linked"].to_list() == [
        "rcid:10",
        "rcid:11",
        "rcid:10",
    ]
    with pytest.raises(BadFileError, match="not a list"):
        roll_call_links.published(b"a,b\n1,2\n")


def test_titles_link_the_same_resolution_a_session_later_and_nothing_else() -> None:
    rows = [("a", 74, "whole", "The Syrian Golan"), ("b", 75, "whole", "THE SYRIAN GOLAN : resolution / adopted"),
            ("c", 77, "whole", "The Syrian Golan"), ("d", 75, "whole", "Jerusalem"), ("e", 76, "whole", "Jerusalem"),
            ("f", 76, "whole", "Jerusalem"), ("g", 75, "paragraph", "Jerusalem"), ("h", 60, "whole", "Oceans"),
            ("i", 61, "whole", "Oceans"), ("j", 75, "whole", None), ("k", 76, "whole", None)]  # fmt: skip
    frame = pl.DataFrame(rows, schema=["item", "session", "part", "title"], orient="row")
    assert roll_call_links.by_title(frame).rows() == [("a", "b")]
    assert roll_call_links.by_title(frame, since=60).rows() == [("a", "b"), ("h", "i")]


def test_the_subjects_of_the_un_continue_the_coders_issues(packed: Evidence) -> None:
    """On the resolutions that both describe, the mapped subjects find most of what the coders coded."""
    every = items(packed)
    number = pl.col("symbol").str.extract(r"74/([0-9]+ ?[A-Z]?)$").str.replace(" ", "")
    coded = every.filter(pl.col("source") == "unga_votes", pl.col("session") == 74).select(
        "issues", number=number
    )
    indexed = every.filter(pl.col("source") == "unga_resolutions", pl.col("session") == 74).with_columns(
        number=number
    )
    both = indexed.drop("issues").join(coded, on="number").with_columns(bare=pl.lit(None, dtype=pl.String))
    assert both.height > 80
    for code in (
        "me",
        "nu",
        "di",
        "hr",
    ):  # co and ec stand on other resolutions in session 74: see unga_votes
        told = set(both.filter(pl.col("issues").str.split("|").list.contains(code))["item"])
        found = set(issues.about(both.with_columns(issues="bare"), code)["item"])
        assert len(told & found) / len(told) > 0.7, code
        assert len(told & found) / len(found) > 0.5, code


def test_an_issue_that_no_roll_call_bears_is_refused(packed: Evidence) -> None:
    with pytest.raises(UsageError, match="no roll call is about"):
        issues.about(items(packed), "gardening")


def test_votes_read_as_numbers_are_laid_out_as_the_same_votes_read_as_text(packed: Evidence) -> None:
    by_number, once = kept_points.record(packed)
    _, text = one_record(items(packed), votes(packed))
    asked = ideal_points.asked_for(once, None, 1985, 1992)
    one, names = ideal_points.laid_out(by_number, asked, roll_call_rules.ALL, None)
    other, others = ideal_points.laid_out(text, asked, roll_call_rules.ALL, None)
    assert names == others
    for field in fields(one):
        assert np.array_equal(getattr(one, field.name), getattr(other, field.name)), field.name


def test_points_by_issue_see_only_that_issue(packed: Evidence) -> None:
    cast, frame = kept_points.record(packed)
    rights = ideal_points.asked_for(frame, "hr", 1980, 1995)
    told = ideal_points.fit(cast, rights)
    assert set(told.points["session"]) <= set(range(35, 51))
    assert (
        told.points["n"].max() <= rights.filter(pl.col("session") < 60).group_by("session").len()["len"].max()
    )
    here = told.points.filter(ccode=2)["point"]
    assert here.mean() > 1


def test_votes_unseen_are_foretold_by_the_points_of_those_who_cast_them(packed: Evidence) -> None:
    calls, cast = one_record(items(packed), votes(packed))
    calls = ideal_points.asked_for(calls, start=1983, end=1986)
    cast = cast.join(calls.select("item"), on="item", how="semi").filter(pl.col("vote") != "absent")
    unseen = cast.filter(pl.struct("item", "ccode").hash(4) % 20 == 0)
    known = cast.join(unseen, on=["item", "ccode"], how="anti")
    told = ideal_points.foretell(known, calls, unseen)
    both = told.join(unseen.with_columns(pl.col("vote").cast(pl.String)), on=["item", "ccode"])
    assert 0.9 * len(unseen) < len(both) <= len(unseen)
    assert (told["yes"] + told["abstain"] + told["no"] - 1).abs().max() < 1e-9
    chance = pl.coalesce(
        pl.when(pl.col("vote") == kind).then(pl.col(kind)) for kind in ("yes", "abstain", "no")
    )
    knowing_only_how_often = both["vote"].value_counts()["count"].entropy(normalize=True)
    assert -both.select(chance.log().mean()).item() < 0.6 * knowing_only_how_often


def test_a_difference_is_sure_where_a_movement_is_less_so(packed: Evidence) -> None:
    told = kept_points.of_store(packed)
    apart, sd = told.difference(2, 811, 74)
    here = {c: told.points.filter(ccode=c, session=74).row(0, named=True) for c in (2, 811)}
    assert apart == pytest.approx(here[2]["point"] - here[811]["point"])
    assert sd < 1.1 * (here[2]["sd"] + here[811]["sd"])
    moved, moved_sd = told.movement(811, 60, 74)
    assert moved_sd > 0
    assert told.movement(811, 74, 60) == pytest.approx((-moved, moved_sd))
    with pytest.raises(NoEvidenceError, match="no ideal point"):
        told.difference(2, 9999, 74)


def test_the_panel_says_what_the_points_say(packed: Evidence) -> None:
    told = kept_points.of_store(packed)
    rows = panel(packed, [(811, 2), (2, 811)], "dyad-year", (date(2018, 1, 1), date(2019, 12, 31)),
                 only=["ideal_point1", "ideal_distance", "ideal_distance_sd"])  # fmt: skip
    row = rows.filter(ccode1=811, ccode2=2, year=2019).row(0, named=True)
    apart, sd = told.difference(811, 2, 74)
    assert row["ideal_distance"] == pytest.approx(abs(apart), rel=1e-5)
    assert row["ideal_distance_sd"] == pytest.approx(sd, rel=1e-5)
    assert row["ideal_point1"] == pytest.approx(
        told.points.filter(ccode=811, session=74)["point"][0], rel=1e-5
    )


def test_a_month_has_the_point_of_the_session_running_in_it(packed: Evidence) -> None:
    rows = panel(
        packed, [(811, 2)], "dyad-month", (date(2018, 8, 1), date(2018, 9, 30)), only=["ideal_point1"]
    )
    told = kept_points.of_store(packed).points.filter(ccode=811)
    expected = [told.filter(session=session)["point"][0] for session in (72, 73)]
    assert rows.filter(ccode1=811).sort("month")["ideal_point1"].to_list() == pytest.approx(
        expected, rel=1e-5
    )


@pytest.fixture
def own(tmp_path: Path) -> Store:
    """A store with six small roll calls of its own."""
    held = open_store(tmp_path)
    put(held, "no")
    return held


def put(held: Store, last: str) -> None:
    from amity.catalog import polars_schema

    names = [f"r{n}" for n in range(6)]
    rows = [
        {
            "item": name,
            "date": date(1980, 11, 1),
            "precision": "day",
            "session": 35,
            "part": "whole",
            "ref": name,
        }
        for name in names
    ]
    cast = [{"item": name, "ccode": ccode, "vote": "no" if n + place > 4 else "yes"} for n, name in enumerate(names)
            for place, ccode in enumerate((811, 365, 20, 2))]  # fmt: skip
    cast[-1]["vote"] = last
    tables = {"items": rows, "votes": cast, "coverage": [], "review": []}
    replace(
        held,
        "unga_votes",
        {},
        {name: pl.DataFrame(r, schema=polars_schema(name)) for name, r in tables.items()},
        [],
    )


def test_points_are_kept_until_the_votes_change(own: Store) -> None:
    fits: list[int] = []
    with open_evidence(own) as ev:
        first = kept_points.of_store(ev, made=lambda: fits.append(1))
        again = kept_points.of_store(ev, made=lambda: fits.append(2))
    assert fits == [1]
    assert again.points.equals(first.points)
    assert first.points.sort("point")["ccode"].to_list() == [811, 365, 20, 2]
    put(own, "abstain")
    with open_evidence(own) as ev:
        kept_points.of_store(ev, made=lambda: fits.append(3))
    assert fits == [1, 3]
    assert len(list((own.root / computed.FOLDER).glob("ideal_points-*.parquet"))) == 1, (
        "the old ones are gone"
    )


@pytest.mark.usefixtures("nothing_is_kept")
def test_points_of_a_store_that_may_not_be_written_are_fitted_all_the_same(own: Store) -> None:
    with open_evidence(own) as ev:
        assert kept_points.of_store(ev).points["ccode"].n_unique() == 4
    assert not (own.root / computed.FOLDER).exists()


def test_without_votes_there_are_no_points(tmp_path: Path) -> None:
    with open_evidence(open_store(tmp_path)) as ev, pytest.raises(NoEvidenceError, match="no votes"):
        kept_points.of_store(ev)
