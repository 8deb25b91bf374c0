"""`amity whatif` as a person types it, over the starter pack."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import polars as pl
import pytest
from click.testing import CliRunner

from amity.cli.whatif import command, rival
from amity.errors import NoEvidenceError, UnknownStateError, UsageError
from amity.insight import response
from amity.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

ACT = ("--do", "2031-06 visit up")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def typed(settings: Settings, *words: str) -> str:
    return CliRunner().invoke(command, ["KHM", "USA", *words], obj=settings, catch_exceptions=False).output


def test_the_outlook_is_shown_with_what_it_rests_on(settings: Settings) -> None:
    said = typed(settings, *ACT)
    assert said.startswith("Cambodia and the United States")
    assert "2031-07" in said
    assert "2033-06" in said
    assert " cases in " in said
    assert "compared with similar moments" in said
    assert "caus" not in said


def test_without_an_act_nothing_changes(settings: Settings) -> None:
    said = typed(settings)
    assert "nothing changes" in said
    assert said.count("0.0 (0.0 to 0.0)") == 12


def test_the_order_of_the_two_states_changes_nothing_but_the_title(settings: Settings) -> None:
    other = CliRunner().invoke(command, ["USA", "KHM", *ACT], obj=settings, catch_exceptions=False).output
    assert other.splitlines()[1:] == typed(settings, *ACT).splitlines()[1:]


def test_a_programme_says_the_same_as_its_acts(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "acts.yaml"
    file.write_text("do:\n- month: 2031-06\n  act: visit up\n", encoding="utf-8")
    assert typed(settings, "--programme", str(file)) == typed(settings, *ACT)


def test_it_is_written_for_a_table_and_for_a_program(settings: Settings, tmp_path: Path) -> None:
    for name in ("out.csv", "out.json"):
        assert "48 rows" in typed(settings, *ACT, "--out", str(tmp_path / name))
    told = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert pl.read_csv(tmp_path / "out.csv").height == len(told["rows"]) == 48
    assert told["steps"] == [{"month": "2031-06-01", "name": "visit up"}]
    assert {one["dimension"] for one in told["behind"]} == {"tone", "engagement"}


def test_other_powers_are_spoken_of_where_they_make_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    told = replace(response.ask("threat"), contested_gap=-0.3, contested_error=0.1)
    gap = replace(response.contest("threat"), gap=(-0.5,) * 24, error=(0.2,) * 24)
    monkeypatch.setattr(response, "read", lambda: SimpleNamespace(contests=(gap,)))
    first, second = rival(told)
    assert "a rival of the acting power active −0.50 ± 0.39 sd a year on" in first
    assert "closer to the weaker side −0.30 ± 0.20 sd" in second
    unsure = replace(gap, error=(0.4,) * 24)
    monkeypatch.setattr(response, "read", lambda: SimpleNamespace(contests=(unsure,)))
    assert rival(replace(told, contested_gap=None)) == []


def test_what_cannot_be_said_is_refused(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(NoEvidenceError, match="dialogue"):
        typed(settings, "--do", "2031-06 dialogue")
    with pytest.raises(UsageError, match="no class of acts"):
        typed(settings, "--do", "2031-06 tea")
    with pytest.raises(UsageError, match="no later"):
        typed(settings, "--do", "1999-06 visit up")
    with pytest.raises(UsageError, match="no kind of file"):
        typed(settings, *ACT, "--out", str(tmp_path / "out.xlsx"))
    with pytest.raises(UnknownStateError):
        CliRunner().invoke(command, ["KHM", "Atlantis"], obj=settings, catch_exceptions=False)
