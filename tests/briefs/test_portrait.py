"""The portrait of a state: the same numbers in every form, and nothing said more surely than it is known."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from amity.briefs.portrait import Between, Domain, Met, Place, Portrait, Reading, Spread, Tie, Trust, Year
from amity.briefs.portrait_page import html
from amity.briefs.portrait_words import headline, markdown, met, reading, text, trend
from tests.briefs.test_page_in_a_browser import OVERLAPS

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

NAMES = ("Laos", "Thailand", "Vietnam", "China", "Myanmar", "United States", "Japan", "Brunei")


def a_reading(value: float, wide: float = 20.0, change: float = 5.0) -> Reading:
    return Reading(
        value, max(-100, value - wide), min(100, value + wide), change, 0.8 if change > 0 else 0.1, 7
    )


def a_tie(rank: int, name: str) -> Tie:
    return Tie(rank, 800 + rank, name, name[:3].upper(), "South-eastern Asia", a_reading(60 - 15 * rank),
               a_reading(80 - 9 * rank), a_reading(50 - 3 * rank, 8), Trust(0.91, 0.86, 0.95, 2.0), None, (2.1, 1, 3), 4, None, False)  # fmt: skip


def a_year(year: int, said: str = "hedges 0.62, leans to China 0.30") -> Year:
    return Year(year, -0.4, -0.9, 0.1, 0.3, 1.1, 1.4, said, ("votes", "trade", "arms"))


@pytest.fixture
def portrait() -> Portrait:
    ties = [a_tie(n, name) for n, name in enumerate(NAMES, 1)]
    ties[3] = replace(ties[3], met=Met(date(2018, 12, 6), "day"), met_known=True)
    ties[5] = replace(ties[5], met_known=True)
    ties[7] = replace(ties[7], rank=None, tone=None, engagement=None, breadth=None, fields_known=0)
    spread = [Spread(kind, year, 30, 1 / (5 + n % 7), 5.0 + n % 7, "China", 0.24)
              for kind in ("trade", "engagement") for n, year in enumerate(range(1990, 2015))]  # fmt: skip
    domains = (
        Domain("votes", "nearness of ideal points", "sd", 1.0, -4.0, -4.9, -3.1, -4.1, -5.0, -3.2),
        Domain("trade", "share of trade", "share", 1.0, 0.05, -0.02, 0.12, 0.4, -0.2, 1.0),
        Domain("aid", "aid", "log10", 1.0, None, None, None, None, None, None),
    )
    plane = tuple(
        Place(code, name, year, (year - 1980) / 30 + k, (1990 - year) / 40 - 0.4 * k, code == 811)
        for k, (code, name) in enumerate(((811, "KHM"), (800, "THA"), (812, "LAO")))
        for year in range(1950, 2015)
    )
    stand = Between(
        "United States", "China", 2014, domains, (a_year(2013), a_year(2014)), plane, ("tone", "trade")
    )
    return Portrait("0", "Cambodia", "KHM", 811, date(2014, 12, 1), tuple(ties), tuple(spread), stand, ())


def test_every_form_tells_the_same_numbers(portrait: Portrait) -> None:
    page, plain, marked = html(portrait), text(portrait), markdown(portrait)
    kept = json.loads(json.dumps(portrait.to_dict()))
    assert kept["month"] == "2014-12-01"
    assert kept["ties"][0]["engagement"]["value"] == 71
    for form in (page, plain, marked):
        assert "+71 (+51 to +91)" in form
        assert "hedges 0.62, leans to China 0.30" in form
        assert "China first with 24%" in form
        assert "2018-12-06" in form
    for form in (page, marked):
        assert "0.91 (0.86 to 0.95)" in form
    for form in (plain, marked):
        assert "-4.00 (-4.90 to -3.10)" in form
    assert "−4.00 (−4.90 to −3.10)" in page


def test_what_is_not_known_says_so(portrait: Portrait) -> None:
    silent = portrait.ties[7]
    assert reading(silent.tone) == "unknown"
    assert trend(silent.tone) == ""
    assert met(silent) == "unknown"
    assert met(portrait.ties[5]) == "none on record"
    assert "|  | Brunei | unknown |" in markdown(portrait)
    assert ">unknown</span>" in html(portrait)
    nothing = replace(
        portrait, ties=tuple(replace(tie, engagement=None, tone=None) for tie in portrait.ties), spread=()
    )
    assert headline(nothing)[0] == "How much Cambodia has to do with other states is not known."
    assert "Its trade" not in " ".join(headline(nothing))
    assert 'data-chart="' not in html(replace(nothing, between=None))


def test_only_intervals_that_leave_a_pair_at_rest_count_as_sure(portrait: Portrait) -> None:
    said = " ".join(headline(portrait))
    warm = sum(tie.tone is not None and tie.tone.low > 0 for tie in portrait.ties)
    cold = sum(tie.tone is not None and tie.tone.high < 0 for tie in portrait.ties)
    assert (warm, cold) == (2, 2)
    assert "two are surely warmer than a pair at rest and two surely colder, coldest with " in said
    coldest = min(portrait.ties, key=lambda tie: tie.tone.value if tie.tone else 0)
    one = " ".join(headline(replace(portrait, ties=(coldest,))))
    assert (
        "tie whose tone is known, none are surely warmer than a pair at rest and one surely colder, with"
        in one
    )
    assert "(3 of 3 domains known)" in said


def test_the_headline_says_of_how_many_ties_engagement_is_known_and_whether_their_order_is_sure(
    portrait: Portrait,
) -> None:
    said = headline(portrait)[0]
    assert said.startswith("Of 8 states the engagement of Cambodia is known with 7,")
    assert said.endswith("the order is uncertain.")
    apart = [replace(tie, engagement=a_reading(90 - 9 * n, 1.0)) for n, tie in enumerate(portrait.ties)]
    assert "uncertain" not in headline(replace(portrait, ties=tuple(apart)))[0]
    one = (portrait.ties[0], *(replace(tie, rank=None, engagement=None) for tie in portrait.ties[1:]))
    assert headline(replace(portrait, ties=one))[0] == (
        "Of 8 states the engagement of Cambodia is known with one: Laos."
    )


def test_a_terminal_of_a_hundred_columns_holds_every_name_whole(portrait: Portrait) -> None:
    long = "Saint Vincent and the Grenadines"
    ties = (replace(portrait.ties[0], name=long), *portrait.ties[1:])
    lines = text(replace(portrait, ties=ties)).splitlines()
    assert max(map(len, lines)) <= 100
    (first,) = [n for n, line in enumerate(lines) if line.startswith("  1 Saint")]
    assert "Grenadines" in lines[first] + lines[first + 1]
    alone = replace(portrait.spread[-1], partners=1)
    assert "of 1 partner\n" in text(replace(portrait, spread=(alone,), between=None)) + "\n"


def test_a_change_is_told_only_where_it_is_likely() -> None:
    assert trend(Reading(10, 0, 20, 8, 0.8, 3)) == "rose by 8 (chance 0.80)"
    assert trend(Reading(10, 0, 20, 8, 0.7, 3)) == "no clear change"
    assert trend(Reading(10, 0, 20, None, None, 3)) == ""


def test_the_weights_are_in_sight(portrait: Portrait) -> None:
    for form in (html(portrait), text(portrait), markdown(portrait)):
        assert "votes 1, trade 1" in " ".join(form.split())


def test_a_name_cannot_become_markup(portrait: Portrait) -> None:
    name = "</script><b>Ruritania"
    ties = (replace(portrait.ties[0], name=name, iso3c=None), *portrait.ties[1:])
    page = html(replace(portrait, ties=ties))
    assert name not in page
    assert "&lt;b&gt;Ruritania" in page


def test_the_same_portrait_gives_the_same_bytes_and_asks_nobody(portrait: Portrait) -> None:
    page = html(portrait)
    assert page == html(portrait)
    assert "default-src 'none'" in page
    assert 'src="' not in page


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (380, "light"), (1200, "dark")])
def test_the_page_is_drawn_offline_without_labels_over_each_other(
    portrait: Portrait, tmp_path: Path, browser: Browser, width: int, scheme: Any
) -> None:
    (tmp_path / "portrait.html").write_text(html(portrait), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((tmp_path / "portrait.html").as_uri())
    page.wait_for_function(
        "document.documentElement.dataset.ready || document.documentElement.dataset.failed"
    )
    assert not errors
    assert page.locator("[data-drawn=yes]").count() == 3
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OVERLAPS) == []
    context.close()
