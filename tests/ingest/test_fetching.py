"""One file over HTTP, from publishers who cut, lie, stall, send elsewhere and send something else."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from amity.errors import FetchError, MissingFileError, StoreError
from amity.ingest import staging
from amity.ingest.fetching import Way, client, fetch, in_words, origin
from amity.ingest.inspecting import git_sha1
from amity.ingest.trying import Limits, Never, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from amity.ingest.trying import Fetched

DATA = bytes(range(33, 127)) * 200
MD5 = hashlib.md5(DATA, usedforsecurity=False).hexdigest()
PAGE = "https://example.org/where-people-go"
FILE = "/raw.githubusercontent.com/a.dat"


@pytest.fixture
def one(server: Any) -> Iterator[Any]:
    """A publisher with one file."""
    with server.publishing({FILE: DATA}) as publisher:
        yield publisher


@pytest.fixture
def get(one: Any, still: Any, quick: Limits, tmp_path: Path) -> Callable[..., Fetched | None]:
    """Fetch the one file."""

    def go(limits: Limits = quick, url: str = "", **known: Any) -> Fetched | None:
        async def run() -> Fetched | None:
            async with client(limits) as http:
                way = Way(http, PAGE, limits, still.world(), frozenset({origin(httpx.URL(one.address))}))
                return await fetch(way, Wanted(url or one.address + FILE, "a.dat", **known), tmp_path / "in")

        return asyncio.run(run())

    return go


def refusal(get: Callable[..., Fetched | None], **how: Any) -> FetchError:
    """The error of a fetch that fails; it names the address, the page for people and the command, in two lines."""
    with pytest.raises(FetchError) as caught:
        get(**how)
    error = caught.value
    assert "a.dat" in error.what
    assert PAGE in error.mend
    assert "`amity load FOLDER`" in error.mend
    assert len(str(error).splitlines()) == 2
    return error


def test_a_file_comes_whole_with_the_moment_and_the_hash(get: Any) -> None:
    came = get(sha256=hashlib.sha256(DATA).hexdigest(), git_sha1=git_sha1(DATA), size=len(DATA))
    assert came.data == DATA
    assert came.note.retrieved == "2024-01-01T12:00:00Z"
    assert came.note.sha256 == hashlib.sha256(DATA).hexdigest()


def test_a_body_cut_short_is_gone_on_with_where_it_broke_off(
    get: Any, one: Any, server: Any, still: Any
) -> None:
    one.faults[FILE] = [server.cut_short]
    assert get().data == DATA
    assert one.asked[1][1]["range"] == f"bytes={len(DATA) // 2}-"
    assert one.asked[1][1]["if-range"] == server.etag(DATA)
    assert still.waits == [1.0]


def test_without_a_tag_to_prove_the_version_a_cut_body_is_fetched_anew(
    get: Any, one: Any, server: Any
) -> None:
    one.faults[FILE] = [server.cut_without_tag]
    assert get().data == DATA
    assert "range" not in one.asked[1][1]


def test_a_server_that_ignores_ranges_is_read_from_the_start(get: Any, one: Any, server: Any) -> None:
    one.faults[FILE] = [server.cut_short, server.no_ranges]
    assert get().data == DATA


def test_a_file_that_changed_between_two_tries_is_not_glued_to_its_earlier_half(
    get: Any, one: Any, server: Any
) -> None:
    def cut_then_change(answer: Any, data: bytes) -> None:
        one.files[FILE] = b"new" + DATA
        server.cut_short(answer, data)

    one.faults[FILE] = [cut_then_change]
    assert get().data == b"new" + DATA


def test_the_rest_of_another_version_is_thrown_away(get: Any, one: Any, server: Any) -> None:
    one.faults[FILE] = [server.cut_short, server.another_range]
    assert get().data == DATA


def test_a_killed_fetch_is_gone_on_with_by_the_next_run(
    get: Any, one: Any, server: Any, quick: Limits
) -> None:
    one.faults[FILE] = [server.cut_short]
    with pytest.raises(FetchError):
        get(replace(quick, tries=1))
    assert get().data == DATA
    assert one.asked[1][1]["range"] == f"bytes={len(DATA) // 2}-"


def test_a_whole_file_left_by_a_killed_run_is_not_fetched_again(get: Any, one: Any) -> None:
    get(git_sha1=git_sha1(DATA))
    assert get(git_sha1=git_sha1(DATA)).data == DATA
    assert len(one.asked) == 1


def test_without_a_hash_a_file_left_by_a_killed_run_is_only_taken_when_the_publisher_still_has_it(
    get: Any, one: Any
) -> None:
    get()
    assert get().data == DATA
    one.files[FILE] = DATA[::-1]
    assert get().data == DATA[::-1]
    assert one.asked[1][1]["if-none-match"] == one.asked[2][1]["if-none-match"]


def test_a_damaged_file_left_by_a_killed_run_is_fetched_again(get: Any, one: Any, tmp_path: Path) -> None:
    get(git_sha1=git_sha1(DATA))
    note, data = sorted((tmp_path / "in").iterdir(), key=lambda path: path.suffix, reverse=True)
    data.write_bytes(DATA[:-1])
    assert get(git_sha1=git_sha1(DATA)).data == DATA
    note.write_text('{"url": []')
    assert get(git_sha1=git_sha1(DATA)).data == DATA
    assert len(one.asked) == 3


def test_what_the_store_holds_need_not_be_sent_again(get: Any, one: Any, server: Any) -> None:
    assert get(known=staging.Note("", etag=server.etag(DATA))) is None
    assert get(known=staging.Note("", etag='"older"')).data == DATA


def test_wrong_bytes_are_fetched_again_and_in_the_end_refused(get: Any, one: Any, server: Any) -> None:
    one.faults[FILE] = [server.wrong_bytes]
    assert get(git_sha1=git_sha1(DATA)).data == DATA
    one.faults[FILE], one.stuck = [server.wrong_bytes], True
    error = refusal(get, sha256=hashlib.sha256(DATA).hexdigest())
    assert "after 4 tries: its SHA-256 is" in error.what
    assert "after 4 tries: its MD5 is" in refusal(get, md5=MD5).what


def test_a_file_left_by_a_killed_run_is_known_by_the_md5_that_was_announced(get: Any, one: Any) -> None:
    get(md5=MD5)
    assert get(md5=MD5).data == DATA
    assert len(one.asked) == 1
    with pytest.raises(FetchError, match="its MD5 is"):
        get(md5="0" * 32)


def test_fewer_bytes_than_announced_are_refused(get: Any, one: Any, server: Any) -> None:
    one.faults[FILE], one.stuck = [server.fewer_bytes], True
    assert (
        f"{len(DATA) // 2:,} bytes came where {len(DATA):,} were announced"
        in refusal(get, size=len(DATA)).what
    )


def test_a_missing_file_is_asked_for_once_and_named(get: Any, one: Any, server: Any, still: Any) -> None:
    one.files.clear()
    error = refusal(get)
    assert isinstance(error, MissingFileError)
    assert error.what.endswith("did not give a.dat: the server answered 404 Not Found")
    assert len(one.asked) == 1
    assert still.waits == []


def test_a_server_that_asks_for_patience_gets_it(get: Any, one: Any, server: Any, still: Any) -> None:
    one.faults[FILE] = [
        server.status(429, Retry_After="7"),
        server.status(503, Retry_After="Mon, 01 Jan 2024 12:01:00 GMT"),
    ]
    assert get().data == DATA
    assert still.waits == [7.5, 60.5]


def test_nobody_waits_an_hour(get: Any, one: Any, server: Any, still: Any) -> None:
    one.faults[FILE] = [server.status(429, Retry_After="3600")]
    assert "429 Too Many Requests, and asks to be left alone for 3,600 s" in refusal(get).what
    one.faults[FILE] = [server.status(403, X_RateLimit_Remaining="0", X_RateLimit_Reset="1704114000")]
    assert "too many requests from here, and asks to be left alone for 3,600 s" in refusal(get).what
    assert still.waits == []


@pytest.mark.parametrize("header", ["soon", "", "-5", "9" * 5000, "Mon, 99 Foo 2024"])
def test_a_wait_that_cannot_be_read_is_our_own_to_choose(
    get: Any, one: Any, server: Any, still: Any, header: str
) -> None:
    one.faults[FILE] = [server.status(503, Retry_After=header)]
    assert get().data == DATA
    assert still.waits == [1.0]


def test_a_busy_server_is_asked_again_after_longer_and_longer_waits(
    get: Any, one: Any, server: Any, still: Any
) -> None:
    one.faults[FILE] = [server.status(503), server.status(503)]
    assert get().data == DATA
    assert still.waits == [1.0, 2.0]
    one.faults[FILE], one.stuck = [server.status(503)], True
    assert "after 4 tries: the server answered 503 Service Unavailable" in refusal(get).what


def test_a_redirect_is_followed(get: Any, one: Any, server: Any) -> None:
    one.faults["/old"] = [server.status(301, Location=FILE)]
    one.files["/old"] = b""
    assert get(url=f"{one.address}/old").data == DATA


def test_a_circle_of_redirects_ends(get: Any, one: Any, server: Any) -> None:
    one.faults[FILE], one.stuck = [server.status(302, Location=FILE)], True
    assert "it leads from one address to the next, more than 5 times" in refusal(get).what
    assert len(one.asked) == 6


@pytest.mark.parametrize(
    "there", ["http://example.org/a.dat", "http://127.0.0.1:9/a.dat", "file:/etc/passwd"]
)
def test_a_redirect_away_from_https_is_refused(get: Any, one: Any, server: Any, there: str) -> None:
    one.faults[FILE] = [server.status(302, Location=there)]
    assert f"it leads to {there}, which is not https" in refusal(get).what


def test_an_address_that_is_none_is_refused(get: Any, one: Any, server: Any) -> None:
    assert "the address cannot be read" in refusal(get, url="https://[::1").what
    one.faults[FILE] = [server.status(302, Location="https://127.0.0.1:99999999/")]
    assert "which is no address" in refusal(get).what
    assert "which is not https" in refusal(get, url="http://example.org/").what


def test_a_captcha_in_place_of_the_file_is_named(get: Any, one: Any, server: Any, tmp_path: Path) -> None:
    one.faults[FILE] = [server.page]
    error = refusal(get, size=len(DATA))
    assert "a web page came in place of the file, titled ‘Just a moment...’" in error.what
    assert list((tmp_path / "in").iterdir()) == []
    assert get().data == DATA


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("slow_body", "bytes came in 0.2 s"),
        ("slow_head", "no whole answer within 0.3 s"),
        ("silent", "nothing came for 0.3 s"),
    ],
)
def test_a_slow_loris_is_left(
    get: Any, one: Any, server: Any, quick: Limits, still: Any, fault: str, words: str
) -> None:
    hasty = replace(quick, tries=1, answer=0.3 if fault == "slow_head" else 5, read=0.3)
    one.faults[FILE] = [getattr(server, fault)] * 2
    assert words in refusal(get, limits=hasty).what
    assert get(limits=replace(hasty, tries=9)).data == DATA
    assert still.waits


def test_a_file_that_takes_too_long_in_all_is_left(get: Any, one: Any, server: Any, quick: Limits) -> None:
    one.faults[FILE] = [server.slow_body]
    assert "it took longer than 0.3 s" in refusal(get, limits=replace(quick, whole=0.3, slow=(0, 9))).what


def test_compression_that_nobody_asked_for_is_undone(get: Any, one: Any, server: Any) -> None:
    one.faults[FILE] = [server.half_zipped, server.zipped]
    assert get(git_sha1=git_sha1(DATA)).data == DATA
    assert one.asked[0][1]["accept-encoding"] == "identity"


@pytest.mark.parametrize("fault", ["bomb", "endless"])
def test_what_grows_without_end_is_refused(get: Any, one: Any, server: Any, fault: str) -> None:
    one.faults[FILE] = [getattr(server, fault)]
    assert "it is larger than 1,000,000 bytes" in refusal(get).what


def test_a_length_beyond_all_measure_is_refused_before_anything_comes(
    get: Any, one: Any, server: Any
) -> None:
    one.faults[FILE] = [lambda answer, _: answer.head(200, 10**12)]
    assert "it is larger than 1,000,000 bytes" in refusal(get).what
    one.faults[FILE] = [lambda answer, _: answer.head(200, 0, Content_Encoding="br")]
    assert "encoded as 'br'" in refusal(get).what


def test_no_connection_is_named(get: Any, one: Any, server: Any, quick: Limits) -> None:
    one.faults[FILE], one.stuck = [server.cut_at_once], True
    assert "after 4 tries: the answer broke off" in refusal(get).what


def test_a_certificate_that_cannot_be_verified_ends_it() -> None:
    error = httpx.ConnectError(
        "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate"
    )
    assert isinstance(in_words(error, Limits()), Never)


def test_certificates_are_verified() -> None:
    pool = client(Limits())._transport._pool
    assert pool._ssl_context.verify_mode == ssl.CERT_REQUIRED
    assert pool._ssl_context.check_hostname
    asyncio.run(pool.aclose())


def test_a_disk_that_fails_is_no_fault_of_the_publisher(get: Any, tmp_path: Path) -> None:
    (tmp_path / "in").write_text("a file where a folder must be")
    with pytest.raises(StoreError, match="cannot keep what is being fetched"):
        get()
