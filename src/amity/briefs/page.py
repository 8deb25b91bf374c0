"""What the page shows beside the charts: headings, gauges, captions, tables, all from the brief's own numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amity.briefs import ageing, bands, followed, ledger, placed, programmes, shadowed, tense, words
from amity.briefs.captions import timeline
from amity.briefs.charts.look import code
from amity.briefs.dials import HALF, dials
from amity.briefs.dials import by_year as estimates
from amity.briefs.foreseeing import FORESEEN_HEADS, SKILL_HEADS, ahead
from amity.briefs.gauges import gauges
from amity.briefs.movers import movers
from amity.briefs.newsroom import REPORT_HEADS, newsroom
from amity.briefs.standpoint import standpoint
from amity.briefs.trusting import arrows
from amity.briefs.turns import turnings
from amity.ingest import own

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from amity.briefs.answer import Act, Brief, Reach
    from amity.briefs.captions import Row
    from amity.briefs.dials import Dials
    from amity.briefs.foreseeing import Ahead
    from amity.briefs.gauges import Gauge
    from amity.briefs.movers import Movers
    from amity.briefs.newsroom import Newsroom
    from amity.briefs.part import Part
    from amity.briefs.standpoint import Standpoint
    from amity.briefs.trusting import Arrows
    from amity.briefs.turns import Turnings


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    cells: tuple[str, ...]
    interval: str
    n: str
    visits: str


@dataclass(frozen=True, slots=True)
class Turn:
    year: int
    day: str
    what: str
    ref: str


@dataclass(frozen=True, slots=True)
class Covered:
    label: str
    says: str
    spans: tuple[tuple[float, float], ...]
    """Left edge and width of each covered spell, percent of the years asked for."""


@dataclass(frozen=True, slots=True)
class Ageing:
    """How mature the tie is for its age: a table."""

    title: str
    how: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the template needs besides the brief."""

    title: str
    kicker: str
    heading: str
    lead: str
    """The first sentence: in words alone where the dials below it have the numbers."""
    dials: tuple[Dials, ...]
    half: tuple[float, float]
    """Where the middle half of the world's pairs stands on a dial."""
    estimates: tuple[tuple[str, ...], tuple[tuple[int, tuple[str, ...]], ...]] | None
    """Heads and rows of the estimates at each year's end."""
    arrows: Arrows | None
    turnings: Turnings | None
    ahead: Ahead | None
    ageing: Ageing | None
    movers: Movers | None
    gauges: tuple[Gauge, ...]
    titles: dict[str, str]
    subtitles: dict[str, str]
    rest: str
    timeline: tuple[Row, ...]
    absent: str
    series_names: tuple[str, ...]
    by_year: tuple[Year, ...]
    between: Part | None
    shadow: Part | None
    followed: Part | None
    strips: tuple[tuple[tuple[str, float, float, float], ...], ...]
    """What followed each class after two years, as dots and bars; places in percent."""
    paths: tuple[tuple[str, str], ...]
    """Name and notes of each class of which the path is drawn."""
    how_paths: str
    programmes: Part | None
    ledger: Part | None
    drawn: tuple[str, ...]
    """The charts that could be drawn."""
    powers: tuple[str, str, str]
    """The state between and its two powers, as in a sentence."""
    path: str
    """What the path of the state between is drawn from."""
    turns: tuple[Turn, ...]
    acts: tuple[Turn, ...]
    standpoint: Standpoint | None
    title_acts: str
    how_acts: str
    newsroom: Newsroom | None
    report_heads: tuple[str, ...]
    foreseen_heads: tuple[str, ...]
    skill_heads: tuple[str, ...]
    coverage: tuple[Covered, ...]
    cite_self: str
    cite: tuple[str, ...]
    """The works and sources behind the brief, each as it is to be cited."""


