"""Keeping files of coded events, however many: batch by batch, in bounded memory, each batch all or nothing.

A batch is what a source's `identity` says (a day's files). Its lines become rows of `events`; those that
cannot be read go to `review`, each with its file, number and reason; how much there was is counted into
`volumes` before anything is filtered away. An id that stands twice is one event: the row of the file that the
publisher added later stays, and of one file the later line.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, cast

import polars as pl

from amity import sources, store
from amity.catalog import polars_schema
from amity.errors import AmityError, BadFileError, StoreError, together
from amity.ingest import inflating, settling
from amity.ingest.keeping import now
from amity.ingest.packets import Coming, Packet, Spoilt, Text, ahead, called, in_turn, packets, places
from amity.ingest.settling import Shelf, settled, stage
from amity.ingest.volumes import volumes
from amity.sources import lines
from amity.store import batches
from amity.store.batches import FileReceipt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from io import BufferedReader

    from amity.sources import EventModule
    from amity.store import Store
    from amity.store.batches import BatchPart

__all__ = ["Choice", "Coming", "Progress", "Streamed", "stream"]

TOO_BAD = 0.5
"""A file of which a larger share of lines cannot be read is not what it seems, and is refused."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is kept: events between these states (COW codes; none: all events), and every column or the known."""

    states: tuple[int, ...] = ()
    everything: bool = False


