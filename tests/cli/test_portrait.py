"""`amity portrait` as a person types it, on the starter pack."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from amity import portrait
from amity.cli import screen
from amity.cli.portrait import command
from amity.engine import ready
from amity.errors import UnknownStateError, UsageError
from amity.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


def typed(home: Path, *words: str) -> Result:
    return CliRunner().invoke(command, words, obj=Settings(home=home / "home"), catch_exceptions=False)


def test_a_portrait_is_shown_and_written(tmp_path: Path) -> None:
    out = tmp_path / "khm.json"
    said = typed(tmp_path, "KHM", "--between", "USA", "CHN", "--month", "2018-12", "--out", str(out))
    assert "Cambodia, December 2018" in said.stdout
    assert f"Written: {out}" in said.stdout
    assert "Between the United States and China" in said.stdout
    kept = json.loads(out.read_text(encoding="utf-8"))
    usa = next(tie for tie in kept["ties"] if tie["iso3c"] == "USA")
    assert usa["engagement"]["low"] < usa["engagement"]["value"] < usa["engagement"]["high"]
    assert usa["met_known"]
    assert kept["between"]["domains"][0]["name"] == "votes"
    assert any(source["id"] == "unga_votes" for source in kept["sources"])


def test_a_portrait_fits_a_narrow_screen(tmp_path: Path) -> None:
    words = ("KHM", "--between", "USA", "CHN", "--month", "2018-12")
    wide, narrow = (
        CliRunner(env={"COLUMNS": str(n)}).invoke(command, words, obj=Settings(home=tmp_path / "home")).stdout
        for n in (100, 80)
    )
    assert max(map(len, narrow.splitlines())) <= 80 < max(map(len, wide.splitlines())) <= 100
    assert ("last visit*" in wide, "last visit*" in narrow) == (True, False)


def test_only_the_first_portrait_on_a_machine_says_that_it_takes_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for compiled, said in ((True, ""), (False, screen.PREPARING + "\n")):
        monkeypatch.setattr(ready, "ready", lambda compiled=compiled: compiled)
        assert typed(tmp_path, "NRU", "--month", "2018-12").stderr == said


def test_what_cannot_be_drawn_is_refused_before_anything_is_worked_out(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="format of a portrait"):
        typed(tmp_path, "KHM", "--out", "portrait.docx")
    with pytest.raises(UsageError, match="as a power"):
        typed(tmp_path, "KHM", "--between", "USA", "Cambodia")
    with pytest.raises(UnknownStateError):
        typed(tmp_path, "Atlantis")
    with pytest.raises(UsageError, match="no month"):
        typed(tmp_path, "KHM", "--month", "lately")
    with pytest.raises(UsageError, match="no date"):
        portrait("KHM", month="2009-12")  # pyright: ignore[reportArgumentType]


def test_a_state_that_was_not_there_has_no_portrait_of_the_month(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no other state in January 1990") as refused:
        typed(tmp_path, "SSD", "--month", "1990-01")
    assert "July 2011" in refused.value.mend
    with pytest.raises(UsageError, match="January 2030"):
        typed(tmp_path, "KHM", "--month", "2030-01")
