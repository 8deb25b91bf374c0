"""Files of coded events on their way into the store: nothing lost, nothing twice, whatever the files and their order."""

from __future__ import annotations

import errno
import importlib.util
import itertools
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amity import store
from amity.catalog import polars_schema
from amity.errors import BadFileError, StoreError
from amity.ingest import packets, streaming
from amity.ingest.streaming import Choice, Coming, Streamed, stream
from amity.sources import lines as source_lines
from amity.store import batches, disk

if TYPE_CHECKING:
    from types import ModuleType

    from amity.store import Store

DAYS = ("20140101", "20140102", "20140103")


@pytest.fixture(scope="module")
def written() -> ModuleType:
    """The module `event_files.py` beside this file."""
    spec = importlib.util.spec_from_file_location("event_files", Path(__file__).with_name("event_files.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["event_files"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def rng() -> random.Random:
    seed = random.SystemRandom().getrandbits(32)
    print(f"seed {seed}")
    return random.Random(seed)  # noqa: S311


@pytest.fixture
def held(tmp_path: Path) -> Store:
    return store.open_store(tmp_path / "store")


@pytest.fixture
def three_days(tmp_path: Path, written: Any, rng: random.Random) -> list[Path]:
    """Three daily files of 300 events, ids running on."""
    return [
        written.file(tmp_path / "files", day, written.lines(rng, day, range(1000 * n, 1000 * n + 300)))
        for n, day in enumerate(DAYS, 1)
    ]


def read(held: Store, *paths: Path, choice: Choice = streaming.ALL_EVENTS) -> Streamed:
    return stream(held, "gdelt1", [Coming(path.name, path) for path in paths], choice)


def table(held: Store, name: str) -> pl.DataFrame:
    found = [pl.read_parquet(one.part.path) for one in batches.batch_parts(held, "gdelt1", name)]
    return pl.concat(found, how="diagonal") if found else pl.DataFrame(schema=polars_schema(name))


def events(held: Store) -> pl.DataFrame:
    return table(held, "events").select(*polars_schema("events")).sort("ref")


def volumes(held: Store) -> pl.DataFrame:
    sums = table(held, "volumes").group_by("month", "ccode").agg(pl.col("events", "articles").sum())
    return sums.filter(pl.col("events") != 0).sort("month", "ccode")


def as_counted(held: Store) -> None:
    """The receipts add up, and say what the tables hold."""
    receipts = batches.file_receipts(held, "gdelt1")
    assert all(one.lines == one.rows + one.set_aside + one.repeated for one in receipts)
    assert sum(one.kept for one in receipts) == table(held, "events").height
    assert sum(one.set_aside for one in receipts) == table(held, "review").height
    assert events(held)["ref"].is_unique().all()
    assert store.verify(held) == ()


def test_every_line_becomes_its_event(held: Store, three_days: list[Path]) -> None:
    done = read(held, *three_days)
    assert (done.lines, done.rows, done.kept, done.set_aside, done.repeated) == (900, 900, 900, 0, 0)
    made = events(held)
    by_ref = {
        cells[0]: cells
        for path in three_days
        for cells in (row.split("\t") for row in zipfile.ZipFile(path).read(path.stem).decode().splitlines())
    }
    ccode = {"KHM": 811, "USA": 2, "CHN": 710, "VNM": 816, "": None}
    for row in made.iter_rows(named=True):
        cells = by_ref.pop(row["ref"])
        assert (row["ccode_from"], row["ccode_to"]) == (ccode[cells[7]], ccode[cells[17]])
        assert (row["code"], row["articles"]) == (cells[26], int(cells[33]))
        assert f"{row['date']:%Y%m%d}" == cells[1]
    assert not by_ref
    as_counted(held)


def test_volumes_count_every_event_of_a_state_once(held: Store, three_days: list[Path]) -> None:
    read(held, *three_days)
    told = events(held)
    counted: Counter[int | None] = Counter()
    for one, other in told.select("ccode_from", "ccode_to").iter_rows():
        counted.update({None, one, other} if one and other else {None, *filter(None, (one, other))})
    assert {row[1]: row[2] for row in volumes(held).rows()} == dict(counted)


def test_files_again_change_nothing(held: Store, three_days: list[Path]) -> None:
    read(held, *three_days)
    before = {path: path.stat().st_mtime_ns for path in (held.root / "parts").iterdir()}
    again = read(held, *three_days)
    assert (again.held, again.lines) == (3, 0)
    assert {path: path.stat().st_mtime_ns for path in (held.root / "parts").iterdir()} == before


@pytest.mark.parametrize(("chunk", "pile", "small"), [(64, 1, 0), (5_000, 50, 0), (10**6, 10**6, 10**6)])
def test_how_files_are_cut_makes_no_difference(
    tmp_path: Path, three_days: list[Path], monkeypatch: pytest.MonkeyPatch, chunk: int, pile: int, small: int
) -> None:
    plain, cut = store.open_store(tmp_path / "plain"), store.open_store(tmp_path / "cut")
    read(plain, *three_days)
    monkeypatch.setattr(source_lines, "CHUNK_BYTES", chunk)
    monkeypatch.setattr(
        source_lines.chunks, "__kwdefaults__", (source_lines.chunks.__kwdefaults__ or {}) | {"size": chunk}
    )
    monkeypatch.setattr(streaming, "PILE_ROWS", pile)
    monkeypatch.setattr(packets, "SMALL", small)
    read(cut, *three_days)
    assert_frame_equal(events(plain), events(cut))
    assert_frame_equal(volumes(plain), volumes(cut))
    as_counted(cut)


def test_an_id_that_comes_again_later_is_corrected_in_whichever_order_the_files_are_read(
    tmp_path: Path, written: Any, rng: random.Random
) -> None:
    days = {day: written.lines(rng, day, range(1000 * n, 1000 * n + 100)) for n, day in enumerate(DAYS, 1)}
    days[DAYS[1]] += [written.line(1000 + n, DAYS[0], DAYS[1], ("KHM", "USA"), "163", 99) for n in range(5)]
    days[DAYS[2]] += [
        written.line(1003, DAYS[0], DAYS[2], ("USA", "KHM"), "042", 77),
        written.line(2000, DAYS[1], DAYS[2], ("CHN", "KHM"), "042", 55),
    ]
    paths = [written.file(tmp_path / "files", day, rows) for day, rows in days.items()]
    orders = list(itertools.permutations(paths))
    stores = [store.open_store(tmp_path / f"store{n}") for n in range(len(orders))]
    for held, order in zip(stores, orders, strict=True):
        for path in order:
            read(held, path)
        as_counted(held)
    made = events(stores[0])
    assert made.height == 300
    assert made.filter(pl.col("ref").is_in(["1000", "1003", "2000"]))["articles"].to_list() == [99, 77, 55]
    for held in stores[1:]:
        assert_frame_equal(events(held), made)
        assert_frame_equal(volumes(held), volumes(stores[0]))


def test_a_row_that_stands_twice_counts_once_and_the_later_line_stays(
    held: Store, tmp_path: Path, written: Any
) -> None:
    rows = [written.line(7, DAYS[0], DAYS[0], ("KHM", "USA"), code, 3) for code in ("010", "042", "057")]
    done = read(held, written.file(tmp_path, DAYS[0], rows))
    assert (done.lines, done.rows, done.repeated) == (3, 1, 2)
    assert events(held)["code"].to_list() == ["057"]
    as_counted(held)


def test_a_file_issued_again_takes_the_place_of_the_earlier_one_and_both_receipts_stay(
    held: Store, tmp_path: Path, written: Any, rng: random.Random
) -> None:
    first = written.lines(rng, DAYS[0], range(100))
    read(held, written.file(tmp_path / "a", DAYS[0], first))
    newer = [*first[10:], *written.lines(rng, DAYS[0], range(200, 220))]
    path = written.file(tmp_path / "b", DAYS[0], newer)
    read(held, path)
    assert events(held).height == 110
    assert not events(held)["ref"].is_in([str(n) for n in range(10)]).any()
    receipts = batches.file_receipts(held, "gdelt1", current=None)
    assert [one.lines for one in sorted(receipts, key=lambda one: one.current)] == [100, 110]
    assert read(held, path).held == 1
    as_counted(held)


def test_what_cannot_be_read_is_set_aside_with_file_line_and_reason(
    held: Store, tmp_path: Path, written: Any, rng: random.Random
) -> None:
    good = [written.line(n, DAYS[0], DAYS[0], ("KHM", "USA"), "042", 1) for n in range(20)]
    latin = written.line(30, DAYS[0], DAYS[0], ("KHM", "USA"), "042", 1).replace(
        b"\tKHM\tKHM\t", b"\tKHM\tSe\xf1or\t", 1
    )
    bad = [
        b"1\t2\t3",
        b"",
        good[0] + b"\tmore",
        written.line(21, "20990101", DAYS[0], ("KHM", "USA"), "042", 1),
        written.line(22, DAYS[0], DAYS[0], ("QQQ", "USA"), "042", 1),
        rng.randbytes(25 * 1024**2).hex().encode(),
        written.line(23, DAYS[0], DAYS[0], ("KHM", "USA"), "42", 1),
    ]
    done = read(held, written.file(tmp_path, DAYS[0], [*good[:10], *bad, latin, *good[10:]]))
    assert (done.lines, done.rows, done.set_aside, done.repaired) == (28, 21, 7, 1)
    told = table(held, "review").sort(pl.col("place").str.extract(r"(\d+)").cast(pl.Int32))
    assert told["place"].to_list() == [f"line {n}" for n in range(11, 18)]
    assert set(told["file"]) == {f"{DAYS[0]}.export.CSV.zip"}
    assert told["why"].to_list() == [
        "it has 3 columns where there are 58",
        "the line is empty",
        "it has 59 columns where there are 58",
        "its day is absurd or after the day on which it was added",
        "an actor's country code is none of CAMEO's",
        "it is longer than 1,048,576 bytes",
        "its class is none of CAMEO's",
    ]
    assert events(held).filter(ref="30")["name_from"].to_list() == ["Se\ufffdor"]
    as_counted(held)


def spoilt(path: Path, how: str) -> None:
    data = path.read_bytes()
    if how == "cut short":
        path.write_bytes(data[: len(data) // 2])
    elif how == "wrong checksum":
        at = data.rindex(b"PK\x01\x02") + 16
        path.write_bytes(data[:at] + bytes(4) + data[at + 4 :])
    elif how == "damaged":
        path.write_bytes(data[:80] + bytes([data[80] ^ 255]) + data[81:])
    elif how == "bomb":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(path.stem, b"\n" * 300 * 1024**2)
    elif how == "another table":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(path.stem, b"a\tb\n1\t2\n" * 50)
    else:
        path.write_bytes(b"")


@pytest.mark.parametrize("how", ["cut short", "wrong checksum", "damaged", "bomb", "another table", "empty"])
def test_a_file_that_is_broken_is_named_and_the_others_are_read(
    held: Store, three_days: list[Path], how: str
) -> None:
    read(held, three_days[1])
    before = events(held)
    spoilt(three_days[1], how)
    with pytest.raises(BadFileError, match=r"20140102\.export\.CSV") as caught:
        read(held, *three_days)
    assert len(str(caught.value).splitlines()) == 2
    assert events(held).height == 900
    assert_frame_equal(events(held).filter(pl.col("date") == date(2014, 1, 2)), before)
    assert not (held.root / "staged").exists() or not list((held.root / "staged").rglob("*.parquet"))
    as_counted(held)


def test_keeping_some_states_is_keeping_all_and_choosing_later_and_volumes_stay(
    tmp_path: Path, three_days: list[Path]
) -> None:
    everything, some = store.open_store(tmp_path / "all"), store.open_store(tmp_path / "some")
    read(everything, *three_days)
    done = read(some, *three_days, choice=Choice((2, 710, 811)))
    among = pl.col("ccode_from").is_in([2, 710, 811]) & pl.col("ccode_to").is_in([2, 710, 811])
    expected = events(everything).filter(among & (pl.col("ccode_from") != pl.col("ccode_to")))
    assert_frame_equal(events(some), expected)
    assert_frame_equal(volumes(some), volumes(everything))
    assert (done.kept, done.rows) == (expected.height, 900)
    assert read(some, *three_days, choice=Choice((2, 811))).held == 3
    assert read(some, *three_days).held == 0
    assert_frame_equal(events(some), events(everything))
    as_counted(some)


def test_every_column_is_kept_where_that_is_asked_for(held: Store, three_days: list[Path]) -> None:
    read(held, *three_days)
    assert "SOURCEURL" not in table(held, "events").columns
    read(held, *three_days, choice=Choice(everything=True))
    kept = table(held, "events")
    assert {"SOURCEURL", "NumArticles", "Actor1Geo_FullName", "GLOBALEVENTID"} <= set(kept.columns)
    assert (kept["SOURCEURL"] == "https://example.org/" + kept["ref"]).all()
    as_counted(held)


def test_a_full_disk_leaves_the_store_before_or_after(
    held: Store, three_days: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    read(held, three_days[0])
    sync, calls = disk._sync, itertools.count()  # pyright: ignore[reportPrivateUsage]
    for allowed in (0, 1, 3, 5):
        calls = itertools.count()

        def full(path: Path, calls: Any = calls, allowed: int = allowed) -> None:
            if next(calls) >= allowed:
                raise OSError(errno.ENOSPC, "No space left on device")
            sync(path)

        with monkeypatch.context() as patched:
            patched.setattr(disk, "_sync", full)
            with pytest.raises(StoreError, match="No space left"):
                read(held, *three_days[1:])
        as_counted(held)
        assert events(held).height % 300 == 0
    read(held, *three_days)
    assert events(held).height == 900
    as_counted(held)


INGEST = """
import sys
from pathlib import Path
from amity import store
from amity.ingest.streaming import Coming, stream
paths = [Path(path) for path in sys.argv[2:]]
stream(store.open_store(Path(sys.argv[1])), "gdelt1", [Coming(path.name, path) for path in paths])
"""


def ingest(held: Store, paths: list[Path]) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-c", INGEST, str(held.root), *map(str, paths)]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def test_two_at_once_do_not_disturb_each_other(held: Store, three_days: list[Path]) -> None:
    running = [ingest(held, three_days), ingest(held, three_days[::-1])]
    assert [one.wait(60) for one in running] == [0, 0]
    assert events(held).height == 900
    assert len(batches.file_receipts(held, "gdelt1", current=None)) == 3
    as_counted(held)


def test_killed_at_any_moment_it_goes_on_where_it_was(
    tmp_path: Path, written: Any, rng: random.Random
) -> None:
    days = [f"201402{n:02}" for n in range(1, 13)]
    paths = [
        written.file(tmp_path / "files", day, written.lines(rng, day, range(10_000 * n, 10_000 * n + 3_000)))
        for n, day in enumerate(days, 1)
    ]
    calm, killed = store.open_store(tmp_path / "calm"), store.open_store(tmp_path / "killed")
    began = time.monotonic()
    assert ingest(calm, paths).wait(120) == 0
    took = time.monotonic() - began
    for _ in range(5):
        running = ingest(killed, paths)
        time.sleep(rng.uniform(0.3, 1.0) * took)
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert store.verify(killed) == ()
        assert events(killed).height % 3_000 == 0
    assert ingest(killed, paths).wait(120) == 0
    assert_frame_equal(events(killed), events(calm))
    assert_frame_equal(volumes(killed), volumes(calm))
    as_counted(killed)
    shutil.rmtree(tmp_path / "killed")
