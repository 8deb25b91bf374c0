"""A server on this machine that plays the publishers: their listings, their files, and everything that goes wrong.

`python tests/ingest/publisher.py [FOLDER]` serves the samples, or the publishers' real files in FOLDER, until its
standard input is closed; it prints its address first.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import socket
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SAMPLES = Path(__file__).parents[1] / "samples"
RAW, API = "raw.githubusercontent.com", "api.github.com"
SHELVES = {
    "HistoryAtState/visits/master/data": ("us_visits", "state_dept/visits"),
    "HistoryAtState/travels/master/president-travels": (
        "us_travels/president",
        "state_dept/travels/president",
    ),
    "HistoryAtState/travels/master/secretary-travels": (
        "us_travels/secretary",
        "state_dept/travels/secretary",
    ),
    "HistoryAtState/rdcr/master/articles": ("us_relations", "state_dept/rdcr"),
    "HistoryAtState/pocom/master/missions-countries": ("us_missions", "state_dept/missions"),
    "UNxml/GAresolutions/main/data_extract": ("unga_resolutions", "unga/garesolutions"),
    "dgrtwo/unvotes/master/data": ("unga_votes", "unga"),
}
"""Where publishers keep their files: owner/repository/branch/folder, our samples, the folder of the real files."""
CAPTCHA = (
    b"<!DOCTYPE html>\n<html><head><title>Just a moment...</title></head><body>Are you a robot?</body></html>"
)
MODIFIED = formatdate(1_700_000_000, usegmt=True)


@dataclass
class Publisher:
    """The files by path below the address, faults to come by path (one a request, the last for ever when `stuck`)."""

    files: dict[str, bytes]
    address: str = ""
    faults: dict[str, list[Callable[[Answer, bytes], None]]] = field(default_factory=dict)
    stuck: bool = False
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    at_once: list[int] = field(default_factory=lambda: [0, 0])
    chunk: int = 1 << 16
    rest_seconds: float = 0.0
    """Rest between two chunks, so that a kill can fall between them."""

    @property
    def mirrors(self) -> tuple[tuple[str, str], ...]:
        return tuple((f"https://{host}/", f"{self.address}/{host}/") for host in (RAW, API))

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [path for path, _ in self.asked]


def shelved(real: Path | None = None) -> dict[str, bytes]:
    """Every publisher's files, by path: our samples, or the real ones."""
    files: dict[str, bytes] = {}
    for shelf, (sample, whole) in SHELVES.items():
        folder = real / whole if real else SAMPLES / sample
        for path in sorted(folder.glob("*.*")):
            files[f"/{RAW}/{shelf}/{path.name}"] = path.read_bytes()
    return files


