"""What the documentation says is what the program does."""

from __future__ import annotations

import doctest
import importlib.util
import re
import runpy
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest

import amity
from amity import measures, sources
from amity.briefs import terminal
from amity.catalog import SCHEMAS
from amity.cli import COMMANDS, cli
from amity.measures.panel import columns

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
WRITTEN = [ROOT / "README.md", ROOT / "docs" / "index.md", *sorted((ROOT / "docs" / "guide").glob("*.md"))]
FROM_ELSEWHERE = re.compile(
    r"<(?:script|link|img|iframe|source|video)\b[^>]*?(?:src|href)=[\"']?(?:https?:)?//", re.IGNORECASE
)


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    """The functions that write the reference."""
    return runpy.run_path(str(ROOT / "docs" / "_hooks" / "reference.py"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site, built as CI builds it."""
    if importlib.util.find_spec("mkdocs") is None:
        pytest.skip("the site is built by the group docs: uv run --group docs mkdocs build --strict")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return folder


def commands_in(path: Path) -> Iterator[str]:
    """Every command line of amity's in a page: in blocks of code, and whole in a table or sentence."""
    text = path.read_text(encoding="utf-8")
    for block in re.findall(r"```(?:sh)?\n(.*?)```", text, re.DOTALL):
        for line in block.splitlines():
            yield from re.findall(r"(?:^|uv run )(amity .*)", line)
    yield from re.findall(
        r"[`]((?:uv run )?amity(?: [^`\n…]+)?)[`]", re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    )


def examples() -> Iterator[tuple[str, str]]:
    for path in WRITTEN:
        for line in commands_in(path):
            yield path.name, line.removeprefix("uv run ")
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        for line in (command.epilog or "").splitlines() if command else ():
            if line.strip().startswith("amity "):
                yield name, re.split(r"\s{2,}(?=\S)", line.strip())[0]


@pytest.mark.parametrize(("where", "line"), sorted(set(examples())))
def test_a_command_line_that_is_shown_can_be_typed(where: str, line: str) -> None:
    words = shlex.split(line.split(" > ", maxsplit=1)[0])[1:]
    while words and words[0] == "--home":
        words = words[2:]
    if not words or words == ["--help"] or words[0].isupper():
        return
    assert words[0] in COMMANDS, f"{where}: {line}"
    command = cli.get_command(click.Context(cli), words[0])
    assert command is not None
    command.make_parser(click.Context(command)).parse_args(words[1:])


def test_every_command_is_in_the_reference_and_in_the_readme_or_a_guide(reference: dict[str, Any]) -> None:
    page = reference["commands"]()
    written = "".join(path.read_text(encoding="utf-8") for path in WRITTEN)
    for name in COMMANDS:
        assert f"\n## amity {name}\n" in page
        if name != "build-pack":  # for those who make releases
            assert f"amity {name}" in written


def test_every_option_is_in_the_reference(reference: dict[str, Any]) -> None:
    page = reference["commands"]()
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        for param in command.params if command else ():
            assert isinstance(param, click.Argument) or any(option in page for option in param.opts)


def test_every_source_is_in_the_reference_with_its_terms_and_citation(reference: dict[str, Any]) -> None:
    page = reference["sources"]()
    for name in sources.ALL:
        about = sources.load(name).ABOUT
        for said in (
            f"{{ #{name} }}",
            about.licence.url,
            about.citation,
            about.bibtex.strip(),
            *about.oddities,
        ):
            assert said in page


def test_every_table_column_and_value_is_in_the_reference(reference: dict[str, Any]) -> None:
    page = reference["tables"]()
    for table, its in SCHEMAS.items():
        section = page.split(f"\n## {table}\n")[1].split("\n## ")[0]
        for column in its:
            assert f"| `{column.name}` | {column.dtype} |" in section
            assert all(f"`{value}`" in section for value in column.values)


def test_every_column_of_the_panel_is_in_the_guide(reference: dict[str, Any]) -> None:
    table = reference["panel_columns"]()
    assert all(f"| `{column.name}` |" in table for column in columns("dyad-month"))
    assert all(f"`{column.name}`" in table for column in columns("dyad-year", undirected=True))
    assert "<!-- the panel's columns -->" in (ROOT / "docs" / "guide" / "panel.md").read_text(
        encoding="utf-8"
    )


def test_every_measure_is_in_the_reference(reference: dict[str, Any]) -> None:
    page = reference["measures"]()
    for name in measures.ALL:
        assert f"::: amity.measures.{name}.compute" in page
        assert measures.load(name).ABOUT.undefined in page


def test_every_decision_is_listed_under_its_title(reference: dict[str, Any]) -> None:
    folder = ROOT / "docs" / "decisions"
    listed = reference["decisions"](folder)
    for path in folder.glob("[0-9]*.md"):
        assert f"]({path.name})" in listed
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert re.match(rf"# {int(path.name[:4])}\. \S", first), f"{path.name} begins: {first}"


def test_python_in_the_guide_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    text = (ROOT / "docs" / "guide" / "python.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(blocks) > 5
    names: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, "guide/python.md", "exec"), names)  # noqa: S102  (our own page)
    assert names["brief"].question.a.name == "Cambodia"
    assert {path.suffix for path in (tmp_path / "briefs").iterdir()} == {".html", ".json"}


def test_the_error_in_the_guide_is_the_one_that_is_raised() -> None:
    text = (ROOT / "docs" / "guide" / "python.md").read_text(encoding="utf-8")
    with pytest.raises(amity.errors.AmityError) as caught:
        amity.states.find("Korea")
    assert f"```\n{caught.value}\n```" in text


def test_what_the_guide_reads_line_by_line_is_what_the_brief_says(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "guide" / "first-brief.md").read_text(encoding="utf-8")
    said = terminal.text(amity.brief("KHM", "USA", shadow="CHN", home=tmp_path), width=96)
    quotes = re.findall(r"(?:^> .*\n)+", text, re.MULTILINE)
    rows = re.findall(r"^(?:relations|envoy|visits) .*", text, re.MULTILINE)
    assert len(quotes) == 4
    assert len(rows) == 3
    for quote in quotes:
        for part in quote.replace("> ", " ").split("…"):
            assert " ".join(part.split()) in " ".join(said.split())
    assert set(rows) <= set(said.splitlines())


@pytest.mark.parametrize("page", [path.name for path in ROOT.glob("*.md")])
def test_links_of_the_roots_pages_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / page).read_text(encoding="utf-8")):
        assert (ROOT / target).exists(), target


