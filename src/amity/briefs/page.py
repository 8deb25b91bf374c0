"""What the page shows beside the charts: headings, gauges, captions, tables, all from the brief's own numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from amity.briefs import ageing, bands, words
from amity.briefs.charts.look import code
from amity.briefs.dials import HALF, dials
from amity.briefs.dials import by_year as estimates
from amity.briefs.foreseeing import FORESEEN_HEADS, SKILL_HEADS, ahead
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
    from amity.briefs.dials import Dials
    from amity.briefs.foreseeing import Ahead
    from amity.briefs.movers import Movers
    from amity.briefs.newsroom import Newsroom
    from amity.briefs.standpoint import Standpoint
    from amity.briefs.trusting import Arrows
    from amity.briefs.turns import Turnings


@dataclass(frozen=True, slots=True)
class Gauge:
    """A value on a line: where it stands, how sure it is, where its peers stand. Places are percent of the line."""

    label: str
    value: str
    sub: str
    ends: tuple[str, str]
    at: float
    span: tuple[float, float] | None
    """Left edge and width of the interval."""
    was: float | None
    other: float | None
    peers: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the long view."""

    chart: str
    caption: Markup
    label: str


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
    dials: tuple[Dials, ...]
    half: tuple[float, float]
    """Where the middle half of the world's pairs stands on a dial."""
    estimates: tuple[tuple[str, ...], tuple[tuple[int, tuple[str, ...]], ...]] | None
    """Heads and rows of the estimates at each year's end."""
    arrows: Arrows | None
    turnings: Turnings | None
    ahead: Ahead | None
    ageing: Ageing | None
    fan: bool
    movers: Movers | None
    gauges: tuple[Gauge, ...]
    titles: dict[str, str]
    subtitles: dict[str, str]
    rest: str
    timeline: tuple[Row, ...]
    absent: str
    series_names: tuple[str, ...]
    by_year: tuple[Year, ...]
    powers: bool
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
    heading = f"{question.a.name} and {words.the(question.b.name)}"
    third = f"third power: {question.third.name} · " if question.third else ""
    reach = f"evidence to {words.day(brief.evidence_to)}" if brief.evidence_to else "no evidence"
    return Page(
        title=f"{heading} · amity",
        kicker=f"A brief from open records · {third}{reach}",
        heading=words.upper_first(heading),
        dials=dials(brief.state, question) if brief.state else (),
        half=HALF,
        estimates=estimates(brief.state, question) if brief.state else None,
        arrows=arrows(brief.state.trust, question) if brief.state and brief.state.trust else None,
        turnings=turnings(brief),
        ahead=ahead(brief),
        ageing=Ageing(ageing.title(brief), ageing.HOW, ageing.HEADS, ageing.rows(brief))
        if brief.state and brief.state.maturity
        else None,
        fan="outlook" in shown,
        movers=movers(brief),
        gauges=gauges(brief),
        titles=titles(brief),
        subtitles=subtitles(brief),
        rest="Point at a year to read it; click it for the rows behind it.",
        timeline=timeline(brief, shown),
        absent=words.absent(brief),
        series_names=series_names(brief),
        by_year=by_year(brief),
        powers="powers" in shown,
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


def titles(brief: Brief) -> dict[str, str]:
    return {
        "timeline": words.title_timeline(brief),
        "powers": words.title_powers(brief),
        "cadence": words.title_cadence(brief) if brief.cadence else "",
    }


def subtitles(brief: Brief) -> dict[str, str]:
    a = brief.question.a.the
    peers = brief.cadence
    return {
        "timeline": "One row a kind of evidence, one cursor for all. Hatched years are unknown, not empty.",
        "powers": (
            f"Agreement of {a} in UN roll calls with each of the two: 1 the same vote, ½ one step apart, "
            f"0 opposed; staying away is no vote."
        ),
        "cadence": (
            f"Visits by heads of state and government between {peers.hub} and each state of {peers.region}, both ways, "
            f"{peers.start}–{peers.end}; bars are 90% intervals of the rate."
            if peers
            else ""
        ),
        "turning": "Dates as the sources give them; a year alone where the day is not known. A click shows the rows.",
    }


# The long view


def timeline(brief: Brief, shown: Sequence[str]) -> tuple[Row, ...]:
    captions = {
        **state_captions(brief),
        "relations": Markup(
            "<b>Formal relations</b>, the post, and the chief of mission in it; the higher its rank, the fuller"
        ),
        "votes": votes_caption(brief),
        "visits": visits_caption(brief),
        "aid": aid_caption(brief),
    }
    drawn = [name for name in captions if name in shown and not (name == "relations" and not brief.ties)]
    return tuple(Row(name, captions[name], captions[name].striptags()) for name in drawn)


def state_captions(brief: Brief) -> dict[str, Markup]:
    """What the estimated rows show; the names of the directions in their own colours."""
    a, b = brief.question.a.the, brief.question.b.the
    return {
        "phases": Markup(
            "<b>Phases</b>, numbered as in the table below; under them the turning points, each with the months in "
            "which it may lie"
        ),
        "tone": Markup(
            "<b>Tone</b>, how they treat each other: <span class=first>{} to {}</span>, "
            "<span class=pair>{} to {}</span>. "
            "0 is a pair at rest; bands are 90% intervals; dotted: nothing observed in the year before"
        ).format(a, b, b, a),
        "engagement": Markup("<b>Engagement</b>, how much they have to do with each other"),
        "fields": Markup("<b>Engagement by field</b>. {}").format(breadth(brief)),
        "alignment": Markup("<b>Alignment</b>, how alike they stand in the world"),
    }


def breadth(brief: Brief) -> str:
    """How many fields there are, and how to read the bars."""
    bars = "Bars above a line: more than a pair at rest; below it: less; pale: either may be; hatched: not known."
    last = brief.state.widest if brief.state else None
    return f"{bands.breadth(last)} {bars}" if last else bars


def votes_caption(brief: Brief) -> Markup:
    """The lines' names in their own colours, so that no legend is needed."""
    question = brief.question
    a, b = question.a.name, question.b.name
    said = Markup(
        "<b>Agreement in UN votes</b>, 0 to 1: <span class=pair>{}–{}</span> (dotted: on whole resolutions only)"
    ).format(a, b)
    if question.third is None:
        return said
    c = question.third.name
    return said + Markup(", <span class=third>{}–{}</span>, <span class=quiet>{}–{}</span>").format(
        a, c, b, c
    )


def visits_caption(brief: Brief) -> Markup:
    a, b = brief.question.a, brief.question.b
    return Markup(
        "<b>Visits</b> of leaders: above the line {} to {}, below it {} to {}. "
        "<span class=pair>Blue</span>: head of state or government"
    ).format(a.the, b.the, b.the, a.the)


def aid_caption(brief: Brief) -> Markup:
    if not brief.amounts:
        return Markup("")
    one = brief.amounts[0]
    giver = brief.question.a if one.ccode_from == brief.question.a.ccode else brief.question.b
    kind = one.kind.replace("_", " ")
    return Markup("<b>{}</b> by {}, {} a fiscal year").format(words.upper_first(kind), giver.the, one.unit)


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


# Gauges


def gauges(brief: Brief) -> tuple[Gauge, ...]:
    made = (votes_gauge(brief), meetings_gauge(brief), envoy_gauge(brief))
    return tuple(gauge for gauge in made if gauge)


def votes_gauge(brief: Brief) -> Gauge | None:
    """Agreement in the last year with votes, beside the year before, the third power, and peers."""
    last = words.last_full(brief.agreement)
    if last is None:
        return None
    before = [point for point in brief.agreement if point.year == last.year - 1]
    far = [point for point in brief.agreement_a_third if point.year == last.year]
    third = brief.question.third
    sub = [f"{last.low:.2f} to {last.high:.2f} at 90%; {last.n} roll calls."]
    if before:
        sub.append("Hollow: the year before.")
    if far and third:
        sub.append(f"Diamond: with {third.the}.")
    if brief.agreement_peers:
        sub.append(f"Ticks: {brief.question.b.the} with {brief.question.a.the}’s neighbours.")
    return Gauge(
        f"Agreement in UN votes, {last.year}",
        f"{last.value:.2f}",
        " ".join(sub),
        ("opposed", "the same"),
        round(100 * last.value, 1),
        (round(100 * last.low, 1), round(100 * (last.high - last.low), 1)),
        round(100 * before[0].value, 1) if before else None,
        round(100 * far[0].value, 1) if far else None,
        tuple(round(100 * value, 1) for _, value in brief.agreement_peers),
    )


def meetings_gauge(brief: Brief) -> Gauge | None:
    """Visits per decade at the top, beside the same for peers."""
    if brief.cadence is None:
        return None
    rows = brief.cadence.rows
    own = next(row for row in rows if row.is_pair)
    most = max(*(row.per_decade for row in rows), own.high, 1)
    scale = 100 / (most * 1.04)
    return Gauge(
        f"Visits at the top, a decade, since {brief.cadence.start}",
        f"{own.per_decade:.1f}",
        f"{own.low:.1f} to {own.high:.1f} at 90%. Ticks: {brief.cadence.hub} with others in {brief.cadence.region}.",
        ("none", f"{most:.0f} a decade"),
        round(own.per_decade * scale, 1),
        (round(own.low * scale, 1), round((own.high - own.low) * scale, 1)),
        None,
        None,
        tuple(round(row.per_decade * scale, 1) for row in rows if not row.is_pair),
    )


def envoy_gauge(brief: Brief) -> Gauge | None:
    """Share of the record's last ten years with a chief of mission in post."""
    known = [reach for reach in brief.reach if reach.table == "ties" and reach.kind == "envoy"]
    if not known:
        return None
    end = max(reach.end for reach in known)
    start = max(end.replace(year=end.year - 10, day=min(end.day, 28)), min(reach.start for reach in known))
    total = max((end - start).days, 1)
    empty = sum(max((min(gap.end, end) - max(gap.start, start)).days, 0) for gap in brief.gaps)
    held = 1 - empty / total
    return Gauge(
        "Envoy in post, last ten years of the record",
        f"{100 * held:.0f}%",
        f"Share of days from {words.day(start)} to {words.day(end)}, where the record of envoys ends.",
        ("never", "always"),
        round(100 * held, 1),
        None,
        None,
        None,
        (),
    )
