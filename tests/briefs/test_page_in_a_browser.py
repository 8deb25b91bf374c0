"""The page as a person meets it: drawn in headless Chromium, offline, wide and narrow, in light and dark."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from amity.briefs.charts.standing import HEIGHT
from amity.briefs.html import html

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from amity.briefs.answer import Brief

pytestmark = pytest.mark.browser

OVERLAPS = """() => [...document.querySelectorAll('.chart svg')].flatMap((svg) => {
  const seen = (t) => t.textContent.trim() && t.getBoundingClientRect().width && t.getAttribute('opacity') !== '0';
  const texts = [...svg.querySelectorAll('text')].filter(seen);
  const boxes = texts.map((t) => [t.textContent, t.getBoundingClientRect()]);
  const met = [];
  boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => {
    const over = Math.min(p.right, q.right) - Math.max(p.left, q.left);
    const under = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
    if (over > 1 && under > 4) met.push(`${a} over ${b}`);
  }));
  return met;
})"""

# A character without a glyph is drawn as the same box as a character that no font can have.
MISSING_GLYPHS = """() => {
  const pen = Object.assign(document.createElement('canvas'), { width: 40, height: 40 }).getContext('2d', { willReadFrequently: true });
  const shape = (character) => {
    pen.clearRect(0, 0, 40, 40);
    pen.font = '24px ' + getComputedStyle(document.body).fontFamily;
    pen.fillText(character, 4, 30);
    return pen.getImageData(0, 0, 40, 40).data.join();
  };
  const nothing = shape('\\u{10FFFE}');
  return [...new Set(document.body.innerText)].filter((c) => c.trim() && shape(c) === nothing);
}"""


@pytest.fixture(scope="module")
def file(telling: Brief, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "brief.html"
    path.write_text(html(telling), encoding="utf-8")
    return path


@pytest.fixture(params=[(1280, "light"), (1280, "dark"), (360, "light")], ids=["wide", "dark", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, file: Path) -> Iterator[Page]:
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    opened = context.new_page()
    faults: list[str] = []
    opened.on(
        "console",
        lambda message: faults.append(message.text) if message.type in ("error", "warning") else None,
    )
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("request", lambda sent: faults.append(sent.url) if not sent.url.startswith("file:") else None)
    opened.goto(file.as_uri())
    opened.wait_for_function(
        "document.documentElement.dataset.ready || document.documentElement.dataset.failed"
    )
    yield opened
    assert faults == []
    context.close()


def drawn(page: Page) -> dict[str, Any]:
    return page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('[data-chart]')].filter((place) =>
        !place.closest('details:not([open])')).map((place) =>
        [place.dataset.chart, place.querySelectorAll('svg path, svg line').length]))"""
    )


def test_every_chart_is_drawn_offline_without_a_fault(page: Page) -> None:
    charts = drawn(page)
    news = {"news_forth", "news_back", "news_share", "news_volume"}
    assert set(charts) == {
        "phases",
        "tone",
        "engagement",
        "fields",
        "outlook",
        "alignment",
        "relations",
        "votes",
        "visits",
        "aid",
        "powers",
        "plane",
        "bystanders",
        "programmes",
        "differences",
        "standing",
        "cadence",
        *news,
    }
    assert all(marks > 2 for marks in charts.values()), charts


PATHS = {f"after_{n}" for n in range(4)}


def test_what_is_folded_away_is_drawn_when_it_is_opened(page: Page) -> None:
    page.locator("#followed summary").click()
    page.locator("[data-chart=after_3][data-drawn]").wait_for()
    charts = drawn(page)
    assert set(charts) >= PATHS
    assert all(charts[name] > 10 for name in PATHS), charts
    assert page.evaluate(OVERLAPS) == []
    labels = page.locator("[data-chart=after_0] .role-axis").last.locator("text").all_text_contents()
    assert [one.replace("\u2212", "-") for one in labels if one] == ["-6", "-3", "0", "+3"]
    within = page.evaluate(
        """() => [...document.querySelectorAll('#followed .chart svg')].filter((svg) => {
        const box = svg.getBoundingClientRect();
        return box.width > 250 && box.right <= document.documentElement.clientWidth + 1; }).length"""
    )
    assert within == len(PATHS)