def page(brief: Brief, shown: Sequence[str]) -> Page:
    """The page of a brief of which the charts `shown` could be drawn."""
    question = brief.question
    heading = words.upper_first(f"{question.a.the} and {question.b.the}")
    third = f"third power: {question.third.name} · " if question.third else ""
    reach = f"evidence to {words.day(brief.evidence_to)}" if brief.evidence_to else "no evidence"
    return Page(
        title=f"{heading} · amity",
        kicker=f"A brief from open records · {third}{reach}",
        heading=heading,
        lead=lead(brief),
        dials=dials(brief.state, question) if brief.state else (),
        half=HALF,
        estimates=estimates(brief.state, question) if brief.state else None,
        arrows=arrows(brief.state.trust, question) if brief.state and brief.state.trust else None,
        turnings=turnings(brief),
        ahead=ahead(brief),
        ageing=Ageing(
            ageing.title(brief),
            ageing.HOW if ageing.compared(brief) else ageing.NONE,
            ageing.HEADS,
            ageing.rows(brief),
        )
        if brief.state and brief.state.maturity
        else None,
        movers=movers(brief),
        gauges=gauges(brief),
        titles=titles(brief),
        subtitles=subtitles(brief),
        rest="Point at a year to read it; click it for the rows behind it.",
        timeline=timeline(brief, shown),
        absent=words.absent(brief),
        series_names=series_names(brief),
        by_year=by_year(brief),
        between=placed.part(brief),
        shadow=shadowed.part(brief),
        followed=followed.part(brief),
        strips=tuple(followed.strips(one) for one in brief.followed.classes) if brief.followed else (),
        paths=followed.captions() if brief.followed else (),
        how_paths=followed.PATHS,
        programmes=programmes.part(brief),
        ledger=ledger.part(brief),
        drawn=tuple(shown),
        powers=placed.three(brief),
        path=placed.path(brief),
        turns=turns(brief),
        acts=acts(brief),
        standpoint=standpoint(brief),
        title_acts=acts_heading(brief)[0],
        how_acts=acts_heading(brief)[1],
        newsroom=newsroom(brief),
        report_heads=REPORT_HEADS,
        foreseen_heads=FORESEEN_HEADS,
        skill_heads=SKILL_HEADS,
        coverage=coverage(brief),
        cite_self=(
            f"The amity authors ({brief.evidence_to.year if brief.evidence_to else question.end}). "
            f"amity {brief.version}: relations between two countries from open data. Brief {code(question.a)}–"
            f"{code(question.b)}, {question.start}–{question.end}."
        ),
        cite=(
            *(bands.WORKS if brief.state else ()),
            *(brief.standing.citations if brief.standing else ()),
            *(source.citation for source in brief.sources),
        ),
    )


def lead(brief: Brief) -> str:
    """The headline's first sentence; where it tells the estimates, without the figures that the dials have."""
    first = next(iter(brief.headline), "")
    pair = f"{brief.question.a.the} and {brief.question.b.the}"
    past = tense.over(brief.question)
    if brief.state is None or first != bands.sentence(brief.state, pair, past=past):
        return first
    return bands.sentence(brief.state, pair, figures=False, past=past)


def titles(brief: Brief) -> dict[str, str]:
    return {
        "timeline": words.title_timeline(brief),
        "powers": words.title_powers(brief),
        "cadence": words.title_cadence(brief) if brief.cadence else "",
    }


def subtitles(brief: Brief) -> dict[str, str]:
    peers = brief.cadence
    return {
        "timeline": "One row a kind of evidence, one cursor for all. Hatched years are unknown, not empty.",
        "cadence": (
            f"Visits by heads of state and government between {peers.hub} and each state of {peers.region}, both ways, "
            f"{peers.start}–{peers.end}; bars are 90% intervals of the rate, cut where they leave the chart."
            if peers
            else ""
        ),
        "turning": "Dates as the sources give them; a year alone where the day is not known. A click shows the rows.",
    }


def series_names(brief: Brief) -> tuple[str, ...]:
    question = brief.question
    pairs = [(question.a, question.b)]
    if question.third:
        pairs += [(question.a, question.third), (question.b, question.third)]
    return tuple(f"{code(one)}–{code(other)}" for one, other in pairs)


