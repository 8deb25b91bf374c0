"""Every rendering says the same, keeps to its frame, and never mistakes unknown for none."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.briefs import words
from amity.briefs.charts.look import spread
from amity.briefs.html import content_hash, html
from amity.briefs.markdown import markdown
from amity.briefs.terminal import UNKNOWN, text
from amity.briefs.write import rendered, write
from amity.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from amity.briefs.answer import Brief


def test_the_headline_says_ruptures_votes_and_the_last_visit(brief: Brief) -> None:
    formal, votes, visits = brief.headline
    assert formal.startswith("Cambodia and the United States have had diplomatic relations since 1950")
    assert "severed in 1965–1969 and interrupted in 1975–1994; they were resumed on 17 May 1994" in formal
    assert "In UN votes of 2024 Cambodia and the United States agreed 0.35" in votes
    assert "Cambodia and China 0.93" in votes
    assert "Joseph R. Biden to Cambodia on 12 November 2022" in visits


def test_every_form_carries_the_headline(brief: Brief) -> None:
    for form in ("html", "md", "json", "txt"):
        said = " ".join(rendered(brief, form).split())
        for sentence in brief.headline:
            assert sentence in said, form


def test_the_terminal_keeps_to_its_width(brief: Brief) -> None:
    for width in (60, 80, 96, 120):
        assert max(map(len, text(brief, width).splitlines())) <= width


def test_in_the_terminal_unknown_years_are_dots_and_years_without_are_blank(brief: Brief) -> None:
    line = next(line for line in text(brief, 96).splitlines() if line.startswith("relations"))
    years = dict(zip(range(1946, 2025), line[11:].ljust(79), strict=True))
    assert years[1949] == UNKNOWN, "before the record begins"
    assert years[1960] == "█"
    assert years[1967] == " ", "severed"
    assert years[2020] == UNKNOWN, "after the record ends"


def test_a_pair_that_nobody_records_is_unknown_not_none(brief: Brief) -> None:
    bare = replace(brief, reach=(), ties=(), gaps=(), visits=(), amounts=(), cadence=None, turning_points=())
    assert "unknown, not none" in words.absent(bare)
    assert "unknown, not none" in html(bare)
    assert "unknown, not none" in " ".join(text(bare).split())


def test_the_page_asks_nothing_of_the_network(brief: Brief) -> None:
    page = html(brief)
    outside = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert not re.findall(r"""(?:src|srcset|data|poster)\s*=\s*["']?https?:""", outside)
    assert "<link" not in outside
    assert "default-src 'none'" in page


def test_the_pages_policy_admits_its_one_script_and_no_other(brief: Brief) -> None:
    page = html(brief)
    allowed = re.search(r"script-src '(sha256-[^']+)'", page)
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    assert allowed
    assert [content_hash(script) for script in scripts] == [allowed.group(1)]


@pytest.mark.parametrize(
    "hostile", ["</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\u2028'\"`"]
)
def test_a_hostile_title_stays_text(brief: Brief, hostile: str) -> None:
    rolls = (replace(brief.roll_calls[0], title=hostile),)
    visits = (replace(brief.visits[0], who=hostile),)
    page = html(replace(brief, roll_calls=rolls, visits=visits))
    assert page.count("<script") == 2
    assert "<img" not in page
    data = re.search(r'<script type="application/json" id="amity-data">(.*?)</script>', page, flags=re.DOTALL)
    assert data
    assert json.loads(data.group(1))["roll_calls"][0][3] == hostile


def test_the_same_brief_gives_the_same_page(brief: Brief) -> None:
    assert html(brief) == html(brief)


def test_json_holds_every_field_as_plain_values(brief: Brief) -> None:
    again = json.loads(rendered(brief, "json"))
    assert again["question"]["a"]["iso3c"] == "KHM"
    assert again["ties"][0]["end"] == "1965-05-03"
    assert again["state"] is None, "reserved for what is not estimated yet"


def test_markdown_tables_have_as_many_cells_as_heads(brief: Brief) -> None:
    lines = markdown(brief).splitlines()
    width = 0
    for line in lines:
        cells = len(re.findall(r"(?<!\\)\|", line))
        width = cells if cells and not width else (width if cells else 0)
        assert cells == width


def test_files_appear_whole_and_leave_nothing_else(brief: Brief, tmp_path: Path) -> None:
    paths = write(brief, tmp_path / "new", ("html", "md", "json", "txt"))
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(path.name for path in paths)
    assert paths[0].name == "amity-KHM-USA-CHN.html"


def test_a_folder_that_cannot_be_written_is_named_in_two_lines(brief: Brief, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(StoreError) as refused:
        write(brief, tmp_path / "taken", ("md",))
    assert str(refused.value).count("\n") == 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=4), st.floats(0.01, 0.2))
def test_names_at_the_ends_of_lines_stand_apart_and_in_order(values: list[float], least: float) -> None:
    placed = spread(values, least)
    order = sorted(range(len(values)), key=lambda i: (values[i], i))
    gaps = [placed[b] - placed[a] for a, b in itertools.pairwise(order)]
    assert all(gap >= least - 0.002 for gap in gaps)
    if all(b - a >= least for a, b in zip(sorted(values), sorted(values)[1:], strict=False)):
        assert placed == [round(value, 4) for value in values]
