"""Coded events in the brief: told alike in every form, each act once, and never nought where nothing is known."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from amity import cameo
from amity.briefs import coded, limits
from amity.briefs.charts import charts
from amity.briefs.html import html
from amity.briefs.markdown import markdown
from amity.briefs.newsroom import newsroom
from amity.briefs.terminal import UNKNOWN, text
from amity.briefs.write import rendered
from amity.catalog import polars_schema
from amity.evidence import event_days
from tests.briefs.conftest import NEWS

if TYPE_CHECKING:
    from amity.briefs.answer import Brief

days = st.dates(date(2013, 12, 1), date(2014, 3, 31))
spells = st.lists(st.tuples(days, st.integers(0, 40)), min_size=1, max_size=6).map(
    lambda some: [(start, start + timedelta(days=length)) for start, length in some]
)


def each_day(spans: Any) -> set[date]:
    return {start + timedelta(days=at) for start, end in spans for at in range((end - start).days + 1)}


def test_every_form_tells_the_news(telling: Brief) -> None:
    for form in ("html", "md", "json", "txt"):
        said = " ".join(rendered(telling, form).split())
        for words_ in ("GDELT 1.0 events", "Phnom Penh (Cambodia, government)", "coerce"):
            assert words_ in said, form
        if form != "json":
            assert "1,240 articles in 6 rows" in said
            assert "Conflict in the news: 28 of 44 acts of Cambodia towards the United States" in said
            assert "1 January 2014 to 10 March 2014 and 1 June 2014 to 31 July 2014" in said


def test_json_has_level_and_volume_of_each_covered_month(telling: Brief) -> None:
    months = json.loads(rendered(telling, "json"))["news"]["months"]
    assert [one["month"][:7] for one in months] == ["2014-01", "2014-02", "2014-03", "2014-06", "2014-07"]
    assert months[2]["a_to_b"]["conflictual"] == 24
    assert (months[2]["days"], months[2]["volume"]) == (10, 2_500)


def test_in_the_terminal_a_month_that_is_not_covered_is_a_dot_and_one_without_acts_is_blank(
    telling: Brief,
) -> None:
    lines = text(telling, 96).splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("KHM to USA +"))
    forth, against = (line[len("KHM to USA + ") :].ljust(7) for line in lines[first : first + 2])
    assert forth == f"▄ ▁{UNKNOWN}{UNKNOWN}▁▁"
    assert against == f"▁ █{UNKNOWN}{UNKNOWN}▁ "
    assert any("█ 24" in line for line in lines), "the scale is said"


def test_the_terminal_keeps_to_its_width_with_news(telling: Brief) -> None:
    assert telling.news
    long = tuple(
        replace(NEWS.months[0], month=date(1979 + at // 12, at % 12 + 1, 1), days=28) for at in range(430)
    )
    for brief in (telling, replace(telling, news=replace(telling.news, months=long))):
        for width in (60, 80, 96, 120):
            assert max(map(len, text(brief, width).splitlines())) <= width


def test_nothing_is_drawn_on_days_that_the_source_does_not_cover(telling: Brief) -> None:
    assert telling.news
    covered = each_day(telling.news.spans)
    whole = each_day([(date(2014, 1, 1), date(2014, 7, 31))])
    for name in ("news_forth", "news_back", "news_share", "news_volume"):
        layers = [layer["data"]["values"] for layer in charts(telling)[name]["layer"]]
        hatched, solid = (drawn_days(layer) for layer in (layers[0], layers[-1]))
        assert hatched == whole - covered, name
        assert solid <= covered, name


def drawn_days(values: list[dict[str, Any]]) -> set[date]:
    spans = [(date.fromisoformat(one["t"]), date.fromisoformat(one["t2"])) for one in values]
    return each_day((start, end - timedelta(days=1)) for start, end in spans)


def test_both_directions_are_drawn_on_one_scale(telling: Brief) -> None:
    forth, back = (
        charts(telling)[name]["layer"][-1]["encoding"]["y"] for name in ("news_forth", "news_back")
    )
    assert forth["scale"]["domain"] == back["scale"]["domain"] == [-24, 12]


def test_a_share_is_of_all_that_the_source_tells_in_the_month(telling: Brief) -> None:
    values = charts(telling)["news_share"]["layer"][-1]["data"]["values"]
    assert values[0]["value"] == round(10_000 * 20 / 9_000, 4)
    assert "2014-03 (10 of 31 days): 128 in 10,000" in values[2]["says"]


def test_markdown_tables_of_the_news_have_as_many_cells_as_heads(telling: Brief) -> None:
    width = 0
    for line in markdown(telling).splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line))
        assert cells in (0, width) or not width
        width = cells
    assert "| 2014-03 (10 of 31 days) | 1 | 24 | 0 | 7 | 2,500 | 128 |" in markdown(telling)


def test_without_events_the_brief_says_in_a_line_what_brings_them_and_nothing_else_changes(
    brief: Brief, telling: Brief
) -> None:
    assert "No coded events are loaded for these years: `amity pull gdelt1" in text(brief, 200)
    assert 'id="news"' not in html(brief)
    assert "onflict in the news" not in markdown(brief)
    assert not any("Coded events" in limit for limit in limits.limits(brief))
    assert any("Coded events" in limit for limit in limits.limits(telling))


def test_a_month_without_an_act_is_said_to_have_none(telling: Brief) -> None:
    quiet = replace(telling, news=replace(NEWS, month=date(2014, 2, 1), reports=()))
    for said in (html(quiet), markdown(quiet), text(quiet)):
        assert "No act between the two in February 2014" in said


def test_a_pair_that_no_news_names_has_no_month_told(telling: Brief) -> None:
    nothing = replace(
        NEWS, months=(replace(NEWS.months[1]),), classes=(), month=None, reports=(), spans=NEWS.spans[:1]
    )
    room = newsroom(replace(telling, news=nothing))
    assert room
    assert room.title == "The news that was read tells of no act between Cambodia and the United States"
    assert room.reports_title == ""
    assert "tells of no act" in text(replace(telling, news=nothing))


def test_a_hostile_actor_stays_text(telling: Brief) -> None:
    hostile = "</script><img src=x onerror=alert(1)>"
    told = replace(NEWS.reports[0], sender=hostile)
    page = html(replace(telling, news=replace(NEWS, reports=(told,))))
    assert "<img" not in page
    assert page.count("<script") == 2


# Days


@given(spells)
def test_joined_spells_hold_the_same_days_and_stand_apart(some: list[tuple[date, date]]) -> None:
    made = event_days.joined(sorted(some))
    assert each_day(made) == each_day(some)
    assert all((b - a).days > 1 for (_, a), (b, _) in itertools.pairwise(made))


@given(spells)
def test_months_count_each_covered_day_once(some: list[tuple[date, date]]) -> None:
    months = event_days.covered_months(event_days.joined(sorted(some)))
    assert months == Counter(day.replace(day=1) for day in each_day(some))
    assert list(months) == sorted(months)


# Acts

event = st.fixed_dictionaries(
    {
        "date": st.sampled_from([date(2014, 3, 4), date(2014, 3, 5)]),
        "direction": st.sampled_from(["a to b", "b to a"]),
        "code": st.sampled_from(["042", "043", "112", "173", "190"]),
        "articles": st.none() | st.integers(1, 50),
    }
)


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = {**polars_schema("events"), "source": pl.String(), "direction": pl.String()}
    return pl.DataFrame([{**row, "ref": str(at)} for at, row in enumerate(rows)], schema=schema)


@given(st.lists(event, max_size=12))
def test_each_act_is_told_once_with_all_its_rows_and_articles(rows: list[dict[str, Any]]) -> None:
    made = coded.acts(frame(rows))
    keys: dict[tuple[Any, ...], list[int | None]] = {}
    for row in rows:
        meaning = cameo.find(row["code"])
        keys.setdefault((row["direction"], row["date"], meaning.root, meaning.field), []).append(
            row["articles"]
        )
    found = {
        tuple(one[:4]): (one[4], one[5])
        for one in made.select("direction", "date", "root", "field", "rows", "articles").rows()
    }
    assert len(found) == made.height
    assert found == {
        key: (len(told), None if None in told else sum(n for n in told if n is not None))
        for key, told in keys.items()
    }


@given(st.lists(event, max_size=12))
def test_acts_with_most_articles_come_first_then_those_in_most_rows(rows: list[dict[str, Any]]) -> None:
    made = coded.acts(frame(rows))
    order = [(one is None, -(one or 0), -count) for one, count in made.select("articles", "rows").rows()]
    assert order == sorted(order)


@given(st.lists(event, max_size=12), st.randoms())
def test_the_order_of_rows_does_not_decide_which_act_is_told(
    rows: list[dict[str, Any]], shuffled: Any
) -> None:
    told = frame(rows)
    again = told.sample(fraction=1, shuffle=True, seed=shuffled.randrange(10**6))
    assert coded.acts(told).equals(coded.acts(again))
