"""`amity pull` of coded events, as a person types it."""

from __future__ import annotations

import io
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from amity.cli import cli
from amity.cli.event_words import bar, duration, now_and_then
from amity.cli.pull_events import gap, lacked, span
from amity.errors import UsageError
from amity.ingest.planning import Lack, Span
from amity.ingest.pulling_events import Progress

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2014", "2014", Span(date(2014, 1, 1), date(2014, 12, 31))),
        ("2016-02", "2016-02", Span(date(2016, 2, 1), date(2016, 2, 29))),
        ("2014-01-31", "2014-01-31", Span(date(2014, 1, 31), date(2014, 1, 31))),
        ("2014", "", Span(date(2014, 1, 1), date.max)),
        ("", "2014", Span(date.min, date(2014, 12, 31))),
        ("", "", None),
    ],
)
def test_a_year_or_a_month_stands_for_its_days(start: str, end: str, days: Span | None) -> None:
    assert span(start, end) == days


@pytest.mark.parametrize(
    "word", ["14", "2014-13", "2014-02-30", "2014-1-1", "0000", "yesterday", "2014-01-01 "]
)
def test_what_is_no_day_is_refused(word: str) -> None:
    with pytest.raises(UsageError, match="is no day, month or year"):
        span(word, "2015")
    with pytest.raises(UsageError, match="is no day, month or year"):
        span("2013", word)


def test_a_range_that_runs_backwards_is_refused() -> None:
    with pytest.raises(UsageError, match="--from 2015 is after --to 2014"):
        span("2015", "2014")


@pytest.mark.parametrize(
    "words", [["--from", "2014"], ["--to", "2014"], ["--states", "KHM,USA"], ["--keep-all"]]
)
def test_words_about_events_are_refused_where_none_are_asked_for(tmp_path: Path, words: list[str]) -> None:
    result = CliRunner().invoke(cli, ["--home", str(tmp_path), "pull", "us_visits", *words])
    assert isinstance(result.exception, UsageError)
    assert "none are asked for" in result.exception.what


def test_gaps_are_named_and_beyond_a_few_counted() -> None:
    day = Lack(date(2014, 1, 23), date(2014, 1, 23))
    assert gap(day) == "2014-01-23"
    assert (
        gap(Lack(date(2014, 1, 23), date(2014, 1, 23), ("20140123000000", "20140123001500")))
        == "2 files of 2014-01-23"
    )
    assert lacked([day] * 7).endswith("and 2 more gaps (`amity verify` names them)")


def test_time_left_is_said_no_finer_than_it_can_be_known() -> None:
    assert [duration(seconds) for seconds in (1, 44, 89, 91, 3599, 7325)] == [
        "10 s", "40 s", "90 s", "2 min", "60 min", "2 h 02 min",
    ]  # fmt: skip


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


def test_on_a_terminal_a_bar_shows_files_bytes_rows_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with bar("gdelt1") as told:
        told(Progress(0, 2, 500_000, 0, 1_000_000, 0, 95.0))
        told(Progress(2, 2, 1_000_000, 1_000_000, 1_000_000, 1234, 0.0))
    assert "25%" in screen.getvalue()
    assert "0/2 files, 0.5 MB, 0 events, 2 min left" in screen.getvalue()
    assert "2/2 files, 1.0 MB, 1,234 events" in screen.getvalue()


def test_elsewhere_a_line_is_written_now_and_then(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr("amity.cli.event_words.MINUTE", 0.0)
    with bar("gdelt1") as told:
        told(Progress(1, 2, 500_000, 500_000, 0, 3, None))
    assert capsys.readouterr().err == "gdelt1: 1/2 files, 0.5 MB, 3 events\n"
    heard: list[Progress] = []
    now_and_then(heard.append, 60.0)(Progress(2, 2, 0, 0, 0, 0, None))
    assert heard == []
