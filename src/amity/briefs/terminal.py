"""The brief as a page of text for a terminal: worth reading by itself, one character a year."""

from __future__ import annotations

import textwrap
from datetime import date
from typing import TYPE_CHECKING

from amity.briefs import (
    ageing,
    bands,
    dials,
    followed,
    foreseeing,
    ledger,
    placed,
    programmes,
    shadowed,
    trusting,
    turns,
    words,
)
from amity.briefs.charts.look import code
from amity.briefs.news_months import counts
from amity.briefs.newsroom import bring, newsroom
from amity.briefs.part import lines
from amity.briefs.sessions import parties, series, signed
from amity.briefs.standpoint import standpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from amity.briefs.answer import Brief, Closeness, NewsMonth, TurningPoint
    from amity.briefs.part import Part

UNKNOWN, NONE = "·", " "
LEVELS = "▁▂▃▄▅▆▇█"
LABEL = 10
DIVISIONS = 5
"""Roll calls that divided the two which are listed."""


def text(brief: Brief, width: int = 96) -> str:
    """The summary: headline, one line a kind of evidence, turning points, what it rests on."""
    width = max(width, 40)
    parts = [
        title(brief, width),
        "\n".join(textwrap.fill(sentence, width) for sentence in brief.headline),
        estimates(brief, width),
        timeline(brief, width),
        textwrap.fill(words.absent(brief), width),
        turning_points(brief.turning_points, width),
        part(placed.part(brief), width),
        part(shadowed.part(brief), width),
        standing(brief, width),
        news(brief, width),
        part(followed.part(brief), width),
        part(programmes.part(brief), width),
        part(ledger.part(brief), width),
        rests_on(brief, width),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def part(told: Part | None, width: int) -> str:
    """A part as lines; nothing where there is none."""
    return lines(told, width) if told else ""


def estimates(brief: Brief, width: int) -> str:
    """Where each line stands with its interval, and what each can expect of the other."""
    state = brief.state
    if state is None:
        return ""
    rows = dials.stands(state, brief.question)
    wide = [max((len(row[at]) for row in rows), default=0) for at in (0, 1, 3)]
    lines = [
        f"{what:<{wide[0]}}  {value:>{wide[1]}}  {f'({interval})':<{wide[2] + 2}}  {word}"
        for what, value, word, interval, *_ in rows
    ]
    lines += dials.unknown(state)
    if state.widest:
        lines.append(bands.breadth(state.widest, state.month))
    if told := turns.turnings(brief):
        lines += ["", told.title, *(phase_line(one.cells) for one in told.rows[1:]), told.rests]
    if state.trust:
        told = trusting.arrows(state.trust, brief.question)
        ways = [f"{way.who}: {way.value}. {way.sub}" for way in (told.forth, told.back) if way]
        lines += ["", told.title, *ways, *([told.gap] if told.gap else []), *told.missing]
    if state.maturity:
        lines += ["", ageing.title(brief), *ageing.in_words(brief)]
    if told := foreseeing.ahead(brief):
        lines += [
            "",
            told.title,
            *([*map(foreseen_line, told.rows), foreseeing.STAR] if told.rows else [told.how]),
        ]
    return "\n".join(textwrap.fill(one, width, subsequent_indent="  ") if one else "" for one in lines)


def foreseen_line(cells: tuple[str, ...]) -> str:
    """What is foreseen at one horizon in a line: the method that the record favours, then the others."""
    months, when, *told = cells
    ahead = "a month" if months == "1" else f"{months} months"
    named = [
        f"{method} {value}"
        for method, value in zip(foreseeing.METHODS.values(), told, strict=True)
        if value != "–"
    ]
    return f"In {ahead} ({when}): {'; '.join(named)}"


def phase_line(cells: tuple[str, ...]) -> str:
    """A turning point in a line: its month, the months in which it may lie, what is on record."""
    _, began, between, chance, name, moved, _ = cells
    return f"{began} ({between}; {chance}): {name}. Moved: {moved}"


def title(brief: Brief, width: int) -> str:
    question = brief.question
    heading = words.upper_first(f"{question.a.the} and {question.b.the}")
    third = f"third power: {question.third.name}" if question.third else ""
    reach = f"Evidence to {words.day(brief.evidence_to)}" if brief.evidence_to else "No evidence"
    space = max(width - len(heading) - len(third), 2)
    return f"{heading}{' ' * space if third else ''}{third}\n{reach}"


def timeline(brief: Brief, width: int) -> str:
    """Rows of one character a step: a year, or as many years as the width asks for."""
    first, last = brief.question.start, brief.question.end
    step = max(1, -(-(last - first + 1) // (width - LABEL - 1)))
    years = range(first, last + 1, step)
    rows = [(name, "".join(mark(year, step) for year in years)) for name, mark in marks(brief)]
    shown = [f"{name:<{LABEL}} {line}".rstrip() for name, line in rows if line.strip(UNKNOWN + NONE)]
    if not shown:
        return ""
    key = f"{UNKNOWN} unknown, blank: none, {LEVELS[0]} opposed … {LEVELS[-1]} the same, visits: how many"
    if brief.state:
        ends = ", ".join(f"{low} … {high}" for low, high in bands.ENDS.values())
        key += f"; tone, engagement, alignment: {ends}"
    under = textwrap.fill(key, width, initial_indent=" " * (LABEL + 1), subsequent_indent=" " * (LABEL + 1))
    return "\n".join([f"{'':<{LABEL}} {axis(years, step)}", *shown, under])


def axis(years: range, step: int) -> str:
    """Decades above the rows, where there is room."""
    line = [" "] * len(years)
    for at, year in enumerate(years):
        decade = -(-year // 10) * 10
        if year <= decade < year + step and line[max(at - 1, 0)] == " " and at + 4 <= len(line):
            line[at : at + 4] = str(decade)
    return "".join(line).rstrip()


def marks(brief: Brief) -> Iterable[tuple[str, Callable[[int, int], str]]]:
    """The rows of the timeline: a name, and what stands for a span of years."""
    question = brief.question
    if brief.state:
        for kind in bands.ENDS:
            yield kind, lambda year, step, kind=kind: estimate(brief, kind, year, step)
    yield "relations", lambda year, step: held(brief, "relations", year, step)
    formal = "envoy" if any(reach.kind == "envoy" for reach in brief.reach) else "post"
    yield formal, lambda year, step: held(brief, formal, year, step)
    yield f"{code(question.a)}–{code(question.b)}", lambda year, step: level(brief.agreement, year, step)
    if question.third:
        third = code(question.third)
        yield f"{code(question.a)}–{third}", lambda year, step: level(brief.agreement_a_third, year, step)
        yield f"{code(question.b)}–{third}", lambda year, step: level(brief.agreement_b_third, year, step)
    yield "visits", lambda year, step: visits(brief, year, step)
    yield "aid", lambda year, step: aid(brief, year, step)


def known(brief: Brief, table: str, kind: str, year: int, step: int) -> bool:
    """Whether any source speaks about this pair in these years."""
    return any(
        reach.table == table
        and reach.kind in (kind, "*")
        and reach.start.year < year + step
        and reach.end.year >= year
        for reach in brief.reach
    )


def estimate(brief: Brief, kind: str, year: int, step: int) -> str:
    """The mean of a dimension's known months in these years, from the lowest character to the highest."""
    line = next((one for one in brief.state.lines if one.name == kind), None) if brief.state else None
    told = (
        [one.value for one in line.months if one.known and year <= one.month.year < year + step]
        if line
        else []
    )
    return height(sum(told) / len(told), -100, 100) if told else UNKNOWN


def held(brief: Brief, kind: str, year: int, step: int) -> str:
    spells = [tie for tie in brief.ties if tie.kind == kind]
    if any(tie.start.year < year + step and (tie.end is None or tie.end.year >= year) for tie in spells):
        return "█" if known(brief, "ties", kind, year, step) else UNKNOWN
    return NONE if known(brief, "ties", kind, year, step) else UNKNOWN


def level(series: Sequence[Closeness], year: int, step: int) -> str:
    values = [point.value for point in series if year <= point.year < year + step]
    if not values:
        return UNKNOWN
    return LEVELS[min(int(sum(values) / len(values) * len(LEVELS)), len(LEVELS) - 1)]


def visits(brief: Brief, year: int, step: int) -> str:
    number = sum(year <= visit.date.year < year + step for visit in brief.visits)
    if number:
        return str(number) if number < 10 else "+"
    return NONE if words.visits_known(brief, year, year + step - 1) else UNKNOWN


def aid(brief: Brief, year: int, step: int) -> str:
    most = max((amount.value for amount in brief.amounts), default=0)
    values = [amount.value for amount in brief.amounts if year <= amount.year < year + step]
    if not values or most <= 0:
        covered = any(
            r.table == "figures" and r.start.year < year + step and r.end.year >= year for r in brief.reach
        )
        return NONE if covered else UNKNOWN
    return LEVELS[min(int(max(*values, 0) / most * len(LEVELS)), len(LEVELS) - 1)]


def turning_points(turns: Sequence[TurningPoint], width: int) -> str:
    if not turns:
        return ""
    lines = [
        textwrap.fill(
            f"{words.day(turn.date, turn.precision):<18} {turn.what}", width, subsequent_indent=" " * 19
        )
        for turn in turns
    ]
    return "\n".join(["Turning points", *lines])


def standing(brief: Brief, width: int) -> str:
    """Where the states stand in the General Assembly: a row each, what is certain of it, what divided the two."""
    stood = standpoint(brief)
    if stood is None:
        return ""
    lines = [textwrap.fill(stood.title, width), *by_session(brief, width), ""]
    lines += [textwrap.fill(one, width, subsequent_indent="  ") for one in stood.said]
    if stood.divided_title:
        order = f" ({' / '.join(stood.divided_heads[3:-1])})" if stood.divided else ""
        lines += ["", textwrap.fill(stood.divided_title + order, width)]
    lines += [fitted(one.cells, width) for one in stood.divided[:DIVISIONS]]
    return "\n".join(lines)


def fitted(cells: tuple[str, ...], width: int) -> str:
    """A roll call in a line: its day, the votes, and as much of its title as there is room for."""
    day, symbol, title, *votes, _ = cells
    head = f"{day:<10} {symbol}, {' / '.join(votes)}: "
    return textwrap.shorten(head + title, width, placeholder=" …")


def by_session(brief: Brief, width: int) -> list[str]:
    """Rows of one character a step of years on one scale, as high as the point stands; only under its own name."""
    stood = brief.standing
    if stood is None:
        return []
    first, last = brief.question.start, brief.question.end
    step = max(1, -(-(last - first + 1) // (width - LABEL - 1)))
    steps = range(first, last + 1, step)
    tables = {
        party: [point for point in series(stood, side) if not point.holder]
        for side, party in parties(brief).items()
    }
    values = [point.value for own in tables.values() for point in own]
    low, high = min(values), max(values)
    lines = [f"{'':<{LABEL}} {axis(steps, step)}"]
    for party, own in tables.items():
        told = ([point.value for point in own if year <= point.year < year + step] for year in steps)
        marks = "".join(height(sum(some) / len(some), low, high) if some else UNKNOWN for some in told)
        lines.append(f"{code(party):<{LABEL}} {marks}")
    key = (
        f"{UNKNOWN} no point, {LEVELS[0]} {signed(low)} … {LEVELS[-1]} {signed(high)}, the United States high"
    )
    return [*lines, textwrap.indent(textwrap.fill(key, width - LABEL - 1), " " * (LABEL + 1))]


def height(value: float, low: float, high: float) -> str:
    """The character of a value between the lowest and the highest one.

    >>> height(0.0, 0.0, 4.0), height(4.0, 0.0, 4.0), height(1.0, 1.0, 1.0)
    ('▁', '█', '▁')
    """
    share = (value - low) / (high - low) if high > low else 0.0
    return LEVELS[min(int(share * len(LEVELS)), len(LEVELS) - 1)]


def news(brief: Brief, width: int) -> str:
    """What the news says that each side did to the other, and the acts of one month."""
    room = newsroom(brief)
    if room is None:
        last = brief.evidence_to or date(brief.question.end, 12, 31)
        said = f"No coded events are loaded for these years: {bring(last)}"
        return textwrap.fill(said, width, break_on_hyphens=False)
    said = [room.title, *(f"{side.who}: {side.what}" for side in room.sides), room.how]
    lines = [textwrap.fill(one, width, subsequent_indent="  ", break_on_hyphens=False) for one in said]
    lines[1:1] = ["", *by_month(brief, width), ""]
    if room.reports_title:
        lines += ["", room.reports_title, textwrap.fill(room.reports_how, width)]
        lines += [textwrap.fill(report(one.cells), width, subsequent_indent=" " * 13) for one in room.reports]
    return "\n".join(lines)


def report(cells: tuple[str, ...]) -> str:
    day, sender, receiver, act, told, _ = cells
    return f"{day:<12} {act}: {sender} to {receiver} [{told}]"


def by_month(brief: Brief, width: int) -> list[str]:
    """Rows of one character a month, or as many months as the width asks for, on one scale; volume on its own."""
    told = {one.month.year * 12 + one.month.month - 1: one for one in brief.news.months} if brief.news else {}
    if not told:
        return []
    a, b = code(brief.question.a), code(brief.question.b)
    names = (
        f"{a} to {b} +",
        f"{' ' * len(f'{a} to {b}')} -",
        f"{b} to {a} +",
        f"{' ' * len(f'{b} to {a}')} -",
    )
    label = max(map(len, names))
    months = range(min(told), max(told) + 1)
    step = max(1, -(-len(months) // (width - label - 1)))
    groups = [[told[at] for at in range(first, first + step) if at in told] for first in months[::step]]
    sums = [[sum(counts(one)[row] for one in group) for group in groups] for row in range(4)]
    most = max(1, *(max(row) for row in sums))
    rows = [*zip(names, (bars(row, groups, most) for row in sums), strict=True)]
    volume = [sum(one.volume for one in group) for group in groups]
    rows.append(("all events", bars(volume, groups, max(1, *volume))))
    often = "a month" if step == 1 else f"{step} months"
    key = f"+ co-operative, - conflictual, a column {often}, {LEVELS[-1]} {most:,}; {UNKNOWN} not covered"
    above = axis_of_months(months, step)
    return [
        *([f"{'':<{label}} {above}"] if above else []),
        *(f"{name:<{label}} {line}".rstrip() for name, line in rows),
        textwrap.fill(key, width),
    ]


def bars(values: Sequence[int], groups: Sequence[Sequence[NewsMonth]], most: int) -> str:
    """A character a group of months: unknown without a month, blank at nought, else as high as its value."""
    return "".join(
        UNKNOWN if not group else LEVELS[-(-value * len(LEVELS) // most) - 1] if value else NONE
        for value, group in zip(values, groups, strict=True)
    )


def axis_of_months(months: range, step: int) -> str:
    """The years above the months, where there is room."""
    line = [" "] * len(months[::step])
    for at, month in enumerate(months[::step]):
        begins = at == 0 or month // 12 != (month - step) // 12
        if begins and line[max(at - 1, 0)] == " " and at + 4 <= len(line):
            line[at : at + 4] = str((month + step - 1) // 12 if at else month // 12)
    return "".join(line).rstrip()


def rests_on(brief: Brief, width: int) -> str:
    names = words.listed([source.title for source in brief.sources]) or "no source"
    return textwrap.fill(f"Rests on {names}. `amity cite` says how to cite them.", width)
