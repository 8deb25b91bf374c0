"""Files of GDELT 1.0 in miniature, for tests: a line an event, and what a reader without tricks makes of them."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from pathlib import Path

COUNTRIES = ("KHM", "USA", "CHN", "VNM", "")
CODES = ("010", "042", "057", "112", "163", "190")
COLUMNS = 58


def line(ref: int, day: str, added: str, actors: tuple[str, str], code: str, articles: int) -> bytes:
    """A line with an event between two countries."""
    one, other = actors
    cells = [""] * COLUMNS
    cells[0], cells[1] = str(ref), day
    cells[5], cells[6], cells[7] = one, one or "SOMEBODY", one
    cells[15], cells[16], cells[17] = other, other or "SOMEBODY", other
    cells[25], cells[26], cells[33] = "1", code, str(articles)
    cells[56], cells[57] = added, f"https://example.org/{ref}"
    return "\t".join(cells).encode()


def lines(rng: random.Random, day: str, refs: range, share_lost: float = 0.0) -> list[bytes]:
    """Lines of a day, in a random world."""
    del share_lost
    return [
        line(
            ref,
            day,
            day,
            (rng.choice(COUNTRIES), rng.choice(COUNTRIES)),
            rng.choice(CODES),
            rng.randint(1, 40),
        )
        for ref in refs
    ]


def file(folder: Path, day: str, content: list[bytes] | bytes, *, packed: bool = True) -> Path:
    """A daily file, as the publisher names and packs it."""
    folder.mkdir(parents=True, exist_ok=True)
    data = content if isinstance(content, bytes) else b"".join(one + b"\n" for one in content)
    name = f"{day}.export.CSV"
    if not packed:
        (folder / name).write_bytes(data)
        return folder / name
    with zipfile.ZipFile(folder / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return folder / f"{name}.zip"
