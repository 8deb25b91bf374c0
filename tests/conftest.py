"""What all tests share: where the publishers' real files are, where they exist."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


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
