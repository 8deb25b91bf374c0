"""Compiled templates are kept where Python keeps its own bytecode, and do as well without it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from amity.briefs import templates

if TYPE_CHECKING:
    from pathlib import Path


def put_into(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(templates, "cache_from_source", lambda _: str(folder / "templates.pyc"))


@pytest.mark.parametrize("name", ["page.html.jinja", "portrait.html.jinja"])
def test_kept_code_is_that_of_a_template_made_anew(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_into(tmp_path, monkeypatch)
    made = templates.template(name)
    (kept,) = tmp_path.iterdir()
    written = kept.stat().st_mtime_ns
    again = templates.template(name)
    assert kept.stat().st_mtime_ns == written
    assert again.root_render_func.__code__ == made.root_render_func.__code__


def test_spoilt_code_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_into(tmp_path, monkeypatch)
    made = templates.template("page.html.jinja")
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:100])
    assert templates.template("page.html.jinja").root_render_func.__code__ == made.root_render_func.__code__


def test_a_folder_that_cannot_be_written_to_is_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_into(tmp_path / "not there", monkeypatch)
    assert templates.template("page.html.jinja").name == "page.html.jinja"
    assert list(tmp_path.iterdir()) == []
