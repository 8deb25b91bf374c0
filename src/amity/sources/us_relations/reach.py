"""About which days the guide speaks: the spells of coverage, by state and kind of tie."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import polars_schema
from amity.sources.state_department import USA

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from amity.sources.us_relations.prose import Told
    from amity.sources.us_relations.spells import Life, Tie

Span = tuple[date, date]


def coverage(
    ties: Sequence[Tie],
    happened: Mapping[int, Sequence[Told]],
    written: Mapping[str, date],
    holes: set[tuple[str, str]],
    lives: Mapping[int, Life],
) -> pl.DataFrame:
    """One row for each state, kind and stretch of days about which the guide is complete.

    A stretch runs from the first entry of the state's file (for posts: from the first post) to the last day of
    which the file speaks, or the state's last day. A kind whose story has a hole (`holes`, by file and kind) is
    covered only while it held; posts, also not between a resumption of relations and the next heading about a post.
    """
    rows: list[tuple[object, ...]] = []
    for ccode in sorted({tie.ccode for tie in ties}):
        mine = [tie for tie in ties if tie.ccode == ccode]
        stems = {ref.split(".xml#")[0] for tie in mine for ref in tie.refs}
        told = [one for one in happened.get(ccode, ()) if one.entry.stem in stems]
        until = max([*(written[stem] for stem in stems), *(one.day.first for one in told)])
        until = min(until, lives[ccode].last or until)
        first = min([*(tie.start.first for tie in mine), *(one.day.first for one in told)])
        for kind in dict.fromkeys(tie.kind for tie in mine):
            of_kind = [tie for tie in mine if tie.kind == kind]
            whole = not any((stem, kind) in holes for stem in stems)
            spans = _spans(kind, of_kind, mine, (first, until)) if whole else _held(of_kind, until)
            rows += [("ties", kind, USA, ccode, *span) for span in spans]
    return pl.DataFrame(rows, schema=polars_schema("coverage"), orient="row")


def _spans(kind: str, ties: Sequence[Tie], mine: Iterable[Tie], reach: Span) -> list[Span]:
    if kind != "post":
        return [reach]
    posts = sorted(ties, key=lambda tie: tie.start.first)
    relations = sorted(tie.start.first for tie in mine if tie.kind == "relations")
    spans: list[Span] = []
    start = posts[0].start.first
    for place, post in enumerate(posts):
        silent = _silent_from(post, relations)
        if silent is None:
            continue
        following = posts[place + 1].start.first if place + 1 < len(posts) else None
        if following is None or silent < following:
            spans.append((start, max(start, silent - timedelta(days=1))))
            if following is None:
                return spans
            start = following
    return [*spans, (start, max(start, reach[1]))]


def _silent_from(post: Tie, relations: Sequence[date]) -> date | None:
    """From when nobody says whether there is a post: relations are back, and no heading closed or reopened it."""
    if post.end is None or post.ended is None or not post.ended.startswith("relations "):
        return None
    end = post.end.first
    return next((start for start in relations if start >= end), None)


def _held(ties: Iterable[Tie], until: date) -> list[Span]:
    spans = sorted((tie.start.first, tie.end.last if tie.end else until) for tie in ties)
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1] + timedelta(days=1):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, max(start, end)))
    return joined
