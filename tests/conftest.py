"""What all tests share: where the publishers' real files are, and evidence from rows written in a test."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from amity.errors import StoreError
from amity.store import computed
from tests import made

if TYPE_CHECKING:
    from collections.abc import Callable

    from amity.evidence import Evidence


@pytest.fixture(scope="session")
def publisher_data() -> Path:
    """The folder of the publishers' real files, which stay out of the repository."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("AMITY_PUBLISHER_DATA", beside))
    if not folder.is_dir():
        pytest.skip(
            "the publishers' files are not on this machine (set AMITY_PUBLISHER_DATA to their folder)"
        )
    return folder


@pytest.fixture(scope="session")
def evidence_of() -> Callable[..., Evidence]:
    """A function from rows by table to evidence: see `tests.made`."""
    return made.evidence_of


@pytest.fixture
def nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that may be read and takes no computed table."""

    def refuse(*_: object) -> None:
        raise StoreError("the disk is full", "free some")

    monkeypatch.setattr(computed, "keep", refuse)
