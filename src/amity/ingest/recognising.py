"""Finding out what files are: each source says which are its own, by name and first bytes. Nothing is guessed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from amity import sources
from amity.errors import BadFileError, UnknownSourceError, UsageError
from amity.ingest import archives, inflating
from amity.ingest.keeping import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HEAD = 4096


@dataclass(frozen=True, slots=True)
class Entry:
    """A file on this disk, or one inside a .zip; `name` is its path below what was given, with slashes."""

    name: str
    path: Path
    member: str = ""

    @property
    def where(self) -> str:
        """Where it is on this disk; two entries never have the same."""
        return (
            f"{self.path.absolute().as_posix()}/{self.member}"
            if self.member
            else self.path.absolute().as_posix()
        )


@dataclass(frozen=True, slots=True)
class Found:
    """The files that sources know, by source in their order; those of coded events; and the names of the others."""

    files: Mapping[str, tuple[Entry, ...]]
    events: Mapping[str, tuple[Entry, ...]]
    unknown: tuple[str, ...]


def recognise(paths: Sequence[Path]) -> Found:
    """What the files, folders and .zip files at these places are.

    Raises `UnknownSourceError` where no source knows any of them or two claim one, `BadFileError` for what cannot be
    read, `UsageError` for a place where there is nothing.
    """
    known: dict[str, list[Entry]] = {}
    unknown: list[str] = []
    for entry, source in told_apart(paths):
        if source:
            known.setdefault(source, []).append(entry)
        else:
            unknown.append(entry.name)
    if not known and not unknown:
        raise UnknownSourceError(
            "there is no file in what you named", "name a file, or a folder with files in it"
        )
    if not known:
        raise UnknownSourceError(
            f"{unknown[0]} belongs to no source that amity knows"
            if len(unknown) == 1
            else f"none of {len(unknown):,} files belongs to a source that amity knows",
            "run `amity sources` to see which files are read, and `amity add` for a record of your own",
        )
    whole, streamed = (
        {name: tuple(known[name]) for name in names if name in known}
        for names in (sources.ALL, sources.STREAMED)
    )
    return Found(whole, streamed, tuple(unknown))


def told_apart(paths: Sequence[Path]) -> Iterator[tuple[Entry, str]]:
    """Every file at these places with the source that knows it; empty: none. A file of events is one, packed or not."""
    for file, name in files(paths):
        events = event_source(file, name)
        if events:
            yield Entry(name, file), events
            continue
        for entry in unpacked(file, name):
            yield entry, source_of(entry)


def event_source(file: Path, name: str) -> str:
    """The source of coded events that knows a file, or those in a .zip; empty: none. A broken .zip goes by its name."""
    folder, slash, _ = name.rpartition("/")
    clean = folder + slash + name_of(name)
    try:
        member = inflating.members(file)[0] if file.suffix.lower() == ".zip" else ""
        head = next(inflating.pieces(file, member), b"")[:HEAD]
    except (BadFileError, IndexError):
        return next((source for source in sources.STREAMED if called(source, clean)), "")
    modules = {source: sources.load_events(source) for source in sources.STREAMED}
    claims = (
        source
        for source, module in modules.items()
        if module.recognises(clean, head) or (member and module.recognises(member, head))
    )
    return next(claims, "")


def called(source: str, name: str) -> bool:
    """Whether a source of events names its files so."""
    try:
        sources.load_events(source).identity(name)
    except BadFileError:
        return False
    return True


def source_of(entry: Entry) -> str:
    """The source that knows a file; empty: none."""
    folder, slash, _ = entry.where.rpartition("/")
    name, head = folder + slash + name_of(entry.name), read(entry, HEAD)
    claims = [source for source in sources.ALL if sources.load(source).recognises(name, head)]
    if len(claims) > 1:
        raise UnknownSourceError(
            f"{entry.name} could be a file of {' or '.join(claims)}",
            "this is a slip in amity: tell us, with the file's name and first lines",
        )
    return claims[0] if claims else ""


def files(paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Every file at these places with its name, each once, in a fixed order; hidden ones in folders are passed over."""
    seen: set[Path] = set()
    for given in paths:
        path = Path(given)
        if not path.is_dir() and not path.is_file():
            raise UsageError(f"there is no file or folder {path}", "look at the spelling of the path")
        for file, name in below(path):
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield file, name


def below(path: Path) -> Iterator[tuple[Path, str]]:
    """A file, or every file in a folder, with its name as seen from there."""
    if path.is_file():
        yield path, path.name
        return
    for file in sorted(path.rglob("*")):
        relative = file.relative_to(path)
        if file.is_file() and not any(part.startswith((".", "__MACOSX")) for part in relative.parts):
            yield file, relative.as_posix()


def unpacked(file: Path, name: str) -> Iterator[Entry]:
    if file.suffix.lower() != ".zip":
        yield Entry(name, file)
        return
    for member in archives.members(file):
        if not any(part.startswith((".", "__MACOSX")) for part in member.split("/")):
            yield Entry(f"{name}/{member}", file, member)


def read(entry: Entry, most: int = archives.MOST_BYTES_A_FILE) -> bytes:
    """The first bytes of a file, `most` of them; a whole file that is larger than the bound is refused."""
    if entry.member:
        return archives.read(entry.path, entry.member, most)
    try:
        if most == archives.MOST_BYTES_A_FILE and entry.path.stat().st_size > most:
            raise BadFileError(
                f"{entry.name} has more than {most:,} bytes", "no publisher's file is so large"
            )
        with entry.path.open("rb") as stream:
            return stream.read(most)
    except OSError as error:
        raise BadFileError(
            f"{entry.path} cannot be read: {error.strerror or error}",
            "look at its rights, or copy it elsewhere",
        ) from error
