"""Files that a person writes in YAML: their text, and what it holds; each fault is told in two lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amity.errors import BadFileError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["held", "text_of"]


def text_of(file: Path, what: str) -> str:
    """The text of a file of `what`; raises `UsageError` where there is none, or it cannot be read as text."""
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise UsageError(f"there is no file {file}", f"name a file of {what} that is there") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read as text", f"name a file of {what} in UTF-8") from error


def held(text: str, cure: str = "indent by two spaces, and put words with a colon in quotes") -> object:
    """What a text in YAML holds; raises `BadFileError` where it is none, with its line and a cure.

    >>> held("do: [{month: 2027-06, act: visit up}]")
    {'do': [{'month': '2027-06', 'act': 'visit up'}]}
    """
    import yaml  # noqa: PLC0415  (of use to a file alone)

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark is not None else ""
        raise BadFileError(f"this is no YAML{where}", cure) from error
