"""A source in the store is either as before or as after: written twice, killed, out of disk, or by two at once."""

from __future__ import annotations

import hashlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amity import store
from amity.catalog import Receipt, polars_schema
from amity.errors import StoreError
from amity.store.checking import left_over

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amity.store import Store

SOURCE = "us_visits"


def reviewed(*whys: str) -> dict[str, pl.DataFrame]:
    rows = [("a.xml", str(place), why) for place, why in enumerate(whys)]
    return {"review": pl.DataFrame(rows, schema=polars_schema("review"), orient="row")}


def receipts_of(files: Mapping[str, bytes], source: str = SOURCE) -> list[Receipt]:
    return [
        Receipt(
            source, name, "", "2026-03-01T00:00:00Z", len(data), hashlib.sha256(data).hexdigest(), "CC0-1.0"
        )
        for name, data in files.items()
    ]


def put(held: Store, *whys: str, source: str = SOURCE) -> bool:
    files = {f"{why}.xml": why.encode() * 1000 for why in whys}
    return store.replace(held, source, files, reviewed(*whys), receipts_of(files, source))


def state(held: Store) -> tuple[object, ...]:
    """Everything that a reader sees."""
    return (
        [(part.source, part.table, part.rows, part.sha256) for part in store.parts(held)],
        [(one.source, one.file, one.sha256) for one in store.receipts(held)],
        {part.source: store.files(held, part.source) for part in store.parts(held)},
    )


@pytest.fixture
def held(tmp_path: Path) -> Store:
    return store.open_store(tmp_path / "store")


def test_opening_a_store_makes_nothing(held: Store) -> None:
    assert store.parts(held) == store.receipts(held) == store.verify(held) == ()
    assert store.files(held, SOURCE) == {}
    assert not held.root.exists()


def test_what_was_put_in_is_what_is_read(held: Store) -> None:
    assert put(held, "one", "two")
    assert store.files(held, SOURCE) == {"one.xml": b"one" * 1000, "two.xml": b"two" * 1000}
    (part,) = store.parts(held)
    assert pl.read_parquet(part.path).equals(reviewed("one", "two")["review"])
    assert store.verify(held) == ()


def test_the_same_again_changes_nothing(held: Store) -> None:
    put(held, "one")
    before = state(held)
    assert not put(held, "one")
    assert state(held) == before


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["a", "b", "c"]), unique=True, max_size=3), min_size=1, max_size=4))
def test_only_the_last_replacement_counts(
    tmp_path_factory: pytest.TempPathFactory, steps: list[list[str]]
) -> None:
    long, short = (store.open_store(tmp_path_factory.mktemp("s")) for _ in range(2))
    for step in steps:
        put(long, *step)
    put(short, *steps[-1])
    assert state(long) == state(short)
    assert store.verify(long) == ()


def test_a_reader_that_listed_the_parts_can_still_read_them_after_a_write(held: Store) -> None:
    put(held, "one")
    (part,) = store.parts(held)
    put(held, "two")
    put(held, "three")
    assert pl.read_parquet(part.path)["why"].to_list() == ["one"]


def test_replacing_by_nothing_takes_a_source_out(held: Store) -> None:
    put(held, "one")
    assert store.replace(held, SOURCE, {}, {}, [])
    assert store.parts(held) == store.receipts(held) == ()
    assert store.verify(held) == ()


def test_one_file_of_two_sources_is_kept_until_neither_has_it(held: Store) -> None:
    put(held, "one")
    put(held, "one", source="us_travels")
    store.replace(held, SOURCE, {}, {}, [])
    put(held, "two")
    assert store.files(held, "us_travels") == {"one.xml": b"one" * 1000}
    assert store.verify(held) == ()


def damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("folder", ["parts", "raw"])
@pytest.mark.parametrize("harm", [damage, Path.unlink])
def test_verify_finds_harm_and_the_same_files_again_mend_it(held: Store, folder: str, harm: object) -> None:
    put(held, "one")
    (file,) = (held.root / folder).iterdir()
    harm(file)  # type: ignore[operator]
    (problem,) = store.verify(held)
    assert problem.path.startswith(SOURCE)
    put(held, "one")
    assert store.verify(held) == ()


def test_a_kept_file_that_changed_is_not_handed_out(held: Store) -> None:
    put(held, "one")
    damage(next((held.root / "raw").iterdir()))
    with pytest.raises(StoreError, match="its hash differs"):
        store.files(held, SOURCE)
    assert store.files(held, SOURCE, without={"one.xml"}) == {}


