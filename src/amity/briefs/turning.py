"""Turning points: the dates on which the record itself changes, by rules that a reader can check.

* Relations, recognition and posts, and ties of a user's own kind: every day on which a spell begins or ends; not the
  first and last year of a list that does not say when a post was opened or closed.
* Alliances, disputes, sanctions and rivalries: every event that a source tells (see `security`).
* Envoys: spells of a year or more without a chief of mission, while the record covers the post.
* Visits: the first at the top in each direction, and the first after ten years or more without one.
* Votes: the year that best parts three years before from three years after, where the two means differ by at least
  0.15 and their 90% intervals are apart; no two within three years. Only votes on whole resolutions count here: votes
  on amendments and paragraphs are on record in some years and not in others, and would make steps of their own.

The posterior of change points on the estimated state, with uncertain dates, will take the place of the last rule.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from amity.briefs import security, words
from amity.briefs.answer import TurningPoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amity.briefs.answer import Closeness, Gap, Question, Tie, Visit

LEAST_CHANGE = 0.15
SPAN = 3
LONG_GAP_MONTHS = 12
LONG_SILENCE_YEARS = 10


def turning_points(
    question: Question,
    ties: Sequence[Tie],
    gaps: Sequence[Gap],
    agreement: Sequence[Closeness],
    visits: Sequence[Visit],
) -> tuple[TurningPoint, ...]:
    """Every turning point in the years asked for, in time order."""
    found = [
        *(turn for tie in ties for turn in of_tie(question, tie)),
        *security.turning_points(question, ties),
        *(of_gap(gap) for gap in gaps if gap.months >= LONG_GAP_MONTHS),
        *of_visits(question, visits),
        *of_votes(question, agreement),
    ]
    asked = [turn for turn in found if question.start <= turn.date.year <= question.end]
    return tuple(sorted(without_repeats(asked), key=lambda turn: (turn.date, turn.sort, turn.what)))


def without_repeats(turns: Iterable[TurningPoint]) -> Iterable[TurningPoint]:
    """One turning point a day and sentence: an event that ends one spell and begins the next is told once."""
    seen: set[tuple[date, str]] = set()
    for turn in turns:
        if (turn.date, turn.what) not in seen:
            seen.add((turn.date, turn.what))
            yield turn


# Ties


def of_tie(question: Question, tie: Tie) -> Iterable[TurningPoint]:
    """The beginning and the end of a spell of relations, recognition or a post."""
    sender, receiver = security.sides(question, tie)
    if tie.kind == "relations":
        yield at_start(tie, f"Diplomatic relations {tie.began}")
        yield from at_end(tie, f"Diplomatic relations {acted(tie, receiver)}")
    elif tie.kind == "recognition":
        yield at_start(tie, f"{words.upper_first(sender)} recognises {receiver}")
        yield from at_end(tie, f"Recognition by {sender}: {acted(tie, receiver)}")
    elif tie.kind == "post":
        post = tie.level or "post"
        where = f"of {sender} in {receiver}"
        if tie.began in UNDATED:
            pass
        elif tie.began in ("raised", "lowered"):
            yield at_start(tie, f"Post {where} {tie.began} to {post}")
        else:
            yield at_start(tie, f"{words.upper_first(post)} {where} {tie.began}")
        if tie.ended and tie.ended not in UNDATED and not tie.ended.startswith(FOLLOWS):
            yield from at_end(tie, f"{words.upper_first(post)} {where} {acted(tie, receiver)}")
    elif tie.kind != "envoy" and tie.kind not in security.KINDS:  # a kind of the user's own
        what = f"{words.upper_first(tie.kind)}, {sender} with {receiver}"
        yield at_start(tie, f"{what}: {tie.began}")
        yield from at_end(tie, f"{what}: {acted(tie, receiver)}")


FOLLOWS = ("raised", "lowered", "relations")
"""Ends of a post that another turning point of the same day tells."""


UNDATED = ("already listed", "listed again", "listing interrupted")
"""Beginnings and ends of a listing, not of the post itself."""


def acted(tie: Tie, receiver: str) -> str:
    """How it ended, with the other side by name."""
    if tie.ended == "state ended":
        return "end with the state" if tie.kind == "relations" else "ends with the state"
    return (tie.ended or "ended").replace("the other side", receiver)


def at_start(tie: Tie, what: str) -> TurningPoint:
    return TurningPoint(tie.start, tie.start_precision, what, sort_of(tie), tie.source, tie.ref)


def at_end(tie: Tie, what: str) -> Iterable[TurningPoint]:
    if tie.end:
        yield TurningPoint(tie.end, tie.end_precision or "day", what, sort_of(tie), tie.source, tie.ref)


def sort_of(tie: Tie) -> str:
    return "post" if tie.kind == "post" else "relations"


# Envoys and visits


def of_gap(gap: Gap) -> TurningPoint:
    until = words.day(gap.end + timedelta(days=1))
    what = f"The post of chief of mission falls empty, for {words.ago(gap.months)} (to {until})"
    return TurningPoint(gap.start, "day", what, "envoy", gap.source, gap.ref)


def of_visits(question: Question, visits: Sequence[Visit]) -> Iterable[TurningPoint]:
    """First visits at the top, and those that end a long silence."""
    for direction in ("a to b", "b to a"):
        top = [visit for visit in visits if visit.direction == direction and visit.rank in words.TOP]
        for before, visit in zip([None, *top], top, strict=False):
            years = (visit.date - before.date).days / 365.25 if before else None
            if years is None or years >= LONG_SILENCE_YEARS:
                again = f", the first in {words.ago(round(years * 12))}" if years else ", the first on record"
                what = f"{words.visitor(visit, question, dated=False)}{again}"
                yield TurningPoint(
                    visit.date, visit.precision, f"Visit of {what}", "visit", visit.source, visit.ref
                )


# Votes


def of_votes(question: Question, agreement: Sequence[Closeness]) -> Iterable[TurningPoint]:
    """Years in which agreement moves to another level and stays there for three years."""
    moves = [move for year in range(question.start, question.end + 1) if (move := shift(agreement, year))]
    taken: list[int] = []
    for size, year, before, after in sorted(moves, key=lambda move: -abs(move[0])):
        if any(abs(year - other) < SPAN for other in taken):
            continue
        taken.append(year)
        verb = "falls" if size < 0 else "rises"
        last = min(year + SPAN - 1, agreement[-1].year)
        then, now = f"{year - SPAN}–{year - 1}", f"{year}–{last}"
        what = f"Agreement in votes on whole UN resolutions {verb} from {before:.2f} in {then} to {after:.2f} in {now}"
        yield TurningPoint(date(year, 1, 1), "year", what, "votes", "measure", "vote agreement", size)


def shift(agreement: Sequence[Closeness], year: int) -> tuple[float, int, float, float] | None:
    """The change of the mean at the turn into a year, if large and sure; (change, year, before, after)."""
    before = [point for point in agreement if year - SPAN <= point.year < year]
    after = [point for point in agreement if year <= point.year < year + SPAN]
    if len(before) < SPAN - 1 or len(after) < SPAN - 1:
        return None
    (low_mean, low_half), (high_mean, high_half) = level(before), level(after)
    size = high_mean - low_mean
    if abs(size) < LEAST_CHANGE or abs(size) <= low_half + high_half:
        return None
    return size, year, low_mean, high_mean


def level(points: Sequence[Closeness]) -> tuple[float, float]:
    """Mean over the roll calls of these years, and half the width of its 90% interval.

    Years are pooled by their roll calls; their half-widths are pooled as independent errors.
    """
    total = sum(point.n for point in points)
    mean = sum(point.n * point.value for point in points) / total
    half = sum((point.n / total * (point.high - point.low) / 2) ** 2 for point in points) ** 0.5
    return mean, half
