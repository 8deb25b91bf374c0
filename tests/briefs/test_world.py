"""The map of a portrait: every state has its place, and what is unknown, unsure or below nought can be told apart."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from amity import states
from amity.briefs.charts.world import KEYS, READINGS, drawing, elsewhere, shade, world
from amity.briefs.portrait import Portrait, Reading, Tie, Trust
from amity.briefs.portrait_page import html
from amity.briefs.templates import asset

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

STEP = re.compile(r"-?\d+")


def a_reading(value: float, wide: float = 20.0) -> Reading:
    return Reading(value, value - wide, value + wide, 5.0, 0.6, 7)


def a_tie(state: str, value: float, **more: Any) -> Tie:
    of = states.find(state)
    tie = Tie(1, of.ccode, of.name, of.iso3c, of.region, a_reading(value), a_reading(value), a_reading(value),
              Trust(0.8, 0.7, 0.9, 1.0), None, (1.2, 1, 2), 3, None, False)  # fmt: skip
    return replace(tie, **more)


def a_portrait(*ties: Tie, name: str = "Cambodia") -> Portrait:
    of = states.find(name)
    return Portrait("0", of.name, of.iso3c, of.ccode, date(2014, 12, 1), ties, (), None, ())


def classes(page: str, name: str) -> str:
    found = re.findall(
        r'<(?:path|circle)[^>]*class="([^"]*)" id="at' + str(states.find(name).ccode) + '"', page
    )
    assert found
    return found[-1]


def test_every_state_of_today_has_an_outline_or_a_dot() -> None:
    now = {str(one.ccode) for one in states.every() if one.spells[-1].end is None}
    on = world()
    assert now == {*on["land"], *on["dots"]}


def test_states_lie_where_they_lie() -> None:
    on = world()

    def middle(name: str) -> tuple[float, float]:
        code = str(states.find(name).ccode)
        if code in on["dots"]:
            x, y = on["dots"][code]
            return x, y
        x, y = STEP.findall(on["land"][code])[:2]
        return float(x), float(y)

    assert (
        middle("Chile")[0]
        < middle("Portugal")[0]
        < middle("India")[0]
        < middle("Singapore")[0]
        < middle("Fiji")[0]
    )
    assert middle("Norway")[1] < middle("Chad")[1] < middle("Lesotho")[1]


def test_outlines_stay_on_the_paper_and_no_line_runs_across_it() -> None:
    on = world()
    wide, high = on["size"]
    for code, path in [*on["land"].items(), ("", on["no_state"]), ("borders", on["borders"])]:
        for part in path.split("M")[1:]:
            numbers = [int(one) for one in STEP.findall(part)]
            x, y = numbers[:2]
            for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
                assert abs(dx) + abs(dy) < 250, code
                x, y = x + dx, y + dy
                assert -1 <= x <= wide + 1, code
                assert -1 <= y <= high + 1, code


def test_outlines_are_small_and_say_where_they_come_from() -> None:
    text = asset("world.json")
    assert len(text.encode()) < 150_000
    made_from = json.loads(text)["made_from"]
    assert "public domain" in made_from["licence"]
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in made_from["sha256"].values())


def test_a_colour_says_how_much_and_how_surely() -> None:
    assert shade(None) == ""
    assert [shade(a_reading(at)) for at in (-70, -30, -5, 0, 5, 30, 70)] == [
        "n2",
        "n1",
        "n0",
        "p0",
        "p0",
        "p1",
        "p2",
    ]
    assert shade(a_reading(-70, 80)) == "n0"


def test_unknown_is_neither_nought_nor_no_state() -> None:
    silent = a_tie("Thailand", 0, tone=None, engagement=None, alignment=None, trusts=None, breadth=None)
    page = str(drawing(a_portrait(silent, a_tie("Vietnam", 0))))
    assert classes(page, "Thailand") == ""
    assert classes(page, "Vietnam").split()[:4] == ["e-p0", "c-p0", "t-p0", "a-p0"]
    assert "s-" not in classes(page, "Vietnam")
    assert f'id="at{states.find("Laos").ccode}"' not in page
    assert 'class="own"' in page


def test_every_state_tells_its_numbers_and_no_name_is_markup() -> None:
    page = str(drawing(a_portrait(a_tie("Vietnam", 30, name="<b>Ruritania"))))
    assert "<b>" not in page
    assert "&lt;b&gt;Ruritania, rank 1: engagement +30 (+10 to +50)" in page
    assert "trusts 0.80 (0.70 to 0.90), is trusted unknown" in page


def test_a_small_state_is_a_dot_and_its_portrait_marks_it() -> None:
    assert (
        "<circle" in str(drawing(a_portrait(a_tie("Malta", 30)))).split('id="at338"')[0].rpartition("\n")[2]
    )
    assert re.search(r'<circle[^>]*class="own"><title>Singapore', str(drawing(a_portrait(name="Singapore"))))


def test_states_that_are_no_more_are_named_beside_the_map() -> None:
    gone = a_tie("Vietnam", 0, ccode=817, name="South Vietnam")
    assert elsewhere(a_portrait(gone, a_tie("Laos", 0))) == ("South Vietnam",)
    assert "no place for South Vietnam" in html(a_portrait(gone))


def test_every_reading_has_a_button_a_key_and_colours() -> None:
    page = html(a_portrait(a_tie("Vietnam", 30)))
    sheet = (files("amity.briefs") / "assets" / "portrait.css").read_text(encoding="utf-8")
    for part in READINGS:
        assert f'id="by-{part.letter}"' in page
        assert f'class="key key-{part.letter}"' in page
        for name, _ in KEYS[part.key]:
            assert f"#by-{part.letter}:checked ~ .world .{part.letter}-{name}" in sheet
            assert f".key .{name} {{" in sheet


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (380, "dark")])
def test_choosing_a_reading_colours_the_map_without_a_script(
    tmp_path: Path, browser: Browser, width: int, scheme: Any
) -> None:
    tie = a_tie("Vietnam", 70, tone=a_reading(-70), trusts=None)
    silent = a_tie("Thailand", 0, engagement=None)
    (tmp_path / "portrait.html").write_text(html(a_portrait(tie, silent)), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    page = context.new_page()
    page.goto((tmp_path / "portrait.html").as_uri())
    fill = f"getComputedStyle(document.getElementById('at{tie.ccode}')).fill"
    seen = {}
    for letter in ("e", "t", "r"):
        page.locator(f"label[for=by-{letter}]").click()
        seen[letter] = page.evaluate(fill)
        assert page.locator(f".key-{letter}").is_visible()
    assert len(set(seen.values())) == 3
    assert "#n2" in seen["t"]
    assert "#unknown" in seen["r"]
    page.locator("label[for=by-e]").click()
    assert "#unknown" in page.evaluate(fill.replace(str(tie.ccode), str(silent.ccode)))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = page.locator("svg.world").bounding_box()
    assert box is not None
    assert box["width"] > min(1000, 0.85 * width)
    context.close()
