"""From dated events to spells: for every state, when recognition, relations and a post began and ended.

A small state machine for each state and each kind of tie. Contradictions are not smoothed: what does not fit is
noted, and the data keep what is sure. The rules are told in docs/decisions/0004-relations-from-headings.md.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from amity import states
from amity.errors import UnknownStateError
from amity.sources.us_relations.days import Day
from amity.sources.us_relations.vocabulary import LEVELS, Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from amity.sources.us_relations.guide import Entry
    from amity.sources.us_relations.prose import Told

FIRST_EMBASSY = date(1893, 3, 1)
"""The act of Congress that first allowed ambassadors: no American embassy is older."""
EITHER = "legation or embassy"
"""The level of a legation of which the guide does not tell when it was raised."""


@dataclass(frozen=True, slots=True)
class Life:
    """When a state was a member of the state system, and who went on as it."""

    spells: tuple[tuple[date, date | None], ...]
    heir: tuple[int, date] | None = None
    """The code under which the same state went on, and from when."""

    @property
    def first(self) -> date:
        return self.spells[0][0]

    @property
    def last(self) -> date | None:
        return self.spells[-1][1]


@dataclass(frozen=True, slots=True)
class Tie:
    """One spell of one kind of tie with one state."""

    ccode: int
    kind: str
    level: str | None
    start: Day
    began: str
    refs: tuple[str, ...]
    end: Day | None = None
    ended: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """An entry that was set aside, and why; `harms` says that the story of its kind has a hole."""

    entry: Entry
    kind: str
    why: str
    harms: bool = False


@dataclass(slots=True)
class _Story:
    """What is being told of one state: its life, its events, and the spells and notes found so far."""

    ccode: int
    life: Life
    goes_on: bool
    events: dict[str, list[Told]]
    ties: list[Tie] = field(default_factory=list[Tie])
    notes: list[Note] = field(default_factory=list[Note])

    def close(self, begun: Told, end: Day | None, ended: str | None, by: Told | None = None) -> None:
        refs = (begun.entry.ref,) if by is None else tuple(dict.fromkeys((begun.entry.ref, by.entry.ref)))
        level = begun.event.level if begun.event.kind == "post" else None
        tie = Tie(self.ccode, begun.event.kind, level, begun.day, begun.event.word, refs, end, ended)
        self.ties.append(tie)

    def note(self, told: Told, why: str, *, harms: bool = False) -> None:
        self.notes.append(Note(told.entry, told.event.kind, why, harms))


def tell(
    ccode: int, happened: Sequence[Told], lives: Mapping[int, Life], *, goes_on: bool
) -> tuple[list[Tie], list[Note]]:
    """The spells of one state, and what was set aside.

    `happened` are its events in any order; `goes_on` says that the guide calls its relations uninterrupted, so that
    a resumption starts no second spell.
    """
    events: dict[str, list[Told]] = defaultdict(list)
    story = _Story(ccode, lives[ccode], goes_on, events)
    for told in happened:
        if story.life.last is not None and told.day.first > story.life.last:
            story.note(told, "it is dated after the last day of the state")
        else:
            events[told.event.kind].append(told)
    for kind, told_of in events.items():
        events[kind] = _once(story, _in_order(told_of))
    events["relations"] = _with_implied(story)
    _lasting(story, "recognition")
    _lasting(story, "relations")
    _posts(story)
    ties = [cut for tie in story.ties for cut in _within(tie, lives)]
    return ties, story.notes


def _in_order(told_of: Iterable[Told]) -> list[Told]:
    """By date; within a year of which one date is not exact, in the order of the guide."""
    listed = list(told_of)
    vague = {told.day.first.year for told in listed if told.day.precision != "day"}

    def place(told: Told) -> tuple[int, date, str, int]:
        year = told.day.first.year
        return (year, date.min if year in vague else told.day.first, told.entry.stem, told.entry.n)

    return sorted(listed, key=place)


def _once(story: _Story, told_of: list[Told]) -> list[Told]:
    """The events without those that the guide tells twice: the more exact one stays."""
    kept: list[Told] = []
    for told in told_of:
        last = kept[-1] if kept else None
        if last is None or not _same(last, told):
            kept.append(told)
            continue
        better = told if told.day.precision == "day" and last.day.precision != "day" else last
        kept[-1] = better
        story.note(last if better is told else told, "told twice; the more exact date was taken")
    return kept


def _same(one: Told, two: Told) -> bool:
    return (one.event.change, one.event.level, one.day.first.year) == (
        two.event.change,
        two.event.level,
        two.day.first.year,
    )


def _with_implied(story: _Story) -> list[Told]:
    """The events of relations, with the resumptions that only a reopened embassy or legation shows."""
    told_of = story.events["relations"]
    implied: list[Told] = []
    for place, told in enumerate(told_of):
        after = told_of[place + 1] if place + 1 < len(told_of) else None
        if told.event.change != "ends" or (after is not None and after.event.change == "ends"):
            continue
        for post in story.events["post"]:
            opened = post.event.change != "ends" and post.event.level in {"legation", "embassy"}
            if (
                opened
                and post.day.first > told.day.last
                and (after is None or post.day.last < after.day.first)
            ):
                implied.append(replace(post, event=Event("relations", "begins", "resumed")))
                story.note(
                    implied[-1], "no heading says when relations were resumed: taken from the post's opening"
                )
                break
    return _in_order([*told_of, *implied])


def _lasting(story: _Story, kind: str) -> None:
    """Spells of recognition or of relations."""
    begun: Told | None = None
    for told in story.events[kind]:
        if told.event.change == "ends":
            if begun is None:
                ended = any(tie.kind == kind for tie in story.ties)
                story.note(
                    told, "it ends what had ended already" if ended else "it ends what no heading began"
                )
            else:
                story.close(begun, told.day, told.event.word, told)
            begun = None
        elif begun is None:
            begun = told
        else:
            begun = _again(story, begun, told)
    if begun is not None:
        story.close(begun, None, None)


def _again(story: _Story, begun: Told, told: Told) -> Told:
    """Which of two beginnings without an end between stands for the open spell."""
    if told.event.kind == "recognition" and told.day.first < story.life.first:
        story.note(begun, "recognised again before it became the state of today: the later date was taken")
        return told
    if told.event.kind == "recognition" or not told.event.again or story.goes_on:
        story.note(told, f"there was {_A[told.event.kind]} already; the first date was kept")
        return begun
    gap = _gap(story.life, begun.day.first, told.day.first)
    if gap is None:
        story.note(begun, "when these relations ended is not told; the spell was left out", harms=True)
    else:
        story.close(begun, Day(gap, gap, "day"), "state ended")
    return told


_A = {"recognition": "recognition", "relations": "a spell of relations"}


def _gap(life: Life, start: date, end: date) -> date | None:
    """The day on which the state left the system between two dates, to come back later."""
    left = (last for _, last in life.spells[:-1] if last is not None and start < last < end)
    return next(left, None)


def _posts(story: _Story) -> None:
    """Spells of posts: one post at a time, of rising rank."""
    begun: Told | None = None
    for told in story.events["post"]:
        if told.event.level == "embassy" and told.event.change != "ends" and told.day.last < FIRST_EMBASSY:
            story.note(told, "there was no American embassy before 1893", harms=True)
        elif told.event.change == "ends":
            begun = _shut(story, begun, told)
        elif begun is None:
            begun = told
        else:
            begun = _replace(story, begun, told)
    if begun is not None:
        _last_post(story, begun)
    _doubt_legations(story)


def _shut(story: _Story, begun: Told | None, told: Told) -> None:
    if begun is None:
        story.note(told, "it closes a post that no heading opened")
        return
    if begun.event.level == "legation" and told.event.level not in {"legation", None}:
        begun = replace(begun, event=replace(begun.event, level=EITHER))
    story.close(begun, told.day, told.event.word, told)


def _replace(story: _Story, begun: Told, told: Told) -> Told:
    """A post opens or is raised while another is open."""
    fallen = _fallen(story, begun, told.day.last)
    rise = _rank(told) - _rank(begun)
    if fallen is not None:
        story.close(begun, fallen.day, f"relations {fallen.event.word}", fallen)
    elif rise > 0:
        story.close(begun, told.day, "raised", told)
    elif told.event.again or rise < 0:
        story.note(begun, "when this post closed is not told; the spell was left out", harms=True)
    else:
        story.note(told, "there was such a post already; the first date was kept")
        return begun
    return told


def _rank(told: Told) -> int:
    return LEVELS.index(told.event.level) if told.event.level in LEVELS else len(LEVELS)


def _fallen(story: _Story, begun: Told, until: date | None) -> Told | None:
    """The break of relations that must have closed a post: the last of the first run of breaks after its opening."""
    found: Told | None = None
    for told in story.events["relations"]:
        if told.day.first < begun.day.first or (until is not None and told.day.first > until):
            continue
        if told.event.change == "begins" and found is not None:
            break
        if told.event.change == "ends" and not told.event.word.startswith("interrupted"):
            found = told
    return found


def _last_post(story: _Story, begun: Told) -> None:
    """The post that no later heading closes."""
    fallen = _fallen(story, begun, None)
    if fallen is not None:
        story.close(begun, fallen.day, f"relations {fallen.event.word}", fallen)
        return
    restored = [
        told
        for told in story.events["relations"]
        if told.event.change == "begins"
        and told.day.first > begun.day.last
        and _rank(begun) < LEVELS.index("mission")
    ]
    if restored:
        story.close(begun, restored[0].day, f"relations {restored[0].event.word}", restored[0])
    else:
        story.close(begun, None, None)


def _doubt_legations(story: _Story) -> None:
    """Legations that outlived 1893, and of which no heading says that they were raised, may have become embassies."""
    posts = [tie for tie in story.ties if tie.kind == "post"]
    for place, tie in enumerate(posts):
        last = tie.end.last if tie.end else story.life.last
        late = last is None or last >= FIRST_EMBASSY
        later = next((post for post in posts[place + 1 :] if post.level in {"legation", "embassy"}), None)
        still = tie.ended in {"raised", "closed", "suspended", "staff withdrawn"} or (
            later is not None and (later.level == "legation" or later.began == "raised")
        )
        if tie.level == "legation" and late and not still:
            story.ties[story.ties.index(tie)] = replace(tie, level=EITHER)


def _within(tie: Tie, lives: Mapping[int, Life]) -> list[Tie]:
    """The spell while its state lasted, and its continuation under the heir's code."""
    life = lives[tie.ccode]
    if life.last is None or (tie.end is not None and tie.end.first <= life.last):
        return [tie]
    stop = Day(life.last, life.last, "day")
    if life.heir is None:
        return [replace(tie, end=stop, ended="state ended")]
    heir, since = life.heir
    onward = replace(tie, ccode=heir, start=Day(since, since, "day"), began="continued")
    return [replace(tie, end=stop, ended="continued"), *_within(onward, lives)]


def lives(codes: Iterable[int]) -> dict[int, Life]:
    """When the states with these COW codes were members of the state system; their heirs are told as well."""
    spells: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for ccode, start, end in (
        states.spells().select("ccode", "start", "end").sort("ccode", "start").iter_rows()
    ):
        spells[ccode].append((start, end))
    told: dict[int, Life] = {}
    waiting = list(codes)
    while waiting:
        ccode = waiting.pop()
        if not spells[ccode]:
            raise UnknownStateError(
                f"no state has the COW code {ccode}", "run `amity states` to see the codes"
            )
        heir = _heir(ccode, spells)
        told[ccode] = Life(tuple(spells[ccode]), heir)
        if heir is not None and heir[0] not in told:
            waiting.append(heir[0])
    return told


def _heir(ccode: int, spells: Mapping[int, Sequence[tuple[date, date | None]]]) -> tuple[int, date] | None:
    """The code under which the same state goes on, within two days of the end of this one's last spell."""
    last = spells[ccode][-1][1]
    line = (code for code in states.by_ccode(ccode).ccodes if code != ccode)
    starts = ((code, start) for code in line for start, _ in spells[code])
    return next((heir for heir in starts if last and last < heir[1] <= last + timedelta(days=2)), None)