def test_the_site_builds_and_fetches_nothing(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 15
    for page in pages:
        assert not FROM_ELSEWHERE.search(page.read_text(encoding="utf-8")), page.name
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", sheet.read_text(encoding="utf-8"))


def test_formulas_and_examples_are_shown_as_such(site: Path) -> None:
    page = (site / "reference" / "measures.html").read_text(encoding="utf-8")
    assert page.count('<math display="block">') >= 5
    assert "$$" not in page
    assert "&gt;&gt;&gt; " not in re.sub(r"<(pre|code)\b.*?</\1>", "", page, flags=re.DOTALL)


def test_no_page_of_the_site_has_a_mark_that_nothing_replaced(site: Path) -> None:
    for page in site.rglob("*.html"):
        assert "&lt;!-- the " not in page.read_text(encoding="utf-8")
        assert "<!-- the " not in page.read_text(encoding="utf-8")


def test_docstrings_hook_does_as_its_examples_say() -> None:
    pytest.importorskip("griffe")
    path = ROOT / "docs" / "_hooks" / "docstrings.py"
    spec = importlib.util.spec_from_file_location("docstrings_hook", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    done = doctest.testmod(module)
    assert done.attempted >= 2
    assert done.failed == 0
    with pytest.raises(ValueError, match=r"\\prod"):
        module.mathml(r"\prod_i x_i", "block")
