"""`amity verify` as a person types it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from amity import ingest
from amity.cli.verify import command
from amity.errors import StoreError
from amity.settings import Settings
from amity.store import open_store

SAMPLES = Path(__file__).parents[1] / "samples"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path / "store", packs=())
    ingest.load(open_store(settings.home), [SAMPLES / "us_visits"], partial=True)
    return settings


def test_a_sound_store_is_whole(settings: Settings) -> None:
    result = CliRunner().invoke(command, obj=settings)
    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == "whole"
    assert "  4 publishers' files, " in result.output


def test_no_store_at_all_is_whole(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, obj=Settings(home=tmp_path / "none", packs=()))
    assert result.exit_code == 0
    assert not (tmp_path / "none").exists()


def test_what_a_stopped_writer_left_is_harmless(settings: Settings) -> None:
    (settings.home / "parts" / ".tmp-1").write_bytes(b"half")
    result = CliRunner().invoke(command, obj=settings)
    assert result.exit_code == 0
    assert "1 file left by a writer that was stopped: harmless" in result.output


def test_harm_is_named_with_the_cure(settings: Settings) -> None:
    next((settings.home / "raw").iterdir()).unlink()
    result = CliRunner().invoke(command, obj=settings)
    assert isinstance(result.exception, StoreError)
    assert result.exception.what.startswith("1 thing wrong in ")
    assert "amity pull us_visits" in result.exception.mend
    assert "the publisher's file is missing" in result.output
