"""Votes, meetings and envoys as gauges: where a value stands, how sure it is, and where its peers stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amity.briefs import words

if TYPE_CHECKING:
    from amity.briefs.answer import Brief


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
    """Share of the last ten years with a chief of mission in post, to the end of the record or of what is asked."""
    known = [reach for reach in brief.reach if reach.table == "ties" and reach.kind == "envoy"]
    if not known:
        return None
    told = max(reach.end for reach in known)
    end = min(told, brief.evidence_to or told)
    start = max(end.replace(year=end.year - 10, day=min(end.day, 28)), min(reach.start for reach in known))
    total = max((end - start).days, 1)
    empty = sum(max((min(gap.end, end) - max(gap.start, start)).days, 0) for gap in brief.gaps)
    held = 1 - empty / total
    return Gauge(
        f"Envoy in post, last ten years{' of the record' if end == told else ''}",
        f"{100 * held:.0f}%",
        f"Share of days from {words.day(start)} to {words.day(end)}"
        f"{', where the record of envoys ends' if end == told else ''}.",
        ("never", "always"),
        round(100 * held, 1),
        None,
        None,
        None,
        (),
    )
