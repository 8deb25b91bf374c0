"""Files on their way in: what a fetch has got so far, kept below the store so that a killed run loses nothing.

```
incoming/.lock               one pull at a time
incoming/us_visits/<key>         a whole file, checked
incoming/us_visits/<key>.part    the first bytes of one
incoming/us_visits/<key>.json    a note: which version of the file the bytes belong to
incoming/us_visits.seen.json     what the publisher calls the versions that the store holds (ETags)
```

The key is made from the address and the expected hash, so that the bytes of one version never pass for another's.
The folder of a source is deleted once the store has the files.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, cast

from amity.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Note:
    """Which version of a file some bytes belong to, in the words of the server that sent them.

    `etag` and `modified` are its ETag and Last-Modified, empty where it sent none; `encoding` its Content-Encoding.
    `retrieved` and `sha256` are empty until the file is whole.
    """

    url: str
    etag: str = ""
    modified: str = ""
    encoding: str = ""
    retrieved: str = ""
    sha256: str = ""

    @property
    def resumable(self) -> str:
        """What proves that the rest belongs to the same version; empty where nothing does.

        A weak ETag promises the same meaning, not the same bytes.
        """
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified


@contextmanager
def on_disk(path: Path) -> Generator[None]:
    """Failures of the disk as `StoreError`."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"cannot keep what is being fetched in {path}: {error.strerror or error}",
            "free the disk or mend its rights, then run the same command: it goes on where it was",
        ) from error


def folder(root: Path, source: str) -> Path:
    """The folder of a source's files on their way in."""
    return root / "incoming" / source


def key(*parts: str) -> str:
    """A file's name within the folder."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def write_note(path: Path, note: Note) -> None:
    """Keep the note of a file."""
    _write_json(path.with_name(f"{path.name}.json"), asdict(note))


def read_note(path: Path) -> Note | None:
    """The note of a file; None where there is none that can be read."""
    return _note(_read_json(path.with_name(f"{path.name}.json")))


def _note(found: object) -> Note | None:
    if not isinstance(found, dict):
        return None
    try:
        return Note(**{str(name): str(value) for name, value in cast("dict[object, object]", found).items()})
    except TypeError:
        return None


def part_of(path: Path) -> Path:
    """Where the first bytes of a file are."""
    return path.with_name(f"{path.name}.part")


def size(path: Path) -> int:
    """How many first bytes of a file there are."""
    part = part_of(path)
    return part.stat().st_size if part.exists() else 0


def begun(path: Path) -> tuple[int, Note | None]:
    """How many bytes there are of a file and their note; (0, None) where they cannot be gone on with."""
    come, note = size(path), read_note(path)
    return (come, note) if come and note and note.resumable else (0, None)


def begin(path: Path, note: Note) -> None:
    """An empty beginning of a file. It is emptied before its note changes: bytes never get another version's note."""
    with on_disk(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        part_of(path).write_bytes(b"")
        write_note(path, note)


def drop(path: Path) -> None:
    """Forget what there is of a file."""
    with on_disk(path.parent):
        for leaving in (part_of(path), decoded_of(path), path, path.with_name(f"{path.name}.json")):
            leaving.unlink(missing_ok=True)


def decoded_of(path: Path) -> Path:
    """Where the bytes of a file are without the transfer's compression."""
    return path.with_name(f"{path.name}.decoded")


def finish(path: Path, came: Path, note: Note) -> None:
    """Keep a whole file, whose bytes are in `came`: the note first, which tells its hash, then under its name."""
    with on_disk(path.parent):
        write_note(path, note)
        came.replace(path)
        part_of(path).unlink(missing_ok=True)


def whole(path: Path) -> Note | None:
    """The note of a whole file; None where there is none, or where the bytes are not those of the note."""
    note = read_note(path)
    if note is None or not note.sha256 or not path.exists():
        return None
    return note if digest(path, "sha256") == note.sha256 else None


def digest(path: Path, kind: str) -> str:
    """The hash of a file, which is never read into memory whole."""
    with on_disk(path.parent), path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.new(kind, usedforsecurity=False)).hexdigest()


def clear(root: Path, source: str) -> None:
    """Delete the files of a source that were on their way in."""
    with on_disk(folder(root, source)):
        if folder(root, source).exists():
            shutil.rmtree(folder(root, source))


def seen(root: Path, source: str) -> dict[str, Note]:
    """The notes of the files that the store holds, by address."""
    found = _read_json(root / "incoming" / f"{source}.seen.json")
    return {url: note for url, value in found.items() if (note := _note(value))}


def write_seen(root: Path, source: str, notes: Mapping[str, Note]) -> None:
    """Keep the notes of the files that the store now holds."""
    path = root / "incoming" / f"{source}.seen.json"
    with on_disk(path.parent):
        _write_json(path, {url: asdict(note) for url, note in sorted(notes.items())})


def _write_json(path: Path, value: Mapping[str, object]) -> None:
    beside = path.with_name(f"{path.name}.tmp")
    beside.write_text(json.dumps(value, indent=1), encoding="utf-8")
    beside.replace(path)


def _read_json(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return cast("dict[str, object]", found) if isinstance(found, dict) else {}
