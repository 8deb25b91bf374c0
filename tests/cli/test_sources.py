"""`amity sources` as a person types it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from amity import ingest, sources
from amity.cli.sources import command
from amity.errors import UnknownSourceError
from amity.ingest import own
from amity.settings import Settings
from amity.store import open_store

SAMPLES = Path(__file__).parents[1] / "samples"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Travels in a pack, visits and a record of one's own in the store."""
    packed, held = open_store(tmp_path / "packed"), open_store(tmp_path / "store")
    ingest.load(packed, [SAMPLES / "us_travels"], partial=True, retrieved="2026-02-01T00:00:00Z")
    ingest.build_pack(packed, tmp_path / "pack")
    ingest.load(held, [SAMPLES / "us_visits"], partial=True, retrieved="2026-03-01T00:00:00Z")
    own.add(held, "desk.csv", (SAMPLES / "own" / "acts.csv").read_bytes(), "2026-03-01T00:00:00Z")
    return Settings(home=tmp_path / "store", packs=(tmp_path / "pack",))


def run(settings: Settings, *words: str) -> str:
    result = CliRunner().invoke(command, words, obj=settings, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_every_source_has_its_line_and_says_whether_it_is_held(settings: Settings) -> None:
    lines = run(settings).splitlines()
    told = {line.split()[0]: line.split()[1:] for line in lines[1:] if not line.startswith(" ")}
    assert list(told) == [*sources.ALL, *sources.STREAMED, "own:desk"]
    assert told["us_travels"][0] == "pack"
    assert told["us_travels"][3:] == ["2026-02-01", "yes", "CC0-1.0"]
    assert told["us_visits"][0] == "loaded"
    assert told["us_aid"][:2] == ["–", "–"]
    assert told["own:desk"] == ["loaded", "5", "–", "2026-03-01", "no", "own"]


def test_one_source_is_told_in_full(settings: Settings) -> None:
    for name in (*sources.ALL, *sources.STREAMED):
        about = sources.about(name)
        told = " ".join(run(settings, name).split())
        for said in (
            about.title,
            about.citation,
            about.licence.name,
            about.homepage,
            about.files,
            *about.oddities,
        ):
            assert " ".join(said.split()) in told
        for table in about.tables:
            assert table.coverage.zero in told


def test_a_record_of_ones_own_is_told_too(settings: Settings) -> None:
    told = run(settings, "own:desk")
    assert "5 acts" in told
    assert "never part of a pack" in told


def test_nothing_is_wider_than_a_hundred_columns(settings: Settings) -> None:
    for words in ((), *((name,) for name in sources.ALL)):
        assert max(map(len, run(settings, *words).splitlines())) <= 100


def test_an_unknown_source_is_refused_with_the_names(settings: Settings) -> None:
    with pytest.raises(UnknownSourceError, match="us_missions"):
        run(settings, "us_mission")
