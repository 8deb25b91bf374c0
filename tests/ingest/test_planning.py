"""Which files of a list fall into a range of days, and what the list lacks."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from amity.errors import BadFileError
from amity.ingest import planning
from amity.ingest.planning import Lack, Span
from amity.ingest.trying import Wanted
from amity.sources import Identity

if TYPE_CHECKING:
    from collections.abc import Iterable


class Publisher:
    """A publisher of yearly, daily and quarterly files, by the length of their names."""

    @staticmethod
    def identity(name: str) -> Identity:
        stem = name.removesuffix(".zip")
        if not stem.isdigit():
            raise BadFileError(f"{name} is no file of mine", "leave it")
        if len(stem) == 4:
            return Identity(stem, stem, date(int(stem), 1, 1), date(int(stem), 12, 31))
        day = datetime.strptime(stem[:8], "%Y%m%d").date()  # noqa: DTZ007
        return Identity(stem, stem[:8], day, day)


def listed(names: Iterable[str], span: Span | None, **more: Any) -> planning.Listed:
    wanted = [Wanted(f"https://a.org/{name}.zip", f"{name}.zip", **more) for name in names]
    return planning.listed(Publisher, wanted, span)  # type: ignore[arg-type]


def span(start: str, end: str) -> Span:
    return Span(date.fromisoformat(start), date.fromisoformat(end))


def test_files_that_reach_into_the_range_are_taken_and_the_others_are_only_counted() -> None:
    found = listed(
        ["2013", "20140101", "20140102", "20140109", "MASTER"], span("2013-06-01", "2014-01-02"), size=5
    )
    assert sorted(found.inside) == ["2013", "20140101", "20140102"]
    assert len(found.keys) == 4
    assert found.size == 20
    assert (found.start, found.end) == (date(2013, 1, 1), date(2014, 1, 9))


def test_size_and_hash_of_two_lists_are_put_together() -> None:
    one, two = (
        Wanted("https://a.org/2013.zip", "2013.zip", size=3),
        Wanted("https://a.org/2013.zip", "2013.zip", md5="a"),
    )
    for pair in ((one, two), (two, one)):
        found = planning.listed(Publisher, pair, span("2013-01-01", "2013-01-01"))  # type: ignore[arg-type]
        assert found.inside["2013"].want == Wanted(one.url, one.file, size=3, md5="a")


def test_a_file_of_the_same_days_at_another_address_takes_the_place_of_the_earlier_one() -> None:
    one, two = (Wanted(f"https://a.org/{n}", "2013.zip", md5=md5) for n, md5 in ((1, "a"), (2, "")))
    found = planning.listed(Publisher, (one, two), span("2013-01-01", "2013-01-01"))  # type: ignore[arg-type]
    assert found.inside["2013"].want == two


def test_files_of_a_day_are_a_batch_and_the_oldest_comes_first() -> None:
    found = listed(
        ["20140102001500", "20140102000000", "2013", "20140101000000"], span("2013-01-01", "2014-12-31")
    )
    keys = [[one.identity.key for one in batch] for batch in planning.batches(found.inside)]
    assert keys == [["2013"], ["20140101000000"], ["20140102000000", "20140102001500"]]


def test_days_between_the_first_and_the_last_file_that_no_file_has_are_lacking() -> None:
    days = ["20140101", "20140104", "20140105", "20140107"]
    reach = span("2013-01-01", "2015-12-31")
    assert planning.lacking(listed(days, reach), reach) == (
        Lack(date(2014, 1, 2), date(2014, 1, 3)),
        Lack(date(2014, 1, 6), date(2014, 1, 6)),
    )
    inside = span("2014-01-03", "2014-01-05")
    assert planning.lacking(listed(days, inside), inside) == (Lack(date(2014, 1, 3), date(2014, 1, 3)),)


def test_a_year_covers_its_days() -> None:
    reach = span("2012-06-01", "2015-01-01")
    assert planning.lacking(listed(["2012", "2014"], reach), reach) == (
        Lack(date(2013, 1, 1), date(2013, 12, 31)),
    )


def test_quarters_of_an_hour_are_lacking_too() -> None:
    all_day = list(planning.quarters(date(2018, 1, 1)))
    names = [*all_day[90:94], all_day[95], *list(planning.quarters(date(2018, 1, 3)))[:2]]
    reach = span("2018-01-01", "2018-01-31")
    assert planning.lacking(listed(names, reach), reach) == (
        Lack(date(2018, 1, 2), date(2018, 1, 2)),
        Lack(date(2018, 1, 1), date(2018, 1, 1), ("20180101233000",)),
    )


@pytest.mark.parametrize("reach", [span("1900-01-01", "1900-12-31"), span("2050-01-01", "2050-01-02")])
def test_outside_the_list_nothing_is_lacking(reach: Span) -> None:
    assert planning.lacking(listed(["20140101", "20140109"], reach), reach) == ()
    assert planning.lacking(listed([], reach), reach) == ()