@contextmanager
def publishing(files: dict[str, bytes] | None = None) -> Iterator[Publisher]:
    """A publisher who answers at `address` as long as the block lasts."""
    publisher = Publisher(shelved() if files is None else files)

    class Bound(Answer):
        of = publisher

    server = Server(("127.0.0.1", 0), Bound)
    server.daemon_threads, server.block_on_close = True, False
    publisher.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield publisher
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Server(ThreadingHTTPServer):
    """A server that is not surprised when the other side is killed."""

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Answer(BaseHTTPRequestHandler):
    """One request's answer."""

    protocol_version = "HTTP/1.1"
    of: Publisher

    def do_GET(self) -> None:
        self.of.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        self.of.at_once[0] += 1
        self.of.at_once[1] = max(self.of.at_once)
        try:
            with suppress(OSError):  # the other side may have gone
                self.answer()
        finally:
            self.of.at_once[0] -= 1

    def answer(self) -> None:
        data = (
            listing(self.path, self.of) if self.path.startswith(f"/{API}/") else self.of.files.get(self.path)
        )
        if data is None:
            self.send_error(404)
            return
        faults = self.of.faults.get(self.path, [])
        if faults:
            (faults[0] if self.of.stuck and len(faults) == 1 else faults.pop(0))(self, data)
        else:
            whole(self, data)

    def head(self, status: int, size: int, **headers: str) -> None:
        """The status and the headers; `Retry_After` is written `Retry-After`."""
        self.send_response(status)
        self.send_header("Content-Length", str(size))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def cut(self) -> None:
        """Break the connection off."""
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (http.server's own name)
        del format, args


def listing(path: str, publisher: Publisher) -> bytes | None:
    """What GitHub's contents API says of a folder."""
    owner, repo, _, folder = path.removeprefix(f"/{API}/repos/").split("/", 3)
    named = [
        (file, data, file.removeprefix(f"/{RAW}/{owner}/{repo}/").split("/", 1)[1])
        for file, data in publisher.files.items()
        if file.startswith(f"/{RAW}/{owner}/{repo}/")
    ]
    entries = [
        {
            "name": inside.rpartition("/")[2],
            "path": inside,
            "sha": hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest(),
            "size": len(data),
            "type": "file",
            "download_url": f"https:/{file}",
        }
        for file, data, inside in named
        if inside.rpartition("/")[0] == folder
    ]
    beside = {
        "name": "old",
        "path": f"{folder}/old",
        "sha": "0" * 40,
        "size": 0,
        "type": "dir",
        "download_url": None,
    }
    return json.dumps([beside, *entries]).encode() if entries else None


def etag(data: bytes) -> str:
    return f'"{hashlib.sha256(data).hexdigest()[:16]}"'


def whole(answer: Answer, data: bytes) -> None:
    """As a good publisher answers: 304 and 206 where they are asked for."""
    tag = etag(data)
    if answer.headers.get("If-None-Match") == tag:
        answer.head(304, 0, ETag=tag)
        return
    asked = answer.headers.get("Range", "")
    if asked and answer.headers.get("If-Range") == tag:
        rest(answer, data, tag)
        return
    answer.head(200, len(data), ETag=tag, Last_Modified=MODIFIED)
    send(answer, data)


def rest(answer: Answer, data: bytes, tag: str) -> None:
    start = int(answer.headers["Range"].removeprefix("bytes=").rstrip("-"))
    if start >= len(data):
        answer.head(416, 0, Content_Range=f"bytes */{len(data)}")
        return
    answer.head(206, len(data) - start, ETag=tag, Content_Range=f"bytes {start}-{len(data) - 1}/{len(data)}")
    send(answer, data[start:])


def send(answer: Answer, data: bytes) -> None:
    for start in range(0, len(data), answer.of.chunk):
        answer.wfile.write(data[start : start + answer.of.chunk])
        if answer.of.rest_seconds:
            time.sleep(answer.of.rest_seconds)


# Faults: each is one bad answer.


def cut_short(answer: Answer, data: bytes) -> None:
    """Promise all, send half, break off."""
    answer.head(200, len(data), ETag=etag(data))
    answer.wfile.write(data[: len(data) // 2])
    answer.cut()


def cut_at_once(answer: Answer, data: bytes) -> None:
    del data
    answer.cut()


def cut_without_tag(answer: Answer, data: bytes) -> None:
    answer.head(200, len(data))
    answer.wfile.write(data[: len(data) // 2])
    answer.cut()


def wrong_bytes(answer: Answer, data: bytes) -> None:
    """As many bytes as promised, one of them turned."""
    bad = bytes([data[0] ^ 1]) + data[1:]
    answer.head(200, len(bad), ETag='"wrong"')
    answer.wfile.write(bad)


def fewer_bytes(answer: Answer, data: bytes) -> None:
    """A body that ends early and says so."""
    whole(answer, data[: len(data) // 2])


def status(code: int, **headers: str) -> Callable[[Answer, bytes], None]:
    """A status without a file."""
    return lambda answer, _: answer.head(code, 0, **headers)


def page(answer: Answer, data: bytes) -> None:
    """A captcha with status 200."""
    del data
    answer.head(200, len(CAPTCHA), Content_Type="text/html", ETag='"captcha"')
    answer.wfile.write(CAPTCHA)


def slow_body(answer: Answer, data: bytes) -> None:
    """A slow loris: a byte at a time."""
    answer.head(200, len(data), ETag=etag(data))
    for at in range(len(data)):
        answer.wfile.write(data[at : at + 1])
        time.sleep(0.02)


def slow_head(answer: Answer, data: bytes) -> None:
    """Headers that never end."""
    del data
    answer.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for n in range(200):
        answer.wfile.write(b"X-%d: 1\r\n" % n)
        time.sleep(0.02)
    answer.cut()


def silent(answer: Answer, data: bytes) -> None:
    del data
    time.sleep(3)
    answer.cut()


def no_ranges(answer: Answer, data: bytes) -> None:
    """Ignore Range and send all."""
    answer.head(200, len(data), ETag=etag(data))
    answer.wfile.write(data)


def another_range(answer: Answer, data: bytes) -> None:
    """Send the rest of another version as if it were this one's."""
    start = int(answer.headers["Range"].removeprefix("bytes=").rstrip("-"))
    answer.head(
        206, len(data) - start, ETag='"newer"', Content_Range=f"bytes {start}-{len(data) - 1}/{len(data)}"
    )
    answer.wfile.write(b"?" * (len(data) - start))


def zipped(answer: Answer, data: bytes) -> None:
    """Content-Encoding: gzip, though nobody asked for it."""
    packed = gzip.compress(data)
    answer.head(200, len(packed), Content_Encoding="gzip", ETag='"zipped"')
    answer.wfile.write(packed)


def half_zipped(answer: Answer, data: bytes) -> None:
    packed = gzip.compress(data)[:-9]
    answer.head(200, len(packed), Content_Encoding="gzip", ETag='"half"')
    answer.wfile.write(packed)


def bomb(answer: Answer, data: bytes) -> None:
    """A few bytes that unpack to many."""
    zipped(answer, b"0" * (len(data) + 5_000_000))


def endless(answer: Answer, data: bytes) -> None:
    """A body without a length that goes on and on."""
    answer.send_response(200)
    answer.send_header("Connection", "close")
    answer.end_headers()
    answer.close_connection = True
    for _ in range(10_000):
        answer.wfile.write(data)


if __name__ == "__main__":
    with publishing(shelved(Path(sys.argv[1]) if len(sys.argv) > 1 else None)) as one:
        print(one.address, flush=True)
        sys.stdin.read()
