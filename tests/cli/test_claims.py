"""`amity claims` as a person types it, on the starter pack."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from amity.cli.claims import command
from amity.errors import AmityError, UnknownStateError, UsageError
from amity.settings import Settings

EXAMPLE = Path(__file__).parents[2] / "examples" / "khm-usa.yaml"
FORM = """
who: KHM
whom: USA
statements:
  - says: Relations were severed twice, | as they say.
    measure: severed
    direction: exactly
    times: 2
  - says: Relations were severed three times.
    measure: severed
    direction: exactly
    times: 3
    period: [1954, 2008]
  - says: They were strained.
    measure: tone
    direction: low
    period: [2017, 2020]
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "store")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "claims.yaml"
    path.write_text(FORM, encoding="utf-8")
    return path


def run(settings: Settings, *words: str) -> str:
    result = CliRunner().invoke(command, words, obj=settings, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_each_statement_comes_back_with_verdict_figure_and_n(settings: Settings, file: Path) -> None:
    lines = run(settings, str(file)).splitlines()
    assert lines[0].split()[:2] == ["statement", "verdict"]
    told = [next(line for line in lines if line.startswith(f" {n}. ")) for n in (1, 2, 3)]
    assert "supported" in told[0]
    assert "2 (2 to 2)" in told[0]
    assert "contradicted" in told[1]
    assert "not decidable" in told[2]
    assert "unknown" in told[2]
    assert lines[-1] == "3 statements: 1 supported, 1 contradicted, 1 not decidable."
    assert max(map(len, lines)) <= 120


def test_all_forms_tell_the_same(settings: Settings, file: Path, tmp_path: Path) -> None:
    for form in ("json", "csv", "md"):
        out = tmp_path / f"told.{form}"
        assert f"Written: {out}" in run(settings, str(file), "--out", str(out))
    told = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))["claims"]
    with (tmp_path / "told.csv").open(encoding="utf-8", newline="") as sheet:
        rows = list(csv.DictReader(sheet))
    page = (tmp_path / "told.md").read_text(encoding="utf-8")
    assert [row["verdict"] for row in told] == [row["verdict"] for row in rows]
    assert [row["verdict"] for row in told] == ["supported", "contradicted", "not decidable"]
    assert told[0]["rows"][0] == {"source": "us_relations", "ref": "cambodia.xml#2|cambodia.xml#5"}
    assert rows[0]["rows"].startswith("us_relations: cambodia.xml#2|cambodia.xml#5; ")
    assert (told[2]["figure"], rows[2]["figure"]) == (None, "")
    assert "| 1 | Relations were severed twice, \\| as they say. | supported | 2 (2 to 2) times |" in page
    assert page.count("\n## ") == 3


def test_the_examples_on_the_pack_say_what_is_known_and_leave_open_what_is_not(settings: Settings) -> None:
    told = run(settings, str(EXAMPLE))
    assert " 1. Relations were broken off twice." in told
    assert "broken off 2 times: severed 1965, interrupted 1975" in " ".join(told.split())
    assert told.splitlines()[-1].startswith("15 statements: ")
    assert "Nothing was observed of their tone in 2017 to 2020." in told


@pytest.mark.parametrize(
    ("text", "words", "error"),
    [
        (FORM, ("--out", "claims.pdf"), UsageError),
        (FORM, ("--out", "no/such/folder/claims.md"), UsageError),
        (FORM.replace("low", "lower"), (), UsageError),
        (FORM.replace("KHM", "Atlantis"), (), UnknownStateError),
        (None, (), UsageError),
    ],
)
def test_what_cannot_be_read_or_written_is_refused(
    settings: Settings, tmp_path: Path, text: str | None, words: tuple[str, ...], error: type[AmityError]
) -> None:
    path = tmp_path / "claims.yaml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(error):
        run(settings, str(path), *words)


def test_a_file_that_is_not_there_is_told_apart_from_one_that_is_no_text(
    settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="there is no file"):
        run(settings, str(tmp_path / "claims.yaml"))
    (tmp_path / "claims.yaml").write_bytes(bytes([0xFF, 0xFE, 0x80]))
    with pytest.raises(UsageError, match="cannot be read as text"):
        run(settings, str(tmp_path / "claims.yaml"))
