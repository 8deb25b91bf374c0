"""The rows of the long view, and what stands over each of them; names of lines in their own colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from amity.briefs import bands, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.briefs.answer import Brief


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the long view."""

    chart: str
    caption: Markup
    label: str


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
    state = brief.state
    return f"{bands.breadth(state.widest, state.month)} {bars}" if state and state.widest else bars


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