def test_a_broken_manifest_is_told_in_two_lines(held: Store) -> None:
    put(held, "one")
    (held.root / "manifest.sqlite").write_bytes(b"no database" * 1000)
    for suffix in ("-wal", "-shm"):
        (held.root / f"manifest.sqlite{suffix}").unlink(missing_ok=True)
    for ask in (store.parts, store.receipts, store.verify, lambda s: put(s, "two")):
        with pytest.raises(StoreError, match="manifest"):
            ask(held)


def test_what_a_dead_writer_left_is_named_and_swept(held: Store) -> None:
    put(held, "one")
    (held.root / "parts" / ".tmp-99").write_bytes(b"half")
    (held.root / "raw" / ("0" * 64)).write_bytes(b"never committed")
    assert len(left_over(held)) == 2
    assert store.verify(held) == ()
    put(held, "two")
    put(held, "three")
    assert not {".tmp-99", "0" * 64} & set(left_over(held))
    assert not (held.root / "parts" / ".tmp-99").exists()


SCRIPT = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from amity import store
from test_replacing import put
held = store.open_store(Path(sys.argv[1]))
print("ready", flush=True)
for round in range(int(sys.argv[3])):
    put(held, *[sys.argv[2] + str(file) for file in range(round % 4 + 1)])
"""


def writer(held: Store, name: str, rounds: int) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-c", SCRIPT, str(held.root), name, str(rounds)]
    child = subprocess.Popen(words, stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    return child


def test_a_store_survives_being_killed_at_any_moment(held: Store, tmp_path: Path) -> None:
    put(held, "x0")
    dice = random.Random(20121119)  # noqa: S311
    for _ in range(8):
        child = writer(held, "x", 10_000)
        time.sleep(dice.uniform(0, 0.15))
        child.send_signal(signal.SIGKILL)
        child.communicate()
        assert child.returncode == -signal.SIGKILL
        assert store.verify(held) == ()
        (part,) = store.parts(held)
        assert [f"{why}.xml" for why in pl.read_parquet(part.path)["why"]] == sorted(
            store.files(held, SOURCE)
        )
    undisturbed = store.open_store(tmp_path / "undisturbed")
    put(held, "last"), put(undisturbed, "last")
    assert state(held) == state(undisturbed)


def test_two_processes_write_one_after_the_other(held: Store) -> None:
    children = [writer(held, name, 12) for name in ("x", "y")]
    for child in children:
        child.communicate(timeout=60)
        assert child.returncode == 0
    assert store.verify(held) == ()
    assert sorted(store.files(held, SOURCE)) in ([f"{name}{i}.xml" for i in range(4)] for name in ("x", "y"))


FULL = f"""
import resource, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from amity import store
from amity.errors import StoreError
from test_replacing import put
held = store.open_store(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
try:
    put(held, *map(str, range(2000)))
except StoreError as error:
    print(error)
"""


@pytest.mark.parametrize("limit", [0, 100, 3000, 20_000])
def test_a_full_disk_leaves_the_store_as_it_was(held: Store, limit: int) -> None:
    put(held, "one")
    before = state(held)
    words = [sys.executable, "-c", FULL, str(held.root), str(limit)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.startswith("error[store]: ")
    assert "\n  to mend: " in done.stdout
    assert not done.stderr
    assert state(held) == before
    assert store.verify(held) == ()


NOBODY = """
import os, sys
from pathlib import Path
import polars
from amity import store
from amity.store import checking, disk, manifest, reading, writing
from amity.errors import StoreError
if os.geteuid() == 0:
    os.setgid(65534), os.setuid(65534)
held = store.open_store(Path(sys.argv[1]))
print(len(store.parts(held)), len(store.verify(held)), len(store.files(held, "us_visits")))
try:
    store.replace(held, "us_visits", {}, {}, [])
except StoreError as error:
    print(error)
"""


def test_a_store_that_may_only_be_read_can_be_read(held: Store) -> None:
    put(held, "one")
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders are closed to others
        shutil.copytree(held.root, Path(folder) / "store")
        for path in (Path(folder), *Path(folder).rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        words = [sys.executable, "-c", NOBODY, f"{folder}/store"]
        done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
        Path(folder).chmod(0o700)
        for path in Path(folder).rglob("*"):
            path.chmod(0o700)
    counts, what, mend = done.stdout.splitlines()
    assert counts == "1 0 1"
    assert what.startswith("error[store]: cannot write to ")
    assert mend.startswith("  to mend: ")


def test_a_store_below_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreError, match="cannot write"):
        put(store.open_store(tmp_path / "file" / "store"), "one")