ALL_EVENTS = Choice()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far reading is: files stored and wanted, bytes come, stored and wanted, rows kept, seconds left.

    `seconds` is None until something can be said. Files that are on this disk have all come when they are stored.
    """

    done: int
    files: int
    got: int
    stored: int
    size: int
    rows: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Streamed:
    """What came of a run: its files, those that the store held already, and over the others all lines and rows."""

    source: str
    files: int
    held: int
    lines: int
    rows: int
    kept: int
    without_state: int
    repaired: int
    repeated: int
    set_aside: int


@dataclass(slots=True)
class Run:
    """One run: what is kept, who listens, and the counts so far."""

    store: Store
    module: EventModule
    choice: Choice
    told: Callable[[Progress], None]
    files: int
    size: int
    began: float = field(default_factory=time.monotonic)
    done: int = 0
    got: int = 0
    held: int = 0
    before: dict[str, FileReceipt] = field(default_factory=dict[str, FileReceipt])
    counts: Counter[str] = field(default_factory=Counter[str])

    def tell(self) -> None:
        passed, rows = time.monotonic() - self.began, self.counts["kept"]
        left = passed * (self.size - self.got) / self.got if self.got else None
        self.told(Progress(self.done, self.files, self.got, self.got, self.size, rows, left))


@dataclass(slots=True)
class Tally:
    """The counts of one file."""

    text: Text
    counts: Counter[str] = field(default_factory=Counter[str])


@dataclass(slots=True)
class Reading:
    """What was read of a batch: the counts of the files that were wanted, staged parts, files that cannot be used."""

    shelf: Shelf
    group: Sequence[Text]
    tallies: dict[str, Tally]
    made: list[BatchPart] = field(default_factory=list["BatchPart"])
    failed: dict[str, AmityError] = field(default_factory=dict[str, AmityError])
    piles: int = 0
    """Within a pile no id stands twice."""


COUNTED = ("lines", "rows", "kept", "without_state", "repaired", "repeated", "set_aside")
"""The counts of a file, in the order of its receipt."""
LATE_DAYS = 31
PILE_ROWS = 400_000
"""Events that are held before they become a part: about a hundred megabytes."""


def stream(
    held: Store,
    source: str,
    files: Iterable[Coming],
    choice: Choice = ALL_EVENTS,
    told: Callable[[Progress], None] = lambda _: None,
) -> Streamed:
    """Read a publisher's files of events into the store, batch after batch.

    A file that the store has, with the same bytes and at least as much of it, is passed over; one issued again
    takes the place of the earlier one, unless the publisher's release says that it is the older. A file that
    cannot be read leaves what the store has of it, and the others are read; then its error is raised. Raises
    `StoreError` at once: what was finished stays.
    """
    own = store.open_store(held.root)
    coming = list(files)
    run = Run(
        own,
        sources.load_events(source),
        choice,
        told,
        len(coming),
        sum(one.path.stat().st_size for one in coming),
    )
    failed: list[AmityError] = []
    with store.one_at_a_time(own, source):
        batches.unstage(own, source)
        run.before = {one.key: one for one in batches.file_receipts(own, source)}
        groups = in_batches(run.module, coming, failed)
        for reading in in_turn(partial(read_batch, run, group) for group in groups):
            try:
                failed += keep_batch(run, reading.result())
            except StoreError:
                raise
            except AmityError as error:
                failed.append(error)
            run.tell()
        batches.unstage(own, source)
    if failed:
        raise together(failed)
    counted = run.counts
    return Streamed(source, len(coming), run.held, **{name: counted[name] for name in COUNTED})


def in_batches(
    module: EventModule, coming: Iterable[Coming], failed: list[AmityError]
) -> Iterator[list[Text]]:
    """The files by batch, the oldest first; what cannot be told apart goes to `failed`."""
    texts: list[Text] = []
    for one in coming:
        try:
            with called(one):
                texts += texts_of(module, one)
        except AmityError as error:
            failed.append(error)
    texts.sort(
        key=lambda text: (text.identity.start, text.identity.batch, text.identity.key, text.identity.release)
    )
    for _, group in groupby(texts, key=lambda text: text.identity.batch):
        yield list({text.identity.key: text for text in group}.values())


def texts_of(module: EventModule, coming: Coming) -> Iterator[Text]:
    """The files of lines in one file: itself, or those inside a .zip, named by it where there is one only."""
    inside = inflating.members(coming.path)
    if not inside:
        raise BadFileError(f"{coming.name} holds no file", "get it again")
    with inflating.reading(coming.path) as stream:
        digest = hashlib.file_digest(cast("BufferedReader", stream), "sha256").hexdigest()
    size = coming.path.stat().st_size
    for member in inside:
        name = coming.name if len(inside) == 1 else member
        named = Coming(name, coming.path, coming.url, coming.retrieved, coming.md5)
        yield Text(named, member, module.identity(name), digest, size)


def read_batch(run: Run, group: Sequence[Text]) -> Reading:
    """Read those files of a batch that the store lacks, or has less of, into staged parts."""
    wanted = [text for text in group if not suffices(run.before.get(text.identity.key), text, run.choice)]
    batch, since = group[0].identity.batch, min(text.identity.start for text in group)
    shelf = Shelf(run.store, run.module.ABOUT.id, batch, since)
    reading = Reading(shelf, group, {text.identity.key: Tally(text) for text in wanted})
    fill(run, reading)
    return reading


def keep_batch(run: Run, reading: Reading) -> list[AmityError]:
    """Make what was read of a batch current; gives the errors of files that could not be used."""
    shelf, tallies, failed = reading.shelf, reading.tallies, reading.failed
    good = [tally for key, tally in tallies.items() if key not in failed]
    if good:
        keys = {tally.text.identity.key for tally in good}
        done = settled(shelf, reading.made, keys, failed.keys(), distinct=reading.piles <= 1)
        for key in done.repeated.keys() & tallies.keys():
            repeat(tallies[key], done.repeated[key])
        earlier = {key: count for key, count in done.repeated.items() if key not in tallies}
        receipts = [receipt(run, tally) for tally in good]
        batches.put_batch(run.store, shelf.source, done.parts, receipts, done.gone, earlier)
        for tally in good:
            run.counts.update(tally.counts)
    run.held += len(reading.group) - len(tallies)
    run.done += len(reading.group)
    run.got += sum(text.coming.path.stat().st_size for text in reading.group)
    return list(failed.values())


def repeat(tally: Tally, count: int) -> None:
    """Count rows that were taken for good and turned out to be repeats."""
    tally.counts.update({"repeated": count, "rows": -count, "kept": -count})


def suffices(before: FileReceipt | None, text: Text, choice: Choice) -> bool:
    """Whether the store has of a file what is wanted, or a newer release of it."""
    if before is None:
        return False
    if text.identity.release < before.release:
        return True
    enough = not before.states or (choice.states and set(choice.states) <= set(before.states))
    return bool(before.sha256 == text.sha256 and enough and before.everything >= choice.everything)


def fill(run: Run, reading: Reading) -> None:
    """Read the files of a batch into staged parts, and find those that cannot be used."""
    pile: list[pl.DataFrame] = []
    tallies = reading.tallies
    for packet in ahead(packets(run.module, [tally.text for tally in tallies.values()])):
        if isinstance(packet, Spoilt):
            reading.failed[packet.text.identity.key] = packet.error
            continue
        good, review = read_packet(run, packet, tallies)
        reading.made += [stage(reading.shelf, "review", review)] if review.height else []
        pile.append(good)
        if sum(frame.height for frame in pile) >= PILE_ROWS:
            shelve(run, reading, pile)
            pile = []
    if pile:
        shelve(run, reading, pile)
    for key, tally in tallies.items():
        all_, aside = tally.counts["lines"], tally.counts["set_aside"]
        if key not in reading.failed and aside > TOO_BAD * all_:
            why = f"{tally.text.coming.name}: {aside:,} of {all_:,} lines cannot be read"
            mend = "see what the file holds; `amity sources` says which files are read"
            reading.failed[key] = BadFileError(why, mend)


def read_packet(run: Run, packet: Packet, tallies: Mapping[str, Tally]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The events of a packet's lines, and rows of `review` for those that are none; both are counted."""
    told = lines_of(run, packet)
    bad = told["why"].is_not_null()
    aside, good = (told.filter(bad), told.filter(~bad)) if bad.any() else (told.clear(), told)
    for name, frame in (("lines", told), ("set_aside", aside), ("repaired", told.filter("repaired"))):
        count(tallies, name, frame)
    return good.drop("line", "why", "repaired"), reviewed(packet, aside, tallies)


