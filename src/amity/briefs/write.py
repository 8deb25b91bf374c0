"""A brief written to files: whole or not at all."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from amity.briefs.markdown import markdown
from amity.briefs.terminal import text
from amity.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from amity.briefs.answer import Brief, Party


def rendered(brief: Brief, form: str) -> str:
    """The brief in one of its forms: html, md, json or txt."""
    if form == "json":
        return json.dumps(brief.to_dict(), ensure_ascii=False, indent=1) + "\n"
    if form == "html":
        from amity.briefs.html import html  # noqa: PLC0415  (jinja2 and the charts, of use to no other form)

        return html(brief)
    return {"md": markdown, "txt": text}[form](brief)


def write(brief: Brief, folder: Path, forms: Sequence[str]) -> tuple[Path, ...]:
    """Write the forms asked for; a file appears only when it is whole. Gives the paths."""
    return tuple(write_file(folder / f"{stem(brief)}.{form}", rendered(brief, form)) for form in forms)


def stem(brief: Brief) -> str:
    """The file's name without its ending, such as `amity-KHM-USA-CHN`."""
    question = brief.question
    parties: Iterable[Party] = (question.a, question.b, *([question.third] if question.third else []))
    return "-".join(["amity", *(party.iso3c or str(party.ccode) for party in parties)])


def write_file(path: Path, content: str) -> Path:
    """Write one file, whole or not at all; gives its path."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(content, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise StoreError(
            f"cannot write {path}: {error.strerror}", "choose another folder with --out"
        ) from error
    return path
