"""The pages' templates, compiled once: their code is kept beside Python's own bytecode, as that of the engine is."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib.metadata import version
from importlib.resources import files
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemBytecodeCache, FunctionLoader, StrictUndefined

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.bccache import Bucket


def asset(name: str) -> str:
    """A file of the pages as text."""
    return (files("amity.briefs") / "assets" / name).read_text(encoding="utf-8")


def template(name: str) -> Template:
    """The template of a page.

    Kept code is taken only where it was made from the same text, by the same jinja2 and Python.
    """
    folder = str(Path(cache_from_source(__file__)).parent)
    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        loader=FunctionLoader(asset),
        bytecode_cache=_Kept(folder, f"%s.jinja2-{version('jinja2')}"),
    )
    return made.get_template(name)


class _Kept(FileSystemBytecodeCache):
    """Compiled templates in a folder that need not exist, nor be ours to write to."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                super().dump_bytecode(bucket)
