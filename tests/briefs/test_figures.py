"""Figures of trade, arms and other donors' aid beside those that a brief and a panel show."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from polars.testing import assert_frame_equal

from amity import evidence, ingest
from amity.briefs import terminal, words
from amity.briefs.ask import ask
from amity.store import open_store

if TYPE_CHECKING:
    from amity.briefs.answer import Brief
    from amity.evidence.dyads import Grain
    from amity.store import Store

SAMPLES = Path(__file__).parents[1] / "samples"
OTHERS = ("oecd_aid", "chinese_finance", "cow_trade", "imf_dots", "sipri_tiv")


def stored(folder: Path, *sources: str) -> Store:
    made = open_store(folder)
    ingest.load(made, [SAMPLES / name for name in sources], partial=True, retrieved="2026-03-01T00:00:00Z")
    return made


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return stored(tmp_path_factory.mktemp("plain"), "us_aid", "us_visits", "unga_votes")


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return stored(tmp_path_factory.mktemp("full"), "us_aid", "us_visits", "unga_votes", *OTHERS)


def test_trade_and_arms_move_the_estimates_of_a_brief_and_nothing_else(plain: Store, full: Store) -> None:
    one, other = (ask(held, "KHM", "USA", third="CHN") for held in (plain, full))
    assert one.state
    assert other.state
    assert one.state.line("engagement") != other.state.line("engagement")
    assert one.state.line("alignment") == other.state.line("alignment")
    assert record_of(one) == record_of(other)


def record_of(brief: Brief) -> Brief:
    """A brief without what the estimates say, and without the works that they rest on."""
    said = replace(brief, state=None, headline=brief.headline[1:], sources=(), limits=())
    return replace(said, between=None, programmes=(), ledger=None)


def test_where_only_trade_is_known_aid_is_unknown_and_not_none(tmp_path: Path) -> None:
    held = stored(tmp_path, "unga_votes", "cow_trade", "sipri_tiv", "chinese_finance")
    brief = ask(held, "KHM", "CHN")
    assert "aid" in words.absent(brief)
    assert terminal.aid(brief, 1990, 1) == terminal.aid(replace(brief, reach=()), 1990, 1) == terminal.UNKNOWN
    assert not {"cow_trade", "sipri_tiv", "chinese_finance"} & {reach.source for reach in brief.reach}
    assert "sipri_tiv" in {source.id for source in brief.sources}, "the estimate of engagement rests on it"


@pytest.mark.parametrize("grain", ["dyad-year", "dyad-month"])
def test_aid_in_a_panel_is_the_united_states_own_and_is_summed_with_no_other(
    plain: Store, full: Store, grain: Grain
) -> None:
    pairs = [(2, 811), (710, 811), (2, 817)]
    with evidence.open_evidence(plain) as alone, evidence.open_evidence(full) as beside:
        one, other = (evidence.panel(ev, pairs, grain) for ev in (alone, beside))
    assert one["aid_obligated_1to2"].drop_nulls().sum() > 0
    assert_frame_equal(one, other)
