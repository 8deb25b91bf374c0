"""`amity load` and `amity build-pack` as a person types them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from amity import store
from amity.cli import build_pack, load
from amity.dimensions import kept_rows
from amity.errors import UnknownSourceError, UsageError
from amity.settings import Settings
from amity.store import computed

SAMPLES = Path(__file__).parents[1] / "samples"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "store", packs=())


def run(settings: Settings, *words: str) -> str:
    result = CliRunner().invoke(load.command, words, obj=settings, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_it_says_what_became_of_each_source(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    words = (
        str(SAMPLES / "us_visits"),
        str(SAMPLES / "us_missions"),
        str(tmp_path / "notes.txt"),
        "--partial",
    )
    told = run(settings, *words).splitlines()
    assert [line.split()[:4] for line in told[:2]] == [
        ["us_missions", "loaded", "4", "files"],
        ["us_visits", "loaded", "4", "files"],
    ]
    assert told[2] == "passed over, of no source that amity knows: notes.txt"
    assert "as before" in run(settings, *words)


def test_where_much_is_loaded_the_rows_of_all_pairs_are_kept(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = (str(SAMPLES / "us_visits"), str(SAMPLES / "us_missions"), "--partial")
    kept = settings.home / computed.FOLDER
    run(settings, *words)
    assert not list(kept.glob("observed_*"))
    monkeypatch.setattr(kept_rows, "MUCH", 1)
    assert "working out what is observed of all pairs" in run(settings, *words)
    assert len(list(kept.glob("observed_*"))) == len(kept_rows.KEPT)
    assert "working out" not in run(settings, *words)


def test_the_day_of_retrieval_can_be_said(settings: Settings) -> None:
    run(settings, str(SAMPLES / "us_visits"), "--partial", "--retrieved", "2026-03-01")
    receipts = store.receipts(store.open_store(settings.home))
    assert {one.retrieved for one in receipts} == {"2026-03-01T00:00:00Z"}


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "1.3.2026"])
def test_a_day_that_is_none_is_refused(settings: Settings, day: str) -> None:
    with pytest.raises(UsageError, match="is no date"):
        run(settings, str(SAMPLES), "--retrieved", day)


def test_many_unknown_files_are_counted(settings: Settings, tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"{number}.txt").touch()
    told = run(settings, str(SAMPLES / "us_visits"), str(tmp_path), "--partial")
    assert told.endswith("0.txt, 1.txt, 2.txt, 3.txt, 4.txt and 3 more\n")


def test_a_pack_is_made_of_what_was_loaded(settings: Settings, tmp_path: Path) -> None:
    run(settings, str(SAMPLES / "us_visits"), "--partial")
    result = CliRunner().invoke(
        build_pack.command, [str(tmp_path / "pack")], obj=settings, catch_exceptions=False
    )
    assert result.exit_code == 0
    assert result.output.startswith("us_visits ")
    assert (tmp_path / "pack" / "manifest.json").exists()


def test_one_file_that_no_source_knows_is_called_by_its_name(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UnknownSourceError, match=r"^.*notes.txt belongs to no source"):
        run(settings, str(tmp_path / "notes.txt"))
    (tmp_path / "more.txt").write_text("mine")
    with pytest.raises(UnknownSourceError, match="none of 2 files"):
        run(settings, str(tmp_path))