def test_no_two_labels_of_a_chart_overlap(page: Page) -> None:
    assert page.evaluate(OVERLAPS) == []


def test_every_character_has_a_glyph(page: Page) -> None:
    assert page.evaluate(MISSING_GLYPHS) == []


def test_the_page_never_scrolls_sideways(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_click_on_a_year_shows_the_rows_behind_it(page: Page) -> None:
    chart = page.locator('[data-chart="votes"]')
    chart.scroll_into_view_if_needed()
    left, width = page.evaluate(
        """() => { const box = document.querySelector('[data-chart="votes"] svg').getBoundingClientRect();
        return [56, box.width - 56 - 66]; }"""
    )
    chart.click(position={"x": left + width * (2012.5 - 1946) / 79, "y": 100})
    drawer = page.locator("#drawer")
    assert drawer.locator("h2").inner_text() == "The rows behind 2012"
    said = drawer.inner_text()
    assert "Barack Obama" in said
    assert "Trade & <growth>" in said, "a title is text, never markup"
    assert "us_visits 2012-11-19" in said
    drawer.get_by_role("button", name="Close").click()
    assert not drawer.is_visible()


def test_pointing_at_a_year_reads_it_out(page: Page) -> None:
    chart = page.locator('[data-chart="votes"]')
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box
    page.mouse.move(box["x"] + 56 + (box["width"] - 122) * (1956.5 - 1946) / 79, box["y"] + 60)
    page.get_by_text("1956 · KHM–USA 0.77").wait_for()


def test_the_years_can_be_walked_with_the_keyboard(page: Page) -> None:
    page.locator(".timeline").focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator("#readout").inner_text().startswith("2023")
    page.keyboard.press("Enter")
    assert page.locator("#drawer h2").inner_text() == "The rows behind 2023"


def test_text_stands_out_from_its_background(page: Page) -> None:
    contrast = page.evaluate(
        """() => { const rgb = (c) => c.match(/[\\d.]+/g).slice(0, 3).map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        const light = (c) => { const [r, g, b] = rgb(c); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
        const back = light(getComputedStyle(document.documentElement).backgroundColor);
        return ['.lead', '.how', '.pair', '.first', '.third', '.against'].map((s) => { const fore = light(getComputedStyle(document.querySelector(s)).color);
          return [s, (Math.max(fore, back) + 0.05) / (Math.min(fore, back) + 0.05)]; }); }"""
    )
    assert all(ratio >= 4.5 for _, ratio in contrast), contrast


def test_the_page_prints_on_a_few_sheets(browser: Browser, file: Path) -> None:
    context = browser.new_context(offline=True)
    opened = context.new_page()
    opened.goto(file.as_uri())
    opened.wait_for_function("document.documentElement.dataset.ready")
    pdf = opened.pdf(prefer_css_page_size=True)
    context.close()
    sheets = pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") + pdf.count(b"/Type/Page/")
    assert 2 <= sheets <= 7


def test_pointing_at_a_month_tells_its_events(page: Page) -> None:
    chart = page.locator('[data-chart="news_forth"]')
    chart.scroll_into_view_if_needed()
    bar = chart.locator("path[aria-roledescription='bar']").first
    bar.hover(force=True)
    assert page.locator("#tip").inner_text() == "2014-01: 12 co-operative, 3 conflictual events"


def test_pointing_at_a_session_tells_whose_point_it_is(page: Page) -> None:
    chart = page.locator('[data-chart="standing"]')
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box
    left, width = box["x"] + 56, box["width"] - 122
    page.mouse.move(left + width * (2024.5 - 1946) / 79, box["y"] + 8 + HEIGHT * (5 - 4.3) / 6.5)
    page.locator("#tip").wait_for()
    assert page.locator("#tip").inner_text() == "USA 2024–25: 4.30 (4.05 to 4.55; 90 votes)"


def test_a_phase_is_readable_without_scrolling_sideways(page: Page) -> None:
    page.locator("#phases table").scroll_into_view_if_needed()
    beyond = page.evaluate(
        """() => [...document.querySelectorAll('#phases td')].filter((cell) =>
        cell.getBoundingClientRect().right > document.documentElement.clientWidth).length"""
    )
    assert beyond == 0
    assert page.locator("#phases").get_by_text("Relations severed").is_visible()


def test_what_moved_it_is_readable_without_scrolling_sideways(page: Page) -> None:
    page.locator("#moved table").first.scroll_into_view_if_needed()
    beyond = page.evaluate(
        """() => [...document.querySelectorAll('#moved .moves td')].filter((cell) => cell.offsetParent &&
        cell.getBoundingClientRect().right > document.documentElement.clientWidth).length"""
    )
    assert beyond == 0
    assert page.locator("#moved").get_by_text("−0.31 sd, colder").first.is_visible()


def test_dots_and_bars_of_the_dials_stand_inside_their_lines(page: Page) -> None:
    outside = page.evaluate(
        """() => [...document.querySelectorAll('.dial .strip, .reach .arrow')].flatMap((strip) => {
        const box = strip.getBoundingClientRect();
        return [...strip.querySelectorAll('.span')].map((one) => one.getBoundingClientRect()).filter((one) =>
          one.left < box.left - 1 || one.right > box.right + 1); }).length"""
    )
    assert outside == 0


def test_pointing_at_a_month_of_a_line_reads_its_estimate(page: Page) -> None:
    chart = page.locator('[data-chart="alignment"]')
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box
    left, width = box["x"] + 56, box["width"] - 122
    page.mouse.move(left + width * (2000.45 - 1946) / 79, box["y"] + 8 + 104 * (100 + 34) / 200)
    page.locator("#tip").wait_for()
    said = re.fullmatch(
        r"(\d{4})-(06|12): apart, −(\d+) \(−\d+ to −\d+\); then known: −\d+",
        page.locator("#tip").inner_text(),
    )
    assert said
    year = int(said[1])
    assert abs(year - 2000) <= (0 if width > 600 else 3), "on a telephone a year is three dots wide"
    assert int(said[3]) == year - 1946 - 20


def test_a_roll_call_that_divided_the_two_is_readable_without_scrolling_sideways(page: Page) -> None:
    first = page.locator("#standing .divided").first
    first.scroll_into_view_if_needed()
    assert first.get_by_text("Rivers & <lakes>").is_visible()
    beyond = page.evaluate(
        """() => [...document.querySelectorAll('#standing .divided td')].filter((cell) =>
        cell.getBoundingClientRect().right > document.documentElement.clientWidth).length"""
    )
    assert beyond == 0


def test_an_act_is_readable_without_scrolling_sideways(page: Page) -> None:
    page.locator("#news table").first.scroll_into_view_if_needed()
    beyond = page.evaluate(
        """() => [...document.querySelectorAll('#news .stacked td')].filter((cell) =>
        cell.getBoundingClientRect().right > document.documentElement.clientWidth).length"""
    )
    assert beyond == 0
    assert page.locator("#news .stacked").get_by_text("1,240 articles in 6 rows").is_visible()


def test_a_turning_point_is_readable_without_scrolling_sideways(page: Page) -> None:
    beyond = page.evaluate(
        """() => [...document.querySelectorAll('.turns td')].filter((cell) => cell.offsetParent &&
        cell.getBoundingClientRect().right > document.documentElement.clientWidth).length"""
    )
    assert beyond == 0


@pytest.mark.parametrize("part", ["between", "shadow", "followed", "programmes", "ledger"])
def test_every_part_is_readable_without_scrolling_sideways(page: Page, part: str) -> None:
    beyond = page.evaluate(
        """(part) => [...document.querySelectorAll(`#${part} td, #${part} p, #${part} figcaption`)].filter((cell) =>
        cell.offsetParent && cell.getBoundingClientRect().right > document.documentElement.clientWidth).length""",
        part,
    )
    assert beyond == 0


def test_charts_are_as_wide_after_printing_as_before(browser: Browser, file: Path) -> None:
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.goto(file.as_uri())
    opened.wait_for_function("document.documentElement.dataset.ready")
    wide = "[...document.querySelectorAll('.chart svg')].map((svg) => Math.round(svg.getBoundingClientRect().width))"
    before = opened.evaluate(wide)
    opened.pdf(prefer_css_page_size=True)
    opened.wait_for_timeout(200)
    assert opened.evaluate(wide) == before
    context.close()