def by_year(brief: Brief) -> tuple[Year, ...]:
    """Agreement and visits by year, newest first, for readers without a script and for print."""
    series = [brief.agreement]
    if brief.question.third:
        series += [brief.agreement_a_third, brief.agreement_b_third]
    tables = [{point.year: point for point in one} for one in series]
    years = sorted({year for table in tables for year in table}, reverse=True)
    return tuple(
        Year(
            year,
            tuple(f"{table[year].value:.2f}" if year in table else "–" for table in tables),
            f"{tables[0][year].low:.2f}–{tables[0][year].high:.2f}" if year in tables[0] else "–",
            str(tables[0][year].n) if year in tables[0] else "–",
            visits_in(brief, year),
        )
        for year in years
    )


def visits_in(brief: Brief, year: int) -> str:
    """The number of visits in a year, or a dash where no source speaks."""
    number = sum(visit.date.year == year for visit in brief.visits)
    return str(number) if number or words.visits_known(brief, year, year) else "–"


def turns(brief: Brief) -> tuple[Turn, ...]:
    return tuple(
        Turn(turn.date.year, words.day(turn.date, turn.precision), turn.what, f"{turn.source} {turn.ref}")
        for turn in brief.turning_points
    )


OWN_TITLE = "From your own record"
OWN_ACTS = (
    "Acts beside visits that you added; what is not here is unknown, unless you declared the record complete."
)
MEETINGS = "Days on which a leader met somebody who speaks for the other side, at home, abroad or in a third country."


def acts_heading(brief: Brief) -> tuple[str, str]:
    """What the acts beside visits are, by who tells them: a title, and how to read them."""
    mine = {own.is_own(act.source) for act in brief.acts}
    if mine == {False}:
        return "Meetings, day by day", MEETINGS
    return (
        ("Meetings, and your own record", f"{MEETINGS} {OWN_ACTS}")
        if False in mine
        else (OWN_TITLE, OWN_ACTS)
    )


def acts(brief: Brief) -> tuple[Turn, ...]:
    """What each side did to the other beside visits, a line each."""
    return tuple(
        Turn(
            act.date.year, words.day(act.date, act.precision), sentence(brief, act), f"{act.source} {act.ref}"
        )
        for act in brief.acts
    )


def sentence(brief: Brief, act: Act) -> str:
    """One act in words: who did what to whom, how often, by whom and where."""
    a, b = brief.question.a.the, brief.question.b.the
    sender, receiver = (a, b) if act.direction == "a to b" else (b, a)
    person = ", ".join(part for part in (act.who, act.rank, act.place) if part)
    often = f", {act.count:,} times" if act.count > 1 else ""
    return f"{words.upper_first(sender)} to {receiver}: {act.kind}{often}{f' ({person})' if person else ''}"


def coverage(brief: Brief) -> tuple[Covered, ...]:
    """Each kind of evidence as a track of the years asked for, solid where a source speaks."""
    tracks: dict[str, list[Reach]] = {}
    for reach in brief.reach:
        kind = reach.table if reach.kind == "*" else reach.kind.replace("_", " ")
        tracks.setdefault(f"{kind} · {reach.source.replace('_', ' ')}", []).append(reach)
    return tuple(
        Covered(
            label,
            "; ".join(f"{reach.start.isoformat()} to {reach.end.isoformat()}" for reach in spans),
            tuple(place(brief, reach.start, reach.end) for reach in spans),
        )
        for label, spans in tracks.items()
    )


def place(brief: Brief, start: date, end: date) -> tuple[float, float]:
    """Left edge and width, in percent of the years asked for."""
    first, last = brief.question.start, brief.question.end + 1
    left = min(max((year_of(start) - first) / (last - first), 0), 1)
    right = min(max((year_of(end) - first) / (last - first), 0), 1)
    return round(100 * left, 2), round(100 * (right - left), 2)


def year_of(when: date) -> float:
    return when.year + (when.timetuple().tm_yday - 1) / 365.25