def shelve(run: Run, reading: Reading, pile: Sequence[pl.DataFrame]) -> None:
    """Stage events, each id once, with how much there was before any were filtered away."""
    once, tallies, shelf = pl.concat(pile), reading.tallies, reading.shelf
    ids = settling.ids_of(once["ref"])
    if ids.n_unique() < once.height:
        last = ids.is_last_distinct()
        count(tallies, "repeated", once.filter(~last))
        once = once.filter(last)
    kept = between(once, run.choice.states)
    unknown = once.filter(pl.col("ccode_from").is_null() | pl.col("ccode_to").is_null())
    for name, frame in (("rows", once), ("kept", kept), ("without_state", unknown)):
        count(tallies, name, frame)
    reading.piles += 1
    reading.made += [stage(shelf, "events", frame) for frame in by_age(kept, shelf) if frame.height]
    if once.height:
        reading.made.append(stage(shelf, "volumes", volumes(once, settling.KEY)))


def lines_of(run: Run, packet: Packet) -> pl.DataFrame:
    """The lines of a packet: columns of `events`, `line`, `key`, `why`, `repaired`, and all others if wanted."""
    layout, everything = packet.layout, run.choice.everything
    chunk = lines.Chunk(packet.data, sum(stretch.lines for stretch in packet.stretches))
    found = lines.read(chunk, layout, layout.columns if everything else None)
    of, numbers = places(packet)
    keys = pl.Series([stretch.text.identity.key for stretch in packet.stretches], dtype=pl.String)
    told = run.module.typed(found.rows, layout)
    whys = told["why"]
    if found.bad.height:
        whys = whys.scatter((found.bad["line"] - 1).to_list(), found.bad["why"])
    return told.with_columns(
        pl.Series("line", numbers, pl.UInt32),
        keys.gather(of).alias(settling.KEY) if len(keys) > 1 else pl.lit(keys[0]).alias(settling.KEY),
        whys.alias("why"),
        told["line"].is_in(found.repaired.implode()).alias("repaired"),
        *(found.rows.drop("line").get_columns() if everything else ()),
    )


def count(tallies: Mapping[str, Tally], name: str, frame: pl.DataFrame) -> None:
    """Add the rows of a frame to a count of each file."""
    for key, rows in frame[settling.KEY].value_counts().iter_rows():
        tallies[key].counts[name] += rows


def between(events: pl.DataFrame, states: tuple[int, ...]) -> pl.DataFrame:
    """Events between two different of these states; with none named, all."""
    if not states:
        return events
    sender, receiver = pl.col("ccode_from"), pl.col("ccode_to")
    return events.filter(sender.is_in(states) & receiver.is_in(states) & (sender != receiver))


def by_age(events: pl.DataFrame, shelf: Shelf) -> tuple[pl.DataFrame, ...]:
    """Events of the batch's days, and the few that are dated long before: so that a month is found in few parts."""
    late = events["date"] < shelf.since - timedelta(days=LATE_DAYS)
    return (events.filter(~late), events.filter(late)) if late.any() else (events,)


def reviewed(packet: Packet, aside: pl.DataFrame, tallies: Mapping[str, Tally]) -> pl.DataFrame:
    """What was set aside, as rows of `review`; lines that were too long to be held are counted here."""
    names = {stretch.text.identity.key: stretch.text.coming.name for stretch in packet.stretches}
    rows = [
        (key, names[key], f"line {line}", why)
        for key, line, why in aside.select(settling.KEY, "line", "why").rows()
    ]
    for text, line in packet.too_long:
        tallies[text.identity.key].counts.update({"lines": 1, "set_aside": 1})
        why = f"it is longer than {lines.LONGEST:,} bytes"
        rows.append((text.identity.key, text.coming.name, f"line {line.line}", why))
    schema = [settling.KEY, *polars_schema("review")]
    return pl.DataFrame(rows, schema=dict.fromkeys(schema, pl.String), orient="row")


def receipt(run: Run, tally: Tally) -> FileReceipt:
    """The receipt of a file that was read."""
    text, counts = tally.text, tally.counts
    coming, which = text.coming, text.identity
    counted = {name: counts[name] for name in COUNTED}
    return FileReceipt(
        source=run.module.ABOUT.id, key=which.key, batch=which.batch, file=coming.name, url=coming.url,
        retrieved=coming.retrieved or now(), size=text.size, sha256=text.sha256, md5=coming.md5,
        licence=run.module.ABOUT.licence.id, release=which.release, states=run.choice.states,
        everything=run.choice.everything, start=which.start, end=which.end, current=True, **counted,
    )  # fmt: skip
