"""The brief as Markdown: the headline, the figures by year, turning points, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amity.briefs import bands, dials, turns, words
from amity.briefs.movers import HEADS
from amity.briefs.newsroom import REPORT_HEADS
from amity.briefs.page import page

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amity.briefs.answer import Brief
    from amity.briefs.page import Page
    from amity.briefs.part import Part


def markdown(brief: Brief) -> str:
    """The brief as GitHub-flavoured Markdown, with the same numbers as the page."""
    shown = page(brief, ())
    parts = [
        f"# {shown.heading}",
        f"*{shown.kicker}*",
        "\n\n".join(brief.headline),
        *estimates(brief, shown),
        "## Turning points",
        table(("Date", "What changed", "Row"), ((turn.day, turn.what, turn.ref) for turn in shown.turns)),
        *(line for one in (shown.between, shown.shadow) for line in section(one)),
        *stands(shown),
        *own_acts(shown),
        *coded_events(shown),
        *(line for one in (shown.followed, shown.programmes, shown.ledger) for line in section(one)),
        "## By year",
        table(
            ("Year", *shown.series_names, "90% interval", "Roll calls", "Visits"),
            ((str(y.year), *y.cells, y.interval, y.n, y.visits) for y in shown.by_year),
        ),
        *cadence(brief),
        "## Limits",
        "\n".join(f"* {limit}" for limit in brief.limits),
        "## Sources",
        table(
            ("Source", "Publisher", "Licence", "Retrieved"),
            (
                (
                    f"[{s.title}]({s.homepage})" if s.homepage else s.title,
                    s.producer,
                    s.licence,
                    s.retrieved[:10] or "–",
                )
                for s in brief.sources
            ),
        ),
        "## How to cite",
        "\n".join(f"{number}. {line}" for number, line in enumerate((shown.cite_self, *shown.cite), 1)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def section(part: Part | None) -> list[str]:
    """A part as a section; nothing where there is none."""
    if part is None:
        return []
    rows = [table(part.heads, part.rows)] if part.rows else []
    return [
        f"## {part.title}",
        part.how,
        *part.said,
        *rows,
        "\n".join(f"* {one}" for one in part.doubts if one),
    ]


def estimates(brief: Brief, shown: Page) -> list[str]:
    """Tone, engagement and alignment, trust, and what moved them; nothing where they are not estimated."""
    state = brief.state
    if state is None or shown.movers is None:
        return []
    rows = dials.stands(state, brief.question)
    parts = ["## By estimate", KEY, *([table(dials.STANDS, rows)] if rows else []), *dials.unknown(state)]
    if state.widest:
        parts.append(bands.breadth(state.widest, state.month))
    if told := shown.arrows:
        ways = [f"{way.who}: {way.value} ({way.sub.rstrip('.')})." for way in (told.forth, told.back) if way]
        said = [*ways, *([told.gap] if told.gap else []), *told.missing]
        parts += [f"### {told.title}", told.how, "\n".join(f"* {one}" for one in said)]
    if shown.turnings:
        rows = (one.cells for one in shown.turnings.rows)
        parts += [f"### {shown.turnings.title}", shown.turnings.how, table(turns.HEADS, rows)]
    parts += [f"### {shown.movers.title}", shown.movers.how]
    if shown.movers.by_year:
        parts.append(table(HEADS, (one.cells for one in shown.movers.by_year)))
    if aged := shown.ageing:
        parts += [f"### {aged.title}", aged.how, *([table(aged.heads, aged.rows)] if aged.rows else [])]
    if told := shown.ahead:
        parts += [f"### {told.title}", told.how]
    if (told := shown.ahead) and told.rows:
        parts.append(table(shown.foreseen_heads, told.rows))
        parts += [f"### {told.record_title}", told.record_how, table(shown.skill_heads, told.record)]
        parts += ["Of this pair alone:", table(shown.skill_heads, told.own)] if told.own else [NONE_JUDGED]
    if shown.estimates and shown.estimates[1]:
        heads, rows = shown.estimates
        parts += ["### The estimates at the end of each year", table(heads, (cells for _, cells in rows))]
    return parts


NONE_JUDGED = "Of this pair alone nothing could be judged: n = 0."
KEY = "From −100 to +100; 0 is a pair at rest, and the middle half of the world's pairs lies between −33 and +33."


def stands(shown: Page) -> list[str]:
    """Where the states stand in the General Assembly; nothing where no votes are loaded."""
    stood = shown.standpoint
    if stood is None:
        return []
    parts = [f"## {stood.title}", stood.how, "\n".join(f"* {one}" for one in stood.said), stood.caption]
    if stood.divided_title:
        parts += [f"### {stood.divided_title}", stood.divided_how]
    if stood.divided:
        parts.append(table(stood.divided_heads, (one.cells for one in stood.divided)))
    if stood.rest:
        parts.append(f"And {len(stood.rest)} more, which the page and the JSON list.")
    return [*parts, "### Points by session", table(stood.heads, (one.cells for one in stood.sessions))]


def own_acts(shown: Page) -> list[str]:
    """What each side did to the other beside visits; nothing where no record has any."""
    if not shown.acts:
        return []
    rows = ((act.day, act.what, act.ref) for act in shown.acts)
    return [f"## {shown.title_acts}", table(("Date", "What was done", "Row"), rows)]


def coded_events(shown: Page) -> list[str]:
    """What the news says that each side did to the other; nothing where no source of coded events is loaded."""
    room = shown.newsroom
    if room is None:
        return []
    sides = "\n".join(f"* **{side.who}**: {side.what}" for side in room.sides)
    parts = [f"## {room.title}", room.how, sides]
    if room.reports_title:
        parts += [f"### {room.reports_title}", room.reports_how]
    if room.reports:
        parts.append(table(REPORT_HEADS, (one.cells for one in room.reports)))
    if room.months:
        parts += ["### By month", table(room.months_heads, (one.cells for one in room.months))]
    return parts


def cadence(brief: Brief) -> list[str]:
    """How often leaders meet, beside peers; nothing where no source speaks of visits."""
    if brief.cadence is None:
        return []
    rows = (
        (
            f"**{row.name}**" if row.is_pair else row.name,
            str(row.visits),
            f"{row.per_decade:.1f}",
            f"{row.low:.1f}–{row.high:.1f}",
        )
        for row in brief.cadence.rows
    )
    return [f"## {words.title_cadence(brief)}", table(("Peer", "Visits", "A decade", "90% interval"), rows)]


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; a bar inside a cell is escaped.

    >>> print(table(("a", "b"), [("1", "x|y")]))
    | a | b |
    | --- | --- |
    | 1 | x\\|y |
    """
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
