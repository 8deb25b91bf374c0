"""What tests of ingest share: publishers on this machine, a clock that does not wait, a fetch and a store to try."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from amity.ingest.trying import Limits, World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

QUICK = Limits(connect=5, read=5, answer=5, whole=60, slow=(1000, 0.2), tries=4, size=1_000_000)
"""Limits that a test can wait for."""


@pytest.fixture(scope="session")
def server() -> ModuleType:
    """The module `publisher.py` beside this file."""
    spec = importlib.util.spec_from_file_location("publisher", Path(__file__).with_name("publisher.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["publisher"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Publishers on this machine are asked directly."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def publisher(server: ModuleType) -> Iterator[object]:
    """All publishers, with our samples."""
    with server.publishing() as one:
        yield one


@dataclass
class Still:
    """A world at noon on 1 January 2024 where nobody waits and chance is always in the middle."""

    waits: list[float] = field(default_factory=list)

    def world(self) -> World:
        async def sleep(seconds: float) -> None:
            self.waits.append(seconds)
            await asyncio.sleep(0)

        return World(lambda: datetime(2024, 1, 1, 12, tzinfo=UTC), sleep, lambda: 0.5)


@pytest.fixture
def still() -> Still:
    return Still()


@pytest.fixture
def quick() -> Limits:
    return QUICK
