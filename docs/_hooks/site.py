"""Pages made when the site is built, from the records that the program itself reads: nothing is copied by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import reference
from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

PAGES = {
    "reference/commands.md": reference.commands,
    "reference/sources.md": reference.sources,
    "reference/tables.md": reference.tables,
    "reference/measures.md": reference.measures,
}
PARTS = {
    "<!-- the panel's columns -->": reference.panel_columns,
    "<!-- the sources in short -->": lambda: reference.sources_in_short("reference/sources.md"),
    "<!-- the columns of own acts -->": lambda: reference.own_columns("acts"),
    "<!-- the columns of own ties -->": lambda: reference.own_columns("ties"),
    "<!-- the columns of own events -->": lambda: reference.own_columns("events"),
    "<!-- the kinds of own acts -->": reference.own_acts,
    "<!-- the claims that come with amity -->": lambda: (
        f"```yaml\n{Path('examples/khm-usa.yaml').read_text(encoding='utf-8')}```"
    ),
    "<!-- the decisions -->": lambda: reference.decisions(Path("docs/decisions")),
}
"""Marks in pages written by hand, and what takes their place."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages, and the changelog from the root of the repository."""
    for path, page in PAGES.items():
        files.append(File.generated(config, path, content=page()))
    changes = Path(config.config_file_path).with_name("CHANGELOG.md")
    files.append(File.generated(config, "about/changes.md", content=changes.read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Put the generated parts in place of their marks."""
    for mark, part in PARTS.items():
        if mark in markdown:
            markdown = markdown.replace(mark, part())
    return markdown
