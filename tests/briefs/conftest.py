"""A brief made by hand, small enough to check by eye, and a browser to look at its page."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from amity.briefs import followed, limits, turning, words
from amity.briefs.answer import (
    Amount,
    Brief,
    Cadence,
    Citation,
    Closeness,
    Gap,
    News,
    NewsClass,
    NewsMonth,
    Party,
    PeerVisits,
    Question,
    Reach,
    Report,
    RollCall,
    Tie,
    Told,
    Visit,
)
from amity.briefs.estimated import (
    Breadth,
    Change,
    Depth,
    Estimated,
    Foreseen,
    Line,
    LineName,
    Month,
    Moving,
    Phase,
    Skill,
    Stand,
    Trust,
    Trusted,
    Turn,
)
from amity.briefs.ledger import Claim, Ledger
from amity.briefs.placed import Between, Domain, Place, Placed, Year
from amity.briefs.points import Apart, Divided, Moved, Nearer, Point, Standing
from amity.briefs.programmes import Ahead, Programme
from amity.briefs.shadowed import Bystander, Shadowed, Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

A = Party("Cambodia", "KHM", 811, "South-eastern Asia", "Cambodia")
B = Party("United States", "USA", 2, "Northern America", "the United States")
C = Party("China", "CHN", 710, "Eastern Asia", "China")


def tie(
    kind: str, level: str | None, start: str, began: str, end: str | None = None, ended: str | None = None
) -> Tie:
    stop = date.fromisoformat(end) if end else None
    day = "day" if end else None
    who = "heath-donald-read" if kind == "envoy" else None
    return Tie(
        kind,
        level,
        date.fromisoformat(start),
        "day",
        began,
        stop,
        day,
        ended,
        2,
        811,
        who,
        "us_relations",
        "cambodia.xml#1",
    )


def visit(day: str, direction: str, rank: str, who: str) -> Visit:
    return Visit(date.fromisoformat(day), "day", 2, direction, rank, who, None, "us_visits", day)  # type: ignore[arg-type]


def series(first: int, values: list[float], n: int = 60) -> tuple[Closeness, ...]:
    half = 0.06
    return tuple(
        Closeness(first + at, value, max(value - half, 0), min(value + half, 1), n)
        for at, value in enumerate(values)
    )


TIES = (
    tie("relations", None, "1950-07-11", "established", "1965-05-03", "severed by the other side"),
    tie("post", "legation", "1950-11-14", "opened", "1952-06-24", "raised"),
    tie("post", "embassy", "1952-06-24", "raised", "1965-05-03", "closed"),
    tie("envoy", "minister", "1950-07-11", "presented credentials", "1952-07-12", "promoted"),
    tie("relations", None, "1969-07-02", "reestablished", "1975-04-12", "interrupted"),
    tie("relations", None, "1994-05-17", "resumed"),
    tie("post", "embassy", "1994-05-17", "reopened"),
)
GAPS = (Gap(date(1975, 4, 13), date(1991, 11, 11), 198, "us_missions", "kh-1974-dean-01"),)
VISITS = (
    visit("1953-04-17", "a to b", "head of state", "King Sihanouk"),
    visit("2012-11-19", "b to a", "head of state", "Barack Obama"),
    visit("2016-01-26", "b to a", "foreign minister", "John Kerry"),
    visit("2022-11-12", "b to a", "head of state", "Joseph R. Biden"),
)
PEERS = (
    PeerVisits("Viet Nam", "VNM", 18, 5.6, 3.6, 8.4, 5, is_pair=False),
    PeerVisits("Cambodia", "KHM", 4, 1.2, 0.4, 2.9, 40, is_pair=True),
    PeerVisits("Timor-Leste", "TLS", 0, 0.0, 0.0, 0.9, None, is_pair=False),
)
REACH = (
    Reach("us_visits", "acts", "visit", date(1946, 1, 1), date(2024, 12, 31)),
    Reach("us_aid", "figures", "aid_obligated", date(1946, 7, 1), date(2022, 9, 30)),
    Reach("us_relations", "ties", "relations", date(1950, 2, 7), date(2008, 12, 31)),
    Reach("us_relations", "ties", "post", date(1950, 2, 7), date(2008, 12, 31)),
    Reach("us_missions", "ties", "envoy", date(1950, 6, 29), date(2019, 9, 19)),
    Reach("unga_votes", "votes", "*", date(1946, 1, 1), date(2024, 12, 31)),
)
SOURCE = Citation(
    "unga_votes",
    "UN General Assembly roll calls",
    "Voeten and others",
    "CC0-1.0",
    "https://creativecommons.org/publicdomain/zero/1.0/",
    "https://doi.org/10.7910/DVN/LEJUQZ",
    "2026-11-01T00:00:00Z",
    "Voeten (2009). United Nations General Assembly Voting Data.",
    "@data{voeten2009}",
    870109,
)


@pytest.fixture(scope="session")
def brief() -> Brief:
    """Cambodia and the United States with China, from a handful of rows."""
    question = Question(A, B, C, 1946, 2024)
    pair = series(1956, [0.77, 0.7, 0.66, 0.6, 0.3, 0.28, 0.3]) + series(
        1990, [0.3] * 17 + [0.14] + [0.35] * 17
    )
    rolls = (
        RollCall(
            "rcid:1",
            date(1956, 11, 1),
            "month",
            1956,
            "R/11/1",
            "A question of peace",
            "yes",
            "yes",
            "abstain",
            "unga_votes",
        ),
        RollCall(
            "rcid:2",
            date(2012, 12, 1),
            "day",
            2012,
            "R/67/2",
            "Trade & <growth>",
            "yes",
            "no",
            "yes",
            "unga_votes",
        ),
    )
    amounts = tuple(
        Amount(
            year, str(year), "aid_obligated", 2, 811, (year % 7) * 1e7, "USD of 2022", "us_aid", f"KHM {year}"
        )
        for year in range(1955, 2023)
    )
    empty = Brief(
        version="0.1.0",
        question=question,
        evidence_to=date(2024, 12, 31),
        headline=(),
        ties=TIES,
        gaps=GAPS,
        agreement=pair,
        agreement_whole=pair,
        agreement_a_third=series(1971, [0.8, 0.9, 0.95]) + series(1990, [0.93] * 35),
        agreement_b_third=series(1971, [0.5, 0.45, 0.4]) + series(1990, [0.3] * 35),
        agreement_peers=(("Viet Nam", 0.2), ("Timor-Leste", 0.4)),
        roll_calls=rolls,
        visits=VISITS,
        cadence=Cadence("the United States", 1995, 2024, "South-eastern Asia", PEERS, 2, 2.8),
        amounts=amounts,
        turning_points=turning.turning_points(question, TIES, GAPS, pair, VISITS),
        reach=REACH,
        limits=("Votes show where states part.",),
        sources=(SOURCE,),
    )
    return replace(empty, headline=words.headline(empty))


def told(co: int, conflict: int) -> Told:
    return Told(co, co, 3 * co, conflict, conflict, 3 * conflict)


def month(day: str, days: int, volume: int, forth: Told, back: Told) -> NewsMonth:
    return NewsMonth(date.fromisoformat(day), days, volume, forth, back)


NEWS = News(
    source="gdelt1",
    title="GDELT 1.0 events",
    scope="country",
    spans=((date(2014, 1, 1), date(2014, 3, 10)), (date(2014, 6, 1), date(2014, 7, 31))),
    months=(
        month("2014-01-01", 31, 9_000, told(12, 3), told(5, 0)),
        month("2014-02-01", 28, 8_000, told(0, 0), told(0, 0)),
        month("2014-03-01", 10, 2_500, told(1, 24), told(0, 7)),
        month("2014-06-01", 30, 9_500, told(2, 1), told(3, 1)),
        month("2014-07-01", 31, 70_000, told(1, 0), told(0, 0)),
    ),
    classes=(
        NewsClass("a to b", "04", "consult, meet, visit", 1, 13),
        NewsClass("a to b", "17", "coerce", 4, 28),
        NewsClass("b to a", "03", "express intent to co-operate", 1, 8),
    ),
    month=date(2014, 3, 1),
    reports=(
        Report(
            date(2014, 3, 4), "a to b", "Phnom Penh (Cambodia, government)", "United States", "173",
            "Arrest, detain, or charge with legal action", -50, 1_240, 6, "gdelt1", "410000001",
        ),
        Report(
            date(2014, 3, 9), "b to a", "White House (United States, government)", "Cambodia", "112", "Accuse",
            -20, 7, 1, "gdelt1", "410000002",
        ),
    ),
    others=(("icews", 12),),
)  # fmt: skip


@pytest.fixture(scope="session")
def telling(brief: Brief) -> Brief:
    """The same brief with points and coded events: a month told in part, one without an act, two that are not covered."""
    reach = tuple(Reach("gdelt1", "events", "*", *span) for span in NEWS.spans)
    told = replace(brief, news=NEWS, standing=STANDING, state=ESTIMATED, reach=(*brief.reach, *reach))
    told = replace(
        told,
        shadow=SHADOW,
        between=PLACED,
        followed=followed.followed(),
        programmes=PROGRAMMES,
        ledger=LEDGER,
    )
    return replace(told, headline=words.headline(told), limits=limits.limits(told))


def line(name: LineName, level: float, half: float, known: tuple[int, int], seen_to: int) -> Line:
    """A line that drifts down by a point a year: known in some years, observed up to one of them."""
    months = tuple(
        Month(
            month=date(year, month, 1),
            value=(value := level - (year - 1946)),
            low=max(value - half, -100),
            high=min(value + half, 100),
            then=value + 2,
            then_low=max(value - half - 5, -100),
            then_high=min(value + half + 5, 100),
            seen=known[0] <= year <= seen_to,
            known=known[0] <= year <= known[1],
        )
        for year in range(1946, 2025)
        for month in range(1, 13)
    )
    end, before = months[-1], months[-13]
    fresh = seen_to == 2024
    compared = fresh and end.known
    return Line(
        name,
        months,
        Stand(
            end.value, end.low, end.high, end.known, fresh, date(seen_to, 12, 1),
            before.value if compared else None, 0.22 if compared else None,
        ),
    )  # fmt: skip


ESTIMATED = Estimated(
    month=date(2024, 12, 1),
    lines=(
        line("tone", 26, 40, (1953, 2024), 2022),
        line("tone a to b", 30, 44, (1953, 2024), 2022),
        line("tone b to a", 22, 44, (1953, 2024), 2022),
        line("engagement", 60, 30, (1960, 2001), 1999),
        line("alignment", 20, 8, (1956, 2024), 2024),
    ),
    moved=(
        Change(date(1965, 5, 1), "tone", "ruptures of relations", "us_relations", -0.412, "yes"),
        Change(date(2014, 3, 1), "tone", "acts coded from the news", "icews", 0.04, "KHM to USA: 1 of 9"),
        Change(date(2022, 12, 1), "tone", "sanctions", "gsdb", -0.31, "USA to KHM: 1; KHM to USA: none"),
        Change(date(2022, 12, 1), "tone", "acts coded from the news", "icews", 0.2, "KHM to USA: 2 of 7"),
        Change(date(2024, 11, 1), "alignment", "UN votes", "unga_votes", 0.15, "points 4.20 apart"),
        Change(date(2024, 12, 1), "alignment", "UN votes", "unga_votes", -0.29, "points 4.60 apart"),
    ),
    learned_from=(("tone", "9,000 observations"), ("engagement", ""), ("alignment", "7,000 observations")),
    sources=("gsdb", "icews", "unga_votes", "us_relations"),
    phases=(
        Phase(
            date(1950, 2, 1),
            date(1965, 4, 1),
            (("tone", "middling"), ("representation", "full")),
            "tone middling",
        ),
        Phase(
            date(1965, 5, 1),
            date(1994, 1, 1),
            (("tone", "hostile"), ("alignment", "unknown")),
            "relations severed",
        ),
        Phase(date(1994, 2, 1), date(2024, 12, 1), (("tone", "middling"),), "slowly: tone rises"),
    ),
    turns=(
        Turn(
            date(1965, 5, 1),
            date(1965, 5, 1),
            date(1965, 5, 1),
            0.998,
            "worse",
            "relations severed",
            (Moving("representation", -2.6, 0.2), Moving("tone", -1.1, 0.4)),
            ("us_relations cambodia.xml#1",),
        ),
        Turn(
            date(1994, 2, 1),
            date(1989, 3, 1),
            date(1997, 12, 1),
            0.87,
            "unclear",
            "slowly: tone rises",
            (),
            (),
        ),
    ),
    foreseen=tuple(
        Foreseen(
            line="tone",
            horizon=months,
            month=date(2024 + months // 12, 12, 1),
            method=method,
            shown=method == best,
            value=value,
            low=value - 40,
            high=value + 40,
            share=None,
            share_low=None,
            share_high=None,
        )
        for months, best in ((12, "tone"), (24, "ewma"))
        for method, value in (("tone", -48.0), ("ewma", -30.0), ("persistence", 10.0))
    ),
    skill=(
        Skill("all pairs", "tone", 12, 40_640, 5_562, 0.9, 0.886, 0.05, 0.043, 0.057, "years 2008 to 2014"),
        Skill("all pairs", "persistence", 12, 40_640, 5_562, 0.9, 0.88, 0.0, 0.0, 0.0, "years 2008 to 2014"),
        Skill("this pair", "tone", 12, 0, 0, None, None, None, None, None, ""),
    ),
    acts_of="icews",
    depth=tuple(
        Depth(field, year, value, value - 0.9, value + 0.9)
        for field, value in (("diplomacy", 1.2), ("economy", -0.4))
        for year in range(1960, 2002)
    ),
    breadth=tuple(Breadth(year, 2, 1.2, 1, 2) for year in range(1960, 2002)),
    trust=Trust(
        month=date(2024, 10, 1),
        a_in_b=Trusted(0.61, 0.26, 0.89, 24, 3.6),
        b_in_a=Trusted(0.49, 0.16, 0.83, 18, 6.6),
        gap=0.12,
        gap_low=-0.37,
        gap_high=0.55,
        material_a_in_b=Trusted(0.43, 0.1, 0.8, 7, 6.6),
        material_b_in_a=None,
    ),
)


SHADOW = Shadowed(
    missing="",
    source="icews",
    step="week",
    first=date(2014, 1, 6),
    last=date(2018, 10, 22),
    covered=94,
    toward=Side("cannot be told", 78, 0.2, 280, -0.001, -0.039, 0.038, 0.31),
    back=Side("cannot be told", 66, 0.17, 280, None, None, None, None),
    leads="cannot be told",
    rank=3,
    bystanders=tuple(
        Bystander(name, code, gain, adds=gain > 0.01)
        for name, code, gain in (
            ("Thailand", "THA", 0.014), ("Philippines", "PHL", 0.0135), ("Laos", "LAO", -0.02), ("Japan", "JPN", -0.06)
        )
    ),
    as_great=0.6,
)  # fmt: skip

PLACED = Placed(
    "a",
    "of the two it has the smaller share of the world's capabilities, 0.2% against 12.4% in 2022",
    (("hedges", 0.62), ("leans_b", 0.3)),
    Between(
        "United States",
        "China",
        2014,
        (
            Domain("votes", "nearness of ideal points", "sd", 1.0, -4.0, -4.9, -3.1, -4.1, -5.0, -3.2),
            Domain("trade", "share of trade", "share", 1.0, 0.05, -0.02, 0.12, 0.4, -0.2, 1.0),
            Domain("aid", "aid", "log10", 1.0, None, None, None, None, None, None),
        ),
        tuple(
            Year(year, -0.4, -0.9, 0.1, 0.3, 1.1, 1.4, "hedges 0.62", ("votes", "trade"), (("hedges", 0.62),))
            for year in (2013, 2014)
        ),
        tuple(
            Place(code, name, year, (year - 1980) / 30 + k, (1990 - year) / 40 - 0.4 * k, code == 811)
            for k, (code, name) in enumerate(((811, "KHM"), (800, "THA"), (812, "LAO")))
            for year in range(1950, 2015)
        ),
        ("tone", "trade"),
    ),
)


def programme(name: str, act: str, effect: float) -> Programme:
    """A programme of one act, which is followed by so many points a month in both dimensions."""
    months = [(at, date(2025 + at // 12, at % 12 + 1, 1)) for at in range(1, 25)]
    return Programme(
        name,
        ((date(2025, 1, 1), act),),
        tuple(
            Ahead(
                dimension, month, at, -48.0, -90.0, -6.0, -48 + effect * at, -90 + effect * at, -6 + effect * at,
                effect * at, effect * at - 1, effect * at + 1, 0.02,
            )
            for dimension in ("tone", "engagement") for at, month in months
        ),
        ((act, 661),),
        (),
    )  # fmt: skip


PROGRAMMES = (programme("openings", "visit up", 0.03), programme("pressure", "sanction imposed", -0.2))

LEDGER = Ledger(
    own=False,
    claims=(
        Claim(1, "They never broke off relations.", "contradicted", 2, 2, None, "times", 59, "years", "", ()),
        Claim(2, "Tone was strained <late>.", "not decidable", None, None, None, "", 0, "observations", "", ()),
        Claim(3, "Leaders meet more rarely.", "supported", -2.87, -4.86, -0.59, "visits", 10, "peers", "", ()),
    ),
)  # fmt: skip


def points(
    first: int, values: list[float | None], ccode: int, half: float = 0.25, holder: str | None = None
) -> tuple[Point, ...]:
    """Points from a session on; None: no point in it."""
    return tuple(
        Point(session, session + 1945, 90, value, value - half, value + half, ccode, holder)
        for session, value in enumerate(values, first)
        if value is not None
    )


STANDING = Standing(
    a=points(11, [-0.3, -0.4, None, -0.5] + [-0.6] * 60 + [-0.6, -0.55, -0.4, -0.35, -0.3], 811),
    b=points(1, [1.4] * 30 + [3.4] * 48 + [4.3], 2),
    third=(
        *points(1, [0.4] * 26, 713, holder="the Republic of China (Taiwan)"),
        *points(26, [-1.0] * 30 + [-0.4] * 23 + [-0.25], 710),
    ),
    session=79,
    apart=(
        Apart("a", "b", -4.6, 0.24, -4.99, -4.21, certain=True),
        Apart("a", "third", -0.05, 0.18, -0.35, 0.25, certain=False),
        Apart("b", "third", 4.55, 0.22, 4.19, 4.91, certain=True),
    ),
    moved=(
        Moved("a", 69, 79, 0.55, 0.28, 0.09, 1.02, certain=True),
        Moved("b", 69, 79, 0.37, 0.36, -0.23, 0.96, certain=False),
        Moved("third", 69, 79, -0.35, 0.17, -0.63, -0.07, certain=True),
    ),
    nearer=Nearer("a", 1.0),
    year=2024,
    divided=(
        Divided(
            "A/RES/79/1", date(2024, 12, 1), "day", "A/RES/79/1", "Rivers & <lakes>", "yes", "no", "yes",
            opposed=True, chance=0.9996, source="unga_resolutions",
        ),
        *(
            Divided(
                f"A/RES/79/{number}", date(2024, 12, 2), "day", f"A/RES/79/{number}", "t" * 160, "yes", "abstain",
                None, opposed=False, chance=None, source="unga_resolutions",
            )
            for number in range(2, 14)
        ),
    ),
    shared=20,
    citations=("Work, A. 2017. On the line between states.",),
)  # fmt: skip


@pytest.fixture(scope="session")
def stood(brief: Brief) -> Brief:
    """The same brief with points: one state with gaps, one of which the seat changed hands in session 26."""
    return replace(brief, standing=STANDING)


def chromium() -> str | None:
    """The browser on this machine, if any."""
    named = os.environ.get("AMITY_CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    return named or next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Headless Chromium: the machine's own, or the one that playwright has installed."""
    from playwright.sync_api import Error, sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as driver:
        try:
            opened = driver.chromium.launch(executable_path=chromium(), args=flags)
        except Error as error:
            pytest.fail(f"no browser: install chromium, or run `playwright install chromium`\n{error}")
        yield opened
        opened.close()
